package gateway

import (
	"context"
	"slices"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	inventoryv1 "github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

type productAnswer = adminv1.Envelope[adminv1.Product]

// mostLevels is how many levels inventory tells at once.
const mostLevels = 2000

// levels asks for the stock of everything shown, in one call. While inventory is away a product is shown without.
func (c *call) levels(ctx context.Context, products ...*catalogv1.Product) map[string]int64 {
	var ids []string
	for _, p := range products {
		if p.GetKind() == catalogv1.ProductKind_PRODUCT_KIND_BUNDLE {
			continue // has no stock of its own
		}
		for _, v := range p.GetVariants() {
			ids = append(ids, v.GetId())
		}
	}
	if len(ids) == 0 {
		return nil
	}
	answer, err := c.deps.Inventory.GetLevels(ctx, &inventoryv1.GetLevelsRequest{VariantIds: ids[:min(len(ids), mostLevels)]})
	if err != nil {
		c.log.WarnContext(ctx, "stock is not shown", "error", err)
		return nil
	}
	out := map[string]int64{}
	for _, s := range answer.GetStocks() {
		out[s.GetVariantId()] = s.GetOnHand()
	}
	return out
}

func (c *call) product(ctx context.Context, p *catalogv1.Product) productAnswer {
	c.version(p.GetVersion())
	return productAnswer{Data: product(p, c.levels(ctx, p))}
}

func product(p *catalogv1.Product, levels map[string]int64) adminv1.Product {
	return adminv1.Product{
		ID: p.GetId(), Slug: p.GetSlug(), Title: p.GetTitle(), Description: p.Description, Status: wireName(p.GetStatus(), "PRODUCT_STATUS_"),
		SEOTitle: p.SeoTitle, SEODescription: p.SeoDescription, Brand: brandRef(p.GetBrand()),
		Images: each(p.GetImages(), image), Options: each(p.GetOptions(), option),
		Variants: each(p.GetVariants(), func(v *catalogv1.Variant) adminv1.Variant { return variant(v, levels) }), VariantCount: variantCount(p),
		Categories: each(p.GetCategories(), categoryRef), Tags: each(p.GetTags(), tagRef),
		Kind: productKind(p.GetKind()), PublishAt: atPtr(p.GetPublishAt()), UnpublishAt: atPtr(p.GetUnpublishAt()), ScheduleError: scheduleError(p.GetScheduleError()),
		Version: p.GetVersion(), CreatedAt: at(p.GetCreatedAt()), UpdatedAt: at(p.GetUpdatedAt()),
		ProductFacts: productFacts(p),
	}
}

func variant(v *catalogv1.Variant, levels map[string]int64) adminv1.Variant {
	out := adminv1.Variant{
		ID: v.GetId(), SKU: v.GetSku(), Title: v.GetTitle(), Options: options(v.GetOptions()), Price: money(v.GetPrice()),
		CompareAtPrice: moneyPtr(v.GetCompareAtPrice()), Available: v.GetAvailable(), WeightGrams: v.WeightGrams, ImageID: textPtr(v.GetImageId()), Position: int(v.GetPosition()),
		Archived: v.GetArchived(), Components: each(v.GetComponents(), component),
		Version: v.GetVersion(), CreatedAt: at(v.GetCreatedAt()), UpdatedAt: at(v.GetUpdatedAt()), VariantFacts: variantFacts(v),
		PriorPrice: moneyPtr(v.GetPriorPrice()), Prices: each(v.GetPrices(), variantPrice),
	}
	if level, ok := levels[v.GetId()]; ok {
		out.Stock = &level
	}
	return out
}

func status(name string) catalogv1.ProductStatus {
	return catalogv1.ProductStatus(number(catalogv1.ProductStatus_value, "PRODUCT_STATUS_", name))
}

func listProducts(ctx context.Context, in *in[adminv1.ProductQuery, none]) (adminv1.List[adminv1.Product], error) {
	q := in.Query
	paging, err := in.paging(q.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.Product]{}, err
	}
	filters, err := attributeFilters(q.Attr)
	if err != nil {
		return adminv1.List[adminv1.Product]{}, err
	}
	answer, err := in.deps.Catalog.ListProducts(ctx, &catalogv1.ListProductsRequest{
		Page: paging, Q: q.Q, Sku: q.SKU, Status: status(q.Status), CategoryId: q.CategoryID, TagId: q.TagID, BrandId: q.BrandID,
		MinPrice: q.MinPrice.Ptr(), MaxPrice: q.MaxPrice.Ptr(), InStock: q.InStock.Ptr(), Sort: productSort(q.Sort),
		Attributes: filters,
	})
	if err != nil {
		return adminv1.List[adminv1.Product]{}, err
	}
	levels := in.levels(ctx, answer.GetProducts()...)
	return adminv1.List[adminv1.Product]{
		Data: each(answer.GetProducts(), func(p *catalogv1.Product) adminv1.Product { return product(p, levels) }),
		Meta: in.meta(q.PageQuery, answer.GetPage()),
	}, nil
}

