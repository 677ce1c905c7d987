package inventory

import "github.com/sovecom/sovecom/kit/fault"

// What the room's methods return.
var (
	ErrStockNotFound = fault.NotFound("inventory.stock_not_found", "There is no stock of such a variant.")
	// ErrInsufficientStock has one detail for each line that is short: variantId, requested, available.
	ErrInsufficientStock   = fault.Conflict("inventory.insufficient_stock", "There are not enough units in stock.")
	ErrBelowZero           = fault.Conflict("inventory.below_zero", "There are fewer units on hand than you want to take away.")
	ErrVersionConflict     = fault.Stale("inventory.version_conflict", "The stock has changed since you looked. Load it again.")
	ErrReservationNotFound = fault.NotFound("inventory.reservation_not_found", "Nothing is held for such an order.")
	ErrReservationReleased = fault.Conflict("inventory.reservation_released", "What was held for this order has been given back.")
	ErrReservationExpired  = fault.Conflict("inventory.reservation_expired", "The time for which stock was held for this order has run out.")
)
