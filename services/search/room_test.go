package search

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/gen/sovecom/search/v1/searchv1connect"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
)

// shelf plays the catalogue: products per tenant, behind a memory door like the real one.
type shelf struct {
	catalogv1connect.UnimplementedCatalogServiceHandler

	mu       sync.Mutex
	products map[id.ID]map[string]*catalogv1.Product
	exports  int

	extras     map[string]*catalogv1.ProductExtras
	categories []*catalogv1.ExportedCategory
	locales    *catalogv1.Locales
	attributes []*catalogv1.ExportedAttribute
	names      []*catalogv1.LocalNames

	before func(req *catalogv1.ExportProductsRequest) error // runs before an export is answered
	after  func(req *catalogv1.ExportProductsRequest)       // runs when the answer is made, before it is sent
}

func newShelf() *shelf {
	return &shelf{products: map[id.ID]map[string]*catalogv1.Product{}, extras: map[string]*catalogv1.ProductExtras{}}
}

func (s *shelf) put(t id.ID, all ...*catalogv1.Product) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.products[t] == nil {
		s.products[t] = map[string]*catalogv1.Product{}
	}
	for _, p := range all {
		s.products[t][p.GetId()] = proto.CloneOf(p)
	}
}

func (s *shelf) drop(t id.ID, product string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.products[t], product)
}

func (s *shelf) ExportProducts(ctx context.Context, req *catalogv1.ExportProductsRequest) (*catalogv1.ExportProductsResponse, error) {
	s.mu.Lock()
	before, after := s.before, s.after
	s.exports++
	s.mu.Unlock()
	if before != nil {
		if err := before(req); err != nil {
			return nil, err
		}
	}
	res := s.export(ctx, req)
	if after != nil {
		after(req)
	}
	return res, nil
}

func (s *shelf) export(ctx context.Context, req *catalogv1.ExportProductsRequest) *catalogv1.ExportProductsResponse {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, _ := tenant.From(ctx)
	var ids []string
	for pid := range s.products[t] {
		if len(req.GetIds()) == 0 && pid > req.GetAfterId() || slices.Contains(req.GetIds(), pid) {
			ids = append(ids, pid)
		}
	}
	slices.Sort(ids)
	res := &catalogv1.ExportProductsResponse{Locales: s.locales, Categories: s.categories, Attributes: s.attributes, LocalNames: s.names}
	if res.Locales == nil {
		res.Locales = &catalogv1.Locales{DefaultLocale: "en"}
	}
	for _, pid := range ids[:min(len(ids), int(req.GetLimit()))] {
		res.Products = append(res.Products, proto.CloneOf(s.products[t][pid]))
		extras := s.extras[pid]
		if extras == nil {
			extras = &catalogv1.ProductExtras{}
		}
		res.Extras = append(res.Extras, extras)
	}
	return res
}

// room is the search room beside a catalogue of the test's.
type room struct {
	*Service

	db     *pgtest.DB
	shelf  *shelf
	client searchv1connect.SearchServiceClient
}

func newRoom(t testing.TB) room {
	t.Helper()
	return newRoomWith(t, DefaultConfig())
}

func newRoomWith(t testing.TB, cfg Config) room {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	shelf := newShelf()
	catalog := must(rpc.NewServer(rpc.Deps{Logger: log}))(t)
	catalogv1connect.RegisterCatalogServiceHandler(catalog, shelf)
	r := room{db: pgtest.New(t, "search", Migrations()), shelf: shelf}
	cfg.ExportPage = 20
	r.Service = must(New(cfg, Deps{DB: r.db.DB, Logger: log, Now: time.Now, Catalog: catalogv1connect.NewCatalogServiceClient(dial(t, catalog))}))(t)
	server := must(rpc.NewServer(rpc.Deps{Logger: slog.New(slog.NewTextHandler(t.Output(), nil))}))(t)
	r.Mount(server)
	r.client = searchv1connect.NewSearchServiceClient(dial(t, server))
	return r
}

