package acceptance

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// adminPath walks what staff do all day.
func (s *suite) adminPath(t *testing.T) {
	t.Run("me", func(t *testing.T) {
		t.Parallel()
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/auth/me", token: s.admin})
		s.shape(t, a, "data", "user")
		a.equal(t, "data.email", strings.ToLower(s.target.AdminEmail))
	})
	t.Run("an order is paid and fulfilled", s.payAndFulfil)
	t.Run("an order in two parcels", s.partialFulfilment)
	t.Run("orders are found", s.findOrders)
	t.Run("a product is changed", s.changeProduct)
	t.Run("variants are added, changed and removed", s.changeVariants)
	t.Run("categories are moved", s.moveCategories)
	t.Run("facts of products are kept and shown", s.facts)
	t.Run("lives of products", s.lives)
	t.Run("a missing permission is named", s.permissions)
	t.Run("staff", s.staff)
	t.Run("lists", s.adminLists)
	t.Run("settings", s.settings)
}

// pay books money for an order under a fresh key.
func (s *suite) pay(t *testing.T, order string, cents int64) answer {
	t.Helper()
	return s.do(t, request{method: "POST", path: "/admin/v1/orders/" + order + "/payments", token: s.admin, key: unique(),
		body: object{"method": "bank_transfer", "amount": euros(cents)}})
}

func (s *suite) payAndFulfil(t *testing.T) {
	t.Parallel()
	v := s.sell(t, 5, 4900).variants[0]
	ordered := s.order(t, v, 2)
	id, total := ordered.text(t, "data.id"), ordered.number(t, "data.totals.total.amount")
	path := "/admin/v1/orders/" + id
	before := s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin})
	s.shape(t, before, "data", "adminOrder")
	before.equal(t, "data.status", "pending_payment")
	before.equal(t, "data.items.0.sku", v.sku)
	s.addsUp(t, before)

	wrong := s.do(t, request{method: "POST", path: path + "/payments", token: s.admin, key: unique(),
		body: object{"method": "cash", "amount": object{"amount": total, "currency": "USD"}}})
	if wrong.status != http.StatusUnprocessableEntity {
		t.Errorf("dollars for euros got %d: %s", wrong.status, clip(wrong.body))
	}
	paid := s.pay(t, id, total)
	if paid.status != http.StatusCreated {
		t.Fatalf("got %d: %s", paid.status, clip(paid.body))
	}
	s.shape(t, paid, "data", "payment")
	paid.equal(t, "data.orderId", id)
	paid.equal(t, "data.amount.amount", total)
	after := s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin})
	after.equal(t, "data.status", "paid")
	after.equal(t, "data.payment.status", "paid")
	if again := s.pay(t, id, total); again.status != http.StatusConflict && again.status != http.StatusUnprocessableEntity {
		t.Errorf("paying twice got %d: %s", again.status, clip(again.body))
	}

	parcel := s.want(t, http.StatusCreated, request{method: "POST", path: path + "/fulfilments", token: s.admin,
		body: object{"trackingNumber": "1Z999", "carrier": "Colissimo"}})
	s.shape(t, parcel, "data", "fulfilment")
	parcel.equal(t, "data.trackingNumber", "1Z999")
	parcel.equal(t, "data.items.0.orderItemId", ordered.text(t, "data.items.0.id"))
	parcel.equal(t, "data.items.0.quantity", 2)
	done := s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin})
	done.equal(t, "data.status", "fulfilled")
	done.equal(t, "data.items.0.fulfilledQuantity", 2)
	s.shape(t, done, "data", "adminOrder")
	s.want(t, http.StatusConflict, request{method: "POST", path: path + "/fulfilments", token: s.admin, body: object{}})
	s.eventually(t, settled, "the units are gone", func() error {
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/inventory/" + v.id, token: s.admin})
		if a.number(t, "data.onHand") != 3 || a.number(t, "data.reserved") != 0 {
			return fmt.Errorf("got %s", clip(a.body))
		}
		return nil
	})
	s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/orders/by-number/" + ordered.text(t, "data.number"),
		header: map[string]string{"X-Order-Token": ordered.text(t, "data.accessToken")}}).equal(t, "data.status", "fulfilled")
}

