package topology

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/test/housetest"
)

// most is how old a public page may be, counted from the answer to whoever changed something.
const most = time.Second

// TestPagesFollow changes a product through one replica and reads it, and lists, through two: over the mesh, after NATS
// has been restarted, and while it is away.
func TestPagesFollow(t *testing.T) {
	t.Parallel()
	binary := housetest.Binary(t)
	t.Run("mesh", func(t *testing.T) {
		t.Parallel()
		ground := housetest.NewGround(t)
		first := ground.Start(binary, housetest.Rooms())
		second := ground.Start(binary, []string{"gateway"})
		l := newLag(t, first.URL, second.URL)
		l.run("over the mesh", 4)
		ground.StopNATS()
		ground.StartNATS()
		for _, room := range housetest.Rooms() {
			first.AwaitReady(room)
		}
		second.AwaitReady("gateway")
		l.run("after a restart of NATS", 2)
	})
	t.Run("no events", func(t *testing.T) {
		t.Parallel()
		ground := housetest.NewGround(t)
		first := ground.Start(binary, []string{"all"})
		second := ground.Start(binary, []string{"all"})
		l := newLag(t, first.URL, second.URL)
		l.run("two whole replicas", 2)
		ground.StopNATS()
		l.run("without NATS", 2)
		ground.StartNATS()
		l.run("with NATS again", 2)
	})
}

// lag holds a product and the pages that show it on both replicas.
type lag struct {
	t       *testing.T
	admin   adminv1.Client
	client  *http.Client
	product adminv1.Product
	pages   []string
	n       int
}

func newLag(t *testing.T, urls ...string) *lag {
	t.Helper()
	l := &lag{t: t, client: housetest.HTTP(t, 64)}
	l.admin = housetest.Admin(t, urls[0], l.client)
	l.product = housetest.Product(t, l.admin, "LAG", 100)
	for _, url := range urls {
		l.pages = append(l.pages, url+"/store/v1/products/"+l.product.Slug, url+"/store/v1/products?limit=5", url+"/store/v1/products?sort=price&limit=5")
	}
	return l
}

// run changes price, title and status in turn and reports how long old pages were seen.
func (l *lag) run(when string, rounds int) {
	l.t.Helper()
	ctx := l.t.Context()
	var seen []time.Duration
	status := func(to string) func() error {
		return func() error {
			_, err := l.admin.UpdateProduct(ctx, l.product.ID, adminv1.UpdateProduct{Status: adminv1.Some(to)})
			return err
		}
	}
	for range rounds {
		l.n++
		price, title := int64(10_000+l.n), fmt.Sprintf("Thing number %d", 1000+l.n)
		for _, change := range []struct {
			name, shows string
			gone        bool
			do          func() error
		}{
			{"price", fmt.Sprintf(`"amount":%d`, price), false, func() error {
				_, err := l.admin.UpdateVariant(ctx, l.product.ID, l.product.Variants[0].ID, adminv1.UpdateVariant{Price: adminv1.Some(adminv1.MoneyInput{Amount: price, Currency: "EUR"})})
				return err
			}},
			{"title", title, false, func() error {
				_, err := l.admin.UpdateProduct(ctx, l.product.ID, adminv1.UpdateProduct{Title: adminv1.Some(title)})
				return err
			}},
			{"archived", l.product.ID, true, status("archived")},
			{"published", l.product.ID, false, status("published")},
		} {
			if err := change.do(); err != nil {
				l.t.Fatalf("%s, %s: %v", when, change.name, err)
			}
			answered := time.Now()
			for _, page := range l.pages {
				seen = append(seen, l.follow(ctx, when+", "+change.name, page, change.shows, change.gone, answered))
			}
		}
	}
	slices.Sort(seen)
	l.t.Logf("%s: pages are new %s after the answer (median), %s at most", when, seen[len(seen)/2].Round(time.Millisecond), seen[len(seen)-1].Round(time.Millisecond))
}

var errOld = errors.New("the page is old")

// follow reads a page until it shows a change and returns when the first such read began. A read that begins later than
// a page may be old, and is, fails the test. After that, nothing old may come back.
func (l *lag) follow(ctx context.Context, what, page, shows string, gone bool, answered time.Time) time.Duration {
	l.t.Helper()
	var took time.Duration
	housetest.Within(l.t, 5*time.Second, what+" at "+page, func() error {
		began := time.Since(answered)
		if l.read(ctx, page, shows) == gone {
			if began > most {
				l.t.Errorf("%s: %s is old %s after the answer", what, page, began)
			}
			return errOld
		}
		took = began
		return nil
	})
	for range 5 {
		if l.read(ctx, page, shows) == gone {
			l.t.Errorf("%s: %s is old again", what, page)
		}
	}
	return took
}

// read reports whether the page shows a text.
func (l *lag) read(ctx context.Context, page, shows string) bool {
	l.t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	a, err := l.client.Do(r)
	if err != nil {
		l.t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	switch {
	case a.StatusCode == http.StatusNotFound:
		return false
	case a.StatusCode != http.StatusOK || a.Header.Get("ETag") == "":
		l.t.Errorf("%s: %s, ETag %q: %s", page, a.Status, a.Header.Get("ETag"), body)
	}
	return bytes.Contains(body, []byte(shows))
}

// TestRevalidation holds every public read to its ETag, by GET and by HEAD.
func TestRevalidation(t *testing.T) {
	t.Parallel()
	shop := housetest.NewGround(t).Start(housetest.Binary(t), []string{"all"})
	client := housetest.HTTP(t, 8)
	admin := housetest.Admin(t, shop.URL, client)
	p := housetest.Product(t, admin, "TAGGED", 1)
	c, err := admin.CreateCategory(t.Context(), adminv1.CreateCategory{Name: "Shirts"})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/products", "/products/" + p.Slug, "/products/" + p.ID, "/categories", "/categories?tree=true", "/categories/" + c.Slug, "/tags", "/search?q=tagged"} {
		ask := func(method, etag string) *http.Response {
			r, err := http.NewRequestWithContext(t.Context(), method, shop.URL+"/store/v1"+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("If-None-Match", etag)
			a, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			a.Body.Close()
			return a
		}
		etag := ask(http.MethodGet, "").Header.Get("ETag")
		if head := ask(http.MethodHead, ""); etag == "" || head.StatusCode != http.StatusOK || head.Header.Get("ETag") != etag {
			t.Errorf("%s: the ETag is %q, HEAD says %s %q", path, etag, head.Status, head.Header.Get("ETag"))
		}
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			if a := ask(method, etag); a.StatusCode != http.StatusNotModified || a.Header.Get("ETag") != etag {
				t.Errorf("%s %s with its ETag: %s %q", method, path, a.Status, a.Header.Get("ETag"))
			}
		}
	}
}
