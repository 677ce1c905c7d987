package search

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

const (
	settingsColumns = `typos, partial, facet_values, version, updated_at`
	synonymColumns  = `id, locale, source, terms, version, created_at, updated_at`
	ruleColumns     = `id, name, query, contains, category, pinned, buried, active, starts_at, ends_at, version, created_at, updated_at`
)

func (s *settings) scan() []any {
	return []any{&s.typos, &s.partial, &s.facetValues, &s.version, &s.updatedAt}
}

func (s *synonym) scan() []any {
	return []any{&s.id, &s.locale, &s.from, &s.terms, &s.version, &s.createdAt, &s.updatedAt}
}

func (r *rule) scan() []any {
	return []any{&r.id, &r.name, &r.query, &r.contains, &r.category, &r.pinned, &r.buried, &r.active, &r.startsAt, &r.endsAt, &r.version, &r.createdAt, &r.updatedAt}
}

// vocabulary reads what a search needs to know of the shop: one round trip.
func (s store) vocabulary(ctx context.Context, engine string) (*vocabulary, error) {
	var v *vocabulary
	err := s.db.Read(ctx, func(b *pg.Batch) {
		v = &vocabulary{
			settings: defaultSettings(), stopWords: map[string][]string{}, views: map[string]bool{}, attributes: map[string]bool{}, categories: map[string]id.ID{},
		}
		var found bool
		var locale string
		b.Queue("select live, default_locale, locales from indexes").Query(func(rows pgx.Rows) error {
			defer rows.Close()
			for rows.Next() {
				if err := rows.Scan(&v.live, &locale, &v.locales); err != nil {
					return fmt.Errorf("search: index: %w", err)
				}
				v.own = languageOf(locale)
			}
			return rows.Err()
		})
		if engine != enginePostgres {
			pg.Row(b.Queue("select fed, told, "+synonymsMark+" from feeds where engine = $1", engine), &found, &v.fed, &v.told, &v.mark)
		}
		pg.Row(b.Queue("select "+settingsColumns+" from settings"), &found, v.settings.scan()...)
		pg.Each(b.Queue("select "+synonymColumns+" from synonyms order by created_at, id"), func(rows pgx.Rows) error {
			var one synonym
			err := rows.Scan(one.scan()...)
			v.synonyms = append(v.synonyms, one)
			return err
		})
		pg.Each(b.Queue("select locale, words from stop_words"), func(rows pgx.Rows) error {
			var locale string
			var list []string
			err := rows.Scan(&locale, &list)
			v.stopWords[locale] = list
			return err
		})
		pg.Each(b.Queue("select "+ruleColumns+" from rules where active order by created_at, id"), func(rows pgx.Rows) error {
			var one rule
			err := rows.Scan(one.scan()...)
			v.rules = append(v.rules, one)
			return err
		})
		pg.Each(b.Queue(`select kind, code, slug, names, ref from facet_values where generation = (select live from indexes) and kind in ('view', 'category')
			union all select distinct kind, code, '', null::jsonb, null::uuid from facet_values where generation = (select live from indexes) and kind = 'attribute'`),
			v.read)
	})
	if err != nil {
		return nil, err // it may not have come to asking
	}
	v.learn()
	return v, nil
}

// read takes a value of the index.
func (v *vocabulary) read(rows pgx.Rows) error {
	var kind, code, slug string
	var names []byte
	var ref *id.ID
	if err := rows.Scan(&kind, &code, &slug, &names, &ref); err != nil {
		return err //nolint:wrapcheck // pg.Each says where
	}
	switch kind {
	case "view":
		v.views[slug] = true
	case kindAttribute:
		v.attributes[code] = true
	case kindCategory:
		if ref == nil {
			return nil
		}
		v.categories[slug] = *ref
		var local map[string]localName
		if len(names) > 0 {
			if err := json.Unmarshal(names, &local); err != nil {
				return fmt.Errorf("search: stored names of %s: %w", slug, err)
			}
		}
		for _, n := range local {
			if n.Slug != "" {
				v.categories[strings.Clone(n.Slug)] = *ref
			}
		}
	}
	return nil
}

func (s store) settings(ctx context.Context) (settings, error) {
	out := defaultSettings()
	var found bool
	err := s.db.Read(ctx, func(b *pg.Batch) { pg.Row(b.Queue("select "+settingsColumns+" from settings"), &found, out.scan()...) })
	return out, err
}

// loadSettings reads the settings and makes changes of them take turns, also the first one.
func loadSettings(ctx context.Context, tx *pg.Tx) (settings, error) {
	out := defaultSettings()
	var found bool
	err := tx.Read(ctx, func(b *pg.Batch) {
		b.Queue("select pg_advisory_xact_lock(hashtext('search.settings'), hashtext(current_tenant()::text))")
		pg.Row(b.Queue("select "+settingsColumns+" from settings"), &found, out.scan()...)
	})
	return out, err
}

func saveSettings(w *pg.Writes, s settings) {
	w.Exec(`insert into settings (typos, partial, facet_values, version, updated_at) values ($1, $2, $3, $4, $5)
		on conflict (tenant_id) do update set typos = excluded.typos, partial = excluded.partial, facet_values = excluded.facet_values,
			version = excluded.version, updated_at = excluded.updated_at`, s.typos, s.partial, s.facetValues, s.version, s.updatedAt)
}

