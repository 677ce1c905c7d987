package cart

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// errMoved says that somebody else changed the cart between load and save.
var errMoved = errors.New("cart: the cart has moved on")

// loadSQL reads a cart with its lines in one statement, each column of the lines as an array. The ids of lines are made in time
// order. Of a cart that is known as it was at a version of a time, the lines are left out as long as it is still that.
const loadSQL = `select c.token_hash, c.status, c.currency, c.customer_id, coalesce(c.email, ''), c.shipping_address, c.billing_address,
		coalesce(c.shipping_rate_id, ''), c.order_id, c.pricing, c.withdrawn_order_id, c.version, c.expires_at, c.created_at, c.updated_at,
		coalesce(c.country, ''), coalesce(c.channel, ''), coalesce(c.locale, ''), c.locales, c.customer_groups,
		l.ids, l.variants, l.products, l.slugs, l.titles, l.variant_titles, l.skus, l.options, l.images, l.quantities, l.prices,
		l.tiers, l.components, l.countries, l.pictures, l.unshipped, l.reductions, l.revisions
	from carts c left join lateral (
		select array_agg(l.id) as ids, array_agg(l.variant_id) as variants, array_agg(l.product_id) as products,
			array_agg(l.product_slug) as slugs, array_agg(l.title) as titles, array_agg(l.variant_title) as variant_titles,
			array_agg(l.sku) as skus, array_agg(l.options::text) as options, array_agg(l.image) as images,
			array_agg(l.quantity) as quantities, array_agg(l.unit_price) as prices, array_agg(l.tiers::text) as tiers,
			array_agg(l.components::text) as components, array_agg(l.countries::text) as countries,
			array_agg(l.picture::text) as pictures, array_agg(l.unshipped) as unshipped, array_agg(l.reduction::text) as reductions,
			array_agg(l.revision) as revisions
		from (select * from cart_lines where cart_id = c.id order by id) l
		where (c.version, c.updated_at) is distinct from ($2::bigint, $3::timestamptz)) l on true
	where c.id = $1`

// load reads a cart of the context's tenant, whatever its status. The lines are those of known, which may be a cart without a
// version, if that is the cart as it is stored: every save makes a version of its own.
func load(ctx context.Context, db *pg.DB, cart id.ID, known Cart) (Cart, error) {
	c := Cart{ID: cart}
	var found bool
	var hash []byte
	var lines lineColumns
	if err := db.Read(ctx, func(b *pg.Batch) {
		lines = lineColumns{}
		pg.Row(b.Queue(loadSQL, cart, known.Version, known.UpdatedAt), &found, append([]any{&hash, &c.Status, &c.Currency, &c.CustomerID, &c.Email,
			&c.ShippingAddress, &c.BillingAddress, &c.ShippingRateID, &c.OrderID, &c.Pricing, &c.Withdrawn, &c.Version, &c.ExpiresAt, &c.CreatedAt,
			&c.UpdatedAt, &c.Country, &c.Channel, &c.Locale, &c.Locales, &c.Groups}, lines.into()...)...)
	}); err != nil {
		return Cart{}, err
	}
	if !found {
		return Cart{}, ErrNotFound
	}
	copy(c.TokenHash[:], hash)
	if c.same(known) {
		c.Lines = known.Lines
		return c, nil
	}
	var err error
	if c.Lines, err = lines.lines(); err != nil {
		return Cart{}, fmt.Errorf("lines of cart %s: %w", cart, err)
	}
	return c, nil
}

// create writes a new cart without lines.
func create(ctx context.Context, db *pg.DB, c Cart) error {
	return db.Write(ctx, func(w *pg.Writes) error {
		w.Exec(`insert into carts (id, token_hash, status, currency, customer_id, version, expires_at, created_at, updated_at,
				country, channel, locale, locales, customer_groups)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, $13)`,
			c.ID, c.TokenHash[:], c.Status, c.Currency, c.CustomerID, c.Version, c.ExpiresAt, c.CreatedAt,
			absentText(c.Country), absentText(c.Channel), absentText(c.Locale), append([]string{}, c.Locales...),
			append([]string{}, c.Groups...))
		return nil
	})
}

