package identity

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/money"
)

func staffToProto(s Staff) *identityv1.Staff {
	out := &identityv1.Staff{
		Id: s.ID.String(), Email: s.Email, Name: s.Name, Role: s.Role, Permissions: auth.Permissions(s.Role), Disabled: s.Disabled,
		Version: s.Version, CreatedAt: timestamppb.New(s.CreatedAt), UpdatedAt: timestamppb.New(s.UpdatedAt),
	}
	if s.LastLoginAt != nil {
		out.LastLoginAt = timestamppb.New(*s.LastLoginAt)
	}
	return out
}

func customerToProto(c Customer) *identityv1.Customer {
	out := &identityv1.Customer{
		Id: c.ID.String(), Email: c.Email, Name: c.Name, Phone: c.Phone, AcceptsMarketing: c.AcceptsMarketing,
		Version: c.Version, CreatedAt: timestamppb.New(c.CreatedAt), UpdatedAt: timestamppb.New(c.UpdatedAt),
	}
	for _, g := range c.Groups {
		out.Groups = append(out.Groups, &identityv1.CustomerGroupRef{Id: g.ID.String(), Code: g.Code, Name: g.Name})
	}
	return out
}

func groupToProto(g Group) *identityv1.CustomerGroup {
	return &identityv1.CustomerGroup{
		Id: g.ID.String(), Code: g.Code, Name: g.Name, Version: g.Version,
		CreatedAt: timestamppb.New(g.CreatedAt), UpdatedAt: timestamppb.New(g.UpdatedAt),
	}
}

func sessionToProto(s session) *identityv1.Session {
	return &identityv1.Session{
		AccessToken: s.access, ExpiresInSeconds: int64(s.accessExpiresIn / time.Second),
		RefreshToken: s.refresh, RefreshExpiresInSeconds: int64(s.refreshExpiresIn / time.Second),
	}
}

// settingsToProto needs every section to be filled.
func settingsToProto(s settings) *identityv1.Settings {
	out := &identityv1.Settings{
		Store:    &identityv1.StoreSettings{Name: s.store.name, DefaultCurrency: s.store.currency, Country: s.store.country, Currencies: s.store.currencies},
		Tax:      &identityv1.TaxSettings{Rate: s.tax.rate.String(), PricesIncludeTax: s.tax.pricesIncludeTax, Country: s.tax.country},
		Shipping: &identityv1.ShippingSettings{},
		Version:  s.version,
	}
	for _, r := range s.shipping.rates {
		out.Shipping.Rates = append(out.Shipping.Rates, &identityv1.FlatRate{
			Id: r.id, Name: r.name, Amount: &typev1.Money{Amount: r.amount.Amount, Currency: r.amount.Currency}, Countries: r.countries,
		})
	}
	return out
}

// settingsFromProto reads the sections that are present. An unreadable rate cannot come: the proto's rule is narrower.
func settingsFromProto(p *identityv1.Settings) settings {
	var s settings
	if in := p.GetStore(); in != nil {
		s.store = &storeSection{in.GetName(), in.GetDefaultCurrency(), in.GetCountry(), in.GetCurrencies()}
	}
	if in := p.GetTax(); in != nil {
		rate, _ := money.ParseRate(in.GetRate())
		s.tax = &taxSection{rate, in.GetPricesIncludeTax(), in.GetCountry()}
	}
	if in := p.GetShipping(); in != nil {
		s.shipping = &shippingSection{}
		for _, r := range in.GetRates() {
			s.shipping.rates = append(s.shipping.rates, flatRate{
				r.GetId(), r.GetName(), money.Of(r.GetAmount().GetAmount(), r.GetAmount().GetCurrency()), r.GetCountries(),
			})
		}
	}
	return s
}
