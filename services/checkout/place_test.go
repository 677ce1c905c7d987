package checkout_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	cartv1 "github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/services/checkout"
)

func TestIsolation(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.order(1)
	pgtest.Isolation(t, s.db)
}

func TestACartBecomesAnOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	first, second := s.stock.add(5), s.stock.add(5)
	b := s.carts.fill(line{first, 2}, line{second, 1})
	res, err := s.buy(s.shopper(), b, "k")
	ok(t, err)
	o := res.GetOrder()
	equal(t, "number", o.GetNumber(), "1001")
	equal(t, "status", o.GetStatus(), checkoutv1.OrderStatus_ORDER_STATUS_PENDING_PAYMENT)
	equal(t, "payment", o.GetPaymentStatus(), checkoutv1.PaymentStatus_PAYMENT_STATUS_PENDING)
	equal(t, "version", o.GetVersion(), 1)
	equal(t, "e-mail", o.GetEmail(), "ada@example.com")
	equal(t, "shipping", o.GetShippingRateName(), "Letter")
	equal(t, "company", o.GetBillingAddress().GetCompany(), "Engines")
	equal(t, "country", o.GetCountry(), "FR")
	equal(t, "channel", o.GetChannel(), "web")
	equal(t, "language", o.GetLocale(), "de")
	equal(t, "due", o.GetPaymentDueAt().AsTime(), s.clock.Now().Add(s.cfg.PaymentTTL))
	if !proto.Equal(o.GetTotals(), b.cart.GetTotals()) {
		t.Errorf("totals are %v, want %v", o.GetTotals(), b.cart.GetTotals())
	}
	// 15490 gross hold 2582 of tax; 82 of it is in the shipping.
	tax := int64(0)
	for i, item := range o.GetItems() {
		tax += item.GetTax().GetAmount()
		equal(t, "variant", item.GetVariantId(), b.cart.GetItems()[i].GetVariantId())
		equal(t, "sku", item.GetSku(), "SHIRT-S")
		equal(t, "total", item.GetTotal().GetAmount(), item.GetQuantity()*5000)
		equal(t, "rate", item.GetTaxRate(), "0.2000")
	}
	equal(t, "tax of the lines", tax, 2500)
	equal(t, "held", s.stock.held()[o.GetId()], 3)
	equal(t, "held until", s.stock.expires[o.GetId()], o.GetPaymentDueAt().AsTime().Add(s.cfg.HoldGrace).Unix())
	s.settled(b)
	if !proto.Equal(s.get(o.GetId()), o) {
		t.Errorf("stored is %v\nanswered was %v", s.get(o.GetId()), o)
	}

	// A repetition answers the same; who has no right to the cart, nothing.
	again, err := s.buy(s.shopper(), b, "k")
	ok(t, err)
	if !proto.Equal(again, res) {
		t.Errorf("repeated: %v\nfirst: %v", again, res)
	}
	thief := *b
	thief.token = "guessed"
	_, err = s.buy(s.shopper(), &thief, "k")
	is(t, err, errCartDenied)
	_, err = s.buy(s.shopper(), &thief, "other")
	is(t, err, errCartDenied)
	_, err = s.buy(s.shopper(), b, "other")
	is(t, err, checkout.ErrCartOrdered)
	// Also long after it was called off.
	_, err = s.client.CancelOrder(s.admin(), &checkoutv1.CancelOrderRequest{OrderId: o.GetId()})
	ok(t, err)
	late, err := s.buy(s.shopper(), b, "k")
	ok(t, err)
	equal(t, "late repetition", late.GetOrder().GetId(), o.GetId())
	equal(t, "its status", late.GetOrder().GetStatus(), checkoutv1.OrderStatus_ORDER_STATUS_CANCELLED)
	equal(t, "its token", late.GetAccessToken(), res.GetAccessToken())
}

func TestStatementsOfAnOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.order(1) // warms the connections' tenant
	b := s.carts.fill(line{s.stock.add(5), 1}, line{s.stock.add(5), 1})
	before := s.db.Statements()
	_, err := s.buy(s.shopper(), b, "k")
	ok(t, err)
	if n := s.db.Statements() - before; n > 8 {
		t.Errorf("an order takes %d statements, want at most 8", n)
	} else {
		t.Logf("an order takes %d statements", n)
	}
	before = s.db.Statements()
	_, err = s.buy(s.shopper(), b, "k")
	ok(t, err)
	if n := s.db.Statements() - before; n > 3 {
		t.Errorf("a repetition takes %d statements, want at most 3", n)
	}
}

func TestAnythingElseIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.carts.fill(line{s.stock.add(1), 1})
	_, err := s.client.PlaceOrder(s.shopper(), &checkoutv1.PlaceOrderRequest{CartId: b.id, CartToken: b.token, PaymentMethod: "card", IdempotencyKey: "k"})
	is(t, err, checkout.ErrPaymentMethod)
	if f := fault.From(err); len(f.Fields()) != 1 || f.Fields()[0].Field != "paymentMethod" || f.Kind().HTTPStatus() != 422 {
		t.Errorf("got %v, fields %v", f, f.Fields())
	}
	_, err = s.buy(s.shopper(), &basket{id: id.New().String()}, "k")
	is(t, err, errCartUnknown)
	empty := s.carts.fill()
	_, err = s.buy(s.shopper(), empty, "k")
	is(t, err, errCartNotReady)
	equal(t, "carts asked to open again", s.carts.called("Unclaim"), 0) // nothing was claimed
	s.settled(b)
}

func TestOutOfStockGivesTheCartBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	plenty, scarce := s.stock.add(9), s.stock.add(1)
	b := s.carts.fill(line{plenty, 2}, line{scarce, 3})
	_, err := s.buy(s.shopper(), b, "k")
	is(t, err, errNoStock)
	if objects := fault.From(err).Objects(); len(objects) != 1 || objects[0]["variantId"] != scarce.String() || objects[0]["available"] != float64(1) {
		t.Errorf("details %v", objects)
	}
	if s.settled(b) != nil || s.stock.leftOf(plenty) != 9 {
		t.Error("something is left of it")
	}
	// The same key may try again once there is stock.
	s.stock.lock.Lock()
	s.stock.left[scarce.String()] = 3
	s.stock.lock.Unlock()
	res, err := s.buy(s.shopper(), b, "k")
	ok(t, err)
	equal(t, "number", res.GetOrder().GetNumber(), "1001") // a refused order takes no number
	s.settled(b)
	// What failed is forgotten in time.
	s.clock.forward(s.cfg.KeepFailed + time.Second)
	ok(t, s.svc.Sweep(t.Context()))
	equal(t, "failed attempts", s.count("attempts where status = 'failed'"), 0)
}

// together does things at the same time.
func together(n int, do func(i int)) {
	var ready, done sync.WaitGroup
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			do(i)
		})
	}
	done.Wait()
}

func TestFiftyAtOnceMakeOneOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	other := s.start(s.db.Pool(t, 4), nil)
	b := s.carts.fill(line{s.stock.add(100), 2})
	const n = 50
	answers, errs := make([]*checkoutv1.PlaceOrderResponse, n), make([]error, n)
	together(n, func(i int) {
		answers[i], errs[i] = []*process{s.process, other}[i%2].buy(s.shopper(), b, "k")
	})
	for i := range n {
		ok(t, errs[i])
		if !proto.Equal(answers[i], answers[0]) {
			t.Fatalf("answer %d: %v\nanswer 0: %v", i, answers[i], answers[0])
		}
	}
	if o := s.settled(b); o.GetId() != answers[0].GetOrder().GetId() {
		t.Errorf("the order is %v", o)
	}
}

