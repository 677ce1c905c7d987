package slug_test

import (
	"strings"
	"testing"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/slug"
)

func TestOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Écharpe à pois": "echarpe-a-pois", "  --Straße & Co.  ": "strasse-co", "Œuvre №5": "oeuvre-5", "日本": "", "": "", "a": "a", "a__b": "a-b",
		"İstanbul Þór Łódź": "istanbul-thor-lodz",
	} {
		if got := slug.Of(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"About us": true, strings.Repeat("a", slug.Max): true, strings.Repeat("a", slug.Max+1): false, "": false, "日本": false, id.New().String(): false,
	} {
		if got, is := slug.Parse(text); is != ok {
			t.Errorf("%q is read as %q, %t", text, got, is)
		}
	}
}

func TestMake(t *testing.T) {
	t.Parallel()
	of := id.New()
	end := slug.ShortID(of)
	for title, want := range map[string]string{
		"About us": "about-us", "日本": "c-" + end, of.String(): "c-" + of.String(), strings.Repeat("a ", 400): strings.TrimSuffix(strings.Repeat("a-", 240), "-"),
	} {
		if got := slug.Make(title, of); got != want {
			t.Errorf("%q makes %q, want %q", title, got, want)
		}
	}
}

// A slug is one already, whatever it was made from.
func FuzzOf(f *testing.F) {
	f.Add("Écharpe à pois")
	f.Fuzz(func(t *testing.T, text string) {
		made := slug.Of(text)
		if slug.Of(made) != made || strings.Contains(made, "--") || strings.Trim(made, "-abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			t.Errorf("%q makes %q", text, made)
		}
	})
}
