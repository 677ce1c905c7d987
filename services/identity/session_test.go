package identity_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/identity"
)

func TestStaffSession(t *testing.T) {
	t.Parallel()
	r := open(t)
	made := r.hire(" Ada@Example.com ")
	if made.GetEmail() != "ada@example.com" || made.GetVersion() != 1 || made.GetUpdatedAt() == nil || made.GetLastLoginAt() != nil {
		t.Fatalf("made %v", made)
	}
	res, err := r.client.LoginStaff(r.ctx, &identityv1.LoginStaffRequest{Email: "ADA@example.com", Password: password})
	ok(t, err)
	if s := res.GetSession(); s.GetExpiresInSeconds() != 900 || s.GetRefreshExpiresInSeconds() != 7*24*3600 {
		t.Errorf("lives %v", s)
	}
	if !res.GetStaff().GetLastLoginAt().AsTime().Equal(r.clock.Now()) || len(res.GetStaff().GetPermissions()) == 0 {
		t.Errorf("staff %v", res.GetStaff())
	}
	who, shop, err := r.verify(res.GetSession().GetAccessToken(), auth.Staff)
	ok(t, err)
	if who.ID.String() != made.GetId() || who.Role != "staff" || shop != tenant.Default() {
		t.Errorf("token says %v in %v", who, shop)
	}
	me, err := r.as(who).client.GetMe(r.as(who).ctx, &identityv1.GetMeRequest{})
	ok(t, err)
	if me.GetStaff().GetId() != made.GetId() {
		t.Errorf("me %v", me)
	}
	second, err := r.refreshStaff(res.GetSession().GetRefreshToken())
	ok(t, err)
	again, _, err := r.verify(second.GetAccessToken(), auth.Staff)
	ok(t, err)
	if again.Session != who.Session || second.GetRefreshToken() == res.GetSession().GetRefreshToken() {
		t.Error("a refresh has to keep the session and change the token")
	}

	// Logging out ends the session, may be repeated, and holds for the access token where it is asked about.
	for range 2 {
		_, err = r.client.LogoutStaff(r.ctx, &identityv1.LogoutStaffRequest{RefreshToken: second.GetRefreshToken()})
		ok(t, err)
	}
	_, err = r.refreshStaff(second.GetRefreshToken())
	is(t, err, identity.ErrSessionEnded)
	_, err = r.client.GetMe(r.as(who).ctx, &identityv1.GetMeRequest{})
	is(t, err, auth.ErrUnauthenticated)
	for _, stranger := range []string{"", "x", strings.Repeat("é", 100)} {
		_, err = r.client.LogoutStaff(r.ctx, &identityv1.LogoutStaffRequest{RefreshToken: stranger})
		ok(t, err)
	}
}

func TestReuseEndsTheSession(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.register("ada@example.com")
	first, err := r.loginCustomer("ada@example.com", password, "")
	ok(t, err)
	other, err := r.loginCustomer("ada@example.com", password, "")
	ok(t, err)
	second, err := r.refreshCustomer(first.GetRefreshToken())
	ok(t, err)
	third, err := r.refreshCustomer(second.GetRefreshToken())
	ok(t, err)
	_, err = r.refreshCustomer(first.GetRefreshToken())
	is(t, err, identity.ErrSessionEnded)
	_, err = r.refreshCustomer(third.GetRefreshToken())
	is(t, err, identity.ErrSessionEnded)
	me := r.bearer(third.GetAccessToken(), auth.Customer)
	_, err = me.client.GetCustomerMe(me.ctx, &identityv1.GetCustomerMeRequest{})
	is(t, err, auth.ErrUnauthenticated)
	// Another session of the same person goes on.
	_, err = r.refreshCustomer(other.GetRefreshToken())
	ok(t, err)
}

