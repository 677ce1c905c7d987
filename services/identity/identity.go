package identity

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"connectrpc.com/connect/v2"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/pg"
)

// Config of the room.
type Config struct {
	SessionIdle            time.Duration `config:"session_idle" doc:"How long a session lives without being refreshed."`
	SessionMax             time.Duration `config:"session_max" doc:"How long a session lives however often it is refreshed."`
	LoginAttempts          int           `config:"login_attempts" doc:"Failed logins to one account from one address within login_window; ten times as many from all addresses."`
	LoginWindow            time.Duration `config:"login_window" doc:"How long failed logins are counted, and the wait once there are too many."`
	RegistrationsPerMinute int           `config:"registrations_per_minute" doc:"Customer registrations from one address per minute; 0 switches the limit off."`
	HashMemoryKiB          int           `config:"hash_memory_kib" doc:"Memory of one Argon2id computation in KiB."`
	HashPasses             int           `config:"hash_passes" doc:"Passes of Argon2id over its memory."`
	HashThreads            int           `config:"hash_threads" doc:"Threads of one Argon2id computation."`
	HashConcurrency        int           `config:"hash_concurrency" doc:"Argon2id computations at the same time; together they take hash_memory_kib each."`
	HashWait               time.Duration `config:"hash_wait" doc:"How long a login waits for its turn before it is asked to come again."`
	SweepEvery             time.Duration `config:"sweep_every" doc:"How often ended sessions and old counters are removed."`
}

// DefaultConfig suits one shop on one machine.
func DefaultConfig() Config {
	return Config{
		SessionIdle: 7 * 24 * time.Hour, SessionMax: 90 * 24 * time.Hour,
		LoginAttempts: 10, LoginWindow: 15 * time.Minute, RegistrationsPerMinute: 120,
		HashMemoryKiB: 19 * 1024, HashPasses: 2, HashThreads: 1, HashConcurrency: 2, HashWait: 10 * time.Second,
		SweepEvery: time.Hour,
	}
}

// Validate refuses what cannot work.
func (c Config) Validate() error {
	switch {
	case c.SessionIdle <= 0 || c.SessionMax < c.SessionIdle:
		return errors.New("identity: session_idle has to be above zero and at most session_max")
	case c.LoginAttempts < 1 || c.LoginWindow <= 0 || c.RegistrationsPerMinute < 0:
		return errors.New("identity: login_attempts and login_window have to be above zero, registrations_per_minute not below")
	case c.HashThreads < 1 || c.HashThreads > 255 || c.HashMemoryKiB < 8*c.HashThreads || c.HashMemoryKiB > maxHashMemory:
		return errors.New("identity: hash_threads has to be 1 to 255, hash_memory_kib at least 8 for each thread and at most 4 GiB")
	case c.HashPasses < 1 || c.HashPasses > maxHashPasses || c.HashConcurrency < 1 || c.HashWait <= 0:
		return errors.New("identity: hash_passes has to be 1 to 100, hash_concurrency and hash_wait above zero")
	case c.SweepEvery <= 0:
		return errors.New("identity: sweep_every has to be above zero")
	}
	return nil
}

// Deps of the room.
type Deps struct {
	DB     *pg.DB
	Logger *slog.Logger
	Now    func() time.Time
	// Secret of the room's own, 32 bytes: seals the signing key and keys the counters of attempts. With another one the
	// signing key of the installation cannot be opened.
	Secret []byte
	// Catalog has the price lists that keep a group of customers. Without it a group goes as soon as nobody is in it.
	Catalog func() catalogv1connect.CatalogServiceClient
}

// Service is the room. It is safe for concurrent use.
type Service struct {
	cfg    Config
	db     *pg.DB
	log    *slog.Logger
	now    func() time.Time
	hash   *hasher
	keys   *keyring
	pepper []byte // keys the counters of attempts

	catalog func() catalogv1connect.CatalogServiceClient
}

var _ identityv1connect.IdentityServiceHandler = (*Service)(nil)

const secretLength = 32

// New makes the room. It works from then on; Run adds the sweeper.
func New(cfg Config, deps Deps) (*Service, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.DB == nil || deps.Logger == nil || deps.Now == nil {
		return nil, errors.New("identity: DB, Logger and Now are needed")
	}
	if len(deps.Secret) != secretLength {
		return nil, fmt.Errorf("identity: the secret has to be %d bytes, not %d", secretLength, len(deps.Secret))
	}
	sealing, err := hkdf.Key(sha256.New, deps.Secret, nil, "sovecom identity signing key", secretLength)
	if err != nil {
		return nil, fmt.Errorf("identity: derive the sealing key: %w", err)
	}
	pepper, err := hkdf.Key(sha256.New, deps.Secret, nil, "sovecom identity attempts", secretLength)
	if err != nil {
		return nil, fmt.Errorf("identity: derive the key of attempts: %w", err)
	}
	return &Service{
		cfg: cfg, db: deps.DB, log: deps.Logger, now: deps.Now, hash: newHasher(cfg),
		keys: &keyring{db: deps.DB, now: deps.Now, sealing: sealing}, pepper: pepper, catalog: deps.Catalog,
	}, nil
}

// Mount registers the room's methods.
func (s *Service) Mount(server *connect.Server) {
	identityv1connect.RegisterIdentityServiceHandler(server, s)
}

// Consumers is empty: the room is where tenants come from.
func (s *Service) Consumers() []bus.Consumer { return nil }

// Run removes ended sessions and old counters until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	// A secret that does not fit is better heard of now than at the first login.
	if _, err := s.keys.get(ctx); err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "no access token can be signed", "error", err)
	}
	tick := time.NewTicker(s.cfg.SweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
				s.log.WarnContext(ctx, "ended sessions wait to be removed", "error", err)
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
