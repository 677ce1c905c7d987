package search

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

type tenants map[id.ID]struct{}

// rebuild fills the claimed generation from the catalogue and makes it the one that is searched.
func (s *Service) rebuild(ctx context.Context, b build) (documents int64, err error) {
	start := b.after
	kept, done := context.WithCancel(ctx)
	defer done()
	go s.keep(kept, b)
	defer func() {
		if err == nil || errors.Is(err, errLostBuild) {
			return
		}
		// So that the next attempt need not wait for the lease to run out.
		tidy, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterCancel)
		defer cancel()
		if releaseErr := s.store.release(tidy, b); releaseErr != nil {
			s.log.WarnContext(tidy, "rebuild was not released", "error", releaseErr)
		}
		s.poke()
	}()
	if err := s.store.sweep(ctx); err != nil {
		return 0, err
	}
	if err := s.copyCatalog(ctx, b); err != nil {
		return 0, err
	}
	// Before anybody searches it: what waits to be merged into an index is read by every search, and a plan made without
	// statistics of the new generation may be a slow one.
	if err := s.store.merge(ctx); err != nil {
		return 0, err
	}
	if err := s.store.db.Analyze(ctx); err != nil {
		return 0, err
	}
	if documents, err = s.store.swap(ctx, b); err != nil {
		return 0, err
	}
	if shop, ok := tenant.From(ctx); ok {
		s.recall.forget(shop)
	}
	s.log.InfoContext(ctx, "search index rebuilt", "documents", documents, "generation", b.generation, "resumed", !start.IsZero())
	// The answer is right already; what is left of older generations goes with the next rebuild at the latest.
	if err := s.store.sweep(ctx); err != nil {
		s.log.WarnContext(ctx, "old generations of the search index remain", "error", err)
	}
	return documents, nil
}

// keep holds a build while its steps take long, so that nobody takes it for one that was cut off. Until ctx ends.
func (s *Service) keep(ctx context.Context, b build) {
	tick := time.NewTicker(lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.store.keep(ctx, b); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "the rebuild could not say that it goes on", "error", err)
		}
	}
}

// exportPage is the documents of a page of the catalogue.
type exportPage struct {
	last      id.ID
	read      int    // products, also those that shoppers do not see
	locale    string // language of the shop's own texts
	documents []*document
}

// copyCatalog reads a page while the one before is written.
func (s *Service) copyCatalog(ctx context.Context, b build) error {
	pages := make(chan exportPage, 1)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(pages)
		for after := b.after; ; {
			page, err := s.readPage(ctx, after)
			if err != nil || page.last.IsZero() {
				return err
			}
			select {
			case pages <- page:
			case <-ctx.Done():
				return ctx.Err()
			}
			after = page.last
		}
	})
	g.Go(func() error {
		seen := newKnown()
		for page := range pages {
			if err := s.store.savePage(ctx, b, page, seen.learn(page.documents)); err != nil {
				return err
			}
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return fmt.Errorf("search: rebuild: %w", err)
	}
	return nil
}

// readPage reads the products after a position. A page whose last is zero is behind the end.
func (s *Service) readPage(ctx context.Context, after id.ID) (exportPage, error) {
	req := &catalogv1.ExportProductsRequest{Limit: int32(s.cfg.ExportPage)}
	if !after.IsZero() {
		req.AfterId = after.String()
	}
	for {
		res, err := s.catalog.ExportProducts(ctx, req)
		if err != nil {
			if req.Limit <= 1 || ctx.Err() != nil {
				return exportPage{}, err //nolint:wrapcheck // the caller says where
			}
			req.Limit /= 2 // products with long descriptions can make an answer too large for the door
			continue
		}
		page := exportPage{locale: res.GetLocales().GetDefaultLocale(), read: len(res.GetProducts())}
		for _, g := range goodsOf(res) {
			documents, err := describe(g)
			if err != nil {
				return exportPage{}, err
			}
			page.documents = append(page.documents, documents...)
			if page.last, err = id.Parse(g.product.GetId()); err != nil {
				return exportPage{}, fmt.Errorf("product %q: %w", g.product.GetId(), err)
			}
		}
		return page, nil
	}
}

// fillEmpty rebuilds, once per tenant and start, an index that is empty while the catalogue is not: after a restore of
// the catalogue alone, or when products are older than the stream of events.
func (s *Service) fillEmpty(ctx context.Context, checked tenants) error {
	all, err := s.store.allTenants(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, t := range all {
		if _, ok := checked[t]; ok {
			continue
		}
		if err := s.fillTenant(tenant.With(ctx, t)); err != nil {
			failed = errors.Join(failed, fmt.Errorf("tenant %s: %w", t, err))
			continue
		}
		checked[t] = struct{}{}
	}
	return failed
}

func (s *Service) fillTenant(ctx context.Context) error {
	empty, err := s.store.isEmpty(ctx)
	if err != nil || !empty {
		return err
	}
	res, err := s.catalog.ExportProducts(ctx, &catalogv1.ExportProductsRequest{Limit: 1})
	if err != nil || len(res.GetProducts()) == 0 {
		return err //nolint:wrapcheck // the caller says where
	}
	return s.rebuildUnlessHeld(ctx, false)
}

// resume does the rebuilds that were cut off or asked for.
func (s *Service) resume(ctx context.Context) error {
	waiting, err := s.store.waiting(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, t := range waiting {
		if err := s.rebuildUnlessHeld(tenant.With(ctx, t), true); err != nil {
			failed = errors.Join(failed, fmt.Errorf("tenant %s: %w", t, err))
		}
	}
	return failed
}

func (s *Service) rebuildUnlessHeld(ctx context.Context, resume bool) error {
	b, ok, err := s.store.claim(ctx, resume)
	if err != nil || !ok {
		return err
	}
	_, err = s.rebuild(ctx, b)
	if errors.Is(err, errLostBuild) {
		return nil // somebody began anew, which is as good
	}
	return err
}

// claimFresh begins a new generation as soon as no other rebuild runs.
func (s *Service) claimFresh(ctx context.Context) (build, error) {
	const look = 100 * time.Millisecond
	for {
		b, ok, err := s.store.claim(ctx, false)
		if err != nil || ok {
			return b, err
		}
		timer := time.NewTimer(look)
		select {
		case <-ctx.Done():
			timer.Stop()
			return build{}, ErrRebuilding.WithCause(ctx.Err())
		case <-timer.C:
		}
	}
}
