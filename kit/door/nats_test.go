package door_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sovecom/sovecom/kit/door"
)

const procedure = "/sovecom.test.v1.TestService/Do"

func doSpec() connect.Spec { return connect.Spec{Procedure: procedure} }

// serverOf is a room with the one procedure.
func serverOf(do func(ctx context.Context, req []byte) ([]byte, error)) *connect.Server {
	server := connect.NewServer()
	server.Register(connect.Method{Spec: doSpec(), Handler: func(ctx context.Context, _ connect.Spec, stream connect.ServerStream) error {
		req := &wrapperspb.BytesValue{}
		if err := stream.Receive(req); err != nil {
			return err
		}
		res, err := do(ctx, req.GetValue())
		if err != nil {
			return err
		}
		return stream.Send(wrapperspb.Bytes(res))
	}})
	return server
}

func same(_ context.Context, req []byte) ([]byte, error) { return req, nil }

func do(ctx context.Context, transport connect.Transport, req []byte) ([]byte, error) {
	res := &wrapperspb.BytesValue{}
	err := connect.NewClient(transport).CallUnary(ctx, doSpec(), wrapperspb.Bytes(req), res)
	return res.GetValue(), err
}

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func wantCode(t *testing.T, err error, want connect.Code) *connect.Error {
	t.Helper()
	got, ok := errors.AsType[*connect.Error](err)
	if !ok || got.Code() != want {
		t.Fatalf("error is %v, want %v", err, want)
	}
	return got
}

