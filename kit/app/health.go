package app

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Check is one thing the process depends on.
type Check struct {
	Name     string // the key in the /health document: postgres, nats, redis, search, storage
	Critical bool   // without it the process is down and takes no traffic; without another it is degraded
	Run      func(ctx context.Context) error
}

// Status of a check or of the whole.
type Status string

// A check is ok or down; the whole may also be degraded.
const (
	OK       Status = "ok"
	Degraded Status = "degraded"
	Down     Status = "down"
)

// Report is the /health document. It says what is down and never why: the reason is in the log, because the page is public.
type Report struct {
	Status  Status            `json:"status"`
	Version string            `json:"version"`
	Checks  map[string]Result `json:"checks"`
}

// Result of one check.
type Result struct {
	Status    Status `json:"status"`
	LatencyMs int64  `json:"latencyMs"`
}

// reportAge bounds how often checks run, so that a storm of probes does not become a storm of queries.
const reportAge = time.Second

// Health runs the checks, all at once and each within Config.CheckTimeout, or answers with a result that is at most a second old.
// Before the parts have started and once they are being stopped, the checks are not run and the process is down.
func (a *App) Health(ctx context.Context) Report {
	if s := a.State(); s != StateReady && s != StateDraining {
		return Report{Status: Down, Version: a.config.Version, Checks: map[string]Result{}}
	}
	return a.health.report(ctx)
}

// Readiness is Health, except that a process that is leaving is down already.
func (a *App) Readiness(ctx context.Context) Report {
	report := a.Health(ctx)
	if a.State() != StateReady { // asked last: it may have changed while the checks ran
		report.Status = Down
	}
	return report
}

// HealthHandler serves GET /health: 200 when ok or degraded, 503 when down.
func (a *App) HealthHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		report := a.Health(r.Context())
		answer(w, report.Status != Down, report)
	})
}

// LiveHandler serves GET /health/live: 200 as long as the process can answer at all. It looks at nothing else, because being killed
// does not bring a lost Postgres back.
func (a *App) LiveHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answer(w, true, map[string]Status{"status": OK})
	})
}

// ReadyHandler serves GET /health/ready: 200 if the process may take traffic, 503 while it starts, drains or stops and when a critical
// check fails.
func (a *App) ReadyHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		report := a.Readiness(r.Context())
		answer(w, report.Status != Down, report)
	})
}

func answer(w http.ResponseWriter, well bool, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !well {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(body) // the prober has gone: nobody is left to tell
}

// health remembers the last report.
type health struct {
	app    *App
	checks []*watched

	mu     sync.Mutex // also makes those who come while the checks run wait for that one result
	last   Report
	lastAt time.Time
}

// watched is a check and what was last known of it.
type watched struct {
	Check
	busy   atomic.Bool // a run that ignored its timeout is still out there: do not pile more on it
	failed atomic.Bool
}

func (h *health) report(ctx context.Context) Report {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.lastAt.IsZero() || h.app.deps.Now().Sub(h.lastAt) >= reportAge {
		// Not the prober's own context: the result is for everybody, and a prober that hangs up must not look like a failure.
		h.last = h.run(context.WithoutCancel(ctx))
		h.lastAt = h.app.deps.Now()
	}
	return h.last
}

func (h *health) run(ctx context.Context) Report {
	results := make([]Result, len(h.checks))
	var wait sync.WaitGroup
	for i, c := range h.checks {
		wait.Go(func() { results[i] = h.runOne(ctx, c) })
	}
	wait.Wait()
	report := Report{Status: OK, Version: h.app.config.Version, Checks: make(map[string]Result, len(h.checks))}
	for i, c := range h.checks {
		report.Checks[c.Name] = results[i]
		switch {
		case results[i].Status == OK:
		case c.Critical:
			report.Status = Down
		case report.Status == OK:
			report.Status = Degraded
		}
	}
	return report
}

func (h *health) runOne(ctx context.Context, c *watched) Result {
	began := h.app.deps.Now()
	err := ErrStuck
	if !c.busy.Swap(true) {
		ctx, cancel := context.WithTimeout(ctx, h.app.config.CheckTimeout)
		defer cancel()
		err = call(ctx, h.app.config.CheckTimeout/10, func(ctx context.Context) error {
			defer c.busy.Store(false)
			return c.Run(ctx)
		})
	}
	took := h.app.deps.Now().Sub(began)
	switch {
	case err != nil && !c.failed.Swap(true):
		h.app.deps.Logger.WarnContext(ctx, "health check fails", "check", c.Name, "critical", c.Critical, "error", err)
	case err == nil && c.failed.Swap(false):
		h.app.deps.Logger.InfoContext(ctx, "health check passes again", "check", c.Name)
	}
	if err != nil {
		return Result{Status: Down, LatencyMs: took.Milliseconds()}
	}
	return Result{Status: OK, LatencyMs: took.Milliseconds()}
}
