package checkout_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/checkout"
)

const (
	pending            = checkoutv1.OrderStatus_ORDER_STATUS_PENDING_PAYMENT
	paid               = checkoutv1.OrderStatus_ORDER_STATUS_PAID
	partiallyFulfilled = checkoutv1.OrderStatus_ORDER_STATUS_PARTIALLY_FULFILLED
	fulfilled          = checkoutv1.OrderStatus_ORDER_STATUS_FULFILLED
	cancelled          = checkoutv1.OrderStatus_ORDER_STATUS_CANCELLED
	partiallyRefunded  = checkoutv1.OrderStatus_ORDER_STATUS_PARTIALLY_REFUNDED
	refunded           = checkoutv1.OrderStatus_ORDER_STATUS_REFUNDED
)

func TestLifeOfAnOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.order(2) // 104.90
	which, total := o.GetId(), o.GetTotals().GetTotal().GetAmount()
	part, err := s.pay(s.admin(), which, 490, "p1")
	ok(t, err)
	equal(t, "status", part.GetOrder().GetStatus(), pending)
	equal(t, "payment", part.GetOrder().GetPaymentStatus(), checkoutv1.PaymentStatus_PAYMENT_STATUS_PARTIALLY_PAID)
	full, err := s.pay(s.admin(), which, total-490, "p2")
	ok(t, err)
	equal(t, "status", full.GetOrder().GetStatus(), paid)
	equal(t, "payments", len(full.GetOrder().GetPayments()), 2)

	line, carrier := o.GetItems()[0].GetId(), "Colissimo"
	ship := func(key string, items ...*checkoutv1.FulfilmentItem) (*checkoutv1.FulfilOrderResponse, error) {
		return s.client.FulfilOrder(s.admin(), &checkoutv1.FulfilOrderRequest{OrderId: which, Items: items, Carrier: &carrier, IdempotencyKey: key})
	}
	first, err := ship("f1", &checkoutv1.FulfilmentItem{OrderItemId: line, Quantity: 1})
	ok(t, err)
	equal(t, "status", first.GetOrder().GetStatus(), partiallyFulfilled)
	again, err := ship("f1", &checkoutv1.FulfilmentItem{OrderItemId: line, Quantity: 1})
	ok(t, err)
	if !proto.Equal(again, first) {
		t.Errorf("repeated: %v\nfirst: %v", again, first)
	}
	_, err = ship("f1", &checkoutv1.FulfilmentItem{OrderItemId: line, Quantity: 2})
	is(t, err, checkout.ErrKeyReused)
	_, err = ship("f2", &checkoutv1.FulfilmentItem{OrderItemId: line, Quantity: 2})
	is(t, err, checkout.ErrQuantityTooLarge)
	rest, err := ship("")
	ok(t, err)
	equal(t, "status", rest.GetOrder().GetStatus(), fulfilled)
	equal(t, "carrier", rest.GetFulfilment().GetCarrier(), carrier)
	equal(t, "units of it", rest.GetFulfilment().GetItems()[0].GetQuantity(), 1)
	equal(t, "units of all", rest.GetOrder().GetItems()[0].GetFulfilledQuantity(), 2)

	back, err := s.refund(s.admin(), which, 1000, "r1")
	ok(t, err)
	equal(t, "status", back.GetOrder().GetStatus(), partiallyRefunded)
	repeated, err := s.refund(s.admin(), which, 1000, "r1")
	ok(t, err)
	equal(t, "refund", repeated.GetRefund().GetId(), back.GetRefund().GetId())
	_, err = s.refund(s.admin(), which, 1001, "r1")
	is(t, err, checkout.ErrKeyReused)
	_, err = s.refund(s.admin(), which, total-999, "r2")
	is(t, err, checkout.ErrRefundTooLarge)
	end, err := s.refund(s.admin(), which, total-1000, "r2")
	ok(t, err)
	equal(t, "status", end.GetOrder().GetStatus(), refunded)
	equal(t, "units paid back", end.GetOrder().GetItems()[0].GetRefundedQuantity(), 2)

	stored := s.get(which)
	if !proto.Equal(stored, end.GetOrder()) {
		t.Errorf("stored is %v\nanswered was %v", stored, end.GetOrder())
	}
	equal(t, "version", stored.GetVersion(), 7)
	want := []checkoutv1.OrderStatus{pending, paid, partiallyFulfilled, fulfilled, partiallyRefunded, refunded}
	for i, h := range stored.GetHistory() {
		equal(t, "history", h.GetTo(), want[i])
		if i > 0 {
			equal(t, "actor", h.GetActorId(), s.staff.String())
			equal(t, "history", h.GetFrom(), want[i-1])
		}
	}
	equal(t, "lines of history", len(stored.GetHistory()), len(want))

	// What it told the others, in turn.
	js := bustest.Start(t)
	bustest.Run(t, s.db, js, s.svc.Consumers()...)
	verbs := []string{"created", "paid", "partially_fulfilled", "fulfilled", "partially_refunded", "refunded"}
	sequences := []int64{1, 3, 4, 5, 6, 7}
	for i, e := range bustest.Published(t, js, "evt.checkout.order.*", len(verbs)) {
		equal(t, "subject", e.Subject, "evt.checkout.order."+verbs[i])
		equal(t, "sequence", e.Sequence, sequences[i])
		equal(t, "aggregate", e.Aggregate.String(), which)
	}
	var created checkoutv1.OrderCreated
	ok(t, bustest.Published(t, js, "evt.checkout.order.created", 1)[0].Unmarshal(&created))
	equal(t, "announced number", created.GetNumber(), o.GetNumber())
	equal(t, "announced total", created.GetTotal().GetAmount(), total)
	var given checkoutv1.OrderRefunded
	ok(t, bustest.Published(t, js, "evt.checkout.order.refunded", 1)[0].Unmarshal(&given))
	equal(t, "announced refund", given.GetRefundId(), end.GetRefund().GetId())
	equal(t, "announced status before", given.GetPreviousStatus(), partiallyRefunded)

	// A new tenant can sell at once.
	newcomer := id.New()
	bustest.Publish(t, js, bus.Event{ID: id.New(), Subject: "evt.identity.tenant.created", Tenant: newcomer, Aggregate: newcomer, Sequence: 1})
	deadline, tick := time.After(20*time.Second), time.NewTicker(5*time.Millisecond)
	defer tick.Stop()
	for known := false; !known; {
		ok(t, s.db.Read(tenant.WithSystem(t.Context()), func(b *pg.Batch) {
			var one int
			pg.Row(b.Queue("select 1 from tenants where id = $1", newcomer), &known, &one)
		}))
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("the new tenant is not known")
		}
	}
}

func TestMoneyIsBookedOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.order(2)
	which, total := o.GetId(), o.GetTotals().GetTotal().GetAmount()
	_, err := s.client.RecordPayment(s.admin(), &checkoutv1.RecordPaymentRequest{OrderId: which, Method: "cash", Amount: &typev1.Money{Amount: total, Currency: "USD"}, IdempotencyKey: "d"})
	is(t, err, checkout.ErrCurrencyMismatch)
	_, err = s.pay(s.admin(), which, total+1, "o")
	is(t, err, checkout.ErrOverpaid)
	const n = 16
	errs, payments := make([]error, n), make([]*checkoutv1.RecordPaymentResponse, n)
	together(n, func(i int) { payments[i], errs[i] = s.pay(s.admin(), which, total, "same") })
	ok(t, errors.Join(errs...))
	for _, p := range payments {
		equal(t, "payment", p.GetPayment().GetId(), payments[0].GetPayment().GetId())
	}
	_, err = s.pay(s.admin(), which, total-1, "same")
	is(t, err, checkout.ErrKeyReused)
	// Under keys of their own, one of many wins.
	won := 0
	together(n, func(i int) { _, errs[i] = s.refund(s.admin(), which, total/2+1, "r"+strconv.Itoa(i)) })
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		is(t, err, checkout.ErrRefundTooLarge)
	}
	equal(t, "refunds", won, 1)
	equal(t, "payments", s.count("payments"), 1)
	equal(t, "events", s.count("outbox where subject = 'evt.checkout.order.paid'"), 1)
}

