//go:build bench

package bench

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/sovecom/sovecom/test/housetest"
)

// searchers is one, so that what is measured is an answer and not the queue before it.
const searchers = 1

// searches asks for the same things in catalogues of growing size. A ratio of 1 is a search that does not slow down. What
// the smallest catalogue has few of is asked for by as many in the larger ones: a longer page is more to send, not to find.
func searches(t *testing.T, shop *housetest.Shop, client *http.Client, n int, first map[string]measure, tb *table) {
	t.Helper()
	materials, things := []string{"linen", "wool", "cotton", "oak", "stoneware", "glass", "leather", "brass"}, []string{"shirt", "throw", "apron", "stool", "bowl", "carafe", "satchel", "lamp", "jumper", "basket", "coat", "tray"}
	two := func(i int) string { return materials[i%8] + "+" + things[i/8%12] }
	for _, row := range []struct {
		name string
		path func(i int) string
	}{
		{"two words, 5 facets", func(i int) string { return "?limit=10&q=" + two(i) }},
		{"two words, one product", func(i int) string { return fmt.Sprintf("?q=bench+%06d", i*37%n) }},
		{"two words, a typo", func(i int) string {
			w := things[i/8%12]
			return "?limit=10&q=" + materials[i%8] + "+" + w[:2] + "x" + w[2:]
		}},
		{"two words, a category and a tag", func(i int) string {
			return fmt.Sprintf("?limit=2&q=%s&category=bench-category-%02d&tag=bench-tag-%02d", two(i), i%20, i%40)
		}},
		{"two words, a price range", func(i int) string { return "?limit=4&q=" + two(i) + "&minPrice=1000&maxPrice=9000" }},
		{"two words, by price", func(i int) string { return "?limit=10&q=" + two(i) + "&sort=price" }},
		{"one word", func(i int) string { return "?q=" + things[i%12] }},
		{"words that all have", func(int) string { return "?q=small+batches" }},
		{"a category", func(i int) string { return fmt.Sprintf("?category=bench-category-%02d", i%20) }},
		{"everything, by price", func(int) string { return "?sort=price" }},
		{"suggestions", func(i int) string { return "/suggestions?q=" + materials[i%8] + "+" + things[i/8%12][:3] }},
	} {
		m := rate(t.Context(), t, client, searchers, func(i int) string { return shop.URL + "/store/v1/search" + row.path(i) })
		compare(tb, first, "search: "+row.name, n, m)
	}
}
