package catalog_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/services/catalog"
)

// BenchmarkStore reads from a catalogue of 100 000 products through the memory door.
func BenchmarkStore(b *testing.B) {
	r := open(b)
	variants := must(catalog.Load(r.ctx, r.db.DB, 100_000, time.Now))(b)
	admin := must(pg.Connect(r.ctx, r.db.AdminURL))(b)
	must(admin.Exec(r.ctx, "vacuum analyze"))(b) // which autovacuum does within minutes
	if err := admin.Close(r.ctx); err != nil {
		b.Fatal(err)
	}
	ctx := pgtest.Context(b)
	top := must(r.GetStoreCategory(ctx, &catalogv1.GetStoreCategoryRequest{SlugOrId: "bench-category-00"}))(b).GetCategory().GetId()
	list := func(req *catalogv1.ListStoreProductsRequest) func(int) error {
		return func(int) error {
			_, err := r.ListStoreProducts(ctx, req)
			return err
		}
	}
	for _, read := range []struct {
		name string
		call func(i int) error
	}{
		{"product", func(i int) error {
			_, err := r.GetStoreProduct(ctx, &catalogv1.GetStoreProductRequest{SlugOrId: fmt.Sprintf("bench-%06d", i*37%100_000)})
			return err
		}},
		{"list/newest", list(&catalogv1.ListStoreProductsRequest{})},
		{"list/price", list(&catalogv1.ListStoreProductsRequest{Sort: catalogv1.ProductSort_PRODUCT_SORT_PRICE})},
		{"list/category", list(&catalogv1.ListStoreProductsRequest{CategoryId: top})},
		{"list/tag", list(&catalogv1.ListStoreProductsRequest{Tag: "bench-tag-03"})},
		{"list/range", list(&catalogv1.ListStoreProductsRequest{MinPrice: new(int64(1000)), MaxPrice: new(int64(1100))})},
		{"list/words", list(&catalogv1.ListStoreProductsRequest{Q: "satchel 099"})},
		{"categories", func(int) error {
			_, err := r.ListStoreCategories(ctx, &catalogv1.ListStoreCategoriesRequest{})
			return err
		}},
		{"resolve", func(i int) error {
			var ids []string
			for j := range 10 {
				ids = append(ids, variants[(i*1000+j*77)%len(variants)].String())
			}
			_, err := r.ResolveVariants(ctx, &catalogv1.ResolveVariantsRequest{Ids: ids})
			return err
		}},
	} {
		b.Run(read.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if err := read.call(i); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNamesInLanguages lists products whose brands and tags have names in another language, in turns in the shop's own
// language and in that one, and tells how many times longer the latter takes.
func BenchmarkNamesInLanguages(b *testing.B) {
	r := open(b)
	must(catalog.Load(r.ctx, r.db.DB, 10_000, time.Now))(b)
	for _, one := range must(r.ListTags(r.ctx, &catalogv1.ListTagsRequest{Page: &typev1.PageRequest{Limit: 100}}))(b).GetTags() {
		must(r.svc.SetTagTranslation(r.ctx, &catalogv1.SetTagTranslationRequest{TagId: one.GetId(), Translation: &catalogv1.TaxonTranslation{Locale: "de", Name: new("De " + one.GetName())}}))(b)
	}
	for _, one := range must(r.ListBrands(r.ctx, &catalogv1.ListBrandsRequest{Page: &typev1.PageRequest{Limit: 100}}))(b).GetBrands() {
		must(r.svc.SetBrandTranslation(r.ctx, &catalogv1.SetBrandTranslationRequest{BrandId: one.GetId(), Translation: &catalogv1.TaxonTranslation{Locale: "de", Name: new("De " + one.GetName())}}))(b)
	}
	admin := must(pg.Connect(r.ctx, r.db.AdminURL))(b)
	must(admin.Exec(r.ctx, "vacuum analyze"))(b)
	if err := admin.Close(r.ctx); err != nil {
		b.Fatal(err)
	}
	ctx := pgtest.Context(b)
	var own, local time.Duration
	for b.Loop() {
		for _, read := range []struct {
			locales []string
			took    *time.Duration
		}{{nil, &own}, {[]string{"de"}, &local}} {
			began := time.Now()
			list := must(r.ListStoreProducts(ctx, &catalogv1.ListStoreProductsRequest{Locales: read.locales}))(b)
			*read.took += time.Since(began)
			if got := list.GetProducts()[0].GetTags()[0].GetName(); strings.HasPrefix(got, "De ") != (read.locales != nil) {
				b.Fatalf("in %v a tag is called %q", read.locales, got)
			}
		}
	}
	b.ReportMetric(float64(local)/float64(own), "local/own")
}
