package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

// Page is a page of the shop's own in one language, published.
type Page struct {
	Key    string // what it is for, the same in every language; also its slug
	Locale string // BCP 47
	Title  string
	Body   string // Markdown
}

//go:embed pages/*.md
var pages embed.FS

// Pages are the texts that a shop in the European Union shows besides its products, as a demonstration: each says what a shop has to put
// there, and by which law. They are files named by key and language, which begin with their titles.
func Pages() ([]Page, error) {
	entries, err := fs.ReadDir(pages, "pages")
	if err != nil {
		return nil, err
	}
	var out []Page
	for _, entry := range entries {
		text, err := fs.ReadFile(pages, "pages/"+entry.Name())
		if err != nil {
			return nil, err
		}
		key, locale, named := strings.Cut(strings.TrimSuffix(entry.Name(), ".md"), ".")
		title, body, titled := strings.Cut(strings.TrimPrefix(string(text), "# "), "\n")
		if !named || !titled {
			return nil, fmt.Errorf("demo: page %s has no key, language or title", entry.Name())
		}
		out = append(out, Page{Key: key, Locale: locale, Title: title, Body: strings.TrimSpace(body)})
	}
	return out, nil
}
