package pg

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// lone is a batch of one query, as most are. It goes the way of a query by itself, which is shorter than a pipeline's.
type lone struct {
	ctx   context.Context //nolint:containedctx // lives as long as the call
	conn  *pgx.Conn
	query *pgx.QueuedQuery
	rows  pgx.Rows
}

func (l *lone) send() error {
	if l.query.Fn == nil {
		_, err := l.Exec()
		return err
	}
	if err := l.query.Fn(l); err != nil {
		return err //nolint:wrapcheck // translated by the caller
	}
	if l.rows == nil {
		return nil
	}
	// What comes after the rows, as a commit that fails does, is heard when they are closed.
	l.rows.Close()
	return l.rows.Err() //nolint:wrapcheck // translated by the caller
}

// The rest makes it what a query's callback reads from.

func (l *lone) Exec() (pgconn.CommandTag, error) {
	return l.conn.Exec(l.ctx, l.query.SQL, l.query.Arguments...)
}

func (l *lone) Query() (pgx.Rows, error) {
	rows, err := l.conn.Query(l.ctx, l.query.SQL, l.query.Arguments...)
	l.rows = rows
	return rows, err
}

func (l *lone) QueryRow() pgx.Row {
	return l.conn.QueryRow(l.ctx, l.query.SQL, l.query.Arguments...)
}

func (l *lone) Close() error { return nil }

func (l *lone) Tx() pgx.Tx { return nil }
