package catalog

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// countProductsOf counts what a filter selects.
func countProductsOf(ctx context.Context, db *pg.DB, f productFilter) (n int64, err error) {
	c := f.conditions()
	var found bool
	err = db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select count(*) from products p`+c.where(), c.args...), &found, &n)
	})
	return n, err
}

// exportPageOf reads the next documents in id order that a filter selects, at most as many bytes as one answer holds,
// and the tree of categories: one round trip.
func exportPageOf(ctx context.Context, db *pg.DB, f productFilter, after id.ID, limit int) (docs [][]byte, categories []*category, err error) {
	c := f.conditions()
	if !after.IsZero() {
		c.add("p.id > ?", after)
	}
	c.args = append(c.args, maxAnswer)
	err = db.Read(ctx, func(b *pg.Batch) {
		docs, categories = nil, nil
		pg.Each(b.Queue(`select `+DocumentSQL+` from (
				select id, doc, brand_id, sum(octet_length(doc)) over (order by id) - octet_length(doc) as before from (
					select id, doc, brand_id from products p`+c.where()+` order by id limit `+strconv.Itoa(limit)+`) page
			) p where p.before < $`+strconv.Itoa(len(c.args))+` order by p.id`, c.args...), func(r pgx.Rows) error {
			var doc []byte
			err := r.Scan(&doc)
			docs = append(docs, doc)
			return err
		})
		pg.Each(b.Queue(`select `+categoryColumns+` from categories c`), func(r pgx.Rows) error {
			c := new(category)
			err := r.Scan(scanCategory(c)...)
			categories = append(categories, c)
			return err
		})
	})
	return docs, categories, err
}
