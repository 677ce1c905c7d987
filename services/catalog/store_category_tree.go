package catalog

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// placeColumns are what a category c is in its tree: the published products directly in it, those in it or below it, each
// once, and the way down to it, made of the refs of the categories on it.
const placeColumns = `(select coalesce(sum(n.direct), 0)::bigint from list_counts n where n.list_id = c.id),
	(select coalesce(sum(n.listed), 0)::bigint from list_counts n where n.list_id = c.id),
	(with recursive up as (select c.parent_id, c.ref, 0 as level
		union all select a.parent_id, a.ref, up.level + 1 from categories a join up on a.id = up.parent_id)
		select string_agg(ref, ''::bytea order by level desc) from up)`

// place is what placeColumns read.
type place struct {
	products, total int64
	trail           []byte // wire form of Product.categories
}

func (p *place) columns() []any { return []any{&p.products, &p.total, &p.trail} }

func (p *place) show(c *category) (*catalogv1.Category, error) {
	out := categoryToProto(c, *p)
	trail, err := parseDocument(p.trail)
	if err != nil {
		return nil, err
	}
	out.Breadcrumbs = trail.GetCategories()
	return out, nil
}

// readPlace sends what is queued and reads where the category then stands.
func readPlace(ctx context.Context, tx *pg.Tx, c *category) (*catalogv1.Category, error) {
	var at place
	var found bool
	if err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select `+placeColumns+` from categories c where c.id = $1`, c.id), &found, at.columns()...)
	}); err != nil {
		return nil, err
	}
	return at.show(c)
}

// allCategories reads the whole tree, by position and name, in languages, the one wanted most first, and without breadcrumbs,
// which follow from it.
func allCategories(ctx context.Context, db *pg.DB, locales []string) ([]*catalogv1.Category, error) {
	var out []*catalogv1.Category
	texts, args := `null::bytea[]`, []any(nil)
	if len(locales) > 0 {
		texts, args = `array(select t.doc from category_translations t where t.category_id = c.id and t.locale = any($1::text[])
			order by array_position($1::text[], t.locale))`, []any{locales}
	}
	err := db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue(`select `+categoryColumns+`, coalesce(n.direct, 0), coalesce(n.listed, 0), `+texts+`
			from categories c left join (select list_id, sum(direct)::bigint as direct, sum(listed)::bigint as listed from list_counts group by list_id) n
				on n.list_id = c.id
			order by c.position, c.name_key, c.id`, args...), func(rows pgx.Rows) error {
			var c category
			var at place
			var docs [][]byte
			if err := rows.Scan(append(scanCategory(&c), &at.products, &at.total, &docs)...); err != nil {
				return err
			}
			translations, err := parseAll[catalogv1.TaxonTranslation](docs)
			shown := categoryToProto(&c, at)
			localizeCategory(shown, translations)
			out = append(out, shown)
			return err
		})
	})
	return out, err
}

// foldCounts puts the counts of lists together, of which each change of a list added one, and the generations of taxa. Readers
// see the same sums before and after. The context must be the system's.
func foldCounts(ctx context.Context, db *pg.DB) error {
	return db.Write(ctx, func(w *pg.Writes) error {
		w.Exec(`with many as (
				select tenant_id, list_id from list_counts group by tenant_id, list_id
				having count(*) > 4 or sum(listed) = 0 and sum(direct) = 0 order by count(*) desc limit 1000),
			gone as (
				delete from list_counts c using many m where c.list_id = m.list_id and c.tenant_id = m.tenant_id
				returning c.tenant_id, c.list_id, c.listed, c.direct)
			insert into list_counts (tenant_id, list_id, listed, direct)
			select tenant_id, list_id, sum(listed), sum(direct) from gone group by tenant_id, list_id having sum(listed) <> 0 or sum(direct) <> 0`)
		w.Exec(`with many as (select tenant_id from taxonomy_changes group by tenant_id having count(*) > 4),
			gone as (delete from taxonomy_changes c using many m where c.tenant_id = m.tenant_id returning c.tenant_id, c.n)
			insert into taxonomy_changes (tenant_id, n) select tenant_id, sum(n) from gone group by tenant_id`)
		return nil
	})
}

// orderChildren gives categories their place in an order as position, and returns those that had another, with their
// new version, in that order.
func orderChildren(ctx context.Context, tx *pg.Tx, order []id.ID, at time.Time) (moved map[id.ID]int64, err error) {
	moved = map[id.ID]int64{}
	err = tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue(`update categories c set position = o.n - 1, version = c.version + 1, updated_at = $2
			from unnest($1::uuid[]) with ordinality o (id, n) where c.id = o.id and c.position <> o.n - 1 returning c.id, c.version`, slices.Clone(order), at),
			func(rows pgx.Rows) error {
				var which id.ID
				var version int64
				err := rows.Scan(&which, &version)
				moved[which] = version
				return err
			})
	})
	return moved, err
}
