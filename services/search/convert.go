package search

import (
	"fmt"
	"strconv"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
)

func parseRequest(req *searchv1.SearchProductsRequest) (request, error) {
	p := page.FromProto(req.GetPage())
	r := request{
		query: parseQuery(req.GetQ(), req.GetCategory(), req.GetTag(), req.GetBrand()),
		min:   req.MinPrice, max: req.MaxPrice, stock: req.InStock,
		offset: p.Offset(), limit: p.Limit,
	}
	switch req.GetSort() {
	case searchv1.SearchSort_SEARCH_SORT_PRICE:
		r.sort = "price"
	case searchv1.SearchSort_SEARCH_SORT_PRICE_DESC:
		r.sort = "price_desc"
	case searchv1.SearchSort_SEARCH_SORT_NEWEST:
		r.sort = "newest"
	case searchv1.SearchSort_SEARCH_SORT_UNSPECIFIED, searchv1.SearchSort_SEARCH_SORT_RELEVANCE:
		r.sort = "relevance"
	}
	if len(p.After) > 0 {
		parts, err := page.ParseKey(p.After, 2)
		if err != nil {
			return request{}, err //nolint:wrapcheck // a fault
		}
		r.after = &position{}
		if r.after.key, err = strconv.ParseInt(parts[0], 10, 64); err != nil {
			return request{}, page.ErrBadCursor
		}
		if r.after.product, err = id.Parse(parts[1]); err != nil {
			return request{}, page.ErrBadCursor
		}
	}
	return r, nil
}

// response shows at most limit hits; one more means that there is a next page.
func (r result) response(limit int) (*searchv1.SearchProductsResponse, error) {
	out := &searchv1.SearchProductsResponse{Facets: &searchv1.Facets{
		Categories: facets(r.categories), Tags: facets(r.tags), Brands: facets(r.brands),
		MinPrice: r.lowest, MaxPrice: r.highest, InStock: r.stock,
	}}
	more := len(r.hits) > limit
	hits := r.hits[:min(limit, len(r.hits))]
	for _, h := range hits {
		p := &catalogv1.Product{}
		if err := proto.Unmarshal(h.body, p); err != nil {
			return nil, fmt.Errorf("search: stored product %s: %w", h.product, err)
		}
		out.Products = append(out.Products, p)
	}
	var last []byte
	if more {
		end := hits[len(hits)-1]
		last = page.Key(strconv.FormatInt(end.key, 10), end.product.String())
	}
	out.Page = page.Info(r.total, more, last)
	return out, nil
}

func facets(in []facet) []*searchv1.FacetValue {
	out := make([]*searchv1.FacetValue, len(in))
	for i, f := range in {
		out[i] = &searchv1.FacetValue{Slug: f.slug, Name: f.name, Count: f.count}
	}
	return out
}
