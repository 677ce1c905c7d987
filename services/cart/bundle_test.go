package cart_test

import (
	"slices"
	"testing"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
)

// A bundle has as many units as the scarcest of what it is made of allows, whatever its own stock says, and the order is
// told today's parts.
func TestBundlesInACart(t *testing.T) {
	t.Parallel()
	r := open(t)
	shirt, mug, bundle := r.sell(4900, 5), r.sell(900, 9), r.sell(5500, 0)
	r.others.change(func() {
		r.others.variants[bundle].Components = []*catalogv1.ResolvedComponent{{VariantId: shirt, Quantity: 2}, {VariantId: mug, Quantity: 1}}
		delete(r.others.stocks, bundle)
	})
	b := r.ready(shirt, 1)
	_, err := r.add(b, bundle, 3)
	is(t, err, fault.Conflict("inventory.insufficient_stock", ""))
	detail(t, err, map[string]any{"variantId": bundle, "requested": int64(3), "available": int64(2)})
	c, err := r.add(b, bundle, 2)
	ok(t, err)
	update := &cartv1.UpdateItemRequest{Id: b.id, Token: b.token, ItemId: c.GetItems()[1].GetId(), Quantity: 3}
	_, err = r.UpdateItem(r.ctx, update)
	detail(t, err, map[string]any{"variantId": bundle, "requested": int64(3), "available": int64(2)})
	other := r.replica() // reads what is stored
	_, err = other.UpdateItem(r.ctx, update)
	detail(t, err, map[string]any{"variantId": bundle, "requested": int64(3), "available": int64(2)})
	r.others.change(func() { r.others.stocks[shirt].AllowBackorder = true })
	update.Quantity = 9
	_, err = other.UpdateItem(r.ctx, update)
	ok(t, err)
	r.others.change(func() { delete(r.others.stocks, mug) })
	_, err = r.add(b, bundle, 1)
	detail(t, err, map[string]any{"variantId": bundle, "requested": int64(10), "available": int64(0)})

	parts := func(c *cartv1.Cart) []int64 {
		var out []int64
		for _, p := range c.GetItems()[1].GetComponents() {
			out = append(out, p.GetQuantity())
		}
		return out
	}
	if got := parts(r.get(b)); !slices.Equal(got, []int64{2, 1}) {
		t.Errorf("the line is made of %v", got)
	}
	r.others.change(func() { r.others.variants[bundle].Components[0].Quantity = 1 })
	claimed, err := r.claim(b, id.New())
	ok(t, err)
	if got := parts(claimed); !slices.Equal(got, []int64{1, 1}) || claimed.GetItems()[0].GetComponents() != nil {
		t.Errorf("the order is told %v", got)
	}
}
