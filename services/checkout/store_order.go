package checkout

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// ordersSQL reads whole orders in one statement, so in one snapshot: what hangs below an order belongs to that version
// of it. A WHERE follows.
const orderColumns = `select o.id, o.cart_id, o.status, o.number, o.email, o.customer_id, o.currency,
	o.subtotal, o.discount, o.shipping, o.tax, o.total, o.tax_inclusive, o.tax_lines, o.shipping_address, o.billing_address,
	o.shipping_rate_id, o.shipping_rate_name, o.payment_method, o.paid, o.refunded, o.cancel_reason, o.payment_due_at,
	o.placed_at, o.updated_at, o.version, o.country, o.channel, o.locale,
	(select jsonb_agg(to_jsonb(c) order by c.position) from order_items c where c.tenant_id = o.tenant_id and c.order_id = o.id),
	(select jsonb_agg(to_jsonb(c) order by c.created_at, c.id) from payments c where c.tenant_id = o.tenant_id and c.order_id = o.id),
	(select jsonb_agg(to_jsonb(c) order by c.created_at, c.id) from refunds c where c.tenant_id = o.tenant_id and c.order_id = o.id),
	(select jsonb_agg(to_jsonb(c) order by c.created_at, c.id) from fulfilments c where c.tenant_id = o.tenant_id and c.order_id = o.id),
	(select jsonb_agg(to_jsonb(c) order by c.position) from fulfilment_items c where c.tenant_id = o.tenant_id and c.order_id = o.id),
	(select jsonb_agg(to_jsonb(c) order by c.created_at, c.id) from order_history c where c.tenant_id = o.tenant_id and c.order_id = o.id)`

const ordersSQL = orderColumns + " from orders o "

// queueOrders reads the orders that a WHERE (and what follows it) names.
func queueOrders(b *pg.Batch, into *[]*Order, where string, args ...any) {
	pg.Each(b.Queue(ordersSQL+where, args...), appendOrder(into))
}

func appendOrder(into *[]*Order) func(rows pgx.Rows) error {
	return func(rows pgx.Rows) error {
		o, err := scanOrder(rows)
		if err != nil {
			return err
		}
		*into = append(*into, o)
		return nil
	}
}

type itemRow struct {
	ID                id.ID       `json:"id"`
	VariantID         id.ID       `json:"variant_id"`
	ProductID         id.ID       `json:"product_id"`
	ProductSlug       string      `json:"product_slug"`
	Title             string      `json:"title"`
	VariantTitle      string      `json:"variant_title"`
	SKU               string      `json:"sku"`
	Image             string      `json:"image"`
	Picture           *Picture    `json:"picture"`
	Quantity          int64       `json:"quantity"`
	FulfilledQuantity int64       `json:"fulfilled_quantity"`
	RefundedQuantity  int64       `json:"refunded_quantity"`
	UnitPrice         int64       `json:"unit_price"`
	Total             int64       `json:"total"`
	TaxRate           int64       `json:"tax_rate"`
	Tax               int64       `json:"tax"`
	Components        []Component `json:"components"`
	Unshipped         bool        `json:"unshipped"`
}

// eventRow is a payment, a refund or a fulfilment.
type eventRow struct {
	ID             id.ID     `json:"id"`
	Method         string    `json:"method"`
	Amount         int64     `json:"amount"`
	Reason         string    `json:"reason"`
	Carrier        *string   `json:"carrier"`
	TrackingNumber *string   `json:"tracking_number"`
	ActorID        *id.ID    `json:"actor_id"`
	Key            *string   `json:"idempotency_key"`
	CreatedAt      time.Time `json:"created_at"`
}

type parcelRow struct {
	FulfilmentID id.ID `json:"fulfilment_id"`
	OrderItemID  id.ID `json:"order_item_id"`
	Quantity     int64 `json:"quantity"`
}

type historyRow struct {
	ID        id.ID     `json:"id"`
	From      *string   `json:"from_status"`
	To        string    `json:"to_status"`
	ActorID   *id.ID    `json:"actor_id"`
	Note      string    `json:"note"`
	CreatedAt time.Time `json:"created_at"`
}

