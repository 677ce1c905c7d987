package inventory

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sovecom/sovecom/kit/id"
)

// TestDecide holds the decision to what it promises, on random flushes: nothing beyond what is available, all lines or
// none, first come first served, one effect per order, and nobody refused who could have been served in their turn.
func TestDecide(t *testing.T) {
	t.Parallel()
	variants := []id.ID{{1}, {2}, {3}}
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		var stocks []Stock
		for _, v := range variants[:2] { // the third is not known
			stocks = append(stocks, Stock{
				VariantID: v, OnHand: rapid.Int64Range(-3, 20).Draw(t, "on hand"), Reserved: rapid.Int64Range(0, 5).Draw(t, "reserved"),
				AllowBackorder: rapid.IntRange(0, 9).Draw(t, "backorder") == 0, Version: 4,
			})
		}
		before := map[id.ID]Status{}
		var holds []Hold
		for range rapid.IntRange(1, 20).Draw(t, "holds") {
			order := id.ID{15: byte(rapid.IntRange(1, 15).Draw(t, "order"))}
			if _, known := before[order]; !known {
				before[order] = rapid.SampledFrom([]Status{None, None, None, Held, Committed, Released, Expired}).Draw(t, "status")
			}
			var lines []Line
			for range rapid.IntRange(1, 4).Draw(t, "lines") {
				lines = append(lines, Line{rapid.SampledFrom(variants).Draw(t, "variant"), rapid.Int64Range(1, 6).Draw(t, "quantity")})
			}
			holds = append(holds, Hold{order, mergeLines(lines), now.Add(rapid.SampledFrom([]time.Duration{0, 1, time.Hour}).Draw(t, "time"))})
		}
		b := newBooks(stocks)
		granted, answers := decide(holds, b, before, now)

		// Said again, plainly: one after the other on bare numbers.
		free, taken, next := map[id.ID]int64{}, map[id.ID]bool{}, 0
		backorder := map[id.ID]bool{}
		for _, s := range stocks {
			free[s.VariantID], backorder[s.VariantID] = s.OnHand-s.Reserved, s.AllowBackorder
		}
		for i, h := range holds {
			var want error
			fits := true
			for _, l := range h.Lines {
				fits = fits && (backorder[l.VariantID] || free[l.VariantID] >= l.Quantity)
			}
			switch status := before[h.OrderID]; {
			case taken[h.OrderID] || status == Held || status == Committed:
			case status == Released:
				want = ErrReservationReleased
			case status == Expired || !h.ExpiresAt.After(now):
				want = ErrReservationExpired
			case !fits:
				want = ErrInsufficientStock
			default:
				taken[h.OrderID] = true
				for _, l := range h.Lines {
					free[l.VariantID] -= l.Quantity
				}
				if next >= len(granted) || granted[next].OrderID != h.OrderID {
					t.Fatalf("hold %d was not granted in its turn", i)
				}
				next++
			}
			if !errors.Is(answers[i], want) || (want == nil) != (answers[i] == nil) {
				t.Fatalf("hold %d: %v, want %v", i, answers[i], want)
			}
		}
		if next != len(granted) {
			t.Fatalf("%d granted, want %d", len(granted), next)
		}
		for _, c := range b.changes() {
			is := b.of(c.variant)
			if is.OnHand-is.Reserved != free[c.variant] || c.onHand != 0 || c.reserved <= 0 || is.Version != 5 {
				t.Fatalf("balance %+v, change %+v, want %d free", is, c, free[c.variant])
			}
		}
	})
}
