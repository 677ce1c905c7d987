package acceptance

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// nowhere is a well-formed id that nothing has.
const nowhere = "01890000-0000-7000-8000-000000000000"

// bad is one row of the error contract: a call, the status it must get, and the field or parameter it must name.
type bad struct {
	name   string
	call   request
	status int
	field  string
}

// errors checks the error contract. The audit of every answer holds each row to the error shape besides.
func (s *suite) errors(t *testing.T) {
	c := s.cartWith(t, s.shirt.variants[0], 1)
	other := s.newCart(t)
	var rows []bad
	rows = append(rows, s.malformedBodies(c)...)
	rows = append(rows, s.badQuantities(c)...)
	rows = append(rows, s.badFields(c)...)
	rows = append(rows, s.badQueries()...)
	rows = append(rows, s.badPaths(c)...)
	rows = append(rows, s.badCredentials(c, other)...)
	rows = append(rows, s.badProducts()...)
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			a := s.want(t, row.status, row.call)
			if row.field != "" && !a.names(row.field) {
				t.Errorf("%s: no detail names %q: %s", row.call, row.field, clip(a.body))
			}
		})
	}
	t.Run("the 101st line", s.lineLimit)
	t.Run("a line of more than 10 000", s.quantityLimit)
	t.Run("a body just under 1 MiB is read", func(t *testing.T) {
		t.Parallel()
		c := s.newCart(t)
		s.want(t, http.StatusOK, request{method: "PUT", path: c.path("/email"), cart: c.token, body: padded(`{"email":"a@example.com"}`, maxBody-1)})
	})
	t.Run("405 says what is allowed", func(t *testing.T) {
		t.Parallel()
		a := s.want(t, http.StatusMethodNotAllowed, request{method: "DELETE", path: "/store/v1/products"})
		if !strings.Contains(a.header.Get("Allow"), "GET") {
			t.Errorf("Allow is %q", a.header.Get("Allow"))
		}
	})
	t.Run("a caller's request id is not trusted blindly", func(t *testing.T) {
		t.Parallel()
		a := s.do(t, request{method: "GET", path: "/store/v1/products?limit=1", header: map[string]string{"X-Request-Id": strings.Repeat("a", 5000)}})
		if len(a.header.Get("X-Request-Id")) > 200 {
			t.Error("a request id of 5 000 characters was taken over")
		}
	})
}

const maxBody = 1 << 20

// padded stretches a JSON text with white space to a size.
func padded(text string, size int) string { return text + strings.Repeat(" ", size-len(text)) }

func (s *suite) malformedBodies(c cart) []bad {
	items := func(body string) request {
		return request{method: "POST", path: c.path("/items"), cart: c.token, body: body}
	}
	good := fmt.Sprintf(`{"variantId":%q,"quantity":1}`, s.shirt.variants[0].id)
	plain := items(good)
	plain.header = map[string]string{"Content-Type": "text/plain"}
	form := items("variantId=x&quantity=1")
	form.header = map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	return []bad{
		{"body is not JSON", items(`{"variantId":`), 400, ""},
		{"body is a word", items(`hello`), 400, ""},
		{"body is empty", items(``), 400, ""},
		{"body goes on after its end", items(good + ` {}`), 400, ""},
		{"body is an array", items(`[]`), 422, ""},
		{"body is null", items(`null`), 422, ""},
		{"body is a string", items(`"x"`), 422, ""},
		{"body is too deep", items(strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)), 400, ""},
		{"body is text/plain", plain, 415, ""},
		{"body is a form", form, 415, ""},
		{"body is over 1 MiB", items(padded(good, maxBody+1)), 413, ""},
		{"unknown key", items(`{"nonsense":1,` + good[1:]), 422, "nonsense"},
		{"key in other letters", items(strings.Replace(good, "quantity", "Quantity", 1)), 422, "Quantity"},
		{"missing key", items(`{"quantity":1}`), 422, "variantId"},
		{"id is malformed", items(`{"variantId":"x","quantity":1}`), 422, "variantId"},
		{"id is a number", items(`{"variantId":1,"quantity":1}`), 422, "variantId"},
		{"id is null", items(`{"variantId":null,"quantity":1}`), 422, "variantId"},
		{"id is unknown", items(fmt.Sprintf(`{"variantId":%q,"quantity":1}`, nowhere)), 404, ""},
	}
}

