package acceptance

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// content checks the shop's own pages: staff write them in Markdown, shoppers read them as safe HTML in their language.
func (s *suite) content(t *testing.T) {
	t.Run("a page's life", s.contentPage)
	t.Run("in the reader's language", s.contentLanguages)
	t.Run("what is refused", s.contentRefusals)
}

func (s *suite) contentPage(t *testing.T) {
	t.Parallel()
	slug := "terms-" + unique()
	body := object{"title": "Terms of sale", "slug": slug, "key": slug, "locale": "en", "seoTitle": "Terms", "body": "# Returns\n\nWithin *14* days. [Ask](https://x.example)<script>alert(1)</script>\n\n<p onclick=\"x()\">And</p>"}
	create := request{method: "POST", path: "/admin/v1/pages", token: s.admin, body: body, header: map[string]string{"Idempotency-Key": unique()}}
	made := s.want(t, http.StatusCreated, create)
	s.shape(t, made, "data", "adminContentPage")
	made.equal(t, "data.status", "draft")
	made.equal(t, "data.body", body["body"])
	again := s.want(t, http.StatusCreated, create)
	again.equal(t, "data.id", made.text(t, "data.id"))
	path, public := "/admin/v1/pages/"+made.text(t, "data.id"), "/store/v1/pages/"+slug
	s.want(t, http.StatusNotFound, request{method: "GET", path: public})
	s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin}).equal(t, "data.version", 1)

	published := s.want(t, http.StatusOK, request{method: "PATCH", path: path, token: s.admin, body: object{"status": "published"}, header: map[string]string{"If-Match": made.header.Get("ETag")}})
	published.equal(t, "data.version", 2)
	s.want(t, http.StatusPreconditionFailed, request{method: "PATCH", path: path, token: s.admin, body: object{"title": "X"}, header: map[string]string{"If-Match": made.header.Get("ETag")}})
	same := s.want(t, http.StatusOK, request{method: "PATCH", path: path, token: s.admin, body: object{"status": "published"}})
	same.equal(t, "data.version", 2)
	same.equal(t, "data.updatedAt", published.text(t, "data.updatedAt"))

	var shown answer
	s.eventually(t, visible, "the page is published", func() error {
		if shown = s.do(t, request{method: "GET", path: public}); shown.status != http.StatusOK {
			return fmt.Errorf("got %d", shown.status)
		}
		return nil
	})
	s.shape(t, shown, "data", "contentPage")
	shown.equal(t, "data.html", `<h1 id="h-returns">Returns</h1>`+"\n"+`<p>Within <em>14</em> days. <a href="https://x.example" rel="nofollow noopener">Ask</a></p>`+"\n<p>And</p>")
	if got := shown.header.Get("Content-Language"); got != "en" {
		t.Errorf("the Content-Language is %q", got)
	}
	kept := s.want(t, http.StatusOK, request{method: "GET", path: public}) // as it is kept
	if kept.header.Get("Content-Language") != "en" || kept.header.Get("ETag") != shown.header.Get("ETag") {
		t.Errorf("kept it comes with %v, first with %v", kept.header, shown.header)
	}
	s.revalidates(t, public)

	title := "Renamed " + unique()
	s.want(t, http.StatusOK, request{method: "PATCH", path: path, token: s.admin, body: object{"title": title, "seoTitle": nil}})
	s.eventually(t, visible, "the new title is read", func() error {
		a := s.do(t, request{method: "GET", path: public, header: map[string]string{"If-None-Match": shown.header.Get("ETag")}})
		if got, _ := lookup(a.doc, "data.title"); got != title {
			return fmt.Errorf("got %d %v", a.status, got)
		}
		return nil
	})
	list := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/pages?status=published&locale=en&key=" + slug + "&q=" + strings.ToUpper(strings.ReplaceAll(title, " ", "+")), token: s.admin})
	list.equal(t, "meta.total", 1)
	s.shape(t, list, "data.0", "adminContentPageSummary")
	s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/pages?q=%25" + slug, token: s.admin}).equal(t, "meta.total", 0)

	s.want(t, http.StatusPreconditionFailed, request{method: "DELETE", path: path, token: s.admin, header: map[string]string{"If-Match": `"1"`}})
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: path, token: s.admin})
	s.want(t, http.StatusNotFound, request{method: "GET", path: path, token: s.admin})
	s.eventually(t, visible, "the page is gone", func() error {
		if a := s.do(t, request{method: "GET", path: public}); a.status != http.StatusNotFound {
			return fmt.Errorf("got %d", a.status)
		}
		return nil
	})
}

