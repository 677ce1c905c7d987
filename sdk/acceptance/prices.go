package acceptance

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// prices: further currencies, price lists that begin and end, and the prior price of every reduction.
func (s *suite) prices(t *testing.T) {
	t.Run("a sale shows the prior price and ends", s.saleList)
	t.Run("a scheduled list begins by itself", s.scheduledList)
	t.Run("what is wrong with a list is said", s.badLists)
	t.Run("a cart is read at today's prices", s.cartToday)
}

// shows waits until shoppers see the variant of a product as told.
func (s *suite) shows(t *testing.T, what, path string, want map[string]any) {
	t.Helper()
	s.eventually(t, settled, what, func() error {
		a := s.want(t, http.StatusOK, request{method: "GET", path: path})
		s.shape(t, a, "data", "product")
		var wrong []error
		for at, value := range want {
			if got, _ := lookup(a.doc, "data.variants.0."+at); fmt.Sprint(got) != fmt.Sprint(value) {
				wrong = append(wrong, fmt.Errorf("%s is %v, want %v", at, got, value))
			}
		}
		return errors.Join(wrong...)
	})
}

func (s *suite) saleList(t *testing.T) {
	t.Parallel()
	p := s.sell(t, 1000, 1000)
	v := p.variants[0]
	path := "/store/v1/products/" + p.slug
	s.want(t, http.StatusOK, request{method: "PATCH", path: "/admin/v1/products/" + p.id + "/variants/" + v.id, token: s.admin,
		body: object{"prices": []object{{"price": object{"amount": 12000, "currency": "SEK"}}}}})
	s.shows(t, "the price in crowns", path+"?currency=SEK", map[string]any{"price.amount": 12000, "price.currency": "SEK"})
	s.shows(t, "no price in yen", path+"?currency=JPY", map[string]any{"price.amount": 1000, "price.currency": "EUR"})

	made := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/price-lists", token: s.admin,
		body: object{"name": "Sale " + p.word, "code": "sale-" + p.word, "type": "sale"}})
	s.shape(t, made, "data", "priceList")
	list := "/admin/v1/price-lists/" + made.text(t, "data.id")
	prices := object{"prices": []object{
		{"variantId": v.id, "currency": "EUR", "amount": 800},
		{"sku": v.sku, "currency": "EUR", "minQuantity": 10, "amount": 700},
	}}
	s.want(t, http.StatusOK, request{method: "PUT", path: list + "/prices", token: s.admin, body: prices}).equal(t, "data.changed", 2)
	s.want(t, http.StatusOK, request{method: "PUT", path: list + "/prices", token: s.admin, body: prices}).equal(t, "data.unchanged", 2)
	shown := s.want(t, http.StatusOK, request{method: "GET", path: list + "/prices", token: s.admin})
	shown.equal(t, "meta.total", 2)
	s.shape(t, shown, "data.0", "listPrice")
	s.want(t, http.StatusOK, request{method: "PATCH", path: list, token: s.admin, body: object{"status": "active"}})
	s.shows(t, "the sale", path, map[string]any{
		"price.amount": 800, "compareAtPrice.amount": 1000, "priorPrice.amount": 1000, "priceTiers.1.minQuantity": 10, "priceTiers.1.price.amount": 700,
	})
	c := s.newCart(t)
	line := s.want(t, http.StatusCreated, request{method: "POST", path: c.path("/items"), cart: c.token, body: object{"variantId": v.id, "quantity": 9}})
	line.equal(t, "data.items.0.unitPrice.amount", 800)
	line.equal(t, "data.items.0.compareAtPrice.amount", 1000)
	line.equal(t, "data.items.0.priorPrice.amount", 1000)
	line = s.want(t, http.StatusOK, request{method: "PATCH", path: c.path("/items/" + line.text(t, "data.items.0.id")), cart: c.token, body: object{"quantity": 10}})
	line.equal(t, "data.items.0.total.amount", 7000)
	line.equal(t, "data.items.0.priorPrice", nil) // it goes with the price of one unit

	s.want(t, http.StatusNoContent, request{method: "DELETE", path: list, token: s.admin})
	s.shows(t, "the sale has ended", path, map[string]any{"price.amount": 1000, "compareAtPrice": nil, "priorPrice": nil, "priceTiers": []any{}})
	history := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/products/" + p.id + "/variants/" + v.id + "/price-history?limit=2", token: s.admin})
	s.shape(t, history, "data.0", "priceRecord")
	history.equal(t, "data.0.amount", nil) // newest first: the end of the sale
	history.equal(t, "meta.total", 6)
}

