package acceptance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// request is one call to the shop.
type request struct {
	method string
	path   string
	body   any               // nil: none; string: sent as it is; anything else: sent as JSON
	token  string            // Authorization: Bearer
	cart   string            // X-Cart-Token
	key    string            // Idempotency-Key
	header map[string]string // the rest
}

func (r request) String() string { return r.method + " " + r.path }

// object is a JSON object to send.
type object map[string]any

// answer is what came back.
type answer struct {
	request request
	status  int
	header  http.Header
	body    []byte
	doc     any // the body as JSON, numbers as json.Number; nil when it is not JSON
	docErr  error
}

// exchange makes one call. It may be used from any goroutine.
func (s *suite) exchange(ctx context.Context, r request) (answer, error) {
	req, err := s.prepare(ctx, r)
	if err != nil {
		return answer{}, err
	}
	res, err := s.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}, fmt.Errorf("%s: %w", r, err)
	}
	a := answer{request: r, status: res.StatusCode, header: res.Header, body: body}
	a.doc, a.docErr = decode(body)
	return a, nil
}

func (s *suite) prepare(ctx context.Context, r request) (*http.Request, error) {
	var body io.Reader
	if text, raw := r.body.(string); raw {
		body = strings.NewReader(text)
	} else if r.body != nil {
		b, err := json.Marshal(r.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, s.target.URL+r.path, body)
	if err != nil {
		return nil, err
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range map[string]string{"X-Cart-Token": r.cart, "Idempotency-Key": r.key} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	return req, nil
}

func decode(body []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var doc any
	if err := decoder.Decode(&doc); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("there is more after the JSON value")
	}
	return doc, nil
}

// do makes a call and audits the answer.
func (s *suite) do(t *testing.T, r request) answer {
	t.Helper()
	a, err := s.exchange(t.Context(), r)
	if err != nil {
		t.Fatalf("%s: no answer: %v", r, err)
	}
	s.audit(t, a)
	return a
}

func (s *suite) audit(t *testing.T, a answer) {
	t.Helper()
	for _, fault := range slices.Concat(audit(a, s.target.plainLoopback()), s.documents.faults(a)) {
		t.Errorf("%s answered %d: %s", a.request, a.status, fault)
	}
}

// want makes a call that must answer with the status; without that the test cannot go on.
func (s *suite) want(t *testing.T, status int, r request) answer {
	t.Helper()
	a := s.do(t, r)
	if a.status != status {
		t.Fatalf("%s: got %d, want %d: %s", r, a.status, status, clip(a.body))
	}
	return a
}

// shape checks the answer against a shape by name, at a path.
func (s *suite) shape(t *testing.T, a answer, path, name string) {
	t.Helper()
	got, ok := lookup(a.doc, path)
	if !ok {
		t.Errorf("%s: there is no %s: %s", a.request, path, clip(a.body))
		return
	}
	for _, fault := range s.shapes.match(path, "@"+name, got) {
		t.Errorf("%s: %s", a.request, fault)
	}
}

// lookup follows a path such as "data.items.0.quantity". The empty path is the document.
func lookup(doc any, path string) (any, bool) {
	if path == "" {
		return doc, true
	}
	for step := range strings.SplitSeq(path, ".") {
		switch node := doc.(type) {
		case map[string]any:
			next, ok := node[step]
			if !ok {
				return nil, false
			}
			doc = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(node) {
				return nil, false
			}
			doc = node[i]
		default:
			return nil, false
		}
	}
	return doc, true
}

// get returns the value at the path, or fails the test.
func (a answer) get(t *testing.T, path string) any {
	t.Helper()
	v, ok := lookup(a.doc, path)
	if !ok {
		t.Fatalf("%s: there is no %s: %s", a.request, path, clip(a.body))
	}
	return v
}

// text returns the string at the path, or fails the test.
func (a answer) text(t *testing.T, path string) string {
	t.Helper()
	v, ok := a.get(t, path).(string)
	if !ok {
		t.Fatalf("%s: %s is not a string: %s", a.request, path, clip(a.body))
	}
	return v
}

// number returns the integer at the path, or fails the test.
func (a answer) number(t *testing.T, path string) int64 {
	t.Helper()
	n, ok := a.get(t, path).(json.Number)
	if !ok {
		t.Fatalf("%s: %s is not a number: %s", a.request, path, clip(a.body))
	}
	i, err := n.Int64()
	if err != nil {
		t.Fatalf("%s: %s is %s, not an integer", a.request, path, n)
	}
	return i
}

// list returns the array at the path, or fails the test.
func (a answer) list(t *testing.T, path string) []any {
	t.Helper()
	v, ok := a.get(t, path).([]any)
	if !ok {
		t.Fatalf("%s: %s is not an array: %s", a.request, path, clip(a.body))
	}
	return v
}

// equal checks the value at the path. Numbers are compared as numbers.
func (a answer) equal(t *testing.T, path string, want any) {
	t.Helper()
	got := a.get(t, path)
	if n, ok := got.(json.Number); ok {
		got, want = n.String(), fmt.Sprint(want)
	}
	if got != want {
		t.Errorf("%s: %s is %v, want %v", a.request, path, got, want)
	}
}

// failed reads the code of an error answer; empty when it is none.
func (a answer) failed() string {
	code, _ := lookup(a.doc, "error.code")
	text, _ := code.(string)
	return text
}

// names says whether a detail of the error names the field.
func (a answer) names(field string) bool {
	details, _ := lookup(a.doc, "error.details")
	list, _ := details.([]any)
	for _, d := range list {
		if name, _ := lookup(d, "field"); name == field {
			return true
		}
	}
	return false
}

func clip(b []byte) string {
	const most = 600
	if len(b) > most {
		return string(b[:most]) + "…"
	}
	return string(b)
}
