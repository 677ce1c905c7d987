package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// long is a text of n characters that take four bytes each, which is the most that can be saved.
func long(n int) string { return strings.Repeat("𠮷", n) }

// largest is a product of everything there may be at once in a document: a very long description, a hundred variants and
// a hundred pictures.
func largest(i int) *catalogv1.CreateProductRequest {
	req := &catalogv1.CreateProductRequest{
		Title: fmt.Sprint("Large ", i), Description: new(long(99_000)), SeoDescription: new(long(1000)),
		Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED,
	}
	for v := range 100 {
		req.Variants = append(req.Variants, &catalogv1.VariantInput{Title: long(300) + fmt.Sprint(v), Price: euros(int64(1000 + v)), InitialStock: 1})
		req.Images = append(req.Images, &catalogv1.ImageInput{
			Id: id.New().String(), Url: "/media/" + strings.Repeat("a", 500) + ".webp", Alt: long(600), OwnAlt: true, Width: 1600, Height: 1200,
		})
	}
	return req
}

// paged is an answer that is a page of products.
type paged interface {
	proto.Message
	GetProducts() []*catalogv1.Product
	GetPage() *typev1.PageInfo
}

// Whatever could be saved can be listed: a page ends where the next product would not pass a door, and goes on there.
func TestPagesOfTheLargestProducts(t *testing.T) {
	t.Parallel()
	r := open(t)
	const products = 12
	var ids []string
	must(r.translator().UpdateLocales(r.ctx, &catalogv1.UpdateLocalesRequest{Locales: &catalogv1.Locales{DefaultLocale: "en", Locales: []*catalogv1.Locale{{Code: "ja"}}}}))(t)
	for i := range products {
		p := r.create(t, largest(i))
		r.translate(t, p.GetId(), &catalogv1.ProductTranslation{Locale: "ja", Title: new(fmt.Sprint("L", i)), Description: new(long(100_000)), SeoDescription: new(long(1024))})
		ids = append(ids, p.GetId())
	}
	// In the shop's own language it is small, so what is read of it says nothing of what is sent.
	for i := range 8 {
		p := r.create(t, &catalogv1.CreateProductRequest{
			Title: fmt.Sprint("Short ", i), Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED,
			Variants: []*catalogv1.VariantInput{{Price: euros(900), InitialStock: 1}},
		})
		r.translate(t, p.GetId(), &catalogv1.ProductTranslation{Locale: "ja", Title: new(fmt.Sprint("S", i)), Description: new(long(100_000))})
		ids = append(ids, p.GetId())
	}
	picked := must(r.CreateCollection(r.ctx, &catalogv1.CreateCollectionRequest{Name: "Picked", Status: shown}))(t).GetCollection()
	must(r.AddCollectionProducts(r.ctx, &catalogv1.AddCollectionProductsRequest{Id: picked.GetId(), ProductIds: ids}))(t)

	type list func(page *typev1.PageRequest) paged
	store := func(req *catalogv1.ListStoreProductsRequest) list {
		return func(page *typev1.PageRequest) paged {
			req.Page = page
			return must(r.ListStoreProducts(r.ctx, req))(t)
		}
	}
	lists := map[string]list{
		"store":                  store(&catalogv1.ListStoreProductsRequest{}),
		"store, by price":        store(&catalogv1.ListStoreProductsRequest{Sort: catalogv1.ProductSort_PRODUCT_SORT_PRICE}),
		"store, in stock":        store(&catalogv1.ListStoreProductsRequest{InStock: new(true), Sort: catalogv1.ProductSort_PRODUCT_SORT_TITLE}),
		"store, translated":      store(&catalogv1.ListStoreProductsRequest{Locales: []string{"ja"}}),
		"collection":             store(&catalogv1.ListStoreProductsRequest{Collection: picked.GetSlug()}),
		"collection, translated": store(&catalogv1.ListStoreProductsRequest{Collection: picked.GetSlug(), Locales: []string{"ja"}}),
		"staff": func(page *typev1.PageRequest) paged {
			return must(r.ListProducts(r.ctx, &catalogv1.ListProductsRequest{Page: page}))(t)
		},
	}
	for name, list := range lists {
		for _, limit := range []int32{0, 1, 20, 100} {
			seen := map[string]bool{}
			pages := 0
			for page := (&typev1.PageRequest{Limit: limit}); ; pages++ {
				res := list(page)
				if size := proto.Size(res); size > door.DefaultMaxPayload {
					t.Errorf("%s, limit %d: an answer of %d bytes", name, limit, size)
				}
				for _, p := range res.GetProducts() {
					if seen[p.GetId()] {
						t.Errorf("%s, limit %d: %s came twice", name, limit, p.GetTitle())
					}
					seen[p.GetId()] = true
				}
				if len(res.GetPage().GetNext()) == 0 {
					break
				}
				page = &typev1.PageRequest{Limit: limit, After: res.GetPage().GetNext()}
			}
			if len(seen) != len(ids) {
				t.Errorf("%s, limit %d: %d of %d products in %d pages", name, limit, len(seen), len(ids), pages+1)
			}
		}
	}

	// By id, as for the hits of a search: an answer for the first of them, and the rest is asked for again.
	found := 0
	for rest := append([]string{id.New().String()}, ids...); len(rest) > 0; {
		res := must(r.GetStoreProducts(r.ctx, &catalogv1.GetStoreProductsRequest{Ids: rest, Locales: []string{"ja"}}))(t)
		if size := proto.Size(res); size > door.DefaultMaxPayload || res.GetDone() == 0 {
			t.Fatalf("an answer of %d bytes for %d ids", size, res.GetDone())
		}
		found += len(res.GetProducts())
		rest = rest[res.GetDone():]
	}
	same(t, "products by id", found, len(ids))
}

