package cart_test

import (
	"slices"
	"testing"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/services/cart"
)

// abroad makes a shop that sells in euros and crowns: a variant costs 1000 euros everywhere and 900 in France, 1100 in
// the channel "app", 12 000 crowns and 11 000 in Sweden; it is called Leinenhemd in German.
func abroad(r *room) (variant, eurosOnly string) {
	v, other := r.sell(1000, 100), r.sell(1000, 100)
	r.others.change(func() {
		r.others.settings.Store.Currencies = []string{"NOK", "SEK"}
		r.others.quote = func(req *catalogv1.ResolveVariantsRequest, told *catalogv1.ResolvedVariant) {
			if slices.Contains(req.GetLocales(), "de") {
				told.ProductTitle = "Leinenhemd"
			}
			if told.GetId() != v {
				return
			}
			told.PriceCountries = []string{"FR", "SE"}
			switch {
			case req.GetCurrency() == "SEK" && req.GetCountry() == "SE":
				told.Price = &typev1.Money{Amount: 11_000, Currency: "SEK"}
			case req.GetCurrency() == "SEK":
				told.Price = &typev1.Money{Amount: 12_000, Currency: "SEK"}
			case req.GetChannel() == "app":
				told.Price = euros(1100)
			case req.GetCountry() == "FR":
				told.Price = euros(900)
			}
		}
	})
	return v, other
}

func (r *room) make(req *cartv1.CreateCartRequest) basket {
	r.t.Helper()
	res, err := r.CreateCart(r.ctx, req)
	ok(r.t, err)
	return basket{res.GetCart().GetId(), res.GetToken()}
}

func (r *room) move(b basket, req *cartv1.UpdateCartRequest) (*cartv1.Cart, error) {
	req.Id, req.Token = b.id, b.token
	res, err := r.UpdateCart(r.ctx, req)
	return res.GetCart(), err
}

func costs(t *testing.T, what string, c *cartv1.Cart, amount int64, currency string) {
	t.Helper()
	if s := c.GetTotals().GetSubtotal(); s.GetAmount() != amount || s.GetCurrency() != currency || c.GetCurrency() != currency {
		t.Errorf("%s: the cart is in %s and costs %v, want %d %s", what, c.GetCurrency(), s, amount, currency)
	}
	for _, m := range []*typev1.Money{c.GetTotals().GetShipping(), c.GetTotals().GetTax(), c.GetTotals().GetTotal(), c.GetTotals().GetDiscount()} {
		if m.GetCurrency() != currency {
			t.Errorf("%s: a total is in %s", what, m.GetCurrency())
		}
	}
}

func TestCartsShopWhereTheyWereMade(t *testing.T) {
	t.Parallel()
	r := open(t)
	v, _ := abroad(r)
	for _, c := range []struct {
		what     string
		req      *cartv1.CreateCartRequest
		amount   int64
		currency string
		title    string
	}{
		{"nowhere", &cartv1.CreateCartRequest{}, 1000, "EUR", "Linen shirt"},
		{"France", &cartv1.CreateCartRequest{Country: "FR"}, 900, "EUR", "Linen shirt"},
		{"the app", &cartv1.CreateCartRequest{Country: "FR", Channel: "app"}, 1100, "EUR", "Linen shirt"},
		{"crowns", &cartv1.CreateCartRequest{Currency: "SEK", Language: &cartv1.Language{Locale: "de", Locales: []string{"de"}}}, 12_000, "SEK", "Leinenhemd"},
		{"Sweden", &cartv1.CreateCartRequest{Currency: "SEK", Country: "SE"}, 11_000, "SEK", "Linen shirt"},
	} {
		b := r.make(c.req)
		added, err := r.add(b, v, 1)
		ok(t, err)
		costs(t, c.what, added, c.amount, c.currency)
		kept, err := r.replica().GetCart(r.ctx, &cartv1.GetCartRequest{Id: b.id, Token: b.token})
		ok(t, err)
		costs(t, c.what+", kept", kept.GetCart(), c.amount, c.currency)
		if k := kept.GetCart(); k.GetCountry() != c.req.GetCountry() || k.GetChannel() != c.req.GetChannel() || k.GetLocale() != c.req.GetLanguage().GetLocale() ||
			k.GetItems()[0].GetTitle() != c.title {
			t.Errorf("%s: kept %v", c.what, k)
		}
		// What is added later has the same market, also in a process that has to read the cart first.
		again, err := r.replica().add(b, v, 1)
		ok(t, err)
		costs(t, c.what+", once more", again, 2*c.amount, c.currency)
	}
	for field, req := range map[string]*cartv1.CreateCartRequest{
		"currency": {Currency: "USD"}, "country": {Country: "XX"}, "channel": {Channel: "no such\x00thing"}, "language.locale": {Language: &cartv1.Language{Locale: "de_DE!"}},
	} {
		_, err := r.CreateCart(r.ctx, req)
		if fault.From(err).Kind() != fault.KindInvalid {
			t.Errorf("%s: %v", field, err)
		}
		names(t, err, field)
	}
}

