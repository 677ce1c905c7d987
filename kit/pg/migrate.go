package pg

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/sovecom/sovecom/kit/tenant"
)

//go:embed base/*.sql
var base embed.FS

// MigrateConfig says which schema to bring up to date and for whom.
type MigrateConfig struct {
	// AdminURL connects as a role that may create schemas and roles.
	AdminURL string
	// Schema to create and migrate.
	Schema string
	// Role of the room; created when missing. It can read and write rows of its own schema, and nothing else.
	Role string
	// Password of the role; empty leaves it without one (for clusters that trust their socket).
	Password string
	// TenantsOf is the schema whose tenants this one begins with. A room that joins a house hears by events of the shops that
	// are made from then on, and of those before only as far as the stream goes back. It may be empty, or not there yet.
	TenantsOf string
	// Migrations holds NNNNN_name.sql files in goose's format, forward only.
	Migrations fs.FS
}

// Migration is one step and whether it has been applied.
type Migration struct {
	Version int64
	Name    string
	Applied bool
}

// Two ledgers of migrations per schema: what kit/pg gives every room, then the room's own.
const (
	baseTable = "base_migrations"
	roomTable = "room_migrations"
)

// Migrate creates the room's role and schema and applies what is missing. It is safe to run at the same time from
// many processes: an advisory lock makes them take turns.
func Migrate(ctx context.Context, cfg MigrateConfig) error {
	return withMigrationLock(ctx, cfg, func(conn *pgx.Conn) error {
		if err := prepareSchema(ctx, conn, cfg); err != nil {
			return err
		}
		baseFS, err := fs.Sub(base, "base")
		if err != nil {
			return fmt.Errorf("pg: base migrations: %w", err)
		}
		up := func(p *goose.Provider) error {
			if _, err := p.Up(ctx); err != nil {
				return fmt.Errorf("pg: migrate %s: %w", cfg.Schema, err)
			}
			return nil
		}
		if err := withGoose(cfg, baseTable, baseFS, up); err != nil {
			return err
		}
		if err := inheritTenants(ctx, conn, cfg); err != nil {
			return err
		}
		if err := withGoose(cfg, roomTable, cfg.Migrations, up); err != nil {
			return err
		}
		// The ledgers of migrations are not the room's business.
		schema := pgx.Identifier{cfg.Schema}.Sanitize()
		if _, err := conn.Exec(ctx, "revoke all on "+schema+"."+baseTable+", "+schema+"."+roomTable+
			" from "+pgx.Identifier{cfg.Role}.Sanitize()); err != nil {
			return fmt.Errorf("pg: prepare schema %s: %w", cfg.Schema, err)
		}
		return nil
	})
}

// MigrationStatus lists the schema's migrations.
func MigrationStatus(ctx context.Context, cfg MigrateConfig) ([]Migration, error) {
	var out []Migration
	begun, err := migrationsBegun(ctx, cfg)
	if err != nil {
		return nil, err
	}
	err = withGoose(cfg, roomTable, cfg.Migrations, func(p *goose.Provider) error {
		if !begun { // goose would make its table, or fail for want of a schema to make it in
			for _, s := range p.ListSources() {
				out = append(out, Migration{Version: s.Version, Name: s.Path})
			}
			return nil
		}
		states, err := p.Status(ctx)
		if err != nil {
			return fmt.Errorf("pg: migration status of %s: %w", cfg.Schema, err)
		}
		for _, s := range states {
			out = append(out, Migration{Version: s.Source.Version, Name: s.Source.Path, Applied: s.State == goose.StateApplied})
		}
		return nil
	})
	return out, err
}

