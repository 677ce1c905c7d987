//go:build bench

package bench

import (
	"context"
	"fmt"
	"strconv"
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

// vacuum does at once what the server does by itself within minutes.
func vacuum(t *testing.T, ground *housetest.Ground) {
	t.Helper()
	for _, schema := range []string{"catalog", "search"} {
		if _, err := open(t, ground, schema).Exec(context.WithoutCancel(t.Context()), "vacuum analyze"); err != nil {
			t.Fatal(err)
		}
	}
}