func wantAnswer(t *testing.T, got []byte, err error, want int) {
	t.Helper()
	if err != nil || len(got) != want {
		t.Fatalf("got %d bytes, %v; want %d", len(got), err, want)
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// cable is a network connection that can be cut.
type cable struct {
	mu    sync.Mutex
	conns []net.Conn
}

func (c *cable) Dial(network, address string) (net.Conn, error) {
	conn, err := net.Dial(network, address)
	if err == nil {
		c.mu.Lock()
		c.conns = append(c.conns, conn)
		c.mu.Unlock()
	}
	return conn, err
}

func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.conns {
		_ = conn.Close()
	}
}

func TestNATSReplicaThatDies(t *testing.T) {
	t.Parallel()
	ns := startNATS(t, 0)
	line, entered, release := &cable{}, make(chan struct{}), make(chan struct{})
	dead := make(chan struct{})
	conn := connectNATS(t, ns, nats.SetCustomDialer(line), nats.NoReconnect(), nats.ClosedHandler(func(*nats.Conn) { close(dead) }))
	replica, err := door.ServeNATS(t.Context(), door.NATSServerConfig{Conn: conn, Name: "catalog", Version: "1.0.0", Logger: quiet()},
		serverOf(func(context.Context, []byte) ([]byte, error) {
			close(entered)
			<-release
			return nil, nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	transport, outcome := door.NATS(connectNATS(t, ns), "catalog"), make(chan error, 1)
	go func() {
		_, err := do(within(t, 300*time.Millisecond), transport, nil)
		outcome <- err
	}()
	<-entered
	line.cut()
	wantCode(t, <-outcome, connect.CodeDeadlineExceeded)
	<-dead
	close(release)
	_, err = do(within(t, 10*time.Second), transport, nil)
	wantCode(t, err, connect.CodeUnavailable)
	if err := replica.Drain(within(t, 10*time.Second)); !errors.Is(err, nats.ErrConnectionClosed) {
		t.Errorf("draining a dead replica: %v", err)
	}
}

func TestNATSDrainOutOfTime(t *testing.T) {
	t.Parallel()
	ns := startNATS(t, 0)
	entered, ended := make(chan struct{}), make(chan error, 1)
	replica, err := door.ServeNATS(t.Context(), door.NATSServerConfig{Conn: connectNATS(t, ns), Name: "catalog", Version: "1.0.0", Logger: quiet()},
		serverOf(func(ctx context.Context, _ []byte) ([]byte, error) {
			close(entered)
			<-ctx.Done()
			ended <- ctx.Err()
			return nil, ctx.Err()
		}))
	if err != nil {
		t.Fatal(err)
	}
	outcome := make(chan error, 1)
	go func() {
		_, err := do(within(t, 10*time.Second), door.NATS(connectNATS(t, ns), "catalog"), nil)
		outcome <- err
	}()
	<-entered
	first := replica.Drain(within(t, 100*time.Millisecond))
	if !errors.Is(first, context.DeadlineExceeded) {
		t.Errorf("a drain that cannot wait says %v", first)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the handler's context ended with %v", err)
	}
	wantCode(t, <-outcome, connect.CodeUnavailable)
	if again := replica.Drain(within(t, 10*time.Second)); !errors.Is(again, first) {
		t.Errorf("the second drain says %v", again)
	}
}

func TestNATSContextOfServeDoesNotStopIt(t *testing.T) {
	t.Parallel()
	ns := startNATS(t, 0)
	ctx, cancel := context.WithCancel(t.Context())
	replica, err := door.ServeNATS(ctx, door.NATSServerConfig{Conn: connectNATS(t, ns), Name: "catalog", Version: "1.0.0"},
		serverOf(func(ctx context.Context, req []byte) ([]byte, error) { return req, ctx.Err() }))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	got, err := do(within(t, 10*time.Second), door.NATS(connectNATS(t, ns), "catalog"), []byte("x"))
	wantAnswer(t, got, err, 1)
	if err := replica.Drain(within(t, 10*time.Second)); err != nil {
		t.Fatal(err)
	}
}

func TestNATSShowsTheMesh(t *testing.T) {
	t.Parallel()
	ns := startNATS(t, 0)
	serveNATS(t, ns, "catalog", serverOf(func(_ context.Context, req []byte) ([]byte, error) {
		if len(req) == 0 {
			return nil, connect.NewError(connect.CodeNotFound, "")
		}
		return req, nil
	}))
	conn := connectNATS(t, ns)
	transport := door.NATS(conn, "catalog")
	for _, req := range []string{"1", "2", ""} {
		_, err := do(within(t, 10*time.Second), transport, []byte(req))
		if (err == nil) != (req != "") {
			t.Fatal(err)
		}
	}
	var info micro.Info
	ask(t, conn, "$SRV.INFO.catalog", &info)
	if info.Name != "catalog" || info.Version != "1.2.3" || len(info.Endpoints) != 1 {
		t.Fatalf("info is %+v", info)
	}
	if e := info.Endpoints[0]; e.Subject != "rpc.catalog" || e.QueueGroup != "catalog" || e.Metadata["procedures"] != procedure {
		t.Errorf("endpoint is %+v", e)
	}
	var stats micro.Stats
	ask(t, conn, "$SRV.STATS.catalog", &stats)
	var data map[string]struct{ Answered, Failed, Refused int }
	if err := json.Unmarshal(stats.Endpoints[0].Data, &data); err != nil {
		t.Fatal(err)
	}
	if got := data[procedure]; stats.Endpoints[0].NumRequests != 3 || got.Answered != 3 || got.Failed != 1 || got.Refused != 0 {
		t.Errorf("statistics are %+v", data)
	}
}

func ask(t *testing.T, conn *nats.Conn, subject string, into any) {
	t.Helper()
	msg, err := conn.RequestWithContext(within(t, 10*time.Second), subject, nil)
	if err == nil {
		err = json.Unmarshal(msg.Data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A call made while NATS is down fails at once; one that was running gets its answer when NATS is back.
func TestNATSRestarts(t *testing.T) {
	t.Parallel()
	ns := startNATS(t, 0)
	lost, back := make(chan struct{}, 2), make(chan struct{}, 2)
	options := []nats.Option{
		nats.MaxReconnects(-1), nats.ReconnectWait(10 * time.Millisecond), nats.ReconnectJitter(0, 0),
		nats.DisconnectErrHandler(func(*nats.Conn, error) { lost <- struct{}{} }), nats.ReconnectHandler(func(*nats.Conn) { back <- struct{}{} }),
	}
	entered, release := make(chan struct{}, 1), make(chan struct{})
	replica, err := door.ServeNATS(t.Context(), door.NATSServerConfig{Conn: connectNATS(t, ns, options...), Name: "catalog", Version: "1.0.0", Logger: quiet()},
		serverOf(func(_ context.Context, req []byte) ([]byte, error) {
			entered <- struct{}{}
			<-release
			return req, nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	conn := connectNATS(t, ns, options...)
	transport, outcome := door.NATS(conn, "catalog"), make(chan error, 1)
	go func() {
		_, err := do(within(t, 20*time.Second), transport, nil)
		outcome <- err
	}()
	<-entered
	address := ns.Addr().(*net.TCPAddr)
	ns.Shutdown()
	ns.WaitForShutdown()
	<-lost
	<-lost
	_, err = do(within(t, 20*time.Second), transport, nil)
	if got := wantCode(t, err, connect.CodeUnavailable); got.IsRemote() {
		t.Errorf("%v is marked as the room's", got)
	}
	startNATSOn(t, address.Port, 0)
	<-back
	<-back
	if err := conn.FlushWithContext(within(t, 10*time.Second)); err != nil { // until then NATS may not know where answers go
		t.Fatal(err)
	}
	close(release)
	if err := <-outcome; err != nil {
		t.Errorf("the call that was running: %v", err)
	}
	if _, err := do(within(t, 20*time.Second), transport, nil); err != nil {
		t.Errorf("a call after the restart: %v", err)
	}
	if err := replica.Drain(within(t, 10*time.Second)); err != nil {
		t.Error(err)
	}
}

func TestNATSMaxPayloadBelowTheLimit(t *testing.T) {
	t.Parallel()
	ns := startNATS(t, 64<<10) // the rooms of serveNATS allow 128 KiB
	serveNATS(t, ns, "catalog", serverOf(func(_ context.Context, req []byte) ([]byte, error) {
		if string(req) == "flood" {
			return make([]byte, 64<<10), nil
		}
		return req, nil
	}))
	transport, ctx := door.NATS(connectNATS(t, ns), "catalog"), within(t, 10*time.Second)
	_, err := do(ctx, transport, make([]byte, 64<<10))
	if wantCode(t, err, connect.CodeResourceExhausted).IsRemote() {
		t.Error("the request was sent")
	}
	_, err = do(ctx, transport, []byte("flood"))
	if !wantCode(t, err, connect.CodeResourceExhausted).IsRemote() {
		t.Error("the answer was refused on the caller's side")
	}
	got, err := do(ctx, transport, []byte("ok"))
	wantAnswer(t, got, err, 2)
}

func TestNATSDefaultLimit(t *testing.T) {
	t.Parallel()
	ns := startNATS(t, 0)
	replica, err := door.ServeNATS(t.Context(), door.NATSServerConfig{Conn: connectNATS(t, ns), Name: "catalog", Version: "1.0.0"}, serverOf(same))
	if err != nil {
		t.Fatal(err)
	}
	transport, ctx := door.NATS(connectNATS(t, ns), "catalog"), within(t, 20*time.Second)
	const full = door.DefaultMaxPayload - 5 // tag and length of the field
	got, err := do(ctx, transport, make([]byte, full))
	wantAnswer(t, got, err, full)
	_, err = do(ctx, transport, make([]byte, full+1))
	wantCode(t, err, connect.CodeResourceExhausted)
	if err := replica.Drain(ctx); err != nil {
		t.Fatal(err)
	}
}

// The limit of the room holds even when the caller's is higher, and the other way round.
func TestLimitsOfTheOtherSide(t *testing.T) {
	t.Parallel()
	server := serverOf(func(_ context.Context, req []byte) ([]byte, error) { return make([]byte, 100<<10), nil })
	ns := startNATS(t, 0)
	serveNATS(t, ns, "catalog", server)
	conn := connectNATS(t, ns)
	address := serveHTTP(t, server)
	for name, open := range map[string]func(...door.Option) connect.Transport{
		"nats": func(o ...door.Option) connect.Transport { return door.NATS(conn, "catalog", o...) },
		"http": func(o ...door.Option) connect.Transport { return door.HTTP(address, httpClient(t), o...) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := within(t, 10*time.Second)
			_, err := do(ctx, open(), make([]byte, maxPayload+1))
			if !wantCode(t, err, connect.CodeResourceExhausted).IsRemote() {
				t.Error("the room did not refuse it")
			}
			_, err = do(ctx, open(door.WithMaxPayload(64<<10)), nil)
			if wantCode(t, err, connect.CodeResourceExhausted).IsRemote() {
				t.Error("the caller did not refuse it")
			}
			got, err := do(ctx, open(), nil)
			wantAnswer(t, got, err, 100<<10)
		})
	}
}

func TestNATSStrangers(t *testing.T) {
	t.Parallel()
	ns := startNATS(t, 0)
	serveNATS(t, ns, "catalog", serverOf(same))
	conn := connectNATS(t, ns)
	for name, c := range map[string]struct {
		header nats.Header
		data   string
		want   connect.Code
	}{
		"no procedure":       {nats.Header{"Rpc-Id": {"1"}}, "", connect.CodeInvalidArgument},
		"no header":          {nil, "hello", connect.CodeInvalidArgument},
		"timeout is a word":  {nats.Header{"Rpc-Procedure": {procedure}, "Rpc-Timeout-Us": {"soon"}}, "", connect.CodeInvalidArgument},
		"timeout is zero":    {nats.Header{"Rpc-Procedure": {procedure}, "Rpc-Timeout-Us": {"0"}}, "", connect.CodeInvalidArgument},
		"timeout is endless": {nats.Header{"Rpc-Procedure": {procedure}, "Rpc-Timeout-Us": {"9223372036854775807"}}, "", connect.CodeInvalidArgument},
		"garbage":            {nats.Header{"Rpc-Procedure": {procedure}}, "\xff\xff\xff", connect.CodeInvalidArgument},
		"other procedure":    {nats.Header{"Rpc-Procedure": {"Do"}}, "", connect.CodeUnimplemented},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reply, err := conn.RequestMsgWithContext(within(t, 10*time.Second), &nats.Msg{Subject: "rpc.catalog", Header: c.header, Data: []byte(c.data)})
			if err != nil {
				t.Fatal(err)
			}
			status := &statuspb.Status{}
			if err := proto.Unmarshal(reply.Data, status); err != nil || connect.Code(status.GetCode()) != c.want || reply.Header.Get("Rpc-Code") != c.want.String() {
				t.Errorf("answer is %v %v, %v", reply.Header, status, err)
			}
		})
	}
	if err := conn.Publish("rpc.catalog", []byte("nobody waits for this")); err != nil {
		t.Fatal(err)
	}
	got, err := do(within(t, 10*time.Second), door.NATS(conn, "catalog"), []byte("x"))
	wantAnswer(t, got, err, 1)
}

func TestNATSStrangeAnswers(t *testing.T) {
	t.Parallel()
	conn := connectNATS(t, startNATS(t, 0))
	for name, reply := range map[string]*nats.Msg{
		"plain":   {Data: []byte("hello")},
		"garbage": {Header: nats.Header{"Rpc-Code": {"ok"}}, Data: []byte("\xff\xff")},
		"error":   {Header: nats.Header{"Rpc-Code": {"not_found"}}, Data: []byte("\xff\xff")},
	} {
		if _, err := conn.Subscribe("rpc."+name, func(msg *nats.Msg) {
			if err := msg.RespondMsg(reply); err != nil {
				t.Error(err)
			}
		}); err != nil {
			t.Fatal(err)
		}
		_, err := do(within(t, 10*time.Second), door.NATS(conn, name), nil)
		wantCode(t, err, connect.CodeInternal)
	}
}

func TestNATSRefusesBadNames(t *testing.T) {
	t.Parallel()
	conn := connectNATS(t, startNATS(t, 0))
	for _, name := range []string{"", "cancel", "alive", "a.b", "*", ">", "Catalog", "1room", "a b", "a\n"} {
		if _, err := door.ServeNATS(t.Context(), door.NATSServerConfig{Conn: conn, Name: name, Version: "1.0.0"}, connect.NewServer()); err == nil || !strings.Contains(err.Error(), "no name for a room") {
			t.Errorf("a room %q: %v", name, err)
		}
		_, err := do(within(t, time.Second), door.NATS(conn, name), nil)
		wantCode(t, err, connect.CodeInternal)
	}
	if _, err := door.ServeNATS(t.Context(), door.NATSServerConfig{Conn: conn, Name: "catalog", Version: "latest"}, connect.NewServer()); err == nil {
		t.Error("a version that is none was taken")
	}
	if _, err := door.ServeNATS(t.Context(), door.NATSServerConfig{Name: "catalog", Version: "1.0.0"}, connect.NewServer()); err == nil {
		t.Error("no connection was taken")
	}
}
