package search

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

const (
	// rankedCandidates is how many matches of a text are ranked; countedCandidates how many are counted.
	rankedCandidates  = 5_000
	countedCandidates = page.CountLimit + 1
	facetsShown       = 50 // of each kind
)

// request is what is looked for, in the store's terms.
type request struct {
	query    query
	min, max *int64
	stock    *bool
	sort     string // relevance, newest, price, price_desc
	after    *position
	offset   int
	limit    int
}

// position is where a page ended.
type position struct {
	key     int64
	product id.ID
}

// hit is one product found.
type hit struct {
	position
	body []byte
}

// facet is one value that could narrow the search.
type facet struct {
	slug, name string
	count      int64
}

// result is one page and what could narrow it.
type result struct {
	hits                     []hit
	total, stock             int64
	lowest, highest          *int64
	categories, tags, brands []facet
}

// search reads a page and one row more, to know whether another follows.
func (s store) search(ctx context.Context, r request) (result, error) {
	var out result
	match, rank := r.query.match(), r.query.rank()
	var afterKey *int64
	var afterProduct *id.ID
	if r.after != nil {
		afterKey, afterProduct = &r.after.key, &r.after.product
	}
	err := s.db.Read(ctx, func(b *pg.Batch) {
		out = result{}
		pg.Each(b.Queue("select product_id, sort_key, body from find_page($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
			match, rank, r.min, r.max, r.stock, r.sort, afterKey, afterProduct, r.offset, r.limit+1, rankedCandidates),
			func(rows pgx.Rows) error {
				var h hit
				err := rows.Scan(&h.product, &h.key, &h.body)
				out.hits = append(out.hits, h)
				return err
			})
		pg.Each(b.Queue("select kind, slug, name, n from find_facets($1, $2, $3, $4, $5, $6)",
			match, r.min, r.max, r.stock, countedCandidates, facetsShown), out.readFacet)
	})
	return out, err
}

func (r *result) readFacet(rows pgx.Rows) error {
	var kind string
	var f facet
	var n *int64
	if err := rows.Scan(&kind, &f.slug, &f.name, &n); err != nil {
		return err //nolint:wrapcheck // pg.Each says where
	}
	if n != nil {
		f.count = *n
	}
	switch kind {
	case "total":
		r.total = f.count
	case "stock":
		r.stock = f.count
	case "low":
		r.lowest = n
	case "high":
		r.highest = n
	case "brand":
		r.brands = append(r.brands, f)
	case "category":
		r.categories = append(r.categories, f)
	case "tag":
		r.tags = append(r.tags, f)
	}
	return nil
}

// words looks the words of a query up; see find_words.
func (s store) words(ctx context.Context, q query) (map[string][]string, error) {
	found := map[string][]string{}
	err := s.db.Read(ctx, func(b *pg.Batch) {
		clear(found)
		pg.Each(b.Queue("select asked, meant from find_words($1, $2, $3)", q.words, q.open, q.typoKeys()), func(rows pgx.Rows) error {
			var asked, meant string
			err := rows.Scan(&asked, &meant)
			found[asked] = append(found[asked], meant)
			return err
		})
	})
	return found, err
}
