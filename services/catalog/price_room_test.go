package catalog_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/catalog"
)

// pricing is the room with its prices, and a clock of the test's own. Nothing sweeps unless the test says so.
type pricing struct {
	room
	catalogv1connect.PriceServiceClient

	clock *clock
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// day sets the clock to a day of the story.
func (c *clock) day(n int) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(n) * 24 * time.Hour)
	return c.now
}

func openPrices(t testing.TB) *pricing {
	t.Helper()
	p := &pricing{room: room{ctx: staff(pgtest.Context(t)), db: pgtest.New(t, "catalog", catalog.Migrations())}, clock: &clock{}}
	p.clock.day(0)
	p.start(t)
	return p
}

// start is another process of the room.
func (r *pricing) start(t testing.TB) *catalog.Service {
	t.Helper()
	svc := must(catalog.New(catalog.DefaultConfig(), catalog.Deps{DB: r.db.DB, Logger: slog.New(slog.DiscardHandler), Now: r.clock.Now}))(t)
	deps := rpc.Deps{Logger: slog.New(slog.DiscardHandler)}
	server := must(rpc.NewServer(deps))(t)
	svc.Mount(server)
	client := must(rpc.NewClient(door.Memory(server), deps))(t)
	r.CatalogServiceClient, r.PriceServiceClient, r.svc = catalogv1connect.NewCatalogServiceClient(client), catalogv1connect.NewPriceServiceClient(client), svc
	r.TaxonomyServiceClient = catalogv1connect.NewTaxonomyServiceClient(client)
	return svc
}

// lifecycle is the room's side that edits many.
func (r *pricing) lifecycle(t testing.TB) catalogv1connect.LifecycleServiceClient {
	t.Helper()
	deps := rpc.Deps{Logger: slog.New(slog.DiscardHandler)}
	server := must(rpc.NewServer(deps))(t)
	r.svc.Mount(server)
	return catalogv1connect.NewLifecycleServiceClient(must(rpc.NewClient(door.Memory(server), deps))(t))
}

func (r *pricing) sweep(t testing.TB) {
	t.Helper()
	if err := catalog.SweepPrices(t.Context(), r.svc); err != nil {
		t.Fatal(err)
	}
}

func in(currency string, amount int64) *typev1.Money {
	return &typev1.Money{Amount: amount, Currency: currency}
}

func (r *pricing) list(t testing.TB, req *catalogv1.CreatePriceListRequest) *catalogv1.PriceList {
	t.Helper()
	if req.GetName() == "" {
		req.Name = "List"
	}
	if req.GetType() == 0 {
		req.Type = catalogv1.PriceListType_PRICE_LIST_TYPE_SALE
	}
	return must(r.CreatePriceList(r.ctx, req))(t).GetPriceList()
}

func row(variant string, amount int64) *catalogv1.ListPriceInput {
	return &catalogv1.ListPriceInput{VariantId: variant, Currency: "EUR", Amount: amount}
}

func (r *pricing) put(t testing.TB, list string, rows ...*catalogv1.ListPriceInput) *catalogv1.PutListPricesResponse {
	t.Helper()
	return must(r.PutListPrices(r.ctx, &catalogv1.PutListPricesRequest{PriceListId: list, Prices: rows}))(t)
}

func (r *pricing) turn(t testing.TB, list string, status catalogv1.PriceListStatus) *catalogv1.PriceList {
	t.Helper()
	return must(r.UpdatePriceList(r.ctx, &catalogv1.UpdatePriceListRequest{Id: list, Status: status}))(t).GetPriceList()
}

const (
	on  = catalogv1.PriceListStatus_PRICE_LIST_STATUS_ACTIVE
	off = catalogv1.PriceListStatus_PRICE_LIST_STATUS_DRAFT
)

// shop is what shoppers see of the product's first variant.
func (r *pricing) shop(t testing.TB, req *catalogv1.GetStoreProductRequest) *catalogv1.Variant {
	t.Helper()
	v := must(r.GetStoreProduct(pgtest.Context(t), req))(t).GetProduct().GetVariants()[0]
	if len(v.GetPrices())+len(v.GetPriceEntries()) > 0 {
		t.Errorf("shoppers see what prices are told from: %v", v)
	}
	return v
}

// costs checks price, what it is compared to and prior price; -1 is none.
func costs(t testing.TB, what string, v *catalogv1.Variant, price, compareAt, prior int64) {
	t.Helper()
	amount := func(m *typev1.Money) int64 {
		if m == nil {
			return -1
		}
		if m.GetCurrency() != v.GetPrice().GetCurrency() {
			t.Errorf("%s: two currencies: %v", what, v)
		}
		return m.GetAmount()
	}
	if amount(v.GetPrice()) != price || amount(v.GetCompareAtPrice()) != compareAt || amount(v.GetPriorPrice()) != prior {
		t.Errorf("%s: costs %v, compared to %v, prior %v; want %d, %d, %d", what, v.GetPrice(), v.GetCompareAtPrice(), v.GetPriorPrice(), price, compareAt, prior)
	}
}