// saveSQL changes a cart and its lines in one statement, all of it or, when it is no longer the one that was read, none; see
// [Cart.same].
const saveSQL = `with moved as (
		update carts set status = $3, customer_id = $4, email = $5, shipping_address = $6, billing_address = $7, shipping_rate_id = $8,
			order_id = $9, pricing = $10, withdrawn_order_id = $11, version = $12, expires_at = $13, updated_at = $14,
			currency = $15, country = $16, channel = $17, locale = $18, locales = $19, customer_groups = $20
		where id = $1 and version = $2 and updated_at = $21 returning id),
	gone as (
		delete from cart_lines where cart_id = $1 and variant_id = any($22::uuid[]) and exists (select from moved)),
	put as (
		insert into cart_lines (cart_id, id, variant_id, product_id, product_slug, title, variant_title, sku, options, image, quantity, unit_price, tiers, components, countries, picture, unshipped, reduction, revision)
		select moved.id, u.id, u.variant_id, u.product_id, u.product_slug, u.title, u.variant_title, u.sku, u.options, u.image, u.quantity,
			u.unit_price, u.tiers, u.components, u.countries, u.picture, u.unshipped, u.reduction, u.revision
		from moved, unnest($23::uuid[], $24::uuid[], $25::uuid[], $26::text[], $27::text[], $28::text[], $29::text[], $30::jsonb[],
				$31::text[], $32::bigint[], $33::bigint[], $34::jsonb[], $35::jsonb[], $36::jsonb[], $37::jsonb[], $38::boolean[], $39::jsonb[], $40::bigint[])
			u (id, variant_id, product_id, product_slug, title, variant_title, sku, options, image, quantity, unit_price, tiers, components, countries, picture, unshipped, reduction, revision)
		on conflict (tenant_id, cart_id, variant_id) do update set product_id = excluded.product_id, product_slug = excluded.product_slug,
			title = excluded.title, variant_title = excluded.variant_title, sku = excluded.sku, options = excluded.options,
			image = excluded.image, quantity = excluded.quantity, unit_price = excluded.unit_price,
			tiers = excluded.tiers, components = excluded.components, countries = excluded.countries, picture = excluded.picture, unshipped = excluded.unshipped,
			reduction = excluded.reduction, revision = excluded.revision)
	select guard(exists (select from moved), -1)`

// saveHeadSQL is saveSQL for a cart whose lines stay, as they do in most changes. Alone, it needs no guard.
const saveHeadSQL = `update carts set status = $3, customer_id = $4, email = $5, shipping_address = $6, billing_address = $7,
		shipping_rate_id = $8, order_id = $9, pricing = $10, withdrawn_order_id = $11, version = $12, expires_at = $13, updated_at = $14,
		currency = $15, country = $16, channel = $17, locale = $18, locales = $19, customer_groups = $20
	where id = $1 and version = $2 and updated_at = $21`

// save writes what differs between two versions of a cart; errMoved when before is not the newest any more. The commit
// does not wait for the disk, not even that of a claim: the order it is for commits later, and does; see [pg.Soon].
func save(ctx context.Context, db *pg.DB, before, after Cart) error {
	put, gone, err := difference(before, after)
	if err != nil {
		return err
	}
	args := []any{after.ID, before.Version, after.Status, after.CustomerID, absentText(after.Email), after.ShippingAddress,
		after.BillingAddress, absentText(after.ShippingRateID), after.OrderID, after.Pricing, after.Withdrawn, after.Version,
		after.ExpiresAt, after.UpdatedAt, after.Currency, absentText(after.Country), absentText(after.Channel), absentText(after.Locale),
		append([]string{}, after.Locales...), append([]string{}, after.Groups...), before.UpdatedAt}
	sql := saveHeadSQL
	if len(gone)+len(put.ids) > 0 {
		sql = saveSQL
		args = append(append(args, gone), put.out()...)
	}
	var touched int64
	err = db.Write(ctx, func(w *pg.Writes) error {
		w.Count(&touched, sql, args...)
		return nil
	})
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == guardState || err == nil && touched == 0 {
		return errMoved
	}
	return err
}

// difference is what has to be written of the lines, and the variants whose lines have gone.
func difference(before, after Cart) (put lineColumns, gone []id.ID, err error) {
	gone = []id.ID{}
	if len(before.Lines) == len(after.Lines) && (len(after.Lines) == 0 || &before.Lines[0] == &after.Lines[0]) {
		return put, gone, nil // they are the same, as in most changes: what changes lines makes lines of its own
	}
	for i := range after.Lines {
		l := &after.Lines[i]
		// A line that holds what it held is not written for a newer revision alone.
		if at := before.lineAt(i, l.Offer.VariantID); at >= 0 && before.Lines[at].equal(*l) {
			continue
		}
		if err := put.add(*l); err != nil {
			return put, nil, err
		}
	}
	for i := range before.Lines {
		if variant := before.Lines[i].Offer.VariantID; after.lineAt(i, variant) < 0 {
			gone = append(gone, variant)
		}
	}
	return put, gone, nil
}

// guardState is the SQLSTATE of the guard function every schema has.
const guardState = "SV001"
