package idem_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/idem"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func table() fstest.MapFS {
	return fstest.MapFS{"00001_idempotency.sql": {Data: []byte(`-- +goose Up
create table idempotency (
    key         bytea       not null,
    tenant_id   uuid        not null default current_tenant() references tenants (id),
    request     bytea       not null,
    claim       uuid        not null,
    claimed_at  timestamptz not null,
    status      integer,
    header      bytea,
    body        bytea,
    expires_at  timestamptz not null,
    primary key (tenant_id, key)
);
create index idempotency_expires_at on idempotency (expires_at);
call protect('idempotency', true);`)}}
}

// clock is moved by hand.
type clock struct{ offset atomic.Int64 }

func (c *clock) now() time.Time       { return time.Now().Add(time.Duration(c.offset.Load())) }
func (c *clock) move(d time.Duration) { c.offset.Add(int64(d)) }
func scope(key string) idem.Scope     { return idem.Scope{Caller: "ada", Route: "POST /orders", Key: key} }
func answer(s string) idem.Answer {
	return idem.Answer{Status: 201, Header: []byte("h"), Body: []byte(s)}
}
func neverRun(t *testing.T) func(context.Context) (idem.Answer, bool) {
	return func(context.Context) (idem.Answer, bool) {
		t.Error("the work ran again")
		return idem.Answer{}, false
	}
}

func open(t *testing.T) (*idem.Store, *clock, *pgtest.DB) {
	t.Helper()
	db := pgtest.New(t, "gateway", table())
	c := &clock{}
	return idem.New(idem.Config{}, db.DB, c.now), c, db
}

func TestManyAtOnceRunOnce(t *testing.T) {
	t.Parallel()
	s, _, db := open(t)
	pgtest.Isolation(t, db)
	ctx := pgtest.Context(t)
	var runs, replays atomic.Int64
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			got, replayed, err := s.Do(ctx, scope("k"), []byte("body"), time.Hour, func(context.Context) (idem.Answer, bool) {
				return answer(fmt.Sprint("run ", runs.Add(1))), true
			})
			if err != nil || string(got.Body) != "run 1" || got.Status != 201 || string(got.Header) != "h" {
				t.Errorf("%+v, %v", got, err)
			}
			if replayed {
				replays.Add(1)
			}
		})
	}
	wg.Wait()
	if runs.Load() != 1 || replays.Load() != 49 {
		t.Errorf("%d runs, %d replays", runs.Load(), replays.Load())
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	s, _, db := open(t)
	ctx := pgtest.Context(t)
	do := func(ctx context.Context, sc idem.Scope, body, result string) (string, error) {
		a, _, err := s.Do(ctx, sc, []byte(body), time.Hour, func(context.Context) (idem.Answer, bool) { return answer(result), true })
		return string(a.Body), err
	}
	if got, err := do(ctx, scope("k"), "a", "first"); got != "first" || err != nil {
		t.Fatal(got, err)
	}
	if _, err := do(ctx, scope("k"), "b", "second"); !errors.Is(err, idem.ErrKeyReused) {
		t.Errorf("another body: %v", err)
	}
	other := scope("k")
	other.Caller = "eve"
	if got, err := do(ctx, other, "a", "hers"); got != "hers" || err != nil {
		t.Errorf("another caller: %s, %v", got, err)
	}
	route := scope("k")
	route.Route = "POST /refunds"
	if got, err := do(ctx, route, "a", "refund"); got != "refund" || err != nil {
		t.Errorf("another route: %s, %v", got, err)
	}
	second := id.New()
	if err := db.Write(tenant.WithSystem(ctx), func(w *pg.Writes) error {
		w.Exec("insert into tenants (id) values ($1)", second)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if got, err := do(tenant.With(ctx, second), scope("k"), "a", "theirs"); got != "theirs" || err != nil {
		t.Errorf("another tenant: %s, %v", got, err)
	}
}

func TestWhatIsNotStoredIsTriedAgain(t *testing.T) {
	t.Parallel()
	s, _, _ := open(t)
	ctx := pgtest.Context(t)
	if a, _, err := s.Do(ctx, scope("k"), nil, time.Hour, func(context.Context) (idem.Answer, bool) { return idem.Answer{Status: 503}, false }); a.Status != 503 || err != nil {
		t.Fatal(a, err)
	}
	if a, replayed, err := s.Do(ctx, scope("k"), nil, time.Hour, func(context.Context) (idem.Answer, bool) { return answer("later"), true }); string(a.Body) != "later" || replayed || err != nil {
		t.Error(a, replayed, err)
	}
}

func TestDeadClaimerIsReplaced(t *testing.T) {
	t.Parallel()
	s, c, _ := open(t)
	ctx := pgtest.Context(t)
	started := make(chan struct{})
	release := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		// This one hangs past its lease, as a process that died would, and comes back when another has answered.
		_, _, _ = s.Do(ctx, scope("k"), nil, time.Hour, func(context.Context) (idem.Answer, bool) {
			close(started)
			<-release
			return answer("late"), true
		})
	})
	<-started
	short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	if _, _, err := s.Do(short, scope("k"), nil, time.Hour, neverRun(t)); !errors.Is(err, idem.ErrInProgress) {
		t.Errorf("while it runs: %v", err)
	}
	c.move(time.Minute) // longer than a lease, in less than a sign of life takes
	if a, _, err := s.Do(ctx, scope("k"), nil, time.Hour, func(context.Context) (idem.Answer, bool) { return answer("second"), true }); string(a.Body) != "second" || err != nil {
		t.Error(a, err)
	}
	close(release)
	wg.Wait()
	if a, replayed, err := s.Do(ctx, scope("k"), nil, time.Hour, neverRun(t)); string(a.Body) != "second" || !replayed || err != nil {
		t.Error(string(a.Body), replayed, err)
	}
}

