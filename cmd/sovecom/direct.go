package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"connectrpc.com/connect/v2"

	"github.com/sovecom/sovecom/kit/app"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/embed"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/rpc"
)

// direct is some rooms on the shop's database without a shop around them: how tools do their work, also while the shop
// runs. Events they emit are relayed by the running shop.
type direct struct {
	*process

	dbs   map[string]*pg.DB
	close []func()
}

// openDatabase finds the shop's database: the configured one, the one a shop runs from this data folder, or the one
// that lies in it.
func (f configFlags) openDatabase(ctx context.Context) (*direct, error) {
	cfg, _, err := f.load()
	if err != nil {
		return nil, err
	}
	log := newLogger(cfg)
	p := &process{cfg: cfg, target: targetAll, log: log, now: clock(cfg.ClockOffset), doors: map[string]connect.Transport{}, services: map[string]service{}}
	p.app = app.New(app.Config{}, app.Deps{Logger: log, Now: time.Now})
	d := &direct{process: p, dbs: map[string]*pg.DB{}}
	p.adminURL = cfg.PostgresURL.Reveal()
	if p.adminURL == "" {
		if r, ok := readRunning(cfg.DataDir); ok {
			p.adminURL = r.PostgresURL
		}
	}
	if p.adminURL != "" && p.pingPostgres(ctx) == nil {
		return d, nil
	}
	if cfg.PostgresURL != "" {
		return nil, fmt.Errorf("PostgreSQL does not answer: %w", p.pingPostgres(ctx))
	}
	server, err := embed.StartPostgres(ctx, embed.PostgresConfig{DataDir: cfg.DataDir, Logger: log})
	if err != nil {
		return nil, err
	}
	if err := keepKey(cfg.DataDir); err != nil {
		return nil, errors.Join(err, server.Stop(ctx))
	}
	d.close = append(d.close, func() { _ = server.Stop(context.WithoutCancel(ctx)) })
	p.adminURL = server.URL(embed.PostgresUser, embed.PostgresDatabase)
	return d, nil
}

// openRooms builds the named rooms, in the order of the table.
func (f configFlags) openRooms(ctx context.Context, names ...string) (*direct, error) {
	d, err := f.openDatabase(ctx)
	if err != nil {
		return nil, err
	}
	if d.key, err = findKey(ctx, d.cfg, d.adminURL, d.log); err != nil {
		return nil, d.closed(err)
	}
	for _, r := range rooms() {
		if slices.Contains(names, r.name) {
			if err := d.openRoom(ctx, r); err != nil {
				return nil, d.closed(err)
			}
		}
	}
	return d, nil
}

func (d *direct) openRoom(ctx context.Context, r room) error {
	url, err := d.roomURL(r)
	if err != nil {
		return err
	}
	if err := d.migrate(ctx, r); err != nil {
		return err
	}
	db, err := pg.Open(ctx, pg.Config{URL: url, Schema: r.name, PoolSize: 4}, pg.Deps{Logger: d.log})
	if err != nil {
		return err
	}
	d.dbs[r.name] = db
	d.close = append(d.close, db.Close)
	secret, err := d.key.derive("room " + r.name)
	if err != nil {
		return fmt.Errorf("derive the key of %s: %w", r.name, err)
	}
	svc, err := r.build(inputs{cfg: d.cfg, db: db, log: d.log, now: d.now, secret: secret, call: d.client, rules: d.rules})
	if err != nil {
		return fmt.Errorf("build %s: %w", r.name, err)
	}
	server, err := rpc.NewServer(rpc.Deps{Logger: d.log, Rules: d.rules})
	if err != nil {
		return err
	}
	svc.Mount(server)
	d.doors[r.name] = door.Memory(server)
	return nil
}

// Close lets go of everything, the last first.
func (d *direct) Close() {
	for _, f := range slices.Backward(d.close) {
		f()
	}
}

// closed is for a start that failed half-way.
func (d *direct) closed(err error) error {
	d.Close()
	return err
}
