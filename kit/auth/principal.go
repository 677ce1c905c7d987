// Package auth says who is asking, what they may do, and how they prove it.
//
// Access tokens are JWTs (RFC 7519) signed with Ed25519 (EdDSA, RFC 8037), valid for minutes. The gateway verifies
// them once; between rooms the principal travels beside the request, on connections that only rooms have.
package auth

import (
	"context"
	"slices"
	"strings"

	"github.com/sovecom/sovecom/kit/id"
)

// Kind of principal.
type Kind string

// The kinds.
const (
	Anonymous Kind = ""         // a shopper who is not signed in
	Customer  Kind = "customer" // a shopper who is
	Staff     Kind = "staff"    // somebody who runs the shop
	Service   Kind = "service"  // another room, on its own behalf
)

// Principal is who is asking.
type Principal struct {
	Kind    Kind
	ID      id.ID    // of the customer or staff member
	Role    string   // of staff: "owner", "admin", "staff"
	Session id.ID    // family of the session
	Groups  []string // of a customer: codes of the groups prices can be for, in order
}

type key struct{}

// With returns a context in which p is asking.
func With(ctx context.Context, p Principal) context.Context { return context.WithValue(ctx, key{}, p) }

// From returns who is asking; the zero Principal is an anonymous shopper.
func From(ctx context.Context) Principal {
	p, _ := ctx.Value(key{}).(Principal)
	return p
}

// Encode writes the principal for a header between rooms.
func (p Principal) Encode() string {
	if p.Kind == Anonymous {
		return ""
	}
	return strings.Join([]string{string(p.Kind), p.ID.String(), p.Role, p.Session.String(), strings.Join(p.Groups, ",")}, ";")
}

// Decode reads what Encode wrote; anything else is anonymous.
func Decode(s string) Principal {
	parts := strings.Split(s, ";")
	if len(parts) != 5 {
		return Principal{}
	}
	pid, err1 := id.Parse(parts[1])
	session, err2 := id.Parse(parts[3])
	if err1 != nil || err2 != nil {
		return Principal{}
	}
	p := Principal{Kind: Kind(parts[0]), ID: pid, Role: parts[2], Session: session}
	if parts[4] != "" {
		p.Groups = strings.Split(parts[4], ",")
	}
	return p
}

// May reports whether the principal holds a staff permission.
func (p Principal) May(permission string) bool {
	return p.Kind == Staff && slices.Contains(Permissions(p.Role), permission)
}

// Permissions lists what a role may do, sorted. An unknown role may nothing.
func Permissions(role string) []string {
	manage := []string{
		"categories:delete", "categories:read", "categories:write", "customers:read", "customers:write",
		"inventory:read", "inventory:write", "media:delete", "media:read", "media:write",
		"orders:read", "orders:refund", "orders:write", "pages:delete", "pages:read", "pages:write", "products:delete", "products:read", "products:write",
		"settings:read", "settings:write", "users:read", "webhooks:read", "webhooks:write",
	}
	switch role {
	case "owner":
		owner := append(manage, "users:write") //nolint:gocritic // manage is fresh at every call
		slices.Sort(owner)
		return owner
	case "admin":
		return manage
	case "staff":
		return []string{
			"categories:read", "categories:write", "customers:read", "inventory:read", "inventory:write",
			"media:read", "media:write", "orders:read", "pages:read", "pages:write", "products:read", "products:write",
		}
	}
	return nil
}
