package search

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

func TestIsolation(t *testing.T) {
	t.Parallel()
	pgtest.Isolation(t, newRoom(t).db)
}

func TestWordsAreFound(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.stock(t,
		product("Linen shirt", branded(brand("maison-ete", "Maison Été")), described("Cut in <b>Łódź</b>, sewn with love."), priced(true, 4900)),
		product("Shirt of cotton", described("Feels like linen."), priced(true, 3900)),
		product("Porcelain teapot", described("For tea. Straße, Crème brûlée."), priced(true, 8900)),
		product("日本語のポット", priced(true, 100)),
		product("Hidden linen", func(p *catalogv1.Product) { p.Status = catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT }),
	)
	t.Run("ranking", func(t *testing.T) {
		t.Parallel()
		r.finds(t, &searchv1.SearchProductsRequest{Q: "linen"}, "Linen shirt", "Shirt of cotton")
		r.finds(t, &searchv1.SearchProductsRequest{Q: "shirt linen"}, "Linen shirt", "Shirt of cotton")
	})
	for q, want := range map[string][]string{
		"LINEN  Shirt!": {"Linen shirt", "Shirt of cotton"}, "lin": {"Linen shirt", "Shirt of cotton"}, "lin shirt": {"Linen shirt", "Shirt of cotton"}, "shi lodz": {"Linen shirt"},
		"maison ete": {"Linen shirt"}, "ÉTÉ": {"Linen shirt"}, "lodz": {"Linen shirt"}, "strasse": {"Porcelain teapot"}, "creme": {"Porcelain teapot"},
		"sku-porcelain-TEAPOT-0": {"Porcelain teapot"}, "skulinenshirt0": {"Linen shirt"},
		"the shirt of linen": {"Linen shirt", "Shirt of cotton"}, "the": {},
		"日本": {"日本語のポット"}, "ポット": {"日本語のポット"}, "本": {"日本語のポット"},
		// Mistyped: changed, swapped, missing and added letters.
		"linnen": {"Linen shirt", "Shirt of cotton"}, "lniem": {}, "porselain": {"Porcelain teapot"}, "porzelain teepot": {"Porcelain teapot"},
		"cottonn shrit": {"Shirt of cotton"}, "xyz shirt": {"Linen shirt", "Shirt of cotton"}, "xyzxyz shirt": {"Linen shirt", "Shirt of cotton"}, "xyzxyz qwertz": {},
		// What is no word.
		"!!!": {}, "🫖": {}, "🫖 teapot": {"Porcelain teapot"}, "b": {},
	} {
		t.Run(q, func(t *testing.T) {
			t.Parallel()
			r.findsAny(t, q, want...)
		})
	}
	t.Run("empty finds all, newest first", func(t *testing.T) {
		t.Parallel()
		r.finds(t, &searchv1.SearchProductsRequest{Q: "  "}, "日本語のポット", "Porcelain teapot", "Shirt of cotton", "Linen shirt")
	})
}

func TestAnyTextCanBeSearchedFor(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.stock(t, product("Linen shirt"))
	for _, q := range []string{
		"%", "_", `\`, "'", `"`, "''; drop table documents; --", "\x00", "日本語", "a & | ! ( )", "*:*", "'a' & !'b'", "<->", ":A", "\\'", "'''",
		strings.Repeat("x", 512), strings.Repeat("a ", 256), strings.Repeat("'", 512), strings.Repeat("🫖", 512), strings.Repeat("ab1 ", 128),
		"the of and der die das", "\u0301\u0301", "\u200d", strings.Repeat("é", 512), "١٢٣", "ﬁ", "½", "＇",
	} {
		for _, req := range []*searchv1.SearchProductsRequest{{Q: q}, {Categories: []string{q}}, {Tags: []string{q}, Q: "linen"}, {Brands: []string{"'\\x"}}} {
			if _, err := r.client.SearchProducts(pgtest.Context(t), req); err != nil {
				t.Errorf("%v: %v", req, err)
			}
		}
	}
	if got := r.search(t, &searchv1.SearchProductsRequest{Q: "linen", Page: &typev1.PageRequest{Page: 9, Limit: 100}}); len(got.GetHits()) != 0 || got.GetPage().GetTotal() != 1 {
		t.Errorf("a page beyond the end: %v", got)
	}
	for _, far := range []*typev1.PageRequest{{Page: math.MaxInt32, Limit: 100}, {Page: 11, Limit: 100}, {Page: 1001, Limit: 1}} {
		if _, err := r.client.SearchProducts(pgtest.Context(t), &searchv1.SearchProductsRequest{Q: "linen", Page: far}); !errors.Is(err, ErrTooDeep) {
			t.Errorf("page %v: %v", far, err)
		}
	}
	for _, after := range [][]byte{[]byte("x"), page.Key("a", "b"), page.Key("1", "b"), page.Key("1")} {
		_, err := r.client.SearchProducts(pgtest.Context(t), &searchv1.SearchProductsRequest{Page: &typev1.PageRequest{After: after}})
		if !errors.Is(err, page.ErrBadCursor) {
			t.Errorf("cursor %q: %v", after, err)
		}
	}
}

