package acceptance

import (
	"fmt"
	"net/http"
	"testing"
)

// stock checks that nothing is sold that is not there, and that everything there can be sold.
func (s *suite) stock(t *testing.T) {
	t.Run("more than there is", s.shortage)
	t.Run("the last unit is sold once", s.lastUnit)
	t.Run("cancelling gives the stock back", s.restock)
	t.Run("adjustments", s.adjustments)
	t.Run("backorder", s.backorder)
}

// short checks the answer to asking for more than there is.
func (s *suite) short(t *testing.T, a answer, v variant, requested, available int) {
	t.Helper()
	if a.status != http.StatusConflict || a.failed() != "inventory.insufficient_stock" {
		t.Fatalf("%s: got %d %s, want 409 inventory.insufficient_stock: %s", a.request, a.status, a.failed(), clip(a.body))
	}
	details := a.list(t, "error.details")
	if len(details) != 1 {
		t.Fatalf("want one detail: %s", clip(a.body))
	}
	for path, want := range map[string]any{"variantId": v.id, "requested": requested, "available": available} {
		a.equal(t, "error.details.0."+path, want)
	}
	if detail, ok := details[0].(map[string]any); !ok || len(detail) != 3 {
		t.Errorf("want variantId, requested and available: %s", clip(a.body))
	}
}

func (s *suite) shortage(t *testing.T) {
	t.Parallel()
	v := s.sell(t, 1, 4900).variants[0]
	c := s.newCart(t)
	items := func(quantity int) request {
		return request{method: "POST", path: c.path("/items"), cart: c.token, body: object{"variantId": v.id, "quantity": quantity}}
	}
	s.short(t, s.do(t, items(3)), v, 3, 1)
	line := s.want(t, http.StatusCreated, items(1)).text(t, "data.items.0.id")
	s.short(t, s.do(t, items(1)), v, 2, 1)
	s.short(t, s.do(t, request{method: "PATCH", path: c.path("/items/" + line), cart: c.token, body: object{"quantity": 2}}), v, 2, 1)
	s.want(t, http.StatusOK, request{method: "GET", path: c.path(""), cart: c.token}).equal(t, "data.items.0.quantity", 1)
}

func (s *suite) lastUnit(t *testing.T) {
	t.Parallel()
	const shoppers = 8
	p := s.sell(t, 1, 4900)
	v := p.variants[0]
	var ready []cart
	for range shoppers {
		c := s.newCart(t)
		// A shop may hold a unit from the moment it is in a cart; then the others hear so now.
		a := s.do(t, request{method: "POST", path: c.path("/items"), cart: c.token, body: object{"variantId": v.id, "quantity": 1}})
		if a.status != http.StatusCreated {
			s.short(t, a, v, 1, 0)
			continue
		}
		s.makeReady(t, c)
		ready = append(ready, c)
	}
	sold := 0
	for _, a := range s.together(t, len(ready), func(i int) request { return checkout(ready[i], unique()) }) {
		if a.status == http.StatusCreated {
			sold++
			continue
		}
		s.short(t, a, v, 1, 0)
	}
	if sold != 1 {
		t.Errorf("one unit was sold %d times", sold)
	}
	s.eventually(t, settled, "shoppers see that it is gone", func() error {
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/products/" + p.slug})
		if available, _ := lookup(a.doc, "data.variants.0.available"); available != false {
			return fmt.Errorf("available is %v", available)
		}
		return nil
	})
}

func (s *suite) restock(t *testing.T) {
	t.Parallel()
	v := s.sell(t, 3, 4900).variants[0]
	order := s.order(t, v, 3).text(t, "data.id")
	s.available(t, v, 0)
	path := "/admin/v1/orders/" + order + "/cancel"
	gone := s.want(t, http.StatusOK, request{method: "POST", path: path, token: s.admin, body: object{"reason": "The shopper changed their mind."}})
	s.shape(t, gone, "data", "adminOrder")
	gone.equal(t, "data.status", "cancelled")
	gone.equal(t, "data.cancelReason", "The shopper changed their mind.")
	s.available(t, v, 3)
	s.want(t, http.StatusConflict, request{method: "POST", path: path, token: s.admin, body: object{}})
	s.available(t, v, 3)
}

// available waits until exactly so many units can be sold.
func (s *suite) available(t *testing.T, v variant, want int) {
	t.Helper()
	s.eventually(t, settled, fmt.Sprintf("%d units can be sold", want), func() error {
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/inventory/" + v.id, token: s.admin})
		if got := a.number(t, "data.available"); got != int64(want) {
			return fmt.Errorf("got %s", clip(a.body))
		}
		return nil
	})
}

func (s *suite) adjustments(t *testing.T) {
	t.Parallel()
	v := s.sell(t, 10, 4900).variants[0]
	path := "/admin/v1/inventory/" + v.id
	adjust := func(delta int, reason string) request {
		return request{method: "POST", path: path + "/adjustments", token: s.admin, body: object{"delta": delta, "reason": reason}}
	}
	want := 10
	for reason, delta := range map[string]int{"received": 5, "stocktake": -1, "damaged": -2, "lost": -3, "returned": 4, "correction": 7} {
		want += delta
		a := s.want(t, http.StatusCreated, adjust(delta, reason))
		s.shape(t, a, "data", "inventory")
		a.equal(t, "data.onHand", want)
		a.equal(t, "data.variantId", v.id)
	}
	// Deltas, not absolute numbers: none of these is lost.
	s.together(t, 20, func(int) request { return adjust(1, "received") })
	s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin}).equal(t, "data.onHand", want+20)
	for _, bad := range []request{adjust(1, "stolen"), adjust(0, "received")} {
		s.want(t, http.StatusUnprocessableEntity, bad)
	}
	s.want(t, http.StatusNotFound, request{method: "GET", path: "/admin/v1/inventory/" + nowhere, token: s.admin})
}

func (s *suite) backorder(t *testing.T) {
	t.Parallel()
	v := s.sell(t, 0, 4900).variants[0]
	set := s.want(t, http.StatusOK, request{method: "PATCH", path: "/admin/v1/inventory/" + v.id, token: s.admin, body: object{"allowBackorder": true}})
	set.equal(t, "data.allowBackorder", true)
	s.eventually(t, settled, "it can be put in a cart", func() error {
		c := s.newCart(t)
		a := s.do(t, request{method: "POST", path: c.path("/items"), cart: c.token, body: object{"variantId": v.id, "quantity": 2}})
		if a.status != http.StatusCreated {
			return fmt.Errorf("got %d: %s", a.status, clip(a.body))
		}
		return nil
	})
	s.order(t, v, 2).equal(t, "data.items.0.quantity", 2)
}