// Descriptions of brands, categories and collections are as long as those of products.
func TestPagesOfTheLargestTaxa(t *testing.T) {
	t.Parallel()
	r := openFacts(t)
	const many = 15
	must(r.translator().UpdateLocales(r.ctx, &catalogv1.UpdateLocalesRequest{Locales: &catalogv1.Locales{DefaultLocale: "en", Locales: []*catalogv1.Locale{{Code: "ja"}}}}))(t)
	for i := range many {
		must(r.CreateBrand(r.ctx, &catalogv1.CreateBrandRequest{Name: fmt.Sprint("Brand ", i), Description: new(long(100_000))}))(t)
		must(r.CreateCategory(r.ctx, &catalogv1.CreateCategoryRequest{Name: fmt.Sprint("Category ", i), Description: new(long(100_000))}))(t)
		c := must(r.CreateCollection(r.ctx, &catalogv1.CreateCollectionRequest{Name: fmt.Sprint("Collection ", i), Description: new("short"), Status: shown}))(t).GetCollection()
		must(r.translator().SetCollectionTranslation(r.ctx, &catalogv1.SetCollectionTranslationRequest{
			CollectionId: c.GetId(), Translation: &catalogv1.TaxonTranslation{Locale: "ja", Name: new(fmt.Sprint("J", many-i)), Description: new(long(100_000))},
		}))(t)
		options := make([]*catalogv1.AttributeOption, 500)
		for j := range options {
			options[j] = &catalogv1.AttributeOption{Value: fmt.Sprint("value-", j), Label: long(250)}
		}
		must(r.CreateAttribute(r.ctx, &catalogv1.CreateAttributeRequest{
			Code: fmt.Sprint("attribute_", i), Name: "A", Type: catalogv1.AttributeType_ATTRIBUTE_TYPE_SELECT, Options: options,
		}))(t)
	}
	type listed interface {
		proto.Message
		GetPage() *typev1.PageInfo
	}
	for name, list := range map[string]func(page *typev1.PageRequest) (n int, answer listed){
		"brands": func(page *typev1.PageRequest) (int, listed) {
			res := must(r.ListStoreBrands(r.ctx, &catalogv1.ListStoreBrandsRequest{Page: page}))(t)
			return len(res.GetBrands()), res
		},
		"categories for staff": func(page *typev1.PageRequest) (int, listed) {
			res := must(r.ListCategories(r.ctx, &catalogv1.ListCategoriesRequest{Page: page}))(t)
			return len(res.GetCategories()), res
		},
		"collections in a language": func(page *typev1.PageRequest) (int, listed) {
			res := must(r.ListStoreCollections(r.ctx, &catalogv1.ListStoreCollectionsRequest{Page: page, Locales: []string{"ja"}}))(t)
			return len(res.GetCollections()), res
		},
		"attributes": func(page *typev1.PageRequest) (int, listed) {
			res := must(r.ListAttributes(r.ctx, &catalogv1.ListAttributesRequest{Page: page}))(t)
			return len(res.GetAttributes()), res
		},
	} {
		seen, pages := 0, 0
		for page := (&typev1.PageRequest{Limit: 100}); ; pages++ {
			n, res := list(page)
			if size := proto.Size(res); size > door.DefaultMaxPayload {
				t.Errorf("%s: an answer of %d bytes", name, size)
			}
			if seen += n; n == 0 || len(res.GetPage().GetNext()) == 0 {
				break
			}
			page = &typev1.PageRequest{Limit: 100, After: res.GetPage().GetNext()}
		}
		if seen != many || pages == 0 {
			t.Errorf("%s: %d of %d in %d pages", name, seen, many, pages+1)
		}
	}

	// Texts in many languages, which have the limits of the thing itself.
	codes := []string{"bg", "cs", "da", "de", "el", "es", "et", "fi", "fr", "hr", "hu", "it"}
	var others []*catalogv1.Locale
	for _, code := range codes {
		others = append(others, &catalogv1.Locale{Code: code})
	}
	must(r.translator().UpdateLocales(r.ctx, &catalogv1.UpdateLocalesRequest{Locales: &catalogv1.Locales{DefaultLocale: "en", Locales: others}}))(t)
	p := r.create(t, shirt("Shirt", "S"))
	for _, code := range codes {
		r.translate(t, p.GetId(), &catalogv1.ProductTranslation{Locale: code, Description: new(long(100_000))})
	}
	var read []string
	for page := (&typev1.PageRequest{Limit: 100}); ; {
		res := must(r.translator().ListProductTranslations(r.ctx, &catalogv1.ListProductTranslationsRequest{ProductId: p.GetId(), Page: page}))(t)
		for _, one := range res.GetTranslations() {
			read = append(read, one.GetLocale())
		}
		if size := proto.Size(res); size > door.DefaultMaxPayload {
			t.Errorf("translations: an answer of %d bytes", size)
		}
		if len(res.GetPage().GetNext()) == 0 {
			break
		}
		page = &typev1.PageRequest{Limit: 100, After: res.GetPage().GetNext()}
	}
	same(t, "languages", strings.Join(read, " "), strings.Join(codes, " "))

	// All categories at once have no texts; a part of them has theirs as far as they travel.
	all := must(r.ListStoreCategories(r.ctx, &catalogv1.ListStoreCategoriesRequest{}))(t)
	if len(all.GetCategories()) != many || all.GetTold() != 0 || all.GetCategories()[0].Description != nil {
		t.Errorf("%d categories, told of %d", len(all.GetCategories()), all.GetTold())
	}
	told := int32(0)
	for told < many {
		res := must(r.ListStoreCategories(r.ctx, &catalogv1.ListStoreCategoriesRequest{Texts: 100, TextsAfter: told}))(t)
		if size := proto.Size(res); size > door.DefaultMaxPayload || res.GetTold() == 0 || res.GetCategories()[told+res.GetTold()-1].Description == nil {
			t.Fatalf("an answer of %d bytes that tells of %d behind %d", size, res.GetTold(), told)
		}
		told += res.GetTold()
	}
	same(t, "told", told, many)
}

