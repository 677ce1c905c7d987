package acceptance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// idempotency checks that repeating a call is harmless, and that a key is never mistaken for another's.
func (s *suite) idempotency(t *testing.T) {
	shirt := s.shirt.variants[0]
	t.Run("a checkout without a key is refused", func(t *testing.T) {
		t.Parallel()
		c := s.readyCart(t, shirt, 1)
		a := s.want(t, http.StatusBadRequest, checkout(c, ""))
		if a.failed() != "idempotency.key_required" {
			t.Errorf("got %s", clip(a.body))
		}
		s.want(t, http.StatusOK, request{method: "GET", path: c.path(""), cart: c.token}).equal(t, "data.status", "active")
	})
	t.Run("the first answer is replayed byte for byte", func(t *testing.T) {
		t.Parallel()
		c, key := s.readyCart(t, shirt, 1), unique()
		first := s.want(t, http.StatusCreated, checkout(c, key))
		if first.header.Get("Idempotent-Replayed") != "" {
			t.Error("the first answer says it is a replay")
		}
		for _, same := range []string{key, `"` + key + `"`} {
			s.replays(t, first, s.do(t, checkout(c, same)))
		}
		other := checkout(c, key)
		other.body = object{"paymentMethod": "other"}
		reused := s.want(t, http.StatusUnprocessableEntity, other)
		if reused.failed() != "idempotency.key_reused" {
			t.Errorf("got %s", clip(reused.body))
		}
		s.replays(t, first, s.do(t, checkout(c, key)))
	})
	t.Run("50 at once make one order", func(t *testing.T) {
		t.Parallel()
		s.duplicates(t, shirt)
	})
	t.Run("one key on two carts makes two orders", func(t *testing.T) {
		t.Parallel()
		key := unique()
		first := s.want(t, http.StatusCreated, checkout(s.readyCart(t, shirt, 1), key))
		second := s.want(t, http.StatusCreated, checkout(s.readyCart(t, shirt, 1), key))
		if first.text(t, "data.id") == second.text(t, "data.id") || first.text(t, "data.accessToken") == second.text(t, "data.accessToken") {
			t.Error("a shopper was shown another's order")
		}
	})
	t.Run("another's key and cart without the secret opens nothing", func(t *testing.T) {
		t.Parallel()
		c, key := s.readyCart(t, shirt, 1), unique()
		s.want(t, http.StatusCreated, checkout(c, key))
		stolen := checkout(cart{id: c.id, token: s.newCart(t).token}, key)
		s.want(t, http.StatusForbidden, stolen)
	})
	t.Run("a key is at most 255 characters", func(t *testing.T) {
		t.Parallel()
		c := s.readyCart(t, shirt, 1)
		s.want(t, http.StatusBadRequest, checkout(c, strings.Repeat("k", 256)))
		s.want(t, http.StatusCreated, checkout(c, strings.Repeat("k", 239)+unique()))
	})
	t.Run("a refusal may be corrected under a new key", func(t *testing.T) {
		t.Parallel()
		c := s.cartWith(t, shirt, 1)
		s.want(t, http.StatusUnprocessableEntity, checkout(c, unique()))
		s.makeReady(t, c)
		s.want(t, http.StatusCreated, checkout(c, unique()))
	})
	t.Run("adding to a cart", func(t *testing.T) {
		t.Parallel()
		c := s.newCart(t)
		add := request{method: "POST", path: c.path("/items"), cart: c.token, key: unique(), body: object{"variantId": shirt.id, "quantity": 1}}
		first := s.want(t, http.StatusCreated, add)
		s.replays(t, first, s.do(t, add))
		s.want(t, http.StatusOK, request{method: "GET", path: c.path(""), cart: c.token}).equal(t, "data.items.0.quantity", 1)
	})
	t.Run("making a cart", func(t *testing.T) {
		t.Parallel()
		create := request{method: "POST", path: "/store/v1/carts", key: unique(), body: object{"currency": "EUR"}}
		s.replays(t, s.want(t, http.StatusCreated, create), s.do(t, create))
	})
	t.Run("a payment is booked once", func(t *testing.T) {
		t.Parallel()
		s.paymentOnce(t, shirt)
	})
}

func (s *suite) replays(t *testing.T, first, again answer) {
	t.Helper()
	if again.status != first.status || string(again.body) != string(first.body) {
		t.Errorf("got %d %s\nwant %d %s", again.status, clip(again.body), first.status, clip(first.body))
	}
	if again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("Idempotent-Replayed is %q, want true", again.header.Get("Idempotent-Replayed"))
	}
	if again.header.Get("Location") != first.header.Get("Location") {
		t.Errorf("Location is %q, want %q", again.header.Get("Location"), first.header.Get("Location"))
	}
}

