package checkout_test

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1/cartv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/gen/sovecom/checkout/v1/checkoutv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1/inventoryv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/media/v1/mediav1connect"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/checkout"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// shop is a checkout room of the test's own, with a cart and an inventory room that live in memory.
type shop struct {
	t     testing.TB
	db    *pgtest.DB
	cfg   checkout.Config
	carts *carts
	stock *stock
	files *files
	clock *clock
	staff id.ID
	*process
}

// process is one process of the checkout room.
type process struct {
	svc    *checkout.Service
	client checkoutv1connect.CheckoutServiceClient
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

func open(t testing.TB) *shop {
	t.Helper()
	db := pgtest.New(t, "checkout", checkout.Migrations())
	s := &shop{
		t: t, db: db, cfg: checkout.DefaultConfig(), carts: newCarts(), stock: newStock(), files: &files{}, staff: id.New(),
		clock: &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)},
	}
	s.process = s.start(db.DB, nil)
	return s
}

// start adds a process on a pool.
func (s *shop) start(pool *pg.DB, interrupt func(ctx context.Context, point string) error) *process {
	s.t.Helper()
	log := slog.New(slog.DiscardHandler)
	svc, err := checkout.New(s.cfg, checkout.Deps{
		DB: pool, Logger: log, Now: s.clock.Now, Secret: []byte("a secret of exactly 32 bytes or more"),
		Cart:      cartv1connect.NewCartServiceClient(s.dial(func(to *connect.Server) { cartv1connect.RegisterCartServiceHandler(to, s.carts) })),
		Inventory: inventoryv1connect.NewInventoryServiceClient(s.dial(func(to *connect.Server) { inventoryv1connect.RegisterInventoryServiceHandler(to, s.stock) })),
		Catalog: catalogv1connect.NewCatalogServiceClient(s.dial(func(to *connect.Server) {
			catalogv1connect.RegisterCatalogServiceHandler(to, &soldFiles{files: s.files})
		})),
		Media:     mediav1connect.NewMediaServiceClient(s.dial(func(to *connect.Server) { mediav1connect.RegisterMediaServiceHandler(to, &signedFiles{files: s.files}) })),
		Interrupt: interrupt,
	})
	ok(s.t, err)
	return &process{svc, checkoutv1connect.NewCheckoutServiceClient(s.dial(svc.Mount))}
}

// dial makes a client for a room in this process.
func (s *shop) dial(mount func(*connect.Server)) *connect.Client {
	s.t.Helper()
	log := slog.New(slog.DiscardHandler)
	server, err := rpc.NewServer(rpc.Deps{Logger: log})
	ok(s.t, err)
	mount(server)
	client, err := rpc.NewClient(door.Memory(server), rpc.Deps{Logger: log})
	ok(s.t, err)
	return client
}

// shopper is the context of a guest.
func (s *shop) shopper() context.Context { return pgtest.Context(s.t) }

// admin is the context of the owner.
func (s *shop) admin() context.Context {
	return auth.With(pgtest.Context(s.t), auth.Principal{Kind: auth.Staff, ID: s.staff, Role: "owner"})
}

func (s *shop) customer(who id.ID) context.Context {
	return auth.With(pgtest.Context(s.t), auth.Principal{Kind: auth.Customer, ID: who})
}

// elsewhere is a context like the given one in a second tenant of the same database.
func (s *shop) elsewhere(ctx context.Context) context.Context {
	s.t.Helper()
	other := id.New()
	ok(s.t, s.db.Write(tenant.WithSystem(ctx), func(w *pg.Writes) error {
		w.Exec("insert into tenants (id) values ($1)", other)
		return nil
	}))
	return tenant.With(ctx, other)
}

// buy places the order of a basket.
func (p *process) buy(ctx context.Context, b *basket, key string) (*checkoutv1.PlaceOrderResponse, error) {
	return p.client.PlaceOrder(ctx, &checkoutv1.PlaceOrderRequest{CartId: b.id, CartToken: b.token, PaymentMethod: "manual", IdempotencyKey: key})
}

