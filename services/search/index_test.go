package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

func (r room) index(t testing.TB) *searchv1.Index {
	t.Helper()
	return must(r.client.GetIndex(staff(pgtest.Context(t)), &searchv1.GetIndexRequest{}))(t).GetIndex()
}

// However an index came about, from pages or from events in any order, the same products give the same hash.
func TestRebuildUnderLoadEndsWithTheSameHash(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	js := bustest.Start(t)
	all := many(120, "linen")
	r.stock(t, all...)
	runner := bustest.Run(t, r.db, js, r.Consumers()...)
	r.run(t)
	random := rand.New(rand.NewPCG(1, 1))
	change := func(n int) {
		for i := range n {
			p := all[random.IntN(len(all))]
			p.Version++
			p.Title = fmt.Sprintf("linen %d", i)
			switch random.IntN(6) {
			case 0:
				p.Status = catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT
			case 1:
				r.shelf.drop(tenant.Default(), p.GetId())
				bustest.Publish(t, js, productEvent(t, p, "deleted"))
				continue
			default:
				p.Status = catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED
			}
			r.shelf.put(tenant.Default(), p)
			e := productEvent(t, p, "updated")
			bustest.Publish(t, js, e)
			if random.IntN(4) == 0 { // what comes twice, or late, does no harm
				late := e
				late.ID, late.Sequence = id.New(), 1
				bustest.Publish(t, js, late)
			}
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() { change(300) })
	var jobs []string
	for range 3 {
		job := must(r.client.StartRebuild(staff(pgtest.Context(t)), &searchv1.StartRebuildRequest{}))(t).GetRebuild()
		jobs = append(jobs, job.GetId())
		eventually(t, "the rebuild is done", func() bool {
			got := must(r.client.GetRebuild(staff(pgtest.Context(t)), &searchv1.GetRebuildRequest{Id: job.GetId()}))(t).GetRebuild()
			if got.GetStatus() != searchv1.RebuildStatus_REBUILD_STATUS_DONE {
				return false
			}
			if got.GetDone() < 1 || got.GetHashAfter() == "" || got.GetStartedAt() == nil || got.GetFinishedAt() == nil {
				t.Errorf("job %v", got)
			}
			return true
		})
	}
	wg.Wait()
	last := product("last")
	r.shelf.put(tenant.Default(), last)
	bustest.Publish(t, js, productEvent(t, last, "created"))
	eventually(t, "all events are applied", func() bool { return r.total(t, "last") == 1 })
	live := r.index(t)
	if live.GetProducts() == 0 || live.GetDocuments() < live.GetProducts() {
		t.Errorf("index %v", live)
	}
	// Nothing changes any more: a rebuild ends with what is live.
	job := must(r.client.StartRebuild(staff(pgtest.Context(t)), &searchv1.StartRebuildRequest{}))(t).GetRebuild()
	eventually(t, "the rebuild is done", func() bool {
		job = must(r.client.GetRebuild(staff(pgtest.Context(t)), &searchv1.GetRebuildRequest{Id: job.GetId()}))(t).GetRebuild()
		return job.GetStatus() == searchv1.RebuildStatus_REBUILD_STATUS_DONE
	})
	if job.GetHashBefore() != live.GetContentHash() || job.GetHashAfter() != live.GetContentHash() || r.index(t).GetContentHash() != live.GetContentHash() {
		t.Errorf("before %s, after %s, live %s", job.GetHashBefore(), job.GetHashAfter(), live.GetContentHash())
	}
	if r.index(t).GetGeneration() <= live.GetGeneration() {
		t.Error("it was not rebuilt")
	}
	// The hash can fail: one product more is another content.
	more := product("one more")
	r.shelf.put(tenant.Default(), more)
	handled := runner.Stats().Handled
	bustest.Publish(t, js, productEvent(t, more, "created"))
	eventually(t, "it is handled", func() bool { return runner.Stats().Handled > handled })
	if r.index(t).GetContentHash() == live.GetContentHash() {
		t.Error("another content has the same hash")
	}
	var seen []string
	req := &searchv1.ListRebuildsRequest{Page: &typev1.PageRequest{Limit: 2}}
	for range 10 {
		res := must(r.client.ListRebuilds(staff(pgtest.Context(t)), req))(t)
		for _, j := range res.GetRebuilds() {
			seen = append(seen, j.GetId())
		}
		if req.Page.After = res.GetPage().GetNext(); req.Page.After == nil {
			break
		}
	}
	for _, j := range jobs {
		if n := len(seen) - len(slices.DeleteFunc(slices.Clone(seen), func(s string) bool { return s == j })); n != 1 {
			t.Errorf("the rebuild %s is listed %d times", j, n)
		}
	}
}

// A product that loses a language, in an event that overtakes the page it was read with, does not keep it.
func TestALanguageThatIsGoneStaysGone(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	js := bustest.Start(t)
	r.shelf.locales = &catalogv1.Locales{DefaultLocale: "en", Locales: []*catalogv1.Locale{{Code: "de"}, {Code: "fr"}}}
	p := product("Linen shirt")
	german := "Leinenhemd"
	translated := &catalogv1.ProductExtras{Translations: []*catalogv1.ProductTranslation{{Locale: "de", Title: &german}}}
	r.shelf.extras[p.GetId()] = translated
	r.stock(t, p)
	runner := bustest.Run(t, r.db, js, r.Consumers()...)
	if n := r.number(t, "select count(*) from documents"); n != 2 {
		t.Fatalf("%d documents", n)
	}
	var once sync.Once
	r.shelf.hook(nil, func(req *catalogv1.ExportProductsRequest) {
		if !isPage(req) {
			return
		}
		once.Do(func() { // the page holds the translation
			r.shelf.mu.Lock()
			r.shelf.extras[p.GetId()] = &catalogv1.ProductExtras{}
			r.shelf.mu.Unlock()
			handled := runner.Stats().Handled
			p.Version++
			bustest.Publish(t, js, productEvent(t, p, "updated"))
			eventually(t, "the event is handled", func() bool { return runner.Stats().Handled > handled })
		})
	})
	r.rebuild(t)
	if n := r.number(t, "select count(*) from documents"); n != 1 {
		t.Errorf("%d documents", n)
	}
	r.onlyOneGeneration(t)
}