func (s *suite) duplicates(t *testing.T, v variant) {
	t.Helper()
	c, key := s.readyCart(t, v, 1), unique()
	answers := s.together(t, simultaneous, func(int) request { return checkout(c, key) })
	replayed := 0
	for _, a := range answers {
		if a.status != http.StatusCreated || string(a.body) != string(answers[0].body) {
			t.Fatalf("got %d %s\nwant %d %s", a.status, clip(a.body), answers[0].status, clip(answers[0].body))
		}
		if a.header.Get("Idempotent-Replayed") == "true" {
			replayed++
		}
	}
	if replayed != simultaneous-1 {
		t.Errorf("%d of %d answers say they are a replay, want all but one", replayed, simultaneous)
	}
	s.oneOrder(t, answers[0].text(t, "data.email"), answers[0].text(t, "data.id"))
}

// oneOrder checks that the address has placed exactly this order.
func (s *suite) oneOrder(t *testing.T, email, id string) {
	t.Helper()
	s.eventually(t, settled, "there is one order", func() error {
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/orders?q=" + email, token: s.admin})
		if got := ids(a.list(t, "data")); len(got) != 1 || got[0] != id {
			return fmt.Errorf("got %v, want %s", got, id)
		}
		return nil
	})
}

func (s *suite) paymentOnce(t *testing.T, v variant) {
	t.Helper()
	ordered := s.order(t, v, 1)
	path := "/admin/v1/orders/" + ordered.text(t, "data.id")
	pay := func(key string, cents int64) request {
		return request{method: "POST", path: path + "/payments", token: s.admin, key: key,
			body: object{"method": "bank_transfer", "amount": euros(cents)}}
	}
	if a := s.want(t, http.StatusBadRequest, pay("", 100)); a.failed() != "idempotency.key_required" {
		t.Errorf("got %s", clip(a.body))
	}
	key := unique()
	first := s.want(t, http.StatusCreated, pay(key, 100))
	s.replays(t, first, s.do(t, pay(key, 100)))
	if a := s.want(t, http.StatusUnprocessableEntity, pay(key, 200)); a.failed() != "idempotency.key_reused" {
		t.Errorf("got %s", clip(a.body))
	}
	order := s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin})
	if booked := order.list(t, "data.payments"); len(booked) != 1 {
		t.Errorf("one payment was booked %d times", len(booked))
	}
	order.equal(t, "data.payment.status", "partially_paid")
	order.equal(t, "data.status", "pending_payment")
}

// races checks that two who act at once do not both win.
func (s *suite) races(t *testing.T) {
	t.Run("two checkouts of one cart make one order", func(t *testing.T) {
		t.Parallel()
		c := s.readyCart(t, s.shirt.variants[0], 1)
		answers := s.together(t, 2, func(int) request { return checkout(c, unique()) })
		won, lost := answers[0], answers[1]
		if won.status != http.StatusCreated {
			won, lost = lost, won
		}
		if won.status != http.StatusCreated || lost.status != http.StatusConflict {
			t.Fatalf("got %d %s\nand %d %s", won.status, clip(won.body), lost.status, clip(lost.body))
		}
		s.oneOrder(t, won.text(t, "data.email"), won.text(t, "data.id"))
	})
	t.Run("no line of a cart is lost", func(t *testing.T) {
		t.Parallel()
		c := s.newCart(t)
		for _, a := range s.together(t, 20, func(i int) request {
			return request{method: "POST", path: c.path("/items"), cart: c.token,
				body: object{"variantId": s.shirt.variants[i%2].id, "quantity": 1}}
		}) {
			if a.status != http.StatusCreated {
				t.Errorf("got %d %s", a.status, clip(a.body))
			}
		}
		a := s.want(t, http.StatusOK, request{method: "GET", path: c.path(""), cart: c.token})
		a.equal(t, "data.items.0.quantity", 10)
		a.equal(t, "data.items.1.quantity", 10)
		s.addsUp(t, a)
	})
	t.Run("no change of a product is lost", func(t *testing.T) {
		t.Parallel()
		p := s.sell(t, 1, 100)
		path := "/admin/v1/products/" + p.id
		tag := s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin}).header.Get("ETag")
		won := 0
		for _, a := range s.together(t, 10, func(i int) request {
			return request{method: "PATCH", path: path, token: s.admin, body: object{"seoTitle": fmt.Sprint("B", i)}, header: map[string]string{"If-Match": tag}}
		}) {
			switch a.status {
			case http.StatusOK:
				won++
			case http.StatusPreconditionFailed:
			default:
				t.Errorf("got %d %s", a.status, clip(a.body))
			}
		}
		if won != 1 {
			t.Errorf("%d of ten changes of one version won, want one", won)
		}
	})
}
