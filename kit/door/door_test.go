package door_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/doortest"
)

func TestMain(m *testing.M) { doortest.VerifyNoLeaks(m) }

func TestMemory(t *testing.T) {
	t.Parallel()
	doortest.Run(t, openMemory)
}

func TestNATS(t *testing.T) {
	t.Parallel()
	doortest.Run(t, openNATS(startNATS(t, 0)))
}

func TestHTTP(t *testing.T) {
	t.Parallel()
	doortest.Run(t, openHTTP)
}

// The limits of the doors under test: small, so that reaching them is quick.
const (
	maxPayload  = 128 << 10
	maxInFlight = 220
)

func limits() []door.Option {
	return []door.Option{door.WithMaxPayload(maxPayload), door.WithMaxInFlight(maxInFlight), door.WithLogger(slog.New(slog.DiscardHandler))}
}

func openMemory(_ testing.TB, server *connect.Server) doortest.Door {
	return doortest.Door{Transport: door.Memory(server, limits()...), MaxPayload: maxPayload, MaxInFlight: maxInFlight}
}

// startNATS runs a NATS server in this process for the length of the test.
func startNATS(t testing.TB, maxPayload int32) *natsserver.Server {
	t.Helper()
	return startNATSOn(t, natsserver.RANDOM_PORT, maxPayload)
}

func startNATSOn(t testing.TB, port int, maxPayload int32) *natsserver.Server {
	t.Helper()
	if maxPayload == 0 {
		maxPayload = door.DefaultMaxPayload + 64<<10
	}
	ns, err := natsserver.NewServer(&natsserver.Options{Host: "127.0.0.1", Port: port, NoLog: true, NoSigs: true, MaxPayload: maxPayload})
	if err != nil {
		t.Fatal(err)
	}
	ns.Start()
	t.Cleanup(func() { ns.Shutdown(); ns.WaitForShutdown() })
	if !ns.ReadyForConnections(10 * time.Second) {
		t.Fatal("the NATS server does not start")
	}
	return ns
}

func connectNATS(t testing.TB, ns *natsserver.Server, options ...nats.Option) *nats.Conn {
	t.Helper()
	conn, err := nats.Connect(ns.ClientURL(), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

// serveNATS starts a replica on a connection of its own; it leaves at the end of the test at the latest.
func serveNATS(t testing.TB, ns *natsserver.Server, name string, server *connect.Server) *door.NATSServer {
	t.Helper()
	replica, err := door.ServeNATS(t.Context(), door.NATSServerConfig{
		Conn: connectNATS(t, ns), Name: name, Version: "1.2.3",
		MaxPayload: maxPayload, MaxInFlight: maxInFlight, Logger: slog.New(slog.DiscardHandler),
	}, server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := replica.Drain(ctx); err != nil {
			t.Error(err)
		}
	})
	return replica
}

func openNATS(ns *natsserver.Server) doortest.Open {
	var rooms atomic.Int64
	return func(t testing.TB, server *connect.Server) doortest.Door {
		name := fmt.Sprint("room-", rooms.Add(1))
		serveNATS(t, ns, name, server)
		conn := connectNATS(t, ns)
		return doortest.Door{
			Transport: door.NATS(conn, name, limits()...), MaxPayload: maxPayload, MaxInFlight: maxInFlight,
			Absent: door.NATS(conn, "nobody", limits()...),
			Join: func(t testing.TB, server *connect.Server) func(context.Context) error {
				return serveNATS(t, ns, name, server).Drain
			},
		}
	}
}

func openHTTP(t testing.TB, server *connect.Server) doortest.Door {
	b, client := startBalancer(t), &connections{}
	b.join(t, server)
	t.Cleanup(client.close) // before the replica leaves, which then need not wait for the connections
	client.open()
	return doortest.Door{
		Transport: door.HTTP("http://"+b.Addr().String(), &http.Client{Transport: client}, limits()...), MaxPayload: maxPayload, MaxInFlight: maxInFlight,
		Absent: door.HTTP("http://"+unusedAddress(t), nil, limits()...),
		Join: func(t testing.TB, server *connect.Server) func(context.Context) error {
			leave := b.join(t, server)
			client.open() // the balancer gives it to the newest replica
			return leave
		},
	}
}

// connections spreads calls over several HTTP/2 connections, because all calls over one go to one replica.
type connections struct {
	mu      sync.Mutex
	clients []*http.Client
	next    int
}

func (c *connections) open() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clients = append(c.clients, door.HTTPClient())
}

func (c *connections) RoundTrip(req *http.Request) (*http.Response, error) {
	c.mu.Lock()
	c.next++
	client := c.clients[c.next%len(c.clients)]
	c.mu.Unlock()
	return client.Transport.RoundTrip(req)
}

func (c *connections) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, client := range c.clients {
		client.CloseIdleConnections()
	}
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

func unusedAddress(t testing.TB) string {
	t.Helper()
	listener := listen(t)
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// balancer gives the connections of one address to the newest replica that is left.
type balancer struct {
	net.Listener
	mu       sync.Mutex
	replicas []*share
}

func startBalancer(t testing.TB) *balancer {
	t.Helper()
	listener := listen(t)
	b := &balancer{Listener: listener}
	var dealing sync.WaitGroup
	dealing.Go(b.deal)
	t.Cleanup(func() { _ = listener.Close(); dealing.Wait() })
	return b
}

func (b *balancer) deal() {
	for {
		conn, err := b.Accept()
		if err != nil {
			return
		}
		for dealt := false; !dealt; {
			s := b.pick()
			if s == nil {
				_ = conn.Close()
				break
			}
			select {
			case s.conns <- conn:
				dealt = true
			case <-s.closed:
			}
		}
	}
}

func (b *balancer) pick() *share {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.replicas) == 0 {
		return nil
	}
	return b.replicas[len(b.replicas)-1]
}

func (b *balancer) join(t testing.TB, server *connect.Server) func(context.Context) error {
	t.Helper()
	s := &share{addr: b.Addr(), conns: make(chan net.Conn), closed: make(chan struct{})}
	web := door.NewHTTPServer(server, limits()...)
	web.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := web.Serve(s); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	b.mu.Lock()
	b.replicas = append(b.replicas, s)
	b.mu.Unlock()
	leave := func(ctx context.Context) error {
		b.mu.Lock()
		for i, other := range b.replicas {
			if other == s {
				b.replicas = append(b.replicas[:i:i], b.replicas[i+1:]...)
				break
			}
		}
		b.mu.Unlock()
		err := web.Shutdown(ctx)
		serving.Wait()
		return err
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := leave(ctx); err != nil {
			t.Error(err)
		}
	})
	return leave
}

// share is one replica's part of the connections.
type share struct {
	addr   net.Addr
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (s *share) Accept() (net.Conn, error) {
	select {
	case conn := <-s.conns:
		return conn, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

func (s *share) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

func (s *share) Addr() net.Addr { return s.addr }
