package cart

import (
	"fmt"
	"maps"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
)

func cartToProto(c Cart, p Pricing) (*cartv1.Cart, error) {
	money := func(amount int64) *typev1.Money { return &typev1.Money{Amount: amount, Currency: c.Currency} }
	out := &cartv1.Cart{
		Id: c.ID.String(), Status: statusToProto(c.Status), Currency: c.Currency, Email: absentText(c.Email),
		ShippingAddress: addressToProto(c.ShippingAddress), BillingAddress: addressToProto(c.BillingAddress),
		Totals: &typev1.Totals{
			Subtotal: money(p.Subtotal), Discount: money(p.Discount), Shipping: money(p.Shipping), Tax: money(p.Tax), Total: money(p.Total),
			TaxInclusive: p.TaxInclusive,
		},
		ExpiresAt: timestamppb.New(c.ExpiresAt), CreatedAt: timestamppb.New(c.CreatedAt), UpdatedAt: timestamppb.New(c.UpdatedAt),
		Version: c.Version, Country: absentText(c.Country), Channel: absentText(c.Channel), Locale: absentText(c.Locale),
	}
	if !c.CustomerID.IsZero() {
		customer := c.CustomerID.String()
		out.CustomerId = &customer
	}
	if p.Rate != nil {
		out.ShippingRate = rateToProto(*p.Rate, c.Currency)
	}
	for _, t := range p.TaxLines {
		out.Totals.TaxLines = append(out.Totals.TaxLines,
			&typev1.TaxLine{Rate: t.Rate, Treatment: t.Treatment, Country: t.Country, Amount: money(t.Amount)})
	}
	var err error
	out.Items, err = linesToProto(c.Lines, c.Currency)
	return out, err
}

// linesToProto makes many small messages in few pieces of memory.
func linesToProto(lines []Line, currency string) ([]*cartv1.CartLine, error) {
	items, amounts, out := make([]cartv1.CartLine, len(lines)), make([]typev1.Money, 2*len(lines)), make([]*cartv1.CartLine, len(lines))
	for i := range lines {
		l, item, each, sum := &lines[i], &items[i], &amounts[2*i], &amounts[2*i+1]
		total, err := l.total(currency)
		if err != nil {
			return nil, err
		}
		each.Amount, each.Currency, sum.Amount, sum.Currency = l.Offer.UnitPrice, currency, total.Amount, currency
		item.Id, item.VariantId, item.ProductId = l.ID.String(), l.Offer.VariantID.String(), l.Offer.ProductID.String()
		item.ProductSlug, item.Title, item.VariantTitle, item.Sku = l.Offer.ProductSlug, l.Offer.Title, l.Offer.VariantTitle, l.Offer.SKU
		item.Quantity, item.UnitPrice, item.Total, item.Unshipped = l.Quantity, each, sum, l.Offer.Unshipped
		item.Image, item.Picture = l.Offer.Image, pictureToProto(l.Offer.Image, l.Offer.Picture)
		item.Options, item.Components = maps.Clone(l.Offer.Options), componentsToProto(l.Offer.Components)
		l.Offer.Reduction.tell(item, currency)
		out[i] = item
	}
	return out, nil
}

func rateToProto(r ShippingRate, currency string) *cartv1.ShippingRate {
	return &cartv1.ShippingRate{Id: r.ID, Name: r.Name, Amount: &typev1.Money{Amount: r.Amount, Currency: currency}}
}

func statusToProto(s Status) cartv1.CartStatus {
	switch s {
	case Active:
		return cartv1.CartStatus_CART_STATUS_ACTIVE
	case Converted:
		return cartv1.CartStatus_CART_STATUS_CONVERTED
	case Abandoned:
		return cartv1.CartStatus_CART_STATUS_ABANDONED
	}
	return cartv1.CartStatus_CART_STATUS_UNSPECIFIED
}

func addressToProto(a *Address) *typev1.Address {
	if a == nil {
		return nil
	}
	return &typev1.Address{
		Name: a.Name, Company: absentText(a.Company), Line1: a.Line1, Line2: absentText(a.Line2), City: a.City, PostalCode: a.PostalCode,
		Region: absentText(a.Region), Country: a.Country, Phone: absentText(a.Phone),
	}
}

func addressFromProto(a *typev1.Address) Address {
	return Address{
		Name: a.GetName(), Company: a.GetCompany(), Line1: a.GetLine1(), Line2: a.GetLine2(), City: a.GetCity(),
		PostalCode: a.GetPostalCode(), Region: a.GetRegion(), Country: a.GetCountry(), Phone: a.GetPhone(),
	}
}

// toProto asks what variants cost in a market.
func (m Market) toProto() *catalogv1.ResolveVariantsRequest {
	return &catalogv1.ResolveVariantsRequest{Currency: m.Currency, Country: m.Country, Channel: m.Channel, Locales: m.Locales, CustomerGroups: m.Groups}
}

// offerFromProto reads a variant whose price is in the cart's currency.
func offerFromProto(v *catalogv1.ResolvedVariant) (Offer, error) {
	ids, err := id.ParseAll([]string{v.GetId(), v.GetProductId()})
	if err != nil {
		return Offer{}, fmt.Errorf("variant %q of product %q: %w", v.GetId(), v.GetProductId(), err)
	}
	var tiers []Tier
	for _, t := range v.GetPriceTiers() {
		if t.GetPrice().GetCurrency() == v.GetPrice().GetCurrency() {
			tiers = append(tiers, Tier{t.GetMinQuantity(), t.GetPrice().GetAmount()})
		}
	}
	components, err := componentsFromProto(v.GetComponents())
	if err != nil {
		return Offer{}, fmt.Errorf("components of variant %q: %w", v.GetId(), err)
	}
	return Offer{
		Components: components, VariantID: ids[0], ProductID: ids[1], ProductSlug: v.GetProductSlug(), Title: v.GetProductTitle(), VariantTitle: v.GetVariantTitle(),
		SKU: v.GetSku(), Options: v.GetOptions(), Image: v.GetImage().GetUrl(), Picture: pictureFromProto(v.GetImage()), UnitPrice: v.GetPrice().GetAmount(), Tiers: tiers, Countries: v.GetPriceCountries(), Unshipped: v.GetUnshipped(),
		Reduction: reductionFromProto(v), Revision: v.GetRevision(),
	}, nil
}

func componentsToProto(list []Component) []*cartv1.LineComponent {
	var out []*cartv1.LineComponent
	for _, c := range list {
		out = append(out, &cartv1.LineComponent{VariantId: c.VariantID.String(), Quantity: c.Quantity})
	}
	return out
}

func componentsFromProto(list []*catalogv1.ResolvedComponent) ([]Component, error) {
	var out []Component
	for _, c := range list {
		variant, err := id.Parse(c.GetVariantId())
		if err != nil {
			return nil, err
		}
		out = append(out, Component{VariantID: variant, Quantity: max(c.GetQuantity(), 1)})
	}
	return out, nil
}

// absentText turns an empty text into an absent field.
func absentText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
