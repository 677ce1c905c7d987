package catalog

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// loadProducts reads products and locks them, in the order of their ids, until the transaction ends.
func loadProducts(ctx context.Context, tx *pg.Tx, which []id.ID) (map[id.ID]*product, error) {
	return readProducts(which, " for update", func(build func(b *pg.Batch)) error { return tx.Read(ctx, build) })
}

// readLifecycle queues what products have in their schedules and bundles. of is the product a row belongs to.
func readLifecycle(b *pg.Batch, which []id.ID, of func(owner id.ID) *product) {
	pg.Each(b.Queue(`select product_id, publish_at, unpublish_at, error_code, coalesce(error_message, ''), coalesce(error_at, 'epoch')
		from product_schedules where product_id = any($1::uuid[])`, which), func(rows pgx.Rows) error {
		var owner id.ID
		var s schedule
		var code *string
		var failed scheduleError
		err := rows.Scan(&owner, &s.publishAt, &s.unpublishAt, &code, &failed.message, &failed.at)
		if code != nil {
			failed.code = *code
			s.failed = &failed
		}
		of(owner).schedule = s
		return err
	})
	pg.Each(b.Queue(`select c.product_id, c.variant_id, c.component_id, c.quantity, p.slug, p.title, v.title,
		v.available and (v.short_of = 0 or v.short_of > c.quantity) and v.archived_at is null
		from bundle_components c join variants v on v.id = c.component_id join products p on p.id = v.product_id
		where c.product_id = any($1::uuid[]) order by c.product_id, c.variant_id, c.position`, which), func(rows pgx.Rows) error {
		var owner, bundle id.ID
		var c component
		err := rows.Scan(&owner, &bundle, &c.variant, &c.quantity, &c.productSlug, &c.title, &c.variantTitle, &c.available)
		if v := of(owner).variant(bundle); v != nil {
			v.components = append(v.components, c)
		}
		return err
	})
}

// insertLifecycle queues the schedules and bundles of new products.
func insertLifecycle(w *pg.Writes, products []*product) {
	var bundles []id.ID
	var scheduled []*product
	for _, p := range products {
		if p.bundle {
			bundles = append(bundles, p.id)
		}
		if !p.schedule.equal(schedule{}) {
			scheduled = append(scheduled, p)
		}
	}
	if len(bundles) > 0 {
		w.Exec(`update products set bundle = true where id = any($1::uuid[])`, bundles)
	}
	saveSchedules(w, scheduled)
	insertComponents(w, products)
}

// saveLifecycle queues what has changed in variants' archives and in schedules.
func saveLifecycle(w *pg.Writes, scheduled []*product, nowArchived []id.ID) {
	if len(nowArchived) > 0 {
		w.Exec(`update variants set archived_at = updated_at where id = any($1::uuid[])`, nowArchived)
	}
	saveSchedules(w, scheduled)
}

// saveSchedules queues schedules, in at most two statements. One that says nothing is not kept.
func saveSchedules(w *pg.Writes, products []*product) {
	var empty, kept []id.ID
	var publishAt, unpublishAt, errorAt, dueAt []*time.Time
	var code, message []*string
	for _, p := range products {
		s := p.schedule
		if s.equal(schedule{}) {
			empty = append(empty, p.id)
			continue
		}
		kept, publishAt, unpublishAt, dueAt = append(kept, p.id), append(publishAt, s.publishAt), append(unpublishAt, s.unpublishAt), append(dueAt, s.dueAt())
		if s.failed == nil {
			code, message, errorAt = append(code, nil), append(message, nil), append(errorAt, nil)
		} else {
			code, message, errorAt = append(code, &s.failed.code), append(message, &s.failed.message), append(errorAt, &s.failed.at)
		}
	}
	if len(empty) > 0 {
		w.Exec(`delete from product_schedules where product_id = any($1::uuid[])`, empty)
	}
	if len(kept) > 0 {
		w.Exec(`insert into product_schedules (product_id, publish_at, unpublish_at, error_code, error_message, error_at, due_at)
			select * from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[])
			on conflict (product_id, tenant_id) do update set publish_at = excluded.publish_at, unpublish_at = excluded.unpublish_at,
				error_code = excluded.error_code, error_message = excluded.error_message, error_at = excluded.error_at, due_at = excluded.due_at`,
			kept, publishAt, unpublishAt, code, message, errorAt, dueAt)
	}
}

// saveComponents queues what one variant of a bundle is made of now.
func saveComponents(w *pg.Writes, p *product, v *variant) {
	w.Exec(`delete from bundle_components where variant_id = $1`, v.id)
	w.Exec(`update variants set available = $2 where id = $1`, v.id, v.available)
	insertComponents(w, []*product{{id: p.id, variants: []variant{*v}}})
}

