package catalog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

const (
	// sweepLongest is how long the sweeper sleeps at most: others may schedule something, and the clock may be moved.
	sweepLongest = time.Second
	// sweepShortest keeps a moment that is nearly there from being waited for in a circle.
	sweepShortest = 5 * time.Millisecond
	// sweepChunk is how many products change in one transaction.
	sweepChunk = 100
	// keepEdits is how long a repeated change of many products is recognised, which is longer than its answer is kept.
	keepEdits = 48 * time.Hour
	// forgetEvery is how often old ones are forgotten.
	forgetEvery = time.Hour
	// foldEvery is how often the counts of lists are put together.
	foldEvery = 20 * time.Second
)

// runSchedules keeps schedules until ctx ends: it wakes at the next moment something is due, and every second.
func (s *Service) runSchedules(ctx context.Context) error {
	var forgotten time.Time
	for {
		pause := sweepLongest
		next, err := s.keepSchedules(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			s.log.WarnContext(ctx, "scheduled products wait", "error", err)
		case next != nil:
			pause = min(max(next.Sub(s.now()), sweepShortest), sweepLongest)
		}
		if now := s.time(); now.Sub(forgotten) >= forgetEvery {
			forgotten = now
			if err := forgetEdits(tenant.WithSystem(ctx), s.db, now.Add(-keepEdits)); err != nil && ctx.Err() == nil {
				s.log.WarnContext(ctx, "old changes of many products stay", "error", err)
			}
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
	}
}

// keepSchedules does what is due by now, in all tenants, and returns the next moment. What fails in one tenant does not
// stop the others. What somebody else is changing right now, also another replica, is left for the next round.
func (s *Service) keepSchedules(ctx context.Context) (*time.Time, error) {
	due, next, err := findDue(tenant.WithSystem(ctx), s.db, s.time(), 10*sweepChunk)
	if err != nil {
		return nil, err
	}
	byTenant := map[id.ID][]id.ID{}
	for _, l := range due {
		byTenant[l.tenant] = append(byTenant[l.tenant], l.product)
	}
	var failed []error
	for t, products := range byTenant {
		for len(products) > 0 {
			chunk := products[:min(sweepChunk, len(products))]
			products = products[len(chunk):]
			if err := s.keepChunk(tenant.With(ctx, t), chunk); err != nil {
				failed = append(failed, fmt.Errorf("tenant %s: %w", t, err))
			}
		}
	}
	return next, errors.Join(failed...)
}

func (s *Service) keepChunk(ctx context.Context, which []id.ID) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		locked, ruled, err := lockDue(ctx, tx, which)
		if err != nil || len(locked) == 0 {
			return err
		}
		products, err := loadProducts(ctx, tx, locked)
		if err != nil {
			return err
		}
		at := s.time()
		var all []edited
		var news []bus.News
		for _, one := range locked {
			p := products[one]
			before := p.clone()
			p.keepSchedule(at)
			c := p.settle(&before, at)
			if !c.any {
				continue
			}
			e, err := newEdited(p, c)
			if err != nil {
				s.log.WarnContext(ctx, "a scheduled product waits", "product", p.id, "error", err)
				continue // it must not hold up the others
			}
			all, news = append(all, e), append(news, updatedNews(p, &before, c))
		}
		if err := saveEdited(&tx.Writes, all); err != nil {
			return err
		}
		if err := bus.EmitAll(ctx, &tx.Writes, news); err != nil || !ruled || len(all) == 0 {
			return err
		}
		return gather(ctx, tx, at, idsOfEdited(all)...)
	})
}

// tendCounts puts the counts of lists together until ctx ends.
func (s *Service) tendCounts(ctx context.Context) error {
	tick := time.NewTicker(foldEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := foldCounts(tenant.WithSystem(ctx), s.db); err != nil && ctx.Err() == nil {
				s.log.WarnContext(ctx, "counts of lists stay in parts", "error", err)
			}
		}
	}
}
