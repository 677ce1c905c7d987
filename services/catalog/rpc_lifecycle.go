package catalog

import (
	"context"
	"maps"
	"slices"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

var _ catalogv1connect.LifecycleServiceHandler = (*Service)(nil)

// copied ends the title and the SKUs of a copy.
const copied = "-copy"

// DuplicateProduct makes a copy of a product: a draft, unless another status is asked for, with everything but its stock
// and its schedule. Its SKUs are those of the original with "-copy".
func (s *Service) DuplicateProduct(ctx context.Context, req *catalogv1.DuplicateProductRequest) (*catalogv1.DuplicateProductResponse, error) {
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrProductNotFound
	}
	slug := ""
	if req.GetSlug() != "" {
		if slug, err = parseSlug(req.GetSlug()); err != nil {
			return nil, err
		}
	}
	if req.GetTitle() != "" {
		if err := checkTitle("title", req.GetTitle()); err != nil {
			return nil, err
		}
	}
	var doc []byte
	for try := range madeNameTries {
		err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
			// Locked: what the copy is made of, such as a category, must not change half-way.
			original, err := loadProduct(ctx, tx, which)
			if err != nil {
				return err
			}
			if original == nil {
				return ErrProductNotFound
			}
			doc, err = s.duplicate(ctx, tx, original, req, slug, try > 0)
			return err
		})
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
	return &catalogv1.DuplicateProductResponse{Product: p}, nil
}

func (s *Service) duplicate(ctx context.Context, tx *pg.Tx, original *product, req *catalogv1.DuplicateProductRequest, slug string, again bool) ([]byte, error) {
	p, variants := original.duplicate(id.New)
	p.createdAt = s.time()
	p.updatedAt = p.createdAt
	for i := range p.variants {
		p.variants[i].createdAt, p.variants[i].updatedAt = p.createdAt, p.createdAt
	}
	if req.GetTitle() != "" {
		p.title = req.GetTitle()
	}
	if wanted := statusFromProto(req.GetStatus()); wanted != "" {
		p.status = wanted
	}
	if err := p.fitForSale(); err != nil {
		return nil, err
	}
	if _, err := p.factsHold(&product{}); err != nil {
		return nil, err
	}
	slugs := []string{slug}
	if slug == "" {
		slugs = slugChoices(makeSlug(p.title, p.id))
		if again {
			slugs = []string{slugs[0] + "-" + shortID(id.New())}
		}
	}
	known, err := loadTaken(ctx, tx, slugs, skusOf(p.variants), nil, nil)
	if err != nil {
		return nil, err
	}
	if slug != "" && len(known.slugs) > 0 {
		return nil, ErrSlugTaken.WithField("slug", "taken", ErrSlugTaken.Message())
	}
	p.slug = firstFree(slugs, known.slugs)
	if again {
		known.skus = skusOf(p.variants) // somebody was quicker with one of them
	}
	p.renameSKUs(known.skus)
	texts, err := loadTranslations[catalogv1.ProductTranslation](ctx, tx, productTexts, original.id)
	if err != nil {
		return nil, err
	}
	if err := insertProducts(&tx.Writes, []*product{p}); err != nil {
		return nil, err
	}
	for _, t := range texts {
		translationForCopy(t, variants)
		if err := putTranslation(&tx.Writes, productTexts, p.id, t.GetLocale(), nil, fold(t.GetTitle()), t, p.createdAt); err != nil {
			return nil, err
		}
	}
	if err := announceCreated(ctx, &tx.Writes, p); err != nil {
		return nil, err
	}
	if known.ruled {
		if err := gather(ctx, tx, p.createdAt, p.id); err != nil {
			return nil, err
		}
	}
	return readDocument(ctx, tx, p.id)
}

// translationForCopy makes a translation of a product one of its copy, which has addresses of its own.
func translationForCopy(t *catalogv1.ProductTranslation, variants map[string]string) {
	t.Slug = nil
	t.Variants = slices.DeleteFunc(t.GetVariants(), func(v *catalogv1.VariantTranslation) bool { return variants[v.GetId()] == "" })
	for _, v := range t.GetVariants() {
		v.Id = variants[v.GetId()]
	}
}

