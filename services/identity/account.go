package identity

import (
	"time"

	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
)

// Staff is somebody who runs the shop.
type Staff struct {
	ID          id.ID
	Email       string
	Name        string
	Role        string // "owner", "admin", "staff"
	Disabled    bool
	LastLoginAt *time.Time
	Version     int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

const roleOwner = "owner"

// mayOwn says whether this is somebody who can act as an owner.
func (s *Staff) mayOwn() bool { return s.Role == roleOwner && !s.Disabled }

// staffChange is what is to be different about a member of staff; nil leaves.
type staffChange struct {
	name, role *string
	disabled   *bool
}

// apply decides on a change that by asks for, while others besides this one can act as owners. It reports whether there is
// any.
func (s *Staff) apply(want staffChange, by id.ID, owners int, now time.Time) (bool, error) {
	before := *s
	if want.name != nil {
		s.Name = *want.name
	}
	if want.role != nil {
		s.Role = *want.role
	}
	if want.disabled != nil {
		s.Disabled = *want.disabled
	}
	if s.Name == before.Name && s.Role == before.Role && s.Disabled == before.Disabled {
		return false, nil
	}
	if s.ID == by && (s.Role != before.Role || s.Disabled != before.Disabled) {
		return false, ErrOwnAccount
	}
	if before.mayOwn() && !s.mayOwn() && owners == 0 {
		return false, ErrLastOwner
	}
	s.Version++
	s.UpdatedAt = now
	return true, nil
}

// leave decides whether somebody may be removed, while so many others can act as owners.
func (s *Staff) leave(by id.ID, owners int) error {
	switch {
	case s.ID == by:
		return ErrOwnAccount
	case s.mayOwn() && owners == 0:
		return ErrLastOwner
	}
	return nil
}

// Customer is a shopper with an account.
type Customer struct {
	ID               id.ID
	Email            string
	Name             *string
	Phone            *string
	AcceptsMarketing bool
	Groups           []GroupRef // by code; only where staff look
	Version          int64
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// change is what a customer wants to be different; nil leaves.
type change struct {
	name, phone           *string
	clearName, clearPhone bool
	acceptsMarketing      *bool
}

// apply decides on a change and reports whether there is any.
func (c *Customer) apply(want change, now time.Time) bool {
	before := *c
	if want.name != nil || want.clearName {
		c.Name = want.name
	}
	if want.phone != nil || want.clearPhone {
		c.Phone = want.phone
	}
	if want.acceptsMarketing != nil {
		c.AcceptsMarketing = *want.acceptsMarketing
	}
	if same(before.Name, c.Name) && same(before.Phone, c.Phone) && before.AcceptsMarketing == c.AcceptsMarketing {
		return false
	}
	c.Version++
	c.UpdatedAt = now
	return true
}

func same(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

// realm separates the two kinds of accounts: no statement looks into both.
type realm auth.Kind

const (
	staffRealm    = realm(auth.Staff)
	customerRealm = realm(auth.Customer)
)
