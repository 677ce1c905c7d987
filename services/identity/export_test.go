package identity

import "context"

// Sweep is one round of Run.
func (s *Service) Sweep(ctx context.Context) error { return s.sweep(ctx) }
