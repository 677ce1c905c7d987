package storev1

// Cart statuses.
const (
	CartActive    = "active"    // may be changed and ordered
	CartConverted = "converted" // became an order; it changes no more
	CartAbandoned = "abandoned" // given up; it changes no more
)

// Cart is what a shopper intends to buy. Every change answers the whole cart.
type Cart struct {
	ID              string     `json:"id" format:"uuid" doc:"UUIDv7. Not a secret: access needs the cart's token or its owner."`
	Status          string     `json:"status" enum:"active,converted,abandoned" doc:"Only an active cart can be changed or ordered."`
	Currency        string     `json:"currency" pattern:"^[A-Z]{3}$" example:"EUR" doc:"ISO 4217 code of every amount of the cart."`
	Country         *string    `json:"country" example:"FR" doc:"ISO 3166-1 alpha-2 code of the country whose prices it has: that of the shipping address, once there is one, or of the billing address when nothing is shipped; null when nobody's in particular."`
	Channel         *string    `json:"channel" example:"web" doc:"Code of the sales channel whose prices it has, or null."`
	Locale          *string    `json:"locale" example:"de" doc:"BCP 47 tag of the language its lines are titled in, or null."`
	Email           *string    `json:"email" format:"email" doc:"Where the order confirmation goes; null until given."`
	CustomerID      *string    `json:"customerId" format:"uuid" doc:"The customer who owns the cart; null for a guest."`
	Items           []CartLine `json:"items" nullable:"false" doc:"One line per variant, in the order added; at most 100."`
	ShippingAddress *Address   `json:"shippingAddress" doc:"Where it goes; null until given."`
	BillingAddress  *Address   `json:"billingAddress" doc:"Who pays; null means the shipping address."`

	ShippingRequired bool `json:"shippingRequired" doc:"Whether anything in it is shipped. If not, it has no shipping rates and needs neither a shipping address nor a way of shipping: an e-mail address and a billing address, or the country alone, are enough."`

	ShippingRate *ShippingRate  `json:"shippingRate" doc:"The way of shipping chosen, at what it costs now; null until chosen, and when nothing is shipped."`
	Discounts    []CartDiscount `json:"discounts" nullable:"false" doc:"Discount codes applied and what each takes off."`
	Totals       Totals         `json:"totals" doc:"Always computed by the server."`
	ExpiresAt    Time           `json:"expiresAt" format:"date-time" doc:"When the cart lapses if nothing is done with it."`
	CreatedAt    Time           `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt    Time           `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// CreatedCart is a new cart with its secret, which is shown this once. Browsers get the same secret in the cookie
// sov_cart; other clients send it as X-Cart-Token.
type CreatedCart struct {
	Cart
	Token string `json:"token" doc:"The cart's secret, shown once. Send it as X-Cart-Token, or rely on the cookie sov_cart."`
}

// CartLine is one variant in a cart.
type CartLine struct {
	ID           string  `json:"id" format:"uuid" doc:"UUIDv7 of the line."`
	VariantID    string  `json:"variantId" format:"uuid" doc:"What is bought."`
	ProductSlug  string  `json:"productSlug" example:"linen-shirt" doc:"Slug of its product, to link to."`
	Title        string  `json:"title" example:"Linen shirt" doc:"Title of the product."`
	VariantTitle string  `json:"variantTitle" example:"S" doc:"Title of the variant."`
	Quantity     int     `json:"quantity" minimum:"1" maximum:"10000" example:"2" doc:"Units."`
	UnitPrice    Money   `json:"unitPrice" doc:"Price of one unit before discounts: today's when the cart is read, that of the moment when it is changed."`
	Total        Money   `json:"total" doc:"unitPrice times quantity."`
	Image        *string `json:"image" doc:"Address of the product's picture, or null."`

	CompareAtPrice *Money `json:"compareAtPrice" doc:"Former or recommended price of one unit to strike through, or null."`
	PriorPrice     *Money `json:"priorPrice" doc:"Of a reduced price: the lowest price that was in force during the 30 days before the reduction was announced (Directive 98/6/EC, Art. 6a). Null when unitPrice is not reduced, or is one by quantity."`

	PreviousUnitPrice *Money `json:"previousUnitPrice" doc:"What a unit cost when the line was last changed, when that is not what it costs now; else null. Checkout asks for it once more with cart.prices_changed. Told when the cart is read."`
	Available         bool   `json:"available" doc:"Whether it can still be bought; checkout refuses a line that cannot with cart.item_unavailable. Told when the cart is read, else true."`

	ShippingRequired bool `json:"shippingRequired" doc:"Whether it is shipped; not so for files and services."`

	Picture *LinePicture `json:"picture" doc:"The product's picture with its text, or null."`
}

// Address of a person or a company, in a request and in an answer.
type Address struct {
	Name       string  `json:"name" minLength:"1" maxLength:"255" example:"Ada Lovelace" doc:"Who it is for."`
	Company    *string `json:"company" required:"false" maxLength:"255" doc:"Company, or null."`
	Line1      string  `json:"line1" minLength:"1" maxLength:"512" example:"1 rue de la Paix" doc:"Street and number."`
	Line2      *string `json:"line2" required:"false" maxLength:"512" doc:"Floor, building and the like, or null."`
	City       string  `json:"city" minLength:"1" maxLength:"255" example:"Paris" doc:"City."`
	PostalCode string  `json:"postalCode" minLength:"1" maxLength:"32" example:"75002" doc:"Postal code."`
	Region     *string `json:"region" required:"false" maxLength:"255" doc:"State, province or county, or null."`
	Country    string  `json:"country" pattern:"^[A-Z]{2}$" patternDescription:"ISO 3166-1 alpha-2 code in upper case" example:"FR" doc:"ISO 3166-1 alpha-2 code; a code that is not assigned is refused."`
	Phone      *string `json:"phone" required:"false" maxLength:"64" doc:"Phone for the carrier, or null."`
}

// ShippingRate is a way of shipping and what it costs this cart.
type ShippingRate struct {
	ID     string `json:"id" doc:"Send it as shippingRateId."`
	Name   string `json:"name" example:"Standard" doc:"Name shown to shoppers."`
	Amount Money  `json:"amount" doc:"What it costs for this cart and destination."`
}

// CartDiscount is a discount code on a cart.
type CartDiscount struct {
	Code   string `json:"code" example:"SPRING" doc:"The code."`
	Amount Money  `json:"amount" doc:"What it takes off now; zero while its conditions are not met."`
}

// Totals of a cart or an order. All amounts share one currency, and
// total = subtotal − discount + shipping, plus tax when prices do not hold it.
type Totals struct {
	Subtotal     Money     `json:"subtotal" doc:"Sum of the lines."`
	Discount     Money     `json:"discount" doc:"What is taken off; positive."`
	Shipping     Money     `json:"shipping" doc:"Shipping."`
	Tax          Money     `json:"tax" doc:"Tax: part of the total when taxInclusive, else on top."`
	Total        Money     `json:"total" doc:"What there is to pay."`
	TaxInclusive bool      `json:"taxInclusive" doc:"Whether prices hold the tax."`
	TaxLines     []TaxLine `json:"taxLines" nullable:"false" doc:"The tax by rate and treatment."`
}

// TaxLine is the tax of one rate and treatment (categories of EN 16931 by name).
type TaxLine struct {
	Rate      string `json:"rate" pattern:"^[0-9]\\.[0-9]{4}$" example:"0.2000" doc:"Rate as a decimal fraction with four places."`
	Treatment string `json:"treatment" example:"standard" doc:"Why this rate: standard, reduced, zero, reverse_charge, export or exempt."`
	Country   string `json:"country" example:"FR" doc:"ISO 3166-1 alpha-2 code of the country whose tax it is."`
	Amount    Money  `json:"amount" doc:"The tax."`
}

// CreateCart is the body of POST /store/v1/carts.
type CreateCart struct {
	Currency string `json:"currency,omitempty" required:"false" pattern:"^[A-Z]{3}$" patternDescription:"ISO 4217 code in upper case" example:"EUR" doc:"ISO 4217 code of one the shop sells in; the shop's own when left out."`
	Country  string `json:"country,omitempty" required:"false" pattern:"^[A-Z]{2}$" patternDescription:"ISO 3166-1 alpha-2 code in upper case" example:"FR" doc:"Country whose prices to have, until there is a shipping address."`
	Channel  string `json:"channel,omitempty" required:"false" maxLength:"64" example:"web" doc:"Code of the sales channel whose prices to have."`
	Locale   string `json:"locale,omitempty" required:"false" maxLength:"35" example:"de" doc:"Language tag (BCP 47) to title lines in; Accept-Language when left out. A language the shop does not speak is the shop's own."`
}

// UpdateCart is the body of PATCH /store/v1/carts/{id}. Every line is priced anew; a change that leaves a line without a
// price is refused and names the lines.
type UpdateCart struct {
	Currency Optional[string] `json:"currency,omitzero" nullable:"false" pattern:"^[A-Z]{3}$" patternDescription:"ISO 4217 code in upper case" example:"SEK" doc:"ISO 4217 code of one the shop sells in."`
	Country  Optional[string] `json:"country,omitzero" pattern:"^[A-Z]{2}$" patternDescription:"ISO 3166-1 alpha-2 code in upper case" example:"FR" doc:"Country whose prices to have; null for nobody's in particular. It cannot differ from the shipping address, or from the billing address when nothing is shipped."`
	Channel  Optional[string] `json:"channel,omitzero" maxLength:"64" example:"web" doc:"Code of the sales channel whose prices to have; null for none in particular."`
	Locale   Optional[string] `json:"locale,omitzero" maxLength:"35" example:"de" doc:"Language tag (BCP 47) to title lines in; null for what Accept-Language says."`
}

// AddItem is the body of POST /store/v1/carts/{id}/items. A variant already in the cart gets quantity added.
type AddItem struct {
	VariantID string `json:"variantId" format:"uuid" doc:"What to add."`
	Quantity  int    `json:"quantity" minimum:"1" maximum:"10000" example:"1" doc:"Units to add."`
}

// UpdateItem is the body of PATCH /store/v1/carts/{id}/items/{itemId}.
type UpdateItem struct {
	Quantity int `json:"quantity" minimum:"1" maximum:"10000" example:"2" doc:"Units the line shall hold."`
}

// SetEmail is the body of PUT /store/v1/carts/{id}/email.
type SetEmail struct {
	Email string `json:"email" format:"email" minLength:"3" maxLength:"320" example:"ada@example.com" doc:"Where the order confirmation goes."`
}

// SelectShipping is the body of PUT /store/v1/carts/{id}/shipping-method.
type SelectShipping struct {
	ShippingRateID string `json:"shippingRateId" minLength:"1" maxLength:"64" doc:"The id of one of the cart's shipping rates."`
}

// ApplyDiscount is the body of POST /store/v1/carts/{id}/discounts.
type ApplyDiscount struct {
	Code string `json:"code" minLength:"1" maxLength:"64" example:"SPRING" doc:"The code as the shopper typed it."`
}

// Checkout is the body of POST /store/v1/carts/{id}/checkout.
type Checkout struct {
	PaymentMethod string `json:"paymentMethod" minLength:"1" maxLength:"32" example:"manual" doc:"How it will be paid: manual (the shop records the payment), or a payment provider that is switched on."`
}
