package pg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// Config says how a room reaches its schema.
type Config struct {
	// URL of the database, with the room's role in it.
	URL string
	// Schema that belongs to the room; it becomes the search path.
	Schema string
	// PoolSize is the largest number of connections, at least 2. Default 8.
	PoolSize int
	// AsyncCommit turns synchronous_commit off: a crash of the database may lose the last moments, never corrupt.
	// Only for what may be lost, such as carts.
	AsyncCommit bool
}

// Deps are what a DB needs besides its Config.
type Deps struct {
	Logger *slog.Logger
}

// DB is one room's access to its schema. It is safe for concurrent use.
type DB struct {
	pool       *pgxpool.Pool
	schema     string
	log        *slog.Logger
	statements atomic.Int64
	emitted    chan struct{}
}

// Batch is a set of queries that travel together.
type Batch = pgx.Batch

// Open makes the pool. It does not wait for the database: the first use does.
func Open(ctx context.Context, cfg Config, deps Deps) (*DB, error) {
	pc, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("pg: the connection URL of %s cannot be read: %w", cfg.Schema, redact(err))
	}
	if cfg.PoolSize == 0 {
		cfg.PoolSize = 8
	}
	if cfg.PoolSize < 2 {
		return nil, fmt.Errorf("pg: pool size %d of %s is below 2", cfg.PoolSize, cfg.Schema)
	}
	pc.MaxConns = int32(min(cfg.PoolSize, 1000))
	pc.MaxConnIdleTime = 5 * time.Minute
	pc.ConnConfig.ConnectTimeout = 5 * time.Second
	pc.ConnConfig.StatementCacheCapacity = 256
	params := pc.ConnConfig.RuntimeParams
	params["search_path"] = cfg.Schema
	params["application_name"] = "sovecom-" + cfg.Schema
	params["idle_in_transaction_session_timeout"] = "30000"
	params["timezone"] = "UTC"
	// The server would plan many statements anew at every use, in the hope that their values matter. What a room asks is
	// written for one plan whatever the values, and planning was over a quarter of what the database spent on a checkout.
	params["plan_cache_mode"] = "force_generic_plan"
	if cfg.AsyncCommit {
		params["synchronous_commit"] = "off"
	}
	pc.AfterConnect = func(_ context.Context, c *pgx.Conn) error {
		registerID(c.TypeMap())
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("pg: pool of %s: %w", cfg.Schema, redact(err))
	}
	return &DB{pool: pool, schema: cfg.Schema, log: deps.Logger, emitted: make(chan struct{}, 1)}, nil
}

// Close waits for connections in use and closes the pool.
func (db *DB) Close() { db.pool.Close() }

// Schema is the name of the room's schema.
func (db *DB) Schema() string { return db.schema }

// Statements is how many SQL statements were sent since the start.
func (db *DB) Statements() int64 { return db.statements.Load() }

// Emitted receives after a commit that wrote to the outbox.
func (db *DB) Emitted() <-chan struct{} { return db.emitted }

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	return db.Read(ctx, func(b *Batch) { b.Queue("select 1") })
}

// Analyze refreshes what the planner knows of the room's tables. Call it after a bulk load.
func (db *DB) Analyze(ctx context.Context) error {
	return db.Read(ctx, func(b *Batch) { b.Queue("call analyze_tables()") })
}

// Read sends the queries that build queues in one round trip and calls their callbacks. It holds no transaction.
// When the connection turns out to be broken, it runs build again on a new one, so build must start from nothing.
func (db *DB) Read(ctx context.Context, build func(b *Batch)) error {
	return db.retryBroken(ctx, func() error {
		return db.withConn(ctx, func(c *pgx.Conn) error {
			b := new(Batch)
			db.setTenant(ctx, c, b)
			build(b)
			return db.send(ctx, c, b)
		})
	})
}

// Write commits the statements that build queues, all or none, in one round trip.
func (db *DB) Write(ctx context.Context, build func(w *Writes) error) error {
	w := new(Writes)
	if err := build(w); err != nil {
		return err
	}
	if w.batch.Len() == 0 {
		return nil
	}
	err := db.withConn(ctx, func(c *pgx.Conn) error {
		b := new(Batch)
		db.setTenant(ctx, c, b)
		// Several statements in one pipeline are one implicit transaction: they commit at its end or not at all.
		b.QueuedQueries = append(b.QueuedQueries, w.batch.QueuedQueries...)
		return w.explain(db.send(ctx, c, b))
	})
	if err != nil {
		return err
	}
	db.committed(w)
	return nil
}