func TestFiltersAndFacets(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	shirts, mugs := category("shirts", "Shirts"), category("mugs'\\", "Mugs")
	sale := &catalogv1.TagRef{Id: id.New().String(), Slug: "sale", Name: "Sale"}
	maison, dor := brand("maison", "Maison"), brand("d-or", "D'Or")
	r.stock(t,
		product("A thing", in(shirts), tagged(sale), branded(maison), priced(true, 1000, 9000)),
		product("B thing", in(shirts), in(mugs), branded(maison), priced(false, 2000)),
		product("C thing", in(mugs), branded(dor), priced(true, 3000)),
		product("D thing"),
	)
	i := func(n int64) *int64 { return &n }
	newest := searchv1.SearchSort_SEARCH_SORT_NEWEST
	price, priceDesc := searchv1.SearchSort_SEARCH_SORT_PRICE, searchv1.SearchSort_SEARCH_SORT_PRICE_DESC
	for _, c := range []struct {
		req  *searchv1.SearchProductsRequest
		want string
	}{
		{&searchv1.SearchProductsRequest{Categories: []string{"shirts"}, Sort: newest}, "BA"},
		{&searchv1.SearchProductsRequest{Categories: []string{"mugs'\\"}, Sort: newest}, "CB"},
		{&searchv1.SearchProductsRequest{Categories: []string{"shirt"}}, ""},
		{&searchv1.SearchProductsRequest{Tags: []string{"sale"}}, "A"},
		{&searchv1.SearchProductsRequest{Tags: []string{"sale"}, Categories: []string{"mugs'\\"}}, ""},
		{&searchv1.SearchProductsRequest{Brands: []string{"maison"}, Sort: newest}, "BA"},
		{&searchv1.SearchProductsRequest{Brands: []string{"d-or"}}, "C"},
		{&searchv1.SearchProductsRequest{Q: "thing", Sort: price}, "ABCD"},
		{&searchv1.SearchProductsRequest{Q: "thing", Sort: priceDesc}, "CBAD"},
		{&searchv1.SearchProductsRequest{Sort: newest}, "DCBA"},
		{&searchv1.SearchProductsRequest{MinPrice: i(3000), Sort: price}, "AC"},
		{&searchv1.SearchProductsRequest{MaxPrice: i(2000), Sort: price}, "AB"},
		{&searchv1.SearchProductsRequest{MinPrice: i(2000), MaxPrice: i(8000), Sort: price}, "BC"},
		{&searchv1.SearchProductsRequest{MaxPrice: i(0)}, ""},
		{&searchv1.SearchProductsRequest{Q: "thing", InStock: proto.Bool(true), Sort: price}, "AC"},
		{&searchv1.SearchProductsRequest{Q: "thing", InStock: proto.Bool(false), Sort: price}, "BD"},
	} {
		var want []string
		for _, letter := range c.want {
			want = append(want, string(letter)+" thing")
		}
		r.finds(t, c.req, want...)
	}
	f := r.search(t, &searchv1.SearchProductsRequest{Q: "thing", Page: &typev1.PageRequest{Limit: 1}})
	if f.GetPage().GetTotal() != 4 || f.GetPage().GetTotalIsEstimate() {
		t.Errorf("page is %v", f.GetPage())
	}
	want := &searchv1.Facets{
		Categories: []*searchv1.FacetValue{{Slug: "mugs'\\", Name: "Mugs", Count: 2}, {Slug: "shirts", Name: "Shirts", Count: 2}},
		Tags:       []*searchv1.FacetValue{{Slug: "sale", Name: "Sale", Count: 1}},
		Brands:     []*searchv1.FacetValue{{Slug: "maison", Name: "Maison", Count: 2}, {Slug: "d-or", Name: "D'Or", Count: 1}},
		MinPrice:   i(1000), MaxPrice: i(9000), InStock: 2,
		PriceRanges: []*searchv1.PriceBucket{{Min: 1000, Max: i(2000), Count: 1}, {Min: 2000, Max: i(3000), Count: 1}, {Min: 3000, Max: i(5000), Count: 1}},
	}
	if !proto.Equal(f.GetFacets(), want) {
		t.Errorf("facets are %v\nwant %v", f.GetFacets(), want)
	}
	none := r.search(t, &searchv1.SearchProductsRequest{Q: "nothingatall"})
	if !proto.Equal(none.GetFacets(), &searchv1.Facets{}) || none.GetPage().GetTotal() != 0 {
		t.Errorf("nothing found has %v", none)
	}
}

