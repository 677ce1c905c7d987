package media

import (
	"testing"

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
