package gateway

import (
	"context"
	"errors"
	"html"
	"strings"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// searchProducts asks search which products match, and the catalogue how they look: translated and priced as in lists.
func searchProducts(ctx context.Context, in *in[storev1.SearchQuery, none]) (storev1.SearchResult, error) {
	q := in.Query
	paging, err := in.paging(q.PageQuery)
	if err != nil {
		return storev1.SearchResult{}, err
	}
	filters, err := attributeFilters(q.Attr)
	if err != nil {
		return storev1.SearchResult{}, err
	}
	request := &searchv1.SearchProductsRequest{
		Q: q.Q, MinPrice: q.MinPrice.Ptr(), MaxPrice: q.MaxPrice.Ptr(), InStock: q.InStock.Ptr(), Page: paging, Attributes: filters,
		Currency: q.Currency, Country: q.Country, Channel: q.Channel, CustomerGroups: in.groups, Locales: in.locales,
		Sort: map[string]searchv1.SearchSort{
			"relevance": searchv1.SearchSort_SEARCH_SORT_RELEVANCE, "price": searchv1.SearchSort_SEARCH_SORT_PRICE,
			"-price": searchv1.SearchSort_SEARCH_SORT_PRICE_DESC, "-createdAt": searchv1.SearchSort_SEARCH_SORT_NEWEST,
		}[q.Sort],
	}
	for _, list := range []struct {
		name, text string
		to         *[]string
	}{{"category", q.Category, &request.Categories}, {"tag", q.Tag, &request.Tags}, {"brand", q.Brand, &request.Brands}} {
		if *list.to, err = slugs(list.name, list.text); err != nil {
			return storev1.SearchResult{}, err
		}
	}
	found, err := in.deps.Search.SearchProducts(ctx, request)
	if err != nil {
		return storev1.SearchResult{}, err
	}
	ids := each(found.GetHits(), (*searchv1.Hit).GetProductId)
	shown, err := in.deps.Catalog.GetStoreProducts(ctx, &catalogv1.GetStoreProductsRequest{
		Ids: ids, Currency: q.Currency, Country: q.Country, Channel: q.Channel, Locales: in.locales, CustomerGroups: in.groups,
		Attributes: filters, // which the catalogue knows whether they can be
	})
	if err != nil {
		return storev1.SearchResult{}, err
	}
	if done := int(shown.GetDone()); done > 0 && done < len(found.GetHits()) {
		// More would not travel together: the page ends here, and the next goes on behind it.
		found.Hits = found.GetHits()[:done]
		found.Page.Next = found.GetHits()[done-1].GetPosition()
	}
	return storev1.SearchResult{
		Data: each(shown.GetProducts(), storeProduct),
		Meta: storev1.SearchMeta{
			Meta: in.meta(q.PageQuery, found.GetPage()), Facets: facets(found, shown.GetProducts()), Highlights: highlights(found),
			CorrectedQuery: textOrNull(found.GetCorrectedQuery()), SuggestedQuery: textOrNull(found.GetSuggestedQuery()), Partial: found.GetPartial(),
		},
	}, nil
}

// slugs are the values of a filter, parted by commas.
func slugs(name, text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	list := strings.Split(text, ",")
	if len(list) > 50 {
		return nil, errQuery.WithField(name, "too_many", "A filter takes at most 50 values.")
	}
	for _, one := range list {
		if one == "" {
			return nil, errQuery.WithField(name, "malformed", "Expected slugs with commas between them.")
		}
	}
	return list, nil
}

func textOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func facets(answer *searchv1.SearchProductsResponse, shown []*catalogv1.Product) storev1.Facets {
	f := answer.GetFacets()
	facet := func(v *searchv1.FacetValue) storev1.Facet {
		return storev1.Facet{Slug: v.GetSlug(), Name: v.GetName(), Count: int(v.GetCount())}
	}
	out := storev1.Facets{
		Categories: each(f.GetCategories(), facet), Tags: each(f.GetTags(), facet), Brands: each(f.GetBrands(), facet), InStock: int(f.GetInStock()),
		Attributes: each(f.GetAttributes(), func(a *searchv1.AttributeFacet) storev1.AttributeFacet {
			return storev1.AttributeFacet{Code: a.GetCode(), Name: a.GetName(), Values: each(a.GetValues(), func(v *searchv1.FacetValue) storev1.AttributeFacetValue {
				return storev1.AttributeFacetValue{Value: v.GetSlug(), Label: v.GetName(), Count: int(v.GetCount())}
			})}
		}),
		PriceRanges: []storev1.PriceBucket{}, Estimated: f.GetEstimated(),
	}
	currency := f.GetCurrency()
	if currency == "" {
		currency = "EUR"
		if len(shown) > 0 && len(shown[0].GetVariants()) > 0 {
			currency = shown[0].GetVariants()[0].GetPrice().GetCurrency()
		}
	}
	in := func(amount int64) storev1.Money { return money(&typev1.Money{Amount: amount, Currency: currency}) }
	if f != nil && f.MinPrice != nil && f.MaxPrice != nil {
		out.Price = &storev1.PriceRange{Min: in(f.GetMinPrice()), Max: in(f.GetMaxPrice())}
	}
	for _, b := range f.GetPriceRanges() {
		bucket := storev1.PriceBucket{From: in(b.GetMin()), Count: int(b.GetCount())}
		if b.Max != nil {
			to := in(b.GetMax())
			bucket.To = &to
		}
		out.PriceRanges = append(out.PriceRanges, bucket)
	}
	return out
}

func highlights(answer *searchv1.SearchProductsResponse) []storev1.Highlight {
	out := []storev1.Highlight{}
	for _, h := range answer.GetHits() {
		if len(h.GetHighlights()) == 0 {
			continue
		}
		one := storev1.Highlight{ProductID: h.GetProductId(), Fields: map[string]string{}}
		for _, f := range h.GetHighlights() {
			one.Fields[f.GetField()] = marked(f.GetPieces())
		}
		out = append(out, one)
	}
	return out
}

// marked is a text as HTML: everything is escaped, and what was looked for stands in mark elements.
func marked(pieces []*searchv1.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.GetFound() {
			b.WriteString("<mark>" + html.EscapeString(p.GetText()) + "</mark>")
			continue
		}
		b.WriteString(html.EscapeString(p.GetText()))
	}
	return b.String()
}

func suggest(ctx context.Context, in *in[storev1.SuggestionQuery, none]) (storev1.Suggestions, error) {
	answer, err := in.deps.Search.Suggest(ctx, &searchv1.SuggestRequest{Q: in.Query.Q, Limit: int32(min(in.Query.Limit, 20)), Locales: in.locales})
	if err != nil {
		return storev1.Suggestions{}, err
	}
	found := each(answer.GetSuggestions(), func(s *searchv1.Suggestion) storev1.Suggestion {
		return storev1.Suggestion{
			Kind: wireName(s.GetKind(), "SUGGESTION_KIND_"), Text: s.GetText(), Slug: textOrNull(s.GetSlug()), ProductID: textOrNull(s.GetProductId()),
			HTML: marked(s.GetPieces()),
		}
	})
	return storev1.Suggestions{Data: found, Meta: storev1.Meta{Total: len(found), Page: 1, Limit: in.Query.Limit}}, nil
}

// lenient is how a search takes its query: what is not known is somebody else's mark (utm_source and the like) and does
// not count, and what is known and wrong is 422.
func lenient(err error) error {
	var f *fault.Fault
	if errors.As(err, &f) && f.Kind() == fault.KindMalformed {
		return errSearchQuery.WithFields(f.Fields()...).WithCause(err)
	}
	return err
}
