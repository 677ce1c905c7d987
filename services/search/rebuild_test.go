package search

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

func many(n int, title string) []*catalogv1.Product {
	out := make([]*catalogv1.Product, n)
	for i := range out {
		out[i] = product(fmt.Sprintf("%s %d", title, i))
	}
	return out
}

func (r room) rebuild(t testing.TB) int64 {
	t.Helper()
	return must(r.client.Rebuild(pgtest.Context(t), &searchv1.RebuildRequest{}))(t).GetDocuments()
}

func (s *shelf) hook(before func(*catalogv1.ExportProductsRequest) error, after func(*catalogv1.ExportProductsRequest)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before, s.after = before, after
}

func isPage(req *catalogv1.ExportProductsRequest) bool {
	return len(req.GetIds()) == 0 && req.GetLimit() > 1
}

func TestRebuildSwapsInOneStep(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	all := many(50, "linen")
	all[7].Status = catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT
	r.shelf.put(tenant.Default(), all...)
	if n := r.rebuild(t); n != 49 {
		t.Errorf("%d documents", n)
	}
	// Half way through the next rebuild, and with products gone, searches see the whole old index.
	for _, p := range all[:30] {
		r.shelf.drop(tenant.Default(), p.GetId())
	}
	var seen atomic.Int64
	r.shelf.hook(nil, func(req *catalogv1.ExportProductsRequest) {
		if isPage(req) {
			if n := r.total(t, "linen"); n != 49 {
				t.Errorf("during the rebuild %d are found", n)
			}
			seen.Add(1)
		}
	})
	if n := r.rebuild(t); n != 20 || r.total(t, "linen") != 20 || seen.Load() < 1 {
		t.Errorf("%d documents, %d found, %d looks", n, r.total(t, "linen"), seen.Load())
	}
	r.onlyOneGeneration(t)
}

func (r room) onlyOneGeneration(t testing.TB) {
	t.Helper()
	for _, table := range []string{"documents", "bodies", "lexicon", "facet_values"} {
		if n := r.number(t, "select count(*) from "+table+" where generation <> (select live from indexes)"); n != 0 {
			t.Errorf("%d rows of old generations in %s", n, table)
		}
	}
	if n := r.number(t, "select count(*) from documents where removed"); n != 0 {
		t.Errorf("%d tombstones are left", n)
	}
	if d, b := r.number(t, "select count(*) from documents"), r.number(t, "select count(*) from bodies"); d != b {
		t.Errorf("%d documents and %d bodies", d, b)
	}
}

// What happens while a page is on its way must not be undone when it arrives.
func TestEventsWinOverPagesReadBefore(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	js := bustest.Start(t)
	all := many(50, "linen")
	r.shelf.put(tenant.Default(), all...)
	runner := bustest.Run(t, r.db, js, r.Consumers()...)
	var once sync.Once
	r.shelf.hook(nil, func(req *catalogv1.ExportProductsRequest) {
		if !isPage(req) {
			return
		}
		once.Do(func() { // the first page is made and not yet delivered
			changed, deleted, unpublished, added := all[1], all[2], all[3], product("linen new")
			changed.Title = "hemp"
			unpublished.Status = catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT
			r.shelf.put(tenant.Default(), changed, unpublished, added)
			r.shelf.drop(tenant.Default(), deleted.GetId())
			handled := runner.Stats().Handled
			for _, p := range []*catalogv1.Product{changed, deleted, unpublished, added} {
				bustest.Publish(t, js, productEvent(t, p, "updated"))
			}
			eventually(t, "the events are handled", func() bool { return runner.Stats().Handled == handled+4 })
		})
	})
	if n := r.rebuild(t); n != 49 {
		t.Errorf("%d documents", n)
	}
	if hemp, linen := r.total(t, "hemp"), r.total(t, "linen"); hemp != 1 || linen != 48 {
		t.Errorf("hemp %d, linen %d", hemp, linen)
	}
	r.onlyOneGeneration(t)
}

func TestRunFillsAnEmptyIndex(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	other := id.New()
	r.addTenant(t, other)
	r.shelf.put(tenant.Default(), many(5, "linen")...)
	r.shelf.put(other, many(3, "linen")...)
	var failures atomic.Int64
	r.shelf.hook(func(*catalogv1.ExportProductsRequest) error {
		if failures.Add(1) <= 2 { // the catalogue starts later
			return errors.New("not yet")
		}
		return nil
	}, nil)
	r.run(t)
	eventually(t, "both indexes are full", func() bool {
		res, err := r.client.SearchProducts(tenant.With(t.Context(), other), &searchv1.SearchProductsRequest{})
		return r.total(t, "linen") == 5 && err == nil && res.GetPage().GetTotal() == 3
	})
}

