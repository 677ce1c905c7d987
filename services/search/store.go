package search

import (
	"context"
	"encoding/json"
	"slices"
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

// documentColumns are those of documents that are written; documentRows are n, what they are made from, with the
// parameters $1 to $21, and documentValues make them.
const (
	documentColumns = `(generation, product_id, slice, edition, words, title_words, covers, facets, refs, currency, prices, offers, numbers,
	min_price, max_price, available, hash_high, hash_low, by_newest, by_price, by_price_desc, from_page)`
	documentRows = `n as materialized (select * from unnest($2::uuid[], $3::text[], $4::text[], $5::smallint[], $6::text[], $7::text[], $8::text[], $9::text[],
			$10::text[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::boolean[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bytea[])
			n (product, edition, words, title_words, covers, facets, refs, currency, prices, offers, numbers, lowest, highest, available, hash_high, hash_low, newest, price, price_desc, body))`
	documentValues = `$1::bigint, n.product, slice_of(n.product), n.edition, n.words::tsvector || scoped($1::bigint, n.covers::text[]),
				n.title_words, n.covers::text[], n.facets::bigint[], n.refs::uuid[], n.currency, n.prices::bigint[], n.offers::jsonb, n.numbers::jsonb,
				n.lowest, n.highest, n.available, n.hash_high, n.hash_low, n.newest, n.price, n.price_desc`
)

func documentArgs(generation int64, all []*document) []any {
	return []any{
		generation,
		column(all, func(d *document) id.ID { return d.product }), column(all, func(d *document) string { return d.edition }),
		column(all, func(d *document) string { return d.words }), column(all, func(d *document) int { return d.titleWords }),
		column(all, func(d *document) string { return textArray(d.covers) }), column(all, func(d *document) string { return numberArray(d.counted()) }),
		column(all, func(d *document) string { return refArray(d.refs) }), column(all, func(d *document) string { return d.currency }),
		column(all, func(d *document) string { return numberArray(d.prices) }), column(all, func(d *document) *string { return textOrNull(d.offers) }),
		column(all, func(d *document) *string { return textOrNull(d.numbers) }), column(all, (*document).lowest), column(all, (*document).highest),
		column(all, func(d *document) bool { return d.available }), column(all, func(d *document) int64 { return d.hash[0] }),
		column(all, func(d *document) int64 { return d.hash[1] }), column(all, func(d *document) int64 { return d.newest }),
		column(all, func(d *document) int64 { return d.price }), column(all, func(d *document) int64 { return d.priceDesc }),
		column(all, func(d *document) []byte { return d.body }),
	}
}

// column is one value of each.
func column[D, T any](all []D, value func(D) T) []T {
	out := make([]T, len(all))
	for i, d := range all {
		out[i] = value(d)
	}
	return out
}

// upsert writes the documents of products, each once, with what is new of what they share, and takes away what they had in
// other languages.
func upsert(w *pg.Writes, generation int64, products [][]*document, shared news) {
	if len(products) == 0 {
		return
	}
	ids, editions := make([]id.ID, len(products)), make([]string, len(products))
	for i, documents := range products {
		ids[i], editions[i] = documents[0].product, textArray(column(documents, func(d *document) string { return d.edition }))
	}
	w.Exec(`with `+documentRows+`,
		written as (insert into documents `+documentColumns+` select `+documentValues+`, false from n
			on conflict (product_id, edition, generation, tenant_id, slice) do update set removed = false, from_page = false, words = excluded.words,
				title_words = excluded.title_words, covers = excluded.covers, facets = excluded.facets, refs = excluded.refs,
				currency = excluded.currency, prices = excluded.prices, offers = excluded.offers, numbers = excluded.numbers,
				min_price = excluded.min_price, max_price = excluded.max_price, available = excluded.available,
				hash_high = excluded.hash_high, hash_low = excluded.hash_low, by_newest = excluded.by_newest, by_price = excluded.by_price,
				by_price_desc = excluded.by_price_desc
			where documents.removed or (documents.hash_high, documents.hash_low) <> (excluded.hash_high, excluded.hash_low))
		insert into bodies (generation, product_id, edition, body) select $1, n.product, n.edition, n.body from n
			where not exists (select from bodies b where b.product_id = n.product and b.edition = n.edition and b.generation = $1 and b.body = n.body)
			on conflict (product_id, edition, generation, tenant_id) do update set body = excluded.body`,
		documentArgs(generation, slices.Concat(products...))...)
	addFacets(w, generation, shared.facets, `do update set slug = excluded.slug, name = excluded.name, title = excluded.title, names = excluded.names, name_key = excluded.name_key`)
	addWords(w, generation, shared.words)
	for _, table := range []string{"documents", "bodies"} {
		own := "" // a product has a place in one slice only
		if table == "documents" {
			own = " and t.slice = slice_of(k.product)"
		}
		w.Exec("delete from "+table+" t using unnest($2::uuid[], $3::text[]) k (product, editions) where t.product_id = k.product"+own+
			" and t.generation = $1 and t.edition <> all(k.editions::text[])", generation, ids, editions)
	}
}

// addFacets writes those values that are not there yet as they are; conflict says what happens to what is there otherwise. To
// look first is cheaper than to let each meet its conflict, which locks the row.
func addFacets(w *pg.Writes, generation int64, all []facetValue, conflict string) {
	if len(all) == 0 {
		return
	}
	w.Exec(`insert into facet_values (generation, number, kind, code, ref, slug, name, title, names, name_key)
		select $1, n.* from unnest($2::bigint[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::jsonb[], $10::text[])
			n (number, kind, code, ref, slug, name, title, names, name_key)
		where not exists (select from facet_values v where v.number = n.number and v.generation = $1
			and (v.slug, v.name, v.title, v.names) is not distinct from (n.slug, n.name, n.title, n.names))
		on conflict (number, generation, tenant_id) `+conflict, generation,
		column(all, func(f facetValue) int64 { return f.number }), column(all, func(f facetValue) string { return f.kind }), column(all, func(f facetValue) string { return f.code }),
		column(all, facetValue.refOrNull), column(all, func(f facetValue) string { return f.slug }), column(all, func(f facetValue) string { return f.name }),
		column(all, func(f facetValue) string { return f.title }), column(all, facetValue.namesOrNull), column(all, facetValue.nameKey))
}

func (f facetValue) refOrNull() *string {
	if f.ref == "" {
		return nil
	}
	return &f.ref
}

func (f facetValue) namesOrNull() *string {
	if len(f.names) == 0 {
		return nil
	}
	names, _ := json.Marshal(f.names) // texts always have a JSON form
	return textOrNull(names)
}

// unwritten are those of the words that a generation does not have yet, or not as what they are. Most words of a change are
// not new, and what words are looked up by takes longer to make than to ask.
func unwritten(b *pg.Batch, generation int64, all []lexeme, out *[]lexeme) {
	*out = nil
	if len(all) == 0 {
		return
	}
	pg.Each(b.Queue(`select n.nth from unnest($2::text[], $3::text[], $4::boolean[], $5::boolean[]) with ordinality n (word, language, stem, compound, nth)
		where not exists (select from lexicon o where o.word = n.word and o.language = n.language and o.generation = $1
			and (n.stem or not o.stem) and (not n.compound or o.parts is not null)) order by n.nth`, generation,
		column(all, func(l lexeme) string { return l.word }), column(all, func(l lexeme) string { return string(l.in) }),
		column(all, func(l lexeme) bool { return l.stem }), column(all, func(l lexeme) bool { return l.compound })), func(rows pgx.Rows) error {
		var nth int
		err := rows.Scan(&nth)
		if err == nil {
			*out = append(*out, all[nth-1])
		}
		return err
	})
}

// addWords writes those words that are new; they are sorted.
func addWords(w *pg.Writes, generation int64, all []lexeme) {
	if len(all) == 0 {
		return
	}
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

// remove takes products out of the generation that is searched.
func remove(w *pg.Writes, generation int64, products []id.ID) {
	if len(products) == 0 {
		return
	}
	w.Exec("delete from documents d using unnest($2::uuid[]) k (product) where d.product_id = k.product and d.slice = slice_of(k.product) and d.generation = $1", generation, products)
	w.Exec("delete from bodies where product_id = any($2::uuid[]) and generation = $1", generation, products)
}

// entomb marks products as gone in a generation being built, so that a page read before does not bring them back.
func entomb(w *pg.Writes, generation int64, products []id.ID) {
	if len(products) == 0 {
		return
	}
	remove(w, generation, products)
	w.Exec("insert into documents (generation, product_id, slice, removed) select $1, k.product, slice_of(k.product), true from unnest($2::uuid[]) k (product)", generation, products)
}

// speak keeps which language the shop's own texts are in.
func speak(w *pg.Writes, locale string) {
	w.Exec("update indexes set default_locale = $1 where default_locale <> $1", locale)
}

// referring lists products of categories, tags, brands and attributes, at most limit.
func (s store) referring(ctx context.Context, refs []id.ID, limit int) ([]id.ID, error) {
	var out []id.ID
	err := s.db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue(`select distinct product_id from documents where generation = (select live from indexes) and refs && $1::uuid[]
			limit $2`, refs, limit), func(rows pgx.Rows) error {
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