func insertComponents(w *pg.Writes, products []*product) {
	var product, variant, part []id.ID
	var quantity []int64
	var position []int32
	for _, p := range products {
		for _, v := range p.variants {
			for i, c := range v.components {
				product, variant, part = append(product, p.id), append(variant, v.id), append(part, c.variant)
				quantity, position = append(quantity, c.quantity), append(position, int32(i))
			}
		}
	}
	if len(product) > 0 {
		w.Exec(`insert into bundle_components (product_id, variant_id, component_id, quantity, position)
			select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::int[])`, product, variant, part, quantity, position)
	}
}

// edited is a product that a change of many has made different.
type edited struct {
	*product

	changes changes
	doc     []byte
}

// newEdited renders a product that has become different.
func newEdited(p *product, c changes) (edited, error) {
	doc, err := render(p)
	return edited{p, c, doc}, err
}

// saveEdited queues what a change of many products can change, in a fixed number of statements: status, prices and order
// of variants, categories, tags, brand, facts and schedules, and what follows from them.
func saveEdited(w *pg.Writes, all []edited) error {
	if len(all) == 0 {
		return nil
	}
	var priced []variantOf
	var r struct {
		id                []id.ID
		status            []string
		low, high         []*int64
		available         []bool
		doc               [][]byte
		version, sequence []int64
		updatedAt         []time.Time
		brand             []id.ID
	}
	var v struct {
		product, id []id.ID
		price       []int64
		position    []int32
		version     []int64
		updatedAt   []time.Time
	}
	var linked, scheduled []*product
	var told []saved
	var moved []id.ID
	var shown []bool
	for _, e := range all {
		low, high := priceColumns(e.product)
		r.id, r.status, r.low, r.high = append(r.id, e.id), append(r.status, string(e.status)), append(r.low, low), append(r.high, high)
		r.available, r.doc, r.version = append(r.available, e.anyAvailable()), append(r.doc, e.doc), append(r.version, e.version)
		r.sequence, r.updatedAt = append(r.sequence, e.sequence), append(r.updatedAt, e.updatedAt)
		r.brand = append(r.brand, e.brand)
		if e.changes.facts.product {
			told = append(told, saved{e.product, e.changes})
		}
		for i := range e.changes.changed {
			c := &e.changes.changed[i]
			priced = append(priced, variantOf{e.id, c})
			v.product, v.id, v.price, v.position = append(v.product, e.id), append(v.id, c.id), append(v.price, c.price.Amount), append(v.position, c.position)
			v.version, v.updatedAt = append(v.version, c.version), append(v.updatedAt, c.updatedAt)
		}
		if e.changes.category || e.changes.tags {
			linked = append(linked, e.product)
		}
		if e.changes.schedule {
			scheduled = append(scheduled, e.product)
		}
		if e.changes.status {
			moved, shown = append(moved, e.id), append(shown, e.status == published)
		}
	}
	w.Exec(`update products p set status = u.status, min_price = u.low, max_price = u.high, available = u.available, doc = u.doc, version = u.version,
			sequence = u.sequence, updated_at = u.updated_at, brand_id = u.brand
		from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::boolean[], $6::bytea[], $7::bigint[], $8::bigint[], $9::timestamptz[], $10::uuid[])
			u (id, status, low, high, available, doc, version, sequence, updated_at, brand) where p.id = u.id`,
		r.id, r.status, r.low, r.high, r.available, r.doc, r.version, r.sequence, r.updatedAt, r.brand)
	if len(v.id) > 0 {
		w.Exec(`update variants v set price = u.price, position = u.position, version = u.version, updated_at = u.updated_at
			from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::int[], $5::bigint[], $6::timestamptz[]) u (product_id, id, price, position, version, updated_at)
			where v.product_id = u.product_id and v.id = u.id`, v.product, v.id, v.price, v.position, v.version, v.updatedAt)
	}
	if len(moved) > 0 {
		w.Exec(`update product_categories c set published = u.published from unnest($1::uuid[], $2::boolean[]) u (product_id, published)
			where c.product_id = u.product_id`, moved, shown)
	}
	if len(linked) > 0 {
		unlink(w, linked)
		insertLinks(w, linked)
	}
	if len(told) > 0 {
		saveFacts(w, told)
	}
	saveSchedules(w, scheduled)
	return savePrices(w, priced)
}

