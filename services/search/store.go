package search

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// store is the room's schema.
type store struct{ db *pg.DB }

// lease is how long a rebuild is left alone that gives no sign of life.
const lease = time.Minute

// generations are those an event has to write to.
type generations struct {
	live     int64
	building *int64
}

// lockIndex reads the tenant's generations and keeps them as they are until the transaction ends: no swap can come
// between reading them and writing to them. It makes writers take turns as well, so they cannot deadlock.
func lockIndex(ctx context.Context, tx *pg.Tx) (generations, error) {
	var g generations
	err := tx.Read(ctx, func(b *pg.Batch) {
		b.Queue("insert into indexes default values on conflict do nothing")
		b.Queue("select live, building from indexes for update").QueryRow(func(row pgx.Row) error { return row.Scan(&g.live, &g.building) })
	})
	return g, err
}

func upsert(w *pg.Writes, generation int64, d *document) {
	w.Exec(`insert into documents (generation, product_id, words, facets, refs, prices, min_price, max_price, available,
			by_newest, by_price, by_price_desc)
		values ($1, $2, $3::text::tsvector || scoped($1), $4, $5, $6, $7, $8, $9, $10, $11, $12)
		on conflict (tenant_id, generation, product_id) do update set removed = false, words = excluded.words, facets = excluded.facets,
			refs = excluded.refs, prices = excluded.prices, min_price = excluded.min_price, max_price = excluded.max_price,
			available = excluded.available, by_newest = excluded.by_newest, by_price = excluded.by_price,
			by_price_desc = excluded.by_price_desc`,
		append([]any{generation}, d.columns()...)...)
	w.Exec(`insert into bodies (generation, product_id, body) values ($1, $2, $3)
		on conflict (tenant_id, generation, product_id) do update set body = excluded.body`, generation, d.product, d.body)
	for _, f := range d.facets {
		w.Exec(`insert into facet_values as v (generation, number, kind, slug, name) values ($1, $2, $3, $4, $5)
			on conflict (tenant_id, generation, number) do update set name = excluded.name where v.name <> excluded.name`,
			generation, f.number, f.kind, f.slug, f.name)
	}
	addWords(w, generation, d.lexicon)
}

func (d *document) columns() []any {
	return []any{d.product, d.words, d.numbers(), d.refs, d.prices, d.minPrice, d.maxPrice, d.available,
		d.newest, d.price, d.priceDesc}
}

// addWords writes those words that are new; they are sorted.
func addWords(w *pg.Writes, generation int64, all []string) {
	w.Exec(`insert into lexicon (generation, word, keys)
		select $1, n.word, string_to_array(n.keys, ' ') from unnest($2::text[], $3::text[]) n (word, keys)
		on conflict do nothing`, generation, all, keysOf(all))
}

// remove takes a product out of the generation that is searched.
func remove(w *pg.Writes, generation int64, product id.ID) {
	w.Exec("delete from documents where generation = $1 and product_id = $2", generation, product)
	w.Exec("delete from bodies where generation = $1 and product_id = $2", generation, product)
}

// entomb marks a product as gone in a generation being built, so that a page read before does not bring it back.
func entomb(w *pg.Writes, generation int64, product id.ID) {
	w.Exec(`insert into documents (generation, product_id, removed) values ($1, $2, true)
		on conflict (tenant_id, generation, product_id) do update set removed = true, words = ''`, generation, product)
	w.Exec("delete from bodies where generation = $1 and product_id = $2", generation, product)
}

// referring lists products of a category, tag or brand, at most limit.
func (s store) referring(ctx context.Context, ref id.ID, limit int) ([]id.ID, error) {
	var out []id.ID
	err := s.db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue(`select product_id from documents where generation = (select live from indexes) and refs @> array[$1]::uuid[]
			limit $2`, ref, limit), func(rows pgx.Rows) error {
			var p id.ID
			err := rows.Scan(&p)
			out = append(out, p)
			return err
		})
	})
	return out, err
}

// requestRebuild leaves word for Run.
func requestRebuild(w *pg.Writes) { w.Exec("update indexes set wanted = true") }
