package obs

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

func TestMetricsPage(t *testing.T) {
	t.Parallel()
	registry, err := NewRegistry()
	if err != nil {
		t.Fatal(err)
	}
	if _, err = NewRegistry(); err != nil {
		t.Errorf("a second registry in the process: %v", err)
	}
	orders := prometheus.NewCounter(prometheus.CounterOpts{Name: "orders_total", Help: "Orders placed."})
	registry.MustRegister(orders)
	orders.Add(3)
	page := httptest.NewRecorder()
	MetricsHandler(registry, slog.New(slog.DiscardHandler)).ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, want := range []string{"orders_total 3\n", "go_goroutines ", "process_open_fds ", "go_build_info{"} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestTracingOffStillHasIDs(t *testing.T) {
	t.Parallel()
	tracing, err := NewTracing(t.Context(), TraceConfig{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, span := tracing.Provider.Tracer("test").Start(t.Context(), "checkout")
	if span.IsRecording() || span.SpanContext().IsSampled() || !span.SpanContext().IsValid() {
		t.Errorf("recording %v, sampled %v, valid %v", span.IsRecording(), span.SpanContext().IsSampled(), span.SpanContext().IsValid())
	}
	carrier := propagation.MapCarrier{}
	tracing.Propagator.Inject(ctx, carrier)
	far := trace.SpanContextFromContext(tracing.Propagator.Extract(t.Context(), carrier))
	if far.TraceID() != span.SpanContext().TraceID() {
		t.Errorf("the trace id does not cross: %v", carrier)
	}
	if err := tracing.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTracesAreDelivered(t *testing.T) {
	t.Parallel()
	received := make(chan *http.Request, 1)
	var body bytes.Buffer
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		z, err := gzip.NewReader(r.Body)
		if err == nil {
			_, err = io.Copy(&body, z)
		}
		if err != nil {
			t.Error(err)
		}
		received <- r
	}))
	defer collector.Close()
	tracing, err := NewTracing(t.Context(), TraceConfig{
		Service: "cart", Version: "1.2.3", Instance: "cart-0", Endpoint: collector.URL, Authorization: "Bearer x", SampleRatio: 1,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	_, span := tracing.Provider.Tracer("test").Start(t.Context(), "reserve stock")
	span.End()
	if err := tracing.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := <-received
	if r.URL.Path != "/v1/traces" || r.Header.Get("Authorization") != "Bearer x" {
		t.Errorf("got %s, %v", r.URL.Path, r.Header)
	}
	for _, want := range []string{"reserve stock", "cart", "1.2.3", "cart-0"} {
		if !strings.Contains(body.String(), want) {
			t.Errorf("%q was not sent", want)
		}
	}
}

func TestCollectorTroubleIsLoggedOnce(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	broken.Store(true)
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if broken.Load() {
			w.WriteHeader(http.StatusBadRequest) // not one of the codes that are retried
		}
	}))
	defer collector.Close()
	var out bytes.Buffer
	tracing, err := NewTracing(t.Context(), TraceConfig{Endpoint: collector.URL, SampleRatio: 1}, NewLogger(&out, slog.LevelInfo))
	if err != nil {
		t.Fatal(err)
	}
	provider, ok := tracing.Provider.(interface{ ForceFlush(context.Context) error })
	if !ok {
		t.Fatal("the provider cannot be flushed")
	}
	send := func() {
		_, span := tracing.Provider.Tracer("test").Start(t.Context(), "x")
		span.End()
		if err := provider.ForceFlush(t.Context()); err != nil {
			t.Error(err)
		}
	}
	send()
	send()
	broken.Store(false)
	send()
	send()
	if err := tracing.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if s := out.String(); strings.Count(s, "\n") != 2 || !strings.Contains(s, "dropped") || !strings.Contains(s, "again") {
		t.Errorf("want one line for each turn, got\n%s", s)
	}
}

func TestTraceConfigIsChecked(t *testing.T) {
	t.Parallel()
	for _, c := range []TraceConfig{
		{Endpoint: "collector:4318"}, {Endpoint: "ftp://c"}, {Endpoint: "http://c", SampleRatio: 1.1}, {Endpoint: "http://c", SampleRatio: -1},
		{Endpoint: "http://u:hunter2@c:99999999 /"},
	} {
		_, err := NewTracing(t.Context(), c, slog.New(slog.DiscardHandler))
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
