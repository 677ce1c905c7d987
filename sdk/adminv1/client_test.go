package adminv1_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/internal/rest/resttest"
)

func TestClientTakesEveryDocumentedRouteAndNoOther(t *testing.T) {
	t.Parallel()
	calls := resttest.Calls(t, "/admin/v1", func(url string) any { return adminv1.Client{BaseURL: url} })
	documented := resttest.Documented(t, "doc.go")
	if !slices.Equal(calls, documented) {
		t.Errorf("client     %q\ndocumented %q", calls, documented)
	}
}

func TestClientGuardsChangesByVersion(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	url := resttest.Server(t, func(r *http.Request) { got[r.Method] = r.Header.Get("If-Match") + r.Header.Get("Authorization") })
	c := adminv1.Client{BaseURL: url}.WithUser("t").IfVersion(7)
	_, errPatch := c.UpdateTag(t.Context(), "i", adminv1.UpdateTag{})
	_, errGet := c.Tag(t.Context(), "i")
	errDelete := c.DeleteTag(t.Context(), "i")
	if err := errors.Join(errPatch, errGet, errDelete); err != nil {
		t.Fatal(err)
	}
	if got["PATCH"] != `"7"Bearer t` || got["DELETE"] != `"7"Bearer t` || got["GET"] != "Bearer t" {
		t.Errorf("got %v", got)
	}
}

func TestClientUploads(t *testing.T) {
	t.Parallel()
	var alt, name, content string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		alt = r.FormValue("alt")
		file, header, err := r.FormFile("file")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		b, _ := io.ReadAll(file)
		name, content = header.Filename, string(b)
		_, _ = io.WriteString(w, `{"data":{"id":"i"}}`)
	}))
	t.Cleanup(server.Close)
	media, err := adminv1.Client{BaseURL: server.URL}.UploadMedia(t.Context(), "a.png", "A shirt", strings.NewReader("bytes"))
	if err != nil || media.ID != "i" || alt != "A shirt" || name != "a.png" || content != "bytes" {
		t.Errorf("got %+v, %v, %q %q %q", media, err, alt, name, content)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the disk is gone") }

func TestClientFailsWhenThePictureCannotBeRead(t *testing.T) {
	t.Parallel()
	url := resttest.Server(t, func(*http.Request) {})
	if _, err := (adminv1.Client{BaseURL: url}).UploadMedia(t.Context(), "a.png", "", broken{}); err == nil || !strings.Contains(err.Error(), "the disk is gone") {
		t.Errorf("got %v", err)
	}
	if _, err := (adminv1.Client{BaseURL: "://"}).UploadMedia(t.Context(), "a.png", "", strings.NewReader("x")); err == nil {
		t.Error("a client without an address made a call")
	}
}

func TestClientReadsErrors(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"error":{"code":"auth.forbidden","message":"No.","details":[{"permission":"products:write"}]}}`)
	}))
	t.Cleanup(server.Close)
	_, err := adminv1.Client{BaseURL: server.URL}.Me(t.Context())
	var failed *adminv1.APIError
	if !errors.As(err, &failed) || failed.Status != 403 || failed.Code != "auth.forbidden" || len(failed.Details) != 1 {
		t.Errorf("got %v", err)
	}
}

func TestClientSendsAndFetchesFiles(t *testing.T) {
	t.Parallel()
	var kind, query, key, content string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/exports/gone/file") {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"error":{"code":"catalog.job_not_found","message":"No.","details":[]}}`)
			return
		}
		if strings.HasSuffix(r.URL.Path, "/file") {
			_, _ = io.WriteString(w, "a,b\r\n")
			return
		}
		b, _ := io.ReadAll(r.Body)
		kind, query, key, content = r.Header.Get("Content-Type"), r.URL.RawQuery, r.Header.Get("Idempotency-Key"), string(b)
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"data":{"id":"i"}}`)
	}))
	t.Cleanup(server.Close)
	c := adminv1.Client{BaseURL: server.URL}
	job, err := c.Once("k").ImportProducts(t.Context(), adminv1.ImportQuery{Format: adminv1.FormatNDJSON, DryRun: true, OnError: "stop"}, strings.NewReader("{}\n"))
	if err != nil || job.ID != "i" || kind != "application/x-ndjson" || query != "dryRun=true&format=ndjson&onError=stop" || key != "k" || content != "{}\n" {
		t.Errorf("got %+v, %v, %q %q %q %q", job, err, kind, query, key, content)
	}
	if _, err := c.ExportProducts(t.Context(), adminv1.ExportQuery{Status: "draft", InStock: adminv1.Some(false)}); err != nil || query != "inStock=false&status=draft" {
		t.Errorf("got %v, %q", err, query)
	}
	file, err := c.ExportFile(t.Context(), "i")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if b, err := io.ReadAll(file); err != nil || string(b) != "a,b\r\n" {
		t.Errorf("got %q, %v", b, err)
	}
	var failed *adminv1.APIError
	if _, err := c.ExportFile(t.Context(), "gone"); !errors.As(err, &failed) || failed.Status != http.StatusNotFound {
		t.Errorf("got %v", err)
	}
}
