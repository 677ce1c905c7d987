package inventory

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// drift is a balance that does not follow from the ledger and the live holds.
type drift struct {
	was      Stock
	onHand   int64 // what the ledger says
	reserved int64 // what the live holds say
}

// recount compares balances with what they follow from, in one statement and therefore at one moment. $1 narrows it to
// some variants; null means every one.
const recount = `select ` + stockColumns + `, coalesce(m.on_hand, 0)::bigint, coalesce(h.reserved, 0)::bigint
	from stock s
	left join (select variant_id, sum(delta) as on_hand from stock_movements
		where $1::uuid[] is null or variant_id = any($1) group by variant_id) m on m.variant_id = s.variant_id
	left join (select l.variant_id, sum(l.quantity) as reserved
		from reservation_lines l join reservations r on r.order_id = l.order_id and r.tenant_id = l.tenant_id
		where r.status = 'held' and ($1::uuid[] is null or l.variant_id = any($1)) group by l.variant_id) h on h.variant_id = s.variant_id
	where ($1::uuid[] is null or s.variant_id = any($1))
		and (s.on_hand <> coalesce(m.on_hand, 0) or s.reserved <> coalesce(h.reserved, 0))
	order by s.variant_id`

func queueRecount(b *pg.Batch, into *[]drift, variants []id.ID) {
	*into = (*into)[:0]
	pg.Each(b.Queue(recount, variants), func(rows pgx.Rows) error {
		var d drift
		if err := rows.Scan(append(d.was.columns(), &d.onHand, &d.reserved)...); err != nil {
			return err
		}
		*into = append(*into, d)
		return nil
	})
}

// readDrifts looks at every balance.
func readDrifts(ctx context.Context, db *pg.DB) (checked int64, drifts []drift, err error) {
	err = db.Read(ctx, func(b *pg.Batch) {
		var found bool
		pg.Row(b.Queue("select count(*) from stock"), &found, &checked)
		queueRecount(b, &drifts, nil)
	})
	return checked, drifts, err
}

// lockDrifts looks again at some balances, locked: whoever writes to the ledger or to holds has their lock, so what is
// counted now stays right until the transaction ends.
func lockDrifts(ctx context.Context, tx *pg.Tx, variants []id.ID) ([]drift, error) {
	var locked []Stock
	var drifts []drift
	err := tx.Read(ctx, func(b *pg.Batch) {
		queueStocks(b, &locked, lockVariants, variants)
		queueRecount(b, &drifts, variants)
	})
	return drifts, err
}

func saveRecounted(w *pg.Writes, drifts []drift, now time.Time) {
	variants, onHand, reserved := make([]id.ID, len(drifts)), make([]int64, len(drifts)), make([]int64, len(drifts))
	for i, d := range drifts {
		variants[i], onHand[i], reserved[i] = d.was.VariantID, d.onHand, d.reserved
	}
	w.Exec(`update stock s set on_hand = u.on_hand, reserved = u.reserved, version = s.version + 1, updated_at = $4
		from unnest($1::uuid[], $2::bigint[], $3::bigint[]) u (variant_id, on_hand, reserved)
		where s.variant_id = u.variant_id`, variants, onHand, reserved, now)
}
