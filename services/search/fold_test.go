package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

// exported counts how often the catalogue is asked for each product by its id, and how many requests that takes.
type exported struct {
	mu       sync.Mutex
	products map[string]int
	requests int
}

func (r room) count() *exported {
	a := &exported{products: map[string]int{}}
	r.shelf.hook(func(req *catalogv1.ExportProductsRequest) error {
		a.mu.Lock()
		defer a.mu.Unlock()
		if len(req.GetIds()) > 0 {
			a.requests++
		}
		for _, p := range req.GetIds() {
			a.products[p]++
		}
		return nil
	}, nil)
	return a
}

// However many events of a product wait, it is read and written once for all of them: a thousand events of ten products are one
// question and one transaction. The bound is two, because an event that the stream gives out before the others wait is
// handled alone.
func TestEventsThatWaitAreFolded(t *testing.T) {
	t.Parallel()
	const bound = 2
	for name, serve := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, _ := withEngine(t, name, serve)
			js := bustest.Start(t)
			all := many(10, "linen")
			r.stock(t, all...)
			r.run(t)
			r.fed(t)
			for i := range 1000 {
				p := all[i%len(all)]
				p.Version++
				p.Title = fmt.Sprintf("hemp %d", i)
				r.shelf.put(tenant.Default(), p)
				bustest.Publish(t, js, productEvent(t, p, "updated"))
			}
			a := r.count()
			before := r.db.Statements()
			runner := bustest.Run(t, r.db, js, r.Consumers()...)
			eventually(t, "all are handled", func() bool { return runner.Stats().Handled == 1000 })
			statements := r.db.Statements() - before
			a.mu.Lock()
			defer a.mu.Unlock()
			for p, n := range a.products {
				if n > bound {
					t.Errorf("product %s was read %d times", p, n)
				}
			}
			if stats := runner.Stats(); stats.Folds > bound || a.requests > bound || len(a.products) != 10 {
				t.Errorf("%d transactions, %d requests, %d products", stats.Folds, a.requests, len(a.products))
			}
			if statements > 200 { // and the ticks of relays and of Run, one event alone takes some 20
				t.Errorf("%d statements", statements)
			}
			t.Logf("1000 events: %d requests, %d transactions, %d statements", a.requests, runner.Stats().Folds, statements)
			r.fed(t)
			if n := r.total(t, "hemp"); n != 10 {
				t.Errorf("%d are found", n)
			}
			if n := r.total(t, "linen"); n != 0 {
				t.Errorf("%d are found by what they were called", n)
			}
		})
	}
}

// While events wait, the index says how many and for how long.
func TestABacklogIsSeen(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	js := bustest.Start(t)
	r.behind = func(ctx context.Context, consumers []bus.Consumer) (pending int64, seconds float64, err error) {
		for _, c := range consumers {
			lag, err := bus.LagOf(ctx, js, c)
			if err != nil {
				return 0, 0, err
			}
			pending, seconds = pending+lag.Pending, max(seconds, lag.Seconds(lag.Oldest.Add(7*time.Second)))
		}
		return pending, seconds, nil
	}
	all := many(20, "linen")
	r.stock(t, all...)
	gate, reached := make(chan struct{}), make(chan struct{})
	var once sync.Once
	r.shelf.hook(func(req *catalogv1.ExportProductsRequest) error {
		once.Do(func() { close(reached) })
		<-gate
		return nil
	}, nil)
	if i := r.index(t); i.GetPending() != 0 || i.GetLagSeconds() != 0 {
		t.Errorf("at first %v", i)
	}
	runner := bustest.Run(t, r.db, js, r.Consumers()...)
	bustest.Publish(t, js, productEvent(t, all[0], "updated"))
	<-reached
	for i := range 60 {
		bustest.Publish(t, js, productEvent(t, all[i%20], "updated"))
	}
	eventually(t, "all wait, which the server counts behind what it takes in", func() bool {
		i := r.index(t)
		return i.GetPending() == 61 && i.GetLagSeconds() == 7
	})
	close(gate)
	eventually(t, "it is level", func() bool {
		i := r.index(t)
		return i.GetPending() == 0 && i.GetLagSeconds() == 0
	})
	if stats := runner.Stats(); stats.Handled != 61 || stats.Folds > 3 {
		t.Errorf("%+v", stats)
	}
}

