package catalog_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
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
