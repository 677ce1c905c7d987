package catalog

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// loadShelf reads and locks what the wishes touch, in a fixed number of round trips. Imports of one shop take turns by
// chunks: two files that speak of the same products then never wait for each other in a circle.
func loadShelf(ctx context.Context, tx *pg.Tx, j *job, wishes []*wish, s *shelf) error {
	var slugs, skus, names, tags, brands []string
	var paths [][]string
	byID := false
	var tagIDs []id.ID
	var attributes []attributeInput
	for _, w := range wishes {
		attributes = append(append(attributes, w.attributes...), w.describedCodes()...)
		if w.slug != "" {
			slugs = append(slugs, w.slug)
		}
		for i := range w.variants {
			if sku := w.variants[i].sku; sku != "" {
				skus = append(skus, sku)
			}
			if parts := w.variants[i].components; parts != nil { // they are locked as if they were changed
				for _, part := range *parts {
					skus = append(skus, part.sku)
				}
			}
			attributes = append(attributes, w.variants[i].attributes...)
		}
		if w.tags != nil {
			for _, name := range *w.tags {
				names, tags = append(names, fold(name)), append(tags, name)
			}
		}
		if strings.Trim(textOf(w.brand.value), nameSpaces) != "" {
			brands = append(brands, *w.brand.value)
		}
		if w.tagID != nil {
			tagIDs = append(tagIDs, *w.tagID...)
		}
		if w.categories != nil {
			paths = append(paths, *w.categories...)
		}
		byID = byID || w.categoryID != nil && len(*w.categoryID) > 0
	}
	slices.Sort(names)
	names = slices.Compact(names)
	owner := map[string]id.ID{} // of a SKU
	var products []id.ID
	var categories []*category
	s.tags, s.brands = newLabels(), newLabels()
	s.seen = map[string]string{}
	readCategories := func(b *pg.Batch) {
		categories = nil
		pg.Each(b.Queue(`select `+categoryColumns+` from categories c order by c.position, c.name_key, c.id`), func(rows pgx.Rows) error {
			c := new(category)
			err := rows.Scan(scanCategory(c)...)
			categories = append(categories, c)
			return err
		})
	}
	if err := tx.Read(ctx, func(b *pg.Batch) {
		b.Queue(`select pg_advisory_xact_lock(hashtext('catalog.import'), hashtext(current_tenant()::text))`)
		lockCollections(b, &s.ruled)
		pg.Each(b.Queue(`select id from products where slug = any($1::text[])`, slugs), appendID(&products))
		pg.Each(b.Queue(`select sku, product_id from variants where sku = any($1::text[])`, skus), func(rows pgx.Rows) error {
			var sku string
			var of id.ID
			err := rows.Scan(&sku, &of)
			owner[sku] = of
			products = append(products, of)
			return err
		})
		if len(names)+len(tagIDs) > 0 {
			pg.Each(b.Queue(`select id, name from tags where name_key = any($1::text[]) or id = any($2::uuid[]) order by name_key, id`, names, notNil(tagIDs)), s.tags.add)
		}
		if len(brands) > 0 {
			pg.Each(b.Queue(`select id, name from brands where name_key = any($1::text[]) order by name_key, id`, foldAll(brands)), s.brands.add)
		}
		s.markets = nil
		pg.Each(b.Queue(marketsSQL), scanMarket(&s.markets))
		if len(paths) > 0 || byID {
			readCategories(b)
		}
		if j.dryRun {
			var keys []string
			for _, sku := range skus {
				keys = append(keys, seenSKU(sku))
			}
			for _, slug := range slugs {
				keys = append(keys, seenProduct(slug))
			}
			for _, name := range tags {
				keys = append(keys, seenName("tags", name))
			}
			for _, name := range brands {
				keys = append(keys, seenName("brand", name))
			}
			for _, path := range paths {
				keys = append(keys, seenName("categories", writePath(path)))
			}
			querySeen(b, j.id, keys, s.seen)
		}
	}); err != nil {
		return err
	}
	s.known = map[string]*attribute{}
	if len(attributes) > 0 {
		var err error
		if s.known, _, err = loadFactsFrame(ctx, tx, codesOf(attributes)); err != nil {
			return err
		}
	}
	s.categories = newForest(categories)
	if slices.ContainsFunc(paths, s.categories.missing) { // then they are made, and nobody else may meanwhile
		if _, err := lockTree(ctx, tx); err != nil {
			return err
		}
		if err := tx.Read(ctx, readCategories); err != nil {
			return err
		}
		s.categories = newForest(categories)
	}
	return loadHeld(ctx, tx, products, owner, s.tags.missing(tags), s.brands.missing(brands), s)
}

