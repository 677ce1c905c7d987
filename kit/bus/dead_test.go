package bus_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// patient is a room whose consumer "frail" fails while it is broken, beside "sound", which never does.
type patient struct {
	house

	broken       atomic.Bool
	frail, sound atomic.Int64 // times an effect was committed
	stop         func()
}

func newPatient(t *testing.T) *patient {
	t.Helper()
	p := &patient{house: build(t)}
	p.broken.Store(true)
	p.start(t)
	return p
}

func (p *patient) start(t *testing.T) {
	t.Helper()
	frail, sound := consumer("frail"), consumer("sound")
	frail.Handle = func(ctx context.Context, tx *pg.Tx, e bus.Event, prepared any) error {
		if p.broken.Load() {
			return errors.New("indigestible")
		}
		return note(ctx, tx, e, prepared)
	}
	frail.After = func(context.Context, bus.Event) { p.frail.Add(1) }
	sound.Handle = func(context.Context, *pg.Tx, bus.Event, any) error { return nil }
	sound.After = func(context.Context, bus.Event) { p.sound.Add(1) }
	runner := bus.NewRunner(bus.Config{LockURL: p.db.URL, Consumers: []bus.Consumer{frail, sound}, Tick: 50 * time.Millisecond, Attempts: 2},
		bus.Deps{DB: p.db.DB, JS: p.js, Logger: slog.New(slog.DiscardHandler), Now: time.Now})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = runner.Run(ctx) })
	p.stop = sync.OnceFunc(func() { cancel(); running.Wait() })
	t.Cleanup(func() { p.stop() })
}

func (p *patient) letters(t *testing.T, f bus.LetterFilter) []bus.Letter {
	t.Helper()
	var out []bus.Letter
	if err := bus.EachLetter(p.ctx, p.js, f, func(l bus.Letter) error { out = append(out, l); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func (p *patient) awaitLetters(t *testing.T, n int) []bus.Letter {
	t.Helper()
	eventually(t, fmt.Sprintf("%d dead letters", n), func() bool { return len(p.letters(t, bus.LetterFilter{})) == n })
	return p.letters(t, bus.LetterFilter{})
}

func (p *patient) replay(t *testing.T, f bus.LetterFilter, want int) {
	t.Helper()
	if n, err := bus.Replay(p.ctx, p.js, f); err != nil || n != want {
		t.Fatalf("replayed %d, %v; want %d", n, err, want)
	}
}

func TestDeadLettersTellWhatHappened(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	jar := id.New()
	p.emit(t, jar, 1)
	p.emit(t, jar, 2)
	letters := p.awaitLetters(t, 2)
	event := bustest.Published(t, p.js, "evt.room.>", 2)[1]
	got := letters[1]
	if got.Consumer != "frail" || got.Subject != "evt.room.jar.filled" || got.Event != event.ID.String() || got.Tenant != event.Tenant.String() ||
		got.Aggregate != jar.String() || got.Error != "indigestible" || got.Attempts != 2 || time.Since(got.Time) > time.Minute {
		t.Errorf("the letter is %+v", got)
	}
	for filter, want := range map[bus.LetterFilter]int{
		{Consumer: "frail"}: 2, {Consumer: "sound"}: 0, {Consumer: "fra"}: 0, {Event: got.Event}: 1, {Tenant: got.Tenant}: 2,
		{Tenant: id.New().String()}: 0, {Subject: "evt.room"}: 2, {Subject: "evt.other"}: 0, {Consumer: "frail", Event: got.Event}: 1,
	} {
		if n := len(p.letters(t, filter)); n != want {
			t.Errorf("%+v finds %d, want %d", filter, n, want)
		}
	}
	counts, err := bus.CountLetters(p.ctx, p.js, "")
	if err != nil || counts["frail"] != 2 || len(counts) != 1 {
		t.Errorf("counted %v, %v", counts, err)
	}
}

// A mended consumer handles what it is given again; nobody else hears of it, and the letters are gone.
func TestReplayReachesTheOneThatFailed(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	jar := id.New()
	for i := range int64(3) {
		p.emit(t, jar, i+1)
	}
	letters := p.awaitLetters(t, 3)
	p.broken.Store(false)
	p.replay(t, bus.LetterFilter{Event: letters[1].Event}, 1)
	p.awaitNotes(t, 2)
	p.awaitLetters(t, 2)
	p.replay(t, bus.LetterFilter{Consumer: "frail"}, 2)
	p.awaitNotes(t, 2, 1, 3)
	p.awaitLetters(t, 0)
	p.emit(t, jar, 4) // by then everything before has come to everybody
	p.awaitNotes(t, 2, 1, 3, 4)
	eventually(t, "the sound one has seen the last", func() bool { return p.sound.Load() >= 4 })
	if n := p.sound.Load(); n != 4 {
		t.Errorf("the other consumer was given %d events, want 4", n)
	}
	p.replay(t, bus.LetterFilter{}, 0)
}

// What fails again is a dead letter again: one, with the new reason, and it can be replayed at once.
func TestReplayThatFailsAgain(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.emit(t, id.New(), 1)
	first := p.awaitLetters(t, 1)[0]
	for range 3 {
		before := p.awaitLetters(t, 1)[0]
		p.replay(t, bus.LetterFilter{}, 1)
		eventually(t, "a new letter in the old one's place", func() bool {
			now := p.letters(t, bus.LetterFilter{})
			return len(now) == 1 && now[0].Sequence > before.Sequence && now[0].Event == first.Event && now[0].Subject == first.Subject
		})
	}
	p.broken.Store(false)
	p.replay(t, bus.LetterFilter{}, 1)
	p.awaitNotes(t, 1)
	p.awaitLetters(t, 0)
}

// Two people replay at once, and once more before anything was handled: every letter is handled once.
func TestReplaysAtOnce(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	jar := id.New()
	var want []int64
	for i := range int64(10) {
		p.emit(t, jar, i)
		want = append(want, i)
	}
	p.awaitLetters(t, 10)
	p.broken.Store(false)
	p.stop()
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			for range 2 {
				if n, err := bus.Replay(p.ctx, p.js, bus.LetterFilter{}); err != nil || n != 10 {
					t.Errorf("replayed %d, %v", n, err)
				}
			}
		})
	}
	both.Wait()
	before := p.frail.Load()
	p.start(t)
	p.awaitNotes(t, want...)
	p.awaitLetters(t, 0)
	p.emit(t, jar, 10)
	p.awaitNotes(t, append(want, 10)...)
	eventually(t, "all handled", func() bool { return p.frail.Load()-before >= 11 })
	if n := p.frail.Load() - before; n != 11 {
		t.Errorf("%d were handled, want 11", n)
	}
}

