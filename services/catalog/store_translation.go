package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// translated is a kind of thing that has texts in other languages.
type translated string

const (
	productTexts  translated = "product"
	categoryTexts translated = "category"

	collectionTexts translated = "collection"
	brandTexts      translated = "brand"
	tagTexts        translated = "tag"
	attributeTexts  translated = "attribute"
)

// table holds the things themselves.
func (t translated) table() string {
	if t == categoryTexts {
		return "categories"
	}
	return string(t) + "s"
}

func (t translated) translations() string { return string(t) + "_translations" }

// key is the column of the thing's id among its translations.
func (t translated) key() string { return string(t) + "_id" }

// localeRow is a language as it is stored.
type localeRow struct {
	Code      string   `json:"code"`
	Fallbacks []string `json:"fallbacks,omitempty"`
}

// lockLocalesSQL makes changes of a shop's languages take turns, also the first one.
const lockLocalesSQL = `select pg_advisory_xact_lock(hashtext('catalog.locales'), hashtext(current_tenant()::text))`

// findLocales reads the languages a shop speaks; without a row, only the default one, and that is version 1.
func findLocales(read func(build func(b *pg.Batch)) error, byDefault, lock string) (*catalogv1.Locales, error) {
	out := &catalogv1.Locales{DefaultLocale: byDefault, Version: 1}
	var found bool
	var stored []byte
	if err := read(func(b *pg.Batch) {
		pg.Row(b.Queue(`select default_locale, locales, version from locales`+lock), &found, &out.DefaultLocale, &stored, &out.Version)
	}); err != nil || !found {
		return out, err
	}
	var rows []localeRow
	if err := json.Unmarshal(stored, &rows); err != nil {
		return nil, fmt.Errorf("catalog: stored languages: %w", err)
	}
	for _, r := range rows {
		out.Locales = append(out.Locales, &catalogv1.Locale{Code: r.Code, Fallbacks: r.Fallbacks})
	}
	return out, nil
}

func putLocales(w *pg.Writes, l *catalogv1.Locales, at time.Time) error {
	rows := make([]localeRow, len(l.GetLocales()))
	for i, one := range l.GetLocales() {
		rows[i] = localeRow{one.GetCode(), one.GetFallbacks()}
	}
	stored, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("catalog: languages: %w", err)
	}
	w.Exec(`insert into locales (default_locale, locales, version, updated_at) values ($1, $2, $3, $4)
		on conflict (tenant_id) do update set default_locale = excluded.default_locale, locales = excluded.locales,
			version = excluded.version, updated_at = excluded.updated_at`, l.GetDefaultLocale(), stored, l.GetVersion(), at)
	return nil
}

// findTranslations reads all translations of a thing by locale, and its version; 0 when there is no such thing.
func findTranslations(ctx context.Context, db *pg.DB, kind translated, which id.ID) (version int64, docs [][]byte, err error) {
	err = db.Read(ctx, func(b *pg.Batch) {
		version, docs = 0, nil
		var found bool
		pg.Row(b.Queue(`select version from `+kind.table()+` where id = $1`, which), &found, &version)
		pg.Each(b.Queue(`select doc from `+kind.translations()+` where `+kind.key()+` = $1 order by locale`, which), appendDoc(&docs))
	})
	return version, docs, err
}

func appendDoc(to *[][]byte) func(rows pgx.Rows) error {
	return func(rows pgx.Rows) error {
		var doc []byte
		err := rows.Scan(&doc)
		*to = append(*to, doc)
		return err
	}
}

