package inventory_test

import (
	"context"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// hear hands an event of the catalogue to the room, in its transaction.
func (r *room) hear(t *testing.T, subject string, product id.ID, body proto.Message) {
	t.Helper()
	e := event(t, tenant.Default(), subject, product, body)
	for _, c := range r.svc.Consumers() {
		if c.Name == "inventory-catalog" {
			ok(t, r.db.Tx(r.ctx, func(ctx context.Context, tx *pg.Tx) error { return c.Handle(ctx, tx, e, nil) }))
		}
	}
}

// bundle says what a bundle takes.
func (r *room) bundle(t *testing.T, bundle id.ID, parts ...*catalogv1.BundlePart) {
	t.Helper()
	r.hear(t, "evt.catalog.product.updated", bundle, &catalogv1.ProductUpdated{ProductId: bundle.String(), Bundle: &catalogv1.BundleParts{Parts: parts}})
}

func takes(variant id.ID, quantity int64) *catalogv1.BundlePart {
	return &catalogv1.BundlePart{VariantId: variant.String(), Quantity: quantity}
}

func (r *room) adjust(variant id.ID, delta int64) {
	r.t.Helper()
	_, err := r.client.AdjustStock(r.ctx, &inventoryv1.AdjustStockRequest{VariantId: variant.String(), Delta: delta, Reason: inventoryv1.Reason_REASON_CORRECTION})
	ok(r.t, err)
}

// shortOf reads what was announced of a variant, in order.
func shortOf(t *testing.T, events []bus.Event, variant id.ID) (out []int64) {
	t.Helper()
	sequence := int64(0)
	for _, e := range events {
		if e.Aggregate != variant {
			continue
		}
		var body inventoryv1.StockChanged
		ok(t, e.Unmarshal(&body))
		if body.GetAvailable() == (body.GetShortOf() == 1) {
			t.Errorf("it is told as %v", &body)
		}
		if e.Sequence <= sequence {
			t.Errorf("sequence %d after %d", e.Sequence, sequence)
		}
		sequence = e.Sequence
		out = append(out, body.GetShortOf())
	}
	return out
}

func list(t *testing.T, what string, got, want []int64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%s: got %v, want %v", what, got, want)
		}
	}
}

// TestBundlesAreTold: whoever makes bundles of a variant hears when it can no longer be had in the quantities they take.
func TestBundlesAreTold(t *testing.T) {
	t.Parallel()
	r := open(t)
	js := bustest.Start(t)
	bustest.Run(t, r.db, js)
	v, late, pair, crate := r.variant(6), id.New(), id.New(), id.New() // 0
	r.bundle(t, pair, takes(v, 2), takes(v, 1), takes(late, 3))        // nothing new
	r.bundle(t, crate, takes(v, 5))                                    // nothing new
	r.bundle(t, crate, takes(v, 5))                                    // a repeat
	first, second := id.New(), id.New()
	ok(t, r.reserve(first, line(v, 1)))                                                                                 // 5 left: nothing new
	ok(t, r.reserve(second, line(v, 1)))                                                                                // 4 left: 5
	r.adjust(v, -3)                                                                                                     // 1 left: 2
	r.adjust(v, -1)                                                                                                     // 0 left: 1
	ok(t, r.release(first))                                                                                             // 1 left: 2
	ok(t, r.release(second))                                                                                            // 2 left: 5
	r.bundle(t, crate, takes(v, 4))                                                                                     // 4
	r.hear(t, "evt.catalog.product.deleted", crate, &catalogv1.ProductDeleted{ProductId: crate.String(), Bundle: true}) // 0
	r.bundle(t, pair)
	r.adjust(v, -1)                                // nobody asks
	r.bundle(t, pair, takes(v, 3), takes(late, 3)) // 3
	backorder := true
	_, err := r.client.UpdateStockSettings(r.ctx, &inventoryv1.UpdateStockSettingsRequest{VariantId: v.String(), AllowBackorder: &backorder}) // 0
	ok(t, err)
	r.stockUp(2, late) // opened when it is watched already: 3
	events := bustest.Published(t, js, "evt.inventory.stock.changed", 11)
	list(t, "the variant", shortOf(t, events, v), []int64{0, 5, 2, 1, 2, 5, 4, 0, 3, 0})
	list(t, "one that is opened late", shortOf(t, events, late), []int64{3})
	r.sound()
}

// TestWatchedWhileSold lets a bundle come while its part is sold: what is announced last is how it is.
func TestWatchedWhileSold(t *testing.T) {
	t.Parallel()
	r := open(t)
	js := bustest.Start(t)
	bustest.Run(t, r.db, js)
	const rounds = 20
	var last []id.ID
	for range rounds {
		v := r.variant(10)
		last = append(last, v)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() { ok(t, r.reserve(id.New(), line(v, 1))) })
		}
		wg.Go(func() { r.bundle(t, id.New(), takes(v, 3)) })
		wg.Go(func() { r.bundle(t, id.New(), takes(v, 2)) })
		wg.Wait()
	}
	end := r.variant(1) // told after everything else
	n := 2*rounds + 1
	events := bustest.Published(t, js, "evt.inventory.stock.changed", n)
	for ; events[n-1].Aggregate != end; n++ {
		events = bustest.Published(t, js, "evt.inventory.stock.changed", n+1)
	}
	for _, v := range last { // 2 are left
		if told := shortOf(t, events, v); told[len(told)-1] != 3 {
			t.Errorf("told %v", told)
		}
	}
	r.sound()
}
