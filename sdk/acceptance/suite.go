package acceptance

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	perCall      = 30 * time.Second // how long one call may take
	settled      = 10 * time.Second // how long what one room tells another may take under load
	visible      = time.Second      // how long a new product may be missing from list and search
	delivered    = time.Minute      // how long a webhook may take whose receiver fails twice
	pollEvery    = 20 * time.Millisecond
	simultaneous = 50 // duplicates of one checkout at once
)

// suite is one run against one shop.
type suite struct {
	target    Target
	http      *http.Client
	shapes    shapes
	documents documents
	admin     string // access token of the admin
	shirt     product
}

// Run holds the target to the public contract. Every check is a named subtest.
func Run(t *testing.T, target Target) {
	t.Helper()
	if err := target.check(); err != nil {
		t.Fatalf("the suite has no shop to test: %v", err)
	}
	s := newSuite(t, target)
	s.readDocuments(t)
	s.signIn(t)
	s.openShipping(t)
	s.openCrowns(t)
	// Alone, before the load of the other checks: it holds the shop to a time.
	if !t.Run("a new product is seen within a second", s.newProductIsSeen) {
		t.Fatal("without a product there is nothing to sell")
	}
	if s.shirt.id == "" { // the check above was filtered out, and the others need the product
		s.openShop(t, settled)
	}
	for _, part := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"operations", s.operations},
		{"catalogue", s.catalogue},
		{"prices", s.prices},
		{"caching", s.caching},
		{"languages", s.languages},
		{"names", s.names},
		{"content pages", s.content},
		{"buying", s.buying},
		{"buying abroad", s.abroad},
		{"customers", s.customers},
		{"customer groups", s.groups},
		{"cookies", s.cookies},
		{"stock", s.stock},
		{"idempotency", s.idempotency},
		{"races", s.races},
		{"errors", s.errors},
		{"admin", s.adminPath},
		{"sessions", s.sessions},
		{"transfer", s.transfer},
		{"a hostile catalogue", s.hostile},
		{"from elsewhere", s.elsewhere},
		{"webhooks", s.webhooks},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.run(t)
		})
	}
}