func (s *suite) badQuantities(c cart) []bad {
	var rows []bad
	for _, quantity := range []string{"0", "-1", "10001", "1e30", "-1e30", "99999999999999999999", "1.5", `"1"`, "true", "null", "[]", "{}"} {
		body := fmt.Sprintf(`{"variantId":%q,"quantity":%s}`, s.shirt.variants[0].id, quantity)
		rows = append(rows, bad{"quantity " + quantity, request{method: "POST", path: c.path("/items"), cart: c.token, body: body}, 422, "quantity"})
	}
	return append(rows,
		bad{"quantity missing", request{method: "POST", path: c.path("/items"), cart: c.token, body: object{"variantId": s.shirt.variants[0].id}}, 422, "quantity"})
}

func (s *suite) badFields(c cart) []bad {
	put := func(path string, body any) request {
		return request{method: "PUT", path: c.path(path), cart: c.token, body: body}
	}
	with := func(key string, value any) object {
		a := address()
		a[key] = value
		return a
	}
	without := func(key string) object {
		a := address()
		delete(a, key)
		return a
	}
	rows := []bad{
		{"address unknown country", put("/shipping-address", with("country", "XX")), 422, "country"},
		{"address former country", put("/billing-address", with("country", "SU")), 422, "country"},
		{"address country by name", put("/shipping-address", with("country", "France")), 422, "country"},
		{"address empty name", put("/shipping-address", with("name", "")), 422, "name"},
		{"address long name", put("/shipping-address", with("name", strings.Repeat("x", 256))), 422, "name"},
		{"address unknown key", put("/shipping-address", with("planet", "Earth")), 422, "planet"},
		{"unknown payment method", request{method: "POST", path: c.path("/checkout"), cart: c.token, key: unique(), body: object{"paymentMethod": "barter"}}, 422, ""},
		{"unknown shipping rate", put("/shipping-method", object{"shippingRateId": nowhere}), 422, ""},
		{"unknown currency", request{method: "POST", path: "/store/v1/carts", body: object{"currency": "euro"}}, 422, "currency"},
	}
	for _, key := range []string{"name", "line1", "city", "postalCode", "country"} {
		rows = append(rows, bad{"address without " + key, put("/shipping-address", without(key)), 422, key})
	}
	for _, email := range []string{"", "ada", "ada@", "@example.com", "ada example.com", "Ada <ada@example.com>", "a@b\nc@example.com", strings.Repeat("a", 320) + "@example.com"} {
		rows = append(rows, bad{fmt.Sprintf("e-mail %.20q", email), put("/email", object{"email": email}), 422, "email"})
	}
	return rows
}

func (s *suite) badQueries() []bad {
	var rows []bad
	for _, query := range []struct{ text, field string }{
		{"limit=0", "limit"}, {"limit=101", "limit"}, {"limit=-1", "limit"}, {"limit=ten", "limit"}, {"limit=1.5", "limit"},
		{"limit=99999999999999999999", "limit"},
		{"page=0", "page"}, {"page=-1", "page"}, {"page=one", "page"},
		{"nonsense=1", "nonsense"}, {"Limit=1", "Limit"}, {"pageSize=10", "pageSize"},
		{"sort=sku", "sort"}, {"sort=price%20desc", "sort"},
		{"minPrice=-1", "minPrice"}, {"minPrice=cheap", "minPrice"}, {"inStock=maybe", "inStock"},
		{"categoryId=x", "categoryId"}, {"cursor=x", "cursor"},
	} {
		rows = append(rows, bad{"products?" + query.text, request{method: "GET", path: "/store/v1/products?" + query.text}, 400, query.field})
	}
	return append(rows,
		bad{"search?limit=101", request{method: "GET", path: "/store/v1/search?limit=101"}, 422, "limit"},
		bad{"search?minPrice=x", request{method: "GET", path: "/store/v1/search?minPrice=x&utm_source=mail"}, 422, "minPrice"},
		bad{"orders?status=nonsense", request{method: "GET", path: "/admin/v1/orders?status=nonsense", token: s.admin}, 400, "status"},
		bad{"orders?from=yesterday", request{method: "GET", path: "/admin/v1/orders?from=yesterday", token: s.admin}, 400, "from"},
	)
}