func (s *suite) partialFulfilment(t *testing.T) {
	t.Parallel()
	ordered := s.order(t, s.shirt.variants[0], 3)
	path := "/admin/v1/orders/" + ordered.text(t, "data.id")
	parcel := func(quantity int) request {
		return request{method: "POST", path: path + "/fulfilments", token: s.admin,
			body: object{"items": []object{{"orderItemId": ordered.text(t, "data.items.0.id"), "quantity": quantity}}}}
	}
	s.want(t, http.StatusConflict, parcel(1)) // not paid
	if paid := s.pay(t, ordered.text(t, "data.id"), ordered.number(t, "data.totals.total.amount")); paid.status != http.StatusCreated {
		t.Fatalf("got %d: %s", paid.status, clip(paid.body))
	}
	s.want(t, http.StatusCreated, parcel(1))
	s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin}).equal(t, "data.status", "partially_fulfilled")
	if more := s.do(t, parcel(3)); more.status != http.StatusConflict && more.status != http.StatusUnprocessableEntity {
		t.Errorf("more than was ordered got %d: %s", more.status, clip(more.body))
	}
	s.want(t, http.StatusCreated, parcel(2))
	s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin}).equal(t, "data.status", "fulfilled")
}

func (s *suite) findOrders(t *testing.T) {
	t.Parallel()
	ordered := s.order(t, s.shirt.variants[0], 1)
	id, email, placed := ordered.text(t, "data.id"), ordered.text(t, "data.email"), ordered.text(t, "data.placedAt")
	for query, found := range map[string]bool{
		"q=" + email: true,
		"limit=100&q=" + ordered.text(t, "data.number"): true,
		"q=%25" + email:                           false,
		"status=pending_payment&q=" + email:       true,
		"status=paid&q=" + email:                  false,
		"from=" + placed + "&q=" + email:          true,
		"to=" + placed + "&q=" + email:            false,
		"from=2999-01-01T00:00:00Z&q=" + email:    false,
		"customerId=" + nowhere + "&q=" + email:   false,
		"sort=placedAt&limit=1&page=1&q=" + email: true,
	} {
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/orders?" + query, token: s.admin})
		s.shape(t, a, "meta", "meta")
		got := false
		for i, other := range ids(a.list(t, "data")) {
			s.shape(t, a, fmt.Sprintf("data.%d", i), "adminOrder")
			got = got || other == id
		}
		if got != found {
			t.Errorf("%s: found is %v, want %v", query, got, found)
		}
	}
}

func (s *suite) changeProduct(t *testing.T) {
	t.Parallel()
	p := s.sell(t, 1, 100)
	path := "/admin/v1/products/" + p.id
	patch := func(body object) answer {
		a := s.want(t, http.StatusOK, request{method: "PATCH", path: path, token: s.admin, body: body})
		s.shape(t, a, "data", "adminProduct")
		return a
	}
	brand := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/brands", token: s.admin, body: object{"name": "Maison " + unique()}})
	s.shape(t, brand, "data", "adminBrand")
	set := patch(object{"brandId": brand.text(t, "data.id"), "seoTitle": "Buy linen"})
	set.equal(t, "data.brand.slug", brand.text(t, "data.slug"))
	inUse := s.do(t, request{method: "DELETE", path: "/admin/v1/brands/" + brand.text(t, "data.id"), token: s.admin})
	if inUse.status != http.StatusConflict {
		t.Errorf("deleting a brand that a product carries got %d: %s", inUse.status, clip(inUse.body))
	}
	set.equal(t, "data.description", "Made to be tested.") // a missing key leaves
	cleared := patch(object{"brandId": nil, "description": nil})
	cleared.equal(t, "data.brand", nil) // null clears
	cleared.equal(t, "data.description", nil)
	cleared.equal(t, "data.seoTitle", "Buy linen")
	patch(object{"status": "archived"})
	s.eventually(t, settled, "shoppers do not see it any more", func() error {
		if a := s.do(t, request{method: "GET", path: "/store/v1/products/" + p.slug}); a.status != http.StatusNotFound {
			return fmt.Errorf("the detail got %d", a.status)
		}
		for _, list := range []string{"/store/v1/products?q=", "/store/v1/search?q="} {
			if a := s.want(t, http.StatusOK, request{method: "GET", path: list + p.word}); a.number(t, "meta.total") != 0 {
				return fmt.Errorf("%s shows %s", list, clip(a.body))
			}
		}
		return nil
	})
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: path, token: s.admin})
	s.want(t, http.StatusNotFound, request{method: "DELETE", path: path, token: s.admin})
}

