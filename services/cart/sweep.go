package cart

import (
	"context"
	"errors"
	"fmt"

	"github.com/sovecom/sovecom/kit/tenant"
)

// sweep closes lapsed carts and deletes old ones, in all tenants. What fails in one tenant does not stop the others.
func (s *Service) sweep(ctx context.Context) error {
	now := s.moment()
	tenants, err := tenantsToSweep(tenant.WithSystem(ctx), s.db, now)
	if err != nil {
		return err
	}
	var failed []error
	for _, t := range tenants {
		for {
			n, err := sweepBatch(tenant.With(ctx, t), s.db, now, now.Add(s.cfg.KeepClosed), s.cfg.SweepBatch)
			if err != nil {
				failed = append(failed, fmt.Errorf("tenant %s: %w", t, err))
			}
			if err != nil || n < s.cfg.SweepBatch {
				break
			}
		}
	}
	return errors.Join(failed...)
}
