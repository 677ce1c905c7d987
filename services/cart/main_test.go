package cart_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/cart/v1/cartv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1/inventoryv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/cart"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// room is a cart room of the test's own, and the rooms around it.
type room struct {
	cartv1connect.CartServiceClient

	t      testing.TB
	db     *pgtest.DB
	svc    *cart.Service
	ctx    context.Context //nolint:containedctx // the test's own: an anonymous shopper of the default tenant
	clock  *clock
	others *others
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

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func open(t testing.TB) *room {
	t.Helper()
	db := pgtest.New(t, "cart", cart.Migrations())
	pool, err := pg.Open(t.Context(), pg.Config{URL: db.URL, Schema: "cart", AsyncCommit: true}, pg.Deps{Logger: slog.New(slog.DiscardHandler)})
	ok(t, err)
	t.Cleanup(pool.Close)
	db.DB = pool
	r := &room{
		t: t, db: db, ctx: pgtest.Context(t), clock: &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)},
		others: newOthers(),
	}
	r.start(pool)
	return r
}

// replica is another process of the room, on the same database.
func (r *room) replica() *room {
	other := *r
	other.start(r.db.DB)
	return &other
}

func (r *room) start(pool *pg.DB) {
	t := r.t
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	client := func(mount func(*connect.Server)) *connect.Client {
		server, err := rpc.NewServer(rpc.Deps{Logger: log})
		ok(t, err)
		mount(server)
		c, err := rpc.NewClient(door.Memory(server), rpc.Deps{Logger: log})
		ok(t, err)
		return c
	}
	cfg := cart.DefaultConfig()
	cfg.SweepEvery, cfg.SweepBatch = 10*time.Millisecond, 2
	var err error
	r.svc, err = cart.New(cfg, cart.Deps{
		DB: pool, Logger: log, Now: r.clock.Now,
		Catalog: catalogv1connect.NewCatalogServiceClient(client(func(s *connect.Server) {
			catalogv1connect.RegisterCatalogServiceHandler(s, catalogRoom{others: r.others})
		})),
		Inventory: inventoryv1connect.NewInventoryServiceClient(client(func(s *connect.Server) {
			inventoryv1connect.RegisterInventoryServiceHandler(s, inventoryRoom{others: r.others})
		})),
		Identity: identityv1connect.NewIdentityServiceClient(client(func(s *connect.Server) {
			identityv1connect.RegisterIdentityServiceHandler(s, identityRoom{others: r.others})
		})),
	})
	ok(t, err)
	r.CartServiceClient = cartv1connect.NewCartServiceClient(client(r.svc.Mount))
}

// others plays the rooms that a cart asks.
type others struct {
	mu       sync.Mutex
	variants map[string]*catalogv1.ResolvedVariant
	further  map[string]*typev1.Money // prices in one further currency
	stocks   map[string]*inventoryv1.Stock
	settings *identityv1.Settings
	asked    map[string]int
	told     int // variants that a request was told everything of
	// quote changes what a request is told of a variant.
	quote func(req *catalogv1.ResolveVariantsRequest, v *catalogv1.ResolvedVariant)
	// forgetful is a catalogue that tells everything each time, whatever the caller knows.
	forgetful bool
	// away is what the catalogue answers while it is away.
	away error
	// before runs when the catalogue is asked, for tests that come in between.
	before func()
}

func newOthers() *others {
	return &others{
		variants: map[string]*catalogv1.ResolvedVariant{}, stocks: map[string]*inventoryv1.Stock{}, asked: map[string]int{},
		settings: &identityv1.Settings{
			Store: &identityv1.StoreSettings{Name: "Shop", DefaultCurrency: "EUR", Country: "FR"},
			Tax:   &identityv1.TaxSettings{Rate: "0.2000", PricesIncludeTax: true, Country: "FR"},
			Shipping: &identityv1.ShippingSettings{Rates: []*identityv1.FlatRate{
				{Id: "standard", Name: "Standard", Amount: euros(490)},
				{Id: "courier", Name: "Courier", Amount: euros(1500), Countries: []string{"BE", "FR"}},
				{Id: "sledge", Name: "Sledge", Amount: &typev1.Money{Amount: 900, Currency: "NOK"}},
			}},
		},
	}
}

