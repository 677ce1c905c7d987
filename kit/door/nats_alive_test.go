package door_test

import (
	"context"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sovecom/sovecom/kit/door"
)

// far is a deadline no test waits for.
const far = time.Minute

// mute is a replica that takes requests and never says a word, as one does that was killed or stands still.
func mute(t *testing.T, ns *server.Server) (requests chan *nats.Msg, leave func()) {
	t.Helper()
	conn := connectNATS(t, ns)
	requests = make(chan *nats.Msg, 10)
	sub, err := conn.ChanQueueSubscribe("rpc.catalog", "catalog", requests)
	if err != nil {
		t.Fatal(err)
	}
	flush(t, conn)
	return requests, func() {
		if err := sub.Unsubscribe(); err != nil {
			t.Error(err)
		}
		flush(t, conn)
	}
}

func flush(t *testing.T, conn *nats.Conn) {
	t.Helper()
	if err := conn.FlushWithContext(within(t, 10*time.Second)); err != nil {
		t.Fatal(err)
	}
}

// heard is what comes on a subject from now on.
func heard(t *testing.T, ns *server.Server, subject string) chan *nats.Msg {
	t.Helper()
	conn := connectNATS(t, ns)
	messages := make(chan *nats.Msg, 1000)
	if _, err := conn.ChanSubscribe(subject, messages); err != nil {
		t.Fatal(err)
	}
	flush(t, conn)
	return messages
}

func serve(t *testing.T, ns *server.Server, do func(ctx context.Context, req []byte) ([]byte, error)) *door.NATSServer {
	t.Helper()
	replica, err := door.ServeNATS(t.Context(), door.NATSServerConfig{Conn: connectNATS(t, ns), Name: "catalog", Version: "1.0.0", Logger: quiet()}, serverOf(do))
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

func read(ctx context.Context, transport connect.Transport) error {
	spec := doSpec()
	spec.IdempotencyLevel = connect.IdempotencyNoSideEffects
	return connect.NewClient(transport).CallUnary(ctx, spec, wrapperspb.Bytes(nil), &wrapperspb.BytesValue{})
}

// Nobody works on the call any more: its caller learns it long before the deadline, and the call is cancelled.
func TestNATSSilence(t *testing.T) {
	t.Parallel()
	ns := startNATS(t, 0)
	requests, _ := mute(t, ns)
	cancelled := heard(t, ns, "rpc.cancel.catalog.*")
	ctx := within(t, far)
	_, err := do(ctx, door.NATS(connectNATS(t, ns), "catalog"), nil)
	if got := wantCode(t, err, connect.CodeUnavailable); got.IsRemote() {
		t.Errorf("%v is marked as the room's", got)
	}
	if ctx.Err() != nil {
		t.Error("the caller waited for its deadline")
	}
	request := <-requests
	if got := <-cancelled; got.Subject != "rpc.cancel.catalog."+request.Header.Get("Rpc-Id") {
		t.Errorf("cancelled %s, the call was %s", got.Subject, request.Header.Get("Rpc-Id"))
	}
	if n := len(requests); n != 0 {
		t.Errorf("a call that may have side effects was sent %d times more", n)
	}
}

// What has no side effects is sent once more, and then to somebody who answers.
func TestNATSSilenceOfARead(t *testing.T) {
	t.Parallel()
	ns := startNATS(t, 0)
	requests, leave := mute(t, ns)
	outcome := make(chan error, 1)
	transport, ctx := door.NATS(connectNATS(t, ns), "catalog"), within(t, far)
	go func() { outcome <- read(ctx, transport) }()
	first := <-requests
	leave()
	ids := make(chan string, 10)
	serve(t, ns, func(context.Context, []byte) ([]byte, error) { ids <- "answered"; return nil, nil })
	if err := <-outcome; err != nil {
		t.Errorf("the second try: %v", err)
	}
	if len(ids) != 1 || first.Header.Get("Rpc-Id") == "" {
		t.Errorf("answered %d times", len(ids))
	}
}

// With nobody else there, two tries are the end of it.
func TestNATSSilenceOfAReadTwice(t *testing.T) {
	t.Parallel()
	ns := startNATS(t, 0)
	requests, _ := mute(t, ns)
	wantCode(t, read(within(t, far), door.NATS(connectNATS(t, ns), "catalog")), connect.CodeUnavailable)
	if n := len(requests); n != 2 {
		t.Errorf("sent %d times, want 2", n)
	}
	if first, second := <-requests, <-requests; first.Header.Get("Rpc-Id") == second.Header.Get("Rpc-Id") {
		t.Error("both tries have the same id, so a late answer or cancellation would hit the wrong one")
	}
}

// A call that takes long is waited for as long as its replica vouches for it, also beside replicas that know nothing of it.
func TestNATSLongCall(t *testing.T) {
	t.Parallel()
	ns := startNATS(t, 0)
	asked := heard(t, ns, "rpc.alive.catalog.*")
	release := make(chan struct{})
	hold := func(_ context.Context, req []byte) ([]byte, error) { <-release; return req, nil }
	serve(t, ns, hold)
	serve(t, ns, hold)
	outcome := make(chan error, 1)
	ctx, transport := within(t, far), door.NATS(connectNATS(t, ns), "catalog")
	go func() { _, err := do(ctx, transport, []byte("long")); outcome <- err }()
	for range 5 { // two more than silence would last
		select {
		case <-asked:
		case err := <-outcome:
			t.Fatalf("given up: %v", err)
		}
	}
	close(release)
	if err := <-outcome; err != nil {
		t.Error(err)
	}
}

// Quick calls are not asked after.
func TestNATSQuickCallsCostNothing(t *testing.T) {
	t.Parallel()
	ns := startNATS(t, 0)
	everything := heard(t, ns, "rpc.>")
	serve(t, ns, same)
	transport := door.NATS(connectNATS(t, ns), "catalog")
	const calls = 100
	for range calls {
		if _, err := do(within(t, far), transport, []byte("quick")); err != nil {
			t.Fatal(err)
		}
	}
	for range calls {
		if got := <-everything; got.Subject != "rpc.catalog" {
			t.Errorf("a message on %s", got.Subject)
		}
	}
	if n := len(everything); n != 0 {
		t.Errorf("%d messages more", n)
	}
}
