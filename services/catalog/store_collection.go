package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

const collectionColumns = `c.id, c.slug, c.name, c.description, c.kind, c.match, c.rules, c.sort, c.seo_title, c.seo_description, c.status,
	c.building, c.built_after, c.version, c.sequence, c.created_at, c.updated_at`

// lockKey is the lock of a shop's collections with rules, see lockCollections.
const lockKey = `(hashtext('catalog.collections'), hashtext(current_tenant()::text))`

// lockCollections keeps rules from being applied to many products while a transaction changes some, and the other way
// round; and says whether there are rules at all. Whoever changes a product holds it before the product's row: the rules
// it then reads are those that hold when it commits.
func lockCollections(b *pg.Batch, ruled *bool) {
	b.Queue(`select pg_advisory_xact_lock_shared` + lockKey)
	b.Queue(`select exists (select from collections where kind = 'rules')`).QueryRow(func(row pgx.Row) error { return row.Scan(ruled) })
}

// scanned reads a row of collectionColumns.
func scanned(row pgx.Row) (*collection, error) {
	c := new(collection)
	var kept []byte
	var m match
	if err := row.Scan(&c.id, &c.slug, &c.name, &c.description, &c.kind, &m, &kept, &c.sort, &c.seoTitle, &c.seoDescription, &c.status,
		&c.building, &c.builtAfter, &c.version, &c.sequence, &c.createdAt, &c.updatedAt); err != nil {
		return nil, err
	}
	var err error
	c.rules, err = keptRules(c.kind, m, kept)
	return c, err
}

func keptRules(kind collectionKind, m match, kept []byte) (rules, error) {
	var texts []ruleText
	if err := json.Unmarshal(kept, &texts); err != nil {
		return rules{}, fmt.Errorf("catalog: read the rules of a collection: %w", err)
	}
	if kind == manual {
		return rules{match: m}, nil
	}
	return parseRules(m, texts)
}

// loadCollection reads a collection and locks it; nil when there is none.
func loadCollection(ctx context.Context, tx *pg.Tx, which id.ID) (*collection, error) {
	var c *collection
	err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue(`select `+collectionColumns+` from collections c where c.id = $1 for no key update`, which), func(rows pgx.Rows) (err error) {
			c, err = scanned(rows)
			return err
		})
	})
	return c, err
}

// findCollection reads a collection by slug or id; nil when there is none. With onlyPublished, others do not exist.
func findCollection(ctx context.Context, db *pg.DB, slugOrID string, onlyPublished bool) (*collection, error) {
	var c *collection
	where, arg := "c.slug = $1", any(slugOrID)
	if which, err := id.Parse(slugOrID); err == nil {
		where, arg = "c.id = $1", which
	}
	if onlyPublished {
		where += " and c.status = 'published'"
	}
	err := db.Read(ctx, func(b *pg.Batch) {
		c = nil
		pg.Each(b.Queue(`select `+collectionColumns+` from collections c where `+where, arg), func(rows pgx.Rows) (err error) {
			c, err = scanned(rows)
			return err
		})
	})
	return c, err
}

// loadCollectionNames looks for slugs in use, and counts the collections with rules.
func loadCollectionNames(ctx context.Context, tx *pg.Tx, slugs []string) (taken []string, ruled int, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		var found bool
		pg.Each(b.Queue(`select slug from collections where slug = any($1::text[])`, slugs), appendText(&taken))
		pg.Row(b.Queue(`select count(*) from collections where kind = 'rules'`), &found, &ruled)
	})
	return taken, ruled, err
}

