package media

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
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

// events lists what the room has announced, in order.
func (r room) events(t testing.TB) string {
	t.Helper()
	var out []string
	if err := r.db.Read(tenant.With(t.Context(), tenant.Default()), func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue("select subject from outbox order by seq"), func(rows pgx.Rows) error {
			var subject string
			err := rows.Scan(&subject)
			out = append(out, strings.TrimPrefix(subject, "evt.media."))
			return err
		})
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, " ")
}
