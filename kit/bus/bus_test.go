package bus_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const patience = time.Minute

// Every consumer of the tests writes what it handled into notes, in the transaction of the event.
func notes() fs.FS {
	return fstest.MapFS{"00001_notes.sql": {Data: []byte(`-- +goose Up
create table notes (
	seq bigint generated always as identity primary key,
	tenant_id uuid not null default current_tenant() references tenants (id),
	aggregate_id uuid not null, sequence bigint not null
);
call protect('notes');`)}}
}

type house struct {
	ctx context.Context
	db  *pgtest.DB
	js  jetstream.JetStream
}

func build(t *testing.T) house {
	t.Helper()
	return house{pgtest.Context(t), pgtest.New(t, "room", notes()), bustest.Start(t)}
}

func (h house) emit(t *testing.T, aggregate id.ID, sequence int64) {
	t.Helper()
	for {
		err := h.db.Write(h.ctx, func(w *pg.Writes) error {
			return bus.Emit(h.ctx, w, "evt.room.jar.filled", aggregate, sequence, wrapperspb.Int64(sequence))
		})
		if err == nil {
			return
		}
		// The connection was cut while it was idle, so nothing was written.
		if !errors.Is(err, pg.ErrUnavailable) {
			t.Fatal(err)
		}
	}
}

func note(_ context.Context, tx *pg.Tx, e bus.Event, _ any) error {
	tx.Exec("insert into notes (aggregate_id, sequence) values ($1, $2)", e.Aggregate, e.Sequence)
	return nil
}

func consumer(name string) bus.Consumer {
	return bus.Consumer{Name: name, Subjects: []string{"evt.room.jar.filled"}, Handle: note}
}

func (h house) awaitNotes(t *testing.T, want ...int64) {
	t.Helper()
	eventually(t, fmt.Sprintf("notes %v", want), func() bool {
		var got []int64
		var found bool
		if err := h.db.Read(h.ctx, func(b *pg.Batch) {
			pg.Row(b.Queue("select coalesce(array_agg(sequence order by seq), '{}') from notes"), &found, &got)
		}); err != nil {
			t.Fatal(err)
		}
		if len(got) > len(want) {
			t.Fatalf("noted %v, want %v", got, want)
		}
		return fmt.Sprint(got) == fmt.Sprint(want)
	})
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	late := time.After(patience)
	for !ok() {
		select {
		case <-poll.C:
		case <-late:
			t.Fatalf("%s did not happen", what)
		}
	}
}

func TestEventsTakeEffectInOrderOnce(t *testing.T) {
	t.Parallel()
	h := build(t)
	bustest.Run(t, h.db, h.js, consumer("order"))
	jar := id.New()
	var want []int64
	for i := range int64(300) { // more than one batch of the relay
		h.emit(t, jar, i)
		want = append(want, i)
	}
	h.awaitNotes(t, want...)
	eventually(t, "an empty outbox", func() bool { return h.outbox(t) == 0 })
}

