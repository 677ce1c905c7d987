package identity_test

import (
	"runtime"
	"testing"

	"github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// An installation holds a thousand shops, each with the same member of staff: no host is found and nobody signs in by looking
// at the others.
func TestAThousandShops(t *testing.T) { //nolint:paralleltest // it counts what the process allocates
	r := open(t)
	_, err := r.client.CreateStaff(r.ctx, &identityv1.CreateStaffRequest{Email: "ada@example.com", Name: "Ada", Role: "staff", Password: password})
	ok(t, err)
	shop := r.otherShop("shop.example.com")
	reads := map[string]func(){
		"resolve": func() {
			res, err := r.in([16]byte{}).client.ResolveTenant(r.in([16]byte{}).ctx, &identityv1.ResolveTenantRequest{Host: "shop.example.com"})
			ok(t, err)
			if res.GetTenantId() != shop.String() {
				t.Errorf("the host leads to %s", res.GetTenantId())
			}
		},
		"login": func() {
			_, err := r.loginStaff("ada@example.com", password, "192.0.2.1")
			ok(t, err)
		},
		"settings": func() {
			_, err := r.client.GetShopSettings(r.ctx, &identityv1.GetShopSettingsRequest{})
			ok(t, err)
		},
	}
	type cost struct{ statements, allocated int64 }
	measure := func() map[string]cost {
		out := map[string]cost{}
		for name, read := range reads {
			read() // connections that have to be told the shop
			least := cost{1 << 40, 1 << 40}
			for range 5 { // the room has work of its own
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				sent := r.db.Statements()
				read()
				statements := r.db.Statements() - sent
				runtime.ReadMemStats(&after)
				least = cost{min(least.statements, statements), min(least.allocated, int64(after.TotalAlloc-before.TotalAlloc))}
			}
			out[name] = least
		}
		return out
	}
	before := measure()
	ok(t, r.db.Write(tenant.WithSystem(t.Context()), func(w *pg.Writes) error {
		w.Exec(`with made as (insert into tenants (id) select gen_random_uuid() from generate_series(1, 1000) returning id),
			opened as (insert into shops (tenant_id, name) select id, 'Shop' from made returning tenant_id)
			insert into shop_hosts (host, tenant_id) select 'shop-' || row_number() over () || '.example.com', tenant_id from opened`)
		return nil
	}))
	for name, c := range measure() {
		t.Logf("%s: %d statements and %d KiB with two shops, %d and %d KiB with a thousand", name,
			before[name].statements, before[name].allocated>>10, c.statements, c.allocated>>10)
		if c.statements > before[name].statements || c.allocated > before[name].allocated*3/2+64<<10 {
			t.Errorf("%s grows with the shops", name)
		}
	}
}