func insertCollection(w *pg.Writes, c *collection) error {
	kept, err := json.Marshal(c.rules.texts())
	if err != nil {
		return fmt.Errorf("catalog: keep the rules of a collection: %w", err)
	}
	w.Exec(`insert into collections (id, slug, name, name_key, description, kind, match, rules, sort, seo_title, seo_description, status,
			building, built_after, sweepable, version, sequence, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		c.id, c.slug, c.name, fold(c.name), c.description, string(c.kind), string(c.rules.match), kept, string(c.sort), c.seoTitle, c.seoDescription,
		string(c.status), c.building, c.builtAfter, c.rules.timed(), c.version, c.sequence, c.createdAt, c.updatedAt)
	insertCollectionRefs(w, c)
	return nil
}

func updateCollection(w *pg.Writes, c *collection) error {
	kept, err := json.Marshal(c.rules.texts())
	if err != nil {
		return fmt.Errorf("catalog: keep the rules of a collection: %w", err)
	}
	w.Exec(`update collections set slug = $2, name = $3, name_key = $4, description = $5, match = $6, rules = $7, sort = $8, seo_title = $9,
			seo_description = $10, status = $11, building = $12, built_after = $13, sweepable = $14, version = $15, sequence = $16, updated_at = $17
		where id = $1`,
		c.id, c.slug, c.name, fold(c.name), c.description, string(c.rules.match), kept, string(c.sort), c.seoTitle, c.seoDescription,
		string(c.status), c.building, c.builtAfter, c.rules.timed(), c.version, c.sequence, c.updatedAt)
	w.Exec(`delete from collection_refs where collection_id = $1`, c.id)
	insertCollectionRefs(w, c)
	return nil
}

// insertCollectionRefs writes down what the rules name. The foreign keys refuse what does not exist.
func insertCollectionRefs(w *pg.Writes, c *collection) {
	for i, r := range c.rules.list {
		if column, names := map[string]string{"category": "category_id", "tag": "tag_id", "brand": "brand_id"}[r.Field]; names {
			w.Exec(`insert into collection_refs (collection_id, number, `+column+`) values ($1, $2, $3)`, c.id, i, r.id)
		}
	}
}

// lockCollectionsAlone queues the other side of lockCollections: whoever is about to put products into collections is
// waited for. It comes before the row of any collection.
func lockCollectionsAlone(w *pg.Writes) { w.Exec(`select pg_advisory_xact_lock` + lockKey) }

func deleteCollection(w *pg.Writes, which id.ID) {
	w.Exec(`delete from collections where id = $1`, which)
}

// rebuildByCategory marks the collections whose rules look at categories, because the tree is another one now.
func rebuildByCategory(w *pg.Writes) {
	w.Exec(`update collections set building = true, built_after = null where id in (select collection_id from collection_refs where category_id is not null)`)
}

// listCollections reads one page by name, and the total.
func listCollections(ctx context.Context, db *pg.DB, phrase string, onlyPublished bool, req page.Request) ([]*catalogv1.Collection, *typev1.PageInfo, error) {
	var counted conditions
	if phrase != "" {
		counted.add("strpos(c.name_key, ?) > 0", phrase)
	}
	if onlyPublished {
		counted.add("c.status = 'published'")
	}
	shown := counted.clone()
	if err := shown.behindName("c", req.After); err != nil {
		return nil, nil, err
	}
	return listing[*catalogv1.Collection]{
		columns: collectionColumns, from: "collections c", order: "c.name_key, c.id", key: nameKey[*catalogv1.Collection], size: sizeOf[*catalogv1.Collection],
		scan: func(rows pgx.Rows) (*catalogv1.Collection, error) {
			c, err := scanned(rows)
			if err != nil {
				return nil, err
			}
			return collectionToProto(c), nil
		},
	}.read(ctx, db, req, counted, shown)
}

// taxonomy adds the conditions on brand and collection.
func (f productFilter) taxonomy(c *conditions) {
	if !f.brand.IsZero() {
		c.add("p.brand_id = ?", f.brand)
	}
	if f.brandSlug != "" {
		which, args := slugID(brandTexts, f.brandSlug, f.locales)
		c.add("p.brand_id = "+which, args...)
	}
	if f.collection != "" {
		is, args := f.collectionIs(f.collection)
		c.add("p.id in (select product_id from collection_products where collection_id = (select c.id from collections c where "+is+" and c.status = 'published'))", args...)
	}
}

// collectionIs is the condition that c is the collection of an id, or of a slug in any language.
func (f productFilter) collectionIs(slugOrID string) (condition string, args []any) {
	if which, err := id.Parse(slugOrID); err == nil {
		return "c.id = ?", []any{which}
	}
	which, args := slugID(collectionTexts, slugOrID, f.locales)
	return "c.id = " + which, args
}

// memberOrder is what a collection's own order sorts by, all of it ascending: one place for all orders, so that neither
// the collection has to be read before its products nor a position depends on it.
const memberOrder = `case c.sort when 'position' then cp.position else 0 end as place,
	case c.sort when 'newest' then -(extract(epoch from p.created_at) * 1000000)::bigint
		when 'oldest' then (extract(epoch from p.created_at) * 1000000)::bigint
		when 'price' then coalesce(p.min_price, 9223372036854775807)
		when 'price_desc' then coalesce(-p.min_price, 9223372036854775807) else 0 end as number,
	case c.sort when 'title' then p.title_key else '' end as title`

// listMembers reads one page of a collection's products in its own order, and the total: two statements in one round
// trip. collection is a slug or an id; with a status in f it has to be published itself.
func listMembers(ctx context.Context, db *pg.DB, f productFilter, collection string, show func(p *catalogv1.Product) error) ([]*catalogv1.Product, *typev1.PageInfo, error) {
	f.collection = ""
	counted := f.conditions()
	is, args := f.collectionIs(collection)
	counted.add(is, args...)
	if f.status != "" {
		counted.add("c.status = 'published'")
	}
	const from = ` from collections c join collection_products cp on cp.collection_id = c.id join products p on p.id = cp.product_id`
	members := `select p.id, p.doc, p.brand_id, ` + memberOrder + from + counted.where()
	var behind conditions
	behind.args = slices.Clone(counted.args)
	if len(f.page.After) > 0 {
		if err := behind.behindMember(f.page.After); err != nil {
			return nil, nil, err
		}
	}
	overlays, args := noOverlays, behind.args
	if len(f.locales) > 0 {
		args = append(slices.Clone(args), f.locales)
		overlays = overlaysSQL(len(args))
	}
	var out []*catalogv1.Product // none where it is too much to be read
	var keys [][]byte
	var total int64
	var attributes map[string]*attribute
	const order = `p.place, p.number, p.title, p.id`
	err := db.Read(ctx, func(b *pg.Batch) {
		out, keys = nil, nil
		pg.Each(b.Queue(`select `+DocumentSQL+overlays+`, `+order+` from (select p.brand_id, `+boundedDoc(order)+`, `+order+` from (select * from (`+members+`) m`+behind.where()+
			` order by m.place, m.number, m.title, m.id`+limitOffset(f.page)+`) p) p order by `+order, args...), func(rows pgx.Rows) error {
			var doc []byte
			var ofProduct, ofCategories [][]byte
			var place, number int64
			var title string
			var which id.ID
			if err := rows.Scan(&doc, &ofProduct, &ofCategories, &place, &number, &title, &which); err != nil {
				return err
			}
			keys = append(keys, page.Key(memberKey, strconv.FormatInt(place, 10), strconv.FormatInt(number, 10), title, which.String()))
			if doc == nil {
				out = append(out, nil)
				return nil
			}
			p, err := parseDocumentIn(doc, f.locales)
			if err == nil {
				err = inLanguages(p, ofProduct, ofCategories)
			}
			out = append(out, p)
			return err
		})
		attributes = queueTotal(b, `select count(*) from (select`+from+counted.where()+` limit `+strconv.Itoa(page.CountLimit+1)+`) t`, counted.args, f.attributes, &total)
	})
	if err != nil {
		return nil, nil, err
	}
	if err := checkFilters(f.attributes, attributes); err != nil {
		return nil, nil, err
	}
	var shown listPage
	for _, p := range out[:min(f.page.Limit, len(out))] {
		if p == nil {
			break
		}
		if err := show(p); err != nil {
			return nil, nil, err
		}
		if !shown.add(p) {
			break
		}
	}
	var last []byte
	more := len(shown.products) < len(out)
	if more {
		last = keys[len(shown.products)-1]
	}
	return shown.products, page.Info(total, more, last), nil
}

// memberKey marks the positions of listMembers.
const memberKey = "member"

func (c *conditions) behindMember(after []byte) error {
	parts, err := page.ParseKey(after, 5)
	if err != nil || parts[0] != memberKey {
		return page.ErrBadCursor
	}
	place, err1 := strconv.ParseInt(parts[1], 10, 32)
	number, err2 := strconv.ParseInt(parts[2], 10, 64)
	last, err3 := id.Parse(parts[4])
	if err1 != nil || err2 != nil || err3 != nil {
		return page.ErrBadCursor
	}
	c.add(`(m.place, m.number, m.title, m.id) > (?::integer, ?::bigint, ?::text collate "C", ?::uuid)`, place, number, parts[3], last)
	return nil
}

// traitsSQL reads what rules look at of products p.
const traitsSQL = `select p.id, p.title_key, p.brand_id, p.min_price, p.available, p.created_at,
	array(select tag_id from product_tags where product_id = p.id),
	array(with recursive up as (
		select c.id, c.parent_id from categories c where c.id = any(array(select category_id from product_categories where product_id = p.id))
		union select a.id, a.parent_id from categories a join up on a.id = up.parent_id) select id from up),
	array(select sku from variants where product_id = p.id)
	from products p`

func appendTraits(to *[]traits) func(rows pgx.Rows) error {
	return func(rows pgx.Rows) error {
		var t traits
		err := rows.Scan(&t.product, &t.title, &t.brand, &t.price, &t.available, &t.createdAt, &t.tags, &t.categories, &t.skus)
		*to = append(*to, t)
		return err
	}
}

// gather brings the collections with rules up to date with products that the transaction has changed, in one round trip.
// The caller holds lockCollections.
func gather(ctx context.Context, tx *pg.Tx, at time.Time, products ...id.ID) error {
	ruled := map[id.ID]rules{}
	is := map[id.ID]map[id.ID]bool{} // collection to its products among these
	var now []traits
	if err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue(`select id, match, rules from collections where kind = 'rules'`), func(rows pgx.Rows) error {
			var which id.ID
			var m match
			var kept []byte
			err := rows.Scan(&which, &m, &kept)
			if err == nil {
				ruled[which], err = keptRules(ruleBased, m, kept)
			}
			return err
		})
		pg.Each(b.Queue(`select collection_id, product_id from collection_products where product_id = any($1::uuid[])`, products), func(rows pgx.Rows) error {
			var collection, product id.ID
			err := rows.Scan(&collection, &product)
			if is[collection] == nil {
				is[collection] = map[id.ID]bool{}
			}
			is[collection][product] = true
			return err
		})
		pg.Each(b.Queue(traitsSQL+` where p.id = any($1::uuid[])`, products), appendTraits(&now))
	}); err != nil {
		return err
	}
	for collection, r := range ruled {
		in, out := r.sift(now, at, is[collection])
		moveMembers(&tx.Writes, collection, in, out)
	}
	return nil
}

// sift says which products come into a collection and which leave it. is holds those that are in it now.
func (r rules) sift(products []traits, at time.Time, is map[id.ID]bool) (in, out []id.ID) {
	for i := range products {
		which := products[i].product
		switch holds := r.hold(&products[i], at); {
		case holds && !is[which]:
			in = append(in, which)
		case !holds && is[which]:
			out = append(out, which)
		}
	}
	return in, out
}

func moveMembers(w *pg.Writes, collection id.ID, in, out []id.ID) {
	if len(in) > 0 {
		w.Exec(`insert into collection_products (collection_id, product_id, position) select $1, p, 0 from unnest($2::uuid[]) p on conflict do nothing`, collection, in)
	}
	if len(out) > 0 {
		w.Exec(`delete from collection_products where collection_id = $1 and product_id = any($2::uuid[])`, collection, out)
	}
}

// loadChunkOf takes the lock of the collections alone, locks a collection, and reads the next products it has to look at;
// nil when it is not being built.
func loadChunkOf(ctx context.Context, tx *pg.Tx, which id.ID, limit int) (c *collection, chunk []traits, is map[id.ID]bool, err error) {
	lockCollectionsAlone(&tx.Writes)
	if err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue(`select `+collectionColumns+` from collections c where c.id = $1 and c.building for no key update`, which), func(rows pgx.Rows) (err error) {
			c, err = scanned(rows)
			return err
		})
	}); err != nil || c == nil {
		return nil, nil, nil, err
	}
	is = map[id.ID]bool{}
	err = tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue(traitsSQL+` where p.id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') order by p.id limit $2`, c.builtAfter, limit), appendTraits(&chunk))
		pg.Each(b.Queue(`select product_id from collection_products where collection_id = $1 and product_id = any(array(
				select id from products where id > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000') order by id limit $3))`,
			which, c.builtAfter, limit), appendTo(is))
	})
	return c, chunk, is, err
}

