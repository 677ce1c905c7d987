package adminv1

// Order as staff see it.
type Order struct {
	ID              string      `json:"id" format:"uuid" doc:"UUIDv7."`
	Number          string      `json:"number" example:"1001" doc:"Number for people."`
	Status          string      `json:"status" enum:"pending_payment,paid,partially_fulfilled,fulfilled,cancelled,partially_refunded,refunded" doc:"Where the order stands."`
	Email           string      `json:"email" format:"email" doc:"Where messages about it go."`
	CustomerID      *string     `json:"customerId" format:"uuid" doc:"The customer who placed it; null for a guest."`
	Currency        string      `json:"currency" example:"EUR" doc:"ISO 4217 code of all its amounts."`
	Country         *string     `json:"country" example:"FR" doc:"ISO 3166-1 alpha-2 code of the country whose prices it has; null when nobody's in particular."`
	Channel         *string     `json:"channel" example:"web" doc:"Channel whose prices it has, or null."`
	Locale          *string     `json:"locale" example:"de" doc:"BCP 47 tag of the language its lines are titled in, or null."`
	Items           []OrderItem `json:"items" nullable:"false" doc:"What was bought."`
	Totals          Totals      `json:"totals" doc:"What there was to pay."`
	ShippingAddress *Address    `json:"shippingAddress" doc:"Where it goes; null when nothing is shipped."`
	BillingAddress  *Address    `json:"billingAddress" doc:"Who pays; null when nothing is shipped and the shopper gave a country alone."`

	ShippingRequired bool `json:"shippingRequired" doc:"Whether anything in it is shipped. If not, it is fulfilled as soon as it is paid."`

	ShippingRate *ShippingRate  `json:"shippingRate" doc:"The way of shipping chosen; null when nothing is shipped."`
	Payment      OrderPayment   `json:"payment" doc:"How it is paid, in sum."`
	Payments     []Payment      `json:"payments" nullable:"false" doc:"Money that came in, oldest first."`
	Fulfilments  []Fulfilment   `json:"fulfilments" nullable:"false" doc:"Parcels handed over, oldest first."`
	Refunds      []Refund       `json:"refunds" nullable:"false" doc:"Money given back, oldest first."`
	History      []StatusChange `json:"history" nullable:"false" doc:"How its status came about, oldest first."`
	CancelReason *string        `json:"cancelReason" doc:"Why it was cancelled, or null."`
	PaymentDueAt *Time          `json:"paymentDueAt" format:"date-time" doc:"When it is cancelled by itself if it is not paid; null: not any more."`
	PlacedAt     Time           `json:"placedAt" format:"date-time" doc:"When it was placed."`
	Version      int64          `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt    Time           `json:"createdAt" format:"date-time" doc:"When it was placed."`
	UpdatedAt    Time           `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// OrderItem is a line of an order, as staff see it.
type OrderItem struct {
	ID                string  `json:"id" format:"uuid" doc:"UUIDv7 of the line."`
	VariantID         string  `json:"variantId" format:"uuid" doc:"What was bought."`
	SKU               string  `json:"sku" doc:"SKU the variant had."`
	ProductSlug       string  `json:"productSlug" doc:"Slug its product had."`
	Title             string  `json:"title" doc:"Title its product had."`
	VariantTitle      string  `json:"variantTitle" doc:"Title the variant had."`
	Quantity          int     `json:"quantity" minimum:"1" doc:"Units bought."`
	FulfilledQuantity int     `json:"fulfilledQuantity" minimum:"0" doc:"Units handed over for shipping; none of a line that is not shipped."`
	RefundedQuantity  int     `json:"refundedQuantity" minimum:"0" doc:"Units paid back."`
	UnitPrice         Money   `json:"unitPrice" doc:"Price of one unit before discounts."`
	Total             Money   `json:"total" doc:"unitPrice times quantity."`
	TaxRate           string  `json:"taxRate" example:"0.2000" doc:"Rate as a decimal fraction with four places."`
	Tax               Money   `json:"tax" doc:"Tax of the line."`
	Image             *string `json:"image" doc:"Address of the picture it had, or null."`

	ShippingRequired bool `json:"shippingRequired" doc:"Whether it is shipped; a parcel cannot hold it if not."`

	Picture *LinePicture `json:"picture" doc:"The picture it had with its text, or null."`
}

// Payment is money that came in for an order.
type Payment struct {
	ID        string `json:"id" format:"uuid" doc:"UUIDv7."`
	OrderID   string `json:"orderId" format:"uuid" doc:"The order."`
	Method    string `json:"method" example:"bank_transfer" doc:"How it came in."`
	Amount    Money  `json:"amount" doc:"What came in."`
	CreatedAt Time   `json:"createdAt" format:"date-time" doc:"When it was booked."`
}

// RecordPayment is the body of POST /admin/v1/orders/{id}/payments. Idempotency-Key is required.
type RecordPayment struct {
	Method string     `json:"method" enum:"bank_transfer,cod,cash,other" doc:"How it came in."`
	Amount MoneyInput `json:"amount" doc:"What came in. The order is paid when its total is covered."`
}

// Refund is money given back for an order.
type Refund struct {
	ID        string  `json:"id" format:"uuid" doc:"UUIDv7."`
	OrderID   string  `json:"orderId" format:"uuid" doc:"The order."`
	Amount    Money   `json:"amount" doc:"What was given back."`
	Reason    *string `json:"reason" doc:"Why, or null."`
	CreatedAt Time    `json:"createdAt" format:"date-time" doc:"When it was booked."`
}

// RecordRefund is the body of POST /admin/v1/orders/{id}/refunds. Idempotency-Key is required.
type RecordRefund struct {
	Amount MoneyInput `json:"amount" doc:"What was given back: at most what came in less what went back before."`
	Reason *string    `json:"reason,omitempty" nullable:"true" maxLength:"1000" doc:"Why."`
}

// Fulfilment is a parcel handed over for shipping.
type Fulfilment struct {
	ID             string           `json:"id" format:"uuid" doc:"UUIDv7."`
	OrderID        string           `json:"orderId" format:"uuid" doc:"The order."`
	Items          []FulfilmentItem `json:"items" nullable:"false" doc:"What is in it."`
	Carrier        *string          `json:"carrier" doc:"Who carries it, or null."`
	TrackingNumber *string          `json:"trackingNumber" doc:"The carrier's number, or null."`
	CreatedAt      Time             `json:"createdAt" format:"date-time" doc:"When it was handed over."`
}

// FulfilmentItem is some units of an order line.
type FulfilmentItem struct {
	OrderItemID string `json:"orderItemId" format:"uuid" doc:"The line of the order."`
	Quantity    int    `json:"quantity" minimum:"1" maximum:"1000000" doc:"Units."`
}

// Fulfil is the body of POST /admin/v1/orders/{id}/fulfilments.
type Fulfil struct {
	Items          []FulfilmentItem `json:"items,omitempty" nullable:"false" maxItems:"100" doc:"What is in the parcel; everything that is shipped and not yet handed over when left out."`
	Carrier        *string          `json:"carrier,omitempty" nullable:"true" maxLength:"128" doc:"Who carries it."`
	TrackingNumber *string          `json:"trackingNumber,omitempty" nullable:"true" maxLength:"255" doc:"The carrier's number."`
}

// Cancel is the body of POST /admin/v1/orders/{id}/cancel.
type Cancel struct {
	Reason *string `json:"reason,omitempty" nullable:"true" maxLength:"1000" doc:"Why."`
}

// StatusChange is one step of an order's history.
type StatusChange struct {
	From      *string `json:"from" doc:"Status before; null at the start."`
	To        string  `json:"to" doc:"Status after."`
	ActorID   *string `json:"actorId" format:"uuid" doc:"The member of staff who did it; null: the shop or the shopper."`
	Note      *string `json:"note" doc:"Note, or null."`
	CreatedAt Time    `json:"createdAt" format:"date-time" doc:"When."`
}

// OrderQuery holds the query parameters of GET /admin/v1/orders.
type OrderQuery struct {
	PageQuery
	Status     string `query:"status" enum:"pending_payment,paid,partially_fulfilled,fulfilled,cancelled,partially_refunded,refunded" doc:"Only orders of this status."`
	Q          string `query:"q" maxLength:"200" doc:"Part of the number or of the e-mail address; every character stands for itself."`
	CustomerID string `query:"customerId" format:"uuid" doc:"Only orders of this customer."`
	From       Time   `query:"from" format:"date-time" doc:"Only orders placed at this instant or later (RFC 3339)."`
	To         Time   `query:"to" format:"date-time" doc:"Only orders placed before this instant (RFC 3339)."`
	Sort       string `query:"sort" enum:"-placedAt,placedAt" default:"-placedAt" doc:"Order of the list; a minus sign reverses it."`
}
