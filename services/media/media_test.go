package media

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/gen/sovecom/media/v1/mediav1connect"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
)

type room struct {
	*Service

	dir    string
	db     *pgtest.DB
	client mediav1connect.MediaServiceClient
	shown  *catalogue
}

// catalogue says where assets are used.
type catalogue struct {
	catalogv1connect.CatalogServiceClient

	mu   sync.Mutex
	uses map[string][]*catalogv1.MediaUse
	// attempts by asset that have retired it, and the last of them that was taken back.
	retired, restored map[string]string
}

func (c *catalogue) RetireMedia(_ context.Context, req *catalogv1.RetireMediaRequest) (*catalogv1.RetireMediaResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	uses := c.uses[req.GetMediaId()]
	if len(uses) == 0 {
		c.retired[req.GetMediaId()] = req.GetAttemptId()
	}
	return &catalogv1.RetireMediaResponse{Uses: uses[:min(len(uses), int(req.GetLimit()))]}, nil
}

func (c *catalogue) RestoreMedia(_ context.Context, req *catalogv1.RestoreMediaRequest) (*catalogv1.RestoreMediaResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.restored[req.GetMediaId()] = req.GetAttemptId()
	return &catalogv1.RestoreMediaResponse{}, nil
}

func (c *catalogue) ListMediaUses(_ context.Context, req *catalogv1.ListMediaUsesRequest) (*catalogv1.ListMediaUsesResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	uses := c.uses[req.GetMediaId()]
	return &catalogv1.ListMediaUsesResponse{Uses: uses[:min(len(uses), int(req.GetLimit()))]}, nil
}

func (c *catalogue) show(media string, uses ...*catalogv1.MediaUse) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.uses[media] = uses
}

// newRoom is a room on a folder; change may alter what it is made of.
func newRoom(t testing.TB, change ...func(cfg *Config, deps *Deps)) room {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	r := room{dir: filepath.Join(t.TempDir(), "media"), db: pgtest.New(t, "media", Migrations()), shown: &catalogue{uses: map[string][]*catalogv1.MediaUse{}, retired: map[string]string{}, restored: map[string]string{}}}
	cfg := DefaultConfig()
	cfg.Dir = r.dir
	deps := Deps{
		DB: r.db.DB, Logger: log, Now: time.Now, Secret: []byte("a secret of the tests, long enough"), Pictures: []string{os.Args[0], picturesArg},
		Catalog: func() catalogv1connect.CatalogServiceClient { return r.shown },
	}
	for _, c := range change {
		c(&cfg, &deps)
	}
	var err error
	if r.Service, err = New(cfg, deps); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.inspector.close()
		r.renderer.close()
		r.prompt.close()
	})
	r.client = r.dial(t)
	return r
}

