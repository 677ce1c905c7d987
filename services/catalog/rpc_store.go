package catalog

import (
	"context"
	"errors"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
)

// GetStoreProduct reads one published product by slug or id: one statement, one round trip.
func (s *Service) GetStoreProduct(ctx context.Context, req *catalogv1.GetStoreProductRequest) (*catalogv1.GetStoreProductResponse, error) {
	who, err := contextFromProto(req.GetCurrency(), req.GetCountry(), req.GetChannel(), req.GetCustomerGroups())
	if err != nil {
		return nil, err
	}
	if len(req.GetLocales()) > 0 {
		return s.localizedProduct(ctx, req, who)
	}
	p, err := s.document(ctx, req.GetSlugOrId(), true)
	if errors.Is(err, ErrProductNotFound) {
		// A slug of another language leads here too: the address may have been shared.
		return s.localizedProduct(ctx, req, who)
	}
	if err != nil {
		return nil, err
	}
	if err := showPrices(p, who); err != nil {
		return nil, err
	}
	return &catalogv1.GetStoreProductResponse{Product: forShoppers(p, req.GetLocales())}, nil
}

func (s *Service) localizedProduct(ctx context.Context, req *catalogv1.GetStoreProductRequest, who priceContext) (*catalogv1.GetStoreProductResponse, error) {
	var doc []byte
	var overlays, ofCategories [][]byte
	known, err := s.taxa.read(ctx, s.db, func(columns string) (generation int64, found bool, err error) {
		doc, generation, overlays, ofCategories, err = findLocalized(ctx, s.db, columns, storable(req.GetSlugOrId()), notNilTexts(req.GetLocales()))
		return generation, doc != nil, err
	})
	if err != nil {
		return nil, err
	}
	if doc == nil {
		return nil, ErrProductNotFound
	}
	p, err := known.parseIn(doc, req.GetLocales())
	if err != nil {
		return nil, err
	}
	if err := inLanguages(p, overlays, ofCategories); err != nil {
		return nil, err
	}
	if err := showPrices(p, who); err != nil {
		return nil, err
	}
	return &catalogv1.GetStoreProductResponse{Product: forShoppers(p, req.GetLocales())}, nil
}

// ListStoreProducts lists published products: two statements, one round trip. A category counts with all below it.
func (s *Service) ListStoreProducts(ctx context.Context, req *catalogv1.ListStoreProductsRequest) (*catalogv1.ListStoreProductsResponse, error) {
	who, err := contextFromProto(req.GetCurrency(), req.GetCountry(), req.GetChannel(), req.GetCustomerGroups())
	if err != nil {
		return nil, err
	}
	f := storeFilter(req)
	show := func(p *catalogv1.Product) error {
		if err := showPrices(p, who); err != nil {
			return err
		}
		forShoppers(p, req.GetLocales())
		return nil
	}
	var products []*catalogv1.Product
	var info *typev1.PageInfo
	if f.collection != "" && f.sort == catalogv1.ProductSort_PRODUCT_SORT_UNSPECIFIED {
		products, info, err = listMembers(ctx, s.db, f, f.collection, show)
	} else {
		products, info, err = listProducts(ctx, s.db, s.totals, s.taxa, f, show)
	}
	if err != nil {
		return nil, err
	}
	return &catalogv1.ListStoreProductsResponse{Products: products, Page: info}, nil
}

// storeFilter says which products a shopper asked for.
func storeFilter(req *catalogv1.ListStoreProductsRequest) productFilter {
	category, _ := id.Parse(req.GetCategoryId()) // validated; empty is no filter
	return productFilter{
		status: published, words: searchWords(req.GetQ()), category: category, descendants: true, tagSlug: storable(req.GetTag()),
		minPrice: req.MinPrice, maxPrice: req.MaxPrice, inStock: req.InStock, // absent is not zero
		brandSlug: storable(req.GetBrand()), collection: storable(req.GetCollection()),
		sort: req.GetSort(), page: page.FromProto(req.GetPage()), locales: req.GetLocales(), attributes: filtersFromProto(req.GetAttributes()),
	}
}

