package acceptance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// buying walks the buy path to the field.
func (s *suite) buying(t *testing.T) {
	t.Run("from an empty cart to a paid-for order", s.buyPath)
	t.Run("lines are changed and removed", s.lines)
	t.Run("a cart can be given up", s.abandon)
	t.Run("an unready cart is not ordered", s.unready)
	t.Run("an ordered cart is closed", s.converted)
	t.Run("discount codes", s.discounts)
	t.Run("a file is sold and downloaded", s.downloads)
	t.Run("what is not shipped", s.unshipped)
}

func (s *suite) buyPath(t *testing.T) {
	t.Parallel()
	shirt := s.shirt.variants[0]
	made := s.want(t, http.StatusCreated, request{method: "POST", path: "/store/v1/carts", body: object{"currency": "EUR"}})
	s.shape(t, made, "data", "createdCart")
	c := cart{id: made.text(t, "data.id"), token: made.text(t, "data.token")}
	if location := made.header.Get("Location"); !strings.HasSuffix(location, c.path("")) {
		t.Errorf("Location is %q", location)
	}
	made.equal(t, "data.currency", "EUR")
	made.equal(t, "data.totals.total.amount", 0)

	read := s.want(t, http.StatusOK, request{method: "GET", path: c.path(""), cart: c.token})
	s.shape(t, read, "data", "cart") // without the token: it was shown once

	added := s.add(t, c, shirt, 2)
	s.shape(t, added, "data", "cart")
	line := "data.items.0."
	added.equal(t, line+"variantId", shirt.id)
	added.equal(t, line+"productSlug", s.shirt.slug)
	added.equal(t, line+"title", s.shirt.title)
	added.equal(t, line+"quantity", 2)
	added.equal(t, line+"unitPrice.amount", shirt.price)
	added.equal(t, line+"total.amount", 2*shirt.price)
	added.equal(t, "data.totals.subtotal.amount", 2*shirt.price)

	email := unique() + "@example.com"
	steps := []struct {
		path string
		body object
		show map[string]any
	}{
		{"/email", object{"email": email}, map[string]any{"data.email": email}},
		{"/shipping-address", address(), map[string]any{"data.shippingAddress.city": "Paris", "data.shippingAddress.company": nil}},
		{"/billing-address", object{"name": "Ada", "company": "Engines", "line1": "2", "city": "Lyon", "postalCode": "69001", "country": "FR"},
			map[string]any{"data.billingAddress.company": "Engines"}},
	}
	for _, step := range steps {
		a := s.want(t, http.StatusOK, request{method: "PUT", path: c.path(step.path), cart: c.token, body: step.body})
		s.shape(t, a, "data", "cart")
		for path, want := range step.show {
			a.equal(t, path, want)
		}
	}
	rates := s.want(t, http.StatusOK, request{method: "GET", path: c.path("/shipping-rates"), cart: c.token})
	s.shape(t, rates, "meta", "meta")
	s.shape(t, rates, "data.0", "shippingRate")
	chosen := s.want(t, http.StatusOK, request{method: "PUT", path: c.path("/shipping-method"), cart: c.token,
		body: object{"shippingRateId": rates.text(t, "data.0.id")}})
	s.shape(t, chosen, "data", "cart")
	chosen.equal(t, "data.shippingRate.id", rates.text(t, "data.0.id"))
	chosen.equal(t, "data.totals.shipping.amount", rates.number(t, "data.0.amount.amount"))
	s.addsUp(t, chosen)

	ordered := s.want(t, http.StatusCreated, checkout(c, unique()))
	s.shape(t, ordered, "data", "order")
	s.addsUp(t, ordered)
	if location := ordered.header.Get("Location"); !strings.HasSuffix(location, "/store/v1/orders/"+ordered.text(t, "data.id")) {
		t.Errorf("Location is %q", location)
	}
	for path, want := range map[string]any{
		"data.status": "pending_payment", "data.email": email, "data.payment.method": "manual", "data.payment.status": "pending",
		"data.payment.clientSecret": nil, "data.items.0.variantId": shirt.id, "data.items.0.quantity": 2,
		"data.items.0.unitPrice.amount": shirt.price, "data.items.0.total.amount": 2 * shirt.price,
		"data.shippingAddress.city": "Paris", "data.billingAddress.city": "Lyon",
		"data.totals.total.amount": chosen.number(t, "data.totals.total.amount"),
	} {
		ordered.equal(t, path, want)
	}
	s.guestReads(t, ordered)
}

// addsUp checks the arithmetic of the totals at data.totals against the lines at data.items.
func (s *suite) addsUp(t *testing.T, a answer) {
	t.Helper()
	of := func(name string) int64 { return a.number(t, "data.totals."+name+".amount") }
	var lines, tax int64
	for i := range a.list(t, "data.items") {
		line := fmt.Sprintf("data.items.%d.", i)
		total := a.number(t, line+"total.amount")
		if want := a.number(t, line+"unitPrice.amount") * a.number(t, line+"quantity"); total != want {
			t.Errorf("line %d is %d, want %d", i, total, want)
		}
		lines += total
	}
	for i := range a.list(t, "data.totals.taxLines") {
		tax += a.number(t, fmt.Sprintf("data.totals.taxLines.%d.amount.amount", i))
	}
	want := of("subtotal") - of("discount") + of("shipping")
	if a.get(t, "data.totals.taxInclusive") == false {
		want += of("tax")
	}
	if of("subtotal") != lines || of("tax") != tax || of("total") != want {
		t.Errorf("the totals do not add up: %s", show(a.get(t, "data.totals")))
	}
}

