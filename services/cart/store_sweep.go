package cart

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// tenantsToSweep lists tenants that have lapsed or old carts. The context must be the system's.
func tenantsToSweep(ctx context.Context, db *pg.DB, lapsed, old time.Time) ([]id.ID, error) {
	var out []id.ID
	err := db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue(`select tenant_id from carts where status = 'active' and expires_at <= $1
			union select tenant_id from carts where status <> 'active' and updated_at <= $2`, lapsed, old), func(rows pgx.Rows) error {
			var t id.ID
			if err := rows.Scan(&t); err != nil {
				return err
			}
			out = append(out, t)
			return nil
		})
	})
	return out, err
}

// sweepBatch closes up to limit lapsed carts and deletes up to limit old ones of the context's tenant, leaving alone
// what somebody is changing right now. It returns how many there were of the larger set.
func sweepBatch(ctx context.Context, db *pg.DB, now, old time.Time, limit int) (int64, error) {
	var closed, deleted int64
	err := db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		return tx.Read(ctx, func(b *pg.Batch) {
			pg.Affected(b.Queue(`update carts set status = 'abandoned', email = null, shipping_address = null, billing_address = null,
					shipping_rate_id = null, version = version + 1, updated_at = $1
				where (id, tenant_id) in (select id, tenant_id from carts where status = 'active' and expires_at <= $1
					order by expires_at limit $2 for update skip locked)`, now, limit), &closed)
			pg.Affected(b.Queue(`delete from carts where (id, tenant_id) in (select id, tenant_id from carts
				where status <> 'active' and updated_at <= $1 order by updated_at limit $2 for update skip locked)`, old, limit), &deleted)
		})
	})
	return max(closed, deleted), err
}
