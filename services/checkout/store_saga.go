package checkout

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// firstNumber is the number of a tenant's first order.
const firstNumber = 1001

// open makes the attempt's row, which no other attempt for this cart can make as long as it stands.
func (s *Service) open(ctx context.Context, a *attempt) error {
	now := s.time()
	until := now.Add(s.cfg.LeaseTime)
	opened := false
	var lease id.ID
	err := s.db.Read(ctx, func(b *pg.Batch) {
		// Should the connection break and this run again, the row is ours all the same: the lease says so.
		// An attempt that a crash of the database forgets has left nothing: whatever it did came later.
		// An order that is placed at this moment may be missed here; then the cart is closed, and the claim tells.
		pg.Row(b.Queue(`insert into attempts as a (id, cart_id, status, lease, leased_until, idempotency_key, caller, payment_method, created_at, updated_at)
			select $1, $2, 'placing', $3, $4, $5, $6, $7, $8, $8
			where not exists (select from orders where tenant_id = current_tenant() and cart_id = $2)
			on conflict (tenant_id, cart_id) where status <> 'failed' do update set lease = excluded.lease where a.lease = excluded.lease
			returning lease, `+pg.Soon,
			a.order.ID, a.order.CartID, a.lease, until, []byte(a.key), a.caller, a.order.PaymentMethod, now), &opened, &lease, nil)
	})
	if err != nil {
		return err
	}
	if !opened {
		return errOccupied
	}
	a.leasedUntil, a.openedAt = until, now
	return nil
}

// other is an attempt, or the order it became, as far as a second call for its cart has to know it.
type other struct {
	id          id.ID
	status      Status
	placed      bool
	key         []byte
	caller      []byte
	leasedUntil time.Time
	failure     error
}

// otherSQL reads both tables in one snapshot, so that an attempt does not slip through as it becomes an order.
const otherSQL = `select id, status, placed, idempotency_key, caller, leased_until, failure from (
		select id, cart_id, status, false as placed, idempotency_key, caller, coalesce(leased_until, 'epoch') as leased_until, failure from attempts
		where tenant_id = current_tenant()
		union all
		select id, cart_id, status, true, idempotency_key, caller, 'epoch', null from orders
		where tenant_id = current_tenant()) o`

// findByCart finds the order of a cart, placed or under way; nil when there is none.
func findByCart(ctx context.Context, db *pg.DB, cart id.ID) (*other, error) {
	return findOther(ctx, db, otherSQL+` where cart_id = $1 and status <> 'failed' order by placed desc limit 1`, cart)
}

// findAttempt finds an attempt by its id, whatever became of it.
func findAttempt(ctx context.Context, db *pg.DB, order id.ID) (*other, error) {
	return findOther(ctx, db, otherSQL+` where id = $1`, order)
}

func findOther(ctx context.Context, db *pg.DB, sql string, which id.ID) (*other, error) {
	var o other
	var failure []byte
	found := false
	err := db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(sql, which), &found, &o.id, &o.status, &o.placed, &o.key, &o.caller, &o.leasedUntil, &failure)
	})
	if err != nil || !found {
		return nil, err
	}
	if o.failure, err = unpackFailure(failure); err != nil {
		return nil, err
	}
	return &o, nil
}

// takeLease takes up an attempt on which nobody works; nil when somebody does, or when it is over.
func (s *Service) takeLease(ctx context.Context, order id.ID) (*attempt, error) {
	now := s.time()
	a := &attempt{order: &Order{ID: order}, step: "open", lease: id.New(), leasedUntil: now.Add(s.cfg.LeaseTime)}
	var failure []byte
	taken := false
	err := s.db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`update attempts set lease = $2, leased_until = $3
			where tenant_id = current_tenant() and id = $1 and status in ('placing', 'failing') and (leased_until <= $4 or lease = $2)
			returning cart_id, status, payment_method, idempotency_key, caller, created_at, failure`, order, a.lease, a.leasedUntil, now),
			&taken, &a.order.CartID, &a.order.Status, &a.order.PaymentMethod, (*[]byte)(&a.key), &a.caller, &a.openedAt, &failure)
	})
	if err != nil || !taken {
		return nil, err
	}
	if a.failure, err = unpackFailure(failure); err != nil {
		return nil, err
	}
	return a, nil
}

// letGo ends a lease early, so that a repeated call need not wait for it. It does not matter when that fails.
func (s *Service) letGo(ctx context.Context, a *attempt) {
	const patience = 2 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := s.db.Write(ctx, func(w *pg.Writes) error {
		w.Exec(`update attempts set leased_until = $3 where tenant_id = current_tenant() and id = $1 and lease = $2`, a.order.ID, a.lease, s.time())
		return nil
	}); err != nil {
		s.log.WarnContext(ctx, "a lease runs on", "order", a.order.ID, "error", err)
	}
}