func TestVersions(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.order(1)
	which, total := o.GetId(), o.GetTotals().GetTotal().GetAmount()
	pay := func(version int64, key string) error {
		_, err := s.client.RecordPayment(s.admin(), &checkoutv1.RecordPaymentRequest{OrderId: which, IfVersion: version, Method: "cash", Amount: euros(total), IdempotencyKey: key})
		return err
	}
	is(t, pay(2, "k"), checkout.ErrVersionConflict)
	ok(t, pay(1, "k"))
	ok(t, pay(1, "k")) // a repetition is about the version it was decided on
	_, err := s.client.FulfilOrder(s.admin(), &checkoutv1.FulfilOrderRequest{OrderId: which, IfVersion: 1})
	is(t, err, checkout.ErrVersionConflict)
	_, err = s.client.CancelOrder(s.admin(), &checkoutv1.CancelOrderRequest{OrderId: which, IfVersion: 1})
	is(t, err, checkout.ErrVersionConflict)
	_, err = s.client.RecordRefund(s.admin(), &checkoutv1.RecordRefundRequest{OrderId: which, IfVersion: 1, Amount: euros(1), IdempotencyKey: "r"})
	is(t, err, checkout.ErrVersionConflict)
	_, err = s.client.CancelOrder(s.admin(), &checkoutv1.CancelOrderRequest{OrderId: which, IfVersion: 2})
	ok(t, err)
}

func TestUnpaidOrdersAreCancelled(t *testing.T) {
	t.Parallel()
	s := open(t)
	unpaid, part, full := s.order(1), s.order(1), s.order(1)
	_, err := s.pay(s.admin(), part.GetId(), 100, "p")
	ok(t, err)
	_, err = s.pay(s.admin(), full.GetId(), full.GetTotals().GetTotal().GetAmount(), "p")
	ok(t, err)
	s.clock.forward(s.cfg.PaymentTTL - time.Second)
	ok(t, s.svc.Sweep(t.Context()))
	equal(t, "before its time", s.get(unpaid.GetId()).GetStatus(), pending)
	s.clock.forward(time.Second)
	ok(t, s.svc.Sweep(t.Context()))
	ok(t, s.svc.Sweep(t.Context()))
	gone := s.get(unpaid.GetId())
	equal(t, "nothing paid", gone.GetStatus(), cancelled)
	equal(t, "reason", gone.GetCancelReason(), "It was not paid in time.")
	equal(t, "actor", gone.GetHistory()[1].GetActorId(), "")
	equal(t, "part of it paid", s.get(part.GetId()).GetStatus(), pending)
	equal(t, "paid", s.get(full.GetId()).GetStatus(), paid)
	equal(t, "events", s.count("outbox where subject = 'evt.checkout.order.cancelled'"), 1)
}