func (s *suite) badPaths(c cart) []bad {
	get := func(path, token string) request { return request{method: "GET", path: path, token: token} }
	rows := []bad{
		{"unknown store route", get("/store/v1/nonsense", ""), 404, ""},
		{"unknown admin route", get("/admin/v1/nonsense", s.admin), 404, ""},
		{"unknown product", get("/store/v1/products/"+nowhere, ""), 404, ""},
		{"unknown slug", get("/store/v1/products/"+unique(), ""), 404, ""},
		{"unknown category", get("/store/v1/categories/"+unique(), ""), 404, ""},
		{"hostile slug", get("/store/v1/products/%27%3B--%00", ""), 404, ""},
		{"climbing slug", get("/store/v1/products/..%2F..%2Fadmin", ""), 404, ""},
		{"malformed order", get("/admin/v1/orders/x", s.admin), 404, ""},
		{"unknown order", get("/admin/v1/orders/"+nowhere, s.admin), 404, ""},
		{"malformed product", get("/admin/v1/products/x", s.admin), 404, ""},
		{"malformed variant", get("/admin/v1/inventory/x", s.admin), 404, ""},
		{"malformed cart", request{method: "GET", path: "/store/v1/carts/x", cart: c.token}, 404, ""},
		{"unknown cart", request{method: "GET", path: "/store/v1/carts/" + nowhere, cart: c.token}, 404, ""},
		{"unknown line", request{method: "PATCH", path: c.path("/items/" + nowhere), cart: c.token, body: object{"quantity": 1}}, 404, ""},
		{"malformed line", request{method: "PATCH", path: c.path("/items/x"), cart: c.token, body: object{"quantity": 1}}, 404, ""},
	}
	for method, path := range map[string]string{"DELETE": "/store/v1/products", "POST": "/store/v1/products", "PUT": "/store/v1/carts", "PATCH": "/admin/v1/products"} {
		rows = append(rows, bad{method + " " + path, request{method: method, path: path, token: s.admin, body: object{}}, 405, ""})
	}
	return rows
}

func (s *suite) badCredentials(c, other cart) []bad {
	var rows []bad
	for name, token := range map[string]string{
		"no token": "", "a word": "x", "a forged token": forge(s.admin), "an unsigned token": unsign(s.admin), "half a token": s.admin[:len(s.admin)/2],
	} {
		rows = append(rows,
			bad{"admin with " + name, request{method: "GET", path: "/admin/v1/products", token: token}, 401, ""},
			bad{"me with " + name, request{method: "GET", path: "/store/v1/customers/me", token: token}, 401, ""})
	}
	return append(rows,
		bad{"cart without its token", request{method: "GET", path: c.path("")}, 403, ""},
		bad{"cart with another's token", request{method: "GET", path: c.path(""), cart: other.token}, 403, ""},
		bad{"checkout with another's token", request{method: "POST", path: c.path("/checkout"), cart: other.token, key: unique(), body: object{"paymentMethod": "manual"}}, 403, ""},
		bad{"login with a wrong password", request{method: "POST", path: "/admin/v1/auth/login", body: object{"email": unique() + "@example.com", "password": "x"}}, 401, ""},
	)
}

