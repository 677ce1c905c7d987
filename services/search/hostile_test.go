package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

// hostile are texts that people and their programs send, none of which any engine may take for more than a text.
func hostile() []string {
	return []string{
		// Of every script, of none, and broken off.
		"λινό πουκάμισο", "قميص كتان", "خُبْز", "חולצת פשתן", "亚麻衬衫", "リネンシャツ", "리넨 셔츠", "เสื้อลินิน", "लिनन की कमीज़", "ქართული", "🫖👩‍👩‍👧‍👦", "🇪🇺", "İSTANBUL ı", "\ufffd",
		"l" + strings.Repeat("\u0301", 200) + "inen", strings.Repeat("\u0301", 400), "\u202elinen\u202c", "\ufeffli\u200bnen", "li\u00adnen", "\u2066x\u2069", "\ue000", "\uffff", "\U0010ffff", "ｌｉｎｅｎ", "𝓵𝓲𝓷𝓮𝓷", "ﷺ", "㍿", "½ ⅓ ①",
		"\x00", "a\x00b", "\x01\x1b[31m", "li\nnen\r\nX-Injected: y", "the of and", "der die das", "s", "' '", "!!!", strings.Repeat("linen ", 85), strings.Repeat("a b ", 128), strings.Repeat("x", 512), strings.Repeat("ab1", 170), strings.Repeat("9", 512),
		// What means something to PostgreSQL, LIKE, Typesense, Meilisearch, Algolia, shells and browsers.
		"'; drop table documents; --", "linen & !shirt | (mug) <-> :*", "'a':A*", `\`, `\'`, `''`, "$1", "%_%", "*", "a*b", "q:*", "`", "``", "x` || covers:=[`own", "]&&id:=[`x`", "filters:=[`a`]", "low:>0", "a:=b && c", "(((",
		`" OR filters = "x`, `filters EXISTS`, `covers IN [own]`, `_geoRadius(1,2,3)`, `"unbalanced`, `-linen`, `NOT covers:own`, "covers:own<score=2>", "own OR covers:de", "{{7*7}}${7*7}", "<script>alert(1)</script>", "../../etc/passwd", "%00%c0%af", "{\"q\":1}", "null", "NaN", "1e309", "-0", "9223372036854775808",
	}
}

