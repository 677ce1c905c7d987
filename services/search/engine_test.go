package search

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/config"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

// engines are all four; those outside are played over their protocol.
func engines() map[string]func(d *double) http.Handler {
	return map[string]func(d *double) http.Handler{
		enginePostgres: nil, engineTypesense: typesenseDouble, engineMeilisearch: meilisearchDouble, engineAlgolia: algoliaDouble,
	}
}

// withEngine is a room whose searches an engine answers.
func withEngine(t *testing.T, name string, serve func(d *double) http.Handler) (room, *double) {
	t.Helper()
	cfg := DefaultConfig()
	if serve == nil {
		return newRoomWith(t, cfg), nil
	}
	d := newDouble(t, serve)
	cfg.Engine, cfg.URL, cfg.App, cfg.Key = name, d.server.URL, "APP", config.Secret("secret")
	return newRoomWith(t, cfg), d
}

// fed waits until the engine holds what is live.
func (r room) fed(t testing.TB) {
	t.Helper()
	if r.outside == nil {
		return
	}
	eventually(t, "the engine is fed", func() bool {
		return r.number(t, "select count(*) from feeds f, indexes i where f.fed = i.live") == 1 && r.number(t, "select count(*) from feed_queue") == 0
	})
	r.recall.forget(tenant.Default())
}

