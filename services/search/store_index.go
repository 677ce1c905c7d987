package search

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// Of a rebuild that runs, how far it is stands with the index, which every page of it writes anyway.
const rebuildColumns = `id, status, case status when 'running' then coalesce((select i.done from indexes i where i.building = rebuilds.generation), rebuilds.done) else rebuilds.done end,
	total, documents, hash_before, hash_after, created_at, started_at, finished_at`

func (j *rebuildJob) scan() []any {
	return []any{&j.id, &j.status, &j.done, &j.total, &j.documents, &j.hashBefore, &j.hashAfter, &j.createdAt, &j.startedAt, &j.finishedAt}
}

// contentSQL counts a generation and folds the hashes of its documents, from an index alone.
const contentSQL = `select count(*) filter (where edition = ''), count(*), coalesce(bit_xor(hash_high), 0), coalesce(bit_xor(hash_low), 0)
	from documents where not removed and generation = `

// index reads what the index holds and its newest rebuild: one round trip.
func (s store) index(ctx context.Context) (generation int64, builtAt *time.Time, c content, job *rebuildJob, err error) {
	err = s.db.Read(ctx, func(b *pg.Batch) {
		generation, job = 1, nil
		var found bool
		pg.Row(b.Queue("select live, built_at from indexes"), &found, &generation, &builtAt)
		pg.Row(b.Queue(contentSQL+"coalesce((select live from indexes), 1)"), &found, &c.products, &c.documents, &c.high, &c.low)
		pg.Each(b.Queue("select "+rebuildColumns+" from rebuilds order by created_at desc, id desc limit 1"), func(rows pgx.Rows) error {
			job = new(rebuildJob)
			return rows.Scan(job.scan()...)
		})
	})
	return generation, builtAt, c, job, err
}

// waitingRebuild is the rebuild that waits to begin; nil when none does.
func waitingRebuild(ctx context.Context, tx *pg.Tx) (job *rebuildJob, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue("select "+rebuildColumns+" from rebuilds where status = 'queued'"), func(rows pgx.Rows) error {
			job = new(rebuildJob)
			return rows.Scan(job.scan()...)
		})
	})
	return job, err
}

func queueRebuild(w *pg.Writes, j rebuildJob) {
	w.Exec("insert into rebuilds (id, status, created_at) values ($1, 'queued', $2)", j.id, j.createdAt)
}

// beginRebuild makes the rebuild that waits the one that runs, or writes down one that nobody asked for. What ran before
// and did not end is replaced.
func beginRebuild(w *pg.Writes, b build) {
	w.Exec("update rebuilds set status = 'replaced', finished_at = now() where status = 'running'")
	w.Exec(`insert into rebuilds (id, status) select $1, 'queued' where not exists (select from rebuilds where status = 'queued')`, b.job)
	w.Exec(`update rebuilds set status = 'running', generation = $1, started_at = now(),
		total = (select count(*) from documents where generation = (select live from indexes) and edition = '' and not removed) where status = 'queued'`, b.generation)
}

// endRebuild writes down how a rebuild went, once its generation is live. before is what was searched until then.
func endRebuild(w *pg.Writes, b build, before, after content) {
	w.Exec(`update rebuilds set status = 'done', finished_at = now(), documents = $2, hash_before = $3, hash_after = $4, done = greatest($5::bigint, total)
		where generation = $1 and status = 'running'`, b.generation, after.documents, before.hash(), after.hash(), after.products)
}

// contentOf reads what a generation holds.
func contentOf(b *pg.Batch, generation int64, to *content) {
	var found bool
	pg.Row(b.Queue(contentSQL+"$1", generation), &found, &to.products, &to.documents, &to.high, &to.low)
}

func (s store) rebuildJob(ctx context.Context, which string) (rebuildJob, error) {
	var job rebuildJob
	var found bool
	key, err := id.Parse(which)
	if err != nil {
		return job, ErrRebuildNotFound
	}
	if err := s.db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue("select "+rebuildColumns+" from rebuilds where id = $1", key), &found, job.scan()...)
	}); err != nil {
		return job, err
	}
	if !found {
		return job, ErrRebuildNotFound
	}
	return job, nil
}

func listRebuilds(ctx context.Context, db *pg.DB, req page.Request) ([]rebuildJob, *typev1.PageInfo, error) {
	return listing(ctx, db, rebuildColumns, "rebuilds", true, req, (*rebuildJob).scan, func(j rebuildJob) (time.Time, id.ID) { return j.createdAt, j.id },
		func(rebuildJob) int { return 0 }) // a page of them always travels
}
