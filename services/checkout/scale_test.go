package checkout_test

import (
	"runtime"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/pg"
)

// ordered buys a basket of so many lines.
func (s *shop) ordered(lines int) *checkoutv1.Order {
	s.t.Helper()
	all := make([]line, lines)
	for i := range all {
		all[i] = line{s.stock.add(2), 2}
	}
	b := s.carts.fill(all...)
	res, err := s.buy(s.shopper(), b, "order "+b.id)
	ok(s.t, err)
	return res.GetOrder()
}

// An order of five hundred lines, five times as many as a cart takes, lives by the statements of an order of one, and its
// memory is that of its lines.
func TestFiveHundredLines(t *testing.T) { //nolint:paralleltest // it counts what the process allocates
	s := open(t)
	type cost struct{ statements, allocated int64 }
	life := func(lines int) map[string]cost {
		out := map[string]cost{}
		did := func(what string, call func()) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			sent := s.db.Statements()
			call()
			c := cost{statements: s.db.Statements() - sent}
			runtime.ReadMemStats(&after)
			c.allocated = int64(after.TotalAlloc - before.TotalAlloc)
			out[what] = c
			t.Logf("%3d lines: to %s takes %d statements and %d KiB", lines, what, c.statements, c.allocated>>10)
		}
		var o *checkoutv1.Order
		did("place", func() { o = s.ordered(lines) })
		equal(t, "lines", len(o.GetItems()), lines)
		did("pay", func() {
			_, err := s.pay(s.admin(), o.GetId(), o.GetTotals().GetTotal().GetAmount(), "pay "+o.GetId())
			ok(t, err)
		})
		did("send half of a line", func() {
			_, err := s.client.FulfilOrder(s.admin(), &checkoutv1.FulfilOrderRequest{
				OrderId: o.GetId(), IdempotencyKey: "half " + o.GetId(), Items: []*checkoutv1.FulfilmentItem{{OrderItemId: o.GetItems()[0].GetId(), Quantity: 1}},
			})
			ok(t, err)
		})
		did("send the rest", func() {
			_, err := s.client.FulfilOrder(s.admin(), &checkoutv1.FulfilOrderRequest{OrderId: o.GetId(), IdempotencyKey: "rest " + o.GetId()})
			ok(t, err)
		})
		did("refund", func() {
			_, err := s.refund(s.admin(), o.GetId(), 100, "refund "+o.GetId())
			ok(t, err)
		})
		did("read", func() { s.get(o.GetId()) })
		for _, l := range s.get(o.GetId()).GetItems() {
			if l.GetFulfilledQuantity() != 2 {
				t.Fatalf("%d of a line are sent", l.GetFulfilledQuantity())
			}
		}
		return out
	}
	life(1) // which warms everything
	one, many := life(1), life(500)
	for what, c := range many {
		if c.statements > one[what].statements+2 { // connections that have to be told the shop first
			t.Errorf("to %s takes %d statements with one line, %d with 500", what, one[what].statements, c.statements)
		}
		if most := one[what].allocated + 500*32<<10; c.allocated > most {
			t.Errorf("to %s allocates %d KiB", what, c.allocated>>10)
		}
	}
}

// Orders of very many lines with very long names are listed on pages that end sooner.
func TestPagesOfTheLargestOrders(t *testing.T) {
	t.Parallel()
	s := open(t)
	const orders = 12
	for range orders {
		s.ordered(100)
	}
	if err := s.db.Write(s.admin(), func(w *pg.Writes) error {
		w.Exec("update order_items set title = $1, variant_title = $1", strings.Repeat("𠮷", 512))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int32{0, 5, 100} {
		seen := map[string]bool{}
		pages := 0
		for req := (&checkoutv1.ListOrdersRequest{Page: &typev1.PageRequest{Limit: limit}}); ; pages++ {
			res, err := s.client.ListOrders(s.admin(), req)
			ok(t, err)
			if size := proto.Size(res); size > door.DefaultMaxPayload {
				t.Errorf("limit %d: an answer of %d bytes", limit, size)
			}
			for _, o := range res.GetOrders() {
				seen[o.GetId()] = true
			}
			if len(res.GetPage().GetNext()) == 0 {
				break
			}
			req.Page.After = res.GetPage().GetNext()
		}
		if len(seen) != orders || pages == 0 {
			t.Errorf("limit %d: %d orders in %d pages", limit, len(seen), pages+1)
		}
	}
}