func appendTo(set map[id.ID]bool) func(rows pgx.Rows) error {
	return func(rows pgx.Rows) error {
		var one id.ID
		err := rows.Scan(&one)
		set[one] = true
		return err
	}
}

func saveBuild(w *pg.Writes, c *collection) {
	w.Exec(`update collections set building = $2, built_after = $3, sequence = $4 where id = $1`, c.id, c.building, c.builtAfter, c.sequence)
}

// loadStale takes the lock of the collections alone and reads members of a collection behind a position that were made
// before a moment; c is nil when there is no such collection.
func loadStale(ctx context.Context, tx *pg.Tx, which id.ID, before time.Time, after id.ID, limit int) (c *collection, chunk []traits, err error) {
	lockCollectionsAlone(&tx.Writes)
	err = tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue(`select `+collectionColumns+` from collections c where c.id = $1 for no key update`, which), func(rows pgx.Rows) (err error) {
			c, err = scanned(rows)
			return err
		})
		pg.Each(b.Queue(traitsSQL+` where p.id = any(array(select cp.product_id from collection_products cp join products s on s.id = cp.product_id
				where cp.collection_id = $1 and s.created_at <= $2 and cp.product_id > coalesce($3::uuid, '00000000-0000-0000-0000-000000000000')
				order by cp.product_id limit $4)) order by p.id`, which, before, after, limit), appendTraits(&chunk))
	})
	return c, chunk, err
}

