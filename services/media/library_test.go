package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

func TestWhatIsSaidOfAPicture(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	ctx := staff(t)
	a, err := r.Upload(ctx, Sent{Filename: "a.png", Folder: " /shirts/linen/ ", Labels: []string{"summer", " new ", "summer"}}, bytes.NewReader(pngOf(t, 5, 5, 1)))
	if err != nil || a.GetFolder() != "shirts/linen" || fmt.Sprint(a.GetLabels()) != "[new summer]" {
		t.Fatalf("%v, %v", a, err)
	}
	update := func(req *mediav1.UpdateAssetRequest) (*mediav1.Asset, error) {
		req.Id = a.GetId()
		res, err := r.client.UpdateAsset(ctx, req)
		return res.GetAsset(), err
	}
	got, err := update(&mediav1.UpdateAssetRequest{
		Alts: map[string]string{"de": " Ein Hemd ", "pt-br": "Uma camisa"}, FocalPoint: &mediav1.FocalPoint{X: 0.25, Y: 1}, Folder: proto.String("shirts"),
		SetLabels: true, Labels: []string{"old"}, Filename: proto.String("dir/b.png"),
	})
	if err != nil || got.GetAlts()["de"] != "Ein Hemd" || got.GetAlts()["pt-BR"] != "Uma camisa" || got.GetFocalPoint().GetX() != 0.25 || got.GetFolder() != "shirts" ||
		fmt.Sprint(got.GetLabels()) != "[old]" || got.GetFilename() != "b.png" || got.GetVersion() != 2 {
		t.Errorf("%v, %v", got, err)
	}
	if same, err := update(&mediav1.UpdateAssetRequest{Alts: map[string]string{"de": "Ein Hemd"}}); err != nil || same.GetVersion() != 2 {
		t.Errorf("nothing new: %v, %v", same, err)
	}
	got, err = update(&mediav1.UpdateAssetRequest{Alts: map[string]string{"de": ""}, ClearFocalPoint: true, SetLabels: true})
	if err != nil || len(got.GetAlts()) != 1 || got.GetFocalPoint() != nil || len(got.GetLabels()) != 0 || got.GetVersion() != 3 {
		t.Errorf("%v, %v", got, err)
	}
	if read := r.asset(ctx, t, a.GetId()); !proto.Equal(read, got) {
		t.Errorf("read %v, changed to %v", read, got)
	}
	for name, c := range map[string]struct {
		req  *mediav1.UpdateAssetRequest
		want error
	}{
		"a language":     {&mediav1.UpdateAssetRequest{Alts: map[string]string{"not a language": "x"}}, ErrLocale},
		"a long text":    {&mediav1.UpdateAssetRequest{Alts: map[string]string{"fr": strings.Repeat("x", 1001)}}, ErrAltTooLong},
		"up":             {&mediav1.UpdateAssetRequest{Folder: proto.String("a/../b")}, ErrFolder},
		"nothing inside": {&mediav1.UpdateAssetRequest{Folder: proto.String("a//b")}, ErrFolder},
		"no label":       {&mediav1.UpdateAssetRequest{SetLabels: true, Labels: []string{" "}}, ErrLabel},
		"hidden":         {&mediav1.UpdateAssetRequest{SetLabels: true, Labels: []string{"a\u200bb"}}, ErrLabel},
	} {
		if _, err := update(c.req); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := update(&mediav1.UpdateAssetRequest{FocalPoint: &mediav1.FocalPoint{X: 1.5}}); err == nil {
		t.Error("a point beside the picture passes")
	}
	if now := r.asset(ctx, t, a.GetId()); now.GetVersion() != 3 {
		t.Errorf("what was refused changed %v", now)
	}
}

func TestFoldersLabelsAndFilters(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	ctx := staff(t)
	for i, said := range []Sent{
		{Folder: "shirts"}, {Folder: "shirts/linen", Labels: []string{"new"}}, {Folder: "shirts_more"}, {Labels: []string{"new", "hot"}}, {Private: true, Folder: "shirts", Filename: "a.txt"},
	} {
		if _, err := r.Upload(ctx, said, bytes.NewReader(pngOf(t, 5, 5, uint32(i)))); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		req  *mediav1.ListAssetsRequest
		want int64
	}{
		"all":             {&mediav1.ListAssetsRequest{}, 5},
		"a folder":        {&mediav1.ListAssetsRequest{Folder: "shirts"}, 3},
		"below":           {&mediav1.ListAssetsRequest{Folder: "/shirts/linen/"}, 1},
		"a wildcard":      {&mediav1.ListAssetsRequest{Folder: "shirt%"}, 0},
		"a label":         {&mediav1.ListAssetsRequest{Label: "new"}, 2},
		"files":           {&mediav1.ListAssetsRequest{Private: proto.Bool(true)}, 1},
		"pictures":        {&mediav1.ListAssetsRequest{Private: proto.Bool(false)}, 4},
		"waiting":         {&mediav1.ListAssetsRequest{Rendering: mediav1.RenderingStatus_RENDERING_STATUS_QUEUED}, 4},
		"failed":          {&mediav1.ListAssetsRequest{Rendering: mediav1.RenderingStatus_RENDERING_STATUS_FAILED}, 0},
		"folder and text": {&mediav1.ListAssetsRequest{Folder: "shirts", Q: "a.t", Private: proto.Bool(true)}, 1},
	} {
		if got, err := r.client.ListAssets(ctx, c.req); err != nil || got.GetPage().GetTotal() != c.want || int64(len(got.GetAssets())) != c.want {
			t.Errorf("%s: %v, %v", name, got.GetPage(), err)
		}
	}
	got, err := r.client.ListMediaFolders(ctx, &mediav1.ListMediaFoldersRequest{})
	if err != nil || fmt.Sprint(got.GetFolders()) == "" || len(got.GetFolders()) != 3 || got.GetFolders()[0].GetAssets() != 2 || len(got.GetLabels()) != 2 || got.GetLabels()[1].GetAssets() != 2 {
		t.Errorf("%v, %v", got, err)
	}
	other := id.New()
	r.addTenant(t, other)
	if theirs, err := r.client.ListMediaFolders(tenant.With(ctx, other), &mediav1.ListMediaFoldersRequest{}); err != nil || len(theirs.GetFolders())+len(theirs.GetLabels()) > 0 {
		t.Errorf("another shop sees %v, %v", theirs, err)
	}
}

func TestWhatIsInUseStays(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	ctx := staff(t)
	a := r.mustUpload(ctx, t, "a.png", pngOf(t, 5, 5, 1))
	product, variant := id.New().String(), id.New().String()
	r.shown.show(a.GetId(), &catalogv1.MediaUse{Kind: "product_image", ProductId: product, Title: "Shirt"}, &catalogv1.MediaUse{Kind: "variant_file", ProductId: product, VariantId: &variant, Title: "Shirt"})
	_, err := r.client.DeleteAsset(ctx, &mediav1.DeleteAssetRequest{Id: a.GetId()})
	wantFault(t, err, ErrInUse)
	if where := asFault(err).Objects(); len(where) != 2 || where[0]["productId"] != product || where[1]["variantId"] != variant {
		t.Errorf("it says %v", where)
	}
	uses, err := r.client.ListAssetUses(ctx, &mediav1.ListAssetUsesRequest{Id: a.GetId()})
	if err != nil || len(uses.GetUses()) != 2 || uses.GetMore() {
		t.Errorf("%v, %v", uses, err)
	}
	if res := r.get(t, a.GetUrl()); res.StatusCode != http.StatusOK {
		t.Errorf("afterwards it is %d", res.StatusCode)
	}
	many := make([]*catalogv1.MediaUse, 200)
	for i := range many {
		many[i] = &catalogv1.MediaUse{Kind: "product_image", ProductId: id.New().String()}
	}
	r.shown.show(a.GetId(), many...)
	if uses, err := r.client.ListAssetUses(ctx, &mediav1.ListAssetUsesRequest{Id: a.GetId()}); err != nil || len(uses.GetUses()) != shownUses || !uses.GetMore() {
		t.Errorf("%d, %v, %v", len(uses.GetUses()), uses.GetMore(), err)
	}
	r.shown.show(a.GetId())
	if _, err := r.client.DeleteAsset(ctx, &mediav1.DeleteAssetRequest{Id: a.GetId()}); err != nil {
		t.Error(err)
	}
	if got := r.events(t); got != "asset.created asset.deleted" {
		t.Errorf("announced %q", got)
	}
}

// What is changed while it is being deleted stays, and may be used again.
func TestDeletedWhileItChanges(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	ctx := staff(t)
	a := r.mustUpload(ctx, t, "a.png", pngOf(t, 5, 5, 1))
	r.interrupt = func(ctx context.Context, at string) error {
		if at == "asset retired" {
			r.interrupt = nil
			_, err := r.client.UpdateAsset(ctx, &mediav1.UpdateAssetRequest{Id: a.GetId(), Alt: new("new")})
			return err
		}
		return nil
	}
	_, err := r.client.DeleteAsset(ctx, &mediav1.DeleteAssetRequest{Id: a.GetId(), IfVersion: a.GetVersion()})
	wantFault(t, err, ErrVersionConflict)
	if attempt := r.shown.retired[a.GetId()]; attempt == "" || attempt != r.shown.restored[a.GetId()] {
		t.Errorf("%q was retired and %q restored", attempt, r.shown.restored[a.GetId()])
	}
	// A process that dies in between has deleted nothing, and again it goes through.
	died := errors.New("the process died")
	r.interrupt = func(context.Context, string) error { return died }
	if _, err := r.client.DeleteAsset(ctx, &mediav1.DeleteAssetRequest{Id: a.GetId()}); err == nil {
		t.Error("it went on")
	}
	r.interrupt = nil
	if _, err := r.client.GetAsset(ctx, &mediav1.GetAssetRequest{Id: a.GetId()}); err != nil {
		t.Error(err)
	}
	if _, err := r.client.DeleteAsset(ctx, &mediav1.DeleteAssetRequest{Id: a.GetId()}); err != nil {
		t.Error(err)
	}
}

func TestPrivateFiles(t *testing.T) {
	t.Parallel()
	for storage, change := range map[string]func(*Config, *Deps){"folder": func(*Config, *Deps) {}, "s3": inS3(t)} {
		t.Run(storage, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t, change, func(cfg *Config, _ *Deps) { cfg.FileMiB = 8 })
			ctx := staff(t)
			content := "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
			a, err := r.Upload(ctx, Sent{Filename: `an "ö".svg`, Private: true}, strings.NewReader(content))
			if err != nil || !a.GetPrivate() || a.GetUrl() != "" || a.GetWidth() != 0 || a.GetRendering() != nil || a.GetSizeBytes() != int64(len(content)) {
				t.Fatalf("%v, %v", a, err)
			}
			again, err := r.Upload(ctx, Sent{Filename: "other", Private: true}, strings.NewReader(content))
			if err != nil || again.GetId() != a.GetId() {
				t.Errorf("again it is %v, %v", again, err)
			}
			// No public address leads to it.
			for _, path := range []string{
				"/media/" + privateObject(tenant.Default(), a.GetSha256()), "/media/" + tenant.Default().String() + "/" + a.GetSha256() + ".png",
				"/media/private/" + tenant.Default().String() + "/" + a.GetId() + "/x",
			} {
				if res := r.get(t, path); res.StatusCode != http.StatusNotFound && res.StatusCode != http.StatusForbidden {
					t.Errorf("%s: %d", path, res.StatusCode)
				}
			}
			link, err := r.client.CreateDownload(ctx, &mediav1.CreateDownloadRequest{Id: a.GetId()})
			if err != nil {
				t.Fatal(err)
			}
			status, header, got := r.fetchSigned(t, link.GetUrl())
			if status != http.StatusOK || got != content || !strings.HasPrefix(header.Get("Content-Disposition"), "attachment") {
				t.Errorf("%d %v %q", status, header, got)
			}
			if strings.HasPrefix(link.GetUrl(), "/") == (storage == "s3") {
				t.Errorf("it is at %s", link.GetUrl())
			}
			for wanted, named := range map[string]string{"größe 38.pdf": "filename*=utf-8''gr%C3%B6%C3%9Fe%2038.pdf", "": "filename*=utf-8''an%20%22%C3%B6%22.svg", "..": "filename*=utf-8''an%20%22%C3%B6%22.svg"} {
				sold, err := r.client.SignDownload(ctx, &mediav1.SignDownloadRequest{Id: a.GetId(), Filename: wanted})
				if err != nil {
					t.Fatal(err)
				}
				status, header, got := r.fetchSigned(t, sold.GetUrl())
				if status != http.StatusOK || got != content || header.Get("Content-Disposition") != "attachment; "+named {
					t.Errorf("%q: %d %v %q", wanted, status, header, got)
				}
				if changed := strings.Replace(sold.GetUrl(), ".pdf", ".exe", 1); changed != sold.GetUrl() {
					if status, _, _ := r.fetchSigned(t, changed); status != http.StatusForbidden {
						t.Errorf("under another name it is %d", status)
					}
				}
			}
			_, err = r.client.RenderAsset(ctx, &mediav1.RenderAssetRequest{Id: a.GetId()})
			wantFault(t, err, ErrNotAPicture)
			_, err = r.Upload(ctx, Sent{Private: true}, io.LimitReader(endless{}, 8<<20+1))
			wantFault(t, err, ErrTooLarge)
			other := id.New()
			r.addTenant(t, other)
			_, err = r.client.CreateDownload(tenant.With(ctx, other), &mediav1.CreateDownloadRequest{Id: a.GetId()})
			wantFault(t, err, ErrNotFound)
			_, err = r.client.SignDownload(tenant.With(ctx, other), &mediav1.SignDownloadRequest{Id: a.GetId()})
			wantFault(t, err, ErrNotFound)
			if _, err := r.client.DeleteAsset(ctx, &mediav1.DeleteAssetRequest{Id: a.GetId()}); err != nil {
				t.Error(err)
			}
			if status, _, _ := r.fetchSigned(t, link.GetUrl()); status != http.StatusNotFound {
				t.Errorf("deleted, it is %d", status)
			}
		})
	}
}

