package embed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

const (
	// DefaultMaxPayload is the largest message, in bytes: 4 MiB.
	DefaultMaxPayload = 4 << 20
	// defaultMaxMemory bounds memory-only streams, in bytes. Ours are on disk.
	defaultMaxMemory = 64 << 20
)

// NATSConfig describes the in-process NATS server.
type NATSConfig struct {
	// StoreDir holds JetStream's files; absolute, created when missing.
	StoreDir string
	// Logger gets the server's warnings and errors, its notices at debug.
	Logger *slog.Logger
	// MaxPayload is the largest message in bytes; 0 means DefaultMaxPayload.
	MaxPayload int32
	// Listen is a TCP address such as "127.0.0.1:4222" (port 0: a free one).
	// "" means that nothing listens and Connect is the only way in.
	Listen string
	// Token every connection must present. Required when Listen is an address
	// that other machines can reach.
	Token string
	// MaxMemory and MaxStore bound JetStream in bytes. 0 means 64 MiB of
	// memory and three quarters of the free disk.
	MaxMemory, MaxStore int64
	// SyncAlways makes every publish reach the disk before its ack, at about a
	// ninth of the speed. Off by default: the outbox in PostgreSQL is the
	// truth and publishes again what a power cut took.
	SyncAlways bool
}

// NATS is a running in-process server with JetStream on disk.
type NATS struct {
	server *server.Server
	token  string
	lock   *Lock

	mu      sync.Mutex
	conns   []*nats.Conn
	stopped bool
}

// StartNATS starts the server and returns when JetStream has recovered its
// files. A *HeldError means that another server uses the folder.
func StartNATS(cfg NATSConfig) (*NATS, error) {
	opts, err := natsOptions(cfg)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.StoreDir, 0o700); err != nil {
		return nil, fmt.Errorf("create the NATS folder: %w", err)
	}
	lock, err := lockFile(filepath.Join(cfg.StoreDir, "nats.lock"), cfg.StoreDir)
	if err != nil {
		return nil, err
	}
	ns, err := server.NewServer(opts)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("configure the embedded NATS: %w", err), lock.Release())
	}
	log := &natsLog{log: orDiscard(cfg.Logger)}
	ns.SetLoggerV2(log, false, false, false)
	// Start works through everything and only then serves, so its end is the
	// moment of readiness; it tells its failures to the logger alone.
	ns.Start()
	why := log.fatal()
	if why == "" && !ns.ReadyForConnections(10*time.Second) {
		why = "it was not ready after 10 seconds"
	}
	if why != "" {
		ns.Shutdown()
		ns.WaitForShutdown()
		return nil, errors.Join(fmt.Errorf("start the embedded NATS in %s: %s", cfg.StoreDir, why), lock.Release())
	}
	return &NATS{server: ns, token: cfg.Token, lock: lock}, nil
}

func natsOptions(cfg NATSConfig) (*server.Options, error) {
	if !filepath.IsAbs(cfg.StoreDir) {
		return nil, fmt.Errorf("the NATS folder must be an absolute path, not %q", cfg.StoreDir)
	}
	opts := &server.Options{
		ServerName:         "sovecom",
		DontListen:         cfg.Listen == "",
		NoSigs:             true, // the program decides when to stop
		MaxPayload:         cfg.MaxPayload,
		Authorization:      cfg.Token,
		JetStream:          true,
		StoreDir:           cfg.StoreDir,
		JetStreamMaxMemory: cfg.MaxMemory,
		JetStreamMaxStore:  cfg.MaxStore,
		SyncAlways:         cfg.SyncAlways,
	}
	if opts.MaxPayload == 0 {
		opts.MaxPayload = DefaultMaxPayload
	}
	if opts.JetStreamMaxMemory == 0 {
		opts.JetStreamMaxMemory = defaultMaxMemory
	}
	if opts.DontListen {
		return opts, nil
	}
	host, port, err := net.SplitHostPort(cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("the NATS address must be host:port, not %q", cfg.Listen)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("the port of the NATS address must be a number from 0 to 65535, not %q", port)
	}
	if ip := net.ParseIP(host); cfg.Token == "" && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("NATS may listen on %s, which other machines can reach, only with a token", cfg.Listen)
	}
	opts.Host, opts.Port = host, int(number)
	if opts.Port == 0 {
		opts.Port = server.RANDOM_PORT
	}
	return opts, nil
}

// Connect opens a connection within the process. It is drained by Stop unless
// it was closed before.
func (n *NATS) Connect(opts ...nats.Option) (*nats.Conn, error) {
	own := []nats.Option{nats.InProcessServer(n.server)}
	if n.token != "" {
		own = append(own, nats.Token(n.token))
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.stopped {
		return nil, nats.ErrConnectionClosed
	}
	conn, err := nats.Connect("", append(own, opts...)...)
	if err != nil {
		return nil, fmt.Errorf("connect to the embedded NATS: %w", err)
	}
	open := n.conns[:0]
	for _, c := range n.conns {
		if !c.IsClosed() {
			open = append(open, c)
		}
	}
	open = append(open, conn)
	n.conns = open
	return conn, nil
}

// URL is the address of the server without the token, or "" when nothing
// listens.
func (n *NATS) URL() string {
	addr, ok := n.server.Addr().(*net.TCPAddr)
	if !ok || addr == nil {
		return ""
	}
	return "nats://" + addr.String()
}

// Stop drains the connections made by Connect until ctx ends, then stops the
// server and waits for its files to be closed. It may be called twice.
func (n *NATS) Stop(ctx context.Context) error {
	n.mu.Lock()
	if n.stopped {
		n.mu.Unlock()
		n.server.WaitForShutdown()
		return nil
	}
	n.stopped = true
	conns := n.conns
	n.mu.Unlock()

	var drains sync.WaitGroup
	for _, conn := range conns {
		drains.Go(func() { drain(ctx, conn) })
	}
	drains.Wait()
	n.server.Shutdown()
	n.server.WaitForShutdown()
	if err := n.lock.Release(); err != nil {
		return err
	}
	return ctx.Err()
}

// drain lets the handlers of a connection finish, and closes it when ctx ends.
func drain(ctx context.Context, conn *nats.Conn) {
	closed := conn.StatusChanged(nats.CLOSED)
	defer conn.RemoveStatusListener(closed)
	if err := conn.Drain(); err != nil || conn.IsClosed() {
		conn.Close()
		return
	}
	select {
	case <-closed:
	case <-ctx.Done():
		conn.Close()
	}
}

// natsLog hands the server's lines to slog and keeps the fatal one, which is
// the only place the server tells why it did not start.
type natsLog struct {
	log *slog.Logger

	mu   sync.Mutex
	died string
}

func (l *natsLog) fatal() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.died
}

func (l *natsLog) Noticef(format string, v ...any) { l.log.Debug("nats: " + fmt.Sprintf(format, v...)) }
func (l *natsLog) Warnf(format string, v ...any)   { l.log.Warn("nats: " + fmt.Sprintf(format, v...)) }
func (l *natsLog) Errorf(format string, v ...any)  { l.log.Error("nats: " + fmt.Sprintf(format, v...)) }
func (l *natsLog) Debugf(string, ...any)           {}
func (l *natsLog) Tracef(string, ...any)           {}

func (l *natsLog) Fatalf(format string, v ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.died = fmt.Sprintf(format, v...)
	l.log.Error("nats: " + l.died)
}

func orDiscard(log *slog.Logger) *slog.Logger {
	if log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return log
}