// Most of what is read of products with very many variants is not shown; a page is bounded by what is read, too.
func TestPagesOfVeryManyVariants(t *testing.T) {
	t.Parallel()
	r := open(t)
	const products = 40
	picked := must(r.CreateCollection(r.ctx, &catalogv1.CreateCollectionRequest{Name: "Picked", Status: shown}))(t).GetCollection()
	var ids []string
	for i := range products {
		p := r.create(t, &catalogv1.CreateProductRequest{
			Title: fmt.Sprint("P", i), Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED, Variants: []*catalogv1.VariantInput{{Price: euros(900), InitialStock: 1}},
		})
		ids = append(ids, p.GetId())
		for v := range 1999 {
			p.Variants = append(p.Variants, &catalogv1.Variant{Id: id.New().String(), Title: strings.Repeat("v", 400), Price: euros(int64(1000 + v))})
		}
		doc := must(proto.Marshal(p))(t)
		if err := r.db.Write(r.ctx, func(w *pg.Writes) error {
			w.Exec("update products set doc = $2 where id = $1", p.GetId(), doc)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	must(r.AddCollectionProducts(r.ctx, &catalogv1.AddCollectionProductsRequest{Id: picked.GetId(), ProductIds: ids}))(t)
	for name, req := range map[string]*catalogv1.ListStoreProductsRequest{
		"all":        {},
		"in stock":   {InStock: new(true)},
		"collection": {Collection: picked.GetSlug()},
	} {
		var pages []int
		seen := map[string]bool{}
		for req.Page = (&typev1.PageRequest{Limit: 100}); len(pages) < products; {
			res := must(r.ListStoreProducts(r.ctx, req))(t)
			for _, p := range res.GetProducts() {
				seen[p.GetId()] = true
			}
			pages = append(pages, len(res.GetProducts()))
			if len(res.GetPage().GetNext()) == 0 {
				break
			}
			req.Page = &typev1.PageRequest{Limit: 100, After: res.GetPage().GetNext()}
		}
		if len(seen) != products || len(pages) != 2 {
			t.Errorf("%s: %d products in pages of %v", name, len(seen), pages)
		}
	}
	res := must(r.GetStoreProducts(r.ctx, &catalogv1.GetStoreProductsRequest{Ids: ids}))(t)
	if n := len(res.GetProducts()); n != int(res.GetDone()) || n >= products || n < products/2 {
		t.Errorf("%d by id, done %d", n, res.GetDone())
	}
}
