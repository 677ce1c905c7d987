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
	// missedMost is how many questions in a row may go without an answer. A call without side effects is given up sooner,
	// because it is tried once more, and both tries together shall not take much longer. Questions are counted and not
	// seconds, so that a caller that stood still itself does not blame the room.
	missedMost = 2
	missedRead = 1
)

func aliveSubject(room, id string) string { return "rpc.alive." + room + "." + id }

// errSilent is why a call was given up.
var errSilent = errors.New("no replica works on the call")

// patienceOf is how many questions after a call may go without an answer, and how often it is tried.
func patienceOf(spec connect.Spec) (missed, tries int) {
	if spec.IdempotencyLevel == connect.IdempotencyNoSideEffects {
		return missedRead, 2
	}
	return missedMost, 1
}

// request sends a call and waits for its answer as long as somebody works on it.
func (n *natsDoor) request(ctx context.Context, msg *nats.Msg, id string, most int) (*nats.Msg, error) {
	ctx, leave := context.WithCancelCause(ctx)
	defer leave(nil)
	watch := time.AfterFunc(beat, func() { n.watch(ctx, id, most, leave) })
	defer watch.Stop()
	reply, err := n.conn.RequestMsgWithContext(ctx, msg)
	if err != nil && errors.Is(context.Cause(ctx), errSilent) {
		return nil, errSilent
	}
	return reply, err //nolint:wrapcheck // the caller makes the call's error of it
}

// watch asks after a call until ctx ends, and ends it when too many questions in a row had no answer.
func (n *natsDoor) watch(ctx context.Context, id string, most int, leave context.CancelCauseFunc) {
	for missed := 0; ctx.Err() == nil; {
		asking, done := context.WithTimeout(ctx, beat)
		_, err := n.conn.RequestWithContext(asking, aliveSubject(n.room, id), nil)
		missed++
		// While this side is cut off it hears nobody, which says nothing about the others.
		if err == nil || !n.conn.IsConnected() {
			missed = 0
		}
		<-asking.Done()
		done()
		if missed >= most {
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
