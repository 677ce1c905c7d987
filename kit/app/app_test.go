package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var errBroken = errors.New("the pipe is broken")

// diary notes what happened, in order.
type diary struct {
	mu    sync.Mutex
	lines []string
}

func (d *diary) note(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, line)
}

func (d *diary) read() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Join(d.lines, " ")
}

// part is a well-behaved part that notes its life.
func (d *diary) part(name string, needs ...string) Part {
	return Part{
		Name: name, Needs: needs,
		Start: func(context.Context) error { d.note("+" + name); return nil },
		Run:   func(ctx context.Context) error { <-ctx.Done(); d.note("." + name); return ctx.Err() },
		Stop:  func(context.Context) error { d.note("-" + name); return nil },
	}
}

func newApp(config Config) *App {
	return New(config, Deps{Logger: slog.New(slog.DiscardHandler), Now: time.Now})
}

// bubble runs f under a fake clock that jumps whenever everybody waits.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

// launch runs the app; end asks it to stop and answers with its error.
func launch(t *testing.T, a *App) (end func() error) {
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() { result <- a.Run(ctx) }()
	synctest.Wait()
	return func() error { cancel(); return <-result }
}

func TestOrderOfLife(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var d diary
		a := newApp(Config{})
		a.Add(d.part("gateway", "catalog", "cart"))
		a.Add(d.part("cart", "nats", "postgres"))
		a.Add(d.part("catalog", "postgres"))
		a.Add(d.part("postgres"))
		a.Add(d.part("nats"))
		names, err := a.Order()
		if err != nil || strings.Join(names, " ") != "postgres catalog nats cart gateway" {
			t.Errorf("order is %v, %v", names, err)
		}
		end := launch(t, a)
		if a.State() != StateReady || d.read() != "+postgres +catalog +nats +cart +gateway" {
			t.Errorf("%s after %s", a.State(), d.read())
		}
		if err := end(); err != nil {
			t.Error(err)
		}
		want := "+postgres +catalog +nats +cart +gateway -gateway .gateway -cart .cart -nats .nats -catalog .catalog -postgres .postgres"
		if a.State() != StateStopped || d.read() != want {
			t.Errorf("%s after\n%s, want\n%s", a.State(), d.read(), want)
		}
		if err := a.Run(t.Context()); err == nil {
			t.Error("ran twice")
		}
	})
}

func TestDrainDelay(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var d diary
		a := newApp(Config{DrainDelay: 5 * time.Second})
		a.Add(d.part("cart"))
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error, 1)
		go func() { result <- a.Run(ctx) }()
		synctest.Wait()
		began := time.Now()
		cancel()
		synctest.Wait()
		if a.State() != StateDraining || d.read() != "+cart" {
			t.Errorf("%s after %s", a.State(), d.read())
		}
		if err := <-result; err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("drained for %s", took)
		}
	})
}

func TestDeathStopsTheOthers(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want error
	}{"error": {errBroken, errBroken}, "quiet end": {nil, ErrEnded}, "cancelled by itself": {context.Canceled, context.Canceled}} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var d diary
				a := newApp(Config{DrainDelay: time.Hour})
				a.Add(d.part("postgres"))
				a.Add(Part{Name: "relay", Needs: []string{"postgres"}, Run: func(context.Context) error {
					<-time.After(time.Minute)
					return c.err
				}})
				a.Add(d.part("gateway", "relay"))
				began := time.Now()
				err := a.Run(t.Context())
				var part *PartError
				if !errors.As(err, &part) || part.Part != "relay" || part.Phase != "running" || !errors.Is(err, c.want) {
					t.Errorf("got %v", err)
				}
				if took := time.Since(began); took != time.Minute {
					t.Errorf("it took %s: a broken process must not wait for the drain delay", took)
				}
				if d.read() != "+postgres +gateway -gateway .gateway -postgres .postgres" {
					t.Errorf("got %s", d.read())
				}
			})
		})
	}
}

func TestDeathWhileDraining(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newApp(Config{DrainDelay: time.Hour})
		a.Add(Part{Name: "relay", Run: func(context.Context) error { <-time.After(time.Minute); return errBroken }})
		end := launch(t, a)
		began := time.Now()
		if err := end(); !errors.Is(err, errBroken) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(began); took != time.Minute {
			t.Errorf("it took %s", took)
		}
	})
}

func TestFailedStart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var d diary
		a := newApp(Config{DrainDelay: time.Hour})
		a.Add(d.part("postgres"))
		bad := d.part("nats", "postgres")
		bad.Start = func(context.Context) error { return errBroken }
		a.Add(bad)
		a.Add(d.part("cart", "nats"))
		err := a.Run(t.Context())
		if err == nil || err.Error() != "nats failed while starting: the pipe is broken" {
			t.Errorf("got %v", err)
		}
		if d.read() != "+postgres -postgres .postgres" {
			t.Errorf("got %s", d.read())
		}
	})
}

