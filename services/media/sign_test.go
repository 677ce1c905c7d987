package media

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// clock is one that tests move.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time                 { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) move(d time.Duration)           { c.ahead.Add(int64(d)) }
func (c *clock) use(_ *Config, deps *Deps)      { deps.Now = c.now }
func aged(d time.Duration) func(*Config, *Deps) { return func(cfg *Config, _ *Deps) { cfg.KeyAge = d } }

// beside is another process of the same room.
func (r room) beside(t *testing.T, change ...func(*Config, *Deps)) room {
	t.Helper()
	all := append([]func(*Config, *Deps){func(cfg *Config, deps *Deps) { cfg.Dir, deps.DB = r.dir, r.db.DB }}, change...)
	other := newRoom(t, all...)
	other.dir, other.db = r.dir, r.db
	return other
}

func (r room) link(t *testing.T, a *mediav1.Asset) string {
	t.Helper()
	link, err := r.client.SignDownload(auth.With(tenant.With(t.Context(), tenant.Default()), auth.Principal{Kind: auth.Service}), &mediav1.SignDownloadRequest{Id: a.GetId()})
	if err != nil {
		t.Fatal(err)
	}
	return link.GetUrl()
}

func (r room) works(t *testing.T, when, link string, want int) {
	t.Helper()
	if status, _, _ := r.fetchSigned(t, link); status != want {
		t.Errorf("%s: %d, want %d", when, status, want)
	}
}

func keyOf(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get(paramKey)
}

func (r room) privateFile(t *testing.T) *mediav1.Asset {
	t.Helper()
	a, err := r.Upload(staff(t), Sent{Private: true, Filename: "a.txt"}, strings.NewReader(fmt.Sprint("a file ", id.New())))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (r room) turn(t *testing.T, revoke bool) string {
	t.Helper()
	ctx := auth.With(tenant.With(t.Context(), tenant.Default()), auth.Principal{Kind: auth.Service})
	answer, err := r.client.RotateSigningKey(ctx, &mediav1.RotateSigningKeyRequest{Revoke: revoke})
	if err != nil {
		t.Fatal(err)
	}
	return answer.GetKeyId()
}

// Addresses live as long as was said, whatever key signs meanwhile, in every process and after a restart; no longer.
func TestKeysTakeTurns(t *testing.T) {
	t.Parallel()
	var now clock
	r := newRoom(t, now.use)
	other := r.beside(t, now.use)
	a := r.privateFile(t)
	first := r.link(t, a)
	if again := keyOf(t, other.link(t, a)); again != keyOf(t, first) {
		t.Errorf("two processes sign by %s and %s", again, keyOf(t, first))
	}
	now.move(10 * time.Minute)
	next := r.turn(t, false)
	second := r.link(t, a)
	if keyOf(t, second) != next || next == keyOf(t, first) {
		t.Errorf("after a turn to %s it signs by %s", next, keyOf(t, second))
	}
	now.move(2 * strangeAge)
	restarted := r.beside(t, now.use)
	for name, room := range map[string]room{"the same process": r, "another": other, "a new one": restarted} {
		room.works(t, name+", signed before", first, http.StatusOK)
		room.works(t, name+", signed after", second, http.StatusOK)
	}
	now.move(6 * time.Minute)
	r.works(t, "run out", first, http.StatusForbidden)
	r.works(t, "signed later", second, http.StatusOK)
	if signs := keyOf(t, other.link(t, a)); signs != next {
		t.Errorf("the other process signs by %s", signs)
	}

	// Keys that are in doubt are revoked: their addresses stop working, in other processes within seconds.
	late := other.link(t, a)
	r.turn(t, true)
	r.works(t, "revoked", late, http.StatusForbidden)
	now.move(ringAge)
	other.works(t, "revoked, in another process", late, http.StatusForbidden)
	r.works(t, "signed since", other.link(t, a), http.StatusOK)
}

// A key that is old enough makes way, once, however many sign at that moment; nobody's address stops working.
func TestKeysGrowOld(t *testing.T) {
	t.Parallel()
	var now clock
	r := newRoom(t, now.use, aged(24*time.Hour))
	rooms := []room{r, r.beside(t, now.use, aged(24*time.Hour))}
	a := r.privateFile(t)
	first := r.link(t, a)
	now.move(24*time.Hour - 5*time.Minute)
	before := r.link(t, a)
	if keyOf(t, before) != keyOf(t, first) {
		t.Error("the key was changed before its time")
	}
	now.move(6 * time.Minute)
	var mu sync.Mutex
	keys := map[string]bool{}
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			link := rooms[i%2].link(t, a)
			mu.Lock()
			defer mu.Unlock()
			keys[keyOf(t, link)] = true
		})
	}
	wg.Wait()
	if delete(keys, keyOf(t, first)); len(keys) != 1 {
		t.Errorf("%d keys took over", len(keys))
	}
	r.works(t, "signed by the old key", before, http.StatusOK)

	// The sweep does it for a shop that signs nothing.
	now.move(25 * time.Hour)
	if err := r.rotateOld(t.Context()); err != nil {
		t.Fatal(err)
	}
	if keys[keyOf(t, r.link(t, a))] {
		t.Error("the key outlived its age")
	}
	if err := r.rotateOld(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(r.events(t), "signing_key.rotated"); got != 3 {
		t.Errorf("announced %d keys", got)
	}
}

