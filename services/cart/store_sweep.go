package cart

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// tenantsToSweep lists tenants that have carts past their time. The context must be the system's.
func tenantsToSweep(ctx context.Context, db *pg.DB, now time.Time) ([]id.ID, error) {
	var out []id.ID
	err := db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue("select distinct tenant_id from carts where expires_at <= $1", now), func(rows pgx.Rows) error {
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

// sweepBatch takes up to limit carts of the context's tenant that are past their time, leaving alone those that somebody
// is changing right now: closed ones are deleted, lapsed ones closed until deleteAt. It returns how many it took.
func sweepBatch(ctx context.Context, db *pg.DB, now, deleteAt time.Time, limit int) (int, error) {
	var taken, active []id.ID
	err := db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		taken, active = nil, nil
		if err := tx.Read(ctx, func(b *pg.Batch) {
			pg.Each(b.Queue("select id, status from carts where expires_at <= $1 order by expires_at limit $2 for update skip locked", now, limit),
				func(rows pgx.Rows) error {
					var cart id.ID
					var status Status
					if err := rows.Scan(&cart, &status); err != nil {
						return err
					}
					taken = append(taken, cart)
					if status == Active {
						active = append(active, cart)
					}
					return nil
				})
		}); err != nil || len(taken) == 0 {
			return err
		}
		tx.Exec("delete from carts where id = any($1) and status <> 'active'", taken)
		tx.Exec(`update carts set status = 'abandoned', email = null, shipping_address = null, billing_address = null,
			shipping_rate_id = null, version = version + 1, updated_at = $2, expires_at = $3 where id = any($1)`, active, now, deleteAt)
		return nil
	})
	return len(taken), err
}