// endless is the letter x, over and over.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// fetchSigned follows a signed address, whoever serves it.
func (r room) fetchSigned(t testing.TB, address string) (int, http.Header, string) {
	t.Helper()
	if !strings.HasPrefix(address, "/") {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		data, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, res.Header, string(data)
	}
	w := httptest.NewRecorder()
	r.HTTP().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil))
	return w.Code, w.Header(), w.Body.String()
}

// Every part of a signed address counts.
func TestSignedAddresses(t *testing.T) {
	t.Parallel()
	now := time.Now()
	r := newRoom(t, func(_ *Config, deps *Deps) { deps.Now = func() time.Time { return now } })
	ctx := staff(t)
	var links []string
	var assets []*mediav1.Asset
	for _, content := range []string{"first!", "second!"} {
		a, err := r.Upload(ctx, Sent{Filename: "a.txt", Private: true}, strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		link, err := r.client.CreateDownload(ctx, &mediav1.CreateDownloadRequest{Id: a.GetId()})
		if err != nil {
			t.Fatal(err)
		}
		links, assets = append(links, link.GetUrl()), append(assets, a)
	}
	whole, err := url.Parse(links[0])
	if err != nil {
		t.Fatal(err)
	}
	with := func(change func(q url.Values)) string {
		q := whole.Query()
		change(q)
		return whole.Path + "?" + q.Encode()
	}
	tampered := map[string]string{
		"another asset":  strings.Replace(links[0], assets[0].GetId(), assets[1].GetId(), 1),
		"another name":   strings.Replace(links[0], "a.txt", "b.txt", 1),
		"another shop":   strings.Replace(links[0], tenant.Default().String(), id.New().String(), 1),
		"nothing":        whole.Path,
		"a later end":    with(func(q url.Values) { q.Set(paramExpires, fmt.Sprint(now.Add(time.Hour).Unix())) }),
		"an end as text": with(func(q url.Values) { q.Set(paramExpires, "never") }),
		"two ends":       with(func(q url.Values) { q.Add(paramExpires, q.Get(paramExpires)) }),
		"another key":    with(func(q url.Values) { q.Set(paramKey, "00000000") }),
	}
	for _, name := range []string{paramExpires, paramKey, paramSignature} {
		tampered["without "+name] = with(func(q url.Values) { q.Del(name) })
		tampered["empty "+name] = with(func(q url.Values) { q.Set(name, "") })
	}
	for name, address := range tampered {
		if status, _, got := r.fetchSigned(t, address); status != http.StatusForbidden || strings.Contains(got, "!") {
			t.Errorf("%s: %d %q", name, status, got)
		}
	}
	if status, _, _ := r.fetchSigned(t, links[0]); status != http.StatusOK {
		t.Errorf("untouched: %d", status)
	}
	now = now.Add(r.cfg.LinkTTL)
	if status, _, _ := r.fetchSigned(t, links[0]); status != http.StatusForbidden {
		t.Errorf("too late: %d", status)
	}
}

// send puts bytes to the address of an upload.
func (r room) send(t testing.TB, u *mediav1.CreateUploadResponse, data []byte) int {
	t.Helper()
	if !strings.HasPrefix(u.GetUrl(), "/") {
		req, err := http.NewRequestWithContext(t.Context(), u.GetMethod(), u.GetUrl(), bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		return res.StatusCode
	}
	w := httptest.NewRecorder()
	r.HTTP().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), u.GetMethod(), u.GetUrl(), bytes.NewReader(data)))
	return w.Code
}

