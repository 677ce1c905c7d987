package inventory

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// Rows are locked in one order everywhere: reservations before stock, stock by variant. A flush takes stock first, but
// it locks no reservation that is there already.

// lockForHolds locks the balances of the variants, then reads what the orders hold. The reservations are read in a
// statement of their own after the lock was given, so that a repeat sees what its first call did.
func lockForHolds(ctx context.Context, tx *pg.Tx, variants, orders []id.ID) (*books, map[id.ID]Status, error) {
	var stocks []Stock
	before := make(map[id.ID]Status)
	err := tx.Read(ctx, func(b *pg.Batch) {
		queueStocks(b, &stocks, lockVariants, variants)
		pg.Each(b.Queue("select order_id, status from reservations where order_id = any($1) and tenant_id = current_tenant()", orders),
			func(rows pgx.Rows) error {
				var order id.ID
				var status Status
				if err := rows.Scan(&order, &status); err != nil {
					return err
				}
				before[order] = status
				return nil
			})
	})
	return newBooks(stocks), before, err
}

// holdPlenty holds for all orders in one statement, if so many units of each variant are left afterwards that there is
// nothing to tell: one, or as many as a bundle takes. Otherwise
// it changes nothing and reports false: then somebody has to decide, or to be told. An order that is known already
// violates reservationKey.
func holdPlenty(ctx context.Context, db *pg.DB, holds []Hold, now time.Time) (held bool, err error) {
	r, asked := newHoldRows(holds), make(map[id.ID]int64)
	for i, variant := range r.variants {
		asked[variant] += r.quantities[i]
	}
	variants, quantities := slices.SortedFunc(maps.Keys(asked), compareIDs), make([]int64, len(asked))
	for i, variant := range variants {
		quantities[i] = asked[variant]
	}
	found := false
	err = db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`with locked as materialized (
				select variant_id, on_hand - reserved as free, allow_backorder, coalesce(watched[cardinality(watched)], 1) as watched from stock
				where variant_id = any($1) order by variant_id for no key update
			), plenty as materialized (
				select count(*) = cardinality($1) as yes from locked join unnest($1::uuid[], $2::bigint[]) a (variant_id, quantity) using (variant_id)
				where allow_backorder or free - quantity >= watched
			), moved as (
				update stock s set reserved = s.reserved + a.quantity, version = s.version + 1, updated_at = $3
				from unnest($1::uuid[], $2::bigint[]) a (variant_id, quantity)
				where s.variant_id = a.variant_id and (select yes from plenty)
			), held as (
				insert into reservations (order_id, status, expires_at, created_at, updated_at)
				select order_id, 'held', expires_at, $3, $3 from unnest($4::uuid[], $5::timestamptz[]) u (order_id, expires_at)
				where (select yes from plenty)
			), lines as (
				insert into reservation_lines (order_id, variant_id, quantity)
				select * from unnest($6::uuid[], $7::uuid[], $8::bigint[]) where (select yes from plenty)
			)
			select yes from plenty`,
			variants, quantities, now, r.orders, r.expires, r.ofLine, r.variants, r.quantities), &found, &held)
	})
	return found && held, err
}

// saveHolds inserts holds. An order that was inserted meanwhile violates reservationKey.
func saveHolds(w *pg.Writes, holds []Hold, now time.Time) {
	if len(holds) == 0 {
		return
	}
	r := newHoldRows(holds)
	w.Exec(`insert into reservations (order_id, status, expires_at, created_at, updated_at)
		select order_id, 'held', expires_at, $3, $3 from unnest($1::uuid[], $2::timestamptz[]) u (order_id, expires_at)`,
		r.orders, r.expires, now)
	w.Exec(`insert into reservation_lines (order_id, variant_id, quantity)
		select * from unnest($1::uuid[], $2::uuid[], $3::bigint[])`, r.ofLine, r.variants, r.quantities)
}

// holdRows are holds as columns, by order.
type holdRows struct {
	orders     []id.ID
	expires    []time.Time
	ofLine     []id.ID
	variants   []id.ID
	quantities []int64
}