// dial opens the room's door.
func (r room) dial(t testing.TB) mediav1connect.MediaServiceClient {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	server, err := rpc.NewServer(rpc.Deps{Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	r.Mount(server)
	client, err := rpc.NewClient(door.Memory(server), rpc.Deps{Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	return mediav1connect.NewMediaServiceClient(client)
}

// staff is the context of somebody who may do everything.
func staff(t testing.TB) context.Context {
	return auth.With(pgtest.Context(t), auth.Principal{Kind: auth.Staff, ID: id.New(), Role: "owner"})
}

func (r room) mustUpload(ctx context.Context, t testing.TB, name string, data []byte) *mediav1.Asset {
	t.Helper()
	a, err := r.Upload(ctx, Sent{Filename: name}, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// stored lists the files below the room's folder.
func (r room) stored(t testing.TB) []string {
	t.Helper()
	var out []string
	if err := filepath.WalkDir(r.dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, strings.TrimPrefix(path, r.dir+"/"))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func asFault(err error) *fault.Fault {
	var f *fault.Fault
	errors.As(err, &f)
	if f == nil {
		return fault.Internal()
	}
	return f
}

func wantFault(t testing.TB, err error, want *fault.Fault) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %s", err, want.Code())
	}
}

func TestIsolation(t *testing.T) {
	t.Parallel()
	pgtest.Isolation(t, newRoom(t).db)
}

func TestALifeOfAPicture(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	ctx := staff(t)
	data := pngOf(t, 60, 40, 1)
	a, err := r.Upload(ctx, Sent{Filename: "dir/shirt.jpeg", Alt: " A shirt "}, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if a.GetContentType() != "image/png" || a.GetWidth() != 60 || a.GetHeight() != 40 || a.GetSizeBytes() != int64(len(data)) ||
		a.GetFilename() != "shirt.jpeg" || a.GetAlt() != "A shirt" || a.GetVersion() != 1 ||
		a.GetUrl() != "/media/"+tenant.Default().String()+"/"+a.GetSha256()+".png" {
		t.Errorf("uploaded %v", a)
	}
	got, err := r.client.GetAsset(ctx, &mediav1.GetAssetRequest{Id: a.GetId()})
	if err != nil || !proto.Equal(got.GetAsset(), a) {
		t.Errorf("read %v, %v", got, err)
	}
	again, err := r.Upload(ctx, Sent{Filename: "other.png", Alt: "Other"}, bytes.NewReader(data))
	if err != nil || !proto.Equal(again, a) {
		t.Errorf("the same bytes again are %v, %v", again, err)
	}
	changed, err := r.client.UpdateAsset(ctx, &mediav1.UpdateAssetRequest{Id: a.GetId(), IfVersion: 1, Alt: proto.String("")})
	if err != nil || changed.GetAsset().GetAlt() != "" || changed.GetAsset().GetVersion() != 2 {
		t.Errorf("changed to %v, %v", changed, err)
	}
	_, err = r.client.UpdateAsset(ctx, &mediav1.UpdateAssetRequest{Id: a.GetId(), IfVersion: 1, Alt: proto.String("late")})
	wantFault(t, err, ErrVersionConflict)
	if filled, err := r.Upload(ctx, Sent{Filename: "other.png", Alt: "Other"}, bytes.NewReader(data)); err != nil || filled.GetAlt() != "Other" || filled.GetVersion() != 3 {
		t.Errorf("an empty text is filled: %v, %v", filled, err)
	}
	_, err = r.client.DeleteAsset(ctx, &mediav1.DeleteAssetRequest{Id: a.GetId(), IfVersion: 1})
	wantFault(t, err, ErrVersionConflict)
	if _, err = r.client.DeleteAsset(ctx, &mediav1.DeleteAssetRequest{Id: a.GetId()}); err != nil {
		t.Fatal(err)
	}
	if files := r.stored(t); len(files) != 0 {
		t.Errorf("after deletion there is %q", files)
	}
	_, err = r.client.DeleteAsset(ctx, &mediav1.DeleteAssetRequest{Id: a.GetId()})
	wantFault(t, err, ErrNotFound)
	_, err = r.client.GetAsset(ctx, &mediav1.GetAssetRequest{Id: a.GetId()})
	wantFault(t, err, ErrNotFound)
}

func TestWhoMay(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	a := r.mustUpload(staff(t), t, "a.png", pngOf(t, 5, 5, 1))
	_, err := r.Upload(pgtest.Context(t), Sent{Filename: "a.png"}, bytes.NewReader(pngOf(t, 5, 5, 2)))
	wantFault(t, err, auth.ErrUnauthenticated)
	nobody := auth.With(pgtest.Context(t), auth.Principal{Kind: auth.Staff, ID: id.New(), Role: "none"})
	_, err = r.Upload(nobody, Sent{Filename: "a.png"}, bytes.NewReader(pngOf(t, 5, 5, 2)))
	wantFault(t, err, rpc.ErrDenied)
	_, err = r.Upload(auth.With(t.Context(), auth.Principal{Kind: auth.Service}), Sent{Filename: "a.png"}, bytes.NewReader(pngOf(t, 5, 5, 2)))
	wantFault(t, err, ErrNoTenant)
	r.mustUpload(auth.With(pgtest.Context(t), auth.Principal{Kind: auth.Service}), t, "a.png", pngOf(t, 5, 5, 2))

	// Another tenant's picture does not exist, and the same bytes are its own asset.
	other := id.New()
	r.addTenant(t, other)
	theirs := tenant.With(staff(t), other)
	_, err = r.client.GetAsset(theirs, &mediav1.GetAssetRequest{Id: a.GetId()})
	wantFault(t, err, ErrNotFound)
	_, err = r.client.UpdateAsset(theirs, &mediav1.UpdateAssetRequest{Id: a.GetId(), Alt: proto.String("x")})
	wantFault(t, err, ErrNotFound)
	_, err = r.client.DeleteAsset(theirs, &mediav1.DeleteAssetRequest{Id: a.GetId()})
	wantFault(t, err, ErrNotFound)
	same := r.mustUpload(theirs, t, "b.png", pngOf(t, 5, 5, 1))
	if same.GetId() == a.GetId() || same.GetUrl() == a.GetUrl() {
		t.Errorf("two tenants share %v", same)
	}
	if _, err := r.client.DeleteAsset(theirs, &mediav1.DeleteAssetRequest{Id: same.GetId()}); err != nil {
		t.Fatal(err)
	}
	if res := r.get(t, a.GetUrl()); res.StatusCode != http.StatusOK {
		t.Errorf("deleting theirs made ours %d", res.StatusCode)
	}
	if list, err := r.client.ListAssets(theirs, &mediav1.ListAssetsRequest{}); err != nil || list.GetPage().GetTotal() != 0 {
		t.Errorf("they list %v, %v", list, err)
	}
}

func TestBadUploadsLeaveNothing(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	whole := pngOf(t, 200, 200, 1)
	large := append(bytes.Clone(whole), make([]byte, maxBytes)...)
	for name, c := range map[string]struct {
		body io.Reader
		want *fault.Fault
	}{
		"empty":       {strings.NewReader(""), ErrEmpty},
		"svg":         {strings.NewReader("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), ErrUnknownType},
		"text":        {strings.NewReader("not a picture"), ErrUnknownType},
		"magic only":  {bytes.NewReader(whole[:8]), ErrBroken},
		"cut":         {bytes.NewReader(whole[:len(whole)-20]), ErrBroken},
		"interrupted": {io.MultiReader(bytes.NewReader(whole[:1000]), iotest.ErrReader(io.ErrUnexpectedEOF)), ErrInterrupted},
		"at once":     {iotest.ErrReader(net.ErrClosed), ErrInterrupted},
		"too large":   {bytes.NewReader(large), ErrTooLarge},
	} {
		_, err := r.Upload(staff(t), Sent{Filename: name}, c.body)
		t.Logf("%s: %v", name, err)
		wantFault(t, err, c.want)
	}
	_, err := r.Upload(staff(t), Sent{Alt: strings.Repeat("x", 1001)}, bytes.NewReader(whole))
	wantFault(t, err, ErrAltTooLong)
	if files := r.stored(t); len(files) != 0 {
		t.Errorf("what is left: %q", files)
	}
	// The limit is meant to the byte; what comes after the picture is not kept.
	r.mustUpload(staff(t), t, "limit", large[:maxBytes])
}

func TestFiftyAtOnceAreOneAsset(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	ctx, data := staff(t), pngOf(t, 300, 300, 1)
	ids := make([]string, 50)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			a, err := r.Upload(ctx, Sent{Filename: fmt.Sprint(i)}, bytes.NewReader(data))
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = a.GetId()
		})
	}
	wg.Wait()
	for _, i := range ids {
		if i != ids[0] {
			t.Fatalf("different assets: %q", ids)
		}
	}
	if files := r.stored(t); len(files) != 1 {
		t.Errorf("stored %q", files)
	}
}

// Whatever comes last wins, but a row never stands without its bytes.
func TestUploadsAgainstDeletions(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	ctx, data := staff(t), pngOf(t, 20, 20, 1)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 15 {
				a, err := r.Upload(ctx, Sent{Filename: "a"}, bytes.NewReader(data))
				if err != nil {
					t.Error(err)
					return
				}
				_, err = r.client.DeleteAsset(ctx, &mediav1.DeleteAssetRequest{Id: a.GetId()})
				if err != nil && !errors.Is(err, ErrNotFound) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	a := r.mustUpload(ctx, t, "a", data)
	if res := r.get(t, a.GetUrl()); res.StatusCode != http.StatusOK || len(r.stored(t)) != 1 {
		t.Errorf("status %d, stored %q", res.StatusCode, r.stored(t))
	}
}

func TestSweepRemovesWhatCrashesLeft(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	a := r.mustUpload(staff(t), t, "a", pngOf(t, 20, 20, 1))
	old := time.Now().Add(-2 * spareAge)
	lost := key{tenant: tenant.Default(), sha256: strings.Repeat("ab", 32), extension: "png"}
	for _, name := range []string{"tmp/old", lost.name(), lost.rendition(160, "webp").name(), privateObject(lost.tenant, lost.sha256), incomingObject(lost.tenant, id.New()), path.Dir(lost.name()) + "/notes.txt"} {
		file := filepath.Join(r.dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte("x"), 0o600), os.Chtimes(file, old, old)); err != nil {
			t.Fatal(err)
		}
	}
	kept := key{tenant: tenant.Default(), sha256: a.GetSha256(), extension: "png"}
	if err := errors.Join(os.Chtimes(filepath.Join(r.dir, kept.name()), old, old),
		os.WriteFile(filepath.Join(r.dir, "tmp", "new"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := r.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, name := range r.stored(t) {
		got[name] = true
	}
	if len(got) != 3 || !got[kept.name()] || !got["tmp/new"] || !got[path.Dir(lost.name())+"/notes.txt"] {
		t.Errorf("left: %v", got)
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	ctx := staff(t)
	var want []string
	for i := range 7 {
		a, err := r.Upload(ctx, Sent{Filename: fmt.Sprintf("100%%_%d.png", i)}, bytes.NewReader(pngOf(t, 5, 5, uint32(i))))
		if err != nil {
			t.Fatal(err)
		}
		want = append([]string{a.GetId()}, want...)
	}
	var byCursor, byNumber []string
	req := &mediav1.ListAssetsRequest{Page: &typev1.PageRequest{Limit: 3}}
	for n := int32(1); n <= 4; n++ {
		res, err := r.client.ListAssets(ctx, req)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range res.GetAssets() {
			byCursor = append(byCursor, a.GetId())
		}
		numbered, err := r.client.ListAssets(ctx, &mediav1.ListAssetsRequest{Page: &typev1.PageRequest{Limit: 3, Page: n}})
		if err != nil || numbered.GetPage().GetTotal() != 7 {
			t.Fatal(numbered, err)
		}
		for _, a := range numbered.GetAssets() {
			byNumber = append(byNumber, a.GetId())
		}
		if req.Page.After = res.GetPage().GetNext(); req.Page.After == nil {
			break
		}
	}
	if fmt.Sprint(byCursor) != fmt.Sprint(want) || fmt.Sprint(byNumber[:7]) != fmt.Sprint(want) {
		t.Errorf("by cursor %q\nby number %q\nwant %q", byCursor, byNumber, want)
	}
	for q, n := range map[string]int64{"0%_3": 1, "%": 7, "_": 7, "__": 0, `\`: 0, "100": 7, "'": 0, ".PNG": 7} {
		res, err := r.client.ListAssets(ctx, &mediav1.ListAssetsRequest{Q: q})
		if err != nil || res.GetPage().GetTotal() != n {
			t.Errorf("%q: %v, %v", q, res.GetPage(), err)
		}
	}
}

func (r room) get(t testing.TB, path string, headers ...string) *http.Response {
	t.Helper()
	return r.do(t, http.MethodGet, path, headers...)
}

func (r room) do(t testing.TB, method, path string, headers ...string) *http.Response {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), method, "http://shop.example", nil)
	req.URL.Path = path
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	r.HTTP().ServeHTTP(w, req)
	return w.Result()
}

func TestServing(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	data := jpegOf(t, 50, 50)
	a := r.mustUpload(staff(t), t, "a.exe", data)
	res := r.get(t, a.GetUrl())
	body, err := io.ReadAll(res.Body)
	if err != nil || !bytes.Equal(body, data) || res.StatusCode != http.StatusOK {
		t.Errorf("got %d, %d bytes, %v", res.StatusCode, len(body), err)
	}
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "ETag": `"` + a.GetSha256() + `"`, "Cache-Control": "public, max-age=31536000, immutable",
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox", "Content-Length": fmt.Sprint(len(data)),
		"Accept-Ranges": "bytes",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	head := r.do(t, http.MethodHead, a.GetUrl())
	if body, _ := io.ReadAll(head.Body); head.StatusCode != http.StatusOK || len(body) > 0 || head.ContentLength != int64(len(data)) {
		t.Errorf("HEAD: %d, %d bytes, length %d", head.StatusCode, len(body), head.ContentLength)
	}
	part := r.get(t, a.GetUrl(), "Range", "bytes=10-19")
	if body, _ := io.ReadAll(part.Body); part.StatusCode != http.StatusPartialContent || !bytes.Equal(body, data[10:20]) {
		t.Errorf("range: %d, %q", part.StatusCode, body)
	}
	if beyond := r.get(t, a.GetUrl(), "Range", "bytes=999999-"); beyond.StatusCode != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("range beyond the end: %d", beyond.StatusCode)
	}
	if same := r.get(t, a.GetUrl(), "If-None-Match", `"`+a.GetSha256()+`"`); same.StatusCode != http.StatusNotModified {
		t.Errorf("If-None-Match: %d", same.StatusCode)
	}
	if post := r.do(t, http.MethodPost, a.GetUrl()); post.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", post.StatusCode)
	}
}

func TestNoPathLeadsOut(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	a := r.mustUpload(staff(t), t, "a", pngOf(t, 5, 5, 1))
	if err := os.WriteFile(filepath.Join(filepath.Dir(r.dir), "secret.png"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	owner := tenant.Default().String()
	sum := a.GetSha256()
	for _, name := range []string{
		"../secret.png", owner + "/../../secret.png", owner + "/..%2f..%2fsecret.png", owner + `/..\..\secret.png`, "tmp/x.png", "/etc/passwd", "", "/", ".", owner,
		owner + "/" + sum, owner + "/" + sum + ".jpg", owner + "/" + sum + ".svg", owner + "/" + strings.ToUpper(sum) + ".png", owner + "/" + sum + ".png/",
		owner + "/" + sum + ".png\x00", owner + "/" + sum[:2] + "/" + sum + ".png", id.New().String() + "/" + sum + ".png", owner + "/" + strings.Repeat("0", 64) + ".png",
	} {
		w := httptest.NewRecorder()
		r.Serve(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://shop.example/", nil), name)
		if w.Code != http.StatusNotFound || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%q: %d, %s", name, w.Code, w.Header().Get("Cache-Control"))
		}
	}
	// A link inside the folder does not lead out either.
	k := key{tenant: tenant.Default(), sha256: strings.Repeat("cd", 32), extension: "png"}
	file := filepath.Join(r.dir, k.name())
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.Symlink(filepath.Join(filepath.Dir(r.dir), "secret.png"), file)); err != nil {
		t.Fatal(err)
	}
	if res := r.get(t, k.url()); res.StatusCode == http.StatusOK {
		t.Error("a link led out of the folder")
	}
}

func TestUploadsOverHTTP(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	asStaff := http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		ctx := auth.With(tenant.With(req.Context(), tenant.Default()), auth.Principal{Kind: auth.Staff, ID: id.New(), Role: "staff"})
		r.HTTP().ServeHTTP(w, req.WithContext(ctx))
	})
	type part struct{ name, file, content string }
	post := func(h http.Handler, parts ...part) (int, map[string]any) {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for _, p := range parts {
			var w io.Writer
			var err error
			if p.file == "" {
				w, err = form.CreateFormField(p.name)
			} else {
				w, err = form.CreateFormFile(p.name, p.file)
			}
			if err == nil {
				_, err = io.WriteString(w, p.content)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := form.Close(); err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/media/uploads", &body)
		req.Header.Set("Content-Type", form.FormDataContentType())
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		var doc map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
			t.Fatalf("%d %s: %v", w.Code, w.Body, err)
		}
		return w.Code, doc
	}
	picture := string(pngOf(t, 12, 13, 1))
	file, alt := part{"file", "a.png", picture}, part{"alt", "", "Text"}
	status, doc := post(asStaff, file, alt)
	text, _ := doc["id"].(string)
	made, err := r.client.GetAsset(staff(t), &mediav1.GetAssetRequest{Id: text})
	if err != nil || status != http.StatusCreated || made.GetAsset().GetAlt() != "Text" || made.GetAsset().GetWidth() != 12 || made.GetAsset().GetFilename() != "a.png" {
		t.Errorf("%d %v %v, %v", status, doc, made, err)
	}
	for name, c := range map[string]struct {
		handler http.Handler
		parts   []part
		status  int
		code    string
	}{
		"a stranger":    {r.HTTP(), []part{file}, 401, "auth.unauthenticated"},
		"no file":       {asStaff, []part{alt}, 422, "media.file_required"},
		"nothing":       {asStaff, nil, 422, "media.file_required"},
		"two files":     {asStaff, []part{file, file}, 400, "media.bad_form"},
		"other field":   {asStaff, []part{{"title", "", "x"}, file}, 400, "media.bad_form"},
		"no picture":    {asStaff, []part{{"file", "a.png", "hello"}}, 415, "media.unsupported_type"},
		"broken":        {asStaff, []part{{"file", "a.png", picture[:100]}}, 422, "media.broken_picture"},
		"long text":     {asStaff, []part{{"alt", "", strings.Repeat("x", 2000)}, file}, 422, "media.alt_too_long"},
		"too large":     {asStaff, []part{{"file", "a.png", picture + strings.Repeat("x", maxBytes)}}, 413, "media.too_large"},
		"far too large": {asStaff, []part{{"file", "a.png", picture + strings.Repeat("x", maxBytes+formOverhead)}}, 413, "media.too_large"},
	} {
		status, doc := post(c.handler, c.parts...)
		failure, _ := doc["error"].(map[string]any)
		if status != c.status || (failure["code"] != c.code && c.status != 401) {
			t.Errorf("%s: %d %v", name, status, doc)
		}
	}
	w := httptest.NewRecorder()
	asStaff.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/media/uploads", strings.NewReader("{}")))
	if w.Code != http.StatusBadRequest {
		t.Errorf("no form: %d", w.Code)
	}
	if n := len(r.stored(t)); n != 1 {
		t.Errorf("%d files are stored", n)
	}
}

// A sender that goes away in the middle, over a real connection.
func TestAnUploadThatBreaksOff(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	done := make(chan int, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		rec := httptest.NewRecorder()
		r.HTTP().ServeHTTP(rec, req.WithContext(auth.With(tenant.With(req.Context(), tenant.Default()), auth.Principal{Kind: auth.Service})))
		done <- rec.Code
	}))
	t.Cleanup(server.Close)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	data := pngOf(t, 400, 400, 1)
	if _, err := fmt.Fprintf(conn, "POST /media/uploads HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n"+
		"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n%s", len(data)+100, data[:len(data)/2]); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if status := <-done; status != http.StatusBadRequest {
		t.Errorf("answered %d", status)
	}
	if files := r.stored(t); len(files) != 0 {
		t.Errorf("left: %q", files)
	}
}
