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