func createProduct(ctx context.Context, in *in[none, adminv1.CreateProduct]) (productAnswer, error) {
	b := in.Body
	attributes, err := attributeInputs("attributes", b.Attributes.Value)
	if err != nil {
		return productAnswer{}, err
	}
	variants, err := variantInputs(b.Variants)
	if err != nil {
		return productAnswer{}, err
	}
	images, err := in.images(ctx, b.Images, "images")
	if err != nil {
		return productAnswer{}, err
	}
	answer, err := in.deps.Catalog.CreateProduct(ctx, &catalogv1.CreateProductRequest{
		Title: b.Title, Slug: b.Slug, Description: b.Description, Status: status(b.Status), SeoTitle: b.SEOTitle, SeoDescription: b.SEODescription, BrandId: deref(b.BrandID),
		Options:  each(b.Options, func(o adminv1.Option) *catalogv1.Option { return &catalogv1.Option{Name: o.Name, Values: o.Values} }),
		Variants: variants, CategoryIds: b.CategoryIDs, TagIds: b.TagIDs, Images: images,
		Attributes: attributes, Facts: productFactsPatch(b.ProductFactsInput),
		Kind: kindOf(b.Kind), PublishAt: toTime(b.PublishAt), UnpublishAt: toTime(b.UnpublishAt),
	})
	if err != nil {
		return productAnswer{}, without(err, factsPrefix)
	}
	p := answer.GetProduct()
	in.created("products", p.GetId())
	in.version(p.GetVersion())
	// Variants come back in the order they were given, so stock can be opened at once. Should this fail, the event of the
	// new product opens the same stock a moment later.
	levels := map[string]int64{}
	var open []*inventoryv1.NewStock
	for i, v := range p.GetVariants() {
		if i < len(b.Variants) && b.Kind != bundle {
			open = append(open, &inventoryv1.NewStock{VariantId: v.GetId(), OnHand: b.Variants[i].Stock, AllowBackorder: b.Variants[i].AllowBackorder})
			levels[v.GetId()] = b.Variants[i].Stock
		}
	}
	if len(images) == 0 { // else looking the pictures up was one of the two calls
		in.openStock(ctx, open)
	}
	return productAnswer{Data: product(p, levels)}, nil
}

func (c *call) openStock(ctx context.Context, open []*inventoryv1.NewStock) {
	if len(open) == 0 {
		return
	}
	if _, err := c.deps.Inventory.OpenStock(ctx, &inventoryv1.OpenStockRequest{Items: open}); err != nil {
		c.log.WarnContext(ctx, "stock opens with the event", "error", err)
	}
}

// variantInput describes a variant to make; field is where its attributes stand in the body.
func variantInput(v adminv1.CreateVariant, field string) (*catalogv1.VariantInput, error) {
	attributes, err := attributeInputs(field, v.Attributes.Value)
	return &catalogv1.VariantInput{
		Attributes: attributes, Facts: variantFactsPatch(v.VariantFactsInput),
		Sku: v.SKU, Title: v.Title, Options: v.Options, Price: toMoney(v.Price), CompareAtPrice: toMoneyPtr(v.CompareAtPrice),
		WeightGrams: v.WeightGrams, InitialStock: v.Stock, AllowBackorder: v.AllowBackorder, Prices: variantPrices(v.Prices), ImageId: v.ImageID,
	}, err
}