func newSuite(t *testing.T, target Target) *suite {
	t.Helper()
	documents, err := parseShapes(contract())
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 2 * simultaneous, ExpectContinueTimeout: time.Second}
	t.Cleanup(transport.CloseIdleConnections)
	return &suite{
		target: target,
		shapes: documents,
		http: &http.Client{
			Transport:     transport,
			Timeout:       perCall,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// signIn signs the admin in once: logins are throttled, as they should be.
func (s *suite) signIn(t *testing.T) {
	t.Helper()
	a := s.want(t, http.StatusOK, request{method: "POST", path: "/admin/v1/auth/login",
		body: object{"email": s.target.AdminEmail, "password": s.target.AdminPassword}})
	if _, challenged := lookup(a.doc, "data.challenge"); challenged {
		t.Fatal("the admin of the suite must not have a second factor")
	}
	s.shape(t, a, "data", "adminSession")
	s.admin = a.text(t, "data.accessToken")
}

// openShipping makes sure that something can be shipped to France in euros.
func (s *suite) openShipping(t *testing.T) {
	t.Helper()
	a := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/settings/shipping", token: s.admin})
	rates := a.list(t, "data.rates")
	for _, rate := range rates {
		if currency, _ := lookup(rate, "amount.currency"); currency == "EUR" && shipsTo(rate, "FR") {
			return
		}
	}
	rates = append(rates, object{"name": "Standard", "amount": euros(490), "countries": []string{"FR"}})
	s.want(t, http.StatusOK, request{method: "PUT", path: "/admin/v1/settings/shipping", token: s.admin, body: object{"rates": rates}})
}

// openCrowns makes sure that the shop also sells in crowns, and ships to France in them.
func (s *suite) openCrowns(t *testing.T) {
	t.Helper()
	store := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/settings/store", token: s.admin})
	currencies := store.list(t, "data.currencies")
	if slices.Contains(currencies, any("SEK")) {
		return
	}
	s.want(t, http.StatusOK, request{method: "PUT", path: "/admin/v1/settings/store", token: s.admin, body: object{
		"name": store.text(t, "data.name"), "country": store.text(t, "data.country"), "defaultCurrency": store.text(t, "data.defaultCurrency"),
		"currencies": append(currencies, "SEK"),
	}})
	rates := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/settings/shipping", token: s.admin}).list(t, "data.rates")
	rates = append(rates, object{"name": "Post", "amount": object{"amount": 5900, "currency": "SEK"}, "countries": []string{"FR"}})
	s.want(t, http.StatusOK, request{method: "PUT", path: "/admin/v1/settings/shipping", token: s.admin, body: object{"rates": rates}})
}

func shipsTo(rate any, country string) bool {
	value, _ := lookup(rate, "countries")
	countries, _ := value.([]any)
	for _, c := range countries {
		if c == country {
			return true
		}
	}
	return len(countries) == 0
}

func euros(cents int64) object { return object{"amount": cents, "currency": "EUR"} }

// unique returns a word that no other run and no other check uses.
func unique() string { return strings.ToLower(rand.Text()[:16]) }

// product is a published product of the suite.
type product struct {
	id, slug, title string
	word            string // a word of the title that nothing else has
	variants        []variant
}

type variant struct {
	id, sku string
	price   int64
}

// newProduct describes a published product with one variant per price, each with stock units.
func newProduct(stock int, prices ...int64) (product, object) {
	word := unique()
	p := product{title: "Linen shirt " + word, word: word}
	var sizes []string
	var variants []object
	for i, price := range prices {
		size := fmt.Sprintf("S%d", i)
		sizes = append(sizes, size)
		p.variants = append(p.variants, variant{sku: "ACC-" + word + "-" + size, price: price})
		variants = append(variants, object{"sku": p.variants[i].sku, "options": object{"size": size}, "price": euros(price), "stock": stock})
	}
	return p, object{"title": p.title, "description": "Made to be tested.", "status": "published",
		"options": []object{{"name": "size", "values": sizes}}, "variants": variants}
}

// create makes the product and fills in what the shop made of it.
func (s *suite) create(t *testing.T, p product, body object) (product, answer) {
	t.Helper()
	a := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/products", token: s.admin, body: body})
	p.id, p.slug = a.text(t, "data.id"), a.text(t, "data.slug")
	for i := range a.list(t, "data.variants") {
		sku := a.text(t, fmt.Sprintf("data.variants.%d.sku", i))
		for j := range p.variants {
			if p.variants[j].sku == sku {
				p.variants[j].id = a.text(t, fmt.Sprintf("data.variants.%d.id", i))
			}
		}
	}
	for _, v := range p.variants {
		if v.id == "" {
			t.Fatalf("the product has no variant %s: %s", v.sku, clip(a.body))
		}
	}
	return p, a
}

// sell makes a product that can be bought now.
func (s *suite) sell(t *testing.T, stock int, prices ...int64) product {
	t.Helper()
	p, body := newProduct(stock, prices...)
	p, _ = s.create(t, p, body)
	s.stocked(t, p, stock)
	return p
}

// stocked waits until the stock of all variants is booked and known.
func (s *suite) stocked(t *testing.T, p product, stock int) {
	t.Helper()
	s.eventually(t, settled, "the stock is booked", func() error {
		for _, v := range p.variants {
			a := s.do(t, request{method: "GET", path: "/admin/v1/inventory/" + v.id, token: s.admin})
			onHand, _ := lookup(a.doc, "data.onHand")
			if fmt.Sprint(onHand) != fmt.Sprint(stock) {
				return fmt.Errorf("%s has %v on hand, want %d", v.sku, onHand, stock)
			}
		}
		return nil
	})
}

// eventually repeats the check until it passes or the time is over.
func (s *suite) eventually(t *testing.T, within time.Duration, what string, check func() error) {
	t.Helper()
	over, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		err := check()
		if err == nil {
			return
		}
		select {
		case <-over.Done():
			t.Fatalf("not within %v: %s: %v", within, what, err)
		case <-tick.C:
		}
	}
}

// cart is a cart of the suite.
type cart struct{ id, token string }

func (c cart) path(rest string) string { return "/store/v1/carts/" + c.id + rest }

func (s *suite) newCart(t *testing.T) cart {
	t.Helper()
	a := s.want(t, http.StatusCreated, request{method: "POST", path: "/store/v1/carts", body: object{"currency": "EUR"}})
	return cart{id: a.text(t, "data.id"), token: a.text(t, "data.token")}
}

// cartWith makes a cart with units of a variant.
func (s *suite) cartWith(t *testing.T, v variant, quantity int) cart {
	t.Helper()
	c := s.newCart(t)
	s.add(t, c, v, quantity)
	return c
}

func (s *suite) add(t *testing.T, c cart, v variant, quantity int) answer {
	t.Helper()
	return s.want(t, http.StatusCreated, request{method: "POST", path: c.path("/items"), cart: c.token,
		body: object{"variantId": v.id, "quantity": quantity}})
}

func address() object {
	return object{"name": "Ada Lovelace", "line1": "1 rue de la Paix", "city": "Paris", "postalCode": "75002", "country": "FR"}
}

// readyCart makes a cart that can be ordered.
func (s *suite) readyCart(t *testing.T, v variant, quantity int) cart {
	t.Helper()
	c := s.cartWith(t, v, quantity)
	s.makeReady(t, c)
	return c
}

// makeReady says who buys, where it goes and how.
func (s *suite) makeReady(t *testing.T, c cart) {
	t.Helper()
	s.want(t, http.StatusOK, request{method: "PUT", path: c.path("/email"), cart: c.token, body: object{"email": unique() + "@example.com"}})
	s.want(t, http.StatusOK, request{method: "PUT", path: c.path("/shipping-address"), cart: c.token, body: address()})
	rates := s.want(t, http.StatusOK, request{method: "GET", path: c.path("/shipping-rates"), cart: c.token})
	if len(rates.list(t, "data")) == 0 {
		t.Fatalf("nothing ships to France: %s", clip(rates.body))
	}
	s.want(t, http.StatusOK, request{method: "PUT", path: c.path("/shipping-method"), cart: c.token,
		body: object{"shippingRateId": rates.text(t, "data.0.id")}})
}

func checkout(c cart, key string) request {
	return request{method: "POST", path: c.path("/checkout"), cart: c.token, key: key, body: object{"paymentMethod": "manual"}}
}

// order buys units of a variant and returns the answer of the checkout.
func (s *suite) order(t *testing.T, v variant, quantity int) answer {
	t.Helper()
	return s.want(t, http.StatusCreated, checkout(s.readyCart(t, v, quantity), unique()))
}

// together makes n calls at once and returns their answers.
func (s *suite) together(t *testing.T, n int, call func(i int) request) []answer {
	t.Helper()
	answers, failures := make([]answer, n), make([]error, n)
	start, done := make(chan struct{}), make(chan struct{}, n)
	for i := range n {
		r := call(i)
		go func() {
			defer func() { done <- struct{}{} }()
			<-start
			answers[i], failures[i] = s.exchange(t.Context(), r)
		}()
	}
	close(start)
	for range n {
		<-done
	}
	if err := errors.Join(failures...); err != nil {
		t.Fatalf("no answer: %v", err)
	}
	for _, a := range answers {
		s.audit(t, a)
	}
	return answers
}
