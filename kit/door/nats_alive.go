package door

import (
	"context"
	"errors"
	"time"

	"connectrpc.com/connect/v2"
	"github.com/nats-io/nats.go"
)

// A call that is not answered within a beat is asked after: the replica that works on it says so, and when nobody does, its
// caller need not wait for the deadline. Quick calls cost no message more.

const (
	// beat is how long a call runs before its caller asks after it for the first time, and how often from then on.
	beat = time.Second
	// silence is how long a call may go without a sign of life. One without side effects is given up sooner, because it is
	// tried once more, and both tries together shall not take much longer.
	silence     = 3 * beat
	silenceRead = 2 * beat
)

func aliveSubject(room, id string) string { return "rpc.alive." + room + "." + id }

// errSilent is why a call was given up.
var errSilent = errors.New("no replica works on the call")

// patienceOf is how long a call may be silent, and how often it is tried.
func patienceOf(spec connect.Spec) (silent time.Duration, tries int) {
	if spec.IdempotencyLevel == connect.IdempotencyNoSideEffects {
		return silenceRead, 2
	}
	return silence, 1
}

// request sends a call and waits for its answer as long as somebody works on it.
func (n *natsDoor) request(ctx context.Context, msg *nats.Msg, id string, silent time.Duration) (*nats.Msg, error) {
	ctx, leave := context.WithCancelCause(ctx)
	defer leave(nil)
	watch := time.AfterFunc(beat, func() { n.watch(ctx, id, silent, leave) })
	defer watch.Stop()
	reply, err := n.conn.RequestMsgWithContext(ctx, msg)
	if err != nil && errors.Is(context.Cause(ctx), errSilent) {
		return nil, errSilent
	}
	return reply, err //nolint:wrapcheck // the caller makes the call's error of it
}

// watch asks after a call until ctx ends, and ends it when nobody has answered for too long.
func (n *natsDoor) watch(ctx context.Context, id string, silent time.Duration, leave context.CancelCauseFunc) {
	heard := time.Now().Add(-beat) // when the request was sent
	for ctx.Err() == nil {
		asking, done := context.WithTimeout(ctx, beat)
		_, err := n.conn.RequestWithContext(asking, aliveSubject(n.room, id), nil)
		// While this side is cut off it hears nobody, which says nothing about the others.
		if err == nil || !n.conn.IsConnected() {
			heard = time.Now()
		}
		<-asking.Done()
		done()
		if time.Since(heard) >= silent {
			leave(errSilent)
			return
		}
	}
}

// vouch answers whoever asks after a call, if it runs here.
func (n *NATSServer) vouch(msg *nats.Msg) {
	if n.cancels.runs(lastToken(msg.Subject)) {
		_ = msg.Respond(nil) // lost, it is asked for again
	}
}
