//go:build bench

package bench

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/sovecom/sovecom/test/housetest"
)

// searchers is one, so that what is measured is an answer and not the queue before it.
const searchers = 1

// searches asks for the same things in catalogues of growing size. A ratio of 1 is a search that does not slow down.
func searches(t *testing.T, binary string, ground *housetest.Ground, tb *table) {
	t.Helper()
	shop := ground.Start(binary, []string{"all"}, "SOVECOM_GATEWAY_CACHE_MIB=0", "SOVECOM_GATEWAY_RATE_LIMIT=0")
	client := housetest.HTTP(t, 512)
	grow := *sizes
	if grow == "" {
		grow = "1000,100000"
	}
	materials, things := []string{"linen", "wool", "cotton", "oak", "stoneware", "glass", "leather", "brass"}, []string{"shirt", "throw", "apron", "stool", "bowl", "carafe", "satchel", "lamp", "jumper", "basket", "coat", "tray"}
	first := map[string]measure{}
	for _, text := range strings.Split(grow, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		load(t, binary, ground, n)
		vacuum(t, ground)
		two := func(i int) string { return materials[i%8] + "+" + things[i/8%12] }
		for _, row := range []struct {
			name string
			path func(i int) string
		}{
			{"two words, 5 facets", func(i int) string { return "?q=" + two(i) }},
			{"two words, one product", func(i int) string { return fmt.Sprintf("?q=bench+%06d", i*37%n) }},
			{"two words, a typo", func(i int) string { w := things[i/8%12]; return "?q=" + materials[i%8] + "+" + w[:2] + "x" + w[2:] }},
			{"two words, a category and a tag", func(i int) string {
				return fmt.Sprintf("?q=%s&category=bench-category-%02d&tag=bench-tag-%02d", two(i), i%20, i%40)
			}},
			{"two words, a price range", func(i int) string { return "?q=" + two(i) + "&minPrice=1000&maxPrice=9000" }},
			{"two words, by price", func(i int) string { return "?q=" + two(i) + "&sort=price" }},
			{"one word", func(i int) string { return "?q=" + things[i%12] }},
			{"words that all have", func(int) string { return "?q=small+batches" }},
			{"a category", func(i int) string { return fmt.Sprintf("?category=bench-category-%02d", i%20) }},
			{"everything, by price", func(int) string { return "?sort=price" }},
			{"suggestions", func(i int) string { return "/suggestions?q=" + materials[i%8] + "+" + things[i/8%12][:3] }},
		} {
			m := rate(t.Context(), t, client, searchers, func(i int) string { return shop.URL + "/store/v1/search" + row.path(i) })
			ratio := ""
			if was, ok := first[row.name]; ok {
				ratio = fmt.Sprintf("%.2f", float64(m.p50)/float64(was.p50))
			} else {
				first[row.name] = m
			}
			tb.add(fmt.Sprintf("search: %s, of %d", row.name, n), m.String(), first[row.name].String(), ratio)
		}
	}
}