func (s *suite) changeVariants(t *testing.T) {
	t.Parallel()
	p := s.sell(t, 1, 100)
	path := "/admin/v1/products/" + p.id + "/variants"
	made := s.want(t, http.StatusCreated, request{method: "POST", path: path, token: s.admin,
		body: object{"sku": "ACC-" + p.word + "-NEW", "options": object{"size": "S0"}, "title": "Gift", "price": euros(200), "stock": 4}})
	s.shape(t, made, "data", "adminVariant")
	v := variant{id: made.text(t, "data.id"), sku: made.text(t, "data.sku"), price: 200}
	s.stocked(t, product{variants: []variant{v}}, 4)
	changed := s.want(t, http.StatusOK, request{method: "PATCH", path: path + "/" + v.id, token: s.admin,
		body: object{"price": euros(150), "compareAtPrice": euros(200)}})
	s.shape(t, changed, "data", "adminVariant")
	changed.equal(t, "data.price.amount", 150)
	changed.equal(t, "data.compareAtPrice.amount", 200)
	cleared := s.want(t, http.StatusOK, request{method: "PATCH", path: path + "/" + v.id, token: s.admin, body: object{"compareAtPrice": nil}})
	cleared.equal(t, "data.compareAtPrice", nil)
	cleared.equal(t, "data.price.amount", 150)
	s.eventually(t, settled, "shoppers pay the new price", func() error {
		c := s.newCart(t)
		a := s.do(t, request{method: "POST", path: c.path("/items"), cart: c.token, body: object{"variantId": v.id, "quantity": 1}})
		if price, _ := lookup(a.doc, "data.items.0.unitPrice.amount"); fmt.Sprint(price) != "150" {
			return fmt.Errorf("got %d %s", a.status, clip(a.body))
		}
		return nil
	})
	if at := made.header.Get("Location"); at != path+"/"+v.id {
		t.Errorf("Location is %q", at)
	}
	read := s.want(t, http.StatusOK, request{method: "GET", path: path + "/" + v.id, token: s.admin})
	s.shape(t, read, "data", "adminVariant")
	read.equal(t, "data.price.amount", 150)
	listed := s.want(t, http.StatusOK, request{method: "GET", path: path + "?limit=1&page=2", token: s.admin})
	listed.equal(t, "meta.total", 2)
	listed.equal(t, "data.0.id", v.id)
	s.want(t, http.StatusNotFound, request{method: "GET", path: "/admin/v1/products/" + s.shirt.id + "/variants/" + v.id, token: s.admin})
	s.want(t, http.StatusNotFound, request{method: "PATCH", path: "/admin/v1/products/" + s.shirt.id + "/variants/" + v.id, token: s.admin, body: object{"title": "X"}})
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: path + "/" + v.id, token: s.admin})
	s.want(t, http.StatusNotFound, request{method: "DELETE", path: path + "/" + v.id, token: s.admin})
}

func (s *suite) moveCategories(t *testing.T) {
	t.Parallel()
	name := "Moved " + unique()
	create := func(body object) request {
		body["name"] = name
		return request{method: "POST", path: "/admin/v1/categories", token: s.admin, body: body}
	}
	top := s.want(t, http.StatusCreated, create(object{})).text(t, "data.id")
	chain := []string{top}
	for range 4 {
		made := s.want(t, http.StatusCreated, create(object{"parentId": chain[len(chain)-1]}))
		chain = append(chain, made.text(t, "data.id"))
	}
	s.want(t, http.StatusUnprocessableEntity, create(object{"parentId": chain[4]})) // a sixth level
	move := func(id string, parent any) request {
		return request{method: "PATCH", path: "/admin/v1/categories/" + id, token: s.admin, body: object{"parentId": parent}}
	}
	s.want(t, http.StatusUnprocessableEntity, move(top, chain[4])) // a circle
	s.want(t, http.StatusUnprocessableEntity, move(top, top))
	s.want(t, http.StatusOK, move(chain[4], nil)).equal(t, "data.parentId", nil)
	s.want(t, http.StatusConflict, request{method: "DELETE", path: "/admin/v1/categories/" + top, token: s.admin}) // has children
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: "/admin/v1/categories/" + chain[4], token: s.admin})
}

func (s *suite) permissions(t *testing.T) {
	t.Parallel()
	email := unique() + "@example.com"
	s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/users", token: s.admin,
		body: object{"email": email, "name": "Test", "role": "staff", "password": password}})
	in := s.want(t, http.StatusOK, request{method: "POST", path: "/admin/v1/auth/login", body: object{"email": email, "password": password}})
	token := in.text(t, "data.accessToken")
	s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/products", token: token})
	for permission, r := range map[string]request{
		"users:read":     {method: "GET", path: "/admin/v1/users", token: token},
		"settings:write": {method: "PUT", path: "/admin/v1/settings/shipping", token: token, body: object{"rates": []object{}}},
		"webhooks:read":  {method: "GET", path: "/admin/v1/webhooks/subscriptions", token: token},
	} {
		s.want(t, http.StatusForbidden, r).equal(t, "error.details.0.permission", permission)
	}
}