func (r *pricing) history(t testing.TB, p *catalogv1.Product) string {
	t.Helper()
	res := must(r.ListPriceHistory(r.ctx, &catalogv1.ListPriceHistoryRequest{ProductId: p.GetId(), VariantId: p.GetVariants()[0].GetId(), Page: &typev1.PageRequest{Limit: 100}}))(t)
	var out []string
	for _, h := range res.GetRecords() {
		one := h.GetCurrency()
		if h.PriceListId != nil {
			one = strings.ToLower(strings.TrimPrefix(h.GetType().String(), "PRICE_LIST_TYPE_")) + " " + one
		}
		if h.Amount == nil {
			one += " none"
		} else {
			one += fmt.Sprint(" ", h.GetAmount())
		}
		if h.Prior != nil {
			one += fmt.Sprint(" prior ", h.GetPrior())
		}
		start := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
		out = append(out, one+fmt.Sprintf(" day %g", h.GetEffectiveAt().AsTime().Sub(start).Hours()/24))
	}
	return strings.Join(out, "; ")
}

func (r *pricing) change(t testing.TB, p *catalogv1.Product, req *catalogv1.UpdateVariantRequest) *catalogv1.Variant {
	t.Helper()
	req.ProductId, req.Id = p.GetId(), p.GetVariants()[0].GetId()
	return must(r.UpdateVariant(r.ctx, req))(t).GetVariant()
}

func TestFurtherCurrencies(t *testing.T) {
	t.Parallel()
	r := openPrices(t)
	req := shirt("Shirt", "S")
	req.Variants[0].Prices = []*catalogv1.BasePriceInput{{Price: in("SEK", 12000), CompareAtPrice: in("SEK", 15000)}, {Price: in("DKK", 8000)}}
	p := r.create(t, req)
	r.documents(t, "creating")
	slug := &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug()}
	costs(t, "euros", r.shop(t, slug), 1000, -1, -1)
	crowns := &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug(), Currency: "SEK"}
	costs(t, "created reduced", r.shop(t, crowns), 12000, 15000, -1)
	same(t, "without a price in it", r.shop(t, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug(), Currency: "USD"}).GetPrice().GetCurrency(), "EUR")
	got := r.read(t, p.GetId()).GetVariants()[0].GetPrices()
	if len(got) != 2 || got[0].GetPrice().GetCurrency() != "DKK" || got[1].GetCompareAtPrice().GetAmount() != 15000 {
		t.Errorf("staff see %v", got)
	}

	r.clock.day(10)
	v := r.change(t, p, &catalogv1.UpdateVariantRequest{Prices: &catalogv1.BasePriceInputs{Prices: []*catalogv1.BasePriceInput{{Price: in("SEK", 10000)}}}})
	if len(v.GetPrices()) != 1 || v.GetPrices()[0].GetPriorPrice().GetAmount() != 12000 {
		t.Errorf("replaced by %v", v.GetPrices())
	}
	r.documents(t, "replacing")
	r.clock.day(100)
	costs(t, "it has not moved", r.shop(t, crowns), 10000, -1, 12000)
	same(t, "history", r.history(t, p), "DKK none day 10; SEK 10000 prior 12000 day 10; SEK 12000 day 0; DKK 8000 day 0; EUR 1000 day 0")
	r.change(t, p, &catalogv1.UpdateVariantRequest{Title: proto.String("Small"), Prices: &catalogv1.BasePriceInputs{Prices: []*catalogv1.BasePriceInput{{Price: in("SEK", 10000)}}}})
	costs(t, "the same price again", r.shop(t, crowns), 10000, -1, 12000)

	resolved := must(r.ResolveVariants(r.ctx, &catalogv1.ResolveVariantsRequest{Ids: []string{v.GetId()}, Currency: "SEK"}))(t).GetVariants()
	same(t, "what a cart is told", resolved[0].GetPrice().GetAmount(), 10000)

	for name, bad := range map[string]struct {
		prices []*catalogv1.BasePriceInput
		field  string
	}{
		"the price's own currency": {[]*catalogv1.BasePriceInput{{Price: in("EUR", 1)}}, "prices[0].price.currency"},
		"a currency twice":         {[]*catalogv1.BasePriceInput{{Price: in("SEK", 1)}, {Price: in("SEK", 2)}}, "prices[1].price.currency"},
		"negative":                 {[]*catalogv1.BasePriceInput{{Price: in("SEK", -1)}}, "prices[0].price.amount"},
		"too much":                 {[]*catalogv1.BasePriceInput{{Price: in("SEK", 1_000_000_000_001)}}, "prices[0].price.amount"},
		"the largest number":       {[]*catalogv1.BasePriceInput{{Price: in("SEK", 1<<63-1)}}, "prices[0].price.amount"},
		"the smallest number":      {[]*catalogv1.BasePriceInput{{Price: in("SEK", -1<<63)}}, "prices[0].price.amount"},
		"compared in another":      {[]*catalogv1.BasePriceInput{{Price: in("SEK", 1), CompareAtPrice: in("DKK", 2)}}, "prices[0].compareAtPrice.currency"},
		"for nothing":              {[]*catalogv1.BasePriceInput{{Price: in("SEK", 0)}}, "variants[0].prices[0].price.amount"},
	} {
		_, err := r.UpdateVariant(r.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: v.GetId(), Prices: &catalogv1.BasePriceInputs{Prices: bad.prices}})
		if f := fault.From(err).Fields(); len(f) != 1 || f[0].Field != bad.field {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err := r.UpdateVariant(r.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: v.GetId(), Price: in("SEK", 5)})
	wants(t, "the price moves into a further currency", err, catalog.ErrPriceInvalid)
	_, err = r.GetStoreProduct(r.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug(), Currency: "EU"})
	wants(t, "no currency", err, catalog.ErrPriceContext)
	_, err = r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{Country: "XX"})
	wants(t, "no country", err, catalog.ErrPriceContext)
	_, err = r.ResolveVariants(r.ctx, &catalogv1.ResolveVariantsRequest{Ids: []string{v.GetId()}, Quantities: []int64{1, 2}})
	wants(t, "quantities of nothing", err, catalog.ErrPriceContext)
	costs(t, "nothing was written", r.shop(t, crowns), 10000, -1, 12000)
	r.documents(t, "refusals")
}

