package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/rendition"
	"github.com/sovecom/sovecom/services/media/picture"
)

// work makes renditions until there is nothing left to do.
func (r room) work(t testing.TB) {
	t.Helper()
	for {
		did, err := r.RunJob(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !did {
			return
		}
	}
}

func (r room) asset(ctx context.Context, t testing.TB, id string) *mediav1.Asset {
	t.Helper()
	res, err := r.client.GetAsset(ctx, &mediav1.GetAssetRequest{Id: id})
	if err != nil {
		t.Fatal(err)
	}
	return res.GetAsset()
}

func body(t testing.TB, res *http.Response) []byte {
	t.Helper()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Pictures go in as strangers send them and come out in every size and format, from a folder and from S3.
func TestRenditionsOfDifficultPictures(t *testing.T) {
	t.Parallel()
	for storage, change := range map[string]func(*Config, *Deps){"folder": func(*Config, *Deps) {}, "s3": inS3(t)} {
		t.Run(storage, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t, change)
			ctx := staff(t)
			for _, name := range []string{"exif6.jpg", "cmyk.jpg", "deep.png", "animated.gif", "exif.avif"} {
				r.mustUpload(ctx, t, name, difficult(t, name))
			}
			r.work(t)
			list, err := r.client.ListAssets(ctx, &mediav1.ListAssetsRequest{Rendering: mediav1.RenderingStatus_RENDERING_STATUS_SUCCEEDED})
			if err != nil || len(list.GetAssets()) != 5 {
				t.Fatalf("done are %v, %v", list, err)
			}
			for _, a := range list.GetAssets() {
				if a.GetRendering().GetDone() != a.GetRendering().GetTotal() || a.GetBlurhash() == "" {
					t.Errorf("%s: %v", a.GetFilename(), a.GetRendering())
				}
				for _, want := range rendition.Of(a.GetUrl(), int(a.GetWidth())) {
					res := r.get(t, want.URL)
					data := body(t, res)
					got, err := picture.Probe(bytes.NewReader(data), int64(len(data)))
					if err != nil || res.StatusCode != http.StatusOK || got.Width != want.Width || got.ContentType != "image/"+want.Format || res.Header.Get("Content-Type") != got.ContentType ||
						res.Header.Get("Cache-Control") != immutable || res.Header.Get("Vary") != "" {
						t.Errorf("%s: %d %+v %v %v", want.URL, res.StatusCode, got, res.Header, err)
					}
					if same := r.get(t, want.URL, "If-None-Match", res.Header.Get("ETag")); same.StatusCode != http.StatusNotModified {
						t.Errorf("%s again: %d", want.URL, same.StatusCode)
					}
					if part := r.get(t, want.URL, "Range", "bytes=0-3"); part.StatusCode != http.StatusPartialContent || !bytes.Equal(body(t, part), data[:4]) {
						t.Errorf("%s in part: %d", want.URL, part.StatusCode)
					}
				}
				if _, err := r.client.DeleteAsset(ctx, &mediav1.DeleteAssetRequest{Id: a.GetId()}); err != nil {
					t.Error(err)
				}
			}
			if err := r.Service.storage.walk(ctx, "", 0, func(name string) error { return errors.New(name + " remains") }); err != nil {
				t.Error(err)
			}
			if left, err := os.ReadDir(filepath.Join(r.dir, scratchFolder)); err != nil || len(left) > 0 {
				t.Errorf("in work remains %v, %v", left, err)
			}
		})
	}
}

