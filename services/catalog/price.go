package catalog

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
)

// basePrice is what a variant costs in one currency where no price list says otherwise.
type basePrice struct {
	price     money.Money
	compareAt *int64 // to strike through, as the merchant states it
	prior     *int64 // of a reduced price: see transition
}

// listKind is what a price list does to a price.
type listKind string

const (
	sale     listKind = "sale"     // applies where it is lower than what would otherwise be paid
	override listKind = "override" // replaces the price
)

// scope says for whom a price list is. An empty dimension matches everybody.
type scope struct{ group, channel, country string }

// priceContext is who asks for a price, and in which currency. An empty dimension is nobody in particular.
type priceContext struct {
	currency string
	scope
	further []string // groups of whoever is in more than the scope's, in order
}

// mayPay reports whether a list of this scope is for whoever asks, in any of their groups.
func (c priceContext) mayPay(s scope) bool {
	if s.admits(c.scope) {
		return true
	}
	return slices.Contains(c.further, s.group) && scope{"", s.channel, s.country}.admits(c.scope)
}

// admits reports whether a list of this scope is for whoever asks.
func (s scope) admits(who scope) bool {
	return (s.group == "" || s.group == who.group) && (s.channel == "" || s.channel == who.channel) && (s.country == "" || s.country == who.country)
}

// listPrice is one price of a list that is in force.
type listPrice struct {
	list        id.ID
	kind        listKind
	priority    int32
	scope       scope
	currency    string
	minQuantity int64
	amount      int64
	prior       *int64 // of one unit only
}

// priced is everything a variant's price is told from.
type priced struct {
	bases   []basePrice // that of the product's currency first
	entries []listPrice // by list, currency and quantity
}

// quote is a price that is told.
type quote struct {
	price     money.Money
	compareAt *int64
	prior     *int64
	list      id.ID // zero: the base price
}

// priceFor tells what one unit costs whoever asks when they take a quantity. Of overrides the one of the highest priority
// replaces the base price; a sale applies where it is lower than that. A variant without a price in the currency asked
// for has the one in its product's currency. ok is false when it has none at all.
func priceFor(p priced, c priceContext, quantity int64) (q quote, ok bool) {
	if q, ok = p.in(c, quantity); ok || len(p.bases) == 0 {
		return q, ok
	}
	c.currency = p.bases[0].price.Currency
	return p.in(c, quantity)
}

// in is priceFor without another currency to fall back to. Whoever is in several groups pays what those pay who are in the
// one of them that pays least; of the same amount, the group that comes first.
func (p priced) in(c priceContext, quantity int64) (q quote, ok bool) {
	q, ok = p.as(c, quantity)
	for _, group := range c.further {
		c.group = group
		if other, has := p.as(c, quantity); has && (!ok || other.price.Amount < q.price.Amount) {
			q, ok = other, true
		}
	}
	if q.compareAt != nil && *q.compareAt <= q.price.Amount {
		q.compareAt = nil // nothing to strike through: the price has been raised since
	}
	return q, ok
}

// as is in for one who is in one group, or in none.
func (p priced) as(c priceContext, quantity int64) (q quote, ok bool) {
	if i := p.base(c.currency); i >= 0 {
		b := p.bases[i]
		q, ok = quote{price: b.price, compareAt: b.compareAt, prior: b.prior}, true
	}
	matching := p.matching(c, quantity)
	best := -1
	for i, e := range matching {
		if e.kind == override && (best < 0 || e.outranks(matching[best])) {
			best = i
		}
	}
	if best >= 0 {
		e := matching[best]
		q, ok = quote{price: money.Of(e.amount, e.currency), prior: e.prior, list: e.list}, true
	}
	if !ok {
		return q, false // a sale needs something to be lower than
	}
	otherwise := q
	for _, e := range matching {
		if e.kind != sale || e.amount >= otherwise.price.Amount {
			continue
		}
		if q.list != otherwise.list && (e.amount > q.price.Amount || e.amount == q.price.Amount && bytes.Compare(e.list[:], q.list[:]) > 0) {
			continue
		}
		q = quote{price: money.Of(e.amount, e.currency), prior: e.prior, list: e.list, compareAt: &otherwise.price.Amount}
		if otherwise.compareAt != nil && *otherwise.compareAt > otherwise.price.Amount {
			q.compareAt = otherwise.compareAt
		}
	}
	if c.group != "" && q.list != otherwise.list && q.prior != nil && *q.prior > otherwise.price.Amount {
		// The prior price of a sale for everybody is what everybody paid; a group that pays less has no more than that to compare with.
		q.prior = &otherwise.price.Amount
	}
	return q, true
}

// outranks orders overrides: the higher priority, then the lower amount, then the older list.
func (e listPrice) outranks(f listPrice) bool {
	return cmp.Or(cmp.Compare(f.priority, e.priority), cmp.Compare(e.amount, f.amount), bytes.Compare(e.list[:], f.list[:])) < 0
}

