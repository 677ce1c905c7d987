package search

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// build is a generation being written.
type build struct {
	builder    id.ID
	generation int64
	after      id.ID // last product it has come to
}

// claim takes the tenant's build: a new generation, or, with resume, the one that was left unfinished if there is one.
// It reports false while somebody else holds it.
func (s store) claim(ctx context.Context, resume bool) (build, bool, error) {
	mine := build{builder: id.New()}
	ok := false
	err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var building *int64
		var last int64
		var after id.ID
		var held bool
		if err := tx.Read(ctx, func(b *pg.Batch) {
			b.Queue("insert into indexes default values on conflict do nothing")
			b.Queue("select building, last, after_id, coalesce(lease_until > now(), false) from indexes for update").
				QueryRow(func(row pgx.Row) error { return row.Scan(&building, &last, &after, &held) })
		}); err != nil {
			return err
		}
		if ok = !held; held {
			return nil
		}
		if resume && building != nil {
			mine.generation, mine.after = *building, after
			tx.Exec("update indexes set builder = $1, lease_until = now() + $2::interval", mine.builder, lease)
			return nil
		}
		mine.generation, mine.after = last+1, id.ID{}
		tx.Exec(`update indexes set last = $1, building = $1, after_id = null, builder = $2, lease_until = now() + $3::interval,
			wanted = false`, mine.generation, mine.builder, lease)
		return nil
	})
	return mine, ok, err
}

// savePage adds documents that no event has written meanwhile, and moves the build on to after.
func (s store) savePage(ctx context.Context, b build, after id.ID, documents []*document, news news) error {
	return s.db.Tx(ctx, func(_ context.Context, tx *pg.Tx) error {
		tx.Must(errLostBuild, `update indexes set after_id = $1, lease_until = now() + $2::interval
			where builder = $3 and building = $4`, after, lease, b.builder, b.generation)
		for _, d := range documents {
			tx.Exec(`with added as (
					insert into documents (generation, product_id, words, facets, refs, prices, min_price, max_price, available,
						by_newest, by_price, by_price_desc)
					values ($1, $2, $3::text::tsvector || scoped($1), $4, $5, $6, $7, $8, $9, $10, $11, $12)
					on conflict do nothing returning product_id)
				insert into bodies (generation, product_id, body) select $1, product_id, $13 from added`,
				append(append([]any{b.generation}, d.columns()...), d.body)...)
		}
		for _, f := range news.facets {
			tx.Exec(`insert into facet_values (generation, number, kind, slug, name) values ($1, $2, $3, $4, $5)
				on conflict do nothing`, b.generation, f.number, f.kind, f.slug, f.name)
		}
		if len(news.words) > 0 {
			addWords(&tx.Writes, b.generation, news.words)
		}
		return nil
	})
}

// swap makes the build the generation that is searched and returns how many documents it has.
func (s store) swap(ctx context.Context, b build) (int64, error) {
	var documents int64
	err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		tx.Must(errLostBuild, `update indexes set live = building, building = null, after_id = null, builder = null,
			lease_until = null, built_at = now() where builder = $1 and building = $2`, b.builder, b.generation)
		tx.Exec("delete from documents where generation = $1 and removed", b.generation)
		return tx.Read(ctx, func(batch *pg.Batch) {
			batch.Queue("select count(*) from documents where generation = $1", b.generation).
				QueryRow(func(row pgx.Row) error { return row.Scan(&documents) })
		})
	})
	return documents, err
}

// release lets others take an unfinished build at once.
func (s store) release(ctx context.Context, b build) error {
	return s.db.Write(ctx, func(w *pg.Writes) error {
		w.Exec("update indexes set lease_until = null, builder = null where builder = $1", b.builder)
		return nil
	})
}

// sweep deletes generations that are neither searched nor built, a portion at a time so that no lock is held for long.
func (s store) sweep(ctx context.Context) error {
	const portion = 10_000
	for _, table := range []string{"documents", "bodies", "lexicon", "facet_values"} {
		for {
			var n int64
			if err := s.db.Read(ctx, func(b *pg.Batch) {
				pg.Affected(b.Queue(`delete from `+table+` where ctid in (select t.ctid from `+table+` t, indexes i
					where t.generation <> i.live and t.generation is distinct from i.building limit $1)`, portion), &n)
			}); err != nil {
				return err
			}
			if n < portion {
				break
			}
		}
	}
	return nil
}

// isEmpty reports whether the tenant has no document to search and nobody is about to change that.
func (s store) isEmpty(ctx context.Context) (bool, error) {
	empty := false
	err := s.db.Read(ctx, func(b *pg.Batch) {
		b.Queue(`select not exists (select from documents where generation = coalesce((select live from indexes), 1))
			and not exists (select from indexes where building is not null)`).QueryRow(func(row pgx.Row) error { return row.Scan(&empty) })
	})
	return empty, err
}

// allTenants lists the tenants this room has heard of.
func (s store) allTenants(ctx context.Context) ([]id.ID, error) {
	return s.tenants(ctx, "select id from tenants order by id")
}

// waiting lists the tenants whose rebuild was cut off or asked for.
func (s store) waiting(ctx context.Context) ([]id.ID, error) {
	return s.tenants(ctx, `select tenant_id from indexes where (building is not null or wanted)
		and coalesce(lease_until < now(), true) order by tenant_id`)
}

func (s store) tenants(ctx context.Context, sql string) ([]id.ID, error) {
	var out []id.ID
	err := s.db.Read(tenant.WithSystem(ctx), func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue(sql), func(rows pgx.Rows) error {
			var t id.ID
			err := rows.Scan(&t)
			out = append(out, t)
			return err
		})
	})
	return out, err
}

// known is what a build has written already of what documents share.
type known struct {
	words  map[string]struct{}
	facets map[int64]struct{}
}

// news is what documents bring that was not known.
type news struct {
	words  []string // sorted
	facets []facetValue
}

// learn returns the news of documents and remembers them.
func (k known) learn(documents []*document) news {
	var n news
	for _, d := range documents {
		for _, w := range d.lexicon {
			if _, ok := k.words[w]; !ok {
				k.words[w] = struct{}{}
				n.words = append(n.words, w)
			}
		}
		for _, f := range d.facets {
			if _, ok := k.facets[f.number]; !ok {
				k.facets[f.number] = struct{}{}
				n.facets = append(n.facets, f)
			}
		}
	}
	slices.Sort(n.words)
	return n
}

// keysOf joins the typo keys of each word.
func keysOf(all []string) []string {
	out := make([]string, len(all))
	for i, w := range all {
		out[i] = strings.Join(typoKeys(w), " ")
	}
	return out
}

// afterCancel is how long what must be tidied up after a caller has gone may take.
const afterCancel = 5 * time.Second
