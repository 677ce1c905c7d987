package acceptance

import (
	"fmt"
	"net/http"
	"testing"
)

const password = "correct horse battery staple"

// customers checks the accounts of shoppers.
func (s *suite) customers(t *testing.T) {
	email := unique() + "@example.com"
	registered := s.want(t, http.StatusCreated, request{method: "POST", path: "/store/v1/customers/register",
		body: object{"email": email, "password": password, "name": "Ada"}})
	s.shape(t, registered, "data", "customer")
	registered.equal(t, "data.email", email)
	registered.equal(t, "data.acceptsMarketing", false)
	in := s.want(t, http.StatusOK, request{method: "POST", path: "/store/v1/customers/login", body: object{"email": email, "password": password}})
	s.shape(t, in, "data", "session")
	token := in.text(t, "data.accessToken")
	me := request{method: "GET", path: "/store/v1/customers/me", token: token}

	t.Run("me", func(t *testing.T) {
		t.Parallel()
		s.shape(t, s.want(t, http.StatusOK, me), "data", "customer")
		change := func(body object) answer {
			return s.want(t, http.StatusOK, request{method: "PATCH", path: me.path, token: token, body: body})
		}
		set := change(object{"phone": "+33 1 23 45 67 89", "acceptsMarketing": true})
		set.equal(t, "data.name", "Ada") // a missing key leaves
		set.equal(t, "data.phone", "+33 1 23 45 67 89")
		set.equal(t, "data.acceptsMarketing", true)
		cleared := change(object{"phone": nil})
		cleared.equal(t, "data.phone", nil) // null clears
		cleared.equal(t, "data.name", "Ada")
		refused := s.want(t, http.StatusUnprocessableEntity, request{method: "PATCH", path: me.path, token: token, body: object{"acceptsMarketing": nil}})
		if !refused.names("acceptsMarketing") {
			t.Errorf("the error does not name acceptsMarketing: %s", clip(refused.body))
		}
	})
	t.Run("wrong password and unknown address are the same answer", func(t *testing.T) {
		t.Parallel()
		wrong := s.want(t, http.StatusUnauthorized, request{method: "POST", path: "/store/v1/customers/login", body: object{"email": email, "password": password + "!"}})
		unknown := s.want(t, http.StatusUnauthorized, request{method: "POST", path: "/store/v1/customers/login", body: object{"email": "x" + email, "password": password}})
		if string(wrong.body) != string(unknown.body) {
			t.Errorf("the answers tell who is a customer: %s %s", clip(wrong.body), clip(unknown.body))
		}
	})
	t.Run("weak passwords are refused", func(t *testing.T) {
		t.Parallel()
		weak := s.want(t, http.StatusUnprocessableEntity, request{method: "POST", path: "/store/v1/customers/register",
			body: object{"email": unique() + "@example.com", "password": "short"}})
		if !weak.names("password") {
			t.Errorf("the error does not name password: %s", clip(weak.body))
		}
	})
	t.Run("orders", func(t *testing.T) {
		t.Parallel()
		s.customerOrders(t, token)
	})
	t.Run("a customer is no member of staff, and the reverse", func(t *testing.T) {
		t.Parallel()
		s.want(t, http.StatusUnauthorized, request{method: "GET", path: "/admin/v1/orders", token: token})
		s.want(t, http.StatusUnauthorized, request{method: "GET", path: me.path, token: s.admin})
	})
}

