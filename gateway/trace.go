package gateway

import (
	"context"
	"net/http"
	"net/netip"

	otelattr "go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// traced begins the span of a request, from which the calls to the rooms descend. Its end gets the answer's status. With
// traces off it costs nothing. Only a trusted proxy may have begun the trace: a stranger could have everything recorded.
func (g *Gateway) traced(ctx context.Context, w http.ResponseWriter, r *http.Request, s *surface, b *bound) (context.Context, http.ResponseWriter, func()) {
	if g.deps.Tracer == nil {
		return ctx, w, func() {}
	}
	if peer, err := netip.ParseAddrPort(r.RemoteAddr); err == nil && g.proxies.trusts(peer.Addr()) {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))
	}
	route := s.base + b.path
	tracer := g.deps.Tracer.Tracer("github.com/sovecom/sovecom/gateway")
	ctx, span := tracer.Start(ctx, b.method+" "+route, trace.WithSpanKind(trace.SpanKindServer), //nolint:spancheck // ended by what is returned
		trace.WithAttributes(otelattr.String("http.request.method", b.method), otelattr.String("http.route", route)))
	kept := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	return ctx, kept, func() { //nolint:spancheck // the same
		span.SetAttributes(otelattr.Int("http.response.status_code", kept.status))
		if kept.status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter

	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController through.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
