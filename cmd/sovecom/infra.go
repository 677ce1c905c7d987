package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sovecom/sovecom/kit/app"
	"github.com/sovecom/sovecom/kit/cache"
	"github.com/sovecom/sovecom/kit/embed"
	"github.com/sovecom/sovecom/kit/pg"
)

// maxPayload of NATS: 4 MiB for a message of ours, and room for its headers.
const maxPayload = 4<<20 + 64<<10

// addInfrastructure adds PostgreSQL, NATS and Redis: those of the configuration, and with embedded those of our own
// where it names none.
func (p *process) addInfrastructure(embedded bool) error {
	var missing []error
	if p.cfg.PostgresURL == "" && !embedded {
		missing = append(missing, errors.New("set SOVECOM_POSTGRES_URL (postgres://user:password@host/database)"))
	}
	if p.cfg.NATSURL == "" && !embedded {
		missing = append(missing, errors.New("set SOVECOM_NATS_URL (nats://host:4222)"))
	}
	if len(missing) > 0 {
		return fmt.Errorf("serve needs PostgreSQL and NATS, and `sovecom up` brings its own: %w", errors.Join(missing...))
	}
	if p.cfg.PostgresURL == "" {
		p.app.Add(p.embeddedPostgres())
	} else {
		p.app.Add(p.realPostgres())
	}
	if p.cfg.NATSURL == "" {
		p.app.Add(p.embeddedNATS())
	} else {
		p.app.Add(p.realNATS())
	}
	p.app.Add(p.redis(embedded))
	return nil
}

func (p *process) embeddedPostgres() app.Part {
	var server *embed.Postgres
	return app.Part{
		Name: "postgres",
		Start: func(ctx context.Context) (err error) {
			if server, err = embed.StartPostgres(ctx, embed.PostgresConfig{DataDir: p.cfg.DataDir, Logger: p.log}); err != nil {
				return err
			}
			p.adminURL = server.URL(embed.PostgresUser, embed.PostgresDatabase)
			return p.noteRunning()
		},
		Stop:  func(ctx context.Context) error { return server.Stop(ctx) },
		Ready: func(ctx context.Context) error { return p.pingPostgres(ctx) },
	}
}

func (p *process) realPostgres() app.Part {
	return app.Part{
		Name: "postgres",
		Start: func(ctx context.Context) error {
			p.adminURL = p.cfg.PostgresURL.Reveal()
			return p.waitFor(ctx, "PostgreSQL", func(ctx context.Context) error { return p.pingPostgres(ctx) })
		},
		Ready: func(ctx context.Context) error { return p.pingPostgres(ctx) },
	}
}

func (p *process) pingPostgres(ctx context.Context) error {
	conn, err := pg.Connect(ctx, p.adminURL)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// startPatience is how long a process waits for what it stands on: containers start in any order.
const startPatience = time.Minute

func (p *process) waitFor(ctx context.Context, what string, try func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for told := false; ; told = true {
		err := try(ctx)
		if err == nil {
			return nil
		}
		if !told {
			p.log.InfoContext(ctx, "waiting", "for", what, "error", err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w", what, err)
		case <-tick.C:
		}
	}
}

func (p *process) embeddedNATS() app.Part {
	var server *embed.NATS
	return app.Part{
		Name: "nats",
		Start: func(context.Context) (err error) {
			// The tools of this program come in over the loopback, with a word that stands in the data folder alone.
			token := rand.Text()
			if server, err = embed.StartNATS(embed.NATSConfig{
				StoreDir: natsDir(p.cfg), Logger: p.log, MaxPayload: maxPayload, Listen: "127.0.0.1:0", Token: token,
			}); err != nil {
				return err
			}
			p.natsURL = strings.Replace(server.URL(), "://", "://"+token+"@", 1)
			if err := p.connectNATS(func(opts ...nats.Option) (*nats.Conn, error) { return server.Connect(opts...) }); err != nil {
				return err
			}
			return p.noteRunning()
		},
		Stop:  func(ctx context.Context) error { return server.Stop(ctx) },
		Ready: func(ctx context.Context) error { return p.calls.FlushWithContext(ctx) },
	}
}

func natsDir(cfg Config) string { return filepath.Join(cfg.DataDir, "nats") }

func (p *process) realNATS() app.Part {
	return app.Part{
		Name: "nats",
		Start: func(ctx context.Context) error {
			return p.waitFor(ctx, "NATS", func(context.Context) error {
				return p.connectNATS(func(opts ...nats.Option) (*nats.Conn, error) {
					return nats.Connect(p.cfg.NATSURL.Reveal(), opts...)
				})
			})
		},
		Stop: func(context.Context) error {
			p.events.Close()
			p.calls.Close()
			return nil
		},
		// A shop without NATS takes orders in one process; a room of the mesh cannot be reached.
		Ready: func(ctx context.Context) error {
			if p.target == targetAll {
				return nil
			}
			return p.calls.FlushWithContext(ctx)
		},
	}
}

func (p *process) connectNATS(connect func(opts ...nats.Option) (*nats.Conn, error)) (err error) {
	opts := []nats.Option{nats.Name("sovecom-" + p.target), nats.MaxReconnects(-1), nats.ReconnectWait(250 * time.Millisecond), nats.ReconnectJitter(100*time.Millisecond, 500*time.Millisecond)}
	if p.calls, err = connect(opts...); err != nil {
		return fmt.Errorf("connect to NATS: %w", err)
	}
	if p.events, err = connect(opts...); err != nil {
		p.calls.Close()
		return fmt.Errorf("connect to NATS: %w", err)
	}
	if p.js, err = jetstream.New(p.events); err != nil {
		return fmt.Errorf("JetStream: %w", err)
	}
	return nil
}

func (p *process) redis(embedded bool) app.Part {
	var server *embed.Redis
	// Not critical: what it holds may be lost.
	p.app.AddCheck(app.Check{Name: "redis", Run: func(ctx context.Context) error { return p.cache.Ping(ctx) }})
	return app.Part{
		Name: "redis",
		Start: func(ctx context.Context) (err error) {
			p.redisURL = p.cfg.RedisURL.Reveal()
			if p.redisURL == "" && embedded {
				if server, err = embed.StartRedis(ctx, embed.RedisConfig{}); err != nil {
					return err
				}
				p.redisURL = server.URL()
			}
			p.cache, err = cache.Open(cache.Config{URL: p.redisURL}, cache.Deps{Logger: p.log, Now: time.Now})
			return err
		},
		Stop: func(context.Context) error {
			p.cache.Close()
			if server != nil {
				server.Stop()
			}
			return nil
		},
	}
}
