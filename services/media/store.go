package media

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// store is the room's schema.
type store struct{ db *pg.DB }

const columns = "id, tenant_id, sha256, content_type, size_bytes, width, height, filename, alt, version, created_at, updated_at"

func scan(row pgx.Row) (asset, error) {
	var a asset
	err := row.Scan(&a.id, &a.tenant, &a.sha256, &a.contentType, &a.size, &a.width, &a.height, &a.filename, &a.alt, &a.version,
		&a.createdAt, &a.updatedAt)
	return a, err
}

// lock keeps everybody else from placing or removing the same bytes until the transaction ends.
func lock(b *pg.Batch, k key) {
	b.Queue("select pg_advisory_xact_lock(hashtextextended($1, 0))", k.tenant.String()+"/"+k.sha256)
}

// add calls place and then writes the asset, unless the tenant has these bytes already: then that asset is returned.
// It gets the alt text if it has none.
func (s store) add(ctx context.Context, a asset, place func() error) (asset, error) {
	var out asset
	err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if err := tx.Read(ctx, func(b *pg.Batch) { lock(b, a.key()) }); err != nil {
			return err
		}
		if err := place(); err != nil {
			return err
		}
		return tx.Read(ctx, func(b *pg.Batch) {
			b.Queue(`insert into assets as a (id, sha256, content_type, size_bytes, width, height, filename, alt, created_at, updated_at)
				values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
				on conflict (tenant_id, sha256) do update set
					alt = case when a.alt = '' then excluded.alt else a.alt end,
					version = a.version + (a.alt = '' and excluded.alt <> '')::int,
					updated_at = case when a.alt = '' and excluded.alt <> '' then excluded.updated_at else a.updated_at end
				returning `+columns,
				a.id, a.sha256, a.contentType, a.size, a.width, a.height, a.filename, a.alt, a.createdAt).
				QueryRow(func(row pgx.Row) error {
					var err error
					out, err = scan(row)
					return err
				})
		})
	})
	return out, err
}

func (s store) get(ctx context.Context, assetID id.ID) (asset, error) {
	var out []asset
	err := s.db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue("select "+columns+" from assets where id = $1", assetID), into(&out))
	})
	if err != nil {
		return asset{}, err
	}
	if len(out) == 0 {
		return asset{}, ErrNotFound
	}
	return out[0], nil
}

func into(out *[]asset) func(rows pgx.Rows) error {
	return func(rows pgx.Rows) error {
		a, err := scan(rows)
		*out = append(*out, a)
		return err
	}
}

// list reads a page, newest first, and one row more.
func (s store) list(ctx context.Context, text string, r page.Request, after id.ID) (assets []asset, total int64, err error) {
	// Every character of the text stands for itself.
	like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
	const matching = " from assets where ($1 = '%%' or filename ilike $1 or alt ilike $1)"
	err = s.db.Read(ctx, func(b *pg.Batch) {
		assets = nil
		pg.Each(b.Queue("select "+columns+matching+" and ($2::uuid is null or id < $2) order by id desc offset $3 limit $4",
			like, after, int64(r.Offset()), r.Limit+1), into(&assets))
		b.Queue("select count(*) from (select 1"+matching+" limit $2) t", like, page.CountLimit+1).
			QueryRow(func(row pgx.Row) error { return row.Scan(&total) })
	})
	return assets, total, err
}

// named reads the pictures with these ids.
func (s store) named(ctx context.Context, ids []id.ID) (assets []asset, err error) {
	err = s.db.Read(ctx, func(b *pg.Batch) {
		assets = nil
		pg.Each(b.Queue("select "+columns+" from assets where id = any($1)", ids), into(&assets))
	})
	return assets, err
}

// withBytes reads the pictures with these SHA-256.
func (s store) withBytes(ctx context.Context, sums []string) (assets []asset, err error) {
	err = s.db.Read(ctx, func(b *pg.Batch) {
		assets = nil
		pg.Each(b.Queue("select "+columns+" from assets where sha256 = any($1)", sums), into(&assets))
	})
	return assets, err
}

// update changes what is given. Version 0 means whatever it is; nothing given, or nothing new, changes nothing.
func (s store) update(ctx context.Context, assetID id.ID, version int64, alt *string, now time.Time) (asset, error) {
	var out asset
	err := s.locked(ctx, assetID, version, func(_ context.Context, tx *pg.Tx, a asset) error {
		out = a
		if alt == nil || *alt == a.alt {
			return nil
		}
		out.alt, out.version, out.updatedAt = *alt, a.version+1, now
		tx.Exec("update assets set alt = $2, version = $3, updated_at = $4 where id = $1", assetID, out.alt, out.version, out.updatedAt)
		return nil
	})
	return out, err
}

// delete removes the row and returns what it was.
func (s store) delete(ctx context.Context, assetID id.ID, version int64) (asset, error) {
	var gone asset
	err := s.locked(ctx, assetID, version, func(_ context.Context, tx *pg.Tx, a asset) error {
		gone = a
		tx.Exec("delete from assets where id = $1", assetID)
		return nil
	})
	return gone, err
}

func (s store) locked(ctx context.Context, assetID id.ID, version int64, change func(ctx context.Context, tx *pg.Tx, a asset) error) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var found []asset
		if err := tx.Read(ctx, func(b *pg.Batch) {
			pg.Each(b.Queue("select "+columns+" from assets where id = $1 for update", assetID), into(&found))
		}); err != nil {
			return err
		}
		switch {
		case len(found) == 0:
			return ErrNotFound
		case version != 0 && found[0].version != version:
			return ErrVersionConflict
		}
		return change(ctx, tx, found[0])
	})
}

// ifUnused calls remove when no row points at the bytes, and lets nobody add one meanwhile.
func (s store) ifUnused(ctx context.Context, k key, remove func() error) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		used := false
		if err := tx.Read(ctx, func(b *pg.Batch) {
			lock(b, k)
			b.Queue("select exists (select from assets where sha256 = $1)", k.sha256).
				QueryRow(func(row pgx.Row) error { return row.Scan(&used) })
		}); err != nil || used {
			return err
		}
		return remove()
	})
}

// unused returns those keys, all of the tenant of the context, that no row points at.
func (s store) unused(ctx context.Context, keys []key) ([]key, error) {
	sums := make([]string, len(keys))
	for i, k := range keys {
		sums[i] = k.sha256
	}
	used := map[string]bool{}
	if err := s.db.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue("select sha256 from assets where sha256 = any($1)", sums), func(rows pgx.Rows) error {
			var sum string
			err := rows.Scan(&sum)
			used[sum] = true
			return err
		})
	}); err != nil {
		return nil, err
	}
	var out []key
	for _, k := range keys {
		if !used[k.sha256] {
			out = append(out, k)
		}
	}
	return out, nil
}