func (h house) outbox(t *testing.T) (n int) {
	t.Helper()
	var found bool
	if err := h.db.Read(tenant.WithSystem(h.ctx), func(b *pg.Batch) { pg.Row(b.Queue("select count(*) from outbox"), &found, &n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNoEventWithoutACommit(t *testing.T) {
	t.Parallel()
	h := build(t)
	boom := errors.New("boom")
	err := h.db.Tx(h.ctx, func(ctx context.Context, tx *pg.Tx) error {
		return errors.Join(bus.Emit(ctx, &tx.Writes, "evt.room.jar.filled", id.New(), 1, wrapperspb.Int64(1)), boom)
	})
	if !errors.Is(err, boom) || h.outbox(t) != 0 {
		t.Errorf("%v, %d events wait", err, h.outbox(t))
	}
}

// The relay published and died before it could delete: the next one publishes again, and nothing happens twice.
func TestRelayCrashBetweenPublishAndDelete(t *testing.T) {
	t.Parallel()
	h := build(t)
	jar := id.New()
	h.emit(t, jar, 1)
	var e bus.Event
	if err := h.db.Read(tenant.WithSystem(h.ctx), func(b *pg.Batch) {
		var found bool
		pg.Row(b.Queue("select id, subject, tenant_id, aggregate_id, sequence, body from outbox"), &found,
			&e.ID, &e.Subject, &e.Tenant, &e.Aggregate, &e.Sequence, &e.Body)
	}); err != nil {
		t.Fatal(err)
	}
	bustest.Publish(t, h.js, e)
	h.emit(t, jar, 2)
	bustest.Run(t, h.db, h.js, consumer("crash"))
	h.awaitNotes(t, 1, 2)
	if events := bustest.Published(t, h.js, "evt.room.>", 2); events[0].ID != e.ID || events[1].Sequence != 2 {
		t.Errorf("the stream holds %+v", events)
	}
}

// A message that the stream could not recognise as known is still recognised by the inbox.
func TestRedeliveryHasNoSecondEffect(t *testing.T) {
	t.Parallel()
	h := build(t)
	jar, handled := id.New(), make(chan struct{}, 10)
	c := consumer("redelivery")
	c.After = func(context.Context, bus.Event) { handled <- struct{}{} }
	runner := bustest.Run(t, h.db, h.js, c)
	e := bus.Event{ID: id.New(), Subject: "evt.room.jar.filled", Tenant: tenant.Default(), Aggregate: jar, Sequence: 1, Time: time.Now()}
	bustest.Publish(t, h.js, e)
	<-handled
	bustest.PublishUnrecognised(t, h.js, e)
	eventually(t, "the second delivery", func() bool { return runner.Stats().Duplicates >= 1 })
	h.awaitNotes(t, 1)
}

func TestLatestOnlyDropsWhatIsOlder(t *testing.T) {
	t.Parallel()
	h := build(t)
	c := consumer("latest")
	c.LatestOnly = true
	jar, other := id.New(), id.New()
	for _, e := range []bus.Event{{Aggregate: jar, Sequence: 5}, {Aggregate: jar, Sequence: 4}, {Aggregate: other, Sequence: 1}, {Aggregate: jar, Sequence: 6}} {
		e.ID, e.Subject, e.Tenant = id.New(), "evt.room.jar.filled", tenant.Default()
		bustest.Publish(t, h.js, e)
	}
	bustest.Run(t, h.db, h.js, c)
	h.awaitNotes(t, 5, 1, 6)
}

func TestRepeatableIsNotWrittenDown(t *testing.T) {
	t.Parallel()
	h := build(t)
	c := consumer("repeatable")
	c.Repeatable = true
	e := bus.Event{ID: id.New(), Subject: "evt.room.jar.filled", Tenant: tenant.Default(), Aggregate: id.New(), Sequence: 1}
	var handled atomic.Int64
	c.Handle = func(ctx context.Context, tx *pg.Tx, e bus.Event, p any) error {
		if handled.Add(1) == 1 {
			return note(ctx, tx, e, p)
		}
		return nil
	}
	runner := bustest.Run(t, h.db, h.js, c)
	bustest.Publish(t, h.js, e)
	h.awaitNotes(t, 1)
	e.ID = id.New()
	bustest.Publish(t, h.js, e)
	eventually(t, "the second event", func() bool { return runner.Stats().Handled == 2 })
	var found bool
	var rows int
	if err := h.db.Read(h.ctx, func(b *pg.Batch) {
		pg.Row(b.Queue("select count(*) from inbox"), &found, &rows)
	}); err != nil {
		t.Fatal(err)
	}
	if rows != 0 {
		t.Errorf("%d rows in the inbox", rows)
	}
}

func TestPoisonIsBuriedAndTheRestGoesOn(t *testing.T) {
	t.Parallel()
	h := build(t)
	jar := id.New()
	var tries atomic.Int64
	c := consumer("poison")
	c.Handle = func(ctx context.Context, tx *pg.Tx, e bus.Event, p any) error {
		if e.Sequence == 2 {
			tries.Add(1)
			tx.Exec("insert into notes (aggregate_id, sequence) values ($1, $2)", e.Aggregate, e.Sequence)
			return errors.New("indigestible")
		}
		return note(ctx, tx, e, p)
	}
	runner := bus.NewRunner(bus.Config{LockURL: h.db.URL, Consumers: []bus.Consumer{c}, Tick: 50 * time.Millisecond, Attempts: 3},
		bus.Deps{DB: h.db.DB, JS: h.js, Logger: slog.New(slog.DiscardHandler), Now: time.Now})
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = runner.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	for i := range int64(3) {
		h.emit(t, jar, i+1)
	}
	h.awaitNotes(t, 1, 3)
	if tries.Load() != 3 {
		t.Errorf("tried %d times", tries.Load())
	}
	dead, err := h.js.Stream(h.ctx, "DEAD")
	if err != nil {
		t.Fatal(err)
	}
	msg, err := dead.GetLastMsgForSubject(h.ctx, "dead.poison.room.jar.filled")
	if err != nil || msg.Header.Get("Sov-Error") != "indigestible" || msg.Header.Get("Sov-Attempts") != "3" {
		t.Errorf("the dead letter is %+v, %v", msg, err)
	}
}

// An outage does not count as a failure of the event.
func TestOutagesAreWaitedOut(t *testing.T) {
	t.Parallel()
	h := build(t)
	var tries atomic.Int64
	c := consumer("outage")
	c.Prepare = func(context.Context, bus.Event) (any, error) {
		if tries.Add(1) <= 10 {
			return nil, fault.Unavailable("test.away", "It is away.")
		}
		return nil, nil
	}
	runner := bustest.Run(t, h.db, h.js, c)
	h.emit(t, id.New(), 1)
	h.awaitNotes(t, 1)
	if runner.Stats().Dead != 0 {
		t.Error("an event was buried because of an outage")
	}
}

// Two processes of a room: one works; when it goes, the other takes over where it was.
func TestAnotherProcessTakesOver(t *testing.T) {
	t.Parallel()
	h := build(t)
	jar := id.New()
	start := func() (*bus.Runner, func()) {
		runner := bus.NewRunner(bus.Config{LockURL: h.db.URL, Consumers: []bus.Consumer{consumer("takeover")}, Tick: 50 * time.Millisecond},
			bus.Deps{DB: h.db.Pool(t, 4), JS: h.js, Logger: slog.New(slog.DiscardHandler), Now: time.Now})
		ctx, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		wg.Go(func() { _ = runner.Run(ctx) })
		return runner, func() { cancel(); wg.Wait() }
	}
	first, stopFirst := start()
	eventually(t, "the first leads", func() bool { return first.Stats().Leading })
	second, stopSecond := start()
	defer stopSecond()
	h.emit(t, jar, 1)
	h.awaitNotes(t, 1)
	if second.Stats().Leading {
		t.Error("both lead")
	}
	stopFirst()
	h.emit(t, jar, 2)
	h.awaitNotes(t, 1, 2)
	if !second.Stats().Leading {
		t.Error("nobody leads")
	}
}

// The database cuts every connection in the middle; nothing is lost and nothing happens twice.
func TestDatabaseCutsConnections(t *testing.T) {
	t.Parallel()
	h := build(t)
	bustest.Run(t, h.db, h.js, consumer("cut"))
	jar := id.New()
	var want []int64
	for i := range int64(30) {
		if i%10 == 5 {
			h.cut(t)
		}
		h.emit(t, jar, i)
		want = append(want, i)
	}
	h.awaitNotes(t, want...)
}

func TestTenantsDoNotMix(t *testing.T) {
	t.Parallel()
	h := build(t)
	bustest.Run(t, h.db, h.js, consumer("tenants"))
	other := id.New() // the room has not heard of it yet
	e := bus.Event{ID: id.New(), Subject: "evt.room.jar.filled", Tenant: other, Aggregate: id.New(), Sequence: 7}
	bustest.Publish(t, h.js, e)
	theirs := h
	theirs.ctx = tenant.With(t.Context(), other)
	theirs.awaitNotes(t, 7)
	h.awaitNotes(t)
}
