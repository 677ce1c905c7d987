package inventory

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// watchesLock is what changes of watches hold alone, and those who open stock hold together: a balance that is being opened
// cannot miss a watch that is being written.
const watchesLock = `hashtext('inventory.watches'), hashtext(current_tenant()::text)`

// watchedSQL are the quantities that are watched of the variant of a row.
func watchedSQL(row string) string {
	return `coalesce((select array_agg(distinct w.quantity order by w.quantity) from stock_watches w where w.variant_id = ` + row + `.variant_id), '{}')`
}

// lockWatches reads what is watched on behalf of a bundle, after whoever else changes watches or opens stock.
func lockWatches(ctx context.Context, tx *pg.Tx, bundle id.ID) (watched []Line, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		watched = nil
		b.Queue(`select pg_advisory_xact_lock(` + watchesLock + `)`)
		pg.Each(b.Queue(`select variant_id, quantity from stock_watches where bundle_id = $1 order by variant_id, quantity`, bundle), func(rows pgx.Rows) error {
			var l Line
			err := rows.Scan(&l.VariantID, &l.Quantity)
			watched = append(watched, l)
			return err
		})
	})
	return watched, err
}

// saveWatches replaces what is watched on behalf of a bundle, and returns the balances of the variants that were or are
// watched as they were and as they are.
func saveWatches(ctx context.Context, tx *pg.Tx, bundle id.ID, wanted []Line, touched []id.ID, now time.Time) (before, after []Stock, err error) {
	variants, quantities := make([]id.ID, len(wanted)), make([]int64, len(wanted))
	for i, l := range wanted {
		variants[i], quantities[i] = l.VariantID, l.Quantity
	}
	err = tx.Read(ctx, func(b *pg.Batch) {
		queueStocks(b, &before, lockVariants, touched)
		b.Queue(`delete from stock_watches where bundle_id = $1`, bundle)
		b.Queue(`insert into stock_watches (bundle_id, variant_id, quantity)
			select $1, u.* from unnest($2::uuid[], $3::bigint[]) u`, bundle, variants, quantities)
		// Whoever was told before is told again under a later version.
		b.Queue(`update stock s set watched = `+watchedSQL("s")+`, version = s.version + 1, updated_at = $2
			where s.variant_id = any($1) and s.watched <> `+watchedSQL("s"), touched, now)
		queueStocks(b, &after, byVariants, touched)
	})
	return before, after, err
}
