// Package app starts the parts of a process in order, watches over them, and stops them in reverse.
//
//	┌─────┐ Run(ctx) ┌──────────┐ all parts started ┌───────┐ ctx ends, or a part dies ┌──────────┐
//	│ New ├─────────▶│ Starting ├──────────────────▶│ Ready ├─────────────────────────▶│ Draining │
//	└─────┘          └────┬─────┘                   └───────┘                          └────┬─────┘
//	                      │ a start fails, a part dies, ctx ends         Config.DrainDelay  │
//	                      │                                              is over            ▼
//	                      │                                ┌─────────┐                 ┌──────────┐
//	                      │                                │ Stopped │◀────────────────┤ Stopping │
//	                      │                                └─────────┘                 └──────────┘
//	                      └─────────────────────────────────────────────────────────────────▲
//
// In Draining everything still works and only /health/ready says no, so that load balancers leave before a connection is refused. A part
// is stopped after those that need it and before those it needs: its Stop is called first, then the context of its Run ends.
//
// A second signal is the caller's business: the usual answer to it is to leave at once.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Config of the life of a process. Zero durations mean the values named here.
type Config struct {
	Version      string        // shown by /health
	DrainDelay   time.Duration // between "not ready" and the first stop: how long load balancers need to notice; 0 means none
	StopTimeout  time.Duration // for each part to stop; 10 s. One that takes longer is named in the error and left behind
	CheckTimeout time.Duration // for each health check; 2 s
}

// Deps are what the package does not make itself.
type Deps struct {
	Logger *slog.Logger
	Now    func() time.Time
}

// Part is something with a life of its own. Every function is optional, none is called twice, and none needs to lock against another
// of the same part, except that Stop is called while Run is running, and Ready from the end of Start until shortly after Stop was called.
type Part struct {
	Name  string
	Needs []string // names of the parts that must be started before it and stopped after it

	// Start returns when the part is usable by those that need it. Its context ends when the process is to stop and is of no use
	// afterwards. A Start that fails has cleaned up after itself: Stop is not called.
	Start func(ctx context.Context) error
	// Run does the work until its context ends, and then returns nil. If it returns before it was asked to stop, even without an
	// error, the part has died: a consumer that quietly ended is the worst kind of outage.
	Run func(ctx context.Context) error
	// Stop finishes what is under way (drain a server, flush a queue) within the context's deadline.
	Stop func(ctx context.Context) error
	// Ready is a critical health check of the part, see Check.
	Ready func(ctx context.Context) error
}

// State is where in its life the process is; see the diagram of the package.
type State string

// The states, in order.
const (
	StateNew      State = "new"
	StateStarting State = "starting"
	StateReady    State = "ready"
	StateDraining State = "draining"
	StateStopping State = "stopping"
	StateStopped  State = "stopped"
)

// Errors that a PartError may wrap.
var (
	ErrEnded = errors.New("it ended although nobody asked it to")
	ErrStuck = errors.New("it did not stop in time and was left behind")
	ErrPanic = errors.New("it panicked")
)

// PartError says which part failed and when.
type PartError struct {
	Part  string
	Phase string // "starting", "running", "stopping"
	Err   error
}

func (e *PartError) Error() string {
	return fmt.Sprintf("%s failed while %s: %s", e.Part, e.Phase, e.Err)
}

// Unwrap is the part's own error.
func (e *PartError) Unwrap() error { return e.Err }

// App is one process. Add everything, then Run it once.
type App struct {
	config Config
	deps   Deps
	parts  []Part
	health *health

	mu    sync.Mutex
	state State
}

// New makes an App without parts.
func New(config Config, deps Deps) *App {
	if config.StopTimeout <= 0 {
		config.StopTimeout = 10 * time.Second
	}
	if config.CheckTimeout <= 0 {
		config.CheckTimeout = 2 * time.Second
	}
	a := &App{config: config, deps: deps, state: StateNew}
	a.health = &health{app: a}
	return a
}

// Add adds a part. Faults (a name used twice, an unknown need, a cycle) are reported by Order and Run.
func (a *App) Add(p Part) {
	a.parts = append(a.parts, p)
	if p.Ready != nil {
		a.AddCheck(Check{Name: p.Name, Critical: true, Run: p.Ready})
	}
}

// AddCheck adds a health check that belongs to no part, or is not critical.
func (a *App) AddCheck(c Check) { a.health.checks = append(a.health.checks, &watched{Check: c}) }

// State is the current state.
func (a *App) State() State {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.state
}

// Order is the order in which the parts will start: as added, except that needs come first. Its error is what Run would refuse.
func (a *App) Order() ([]string, error) {
	parts, err := a.sorted()
	names := make([]string, 0, len(parts))
	for _, p := range parts {
		names = append(names, p.Name)
	}
	return names, err
}

// Run starts the parts, waits for the context to end or a part to die, and stops them. The error is nil after an orderly stop; else it
// joins one PartError for each part that failed, the one that caused the stop first.
func (a *App) Run(ctx context.Context) error {
	parts, err := a.sorted()
	if err != nil {
		return err
	}
	if !a.enter(StateNew, StateStarting) {
		return errors.New("an app can be run only once")
	}
	began := a.deps.Now()
	// alive ends with the signal or with the first death. The parts themselves run in contexts that outlive it: each ends in its turn.
	alive, die := context.WithCancelCause(ctx)
	defer die(nil)
	base := context.WithoutCancel(ctx)
	dead, bury := context.WithCancel(base)
	defer bury()
	s := supervisor{app: a, alive: alive, die: die, dead: dead, bury: bury, base: base}
	if err = s.start(parts); err == nil && alive.Err() == nil && a.enter(StateStarting, StateReady) {
		a.deps.Logger.InfoContext(ctx, "ready", "parts", len(parts), "took", a.deps.Now().Sub(began))
		<-alive.Done()
		a.enter(StateReady, StateDraining)
		a.deps.Logger.InfoContext(ctx, "draining", "delay", a.config.DrainDelay, "cause", context.Cause(alive))
		s.drain()
	}
	a.enter(a.State(), StateStopping)
	errs := s.stop()
	a.enter(StateStopping, StateStopped)
	a.deps.Logger.InfoContext(ctx, "stopped")
	return joined(append([]error{err, context.Cause(alive)}, errs...))
}

func (a *App) sorted() ([]Part, error) {
	names := map[string]bool{}
	for _, c := range a.health.checks {
		if names[c.Name] || c.Name == "" {
			return nil, fmt.Errorf("the health checks of an app need names of their own, and %q is not one", c.Name)
		}
		names[c.Name] = true
	}
	return order(a.parts)
}

// enter moves from one state to the next, if it is in that one.
func (a *App) enter(from, to State) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.state != from {
		return false
	}
	a.state = to
	return true
}

// joined keeps each PartError once and drops the rest, which is the caller's own cancellation.
func joined(errs []error) error {
	var parts []error
	seen := map[error]bool{}
	for _, err := range errs {
		if p := (*PartError)(nil); errors.As(err, &p) && !seen[p] {
			seen[p] = true
			parts = append(parts, p)
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return errors.Join(parts...)
}
