package media

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// errLeaseLost says that the picture was deleted, or that another process works on it now.
var errLeaseLost = errors.New("media: the job is no longer this process's")

// enqueue has the renditions of a picture made, from the beginning.
func enqueue(w *pg.Writes, a asset, now time.Time) {
	w.Exec(`insert into rendition_jobs as j (asset_id, status, total, not_before, created_at, updated_at) values ($1, 'queued', $2, $3, $3, $3)
		on conflict (asset_id, tenant_id) do update set status = 'queued', done = 0, total = excluded.total, attempts = 0, failure = null, lease_owner = null, lease_until = null,
			not_before = excluded.not_before, updated_at = excluded.updated_at`, a.id, renditionsOf(a.width), now)
}

// claimJob takes the job that nobody works on and that has waited longest, of whichever shop; nil when there is none. A job
// whose lease has run out is taken over.
func claimJob(ctx context.Context, db *pg.DB, owner id.ID, now time.Time) (*job, error) {
	var found []*job
	err := db.Tx(tenant.WithSystem(ctx), func(ctx context.Context, tx *pg.Tx) error {
		found = nil
		return tx.Read(ctx, func(b *pg.Batch) {
			pg.Each(b.Queue(`update rendition_jobs j set status = 'running', lease_owner = $1, lease_until = $3, attempts = j.attempts + 1, updated_at = $2
				where (j.asset_id, j.tenant_id) = (select asset_id, tenant_id from rendition_jobs
					where status in ('queued', 'running') and not_before <= $2 and (lease_until is null or lease_until < $2)
					order by not_before limit 1 for update skip locked)
				returning j.asset_id, j.tenant_id, j.status, j.done, j.total, j.attempts`, owner, now, now.Add(jobLease)), func(rows pgx.Rows) error {
				j := new(job)
				found = append(found, j)
				return rows.Scan(&j.asset, &j.tenant, &j.status, &j.done, &j.total, &j.attempts)
			})
		})
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// saveProgress says how far a job has come, and that this process is still at it.
func saveProgress(w *pg.Writes, j *job, owner id.ID, now time.Time) {
	w.Must(errLeaseLost, `update rendition_jobs set done = $3, total = $4, attempts = 0, lease_until = $5, updated_at = $6 where asset_id = $1 and lease_owner = $2 and status = 'running'`,
		j.asset, owner, j.done, j.total, now.Add(jobLease), now)
}

// saveEnd ends a job, if it is still this process's.
func saveEnd(w *pg.Writes, j *job, owner id.ID, now time.Time) {
	var failure *string
	if j.failure != "" {
		failure = &j.failure
	}
	w.Must(errLeaseLost, `update rendition_jobs set status = $3, done = $4, failure = $5, lease_owner = null, lease_until = null, updated_at = $6
		where asset_id = $1 and lease_owner = $2 and status = 'running'`, j.asset, owner, string(j.status), j.done, failure, now)
}

// saveLater puts a job back, to be done by whoever comes by after a moment.
func saveLater(w *pg.Writes, j *job, owner id.ID, attempts int, at, now time.Time) {
	w.Must(errLeaseLost, `update rendition_jobs set status = 'queued', attempts = $3, not_before = $4, lease_owner = null, lease_until = null, updated_at = $5
		where asset_id = $1 and lease_owner = $2 and status = 'running'`, j.asset, owner, attempts, at, now)
}
