package adminv1

// Subscription sends events to a receiver.
type Subscription struct {
	ID             string   `json:"id" format:"uuid" doc:"UUIDv7."`
	URL            string   `json:"url" format:"uri" example:"https://example.com/hook" doc:"The receiver."`
	Events         []string `json:"events" nullable:"false" doc:"Names of the events it gets, e.g. order.paid."`
	Description    *string  `json:"description" doc:"For people, or null."`
	Active         bool     `json:"active" doc:"Whether events are sent."`
	DisabledReason *string  `json:"disabledReason" doc:"Why the shop itself switched it off, or null."`
	Version        int64    `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt      Time     `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt      Time     `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// CreatedSubscription is a subscription with its signing secret, which is shown this once.
type CreatedSubscription struct {
	Subscription
	Secret string `json:"secret" example:"whsec_…" doc:"Signing secret (Standard Webhooks 1.0), shown once."`
}

// UpdatedSubscription is the answer of a PATCH: the subscription, with a new secret if one was asked for.
type UpdatedSubscription struct {
	Subscription
	Secret *string `json:"secret" doc:"The new signing secret, shown once; null when none was asked for."`
}

// CreateSubscription is the body of POST /admin/v1/webhooks/subscriptions.
type CreateSubscription struct {
	URL         string   `json:"url" format:"uri" minLength:"1" maxLength:"2048" example:"https://example.com/hook" doc:"The receiver: https, and no private network."`
	Events      []string `json:"events" nullable:"false" minItems:"1" maxItems:"50" uniqueItems:"true" doc:"Names of the events it gets, e.g. order.paid."`
	Description *string  `json:"description,omitempty" nullable:"true" maxLength:"255" doc:"For people."`
}

// UpdateSubscription is the body of PATCH /admin/v1/webhooks/subscriptions/{id}.
type UpdateSubscription struct {
	URL          Optional[string]   `json:"url,omitzero" nullable:"false" format:"uri" minLength:"1" maxLength:"2048" doc:"The receiver: https, and no private network."`
	Events       Optional[[]string] `json:"events,omitzero" nullable:"false" minItems:"1" maxItems:"50" uniqueItems:"true" doc:"Names of the events it gets; replaces them all."`
	Description  Optional[string]   `json:"description,omitzero" maxLength:"255" doc:"For people; null clears it."`
	Active       Optional[bool]     `json:"active,omitzero" nullable:"false" doc:"Whether events are sent."`
	RotateSecret bool               `json:"rotateSecret,omitempty" doc:"Make a new secret. The old one signs beside it for a day."`
}

// Delivery is one event on its way to one receiver.
type Delivery struct {
	ID             string  `json:"id" format:"uuid" doc:"UUIDv7."`
	SubscriptionID string  `json:"subscriptionId" format:"uuid" doc:"The subscription."`
	EventID        string  `json:"eventId" format:"uuid" doc:"The event; also the webhook-id header, the same on every attempt."`
	EventType      string  `json:"eventType" example:"order.paid" doc:"Name of the event."`
	Status         string  `json:"status" enum:"pending,delivered,failed,exhausted" doc:"failed is tried again, exhausted is not."`
	Attempts       int     `json:"attempts" minimum:"0" doc:"Attempts made."`
	LastAttemptAt  *Time   `json:"lastAttemptAt" format:"date-time" doc:"When it was last tried; null: never."`
	NextAttemptAt  *Time   `json:"nextAttemptAt" format:"date-time" doc:"When it is tried next; null: not again by itself."`
	ResponseStatus *int    `json:"responseStatus" doc:"HTTP status of the receiver's last answer; null: it gave none."`
	Error          *string `json:"error" doc:"What went wrong last, or null."`
	DurationMs     *int64  `json:"durationMs" doc:"How long the last attempt took, in milliseconds; null: never tried."`
	CreatedAt      Time    `json:"createdAt" format:"date-time" doc:"When the event was queued."`
}

// ReplayDeliveries is the body of POST /admin/v1/webhooks/subscriptions/{id}/replay.
type ReplayDeliveries struct {
	From   Time     `json:"from" format:"date-time" doc:"Events queued from this moment on …"`
	To     Time     `json:"to" format:"date-time" doc:"… and before this one."`
	Events []string `json:"events,omitempty" maxItems:"100" example:"[\"order.paid\"]" doc:"Only events of these names. Without it: all."`
}

// ReplayedDeliveries says what became of a replay.
type ReplayedDeliveries struct {
	Queued int64 `json:"queued" minimum:"0" doc:"Deliveries that are sent once more, with the webhook-id and body they had. What is under way anyway is not among them."`
}

// DeliveryQuery holds the query parameters of GET /admin/v1/webhooks/deliveries.
type DeliveryQuery struct {
	PageQuery
	SubscriptionID string `query:"subscriptionId" format:"uuid" doc:"Only deliveries of this subscription."`
	Status         string `query:"status" enum:"pending,delivered,failed,exhausted" doc:"Only deliveries of this status."`
}