func TestManyKeysOneCart(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, stocked := range []int64{100, 0} {
		b := s.carts.fill(line{s.stock.add(stocked), 2})
		names := keys("key ", 8)
		errs := make([]error, len(names))
		together(len(names), func(i int) { _, errs[i] = s.buy(s.shopper(), b, names[i]) })
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case stocked > 0:
				is(t, err, checkout.ErrCartOrdered)
			default:
				is(t, err, errNoStock)
			}
		}
		if want := min(stocked, 1); int64(won) != want {
			t.Errorf("%d won, want %d", won, want)
		}
	}
	equal(t, "orders", len(s.all()), 1)
}

func TestTheLastUnitsAreSoldOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.stock.add(10)
	baskets := make([]*basket, 40)
	for i := range baskets {
		baskets[i] = s.carts.fill(line{v, 1})
	}
	errs := make([]error, len(baskets))
	together(len(baskets), func(i int) { _, errs[i] = s.buy(s.shopper(), baskets[i], "k") })
	for i, err := range errs {
		if err != nil {
			is(t, err, errNoStock)
			equal(t, "owner of the cart", s.carts.claimedBy(baskets[i]), "")
		}
	}
	numbers := map[string]bool{}
	for _, o := range s.all() {
		numbers[o.GetNumber()] = true
	}
	equal(t, "orders with a number of their own", len(numbers), 10)
	equal(t, "left", s.stock.leftOf(v), 0)
}

func TestAnOrderThatCostsNothingIsPaid(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.carts.fill(line{s.stock.add(1), 1})
	for _, m := range []*cartv1.CartLine{b.cart.GetItems()[0]} {
		m.UnitPrice, m.Total = euros(0), euros(0)
	}
	for _, m := range []interface{ Reset() }{b.cart.GetTotals().GetSubtotal(), b.cart.GetTotals().GetShipping(), b.cart.GetTotals().GetTax(), b.cart.GetTotals().GetTotal()} {
		m.Reset()
	}
	b.cart.Totals.TaxLines = nil
	res, err := s.buy(s.shopper(), b, "k")
	ok(t, err)
	o := res.GetOrder()
	equal(t, "status", o.GetStatus(), checkoutv1.OrderStatus_ORDER_STATUS_PAID)
	equal(t, "payment", o.GetPaymentStatus(), checkoutv1.PaymentStatus_PAYMENT_STATUS_PAID)
	equal(t, "version", o.GetVersion(), 2)
	equal(t, "history", len(o.GetHistory()), 2)
	equal(t, "events", s.count("outbox where subject in ('evt.checkout.order.created', 'evt.checkout.order.paid')"), 2)
	if o.PaymentDueAt != nil {
		t.Error("it waits for a payment")
	}
	_, err = s.client.FulfilOrder(s.admin(), &checkoutv1.FulfilOrderRequest{OrderId: o.GetId()})
	ok(t, err)
}

func TestOpeningAnOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.carts.fill(line{s.stock.add(1), 1})
	res, err := s.buy(s.shopper(), b, "k")
	ok(t, err)
	read := func(ctx context.Context, number, token string) error {
		got, err := s.client.GetOrderByNumber(ctx, &checkoutv1.GetOrderByNumberRequest{Number: number, AccessToken: token})
		if err == nil && got.GetOrder().GetId() != res.GetOrder().GetId() {
			t.Errorf("got %v", got)
		}
		return err
	}
	number, token := res.GetOrder().GetNumber(), res.GetAccessToken()
	ok(t, read(s.shopper(), number, token))
	for _, wrong := range []struct{ number, token string }{{number, ""}, {number, token + "x"}, {number, strings.ToUpper(token)}, {"0", token}, {"\x00", token}} {
		is(t, read(s.shopper(), wrong.number, wrong.token), checkout.ErrOrderNotFound)
	}
	is(t, read(s.elsewhere(s.shopper()), number, token), checkout.ErrOrderNotFound)
	if s.count("orders o where position('"+token+"' in o::text) > 0") != 0 {
		t.Error("the token is stored")
	}
}