func (s *suite) contentLanguages(t *testing.T) {
	t.Parallel()
	key := "about-" + unique()
	write := func(slug, locale string) {
		t.Helper()
		s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/pages", token: s.admin,
			body: object{"title": "In " + locale, "slug": slug, "key": key, "locale": locale, "body": "In " + locale, "status": "published"}})
	}
	write(key, "en")
	write(key, "fr")
	write(key+"-de", "de")
	for _, row := range []struct {
		path, accept, want string // language; empty: 404
	}{
		{"?locale=fr", "", "fr"}, {"?locale=fr-BE", "en", "fr"}, {"?locale=de", "", ""}, {"?locale=nl", "en", ""},
		{"", "fr-BE, en;q=0.5", "fr"}, {"", "nl, en;q=0.5", "en"}, {"", "de, fr;q=0.1", "fr"}, {"-de", "en", "de"}, {"-de?locale=de-AT", "", "de"}, {"-de?locale=en", "", ""},
	} {
		path := "/store/v1/pages/" + key + row.path
		a := s.do(t, request{method: "GET", path: path, header: map[string]string{"Accept-Language": row.accept}})
		if got, _ := lookup(a.doc, "data.locale"); row.want == "" && a.status != http.StatusNotFound || row.want != "" && (got != row.want || a.header.Get("Content-Language") != row.want) {
			t.Errorf("%s for %q got %d in %v", path, row.accept, a.status, got)
		}
	}
	german := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/pages/" + key + "-de"})
	for i, locale := range []string{"en", "fr"} {
		at := fmt.Sprint("data.alternates.", i, ".")
		german.equal(t, at+"locale", locale)
		german.equal(t, at+"slug", key)
		german.equal(t, at+"title", "In "+locale)
	}
	for locale, want := range map[string]string{"fr-BE": "fr", "de": "de"} {
		found := 0
		for next := "/store/v1/pages?limit=2&locale=" + locale; next != ""; {
			a := s.want(t, http.StatusOK, request{method: "GET", path: next})
			for i := range a.list(t, "data") {
				s.shape(t, a, fmt.Sprint("data.", i), "contentPageSummary")
				a.equal(t, fmt.Sprintf("data.%d.locale", i), want)
				if a.get(t, fmt.Sprintf("data.%d.key", i)) == key {
					found++
				}
			}
			cursor, _ := a.get(t, "meta.nextCursor").(string)
			if next = ""; cursor != "" {
				next = "/store/v1/pages?limit=2&locale=" + locale + "&cursor=" + cursor
			}
		}
		if found != 1 {
			t.Errorf("the list for %s has the page %d times", locale, found)
		}
	}
	for _, path := range []string{"/store/v1/pages/" + key, "/store/v1/pages"} {
		s.want(t, http.StatusBadRequest, request{method: "GET", path: path + "?locale=nonsense-"}).equal(t, "error.code", "request.bad_query")
		s.want(t, http.StatusBadRequest, request{method: "GET", path: path + "?lang=de"}).equal(t, "error.code", "request.bad_query")
	}
}

