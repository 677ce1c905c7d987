package catalog_test

import (
	"testing"
	"time"

	"github.com/sovecom/sovecom/services/catalog"
)

// TestTotalsAreRememberedForAMoment: only those far above what is told exactly, for a second, for one shop and list.
func TestTotalsAreRememberedForAMoment(t *testing.T) {
	t.Parallel()
	now := time.Now()
	known := catalog.NewTotals(func() time.Time { return now })
	known.Put("a", 10_001)
	known.Put("b", 12_000)
	same(t, "a total that could soon be exact", known.Knows("a"), false)
	same(t, "a large total", known.Knows("b"), true)
	same(t, "another list", known.Knows("c"), false)
	now = now.Add(time.Second)
	same(t, "a large total a second later", known.Knows("b"), false)
}
