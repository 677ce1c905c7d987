package media

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/outbound"
)

// site is somebody else's server.
type site struct {
	*httptest.Server

	asked atomic.Int64
}

func newSite(t *testing.T, answer http.HandlerFunc) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// openRoom is a room that may ask this machine.
func openRoom(t *testing.T) room {
	t.Helper()
	return newRoom(t, func(cfg *Config, _ *Deps) { cfg.AllowInsecure = true })
}

func (r room) fetchFrom(t *testing.T, url string) (*mediav1.Asset, error) {
	t.Helper()
	res, err := r.client.FetchAsset(staff(t), &mediav1.FetchAssetRequest{Url: url, Alt: "A shirt"})
	return res.GetAsset(), err
}

func TestFetch(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	data := jpegOf(t, 40, 30)
	s := newSite(t, func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/moved" {
			http.Redirect(w, req, "/shirts/linen%20shirt.jpg", http.StatusFound)
			return
		}
		if req.Header.Get("Referer") != "" {
			t.Errorf("the address of before is told: %s", req.Header.Get("Referer"))
		}
		w.Header().Set("Content-Type", "text/plain") // what counts is read from the bytes
		_, _ = w.Write(data)
	})
	a, err := r.fetchFrom(t, s.URL+"/shirts/linen%20shirt.jpg?secret=1#part")
	if err != nil {
		t.Fatal(err)
	}
	if a.GetContentType() != "image/jpeg" || a.GetFilename() != "linen shirt.jpg" || a.GetAlt() != "A shirt" || a.GetWidth() != 40 {
		t.Errorf("got %v", a)
	}
	for what, url := range map[string]string{"the same address": "/shirts/linen%20shirt.jpg?secret=1", "the same bytes": "/other.jpg", "a redirect": "/moved"} {
		before := s.asked.Load()
		again, err := r.fetchFrom(t, s.URL+url)
		if err != nil || again.GetId() != a.GetId() {
			t.Errorf("%s: %v, %v", what, again, err)
		}
		if what == "the same address" && s.asked.Load() != before {
			t.Error("the same address is asked again")
		}
	}
	uploaded := r.mustUpload(staff(t), t, "x.jpg", data)
	if uploaded.GetId() != a.GetId() {
		t.Error("an upload of the same bytes is another asset")
	}
	found, err := r.client.FindFetchedAssets(staff(t), &mediav1.FindFetchedAssetsRequest{Urls: []string{s.URL + "/other.jpg#x", s.URL + "/never", s.URL + "/moved"}})
	if err != nil || len(found.GetAssets()) != 2 || found.GetAssets()[0].GetUrl() != s.URL+"/other.jpg#x" || found.GetAssets()[0].GetAsset().GetId() != a.GetId() {
		t.Errorf("found %v, %v", found, err)
	}
	// Once it is deleted, it is fetched again.
	if _, err := r.client.DeleteAsset(staff(t), &mediav1.DeleteAssetRequest{Id: a.GetId()}); err != nil {
		t.Fatal(err)
	}
	fresh, err := r.fetchFrom(t, s.URL+"/other.jpg")
	if err != nil || fresh.GetId() == a.GetId() {
		t.Errorf("after it was deleted: %v, %v", fresh, err)
	}
}

