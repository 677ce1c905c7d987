package embed

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

func startNATS(t *testing.T, cfg NATSConfig) *NATS {
	t.Helper()
	cfg.Logger = testLog(t)
	began := time.Now()
	n, err := StartNATS(cfg)
	must(t, err)
	t.Logf("started in %s", time.Since(began).Round(time.Millisecond))
	t.Cleanup(func() {
		if err := n.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return n
}

func connectNATS(t *testing.T, n *NATS) *nats.Conn {
	t.Helper()
	conn, err := n.Connect()
	must(t, err)
	return conn
}

func TestNATSKeepsStreamsOverRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := startNATS(t, NATSConfig{StoreDir: dir})
	js, err := jetstream.New(connectNATS(t, n))
	must(t, err)
	_, err = js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "EVT", Subjects: []string{"evt.>"}})
	must(t, err)
	_, err = js.Publish(t.Context(), "evt.order.placed", []byte("hello"), jetstream.WithMsgID("1"))
	must(t, err)

	var held *HeldError
	if _, err := StartNATS(NATSConfig{StoreDir: dir}); !errors.As(err, &held) {
		t.Errorf("a second server on the folder got %v, want a HeldError", err)
	}
	must(t, n.Stop(t.Context()))
	if _, err := n.Connect(); err == nil {
		t.Error("Connect works after Stop")
	}

	n = startNATS(t, NATSConfig{StoreDir: dir})
	js, err = jetstream.New(connectNATS(t, n))
	must(t, err)
	stream, err := js.Stream(t.Context(), "EVT")
	must(t, err)
	msg, err := stream.GetMsg(t.Context(), 1)
	must(t, err)
	if string(msg.Data) != "hello" {
		t.Errorf("the message is %q after a restart, want hello", msg.Data)
	}
	ack, err := js.Publish(t.Context(), "evt.order.placed", []byte("hello"), jetstream.WithMsgID("1"))
	must(t, err)
	if !ack.Duplicate {
		t.Error("the duplicate was not recognised after a restart")
	}
}

func TestNATSPayloadLimit(t *testing.T) {
	t.Parallel()
	n := startNATS(t, NATSConfig{StoreDir: t.TempDir()})
	conn := connectNATS(t, n)
	inbox, err := conn.SubscribeSync("big")
	must(t, err)
	must(t, conn.Publish("big", make([]byte, DefaultMaxPayload)))
	msg, err := inbox.NextMsg(10 * time.Second)
	must(t, err)
	if len(msg.Data) != DefaultMaxPayload {
		t.Errorf("%d bytes arrived", len(msg.Data))
	}
	if err := conn.Publish("big", make([]byte, DefaultMaxPayload+1)); !errors.Is(err, nats.ErrMaxPayload) {
		t.Errorf("one byte more gave %v, want ErrMaxPayload", err)
	}
	if n.URL() != "" {
		t.Errorf("it listens on %s", n.URL())
	}
}

func TestNATSStopDrains(t *testing.T) {
	t.Parallel()
	n := startNATS(t, NATSConfig{StoreDir: t.TempDir()})
	conn := connectNATS(t, n)
	var handled atomic.Int32
	entered, leave := make(chan struct{}), make(chan struct{})
	_, err := conn.Subscribe("work", func(*nats.Msg) {
		if handled.Add(1) == 1 {
			close(entered)
			<-leave
		}
	})
	must(t, err)
	for range 10 {
		must(t, conn.Publish("work", nil))
	}
	must(t, conn.Flush())
	<-entered
	stopped := make(chan error, 1)
	go func() { stopped <- n.Stop(context.Background()) }()
	eventually(t, "the drain", conn.IsDraining)
	close(leave)
	must(t, <-stopped)
	if handled.Load() != 10 {
		t.Errorf("%d of 10 messages were handled before the end", handled.Load())
	}

	// A handler that never ends does not hold the stop up beyond the context.
	n = startNATS(t, NATSConfig{StoreDir: t.TempDir()})
	conn = connectNATS(t, n)
	stuck, free := make(chan struct{}), make(chan struct{})
	defer close(free)
	_, err = conn.Subscribe("work", func(*nats.Msg) { close(stuck); <-free })
	must(t, err)
	must(t, conn.Publish("work", nil))
	<-stuck
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := n.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the stop said %v, want DeadlineExceeded", err)
	}
}

func TestNATSOverTCP(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:4222", "nonsense", "127.0.0.1:x"} {
		if n, err := StartNATS(NATSConfig{StoreDir: t.TempDir(), Listen: address}); err == nil {
			n.Stop(t.Context())
			t.Errorf("%q was accepted without a token", address)
		}
	}
	n := startNATS(t, NATSConfig{StoreDir: t.TempDir(), Listen: "127.0.0.1:0", Token: "secret"})
	connectNATS(t, n)
	if conn, err := nats.Connect(n.URL()); err == nil {
		conn.Close()
		t.Error("a connection without the token was let in")
	}
	conn, err := nats.Connect(n.URL(), nats.Token("secret"))
	must(t, err)
	conn.Close()

	_, err = StartNATS(NATSConfig{StoreDir: t.TempDir(), Listen: strings.TrimPrefix(n.URL(), "nats://")})
	if err == nil {
		t.Error("an address was taken twice")
	}
	if _, err := StartNATS(NATSConfig{StoreDir: "relative"}); err == nil {
		t.Error("a relative folder was accepted")
	}
}
