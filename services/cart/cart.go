package cart

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"time"

	"connectrpc.com/connect/v2"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1/cartv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1/inventoryv1connect"
	"github.com/sovecom/sovecom/kit/pg"
)

// Config of the room.
type Config struct {
	Lifetime    time.Duration `config:"lifetime" doc:"How long a cart stays open after its last change."`
	KeepClosed  time.Duration `config:"keep_closed" doc:"How long ordered and abandoned carts are kept."`
	SettingsTTL time.Duration `config:"settings_ttl" doc:"How long a shop's tax and shipping settings are remembered."`
	SweepEvery  time.Duration `config:"sweep_every" doc:"How often lapsed carts are looked for."`
	SweepBatch  int           `config:"sweep_batch" doc:"Carts that are closed or deleted in one statement."`
}

// DefaultConfig suits one shop on one machine.
func DefaultConfig() Config {
	const day = 24 * time.Hour
	return Config{Lifetime: 30 * day, KeepClosed: 30 * day, SettingsTTL: 2 * time.Second, SweepEvery: 5 * time.Minute, SweepBatch: 500}
}

// Validate refuses what cannot work.
func (c Config) Validate() error {
	if c.Lifetime <= 0 || c.KeepClosed <= 0 || c.SweepEvery <= 0 || c.SweepBatch < 1 || c.SettingsTTL < 0 {
		return errors.New("cart: lifetime, keep_closed, sweep_every and sweep_batch have to be above zero, settings_ttl not below it")
	}
	return nil
}

// Deps of the room.
type Deps struct {
	// DB may be opened with AsyncCommit.
	DB        *pg.DB
	Logger    *slog.Logger
	Now       func() time.Time
	Catalog   catalogv1connect.CatalogServiceClient
	Inventory inventoryv1connect.InventoryServiceClient
	Identity  identityv1connect.IdentityServiceClient
}

// Service is the room. It is safe for concurrent use.
type Service struct {
	cfg       Config
	db        *pg.DB
	log       *slog.Logger
	now       func() time.Time
	catalog   catalogv1connect.CatalogServiceClient
	inventory inventoryv1connect.InventoryServiceClient
	shops     *shops
	recent    *recent
}

var _ cartv1connect.CartServiceHandler = (*Service)(nil)

// New makes the room. It works from then on; Run adds the sweeper.
func New(cfg Config, deps Deps) (*Service, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.DB == nil || deps.Logger == nil || deps.Now == nil || deps.Catalog == nil || deps.Inventory == nil || deps.Identity == nil {
		return nil, errors.New("cart: DB, Logger, Now, Catalog, Inventory and Identity are needed")
	}
	return &Service{
		cfg: cfg, db: deps.DB, log: deps.Logger, now: deps.Now, catalog: deps.Catalog, inventory: deps.Inventory,
		shops: newShops(deps.Identity, cfg.SettingsTTL, deps.Now), recent: newRecent(),
	}, nil
}

// Mount registers the room's methods.
func (s *Service) Mount(server *connect.Server) { cartv1connect.RegisterCartServiceHandler(server, s) }

// Run closes lapsed carts and deletes old ones until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(s.cfg.SweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
				s.log.WarnContext(ctx, "lapsed carts wait", "error", err)
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
