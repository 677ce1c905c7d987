package search

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// enqueue leaves word that an engine outside has to take what products have become.
func enqueue(w *pg.Writes, products []id.ID) {
	w.Exec("insert into feed_queue (product_id) select unnest($1::uuid[])", products)
}

// synonymsMark changes when any synonym does; empty without any.
const synonymsMark = "(select coalesce(md5(string_agg(id::text || '/' || version, ' ' order by id)), '') from synonyms)"

func (s store) feeding(ctx context.Context, engine string) (f feeding, err error) {
	err = s.db.Read(ctx, func(b *pg.Batch) {
		f = feeding{}
		var found bool
		pg.Row(b.Queue("select live from indexes where built_at is not null or exists (select from documents where generation = live)"), &found, &f.live)
		pg.Row(b.Queue("select fed, building, after_id, told, "+synonymsMark+" from feeds where engine = $1", engine), &found, &f.fed, &f.building, &f.after, &f.told, &f.mark)
	})
	return f, err
}

// beginFeeding writes down how far the copy of a generation is.
func (s store) beginFeeding(ctx context.Context, engine string, generation int64, after id.ID) error {
	return s.db.Write(ctx, func(w *pg.Writes) error {
		w.Exec(`insert into feeds (engine, building, after_id) values ($1, $2, $3)
			on conflict (engine, tenant_id) do update set building = excluded.building, after_id = excluded.after_id`, engine, generation, after)
		return nil
	})
}

// endFeeding makes the copy the one that is searched.
func (s store) endFeeding(ctx context.Context, engine string, generation int64) error {
	return s.db.Write(ctx, func(w *pg.Writes) error {
		w.Exec("update feeds set fed = $2, building = 0, after_id = null, told = '' where engine = $1", engine, generation)
		return nil
	})
}

// tell writes down which synonyms the engine was told.
func (s store) tell(ctx context.Context, engine, mark string) error {
	return s.db.Write(ctx, func(w *pg.Writes) error {
		w.Exec("update feeds set told = $2 where engine = $1", engine, mark)
		return nil
	})
}

// entryColumns are what an entry is made from.
const entryColumns = `d.product_id, d.edition, d.covers, d.facets, d.min_price, d.max_price, d.by_newest, b.body
	from documents d join bodies b on b.product_id = d.product_id and b.edition = d.edition and b.generation = d.generation and b.tenant_id = d.tenant_id`

// entriesAfter reads the entries of the next products in the order of their ids.
func (s store) entriesAfter(ctx context.Context, generation int64, after id.ID, limit int) (out []entry, last id.ID, err error) {
	err = s.db.Read(ctx, func(b *pg.Batch) {
		out, last = nil, id.ID{}
		pg.Each(b.Queue(`select `+entryColumns+` where d.generation = $1 and not d.removed and d.product_id in (
				select product_id from documents where generation = $1 and edition = '' and not removed
					and product_id > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000') order by product_id limit $3)
			order by d.product_id, d.edition`, generation, after, limit), func(rows pgx.Rows) error {
			e, product, err := scanEntry(rows)
			out, last = append(out, e), product
			return err
		})
	})
	return out, last, err
}

// entriesOf reads the entries of products, and the ids of those they might have had in other languages.
func (s store) entriesOf(ctx context.Context, generation int64, products []id.ID) (out []entry, gone []string, err error) {
	err = s.db.Read(ctx, func(b *pg.Batch) {
		out, gone = nil, nil
		have := map[string]bool{}
		pg.Each(b.Queue(`select `+entryColumns+` where d.generation = $1 and not d.removed and d.product_id = any($2::uuid[])`, generation, products), func(rows pgx.Rows) error {
			e, _, err := scanEntry(rows)
			out = append(out, e)
			have[e.ID] = true
			return err
		})
		pg.Each(b.Queue(`select distinct edition from documents where generation = $1 union select ''`, generation), func(rows pgx.Rows) error {
			var edition string
			if err := rows.Scan(&edition); err != nil {
				return err //nolint:wrapcheck // pg.Each says where
			}
			for _, p := range products {
				if which := entryID(p, edition); !have[which] {
					gone = append(gone, which)
				}
			}
			return nil
		})
	})
	return out, gone, err
}

