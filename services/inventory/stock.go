package inventory

import (
	"bytes"
	"slices"

	"github.com/sovecom/sovecom/kit/id"
)

// Stock is the balance of one variant, in units.
type Stock struct {
	VariantID      id.ID
	OnHand         int64   // below zero: units that are owed
	Reserved       int64   // held for orders that are not settled
	AllowBackorder bool    // may be sold beyond what is on hand
	Version        int64   // grows with every change
	Watched        []int64 // quantities that bundles take at once, ascending, from 2 on
}

// Available is how many units can be held now; never below zero.
func (s Stock) Available() int64 { return max(s.OnHand-s.Reserved, 0) }

// Buyable reports whether at least one unit can be sold.
func (s Stock) Buyable() bool { return s.AllowBackorder || s.OnHand-s.Reserved > 0 }

// ShortOf is the smallest quantity that cannot be held, of those somebody asks after: of 1, and of those that are watched.
// It is 0 when all of them can.
func (s Stock) ShortOf() int64 {
	if !s.covers(1) {
		return 1
	}
	for _, n := range s.Watched {
		if !s.covers(n) {
			return n
		}
	}
	return 0
}

// covers reports whether n units can be held.
func (s Stock) covers(n int64) bool { return s.AllowBackorder || s.OnHand-s.Reserved >= n }

// adjust adds what staff counted. Units may come even while some are owed, but none can go that are not there. It may
// fall below what is reserved: a broken unit is broken, whoever waits for it.
func (s Stock) adjust(delta int64) (Stock, error) {
	if delta < 0 && s.OnHand+delta < 0 {
		return s, ErrBelowZero
	}
	s.OnHand += delta
	s.Version++
	return s, nil
}

// allowBackorder switches selling beyond what is on hand.
func (s Stock) allowBackorder(allow bool) Stock {
	if s.AllowBackorder != allow {
		s.AllowBackorder = allow
		s.Version++
	}
	return s
}

// books are the balances a transaction has locked: as they were, and as decided so far.
type books struct {
	was map[id.ID]Stock
	now map[id.ID]Stock
}

func newBooks(stocks []Stock) *books {
	b := &books{was: make(map[id.ID]Stock, len(stocks)), now: make(map[id.ID]Stock, len(stocks))}
	for _, s := range stocks {
		b.was[s.VariantID], b.now[s.VariantID] = s, s
	}
	return b
}

// of is the balance as decided so far. An unknown variant has nothing.
func (b *books) of(variant id.ID) Stock { return b.now[variant] }

// move adds to a balance. Only what was locked can be moved.
func (b *books) move(variant id.ID, onHand, reserved int64) {
	s, known := b.now[variant]
	if !known {
		return
	}
	s.OnHand += onHand
	s.Reserved += reserved
	s.Version = b.was[variant].Version + 1
	b.now[variant] = s
}

// change is what one balance gains or loses.
type change struct {
	variant  id.ID
	onHand   int64
	reserved int64
}

// changes lists what has to be saved, in the order in which rows are locked everywhere.
func (b *books) changes() []change {
	var out []change
	for variant, now := range b.now {
		if was := b.was[variant]; now.OnHand != was.OnHand || now.Reserved != was.Reserved {
			out = append(out, change{variant, now.OnHand - was.OnHand, now.Reserved - was.Reserved})
		}
	}
	slices.SortFunc(out, func(x, y change) int { return compareIDs(x.variant, y.variant) })
	return out
}

// flips lists the balances of which something else has to be told than before.
func (b *books) flips() []Stock {
	var out []Stock
	for variant, now := range b.now {
		if now.ShortOf() != b.was[variant].ShortOf() {
			out = append(out, now)
		}
	}
	slices.SortFunc(out, func(x, y Stock) int { return compareIDs(x.VariantID, y.VariantID) })
	return out
}

func compareIDs(x, y id.ID) int { return bytes.Compare(x[:], y[:]) }