func (s *suite) customerOrders(t *testing.T, token string) {
	t.Helper()
	made := s.want(t, http.StatusCreated, request{method: "POST", path: "/store/v1/carts", token: token, body: object{"currency": "EUR"}})
	c := cart{id: made.text(t, "data.id"), token: made.text(t, "data.token")}
	if made.get(t, "data.customerId") == nil {
		t.Error("a signed-in customer's cart has no owner")
	}
	s.add(t, c, s.shirt.variants[0], 1)
	s.makeReady(t, c)
	// The owner needs no cart token.
	s.want(t, http.StatusOK, request{method: "GET", path: c.path(""), token: token})
	ordered := s.want(t, http.StatusCreated, request{method: "POST", path: c.path("/checkout"), token: token, key: unique(), body: object{"paymentMethod": "manual"}})
	id := ordered.text(t, "data.id")
	s.eventually(t, settled, "the order is listed", func() error {
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/orders", token: token})
		s.shape(t, a, "meta", "meta")
		if got := ids(a.list(t, "data")); len(got) != 1 || got[0] != id {
			return fmt.Errorf("got %v, want %s", got, id)
		}
		s.shape(t, a, "data.0", "order")
		return nil
	})
	s.shape(t, s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/orders/" + id, token: token}), "data", "order")
	strangers := s.order(t, s.shirt.variants[0], 1).text(t, "data.id")
	s.want(t, http.StatusNotFound, request{method: "GET", path: "/store/v1/orders/" + strangers, token: token})
	s.want(t, http.StatusUnauthorized, request{method: "GET", path: "/store/v1/orders"})
	s.want(t, http.StatusUnauthorized, request{method: "GET", path: "/store/v1/orders/" + id})
}

// sessions checks refresh tokens: rotated on every use, and a used one ends the whole family.
func (s *suite) sessions(t *testing.T) {
	t.Run("customer", func(t *testing.T) {
		t.Parallel()
		email := unique() + "@example.com"
		s.want(t, http.StatusCreated, request{method: "POST", path: "/store/v1/customers/register", body: object{"email": email, "password": password}})
		s.rotates(t, "/store/v1/customers", email, password, "session")
	})
	t.Run("staff", func(t *testing.T) {
		t.Parallel()
		email := unique() + "@example.com"
		made := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/users", token: s.admin,
			body: object{"email": email, "name": "Test", "role": "staff", "password": password}})
		s.shape(t, made, "data", "user")
		s.rotates(t, "/admin/v1/auth", email, password, "adminSession")
	})
}

func (s *suite) rotates(t *testing.T, base, email, password, shape string) {
	t.Helper()
	login := func() string {
		return refreshCookie(t, s.want(t, http.StatusOK, request{method: "POST", path: base + "/login", body: object{"email": email, "password": password}}))
	}
	with := func(path, cookie string) request {
		return request{method: "POST", path: base + path, header: map[string]string{"Cookie": cookie}}
	}
	first := login()
	renewed := s.want(t, http.StatusOK, with("/refresh", first))
	s.shape(t, renewed, "data", shape)
	second := refreshCookie(t, renewed)
	if second == first {
		t.Error("the refresh token was not rotated")
	}
	s.want(t, http.StatusUnauthorized, with("/refresh", first))
	s.want(t, http.StatusUnauthorized, with("/refresh", second)) // a stolen token was used: the family is over
	other := login()
	s.want(t, http.StatusNoContent, with("/logout", other))
	s.want(t, http.StatusUnauthorized, with("/refresh", other))
	s.want(t, http.StatusUnauthorized, request{method: "POST", path: base + "/refresh"})
}

// refreshCookie returns the one cookie of a login or refresh, ready to be sent.
func refreshCookie(t *testing.T, a answer) string {
	t.Helper()
	cookies := (&http.Response{Header: a.header}).Cookies()
	if len(cookies) != 1 || cookies[0].Value == "" {
		t.Fatalf("%s sets %d cookies, want the refresh token alone", a.request, len(cookies))
	}
	return cookies[0].Name + "=" + cookies[0].Value
}

// cookies checks that a browser needs no script to hold its cart.
func (s *suite) cookies(t *testing.T) {
	made := s.want(t, http.StatusCreated, request{method: "POST", path: "/store/v1/carts", body: object{"currency": "EUR"}})
	path := "/store/v1/carts/" + made.text(t, "data.id")
	var secret string
	for _, c := range (&http.Response{Header: made.header}).Cookies() {
		if c.Name == "sov_cart" {
			secret = c.Value
		}
	}
	if secret != made.text(t, "data.token") {
		t.Fatalf("sov_cart is %q, not the cart's token", secret)
	}
	held := map[string]string{"Cookie": "sov_cart=" + secret}
	t.Run("sov_cart opens the cart", func(t *testing.T) {
		s.want(t, http.StatusOK, request{method: "GET", path: path, header: held})
		s.want(t, http.StatusCreated, request{method: "POST", path: path + "/items", header: held,
			body: object{"variantId": s.shirt.variants[0].id, "quantity": 1}})
	})
	t.Run("giving the cart up clears it", func(t *testing.T) {
		gone := s.want(t, http.StatusNoContent, request{method: "DELETE", path: path, header: held})
		for _, c := range (&http.Response{Header: gone.header}).Cookies() {
			if c.Name == "sov_cart" && c.MaxAge < 0 {
				return
			}
		}
		t.Errorf("the cookie stays: %v", gone.header["Set-Cookie"])
	})
}
