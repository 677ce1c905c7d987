package acceptance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// languages checks that shoppers read the catalogue in their language: by the parameter locale, else by Accept-Language,
// with what is missing in the languages declared to follow.
func (s *suite) languages(t *testing.T) {
	p := s.sell(t, 1, 100)
	german, austrian := "Leinenhemd "+p.word, "Leinenhemderl "+p.word
	path := "/admin/v1/products/" + p.id + "/translations/"
	set := func(locale string, body object) answer {
		return s.want(t, http.StatusOK, request{method: "PUT", path: path + locale, token: s.admin, body: body})
	}
	set("de", object{"title": german, "description": "Aus Leinen.", "options": []object{{"name": "size", "translation": "Größe", "values": object{"S0": "Klein"}}}})
	stored := set("de-AT", object{"title": austrian})
	slug := stored.text(t, "data.slug")
	if !strings.HasPrefix(slug, "leinenhemderl-") {
		t.Errorf("the slug in Austrian German is %q", slug)
	}

	read := func(path, header string) (answer, error) {
		a := s.do(t, request{method: "GET", path: path, header: map[string]string{"Accept-Language": header}})
		if a.status != http.StatusOK {
			return a, fmt.Errorf("%s: %d", path, a.status)
		}
		return a, nil
	}
	for _, c := range []struct{ path, header, title, description, language string }{
		{"/store/v1/products/" + p.slug, "", p.title, "Made to be tested.", ""},
		{"/store/v1/products/" + p.slug, "de-CH, en;q=0.5", german, "Aus Leinen.", "de"},
		{"/store/v1/products/" + slug, "de-AT", austrian, "Aus Leinen.", "de-AT"},
		{"/store/v1/products/" + p.slug + "?locale=de-AT", "de", austrian, "Aus Leinen.", "de-AT"},
		{"/store/v1/products/" + slug + "?locale=sv", "", p.title, "Made to be tested.", ""},
	} {
		s.eventually(t, settled, c.path+" in "+c.header, func() error {
			a, err := read(c.path, c.header)
			if err != nil {
				return err
			}
			title, _ := lookup(a.doc, "data.title")
			description, _ := lookup(a.doc, "data.description")
			if title != c.title || description != c.description || c.language != "" && a.header.Get("Content-Language") != c.language {
				return fmt.Errorf("got %v, %v, Content-Language %q", title, description, a.header.Get("Content-Language"))
			}
			return nil
		})
	}
	a, err := read("/store/v1/products/"+p.slug, "de")
	if err != nil {
		t.Fatal(err)
	}
	s.shape(t, a, "data", "product")
	a.equal(t, "data.options.0.name", "Größe")
	a.equal(t, "data.variants.0.options.Größe", "Klein")
	a.equal(t, "data.variants.0.title", "Klein")
	again := s.do(t, request{method: "GET", path: "/store/v1/products/" + p.slug, header: map[string]string{"Accept-Language": "de", "If-None-Match": a.header.Get("ETag")}})
	if again.status != http.StatusNotModified {
		t.Errorf("the German page was not revalidated: %d", again.status)
	}
	s.want(t, http.StatusBadRequest, request{method: "GET", path: "/store/v1/products?locale=nonsense-"}).equal(t, "error.code", "request.bad_query")
	s.want(t, http.StatusUnprocessableEntity, request{method: "PUT", path: path + "xx-yy-zz-", token: s.admin, body: object{"title": "x"}}).
		equal(t, "error.code", "catalog.locale_invalid")
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: path + "de-AT", token: s.admin})
	s.eventually(t, settled, "a deleted translation falls back", func() error {
		a, err := read("/store/v1/products/"+p.slug, "de-AT")
		if err != nil {
			return err
		}
		if title, _ := lookup(a.doc, "data.title"); title != german {
			return fmt.Errorf("got %v", title)
		}
		return nil
	})
}
