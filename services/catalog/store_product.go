package catalog

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
	"github.com/sovecom/sovecom/kit/pg"
)

// DocumentSQL is the whole document of products p: what is rendered, and its brand, categories, tags and attributes as they
// are now. It needs the columns id, doc and brand_id. Others may use it to measure what reading a product costs at least.
// The ids are read first, into an array: then the planner looks for a few rows by key, whatever it knows of the tables.
const DocumentSQL = `p.doc
	|| coalesce((select b.ref || b.names from brands b where b.id = p.brand_id), ''::bytea)
	|| coalesce((select string_agg(c.ref, ''::bytea order by c.position, c.name_key, c.id) from categories c
		where c.id = any(array(select pc.category_id from product_categories pc where pc.product_id = p.id))), ''::bytea)
	|| coalesce((select string_agg(t.ref || t.names, ''::bytea order by t.name_key, t.id) from tags t
		where t.id = any(array(select pt.tag_id from product_tags pt where pt.product_id = p.id))), ''::bytea)` + attributeRefsSQL

// loadProduct reads a product and locks it until the transaction ends.
func loadProduct(ctx context.Context, tx *pg.Tx, which id.ID) (*product, error) {
	return readProduct(which, " for update", func(build func(b *pg.Batch)) error { return tx.Read(ctx, build) })
}

// readProduct reads the rows a product consists of, in one round trip; nil when there is none.
func readProduct(which id.ID, lock string, read func(build func(b *pg.Batch)) error) (*product, error) {
	found, err := readProducts([]id.ID{which}, lock, read)
	return found[which], err
}

// readProducts reads the rows products consist of, in one round trip and one statement for each kind of row, however many
// products there are. Those that do not exist are left out. With a lock they are locked in the order of their ids.
func readProducts(which []id.ID, lock string, read func(build func(b *pg.Batch)) error) (map[id.ID]*product, error) {
	var all map[id.ID]*product
	var markets []market
	err := read(func(b *pg.Batch) {
		all = make(map[id.ID]*product, len(which))
		// of is the product a row belongs to; a row of one that is not there belongs to nobody.
		of := func(owner id.ID) *product {
			if p := all[owner]; p != nil {
				return p
			}
			return new(product)
		}
		var ruled bool
		if lock != "" {
			lockCollections(b, &ruled)
		}
		pg.Each(b.Queue(`select id, slug, title, description, status, seo_title, seo_description, brand_id, version, sequence, created_at, updated_at, bundle
			from products where id = any($1::uuid[]) order by id`+lock, which), func(rows pgx.Rows) error {
			p := &product{ruled: ruled}
			err := rows.Scan(&p.id, &p.slug, &p.title, &p.description, &p.status, &p.seoTitle, &p.seoDescription, &p.brand,
				&p.version, &p.sequence, &p.createdAt, &p.updatedAt, &p.bundle)
			all[p.id] = p
			return err
		})
		pg.Each(b.Queue(`select o.product_id, o.name, array_agg(v.value order by v.position) from product_options o
			join product_option_values v on v.product_id = o.product_id and v.option_name = o.name
			where o.product_id = any($1::uuid[]) group by o.product_id, o.name, o.position order by o.product_id, o.position`, which), func(rows pgx.Rows) error {
			var owner id.ID
			var o option
			err := rows.Scan(&owner, &o.name, &o.values)
			p := of(owner)
			p.options = append(p.options, o)
			return err
		})
		options := map[id.ID]map[string]string{}
		pg.Each(b.Queue(`select variant_id, option_name, value from variant_option_values where product_id = any($1::uuid[])`, which), func(rows pgx.Rows) error {
			var variant id.ID
			var name, value string
			if err := rows.Scan(&variant, &name, &value); err != nil {
				return err
			}
			if options[variant] == nil {
				options[variant] = map[string]string{}
			}
			options[variant][name] = value
			return nil
		})
		facts, more := readFacts(b, which, of), map[id.ID][]basePrice{}
		markets = nil
		pg.Each(b.Queue(marketsSQL), scanMarket(&markets))
		queueBasePrices(b, which, more)
		pg.Each(b.Queue(`select product_id, id, sku, title, price, currency, compare_at_price, weight_grams, position, available, short_of, version, created_at, updated_at,
				sold_at is not null, archived_at is not null, prior_price, image_id, offers
			from variants where product_id = any($1::uuid[]) order by product_id, position, id`, which), func(rows pgx.Rows) error {
			var owner id.ID
			var v variant
			var offers []byte
			err := rows.Scan(&owner, &v.id, &v.sku, &v.title, &v.price.Amount, &v.price.Currency, &v.compareAt, &v.weight, &v.position, &v.available, &v.shortOf,
				&v.version, &v.createdAt, &v.updatedAt, &v.sold, &v.archived, &v.prior, &v.image, &offers)
			if err == nil {
				v.entries, err = entriesFrom(offers)
			}
			v.options, v.more, v.facts = options[v.id], more[v.id], facts[v.id]
			p := of(owner)
			p.variants = append(p.variants, v)
			return err
		})
		pg.Each(b.Queue(`select product_id, own_alt, `+imageColumns+` from product_images i where product_id = any($1::uuid[])
			order by product_id, position`, which), func(rows pgx.Rows) error {
			var owner id.ID
			var img image
			var read imageRow
			err := rows.Scan(append([]any{&owner, &img.ownAlt}, read.into(&img)...)...)
			if err == nil {
				err = read.finish(&img)
			}
			p := of(owner)
			p.images = append(p.images, img)
			return err
		})
		pg.Each(b.Queue(`select product_id, category_id from product_categories where product_id = any($1::uuid[]) order by product_id, category_id`, which),
			func(rows pgx.Rows) error {
				var owner, category id.ID
				err := rows.Scan(&owner, &category)
				p := of(owner)
				p.categories = append(p.categories, category)
				return err
			})
		pg.Each(b.Queue(`select product_id, tag_id from product_tags where product_id = any($1::uuid[]) order by product_id, tag_id`, which),
			func(rows pgx.Rows) error {
				var owner, tag id.ID
				err := rows.Scan(&owner, &tag)
				p := of(owner)
				p.tags = append(p.tags, tag)
				return err
			})
		readLifecycle(b, which, of)
		queueReach(b, which, of)
	})
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		p.markets = markets
	}
	return all, nil
}