// A rendition that nobody has made yet is made for whoever asks, once for all of them.
func TestARenditionOnDemand(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wait = time.Minute
	a := r.mustUpload(staff(t), t, "a.jpg", jpegOf(t, 400, 300))
	url := strings.TrimSuffix(a.GetUrl(), ".jpg") + "/160.webp"
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			res := r.get(t, url)
			data := body(t, res)
			got, err := picture.Probe(bytes.NewReader(data), int64(len(data)))
			if err != nil || res.StatusCode != http.StatusOK || got.Width != 160 || got.Extension != "webp" || res.Header.Get("Cache-Control") != immutable {
				t.Errorf("%d %+v %v %v", res.StatusCode, got, res.Header, err)
			}
		})
	}
	wg.Wait()
	base := strings.TrimSuffix(a.GetUrl(), ".jpg")
	for _, wrong := range []string{base + "/161.webp", base + "/640.webp", base + "/160.png", base + "/160.gif", base + "/0.webp", base + "/99999999.webp", base[:len(base)-1] + "x/160.webp"} {
		if res := r.get(t, wrong); res.StatusCode != http.StatusNotFound || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d", wrong, res.StatusCode)
		}
	}
}

// While no rendition can be made, the picture itself is answered, to be kept for a moment only.
func TestThePictureStandsIn(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	data := jpegOf(t, 400, 300)
	a := r.mustUpload(staff(t), t, "a.jpg", data)
	stoodIn := func(when string) {
		res := r.get(t, strings.TrimSuffix(a.GetUrl(), ".jpg")+"/160.avif")
		if got := body(t, res); res.StatusCode != http.StatusOK || !bytes.Equal(got, data) || res.Header.Get("Content-Type") != "image/jpeg" || res.Header.Get("Cache-Control") != soon {
			t.Errorf("%s: %d, %d bytes, %v", when, res.StatusCode, len(got), res.Header)
		}
	}
	r.prompt = newCrew([]string{"/bin/sh", "-c", "exit 1"}, 1, renderTime)
	stoodIn("it cannot be made")
	r.prompt.slots <- struct{}{}
	r.wait = time.Millisecond
	stoodIn("it takes too long")
	<-r.prompt.slots
	for range maxDemand {
		r.demand <- struct{}{}
	}
	stoodIn("too many are asked for")
}

