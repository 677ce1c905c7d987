package identity

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// readTenantOf returns whose host it is; no id when nobody claims it. closed says that the default tenant claims hosts of its
// own, so that it does not stand in for nobody.
func readTenantOf(ctx context.Context, db *pg.DB, host string) (owner id.ID, closed bool, err error) {
	err = db.Read(tenant.WithSystem(ctx), func(b *pg.Batch) {
		var found bool
		pg.Row(b.Queue("select tenant_id from shop_hosts where host = $1", host), &found, &owner)
		pg.Row(b.Queue("select from shop_hosts where tenant_id = $1 limit 1", tenant.Default()), &closed)
	})
	return owner, closed, err
}

// claimHosts adds to a shop's hosts those it has not, and returns them all.
func claimHosts(ctx context.Context, tx *pg.Tx, shop id.ID, hosts []string) ([]string, error) {
	var found bool
	var version int64
	var own []string
	// With the shop locked, so that two who claim wait for each other.
	if err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue("select version from shops for no key update"), &found, &version)
	}); err != nil {
		return nil, err
	}
	if !found {
		return nil, ErrShopNotFound
	}
	if err := tx.Read(ctx, func(b *pg.Batch) {
		own = nil
		// Those of this shop alone: under the tenant's scope no other's can be seen.
		pg.Each(b.Queue("select host from shop_hosts order by host"), func(rows pgx.Rows) error {
			var host string
			if err := rows.Scan(&host); err != nil {
				return err
			}
			own = append(own, host)
			return nil
		})
	}); err != nil {
		return nil, err
	}
	before := len(own)
	for _, host := range hosts {
		if !slices.Contains(own, host) {
			tx.Exec("insert into shop_hosts (host) values ($1)", host)
			own = append(own, host)
		}
	}
	if len(own) == before {
		return own, nil
	}
	slices.Sort(own)
	tx.Exec("update shops set version = $1", version+1)
	return own, bus.Emit(ctx, &tx.Writes, subjectTenantUpdated, shop, version+1, &identityv1.TenantUpdated{TenantId: shop.String()})
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