func appendID(to *[]id.ID) func(rows pgx.Rows) error {
	return func(rows pgx.Rows) error {
		var one id.ID
		err := rows.Scan(&one)
		*to = append(*to, one)
		return err
	}
}

// readDocument sends what is queued and reads the product's document as it then is.
func readDocument(ctx context.Context, tx *pg.Tx, which id.ID) ([]byte, error) {
	var doc []byte
	var found bool
	err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select `+DocumentSQL+` from products p where p.id = $1`, which), &found, &doc)
	})
	return doc, err
}

// insertProducts queues everything of new products, in a fixed number of statements.
func insertProducts(w *pg.Writes, products []*product) error {
	var r struct {
		id                                       []id.ID
		slug, title, titleKey, status            []string
		description, seoTitle, seoDesc           []*string
		brand                                    []id.ID
		low, high                                []*int64
		available                                []bool
		doc                                      [][]byte
		version, sequence                        []int64
		createdAt, updatedAt                     []time.Time
		imageProduct, image                      []id.ID
		imageURL, imageAlt                       []string
		imageWidth, imageHeight, imagePosition   []int32
		categoryProduct, category, tagProd, tags []id.ID
	}
	beginPrices(products)
	for _, p := range products {
		doc, err := render(p)
		if err != nil {
			return err
		}
		low, high := priceColumns(p)
		r.id, r.slug, r.title, r.titleKey = append(r.id, p.id), append(r.slug, p.slug), append(r.title, p.title), append(r.titleKey, fold(p.title))
		r.status, r.description = append(r.status, string(p.status)), append(r.description, p.description)
		r.seoTitle, r.seoDesc, r.brand = append(r.seoTitle, p.seoTitle), append(r.seoDesc, p.seoDescription), append(r.brand, p.brand)
		r.low, r.high, r.available, r.doc = append(r.low, low), append(r.high, high), append(r.available, p.anyAvailable()), append(r.doc, doc)
		r.version, r.sequence = append(r.version, p.version), append(r.sequence, p.sequence)
		r.createdAt, r.updatedAt = append(r.createdAt, p.createdAt), append(r.updatedAt, p.updatedAt)
	}
	w.Exec(`insert into products (id, slug, title, title_key, description, status, seo_title, seo_description, brand_id, min_price, max_price,
			available, doc, version, sequence, created_at, updated_at)
		select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::uuid[], $10::bigint[], $11::bigint[],
			$12::boolean[], $13::bytea[], $14::bigint[], $15::bigint[], $16::timestamptz[], $17::timestamptz[])`,
		r.id, r.slug, r.title, r.titleKey, r.description, r.status, r.seoTitle, r.seoDesc, r.brand, r.low, r.high,
		r.available, r.doc, r.version, r.sequence, r.createdAt, r.updatedAt)
	insertOptions(w, products)
	var variants []variantOf
	for _, p := range products {
		for i := range p.variants {
			variants = append(variants, variantOf{p.id, &p.variants[i]})
		}
	}
	insertVariants(w, variants)
	if err := insertPrices(w, products); err != nil {
		return err
	}
	if err := insertImages(w, products); err != nil {
		return err
	}
	insertLinks(w, products)
	insertFacts(w, products, variants)
	insertLifecycle(w, products)
	return nil
}

// saved is a product that changed, with what of it is different.
type saved struct {
	*product

	changes changes
}

// saveProduct queues the difference to an earlier state, and the read columns.
func saveProduct(w *pg.Writes, p *product, c changes) error { return saveProducts(w, []saved{{p, c}}) }

// saveProducts queues the differences of products to earlier states, and their read columns: a statement or two for each
// kind of row, however many products there are.
func saveProducts(w *pg.Writes, products []saved) error {
	if len(products) == 0 {
		return nil
	}
	var moved, optioned, shown, linked, scheduled []*product
	var published, pictured, sorted []id.ID
	var removed, archived, chosen []id.ID
	var changed, added []variantOf
	for _, s := range products {
		p, c := s.product, s.changes
		if c.status {
			moved, published = append(moved, p), append(published, p.id)
		}
		if c.options {
			optioned = append(optioned, p)
		}
		if c.images {
			shown, pictured = append(shown, p), append(pictured, p.id)
		}
		if c.category || c.tags {
			linked, sorted = append(linked, p), append(sorted, p.id)
		}
		if c.schedule {
			scheduled = append(scheduled, p)
		}
		removed, archived, chosen = append(removed, c.removed...), append(archived, c.archived...), append(chosen, c.chosen...)
		for i := range c.changed {
			changed = append(changed, variantOf{p.id, &c.changed[i]})
		}
		for i := range c.added {
			added = append(added, variantOf{p.id, &c.added[i]})
		}
	}
	if err := updateProducts(w, products); err != nil {
		return err
	}
	if len(moved) > 0 {
		w.Exec(`update product_categories c set published = p.status = 'published' from products p
			where c.product_id = any($1::uuid[]) and p.id = c.product_id`, published)
	}
	insertOptions(w, optioned)
	if len(removed) > 0 {
		w.Exec(`delete from variants where id = any($1::uuid[])`, removed)
	}
	updateVariants(w, changed, chosen)
	insertVariants(w, added)
	if err := savePrices(w, append(changed, added...)); err != nil {
		return err
	}
	if len(shown) > 0 {
		w.Exec(`delete from product_images where product_id = any($1::uuid[])`, pictured)
		if err := insertImages(w, shown); err != nil {
			return err
		}
	}
	if len(linked) > 0 {
		dropLinks(w, linked, sorted)
		insertLinks(w, linked)
	}
	saveFacts(w, products)
	saveLifecycle(w, scheduled, archived)
	return nil
}

// updateProducts queues the rows of products themselves.
func updateProducts(w *pg.Writes, products []saved) error {
	var r struct {
		id                             []id.ID
		slug, title, titleKey, status  []string
		description, seoTitle, seoDesc []*string
		brand                          []id.ID
		low, high                      []*int64
		available                      []bool
		doc                            [][]byte
		version, sequence              []int64
		updatedAt                      []time.Time
	}
	for _, p := range products {
		doc, err := render(p.product)
		if err != nil {
			return err
		}
		low, high := priceColumns(p.product)
		r.id, r.slug, r.title, r.titleKey = append(r.id, p.id), append(r.slug, p.slug), append(r.title, p.title), append(r.titleKey, fold(p.title))
		r.status, r.description = append(r.status, string(p.status)), append(r.description, p.description)
		r.seoTitle, r.seoDesc, r.brand = append(r.seoTitle, p.seoTitle), append(r.seoDesc, p.seoDescription), append(r.brand, p.brand)
		r.low, r.high, r.available, r.doc = append(r.low, low), append(r.high, high), append(r.available, p.anyAvailable()), append(r.doc, doc)
		r.version, r.sequence, r.updatedAt = append(r.version, p.version), append(r.sequence, p.sequence), append(r.updatedAt, p.updatedAt)
	}
	w.Exec(`update products p set slug = n.slug, title = n.title, title_key = n.title_key, description = n.description, status = n.status,
			seo_title = n.seo_title, seo_description = n.seo_description, brand_id = n.brand, min_price = n.low, max_price = n.high,
			available = n.available, doc = n.doc, version = n.version, sequence = n.sequence, updated_at = n.updated_at
		from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::uuid[], $10::bigint[], $11::bigint[],
			$12::boolean[], $13::bytea[], $14::bigint[], $15::bigint[], $16::timestamptz[])
			n (id, slug, title, title_key, description, status, seo_title, seo_description, brand, low, high, available, doc, version, sequence, updated_at)
		where p.id = n.id`,
		r.id, r.slug, r.title, r.titleKey, r.description, r.status, r.seoTitle, r.seoDesc, r.brand, r.low, r.high,
		r.available, r.doc, r.version, r.sequence, r.updatedAt)
	return nil
}

// saveAvailability queues what follows from one variant having become available, or no longer being so.
func saveAvailability(w *pg.Writes, p *product, v *variant) error {
	doc, err := render(p)
	if err != nil {
		return err
	}
	w.Exec(`update variants set available = $2 where id = $1`, v.id, v.available)
	w.Exec(`update products set available = $2, doc = $3, sequence = $4 where id = $1`, p.id, p.anyAvailable(), doc, p.sequence)
	return nil
}

// saveShortOf queues how many units of a variant bundles cannot take at once.
func saveShortOf(w *pg.Writes, variant id.ID, quantity int64) {
	w.Exec(`update variants set short_of = $2 where id = $1`, variant, quantity)
}

func deleteProduct(w *pg.Writes, which id.ID) { w.Exec(`delete from products where id = $1`, which) }

func priceColumns(p *product) (low, high *int64) {
	l, h, ok := p.prices()
	if !ok {
		return nil, nil
	}
	return &l, &h
}

// replaceOptions queues the options of a product in place of those it had, and what its variants choose among them.
func replaceOptions(w *pg.Writes, p *product) {
	w.Exec(`delete from product_options where product_id = $1`, p.id)
	insertOptions(w, []*product{p})
	variants := make([]variantOf, len(p.variants))
	for i := range p.variants {
		variants[i] = variantOf{p.id, &p.variants[i]}
	}
	insertVariantOptions(w, variants)
}

// insertOptions adds what is missing; only replaceOptions takes options and values away.
func insertOptions(w *pg.Writes, products []*product) {
	var product, valueProduct []id.ID
	var name, valueName, value []string
	var position, valuePosition []int32
	for _, p := range products {
		for i, o := range p.options {
			product, name, position = append(product, p.id), append(name, o.name), append(position, int32(i))
			for j, v := range o.values {
				valueProduct, valueName = append(valueProduct, p.id), append(valueName, o.name)
				value, valuePosition = append(value, v), append(valuePosition, int32(j))
			}
		}
	}
	if len(product) == 0 {
		return
	}
	w.Exec(`insert into product_options (product_id, name, position)
		select * from unnest($1::uuid[], $2::text[], $3::int[]) on conflict do nothing`, product, name, position)
	w.Exec(`insert into product_option_values (product_id, option_name, value, position)
		select * from unnest($1::uuid[], $2::text[], $3::text[], $4::int[]) on conflict do nothing`, valueProduct, valueName, value, valuePosition)
}

// variantOf is a variant with its product.
type variantOf struct {
	product id.ID
	*variant
}

func insertVariants(w *pg.Writes, variants []variantOf) {
	var r struct {
		id, product          []id.ID
		sku, title, currency []string
		price                []int64
		compareAt, weight    []*int64
		position             []int32
		available            []bool
		version              []int64
		createdAt, updatedAt []time.Time
		image                []id.ID
	}
	for _, v := range variants {
		r.image = append(r.image, v.image)
		r.id, r.product, r.sku, r.title = append(r.id, v.id), append(r.product, v.product), append(r.sku, v.sku), append(r.title, v.title)
		r.price, r.currency, r.compareAt = append(r.price, v.price.Amount), append(r.currency, v.price.Currency), append(r.compareAt, v.compareAt)
		r.weight, r.position, r.available = append(r.weight, v.weight), append(r.position, v.position), append(r.available, v.available)
		r.version, r.createdAt, r.updatedAt = append(r.version, v.version), append(r.createdAt, v.createdAt), append(r.updatedAt, v.updatedAt)
	}
	if len(r.id) == 0 {
		return
	}
	w.Exec(`insert into variants (id, product_id, sku, title, price, currency, compare_at_price, weight_grams, position, available, version, created_at, updated_at, image_id)
		select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[], $9::int[], $10::boolean[],
			$11::bigint[], $12::timestamptz[], $13::timestamptz[], $14::uuid[])`,
		r.id, r.product, r.sku, r.title, r.price, r.currency, r.compareAt, r.weight, r.position, r.available, r.version, r.createdAt, r.updatedAt, r.image)
	insertVariantOptions(w, variants)
}

// updateVariants queues the rows of variants themselves, and the values of those that are chosen by other ones now.
func updateVariants(w *pg.Writes, variants []variantOf, chosen []id.ID) {
	if len(variants) == 0 {
		return
	}
	var r struct {
		id                   []id.ID
		sku, title, currency []string
		price                []int64
		compareAt, weight    []*int64
		position             []int32
		version              []int64
		updatedAt            []time.Time
		image                []id.ID
	}
	for _, v := range variants {
		r.image = append(r.image, v.image)
		r.id, r.sku, r.title = append(r.id, v.id), append(r.sku, v.sku), append(r.title, v.title)
		r.price, r.currency, r.compareAt = append(r.price, v.price.Amount), append(r.currency, v.price.Currency), append(r.compareAt, v.compareAt)
		r.weight, r.position = append(r.weight, v.weight), append(r.position, v.position)
		r.version, r.updatedAt = append(r.version, v.version), append(r.updatedAt, v.updatedAt)
	}
	w.Exec(`update variants v set sku = n.sku, title = n.title, price = n.price, currency = n.currency, compare_at_price = n.compare_at,
			weight_grams = n.weight, position = n.position, version = n.version, updated_at = n.updated_at, image_id = n.image
		from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::int[], $9::bigint[], $10::timestamptz[], $11::uuid[])
			n (id, sku, title, price, currency, compare_at, weight, position, version, updated_at, image)
		where v.id = n.id`,
		r.id, r.sku, r.title, r.price, r.currency, r.compareAt, r.weight, r.position, r.version, r.updatedAt, r.image)
	if len(chosen) == 0 {
		return
	}
	others := make(map[id.ID]bool, len(chosen))
	for _, which := range chosen {
		others[which] = true
	}
	variants = slices.DeleteFunc(slices.Clone(variants), func(v variantOf) bool { return !others[v.id] })
	w.Exec(`delete from variant_option_values where product_id = any($1::uuid[]) and variant_id = any($2::uuid[])`, productsOf(variants), chosen)
	insertVariantOptions(w, variants)
}

// productsOf are the products that variants belong to, each once.
func productsOf(variants []variantOf) []id.ID {
	out := make([]id.ID, len(variants))
	for i, v := range variants {
		out[i] = v.product
	}
	return uniqueIDs(out)
}

func insertVariantOptions(w *pg.Writes, variants []variantOf) {
	var product, variant []id.ID
	var name, value []string
	for _, v := range variants {
		for _, n := range sortedKeys(v.options) {
			product, variant, name, value = append(product, v.product), append(variant, v.id), append(name, n), append(value, v.options[n])
		}
	}
	if len(product) == 0 {
		return
	}
	w.Exec(`insert into variant_option_values (product_id, variant_id, option_name, value)
		select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[])`, product, variant, name, value)
}

// dropLinks queues that products leave the categories and lose the tags they no longer have.
func dropLinks(w *pg.Writes, products []*product, ids []id.ID) {
	for _, kind := range []struct {
		table, other string
		of           func(p *product) []id.ID
	}{
		{"product_categories", "category_id", func(p *product) []id.ID { return p.categories }},
		{"product_tags", "tag_id", func(p *product) []id.ID { return p.tags }},
	} {
		owners, kept := []id.ID{}, []id.ID{}
		for _, p := range products {
			for _, one := range kind.of(p) {
				owners, kept = append(owners, p.id), append(kept, one)
			}
		}
		w.Exec(`delete from `+kind.table+` l where l.product_id = any($1::uuid[]) and (l.product_id, l.`+kind.other+`) not in
			(select * from unnest($2::uuid[], $3::uuid[]))`, ids, owners, kept)
	}
}

func insertLinks(w *pg.Writes, products []*product) {
	links := func(of func(p *product) []id.ID) (product, other []id.ID) {
		for _, p := range products {
			for _, one := range of(p) {
				product, other = append(product, p.id), append(other, one)
			}
		}
		return product, other
	}
	if product, other := links(func(p *product) []id.ID { return p.categories }); len(product) > 0 {
		w.Exec(`insert into product_categories (product_id, category_id, published)
			select l.product_id, l.category_id, p.status = 'published' from unnest($1::uuid[], $2::uuid[]) l (product_id, category_id) join products p on p.id = l.product_id
			on conflict do nothing`, product, other)
	}
	if product, other := links(func(p *product) []id.ID { return p.tags }); len(product) > 0 {
		w.Exec(`insert into product_tags (product_id, tag_id) select * from unnest($1::uuid[], $2::uuid[]) on conflict do nothing`, product, other)
	}
}

func notNil(ids []id.ID) []id.ID {
	if ids == nil {
		return []id.ID{} // a NULL array would make every comparison unknown
	}
	return ids
}

// taken is what of a caller's wishes exists already.
type taken struct {
	slugs      []string
	skus       []string
	categories []id.ID
	tags       []id.ID
	brands     []id.ID
	reach      []reach // where those categories and tags lead
	ruled      bool    // there are collections with rules
}

// loadTaken looks for slugs and SKUs that are in use, and for those categories and tags that exist.
func loadTaken(ctx context.Context, tx *pg.Tx, slugs, skus []string, categories, tags []id.ID) (taken, error) {
	t := taken{reach: make([]reach, 2)}
	err := tx.Read(ctx, func(b *pg.Batch) {
		lockCollections(b, &t.ruled)
		pg.Each(b.Queue(`select slug from products where slug = any($1::text[])`, slugs), appendText(&t.slugs))
		pg.Each(b.Queue(`select sku from variants where sku = any($1::text[])`, skus), appendText(&t.skus))
		if len(categories) > 0 {
			pg.Each(b.Queue(`select id from categories where id = any($1::uuid[])`, categories), appendID(&t.categories))
		}
		if len(tags) > 0 {
			pg.Each(b.Queue(`select id from tags where id = any($1::uuid[])`, tags), appendID(&t.tags))
		}
		queueReachOf(b, categories, tags, &t.reach[0], &t.reach[1])
	})
	return t, err
}

func appendText(to *[]string) func(rows pgx.Rows) error {
	return func(rows pgx.Rows) error {
		var one string
		err := rows.Scan(&one)
		*to = append(*to, one)
		return err
	}
}

// explain turns a violated constraint into what it means to a caller.
func explain(err error) error {
	switch {
	case err == nil:
		return nil
	case pg.IsUnique(err, "products_slug"), pg.IsUnique(err, "categories_slug"), pg.IsUnique(err, "tags_slug"),
		pg.IsUnique(err, "brands_slug"), pg.IsUnique(err, "collections_slug"),
		pg.IsUnique(err, "product_translations_slug"), pg.IsUnique(err, "category_translations_slug"), pg.IsUnique(err, "collection_translations_slug"),
		pg.IsUnique(err, "brand_translations_slug"), pg.IsUnique(err, "tag_translations_slug"):
		return ErrSlugTaken.WithCause(err)
	case pg.IsUnique(err, "variants_sku"):
		return ErrSKUTaken.WithCause(err)
	case pg.IsForeignKey(err, "retired_media"):
		return ErrMediaGone.WithCause(err)
	case pg.IsForeignKey(err, "bundle_components_component"):
		return ErrInBundle.WithCause(err)
	case pg.IsForeignKey(err, "product_categories_category"):
		return ErrCategoryUnknown.WithCause(err)
	case pg.IsUnique(err, "attributes_code"):
		return ErrAttributeTaken.WithCause(err)
	case pg.IsForeignKey(err, "attribute_values_attribute"), pg.IsForeignKey(err, "attribute_values_option"):
		return ErrAttributeInUse.WithCause(err)
	case pg.IsForeignKey(err, "product_tags_tag"):
		return ErrTagUnknown.WithCause(err)
	case pg.IsForeignKey(err, "products_brand"):
		return ErrBrandUnknown.WithField("brandId", "unknown", ErrBrandUnknown.Message()).WithCause(err)
	case pg.IsForeignKey(err, "categories_parent"):
		return ErrParentNotFound.WithCause(err) // deleted between the look and the save
	}
	return err
}

// isTaken reports whether another try with other made-up names can succeed.
func isTaken(err error) bool { return errors.Is(err, ErrSlugTaken) || errors.Is(err, ErrSKUTaken) }

// productOfVariant is the product a variant belongs to; zero when there is no such variant.
func productOfVariant(ctx context.Context, tx *pg.Tx, variant id.ID) (id.ID, error) {
	var product id.ID
	var found bool
	err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select product_id from variants where id = $1`, variant), &found, &product)
	})
	return product, err
}