func TestSale(t *testing.T) {
	t.Parallel()
	r := openPrices(t)
	req := shirt("Shirt", "S", "M")
	p := r.create(t, req)
	r.create(t, shirt("Other", "S")) // 1000 too
	slug := &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug()}
	must(r.CreateCollection(r.ctx, &catalogv1.CreateCollectionRequest{Name: "Cheap", Kind: rulesKind, Rules: []*catalogv1.CollectionRule{rule("price", "lte", "900")}}))(t)
	collections := func(after string) {
		t.Helper()
		if err := catalog.CheckCollections(r.ctx, r.db.DB, r.clock.Now()); err != nil {
			t.Errorf("after %s: %v", after, err)
		}
	}
	if err := r.svc.Tend(tenant.WithSystem(t.Context())); err != nil {
		t.Fatal(err)
	}
	collections("building")
	l := r.list(t, &catalogv1.CreatePriceListRequest{Name: "Été à -20 %", Priority: 3})
	if !strings.HasPrefix(l.GetCode(), "ete-a-20-") || l.GetStatus() != off || l.GetVersion() != 1 {
		t.Errorf("made %v", l)
	}
	small, medium := p.GetVariants()[0], p.GetVariants()[1]
	rows := []*catalogv1.ListPriceInput{
		row(small.GetId(), 800), {Sku: small.GetSku(), Currency: "EUR", MinQuantity: 10, Amount: 700}, {VariantId: small.GetId(), Currency: "SEK", Amount: 1}, row(medium.GetId(), 1900),
	}
	same(t, "written", r.put(t, l.GetId(), rows...).GetChanged(), 4)
	if again := r.put(t, l.GetId(), rows...); again.GetChanged() != 0 || again.GetUnchanged() != 4 {
		t.Errorf("again %v", again)
	}
	costs(t, "a draft does nothing", r.shop(t, slug), 1000, -1, -1)

	r.clock.day(10)
	before := len(must(catalog.Announced(r.ctx, r.db.DB, "evt.catalog.product.updated"))(t))
	same(t, "version", r.turn(t, l.GetId(), on).GetVersion(), 2)
	costs(t, "the sale", r.shop(t, slug), 800, 1000, 1000)
	r.documents(t, "the beginning")
	collections("the beginning")
	bodies := must(catalog.Announced(r.ctx, r.db.DB, "evt.catalog.product.updated"))(t)[before:]
	var event catalogv1.ProductUpdated
	if len(bodies) != 1 || proto.Unmarshal(bodies[0], &event) != nil || event.GetProductId() != p.GetId() || len(event.GetPriceChanges()) != 2 {
		t.Fatalf("announced %d: %v", len(bodies), &event)
	}
	if c := event.GetPriceChanges()[0]; c.GetVariantId() != small.GetId() || c.GetOldPrice().GetAmount() != 1000 || c.GetNewPrice().GetAmount() != 800 {
		t.Errorf("announced %v", c)
	}
	v := r.shop(t, slug)
	if tiers := v.GetPriceTiers(); len(tiers) != 2 || tiers[0].GetPrice().GetAmount() != 800 || tiers[1].GetMinQuantity() != 10 || tiers[1].GetPrice().GetAmount() != 700 {
		t.Errorf("tiers %v", tiers)
	}
	for quantity, want := range map[int64]int64{0: 800, 1: 800, 9: 800, 10: 700, 1 << 62: 700} {
		res := must(r.ResolveVariants(r.ctx, &catalogv1.ResolveVariantsRequest{Ids: []string{small.GetId()}, Quantities: []int64{quantity}, Currency: "EUR"}))(t).GetVariants()[0]
		if res.GetPrice().GetAmount() != want || len(res.GetPriceTiers()) != 2 || res.GetCompareAtPrice().GetAmount() != 1000 || res.GetPriorPrice().GetAmount() != 1000 {
			t.Errorf("%d cost %v", quantity, res)
		}
	}
	same(t, "what staff set", r.read(t, p.GetId()).GetVariants()[0].GetPrice().GetAmount(), 1000)
	export := must(r.ExportProducts(r.ctx, &catalogv1.ExportProductsRequest{Ids: []string{p.GetId()}}))(t).GetProducts()[0].GetVariants()[0]
	if export.GetPrice().GetAmount() != 800 || export.GetSku() == "" || len(export.GetPriceEntries()) != 0 {
		t.Errorf("read models get %v", export)
	}
	cheap := must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{MinPrice: new(int64(500)), MaxPrice: new(int64(900))}))(t)
	same(t, "found by its price", titles(cheap.GetProducts()), "Shirt")
	sorted := must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{Sort: catalogv1.ProductSort_PRODUCT_SORT_PRICE}))(t)
	same(t, "sorted by it", titles(sorted.GetProducts()), "Shirt, Other")
	same(t, "listed with it", sorted.GetProducts()[0].GetVariants()[0].GetPriorPrice().GetAmount(), 1000)

	// A further change of the price in the list, of the base price, and of what the list does.
	r.clock.day(20)
	r.put(t, l.GetId(), row(small.GetId(), 600))
	costs(t, "lowered", r.shop(t, slug), 600, 1000, 800)
	r.clock.day(21)
	r.change(t, p, &catalogv1.UpdateVariantRequest{Price: euros(1100), CompareAtPrice: euros(1300)})
	costs(t, "the merchant's own comparison", r.shop(t, slug), 600, 1300, 800)
	r.documents(t, "changes")
	must(r.DeleteListPrices(r.ctx, &catalogv1.DeleteListPricesRequest{PriceListId: l.GetId(), VariantId: medium.GetId()}))(t)
	same(t, "the other variant", must(r.GetStoreProduct(r.ctx, slug))(t).GetProduct().GetVariants()[1].GetPrice().GetAmount(), 2000)
	r.clock.day(30)
	r.turn(t, l.GetId(), off)
	// The base price was raised while the sale ran, with a comparison above: announced anew, and 600 was paid before.
	costs(t, "ended", r.shop(t, slug), 1100, 1300, 600)
	same(t, "history", r.history(t, p),
		"sale SEK none day 30; sale EUR none day 30; sale EUR none day 30; EUR 1100 prior 600 day 21; sale EUR 600 prior 800 day 20; "+
			"sale SEK 1 day 10; sale EUR 700 day 10; sale EUR 800 prior 1000 day 10; EUR 1000 day 0")
	r.documents(t, "the end")
	collections("the end")
	r.turn(t, l.GetId(), on)
	costs(t, "once more", r.shop(t, slug), 600, 1300, 600)
	must(r.DeletePriceList(r.ctx, &catalogv1.DeletePriceListRequest{Id: l.GetId()}))(t)
	costs(t, "deleted while active", r.shop(t, slug), 1100, 1300, 600)
	_, err := r.GetPriceList(r.ctx, &catalogv1.GetPriceListRequest{Id: l.GetId()})
	wants(t, "reading it", err, catalog.ErrPriceListNotFound)
	r.documents(t, "deleting")
	same(t, "waiting", must(catalog.Waiting(r.ctx, r.db.DB))(t), 0)
}

