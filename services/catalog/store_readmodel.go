package catalog

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// readModelRows is what read models need beside documents.
type readModelRows struct {
	translations map[id.ID][][]byte // of products
	categories   []categoryRow
	attributes   map[id.ID]bool // whether each can be filtered by
}

type categoryRow struct {
	id, parent   id.ID
	slug, name   string
	translations [][]byte
}

// readModelOf reads what belongs to products: their translations, the categories they stand in with all above those, and
// their attributes. One round trip.
func readModelOf(ctx context.Context, db *pg.DB, products []id.ID) (readModelRows, error) {
	var out readModelRows
	err := db.Read(ctx, func(b *pg.Batch) {
		out = readModelRows{translations: map[id.ID][][]byte{}, attributes: map[id.ID]bool{}}
		pg.Each(b.Queue(`select product_id, doc from product_translations where product_id = any($1::uuid[]) order by product_id, locale`, products),
			func(r pgx.Rows) error {
				var of id.ID
				var doc []byte
				err := r.Scan(&of, &doc)
				out.translations[of] = append(out.translations[of], doc)
				return err
			})
		pg.Each(b.Queue(`with recursive up as (
				select c.id, c.parent_id from categories c
					where c.id in (select pc.category_id from product_categories pc where pc.product_id = any($1::uuid[]))
				union select c.id, c.parent_id from categories c join up on c.id = up.parent_id)
			select c.id, c.parent_id, c.slug, c.name,
				array(select t.doc from category_translations t where t.category_id = c.id order by t.locale)
			from categories c where c.id in (select id from up) order by c.id`, products), func(r pgx.Rows) error {
			var c categoryRow
			var parent *id.ID
			err := r.Scan(&c.id, &parent, &c.slug, &c.name, &c.translations)
			if parent != nil {
				c.parent = *parent
			}
			out.categories = append(out.categories, c)
			return err
		})
		pg.Each(b.Queue(`select a.id, a.filterable from attributes a
			where a.id in (select av.attribute_id from attribute_values av where av.product_id = any($1::uuid[])) order by a.id`, products),
			func(r pgx.Rows) error {
				var which id.ID
				var filterable bool
				err := r.Scan(&which, &filterable)
				out.attributes[which] = filterable
				return err
			})
	})
	return out, err
}

// findPublished reads the documents of those of ids that are published, with their translations into languages; no document
// where it is too much to be read. Filters that the attributes they name cannot answer are refused.
func findPublished(ctx context.Context, db *pg.DB, ids []id.ID, locales []string, filters []attributeFilter) (map[id.ID]listed, error) {
	var out map[id.ID]listed
	var attributes map[string]*attribute
	var total int64
	overlays, args := noOverlays, []any{ids}
	if len(locales) > 0 {
		args = append(args, locales)
		overlays = overlaysSQL(len(args))
	}
	err := db.Read(ctx, func(b *pg.Batch) {
		out = make(map[id.ID]listed, len(ids))
		pg.Each(b.Queue(`select p.id, `+DocumentSQL+overlays+` from (select p.id, p.brand_id, `+boundedDoc("array_position($1::uuid[], p.id)")+`
				from products p where p.id = any($1::uuid[]) and p.status = 'published') p`, args...),
			func(r pgx.Rows) error {
				var one listed
				err := r.Scan(&one.id, &one.doc, &one.overlays, &one.ofTaxa)
				out[one.id] = one
				return err
			})
		attributes = queueTotal(b, "", nil, filters, &total)
	})
	if err != nil {
		return nil, err
	}
	return out, checkFilters(filters, attributes)
}