// staff changes somebody's role, locks them out and deletes them: each holds from the next request on.
func (s *suite) staff(t *testing.T) {
	t.Parallel()
	email := unique() + "@example.com"
	made := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/users", token: s.admin,
		body: object{"email": email, "name": "Test", "role": "staff", "password": password}})
	path := "/admin/v1/users/" + made.text(t, "data.id")
	if got := made.header.Get("Location"); got != path {
		t.Errorf("Location is %q, want %q", got, path)
	}
	in := s.want(t, http.StatusOK, request{method: "POST", path: "/admin/v1/auth/login", body: object{"email": email, "password": password}})
	users := request{method: "GET", path: "/admin/v1/users?limit=1", token: in.text(t, "data.accessToken")}
	s.want(t, http.StatusForbidden, users)
	change := func(status int, body object) answer {
		return s.want(t, status, request{method: "PATCH", path: path, token: s.admin, body: body})
	}
	promoted := change(http.StatusOK, object{"role": "admin", "name": "Ada"})
	s.shape(t, promoted, "data", "user")
	promoted.equal(t, "data.role", "admin")
	s.want(t, http.StatusOK, users)
	if a := s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin}); a.header.Get("ETag") != promoted.header.Get("ETag") || a.header.Get("ETag") == "" {
		t.Errorf("the ETag is %q, and was %q", a.header.Get("ETag"), promoted.header.Get("ETag"))
	}
	s.want(t, http.StatusPreconditionFailed, request{method: "PATCH", path: path, token: s.admin, body: object{"name": "Other"},
		header: map[string]string{"If-Match": made.header.Get("ETag")}})
	change(http.StatusOK, object{"disabled": true}).equal(t, "data.disabled", true)
	s.want(t, http.StatusUnauthorized, users)
	s.want(t, http.StatusUnauthorized, request{method: "POST", path: "/admin/v1/auth/login", body: object{"email": email, "password": password}})
	change(http.StatusOK, object{"disabled": false})
	s.want(t, http.StatusUnauthorized, users) // signed out is signed out
	again := s.want(t, http.StatusOK, request{method: "POST", path: "/admin/v1/auth/login", body: object{"email": email, "password": password}})
	users.token = again.text(t, "data.accessToken")
	s.want(t, http.StatusOK, users)
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: path, token: s.admin})
	s.want(t, http.StatusUnauthorized, users)
	s.want(t, http.StatusNotFound, request{method: "DELETE", path: path, token: s.admin})

	me := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/auth/me", token: s.admin})
	own := "/admin/v1/users/" + me.text(t, "data.id")
	s.refused(t, s.want(t, http.StatusConflict, request{method: "DELETE", path: own, token: s.admin}), "identity.own_account")
	s.refused(t, s.want(t, http.StatusConflict, request{method: "PATCH", path: own, token: s.admin, body: object{"role": "staff"}}), "identity.own_account")
}

func (s *suite) adminLists(t *testing.T) {
	t.Parallel()
	for path, shape := range map[string]string{
		"/admin/v1/products?q=" + url.QueryEscape(s.shirt.word): "adminProduct",
		"/admin/v1/orders?limit=5":                              "adminOrder",
		"/admin/v1/users":                                       "user",
		"/admin/v1/webhooks/subscriptions":                      "subscription",
		"/admin/v1/webhooks/deliveries?limit=5":                 "delivery",
	} {
		a := s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin})
		s.shape(t, a, "meta", "meta")
		for i := range a.list(t, "data") {
			s.shape(t, a, fmt.Sprintf("data.%d", i), shape)
		}
	}
}

func (s *suite) settings(t *testing.T) {
	t.Parallel()
	for section, keys := range map[string][]string{
		"store":    {"country", "currencies", "defaultCurrency", "name", "version"},
		"tax":      {"country", "pricesIncludeTax", "rate", "version"},
		"shipping": {"rates", "version"},
	} {
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/settings/" + section, token: s.admin})
		data, _ := a.get(t, "data").(map[string]any)
		for _, fault := range sameKeys(section, data, keys) {
			t.Error(fault)
		}
	}
	s.want(t, http.StatusNotFound, request{method: "GET", path: "/admin/v1/settings/nonsense", token: s.admin})
	bad := s.want(t, http.StatusUnprocessableEntity, request{method: "PUT", path: "/admin/v1/settings/tax", token: s.admin,
		body: object{"rate": "20%", "pricesIncludeTax": true, "country": "FR"}})
	if !bad.names("rate") {
		t.Errorf("the error does not name rate: %s", clip(bad.body))
	}
}