func variantInputs(list []adminv1.CreateVariant) ([]*catalogv1.VariantInput, error) {
	out := make([]*catalogv1.VariantInput, len(list))
	for i, v := range list {
		var err error
		if out[i], err = variantInput(v, fieldAt("variants", i, "attributes")); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// images describes uploaded pictures to the catalogue, which keeps a copy of what it shows.
func (c *call) images(ctx context.Context, links []adminv1.ImageLink, field string) ([]*catalogv1.ImageInput, error) {
	var out []*catalogv1.ImageInput
	if len(links) == 0 {
		return out, nil
	}
	ids := each(links, func(l adminv1.ImageLink) string { return l.MediaID })
	answer, err := c.deps.MediaRPC.ListAssets(ctx, &mediav1.ListAssetsRequest{Ids: ids})
	if err != nil {
		return nil, err
	}
	for i, link := range links {
		at := slices.IndexFunc(answer.GetAssets(), func(a *mediav1.Asset) bool { return a.GetId() == link.MediaID })
		if at < 0 {
			return nil, errBody.WithField(fieldAt(field, i, "mediaId"), "not_found", "There is no such picture.")
		}
		a := answer.GetAssets()[at]
		if a.GetPrivate() {
			return nil, errBody.WithField(fieldAt(field, i, "mediaId"), "private", "This is a private file, which cannot be shown.")
		}
		one := &catalogv1.ImageInput{
			Id: a.GetId(), Url: a.GetUrl(), Alt: a.GetAlt(), Alts: a.GetAlts(), Width: a.GetWidth(), Height: a.GetHeight(),
			Blurhash: a.GetBlurhash(), Version: a.GetVersion(),
		}
		if f := a.GetFocalPoint(); f != nil {
			one.FocalPoint = &typev1.Point{X: f.GetX(), Y: f.GetY()}
		}
		if link.Alt != nil {
			one.Alt, one.OwnAlt = *link.Alt, true
		}
		out = append(out, one)
	}
	return out, nil
}

func getProduct(ctx context.Context, in *in[none, none]) (productAnswer, error) {
	answer, err := in.deps.Catalog.GetProduct(ctx, &catalogv1.GetProductRequest{Id: in.path("id")})
	if err != nil {
		return productAnswer{}, err
	}
	return in.product(ctx, answer.GetProduct()), nil
}

func updateProduct(ctx context.Context, in *in[none, adminv1.UpdateProduct]) (productAnswer, error) {
	b := in.Body
	attributes, err := attributeInputs("attributes", b.Attributes.Value)
	if err != nil {
		return productAnswer{}, err
	}
	answer, err := in.deps.Catalog.UpdateProduct(ctx, &catalogv1.UpdateProductRequest{
		Id: in.path("id"), IfVersion: in.ifVersion, Title: b.Title.Ptr(), Slug: b.Slug.Ptr(), Status: status(deref(b.Status.Ptr())),
		Description: textPatch(b.Description), SeoTitle: textPatch(b.SEOTitle), SeoDescription: textPatch(b.SEODescription), BrandId: textPatch(b.BrandID),
		Attributes: attributes, Facts: productFactsPatch(b.ProductFactsInput),
		PublishAt: timePatch(b.PublishAt), UnpublishAt: timePatch(b.UnpublishAt),
	})
	if err != nil {
		return productAnswer{}, without(err, factsPrefix)
	}
	return in.product(ctx, answer.GetProduct()), nil
}

func textPatch(o adminv1.Optional[string]) *catalogv1.TextPatch {
	if o.IsZero() {
		return nil
	}
	return &catalogv1.TextPatch{Clear: o.IsNull(), Value: o.Value}
}

func createVariant(ctx context.Context, in *in[none, adminv1.CreateVariant]) (adminv1.Envelope[adminv1.Variant], error) {
	input, err := variantInput(in.Body, "attributes")
	if err != nil {
		return adminv1.Envelope[adminv1.Variant]{}, err
	}
	answer, err := in.deps.Catalog.CreateVariant(ctx, &catalogv1.CreateVariantRequest{ProductId: in.path("id"), Variant: input})
	if err != nil {
		return adminv1.Envelope[adminv1.Variant]{}, without(err, "variant.", factsPrefix)
	}
	v := answer.GetVariant()
	in.created("products", in.path("id"), "variants", v.GetId())
	in.version(v.GetVersion())
	in.openStock(ctx, []*inventoryv1.NewStock{{VariantId: v.GetId(), OnHand: in.Body.Stock, AllowBackorder: in.Body.AllowBackorder}})
	return adminv1.Envelope[adminv1.Variant]{Data: variant(v, map[string]int64{v.GetId(): in.Body.Stock})}, nil
}

func listVariants(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.Variant], error) {
	paging, err := in.paging(in.Query)
	if err != nil {
		return adminv1.List[adminv1.Variant]{}, err
	}
	answer, err := in.deps.Catalog.ListVariants(ctx, &catalogv1.ListVariantsRequest{ProductId: in.path("id"), Page: paging})
	if err != nil {
		return adminv1.List[adminv1.Variant]{}, err
	}
	levels := in.levels(ctx, &catalogv1.Product{Variants: answer.GetVariants()})
	return adminv1.List[adminv1.Variant]{
		Data: each(answer.GetVariants(), func(v *catalogv1.Variant) adminv1.Variant { return variant(v, levels) }), Meta: in.meta(in.Query, answer.GetPage()),
	}, nil
}

func getVariant(ctx context.Context, in *in[none, none]) (adminv1.Envelope[adminv1.Variant], error) {
	answer, err := in.deps.Catalog.GetVariant(ctx, &catalogv1.GetVariantRequest{ProductId: in.path("id"), Id: in.path("variantId")})
	if err != nil {
		return adminv1.Envelope[adminv1.Variant]{}, err
	}
	v := answer.GetVariant()
	in.version(v.GetVersion())
	return adminv1.Envelope[adminv1.Variant]{Data: variant(v, in.levels(ctx, &catalogv1.Product{Variants: []*catalogv1.Variant{v}}))}, nil
}

func updateVariant(ctx context.Context, in *in[none, adminv1.UpdateVariant]) (adminv1.Envelope[adminv1.Variant], error) {
	b := in.Body
	attributes, err := attributeInputs("attributes", b.Attributes.Value)
	if err != nil {
		return adminv1.Envelope[adminv1.Variant]{}, err
	}
	request := &catalogv1.UpdateVariantRequest{
		Attributes: attributes, Facts: variantFactsPatch(b.VariantFactsInput),
		ProductId: in.path("id"), Id: in.path("variantId"), IfVersion: in.ifVersion, Sku: b.SKU.Ptr(), Title: b.Title.Ptr(),
		Price: toMoneyPtr(b.Price.Ptr()), CompareAtPrice: toMoneyPtr(b.CompareAtPrice.Ptr()), ClearCompareAtPrice: b.CompareAtPrice.IsNull(),
		WeightGrams: b.WeightGrams.Ptr(), ClearWeightGrams: b.WeightGrams.IsNull(), Options: b.Options.Value,
		ImageId: b.ImageID.Ptr(), ClearImage: b.ImageID.IsNull(),
	}
	if p := b.Prices.Ptr(); p != nil {
		request.Prices = &catalogv1.BasePriceInputs{Prices: variantPrices(*p)}
	}
	if p := b.Position.Ptr(); p != nil {
		position := int32(*p)
		request.Position = &position
	}
	answer, err := in.deps.Catalog.UpdateVariant(ctx, request)
	if err != nil {
		return adminv1.Envelope[adminv1.Variant]{}, without(err, factsPrefix)
	}
	v := answer.GetVariant()
	in.version(v.GetVersion())
	return adminv1.Envelope[adminv1.Variant]{Data: variant(v, in.levels(ctx, &catalogv1.Product{Variants: []*catalogv1.Variant{v}}))}, nil
}

func addImage(ctx context.Context, in *in[none, adminv1.ImageLink]) (productAnswer, error) {
	images, err := in.images(ctx, []adminv1.ImageLink{in.Body}, "")
	if err != nil {
		return productAnswer{}, err
	}
	return in.setProductImages(ctx, &catalogv1.SetProductImagesRequest{Images: images, Append: true})
}

func setImages(ctx context.Context, in *in[none, adminv1.SetImages]) (productAnswer, error) {
	images, err := in.images(ctx, in.Body.Images, "images")
	if err != nil {
		return productAnswer{}, err
	}
	return in.setProductImages(ctx, &catalogv1.SetProductImagesRequest{Images: images})
}

func removeImage(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.setProductImages(ctx, &catalogv1.SetProductImagesRequest{RemoveIds: []string{in.path("imageId")}})
	return none{}, err
}

// setProductImages answers without asking for stock: the call before it was the second already.
func (c *call) setProductImages(ctx context.Context, request *catalogv1.SetProductImagesRequest) (productAnswer, error) {
	request.ProductId, request.IfVersion = c.path("id"), c.ifVersion
	answer, err := c.deps.Catalog.SetProductImages(ctx, request)
	if err != nil {
		return productAnswer{}, err
	}
	c.version(answer.GetProduct().GetVersion())
	return productAnswer{Data: product(answer.GetProduct(), nil)}, nil
}

func setCategories(ctx context.Context, in *in[none, adminv1.SetCategories]) (productAnswer, error) {
	answer, err := in.deps.Catalog.SetProductCategories(ctx, &catalogv1.SetProductCategoriesRequest{ProductId: in.path("id"), IfVersion: in.ifVersion, CategoryIds: in.Body.CategoryIDs})
	if err != nil {
		return productAnswer{}, err
	}
	return in.product(ctx, answer.GetProduct()), nil
}

func setTags(ctx context.Context, in *in[none, adminv1.SetTags]) (productAnswer, error) {
	answer, err := in.deps.Catalog.SetProductTags(ctx, &catalogv1.SetProductTagsRequest{ProductId: in.path("id"), IfVersion: in.ifVersion, TagIds: in.Body.TagIDs})
	if err != nil {
		return productAnswer{}, err
	}
	return in.product(ctx, answer.GetProduct()), nil
}

type categoryAnswer = adminv1.Envelope[adminv1.Category]

func (c *call) category(m *catalogv1.Category, err error) (categoryAnswer, error) {
	if err != nil {
		return categoryAnswer{}, err
	}
	c.version(m.GetVersion())
	return categoryAnswer{Data: category(m)}, nil
}

func category(c *catalogv1.Category) adminv1.Category {
	return adminv1.Category{
		ID: c.GetId(), Slug: c.GetSlug(), Name: c.GetName(), Description: c.Description, SEOTitle: c.SeoTitle, SEODescription: c.SeoDescription,
		ParentID: c.ParentId, Position: int(c.GetPosition()), ProductCount: int(c.GetProductCount()),
		TotalProductCount: int(c.GetTotalProductCount()), Breadcrumbs: each(c.GetBreadcrumbs(), categoryRef), Version: c.GetVersion(),
		SoldByMeasure: c.GetSoldByMeasure(),
		CreatedAt:     at(c.GetCreatedAt()), UpdatedAt: at(c.GetUpdatedAt()),
	}
}

func listCategories(ctx context.Context, in *in[adminv1.CategoryQuery, none]) (adminv1.List[adminv1.Category], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.Category]{}, err
	}
	answer, err := in.deps.Catalog.ListCategories(ctx, &catalogv1.ListCategoriesRequest{Page: paging, Q: in.Query.Q})
	if err != nil {
		return adminv1.List[adminv1.Category]{}, err
	}
	return adminv1.List[adminv1.Category]{Data: each(answer.GetCategories(), category), Meta: in.meta(in.Query.PageQuery, answer.GetPage())}, nil
}

