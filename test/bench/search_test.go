//go:build bench

package bench

import "fmt"

// few is in how many products two words, a category and a tag are found hundreds of times.
const few = 100_000

// searches asks for the same things in catalogues of growing size. A ratio of 1 is a search that does not slow down.
//
// A share of a small catalogue is hardly anything, and counting and ordering what is found takes longer the more it is, up to
// some hundreds. So each kind of search is there among the first thousand products, which every catalogue begins with and
// whose numbers begin with 000: then the same is found among more. Those that look for a share of everything are compared from
// the size on in which they find hundreds; what the smallest catalogue has few of is asked for by as many in the larger ones:
// a longer page is more to send, not to find.
func searches() []look {
	materials, things := []string{"linen", "wool", "cotton", "oak", "stoneware", "glass", "leather", "brass"}, []string{"shirt", "throw", "apron", "stool", "bowl", "carafe", "satchel", "lamp", "jumper", "basket", "coat", "tray"}
	two := func(i int) string { return materials[i%8] + "+" + things[i/8%12] }
	all := []look{
		{"the same 80, 5 facets", 0, func(_ *catalogue, i int) string { return "?q=" + things[i%12] + "+000" }},
		{"the same 80, a category", 0, func(_ *catalogue, i int) string {
			return fmt.Sprintf("?q=%s+000&category=bench-category-%02d", things[i%12], i%20)
		}},
		{"the same 80, a category and a tag", 0, func(_ *catalogue, i int) string {
			return fmt.Sprintf("?q=%s+000&category=bench-category-%02d&tag=bench-tag-%02d", things[i%12], i%20, i%40)
		}},
		{"the same 80, a price range", 0, func(_ *catalogue, i int) string { return "?minPrice=1000&maxPrice=9000&q=" + things[i%12] + "+000" }},
		{"the same 80, by price", 0, func(_ *catalogue, i int) string { return "?sort=price&q=" + things[i%12] + "+000" }},
		{"two words, one product", 0, func(c *catalogue, i int) string { return fmt.Sprintf("?q=bench+%06d", c.one(i)) }},
		{"two words, a typo", few, func(_ *catalogue, i int) string {
			w := things[i/8%12]
			return "?limit=10&q=" + materials[i%8] + "+" + w[:2] + "x" + w[2:]
		}},
		{"two words, 5 facets", few, func(_ *catalogue, i int) string { return "?limit=10&q=" + two(i) }},
		{"two words, a category and a tag", few, func(_ *catalogue, i int) string {
			return fmt.Sprintf("?limit=2&q=%s&category=bench-category-%02d&tag=bench-tag-%02d", two(i), i%20, i%40)
		}},
		{"two words, a price range", few, func(_ *catalogue, i int) string { return "?limit=4&q=" + two(i) + "&minPrice=1000&maxPrice=9000" }},
		{"two words, by price", few, func(_ *catalogue, i int) string { return "?limit=10&q=" + two(i) + "&sort=price" }},
		{"one word", 0, func(_ *catalogue, i int) string { return "?q=" + things[i%12] }},
		{"words that all have", 0, func(*catalogue, int) string { return "?q=small+batches" }},
		{"a category", 0, func(_ *catalogue, i int) string { return fmt.Sprintf("?category=bench-category-%02d", i%20) }},
		{"everything, by price", 0, func(*catalogue, int) string { return "?sort=price" }},
		{"suggestions", 0, func(_ *catalogue, i int) string { return "/suggestions?q=" + materials[i%8] + "+" + things[i/8%12][:3] }},
	}
	for i, l := range all {
		path := l.path
		all[i].name = "search: " + l.name
		all[i].path = func(c *catalogue, i int) string { return "/store/v1/search" + path(c, i) }
	}
	return all
}