func newHoldRows(holds []Hold) holdRows {
	holds = slices.SortedFunc(slices.Values(holds), func(x, y Hold) int { return compareIDs(x.OrderID, y.OrderID) })
	r := holdRows{orders: make([]id.ID, len(holds)), expires: make([]time.Time, len(holds))}
	for i, h := range holds {
		r.orders[i], r.expires[i] = h.OrderID, h.ExpiresAt
		for _, l := range h.Lines {
			r.ofLine, r.variants, r.quantities = append(r.ofLine, h.OrderID), append(r.variants, l.VariantID), append(r.quantities, l.Quantity)
		}
	}
	return r
}

const (
	reservationKey = "reservations_pkey"
	linesKey       = "reservation_lines_pkey"
)

const lockReservation = "select status from reservations where order_id = $1 and tenant_id = current_tenant() for update"

const lockLines = ` join reservation_lines l on l.variant_id = s.variant_id
	where l.order_id = $1 order by s.variant_id for no key update of s`

// lockOrder locks what an order holds and the balances it touches. With remember, an order that is not known is
// remembered as released.
func lockOrder(ctx context.Context, tx *pg.Tx, order id.ID, remember bool, now time.Time) (*Reservation, *books, error) {
	r := &Reservation{OrderID: order}
	var stocks []Stock
	err := tx.Read(ctx, func(b *pg.Batch) {
		if remember {
			b.Queue(`insert into reservations (order_id, status, created_at, updated_at) values ($1, 'released', $2, $2)
				on conflict (order_id, tenant_id) do nothing`, order, now)
		}
		var found bool
		pg.Row(b.Queue(lockReservation, order), &found, &r.Status)
		pg.Each(b.Queue("select "+stockColumns+", l.quantity from stock s"+lockLines, order), func(rows pgx.Rows) error {
			var s Stock
			l := Line{}
			if err := rows.Scan(append(s.columns(), &l.Quantity)...); err != nil {
				return err
			}
			l.VariantID = s.VariantID
			r.Lines = append(r.Lines, l)
			stocks = append(stocks, s)
			return nil
		})
	})
	return r, newBooks(stocks), err
}

func saveStatus(w *pg.Writes, orders []id.ID, status Status, now time.Time) {
	w.Exec("update reservations set status = $2, updated_at = $3 where order_id = any($1) and tenant_id = current_tenant()",
		orders, string(status), now)
}

// tenantsWithLapsed lists the tenants that have holds past their time. The context must be the system's.
func tenantsWithLapsed(ctx context.Context, db *pg.DB, now time.Time) ([]id.ID, error) {
	var out []id.ID
	err := db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue("select distinct tenant_id from reservations where status = 'held' and expires_at <= $1", now),
			func(rows pgx.Rows) error {
				var tenant id.ID
				if err := rows.Scan(&tenant); err != nil {
					return err
				}
				out = append(out, tenant)
				return nil
			})
	})
	return out, err
}

// lockLapsed locks up to limit holds past their time, leaving alone those that somebody is settling right now.
func lockLapsed(ctx context.Context, tx *pg.Tx, now time.Time, limit int) ([]id.ID, error) {
	var out []id.ID
	err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue(`select order_id from reservations where status = 'held' and expires_at <= $1 and tenant_id = current_tenant()
			order by expires_at limit $2 for update skip locked`, now, limit), func(rows pgx.Rows) error {
			var order id.ID
			if err := rows.Scan(&order); err != nil {
				return err
			}
			out = append(out, order)
			return nil
		})
	})
	return out, err
}

// lockLinesOf locks the balances that orders touch and returns the orders' lines, whose orders are locked already.
func lockLinesOf(ctx context.Context, tx *pg.Tx, orders []id.ID) ([]Line, *books, error) {
	var lines []Line
	var stocks []Stock
	err := tx.Read(ctx, func(b *pg.Batch) {
		queueStocks(b, &stocks, `where s.variant_id in (select variant_id from reservation_lines where order_id = any($1))
			order by s.variant_id for no key update`, orders)
		pg.Each(b.Queue(`select variant_id, sum(quantity)::bigint from reservation_lines where order_id = any($1) group by variant_id`, orders),
			func(rows pgx.Rows) error {
				var l Line
				if err := rows.Scan(&l.VariantID, &l.Quantity); err != nil {
					return err
				}
				lines = append(lines, l)
				return nil
			})
	})
	return lines, newBooks(stocks), err
}
