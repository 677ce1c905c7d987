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
	"github.com/sovecom/sovecom/services/catalog"
	"github.com/sovecom/sovecom/test/housetest"
)

// newBare is what the shop's reads are held against: net/http, one pgx batch that fetches the same product documents
// from the same tables, and encoding/json on the same structs. No router, no tenancy, no cache, no errors.
func newBare(t *testing.T, ground *housetest.Ground, category string, products []storev1.Product) *httptest.Server {
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
		batch.Queue("select "+catalog.DocumentSQL+" from products p where p.slug = $1 and p.status = 'published'", slug).QueryRow(scanDoc)
		if err := pool.SendBatch(r.Context(), batch).Close(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer(w, storev1.Envelope[storev1.Product]{Data: bySlug[slug]})
	})
	mux.HandleFunc("GET /list", func(w http.ResponseWriter, r *http.Request) {
		batch := &pgx.Batch{}
		batch.Queue("select " + catalog.DocumentSQL + ` from (select id, doc, brand_id, created_at from products where tenant_id = '` + shopID + `' and status = 'published' order by created_at desc, id desc limit 20) p
			order by p.created_at desc, p.id desc`).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				if err := scanDoc(rows); err != nil {
					return err
				}
			}
			return rows.Err()
		})
		batch.Queue("select count(*) from (select from products where tenant_id = '" + shopID + "' and status = 'published' limit 10001) t").QueryRow(func(row pgx.Row) error {
			var n int
			return row.Scan(&n)
		})
		if err := pool.SendBatch(r.Context(), batch).Close(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer(w, storev1.List[storev1.Product]{Data: products[:min(20, len(products))], Meta: storev1.Meta{Total: len(products), Page: 1, Limit: 20}})
	})
	mux.HandleFunc("GET /category", func(w http.ResponseWriter, r *http.Request) {
		batch := &pgx.Batch{}
		batch.Queue("select "+catalog.DocumentSQL+` from (select id from product_listing where list_id = $1 order by created_at desc, id desc limit 20) k
			join products p on p.id = k.id order by p.created_at desc, p.id desc`, category).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				if err := scanDoc(rows); err != nil {
					return err
				}
			}
			return rows.Err()
		})
		batch.Queue("select count(*) from (select from product_listing where list_id = $1 limit 10001) t", category).QueryRow(func(row pgx.Row) error {
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

// shopID is the shop's tenant, which leads the index of a list.
const shopID = "00000000-0000-7000-8000-000000000001"

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

// loop is what the shop's writes are held against: a bare pgx loop that writes the rows an order leaves behind, into tables with the columns, indexes and foreign keys of the shop's own, without
// its row-level security. Order numbers are not among them: the shop takes those of many orders at once.
type loop struct{ pool *pgxpool.Pool }

func newLoop(t *testing.T, ground *housetest.Ground) loop {
	t.Helper()
	l := loop{open(t, ground, "bare")}
	if _, err := l.pool.Exec(t.Context(), "create schema bare"); err != nil {
		t.Fatal(err)
	}
	tables := []string{
		"cart.tenants", "cart.carts", "cart.cart_lines", "checkout.orders", "checkout.order_items", "checkout.order_history",
		"inventory.stock", "inventory.reservations", "inventory.reservation_lines", "checkout.outbox", "gateway.idempotency",
	}
	for _, table := range tables {
		_, name, _ := strings.Cut(table, ".")
		if _, err := l.pool.Exec(t.Context(), "create table bare."+name+" (like "+table+" including all)"); err != nil {
			t.Fatal(err)
		}
		if name == "tenants" {
			_, err := l.pool.Exec(t.Context(), "insert into tenants (id) values ($1)", shopID)
			if err != nil {
				t.Fatal(err)
			}
			continue
		}
		if _, err := l.pool.Exec(t.Context(), "alter table bare."+name+" alter tenant_id set default '"+shopID+"'"); err != nil {
			t.Fatal(err)
		}
	}
	// What refers to what.
	for _, table := range tables {
		schema, name, _ := strings.Cut(table, ".")
		rows, err := l.pool.Query(t.Context(), "select pg_get_constraintdef(oid) from pg_constraint where contype = 'f' and conrelid = $1::regclass", table)
		if err != nil {
			t.Fatal(err)
		}
		keys, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			if _, err := l.pool.Exec(t.Context(), "alter table bare."+name+" add "+strings.ReplaceAll(key, " "+schema+".", " bare.")); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range 64 {
		if _, err := l.pool.Exec(t.Context(), "insert into stock (variant_id, on_hand) values ($1, 1000000000)", variant(i)); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// variant spreads the loop over many rows, as a shop's orders are.
func variant(i int) string { return fmt.Sprintf("00000000-0000-7000-8000-%012x", i%64) }

const (
	address = `{"name":"Ada","line1":"1 rue du Test","city":"Paris","postalCode":"75001","country":"FR"}`
	pricing = `{"subtotal":1900,"discount":0,"shipping":490,"tax":398,"total":2390,"taxLines":[{"rate":"0.2000","treatment":"standard","country":"FR","amount":398}]}`
)

// statements of one order: the rows it leaves behind.
func statementsOf(caller int) *pgx.Batch {
	order, cart, item, b := id.New().String(), id.New().String(), id.New().String(), &pgx.Batch{}
	b.Queue("insert into idempotency (key, request, claim, claimed_at, status, header, body, expires_at) values ($1, $2, $3, now(), 201, $4, $5, now())",
		[]byte(order), []byte(cart), item, []byte("header"), []byte(strings.Repeat("x", 2000)))
	b.Queue(`insert into carts (id, token_hash, status, currency, email, shipping_address, shipping_rate_id, order_id, pricing, version, expires_at, created_at, updated_at)
		values ($1, $2, 'converted', 'EUR', 'ada@example.com', $3, 'standard', $4, $5, 6, now(), now(), now())`,
		cart, []byte(strings.ReplaceAll(cart, "-", "")), address, order, pricing)
	b.Queue(`insert into cart_lines (cart_id, id, variant_id, product_id, product_slug, title, variant_title, sku, quantity, unit_price)
		values ($1, $2, $3, $3, 'thing', 'A thing', 'Default', 'THING-1', 1, 1900)`, cart, item, variant(caller))
	b.Queue(`insert into orders (id, cart_id, status, idempotency_key, caller, number, email, currency, subtotal, shipping, tax, total, tax_lines,
			shipping_address, billing_address, shipping_rate_id, shipping_rate_name, payment_method, payment_due_at, placed_at, version, created_at, updated_at)
		values ($1, $2, 'pending_payment', $3, $4, $5, 'ada@example.com', 'EUR', 1900, 490, 398, 2390, $6, $7, $7, 'standard', 'Standard', 'manual',
			now(), now(), 1, now(), now())`, order, cart, []byte(order[:16]), []byte(cart[:16]), order, pricing, address)
	b.Queue(`insert into order_items (order_id, id, position, variant_id, product_id, product_slug, title, variant_title, sku, image, quantity, unit_price, total, tax_rate, tax)
		values ($1, $2, 1, $3, $3, 'thing', 'A thing', 'Default', 'THING-1', '', 1, 1900, 1900, 2000, 317)`, order, item, variant(caller))
	b.Queue("insert into order_history (order_id, id, to_status, note, created_at) values ($1, $2, 'pending_payment', '', now())", order, item)
	b.Queue("update stock set reserved = reserved + 1 where variant_id = $1 and reserved < on_hand", variant(caller))
	b.Queue("insert into reservations (order_id, status, expires_at) values ($1, 'held', now())", order)
	b.Queue("insert into reservation_lines (order_id, variant_id, quantity) values ($1, $2, 1)", order, variant(caller))
	b.Queue("insert into outbox (id, subject, aggregate_id, sequence, body) values ($1, 'evt.checkout.order.created', $2, 1, $3)", item, order, []byte(strings.Repeat("x", 120)))
	return b
}

// order writes an order as programs do: in a transaction, one statement after the other.
func (l loop) order(ctx context.Context, caller int) error {
	return pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		for _, q := range statementsOf(caller).QueuedQueries {
			if _, err := tx.Exec(ctx, q.SQL, q.Arguments...); err != nil {
				return err
			}
		}
		return nil
	})
}

// batch writes an order at the least cost there is: all statements travel together and are one transaction.
func (l loop) batch(ctx context.Context, caller int) error {
	return l.pool.SendBatch(ctx, statementsOf(caller)).Close()
}

func (l loop) cart(ctx context.Context, _ int) error {
	b, cart := &pgx.Batch{}, id.New().String()
	b.Queue("insert into carts (id, token_hash, currency, expires_at, created_at, updated_at) values ($1, $2, 'EUR', now(), now(), now())",
		cart, []byte(strings.ReplaceAll(cart, "-", "")))
	return l.pool.SendBatch(ctx, b).Close()
}

// carts makes carts to add lines to.
func (l loop) carts(t *testing.T, n int) []string {
	t.Helper()
	out := make([]string, n)
	for i := range out {
		out[i] = id.New().String()
		if _, err := l.pool.Exec(t.Context(), "insert into carts (id, token_hash, currency, expires_at, created_at, updated_at) values ($1, $2, 'EUR', now(), now(), now())",
			out[i], []byte(strings.ReplaceAll(out[i], "-", ""))); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// line adds one more of a thing to a cart, in one batch.
func (l loop) line(ctx context.Context, cart string, caller int) error {
	b := &pgx.Batch{}
	b.Queue("update carts set version = version + 1, updated_at = now() where id = $1", cart)
	b.Queue(`insert into cart_lines as l (cart_id, id, variant_id, product_id, product_slug, title, variant_title, sku, quantity, unit_price)
		values ($1, $2, $3, $3, 'thing', 'A thing', 'Default', 'THING-1', 1, 1900)
		on conflict (cart_id, variant_id, tenant_id) do update set quantity = l.quantity % 10000 + 1`, cart, id.New().String(), variant(caller))
	return l.pool.SendBatch(ctx, b).Close()
}

func (l loop) rate(ctx context.Context, callers int, do func(ctx context.Context, caller int) error) measure {
	return repeat(ctx, callers, do)
}
