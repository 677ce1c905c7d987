package freshness

import (
	"fmt"
	"net/http"
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
)

// TestStatementsOfPublicReads counts what every public read costs the catalogue when nothing is cached: one statement
// for one product or one category or all of them, two for a list of products, whatever hangs on it.
func TestStatementsOfPublicReads(t *testing.T) {
	t.Parallel()
	w := open(t)
	for i := range 60 {
		parent := ""
		if i%20 > 0 {
			parent = w.categories[i-i%20]
		}
		w.category(parent)
		w.tag()
	}
	must(w.room.SetBrandTranslation(w.ctx, &catalogv1.SetBrandTranslationRequest{BrandId: w.brand, Translation: &catalogv1.TaxonTranslation{Locale: "de", Name: new("Haus")}}))(t)
	must(w.room.SetAttributeTranslation(w.ctx, &catalogv1.SetAttributeTranslationRequest{AttributeId: w.attribute, Translation: &catalogv1.AttributeTranslation{Locale: "de", Name: new("Farbe"), Options: map[string]string{"red": "Rot"}}}))(t)
	for i, tag := range w.tags[:30] {
		must(w.room.SetTagTranslation(w.ctx, &catalogv1.SetTagTranslationRequest{TagId: tag, Translation: &catalogv1.TaxonTranslation{Locale: "de", Name: new(fmt.Sprint("Etikett ", i)), Slug: new(fmt.Sprint("etikett-", i))}}))(t)
	}
	wide := &catalogv1.CreateProductRequest{Title: "Wide", Slug: "wide", Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED, CategoryIds: w.categories, TagIds: w.tags, BrandId: w.brand,
		Attributes: []*catalogv1.AttributeInput{{Code: "colour", Value: &catalogv1.AttributeInput_Text{Text: "red"}}}}
	for i := range 100 {
		wide.Variants = append(wide.Variants, &catalogv1.VariantInput{Options: map[string]string{"size": fmt.Sprint(i)}, Price: w.price(), InitialStock: 1})
	}
	p := must(w.CreateProduct(w.ctx, wide))(t).GetProduct()
	for range 10 {
		w.create()
	}
	top, tag := w.categories[0], w.slugs[w.tags[0]]
	for path, most := range map[string]int64{
		"/products/wide":                       1,
		"/products/" + p.GetId():               1,
		"/products":                            2,
		"/products?sort=price&limit=100":       2,
		"/products?page=2&limit=2&sort=-title": 2,
		"/products?categoryId=" + top:          2,
		"/products?categoryId=" + top + "&tag=" + tag + "&sort=-price":        2,
		"/products?tag=" + tag + "&minPrice=1&maxPrice=900&inStock=true&q=wi": 2,
		"/categories":                       1,
		"/categories?tree=true":             1,
		"/categories/" + w.slugs[top]:       1,
		"/categories/" + top:                1,
		"/products/wide?locale=de":          1,
		"/products?locale=de&q=wi":          2,
		"/categories?locale=de":             1,
		"/categories/" + top + "?locale=de": 1,
		"/tags?limit=100":                   2,
		"/tags?limit=100&locale=de":         2,
		"/brands?locale=de":                 2,
		"/brands/house?locale=de":           1,
		"/brands/haus":                      1,
		"/products?locale=de&tag=etikett-3&brand=haus&attr.colour=red": 2,
	} {
		path = "/store/v1" + path
		if status, body, _ := get(w.fresh, path); status != http.StatusOK { // the connection is told the shop
			t.Fatalf("%s: %d %s", path, status, body)
		}
		before := w.db.Statements()
		get(w.fresh, path)
		if n := w.db.Statements() - before; n > most {
			t.Errorf("%s takes %d statements, want %d", path, n, most)
		}
		get(w.kept, path)
		before = w.db.Statements()
		get(w.kept, path)
		if n := w.db.Statements() - before; n != 0 {
			t.Errorf("%s takes %d statements when it is kept", path, n)
		}
	}
}