// order fills a basket with units of a variant at 50.00 and buys it.
func (s *shop) order(units int64) *checkoutv1.Order {
	s.t.Helper()
	b := s.carts.fill(line{s.stock.add(units), units})
	res, err := s.buy(s.shopper(), b, "order "+b.id)
	ok(s.t, err)
	return res.GetOrder()
}

func (s *shop) pay(ctx context.Context, order string, amount int64, key string) (*checkoutv1.RecordPaymentResponse, error) {
	return s.client.RecordPayment(ctx, &checkoutv1.RecordPaymentRequest{OrderId: order, Method: "bank_transfer", Amount: euros(amount), IdempotencyKey: key})
}

func (s *shop) refund(ctx context.Context, order string, amount int64, key string) (*checkoutv1.RecordRefundResponse, error) {
	return s.client.RecordRefund(ctx, &checkoutv1.RecordRefundRequest{OrderId: order, Amount: euros(amount), Reason: "Too small.", IdempotencyKey: key})
}

func (s *shop) get(order string) *checkoutv1.Order {
	s.t.Helper()
	res, err := s.client.GetOrder(s.admin(), &checkoutv1.GetOrderRequest{Id: order})
	ok(s.t, err)
	return res.GetOrder()
}

// all lists every order staff can see.
func (s *shop) all() []*checkoutv1.Order {
	s.t.Helper()
	res, err := s.client.ListOrders(s.admin(), &checkoutv1.ListOrdersRequest{Page: &typev1.PageRequest{Limit: 100}})
	ok(s.t, err)
	return res.GetOrders()
}

// sweep lets everything that was left half-way come to its end.
func (s *shop) sweep() {
	s.t.Helper()
	s.clock.forward(s.cfg.LeaseTime + s.cfg.ResumeAfter)
	ok(s.t, s.svc.Sweep(s.t.Context()))
}

// settled checks that a basket came to exactly one end, and that it is all the shop has: one order that can be paid, its
// units held and the cart closed for it, or no order, nothing held and the cart open. It returns the order, or nil.
func (s *shop) settled(b *basket) *checkoutv1.Order {
	s.t.Helper()
	orders := s.all()
	if n := s.count("attempts where status <> 'failed'"); n != 0 {
		s.t.Errorf("%d attempts are still under way", n)
	}
	if n, want := s.count("outbox where subject = 'evt.checkout.order.created'"), int64(len(orders)); n != want {
		s.t.Errorf("%d orders were announced, want %d", n, want)
	}
	held, claimedBy := s.stock.held(), s.carts.claimedBy(b)
	switch len(orders) {
	case 0:
		if len(held) != 0 || claimedBy != "" {
			s.t.Errorf("there is no order, but %v is held and the cart belongs to %q", held, claimedBy)
		}
		return nil
	case 1:
		o := orders[0]
		if o.GetStatus() != checkoutv1.OrderStatus_ORDER_STATUS_PENDING_PAYMENT || claimedBy != o.GetId() || len(held) != 1 || held[o.GetId()] != b.units() {
			s.t.Errorf("order %s is %v, the cart belongs to %q, held is %v", o.GetId(), o.GetStatus(), claimedBy, held)
		}
		return o
	}
	s.t.Errorf("%d orders", len(orders))
	return nil
}

// count counts rows of the default tenant.
func (s *shop) count(from string) int64 {
	s.t.Helper()
	var n int64
	ok(s.t, s.db.Read(pgtest.Context(s.t), func(b *pg.Batch) {
		b.Queue("select count(*) from " + from).QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
	}))
	return n
}

func euros(amount int64) *typev1.Money { return &typev1.Money{Amount: amount, Currency: "EUR"} }

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

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func keys(prefix string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = prefix + strconv.Itoa(i)
	}
	return out
}
