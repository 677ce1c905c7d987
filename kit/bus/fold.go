package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// Fold is how a consumer takes many events at once: those that wait, of one tenant, are prepared and handled together. It
// never waits for more, so an event that is alone is handled at once and alone.
//
// It is for consumers that bring something up to what is now, so that it does not matter which events told of it, how many,
// or in which order: events of different aggregates come in any order, and one may come after a newer one, or again. What
// Prepare has read is never older than any of the events, nor than what another fold of the tenant has left behind.
type Fold struct {
	// Events is how many are in hand at most. What the stream has not given out is its lag, and so are these.
	Events int
	// Aggregates is how many different ones a transaction is about at most. All events in hand of one aggregate are handled
	// together.
	Aggregates int
	// Prepare is as that of a Consumer, for all events of a transaction. ErrTooMuch has them come again in two halves.
	Prepare func(ctx context.Context, events []Event) (any, error)
	// Handle is as that of a Consumer, for all events of a transaction.
	Handle func(ctx context.Context, tx *pg.Tx, events []Event, prepared any) error
}

// ErrTooMuch is what the Prepare of a Fold says when these events are too many to be taken at once. Of events of one
// aggregate it is an error like any other.
var ErrTooMuch = errors.New("bus: too many events at once")

// errOvertaken says that another process has handled events of the tenant since Prepare began to read.
var errOvertaken = errors.New("bus: overtaken by another process")

// look is how often a consumer that folds asks anew for an event that does not come.
const look = time.Second

// delivery is a message in hand and the event in it.
type delivery struct {
	msg   jetstream.Msg
	event Event
	acked bool
}

// foldAll takes what waits and handles it, again and again, until ctx ends or the stream fails.
func (r *Runner) foldAll(ctx context.Context, c Consumer, cons jetstream.Consumer, healthy func()) error {
	for {
		messages, err := take(ctx, cons, c.Fold.Events)
		if err != nil {
			return fmt.Errorf("next of %s: %w", c.Name, err)
		}
		healthy()
		if err := r.deliverAll(ctx, c, messages); err != nil {
			return err
		}
	}
}

// take waits for a message and then takes those that wait behind it.
func take(ctx context.Context, cons jetstream.Consumer, most int) ([]jetstream.Msg, error) {
	first, err := next(ctx, cons)
	if err != nil {
		return nil, err
	}
	out := []jetstream.Msg{first}
	where, err := first.Metadata()
	if err != nil {
		return out, nil //nolint:nilerr // deliver says what is wrong with it
	}
	more := most - 1
	if where.NumDelivered == 1 { // what is given out again is not among what waits
		more = min(more, int(min(where.NumPending, uint64(most))))
	}
	if more == 0 {
		return out, nil
	}
	batch, err := cons.FetchNoWait(more)
	if err != nil {
		return out, nil //nolint:nilerr // they come next time, or the next pull says why not
	}
	for msg := range batch.Messages() {
		out = append(out, msg)
	}
	return out, nil
}

// next waits for a message.
func next(ctx context.Context, cons jetstream.Consumer) (jetstream.Msg, error) {
	for {
		wait, cancel := context.WithTimeout(ctx, look)
		msg, err := cons.Next(jetstream.FetchContext(wait))
		cancel()
		switch {
		case err == nil:
			return msg, nil
		case ctx.Err() != nil:
			return nil, ctx.Err() //nolint:wrapcheck // the caller says where
		case errors.Is(err, nats.ErrTimeout), errors.Is(err, jetstream.ErrNoMessages), errors.Is(err, context.DeadlineExceeded):
		default:
			return nil, err //nolint:wrapcheck // the caller says where
		}
	}
}

