package inventory

import (
	"context"
	"errors"
	"fmt"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// sweep lapses every hold that is past its time, in all tenants. What fails in one tenant does not stop the others.
func (s *Service) sweep(ctx context.Context) error {
	tenants, err := tenantsWithLapsed(tenant.WithSystem(ctx), s.db, s.now())
	if err != nil {
		return err
	}
	var failed []error
	for _, t := range tenants {
		if err := s.sweepTenant(tenant.With(ctx, t)); err != nil {
			failed = append(failed, fmt.Errorf("tenant %s: %w", t, err))
		}
	}
	return errors.Join(failed...)
}

func (s *Service) sweepTenant(ctx context.Context) error {
	for {
		n, err := s.lapse(ctx)
		if err != nil || n < s.cfg.SweepBatch {
			return err
		}
	}
}

// lapse gives back one batch of holds and returns how many.
func (s *Service) lapse(ctx context.Context) (int, error) {
	var orders []id.ID
	err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		now := s.now()
		var err error
		if orders, err = lockLapsed(ctx, tx, now, s.cfg.SweepBatch); err != nil || len(orders) == 0 {
			return err
		}
		lines, b, err := lockLinesOf(ctx, tx, orders)
		if err != nil {
			return err
		}
		for _, l := range lines {
			b.move(l.VariantID, 0, -l.Quantity)
		}
		saveChanges(&tx.Writes, b.changes(), now)
		saveStatus(&tx.Writes, orders, Expired, now)
		return announce(ctx, &tx.Writes, b.flips())
	})
	return len(orders), err
}
