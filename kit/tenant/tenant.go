// Package tenant carries whose shop a piece of work is for.
//
// The tenant travels in the context from the edge to the database, where row-level security makes it the only one
// whose rows can be seen (see kit/pg). Work without a tenant sees nothing.
package tenant

import (
	"context"

	"github.com/sovecom/sovecom/kit/id"
)

type key struct{}

// Default is the tenant every installation starts with. Its id is fixed, so that each room can open its books for it
// before any event has arrived.
func Default() id.ID { return id.ID{6: 0x70, 8: 0x80, 15: 0x01} }

// System is the scope of the machinery that serves all tenants: relays, inboxes, sweepers. Only tables that say so let it in.
func System() id.ID { return id.ID{15: 0xff, 6: 0x70, 8: 0x80} }

// With returns a context in which work is for t.
func With(ctx context.Context, t id.ID) context.Context {
	return context.WithValue(ctx, key{}, t)
}

// WithSystem returns a context for machinery that serves all tenants.
func WithSystem(ctx context.Context) context.Context { return With(ctx, System()) }

// From returns the tenant of the context, and whether it has one.
func From(ctx context.Context) (id.ID, bool) {
	t, ok := ctx.Value(key{}).(id.ID)
	return t, ok && !t.IsZero()
}
