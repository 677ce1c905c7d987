package search

import (
	"fmt"
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
)

// What next to nothing has is found, and what may have been meant is offered beside it.
func TestWhatMayBeMeantIsOffered(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.shelf.locales = &catalogv1.Locales{DefaultLocale: "en"}
	all := []*catalogv1.Product{product("Linnen shirt"), product("Linden tea"), product("Sage tea"), product("Silk shirt 4711")}
	for i := range 12 {
		all = append(all, product(fmt.Sprintf("Linen throw no%d", i)), product(fmt.Sprintf("Cotton shirt no%d", i)))
	}
	r.stock(t, all...)
	for _, c := range []struct {
		q       string
		found   int64
		offered string
	}{
		{"linnen", 1, "linen"}, {"Linnen", 1, "linen"}, {"linden", 1, "linen"},
		{"linen", 12, ""}, {"linens", 12, ""}, {"shirt", 14, ""},
		{"linnen shirt", 1, ""},         // there is but one linen shirt, and that is what it is called
		{"sage", 1, ""}, {"tea", 2, ""}, // nothing is called like that
		{"silk", 1, ""}, {"4711", 1, ""}, {"silk shirt 4711", 1, ""}, {"nothingatall", 0, ""},
	} {
		res := r.search(t, &searchv1.SearchProductsRequest{Q: c.q})
		if res.GetPage().GetTotal() != c.found || res.GetSuggestedQuery() != c.offered || res.GetCorrectedQuery() != "" {
			t.Errorf("%q finds %d, offers %q, is corrected to %q; want %d and %q", c.q, res.GetPage().GetTotal(), res.GetSuggestedQuery(), res.GetCorrectedQuery(), c.found, c.offered)
		}
	}
	// Another page of it offers nothing, nor does a shop that corrects nothing.
	if res := r.search(t, &searchv1.SearchProductsRequest{Q: "linnen", Page: &typev1.PageRequest{Page: 2, Limit: 1}}); res.GetSuggestedQuery() != "" {
		t.Errorf("a later page offers %q", res.GetSuggestedQuery())
	}
}