// unlink queues the removal of categories and tags that products no longer have.
func unlink(w *pg.Writes, products []*product) {
	var ids, categoryOf, categories, tagOf, tags []id.ID
	for _, p := range products {
		ids = append(ids, p.id)
		for _, c := range p.categories {
			categoryOf, categories = append(categoryOf, p.id), append(categories, c)
		}
		for _, t := range p.tags {
			tagOf, tags = append(tagOf, p.id), append(tags, t)
		}
	}
	w.Exec(`delete from product_categories where product_id = any($1::uuid[])
		and (product_id, category_id) not in (select * from unnest($2::uuid[], $3::uuid[]))`, ids, notNil(categoryOf), notNil(categories))
	w.Exec(`delete from product_tags where product_id = any($1::uuid[])
		and (product_id, tag_id) not in (select * from unnest($2::uuid[], $3::uuid[]))`, ids, notNil(tagOf), notNil(tags))
}

// lockTaxonomy says which of the categories, tags and brands that products get exist, and keeps them from being deleted until
// the transaction ends.
func lockTaxonomy(ctx context.Context, tx *pg.Tx, e edit) (known taken, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		lockCollections(b, &known.ruled)
		pg.Each(b.Queue(`select id from categories where id = any($1::uuid[]) order by id for key share`, e.addCategories), appendID(&known.categories))
		pg.Each(b.Queue(`select id from tags where id = any($1::uuid[]) order by id for key share`, e.addTags), appendID(&known.tags))
		if e.brand != nil {
			pg.Each(b.Queue(`select id from brands where id = any($1::uuid[]) order by id for key share`, e.brands()), appendID(&known.brands))
		}
	})
	return known, err
}

// findTaxonomy says which of the categories, tags and brands that products get exist.
func findTaxonomy(ctx context.Context, db *pg.DB, e edit) (known taken, err error) {
	err = db.Read(ctx, func(b *pg.Batch) {
		known = taken{}
		pg.Each(b.Queue(`select id from categories where id = any($1::uuid[])`, e.addCategories), appendID(&known.categories))
		pg.Each(b.Queue(`select id from tags where id = any($1::uuid[])`, e.addTags), appendID(&known.tags))
		if e.brand != nil {
			pg.Each(b.Queue(`select id from brands where id = any($1::uuid[])`, e.brands()), appendID(&known.brands))
		}
	})
	return known, err
}

// lockBooks reads, for a product that is about to be deleted or lose a variant, which variants were sold, and whether a
// bundle is made of one of them. An order that is heard of later finds them locked.
func lockBooks(ctx context.Context, tx *pg.Tx, p *product, which []id.ID) (inBundle bool, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		var found bool
		pg.Each(b.Queue(`select id, sold_at is not null from variants where product_id = $1 order by id for update`, p.id), func(rows pgx.Rows) error {
			var variant id.ID
			var sold bool
			err := rows.Scan(&variant, &sold)
			if v := p.variant(variant); v != nil {
				v.sold = sold
			}
			return err
		})
		pg.Row(b.Queue(`select exists(select from bundle_components where component_id = any($1::uuid[]))`, which), &found, &inBundle)
	})
	return inBundle, err
}

// markSold notes when variants were first sold. Those that are gone are nobody's concern.
func markSold(w *pg.Writes, variants []id.ID, at time.Time) {
	w.Exec(`update variants set sold_at = $2 where id in (
		select id from variants where id = any($1::uuid[]) and sold_at is null order by id for update)`, variants, at)
}

// lockParts reads variants that somebody wants to make a bundle of, and keeps them as they are until the transaction ends.
// The products are locked first, in the order of their ids, as everyone does who changes a component and then its bundles.
func lockParts(ctx context.Context, tx *pg.Tx, variants []id.ID) (map[id.ID]part, error) {
	parts := map[id.ID]part{}
	err := tx.Read(ctx, func(b *pg.Batch) {
		var locked []id.ID
		var ruled bool
		lockCollections(b, &ruled)
		pg.Each(b.Queue(`select id from products where id in (select product_id from variants where id = any($1::uuid[])) order by id for share`, variants), appendID(&locked))
		pg.Each(b.Queue(`select v.id, p.slug, p.title, v.title, v.available and v.archived_at is null, v.short_of, p.bundle, v.archived_at is not null
			from variants v join products p on p.id = v.product_id where v.id = any($1::uuid[])`, variants), func(rows pgx.Rows) error {
			var p part
			err := rows.Scan(&p.variant, &p.productSlug, &p.title, &p.variantTitle, &p.available, &p.shortOf, &p.bundle, &p.archived)
			parts[p.variant] = p
			return err
		})
	})
	return parts, err
}

