package media

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// store is the room's schema.
type store struct{ db *pg.DB }

const columns = `a.id, a.tenant_id, a.private, a.sha256, coalesce(a.source_sha256, ''), a.content_type, a.size_bytes, a.width, a.height, a.animated, a.blurhash,
	a.filename, a.alt, a.focal_x, a.focal_y, a.folder, a.labels, a.version, a.created_at, a.updated_at,
	(select jsonb_object_agg(t.locale, t.alt) from asset_alts t where t.asset_id = a.id), j.status, j.done, j.total, j.failure`

const tables = ` from assets a left join rendition_jobs j on j.asset_id = a.id`

func scan(row pgx.Row) (asset, error) {
	var a asset
	var x, y *float64
	var alts []byte
	var status, failure *string
	var done, total *int
	if err := row.Scan(&a.id, &a.tenant, &a.private, &a.sha256, &a.source, &a.contentType, &a.size, &a.width, &a.height, &a.animated, &a.blurhash,
		&a.filename, &a.alt, &x, &y, &a.folder, &a.labels, &a.version, &a.createdAt, &a.updatedAt, &alts, &status, &done, &total, &failure); err != nil {
		return a, err
	}
	if x != nil && y != nil {
		a.focal = &point{places(*x), places(*y)}
	}
	if alts != nil {
		if err := json.Unmarshal(alts, &a.alts); err != nil {
			return a, fmt.Errorf("media: alts: %w", err)
		}
	}
	if status != nil {
		a.job = &job{asset: a.id, tenant: a.tenant, status: jobStatus(*status), done: *done, total: *total}
		if failure != nil {
			a.job.failure = *failure
		}
	}
	return a, nil
}

// places rounds what the database keeps as a single precision number to the four places that are meant.
func places(v float64) float64 { return math.Round(v*1e4) / 1e4 }

func into(out *[]asset) func(rows pgx.Rows) error {
	return func(rows pgx.Rows) error {
		a, err := scan(rows)
		*out = append(*out, a)
		return err
	}
}

// lock keeps everybody else from adding or removing the same bytes until the transaction ends.
func lock(b *pg.Batch, tenant id.ID, sha256 string) {
	b.Queue("select pg_advisory_xact_lock(hashtextextended($1, 0))", tenant.String()+"/"+sha256)
}

// errVanished says that the bytes were removed between being stored and being described.
var errVanished = errors.New("media: the bytes were removed meanwhile")

// add describes bytes that are stored already, unless the tenant has these bytes described: then that asset is returned,
// with the alt text if it had none.
func (s store) add(ctx context.Context, a asset, there func() (bool, error), then func(w *pg.Writes, a asset)) (asset, error) {
	var out asset
	err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var have []asset
		if err := tx.Read(ctx, func(b *pg.Batch) {
			lock(b, a.tenant, a.sha256)
			pg.Each(b.Queue("select "+columns+tables+" where a.sha256 = $1 and a.private = $2", a.sha256, a.private), into(&have))
		}); err != nil {
			return err
		}
		if ok, err := there(); err != nil {
			return err
		} else if !ok {
			return errVanished
		}
		if len(have) > 0 {
			var err error
			out, err = fillAlt(ctx, tx, have[0], a.alt, a.createdAt)
			return err
		}
		out = a
		insertAsset(&tx.Writes, a)
		if then != nil {
			then(&tx.Writes, a)
		}
		return announceCreated(ctx, &tx.Writes, a)
	})
	return out, err
}

// fillAlt gives an asset a text if it has none.
func fillAlt(ctx context.Context, tx *pg.Tx, a asset, alt string, now time.Time) (asset, error) {
	if alt == "" || a.alt != "" {
		return a, nil
	}
	out, _, err := a.changed(patch{alt: &alt}, now)
	if err != nil {
		return a, err
	}
	updateAsset(&tx.Writes, out)
	return out, announceUpdated(ctx, &tx.Writes, out)
}