// TestOverlappingRefresh holds the row, so that all requests arrive before any of them can rotate.
func TestOverlappingRefresh(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.hire("ada@example.com")
	first, err := r.loginStaff("ada@example.com", password, "")
	ok(t, err)
	c, err := pg.Connect(r.ctx, r.db.AdminURL)
	ok(t, err)
	defer c.Close(context.Background())
	tx, err := c.Begin(r.ctx)
	ok(t, err)
	_, err = tx.Exec(r.ctx, "select from identity.refresh_tokens for update")
	ok(t, err)

	const tabs = 4
	type answer struct {
		session *identityv1.Session
		err     error
	}
	answers := make(chan answer, tabs)
	for range tabs {
		go func() {
			s, err := r.refreshStaff(first.GetRefreshToken())
			answers <- answer{s, err}
		}()
	}
	waiting := func(row pgx.Row) (n int) {
		ok(t, row.Scan(&n))
		return n
	}
	for waiting(tx.QueryRow(r.ctx, "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")) < tabs {
		_, err := tx.Exec(r.ctx, "select pg_stat_clear_snapshot()") // what is seen of others is else kept until the end
		ok(t, err)
	}
	ok(t, tx.Commit(r.ctx))

	var won *identityv1.Session
	for range tabs {
		switch a := <-answers; {
		case a.err == nil && won == nil:
			won = a.session
		case a.err == nil:
			t.Error("two requests got a session for one token")
		default:
			is(t, a.err, identity.ErrRefreshOverlap)
			if fault.From(a.err).RetryAfter() <= 0 {
				t.Error("the losers are not told to wait")
			}
		}
	}
	if won == nil {
		t.Fatal("nobody got a session")
	}
	// The session lives on, and what comes later is a copy again.
	_, err = r.refreshStaff(won.GetRefreshToken())
	ok(t, err)
	_, err = r.refreshStaff(first.GetRefreshToken())
	is(t, err, identity.ErrSessionEnded)
	_, err = r.refreshStaff(won.GetRefreshToken())
	is(t, err, identity.ErrSessionEnded)
}

