package cart_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/services/cart"
)

func TestFromEmptyToClaimed(t *testing.T) {
	t.Parallel()
	r := open(t)
	shirt, other := r.sell(4900, 10), r.sell(1000, 10)
	made, err := r.CreateCart(r.ctx, &cartv1.CreateCartRequest{Currency: "EUR"})
	ok(t, err)
	b := basket{made.GetCart().GetId(), made.GetToken()}
	if len(b.token) != 43 || made.GetCart().GetTotals().GetTotal().GetAmount() != 0 || made.GetCart().GetVersion() != 1 {
		t.Fatalf("made %v", made)
	}
	_, err = r.add(b, shirt, 1)
	ok(t, err)
	_, err = r.add(b, other, 3)
	ok(t, err)
	c, err := r.add(b, shirt, 1)
	ok(t, err)
	if len(c.GetItems()) != 2 || c.GetTotals().GetSubtotal().GetAmount() != 12_800 {
		t.Fatalf("one variant makes one line: %v", c)
	}
	line := c.GetItems()[0]
	if line.GetVariantId() != shirt || line.GetQuantity() != 2 || line.GetTotal().GetAmount() != 9800 || line.GetTitle() != "Linen shirt" ||
		line.GetVariantTitle() != "S" || line.GetOptions()["size"] != "S" || line.GetImage() != "/media/shirt" || line.GetProductSlug() != "linen-shirt" {
		t.Errorf("line %v", line)
	}
	removed, err := r.RemoveItem(r.ctx, &cartv1.RemoveItemRequest{Id: b.id, Token: b.token, ItemId: c.GetItems()[1].GetId()})
	ok(t, err)
	again, err := r.RemoveItem(r.ctx, &cartv1.RemoveItemRequest{Id: b.id, Token: b.token, ItemId: c.GetItems()[1].GetId()})
	ok(t, err)
	if len(removed.GetCart().GetItems()) != 1 || len(again.GetCart().GetItems()) != 1 {
		t.Errorf("left %v", again)
	}
	_, err = r.UpdateItem(r.ctx, &cartv1.UpdateItemRequest{Id: b.id, Token: b.token, ItemId: c.GetItems()[1].GetId(), Quantity: 1})
	is(t, err, cart.ErrItemNotFound)
	updated, err := r.UpdateItem(r.ctx, &cartv1.UpdateItemRequest{Id: b.id, Token: b.token, ItemId: line.GetId(), Quantity: 3})
	ok(t, err)
	if updated.GetCart().GetTotals().GetSubtotal().GetAmount() != 14_700 {
		t.Errorf("updated %v", updated)
	}

	order := id.New()
	for _, step := range []struct {
		missing error
		give    func() error
	}{
		{cart.ErrEmailMissing, func() error { return r.email(b, " Ada@Example.com") }},
		{cart.ErrShippingAddressMissing, func() error { _, err := r.shipTo(b, address("FR")); return err }},
		{cart.ErrShippingMethodMissing, func() error { _, err := r.shipBy(b, "courier"); return err }},
	} {
		_, err := r.claim(b, order)
		is(t, err, step.missing)
		if fault.From(err).Kind() != fault.KindInvalid {
			t.Errorf("%v is no 422", err)
		}
		ok(t, step.give())
	}
	claimed, err := r.claim(b, order)
	ok(t, err)
	if claimed.GetStatus() != cartv1.CartStatus_CART_STATUS_CONVERTED || claimed.GetTotals().GetTotal().GetAmount() != 16_200 ||
		claimed.GetTotals().GetTax().GetAmount() != 2700 || claimed.GetEmail() != "ada@example.com" ||
		!proto.Equal(claimed.GetBillingAddress(), address("FR")) || claimed.GetShippingRate().GetName() != "Courier" {
		t.Errorf("claimed %v", claimed)
	}
	if c := r.get(b); c.GetBillingAddress() != nil || !proto.Equal(c.GetTotals(), claimed.GetTotals()) {
		t.Errorf("shown %v", c)
	}
}

