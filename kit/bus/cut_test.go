package bus_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

// cut ends every connection to the test's database but its own.
func (h house) cut(t *testing.T) {
	t.Helper()
	c, err := pgx.Connect(h.ctx, h.db.AdminURL)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if _, err := c.Exec(h.ctx, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"); err != nil {
		t.Fatal(err)
	}
}
