package inventory_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/inventory"
)

func event(t *testing.T, shop id.ID, subject string, aggregate id.ID, body proto.Message) bus.Event {
	t.Helper()
	bytes, err := proto.Marshal(body)
	ok(t, err)
	return bus.Event{ID: id.New(), Subject: subject, Tenant: shop, Aggregate: aggregate, Sequence: 1, Body: bytes}
}

// until waits for something that must come about by itself.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("never came about: " + what)
		}
	}
}

func TestEventsFromOtherRooms(t *testing.T) {
	t.Parallel()
	r := open(t)
	js := bustest.Start(t)
	runner := bustest.Run(t, r.db, js, r.svc.Consumers()...)
	shop := id.New() // a tenant this room has not heard of
	r.ctx = tenant.With(r.ctx, shop)
	product, first, second := id.New(), id.New(), id.New()

	created := event(t, shop, "evt.catalog.product.created", product, &catalogv1.ProductCreated{
		ProductId: product.String(), Variants: []*catalogv1.VariantAdded{{VariantId: first.String(), InitialStock: 6}},
	})
	bustest.Publish(t, js, created)
	bustest.Publish(t, js, event(t, shop, "evt.catalog.product.updated", product, &catalogv1.ProductUpdated{
		ProductId: product.String(), VariantsAdded: []*catalogv1.VariantAdded{
			{VariantId: first.String(), InitialStock: 99}, {VariantId: second.String(), AllowBackorder: true},
		},
	}))
	until(t, "stock is open", func() bool {
		res, err := r.client.GetLevels(r.ctx, &inventoryv1.GetLevelsRequest{VariantIds: []string{first.String(), second.String()}})
		ok(t, err)
		return len(res.GetStocks()) == 2
	})
	r.level(first, 6, 0)

	paid, cancelled, early, over := id.New(), id.New(), id.New(), id.New()
	ok(t, r.reserve(paid, line(first, 2)))
	ok(t, r.reserve(cancelled, line(first, 3)))
	ok(t, r.reserve(over, line(first, 1)))
	ok(t, r.release(over))
	payment := event(t, shop, "evt.checkout.order.paid", paid, &checkoutv1.OrderPaid{OrderId: paid.String()})
	bustest.Publish(t, js, payment)
	for _, order := range []id.ID{cancelled, early} {
		bustest.Publish(t, js, event(t, shop, "evt.checkout.order.cancelled", order, &checkoutv1.OrderCancelled{OrderId: order.String()}))
	}
	// Paid, but cancelled by RPC before the event came by: not a dead letter.
	bustest.Publish(t, js, event(t, shop, "evt.checkout.order.paid", over, &checkoutv1.OrderPaid{OrderId: over.String()}))
	until(t, "events are handled", func() bool { return runner.Stats().Handled == 6 })
	r.level(first, 4, 0)
	is(t, r.reserve(early, line(first, 1)), inventory.ErrReservationReleased)
	if dead := runner.Stats().Dead; dead != 0 {
		t.Errorf("%d dead letters", dead)
	}
	r.sound()
}

func TestAnnouncesWhenAVariantCanBeBought(t *testing.T) {
	t.Parallel()
	r := open(t)
	js := bustest.Start(t)
	bustest.Run(t, r.db, js)
	v, empty := id.New(), id.New()
	r.stockUp(2, v)
	r.stockUp(0, empty) // could never be bought: nothing to tell
	sold, lapsed := id.New(), id.New()
	ok(t, r.reserve(sold, line(v, 1)))   // one left: nothing to tell
	ok(t, r.reserve(lapsed, line(v, 1))) // the last
	ok(t, r.commit(sold))                // no difference to shoppers
	r.clock.forward(holdTime)
	ok(t, r.svc.Sweep(r.ctx)) // one comes back
	adjust := func(variant id.ID, delta int64) {
		t.Helper()
		_, err := r.client.AdjustStock(r.ctx, &inventoryv1.AdjustStockRequest{
			VariantId: variant.String(), Delta: delta, Reason: inventoryv1.Reason_REASON_CORRECTION,
		})
		ok(t, err)
	}
	adjust(v, -1)
	backorder := true
	_, err := r.client.UpdateStockSettings(r.ctx, &inventoryv1.UpdateStockSettingsRequest{VariantId: v.String(), AllowBackorder: &backorder})
	ok(t, err)
	adjust(empty, 1)

	events := bustest.Published(t, js, "evt.inventory.stock.changed", 6)
	want := []bool{true, false, true, false, true}
	var sequence int64
	for i, available := range want {
		var body inventoryv1.StockChanged
		ok(t, events[i].Unmarshal(&body))
		if body.GetVariantId() != v.String() || events[i].Aggregate != v || body.GetAvailable() != available {
			t.Errorf("event %d: %v, want available %v", i, &body, available)
		}
		if events[i].Sequence <= sequence {
			t.Errorf("event %d has sequence %d after %d", i, events[i].Sequence, sequence)
		}
		sequence = events[i].Sequence
	}
	if got := r.stock(v).GetVersion(); got != sequence {
		t.Errorf("the last change was announced as %d, the balance is at %d", sequence, got)
	}
	if events[5].Aggregate != empty {
		t.Errorf("sixth event %+v", events[5])
	}
}
