package app

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"
)

// supervisor is one run of an app.
type supervisor struct {
	app   *App
	alive context.Context         // over when the process is to stop
	die   context.CancelCauseFunc // ends alive; the first cause wins
	dead  context.Context         // over when a part has died
	bury  context.CancelFunc      // ends dead
	base  context.Context         // never ends; carries the values of the caller's context
	up    []*running              // the started parts, in order
}

// running is a started part.
type running struct {
	part  Part
	end   context.CancelFunc // ends the context of Run
	asked atomic.Bool        // it was told to stop, so that its end is no death
	done  chan struct{}      // closed when Run has returned
	err   error              // why Run failed; to be read after done
}

// start starts the parts one by one. It returns early, without an error, when the process is to stop.
func (s *supervisor) start(parts []Part) error {
	for _, p := range parts {
		if s.alive.Err() != nil {
			return nil
		}
		began := s.app.deps.Now()
		if p.Start != nil {
			if err := call(s.alive, s.app.config.StopTimeout, p.Start); err != nil {
				if s.alive.Err() != nil && errors.Is(err, context.Canceled) {
					return nil
				}
				return &PartError{p.Name, "starting", err}
			}
		}
		s.up = append(s.up, s.run(p))
		s.app.deps.Logger.InfoContext(s.base, "started", "part", p.Name, "took", s.app.deps.Now().Sub(began))
	}
	return nil
}

func (s *supervisor) run(p Part) *running {
	ctx, end := context.WithCancel(s.base)
	r := &running{part: p, end: end, done: make(chan struct{})}
	if p.Run == nil {
		close(r.done)
		return r
	}
	go func() {
		defer close(r.done)
		err := guarded(ctx, p.Run)
		asked := r.asked.Load()
		if asked && (err == nil || errors.Is(err, context.Canceled)) {
			return
		}
		if err == nil {
			err = ErrEnded
		}
		r.err = &PartError{p.Name, "running", err}
		s.app.deps.Logger.ErrorContext(s.base, "a part died", "part", p.Name, "error", err)
		s.die(r.err)
		s.bury()
	}()
	return r
}

// drain waits for the load balancers to leave. It does not wait when a part has died: what is broken gains nothing from being kept.
func (s *supervisor) drain() {
	if s.app.config.DrainDelay <= 0 {
		return
	}
	over := time.NewTimer(s.app.config.DrainDelay)
	defer over.Stop()
	select {
	case <-over.C:
	case <-s.dead.Done():
	}
}

// stop stops what is up, last first, and gathers what went wrong while running or stopping.
func (s *supervisor) stop() (errs []error) {
	for _, r := range slices.Backward(s.up) {
		began := s.app.deps.Now()
		if err := s.stopOne(r); err != nil {
			errs = append(errs, &PartError{r.part.Name, "stopping", err})
		}
		select {
		case <-r.done:
			errs = append(errs, r.err)
		default: // left behind, and already named
		}
		s.app.deps.Logger.InfoContext(s.base, "part stopped", "part", r.part.Name, "took", s.app.deps.Now().Sub(began))
	}
	return errs
}

func (s *supervisor) stopOne(r *running) (err error) {
	ctx, cancel := context.WithTimeout(s.base, s.app.config.StopTimeout)
	defer cancel()
	grace := s.app.config.StopTimeout / 10 // for the last words of one that does look at its deadline
	r.asked.Store(true)
	if r.part.Stop != nil {
		err = call(ctx, grace, r.part.Stop)
	}
	r.end()
	ended := call(ctx, grace, func(context.Context) error {
		<-r.done
		return nil
	})
	if err == nil {
		return ended
	}
	return err
}

// call runs f and waits for it until its context has ended and the grace is over; then f is left behind.
func call(ctx context.Context, grace time.Duration, f func(context.Context) error) error {
	done := make(chan error, 1)
	go func() { done <- guarded(ctx, f) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	over := time.NewTimer(grace)
	defer over.Stop()
	select {
	case err := <-done:
		return err
	case <-over.C:
		return ErrStuck
	}
}

// guarded turns a panic into an error, so that one broken part does not keep the others (a private Postgres, a queue with unsent mail)
// from stopping in order.
func guarded(ctx context.Context, f func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v\n%s", ErrPanic, p, debug.Stack())
		}
	}()
	return f(ctx)
}
