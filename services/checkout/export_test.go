package checkout

import (
	"context"
	"time"

	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/kit/pg"
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

// Numbers of a process, for a test that has only them.
func Numbers(db *pg.DB, now func() time.Time) func(ctx context.Context) (string, error) {
	return newNumbers(db, now).next
}

// ListStatement is the SQL of a page of orders.
func ListStatement(req *checkoutv1.ListOrdersRequest) (query string, args []any, err error) {
	return filterFromProto(req).statement()
}
