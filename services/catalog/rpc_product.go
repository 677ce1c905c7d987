package catalog

import (
	"context"
	"slices"
	"strings"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// madeNameTries is how often a command runs when others keep taking the slug or SKU it made up.
const madeNameTries = 3

// ListProducts lists products of every status for staff.
func (s *Service) ListProducts(ctx context.Context, req *catalogv1.ListProductsRequest) (*catalogv1.ListProductsResponse, error) {
	products, info, err := listProducts(ctx, s.db, s.totals, s.taxa, adminFilter(req), asStored)
	if err != nil {
		return nil, err
	}
	return &catalogv1.ListProductsResponse{Products: products, Page: info}, nil
}

// asStored shows products to staff.
func asStored(*catalogv1.Product) error { return nil }

// adminFilter is what staff want to see; an export takes the same.
func adminFilter(req *catalogv1.ListProductsRequest) productFilter {
	category, _ := id.Parse(req.GetCategoryId()) // validated; empty is no filter
	tag, _ := id.Parse(req.GetTagId())
	brand, _ := id.Parse(req.GetBrandId())
	return productFilter{
		status: statusFromProto(req.GetStatus()), phrase: fold(storable(req.GetQ())), category: category, tag: tag, brand: brand,
		minPrice: req.MinPrice, maxPrice: req.MaxPrice, inStock: req.InStock, sku: storable(req.GetSku()), // absent is not zero
		sort: req.GetSort(), page: page.FromProto(req.GetPage()), attributes: filtersFromProto(req.GetAttributes()),
	}
}

// GetProduct reads one product of any status for staff.
func (s *Service) GetProduct(ctx context.Context, req *catalogv1.GetProductRequest) (*catalogv1.GetProductResponse, error) {
	p, err := s.document(ctx, req.GetId(), false)
	if err != nil {
		return nil, err
	}
	return &catalogv1.GetProductResponse{Product: p}, nil
}

func (s *Service) document(ctx context.Context, slugOrID string, onlyPublished bool) (*catalogv1.Product, error) {
	var doc []byte
	known, err := s.taxa.read(ctx, s.db, func(columns string) (generation int64, found bool, err error) {
		doc, generation, err = findDocument(ctx, s.db, columns, storable(slugOrID), onlyPublished)
		return generation, doc != nil, err
	})
	if err != nil {
		return nil, err
	}
	if doc == nil {
		return nil, ErrProductNotFound
	}
	return known.parse(doc)
}

// CreateProduct makes a product with everything that belongs to it, or nothing. Without variants it gets one that
// costs nothing yet, and can then not be published.
func (s *Service) CreateProduct(ctx context.Context, req *catalogv1.CreateProductRequest) (*catalogv1.CreateProductResponse, error) {
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	var doc []byte
	var lacks []finding
	var err error
	for try := range madeNameTries {
		err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
			var err error
			doc, lacks, err = s.createProduct(ctx, tx, req, try > 0)
			return err
		})
		// Somebody took a made-up name between the look and the insert. The second look sees it.
		if err = explain(err); !isTaken(err) {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	p, err := parseDocument(doc)
	if err != nil {
		return nil, err
	}
	p.Warnings = findingsToProto(lacks)
	return &catalogv1.CreateProductResponse{Product: p}, nil
}

func (s *Service) createProduct(ctx context.Context, tx *pg.Tx, req *catalogv1.CreateProductRequest, again bool) ([]byte, []finding, error) {
	p, err := s.newProduct(req)
	if err != nil {
		return nil, nil, err
	}
	links, err := linksFromProto(req.GetImages())
	if err != nil {
		return nil, nil, err
	}
	if err := asTheyAre(ctx, tx, links); err != nil {
		return nil, nil, err
	}
	if err := p.firstImages(imagesOf(links)); err != nil {
		return nil, nil, err
	}
	slugs := []string{p.slug}
	if req.GetSlug() == "" {
		slugs = slugChoices(makeSlug(p.title, p.id))
		if again {
			slugs = []string{slugs[0] + "-" + shortID(id.New())}
		}
	}
	known, err := loadTaken(ctx, tx, slugs, skusOf(p.variants), p.categories, p.tags)
	if err != nil {
		return nil, nil, err
	}
	if req.GetSlug() != "" && len(known.slugs) > 0 {
		return nil, nil, ErrSlugTaken.WithField("slug", "taken", ErrSlugTaken.Message())
	}
	p.slug = firstFree(slugs, known.slugs)
	p.learn(known)
	if err := p.claimSKUs(known.skus); err != nil {
		return nil, nil, err
	}
	if made := p.makeSKUs(); len(made) > 0 {
		others, err := loadTaken(ctx, tx, nil, made, nil, nil)
		if err != nil {
			return nil, nil, err
		}
		p.renameSKUs(others.skus)
	}
	if err := allKnown(req.GetCategoryIds(), known.categories, "categoryIds", ErrCategoryUnknown); err != nil {
		return nil, nil, err
	}
	if err := allKnown(req.GetTagIds(), known.tags, "tagIds", ErrTagUnknown); err != nil {
		return nil, nil, err
	}
	lacks, err := newFacts(ctx, tx, p, req)
	if err != nil {
		return nil, nil, err
	}
	if err := insertProducts(&tx.Writes, []*product{p}); err != nil {
		return nil, nil, err
	}
	if err := announceCreated(ctx, &tx.Writes, p); err != nil {
		return nil, nil, err
	}
	if known.ruled {
		if err := gather(ctx, tx, s.time(), p.id); err != nil {
			return nil, nil, err
		}
	}
	doc, err := readDocument(ctx, tx, p.id)
	return doc, lacks, err
}

// newProduct decides what a product made from the request is, but for its free slug and SKUs.
func (s *Service) newProduct(req *catalogv1.CreateProductRequest) (*product, error) {
	at := s.time()
	p := &product{
		id: id.New(), title: req.GetTitle(), description: req.Description, status: statusFromProto(req.GetStatus()), // absent is not empty
		seoTitle: req.SeoTitle, seoDescription: req.SeoDescription, // absent is not empty
		version: 1, sequence: 1, createdAt: at, updatedAt: at, bundle: req.GetKind() == catalogv1.ProductKind_PRODUCT_KIND_BUNDLE,
	}
	if err := checkTitle("title", p.title); err != nil {
		return nil, err
	}
	if p.status == "" {
		p.status = draft
	}
	if req.GetSlug() != "" {
		slug, err := parseSlug(req.GetSlug())
		if err != nil {
			return nil, err
		}
		p.slug = slug
	}
	if err := p.setSchedule(req); err != nil {
		return nil, err
	}
	p.options = optionsFromProto(req.GetOptions())
	if err := checkOptions(p.options); err != nil {
		return nil, err
	}
	declared := len(p.options) > 0
	for i, in := range req.GetVariants() {
		// Options that are declared are meant to be complete; without a declaration they follow from the variants.
		if _, err := p.addVariant(indexed("variants", i), newVariantFromProto(in), !declared, at); err != nil {
			return nil, err
		}
	}
	if len(p.variants) == 0 {
		if _, err := p.addVariant("variants[0]", newVariant{price: money.Of(0, s.cfg.DefaultCurrency)}, false, at); err != nil {
			return nil, err
		}
	}
	var err error
	if p.categories, err = idsFromProto(req.GetCategoryIds(), "categoryIds", ErrCategoryUnknown); err != nil {
		return nil, err
	}
	if p.tags, err = idsFromProto(req.GetTagIds(), "tagIds", ErrTagUnknown); err != nil {
		return nil, err
	}
	if p.brand, err = brandFromText(req.GetBrandId()); err != nil {
		return nil, err
	}
	if err := p.fitForSale(); err != nil {
		return nil, err
	}
	return p, nil
}

// UpdateProduct changes what is given and leaves the rest. A change that changes nothing is not counted.
func (s *Service) UpdateProduct(ctx context.Context, req *catalogv1.UpdateProductRequest) (*catalogv1.UpdateProductResponse, error) {
	patch, err := productPatchFromProto(req)
	if err != nil {
		return nil, err
	}
	p, err := s.changeProduct(ctx, req.GetId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, p *product) error {
		if err := changeProductFacts(ctx, tx, p, req.GetFacts(), req.GetAttributes()); err != nil {
			return err
		}
		return p.change(patch)
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.UpdateProductResponse{Product: p}, nil
}

func productPatchFromProto(req *catalogv1.UpdateProductRequest) (patch productPatch, err error) {
	if err := storableRequest(req); err != nil {
		return patch, err
	}
	patch = productPatch{title: req.Title, status: statusFromProto(req.GetStatus())} // absent is not empty
	if patch.title != nil {
		if err := checkTitle("title", *patch.title); err != nil {
			return patch, err
		}
	}
	if req.Slug != nil { // absent is not empty
		slug, err := parseSlug(req.GetSlug())
		if err != nil {
			return patch, err
		}
		patch.slug = &slug
	}
	if patch.publishAt, err = timePatchFromProto("publishAt", req.GetPublishAt()); err != nil {
		return patch, err
	}
	if patch.unpublishAt, err = timePatchFromProto("unpublishAt", req.GetUnpublishAt()); err != nil {
		return patch, err
	}
	for _, text := range []struct {
		to    *textPatch
		field string
		from  *catalogv1.TextPatch
		limit int
	}{
		{&patch.description, "description", req.GetDescription(), maxDescription},
		{&patch.seoTitle, "seoTitle", req.GetSeoTitle(), maxSEOTitle},
		{&patch.seoDescription, "seoDescription", req.GetSeoDescription(), maxSEODescription},
	} {
		if *text.to, err = textFromProto(text.field, text.from, text.limit); err != nil {
			return patch, err
		}
	}
	if req.GetBrandId() != nil {
		brand, err := brandFromText(req.GetBrandId().GetValue())
		if err != nil {
			return patch, err
		}
		patch.brand = &brand
	}
	return patch, nil
}

// changeProduct is the frame of every command on a product: load it locked, let decide change it, save the
// difference, announce it. It returns the product as it then is.
func (s *Service) changeProduct(ctx context.Context, productID string, ifVersion int64,
	decide func(ctx context.Context, tx *pg.Tx, p *product) error,
) (*catalogv1.Product, error) {
	which, err := id.Parse(productID)
	if err != nil {
		return nil, ErrProductNotFound
	}
	var doc []byte
	var lacks []finding
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		p, err := loadProduct(ctx, tx, which)
		if err != nil {
			return err
		}
		if p == nil {
			return ErrProductNotFound
		}
		if ifVersion != 0 && ifVersion != p.version {
			return ErrVersionConflict
		}
		before := p.clone()
		if err := decide(ctx, tx, p); err != nil {
			return err
		}
		if lacks, err = p.factsHold(&before); err != nil {
			return err
		}
		if err := s.reprice(ctx, tx, changedProduct{p, &before}); err != nil {
			return err
		}
		if c := p.settle(&before, s.time()); c.any {
			if err := saveProduct(&tx.Writes, p, c); err != nil {
				return err
			}
			if err := announceUpdated(ctx, &tx.Writes, p, &before, c); err != nil {
				return err
			}
			if p.ruled {
				if err := gather(ctx, tx, s.time(), p.id); err != nil {
					return err
				}
			}
			if p.differsAsPart(&before) {
				if err := s.bundlesFollow(ctx, tx, p.ruled, true, p.id); err != nil {
					return err
				}
			}
		}
		doc, err = readDocument(ctx, tx, which)
		return err
	})
	if err != nil {
		return nil, explain(err)
	}
	out, err := parseDocument(doc)
	if err != nil {
		return nil, err
	}
	out.Warnings = findingsToProto(lacks)
	return out, nil
}

