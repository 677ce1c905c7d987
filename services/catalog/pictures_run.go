package catalog

import (
	"context"
	"errors"
	"slices"
	"time"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// foreignPictures adds those pictures of a chunk that were fetched from their addresses before, by address.
func (s *Service) foreignPictures(ctx context.Context, wishes []*wish, into map[string]link) error {
	var urls []string
	for _, w := range wishes {
		for _, want := range w.pictures {
			if want.media.IsZero() && isForeign(want.url) {
				urls = append(urls, want.url)
			}
		}
	}
	slices.Sort(urls)
	for part := range slices.Chunk(slices.Compact(urls), mediaPage) {
		answer, err := s.media.FindFetchedAssets(ctx, &mediav1.FindFetchedAssetsRequest{Urls: part})
		if err != nil {
			return err
		}
		for _, found := range answer.GetAssets() {
			if into[found.GetUrl()], err = linkFromAsset(found.GetAsset()); err != nil {
				return err
			}
		}
	}
	return nil
}

// runPictures fetches the pictures that imports have named, until ctx ends.
func (s *Service) runPictures(ctx context.Context) {
	if s.media == nil {
		return
	}
	tick := time.NewTicker(jobTick)
	defer tick.Stop()
	for ctx.Err() == nil {
		did, err := s.FetchPicture(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "a picture of an import is fetched later", "error", err)
		}
		if did && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.wakePictures:
		case <-tick.C:
		}
	}
}

// pokePictures says that there may be a picture to fetch; losing it costs a tick.
func (s *Service) pokePictures() {
	select {
	case s.wakePictures <- struct{}{}:
	default:
	}
}

// FetchPicture has the picture fetched that has waited longest, of whichever shop, and shows it with its product. It reports
// whether there was one.
func (s *Service) FetchPicture(ctx context.Context) (did bool, err error) {
	f, err := claimPicture(ctx, s.db, s.worker, s.time())
	if err != nil || f == nil {
		return false, err
	}
	ctx = auth.With(tenant.With(ctx, f.tenant), auth.Principal{Kind: auth.Service})
	if s.interrupt != nil {
		if err := s.interrupt(ctx, "picture claimed"); err != nil {
			return true, err
		}
	}
	err = s.showFetched(ctx, *f)
	switch {
	case err == nil, errors.Is(err, errPictureGone), errors.Is(err, ErrProductNotFound):
		return true, nil
	case ctx.Err() != nil:
		return true, err // another process takes over once the lease has run out
	}
	after, again := f.judge(err, s.time())
	err = s.db.Write(ctx, func(w *pg.Writes) error {
		if again != nil {
			savePictureLater(w, after, s.worker, *again)
		} else {
			savePictureEnd(w, after, s.worker)
		}
		return nil
	})
	if errors.Is(err, errPictureGone) {
		return true, nil
	}
	return true, err
}

// showFetched has a picture taken in, and puts it on its product together with the end of the work: both or neither.
func (s *Service) showFetched(ctx context.Context, f foreignPicture) error {
	fetching, cancel := context.WithTimeout(ctx, pictureTime)
	defer cancel()
	alt := ""
	if f.alt != nil {
		alt = *f.alt
	}
	answer, err := s.media.FetchAsset(fetching, &mediav1.FetchAssetRequest{Url: f.url, Alt: alt})
	if err != nil {
		return err
	}
	fetched, err := linkFromAsset(answer.GetAsset())
	if err != nil {
		return err
	}
	f.status, f.code, f.message = pictureDone, "", ""
	_, err = s.changeProduct(ctx, f.product.String(), 0, func(ctx context.Context, tx *pg.Tx, p *product) error {
		links := []link{fetched}
		if err := asTheyAre(ctx, tx, links); err != nil {
			return err
		}
		img := links[0].image
		if f.alt != nil {
			img.alt, img.ownAlt = *f.alt, true
		}
		if err := p.insertImage(img, f.position); err != nil {
			return err
		}
		for _, which := range f.variants {
			if v := p.variant(which); v != nil && !v.archived {
				v.image = img.id
			}
		}
		savePictureEnd(&tx.Writes, f, s.worker)
		return nil
	})
	return err
}
