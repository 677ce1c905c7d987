// Package pgtest gives every test a PostgreSQL database of its own.
//
// One server runs per test binary, started by [Main]. A schema is migrated once, into a template; each test gets a copy
// of it, which takes milliseconds, so tests run in parallel and share nothing.
package pgtest

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/embed"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// env carries the server's URL from Main to the tests, so that there is no package variable to share.
const env = "PGTEST_ADMIN_URL"

// Main runs the tests of a package with a server and exits. Call it from TestMain.
func Main(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "pgtest-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o711); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ctx := context.Background()
	server, err := embed.StartPostgres(ctx, embed.PostgresConfig{
		DataDir: filepath.Join(dir, "data"), FsyncOff: os.Getenv("PGTEST_DURABLE") == "", MaxConnections: 1000,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer server.Stop(ctx)
	if err := os.Setenv(env, server.AdminURL()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// DB is a database of the test's own, seen by the room's role.
type DB struct {
	*pg.DB

	URL      string // as the room's role
	AdminURL string // as the superuser, same database
	schema   string
}

// New makes a database with the schema migrated and opens it as the room's role. It is gone when the test ends.
func New(t testing.TB, schema string, migrations fs.FS) *DB {
	t.Helper()
	template := makeTemplate(t, schema, migrations)
	name := template + "_" + strconv.FormatInt(counter.Add(1), 10)
	admin(t, func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, "create database "+name+" template "+template)
		return err
	})
	t.Cleanup(func() {
		admin(t, func(ctx context.Context, c *pgx.Conn) error {
			_, err := c.Exec(ctx, "drop database if exists "+name+" with (force)")
			return err
		})
	})
	db := &DB{AdminURL: urlOf(t, name), schema: schema}
	var err error
	if db.URL, err = pg.WithRole(db.AdminURL, role(schema), ""); err != nil {
		t.Fatal(err)
	}
	db.DB = db.Pool(t, 0)
	return db
}

// Pool opens another pool on the same database; 0 means the default size.
func (db *DB) Pool(t testing.TB, size int) *pg.DB {
	t.Helper()
	pool, err := pg.Open(t.Context(), pg.Config{URL: db.URL, Schema: db.schema, PoolSize: size}, pg.Deps{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// Context is the test's context, in the default tenant.
func Context(t testing.TB) context.Context {
	t.Helper()
	return tenant.With(t.Context(), tenant.Default())
}

// counter and templates belong to the server, of which a test binary has one.
//
//nolint:gochecknoglobals // see above
var (
	counter   atomic.Int64
	templates struct {
		sync.Mutex

		ready map[string]bool
	}
)

func role(schema string) string { return "room_" + schema }

// makeTemplate migrates a schema once per test binary.
func makeTemplate(t testing.TB, schema string, migrations fs.FS) string {
	t.Helper()
	templates.Lock()
	defer templates.Unlock()
	name := "tpl_" + schema
	if templates.ready[name] {
		return name
	}
	admin(t, func(ctx context.Context, c *pgx.Conn) error {
		if _, err := c.Exec(ctx, "drop database if exists "+name+" with (force)"); err != nil {
			return err
		}
		_, err := c.Exec(ctx, "create database "+name)
		return err
	})
	// Twice: what ran once must be safe to run again.
	for range 2 {
		if err := pg.Migrate(context.Background(), pg.MigrateConfig{
			AdminURL: urlOf(t, name), Schema: schema, Role: role(schema), Migrations: migrations,
		}); err != nil {
			t.Fatal(err)
		}
	}
	if templates.ready == nil {
		templates.ready = map[string]bool{}
	}
	templates.ready[name] = true
	return name
}

func admin(t testing.TB, do func(ctx context.Context, c *pgx.Conn) error) {
	t.Helper()
	ctx := context.Background() // also in a clean-up, where the test's context has ended
	c, err := pgx.Connect(ctx, serverURL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if err := do(ctx, c); err != nil {
		t.Fatal(err)
	}
}

func serverURL(t testing.TB) string {
	t.Helper()
	url := os.Getenv(env)
	if url == "" {
		t.Fatal("no server: the package's TestMain has to call pgtest.Main")
	}
	return url
}

// urlOf is the server's URL with another database.
func urlOf(t testing.TB, database string) string {
	t.Helper()
	url := serverURL(t)
	base, query, _ := strings.Cut(url, "?")
	return base[:strings.LastIndex(base, "/")+1] + database + "?" + query
}
