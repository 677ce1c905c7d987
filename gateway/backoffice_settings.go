package gateway

import (
	"context"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

// Each section is a resource of its own here; all share one version, since a shop is set up as a whole.

func (c *call) settings(ctx context.Context) (*identityv1.Settings, error) {
	answer, err := c.deps.Identity.GetSettings(ctx, &identityv1.GetSettingsRequest{})
	if err != nil {
		return nil, err
	}
	c.version(answer.GetSettings().GetVersion())
	return answer.GetSettings(), nil
}

// put changes the sections that are given.
func (c *call) put(ctx context.Context, s *identityv1.Settings) (*identityv1.Settings, error) {
	answer, err := c.deps.Identity.UpdateSettings(ctx, &identityv1.UpdateSettingsRequest{IfVersion: c.ifVersion, Settings: s})
	if err != nil {
		return nil, without(err, "settings.store.", "settings.tax.", "settings.shipping.")
	}
	c.version(answer.GetSettings().GetVersion())
	return answer.GetSettings(), nil
}

func storeSettings(s *identityv1.Settings, err error) (adminv1.Envelope[adminv1.StoredStoreSettings], error) {
	if err != nil {
		return adminv1.Envelope[adminv1.StoredStoreSettings]{}, err
	}
	return adminv1.Envelope[adminv1.StoredStoreSettings]{Data: adminv1.StoredStoreSettings{
		StoreSettings: adminv1.StoreSettings{
			Name: s.GetStore().GetName(), DefaultCurrency: s.GetStore().GetDefaultCurrency(), Country: s.GetStore().GetCountry(),
			Currencies: append([]string{}, s.GetStore().GetCurrencies()...),
		},
		Version: s.GetVersion(),
	}}, nil
}

func getStoreSettings(ctx context.Context, in *in[none, none]) (adminv1.Envelope[adminv1.StoredStoreSettings], error) {
	return storeSettings(in.settings(ctx))
}

func putStoreSettings(ctx context.Context, in *in[none, adminv1.StoreSettings]) (adminv1.Envelope[adminv1.StoredStoreSettings], error) {
	b := in.Body
	return storeSettings(in.put(ctx, &identityv1.Settings{Store: &identityv1.StoreSettings{
		Name: b.Name, DefaultCurrency: b.DefaultCurrency, Country: b.Country, Currencies: b.Currencies,
	}}))
}

func taxSettings(s *identityv1.Settings, err error) (adminv1.Envelope[adminv1.StoredTaxSettings], error) {
	if err != nil {
		return adminv1.Envelope[adminv1.StoredTaxSettings]{}, err
	}
	return adminv1.Envelope[adminv1.StoredTaxSettings]{Data: adminv1.StoredTaxSettings{
		TaxSettings: adminv1.TaxSettings{Rate: s.GetTax().GetRate(), PricesIncludeTax: s.GetTax().GetPricesIncludeTax(), Country: s.GetTax().GetCountry()},
		Version:     s.GetVersion(),
	}}, nil
}

func getTaxSettings(ctx context.Context, in *in[none, none]) (adminv1.Envelope[adminv1.StoredTaxSettings], error) {
	return taxSettings(in.settings(ctx))
}

func putTaxSettings(ctx context.Context, in *in[none, adminv1.TaxSettings]) (adminv1.Envelope[adminv1.StoredTaxSettings], error) {
	b := in.Body
	return taxSettings(in.put(ctx, &identityv1.Settings{Tax: &identityv1.TaxSettings{Rate: b.Rate, PricesIncludeTax: b.PricesIncludeTax, Country: b.Country}}))
}

func shippingSettings(s *identityv1.Settings, err error) (adminv1.Envelope[adminv1.StoredShippingSettings], error) {
	if err != nil {
		return adminv1.Envelope[adminv1.StoredShippingSettings]{}, err
	}
	return adminv1.Envelope[adminv1.StoredShippingSettings]{Data: adminv1.StoredShippingSettings{
		ShippingSettings: adminv1.ShippingSettings{Rates: each(s.GetShipping().GetRates(), func(r *identityv1.FlatRate) adminv1.FlatRate {
			return adminv1.FlatRate{ID: r.GetId(), Name: r.GetName(), Amount: adminv1.MoneyInput(money(r.GetAmount())), Countries: append([]string{}, r.GetCountries()...)}
		})},
		Version: s.GetVersion(),
	}}, nil
}

func getShippingSettings(ctx context.Context, in *in[none, none]) (adminv1.Envelope[adminv1.StoredShippingSettings], error) {
	return shippingSettings(in.settings(ctx))
}

func putShippingSettings(ctx context.Context, in *in[none, adminv1.ShippingSettings]) (adminv1.Envelope[adminv1.StoredShippingSettings], error) {
	return shippingSettings(in.put(ctx, &identityv1.Settings{Shipping: &identityv1.ShippingSettings{
		Rates: each(in.Body.Rates, func(r adminv1.FlatRate) *identityv1.FlatRate {
			return &identityv1.FlatRate{Id: r.ID, Name: r.Name, Amount: toMoney(r.Amount), Countries: r.Countries}
		}),
	}}))
}
