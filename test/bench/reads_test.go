//go:build bench

package bench

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

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

// sweep reads the same pages, uncached, from catalogues of growing size. A ratio of 1 is a shop that does not slow down.
func sweep(t *testing.T, binary string, ground *housetest.Ground, tb *table) {
	t.Helper()
	shop := ground.Start(binary, []string{"all"}, "SOVECOM_GATEWAY_CACHE_MIB=0")
	client := housetest.HTTP(t, 512)
	api := storev1.Client{BaseURL: shop.URL, HTTP: client}
	wide := wideProduct(t, housetest.Admin(t, shop.URL, client))
	first := map[string]measure{}
	for _, text := range strings.Split(*sizes, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		load(t, binary, ground, n)
		vacuum(t, ground)
		category := topCategory(t, api)
		for _, row := range []struct{ name, path string }{
			{"product", "/store/v1/products/bench-%06d"},
			{"product with 100 variants", "/store/v1/products/" + wide.Slug},
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
			ratio := ""
			if was, ok := first[row.name]; ok {
				ratio = fmt.Sprintf("%.2f", float64(m.p50)/float64(was.p50))
			} else {
				first[row.name] = m
			}
			tb.add(fmt.Sprintf("%s of %d", row.name, n), m.String(), first[row.name].String(), ratio)
		}
	}
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
