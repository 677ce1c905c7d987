package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

const (
	// settleChunk is how many products get their prices in one transaction.
	settleChunk = 100
	// settleAtOnce is how many chunks a request that changes a list does before it answers; the sweeper does the rest.
	settleAtOnce = 5
	// dueLists is how many lists begin or end in one transaction.
	dueLists = 20
	// sweepPause is the longest time between two looks at what is due.
	sweepPause = time.Second
	// settleRetry is when a product is looked at again whose prices could not be settled.
	settleRetry = time.Minute
)

// sweepPrices lets lists begin and end on time, in all tenants, until ctx ends. Many processes may do it at once.
func (s *Service) sweepPrices(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		next, err := s.sweepOnce(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "prices that are due wait", "error", err)
		}
		pause := sweepPause
		if next != nil {
			pause = min(pause, max(next.Sub(s.now()), time.Millisecond))
		}
		timer.Reset(pause)
	}
}

// sweepOnce does what is due by now, and says when something is due next. What fails in one tenant does not stop the others.
func (s *Service) sweepOnce(ctx context.Context) (next *time.Time, err error) {
	tenants, next, err := dueTenants(tenant.WithSystem(ctx), s.db, s.time())
	if err != nil {
		return nil, err
	}
	var failed []error
	for _, t := range tenants {
		if err := s.sweepTenant(tenant.With(ctx, t)); err != nil {
			failed = append(failed, fmt.Errorf("tenant %s: %w", t, err))
		}
	}
	return next, errors.Join(failed...)
}

func (s *Service) sweepTenant(ctx context.Context) error {
	for {
		taken := 0
		err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
			now := s.time()
			lists, err := takeDueLists(ctx, tx, now, dueLists)
			if err != nil {
				return err
			}
			for _, l := range lists {
				queueList(&tx.Writes, l.id, now)
				setDue(&tx.Writes, l.id, l.next(now))
			}
			taken = len(lists)
			return nil
		})
		if err != nil {
			return err
		}
		if taken < dueLists {
			break
		}
	}
	for {
		if n, err := s.settleProducts(ctx, settleChunk); err != nil || n == 0 {
			return err
		}
	}
}

// settleSome brings the first products of a change to their new prices before the request that made it is answered. What
// it does not get done the sweeper does.
func (s *Service) settleSome(ctx context.Context) {
	for range settleAtOnce {
		n, err := s.settleProducts(ctx, settleChunk)
		if err != nil {
			s.log.WarnContext(ctx, "prices are settled later", "error", err)
		}
		if err != nil || n < settleChunk {
			return
		}
	}
}

// settleProducts takes products off the queue and brings their prices up to what the lists say now. A product that cannot
// be settled does not keep the others from it.
func (s *Service) settleProducts(ctx context.Context, limit int) (taken int, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		products, err := takeProducts(ctx, tx, s.time(), limit)
		taken = len(products)
		if err != nil || taken == 0 {
			return err
		}
		return s.settlePrices(ctx, tx, products)
	})
	if err == nil || limit == 1 || ctx.Err() != nil || !errors.Is(err, ErrProductTooLarge) {
		return taken, err
	}
	// One of them is the culprit: one by one, and that one later.
	for range taken {
		n, err := s.settleProducts(ctx, 1)
		if errors.Is(err, ErrProductTooLarge) {
			err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
				products, err := takeProducts(ctx, tx, s.time(), 1)
				if err == nil && len(products) > 0 {
					s.log.ErrorContext(ctx, "a product has too many prices of lists to get them", "product", products[0])
					queueProducts(&tx.Writes, products, s.time().Add(settleRetry))
				}
				return err
			})
		}
		if err != nil || n == 0 {
			return taken, err
		}
	}
	return taken, nil
}

