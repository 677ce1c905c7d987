package pg

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Soon is a column that a statement may return, so that its commit does not wait for the disk. PostgreSQL writes one log,
// in the order of commits: what is left after a crash is all up to some moment, so any later commit that does wait, in
// whichever room of the same database, makes this one certain too. It is for what nobody outside is told of before such a
// commit, and for what may be done again. It holds for the whole transaction.
const Soon = "set_config('synchronous_commit', 'off', true)"

// Writes collects statements that commit together.
type Writes struct {
	batch   Batch
	guards  []error
	emitted bool
}

// Exec queues a statement.
func (w *Writes) Exec(sql string, args ...any) { w.batch.Queue(sql, args...) }

// Count queues a statement and stores how many rows it touched.
func (w *Writes) Count(n *int64, sql string, args ...any) { Affected(w.batch.Queue(sql, args...), n) }

// Must queues an INSERT, UPDATE or DELETE that has to touch at least one row; when it touches none, nothing of the
// whole set is committed and otherwise is the error. The guard sits in the statement: no other writer can come between
// the check and the change. The SQL must not have a RETURNING of its own.
func (w *Writes) Must(otherwise error, sql string, args ...any) {
	w.guards = append(w.guards, otherwise)
	w.batch.Queue("with guarded as ("+sql+" returning 1) select guard(exists (select from guarded), "+
		strconv.Itoa(len(w.guards)-1)+")", args...)
}

// MarkEmitted is called by kit/bus: an event waits in the outbox once this commits.
func (w *Writes) MarkEmitted() { w.emitted = true }

// explain turns a failed guard into the error it stands for.
func (w *Writes) explain(err error) error {
	var pgErr *pgconn.PgError
	if !errors.As(err, &pgErr) || pgErr.Code != guardState {
		return err
	}
	n, convErr := strconv.Atoi(strings.TrimPrefix(pgErr.Message, "guard "))
	if convErr != nil || n < 0 || n >= len(w.guards) {
		return err
	}
	return w.guards[n]
}

// guardState is the SQLSTATE that the guard function of base/ raises.
const guardState = "SV001"

// Tx is a running transaction. Its Writes are sent with the next read, or with the commit.
type Tx struct {
	Writes

	db    *DB
	conn  *pgx.Conn
	begun bool
}

// Read sends the writes queued so far and the queries of build, in one round trip.
func (tx *Tx) Read(ctx context.Context, build func(b *Batch)) error {
	b := tx.flush(ctx)
	build(b)
	return tx.explain(tx.db.send(ctx, tx.conn, b))
}

func (tx *Tx) commit(ctx context.Context) error {
	if !tx.begun {
		if tx.batch.Len() == 0 {
			return nil
		}
		// Nothing was read, so what was queued commits by itself: one pipeline is one implicit transaction.
		b := new(Batch)
		tx.db.setTenant(ctx, tx.conn, b)
		b.QueuedQueries = append(b.QueuedQueries, tx.batch.QueuedQueries...)
		return tx.explain(tx.db.send(ctx, tx.conn, b))
	}
	b := tx.flush(ctx)
	b.Queue("commit")
	return tx.explain(tx.db.send(ctx, tx.conn, b))
}

func (tx *Tx) flush(ctx context.Context) *Batch {
	b := new(Batch)
	if !tx.begun {
		tx.db.setTenant(ctx, tx.conn, b)
		b.Queue("begin")
		tx.begun = true
	}
	b.QueuedQueries = append(b.QueuedQueries, tx.batch.QueuedQueries...)
	tx.batch = Batch{}
	return b
}

// rollback must work when ctx has ended: pgx closes the connection then, which rolls back as well.
func (tx *Tx) rollback(ctx context.Context) {
	forgetTenant(tx.conn)
	if tx.conn.IsClosed() || tx.conn.PgConn().TxStatus() == 'I' {
		return
	}
	if _, err := tx.conn.Exec(context.WithoutCancel(ctx), "rollback"); err != nil {
		_ = tx.conn.Close(context.WithoutCancel(ctx))
	}
}

// Row reads at most one row of a queued query into dest and reports in found whether there was one.
func Row(q *pgx.QueuedQuery, found *bool, dest ...any) {
	q.Query(func(rows pgx.Rows) error {
		defer rows.Close()
		*found = false
		if !rows.Next() {
			return rows.Err()
		}
		*found = true
		return rows.Scan(dest...)
	})
}

// Each calls scan for every row of a queued query.
func Each(q *pgx.QueuedQuery, scan func(rows pgx.Rows) error) {
	q.Query(func(rows pgx.Rows) error {
		defer rows.Close()
		for rows.Next() {
			if err := scan(rows); err != nil {
				return fmt.Errorf("scan: %w", err)
			}
		}
		return rows.Err()
	})
}

// Affected stores how many rows a queued statement touched.
func Affected(q *pgx.QueuedQuery, n *int64) {
	q.Exec(func(tag pgconn.CommandTag) error {
		*n = tag.RowsAffected()
		return nil
	})
}