// underOurLease ends the WHERE of every write of the saga: $1 is the attempt, $2 the lease.
const underOurLease = ` where tenant_id = current_tenant() and id = $1 and lease = $2 and status <> 'failed'`

// savePlaced turns the attempt into the order, with what is bought, its history and its event.
func (s *Service) savePlaced(ctx context.Context, a *attempt, o *Order) error {
	taxLines, err1 := json.Marshal(o.TaxLines)
	shipping, err2 := json.Marshal(o.ShippingAddress)
	billing, err3 := json.Marshal(o.BillingAddress)
	if err1 != nil || err2 != nil || err3 != nil {
		return fmt.Errorf("checkout: snapshot of order %s: %v, %v, %v", o.ID, err1, err2, err3) //nolint:errorlint // none of them is ever asked for
	}
	return s.db.Write(ctx, func(w *pg.Writes) error {
		w.Must(ErrInProgress, `delete from attempts`+underOurLease+` and status = 'placing'`, o.ID, a.lease)
		w.Exec(`insert into orders (id, cart_id, idempotency_key, caller, created_at, status, number, placed_at, payment_due_at, version, updated_at,
				email, customer_id, currency, subtotal, discount, shipping, tax, total, tax_inclusive, tax_lines, shipping_address, billing_address,
				shipping_rate_id, shipping_rate_name, payment_method, country, channel, locale)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)`,
			o.ID, o.CartID, []byte(a.key), a.caller, a.openedAt, string(o.Status), o.Number, o.PlacedAt, o.PaymentDueAt, o.Version, o.UpdatedAt,
			o.Email, o.CustomerID, o.Currency, o.Subtotal, o.Discount, o.Shipping, o.Tax, o.Total, o.TaxInclusive, taxLines, shipping, billing,
			o.ShippingRateID, o.ShippingRate, o.PaymentMethod, o.Country, o.Channel, o.Locale)
		if err := insertItems(w, o); err != nil {
			return err
		}
		insertHistory(w, o, o.History)
		return announcePlaced(ctx, w, o)
	})
}

func insertItems(w *pg.Writes, o *Order) error {
	n := len(o.Items)
	ids, variants, products := make([]id.ID, n), make([]id.ID, n), make([]id.ID, n)
	slugs, titles, variantTitles, skus, images := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	quantities, prices, totals, rates, taxes := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	for i, item := range o.Items {
		ids[i], variants[i], products[i] = item.ID, item.VariantID, item.ProductID
		slugs[i], titles[i], variantTitles[i], skus[i], images[i] = item.ProductSlug, item.Title, item.VariantTitle, item.SKU, item.Image
		quantities[i], prices[i], totals[i], rates[i], taxes[i] = item.Quantity, item.UnitPrice, item.Total, item.TaxRate, item.Tax
	}
	components := make([]string, n)
	for i, item := range o.Items {
		components[i] = "[]"
		if len(item.Components) > 0 {
			made, err := json.Marshal(item.Components)
			if err != nil {
				return fmt.Errorf("checkout: components of %s: %w", item.VariantID, err)
			}
			components[i] = string(made)
		}
	}
	pictures := make([]*string, n)
	for i, item := range o.Items {
		var err error
		if pictures[i], err = pictureJSON(item.Picture); err != nil {
			return fmt.Errorf("checkout: picture of %s: %w", item.VariantID, err)
		}
	}
	unshipped := make([]bool, n)
	for i, item := range o.Items {
		unshipped[i] = item.Unshipped
	}
	w.Exec(`insert into order_items (order_id, position, id, variant_id, product_id, product_slug, title, variant_title, sku, image,
			quantity, unit_price, total, tax_rate, tax, components, picture, unshipped)
		select $1, position, id, variant_id, product_id, product_slug, title, variant_title, sku, image, quantity, unit_price, total, tax_rate, tax, components, picture, unshipped
		from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
				$10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::jsonb[], $16::jsonb[], $17::boolean[]) with ordinality
			u (id, variant_id, product_id, product_slug, title, variant_title, sku, image, quantity, unit_price, total, tax_rate, tax, components, picture, unshipped, position)`,
		o.ID, ids, variants, products, slugs, titles, variantTitles, skus, images, quantities, prices, totals, rates, taxes, components, pictures, unshipped)
	return nil
}

