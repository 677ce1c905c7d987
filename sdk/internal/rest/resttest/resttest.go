// Package resttest holds a client and a set of documents to the rules of their surface.
package resttest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// placeholder stands for every string argument, so that it can be found again in a path.
const placeholder = "00000000-0000-7000-8000-000000000000"

// Server answers every call with an empty envelope and hands the request to see.
func Server(t *testing.T, see func(*http.Request)) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		see(r)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{}`)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// Calls makes every call of the client once and returns the routes it took, sorted: "GET /products/*".
func Calls(t *testing.T, prefix string, client func(baseURL string) any) []string {
	t.Helper()
	var routes []string
	url := Server(t, func(r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, prefix)
		routes = append(routes, r.Method+" "+strings.ReplaceAll(path, placeholder, "*"))
	})
	v := reflect.ValueOf(client(url))
	for i := range v.NumMethod() {
		method := v.Method(i)
		if method.Type().NumIn() == 0 || method.Type().In(0) != reflect.TypeFor[context.Context]() {
			continue
		}
		out := method.Call(arguments(t, method.Type()))
		if err, failed := out[len(out)-1].Interface().(error); failed {
			t.Errorf("%s: %v", v.Type().Method(i).Name, err)
		}
	}
	slices.Sort(routes)
	return routes
}

func arguments(t *testing.T, method reflect.Type) []reflect.Value {
	t.Helper()
	args := []reflect.Value{reflect.ValueOf(t.Context())}
	for i := 1; i < method.NumIn(); i++ {
		switch in := method.In(i); {
		case in.Kind() == reflect.String:
			args = append(args, reflect.ValueOf(placeholder))
		case in == reflect.TypeFor[io.Reader]():
			args = append(args, reflect.ValueOf(io.Reader(strings.NewReader("bytes"))))
		default:
			args = append(args, reflect.Zero(in))
		}
	}
	return args
}

var (
	tableRow  = regexp.MustCompile(`(?m)^//\t(GET|POST|PUT|PATCH|DELETE)\s+(/\S+)`)
	parameter = regexp.MustCompile(`\{[^}]+\}`)
)

// Documented returns the routes of the table in a package comment, sorted, in the form of Calls.
func Documented(t *testing.T, docFile string) []string {
	t.Helper()
	text, err := os.ReadFile(docFile)
	if err != nil {
		t.Fatal(err)
	}
	var routes []string
	for _, row := range tableRow.FindAllStringSubmatch(string(text), -1) {
		routes = append(routes, row[1]+" "+parameter.ReplaceAllString(row[2], "*"))
	}
	slices.Sort(routes)
	return routes
}

// RoundTrip reads the golden text strictly into a T and writes it again: every key must be known and none may be
// missing or added.
func RoundTrip[T any](t *testing.T, golden string) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(golden))
	decoder.DisallowUnknownFields()
	var doc T
	if err := decoder.Decode(&doc); err != nil {
		t.Fatalf("%T does not read its golden text: %v", doc, err)
	}
	written, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := json.Unmarshal([]byte(golden), &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(written, &got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(want, got) {
		t.Errorf("%T\nwant %s\ngot  %s", doc, compact(t, want), compact(t, got))
	}
}

func compact(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Fields calls visit with every field of the struct type T, and of the struct types it holds, once each.
func Fields(visit func(owner reflect.Type, f reflect.StructField), types ...reflect.Type) {
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		for slices.Contains([]reflect.Kind{reflect.Pointer, reflect.Slice, reflect.Map}, typ.Kind()) {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] || !strings.Contains(typ.PkgPath(), "/sdk/") {
			return
		}
		seen[typ] = true
		for i := range typ.NumField() {
			f := typ.Field(i)
			if f.Tag == "" && !f.Anonymous {
				continue // Optional and Time write themselves
			}
			if !f.Anonymous {
				visit(typ, f)
			}
			walk(f.Type)
		}
	}
	for _, typ := range types {
		walk(typ)
	}
}

var camelCase = regexp.MustCompile(`^[a-z][a-zA-Z0-9]*$`)

// Rules holds every field of the documents to the rules of the wire. optional lists the types of the values that
// Optional is described by; see storev1.Schemas.
func Rules(t *testing.T, optional map[reflect.Type]reflect.Type, types ...reflect.Type) {
	t.Helper()
	Fields(func(owner reflect.Type, f reflect.StructField) {
		where := owner.Name() + "." + f.Name
		name, flags, _ := strings.Cut(f.Tag.Get("json"), ",")
		if query := f.Tag.Get("query"); query != "" {
			name, flags = query, ""
		}
		if !camelCase.MatchString(name) {
			t.Errorf("%s: %q is not a camelCase name", where, name)
		}
		if f.Tag.Get("doc") == "" {
			t.Errorf("%s has no doc", where)
		}
		if f.Type.Kind() == reflect.Slice && f.Tag.Get("nullable") == "" {
			t.Errorf("%s: a slice says whether it may be null", where)
		}
		if strings.HasPrefix(f.Type.Name(), "Optional[") {
			if _, known := optional[f.Type]; !known {
				t.Errorf("%s: %s is not in Schemas", where, f.Type)
			}
			if flags != "omitzero" && f.Tag.Get("query") == "" {
				t.Errorf("%s: an Optional has omitzero, so that a missing key stays missing", where)
			}
		}
	}, types...)
}
