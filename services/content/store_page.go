package content

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	contentv1 "github.com/sovecom/sovecom/gen/sovecom/content/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	paging "github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/slug"
)

const pageColumns = `p.id, p.slug, p.locale, p.key, p.title, p.body, p.html, p.html_version, p.status, p.seo_title, p.seo_description, p.version, p.created_at, p.updated_at`

// listColumns leave out what a list does not show, which is long.
const listColumns = `p.id, p.slug, p.locale, p.key, p.title, '', '', p.html_version, p.status, p.seo_title, p.seo_description, p.version, p.created_at, p.updated_at`

func scanPage(p *page) []any {
	return []any{&p.id, &p.slug, &p.locale, &p.key, &p.title, &p.body, &p.html, &p.htmlVersion, &p.status, &p.seoTitle, &p.seoDescription, &p.version, &p.createdAt, &p.updatedAt}
}

// loadPage reads a page and locks it; nil when there is none.
func loadPage(ctx context.Context, tx *pg.Tx, which id.ID) (*page, error) {
	return readPage(which, " for update", func(build func(b *pg.Batch)) error { return tx.Read(ctx, build) })
}

// findPage reads a page; nil when there is none.
func findPage(ctx context.Context, db *pg.DB, which id.ID) (*page, error) {
	return readPage(which, "", func(build func(b *pg.Batch)) error { return db.Read(ctx, build) })
}

func readPage(which id.ID, lock string, read func(build func(b *pg.Batch)) error) (*page, error) {
	found, p := false, new(page)
	err := read(func(b *pg.Batch) {
		pg.Row(b.Queue(`select `+pageColumns+` from pages p where p.id = $1`+lock, which), &found, scanPage(p)...)
	})
	if err != nil || !found {
		return nil, err
	}
	return p, nil
}