func (s *suite) scheduledList(t *testing.T) {
	t.Parallel()
	p := s.sell(t, 10, 1000)
	a := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/products/" + p.id, token: s.admin})
	now, err := time.Parse(time.RFC3339Nano, a.text(t, "data.createdAt")) // the shop's clock, not ours
	if err != nil {
		t.Fatal(err)
	}
	begins := now.Add(4 * time.Second)
	list := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/price-lists", token: s.admin, body: object{
		"name": "Night " + p.word, "type": "override", "status": "active", "country": "FR",
		"startsAt": begins.Format(time.RFC3339Nano), "endsAt": begins.Add(time.Hour).Format(time.RFC3339Nano),
	}}).text(t, "data.id")
	s.want(t, http.StatusOK, request{method: "PUT", path: "/admin/v1/price-lists/" + list + "/prices", token: s.admin,
		body: object{"prices": []object{{"sku": p.variants[0].sku, "currency": "EUR", "amount": 600}}}})
	path := "/store/v1/products/" + p.slug
	s.shows(t, "the list begins", path+"?country=FR", map[string]any{"price.amount": 600, "priorPrice.amount": 1000})
	s.shows(t, "nobody else has it", path+"?country=DE", map[string]any{"price.amount": 1000, "priorPrice": nil})
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: "/admin/v1/price-lists/" + list, token: s.admin})
}

func (s *suite) badLists(t *testing.T) {
	t.Parallel()
	p := s.sell(t, 1, 1000)
	list := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/price-lists", token: s.admin,
		body: object{"name": "Bad " + p.word, "type": "sale"}}).text(t, "data.id")
	at := "/admin/v1/price-lists/" + list
	row := func(change object) object {
		one := object{"variantId": p.variants[0].id, "currency": "EUR", "amount": 1}
		for key, value := range change {
			one[key] = value
		}
		return object{"prices": []object{one}}
	}
	for _, bad := range []struct {
		method, path string
		body         object
		field        string
	}{
		{"POST", "/admin/v1/price-lists", object{"name": "X", "type": "gift"}, "type"},
		{"POST", "/admin/v1/price-lists", object{"name": "X", "type": "sale", "country": "XX"}, "country"},
		{"POST", "/admin/v1/price-lists", object{"name": "X", "type": "sale", "startsAt": "2030-01-02T00:00:00Z", "endsAt": "2030-01-01T00:00:00Z"}, "endsAt"},
		{"POST", "/admin/v1/price-lists", object{"name": "X", "type": "sale", "startsAt": "soon"}, "startsAt"},
		{"PATCH", at, object{"endsAt": "soon"}, "endsAt"},
		{"PATCH", at, object{"announcedAt": "2030-01-02T00:00:00Z"}, "announcedAt"},
		{"PUT", at + "/prices", row(object{"amount": -1}), "prices[0].amount"},
		{"PUT", at + "/prices", row(object{"amount": 1_000_000_000_001}), "prices[0].amount"},
		{"PUT", at + "/prices", row(object{"currency": "eur"}), "prices[0].currency"},
		{"PUT", at + "/prices", row(object{"minQuantity": 0}), "prices[0].minQuantity"},
		{"PUT", at + "/prices", row(object{"variantId": list}), "prices[0].variantId"},
		{"PUT", at + "/prices", object{"prices": []object{}}, "prices"},
	} {
		a := s.want(t, http.StatusUnprocessableEntity, request{method: bad.method, path: bad.path, token: s.admin, body: bad.body})
		a.equal(t, "error.details.0.field", bad.field)
	}
	s.want(t, http.StatusOK, request{method: "GET", path: at + "/prices", token: s.admin}).equal(t, "meta.total", 0)
	s.want(t, http.StatusBadRequest, request{method: "GET", path: "/store/v1/products?currency=euro"})
	s.want(t, http.StatusBadRequest, request{method: "GET", path: "/store/v1/products?country=XX"})
	s.want(t, http.StatusBadRequest, request{method: "GET", path: "/store/v1/products/" + p.slug + "?customerGroup=vip"})
	s.want(t, http.StatusNotFound, request{method: "GET", path: "/admin/v1/price-lists/x", token: s.admin})
	s.want(t, http.StatusUnauthorized, request{method: "GET", path: at})
}

// cartToday changes a price while the variant is in a cart: whoever reads the cart sees it, and nobody pays it unseen.
func (s *suite) cartToday(t *testing.T) {
	t.Parallel()
	p := s.sell(t, 10, 1000)
	c := s.readyCart(t, p.variants[0], 2)
	read := request{method: "GET", path: c.path(""), cart: c.token}
	s.want(t, http.StatusOK, read).equal(t, "data.items.0.previousUnitPrice", nil)
	s.want(t, http.StatusOK, request{method: "PATCH", path: "/admin/v1/products/" + p.id + "/variants/" + p.variants[0].id, token: s.admin, body: object{"price": euros(1100)}})
	now := s.want(t, http.StatusOK, read)
	s.shape(t, now, "data", "cart")
	s.addsUp(t, now)
	for path, want := range map[string]any{
		"data.items.0.unitPrice.amount": 1100, "data.items.0.previousUnitPrice.amount": 1000, "data.items.0.available": true, "data.totals.subtotal.amount": 2200,
	} {
		now.equal(t, path, want)
	}
	s.refused(t, s.want(t, http.StatusConflict, checkout(c, unique())), "cart.prices_changed")
	s.want(t, http.StatusOK, read).equal(t, "data.items.0.previousUnitPrice", nil)
	s.want(t, http.StatusOK, request{method: "PATCH", path: "/admin/v1/products/" + p.id, token: s.admin, body: object{"status": "archived"}})
	s.want(t, http.StatusOK, read).equal(t, "data.items.0.available", false)
	s.refused(t, s.want(t, http.StatusConflict, checkout(c, unique())), "cart.item_unavailable")
}
