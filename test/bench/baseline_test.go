//go:build bench

package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/sdk/storev1"
	"github.com/sovecom/sovecom/test/housetest"
)

// newBare is what the shop's reads are held against: net/http, one pgx batch that fetches the same product documents
// from the same tables, and encoding/json on the same structs. No router, no tenancy, no cache, no errors.
func newBare(t *testing.T, ground *housetest.Ground, shopURL string, products []storev1.Product) *httptest.Server {
	t.Helper()
	pool := open(t, ground, "catalog")
	bySlug := map[string]storev1.Product{}
	for _, p := range products {
		bySlug[p.Slug] = p
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /product/{slug}", func(w http.ResponseWriter, r *http.Request) {
		slug := r.PathValue("slug")
		batch := &pgx.Batch{}
		batch.Queue("select doc from products where slug = $1 and status = 'published'", slug).QueryRow(scanDoc)
		if err := pool.SendBatch(r.Context(), batch).Close(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer(w, storev1.Envelope[storev1.Product]{Data: bySlug[slug]})
	})
	mux.HandleFunc("GET /list", func(w http.ResponseWriter, r *http.Request) {
		batch := &pgx.Batch{}
		batch.Queue("select doc from products where status = 'published' order by created_at desc, id desc limit 20").Query(func(rows pgx.Rows) error {
			for rows.Next() {
				if err := scanDoc(rows); err != nil {
					return err
				}
			}
			return rows.Err()
		})
		batch.Queue("select count(*) from (select from products where status = 'published' limit 10001) t").QueryRow(func(row pgx.Row) error {
			var n int
			return row.Scan(&n)
		})
		if err := pool.SendBatch(r.Context(), batch).Close(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer(w, storev1.List[storev1.Product]{Data: products[:min(20, len(products))], Meta: storev1.Meta{Total: len(products), Page: 1, Limit: 20}})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func scanDoc(row pgx.Row) error {
	var doc []byte
	return row.Scan(&doc)
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func open(t *testing.T, ground *housetest.Ground, schema string) *pgxpool.Pool {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(ground.AdminURL())
	if err != nil {
		t.Fatal(err)
	}
	cfg.MaxConns = 16
	cfg.ConnConfig.RuntimeParams["search_path"] = schema
	pool, err := pgxpool.NewWithConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// loop is what the shop's writes are held against: a loop of one pgx batch, which is one implicit transaction, that
// writes the rows an order leaves behind.
type loop struct{ pool *pgxpool.Pool }

func newLoop(t *testing.T, ground *housetest.Ground) loop {
	t.Helper()
	l := loop{open(t, ground, "bare")}
	if _, err := l.pool.Exec(t.Context(), `create schema if not exists bare;
		create table carts (id uuid primary key, token bytea not null, body jsonb not null, version bigint not null);
		create table cart_lines (cart_id uuid not null, id uuid primary key, variant_id uuid not null, quantity bigint not null);
		create table orders (id uuid primary key, number text not null unique, cart_id uuid not null unique, status text not null, body jsonb not null);
		create table order_items (id uuid primary key, order_id uuid not null references orders, variant_id uuid not null, quantity bigint not null, body jsonb not null);
		create table history (id uuid primary key, order_id uuid not null references orders, status text not null);
		create table stock (id uuid primary key, on_hand bigint not null, reserved bigint not null check (reserved <= on_hand));
		create table reservations (order_id uuid primary key, status text not null, expires_at timestamptz not null);
		create table reservation_lines (order_id uuid not null references reservations, variant_id uuid not null, quantity bigint not null, primary key (order_id, variant_id));
		create table outbox (seq bigint generated always as identity primary key, id uuid not null, subject text not null, body bytea not null)`); err != nil {
		t.Fatal(err)
	}
	for i := range 64 {
		if _, err := l.pool.Exec(t.Context(), "insert into stock values ($1, 1000000000, 0)", variant(i)); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// variant spreads the loop over many rows, as a shop's orders are.
func variant(i int) string { return fmt.Sprintf("00000000-0000-7000-8000-%012x", i%64) }

const body = `{"name":"Ada","line1":"1 rue du Test","city":"Paris","postalCode":"75001","country":"FR","title":"A thing","sku":"THING-1"}`

func (l loop) order(ctx context.Context, caller int) error {
	order, cart, b := id.New().String(), id.New().String(), &pgx.Batch{}
	l.queueCart(b, cart, caller)
	b.Queue("insert into orders values ($1, $2, $3, 'pending_payment', $4)", order, order, cart, body)
	b.Queue("insert into order_items values ($1, $2, $3, 1, $4)", id.New().String(), order, variant(caller), body)
	b.Queue("insert into history values ($1, $2, 'pending_payment')", id.New().String(), order)
	b.Queue("update stock set reserved = reserved + 1 where id = $1 and reserved < on_hand", variant(caller))
	b.Queue("insert into reservations values ($1, 'held', now())", order)
	b.Queue("insert into reservation_lines values ($1, $2, 1)", order, variant(caller))
	b.Queue("insert into outbox (id, subject, body) values ($1, 'evt.checkout.order.created', $2)", id.New().String(), []byte(strings.Repeat("x", 120)))
	return l.pool.SendBatch(ctx, b).Close()
}

func (l loop) queueCart(b *pgx.Batch, cart string, caller int) {
	b.Queue("insert into carts values ($1, $2, $3, 1)", cart, []byte(cart), body)
	b.Queue("insert into cart_lines values ($1, $2, $3, 1)", cart, id.New().String(), variant(caller))
}

func (l loop) cart(ctx context.Context, _ int) error {
	b, cart := &pgx.Batch{}, id.New().String()
	b.Queue("insert into carts values ($1, $2, $3, 1)", cart, []byte(cart), body)
	return l.pool.SendBatch(ctx, b).Close()
}

func (l loop) rate(ctx context.Context, callers int, do func(ctx context.Context, caller int) error) measure {
	return repeat(ctx, callers, do)
}
