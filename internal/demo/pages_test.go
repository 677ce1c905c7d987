package demo_test

import (
	"testing"

	"github.com/sovecom/sovecom/internal/demo"
)

// Every page is there once in every language.
func TestPages(t *testing.T) {
	t.Parallel()
	pages, err := demo.Pages()
	if err != nil {
		t.Fatal(err)
	}
	locales, seen := map[string]int{}, map[string]bool{}
	for _, p := range pages {
		if p.Key == "" || p.Title == "" || len(p.Body) < 100 || seen[p.Key+" "+p.Locale] {
			t.Errorf("page %s in %s is a double or lacks something: %q", p.Key, p.Locale, p.Title)
		}
		seen[p.Key+" "+p.Locale] = true
		locales[p.Locale]++
	}
	for _, locale := range []string{"en", "fr", "de"} {
		if locales[locale] != 6 {
			t.Errorf("%d pages are in %s", locales[locale], locale)
		}
	}
}