func insertAsset(w *pg.Writes, a asset) {
	w.Exec(`insert into assets (id, private, sha256, source_sha256, content_type, size_bytes, width, height, animated, blurhash, filename, alt, folder, labels, version, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		a.id, a.private, a.sha256, a.source, a.contentType, a.size, a.width, a.height, a.animated, a.blurhash, a.filename, a.alt, a.folder, append([]string{}, a.labels...), a.version,
		a.createdAt, a.updatedAt)
}

// updateAsset writes what is said of an asset.
func updateAsset(w *pg.Writes, a asset) {
	var x, y *float64
	if a.focal != nil {
		x, y = &a.focal.x, &a.focal.y
	}
	w.Exec("update assets set filename = $2, alt = $3, focal_x = $4, focal_y = $5, folder = $6, labels = $7, version = $8, updated_at = $9 where id = $1",
		a.id, a.filename, a.alt, x, y, a.folder, append([]string{}, a.labels...), a.version, a.updatedAt)
	var locales, texts []string
	for locale, text := range a.alts {
		locales, texts = append(locales, locale), append(texts, text)
	}
	w.Exec("delete from asset_alts where asset_id = $1", a.id)
	if len(locales) > 0 {
		w.Exec("insert into asset_alts (asset_id, locale, alt) select $1, * from unnest($2::text[], $3::text[])", a.id, locales, texts)
	}
}

func (s store) get(ctx context.Context, assetID id.ID) (asset, error) {
	return s.one(ctx, "a.id = $1", assetID)
}

// picture finds the picture with these bytes.
func (s store) picture(ctx context.Context, sha256 string) (asset, error) {
	return s.one(ctx, "a.sha256 = $1 and not a.private", sha256)
}

func (s store) one(ctx context.Context, where string, args ...any) (asset, error) {
	var out []asset
	err := s.db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue("select "+columns+tables+" where "+where, args...), into(&out))
	})
	if err != nil {
		return asset{}, err
	}
	if len(out) == 0 {
		return asset{}, ErrNotFound
	}
	return out[0], nil
}

// sent finds the picture that was made of these bytes, and gives it a text if it has none; false when there is none.
func (s store) sent(ctx context.Context, source, alt string, now time.Time) (asset, bool, error) {
	var out asset
	known := false
	err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var have []asset
		if err := tx.Read(ctx, func(b *pg.Batch) {
			pg.Each(b.Queue("select "+columns+tables+" where a.source_sha256 = $1 and not a.private for update of a", source), into(&have))
		}); err != nil {
			return err
		}
		if known = len(have) > 0; !known {
			return nil
		}
		var err error
		out, err = fillAlt(ctx, tx, have[0], alt, now)
		return err
	})
	return out, known, err
}

// query of a list.
type query struct {
	text      string
	folder    string
	label     string
	private   *bool
	rendering jobStatus
}

// list reads a page, newest first, and one row more.
func (s store) list(ctx context.Context, q query, r page.Request, after *id.ID) (assets []asset, total int64, err error) {
	where, args := []string{"true"}, []any{}
	add := func(condition string, arg any) {
		args = append(args, arg)
		where = append(where, strings.ReplaceAll(condition, "?", fmt.Sprintf("$%d", len(args))))
	}
	// Every character of a text stands for itself.
	literal := strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)
	if q.text != "" {
		add("(a.filename ilike ? or a.alt ilike ?)", "%"+literal.Replace(q.text)+"%")
	}
	if q.folder != "" {
		add("(a.folder = ? or starts_with(a.folder, ? || '/'))", q.folder)
	}
	if q.label != "" {
		add("a.labels @> array[?::text]", q.label)
	}
	if q.private != nil {
		add("a.private = ?", *q.private)
	}
	if q.rendering != "" {
		add("j.status = ?", string(q.rendering))
	}
	matching := tables + " where " + strings.Join(where, " and ")
	counted := slices.Clone(args)
	n := len(args)
	args = append(args, after, int64(r.Offset()), r.Limit+1)
	err = s.db.Read(ctx, func(b *pg.Batch) {
		assets = nil
		pg.Each(b.Queue(fmt.Sprintf("select "+columns+matching+" and ($%d::uuid is null or a.id < $%d) order by a.id desc offset $%d limit $%d", n+1, n+1, n+2, n+3), args...), into(&assets))
		b.Queue(fmt.Sprintf("select count(*) from (select 1"+matching+" limit $%d) t", n+1), append(counted, page.CountLimit+1)...).
			QueryRow(func(row pgx.Row) error { return row.Scan(&total) })
	})
	return assets, total, err
}

// named reads the assets with these ids.
func (s store) named(ctx context.Context, ids []id.ID) (assets []asset, err error) {
	err = s.db.Read(ctx, func(b *pg.Batch) {
		assets = nil
		pg.Each(b.Queue("select "+columns+tables+" where a.id = any($1)", ids), into(&assets))
	})
	return assets, err
}

// withBytes reads the pictures with these SHA-256.
func (s store) withBytes(ctx context.Context, sums []string) (assets []asset, err error) {
	err = s.db.Read(ctx, func(b *pg.Batch) {
		assets = nil
		pg.Each(b.Queue("select "+columns+tables+" where a.sha256 = any($1) and not a.private", sums), into(&assets))
	})
	return assets, err
}

// folders lists the folders and labels in use, the thousand first of each.
func (s store) folders(ctx context.Context) (folders, labels []*mediav1.MediaFolder, err error) {
	into := func(out *[]*mediav1.MediaFolder) func(rows pgx.Rows) error {
		return func(rows pgx.Rows) error {
			f := &mediav1.MediaFolder{}
			err := rows.Scan(&f.Name, &f.Assets)
			*out = append(*out, f)
			return err
		}
	}
	err = s.db.Read(ctx, func(b *pg.Batch) {
		folders, labels = nil, nil
		pg.Each(b.Queue("select folder, count(*) from assets where folder <> '' group by folder order by folder limit 1000"), into(&folders))
		pg.Each(b.Queue("select label, count(*) from assets, unnest(labels) label group by label order by label limit 1000"), into(&labels))
	})
	return folders, labels, err
}

// change applies a patch. Version 0 means whatever it is; nothing new changes nothing.
func (s store) change(ctx context.Context, assetID id.ID, version int64, p patch, now time.Time) (asset, error) {
	var out asset
	err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		a, err := lockAsset(ctx, tx, assetID, version)
		if err != nil {
			return err
		}
		var different bool
		if out, different, err = a.changed(p, now); err != nil || !different {
			return err
		}
		updateAsset(&tx.Writes, out)
		return announceUpdated(ctx, &tx.Writes, out)
	})
	return out, err
}

// delete removes the row and returns what it was.
func (s store) delete(ctx context.Context, assetID id.ID, version int64) (asset, error) {
	var gone asset
	err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var err error
		if gone, err = lockAsset(ctx, tx, assetID, version); err != nil {
			return err
		}
		tx.Exec("delete from assets where id = $1", assetID)
		return announceDeleted(ctx, &tx.Writes, gone)
	})
	return gone, err
}

func lockAsset(ctx context.Context, tx *pg.Tx, assetID id.ID, version int64) (asset, error) {
	var found []asset
	if err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue("select "+columns+tables+" where a.id = $1 for update of a", assetID), into(&found))
	}); err != nil {
		return asset{}, err
	}
	switch {
	case len(found) == 0:
		return asset{}, ErrNotFound
	case version != 0 && found[0].version != version:
		return asset{}, ErrVersionConflict
	}
	return found[0], nil
}

// ifUnused calls remove when no row points at the bytes, and lets nobody add one meanwhile.
func (s store) ifUnused(ctx context.Context, tenant id.ID, sha256 string, private bool, remove func() error) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		used := false
		if err := tx.Read(ctx, func(b *pg.Batch) {
			lock(b, tenant, sha256)
			b.Queue("select exists (select from assets where sha256 = $1 and private = $2)", sha256, private).
				QueryRow(func(row pgx.Row) error { return row.Scan(&used) })
		}); err != nil || used {
			return err
		}
		return remove()
	})
}

// unused returns those found, all of the tenant of the context, that no row points at.
func (s store) unused(ctx context.Context, objects []found) ([]found, error) {
	type bytes struct {
		sum     string
		private bool
	}
	var sums []string
	for _, o := range objects {
		sums = append(sums, o.sha256)
	}
	used := map[bytes]bool{}
	if err := s.db.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue("select sha256, private from assets where sha256 = any($1)", sums), func(rows pgx.Rows) error {
			var u bytes
			err := rows.Scan(&u.sum, &u.private)
			used[u] = true
			return err
		})
	}); err != nil {
		return nil, err
	}
	var out []found
	for _, o := range objects {
		if !used[bytes{o.sha256, o.private}] && !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	return out, nil
}

// gone reports whether an error says that something is not there.
func gone(err error) bool { return errors.Is(err, fs.ErrNotExist) }
