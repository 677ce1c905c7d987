package inventory_test

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1/inventoryv1connect"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/inventory"
)

func TestMain(m *testing.M) {
	flag.Parse()
	// What is measured must be durable.
	if f := flag.Lookup("test.bench"); f != nil && f.Value.String() != "" {
		if err := os.Setenv("PGTEST_DURABLE", "1"); err != nil {
			panic(err)
		}
	}
	pgtest.Main(m)
}

// room is an inventory of the test's own.
type room struct {
	t      testing.TB
	db     *pgtest.DB
	svc    *inventory.Service
	client inventoryv1connect.InventoryServiceClient
	ctx    context.Context //nolint:containedctx // the test's own: the default tenant, asked for by a service
	clock  *clock
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

// open starts a room with its default pool; change may alter the configuration.
func open(t testing.TB, change ...func(*inventory.Config)) *room {
	t.Helper()
	db := pgtest.New(t, "inventory", inventory.Migrations())
	return on(t, db, db.DB, &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}, change...)
}

// on starts a room on a database that is there, as another replica would.
func on(t testing.TB, db *pgtest.DB, pool *pg.DB, clock *clock, change ...func(*inventory.Config)) *room {
	t.Helper()
	cfg := inventory.DefaultConfig()
	for _, c := range change {
		c(&cfg)
	}
	log := slog.New(slog.DiscardHandler)
	svc, err := inventory.New(cfg, inventory.Deps{DB: pool, Logger: log, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	server, err := rpc.NewServer(rpc.Deps{Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	svc.Mount(server)
	client, err := rpc.NewClient(door.Memory(server), rpc.Deps{Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	return &room{
		t: t, db: db, svc: svc, client: inventoryv1connect.NewInventoryServiceClient(client),
		ctx: auth.With(pgtest.Context(t), auth.Principal{Kind: auth.Service}), clock: clock,
	}
}

// otherTenant is the context of a second shop in the same database.
func (r *room) otherTenant() context.Context {
	r.t.Helper()
	other := id.New()
	if err := r.db.Write(tenant.WithSystem(r.ctx), func(w *pg.Writes) error {
		w.Exec("insert into tenants (id) values ($1)", other)
		return nil
	}); err != nil {
		r.t.Fatal(err)
	}
	return tenant.With(r.ctx, other)
}

func (r *room) stockUp(onHand int64, variants ...id.ID) {
	r.t.Helper()
	var items []*inventoryv1.NewStock
	for _, v := range variants {
		items = append(items, &inventoryv1.NewStock{VariantId: v.String(), OnHand: onHand})
	}
	if _, err := r.client.OpenStock(r.ctx, &inventoryv1.OpenStockRequest{Items: items}); err != nil {
		r.t.Fatal(err)
	}
}

// variant opens stock of a new one.
func (r *room) variant(onHand int64) id.ID {
	r.t.Helper()
	v := id.New()
	r.stockUp(onHand, v)
	return v
}

func line(variant id.ID, quantity int64) *inventoryv1.Line {
	return &inventoryv1.Line{VariantId: variant.String(), Quantity: quantity}
}

const holdTime = 15 * time.Minute

func (r *room) reserve(order id.ID, lines ...*inventoryv1.Line) error {
	_, err := r.client.Reserve(r.ctx, &inventoryv1.ReserveRequest{
		OrderId: order.String(), Lines: lines, ExpiresAt: timestamppb.New(r.clock.Now().Add(holdTime)),
	})
	return err
}

func (r *room) commit(order id.ID) error {
	_, err := r.client.Commit(r.ctx, &inventoryv1.CommitRequest{OrderId: order.String()})
	return err
}

func (r *room) release(order id.ID) error {
	_, err := r.client.Release(r.ctx, &inventoryv1.ReleaseRequest{OrderId: order.String()})
	return err
}

func (r *room) stock(variant id.ID) *inventoryv1.Stock {
	r.t.Helper()
	res, err := r.client.GetStock(r.ctx, &inventoryv1.GetStockRequest{VariantId: variant.String()})
	if err != nil {
		r.t.Fatal(err)
	}
	return res.GetStock()
}

func (r *room) level(variant id.ID, onHand, reserved int64) {
	r.t.Helper()
	if s := r.stock(variant); s.GetOnHand() != onHand || s.GetReserved() != reserved {
		r.t.Errorf("%d on hand, %d reserved; want %d, %d", s.GetOnHand(), s.GetReserved(), onHand, reserved)
	}
}

// ledger returns the reasons of a variant's lines, oldest first.
func (r *room) ledger(variant id.ID) []string {
	r.t.Helper()
	res, err := r.client.ListMovements(r.ctx, &inventoryv1.ListMovementsRequest{VariantId: variant.String()})
	if err != nil {
		r.t.Fatal(err)
	}
	var out []string
	for _, m := range res.GetMovements() {
		out = append(out, m.GetReason().String()[len("REASON_"):])
	}
	slices.Reverse(out)
	return out
}

// sound checks that every balance follows from the ledger and the live holds.
func (r *room) sound() {
	r.t.Helper()
	res, err := r.client.RebuildBalances(r.ctx, &inventoryv1.RebuildBalancesRequest{DryRun: true})
	if err != nil {
		r.t.Fatal(err)
	}
	if len(res.GetDrifts()) > 0 {
		r.t.Errorf("balances have drifted: %v", res.GetDrifts())
	}
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
