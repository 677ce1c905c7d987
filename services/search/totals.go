package search

import (
	"fmt"
	"sync"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

// totals remembers for a moment how many documents match what very many match: counting those costs more than finding
// the page. What so few match that all of them are looked at is counted every time.
type totals struct {
	mu    sync.Mutex
	known map[totalKey]total
}

type totalKey struct {
	shop       id.ID
	generation int64
	asked      string
}

type total struct {
	n     int64
	until time.Time
}

const (
	totalsFor  = 10 * time.Second
	totalsMost = 10_000
)

func newTotals() *totals { return &totals{known: map[totalKey]total{}} }

// get is nil when nobody knows.
func (t *totals) get(k totalKey, now time.Time) *int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	found, ok := t.known[k]
	if !ok || !now.Before(found.until) {
		return nil
	}
	return &found.n
}

func (t *totals) put(k totalKey, n int64, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.known) >= totalsMost {
		clear(t.known)
	}
	t.known[k] = total{n, now.Add(totalsFor)}
}

// counted is how many match, when that was counted apart from what was looked at.
func (r result) counted() *int64 {
	if r.about || r.total <= r.sample {
		return nil
	}
	return &r.total
}

// asked is all that decides how many documents match a request.
func (r request) asked() string {
	views := []string(nil)
	if r.filters.min != nil || r.filters.max != nil {
		views = r.views()
	}
	ranges, _ := r.filters.ranges() // read before
	return fmt.Sprintf("%s\x00%s\x00%v\x00%v\x00%s\x00%q\x00%s", r.conditions("", ""), r.locale, number(r.filters.min), number(r.filters.max), r.currency, views, ranges)
}

func number(n *int64) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}