// countRows counts what a shop has of one kind, and makes those who add to it take turns.
func countRows(ctx context.Context, tx *pg.Tx, table string) (n int64, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		var found bool
		b.Queue("select pg_advisory_xact_lock(hashtext('search.'||$1::text), hashtext(current_tenant()::text))", table)
		pg.Row(b.Queue("select count(*) from "+table), &found, &n)
	})
	return n, err
}

func deleteRow(w *pg.Writes, table string, which id.ID) {
	w.Exec("delete from "+table+" where id = $1", which)
}

func (s store) synonym(ctx context.Context, which string) (synonym, error) {
	return readSynonym(which, "", func(build func(b *pg.Batch)) error { return s.db.Read(ctx, build) })
}

// loadSynonym reads one and locks it.
func loadSynonym(ctx context.Context, tx *pg.Tx, which string) (synonym, error) {
	return readSynonym(which, " for update", func(build func(b *pg.Batch)) error { return tx.Read(ctx, build) })
}

func readSynonym(which, lock string, read func(build func(b *pg.Batch)) error) (synonym, error) {
	var out synonym
	var found bool
	key, err := id.Parse(which)
	if err != nil {
		return out, ErrSynonymNotFound
	}
	if err := read(func(b *pg.Batch) {
		pg.Row(b.Queue("select "+synonymColumns+" from synonyms where id = $1"+lock, key), &found, out.scan()...)
	}); err != nil {
		return out, err
	}
	if !found {
		return out, ErrSynonymNotFound
	}
	return out, nil
}

func insertSynonym(w *pg.Writes, s synonym) {
	w.Exec("insert into synonyms ("+synonymColumns+") values ($1, $2, $3, $4, $5, $6, $7)", s.id, s.locale, s.from, s.terms, s.version, s.createdAt, s.updatedAt)
}

func updateSynonym(w *pg.Writes, s synonym) {
	w.Exec("update synonyms set locale = $2, source = $3, terms = $4, version = $5, updated_at = $6 where id = $1", s.id, s.locale, s.from, s.terms, s.version, s.updatedAt)
}

func (s store) rule(ctx context.Context, which string) (rule, error) {
	return readRule(which, "", func(build func(b *pg.Batch)) error { return s.db.Read(ctx, build) })
}

// loadRule reads one and locks it.
func loadRule(ctx context.Context, tx *pg.Tx, which string) (rule, error) {
	return readRule(which, " for update", func(build func(b *pg.Batch)) error { return tx.Read(ctx, build) })
}

func readRule(which, lock string, read func(build func(b *pg.Batch)) error) (rule, error) {
	var out rule
	var found bool
	key, err := id.Parse(which)
	if err != nil {
		return out, ErrRuleNotFound
	}
	if err := read(func(b *pg.Batch) {
		pg.Row(b.Queue("select "+ruleColumns+" from rules where id = $1"+lock, key), &found, out.scan()...)
	}); err != nil {
		return out, err
	}
	if !found {
		return out, ErrRuleNotFound
	}
	return out, nil
}

func (r rule) values() []any {
	var category *id.ID
	if !r.category.IsZero() {
		category = &r.category
	}
	return []any{r.id, r.name, r.query, r.contains, category, r.pinned, r.buried, r.active, r.startsAt, r.endsAt, r.version, r.createdAt, r.updatedAt}
}

func insertRule(w *pg.Writes, r rule) {
	w.Exec("insert into rules ("+ruleColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)", r.values()...)
}

func updateRule(w *pg.Writes, r rule) {
	w.Exec(`update rules set name = $2, query = $3, contains = $4, category = $5, pinned = $6, buried = $7, active = $8, starts_at = $9, ends_at = $10,
		version = $11, created_at = $12, updated_at = $13 where id = $1`, r.values()...)
}

func (s store) stopWords(ctx context.Context) ([]stopWords, error) {
	var out []stopWords
	err := s.db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue("select locale, words, version, updated_at from stop_words order by locale"), func(rows pgx.Rows) error {
			var one stopWords
			err := rows.Scan(&one.locale, &one.words, &one.version, &one.updatedAt)
			out = append(out, one)
			return err
		})
	})
	return out, err
}

// loadStopWords reads the version of those of a language, 0 when there are none, and makes changes take turns.
func loadStopWords(ctx context.Context, tx *pg.Tx, locale string) (version int64, err error) {
	var found bool
	err = tx.Read(ctx, func(b *pg.Batch) {
		b.Queue("select pg_advisory_xact_lock(hashtext('search.stop_words'), hashtext(current_tenant()::text))")
		pg.Row(b.Queue("select version from stop_words where locale = $1", locale), &found, &version)
	})
	return version, err
}

func saveStopWords(w *pg.Writes, s stopWords) {
	w.Exec(`insert into stop_words (locale, words, version, updated_at) values ($1, $2, $3, $4)
		on conflict (locale, tenant_id) do update set words = excluded.words, version = excluded.version, updated_at = excluded.updated_at`,
		s.locale, s.words, s.version, s.updatedAt)
}
