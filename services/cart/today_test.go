package cart_test

import (
	"testing"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/services/cart"
)

func TestACartIsReadAtTodaysPrices(t *testing.T) {
	t.Parallel()
	r := open(t)
	shirt, sock := r.sell(4900, 10), r.sell(500, 10)
	b := r.ready(shirt, 2)
	added, err := r.add(b, sock, 1)
	ok(t, err)
	if same := r.get(b); same.GetItems()[0].PreviousUnitPrice != nil || same.GetItems()[0].GetUnavailable() || same.GetVersion() != added.GetVersion() {
		t.Errorf("nothing has changed: %v", same)
	}
	r.others.change(func() {
		r.others.variants[shirt].Price, r.others.variants[shirt].ProductTitle = euros(5900), "Better shirt"
		r.others.variants[sock].Sellable = false
	})
	for range 2 { // reading changes nothing
		c := r.get(b)
		first, second := c.GetItems()[0], c.GetItems()[1]
		if first.GetUnitPrice().GetAmount() != 5900 || first.GetTotal().GetAmount() != 11800 || first.GetPreviousUnitPrice().GetAmount() != 4900 ||
			first.GetPreviousUnitPrice().GetCurrency() != "EUR" || first.GetTitle() != "Better shirt" || first.GetUnavailable() {
			t.Errorf("the shirt is %v", first)
		}
		if second.GetUnitPrice().GetAmount() != 500 || second.PreviousUnitPrice != nil || !second.GetUnavailable() {
			t.Errorf("the sock is %v", second)
		}
		if c.GetTotals().GetSubtotal().GetAmount() != 12300 || c.GetVersion() != added.GetVersion() {
			t.Errorf("the cart is %v", c)
		}
	}
	// Who orders is asked once, and then has seen it.
	_, err = r.remove(b, added.GetItems()[1].GetId())
	ok(t, err)
	_, err = r.claim(b, id.New())
	is(t, err, cart.ErrPricesChanged)
	if c := r.get(b); c.GetItems()[0].PreviousUnitPrice != nil || c.GetItems()[0].GetUnitPrice().GetAmount() != 5900 {
		t.Errorf("after the refusal: %v", c)
	}
	order := id.New()
	_, err = r.claim(b, order)
	ok(t, err)
	// What was ordered stays as it was ordered.
	r.others.change(func() { r.others.variants[shirt].Price = euros(1) })
	if c := r.get(b); c.GetItems()[0].GetUnitPrice().GetAmount() != 5900 || c.GetItems()[0].PreviousUnitPrice != nil {
		t.Errorf("an ordered cart is %v", c)
	}
}

// A catalogue that does not answer leaves the shopper the cart as it was, and so does a price that nobody can count.
func TestACartIsReadWithoutACatalogue(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := r.sell(4900, 10_000)
	b := r.create(r.ctx)
	_, err := r.add(b, v, 2)
	ok(t, err)
	r.others.change(func() { r.others.away = fault.Unavailable("test.away", "The room is away.") })
	if c := r.get(b); c.GetTotals().GetSubtotal().GetAmount() != 9800 {
		t.Errorf("without a catalogue: %v", c)
	}
	r.others.change(func() {
		r.others.away = nil
		r.others.variants[v].Price = euros(1 << 62)
	})
	if c := r.get(b); c.GetTotals().GetSubtotal().GetAmount() != 9800 {
		t.Errorf("at a price beyond counting: %v", c)
	}
}

// The owner reads the prices of the groups the token names, and whoever only holds the cart's token those of everybody.
func TestACartIsReadByItsOwner(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := r.sell(1000, 10)
	r.others.change(func() {
		r.others.quote = func(req *catalogv1.ResolveVariantsRequest, told *catalogv1.ResolvedVariant) {
			if len(req.GetCustomerGroups()) > 0 {
				told.Price = euros(800)
			}
		}
	})
	owner := r.as(auth.Principal{Kind: auth.Customer, ID: id.New(), Groups: []string{"trade"}})
	b := owner.create(owner.ctx)
	_, err := owner.add(b, v, 1)
	ok(t, err)
	for who, want := range map[*room]int64{owner: 800, r: 1000} {
		res, err := who.GetCart(who.ctx, &cartv1.GetCartRequest{Id: b.id, Token: b.token})
		ok(t, err)
		if got := res.GetCart().GetTotals().GetSubtotal().GetAmount(); got != want {
			t.Errorf("read at %d, want %d", got, want)
		}
	}
}
