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

// placeColumns are what a category c is in its tree: the products directly in it, those in it or below it, each once, and
// the way down to it, made of the refs of the categories on it. They cost what stands below the category, not the shop.
const placeColumns = productsIn + `,
	(select count(distinct pc.product_id) from product_categories pc where pc.published and pc.category_id = any(array(
		with recursive below as (select c.id union all select k.id from categories k join below b on k.parent_id = b.id) select id from below))),
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

// allCategories reads the whole tree, by position and name, without breadcrumbs, which follow from it. Two statements in
// one round trip: products are counted by the set of categories they stand in, of which there are few.
func allCategories(ctx context.Context, db *pg.DB) ([]*catalogv1.Category, error) {
	var all []category
	var sets []placed
	err := db.Read(ctx, func(b *pg.Batch) {
		all, sets = nil, nil
		pg.Each(b.Queue(`select `+categoryColumns+` from categories c order by c.position, c.name_key, c.id`), func(rows pgx.Rows) error {
			var c category
			err := rows.Scan(scanCategory(&c)...)
			all = append(all, c)
			return err
		})
		pg.Each(b.Queue(`select s.categories, count(*) from (
				select array_agg(category_id order by category_id) as categories from product_categories where published group by product_id) s
			group by s.categories`), func(rows pgx.Rows) error {
			var p placed
			err := rows.Scan(&p.categories, &p.products)
			sets = append(sets, p)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	t := make(tree, len(all))
	for i := range all {
		t[all[i].id] = all[i].parent
	}
	direct, total := t.count(sets)
	out := make([]*catalogv1.Category, len(all))
	for i := range all {
		c := &all[i]
		out[i] = categoryToProto(c, place{products: direct[c.id], total: total[c.id]})
	}
	return out, nil
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

// trailIDs are the ids of the categories on the way down to one, its own the last.
func trailIDs(c *catalogv1.Category) ([]id.ID, error) {
	texts := make([]string, len(c.GetBreadcrumbs()))
	for i, ref := range c.GetBreadcrumbs() {
		texts[i] = ref.GetId()
	}
	return id.ParseAll(texts)
}
