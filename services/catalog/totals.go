package catalog

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/tenant"
)

const (
	// totalLife is how long a large total is not counted again.
	totalLife = time.Second
	// countEnd is where counting ends, and from where on a total is remembered: so far above what is told exactly that no
	// list gets there within totalLife.
	countEnd = page.CountLimit * 6 / 5
	// maxTotals are remembered at most.
	maxTotals = 10_000
)

// totals remembers for a moment which lists were too long to be counted. Counting up to the limit is most of the work
// of a page, and such a total is an estimate anyway. A total that can be told exactly, or soon could be, is counted every
// time.
type totals struct {
	now   func() time.Time
	mu    sync.Mutex
	until map[string]time.Time
}

func newTotals(now func() time.Time) *totals { return &totals{now: now, until: map[string]time.Time{}} }

// totalKey names a list of a shop.
func totalKey(ctx context.Context, query string, args []any) string {
	shop, _ := tenant.From(ctx)
	return fmt.Sprintf("%s\x00%s\x00%#v", shop, query, args)
}

func (t *totals) get(key string) (int64, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now().Before(t.until[key]) {
		return countEnd, true
	}
	return 0, false
}

func (t *totals) put(key string, total int64) {
	if total < countEnd {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.until) >= maxTotals {
		clear(t.until)
	}
	t.until[key] = t.now().Add(totalLife)
}
