package content_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	contentv1 "github.com/sovecom/sovecom/gen/sovecom/content/v1"
	"github.com/sovecom/sovecom/gen/sovecom/content/v1/contentv1connect"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/content"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// room is the content room behind a memory door, on a database of the test's own.
type room struct {
	contentv1connect.ContentServiceClient

	ctx context.Context // of staff in the default tenant
	db  *pgtest.DB
}

func open(t testing.TB) room {
	t.Helper()
	db := pgtest.New(t, "content", content.Migrations())
	deps := rpc.Deps{Logger: slog.New(slog.DiscardHandler)}
	svc := must(content.New(content.Deps{DB: db.DB, Logger: deps.Logger, Now: time.Now}))(t)
	server := must(rpc.NewServer(deps))(t)
	svc.Mount(server)
	client := must(rpc.NewClient(door.Memory(server), deps))(t)
	return room{contentv1connect.NewContentServiceClient(client), as(pgtest.Context(t), "owner"), db}
}

func as(ctx context.Context, role string) context.Context {
	return auth.With(ctx, auth.Principal{Kind: auth.Staff, ID: id.New(), Role: role})
}

// elsewhere is staff of another shop.
func (r room) elsewhere(t *testing.T) context.Context {
	t.Helper()
	other := id.New()
	if err := r.db.Write(tenant.WithSystem(t.Context()), func(w *pg.Writes) error {
		w.Exec("insert into tenants (id) values ($1)", other)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return as(tenant.With(t.Context(), other), "owner")
}

func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// wants checks an error, and the field it names.
func wants(t *testing.T, what string, err, want error, field string) {
	t.Helper()
	fields := fault.From(err).Fields()
	if !errors.Is(err, want) || field != "" && (len(fields) != 1 || fields[0].Field != field) {
		t.Errorf("%s: got %v %v, want %v of %s", what, err, fields, want, field)
	}
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// terms are a published page.
func terms(slug, locale string) *contentv1.CreatePageRequest {
	return &contentv1.CreatePageRequest{Title: "Title of " + slug, Slug: slug, Locale: locale, Body: "# Text\n\nin *" + locale + "*", Status: contentv1.PageStatus_PAGE_STATUS_PUBLISHED}
}

func keyed(req *contentv1.CreatePageRequest, key string) *contentv1.CreatePageRequest {
	req.Key = &key
	return req
}

func (r room) create(t testing.TB, req *contentv1.CreatePageRequest) *contentv1.Page {
	t.Helper()
	return must(r.CreatePage(r.ctx, req))(t).GetPage()
}

func TestPages(t *testing.T) {
	t.Parallel()
	r := open(t)
	p := r.create(t, &contentv1.CreatePageRequest{Title: "Über uns", Locale: "DE-at", Body: "# Wir\n\n[u](javascript:x)<script>x</script>"})
	same(t, "slug", p.GetSlug(), "uber-uns")
	same(t, "locale", p.GetLocale(), "de-AT")
	same(t, "status", p.GetStatus(), contentv1.PageStatus_PAGE_STATUS_DRAFT)
	same(t, "version", p.GetVersion(), 1)
	same(t, "body", p.GetBody(), "# Wir\n\n[u](javascript:x)<script>x</script>")
	same(t, "html", p.GetHtml(), "<h1 id=\"h-wir\">Wir</h1>\n<p>u</p>\n")
	if again := must(r.GetPage(r.ctx, &contentv1.GetPageRequest{Id: p.GetId()}))(t).GetPage(); !proto.Equal(again, p) {
		t.Errorf("it is read as %v, want %v", again, p)
	}
	changed := must(r.UpdatePage(r.ctx, &contentv1.UpdatePageRequest{Id: p.GetId(), IfVersion: 1, Title: new("About"), Slug: new("About us"), Body: new("*x*"), Locale: new("en"),
		Status: contentv1.PageStatus_PAGE_STATUS_PUBLISHED, Key: &contentv1.TextPatch{Value: "about"}, SeoTitle: &contentv1.TextPatch{Value: "T"}, SeoDescription: &contentv1.TextPatch{Value: "D"}}))(t).GetPage()
	same(t, "version", changed.GetVersion(), 2)
	same(t, "html", changed.GetHtml(), "<p><em>x</em></p>\n")
	same(t, "slug", changed.GetSlug(), "about-us")
	same(t, "key", changed.GetKey(), "about")
	if again := must(r.GetPage(r.ctx, &contentv1.GetPageRequest{Id: p.GetId()}))(t).GetPage(); !proto.Equal(again, changed) {
		t.Errorf("it is read as %v, want %v", again, changed)
	}
	events := r.events(t)
	nothing := must(r.UpdatePage(r.ctx, &contentv1.UpdatePageRequest{Id: p.GetId(), Title: new("About"), Slug: new("ABOUT us"), Body: new("*x*"), Locale: new("EN"), SeoTitle: &contentv1.TextPatch{Value: "T"}}))(t).GetPage()
	if !proto.Equal(nothing, changed) {
		t.Errorf("a change that changes nothing leaves %v, want %v", nothing, changed)
	}
	same(t, "events of a change that changes nothing", len(r.events(t)), len(events))
	cleared := must(r.UpdatePage(r.ctx, &contentv1.UpdatePageRequest{Id: p.GetId(), Key: &contentv1.TextPatch{Clear: true}, SeoTitle: &contentv1.TextPatch{Clear: true}}))(t).GetPage()
	if cleared.Key != nil || cleared.SeoTitle != nil || cleared.GetSeoDescription() != "D" || cleared.GetVersion() != 3 {
		t.Errorf("cleared it is %v", cleared)
	}
	_, err := r.UpdatePage(r.ctx, &contentv1.UpdatePageRequest{Id: p.GetId(), IfVersion: 2, Title: new("X")})
	wants(t, "an old version", err, content.ErrVersionConflict, "")
	_, err = r.DeletePage(r.ctx, &contentv1.DeletePageRequest{Id: p.GetId(), IfVersion: 2})
	wants(t, "deleting an old version", err, content.ErrVersionConflict, "")
	must(r.DeletePage(r.ctx, &contentv1.DeletePageRequest{Id: p.GetId(), IfVersion: 3}))(t)
	for what, try := range map[string]func() error{
		"read": func() error { _, err := r.GetPage(r.ctx, &contentv1.GetPageRequest{Id: p.GetId()}); return err },
		"changed": func() error {
			_, err := r.UpdatePage(r.ctx, &contentv1.UpdatePageRequest{Id: p.GetId(), Title: new("X")})
			return err
		},
		"deleted": func() error { _, err := r.DeletePage(r.ctx, &contentv1.DeletePageRequest{Id: p.GetId()}); return err },
	} {
		wants(t, "a page that is gone is "+what, try(), content.ErrPageNotFound, "")
	}

	got := strings.Join(r.events(t), "\n")
	same(t, "events", got, strings.Join([]string{
		"1 evt.content.page.created -> uber-uns de-AT  PAGE_STATUS_DRAFT",
		"2 evt.content.page.updated uber-uns de-AT  PAGE_STATUS_DRAFT -> about-us en about PAGE_STATUS_PUBLISHED",
		"3 evt.content.page.updated about-us en about PAGE_STATUS_PUBLISHED -> about-us en  PAGE_STATUS_PUBLISHED",
		"4 evt.content.page.deleted about-us en  PAGE_STATUS_PUBLISHED ->",
	}, "\n"))
}

// events are what the room has announced, in order, as text. A body in one is an error.
func (r room) events(t testing.TB) []string {
	t.Helper()
	facts := func(f *contentv1.PageFacts) string {
		if f == nil {
			return ""
		}
		return fmt.Sprint(f.GetSlug(), " ", f.GetLocale(), " ", f.GetKey(), " ", f.GetStatus())
	}
	var out []string
	for _, row := range r.announced(t) {
		if strings.Contains(string(row.body), "Wir") {
			t.Errorf("%s has the body: %q", row.subject, row.body)
		}
		var before, after *contentv1.PageFacts
		switch row.subject {
		case "evt.content.page.created":
			var m contentv1.PageCreated
			must(0, proto.Unmarshal(row.body, &m))(t)
			after = m.GetPage()
		case "evt.content.page.updated":
			var m contentv1.PageUpdated
			must(0, proto.Unmarshal(row.body, &m))(t)
			before, after = m.GetBefore(), m.GetPage()
		case "evt.content.page.deleted":
			var m contentv1.PageDeleted
			must(0, proto.Unmarshal(row.body, &m))(t)
			before = m.GetPage()
		}
		text := fmt.Sprint(row.sequence, " ", row.subject, " ", facts(before), " -> ", facts(after))
		out = append(out, strings.TrimSpace(strings.Replace(text, "  ->", " ->", 1)))
	}
	return out
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	r := open(t)
	p := r.create(t, keyed(terms("terms", "en"), "terms"))
	other := r.create(t, terms("other", "en"))
	french := r.create(t, terms("terms", "fr")) // the same slug in another language
	for what, row := range map[string]struct {
		change func(req *contentv1.CreatePageRequest)
		want   error
		field  string
	}{
		"a taken slug":          {func(req *contentv1.CreatePageRequest) { req.Slug = "Terms" }, content.ErrSlugTaken, "slug"},
		"a taken made slug":     {func(req *contentv1.CreatePageRequest) { req.Slug, req.Title = "", "Terms!" }, content.ErrSlugTaken, "slug"},
		"a taken key":           {func(req *contentv1.CreatePageRequest) { req.Key = new("terms") }, content.ErrKeyTaken, "key"},
		"a slug of nothing":     {func(req *contentv1.CreatePageRequest) { req.Slug = "日本" }, content.ErrSlugInvalid, "slug"},
		"a slug like an id":     {func(req *contentv1.CreatePageRequest) { req.Slug = id.New().String() }, content.ErrSlugInvalid, "slug"},
		"a key in capitals":     {func(req *contentv1.CreatePageRequest) { req.Key = new("Terms") }, content.ErrKeyInvalid, "key"},
		"an empty key":          {func(req *contentv1.CreatePageRequest) { req.Key = new("") }, content.ErrKeyInvalid, "key"},
		"no language":           {func(req *contentv1.CreatePageRequest) { req.Locale = "xx-yy-zz-" }, content.ErrLocaleInvalid, "locale"},
		"an undefined language": {func(req *contentv1.CreatePageRequest) { req.Locale = "und" }, content.ErrLocaleInvalid, "locale"},
		"a blank title":         {func(req *contentv1.CreatePageRequest) { req.Title = " \t" }, content.ErrTextInvalid, "title"},
		"a blank body":          {func(req *contentv1.CreatePageRequest) { req.Body = "\n\n" }, content.ErrTextInvalid, "body"},
		"NUL in the body":       {func(req *contentv1.CreatePageRequest) { req.Body = "a\x00b" }, content.ErrTextInvalid, "body"},
		"NUL in the SEO title":  {func(req *contentv1.CreatePageRequest) { req.SeoTitle = new("a\x00b") }, content.ErrTextInvalid, "seoTitle"},
		"a costly body":         {func(req *contentv1.CreatePageRequest) { req.Body = strings.Repeat(">", 100_000) }, content.ErrBodyTooComplex, "body"},
	} {
		req := terms("new", "en")
		row.change(req)
		_, err := r.CreatePage(r.ctx, req)
		wants(t, what, err, row.want, row.field)
	}
	for what, row := range map[string]struct {
		req   *contentv1.UpdatePageRequest
		want  error
		field string
	}{
		"a taken slug":        {&contentv1.UpdatePageRequest{Id: other.GetId(), Slug: new("terms")}, content.ErrSlugTaken, "slug"},
		"a taken key":         {&contentv1.UpdatePageRequest{Id: other.GetId(), Key: &contentv1.TextPatch{Value: "terms"}}, content.ErrKeyTaken, "key"},
		"a taken language":    {&contentv1.UpdatePageRequest{Id: french.GetId(), Locale: new("en")}, content.ErrSlugTaken, "slug"},
		"a bad key":           {&contentv1.UpdatePageRequest{Id: other.GetId(), Key: &contentv1.TextPatch{Value: "a b"}}, content.ErrKeyInvalid, "key"},
		"a long SEO title":    {&contentv1.UpdatePageRequest{Id: other.GetId(), SeoTitle: &contentv1.TextPatch{Value: strings.Repeat("é", 513)}}, content.ErrTextInvalid, "seoTitle"},
		"a blank body":        {&contentv1.UpdatePageRequest{Id: other.GetId(), Body: new(" ")}, content.ErrTextInvalid, "body"},
		"a costly body":       {&contentv1.UpdatePageRequest{Id: other.GetId(), Body: new(strings.Repeat("[", 100_000))}, content.ErrBodyTooComplex, "body"},
		"NUL in a patch":      {&contentv1.UpdatePageRequest{Id: other.GetId(), SeoDescription: &contentv1.TextPatch{Value: "\x00"}}, content.ErrTextInvalid, "seoDescription"},
		"a page that is none": {&contentv1.UpdatePageRequest{Id: id.New().String(), Title: new("X")}, content.ErrPageNotFound, ""},
	} {
		_, err := r.UpdatePage(r.ctx, row.req)
		wants(t, what, err, row.want, row.field)
	}
	for _, page := range []*contentv1.Page{p, other, french} {
		if again := must(r.GetPage(r.ctx, &contentv1.GetPageRequest{Id: page.GetId()}))(t).GetPage(); !proto.Equal(again, page) {
			t.Errorf("after refusals it is %v, want %v", again, page)
		}
	}
	same(t, "events", len(r.events(t)), 3)
	long := terms("long", "en")
	long.Body, long.Title, long.SeoTitle, long.SeoDescription = strings.Repeat("é", 100_000), strings.Repeat("é", 512), new(strings.Repeat("é", 512)), new(strings.Repeat("é", 1024))
	r.create(t, long)
	long.Body += "é"
	if _, err := r.CreatePage(r.ctx, long); err == nil {
		t.Error("a body of 100 001 characters is taken")
	}
}

// Staff may write pages and not delete them; who is not signed in may neither.
func TestPermissions(t *testing.T) {
	t.Parallel()
	r := open(t)
	staff := as(pgtest.Context(t), "staff")
	p := must(r.CreatePage(staff, terms("terms", "en")))(t).GetPage()
	must(r.UpdatePage(staff, &contentv1.UpdatePageRequest{Id: p.GetId(), Title: new("X")}))(t)
	must(r.ListPages(staff, &contentv1.ListPagesRequest{}))(t)
	_, err := r.DeletePage(staff, &contentv1.DeletePageRequest{Id: p.GetId()})
	same(t, "kind of staff's deleting", fault.From(err).Kind(), fault.KindDenied)
	_, err = r.CreatePage(pgtest.Context(t), terms("other", "en"))
	same(t, "kind of a stranger's writing", fault.From(err).Kind(), fault.KindUnauthenticated)
	must(r.GetStorePage(pgtest.Context(t), &contentv1.GetStorePageRequest{Slug: "terms"}))(t)
}

// Another shop sees nothing, changes nothing, and may use the same slugs and keys.
func TestAnotherShop(t *testing.T) {
	t.Parallel()
	r := open(t)
	p := r.create(t, keyed(terms("terms", "en"), "terms"))
	there := r.elsewhere(t)
	_, err := r.GetPage(there, &contentv1.GetPageRequest{Id: p.GetId()})
	wants(t, "reading", err, content.ErrPageNotFound, "")
	_, err = r.UpdatePage(there, &contentv1.UpdatePageRequest{Id: p.GetId(), Title: new("X")})
	wants(t, "changing", err, content.ErrPageNotFound, "")
	_, err = r.DeletePage(there, &contentv1.DeletePageRequest{Id: p.GetId()})
	wants(t, "deleting", err, content.ErrPageNotFound, "")
	_, err = r.GetStorePage(there, &contentv1.GetStorePageRequest{Slug: "terms"})
	wants(t, "shopping", err, content.ErrPageNotFound, "")
	same(t, "listed", len(must(r.ListPages(there, &contentv1.ListPagesRequest{}))(t).GetPages())+len(must(r.ListStorePages(there, &contentv1.ListStorePagesRequest{}))(t).GetPages()), 0)
	theirs := must(r.CreatePage(there, keyed(terms("terms", "en"), "terms")))(t).GetPage()
	same(t, "their slug", theirs.GetSlug(), "terms")
	same(t, "ours", len(must(r.ListPages(r.ctx, &contentv1.ListPagesRequest{}))(t).GetPages()), 1)
}

func TestIsolation(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.create(t, terms("terms", "en"))
	pgtest.Isolation(t, r.db)
}

// atOnce runs n calls at the same moment and returns their errors.
func atOnce(n int, do func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// won checks that one call of many succeeded and the others got the error.
func won(t *testing.T, what string, errs []error, want error) {
	t.Helper()
	successes := 0
	for _, err := range errs {
		if err == nil {
			successes++
		} else if !errors.Is(err, want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	same(t, what, successes, 1)
}

func TestRaces(t *testing.T) {
	t.Parallel()
	r := open(t)
	for round := range 10 {
		slug := fmt.Sprint("page-", round)
		won(t, "makers of one slug", atOnce(6, func(int) error { _, err := r.CreatePage(r.ctx, terms(slug, "en")); return err }), content.ErrSlugTaken)
		won(t, "makers of one key", atOnce(6, func(i int) error {
			_, err := r.CreatePage(r.ctx, keyed(terms(fmt.Sprint(slug, "-", i), "de"), slug))
			return err
		}), content.ErrKeyTaken)
		p := must(r.ListPages(r.ctx, &contentv1.ListPagesRequest{Locale: "de", Key: slug}))(t).GetPages()[0]
		won(t, "changers of one version", atOnce(6, func(i int) error {
			_, err := r.UpdatePage(r.ctx, &contentv1.UpdatePageRequest{Id: p.GetId(), IfVersion: p.GetVersion(), Title: new(fmt.Sprint("T ", i))})
			return err
		}), content.ErrVersionConflict)
		won(t, "deleters", atOnce(6, func(int) error {
			_, err := r.DeletePage(r.ctx, &contentv1.DeletePageRequest{Id: p.GetId()})
			return err
		}), content.ErrPageNotFound)
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	r := open(t)
	for i := range 7 {
		r.create(t, keyed(terms(fmt.Sprint("page-", i), "en"), fmt.Sprint("key-", i)))
		draft := keyed(terms(fmt.Sprint("page-", i), "fr"), fmt.Sprint("key-", i))
		draft.Status = contentv1.PageStatus_PAGE_STATUS_DRAFT
		r.create(t, draft)
	}
	r.create(t, &contentv1.CreatePageRequest{Title: "100 % Écharpe_x", Locale: "en", Body: "x"})
	list := func(req *contentv1.ListPagesRequest) (names []string, total int64) {
		req.Page = &typev1.PageRequest{Limit: 3}
		for {
			res := must(r.ListPages(r.ctx, req))(t)
			for _, p := range res.GetPages() {
				names = append(names, p.GetSlug()+" "+p.GetLocale())
				if p.GetBody() != "" || p.GetHtml() != "" {
					t.Errorf("the list shows a body: %v", p)
				}
			}
			if len(res.GetPage().GetNext()) == 0 {
				return names, res.GetPage().GetTotal()
			}
			req.Page.After = res.GetPage().GetNext()
		}
	}
	all, total := list(&contentv1.ListPagesRequest{})
	if len(all) != 15 || total != 15 || !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != 15 {
		t.Errorf("all are %d of %d: %v", len(all), total, all)
	}
	for what, row := range map[string]struct {
		req  *contentv1.ListPagesRequest
		want int
	}{
		"French":    {&contentv1.ListPagesRequest{Locale: "FR"}, 7},
		"drafts":    {&contentv1.ListPagesRequest{Status: contentv1.PageStatus_PAGE_STATUS_DRAFT}, 8},
		"a key":     {&contentv1.ListPagesRequest{Key: "key-3"}, 2},
		"both":      {&contentv1.ListPagesRequest{Key: "key-3", Locale: "fr", Q: "TITLE of page-3"}, 1},
		"accents":   {&contentv1.ListPagesRequest{Q: "echarpe"}, 1},
		"percent":   {&contentv1.ListPagesRequest{Q: "%"}, 1},
		"underline": {&contentv1.ListPagesRequest{Q: "e_x"}, 1},
		"backslash": {&contentv1.ListPagesRequest{Q: `\`}, 0},
	} {
		if names, total := list(row.req); len(names) != row.want || total != int64(row.want) {
			t.Errorf("%s: %d of %d: %v", what, len(names), total, names)
		}
	}
	_, err := r.ListPages(r.ctx, &contentv1.ListPagesRequest{Locale: "nonsense-"})
	wants(t, "a filter by no language", err, content.ErrLocaleInvalid, "locale")
	second := must(r.ListPages(r.ctx, &contentv1.ListPagesRequest{Page: &typev1.PageRequest{Page: 2, Limit: 10}}))(t)
	same(t, "rows of the second page", len(second.GetPages()), 5)
	_, err = r.ListPages(r.ctx, &contentv1.ListPagesRequest{Page: &typev1.PageRequest{After: []byte("x")}})
	same(t, "kind of a bad position", fault.From(err).Kind(), fault.KindMalformed)
}

// A page in the language the caller wants.
func TestLanguages(t *testing.T) {
	t.Parallel()
	r := open(t)
	for _, locale := range []string{"en", "fr", "fr-CH", "de-AT"} {
		r.create(t, keyed(terms("terms", locale), "terms"))
	}
	r.create(t, keyed(terms("allgemeine-bedingungen", "de"), "terms"))
	hidden := keyed(terms("terms", "nl"), "terms")
	hidden.Status = contentv1.PageStatus_PAGE_STATUS_DRAFT
	r.create(t, hidden)
	r.create(t, terms("only-it", "it"))
	r.create(t, terms("loose", "en"))
	r.create(t, terms("loose", "sv"))
	read := func(slug string, only bool, locales ...string) string {
		res, err := r.GetStorePage(r.ctx, &contentv1.GetStorePageRequest{Slug: slug, Wishes: &contentv1.Wishes{Locales: locales, Only: only}})
		if errors.Is(err, content.ErrPageNotFound) {
			return ""
		}
		p := must(res, err)(t).GetPage()
		if want := "<h1 id=\"h-text\">Text</h1>\n<p>in <em>" + p.GetLocale() + "</em></p>\n"; p.GetHtml() != want {
			t.Errorf("%s is %q, want %q", p.GetLocale(), p.GetHtml(), want)
		}
		return p.GetLocale()
	}
	for _, row := range []struct {
		slug    string
		only    bool
		locales []string
		want    string
	}{
		{"terms", true, []string{"fr"}, "fr"}, {"terms", true, []string{"fr-BE"}, "fr"}, {"terms", true, []string{"fr-CH"}, "fr-CH"}, {"terms", true, []string{"de"}, ""},
		{"terms", true, []string{"de-DE"}, ""}, {"terms", true, []string{"nl"}, ""}, {"terms", true, []string{"en-GB"}, "en"}, {"terms", true, []string{"es"}, ""},
		{"terms", false, []string{"fr-BE", "en"}, "fr"}, {"terms", false, []string{"nl", "en"}, "en"}, {"terms", false, []string{"de", "en"}, "de-AT"}, {"terms", false, []string{"nl", "es", "en"}, "en"},
		{"terms", false, []string{"es"}, "de-AT"}, {"terms", false, nil, "de-AT"}, {"only-it", false, []string{"en"}, "it"}, {"only-it", true, []string{"en"}, ""}, {"none", false, []string{"en"}, ""}, {"", false, nil, ""},
		{"terms", false, []string{"und", "x", "*", "fr"}, "fr"}, {"TERMS", false, nil, ""}, {"terms\x00", false, nil, ""},
	} {
		if got := read(row.slug, row.only, row.locales...); got != row.want {
			t.Errorf("%s for %v (only %t) is %q, want %q", row.slug, row.locales, row.only, got, row.want)
		}
	}
	alternates := func(slug, locale string) string {
		p := must(r.GetStorePage(r.ctx, &contentv1.GetStorePageRequest{Slug: slug, Wishes: &contentv1.Wishes{Locales: []string{locale}, Only: true}}))(t).GetPage()
		var out []string
		for _, a := range p.GetAlternates() {
			out = append(out, a.GetLocale()+" "+a.GetSlug()+" "+a.GetTitle())
		}
		return strings.Join(out, ", ")
	}
	same(t, "alternates by key", alternates("allgemeine-bedingungen", "de"), "de-AT terms Title of terms, en terms Title of terms, fr terms Title of terms, fr-CH terms Title of terms")
	same(t, "alternates by slug", alternates("loose", "en"), "sv loose Title of loose")
	same(t, "alternates of one that has none", alternates("only-it", "it"), "")

	list := func(only bool, locales ...string) string {
		req := &contentv1.ListStorePagesRequest{Page: &typev1.PageRequest{Limit: 2}, Wishes: &contentv1.Wishes{Locales: locales, Only: only}}
		var out []string
		for {
			res := must(r.ListStorePages(r.ctx, req))(t)
			for _, p := range res.GetPages() {
				out = append(out, p.GetSlug()+" "+p.GetLocale())
				if p.GetHtml() != "" {
					t.Errorf("the list shows the text of %s", p.GetSlug())
				}
			}
			if len(res.GetPage().GetNext()) == 0 {
				same(t, fmt.Sprint("total for ", locales), res.GetPage().GetTotal(), int64(len(out)))
				return res.GetLocale() + ": " + strings.Join(out, ", ")
			}
			req.Page.After = res.GetPage().GetNext()
		}
	}
	r.create(t, terms("faq", "fr"))
	for _, row := range []struct {
		only    bool
		locales []string
		want    string
	}{
		{true, []string{"en"}, "en: loose en, terms en"}, {true, []string{"fr-CH"}, "fr-CH: faq fr, terms fr-CH"}, {true, []string{"fr-BE"}, "fr: faq fr, terms fr"}, {true, []string{"es"}, ": "}, {true, []string{"nl"}, ": "},
		{false, []string{"es", "sv-FI", "en"}, "sv: loose sv"}, {false, []string{"es"}, "de: allgemeine-bedingungen de"}, {false, nil, "de: allgemeine-bedingungen de"},
		{true, []string{"de-AT"}, "de-AT: terms de-AT"}, {false, []string{"de-DE", "en"}, "de: allgemeine-bedingungen de"}, {false, []string{"pt", "it"}, "it: only-it it"},
	} {
		same(t, fmt.Sprint("list for ", row.locales), list(row.only, row.locales...), row.want)
	}
}

// HTML of an older policy is made anew when it is read, also of a body that is not taken any more.
func TestOlderHTML(t *testing.T) {
	t.Parallel()
	r := open(t)
	p := r.create(t, terms("terms", "en"))
	read := func() string {
		staff := must(r.GetPage(r.ctx, &contentv1.GetPageRequest{Id: p.GetId()}))(t).GetPage().GetHtml()
		store := must(r.GetStorePage(r.ctx, &contentv1.GetStorePageRequest{Slug: "terms"}))(t).GetPage().GetHtml()
		same(t, "html for staff", staff, store)
		return store
	}
	set := func(sql string, args ...any) {
		t.Helper()
		if err := r.db.Write(r.ctx, func(w *pg.Writes) error { w.Exec(sql, args...); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	set("update pages set html = '<script>old</script>'")
	same(t, "html of today", read(), "<script>old</script>")
	set("update pages set html_version = 0")
	same(t, "html of an older policy", read(), p.GetHtml())
	body := strings.Repeat("> ", 10_000) + "<script>"
	set("update pages set body = $1", body)
	same(t, "html of a body that is refused", read(), "<pre>"+strings.ReplaceAll(strings.ReplaceAll(body, ">", "&gt;"), "<", "&lt;")+"</pre>")
}
