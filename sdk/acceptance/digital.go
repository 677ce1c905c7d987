package acceptance

import (
	"net/http"
	"testing"
)

// sellFile makes a product that is not shipped.
func (s *suite) sellFile(t *testing.T, stock int, price int64) product {
	t.Helper()
	p, body := newProduct(stock, price)
	body["goods"] = "digital"
	p, _ = s.create(t, p, body)
	s.stocked(t, p, stock)
	return p
}

// orderFile buys units of something that is not shipped, with an e-mail address and a country.
func (s *suite) orderFile(t *testing.T, v variant, quantity int) answer {
	t.Helper()
	c := s.cartWith(t, v, quantity)
	s.want(t, http.StatusOK, request{method: "PUT", path: c.path("/email"), cart: c.token, body: object{"email": unique() + "@example.com"}})
	s.want(t, http.StatusOK, request{method: "PATCH", path: c.path(""), cart: c.token, body: object{"country": "DE"}})
	return s.want(t, http.StatusCreated, checkout(c, unique()))
}

// unshipped buys what need not be shipped, alone and beside what is.
func (s *suite) unshipped(t *testing.T) {
	t.Parallel()
	file := s.sellFile(t, 100, 990).variants[0]
	c := s.newCart(t)
	put := func(path string, body object) request {
		return request{method: "PUT", path: c.path(path), cart: c.token, body: body}
	}
	added := s.add(t, c, file, 1)
	s.shape(t, added, "data", "cart")
	added.equal(t, "data.shippingRequired", false)
	added.equal(t, "data.items.0.shippingRequired", false)
	s.want(t, http.StatusOK, put("/email", object{"email": unique() + "@example.com"}))
	s.refused(t, s.want(t, http.StatusUnprocessableEntity, checkout(c, unique())), "cart.billing_country_missing")
	billed := s.want(t, http.StatusOK, put("/billing-address", address()))
	billed.equal(t, "data.country", "FR")
	s.want(t, http.StatusOK, put("/shipping-address", address()))
	if rates := s.want(t, http.StatusOK, request{method: "GET", path: c.path("/shipping-rates"), cart: c.token}); len(rates.list(t, "data")) != 0 {
		t.Errorf("a file is shipped: %s", clip(rates.body))
	}

	// Something that is shipped makes an address and a way of shipping needed, and takes that need away again.
	mixed := s.add(t, c, s.shirt.variants[0], 1)
	mixed.equal(t, "data.shippingRequired", true)
	s.refused(t, s.want(t, http.StatusUnprocessableEntity, checkout(c, unique())), "cart.shipping_method_missing")
	rates := s.want(t, http.StatusOK, request{method: "GET", path: c.path("/shipping-rates"), cart: c.token})
	chosen := s.want(t, http.StatusOK, put("/shipping-method", object{"shippingRateId": rates.text(t, "data.0.id")}))
	s.addsUp(t, chosen)
	alone := s.want(t, http.StatusOK, request{method: "DELETE", path: c.path("/items/" + mixed.text(t, "data.items.1.id")), cart: c.token})
	alone.equal(t, "data.shippingRequired", false)
	alone.equal(t, "data.shippingRate", nil)
	alone.equal(t, "data.totals.shipping.amount", 0)
	s.refused(t, s.want(t, http.StatusUnprocessableEntity, put("/shipping-method", object{"shippingRateId": rates.text(t, "data.0.id")})), "cart.shipping_not_required")

	ordered := s.want(t, http.StatusCreated, checkout(c, unique()))
	s.shape(t, ordered, "data", "order")
	s.addsUp(t, ordered)
	for path, want := range map[string]any{
		"data.shippingRequired": false, "data.items.0.shippingRequired": false, "data.shippingAddress": nil, "data.billingAddress.city": "Paris",
		"data.country": "FR", "data.totals.shipping.amount": 0, "data.totals.total.amount": 990, "data.status": "pending_payment",
	} {
		ordered.equal(t, path, want)
	}
	id := ordered.text(t, "data.id")
	if paid := s.pay(t, id, 990); paid.status >= 300 {
		t.Fatalf("%s: %d %s", paid.request, paid.status, clip(paid.body))
	}
	settled := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/orders/" + id, token: s.admin})
	s.shape(t, settled, "data", "adminOrder")
	for path, want := range map[string]any{
		"data.status": "fulfilled", "data.payment.status": "paid", "data.shippingRequired": false, "data.shippingRate": nil, "data.shippingAddress": nil,
		"data.history.1.to": "paid", "data.history.2.to": "fulfilled", "data.items.0.fulfilledQuantity": 0,
	} {
		settled.equal(t, path, want)
	}
	s.refused(t, s.want(t, http.StatusConflict, request{method: "POST", path: "/admin/v1/orders/" + id + "/fulfilments", token: s.admin, body: object{}}), "checkout.not_fulfillable")

	// The country alone is enough.
	least := s.orderFile(t, file, 1)
	s.shape(t, least, "data", "order")
	least.equal(t, "data.country", "DE")
	least.equal(t, "data.billingAddress", nil)
}
