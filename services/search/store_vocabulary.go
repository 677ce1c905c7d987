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
func (s store) vocabulary(ctx context.Context) (*vocabulary, error) {
	var v *vocabulary
	err := s.db.Read(ctx, func(b *pg.Batch) {
		v = &vocabulary{
			settings: defaultSettings(), stopWords: map[string][]string{}, views: map[string]bool{}, attributes: map[string]bool{}, categories: map[string]id.ID{},
		}
		var found bool
		var locale string
		b.Queue("select live, default_locale from indexes").Query(func(rows pgx.Rows) error {
			defer rows.Close()
			for rows.Next() {
				if err := rows.Scan(&v.live, &locale); err != nil {
					return fmt.Errorf("search: index: %w", err)
				}
				v.own = languageOf(locale)
			}
			return rows.Err()
		})
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
	return v, err
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
