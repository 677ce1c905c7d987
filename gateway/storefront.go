package gateway

import (
	"context"
	"math"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/sdk/storev1"
)

func listStoreProducts(ctx context.Context, in *in[storev1.ProductQuery, none]) (storev1.List[storev1.Product], error) {
	q := in.Query
	paging, err := in.paging(q.PageQuery)
	if err != nil {
		return storev1.List[storev1.Product]{}, err
	}
	filters, err := attributeFilters(q.Attr)
	if err != nil {
		return storev1.List[storev1.Product]{}, err
	}
	answer, err := in.deps.Catalog.ListStoreProducts(ctx, &catalogv1.ListStoreProductsRequest{
		Page: paging, Q: q.Q, CategoryId: q.CategoryID, Tag: q.Tag, MinPrice: q.MinPrice.Ptr(), MaxPrice: q.MaxPrice.Ptr(),
		InStock: q.InStock.Ptr(), Sort: productSort(q.Sort), Brand: q.Brand, Collection: q.Collection, Locales: in.locales,
		Attributes: filters,
		Currency:   q.Currency, Country: q.Country, Channel: q.Channel, CustomerGroups: in.groups,
	})
	if err != nil {
		return storev1.List[storev1.Product]{}, err
	}
	in.page.list = listOf(q, in.call.r.URL.Query(), answer.GetProducts())
	return storev1.List[storev1.Product]{Data: each(answer.GetProducts(), storeProduct), Meta: in.meta(q.PageQuery, answer.GetPage())}, nil
}

func productSort(name string) catalogv1.ProductSort {
	return map[string]catalogv1.ProductSort{
		"-createdAt": catalogv1.ProductSort_PRODUCT_SORT_NEWEST, "createdAt": catalogv1.ProductSort_PRODUCT_SORT_OLDEST,
		"title": catalogv1.ProductSort_PRODUCT_SORT_TITLE, "-title": catalogv1.ProductSort_PRODUCT_SORT_TITLE_DESC,
		"price": catalogv1.ProductSort_PRODUCT_SORT_PRICE, "-price": catalogv1.ProductSort_PRODUCT_SORT_PRICE_DESC,
	}[name]
}

func getStoreProduct(ctx context.Context, in *in[storev1.ProductView, none]) (storev1.Envelope[storev1.Product], error) {
	answer, err := in.deps.Catalog.GetStoreProduct(ctx, &catalogv1.GetStoreProductRequest{
		SlugOrId: in.call.path("slugOrId"), Locales: in.locales, Currency: in.Query.Currency, Country: in.Query.Country, Channel: in.Query.Channel,
		CustomerGroups: in.groups,
	})
	if err != nil {
		return storev1.Envelope[storev1.Product]{}, err
	}
	in.page.product, in.page.slug = answer.GetProduct().GetId(), in.call.path("slugOrId")
	return storev1.Envelope[storev1.Product]{Data: storeProduct(answer.GetProduct())}, nil
}

// storeProduct leaves out what is not a shopper's business: SKUs, weights, versions.
func storeProduct(p *catalogv1.Product) storev1.Product {
	return storev1.Product{
		ID: p.GetId(), Slug: p.GetSlug(), Title: p.GetTitle(), Description: p.Description, Status: "published",
		SEOTitle: p.SeoTitle, SEODescription: p.SeoDescription, Brand: brandRef(p.GetBrand()),
		Images: each(p.GetImages(), image), Options: each(p.GetOptions(), option), Variants: each(p.GetVariants(), storeVariant), VariantCount: variantCount(p),
		Categories: each(p.GetCategories(), categoryRef), Tags: each(p.GetTags(), tagRef),
		CreatedAt: at(p.GetCreatedAt()), UpdatedAt: at(p.GetUpdatedAt()), ProductFacts: storeFacts(p),
	}
}

// variantCount is how many variants a product has, all of which are there unless it says otherwise.
func variantCount(p *catalogv1.Product) int {
	return max(int(p.GetVariantCount()), len(p.GetVariants()))
}

func option(o *catalogv1.Option) storev1.Option {
	return storev1.Option{Name: o.GetName(), Values: append([]string{}, o.GetValues()...)}
}

