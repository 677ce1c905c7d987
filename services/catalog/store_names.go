package catalog

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// nameElsewhere writes down beside a brand or a tag what its translations call it, for the documents of its products.
func nameElsewhere(ctx context.Context, tx *pg.Tx, kind translated, which id.ID) error {
	translations, err := loadTranslations[catalogv1.TaxonTranslation](ctx, tx, kind, which)
	if err != nil {
		return err
	}
	names, err := taxonNamesRef(which, translations)
	if err != nil {
		return err
	}
	tx.Exec(`update `+kind.table()+` set names = $2 where id = $1`, which, names)
	return nil
}

// nameAttributeElsewhere is nameElsewhere of an attribute and its options, from all its translations.
func nameAttributeElsewhere(w *pg.Writes, a *attribute, translations []*catalogv1.AttributeTranslation) error {
	own, options, err := attributeNamesRefs(a, translations)
	if err != nil {
		return err
	}
	w.Exec(`update attributes set names = $2 where id = $1`, a.id, own)
	values, names := make([]string, 0, len(a.options)), make([][]byte, 0, len(a.options))
	for _, o := range a.options {
		values, names = append(values, o.value), append(names, options[o.value])
	}
	if len(values) > 0 {
		w.Exec(`update attribute_options o set names = n.names from unnest($2::text[], $3::bytea[]) n (value, names)
			where o.attribute_id = $1 and o.value = n.value and o.names <> n.names`, a.id, values, names)
	}
	return nil
}

func putAttributeTranslation(w *pg.Writes, which id.ID, t *catalogv1.AttributeTranslation, at time.Time) error {
	doc, err := proto.MarshalOptions{Deterministic: true}.Marshal(t)
	if err != nil {
		return fmt.Errorf("catalog: translation: %w", err)
	}
	w.Exec(`insert into attribute_translations (attribute_id, locale, doc, updated_at) values ($1, $2, $3, $4)
		on conflict (attribute_id, locale, tenant_id) do update set doc = excluded.doc, updated_at = excluded.updated_at`, which, t.GetLocale(), doc, at)
	return nil
}

// overlaySQL is a column beside those of a brand or tag: its translations into the languages of a parameter, those wanted
// most first.
func overlaySQL(kind translated, of, parameter string) string {
	return `, array(select tt.doc from ` + kind.translations() + ` tt where tt.` + kind.key() + ` = ` + of + `.id and tt.locale = any(` + parameter + `::text[])
		order by array_position(` + parameter + `::text[], tt.locale))`
}

// overlay adds overlaySQL to a list, whose thing is of.
func (c *conditions) overlay(kind translated, of string, locales []string) string {
	if len(locales) == 0 {
		return `, null::bytea[]`
	}
	c.args = append(c.args, locales)
	return overlaySQL(kind, of, "$"+strconv.Itoa(len(c.args)))
}

// overlays are the translations that a list has read of its things, by id. They are laid over the things once their
// positions in the list, which follow their own names, are told.
type overlays map[string][][]byte

func localizeAll[T named](of overlays, list []T, localize func(one T, translations []*catalogv1.TaxonTranslation)) error {
	for _, one := range list {
		translations, err := parseAll[catalogv1.TaxonTranslation](of[one.GetId()])
		if err != nil {
			return err
		}
		localize(one, translations)
	}
	return nil
}

// slugID is the id of the thing that a slug leads to in any language, and its arguments: each ? in it is the next one. It is a
// query of its own, so that an index is searched for what it has found.
func slugID(kind translated, slug string, locales []string) (sql string, args []any) {
	locales = notNilTexts(locales)
	return "(select " + bySlugSQL(kind, "?", "?") + ")", []any{slug, locales, locales, slug, slug}
}

// tagSlugsSQL is a column: the slugs that lead to tag t, its own first.
const tagSlugsSQL = `array[t.slug] || array(select tt.slug from tag_translations tt where tt.tag_id = t.id and tt.slug is not null order by tt.locale)`

// pruneTranslations takes what an attribute has no more out of its translations and writes down beside its options what the
// others are called.
func pruneTranslations(ctx context.Context, tx *pg.Tx, a *attribute, at time.Time) error {
	translations, err := loadTranslations[catalogv1.AttributeTranslation](ctx, tx, attributeTexts, a.id)
	if err != nil || len(translations) == 0 {
		return err
	}
	if !slices.ContainsFunc(translations, a.forget) {
		return nil
	}
	for _, t := range translations {
		a.forget(t)
		if err := putAttributeTranslation(&tx.Writes, a.id, t, at); err != nil {
			return err
		}
	}
	return nameAttributeElsewhere(&tx.Writes, a, translations)
}
