package catalog

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// queueBasePrices queues the read of what variants of products cost in further currencies.
func queueBasePrices(b *pg.Batch, products []id.ID, into map[id.ID][]basePrice) {
	pg.Each(b.Queue(`select variant_id, amount, currency, compare_at, prior from variant_prices
		where product_id = any($1::uuid[]) order by variant_id, currency`, products), func(rows pgx.Rows) error {
		var variant id.ID
		var one basePrice
		err := rows.Scan(&variant, &one.price.Amount, &one.price.Currency, &one.compareAt, &one.prior)
		into[variant] = append(into[variant], one)
		return err
	})
}

// loadWanted reads what all price lists say of variants, in force or not.
func loadWanted(ctx context.Context, tx *pg.Tx, variants []id.ID) (map[id.ID][]wanted, error) {
	out := map[id.ID][]wanted{}
	err := tx.Read(ctx, func(b *pg.Batch) { queueWanted(b, "r.variant_id", variants, out) })
	return out, err
}

func queueWanted(b *pg.Batch, column string, keys []id.ID, out map[id.ID][]wanted) {
	lists := map[id.ID]*priceList{}
	pg.Each(b.Queue(`select r.variant_id, r.currency, r.min_quantity, r.amount, r.changed_at, `+listColumns+`
		from price_list_prices r join price_lists l on l.id = r.list_id where `+column+` = any($1::uuid[])`, keys), func(rows pgx.Rows) error {
		var variant id.ID
		var w wanted
		l := new(priceList)
		err := rows.Scan(append([]any{&variant, &w.currency, &w.quantity, &w.amount, &w.changedAt}, scanList(l)...)...)
		if known := lists[l.id]; known != nil {
			l = known
		}
		lists[l.id], w.list = l, l
		out[variant] = append(out[variant], w)
		return err
	})
}

// loadHistory reads what was in force of variants for one unit at an instant, and everything since; with when their products
// were published.
func loadHistory(ctx context.Context, tx *pg.Tx, variants []id.ID, from time.Time) (map[id.ID][]priceEvent, error) {
	out := make(map[id.ID][]priceEvent, len(variants))
	published := make(map[id.ID][]priceEvent, len(variants))
	err := tx.Read(ctx, func(b *pg.Batch) {
		clear(out)
		clear(published)
		pg.Each(b.Queue(`select v.id, h.published, h.effective_at from variants v cross join lateral (
				(select * from product_publications p where p.product_id = v.product_id and p.effective_at <= $2 order by p.effective_at desc, p.seq desc limit 1)
				union all select * from product_publications p where p.product_id = v.product_id and p.effective_at > $2) h
			where v.id = any($1::uuid[]) order by h.effective_at, h.seq`, variants, from), func(rows pgx.Rows) error {
			var variant id.ID
			var forSale bool
			var at time.Time
			err := rows.Scan(&variant, &forSale, &at)
			published[variant] = append(published[variant], priceEvent{variant: variant, at: at, forSale: &forSale})
			return err
		})
		pg.Each(b.Queue(`with mine as (select * from price_history where variant_id = any($1::uuid[]) and min_quantity = 1)
			select `+historyColumns+` from (
				select * from (select distinct on (variant_id, currency, list_id) * from mine where effective_at <= $2
					order by variant_id, currency, list_id, effective_at desc, seq desc) opening where amount is not null
				union all select * from mine where effective_at > $2) h order by h.effective_at, h.seq`, variants, from), func(rows pgx.Rows) error {
			e, err := scanHistory(rows)
			out[e.variant] = append(out[e.variant], e)
			return err
		})
	})
	for variant, prices := range out {
		out[variant] = whenForSale(published[variant], prices)
	}
	return out, err
}

const historyColumns = `h.variant_id, h.list_id, coalesce(h.list_type, ''), h.priority, h.customer_group, h.channel, h.country, h.currency, h.min_quantity,
	h.amount, h.prior, h.effective_at`

