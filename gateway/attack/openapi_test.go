package attack

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// The documents are what a client generator can read: OpenAPI 3.1, references that lead somewhere, and the SDK's types
// as what they are on the wire.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	for _, surface := range []string{"store", "admin"} {
		a := s.want(t, http.StatusOK, try{method: "GET", path: "/openapi/" + surface + ".v1.json"})
		var doc map[string]any
		must(t, json.Unmarshal([]byte(a.body), &doc))
		if version, _ := doc["openapi"].(string); !strings.HasPrefix(version, "3.1") {
			t.Errorf("%s is OpenAPI %q", surface, version)
		}
		leads(t, doc, doc)
		components, _ := doc["components"].(map[string]any)
		schemas, _ := components["schemas"].(map[string]any)
		for name := range schemas {
			if strings.HasPrefix(name, "Optional") || name == "Time" {
				t.Errorf("%s: %s shows how Go holds it, not what is on the wire", surface, name)
			}
		}
		if yaml := s.want(t, http.StatusOK, try{method: "GET", path: "/openapi/" + surface + ".v1.yaml"}); !strings.Contains(yaml.body, "openapi: 3.1") {
			t.Errorf("%.100s", yaml.body)
		}
		s.want(t, http.StatusNotModified, try{method: "GET", path: "/openapi/" + surface + ".v1.json", header: map[string]string{"If-None-Match": a.header.Get("ETag")}})
	}
}

func leads(t *testing.T, doc, node any) {
	t.Helper()
	switch v := node.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			at := doc
			for step := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
				m, _ := at.(map[string]any)
				at = m[step]
			}
			if at == nil {
				t.Errorf("nothing is at %s", ref)
			}
		}
		for _, child := range v {
			leads(t, doc, child)
		}
	case []any:
		for _, child := range v {
			leads(t, doc, child)
		}
	}
}

var outside = regexp.MustCompile(`(?:src|href|url\()=?["']?(?:https?:)?//`)

func TestDocsAskNothingOfTheOutside(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	a := s.want(t, http.StatusOK, try{method: "GET", path: "/docs"})
	if found := outside.FindString(a.body); found != "" || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		t.Errorf("%s %q", a.header.Get("Content-Type"), found)
	}
	if policy := a.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "http") {
		t.Errorf("the policy is %q", policy)
	}
}

// Browsers of other origins may call only when they are on the list.
func TestOrigins(t *testing.T) {
	t.Parallel()
	for allowed, s := range map[string]*shop{"": open(t, options{}), "https://shop.example": open(t, allowing("https://shop.example"))} {
		for _, origin := range []string{"https://shop.example", "https://shop.example.evil.example", "http://shop.example", "null", "*"} {
			a := s.do(t, try{method: "GET", path: "/store/v1/products", header: map[string]string{"Origin": origin}})
			want := ""
			if origin == allowed {
				want = origin
			}
			if got := a.header.Get("Access-Control-Allow-Origin"); got != want {
				t.Errorf("with %q allowed %q is answered %q", allowed, origin, got)
			}
			pre := s.do(t, try{method: "OPTIONS", path: "/store/v1/carts", header: map[string]string{"Origin": origin, "Access-Control-Request-Method": "POST"}})
			if (pre.status == http.StatusNoContent) != (want != "") {
				t.Errorf("with %q allowed the preflight of %q is %d", allowed, origin, pre.status)
			}
		}
	}
}
