package search

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"time"

	"connectrpc.com/connect/v2"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/search/v1/searchv1connect"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/pg"
)

// Config of the room.
type Config struct {
	ExportPage int `config:"export_page" doc:"Products read from the catalogue at a time during a rebuild, 1 to 1000."`
}

// DefaultConfig is what holds where nothing is set.
func DefaultConfig() Config { return Config{ExportPage: 500} }

// Validate reports settings that cannot work.
func (c Config) Validate() error {
	if c.ExportPage < 1 || c.ExportPage > 1000 {
		return errors.New("export_page must be between 1 and 1000")
	}
	return nil
}

// Deps of the room.
type Deps struct {
	DB      *pg.DB
	Logger  *slog.Logger
	Now     func() time.Time
	Catalog catalogv1connect.CatalogServiceClient
	// Behind tells how far consumers are behind the stream: events pending, and for how long the oldest has waited. It may
	// be nil, and then nothing is told.
	Behind func(ctx context.Context, consumers []bus.Consumer) (pending int64, seconds float64, err error)
}

// Service is the room.
type Service struct {
	cfg     Config
	store   store
	log     *slog.Logger
	now     func() time.Time
	catalog catalogv1connect.CatalogServiceClient
	behind  func(ctx context.Context, consumers []bus.Consumer) (pending int64, seconds float64, err error)
	wake    chan struct{} // tells Run that a rebuild waits
	recall  *recall
	totals  *totals
}

var _ searchv1connect.SearchServiceHandler = (*Service)(nil)

// New makes the room. It does nothing until it is called or run.
func New(cfg Config, deps Deps) (*Service, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Service{
		cfg: cfg, store: store{deps.DB}, log: deps.Logger, now: deps.Now, catalog: deps.Catalog, behind: deps.Behind, wake: make(chan struct{}, 1), recall: newRecall(), totals: newTotals(),
	}, nil
}

// Mount registers the room's handler.
func (s *Service) Mount(server *connect.Server) {
	searchv1connect.RegisterSearchServiceHandler(server, s)
}

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of the room's schema.
func Migrations() fs.FS {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return migrations // the folder is embedded above, so this does not happen
	}
	return sub
}

// Pauses of Run between looks at what there is to do.
const (
	tick     = 2 * time.Second
	slowTick = 30 * time.Second // after failures
)

// Run fills indexes that are empty while the catalogue is not, resumes rebuilds that were cut off and does those that
// events asked for, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	checked := tenants{}
	for pause := tick; ; {
		err := errors.Join(s.fillEmpty(ctx, checked), s.resume(ctx))
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			s.log.WarnContext(ctx, "search index waits for its rebuild", "error", err)
			pause = min(2*pause, slowTick)
		} else {
			pause = tick
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-s.wake:
		}
		timer.Stop()
	}
}

func (s *Service) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
