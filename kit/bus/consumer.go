package bus

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// Consumer is a durable reader of the stream.
type Consumer struct {
	// Name is unique in the whole house, e.g. "search-index".
	Name string
	// Subjects to receive, e.g. "evt.catalog.product.*".
	Subjects []string
	// LatestOnly drops an event that is older than one already handled for the same aggregate: right for consumers that
	// copy state, wrong for those that must see every event.
	LatestOnly bool
	// Repeatable says that handling an event twice, or after a newer one, leaves the same behind. Then nobody writes down
	// that it was handled, and an event that leaves nothing behind costs no statement.
	Repeatable bool
	// Prepare runs before the transaction, outside it: the place to ask other rooms. What it returns is handed to
	// Handle. It may be nil.
	Prepare func(ctx context.Context, e Event) (any, error)
	// Handle decides and queues the effect. It runs inside the transaction that marks the event as handled. The context
	// carries the event's tenant.
	Handle func(ctx context.Context, tx *pg.Tx, e Event, prepared any) error
	// Fold takes many events at once instead. Prepare and Handle are nil then, and LatestOnly and Repeatable mean nothing.
	Fold *Fold
	// After runs once the effect is committed, or was already: for a hint to someone who polls anyway. It may be nil.
	After func(ctx context.Context, e Event)
}

// inHand is how many events may be given out at a time. One: with more, a process that dies would leave a gap which later
// events overtake. Who folds does not mind; twice as many leave room for acknowledgements that are on their way.
func (c Consumer) inHand() int {
	if c.Fold != nil {
		return 2 * c.Fold.Events
	}
	return 1
}

// ackWait is how long the stream waits for a sign of life before it gives an event to another process. While an event
// is handled, a sign is given three times as often.
const ackWait = 6 * time.Second

// consume feeds one consumer, one event or fold after the other, until ctx ends.
func (r *Runner) consume(ctx context.Context, c Consumer) error {
	pause := newPause(50*time.Millisecond, 2*time.Second)
	for ctx.Err() == nil {
		err := r.consumeOnce(ctx, c, pause.reset)
		if ctx.Err() != nil {
			break
		}
		r.log.WarnContext(ctx, "consumer starts again", "consumer", c.Name, "error", err)
		pause.wait(ctx)
	}
	return ctx.Err()
}

func (r *Runner) consumeOnce(ctx context.Context, c Consumer, healthy func()) error {
	if err := EnsureStreams(ctx, r.js, r.cfg.Replicas); err != nil {
		return err
	}
	cons, err := r.js.CreateOrUpdateConsumer(ctx, streamName, jetstream.ConsumerConfig{
		Durable: c.Name, FilterSubjects: append(slices.Clone(c.Subjects), againOf(c.Name)), AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait,
		MaxAckPending: c.inHand(), DeliverPolicy: jetstream.DeliverAllPolicy,
	})
	if err != nil {
		return fmt.Errorf("consumer %s: %w", c.Name, err)
	}
	if c.Fold != nil {
		return r.foldAll(ctx, c, cons, healthy)
	}
	messages, err := cons.Messages(jetstream.PullMaxMessages(1))
	if err != nil {
		return fmt.Errorf("messages of %s: %w", c.Name, err)
	}
	stop := context.AfterFunc(ctx, messages.Stop)
	defer stop()
	defer messages.Stop()
	for {
		msg, err := messages.Next()
		if err != nil {
			return fmt.Errorf("next of %s: %w", c.Name, err)
		}
		healthy()
		if err := r.deliver(ctx, c, msg); err != nil {
			return err
		}
	}
}

// deliver brings one message to its effect, or to the dead letters. It returns an error only when ctx ends or the
// acknowledgement cannot be sent.
func (r *Runner) deliver(ctx context.Context, c Consumer, msg jetstream.Msg) error {
	alive := keepAlive(msg)
	defer alive()
	letter := letterBehind(msg.Headers())
	if letter != 0 {
		lies, err := r.lies(ctx, letter, msg.Headers().Get(headerEvent))
		switch {
		case err != nil:
			return errors.Join(err, giveBack(ctx, msg))
		case !lies:
			return ack(ctx, msg)
		}
	}
	e, err := FromHeaders(msg.Subject(), msg.Headers(), msg.Data())
	if err != nil {
		return r.bury(ctx, c, msg, 1, err)
	}
	pause := newPause(20*time.Millisecond, 5*time.Second)
	for attempt := 1; ; {
		err := r.handle(ctx, c, e, msg.Headers())
		if err == nil {
			if c.After != nil {
				c.After(tenant.With(ctx, e.Tenant), e)
			}
			if err := r.settle(ctx, letter); err != nil {
				return errors.Join(err, giveBack(ctx, msg))
			}
			return ack(ctx, msg)
		}
		if ctx.Err() != nil {
			return giveBack(ctx, msg)
		}
		// An outage is nobody's fault: it is waited out and does not count.
		if !isOutage(err) {
			if attempt >= r.cfg.Attempts {
				return r.bury(ctx, c, msg, attempt, err)
			}
			attempt++
		}
		r.log.WarnContext(ctx, "event failed, trying again", "consumer", c.Name, "subject", e.Subject, "event", e.ID, "error", err)
		if !pause.wait(ctx) {
			return giveBack(ctx, msg)
		}
	}
}

