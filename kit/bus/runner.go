package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel/trace"
	"golang.org/x/sync/errgroup"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// Config of a room's Runner.
type Config struct {
	// LockURL opens the one connection, outside the pool, that holds the room's leadership.
	LockURL string
	// Consumers of the room; each name is unique in the whole house.
	Consumers []Consumer
	// Tick is how often the outbox is looked at without having been told to. Default 1 s.
	Tick time.Duration
	// Attempts after which an event that cannot be handled is a dead letter. Default 8.
	Attempts int
	// Replicas of the streams in a NATS cluster. Default 1.
	Replicas int
}

// Deps of a Runner.
type Deps struct {
	DB     *pg.DB
	JS     jetstream.JetStream
	Logger *slog.Logger
	Now    func() time.Time
	Tracer trace.TracerProvider // nil when traces are off
}

// Runner relays a room's events and feeds its consumers while it is the leader, and stands by otherwise.
type Runner struct {
	cfg  Config
	db   *pg.DB
	js   jetstream.JetStream
	log  *slog.Logger
	now  func() time.Time
	span trace.Tracer  // nil when traces are off
	wake chan struct{} // tells the leading relay to look now

	mu      sync.Mutex
	leading bool
	stats   Stats
	tenants map[id.ID]bool // whose books are open here
}

// Stats are counters of a Runner since its start.
type Stats struct {
	Leading     bool
	Published   int64
	Handled     int64
	Folds       int64 // transactions in which consumers that fold have handled theirs
	Duplicates  int64
	Dead        int64
	RelayErrors int64
}

// NewRunner makes a Runner; Run starts it.
func NewRunner(cfg Config, deps Deps) *Runner {
	if cfg.Tick == 0 {
		cfg.Tick = time.Second
	}
	if cfg.Attempts == 0 {
		cfg.Attempts = 8
	}
	r := &Runner{cfg: cfg, db: deps.DB, js: deps.JS, log: deps.Logger.With("room", deps.DB.Schema()), now: deps.Now,
		wake: make(chan struct{}, 1), tenants: map[id.ID]bool{}}
	if deps.Tracer != nil {
		r.span = deps.Tracer.Tracer("github.com/sovecom/sovecom/kit/bus")
	}
	return r
}

// Stats returns the counters.
func (r *Runner) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	s.Leading = r.leading
	return s
}

func (r *Runner) knows(tenant id.ID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tenants[tenant]
}

func (r *Runner) known(tenant id.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tenants[tenant] = true
}

func (r *Runner) count(f func(s *Stats)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.stats)
}

// Run works until ctx ends. Outages of the database or of NATS are waited out.
func (r *Runner) Run(ctx context.Context) error {
	pause := newPause(50*time.Millisecond, 2*time.Second)
	for ctx.Err() == nil {
		err := r.session(ctx, pause.reset)
		if ctx.Err() != nil {
			break
		}
		r.log.WarnContext(ctx, "bus session ended, trying again", "error", err)
		pause.wait(ctx)
	}
	return nil
}

// session holds one lock connection: it stands by until it leads, then leads until the connection is lost.
func (r *Runner) session(ctx context.Context, healthy func()) error {
	conn, err := pgx.Connect(ctx, r.cfg.LockURL)
	if err != nil {
		return fmt.Errorf("lock connection: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "listen "+pgx.Identifier{r.channel()}.Sanitize()); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	for {
		var leading bool
		if err := conn.QueryRow(ctx, "select pg_try_advisory_lock(hashtext($1))", "bus "+r.db.Schema()).Scan(&leading); err != nil {
			return fmt.Errorf("leadership: %w", err)
		}
		healthy()
		if leading {
			return r.lead(ctx, conn)
		}
		if err := r.standBy(ctx, conn); err != nil {
			return err
		}
	}
}

func (r *Runner) channel() string { return "outbox_" + r.db.Schema() }

// standBy passes on, for a tick, that this process has emitted, so that the leader need not wait for its own tick.
func (r *Runner) standBy(ctx context.Context, conn *pgx.Conn) error {
	timer := time.NewTimer(r.cfg.Tick)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			return nil
		case <-r.db.Emitted():
			if _, err := conn.Exec(ctx, "select pg_notify($1, '')", r.channel()); err != nil {
				return fmt.Errorf("notify: %w", err)
			}
		}
	}
}

func (r *Runner) lead(ctx context.Context, conn *pgx.Conn) error {
	r.setLeading(true)
	defer r.setLeading(false)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { // whoever loses this connection has lost the lock
		for {
			if _, err := conn.WaitForNotification(ctx); err != nil {
				return fmt.Errorf("leadership lost: %w", err)
			}
			r.poke()
		}
	})
	g.Go(func() error {
		for {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-r.db.Emitted():
				r.poke()
			}
		}
	})
	g.Go(func() error { return r.relay(ctx) })
	for _, c := range r.cfg.Consumers {
		g.Go(func() error { return r.consume(ctx, c) })
	}
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return ctx.Err()
}

func (r *Runner) setLeading(v bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.leading = v
}

func (r *Runner) poke() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// pause grows from least to most while things keep failing.
type pause struct{ least, most, next time.Duration }

func newPause(least, most time.Duration) *pause { return &pause{least: least, most: most, next: least} }

func (p *pause) reset() { p.next = p.least }

// wait returns false when ctx ended.
func (p *pause) wait(ctx context.Context) bool {
	timer := time.NewTimer(p.next)
	defer timer.Stop()
	p.next = min(p.next*2, p.most)
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