// change alters what the other rooms say.
func (o *others) change(do func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	do()
}

func (o *others) count(what string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.asked[what]
}

// counts is how often what was asked.
func (o *others) counts() map[string]int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.asked)
}

type catalogRoom struct {
	catalogv1connect.CatalogServiceHandler
	*others
}

func (r catalogRoom) ResolveVariants(_ context.Context, req *catalogv1.ResolveVariantsRequest) (*catalogv1.ResolveVariantsResponse, error) {
	r.mu.Lock()
	r.asked["variants"]++
	before, away := r.before, r.away
	r.mu.Unlock()
	if away != nil {
		return nil, away
	}
	if before != nil {
		before()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	out := &catalogv1.ResolveVariantsResponse{}
	for at, want := range slices.Backward(req.GetIds()) { // in no order
		if v, ok := r.variants[want]; ok {
			if known := req.GetRevisions(); len(known) > 0 && known[at] != 0 && known[at] == v.GetRevision() && req.GetProductIds()[at] == v.GetProductId() && !r.forgetful {
				out.Unchanged = append(out.Unchanged, int32(at))
				continue
			}
			r.others.told++
			v = proto.CloneOf(v)
			if other, ok := r.further[want]; ok && req.GetCurrency() == other.GetCurrency() {
				v.Price = other
			}
			for _, t := range v.GetPriceTiers() { // as the catalogue does
				if i := slices.Index(req.GetIds(), want); i < len(req.GetQuantities()) && req.GetQuantities()[i] >= t.GetMinQuantity() {
					v.Price = t.GetPrice()
				}
			}
			if r.quote != nil {
				r.quote(req, v)
			}
			out.Variants = append(out.Variants, v)
		}
	}
	return out, nil
}

type inventoryRoom struct {
	inventoryv1connect.InventoryServiceHandler
	*others
}

func (r inventoryRoom) GetLevels(_ context.Context, req *inventoryv1.GetLevelsRequest) (*inventoryv1.GetLevelsResponse, error) {
	r.mu.Lock()
	r.asked["levels"]++
	defer r.mu.Unlock()
	out := &inventoryv1.GetLevelsResponse{}
	for _, want := range req.GetVariantIds() {
		if s, ok := r.stocks[want]; ok {
			out.Stocks = append(out.Stocks, proto.CloneOf(s))
		}
	}
	return out, nil
}

type identityRoom struct {
	identityv1connect.IdentityServiceHandler
	*others
}

func (r identityRoom) GetShopSettings(context.Context, *identityv1.GetShopSettingsRequest) (*identityv1.GetShopSettingsResponse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked["settings"]++
	return &identityv1.GetShopSettingsResponse{Settings: proto.CloneOf(r.settings)}, nil
}

func euros(amount int64) *typev1.Money { return &typev1.Money{Amount: amount, Currency: "EUR"} }

// sell puts a variant on sale.
func (r *room) sell(price, stock int64) string {
	r.t.Helper()
	v := id.New().String()
	r.others.change(func() {
		r.others.variants[v] = &catalogv1.ResolvedVariant{
			Id: v, ProductId: id.New().String(), ProductSlug: "linen-shirt", ProductTitle: "Linen shirt", VariantTitle: "S", Sku: "SH-" + v[30:],
			Options: map[string]string{"size": "S"}, Price: euros(price), Sellable: true, Image: &catalogv1.Image{Url: "/media/shirt"},
		}
		r.others.stocks[v] = &inventoryv1.Stock{VariantId: v, OnHand: stock, Available: stock}
	})
	return v
}

// basket is a cart with its secret.
type basket struct{ id, token string }

func (r *room) create(ctx context.Context) basket {
	r.t.Helper()
	res, err := r.CreateCart(ctx, &cartv1.CreateCartRequest{})
	ok(r.t, err)
	return basket{res.GetCart().GetId(), res.GetToken()}
}

func (r *room) add(b basket, variant string, quantity int64) (*cartv1.Cart, error) {
	res, err := r.AddItem(r.ctx, &cartv1.AddItemRequest{Id: b.id, Token: b.token, VariantId: variant, Quantity: quantity})
	return res.GetCart(), err
}

func (r *room) get(b basket) *cartv1.Cart {
	r.t.Helper()
	res, err := r.GetCart(r.ctx, &cartv1.GetCartRequest{Id: b.id, Token: b.token})
	ok(r.t, err)
	return res.GetCart()
}

func (r *room) email(b basket, email string) error {
	_, err := r.SetEmail(r.ctx, &cartv1.SetEmailRequest{Id: b.id, Token: b.token, Email: email})
	return err
}

func address(country string) *typev1.Address {
	return &typev1.Address{Name: "Ada Lovelace", Line1: "1 rue de la Paix", City: "Paris", PostalCode: "75002", Country: country}
}

func (r *room) shipTo(b basket, a *typev1.Address) (*cartv1.Cart, error) {
	res, err := r.SetShippingAddress(r.ctx, &cartv1.SetShippingAddressRequest{Id: b.id, Token: b.token, Address: a})
	return res.GetCart(), err
}

func (r *room) shipBy(b basket, rate string) (*cartv1.Cart, error) {
	res, err := r.SetShippingMethod(r.ctx, &cartv1.SetShippingMethodRequest{Id: b.id, Token: b.token, ShippingRateId: rate})
	return res.GetCart(), err
}

// ready makes a cart that can be ordered.
func (r *room) ready(variant string, quantity int64) basket {
	r.t.Helper()
	b := r.create(r.ctx)
	_, err := r.add(b, variant, quantity)
	ok(r.t, err)
	ok(r.t, r.email(b, "ada@example.com"))
	_, err = r.shipTo(b, address("FR"))
	ok(r.t, err)
	_, err = r.shipBy(b, "standard")
	ok(r.t, err)
	return b
}

func (r *room) claim(b basket, order id.ID) (*cartv1.Cart, error) {
	res, err := r.Claim(r.ctx, &cartv1.ClaimRequest{Id: b.id, Token: b.token, OrderId: order.String()})
	return res.GetCart(), err
}

func (r *room) unclaim(b basket, order id.ID) error {
	_, err := r.Unclaim(r.ctx, &cartv1.UnclaimRequest{Id: b.id, OrderId: order.String()})
	return err
}

// as is the room seen by somebody else.
func (r *room) as(p auth.Principal) *room {
	other := *r
	other.ctx = auth.With(r.ctx, p)
	return &other
}

// elsewhere is the room seen from a second shop in the same database.
func (r *room) elsewhere() *room {
	r.t.Helper()
	shop := id.New()
	ok(r.t, r.db.Write(tenant.WithSystem(r.ctx), func(w *pg.Writes) error {
		w.Exec("insert into tenants (id) values ($1)", shop)
		return nil
	}))
	other := *r
	other.ctx = tenant.With(r.ctx, shop)
	return &other
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
}

// names checks that a fault names exactly these fields.
func names(t testing.TB, err error, fields ...string) {
	t.Helper()
	got := map[string]bool{}
	for _, f := range fault.From(err).Fields() {
		got[f.Field] = true
	}
	if sorted := slices.Sorted(maps.Keys(got)); !slices.Equal(sorted, slices.Sorted(slices.Values(fields))) {
		t.Fatalf("%v names %v, want %v", err, sorted, fields)
	}
}

// detail checks the one detail object of a fault.
func detail(t testing.TB, err error, want map[string]any) {
	t.Helper()
	objects := fault.From(err).Objects()
	if len(objects) != 1 || !maps.EqualFunc(objects[0], want, func(a, b any) bool { return number(a) == number(b) }) {
		t.Fatalf("%v has details %v, want %v", err, objects, want)
	}
}

// number makes integers of any kind comparable.
func number(v any) any {
	switch n := v.(type) {
	case int:
		return int64(n)
	case float64:
		return int64(n)
	}
	return v
}

func withCancel(r *room) (context.Context, context.CancelFunc) {
	return context.WithCancel(r.t.Context())
}