func TestFetchRefuses(t *testing.T) {
	t.Parallel()
	r := newRoom(t, func(cfg *Config, _ *Deps) { cfg.AllowInsecure, cfg.FetchTimeout = true, 500*time.Millisecond })
	hold := make(chan struct{})
	t.Cleanup(func() { close(hold) })
	var s *site
	s = newSite(t, func(w http.ResponseWriter, req *http.Request) {
		switch req.URL.Path {
		case "/page":
			fmt.Fprint(w, "<html>not a picture</html>")
		case "/empty":
		case "/broken":
			_, _ = w.Write(jpegOf(t, 40, 30)[:200])
		case "/huge":
			w.Header().Set("Content-Length", fmt.Sprint(int64(maxBytes)+1))
			w.WriteHeader(http.StatusOK)
		case "/endless":
			_, _ = w.Write(jpegOf(t, 40, 30))
			for piece := make([]byte, 1<<20); ; {
				if _, err := w.Write(piece); err != nil {
					return
				}
			}
		case "/cut":
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write(jpegOf(t, 40, 30)[:600])
		case "/silent":
			select {
			case <-hold:
			case <-req.Context().Done():
			}
		case "/round":
			http.Redirect(w, req, s.URL+"/round", http.StatusMovedPermanently)
		case "/away":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/slower":
			w.WriteHeader(http.StatusTooManyRequests)
		case "/ftp":
			http.Redirect(w, req, "ftp://example.com/x", http.StatusFound)
		case "/login":
			http.Redirect(w, req, "http://user:password@"+req.Host+"/x", http.StatusFound)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
	for path, want := range map[string]error{
		"/page": ErrUnknownType, "/empty": ErrEmpty, "/broken": ErrBroken, "/huge": ErrTooLarge, "/cut": ErrFetchLater, "/silent": ErrFetchLater,
		"/round": ErrFetch, "/away": ErrFetchLater, "/slower": ErrFetchLater, "/ftp": ErrFetchAddress, "/login": ErrFetchAddress, "/nothing": ErrFetch,
	} {
		if _, err := r.fetchFrom(t, s.URL+path); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", path, err, want)
		}
	}
	// More bytes than are taken, or than there is time for.
	if _, err := r.fetchFrom(t, s.URL+"/endless"); !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrFetchLater) {
		t.Errorf("/endless: got %v", err)
	}
	closed := newSite(t, func(http.ResponseWriter, *http.Request) {})
	closed.Close()
	if _, err := r.fetchFrom(t, closed.URL+"/x"); !errors.Is(err, ErrFetchLater) {
		t.Errorf("nobody listens: got %v", err)
	}
	all, err := r.client.ListAssets(staff(t), &mediav1.ListAssetsRequest{})
	if err != nil || len(all.GetAssets()) != 0 {
		t.Errorf("there are %v, %v", all.GetAssets(), err)
	}
}

// Nothing inside the network is asked, by whatever name.
func TestFetchAsksNobodyInside(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	trap, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer trap.Close()
	var visits atomic.Int64
	go func() {
		for {
			c, err := trap.Accept()
			if err != nil {
				return
			}
			visits.Add(1)
			c.Close()
		}
	}()
	_, port, _ := net.SplitHostPort(trap.Addr().String())
	for _, url := range []string{
		"http://example.com/x.jpg", "https://127.0.0.1:" + port + "/", "https://localhost:" + port + "/", "https://[::1]:" + port + "/", "https://[::ffff:127.0.0.1]:" + port + "/",
		"https://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "https://0.0.0.0:" + port + "/", "file:///etc/passwd", "gopher://127.0.0.1", "//127.0.0.1/x", "x", "https://", "https://a@example.com/",
		"https://example.com/" + strings.Repeat("x", outbound.MaxURL),
	} {
		_, err := r.fetchFrom(t, url)
		if kind := fault.From(err).Kind(); kind != fault.KindInvalid {
			t.Errorf("%s: got %v", url, err)
		}
	}
	// Also not when a public address leads there, or a name changes its mind: each connection is looked at.
	f := newFetcher(outbound.NewGuard(false, &net.Resolver{}), time.Second)
	for _, inside := range []string{"https://127.0.0.1:" + port + "/", "http://example.com/", "https://169.254.169.254/"} {
		req := httptest.NewRequest(http.MethodGet, inside, nil)
		if err := f.client.CheckRedirect(req, []*http.Request{req}); err == nil {
			t.Errorf("a redirect to %s is followed", inside)
		}
	}
	if _, err := f.client.Transport.RoundTrip(httptest.NewRequest(http.MethodGet, "http://127.0.0.1:"+port+"/", nil)); !errors.Is(err, outbound.ErrNotPublic) {
		t.Errorf("a connection inside: %v", err)
	}
	if n := visits.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

// Many who want one address at once ask it once.
func TestFetchOnce(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	data := jpegOf(t, 40, 30)
	var busy, most atomic.Int64
	s := newSite(t, func(w http.ResponseWriter, _ *http.Request) {
		now := busy.Add(1)
		defer busy.Add(-1)
		for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
		}
		_, _ = w.Write(data)
	})
	ids := make([]string, 20)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			a, err := r.fetchFrom(t, s.URL+"/one.jpg")
			if err != nil {
				t.Error(err)
			}
			ids[i] = a.GetId()
		})
	}
	all.Wait()
	for _, one := range ids {
		if one != ids[0] {
			t.Fatalf("several assets: %v", ids)
		}
	}
	if n := s.asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	for i := range 40 {
		all.Go(func() {
			if _, err := r.fetchFrom(t, fmt.Sprintf("%s/%d.jpg", s.URL, i)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if most.Load() > maxFetches {
		t.Errorf("%d at a time", most.Load())
	}
}