// duplicate is a copy with ids of its own that nobody has bought, and the ids of its variants by those of the original.
// newID makes an id.
func (p *product) duplicate(newID func() id.ID) (*product, map[string]string) {
	c := p.clone()
	ids := map[string]string{}
	c.id, c.status, c.schedule, c.version, c.sequence = newID(), draft, schedule{}, 1, 1
	c.title = cutRunes(p.title, maxTitle-len(" (copy)")) + " (copy)"
	c.variants = slices.DeleteFunc(c.variants, func(v variant) bool { return v.archived })
	used := make([]string, 0, len(c.variants))
	for i := range c.variants {
		v := &c.variants[i]
		was := v.id
		v.id, v.version, v.sold = newID(), 1, false
		ids[was.String()] = v.id.String()
		v.sku = firstFree([]string{cut(v.sku, maxSKU-40) + copied}, used)
		used = append(used, v.sku)
		v.available = v.complete() // what is no bundle has no stock yet
		v.facts.files = slices.Clone(v.facts.files)
		for j := range v.facts.files {
			v.facts.files[j].id = newID()
		}
	}
	return &c, ids
}

// OrderVariants puts the variants of a product in order, in one statement.
func (s *Service) OrderVariants(ctx context.Context, req *catalogv1.OrderVariantsRequest) (*catalogv1.OrderVariantsResponse, error) {
	which, err := id.Parse(req.GetProductId())
	if err != nil {
		return nil, ErrProductNotFound
	}
	order, err := id.ParseAll(req.GetVariantIds())
	if err != nil {
		return nil, ErrOrderMismatch.WithField("variantIds", "mismatch", ErrOrderMismatch.Message())
	}
	var doc []byte
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
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
		before := p.clone()
		if err := p.orderVariants(order); err != nil {
			return err
		}
		if c := p.settle(&before, s.time()); c.any {
			e, err := newEdited(p, c)
			if err != nil {
				return err
			}
			if err := saveEdited(&tx.Writes, []edited{e}); err != nil {
				return err
			}
			if err := announceUpdated(ctx, &tx.Writes, p, &before, c); err != nil {
				return err
			}
		}
		doc, err = readDocument(ctx, tx, which)
		return err
	})
	if err != nil {
		return nil, explain(err)
	}
	p, err := parseDocument(doc)
	if err != nil {
		return nil, err
	}
	return &catalogv1.OrderVariantsResponse{Product: p}, nil
}

// SetComponents says what a variant of a bundle is made of. The components are locked before the bundle, so that neither
// their stock nor their deletion can pass unseen.
func (s *Service) SetComponents(ctx context.Context, req *catalogv1.SetComponentsRequest) (*catalogv1.SetComponentsResponse, error) {
	which, err := id.Parse(req.GetVariantId())
	if err != nil {
		return nil, ErrVariantNotFound
	}
	product, err := id.Parse(req.GetProductId())
	if err != nil {
		return nil, ErrVariantNotFound
	}
	wanted := make([]component, len(req.GetComponents()))
	ids := make([]id.ID, len(wanted))
	for i, c := range req.GetComponents() {
		if ids[i], err = id.Parse(c.GetVariantId()); err != nil {
			return nil, ErrComponent.WithField(indexed("components", i)+".variantId", "unknown", "There is no such variant.")
		}
		wanted[i] = component{variant: ids[i], quantity: c.GetQuantity()}
	}
	var doc []byte
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		parts, err := lockParts(ctx, tx, ids)
		if err != nil {
			return err
		}
		p, err := loadProduct(ctx, tx, product)
		if err != nil {
			return err
		}
		if p == nil {
			return ErrVariantNotFound
		}
		if err := p.sawVariant(which, req.GetIfVersion()); err != nil {
			return err
		}
		before := p.clone()
		if err := p.compose(which, wanted, parts); err != nil {
			return err
		}
		if err := p.fitForSale(); err != nil {
			return err
		}
		if c := p.settle(&before, s.time()); c.any {
			if err := saveProduct(&tx.Writes, p, c); err != nil {
				return err
			}
			saveComponents(&tx.Writes, p, p.variant(which))
			if err := announceUpdated(ctx, &tx.Writes, p, &before, c); err != nil {
				return err
			}
			if p.ruled {
				if err := gather(ctx, tx, s.time(), p.id); err != nil {
					return err
				}
			}
		}
		doc, err = readDocument(ctx, tx, product)
		return err
	})
	if err != nil {
		return nil, explain(err)
	}
	p, err := parseDocument(doc)
	if err != nil {
		return nil, err
	}
	return &catalogv1.SetComponentsResponse{Variant: variantIn(p, req.GetVariantId())}, nil
}

