package checkout_test

import (
	"slices"
	"testing"

	cartv1 "github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/id"
)

// A bundle holds the stock of what it is made of, also when its process dies on the way, and the order's event names it
// and its parts.
func TestBundleHoldsItsParts(t *testing.T) {
	t.Parallel()
	for _, point := range []string{"", "snapshot", "reserve"} {
		t.Run("dies after "+point, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			js := bustest.Start(t)
			bustest.Run(t, s.db, js)
			bundle, shirt, mug := id.New(), s.stock.add(10), s.stock.add(10)
			b := s.carts.fill(line{bundle, 3}, line{shirt, 2})
			b.cart.Items[0].Components = []*cartv1.LineComponent{{VariantId: shirt.String(), Quantity: 2}, {VariantId: mug.String(), Quantity: 1}}
			p := s.process
			if point != "" {
				p, _ = s.dieAt(point)
			}
			if _, err := p.buy(s.shopper(), b, "k"); (err == nil) != (point == "") {
				t.Fatalf("the first try: %v", err)
			}
			s.clock.forward(s.cfg.LeaseTime)
			res, err := s.buy(s.shopper(), b, "k")
			ok(t, err)
			equal(t, "shirts left", s.stock.leftOf(shirt), 10-3*2-2)
			equal(t, "mugs left", s.stock.leftOf(mug), 10-3)
			var created checkoutv1.OrderCreated
			ok(t, bustest.Published(t, js, "evt.checkout.order.created", 1)[0].Unmarshal(&created))
			if got, want := created.GetVariantIds(), []string{bundle.String(), shirt.String(), mug.String()}; !slices.Equal(got, want) {
				t.Errorf("it is about %v, want %v", got, want)
			}
			equal(t, "units of the bundle", res.GetOrder().GetItems()[0].GetQuantity(), 3)
		})
	}
}

// Two lines that share the last units are asked for together: one of them alone could have been served.
func TestLinesShareStock(t *testing.T) {
	t.Parallel()
	s := open(t)
	shirt := s.stock.add(5)
	b := s.carts.fill(line{id.New(), 2}, line{shirt, 2})
	b.cart.Items[0].Components = []*cartv1.LineComponent{{VariantId: shirt.String(), Quantity: 2}}
	_, err := s.buy(s.shopper(), b, "k")
	is(t, err, errNoStock)
	equal(t, "shirts left", s.stock.leftOf(shirt), 5)
	b = s.carts.fill(line{id.New(), 2}, line{shirt, 2})
	b.cart.Items[0].Components = []*cartv1.LineComponent{{VariantId: "nonsense", Quantity: 2}}
	if _, err := s.buy(s.shopper(), b, "l"); err == nil {
		t.Error("a bundle of nonsense was ordered")
	}
}