func createCategory(ctx context.Context, in *in[none, adminv1.CreateCategory]) (categoryAnswer, error) {
	b := in.Body
	answer, err := in.deps.Catalog.CreateCategory(ctx, &catalogv1.CreateCategoryRequest{
		Name: b.Name, Slug: b.Slug, Description: b.Description, SeoTitle: b.SEOTitle, SeoDescription: b.SEODescription,
		ParentId: deref(b.ParentID), Position: int32(b.Position), SoldByMeasure: b.SoldByMeasure,
	})
	if err == nil {
		in.created("categories", answer.GetCategory().GetId())
	}
	return in.category(answer.GetCategory(), err)
}

func getCategory(ctx context.Context, in *in[none, none]) (categoryAnswer, error) {
	answer, err := in.deps.Catalog.GetCategory(ctx, &catalogv1.GetCategoryRequest{Id: in.path("id")})
	return in.category(answer.GetCategory(), err)
}

func updateCategory(ctx context.Context, in *in[none, adminv1.UpdateCategory]) (categoryAnswer, error) {
	b := in.Body
	request := &catalogv1.UpdateCategoryRequest{
		Id: in.path("id"), IfVersion: in.ifVersion, Name: b.Name.Ptr(), Slug: b.Slug.Ptr(), Description: textPatch(b.Description),
		SeoTitle: textPatch(b.SEOTitle), SeoDescription: textPatch(b.SEODescription), ParentId: textPatch(b.ParentID),
		SoldByMeasure: b.SoldByMeasure.Ptr(),
	}
	if p := b.Position.Ptr(); p != nil {
		position := int32(*p)
		request.Position = &position
	}
	answer, err := in.deps.Catalog.UpdateCategory(ctx, request)
	return in.category(answer.GetCategory(), err)
}

