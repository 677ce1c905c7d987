package inventory

import (
	"context"

	"github.com/sovecom/sovecom/kit/tenant"
)

// Sweep looks for lapsed holds now.
func (s *Service) Sweep(ctx context.Context) error { return s.sweep(ctx) }

// Waiting is how many holds of the context's tenant wait for a flush.
func (s *Service) Waiting(ctx context.Context) int {
	t, _ := tenant.From(ctx)
	s.holds.mu.Lock()
	defer s.holds.mu.Unlock()
	if q := s.holds.queues[t]; q != nil {
		return len(q.waiting)
	}
	return 0
}