// settlePrices brings the prices of products up to what the lists say now.
func (s *Service) settlePrices(ctx context.Context, tx *pg.Tx, which []id.ID) error {
	products, wants, ruled, err := loadPriced(ctx, tx, which)
	if err != nil {
		return err
	}
	now := s.time()
	var all []*repricing
	owner := map[id.ID]*pricedProduct{}
	for _, p := range products {
		for i := range p.variants {
			v := &p.variants[i]
			if steps := listSteps(v.entries, wants[v.id], now); len(steps) > 0 {
				all = append(all, &repricing{variant: v.id, prices: v.priced(), steps: steps})
				owner[v.id] = p
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	if err := remember(ctx, tx, all, now); err != nil {
		return err
	}
	type affected struct {
		before  product
		changes changes
	}
	var order []*pricedProduct
	touched := map[*pricedProduct]*affected{}
	var variants []variantOf
	var of []id.ID
	var events []priceEvent
	for _, r := range all {
		p := owner[r.variant]
		a := touched[p]
		if a == nil {
			a = &affected{before: p.clone()}
			touched[p], order = a, append(order, p)
		}
		r.run()
		v := p.variant(r.variant)
		from := v.publicPrice()
		v.adopt(r.prices)
		if to := v.publicPrice(); to != from {
			a.changes.prices = append(a.changes.prices, priceChange{v.id, from, to})
		}
		variants = append(variants, variantOf{p.id, v})
		for _, e := range r.told() {
			of, events = append(of, p.id), append(events, e)
		}
	}
	for _, p := range order {
		p.sequence++
	}
	if err := savePriced(&tx.Writes, order, variants); err != nil {
		return err
	}
	insertHistory(&tx.Writes, of, events)
	changed := make([]id.ID, len(order))
	for i, p := range order {
		a := touched[p]
		changed[i] = p.id
		if err := announceUpdated(ctx, &tx.Writes, &p.product, &a.before, a.changes); err != nil {
			return err
		}
	}
	if ruled {
		return gather(ctx, tx, now, changed...)
	}
	return nil
}

// remember reads the history that reductions among the steps are measured by.
func remember(ctx context.Context, tx *pg.Tx, all []*repricing, now time.Time) error {
	from := now
	variants := make([]id.ID, len(all))
	for i, r := range all {
		variants[i] = r.variant
		if at := earliest(r.steps, now); at.Before(from) {
			from = at
		}
	}
	history, err := loadHistory(ctx, tx, variants, from)
	if err != nil {
		return err
	}
	for _, r := range all {
		r.history = history[r.variant]
		r.known = len(r.history)
	}
	return nil
}

// changedProduct is a product that is being changed, and what it was.
type changedProduct struct{ p, before *product }

// repriced are the variants whose base prices differ, with those that are new and those that went.
func (e changedProduct) repriced() []id.ID {
	var ids []id.ID
	for i := range e.p.variants {
		v := &e.p.variants[i]
		if was := e.before.variant(v.id); was == nil || len(baseSteps(was.priced().bases, v.priced().bases, e.p.updatedAt)) > 0 {
			ids = append(ids, v.id)
		}
	}
	for i := range e.before.variants {
		if e.p.variant(e.before.variants[i].id) == nil {
			ids = append(ids, e.before.variants[i].id)
		}
	}
	return ids
}

// steps are what happens to a variant's prices, in order of time. Lists that began or ended meanwhile come first.
func (e changedProduct) steps(which id.ID, wanted []wanted, now time.Time) *repricing {
	r := &repricing{variant: which}
	var to []basePrice
	if was := e.before.variant(which); was != nil {
		r.prices = was.priced()
	}
	if v := e.p.variant(which); v != nil {
		to = v.priced().bases
	} else {
		wanted = nil // what is in force goes with it
	}
	r.steps = append(listSteps(r.prices.entries, wanted, now), baseSteps(r.prices.bases, to, now)...)
	slices.SortStableFunc(r.steps, func(a, b priceStep) int { return a.at.Compare(b.at) })
	return r
}

// reprice follows changes of base prices, new variants and removed ones: it measures reductions and keeps the history.
// The products are changed already. However many they are, it is the same number of round trips.
func (s *Service) reprice(ctx context.Context, tx *pg.Tx, products ...changedProduct) error {
	var ids []id.ID
	of := map[id.ID]changedProduct{}
	for _, e := range products {
		for _, which := range e.repriced() {
			ids, of[which] = append(ids, which), e
		}
	}
	if len(ids) == 0 {
		return nil
	}
	wants, err := loadWanted(ctx, tx, ids)
	if err != nil {
		return err
	}
	now := s.time()
	all := make([]*repricing, len(ids))
	for i, which := range ids {
		all[i] = of[which].steps(which, wants[which], now)
	}
	if err := remember(ctx, tx, all, now); err != nil {
		return err
	}
	var owners []id.ID
	var events []priceEvent
	for _, r := range all {
		r.run()
		p := of[r.variant].p
		if v := p.variant(r.variant); v != nil {
			v.adopt(r.prices)
		}
		for _, e := range r.told() {
			owners, events = append(owners, p.id), append(events, e)
		}
	}
	insertHistory(&tx.Writes, owners, events)
	return nil
}

// farewell queues that nothing of a product is offered any more.
func (p *product) farewell(w *pg.Writes, at time.Time) {
	var of []id.ID
	var events []priceEvent
	for i := range p.variants {
		r := &repricing{variant: p.variants[i].id, prices: p.variants[i].priced()}
		r.steps = append(listSteps(r.prices.entries, nil, at), baseSteps(r.prices.bases, nil, at)...)
		r.run()
		for _, e := range r.told() {
			of, events = append(of, p.id), append(events, e)
		}
	}
	insertHistory(w, of, events)
}