// A product the catalogue cannot tell is a dead letter, and the others that waited with it are found.
func TestAProductThatCannotBeRead(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	js := bustest.Start(t)
	all := many(30, "linen")
	r.shelf.put(tenant.Default(), all...)
	bad := all[11].GetId()
	var found atomic.Int64
	r.shelf.hook(func(req *catalogv1.ExportProductsRequest) error {
		if !slices.Contains(req.GetIds(), bad) {
			return nil
		}
		if len(req.GetIds()) == 1 {
			found.Store(r.total(t, "linen"))
		}
		return errors.New("cannot be told")
	}, nil)
	for range 3 {
		for _, p := range all {
			bustest.Publish(t, js, productEvent(t, p, "updated"))
		}
	}
	runner := bustest.Run(t, r.db, js, r.Consumers()...)
	eventually(t, "its events are dead letters", func() bool { return runner.Stats().Dead == 3 })
	if found.Load() != 29 {
		t.Errorf("when it was tried for the last time, %d others were found", found.Load())
	}
	r.shelf.hook(nil, nil)
	if n, err := bus.Replay(pgtest.Context(t), js, bus.LetterFilter{Consumer: "search-index"}); err != nil || n != 3 {
		t.Fatalf("replayed %d, %v", n, err)
	}
	eventually(t, "it is found", func() bool { return r.total(t, "linen") == 30 })
}

// Names that change at once, with few enough products each and too many together, are refreshed in portions and not by a
// rebuild; one with too many asks for a rebuild, and what waited with it is refreshed at once.
func TestNamesThatChangeTogether(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.cfg.ExportPage = 1000
	js := bustest.Start(t)
	var brands []*catalogv1.BrandRef
	var all []*catalogv1.Product
	for i := range 3 {
		b := brand(fmt.Sprint("brand-", i), fmt.Sprint("Brand ", i))
		brands = append(brands, b)
		for range refreshed/2 - 100*i + 100 {
			all = append(all, product("linen", branded(b)))
		}
	}
	r.stock(t, all...)
	for _, p := range all {
		p.Brand = &catalogv1.BrandRef{Id: p.GetBrand().GetId(), Slug: "new-" + p.GetBrand().GetSlug(), Name: p.GetBrand().GetName()}
	}
	r.shelf.put(tenant.Default(), all...)
	for _, b := range brands {
		for range 2 {
			bustest.Publish(t, js, brandEvent(t, b))
		}
	}
	a := r.count()
	runner := bustest.Run(t, r.db, js, r.Consumers()...)
	eventually(t, "all are handled", func() bool { return runner.Stats().Handled == 6 })
	for i, b := range brands {
		if n := r.search(t, &searchv1.SearchProductsRequest{Brands: []string{"new-" + b.GetSlug()}}).GetPage().GetTotal(); n != int64(refreshed/2-100*i+100) {
			t.Errorf("%d of brand %d have its new name", n, i)
		}
	}
	for p, n := range a.products {
		if n != 1 {
			t.Errorf("product %s was read %d times", p, n)
		}
	}
	if n := r.number(t, "select count(*) from indexes where wanted"); n != 0 || runner.Stats().Dead != 0 {
		t.Error("a rebuild was asked for")
	}

	shop := brand("shop", "Shop")
	for _, p := range all {
		p.Brand = shop
	}
	r.stock(t, all...)
	all[0].Title = "hemp"
	r.shelf.put(tenant.Default(), all[0])
	handled := runner.Stats().Handled
	for range 2 {
		bustest.Publish(t, js, brandEvent(t, shop))
		bustest.Publish(t, js, productEvent(t, all[0], "updated"))
	}
	eventually(t, "all are handled", func() bool { return runner.Stats().Handled == handled+4 })
	if n := r.number(t, "select count(*) from indexes where wanted"); n != 1 || runner.Stats().Dead != 0 || r.total(t, "hemp") != 1 {
		t.Errorf("rebuilds asked for: %d, %+v", n, runner.Stats())
	}
}

