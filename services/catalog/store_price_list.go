package catalog

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

const listColumns = `l.id, l.name, l.code, l.type, l.status, l.priority, l.starts_at, l.ends_at, l.announced_at, l.customer_group, l.channel, l.country,
	l.version, l.changed_at, l.due_at, l.created_at, l.updated_at`

func scanList(l *priceList) []any {
	return []any{
		&l.id, &l.name, &l.code, &l.kind, &l.status, &l.priority, &l.startsAt, &l.endsAt, &l.announcedAt, &l.scope.group, &l.scope.channel, &l.scope.country,
		&l.version, &l.changedAt, &l.dueAt, &l.createdAt, &l.updatedAt,
	}
}

// loadPriceList reads a list and locks it: for update against everybody, for share against those who change it.
func loadPriceList(ctx context.Context, tx *pg.Tx, which id.ID, lock string) (*priceList, error) {
	return readPriceList(which, lock, func(build func(b *pg.Batch)) error { return tx.Read(ctx, build) })
}

func readPriceList(which id.ID, lock string, read func(build func(b *pg.Batch)) error) (*priceList, error) {
	l := new(priceList)
	var found bool
	err := read(func(b *pg.Batch) {
		pg.Row(b.Queue(`select `+listColumns+` from price_lists l where l.id = $1 `+lock, which), &found, scanList(l)...)
	})
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, ErrPriceListNotFound
	}
	return l, nil
}