func TestScopes(t *testing.T) {
	t.Parallel()
	r := openPrices(t)
	p := r.create(t, shirt("Shirt", "S"))
	v := p.GetVariants()[0].GetId()
	for i, l := range []struct {
		req    *catalogv1.CreatePriceListRequest
		amount int64
	}{
		{&catalogv1.CreatePriceListRequest{Country: "FR", Type: catalogv1.PriceListType_PRICE_LIST_TYPE_OVERRIDE}, 1200},
		{&catalogv1.CreatePriceListRequest{Channel: "app"}, 950},
		{&catalogv1.CreatePriceListRequest{CustomerGroup: "vip", Country: "FR"}, 500},
	} {
		l.req.Status = on
		r.clock.day(1 + i)
		r.put(t, r.list(t, l.req).GetId(), row(v, l.amount))
	}
	ask := func(country, channel, group string) *catalogv1.Variant {
		return r.shop(t, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug(), Country: country, Channel: channel, CustomerGroups: []string{group}})
	}
	costs(t, "the public", ask("", "", ""), 1000, -1, -1)
	costs(t, "France", ask("FR", "", ""), 1200, -1, -1)
	costs(t, "France in the app", ask("FR", "app", ""), 950, 1200, 1000)
	costs(t, "Germany in the app", ask("DE", "app", ""), 950, 1000, 1000)
	costs(t, "a friend of the house in France", ask("FR", "app", "vip"), 500, 1200, 1000)
	costs(t, "a friend of the house in Germany", ask("DE", "", "vip"), 1000, -1, -1)
	r.documents(t, "scopes")
	resolved := must(r.ResolveVariants(r.ctx, &catalogv1.ResolveVariantsRequest{Ids: []string{v}, Country: "FR", CustomerGroups: []string{"vip"}}))(t).GetVariants()[0]
	same(t, "what a cart is told", resolved.GetPrice().GetAmount(), 500)
	same(t, "where it costs something else", strings.Join(resolved.GetPriceCountries(), " "), "FR")
	found := must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{MaxPrice: new(int64(999)), Country: "FR"}))(t)
	same(t, "filters follow the public price", len(found.GetProducts()), 0)
}

