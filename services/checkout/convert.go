package checkout

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	cartv1 "github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
)

// errSnapshot says that what the cart room handed out is no order. It is a bug there, not a shopper's fault.
var errSnapshot = errors.New("checkout: the claimed cart is not complete")

// fill takes over what is bought from a claimed cart.
func (o *Order) fill(c *cartv1.Cart) error {
	t := c.GetTotals()
	o.Email, o.Currency = c.GetEmail(), c.GetCurrency()
	o.Country, o.Channel, o.Locale = c.GetCountry(), c.GetChannel(), c.GetLocale()
	o.Subtotal, o.Discount, o.Shipping = t.GetSubtotal().GetAmount(), t.GetDiscount().GetAmount(), t.GetShipping().GetAmount()
	o.Tax, o.Total, o.TaxInclusive = t.GetTax().GetAmount(), t.GetTotal().GetAmount(), t.GetTaxInclusive()
	if len(c.GetItems()) == 0 || o.Email == "" || len(o.Currency) != 3 || min(o.Subtotal, o.Discount, o.Shipping, o.Tax, o.Total) < 0 {
		return errSnapshot
	}
	o.CustomerID, _ = id.Parse(c.GetCustomerId()) // empty: a guest
	o.ShippingAddress, o.BillingAddress = addressFromProto(c.GetShippingAddress()), addressFromProto(c.GetBillingAddress())
	if o.BillingAddress == nil {
		o.BillingAddress = o.ShippingAddress
	}
	// What is not needed is not kept (GDPR, art. 5(1)(c)).
	if !slices.ContainsFunc(c.GetItems(), func(l *cartv1.CartLine) bool { return !l.GetUnshipped() }) {
		o.ShippingAddress = nil
	}
	o.ShippingRateID, o.ShippingRate = c.GetShippingRate().GetId(), c.GetShippingRate().GetName()
	o.TaxLines = make([]TaxLine, len(t.GetTaxLines()))
	for i, l := range t.GetTaxLines() {
		o.TaxLines[i] = TaxLine{Rate: l.GetRate(), Treatment: l.GetTreatment(), Country: l.GetCountry(), Amount: l.GetAmount().GetAmount()}
	}
	o.Items = make([]Item, len(c.GetItems()))
	for i, l := range c.GetItems() {
		variant, err1 := id.Parse(l.GetVariantId())
		product, err2 := id.Parse(l.GetProductId())
		if err := errors.Join(err1, err2); err != nil {
			return fmt.Errorf("%w: %w", errSnapshot, err)
		}
		components, err := componentsFromProto(l.GetComponents())
		if err != nil {
			return err
		}
		o.Items[i] = Item{
			Components: components, Unshipped: l.GetUnshipped(),
			ID: id.New(), VariantID: variant, ProductID: product, ProductSlug: l.GetProductSlug(), Title: l.GetTitle(), VariantTitle: l.GetVariantTitle(),
			SKU: l.GetSku(), Image: l.GetImage(), Picture: pictureFromProto(l.GetPicture()), Quantity: l.GetQuantity(), UnitPrice: l.GetUnitPrice().GetAmount(), Total: l.GetTotal().GetAmount(),
		}
	}
	rate, err := rateOf(o.TaxLines)
	if err != nil {
		return fmt.Errorf("%w: %w", errSnapshot, err)
	}
	o.shareTax(rate)
	return nil
}

func componentsFromProto(list []*cartv1.LineComponent) ([]Component, error) {
	var out []Component
	for _, c := range list {
		variant, err := id.Parse(c.GetVariantId())
		if err != nil || c.GetQuantity() < 1 {
			return nil, fmt.Errorf("%w: %d units of %q in a bundle", errSnapshot, c.GetQuantity(), c.GetVariantId())
		}
		out = append(out, Component{VariantID: variant, Quantity: c.GetQuantity()})
	}
	return out, nil
}

func (o *Order) money(amount int64) *typev1.Money {
	return &typev1.Money{Amount: amount, Currency: o.Currency}
}

func ordersToProto(orders []*Order) []*checkoutv1.Order {
	out := make([]*checkoutv1.Order, len(orders))
	for i, o := range orders {
		out[i] = orderToProto(o)
	}
	return out
}

