package catalog

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

const categoryColumns = `c.id, c.slug, c.name, c.description, c.parent_id, c.position, c.seo_title, c.seo_description, c.sold_by_measure, c.version, c.created_at, c.updated_at`

func scanCategory(c *category) []any {
	return []any{&c.id, &c.slug, &c.name, &c.description, &c.parent, &c.position, &c.seoTitle, &c.seoDescription, &c.byMeasure, &c.version, &c.createdAt, &c.updatedAt}
}

// lockTree makes changes of a shop's tree of categories take turns, and reads the tree: only so can two moves that
// are right by themselves not make a circle together.
func lockTree(ctx context.Context, tx *pg.Tx) (tree, error) {
	t := tree{}
	err := tx.Read(ctx, func(b *pg.Batch) {
		b.Queue(`select pg_advisory_xact_lock(hashtext('catalog.categories'), hashtext(current_tenant()::text))`)
		pg.Each(b.Queue(`select id, parent_id from categories`), func(rows pgx.Rows) error {
			var child, parent id.ID
			err := rows.Scan(&child, &parent)
			t[child] = parent
			return err
		})
	})
	return t, err
}

// loadCategory reads a category and locks it; nil when there is none.
func loadCategory(ctx context.Context, tx *pg.Tx, which id.ID) (*category, error) {
	c := new(category)
	var found bool
	err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select `+categoryColumns+` from categories c where c.id = $1 for update`, which), &found, scanCategory(c)...)
	})
	if err != nil || !found {
		return nil, err
	}
	return c, nil
}

func takenCategorySlugs(ctx context.Context, tx *pg.Tx, slugs []string) (taken []string, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue(`select slug from categories where slug = any($1::text[])`, slugs), appendText(&taken))
	})
	return taken, err
}

func insertCategories(w *pg.Writes, categories ...*category) error {
	var r struct {
		id, parent                     []id.ID
		slug, name, key                []string
		description, seoTitle, seoDesc []*string
		position                       []int32
		ref                            [][]byte
		byMeasure                      []bool
		version                        []int64
		createdAt, updatedAt           []time.Time
	}
	for _, c := range categories {
		ref, err := categoryRef(c)
		if err != nil {
			return err
		}
		r.id, r.parent, r.slug = append(r.id, c.id), append(r.parent, c.parent), append(r.slug, c.slug)
		r.name, r.key, r.description = append(r.name, c.name), append(r.key, fold(c.name)), append(r.description, c.description)
		r.position, r.seoTitle, r.seoDesc = append(r.position, c.position), append(r.seoTitle, c.seoTitle), append(r.seoDesc, c.seoDescription)
		r.ref, r.byMeasure = append(r.ref, ref), append(r.byMeasure, c.byMeasure)
		r.version, r.createdAt, r.updatedAt = append(r.version, c.version), append(r.createdAt, c.createdAt), append(r.updatedAt, c.updatedAt)
	}
	if len(r.id) == 0 {
		return nil
	}
	w.Exec(`insert into categories (id, slug, name, name_key, description, parent_id, position, seo_title, seo_description, ref, sold_by_measure,
			version, created_at, updated_at)
		select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::int[], $8::text[], $9::text[], $10::bytea[],
			$11::boolean[], $12::bigint[], $13::timestamptz[], $14::timestamptz[])`,
		r.id, r.slug, r.name, r.key, r.description, r.parent, r.position, r.seoTitle, r.seoDesc, r.ref, r.byMeasure,
		r.version, r.createdAt, r.updatedAt)
	return nil
}

func updateCategory(w *pg.Writes, c *category) error {
	ref, err := categoryRef(c)
	if err != nil {
		return err
	}
	w.Exec(`update categories set slug = $2, name = $3, name_key = $4, description = $5, parent_id = $6, position = $7, seo_title = $8,
			seo_description = $9, ref = $10, version = $11, updated_at = $12, sold_by_measure = $13 where id = $1`,
		c.id, c.slug, c.name, fold(c.name), c.description, c.parent, c.position, c.seoTitle, c.seoDescription, ref, c.version, c.updatedAt, c.byMeasure)
	return nil
}

func deleteCategory(w *pg.Writes, which id.ID) { w.Exec(`delete from categories where id = $1`, which) }

// findCategory reads one category with its count by slug or id; nil when there is none.
func findCategory(ctx context.Context, db *pg.DB, slugOrID string) (*catalogv1.Category, error) {
	var out []*catalogv1.Category
	where, arg := "c.slug = $1", any(slugOrID)
	if which, err := id.Parse(slugOrID); err == nil {
		where, arg = "c.id = $1", which
	}
	err := db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue(`select `+categoryColumns+`, `+placeColumns+` from categories c where `+where, arg), func(rows pgx.Rows) error {
			c, err := scanPlaced(rows)
			out = append(out, c)
			return err
		})
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return out[0], nil
}

// findShownCategory reads one category with its count by its slug in languages, or its id, and the translations of it and of
// those above it, the language wanted most first: one statement. The category is nil when there is none.
func findShownCategory(ctx context.Context, db *pg.DB, slugOrID string, locales []string) (*catalogv1.Category, []*catalogv1.TaxonTranslation, error) {
	where, arg := "c.id = "+bySlugSQL(categoryTexts, "$1", "$2"), any(slugOrID)
	if which, err := id.Parse(slugOrID); err == nil {
		where, arg = "c.id = $1", which
	}
	var out *catalogv1.Category
	var docs [][]byte
	err := db.Read(ctx, func(b *pg.Batch) {
		out, docs = nil, nil
		pg.Each(b.Queue(`select `+categoryColumns+`, `+placeColumns+`,
				array(select t.doc from category_translations t where t.locale = any($2::text[]) and t.category_id = any(array(
					with recursive up as (select c.id, c.parent_id union all select a.id, a.parent_id from categories a join up on a.id = up.parent_id) select id from up))
					order by array_position($2::text[], t.locale))
			from categories c where `+where, arg, notNilTexts(locales)), func(rows pgx.Rows) (err error) {
			var c category
			var at place
			if err := rows.Scan(append(append(scanCategory(&c), at.columns()...), &docs)...); err != nil {
				return err
			}
			out, err = at.show(&c)
			return err
		})
	})
	if err != nil || out == nil {
		return nil, nil, err
	}
	translations, err := parseAll[catalogv1.TaxonTranslation](docs)
	return out, translations, err
}

func scanPlaced(rows pgx.Rows) (*catalogv1.Category, error) {
	var c category
	var at place
	if err := rows.Scan(append(scanCategory(&c), at.columns()...)...); err != nil {
		return nil, err
	}
	return at.show(&c)
}

// listCategories reads one page for staff, by position and name, and the total.
func listCategories(ctx context.Context, db *pg.DB, phrase string, req page.Request) ([]*catalogv1.Category, *typev1.PageInfo, error) {
	var counted conditions
	if phrase != "" {
		counted.add("strpos(c.name_key, ?) > 0", phrase)
	}
	shown := counted.clone()
	if len(req.After) > 0 {
		position, name, last, err := parseCategoryKey(req.After)
		if err != nil {
			return nil, nil, err
		}
		shown.add("(c.position, c.name_key, c.id) > (?::int, ?, ?::uuid)", position, name, last)
	}
	return listing[*catalogv1.Category]{
		columns: categoryColumns + `, ` + placeColumns, from: "categories c", order: "c.position, c.name_key, c.id", scan: scanPlaced,
		size: sizeOf[*catalogv1.Category],
		key: func(c *catalogv1.Category) []byte {
			return page.Key(strconv.Itoa(int(c.GetPosition())), fold(c.GetName()), c.GetId())
		},
	}.read(ctx, db, req, counted, shown)
}

func parseCategoryKey(after []byte) (position int32, name string, last id.ID, err error) {
	parts, err := page.ParseKey(after, 3)
	if err != nil {
		return 0, "", id.ID{}, err
	}
	n, err1 := strconv.ParseInt(parts[0], 10, 32)
	last, err2 := id.Parse(parts[2])
	if err1 != nil || err2 != nil {
		return 0, "", id.ID{}, page.ErrBadCursor
	}
	return int32(n), parts[1], last, nil
}