func TestACartMoves(t *testing.T) {
	t.Parallel()
	r := open(t)
	v, eurosOnly := abroad(r)
	b := r.make(&cartv1.CreateCartRequest{})
	_, err := r.add(b, v, 2)
	ok(t, err)
	text := func(s string) *string { return &s }
	for _, c := range []struct {
		what     string
		req      *cartv1.UpdateCartRequest
		amount   int64
		currency string
	}{
		{"to France", &cartv1.UpdateCartRequest{Country: text("FR")}, 1800, "EUR"},
		{"to the app", &cartv1.UpdateCartRequest{Channel: text("app")}, 2200, "EUR"},
		{"to crowns", &cartv1.UpdateCartRequest{Currency: text("SEK")}, 24_000, "SEK"},
		{"to Sweden", &cartv1.UpdateCartRequest{Country: text("SE")}, 22_000, "SEK"},
		{"to nowhere", &cartv1.UpdateCartRequest{Country: text(""), Channel: text("")}, 24_000, "SEK"},
		{"back", &cartv1.UpdateCartRequest{Currency: text("EUR")}, 2000, "EUR"},
	} {
		moved, err := r.move(b, c.req)
		ok(t, err)
		costs(t, c.what, moved, c.amount, c.currency)
		costs(t, c.what+", stored", r.get(b), c.amount, c.currency)
	}
	moved, err := r.move(b, &cartv1.UpdateCartRequest{Language: &cartv1.Language{Locale: "de", Locales: []string{"de"}}})
	ok(t, err)
	if moved.GetItems()[0].GetTitle() != "Leinenhemd" || moved.GetLocale() != "de" {
		t.Errorf("in German: %v", moved)
	}

	// What cannot be sold there is named, and nothing has changed.
	before, err := r.add(b, eurosOnly, 1)
	ok(t, err)
	_, err = r.move(b, &cartv1.UpdateCartRequest{Currency: text("SEK")})
	is(t, err, cart.ErrNotSoldThere)
	detail(t, err, map[string]any{"itemId": before.GetItems()[1].GetId(), "variantId": eurosOnly})
	costs(t, "refused", r.get(b), 3000, "EUR")
	if got := r.get(b).GetVersion(); got != before.GetVersion() {
		t.Errorf("a refused move was saved: version %d", got)
	}
	// A title that cannot be told any more does not keep the language from changing.
	r.others.change(func() { r.others.variants[eurosOnly].Sellable = false })
	moved, err = r.move(b, &cartv1.UpdateCartRequest{Language: &cartv1.Language{Locale: "en"}})
	ok(t, err)
	if moved.GetItems()[0].GetTitle() != "Linen shirt" || len(moved.GetItems()) != 2 {
		t.Errorf("in English: %v", moved)
	}
	for field, req := range map[string]*cartv1.UpdateCartRequest{"currency": {Currency: text("USD")}, "country": {Country: text("XX")}} {
		_, err := r.move(b, req)
		names(t, err, field)
	}
	_, err = r.move(b, &cartv1.UpdateCartRequest{Channel: text("Kanal 1")})
	is(t, err, rpc.ErrInvalid)
	names(t, err, "channel")
	_, err = r.elsewhere().UpdateCart(r.elsewhere().ctx, &cartv1.UpdateCartRequest{Id: b.id, Token: b.token, Country: text("FR")})
	is(t, err, cart.ErrNotFound)
	_, err = r.UpdateCart(r.ctx, &cartv1.UpdateCartRequest{Id: b.id, Token: "other", Country: text("FR")})
	is(t, err, cart.ErrDenied)
}

