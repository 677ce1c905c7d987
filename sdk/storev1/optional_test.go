package storev1_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/sovecom/sovecom/sdk/storev1"
)

type patch struct {
	Title storev1.Optional[string] `json:"title,omitzero" nullable:"false"`
	Brand storev1.Optional[string] `json:"brand,omitzero"`
	Plain int                      `json:"plain,omitempty"`
}

func TestOptionalTellsMissingNullAndValueApart(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]storev1.Optional[string]{
		`{}`:             {},
		`{"brand":null}`: storev1.Null[string](),
		`{"brand":""}`:   storev1.Some(""),
		`{"brand":"x"}`:  storev1.Some("x"),
	} {
		var p patch
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if p.Brand != want {
			t.Errorf("%s: got %+v, want %+v", text, p.Brand, want)
		}
		if back, err := json.Marshal(p); err != nil || string(back) != text {
			t.Errorf("%s: written as %s, %v", text, back, err)
		}
	}
	if err := json.Unmarshal([]byte(`{"brand":1}`), new(patch)); err == nil {
		t.Error("a number was read as a string")
	}
}

func TestOptionalPtr(t *testing.T) {
	t.Parallel()
	var missing storev1.Optional[int]
	if missing.Ptr() != nil || storev1.Null[int]().Ptr() != nil {
		t.Error("missing and null have no value")
	}
	if p := storev1.Some(0).Ptr(); p == nil || *p != 0 {
		t.Errorf("got %v", p)
	}
}

func TestNullErrors(t *testing.T) {
	t.Parallel()
	all := patch{Title: storev1.Null[string](), Brand: storev1.Null[string]()}
	got := storev1.NullErrors(&all)
	if len(got) != 1 || got[0].Field != "title" || got[0].Code != "not_nullable" {
		t.Errorf("got %+v", got)
	}
	if got := storev1.NullErrors(patch{Title: storev1.Some("x")}); got != nil {
		t.Errorf("got %+v", got)
	}
}

func TestOptionalReadsAQueryParameter(t *testing.T) {
	t.Parallel()
	var o storev1.Optional[bool]
	o.Receiver().Set(reflect.ValueOf(false))
	o.OnParamSet(true, false)
	if o != storev1.Some(false) {
		t.Errorf("got %+v", o)
	}
}