// TestEnginesTakeAnyText asks every engine, in every place where a text can stand, for what it cannot mean. Each answer is
// one; none finds what was not asked for; and no engine is taken for broken because of it.
func TestEnginesTakeAnyText(t *testing.T) {
	t.Parallel()
	for name, serve := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, d := withEngine(t, name, serve)
			r.furnish(t)
			r.run(t)
			r.fed(t)
			for _, text := range hostile() {
				attributes := []*catalogv1.AttributeFilter{{Code: "color", Values: []string{text}}}
				for _, req := range []*searchv1.SearchProductsRequest{
					{Categories: []string{text}}, {Tags: []string{text}, Q: "shirt"}, {Brands: []string{text, cutRunes(text, 500) + "x"}}, {Attributes: attributes, InStock: proto.Bool(true)},
				} {
					res, err := r.client.SearchProducts(pgtest.Context(t), req)
					if err != nil || res.GetPage().GetTotal() != 0 {
						t.Errorf("%v: %v, %v", req, r.titles(res), err)
					}
				}
				for _, req := range []*searchv1.SearchProductsRequest{
					{Q: text}, {Q: "shirt " + cutRunes(text, 500)}, {Q: text, Locales: []string{"de"}, Categories: []string{"clothes"}, MaxPrice: proto.Int64(1)}, {Q: "shirt", Locales: []string{cutRunes(text, 8)}},
				} {
					if _, err := r.client.SearchProducts(pgtest.Context(t), req); err != nil {
						t.Errorf("%v: %v", req, err)
					}
				}
				if _, err := r.client.Suggest(pgtest.Context(t), &searchv1.SuggestRequest{Q: text}); err != nil {
					t.Errorf("suggestions for %q: %v", text, err)
				}
				bad := &searchv1.SearchProductsRequest{Attributes: []*catalogv1.AttributeFilter{{Code: text, Values: []string{"x"}}}}
				if _, err := r.client.SearchProducts(pgtest.Context(t), bad); err == nil {
					t.Errorf("the attribute %q is there", text)
				}
				if _, ok := numberText(text); !ok {
					bad = &searchv1.SearchProductsRequest{Attributes: []*catalogv1.AttributeFilter{{Code: "width", Min: &text}}}
					if _, err := r.client.SearchProducts(pgtest.Context(t), bad); err == nil {
						t.Errorf("%q is a number", text)
					}
				}
			}
			// As much as can be chosen at once.
			lot := make([]string, 50)
			for i := range lot {
				lot[i] = fmt.Sprintf("%d%s", i, strings.Repeat("é`\"\\", 60))
			}
			r.finds(t, &searchv1.SearchProductsRequest{Q: "shirt", Categories: append(slices.Clone(lot[:49]), "shirts"), Brands: append(slices.Clone(lot[:49]), "nord")}, "Wool shirt")
			for _, n := range []string{"0", "-0", "1e308", "-1e308", "9223372036854775808", "0.000000000000000000001"} {
				r.search(t, &searchv1.SearchProductsRequest{Attributes: []*catalogv1.AttributeFilter{{Code: "width", Min: &n}}})
				r.search(t, &searchv1.SearchProductsRequest{Attributes: []*catalogv1.AttributeFilter{{Code: "width", Max: &n}}})
			}
			for _, n := range []int64{0, 1, 1 << 52, 1<<53 + 1, 1<<63 - 1} {
				r.search(t, &searchv1.SearchProductsRequest{MinPrice: &n})
				r.search(t, &searchv1.SearchProductsRequest{MaxPrice: &n, Sort: searchv1.SearchSort_SEARCH_SORT_PRICE})
			}
			r.finds(t, &searchv1.SearchProductsRequest{MinPrice: proto.Int64(1 << 52), Q: "shirt"})
			if res := r.search(t, &searchv1.SearchProductsRequest{Q: "shirt", Page: &typev1.PageRequest{Page: 10, Limit: 100}}); len(res.GetHits()) != 0 || res.GetPage().GetTotal() != 2 {
				t.Errorf("a page behind the end: %v", res)
			}
			r.finds(t, &searchv1.SearchProductsRequest{Q: "linen"}, "Linen shirt")
			if d == nil {
				return
			}
			if _, refused := d.counts(); len(refused) > 0 {
				t.Errorf("the engine refused %q", refused)
			}
			if !r.health.up(r.now()) {
				t.Error("the engine is taken for broken")
			}
		})
	}
}

// Products may be called anything, too: they are found and shown, and reach every engine.
func TestEnginesHoldAnyText(t *testing.T) {
	t.Parallel()
	for name, serve := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, d := withEngine(t, name, serve)
			for i, text := range hostile() {
				text = cutRunes(text, 400)
				text = fmt.Sprintf("Odd%d %s", i, text)
				r.shelf.put(tenant.Default(), product(text, described(text), branded(brand(text, text)), tagged(&catalogv1.TagRef{Id: brand("", "").GetId(), Slug: text, Name: text}), priced(true, int64(i))))
			}
			r.stock(t)
			r.run(t)
			r.fed(t)
			for i, text := range hostile() {
				text = cutRunes(text, 400)
				res := r.search(t, &searchv1.SearchProductsRequest{Q: fmt.Sprintf("odd%d", i), Brands: []string{fmt.Sprintf("Odd%d %s", i, text)}})
				if got := r.titles(res); len(got) != 1 || !strings.HasPrefix(got[0], fmt.Sprintf("Odd%d ", i)) {
					t.Errorf("%q is not found: %q", text, got)
				}
			}
			if d == nil {
				return
			}
			if _, refused := d.counts(); len(refused) > 0 {
				t.Errorf("the engine refused %q", refused)
			}
		})
	}
}
