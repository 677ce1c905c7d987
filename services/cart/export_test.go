package cart

// ForgetCarts makes the room a process that has just started.
func (s *Service) ForgetCarts() { s.recent = newRecent() }
