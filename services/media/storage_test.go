package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/sovecom/sovecom/kit/config"
	"github.com/sovecom/sovecom/kit/id"
)

// s3Server is one that was built from tools/s3 and running for all tests of the package.
type s3Server struct {
	endpoint string
	err      error
}

const testBucket = "pictures"

// startS3 runs one server for all tests, started by the first that needs it. It ends with the test binary.
var startS3 = sync.OnceValue(func() s3Server {
	fail := func(err error) s3Server { return s3Server{err: err} }
	find := exec.Command("go", "-C", filepath.Join("..", "..", "tools", "s3"), "tool", "-n", "versitygw")
	find.Env = append(os.Environ(), "GOWORK=off")
	program, err := find.Output()
	if err != nil {
		return fail(fmt.Errorf("build the S3 server: %w", err))
	}
	dir, err := os.MkdirTemp("", "s3-")
	if err != nil {
		return fail(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fail(err)
	}
	address := free.Addr().String()
	if err := errors.Join(free.Close(), os.MkdirAll(filepath.Join(dir, "data"), 0o700), os.MkdirAll(filepath.Join(dir, "meta"), 0o700)); err != nil {
		return fail(err)
	}
	server := exec.Command(strings.TrimSpace(string(program)), "--quiet", "--port", address, "--access", "test-access", "--secret", "test-secret", "posix", "--sidecar", filepath.Join(dir, "meta"), filepath.Join(dir, "data"))
	endWithParent(server)
	if err := server.Start(); err != nil {
		return fail(err)
	}
	out := s3Server{endpoint: "http://" + address}
	s, err := openS3(out.config(""))
	if err != nil {
		return fail(err)
	}
	for deadline := time.Now().Add(30 * time.Second); ; {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		err = s.client.MakeBucket(ctx, testBucket, minio.MakeBucketOptions{})
		cancel()
		if err == nil || time.Now().After(deadline) {
			break
		}
		<-time.After(50 * time.Millisecond)
	}
	out.err = err
	return out
})

func (s s3Server) config(prefix string) S3Config {
	return S3Config{
		Endpoint: s.endpoint, Region: "us-east-1", Bucket: testBucket, AccessKey: config.Secret("test-access"), SecretKey: config.Secret("test-secret"), PathStyle: true, Prefix: prefix,
	}
}

// inS3 makes a room keep its bytes in a bucket, below a prefix of its own.
func inS3(t testing.TB) func(cfg *Config, deps *Deps) {
	t.Helper()
	server := startS3()
	if server.err != nil {
		t.Fatal(server.err)
	}
	prefix := "tests/" + id.New().String()
	return func(cfg *Config, _ *Deps) { cfg.S3 = server.config(prefix) }
}

// everyStorage runs a test on each kind of storage.
func everyStorage(t *testing.T, test func(t *testing.T, s storage, scratch scratch)) {
	t.Helper()
	for _, name := range []string{"folder", "s3"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := Config{Dir: t.TempDir()}
			if name == "s3" {
				inS3(t)(&cfg, nil)
			}
			scratch, err := openScratch(cfg.Dir)
			if err != nil {
				t.Fatal(err)
			}
			s, err := openStorage(cfg)
			if err != nil {
				t.Fatal(err)
			}
			test(t, s, scratch)
		})
	}
}

func putBytes(t testing.TB, s storage, scratch scratch, name string, data []byte) {
	t.Helper()
	file := scratch.path()
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.put(t.Context(), name, file, "image/png"); err != nil {
		t.Fatal(err)
	}
}

func readAll(t testing.TB, s storage, name string) []byte {
	t.Helper()
	o, err := s.open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	data, err := io.ReadAll(o)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// What every storage promises.
func TestStorages(t *testing.T) {
	t.Parallel()
	everyStorage(t, func(t *testing.T, s storage, scratch scratch) {
		ctx := t.Context()
		large := bytes.Repeat([]byte("0123456789abcdef"), 10<<16)
		putBytes(t, s, scratch, "a/b/large", large)
		if got := readAll(t, s, "a/b/large"); !bytes.Equal(got, large) {
			t.Errorf("%d bytes come back of %d", len(got), len(large))
		}
		putBytes(t, s, scratch, "a/b/large", large) // again
		o, err := s.open(ctx, "a/b/large")
		if err != nil {
			t.Fatal(err)
		}
		if end, err := o.Seek(0, io.SeekEnd); err != nil || end != int64(len(large)) {
			t.Errorf("it ends at %d, %v", end, err)
		}
		piece := make([]byte, 5)
		if _, err := o.Seek(10_000_003, io.SeekStart); err != nil {
			t.Error(err)
		}
		if _, err := io.ReadFull(o, piece); err != nil || string(piece) != "34567" {
			t.Errorf("in the middle there is %q, %v", piece, err)
		}
		if err := o.Close(); err != nil {
			t.Error(err)
		}
		if _, err := s.open(ctx, "a/b/none"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("what is not there: %v", err)
		}
		for name, want := range map[string]bool{"a/b/large": true, "a/b/none": false, "a": false} {
			if ok, err := s.exists(ctx, name); name != "a" && (ok != want || err != nil) {
				t.Errorf("%s: %v, %v", name, ok, err)
			}
		}
		putBytes(t, s, scratch, "a/c", []byte("c"))
		putBytes(t, s, scratch, "ab/d", []byte("d"))
		list := func(prefix string, age time.Duration) string {
			names := map[string]bool{}
			if err := s.walk(ctx, prefix, age, func(name string) error {
				names[name] = true
				return nil
			}); err != nil {
				t.Error(err)
			}
			return strings.Join(slices.Sorted(maps.Keys(names)), " ")
		}
		for prefix, want := range map[string]string{"": "a/b/large a/c ab/d", "a/": "a/b/large a/c", "x/": ""} {
			if got := list(prefix, 0); got != want {
				t.Errorf("below %q there are %q", prefix, got)
			}
		}
		if got := list("", time.Hour); got != "" {
			t.Errorf("an hour old are %q", got)
		}
		wrong := errors.New("enough")
		if err := s.walk(ctx, "", 0, func(string) error { return wrong }); !errors.Is(err, wrong) {
			t.Errorf("a walk that was stopped ends with %v", err)
		}
		if err := removeAll(ctx, s, "a/"); err != nil {
			t.Error(err)
		}
		if got := list("", 0); got != "ab/d" {
			t.Errorf("after removing there are %q", got)
		}
		if err := s.remove(ctx, "a/c"); err != nil {
			t.Errorf("removing what is gone: %v", err)
		}
		if err := probe(ctx, s, scratch); err != nil {
			t.Error(err)
		}
		if got := list("", 0); got != "ab/d" {
			t.Errorf("the health check leaves %q", got)
		}
	})
}

// Whoever reads sees all of an object or none of it, and many may store the same at once.
func TestStoragesShowNothingHalf(t *testing.T) {
	t.Parallel()
	everyStorage(t, func(t *testing.T, s storage, scratch scratch) {
		data := bytes.Repeat([]byte("x"), 3<<20)
		file := scratch.path()
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := s.put(t.Context(), "same/one", file, "text/plain"); err != nil {
					t.Error(err)
				}
			})
			wg.Go(func() {
				o, err := s.open(t.Context(), "same/one")
				if errors.Is(err, fs.ErrNotExist) {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				defer o.Close()
				if got, err := io.ReadAll(o); err != nil || len(got) != len(data) {
					t.Errorf("seen: %d bytes, %v", len(got), err)
				}
			})
		}
		wg.Wait()
	})
}