// keepAlive tells the stream that events are being worked on, until the returned function is called.
func keepAlive(messages ...jetstream.Msg) (stop func()) {
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(ackWait / 3)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				for _, msg := range messages {
					_ = msg.InProgress() // a lost sign of life costs a second delivery, which the inbox knows
				}
			}
		}
	}()
	return sync.OnceFunc(func() { close(done) })
}

// giveBack lets the next process have the event at once.
func giveBack(ctx context.Context, msg jetstream.Msg) error {
	return errors.Join(ctx.Err(), msg.Nak())
}

func isOutage(err error) bool {
	var f *fault.Fault
	return errors.As(err, &f) && (f.Kind() == fault.KindUnavailable || f.Kind() == fault.KindDeadline)
}

func ack(ctx context.Context, msg jetstream.Msg) error {
	if err := msg.Ack(); err != nil && !errors.Is(err, jetstream.ErrMsgAlreadyAckd) {
		return fmt.Errorf("ack: %w", err) // delivered again later, and the inbox knows it
	}
	return ctx.Err()
}

var (
	errDuplicate = errors.New("bus: handled before")
	errOlder     = errors.New("bus: a newer one was handled")
)

// handle is one attempt, in the trace of the change that was announced.
func (r *Runner) handle(ctx context.Context, c Consumer, e Event, h nats.Header) error {
	return r.trace(ctx, c, []Event{e}, []nats.Header{h}, func(ctx context.Context) error {
		if c.Fold != nil {
			return r.fold(ctx, c, []Event{e})
		}
		return r.attempt(ctx, c, e)
	})
}

// begin opens the span of an event, which end ends.
func (r *Runner) begin(ctx context.Context, c Consumer, e Event, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	return r.span.Start(ctx, c.Name+" "+e.Subject, append(options, //nolint:spancheck // trace ends it
		trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(
			attribute.String("messaging.system", "nats"), attribute.String("messaging.destination.name", e.Subject),
			attribute.String("messaging.consumer.group.name", c.Name), attribute.String("messaging.message.id", e.ID.String())))...)
}

func end(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

// headerCarrier reads the trace from the headers of a message, which unlike HTTP's are kept in the case they were sent in.
type headerCarrier nats.Header

func (h headerCarrier) Get(key string) string { return nats.Header(h).Get(key) }

func (h headerCarrier) Set(key, value string) { nats.Header(h).Set(key, value) }

func (h headerCarrier) Keys() []string { return slices.Collect(maps.Keys(h)) }

func (r *Runner) attempt(ctx context.Context, c Consumer, e Event) error {
	var prepared any
	if c.Prepare != nil {
		var err error
		if prepared, err = c.Prepare(ctx, e); err != nil {
			return err
		}
	}
	err := r.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if !r.knows(e.Tenant) {
			// The tenant may be new here: its first event opens the books.
			tx.Exec("insert into tenants (id) values ($1) on conflict do nothing", e.Tenant)
		}
		// A handler that only writes commits together with these in one round trip.
		if !c.Repeatable {
			tx.Must(errDuplicate, "insert into inbox (consumer, event_id) values ($1, $2) on conflict do nothing", c.Name, e.ID)
		}
		if c.LatestOnly {
			tx.Must(errOlder, `insert into inbox_heads as h (consumer, aggregate_id, sequence) values ($1, $2, $3)
				on conflict (consumer, aggregate_id) do update set sequence = excluded.sequence where h.sequence < excluded.sequence`,
				c.Name, e.Aggregate, e.Sequence)
		}
		return c.Handle(ctx, tx, e, prepared)
	})
	if err == nil {
		r.known(e.Tenant)
	}
	if errors.Is(err, errOlder) {
		err = errDuplicate
	}
	if errors.Is(err, errDuplicate) {
		r.count(func(s *Stats) { s.Duplicates++ })
		return nil
	}
	if err == nil {
		r.count(func(s *Stats) { s.Handled++ })
	}
	return err
}

// bury puts a message that cannot be handled where people look, and goes on. The letter's id is that of the message, so that
// a process that dies before the acknowledgement leaves one letter, and another attempt later leaves another.
func (r *Runner) bury(ctx context.Context, c Consumer, msg jetstream.Msg, attempts int, cause error) error {
	where, err := msg.Metadata()
	if err != nil {
		return fmt.Errorf("dead letter: %w", err)
	}
	event := eventOf(msg.Headers())
	r.log.ErrorContext(ctx, "event is a dead letter", "consumer", c.Name, "subject", msg.Subject(), "event", event, "error", cause)
	dead := nats.NewMsg(deadSubject(c.Name, originOf(msg.Subject())))
	for k, v := range msg.Headers() {
		if k != jetstream.MsgIDHeader && k != headerLetter {
			dead.Header[k] = v
		}
	}
	dead.Header.Set(jetstream.MsgIDHeader, fmt.Sprintf("%s/%s/%d", c.Name, event, where.Sequence.Stream))
	dead.Header.Set(headerEvent, event)
	dead.Header.Set(headerError, oneLine(cause.Error()))
	dead.Header.Set(headerAttempts, strconv.Itoa(attempts))
	dead.Data = msg.Data()
	if _, err := r.js.PublishMsg(ctx, dead); err != nil {
		return fmt.Errorf("dead letter: %w", err)
	}
	if err := r.settle(ctx, letterBehind(msg.Headers())); err != nil { // the new one takes its place
		return err
	}
	r.count(func(s *Stats) { s.Dead++ })
	return ack(ctx, msg)
}

func oneLine(s string) string {
	return strings.Map(func(c rune) rune {
		if c == '\n' || c == '\r' {
			return ' '
		}
		return c
	}, s)
}
