package search

import (
	"cmp"
	"context"
	"slices"
	"strconv"
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
	job        id.ID // of the rebuild, when it begins one that nobody asked for
	generation int64
	after      id.ID // last product it has come to
}

// claim takes the tenant's build: a new generation, or, with resume, the one that was left unfinished if there is one.
// It reports false while somebody else holds it.
func (s store) claim(ctx context.Context, resume bool) (build, bool, error) {
	mine := build{builder: id.New(), job: id.New()}
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
		tx.Exec(`update indexes set last = $1, building = $1, after_id = null, done = 0, builder = $2, lease_until = now() + $3::interval,
			wanted = false`, mine.generation, mine.builder, lease)
		beginRebuild(&tx.Writes, mine)
		return nil
	})
	return mine, ok, err
}

// savePage adds documents of products that no event has written meanwhile, and moves the build on to after.
func (s store) savePage(ctx context.Context, b build, page exportPage, news news) error {
	return s.db.Tx(ctx, func(_ context.Context, tx *pg.Tx) error {
		tx.Must(errLostBuild, `update indexes set after_id = $1, lease_until = now() + $2::interval, done = done + $5
			where builder = $3 and building = $4`, page.last, lease, b.builder, b.generation, page.read)
		speak(&tx.Writes, page.locale)
		own, others := []*document{}, []*document{}
		for _, d := range page.documents {
			if d.edition == "" {
				own = append(own, d)
			} else {
				others = append(others, d)
			}
		}
		addPage(&tx.Writes, b.generation, own, "")
		// An event that wrote the product wrote all its languages, that of the shop among them: then a page adds none.
		addPage(&tx.Writes, b.generation, others,
			" where exists (select from documents o where o.product_id = n.product and o.slice = slice_of(n.product) and o.edition = '' and o.generation = $1 and o.from_page)")
		addFacets(&tx.Writes, b.generation, news.facets, "do nothing")
		addWords(&tx.Writes, b.generation, news.words)
		return nil
	})
}

// addPage writes documents that are not there yet, and for which the guard holds: one statement, because each that writes a
// document has to open all its indexes.
func addPage(w *pg.Writes, generation int64, all []*document, guard string) {
	if len(all) == 0 {
		return
	}
	w.Exec(`with `+documentRows+`,
		added as (insert into documents `+documentColumns+` select `+documentValues+`, true from n`+guard+` on conflict do nothing returning product_id, edition)
		insert into bodies (generation, product_id, edition, body)
			select $1, a.product_id, a.edition, n.body from added a join n on n.product = a.product_id and n.edition = a.edition on conflict do nothing`,
		documentArgs(generation, all)...)
}

// textArray, numberArray and refArray write an array as PostgreSQL reads it: arrays of arrays would have to be of one length.
func textArray(all []string) string {
	quoted := make([]string, len(all))
	for i, s := range all {
		quoted[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
	}
	return "{" + strings.Join(quoted, ",") + "}"
}

func numberArray(all []int64) string {
	out := []byte{'{'}
	for i, n := range all {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, n, 10)
	}
	return string(append(out, '}'))
}

func refArray(all []id.ID) string {
	texts := make([]string, len(all))
	for i, r := range all {
		texts[i] = r.String()
	}
	return "{" + strings.Join(texts, ",") + "}"
}

func textOrNull(json []byte) *string {
	if json == nil {
		return nil
	}
	return new(string(json))
}

// merge puts what was written to documents lately into the indexes of their words.
func (s store) merge(ctx context.Context) error {
	return s.db.Read(ctx, func(b *pg.Batch) { b.Queue("call merge_words()") })
}

// swap makes the build the generation that is searched and returns how many products it has. Events wait meanwhile, so both
// generations hold what the same events left, and their hashes can be compared.
func (s store) swap(ctx context.Context, b build) (int64, error) {
	var before, after content
	err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		g, err := lockIndex(ctx, tx)
		if err != nil {
			return err
		}
		tx.Must(errLostBuild, `update indexes set live = building, building = null, after_id = null, builder = null,
			lease_until = null, built_at = now() where builder = $1 and building = $2`, b.builder, b.generation)
		tx.Exec("delete from documents where generation = $1 and removed", b.generation)
		tx.Exec("update indexes set locales = (select coalesce(array_agg(distinct c), '{}') from documents d, unnest(d.covers) c where d.generation = $1)", b.generation)
		if err := tx.Read(ctx, func(batch *pg.Batch) {
			contentOf(batch, g.live, &before)
			contentOf(batch, b.generation, &after)
		}); err != nil {
			return err
		}
		endRebuild(&tx.Writes, b, before, after)
		return announceRebuilt(ctx, &tx.Writes, b, after.documents)
	})
	return after.products, err
}

// keep says that a build goes on.
func (s store) keep(ctx context.Context, b build) error {
	return s.db.Write(ctx, func(w *pg.Writes) error {
		w.Exec("update indexes set lease_until = now() + $1::interval where builder = $2 and building = $3", lease, b.builder, b.generation)
		return nil
	})
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
	// Of documents the tables that hold the slices: a row has a place only within its own.
	for _, table := range []string{"documents_0", "documents_1", "documents_2", "documents_3", "documents_4", "documents_5", "bodies", "lexicon", "facet_values"} {
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
	words  map[wordIn]lexeme
	facets map[int64]struct{}
}

// mostKnown words are remembered. Most words of a large shop are numbers of one product each; those that many have come back
// soon, and to write a word twice does no harm.
const mostKnown = 100_000

// wordIn is a word of a language.
type wordIn struct {
	word string
	in   language
}

// news is what documents bring that was not known.
type news struct {
	words  []lexeme // sorted
	facets []facetValue
}

func newKnown() known { return known{words: map[wordIn]lexeme{}, facets: map[int64]struct{}{}} }

// learn returns the news of documents and remembers them.
func (k known) learn(documents []*document) news {
	var n news
	fresh := map[wordIn]lexeme{}
	if len(k.words) > mostKnown {
		clear(k.words)
	}
	for _, d := range documents {
		for _, l := range d.lexicon {
			key := wordIn{l.word, l.in}
			was, seen := k.words[key]
			now := lexeme{l.word, l.stem && (!seen || was.stem), l.compound || was.compound, l.in}
			if !seen || now != was {
				k.words[key], fresh[key] = now, now
			}
		}
		for _, f := range d.facets {
			if _, ok := k.facets[f.number]; !ok {
				k.facets[f.number] = struct{}{}
				n.facets = append(n.facets, f)
			}
		}
	}
	for _, l := range fresh {
		n.words = append(n.words, l)
	}
	slices.SortFunc(n.words, func(a, b lexeme) int { return cmp.Or(cmp.Compare(a.word, b.word), cmp.Compare(a.in, b.in)) })
	return n
}

// afterCancel is how long what must be tidied up after a caller has gone may take.
const afterCancel = 5 * time.Second