func (s *Service) saveFailing(ctx context.Context, a *attempt) error {
	failure, err := packFailure(a.failure)
	if err != nil {
		return err
	}
	now := s.time()
	until := now.Add(s.cfg.LeaseTime)
	err = s.db.Write(ctx, func(w *pg.Writes) error {
		w.Must(ErrInProgress, `update attempts set status = 'failing', failure = $3, leased_until = $4, updated_at = $5`+underOurLease,
			a.order.ID, a.lease, failure, until, now)
		return nil
	})
	if err == nil {
		a.order.Status, a.leasedUntil = Failing, until
	}
	return err
}

// close ends an attempt that came to nothing. There is nothing to forget: who buys and what is written down with place.
func (s *Service) close(ctx context.Context, a *attempt) error {
	failure, err := packFailure(a.failure)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(w *pg.Writes) error {
		w.Must(ErrInProgress, `update attempts set status = 'failed', failure = $3, updated_at = $4, lease = null, leased_until = null`+underOurLease,
			a.order.ID, a.lease, failure, s.time())
		return nil
	})
	if err == nil {
		a.order.Status = Failed
	}
	return err
}

// packed is a refusal as it is stored, for the callers that wait for it.
type packed struct {
	Kind    uint32           `json:"kind"`
	Code    string           `json:"code"`
	Message string           `json:"message"`
	Fields  []packedField    `json:"fields,omitempty"`
	Objects []map[string]any `json:"objects,omitempty"`
}

type packedField struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func packFailure(err error) ([]byte, error) {
	if err == nil {
		return nil, nil
	}
	f := fault.From(err)
	p := packed{Kind: uint32(f.Kind()), Code: f.Code(), Message: f.Message(), Objects: f.Objects()}
	for _, field := range f.Fields() {
		p.Fields = append(p.Fields, packedField(field))
	}
	out, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("checkout: pack a refusal: %w", err)
	}
	return out, nil
}

// unpackFailure returns the refusal in its first result, and what is wrong with its bytes in the second.
func unpackFailure(data []byte) (failure, err error) {
	if data == nil {
		return nil, nil
	}
	var p packed
	if err := json.Unmarshal(data, &p); err != nil {
		return nil, fmt.Errorf("checkout: unpack a refusal: %w", err)
	}
	f := fault.Restore(fault.Kind(p.Kind), p.Code, p.Message)
	for _, field := range p.Fields {
		f = f.WithField(field.Field, field.Code, field.Message)
	}
	for _, o := range p.Objects {
		f = f.WithObject(o)
	}
	return f, nil
}

// takeNumbers moves the tenant's counter and returns the last of count numbers.
func takeNumbers(ctx context.Context, db *pg.DB, count int64) (int64, error) {
	var last int64
	found := false
	err := db.Read(ctx, func(b *pg.Batch) {
		// The order that gets a number commits after it, and waits for both.
		pg.Row(b.Queue(`insert into order_numbers as n (last) values ($1::bigint + $2::bigint - 1)
			on conflict (tenant_id) do update set last = n.last + $2::bigint returning last, `+pg.Soon, firstNumber, count), &found, &last, nil)
	})
	return last, err
}

// findStuck finds attempts on which nobody has worked since before, in all tenants. The context must be the system's.
func findStuck(ctx context.Context, db *pg.DB, before time.Time, limit int) ([]located, error) {
	return locate(ctx, db, `select tenant_id, id from attempts where status in ('placing', 'failing') and leased_until <= $1 order by leased_until limit $2`, before, limit)
}

// findOverdue finds unpaid orders past their time, in all tenants. The context must be the system's.
func findOverdue(ctx context.Context, db *pg.DB, now time.Time, limit int) ([]located, error) {
	return locate(ctx, db, `select tenant_id, id from orders where status = 'pending_payment' and payment_due_at <= $1 order by payment_due_at limit $2`, now, limit)
}

func locate(ctx context.Context, db *pg.DB, sql string, args ...any) ([]located, error) {
	var out []located
	err := db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue(sql, args...), func(rows pgx.Rows) error {
			var l located
			if err := rows.Scan(&l.tenant, &l.order); err != nil {
				return err
			}
			out = append(out, l)
			return nil
		})
	})
	return out, err
}

// forgetFailed deletes attempts that came to nothing before a moment, in all tenants. The context must be the system's.
func forgetFailed(ctx context.Context, db *pg.DB, before time.Time, limit int) error {
	return db.Write(ctx, func(w *pg.Writes) error {
		w.Exec(`delete from attempts where (tenant_id, id) in (select tenant_id, id from attempts where status = 'failed' and updated_at < $1 limit $2)`, before, limit)
		return nil
	})
}
