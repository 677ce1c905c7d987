package obs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// TraceConfig says who speaks and to whom. The zero value sends nothing to anyone.
type TraceConfig struct {
	Service  string // service.name: the room, or "sovecom" for all of them
	Version  string // service.version
	Instance string // service.instance.id: tells replicas apart

	Endpoint      string  // OTLP/HTTP collector, e.g. http://collector:4318; without a path, /v1/traces is meant. "" switches export off
	Authorization string  // the Authorization header of the collector, if it wants one
	SampleRatio   float64 // share of the traces that begin here to be sent, 0 to 1; a caller's decision is followed
}

// Tracing is what interceptors and middleware are given. There is no global provider.
type Tracing struct {
	Provider   trace.TracerProvider
	Propagator propagation.TextMapPropagator // W3C Trace Context; no baggage, which strangers could fill
	Shutdown   func(context.Context) error   // sends what is left, within the context's deadline
}

// NewTracing sets up traces. Without an endpoint spans are not recorded but still have ids that cross the doors, so that log lines of one
// request can be put together. An endpoint that is not a URL, or a ratio outside 0 to 1, is an error; an absent collector is not.
func NewTracing(ctx context.Context, config TraceConfig, logger *slog.Logger) (Tracing, error) {
	options := []sdktrace.TracerProviderOption{sdktrace.WithSampler(sdktrace.NeverSample())}
	if config.Endpoint != "" {
		exporter, err := newExporter(ctx, config, logger)
		if err != nil {
			return Tracing{}, err
		}
		options = []sdktrace.TracerProviderOption{
			sdktrace.WithBatcher(exporter),
			sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(config.SampleRatio))),
			sdktrace.WithResource(resource.NewSchemaless(
				attribute.String("service.name", config.Service),
				attribute.String("service.version", config.Version),
				attribute.String("service.instance.id", config.Instance),
			)),
		}
	}
	provider := sdktrace.NewTracerProvider(options...)
	return Tracing{Provider: provider, Propagator: propagation.TraceContext{}, Shutdown: provider.Shutdown}, nil
}

// TraceAttrs gives a log line the ids of the context's span. Pass it to NewLogger.
func TraceAttrs(ctx context.Context) []slog.Attr {
	span := trace.SpanContextFromContext(ctx)
	if !span.IsValid() {
		return nil
	}
	return []slog.Attr{slog.String("traceId", span.TraceID().String()), slog.String("spanId", span.SpanID().String())}
}

func newExporter(ctx context.Context, config TraceConfig, logger *slog.Logger) (sdktrace.SpanExporter, error) {
	u, err := url.Parse(config.Endpoint)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		// The URL is not shown: it may carry credentials.
		return nil, errors.New("the OTLP endpoint must be a URL such as http://collector:4318")
	case !(config.SampleRatio >= 0 && config.SampleRatio <= 1):
		return nil, fmt.Errorf("the trace sample ratio must be between 0 and 1, not %v", config.SampleRatio)
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = "/v1/traces"
	}
	options := []otlptracehttp.Option{
		otlptracehttp.WithEndpointURL(u.String()),
		otlptracehttp.WithCompression(otlptracehttp.GzipCompression),
	}
	if config.Authorization != "" {
		options = append(options, otlptracehttp.WithHeaders(map[string]string{"Authorization": config.Authorization}))
	}
	exporter, err := otlptracehttp.New(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("cannot set up the OTLP exporter: %w", err)
	}
	return &quietExporter{Exporter: exporter, logger: logger}, nil
}

// quietExporter logs when the collector goes and when it comes back. Left alone, the SDK would report every failed batch to a global
// handler that writes plain text to standard error.
type quietExporter struct {
	*otlptrace.Exporter
	logger *slog.Logger
	failed atomic.Bool
}

func (e *quietExporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := e.Exporter.ExportSpans(ctx, spans)
	switch {
	case err != nil && !e.failed.Swap(true):
		e.logger.WarnContext(ctx, "traces cannot be delivered and are dropped", "error", err)
	case err == nil && e.failed.Swap(false):
		e.logger.InfoContext(ctx, "traces are delivered again")
	}
	return nil
}
