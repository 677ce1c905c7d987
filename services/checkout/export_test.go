package checkout

import (
	"context"

	"github.com/sovecom/sovecom/kit/tenant"
)

// Sweep does at once what Run does over time.
func (s *Service) Sweep(ctx context.Context) error {
	if err := s.resumeAll(ctx); err != nil {
		return err
	}
	if err := s.cancelOverdue(ctx); err != nil {
		return err
	}
	return forgetFailed(tenant.WithSystem(ctx), s.db, s.now().Add(-s.cfg.KeepFailed), s.cfg.SweepBatch)
}

// Steps are the names of the saga's steps.
func (s *Service) Steps() []string {
	var out []string
	for _, st := range s.steps() {
		out = append(out, st.name)
	}
	return out
}
