package catalog

import (
	"context"
	"slices"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	inventoryv1 "github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// What the room announces. The aggregate is the product, or the category, tag, brand or collection; the sequence of a
// product and a collection is their sequence, that of the others their version.
const (
	subjectCreated      = "evt.catalog.product.created"
	subjectUpdated      = "evt.catalog.product.updated"
	subjectDeleted      = "evt.catalog.product.deleted"
	subjectAvailability = "evt.catalog.product.availability_changed"
	subjectTaxonomy     = "evt.catalog.taxonomy.updated"
	subjectLocales      = "evt.catalog.locales.updated"
	subjectMarkets      = "evt.catalog.markets.updated"
	subjectListCreated  = "evt.catalog.price_list.created"
	subjectListUpdated  = "evt.catalog.price_list.updated"
	subjectListDeleted  = "evt.catalog.price_list.deleted"
	subjectRepriced     = "evt.catalog.price_list.repriced"
	subjectJobCreated   = "evt.catalog.job.created"
	subjectJobEnded     = "evt.catalog.job.ended"
)

// What it listens to.
const (
	subjectStock  = "evt.inventory.stock.changed"
	subjectOrder  = "evt.checkout.order.created"
	subjectTenant = "evt.identity.tenant.created"

	subjectMediaUpdated = "evt.media.asset.updated"
	subjectMediaDeleted = "evt.media.asset.deleted"
)

// Consumers lists what the room listens to.
func (s *Service) Consumers() []bus.Consumer {
	return []bus.Consumer{
		// The aggregate is the variant and the event says how things are, so an older one has nothing to add.
		{Name: "catalog-stock", Subjects: []string{subjectStock}, LatestOnly: true, Handle: s.onStockChanged},
		// Only the first order of a variant leaves something behind, and again it leaves the same.
		{Name: "catalog-sold", Subjects: []string{subjectOrder}, Repeatable: true, Handle: s.onOrderCreated, After: s.sold.remember},
		// The media room is asked how things are, so an older event has nothing to add.
		{Name: "catalog-media", Subjects: []string{subjectMediaUpdated, subjectMediaDeleted}, LatestOnly: true, Prepare: s.prepareMedia, Handle: s.onMediaChanged},
		// The bus opens the tenant's books by itself; there is nothing else to do.
		{Name: "catalog-tenants", Subjects: []string{subjectTenant}, Handle: func(context.Context, *pg.Tx, bus.Event, any) error { return nil }},
	}
}

// onStockChanged keeps what readers see of a variant's availability.
func (s *Service) onStockChanged(ctx context.Context, tx *pg.Tx, e bus.Event, _ any) error {
	var body inventoryv1.StockChanged
	if err := e.Unmarshal(&body); err != nil {
		return err
	}
	which, err := id.Parse(body.GetVariantId())
	if err != nil {
		return err
	}
	product, err := productOfVariant(ctx, tx, which)
	if err != nil || product.IsZero() {
		return err // deleted meanwhile: nobody can see it
	}
	p, err := loadProduct(ctx, tx, product)
	if err != nil || p == nil || p.bundle {
		return err // a bundle follows what it is made of
	}
	v := p.variant(which)
	if v == nil {
		return nil
	}
	if v.shortOf != body.GetShortOf() {
		saveShortOf(&tx.Writes, which, body.GetShortOf())
		if v.available == body.GetAvailable() { // only bundles see a difference
			return s.bundlesFollow(ctx, tx, p.ruled, false, p.id)
		}
	}
	if v.available == body.GetAvailable() {
		return nil
	}
	v.available = body.GetAvailable()
	p.sequence++
	if err := saveAvailability(&tx.Writes, p, v); err != nil {
		return err
	}
	if p.ruled {
		if err := gather(ctx, tx, s.time(), p.id); err != nil {
			return err
		}
	}
	gained, lost := []id.ID{v.id}, []id.ID(nil)
	if !v.available {
		gained, lost = lost, gained
	}
	if err := bus.EmitAll(ctx, &tx.Writes, []bus.News{availabilityNews(p, gained, lost)}); err != nil {
		return err
	}
	return s.bundlesFollow(ctx, tx, p.ruled, false, p.id)
}

// onOrderCreated remembers what was sold, so that it is archived instead of deleted from then on.
func (s *Service) onOrderCreated(_ context.Context, tx *pg.Tx, e bus.Event, _ any) error {
	variants, err := orderedVariants(e)
	if err != nil {
		return err
	}
	if variants = s.sold.unknown(e.Tenant, variants); len(variants) > 0 {
		markSold(&tx.Writes, variants, e.Time)
	}
	return nil
}

func orderedVariants(e bus.Event) ([]id.ID, error) {
	var body checkoutv1.OrderCreated
	if err := e.Unmarshal(&body); err != nil {
		return nil, err
	}
	return id.ParseAll(body.GetVariantIds())
}

func availabilityNews(p *product, gained, lost []id.ID) bus.News {
	before := p.clone()
	for i := range before.variants {
		if v := &before.variants[i]; slices.Contains(gained, v.id) || slices.Contains(lost, v.id) {
			v.available = !v.available
		}
	}
	changed := &catalogv1.ProductAvailabilityChanged{ProductId: p.id.String(), Slug: p.slug, Change: changeOf(&before, p)}
	for _, v := range gained {
		changed.AvailableVariantIds = append(changed.AvailableVariantIds, v.String())
	}
	for _, v := range lost {
		changed.UnavailableVariantIds = append(changed.UnavailableVariantIds, v.String())
	}
	return bus.News{Subject: subjectAvailability, Aggregate: p.id, Sequence: p.sequence, Body: changed}
}

func createdNews(p *product) bus.News {
	return bus.News{Subject: subjectCreated, Aggregate: p.id, Sequence: p.sequence, Body: &catalogv1.ProductCreated{
		ProductId: p.id.String(), Slug: p.slug, Status: statusToProto(p.status), Variants: addedToProto(p, p.variants), Bundle: partsToProto(p), Change: changeOf(nil, p),
	}}
}

func announceCreated(ctx context.Context, w *pg.Writes, p *product) error {
	return bus.EmitAll(ctx, w, []bus.News{createdNews(p)})
}

func announceUpdated(ctx context.Context, w *pg.Writes, p, before *product, c changes) error {
	return bus.EmitAll(ctx, w, []bus.News{updatedNews(p, before, c)})
}

func updatedNews(p, before *product, c changes) bus.News {
	body := &catalogv1.ProductUpdated{
		ProductId: p.id.String(), Slug: p.slug, Status: statusToProto(p.status), VariantsAdded: addedToProto(p, c.added), Bundle: partsToProto(p), Change: changeOf(before, p),
	}
	for _, gone := range c.removed {
		body.VariantsRemoved = append(body.VariantsRemoved, gone.String())
	}
	if p.slug != before.slug {
		body.PreviousSlug = before.slug
	}
	for _, change := range c.prices {
		body.PriceChanges = append(body.PriceChanges, &catalogv1.PriceChanged{
			VariantId: change.variant.String(), OldPrice: moneyToProto(change.from), NewPrice: moneyToProto(change.to),
		})
	}
	return bus.News{Subject: subjectUpdated, Aggregate: p.id, Sequence: p.sequence, Body: body}
}

func announceDeleted(ctx context.Context, w *pg.Writes, p *product) error {
	body := &catalogv1.ProductDeleted{ProductId: p.id.String(), Slug: p.slug, Bundle: p.bundle, Change: changeOf(p, nil)}
	for _, v := range p.variants {
		body.VariantIds = append(body.VariantIds, v.id.String())
	}
	return bus.Emit(ctx, w, subjectDeleted, p.id, p.sequence+1, body)
}

func taxonomyNews(of id.ID, version int64, body *catalogv1.TaxonomyUpdated) bus.News {
	return bus.News{Subject: subjectTaxonomy, Aggregate: of, Sequence: version, Body: body}
}

func announceCategory(ctx context.Context, w *pg.Writes, category id.ID, version int64) error {
	return bus.Emit(ctx, w, subjectTaxonomy, category, version, &catalogv1.TaxonomyUpdated{CategoryId: category.String()})
}

func announceTag(ctx context.Context, w *pg.Writes, tag id.ID, version int64) error {
	return bus.Emit(ctx, w, subjectTaxonomy, tag, version, &catalogv1.TaxonomyUpdated{TagId: tag.String()})
}

func announceBrand(ctx context.Context, w *pg.Writes, brand id.ID, version int64) error {
	return bus.Emit(ctx, w, subjectTaxonomy, brand, version, &catalogv1.TaxonomyUpdated{BrandId: brand.String()})
}

func announceCollection(ctx context.Context, w *pg.Writes, c *collection) error {
	return bus.Emit(ctx, w, subjectTaxonomy, c.id, c.sequence, &catalogv1.TaxonomyUpdated{CollectionId: c.id.String()})
}

func announceAttribute(ctx context.Context, w *pg.Writes, attribute id.ID, version int64) error {
	return bus.Emit(ctx, w, subjectTaxonomy, attribute, version, &catalogv1.TaxonomyUpdated{AttributeId: attribute.String()})
}

func announceLocales(ctx context.Context, w *pg.Writes, shop id.ID, l *catalogv1.Locales) error {
	return bus.Emit(ctx, w, subjectLocales, shop, l.GetVersion(), &catalogv1.LocalesUpdated{DefaultLocale: l.GetDefaultLocale()})
}

func announceMarkets(ctx context.Context, w *pg.Writes, shop id.ID, markets []market, version int64) error {
	body := &catalogv1.MarketsUpdated{}
	for _, m := range markets {
		body.Countries = append(body.Countries, m.country)
	}
	return bus.Emit(ctx, w, subjectMarkets, shop, version, body)
}

func announceList(ctx context.Context, w *pg.Writes, subject string, l *priceList, version int64) error {
	return bus.Emit(ctx, w, subject, l.id, version, &catalogv1.PriceListChanged{PriceListId: l.id.String(), Code: l.code})
}

// announceRepriced tells that prices of a list have changed, which does not count as a version of the list.
func announceRepriced(ctx context.Context, w *pg.Writes, l *priceList) error {
	return bus.Emit(ctx, w, subjectRepriced, id.New(), 1, &catalogv1.PriceListRepriced{PriceListId: l.id.String(), Code: l.code})
}

func announceJob(ctx context.Context, w *pg.Writes, j *job) error {
	return bus.Emit(ctx, w, subjectJobCreated, j.id, 1, &catalogv1.JobCreated{JobId: j.id.String(), Kind: jobKindToProto(j.kind)})
}

// announceEnd tells that a job has ended, which it does once.
func announceEnd(ctx context.Context, w *pg.Writes, j *job) error {
	return bus.Emit(ctx, w, subjectJobEnded, j.id, 2, &catalogv1.JobEnded{JobId: j.id.String(), Kind: jobKindToProto(j.kind), Status: jobStatusToProto(j.status)})
}

// addedToProto lists new variants for inventory, which holds no stock of bundles.
func addedToProto(p *product, variants []variant) []*catalogv1.VariantAdded {
	if p.bundle {
		return nil
	}
	out := make([]*catalogv1.VariantAdded, len(variants))
	for i, v := range variants {
		out[i] = &catalogv1.VariantAdded{
			VariantId: v.id.String(), Sku: v.sku, InitialStock: v.initialStock, AllowBackorder: v.allowBackorder,
		}
	}
	return out
}

// partsToProto tells inventory what a bundle takes from stock.
func partsToProto(p *product) *catalogv1.BundleParts {
	if !p.bundle {
		return nil
	}
	out := &catalogv1.BundleParts{}
	for _, t := range p.takes() {
		out.Parts = append(out.Parts, &catalogv1.BundlePart{VariantId: t.variant.String(), Quantity: t.quantity})
	}
	return out
}
