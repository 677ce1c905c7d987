package attack

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

func checkout(cart, secret, key string) try {
	return try{method: "POST", path: "/store/v1/carts/" + cart + "/checkout", body: `{"paymentMethod":"manual"}`,
		header: map[string]string{"X-Cart-Token": secret, "Idempotency-Key": key}}
}

func (a reply) replays(t *testing.T, first reply) {
	t.Helper()
	if a.status != first.status || a.body != first.body || a.header.Get("Location") != first.header.Get("Location") ||
		!slices.Equal(a.header["Set-Cookie"], first.header["Set-Cookie"]) || a.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("not a replay: %d %v %.200s\nof %d %v %.200s", a.status, a.header, a.body, first.status, first.header, first.body)
	}
}

func TestFiftyDuplicatesMakeOneOrder(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	cart := id.New().String()
	hold := make(chan struct{})
	s.orders.hold.Store(&hold)
	answers := make([]reply, 50)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			var err error
			if answers[i], err = exchange(t.Context(), s.url, checkout(cart, "secret", "k")); err != nil {
				t.Error(err)
			}
		})
	}
	close(hold)
	wg.Wait()
	replayed := 0
	for _, a := range answers {
		if a.status != http.StatusCreated || a.body != answers[0].body {
			t.Errorf("%d %.200s", a.status, a.body)
		}
		if a.header.Get("Idempotent-Replayed") == "true" {
			replayed++
		}
	}
	if n := s.orders.placed.Load(); n != 1 || replayed != len(answers)-1 {
		t.Errorf("%d orders, %d replays", n, replayed)
	}
}

func TestReplayAfterARestart(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	cart := id.New().String()
	first := s.want(t, http.StatusCreated, checkout(cart, "secret", "k"))
	_, url := s.serve(t) // another process on the same rows
	send(t, url, checkout(cart, "secret", `"k"`)).replays(t, first)
	reused := checkout(cart, "secret", "k")
	reused.body = `{"paymentMethod":"other"}`
	if a := send(t, url, reused); a.status != http.StatusUnprocessableEntity || a.code() != "idempotency.key_reused" {
		t.Errorf("another body: %d %s", a.status, a.body)
	}
	spelled := checkout(cart, "secret", "k")
	spelled.body = " {\n\t\"paymentMethod\": \"manual\" }"
	send(t, url, spelled).replays(t, first)
	if n := s.orders.placed.Load(); n != 1 {
		t.Errorf("%d orders", n)
	}
}

func TestKeysAreRequiredAndBounded(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	for key, code := range map[string]string{"": "idempotency.key_required", `""`: "idempotency.key_required", strings.Repeat("k", 256): "idempotency.key_too_long"} {
		if a := s.want(t, http.StatusBadRequest, checkout(id.New().String(), "secret", key)); a.code() != code {
			t.Errorf("key of %d: %s", len(key), a.body)
		}
	}
	s.want(t, http.StatusCreated, checkout(id.New().String(), "secret", strings.Repeat("k", 255)))
	owner := s.token(t, auth.Staff, "owner", tenant.Default())
	for _, path := range []string{"payments", "refunds"} {
		a := s.want(t, http.StatusBadRequest, try{method: "POST", path: "/admin/v1/orders/" + id.New().String() + "/" + path,
			body: `{"method":"cash","amount":{"amount":1,"currency":"EUR"}}`, header: map[string]string{"Authorization": "Bearer " + owner}})
		if a.code() != "idempotency.key_required" {
			t.Errorf("%s: %s", path, a.body)
		}
	}
}

func TestAKeyIsNotAnothers(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	cart := id.New().String()
	first := s.want(t, http.StatusCreated, checkout(cart, "secret", "k"))
	for name, other := range map[string]try{
		"another secret": checkout(cart, "other", "k"),
		"another cart":   checkout(id.New().String(), "secret", "k"),
	} {
		if a := s.want(t, http.StatusCreated, other); a.body == first.body || a.header.Get("Idempotent-Replayed") != "" {
			t.Errorf("%s was shown the order: %s", name, a.body)
		}
	}
	signed := checkout(cart, "secret", "k")
	signed.header["Authorization"] = "Bearer " + s.token(t, auth.Customer, "", tenant.Default())
	if a := s.want(t, http.StatusCreated, signed); a.body == first.body {
		t.Errorf("a customer was shown a guest's order: %s", a.body)
	}
}

// What outages and refused callers were told is not what a repetition gets.
func TestOutagesAreNotStored(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	cart := id.New().String()
	for _, f := range []*fault.Fault{
		fault.Unavailable("shop.unavailable", "Away."), fault.Internal(), fault.Denied("cart.access_denied", "Not yours."),
	} {
		s.orders.fail.Store(f)
		if a := s.do(t, checkout(cart, "secret", "k")); a.status != f.Kind().HTTPStatus() {
			t.Errorf("%s: %d %s", f.Code(), a.status, a.body)
		}
	}
	s.orders.fail.Store(nil)
	if a := s.want(t, http.StatusCreated, checkout(cart, "secret", "k")); a.header.Get("Idempotent-Replayed") != "" {
		t.Error("the first success says that it is a replay")
	}
	s.orders.fail.Store(fault.Conflict("cart.closed", "It is closed."))
	first := s.want(t, http.StatusConflict, checkout(cart, "secret", "k2"))
	s.orders.fail.Store(nil)
	s.do(t, checkout(cart, "secret", "k2")).replays(t, first)
}

