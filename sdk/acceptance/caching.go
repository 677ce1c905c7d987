package acceptance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// caching checks ETag and If-None-Match on public reads, and If-Match on changes.
func (s *suite) caching(t *testing.T) {
	for _, path := range []string{
		"/store/v1/products?limit=1", "/store/v1/products/" + s.shirt.slug, "/store/v1/categories", "/store/v1/tags",
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			s.revalidates(t, path)
		})
	}
	t.Run("a change shows at once", func(t *testing.T) {
		t.Parallel()
		p := s.sell(t, 1, 100)
		path := "/store/v1/products/" + p.slug
		before := s.want(t, http.StatusOK, request{method: "GET", path: path}).header.Get("ETag")
		title := "Renamed " + unique()
		s.want(t, http.StatusOK, request{method: "PATCH", path: "/admin/v1/products/" + p.id, token: s.admin, body: object{"title": title}})
		s.eventually(t, settled, "the new title is read", func() error {
			a := s.do(t, request{method: "GET", path: path, header: map[string]string{"If-None-Match": before}})
			if got, _ := lookup(a.doc, "data.title"); got != title {
				return fmt.Errorf("got %d %v", a.status, got)
			}
			return nil
		})
	})
	t.Run("If-Match", s.ifMatch)
}

func (s *suite) revalidates(t *testing.T, path string) {
	t.Helper()
	// Other checks make products meanwhile, so the list may change between two reads: then it is read again.
	s.eventually(t, settled, "the answer is revalidated", func() error {
		first := s.want(t, http.StatusOK, request{method: "GET", path: path})
		tag := first.header.Get("ETag")
		if !strings.HasPrefix(tag, `"`) || !strings.HasSuffix(tag, `"`) || len(tag) < 3 {
			return fmt.Errorf("the ETag %q is not a strong one", tag)
		}
		if first.header.Get("Cache-Control") == "" {
			return fmt.Errorf("there is no Cache-Control")
		}
		for _, condition := range []string{tag, `"other", ` + tag, "W/" + tag, "*"} {
			again := s.do(t, request{method: "GET", path: path, header: map[string]string{"If-None-Match": condition}})
			if again.status != http.StatusNotModified {
				return fmt.Errorf("If-None-Match: %s got %d", condition, again.status)
			}
			if condition != "*" && again.header.Get("ETag") != tag {
				return fmt.Errorf("304 carries the ETag %q, not %q", again.header.Get("ETag"), tag)
			}
		}
		other := s.do(t, request{method: "GET", path: path, header: map[string]string{"If-None-Match": `"other"`}})
		if other.status != http.StatusOK {
			return fmt.Errorf("another ETag got %d", other.status)
		}
		return nil
	})
}

func (s *suite) ifMatch(t *testing.T) {
	t.Parallel()
	p := s.sell(t, 1, 100)
	path := "/admin/v1/products/" + p.id
	read := func() answer { return s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin}) }
	change := func(method, path, tag string, body any) answer {
		return s.do(t, request{method: method, path: path, token: s.admin, body: body, header: map[string]string{"If-Match": tag}})
	}
	before := read()
	tag := before.header.Get("ETag")
	if tag == "" {
		t.Fatal("an admin resource carries no ETag")
	}
	after := change("PATCH", path, tag, object{"seoTitle": "Maison"})
	if after.status != http.StatusOK || after.header.Get("ETag") == tag {
		t.Fatalf("a fresh If-Match got %d with the ETag %q after %q: %s", after.status, after.header.Get("ETag"), tag, clip(after.body))
	}
	if after.number(t, "data.version") <= before.number(t, "data.version") {
		t.Errorf("the version did not grow: %s", clip(after.body))
	}
	for _, stale := range []struct {
		method, path string
		body         any
	}{
		{"PATCH", path, object{"seoTitle": "Other"}},
		{"PUT", path + "/tags", object{"tagIds": []string{}}},
		{"DELETE", path, nil},
	} {
		if a := change(stale.method, stale.path, tag, stale.body); a.status != http.StatusPreconditionFailed {
			t.Errorf("%s with a stale If-Match got %d, want 412: %s", stale.method, a.status, clip(a.body))
		}
	}
	read().equal(t, "data.seoTitle", "Maison")
	if a := change("DELETE", path, read().header.Get("ETag"), nil); a.status != http.StatusNoContent {
		t.Errorf("DELETE with a fresh If-Match got %d: %s", a.status, clip(a.body))
	}
	s.want(t, http.StatusNotFound, request{method: "GET", path: path, token: s.admin})
}
