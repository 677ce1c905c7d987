package rpc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"

	"connectrpc.com/connect/v2"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/obs"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
)

// What fails inside a room is logged once, with the request it belongs to, and the caller is told nothing of why.
func TestFailuresAreLoggedWithTheirRequest(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"call failed":        func() error { return errors.New("hunter2") },
		"panic in a handler": func() error { panic("hunter2") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var lines bytes.Buffer
			log := obs.NewLogger(&lines, slog.LevelInfo, func(ctx context.Context) []slog.Attr {
				shop, _ := tenant.From(ctx)
				return []slog.Attr{slog.String("request_id", rpc.RequestID(ctx)), slog.String("tenant", shop.String())}
			})
			server, err := rpc.NewServer(rpc.Deps{Logger: log})
			if err != nil {
				t.Fatal(err)
			}
			spec := connect.Spec{Procedure: "/sovecom.test.v1.TestService/Do"}
			server.Register(connect.Method{Spec: spec, Handler: func(context.Context, connect.Spec, connect.ServerStream) error { return fail() }})
			client, err := rpc.NewClient(door.Memory(server), rpc.Deps{Logger: log})
			if err != nil {
				t.Fatal(err)
			}
			ctx := rpc.WithRequestID(tenant.With(t.Context(), tenant.Default()), "request-7")
			err = client.CallUnary(ctx, spec, wrapperspb.Bytes(nil), &wrapperspb.BytesValue{})
			if f := fault.From(err); f.Kind() != fault.KindInternal || f.Message() != fault.Internal().Message() {
				t.Errorf("the caller is told %v", err)
			}
			var line map[string]any
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
				t.Fatalf("not one line: %v\n%s", err, lines.String())
			}
			if line["msg"] != name || line["request_id"] != "request-7" || line["tenant"] != tenant.Default().String() {
				t.Errorf("the line is %s", lines.String())
			}
		})
	}
}
