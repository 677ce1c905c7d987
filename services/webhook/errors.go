package webhook

import "github.com/sovecom/sovecom/kit/fault"

// What the room refuses.
var (
	ErrSubscriptionNotFound = fault.NotFound("webhook.subscription_not_found", "There is no such webhook subscription.")
	ErrDeliveryNotFound     = fault.NotFound("webhook.delivery_not_found", "There is no such webhook delivery.")

	ErrURL          = fault.Invalid("webhook.url_not_allowed", "Webhooks cannot be sent to this URL.")
	ErrSpan         = fault.Invalid("webhook.span_invalid", "The end has to be after the beginning.")
	ErrSpanTooLarge = fault.Invalid("webhook.span_too_large", "More than 100 000 deliveries are in this span. Choose a shorter one.")
	ErrUnknownEvent = fault.Invalid("webhook.unknown_event", "There is no event of this name.")

	ErrVersion              = fault.Stale("webhook.version_conflict", "The subscription was changed by somebody else. Load it again.")
	ErrTooManySubscriptions = fault.Conflict("webhook.too_many_subscriptions", "The shop has as many webhook subscriptions as it may have. Delete one first.")
	ErrTooManySecrets       = fault.Conflict("webhook.too_many_secrets", "The secret was changed too often within a day. Wait until the old ones have ended.")
	ErrNotRetryable         = fault.Conflict("webhook.delivery_not_retryable", "Only a delivery that failed can be retried.")
	ErrInProgress           = fault.Conflict("webhook.delivery_in_progress", "The delivery is being tried right now.")
	ErrSubscriptionInactive = fault.Conflict("webhook.subscription_inactive", "The subscription is switched off. Switch it on first.")
)