// deliverAll brings messages to their effect, or to the dead letters. It returns an error only when ctx ends or an
// acknowledgement cannot be sent; what has had no effect by then is given back.
func (r *Runner) deliverAll(ctx context.Context, c Consumer, messages []jetstream.Msg) error {
	alive := keepAlive(messages...)
	defer alive()
	var all []*delivery
	defer func() {
		for _, d := range all {
			if !d.acked {
				_ = d.msg.Nak() // it comes again in any case, only later
			}
		}
	}()
	for _, msg := range messages {
		d := &delivery{msg: msg}
		all = append(all, d)
		var err error
		if d.event, err = FromHeaders(msg.Subject(), msg.Headers(), msg.Data()); err == nil && letterBehind(msg.Headers()) == 0 {
			continue
		}
		// Not an event, or one that was a dead letter and has to be looked up: each by itself.
		d.acked = true // or given back
		if err := r.deliver(ctx, c, msg); err != nil {
			return err
		}
	}
	var failed [][]*delivery
	for waiting := portions(slices.DeleteFunc(slices.Clone(all), func(d *delivery) bool { return d.acked }), c.Fold.Aggregates); len(waiting) > 0; {
		now := waiting[0]
		waiting = waiting[1:]
		err := r.foldNow(ctx, c, now)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			if err := r.effective(ctx, c, now); err != nil {
				return err
			}
		case aggregatesOf(now) > 1: // one of them cannot be handled, or they are too many: the others need not wait for it
			waiting = append(waiting, portions(now, (aggregatesOf(now)+1)/2)...)
		default:
			failed = append(failed, now)
		}
	}
	return errors.Join(r.insist(ctx, c, failed), ctx.Err())
}

// portions are deliveries by tenant, each about at most so many aggregates, of which none is in two. Those of one aggregate
// stay in their order.
func portions(all []*delivery, aggregates int) [][]*delivery {
	type noun struct{ tenant, aggregate id.ID }
	var order []noun
	of := map[noun][]*delivery{}
	for _, d := range all {
		n := noun{d.event.Tenant, d.event.Aggregate}
		if of[n] == nil {
			order = append(order, n)
		}
		of[n] = append(of[n], d)
	}
	slices.SortStableFunc(order, func(a, b noun) int { return slices.Compare(a.tenant[:], b.tenant[:]) })
	var out [][]*delivery
	in := 0 // aggregates of the last portion
	for i, n := range order {
		if i == 0 || in == aggregates || order[i-1].tenant != n.tenant {
			out, in = append(out, nil), 0
		}
		out[len(out)-1] = append(out[len(out)-1], of[n]...)
		in++
	}
	return out
}

// aggregatesOf counts those that a portion is about; the deliveries of each stand together.
func aggregatesOf(portion []*delivery) (n int) {
	for i, d := range portion {
		if i == 0 || portion[i-1].event.Aggregate != d.event.Aggregate {
			n++
		}
	}
	return n
}

// effective acknowledges what has taken effect.
func (r *Runner) effective(ctx context.Context, c Consumer, done []*delivery) error {
	for _, d := range done {
		if c.After != nil {
			c.After(tenant.With(ctx, d.event.Tenant), d.event)
		}
		d.acked = true
		if err := ack(ctx, d.msg); err != nil {
			return err
		}
	}
	return nil
}

// insist tries portions of one aggregate each, which have failed once, in turns until they succeed, or until they are dead
// letters.
func (r *Runner) insist(ctx context.Context, c Consumer, failed [][]*delivery) error {
	pause := newPause(20*time.Millisecond, 5*time.Second)
	for attempt := 2; len(failed) > 0; attempt++ {
		if !pause.wait(ctx) {
			return ctx.Err()
		}
		var again [][]*delivery
		for _, events := range failed {
			err := r.foldNow(ctx, c, events)
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err == nil:
				err = r.effective(ctx, c, events)
			case attempt < r.cfg.Attempts:
				again, err = append(again, events), nil
			default:
				err = r.buryAll(ctx, c, events, attempt, err)
			}
			if err != nil {
				return err
			}
		}
		failed = again
	}
	return nil
}

func (r *Runner) buryAll(ctx context.Context, c Consumer, events []*delivery, attempts int, cause error) error {
	for _, d := range events {
		if err := r.bury(ctx, c, d.msg, attempts, cause); err != nil {
			return err
		}
		d.acked = true
	}
	return nil
}

// foldNow handles events of one tenant together. Outages are waited out: they are nobody's fault.
func (r *Runner) foldNow(ctx context.Context, c Consumer, portion []*delivery) error {
	events, headers := make([]Event, len(portion)), make([]nats.Header, len(portion))
	for i, d := range portion {
		events[i], headers[i] = d.event, d.msg.Headers()
	}
	pause := newPause(20*time.Millisecond, 5*time.Second)
	for {
		err := r.trace(ctx, c, events, headers, func(ctx context.Context) error { return r.fold(ctx, c, events) })
		if err == nil || ctx.Err() != nil || errors.Is(err, ErrTooMuch) {
			return err
		}
		r.log.WarnContext(ctx, "events failed, trying again", "consumer", c.Name, "events", len(events), "subject", events[0].Subject, "event", events[0].ID, "error", err)
		if !isOutage(err) {
			return err
		}
		if !pause.wait(ctx) {
			return ctx.Err()
		}
	}
}

