package catalog

import (
	"context"
	"sync"

	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
)

// soldLimit is how many variants are remembered, at 32 bytes each.
const soldLimit = 100_000

// sold remembers variants that are marked as sold in the database, which they are for good: so that of all orders only
// the first one of a variant is written down. What it has forgotten is marked again, to no effect.
type sold struct {
	mu    sync.Mutex
	known map[soldVariant]struct{}
}

type soldVariant struct{ tenant, variant id.ID }

// unknown returns the variants that may not be marked yet.
func (s *sold) unknown(tenant id.ID, variants []id.ID) []id.ID {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []id.ID
	for _, v := range variants {
		if _, ok := s.known[soldVariant{tenant, v}]; !ok {
			out = append(out, v)
		}
	}
	return out
}

// remember notes what an order has sold, once that is committed.
func (s *sold) remember(_ context.Context, e bus.Event) {
	variants, err := orderedVariants(e)
	if err != nil {
		return // it was handled, so it can be read
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil || len(s.known) > soldLimit {
		s.known = map[soldVariant]struct{}{}
	}
	for _, v := range variants {
		s.known[soldVariant{e.Tenant, v}] = struct{}{}
	}
}
