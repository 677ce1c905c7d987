package cart_test

import (
	"slices"
	"testing"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/services/cart"
)

// traded makes a variant that costs 1000, and 700 for the trade.
func traded(r *room) string {
	v := r.sell(1000, 100)
	r.others.change(func() {
		r.others.quote = func(req *catalogv1.ResolveVariantsRequest, told *catalogv1.ResolvedVariant) {
			if told.GetId() == v && slices.Contains(req.GetCustomerGroups(), "trade") {
				told.Price = euros(700)
			}
		}
	})
	return v
}

func customer(groups ...string) auth.Principal {
	return auth.Principal{Kind: auth.Customer, ID: id.New(), Session: id.New(), Groups: groups}
}

// touch changes nothing of a cart but whose it is.
func (r *room) touch(b basket) *cartv1.Cart {
	r.t.Helper()
	c, err := r.move(b, &cartv1.UpdateCartRequest{})
	ok(r.t, err)
	return c
}

func TestCartsHaveThePricesOfTheirOwnersGroups(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := traded(r)
	ada := customer("trade")
	hers := r.as(ada)

	own := hers.make(&cartv1.CreateCartRequest{})
	c, err := hers.add(own, v, 2)
	ok(t, err)
	costs(t, "a cart of her own", c, 1400, "EUR")

	// A guest's cart is taken over: what is in it is priced anew, at once and for good.
	b := r.create(r.ctx)
	c, err = r.add(b, v, 2)
	ok(t, err)
	costs(t, "as a guest", c, 2000, "EUR")
	other := r.sell(100, 100)
	c, err = hers.add(b, other, 1)
	ok(t, err)
	costs(t, "taken over", c, 1500, "EUR")
	costs(t, "read again", hers.get(b), 1500, "EUR")
	costs(t, "by another process", hers.replica().get(b), 1500, "EUR")
	asked := r.others.count("variants")
	hers.touch(b)
	if r.others.count("variants") != asked {
		t.Error("a cart whose groups have not changed is priced anew")
	}

	// Whoever only holds its token pays what everybody pays, and so does another customer, whatever groups they are in.
	costs(t, "by its token", r.touch(b), 2100, "EUR")
	costs(t, "by its owner", hers.touch(b), 1500, "EUR")
	costs(t, "by another customer", r.as(customer("trade")).touch(b), 2100, "EUR")
	costs(t, "by staff", r.as(auth.Principal{Kind: auth.Staff, ID: id.New(), Role: "owner", Groups: []string{"trade"}}).touch(b), 2100, "EUR")

	// The owner leaves the group.
	costs(t, "by its owner again", hers.touch(b), 1500, "EUR")
	ada.Groups = nil
	costs(t, "out of the group", r.as(ada).touch(b), 2100, "EUR")
	ada.Groups = []string{"other"}
	costs(t, "in a group without prices", r.as(ada).touch(b), 2100, "EUR")
}

func TestClaimAtThePricesOfGroups(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := traded(r)
	ada := customer("trade")

	// Signed in only when it is ordered: the buyer sees the price first, whichever way it goes.
	b := r.ready(v, 1)
	_, err := r.as(ada).claim(b, id.New())
	is(t, err, cart.ErrPricesChanged)
	detail(t, err, map[string]any{"variantId": v, "before": 1000, "now": 700, "currency": "EUR"})
	costs(t, "after the refusal", r.as(ada).get(b), 700, "EUR")
	c, err := r.as(ada).claim(b, id.New())
	ok(t, err)
	costs(t, "claimed", c, 700, "EUR")

	// The group is left between pricing and ordering.
	b = r.ready(v, 1)
	costs(t, "taken over", r.as(ada).touch(b), 700, "EUR")
	left := ada
	left.Groups = nil
	_, err = r.as(left).claim(b, id.New())
	is(t, err, cart.ErrPricesChanged)
	c, err = r.as(left).claim(b, id.New())
	ok(t, err)
	costs(t, "claimed out of the group", c, 1000, "EUR")

	// The token alone does not buy at the group's price.
	b = r.ready(v, 1)
	costs(t, "taken over", r.as(ada).touch(b), 700, "EUR")
	_, err = r.claim(b, id.New())
	is(t, err, cart.ErrPricesChanged)

	// An order that is taken up by the shop itself has the price its buyer saw.
	b = r.ready(v, 1)
	costs(t, "taken over", r.as(ada).touch(b), 700, "EUR")
	c, err = r.as(auth.Principal{Kind: auth.Service}).claim(b, id.New())
	ok(t, err)
	costs(t, "claimed by the shop", c, 700, "EUR")
}
