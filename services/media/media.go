package media

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"time"

	"connectrpc.com/connect/v2"

	"github.com/sovecom/sovecom/gen/sovecom/media/v1/mediav1connect"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/pg"
)

// Config of the room.
type Config struct {
	Dir string `config:"dir" doc:"Folder that holds the pictures; created when missing. Every process of the room shares it."`
}

// DefaultConfig has no folder: the program puts it into its data folder.
func DefaultConfig() Config { return Config{} }

// Deps of the room.
type Deps struct {
	DB     *pg.DB
	Logger *slog.Logger
	Now    func() time.Time
}

// Service is the room.
type Service struct {
	store store
	files files
	log   *slog.Logger
	now   func() time.Time
}

var _ mediav1connect.MediaServiceHandler = (*Service)(nil)

// New opens the folder and makes the room.
func New(cfg Config, deps Deps) (*Service, error) {
	if cfg.Dir == "" {
		return nil, errors.New("media: dir is not set")
	}
	opened, err := openFiles(cfg.Dir)
	if err != nil {
		return nil, err
	}
	return &Service{store: store{deps.DB}, files: opened, log: deps.Logger, now: deps.Now}, nil
}

// Mount registers the room's handler.
func (s *Service) Mount(server *connect.Server) {
	mediav1connect.RegisterMediaServiceHandler(server, s)
}

// Consumers of the room.
func (s *Service) Consumers() []bus.Consumer {
	return []bus.Consumer{{
		// The bus inserts the tenant of every event; there is nothing else to do.
		Name: "media-tenants", Subjects: []string{"evt.identity.tenant.created"},
		Handle: func(context.Context, *pg.Tx, bus.Event, any) error { return nil },
	}}
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

// Run removes spare files, at once and then every hour, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "spare pictures were not removed", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
