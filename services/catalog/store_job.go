package catalog

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// errLeaseLost says that the job was cancelled, or that another process does it now: nothing of this one may be kept.
var errLeaseLost = errors.New("catalog: the job is no longer this process's")

const jobColumns = `j.id, j.tenant_id, j.kind, j.status, j.format, j.dry_run, j.stop_on_error, j.filter, j.created_by, j.ready, j.input_chunks, j.input_bytes, j.input_sha256,
	j.total, j.done, j.created, j.updated, j.unchanged, j.failed, j.errors, j.ignored, j.input_at, j.input_row, j.after_id, j.output_chunks, j.output_bytes,
	j.failure_code, j.failure_message, j.attempts, j.created_at, j.started_at, j.finished_at, j.pictures, j.pictures_done, j.pictures_failed, j.bundles, j.warnings`

func scanJob(j *job) []any {
	return []any{
		&j.id, &j.tenant, &j.kind, &j.status, &j.format, &j.dryRun, &j.stopOnError, &j.filter, &j.createdBy, &j.ready, &j.inputChunks, &j.inputBytes, &j.inputSum,
		&j.total, &j.done, &j.created, &j.updated, &j.unchanged, &j.failed, &j.errors, &j.ignored, &j.inputAt, &j.inputRow, &j.after, &j.outputChunks, &j.outputBytes,
		&j.failCode, &j.failMessage, &j.attempts, &j.createdAt, &j.startedAt, &j.finishedAt,
		&j.pictures, &j.picturesDone, &j.picturesFailed, &j.bundles, &j.warnings,
	}
}

// insertJob makes a job, unless its key has one already, and reads the one there is.
func insertJob(ctx context.Context, db *pg.DB, j *job, key string) (*job, error) {
	var keyed *string
	if key != "" {
		keyed = &key
	}
	out := new(job)
	err := db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		tx.Exec(`insert into jobs (id, kind, status, format, dry_run, stop_on_error, filter, created_by, key, ready, created_at, updated_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) on conflict (key, created_by, tenant_id) where key is not null do nothing`,
			j.id, string(j.kind), string(j.status), string(j.format), j.dryRun, j.stopOnError, j.filter, j.createdBy, keyed, j.ready, j.createdAt)
		var found bool
		if err := tx.Read(ctx, func(b *pg.Batch) {
			if keyed == nil {
				pg.Row(b.Queue(`select `+jobColumns+` from jobs j where j.id = $1`, j.id), &found, scanJob(out)...)
				return
			}
			pg.Row(b.Queue(`select `+jobColumns+` from jobs j where j.key = $1 and j.created_by = $2`, key, j.createdBy), &found, scanJob(out)...)
		}); err != nil || out.id != j.id { // another request with the key was first
			return err
		}
		return announceJob(ctx, &tx.Writes, out)
	})
	return out, err
}

// findJob reads a job; nil when there is none.
func findJob(ctx context.Context, db *pg.DB, which id.ID) (*job, error) {
	j := new(job)
	var found bool
	err := db.Read(ctx, func(b *pg.Batch) {
		*j = job{}
		pg.Row(b.Queue(`select `+jobColumns+` from jobs j where j.id = $1`, which), &found, scanJob(j)...)
	})
	if err != nil || !found {
		return nil, err
	}
	return j, nil
}

// findReport reads a job and the first of its errors, in one round trip; nil when there is none.
func findReport(ctx context.Context, db *pg.DB, which id.ID) (*job, []rowError, error) {
	j := new(job)
	var found bool
	var errs []rowError
	err := db.Read(ctx, func(b *pg.Batch) {
		*j, errs = job{}, nil
		pg.Row(b.Queue(`select `+jobColumns+` from jobs j where j.id = $1`, which), &found, scanJob(j)...)
		pg.Each(b.Queue(`select row_number, column_name, code, message, value from job_errors where job_id = $1 and not warning order by number limit $2`, which, shownJobErrors), appendError(&errs))
	})
	if err != nil || !found {
		return nil, nil, err
	}
	return j, errs, nil
}

func appendError(to *[]rowError) func(rows pgx.Rows) error {
	return func(rows pgx.Rows) error {
		var e rowError
		err := rows.Scan(&e.row, &e.column, &e.code, &e.message, &e.value)
		*to = append(*to, e)
		return err
	}
}

