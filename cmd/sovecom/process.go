package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"connectrpc.com/connect/v2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/sovecom/sovecom/kit/app"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/cache"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/obs"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/rpc"
)

// process is one running sovecom: some rooms, the doors between them, and what they stand on.
type process struct {
	cfg      Config
	target   string // "all" or a room
	log      *slog.Logger
	now      func() time.Time
	app      *app.App
	metrics  *prometheus.Registry
	tracing  obs.Tracing
	listener net.Listener
	rules    rpc.Rules // of what rooms ask of each other

	// Known once the infrastructure has started.
	adminURL string
	natsURL  string // of the server in this process; "" when it is somebody else's
	redisURL string
	key      masterKey
	calls    *nats.Conn // carries calls
	events   *nats.Conn // carries events, so that catching up on them cannot starve a call
	js       jetstream.JetStream
	cache    *cache.Cache

	mu       sync.Mutex
	doors    map[string]connect.Transport
	services map[string]service
	handler  http.Handler // of the public API, once the gateway runs
}

// newProcess takes the address, so that a busy port is told before anything else starts.
func newProcess(cfg Config, target string, log *slog.Logger) (*process, error) {
	p := &process{cfg: cfg, target: target, log: log, now: clock(cfg.ClockOffset), doors: map[string]connect.Transport{}, services: map[string]service{}}
	var err error
	if p.listener, err = listen(cfg.HTTPAddr, target); err != nil {
		return nil, err
	}
	if p.metrics, err = obs.NewRegistry(); err != nil {
		return nil, err
	}
	if p.rules, err = rpc.NewRules(); err != nil {
		return nil, err
	}
	p.app = app.New(app.Config{Version: version(), DrainDelay: cfg.DrainDelay, StopTimeout: 20 * time.Second}, app.Deps{Logger: log, Now: time.Now})
	return p, nil
}

func clock(offset time.Duration) func() time.Time {
	if offset == 0 {
		return time.Now
	}
	return func() time.Time { return time.Now().Add(offset) }
}

// run adds the rooms and works until ctx ends. infrastructure has been added before.
func (p *process) run(ctx context.Context) error {
	var err error
	if p.tracing, err = obs.NewTracing(ctx, obs.TraceConfig{
		Service: "sovecom-" + p.target, Version: version(), Endpoint: p.cfg.OTLPEndpoint,
		Authorization: p.cfg.OTLPAuth.Reveal(), SampleRatio: p.cfg.TraceRatio,
	}, p.log); err != nil {
		return fmt.Errorf("traces: %w", err)
	}
	defer p.tracing.Shutdown(context.WithoutCancel(ctx)) //nolint:errcheck // an absent collector is no fault
	p.app.Add(app.Part{Name: "secret", Needs: []string{"postgres"}, Start: func(ctx context.Context) error {
		p.key, err = findKey(ctx, p.cfg, p.adminURL, p.log)
		return err
	}})
	var started []string
	for _, r := range rooms() {
		if p.target != targetAll && p.target != r.name {
			continue
		}
		needs := []string{"postgres", "nats", "redis", "secret"}
		if p.target == targetAll {
			needs = append(needs, r.needs...)
		}
		p.app.Add(p.part(r, needs))
		if r.name == "media" {
			p.app.AddCheck(app.Check{Name: checkStorageName, Run: func(ctx context.Context) error {
				if svc := p.mediaService(); svc != nil {
					return svc.CheckStorage(ctx)
				}
				return nil
			}})
		}
		if r.name == "search" {
			p.app.AddCheck(app.Check{Name: checkEngineName, Run: p.pingSearch})
		}
		started = append(started, r.name)
	}
	if p.target == "gateway" {
		p.watchRooms()
	}
	p.app.Add(p.httpPart(started))
	return p.app.Run(ctx)
}

// The keys of checks in /health that belong to one room.
const (
	checkStorageName = "storage"
	checkEngineName  = "search-engine"
)

