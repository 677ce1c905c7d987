package inventory

import (
	"slices"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

// Status of what an order holds.
type Status string

// The statuses. Held becomes committed, released or expired; expired becomes committed or released; committed becomes
// released; released is the end.
const (
	None      Status = "" // the order is not known
	Held      Status = "held"
	Committed Status = "committed"
	Released  Status = "released"
	Expired   Status = "expired"
)

// Line is units of one variant.
type Line struct {
	VariantID id.ID
	Quantity  int64
}

// mergeLines adds up lines of the same variant, so that two lines cannot share the same units, and keeps the order in
// which variants first came.
func mergeLines(lines []Line) []Line {
	out := make([]Line, 0, len(lines))
	for _, l := range lines {
		if i := slices.IndexFunc(out, func(o Line) bool { return o.VariantID == l.VariantID }); i >= 0 {
			out[i].Quantity += l.Quantity
			continue
		}
		out = append(out, l)
	}
	return out
}

// Hold is what an order asks for.
type Hold struct {
	OrderID   id.ID
	Lines     []Line // one per variant
	ExpiresAt time.Time
}

// Reservation is what an order holds, or held.
type Reservation struct {
	OrderID id.ID
	Status  Status
	Lines   []Line
}

// commit turns the hold into a sale and returns the lines for the ledger. The sale of a lapsed hold is booked too: the
// shopper has paid, and what is owed must be seen.
func (r *Reservation) commit(b *books) ([]Movement, error) {
	switch r.Status {
	case Committed:
		return nil, nil
	case Released:
		return nil, ErrReservationReleased
	case None:
		return nil, ErrReservationNotFound
	case Held, Expired:
	}
	var out []Movement
	for _, l := range r.Lines {
		stillHeld := int64(0)
		if r.Status == Held {
			stillHeld = l.Quantity
		}
		b.move(l.VariantID, -l.Quantity, -stillHeld)
		out = append(out, Movement{ID: id.New(), VariantID: l.VariantID, Delta: -l.Quantity, Reason: Sold, OrderID: r.OrderID})
	}
	r.Status = Committed
	return out, nil
}

// release gives the hold back, or books sold units in again, and returns the lines for the ledger.
func (r *Reservation) release(b *books) []Movement {
	var out []Movement
	for _, l := range r.Lines {
		switch r.Status {
		case Held:
			b.move(l.VariantID, 0, -l.Quantity)
		case Committed:
			b.move(l.VariantID, l.Quantity, 0)
			out = append(out, Movement{ID: id.New(), VariantID: l.VariantID, Delta: l.Quantity, Reason: Restocked, OrderID: r.OrderID})
		case None, Released, Expired:
		}
	}
	r.Status = Released
	return out
}

// decide answers holds in the order in which they came, each all or nothing, and moves the books. before says what the
// orders held already. granted are the holds to save; answers has one entry per hold, nil when the order has its units.
func decide(holds []Hold, b *books, before map[id.ID]Status, now time.Time) (granted []Hold, answers []error) {
	answers = make([]error, len(holds))
	done := make(map[id.ID]bool, len(holds))
	for i, h := range holds {
		switch status := before[h.OrderID]; {
		case done[h.OrderID], status == Held, status == Committed:
			continue // a repeat
		case status == Released:
			answers[i] = ErrReservationReleased
		case status == Expired, !h.ExpiresAt.After(now):
			answers[i] = ErrReservationExpired
		default:
			if answers[i] = shortage(h, b); answers[i] != nil {
				continue
			}
			for _, l := range h.Lines {
				b.move(l.VariantID, 0, l.Quantity)
			}
			done[h.OrderID] = true
			granted = append(granted, h)
		}
	}
	return granted, answers
}

// undisputed reports whether the holds are of as many orders and none is too late, so that units are all they need.
func undisputed(holds []Hold, now time.Time) bool {
	seen := make(map[id.ID]struct{}, len(holds))
	for _, h := range holds {
		if _, again := seen[h.OrderID]; again || !h.ExpiresAt.After(now) {
			return false
		}
		seen[h.OrderID] = struct{}{}
	}
	return true
}

// shortage returns ErrInsufficientStock with the lines that are short, or nil.
func shortage(h Hold, b *books) error {
	short := ErrInsufficientStock
	found := false
	for _, l := range h.Lines {
		if s := b.of(l.VariantID); !s.covers(l.Quantity) {
			found = true
			short = short.WithObject(map[string]any{
				"variantId": l.VariantID.String(), "requested": l.Quantity, "available": s.Available(),
			})
		}
	}
	if !found {
		return nil
	}
	return short
}
