package checkout

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
	"github.com/sovecom/sovecom/gen/sovecom/checkout/v1/checkoutv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1/inventoryv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/media/v1/mediav1connect"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/pg"
)

// Config of the room.
type Config struct {
	PaymentTTL  time.Duration `config:"payment_ttl" doc:"How long an order waits for its payment before it is cancelled by itself."`
	HoldGrace   time.Duration `config:"hold_grace" doc:"How long stock stays held after that, for an order that is paid in the last moment."`
	LeaseTime   time.Duration `config:"lease_time" doc:"How long one process may work on an order between two savings of its progress."`
	ResumeAfter time.Duration `config:"resume_after" doc:"How long after that an order that was left half-way is taken up again."`
	PlacingTTL  time.Duration `config:"placing_ttl" doc:"How old such an order may be to be placed after all; an older one is taken back."`
	KeepFailed  time.Duration `config:"keep_failed" doc:"How long attempts that came to nothing are remembered, without personal data."`
	SweepEvery  time.Duration `config:"sweep_every" doc:"How often orders left half-way, and unpaid ones, are looked for."`
	SweepBatch  int           `config:"sweep_batch" doc:"Orders that are taken up in one go."`
}

// DefaultConfig suits one shop on one machine.
func DefaultConfig() Config {
	const day = 24 * time.Hour
	return Config{
		PaymentTTL: 7 * day, HoldGrace: day, LeaseTime: 8 * time.Second, ResumeAfter: 2 * time.Second, PlacingTTL: 15 * time.Minute,
		KeepFailed: day, SweepEvery: time.Second, SweepBatch: 50,
	}
}

// Validate refuses what cannot work.
func (c Config) Validate() error {
	if c.PaymentTTL <= 0 || c.PlacingTTL <= 0 || c.KeepFailed <= 0 || c.SweepEvery <= 0 || c.SweepBatch < 1 || c.HoldGrace < 0 || c.ResumeAfter < 0 {
		return errors.New("checkout: payment_ttl, placing_ttl, keep_failed, sweep_every and sweep_batch have to be above zero, hold_grace and resume_after not below it")
	}
	if c.LeaseTime < 2*leaseMargin {
		return errors.New("checkout: lease_time has to be at least two seconds")
	}
	return nil
}

// leaseMargin is how long before the end of its lease a process stops working: more than the clocks of two machines differ.
const leaseMargin = time.Second

// Deps of the room.
type Deps struct {
	DB     *pg.DB
	Logger *slog.Logger
	Now    func() time.Time
	// Secret of the room, at least 32 bytes: what access tokens of orders are made with.
	Secret    []byte
	Cart      cartv1connect.CartServiceClient
	Inventory inventoryv1connect.InventoryServiceClient
	Catalog   catalogv1connect.CatalogServiceClient
	Media     mediav1connect.MediaServiceClient
	// Interrupt is called between the steps of an order with the name of the one just done; tests use it to stop the
	// process there. After an error nothing more is done for the order, as if the process had died. It may be nil.
	Interrupt func(ctx context.Context, point string) error
}

// Service is the room. It is safe for concurrent use.
type Service struct {
	cfg       Config
	db        *pg.DB
	log       *slog.Logger
	now       func() time.Time
	secret    []byte
	cart      cartv1connect.CartServiceClient
	inventory inventoryv1connect.InventoryServiceClient
	catalog   catalogv1connect.CatalogServiceClient
	media     mediav1connect.MediaServiceClient
	stop      func(ctx context.Context, point string) error
	numbers   *numbers
}

var _ checkoutv1connect.CheckoutServiceHandler = (*Service)(nil)

// New makes the room. It works from then on; Run adds the sweeper.
func New(cfg Config, deps Deps) (*Service, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.DB == nil || deps.Logger == nil || deps.Now == nil || deps.Cart == nil || deps.Inventory == nil || deps.Catalog == nil || deps.Media == nil {
		return nil, errors.New("checkout: DB, Logger, Now, Cart, Inventory, Catalog and Media are needed")
	}
	if len(deps.Secret) < 32 {
		return nil, errors.New("checkout: the secret has to have at least 32 bytes")
	}
	stop := deps.Interrupt
	if stop == nil {
		stop = func(context.Context, string) error { return nil }
	}
	return &Service{
		cfg: cfg, db: deps.DB, log: deps.Logger, now: deps.Now, secret: append([]byte(nil), deps.Secret...),
		cart: deps.Cart, inventory: deps.Inventory, catalog: deps.Catalog, media: deps.Media, stop: stop, numbers: newNumbers(deps.DB, deps.Now),
	}, nil
}

// Mount registers the room's methods.
func (s *Service) Mount(server *connect.Server) {
	checkoutv1connect.RegisterCheckoutServiceHandler(server, s)
}

// Consumers lists what the room listens to. The bus opens a new tenant's books by itself; there is nothing else to do.
func (s *Service) Consumers() []bus.Consumer {
	return []bus.Consumer{{
		Name: "checkout-tenants", Subjects: []string{subjectTenantCreated},
		Handle: func(context.Context, *pg.Tx, bus.Event, any) error { return nil },
	}}
}

// time is now, as precise as it is shown: what is answered at once is what is read later.
func (s *Service) time() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

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
