package search

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

// told is an answer as a shopper sees it, without ids.
func (r room) told(res *searchv1.SearchProductsResponse) string {
	f := res.GetFacets()
	var b strings.Builder
	fmt.Fprintf(&b, "%q of %d, partial %v, %q; categories %s; tags %s; brands %s; stock %d; price %v-%v", r.titles(res), res.GetPage().GetTotal(), res.GetPartial(), res.GetCorrectedQuery(),
		values(f.GetCategories()), values(f.GetTags()), values(f.GetBrands()), f.GetInStock(), f.MinPrice != nil, f.MaxPrice != nil)
	fmt.Fprintf(&b, " %d %d", f.GetMinPrice(), f.GetMaxPrice())
	for _, p := range f.GetPriceRanges() {
		fmt.Fprintf(&b, " [%d-%d]:%d", p.GetMin(), p.GetMax(), p.GetCount())
	}
	for _, a := range f.GetAttributes() {
		fmt.Fprintf(&b, "; %s %s %s", a.GetCode(), a.GetName(), values(a.GetValues()))
	}
	return b.String()
}

// narrowings are requests whose answers hold facets, each with what its answer is.
func narrowings() map[string]struct {
	req  *searchv1.SearchProductsRequest
	want string
} {
	type narrowing = struct {
		req  *searchv1.SearchProductsRequest
		want string
	}
	color := func(values ...string) *catalogv1.AttributeFilter {
		return &catalogv1.AttributeFilter{Code: "color", Values: values}
	}
	width := func(low, high string) *catalogv1.AttributeFilter {
		f := &catalogv1.AttributeFilter{Code: "width"}
		if low != "" {
			f.Min = &low
		}
		if high != "" {
			f.Max = &high
		}
		return f
	}
	price := searchv1.SearchSort_SEARCH_SORT_PRICE
	return map[string]narrowing{
		"all": {
			&searchv1.SearchProductsRequest{},
			`["Red mug" "Wool shirt" "Linen shirt"] of 3, partial false, ""; categories clothes:2 shirts:2 mugs:1; tags ; brands maison:2 nord:1; stock 2; price true-true 700 3000 [500-1000]:1 [1000-2000]:1 [3000-5000]:1; color COLOR red:2 blue:1; width WIDTH 10.5:1 20:1 8:1`,
		},
		"a price": {
			&searchv1.SearchProductsRequest{MaxPrice: proto.Int64(1000), Sort: price},
			`["Red mug" "Linen shirt"] of 2, partial false, ""; categories clothes:1 mugs:1 shirts:1; tags ; brands maison:2; stock 2; price true-true 700 3000 [500-1000]:1 [1000-2000]:1 [3000-5000]:1; color COLOR red:2; width WIDTH 10.5:1 8:1`,
		},
		"a price range": {
			&searchv1.SearchProductsRequest{MinPrice: proto.Int64(800), MaxPrice: proto.Int64(2000), Q: "shirt"},
			`["Linen shirt"] of 1, partial false, ""; categories clothes:1 shirts:1; tags ; brands maison:1; stock 1; price true-true 1000 3000 [1000-2000]:1 [3000-5000]:1; color COLOR red:1; width WIDTH 10.5:1`,
		},
		"what can be bought": {
			&searchv1.SearchProductsRequest{InStock: proto.Bool(true), Q: "shirt"},
			`["Linen shirt"] of 1, partial false, ""; categories clothes:1 shirts:1; tags ; brands maison:1; stock 1; price true-true 1000 1000 [1000-2000]:1; color COLOR red:1; width WIDTH 10.5:1`,
		},
		"what cannot": {
			&searchv1.SearchProductsRequest{InStock: proto.Bool(false)},
			`["Wool shirt"] of 1, partial false, ""; categories clothes:1 shirts:1; tags ; brands nord:1; stock 2; price true-true 3000 3000 [3000-5000]:1; color COLOR blue:1; width WIDTH 20:1`,
		},
		"a brand and a color": {
			&searchv1.SearchProductsRequest{Brands: []string{"nord"}, Attributes: []*catalogv1.AttributeFilter{color("blue")}},
			`["Wool shirt"] of 1, partial false, ""; categories clothes:1 shirts:1; tags ; brands nord:1; stock 0; price true-true 3000 3000 [3000-5000]:1; color COLOR blue:1; width WIDTH 20:1`,
		},
		"a width": {
			&searchv1.SearchProductsRequest{Attributes: []*catalogv1.AttributeFilter{width("9", "15")}},
			`["Linen shirt"] of 1, partial false, ""; categories clothes:1 shirts:1; tags ; brands maison:1; stock 1; price true-true 1000 1000 [1000-2000]:1; color COLOR red:1; width WIDTH 10.5:1 20:1 8:1`,
		},
		"a width, a color and a price": {
			&searchv1.SearchProductsRequest{Attributes: []*catalogv1.AttributeFilter{width("", "15"), color("red")}, MinPrice: proto.Int64(800)},
			`["Linen shirt"] of 1, partial false, ""; categories clothes:1 shirts:1; tags ; brands maison:1; stock 1; price true-true 700 1000 [500-1000]:1 [1000-2000]:1; color COLOR red:1; width WIDTH 10.5:1`,
		},
		"a width that nothing has": {
			&searchv1.SearchProductsRequest{Attributes: []*catalogv1.AttributeFilter{width("100", "")}, Q: "shirt"},
			`[] of 0, partial false, ""; categories ; tags ; brands ; stock 0; price false-false 0 0; width WIDTH 10.5:1 20:1`,
		},
	}
}