func scanHistory(rows pgx.Rows, more ...any) (priceEvent, error) {
	var e priceEvent
	err := rows.Scan(append([]any{
		&e.variant, &e.list, &e.kind, &e.priority, &e.scope.group, &e.scope.channel, &e.scope.country, &e.currency, &e.minQuantity,
		&e.amount, &e.prior, &e.at,
	}, more...)...)
	return e, err
}

// insertHistory queues lines of the history, in the order in which they happened.
func insertHistory(w *pg.Writes, products []id.ID, events []priceEvent) {
	if len(events) == 0 {
		return
	}
	var r struct {
		variant                           []id.ID
		list                              []id.ID // none is NULL
		kind                              []*string
		group, channel, country, currency []string
		priority                          []int32
		quantity                          []int64
		amount, prior                     []*int64
		at                                []time.Time
	}
	for _, e := range events {
		r.variant, r.group, r.channel, r.country = append(r.variant, e.variant), append(r.group, e.scope.group), append(r.channel, e.scope.channel), append(r.country, e.scope.country)
		r.currency, r.priority, r.quantity = append(r.currency, e.currency), append(r.priority, e.priority), append(r.quantity, e.minQuantity)
		r.amount, r.prior, r.at = append(r.amount, e.amount), append(r.prior, e.prior), append(r.at, e.at)
		r.list, r.kind = append(r.list, e.list), append(r.kind, textOrNil(string(e.kind)))
	}
	w.Exec(`insert into price_history (product_id, variant_id, list_id, list_type, priority, customer_group, channel, country, currency, min_quantity, amount, prior, effective_at)
		select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::timestamptz[])`,
		products, r.variant, r.list, r.kind, r.priority, r.group, r.channel, r.country, r.currency, r.quantity, r.amount, r.prior, r.at)
}

// insertPrices queues what goes with the prices of new products: their further currencies, and where their history begins.
func insertPrices(w *pg.Writes, products []*product) error {
	var of []id.ID
	var events []priceEvent
	var more []variantOf
	for _, p := range products {
		for i := range p.variants {
			v := &p.variants[i]
			for _, b := range v.priced().bases {
				of = append(of, p.id)
				events = append(events, priceEvent{variant: v.id, currency: b.price.Currency, minQuantity: 1, amount: &b.price.Amount, at: v.createdAt})
			}
			if len(v.more) > 0 {
				more = append(more, variantOf{p.id, v})
			}
		}
	}
	insertHistory(w, of, events)
	return savePrices(w, more)
}

// savePrices queues what is kept of variants beside their own price.
func savePrices(w *pg.Writes, variants []variantOf) error {
	if len(variants) == 0 {
		return nil
	}
	var r struct {
		id             []id.ID
		prior, now     []*int64
		offers         [][]byte
		product, owner []id.ID
		currency       []string
		amount         []int64
		compareAt, old []*int64
	}
	for _, v := range variants {
		offers, err := offersOf(v.variant)
		if err != nil {
			return err
		}
		var now *int64
		if public := v.publicPrice(); public != v.price {
			now = &public.Amount
		}
		r.id, r.prior, r.now, r.offers = append(r.id, v.id), append(r.prior, v.prior), append(r.now, now), append(r.offers, offers)
		for _, b := range v.more {
			r.product, r.owner, r.currency = append(r.product, v.product), append(r.owner, v.id), append(r.currency, b.price.Currency)
			r.amount, r.compareAt, r.old = append(r.amount, b.price.Amount), append(r.compareAt, b.compareAt), append(r.old, b.prior)
		}
	}
	w.Exec(`update variants v set prior_price = n.prior, price_now = n.now, offers = n.offers
		from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bytea[]) n (id, prior, now, offers) where v.id = n.id`, r.id, r.prior, r.now, r.offers)
	w.Exec(`delete from variant_prices where variant_id = any($1::uuid[])`, r.id)
	if len(r.product) > 0 {
		w.Exec(`insert into variant_prices (product_id, variant_id, currency, amount, compare_at, prior)
			select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])`, r.product, r.owner, r.currency, r.amount, r.compareAt, r.old)
	}
	return nil
}

