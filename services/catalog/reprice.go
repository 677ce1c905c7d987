package catalog

import (
	"slices"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

// wanted is one price of a list as the list has it now, in force or not.
type wanted struct {
	list      *priceList
	currency  string
	quantity  int64
	amount    int64
	changedAt time.Time // when the amount was last set
}

func (w wanted) entry() listPrice {
	l := w.list
	return listPrice{list: l.id, kind: l.kind, priority: l.priority, scope: l.scope, currency: w.currency, minQuantity: w.quantity, amount: w.amount}
}

// priceStep is one change of one source at an instant.
type priceStep struct {
	at        time.Time
	announced time.Time // when that is a reduction
	entry     *listPrice
	ends      bool       // the entry goes
	base      *basePrice // instead of an entry
	gone      string     // instead of both: no base price in this currency any more
}

// repricing brings the prices of one variant from what is in force to what shall be, change by change in order of time,
// so that each reduction is measured by what was in force before it.
type repricing struct {
	variant id.ID
	prices  priced
	steps   []priceStep
	// history of the variant in order of time; what is appended is to be kept.
	history []priceEvent
	known   int // of history
}

// listSteps are the changes between what is in force and what the lists say at an instant, each at the instant from which
// it holds, also when that has passed unnoticed.
func listSteps(inForce []listPrice, wants []wanted, now time.Time) (steps []priceStep) {
	add := func(at time.Time, e listPrice, ends bool, l *priceList) {
		if at.After(now) { // another process's clock
			at = now
		}
		step := priceStep{at: at, announced: at, entry: &e, ends: ends}
		if l != nil {
			step.announced = l.announced(at)
		}
		steps = append(steps, step)
	}
	seen := make(map[int]bool, len(inForce))
	for _, w := range wants {
		e := w.entry()
		i, found := slices.BinarySearchFunc(inForce, e, compareListPrices)
		seen[i] = seen[i] || found
		switch {
		case !w.list.inForce(now) && found:
			add(w.list.ended(now), inForce[i], true, nil)
		case !w.list.inForce(now):
		case !found:
			add(w.list.begun(w.changedAt), e, false, w.list)
		default:
			is := inForce[i]
			e.prior = is.prior
			if e != is {
				add(later(w.list.changedAt, w.changedAt), e, false, nil)
			}
		}
	}
	for i, e := range inForce {
		if !seen[i] { // its list is gone, or no longer has it
			add(now, e, true, nil)
		}
	}
	slices.SortStableFunc(steps, func(a, b priceStep) int { return a.at.Compare(b.at) })
	return steps
}

// baseSteps are the changes between two sets of base prices, at an instant.
func baseSteps(from, to []basePrice, at time.Time) (steps []priceStep) {
	for _, b := range to {
		i := slices.IndexFunc(from, func(f basePrice) bool { return f.price.Currency == b.price.Currency })
		if i < 0 || from[i].price != b.price || !sameNumberPtr(from[i].compareAt, b.compareAt) {
			steps = append(steps, priceStep{at: at, announced: at, base: &basePrice{price: b.price, compareAt: b.compareAt}})
		}
	}
	for _, f := range from {
		if !slices.ContainsFunc(to, func(b basePrice) bool { return b.price.Currency == f.price.Currency }) {
			steps = append(steps, priceStep{at: at, gone: f.price.Currency})
		}
	}
	return steps
}

// earliest is the first instant that has to be known of to measure the reductions that may be in the steps.
func earliest(steps []priceStep, now time.Time) time.Time {
	at := now
	for _, s := range steps {
		for _, t := range []time.Time{s.at, s.announced} {
			if !t.IsZero() && t.Before(at) {
				at = t
			}
		}
	}
	return at.Add(-noteworthy)
}

// run takes the steps.
func (r *repricing) run() {
	for len(r.steps) > 0 {
		n := slices.IndexFunc(r.steps, func(s priceStep) bool { return !s.at.Equal(r.steps[0].at) })
		if n < 0 {
			n = len(r.steps)
		}
		r.take(r.steps[:n])
		r.steps = r.steps[n:]
	}
}

// take makes changes of one instant, all at once.
func (r *repricing) take(steps []priceStep) {
	before, at := r.prices, steps[0].at
	for _, s := range steps {
		switch {
		case s.entry != nil && s.ends:
			r.prices = r.prices.with(*s.entry, nil)
		case s.entry != nil:
			r.prices = r.prices.with(*s.entry, &s.entry.amount)
		case s.base != nil:
			r.prices = r.prices.withBase(*s.base)
		default:
			r.prices = r.prices.after(priceEvent{currency: s.gone})
		}
	}
	past := r.history[:len(r.history):len(r.history)]
	for _, s := range steps {
		e := priceEvent{variant: r.variant, minQuantity: 1, at: at}
		switch {
		case s.entry != nil:
			e = r.listEvent(before, past, s)
		case s.base != nil:
			b := *s.base
			t := transition{now: held{amount: b.price.Amount, compareAt: b.compareAt}}
			who := priceContext{currency: b.price.Currency}
			if i := before.base(b.price.Currency); i >= 0 {
				was := before.bases[i]
				t.was = &held{was.price.Amount, was.compareAt, was.prior}
				if was.price.Amount == b.price.Amount && sameNumberPtr(was.prior, t.prior(func() *int64 { return lowestPrior(past, who, windowBefore(at)) })) {
					b.prior = was.prior
					r.prices = r.prices.withBase(b)
					continue // the price is what it was: nothing to tell the history
				}
			}
			t.before = before.amount(who)
			b.prior = t.prior(func() *int64 { return before.measured(past, who, b.price.Amount, s.announced) })
			r.prices = r.prices.withBase(b)
			e.currency, e.amount, e.prior = b.price.Currency, &b.price.Amount, b.prior
		default:
			e.currency = s.gone
		}
		r.history = append(r.history, e)
	}
	r.uncovered(before, past, steps)
}

func (r *repricing) listEvent(before priced, past []priceEvent, s priceStep) priceEvent {
	entry := *s.entry
	e := priceEvent{
		variant: r.variant, list: entry.list, kind: entry.kind, priority: entry.priority, scope: entry.scope,
		currency: entry.currency, minQuantity: entry.minQuantity, at: s.at,
	}
	if s.ends {
		return e
	}
	entry.prior = nil
	if entry.minQuantity == 1 { // priorPrice goes with the price of one unit
		who := priceContext{currency: entry.currency, scope: entry.scope}
		t := transition{now: held{amount: entry.amount}, before: before.amount(who)}
		if i, found := slices.BinarySearchFunc(before.entries, entry, compareListPrices); found {
			t.was = &held{amount: before.entries[i].amount, prior: before.entries[i].prior}
		}
		if entry.kind == sale {
			t.otherwise = r.prices.withoutSales().amount(who)
		}
		entry.prior = t.prior(func() *int64 { return before.measured(past, who, entry.amount, s.announced) })
	}
	r.prices = r.prices.with(entry, &entry.amount)
	e.amount, e.prior = &entry.amount, entry.prior
	return e
}

// measured is the prior price of a reduction to an amount, after p. A reduction that goes on at the same price, because a list
// or the price itself takes it over, is the one that was announced before.
func (p priced) measured(past []priceEvent, who priceContext, amount int64, announced time.Time) *int64 {
	if q, ok := p.in(who, 1); ok && q.price.Amount == amount && q.prior != nil {
		return q.prior
	}
	return lowestPrior(past, who, windowBefore(announced))
}

// uncovered looks at prices that were not changed and are paid again because what covered them ended. One that is lower
// than what was paid until then is a reduction as well, announced by its return.
func (r *repricing) uncovered(before priced, past []priceEvent, steps []priceStep) {
	returns := func(list id.ID, who priceContext) bool {
		was, had := before.in(who, 1)
		is, has := r.prices.in(who, 1)
		return had && has && is.list == list && was.list != list && is.price.Amount < was.price.Amount
	}
	at := steps[0].at
	for _, b := range slices.Clone(r.prices.bases) {
		who := priceContext{currency: b.price.Currency}
		changed := slices.ContainsFunc(steps, func(s priceStep) bool { return s.base != nil && s.base.price.Currency == who.currency })
		if changed || (held{b.price.Amount, b.compareAt, b.prior}).reduced() || !returns(id.ID{}, who) {
			continue
		}
		b.prior = lowestPrior(past, who, windowBefore(at))
		r.prices = r.prices.withBase(b)
		r.history = append(r.history, priceEvent{variant: r.variant, currency: who.currency, minQuantity: 1, amount: &b.price.Amount, prior: b.prior, at: at})
	}
	for _, e := range slices.Clone(r.prices.entries) {
		who := priceContext{currency: e.currency, scope: e.scope}
		changed := slices.ContainsFunc(steps, func(s priceStep) bool { return s.entry != nil && compareListPrices(*s.entry, e) == 0 })
		if changed || e.minQuantity != 1 || e.prior != nil || !returns(e.list, who) {
			continue
		}
		e.prior = lowestPrior(past, who, windowBefore(at))
		r.prices = r.prices.with(e, &e.amount)
		r.history = append(r.history, priceEvent{
			variant: r.variant, list: e.list, kind: e.kind, priority: e.priority, scope: e.scope,
			currency: e.currency, minQuantity: 1, amount: &e.amount, prior: e.prior, at: at,
		})
	}
}

// amount is what one unit costs in the currency asked for; nil when it has no price in it.
func (p priced) amount(who priceContext) *int64 {
	if q, ok := p.in(who, 1); ok {
		return &q.price.Amount
	}
	return nil
}

// withBase is p with one base price set.
func (p priced) withBase(b basePrice) priced {
	out := priced{bases: slices.Clone(p.bases), entries: p.entries}
	if i := out.base(b.price.Currency); i >= 0 {
		out.bases[i] = b
	} else {
		out.bases = append(out.bases, b)
	}
	return out
}

// told is what the repricing adds to the history.
func (r *repricing) told() []priceEvent { return r.history[r.known:] }

// adopt takes over the outcome: priors and what is in force. The base prices are those of v already.
func (v *variant) adopt(p priced) {
	prior := func(currency string) *int64 {
		if i := p.base(currency); i >= 0 {
			return p.bases[i].prior
		}
		return nil
	}
	v.prior = prior(v.price.Currency)
	v.more = slices.Clone(v.more)
	for i := range v.more {
		v.more[i].prior = prior(v.more[i].price.Currency)
	}
	v.entries = p.entries
	if len(v.entries) == 0 {
		v.entries = nil
	}
}

func sameNumberPtr(a, b *int64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
