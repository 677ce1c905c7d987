package main

import (
	"context"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/obs"
	"github.com/sovecom/sovecom/kit/pg"
)

// operations serves what orchestrators and dashboards ask for, the same in every process.
func (p *process) operations() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /health", p.app.HealthHandler())
	mux.Handle("GET /health/live", p.app.LiveHandler())
	mux.Handle("GET /health/ready", p.app.ReadyHandler())
	mux.Handle("GET /metrics", obs.MetricsHandler(p.metrics, p.log))
	if p.cfg.Dev {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	}
	return mux
}

// roomHandler is what a room that runs alone serves over HTTP: health, metrics, and for the media room its bytes.
func (p *process) roomHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", p.operations())
	if h := p.mediaHTTP(); h != nil {
		mux.Handle("/media/", h)
	}
	return mux
}

// tracer is nil when traces are off, and then costs nothing.
func (p *process) tracer() trace.TracerProvider {
	if p.cfg.OTLPEndpoint == "" {
		return nil
	}
	return p.tracing.Provider
}

// measure adds a room's counters to /metrics.
func (p *process) measure(name string, db *pg.DB, runner *bus.Runner, consumers []bus.Consumer) {
	labels := prometheus.Labels{"room": name}
	counter := func(metric, help string, value func() float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "sovecom", Name: metric, Help: help, ConstLabels: labels}, value)
	}
	for _, c := range []prometheus.Collector{
		&lags{p: p, consumers: consumers,
			pending: prometheus.NewDesc("sovecom_events_pending", "Events that a consumer has not applied yet.", []string{"consumer"}, labels),
			seconds: prometheus.NewDesc("sovecom_events_lag_seconds", "For how long the oldest event that a consumer has not applied yet has waited.", []string{"consumer"}, labels),
			dead:    prometheus.NewDesc("sovecom_events_dead", "Dead letters of a consumer: events it could not handle.", []string{"consumer"}, labels)},
		counter("sql_statements_total", "SQL statements sent to PostgreSQL.", func() float64 { return float64(db.Statements()) }),
		counter("events_published_total", "Events the relay has put on the stream.", func() float64 { return float64(runner.Stats().Published) }),
		counter("events_handled_total", "Events that took effect.", func() float64 { return float64(runner.Stats().Handled) }),
		counter("event_folds_total", "Transactions in which a consumer that folds has handled its events: how many events each took shows how far it was behind.", func() float64 { return float64(runner.Stats().Folds) }),
		counter("events_duplicate_total", "Events that were delivered again and had no second effect.", func() float64 { return float64(runner.Stats().Duplicates) }),
		counter("events_dead_total", "Events that became dead letters since the start.", func() float64 { return float64(runner.Stats().Dead) }),
		counter("relay_errors_total", "Failed attempts to read or publish the outbox.", func() float64 { return float64(runner.Stats().RelayErrors) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "sovecom", Name: "bus_leading", Help: "1 in the process that relays and consumes for the room.", ConstLabels: labels},
			func() float64 {
				if runner.Stats().Leading {
					return 1
				}
				return 0
			}),
	} {
		if err := p.metrics.Register(c); err != nil {
			p.log.Warn("metric", "error", err)
		}
	}
}

// lags tells how far each consumer of a room is behind and what it could not handle, when it is asked.
type lags struct {
	p         *process
	consumers []bus.Consumer

	pending, seconds, dead *prometheus.Desc
}

func (l *lags) Describe(to chan<- *prometheus.Desc) { to <- l.pending; to <- l.seconds; to <- l.dead }

// Collect asks the stream. While it does not answer there is nothing to tell.
func (l *lags) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	for _, c := range l.consumers {
		lag, err := bus.LagOf(ctx, l.p.js, c)
		if err != nil {
			l.p.log.DebugContext(ctx, "lag", "error", err)
			continue
		}
		to <- prometheus.MustNewConstMetric(l.pending, prometheus.GaugeValue, float64(lag.Pending), c.Name)
		to <- prometheus.MustNewConstMetric(l.seconds, prometheus.GaugeValue, lag.Seconds(time.Now()), c.Name)
		dead, err := bus.CountLetters(ctx, l.p.js, c.Name)
		if err != nil {
			l.p.log.DebugContext(ctx, "dead letters", "error", err)
			continue
		}
		to <- prometheus.MustNewConstMetric(l.dead, prometheus.GaugeValue, float64(dead[c.Name]), c.Name)
	}
}

// behind adds up how far consumers are behind.
func (p *process) behind(ctx context.Context, consumers []bus.Consumer) (pending int64, seconds float64, err error) {
	for _, c := range consumers {
		lag, err := bus.LagOf(ctx, p.js, c)
		if err != nil {
			return 0, 0, err
		}
		pending, seconds = pending+lag.Pending, max(seconds, lag.Seconds(time.Now()))
	}
	return pending, seconds, nil
}