// TestEngines asks all engines the same.
func TestEngines(t *testing.T) {
	t.Parallel()
	for name, serve := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, d := withEngine(t, name, serve)
			r.furnish(t)
			r.run(t)
			r.fed(t)
			colored := func(values ...string) []*catalogv1.AttributeFilter {
				return []*catalogv1.AttributeFilter{{Code: "color", Values: values}}
			}
			price, priceDesc, newest := searchv1.SearchSort_SEARCH_SORT_PRICE, searchv1.SearchSort_SEARCH_SORT_PRICE_DESC, searchv1.SearchSort_SEARCH_SORT_NEWEST
			for _, c := range []struct {
				req  *searchv1.SearchProductsRequest
				want string // in order
			}{
				{&searchv1.SearchProductsRequest{Q: "linen"}, "Linen shirt"},
				{&searchv1.SearchProductsRequest{Q: "Linen SHI"}, "Linen shirt"},
				{&searchv1.SearchProductsRequest{Q: "linnen"}, "Linen shirt"},
				{&searchv1.SearchProductsRequest{Q: "sku-wool-shirt-0"}, "Wool shirt"},
				{&searchv1.SearchProductsRequest{Q: "nothingatall"}, ""},
				{&searchv1.SearchProductsRequest{}, "Red mug,Wool shirt,Linen shirt"},
				{&searchv1.SearchProductsRequest{Sort: newest}, "Red mug,Wool shirt,Linen shirt"},
				{&searchv1.SearchProductsRequest{Q: "shirt", Sort: price}, "Linen shirt,Wool shirt"},
				{&searchv1.SearchProductsRequest{Sort: priceDesc}, "Wool shirt,Linen shirt,Red mug"},
				{&searchv1.SearchProductsRequest{Sort: price, MinPrice: proto.Int64(800)}, "Linen shirt,Wool shirt"},
				{&searchv1.SearchProductsRequest{Sort: price, MaxPrice: proto.Int64(1000)}, "Red mug,Linen shirt"},
				{&searchv1.SearchProductsRequest{MinPrice: proto.Int64(800), MaxPrice: proto.Int64(2000)}, "Linen shirt"},
				{&searchv1.SearchProductsRequest{Categories: []string{"clothes"}, Sort: newest}, "Wool shirt,Linen shirt"},
				{&searchv1.SearchProductsRequest{Categories: []string{"kleidung", "mugs"}}, "Red mug,Wool shirt,Linen shirt"},
				{&searchv1.SearchProductsRequest{Brands: []string{"maison"}, InStock: proto.Bool(true)}, "Red mug,Linen shirt"},
				{&searchv1.SearchProductsRequest{InStock: proto.Bool(false)}, "Wool shirt"},
				{&searchv1.SearchProductsRequest{Attributes: colored("red")}, "Red mug,Linen shirt"},
				{&searchv1.SearchProductsRequest{Attributes: colored("red", "blue"), Q: "wool"}, "Wool shirt"},
				{&searchv1.SearchProductsRequest{Q: "leinenhemd", Locales: []string{"de"}}, "Linen shirt"},
				{&searchv1.SearchProductsRequest{Q: "wool", Locales: []string{"fr"}}, "Wool shirt"},
				{&searchv1.SearchProductsRequest{Page: &typev1.PageRequest{Page: 2, Limit: 2}}, "Linen shirt"},
			} {
				if got := strings.Join(r.titles(r.search(t, c.req)), ","); got != c.want {
					t.Errorf("%v finds %q, want %q", c.req, got, c.want)
				}
			}
			// Facets, which ignore their own choice.
			f := r.search(t, &searchv1.SearchProductsRequest{Categories: []string{"shirts"}, Attributes: colored("red")}).GetFacets()
			if values(f.GetCategories()) != "clothes:1 mugs:1 shirts:1" || values(f.GetAttributes()[0].GetValues()) != "blue:1 red:1" || values(f.GetBrands()) != "maison:1" || f.GetInStock() != 1 || f.GetMinPrice() != 1000 || f.GetMaxPrice() != 1000 {
				t.Errorf("facets %v", f)
			}
			// A walk by cursor.
			var walked []string
			req := &searchv1.SearchProductsRequest{Page: &typev1.PageRequest{Limit: 1}}
			for range 5 {
				res := r.search(t, req)
				walked = append(walked, r.titles(res)...)
				if req.Page.After = res.GetPage().GetNext(); req.Page.After == nil {
					break
				}
			}
			if strings.Join(walked, ",") != "Red mug,Wool shirt,Linen shirt" {
				t.Errorf("walked %q", walked)
			}
			// What strangers write means nothing.
			for _, evil := range []string{"`", "]", "x` || covers:=[`own", `"`, `\`, `" OR filters = "x`, "a:b", "covers:own", "'; drop table documents; --", "]&&id:=[`x`", "*", "🫖", strings.Repeat("x", 500)} {
				for _, req := range []*searchv1.SearchProductsRequest{{Categories: []string{evil}}, {Brands: []string{evil}, Q: "linen"}, {Attributes: colored(evil)}, {Tags: []string{evil, "x"}, Sort: price}} {
					if res := r.search(t, req); res.GetPage().GetTotal() != 0 {
						t.Errorf("%v finds %v", req, r.titles(res))
					}
				}
				r.search(t, &searchv1.SearchProductsRequest{Q: evil})
			}
			if d == nil {
				return
			}
			if asked, refused := d.counts(); asked < 20 || len(refused) > 0 {
				t.Errorf("the engine was asked %d times and refused %q", asked, refused)
			}
			if i := r.index(t); i.GetEngine() != name || !i.GetEngineUp() {
				t.Errorf("index %v", i)
			}
		})
	}
}

// TestEnginesMayBeAway takes the engine away: searches go on, and what was changed meanwhile reaches it when it is back.
func TestEnginesMayBeAway(t *testing.T) {
	t.Parallel()
	for name, serve := range engines() {
		if serve == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, d := withEngine(t, name, serve)
			js := bustest.Start(t)
			r.furnish(t)
			bustest.Run(t, r.db, js, r.Consumers()...)
			r.run(t)
			r.fed(t)
			d.set(true)
			added := product("Silk shirt", priced(true, 5000))
			r.shelf.put(tenant.Default(), added)
			bustest.Publish(t, js, productEvent(t, added, "created"))
			eventually(t, "a change is found while the engine is away", func() bool { return r.total(t, "silk") == 1 })
			r.findsAny(t, "shirt", "Linen shirt", "Wool shirt", "Silk shirt")
			if i := r.index(t); i.GetEngineUp() || i.GetPending() != 1 || i.GetLagSeconds() <= 0 {
				t.Errorf("index %v", i)
			}
			if err := r.PingEngine(pgtest.Context(t)); err == nil {
				t.Error("nobody sees that it is away")
			}
			d.set(false)
			r.poke()
			r.fed(t)
			if titles, _ := d.held(); !slices.Contains(titles, "Silk shirt") {
				t.Errorf("the engine holds %q", titles)
			}
			// What is gone is gone there, too, in every language.
			for _, h := range r.search(t, &searchv1.SearchProductsRequest{Q: "linen"}).GetHits() {
				r.shelf.drop(tenant.Default(), h.GetProductId())
				p := product("x")
				p.Id = h.GetProductId()
				bustest.Publish(t, js, productEvent(t, p, "deleted"))
			}
			eventually(t, "it is gone from the engine", func() bool {
				titles, _ := d.held()
				return !slices.Contains(titles, "Linen shirt") && !slices.Contains(titles, "Leinenhemd")
			})
			// A rebuild fills another index, and the old one is dropped.
			r.rebuild(t)
			r.poke()
			r.fed(t)
			eventually(t, "one index is left", func() bool { _, n := d.held(); return n == 1 })
			if _, refused := d.counts(); len(refused) > 0 {
				t.Errorf("refused %q", refused)
			}
		})
	}
}

// The doubles refuse what the engines would not understand.
func TestDoublesAreStrict(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"covers:=own", "price:>=1", "filters:=[`a`", "low:>=x", "filters:=[`a`] || covers:=[`b`]", "filters:=[a]"} {
		if c, err := typesenseFilter(text); err == nil {
			t.Errorf("typesense: %q was read as %v", text, c)
		}
	}
	if c, err := typesenseFilter("covers:=[`own`] && filters:=[`/c//a && b]`,`/c//c`] && high:>=5"); err != nil || len(c) != 3 || len(c[1].any) != 2 || c[1].any[0] != "/c//a && b]" || c[2].bound != 5 {
		t.Errorf("typesense: %v, %v", c, err)
	}
	for _, filter := range []any{"covers = own", []any{[]any{`covers = own`}}, []any{[]any{`price >= 5`}}, []any{[]any{`filters = "a" OR low >= 5`}}, []any{[]any{}}, []any{[]any{`filters = "a"`, `covers = "b"`}}} {
		if c, err := meiliFilter(filter, []string{"covers", "filters", "low"}); err == nil {
			t.Errorf("meilisearch: %v was read as %v", filter, c)
		}
	}
	ctx := pgtest.Context(t)
	for name, serve := range engines() {
		if serve == nil {
			continue
		}
		d := newDouble(t, serve)
		e := must(newOutside(Config{ExportPage: 1, Engine: name, URL: d.server.URL, App: "APP", Key: config.Secret("wrong")}))(t)
		if e.ping(ctx) == nil || e.create(ctx, "x") == nil {
			t.Errorf("%s: a wrong key opens it", name)
		}
		e = must(newOutside(Config{ExportPage: 1, Engine: name, URL: d.server.URL, App: "APP", Key: config.Secret("secret")}))(t)
		if err := e.write(ctx, "missing", []entry{{ID: "a"}}, nil); err == nil {
			t.Errorf("%s: an index that is not there was written to", name)
		}
		for range 2 { // both are safe to repeat
			if err := e.create(ctx, "sovecom_a_1"); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if list := must(e.indexes(ctx, "sovecom_a_"))(t); len(list) != 1 || list[0] != "sovecom_a_1" {
			t.Errorf("%s: indexes %q", name, list)
		}
		if list := must(e.indexes(ctx, "sovecom_b_"))(t); len(list) != 0 {
			t.Errorf("%s: indexes %q", name, list)
		}
		for range 2 {
			if err := e.drop(ctx, "sovecom_a_1"); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := e.ping(ctx); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, bad := range []Config{{ExportPage: 1, Engine: "solr"}, {ExportPage: 1, Engine: engineTypesense}, {ExportPage: 1, Engine: engineAlgolia, App: "x"}, {ExportPage: 1, Engine: engineTypesense, URL: "ftp://x", Key: config.Secret("k")}} {
		if bad.Validate() == nil {
			t.Errorf("%v is taken", bad)
		}
	}
}
