package cart_test

import (
	"fmt"
	"testing"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
)

// A reduced price carries what it is compared to and the lowest price before the reduction into the cart, in every process.
func TestReducedLines(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := r.sell(800, 500)
	r.others.change(func() {
		r.others.variants[v].CompareAtPrice, r.others.variants[v].PriorPrice = euros(1200), euros(1000)
		r.others.variants[v].PriceTiers = []*catalogv1.PriceTier{{MinQuantity: 1, Price: euros(800)}, {MinQuantity: 10, Price: euros(700)}}
	})
	told := func(what string, c *cartv1.Cart, compareAt, prior string) {
		t.Helper()
		show := func(m *typev1.Money) string {
			if m == nil {
				return "nothing"
			}
			return fmt.Sprint(m.GetAmount(), " ", m.GetCurrency())
		}
		l := c.GetItems()[0]
		if show(l.GetCompareAtPrice()) != compareAt || show(l.GetPriorPrice()) != prior {
			t.Errorf("%s: compared to %s, before %s", what, show(l.GetCompareAtPrice()), show(l.GetPriorPrice()))
		}
	}
	b := r.ready(v, 1)
	told("read", r.get(b), "1200 EUR", "1000 EUR")
	update := func(r *room, quantity int64) *cartv1.Cart {
		t.Helper()
		res, err := r.UpdateItem(r.ctx, &cartv1.UpdateItemRequest{Id: b.id, Token: b.token, ItemId: r.get(b).GetItems()[0].GetId(), Quantity: quantity})
		ok(t, err)
		return res.GetCart()
	}
	told("changed", update(r, 2), "1200 EUR", "1000 EUR")
	told("by quantity", update(r, 10), "1200 EUR", "nothing")
	told("a process that reads the cart first", update(r.replica(), 9), "1200 EUR", "1000 EUR")
	r.others.change(func() { r.others.variants[v].CompareAtPrice, r.others.variants[v].PriorPrice = nil, nil })
	told("the reduction is over", r.get(b), "nothing", "nothing")
	r.others.change(func() { r.others.variants[v].PriorPrice = &typev1.Money{Amount: 1, Currency: "SEK"} })
	told("another currency", r.get(b), "nothing", "nothing")
}
