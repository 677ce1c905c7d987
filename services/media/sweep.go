package media

import (
	"context"
	"errors"
	"path"
	"time"

	"github.com/sovecom/sovecom/kit/tenant"
)

const (
	sweepEvery = time.Hour
	// spareAge is how old an object must be that nothing points at, before it is taken for left behind: longer than any
	// upload takes.
	spareAge = time.Hour
)

// runSweeps removes what nothing points at, and retires old keys, at once and then every hour.
func (s *Service) runSweeps(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "what nothing points at was not removed", "error", err)
		}
		if err := s.rotateOld(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "keys of signed addresses are changed later", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// removeBytes removes the bytes of a deleted asset, and what was made of them, unless the same bytes have come again
// meanwhile.
func (s *Service) removeBytes(ctx context.Context, f found) error {
	return s.store.ifUnused(ctx, f.tenant, f.sha256, f.private, func() error {
		if f.private {
			return unavailable(s.storage.remove(ctx, privateObject(f.tenant, f.sha256)))
		}
		folder := path.Join(f.tenant.String(), f.sha256[:2], f.sha256)
		failed := removeAll(ctx, s.storage, folder+"/")
		for _, extension := range []string{"jpg", "png", "gif", "webp", "avif"} {
			failed = errors.Join(failed, s.storage.remove(ctx, folder+"."+extension))
		}
		return unavailable(failed)
	})
}

// sweep removes what crashes, and uploads that were given up, have left behind.
func (s *Service) sweep(ctx context.Context) error {
	failed := s.scratch.sweep(spareAge)
	const portion = 500
	var objects []found // of one tenant
	check := func() error {
		if len(objects) == 0 {
			return nil
		}
		ctx := tenant.With(ctx, objects[0].tenant)
		spare, err := s.store.unused(ctx, objects)
		if err != nil {
			return err
		}
		for _, f := range spare {
			if err := s.removeBytes(ctx, f); err != nil {
				return err
			}
		}
		objects = objects[:0]
		return nil
	}
	err := s.storage.walk(ctx, "", spareAge, func(name string) error {
		f, ok := parseName(name)
		if !ok {
			return nil
		}
		if !f.incoming.IsZero() {
			return s.sweepIncoming(ctx, name)
		}
		if len(objects) == portion || len(objects) > 0 && objects[0].tenant != f.tenant {
			if err := check(); err != nil {
				return err
			}
		}
		objects = append(objects, f)
		return nil
	})
	if err == nil {
		err = check()
	}
	return errors.Join(failed, err, s.store.oldUploads(ctx, s.time().Add(-uploadsKept)))
}

// sweepIncoming removes what was sent and never taken in. Its age was looked at; an upload may have a longer time.
func (s *Service) sweepIncoming(ctx context.Context, name string) error {
	f, _ := parseName(name)
	u, err := s.store.getUpload(tenant.With(ctx, f.tenant), f.incoming)
	if err == nil && u.asset.IsZero() && s.time().Before(u.expiresAt.Add(spareAge)) {
		return nil
	}
	if err != nil && !errors.Is(err, ErrUploadNotFound) {
		return err
	}
	return s.storage.remove(ctx, name)
}