// dueTenants lists the tenants with prices that have to change by now, and the next instant at which some have to. The
// context must be the system's.
func dueTenants(ctx context.Context, db *pg.DB, now time.Time) (tenants []id.ID, next *time.Time, err error) {
	err = db.Read(ctx, func(b *pg.Batch) {
		tenants, next = nil, nil
		var found bool
		pg.Each(b.Queue(`select tenant_id from price_lists where due_at <= $1 union select tenant_id from price_work where due_at <= $1`, now), appendID(&tenants))
		pg.Row(b.Queue(`select least((select min(due_at) from price_lists where due_at > $1), (select min(due_at) from price_work where due_at > $1))`, now), &found, &next)
	})
	return tenants, next, err
}

// takeDueLists locks lists that begin or end by now, leaving alone those another process has.
func takeDueLists(ctx context.Context, tx *pg.Tx, now time.Time, limit int) (lists []*priceList, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue(`select `+listColumns+` from price_lists l where l.due_at <= $1 order by l.due_at limit $2 for update skip locked`, now, limit), func(rows pgx.Rows) error {
			l := new(priceList)
			err := rows.Scan(scanList(l)...)
			lists = append(lists, l)
			return err
		})
	})
	return lists, err
}

// queueList says that all products of a list have to be looked at. An entry that somebody is taking just now is made
// anew, so that no change is overlooked.
func queueList(w *pg.Writes, list id.ID, now time.Time) {
	w.Exec(`insert into price_work (product_id, due_at) select distinct product_id, $2::timestamptz from price_list_prices where list_id = $1 order by product_id
		on conflict (product_id, tenant_id) do update set due_at = excluded.due_at`, list, now)
}

func queueProducts(w *pg.Writes, products []id.ID, at time.Time) {
	w.Exec(`insert into price_work (product_id, due_at) select p.id, $2::timestamptz from products p where p.id = any($1::uuid[]) order by p.id
		on conflict (product_id, tenant_id) do update set due_at = excluded.due_at`, products, at)
}

// takeProducts takes products off the queue, leaving alone those another process has.
func takeProducts(ctx context.Context, tx *pg.Tx, now time.Time, limit int) (products []id.ID, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		products = nil
		pg.Each(b.Queue(`delete from price_work where product_id = any(array(select product_id from price_work where due_at <= $1
			order by due_at, product_id limit $2 for update skip locked)) returning product_id`, now, limit), appendID(&products))
	})
	return products, err
}

// pricedProduct is what of a product its prices are made of, and what follows from them.
type pricedProduct struct {
	product

	doc []byte
}

// loadPriced locks products and reads what their prices are made of, and what all price lists say of them. ruled says
// whether there are collections with rules, which may look at prices.
func loadPriced(ctx context.Context, tx *pg.Tx, which []id.ID) (_ []*pricedProduct, _ map[id.ID][]wanted, ruled bool, _ error) {
	var products []*pricedProduct
	byID := map[id.ID]*pricedProduct{}
	more, wants := map[id.ID][]basePrice{}, map[id.ID][]wanted{}
	err := tx.Read(ctx, func(b *pg.Batch) {
		lockCollections(b, &ruled)
		pg.Each(b.Queue(`select id, slug, status, sequence, doc from products where id = any($1::uuid[]) order by id for update`, which), func(rows pgx.Rows) error {
			p := new(pricedProduct)
			err := rows.Scan(&p.id, &p.slug, &p.status, &p.sequence, &p.doc)
			products, byID[p.id] = append(products, p), p
			return err
		})
		queueBasePrices(b, which, more)
		pg.Each(b.Queue(`select product_id, id, price, currency, compare_at_price, prior_price, offers from variants
			where product_id = any($1::uuid[]) order by product_id, position, id`, which), func(rows pgx.Rows) error {
			var product id.ID
			var v variant
			var offers []byte
			if err := rows.Scan(&product, &v.id, &v.price.Amount, &v.price.Currency, &v.compareAt, &v.prior, &offers); err != nil {
				return err
			}
			v.more = more[v.id]
			var err error
			if v.entries, err = entriesFrom(offers); err == nil && byID[product] != nil {
				byID[product].variants = append(byID[product].variants, v)
			}
			return err
		})
		queueWanted(b, "r.product_id", which, wants)
	})
	return products, wants, ruled, err
}

