package checkout

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// numbers gives out order numbers, per tenant: 1001, 1002, …. The counter is one row that every order wants, so requests
// that come while one statement is under way share the next. A number that was given out and not used is a gap.
type numbers struct {
	db *pg.DB

	mu     sync.Mutex
	queues map[id.ID]*numberQueue // of tenants that have requests under way
}

type numberQueue struct{ waiting []chan numberAnswer }

type numberAnswer struct {
	number int64
	err    error
}

func newNumbers(db *pg.DB) *numbers { return &numbers{db: db, queues: map[id.ID]*numberQueue{}} }

// next waits for a number of the context's tenant.
func (n *numbers) next(ctx context.Context) (string, error) {
	t, _ := tenant.From(ctx)
	answer := make(chan numberAnswer, 1)
	n.mu.Lock()
	q, busy := n.queues[t]
	if !busy {
		q = &numberQueue{}
		n.queues[t] = q
	}
	q.waiting = append(q.waiting, answer)
	n.mu.Unlock()
	if !busy {
		go n.serve(context.WithoutCancel(ctx), t, q)
	}
	select {
	case a := <-answer:
		return strconv.FormatInt(a.number, 10), a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// serve answers those who wait until nobody does.
func (n *numbers) serve(ctx context.Context, t id.ID, q *numberQueue) {
	for {
		n.mu.Lock()
		waiting := q.waiting
		q.waiting = nil
		if len(waiting) == 0 {
			delete(n.queues, t)
			n.mu.Unlock()
			return
		}
		n.mu.Unlock()
		last, err := n.take(ctx, int64(len(waiting)))
		for i, w := range waiting {
			w <- numberAnswer{last - int64(len(waiting)-1-i), err}
		}
	}
}

func (n *numbers) take(ctx context.Context, count int64) (int64, error) {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return takeNumbers(ctx, n.db, count)
}
