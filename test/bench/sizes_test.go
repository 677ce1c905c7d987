//go:build bench

package bench

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/storev1"
	"github.com/sovecom/sovecom/test/housetest"
)

const (
	// flat is how many times as long anything may take in a larger catalogue as in the smallest.
	flat = 1.5
	// turn is how long one is asked before it is another's turn: short, so that what the machine does besides falls on all.
	turn = 200 * time.Millisecond
)

// catalogue is a shop of so many products, which keeps nothing rendered.
type catalogue struct {
	products int
	url      string
	category string // one with others below it
}

// one is the number of one of a hundred products from all parts of the catalogue, each asked for again and again: what nobody
// has asked for yet is read from the disk, where a thousand products are a few pages and a million are many.
func (c *catalogue) one(i int) int {
	const different = 100
	return i % different * c.products / different
}

// look is something that is read in every catalogue.
type look struct {
	name string
	from int // the least number of products in which something to speak of is found
	path func(c *catalogue, i int) string
}

// sweep reads and searches the same things, uncached, in catalogues of growing size. Each stands on a ground of its own, and
// they are asked in turns. There is one caller, so that what is measured is an answer and not the queue before it. A ratio of 1
// is a shop that does not slow down; those above flat are returned.
func sweep(t *testing.T, binary string, tb *table) (slow []string) {
	t.Helper()
	client := housetest.HTTP(t, 64)
	var catalogues []*catalogue
	for _, text := range strings.Split(*sizes, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		catalogues = append(catalogues, newCatalogue(t, binary, client, n))
		tb.add(fmt.Sprintf("catalogue and index of %d", n), time.Since(began).Round(time.Second).String(), "", "")
	}
	looks := searches()
	if *only != "search" {
		looks = append(pages(), looks...)
	}
	for _, l := range looks {
		measures := make([]measure, len(catalogues))
		var asked int
		for range max(1, *span/turn) {
			for i, c := range catalogues {
				if c.products < l.from {
					continue
				}
				m := repeatFor(t.Context(), turn, 1, func(ctx context.Context, _ int) error {
					asked++
					return get(ctx, client, c.url+l.path(c, asked))
				})
				if m.failed != nil {
					t.Fatal(m.failed)
				}
				measures[i].add(m)
			}
		}
		var first *measure
		for i, c := range catalogues {
			m := &measures[i]
			if len(m.all) == 0 {
				continue
			}
			name := fmt.Sprintf("%s, of %d", l.name, c.products)
			if first == nil {
				first = m
				tb.add(name, m.String(), "", "")
				continue
			}
			ratio := float64(m.p50) / float64(first.p50)
			tb.add(name, m.String(), first.String(), fmt.Sprintf("%.2f", ratio))
			if ratio > flat {
				slow = append(slow, fmt.Sprintf("%s takes %.2f times as long as in the smallest catalogue", name, ratio))
			}
		}
	}
	return slow
}

func newCatalogue(t *testing.T, binary string, client *http.Client, n int) *catalogue {
	t.Helper()
	ground := housetest.NewGround(t)
	shop := ground.Start(binary, []string{"all"}, "SOVECOM_GATEWAY_CACHE_MIB=0")
	wideProduct(t, housetest.Admin(t, shop.URL, client))
	load(t, binary, ground, n)
	vacuum(t, ground)
	return &catalogue{products: n, url: shop.URL, category: topCategory(t, storev1.Client{BaseURL: shop.URL, HTTP: client})}
}

// pages are what shoppers look through.
func pages() []look {
	same := func(path string) func(*catalogue, int) string { return func(*catalogue, int) string { return path } }
	below := func(order string) func(*catalogue, int) string {
		return func(c *catalogue, _ int) string {
			return "/store/v1/products?limit=20" + order + "&categoryId=" + c.category
		}
	}
	return []look{
		{"product", 0, func(c *catalogue, i int) string {
			return fmt.Sprintf("/store/v1/products/bench-%06d", i*7919%c.products)
		}},
		{"product with 100 variants", 0, same("/store/v1/products/wide-product")},
		{"list, newest", 0, same("/store/v1/products?limit=20")},
		{"list, by price", 0, same("/store/v1/products?limit=20&sort=price")},
		{"list, by title", 0, same("/store/v1/products?limit=20&sort=-title")},
		{"list, in stock", 0, same("/store/v1/products?limit=20&inStock=true")},
		{"category and below, newest", 0, below("")},
		{"category and below, price", 0, below("&sort=price")},
		{"tag", 0, same("/store/v1/products?limit=20&tag=bench-tag-03")},
		{"categories with counts", 0, same("/store/v1/categories")},
	}
}
