package inventory

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// saveMovements adds lines to the ledger.
func saveMovements(w *pg.Writes, movements []Movement, now time.Time) {
	if len(movements) == 0 {
		return
	}
	n := len(movements)
	ids, variants, orders, actors := make([]id.ID, n), make([]id.ID, n), make([]id.ID, n), make([]id.ID, n)
	deltas, reasons, notes := make([]int64, n), make([]string, n), make([]string, n)
	for i, m := range movements {
		ids[i], variants[i], orders[i], actors[i] = m.ID, m.VariantID, m.OrderID, m.ActorID
		deltas[i], reasons[i], notes[i] = m.Delta, string(m.Reason), m.Note
	}
	w.Exec(`insert into stock_movements (id, variant_id, delta, reason, note, order_id, actor_id, created_at)
		select u.*, $8 from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::uuid[], $7::uuid[]) u`,
		ids, variants, deltas, reasons, notes, orders, actors, now)
}

// movementsPage is one page of a variant's ledger, newest first.
type movementsPage struct {
	known     bool // the variant has stock
	total     int64
	movements []Movement // one more than asked for when there is a next page
}

// readMovements reads a page of the ledger. before is the last line already seen, or none.
func readMovements(ctx context.Context, db *pg.DB, variant, before id.ID, r page.Request) (movementsPage, error) {
	var out movementsPage
	err := db.Read(ctx, func(b *pg.Batch) {
		out = movementsPage{}
		var one int
		pg.Row(b.Queue("select 1 from stock where variant_id = $1", variant), &out.known, &one)
		var counted bool
		pg.Row(b.Queue("select count(*) from (select 1 from stock_movements where variant_id = $1 limit $2) t",
			variant, page.CountLimit+1), &counted, &out.total)
		pg.Each(b.Queue(`select id, variant_id, delta, reason, note, order_id, actor_id, created_at from stock_movements
			where variant_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3 offset $4`,
			variant, before.Ptr(), r.Limit+1, r.Offset()), func(rows pgx.Rows) error {
			var m Movement
			if err := rows.Scan(&m.ID, &m.VariantID, &m.Delta, &m.Reason, &m.Note, &m.OrderID, &m.ActorID, &m.CreatedAt); err != nil {
				return err
			}
			out.movements = append(out.movements, m)
			return nil
		})
	})
	return out, err
}
