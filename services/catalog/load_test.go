package catalog

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

// loader is a schema with two shops and what generated products need.
type loader struct {
	db                       *pg.DB
	ours, theirs             context.Context //nolint:containedctx // the test's own
	categories, tags, brands []id.ID
}

func newLoader(t testing.TB) loader {
	t.Helper()
	l := loader{db: pgtest.New(t, "catalog", Migrations()).DB, ours: pgtest.Context(t)}
	second, at := id.New(), time.Now().UTC().Truncate(time.Microsecond)
	l.theirs = tenant.With(l.ours, second)
	if err := l.db.Write(tenant.WithSystem(l.ours), func(w *pg.Writes) error {
		w.Exec("insert into tenants (id) values ($1)", second)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	c := category{id: id.New(), slug: "c", name: "C", version: 1, createdAt: at, updatedAt: at}
	g := tag{id: id.New(), slug: "t", name: "T", version: 1, createdAt: at, updatedAt: at}
	b := brand{id: id.New(), slug: "b", name: "B", version: 1, createdAt: at, updatedAt: at}
	for _, shop := range []context.Context{l.ours, l.theirs} {
		if err := l.db.Write(shop, func(w *pg.Writes) error {
			if err := insertCategories(w, &c); err != nil {
				return err
			}
			if err := insertTags(w, &g); err != nil {
				return err
			}
			return insertBrands(w, &b)
		}); err != nil {
			t.Fatal(err)
		}
	}
	l.categories, l.tags, l.brands = []id.ID{c.id}, []id.ID{g.id}, []id.ID{b.id}
	return l
}

func (l loader) products(from, n int) []*product {
	out := make([]*product, n)
	for i := range out {
		out[i] = loadProductNumber(from+i, time.Now().UTC().Truncate(time.Microsecond), l.categories, l.tags, l.brands)
	}
	return out
}

// rows is every row of a table that a shop has, but for whose they are and numbers the database gives.
func (l loader) rows(t *testing.T, shop context.Context, table string) (out []string) {
	t.Helper()
	if err := l.db.Read(shop, func(b *pg.Batch) {
		out = nil
		from := table
		if table == "list_counts" { // kept in parts, one for each statement that wrote
			from = "(select list_id, sum(direct) direct, sum(listed) listed from list_counts group by list_id)"
		}
		pg.Each(b.Queue("select (to_jsonb(t) - 'tenant_id' - 'seq' - 'part')::text from "+from+" t order by 1"), func(rows pgx.Rows) error {
			var row string
			err := rows.Scan(&row)
			out = append(out, row)
			return err
		})
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// What arrives by COPY is what the room itself would write, in every table there is, and in no other shop.
func TestCopiedProductsAreLikeWrittenOnes(t *testing.T) {
	t.Parallel()
	l := newLoader(t)
	products := l.products(0, 9)
	if err := l.db.Write(l.ours, func(w *pg.Writes) error { return insertProducts(w, products) }); err != nil {
		t.Fatal(err)
	}
	// Twice on one connection, so that what the first left behind would be seen.
	for _, some := range [][]*product{products[:4], products[4:]} {
		if err := copyProducts(l.theirs, l.db, some); err != nil {
			t.Fatal(err)
		}
	}
	var tables []string
	if err := l.db.Read(l.ours, func(b *pg.Batch) {
		tables = nil
		pg.Each(b.Queue(`select table_name from information_schema.columns where table_schema = 'catalog' and column_name = 'tenant_id'
			and table_name not in ('outbox', 'inbox', 'inbox_heads') order by 1`), func(rows pgx.Rows) error {
			var table string
			err := rows.Scan(&table)
			tables = append(tables, table)
			return err
		})
	}); err != nil {
		t.Fatal(err)
	}
	filled := 0
	for _, table := range tables {
		written, arrived := l.rows(t, l.ours, table), l.rows(t, l.theirs, table)
		if !slices.Equal(written, arrived) {
			t.Errorf("%s holds %d rows written and %d copied:\n%v\n%v", table, len(written), len(arrived), written, arrived)
		}
		if len(written) > 0 {
			filled++
		}
	}
	if filled < 12 {
		t.Errorf("only %d tables of %d hold anything", filled, len(tables))
	}
	// The same again is refused whole.
	if err := copyProducts(l.theirs, l.db, products[:1]); err == nil {
		t.Error("a product was copied twice")
	}
	if got := len(l.rows(t, l.theirs, "products")); got != len(products) {
		t.Errorf("%d products are left", got)
	}
}

// BenchmarkLoad writes chunks of products by arrays and by COPY, in turns, and tells how much longer arrays take.
func BenchmarkLoad(b *testing.B) {
	const chunk = 1000
	l := newLoader(b)
	var arrays, copies time.Duration
	for i := 0; b.Loop(); i++ {
		written, copied := l.products(2*i*chunk, chunk), l.products((2*i+1)*chunk, chunk)
		began := time.Now()
		if err := l.db.Write(l.ours, func(w *pg.Writes) error { return insertProducts(w, written) }); err != nil {
			b.Fatal(err)
		}
		arrays += time.Since(began)
		began = time.Now()
		if err := copyProducts(l.ours, l.db, copied); err != nil {
			b.Fatal(err)
		}
		copies += time.Since(began)
	}
	b.ReportMetric(float64(arrays)/float64(copies), "arrays/copy")
	b.ReportMetric(float64(b.N*chunk)/copies.Seconds(), "products/s")
}
