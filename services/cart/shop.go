package cart

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
	"github.com/sovecom/sovecom/kit/tenant"
)

// Shop is what a cart needs to know of the shop it is in.
type Shop struct {
	Currency    string
	Currencies  []string // it sells in besides Currency
	TaxRate     money.Rate
	TaxIncluded bool
	TaxCountry  string
	Rates       []FlatRate
}

// FlatRate is a way of shipping the shop offers.
type FlatRate struct {
	ID        string
	Name      string
	Amount    money.Money
	Countries []string // where it goes; empty is everywhere
}

func (s Shop) sells(currency string) bool {
	return currency == s.Currency || slices.Contains(s.Currencies, currency)
}

// currencies names what it sells in.
func (s Shop) currencies() string {
	return strings.Join(append([]string{s.Currency}, s.Currencies...), ", ")
}

// ratesFor lists the ways of shipping for a cart, in the shop's order. Nothing ships to nowhere, and nothing need not ship.
func (s Shop) ratesFor(c Cart) []ShippingRate {
	var out []ShippingRate
	if c.ShippingAddress == nil || c.shipless() {
		return nil
	}
	for _, r := range s.Rates {
		goes := len(r.Countries) == 0 || slices.Contains(r.Countries, c.ShippingAddress.Country)
		if goes && r.Amount.Currency == c.Currency {
			out = append(out, ShippingRate{ID: r.ID, Name: r.Name, Amount: r.Amount.Amount})
		}
	}
	return out
}

// rateFor returns the way of shipping the cart has chosen, if it is still offered.
func (s Shop) rateFor(c Cart) (ShippingRate, bool) {
	if c.ShippingRateID == "" {
		return ShippingRate{}, false
	}
	rates := s.ratesFor(c)
	at := slices.IndexFunc(rates, func(r ShippingRate) bool { return r.ID == c.ShippingRateID })
	if at < 0 {
		return ShippingRate{}, false
	}
	return rates[at], true
}

func shopFromProto(in *identityv1.Settings) (Shop, error) {
	rate, err := money.ParseRate(in.GetTax().GetRate())
	if err != nil || in.GetStore().GetDefaultCurrency() == "" || in.GetTax().GetCountry() == "" {
		return Shop{}, fmt.Errorf("cart: the shop's settings are incomplete: currency %q, tax rate %q, tax country %q",
			in.GetStore().GetDefaultCurrency(), in.GetTax().GetRate(), in.GetTax().GetCountry())
	}
	s := Shop{
		Currency: in.GetStore().GetDefaultCurrency(), TaxRate: rate, TaxIncluded: in.GetTax().GetPricesIncludeTax(),
		TaxCountry: in.GetTax().GetCountry(), Currencies: in.GetStore().GetCurrencies(),
	}
	for _, r := range in.GetShipping().GetRates() {
		s.Rates = append(s.Rates, FlatRate{
			ID: r.GetId(), Name: r.GetName(), Amount: money.Of(r.GetAmount().GetAmount(), r.GetAmount().GetCurrency()), Countries: r.GetCountries(),
		})
	}
	return s, nil
}

// shops remembers settings for a moment, because every request needs them and they hardly ever change. Callers who
// miss together ask once.
type shops struct {
	identity identityv1connect.IdentityServiceClient
	ttl      time.Duration
	now      func() time.Time
	flights  singleflight.Group

	mu    sync.Mutex
	known map[id.ID]knownShop
}

type knownShop struct {
	shop Shop
	at   time.Time
}

// maxKnownShops bounds what is remembered; beyond it everything is asked for again.
const maxKnownShops = 10_000

// askShop bounds a question that several callers wait for, whoever of them leaves.
const askShop = 5 * time.Second

func newShops(identity identityv1connect.IdentityServiceClient, ttl time.Duration, now func() time.Time) *shops {
	return &shops{identity: identity, ttl: ttl, now: now, known: map[id.ID]knownShop{}}
}

// of returns the shop of the context's tenant.
func (s *shops) of(ctx context.Context) (Shop, error) {
	t, _ := tenant.From(ctx)
	s.mu.Lock()
	k, ok := s.known[t]
	s.mu.Unlock()
	if ok && s.now().Sub(k.at) < s.ttl {
		return k.shop, nil
	}
	asked := s.flights.DoChan(t.String(), func() (any, error) { return s.ask(ctx, t) })
	select {
	case <-ctx.Done():
		return Shop{}, ctx.Err()
	case got := <-asked:
		shop, _ := got.Val.(Shop)
		return shop, got.Err
	}
}

func (s *shops) ask(ctx context.Context, t id.ID) (Shop, error) {
	// The first caller's leaving must not fail the others.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askShop)
	defer cancel()
	at := s.now() // before the answer: what changes meanwhile is old already
	res, err := s.identity.GetShopSettings(ctx, &identityv1.GetShopSettingsRequest{})
	if err != nil {
		return Shop{}, err
	}
	shop, err := shopFromProto(res.GetSettings())
	if err != nil {
		return Shop{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) >= maxKnownShops {
		clear(s.known)
	}
	s.known[t] = knownShop{shop, at}
	return shop, nil
}
