package inventory

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// coalescer folds concurrent holds of one tenant into flushes. There is no timer: a hold that meets nobody is flushed at
// once, and those that come while a flush is under way gather for the next.
//
// Flushes of one tenant that run at the same time touch different variants, so they never wait for each other's locks,
// and holds on one variant are decided in the order in which they came.
type coalescer struct {
	flush    func(ctx context.Context, holds []Hold) ([]error, error)
	flushers int // at the same time, per tenant
	batch    int // holds in one flush
	queue    int // holds that may wait, per tenant

	mu     sync.Mutex
	queues map[id.ID]*queue
}

// queue is one tenant's. While holds wait, a flush is under way that will take them when it ends.
type queue struct {
	waiting []*call
	running int
	busy    map[id.ID]struct{} // variants of flushes under way
	wanted  map[id.ID]int      // variants of waiting holds
}

// call is one Reserve.
type call struct {
	hold  Hold
	left  bool // its caller has gone and it was not taken: it must not be executed
	taken bool
	err   error
	done  chan struct{}
}

// flushTimeout bounds a flush: nobody's deadline does, since it serves many.
const flushTimeout = 10 * time.Second

// reserve returns when the hold is decided and durable. When ctx ends first, the hold is either never executed, or it
// is already being decided and a repeat tells the outcome.
func (c *coalescer) reserve(ctx context.Context, h Hold) error {
	t, _ := tenant.From(ctx)
	mine := &call{hold: h, done: make(chan struct{})}
	atOnce, err := c.enter(t, mine)
	if err != nil {
		return err
	}
	if atOnce {
		// The flush will serve others as well, so it must not end with this caller.
		go c.run(context.WithoutCancel(ctx), t, []*call{mine})
	}
	select {
	case <-mine.done:
		return mine.err
	case <-ctx.Done():
		c.leave(mine)
		return ctx.Err()
	}
}

// enter queues a call, or says that it meets nobody and can be flushed at once.
func (c *coalescer) enter(t id.ID, mine *call) (atOnce bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	q := c.queues[t]
	if q == nil {
		q = &queue{busy: map[id.ID]struct{}{}, wanted: map[id.ID]int{}}
		c.queues[t] = q
	}
	if q.running == 0 || q.running < c.flushers && q.free(mine) {
		q.take(mine)
		q.running++
		return true, nil
	}
	if len(q.waiting) >= c.queue {
		return false, pg.ErrBusy
	}
	q.waiting = append(q.waiting, mine)
	for _, l := range mine.hold.Lines {
		q.wanted[l.VariantID]++
	}
	return false, nil
}

func (c *coalescer) leave(mine *call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	mine.left = !mine.taken
}

// run flushes a batch, then what has gathered meanwhile, until there is nothing left to take.
func (c *coalescer) run(ctx context.Context, t id.ID, batch []*call) {
	for len(batch) > 0 {
		c.settle(ctx, batch)
		runtime.Gosched() // lets those who come again at once be part of the next batch
		batch = c.next(t, batch)
	}
}

// next gives back the variants of the batch that is done and takes the next one.
func (c *coalescer) next(t id.ID, done []*call) []*call {
	c.mu.Lock()
	defer c.mu.Unlock()
	q := c.queues[t]
	for _, d := range done {
		for _, l := range d.hold.Lines {
			delete(q.busy, l.VariantID)
		}
	}
	batch := q.gather(c.batch)
	if len(batch) > 0 {
		return batch
	}
	q.running--
	if q.running == 0 {
		delete(c.queues, t) // nothing waits: what does would have been taken
	}
	return nil
}

// settle decides a batch and wakes its callers.
func (c *coalescer) settle(ctx context.Context, batch []*call) {
	holds := make([]Hold, len(batch))
	for i, b := range batch {
		holds[i] = b.hold
	}
	ctx, cancel := context.WithTimeout(ctx, flushTimeout)
	answers, err := c.flush(ctx, holds)
	cancel()
	if err != nil && len(batch) > 1 && fault.From(err).Kind() == fault.KindInternal {
		// One of them breaks the statement, and the others need not suffer for it.
		for _, b := range batch {
			c.settle(context.WithoutCancel(ctx), []*call{b})
		}
		return
	}
	for i, b := range batch {
		b.err = err
		if err == nil {
			b.err = answers[i]
		}
		close(b.done)
	}
}

// free reports whether nobody else wants one of the call's variants.
func (q *queue) free(c *call) bool {
	return !slices.ContainsFunc(c.hold.Lines, func(l Line) bool {
		_, busy := q.busy[l.VariantID]
		return busy || q.wanted[l.VariantID] > 0
	})
}

func (q *queue) take(c *call) {
	c.taken = true
	for _, l := range c.hold.Lines {
		q.busy[l.VariantID] = struct{}{}
	}
}

// gather takes up to most waiting calls whose variants no other flush is busy with. A call that has to wait on makes
// those behind it wait that want one of its variants: nobody is overtaken.
func (q *queue) gather(most int) []*call {
	var batch, rest []*call
	passed := map[id.ID]struct{}{}
	blocked := func(c *call) bool {
		return slices.ContainsFunc(c.hold.Lines, func(l Line) bool {
			_, busy := q.busy[l.VariantID]
			_, before := passed[l.VariantID]
			return busy || before
		})
	}
	for i, c := range q.waiting {
		if len(batch) == most {
			rest = append(rest, q.waiting[i:]...)
			break
		}
		switch {
		case c.left:
		case blocked(c):
			rest = append(rest, c)
			for _, l := range c.hold.Lines {
				passed[l.VariantID] = struct{}{}
			}
			continue
		default:
			c.taken = true
			batch = append(batch, c)
		}
		for _, l := range c.hold.Lines {
			if q.wanted[l.VariantID]--; q.wanted[l.VariantID] == 0 {
				delete(q.wanted, l.VariantID)
			}
		}
	}
	q.waiting = rest
	for _, c := range batch {
		q.take(c) // only now: calls of one batch may share variants
	}
	return batch
}
