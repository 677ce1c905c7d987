package search

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

// shopCases reads testdata/relevance: what a shop of one language has, and what people type who want one thing of it.
func shopCases(t *testing.T, locale string) (products [][]string, asked [][2]string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "relevance", locale+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if q, key, ok := strings.Cut(line, " -> "); ok {
			asked = append(asked, [2]string{q, key})
			continue
		}
		if fields := strings.Split(line, " | "); len(fields) == 6 {
			products = append(products, fields)
		} else if line != "" {
			t.Fatalf("%s: %q is no case", locale, line)
		}
	}
	return products, asked
}

// found counts where the right answers stand.
type found struct {
	asked, first, five int
	reciprocal         float64
}

func (f *found) add(at int) {
	f.asked++
	if at < 0 {
		return
	}
	f.reciprocal += 1 / float64(at+1)
	if at == 0 {
		f.first++
	}
	if at < 5 {
		f.five++
	}
}

func (f *found) rates() (first, five, mrr float64) {
	n := float64(f.asked)
	return float64(f.first) / n, float64(f.five) / n, f.reciprocal / n
}

// spellings are ways to write a whole title or an article number. Whoever types all of it means just that product.
func spellings(title, sku string) []string {
	out := []string{title, strings.ToUpper(title), fold(title), strings.Join(words(title, 100), " "), strings.Join(words(title, 100), "-"), strings.ReplaceAll(title, "-", ""), sku, strings.Join(words(sku, 100), " ")}
	if whole := joined(sku); whole != "" {
		out = append(out, whole, strings.ToLower(whole))
	}
	return out
}

// TestRelevanceOfShops asks seven shops of everyday things, each in its own language, for one thing at a time: by model
// numbers and sizes written in any way, plurals, compounds, elisions, without accents, glued, split and mistyped; and once
// more with a mistake in the longest word of each. Products come in kinds that are easily taken for each other.
func TestRelevanceOfShops(t *testing.T) {
	t.Parallel()
	all := map[bool]*found{false: {}, true: {}}
	for _, locale := range inLanguages() {
		products, asked := shopCases(t, locale)
		r := newRoom(t)
		r.shelf.locales = &catalogv1.Locales{DefaultLocale: locale}
		ids := map[string]string{}
		for _, p := range products {
			made := product(p[1], described(p[5]), branded(brand(strings.ToLower(p[2]), p[2])), in(category(strings.ToLower(p[4]), p[4])), priced(true, 1000))
			made.Variants[0].Sku = p[3]
			ids[p[0]] = made.GetId()
			r.shelf.put(tenant.Default(), made)
		}
		r.stock(t)
		for _, p := range products {
			for _, q := range spellings(p[1], p[3]) {
				res := must(r.client.SearchProducts(pgtest.Context(t), &searchv1.SearchProductsRequest{Q: q, Page: &typev1.PageRequest{Limit: 3}}))(t)
				if len(res.GetHits()) == 0 || res.GetHits()[0].GetProductId() != ids[p[0]] {
					t.Errorf("%s: %q finds %q before %q", locale, q, r.titles(res), p[1])
				}
			}
		}
		random := rand.New(rand.NewPCG(11, uint64(len(products))))
		for _, typos := range []bool{false, true} {
			here := &found{}
			for _, a := range asked {
				q := a[0]
				if typos {
					q = mistyped(q, random)
				}
				if ids[a[1]] == "" {
					t.Fatalf("%s: there is no %q", locale, a[1])
				}
				res := must(r.client.SearchProducts(pgtest.Context(t), &searchv1.SearchProductsRequest{Q: q, Page: &typev1.PageRequest{Limit: 10}}))(t)
				at := slices.IndexFunc(res.GetHits(), func(h *searchv1.Hit) bool { return h.GetProductId() == ids[a[1]] })
				here.add(at)
				all[typos].add(at)
				if at != 0 {
					t.Logf("%s %q is at %d, wanted %s, found %q (corrected %q, partial %v)", locale, q, at, a[1], r.titles(res)[:min(3, len(res.GetHits()))], res.GetCorrectedQuery(), res.GetPartial())
				}
			}
			first, five, mrr := here.rates()
			t.Logf("%s, mistakes %v: %d products, %d questions, hit@1 %.2f, hit@5 %.2f, MRR %.2f", locale, typos, len(products), here.asked, first, five, mrr)
		}
	}
	for typos, least := range map[bool]float64{false: 0.95, true: 0.85} {
		first, five, mrr := all[typos].rates()
		t.Logf("all, mistakes %v: %d questions, hit@1 %.2f, hit@5 %.2f, MRR %.2f", typos, all[typos].asked, first, five, mrr)
		if first < least {
			t.Errorf("mistakes %v: hit@1 is %.2f, the least is %.2f", typos, first, least)
		}
	}
}
