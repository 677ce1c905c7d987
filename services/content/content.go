package content

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"time"

	"connectrpc.com/connect/v2"

	"github.com/sovecom/sovecom/gen/sovecom/content/v1/contentv1connect"
	"github.com/sovecom/sovecom/kit/pg"
)

// Deps are what the room needs.
type Deps struct {
	DB     *pg.DB
	Logger *slog.Logger
	Now    func() time.Time
}

// Service is the content room.
type Service struct {
	db     *pg.DB
	log    *slog.Logger
	now    func() time.Time
	markup markup
}

var _ contentv1connect.ContentServiceHandler = (*Service)(nil)

// New makes the room. It does not touch the database.
func New(deps Deps) (*Service, error) {
	if deps.DB == nil || deps.Logger == nil || deps.Now == nil {
		return nil, errors.New("content: DB, Logger and Now are needed")
	}
	return &Service{db: deps.DB, log: deps.Logger, now: deps.Now, markup: newMarkup()}, nil
}

// Mount registers the room's methods.
func (s *Service) Mount(server *connect.Server) {
	contentv1connect.RegisterContentServiceHandler(server, s)
}

// Run has nothing to do until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// time is now, as precise as the database keeps it.
func (s *Service) time() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of the schema content, in goose's format.
func Migrations() fs.FS {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return migrations // cannot happen: the folder is embedded
	}
	return sub
}