func insertPriceList(w *pg.Writes, l *priceList) {
	w.Exec(`insert into price_lists (id, name, code, type, status, priority, starts_at, ends_at, announced_at, customer_group, channel, country,
			version, changed_at, due_at, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		l.id, l.name, l.code, string(l.kind), string(l.status), l.priority, l.startsAt, l.endsAt, l.announcedAt, l.scope.group, l.scope.channel, l.scope.country,
		l.version, l.changedAt, l.dueAt, l.createdAt, l.updatedAt)
}

func updatePriceList(w *pg.Writes, l *priceList) {
	w.Exec(`update price_lists set name = $2, code = $3, type = $4, status = $5, priority = $6, starts_at = $7, ends_at = $8, announced_at = $9,
			customer_group = $10, channel = $11, country = $12, version = $13, changed_at = $14, due_at = $15, updated_at = $16 where id = $1`,
		l.id, l.name, l.code, string(l.kind), string(l.status), l.priority, l.startsAt, l.endsAt, l.announcedAt, l.scope.group, l.scope.channel, l.scope.country,
		l.version, l.changedAt, l.dueAt, l.updatedAt)
}

func setDue(w *pg.Writes, list id.ID, due *time.Time) {
	w.Exec(`update price_lists set due_at = $2 where id = $1`, list, due)
}

func deletePriceList(w *pg.Writes, which id.ID) {
	w.Exec(`delete from price_lists where id = $1`, which)
}

// listPriceLists reads one page, newest first, and the total.
func listPriceLists(ctx context.Context, db *pg.DB, phrase string, status listStatus, kind listKind, req page.Request) ([]*catalogv1.PriceList, *typev1.PageInfo, error) {
	var counted conditions
	if phrase != "" {
		counted.add("(strpos(lower(l.name), lower(?)) > 0 or strpos(l.code, lower(?)) > 0)", phrase, phrase)
	}
	if status != "" {
		counted.add("l.status = ?", string(status))
	}
	if kind != "" {
		counted.add("l.type = ?", string(kind))
	}
	shown := counted.clone()
	if err := shown.behindNewest("l", req.After); err != nil {
		return nil, nil, err
	}
	return listing[*catalogv1.PriceList]{
		columns: listColumns, from: "price_lists l", order: "l.created_at desc, l.id desc",
		size: sizeOf[*catalogv1.PriceList],
		key:  func(l *catalogv1.PriceList) []byte { return newestKey(l.GetCreatedAt().AsTime(), l.GetId()) },
		scan: func(rows pgx.Rows) (*catalogv1.PriceList, error) {
			var l priceList
			err := rows.Scan(scanList(&l)...)
			return priceListToProto(&l), err
		},
	}.read(ctx, db, req, counted, shown)
}

// priceFilter narrows the prices of a list.
type priceFilter struct {
	list     id.ID
	variant  id.ID  // zero: all
	currency string // empty: all
	quantity int64  // 0: all
}

func (f priceFilter) conditions() (c conditions) {
	c.add("r.list_id = ?", f.list)
	if !f.variant.IsZero() {
		c.add("r.variant_id = ?", f.variant)
	}
	if f.currency != "" {
		c.add("r.currency = ?", f.currency)
	}
	if f.quantity != 0 {
		c.add("r.min_quantity = ?", f.quantity)
	}
	return c
}

// pricesOfList reads one page of a list's prices by variant, currency and quantity, and the total.
func pricesOfList(ctx context.Context, db *pg.DB, f priceFilter, req page.Request) ([]*catalogv1.ListPrice, *typev1.PageInfo, error) {
	counted := f.conditions()
	shown := counted.clone()
	if len(req.After) > 0 {
		parts, err := page.ParseKey(req.After, 3)
		if err != nil {
			return nil, nil, err
		}
		variant, errID := id.Parse(parts[0])
		quantity, errNumber := strconv.ParseInt(parts[2], 10, 64)
		if errID != nil || errNumber != nil {
			return nil, nil, page.ErrBadCursor
		}
		shown.add("(r.variant_id, r.currency, r.min_quantity) > (?::uuid, ?, ?::bigint)", variant, parts[1], quantity)
	}
	prices := []*catalogv1.ListPrice{}
	var total int64
	var exists bool
	err := db.Read(ctx, func(b *pg.Batch) {
		prices = prices[:0]
		var found bool
		pg.Each(b.Queue(`select r.variant_id, v.sku, r.currency, r.min_quantity, r.amount, r.changed_at
			from (select * from price_list_prices r`+shown.where()+` order by r.variant_id, r.currency, r.min_quantity`+limitOffset(req)+`) r
			join variants v on v.id = r.variant_id order by r.variant_id, r.currency, r.min_quantity`, shown.args...), func(rows pgx.Rows) error {
			var variant id.ID
			var at time.Time
			one := new(catalogv1.ListPrice)
			err := rows.Scan(&variant, &one.Sku, &one.Currency, &one.MinQuantity, &one.Amount, &at)
			one.VariantId, one.UpdatedAt = variant.String(), timestamppb.New(at)
			prices = append(prices, one)
			return err
		})
		pg.Row(b.Queue(`select count(*), exists (select from price_lists where id = $1)
			from (select from price_list_prices r`+counted.where()+` limit `+strconv.Itoa(page.CountLimit+1)+`) t`, counted.args...), &found, &total, &exists)
	})
	if err != nil {
		return nil, nil, err
	}
	if !exists {
		return nil, nil, ErrPriceListNotFound
	}
	if len(prices) > req.Limit {
		prices = prices[:req.Limit]
		last := prices[req.Limit-1]
		return prices, page.Info(total, true, page.Key(last.GetVariantId(), last.GetCurrency(), strconv.FormatInt(last.GetMinQuantity(), 10))), nil
	}
	return prices, page.Info(total, false, nil), nil
}

// namedVariant is a variant as a list of prices names it.
type namedVariant struct {
	id, product id.ID
	sku         string
	prices      int64 // it has in all lists
}

// loadNamed finds variants by id or SKU, and keeps them from being deleted until the transaction ends.
func loadNamed(ctx context.Context, tx *pg.Tx, ids []id.ID, skus []string) ([]namedVariant, error) {
	var out []namedVariant
	err := tx.Read(ctx, func(b *pg.Batch) {
		out = nil
		scan := func(rows pgx.Rows) error {
			var v namedVariant
			err := rows.Scan(&v.id, &v.product, &v.sku, &v.prices)
			out = append(out, v)
			return err
		}
		const columns = `select v.id, v.product_id, v.sku, (select count(*) from price_list_prices r where r.variant_id = v.id) from variants v where `
		pg.Each(b.Queue(columns+`v.id = any($1::uuid[]) for key share of v`, ids), scan)
		pg.Each(b.Queue(columns+`v.sku = any($1::text[]) for key share of v`, skus), scan)
	})
	return out, err
}

// putPrice is one price to be written.
type putPrice struct {
	variant, product id.ID
	currency         string
	quantity, amount int64
}

// upsertPrices writes prices of a list, and says of which products some are new or other than before.
func upsertPrices(ctx context.Context, tx *pg.Tx, list id.ID, prices []putPrice, at time.Time) (changed int64, products []id.ID, err error) {
	var r struct {
		variant, product []id.ID
		currency         []string
		quantity, amount []int64
	}
	for _, p := range prices {
		r.variant, r.product, r.currency = append(r.variant, p.variant), append(r.product, p.product), append(r.currency, p.currency)
		r.quantity, r.amount = append(r.quantity, p.quantity), append(r.amount, p.amount)
	}
	err = tx.Read(ctx, func(b *pg.Batch) {
		changed, products = 0, nil
		// In order, so that two requests with the same prices do not wait for each other.
		pg.Each(b.Queue(`insert into price_list_prices as r (list_id, variant_id, product_id, currency, min_quantity, amount, changed_at)
			select $1::uuid, n.variant, n.product, n.currency, n.quantity, n.amount, $7::timestamptz
			from unnest($2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[]) n (variant, product, currency, quantity, amount)
			order by n.variant, n.currency, n.quantity
			on conflict (list_id, variant_id, currency, min_quantity, tenant_id) do update set amount = excluded.amount, changed_at = excluded.changed_at
				where r.amount <> excluded.amount
			returning r.product_id`, list, r.variant, r.product, r.currency, r.quantity, r.amount, at), func(rows pgx.Rows) error {
			changed++
			var product id.ID
			err := rows.Scan(&product)
			products = append(products, product)
			return err
		})
	})
	return changed, idSet(products), err
}

// deletePrices removes prices of a list, and says of which products.
func deletePrices(ctx context.Context, tx *pg.Tx, f priceFilter) (products []id.ID, err error) {
	c := f.conditions()
	err = tx.Read(ctx, func(b *pg.Batch) {
		products = nil
		pg.Each(b.Queue(`with gone as (delete from price_list_prices r`+c.where()+` returning product_id) select distinct product_id from gone`, c.args...), appendID(&products))
	})
	return products, err
}

// listsFor finds the lists for a group of customers, whether in force or not.
func listsFor(ctx context.Context, db *pg.DB, group string, limit int32) (uses []*catalogv1.CustomerGroupUse, err error) {
	err = db.Read(ctx, func(b *pg.Batch) {
		uses = nil
		pg.Each(b.Queue("select id, name from price_lists where customer_group = $1 order by id limit $2", group, limit), func(rows pgx.Rows) error {
			var which id.ID
			var name string
			if err := rows.Scan(&which, &name); err != nil {
				return err
			}
			uses = append(uses, &catalogv1.CustomerGroupUse{PriceListId: which.String(), Name: name})
			return nil
		})
	})
	return uses, err
}
