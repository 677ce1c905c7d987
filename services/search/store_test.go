package search

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

// addTenant does what the bus does with a tenant's first event.
func (r room) addTenant(t testing.TB, other id.ID) {
	t.Helper()
	if err := r.db.Write(tenant.With(t.Context(), other), func(w *pg.Writes) error {
		w.Exec("insert into tenants (id) values ($1) on conflict do nothing", other)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// number reads one number as the default tenant.
func (r room) number(t testing.TB, sql string, args ...any) int64 {
	t.Helper()
	var n int64
	if err := r.db.Read(pgtest.Context(t), func(b *pg.Batch) {
		b.Queue(sql, args...).QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// list is the only column of what a statement finds.
func (r room) list(t testing.TB, sql string) []string {
	t.Helper()
	var out []string
	if err := r.db.Read(pgtest.Context(t), func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue(sql), func(rows pgx.Rows) error {
			var one string
			err := rows.Scan(&one)
			out = append(out, one)
			return err
		})
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// A database that is away is an error, not the end of the process.
func TestVocabularyWithoutADatabase(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	ended, end := context.WithCancel(pgtest.Context(t))
	end()
	if v, err := r.store.vocabulary(ended, enginePostgres); err == nil {
		t.Errorf("got %v", v)
	}
}

// cut ends every connection to the database of the test but its own.
func (r room) cut(t *testing.T) {
	t.Helper()
	c := must(pgx.Connect(t.Context(), r.db.AdminURL))(t)
	defer c.Close(context.WithoutCancel(t.Context()))
	if _, err := c.Exec(t.Context(), "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"); err != nil {
		t.Fatal(err)
	}
}