func storeVariant(v *catalogv1.Variant) storev1.Variant {
	return storev1.Variant{
		ID: v.GetId(), Title: v.GetTitle(), Options: options(v.GetOptions()), Price: money(v.GetPrice()),
		CompareAtPrice: moneyPtr(v.GetCompareAtPrice()), Available: v.GetAvailable(), VariantFacts: storeVariantFacts(v),
		PriorPrice: moneyPtr(v.GetPriorPrice()), PriceTiers: each(v.GetPriceTiers(), priceTier), ImageID: textPtr(v.GetImageId()), Components: each(v.GetComponents(), storeComponent),
	}
}

func options(o map[string]string) map[string]string {
	if o == nil {
		return map[string]string{}
	}
	return o
}

func categoryRef(c *catalogv1.CategoryRef) storev1.CategoryRef {
	return storev1.CategoryRef{ID: c.GetId(), Slug: c.GetSlug(), Name: c.GetName()}
}

func tagRef(t *catalogv1.TagRef) storev1.TagRef {
	return storev1.TagRef{ID: t.GetId(), Slug: t.GetSlug(), Name: t.GetName()}
}

func listStoreCategories(ctx context.Context, in *in[storev1.CategoryQuery, none]) (storev1.List[storev1.Category], error) {
	q := in.Query
	request := &catalogv1.ListStoreCategoriesRequest{Locales: in.locales}
	if !q.Tree {
		start, err := in.shown(q.PageQuery)
		if err != nil {
			return storev1.List[storev1.Category]{}, err
		}
		request.TextsAfter, request.Texts = int32(min(start, math.MaxInt32)), int32(min(q.Limit, 100)) // bounded
	}
	answer, err := in.deps.Catalog.ListStoreCategories(ctx, request)
	if err != nil {
		return storev1.List[storev1.Category]{}, err
	}
	all := each(answer.GetCategories(), storeCategory)
	grown := grow(all)
	if q.Tree {
		all = grown.nest("", 0)
		return whole(in.call, q.PageQuery, all, q.Limit)
	}
	return whole(in.call, q.PageQuery, all, max(int(answer.GetTold()), 1))
}

// maxDepth of the tree; more would be a cycle.
const maxDepth = 16

func storeCategory(c *catalogv1.Category) storev1.Category {
	return storev1.Category{
		ID: c.GetId(), Slug: c.GetSlug(), Name: c.GetName(), Description: c.Description, SEOTitle: c.SeoTitle, SEODescription: c.SeoDescription,
		ParentID: c.ParentId, Position: int(c.GetPosition()), ProductCount: int(c.GetProductCount()),
		TotalProductCount: int(c.GetTotalProductCount()), Breadcrumbs: each(c.GetBreadcrumbs(), categoryRef),
	}
}

func getStoreCategory(ctx context.Context, in *in[storev1.LocaleQuery, none]) (storev1.Envelope[storev1.Category], error) {
	answer, err := in.deps.Catalog.GetStoreCategory(ctx, &catalogv1.GetStoreCategoryRequest{SlugOrId: in.call.path("slugOrId"), Locales: in.locales})
	if err != nil {
		return storev1.Envelope[storev1.Category]{}, err
	}
	return storev1.Envelope[storev1.Category]{Data: storeCategory(answer.GetCategory())}, nil
}

func listStoreTags(ctx context.Context, in *in[storev1.TagQuery, none]) (storev1.List[storev1.Tag], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return storev1.List[storev1.Tag]{}, err
	}
	answer, err := in.deps.Catalog.ListStoreTags(ctx, &catalogv1.ListStoreTagsRequest{Page: paging, Locales: in.locales})
	if err != nil {
		return storev1.List[storev1.Tag]{}, err
	}
	return storev1.List[storev1.Tag]{
		Data: each(answer.GetTags(), func(t *catalogv1.Tag) storev1.Tag {
			return storev1.Tag{ID: t.GetId(), Slug: t.GetSlug(), Name: t.GetName()}
		}),
		Meta: in.meta(in.Query.PageQuery, answer.GetPage()),
	}, nil
}