func scanOrder(rows pgx.Rows) (*Order, error) {
	var o Order
	var taxLines, shippingAddress, billingAddress, items, payments, refunds, fulfilments, parcels, history []byte
	if err := rows.Scan(&o.ID, &o.CartID, &o.Status, &o.Number, &o.Email, &o.CustomerID, &o.Currency,
		&o.Subtotal, &o.Discount, &o.Shipping, &o.Tax, &o.Total, &o.TaxInclusive, &taxLines, &shippingAddress, &billingAddress,
		&o.ShippingRateID, &o.ShippingRate, &o.PaymentMethod, &o.Paid, &o.Refunded, &o.CancelReason, &o.PaymentDueAt,
		&o.PlacedAt, &o.UpdatedAt, &o.Version, &o.Country, &o.Channel, &o.Locale, &items, &payments, &refunds, &fulfilments, &parcels, &history); err != nil {
		return nil, err
	}
	var below struct {
		items                          []itemRow
		payments, refunds, fulfilments []eventRow
		parcels                        []parcelRow
		history                        []historyRow
	}
	for _, part := range []struct {
		data []byte
		into any
	}{
		{taxLines, &o.TaxLines},
		{shippingAddress, &o.ShippingAddress},
		{billingAddress, &o.BillingAddress},
		{items, &below.items},
		{payments, &below.payments},
		{refunds, &below.refunds},
		{fulfilments, &below.fulfilments},
		{parcels, &below.parcels},
		{history, &below.history},
	} {
		if part.data == nil {
			continue
		}
		if err := json.Unmarshal(part.data, part.into); err != nil {
			return nil, fmt.Errorf("checkout: read order %s: %w", o.ID, err)
		}
	}
	for _, r := range below.items {
		o.Items = append(o.Items, Item{
			ID: r.ID, VariantID: r.VariantID, ProductID: r.ProductID, ProductSlug: r.ProductSlug, Title: r.Title, VariantTitle: r.VariantTitle,
			SKU: r.SKU, Image: r.Image, Picture: r.Picture, Quantity: r.Quantity, Fulfilled: r.FulfilledQuantity, Refunded: r.RefundedQuantity,
			UnitPrice: r.UnitPrice, Total: r.Total, TaxRate: r.TaxRate, Tax: r.Tax, Components: r.Components, Unshipped: r.Unshipped,
		})
	}
	for _, r := range below.payments {
		o.Payments = append(o.Payments, Payment{ID: r.ID, Method: r.Method, Amount: r.Amount, Actor: valueOf(r.ActorID), Key: keyOf(r.Key), At: r.CreatedAt})
	}
	for _, r := range below.refunds {
		o.Refunds = append(o.Refunds, Refund{ID: r.ID, Amount: r.Amount, Reason: r.Reason, Actor: valueOf(r.ActorID), Key: keyOf(r.Key), At: r.CreatedAt})
	}
	for _, r := range below.fulfilments {
		f := Fulfilment{ID: r.ID, Carrier: r.Carrier, TrackingNumber: r.TrackingNumber, Actor: valueOf(r.ActorID), Key: keyOf(r.Key), At: r.CreatedAt}
		for _, p := range below.parcels {
			if p.FulfilmentID == r.ID {
				f.Items = append(f.Items, Parcel{p.OrderItemID, p.Quantity})
			}
		}
		o.Fulfilments = append(o.Fulfilments, f)
	}
	for _, r := range below.history {
		from := ""
		if r.From != nil {
			from = *r.From
		}
		o.History = append(o.History, StatusChange{ID: r.ID, From: Status(from), To: Status(r.To), Actor: valueOf(r.ActorID), Note: r.Note, At: r.CreatedAt})
	}
	return &o, nil
}

func valueOf(i *id.ID) id.ID {
	if i == nil {
		return id.ID{}
	}
	return *i
}

// keyOf reads a bytea as JSON has it: \x and hexadecimal digits.
func keyOf(s *string) key {
	if s == nil {
		return nil
	}
	k, err := hex.DecodeString(strings.TrimPrefix(*s, `\x`))
	if err != nil {
		return nil // cannot be: PostgreSQL wrote it
	}
	return k
}

// findOrder reads an order that was placed.
func findOrder(ctx context.Context, db *pg.DB, which id.ID) (*Order, error) {
	return findOne(ctx, db, `where o.tenant_id = current_tenant() and o.id = $1`, which)
}

func findByNumber(ctx context.Context, db *pg.DB, number string) (*Order, error) {
	return findOne(ctx, db, `where o.tenant_id = current_tenant() and o.number = $1`, number)
}

func findOfCustomer(ctx context.Context, db *pg.DB, which, customer id.ID) (*Order, error) {
	return findOne(ctx, db, `where o.tenant_id = current_tenant() and o.id = $1 and o.customer_id = $2`, which, customer)
}