func TestShopperMistakes(t *testing.T) {
	t.Parallel()
	r := open(t)
	v, draft, foreign := r.sell(4900, 10), r.sell(1, 10), r.sell(1, 10)
	r.others.change(func() {
		r.others.variants[draft].Sellable = false
		r.others.variants[foreign].Price.Currency = "NOK"
	})
	b := r.create(r.ctx)
	_, err := r.CreateCart(r.ctx, &cartv1.CreateCartRequest{Currency: "USD"})
	is(t, err, cart.ErrCurrencyUnsupported)
	names(t, err, "currency")
	_, err = r.add(b, id.New().String(), 1)
	is(t, err, cart.ErrVariantNotFound)
	_, err = r.add(b, draft, 1)
	is(t, err, cart.ErrVariantNotFound)
	_, err = r.add(b, foreign, 1)
	is(t, err, cart.ErrCurrencyMismatch)
	_, err = r.add(b, strings.ToUpper(v), 1)
	is(t, err, rpc.ErrInvalid)
	names(t, err, "variantId")
	for _, quantity := range []int64{0, -1, 10_001} {
		_, err = r.add(b, v, quantity)
		is(t, err, rpc.ErrInvalid)
		names(t, err, "quantity")
	}
	err = r.email(b, "ada@")
	is(t, err, cart.ErrBadEmail)
	names(t, err, "email")

	a := address("SU")
	a.Name, a.City = "  ", "Par\x00is"
	_, err = r.shipTo(b, a)
	is(t, err, cart.ErrBadAddress)
	names(t, err, "name", "city", "country")
	rates, err := r.ListShippingRates(r.ctx, &cartv1.ListShippingRatesRequest{Id: b.id, Token: b.token})
	ok(t, err)
	if len(rates.GetRates()) != 0 {
		t.Errorf("something ships to nowhere: %v", rates)
	}
	_, err = r.shipBy(b, "standard")
	is(t, err, cart.ErrShippingAddressMissing)
	_, err = r.shipTo(b, address("FR"))
	ok(t, err)
	rates, err = r.ListShippingRates(r.ctx, &cartv1.ListShippingRatesRequest{Id: b.id, Token: b.token})
	ok(t, err)
	if len(rates.GetRates()) != 2 || rates.GetRates()[1].GetAmount().GetAmount() != 1500 {
		t.Errorf("rates %v", rates)
	}
	_, err = r.shipBy(b, "sledge")
	is(t, err, cart.ErrRateUnavailable)
	names(t, err, "shippingRateId")
	c, err := r.shipBy(b, "courier")
	ok(t, err)
	if c.GetTotals().GetShipping().GetAmount() != 1500 {
		t.Errorf("chosen %v", c)
	}
	// The courier does not go to Germany.
	if c, err = r.shipTo(b, address("DE")); err != nil || c.GetShippingRate() != nil || c.GetTotals().GetShipping().GetAmount() != 0 {
		t.Errorf("moved %v, %v", c, err)
	}
	if c, err = r.shipTo(b, address("FR")); err != nil || c.GetShippingRate() != nil {
		t.Errorf("a choice that was dropped came back: %v, %v", c, err)
	}
	_, err = r.ApplyDiscount(r.ctx, &cartv1.ApplyDiscountRequest{Id: b.id, Token: b.token, Code: "SPRING"})
	is(t, err, cart.ErrDiscountNotFound)
	_, err = r.RemoveDiscount(r.ctx, &cartv1.RemoveDiscountRequest{Id: b.id, Token: b.token, Code: "SPRING"})
	ok(t, err)
	_, err = r.claim(b, id.New())
	is(t, err, cart.ErrEmpty)
}

