package acceptance

import (
	"fmt"
	"net/http"
	"testing"
)

// abroad buys in another currency, country, channel and language: carts have the prices that lists show.
func (s *suite) abroad(t *testing.T) {
	t.Run("a cart moves and is ordered", s.movingCart)
	t.Run("what cannot be sold there is named", s.notSoldThere)
}

func (s *suite) movingCart(t *testing.T) {
	t.Parallel()
	p := s.sell(t, 1000, 1000)
	v := p.variants[0]
	s.want(t, http.StatusOK, request{method: "PATCH", path: "/admin/v1/products/" + p.id + "/variants/" + v.id, token: s.admin,
		body: object{"prices": []object{{"price": object{"amount": 12000, "currency": "SEK"}}}}})
	german := "Leinenhemd " + p.word
	s.want(t, http.StatusOK, request{method: "PUT", path: "/admin/v1/products/" + p.id + "/translations/de", token: s.admin, body: object{"title": german}})
	for _, list := range []struct {
		scope  object
		prices []object
	}{
		{object{"country": "FR"}, []object{{"variantId": v.id, "currency": "EUR", "amount": 900}, {"variantId": v.id, "currency": "EUR", "minQuantity": 10, "amount": 850}}},
		{object{"channel": "app-" + p.word}, []object{{"variantId": v.id, "currency": "EUR", "amount": 800}}},
	} {
		body := object{"name": "Abroad " + p.word, "type": "override", "status": "active", "priority": len(list.scope)}
		for key, value := range list.scope {
			body[key] = value
		}
		made := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/price-lists", token: s.admin, body: body})
		s.want(t, http.StatusOK, request{method: "PUT", path: "/admin/v1/price-lists/" + made.text(t, "data.id") + "/prices", token: s.admin, body: object{"prices": list.prices}})
	}
	s.shows(t, "the price in France", "/store/v1/products/"+p.slug+"?country=FR", map[string]any{"price.amount": 900})

	for _, c := range []struct {
		make     object
		currency string
		amount   int64
		title    string
	}{
		{object{}, "EUR", 1000, p.title},
		{object{"country": "FR"}, "EUR", 900, p.title},
		{object{"channel": "app-" + p.word, "locale": "de-CH"}, "EUR", 800, german},
		{object{"currency": "SEK", "country": "SE"}, "SEK", 12_000, p.title},
	} {
		var made answer
		s.eventually(t, settled, fmt.Sprintf("a cart of %v", c.make), func() error {
			made = s.do(t, request{method: "POST", path: "/store/v1/carts", body: c.make})
			if made.status != http.StatusCreated {
				return fmt.Errorf("got %d", made.status) // settings are remembered for a moment
			}
			return nil
		})
		s.shape(t, made, "data", "createdCart")
		in := cart{id: made.text(t, "data.id"), token: made.text(t, "data.token")}
		added := s.add(t, in, v, 1)
		added.equal(t, "data.currency", c.currency)
		added.equal(t, "data.items.0.unitPrice.amount", c.amount)
		added.equal(t, "data.items.0.unitPrice.currency", c.currency)
		added.equal(t, "data.items.0.title", c.title)
	}

	c := s.cartWith(t, v, 10)
	patch := func(status int, body object) answer {
		t.Helper()
		return s.want(t, status, request{method: "PATCH", path: c.path(""), cart: c.token, body: body})
	}
	moved := patch(http.StatusOK, object{"country": "FR", "locale": "de"})
	s.shape(t, moved, "data", "cart")
	moved.equal(t, "data.country", "FR")
	moved.equal(t, "data.locale", "de")
	moved.equal(t, "data.items.0.unitPrice.amount", 850) // ten of them
	moved.equal(t, "data.items.0.title", german)
	moved = patch(http.StatusOK, object{"channel": "app-" + p.word})
	moved.equal(t, "data.country", "FR")
	moved = patch(http.StatusOK, object{"currency": "SEK", "channel": nil, "country": nil})
	moved.equal(t, "data.country", nil)
	moved.equal(t, "data.channel", nil)
	moved.equal(t, "data.totals.subtotal.currency", "SEK")
	moved.equal(t, "data.totals.subtotal.amount", 120_000)
	for field, body := range map[string]object{
		"currency": {"currency": "USD"}, "country": {"country": "XX"}, "channel": {"channel": "No Such"}, "locale": {"locale": "no such language"},
	} {
		if bad := patch(http.StatusUnprocessableEntity, body); !bad.names(field) {
			t.Errorf("the error does not name %s: %s", field, clip(bad.body))
		}
	}
	if bad := patch(http.StatusUnprocessableEntity, object{"currency": nil}); !bad.names("currency") {
		t.Errorf("a currency is cleared: %s", clip(bad.body))
	}

	s.makeReady(t, c)
	if bad := patch(http.StatusUnprocessableEntity, object{"country": "DE"}); !bad.names("country") {
		t.Errorf("the error does not name country: %s", clip(bad.body))
	}
	ordered := s.want(t, http.StatusCreated, checkout(c, unique()))
	s.addsUp(t, ordered)
	s.guestReads(t, ordered)
	admin := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/orders/" + ordered.text(t, "data.id"), token: s.admin})
	for _, a := range []answer{ordered, admin} {
		for path, want := range map[string]any{
			"data.country": "FR", "data.channel": nil, "data.locale": "de", "data.items.0.title": german, "data.items.0.unitPrice.amount": 12_000,
			"data.totals.total.currency": "SEK", "data.totals.total.amount": 125_900,
		} {
			a.equal(t, path, want)
		}
	}
}

func (s *suite) notSoldThere(t *testing.T) {
	t.Parallel()
	p := s.sell(t, 10, 1000)
	c := s.cartWith(t, p.variants[0], 1)
	refused := s.want(t, http.StatusConflict, request{method: "PATCH", path: c.path(""), cart: c.token, body: object{"currency": "SEK"}})
	refused.equal(t, "error.code", "cart.not_sold_there")
	refused.equal(t, "error.details.0.variantId", p.variants[0].id)
	same := s.want(t, http.StatusOK, request{method: "GET", path: c.path(""), cart: c.token})
	same.equal(t, "data.currency", "EUR")
	same.equal(t, "data.totals.subtotal.amount", 1000)
	added := s.do(t, request{method: "POST", path: "/store/v1/carts", body: object{"currency": "ZZZ"}})
	added.equal(t, "error.code", "cart.currency_unsupported")
}
