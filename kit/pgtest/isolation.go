package pgtest

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sovecom/sovecom/kit/pg"
)

// Isolation checks what every room owes the others: each of its tables is under forced row-level security, its role
// is no superuser, cannot get around the policies, cannot leave its schema, cannot change tables, and sees nothing
// without a tenant.
func Isolation(t testing.TB, db *DB) {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, db.AdminURL)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)

	rows, err := c.Query(ctx, `select c.relname, c.relrowsecurity and c.relforcerowsecurity
			and exists (select from pg_policy p where p.polrelid = c.oid),
			exists (select from pg_attribute a where a.attrelid = c.oid and a.attname in ('tenant_id', 'id') and a.attnotnull)
		from pg_class c where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p')
			and has_table_privilege($2, c.oid, 'select')`, db.schema, role(db.schema))
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for rows.Next() {
		var table string
		var secured, owned bool
		if err := rows.Scan(&table, &secured, &owned); err != nil {
			t.Fatal(err)
		}
		if !secured {
			t.Errorf("%s.%s is readable by the room and not under forced row-level security", db.schema, table)
		}
		if !owned {
			t.Errorf("%s.%s has neither a tenant_id nor an id", db.schema, table)
		}
		tables = append(tables, table)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if len(tables) == 0 {
		t.Errorf("schema %s has no table the room can read", db.schema)
	}
	var super, bypass bool
	if err := c.QueryRow(ctx, "select rolsuper, rolbypassrls from pg_roles where rolname = $1", role(db.schema)).Scan(&super, &bypass); err != nil {
		t.Fatal(err)
	}
	if super || bypass {
		t.Errorf("role %s stands above row-level security", role(db.schema))
	}
	if _, err := c.Exec(ctx, "create schema if not exists neighbour; create table if not exists neighbour.secret (id int)"); err != nil {
		t.Fatal(err)
	}
	for name, sql := range map[string]string{
		"read another schema": "select * from neighbour.secret",
		"make a table":        "create table " + db.schema + ".mine (id int)",
		"make a schema":       "create schema mine",
		"drop a table":        "drop table " + db.schema + "." + pgx.Identifier{tables[0]}.Sanitize(),
		"lift the policy":     "alter table " + db.schema + "." + pgx.Identifier{tables[0]}.Sanitize() + " disable row level security",
		"read the migrations": "select * from " + db.schema + ".room_migrations",
	} {
		err := db.Read(ctx, func(b *pg.Batch) { b.Queue(sql) })
		var pgErr *pgconn.PgError
		if !errors.As(err, &pgErr) || pgErr.Code != "42501" {
			t.Errorf("the room can %s: %v", name, err)
		}
	}
	for _, table := range tables {
		var n int
		if err := db.Read(ctx, func(b *pg.Batch) {
			b.Queue("select count(*) from " + pgx.Identifier{table}.Sanitize()).QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
		}); err != nil {
			t.Errorf("%s without a tenant: %v", table, err)
		}
		if n > 0 {
			t.Errorf("%s shows %d rows without a tenant", table, n)
		}
	}
}