// bundlesFollow brings bundles up to what they are made of, after products have changed in the same transaction, and
// announces those for which that makes a difference. With seen, readers of every bundle see something new.
func (s *Service) bundlesFollow(ctx context.Context, tx *pg.Tx, ruled, seen bool, changed ...id.ID) error {
	which, err := bundlesOf(ctx, tx, changed)
	if err != nil || len(which) == 0 {
		return err
	}
	bundles, err := loadProducts(ctx, tx, which)
	if err != nil {
		return err
	}
	var moved []*product
	var gained, lost []id.ID
	var news []bus.News
	for _, one := range slices.SortedFunc(maps.Keys(bundles), compareIDs) {
		p := bundles[one]
		before := p.clone()
		up, down := p.follow()
		if len(up)+len(down) == 0 && !seen {
			continue
		}
		p.sequence++
		moved, gained, lost = append(moved, p), append(gained, up...), append(lost, down...)
		if seen {
			news = append(news, updatedNews(p, &before, changes{}))
		} else {
			news = append(news, availabilityNews(p, up, down))
		}
	}
	if len(moved) == 0 {
		return nil
	}
	if err := saveBundles(&tx.Writes, moved, gained, lost); err != nil {
		return err
	}
	if err := bus.EmitAll(ctx, &tx.Writes, news); err != nil || !ruled {
		return err
	}
	return gather(ctx, tx, s.time(), idsOfProducts(moved)...)
}

// retire archives a product that was to be deleted, and reads what is left.
func (s *Service) retire(ctx context.Context, tx *pg.Tx, p *product) ([]byte, error) {
	before := p.clone()
	p.retire()
	if c := p.settle(&before, s.time()); c.any {
		e, err := newEdited(p, c)
		if err != nil {
			return nil, err
		}
		if err := saveEdited(&tx.Writes, []edited{e}); err != nil {
			return nil, err
		}
		if err := announceUpdated(ctx, &tx.Writes, p, &before, c); err != nil {
			return nil, err
		}
		if p.ruled {
			if err := gather(ctx, tx, s.time(), p.id); err != nil {
				return nil, err
			}
		}
	}
	return readDocument(ctx, tx, p.id)
}

// setSchedule takes over what a new product is to do by itself.
func (p *product) setSchedule(req *catalogv1.CreateProductRequest) error {
	publishAt, err := timeFromProto("publishAt", req.GetPublishAt(), ErrScheduleInvalid)
	if err != nil {
		return err
	}
	unpublishAt, err := timeFromProto("unpublishAt", req.GetUnpublishAt(), ErrScheduleInvalid)
	if err != nil {
		return err
	}
	return p.schedule.change(timePatch{true, publishAt}, timePatch{true, unpublishAt})
}

func idsOfEdited(all []edited) []id.ID {
	out := make([]id.ID, len(all))
	for i, e := range all {
		out[i] = e.id
	}
	return out
}

func idsOfProducts(products []*product) []id.ID {
	out := make([]id.ID, len(products))
	for i, p := range products {
		out[i] = p.id
	}
	return out
}

func idsOf(variants []variant) []id.ID {
	out := make([]id.ID, len(variants))
	for i, v := range variants {
		out[i] = v.id
	}
	return out
}
