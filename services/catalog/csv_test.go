package catalog_test

import (
	stdcsv "encoding/csv"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sovecom/sovecom/services/catalog"
)

func TestCSV(t *testing.T) {
	t.Parallel()
	for file, want := range map[string][]catalog.CSVRow{
		"":                              nil,
		"\n\r\n\n":                      nil,
		"a":                             {{Fields: []string{"a"}}},
		"a,b\r\nc,d":                    {{Fields: []string{"a", "b"}}, {Fields: []string{"c", "d"}}},
		"a,\n,b\n,\n":                   {{Fields: []string{"a", ""}}, {Fields: []string{"", "b"}}, {Fields: []string{"", ""}}},
		"\"\"\n":                        {{Fields: []string{""}}},
		"\"a,\"\"b\"\"\r\nc\",d\n":      {{Fields: []string{"a,\"b\"\r\nc", "d"}}},
		"\"a\r\"\r\n":                   {{Fields: []string{"a\r"}}},
		"a\rb,c\n":                      {{Fields: []string{"a\rb", "c"}}},
		"a\"b,c\nd\n":                   {{Fields: []string{"a\"b", "c"}, Flaw: "quote"}, {Fields: []string{"d"}}},
		"\"a\"b,c\n":                    {{Fields: []string{"ab", "c"}, Flaw: "quote"}},
		strings.Repeat(",", 2000) + "x": {{Fields: make([]string, 1000), Flaw: "ragged"}},
	} {
		for _, size := range []int{1, 2, 3, 7, 4096} {
			got, err := catalog.ReadCSV([]byte(file), size, ',')
			if err != nil || !slices.EqualFunc(got, want, func(a, b catalog.CSVRow) bool { return slices.Equal(a.Fields, b.Fields) && a.Flaw == b.Flaw }) {
				t.Errorf("%.40q in pieces of %d is %q, %v", file, size, got, err)
			}
		}
	}
	if _, err := catalog.ReadCSV([]byte("a,\"b\nc\n"), 4, ','); err == nil {
		t.Error("an open quote is not noticed")
	}
	got, err := catalog.ReadCSV([]byte("\""+strings.Repeat("x", 5<<20)+"\"\nb\n"), 1<<20, ',')
	if err != nil || len(got) != 2 || got[0].Flaw != "too_long" || got[1].Flaw != "" {
		t.Errorf("a long row: %d rows, %v", len(got), err)
	}
}

// What is written is read back, by this reader in pieces of any size and by another one.
func FuzzCSV(f *testing.F) {
	f.Add("a", "=b\"", "\r\nc ", 1)
	f.Add("'", "'=x", "", 3)
	f.Add(" ", "\t", ";", 2)
	f.Fuzz(func(t *testing.T, a, b, c string, size int) {
		fields := []string{"x" + a, catalog.Guarded(b), c}
		file := catalog.WriteCSV(fields)
		got, err := catalog.ReadCSV(file, max(size, 1), ',')
		if err != nil || len(got) != 1 || got[0].Flaw != "" || !slices.Equal(got[0].Fields, fields) {
			t.Errorf("%q came back as %q, %v", fields, got, err)
		}
		if catalog.Bare(catalog.Guarded(b)) != b {
			t.Errorf("%q came back as %q", b, catalog.Bare(catalog.Guarded(b)))
		}
		if !strings.Contains(a+b+c, "\r") { // which the other one drops before a line feed
			other, err := stdcsv.NewReader(strings.NewReader(string(file))).Read()
			if err != nil || !slices.Equal(other, fields) {
				t.Errorf("%q is %q to others, %v", fields, other, err)
			}
		}
		if name := strings.TrimSpace(a); name != "" && utf8.ValidString(a) {
			names := []string{a, "x" + b + "x"}
			if back := catalog.ParseNames(catalog.WriteNames(names)); !slices.Equal(back, names) {
				t.Errorf("%q came back as %q", names, back)
			}
			if back := catalog.ParsePaths(catalog.WritePath(names)); len(back) != 1 || !slices.Equal(back[0], names) {
				t.Errorf("%q came back as %q", names, back)
			}
		}
	})
}

// The first byte that is no text is found whatever the pieces are.
func FuzzNotUTF8(f *testing.F) {
	f.Add([]byte("plain \xe9"), 1)
	f.Add([]byte("👕\xc3"), 2)
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		want := int64(-1)
		for i := 0; i < len(data) && want < 0; {
			r, n := utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && n <= 1 || r == 0 {
				want = int64(i)
			}
			i += n
		}
		if got := catalog.NotUTF8(data, max(size, 1)); got != want {
			t.Errorf("%q in pieces of %d: %d, want %d", data, size, got, want)
		}
	})
}
