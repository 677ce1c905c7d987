package identity_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/identity"
)

func TestIsolation(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.register("ada@example.com")
	r.hire("ada@example.com")
	_, err := r.loginStaff("ada@example.com", password, "")
	ok(t, err)
	_, err = r.loginStaff("ada@example.com", "wrong", "")
	is(t, err, identity.ErrLoginFailed)
	r.otherShop("shop.example.com")
	_, err = r.client.UpdateSettings(r.ctx, &identityv1.UpdateSettingsRequest{Settings: &identityv1.Settings{Shipping: &identityv1.ShippingSettings{
		Rates: []*identityv1.FlatRate{{Name: "Post", Amount: &typev1.Money{Amount: 1, Currency: "EUR"}}},
	}}})
	ok(t, err)
	pgtest.Isolation(t, r.db)
}

func TestTenants(t *testing.T) {
	t.Parallel()
	r := open(t)
	js := bustest.Start(t)
	bustest.Run(t, r.db, js)
	resolve := func(host string) string {
		t.Helper()
		res, err := r.in([16]byte{}).client.ResolveTenant(r.in([16]byte{}).ctx, &identityv1.ResolveTenantRequest{Host: host})
		ok(t, err)
		return res.GetTenantId()
	}
	if resolve("shop.example.com") != tenant.Default().String() {
		t.Error("a host nobody claims does not lead to the default tenant")
	}
	shop := r.otherShop("Shop.Example.com.", "shop.example.com:8443", "www.shop.example.com")
	event := bustest.Published(t, js, "evt.identity.tenant.created", 1)[0]
	body := new(identityv1.TenantCreated)
	ok(t, event.Unmarshal(body))
	if event.Tenant != shop || event.Aggregate != shop || body.GetTenantId() != shop.String() {
		t.Errorf("event %v %v", event, body)
	}
	for host, want := range map[string]string{
		"shop.example.com": shop.String(), "SHOP.example.com:443": shop.String(), "www.shop.example.com.": shop.String(),
		"other.example.com": tenant.Default().String(), "": tenant.Default().String(), "'; --": tenant.Default().String(), "a\x00": tenant.Default().String(),
		"[::1]:80": tenant.Default().String(),
	} {
		if got := resolve(host); got != want {
			t.Errorf("%q leads to %s, want %s", host, got, want)
		}
	}
	create := func(name string, hosts ...string) (string, error) {
		res, err := r.client.CreateTenant(r.ctx, &identityv1.CreateTenantRequest{Name: name, Hosts: hosts})
		return res.GetTenantId(), err
	}
	// Asked again it is the same shop; asked for part of it, or by another name, the host is taken and nothing is made.
	again, err := create("Other", "www.shop.example.com", "shop.example.com")
	ok(t, err)
	if again != shop.String() {
		t.Errorf("the same request made %s, want %s", again, shop)
	}
	_, err = create("Other", "shop.example.com")
	is(t, err, identity.ErrHostTaken)
	_, err = create("Third", "free.example.com", "shop.example.com")
	is(t, err, identity.ErrHostTaken)
	if resolve("free.example.com") != tenant.Default().String() {
		t.Error("half a shop was made")
	}
	_, err = create("Third", "no host")
	is(t, err, identity.ErrBadHost)
	_, err = create("  ")
	is(t, err, identity.ErrBadText)

	// Twenty want one host: they all get the one shop.
	var wg sync.WaitGroup
	var made sync.Map
	for range 20 {
		wg.Go(func() {
			shop, err := create("Race", "a.race.example.com", "b.race.example.com")
			if err != nil {
				t.Error(err)
			}
			made.Store(shop, true)
		})
	}
	wg.Wait()
	n := 0
	made.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d shops on one host", n)
	}
}

