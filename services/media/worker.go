package media

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/rendition"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/media/picture"
)

// jobTick is how often a process looks for pictures that came in elsewhere, or were left behind.
const jobTick = 2 * time.Second

// poke says that there may be a job; losing it costs a tick.
func (s *Service) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// runJobs makes the renditions of one picture after the other, until ctx ends.
func (s *Service) runJobs(ctx context.Context) {
	tick := time.NewTicker(jobTick)
	defer tick.Stop()
	for ctx.Err() == nil {
		did, err := s.RunJob(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "renditions are made later", "error", err)
		}
		if did && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.wake:
		case <-tick.C:
		}
	}
}

// RunJob makes the renditions of the picture that has waited longest, of whichever shop, and reports whether there was one.
func (s *Service) RunJob(ctx context.Context) (did bool, err error) {
	j, err := claimJob(ctx, s.store.db, s.worker, s.time())
	if err != nil || j == nil {
		return false, err
	}
	ctx = auth.With(tenant.With(ctx, j.tenant), auth.Principal{Kind: auth.Service})
	err = s.renderAll(ctx, j)
	switch {
	case err == nil:
		j.status, j.failure = succeeded, ""
		return true, s.finish(ctx, j)
	case errors.Is(err, errLeaseLost), errors.Is(err, ErrNotFound):
		return true, nil // it was deleted, or somebody else is at it
	case ctx.Err() != nil:
		// Whoever else runs goes on at once.
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		return true, s.later(last, j, 0, 0)
	case errors.Is(err, ErrBroken), errors.Is(err, ErrTooManyPixels), errors.Is(err, ErrUnknownType), errors.Is(err, ErrVariety), j.attempts >= maxAttempts:
		s.log.WarnContext(ctx, "renditions cannot be made", "asset", j.asset, "error", err)
		j.status, j.failure = failed, failureOf(err)
		return true, s.finish(ctx, j)
	}
	return true, errors.Join(fmt.Errorf("renditions of %s: %w", j.asset, err), s.later(ctx, j, j.attempts, time.Duration(j.attempts)*retryAfter))
}

// failureOf is what staff are told.
func failureOf(err error) string {
	if f := fault.From(err); f.Kind() != fault.KindInternal {
		return f.Message()
	}
	return "The process that makes renditions gave up on this picture several times."
}

// finish ends a job, if it is still this process's.
func (s *Service) finish(ctx context.Context, j *job) error {
	err := s.store.db.Write(ctx, func(w *pg.Writes) error {
		saveEnd(w, j, s.worker, s.time())
		return nil
	})
	if errors.Is(err, errLeaseLost) {
		return nil
	}
	return err
}

func (s *Service) later(ctx context.Context, j *job, attempts int, pause time.Duration) error {
	now := s.time()
	err := s.store.db.Write(ctx, func(w *pg.Writes) error {
		saveLater(w, j, s.worker, attempts, now.Add(pause), now)
		return nil
	})
	if errors.Is(err, errLeaseLost) {
		return nil
	}
	return err
}

// renderAll makes those renditions of a picture that are not there, and says after each how far it is.
func (s *Service) renderAll(ctx context.Context, j *job) error {
	a, err := s.store.get(ctx, j.asset)
	if err != nil {
		return err
	}
	missing, there, err := s.missing(ctx, a)
	if err != nil {
		return err
	}
	j.done, j.total = there, renditionsOf(a.width)
	if len(missing) == 0 {
		return nil
	}
	err = s.render(ctx, s.renderer, a, missing, rendition.Formats(), func() error {
		j.done = min(j.done+1, j.total)
		return s.store.db.Write(ctx, func(w *pg.Writes) error {
			saveProgress(w, j, s.worker, s.time())
			return nil
		})
	})
	if errors.Is(err, errLeaseLost) {
		// Perhaps the picture was deleted before its last rendition was there.
		return errors.Join(err, s.removeBytes(context.WithoutCancel(ctx), found{tenant: a.tenant, sha256: a.sha256}))
	}
	return err
}

// missing lists the widths of which a format is not there yet, and counts what is.
func (s *Service) missing(ctx context.Context, a asset) (widths []int, there int, err error) {
	for _, width := range rendition.Widths(a.width) {
		complete := 0
		for _, format := range rendition.Formats() {
			ok, err := s.storage.exists(ctx, a.key().rendition(width, format).name())
			if err != nil {
				return nil, 0, unavailable(err)
			}
			if ok {
				complete++
			}
		}
		if complete == len(rendition.Formats()) {
			there += complete
		} else {
			widths = append(widths, width)
		}
	}
	return widths, there, nil
}

// render makes renditions and stores each as it is made.
func (s *Service) render(ctx context.Context, by *crew, a asset, widths []int, formats []string, stored func() error) error {
	folder := s.scratch.path()
	if err := os.Mkdir(folder, 0o700); err != nil {
		return unavailable(err)
	}
	defer os.RemoveAll(folder) //nolint:errcheck // the sweep finds it
	source := folder + "/source"
	if err := s.bring(ctx, a.key().name(), source); err != nil {
		return err
	}
	answer, err := by.do(ctx, picture.Request{Source: source, Folder: folder, Widths: widths, Formats: formats}, func(m picture.Made) error {
		k := a.key().rendition(m.Width, m.Format)
		contentType, _ := picture.ContentType(k.extension)
		if err := s.storage.put(ctx, k.name(), m.Path, contentType); err != nil {
			return unavailable(err)
		}
		if s.interrupt != nil {
			if err := s.interrupt(ctx, "rendition stored"); err != nil {
				return err
			}
		}
		return stored()
	})
	if err != nil {
		return err
	}
	if err := answer.Err(); err != nil {
		return refusal(err)
	}
	return nil
}

// bring copies an object to a file here.
func (s *Service) bring(ctx context.Context, name, file string) error {
	to, err := os.Create(file)
	if err != nil {
		return unavailable(err)
	}
	defer to.Close()
	if _, err := fetch(ctx, s.storage, name, to, maxBytes); err != nil {
		if gone(err) {
			return ErrNotFound
		}
		return unavailable(err)
	}
	return nil
}
