package catalog

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

const tagColumns = `t.id, t.slug, t.name, t.version, t.created_at, t.updated_at`

func scanTag(t *tag) []any {
	return []any{&t.id, &t.slug, &t.name, &t.version, &t.createdAt, &t.updatedAt}
}

// loadTag reads a tag and locks it; nil when there is none.
func loadTag(ctx context.Context, tx *pg.Tx, which id.ID) (*tag, error) {
	return readTag(which, " for update", func(build func(b *pg.Batch)) error { return tx.Read(ctx, build) })
}

// findTag reads a tag; nil when there is none.
func findTag(ctx context.Context, db *pg.DB, which id.ID) (*tag, error) {
	return readTag(which, "", func(build func(b *pg.Batch)) error { return db.Read(ctx, build) })
}

func readTag(which id.ID, lock string, read func(build func(b *pg.Batch)) error) (*tag, error) {
	t := new(tag)
	var found bool
	err := read(func(b *pg.Batch) {
		pg.Row(b.Queue(`select `+tagColumns+` from tags t where t.id = $1`+lock, which), &found, scanTag(t)...)
	})
	if err != nil || !found {
		return nil, err
	}
	return t, nil
}

func takenTagSlugs(ctx context.Context, tx *pg.Tx, slugs []string) (taken []string, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue(`select slug from tags where slug = any($1::text[])`, slugs), appendText(&taken))
	})
	return taken, err
}

func insertTags(w *pg.Writes, tags ...*tag) error {
	var r struct {
		id                   []id.ID
		slug, name, key      []string
		ref                  [][]byte
		version              []int64
		createdAt, updatedAt []time.Time
	}
	for _, t := range tags {
		ref, err := tagRef(t)
		if err != nil {
			return err
		}
		r.id, r.slug, r.name, r.key, r.ref = append(r.id, t.id), append(r.slug, t.slug), append(r.name, t.name), append(r.key, fold(t.name)), append(r.ref, ref)
		r.version, r.createdAt, r.updatedAt = append(r.version, t.version), append(r.createdAt, t.createdAt), append(r.updatedAt, t.updatedAt)
	}
	if len(r.id) == 0 {
		return nil
	}
	w.Exec(`insert into tags (id, slug, name, name_key, ref, version, created_at, updated_at)
		select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::bigint[], $7::timestamptz[], $8::timestamptz[])`,
		r.id, r.slug, r.name, r.key, r.ref, r.version, r.createdAt, r.updatedAt)
	return nil
}

func updateTag(w *pg.Writes, t *tag) error {
	ref, err := tagRef(t)
	if err != nil {
		return err
	}
	w.Exec(`update tags set slug = $2, name = $3, name_key = $4, ref = $5, version = $6, updated_at = $7 where id = $1`,
		t.id, t.slug, t.name, fold(t.name), ref, t.version, t.updatedAt)
	return nil
}

func deleteTag(w *pg.Writes, which id.ID) { w.Exec(`delete from tags where id = $1`, which) }

// listTags reads one page in languages, by name, and the total.
func listTags(ctx context.Context, db *pg.DB, phrase string, req page.Request, locales []string) ([]*catalogv1.Tag, *typev1.PageInfo, error) {
	var counted conditions
	if phrase != "" {
		counted.add("strpos(t.name_key, ?) > 0", phrase)
	}
	shown := counted.clone()
	if err := shown.behindName("t", req.After); err != nil {
		return nil, nil, err
	}
	of := overlays{}
	tags, info, err := listing[*catalogv1.Tag]{
		columns: tagColumns + shown.overlay(tagTexts, "t", locales), from: "tags t", order: "t.name_key, t.id", key: nameKey[*catalogv1.Tag],
		size: sizeOf[*catalogv1.Tag],
		scan: func(rows pgx.Rows) (*catalogv1.Tag, error) {
			var t tag
			var docs [][]byte
			err := rows.Scan(append(scanTag(&t), &docs)...)
			of[t.id.String()] = docs
			return tagToProto(&t), err
		},
	}.read(ctx, db, req, counted, shown)
	if err != nil {
		return nil, nil, err
	}
	return tags, info, localizeAll(of, tags, localizeTag)
}
