package catalog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

var (
	// errJobEnded says that the job's end is written already.
	errJobEnded = errors.New("catalog: the job has ended")
	// errJobLater says that it is the turn of another job.
	errJobLater = errors.New("catalog: the job goes on later")
)

const (
	// jobTick is how often a process looks for jobs that another one was asked for, or has left behind.
	jobTick = 2 * time.Second
	// jobSweep is how often old jobs are removed.
	jobSweep = 15 * time.Minute
	// jobSlice is how long one job is worked on before the others that wait have a turn.
	jobSlice = 10 * time.Second
	// statisticsAfter is how many written products make the planner look at the tables anew.
	statisticsAfter = 1000
	// scanRenew is how many pieces of an input are looked through between two signs of life.
	scanRenew = 16
)

// pokeJobs says that there may be a job; losing it costs a tick.
func (s *Service) pokeJobs() {
	select {
	case s.wakeJobs <- struct{}{}:
	default:
	}
}

// runJobs does jobs, one at a time, until ctx ends.
func (s *Service) runJobs(ctx context.Context) {
	tick := time.NewTicker(jobTick)
	defer tick.Stop()
	sweep := time.NewTicker(jobSweep)
	defer sweep.Stop()
	for ctx.Err() == nil {
		did, err := s.RunJob(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "a job goes on later", "error", err)
		}
		if did && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.wakeJobs:
		case <-tick.C:
		case <-sweep.C:
			if err := sweepJobs(ctx, s.db, s.time()); err != nil && ctx.Err() == nil {
				s.log.WarnContext(ctx, "old jobs stay", "error", err)
			}
		}
	}
	// Whoever else runs goes on at once.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := releaseJob(last, s.db, s.worker, s.time()); err != nil {
		s.log.WarnContext(last, "a job waits for its lease to run out", "error", err)
	}
}

// RunJob works on the job that has waited longest, of whichever shop, and reports whether there was one: to its end, or
// until it is the turn of the others. An error means that the job stays this process's, or another's once the lease has
// run out.
func (s *Service) RunJob(ctx context.Context) (did bool, err error) {
	j, err := claimJob(ctx, s.db, s.worker, s.time())
	if err != nil || j == nil {
		return false, err
	}
	ctx = auth.With(tenant.With(ctx, j.tenant), auth.Principal{Kind: auth.Service})
	switch {
	case j.attempts > maxAttempts:
		err = ErrJobBroken
	case j.kind == exportProducts:
		err = s.export(ctx, j)
	default:
		err = s.importFile(ctx, j)
	}
	switch {
	case err == nil:
		return true, s.finish(ctx, j, succeeded, nil)
	case errors.Is(err, errJobLater):
		return true, releaseJob(ctx, s.db, s.worker, s.time())
	case errors.Is(err, errLeaseLost), errors.Is(err, errJobEnded):
		return true, nil
	case ends(err):
		return true, s.finish(ctx, j, failed, err)
	}
	return true, fmt.Errorf("job %s: %w", j.id, err)
}

// ends reports whether an error is the job's own, so that another try would end the same way.
func ends(err error) bool {
	kind := fault.From(err).Kind()
	return kind == fault.KindInvalid || kind == fault.KindConflict || errors.Is(err, errInputGone)
}

// finish ends a job, if it is still this process's.
func (s *Service) finish(ctx context.Context, j *job, end jobStatus, why error) error {
	err := s.db.Write(ctx, func(w *pg.Writes) error {
		return finishJob(ctx, w, j.ended(end, s.time(), why), s.worker)
	})
	if errors.Is(err, errLeaseLost) {
		return nil
	}
	return err
}

// goOn is asked after every commit of a job that has been worked on since began.
func (s *Service) goOn(ctx context.Context, began time.Time) error {
	if s.interrupt != nil {
		if err := s.interrupt(ctx, "chunk written"); err != nil {
			return err
		}
	}
	if s.time().Sub(began) > jobSlice {
		return errJobLater
	}
	return nil
}

// inputFrom gives a job's input from a byte on, piece by piece.
func (s *Service) inputFrom(ctx context.Context, j *job, at int64) (pages, error) {
	number, skip := int32(0), int64(0)
	if at > 0 {
		if at >= j.inputBytes {
			return func() ([]byte, error) { return nil, io.EOF }, nil
		}
		first, before, err := inputStart(ctx, s.db, j.id, at)
		if err != nil {
			return nil, err
		}
		number, skip = first, at-before
	}
	return func() ([]byte, error) {
		if number >= j.inputChunks {
			return nil, io.EOF
		}
		data, err := readInput(ctx, s.db, j.id, number)
		if err != nil {
			return nil, err
		}
		if data == nil {
			return nil, errInputGone
		}
		number++
		data = data[skip:]
		skip = 0
		return data, nil
	}, nil
}