// pingSearch asks the engine that answers searches; without it, PostgreSQL does.
func (p *process) pingSearch(ctx context.Context) error {
	p.mu.Lock()
	svc := p.services["search"]
	p.mu.Unlock()
	if engine, ok := svc.(interface {
		PingEngine(ctx context.Context) error
	}); ok {
		return engine.PingEngine(ctx)
	}
	return nil
}

const targetAll = "all"

// part is a room's life in this process.
func (p *process) part(r room, needs []string) app.Part {
	var db *pg.DB
	var svc service
	var runner *bus.Runner
	var remote *door.NATSServer
	silence := func() error { return nil }
	return app.Part{
		Name: r.name, Needs: needs,
		Start: func(ctx context.Context) error {
			url, err := p.roomURL(r)
			if err != nil {
				return err
			}
			if p.cfg.AutoMigrate {
				if err := p.migrate(ctx, r); err != nil {
					return err
				}
			}
			log := p.log.With("room", r.name)
			// The pool outlives the start.
			if db, err = pg.Open(context.WithoutCancel(ctx), pg.Config{URL: url, Schema: r.name, PoolSize: p.poolSize(r), AsyncCommit: r.asyncCommit}, pg.Deps{Logger: log}); err != nil {
				return err
			}
			secret, err := p.key.derive("room " + r.name)
			if err != nil {
				return fmt.Errorf("derive the key of %s: %w", r.name, err)
			}
			mediaHandler, err := p.mediaDoor()
			if err != nil {
				return err
			}
			if svc, err = r.build(inputs{
				cfg: p.cfg, db: db, log: log, now: p.now, secret: secret, call: p.client, rules: p.rules, cache: p.cache,
				media: mediaHandler, operations: p.operations(), tracer: p.tracer(), behind: p.behind,
			}); err != nil {
				return fmt.Errorf("build %s: %w", r.name, err)
			}
			runner = bus.NewRunner(bus.Config{LockURL: url, Consumers: svc.Consumers(), Replicas: p.cfg.NATSReplicas},
				bus.Deps{DB: db, JS: p.js, Logger: log, Now: time.Now, Tracer: p.tracer()})
			p.measure(r.name, db, runner, svc.Consumers())
			if remote, err = p.open(ctx, r.name, svc, log); err != nil || remote == nil {
				return err
			}
			silence, err = p.tellHealth(r.name)
			return err
		},
		Run: func(ctx context.Context) error {
			defer db.Close()
			g, ctx := errgroup.WithContext(ctx)
			g.Go(func() error { return runner.Run(ctx) })
			g.Go(func() error { return svc.Run(ctx) })
			if e, ok := svc.(edge); ok {
				g.Go(func() error { return p.invalidate(ctx, e) })
			}
			return g.Wait()
		},
		Stop: func(ctx context.Context) error {
			if remote != nil {
				return errors.Join(silence(), remote.Drain(ctx))
			}
			return nil
		},
		Ready: func(ctx context.Context) error { return db.Ping(ctx) },
	}
}

// open puts a room behind its door: in process when all rooms live here, on NATS when it runs alone. This and client
// are the only places that know the topology.
func (p *process) open(ctx context.Context, name string, svc service, log *slog.Logger) (*door.NATSServer, error) {
	server, err := rpc.NewServer(rpc.Deps{Logger: log, Tracer: p.tracer(), Rules: p.rules})
	if err != nil {
		return nil, err
	}
	svc.Mount(server)
	p.mu.Lock()
	p.services[name] = svc
	p.doors[name] = door.Memory(server, door.WithGifts(gifts()...))
	if e, ok := svc.(edge); ok {
		p.handler = e.Handler()
	}
	p.mu.Unlock()
	if p.target == targetAll || name == "gateway" {
		return nil, nil //nolint:nilnil // nothing to drain
	}
	return door.ServeNATS(ctx, door.NATSServerConfig{Conn: p.calls, Name: name, Version: semver(), Logger: log}, server)
}