// Work that takes longer than a lease keeps its claim.
func TestLongWorkKeepsItsClaim(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, "gateway", table())
	s := idem.New(idem.Config{Lease: time.Second}, db.DB, time.Now)
	ctx := pgtest.Context(t)
	started, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		a, _, err := s.Do(ctx, scope("k"), nil, time.Hour, func(context.Context) (idem.Answer, bool) {
			close(started)
			<-release
			return answer("long"), true
		})
		if string(a.Body) != "long" || err != nil {
			t.Error(a, err)
		}
	})
	<-started
	short, cancel := context.WithTimeout(ctx, 3*time.Second) // three leases
	defer cancel()
	if _, _, err := s.Do(short, scope("k"), nil, time.Hour, neverRun(t)); !errors.Is(err, idem.ErrInProgress) {
		t.Errorf("got %v", err)
	}
	close(release)
	wg.Wait()
}

// Work that panics frees its key and leaves nobody behind who keeps the claim alive.
func TestPanicFreesTheKey(t *testing.T) {
	t.Parallel()
	s, _, _ := open(t)
	ctx := pgtest.Context(t)
	func() {
		defer func() { _ = recover() }()
		_, _, _ = s.Do(ctx, scope("k"), nil, time.Hour, func(context.Context) (idem.Answer, bool) { panic("a bug") })
	}()
	if a, replayed, err := s.Do(ctx, scope("k"), nil, time.Hour, func(context.Context) (idem.Answer, bool) { return answer("second"), true }); string(a.Body) != "second" || replayed || err != nil {
		t.Error(a, replayed, err)
	}
}

// The answer of work that took longer than writing it may is stored all the same.
func TestSlowWorkIsStored(t *testing.T) {
	t.Parallel()
	s, _, _ := open(t)
	ctx := pgtest.Context(t)
	slow := time.NewTimer(6 * time.Second)
	defer slow.Stop()
	if _, _, err := s.Do(ctx, scope("k"), nil, time.Hour, func(context.Context) (idem.Answer, bool) { <-slow.C; return answer("first"), true }); err != nil {
		t.Fatal(err)
	}
	if a, replayed, err := s.Do(ctx, scope("k"), nil, time.Hour, neverRun(t)); string(a.Body) != "first" || !replayed || err != nil {
		t.Error(a, replayed, err)
	}
}

func TestExpiryAndSweep(t *testing.T) {
	t.Parallel()
	s, c, _ := open(t)
	ctx := pgtest.Context(t)
	run := func(result string) string {
		a, _, err := s.Do(ctx, scope("k"), nil, time.Hour, func(context.Context) (idem.Answer, bool) { return answer(result), true })
		if err != nil {
			t.Fatal(err)
		}
		return string(a.Body)
	}
	if run("one") != "one" || run("two") != "one" {
		t.Fatal("no replay")
	}
	c.move(2 * time.Hour)
	if got := run("three"); got != "three" {
		t.Errorf("after it expired: %s", got)
	}
	c.move(2 * time.Hour)
	if n, err := s.Sweep(t.Context()); n != 1 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
}

// Answers are stored behind those who get them, together, and none is left behind when the process stops.
func TestRunEndsWhenAllIsStored(t *testing.T) {
	t.Parallel()
	s, _, db := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ran := make(chan error, 1)
	go func() { ran <- s.Run(ctx) }()
	const many = 50
	before := db.Statements()
	var wg sync.WaitGroup
	for i := range many {
		wg.Go(func() {
			tenantCtx := tenant.With(t.Context(), tenant.Default())
			if _, _, err := s.Do(tenantCtx, scope(fmt.Sprint(i)), nil, time.Hour, func(context.Context) (idem.Answer, bool) { return answer("a"), true }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	cancel()
	if err := <-ran; err != nil {
		t.Fatal(err)
	}
	if n := db.Statements() - before; n < 2*many { // each is claimed, and each is stored
		t.Errorf("%d statements for %d answers: some are not stored", n, many)
	}
	for i := range many {
		_, replayed, err := s.Do(tenant.With(t.Context(), tenant.Default()), scope(fmt.Sprint(i)), nil, time.Hour, neverRun(t))
		if err != nil || !replayed {
			t.Errorf("answer %d: replayed %t, %v", i, replayed, err)
		}
	}
}
