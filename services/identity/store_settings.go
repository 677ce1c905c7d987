package identity

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
	"github.com/sovecom/sovecom/kit/pg"
)

// settingsRow is the row as it stands; null columns are sections with their defaults.
type settingsRow struct {
	id                      id.ID
	version                 int64
	name, currency, country *string
	currencies              []string
	taxRate                 *int32
	pricesIncludeTax        *bool
	taxCountry              *string
	shippingSet             bool
	rates                   []flatRate
	shopName                string
	found, shopFound        bool
}

// queueSettings reads a shop's settings; with lock they stay as they are until the transaction ends.
func queueSettings(b *pg.Batch, row *settingsRow, lock bool) {
	suffix := ""
	if lock {
		suffix = " for no key update"
	}
	*row = settingsRow{}
	pg.Row(b.Queue(`select id, version, store_name, default_currency, country, currencies, tax_rate, prices_include_tax, tax_country, shipping_set
		from settings`+suffix), &row.found,
		&row.id, &row.version, &row.name, &row.currency, &row.country, &row.currencies, &row.taxRate, &row.pricesIncludeTax, &row.taxCountry, &row.shippingSet)
	pg.Each(b.Queue("select id, name, amount, currency, countries from shipping_rates order by position"), func(rows pgx.Rows) error {
		var r flatRate
		if err := rows.Scan(&r.id, &r.name, &r.amount.Amount, &r.amount.Currency, &r.countries); err != nil {
			return err
		}
		row.rates = append(row.rates, r)
		return nil
	})
	pg.Row(b.Queue("select name from shops"), &row.shopFound, &row.shopName)
}

func (row settingsRow) settings() settings {
	// What was never set is version 1: no If-Match may carry a 0.
	s := settings{id: row.id, version: max(row.version, 1)}
	if row.name != nil && row.currency != nil && row.country != nil {
		s.store = &storeSection{*row.name, *row.currency, *row.country, row.currencies}
	}
	if row.taxRate != nil && row.pricesIncludeTax != nil && row.taxCountry != nil {
		s.tax = &taxSection{money.Rate(*row.taxRate), *row.pricesIncludeTax, *row.taxCountry}
	}
	if row.shippingSet {
		s.shipping = &shippingSection{row.rates}
	}
	return s
}

func readSettings(ctx context.Context, db *pg.DB) (settings, string, error) {
	var row settingsRow
	err := db.Read(ctx, func(b *pg.Batch) { queueSettings(b, &row, false) })
	return row.settings(), row.shopName, err
}

// lockSettings opens the row at the first change, so that two first changes at once find one row to take turns on.
func lockSettings(ctx context.Context, tx *pg.Tx) (settings, string, error) {
	var row settingsRow
	err := tx.Read(ctx, func(b *pg.Batch) {
		b.Queue("insert into settings (id) values ($1) on conflict do nothing", id.New())
		queueSettings(b, &row, true)
	})
	return row.settings(), row.shopName, err
}

func saveSettings(w *pg.Writes, s settings) {
	w.Exec("update settings set version = $1, updated_at = now()", s.version)
	if s.store != nil {
		w.Exec("update settings set store_name = $1, default_currency = $2, country = $3, currencies = $4",
			s.store.name, s.store.currency, s.store.country, append([]string{}, s.store.currencies...))
	}
	if s.tax != nil {
		w.Exec("update settings set tax_rate = $1, prices_include_tax = $2, tax_country = $3", int32(s.tax.rate), s.tax.pricesIncludeTax, s.tax.country)
	}
	if s.shipping == nil {
		return
	}
	w.Exec("update settings set shipping_set = true")
	w.Exec("delete from shipping_rates")
	for i, r := range s.shipping.rates {
		countries := r.countries
		if countries == nil {
			countries = []string{}
		}
		w.Exec("insert into shipping_rates (id, position, name, amount, currency, countries) values ($1, $2, $3, $4, $5, $6)",
			r.id, i, r.name, r.amount.Amount, r.amount.Currency, countries)
	}
}