func TestStockAndLimits(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := r.sell(4900, 2)
	b := r.create(r.ctx)
	c, err := r.add(b, v, 2)
	ok(t, err)
	_, err = r.add(b, v, 1)
	is(t, err, fault.Conflict("inventory.insufficient_stock", ""))
	detail(t, err, map[string]any{"variantId": v, "requested": int64(3), "available": int64(2)})
	update := &cartv1.UpdateItemRequest{Id: b.id, Token: b.token, ItemId: c.GetItems()[0].GetId(), Quantity: 4}
	_, err = r.UpdateItem(r.ctx, update)
	detail(t, err, map[string]any{"variantId": v, "requested": int64(4), "available": int64(2)})
	unknown := r.sell(1, 1)
	r.others.change(func() {
		r.others.stocks[v].AllowBackorder = true
		delete(r.others.stocks, unknown)
	})
	_, err = r.add(b, unknown, 1)
	detail(t, err, map[string]any{"variantId": unknown, "requested": int64(1), "available": int64(0)})
	update.Quantity = 10_000
	_, err = r.UpdateItem(r.ctx, update)
	ok(t, err)
	_, err = r.add(b, v, 1)
	is(t, err, cart.ErrQuantityTooLarge)
	names(t, err, "quantity")

	full := r.create(r.ctx)
	for range 100 {
		_, err := r.add(full, r.sell(1, 10), 1)
		ok(t, err)
	}
	_, err = r.add(full, v, 1)
	is(t, err, cart.ErrTooManyLines)
	c = r.get(full)
	if len(c.GetItems()) != 100 || c.GetTotals().GetSubtotal().GetAmount() != 100 {
		t.Errorf("%d lines", len(c.GetItems()))
	}
	// Lines that are there still take more.
	_, err = r.add(full, c.GetItems()[99].GetVariantId(), 1)
	ok(t, err)

	// What cannot be counted is not kept.
	rich := r.create(r.ctx)
	dear := r.sell(1<<62, 10)
	_, err = r.add(rich, dear, 1)
	ok(t, err)
	_, err = r.add(rich, dear, 1)
	is(t, err, cart.ErrAmountTooLarge)
	if c := r.get(rich); c.GetItems()[0].GetQuantity() != 1 {
		t.Errorf("kept %v", c)
	}
}

