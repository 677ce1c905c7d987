package catalog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

const (
	// buildChunk is how many products are looked at in one transaction.
	buildChunk = 500
	// tendEvery is how often collections are looked after when nobody asks for it: what a process left unfinished is taken
	// up, and what has become too old for a collection leaves it.
	tendEvery = time.Minute
)

// tendCollections builds collections and sweeps those that time takes products out of, until ctx ends.
func (s *Service) tendCollections(ctx context.Context) error {
	for {
		if err := s.tend(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "collections wait to be built", "error", err)
		}
		timer := time.NewTimer(tendEvery)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		case <-s.wake:
		}
		timer.Stop()
	}
}

// poke tells Run that a collection waits to be built.
func (s *Service) poke() {
	select {
	case s.wake <- struct{}{}:
	default: // it is told already
	}
}

// tend looks after the collections of all shops once. One that fails does not keep the others waiting.
func (s *Service) tend(ctx context.Context) error {
	all, err := dueCollections(ctx, s.db)
	if err != nil {
		return err
	}
	var failed error
	for _, d := range all {
		ctx := tenant.With(ctx, d.tenant)
		if d.building {
			for done := false; !done && err == nil; {
				done, err = s.build(ctx, d.collection)
			}
		} else {
			err = s.sweep(ctx, d)
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("collection %s: %w", d.collection, err))
			err = nil
		}
	}
	return failed
}

// build applies a collection's rules to the next products, and reports whether that was the last of them. Where it has
// come to is kept with the collection, so it goes on there whoever calls it next.
func (s *Service) build(ctx context.Context, which id.ID) (done bool, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		c, chunk, is, err := loadChunkOf(ctx, tx, which, buildChunk)
		if done = c == nil; done || err != nil {
			return err
		}
		in, out := c.rules.sift(chunk, s.time(), is)
		moveMembers(&tx.Writes, which, in, out)
		if done = len(chunk) < buildChunk; !done {
			c.builtAfter = chunk[len(chunk)-1].product
			saveBuild(&tx.Writes, c)
			return nil
		}
		c.building, c.builtAfter = false, id.ID{}
		c.sequence++
		saveBuild(&tx.Writes, c)
		return announceCollection(ctx, &tx.Writes, c)
	})
	return done, err
}

// buildSome builds a collection at once when the shop is small, and leaves it to Run otherwise. The change that made it
// necessary is committed already, so a failure here is no failure of that change.
func (s *Service) buildSome(ctx context.Context, c *collection) {
	if !c.building {
		return
	}
	done, err := s.build(ctx, c.id)
	if err != nil {
		s.log.WarnContext(ctx, "a collection is built later", "error", err)
	}
	if c.building = !done; c.building {
		s.poke()
	}
}

// sweep takes products out of a collection that have become too old for it. Time makes rules stop holding and never
// begin to, so nobody else has to be looked at.
func (s *Service) sweep(ctx context.Context, d due) error {
	var after id.ID
	for done := false; !done; {
		if err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
			at := s.time()
			c, chunk, err := loadStale(ctx, tx, d.collection, d.rules.stale(at), after, buildChunk)
			if done = c == nil || len(chunk) < buildChunk; c == nil || err != nil {
				return err
			}
			if len(chunk) > 0 {
				after = chunk[len(chunk)-1].product
			}
			is := make(map[id.ID]bool, len(chunk))
			for _, t := range chunk {
				is[t.product] = true
			}
			_, out := c.rules.sift(chunk, at, is)
			if len(out) == 0 {
				return nil
			}
			moveMembers(&tx.Writes, c.id, nil, out)
			c.sequence++
			saveBuild(&tx.Writes, c)
			return announceCollection(ctx, &tx.Writes, c)
		}); err != nil {
			return err
		}
	}
	return nil
}

// stale is the moment before which a product may have become too old for one of the rules.
func (r rules) stale(at time.Time) time.Time {
	days := int64(maxRuleDays)
	for _, one := range r.list {
		if one.Operator == "withinDays" {
			days = min(days, one.number)
		}
	}
	return at.Add(-time.Duration(days) * day)
}
