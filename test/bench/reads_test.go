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

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/storev1"
	"github.com/sovecom/sovecom/test/housetest"
)

// wideProduct makes a product of 100 variants.
func wideProduct(t *testing.T, admin adminv1.Client) storev1.Product {
	t.Helper()
	create := adminv1.CreateProduct{Title: "Wide", Slug: "wide-product", Status: "published"}
	for i := range 100 {
		create.Variants = append(create.Variants, adminv1.CreateVariant{
			SKU: fmt.Sprintf("WIDE-%03d", i), Options: map[string]string{"size": strconv.Itoa(i)}, Price: storev1.MoneyInput{Amount: int64(1000 + i), Currency: "EUR"}, Stock: 10,
		})
	}
	p, err := admin.CreateProduct(t.Context(), create)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := storev1.Client{BaseURL: admin.BaseURL, HTTP: admin.HTTP}.Product(t.Context(), p.Slug)
	if err != nil {
		t.Fatal(err)
	}
	return wide
}

// topCategory is a category with others below it.
func topCategory(t *testing.T, api storev1.Client) string {
	t.Helper()
	c, err := api.Category(t.Context(), "bench-category-00")
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}

// sweep reads and searches the same things, uncached, in catalogues of growing size, each loaded and indexed once. A ratio of
// 1 is a shop that does not slow down.
func sweep(t *testing.T, binary string, ground *housetest.Ground, tb *table) {
	t.Helper()
	shop := ground.Start(binary, []string{"all"}, "SOVECOM_GATEWAY_CACHE_MIB=0")
	client := housetest.HTTP(t, 512)
	if *only != "search" {
		wideProduct(t, housetest.Admin(t, shop.URL, client))
	}
	grow := *sizes
	if grow == "" {
		grow = "1000,100000"
	}
	first := map[string]measure{}
	for _, text := range strings.Split(grow, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		load(t, binary, ground, n)
		tb.add(fmt.Sprintf("catalogue and index of %d", n), time.Since(began).Round(time.Second).String(), "", "")
		vacuum(t, ground)
		if *only != "search" {
			pages(t, shop, client, n, first, tb)
		}
		searches(t, shop, client, n, first, tb)
	}
}

// pages reads what shoppers look through.
func pages(t *testing.T, shop *housetest.Shop, client *http.Client, n int, first map[string]measure, tb *table) {
	t.Helper()
	category := topCategory(t, storev1.Client{BaseURL: shop.URL, HTTP: client})
	for _, row := range []struct{ name, path string }{
		{"product", "/store/v1/products/bench-%06d"},
		{"product with 100 variants", "/store/v1/products/wide-product"},
		{"list, newest", "/store/v1/products?limit=20"},
		{"list, by price", "/store/v1/products?limit=20&sort=price"},
		{"list, by title", "/store/v1/products?limit=20&sort=-title"},
		{"list, in stock", "/store/v1/products?limit=20&inStock=true"},
		{"category and below, newest", "/store/v1/products?limit=20&categoryId=" + category},
		{"category and below, price", "/store/v1/products?limit=20&sort=price&categoryId=" + category},
		{"tag", "/store/v1/products?limit=20&tag=bench-tag-03"},
		{"search, two words", "/store/v1/search?q=bench+%06d"},
		{"categories with counts", "/store/v1/categories"},
	} {
		m := rate(t.Context(), t, client, 4, func(i int) string {
			if strings.Contains(row.path, "%") {
				return shop.URL + fmt.Sprintf(row.path, i*37%n)
			}
			return shop.URL + row.path
		})
		compare(tb, first, row.name, n, m)
	}
}

// compare holds what was measured against the same in the first catalogue.
func compare(tb *table, first map[string]measure, name string, n int, m measure) {
	ratio := ""
	if was, ok := first[name]; ok {
		ratio = fmt.Sprintf("%.2f", float64(m.p50)/float64(was.p50))
	} else {
		first[name] = m
	}
	tb.add(fmt.Sprintf("%s, of %d", name, n), m.String(), first[name].String(), ratio)
}

// vacuum does at once what the server does by itself within minutes.
func vacuum(t *testing.T, ground *housetest.Ground) {
	t.Helper()
	for _, schema := range []string{"catalog", "search"} {
		if _, err := open(t, ground, schema).Exec(context.WithoutCancel(t.Context()), "vacuum analyze"); err != nil {
			t.Fatal(err)
		}
	}
}