func deleteCategory(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Catalog.DeleteCategory(ctx, &catalogv1.DeleteCategoryRequest{Id: in.path("id"), IfVersion: in.ifVersion})
	return none{}, err
}

type tagAnswer = adminv1.Envelope[adminv1.Tag]

func (c *call) tag(m *catalogv1.Tag, err error) (tagAnswer, error) {
	if err != nil {
		return tagAnswer{}, err
	}
	c.version(m.GetVersion())
	return tagAnswer{Data: tag(m)}, nil
}

func tag(t *catalogv1.Tag) adminv1.Tag {
	return adminv1.Tag{ID: t.GetId(), Slug: t.GetSlug(), Name: t.GetName(), Version: t.GetVersion(), CreatedAt: at(t.GetCreatedAt()), UpdatedAt: at(t.GetUpdatedAt())}
}

func listTags(ctx context.Context, in *in[adminv1.TagQuery, none]) (adminv1.List[adminv1.Tag], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.Tag]{}, err
	}
	answer, err := in.deps.Catalog.ListTags(ctx, &catalogv1.ListTagsRequest{Page: paging, Q: in.Query.Q})
	if err != nil {
		return adminv1.List[adminv1.Tag]{}, err
	}
	return adminv1.List[adminv1.Tag]{Data: each(answer.GetTags(), tag), Meta: in.meta(in.Query.PageQuery, answer.GetPage())}, nil
}

