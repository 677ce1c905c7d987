package app

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func get(t *testing.T, h http.Handler) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if (w.Code == http.StatusServiceUnavailable) != (w.Header().Get("Retry-After") != "") {
		t.Errorf("%d with Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	return w.Code, strings.TrimSpace(w.Body.String())
}

func expect(t *testing.T, h http.Handler, code int, body string) {
	t.Helper()
	if gotCode, gotBody := get(t, h); gotCode != code || gotBody != body {
		t.Errorf("got  %d %s\nwant %d %s", gotCode, gotBody, code, body)
	}
}

func TestHealthThroughALife(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var postgres, redis atomic.Pointer[error]
		state := func(p *atomic.Pointer[error]) func(context.Context) error {
			return func(context.Context) error {
				if err := p.Load(); err != nil {
					return *err
				}
				return nil
			}
		}
		broken := errBroken
		a := newApp(Config{Version: "1.2.3", DrainDelay: 5 * time.Second})
		a.Add(Part{Name: "postgres", Ready: func(ctx context.Context) error {
			<-time.After(3 * time.Millisecond)
			return state(&postgres)(ctx)
		}})
		a.AddCheck(Check{Name: "redis", Run: state(&redis)})
		gate := make(chan struct{})
		a.Add(Part{Name: "slow", Start: func(context.Context) error { <-gate; return nil }})

		const starting = `{"status":"down","version":"1.2.3","checks":{}}`
		expect(t, a.HealthHandler(), 503, starting)
		end := launch(t, a)
		expect(t, a.HealthHandler(), 503, starting)
		expect(t, a.ReadyHandler(), 503, starting)
		expect(t, a.LiveHandler(), 200, `{"status":"ok"}`)

		close(gate)
		synctest.Wait()
		const well = `{"status":"ok","version":"1.2.3","checks":{"postgres":{"status":"ok","latencyMs":3},"redis":{"status":"ok","latencyMs":0}}}`
		expect(t, a.HealthHandler(), 200, well)
		expect(t, a.ReadyHandler(), 200, well)

		redis.Store(&broken)
		<-time.After(time.Second)
		const degraded = `{"status":"degraded","version":"1.2.3","checks":{"postgres":{"status":"ok","latencyMs":3},"redis":{"status":"down","latencyMs":0}}}`
		expect(t, a.HealthHandler(), 200, degraded)
		expect(t, a.ReadyHandler(), 200, degraded)

		postgres.Store(&broken)
		<-time.After(time.Second)
		if code, body := get(t, a.HealthHandler()); code != 503 || strings.Contains(body, "pipe") || !strings.Contains(body, `{"status":"down","version"`) {
			t.Errorf("got %d %s", code, body)
		}
		if code, _ := get(t, a.ReadyHandler()); code != 503 {
			t.Errorf("got %d", code)
		}

		postgres.Store(nil)
		<-time.After(time.Second)
		expect(t, a.ReadyHandler(), 200, degraded)

		stopped := make(chan error, 1)
		go func() { stopped <- end() }()
		synctest.Wait()
		if code, _ := get(t, a.ReadyHandler()); code != 503 {
			t.Errorf("draining answers %d", code)
		}
		expect(t, a.HealthHandler(), 200, degraded) // what is left still works
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		expect(t, a.HealthHandler(), 503, starting)
		expect(t, a.LiveHandler(), 200, `{"status":"ok"}`)
	})
}

func TestChecksRunTogetherAndInTime(t *testing.T) {
	bubble(t, func(t *testing.T) {
		release := make(chan struct{})
		var deaf atomic.Int64
		var log bytes.Buffer
		a := New(Config{CheckTimeout: time.Second}, Deps{Logger: slog.New(slog.NewJSONHandler(&log, nil)), Now: time.Now})
		for _, name := range []string{"a", "b", "c"} {
			a.AddCheck(Check{Name: name, Run: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }})
		}
		a.AddCheck(Check{Name: "deaf", Run: func(context.Context) error { deaf.Add(1); <-release; return nil }})
		end := launch(t, a)
		for range 3 {
			began := time.Now()
			if r := a.Health(t.Context()); r.Status != Degraded || r.Checks["deaf"].Status != Down || r.Checks["a"].Status != Down {
				t.Errorf("got %+v", r)
			}
			if took := time.Since(began); took > 1100*time.Millisecond {
				t.Errorf("it took %s", took)
			}
			<-time.After(reportAge)
		}
		if n := deaf.Load(); n != 1 {
			t.Errorf("a check that hangs was started %d times", n)
		}
		close(release)
		synctest.Wait()
		if r := a.Health(t.Context()); r.Checks["deaf"].Status != OK {
			t.Errorf("got %+v", r)
		}
		if err := end(); err != nil {
			t.Error(err)
		}
		if n := strings.Count(log.String(), "health check fails"); n != 4 {
			t.Errorf("%d lines for four checks that failed thrice", n)
		}
		if strings.Count(log.String(), "passes again") != 1 {
			t.Errorf("the recovery is not in the log:\n%s", log.String())
		}
	})
}

func TestReportShape(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(Report{Status: Degraded, Version: "1", Checks: map[string]Result{"nats": {Down, 7}}})
	if err != nil || string(got) != `{"status":"degraded","version":"1","checks":{"nats":{"status":"down","latencyMs":7}}}` {
		t.Errorf("%s, %v", got, err)
	}
}
