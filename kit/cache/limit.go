package cache

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/redis/rueidis"
)

// Decision is what a rate limit says about one request.
type Decision struct {
	Allowed   bool
	Remaining int           // requests left in the window
	Reset     time.Duration // until the window ends
}

// Allow counts one request against a limit per window. Replicas count together in Redis; without it each counts by
// itself, which is more generous and never refuses everybody.
func (c *Cache) Allow(ctx context.Context, key string, limit int, window time.Duration) Decision {
	now := c.now()
	slot := now.UnixNano() / int64(window)
	reset := window - time.Duration(now.UnixNano()%int64(window))
	used, ok := c.increment(ctx, "limit:"+key+":"+strconv.FormatInt(slot, 10), window)
	if !ok {
		used = c.local.increment(key, slot, now)
	}
	return Decision{Allowed: used <= int64(limit), Remaining: int(max(int64(limit)-used, 0)), Reset: reset}
}

func (c *Cache) increment(ctx context.Context, key string, window time.Duration) (used int64, ok bool) {
	client := c.server()
	if client == nil {
		return 0, false
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	for i, r := range client.DoMulti(ctx, client.B().Incr().Key(key).Build(),
		client.B().Pexpire().Key(key).Milliseconds(window.Milliseconds()+1000).Build()) {
		n, err := r.AsInt64()
		if err != nil && !rueidis.IsRedisNil(err) {
			c.rest(err)
			return 0, false
		}
		if i == 0 {
			used = n
		}
	}
	return used, true
}

// windows counts in this process.
type windows struct {
	mu      sync.Mutex
	counts  map[string]count
	sweepAt time.Time
}

type count struct{ slot, used int64 }

func newWindows() *windows { return &windows{counts: map[string]count{}} }

// sweepEvery bounds how many callers of the past are remembered.
const sweepEvery = 2 * time.Minute

func (w *windows) increment(key string, slot int64, now time.Time) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now.After(w.sweepAt) {
		clear(w.counts)
		w.sweepAt = now.Add(sweepEvery)
	}
	c := w.counts[key]
	if c.slot != slot {
		c = count{slot: slot}
	}
	c.used++
	w.counts[key] = c
	return c.used
}