// lockJob reads a job and locks it; nil when there is none.
func lockJob(ctx context.Context, tx *pg.Tx, which id.ID) (*job, error) {
	j := new(job)
	var found bool
	err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select `+jobColumns+` from jobs j where j.id = $1 for update`, which), &found, scanJob(j)...)
	})
	if err != nil || !found {
		return nil, err
	}
	return j, nil
}

// listJobs reads one page, newest first, and the total.
func listJobs(ctx context.Context, db *pg.DB, kind jobKind, status jobStatus, req page.Request) ([]*job, *typev1.PageInfo, error) {
	var counted conditions
	if kind != "" {
		counted.add("j.kind = ?", string(kind))
	}
	if status != "" {
		counted.add("j.status = ?", string(status))
	}
	shown := counted.clone()
	if err := shown.behindNewest("j", req.After); err != nil {
		return nil, nil, err
	}
	return listing[*job]{
		columns: jobColumns, from: "jobs j", order: "j.created_at desc, j.id desc", size: func(*job) int { return 0 }, // a page of them always travels
		key: func(j *job) []byte { return newestKey(j.createdAt, j.id.String()) },
		scan: func(rows pgx.Rows) (*job, error) {
			j := new(job)
			return j, rows.Scan(scanJob(j)...)
		},
	}.read(ctx, db, req, counted, shown)
}

// listJobErrors reads one page of a job's report, of errors or of warnings, in the order of the file; found is false when there
// is no such job.
func listJobErrors(ctx context.Context, db *pg.DB, which id.ID, warnings bool, req page.Request) (out []rowError, info *typev1.PageInfo, found bool, err error) {
	after := int64(-1)
	if len(req.After) > 0 {
		parts, err := page.ParseKey(req.After, 1)
		if err != nil {
			return nil, nil, false, err //nolint:wrapcheck // a fault
		}
		if after, err = strconv.ParseInt(parts[0], 10, 64); err != nil {
			return nil, nil, false, page.ErrBadCursor
		}
	}
	var numbers []int64
	var total int64
	err = db.Read(ctx, func(b *pg.Batch) {
		out, numbers = nil, nil
		pg.Row(b.Queue(`select least(case when $3 then warnings else errors end, $2) from jobs where id = $1`, which, maxJobErrors, warnings), &found, &total)
		pg.Each(b.Queue(`select number, row_number, column_name, code, message, value from job_errors where job_id = $1 and warning = $3 and number > $2 order by number`+limitOffset(req), which, after, warnings), func(rows pgx.Rows) error {
			var e rowError
			var number int64
			err := rows.Scan(&number, &e.row, &e.column, &e.code, &e.message, &e.value)
			out, numbers = append(out, e), append(numbers, number)
			return err
		})
	})
	if err != nil || !found {
		return nil, nil, false, err
	}
	more := len(out) > req.Limit
	var last []byte
	if more {
		out = out[:req.Limit]
		last = page.Key(strconv.FormatInt(numbers[req.Limit-1], 10))
	}
	return out, page.Info(total, more, last), true, nil
}

// appendInput keeps one piece of an input that is not whole yet, and reports whether what is kept under that number is
// this very piece.
func appendInput(ctx context.Context, db *pg.DB, which id.ID, number int32, data []byte, now time.Time) (same bool, err error) {
	err = db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		tx.Exec(`update jobs set updated_at = $2 where id = $1 and not ready and status = 'queued'`, which, now)
		tx.Exec(`insert into job_input (job_id, number, data) select id, $2, $3 from jobs where id = $1 and not ready and status = 'queued' on conflict do nothing`,
			which, number, data)
		var found bool
		return tx.Read(ctx, func(b *pg.Batch) {
			pg.Row(b.Queue(`select data = $3 from job_input where job_id = $1 and number = $2`, which, number, data), &found, &same)
		})
	})
	return same, err
}

// countInput is how many of the first n pieces are there, and how long they are together.
func countInput(ctx context.Context, tx *pg.Tx, which id.ID, n int32) (count int32, size int64, err error) {
	var found bool
	err = tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select count(*), coalesce(sum(octet_length(data)), 0) from job_input where job_id = $1 and number < $2`, which, n), &found, &count, &size)
	})
	return count, size, err
}