// fold is one attempt: look up what is known, prepare the rest, and commit its effect with the record that it was handled.
func (r *Runner) fold(ctx context.Context, c Consumer, events []Event) error {
	shop := events[0].Tenant
	for {
		turn, fresh, err := r.unknown(ctx, c, events)
		if err != nil {
			return err
		}
		if len(fresh) == 0 {
			r.count(func(s *Stats) { s.Duplicates += int64(len(events)) })
			return nil
		}
		prepared, err := c.Fold.Prepare(ctx, fresh)
		if err != nil {
			return err
		}
		ids := make([]id.ID, len(fresh))
		for i, e := range fresh {
			ids[i] = e.ID
		}
		err = r.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
			if !r.knows(shop) {
				tx.Exec("insert into tenants (id) values ($1) on conflict do nothing", shop)
			}
			tx.Must(errOvertaken, `insert into inbox_heads as h (consumer, aggregate_id, sequence) values ($1, $2, $3::bigint + 1)
				on conflict (consumer, aggregate_id) do update set sequence = excluded.sequence where h.sequence = $3`, c.Name, shop, turn)
			tx.Exec("insert into inbox (consumer, event_id) select $1, unnest($2::uuid[]) on conflict do nothing", c.Name, ids)
			return c.Fold.Handle(ctx, tx, fresh, prepared)
		})
		if errors.Is(err, errOvertaken) {
			continue // what was prepared may be older than what the other has left behind
		}
		if err != nil {
			return err
		}
		r.known(shop)
		r.count(func(s *Stats) {
			s.Handled += int64(len(fresh))
			s.Duplicates += int64(len(events) - len(fresh))
			s.Folds++
		})
		return nil
	}
}

// unknown reads which of the events have had no effect yet, and the consumer's turn. Turns are counted for each tenant,
// in the place of an aggregate: whoever reads before and writes after, with no turn in between, was alone.
func (r *Runner) unknown(ctx context.Context, c Consumer, events []Event) (turn int64, fresh []Event, err error) {
	ids := make([]id.ID, len(events))
	for i, e := range events {
		ids[i] = e.ID
	}
	seen := map[id.ID]bool{}
	if err := r.db.Read(ctx, func(b *pg.Batch) {
		turn = 0
		clear(seen)
		var found bool
		pg.Row(b.Queue("select sequence from inbox_heads where consumer = $1 and aggregate_id = $2", c.Name, events[0].Tenant), &found, &turn)
		pg.Each(b.Queue("select event_id from inbox where consumer = $1 and event_id = any($2::uuid[])", c.Name, ids), func(rows pgx.Rows) error {
			var known id.ID
			err := rows.Scan(&known)
			seen[known] = true
			return err //nolint:wrapcheck // pg.Each says where
		})
	}); err != nil {
		return 0, nil, err
	}
	for _, e := range events {
		if !seen[e.ID] {
			seen[e.ID] = true // another message may hold the same event
			fresh = append(fresh, e)
		}
	}
	return turn, fresh, nil
}

// trace runs fn in the trace of the first change that was announced. Those of the others get a span that leads there.
func (r *Runner) trace(ctx context.Context, c Consumer, events []Event, headers []nats.Header, fn func(ctx context.Context) error) error {
	work := propagation.TraceContext{}.Extract(tenant.With(ctx, events[0].Tenant), headerCarrier(headers[0]))
	if r.span == nil {
		return fn(work)
	}
	work, first := r.begin(work, c, events[0])
	spans := []trace.Span{first}
	for i, e := range events {
		if i > 0 {
			there := trace.WithLinks(trace.Link{SpanContext: first.SpanContext()})
			_, span := r.begin(propagation.TraceContext{}.Extract(ctx, headerCarrier(headers[i])), c, e, there)
			spans = append(spans, span)
		}
	}
	err := fn(work)
	for _, span := range spans {
		end(span, err)
	}
	return err
}
