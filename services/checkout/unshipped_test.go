package checkout_test

import (
	"testing"

	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/services/checkout"
)

// files turns the lines of a basket into what is not shipped: all of them, or those named.
func (b *basket) files(lines ...int) {
	if len(lines) == 0 {
		for i := range b.cart.GetItems() {
			lines = append(lines, i)
		}
		b.cart.ShippingRate, b.cart.ShippingAddress = nil, nil
	}
	for _, i := range lines {
		b.cart.Items[i].Unshipped = true
	}
}

func (s *shop) fulfil(order string, items ...*checkoutv1.FulfilmentItem) (*checkoutv1.FulfilOrderResponse, error) {
	return s.client.FulfilOrder(s.admin(), &checkoutv1.FulfilOrderRequest{OrderId: order, Items: items})
}

func TestFilesAloneAreFulfilledWhenPaid(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.carts.fill(line{s.stock.add(10), 2})
	b.files()
	placed, err := s.buy(s.shopper(), b, "key")
	ok(t, err)
	o := placed.GetOrder()
	if o.ShippingAddress != nil || o.BillingAddress != nil || o.GetCountry() != "FR" || o.GetShippingRateId() != "" || !o.GetItems()[0].GetUnshipped() {
		t.Errorf("placed %v", o)
	}
	if again := s.get(o.GetId()); again.ShippingAddress != nil || again.BillingAddress != nil || !again.GetItems()[0].GetUnshipped() {
		t.Errorf("kept %v", again)
	}
	_, err = s.fulfil(o.GetId())
	is(t, err, checkout.ErrNotFulfillable)
	total := o.GetTotals().GetTotal().GetAmount()
	half, err := s.pay(s.admin(), o.GetId(), total-1, "half")
	ok(t, err)
	equal(t, "half paid", half.GetOrder().GetStatus(), checkoutv1.OrderStatus_ORDER_STATUS_PENDING_PAYMENT)
	paid, err := s.pay(s.admin(), o.GetId(), 1, "rest")
	ok(t, err)
	equal(t, "paid", paid.GetOrder().GetStatus(), checkoutv1.OrderStatus_ORDER_STATUS_FULFILLED)
	equal(t, "the payment", paid.GetOrder().GetPaymentStatus(), checkoutv1.PaymentStatus_PAYMENT_STATUS_PAID)
	history := paid.GetOrder().GetHistory()
	equal(t, "steps", len(history), 3)
	equal(t, "the second", history[1].GetTo(), checkoutv1.OrderStatus_ORDER_STATUS_PAID)
	equal(t, "the third", history[2].GetTo(), checkoutv1.OrderStatus_ORDER_STATUS_FULFILLED)
	// Both are told, in turn: the stock is booked by the first.
	equal(t, "paid", s.count("outbox where subject = 'evt.checkout.order.paid' and sequence = 3"), 1)
	equal(t, "fulfilled", s.count("outbox where subject = 'evt.checkout.order.fulfilled' and sequence = 4"), 1)
	again, err := s.pay(s.admin(), o.GetId(), 1, "rest")
	ok(t, err)
	equal(t, "the version of a repetition", again.GetOrder().GetVersion(), paid.GetOrder().GetVersion())
	equal(t, "payments told, also the one in part", s.count("outbox where subject = 'evt.checkout.payment.recorded'"), 2)
	equal(t, "paid once", s.count("outbox where subject = 'evt.checkout.order.paid'"), 1)
	_, err = s.fulfil(o.GetId())
	is(t, err, checkout.ErrNotFulfillable)
	// The money can go back.
	back, err := s.refund(s.admin(), o.GetId(), total, "refund")
	ok(t, err)
	equal(t, "refunded", back.GetOrder().GetStatus(), checkoutv1.OrderStatus_ORDER_STATUS_REFUNDED)
}

func TestFilesForNothingAreFulfilledAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.carts.fill(line{s.stock.add(10), 1})
	b.files()
	b.cart.Totals.Subtotal, b.cart.Totals.Shipping, b.cart.Totals.Tax, b.cart.Totals.Total = euros(0), euros(0), euros(0), euros(0)
	placed, err := s.buy(s.shopper(), b, "key")
	ok(t, err)
	equal(t, "placed", placed.GetOrder().GetStatus(), checkoutv1.OrderStatus_ORDER_STATUS_FULFILLED)
	for subject, sequence := range map[string]string{"created": "1", "paid": "2", "fulfilled": "3"} {
		equal(t, subject, s.count("outbox where subject = 'evt.checkout.order."+subject+"' and sequence = "+sequence), 1)
	}
}

func TestAParcelHoldsOnlyWhatIsShipped(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.carts.fill(line{s.stock.add(10), 2}, line{s.stock.add(10), 3})
	b.files(1)
	placed, err := s.buy(s.shopper(), b, "key")
	ok(t, err)
	o := placed.GetOrder()
	if o.ShippingAddress == nil || o.GetShippingRateId() == "" {
		t.Errorf("a mixed order is not shipped: %v", o)
	}
	paid, err := s.pay(s.admin(), o.GetId(), o.GetTotals().GetTotal().GetAmount(), "pay")
	ok(t, err)
	equal(t, "paid", paid.GetOrder().GetStatus(), checkoutv1.OrderStatus_ORDER_STATUS_PAID)
	_, err = s.fulfil(o.GetId(), &checkoutv1.FulfilmentItem{OrderItemId: o.GetItems()[1].GetId(), Quantity: 1})
	is(t, err, checkout.ErrItemNotShipped)
	_, err = s.fulfil(o.GetId(), &checkoutv1.FulfilmentItem{OrderItemId: id.New().String(), Quantity: 1})
	is(t, err, checkout.ErrItemNotFound)
	sent, err := s.fulfil(o.GetId())
	ok(t, err)
	equal(t, "sent", sent.GetOrder().GetStatus(), checkoutv1.OrderStatus_ORDER_STATUS_FULFILLED)
	equal(t, "lines in the parcel", len(sent.GetFulfilment().GetItems()), 1)
	equal(t, "files handed over", sent.GetOrder().GetItems()[1].GetFulfilledQuantity(), 0)
}