func TestRefreshStorm(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.hire("ada@example.com")
	first, err := r.loginStaff("ada@example.com", password, "")
	ok(t, err)
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for range 32 {
		wg.Go(func() {
			_, err := r.refreshStaff(first.GetRefreshToken())
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case !errors.Is(err, identity.ErrRefreshOverlap) && !errors.Is(err, identity.ErrSessionEnded):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d of 32 got a session", won)
	}
	if n := r.count("select count(*) from identity.refresh_tokens"); n != 2 {
		t.Errorf("%d tokens, want 2", n)
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	r := open(t, func(c *identity.Config) { c.SessionIdle, c.SessionMax = 7*24*time.Hour, 10*24*time.Hour })
	r.register("ada@example.com")
	s, err := r.loginCustomer("ada@example.com", password, "")
	ok(t, err)
	r.clock.forward(7*24*time.Hour - time.Second)
	s, err = r.refreshCustomer(s.GetRefreshToken())
	ok(t, err)
	if want := int64(3*24*3600 + 1); s.GetRefreshExpiresInSeconds() != want {
		t.Errorf("lives %d s, want no longer than the session: %d", s.GetRefreshExpiresInSeconds(), want)
	}
	r.clock.forward(3*24*time.Hour + time.Second)
	_, err = r.refreshCustomer(s.GetRefreshToken())
	is(t, err, identity.ErrSessionEnded)
	if _, _, err := r.verify(s.GetAccessToken(), auth.Customer); !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("the access token lives: %v", err)
	}
	// What is over is removed in every tenant, and what is not stays.
	shop := r.in(r.otherShop())
	shop.register("ada@example.com")
	_, err = shop.loginCustomer("ada@example.com", password, "")
	ok(t, err)
	_, err = shop.loginCustomer("ada@example.com", "wrong", "1.2.3.4")
	is(t, err, identity.ErrLoginFailed)
	r.clock.forward(time.Second)
	ok(t, r.svc.Sweep(r.ctx))
	if n := r.count("select count(*) from identity.refresh_tokens"); n != 1 {
		t.Errorf("%d tokens, want 1", n)
	}
	r.clock.forward(8 * 24 * time.Hour)
	ok(t, r.svc.Sweep(r.ctx))
	if n := r.count("select (select count(*) from identity.sessions) + (select count(*) from identity.refresh_tokens) + (select count(*) from identity.throttles)"); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestForeignTokens(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.hire("ada@example.com")
	r.register("ada@example.com")
	staff, err := r.loginStaff("ada@example.com", password, "")
	ok(t, err)
	customer, err := r.loginCustomer("ada@example.com", password, "")
	ok(t, err)
	shop := r.in(r.otherShop())

	// Neither the other surface nor another shop opens a session with it, or ends it.
	_, err = r.refreshCustomer(staff.GetRefreshToken())
	is(t, err, identity.ErrSessionEnded)
	_, err = r.refreshStaff(customer.GetRefreshToken())
	is(t, err, identity.ErrSessionEnded)
	_, err = shop.refreshStaff(staff.GetRefreshToken())
	is(t, err, identity.ErrSessionEnded)
	for _, other := range []*room{r, shop} {
		_, err = other.client.LogoutCustomer(other.ctx, &identityv1.LogoutCustomerRequest{RefreshToken: staff.GetRefreshToken()})
		ok(t, err)
	}
	_, err = shop.client.LogoutStaff(shop.ctx, &identityv1.LogoutStaffRequest{RefreshToken: staff.GetRefreshToken()})
	ok(t, err)
	_, err = r.refreshStaff(staff.GetRefreshToken())
	ok(t, err)
	_, err = r.refreshCustomer(customer.GetRefreshToken())
	ok(t, err)

	// Staff of one shop are strangers in another.
	_, err = shop.loginStaff("ada@example.com", password, "")
	is(t, err, identity.ErrLoginFailed)
	who, _, err := r.verify(staff.GetAccessToken(), auth.Staff)
	ok(t, err)
	there := shop.as(who)
	_, err = there.client.GetMe(there.ctx, &identityv1.GetMeRequest{})
	is(t, err, auth.ErrUnauthenticated)
	// A customer's token is none of staff's, and a made-up principal has no session.
	if _, _, err := r.verify(customer.GetAccessToken(), auth.Staff); !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("a customer's token opens the admin: %v", err)
	}
	made := r.as(auth.Principal{Kind: auth.Staff, ID: who.ID, Role: "owner", Session: id.New()})
	_, err = made.client.GetMe(made.ctx, &identityv1.GetMeRequest{})
	is(t, err, auth.ErrUnauthenticated)
	for _, nobody := range []*room{r, r.as(auth.Principal{}), r.as(who)} {
		_, err = nobody.client.GetCustomerMe(nobody.ctx, &identityv1.GetCustomerMeRequest{})
		is(t, err, auth.ErrUnauthenticated)
		_, err = nobody.client.UpdateCustomerMe(nobody.ctx, &identityv1.UpdateCustomerMeRequest{ClearName: true})
		is(t, err, auth.ErrUnauthenticated)
	}
	// Without a tenant nobody is known.
	lost := r.in(id.ID{})
	_, err = lost.loginStaff("ada@example.com", password, "")
	is(t, err, identity.ErrLoginFailed)
}

func TestDisabledStaff(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.hire("ada@example.com")
	s, err := r.loginStaff("ada@example.com", password, "")
	ok(t, err)
	me := r.bearer(s.GetAccessToken(), auth.Staff)
	r.exec("update identity.staff set disabled_at = now()")
	_, err = r.loginStaff("ada@example.com", password, "")
	is(t, err, identity.ErrLoginFailed)
	_, err = r.refreshStaff(s.GetRefreshToken())
	is(t, err, identity.ErrSessionEnded)
	_, err = me.client.GetMe(me.ctx, &identityv1.GetMeRequest{})
	is(t, err, auth.ErrUnauthenticated)
}

func TestSigningKey(t *testing.T) {
	t.Parallel()
	r := open(t)
	// Replicas that start together share one key.
	var wg sync.WaitGroup
	sets := make([]string, 8)
	for i := range sets {
		replica := on(t, r.db, r.clock, secret())
		wg.Go(func() {
			res, err := replica.client.GetJWKS(replica.ctx, &identityv1.GetJWKSRequest{})
			if err != nil {
				t.Error(err)
			}
			sets[i] = string(res.GetJwksJson())
		})
	}
	wg.Wait()
	for _, set := range sets {
		if set != sets[0] {
			t.Fatalf("replicas have different keys: %s %s", set, sets[0])
		}
	}
	var set struct {
		Keys []map[string]string `json:"keys"`
	}
	ok(t, json.Unmarshal([]byte(sets[0]), &set))
	if len(set.Keys) != 1 || set.Keys[0]["crv"] != "Ed25519" || set.Keys[0]["kid"] == "" || set.Keys[0]["d"] != "" {
		t.Errorf("key set %s", sets[0])
	}
	if n := r.count("select count(*) from identity.signing_keys"); n != 1 {
		t.Errorf("%d keys, want 1", n)
	}
	// With another secret it stays closed, and is not replaced.
	wrong := on(t, r.db, r.clock, []byte(strings.Repeat("x", 32)))
	if _, err := wrong.client.GetJWKS(wrong.ctx, &identityv1.GetJWKSRequest{}); fault.From(err).Kind() != fault.KindInternal {
		t.Errorf("another secret got %v", err)
	}
	if n := r.count("select count(*) from identity.signing_keys"); n != 1 {
		t.Errorf("%d keys, want 1", n)
	}
}