// guestReads opens an order with the token of its checkout, and with nothing else.
func (s *suite) guestReads(t *testing.T, ordered answer) {
	t.Helper()
	token, path := ordered.text(t, "data.accessToken"), "/store/v1/orders/by-number/"+ordered.text(t, "data.number")
	read := s.want(t, http.StatusOK, request{method: "GET", path: path, header: map[string]string{"X-Order-Token": token}})
	s.shape(t, read, "data", "order")
	read.equal(t, "data.id", ordered.text(t, "data.id"))
	read.equal(t, "data.accessToken", nil)
	there := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/orders/" + ordered.text(t, "data.id"), header: map[string]string{"X-Order-Token": token}})
	there.equal(t, "data.number", read.text(t, "data.number"))
	if read.header.Get("Cache-Control") != "" && strings.Contains(read.header.Get("Cache-Control"), "public") {
		t.Error("an order may be cached by strangers")
	}
	missing := s.want(t, http.StatusNotFound, request{method: "GET", path: path})
	wrong := s.want(t, http.StatusNotFound, request{method: "GET", path: path, header: map[string]string{"X-Order-Token": token + "x"}})
	unknown := s.want(t, http.StatusNotFound, request{method: "GET", path: "/store/v1/orders/by-number/0", header: map[string]string{"X-Order-Token": token}})
	if missing.failed() != wrong.failed() || wrong.failed() != unknown.failed() {
		t.Errorf("the errors tell which numbers exist: %s %s %s", missing.failed(), wrong.failed(), unknown.failed())
	}
}

func (s *suite) lines(t *testing.T) {
	t.Parallel()
	first, second := s.shirt.variants[0], s.shirt.variants[1]
	c := s.cartWith(t, first, 1)
	summed := s.add(t, c, first, 2)
	if len(summed.list(t, "data.items")) != 1 {
		t.Errorf("one variant makes one line: %s", clip(summed.body))
	}
	summed.equal(t, "data.items.0.quantity", 3)
	both := s.add(t, c, second, 1)
	if len(both.list(t, "data.items")) != 2 {
		t.Fatalf("two variants make two lines: %s", clip(both.body))
	}
	s.addsUp(t, both)
	line := c.path("/items/" + both.text(t, "data.items.0.id"))
	set := s.want(t, http.StatusOK, request{method: "PATCH", path: line, cart: c.token, body: object{"quantity": 7}})
	set.equal(t, "data.items.0.quantity", 7)
	s.addsUp(t, set)
	removed := s.want(t, http.StatusOK, request{method: "DELETE", path: line, cart: c.token})
	s.shape(t, removed, "data", "cart")
	if len(removed.list(t, "data.items")) != 1 {
		t.Errorf("the line is still there: %s", clip(removed.body))
	}
	removed.equal(t, "data.totals.subtotal.amount", second.price)
	s.want(t, http.StatusNotFound, request{method: "PATCH", path: line, cart: c.token, body: object{"quantity": 1}})
}

func (s *suite) abandon(t *testing.T) {
	t.Parallel()
	c := s.cartWith(t, s.shirt.variants[0], 1)
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: c.path(""), cart: c.token})
	s.want(t, http.StatusNotFound, request{method: "GET", path: c.path(""), cart: c.token})
	s.want(t, http.StatusNotFound, request{method: "POST", path: c.path("/items"), cart: c.token,
		body: object{"variantId": s.shirt.variants[0].id, "quantity": 1}})
}

func (s *suite) unready(t *testing.T) {
	t.Parallel()
	empty := s.newCart(t)
	s.want(t, http.StatusUnprocessableEntity, checkout(empty, unique()))
	nameless := s.cartWith(t, s.shirt.variants[0], 1)
	s.want(t, http.StatusUnprocessableEntity, checkout(nameless, unique()))
	s.want(t, http.StatusOK, request{method: "PUT", path: nameless.path("/email"), cart: nameless.token, body: object{"email": "a@example.com"}})
	s.want(t, http.StatusUnprocessableEntity, checkout(nameless, unique()))
	none := s.want(t, http.StatusOK, request{method: "GET", path: nameless.path("/shipping-rates"), cart: nameless.token})
	if len(none.list(t, "data")) != 0 {
		t.Errorf("something ships to nowhere: %s", clip(none.body))
	}
	s.want(t, http.StatusOK, request{method: "GET", path: nameless.path(""), cart: nameless.token}).equal(t, "data.status", "active")
}

func (s *suite) converted(t *testing.T) {
	t.Parallel()
	c := s.readyCart(t, s.shirt.variants[0], 1)
	s.want(t, http.StatusCreated, checkout(c, unique()))
	s.want(t, http.StatusOK, request{method: "GET", path: c.path(""), cart: c.token}).equal(t, "data.status", "converted")
	s.want(t, http.StatusConflict, checkout(c, unique()))
	s.want(t, http.StatusConflict, request{method: "POST", path: c.path("/items"), cart: c.token,
		body: object{"variantId": s.shirt.variants[0].id, "quantity": 1}})
	s.want(t, http.StatusConflict, request{method: "PUT", path: c.path("/email"), cart: c.token, body: object{"email": "a@example.com"}})
}

func (s *suite) discounts(t *testing.T) {
	t.Parallel()
	c := s.cartWith(t, s.shirt.variants[0], 1)
	s.want(t, http.StatusUnprocessableEntity, request{method: "POST", path: c.path("/discounts"), cart: c.token, body: object{"code": unique()}})
	gone := s.want(t, http.StatusOK, request{method: "DELETE", path: c.path("/discounts/" + unique()), cart: c.token})
	s.shape(t, gone, "data", "cart")
}
