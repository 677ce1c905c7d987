package cart

import (
	"container/list"
	"context"
	"slices"
	"sync"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// recentMost bounds how many carts are remembered.
const recentMost = 2048

// recent remembers carts as this process has last saved them, so that the next change need not read them first. It may
// be wrong when another process was faster: then the version in the save's statement says so, and what was decided on
// it and refused is decided once more on what the database holds. Nothing is ever answered from it alone.
type recent struct {
	mu    sync.Mutex
	carts map[recentKey]*list.Element
	order *list.List // last used first
}

type recentKey struct{ tenant, cart id.ID }

type recentCart struct {
	key  recentKey
	cart Cart
}

func newRecent() *recent {
	return &recent{carts: map[recentKey]*list.Element{}, order: list.New()}
}

func keyOf(ctx context.Context, cart id.ID) recentKey {
	t, _ := tenant.From(ctx)
	return recentKey{t, cart}
}

func (r *recent) get(ctx context.Context, cart id.ID) (Cart, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.carts[keyOf(ctx, cart)]
	if !ok {
		return Cart{}, false
	}
	r.order.MoveToFront(e)
	known, _ := e.Value.(*recentCart)
	c := known.cart
	c.Lines = slices.Clone(c.Lines)
	return c, true
}

// put remembers a cart that was just saved, unless a newer one is known.
func (r *recent) put(ctx context.Context, c Cart) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := keyOf(ctx, c.ID)
	c.Lines = slices.Clone(c.Lines)
	if e, ok := r.carts[key]; ok {
		if known, _ := e.Value.(*recentCart); known.cart.Version < c.Version {
			known.cart = c
		}
		r.order.MoveToFront(e)
		return
	}
	r.carts[key] = r.order.PushFront(&recentCart{key, c})
	for len(r.carts) > recentMost {
		last, _ := r.order.Remove(r.order.Back()).(*recentCart)
		delete(r.carts, last.key)
	}
}

func (r *recent) forget(ctx context.Context, cart id.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := keyOf(ctx, cart)
	if e, ok := r.carts[key]; ok {
		r.order.Remove(e)
		delete(r.carts, key)
	}
}