// A clock that was wrong for a while changes keys once, not for ever, and leaves addresses alone.
func TestClockThatMoves(t *testing.T) {
	t.Parallel()
	var now clock
	r := newRoom(t, now.use)
	a := r.privateFile(t)
	first := r.link(t, a)
	now.move(365 * 24 * time.Hour)
	r.works(t, "a year ahead", first, http.StatusForbidden)
	ahead := r.link(t, a)
	now.move(-365 * 24 * time.Hour)
	r.works(t, "back, signed by the key of then", first, http.StatusOK)
	back := r.link(t, a)
	if keyOf(t, back) != keyOf(t, ahead) {
		t.Error("a key from the future makes way for another")
	}
	r.works(t, "signed by a key from the future", back, http.StatusOK)
	now.move(-48 * time.Hour)
	r.works(t, "two days behind", back, http.StatusOK)
}

// Nothing but what a valid key of this shop has signed opens anything.
func TestForgedAddresses(t *testing.T) {
	t.Parallel()
	var now clock
	r := newRoom(t, now.use)
	a := r.privateFile(t)
	link := r.link(t, a)
	path := downloadPath(tenant.Default(), must(id.Parse(a.GetId()))(t), "a.txt")
	keys, err := r.keys(tenant.With(t.Context(), tenant.Default()), tenant.Default(), 0)
	if err != nil {
		t.Fatal(err)
	}
	old, _ := keys.current()
	ctx := tenant.With(t.Context(), tenant.Default())

	other := id.New()
	r.addTenant(t, other)
	if _, err := r.sign(tenant.With(t.Context(), other), http.MethodGet, path, now.now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	theirs, _ := must(r.keys(tenant.With(t.Context(), other), other, 0))(t).current()

	r.turn(t, false)
	madeUp := signingKey{id: old.id, secret: []byte("made up")}
	strange := signingKey{id: id.New(), secret: old.secret}
	unsigned := signingKey{id: old.id} // an empty secret, as a key that is not known might have
	soon := now.now().Add(time.Minute)
	for what, forged := range map[string]string{
		"a made-up secret":           madeUp.sign(http.MethodGet, path, soon),
		"a made-up id":               strange.sign(http.MethodGet, path, soon),
		"no secret":                  unsigned.sign(http.MethodGet, path, soon),
		"the key of another shop":    theirs.sign(http.MethodGet, path, soon),
		"another method":             old.sign(http.MethodPut, path, soon),
		"an old key, far ahead":      old.sign(http.MethodGet, path, now.now().Add(1000*time.Hour)),
		"no key":                     strings.Replace(link, "key="+old.id.String(), "key=", 1),
		"two keys":                   link + "&key=" + old.id.String(),
		"a key that is no id":        strings.Replace(link, "key="+old.id.String(), "key=%00'--", 1),
		"a moment that overflows":    strings.Replace(link, "expires=", "expires=9999999999999999999", 1),
		"a moment before all others": strings.Replace(link, "expires=", "expires=-", 1),
	} {
		r.works(t, what, forged, http.StatusForbidden)
	}
	r.works(t, "what the old key may still have signed", old.sign(http.MethodGet, path, soon), http.StatusOK)
	now.move(3 * time.Hour)
	r.works(t, "an old key that has ended", old.sign(http.MethodGet, path, now.now().Add(time.Minute)), http.StatusForbidden)

	// Keys that nobody has made do not cost a statement each.
	if err := r.checkAddress(ctx, tenant.Default(), http.MethodGet, path, map[string][]string{}); err == nil {
		t.Error("an address without a signature is accepted")
	}
	before := r.db.Statements()
	for range 200 {
		r.works(t, "made up", signingKey{id: id.New(), secret: []byte("x")}.sign(http.MethodGet, path, now.now().Add(time.Minute)), http.StatusForbidden)
	}
	if n := r.db.Statements() - before; n > 50 {
		t.Errorf("200 made-up keys cost %d statements", n)
	}
}

// A key does not tell its secret, whoever prints it and however.
func TestKeysAreNotPrinted(t *testing.T) {
	t.Parallel()
	k, err := signingKey{id: id.New(), salt: bytes.Repeat([]byte{7}, 32)}.derived([]byte("a secret of the tests, long enough"), tenant.Default())
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).InfoContext(context.Background(), "keys", "key", k, "ring", ring{k})
	}
	fmt.Fprintf(&log, "%v %+v %#v %s %v %+v %#v", k, k, k, k, ring{k}, ring{k}, ring{k})
	for _, form := range []string{fmt.Sprintf("%x", k.secret), fmt.Sprint(k.secret), strings.Trim(fmt.Sprint(k.secret), "[]"), string(k.secret)} {
		if strings.Contains(log.String(), form) {
			t.Errorf("the secret is in %s", log.String())
		}
	}
}

func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