func TestMyOrders(t *testing.T) {
	t.Parallel()
	s := open(t)
	me, you := id.New(), id.New()
	mine := map[string]bool{}
	var last string
	for i := range 5 {
		b := s.carts.fill(line{s.stock.add(1), 1})
		owner := me
		if i == 3 {
			owner = you
		}
		s.carts.give(b, owner)
		b.token = "" // the owner needs none
		res, err := s.buy(s.customer(owner), b, "k"+strconv.Itoa(i))
		ok(t, err)
		equal(t, "customer", res.GetOrder().GetCustomerId(), owner.String())
		if owner == me {
			mine[res.GetOrder().GetId()], last = true, res.GetOrder().GetId()
		}
		s.clock.forward(time.Second)
	}
	s.order(1) // a guest's
	seen := map[string]bool{}
	request := &checkoutv1.ListMyOrdersRequest{Page: &typev1.PageRequest{Limit: 2}}
	for first := true; first || len(request.GetPage().GetAfter()) > 0; first = false {
		res, err := s.client.ListMyOrders(s.customer(me), request)
		ok(t, err)
		if first {
			equal(t, "newest", res.GetOrders()[0].GetId(), last)
		}
		equal(t, "total", res.GetPage().GetTotal(), 4)
		for _, o := range res.GetOrders() {
			if seen[o.GetId()] || !mine[o.GetId()] || len(o.GetItems()) != 1 {
				t.Errorf("shown: %v", o)
			}
			seen[o.GetId()] = true
		}
		request.Page.After = res.GetPage().GetNext()
	}
	equal(t, "orders seen", len(seen), 4)
	_, err := s.client.GetMyOrder(s.customer(me), &checkoutv1.GetMyOrderRequest{Id: last})
	ok(t, err)
	for name, ctx := range map[string]context.Context{"another": s.customer(you), "the same in another tenant": s.elsewhere(s.customer(me))} {
		if _, err := s.client.GetMyOrder(ctx, &checkoutv1.GetMyOrderRequest{Id: last}); !errors.Is(err, checkout.ErrOrderNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = s.client.ListMyOrders(s.shopper(), &checkoutv1.ListMyOrdersRequest{})
	is(t, err, auth.ErrUnauthenticated)
	_, err = s.client.GetMyOrder(s.admin(), &checkoutv1.GetMyOrderRequest{Id: last})
	is(t, err, auth.ErrUnauthenticated)
	// Its token opens it to anybody, and no other order.
	placed, err := s.buy(s.shopper(), s.carts.fill(line{s.stock.add(1), 1}), "guest")
	ok(t, err)
	token := placed.GetAccessToken()
	_, err = s.client.GetMyOrder(s.shopper(), &checkoutv1.GetMyOrderRequest{Id: placed.GetOrder().GetId(), AccessToken: token})
	ok(t, err)
	_, err = s.client.GetMyOrder(s.shopper(), &checkoutv1.GetMyOrderRequest{Id: last, AccessToken: token})
	is(t, err, checkout.ErrOrderNotFound)
}

func TestOrdersAreFound(t *testing.T) {
	t.Parallel()
	s := open(t)
	var orders []*checkoutv1.Order
	for range 3 {
		orders = append(orders, s.order(1))
		s.clock.forward(time.Second)
	}
	_, err := s.pay(s.admin(), orders[1].GetId(), orders[1].GetTotals().GetTotal().GetAmount(), "p")
	ok(t, err)
	// One that came to nothing, and one under way: nobody sees them.
	_, err = s.buy(s.shopper(), s.carts.fill(line{s.stock.add(0), 1}), "k")
	is(t, err, errNoStock)
	cut, _ := s.dieAt("snapshot")
	if _, err := cut.buy(s.shopper(), s.carts.fill(line{s.stock.add(1), 1}), "k"); err == nil {
		t.Fatal("the process did not die")
	}
	at := func(i int) *timestamppb.Timestamp { return orders[i].GetPlacedAt() }
	for name, c := range map[string]struct {
		req  *checkoutv1.ListOrdersRequest
		want []int
	}{
		"all":           {&checkoutv1.ListOrdersRequest{}, []int{2, 1, 0}},
		"oldest first":  {&checkoutv1.ListOrdersRequest{OldestFirst: true}, []int{0, 1, 2}},
		"paid":          {&checkoutv1.ListOrdersRequest{Status: paid}, []int{1}},
		"number":        {&checkoutv1.ListOrdersRequest{Q: " 1002 "}, []int{1}},
		"part of it":    {&checkoutv1.ListOrdersRequest{Q: "100"}, []int{2, 1, 0}},
		"e-mail":        {&checkoutv1.ListOrdersRequest{Q: "ADA@"}, []int{2, 1, 0}},
		"no wildcards":  {&checkoutv1.ListOrdersRequest{Q: "ada%"}, nil},
		"from":          {&checkoutv1.ListOrdersRequest{From: at(1)}, []int{2, 1}},
		"to":            {&checkoutv1.ListOrdersRequest{To: at(1)}, []int{0}},
		"from and to":   {&checkoutv1.ListOrdersRequest{From: at(1), To: at(2)}, []int{1}},
		"nobody's":      {&checkoutv1.ListOrdersRequest{CustomerId: id.New().String()}, nil},
		"second page":   {&checkoutv1.ListOrdersRequest{Page: &typev1.PageRequest{Page: 2, Limit: 2}}, []int{0}},
		"beyond":        {&checkoutv1.ListOrdersRequest{Page: &typev1.PageRequest{Page: 9, Limit: 2}}, nil},
		"after a place": {&checkoutv1.ListOrdersRequest{OldestFirst: true, Page: &typev1.PageRequest{After: page.Key(">", at(0).AsTime().Format(time.RFC3339Nano), orders[0].GetId())}}, []int{1, 2}},
	} {
		res, err := s.client.ListOrders(s.admin(), c.req)
		if err != nil || len(res.GetOrders()) != len(c.want) {
			t.Errorf("%s: %d orders, %v", name, len(res.GetOrders()), err)
			continue
		}
		for i, want := range c.want {
			if res.GetOrders()[i].GetId() != orders[want].GetId() {
				t.Errorf("%s: order %d is %s", name, i, res.GetOrders()[i].GetNumber())
			}
		}
	}
	for _, bad := range [][]byte{[]byte("x"), page.Key("<", "x", orders[0].GetId()), page.Key(">", at(0).AsTime().Format(time.RFC3339Nano), orders[0].GetId())} {
		_, err := s.client.ListOrders(s.admin(), &checkoutv1.ListOrdersRequest{Page: &typev1.PageRequest{After: bad}})
		is(t, err, page.ErrBadCursor)
	}
	elsewhere := s.elsewhere(s.admin())
	res, err := s.client.ListOrders(elsewhere, &checkoutv1.ListOrdersRequest{})
	ok(t, err)
	equal(t, "another tenant's orders", len(res.GetOrders()), 0)
	for _, do := range commands(elsewhere, s, orders[1].GetId()) {
		is(t, do(), checkout.ErrOrderNotFound)
	}
	for _, do := range commands(s.admin(), s, id.New().String()) {
		is(t, do(), checkout.ErrOrderNotFound)
	}
	clerk := auth.With(s.shopper(), auth.Principal{Kind: auth.Staff, ID: id.New(), Role: "staff"})
	for i, do := range commands(clerk, s, orders[1].GetId()) {
		if err := do(); i > 0 && !errors.Is(err, rpc.ErrDenied) || i == 0 && err != nil {
			t.Errorf("a clerk, command %d: %v", i, err)
		}
	}
}

// commands are all that staff may ask about an order; the first only reads.
func commands(ctx context.Context, s *shop, order string) []func() error {
	return []func() error{
		func() error { _, err := s.client.GetOrder(ctx, &checkoutv1.GetOrderRequest{Id: order}); return err },
		func() error { _, err := s.pay(ctx, order, 1, "x"); return err },
		func() error { _, err := s.refund(ctx, order, 1, "x"); return err },
		func() error {
			_, err := s.client.FulfilOrder(ctx, &checkoutv1.FulfilOrderRequest{OrderId: order})
			return err
		},
		func() error {
			_, err := s.client.CancelOrder(ctx, &checkoutv1.CancelOrderRequest{OrderId: order})
			return err
		},
	}
}
