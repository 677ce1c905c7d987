package cart

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// errMoved says that somebody else changed the cart between load and save.
var errMoved = errors.New("cart: the cart has moved on")

type lineRow struct {
	ID           id.ID             `json:"id"`
	VariantID    id.ID             `json:"variant_id"`
	ProductID    id.ID             `json:"product_id"`
	ProductSlug  string            `json:"product_slug"`
	Title        string            `json:"title"`
	VariantTitle string            `json:"variant_title"`
	SKU          string            `json:"sku"`
	Options      map[string]string `json:"options"`
	Image        string            `json:"image"`
	Picture      *Picture          `json:"picture"`
	Quantity     int64             `json:"quantity"`
	UnitPrice    int64             `json:"unit_price"`
	Tiers        []Tier            `json:"tiers"`
	Components   []Component       `json:"components"`
	Countries    []string          `json:"countries"`
	Unshipped    bool              `json:"unshipped"`
	Reduction    *Reduction        `json:"reduction"`
}

// loadSQL reads a cart with its lines in one statement. The ids of lines are made in time order.
const loadSQL = `select c.token_hash, c.status, c.currency, c.customer_id, coalesce(c.email, ''), c.shipping_address, c.billing_address,
		coalesce(c.shipping_rate_id, ''), c.order_id, c.pricing, c.withdrawn_order_id, c.version, c.expires_at, c.created_at, c.updated_at,
		coalesce(c.country, ''), coalesce(c.channel, ''), coalesce(c.locale, ''), c.locales, c.customer_groups,
		(select coalesce(json_agg(json_build_object('id', l.id, 'variant_id', l.variant_id, 'product_id', l.product_id,
				'product_slug', l.product_slug, 'title', l.title, 'variant_title', l.variant_title, 'sku', l.sku,
				'options', l.options, 'image', l.image, 'quantity', l.quantity, 'unit_price', l.unit_price,
				'tiers', l.tiers, 'components', l.components, 'countries', l.countries, 'picture', l.picture, 'unshipped', l.unshipped, 'reduction', l.reduction) order by l.id), '[]')
			from cart_lines l where l.cart_id = c.id)
	from carts c where c.id = $1`

