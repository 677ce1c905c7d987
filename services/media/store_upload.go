package media

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// insertUpload keeps an announced upload.
func (s store) insertUpload(ctx context.Context, u upload) error {
	return s.db.Write(ctx, func(w *pg.Writes) error {
		w.Exec(`insert into uploads (id, filename, content_type, size_bytes, sha256, private, folder, labels, alt, expires_at, created_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			u.id, u.filename, u.contentType, u.size, u.sha256, u.private, u.folder, append([]string{}, u.labels...), u.alt, u.expiresAt, u.createdAt)
		return nil
	})
}

// getUpload reads an announced upload.
func (s store) getUpload(ctx context.Context, which id.ID) (upload, error) {
	var out []upload
	err := s.db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue("select id, tenant_id, filename, content_type, size_bytes, sha256, private, folder, labels, alt, asset_id, expires_at, created_at from uploads where id = $1", which),
			func(rows pgx.Rows) error {
				var u upload
				err := rows.Scan(&u.id, &u.tenant, &u.filename, &u.contentType, &u.size, &u.sha256, &u.private, &u.folder, &u.labels, &u.alt, &u.asset, &u.expiresAt, &u.createdAt)
				out = append(out, u)
				return err
			})
	})
	if err != nil {
		return upload{}, err
	}
	if len(out) == 0 {
		return upload{}, ErrUploadNotFound
	}
	return out[0], nil
}

// finishUpload says which asset an upload has become.
func (s store) finishUpload(ctx context.Context, which, asset id.ID) error {
	return s.db.Write(ctx, func(w *pg.Writes) error {
		w.Exec("update uploads set asset_id = $2 where id = $1", which, asset)
		return nil
	})
}

// oldUploads removes announcements that are too old to be of any use, of all shops.
func (s store) oldUploads(ctx context.Context, before time.Time) error {
	return s.db.Write(tenant.WithSystem(ctx), func(w *pg.Writes) error {
		w.Exec("delete from uploads where (id, tenant_id) in (select id, tenant_id from uploads where created_at < $1 limit 1000 for update skip locked)", before)
		return nil
	})
}
