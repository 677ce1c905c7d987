package cart_test

import (
	"testing"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/services/cart"
)

// song puts a file on sale.
func (r *room) song(price int64) string {
	r.t.Helper()
	v := r.sell(price, 100)
	r.shipped(v, false)
	return v
}

// shipped changes whether a variant is shipped.
func (r *room) shipped(v string, shipped bool) {
	r.others.change(func() { r.others.variants[v].Unshipped = !shipped })
}

func (r *room) bill(b basket, a *typev1.Address) (*cartv1.Cart, error) {
	res, err := r.SetBillingAddress(r.ctx, &cartv1.SetBillingAddressRequest{Id: b.id, Token: b.token, Address: a})
	return res.GetCart(), err
}

func (r *room) remove(b basket, item string) (*cartv1.Cart, error) {
	res, err := r.RemoveItem(r.ctx, &cartv1.RemoveItemRequest{Id: b.id, Token: b.token, ItemId: item})
	return res.GetCart(), err
}

func (r *room) rates(b basket) []*cartv1.ShippingRate {
	r.t.Helper()
	res, err := r.ListShippingRates(r.ctx, &cartv1.ListShippingRatesRequest{Id: b.id, Token: b.token})
	ok(r.t, err)
	return res.GetRates()
}

func TestFilesAloneAreNotShipped(t *testing.T) {
	t.Parallel()
	r := open(t)
	b := r.create(r.ctx)
	c, err := r.add(b, r.song(990), 1)
	ok(t, err)
	if !c.GetItems()[0].GetUnshipped() || !r.get(b).GetItems()[0].GetUnshipped() {
		t.Error("a file is shipped")
	}
	_, err = r.claim(b, id.New())
	is(t, err, cart.ErrEmailMissing)
	ok(t, r.email(b, "ada@example.com"))
	_, err = r.claim(b, id.New())
	is(t, err, cart.ErrBillingCountryMissing)
	// An address says where the buyer is, and still nothing is shipped there.
	_, err = r.shipTo(b, address("FR"))
	ok(t, err)
	if rates := r.rates(b); len(rates) != 0 {
		t.Errorf("a file has rates %v", rates)
	}
	_, err = r.shipBy(b, "standard")
	is(t, err, cart.ErrShippingNotRequired)
	names(t, err, "shippingRateId")
	order := id.New()
	claimed, err := r.claim(b, order)
	ok(t, err)
	if totals := claimed.GetTotals(); totals.GetShipping().GetAmount() != 0 || totals.GetTotal().GetAmount() != 990 || claimed.ShippingRate != nil ||
		claimed.GetBillingAddress().GetCity() != "Paris" {
		t.Errorf("claimed %v", claimed)
	}
}

// The tax is that of the country the buyer is in; the least a shopper has to say is that country.
func TestTheBuyersCountryIsEnough(t *testing.T) {
	t.Parallel()
	r := open(t)
	for _, say := range []func(b basket) error{
		func(b basket) error { _, err := r.bill(b, address("DE")); return err },
		func(b basket) error { _, err := r.shipTo(b, address("DE")); return err },
		func(b basket) error { _, err := r.move(b, &cartv1.UpdateCartRequest{Country: new("DE")}); return err },
	} {
		b := r.create(r.ctx)
		_, err := r.add(b, r.song(990), 1)
		ok(t, err)
		ok(t, r.email(b, "ada@example.com"))
		ok(t, say(b))
		c, err := r.claim(b, id.New())
		ok(t, err)
		if c.GetCountry() != "DE" {
			t.Errorf("the order is for %q", c.GetCountry())
		}
	}
}

