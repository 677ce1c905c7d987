package search

import (
	"slices"
	"strconv"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"

	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
)

// parseRequest reads what is looked for, in the light of what the shop has and has set.
func (s *Service) parseRequest(req *searchv1.SearchProductsRequest, v *vocabulary) (request, error) {
	p := page.FromProto(req.GetPage())
	in := v.languages(req.GetLocales())
	attributes, err := attributeFilters(req.GetAttributes(), v)
	if err != nil {
		return request{}, err
	}
	r := request{
		query: parseQuery(req.GetQ(), in, v),
		filters: filters{
			categories: req.GetCategories(), tags: req.GetTags(), brands: req.GetBrands(), attributes: attributes,
			min: req.MinPrice, max: req.MaxPrice, stock: req.InStock, // absent is not zero
		},
		currency: clean(req.GetCurrency()), country: req.GetCountry(), channel: req.GetChannel(), memberOf: req.GetCustomerGroups(),
		sort: sortName(req.GetSort()), offset: p.Offset(), limit: p.Limit, facets: v.settings.facetValues, correction: v.settings.typos || v.settings.partial,
	}
	r.locale = v.searched(req.GetLocales())
	r.viewed = v.viewed(r.currency, r.country, r.channel, r.memberOf)
	if r.sort == "relevance" {
		r.pinned, r.buried = v.arranged(r.query.text, v.named(req.GetCategories()), s.now())
	}
	if err := r.goOn(p.After); err != nil {
		return request{}, err
	}
	if r.rows()+r.limit > deepest && (r.after == nil || r.sort == "relevance") && r.rows() > 0 {
		if r.after != nil {
			return request{}, ErrTooDeep.WithField("cursor", "too_deep", ErrTooDeep.Message())
		}
		return request{}, ErrTooDeep.WithField("page", "too_deep", ErrTooDeep.Message())
	}
	return r, nil
}

// goOn reads the position a page goes on behind.
func (r *request) goOn(after []byte) error {
	if len(after) == 0 {
		return nil
	}
	parts, err := page.ParseKey(after, 3)
	if err != nil {
		return err //nolint:wrapcheck // a fault
	}
	r.after = &position{}
	if r.after.key, err = strconv.ParseInt(parts[0], 10, 64); err != nil {
		return page.ErrBadCursor
	}
	if r.after.product, err = id.Parse(parts[1]); err != nil {
		return page.ErrBadCursor
	}
	if r.after.rows, err = strconv.Atoi(parts[2]); err != nil || r.after.rows < 0 {
		return page.ErrBadCursor
	}
	return nil
}

// rows is how many come before the page.
func (r request) rows() int {
	if r.after != nil {
		return r.after.rows
	}
	return r.offset
}

// response shows at most a page of hits; one more means that there is a next page.
func (r result) response(asked request) *searchv1.SearchProductsResponse {
	more := len(r.hits) > asked.limit
	hits := r.hits[:min(asked.limit, len(r.hits))]
	res := &searchv1.SearchProductsResponse{Facets: r.facets(asked)}
	marker := asked.query.marker()
	var last []byte
	for i, h := range hits {
		last = nil
		if rows := asked.rows() + i + 1; asked.sort != "relevance" || rows+asked.limit <= deepest {
			last = page.Key(strconv.FormatInt(h.key, 10), h.product.String(), strconv.Itoa(rows))
		}
		res.Hits = append(res.Hits, &searchv1.Hit{ProductId: h.product.String(), Highlights: marker.highlights(h.texts), Position: last})
	}
	res.Page = page.Info(r.total, more, last)
	res.Page.TotalIsEstimate = res.Page.GetTotalIsEstimate() || r.about
	return res
}

func (r result) facets(asked request) *searchv1.Facets {
	f := &searchv1.Facets{
		MinPrice: r.lowest, MaxPrice: r.highest, InStock: r.project(r.stock), Estimated: r.estimate || r.rough, Currency: asked.currency,
		PriceRanges: r.priceRanges(),
	}
	if r.inStock != nil {
		f.InStock = *r.inStock
	}
	attributes := map[string]*searchv1.AttributeFacet{}
	for _, v := range r.values {
		slug, name, title := v.in(asked.locale)
		value := &searchv1.FacetValue{Slug: slug, Name: name, Count: v.count}
		if !v.apart {
			value.Count = r.project(v.count)
		}
		switch v.kind {
		case kindCategory:
			f.Categories = append(f.Categories, value)
		case kindTag:
			f.Tags = append(f.Tags, value)
		case kindBrand:
			f.Brands = append(f.Brands, value)
		case kindAttribute:
			a := attributes[v.code]
			if a == nil {
				a = &searchv1.AttributeFacet{Code: v.code, Name: title}
				attributes[v.code] = a
				f.Attributes = append(f.Attributes, a)
			}
			a.Values = append(a.Values, value)
		}
	}
	slices.SortFunc(f.Attributes, func(a, b *searchv1.AttributeFacet) int {
		if a.GetCode() < b.GetCode() {
			return -1
		}
		return 1
	})
	return f
}

// in is a value's slug and name in a language, and the name of the attribute it is a value of.
func (f facetCount) in(locale string) (slug, name, title string) {
	slug, name, title = f.slug, f.name, f.title
	if local, ok := f.names[locale]; ok {
		if local.Slug != "" {
			slug = local.Slug
		}
		if local.Name != "" {
			name = local.Name
		}
		if local.Title != "" {
			title = local.Title
		}
	}
	return slug, name, title
}

// mostRanges of prices are shown; steps of the ladder are put together until they are no more.
const mostRanges = 6

// priceRanges are steps of the ladder with about as many products in each.
func (r result) priceRanges() []*searchv1.PriceBucket {
	steps := ladder()
	var ranges []*searchv1.PriceBucket
	var all int64
	for _, n := range r.buckets {
		all += n
	}
	var open *searchv1.PriceBucket
	for i := 1; i <= len(steps); i++ {
		n := r.buckets[i]
		if n == 0 && open == nil {
			continue
		}
		if open == nil {
			open = &searchv1.PriceBucket{Min: steps[i-1]}
			ranges = append(ranges, open)
		}
		open.Count += n
		if i < len(steps) {
			open.Max = &steps[i]
		} else {
			open.Max = nil
		}
		if open.GetCount()*mostRanges >= all {
			open = nil
		}
	}
	for _, b := range ranges {
		if !r.priced {
			b.Count = r.project(b.GetCount())
		}
	}
	return ranges
}

func piecesOf(in []piece) []*searchv1.Piece {
	out := make([]*searchv1.Piece, len(in))
	for i, p := range in {
		out[i] = &searchv1.Piece{Text: p.text, Found: p.found}
	}
	return out
}

func nothingFound() *searchv1.SearchProductsResponse {
	return &searchv1.SearchProductsResponse{Page: &typev1.PageInfo{}, Facets: &searchv1.Facets{}}
}
