package search

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// store is the room's schema.
type store struct{ db *pg.DB }

// lease is how long a rebuild is left alone that gives no sign of life. It gives one every third of that.
const lease = 15 * time.Second

// generations are those an event has to write to.
type generations struct {
	live     int64
	building *int64
	whole    bool // a rebuild has ended: what is live holds all products
}

// lockIndex reads the tenant's generations and keeps them as they are until the transaction ends: no swap can come
// between reading them and writing to them. It makes writers take turns as well, so they cannot deadlock.
func lockIndex(ctx context.Context, tx *pg.Tx) (generations, error) {
	var g generations
	err := tx.Read(ctx, func(b *pg.Batch) {
		b.Queue("insert into indexes default values on conflict do nothing")
		b.Queue("select live, building, built_at is not null from indexes for update").QueryRow(func(row pgx.Row) error {
			return row.Scan(&g.live, &g.building, &g.whole)
		})
	})
	return g, err
}

// documentColumns are those of documents that are written, documentValues their parameters, $1 to $21.
const documentColumns = `(generation, product_id, slice, edition, words, title_words, covers, facets, refs, currency, prices, offers, numbers,
	min_price, max_price, available, hash_high, hash_low, by_newest, by_price, by_price_desc, from_page)`

const documentValues = `$1::bigint, $2::uuid, slice_of($2::uuid), $3::text, $4::text::tsvector || scoped($1::bigint, $6::text[]) || steps($10::bigint[]), $5::smallint, $6::text[], $7::bigint[],
	$8::uuid[], $9::text, $10::bigint[], $11::jsonb, $12::jsonb, $13::bigint, $14::bigint, $15::boolean, $16::bigint, $17::bigint, $18::bigint,
	$19::bigint, $20::bigint, $21::boolean`

func (d *document) columns(generation int64, fromPage bool) []any {
	return []any{generation, d.product, d.edition, d.words, d.titleWords, d.covers, d.counted(), d.refs, d.currency, d.prices, d.offers, d.numbers,
		d.lowest(), d.highest(), d.available, d.hash[0], d.hash[1], d.newest, d.price, d.priceDesc, fromPage}
}

// upsert writes the documents of one product, and takes away what it had in other languages.
func upsert(w *pg.Writes, generation int64, documents []*document) {
	editions := make([]string, len(documents))
	for i, d := range documents {
		editions[i] = d.edition
		w.Exec(`insert into documents `+documentColumns+` values (`+documentValues+`)
			on conflict (product_id, edition, generation, tenant_id, slice) do update set removed = false, from_page = false, words = excluded.words,
				title_words = excluded.title_words, covers = excluded.covers, facets = excluded.facets, refs = excluded.refs,
				currency = excluded.currency, prices = excluded.prices, offers = excluded.offers, numbers = excluded.numbers,
				min_price = excluded.min_price, max_price = excluded.max_price, available = excluded.available,
				hash_high = excluded.hash_high, hash_low = excluded.hash_low, by_newest = excluded.by_newest, by_price = excluded.by_price,
				by_price_desc = excluded.by_price_desc
			where documents.removed or (documents.hash_high, documents.hash_low) <> (excluded.hash_high, excluded.hash_low)`, d.columns(generation, false)...)
		w.Exec(`insert into bodies as b (generation, product_id, edition, body) values ($1, $2, $3, $4)
			on conflict (product_id, edition, generation, tenant_id) do update set body = excluded.body where b.body <> excluded.body`,
			generation, d.product, d.edition, d.body)
		for _, f := range d.facets {
			f.write(w, generation, `on conflict (number, generation, tenant_id) do update set slug = excluded.slug, name = excluded.name,
				title = excluded.title, names = excluded.names, name_key = excluded.name_key
				where (v.slug, v.name, v.title, v.names) is distinct from (excluded.slug, excluded.name, excluded.title, excluded.names)`)
		}
		addWords(w, generation, d.lexicon)
	}
	product := documents[0].product
	w.Exec("delete from documents where product_id = $1 and slice = slice_of($1) and generation = $2 and edition <> all($3)", product, generation, editions)
	w.Exec("delete from bodies where product_id = $1 and generation = $2 and edition <> all($3)", product, generation, editions)
}

func (f facetValue) write(w *pg.Writes, generation int64, conflict string) {
	var names []byte
	if len(f.names) > 0 {
		names, _ = json.Marshal(f.names) // texts always have a JSON form
	}
	var ref *string
	if f.ref != "" {
		ref = &f.ref
	}
	w.Exec(`insert into facet_values as v (generation, number, kind, code, ref, slug, name, title, names, name_key)
		values ($1, $2, $3, $4, $5::uuid, $6, $7, $8, $9, $10) `+conflict, generation, f.number, f.kind, f.code, ref, f.slug, f.name, f.title, names, f.nameKey())
}

// addWords writes those words that are new; they are sorted.
func addWords(w *pg.Writes, generation int64, all []lexeme) {
	texts, in, stems, keys, parts := make([]string, len(all)), make([]string, len(all)), make([]bool, len(all)), make([]string, len(all)), make([]string, len(all))
	for i, l := range all {
		texts[i], in[i], stems[i] = l.word, string(l.in), l.stem
		keys[i] = strings.Join(typoKeys(l.word), " ")
		if l.compound {
			parts[i] = strings.Join(partKeys(l.word), " ")
		}
	}
	w.Exec(`insert into lexicon as l (generation, word, language, stem, keys, parts, tail)
		select $1, n.word, n.language, n.stem, string_to_array(n.keys, ' '), string_to_array(nullif(n.parts, ''), ' '), case when length(n.word) >= 7 then reverse(n.word) end
		from unnest($2::text[], $3::text[], $4::boolean[], $5::text[], $6::text[]) n (word, language, stem, keys, parts)
		on conflict (word, language, generation, tenant_id) do update set stem = l.stem and excluded.stem, parts = coalesce(l.parts, excluded.parts)
			where l.stem and not excluded.stem or l.parts is null and excluded.parts is not null`, generation, texts, in, stems, keys, parts)
}

// remove takes a product out of the generation that is searched.
func remove(w *pg.Writes, generation int64, product id.ID) {
	w.Exec("delete from documents where product_id = $1 and slice = slice_of($1) and generation = $2", product, generation)
	w.Exec("delete from bodies where product_id = $1 and generation = $2", product, generation)
}

// entomb marks a product as gone in a generation being built, so that a page read before does not bring it back.
func entomb(w *pg.Writes, generation int64, product id.ID) {
	remove(w, generation, product)
	w.Exec(`insert into documents (generation, product_id, slice, removed) values ($1, $2, slice_of($2), true)`, generation, product)
}

// speak keeps which language the shop's own texts are in.
func speak(w *pg.Writes, locale string) {
	w.Exec("update indexes set default_locale = $1 where default_locale <> $1", locale)
}

// referring lists products of a category, tag or brand, at most limit.
func (s store) referring(ctx context.Context, ref id.ID, limit int) ([]id.ID, error) {
	var out []id.ID
	err := s.db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue(`select distinct product_id from documents where generation = (select live from indexes) and refs @> array[$1]::uuid[]
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