// DeleteProduct removes a product for good. One that was sold is archived instead, so that what became of it can be looked
// up; orders keep what they need of it by themselves, whichever happens.
func (s *Service) DeleteProduct(ctx context.Context, req *catalogv1.DeleteProductRequest) (*catalogv1.DeleteProductResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrProductNotFound
	}
	var doc []byte
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		doc = nil
		p, err := loadProduct(ctx, tx, which)
		if err != nil {
			return err
		}
		if p == nil {
			return ErrProductNotFound
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != p.version {
			return ErrVersionConflict
		}
		inBundle, err := lockBooks(ctx, tx, p, idsOf(p.variants))
		switch {
		case err != nil:
			return err
		case inBundle:
			return ErrInBundle
		case p.anySold():
			doc, err = s.retire(ctx, tx, p)
			return err
		}
		p.farewell(&tx.Writes, s.time())
		deleteProduct(&tx.Writes, which)
		return announceDeleted(ctx, &tx.Writes, p)
	})
	if err != nil {
		return nil, explain(err)
	}
	if doc == nil {
		return &catalogv1.DeleteProductResponse{}, nil
	}
	p, err := parseDocument(doc)
	if err != nil {
		return nil, err
	}
	return &catalogv1.DeleteProductResponse{Archived: p}, nil
}

