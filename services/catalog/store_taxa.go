package catalog

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

const (
	// taxaMost are remembered of one shop; one that has more is answered from the database.
	taxaMost = 20_000
	// taxaOfShop are the names remembered of one shop, those in other languages among them.
	taxaOfShop = 100_000
	// taxaOfAll are remembered of all shops together.
	taxaOfAll = 200_000
	// taxaRest is how long they are not learned again: while they change all the time, the database answers.
	taxaRest = 250 * time.Millisecond
	// taxaLongRest is how long a shop with too many of them is not asked again whether it still has.
	taxaLongRest = 10 * time.Minute
)

// generationSQL is which generation of its taxa a shop has, as of the statement it stands in.
const generationSQL = `(select coalesce(sum(g.n), 0)::bigint from taxonomy_changes g)`

// taxonMemory remembers shops' taxa, whose names products show. Looking them up is most of what a list costs. Whether they
// still hold is asked by the statement that reads the products, so nothing is shown that was changed before.
type taxonMemory struct {
	now  func() time.Time
	mu   sync.Mutex
	of   map[id.ID]*taxa
	size int
	next map[id.ID]time.Time // when a shop's may be learned again
}

func newTaxonMemory(now func() time.Time) *taxonMemory {
	return &taxonMemory{now: now, of: map[id.ID]*taxa{}, next: map[id.ID]time.Time{}}
}

// read has documents of products p read: do is given the columns of the document and of the generation, and returns the
// generation, or that nothing was found. The taxa that come back complete the documents; without any they are complete.
func (m *taxonMemory) read(ctx context.Context, db *pg.DB, do func(columns string) (generation int64, found bool, err error)) (*taxa, error) {
	shop, _ := tenant.From(ctx)
	if t := m.get(shop); t != nil {
		generation, found, err := do(`p.doc, ` + generationSQL)
		if err != nil || !found || generation == t.generation {
			return t, err
		}
		m.forget(shop, t)
	}
	if _, _, err := do(DocumentSQL + `, ` + generationSQL); err != nil {
		return nil, err
	}
	if m.begin(shop) {
		// For those who come next; should it fail, another tries.
		switch t, err := findTaxa(ctx, db); {
		case err != nil:
		case t == nil:
			m.rest(shop, taxaLongRest)
		default:
			m.put(shop, t)
		}
	}
	return nil, nil
}

func (m *taxonMemory) get(shop id.ID) *taxa {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.of[shop]
}

func (m *taxonMemory) forget(shop id.ID, t *taxa) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of[shop] == t {
		delete(m.of, shop)
		m.size -= t.size
	}
}

// begin reports whether it is time to learn a shop's taxa, and nobody else does.
func (m *taxonMemory) begin(shop id.ID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	if m.of[shop] != nil || now.Before(m.next[shop]) {
		return false
	}
	m.next[shop] = now.Add(taxaRest)
	return true
}

// rest keeps a shop's taxa from being learned for a while.
func (m *taxonMemory) rest(shop id.ID, pause time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.next[shop] = m.now().Add(pause)
}

func (m *taxonMemory) put(shop id.ID, t *taxa) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if before := m.of[shop]; before != nil {
		m.size -= before.size
	}
	if m.size+t.size > taxaOfAll {
		clear(m.of)
		clear(m.next)
		m.size = 0
	}
	m.of[shop] = t
	m.size += t.size
}

// findTaxa reads all taxa of a shop and their generation, in one statement, so as they were at one moment; nil when there
// are too many.
func findTaxa(ctx context.Context, db *pg.DB) (*taxa, error) {
	var t *taxa
	rows := 0
	err := db.Read(ctx, func(b *pg.Batch) {
		t, rows = newTaxa(), 0
		pg.Each(b.Queue(`select g.n, k.id, k.place, k.ref from (select `+generationSQL+` as n) g left join (
				select id, 0 as place, ref || names as ref from brands
				union all select id, row_number() over (order by position, name_key, id), ref from categories
				union all select id, row_number() over (order by name_key, id), ref || names from tags
				union all select id, 0, ref || names from attributes
				union all select attribute_id, 0, ref || names from attribute_options
				limit $1) k on true`, taxaMost+1), func(r pgx.Rows) error {
			var which *id.ID
			var place *int64
			var ref []byte
			if err := r.Scan(&t.generation, &which, &place, &ref); err != nil || which == nil {
				return err
			}
			rows++
			return t.learn(*which, *place, ref)
		})
	})
	if err != nil || rows > taxaMost || t.size > taxaOfShop {
		return nil, err
	}
	return t, nil
}
