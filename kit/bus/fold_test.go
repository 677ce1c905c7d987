package bus_test

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

// shelves is a consumer that folds: it brings what is noted of a jar up to what the shelf says now, as a copy of another room
// does.
type shelves struct {
	mu      sync.Mutex
	now     map[id.ID]int64 // what each jar holds
	asked   map[id.ID]int   // how often it was read
	folds   []int           // aggregates of each transaction that was prepared
	poison  map[id.ID]bool
	outages int
	tooMuch int           // aggregates that are too many
	meet    func() func() // runs when the shelf has been read, and what it returns before it is handed over
}

func newShelves() *shelves {
	return &shelves{now: map[id.ID]int64{}, asked: map[id.ID]int{}, poison: map[id.ID]bool{}}
}

func (s *shelves) put(jar id.ID, n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now[jar] = n
}

var errIndigestible = errors.New("indigestible")

func (s *shelves) consumer(name string, events, aggregates int) bus.Consumer {
	return bus.Consumer{Name: name, Subjects: []string{"evt.room.jar.filled"}, Fold: &bus.Fold{
		Events: events, Aggregates: aggregates, Prepare: s.prepare,
		Handle: func(_ context.Context, tx *pg.Tx, _ []bus.Event, prepared any) error {
			for jar, n := range prepared.(map[id.ID]int64) { //nolint:forcetypeassert // of prepare
				tx.Exec("delete from notes where aggregate_id = $1", jar)
				tx.Exec("insert into notes (aggregate_id, sequence) values ($1, $2)", jar, n)
			}
			return nil
		},
	}}
}

func (s *shelves) prepare(_ context.Context, events []bus.Event) (any, error) {
	read, meet, err := s.read(events)
	if meet != nil {
		meet()
	}
	return read, err
}

func (s *shelves) read(events []bus.Event) (map[id.ID]int64, func(), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.outages > 0 {
		s.outages--
		return nil, nil, fault.Unavailable("test.away", "It is away.")
	}
	read := map[id.ID]int64{}
	for _, e := range events {
		read[e.Aggregate] = s.now[e.Aggregate]
	}
	if s.tooMuch > 0 && len(read) >= s.tooMuch {
		return nil, nil, bus.ErrTooMuch
	}
	s.folds = append(s.folds, len(read))
	for jar := range read {
		s.asked[jar]++
		if s.poison[jar] {
			return nil, nil, errIndigestible
		}
	}
	var then func()
	if s.meet != nil {
		then = s.meet()
	}
	return read, then, nil
}

// impatient runs a process of its own that gives an event up after three attempts.
func (h house) impatient(t *testing.T, lockURL string, c bus.Consumer) *bus.Runner {
	t.Helper()
	runner := bus.NewRunner(bus.Config{LockURL: lockURL, Consumers: []bus.Consumer{c}, Tick: 50 * time.Millisecond, Attempts: 3},
		bus.Deps{DB: h.db.Pool(t, 4), JS: h.js, Logger: slog.New(slog.DiscardHandler), Now: time.Now})
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = runner.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return runner
}

func filled(jar id.ID, sequence int64) bus.Event {
	return bus.Event{ID: id.New(), Subject: "evt.room.jar.filled", Tenant: tenant.Default(), Aggregate: jar, Sequence: sequence}
}

// noted waits until the notes say of every jar what the shelf says.
func (h house) noted(t *testing.T, s *shelves) {
	t.Helper()
	eventually(t, "what is noted is what is on the shelf", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		for jar, n := range s.now {
			if h.note(t, jar) != n && !s.poison[jar] {
				return false
			}
		}
		return true
	})
}

