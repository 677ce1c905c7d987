package acceptance

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// operations checks what an operator and a client generator rely on.
func (s *suite) operations(t *testing.T) {
	t.Run("health", func(t *testing.T) {
		t.Parallel()
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/health"})
		a.equal(t, "status", "ok")
		a.text(t, "version")
		checks, ok := a.get(t, "checks").(map[string]any)
		if !ok || len(checks) == 0 {
			t.Fatalf("there are no checks: %s", clip(a.body))
		}
		for _, name := range slices.Sorted(maps.Keys(checks)) {
			a.equal(t, "checks."+name+".status", "ok")
			a.number(t, "checks."+name+".latencyMs")
		}
	})
	for _, path := range []string{"/health/live", "/health/ready"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			s.want(t, http.StatusOK, request{method: "GET", path: path})
		})
	}
	t.Run("metrics", func(t *testing.T) {
		t.Parallel()
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/metrics"})
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/plain") || !strings.Contains(string(a.body), "# TYPE ") {
			t.Errorf("this is not Prometheus text: %s %s", a.header.Get("Content-Type"), clip(a.body))
		}
	})
	for surface, paths := range map[string][]string{
		"store": {"/store/v1/products", "/store/v1/products/{slugOrId}", "/store/v1/carts", "/store/v1/carts/{id}/checkout", "/store/v1/orders/by-number/{number}"},
		"admin": {"/admin/v1/auth/login", "/admin/v1/products", "/admin/v1/orders/{id}/payments", "/admin/v1/webhooks/subscriptions"},
	} {
		t.Run("OpenAPI of "+surface, func(t *testing.T) {
			t.Parallel()
			s.openAPI(t, surface, paths)
		})
	}
	t.Run("docs ask nothing of the outside", func(t *testing.T) {
		t.Parallel()
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/docs"})
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			t.Errorf("the reference is %s", a.header.Get("Content-Type"))
		}
		if outside := outsideRequest.FindString(string(a.body)); outside != "" {
			t.Errorf("the reference loads %s", outside)
		}
	})
	t.Run("no origin is allowed by default", func(t *testing.T) {
		t.Parallel()
		a := s.do(t, request{method: "GET", path: "/store/v1/products?limit=1", header: map[string]string{"Origin": "https://stranger.example"}})
		if got := a.header.Get("Access-Control-Allow-Origin"); got == "*" || got == "https://stranger.example" {
			t.Errorf("a stranger's origin is allowed: %q", got)
		}
	})
}

var outsideRequest = regexp.MustCompile(`<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?(?:https?:)?//[^\s"'>]+`)

func (s *suite) openAPI(t *testing.T, surface string, paths []string) {
	t.Helper()
	yaml := s.want(t, http.StatusOK, request{method: "GET", path: "/openapi/" + surface + ".v1.yaml"})
	if !strings.Contains(string(yaml.body), "openapi: ") {
		t.Errorf("this is no OpenAPI in YAML: %s", clip(yaml.body))
	}
	a := s.want(t, http.StatusOK, request{method: "GET", path: "/openapi/" + surface + ".v1.json"})
	if version := a.text(t, "openapi"); !strings.HasPrefix(version, "3.1") {
		t.Errorf("this is OpenAPI %s, want 3.1", version)
	}
	a.text(t, "info.title")
	a.text(t, "info.version")
	documented, _ := a.get(t, "paths").(map[string]any)
	for _, path := range paths {
		if _, ok := documented[path]; !ok {
			t.Errorf("%s is not documented", path)
		}
	}
	for _, fault := range auditOpenAPI(a.doc) {
		t.Error(fault)
	}
}

// auditOpenAPI says what a client generator would trip over.
func auditOpenAPI(doc any) []string {
	var faults []string
	ids := map[string]string{}
	paths, _ := lookup(doc, "paths")
	byPath, _ := paths.(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(byPath)) {
		item, _ := byPath[path].(map[string]any)
		for _, method := range []string{"get", "put", "post", "patch", "delete"} {
			operation, ok := item[method].(map[string]any)
			if !ok {
				continue
			}
			where := strings.ToUpper(method) + " " + path
			id, _ := operation["operationId"].(string)
			if other, taken := ids[id]; id == "" || taken {
				faults = append(faults, fmt.Sprintf("%s: the operationId %q is empty or also of %s", where, id, other))
			}
			ids[id] = where
			if responses, _ := operation["responses"].(map[string]any); len(responses) == 0 {
				faults = append(faults, where+" documents no response")
			}
		}
	}
	return append(faults, danglingRefs(doc, doc)...)
}

func danglingRefs(doc, node any) []string {
	var faults []string
	switch v := node.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			path := strings.ReplaceAll(strings.TrimPrefix(ref, "#/"), "/", ".")
			if _, found := lookup(doc, path); !found || !strings.HasPrefix(ref, "#/") {
				faults = append(faults, "nothing is at "+ref)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			faults = append(faults, danglingRefs(doc, v[key])...)
		}
	case []any:
		for _, item := range v {
			faults = append(faults, danglingRefs(doc, item)...)
		}
	}
	return faults
}
