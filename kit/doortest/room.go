package doortest

import (
	"context"
	"errors"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// patience is how long the suite waits for what must happen.
const patience = 20 * time.Second

const service = "/sovecom.doortest.v1.RoomService/"

type bytesValue = wrapperspb.BytesValue

// handler answers one call of the test room. All its methods take and give bytes.
type handler func(ctx context.Context, req *bytesValue) (*bytesValue, error)

func spec(name string) connect.Spec {
	return connect.Spec{Procedure: service + name, StreamType: connect.StreamTypeUnary}
}

// method is what generated code makes of a method of a service.
func method(name string, h handler) connect.Method {
	return connect.Method{Spec: spec(name), Handler: func(ctx context.Context, _ connect.Spec, stream connect.ServerStream) error {
		req := &bytesValue{}
		if err := stream.Receive(req); err != nil {
			return err
		}
		res, err := h(ctx, req)
		if err != nil {
			return err
		}
		return stream.Send(res)
	}}
}

func room(methods ...connect.Method) *connect.Server {
	server := connect.NewServer()
	server.Register(append(methods, method("Echo", echo))...)
	return server
}

func echo(_ context.Context, req *bytesValue) (*bytesValue, error) {
	return wrapperspb.Bytes(req.GetValue()), nil
}

// caller is the other end.
type caller struct{ client *connect.Client }

func callerOf(d Door) caller { return caller{connect.NewClient(d.Transport)} }

func (c caller) call(ctx context.Context, name string, value []byte) ([]byte, error) {
	res := &bytesValue{}
	if err := c.client.CallUnary(ctx, spec(name), wrapperspb.Bytes(value), res); err != nil {
		return nil, err
	}
	return res.GetValue(), nil
}

// works fails the test unless the door carries an ordinary call now.
func (c caller) works(ctx context.Context, t testing.TB) {
	t.Helper()
	got, err := c.call(ctx, "Echo", []byte("still here"))
	if err != nil || string(got) != "still here" {
		t.Fatalf("an ordinary call: %q, %v", got, err)
	}
}

func patient(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// sized is a message of exactly size bytes once encoded.
func sized(t testing.TB, size int) []byte {
	t.Helper()
	for n := size; n >= 0; n-- {
		if value := make([]byte, n); proto.Size(wrapperspb.Bytes(value)) == size {
			return value
		}
	}
	t.Fatalf("no message has %d bytes", size)
	return nil
}

// the one thing a channel brings, or the end of the test.
func await[T any](ctx context.Context, t testing.TB, what string, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-ctx.Done():
		t.Fatalf("waited in vain for %s", what)
		panic("unreachable")
	}
}

func wantCode(t testing.TB, err error, want connect.Code) *connect.Error {
	t.Helper()
	got, ok := errors.AsType[*connect.Error](err)
	if !ok || got.Code() != want {
		t.Fatalf("error is %v, want %v", err, want)
	}
	return got
}

// wantVerdict is wantCode for an error of the other side.
func wantVerdict(t testing.TB, err error, want connect.Code) *connect.Error {
	t.Helper()
	got := wantCode(t, err, want)
	if !got.IsRemote() {
		t.Fatalf("%v is not marked as the other side's", err)
	}
	return got
}