func TestScheduledPrices(t *testing.T) {
	t.Parallel()
	r := openPrices(t)
	p := r.create(t, shirt("Shirt", "S"))
	v := p.GetVariants()[0].GetId()
	slug := &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug()}
	start := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	instant := func(day int) *timestamppb.Timestamp {
		return timestamppb.New(start.Add(time.Duration(day) * 24 * time.Hour))
	}
	l := r.list(t, &catalogv1.CreatePriceListRequest{Status: on, StartsAt: instant(50), EndsAt: instant(60), AnnouncedAt: instant(45)})
	r.put(t, l.GetId(), row(v, 700))
	r.sweep(t)
	costs(t, "not yet", r.shop(t, slug), 1000, -1, -1)
	r.clock.day(48)
	r.change(t, p, &catalogv1.UpdateVariantRequest{Price: euros(900)})
	r.clock.day(50)
	r.sweep(t)
	costs(t, "announced before the base price was lowered", r.shop(t, slug), 700, 900, 1000)
	r.sweep(t)
	r.clock.day(70) // down for ten days
	r.sweep(t)
	costs(t, "over", r.shop(t, slug), 900, -1, 1000)
	same(t, "history", r.history(t, p), "sale EUR none day 60; sale EUR 700 prior 1000 day 50; EUR 900 prior 1000 day 48; EUR 1000 day 0")
	r.documents(t, "the schedule")

	// Down when it begins, and the first to come is staff: the price is settled first, as of its instant.
	late := r.list(t, &catalogv1.CreatePriceListRequest{Status: on, StartsAt: instant(100)})
	r.put(t, late.GetId(), row(v, 500))
	r.clock.day(105)
	r.change(t, p, &catalogv1.UpdateVariantRequest{Price: euros(850)})
	r.clock.day(110)
	r.sweep(t)
	costs(t, "began on time", r.shop(t, slug), 500, 850, 900)
	if got := r.history(t, p); !strings.HasPrefix(got, "EUR 850 prior 500 day 105; sale EUR 500 prior 900 day 100; ") {
		t.Errorf("history %s", got)
	}
	// Renamed after its instant and before anybody noticed it.
	renamed := r.list(t, &catalogv1.CreatePriceListRequest{Status: on, StartsAt: instant(112), EndsAt: instant(115)})
	r.put(t, renamed.GetId(), row(v, 300))
	r.clock.day(113)
	must(r.UpdatePriceList(r.ctx, &catalogv1.UpdatePriceListRequest{Id: renamed.GetId(), Name: proto.String("Other")}))(t)
	costs(t, "renamed", r.shop(t, slug), 300, 850, 500)
	r.clock.day(116)
	r.sweep(t)
	costs(t, "over as well", r.shop(t, slug), 500, 850, 900)
	// Moved into the future it ends now, and begins again.
	r.clock.day(120)
	must(r.UpdatePriceList(r.ctx, &catalogv1.UpdatePriceListRequest{Id: late.GetId(), StartsAt: &catalogv1.TimePatch{Value: instant(130)}}))(t)
	costs(t, "moved", r.shop(t, slug), 850, -1, 500)
	r.clock.day(130)
	r.sweep(t)
	costs(t, "again", r.shop(t, slug), 500, 850, 300)
	r.documents(t, "moving")
}

func TestBadPriceLists(t *testing.T) {
	t.Parallel()
	r := openPrices(t)
	p := r.create(t, shirt("Shirt", "S"))
	v := p.GetVariants()[0]
	l := r.list(t, &catalogv1.CreatePriceListRequest{Code: "one"})
	_, err := r.CreatePriceList(r.ctx, &catalogv1.CreatePriceListRequest{Name: "Two", Code: "one", Type: catalogv1.PriceListType_PRICE_LIST_TYPE_SALE})
	wants(t, "a code that is taken", err, catalog.ErrPriceListCodeTaken)
	at := timestamppb.New(r.clock.Now())
	for field, bad := range map[string]*catalogv1.CreatePriceListRequest{
		"name": {Name: "  "}, "code": {Code: "Ä b"}, "customerGroup": {CustomerGroup: "a b"}, "channel": {Channel: "-"}, "country": {Country: "EU"},
		"endsAt": {StartsAt: at, EndsAt: at}, "announcedAt": {AnnouncedAt: at}, "startsAt": {StartsAt: &timestamppb.Timestamp{Seconds: 1 << 40}},
	} {
		if bad.GetName() == "" {
			bad.Name = "Bad"
		}
		bad.Type = catalogv1.PriceListType_PRICE_LIST_TYPE_SALE
		_, err := r.CreatePriceList(r.ctx, bad)
		if f := fault.From(err).Fields(); len(f) != 1 || f[0].Field != field {
			t.Errorf("%s: got %v", field, err)
		}
	}
	for name, bad := range map[string]struct {
		row   *catalogv1.ListPriceInput
		field string
	}{
		"negative":          {row(v.GetId(), -1), "prices[1].amount"},
		"too much":          {row(v.GetId(), 1_000_000_000_001), "prices[1].amount"},
		"the least":         {row(v.GetId(), -1<<63), "prices[1].amount"},
		"nothing named":     {row("", 1), "prices[1].variantId"},
		"both named":        {&catalogv1.ListPriceInput{VariantId: v.GetId(), Sku: v.GetSku(), Currency: "EUR"}, "prices[1].variantId"},
		"no id":             {row("x", 1), "prices[1].variantId"},
		"unknown":           {row(id.New().String(), 1), "prices[1].variantId"},
		"unknown SKU":       {&catalogv1.ListPriceInput{Sku: "?", Currency: "EUR"}, "prices[1].sku"},
		"twice":             {&catalogv1.ListPriceInput{Sku: v.GetSku(), Currency: "EUR", MinQuantity: 1}, "prices[1].sku"},
		"no currency":       {&catalogv1.ListPriceInput{VariantId: v.GetId()}, "prices[1].currency"},
		"a small currency":  {&catalogv1.ListPriceInput{VariantId: v.GetId(), Currency: "eur"}, "prices[1].currency"},
		"below one":         {&catalogv1.ListPriceInput{VariantId: v.GetId(), Currency: "EUR", MinQuantity: -1}, "prices[1].minQuantity"},
		"beyond a quantity": {&catalogv1.ListPriceInput{VariantId: v.GetId(), Currency: "EUR", MinQuantity: 1 << 62}, "prices[1].minQuantity"},
	} {
		_, err := r.PutListPrices(r.ctx, &catalogv1.PutListPricesRequest{PriceListId: l.GetId(), Prices: []*catalogv1.ListPriceInput{row(v.GetId(), 5), bad.row}})
		if f := fault.From(err).Fields(); len(f) != 1 || f[0].Field != bad.field {
			t.Errorf("%s: got %v", name, err)
		}
	}
	page := must(r.ListListPrices(r.ctx, &catalogv1.ListListPricesRequest{PriceListId: l.GetId()}))(t)
	same(t, "written of all this", page.GetPage().GetTotal(), 0)
	many := make([]*catalogv1.ListPriceInput, 501)
	for i := range many {
		many[i] = &catalogv1.ListPriceInput{VariantId: v.GetId(), Currency: "EUR", MinQuantity: int64(i + 1), Amount: 1}
	}
	_, err = r.PutListPrices(r.ctx, &catalogv1.PutListPricesRequest{PriceListId: l.GetId(), Prices: many})
	wants(t, "more than a variant can have", err, catalog.ErrListPriceInvalid)
	nowhere := id.New().String()
	_, err = r.PutListPrices(r.ctx, &catalogv1.PutListPricesRequest{PriceListId: nowhere, Prices: many[:1]})
	wants(t, "prices of no list", err, catalog.ErrPriceListNotFound)
	_, err = r.ListListPrices(r.ctx, &catalogv1.ListListPricesRequest{PriceListId: nowhere})
	wants(t, "reading prices of no list", err, catalog.ErrPriceListNotFound)
	_, err = r.UpdatePriceList(r.ctx, &catalogv1.UpdatePriceListRequest{Id: l.GetId(), IfVersion: 7, Name: proto.String("Late")})
	wants(t, "a stale change", err, catalog.ErrVersionConflict)
	_, err = r.DeletePriceList(r.ctx, &catalogv1.DeletePriceListRequest{Id: l.GetId(), IfVersion: 7})
	wants(t, "a stale deletion", err, catalog.ErrVersionConflict)
	_, err = r.PutListPrices(r.ctx, &catalogv1.PutListPricesRequest{PriceListId: l.GetId(), IfVersion: 7, Prices: many[:1]})
	wants(t, "stale prices", err, catalog.ErrVersionConflict)
	same(t, "a change of nothing", must(r.UpdatePriceList(r.ctx, &catalogv1.UpdatePriceListRequest{Id: l.GetId(), Name: proto.String("List")}))(t).GetPriceList().GetVersion(), 1)
	_, err = r.ListPriceHistory(r.ctx, &catalogv1.ListPriceHistoryRequest{ProductId: nowhere, VariantId: v.GetId()})
	wants(t, "history through another product", err, catalog.ErrVariantNotFound)
}