// resolved is what a cart line needs of a variant.
type resolved struct {
	variant
	product   id.ID
	slug      string
	prodTitle string
	sellable  bool
	image     *image
	vatClass  vatClass
	goods     goodsKind
	digital   bool
	unshipped bool // nothing of it is shipped
	revision  int64
	prices    priced
	shares    []share // what one unit of a bundle takes from stock

	optionNames  []string                        // in the product's order
	translations []*catalogv1.ProductTranslation // into the languages asked for, the one wanted most first
}

// unshippedSQL is whether nothing of a variant v of a product p with facts f is shipped. A bundle is shipped as soon as one
// of its parts is.
const unshippedSQL = `case when p.bundle then not exists (select from bundle_components bc join variants cv on cv.id = bc.component_id
					left join product_facts cf on cf.product_id = cv.product_id
					where bc.variant_id = v.id and coalesce(cf.goods, 'physical') = 'physical'
						and not exists (select from variant_files vf where vf.product_id = cv.product_id and vf.variant_id = cv.id))
				else coalesce(f.goods, 'physical') <> 'physical'
					or exists (select from variant_files vf where vf.product_id = v.product_id and vf.variant_id = v.id) end`

// resolveVariants reads variants in one statement, with their translations into languages; unknown ones are left out.
func resolveVariants(ctx context.Context, db *pg.DB, ids []id.ID, locales []string) ([]resolved, error) {
	var out []resolved
	texts, args := `, null::text[], null::bytea[]`, []any{ids}
	if len(locales) > 0 {
		texts, args = `, array(select po.name from product_options po where po.product_id = p.id order by po.position),
				array(select pt.doc from product_translations pt where pt.product_id = p.id and pt.locale = any($2::text[])
					order by array_position($2::text[], pt.locale))`, append(args, locales)
	}
	err := db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue(`select v.id, v.sku, v.title, v.price, v.currency, v.compare_at_price, v.offers, v.weight_grams, p.id, p.slug, p.title,
				p.status = 'published' and v.archived_at is null and (not p.bundle or c.complete), c.variants, c.quantities,
				coalesce(f.vat_class, ''), coalesce(f.goods, ''), exists (select from variant_files vf where vf.product_id = v.product_id and vf.variant_id = v.id),
				`+unshippedSQL+`, case when p.bundle then 0 else p.sequence end,
				o.names, o.values, `+imageColumns+texts+`
			from variants v
			join products p on p.id = v.product_id
			left join product_facts f on f.product_id = v.product_id
			left join lateral (select array_agg(option_name) as names, array_agg(value) as values from variant_option_values o
				where o.product_id = v.product_id and o.variant_id = v.id) o on true
			left join lateral (select * from product_images i where i.product_id = v.product_id
				order by i.media_id is not distinct from v.image_id desc, position limit 1) i on true
			left join lateral (`+componentsSQL+`) c on true
			where v.id = any($1::uuid[])`, args...), func(rows pgx.Rows) error {
			var r resolved
			var img image
			var names, values []string
			var offers []byte
			var parts []id.ID
			var quantities []int64
			var docs [][]byte
			r.price = money.Money{}
			var read imageRow
			columns := append([]any{
				&r.id, &r.sku, &r.title, &r.price.Amount, &r.price.Currency, &r.compareAt, &offers, &r.weight, &r.product, &r.slug, &r.prodTitle,
				&r.sellable, &parts, &quantities, &r.vatClass, &r.goods, &r.digital, &r.unshipped, &r.revision, &names, &values,
			}, read.into(&img)...)
			if err := rows.Scan(append(columns, &r.optionNames, &docs)...); err != nil {
				return err
			}
			if err := read.finish(&img); err != nil {
				return err
			}
			r.options = make(map[string]string, len(names))
			for i, name := range names {
				r.options[name] = values[i]
			}
			for i, part := range parts {
				r.shares = append(r.shares, share{part, quantities[i]})
			}
			if !img.id.IsZero() {
				r.image = &img
			}
			var err error
			if r.translations, err = parseAll[catalogv1.ProductTranslation](docs); err != nil {
				return err
			}
			r.prices, err = resolvedPrices(r.price, r.compareAt, offers)
			out = append(out, r)
			return err
		})
	})
	return out, err
}

// revisions reads how far the sequences of products have come, in one statement. Bundles and unknown ones are left out.
func revisions(ctx context.Context, db *pg.DB, products []id.ID) (map[id.ID]int64, error) {
	out := make(map[id.ID]int64, len(products))
	if len(products) == 0 {
		return out, nil
	}
	err := db.Read(ctx, func(b *pg.Batch) {
		clear(out)
		pg.Each(b.Queue(`select id, sequence from products where id = any($1::uuid[]) and not bundle`, products), func(rows pgx.Rows) error {
			var product id.ID
			var sequence int64
			err := rows.Scan(&product, &sequence)
			out[product] = sequence
			return err
		})
	})
	return out, err
}
