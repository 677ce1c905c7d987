package page_test

import (
	"errors"
	"slices"
	"testing"

	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/page"
)

func TestDefaults(t *testing.T) {
	t.Parallel()
	if r := page.FromProto(nil); r.Page != 1 || r.Limit != 20 || r.Offset() != 0 {
		t.Errorf("got %+v", r)
	}
	r := page.FromProto(&typev1.PageRequest{Page: 3, Limit: 50})
	if r.Offset() != 100 {
		t.Errorf("offset %d", r.Offset())
	}
	r.After = []byte{1}
	if r.Offset() != 0 {
		t.Error("a position and an offset at once")
	}
}

func TestKeyRoundTrip(t *testing.T) {
	t.Parallel()
	for _, parts := range [][]string{{""}, {"a", ""}, {"2026-01-01", "x\x00y", "ß"}} {
		got, err := page.ParseKey(page.Key(parts...), len(parts))
		if err != nil || !slices.Equal(got, parts) {
			t.Errorf("%q: %q, %v", parts, got, err)
		}
		if _, err := page.ParseKey(page.Key(parts...), len(parts)+1); !errors.Is(err, page.ErrBadCursor) {
			t.Errorf("%q read as one more: %v", parts, err)
		}
	}
}

func FuzzParseKey(f *testing.F) {
	f.Add(page.Key("a", "b"))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, data []byte) {
		if parts, err := page.ParseKey(data, 2); err == nil && len(parts) != 2 {
			t.Errorf("%d parts", len(parts))
		}
	})
}

func TestCursorIsBoundToItsList(t *testing.T) {
	t.Parallel()
	s := page.NewSigner([]byte("key"))
	c := s.Seal("products?status=draft", []byte("position"))
	if raw, err := s.Open("products?status=draft", c); err != nil || string(raw) != "position" {
		t.Errorf("got %q, %v", raw, err)
	}
	for name, open := range map[string]func() ([]byte, error){
		"other list": func() ([]byte, error) { return s.Open("products", c) },
		"other key":  func() ([]byte, error) { return page.NewSigner([]byte("k")).Open("products?status=draft", c) },
		"cut":        func() ([]byte, error) { return s.Open("products?status=draft", c[:len(c)-1]) },
		"noise":      func() ([]byte, error) { return s.Open("products?status=draft", "%%%") },
	} {
		if _, err := open(); !errors.Is(err, page.ErrBadCursor) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s.Seal("x", nil) != "" {
		t.Error("a cursor to nowhere")
	}
}