// loadHeld reads and locks products, in the order of their ids, as everybody does who locks several.
func loadHeld(ctx context.Context, tx *pg.Tx, products []id.ID, owner map[string]id.ID, tagSlugs, brandSlugs []string, s *shelf) error {
	products = idSet(products)
	s.bySlug, s.bySKU, s.products = map[string]*shelved{}, map[string]*shelved{}, nil
	loaded, err := readProducts(products, " for update", func(build func(b *pg.Batch)) error { return tx.Read(ctx, build) })
	if err != nil {
		return err
	}
	if err := tx.Read(ctx, func(b *pg.Batch) {
		inUse := func(l *labels) func(rows pgx.Rows) error {
			return func(rows pgx.Rows) error {
				var slug string
				err := rows.Scan(&slug)
				l.slugs[slug] = true
				return err
			}
		}
		if len(tagSlugs) > 0 {
			pg.Each(b.Queue(`select slug from tags where slug = any($1::text[])`, tagSlugs), inUse(&s.tags))
		}
		if len(brandSlugs) > 0 {
			pg.Each(b.Queue(`select slug from brands where slug = any($1::text[])`, brandSlugs), inUse(&s.brands))
		}
	}); err != nil {
		return err
	}
	byID := map[id.ID]*shelved{}
	for _, which := range products {
		p := loaded[which]
		if p == nil {
			continue // deleted since it was found
		}
		before := p.clone()
		h := &shelved{p: p, before: &before}
		byID[p.id], s.bySlug[p.slug] = h, h
		for _, v := range p.variants {
			s.bySKU[v.sku] = h
		}
	}
	for sku, of := range owner {
		if h := byID[of]; h != nil {
			s.bySKU[sku] = h
		}
	}
	return nil
}

// saveShelf queues everything the wishes have changed, and announces it.
func (s *Service) saveShelf(ctx context.Context, tx *pg.Tx, on *shelf) error {
	if err := renameMade(ctx, tx, on); err != nil {
		return err
	}
	news, err := saveTaxonomy(&tx.Writes, on)
	if err != nil {
		return err
	}
	var fresh []*product
	for _, h := range on.products {
		if h.fresh {
			fresh = append(fresh, h.p)
		}
	}
	if len(fresh) > 0 {
		if err := insertProducts(&tx.Writes, fresh); err != nil {
			return err
		}
	}
	var changed []changedProduct
	for _, h := range on.products {
		if !h.fresh {
			changed = append(changed, changedProduct{h.p, h.before})
		}
	}
	if err := s.reprice(ctx, tx, changed...); err != nil {
		return err
	}
	var updated []saved
	for _, h := range on.products {
		if h.fresh {
			news = append(news, createdNews(h.p))
			continue
		}
		if c := h.p.settle(h.before, on.at); c.any {
			updated, news = append(updated, saved{h.p, c}), append(news, updatedNews(h.p, h.before, c))
		}
	}
	if err := saveProducts(&tx.Writes, updated); err != nil {
		return err
	}
	for _, h := range updated {
		saveRecomposed(&tx.Writes, h)
	}
	if err := s.saveTexts(ctx, &tx.Writes, on); err != nil {
		return err
	}
	if err := bus.EmitAll(ctx, &tx.Writes, news); err != nil {
		return err
	}
	touched := make([]id.ID, len(on.products))
	var parts []id.ID // that bundles show
	for i, h := range on.products {
		if touched[i] = h.p.id; !h.fresh && h.p.differsAsPart(h.before) {
			parts = append(parts, h.p.id)
		}
	}
	if err := s.bundlesFollow(ctx, tx, on.ruled, true, parts...); err != nil || !on.ruled {
		return err
	}
	return gather(ctx, tx, on.at, touched...)
}