func TestWhoMayOpen(t *testing.T) {
	t.Parallel()
	r := open(t)
	pgtest.Isolation(t, r.db)
	ada, eve := auth.Principal{Kind: auth.Customer, ID: id.New()}, auth.Principal{Kind: auth.Customer, ID: id.New()}
	guest, hers := r.create(r.ctx), r.create(r.as(ada).ctx)
	look := func(r *room, b basket, token string) error {
		_, err := r.GetCart(r.ctx, &cartv1.GetCartRequest{Id: b.id, Token: token})
		return err
	}
	for name, row := range map[string]struct {
		err, want error
	}{
		"guest with the token":            {look(r, guest, guest.token), nil},
		"guest without":                   {look(r, guest, ""), cart.ErrDenied},
		"guest with another cart's token": {look(r, guest, hers.token), cart.ErrDenied},
		"unknown cart":                    {look(r, basket{id: id.New().String()}, guest.token), cart.ErrNotFound},
		"owner without the token":         {look(r.as(ada), hers, ""), nil},
		"owner's token alone":             {look(r, hers, hers.token), nil},
		"another customer":                {look(r.as(eve), hers, ""), cart.ErrDenied},
		"staff with the owner's id":       {look(r.as(auth.Principal{Kind: auth.Staff, ID: ada.ID, Role: "owner"}), hers, ""), cart.ErrDenied},
		"nobody's cart, no customer id":   {look(r.as(auth.Principal{Kind: auth.Customer}), guest, ""), cart.ErrDenied},
		"another shop":                    {look(r.elsewhere(), guest, guest.token), cart.ErrNotFound},
	} {
		if row.want == nil && row.err != nil || row.want != nil {
			if fault.From(row.err) == nil || !fault.From(row.err).Is(row.want) {
				t.Errorf("%s: got %v, want %v", name, row.err, row.want)
			}
		}
	}
	elsewhere := r.elsewhere()
	is(t, elsewhere.email(guest, "eve@example.com"), cart.ErrNotFound)
	_, err := elsewhere.claim(guest, id.New())
	is(t, err, cart.ErrNotFound)

	// Signing in before the next change makes a guest's cart the customer's; a second customer does not take it over.
	ok(t, r.as(ada).email(guest, "ada@example.com"))
	ok(t, r.as(eve).email(guest, "eve@example.com"))
	if c := r.get(guest); c.GetCustomerId() != ada.ID.String() {
		t.Errorf("owner %q", c.GetCustomerId())
	}
	ok(t, look(r.as(ada), guest, ""))
	is(t, look(r.as(eve), guest, ""), cart.ErrDenied)

	// Every store method asks for the token.
	closed := r.create(r.ctx)
	v := r.sell(1, 1)
	_, err = r.add(basket{id: closed.id}, v, 1)
	is(t, err, cart.ErrDenied)
	if r.others.count("variants") != 0 {
		t.Error("a stranger made the room ask the catalogue")
	}
	nowhere := id.New().String()
	_, err = r.UpdateItem(r.ctx, &cartv1.UpdateItemRequest{Id: closed.id, ItemId: nowhere, Quantity: 1})
	is(t, err, cart.ErrDenied)
	_, err = r.RemoveItem(r.ctx, &cartv1.RemoveItemRequest{Id: closed.id, ItemId: nowhere})
	is(t, err, cart.ErrDenied)
	is(t, r.email(basket{id: closed.id}, "a@example.com"), cart.ErrDenied)
	_, err = r.shipTo(basket{id: closed.id}, address("FR"))
	is(t, err, cart.ErrDenied)
	_, err = r.SetBillingAddress(r.ctx, &cartv1.SetBillingAddressRequest{Id: closed.id, Address: address("FR")})
	is(t, err, cart.ErrDenied)
	_, err = r.ListShippingRates(r.ctx, &cartv1.ListShippingRatesRequest{Id: closed.id})
	is(t, err, cart.ErrDenied)
	_, err = r.shipBy(basket{id: closed.id}, "standard")
	is(t, err, cart.ErrDenied)
	_, err = r.ApplyDiscount(r.ctx, &cartv1.ApplyDiscountRequest{Id: closed.id, Code: "X"})
	is(t, err, cart.ErrDenied)
	_, err = r.RemoveDiscount(r.ctx, &cartv1.RemoveDiscountRequest{Id: closed.id, Code: "X"})
	is(t, err, cart.ErrDenied)
	_, err = r.DeleteCart(r.ctx, &cartv1.DeleteCartRequest{Id: closed.id})
	is(t, err, cart.ErrDenied)
	_, err = r.claim(basket{id: closed.id}, id.New())
	is(t, err, cart.ErrDenied)

	var kept int
	ok(t, r.db.Read(r.ctx, func(batch *pg.Batch) {
		var found bool
		pg.Row(batch.Queue("select count(*) from carts where position($1 in carts::text) > 0", closed.token), &found, &kept)
	}))
	if kept != 0 {
		t.Error("a token is kept in the clear")
	}
}