// Once the first shop names its hosts, a name that nobody claims leads nowhere.
func TestHostsOfTheFirstShop(t *testing.T) {
	t.Parallel()
	r := open(t)
	resolve := func(host string) (string, error) {
		res, err := r.in([16]byte{}).client.ResolveTenant(r.in([16]byte{}).ctx, &identityv1.ResolveTenantRequest{Host: host})
		return res.GetTenantId(), err
	}
	claim := func(r *room, hosts ...string) ([]string, error) {
		res, err := r.client.ClaimHosts(r.ctx, &identityv1.ClaimHostsRequest{Hosts: hosts})
		return res.GetHosts(), err
	}
	other := r.otherShop("second.example")
	if got, err := resolve("first.example"); err != nil || got != tenant.Default().String() {
		t.Errorf("a name nobody claims leads to %s, %v", got, err)
	}
	_, err := claim(r, "Second.example")
	is(t, err, identity.ErrHostTaken)
	_, err = claim(r, "fine.example", "no host")
	is(t, err, identity.ErrBadHost)
	names(t, err, "hosts[1]", "format")
	_, err = claim(r.in(id.New()), "fine.example")
	is(t, err, identity.ErrShopNotFound)
	if got, err := resolve("first.example"); err != nil || got != tenant.Default().String() {
		t.Errorf("after refused claims it leads to %s, %v", got, err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := claim(r, "first.example", "FIRST.example:8443", "127.0.0.1"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	own, err := claim(r, "www.first.example")
	ok(t, err)
	if fmt.Sprint(own) != "[127.0.0.1 first.example www.first.example]" {
		t.Errorf("it answers on %v", own)
	}
	for host, want := range map[string]string{"first.example": tenant.Default().String(), "127.0.0.1:80": tenant.Default().String(), "second.example": other.String()} {
		if got, err := resolve(host); err != nil || got != want {
			t.Errorf("%s leads to %s, %v", host, got, err)
		}
	}
	for _, host := range []string{"stranger.example", "", "'; --"} {
		_, err := resolve(host)
		is(t, err, identity.ErrHostUnknown)
	}
	if _, err := claim(r.in(other), "also.second.example"); err != nil {
		t.Error(err)
	}
	if n := r.count("select count(*) from identity.outbox where subject = 'evt.identity.tenant.updated'"); n != 3 {
		t.Errorf("%d events for three changes", n)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	r := open(t)
	js := bustest.Start(t)
	bustest.Run(t, r.db, js)
	get := func(r *room) *identityv1.Settings {
		t.Helper()
		res, err := r.client.GetShopSettings(r.ctx, &identityv1.GetShopSettingsRequest{})
		ok(t, err)
		return res.GetSettings()
	}
	update := func(version int64, s *identityv1.Settings) (*identityv1.Settings, error) {
		res, err := r.client.UpdateSettings(r.ctx, &identityv1.UpdateSettingsRequest{IfVersion: version, Settings: s})
		return res.GetSettings(), err
	}
	d := get(r)
	if d.GetStore().GetName() == "" || d.GetStore().GetDefaultCurrency() != "EUR" || d.GetStore().GetCountry() != "FR" ||
		d.GetTax().GetRate() != "0.2000" || !d.GetTax().GetPricesIncludeTax() || d.GetTax().GetCountry() != "FR" ||
		len(d.GetShipping().GetRates()) != 1 || d.GetShipping().GetRates()[0].GetAmount().GetCurrency() != "EUR" || d.GetVersion() != 1 {
		t.Fatalf("defaults %v", d)
	}
	german, err := update(d.GetVersion(), &identityv1.Settings{Store: &identityv1.StoreSettings{Name: " Laden ", DefaultCurrency: "EUR", Country: "DE", Currencies: []string{"SEK", "EUR", "CHF", "SEK"}}})
	ok(t, err)
	if strings.Join(german.GetStore().GetCurrencies(), " ") != "CHF SEK" || strings.Join(get(r).GetStore().GetCurrencies(), " ") != "CHF SEK" {
		t.Errorf("sells in %v", german.GetStore())
	}
	if german.GetStore().GetName() != "Laden" || german.GetTax().GetRate() != "0.1900" || german.GetTax().GetCountry() != "DE" || german.GetVersion() != 2 {
		t.Errorf("got %v", german)
	}
	rates := &identityv1.ShippingSettings{Rates: []*identityv1.FlatRate{
		{Name: "Post & Päckchen", Amount: &typev1.Money{Amount: 500, Currency: "EUR"}, Countries: []string{"FR", "DE", "FR"}},
		{Name: "Post / Päckchen", Amount: &typev1.Money{Amount: 0, Currency: "EUR"}},
		{Id: "mine", Name: "Bike", Amount: &typev1.Money{Amount: 900, Currency: "EUR"}},
	}}
	shipped, err := update(2, &identityv1.Settings{Shipping: rates})
	ok(t, err)
	got := shipped.GetShipping().GetRates()
	if len(got) != 3 || got[0].GetId() != "post-p-ckchen" || got[1].GetId() != "post-p-ckchen-2" || got[2].GetId() != "mine" ||
		strings.Join(got[0].GetCountries(), " ") != "DE FR" || shipped.GetVersion() != 3 {
		t.Errorf("got %v", shipped)
	}
	// The same again is no change and no event.
	same, err := update(0, &identityv1.Settings{Shipping: rates, Tax: nil})
	ok(t, err)
	if same.GetVersion() != 3 {
		t.Errorf("version %d after no change", same.GetVersion())
	}
	_, err = update(1, &identityv1.Settings{Shipping: rates})
	is(t, err, identity.ErrVersionConflict)
	none, err := update(3, &identityv1.Settings{Shipping: &identityv1.ShippingSettings{}, Tax: &identityv1.TaxSettings{Rate: "0.2", Country: "FR"}})
	ok(t, err)
	if len(none.GetShipping().GetRates()) != 0 || none.GetTax().GetRate() != "0.2000" || none.GetTax().GetPricesIncludeTax() {
		t.Errorf("got %v", none)
	}
	events := bustest.Published(t, js, "evt.identity.settings.updated", 3)
	for i, e := range events {
		if e.Sequence != int64(i+2) || e.Aggregate != events[0].Aggregate {
			t.Errorf("event %d is %v", i, e)
		}
	}
	// Everything that is wrong is named, and nothing is kept.
	_, err = update(0, &identityv1.Settings{
		Store: &identityv1.StoreSettings{Name: "A\x00", DefaultCurrency: "XXX", Country: "XX", Currencies: []string{"EUR", "ABC"}},
		Tax:   &identityv1.TaxSettings{Rate: "0.1", Country: "SU"},
		Shipping: &identityv1.ShippingSettings{Rates: []*identityv1.FlatRate{
			{Id: "a", Name: "A", Amount: &typev1.Money{Amount: -1, Currency: "EUR"}},
			{Id: "a", Name: " ", Amount: &typev1.Money{Amount: 1, Currency: "ABC"}, Countries: []string{"FR", "fr"}},
		}},
	})
	is(t, err, identity.ErrBadSettings)
	for field, code := range map[string]string{
		"settings.store.name": "characters", "settings.store.defaultCurrency": "unknown_currency", "settings.store.country": "unknown_country",
		"settings.store.currencies[1]": "unknown_currency",
		"settings.tax.country":         "unknown_country", "settings.shipping.rates[0].amount.amount": "range", "settings.shipping.rates[1].id": "duplicate",
		"settings.shipping.rates[1].name": "required", "settings.shipping.rates[1].amount.currency": "unknown_currency",
		"settings.shipping.rates[1].countries[1]": "unknown_country",
	} {
		names(t, err, field, code)
	}
	_, err = update(0, &identityv1.Settings{Tax: &identityv1.TaxSettings{Rate: "20%", Country: "FR"}})
	names(t, err, "settings.tax.rate", "string_pattern")
	if now := get(r); now.GetVersion() != 4 || now.GetStore().GetName() != "Laden" {
		t.Errorf("now %v", now)
	}
	// Another shop has its own, by its own name.
	if theirs := get(r.in(r.otherShop())); theirs.GetVersion() != 1 || theirs.GetStore().GetName() != "Other" {
		t.Errorf("theirs %v", theirs)
	}
}

// TestSettingsAtOnce: of two who read the same version one wins, also at the very first change.
func TestSettingsAtOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			_, err := r.client.UpdateSettings(r.ctx, &identityv1.UpdateSettingsRequest{
				Settings: &identityv1.Settings{Store: &identityv1.StoreSettings{Name: fmt.Sprint("Shop ", i), DefaultCurrency: "EUR", Country: "FR"}},
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	res, err := r.client.GetSettings(r.ctx, &identityv1.GetSettingsRequest{})
	ok(t, err)
	if res.GetSettings().GetVersion() != 17 {
		t.Errorf("version %d after 16 changes", res.GetSettings().GetVersion())
	}
}