func findOne(ctx context.Context, db *pg.DB, where string, args ...any) (*Order, error) {
	var rows []*Order
	if err := db.Read(ctx, func(b *pg.Batch) {
		rows = nil
		queueOrders(b, &rows, where, args...)
	}); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, ErrOrderNotFound
	}
	return rows[0], nil
}

// lockOrder locks an order that was placed and reads it. It is read in a statement of its own after the lock was given,
// so that what the last holder wrote is seen.
func lockOrder(ctx context.Context, tx *pg.Tx, which id.ID) (*Order, error) {
	var rows []*Order
	if err := tx.Read(ctx, func(b *pg.Batch) {
		rows = nil
		b.Queue(`select from orders where tenant_id = current_tenant() and id = $1 for no key update`, which)
		queueOrders(b, &rows, `where o.tenant_id = current_tenant() and o.id = $1`, which)
	}); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, ErrOrderNotFound
	}
	return rows[0], nil
}

// saveChange stores what a command changed on an order: before is the version it was decided on.
func saveChange(w *pg.Writes, o *Order, before int64, history []StatusChange) {
	w.Must(ErrVersionConflict, `update orders set status = $3, paid = $4, refunded = $5, cancel_reason = $6, payment_due_at = $7, version = $8, updated_at = $9
		where tenant_id = current_tenant() and id = $1 and version = $2`,
		o.ID, before, string(o.Status), o.Paid, o.Refunded, o.CancelReason, o.PaymentDueAt, o.Version, o.UpdatedAt)
	insertHistory(w, o, history)
}

func insertHistory(w *pg.Writes, o *Order, lines []StatusChange) {
	if len(lines) == 0 {
		return
	}
	n := len(lines)
	ids, actors, times := make([]id.ID, n), make([]*id.ID, n), make([]time.Time, n)
	froms, tos, notes := make([]*string, n), make([]string, n), make([]string, n)
	for i, l := range lines {
		ids[i], actors[i], tos[i], notes[i], times[i] = l.ID, l.Actor.Ptr(), string(l.To), l.Note, l.At
		if l.From != "" {
			from := string(l.From)
			froms[i] = &from
		}
	}
	w.Exec(`insert into order_history (order_id, id, from_status, to_status, actor_id, note, created_at)
		select $1, * from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::timestamptz[])`,
		o.ID, ids, froms, tos, actors, notes, times)
}

func insertPayment(w *pg.Writes, o *Order, p Payment) {
	w.Exec(`insert into payments (order_id, id, method, amount, actor_id, idempotency_key, created_at) values ($1, $2, $3, $4, $5, $6, $7)`,
		o.ID, p.ID, p.Method, p.Amount, p.Actor, []byte(p.Key), p.At)
}

func insertRefund(w *pg.Writes, o *Order, r Refund) {
	w.Exec(`insert into refunds (order_id, id, amount, reason, actor_id, idempotency_key, created_at) values ($1, $2, $3, $4, $5, $6, $7)`,
		o.ID, r.ID, r.Amount, r.Reason, r.Actor, []byte(r.Key), r.At)
	if o.Refunded == o.Paid {
		w.Exec(`update order_items set refunded_quantity = quantity where tenant_id = current_tenant() and order_id = $1`, o.ID)
	}
}

func insertFulfilment(w *pg.Writes, o *Order, f Fulfilment) {
	items, quantities := make([]id.ID, len(f.Items)), make([]int64, len(f.Items))
	for i, p := range f.Items {
		items[i], quantities[i] = p.ItemID, p.Quantity
	}
	w.Exec(`insert into fulfilments (order_id, id, carrier, tracking_number, actor_id, idempotency_key, created_at) values ($1, $2, $3, $4, $5, $6, $7)`,
		o.ID, f.ID, f.Carrier, f.TrackingNumber, f.Actor, []byte(f.Key), f.At)
	w.Exec(`insert into fulfilment_items (order_id, fulfilment_id, order_item_id, quantity, position)
		select $1, $2, * from unnest($3::uuid[], $4::bigint[]) with ordinality`, o.ID, f.ID, items, quantities)
	w.Exec(`update order_items i set fulfilled_quantity = i.fulfilled_quantity + u.quantity
		from unnest($2::uuid[], $3::bigint[]) u (id, quantity)
		where i.tenant_id = current_tenant() and i.order_id = $1 and i.id = u.id`, o.ID, items, quantities)
}