// TestEnginesCountTheSame holds the facets of every engine to the same counts: several values of one facet, price ranges,
// availability, ranges of numbers. What is chosen of a facet does not narrow its own counts.
func TestEnginesCountTheSame(t *testing.T) {
	t.Parallel()
	for name, serve := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, d := withEngine(t, name, serve)
			r.furnish(t)
			r.run(t)
			r.fed(t)
			for what, c := range narrowings() {
				if got := r.told(r.search(t, c.req)); got != c.want {
					t.Errorf("%s:\n got %s\nwant %s", what, got, c.want)
				}
			}
			if d == nil {
				return
			}
			if asked, refused := d.counts(); asked < 5 || len(refused) > 0 {
				t.Errorf("the engine was asked %d times and refused %q", asked, refused)
			}
		})
	}
}

// TestEnginesMeanTheSame holds every engine to what staff set: synonyms of all and of one language, of several words and in
// one direction, stop words, and rules.
func TestEnginesMeanTheSame(t *testing.T) {
	t.Parallel()
	for name, serve := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, d := withEngine(t, name, serve)
			r.furnish(t)
			r.run(t)
			r.fed(t)
			ctx := staff(pgtest.Context(t))
			taught := func() {
				t.Helper()
				if d == nil {
					return
				}
				r.poke()
				eventually(t, "the engine is told", func() bool { return r.number(t, "select count(*) from feeds where told = "+synonymsMark) == 1 })
				r.recall.forget(tenant.Default())
			}
			finds := func(q, want string, byEngine bool, locales ...string) {
				t.Helper()
				before := 0
				if d != nil {
					before, _ = d.counts()
				}
				price := searchv1.SearchSort_SEARCH_SORT_RELEVANCE
				got := r.titles(r.search(t, &searchv1.SearchProductsRequest{Q: q, Locales: locales, Sort: price}))
				if strings.Join(got, ",") != want {
					t.Errorf("%q finds %q, want %q", q, got, want)
				}
				if d == nil {
					return
				}
				if after, _ := d.counts(); (after > before) != byEngine {
					t.Errorf("%q was asked of the engine: %v", q, after > before)
				}
			}
			finds("beaker", "", true) // and PostgreSQL, because nothing was found
			s := must(r.client.CreateSynonym(ctx, &searchv1.CreateSynonymRequest{Terms: []string{"mug", "beaker", "drinking vessel"}}))(t).GetSynonym()
			finds("beaker", "Red mug", false) // as soon as it is set
			taught()
			finds("beaker", "Red mug", true)
			finds("red drinking VESSEL", "Red mug", true)
			finds("crimson beaker", "Red mug", true)
			finds("mug", "Red mug", true)
			finds("mu", "Red mug", true)
			must(r.client.CreateSynonym(ctx, &searchv1.CreateSynonymRequest{From: "jersey", Terms: []string{"wool"}}))(t)
			must(r.client.CreateSynonym(ctx, &searchv1.CreateSynonymRequest{Terms: []string{"becher", "mug"}, Locale: "de"}))(t)
			taught()
			finds("jersey", "Wool shirt", true)
			finds("wool", "Wool shirt", true)
			// A synonym of one language: the engine knows no languages, so it is not asked where it would matter.
			finds("becher", "Red mug", true, "de")
			finds("becher", "", false)
			finds("mug", "Red mug", true, "de")
			finds("mug", "Red mug", false)
			must(r.client.UpdateSynonym(ctx, &searchv1.UpdateSynonymRequest{Id: s.GetId(), Terms: &searchv1.TextList{Values: []string{"mug", "goblet"}}}))(t)
			taught()
			finds("goblet", "Red mug", true)
			finds("beaker", "", true)
			for _, s := range must(r.client.ListSynonyms(ctx, &searchv1.ListSynonymsRequest{}))(t).GetSynonyms() {
				must(r.client.DeleteSynonym(ctx, &searchv1.DeleteSynonymRequest{Id: s.GetId()}))(t)
			}
			taught()
			for _, q := range []string{"goblet", "jersey", "becher"} {
				finds(q, "", true)
			}
			// Stop words, those everybody knows and those of the shop.
			finds("the mug for my", "Red mug", true)
			must(r.client.SetStopWords(ctx, &searchv1.SetStopWordsRequest{Locale: "en", Words: []string{"Original"}}))(t)
			finds("original linen", "Linen shirt", true)
			must(r.client.SetStopWords(ctx, &searchv1.SetStopWordsRequest{Locale: "en"}))(t)
			if res := r.search(t, &searchv1.SearchProductsRequest{Q: "original linen"}); !res.GetPartial() {
				t.Errorf("a word that means something again is missed: %v", res)
			}
			// Rules are kept by PostgreSQL, whatever the engine.
			ids := map[string]string{}
			for _, h := range r.search(t, &searchv1.SearchProductsRequest{}).GetHits() {
				ids[r.shelf.title(h.GetProductId())] = h.GetProductId()
			}
			must(r.client.CreateSearchRule(ctx, &searchv1.CreateSearchRuleRequest{Rule: &searchv1.SearchRule{
				Name: "Mugs first", Query: "Shirt", Pinned: []string{ids["Red mug"], ids["Wool shirt"]}, Buried: []string{ids["Linen shirt"]}, Active: true,
			}}))(t)
			finds("shirt", "Red mug,Wool shirt,Linen shirt", false)
			// A rebuild fills another index, which is told as well.
			must(r.client.CreateSynonym(ctx, &searchv1.CreateSynonymRequest{Terms: []string{"mug", "stein"}}))(t)
			r.rebuild(t)
			r.poke()
			r.fed(t)
			taught()
			finds("stein", "Red mug", true)
			if d == nil {
				return
			}
			if _, refused := d.counts(); len(refused) > 0 {
				t.Errorf("the engine refused %q", refused)
			}
		})
	}
}