func dial(t testing.TB, server *connect.Server) *connect.Client {
	return must(rpc.NewClient(door.Memory(server), rpc.Deps{Logger: slog.New(slog.DiscardHandler)}))(t)
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// stock puts products on the shelf of the default tenant and rebuilds.
func (r room) stock(t testing.TB, products ...*catalogv1.Product) {
	t.Helper()
	r.shelf.put(tenant.Default(), products...)
	if _, err := r.client.Rebuild(pgtest.Context(t), &searchv1.RebuildRequest{}); err != nil {
		t.Fatal(err)
	}
}

func (r room) search(t testing.TB, req *searchv1.SearchProductsRequest) *searchv1.SearchProductsResponse {
	t.Helper()
	return must(r.client.SearchProducts(pgtest.Context(t), req))(t)
}

// finds checks the titles that a query finds, in order.
func (r room) finds(t testing.TB, req *searchv1.SearchProductsRequest, want ...string) {
	t.Helper()
	if got := r.titles(r.search(t, req)); !slices.Equal(got, want) {
		t.Errorf("%v finds %q, want %q", req, got, want)
	}
}

// findsAny checks the titles that a text finds, in any order.
func (r room) findsAny(t testing.TB, q string, want ...string) {
	t.Helper()
	got := r.titles(r.search(t, &searchv1.SearchProductsRequest{Q: q}))
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%q finds %q, want %q", q, got, want)
	}
}

// titles of the products found, as they are on the shelf.
func (r room) titles(res *searchv1.SearchProductsResponse) []string {
	out := []string{}
	for _, h := range res.GetHits() {
		out = append(out, r.shelf.title(h.GetProductId()))
	}
	return out
}

func (s *shelf) title(product string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, products := range s.products {
		if p := products[product]; p != nil {
			return p.GetTitle()
		}
	}
	return product
}

// epoch makes creation times grow with the age of the ids.
func product(title string, change ...func(p *catalogv1.Product)) *catalogv1.Product {
	p := &catalogv1.Product{
		Id: id.New().String(), Slug: strings.ReplaceAll(title, " ", "-"), Title: title, Version: 1,
		Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED, CreatedAt: timestamppb.Now(), UpdatedAt: timestamppb.Now(),
	}
	for _, c := range change {
		c(p)
	}
	return p
}

func priced(available bool, prices ...int64) func(p *catalogv1.Product) {
	return func(p *catalogv1.Product) {
		for i, amount := range prices {
			p.Variants = append(p.Variants, &catalogv1.Variant{
				Id: id.New().String(), Sku: fmt.Sprintf("SKU-%s-%d", strings.ReplaceAll(p.GetTitle(), " ", "-"), i), Title: "V",
				Price: &typev1.Money{Amount: amount, Currency: "EUR"}, Available: available, WeightGrams: proto.Int64(100),
			})
		}
	}
}

func described(text string) func(p *catalogv1.Product) {
	return func(p *catalogv1.Product) { p.Description = &text }
}

func branded(b *catalogv1.BrandRef) func(p *catalogv1.Product) {
	return func(p *catalogv1.Product) { p.Brand = b }
}

func brand(slug, name string) *catalogv1.BrandRef {
	return &catalogv1.BrandRef{Id: id.New().String(), Slug: slug, Name: name}
}

func in(category *catalogv1.CategoryRef) func(p *catalogv1.Product) {
	return func(p *catalogv1.Product) { p.Categories = append(p.Categories, category) }
}

func tagged(tag *catalogv1.TagRef) func(p *catalogv1.Product) {
	return func(p *catalogv1.Product) { p.Tags = append(p.Tags, tag) }
}

func category(slug, name string) *catalogv1.CategoryRef {
	return &catalogv1.CategoryRef{Id: id.New().String(), Slug: slug, Name: name}
}

// eventually asks until the answer is right, for at most ten seconds.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for !ok() {
		select {
		case <-deadline.C:
			t.Fatalf("never: %s", what)
		case <-look.C:
		}
	}
}