func orderToProto(o *Order) *checkoutv1.Order {
	out := &checkoutv1.Order{
		Id: o.ID.String(), Number: o.Number, Status: statusToProto(o.Status), Email: o.Email, CustomerId: optionalID(o.CustomerID), Currency: o.Currency,
		Totals: &typev1.Totals{
			Subtotal: o.money(o.Subtotal), Discount: o.money(o.Discount), Shipping: o.money(o.Shipping), Tax: o.money(o.Tax), Total: o.money(o.Total),
			TaxInclusive: o.TaxInclusive,
		},
		ShippingAddress: addressToProto(o.ShippingAddress), BillingAddress: addressToProto(o.BillingAddress),
		ShippingRateId: o.ShippingRateID, ShippingRateName: o.ShippingRate,
		PaymentMethod: o.PaymentMethod, PaymentStatus: paymentStatusToProto(o.PaymentStatus()), CancelReason: o.CancelReason,
		PlacedAt: timestamppb.New(o.PlacedAt), UpdatedAt: timestamppb.New(o.UpdatedAt), PaymentDueAt: optionalTime(o.PaymentDueAt),
		Version: o.Version, CartId: o.CartID.String(), Country: optionalText(o.Country), Channel: optionalText(o.Channel), Locale: optionalText(o.Locale),
	}
	for _, l := range o.TaxLines {
		out.Totals.TaxLines = append(out.Totals.TaxLines,
			&typev1.TaxLine{Rate: l.Rate, Treatment: l.Treatment, Country: l.Country, Amount: o.money(l.Amount)})
	}
	for _, item := range o.Items {
		out.Items = append(out.Items, &checkoutv1.OrderItem{
			Id: item.ID.String(), VariantId: item.VariantID.String(), ProductId: item.ProductID.String(), ProductSlug: item.ProductSlug,
			Title: item.Title, VariantTitle: item.VariantTitle, Sku: item.SKU, Quantity: item.Quantity, FulfilledQuantity: item.Fulfilled,
			RefundedQuantity: item.Refunded, UnitPrice: o.money(item.UnitPrice), Total: o.money(item.Total),
			TaxRate: money.Rate(item.TaxRate).String(), Tax: o.money(item.Tax), Image: item.Image, Picture: pictureToProto(item.Image, item.Picture),
			Unshipped: item.Unshipped,
		})
	}
	for _, p := range o.Payments {
		out.Payments = append(out.Payments, paymentToProto(o, p))
	}
	for _, f := range o.Fulfilments {
		out.Fulfilments = append(out.Fulfilments, fulfilmentToProto(f))
	}
	for _, r := range o.Refunds {
		out.Refunds = append(out.Refunds, refundToProto(o, r))
	}
	for _, h := range o.History {
		out.History = append(out.History, &checkoutv1.StatusChange{
			From: statusToProto(h.From), To: statusToProto(h.To), ActorId: textOf(h.Actor), Note: h.Note, CreatedAt: timestamppb.New(h.At),
		})
	}
	return out
}

func paymentToProto(o *Order, p Payment) *checkoutv1.Payment {
	return &checkoutv1.Payment{Id: p.ID.String(), Method: p.Method, Amount: o.money(p.Amount), CreatedAt: timestamppb.New(p.At)}
}

func refundToProto(o *Order, r Refund) *checkoutv1.Refund {
	return &checkoutv1.Refund{Id: r.ID.String(), Amount: o.money(r.Amount), Reason: r.Reason, CreatedAt: timestamppb.New(r.At)}
}

func fulfilmentToProto(f Fulfilment) *checkoutv1.Fulfilment {
	out := &checkoutv1.Fulfilment{Id: f.ID.String(), Carrier: f.Carrier, TrackingNumber: f.TrackingNumber, CreatedAt: timestamppb.New(f.At)}
	for _, p := range f.Items {
		out.Items = append(out.Items, &checkoutv1.FulfilmentItem{OrderItemId: p.ItemID.String(), Quantity: p.Quantity})
	}
	return out
}

func fulfilmentFromProto(req *checkoutv1.FulfilOrderRequest) (Fulfilment, error) {
	f := Fulfilment{ID: id.New(), Carrier: req.Carrier, TrackingNumber: req.TrackingNumber, Key: digest(req.GetIdempotencyKey())} //nolint:protogetter // absent is not empty
	for field, text := range map[string]string{"carrier": req.GetCarrier(), "trackingNumber": req.GetTrackingNumber()} {
		if !storable(text) {
			return f, ErrTextInvalid.WithField(field, "invalid", ErrTextInvalid.Message())
		}
	}
	for i, item := range req.GetItems() {
		line, err := id.Parse(item.GetOrderItemId())
		if err != nil {
			return f, ErrItemNotFound.WithField(fmt.Sprintf("items[%d].orderItemId", i), "unknown", ErrItemNotFound.Message())
		}
		f.Items = append(f.Items, Parcel{line, item.GetQuantity()})
	}
	return f, nil
}

