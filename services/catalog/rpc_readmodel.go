package catalog

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// GetStoreProducts reads published products by id, translated and priced as in lists: one statement, and with filters one
// more in the same round trip. It ends sooner where they would not travel together, and says how many of the ids it has
// dealt with.
func (s *Service) GetStoreProducts(ctx context.Context, req *catalogv1.GetStoreProductsRequest) (*catalogv1.GetStoreProductsResponse, error) {
	who, err := contextFromProto(req.GetCurrency(), req.GetCountry(), req.GetChannel(), req.GetCustomerGroups())
	if err != nil {
		return nil, err
	}
	ids, err := id.ParseAll(req.GetIds())
	if err != nil {
		return nil, ErrProductNotFound
	}
	res := &catalogv1.GetStoreProductsResponse{}
	filters := filtersFromProto(req.GetAttributes())
	if len(ids) == 0 {
		return res, checkAttributeFilters(ctx, s.db, filters)
	}
	found, err := findPublished(ctx, s.db, ids, req.GetLocales(), filters)
	if err != nil {
		return nil, err
	}
	var shown listPage
	for _, which := range ids {
		one, ok := found[which]
		if !ok {
			res.Done++
			continue
		}
		if one.doc == nil {
			break
		}
		p, err := parseDocumentIn(one.doc, req.GetLocales())
		if err != nil {
			return nil, err
		}
		if err := inLanguages(p, one.overlays, one.ofTaxa); err != nil {
			return nil, err
		}
		if err := showPrices(p, who); err != nil {
			return nil, err
		}
		if !shown.add(forShoppers(p, req.GetLocales())) {
			break
		}
		res.Done++
	}
	res.Products = shown.products
	return res, nil
}

// addExtras adds to exported products what read models in every language and currency need beside them. prices are told
// from the documents as they are kept.
func (s *Service) addExtras(ctx context.Context, res *catalogv1.ExportProductsResponse, ids []id.ID, prices [][]*catalogv1.PriceView) error {
	var err error
	if res.Locales, err = s.locales(ctx); err != nil || len(ids) == 0 {
		return err
	}
	rows, err := readModelOf(ctx, s.db, ids)
	if err != nil {
		return err
	}
	for i, which := range ids {
		translations, err := parseAll[catalogv1.ProductTranslation](rows.translations[which])
		if err != nil {
			return err
		}
		boundTexts(translations)
		res.Extras = append(res.Extras, &catalogv1.ProductExtras{Translations: translations, Prices: prices[i]})
	}
	for _, c := range rows.categories {
		out := &catalogv1.ExportedCategory{Id: c.id.String(), Slug: c.slug, Name: c.name}
		if !c.parent.IsZero() {
			out.ParentId = c.parent.String()
		}
		if out.Translations, err = parseAll[catalogv1.TaxonTranslation](c.translations); err != nil {
			return err
		}
		for _, t := range out.GetTranslations() { // products are found by the names of their categories
			t.Description, t.SeoTitle, t.SeoDescription = nil, nil, nil
		}
		res.Categories = append(res.Categories, out)
	}
	for _, which := range slices.SortedFunc(maps.Keys(rows.attributes), func(a, b id.ID) int { return slices.Compare(a[:], b[:]) }) {
		res.Attributes = append(res.Attributes, &catalogv1.ExportedAttribute{Id: which.String(), Filterable: rows.attributes[which]})
	}
	return nil
}

const (
	// maxTexts is how many bytes the translations of one product have in an export, so that it travels whatever they are.
	maxTexts = 3 << 19 // 1.5 MiB
	// maxText is how many characters are left of each description where they are more: what is behind is looked for by nobody.
	maxText = 5_000
)

// boundTexts shortens the translations of a product that has very long ones in very many languages: what is said of it where
// that suffices, and else all but its titles. It looks at nothing else, so that every export of a product is the same.
func boundTexts(all []*catalogv1.ProductTranslation) {
	size := func() (bytes int) {
		for _, t := range all {
			bytes += proto.Size(t)
		}
		return bytes
	}
	if size() <= maxTexts {
		return
	}
	for _, t := range all {
		if t.Description != nil {
			t.Description = new(cutRunes(t.GetDescription(), maxText))
		}
	}
	if size() <= maxTexts {
		return
	}
	for _, t := range all {
		t.Description, t.SeoTitle, t.SeoDescription, t.Options, t.Variants = nil, nil, nil, nil, nil
	}
}

// maxPriceViews bounds how many views one product has; what is beyond is seen as everybody sees it.
const maxPriceViews = 256

// priceViews tells what a product's variants cost: in every currency they have a price in, for everybody, and for each
// country, channel and group of customers that a list in force speaks of.
func priceViews(p *catalogv1.Product) ([]*catalogv1.PriceView, error) {
	variants := make([]priced, 0, len(p.GetVariants()))
	currencies, countries, channels, groups := map[string]bool{}, map[string]bool{"": true}, map[string]bool{"": true}, map[string]bool{"": true}
	for _, out := range p.GetVariants() {
		v := variant{price: *moneyFromProto(out.GetPrice()), compareAt: amountOf(out.GetCompareAtPrice())}
		if err := pricesFromProto(out, &v); err != nil {
			return nil, err
		}
		of := v.priced()
		for _, b := range of.bases {
			currencies[b.price.Currency] = true
		}
		for _, e := range of.entries {
			if e.minQuantity <= 1 {
				currencies[e.currency], countries[e.scope.country], channels[e.scope.channel], groups[e.scope.group] = true, true, true, true
			}
		}
		variants = append(variants, of)
	}
	var views []*catalogv1.PriceView
	for currency := range currencies {
		for country := range countries {
			for channel := range channels {
				for group := range groups {
					views = append(views, &catalogv1.PriceView{Currency: currency, Country: country, Channel: channel, CustomerGroup: group})
				}
			}
		}
	}
	slices.SortFunc(views, func(a, b *catalogv1.PriceView) int { // those for everybody first
		particular := func(v *catalogv1.PriceView) int {
			return len(v.GetCountry()) + len(v.GetChannel()) + len(v.GetCustomerGroup())
		}
		return cmp.Or(cmp.Compare(particular(a), particular(b)), cmp.Compare(a.GetCurrency(), b.GetCurrency()), cmp.Compare(a.GetCountry(), b.GetCountry()),
			cmp.Compare(a.GetChannel(), b.GetChannel()), cmp.Compare(a.GetCustomerGroup(), b.GetCustomerGroup()))
	})
	views = views[:min(len(views), maxPriceViews)]
	for _, view := range views {
		who := priceContext{currency: view.GetCurrency(), scope: scope{group: view.GetCustomerGroup(), country: view.GetCountry(), channel: view.GetChannel()}}
		for _, of := range variants {
			if q, ok := of.in(who, 1); ok {
				view.Amounts = append(view.Amounts, q.price.Amount)
			}
		}
		slices.Sort(view.Amounts)
		view.Amounts = slices.Compact(view.Amounts)
	}
	return slices.DeleteFunc(views, func(v *catalogv1.PriceView) bool { return len(v.GetAmounts()) == 0 }), nil
}
