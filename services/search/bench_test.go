package search

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/gen/sovecom/search/v1/searchv1connect"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
)

// warehouse is a catalogue of many products in id order.
type warehouse struct {
	catalogv1connect.UnimplementedCatalogServiceHandler

	products []*catalogv1.Product
}

func (w *warehouse) ExportProducts(_ context.Context, req *catalogv1.ExportProductsRequest) (*catalogv1.ExportProductsResponse, error) {
	if len(req.GetIds()) > 0 {
		return &catalogv1.ExportProductsResponse{Products: w.byID(req.GetIds()), Locales: &catalogv1.Locales{DefaultLocale: "en"}}, nil
	}
	from := sort.Search(len(w.products), func(i int) bool { return w.products[i].GetId() > req.GetAfterId() })
	return &catalogv1.ExportProductsResponse{Products: w.products[from:min(from+int(req.GetLimit()), len(w.products))]}, nil
}

// jargon makes words as often as languages do: few very common, most rare.
type jargon struct {
	random *rand.Rand
	zipf   *rand.Zipf
	words  []string
}

func newJargon(n int) *jargon {
	v := &jargon{random: rand.New(rand.NewPCG(1, 2))}
	v.zipf = rand.NewZipf(v.random, 1.1, 20, uint64(n-1))
	for range n {
		var b strings.Builder
		for range 2 + v.random.IntN(3) {
			b.WriteByte("bcdfghklmnprstvz"[v.random.IntN(16)])
			b.WriteByte("aeiou"[v.random.IntN(5)])
			if v.random.IntN(3) == 0 {
				b.WriteByte("lmnrs"[v.random.IntN(5)])
			}
		}
		v.words = append(v.words, b.String())
	}
	return v
}

func (v *jargon) text(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = v.words[v.zipf.Uint64()]
	}
	return strings.Join(out, " ")
}

func newWarehouse(n int) (*warehouse, *jargon) {
	v := newJargon(20_000)
	var categories []*catalogv1.CategoryRef
	for i := range 60 {
		categories = append(categories, category(fmt.Sprintf("category-%d", i), fmt.Sprintf("Category %d", i)))
	}
	w := &warehouse{}
	for i := range n {
		p := product(v.text(4), described(v.text(60)), branded(brand(v.words[i%300], v.words[i%300])), in(categories[v.zipf.Uint64()%60]), in(categories[v.random.Uint64()%60]))
		for n := range 4 {
			priced(i%5 != 0, int64(500+v.random.IntN(20_000)+n))(p)
		}
		p.Tags = append(p.Tags, &catalogv1.TagRef{Id: categories[i%60].GetId(), Slug: fmt.Sprintf("tag-%d", i%40), Name: "Tag"})
		w.products = append(w.products, p)
	}
	return w, v
}

func BenchmarkSearch(b *testing.B) {
	const n = 100_000
	log := slog.New(slog.DiscardHandler)
	w, v := newWarehouse(n)
	catalog := must(rpc.NewServer(rpc.Deps{Logger: log}))(b)
	catalogv1connect.RegisterCatalogServiceHandler(catalog, w)
	db := pgtest.New(b, "search", Migrations())
	svc := must(New(DefaultConfig(), Deps{DB: db.DB, Logger: log, Now: time.Now, Catalog: catalogv1connect.NewCatalogServiceClient(dial(b, catalog))}))(b)
	server := must(rpc.NewServer(rpc.Deps{Logger: log}))(b)
	svc.Mount(server)
	client := searchv1connect.NewSearchServiceClient(dial(b, server))
	ctx, cancel := context.WithTimeout(pgtest.Context(b), 5*time.Minute)
	defer cancel()
	started := time.Now()
	if res := must(client.Rebuild(ctx, &searchv1.RebuildRequest{}))(b); res.GetDocuments() != n {
		b.Fatal(res)
	}
	b.Logf("rebuilt %d documents in %s", n, time.Since(started))
	for _, c := range []struct {
		name string
		req  func() *searchv1.SearchProductsRequest
	}{
		{"one word", func() *searchv1.SearchProductsRequest { return &searchv1.SearchProductsRequest{Q: v.text(1)} }},
		{"two words", func() *searchv1.SearchProductsRequest { return &searchv1.SearchProductsRequest{Q: v.text(2)} }},
		{"two words by price", func() *searchv1.SearchProductsRequest {
			return &searchv1.SearchProductsRequest{Q: v.text(2), Sort: searchv1.SearchSort_SEARCH_SORT_PRICE}
		}},
		{"word and beginning", func() *searchv1.SearchProductsRequest { return &searchv1.SearchProductsRequest{Q: v.text(2)[:8]} }},
		{"mistyped", func() *searchv1.SearchProductsRequest {
			w := v.words[v.random.IntN(len(v.words))]
			return &searchv1.SearchProductsRequest{Q: w[:2] + "x" + w[2:]}
		}},
		{"most common word", func() *searchv1.SearchProductsRequest { return &searchv1.SearchProductsRequest{Q: v.words[0]} }},
		{"all by price", func() *searchv1.SearchProductsRequest {
			return &searchv1.SearchProductsRequest{Sort: searchv1.SearchSort_SEARCH_SORT_PRICE}
		}},
		{"category", func() *searchv1.SearchProductsRequest {
			return &searchv1.SearchProductsRequest{Categories: []string{fmt.Sprintf("category-%d", v.random.IntN(60))}}
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var took []time.Duration
			var found int64
			for b.Loop() {
				req := c.req()
				at := time.Now()
				res := must(client.SearchProducts(ctx, req))(b)
				took = append(took, time.Since(at))
				found += res.GetPage().GetTotal()
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(found)/float64(len(took)), "found")
		})
	}
}
