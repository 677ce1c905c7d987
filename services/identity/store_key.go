package identity

import (
	"context"
	"time"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

type keyRow struct {
	id     id.ID
	sealed []byte
}

// readKey returns the active key, or a row without an id. Only the system scope sees it.
func readKey(ctx context.Context, db *pg.DB) (keyRow, error) {
	var row keyRow
	err := db.Read(ctx, func(b *pg.Batch) {
		var found bool
		pg.Row(b.Queue("select id, sealed from signing_keys where retired_at is null"), &found, &row.id, &row.sealed)
	})
	return row, err
}

// insertKey does nothing when there is an active key.
func insertKey(ctx context.Context, db *pg.DB, row keyRow, now time.Time) error {
	return db.Write(ctx, func(w *pg.Writes) error {
		w.Exec("insert into signing_keys (id, sealed, created_at) values ($1, $2, $3) on conflict do nothing", row.id, row.sealed, now)
		return nil
	})
}