// due is a collection somebody has to look after.
type due struct {
	tenant, collection id.ID
	building           bool
	rules              rules
}

// dueCollections lists, of all shops, the collections that are being built or that time takes products out of.
func dueCollections(ctx context.Context, db *pg.DB) ([]due, error) {
	var out []due
	err := db.Read(tenant.WithSystem(ctx), func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue(`select tenant_id, id, building, match, rules from collections where building or sweepable order by tenant_id, id`), func(rows pgx.Rows) error {
			var d due
			var m match
			var kept []byte
			err := rows.Scan(&d.tenant, &d.collection, &d.building, &m, &kept)
			if err == nil {
				d.rules, err = keptRules(ruleBased, m, kept)
			}
			out = append(out, d)
			return err
		})
	})
	return out, err
}

// loadMembers reads which of some products exist, and the size and last position of a collection.
func loadMembers(ctx context.Context, tx *pg.Tx, which id.ID, products []id.ID) (known []id.ID, is map[id.ID]bool, size int64, last int32, err error) {
	is = map[id.ID]bool{}
	err = tx.Read(ctx, func(b *pg.Batch) {
		var found bool
		pg.Each(b.Queue(`select id from products where id = any($1::uuid[])`, products), appendID(&known))
		pg.Each(b.Queue(`select product_id from collection_products where collection_id = $1 and product_id = any($2::uuid[])`, which, products), appendTo(is))
		pg.Row(b.Queue(`select count(*), coalesce(max(position), -1) from collection_products where collection_id = $1`, which), &found, &size, &last)
	})
	return known, is, size, last, err
}

