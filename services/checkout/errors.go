package checkout

import "github.com/sovecom/sovecom/kit/fault"

// Every fault this room declares. What a cart or the stock refuses is passed on as it was declared there.
var (
	ErrOrderNotFound    = fault.NotFound("checkout.order_not_found", "There is no such order.")
	ErrCartOrdered      = fault.Conflict("checkout.cart_ordered", "This cart has become an order already.")
	ErrInProgress       = fault.Unavailable("checkout.in_progress", "The order is still being placed. Please try again in a moment.")
	ErrAbandoned        = fault.Conflict("checkout.abandoned", "The order was not finished in time and was taken back. Please order again.")
	ErrPaymentMethod    = fault.Invalid("checkout.payment_method_unknown", "There is no such payment method.")
	ErrVersionConflict  = fault.Stale("checkout.version_conflict", "The order has changed meanwhile. Read it again.")
	ErrKeyReused        = fault.Invalid("checkout.key_reused", "This idempotency key was used with another request.")
	ErrCurrencyMismatch = fault.Invalid("checkout.currency_mismatch", "The amount is not in the order's currency.")
	ErrAmountInvalid    = fault.Invalid("checkout.amount_invalid", "The amount has to be above zero.")
	ErrOverpaid         = fault.Invalid("checkout.overpaid", "The amount is more than there is left to pay.")
	ErrRefundTooLarge   = fault.Invalid("checkout.refund_too_large", "The amount is more than was paid and not given back yet.")
	ErrItemNotFound     = fault.Invalid("checkout.item_not_found", "The order has no such line.")
	ErrQuantityTooLarge = fault.Invalid("checkout.quantity_too_large", "That is more than is left of this line.")
	ErrItemNotShipped   = fault.Invalid("checkout.item_not_shipped", "This line is not shipped, so there is nothing to hand over.")
	ErrTextInvalid      = fault.Invalid("checkout.text_invalid", "The text holds a character that cannot be stored.")
	ErrNotPayable       = fault.Conflict("checkout.not_payable", "This order does not wait for a payment.")
	ErrNotCancellable   = fault.Conflict("checkout.not_cancellable", "This order can no longer be cancelled.")
	ErrNotFulfillable   = fault.Conflict("checkout.not_fulfillable", "There is nothing to hand over for shipping in this order.")
	ErrFileNotFound     = fault.NotFound("checkout.file_not_found", "No such file belongs to what was bought.")
	ErrFileUnpaid       = fault.Conflict("checkout.download_unpaid", "The order is not paid yet.")
	ErrFileCancelled    = fault.Conflict("checkout.download_cancelled", "The order was cancelled.")
	ErrFileRefunded     = fault.Conflict("checkout.download_refunded", "The order was paid back.")
	ErrFileExpired      = fault.Conflict("checkout.download_expired", "The time in which this file could be downloaded is over.")
	ErrFileUsedUp       = fault.Conflict("checkout.download_used_up", "This file was downloaded as often as it may be.")
	ErrFileElsewhere    = fault.Conflict("checkout.download_elsewhere", "The shop does not keep this file itself. Please ask the shop for it.")
	ErrNotRefundable    = fault.Conflict("checkout.not_refundable", "Nothing was paid that could be given back.")
)