func scanEntry(rows pgx.Rows) (entry, id.ID, error) {
	var product id.ID
	var edition string
	var covers []string
	var facets []int64
	var low, high *int64
	var newest int64
	var body []byte
	if err := rows.Scan(&product, &edition, &covers, &facets, &low, &high, &newest, &body); err != nil {
		return entry{}, product, err //nolint:wrapcheck // pg.Each says where
	}
	var t texts
	if err := json.Unmarshal(body, &t); err != nil {
		return entry{}, product, fmt.Errorf("search: stored texts of %s: %w", product, err)
	}
	e := entry{
		ID: entryID(product, edition), Marks: []string{}, Product: product.String(), Edition: edition, Title: t.Title, Description: t.Description, Brand: t.Brand,
		Categories: texted(t.Categories), Tags: texted(t.Tags), SKUs: texted(t.SKUs), Options: texted(t.Options), Attributes: texted(t.Attributes),
		Filters: texted(t.Filters), Low: noPrice, High: -noPrice, Down: -noPrice, Newest: -newest,
	}
	for _, c := range covers {
		e.Covers = append(e.Covers, covered(c))
	}
	e.Facets = []string{}
	for _, f := range facets {
		e.Facets = append(e.Facets, strconv.FormatInt(f, 10))
	}
	if slices.Contains(t.Filters, stockLexeme(true)) {
		e.Marks = append(e.Marks, availableMark)
	}
	if low != nil && high != nil {
		e.Low, e.High, e.Down = *low, *high, *low
		e.Marks = append(e.Marks, stepMark+strconv.Itoa(step(*low)))
	}
	for _, sku := range t.SKUs {
		if whole := joined(sku); whole != "" {
			e.SKUs = append(e.SKUs, whole)
		}
	}
	return e, product, nil
}

// texted is never nil, as engines want a list to be one.
func texted(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// pending reads products whose changes wait, and up to which change that is all.
func (s store) pending(ctx context.Context, limit int) (products []id.ID, upTo int64, err error) {
	err = s.db.Read(ctx, func(b *pg.Batch) {
		products, upTo = nil, 0
		seen := map[id.ID]bool{}
		pg.Each(b.Queue("select seq, product_id from feed_queue order by seq limit $1", limit), func(rows pgx.Rows) error {
			var p id.ID
			if err := rows.Scan(&upTo, &p); err != nil {
				return err //nolint:wrapcheck // pg.Each says where
			}
			if !seen[p] {
				seen[p] = true
				products = append(products, p)
			}
			return nil
		})
	})
	return products, upTo, err
}

// taken forgets changes that the engine has taken. A change of one of the products since has a word of its own.
func (s store) taken(ctx context.Context, upTo int64) error {
	return s.db.Write(ctx, func(w *pg.Writes) error {
		w.Exec("delete from feed_queue where seq <= $1", upTo)
		return nil
	})
}

// waitingFeed counts changes that the engine has not taken, and since when the oldest waits.
func (s store) waitingFeed(ctx context.Context) (n int64, oldest *time.Time, err error) {
	err = s.db.Read(ctx, func(b *pg.Batch) {
		var found bool
		pg.Row(b.Queue("select count(*), min(queued_at) from feed_queue"), &found, &n, &oldest)
	})
	return n, oldest, err
}

// facetsByNumber reads the values that engines tell by number.
func (s store) facetsByNumber(ctx context.Context, numbers []string) (map[string]facetCount, error) {
	out := map[string]facetCount{}
	err := s.db.Read(ctx, func(b *pg.Batch) {
		clear(out)
		pg.Each(b.Queue(`select number::text, kind, code, slug, name, title, names from facet_values
			where number = any($1::text[]::bigint[]) and generation = (select live from indexes)`, texted(numbers)), func(rows pgx.Rows) error {
			var number string
			var f facetCount
			var names []byte
			if err := rows.Scan(&number, &f.kind, &f.code, &f.slug, &f.name, &f.title, &names); err != nil {
				return err //nolint:wrapcheck // pg.Each says where
			}
			if len(names) > 0 {
				if err := json.Unmarshal(names, &f.names); err != nil {
					return fmt.Errorf("search: stored names of %s: %w", f.slug, err)
				}
			}
			out[number] = f
			return nil
		})
	})
	return out, err
}
