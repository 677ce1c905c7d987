// Package attack holds what strangers may try at the edge, from the outside: over HTTP, with real rows in PostgreSQL.
package attack

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/sovecom/sovecom/gateway"
	cartv1 "github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/cart/v1/cartv1connect"
	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/gen/sovecom/checkout/v1/checkoutv1connect"
	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1/inventoryv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/media/v1/mediav1connect"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/gen/sovecom/search/v1/searchv1connect"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/gen/sovecom/webhook/v1/webhookv1connect"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/cache"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// shop is an edge with rooms that a test plays.
type shop struct {
	*gateway.Gateway

	db     *pgtest.DB
	url    string
	signer *auth.Signer
	now    func() time.Time
	config gateway.Config
	deps   gateway.Deps
	carts  *carts
	orders *orders
	people *people
	goods  *goods
	files  *files
	texts  *texts
	lives  *lives
}

// options change the shop before it opens.
type options struct {
	config func(*gateway.Config)
	media  http.Handler
}

func open(t *testing.T, o options) *shop {
	t.Helper()
	_, private, err := ed25519.GenerateKey(nil)
	must(t, err)
	signer, err := auth.NewSigner(private, "test")
	must(t, err)
	s := &shop{db: pgtest.New(t, "gateway", gateway.Migrations()), signer: signer, now: time.Now}
	s.carts, s.orders, s.goods, s.texts = &carts{}, &orders{}, &goods{}, &texts{}
	s.lives = &lives{}
	s.people = &people{signer: signer}
	s.files = &files{pieces: map[int32][]byte{}}
	log := slog.New(slog.DiscardHandler)
	memory, err := cache.Open(cache.Config{}, cache.Deps{Logger: log, Now: time.Now})
	must(t, err)
	t.Cleanup(memory.Close)
	server, err := rpc.NewServer(rpc.Deps{Logger: log})
	must(t, err)
	cartv1connect.RegisterCartServiceHandler(server, s.carts)
	checkoutv1connect.RegisterCheckoutServiceHandler(server, s.orders)
	identityv1connect.RegisterIdentityServiceHandler(server, s.people)
	catalogv1connect.RegisterCatalogServiceHandler(server, s.goods)
	catalogv1connect.RegisterFactsServiceHandler(server, catalogv1connect.UnimplementedFactsServiceHandler{})
	catalogv1connect.RegisterJobServiceHandler(server, s.files)
	catalogv1connect.RegisterTranslationServiceHandler(server, s.texts)
	catalogv1connect.RegisterLifecycleServiceHandler(server, s.lives)
	inventoryv1connect.RegisterInventoryServiceHandler(server, inventoryv1connect.UnimplementedInventoryServiceHandler{})
	mediav1connect.RegisterMediaServiceHandler(server, mediav1connect.UnimplementedMediaServiceHandler{})
	searchv1connect.RegisterSearchServiceHandler(server, finder{s.goods, searchv1connect.UnimplementedSearchServiceHandler{}})
	webhookv1connect.RegisterWebhookServiceHandler(server, webhookv1connect.UnimplementedWebhookServiceHandler{})
	client, err := rpc.NewClient(door.Memory(server), rpc.Deps{Logger: log})
	must(t, err)
	s.config = gateway.DefaultConfig()
	s.config.RateLimit = 0
	if o.config != nil {
		o.config(&s.config)
	}
	s.deps = gateway.Deps{
		DB: s.db.DB, Cache: memory, Logger: log, Now: time.Now, Secret: []byte("0123456789abcdef0123456789abcdef"), Media: o.media,
		Facts:   catalogv1connect.NewFactsServiceClient(client),
		Catalog: catalogv1connect.NewCatalogServiceClient(client), Jobs: catalogv1connect.NewJobServiceClient(client), Inventory: inventoryv1connect.NewInventoryServiceClient(client),
		Cart: cartv1connect.NewCartServiceClient(client), Checkout: checkoutv1connect.NewCheckoutServiceClient(client),
		Identity: identityv1connect.NewIdentityServiceClient(client), MediaRPC: mediav1connect.NewMediaServiceClient(client),
		Search: searchv1connect.NewSearchServiceClient(client), Webhook: webhookv1connect.NewWebhookServiceClient(client),
		Lifecycle:   catalogv1connect.NewLifecycleServiceClient(client),
		Translation: catalogv1connect.NewTranslationServiceClient(client),
	}
	s.Gateway, s.url = s.serve(t)
	return s
}