// Products change while the room ends in the middle of folds, at one line or another, and is started again; events come twice
// and late. In the end the index is what a rebuild makes of the catalogue.
func TestFoldsThatAreCutOffEndLevel(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	js := bustest.Start(t)
	maison := brand("maison", "Maison")
	all := many(60, "linen")
	for _, p := range all[:20] {
		p.Brand = maison
	}
	r.stock(t, all...)
	random := rand.New(rand.NewPCG(3, 4))
	var events []bus.Event
	change := func(n int) {
		for i := range n {
			p := all[random.IntN(len(all))]
			p.Version++
			p.Title = fmt.Sprintf("linen %d", i)
			p.Status = catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED
			e := productEvent(t, p, "updated")
			switch random.IntN(8) {
			case 0:
				p.Status = catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT
				r.shelf.put(tenant.Default(), p)
			case 1:
				r.shelf.drop(tenant.Default(), p.GetId())
				e = productEvent(t, p, "deleted")
			case 2:
				maison.Name = fmt.Sprint("Maison ", p.GetVersion())
				for _, p := range all[:20] {
					if r.shelf.title(p.GetId()) != p.GetId() {
						r.shelf.put(tenant.Default(), p)
					}
				}
				e = brandEvent(t, proto.CloneOf(maison))
			default:
				r.shelf.put(tenant.Default(), p)
			}
			events = append(events, e)
			bustest.Publish(t, js, e)
			if random.IntN(4) == 0 {
				bustest.PublishUnrecognised(t, js, events[random.IntN(len(events))]) // again, and late
			}
		}
	}
	for round := range 8 {
		change(100)
		ctx, die := context.WithCancel(pgtest.Context(t))
		runner := bus.NewRunner(bus.Config{LockURL: r.db.URL, Consumers: r.mortal(t, round, die), Tick: 50 * time.Millisecond},
			bus.Deps{DB: r.db.DB, JS: js, Logger: slog.New(slog.DiscardHandler), Now: time.Now})
		_ = runner.Run(ctx)
		die()
	}
	change(50)
	last := product("last")
	r.shelf.put(tenant.Default(), last)
	bustest.Publish(t, js, productEvent(t, last, "created"))
	runner := bustest.Run(t, r.db, js, r.Consumers()...)
	eventually(t, "all events are applied", func() bool {
		lag, err := bus.LagOf(t.Context(), js, r.Consumers()[0])
		return err == nil && lag.Pending == 0 && r.total(t, "last") == 1
	})
	if runner.Stats().Dead > 0 {
		t.Errorf("%+v", runner.Stats())
	}
	live := r.index(t).GetContentHash()
	r.rebuild(t)
	if again := r.index(t).GetContentHash(); again != live {
		t.Errorf("the index is %s, and %s when it is rebuilt", live, again)
	}
}

// mortal are the room's consumers, which call die somewhere in the middle.
func (r room) mortal(t *testing.T, round int, die func()) []bus.Consumer {
	t.Helper()
	consumers := r.Consumers()
	fold := consumers[0].Fold
	fold.Events, fold.Aggregates = 40, 8 // many folds
	prepare, handle := fold.Prepare, fold.Handle
	n := 0
	switch round % 4 {
	case 0: // the products are read
		fold.Prepare = func(ctx context.Context, events []bus.Event) (any, error) {
			prepared, err := prepare(ctx, events)
			if n++; n == 4 {
				die()
			}
			return prepared, err
		}
	case 1: // they are written, and not committed
		fold.Handle = func(ctx context.Context, tx *pg.Tx, events []bus.Event, prepared any) error {
			err := handle(ctx, tx, events, prepared)
			if n++; n == 4 {
				die()
			}
			return err
		}
	case 2: // committed, and not all acknowledged
		consumers[0].After = func(context.Context, bus.Event) {
			if n++; n == 30 {
				die()
			}
		}
	case 3: // the database ends every connection in the middle of a transaction
		fold.Handle = func(ctx context.Context, tx *pg.Tx, events []bus.Event, prepared any) error {
			err := handle(ctx, tx, events, prepared)
			if n++; n == 3 {
				r.cut(t)
			}
			if n == 6 {
				die()
			}
			return err
		}
	}
	return consumers
}
