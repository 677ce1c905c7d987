package pg

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// CopyIn inserts many rows through COPY, in one table whose name and columns are the caller's own, never a stranger's text.
// PostgreSQL refuses COPY into a table under row-level security, so the rows arrive in a temporary table, which has none, and
// go from there by insert … select, which the policies of the table hold for. What is there already is an error. The role
// needs the right to make temporary tables, which everybody has in a database of PostgreSQL's making.
func (tx *Tx) CopyIn(ctx context.Context, table string, columns []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	stage, list := "stage_"+table, strings.Join(columns, ", ")
	// One for each connection, emptied after use.
	if err := tx.Read(ctx, func(b *Batch) {
		b.Queue("create temporary table if not exists " + stage + " as select " + list + " from " + table + " with no data")
	}); err != nil {
		return err
	}
	tx.db.statements.Add(1)
	if _, err := tx.conn.CopyFrom(ctx, pgx.Identifier{"pg_temp", stage}, columns, pgx.CopyFromRows(rows)); err != nil {
		forgetTenant(tx.conn)
		return fmt.Errorf("pg: copy into %s: %w", table, translate(err))
	}
	tx.Exec("insert into " + table + " (" + list + ") select " + list + " from pg_temp." + stage)
	tx.Exec("truncate pg_temp." + stage)
	return nil
}
