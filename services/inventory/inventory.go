package inventory

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"time"

	"connectrpc.com/connect/v2"

	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1/inventoryv1connect"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// Config of the room.
type Config struct {
	SweepEvery time.Duration `config:"sweep_every" doc:"How often holds past their time are looked for."`
	SweepBatch int           `config:"sweep_batch" doc:"Lapsed holds that are given back in one transaction."`
	Flushers   int           `config:"flushers" doc:"Flushes of holds under way at the same time, per tenant; each uses one connection."`
	FlushSize  int           `config:"flush_size" doc:"Holds that travel in one flush at most."`
	QueueSize  int           `config:"queue_size" doc:"Holds that may wait for a flush, per tenant; more are asked to come again."`
}

// DefaultConfig suits one shop on one machine.
func DefaultConfig() Config {
	return Config{SweepEvery: time.Second, SweepBatch: 200, Flushers: 4, FlushSize: 256, QueueSize: 10_000}
}

// Validate refuses what cannot work.
func (c Config) Validate() error {
	if c.SweepEvery <= 0 || c.SweepBatch < 1 || c.Flushers < 1 || c.FlushSize < 1 || c.QueueSize < 1 {
		return errors.New("inventory: sweep_every, sweep_batch, flushers, flush_size and queue_size have to be above zero")
	}
	return nil
}

// Deps of the room.
type Deps struct {
	DB     *pg.DB
	Logger *slog.Logger
	Now    func() time.Time
}

// Service is the room. It is safe for concurrent use.
type Service struct {
	cfg   Config
	db    *pg.DB
	log   *slog.Logger
	now   func() time.Time
	holds *coalescer
}

var _ inventoryv1connect.InventoryServiceHandler = (*Service)(nil)

// New makes the room. It works from then on; Run adds the sweeper.
func New(cfg Config, deps Deps) (*Service, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.DB == nil || deps.Logger == nil || deps.Now == nil {
		return nil, errors.New("inventory: DB, Logger and Now are needed")
	}
	s := &Service{cfg: cfg, db: deps.DB, log: deps.Logger, now: deps.Now}
	s.holds = &coalescer{
		flush: s.flush, flushers: cfg.Flushers, batch: cfg.FlushSize, queue: cfg.QueueSize, queues: map[id.ID]*queue{},
	}
	return s, nil
}

// Mount registers the room's methods.
func (s *Service) Mount(server *connect.Server) {
	inventoryv1connect.RegisterInventoryServiceHandler(server, s)
}

// Run gives lapsed holds back until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(s.cfg.SweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
				s.log.WarnContext(ctx, "lapsed holds wait", "error", err)
			}
		}
	}
}

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of the room's schema.
func Migrations() fs.FS {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return migrations // cannot be: the folder is embedded
	}
	return sub
}