// loadTranslation reads one translation; an empty one when there is none. The thing itself is locked.
func loadTranslation[M any, P interface {
	*M
	proto.Message
}](ctx context.Context, tx *pg.Tx, kind translated, which id.ID, locale string) (P, error) {
	m := P(new(M))
	var found bool
	var doc []byte
	if err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select doc from `+kind.translations()+` where `+kind.key()+` = $1 and locale = $2`, which, locale), &found, &doc)
	}); err != nil {
		return nil, err
	}
	if err := proto.Unmarshal(doc, m); err != nil {
		return nil, fmt.Errorf("catalog: stored translation: %w", err)
	}
	return m, nil
}

// loadTranslations reads all translations of a thing by locale. The thing itself is locked.
func loadTranslations[M any, P interface {
	*M
	proto.Message
}](ctx context.Context, tx *pg.Tx, kind translated, which id.ID) ([]P, error) {
	var docs [][]byte
	if err := tx.Read(ctx, func(b *pg.Batch) {
		docs = nil
		pg.Each(b.Queue(`select doc from `+kind.translations()+` where `+kind.key()+` = $1 order by locale`, which), appendDoc(&docs))
	}); err != nil {
		return nil, err
	}
	return parseAll[M, P](docs)
}

func parseAll[M any, P interface {
	*M
	proto.Message
}](docs [][]byte) ([]P, error) {
	out := make([]P, len(docs))
	for i, doc := range docs {
		out[i] = P(new(M))
		if err := proto.Unmarshal(doc, out[i]); err != nil {
			return nil, fmt.Errorf("catalog: stored translation: %w", err)
		}
	}
	return out, nil
}

func putTranslation(w *pg.Writes, kind translated, which id.ID, locale string, slug *string, titleKey string, m proto.Message, at time.Time) error {
	doc, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		return fmt.Errorf("catalog: translation: %w", err)
	}
	if len(doc) > maxDocument {
		return ErrProductTooLarge
	}
	columns, values, set := "", "", ""
	args := []any{which, locale, slug, doc, at}
	if kind == productTexts {
		columns, values, set = ", title_key", ", $6", ", title_key = excluded.title_key"
		args = append(args, titleKey)
	}
	w.Exec(`insert into `+kind.translations()+` (`+kind.key()+`, locale, slug, doc, updated_at`+columns+`) values ($1, $2, $3, $4, $5`+values+`)
		on conflict (`+kind.key()+`, locale, tenant_id) do update set slug = excluded.slug, doc = excluded.doc, updated_at = excluded.updated_at`+set, args...)
	return nil
}

// dropTranslation deletes a translation and says whether there was one.
func dropTranslation(ctx context.Context, tx *pg.Tx, kind translated, which id.ID, locale string) (had bool, err error) {
	var n int64
	err = tx.Read(ctx, func(b *pg.Batch) {
		pg.Affected(b.Queue(`delete from `+kind.translations()+` where `+kind.key()+` = $1 and locale = $2`, which, locale), &n)
	})
	return n > 0, err
}

// takenTranslatedSlugs are those of the slugs that lead to another thing in this language: translated ones, and the own
// slugs of things.
func takenTranslatedSlugs(ctx context.Context, tx *pg.Tx, kind translated, which id.ID, locale string, slugs []string) (taken []string, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		taken = nil
		pg.Each(b.Queue(`select slug from `+kind.translations()+` where slug = any($1::text[]) and locale = $2 and `+kind.key()+` <> $3
			union all select slug from `+kind.table()+` where slug = any($1::text[]) and id <> $3`, slugs, locale, which), appendText(&taken))
	})
	return taken, err
}

// noOverlays stands in for overlaysSQL when no language is asked for. With their type named, the driver need not guess it.
const noOverlays = `, null::bytea[], null::bytea[]`

// overlaysSQL are two columns beside DocumentSQL: the translations of product p and of its categories into the languages
// of parameter n, those wanted most first.
func overlaysSQL(n int) string {
	chain := "$" + strconv.Itoa(n) + "::text[]"
	return `, array(select pt.doc from product_translations pt where pt.product_id = p.id and pt.locale = any(` + chain + `)
			order by array_position(` + chain + `, pt.locale)),
		array(select ct.doc from category_translations ct
			where ct.category_id = any(array(select pc.category_id from product_categories pc where pc.product_id = p.id)) and ct.locale = any(` + chain + `)
			order by array_position(` + chain + `, ct.locale))`
}

// bySlugSQL finds a thing by a slug: in the languages asked for, those wanted most first, then by its own slug, then in any
// language, so that an address once handed out leads somewhere whatever language is asked for. The names of the two
// parameters, of the slug and the languages, stand in it in this order: slug, languages, languages, slug, slug.
func bySlugSQL(kind translated, slug, locales string) string {
	return `coalesce(
		(select t.` + kind.key() + ` from ` + kind.translations() + ` t where t.slug = ` + slug + ` and t.locale = any(` + locales + `::text[])
			order by array_position(` + locales + `::text[], t.locale) limit 1),
		(select o.id from ` + kind.table() + ` o where o.slug = ` + slug + `),
		(select t.` + kind.key() + ` from ` + kind.translations() + ` t where t.slug = ` + slug + ` order by t.locale limit 1))`
}

// findLocalized reads a published product's document in languages by slug or id, in one statement; nil when there is none.
// columns are those of the document and of the generation, as taxonMemory gives them.
func findLocalized(ctx context.Context, db *pg.DB, columns, slugOrID string, locales []string) (doc []byte, generation int64, overlays, ofCategories [][]byte, err error) {
	where, arg := `p.id = `+bySlugSQL(productTexts, "$1", "$2"), any(slugOrID)
	if which, err := id.Parse(slugOrID); err == nil {
		where, arg = `p.id = $1`, which
	}
	var found bool
	err = db.Read(ctx, func(b *pg.Batch) {
		doc = nil
		pg.Row(b.Queue(`select `+columns+overlaysSQL(2)+` from products p where p.status = 'published' and `+where, arg, locales),
			&found, &doc, &generation, &overlays, &ofCategories)
	})
	return doc, generation, overlays, ofCategories, err
}

// resolveSlug finds the id of a thing by its slug in languages; zero when there is none.
func resolveSlug(ctx context.Context, db *pg.DB, kind translated, slug string, locales []string) (which id.ID, err error) {
	err = db.Read(ctx, func(b *pg.Batch) {
		which = id.ID{}
		var found bool
		pg.Row(b.Queue(`select coalesce(`+bySlugSQL(kind, "$1", "$2")+`, '00000000-0000-0000-0000-000000000000')`, slug, locales), &found, &which)
	})
	return which, err
}

// translationsOf reads those of some categories or collections, or of all with none named, into languages, those wanted
// most first.
func translationsOf(ctx context.Context, db *pg.DB, kind translated, ids []id.ID, locales []string) ([]*catalogv1.TaxonTranslation, error) {
	var docs [][]byte
	if err := db.Read(ctx, func(b *pg.Batch) {
		docs = nil
		query, args := `select doc from `+kind.translations()+` where locale = any($1::text[])`, []any{locales}
		if len(ids) > 0 {
			query, args = query+` and `+kind.key()+` = any($2::uuid[])`, append(args, ids)
		}
		pg.Each(b.Queue(query+` order by array_position($1::text[], locale)`, args...), appendDoc(&docs))
	}); err != nil {
		return nil, err
	}
	return parseAll[catalogv1.TaxonTranslation](docs)
}
