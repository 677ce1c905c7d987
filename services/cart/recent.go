package cart

import (
	"container/list"
	"context"
	"slices"
	"sync"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// What is remembered is bounded by carts and, because one may hold a hundred, by lines.
const (
	recentMost  = 2048
	recentLines = 20_000
)

// recent remembers carts as this process has last saved or read them, so that the next change need not read them first, and
// who reads them need not read their lines. It may be wrong when another process was faster: then the version in the save's
// statement says so, and what was decided on it and refused is decided once more on what the database holds. Nothing is ever
// answered from it alone: lines are shown when the cart in the database still has the version they are of. What changes a cart
// makes lines of its own, so that those remembered are shared and stay.
type recent struct {
	mu    sync.Mutex
	carts map[recentKey]*list.Element
	order *list.List // last used first
	lines int        // of all carts
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
	return known.cart, true
}

// put remembers a cart that was just saved or read, unless a newer one is known.
func (r *recent) put(ctx context.Context, c Cart) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := keyOf(ctx, c.ID)
	if e, ok := r.carts[key]; ok {
		if known, _ := e.Value.(*recentCart); known.cart.Version > c.Version {
			return
		}
		r.drop(e)
	}
	r.carts[key] = r.order.PushFront(&recentCart{key, c})
	r.lines += len(c.Lines)
	for len(r.carts) > recentMost || r.lines > recentLines {
		r.drop(r.order.Back())
	}
}

func (r *recent) drop(e *list.Element) {
	gone, _ := r.order.Remove(e).(*recentCart)
	r.lines -= len(gone.cart.Lines)
	delete(r.carts, gone.key)
}

// renew remembers at which revisions the lines of a cart are still what was put, as the catalogue has just said, so that it need
// not say it again.
func (r *recent) renew(ctx context.Context, c, now Cart) {
	if !c.Market.equal(now.Market) || slices.EqualFunc(c.Lines, now.Lines, func(l, m Line) bool { return l.Offer.Revision == m.Offer.Revision }) {
		return
	}
	c.Lines = slices.Clone(c.Lines)
	for i, l := range now.Lines {
		if c.Lines[i].equal(l) && l.Offer.Revision != 0 {
			c.Lines[i].Offer.Revision = l.Offer.Revision
		}
	}
	r.put(ctx, c)
}

func (r *recent) forget(ctx context.Context, cart id.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.carts[keyOf(ctx, cart)]; ok {
		r.drop(e)
	}
}
