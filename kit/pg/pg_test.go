package pg_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var errTaken = fault.Conflict("test.taken", "It is taken.")

func shelf() fstest.MapFS {
	return fstest.MapFS{"00001_shelf.sql": {Data: []byte(`-- +goose Up
create table jars (
	id uuid primary key,
	tenant_id uuid not null default current_tenant() references tenants (id),
	n bigint not null check (n >= 0)
);
call protect('jars');
create table labels (
	jar uuid not null references jars (id) deferrable initially deferred,
	tenant_id uuid not null default current_tenant()
);
call protect('labels');`)}}
}

func open(t *testing.T) *pgtest.DB {
	t.Helper()
	return pgtest.New(t, "shelf", shelf())
}

func put(ctx context.Context, t *testing.T, db *pg.DB, jar id.ID, n int64) {
	t.Helper()
	if err := db.Write(ctx, func(w *pg.Writes) error {
		w.Exec("insert into jars (id, n) values ($1, $2)", jar, n)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func get(ctx context.Context, t *testing.T, db *pg.DB, jar id.ID) (n int64, found bool) {
	t.Helper()
	if err := db.Read(ctx, func(b *pg.Batch) { pg.Row(b.Queue("select n from jars where id = $1", jar), &found, &n) }); err != nil {
		t.Fatal(err)
	}
	return n, found
}

func addTenant(t *testing.T, db *pg.DB) context.Context {
	t.Helper()
	other := id.New()
	if err := db.Write(tenant.WithSystem(t.Context()), func(w *pg.Writes) error {
		w.Exec("insert into tenants (id) values ($1)", other)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return tenant.With(t.Context(), other)
}

func TestIsolation(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx := pgtest.Context(t)
	jar := id.New()
	put(ctx, t, db.DB, jar, 3)
	pgtest.Isolation(t, db)
	other := addTenant(t, db.DB)
	// The same connections serve both tenants in turn.
	for range 20 {
		if _, found := get(other, t, db.DB, jar); found {
			t.Fatal("another tenant sees the jar")
		}
		if n, found := get(ctx, t, db.DB, jar); !found || n != 3 {
			t.Fatal("the owner does not see the jar")
		}
		if _, found := get(t.Context(), t, db.DB, jar); found {
			t.Fatal("nobody sees the jar")
		}
	}
	// Writing into another tenant's books is refused by the database, also when a query names the tenant.
	if err := db.Write(other, func(w *pg.Writes) error {
		w.Exec("insert into jars (id, tenant_id, n) values ($1, $2, 1)", id.New(), tenant.Default())
		return nil
	}); err == nil {
		t.Error("a jar was put on another tenant's shelf")
	}
	if err := db.Write(t.Context(), func(w *pg.Writes) error {
		w.Exec("insert into jars (id, n) values ($1, 1)", id.New())
		return nil
	}); err == nil {
		t.Error("a jar was put on nobody's shelf")
	}
}

func TestWriteIsAllOrNothingInOneRoundTrip(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx := pgtest.Context(t)
	a, b := id.New(), id.New()
	put(ctx, t, db.DB, a, 1)
	err := db.Write(ctx, func(w *pg.Writes) error {
		w.Exec("insert into jars (id, n) values ($1, 9)", b)
		w.Must(errTaken, "update jars set n = n - 1 where id = $1 and n >= 1", a)
		w.Must(errTaken.WithMessage("second"), "update jars set n = n - 1 where id = $1 and n >= 1", a)
		return nil
	})
	if !errors.Is(err, errTaken) || fault.From(err).Message() != "second" {
		t.Errorf("got %v", err)
	}
	if n, _ := get(ctx, t, db.DB, a); n != 1 {
		t.Errorf("the first update stayed: %d", n)
	}
	if _, found := get(ctx, t, db.DB, b); found {
		t.Error("the insert stayed")
	}
}

// A statement that is refused when it commits has returned its rows by then.
func TestARefusedCommitIsHeard(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), pgtest.Context(t)
	const stick = "insert into labels (jar) values ($1) returning jar"
	var found bool
	var jar id.ID
	for name, queue := range map[string]func(b *pg.Batch){
		"alone":     func(b *pg.Batch) { pg.Row(b.Queue(stick, id.New()), &found, &jar) },
		"in a pair": func(b *pg.Batch) { pg.Row(b.Queue(stick, id.New()), &found, &jar); b.Queue("select 1") },
	} {
		if err := db.Read(ctx, queue); err == nil {
			t.Errorf("%s: nothing was heard of it", name)
		}
	}
	if err := db.Write(ctx, func(w *pg.Writes) error { w.Exec(stick, id.New()); return nil }); err == nil {
		t.Error("written: nothing was heard of it")
	}
}

func TestTxSeesWhatItLockedAndRunsAgainOnDeadlock(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx := pgtest.Context(t)
	jars := []id.ID{id.New(), id.New()}
	for _, j := range jars {
		put(ctx, t, db.DB, j, 0)
	}
	// Two transactions take the same two rows in opposite order, again and again.
	const rounds = 20
	var wg sync.WaitGroup
	for worker := range 2 {
		wg.Go(func() {
			for range rounds {
				if err := db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
					for i := range jars {
						jar := jars[(i+worker)%2]
						var n int64
						var found bool
						if err := tx.Read(ctx, func(b *pg.Batch) {
							pg.Row(b.Queue("select n from jars where id = $1 for update", jar), &found, &n)
						}); err != nil {
							return err
						}
						tx.Exec("update jars set n = $2 where id = $1", jar, n+1)
					}
					return nil
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, j := range jars {
		if n, _ := get(ctx, t, db.DB, j); n != 2*rounds {
			t.Errorf("%d of %d increments", n, 2*rounds)
		}
	}
}

func TestTxRollsBack(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx := pgtest.Context(t)
	jar := id.New()
	boom := errors.New("boom")
	for name, fn := range map[string]func(ctx context.Context, tx *pg.Tx) error{
		"before a read": func(_ context.Context, tx *pg.Tx) error {
			tx.Exec("insert into jars (id, n) values ($1, 1)", jar)
			return boom
		},
		"after a read": func(ctx context.Context, tx *pg.Tx) error {
			tx.Exec("insert into jars (id, n) values ($1, 1)", jar)
			return errors.Join(tx.Read(ctx, func(b *pg.Batch) { b.Queue("select 1") }), boom)
		},
	} {
		if err := db.Tx(ctx, fn); !errors.Is(err, boom) {
			t.Errorf("%s: %v", name, err)
		}
		if _, found := get(ctx, t, db.DB, jar); found {
			t.Errorf("%s: the insert stayed", name)
		}
	}
	err := db.Tx(ctx, func(ctx context.Context, _ *pg.Tx) error { return db.Ping(ctx) })
	if err == nil {
		t.Error("a second connection was given out inside a transaction")
	}
}

func TestSmallPoolServesManyCallers(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx := pgtest.Context(t)
	jar := id.New()
	put(ctx, t, db.DB, jar, 10)
	pool := db.Pool(t, 2)
	var won, lost atomic.Int64
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			err := pool.Write(ctx, func(w *pg.Writes) error {
				w.Must(errTaken, "update jars set n = n - 1 where id = $1 and n >= 1", jar)
				return nil
			})
			switch {
			case err == nil:
				won.Add(1)
			case errors.Is(err, errTaken):
				lost.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 10 || lost.Load() != 190 {
		t.Errorf("%d won, %d lost", won.Load(), lost.Load())
	}
}

func TestBrokenConnectionsAreReplaced(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx := pgtest.Context(t)
	jar := id.New()
	put(ctx, t, db.DB, jar, 5)
	c, err := pgx.Connect(ctx, db.AdminURL)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	for range 5 {
		if _, err := c.Exec(ctx, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"); err != nil {
			t.Fatal(err)
		}
		if n, found := get(ctx, t, db.DB, jar); !found || n != 5 {
			t.Fatalf("after the connections were cut: %d, %v", n, found)
		}
	}
}

func TestOutageIsUnavailable(t *testing.T) {
	t.Parallel()
	db, err := pg.Open(t.Context(), pg.Config{URL: "postgres://nobody@127.0.0.1:1/none", Schema: "shelf"}, pg.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Ping(pgtest.Context(t)); !errors.Is(err, pg.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	_, err = pg.Open(t.Context(), pg.Config{URL: "postgres://u:hunter2@%zz/none", Schema: "shelf"}, pg.Deps{})
	if err == nil || containsSecret(err) {
		t.Errorf("got %v", err)
	}
}

func containsSecret(err error) bool {
	for i := 0; i+7 <= len(err.Error()); i++ {
		if err.Error()[i:i+7] == "hunter2" {
			return true
		}
	}
	return false
}

func TestManyMigrateAtOnce(t *testing.T) {
	t.Parallel()
	db := open(t)
	cfg := pg.MigrateConfig{AdminURL: db.AdminURL, Schema: "fresh", Role: "room_fresh", Migrations: shelf()}
	for range 2 { // to ask is to change nothing
		before, err := pg.MigrationStatus(t.Context(), cfg)
		if err != nil || len(before) != 1 || before[0].Applied || before[0].Name == "" {
			t.Errorf("before: %+v, %v", before, err)
		}
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := pg.Migrate(t.Context(), cfg); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	states, err := pg.MigrationStatus(t.Context(), cfg)
	if err != nil || len(states) != 1 || !states[0].Applied {
		t.Errorf("got %+v, %v", states, err)
	}
}

// A room that joins a house knows the shops that were made before; one that is there already hears of them by events.
func TestANewRoomKnowsTheShops(t *testing.T) {
	t.Parallel()
	db := open(t)
	shop := id.New()
	if err := db.Write(tenant.WithSystem(t.Context()), func(w *pg.Writes) error {
		w.Exec("insert into tenants (id) values ($1)", shop)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	conn, err := pg.Connect(t.Context(), db.AdminURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	knows := func(schema string) (n int) {
		t.Helper()
		if err := conn.QueryRow(t.Context(), "select count(*) from "+schema+".tenants where id = $1", shop).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	cfg := pg.MigrateConfig{AdminURL: db.AdminURL, Schema: "early", Role: "room_early", Migrations: shelf(), TenantsOf: "nowhere"}
	for _, c := range []struct {
		schema, of string
		want       int
	}{{"early", "nowhere", 0}, {"early", "shelf", 0}, {"late", "shelf", 1}, {"late", "shelf", 1}} {
		cfg.Schema, cfg.TenantsOf = c.schema, c.of
		if err := pg.Migrate(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
		if n := knows(c.schema); n != c.want {
			t.Errorf("%s, which begins with the shops of %s, knows %d", c.schema, c.of, n)
		}
	}
}

func TestDeadlineEndsAQuery(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx, cancel := context.WithTimeout(pgtest.Context(t), 50*time.Millisecond)
	defer cancel()
	err := db.Read(ctx, func(b *pg.Batch) { b.Queue("select pg_sleep(60)") })
	if f := fault.From(err); f == nil || f.Kind() != fault.KindDeadline {
		t.Errorf("got %v", err)
	}
	if err := db.Ping(pgtest.Context(t)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
