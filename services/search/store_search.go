package search

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

const (
	// looked is how many matches are ranked at most, and how many the facets are counted over; of more, counts are projected.
	looked = 2_000
	// enough is how many matches in a part of a large index stand for all there are …
	enough = 48
	// … and enoughToShow for some of them, where nothing is counted.
	enoughToShow = 16
	// deepest is how far a list by relevance, or by page number, can be walked.
	deepest = 1_000
)

// ladder are the steps that prices are counted between, in minor units.
func ladder() []int64 {
	return []int64{0, 500, 1000, 2000, 3000, 5000, 7500, 10_000, 15_000, 20_000, 30_000, 50_000, 75_000, 100_000, 150_000, 200_000, 300_000,
		500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 100_000_000}
}

// request is what is looked for.
type request struct {
	query      query
	filters    filters
	locale     string // empty: the shop's own language
	currency   string // empty: that of each product
	country    string
	channel    string
	memberOf   []string // groups of customers whose prices are seen
	viewed     bool     // prices are not those everybody sees in the product's own currency
	sort       string   // relevance, newest, price, price_desc
	after      *position
	offset     int
	limit      int
	pinned     []id.ID
	buried     []id.ID
	facets     int    // values of each kind
	correction bool   // when nothing matches, what the words may be meant to be is looked up
	known      *int64 // how many match, when that was counted a moment ago
	uncounted  bool   // nobody asks how many match, but whether any do
}

// position is where a page ended: the sort key and product of its last row, and how many rows came before it.
type position struct {
	key     int64
	product id.ID
	rows    int
}

// hit is one product found.
type hit struct {
	position

	edition string
	texts   texts
}

// result is one page and what could narrow it.
type result struct {
	hits     []hit
	total    int64
	about    bool  // the total is projected
	sample   int64 // matches that were looked at
	stock    int64
	inStock  *int64 // counted as if availability were not asked for
	lowest   *int64
	highest  *int64
	buckets  map[int]int64
	priced   bool // prices were counted apart
	rough    bool // what was counted apart is projected
	values   []facetCount
	words    map[string][]string // when nothing was found: what its words may be meant to be
	estimate bool
}

// facetCount is one value that could narrow the search.
type facetCount struct {
	kind, code, slug, name, title string
	names                         map[string]localName
	count, place                  int64
	apart                         bool // counted as if nothing of its kind were chosen
}

// search reads a page and one row more, to know whether another follows: one statement.
func (s store) search(ctx context.Context, r request) (result, error) {
	var out result
	apart, others, marks := r.apart()
	var afterKey *int64
	var afterProduct *id.ID
	if r.after != nil {
		afterKey, afterProduct = &r.after.key, &r.after.product
	}
	ranges, err := r.filters.ranges()
	if err != nil {
		return result{}, err
	}
	asked := typed{words: []string{}, forms: []string{}, endings: []string{}, keys: []string{}, parts: []string{}}
	if r.correction {
		asked = r.query.asked()
	}
	title, hint, exact := "", "", ""
	if !r.query.any && len(r.query.slots) > 0 {
		title, hint, exact = r.conditions(titleMark, ""), r.query.hint(), r.query.exact()
	}
	size, countable := r.limit+1, page.CountLimit+1
	least := enough
	if r.known != nil || r.uncounted {
		countable = 0
	}
	if r.uncounted {
		least = enoughToShow
	}
	err = s.db.Read(ctx, func(b *pg.Batch) {
		out = result{buckets: map[int]int64{}, words: map[string][]string{}}
		pg.Each(b.Queue(`select kind, code, slug, name, title, names, product, edition, sort_key, n, body
			from find($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36)`,
			r.conditions("", ""), title, hint, exact, r.query.rank(), r.query.suffixes(), r.locale,
			r.filters.min, r.filters.max, nilIfEmpty(r.currency), r.views(), ranges,
			r.sort, afterKey, afterProduct, r.offset, size, r.rows()+size, notNil(r.pinned), notNil(r.buried),
			apart, others, marks, r.facets, looked, least, deepest, countable, ladder(), asked.words, asked.forms, asked.endings, r.query.open(), asked.keys, asked.parts, r.query.in), out.read)
	})
	if out.total == 0 && out.sample > 0 && r.known != nil {
		out.total = *r.known
	}
	if r.uncounted {
		out.total = max(out.total, out.sample)
	}
	out.settle()
	return out, err
}

func nilIfEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func notNil(list []id.ID) []id.ID {
	if list == nil {
		return []id.ID{}
	}
	return list
}

// read takes one row of find.
func (r *result) read(rows pgx.Rows) error {
	var kind string
	var code, slug, name, title, edition *string
	var names, body []byte
	var product *id.ID
	var key, n *int64
	if err := rows.Scan(&kind, &code, &slug, &name, &title, &names, &product, &edition, &key, &n, &body); err != nil {
		return err //nolint:wrapcheck // pg.Each says where
	}
	count := int64(0)
	if n != nil {
		count = *n
	}
	apart := deref(code) == "apart"
	switch kind {
	case "hit":
		h := hit{position: position{key: *key, product: *product}, edition: deref(edition)}
		if err := json.Unmarshal(body, &h.texts); err != nil {
			return fmt.Errorf("search: stored texts of %s: %w", h.product, err)
		}
		r.hits = append(r.hits, h)
	case "total":
		r.total, r.about = count, deref(code) == "about"
	case "sample":
		if apart {
			r.priced, r.buckets = true, map[int]int64{}
		} else {
			r.sample = count
		}
	case "stock":
		if apart {
			r.inStock = &count
		} else {
			r.stock = count
		}
	case "low":
		r.lowest = n
	case "high":
		r.highest = n
	case "bucket":
		r.buckets[int(*key)] = count
	case "rough":
		r.rough = true
	case "word":
		if slug != nil {
			r.words[deref(code)] = append(r.words[deref(code)], *slug)
		}
	default:
		place := int64(0)
		if key != nil {
			place = *key
		}
		f := facetCount{place: place, kind: kind, code: deref(code), slug: deref(slug), name: deref(name), title: deref(title), count: count}
		if len(names) > 0 {
			if err := json.Unmarshal(names, &f.names); err != nil {
				return fmt.Errorf("search: stored names of %s: %w", f.slug, err)
			}
		}
		if rest, ok := cutApart(kind); ok {
			f.kind, f.apart = rest, true
		}
		r.values = append(r.values, f)
	}
	return nil
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// named reads categories, brands and tags with a word that begins so.
func (s store) named(ctx context.Context, prefix, locale string, most int) ([]facetCount, error) {
	var out []facetCount
	err := s.db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue("select kind, slug, name, names from named($1, $2, $3)", prefix, locale, most), func(rows pgx.Rows) error {
			var f facetCount
			var names []byte
			if err := rows.Scan(&f.kind, &f.slug, &f.name, &names); err != nil {
				return err //nolint:wrapcheck // pg.Each says where
			}
			if len(names) > 0 {
				if err := json.Unmarshal(names, &f.names); err != nil {
					return fmt.Errorf("search: stored names of %s: %w", f.slug, err)
				}
			}
			out = append(out, f)
			return nil
		})
	})
	return out, err
}