// migrationsBegun says whether the schema was ever migrated.
func migrationsBegun(ctx context.Context, cfg MigrateConfig) (begun bool, err error) {
	conn, err := pgx.Connect(ctx, cfg.AdminURL)
	if err != nil {
		return false, fmt.Errorf("pg: connect to read the migrations of %s: %w", cfg.Schema, redact(err))
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	err = conn.QueryRow(ctx, "select to_regclass($1) is not null", pgx.Identifier{cfg.Schema, roomTable}.Sanitize()).Scan(&begun)
	return begun, err
}

func withMigrationLock(ctx context.Context, cfg MigrateConfig, fn func(conn *pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, cfg.AdminURL)
	if err != nil {
		return fmt.Errorf("pg: connect to migrate %s: %w", cfg.Schema, redact(err))
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	// Roles belong to the whole cluster, so creating them takes turns across schemas and databases too.
	if _, err := conn.Exec(ctx, "select pg_advisory_lock(hashtext('sovecom migrate'))"); err != nil {
		return fmt.Errorf("pg: migration lock: %w", err)
	}
	return fn(conn)
}

func prepareSchema(ctx context.Context, conn *pgx.Conn, cfg MigrateConfig) error {
	schema, role := pgx.Identifier{cfg.Schema}.Sanitize(), pgx.Identifier{cfg.Role}.Sanitize()
	var exists bool
	if err := conn.QueryRow(ctx, "select exists (select from pg_roles where rolname = $1)", cfg.Role).Scan(&exists); err != nil {
		return fmt.Errorf("pg: look for role %s: %w", cfg.Role, err)
	}
	var steps []string
	if !exists {
		steps = append(steps, "create role "+role+" login noinherit nocreatedb nocreaterole")
	}
	if cfg.Password != "" {
		steps = append(steps, "alter role "+role+" password '"+strings.ReplaceAll(cfg.Password, "'", "''")+"'")
	}
	steps = append(steps,
		"create schema if not exists "+schema,
		"revoke all on schema "+schema+" from public",
		"grant usage on schema "+schema+" to "+role,
		"alter default privileges in schema "+schema+" grant select, insert, update, delete on tables to "+role,
		"alter default privileges in schema "+schema+" grant usage on sequences to "+role,
		"alter default privileges in schema "+schema+" grant execute on functions to "+role,
	)
	for _, step := range steps {
		if _, err := conn.Exec(ctx, step); err != nil {
			return fmt.Errorf("pg: prepare schema %s: %w", cfg.Schema, err)
		}
	}
	return nil
}

// inheritTenants gives a schema that is being made the tenants of another one. A process that dies meanwhile leaves the room's
// own migrations for another to begin, which inherits again.
func inheritTenants(ctx context.Context, conn *pgx.Conn, cfg MigrateConfig) error {
	if cfg.TenantsOf == "" || cfg.TenantsOf == cfg.Schema {
		return nil
	}
	own, elder := pgx.Identifier{cfg.Schema, "tenants"}.Sanitize(), pgx.Identifier{cfg.TenantsOf, "tenants"}.Sanitize()
	var due bool
	if err := conn.QueryRow(ctx, "select to_regclass($1) is null and to_regclass($2) is not null",
		pgx.Identifier{cfg.Schema, roomTable}.Sanitize(), elder).Scan(&due); err != nil || !due {
		return err
	}
	if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		// An administrator who is no superuser obeys row-level security too.
		if _, err := tx.Exec(ctx, "select set_config('app.tenant_id', $1, true)", tenant.System().String()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "insert into "+own+" (id) select id from "+elder+" on conflict do nothing")
		return err
	}); err != nil {
		return fmt.Errorf("pg: tenants of %s: %w", cfg.Schema, err)
	}
	return nil
}

func withGoose(cfg MigrateConfig, table string, migrations fs.FS, fn func(p *goose.Provider) error) error {
	cc, err := pgx.ParseConfig(cfg.AdminURL)
	if err != nil {
		return fmt.Errorf("pg: admin URL: %w", redact(err))
	}
	cc.RuntimeParams["search_path"] = cfg.Schema
	cc.RuntimeParams["app.tenant_id"] = tenant.System().String() // an administrator who is no superuser obeys row-level security too
	db := stdlib.OpenDB(*cc)
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations,
		goose.WithDisableGlobalRegistry(true), goose.WithTableName(table))
	if err != nil {
		return errors.Join(fmt.Errorf("pg: migrations of %s: %w", cfg.Schema, err), db.Close())
	}
	err = fn(provider)
	return errors.Join(err, db.Close())
}

// WithRole returns the URL with another user and password: how a room's own URL is made from the administrator's.
func WithRole(adminURL, role, password string) (string, error) {
	u, err := url.Parse(adminURL)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return "", errors.New("pg: it is not a valid PostgreSQL URL (postgres://user:password@host/database)")
	}
	if password == "" {
		u.User = url.User(role)
	} else {
		u.User = url.UserPassword(role, password)
	}
	return u.String(), nil
}
