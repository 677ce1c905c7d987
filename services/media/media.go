package media

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"sync"
	"time"

	"connectrpc.com/connect/v2"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/media/v1/mediav1connect"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/outbound"
	"github.com/sovecom/sovecom/kit/pg"
)

// Config of the room.
type Config struct {
	Dir       string        `config:"dir" doc:"Folder that holds pictures and files, or only what is in work when they are in S3; created when missing. Without S3 every process of the room shares it."`
	S3        S3Config      `config:"s3"`
	FileMiB   int           `config:"file_mib" doc:"Largest private file, in MiB."`
	LinkTTL   time.Duration `config:"link_ttl" doc:"How long a signed address of a private file works."`
	UploadTTL time.Duration `config:"upload_ttl" doc:"How long a signed address for an upload works."`
	KeyAge    time.Duration `config:"key_age" doc:"How old the key that signs addresses gets before another takes over; what it has signed goes on working. 0: only sovecom media rotate-key changes it."`
	// FetchTimeout is less than what a request through the gateway has.
	FetchTimeout  time.Duration `config:"fetch_timeout" doc:"How long a picture at a foreign address may take to arrive."`
	AllowInsecure bool          `config:"allow_insecure" doc:"Development only: pictures are also fetched over http and from private addresses."`
	Workers       int           `config:"workers" doc:"How many pictures renditions are made of at a time; each needs a core and some 300 MB while it lasts."`
}

// DefaultConfig has no folder: the program puts it into its data folder.
func DefaultConfig() Config {
	return Config{
		FileMiB: 2048, LinkTTL: 15 * time.Minute, UploadTTL: time.Hour, KeyAge: 30 * 24 * time.Hour, FetchTimeout: 20 * time.Second, Workers: 1,
	}
}

// Deps of the room.
type Deps struct {
	DB     *pg.DB
	Logger *slog.Logger
	Now    func() time.Time
	Secret []byte // signs addresses; the same in every process of the room
	// Pictures is the command line of a process that runs picture.Work on its standard input and on file descriptor 3.
	Pictures []string
	// Catalog finds the room that knows where an asset is used. It is asked for at the first use, because that room needs
	// this one to start.
	Catalog func() catalogv1connect.CatalogServiceClient
	// Interrupt is told what has been done, and may stop the work there. For tests of recovery; may be nil.
	Interrupt func(ctx context.Context, at string) error
}

const (
	// inspectTime is how long a picture may take to be looked at, and renderTime to be made renditions of, once it is its
	// turn.
	inspectTime = 90 * time.Second
	renderTime  = 5 * time.Minute
	// maxDemand is how many renditions are made or wait at a time because somebody asks for them.
	maxDemand = 16
)

// Service is the room.
type Service struct {
	cfg       Config
	store     store
	storage   storage
	scratch   scratch
	inspector *crew  // of pictures that come in
	renderer  *crew  // in the background
	prompt    *crew  // of renditions that somebody waits for
	secret    []byte // keys of addresses follow from it
	ring      keyring
	catalog   func() catalogv1connect.CatalogServiceClient
	log       *slog.Logger
	now       func() time.Time
	interrupt func(ctx context.Context, at string) error
	taking    singleflight.Group // pictures that come in
	fetching  singleflight.Group // foreign addresses that are asked
	fetcher   fetcher
	rendering singleflight.Group // renditions that somebody waits for
	demand    chan struct{}      // as many of them as are made or wait for their turn
	wait      time.Duration      // how long somebody does
	worker    id.ID
	wake      chan struct{}

	mu     sync.Mutex
	health healthState
}

var _ mediav1connect.MediaServiceHandler = (*Service)(nil)

// New opens the storage and makes the room.
func New(cfg Config, deps Deps) (*Service, error) {
	if cfg.Dir == "" {
		return nil, errors.New("media: dir is not set")
	}
	if cfg.FileMiB < 1 || cfg.Workers < 1 || cfg.LinkTTL <= 0 || cfg.UploadTTL <= 0 || cfg.FetchTimeout <= 0 || cfg.KeyAge < 0 {
		return nil, errors.New("media: file_mib, workers, link_ttl, upload_ttl and fetch_timeout have to be above 0, and key_age not below")
	}
	scratch, err := openScratch(cfg.Dir)
	if err != nil {
		return nil, err
	}
	storage, err := openStorage(cfg)
	if err != nil {
		return nil, err
	}
	if len(deps.Secret) == 0 {
		return nil, errors.New("media: there is no secret to sign addresses with")
	}
	renderer := newCrew(deps.Pictures, cfg.Workers, renderTime)
	renderer.patient = true // shoppers are waiting for everything else
	return &Service{
		fetcher: newFetcher(outbound.NewGuard(cfg.AllowInsecure, &net.Resolver{}), cfg.FetchTimeout),
		cfg:     cfg, store: store{deps.DB}, storage: storage, scratch: scratch, inspector: newCrew(deps.Pictures, cfg.Workers, inspectTime), renderer: renderer,
		prompt: newCrew(deps.Pictures, 1, renderTime), wait: waitForRendition, demand: make(chan struct{}, maxDemand),
		secret: deps.Secret, ring: keyring{known: map[id.ID]knownRing{}}, catalog: sync.OnceValue(deps.Catalog), log: deps.Logger, now: deps.Now, interrupt: deps.Interrupt, worker: id.New(), wake: make(chan struct{}, 1),
	}, nil
}

func openStorage(cfg Config) (storage, error) {
	if cfg.S3.Bucket != "" {
		return openS3(cfg.S3)
	}
	return openLocal(cfg.Dir)
}

// Mount registers the room's handler.
func (s *Service) Mount(server *connect.Server) {
	mediav1connect.RegisterMediaServiceHandler(server, s)
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

// Run makes renditions, and removes what nothing points at, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	defer s.renderer.close()
	defer s.prompt.close()
	defer s.inspector.close()
	g, ctx := errgroup.WithContext(ctx)
	for range s.cfg.Workers {
		g.Go(func() error {
			s.runJobs(ctx)
			return nil
		})
	}
	g.Go(func() error {
		s.runSweeps(ctx)
		return nil
	})
	return g.Wait()
}

// time is now, as exactly as the database keeps it.
func (s *Service) time() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// healthState is what was found when the storage was last tried.
type healthState struct {
	at  time.Time
	err error
}

// healthAge is how old that may be: health is asked for often, and trying costs three requests.
const healthAge = 10 * time.Second

// CheckStorage writes, reads and removes a small object, unless that was done just now.
func (s *Service) CheckStorage(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.now(); s.health.at.IsZero() || now.Sub(s.health.at) > healthAge || now.Before(s.health.at) {
		s.health = healthState{now, probe(ctx, s.storage, s.scratch)}
	}
	return s.health.err
}

// CheckStorage is the same for a configuration, without a room. It says what the storage is.
func CheckStorage(ctx context.Context, cfg Config) (string, error) {
	scratch, err := openScratch(cfg.Dir)
	if err != nil {
		return "", err
	}
	storage, err := openStorage(cfg)
	if err != nil {
		return "", err
	}
	return storage.String(), probe(ctx, storage, scratch)
}
