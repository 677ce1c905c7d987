package catalog

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"regexp"
	"time"

	"connectrpc.com/connect/v2"
	"golang.org/x/sync/errgroup"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/media/v1/mediav1connect"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/rpc"
)

// Config of the room.
type Config struct {
	DefaultCurrency string `config:"default_currency" doc:"Currency (ISO 4217) of the variant a product gets when it is made without any."`
	DefaultLocale   string `config:"default_locale" doc:"Language (BCP 47) of the texts of a shop that has not said which it speaks."`
}

// DefaultConfig is what holds when nothing is configured.
func DefaultConfig() Config { return Config{DefaultCurrency: "EUR", DefaultLocale: "en"} }

// Validate refuses a currency that no price could be in, and a language that is none.
func (c Config) Validate() error {
	if !regexp.MustCompile(`^[A-Z]{3}$`).MatchString(c.DefaultCurrency) {
		return errors.New("default_currency must be three capital letters, such as EUR")
	}
	if code, ok := localeCode(c.DefaultLocale); !ok || code != c.DefaultLocale {
		return errors.New("default_locale must be a language tag in its canonical form, such as en or pt-BR")
	}
	return nil
}

// Deps are what the room needs besides its Config.
type Deps struct {
	DB     *pg.DB
	Logger *slog.Logger
	Now    func() time.Time
	// Rules are what lines of files are held to, as requests are. Without them the room makes its own.
	Rules rpc.Rules

	// Media says which pictures of an import are this shop's. Without it a product keeps those it has.
	Media mediav1connect.MediaServiceClient
	// Identity says which groups of customers there are. Without it a price list may be for any.
	Identity identityv1connect.IdentityServiceClient
	// Interrupt is asked at named points of a job; an error stops the process's work there, as its death would. For
	// tests; nil otherwise.
	Interrupt func(ctx context.Context, point string) error
}

// Service is the catalogue room.
type Service struct {
	cfg Config
	db  *pg.DB
	log *slog.Logger
	now func() time.Time

	wake chan struct{} // tells Run that a collection waits to be built

	media     mediav1connect.MediaServiceClient
	identity  identityv1connect.IdentityServiceClient
	interrupt func(ctx context.Context, point string) error
	wakeJobs  chan struct{} // a job may be waiting
	// a picture of an import may be waiting
	wakePictures chan struct{}
	worker       id.ID // who holds the leases of this process

	totals *totals // of lists that were counted a moment ago
	taxa   *taxonMemory
	sold   sold // what needs no mark any more
	rules  rpc.Rules
}

var (
	_ catalogv1connect.CatalogServiceHandler  = (*Service)(nil)
	_ catalogv1connect.PriceServiceHandler    = (*Service)(nil)
	_ catalogv1connect.TaxonomyServiceHandler = (*Service)(nil)
)

var _ catalogv1connect.FactsServiceHandler = (*Service)(nil)

// New makes the room. It does not touch the database.
func New(cfg Config, deps Deps) (*Service, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.DB == nil || deps.Logger == nil || deps.Now == nil {
		return nil, errors.New("catalog: DB, Logger and Now are needed")
	}
	rules := deps.Rules
	if rules == (rpc.Rules{}) {
		var err error
		if rules, err = rpc.NewRules(); err != nil {
			return nil, err
		}
	}
	return &Service{
		rules: rules, cfg: cfg, db: deps.DB, log: deps.Logger, now: deps.Now,
		media: deps.Media, identity: deps.Identity, interrupt: deps.Interrupt, wakeJobs: make(chan struct{}, 1), wakePictures: make(chan struct{}, pictureFetchers), worker: id.New(),
		wake: make(chan struct{}, 1), totals: newTotals(deps.Now), taxa: newTaxonMemory(deps.Now),
	}, nil
}

// Mount registers the room's methods.
func (s *Service) Mount(server *connect.Server) {
	catalogv1connect.RegisterCatalogServiceHandler(server, s)
	catalogv1connect.RegisterPriceServiceHandler(server, s)
	catalogv1connect.RegisterLifecycleServiceHandler(server, s)
	catalogv1connect.RegisterTaxonomyServiceHandler(server, s)
	catalogv1connect.RegisterFactsServiceHandler(server, s)
	catalogv1connect.RegisterJobServiceHandler(server, s)
	catalogv1connect.RegisterTranslationServiceHandler(server, s)
}

// Run does the room's jobs, keeps the schedules of products, lets prices begin and end on time, looks after the
// collections whose products follow from rules, and puts the counts of lists together, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { s.runJobs(ctx); return nil })
	for range pictureFetchers {
		g.Go(func() error { s.runPictures(ctx); return nil })
	}
	g.Go(func() error { return s.runSchedules(ctx) })
	g.Go(func() error { return s.sweepPrices(ctx) })
	g.Go(func() error { return s.tendCollections(ctx) })
	g.Go(func() error { return s.tendCounts(ctx) })
	return g.Wait()
}

// time is now, as precise as the database keeps it, so that what is rendered is what is read back.
func (s *Service) time() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of the schema catalog, in goose's format.
func Migrations() fs.FS {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return migrations // cannot happen: the folder is embedded
	}
	return sub
}