func insertPage(w *pg.Writes, p *page) {
	w.Exec(`insert into pages (id, slug, locale, key, title, title_key, body, html, html_version, status, seo_title, seo_description, version, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		p.id, p.slug, p.locale, p.key, p.title, slug.Fold(p.title), p.body, p.html, p.htmlVersion, p.status, p.seoTitle, p.seoDescription, p.version, p.createdAt, p.updatedAt)
}

func updatePage(w *pg.Writes, p *page) {
	w.Exec(`update pages set slug = $2, locale = $3, key = $4, title = $5, title_key = $6, body = $7, html = $8, html_version = $9, status = $10, seo_title = $11,
			seo_description = $12, version = $13, updated_at = $14 where id = $1`,
		p.id, p.slug, p.locale, p.key, p.title, slug.Fold(p.title), p.body, p.html, p.htmlVersion, p.status, p.seoTitle, p.seoDescription, p.version, p.updatedAt)
}

func deletePage(w *pg.Writes, which id.ID) { w.Exec(`delete from pages where id = $1`, which) }

// explain turns a violated constraint into what it means to a caller.
func explain(err error) error {
	switch {
	case pg.IsUnique(err, "pages_slug"):
		return ErrSlugTaken.WithField("slug", "taken", ErrSlugTaken.Message()).WithCause(err)
	case pg.IsUnique(err, "pages_key"):
		return ErrKeyTaken.WithField("key", "taken", ErrKeyTaken.Message()).WithCause(err)
	}
	return err
}

// pageFilter says which pages to list for staff. What is empty does not narrow.
type pageFilter struct {
	title  string // folded
	locale string
	status status
	key    string
	page   paging.Request
}

// listPages reads one page of the list, by slug and language, and the total, in one round trip. Bodies are left out.
func listPages(ctx context.Context, db *pg.DB, f pageFilter) ([]*page, *typev1.PageInfo, error) {
	l := listing{from: "pages p", columns: "count(*)"}
	for _, c := range []struct{ condition, value string }{
		{"strpos(p.title_key, ?) > 0", f.title}, {"p.locale = ?", f.locale}, {"p.status = ?", string(f.status)}, {"p.key = ?", f.key},
	} {
		if c.value != "" {
			l.args = append(l.args, c.value)
			l.conditions = append(l.conditions, strings.Replace(c.condition, "?", "$"+strconv.Itoa(len(l.args)), 1))
		}
	}
	var total int64
	pages, info, err := l.read(ctx, db, f.page, &total)
	return pages, info, err
}

// wished are the published pages of one language, as p. $1 and $2 are what is wished for, in order, and to which wish it belongs; $3
// is true when nothing else will do. The language is the best wished for that any page is in: itself, or else one of its regions;
// without any, the first there is. A page that is missing in it, which its slug and its key say, is there in the language above.
const wished = `with wish as (
		select w.tag, w.rank, w.n from unnest($1::text[], $2::integer[]) with ordinality w (tag, rank, n)
	), spoken as (
		select distinct p.locale from pages p where p.status = 'published'
	), fit as (
		select s.locale, w.rank, w.n, w.tag = s.locale as exact from spoken s join wish w on w.tag = s.locale or not $3::boolean and starts_with(s.locale, w.tag || '-')
	), best as (
		select f.locale, f.rank, f.n from fit f order by f.n, f.locale limit 1
	), chain as (
		select b.locale, 0 as n from best b
		union all select f.locale, f.n from fit f join best b on f.rank = b.rank and f.n > b.n where f.exact
		union all select min(s.locale), 0 from spoken s where not $3::boolean and not exists (select from best)
	), p as (
		select p.* from pages p join chain c on c.locale = p.locale
		where p.status = 'published' and not exists (select from pages b join chain d on d.locale = b.locale
			where b.status = 'published' and d.n < c.n and (b.slug = p.slug or b.key = p.key))
	) `

// listStorePages reads one page of the list of published pages, the language it is in and the total, in one round trip.
func listStorePages(ctx context.Context, db *pg.DB, of []wish, only bool, req paging.Request) ([]*page, string, *typev1.PageInfo, error) {
	tags, ranks := columnsOf(of)
	l := listing{with: wished, from: "p", columns: "count(*), coalesce((select c.locale from chain c order by c.n limit 1), '')", args: []any{tags, ranks, only}}
	var total int64
	var locale string
	pages, info, err := l.read(ctx, db, req, &total, &locale)
	return pages, locale, info, err
}

// columnsOf are wishes as arrays.
func columnsOf(of []wish) (tags []string, ranks []int32) {
	tags, ranks = make([]string, len(of)), make([]int32, len(of))
	for i, w := range of {
		tags[i], ranks[i] = w.locale, int32(min(w.rank, math.MaxInt32))
	}
	return tags, ranks
}

// listing is a list of pages by slug and language.
type listing struct {
	with       string // what goes before SELECT
	from       string // ends in the alias p
	columns    string // told of the whole list, its total first
	conditions []string
	args       []any
}

// read reads one page of the list and what is told of the whole, in one round trip.
func (l listing) read(ctx context.Context, db *pg.DB, req paging.Request, total *int64, told ...any) ([]*page, *typev1.PageInfo, error) {
	conditions, args := slices.Clone(l.conditions), slices.Clone(l.args)
	if len(req.After) > 0 {
		position, err := paging.ParseKey(req.After, 2)
		if err != nil {
			return nil, nil, err
		}
		args = append(args, position[0], position[1])
		conditions = append(conditions, fmt.Sprintf("(p.slug, p.locale) > ($%d, $%d)", len(args)-1, len(args)))
	}
	var pages []*page
	err := db.Read(ctx, func(b *pg.Batch) {
		pages = nil
		var found bool
		pg.Each(b.Queue(l.with+`select `+listColumns+` from `+l.from+where(conditions)+` order by p.slug, p.locale limit `+strconv.Itoa(req.Limit+1)+` offset `+strconv.Itoa(req.Offset()), args...),
			func(rows pgx.Rows) error {
				p := new(page)
				err := rows.Scan(scanPage(p)...)
				pages = append(pages, p)
				return err
			})
		pg.Row(b.Queue(l.with+`select `+l.columns+` from (select from `+l.from+where(l.conditions)+` limit `+strconv.Itoa(paging.CountLimit+1)+`) t`, l.args...),
			&found, append([]any{total}, told...)...)
	})
	if err != nil {
		return nil, nil, err
	}
	// Rows have no bodies, so a page of them always fits into an answer.
	more := len(pages) > req.Limit
	var last []byte
	if more {
		pages = pages[:req.Limit]
		last = paging.Key(pages[req.Limit-1].slug, pages[req.Limit-1].locale)
	}
	return pages, paging.Info(*total, more, last), nil
}

func where(conditions []string) string {
	if len(conditions) == 0 {
		return ""
	}
	return " where " + strings.Join(conditions, " and ")
}

// maxAlternates are told of a page.
const maxAlternates = 100

// findStorePage reads the published page of a slug in the best language wished for that it has: the language itself, or else one of
// its regions; without any, the first it has, unless only what is wished for will do. Its versions in other languages come with it:
// the pages of the same key or, without one, of the same slug. It is one statement; nil when there is none. The body is read only
// where the HTML has to be made anew.
func findStorePage(ctx context.Context, db *pg.DB, name string, of []wish, only bool) (*page, []*contentv1.Alternate, error) {
	tags, _ := columnsOf(of)
	p := new(page)
	var found bool
	var locales, slugs, titles []string
	err := db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select p.slug, p.locale, p.key, p.title, case when p.html_version < $4 then p.body else '' end, p.html, p.html_version, p.seo_title, p.seo_description,
				p.updated_at, a.locales, a.slugs, a.titles
			from (
				select p.*, w.n from pages p cross join lateral (
					select min(w.n) as n from unnest($2::text[]) with ordinality w (tag, n)
					where w.tag = p.locale or not $3::boolean and starts_with(p.locale, w.tag || '-')
				) w
				where p.slug = $1 and p.status = 'published' and (w.n is not null or not $3::boolean)
				order by w.n nulls last, p.locale limit 1
			) p cross join lateral (
				select coalesce(array_agg(o.locale), '{}') as locales, coalesce(array_agg(o.slug), '{}') as slugs, coalesce(array_agg(o.title), '{}') as titles from (
					select a.locale, a.slug, a.title from pages a where a.key = p.key and a.status = 'published' and a.id <> p.id
					union all
					select a.locale, a.slug, a.title from pages a where p.key is null and a.slug = p.slug and a.key is null and a.status = 'published' and a.id <> p.id
					order by locale limit `+strconv.Itoa(maxAlternates)+`
				) o
			) a`, name, tags, only, markupVersion),
			&found, &p.slug, &p.locale, &p.key, &p.title, &p.body, &p.html, &p.htmlVersion, &p.seoTitle, &p.seoDescription, &p.updatedAt, &locales, &slugs, &titles)
	})
	if err != nil || !found {
		return nil, nil, err
	}
	alternates := make([]*contentv1.Alternate, len(locales))
	for i := range locales {
		alternates[i] = &contentv1.Alternate{Locale: locales[i], Slug: slugs[i], Title: titles[i]}
	}
	return p, alternates, nil
}
