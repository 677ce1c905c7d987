package door

import (
	"context"
	"errors"
	"time"
)

// valueless hides the values of a context. A handler that could see its caller's would work in one process and fail on
// the mesh, or worse, join the caller's transaction.
type valueless struct{ context.Context }

func (valueless) Value(any) any { return nil }

// rootOf is a context with nothing of ctx in it: no values, no deadline, no end.
func rootOf(ctx context.Context) context.Context { return valueless{context.WithoutCancel(ctx)} }

// detach is what crosses a door of the context of a call: deadline and cancellation. It is built on a root of its own instead of
// wrapping call, so that contexts derived from it link to it without a goroutine each.
func detach(call context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	deadline, ok := call.Deadline()
	if !ok {
		deadline = time.Now().Add(timeout)
	}
	ctx, cancel := context.WithDeadline(rootOf(call), deadline)
	follow := func() {
		// At the deadline ctx's own timer fires; to cancel here would turn "too late" into "no longer wanted".
		if !errors.Is(call.Err(), context.DeadlineExceeded) {
			cancel()
		}
	}
	if call.Err() != nil {
		follow() // now, and not soon
		return ctx, cancel
	}
	stop := context.AfterFunc(call, follow)
	return ctx, func() { stop(); cancel() }
}