func (h house) note(t *testing.T, jar id.ID) (n int64) {
	t.Helper()
	var found bool
	if err := h.db.Read(h.ctx, func(b *pg.Batch) {
		pg.Row(b.Queue("select sequence from notes where aggregate_id = $1", jar), &found, &n)
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// What waits is handled together, each jar once for all its events, in transactions that are not about too many.
func TestWhatWaitsIsFolded(t *testing.T) {
	t.Parallel()
	h := build(t)
	s := newShelves()
	jars := make([]id.ID, 10)
	for i := range jars {
		jars[i] = id.New()
	}
	for i := range int64(500) {
		jar := jars[i%10]
		s.put(jar, i)
		bustest.Publish(t, h.js, filled(jar, i))
	}
	runner := bustest.Run(t, h.db, h.js, s.consumer("folds", 500, 4))
	h.noted(t, s)
	eventually(t, "all events are handled", func() bool { return runner.Stats().Handled == 500 })
	// Four, four and two jars. The stream may give out an event that waits alone, so none is more than twice.
	if stats := runner.Stats(); stats.Folds > 6 || stats.Duplicates > 0 {
		t.Errorf("%+v", stats)
	}
	for jar, n := range s.asked {
		if n > 2 {
			t.Errorf("the jar %s was read %d times", jar, n)
		}
	}
	for _, n := range s.folds {
		if n > 4 {
			t.Errorf("a transaction was about %d jars", n)
		}
	}
}

// A consumer of an earlier release, which took one event at a time, goes on where it was when it begins to fold.
func TestAConsumerBeginsToFold(t *testing.T) {
	t.Parallel()
	h := build(t)
	s := newShelves()
	jar := id.New()
	s.put(jar, 1)
	before := consumer("begins")
	handled := make(chan struct{}, 1)
	before.After = func(context.Context, bus.Event) { handled <- struct{}{} }
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- bus.NewRunner(bus.Config{LockURL: h.db.URL, Consumers: []bus.Consumer{before}}, bus.Deps{DB: h.db.DB, JS: h.js, Logger: slog.New(slog.DiscardHandler), Now: time.Now}).Run(ctx)
	}()
	bustest.Publish(t, h.js, filled(jar, 1))
	<-handled
	stop()
	<-done
	for i := range int64(100) {
		s.put(jar, i+2)
		bustest.Publish(t, h.js, filled(jar, i+2))
	}
	runner := bustest.Run(t, h.db, h.js, s.consumer("begins", 200, 50))
	h.noted(t, s)
	eventually(t, "all are handled", func() bool { return runner.Stats().Handled+runner.Stats().Duplicates >= 100 })
	// The one it was stopped at may come again.
	if stats := runner.Stats(); stats.Folds > 2 || stats.Handled != 100 || stats.Duplicates > 1 {
		t.Errorf("%+v", stats)
	}
}

// An event that is alone does not wait for others.
func TestAnEventAloneIsHandledAlone(t *testing.T) {
	t.Parallel()
	h := build(t)
	s := newShelves()
	runner := bustest.Run(t, h.db, h.js, s.consumer("alone", 500, 100))
	for i := range int64(5) {
		jar := id.New()
		s.put(jar, i+1)
		bustest.Publish(t, h.js, filled(jar, 1))
		eventually(t, "it is handled", func() bool { return runner.Stats().Handled == i+1 })
	}
	h.noted(t, s)
	if stats := runner.Stats(); stats.Folds != 5 {
		t.Errorf("%+v", stats)
	}
}

// A jar that cannot be handled is a dead letter for each of its events, and none of the others waits for it. It is tried as a
// whole, as often as an event is.
func TestAPoisonedFold(t *testing.T) {
	t.Parallel()
	h := build(t)
	s := newShelves()
	var bad id.ID
	for i := range int64(40) {
		jar := id.New()
		s.put(jar, i+1)
		bustest.Publish(t, h.js, filled(jar, 1))
		if i == 17 {
			bad = jar
			s.poison[jar] = true
			for n := range int64(9) {
				bustest.Publish(t, h.js, filled(jar, n+2))
			}
		}
	}
	runner := h.impatient(t, h.db.URL, s.consumer("poisoned", 100, 50))
	h.noted(t, s)
	eventually(t, "its events are dead letters", func() bool { return runner.Stats().Dead == 10 })
	s.mu.Lock()
	// Halved from forty jars on, and then three attempts, of which the first ended the halving. Not once for each event.
	if s.asked[bad] > 9 {
		t.Errorf("it was tried %d times", s.asked[bad])
	}
	s.poison = map[id.ID]bool{}
	s.mu.Unlock()
	letters := 0
	if err := bus.EachLetter(h.ctx, h.js, bus.LetterFilter{Consumer: "poisoned"}, func(l bus.Letter) error {
		letters++
		if l.Aggregate != bad.String() || l.Attempts != 3 || l.Error != "indigestible" {
			t.Errorf("the letter is %+v", l)
		}
		return nil
	}); err != nil || letters != 10 {
		t.Errorf("%d letters, %v", letters, err)
	}
	if n, err := bus.Replay(h.ctx, h.js, bus.LetterFilter{}); err != nil || n != 10 {
		t.Fatalf("replayed %d, %v", n, err)
	}
	h.noted(t, s)
	eventually(t, "the letters are gone", func() bool {
		counts, err := bus.CountLetters(h.ctx, h.js, "")
		return err == nil && len(counts) == 0
	})
}

// What cannot be parsed is buried, and what stands around it is handled.
func TestAFoldWithABrokenMessage(t *testing.T) {
	t.Parallel()
	h := build(t)
	s := newShelves()
	for i := range int64(3) {
		jar := id.New()
		s.put(jar, i+1)
		bustest.Publish(t, h.js, filled(jar, 1))
		if _, err := h.js.Publish(h.ctx, "evt.room.jar.filled", []byte("?")); err != nil {
			t.Fatal(err)
		}
	}
	runner := bustest.Run(t, h.db, h.js, s.consumer("broken", 100, 50))
	h.noted(t, s)
	eventually(t, "the broken ones are dead letters", func() bool { return runner.Stats().Dead == 3 && runner.Stats().Handled == 3 })
}

// What is too much at once comes in halves, and an outage is waited out, as a whole and without counting.
func TestAFoldThatIsTooMuchAndAnOutage(t *testing.T) {
	t.Parallel()
	h := build(t)
	s := newShelves()
	s.tooMuch, s.outages = 3, 5
	for i := range int64(20) {
		jar := id.New()
		s.put(jar, i+1)
		bustest.Publish(t, h.js, filled(jar, 1))
	}
	runner := h.impatient(t, h.db.URL, s.consumer("halves", 100, 50))
	h.noted(t, s)
	eventually(t, "all are handled", func() bool { return runner.Stats().Handled == 20 })
	for jar, n := range s.asked {
		if n != 1 {
			t.Errorf("the jar %s was read %d times", jar, n)
		}
	}
	if runner.Stats().Dead != 0 {
		t.Error("events were buried")
	}
}

// An event that comes again, in the same fold or in a later one, has no second effect, and nothing is read for it.
func TestAFoldKnowsWhatItHandled(t *testing.T) {
	t.Parallel()
	h := build(t)
	s := newShelves()
	jar, other := id.New(), id.New()
	s.put(jar, 1)
	s.put(other, 2)
	e := filled(jar, 1)
	bustest.Publish(t, h.js, e)
	bustest.PublishUnrecognised(t, h.js, e)
	runner := bustest.Run(t, h.db, h.js, s.consumer("knows", 100, 50))
	eventually(t, "the second delivery", func() bool { return runner.Stats().Handled == 1 && runner.Stats().Duplicates == 1 })
	bustest.PublishUnrecognised(t, h.js, e)
	eventually(t, "the third delivery", func() bool { return runner.Stats().Duplicates == 2 })
	bustest.Publish(t, h.js, filled(other, 1))
	h.noted(t, s)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked[jar] != 1 {
		t.Errorf("it was read %d times", s.asked[jar])
	}
}

// Tenants have transactions of their own, also when their events alternate.
func TestAFoldOfManyTenants(t *testing.T) {
	t.Parallel()
	h := build(t)
	s := newShelves()
	jar, theirs, other := id.New(), id.New(), id.New()
	s.put(jar, 5)
	for i := range int64(6) {
		e := filled(jar, i)
		if i%2 == 1 {
			e.Tenant, e.Aggregate = other, theirs // a shop the room has not heard of yet
		}
		bustest.Publish(t, h.js, e)
	}
	s.mu.Lock()
	s.now[theirs] = 7
	s.mu.Unlock()
	runner := bustest.Run(t, h.db, h.js, s.consumer("many-tenants", 100, 50))
	eventually(t, "all are handled", func() bool { return runner.Stats().Handled == 6 })
	foreign := house{ctx: tenant.With(t.Context(), other), db: h.db, js: h.js}
	if ours, foreigners := h.note(t, jar), foreign.note(t, theirs); ours != 5 || foreigners != 7 || h.note(t, theirs) != 0 || foreign.note(t, jar) != 0 {
		t.Errorf("noted %d and %d", ours, foreigners)
	}
}

// A process that was thought dead has read a jar, and does not write what it read once another process has written what
// came after.
func TestAFoldThatWasOvertaken(t *testing.T) {
	t.Parallel()
	h := build(t)
	s := newShelves()
	jar := id.New()
	c := s.consumer("overtaken", 100, 50)
	slow := h.impatient(t, h.db.URL, c)
	// Locks belong to a database: to whoever locks in another one, nobody leads.
	elsewhere, err := url.Parse(h.db.AdminURL)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere.Path = "/template1"
	var quick *bus.Runner
	s.meet = func() func() {
		s.meet = nil // the first only; the lock is held
		return func() {
			s.put(jar, 2)
			bustest.Publish(t, h.js, filled(jar, 2))
			quick = h.impatient(t, elsewhere.String(), c)
			eventually(t, "the other process has handled the second event", func() bool { return quick.Stats().Handled == 1 })
		}
	}
	s.put(jar, 1)
	bustest.Publish(t, h.js, filled(jar, 1))
	eventually(t, "the first event is handled", func() bool { return slow.Stats().Handled == 1 })
	if n := h.note(t, jar); n != 2 {
		t.Errorf("%d is noted, which the slow process had read", n)
	}
	if s.asked[jar] != 3 {
		t.Errorf("it was read %d times", s.asked[jar])
	}
}

// Processes end in the middle of folds, before and after they commit; in the end all is noted.
func TestFoldsThatAreCutOff(t *testing.T) {
	t.Parallel()
	h := build(t)
	s := newShelves()
	jars := make([]id.ID, 30)
	for i := range jars {
		jars[i] = id.New()
	}
	c := s.consumer("cut-off", 40, 8)
	handle := c.Fold.Handle
	turn := func(round int) {
		ctx, cancel := context.WithCancel(pgtest.Context(t))
		defer cancel()
		here := c
		fold := *c.Fold
		here.Fold = &fold
		n := 0
		switch round % 3 {
		case 0: // the effect is queued and not committed
			fold.Handle = func(ctx context.Context, tx *pg.Tx, events []bus.Event, prepared any) error {
				if n++; n == 3 {
					cancel()
				}
				return handle(ctx, tx, events, prepared)
			}
		case 1: // it is committed, and not all are acknowledged
			here.After = func(context.Context, bus.Event) {
				if n++; n == 20 {
					cancel()
				}
			}
		case 2: // every connection is gone
			fold.Handle = func(ctx context.Context, tx *pg.Tx, events []bus.Event, prepared any) error {
				if n++; n == 2 {
					h.cut(t)
				}
				if n == 4 {
					cancel()
				}
				return handle(ctx, tx, events, prepared)
			}
		}
		runner := bus.NewRunner(bus.Config{LockURL: h.db.URL, Consumers: []bus.Consumer{here}, Tick: 50 * time.Millisecond},
			bus.Deps{DB: h.db.DB, JS: h.js, Logger: slog.New(slog.DiscardHandler), Now: time.Now})
		_ = runner.Run(ctx)
		if ctx.Err() == nil {
			t.Error("it ended by itself")
		}
	}
	for round := range 6 {
		for i := range int64(200) {
			jar := jars[(int(i)*7+round)%len(jars)]
			s.put(jar, int64(round)*1000+i)
			bustest.Publish(t, h.js, filled(jar, i))
		}
		turn(round)
	}
	runner := bustest.Run(t, h.db, h.js, c)
	h.noted(t, s)
	eventually(t, "nothing waits", func() bool {
		lag, err := bus.LagOf(h.ctx, h.js, c)
		return err == nil && lag.Pending == 0
	})
	if runner.Stats().Dead != 0 {
		t.Errorf("%+v", runner.Stats())
	}
}