// load reads a cart of the context's tenant, whatever its status.
func load(ctx context.Context, db *pg.DB, cart id.ID) (Cart, error) {
	c := Cart{ID: cart}
	var found bool
	var hash, lines []byte
	if err := db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(loadSQL, cart), &found, &hash, &c.Status, &c.Currency, &c.CustomerID, &c.Email, &c.ShippingAddress,
			&c.BillingAddress, &c.ShippingRateID, &c.OrderID, &c.Pricing, &c.Withdrawn, &c.Version, &c.ExpiresAt, &c.CreatedAt,
			&c.UpdatedAt, &c.Country, &c.Channel, &c.Locale, &c.Locales, &c.Groups, &lines)
	}); err != nil {
		return Cart{}, err
	}
	if !found {
		return Cart{}, ErrNotFound
	}
	copy(c.TokenHash[:], hash)
	var rows []lineRow
	if err := json.Unmarshal(lines, &rows); err != nil {
		return Cart{}, fmt.Errorf("lines of cart %s: %w", cart, err)
	}
	for _, r := range rows {
		c.Lines = append(c.Lines, Line{ID: r.ID, Quantity: r.Quantity, Offer: Offer{
			VariantID: r.VariantID, ProductID: r.ProductID, ProductSlug: r.ProductSlug, Title: r.Title, VariantTitle: r.VariantTitle,
			SKU: r.SKU, Options: r.Options, Image: r.Image, Picture: r.Picture, UnitPrice: r.UnitPrice, Tiers: r.Tiers, Components: r.Components,
			Countries: r.Countries, Unshipped: r.Unshipped, Reduction: r.Reduction,
		}})
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

// saveSQL changes a cart and its lines in one statement, all of it or, when the version has moved on, none.
const saveSQL = `with moved as (
		update carts set status = $3, customer_id = $4, email = $5, shipping_address = $6, billing_address = $7, shipping_rate_id = $8,
			order_id = $9, pricing = $10, withdrawn_order_id = $11, version = $12, expires_at = $13, updated_at = $14,
			currency = $15, country = $16, channel = $17, locale = $18, locales = $19, customer_groups = $20
		where id = $1 and version = $2 returning id),
	gone as (
		delete from cart_lines where cart_id = $1 and variant_id = any($21::uuid[]) and exists (select from moved)),
	put as (
		insert into cart_lines (cart_id, id, variant_id, product_id, product_slug, title, variant_title, sku, options, image, quantity, unit_price, tiers, components, countries, picture, unshipped, reduction)
		select moved.id, u.id, u.variant_id, u.product_id, u.product_slug, u.title, u.variant_title, u.sku, u.options, u.image, u.quantity,
			u.unit_price, u.tiers, u.components, u.countries, u.picture, u.unshipped, u.reduction
		from moved, unnest($22::uuid[], $23::uuid[], $24::uuid[], $25::text[], $26::text[], $27::text[], $28::text[], $29::jsonb[],
				$30::text[], $31::bigint[], $32::bigint[], $33::jsonb[], $34::jsonb[], $35::jsonb[], $36::jsonb[], $37::boolean[], $38::jsonb[])
			u (id, variant_id, product_id, product_slug, title, variant_title, sku, options, image, quantity, unit_price, tiers, components, countries, picture, unshipped, reduction)
		on conflict (tenant_id, cart_id, variant_id) do update set product_id = excluded.product_id, product_slug = excluded.product_slug,
			title = excluded.title, variant_title = excluded.variant_title, sku = excluded.sku, options = excluded.options,
			image = excluded.image, quantity = excluded.quantity, unit_price = excluded.unit_price,
			tiers = excluded.tiers, components = excluded.components, countries = excluded.countries, picture = excluded.picture, unshipped = excluded.unshipped,
			reduction = excluded.reduction)
	select guard(exists (select from moved), -1)`

// saveHeadSQL is saveSQL for a cart whose lines stay, as they do in most changes. Alone, it needs no guard.
const saveHeadSQL = `update carts set status = $3, customer_id = $4, email = $5, shipping_address = $6, billing_address = $7,
		shipping_rate_id = $8, order_id = $9, pricing = $10, withdrawn_order_id = $11, version = $12, expires_at = $13, updated_at = $14,
		currency = $15, country = $16, channel = $17, locale = $18, locales = $19, customer_groups = $20
	where id = $1 and version = $2`

// save writes what differs between two versions of a cart; errMoved when before is not the newest any more. The commit
// does not wait for the disk, not even that of a claim: the order it is for commits later, and does; see [pg.Soon].
func save(ctx context.Context, db *pg.DB, before, after Cart) error {
	var put linesOut
	for _, l := range after.Lines {
		at := before.lineOf(l.Offer.VariantID)
		if at >= 0 && before.Lines[at].equal(l) {
			continue
		}
		if err := put.add(l); err != nil {
			return err
		}
	}
	gone := []id.ID{}
	for _, l := range before.Lines {
		if after.lineOf(l.Offer.VariantID) < 0 {
			gone = append(gone, l.Offer.VariantID)
		}
	}
	args := []any{after.ID, before.Version, after.Status, after.CustomerID, absentText(after.Email), after.ShippingAddress,
		after.BillingAddress, absentText(after.ShippingRateID), after.OrderID, after.Pricing, after.Withdrawn, after.Version,
		after.ExpiresAt, after.UpdatedAt, after.Currency, absentText(after.Country), absentText(after.Channel), absentText(after.Locale),
		append([]string{}, after.Locales...), append([]string{}, after.Groups...)}
	sql := saveHeadSQL
	if len(gone)+len(put.ids) > 0 {
		sql = saveSQL
		args = append(args, gone, put.ids, put.variants, put.products, put.slugs, put.titles, put.variantTitles,
			put.skus, put.options, put.images, put.quantities, put.prices, put.tiers, put.components, put.countries, put.pictures, put.unshipped, put.reductions)
	}
	var touched int64
	err := db.Write(ctx, func(w *pg.Writes) error {
		w.Count(&touched, sql, args...)
		return nil
	})
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == guardState || err == nil && touched == 0 {
		return errMoved
	}
	return err
}

// guardState is the SQLSTATE of the guard function every schema has.
const guardState = "SV001"

// linesOut are lines as the arrays a statement takes.
type linesOut struct {
	ids, variants, products                             []id.ID
	slugs, titles, variantTitles, skus, options, images []string
	quantities, prices                                  []int64
	tiers, components, countries                        []string
	pictures                                            []*string
	unshipped                                           []bool
	reductions                                          []*string
}

func (o *linesOut) add(l Line) error {
	options := l.Offer.Options
	if options == nil {
		options = map[string]string{}
	}
	text, err := json.Marshal(options)
	if err != nil {
		return fmt.Errorf("options of %s: %w", l.Offer.VariantID, err)
	}
	tiers := []byte("[]")
	if len(l.Offer.Tiers) > 0 {
		if tiers, err = json.Marshal(l.Offer.Tiers); err != nil {
			return fmt.Errorf("prices of %s: %w", l.Offer.VariantID, err)
		}
	}
	o.tiers = append(o.tiers, string(tiers))
	parts := l.Offer.Components
	if parts == nil {
		parts = []Component{}
	}
	made, err := json.Marshal(parts)
	if err != nil {
		return fmt.Errorf("components of %s: %w", l.Offer.VariantID, err)
	}
	o.components = append(o.components, string(made))
	countries, err := json.Marshal(append([]string{}, l.Offer.Countries...))
	if err != nil {
		return fmt.Errorf("countries of %s: %w", l.Offer.VariantID, err)
	}
	o.countries = append(o.countries, string(countries))
	picture, err := pictureJSON(l.Offer.Picture)
	if err != nil {
		return fmt.Errorf("picture of %s: %w", l.Offer.VariantID, err)
	}
	reduction, err := reductionJSON(l.Offer.Reduction)
	if err != nil {
		return fmt.Errorf("price of %s: %w", l.Offer.VariantID, err)
	}
	o.reductions = append(o.reductions, reduction)
	o.pictures, o.unshipped = append(o.pictures, picture), append(o.unshipped, l.Offer.Unshipped)
	o.ids, o.variants, o.products = append(o.ids, l.ID), append(o.variants, l.Offer.VariantID), append(o.products, l.Offer.ProductID)
	o.slugs, o.titles = append(o.slugs, l.Offer.ProductSlug), append(o.titles, l.Offer.Title)
	o.variantTitles, o.skus = append(o.variantTitles, l.Offer.VariantTitle), append(o.skus, l.Offer.SKU)
	o.options, o.images = append(o.options, string(text)), append(o.images, l.Offer.Image)
	o.quantities, o.prices = append(o.quantities, l.Quantity), append(o.prices, l.Offer.UnitPrice)
	return nil
}
