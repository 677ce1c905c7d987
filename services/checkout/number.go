package checkout

import (
	"context"
	"maps"
	"strconv"
	"sync"
	"time"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// numbers gives out order numbers, per tenant: 1001, 1002, …. The counter is one row that every order wants, so requests
// that come while one statement is under way share the next, and while one follows the other a few are taken ahead. A
// number that was taken and not used is a gap.
type numbers struct {
	db  *pg.DB
	now func() time.Time

	mu       sync.Mutex
	counters map[id.ID]*counter // by tenant
}

// counter is what one tenant's numbers are given out from.
type counter struct {
	waiting []chan numberAnswer
	busy    bool      // somebody serves those who wait
	next    int64     // of those taken ahead
	left    int64     // how many of them there are
	taken   time.Time // when the last statement ended
}

type numberAnswer struct {
	number int64
	err    error
}

const (
	numbersAhead = 4                     // are taken beside those that are waited for, in a rush
	rush         = 50 * time.Millisecond // is on when the last statement ended no longer ago
	// aheadFor bounds how late a number is given out that was taken ahead, since other processes go on counting.
	aheadFor     = time.Second
	mostCounters = 4096 // are kept
)

func newNumbers(db *pg.DB, now func() time.Time) *numbers {
	return &numbers{db: db, now: now, counters: map[id.ID]*counter{}}
}

// next waits for a number of the context's tenant.
func (n *numbers) next(ctx context.Context) (string, error) {
	t, _ := tenant.From(ctx)
	n.mu.Lock()
	c := n.counter(t)
	if number, ok := c.ahead(n.now()); ok {
		n.mu.Unlock()
		return strconv.FormatInt(number, 10), nil
	}
	answer := make(chan numberAnswer, 1)
	c.waiting = append(c.waiting, answer)
	if !c.busy {
		c.busy = true
		go n.serve(context.WithoutCancel(ctx), c)
	}
	n.mu.Unlock()
	select {
	case a := <-answer:
		return strconv.FormatInt(a.number, 10), a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (n *numbers) counter(t id.ID) *counter {
	c := n.counters[t]
	if c == nil {
		if len(n.counters) >= mostCounters {
			maps.DeleteFunc(n.counters, func(_ id.ID, c *counter) bool { return !c.busy })
		}
		c = &counter{}
		n.counters[t] = c
	}
	return c
}

// ahead gives out a number that was taken ahead, if there is one and it is not too old.
func (c *counter) ahead(now time.Time) (number int64, ok bool) {
	if c.left == 0 || now.Sub(c.taken) > aheadFor {
		return 0, false
	}
	number = c.next
	c.next++
	c.left--
	return number, true
}

// serve answers those who wait until nobody does.
func (n *numbers) serve(ctx context.Context, c *counter) {
	for {
		n.mu.Lock()
		for len(c.waiting) > 0 {
			number, ok := c.ahead(n.now())
			if !ok {
				break
			}
			c.waiting[0] <- numberAnswer{number, nil}
			c.waiting = c.waiting[1:]
		}
		waiting := c.waiting
		c.waiting = nil
		if len(waiting) == 0 {
			c.busy = false
			n.mu.Unlock()
			return
		}
		count := int64(len(waiting))
		if n.now().Sub(c.taken) < rush {
			count += numbersAhead
		}
		n.mu.Unlock()
		last, err := n.take(ctx, count)
		first := last - count + 1
		if err == nil {
			n.mu.Lock()
			c.next, c.left, c.taken = first+int64(len(waiting)), count-int64(len(waiting)), n.now()
			n.mu.Unlock()
		}
		for i, w := range waiting {
			w <- numberAnswer{first + int64(i), err}
		}
	}
}

func (n *numbers) take(ctx context.Context, count int64) (int64, error) {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return takeNumbers(ctx, n.db, count)
}
