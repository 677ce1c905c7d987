package inventory

import (
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

// Reason says why units came or went.
type Reason string

// The reasons. The last three are booked by the shop itself.
const (
	Received   Reason = "received"
	Stocktake  Reason = "stocktake"
	Damaged    Reason = "damaged"
	Lost       Reason = "lost"
	Returned   Reason = "returned"
	Correction Reason = "correction"
	Initial    Reason = "initial"
	Sold       Reason = "sold"
	Restocked  Reason = "restocked"
)

// Movement is one line of the ledger.
type Movement struct {
	ID        id.ID
	VariantID id.ID
	Delta     int64 // units; below zero when they went
	Reason    Reason
	Note      string
	OrderID   id.ID // of Sold and Restocked
	ActorID   id.ID // the member of staff; none when the shop booked it
	CreatedAt time.Time
}

// NewStock is a variant to open stock for.
type NewStock struct {
	VariantID      id.ID
	OnHand         int64
	AllowBackorder bool
}
