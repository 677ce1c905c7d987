package cart

import (
	"testing"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// What is remembered of carts is bounded, the last used stay, a newer one is not replaced by an older, and no shop sees another's.
func TestRecentIsBounded(t *testing.T) {
	t.Parallel()
	r := newRecent()
	ctx, theirs := tenant.With(t.Context(), id.New()), tenant.With(t.Context(), id.New())
	first := Cart{ID: id.New(), Version: 7, Lines: make([]Line, 1)}
	r.put(ctx, first)
	for range recentMost - 1 {
		r.put(ctx, Cart{ID: id.New(), Version: 1})
	}
	if c, ok := r.get(ctx, first.ID); !ok || c.Version != 7 {
		t.Fatalf("a cart among %d is %v, %t", recentMost, c, ok)
	}
	if _, ok := r.get(theirs, first.ID); ok {
		t.Error("another shop sees it")
	}
	r.put(ctx, Cart{ID: first.ID, Version: 6, Lines: make([]Line, 5)})
	if c, _ := r.get(ctx, first.ID); c.Version != 7 || r.lines != 1 {
		t.Errorf("an older one was put: %d, %d lines", c.Version, r.lines)
	}
	r.put(ctx, Cart{ID: id.New()})
	if _, ok := r.get(ctx, first.ID); !ok || len(r.carts) != recentMost || r.order.Len() != recentMost {
		t.Errorf("%d carts, %d in order, the last used among them: %t", len(r.carts), r.order.Len(), ok)
	}
	for range 2 * recentLines / maxLines {
		r.put(ctx, Cart{ID: id.New(), Lines: make([]Line, maxLines)})
	}
	if len(r.carts) != recentLines/maxLines || r.lines != recentLines {
		t.Errorf("%d full carts, %d lines", len(r.carts), r.lines)
	}
	for _, e := range r.carts {
		r.drop(e)
	}
	if len(r.carts) != 0 || r.lines != 0 || r.order.Len() != 0 {
		t.Errorf("%d carts, %d lines are left of none", len(r.carts), r.lines)
	}
}