// TestEachOfManyConditionsCounts asks for more things at once than PostgreSQL is asked for one by one.
func TestEachOfManyConditionsCounts(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	tunics, sale := category("tunics", "Tunics"), &catalogv1.TagRef{Id: id.New().String(), Slug: "sale", Name: "Sale"}
	other := product("Green tunic", in(category("coats", "Coats")), branded(brand("dor", "D'Or")), tagged(&catalogv1.TagRef{Id: id.New().String(), Slug: "new", Name: "New"}), priced(false, 9000))
	r.stock(t, other, product("Green linen tunic for long summer evenings", in(tunics), branded(brand("maison", "Maison")), tagged(sale), priced(true, 2000)))
	asked := func() *searchv1.SearchProductsRequest {
		return &searchv1.SearchProductsRequest{
			Q: "green linen tunic long summer evenings", Categories: []string{"tunics"}, Brands: []string{"maison"}, Tags: []string{"sale"}, InStock: proto.Bool(true),
			MinPrice: new(int64(1900)), MaxPrice: new(int64(2100)),
		}
	}
	r.finds(t, asked(), "Green linen tunic for long summer evenings")
	for _, change := range []func(req *searchv1.SearchProductsRequest){
		func(req *searchv1.SearchProductsRequest) { req.Categories = []string{"coats"} },
		func(req *searchv1.SearchProductsRequest) { req.Brands = []string{"dor"} },
		func(req *searchv1.SearchProductsRequest) { req.Tags = []string{"new"} },
		func(req *searchv1.SearchProductsRequest) { req.InStock = proto.Bool(false) },
		func(req *searchv1.SearchProductsRequest) { req.MinPrice = new(int64(2001)) },
		func(req *searchv1.SearchProductsRequest) { req.MaxPrice = new(int64(1999)) },
	} {
		req := asked()
		change(req)
		r.finds(t, req)
	}
	for i, word := range strings.Fields(asked().GetQ()) {
		req := asked()
		req.Q = strings.Replace(req.GetQ(), word, "quetzal", 1)
		if res := r.search(t, req); res.GetPage().GetTotal() > 0 && !res.GetPartial() {
			t.Errorf("without its word %d, it is found as if it had all", i+1)
		}
	}
}

func TestPagingNeitherSkipsNorRepeats(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	for n := range 53 {
		r.shelf.put(tenant.Default(), product("Mug "+strings.Repeat("mug ", n%3), priced(n%2 == 0, int64(100*(n%7)))))
	}
	r.stock(t)
	for _, sort := range searchv1.SearchSort_name {
		for _, q := range []string{"mug", ""} {
			req := &searchv1.SearchProductsRequest{Q: q, Sort: searchv1.SearchSort(searchv1.SearchSort_value[sort]), Page: &typev1.PageRequest{Limit: 10}}
			var byCursor, byNumber []string
			for pages := 1; ; pages++ {
				res := r.search(t, req)
				for _, p := range res.GetHits() {
					byCursor = append(byCursor, p.GetProductId())
				}
				numbered := proto.CloneOf(req)
				numbered.Page = &typev1.PageRequest{Page: int32(pages), Limit: 10}
				for _, p := range r.search(t, numbered).GetHits() {
					byNumber = append(byNumber, p.GetProductId())
				}
				if res.GetPage().GetTotal() != 53 {
					t.Errorf("total is %d", res.GetPage().GetTotal())
				}
				if req.Page.After = res.GetPage().GetNext(); req.Page.After == nil || pages > 6 {
					break
				}
			}
			seen := map[string]bool{}
			for _, p := range byCursor {
				seen[p] = true
			}
			if len(byCursor) != 53 || len(seen) != 53 || fmt.Sprint(byCursor) != fmt.Sprint(byNumber) {
				t.Errorf("%s %q: %d products, %d distinct, same by number: %v", sort, q, len(byCursor), len(seen), fmt.Sprint(byCursor) == fmt.Sprint(byNumber))
			}
		}
	}
}

func TestTenantsFindTheirOwn(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	other := id.New()
	r.addTenant(t, other)
	r.stock(t, product("Linen shirt", in(category("shirts", "Shirts"))))
	r.shelf.put(other, product("Linen trousers"))
	theirs := tenant.With(t.Context(), other)
	if _, err := r.client.Rebuild(theirs, &searchv1.RebuildRequest{}); err != nil {
		t.Fatal(err)
	}
	for _, req := range []*searchv1.SearchProductsRequest{{Q: "linen"}, {}, {Q: "linnen"}} {
		res := must(r.client.SearchProducts(theirs, req))(t)
		if got := r.titles(res); len(got) != 1 || got[0] != "Linen trousers" || res.GetPage().GetTotal() != 1 || len(res.GetFacets().GetCategories()) != 0 {
			t.Errorf("the other tenant finds %v by %v", res, req)
		}
	}
	for _, q := range []string{"shirt", "shirts", "shrit", "@" + tenant.Default().String()} {
		if res := must(r.client.SearchProducts(theirs, &searchv1.SearchProductsRequest{Q: q}))(t); len(res.GetHits()) > 0 {
			t.Errorf("the other tenant finds %q by %q", r.titles(res), q)
		}
	}
	// Without a tenant there is nothing.
	if res := must(r.client.SearchProducts(t.Context(), &searchv1.SearchProductsRequest{}))(t); len(res.GetHits()) > 0 {
		t.Errorf("nobody finds %q", r.titles(res))
	}
}
