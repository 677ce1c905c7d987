package content_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/pg"
)

type announcement struct {
	sequence int64
	subject  string
	body     []byte
}

// announced is what waits in the outbox.
func (r room) announced(t testing.TB) []announcement {
	t.Helper()
	var out []announcement
	if err := r.db.Read(r.ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue("select sequence, subject, body from outbox order by seq"), func(rows pgx.Rows) error {
			var one announcement
			err := rows.Scan(&one.sequence, &one.subject, &one.body)
			out = append(out, one)
			return err
		})
	}); err != nil {
		t.Fatal(err)
	}
	return out
}