// SetProductImages replaces the pictures, or appends, or removes some.
func (s *Service) SetProductImages(ctx context.Context, req *catalogv1.SetProductImagesRequest) (*catalogv1.SetProductImagesResponse, error) {
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	links, err := linksFromProto(req.GetImages())
	if err != nil {
		return nil, err
	}
	gone, err := id.ParseAll(req.GetRemoveIds())
	if err != nil {
		return nil, ErrImageNotFound
	}
	p, err := s.changeProduct(ctx, req.GetProductId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, p *product) error {
		if err := p.removeImages(gone); err != nil {
			return err
		}
		if err := asTheyAre(ctx, tx, links); err != nil {
			return err
		}
		if req.GetAppend() {
			return p.addImages(imagesOf(links))
		}
		if len(gone) == 0 {
			p.setImages(imagesOf(links))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.SetProductImagesResponse{Product: p}, nil
}

// SetProductCategories replaces the categories a product stands in. Doubles count once.
func (s *Service) SetProductCategories(ctx context.Context, req *catalogv1.SetProductCategoriesRequest) (*catalogv1.SetProductCategoriesResponse, error) {
	ids, err := idsFromProto(req.GetCategoryIds(), "categoryIds", ErrCategoryUnknown)
	if err != nil {
		return nil, err
	}
	p, err := s.changeProduct(ctx, req.GetProductId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, p *product) error {
		known, err := loadTaken(ctx, tx, nil, nil, ids, nil)
		if err != nil {
			return err
		}
		p.setCategories(ids)
		p.learn(known)
		return allKnown(req.GetCategoryIds(), known.categories, "categoryIds", ErrCategoryUnknown)
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.SetProductCategoriesResponse{Product: p}, nil
}

// SetProductTags replaces the tags a product carries. Doubles count once.
func (s *Service) SetProductTags(ctx context.Context, req *catalogv1.SetProductTagsRequest) (*catalogv1.SetProductTagsResponse, error) {
	ids, err := idsFromProto(req.GetTagIds(), "tagIds", ErrTagUnknown)
	if err != nil {
		return nil, err
	}
	p, err := s.changeProduct(ctx, req.GetProductId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, p *product) error {
		known, err := loadTaken(ctx, tx, nil, nil, nil, ids)
		if err != nil {
			return err
		}
		p.setTags(ids)
		p.learn(known)
		return allKnown(req.GetTagIds(), known.tags, "tagIds", ErrTagUnknown)
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.SetProductTagsResponse{Product: p}, nil
}

func checkTitle(field, title string) error {
	if strings.TrimSpace(title) == "" {
		return ErrTextInvalid.WithField(field, "required", "It must not be empty.")
	}
	return nil
}

func skusOf(variants []variant) []string {
	out := make([]string, len(variants))
	for i, v := range variants {
		out[i] = v.sku
	}
	return out
}

// claimSKUs refuses SKUs the caller gave that are in use, or given twice.
func (p *product) claimSKUs(inUse []string) error {
	given := skusOf(p.variants)
	for i, sku := range given {
		if sku != "" && (slices.Contains(inUse, sku) || slices.Contains(given[:i], sku)) {
			return ErrSKUTaken.WithField(indexed("variants", i)+".sku", "taken", ErrSKUTaken.Message())
		}
	}
	return nil
}

// makeSKUs gives a SKU to every variant without one, each different, and says which it made.
func (p *product) makeSKUs() (made []string) {
	used := skusOf(p.variants)
	for i := range p.variants {
		if v := &p.variants[i]; v.sku == "" {
			v.sku = firstFree([]string{p.makeSKU(*v)}, used)
			used, made = append(used, v.sku), append(made, v.sku)
		}
	}
	return made
}

// renameSKUs gives another ending to made-up SKUs that are in use.
func (p *product) renameSKUs(inUse []string) {
	for i := range p.variants {
		p.variants[i].sku = firstFree([]string{p.variants[i].sku}, inUse)
	}
}

// idsFromProto reads the ids of categories or tags; unknown is what to say of one that cannot exist.
func idsFromProto(texts []string, field string, unknown *fault.Fault) ([]id.ID, error) {
	ids := make([]id.ID, len(texts))
	for i, text := range texts {
		var err error
		if ids[i], err = id.Parse(text); err != nil {
			return nil, unknown.WithField(indexed(field, i), "unknown", unknown.Message())
		}
	}
	return idSet(ids), nil
}

// allKnown refuses ids that are not among those that exist, by their place in the request.
func allKnown(texts []string, known []id.ID, field string, unknown *fault.Fault) error {
	exists := make(map[string]bool, len(known))
	for _, k := range known {
		exists[k.String()] = true
	}
	for i, text := range texts {
		if !exists[text] {
			return unknown.WithField(indexed(field, i), "unknown", unknown.Message())
		}
	}
	return nil
}