// insertMembers puts products at the end, first being the position of the first.
func insertMembers(w *pg.Writes, which id.ID, first int32, products []id.ID) {
	if len(products) > 0 {
		w.Exec(`insert into collection_products (collection_id, product_id, position)
			select $1, p.id, $2 + p.n - 1 from unnest($3::uuid[]) with ordinality p (id, n)`, which, first, products)
	}
}

// replaceMembers makes a collection hold these products in this order.
func replaceMembers(w *pg.Writes, which id.ID, products []id.ID) {
	w.Exec(`delete from collection_products where collection_id = $1`, which)
	insertMembers(w, which, 0, products)
}

func deleteMember(w *pg.Writes, which, product id.ID) {
	w.Exec(`delete from collection_products where collection_id = $1 and product_id = $2`, which, product)
}

// maxNaming is how many collections are told of that stand in the way.
const maxNaming = 20

// collectionsNaming reads the collections whose rules name a category, tag or brand, as far as they are told of.
func collectionsNaming(ctx context.Context, db *pg.DB, which id.ID) (out []*collection, err error) {
	err = db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue(`select c.id, c.slug, c.name from collections c where c.id in (
				select collection_id from collection_refs where category_id = $1
				union all select collection_id from collection_refs where tag_id = $1
				union all select collection_id from collection_refs where brand_id = $1)
			order by c.name, c.id limit $2`, which, maxNaming), func(rows pgx.Rows) error {
			c := new(collection)
			err := rows.Scan(&c.id, &c.slug, &c.name)
			out = append(out, c)
			return err
		})
	})
	return out, err
}
