package search

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"time"

	"connectrpc.com/connect/v2"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/search/v1/searchv1connect"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/config"
	"github.com/sovecom/sovecom/kit/pg"
)

// Config of the room.
type Config struct {
	ExportPage int           `config:"export_page" doc:"Products read from the catalogue at a time during a rebuild, 1 to 1000."`
	Engine     string        `config:"engine" doc:"What answers searches: postgres, typesense, meilisearch or algolia. PostgreSQL answers whatever another cannot, and while it is away."`
	URL        string        `config:"url" doc:"Address of the engine, such as http://localhost:8108. For Algolia it may be left out."`
	App        string        `config:"app" doc:"Application id at Algolia."`
	Key        config.Secret `config:"key" doc:"Key of the engine that may make indexes, write and search."`
}

// DefaultConfig is what holds where nothing is set.
func DefaultConfig() Config { return Config{ExportPage: 500, Engine: enginePostgres} }

// Validate reports settings that cannot work.
func (c Config) Validate() error {
	if c.ExportPage < 1 || c.ExportPage > 1000 {
		return errors.New("export_page must be between 1 and 1000")
	}
	switch c.Engine {
	case enginePostgres, "":
		return nil
	case engineTypesense, engineMeilisearch:
		if c.URL == "" || c.Key.Reveal() == "" {
			return fmt.Errorf("engine %s needs url and key", c.Engine)
		}
	case engineAlgolia:
		if c.App == "" || c.Key.Reveal() == "" {
			return errors.New("engine algolia needs app and key")
		}
	default:
		return errors.New("engine must be postgres, typesense, meilisearch or algolia")
	}
	if u, err := url.Parse(c.URL); c.URL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
		return errors.New("url must be an http or https address")
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
	outside outside // nil when PostgreSQL answers alone
	health  health
}

var _ searchv1connect.SearchServiceHandler = (*Service)(nil)

// New makes the room. It does nothing until it is called or run.
func New(cfg Config, deps Deps) (*Service, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	outside, err := newOutside(cfg)
	if err != nil {
		return nil, err
	}
	return &Service{
		outside: outside, cfg: cfg, store: store{deps.DB}, log: deps.Logger, now: deps.Now, catalog: deps.Catalog, behind: deps.Behind, wake: make(chan struct{}, 1), recall: newRecall(), totals: newTotals(),
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
		err := errors.Join(s.fillEmpty(ctx, checked), s.resume(ctx), s.feed(ctx))
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			s.log.WarnContext(ctx, "search index is not what it should be yet", "error", err)
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
