package embed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// PostgresUser is the superuser of an embedded cluster, and PostgresDatabase
	// the database made at its first start.
	PostgresUser     = "sovecom"
	PostgresDatabase = "sovecom"

	clusterName = "postgres" // the folders below the data folder
	runName     = "run"

	nobody = 65534 // the unprivileged user of Linux distributions and containers

	readyPoll   = 5 * time.Millisecond
	firstWait   = 50 * time.Millisecond // before the first restart; doubles
	longestWait = 5 * time.Second
	goodRun     = 10 * time.Second // a run of this length forgets earlier failures
)

// PostgresConfig describes an embedded cluster. Only DataDir is required.
type PostgresConfig struct {
	// DataDir is the absolute data folder, created when missing; the cluster
	// is in DataDir/postgres.
	DataDir string
	Logger  *slog.Logger
	// Port names the socket file and, with ListenTCP, the port on 127.0.0.1.
	// 0 means 5432 for the socket alone and a free port for TCP.
	Port int
	// ListenTCP lets tools connect over loopback. They need a role with a
	// password; the superuser has none and stays on the socket.
	ListenTCP bool
	// FsyncOff trades all durability for speed. For tests only.
	FsyncOff bool
	// MaxConnections is the server's limit; 0 means 200.
	MaxConnections int
	// Settings are further parameters of the server, stronger than ours.
	Settings map[string]string
	// BinDir is the folder of postgres and initdb; "" means to look for it.
	BinDir string
	// UID and GID run the server when this process is root; 0 means 65534, nobody.
	UID, GID int
	// StartTimeout bounds the wait for an earlier server to end and for the
	// first connection, recovery after a crash included; 0 means two minutes.
	// StopTimeout is how long a shutdown may take before it is cut short; 0
	// means 30 seconds.
	StartTimeout, StopTimeout time.Duration
}

// Postgres is a supervised cluster. When the server ends by itself it is
// started again after 50 ms, then with growing pauses of up to five seconds,
// until Stop.
type Postgres struct {
	cfg       PostgresConfig
	log       *slog.Logger
	bin       Binaries
	id        identity
	cluster   string // the folder of the cluster
	socket    string // the folder of the socket
	temporary bool   // the socket's folder is ours to remove
	port      int
	output    *serverLog
	lock      *Lock
	exits     chan error     // the ends of runs that Stop did not ask for
	syncing   sync.WaitGroup // the first write-out of a new cluster

	stop chan struct{} // closed when the server shall not come back
	done chan struct{} // closed when it is gone for good

	mu       sync.Mutex
	stopping bool
	process  *os.Process // nil while down
}

// StartPostgres makes the cluster if there is none, starts the server and
// returns once it answers. The errors are sentences for people: PostgreSQL is
// missing, an unprivileged user cannot enter a folder, the folder is in use
// (*HeldError), or what the server itself complained of.
func StartPostgres(ctx context.Context, cfg PostgresConfig) (*Postgres, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := makeDataDir(cfg.DataDir); err != nil {
		return nil, err
	}
	bin, err := FindPostgres(ctx, cfg)
	if err != nil {
		return nil, err
	}
	lock, err := lockFile(filepath.Join(cfg.DataDir, "postgres.lock"), cfg.DataDir)
	if err != nil {
		return nil, err
	}
	p := &Postgres{
		cfg: cfg, log: orDiscard(cfg.Logger), bin: bin, lock: lock,
		cluster: filepath.Join(cfg.DataDir, clusterName),
		exits:   make(chan error, 1), stop: make(chan struct{}), done: make(chan struct{}),
	}
	fresh, err := p.prepare(ctx)
	if err != nil {
		p.release()
		return nil, err
	}
	go p.supervise()
	if err := p.awaitReady(ctx); err != nil {
		// The caller's context may have ended already; a stop takes as long as
		// StopTimeout says.
		return nil, errors.Join(err, p.Stop(context.WithoutCancel(ctx)))
	}
	if fresh && !cfg.FsyncOff {
		p.syncing.Go(p.writeOut)
	}
	p.log.Info("PostgreSQL is ready.", "version", bin.Major, "pid", p.PID(), "folder", p.cluster)
	return p, nil
}