func addressFromProto(a *typev1.Address) *Address {
	if a == nil {
		return nil
	}
	return &Address{ //nolint:protogetter // absent is not empty
		Name: a.GetName(), Company: a.Company, Line1: a.GetLine1(), Line2: a.Line2, City: a.GetCity(), PostalCode: a.GetPostalCode(),
		Region: a.Region, Country: a.GetCountry(), Phone: a.Phone,
	}
}

func addressToProto(a *Address) *typev1.Address {
	if a == nil {
		return nil
	}
	return &typev1.Address{
		Name: a.Name, Company: a.Company, Line1: a.Line1, Line2: a.Line2, City: a.City, PostalCode: a.PostalCode,
		Region: a.Region, Country: a.Country, Phone: a.Phone,
	}
}

// statuses in the order of their numbers on the wire.
func statuses() []Status {
	return []Status{"", PendingPayment, Paid, PartiallyFulfilled, Fulfilled, Cancelled, PartiallyRefunded, Refunded}
}

func statusToProto(s Status) checkoutv1.OrderStatus {
	return checkoutv1.OrderStatus(max(slices.Index(statuses(), s), 0))
}

func statusFromProto(s checkoutv1.OrderStatus) Status {
	if all := statuses(); int(s) >= 0 && int(s) < len(all) {
		return all[s]
	}
	return ""
}

func paymentStatusToProto(s PaymentStatus) checkoutv1.PaymentStatus {
	all := []PaymentStatus{"", PaymentPending, PaymentPartiallyPaid, PaymentPaid, PaymentCancelled, PaymentRefunded, PaymentPartiallyRefunded}
	return checkoutv1.PaymentStatus(max(slices.Index(all, s), 0))
}

func optionalID(i id.ID) *string {
	if i.IsZero() {
		return nil
	}
	text := i.String()
	return &text
}

func optionalText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func textOf(i id.ID) string {
	if i.IsZero() {
		return ""
	}
	return i.String()
}

func optionalTime(t *time.Time) *timestamppb.Timestamp {
	if t == nil {
		return nil
	}
	return timestamppb.New(*t)
}

func downloadToProto(d download, o *Order, used int64, now time.Time) *checkoutv1.OrderDownload {
	return &checkoutv1.OrderDownload{
		Id: d.file.String(), OrderItemId: d.item.String(), Name: d.name, Limit: d.limit, Remaining: d.remaining(used),
		ExpiresAt: optionalTime(d.expiresAt), Refusal: refusalToProto(d.grant(o, used, now)),
	}
}

func refusalToProto(err error) checkoutv1.DownloadRefusal {
	switch {
	case err == nil:
		return checkoutv1.DownloadRefusal_DOWNLOAD_REFUSAL_UNSPECIFIED
	case errors.Is(err, ErrFileCancelled):
		return checkoutv1.DownloadRefusal_DOWNLOAD_REFUSAL_CANCELLED
	case errors.Is(err, ErrFileRefunded):
		return checkoutv1.DownloadRefusal_DOWNLOAD_REFUSAL_REFUNDED
	case errors.Is(err, ErrFileExpired):
		return checkoutv1.DownloadRefusal_DOWNLOAD_REFUSAL_EXPIRED
	case errors.Is(err, ErrFileUsedUp):
		return checkoutv1.DownloadRefusal_DOWNLOAD_REFUSAL_USED_UP
	case errors.Is(err, ErrFileElsewhere):
		return checkoutv1.DownloadRefusal_DOWNLOAD_REFUSAL_ELSEWHERE
	}
	return checkoutv1.DownloadRefusal_DOWNLOAD_REFUSAL_UNPAID
}

func soldFilesFromProto(list []*catalogv1.SoldFile) ([]soldFile, error) {
	out := make([]soldFile, len(list))
	for i, f := range list {
		which, err1 := id.Parse(f.GetId())
		variant, err2 := id.Parse(f.GetVariantId())
		if err := errors.Join(err1, err2); err != nil {
			return nil, fmt.Errorf("checkout: a file of the catalogue: %w", err)
		}
		out[i] = soldFile{id: which, variant: variant, name: f.GetName(), limit: f.DownloadLimit, expiresAfter: f.ExpiresAfterDays} //nolint:protogetter // absent is not zero
		out[i].media, _ = id.Parse(f.GetMediaId())                                                                                  // absent: kept elsewhere
	}
	return out, nil
}
