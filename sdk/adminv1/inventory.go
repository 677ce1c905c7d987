package adminv1

// Inventory is the stock of one variant.
type Inventory struct {
	VariantID      string `json:"variantId" format:"uuid" doc:"The variant."`
	OnHand         int64  `json:"onHand" doc:"Units there are; below zero when more were sold on backorder."`
	Reserved       int64  `json:"reserved" minimum:"0" doc:"Units held for orders not yet settled."`
	Available      int64  `json:"available" minimum:"0" doc:"onHand less reserved, never below zero."`
	AllowBackorder bool   `json:"allowBackorder" doc:"Whether it may be sold beyond what is on hand."`
}

// Adjust is the body of POST /admin/v1/inventory/{variantId}/adjustments. It adds to the stock ledger; it never sets
// an absolute number, so a sale made meanwhile is not lost.
type Adjust struct {
	Delta  int64   `json:"delta" minimum:"-1000000000" maximum:"1000000000" example:"10" doc:"Units that came (positive) or went (negative)."`
	Reason string  `json:"reason" enum:"received,stocktake,damaged,lost,returned,correction" doc:"Why."`
	Note   *string `json:"note,omitempty" nullable:"true" maxLength:"1000" doc:"For the ledger."`
}

// UpdateInventory is the body of PATCH /admin/v1/inventory/{variantId}.
type UpdateInventory struct {
	AllowBackorder Optional[bool] `json:"allowBackorder,omitzero" nullable:"false" doc:"Whether it may be sold beyond what is on hand."`
}

// Movement is one line of the stock ledger. Lines are added, never changed.
type Movement struct {
	ID        string  `json:"id" format:"uuid" doc:"UUIDv7."`
	VariantID string  `json:"variantId" format:"uuid" doc:"The variant."`
	Delta     int64   `json:"delta" doc:"Units that came (positive) or went (negative)."`
	Reason    string  `json:"reason" enum:"received,stocktake,damaged,lost,returned,correction,initial,sold,restocked" doc:"Why; initial, sold and restocked are booked by the shop itself."`
	Note      *string `json:"note" doc:"Note, or null."`
	OrderID   *string `json:"orderId" format:"uuid" doc:"The order it belongs to, or null."`
	ActorID   *string `json:"actorId" format:"uuid" doc:"The member of staff who booked it; null: the shop itself."`
	CreatedAt Time    `json:"createdAt" format:"date-time" doc:"When."`
}