func announced(data []byte) *mediav1.CreateUploadRequest {
	sum := sha256.Sum256(data)
	return &mediav1.CreateUploadRequest{Filename: "a.jpg", SizeBytes: int64(len(data)), Sha256: hex.EncodeToString(sum[:]), Alt: "A"}
}

func TestUploadsToASignedAddress(t *testing.T) {
	t.Parallel()
	for storage, change := range map[string]func(*Config, *Deps){"folder": func(*Config, *Deps) {}, "s3": inS3(t)} {
		t.Run(storage, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t, change)
			ctx := staff(t)
			data := difficult(t, "exif6.jpg")
			u, err := r.client.CreateUpload(ctx, announced(data))
			if err != nil {
				t.Fatal(err)
			}
			_, err = r.client.CompleteUpload(ctx, &mediav1.CompleteUploadRequest{Id: u.GetId()})
			wantFault(t, err, ErrUploadMissing)
			if status := r.send(t, u, append(bytes.Clone(data), 'x')); status < 400 {
				t.Errorf("more than was announced: %d", status)
			}
			if status := r.send(t, u, data); status >= 300 {
				t.Fatalf("sending: %d", status)
			}
			// Two at once take it in, and get the same.
			answers := make([]*mediav1.Asset, 2)
			var wg sync.WaitGroup
			for i := range answers {
				wg.Go(func() {
					res, err := r.client.CompleteUpload(ctx, &mediav1.CompleteUploadRequest{Id: u.GetId()})
					if err != nil {
						t.Error(err)
					}
					answers[i] = res.GetAsset()
				})
			}
			wg.Wait()
			res, err := r.client.CompleteUpload(ctx, &mediav1.CompleteUploadRequest{Id: u.GetId()})
			if err != nil {
				t.Fatal(err)
			}
			a := res.GetAsset()
			for _, other := range answers {
				if other.GetId() != a.GetId() {
					t.Errorf("one got %v, the other %v", other, a)
				}
			}
			if a.GetWidth() != 48 || a.GetHeight() != 64 || a.GetAlt() != "A" {
				t.Errorf("taken in as %v", a)
			}
			again, err := r.Upload(ctx, Sent{}, bytes.NewReader(data))
			if err != nil || again.GetId() != a.GetId() {
				t.Errorf("in a form it is %v, %v", again, err)
			}
			for name, c := range map[string]struct {
				sent []byte
				want error
			}{"broken": {data[:600], ErrBroken}, "no picture": {[]byte("<svg onload='alert(1)'>"), ErrUnknownType}} {
				u, err := r.client.CreateUpload(ctx, announced(c.sent))
				if err != nil || r.send(t, u, c.sent) >= 300 {
					t.Fatal(name, err)
				}
				_, err = r.client.CompleteUpload(ctx, &mediav1.CompleteUploadRequest{Id: u.GetId()})
				if !errors.Is(err, c.want) {
					t.Errorf("%s: %v", name, err)
				}
			}
			// Bytes of the same length that are others.
			lie, err := r.client.CreateUpload(ctx, announced(data))
			if err != nil {
				t.Fatal(err)
			}
			status := r.send(t, lie, bytes.Repeat([]byte("x"), len(data)))
			_, err = r.client.CompleteUpload(ctx, &mediav1.CompleteUploadRequest{Id: lie.GetId()})
			if status < 300 && !errors.Is(err, ErrMismatch) || status >= 300 && !errors.Is(err, ErrUploadMissing) {
				t.Errorf("other bytes: %d, %v", status, err)
			}
			large := announced(data)
			large.SizeBytes = maxBytes + 1
			_, err = r.client.CreateUpload(ctx, large)
			wantFault(t, err, ErrTooLarge)
			other := id.New()
			r.addTenant(t, other)
			_, err = r.client.CompleteUpload(tenant.With(ctx, other), &mediav1.CompleteUploadRequest{Id: u.GetId()})
			wantFault(t, err, ErrUploadNotFound)
		})
	}
}

// A large file passes through without being held in memory.
//
//nolint:paralleltest // what is allocated is counted for the whole process
func TestALargeFileIsStreamed(t *testing.T) {
	r := newRoom(t)
	const size = 256 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	a, err := r.Upload(staff(t), Sent{Filename: "large.bin", Private: true}, io.LimitReader(endless{}, size))
	runtime.ReadMemStats(&after)
	if err != nil || a.GetSizeBytes() != size {
		t.Fatalf("%v, %v", a, err)
	}
	if grown := int64(after.TotalAlloc) - int64(before.TotalAlloc); grown > size/2 {
		t.Errorf("%d MB were allocated meanwhile", grown>>20)
	}
}