func TestPricesOfAnotherShop(t *testing.T) {
	t.Parallel()
	r := openPrices(t)
	p := r.create(t, shirt("Shirt", "S"))
	v := p.GetVariants()[0]
	r.clock.day(1)
	l := r.list(t, &catalogv1.CreatePriceListRequest{Code: "mine", Status: on})
	r.put(t, l.GetId(), row(v.GetId(), 700))
	pgtest.Isolation(t, r.db)
	other := r.elsewhere(t)
	_, err := r.GetPriceList(other, &catalogv1.GetPriceListRequest{Id: l.GetId()})
	wants(t, "reading", err, catalog.ErrPriceListNotFound)
	_, err = r.UpdatePriceList(other, &catalogv1.UpdatePriceListRequest{Id: l.GetId(), Status: off})
	wants(t, "switching off", err, catalog.ErrPriceListNotFound)
	_, err = r.DeletePriceList(other, &catalogv1.DeletePriceListRequest{Id: l.GetId()})
	wants(t, "deleting", err, catalog.ErrPriceListNotFound)
	_, err = r.DeleteListPrices(other, &catalogv1.DeleteListPricesRequest{PriceListId: l.GetId()})
	wants(t, "emptying", err, catalog.ErrPriceListNotFound)
	_, err = r.ListPriceHistory(other, &catalogv1.ListPriceHistoryRequest{ProductId: p.GetId(), VariantId: v.GetId()})
	wants(t, "the history", err, catalog.ErrVariantNotFound)
	theirs := must(r.CreatePriceList(other, &catalogv1.CreatePriceListRequest{Name: "Theirs", Code: "mine", Status: on, Type: catalogv1.PriceListType_PRICE_LIST_TYPE_OVERRIDE}))(t).GetPriceList()
	for _, one := range []*catalogv1.ListPriceInput{row(v.GetId(), 1), {Sku: v.GetSku(), Currency: "EUR", Amount: 1}} {
		_, err = r.PutListPrices(other, &catalogv1.PutListPricesRequest{PriceListId: theirs.GetId(), Prices: []*catalogv1.ListPriceInput{one}})
		wants(t, "pricing a variant of another shop", err, catalog.ErrListPriceInvalid)
	}
	same(t, "lists there", must(r.ListPriceLists(other, &catalogv1.ListPriceListsRequest{}))(t).GetPage().GetTotal(), 1)
	costs(t, "unharmed", r.shop(t, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug()}), 700, 1000, 1000)
}

