package door

import (
	"context"
	"sync"
)

// rememberEarly is how many cancellations without a call are remembered. Most belong to calls of other replicas.
const rememberEarly = 512

// cancellations ends the contexts of running calls by their id. Requests and cancellations come on two subscriptions, so a
// cancellation may be there before its request: it is remembered for a while.
type cancellations struct {
	mu      sync.Mutex
	running map[string]context.CancelFunc
	early   map[string]struct{}
	order   [rememberEarly]string // ring of what is in early
	next    int
}

func newCancellations() *cancellations {
	return &cancellations{running: make(map[string]context.CancelFunc), early: make(map[string]struct{})}
}

func (c *cancellations) begin(id string, cancel context.CancelFunc) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.early[id]; ok {
		delete(c.early, id)
		cancel()
		return
	}
	c.running[id] = cancel
}

func (c *cancellations) end(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.running, id)
}

// runs says whether a call is running.
func (c *cancellations) runs(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.running[id]
	return ok
}

func (c *cancellations) cancel(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel, ok := c.running[id]; ok {
		cancel()
		return
	}
	delete(c.early, c.order[c.next])
	c.order[c.next] = id
	c.early[id] = struct{}{}
	c.next = (c.next + 1) % rememberEarly
}