// saveRecomposed queues what the variants of a bundle are made of, those that are new or have changed.
func saveRecomposed(w *pg.Writes, p saved) {
	if !p.bundle {
		return
	}
	for _, list := range [][]variant{p.changes.added, p.changes.changed} {
		for i := range list {
			saveComponents(w, p.product, &list[i])
		}
	}
}

// saveTaxonomy queues the categories, tags and brands that are made, and says what there is to announce.
func saveTaxonomy(w *pg.Writes, on *shelf) (news []bus.News, err error) {
	tags, brands := make([]*tag, len(on.tags.fresh)), make([]*brand, len(on.brands.fresh))
	for _, c := range on.categories.fresh {
		news = append(news, taxonomyNews(c.id, 1, &catalogv1.TaxonomyUpdated{CategoryId: c.id.String()}))
	}
	for i, l := range on.tags.fresh {
		tags[i] = &tag{id: l.id, slug: l.slug, name: l.name, version: 1, createdAt: on.at, updatedAt: on.at}
		news = append(news, taxonomyNews(l.id, 1, &catalogv1.TaxonomyUpdated{TagId: l.id.String()}))
	}
	for i, l := range on.brands.fresh {
		brands[i] = &brand{id: l.id, slug: l.slug, name: l.name, version: 1, createdAt: on.at, updatedAt: on.at}
		news = append(news, taxonomyNews(l.id, 1, &catalogv1.TaxonomyUpdated{BrandId: l.id.String()}))
	}
	return news, errors.Join(insertCategories(w, on.categories.fresh...), insertTags(w, tags...), insertBrands(w, brands...))
}

// add takes a tag or brand that is there.
func (l *labels) add(rows pgx.Rows) error {
	var which id.ID
	var name string
	err := rows.Scan(&which, &name)
	l.byName[namesake(name)], l.names[which] = append(l.byName[namesake(name)], which), name
	l.known = append(l.known, which)
	return err
}

func foldAll(names []string) []string {
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = fold(name)
	}
	return keys
}

// renameMade gives another ending to made-up SKUs that are in use.
func renameMade(ctx context.Context, tx *pg.Tx, s *shelf) error {
	var made []string
	for _, h := range s.products {
		made = append(made, h.made...)
	}
	if len(made) == 0 {
		return nil
	}
	known, err := loadTaken(ctx, tx, nil, made, nil, nil)
	if err != nil || len(known.skus) == 0 {
		return err
	}
	for _, h := range s.products {
		var inUse []string
		for _, sku := range h.made {
			if slices.Contains(known.skus, sku) {
				inUse = append(inUse, sku)
			}
		}
		if len(inUse) > 0 {
			h.p.renameSKUs(inUse)
		}
	}
	return nil
}

// querySeen asks what a dry run has seen: for each key, the slug of the product that took it, or the name as it was made.
func querySeen(b *pg.Batch, which id.ID, keys []string, into map[string]string) {
	pg.Each(b.Queue(`select key, slug from job_seen where job_id = $1 and key = any($2::text[])`, which, keys), func(rows pgx.Rows) error {
		var key, slug string
		if err := rows.Scan(&key, &slug); err != nil {
			return err
		}
		into[key] = slug
		return nil
	})
}

// insertSeen notes what a dry run would have taken.
func insertSeen(w *pg.Writes, which id.ID, s *shelf) {
	var keys, slugs []string
	for _, h := range s.products {
		if h.fresh {
			keys, slugs = append(keys, seenProduct(h.p.slug)), append(slugs, h.p.slug)
		}
		for _, v := range h.p.variants {
			if h.before.variant(v.id) == nil || h.fresh {
				keys, slugs = append(keys, seenSKU(v.sku)), append(slugs, h.p.slug)
			}
		}
	}
	for _, l := range s.tags.fresh {
		keys, slugs = append(keys, seenName("tags", l.name)), append(slugs, l.name)
	}
	for _, l := range s.brands.fresh {
		keys, slugs = append(keys, seenName("brand", l.name)), append(slugs, l.name)
	}
	for _, one := range s.categories.fresh {
		path := writePath(s.categories.path(one.id))
		keys, slugs = append(keys, seenName("categories", path)), append(slugs, path)
	}
	if len(keys) == 0 {
		return
	}
	w.Exec(`insert into job_seen (job_id, key, slug) select $1, * from unnest($2::text[], $3::text[]) on conflict do nothing`, which, keys, slugs)
}