func TestStopWhileStarting(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var d diary
		a := newApp(Config{DrainDelay: time.Hour})
		a.Add(d.part("postgres"))
		a.Add(Part{Name: "slow", Start: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }})
		a.Add(d.part("never"))
		end := launch(t, a)
		if a.State() != StateStarting {
			t.Errorf("it is %s", a.State())
		}
		if err := end(); err != nil {
			t.Errorf("stopping on request is no fault: %v", err)
		}
		if d.read() != "+postgres -postgres .postgres" {
			t.Errorf("got %s", d.read())
		}
	})
}

func TestDeathWhileAnotherStarts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newApp(Config{})
		a.Add(Part{Name: "postgres", Run: func(context.Context) error { return errBroken }})
		a.Add(Part{Name: "slow", Start: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }})
		if err := a.Run(t.Context()); err == nil || err.Error() != "postgres failed while running: the pipe is broken" {
			t.Errorf("got %v", err)
		}
	})
}

func TestPartsThatDoNotStop(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var d diary
		release := make(chan struct{})
		defer close(release)
		a := newApp(Config{StopTimeout: 10 * time.Second})
		a.Add(d.part("postgres"))
		a.Add(Part{Name: "deaf stop", Stop: func(context.Context) error { <-release; return nil }})
		a.Add(Part{Name: "deaf run", Run: func(context.Context) error { <-release; return nil }})
		a.Add(Part{Name: "bad stop", Stop: func(context.Context) error { return errBroken }})
		a.Add(Part{Name: "bad end", Run: func(ctx context.Context) error { <-ctx.Done(); return errBroken }})
		end := launch(t, a)
		began := time.Now()
		err := end()
		want := []string{
			"bad end failed while running: the pipe is broken",
			"bad stop failed while stopping: the pipe is broken",
			"deaf run failed while stopping: it did not stop in time and was left behind",
			"deaf stop failed while stopping: it did not stop in time and was left behind",
		}
		if err == nil || !slices.Equal(strings.Split(err.Error(), "\n"), want) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(began); took != 22*time.Second {
			t.Errorf("it took %s", took)
		}
		if d.read() != "+postgres -postgres .postgres" {
			t.Errorf("those behind a deaf part are not stopped: %s", d.read())
		}
	})
}

func TestStartThatIgnoresTheEnd(t *testing.T) {
	bubble(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		a := newApp(Config{StopTimeout: time.Second})
		a.Add(Part{Name: "deaf", Start: func(context.Context) error { <-release; return nil }})
		if err := launch(t, a)(); !errors.Is(err, ErrStuck) {
			t.Errorf("got %v", err)
		}
	})
}

func TestPanicStopsInOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var d diary
		a := newApp(Config{})
		a.Add(d.part("postgres"))
		a.Add(Part{Name: "cart", Run: func(context.Context) error { panic("nil map") }})
		err := a.Run(t.Context())
		if !errors.Is(err, ErrPanic) || !strings.Contains(err.Error(), "nil map") || !strings.Contains(err.Error(), "app_test.go") {
			t.Errorf("got %v", err)
		}
		if d.read() != "+postgres -postgres .postgres" {
			t.Errorf("got %s", d.read())
		}
	})
}

func TestWiringFaults(t *testing.T) {
	t.Parallel()
	for want, parts := range map[string][]Part{
		"parts need each other in a circle: b → c → b":                    {{Name: "a", Needs: []string{"b"}}, {Name: "b", Needs: []string{"c"}}, {Name: "c", Needs: []string{"b"}}},
		"parts need each other in a circle: a → a":                        {{Name: "a", Needs: []string{"a"}}},
		"a needs z, which is not part of the app":                         {{Name: "a", Needs: []string{"z"}}},
		`the parts of an app need names of their own, and "a" is not one`: {{Name: "a"}, {Name: "a"}},
		`the parts of an app need names of their own, and "" is not one`:  {{}},
	} {
		a := newApp(Config{})
		for _, p := range parts {
			p.Start = func(context.Context) error { t.Error("started in spite of a fault"); return nil }
			a.Add(p)
		}
		if err := a.Run(t.Context()); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	a := newApp(Config{})
	a.AddCheck(Check{Name: "redis"})
	a.AddCheck(Check{Name: "redis"})
	if err := a.Run(t.Context()); err == nil {
		t.Error("two checks of one name")
	}
}
