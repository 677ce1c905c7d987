package catalog

import (
	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// queueReach queues where the links of products lead: their categories upwards, and the slugs of their tags in all languages.
// of is the product a row belongs to.
func queueReach(b *pg.Batch, which []id.ID, of func(owner id.ID) *product) {
	pg.Each(b.Queue(`with recursive up as (
			select product_id, category_id as id, true as direct from product_categories where product_id = any($1::uuid[])
			union select up.product_id, c.parent_id, false from up join categories c on c.id = up.id where c.parent_id is not null)
		select product_id, id, bool_or(direct) from up group by product_id, id order by product_id, id`, which), func(rows pgx.Rows) error {
		var owner, one id.ID
		var direct bool
		err := rows.Scan(&owner, &one, &direct)
		r := &of(owner).known()[0]
		r.above = append(r.above, one)
		if direct {
			r.of = append(r.of, one)
		}
		return err
	})
	pg.Each(b.Queue(`select pt.product_id, t.id, `+tagSlugsSQL+` from product_tags pt join tags t on t.id = pt.tag_id
		where pt.product_id = any($1::uuid[]) order by pt.product_id, t.id`, which), func(rows pgx.Rows) error {
		var owner, one id.ID
		var slugs []string
		err := rows.Scan(&owner, &one, &slugs)
		r := &of(owner).known()[1]
		r.of, r.slugs = append(r.of, one), append(r.slugs, slugs...)
		return err
	})
}

// known is where the product's links lead, categories first; the links of a product that has none lead nowhere.
func (p *product) known() []reach {
	if p.reach == nil {
		p.reach = make([]reach, 2)
	}
	return p.reach
}

// queueReachOf queues where links lead that a product may get. Links that do not exist lead nowhere.
func queueReachOf(b *pg.Batch, categoryIDs, tagIDs []id.ID, categories, tags *reach) {
	if len(categoryIDs) > 0 {
		pg.Each(b.Queue(`with recursive up as (
				select id, parent_id, true as direct from categories where id = any($1::uuid[])
				union select c.id, c.parent_id, false from up join categories c on c.id = up.parent_id)
			select id, bool_or(direct) from up group by id order by id`, categoryIDs), categories.scanAbove)
	}
	if len(tagIDs) > 0 {
		pg.Each(b.Queue(`select t.id, `+tagSlugsSQL+` from tags t where t.id = any($1::uuid[]) order by t.id`, tagIDs), tags.scanSlugs)
	}
}

func (r *reach) scanAbove(rows pgx.Rows) error {
	var one id.ID
	var direct bool
	if err := rows.Scan(&one, &direct); err != nil {
		return err
	}
	r.above = append(r.above, one)
	if direct {
		r.of = append(r.of, one)
	}
	return nil
}

func (r *reach) scanSlugs(rows pgx.Rows) error {
	var one id.ID
	var slugs []string
	if err := rows.Scan(&one, &slugs); err != nil {
		return err
	}
	r.of, r.slugs = append(r.of, one), append(r.slugs, slugs...)
	return nil
}
