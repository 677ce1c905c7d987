// Package rpc is what every call between rooms has around it, the same on every door.
//
// On the far side, outermost first: the caller's tenant, principal and request id enter the context, the call is traced,
// errors become faults, panics are caught, a deadline is set, the method's permission is asked for, the request is
// validated. So whatever is logged of a call says which request and which trace it belongs to. On the near side: tenant,
// principal and request id are sent, and errors become faults again.
package rpc

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/otelconnect"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// Headers that travel with every call.
const (
	headerTenant    = "Sov-Tenant"
	headerPrincipal = "Sov-Principal"
	headerRequestID = "Sov-Request-Id"
)

// defaultDeadline bounds a call whose caller set no deadline.
const defaultDeadline = 30 * time.Second

// Deps of servers and clients.
type Deps struct {
	Logger *slog.Logger
	// Tracer is nil when traces are off, and then costs nothing.
	Tracer trace.TracerProvider
	// Rules are what requests are held to; without them a server makes its own. To share them saves about 2 MiB for each server
	// of a process.
	Rules Rules
}

// NewServer makes the server a room registers its handlers on.
func NewServer(deps Deps) (*connect.Server, error) {
	rules := deps.Rules
	if rules.validator == nil {
		var err error
		if rules, err = NewRules(); err != nil {
			return nil, err
		}
	}
	chain := []connect.ServerInterceptor{caller}
	if deps.Tracer != nil {
		traced, err := otelconnect.NewServerInterceptor(otelconnect.WithTracerProvider(deps.Tracer), otelconnect.WithPropagator(propagation.TraceContext{}),
			otelconnect.WithTrustRemote(), otelconnect.WithoutMetrics())
		if err != nil {
			return nil, err //nolint:wrapcheck // says what it is
		}
		chain = append(chain, traced)
	}
	chain = append(chain, faults(deps.Logger), recovered(deps.Logger), deadline, permitted, validated(rules))
	return connect.NewServer(chain...), nil
}

// NewClient makes a client for one room over its door.
func NewClient(door connect.Transport, deps Deps) (*connect.Client, error) {
	chain := []connect.ClientInterceptor{rehydrate, forward}
	if deps.Tracer != nil {
		traced, err := otelconnect.NewClientInterceptor(otelconnect.WithTracerProvider(deps.Tracer), otelconnect.WithPropagator(propagation.TraceContext{}), otelconnect.WithoutMetrics())
		if err != nil {
			return nil, err //nolint:wrapcheck // says what it is
		}
		chain = append(chain, traced)
	}
	return connect.NewClient(door, chain...), nil
}

// faults is around all that can fail: whatever came out below, callers get a declared fault or a neutral sentence. An internal error
// is logged here, where it is answered, and nowhere else.
func faults(log *slog.Logger) connect.ServerInterceptor {
	return func(next connect.ServerFunc) connect.ServerFunc {
		return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
			err := next(ctx, spec, stream)
			if err == nil {
				return nil
			}
			f := fault.From(err)
			if f.Kind() == fault.KindInternal && !errors.Is(err, errPanicked) { // a panic was logged with its stack
				log.ErrorContext(ctx, "call failed", "procedure", spec.Procedure, "error", err)
			}
			return fault.ToConnect(f)
		}
	}
}

var errPanicked = errors.New("rpc: the handler panicked")

func recovered(log *slog.Logger) connect.ServerInterceptor {
	return func(next connect.ServerFunc) connect.ServerFunc {
		return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) (err error) {
			defer func() {
				if p := recover(); p != nil {
					log.ErrorContext(ctx, "panic in a handler", "procedure", spec.Procedure, "panic", p, "stack", string(debug.Stack()))
					err = fault.Internal().WithCause(errPanicked)
				}
			}()
			return next(ctx, spec, stream)
		}
	}
}

// caller brings in who is asking, in which tenant, for which request of the edge.
func caller(next connect.ServerFunc) connect.ServerFunc {
	return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
		if info, ok := connect.CallInfoForServerContext(ctx); ok {
			h := info.RequestHeader()
			t, _ := id.Parse(h.Get(headerTenant)) // a bad tenant is no tenant, and sees nothing
			ctx = tenant.With(ctx, t)
			ctx = auth.With(ctx, auth.Decode(h.Get(headerPrincipal)))
			if rid := h.Get(headerRequestID); rid != "" {
				ctx = WithRequestID(ctx, rid)
			}
		}
		return next(ctx, spec, stream)
	}
}

func deadline(next connect.ServerFunc) connect.ServerFunc {
	return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
		if _, ok := ctx.Deadline(); !ok {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, defaultDeadline)
			defer cancel()
		}
		return next(ctx, spec, stream)
	}
}

// forward sends along what caller reads on the far side.
func forward(next connect.ClientFunc) connect.ClientFunc {
	return func(ctx context.Context, spec connect.Spec) (connect.ClientStream, error) {
		if info, ok := connect.CallInfoForClientContext(ctx); ok {
			h := info.RequestHeader()
			if t, ok := tenant.From(ctx); ok {
				h.Set(headerTenant, t.String())
			}
			if p := auth.From(ctx); p.Kind != auth.Anonymous {
				h.Set(headerPrincipal, p.Encode())
			}
			if rid := RequestID(ctx); rid != "" {
				h.Set(headerRequestID, rid)
			}
		}
		return next(ctx, spec)
	}
}

// rehydrate gives callers the fault the other room declared.
func rehydrate(next connect.ClientFunc) connect.ClientFunc {
	return func(ctx context.Context, spec connect.Spec) (connect.ClientStream, error) {
		stream, err := next(ctx, spec)
		if err != nil {
			return nil, fault.FromConnect(err)
		}
		return faultStream{stream}, nil
	}
}

type faultStream struct{ connect.ClientStream }

func (s faultStream) Send(msg any) error { return fault.FromConnect(s.ClientStream.Send(msg)) }

func (s faultStream) Receive(msg any) error { return fault.FromConnect(s.ClientStream.Receive(msg)) }

type requestIDKey struct{}

// WithRequestID returns a context that belongs to a request of the edge.
func WithRequestID(ctx context.Context, rid string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, rid)
}

// RequestID is the id of the request of the edge; empty outside of one.
func RequestID(ctx context.Context) string {
	rid, _ := ctx.Value(requestIDKey{}).(string)
	return rid
}