// A rebuild whose caller gives up is finished by Run, from where it was.
func TestRunResumesWhatWasCutOff(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.shelf.put(tenant.Default(), many(100, "linen")...)
	ctx, cancel := context.WithCancel(pgtest.Context(t))
	var pages atomic.Int64
	r.shelf.hook(func(req *catalogv1.ExportProductsRequest) error {
		if isPage(req) && pages.Add(1) == 4 {
			eventually(t, "two pages are written", func() bool { return r.number(t, "select count(*) from documents") >= 40 })
			cancel()
		}
		return nil
	}, nil)
	if _, err := r.client.Rebuild(ctx, &searchv1.RebuildRequest{}); err == nil {
		t.Fatal("the caller had given up")
	}
	eventually(t, "the build is released", func() bool { return r.number(t, "select count(*) from indexes where lease_until is null") == 1 })
	if r.total(t, "linen") != 0 {
		t.Error("half an index is searched")
	}
	before := pages.Load()
	r.run(t)
	eventually(t, "all are found", func() bool { return r.total(t, "linen") == 100 })
	if again := pages.Load() - before; again > 4 {
		t.Errorf("%d pages were read again, it began anew", again)
	}
	r.onlyOneGeneration(t)
}

func TestRebuildsTakeTurns(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.shelf.put(tenant.Default(), many(60, "linen")...)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if n := r.rebuild(t); n != 60 {
				t.Errorf("%d documents", n)
			}
		})
	}
	wg.Wait()
	r.onlyOneGeneration(t)
	// Somebody who holds the build and does not end makes others wait no longer than their deadline.
	if _, ok, err := r.store.claim(pgtest.Context(t), false); !ok || err != nil {
		t.Fatal(ok, err)
	}
	ctx, cancel := context.WithTimeout(pgtest.Context(t), 300*time.Millisecond)
	defer cancel()
	if _, err := r.claimFresh(ctx); !errors.Is(err, ErrRebuilding) {
		t.Errorf("got %v", err)
	}
}

// A builder that was thought dead must not write into, or swap, what another has begun.
func TestALostBuildEnds(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	ctx := pgtest.Context(t)
	slow, ok, err := r.store.claim(ctx, false)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if err := r.store.release(ctx, slow); err != nil { // as if its lease had run out
		t.Fatal(err)
	}
	if _, ok, err := r.store.claim(ctx, false); err != nil || !ok {
		t.Fatal(ok, err)
	}
	d := must(describe(goodsOf(&catalogv1.ExportProductsResponse{Products: []*catalogv1.Product{product("linen")}})[0]))(t)
	if err := r.store.savePage(ctx, slow, exportPage{last: d[0].product, documents: d}, news{words: d[0].lexicon}); !errors.Is(err, errLostBuild) {
		t.Errorf("writing: %v", err)
	}
	if _, err := r.store.swap(ctx, slow); !errors.Is(err, errLostBuild) {
		t.Errorf("swapping: %v", err)
	}
	if n := r.number(t, "select count(*) from documents"); n != 0 {
		t.Errorf("it wrote %d documents", n)
	}
}

// An answer too large for the door is asked for again in smaller portions.
func TestLargeProductsTravelInSmallPortions(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.shelf.put(tenant.Default(), many(45, "linen")...)
	r.shelf.hook(func(req *catalogv1.ExportProductsRequest) error {
		if req.GetLimit() > 10 {
			return errors.New("too large")
		}
		return nil
	}, nil)
	if n := r.rebuild(t); n != 45 {
		t.Errorf("%d documents", n)
	}
}

// TestAnOlderIndex is replaced by an empty one that is filled at once, under a number that no engine has seen.
func TestAnOlderIndex(t *testing.T) {
	t.Parallel()
	all := fstest.MapFS{"00059_old.sql": {Data: []byte(`-- +goose Up
create table indexes (tenant_id uuid primary key default current_tenant() references tenants (id), live bigint not null, last bigint not null);
call protect('indexes', true);
create table documents (product_id uuid primary key, words tsvector);
alter table indexes no force row level security;
insert into indexes (tenant_id, live, last) select id, 6, 7 from tenants;
insert into feeds (engine, tenant_id, fed) select 'typesense', id, 6 from tenants;
alter table indexes force row level security;`)}}
	for _, name := range must(fs.Glob(Migrations(), "*.sql"))(t) {
		all[name] = &fstest.MapFile{Data: must(fs.ReadFile(Migrations(), name))(t)}
	}
	r := room{db: pgtest.New(t, "old_search", all)}
	if n := r.number(t, "select count(*) from indexes where live = 8 and last = 8 and wanted"); n != 1 {
		t.Error("the index is not begun anew, under a new number")
	}
	if n := r.number(t, "select count(*) from feeds where fed = 0"); n != 1 {
		t.Error("an engine is believed to hold the new index")
	}
	pgtest.Isolation(t, r.db)
}