// Storing in a folder and emptying it at the same time get on with each other. S3 has no folders.
func TestAFolderThatIsEmptiedMeanwhile(t *testing.T) {
	t.Parallel()
	scratch, err := openScratch(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s, err := openLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	file := scratch.path()
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			for range 50 {
				name := fmt.Sprintf("folder/inner/%d", n)
				if err := errors.Join(s.put(t.Context(), name, file, "text/plain"), s.remove(t.Context(), name)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// What S3 signs is good for one thing only.
func TestS3Addresses(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: t.TempDir()}
	inS3(t)(&cfg, nil)
	s, err := openStorage(cfg)
	if err != nil {
		t.Fatal(err)
	}
	address, ours, err := s.presign(t.Context(), grant{put: true, name: "in/x", size: 5, ttl: time.Minute})
	if err != nil || !ours {
		t.Fatal(err)
	}
	send := func(method, url, body string) int {
		req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
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
	if got := send(http.MethodPut, address.url, "too long"); got == http.StatusOK {
		t.Error("more is taken than was announced")
	}
	if got := send(http.MethodPut, strings.Replace(address.url, "in/x", "in/y", 1), "12345"); got != http.StatusForbidden {
		t.Errorf("another name: %d", got)
	}
	if got := send(http.MethodPut, address.url, "12345"); got != http.StatusOK {
		t.Errorf("as announced: %d", got)
	}
	if got := readAll(t, s, "in/x"); string(got) != "12345" {
		t.Errorf("stored %q", got)
	}
	if got := send(http.MethodGet, address.url, ""); got != http.StatusForbidden {
		t.Errorf("reading with it: %d", got)
	}
	read, _, err := s.presign(t.Context(), grant{name: "in/x", filename: "é.txt", contentType: "text/plain", ttl: time.Minute})
	if err != nil || send(http.MethodGet, read.url, "") != http.StatusOK || send(http.MethodGet, strings.TrimSuffix(read.url, read.url[len(read.url)-1:]), "") != http.StatusForbidden {
		t.Errorf("%s, %v", read.url, err)
	}
}

// A server that is not there, or keys that are wrong, are an outage and nothing else.
func TestS3ThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	down := listener.Addr().String()
	listener.Close()
	wrongKey := Config{Dir: t.TempDir()}
	inS3(t)(&wrongKey, nil)
	wrongKey.S3.SecretKey = "wrong"
	noBucket := Config{Dir: t.TempDir()}
	inS3(t)(&noBucket, nil)
	noBucket.S3.Bucket = "not-there"
	for name, cfg := range map[string]Config{
		"down":      {Dir: t.TempDir(), S3: S3Config{Endpoint: "http://" + down, Bucket: "b", AccessKey: "a", SecretKey: "s", Region: "r", PathStyle: true}},
		"wrong key": wrongKey, "no bucket": noBucket,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t, func(c *Config, _ *Deps) { *c = merged(*c, cfg) })
			_, err := r.Upload(staff(t), Sent{Filename: "a.png"}, bytes.NewReader(pngOf(t, 9, 9, 1)))
			wantFault(t, err, ErrStorage)
			if f := asFault(err); f.RetryAfter() <= 0 {
				t.Error("it is not said when to try again")
			}
			if err := r.CheckStorage(t.Context()); err == nil {
				t.Error("the storage counts as healthy")
			}
			if list, err := r.client.ListAssets(staff(t), nil); err != nil || list.GetPage().GetTotal() != 0 {
				t.Errorf("listed %v, %v", list, err)
			}
		})
	}
	if _, err := openS3(S3Config{Endpoint: "s3.example.com", Bucket: "b"}); err == nil {
		t.Error("an endpoint without a scheme passes")
	}
}

func merged(c, other Config) Config {
	c.Dir, c.S3 = other.Dir, other.S3
	return c
}