// A claimer that died holds its key until the lease ends, and no longer.
func TestADeadClaimerIsReplaced(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	cart := id.New().String()
	hold := make(chan struct{})
	s.orders.hold.Store(&hold)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = exchange(ctx, s.url, checkout(cart, "secret", "k")) })
	s.eventually(t, "a claim", func() bool { return s.claims(t) == 1 })
	// The claim stays although nobody works for it: as if the process had been killed.
	s.exec(t, "update idempotency set claim = gen_random_uuid(), claimed_at = claimed_at - interval '1 minute'")
	cancel()
	close(hold)
	wg.Wait()
	if a := s.want(t, http.StatusCreated, checkout(cart, "secret", "k")); a.header.Get("Idempotent-Replayed") != "" {
		t.Errorf("a replay of nothing: %s", a.body)
	}
}

// A guest who makes a cart has nothing yet to be known by. Guessing a key must not show another's secret.
func TestAGuessedKeyShowsNoSecret(t *testing.T) {
	t.Parallel()
	s := open(t, options{config: nil})
	for name, r := range map[string]struct {
		path, body string
	}{
		"cart":           {"/store/v1/carts", `{"currency":"EUR"}`},
		"customer login": {"/store/v1/customers/login", `{"email":"ada@example.com","password":"correct horse"}`},
		"staff login":    {"/admin/v1/auth/login", `{"email":"ada@example.com","password":"correct horse"}`},
	} {
		mine := s.do(t, try{method: "POST", path: r.path, body: r.body, header: map[string]string{"Idempotency-Key": "1", "User-Agent": "ada"}})
		if mine.status >= 300 {
			t.Fatalf("%s: %d %s", name, mine.status, mine.body)
		}
		if strings.HasSuffix(name, "login") {
			theirs := s.do(t, try{method: "POST", path: r.path, body: r.body, header: map[string]string{"Idempotency-Key": "1"}})
			if theirs.body == mine.body || theirs.header.Get("Set-Cookie") == mine.header.Get("Set-Cookie") {
				t.Errorf("%s: a session was kept and handed out again", name)
			}
		}
	}
	renew := try{method: "POST", path: "/store/v1/customers/refresh", header: map[string]string{"Idempotency-Key": "1", "Cookie": "sov_customer=refresh-1"}}
	s.want(t, http.StatusOK, renew)
	stolen := s.want(t, http.StatusUnauthorized, try{method: "POST", path: renew.path, header: map[string]string{"Idempotency-Key": "1"}})
	if strings.Contains(stolen.body, "access-") {
		t.Error("a stranger was given a session for a guessed key")
	}
	s.exec(t, "select 1")
}

// Guests who come from different addresses do not share keys.
func TestGuestsOfDifferentAddressesDoNotShareKeys(t *testing.T) {
	t.Parallel()
	s := open(t, trusting())
	create := func(from string) reply {
		return s.want(t, http.StatusCreated, try{method: "POST", path: "/store/v1/carts", body: `{"currency":"EUR"}`,
			header: map[string]string{"Idempotency-Key": "1", "X-Forwarded-For": from}})
	}
	first := create("203.0.113.1")
	create("203.0.113.1").replays(t, first)
	if create("203.0.113.2").body == first.body {
		t.Error("a stranger was shown the secret of another's cart")
	}
}

// A copy of the table gives nobody a cart, an order or a session.
func TestSecretsAreNotStoredInTheClear(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	s.want(t, http.StatusCreated, try{method: "POST", path: "/store/v1/carts", body: `{}`, header: map[string]string{"Idempotency-Key": "1"}})
	s.want(t, http.StatusCreated, checkout(id.New().String(), "secret", "k"))
	var rows, bad int
	s.eventually(t, "two stored answers", func() bool { // they are stored behind the caller's back
		must(t, s.db.Read(pgtest.Context(t), func(b *pg.Batch) {
			b.Queue(`select count(*), count(*) filter (where encode(coalesce(body, '') || coalesce(header, ''), 'escape') ~ '(cart|order)-secret') from idempotency where status is not null`).
				QueryRow(func(row pgx.Row) error { return row.Scan(&rows, &bad) })
		}))
		return rows == 2
	})
	if bad > 0 {
		t.Errorf("%d of %d stored answers hold a secret in the clear", bad, rows)
	}
}

func (s *shop) claims(t *testing.T) (n int) {
	t.Helper()
	must(t, s.db.Read(pgtest.Context(t), func(b *pg.Batch) {
		b.Queue("select count(*) from idempotency").QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
	}))
	return n
}

func (s *shop) exec(t *testing.T, sql string) {
	t.Helper()
	must(t, s.db.Write(pgtest.Context(t), func(w *pg.Writes) error { w.Exec(sql); return nil }))
}

func (s *shop) eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	late := time.After(10 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%s did not happen", what)
		}
	}
}
