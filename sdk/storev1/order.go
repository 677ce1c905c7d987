package storev1

// Order statuses.
const (
	OrderPendingPayment     = "pending_payment"     // placed, stock held, not paid
	OrderPaid               = "paid"                // paid in full
	OrderPartiallyFulfilled = "partially_fulfilled" // handed over for shipping in part
	OrderFulfilled          = "fulfilled"           // handed over for shipping in full, or paid and nothing to ship
	OrderCancelled          = "cancelled"           // called off, stock given back
	OrderPartiallyRefunded  = "partially_refunded"  // paid back in part
	OrderRefunded           = "refunded"            // paid back in full
)

// Order is what was bought, frozen at the time of checkout.
type Order struct {
	ID              string      `json:"id" format:"uuid" doc:"UUIDv7."`
	Number          string      `json:"number" example:"1001" doc:"Number for people."`
	Status          string      `json:"status" enum:"pending_payment,paid,partially_fulfilled,fulfilled,cancelled,partially_refunded,refunded" doc:"Where the order stands."`
	Email           string      `json:"email" format:"email" doc:"Where messages about it go."`
	Country         *string     `json:"country" example:"FR" doc:"ISO 3166-1 alpha-2 code of the country whose prices it has; null when nobody's in particular."`
	Channel         *string     `json:"channel" example:"web" doc:"Channel whose prices it has, or null."`
	Locale          *string     `json:"locale" example:"de" doc:"BCP 47 tag of the language its lines are titled in, or null."`
	Items           []OrderItem `json:"items" nullable:"false" doc:"What was bought."`
	Totals          Totals      `json:"totals" doc:"What there was to pay."`
	ShippingAddress *Address    `json:"shippingAddress" doc:"Where it goes; null when nothing is shipped."`
	BillingAddress  *Address    `json:"billingAddress" doc:"Who pays; null when nothing is shipped and the shopper gave a country alone."`

	ShippingRequired bool `json:"shippingRequired" doc:"Whether anything in it is shipped. If not, it is fulfilled as soon as it is paid."`

	Payment     OrderPayment `json:"payment" doc:"How it is paid."`
	AccessToken *string      `json:"accessToken" doc:"Lets a guest read the order with X-Order-Token. Shown once, in the answer of the checkout, else null."`
	PlacedAt    Time         `json:"placedAt" format:"date-time" doc:"When it was placed."`
}

// OrderItem is a line of an order: a cart line frozen, with its tax.
type OrderItem struct {
	ID           string  `json:"id" format:"uuid" doc:"UUIDv7 of the line."`
	VariantID    string  `json:"variantId" format:"uuid" doc:"What was bought."`
	ProductSlug  string  `json:"productSlug" example:"linen-shirt" doc:"Slug its product had."`
	Title        string  `json:"title" example:"Linen shirt" doc:"Title its product had."`
	VariantTitle string  `json:"variantTitle" example:"S" doc:"Title the variant had."`
	Quantity     int     `json:"quantity" minimum:"1" example:"2" doc:"Units."`
	UnitPrice    Money   `json:"unitPrice" doc:"Price of one unit before discounts."`
	Total        Money   `json:"total" doc:"unitPrice times quantity."`
	TaxRate      string  `json:"taxRate" pattern:"^[0-9]\\.[0-9]{4}$" example:"0.2000" doc:"Rate as a decimal fraction with four places."`
	Tax          Money   `json:"tax" doc:"Tax of the line, in its total or on top as the order's totals say."`
	Image        *string `json:"image" doc:"Address of the picture it had, or null."`

	ShippingRequired bool `json:"shippingRequired" doc:"Whether it is shipped; not so for files and services."`

	Picture *LinePicture `json:"picture" doc:"The picture it had with its text, or null."`
}

// Payment statuses.
const (
	PaymentPending           = "pending"
	PaymentPartiallyPaid     = "partially_paid"
	PaymentPaid              = "paid"
	PaymentCancelled         = "cancelled"
	PaymentPartiallyRefunded = "partially_refunded"
	PaymentRefunded          = "refunded"
)

// OrderPayment says how an order is paid and how far that has come.
type OrderPayment struct {
	Method       string  `json:"method" example:"manual" doc:"The payment method of the checkout."`
	Status       string  `json:"status" enum:"pending,partially_paid,paid,cancelled,partially_refunded,refunded" doc:"How far the payment has come."`
	ClientSecret *string `json:"clientSecret" doc:"What the payment provider's own form needs to go on; null when there is no such form."`
}

// OrderQuery holds the query parameters of GET /store/v1/orders.
type OrderQuery struct {
	PageQuery
}

// Reasons why a file cannot be downloaded.
const (
	DownloadUnpaid    = "unpaid"    // the order is not paid in full yet
	DownloadCancelled = "cancelled" // the order was called off
	DownloadRefunded  = "refunded"  // the order was paid back in full
	DownloadExpired   = "expired"   // its time is over
	DownloadUsedUp    = "used_up"   // it was downloaded as often as it may be
	DownloadElsewhere = "elsewhere" // the shop does not keep its bytes itself
)

// Download is a file that belongs to what was bought, as the shop offers it now.
type Download struct {
	ID          string  `json:"id" format:"uuid" doc:"UUIDv7 of the file."`
	OrderItemID string  `json:"orderItemId" format:"uuid" doc:"The first line of the order it came with."`
	Name        string  `json:"name" example:"pattern.pdf" doc:"What it is saved as."`
	Limit       *int64  `json:"limit" minimum:"1" doc:"Downloads for all units bought; null is without limit."`
	Remaining   *int64  `json:"remaining" minimum:"0" doc:"Downloads that are left; null is without limit."`
	ExpiresAt   *Time   `json:"expiresAt" format:"date-time" doc:"Until when it can be downloaded; null is for good, or not known before the order is paid."`
	Available   bool    `json:"available" doc:"Whether it can be downloaded now."`
	Reason      *string `json:"reason" enum:"unpaid,cancelled,refunded,expired,used_up,elsewhere" doc:"Why it cannot; null when it can."`
}

// DownloadLink is a signed address of a file that was bought.
type DownloadLink struct {
	URL       string `json:"url" doc:"Absolute or relative to the shop. Whoever has it may read the bytes."`
	ExpiresAt Time   `json:"expiresAt" format:"date-time" doc:"Until when the address works."`
	Remaining *int64 `json:"remaining" minimum:"0" doc:"Downloads that are left; null is without limit."`
}
