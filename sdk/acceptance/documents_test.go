package acceptance

import (
	"strings"
	"testing"
)

func TestDocumentsFaults(t *testing.T) {
	t.Parallel()
	doc, err := decode([]byte(`{"paths":{
		"/store/v1/things":{"get":{"responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Thing"}}}},"default":{}}}},
		"/store/v1/{any}":{"get":{"responses":{"204":{}}}}},
		"components":{"schemas":{"Thing":{"type":"object","additionalProperties":false,"required":["n","size","owner"],"properties":{
			"n":{"type":"integer"},"size":{"type":["string","null"],"enum":["S","M",null]},
			"owner":{"anyOf":[{"$ref":"#/components/schemas/Owner"},{"type":"null"}]},
			"by":{"type":"object","additionalProperties":{"type":"number"}},"list":{"type":"array","items":{"type":"boolean"}}}},
		"Owner":{"type":"object","properties":{"name":{"type":"string"}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		`{"n":1,"size":"S","owner":null}`:                         "",
		`{"n":1,"size":null,"owner":{"name":"Ada"}}`:              "",
		`{"n":1,"size":null,"owner":{"name":null}}`:               "owner.name is null",
		`{"n":null,"size":"S","owner":null}`:                      "the body.n is null",
		`{"n":1.5,"size":"S","owner":null}`:                       "the body.n is",
		`{"n":1,"size":"L","owner":null}`:                         "want one of",
		`{"n":1,"owner":null}`:                                    "lacks size",
		`{"n":1,"size":"S","owner":null,"new":1}`:                 "has new",
		`{"n":1,"size":"S","owner":null,"by":{"a":1,"b":"x"}}`:    "by.b is",
		`{"n":1,"size":"S","owner":null,"list":[true,"x"]}`:       "list.1 is",
		`{"n":1,"size":"S","owner":null,"by":{},"list":[true]}`:   "",
		`{"n":"1","size":"S","owner":null,"by":{},"list":[true]}`: "the body.n is",
	} {
		a := answer{request: request{method: "GET", path: "/store/v1/things?x=1"}, status: 200}
		if a.doc, err = decode([]byte(body)); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join((documents{"store": doc}).faults(a), "; "); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
	undocumented := answer{request: request{method: "GET", path: "/store/v1/things"}, status: 202}
	if got := (documents{"store": doc}).faults(undocumented); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}