// bundlesOf lists the bundles that are made of a variant of a product.
func bundlesOf(ctx context.Context, tx *pg.Tx, products []id.ID) (bundles []id.ID, err error) {
	if len(products) == 0 {
		return nil, nil
	}
	err = tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue(`select distinct product_id from bundle_components
			where component_id = any(array(select id from variants where product_id = any($1::uuid[])))`, products), appendID(&bundles))
	})
	return bundles, err
}

// saveBundles queues bundles that follow what they are made of.
func saveBundles(w *pg.Writes, bundles []*product, gained, lost []id.ID) error {
	var ids []id.ID
	var available []bool
	var docs [][]byte
	var sequence []int64
	for _, p := range bundles {
		doc, err := render(p)
		if err != nil {
			return err
		}
		ids, available, docs, sequence = append(ids, p.id), append(available, p.anyAvailable()), append(docs, doc), append(sequence, p.sequence)
	}
	if len(gained)+len(lost) > 0 {
		w.Exec(`update variants set available = (id = any($1::uuid[])) where id = any($1::uuid[]) or id = any($2::uuid[])`, notNil(gained), notNil(lost))
	}
	w.Exec(`update products p set available = u.available, doc = u.doc, sequence = u.sequence
		from unnest($1::uuid[], $2::boolean[], $3::bytea[], $4::bigint[]) u (id, available, doc, sequence) where p.id = u.id`, ids, available, docs, sequence)
	return nil
}

// share is how many units of a variant one unit of a bundle takes.
type share struct {
	variant  id.ID
	quantity int64
}

// componentsSQL is what one unit of a variant v of a product p takes from stock, if it is a bundle. A bundle of nothing, or
// of something that is no longer sold, is not complete.
const componentsSQL = `select array_agg(bc.component_id order by bc.position) as variants, array_agg(bc.quantity order by bc.position) as quantities,
				coalesce(bool_and(cv.archived_at is null), false) as complete
				from bundle_components bc join variants cv on cv.id = bc.component_id where p.bundle and bc.variant_id = v.id`

// located is a product of some tenant.
type located struct{ tenant, product id.ID }

// findDue finds products with something due by now, in all tenants, and the next moment after that. The context must be
// the system's.
func findDue(ctx context.Context, db *pg.DB, now time.Time, limit int) (due []located, next *time.Time, err error) {
	err = db.Read(ctx, func(b *pg.Batch) {
		due, next = nil, nil
		var found bool
		pg.Each(b.Queue(`select tenant_id, product_id from product_schedules where due_at <= $1 order by due_at limit $2`, now, limit), func(rows pgx.Rows) error {
			var l located
			err := rows.Scan(&l.tenant, &l.product)
			due = append(due, l)
			return err
		})
		pg.Row(b.Queue(`select min(due_at) from product_schedules where due_at > $1`, now), &found, &next)
	})
	return due, next, err
}

// lockDue takes those of the products that nobody else is changing right now.
func lockDue(ctx context.Context, tx *pg.Tx, products []id.ID) (locked []id.ID, ruled bool, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		lockCollections(b, &ruled)
		pg.Each(b.Queue(`select id from products where id = any($1::uuid[]) order by id for update skip locked`, products), appendID(&locked))
	})
	return locked, ruled, err
}

// forgetEdits deletes what was noted of changes before a moment, in all tenants. The context must be the system's.
func forgetEdits(ctx context.Context, db *pg.DB, before time.Time) error {
	return db.Write(ctx, func(w *pg.Writes) error {
		w.Exec(`delete from product_edits where (key, product_id, tenant_id) in (select key, product_id, tenant_id from product_edits where made_at < $1 limit 10000)`, before)
		return nil
	})
}

// editedBefore reads which products a change with this key has seen to already, and their versions then.
func editedBefore(ctx context.Context, tx *pg.Tx, key string, products []id.ID) (map[id.ID]int64, error) {
	done := map[id.ID]int64{}
	err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue(`select product_id, version from product_edits where key = $1 and product_id = any($2::uuid[])`, key, products), func(rows pgx.Rows) error {
			var product id.ID
			var version int64
			err := rows.Scan(&product, &version)
			done[product] = version
			return err
		})
	})
	return done, err
}

// noteEdits queues the note that a change has seen to products.
func noteEdits(w *pg.Writes, key string, all []edited, at time.Time) {
	var ids []id.ID
	var versions []int64
	for _, e := range all {
		ids, versions = append(ids, e.id), append(versions, e.version)
	}
	if len(ids) > 0 {
		w.Exec(`insert into product_edits (key, product_id, version, made_at)
			select $1, product_id, version, $4 from unnest($2::uuid[], $3::bigint[]) u (product_id, version)`, key, ids, versions, at)
	}
}
