package catalog

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

const pictureColumns = `f.id, f.tenant_id, f.job_id, f.product_id, f.row_number, f.url, f.alt, f.position, coalesce(f.variant_ids, '{}'), f.status, f.attempts, coalesce(f.code, ''), coalesce(f.message, '')`

func scanPicture(f *foreignPicture) []any {
	return []any{&f.id, &f.tenant, &f.job, &f.product, &f.row, &f.url, &f.alt, &f.position, &f.variants, &f.status, &f.attempts, &f.code, &f.message}
}

// insertPictures queues pictures to be fetched, as part of a job, and reports those that cannot be.
func insertPictures(w *pg.Writes, job id.ID, pictures []foreignPicture, now time.Time) {
	if len(pictures) == 0 {
		return
	}
	var r struct {
		id, product []id.ID
		row         []int64
		url         []string
		alt         []*string
		position    []int32
		status      []string
		code        []*string
		message     []*string
		variants    []*string
	}
	lost := 0
	for _, f := range pictures {
		if f.status == pictureFailed {
			lost++
		}
		r.status, r.code, r.message = append(r.status, string(f.status)), append(r.code, textOrNil(f.code)), append(r.message, textOrNil(f.message))
		r.variants = append(r.variants, idsOrNil(f.variants))
		r.id, r.product, r.row = append(r.id, f.id), append(r.product, f.product), append(r.row, f.row)
		r.url, r.alt, r.position = append(r.url, f.url), append(r.alt, f.alt), append(r.position, f.position)
	}
	w.Exec(`insert into job_pictures (job_id, due_at, id, product_id, row_number, url, alt, position, status, code, message, variant_ids)
		select $1, $2, n.id, n.product, n.row, n.url, n.alt, n.position, n.status, n.code, n.message, n.variants::uuid[]
		from unnest($3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::text[], $8::int[], $9::text[], $10::text[], $11::text[], $12::text[])
			n (id, product, row, url, alt, position, status, code, message, variants)`,
		job, now, r.id, r.product, r.row, r.url, r.alt, r.position, r.status, r.code, r.message, r.variants)
	w.Exec(`update jobs set pictures = pictures + $2, pictures_failed = pictures_failed + $3 where id = $1`, job, len(pictures), lost)
}

// idsOrNil is a list of ids as PostgreSQL writes an array; nil for none. An array of arrays would have to be as wide everywhere.
func idsOrNil(ids []id.ID) *string {
	if len(ids) == 0 {
		return nil
	}
	texts := make([]string, len(ids))
	for i, one := range ids {
		texts[i] = one.String()
	}
	return new("{" + strings.Join(texts, ",") + "}")
}

// claimPicture takes the picture that nobody works on and that has waited longest, of whichever shop; nil when there is none.
func claimPicture(ctx context.Context, db *pg.DB, owner id.ID, now time.Time) (*foreignPicture, error) {
	var found []*foreignPicture
	err := db.Tx(tenant.WithSystem(ctx), func(ctx context.Context, tx *pg.Tx) error {
		found = nil
		return tx.Read(ctx, func(b *pg.Batch) {
			pg.Each(b.Queue(`update job_pictures f set lease_owner = $1, lease_until = $3, attempts = f.attempts + 1
				where (f.id, f.tenant_id) = (select id, tenant_id from job_pictures
					where status = 'waiting' and due_at <= $2 and (lease_until is null or lease_until < $2)
					order by due_at limit 1 for update skip locked)
				returning `+pictureColumns, owner, now, now.Add(pictureLease)), func(rows pgx.Rows) error {
				f := new(foreignPicture)
				found = append(found, f)
				return rows.Scan(scanPicture(f)...)
			})
		})
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// savePictureEnd queues the end of the work on a picture, and counts it in the job's report.
func savePictureEnd(w *pg.Writes, f foreignPicture, owner id.ID) {
	w.Must(errPictureGone, `update job_pictures set status = $3, code = $4, message = $5, lease_owner = null, lease_until = null
		where id = $1 and lease_owner = $2 and status = 'waiting'`, f.id, owner, string(f.status), textOrNil(f.code), textOrNil(f.message))
	counted := "pictures_done = pictures_done + 1"
	if f.status == pictureFailed {
		counted = "pictures_failed = pictures_failed + 1"
	}
	w.Exec(`update jobs set `+counted+` where id = $1`, f.job)
}

// savePictureLater puts a picture back, to be tried again.
func savePictureLater(w *pg.Writes, f foreignPicture, owner id.ID, at time.Time) {
	w.Must(errPictureGone, `update job_pictures set due_at = $3, code = $4, message = $5, lease_owner = null, lease_until = null
		where id = $1 and lease_owner = $2 and status = 'waiting'`, f.id, owner, at, textOrNil(f.code), textOrNil(f.message))
}

// listPictures reads one page of a job's pictures, in the order of the file, and the total.
func listPictures(ctx context.Context, db *pg.DB, job id.ID, status pictureStatus, req page.Request) (out []foreignPicture, info *typev1.PageInfo, found bool, err error) {
	var after id.ID
	if len(req.After) > 0 {
		parts, err := page.ParseKey(req.After, 1)
		if err != nil {
			return nil, nil, false, err //nolint:wrapcheck // a fault
		}
		if after, err = id.Parse(parts[0]); err != nil {
			return nil, nil, false, page.ErrBadCursor
		}
	}
	var total int64
	err = db.Read(ctx, func(b *pg.Batch) {
		out = nil
		var counted bool
		pg.Row(b.Queue(`select true from jobs where id = $1`, job), &found, &counted)
		pg.Row(b.Queue(`select count(*) from (select from job_pictures where job_id = $1 and ($2::text = '' or status = $2) limit $3) t`, job, string(status), page.CountLimit+1), &counted, &total)
		pg.Each(b.Queue(`select `+pictureColumns+` from job_pictures f where f.job_id = $1 and ($2::text = '' or f.status = $2) and ($3::uuid is null or f.id > $3)
			order by f.id`+limitOffset(req), job, string(status), after.Ptr()), func(rows pgx.Rows) error {
			var f foreignPicture
			err := rows.Scan(scanPicture(&f)...)
			out = append(out, f)
			return err
		})
	})
	if err != nil || !found {
		return nil, nil, found, err
	}
	more := len(out) > req.Limit
	out = out[:min(len(out), req.Limit)]
	var last []byte
	if len(out) > 0 {
		last = page.Key(out[len(out)-1].id.String())
	}
	return out, page.Info(total, more, last), true, nil
}
