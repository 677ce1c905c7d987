package inventory

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

const stockColumns = "s.variant_id, s.on_hand, s.reserved, s.allow_backorder, s.version, s.watched"

func (s *Stock) columns() []any {
	return []any{&s.VariantID, &s.OnHand, &s.Reserved, &s.AllowBackorder, &s.Version, &s.Watched}
}

// queueStocks reads balances, in the order in which rows are locked everywhere.
func queueStocks(b *pg.Batch, into *[]Stock, where string, args ...any) {
	*into = (*into)[:0]
	pg.Each(b.Queue("select "+stockColumns+" from stock s "+where, args...), func(rows pgx.Rows) error {
		var s Stock
		if err := rows.Scan(s.columns()...); err != nil {
			return err
		}
		*into = append(*into, s)
		return nil
	})
}

// The lock leaves foreign keys alone: the key of a balance never changes.
const byVariants = "where s.variant_id = any($1) order by s.variant_id"
const lockVariants = byVariants + " for no key update"

func readStocks(ctx context.Context, db *pg.DB, variants []id.ID) ([]Stock, error) {
	var out []Stock
	err := db.Read(ctx, func(b *pg.Batch) { queueStocks(b, &out, byVariants, variants) })
	return out, err
}

func lockStock(ctx context.Context, tx *pg.Tx, variant id.ID) (Stock, error) {
	var out []Stock
	if err := tx.Read(ctx, func(b *pg.Batch) { queueStocks(b, &out, lockVariants, []id.ID{variant}) }); err != nil {
		return Stock{}, err
	}
	if len(out) == 0 {
		return Stock{}, ErrStockNotFound
	}
	return out[0], nil
}

// saveChanges moves balances. The guard is in the statement: what is not there is not held, and when one row refuses,
// the whole transaction does.
func saveChanges(w *pg.Writes, changes []change, now time.Time) {
	if len(changes) == 0 {
		return
	}
	variants, onHand, reserved := make([]id.ID, len(changes)), make([]int64, len(changes)), make([]int64, len(changes))
	for i, c := range changes {
		variants[i], onHand[i], reserved[i] = c.variant, c.onHand, c.reserved
	}
	w.Exec(`with moved as (
			update stock s set on_hand = s.on_hand + u.on_hand, reserved = s.reserved + u.reserved,
				version = s.version + 1, updated_at = $4
			from unnest($1::uuid[], $2::bigint[], $3::bigint[]) u (variant_id, on_hand, reserved)
			where s.variant_id = u.variant_id
				and (u.reserved <= 0 or s.on_hand - s.reserved >= u.reserved or s.allow_backorder)
			returning 1)
		select guard((select count(*) from moved) = cardinality($1::uuid[]), -1)`,
		variants, onHand, reserved, now)
}

func saveBackorder(w *pg.Writes, s Stock, now time.Time) {
	w.Exec("update stock set allow_backorder = $2, version = $3, updated_at = $4 where variant_id = $1",
		s.VariantID, s.AllowBackorder, s.Version, now)
}

// openStock opens what is not open yet, balance and first line of the ledger in one statement, and returns the
// variants it opened. Without a time, it is the database's.
func openStock(b *pg.Batch, items []NewStock, now *time.Time, opened *[]id.ID) {
	variants, onHand, backorder := make([]id.ID, len(items)), make([]int64, len(items)), make([]bool, len(items))
	lines := make([]id.ID, len(items))
	for i, item := range items {
		variants[i], onHand[i], backorder[i], lines[i] = item.VariantID, item.OnHand, item.AllowBackorder, id.New()
	}
	*opened = (*opened)[:0]
	b.Queue(`select pg_advisory_xact_lock_shared(` + watchesLock + `)`)
	pg.Each(b.Queue(`with item as (
			select * from unnest($1::uuid[], $2::bigint[], $3::boolean[], $4::uuid[]) u (variant_id, on_hand, allow_backorder, line_id)
		), opened as (
			insert into stock (variant_id, on_hand, allow_backorder, watched, created_at, updated_at)
			select variant_id, on_hand, allow_backorder, `+watchedSQL("item")+`, coalesce($5, now()), coalesce($5, now()) from item order by variant_id
			on conflict (tenant_id, variant_id) do nothing
			returning variant_id
		)
		insert into stock_movements (id, variant_id, delta, reason, created_at)
		select line_id, variant_id, on_hand, 'initial', coalesce($5, now()) from opened join item using (variant_id)
		returning variant_id`, variants, onHand, backorder, lines, now), func(rows pgx.Rows) error {
		var variant id.ID
		if err := rows.Scan(&variant); err != nil {
			return err
		}
		*opened = append(*opened, variant)
		return nil
	})
}
