package cart

import (
	"time"

	"github.com/sovecom/sovecom/kit/fault"
)

// What the room's methods return.
var (
	ErrNotFound        = fault.NotFound("cart.not_found", "There is no such cart.")
	ErrDenied          = fault.Denied("cart.access_denied", "This cart opens with its own token, or to the customer who owns it.")
	ErrItemNotFound    = fault.NotFound("cart.item_not_found", "The cart has no such line.")
	ErrVariantNotFound = fault.NotFound("cart.variant_not_found", "There is no such variant for sale.")

	ErrCurrencyUnsupported = fault.Invalid("cart.currency_unsupported", "The shop does not sell in this currency.")
	ErrCurrencyMismatch    = fault.Invalid("cart.currency_mismatch", "This variant is not sold in the cart's currency.")
	ErrBadCountry          = fault.Invalid("cart.country_unknown", "There is no such country.")
	ErrCountryFixed        = fault.Invalid("cart.country_fixed", "The country is that of the address. Change the address instead.")
	ErrTooManyLines        = fault.Invalid("cart.too_many_lines", "A cart holds at most 100 different variants.")
	ErrQuantityTooLarge    = fault.Invalid("cart.quantity_too_large", "A line holds at most 10 000 units.")
	ErrAmountTooLarge      = fault.Invalid("cart.amount_too_large", "The total is more than can be counted.")
	ErrBadEmail            = fault.Invalid("cart.email_invalid", "This is not an e-mail address.")
	ErrBadAddress          = fault.Invalid("cart.address_invalid", "The address is not valid.")
	ErrRateUnavailable     = fault.Invalid("cart.shipping_rate_unavailable", "This way of shipping is not offered for this cart.")
	ErrShippingNotRequired = fault.Invalid("cart.shipping_not_required", "Nothing in the cart is shipped.")
	ErrDiscountNotFound    = fault.Invalid("cart.discount_not_found", "This discount code does not apply to the cart.")

	// What keeps a cart from being ordered.
	ErrEmpty                  = fault.Invalid("cart.empty", "There is nothing in the cart.")
	ErrEmailMissing           = fault.Invalid("cart.email_missing", "The cart needs an e-mail address first.")
	ErrShippingAddressMissing = fault.Invalid("cart.shipping_address_missing", "The cart needs a shipping address first.")
	ErrShippingMethodMissing  = fault.Invalid("cart.shipping_method_missing", "The cart needs a way of shipping first.")
	// ErrBillingCountryMissing: the tax on what is not shipped is that of the country where its buyer is.
	ErrBillingCountryMissing = fault.Invalid("cart.billing_country_missing", "The cart needs a billing address first, or at least the country of its buyer.")
	// ErrPricesChanged has one detail for each price that moved: variantId, before, now, currency.
	ErrPricesChanged = fault.Conflict("cart.prices_changed", "Prices have changed since you put things in the cart. Please look at it again.")
	// ErrItemUnavailable has one detail for each line that cannot be bought: itemId, variantId.
	ErrItemUnavailable = fault.Conflict("cart.item_unavailable", "Something in the cart is no longer for sale. Please remove it.")

	// ErrNotSoldThere has one detail for each line that stands in the way: itemId, variantId.
	ErrNotSoldThere = fault.Conflict("cart.not_sold_there", "Something in the cart is not sold in this currency or country. Please remove it first.")

	ErrAlreadyConverted = fault.Conflict("cart.already_converted", "This cart has been ordered.")
	ErrWithdrawn        = fault.Conflict("cart.order_withdrawn", "This order gave the cart back. Please place a new one.")
	ErrBusy             = fault.Unavailable("cart.busy", "Too many changes of this cart at once. Please try again.").WithRetryAfter(time.Second)

	// errInsufficientStock is inventory's own answer, given before anything is held: variantId, requested, available.
	errInsufficientStock = fault.Conflict("inventory.insufficient_stock", "There are not enough units in stock.")
)
