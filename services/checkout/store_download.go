package checkout

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// downloadsUsed reads how often each file of an order was downloaded. Files that never were are left out.
func downloadsUsed(ctx context.Context, db *pg.DB, order id.ID) (used map[id.ID]int64, err error) {
	err = db.Read(ctx, func(b *pg.Batch) {
		used = map[id.ID]int64{}
		pg.Each(b.Queue(`select file_id, used from order_downloads where tenant_id = current_tenant() and order_id = $1`, order),
			func(rows pgx.Rows) error {
				var file id.ID
				var n int64
				err := rows.Scan(&file, &n)
				used[file] = n
				return err
			})
	})
	return used, err
}

// loadDownload reads how often one file was downloaded, and whether a download with the key is among them.
func loadDownload(ctx context.Context, tx *pg.Tx, order, file id.ID, by key) (used int64, repeated bool, err error) {
	reused := false
	err = tx.Read(ctx, func(b *pg.Batch) {
		used, repeated, reused = 0, false, false
		pg.Each(b.Queue(`select used from order_downloads where tenant_id = current_tenant() and order_id = $1 and file_id = $2`, order, file),
			func(rows pgx.Rows) error { return rows.Scan(&used) })
		if by == nil {
			return
		}
		pg.Each(b.Queue(`select file_id from order_download_keys where tenant_id = current_tenant() and order_id = $1 and idempotency_key = $2`, order, []byte(by)),
			func(rows pgx.Rows) error {
				var of id.ID
				err := rows.Scan(&of)
				repeated, reused = true, of != file
				return err
			})
	})
	if err == nil && reused {
		err = ErrKeyReused
	}
	return used, repeated, err
}

// saveDownload counts one download, within its limit.
func saveDownload(w *pg.Writes, order id.ID, d download, by key, now time.Time) {
	w.Must(ErrFileUsedUp, `insert into order_downloads as o (order_id, file_id, used, created_at, updated_at) values ($1, $2, 1, $3, $3)
		on conflict (order_id, file_id, tenant_id) do update set used = o.used + 1, updated_at = excluded.updated_at
		where $4::bigint is null or o.used < $4`, order, d.file, now, d.limit)
	if by != nil {
		w.Exec(`insert into order_download_keys (order_id, idempotency_key, file_id, created_at) values ($1, $2, $3, $4)`, order, []byte(by), d.file, now)
	}
}
