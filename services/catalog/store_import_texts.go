package catalog

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// loadLibrary reads what wishes with texts in other languages have to know, once their products are locked, and locks the
// languages of the shop.
func (s *Service) loadLibrary(ctx context.Context, tx *pg.Tx, wishes []*wish, on *shelf) error {
	on.library = newLibrary()
	if !slices.ContainsFunc(wishes, func(w *wish) bool { return len(w.texts) > 0 }) {
		return nil
	}
	held := map[id.ID]*shelved{}
	var products []id.ID
	for _, h := range on.bySlug {
		held[h.p.id] = h
		products = append(products, h.p.id)
	}
	var err error
	if on.library.speaks, err = s.lockLocales(ctx, tx); err != nil {
		return err
	}
	slugs := textSlugs(wishes)
	var broken error
	if err := tx.Read(ctx, func(b *pg.Batch) {
		broken = nil
		pg.Each(b.Queue(`select product_id, doc from product_translations where product_id = any($1::uuid[])`, notNil(products)), func(rows pgx.Rows) error {
			var of id.ID
			var doc []byte
			if err := rows.Scan(&of, &doc); err != nil {
				return err
			}
			t := new(catalogv1.ProductTranslation)
			if err := proto.Unmarshal(doc, t); err != nil {
				broken = fmt.Errorf("catalog: stored translation: %w", err)
				return broken
			}
			if held[of].texts == nil {
				held[of].texts = written{}
			}
			held[of].texts[t.GetLocale()] = t
			return nil
		})
		if len(slugs) == 0 {
			return
		}
		pg.Each(b.Queue(`select locale, slug, product_id from product_translations where slug = any($1::text[])`, slugs), func(rows pgx.Rows) error {
			var key textSlug
			var of id.ID
			err := rows.Scan(&key.locale, &key.slug, &of)
			on.library.taken[key] = of
			return err
		})
		pg.Each(b.Queue(`select slug, id from products where slug = any($1::text[])`, slugs), func(rows pgx.Rows) error {
			var slug string
			var of id.ID
			err := rows.Scan(&slug, &of)
			on.library.own[slug] = of
			return err
		})
	}); err != nil {
		return err
	}
	return broken
}

// saveTexts queues the texts that have changed, and the languages that are new: three statements at most.
func (s *Service) saveTexts(ctx context.Context, w *pg.Writes, on *shelf) error {
	var put, drop struct {
		products []id.ID
		locales  []string
		slugs    []*string
		keys     []string
		docs     [][]byte
		times    []time.Time
	}
	for _, h := range on.products {
		for _, code := range slices.Sorted(maps.Keys(h.rewritten)) {
			t := h.rewritten[code]
			if t == nil {
				drop.products, drop.locales = append(drop.products, h.p.id), append(drop.locales, code)
				continue
			}
			doc, err := proto.MarshalOptions{Deterministic: true}.Marshal(t)
			if err != nil {
				return fmt.Errorf("catalog: translation: %w", err)
			}
			put.products, put.locales, put.slugs = append(put.products, h.p.id), append(put.locales, code), append(put.slugs, t.Slug) // absent is not empty
			put.keys, put.docs, put.times = append(put.keys, fold(t.GetTitle())), append(put.docs, doc), append(put.times, on.at)
		}
	}
	if on.library.added {
		speaks := proto.CloneOf(on.library.speaks)
		speaks.Version++
		if err := s.saveLocales(ctx, w, speaks); err != nil {
			return err
		}
	}
	if len(drop.products) > 0 {
		w.Exec(`delete from product_translations t using unnest($1::uuid[], $2::text[]) u (product_id, locale)
			where t.product_id = u.product_id and t.locale = u.locale`, drop.products, drop.locales)
	}
	if len(put.products) > 0 {
		w.Exec(`insert into product_translations (product_id, locale, slug, doc, updated_at, title_key)
			select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::timestamptz[], $6::text[])
			on conflict (product_id, locale, tenant_id) do update set slug = excluded.slug, doc = excluded.doc, updated_at = excluded.updated_at,
				title_key = excluded.title_key`, put.products, put.locales, put.slugs, put.docs, put.times, put.keys)
	}
	return nil
}