// The stream has forgotten that a letter was sent, so it is sent twice; the second finds no letter and does nothing, also with
// a consumer that writes nothing down.
func TestReplayAfterTheStreamForgot(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.emit(t, id.New(), 1)
	letter := p.awaitLetters(t, 1)[0]
	p.broken.Store(false)
	p.replay(t, bus.LetterFilter{}, 1)
	p.awaitNotes(t, 1)
	p.awaitLetters(t, 0)
	eventually(t, "the first is counted", func() bool { return p.frail.Load() == 1 }) // after its effect
	stream, err := p.js.Stream(p.ctx, "EVT")
	if err != nil {
		t.Fatal(err)
	}
	sent, err := stream.GetLastMsgForSubject(p.ctx, "again.frail.room.jar.filled")
	if err != nil {
		t.Fatal(err)
	}
	copied := nats.NewMsg(sent.Subject)
	copied.Header, copied.Data = sent.Header, sent.Data
	copied.Header.Set(jetstream.MsgIDHeader, "forgotten")
	if _, err := p.js.PublishMsg(p.ctx, copied); err != nil {
		t.Fatal(err)
	}
	p.emit(t, id.New(), 2)
	p.awaitNotes(t, 1, 2)
	eventually(t, "the last is counted", func() bool { return p.frail.Load() >= 2 })
	if n := p.frail.Load() - 1; n != 1 {
		t.Errorf("%d were handled after letter %d was settled, want 1", n, letter.Sequence)
	}
}

// The process dies after the effect and before the letter is removed: the effect stays one, and the letter goes.
func TestReplayAndAKillInBetween(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.emit(t, id.New(), 1)
	letter := p.awaitLetters(t, 1)[0]
	p.stop()
	p.broken.Store(false)
	// What the dead process had committed.
	if err := p.db.Write(p.ctx, func(w *pg.Writes) error {
		w.Exec("insert into inbox (consumer, event_id) values ('frail', $1)", letter.Event)
		w.Exec("insert into notes (aggregate_id, sequence) values ($1, 1)", letter.Aggregate)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	p.replay(t, bus.LetterFilter{}, 1)
	p.start(t)
	p.awaitLetters(t, 0)
	p.awaitNotes(t, 1)
}

// While nobody consumes, a replayed letter stays where it is seen.
func TestReplayIsNoLoss(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.emit(t, id.New(), 1)
	p.awaitLetters(t, 1)
	p.stop()
	p.replay(t, bus.LetterFilter{}, 1)
	if n := len(p.letters(t, bus.LetterFilter{})); n != 1 {
		t.Fatalf("%d letters lie there, want 1", n)
	}
	p.broken.Store(false)
	p.start(t)
	p.awaitNotes(t, 1)
	p.awaitLetters(t, 0)
}

// A letter of a consumer that is no more is told of, and stays.
func TestReplayWithoutAConsumer(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	dead := nats.NewMsg("dead.gone.room.jar.filled")
	dead.Header.Set("Sov-Event", id.New().String())
	if _, err := p.js.PublishMsg(p.ctx, dead); err != nil {
		t.Fatal(err)
	}
	p.broken.Store(true)
	p.emit(t, id.New(), 1)
	p.awaitLetters(t, 2)
	p.broken.Store(false)
	if n, err := bus.Replay(p.ctx, p.js, bus.LetterFilter{}); !errors.Is(err, bus.ErrNoConsumer) || n != 1 {
		t.Errorf("replayed %d, %v", n, err)
	}
	p.awaitNotes(t, 1)
	if letters := p.awaitLetters(t, 1); letters[0].Consumer != "gone" {
		t.Errorf("%+v is left", letters)
	}
}

// What is no event at all is buried and can be replayed like any other: it comes back.
func TestWhatIsNoEventIsBuriedToo(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	if _, err := p.js.PublishMsg(p.ctx, nats.NewMsg("evt.room.jar.filled")); err != nil {
		t.Fatal(err)
	}
	before := p.awaitLetters(t, 2) // both consumers
	p.replay(t, bus.LetterFilter{Consumer: "sound"}, 1)
	eventually(t, "a new letter", func() bool {
		now := p.letters(t, bus.LetterFilter{Consumer: "sound"})
		return len(now) == 1 && now[0].Sequence > before[1].Sequence && now[0].Subject == "evt.room.jar.filled"
	})
}