func TestConcurrentChanges(t *testing.T) {
	t.Parallel()
	r := open(t)
	b := r.create(r.ctx)
	same := r.sell(100, 10_000)
	var wg sync.WaitGroup
	for range 8 {
		v := r.sell(100, 10)
		wg.Go(func() {
			if _, err := r.add(b, v, 1); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if _, err := r.add(b, same, 2); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	c := r.get(b)
	if len(c.GetItems()) != 9 || c.GetTotals().GetSubtotal().GetAmount() != 2400 || c.GetVersion() != 17 {
		t.Errorf("%d lines, version %d, %v", len(c.GetItems()), c.GetVersion(), c.GetTotals())
	}
}

func TestClaimOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := r.sell(4900, 10)
	b := r.ready(v, 1)
	orders := make([]id.ID, 8)
	answers, failures := make([]*cartv1.Cart, len(orders)), make([]error, len(orders))
	// All have read the cart before any of them saves it.
	var read, wg sync.WaitGroup
	read.Add(len(orders))
	r.others.change(func() {
		r.others.before = func() {
			read.Done()
			read.Wait()
		}
	})
	for i := range orders {
		orders[i] = id.New()
		wg.Go(func() { answers[i], failures[i] = r.claim(b, orders[i]) })
	}
	wg.Wait()
	winner := -1
	for i, err := range failures {
		switch {
		case err == nil && winner < 0:
			winner = i
		case err == nil:
			t.Error("two orders have the cart")
		default:
			is(t, err, cart.ErrAlreadyConverted)
		}
	}
	if winner < 0 {
		t.Fatal("nobody has the cart")
	}
	// The same order hears the same, without the token, whatever changes meanwhile, and after the cart's time.
	r.others.change(func() {
		r.others.variants[v].Price = euros(1)
		r.others.settings.Tax = &identityv1.TaxSettings{Rate: "0.1000", Country: "FR"}
		r.others.settings.Shipping = nil
	})
	r.clock.forward(cart.DefaultConfig().Lifetime + time.Hour)
	again, err := r.claim(basket{id: b.id}, orders[winner])
	ok(t, err)
	if !proto.Equal(again, answers[winner]) {
		t.Errorf("first %v, then %v", answers[winner], again)
	}
	if c := r.get(b); !proto.Equal(c.GetTotals(), again.GetTotals()) {
		t.Errorf("shown %v", c)
	}

	// An ordered cart is closed.
	_, err = r.add(b, v, 1)
	is(t, err, cart.ErrAlreadyConverted)
	is(t, r.email(b, "a@example.com"), cart.ErrAlreadyConverted)
	_, err = r.DeleteCart(r.ctx, &cartv1.DeleteCartRequest{Id: b.id, Token: b.token})
	is(t, err, cart.ErrAlreadyConverted)
	_, err = r.ApplyDiscount(r.ctx, &cartv1.ApplyDiscountRequest{Id: b.id, Token: b.token, Code: "X"})
	is(t, err, cart.ErrAlreadyConverted)
}

func TestUnclaim(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := r.sell(4900, 10)
	b := r.ready(v, 1)
	first, second := id.New(), id.New()
	_, err := r.claim(b, first)
	ok(t, err)
	ok(t, r.unclaim(b, second)) // not its cart: nothing happens
	ok(t, r.elsewhere().unclaim(b, first))
	if c := r.get(b); c.GetStatus() != cartv1.CartStatus_CART_STATUS_CONVERTED {
		t.Fatalf("another order opened the cart: %v", c)
	}
	ok(t, r.unclaim(b, first))
	ok(t, r.unclaim(b, first))
	if c := r.get(b); c.GetStatus() != cartv1.CartStatus_CART_STATUS_ACTIVE || len(c.GetItems()) != 1 || c.GetShippingRate().GetId() != "standard" {
		t.Fatalf("opened %v", c)
	}
	_, err = r.claim(b, first) // arrives late
	is(t, err, cart.ErrWithdrawn)
	_, err = r.add(b, v, 1)
	ok(t, err)
	third := id.New()
	claimed, err := r.claim(b, third)
	ok(t, err)
	if claimed.GetTotals().GetSubtotal().GetAmount() != 9800 {
		t.Errorf("claimed %v", claimed)
	}
	ok(t, r.unclaim(basket{id: id.New().String()}, third))

	// An Unclaim that comes in between the reading and the saving of its Claim wins.
	racing := r.ready(v, 1)
	order := id.New()
	var once sync.Once
	r.others.change(func() { r.others.before = func() { once.Do(func() { ok(t, r.unclaim(racing, order)) }) } })
	_, err = r.claim(racing, order)
	is(t, err, cart.ErrWithdrawn)
	if c := r.get(racing); c.GetStatus() != cartv1.CartStatus_CART_STATUS_ACTIVE {
		t.Errorf("left %v", c)
	}
}

func TestClaimAtTodaysPrices(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := r.sell(4900, 10)
	b := r.ready(v, 2)
	r.others.change(func() {
		r.others.variants[v].Price = euros(5000)
		r.others.variants[v].ProductTitle = "Better shirt"
	})
	if c := r.get(b); c.GetItems()[0].GetUnitPrice().GetAmount() != 5000 || c.GetItems()[0].GetPreviousUnitPrice().GetAmount() != 4900 {
		t.Errorf("a look does not tell the new price: %v", c)
	}
	order := id.New()
	_, err := r.claim(b, order)
	is(t, err, cart.ErrPricesChanged)
	detail(t, err, map[string]any{"variantId": v, "before": int64(4900), "now": int64(5000), "currency": "EUR"})
	c := r.get(b)
	if c.GetStatus() != cartv1.CartStatus_CART_STATUS_ACTIVE || c.GetTotals().GetSubtotal().GetAmount() != 10_000 || c.GetItems()[0].GetTitle() != "Better shirt" {
		t.Errorf("refreshed %v", c)
	}
	r.others.change(func() { r.others.variants[v].Sellable = false })
	_, err = r.claim(b, order)
	is(t, err, cart.ErrItemUnavailable)
	detail(t, err, map[string]any{"itemId": c.GetItems()[0].GetId(), "variantId": v})
	r.others.change(func() {
		r.others.variants[v].Sellable = true
		r.others.variants[v].ProductTitle = "Best shirt"
	})
	claimed, err := r.claim(b, order)
	ok(t, err)
	if claimed.GetItems()[0].GetTitle() != "Best shirt" || claimed.GetTotals().GetSubtotal().GetAmount() != 10_000 {
		t.Errorf("claimed %v", claimed)
	}
}

func TestEndOfACart(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := r.sell(4900, 10)
	cfg := cart.DefaultConfig()
	given, lapsing, kept, ordered := r.ready(v, 1), r.ready(v, 1), r.ready(v, 1), r.ready(v, 1)
	for range 3 { // more than one batch
		r.create(r.ctx)
	}
	elsewhere := r.elsewhere()
	elsewhere.create(elsewhere.ctx)
	_, err := r.claim(ordered, id.New())
	ok(t, err)
	_, err = r.DeleteCart(r.ctx, &cartv1.DeleteCartRequest{Id: given.id, Token: given.token})
	ok(t, err)
	gone := func(b basket) {
		t.Helper()
		_, err := r.GetCart(r.ctx, &cartv1.GetCartRequest{Id: b.id, Token: b.token})
		is(t, err, cart.ErrNotFound)
		_, err = r.add(b, v, 1)
		is(t, err, cart.ErrNotFound)
		_, err = r.claim(b, id.New())
		is(t, err, cart.ErrNotFound)
		ok(t, r.unclaim(b, id.New()))
	}
	gone(given)

	r.clock.forward(cfg.Lifetime - time.Hour)
	ok(t, r.email(kept, "ada@example.com")) // a change counts anew
	r.clock.forward(2 * time.Hour)
	gone(lapsing)
	r.get(kept)
	r.get(ordered)

	sweeps(t, r, func() string {
		// Those of the other shop are swept too.
		if n := r.rows("status = 'abandoned' and email is null and shipping_address is null"); n != 4 {
			return fmt.Sprintf("%d abandoned", n)
		}
		if n := elsewhere.rows("status = 'abandoned'"); n != 1 {
			return fmt.Sprintf("%d abandoned elsewhere", n)
		}
		// Given up and ordered a lifetime ago.
		if n := r.rows("status <> 'abandoned'"); n != 1 {
			return fmt.Sprintf("%d others", n)
		}
		return ""
	})
	r.get(kept)
	r.clock.forward(cfg.KeepClosed + time.Hour)
	ok(t, r.db.Write(r.ctx, func(w *pg.Writes) error {
		w.Exec("update carts set expires_at = $1 where id = $2", r.clock.Now().Add(time.Hour), kept.id)
		return nil
	}))
	sweeps(t, r, func() string {
		if here, there := r.rows("true"), elsewhere.rows("true"); here != 1 || there != 0 {
			return fmt.Sprintf("%d carts here, %d there", here, there)
		}
		return ""
	})
	if c := r.get(kept); len(c.GetItems()) != 1 {
		t.Errorf("kept %v", c)
	}
}

// rows counts carts.
func (r *room) rows(where string) int {
	r.t.Helper()
	var n int
	var found bool
	ok(r.t, r.db.Read(r.ctx, func(b *pg.Batch) { pg.Row(b.Queue("select count(*) from carts where "+where), &found, &n) }))
	return n
}

// sweeps runs the room until nothing is missing any more.
func sweeps(t *testing.T, r *room, missing func() string) {
	t.Helper()
	done := make(chan error, 1)
	ctx, cancel := withCancel(r)
	go func() { done <- r.svc.Run(ctx) }()
	until(t, missing)
	cancel()
	ok(t, <-done)
}

// until waits for something that must come about by itself.
func until(t *testing.T, missing func() string) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		what := missing()
		if what == "" {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("never came about: " + what)
		}
	}
}

func TestSettingsAreAskedOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { r.create(r.ctx) })
	}
	wg.Wait()
	if n := r.others.count("settings"); n > 2 {
		t.Errorf("asked %d times", n)
	}
	r.clock.forward(3 * time.Second)
	r.others.change(func() { r.others.settings.Store.DefaultCurrency = "NOK" })
	if c := r.get(r.create(r.ctx)); c.GetCurrency() != "NOK" {
		t.Errorf("stale settings: %v", c)
	}
	before := r.others.count("settings")
	r.elsewhere().create(r.elsewhere().ctx)
	if r.others.count("settings") == before {
		t.Error("another shop got this shop's settings")
	}
	// A shop that is not set up is no shop with a tax of zero.
	r.clock.forward(3 * time.Second)
	r.others.change(func() { r.others.settings.Tax = nil })
	_, err := r.CreateCart(r.ctx, &cartv1.CreateCartRequest{})
	is(t, err, fault.Internal())
}

// TestStatements keeps the cost of the buy path: it is what a shop with many shoppers pays.
func TestStatements(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := r.sell(4900, 10)
	r.ready(v, 1) // the connection knows its tenant now
	b := basket{}
	cost := func(want int64, what string, do func() error) {
		t.Helper()
		before := r.db.Statements()
		ok(t, do())
		if got := r.db.Statements() - before; got != want {
			t.Errorf("%s takes %d statements, want %d", what, got, want)
		}
	}
	cost(1, "create", func() error { b = r.create(r.ctx); return nil })
	cost(1, "add", func() error { _, err := r.add(b, v, 1); return err })
	cost(1, "add again", func() error { _, err := r.add(b, v, 1); return err })
	cost(1, "e-mail", func() error { return r.email(b, "ada@example.com") })
	cost(1, "shipping address", func() error { _, err := r.shipTo(b, address("FR")); return err })
	cost(1, "billing address", func() error {
		_, err := r.SetBillingAddress(r.ctx, &cartv1.SetBillingAddressRequest{Id: b.id, Token: b.token, Address: &typev1.Address{
			Name: "Ada", Company: proto.String("Engines"), Line1: "2", City: "Lyon", PostalCode: "69001", Country: "FR",
		}})
		return err
	})
	cost(1, "rates", func() error {
		_, err := r.ListShippingRates(r.ctx, &cartv1.ListShippingRatesRequest{Id: b.id, Token: b.token})
		return err
	})
	cost(1, "shipping method", func() error { _, err := r.shipBy(b, "standard"); return err })
	cost(1, "get", func() error { r.get(b); return nil })
	order := id.New()
	cost(1, "claim", func() error {
		c, err := r.claim(b, order)
		if c.GetBillingAddress().GetCompany() != "Engines" {
			t.Errorf("claimed %v", c)
		}
		return err
	})
	cost(1, "claim again", func() error { _, err := r.claim(b, order); return err })
	cost(2, "unclaim", func() error { return r.unclaim(b, order) })
}

// What a process remembers of a cart is never trusted over what another has saved.
func TestReplicasShareOneCart(t *testing.T) {
	t.Parallel()
	one := open(t)
	two := one.replica()
	v := one.sell(4900, 100)
	b := one.create(one.ctx)
	for i := range 6 {
		_, err := []*room{one, two}[i%2].add(b, v, 1)
		ok(t, err)
	}
	if got := one.get(b).GetItems()[0].GetQuantity(); got != 6 {
		t.Errorf("%d units after six additions", got)
	}
	one.ready(v, 1)
	full := one.ready(v, 2)
	order := id.New()
	_, err := two.claim(full, order)
	ok(t, err)
	if _, err := one.add(full, v, 1); !errors.Is(err, cart.ErrAlreadyConverted) {
		t.Errorf("the other process changed an ordered cart: %v", err)
	}
	ok(t, one.unclaim(full, order))
	_, err = two.add(full, v, 1)
	ok(t, err)
}
