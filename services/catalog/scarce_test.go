package catalog_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/services/catalog"
)

// TestFewAndMany reads lists whose filters few products fulfil, which are picked, and such that many do, which are walked
// through, page by page: either way they hold what the filter says, each once, in order.
func TestFewAndMany(t *testing.T) {
	t.Parallel()
	r := open(t)
	must(catalog.Load(r.ctx, r.db.DB, 2_500, time.Now))(t)
	all := r.walk(t, &catalogv1.ListProductsRequest{})
	if len(all) != 2_500 {
		t.Fatalf("there are %d", len(all))
	}
	prices := func(p *catalogv1.Product) (out []int64) {
		for _, v := range p.GetVariants() {
			out = append(out, v.GetPrice().GetAmount())
		}
		return slices.Sorted(slices.Values(out))
	}
	of := all[7]
	for name, c := range map[string]struct {
		req  *catalogv1.ListProductsRequest
		want func(p *catalogv1.Product) bool
	}{
		"a brand":    {&catalogv1.ListProductsRequest{BrandId: of.GetBrand().GetId()}, func(p *catalogv1.Product) bool { return p.GetBrand().GetId() == of.GetBrand().GetId() }},
		"at least":   {&catalogv1.ListProductsRequest{MinPrice: new(int64(19_000))}, func(p *catalogv1.Product) bool { return slices.Max(prices(p)) >= 19_000 }},
		"most":       {&catalogv1.ListProductsRequest{MinPrice: new(int64(2_000))}, func(p *catalogv1.Product) bool { return slices.Max(prices(p)) >= 2_000 }},
		"at most":    {&catalogv1.ListProductsRequest{MaxPrice: new(int64(1_500))}, func(p *catalogv1.Product) bool { return prices(p)[0] <= 1_500 }},
		"nearly all": {&catalogv1.ListProductsRequest{MaxPrice: new(int64(19_000))}, func(p *catalogv1.Product) bool { return prices(p)[0] <= 19_000 }},
		"between": {&catalogv1.ListProductsRequest{MinPrice: new(int64(5_000)), MaxPrice: new(int64(5_400))}, func(p *catalogv1.Product) bool {
			return slices.ContainsFunc(prices(p), func(n int64) bool { return n >= 5_000 && n <= 5_400 })
		}},
		"widely between": {&catalogv1.ListProductsRequest{MinPrice: new(int64(3_000)), MaxPrice: new(int64(18_000)), Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED}, func(p *catalogv1.Product) bool {
			return slices.ContainsFunc(prices(p), func(n int64) bool { return n >= 3_000 && n <= 18_000 })
		}},
		"dear of a brand": {&catalogv1.ListProductsRequest{MinPrice: new(int64(15_000)), BrandId: of.GetBrand().GetId()}, func(p *catalogv1.Product) bool {
			return p.GetBrand().GetId() == of.GetBrand().GetId() && slices.Max(prices(p)) >= 15_000
		}},
		"a text": {&catalogv1.ListProductsRequest{Q: "Shirt 0012"}, func(p *catalogv1.Product) bool { return strings.Contains(strings.ToLower(p.GetTitle()), "shirt 0012") }},
		"a common text at a price": {&catalogv1.ListProductsRequest{Q: "l", MinPrice: new(int64(5_000))}, func(p *catalogv1.Product) bool {
			return strings.Contains(strings.ToLower(p.GetTitle()), "l") && slices.Max(prices(p)) >= 5_000
		}},
		"a tag": {&catalogv1.ListProductsRequest{TagId: of.GetTags()[0].GetId()}, func(p *catalogv1.Product) bool {
			return slices.ContainsFunc(p.GetTags(), func(l *catalogv1.TagRef) bool { return l.GetId() == of.GetTags()[0].GetId() })
		}},
	} {
		want := 0
		for _, p := range all {
			if c.want(p) {
				want++
			}
		}
		for sort := range catalogv1.ProductSort_name {
			c.req.Sort = catalogv1.ProductSort(sort)
			got := r.walk(t, c.req)
			if len(got) != want {
				t.Errorf("%s, %s: the list has %d products, wanted %d", name, c.req.GetSort(), len(got), want)
			}
			for _, p := range got {
				if !c.want(p) {
					t.Errorf("%s, %s: %s does not belong there", name, c.req.GetSort(), p.GetSlug())
				}
			}
			if !slices.IsSortedFunc(got, before(c.req.GetSort())) {
				t.Errorf("%s, %s: it is out of order", name, c.req.GetSort())
			}
		}
	}
}

// walk reads a whole list, in pages, and checks its total.
func (r room) walk(t *testing.T, req *catalogv1.ListProductsRequest) (all []*catalogv1.Product) {
	t.Helper()
	seen := map[string]bool{}
	for next := []byte(nil); ; {
		req.Page = &typev1.PageRequest{Limit: 100, After: next}
		res := must(r.ListProducts(r.ctx, req))(t)
		for _, p := range res.GetProducts() {
			if seen[p.GetId()] {
				t.Errorf("%v: %s comes twice", req, p.GetSlug())
			}
			seen[p.GetId()] = true
		}
		all = append(all, res.GetProducts()...)
		if next = res.GetPage().GetNext(); len(next) == 0 {
			if total := res.GetPage().GetTotal(); total != int64(len(all)) {
				t.Errorf("%v: the total is %d of %d", req, total, len(all))
			}
			return all
		}
	}
}

// before compares as a sort does, as far as a product tells.
func before(sort catalogv1.ProductSort) func(a, b *catalogv1.Product) int {
	lowest := func(p *catalogv1.Product) int64 {
		var out []int64
		for _, v := range p.GetVariants() {
			out = append(out, v.GetPrice().GetAmount())
		}
		return slices.Min(out)
	}
	return func(a, b *catalogv1.Product) int {
		switch sort {
		case catalogv1.ProductSort_PRODUCT_SORT_OLDEST:
			return a.GetCreatedAt().AsTime().Compare(b.GetCreatedAt().AsTime())
		case catalogv1.ProductSort_PRODUCT_SORT_PRICE:
			return int(lowest(a) - lowest(b))
		case catalogv1.ProductSort_PRODUCT_SORT_PRICE_DESC:
			return int(lowest(b) - lowest(a))
		case catalogv1.ProductSort_PRODUCT_SORT_NEWEST, catalogv1.ProductSort_PRODUCT_SORT_UNSPECIFIED:
			return b.GetCreatedAt().AsTime().Compare(a.GetCreatedAt().AsTime())
		}
		return 0
	}
}
