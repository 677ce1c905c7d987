package gateway

import (
	"context"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/sdk/storev1"
)

func brandRef(b *catalogv1.BrandRef) *storev1.BrandRef {
	if b == nil {
		return nil
	}
	return &storev1.BrandRef{ID: b.GetId(), Slug: b.GetSlug(), Name: b.GetName()}
}

func storeBrand(b *catalogv1.Brand) storev1.Brand {
	return storev1.Brand{
		ID: b.GetId(), Slug: b.GetSlug(), Name: b.GetName(), Description: b.Description, Website: b.Website,
		SEOTitle: b.SeoTitle, SEODescription: b.SeoDescription,
	}
}

func listStoreBrands(ctx context.Context, in *in[storev1.BrandQuery, none]) (storev1.List[storev1.Brand], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return storev1.List[storev1.Brand]{}, err
	}
	answer, err := in.deps.Taxonomy.ListStoreBrands(ctx, &catalogv1.ListStoreBrandsRequest{Page: paging, Locales: in.locales})
	if err != nil {
		return storev1.List[storev1.Brand]{}, err
	}
	return storev1.List[storev1.Brand]{Data: each(answer.GetBrands(), storeBrand), Meta: in.meta(in.Query.PageQuery, answer.GetPage())}, nil
}

func getStoreBrand(ctx context.Context, in *in[storev1.LocaleQuery, none]) (storev1.Envelope[storev1.Brand], error) {
	answer, err := in.deps.Taxonomy.GetStoreBrand(ctx, &catalogv1.GetStoreBrandRequest{SlugOrId: in.call.path("slugOrId"), Locales: in.locales})
	if err != nil {
		return storev1.Envelope[storev1.Brand]{}, err
	}
	return storev1.Envelope[storev1.Brand]{Data: storeBrand(answer.GetBrand())}, nil
}

func storeCollection(c *catalogv1.Collection) storev1.Collection {
	return storev1.Collection{
		ID: c.GetId(), Slug: c.GetSlug(), Name: c.GetName(), Description: c.Description,
		SEOTitle: c.SeoTitle, SEODescription: c.SeoDescription, Sort: collectionSortName(c.GetSort()),
	}
}

func collectionSorts() map[string]catalogv1.CollectionSort {
	return map[string]catalogv1.CollectionSort{
		"position":   catalogv1.CollectionSort_COLLECTION_SORT_POSITION,
		"-createdAt": catalogv1.CollectionSort_COLLECTION_SORT_NEWEST, "createdAt": catalogv1.CollectionSort_COLLECTION_SORT_OLDEST,
		"title": catalogv1.CollectionSort_COLLECTION_SORT_TITLE,
		"price": catalogv1.CollectionSort_COLLECTION_SORT_PRICE, "-price": catalogv1.CollectionSort_COLLECTION_SORT_PRICE_DESC,
	}
}

func collectionSortName(s catalogv1.CollectionSort) string {
	for name, sort := range collectionSorts() {
		if sort == s {
			return name
		}
	}
	return ""
}

func listStoreCollections(ctx context.Context, in *in[storev1.CollectionQuery, none]) (storev1.List[storev1.Collection], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return storev1.List[storev1.Collection]{}, err
	}
	answer, err := in.deps.Taxonomy.ListStoreCollections(ctx, &catalogv1.ListStoreCollectionsRequest{Page: paging, Locales: in.locales})
	if err != nil {
		return storev1.List[storev1.Collection]{}, err
	}
	return storev1.List[storev1.Collection]{Data: each(answer.GetCollections(), storeCollection), Meta: in.meta(in.Query.PageQuery, answer.GetPage())}, nil
}

func getStoreCollection(ctx context.Context, in *in[storev1.LocaleQuery, none]) (storev1.Envelope[storev1.Collection], error) {
	answer, err := in.deps.Taxonomy.GetStoreCollection(ctx, &catalogv1.GetStoreCollectionRequest{SlugOrId: in.call.path("slugOrId"), Locales: in.locales})
	if err != nil {
		return storev1.Envelope[storev1.Collection]{}, err
	}
	return storev1.Envelope[storev1.Collection]{Data: storeCollection(answer.GetCollection())}, nil
}

// forest is a shop's categories by the one above, each with the way down to it.
type forest struct {
	below map[string][]storev1.Category
}

// grow takes the flat list of all categories, in order, and gives each its breadcrumbs. It walks the list once, however
// many there are.
func grow(all []storev1.Category) forest {
	f := forest{below: make(map[string][]storev1.Category, len(all))}
	byID := make(map[string]*storev1.Category, len(all))
	for i := range all {
		byID[all[i].ID] = &all[i]
	}
	for i := range all {
		var up []storev1.CategoryRef
		for c := &all[i]; c != nil && len(up) < maxDepth; c = byID[deref(c.ParentID)] {
			up = append(up, storev1.CategoryRef{ID: c.ID, Slug: c.Slug, Name: c.Name})
		}
		all[i].Breadcrumbs = make([]storev1.CategoryRef, len(up))
		for j, ref := range up {
			all[i].Breadcrumbs[len(up)-1-j] = ref
		}
		above := deref(all[i].ParentID)
		f.below[above] = append(f.below[above], all[i])
	}
	return f
}

// nest puts what is below a category into it, level by level.
func (f forest) nest(parent string, depth int) []storev1.Category {
	out := append([]storev1.Category{}, f.below[parent]...)
	for i := range out {
		if depth < maxDepth {
			out[i].Children = f.nest(out[i].ID, depth+1)
		}
	}
	return out
}
