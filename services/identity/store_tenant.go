package identity

import (
	"context"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// readTenantOf returns whose host it is; no id when nobody claims it.
func readTenantOf(ctx context.Context, db *pg.DB, host string) (id.ID, error) {
	var owner id.ID
	err := db.Read(tenant.WithSystem(ctx), func(b *pg.Batch) {
		var found bool
		pg.Row(b.Queue("select tenant_id from shop_hosts where host = $1", host), &found, &owner)
	})
	return owner, err
}

// insertTenant opens a shop's books and announces it, in the tenant's own scope.
func insertTenant(ctx context.Context, db *pg.DB, shop id.ID, name string, hosts []string) error {
	ctx = tenant.With(ctx, shop)
	err := db.Write(ctx, func(w *pg.Writes) error {
		w.Exec("insert into tenants (id) values ($1)", shop)
		w.Exec("insert into shops (name) values ($1)", name)
		// In order, so that two shops that want the same hosts wait for each other and do not deadlock.
		for _, host := range hosts {
			w.Exec("insert into shop_hosts (host) values ($1)", host)
		}
		return bus.Emit(ctx, w, subjectTenantCreated, shop, 1, &identityv1.TenantCreated{TenantId: shop.String()})
	})
	if pg.IsUnique(err, "shop_hosts_host") {
		return ErrHostTaken.WithCause(err)
	}
	return err
}

// findTenant returns the shop with exactly this name and these hosts; no id when there is none.
func findTenant(ctx context.Context, db *pg.DB, name string, hosts []string) (id.ID, error) {
	var owner id.ID
	err := db.Read(tenant.WithSystem(ctx), func(b *pg.Batch) {
		var found bool
		pg.Row(b.Queue(`select s.tenant_id from shops s where s.name = $1
			and (select array_agg(h.host order by h.host collate "C") from shop_hosts h where h.tenant_id = s.tenant_id) = $2::text[]`,
			name, hosts), &found, &owner)
	})
	return owner, err
}