func (s *suite) contentRefusals(t *testing.T) {
	t.Parallel()
	slug := "page-" + unique()
	page := func(change object) object {
		body := object{"title": "Title " + unique(), "slug": slug, "locale": "en", "body": "Text"}
		for name, value := range change {
			body[name] = value
		}
		return body
	}
	write := func(body object) answer {
		return s.do(t, request{method: "POST", path: "/admin/v1/pages", token: s.admin, body: body})
	}
	// Two at once: one page, and one refusal.
	var both [2]answer
	var wg sync.WaitGroup
	for i := range both {
		wg.Go(func() { both[i] = write(page(object{"key": slug})) })
	}
	wg.Wait()
	if a, b := both[0], both[1]; a.status+b.status != http.StatusCreated+http.StatusConflict {
		t.Errorf("two pages of one slug got %d and %d", a.status, b.status)
	}
	other := write(page(object{"slug": slug + "-2"}))
	for name, row := range map[string]struct {
		body   object
		status int
		field  string
	}{
		"a taken slug": {page(nil), http.StatusConflict, "slug"}, "a taken key": {page(object{"slug": slug + "-3", "key": slug}), http.StatusConflict, "key"},
		"a bad key": {page(object{"key": "A b"}), http.StatusUnprocessableEntity, "key"}, "no language": {page(object{"locale": "xx-yy-zz-"}), http.StatusUnprocessableEntity, "locale"},
		"no title": {page(object{"title": ""}), http.StatusUnprocessableEntity, "title"}, "a blank title": {page(object{"title": " "}), http.StatusUnprocessableEntity, "title"},
		"no body": {page(object{"body": ""}), http.StatusUnprocessableEntity, "body"}, "a long body": {page(object{"body": strings.Repeat("x", 100_001)}), http.StatusUnprocessableEntity, "body"},
		"a costly body": {page(object{"body": strings.Repeat(">", 100_000)}), http.StatusUnprocessableEntity, "body"}, "a status that is none": {page(object{"status": "archived"}), http.StatusUnprocessableEntity, "status"},
		"an unknown key": {page(object{"html": "<b>x</b>"}), http.StatusUnprocessableEntity, "html"}, "a slug of nothing": {page(object{"slug": "日本"}), http.StatusUnprocessableEntity, "slug"},
	} {
		if got := write(row.body); got.status != row.status || !got.names(row.field) {
			t.Errorf("%s got %d: %s", name, got.status, clip(got.body))
		}
	}
	path := "/admin/v1/pages/" + other.text(t, "data.id")
	for name, row := range map[string]struct {
		body   object
		status int
		field  string
	}{
		"a taken slug": {object{"slug": slug}, http.StatusConflict, "slug"}, "a taken key": {object{"key": slug}, http.StatusConflict, "key"}, "no slug": {object{"slug": nil}, http.StatusUnprocessableEntity, "slug"},
		"an unknown key": {object{"version": 7}, http.StatusUnprocessableEntity, "version"},
	} {
		if got := s.do(t, request{method: "PATCH", path: path, token: s.admin, body: row.body}); got.status != row.status || !got.names(row.field) {
			t.Errorf("a change to %s got %d: %s", name, got.status, clip(got.body))
		}
	}
	s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin}).equal(t, "data.version", 1)

	s.want(t, http.StatusBadRequest, request{method: "GET", path: "/admin/v1/pages?locale=nonsense-", token: s.admin}).equal(t, "error.code", "request.bad_query")

	// Staff may write and not delete.
	email, password := unique()+"@example.com", "correct horse battery staple"
	s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/users", token: s.admin, body: object{"email": email, "name": "Test", "role": "staff", "password": password}})
	staff := s.want(t, http.StatusOK, request{method: "POST", path: "/admin/v1/auth/login", body: object{"email": email, "password": password}}).text(t, "data.accessToken")
	s.want(t, http.StatusOK, request{method: "PATCH", path: path, token: staff, body: object{"title": "By staff"}})
	s.want(t, http.StatusForbidden, request{method: "DELETE", path: path, token: staff})
	s.want(t, http.StatusUnauthorized, request{method: "GET", path: "/admin/v1/pages"})
}