func TestThingsBesideFilesAreShipped(t *testing.T) {
	t.Parallel()
	r := open(t)
	song, shirt := r.song(990), r.sell(4900, 10)
	b := r.ready(shirt, 1)
	c, err := r.add(b, song, 1)
	ok(t, err)
	if len(r.rates(b)) != 2 || c.GetTotals().GetShipping().GetAmount() != 490 {
		t.Errorf("a mixed cart has rates %v and totals %v", r.rates(b), c.GetTotals())
	}
	// With the last thing that is shipped goes the way of shipping.
	if c, err = r.remove(b, c.GetItems()[0].GetId()); err != nil || c.ShippingRate != nil || c.GetTotals().GetTotal().GetAmount() != 990 || c.ShippingAddress == nil {
		t.Errorf("the file alone: %v, %v", c, err)
	}
	// It does not come back by itself.
	c, err = r.add(b, shirt, 1)
	ok(t, err)
	if c.ShippingRate != nil {
		t.Errorf("a way of shipping came back: %v", c)
	}
	_, err = r.claim(b, id.New())
	is(t, err, cart.ErrShippingMethodMissing)
	_, err = r.shipBy(b, "standard")
	ok(t, err)
	_, err = r.claim(b, id.New())
	ok(t, err)

	// A cart that needed nothing needs an address and a way of shipping as soon as something is shipped.
	b = r.create(r.ctx)
	_, err = r.add(b, song, 1)
	ok(t, err)
	ok(t, r.email(b, "ada@example.com"))
	_, err = r.bill(b, address("FR"))
	ok(t, err)
	_, err = r.add(b, shirt, 1)
	ok(t, err)
	_, err = r.claim(b, id.New())
	is(t, err, cart.ErrShippingAddressMissing)
	_, err = r.shipTo(b, address("FR"))
	ok(t, err)
	_, err = r.claim(b, id.New())
	is(t, err, cart.ErrShippingMethodMissing)
}

// What was a file when it was put in may be a thing when it is ordered, and the other way round. The catalogue of the moment
// counts, and the shopper sees it.
func TestAVariantBecomesAFile(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := r.song(990)
	b := r.create(r.ctx)
	_, err := r.add(b, v, 1)
	ok(t, err)
	ok(t, r.email(b, "ada@example.com"))
	_, err = r.bill(b, address("FR"))
	ok(t, err)
	r.shipped(v, true)
	_, err = r.claim(b, id.New())
	is(t, err, cart.ErrShippingAddressMissing)
	if r.get(b).GetItems()[0].GetUnshipped() {
		t.Error("the cart does not say that it is shipped now")
	}
	r.shipped(v, false)
	c, err := r.claim(b, id.New())
	ok(t, err)
	if !c.GetItems()[0].GetUnshipped() || c.GetTotals().GetTotal().GetAmount() != 990 {
		t.Errorf("claimed %v", c)
	}
}

// A cart of files has the prices of where its buyer is, one with a thing in it those of where it goes.
func TestFilesHaveThePricesOfTheBuyersCountry(t *testing.T) {
	t.Parallel()
	r := open(t)
	song, _ := abroad(r) // 900 in France, 1000 elsewhere
	r.shipped(song, false)
	shirt := r.sell(4900, 10)
	r.others.change(func() {
		quote := r.others.quote
		r.others.quote = func(req *catalogv1.ResolveVariantsRequest, told *catalogv1.ResolvedVariant) {
			if quote(req, told); told.GetId() == shirt {
				told.Price = euros(5000)
			}
		}
	})
	b := r.create(r.ctx)
	c, err := r.add(b, song, 1)
	ok(t, err)
	costs(t, "nowhere", c, 1000, "EUR")
	c, err = r.bill(b, address("FR"))
	ok(t, err)
	costs(t, "a French buyer", c, 900, "EUR")
	// Where it would go does not matter as long as nothing goes there.
	c, err = r.shipTo(b, address("DE"))
	ok(t, err)
	costs(t, "a French buyer with an address in Germany", c, 900, "EUR")
	_, err = r.move(b, &cartv1.UpdateCartRequest{Country: new("DE")})
	is(t, err, cart.ErrCountryFixed)
	c, err = r.add(b, shirt, 1)
	ok(t, err)
	costs(t, "shipped to Germany", c, 6000, "EUR")
	if c.GetCountry() != "DE" {
		t.Errorf("the country is %s", c.GetCountry())
	}
	c, err = r.remove(b, c.GetItems()[1].GetId())
	ok(t, err)
	costs(t, "the file alone", c, 900, "EUR")
	ok(t, r.email(b, "ada@example.com"))
	claimed, err := r.claim(b, id.New())
	ok(t, err)
	if claimed.GetCountry() != "FR" {
		t.Errorf("the order is for %s", claimed.GetCountry())
	}
}