func saveComplete(w *pg.Writes, j *job, now time.Time) {
	w.Exec(`update jobs set ready = true, input_chunks = $2, input_bytes = $3, input_sha256 = $4, updated_at = $5 where id = $1`,
		j.id, j.inputChunks, j.inputBytes, j.inputSum, now)
}

// saveEnd queues the end of a job by hand, and throws away what only the work needed.
func saveEnd(w *pg.Writes, j *job) {
	w.Exec(`update jobs set status = $2, finished_at = $3, updated_at = $3, failure_code = $4, failure_message = $5, lease_owner = null, lease_until = null where id = $1`,
		j.id, string(j.status), j.finishedAt, j.failCode, j.failMessage)
	dropInput(w, j.id)
}

func dropInput(w *pg.Writes, which id.ID) {
	w.Exec(`delete from job_input where job_id = $1`, which)
	w.Exec(`delete from job_seen where job_id = $1`, which)
}

// readInput reads one piece of an input; nil when it is not there.
func readInput(ctx context.Context, db *pg.DB, which id.ID, number int32) (data []byte, err error) {
	var found bool
	err = db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select data from job_input where job_id = $1 and number = $2`, which, number), &found, &data)
	})
	return data, err
}

// inputStart finds the piece in which a byte of the input lies, and how many bytes come before that piece.
func inputStart(ctx context.Context, db *pg.DB, which id.ID, at int64) (number int32, before int64, err error) {
	var found bool
	err = db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select number, before from (
				select number, octet_length(data) as size, coalesce(sum(octet_length(data)) over (order by number rows between unbounded preceding and 1 preceding), 0)::bigint as before
				from job_input where job_id = $1) pieces
			where before + size > $2 order by number limit 1`, which, at), &found, &number, &before)
	})
	if err == nil && !found {
		return 0, 0, errInputGone
	}
	return number, before, err
}

// errInputGone ends a job whose input is not all there. It cannot happen while the job runs, unless it was cancelled,
// and then its end is not this process's to write.
var errInputGone = errors.New("catalog: a piece of the input is not there")

// claimJob takes the job that nobody works on and that has waited longest, of whichever shop; nil when there is none. A
// job whose lease has run out is taken over.
func claimJob(ctx context.Context, db *pg.DB, owner id.ID, now time.Time) (*job, error) {
	j := new(job)
	var found bool
	err := db.Tx(tenant.WithSystem(ctx), func(ctx context.Context, tx *pg.Tx) error {
		return tx.Read(ctx, func(b *pg.Batch) {
			pg.Row(b.Queue(`update jobs j set status = 'running', lease_owner = $1, lease_until = $3, attempts = j.attempts + 1, started_at = coalesce(j.started_at, $2), updated_at = $2
				where (j.id, j.tenant_id) = (select id, tenant_id from jobs
					where ready and status in ('queued', 'running') and (lease_until is null or lease_until < $2 or lease_owner = $1)
					order by updated_at limit 1 for update skip locked)
				returning `+jobColumns, owner, now, now.Add(jobLease)), &found, scanJob(j)...)
		})
	})
	if err != nil || !found {
		return nil, err
	}
	return j, nil
}

// releaseJob gives up what this process holds: whoever looks next goes on with it.
func releaseJob(ctx context.Context, db *pg.DB, owner id.ID, now time.Time) error {
	return db.Write(tenant.WithSystem(ctx), func(w *pg.Writes) error {
		w.Exec(`update jobs set lease_owner = null, lease_until = null, attempts = 0, updated_at = $2 where lease_owner = $1 and status = 'running'`, owner, now)
		return nil
	})
}

// renewLease says that this process is still at it.
func renewLease(w *pg.Writes, j *job, owner id.ID, now time.Time) {
	w.Must(errLeaseLost, `update jobs set lease_until = $3 where id = $1 and lease_owner = $2 and status = 'running'`, j.id, owner, now.Add(jobLease))
}

func saveTotal(w *pg.Writes, j *job, owner id.ID, now time.Time) {
	w.Must(errLeaseLost, `update jobs set total = $3, ignored = $4, attempts = 0, lease_until = $5, updated_at = $6 where id = $1 and lease_owner = $2 and status = 'running'`,
		j.id, owner, j.total, append([]string{}, j.ignored...), now.Add(jobLease), now)
}

