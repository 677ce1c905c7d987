package checkout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// cancelled orders that nobody paid carry this reason.
const reasonUnpaid = "It was not paid in time."

// atOnce is how many orders the sweeper works on at the same time.
const atOnce = 8

// rarely is how many rounds lie between two looks for what is not urgent.
const rarely = 30

// Run ends what was left half-way and cancels what nobody paid, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(s.cfg.SweepEvery)
	defer tick.Stop()
	for round := 0; ; round++ {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := s.resumeAll(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "orders left half-way wait", "error", err)
		}
		if round%rarely != 0 {
			continue
		}
		if err := s.cancelOverdue(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "unpaid orders wait", "error", err)
		}
		if err := forgetFailed(tenant.WithSystem(ctx), s.db, s.now().Add(-s.cfg.KeepFailed), s.cfg.SweepBatch); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "failed attempts stay", "error", err)
		}
	}
}

// resumeAll takes up orders whose process has been gone for a while.
func (s *Service) resumeAll(ctx context.Context) error {
	found, err := findStuck(tenant.WithSystem(ctx), s.db, s.now().Add(-s.cfg.ResumeAfter), s.cfg.SweepBatch)
	if err != nil {
		return err
	}
	return each(ctx, found, s.resume)
}

// resume brings one order to its end. Nobody's cart token is at hand: an order whose cart was not claimed yet is refused
// by the cart room, and is taken back.
func (s *Service) resume(ctx context.Context, order id.ID) error {
	a, err := s.takeLease(ctx, order)
	if err != nil || a == nil {
		return err
	}
	a.nobody = true
	switch {
	case a.order.Status == Failing:
		err = s.resumeTakingBack(ctx, a)
	case s.now().Sub(a.openedAt) > s.cfg.PlacingTTL:
		err = s.abandon(ctx, a)
	default:
		err = s.run(ctx, a)
	}
	if err == nil || refusal(err) || errors.Is(err, ErrAbandoned) {
		s.log.InfoContext(ctx, "an order left half-way was ended", "order", order, "status", a.order.Status, "reason", err)
		return nil
	}
	return err
}

func (s *Service) abandon(ctx context.Context, a *attempt) error {
	a.failure = nil
	return s.resumeTakingBack(ctx, a)
}

// cancelOverdue cancels orders that were not paid in time.
func (s *Service) cancelOverdue(ctx context.Context) error {
	for {
		found, err := findOverdue(tenant.WithSystem(ctx), s.db, s.now(), s.cfg.SweepBatch)
		if err != nil || len(found) == 0 {
			return err
		}
		if err := each(ctx, found, s.cancelIfOverdue); err != nil {
			return err
		}
		if len(found) < s.cfg.SweepBatch {
			return nil
		}
	}
}

func (s *Service) cancelIfOverdue(ctx context.Context, order id.ID) error {
	reason := reasonUnpaid
	_, err := s.change(ctx, order, command{
		do: func(o *Order, now time.Time) error {
			if !o.overdue(now) {
				return errSettled
			}
			return o.cancel(&reason, id.ID{}, now)
		},
		announce: func(ctx context.Context, w *pg.Writes, o *Order, before Status) error {
			return announceCancelled(ctx, w, o, before)
		},
	})
	if errors.Is(err, errSettled) {
		return nil // paid in the last moment
	}
	return err
}

var errSettled = errors.New("checkout: nothing is overdue")

// located is an order of some tenant.
type located struct{ tenant, order id.ID }

// each works on orders of many tenants. What fails for one does not stop the others.
func each(ctx context.Context, orders []located, do func(ctx context.Context, order id.ID) error) error {
	errs := make([]error, len(orders))
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i, l := range orders {
		group.Go(func() error {
			if err := do(auth.With(tenant.With(ctx, l.tenant), auth.Principal{}), l.order); err != nil {
				errs[i] = fmt.Errorf("order %s: %w", l.order, err)
			}
			return nil
		})
	}
	return errors.Join(group.Wait(), errors.Join(errs...))
}
