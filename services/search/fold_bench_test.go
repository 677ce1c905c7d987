package search

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
)

// BenchmarkBacklog changes products of a shop while nobody looks, and has the room come up with the events: one at a time, and
// folded, in turns of the same run. It reports how many events a second each took, and the ratio.
//
//	go test -run XXX -bench Backlog -benchtime 1x ./services/search
func BenchmarkBacklog(b *testing.B) {
	const products = 2_000
	for _, c := range []struct {
		name           string
		changed, times int
	}{{"2000 products changed once", 2000, 1}, {"500 products changed five times", 500, 5}} {
		b.Run(c.name, func(b *testing.B) {
			var took [2]time.Duration
			var events, folds [2]int64
			for b.Loop() {
				shop := newBacklog(b, products)
				for i, most := range []int{1, inHand} {
					for range 2 { // each leaves the other another price to write
						shop.change(b, c.changed, c.times)
						t, n := shop.catchUp(b, most)
						took[i] += t
						events[i] += int64(c.changed * c.times)
						folds[i] += n
					}
				}
			}
			alone, folded := float64(events[0])/took[0].Seconds(), float64(events[1])/took[1].Seconds()
			b.ReportMetric(alone, "alone/s")
			b.ReportMetric(folded, "folded/s")
			b.ReportMetric(folded/alone, "ratio")
			b.ReportMetric(float64(events[1])/float64(folds[1]), "events/fold")
		})
	}
}

// backlog is a shop whose search is not running.
type backlog struct {
	*warehouse

	svc    *Service
	db     *pgtest.DB
	price  int64
	events []bus.Event
}

func newBacklog(b *testing.B, n int) *backlog {
	b.Helper()
	log := slog.New(slog.DiscardHandler)
	w, _ := newWarehouse(n)
	catalog := must(rpc.NewServer(rpc.Deps{Logger: log}))(b)
	catalogv1connect.RegisterCatalogServiceHandler(catalog, w)
	s := &backlog{warehouse: w, db: pgtest.New(b, "search", Migrations())}
	s.svc = must(New(DefaultConfig(), Deps{DB: s.db.DB, Logger: log, Now: time.Now, Catalog: catalogv1connect.NewCatalogServiceClient(dial(b, catalog))}))(b)
	must(s.svc.Rebuild(pgtest.Context(b), &searchv1.RebuildRequest{}))(b)
	return s
}

func (s *backlog) change(b *testing.B, n, times int) {
	b.Helper()
	s.price++
	for i, p := range s.products[:n] {
		p = proto.CloneOf(p) // others may be reading the old one
		p.Variants[0].Price.Amount = 1000 + s.price
		p.Version += int64(times)
		s.products[i] = p
	}
	s.events = nil
	for range times {
		for _, p := range s.products[:n] {
			s.events = append(s.events, productEvent(b, p, "updated"))
		}
	}
}

// catchUp says how long the room takes for what has changed, with so many events in hand, and how many transactions.
func (s *backlog) catchUp(b *testing.B, most int) (time.Duration, int64) {
	b.Helper()
	js := bustest.Start(b)
	for _, e := range s.events {
		bustest.Publish(b, js, e)
	}
	consumers := s.svc.Consumers()
	consumers[0].Fold.Events = most
	began := time.Now()
	ctx, stop := context.WithCancel(b.Context())
	runner := bus.NewRunner(bus.Config{LockURL: s.db.URL, Consumers: consumers}, bus.Deps{DB: s.db.DB, JS: js, Logger: slog.New(slog.DiscardHandler), Now: time.Now})
	done := make(chan error, 1)
	go func() { done <- runner.Run(ctx) }()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for runner.Stats().Handled < int64(len(s.events)) {
		<-look.C
	}
	took := time.Since(began)
	stop()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
	return took, runner.Stats().Folds
}

// byID are the products asked for.
func (w *warehouse) byID(ids []string) []*catalogv1.Product {
	var out []*catalogv1.Product
	for _, want := range ids {
		i, ok := slices.BinarySearchFunc(w.products, want, func(p *catalogv1.Product, id string) int { return strings.Compare(p.GetId(), id) })
		if ok {
			out = append(out, w.products[i])
		}
	}
	return out
}