// saveProgress queues how far a job has come. It belongs into the transaction that writes the rows: only while this
// process holds the job does any of it commit, so no row is lost or written twice, whoever dies when.
func saveProgress(w *pg.Writes, j *job, owner id.ID, p progress, now time.Time) {
	w.Must(errLeaseLost, `update jobs set done = $3, created = $4, updated = $5, unchanged = $6, failed = $7, errors = $8, input_at = $9, input_row = $10, after_id = $11,
			output_chunks = $12, attempts = 0, lease_until = $13, updated_at = $14, bundles = $15, warnings = $16 where id = $1 and lease_owner = $2 and status = 'running'`,
		j.id, owner, p.done, p.created, p.updated, p.unchanged, p.failed, p.errors, p.inputAt, p.inputRow, nullable(p.after), p.outputChunks, now.Add(jobLease), now, p.bundles, p.warnings)
}

func nullable(i id.ID) *id.ID {
	if i.IsZero() {
		return nil
	}
	return &i
}

// finishJob queues the end of a job by the process that did it, and announces it.
func finishJob(ctx context.Context, w *pg.Writes, j *job, owner id.ID) error {
	w.Must(errLeaseLost, `update jobs set status = $3, finished_at = $4, updated_at = $4, failure_code = $5, failure_message = $6, lease_owner = null, lease_until = null
			where id = $1 and lease_owner = $2 and status = 'running'`, j.id, owner, string(j.status), j.finishedAt, j.failCode, j.failMessage)
	dropInput(w, j.id)
	return announceEnd(ctx, w, j)
}

// insertJobErrors keeps errors or warnings, the first of which is the job's number from.
func insertJobErrors(w *pg.Writes, which id.ID, warnings bool, from int64, errs []rowError) {
	var number, row []int64
	var column, code, message, value []string
	for i, e := range errs {
		if from+int64(i) >= maxJobErrors {
			break
		}
		number, row, column = append(number, from+int64(i)), append(row, e.row), append(column, storable(clip(e.column)))
		code, message, value = append(code, e.code), append(message, storable(e.message)), append(value, storable(e.value))
	}
	if len(number) == 0 {
		return
	}
	w.Exec(`insert into job_errors (job_id, warning, number, row_number, column_name, code, message, value)
		select $1, $8, * from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[])`, which, number, row, column, code, message, value, warnings)
}

func insertOutput(w *pg.Writes, which id.ID, number int32, data []byte) {
	w.Exec(`insert into job_output (job_id, number, data) values ($1, $2, $3)`, which, number, data)
	w.Exec(`update jobs set output_bytes = output_bytes + $2 where id = $1`, which, int64(len(data)))
}

// readOutput reads a job and one piece of what it has made, in one round trip.
func readOutput(ctx context.Context, db *pg.DB, which id.ID, number int32) (*job, []byte, error) {
	j := new(job)
	var found, have bool
	var data []byte
	err := db.Read(ctx, func(b *pg.Batch) {
		*j, data = job{}, nil
		pg.Row(b.Queue(`select `+jobColumns+` from jobs j where j.id = $1`, which), &found, scanJob(j)...)
		pg.Row(b.Queue(`select data from job_output where job_id = $1 and number = $2`, which, number), &have, &data)
	})
	if err != nil || !found {
		return nil, nil, err
	}
	return j, data, nil
}

// sweepJobs ends inputs that were given up and removes jobs that are too old, of all shops.
func sweepJobs(ctx context.Context, db *pg.DB, now time.Time) error {
	return db.Write(tenant.WithSystem(ctx), func(w *pg.Writes) error {
		w.Exec(`update jobs set status = 'failed', finished_at = $2, updated_at = $2, failure_code = 'catalog.input_incomplete', failure_message = 'The file was never sent to its end.'
			where (id, tenant_id) in (select id, tenant_id from jobs where updated_at < $1 and not ready and status = 'queued' limit 100 for update skip locked)`, now.Add(-uploadPatience), now)
		w.Exec(`delete from jobs where (id, tenant_id) in (select id, tenant_id from jobs
			where updated_at < $1 and status not in ('queued', 'running') limit 100 for update skip locked)`, now.Add(-jobsKept))
		return nil
	})
}