// savePriced queues the new prices of products whose variants changed as given, their documents and read columns.
func savePriced(w *pg.Writes, products []*pricedProduct, variants []variantOf) error {
	if len(products) == 0 {
		return nil
	}
	var ids []id.ID
	var docs [][]byte
	var lows, highs []*int64
	var sequences []int64
	for _, p := range products {
		doc, err := reprinted(p)
		if err != nil {
			return err
		}
		low, high := priceColumns(&p.product)
		ids, docs, lows, highs, sequences = append(ids, p.id), append(docs, doc), append(lows, low), append(highs, high), append(sequences, p.sequence)
	}
	w.Exec(`update products p set doc = n.doc, min_price = n.low, max_price = n.high, sequence = n.sequence
		from unnest($1::uuid[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[]) n (id, doc, low, high, sequence) where p.id = n.id`, ids, docs, lows, highs, sequences)
	return savePrices(w, variants)
}

// historyOf reads one page of a variant's history, newest first. It is nil when there is no such variant and never was.
func historyOf(ctx context.Context, db *pg.DB, product, variant id.ID, req page.Request) ([]*catalogv1.PriceRecord, *typev1.PageInfo, error) {
	var counted conditions
	counted.add("h.variant_id = ?", variant)
	counted.add("h.product_id = ?", product)
	shown := counted.clone()
	if len(req.After) > 0 {
		parts, err := page.ParseKey(req.After, 2)
		if err != nil {
			return nil, nil, err
		}
		at, errAt := time.Parse(time.RFC3339Nano, parts[0])
		seq, errSeq := strconv.ParseInt(parts[1], 10, 64)
		if errAt != nil || errSeq != nil {
			return nil, nil, page.ErrBadCursor
		}
		shown.add("(h.effective_at, h.seq) < (?::timestamptz, ?::bigint)", at, seq)
	}
	records := []*catalogv1.PriceRecord{}
	var keys [][]byte
	var total int64
	var known bool
	err := db.Read(ctx, func(b *pg.Batch) {
		records, keys = records[:0], nil
		var found bool
		pg.Each(b.Queue(`select `+historyColumns+`, h.seq from price_history h`+shown.where()+` order by h.effective_at desc, h.seq desc`+limitOffset(req), shown.args...), func(r pgx.Rows) error {
			var seq int64
			e, err := scanHistory(r, &seq)
			records = append(records, recordToProto(e))
			keys = append(keys, page.Key(e.at.UTC().Format(time.RFC3339Nano), strconv.FormatInt(seq, 10)))
			return err
		})
		pg.Row(b.Queue(`select count(*), exists (select from variants where id = $1 and product_id = $2)
			from (select from price_history h`+counted.where()+` limit `+strconv.Itoa(page.CountLimit+1)+`) t`, counted.args...), &found, &total, &known)
	})
	if err != nil || !known && total == 0 {
		return nil, nil, err
	}
	if len(records) > req.Limit {
		return records[:req.Limit], page.Info(total, true, keys[req.Limit-1]), nil
	}
	return records, page.Info(total, false, nil), nil
}

// resolvedPrices is what ResolveVariants tells a price from.
func resolvedPrices(price money.Money, compareAt *int64, offers []byte) (priced, error) {
	v := variant{price: price, compareAt: compareAt}
	if err := readOffers(offers, &v); err != nil {
		return priced{}, err
	}
	return v.priced(), nil
}
