package identity_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/identity"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const password = "correct horse battery staple"

// room is an identity room of the test's own.
type room struct {
	t      testing.TB
	db     *pgtest.DB
	svc    *identity.Service
	client identityv1connect.IdentityServiceClient
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

func secret() []byte { return bytes.Repeat([]byte("s"), 32) }

func open(t testing.TB, change ...func(*identity.Config)) *room {
	t.Helper()
	db := pgtest.New(t, "identity", identity.Migrations())
	return on(t, db, &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}, secret(), change...)
}

// on starts a room on a database that is there, as another replica would.
func on(t testing.TB, db *pgtest.DB, clock *clock, secret []byte, change ...func(*identity.Config)) *room {
	t.Helper()
	cfg := identity.DefaultConfig()
	// Cheap, because it is not Argon2id that is tested.
	cfg.HashMemoryKiB, cfg.HashPasses, cfg.HashThreads = 64, 1, 1
	for _, c := range change {
		c(&cfg)
	}
	log := slog.New(slog.DiscardHandler)
	svc, err := identity.New(cfg, identity.Deps{DB: db.DB, Logger: log, Now: clock.Now, Secret: secret})
	ok(t, err)
	server, err := rpc.NewServer(rpc.Deps{Logger: log})
	ok(t, err)
	svc.Mount(server)
	client, err := rpc.NewClient(door.Memory(server), rpc.Deps{Logger: log})
	ok(t, err)
	return &room{
		t: t, db: db, svc: svc, client: identityv1connect.NewIdentityServiceClient(client),
		ctx: auth.With(pgtest.Context(t), auth.Principal{Kind: auth.Service}), clock: clock,
	}
}

// as is the room seen by somebody else.
func (r *room) as(p auth.Principal) *room {
	other := *r
	other.ctx = auth.With(r.ctx, p)
	return &other
}

func (r *room) in(shop id.ID) *room {
	other := *r
	other.ctx = tenant.With(r.ctx, shop)
	return &other
}

// bearer is the room seen by whoever holds an access token.
func (r *room) bearer(token string, kind auth.Kind) *room {
	r.t.Helper()
	p, shop, err := r.verify(token, kind)
	ok(r.t, err)
	return r.as(p).in(shop)
}

func (r *room) verify(token string, kind auth.Kind) (auth.Principal, id.ID, error) {
	r.t.Helper()
	res, err := r.client.GetJWKS(r.ctx, &identityv1.GetJWKSRequest{})
	ok(r.t, err)
	keys, err := auth.ParseKeys(res.GetJwksJson())
	ok(r.t, err)
	return keys.Verify(token, kind, r.clock.Now())
}

// otherShop opens a second tenant.
func (r *room) otherShop(hosts ...string) id.ID {
	r.t.Helper()
	res, err := r.client.CreateTenant(r.ctx, &identityv1.CreateTenantRequest{Name: "Other", Hosts: hosts})
	ok(r.t, err)
	shop, err := id.Parse(res.GetTenantId())
	ok(r.t, err)
	return shop
}

func (r *room) hire(email string) *identityv1.Staff {
	r.t.Helper()
	res, err := r.client.CreateStaff(r.ctx, &identityv1.CreateStaffRequest{Email: email, Name: "Test", Role: "staff", Password: password})
	ok(r.t, err)
	return res.GetStaff()
}

func (r *room) register(email string) *identityv1.Customer {
	r.t.Helper()
	res, err := r.client.RegisterCustomer(r.ctx, &identityv1.RegisterCustomerRequest{Email: email, Password: password})
	ok(r.t, err)
	return res.GetCustomer()
}

func (r *room) loginStaff(email, password, ip string) (*identityv1.Session, error) {
	res, err := r.client.LoginStaff(r.ctx, &identityv1.LoginStaffRequest{Email: email, Password: password, ClientIp: ip})
	return res.GetSession(), err
}

func (r *room) loginCustomer(email, password, ip string) (*identityv1.Session, error) {
	res, err := r.client.LoginCustomer(r.ctx, &identityv1.LoginCustomerRequest{Email: email, Password: password, ClientIp: ip})
	return res.GetSession(), err
}

func (r *room) refreshStaff(token string) (*identityv1.Session, error) {
	res, err := r.client.RefreshStaff(r.ctx, &identityv1.RefreshStaffRequest{RefreshToken: token})
	return res.GetSession(), err
}

func (r *room) refreshCustomer(token string) (*identityv1.Session, error) {
	res, err := r.client.RefreshCustomer(r.ctx, &identityv1.RefreshCustomerRequest{RefreshToken: token})
	return res.GetSession(), err
}

// count runs a query of one number above row-level security.
func (r *room) count(sql string, args ...any) int {
	r.t.Helper()
	var n int
	r.super(func(c *pgx.Conn) error { return c.QueryRow(r.ctx, sql, args...).Scan(&n) })
	return n
}

func (r *room) exec(sql string, args ...any) {
	r.t.Helper()
	r.super(func(c *pgx.Conn) error {
		_, err := c.Exec(r.ctx, sql, args...)
		return err
	})
}

func (r *room) super(do func(c *pgx.Conn) error) {
	r.t.Helper()
	c, err := pg.Connect(r.ctx, r.db.AdminURL)
	ok(r.t, err)
	defer c.Close(r.ctx)
	ok(r.t, do(c))
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

// names says whether an error is about a field.
func names(t testing.TB, err error, field, code string) {
	t.Helper()
	for _, f := range fault.From(err).Fields() {
		if f.Field == field && f.Code == code {
			return
		}
	}
	t.Errorf("%v does not say %s of %s: %v", err, code, field, fault.From(err).Fields())
}
