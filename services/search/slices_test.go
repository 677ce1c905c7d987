package search

import (
	"slices"
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

// multiply adds n copies of a document to the index, under other ids: the same in every run, so that samples of them are too.
func (r room) multiply(t testing.TB, p *catalogv1.Product, n int) {
	t.Helper()
	if err := r.db.Write(pgtest.Context(t), func(w *pg.Writes) error {
		w.Exec(`with copies as materialized (select md5($3::text || ' ' || i)::uuid as id from generate_series(1, $2) i),
			added as (insert into documents (product_id, slice, edition, generation, words, title_words, covers, facets, refs, currency, prices, min_price, max_price,
				available, by_newest, by_price, by_price_desc)
				select c.id, slice_of(c.id), d.edition, d.generation, d.words, d.title_words, d.covers, d.facets, d.refs, d.currency, d.prices, d.min_price, d.max_price,
					d.available, d.by_newest, d.by_price, d.by_price_desc
				from documents d, copies c where d.product_id = $1)
			insert into bodies (product_id, edition, generation, body)
				select c.id, b.edition, b.generation, b.body from bodies b, copies c where b.product_id = $1`, p.GetId(), n, p.GetTitle())
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// tells says whether a total is n, or, of many, said to be about n.
func tells(p *typev1.PageInfo, n int) bool {
	if p.GetTotalIsEstimate() {
		return n > 500 && p.GetTotal() > int64(n)*6/10 && p.GetTotal() < int64(n)*14/10
	}
	return p.GetTotal() == int64(n)
}

// crowd is an index in which 50 000 documents match "linen shirt", three in four of one brand, and one is called just that.
func crowd(t testing.TB) (r room, exact *catalogv1.Product) {
	t.Helper()
	r = newRoom(t)
	exact = product("Linen Shirt", priced(true, 100))
	ours := product("Linen shirt of the house", branded(brand("ours", "Ours")), priced(true, 4000))
	theirs := product("Shirt of finest linen", branded(brand("theirs", "Theirs")), described("Not a linen shirt like others."), priced(false, 6000))
	said := product("Trousers", described("Go with a shirt of linen."), priced(true, 6000))
	some := product("Sandals", priced(true, 2000))
	few := product("Clogs", priced(true, 1500))
	r.shelf.put(tenant.Default(), exact, ours, theirs, said, some, few)
	r.rebuild(t)
	r.multiply(t, ours, 37_500)
	r.multiply(t, theirs, 12_500)
	r.multiply(t, said, 10_000)
	r.multiply(t, some, 900)
	r.multiply(t, few, 400)
	return r, exact
}

func TestAmongVeryMany(t *testing.T) {
	t.Parallel()
	r, exact := crowd(t)
	ctx := pgtest.Context(t)
	find := func(t *testing.T, req *searchv1.SearchProductsRequest) *searchv1.SearchProductsResponse {
		t.Helper()
		return must(r.client.SearchProducts(ctx, req))(t)
	}
	t.Run("what is called so comes first", func(t *testing.T) {
		t.Parallel()
		for _, q := range []string{"linen shirt", "  LINEN shirt ", "linnen shirt", "línen shirt"} {
			for _, req := range []*searchv1.SearchProductsRequest{{Q: q}, {Q: q, MaxPrice: new(int64(5000))}, {Q: q, InStock: new(true)}} {
				if res := find(t, req); len(res.GetHits()) == 0 || res.GetHits()[0].GetProductId() != exact.GetId() {
					t.Errorf("%v: another comes first of %d", req, len(res.GetHits()))
				}
			}
		}
		if res := find(t, &searchv1.SearchProductsRequest{Q: "linen shirt", MinPrice: new(int64(5000))}); res.GetHits()[0].GetProductId() == exact.GetId() {
			t.Error("it is found at a price it has not")
		}
	})
	t.Run("counts are projected and said to be", func(t *testing.T) {
		t.Parallel()
		for _, c := range []struct {
			req          *searchv1.SearchProductsRequest
			total, count int64 // those of one brand
		}{
			{&searchv1.SearchProductsRequest{Q: "linen shirt"}, 60_000, 37_500},
			{&searchv1.SearchProductsRequest{Q: "linen shirt", MaxPrice: new(int64(5000))}, 37_500, 37_500},
			{&searchv1.SearchProductsRequest{Q: "linen shirt", Brands: []string{"theirs"}}, 12_500, 37_500},
			{&searchv1.SearchProductsRequest{Q: "linen shirt", Sort: searchv1.SearchSort_SEARCH_SORT_PRICE}, 60_000, 37_500},
			{&searchv1.SearchProductsRequest{}, 60_000, 37_500},
		} {
			res := find(t, c.req)
			if !res.GetFacets().GetEstimated() || !res.GetPage().GetTotalIsEstimate() {
				t.Errorf("%v: nobody says that counts are estimates", c.req)
			}
			about := func(what string, got, want int64) {
				if got < want*6/10 || got > want*14/10 {
					t.Errorf("%v: %s is %d, wanted about %d", c.req, what, got, want)
				}
			}
			about("total", res.GetPage().GetTotal(), c.total)
			brands := res.GetFacets().GetBrands()
			i := slices.IndexFunc(brands, func(v *searchv1.FacetValue) bool { return v.GetSlug() == "ours" })
			if i < 0 {
				t.Errorf("%v: the larger brand is missing", c.req)
				continue
			}
			about("count", brands[i].GetCount(), c.count)
		}
	})
	t.Run("what staff decide holds", func(t *testing.T) {
		t.Parallel()
		const q = "linen shirt house"
		req := &searchv1.SearchProductsRequest{Q: q, Page: &typev1.PageRequest{Limit: 40}}
		var buried []string
		for _, h := range find(t, req).GetHits() {
			buried = append(buried, h.GetProductId())
		}
		must(r.client.CreateSearchRule(staff(ctx), &searchv1.CreateSearchRuleRequest{Rule: &searchv1.SearchRule{
			Name: q, Query: q, Active: true, Pinned: []string{exact.GetId()}, Buried: buried,
		}}))(t)
		hits := find(t, req).GetHits()
		if len(hits) != 40 || hits[0].GetProductId() != exact.GetId() {
			t.Errorf("the first of %d is not what is pinned", len(hits))
		}
		if slices.ContainsFunc(hits, func(h *searchv1.Hit) bool { return slices.Contains(buried, h.GetProductId()) }) {
			t.Error("what is buried is found among the first")
		}
	})
	t.Run("a list goes on where it ended", func(t *testing.T) {
		t.Parallel()
		for _, req := range []*searchv1.SearchProductsRequest{
			{Q: "linen shirt"}, {Q: "trousers linen"}, {Q: "go with"}, {Q: "linen shirt", MinPrice: new(int64(1))}, {Q: "sandals"},
			{Q: "sandals", Sort: searchv1.SearchSort_SEARCH_SORT_PRICE}, {Q: "sandals", Sort: searchv1.SearchSort_SEARCH_SORT_NEWEST}, {Q: "clogs"},
		} {
			rows := deepest
			switch req.GetQ() {
			case "sandals":
				rows = 901
			case "clogs":
				rows = 401
			}
			r.goesOn(t, req, rows)
		}
	})
}

// In a shop of some thousand products, what most of them match is not looked at whole either, but counted to the last one.
func TestAmongSomeThousand(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	exact := product("Linen Shirt", priced(true, 100))
	ours := product("Linen shirt of the house", branded(brand("ours", "Ours")), priced(true, 4000))
	theirs := product("Shirt of finest linen", branded(brand("theirs", "Theirs")), priced(false, 6000))
	some := product("Sandals", priced(true, 2000))
	r.shelf.put(tenant.Default(), exact, ours, theirs, some)
	r.rebuild(t)
	r.multiply(t, ours, 2_399)
	r.multiply(t, theirs, 799)
	r.multiply(t, some, 899)
	for _, c := range []struct {
		req           *searchv1.SearchProductsRequest
		total, stock  int64
		ours, theirs  int64
		approximately bool
	}{
		{&searchv1.SearchProductsRequest{Q: "shirt"}, 3201, 2401, 2400, 800, true},
		{&searchv1.SearchProductsRequest{Q: "linen shirt"}, 3201, 2401, 2400, 800, true},
		{&searchv1.SearchProductsRequest{Q: "shirt", Sort: searchv1.SearchSort_SEARCH_SORT_PRICE}, 3201, 2401, 2400, 800, true},
		{&searchv1.SearchProductsRequest{Q: "shirt", Brands: []string{"theirs"}}, 800, 0, 2400, 800, true},
		{&searchv1.SearchProductsRequest{}, 4101, 3301, 2400, 800, true},
		{&searchv1.SearchProductsRequest{Q: "sandals"}, 900, 900, 0, 0, false},
	} {
		res := must(r.client.SearchProducts(pgtest.Context(t), c.req))(t)
		if p := res.GetPage(); p.GetTotal() != c.total || p.GetTotalIsEstimate() {
			t.Errorf("%v: %d are found, wanted %d", c.req, p.GetTotal(), c.total)
		}
		if res.GetFacets().GetEstimated() != c.approximately {
			t.Errorf("%v: counts are estimates: %t", c.req, res.GetFacets().GetEstimated())
		}
		for slug, want := range map[string]int64{"ours": c.ours, "theirs": c.theirs} {
			var got int64
			for _, v := range res.GetFacets().GetBrands() {
				if v.GetSlug() == slug {
					got = v.GetCount()
				}
			}
			if got < want*6/10 || got > want*14/10 {
				t.Errorf("%v: %s counts %d, wanted about %d", c.req, slug, got, want)
			}
		}
	}
	if first := must(r.client.SearchProducts(pgtest.Context(t), &searchv1.SearchProductsRequest{Q: "linen shirt"}))(t).GetHits()[0]; first.GetProductId() != exact.GetId() {
		t.Error("another comes first than what is called so")
	}
	for _, req := range []*searchv1.SearchProductsRequest{
		{Q: "linen shirt"}, {Q: "shirt"}, {}, {Q: "shirt", Sort: searchv1.SearchSort_SEARCH_SORT_PRICE}, {Q: "shirt", Sort: searchv1.SearchSort_SEARCH_SORT_NEWEST},
		{Q: "shirt", Brands: []string{"ours"}}, {Q: "shirt", MinPrice: new(int64(1000))},
	} {
		rows := deepest
		if req.GetSort() != searchv1.SearchSort_SEARCH_SORT_UNSPECIFIED {
			rows = int(must(r.client.SearchProducts(pgtest.Context(t), req))(t).GetPage().GetTotal())
		}
		r.goesOn(t, req, rows)
	}
}

// goesOn walks through a list in pages of two sizes and compares.
func (r room) goesOn(t *testing.T, req *searchv1.SearchProductsRequest, rows int) {
	t.Helper()
	walk := func(limit int32) []string {
		var out []string
		page := &typev1.PageRequest{Limit: limit}
		for {
			req.Page = page
			res := must(r.client.SearchProducts(pgtest.Context(t), req))(t)
			if rows < deepest && !tells(res.GetPage(), rows) {
				t.Errorf("%v: %d are found", req, res.GetPage().GetTotal())
			}
			for _, h := range res.GetHits() {
				out = append(out, h.GetProductId())
			}
			if len(res.GetPage().GetNext()) == 0 {
				return out
			}
			page = &typev1.PageRequest{Limit: limit, After: res.GetPage().GetNext()}
		}
	}
	all := walk(100)
	if len(all) != rows {
		t.Errorf("%v: the list has %d rows", req, len(all))
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(all)))); n != len(all) {
		t.Errorf("%v: %d rows are %d products", req, len(all), n)
	}
	if few := walk(20); !slices.Equal(few, all[:len(few)]) || len(few) < rows-20 {
		t.Errorf("%v: shorter pages show others, %d of %d", req, len(few), len(all))
	}
}