// Tx runs fn in a transaction and commits what it queued when it returns nil. BEGIN travels with the first read and
// COMMIT with the writes, so a command that loads once costs two round trips. On a serialization failure or a
// deadlock fn runs again, so it must not keep anything from an earlier run. The context it is given is marked: it
// must use that one, and must not call other rooms while it holds locks.
func (db *DB) Tx(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	const tries = 8
	var err error
	for try := range tries {
		if err = db.tx(ctx, fn); !retryable(err) || try == tries-1 {
			return err
		}
		db.log.DebugContext(ctx, "transaction runs again", "schema", db.schema, "try", try+1, "error", err)
		if stepAside(ctx, try) != nil {
			return err
		}
	}
	return err
}

// stepAside waits a random moment that grows with every try: two transactions that met in a deadlock would meet in the
// next one too if the loser came back at once.
func stepAside(ctx context.Context, try int) error {
	longest := min(time.Millisecond<<try, 50*time.Millisecond)
	timer := time.NewTimer(rand.N(longest) + 1) //nolint:gosec // no secret
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (db *DB) tx(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	var w *Writes
	err := db.retryBroken(ctx, func() error {
		return db.withConn(ctx, func(c *pgx.Conn) error {
			tx := &Tx{db: db, conn: c}
			w = &tx.Writes
			if err := fn(context.WithValue(ctx, txKey{}, db), tx); err != nil {
				tx.rollback(ctx)
				return err
			}
			err := tx.commit(ctx)
			if err != nil {
				tx.rollback(ctx)
			}
			if isBroken(err) {
				// Nobody knows whether the commit arrived. Running again could do it twice, so the caller decides.
				return ErrUnavailable.WithCause(fmt.Errorf("commit of %s: %v", db.schema, err)) //nolint:errorlint // the mark must not travel
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	db.committed(w)
	return nil
}

func (db *DB) committed(w *Writes) {
	if !w.emitted {
		return
	}
	select {
	case db.emitted <- struct{}{}:
	default:
	}
}

type txKey struct{}

// InTx reports whether the context was handed to a Tx function.
func InTx(ctx context.Context) bool { return ctx.Value(txKey{}) != nil }

var errSecondConnection = errors.New("pg: a second connection was asked for inside a transaction")

func (db *DB) withConn(ctx context.Context, fn func(c *pgx.Conn) error) error {
	if ctx.Value(txKey{}) == db {
		return errSecondConnection
	}
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return translate(err)
	}
	defer conn.Release()
	return fn(conn.Conn())
}

// retryBroken runs fn again when it met a connection that had died before it could do anything.
func (db *DB) retryBroken(ctx context.Context, fn func() error) error {
	const tries = 3
	var err error
	for range tries {
		if err = fn(); err == nil || !isBroken(err) || ctx.Err() != nil {
			return err
		}
	}
	return err
}

func (db *DB) send(ctx context.Context, c *pgx.Conn, b *Batch) error {
	db.statements.Add(int64(b.Len()))
	var err error
	if b.Len() == 1 {
		err = (&lone{ctx: ctx, conn: c, query: b.QueuedQueries[0]}).send()
	} else {
		err = c.SendBatch(ctx, b).Close()
	}
	if err != nil {
		forgetTenant(c)
	}
	return translate(err)
}

const tenantData = "app.tenant_id"

// setTenant queues the change of tenant in front of everything else, when the connection serves another one.
func (db *DB) setTenant(ctx context.Context, c *pgx.Conn, b *Batch) {
	want, _ := tenant.From(ctx)
	data := c.PgConn().CustomData()
	if have, ok := data[tenantData].(id.ID); ok && have == want {
		return
	}
	data[tenantData] = want
	value := ""
	if !want.IsZero() {
		value = want.String()
	}
	b.Queue("select set_config('app.tenant_id', $1, false)", value)
}

// forgetTenant is called after an error: a rollback may have taken the setting back.
func forgetTenant(c *pgx.Conn) { delete(c.PgConn().CustomData(), tenantData) }

// isBroken reports whether err says that the connection is gone and that nothing was done with it.
func isBroken(err error) bool {
	var broken *brokenError
	return errors.As(err, &broken) || pgconn.SafeToRetry(err)
}