// serve opens another edge on the same rooms and rows, as another replica or a restart would be.
func (s *shop) serve(t *testing.T) (*gateway.Gateway, string) {
	t.Helper()
	g, err := gateway.New(s.config, s.deps)
	must(t, err)
	server := httptest.NewServer(g.Handler())
	t.Cleanup(server.Close)
	return g, server.URL
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// token signs somebody in.
func (s *shop) token(t *testing.T, kind auth.Kind, role string, of id.ID) string {
	t.Helper()
	text, err := s.signer.Sign(auth.Principal{Kind: kind, ID: id.New(), Role: role, Session: id.New()}, of, s.now())
	must(t, err)
	return text
}

// try is one request.
type try struct {
	method, path, body string
	header             map[string]string
}

type reply struct {
	status int
	header http.Header
	body   string
}

func (s *shop) do(t *testing.T, r try) reply {
	t.Helper()
	return send(t, s.url, r)
}

func send(t *testing.T, url string, r try) reply {
	t.Helper()
	out, err := exchange(t.Context(), url, r)
	must(t, err)
	return out
}

func exchange(ctx context.Context, url string, r try) (reply, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, url+r.path, strings.NewReader(r.body))
	if err != nil {
		return reply{}, err
	}
	if r.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range r.header {
		if name == "Host" {
			req.Host = value
			continue
		}
		req.Header.Set(name, value)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return reply{status: res.StatusCode, header: res.Header, body: string(body)}, err
}

// want checks the status, the shape of errors, and that every answer carries a request id.
func (s *shop) want(t *testing.T, status int, r try) reply {
	t.Helper()
	got := s.do(t, r)
	if got.status != status {
		t.Errorf("%s %s: got %d, want %d: %.300s", r.method, r.path, got.status, status, got.body)
	}
	got.check(t, r)
	return got
}

func (a reply) check(t *testing.T, r try) {
	t.Helper()
	if a.header.Get("X-Request-Id") == "" {
		t.Errorf("%s %s: no X-Request-Id", r.method, r.path)
	}
	if a.status < 400 {
		return
	}
	var doc struct {
		Error *struct {
			Code    string           `json:"code"`
			Message string           `json:"message"`
			Details []map[string]any `json:"details"`
		} `json:"error"`
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(a.body)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&doc); err != nil || doc.Error == nil || !strings.Contains(doc.Error.Code, ".") || doc.Error.Message == "" || doc.Error.Details == nil {
		t.Errorf("%s %s: %d is not an error document (%v): %.300s", r.method, r.path, a.status, err, a.body)
	}
}

func (a reply) code() string {
	var doc struct{ Error struct{ Code string } }
	_ = json.Unmarshal([]byte(a.body), &doc)
	return doc.Error.Code
}

func (a reply) fields() []string {
	var doc struct {
		Error struct{ Details []struct{ Field string } }
	}
	_ = json.Unmarshal([]byte(a.body), &doc)
	var out []string
	for _, d := range doc.Error.Details {
		out = append(out, d.Field)
	}
	return out
}

// carts plays the cart room: every cart has a fresh secret, and only that opens it.
type carts struct {
	cartv1connect.UnimplementedCartServiceHandler

	made  atomic.Int64
	added atomic.Int64
}

func cartOf(cartID string) *cartv1.Cart {
	zero := &typev1.Money{Currency: "EUR"}
	now := timestamppb.Now()
	return &cartv1.Cart{Id: cartID, Status: cartv1.CartStatus_CART_STATUS_ACTIVE, Currency: "EUR", CreatedAt: now, UpdatedAt: now, ExpiresAt: now,
		Totals: &typev1.Totals{Subtotal: zero, Discount: zero, Shipping: zero, Tax: zero, Total: zero}}
}

func (c *carts) CreateCart(context.Context, *cartv1.CreateCartRequest) (*cartv1.CreateCartResponse, error) {
	return &cartv1.CreateCartResponse{Cart: cartOf(id.New().String()), Token: fmt.Sprintf("cart-secret-%d", c.made.Add(1))}, nil
}

func (c *carts) GetCart(_ context.Context, req *cartv1.GetCartRequest) (*cartv1.GetCartResponse, error) {
	if req.GetToken() == "" {
		return nil, fault.Denied("cart.access_denied", "This cart is not yours.")
	}
	return &cartv1.GetCartResponse{Cart: cartOf(req.GetId())}, nil
}

func (c *carts) AddItem(_ context.Context, req *cartv1.AddItemRequest) (*cartv1.AddItemResponse, error) {
	c.added.Add(1)
	return &cartv1.AddItemResponse{Cart: cartOf(req.GetId())}, nil
}

func (c *carts) SetEmail(_ context.Context, req *cartv1.SetEmailRequest) (*cartv1.SetEmailResponse, error) {
	return &cartv1.SetEmailResponse{Cart: cartOf(req.GetId())}, nil
}

// orders plays checkout: every call that arrives makes an order.
type orders struct {
	checkoutv1connect.UnimplementedCheckoutServiceHandler

	placed atomic.Int64
	fail   atomic.Pointer[fault.Fault]
	hold   atomic.Pointer[chan struct{}] // calls wait for it
	keys   atomic.Pointer[string]
}

func (o *orders) PlaceOrder(ctx context.Context, req *checkoutv1.PlaceOrderRequest) (*checkoutv1.PlaceOrderResponse, error) {
	if hold := o.hold.Load(); hold != nil {
		select {
		case <-*hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if f := o.fail.Load(); f != nil {
		return nil, f
	}
	key := req.GetIdempotencyKey()
	o.keys.Store(&key)
	n := o.placed.Add(1)
	order := &checkoutv1.Order{Id: id.New().String(), Number: fmt.Sprint(1000 + n), Status: checkoutv1.OrderStatus_ORDER_STATUS_PENDING_PAYMENT,
		PaymentStatus: checkoutv1.PaymentStatus_PAYMENT_STATUS_PENDING, PlacedAt: timestamppb.Now(), Totals: cartOf("").GetTotals()}
	return &checkoutv1.PlaceOrderResponse{Order: order, AccessToken: fmt.Sprintf("order-secret-%d", n)}, nil
}

// people plays identity.
type people struct {
	identityv1connect.UnimplementedIdentityServiceHandler

	signer *auth.Signer
	logins atomic.Int64
	other  id.ID // the tenant of other.example
	team   team

	strangers atomic.Int64 // times nowhere.example was asked for
	open      atomic.Bool  // a shop answers on it
}

func (p *people) GetJWKS(context.Context, *identityv1.GetJWKSRequest) (*identityv1.GetJWKSResponse, error) {
	jwks, err := p.signer.JWKS()
	return &identityv1.GetJWKSResponse{JwksJson: jwks}, err
}

func (p *people) ResolveTenant(_ context.Context, req *identityv1.ResolveTenantRequest) (*identityv1.ResolveTenantResponse, error) {
	if req.GetHost() == "other.example" {
		return &identityv1.ResolveTenantResponse{TenantId: p.other.String()}, nil
	}
	if req.GetHost() == "nowhere.example" {
		p.strangers.Add(1)
		if !p.open.Load() {
			return nil, fault.NotFound("identity.host_unknown", "No shop answers on this host name.")
		}
	}
	return &identityv1.ResolveTenantResponse{TenantId: tenant.Default().String()}, nil
}

func (p *people) session() *identityv1.Session {
	n := p.logins.Add(1)
	return &identityv1.Session{AccessToken: fmt.Sprintf("access-%d", n), ExpiresInSeconds: 900, RefreshToken: fmt.Sprintf("refresh-%d", n), RefreshExpiresInSeconds: 3600}
}

func (p *people) LoginCustomer(context.Context, *identityv1.LoginCustomerRequest) (*identityv1.LoginCustomerResponse, error) {
	return &identityv1.LoginCustomerResponse{Session: p.session(), Customer: &identityv1.Customer{Id: id.New().String()}}, nil
}

func (p *people) RefreshCustomer(context.Context, *identityv1.RefreshCustomerRequest) (*identityv1.RefreshCustomerResponse, error) {
	return &identityv1.RefreshCustomerResponse{Session: p.session(), Customer: &identityv1.Customer{Id: id.New().String()}}, nil
}

func (p *people) LoginStaff(context.Context, *identityv1.LoginStaffRequest) (*identityv1.LoginStaffResponse, error) {
	return &identityv1.LoginStaffResponse{Session: p.session(), Staff: &identityv1.Staff{Id: id.New().String(), Role: "owner"}}, nil
}

// goods plays the catalogue: one product whose title can be changed, and a count of who asked.
type goods struct {
	catalogv1connect.UnimplementedCatalogServiceHandler

	title atomic.Value
	asked atomic.Int64
	saw   atomic.Value // the last slug asked for
	chain atomic.Value // the languages last asked for
}

// finder plays search: it finds the one product.
type finder struct {
	goods *goods

	searchv1connect.UnimplementedSearchServiceHandler
}

func (f finder) SearchProducts(context.Context, *searchv1.SearchProductsRequest) (*searchv1.SearchProductsResponse, error) {
	return &searchv1.SearchProductsResponse{Hits: []*searchv1.Hit{{ProductId: f.goods.product().GetId()}}, Page: &typev1.PageInfo{Total: 1}}, nil
}

func (f finder) Suggest(context.Context, *searchv1.SuggestRequest) (*searchv1.SuggestResponse, error) {
	return &searchv1.SuggestResponse{}, nil
}

func (g *goods) GetStoreProducts(_ context.Context, req *catalogv1.GetStoreProductsRequest) (*catalogv1.GetStoreProductsResponse, error) {
	out := &catalogv1.GetStoreProductsResponse{}
	for range req.GetIds() {
		out.Products = append(out.Products, g.product())
	}
	return out, nil
}

const productID = "01890000-0000-7000-8000-00000000aaaa"

func (g *goods) product() *catalogv1.Product {
	title, _ := g.title.Load().(string)
	return &catalogv1.Product{Id: productID, Slug: "shirt", Title: title, Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED, Version: 3}
}

func (g *goods) GetStoreProduct(_ context.Context, req *catalogv1.GetStoreProductRequest) (*catalogv1.GetStoreProductResponse, error) {
	g.asked.Add(1)
	g.saw.Store(req.GetSlugOrId())
	if req.GetSlugOrId() != "shirt" && req.GetSlugOrId() != productID {
		return nil, fault.NotFound("catalog.product_not_found", "There is no such product.")
	}
	return &catalogv1.GetStoreProductResponse{Product: g.product()}, nil
}

func (g *goods) ListStoreProducts(_ context.Context, req *catalogv1.ListStoreProductsRequest) (*catalogv1.ListStoreProductsResponse, error) {
	g.asked.Add(1)
	g.chain.Store(strings.Join(req.GetLocales(), " "))
	return &catalogv1.ListStoreProductsResponse{Products: []*catalogv1.Product{g.product()}, Page: &typev1.PageInfo{Total: 1, Next: []byte("next")}}, nil
}
