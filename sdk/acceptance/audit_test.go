package acceptance

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// fake answers everything with one answer.
func fake(t *testing.T, status int, header map[string]string, body string) *suite {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return newSuite(t, Target{URL: server.URL, AdminEmail: "a", AdminPassword: "b"})
}

func TestAudit(t *testing.T) {
	t.Parallel()
	good := `{"error":{"code":"cart.not_found","message":"There is no such cart.","details":[]}}`
	for name, c := range map[string]struct {
		status int
		header map[string]string // besides a request id and application/json; "-" removes
		body   string
		fault  string // what the audit must say; empty: nothing
	}{
		"resource":            {status: 200, body: `{"data":{}}`},
		"collection":          {status: 200, body: `{"data":[],"meta":{}}`},
		"refusal":             {status: 404, body: good},
		"nothing to say":      {status: 204},
		"not modified":        {status: 304},
		"good cookie":         {status: 200, body: `{"data":{}}`, header: map[string]string{"Set-Cookie": "a=b; Path=/; HttpOnly; SameSite=Lax"}},
		"created":             {status: 201, body: `{"data":{}}`, header: map[string]string{"Location": "/store/v1/x/1"}},
		"created, nowhere":    {status: 201, body: `{"data":{}}`, fault: "the Location"},
		"failure":             {status: 500, body: good, fault: "the shop failed"},
		"limited":             {status: 429, body: good, fault: "limits the suite"},
		"no request id":       {status: 200, body: `{"data":{}}`, header: map[string]string{"X-Request-Id": "-"}, fault: "no X-Request-Id"},
		"plain text":          {status: 404, body: "404 page not found\n", header: map[string]string{"Content-Type": "text/plain"}, fault: "content type"},
		"no JSON":             {status: 200, body: `{"data":`, fault: "not JSON"},
		"two documents":       {status: 200, body: `{"data":{}}{}`, fault: "not JSON"},
		"bare resource":       {status: 200, body: `{"id":"x"}`, fault: "there is no data"},
		"bare array":          {status: 200, body: `[]`, fault: "there is no data"},
		"null":                {status: 200, body: `null`, fault: "there is no data"},
		"collection, no meta": {status: 200, body: `{"data":[]}`, fault: `lacks "meta"`},
		"resource, meta":      {status: 200, body: `{"data":{},"meta":{}}`, fault: `has "meta"`},
		"$schema":             {status: 200, body: `{"$schema":"x","data":{}}`, fault: `has "$schema"`},
		"bare error":          {status: 404, body: `{"message":"x"}`, fault: `lacks "error"`},
		"no code":             {status: 404, body: `{"error":{"message":"x","details":[]}}`, fault: `lacks "code"`},
		"code without owner":  {status: 404, body: strings.Replace(good, "cart.not_found", "not_found", 1), fault: "owner.lower_snake_case"},
		"code in capitals":    {status: 404, body: strings.Replace(good, "cart.not_found", "cart.NotFound", 1), fault: "owner.lower_snake_case"},
		"no sentence":         {status: 404, body: strings.Replace(good, "There is no such cart.", " ", 1), fault: "one clear sentence"},
		"details null":        {status: 404, body: strings.Replace(good, "[]", "null", 1), fault: "details is not an array"},
		"driver text":         {status: 409, body: strings.Replace(good, "There is no such cart.", "ERROR: duplicate key (SQLSTATE 23505)", 1), fault: "SQLSTATE"},
		"cookie for scripts":  {status: 200, body: `{"data":{}}`, header: map[string]string{"Set-Cookie": "a=b; Path=/; SameSite=Lax"}, fault: "cookie a"},
		"cookie for a folder": {status: 200, body: `{"data":{}}`, header: map[string]string{"Set-Cookie": "a=b; Path=/store; HttpOnly; SameSite=Lax"}, fault: "cookie a"},
		"strict cookie":       {status: 200, body: `{"data":{}}`, header: map[string]string{"Set-Cookie": "a=b; Path=/; HttpOnly; SameSite=Strict"}, fault: "cookie a"},
	} {
		header := map[string]string{"X-Request-Id": "r", "Content-Type": "application/json"}
		for k, v := range c.header {
			header[k] = v
			if v == "-" {
				delete(header, k)
			}
		}
		s := fake(t, c.status, header, c.body)
		a, err := s.exchange(t.Context(), request{method: "GET", path: "/store/v1/x"})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		faults := strings.Join(audit(a, s.target.plainLoopback()), "; ")
		if c.fault == "" && faults != "" || !strings.Contains(faults, c.fault) {
			t.Errorf("%s: the audit says %q, want %q", name, faults, c.fault)
		}
	}
}

func TestAuditRefusesABodyWhereThereIsNone(t *testing.T) {
	t.Parallel()
	for _, status := range []int{204, 304} {
		a := answer{status: status, header: http.Header{"X-Request-Id": {"r"}}, body: []byte("x")}
		if faults := audit(a, true); len(faults) != 1 {
			t.Errorf("%d: got %q", status, faults)
		}
	}
}