func (cfg PostgresConfig) withDefaults() (PostgresConfig, error) {
	def := func(value *int, otherwise int) {
		if *value == 0 {
			*value = otherwise
		}
	}
	def(&cfg.MaxConnections, 200)
	def(&cfg.UID, nobody)
	def(&cfg.GID, nobody)
	if cfg.StartTimeout == 0 {
		cfg.StartTimeout = 2 * time.Minute
	}
	if cfg.StopTimeout == 0 {
		cfg.StopTimeout = 30 * time.Second
	}
	if cfg.Port < 0 || cfg.Port > 65535 {
		return cfg, fmt.Errorf("the PostgreSQL port must be from 0 to 65535, not %d", cfg.Port)
	}
	ours := []string{"data_directory", "listen_addresses", "port", "unix_socket_directories", "max_connections", "logging_collector"}
	name := regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*$`)
	for key := range cfg.Settings {
		if !name.MatchString(key) || slices.Contains(ours, strings.ToLower(key)) {
			return cfg, fmt.Errorf("the PostgreSQL setting %q cannot be chosen here", key)
		}
	}
	return cfg, nil
}

// URL is the connection string of a user and a database over the socket,
// "postgres://user@/db?host=/data/run&port=5432". It holds no secret and stays
// the same while the server is restarted.
func (p *Postgres) URL(user, database string) string {
	query := url.Values{"host": {p.socket}, "port": {strconv.Itoa(p.port)}}
	u := url.URL{Scheme: "postgres", User: url.User(user), Path: "/" + database, RawQuery: query.Encode()}
	return u.String()
}

// AdminURL is the connection string of the superuser on the maintenance
// database "postgres", for what must happen outside the product's database.
func (p *Postgres) AdminURL() string { return p.URL(PostgresUser, "postgres") }

// Port is the number of the socket file and, with ListenTCP, the TCP port.
func (p *Postgres) Port() int { return p.port }

// PID is the process id of the server, 0 while it is down.
func (p *Postgres) PID() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.process == nil {
		return 0
	}
	return p.process.Pid
}

// Done is closed when the server is gone and will not be started again, which
// only Stop brings about.
func (p *Postgres) Done() <-chan struct{} { return p.done }

// Stop ends the server with a fast shutdown: open transactions are rolled
// back, everything committed is on the disk. When ctx ends or StopTimeout
// passes it is cut short, and the next start recovers from the log; the error
// says so. It may be called twice.
func (p *Postgres) Stop(ctx context.Context) error {
	p.mu.Lock()
	if !p.stopping {
		p.stopping = true
		close(p.stop)
	}
	p.mu.Unlock()
	p.signal(syscall.SIGINT)
	late := time.NewTimer(p.cfg.StopTimeout)
	defer late.Stop()
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
	case <-late.C:
	}
	p.signal(syscall.SIGQUIT)
	late.Reset(10 * time.Second)
	select {
	case <-p.done:
	case <-late.C:
		p.signal(syscall.SIGKILL)
		<-p.done
	}
	return fmt.Errorf("PostgreSQL in %s did not shut down in time and was cut short; nothing committed is lost", p.cluster)
}

func (p *Postgres) signal(sig os.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.process != nil {
		// The only failure is that the process has ended, which is the aim.
		_ = p.process.Signal(sig)
	}
}

// release gives back what outlives the server's process.
func (p *Postgres) release() {
	p.syncing.Wait()
	if p.temporary {
		if err := os.RemoveAll(p.socket); err != nil {
			p.log.Warn("The folder of the PostgreSQL socket could not be removed.", "error", err)
		}
	}
	if p.output != nil {
		p.output.close()
	}
	if err := p.lock.Release(); err != nil {
		p.log.Warn("The lock of the PostgreSQL cluster could not be released.", "error", err)
	}
}