func (p *process) client(name string) *connect.Client {
	p.mu.Lock()
	transport, here := p.doors[name]
	p.mu.Unlock()
	if !here {
		transport = door.NATS(p.calls, name)
	}
	client, err := rpc.NewClient(transport, rpc.Deps{Logger: p.log, Tracer: p.tracer()})
	if err != nil {
		// Only a wrong set of options can get here, and it would at the first start.
		p.log.Error("client", "room", name, "error", err)
	}
	return client
}

// roomURL is how a room reaches the database: with a role and a password of its own.
func (p *process) roomURL(r room) (string, error) {
	if own := p.cfg.URLs.of(r.name); own != "" {
		return own, nil
	}
	role, password, err := p.credentials(r)
	if err != nil {
		return "", err
	}
	return pg.WithRole(p.adminURL, role, password)
}

// credentials of a room. Roles belong to the whole cluster, so their names begin with the database's.
func (p *process) credentials(r room) (role, password string, err error) {
	database, err := pg.Database(p.adminURL)
	if err != nil {
		return "", "", err
	}
	role = database + "_" + r.name
	secret, err := p.key.derive("postgres " + role)
	if err != nil {
		return "", "", fmt.Errorf("derive the password of %s: %w", role, err)
	}
	return role, fmt.Sprintf("%x", secret[:24]), nil
}

// poolSize is how many connections to the database a room has at most.
func (p *process) poolSize(r room) int {
	if r.connections > 0 {
		return min(r.connections, p.cfg.PostgresPool)
	}
	return p.cfg.PostgresPool
}

func (p *process) migrate(ctx context.Context, r room) error {
	role, password, err := p.credentials(r)
	if err != nil {
		return err
	}
	if p.cfg.URLs.of(r.name) != "" {
		if role, err = pg.User(p.cfg.URLs.of(r.name)); err != nil {
			return err
		}
		password = ""
	}
	return pg.Migrate(ctx, pg.MigrateConfig{AdminURL: p.adminURL, Schema: r.name, Role: role, Password: password, Migrations: r.migrations, TenantsOf: "identity"})
}

// httpPart serves the public API, or a room's health and metrics, once everything else runs.
func (p *process) httpPart(needs []string) app.Part {
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(p.log.Handler(), slog.LevelDebug)}
	return app.Part{
		Name: "http", Needs: slices.Concat([]string{"postgres", "nats", "redis"}, needs),
		Start: func(context.Context) error {
			debug.FreeOSMemory() // what the start needed once: schemas, migrations, the owner's password
			server.Handler = p.handler
			if server.Handler == nil {
				server.Handler = p.roomHandler()
			}
			return nil
		},
		Run: func(ctx context.Context) error {
			failed := make(chan error, 1)
			go func() { failed <- server.Serve(p.listener) }()
			select {
			case <-ctx.Done():
				return nil
			case err := <-failed:
				if errors.Is(err, http.ErrServerClosed) {
					<-ctx.Done()
					return nil
				}
				return err
			}
		},
		Stop: func(ctx context.Context) error {
			if err := server.Shutdown(ctx); err != nil {
				return errors.Join(err, server.Close())
			}
			return nil
		},
	}
}

// listen takes the address. A room's address carries only health and metrics, so one that is taken is replaced by a
// free one; the public one is not.
func listen(addr, target string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err == nil {
		return l, nil
	}
	if target != targetAll && target != "gateway" {
		host, _, splitErr := net.SplitHostPort(addr)
		if splitErr == nil {
			return net.Listen("tcp", net.JoinHostPort(host, "0"))
		}
	}
	if holder := portHolder(addr); holder != "" {
		return nil, fmt.Errorf("the address %s is already in use by %s; stop it first or choose another with --addr", addr, holder)
	}
	return nil, fmt.Errorf("cannot listen on %s: %w", addr, err)
}

// url is where a browser on this machine finds the process.
func (p *process) url() string {
	addr := p.listener.Addr().String()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "http://" + addr
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(strings.Trim(host, "[]"), port)
}
