package checkout

import (
	"slices"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

// Status of an order.
type Status string

// The statuses. The first three are those of attempts, which this room alone sees.
const (
	Placing            Status = "placing"
	Failing            Status = "failing"
	Failed             Status = "failed"
	PendingPayment     Status = "pending_payment"
	Paid               Status = "paid"
	PartiallyFulfilled Status = "partially_fulfilled"
	Fulfilled          Status = "fulfilled"
	Cancelled          Status = "cancelled"
	PartiallyRefunded  Status = "partially_refunded"
	Refunded           Status = "refunded"
)

// PaymentStatus is how far the payment of an order has come.
type PaymentStatus string

// The payment statuses.
const (
	PaymentPending           PaymentStatus = "pending"
	PaymentPartiallyPaid     PaymentStatus = "partially_paid"
	PaymentPaid              PaymentStatus = "paid"
	PaymentCancelled         PaymentStatus = "cancelled"
	PaymentPartiallyRefunded PaymentStatus = "partially_refunded"
	PaymentRefunded          PaymentStatus = "refunded"
)

// Order is what was bought, by whom and how far it has come. Amounts are minor units of its currency.
type Order struct {
	ID         id.ID
	CartID     id.ID
	Status     Status
	Number     string
	Email      string
	CustomerID id.ID // zero for a guest
	Currency   string
	// What its prices were told for, and the language of its titles; empty when nobody said.
	Country, Channel, Locale string

	Subtotal, Discount, Shipping, Tax, Total int64
	TaxInclusive                             bool
	TaxLines                                 []TaxLine
	ShippingAddress, BillingAddress          *Address
	ShippingRateID, ShippingRate             string

	PaymentMethod  string
	Paid, Refunded int64
	CancelReason   *string
	PaymentDueAt   *time.Time // nil once it needs no payment any more
	PlacedAt       time.Time
	UpdatedAt      time.Time
	Version        int64

	Items       []Item
	Payments    []Payment
	Refunds     []Refund
	Fulfilments []Fulfilment
	History     []StatusChange
}

// Item is one line: a variant as it was when it was bought.
type Item struct {
	ID, VariantID, ProductID                     id.ID
	ProductSlug, Title, VariantTitle, SKU, Image string
	Picture                                      *Picture
	Quantity, Fulfilled, Refunded                int64
	UnitPrice, Total                             int64
	TaxRate                                      int64 // ten-thousandths
	Tax                                          int64
	Components                                   []Component
	Unshipped                                    bool // nothing of it is shipped
}

// Component is what one unit of a bundle takes from stock instead of the variant itself.
type Component struct {
	VariantID id.ID `json:"variantId"`
	Quantity  int64 `json:"quantity"`
}

// demand is how many units of each variant the order takes from stock, in the order in which they first come. A variant
// that lines share, as themselves or as parts of bundles, is asked for once, with all its units: else each line could have
// the last one.
func (o *Order) demand() []Component {
	var out []Component
	at := map[id.ID]int{}
	add := func(variant id.ID, units int64) {
		i, known := at[variant]
		if !known {
			i = len(out)
			at[variant] = i
			out = append(out, Component{VariantID: variant})
		}
		out[i].Quantity += units
	}
	for _, item := range o.Items {
		if len(item.Components) == 0 {
			add(item.VariantID, item.Quantity)
		}
		for _, c := range item.Components {
			add(c.VariantID, c.Quantity*item.Quantity)
		}
	}
	return out
}

// sold is every variant the order is about: those of its lines, and those they are made of.
func (o *Order) sold() []string {
	var out []string
	seen := map[id.ID]bool{}
	add := func(variant id.ID) {
		if !seen[variant] {
			seen[variant], out = true, append(out, variant.String())
		}
	}
	for _, item := range o.Items {
		add(item.VariantID)
		for _, c := range item.Components {
			add(c.VariantID)
		}
	}
	return out
}

// TaxLine is the tax of one rate and treatment.
type TaxLine struct {
	Rate      string `json:"rate"` // decimal fraction with four places
	Treatment string `json:"treatment"`
	Country   string `json:"country"` // ISO 3166-1 alpha-2
	Amount    int64  `json:"amount"`
}

// Address of a person or company, as it was given.
type Address struct {
	Name       string  `json:"name"`
	Company    *string `json:"company,omitempty"`
	Line1      string  `json:"line1"`
	Line2      *string `json:"line2,omitempty"`
	City       string  `json:"city"`
	PostalCode string  `json:"postalCode"`
	Region     *string `json:"region,omitempty"`
	Country    string  `json:"country"`
	Phone      *string `json:"phone,omitempty"`
}

// Payment is money that came in.
type Payment struct {
	ID     id.ID
	Method string
	Amount int64
	Actor  id.ID
	Key    key
	At     time.Time
}

// Refund is money that went back.
type Refund struct {
	ID     id.ID
	Amount int64
	Reason string
	Actor  id.ID
	Key    key
	At     time.Time
}

// Fulfilment is a parcel that was handed over for shipping.
type Fulfilment struct {
	ID             id.ID
	Items          []Parcel
	Carrier        *string
	TrackingNumber *string
	Actor          id.ID
	Key            key
	At             time.Time
}

// Parcel is how many units of a line are in it.
type Parcel struct {
	ItemID   id.ID
	Quantity int64
}

// StatusChange is one line of an order's history.
type StatusChange struct {
	ID       id.ID
	From, To Status
	Actor    id.ID // zero: the system
	Note     string
	At       time.Time
}

// move goes to a status and writes it down. The version grows also when the status stays: something has changed.
func (o *Order) move(to Status, actor id.ID, note string, now time.Time) {
	if to != o.Status {
		o.History = append(o.History, StatusChange{ID: id.New(), From: o.Status, To: to, Actor: actor, Note: note, At: now})
	}
	o.Status, o.UpdatedAt = to, now
	o.Version++
}

// place makes an order of what was prepared. One that costs nothing is paid in the same moment.
func (o *Order) place(number string, now time.Time) {
	o.Number, o.PlacedAt, o.Version = number, now, 0
	o.History = nil
	o.Status = ""
	o.move(PendingPayment, id.ID{}, "", now)
	if o.Total == 0 {
		o.PaymentDueAt = nil
		o.move(Paid, id.ID{}, "There is nothing to pay.", now)
		o.settle(now)
	}
}

// ships reports whether anything of it is shipped.
func (o *Order) ships() bool {
	return slices.ContainsFunc(o.Items, func(item Item) bool { return !item.Unshipped })
}

// settle ends a paid order of which nothing is shipped: its files can be had from now on, and nobody need hand anything over.
func (o *Order) settle(now time.Time) {
	if o.Status == Paid && !o.ships() {
		o.move(Fulfilled, id.ID{}, "There is nothing to ship.", now)
	}
}

// overdue reports whether nobody has paid anything in time.
func (o *Order) overdue(now time.Time) bool {
	return o.Status == PendingPayment && o.Paid == 0 && o.PaymentDueAt != nil && !o.PaymentDueAt.After(now)
}

// PaymentStatus follows from what came in and what went back.
func (o *Order) PaymentStatus() PaymentStatus {
	switch {
	case o.Refunded > 0 && o.Refunded == o.Paid:
		return PaymentRefunded
	case o.Refunded > 0:
		return PaymentPartiallyRefunded
	case o.Status == Cancelled && o.Paid == 0:
		return PaymentCancelled
	case o.Paid == o.Total:
		return PaymentPaid
	case o.Paid > 0: // also in a cancelled order: the money is still there
		return PaymentPartiallyPaid
	}
	return PaymentPending
}

// pay books money that came in. The order is paid when its total is covered, and never by more.
func (o *Order) pay(p Payment) error {
	open := o.Total - o.Paid
	switch {
	case o.Status != PendingPayment:
		return ErrNotPayable
	case p.Amount < 1:
		return ErrAmountInvalid.WithField("amount.amount", "too_small", ErrAmountInvalid.Message())
	case p.Amount > open:
		return ErrOverpaid.WithField("amount.amount", "too_large", ErrOverpaid.Message())
	}
	o.Payments = append(o.Payments, p)
	o.Paid += p.Amount
	// Once part of the money is in, people decide what becomes of the order, not a clock.
	o.PaymentDueAt = nil
	to := o.Status
	if p.Amount == open {
		to = Paid
	}
	o.move(to, p.Actor, "", p.At)
	o.settle(p.At)
	return nil
}

// cancel calls the order off. What was handed over for shipping cannot be called back. Money that is in can be given back
// before or after.
func (o *Order) cancel(reason *string, actor id.ID, now time.Time) error {
	handedOver := slices.ContainsFunc(o.Items, func(item Item) bool { return item.Fulfilled > 0 })
	if o.Status != PendingPayment && o.Status != Paid && o.Status != PartiallyRefunded || handedOver {
		return ErrNotCancellable
	}
	o.CancelReason, o.PaymentDueAt = reason, nil
	note := ""
	if reason != nil {
		note = *reason
	}
	o.move(Cancelled, actor, note, now)
	return nil
}

// refund books money that went back, never more than came in. A cancelled order stays cancelled.
func (o *Order) refund(r Refund) error {
	switch {
	case o.Paid == 0 || o.Status == PendingPayment:
		return ErrNotRefundable
	case r.Amount < 1:
		return ErrAmountInvalid.WithField("amount.amount", "too_small", ErrAmountInvalid.Message())
	case r.Amount > o.Paid-o.Refunded:
		return ErrRefundTooLarge.WithField("amount.amount", "too_large", ErrRefundTooLarge.Message())
	}
	o.Refunds = append(o.Refunds, r)
	o.Refunded += r.Amount
	to := PartiallyRefunded
	if o.Refunded == o.Paid {
		to = Refunded
		for i := range o.Items {
			o.Items[i].Refunded = o.Items[i].Quantity
		}
	}
	if o.Status == Cancelled {
		to = Cancelled
	}
	o.move(to, r.Actor, r.Reason, r.At)
	return nil
}

// left is how many units of a line are still to be handed over for shipping.
func (i Item) left() int64 {
	if i.Unshipped {
		return 0
	}
	return i.Quantity - i.Fulfilled
}

// fulfil hands units over for shipping: those named, or all that are left. It returns the parcel as it is booked.
func (o *Order) fulfil(f Fulfilment) (Fulfilment, error) {
	if o.Status != Paid && o.Status != PartiallyFulfilled && o.Status != PartiallyRefunded {
		return f, ErrNotFulfillable
	}
	f.Items = mergeParcels(f.Items)
	if len(f.Items) == 0 {
		for _, item := range o.Items {
			if left := item.left(); left > 0 {
				f.Items = append(f.Items, Parcel{item.ID, left})
			}
		}
	}
	for _, p := range f.Items {
		i := slices.IndexFunc(o.Items, func(item Item) bool { return item.ID == p.ItemID })
		if i < 0 {
			return f, ErrItemNotFound.WithField("items", "unknown", ErrItemNotFound.Message())
		}
		if o.Items[i].Unshipped {
			return f, ErrItemNotShipped.WithField("items", "not_shipped", ErrItemNotShipped.Message())
		}
		if p.Quantity < 1 || p.Quantity > o.Items[i].left() {
			return f, ErrQuantityTooLarge.WithField("items", "too_large", ErrQuantityTooLarge.Message())
		}
		o.Items[i].Fulfilled += p.Quantity
	}
	if len(f.Items) == 0 {
		return f, ErrNotFulfillable
	}
	o.Fulfilments = append(o.Fulfilments, f)
	to := Fulfilled
	if slices.ContainsFunc(o.Items, func(item Item) bool { return item.left() > 0 }) {
		to = PartiallyFulfilled
	}
	o.move(to, f.Actor, "", f.At)
	return f, nil
}

// mergeParcels adds up what is named more than once.
func mergeParcels(items []Parcel) []Parcel {
	var out []Parcel
	for _, p := range items {
		if i := slices.IndexFunc(out, func(o Parcel) bool { return o.ItemID == p.ItemID }); i >= 0 {
			out[i].Quantity += p.Quantity
			continue
		}
		out = append(out, p)
	}
	return out
}