// The country of the shipping address is the cart's country. The catalogue is asked only where that changes a price.
func TestTheShippingAddressDecidesTheCountry(t *testing.T) {
	t.Parallel()
	r := open(t)
	v, _ := abroad(r)
	b := r.make(&cartv1.CreateCartRequest{})
	_, err := r.add(b, v, 1)
	ok(t, err)
	asked := func(what string, want int) {
		t.Helper()
		if got := r.others.count("variants"); got != want {
			t.Errorf("%s: the catalogue was asked %d times, want %d", what, got, want)
		}
	}
	asked("added", 1)
	c, err := r.shipTo(b, address("FR"))
	ok(t, err)
	costs(t, "to France", c, 900, "EUR")
	asked("France has a price of its own", 2)
	if c.GetCountry() != "FR" {
		t.Errorf("the country is %q", c.GetCountry())
	}
	c, err = r.shipTo(b, address("DE"))
	ok(t, err)
	costs(t, "to Germany", c, 1000, "EUR")
	asked("France no longer applies", 3)
	c, err = r.shipTo(b, address("BE"))
	ok(t, err)
	costs(t, "to Belgium", c, 1000, "EUR")
	asked("Belgium costs what Germany costs", 3)
	if c.GetCountry() != "BE" {
		t.Errorf("the country is %q", c.GetCountry())
	}
	france, belgium := "FR", "BE"
	_, err = r.move(b, &cartv1.UpdateCartRequest{Country: &france})
	is(t, err, cart.ErrCountryFixed)
	names(t, err, "country")
	_, err = r.move(b, &cartv1.UpdateCartRequest{Country: &belgium})
	ok(t, err)
	_, err = r.shipTo(b, address("XX"))
	is(t, err, cart.ErrBadAddress)
}

// An order keeps what it was priced for, and a way of shipping that has no price there is not kept.
func TestClaimedInCrowns(t *testing.T) {
	t.Parallel()
	r := open(t)
	v, _ := abroad(r)
	crowns := "SEK"
	b := r.ready(v, 1) // in France
	r.others.change(func() {
		r.others.settings.Shipping.Rates = append(r.others.settings.Shipping.Rates,
			&identityv1.FlatRate{Id: "post", Name: "Post", Amount: &typev1.Money{Amount: 5900, Currency: "SEK"}})
	})
	c, err := r.move(b, &cartv1.UpdateCartRequest{Currency: &crowns, Language: &cartv1.Language{Locale: "de", Locales: []string{"de"}}})
	ok(t, err)
	if c.GetShippingRate() != nil {
		t.Errorf("a rate in euros is still chosen: %v", c.GetShippingRate())
	}
	_, err = r.claim(b, id.New())
	is(t, err, cart.ErrShippingMethodMissing)
	r.clock.forward(cart.DefaultConfig().SettingsTTL)
	_, err = r.shipBy(b, "post")
	ok(t, err)
	claimed, err := r.claim(b, id.New())
	ok(t, err)
	costs(t, "claimed", claimed, 12_000, "SEK")
	if claimed.GetTotals().GetTotal().GetAmount() != 17_900 || claimed.GetCountry() != "FR" || claimed.GetLocale() != "de" || claimed.GetItems()[0].GetTitle() != "Leinenhemd" {
		t.Errorf("claimed %v", claimed)
	}

	// A currency the shop no longer sells in is not ordered in.
	b = r.ready(v, 1)
	_, err = r.move(b, &cartv1.UpdateCartRequest{Currency: &crowns})
	ok(t, err)
	_, err = r.shipBy(b, "post")
	ok(t, err)
	r.others.change(func() { r.others.settings.Store.Currencies = nil })
	r.clock.forward(cart.DefaultConfig().SettingsTTL)
	_, err = r.claim(b, id.New())
	is(t, err, cart.ErrCurrencyUnsupported)
}

// Somebody changes the currency while somebody else adds: whichever comes last, all of it is in one currency.
func TestMovingWhileAdding(t *testing.T) {
	t.Parallel()
	r := open(t)
	v, _ := abroad(r)
	second := r.sell(500, 100)
	r.others.change(func() { r.others.further = map[string]*typev1.Money{second: {Amount: 6000, Currency: "SEK"}} })
	b := r.make(&cartv1.CreateCartRequest{})
	_, err := r.add(b, v, 1)
	ok(t, err)
	crowns := "SEK"
	r.meanwhile(func() {
		_, err := r.replica().move(b, &cartv1.UpdateCartRequest{Currency: &crowns})
		ok(t, err)
	})
	c, err := r.add(b, second, 1) // asked in euros, and then in crowns
	ok(t, err)
	costs(t, "added meanwhile", c, 18_000, "SEK")

	b = r.make(&cartv1.CreateCartRequest{})
	_, err = r.add(b, v, 1)
	ok(t, err)
	r.meanwhile(func() {
		_, err := r.replica().add(b, second, 1)
		ok(t, err)
	})
	c, err = r.move(b, &cartv1.UpdateCartRequest{Currency: &crowns}) // without what was added, and then with it
	ok(t, err)
	costs(t, "moved meanwhile", c, 18_000, "SEK")
}

// meanwhile does something when the catalogue is asked next.
func (r *room) meanwhile(do func()) {
	r.others.change(func() {
		r.others.before = func() {
			r.others.change(func() { r.others.before = nil })
			do()
		}
	})
}
