package webhook

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net"
	"time"

	"connectrpc.com/connect/v2"
	"golang.org/x/sync/errgroup"

	"github.com/sovecom/sovecom/gen/sovecom/webhook/v1/webhookv1connect"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/pg"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of the room's schema.
func Migrations() fs.FS {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return migrations // cannot be: the folder is embedded above
	}
	return sub
}

// Config of the room.
type Config struct {
	AllowInsecure    bool          `config:"allow_insecure" doc:"Development only: receivers may be http and at private addresses."`
	Workers          int           `config:"workers" doc:"Deliveries this process has under way at once."`
	PerReceiver      int           `config:"per_receiver" doc:"Deliveries one subscription has under way at once."`
	Timeout          time.Duration `config:"timeout" doc:"How long a receiver may take to answer."`
	Tick             time.Duration `config:"tick" doc:"How often is looked for deliveries that have become due."`
	Retention        time.Duration `config:"retention" doc:"How long a closed delivery stays in the log."`
	DisableAfter     time.Duration `config:"disable_after" doc:"A subscription whose deliveries have all failed for this long is switched off; 0 never does."`
	MaxSubscriptions int           `config:"max_subscriptions" doc:"Subscriptions one shop may have."`
}

// DefaultConfig is what a shop starts with.
func DefaultConfig() Config {
	return Config{
		Workers: 32, PerReceiver: 4, Timeout: 15 * time.Second, Tick: time.Second,
		Retention: 30 * 24 * time.Hour, DisableAfter: 5 * 24 * time.Hour, MaxSubscriptions: 100,
	}
}

// Validate names every setting that cannot be.
func (c Config) Validate() error {
	var errs []error
	refuse := func(bad bool, message string) {
		if bad {
			errs = append(errs, errors.New(message))
		}
	}
	refuse(c.Workers < 1 || c.Workers > 1000, "workers must be between 1 and 1000")
	refuse(c.PerReceiver < 1 || c.PerReceiver > 1000, "per_receiver must be between 1 and 1000")
	refuse(c.Timeout < time.Second || c.Timeout > time.Minute, "timeout must be between 1s and 1m")
	refuse(c.Tick < 10*time.Millisecond || c.Tick > time.Minute, "tick must be between 10ms and 1m")
	refuse(c.Retention < 24*time.Hour, "retention must be at least 24h")
	refuse(c.DisableAfter < 0, "disable_after must not be negative")
	refuse(c.MaxSubscriptions < 1 || c.MaxSubscriptions > 10_000, "max_subscriptions must be between 1 and 10000")
	return errors.Join(errs...)
}

// Deps of the room.
type Deps struct {
	DB     *pg.DB
	Logger *slog.Logger
	Now    func() time.Time
	Secret []byte // 32 bytes; seals the signing secrets
}

// Service is the room.
type Service struct {
	cfg     Config
	db      *pg.DB
	log     *slog.Logger
	now     func() time.Time
	vault   vault
	guard   guard
	known   catalogue
	courier courier
	spread  func() float64 // 0 to 1, see judge
	wake    chan struct{}  // there may be something to deliver
	queued  int64          // deliveries of the event under way; only the consumer of events, which takes one at a time, touches it
}

// New makes the room.
func New(cfg Config, deps Deps) (*Service, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	v, err := newVault(deps.Secret)
	if err != nil {
		return nil, err
	}
	g := newGuard(cfg.AllowInsecure, &net.Resolver{})
	return &Service{
		cfg: cfg, db: deps.DB, log: deps.Logger, now: deps.Now, vault: v, guard: g, known: newCatalogue(),
		courier: newCourier(g, cfg.Timeout, deps.Now),
		spread:  rand.Float64,
		wake:    make(chan struct{}, 1),
	}, nil
}

// Mount registers the room's procedures.
func (s *Service) Mount(server *connect.Server) {
	webhookv1connect.RegisterWebhookServiceHandler(server, handler{s})
}

// Consumers are what the room listens to.
func (s *Service) Consumers() []bus.Consumer {
	return []bus.Consumer{
		{
			Name: "webhook-events", Subjects: s.known.subjects(), Handle: s.enqueue,
			// A delivery is made once for a subscription and an event, whoever tries.
			Repeatable: true,
			After: func(context.Context, bus.Event) {
				if s.queued > 0 { // most events have no subscriber
					s.queued = 0
					s.poke()
				}
			},
		},
		{ // The bus itself opens the books of the tenant.
			Name: "webhook-tenants", Subjects: []string{subjectTenantCreated},
			Handle: func(context.Context, *pg.Tx, bus.Event, any) error { return nil },
		},
	}
}

// Run delivers and sweeps until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { s.dispatch(ctx); return nil })
	g.Go(func() error { s.sweepHourly(ctx); return nil })
	return g.Wait()
}

// poke tells the dispatcher to look now; losing it costs a tick.
func (s *Service) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