// A worker that dies in the middle is taken over when its lease has run out, and what it had made is not made again.
func TestAKilledWorkerIsTakenOver(t *testing.T) {
	t.Parallel()
	died := errors.New("killed")
	stored := 0
	now := time.Now()
	var first room
	first = newRoom(t, func(_ *Config, deps *Deps) {
		deps.Now = func() time.Time { return now }
		deps.Interrupt = func(context.Context, string) error {
			if stored++; stored == 4 {
				// Gone without a word: the database hears nothing of it any more.
				first.Service.store.db.Close()
				return died
			}
			return nil
		}
	})
	ctx := staff(t)
	a := first.mustUpload(ctx, t, "a.jpg", jpegOf(t, 400, 300))
	second := first
	var err error
	if second.Service, err = New(first.cfg, Deps{DB: first.db.DB, Logger: first.log, Now: first.now, Secret: []byte("secret"), Pictures: first.renderer.command}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(second.renderer.close)
	second.client = second.dial(t)
	first.Service.store = store{first.db.Pool(t, 2)}
	if did, err := first.RunJob(t.Context()); !did || err == nil {
		t.Fatalf("the first: %v, %v", did, err)
	}
	if did, err := second.RunJob(t.Context()); did || err != nil {
		t.Fatalf("before the lease has run out: %v, %v", did, err)
	}
	now = now.Add(jobLease + time.Second)
	before := len(second.stored(t))
	second.work(t)
	if got := second.asset(ctx, t, a.GetId()).GetRendering(); got.GetStatus() != mediav1.RenderingStatus_RENDERING_STATUS_SUCCEEDED || got.GetDone() != 9 || before != 1+4 {
		t.Errorf("%v, %d objects were there", got, before)
	}
}

// A picture that kills the process that works on it harms nobody else, and is given up in the end.
func TestAProcessThatCrashes(t *testing.T) {
	t.Parallel()
	now := time.Now()
	r := newRoom(t, func(_ *Config, deps *Deps) {
		deps.Now = func() time.Time { return now }
	})
	ctx := staff(t)
	a := r.mustUpload(ctx, t, "a.jpg", jpegOf(t, 300, 300))
	crashing := newCrew([]string{"/bin/sh", "-c", "read line; echo out of memory >&2; exit 3"}, 1, renderTime)
	working := r.renderer
	r.renderer = crashing
	for range maxAttempts - 1 {
		if did, err := r.RunJob(t.Context()); !did || !errors.Is(err, errCrashed) || !strings.Contains(err.Error(), "out of memory") {
			t.Fatalf("%v, %v", did, err)
		}
		now = now.Add(maxAttempts * retryAfter)
	}
	r.work(t)
	if got := r.asset(ctx, t, a.GetId()).GetRendering(); got.GetStatus() != mediav1.RenderingStatus_RENDERING_STATUS_FAILED || got.GetFailure() == "" {
		t.Errorf("%v", got)
	}
	r.inspector = crashing
	_, err := r.Upload(ctx, Sent{}, bytes.NewReader(jpegOf(t, 31, 31)))
	wantFault(t, err, ErrBroken)
	r.renderer = working
	if _, err := r.client.RenderAsset(ctx, &mediav1.RenderAssetRequest{Id: a.GetId()}); err != nil {
		t.Fatal(err)
	}
	r.work(t)
	if got := r.asset(ctx, t, a.GetId()).GetRendering(); got.GetStatus() != mediav1.RenderingStatus_RENDERING_STATUS_SUCCEEDED || got.GetFailure() != "" {
		t.Errorf("once more: %v", got)
	}
}

// A process that does not come to an end is ended.
func TestAProcessThatHangs(t *testing.T) {
	t.Parallel()
	c := newCrew([]string{"/bin/sh", "-c", "read line; exec sleep 1000"}, 1, 200*time.Millisecond)
	if _, err := c.do(t.Context(), picture.Request{}, nil); !errors.Is(err, errCrashed) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	c.limit = time.Hour
	if _, err := c.do(ctx, picture.Request{}, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a caller that has no time: %v", err)
	}
}

// Deleting a picture while its renditions are made leaves nothing.
func TestDeletedWhileItIsWorkedOn(t *testing.T) {
	t.Parallel()
	var r room
	var a *mediav1.Asset
	ctx := staff(t)
	r = newRoom(t, func(_ *Config, deps *Deps) {
		deps.Interrupt = func(_ context.Context, at string) error {
			if a != nil && at == "rendition stored" {
				if _, err := r.client.DeleteAsset(ctx, &mediav1.DeleteAssetRequest{Id: a.GetId()}); err != nil {
					t.Error(err)
				}
				a = nil
			}
			return nil
		}
	})
	a = r.mustUpload(ctx, t, "a.jpg", jpegOf(t, 400, 300))
	r.work(t)
	if files := r.stored(t); len(files) != 0 {
		t.Errorf("left: %q", files)
	}
}

func TestAStorageThatIsFull(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	ctx := staff(t)
	a := r.mustUpload(ctx, t, "a.jpg", jpegOf(t, 200, 200))
	whole := r.Service.storage
	r.Service.storage = full{whole}
	_, err := r.Upload(ctx, Sent{Filename: "b"}, bytes.NewReader(jpegOf(t, 201, 200)))
	wantFault(t, err, ErrStorage)
	res := r.get(t, a.GetUrl())
	if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
		t.Errorf("reading: %d %v", res.StatusCode, res.Header)
	}
	if did, err := r.RunJob(t.Context()); !did || !errors.Is(err, ErrStorage) {
		t.Errorf("rendering: %v, %v", did, err)
	}
	r.Service.storage = whole
	if list, err := r.client.ListAssets(ctx, &mediav1.ListAssetsRequest{}); err != nil || list.GetPage().GetTotal() != 1 || len(r.stored(t)) != 1 {
		t.Errorf("there are %v, %q, %v", list, r.stored(t), err)
	}
}

// full is a storage that can do nothing.
type full struct{ storage }

var errFull = fmt.Errorf("write: no space left on device")

func (full) put(context.Context, string, string, string) error { return errFull }
func (full) open(context.Context, string) (object, error)      { return nil, errFull }
func (full) exists(context.Context, string) (bool, error)      { return false, errFull }