// matching is the step of each list that holds for whoever asks and their quantity.
func (p priced) matching(c priceContext, quantity int64) (out []listPrice) {
	for _, e := range p.entries {
		if e.currency != c.currency || e.minQuantity > quantity || !e.scope.admits(c.scope) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].list == e.list {
			out[n-1] = e // entries go up by quantity
			continue
		}
		out = append(out, e)
	}
	return out
}

func (p priced) base(currency string) int {
	return slices.IndexFunc(p.bases, func(b basePrice) bool { return b.price.Currency == currency })
}

// withoutSales is what would otherwise be paid.
func (p priced) withoutSales() priced {
	return priced{bases: p.bases, entries: slices.DeleteFunc(slices.Clone(p.entries), func(e listPrice) bool { return e.kind == sale })}
}

// priceTier is the price of one unit from a quantity on.
type priceTier struct {
	minQuantity int64
	price       money.Money
}

// tiers tells the price by quantity, from 1 on; nothing when it does not depend on the quantity.
func tiers(p priced, c priceContext) []priceTier {
	one, ok := priceFor(p, c, 1)
	if !ok {
		return nil
	}
	c.currency = one.price.Currency
	quantities := []int64{1}
	for _, e := range p.entries {
		if e.currency == c.currency && c.mayPay(e.scope) {
			quantities = append(quantities, e.minQuantity)
		}
	}
	slices.Sort(quantities)
	var out []priceTier
	for _, n := range slices.Compact(quantities) {
		if q, ok := p.in(c, n); ok && (len(out) == 0 || out[len(out)-1].price != q.price) {
			out = append(out, priceTier{n, q.price})
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// countriesOf names the countries that have prices of their own, sorted.
func countriesOf(p priced) []string {
	var out []string
	for _, e := range p.entries {
		if e.scope.country != "" {
			out = append(out, e.scope.country)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// priced is what the variant costs.
func (v *variant) priced() priced {
	return priced{bases: append([]basePrice{{v.price, v.compareAt, v.prior}}, v.more...), entries: v.entries}
}

// publicPrice is what somebody without a group, channel or country pays in the product's currency.
func (v *variant) publicPrice() money.Money {
	if q, ok := priceFor(v.priced(), priceContext{currency: v.price.Currency}, 1); ok {
		return q.price
	}
	return v.price
}

// beginPrices takes from the prices of new products what only time can give: no list has them, nothing was reduced.
func beginPrices(products []*product) {
	for _, p := range products {
		for i := range p.variants {
			v := &p.variants[i]
			v.prior, v.entries, v.more = nil, nil, slices.Clone(v.more)
			for j := range v.more {
				v.more[j].prior = nil
			}
		}
	}
}

// statedPrice is a price in a further currency as a caller states it.
type statedPrice struct {
	price     money.Money
	compareAt *money.Money
}

// setPrices replaces the prices in further currencies. What was frozen with one that stays goes on.
func (v *variant) setPrices(field string, stated []statedPrice) error {
	var set []basePrice
	for i, s := range stated {
		at := indexed(field, i)
		if err := checkPrice(join(at, "price"), s.price); err != nil {
			return err
		}
		if slices.ContainsFunc(set, func(b basePrice) bool { return b.price.Currency == s.price.Currency }) {
			return ErrPriceInvalid.WithField(join(at, "price.currency"), "duplicate", "There is a price in this currency already.")
		}
		one := basePrice{price: s.price}
		if s.compareAt != nil {
			if err := checkPrice(join(at, "compareAtPrice"), *s.compareAt); err != nil {
				return err
			}
			if s.compareAt.Currency != s.price.Currency {
				return ErrPriceInvalid.WithField(join(at, "compareAtPrice.currency"), "currency", "It must be in the currency of the price.")
			}
			one.compareAt = &s.compareAt.Amount
		}
		for _, old := range v.more {
			if old.price.Currency == s.price.Currency {
				one.prior = old.prior
			}
		}
		set = append(set, one)
	}
	slices.SortFunc(set, func(a, b basePrice) int { return cmp.Compare(a.price.Currency, b.price.Currency) })
	v.more = set
	return v.currencyOnce(field)
}

// currencyOnce holds the further prices to other currencies than that of the price.
func (v *variant) currencyOnce(field string) error {
	for i, b := range v.more {
		if b.price.Currency == v.price.Currency {
			return ErrPriceInvalid.WithField(join(indexed(field, i), "price.currency"), "duplicate", "The price itself is in this currency.")
		}
	}
	return nil
}

// noteworthy is the period before a reduction in which the lowest price is looked for (Directive 98/6/EC, Art. 6a(2)).
const noteworthy = 30 * 24 * time.Hour

// window is the time from an instant up to, but not including, another.
type window struct{ from, to time.Time }

func windowBefore(announcement time.Time) window {
	return window{announcement.Add(-noteworthy), announcement}
}

// priceEvent is one line of a variant's history: from an instant on, a source has this price, or none.
type priceEvent struct {
	variant     id.ID
	list        id.ID // zero: the base price
	kind        listKind
	priority    int32
	scope       scope
	currency    string
	minQuantity int64
	amount      *int64 // nil: no longer offered
	prior       *int64
	at          time.Time
	forSale     *bool // instead of a price: whether the product is published from then on
}

// after is p as the event leaves it.
func (p priced) after(e priceEvent) priced {
	if e.list.IsZero() {
		out := priced{bases: slices.Clone(p.bases), entries: p.entries}
		i := out.base(e.currency)
		switch {
		case e.amount == nil && i >= 0:
			out.bases = slices.Delete(out.bases, i, i+1)
		case e.amount == nil:
		case i >= 0:
			out.bases[i] = basePrice{price: money.Of(*e.amount, e.currency)}
		default:
			out.bases = append(out.bases, basePrice{price: money.Of(*e.amount, e.currency)})
		}
		return out
	}
	return p.with(listPrice{e.list, e.kind, e.priority, e.scope, e.currency, e.minQuantity, 0, e.prior}, e.amount)
}

// with is p with one price of a list set, or taken out when amount is nil.
func (p priced) with(e listPrice, amount *int64) priced {
	out := priced{bases: p.bases, entries: slices.Clone(p.entries)}
	i, found := slices.BinarySearchFunc(out.entries, e, compareListPrices)
	if amount != nil {
		e.amount = *amount
	}
	switch {
	case amount == nil && found:
		out.entries = slices.Delete(out.entries, i, i+1)
	case amount == nil:
	case found:
		out.entries[i] = e
	default:
		out.entries = slices.Insert(out.entries, i, e)
	}
	return out
}

func compareListPrices(a, b listPrice) int {
	return cmp.Or(bytes.Compare(a.list[:], b.list[:]), cmp.Compare(a.currency, b.currency), cmp.Compare(a.minQuantity, b.minQuantity))
}

// lowestPrior is the lowest price of one unit that was in force for whoever asks at any time in the window, from the
// history of one variant in order of time; nil when there was none. What was in force when the window opened counts,
// however long before it was set; what ended at that instant does not. While a product is not published, no price of it is in
// force.
func lowestPrior(history []priceEvent, c priceContext, w window) *int64 {
	var lowest *int64
	var p priced
	opened, forSale := false, true
	look := func() {
		if q, ok := p.in(c, 1); ok && forSale && (lowest == nil || q.price.Amount < *lowest) {
			lowest = &q.price.Amount
		}
	}
	relevant := make([]priceEvent, 0, len(history))
	for _, e := range history {
		if (e.forSale != nil || e.currency == c.currency && e.minQuantity == 1) && e.at.Before(w.to) {
			relevant = append(relevant, e)
		}
	}
	for i, e := range relevant {
		if !opened && e.at.After(w.from) {
			look()
			opened = true
		}
		if e.forSale != nil {
			forSale = *e.forSale
		} else {
			p = p.after(e)
		}
		// What several lines say of one instant is in force together.
		if opened && (i+1 == len(relevant) || !relevant[i+1].at.Equal(e.at)) {
			look()
		}
	}
	if !opened {
		look()
	}
	return lowest
}

// whenForSale puts together when a product was published and what was asked for a variant of it, both in order of time.
func whenForSale(published, prices []priceEvent) []priceEvent {
	never := false
	out := append([]priceEvent{{forSale: &never}}, published...)
	out = append(out, prices...)
	slices.SortStableFunc(out, func(a, b priceEvent) int { return a.at.Compare(b.at) })
	return out
}

// held is one source's price, with what it is compared to.
type held struct {
	amount           int64
	compareAt, prior *int64
}

// reduced reports whether the price is a reduction that was announced.
func (h held) reduced() bool { return h.prior != nil || h.strikes() }

func (h held) strikes() bool { return h.compareAt != nil && *h.compareAt > h.amount }

// transition is one change of one source's price, as Directive 98/6/EC, Art. 6a looks at it.
type transition struct {
	was       *held  // nil: the source offered none before
	now       held   // its prior does not count
	before    *int64 // what was in force immediately before
	otherwise *int64 // for a sale: what would be paid without it
}

// prior is the prior price that goes with the price from now on: the one frozen when the reduction was announced, or that
// of a reduction that is announced now, which lowest looks for. It is nil for a price that is not reduced, or when
// nothing was in force before.
func (t transition) prior(lowest func() *int64) *int64 {
	switch {
	case t.was != nil && t.was.amount == t.now.amount && (t.was.reduced() || !t.now.strikes()):
		return t.was.prior // only what it is compared to changes
	case t.now.strikes(),
		t.was != nil && t.now.amount < t.was.amount,
		t.was == nil && t.before != nil && t.now.amount < *t.before,
		t.otherwise != nil && t.now.amount < *t.otherwise:
		return lowest()
	}
	return nil
}
