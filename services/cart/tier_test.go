package cart_test

import (
	"testing"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/services/cart"
)

// A line costs what its quantity costs, however it came to it, in every process and up to the order.
func TestQuantityTiers(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := r.sell(1000, 500)
	tiers := func(ten, hundred int64) {
		r.others.change(func() {
			r.others.variants[v].PriceTiers = []*catalogv1.PriceTier{
				{MinQuantity: 1, Price: euros(1000)}, {MinQuantity: 10, Price: euros(ten)}, {MinQuantity: 100, Price: euros(hundred)},
			}
		})
	}
	tiers(900, 800)
	costs := func(what string, c *cartv1.Cart, unit, total int64) {
		t.Helper()
		if l := c.GetItems()[0]; l.GetUnitPrice().GetAmount() != unit || l.GetTotal().GetAmount() != total {
			t.Errorf("%s: %v", what, l)
		}
	}
	b := r.ready(v, 9)
	costs("nine", r.get(b), 1000, 9000)
	c, err := r.add(b, v, 1)
	ok(t, err)
	costs("one more", c, 900, 9000)
	update := func(r *room, quantity int64) *cartv1.Cart {
		t.Helper()
		res, err := r.UpdateItem(r.ctx, &cartv1.UpdateItemRequest{Id: b.id, Token: b.token, ItemId: c.GetItems()[0].GetId(), Quantity: quantity})
		ok(t, err)
		return res.GetCart()
	}
	costs("a hundred", update(r, 100), 800, 80_000)
	costs("a process that reads the cart first", update(r.replica(), 99), 900, 89_100)
	costs("back to one", update(r, 1), 1000, 1000)
	costs("ten", update(r, 10), 900, 9000)

	// The tier the line is in changes: the shopper sees it before paying it.
	order := id.New()
	tiers(950, 800)
	_, err = r.claim(b, order)
	is(t, err, cart.ErrPricesChanged)
	costs("the new price", r.get(b), 950, 9500)
	// Another one does not matter.
	tiers(950, 700)
	claimed, err := r.claim(b, order)
	ok(t, err)
	costs("claimed", claimed, 950, 9500)
}

// A shop that sells in crowns sells what is priced in euros and in crowns.
func TestCartInAFurtherCurrency(t *testing.T) {
	t.Parallel()
	r := open(t)
	v, other := r.sell(1000, 10), r.sell(1000, 10)
	r.others.change(func() {
		r.others.settings.Store.DefaultCurrency = "SEK"
		r.others.further = map[string]*typev1.Money{v: {Amount: 12_000, Currency: "SEK"}}
	})
	made, err := r.CreateCart(r.ctx, &cartv1.CreateCartRequest{Currency: "SEK"})
	ok(t, err)
	b := basket{made.GetCart().GetId(), made.GetToken()}
	c, err := r.add(b, v, 2)
	ok(t, err)
	if got := c.GetTotals().GetSubtotal(); got.GetAmount() != 24_000 || got.GetCurrency() != "SEK" {
		t.Errorf("got %v", got)
	}
	_, err = r.add(b, other, 1)
	is(t, err, cart.ErrCurrencyMismatch)
}