// ListStoreCategories reads the whole tree, flat, by position and name, with the texts of a part of it.
func (s *Service) ListStoreCategories(ctx context.Context, req *catalogv1.ListStoreCategoriesRequest) (*catalogv1.ListStoreCategoriesResponse, error) {
	categories, err := allCategories(ctx, s.db, req.GetLocales())
	if err != nil {
		return nil, err
	}
	told := tellTexts(categories, int(req.GetTextsAfter()), int(req.GetTexts()))
	return &catalogv1.ListStoreCategoriesResponse{Categories: categories, Told: int32(told)}, nil
}

// tellTexts takes the texts from those categories that are not among the n after the first so many, and from so many of
// these that all travel together. It returns how many of them have theirs. With no n it is all or none.
func tellTexts(all []*catalogv1.Category, after, n int) int {
	texts := make([]*catalogv1.Category, len(all))
	bytes := 0
	for i, c := range all {
		texts[i] = &catalogv1.Category{Description: c.Description, SeoTitle: c.SeoTitle, SeoDescription: c.SeoDescription}
		c.Description, c.SeoTitle, c.SeoDescription = nil, nil, nil
		bytes += proto.Size(c) + 8
	}
	after = min(after, len(all))
	end := len(all)
	if n > 0 {
		end = min(after+n, end)
	}
	told := 0
	for i := after; i < end; i++ {
		if bytes += proto.Size(texts[i]); bytes > page.MaxAnswer {
			if n == 0 {
				return 0
			}
			break
		}
		told++
	}
	for i := after; i < after+told; i++ {
		all[i].Description, all[i].SeoTitle, all[i].SeoDescription = texts[i].Description, texts[i].SeoTitle, texts[i].SeoDescription
	}
	return told
}

// GetStoreCategory reads one category by slug or id: one statement, one round trip.
func (s *Service) GetStoreCategory(ctx context.Context, req *catalogv1.GetStoreCategoryRequest) (*catalogv1.GetStoreCategoryResponse, error) {
	c, translations, err := findShownCategory(ctx, s.db, storable(req.GetSlugOrId()), req.GetLocales())
	if err != nil {
		return nil, err
	}
	if c == nil {
		return nil, ErrCategoryNotFound
	}
	of := map[string][]*catalogv1.TaxonTranslation{}
	for _, t := range translations {
		of[t.GetId()] = append(of[t.GetId()], t)
	}
	localizeCategory(c, of[c.GetId()])
	localizeTrail(c, of)
	return &catalogv1.GetStoreCategoryResponse{Category: c}, nil
}

// localizeCollections translates collections.
func (s *Service) localizeCollections(ctx context.Context, collections []*catalogv1.Collection, locales []string) error {
	ids := make([]id.ID, len(collections))
	for i, c := range collections {
		ids[i], _ = id.Parse(c.GetId())
	}
	of, err := s.texts(ctx, collectionTexts, ids, locales)
	for _, c := range collections {
		localizeCollection(c, of[c.GetId()])
	}
	return err
}

// texts are the translations of categories or collections by id.
func (s *Service) texts(ctx context.Context, kind translated, ids []id.ID, locales []string) (map[string][]*catalogv1.TaxonTranslation, error) {
	if len(locales) == 0 {
		return nil, nil //nolint:nilnil // nothing lies over the shop's own language
	}
	translations, err := translationsOf(ctx, s.db, kind, ids, locales)
	of := map[string][]*catalogv1.TaxonTranslation{}
	for _, t := range translations {
		of[t.GetId()] = append(of[t.GetId()], t)
	}
	return of, err
}

// bySlug finds the id of a category or collection by its slug in languages; what is no slug of any stays as it is.
func (s *Service) bySlug(ctx context.Context, kind translated, slugOrID string, locales []string) (string, error) {
	slugOrID = storable(slugOrID)
	if _, err := id.Parse(slugOrID); err == nil {
		return slugOrID, nil
	}
	which, err := resolveSlug(ctx, s.db, kind, slugOrID, notNilTexts(locales))
	if err != nil || which.IsZero() {
		return slugOrID, err
	}
	return which.String(), nil
}

// notNilTexts makes an empty list what SQL takes for one.
func notNilTexts(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// ListStoreTags lists tags by name.
func (s *Service) ListStoreTags(ctx context.Context, req *catalogv1.ListStoreTagsRequest) (*catalogv1.ListStoreTagsResponse, error) {
	tags, info, err := listTags(ctx, s.db, "", page.FromProto(req.GetPage()), req.GetLocales())
	if err != nil {
		return nil, err
	}
	return &catalogv1.ListStoreTagsResponse{Tags: tags, Page: info}, nil
}