func TestCookiesNeedSecureBeyondPlainLoopback(t *testing.T) {
	t.Parallel()
	for url, plain := range map[string]bool{
		"http://127.0.0.1:8080": true, "http://localhost": true, "http://[::1]:1": true,
		"https://127.0.0.1": false, "http://shop.example": false, "https://shop.example": false,
	} {
		if got := (Target{URL: url}).plainLoopback(); got != plain {
			t.Errorf("%s: got %v", url, got)
		}
	}
	open := http.Header{"Set-Cookie": {"a=b; Path=/; HttpOnly; SameSite=Lax"}}
	secure := http.Header{"Set-Cookie": {"a=b; Path=/; HttpOnly; SameSite=Lax; Secure"}}
	if len(auditCookies(open, false)) == 0 || len(auditCookies(secure, false)) != 0 || len(auditCookies(secure, true)) == 0 {
		t.Error("Secure is off on plain http loopback, and only there")
	}
}

func TestTargetFromEnv(t *testing.T) {
	t.Parallel()
	env := map[string]string{"SOVECOM_URL": "http://127.0.0.1:8080/", "SOVECOM_ADMIN_EMAIL": "a", "SOVECOM_ADMIN_PASSWORD": "b"}
	got, err := TargetFromEnv(func(name string) string { return env[name] })
	if err != nil || got != (Target{URL: "http://127.0.0.1:8080", AdminEmail: "a", AdminPassword: "b"}) {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err = TargetFromEnv(func(string) string { return "" })
	for name := range env {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("the error does not name %s: %v", name, err)
		}
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	doc, err := decode([]byte(`{"data":{"items":[{"quantity":9007199254740993},{"x":null}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if n, ok := lookup(doc, "data.items.0.quantity"); !ok || n != json.Number("9007199254740993") {
		t.Errorf("a large number lost its end: %v", n)
	}
	if x, ok := lookup(doc, "data.items.1.x"); !ok || x != nil {
		t.Errorf("null is there: %v %v", x, ok)
	}
	for _, path := range []string{"data.items.2", "data.items.-1", "data.items.one", "data.none", "data.items.0.quantity.deeper"} {
		if x, ok := lookup(doc, path); ok {
			t.Errorf("%s is %v", path, x)
		}
	}
}

func TestErrorsNameTheirFields(t *testing.T) {
	t.Parallel()
	doc, err := decode([]byte(`{"error":{"code":"a.b","message":"x","details":[{"variantId":"v"},{"field":"items[0].quantity","code":"c","message":"m"}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	a := answer{doc: doc}
	if !a.names("items[0].quantity") || a.names("quantity") || a.failed() != "a.b" {
		t.Errorf("got %v %q", doc, a.failed())
	}
	if (answer{}).names("x") || (answer{}).failed() != "" {
		t.Error("no document names nothing")
	}
}

func TestAuditOpenAPI(t *testing.T) {
	t.Parallel()
	good := `{"paths":{"/a":{"get":{"operationId":"a","responses":{"200":{"$ref":"#/components/responses/R"}}}}},"components":{"responses":{"R":{}}}}`
	for name, text := range map[string]string{
		"":                       good,
		"nothing is at":          strings.Replace(good, `"R":{}`, `"S":{}`, 1),
		"nothing is at https://": strings.Replace(good, "#/components", "https://x/components", 1),
		"operationId":            strings.Replace(good, `"get":`, `"post":{"operationId":"a","responses":{"200":{}}},"get":`, 1),
		"no response":            strings.Replace(good, `{"200":{"$ref":"#/components/responses/R"}}`, `{}`, 1),
	} {
		doc, err := decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		faults := strings.Join(auditOpenAPI(doc), "; ")
		if name == "" && faults != "" || !strings.Contains(faults, name) {
			t.Errorf("the audit says %q, want %q", faults, name)
		}
	}
}

func TestOutsideRequests(t *testing.T) {
	t.Parallel()
	for html, outside := range map[string]bool{
		`<script src="/docs/app.js"></script><a href="https://example.com">x</a>`: false,
		`<script src="https://cdn.example/app.js"></script>`:                      true,
		`<link rel="stylesheet" href="//fonts.example/x.css">`:                    true,
		`<img alt="x" src='http://x.example/1.png'>`:                              true,
	} {
		if got := outsideRequest.MatchString(html); got != outside {
			t.Errorf("%s: got %v", html, got)
		}
	}
}

func TestForgedTokensDiffer(t *testing.T) {
	t.Parallel()
	token := "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2ln"
	for _, changed := range []string{forge(token), unsign(token), forge("x"), unsign("x")} {
		if changed == token || changed == "x" {
			t.Errorf("%s is not changed", changed)
		}
	}
	if !strings.HasSuffix(forge(token), ".c2ln") || !strings.HasSuffix(unsign(token), ".") {
		t.Errorf("got %s and %s", forge(token), unsign(token))
	}
}