// TestHistoryStays: nobody changes what was in force, and it outlives the product.
// TestDraftsAreNotInForce: whoever publishes and takes down, what nobody could pay is no prior price.
func TestDraftsAreNotInForce(t *testing.T) {
	t.Parallel()
	r := openPrices(t)
	lives := r.lifecycle(t)
	p := r.create(t, &catalogv1.CreateProductRequest{Title: "Chair"}) // for nothing, until somebody says what it costs
	slug := &catalogv1.GetStoreProductRequest{SlugOrId: p.GetId()}
	priced := func(what string, day int, amount, prior int64) {
		t.Helper()
		r.clock.day(day)
		r.change(t, p, &catalogv1.UpdateVariantRequest{Price: euros(amount)})
		costs(t, what, r.read(t, p.GetId()).GetVariants()[0], amount, -1, prior)
	}
	becomes := func(day int, status catalogv1.ProductStatus) {
		t.Helper()
		r.clock.day(day)
		must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Status: status}))(t)
	}
	priced("the first price", 1, 5000, -1)
	becomes(2, asPublished)
	priced("lowered", 10, 4000, 5000)
	costs(t, "shown", r.shop(t, slug), 4000, -1, 5000)

	r.clock.day(50)
	must(lives.EditProducts(r.ctx, &catalogv1.EditProductsRequest{Ids: []string{p.GetId()}, Status: asArchived}))(t)
	priced("while it is archived", 51, 100, 4000)
	priced("still", 52, 6000, -1)
	r.clock.day(60)
	must(lives.EditProducts(r.ctx, &catalogv1.EditProductsRequest{Ids: []string{p.GetId()}, Status: asPublished}))(t)
	priced("lowered again", 70, 5500, 4000)
	priced("and again, long after", 110, 5000, 5500)

	// Of a list that is in force while nobody sees the product.
	becomes(120, asDraft)
	l := r.list(t, &catalogv1.CreatePriceListRequest{Status: on})
	r.put(t, l.GetId(), row(p.GetVariants()[0].GetId(), 10))
	r.clock.day(121)
	must(r.DeletePriceList(r.ctx, &catalogv1.DeletePriceListRequest{Id: l.GetId()}))(t)
	becomes(130, asPublished)
	priced("after a sale nobody saw", 131, 4500, 5000)

	// Made for sale at once, and copied.
	r.clock.day(200)
	made := r.create(t, shirt("Shirt", "S"))
	r.clock.day(201)
	r.change(t, made, &catalogv1.UpdateVariantRequest{Price: euros(900)})
	costs(t, "made for sale", r.shop(t, &catalogv1.GetStoreProductRequest{SlugOrId: made.GetId()}), 900, -1, 1000)
	for _, sql := range []string{"update product_publications set published = true", "delete from product_publications"} {
		err := r.db.Write(r.ctx, func(w *pg.Writes) error { w.Exec(sql); return nil })
		if err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestHistoryStays(t *testing.T) {
	t.Parallel()
	r := openPrices(t)
	p := r.create(t, shirt("Shirt", "S", "M"))
	r.clock.day(1)
	l := r.list(t, &catalogv1.CreatePriceListRequest{Status: on})
	r.put(t, l.GetId(), row(p.GetVariants()[0].GetId(), 700))
	for _, sql := range []string{"update price_history set amount = 1", "delete from price_history"} {
		err := r.db.Write(r.ctx, func(w *pg.Writes) error { w.Exec(sql); return nil })
		if err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	r.clock.day(5)
	must(r.DeleteVariant(r.ctx, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: p.GetVariants()[0].GetId()}))(t)
	same(t, "history of a variant", r.history(t, p), "EUR none day 5; sale EUR none day 5; sale EUR 700 prior 1000 day 1; EUR 1000 day 0")
	r.clock.day(6)
	must(r.DeleteProduct(r.ctx, &catalogv1.DeleteProductRequest{Id: p.GetId()}))(t)
	p.Variants = p.Variants[1:]
	same(t, "history of a product", r.history(t, p), "EUR none day 6; EUR 2000 day 0")

	// Pages, newest first.
	q := r.create(t, shirt("Cap", "S"))
	for i := range 5 {
		r.clock.day(10 + i)
		r.change(t, q, &catalogv1.UpdateVariantRequest{Price: euros(int64(100 - i))})
	}
	req := &catalogv1.ListPriceHistoryRequest{ProductId: q.GetId(), VariantId: q.GetVariants()[0].GetId(), Page: &typev1.PageRequest{Limit: 4}}
	first := must(r.ListPriceHistory(r.ctx, req))(t)
	req.Page.After = first.GetPage().GetNext()
	second := must(r.ListPriceHistory(r.ctx, req))(t)
	if len(first.GetRecords()) != 4 || len(second.GetRecords()) != 2 || first.GetPage().GetTotal() != 6 || second.GetRecords()[1].GetAmount() != 1000 || len(second.GetPage().GetNext()) != 0 {
		t.Errorf("pages %v and %v", first, second)
	}
}

// TestLargeList: thousands of prices begin and end in chunks, on two processes at once, while staff go on working.
func TestLargeList(t *testing.T) {
	t.Parallel()
	r := openPrices(t)
	variants := must(catalog.Load(r.ctx, r.db.DB, 700, r.clock.Now))(t)
	l := r.list(t, &catalogv1.CreatePriceListRequest{Type: catalogv1.PriceListType_PRICE_LIST_TYPE_OVERRIDE})
	for start := 0; start < len(variants); start += 1000 {
		var rows []*catalogv1.ListPriceInput
		for _, v := range variants[start:min(start+1000, len(variants))] {
			rows = append(rows, row(v.String(), 42))
		}
		r.put(t, l.GetId(), rows...)
	}
	seen := map[string]bool{}
	page := &catalogv1.ListListPricesRequest{PriceListId: l.GetId(), Page: &typev1.PageRequest{Limit: 100}}
	for {
		res := must(r.ListListPrices(r.ctx, page))(t)
		for _, one := range res.GetPrices() {
			seen[one.GetVariantId()] = true
		}
		if page.Page.After = res.GetPage().GetNext(); len(page.Page.After) == 0 {
			break
		}
	}
	same(t, "prices walked", len(seen), len(variants))

	r.clock.day(10)
	r.turn(t, l.GetId(), on)
	if n := must(catalog.Waiting(r.ctx, r.db.DB))(t); n != 200 {
		t.Errorf("%d products are left to the background", n)
	}
	// Staff change a product that waits: its list has begun for it at the same instant as for the others.
	var waiting string
	list := must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{MinPrice: new(int64(43)), Page: &typev1.PageRequest{Limit: 1}}))(t)
	waiting = list.GetProducts()[0].GetId()
	p := r.read(t, waiting)
	r.clock.day(11)
	r.change(t, p, &catalogv1.UpdateVariantRequest{Price: euros(50)})
	costs(t, "a product that waited", r.shop(t, &catalogv1.GetStoreProductRequest{SlugOrId: waiting}), 42, -1, p.GetVariants()[0].GetPrice().GetAmount())
	if got := r.history(t, p); !strings.HasPrefix(got, "EUR 50 prior 42 day 11; override EUR 42 prior") || !strings.Contains(got, "day 10; ") {
		t.Errorf("history %s", got)
	}
	both := func() {
		t.Helper()
		var group sync.WaitGroup
		for _, svc := range []*catalog.Service{r.svc, r.start(t)} {
			group.Go(func() {
				if err := catalog.SweepPrices(context.WithoutCancel(t.Context()), svc); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
	both()
	count := func(low int64) int64 {
		return must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{MinPrice: new(low)}))(t).GetPage().GetTotal()
	}
	same(t, "products above it", count(43), 0)
	same(t, "products", count(0), 700)
	r.documents(t, "the beginning")
	r.clock.day(20)
	must(r.DeletePriceList(r.ctx, &catalogv1.DeletePriceListRequest{Id: l.GetId()}))(t)
	both()
	same(t, "products at it", 700-count(43), 0)
	same(t, "waiting", must(catalog.Waiting(r.ctx, r.db.DB))(t), 0)
	r.documents(t, "the end")
}

// TestPricesUnderFire: staff change the price and the list and its prices at once, and two processes sweep. In the end
// all agree.
func TestPricesUnderFire(t *testing.T) {
	t.Parallel()
	r := openPrices(t)
	p := r.create(t, shirt("Shirt", "S"))
	v := p.GetVariants()[0].GetId()
	l := r.list(t, &catalogv1.CreatePriceListRequest{})
	r.put(t, l.GetId(), row(v, 500))
	var group sync.WaitGroup
	for _, work := range []func(i int) error{
		func(i int) error {
			_, err := r.UpdateVariant(r.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: v, Price: euros(int64(1000 + i))})
			return err
		},
		func(i int) error {
			_, err := r.UpdatePriceList(r.ctx, &catalogv1.UpdatePriceListRequest{Id: l.GetId(), Status: []catalogv1.PriceListStatus{on, off}[i%2]})
			return err
		},
		func(i int) error {
			_, err := r.PutListPrices(r.ctx, &catalogv1.PutListPricesRequest{PriceListId: l.GetId(), Prices: []*catalogv1.ListPriceInput{row(v, int64(500+i))}})
			return err
		},
		func(int) error { return catalog.SweepPrices(r.ctx, r.svc) },
	} {
		group.Go(func() {
			for i := range 12 {
				if err := work(i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	r.turn(t, l.GetId(), on)
	r.sweep(t)
	same(t, "waiting", must(catalog.Waiting(r.ctx, r.db.DB))(t), 0)
	if got := r.shop(t, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug()}); got.GetPrice().GetAmount() != 511 || got.GetCompareAtPrice().GetAmount() != 1011 {
		t.Errorf("in the end it costs %v", got)
	}
	r.turn(t, l.GetId(), off)
	same(t, "without the list", r.shop(t, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug()}).GetPrice().GetAmount(), 1011)
	r.documents(t, "the fire")
}

// TestRunBeginsOnTime: Run wakes at the instant a list begins, by the room's clock.
func TestRunBeginsOnTime(t *testing.T) {
	t.Parallel()
	r := open(t)
	prices := &pricing{room: r, clock: &clock{}}
	svc := must(catalog.New(catalog.DefaultConfig(), catalog.Deps{DB: r.db.DB, Logger: slog.New(slog.DiscardHandler), Now: time.Now}))(t)
	deps := rpc.Deps{Logger: slog.New(slog.DiscardHandler)}
	server := must(rpc.NewServer(deps))(t)
	svc.Mount(server)
	prices.PriceServiceClient = catalogv1connect.NewPriceServiceClient(must(rpc.NewClient(door.Memory(server), deps))(t))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- svc.Run(ctx) }()
	p := r.create(t, shirt("Shirt", "S"))
	begins := time.Now().Add(300 * time.Millisecond)
	l := prices.list(t, &catalogv1.CreatePriceListRequest{Status: on, StartsAt: timestamppb.New(begins)})
	prices.put(t, l.GetId(), row(p.GetVariants()[0].GetId(), 700))
	for tries := time.NewTicker(5 * time.Millisecond); ; {
		<-tries.C
		if v := prices.shop(t, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug()}); v.GetPrice().GetAmount() == 700 {
			tries.Stop()
			break
		}
		if time.Since(begins) > 20*time.Second {
			t.Fatal("the list has not begun")
		}
	}
	if early := time.Until(begins); early > 0 {
		t.Errorf("it began %v early", early)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