func createTag(ctx context.Context, in *in[none, adminv1.CreateTag]) (tagAnswer, error) {
	answer, err := in.deps.Catalog.CreateTag(ctx, &catalogv1.CreateTagRequest{Name: in.Body.Name, Slug: in.Body.Slug})
	if err == nil {
		in.created("tags", answer.GetTag().GetId())
	}
	return in.tag(answer.GetTag(), err)
}

func getTag(ctx context.Context, in *in[none, none]) (tagAnswer, error) {
	answer, err := in.deps.Catalog.GetTag(ctx, &catalogv1.GetTagRequest{Id: in.path("id")})
	return in.tag(answer.GetTag(), err)
}

func updateTag(ctx context.Context, in *in[none, adminv1.UpdateTag]) (tagAnswer, error) {
	answer, err := in.deps.Catalog.UpdateTag(ctx, &catalogv1.UpdateTagRequest{Id: in.path("id"), IfVersion: in.ifVersion, Name: in.Body.Name.Ptr(), Slug: in.Body.Slug.Ptr()})
	return in.tag(answer.GetTag(), err)
}

func deleteTag(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Catalog.DeleteTag(ctx, &catalogv1.DeleteTagRequest{Id: in.path("id"), IfVersion: in.ifVersion})
	return none{}, err
}