// forge changes what a token says and keeps its signature.
func forge(token string) string {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return token + "x"
	}
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return token + "x"
	}
	changed := strings.Replace(string(claims), `{`, `{"forged":true,`, 1)
	return parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(changed)) + "." + parts[2]
}

// unsign says that the token needs no signature.
func unsign(token string) string {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return token + "x"
	}
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + parts[1] + "."
}

func (s *suite) badProducts() []bad {
	product := func(change func(body, variant object)) request {
		_, body := newProduct(1, 100)
		variants, _ := body["variants"].([]object)
		change(body, variants[0])
		return request{method: "POST", path: "/admin/v1/products", token: s.admin, body: body}
	}
	return []bad{
		{"product with a negative price", product(func(_, v object) { v["price"] = euros(-1) }), 422, "variants[0].price.amount"},
		{"product with an absurd price", product(func(_, v object) { v["price"] = object{"amount": 1e30, "currency": "EUR"} }), 422, "variants[0].price.amount"},
		{"product with half a cent", product(func(_, v object) { v["price"] = object{"amount": 0.5, "currency": "EUR"} }), 422, "variants[0].price.amount"},
		{"product with a price of text", product(func(_, v object) { v["price"] = "49.00" }), 422, "variants[0].price"},
		{"product with no currency", product(func(_, v object) { v["price"] = object{"amount": 1} }), 422, "variants[0].price.currency"},
		{"product with a small currency", product(func(_, v object) { v["price"] = object{"amount": 1, "currency": "eur"} }), 422, "variants[0].price.currency"},
		{"product with negative stock", product(func(_, v object) { v["stock"] = -1 }), 422, "variants[0].stock"},
		{"product with an unknown key", product(func(_, v object) { v["nonsense"] = 1 }), 422, "variants[0].nonsense"},
		{"product without a title", product(func(b, _ object) { delete(b, "title") }), 422, "title"},
		{"product with a long title", product(func(b, _ object) { b["title"] = strings.Repeat("x", 513) }), 422, "title"},
		{"product of unknown status", product(func(b, _ object) { b["status"] = "sold" }), 422, "status"},
		{"product in no category", product(func(b, _ object) { b["categoryIds"] = []string{"x"} }), 422, "categoryIds[0]"},
		{"product title set to null", request{method: "PATCH", path: "/admin/v1/products/" + s.shirt.id, token: s.admin, body: object{"title": nil}}, 422, "title"},
		{"payment of an unknown order", request{method: "POST", path: "/admin/v1/orders/" + nowhere + "/payments", token: s.admin, key: unique(),
			body: object{"method": "cash", "amount": euros(1)}}, 404, ""},
	}
}

func (s *suite) lineLimit(t *testing.T) {
	t.Parallel()
	const limit = 100
	prices := make([]int64, limit+1)
	for i := range prices {
		prices[i] = 100
	}
	p, c := s.sell(t, 10, prices...), s.newCart(t)
	for _, v := range p.variants[:limit] {
		s.add(t, c, v, 1)
	}
	s.want(t, http.StatusUnprocessableEntity, request{method: "POST", path: c.path("/items"), cart: c.token,
		body: object{"variantId": p.variants[limit].id, "quantity": 1}})
	a := s.want(t, http.StatusOK, request{method: "GET", path: c.path(""), cart: c.token})
	if got := len(a.list(t, "data.items")); got != limit {
		t.Errorf("the cart has %d lines, want %d", got, limit)
	}
}

func (s *suite) quantityLimit(t *testing.T) {
	t.Parallel()
	c := s.cartWith(t, s.shirt.variants[0], 10_000)
	s.want(t, http.StatusUnprocessableEntity, request{method: "POST", path: c.path("/items"), cart: c.token,
		body: object{"variantId": s.shirt.variants[0].id, "quantity": 1}})
	s.want(t, http.StatusOK, request{method: "GET", path: c.path(""), cart: c.token}).equal(t, "data.items.0.quantity", 10_000)
}
