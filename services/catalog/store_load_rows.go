package catalog

import (
	"context"
	"strings"

	"github.com/sovecom/sovecom/kit/pg"
)

// stagedRows is rows of one table as COPY takes them.
type stagedRows struct {
	table   string
	columns string
	rows    [][]any
}

// loadedTables is what insertProducts writes of products that Load makes, table by table. They have neither facts nor
// further currencies.
func loadedTables(products []*product) ([]stagedRows, error) {
	var (
		rows       = stagedRows{table: "products", columns: "id, slug, title, title_key, description, status, seo_title, seo_description, brand_id, min_price, max_price, available, doc, version, sequence, created_at, updated_at"}
		options    = stagedRows{table: "product_options", columns: "product_id, name, position"}
		values     = stagedRows{table: "product_option_values", columns: "product_id, option_name, value, position"}
		variants   = stagedRows{table: "variants", columns: "id, product_id, sku, title, price, currency, compare_at_price, weight_grams, position, available, version, created_at, updated_at"}
		chosen     = stagedRows{table: "variant_option_values", columns: "product_id, variant_id, option_name, value"}
		history    = stagedRows{table: "price_history", columns: "product_id, variant_id, priority, customer_group, channel, country, currency, min_quantity, amount, effective_at"}
		images     = stagedRows{table: "product_images", columns: "product_id, media_id, url, alt, own_alt, width, height, position"}
		categories = stagedRows{table: "product_categories", columns: "product_id, category_id, published"}
		tags       = stagedRows{table: "product_tags", columns: "product_id, tag_id"}
	)
	add := func(to *stagedRows, row ...any) { to.rows = append(to.rows, row) }
	beginPrices(products)
	for _, p := range products {
		doc, err := render(p)
		if err != nil {
			return nil, err
		}
		low, high := priceColumns(p)
		add(&rows, p.id, p.slug, p.title, fold(p.title), p.description, string(p.status), p.seoTitle, p.seoDescription, p.brand, low, high,
			p.anyAvailable(), doc, p.version, p.sequence, p.createdAt, p.updatedAt)
		for i, o := range p.options {
			add(&options, p.id, o.name, int32(i))
			for j, value := range o.values {
				add(&values, p.id, o.name, value, int32(j))
			}
		}
		for i := range p.variants {
			v := &p.variants[i]
			add(&variants, v.id, p.id, v.sku, v.title, v.price.Amount, v.price.Currency, v.compareAt, v.weight, v.position, v.available, v.version, v.createdAt, v.updatedAt)
			for _, name := range sortedKeys(v.options) {
				add(&chosen, p.id, v.id, name, v.options[name])
			}
			add(&history, p.id, v.id, int32(0), "", "", "", v.price.Currency, int64(1), v.price.Amount, v.createdAt)
		}
		for i, img := range p.images {
			add(&images, p.id, img.id, img.url, img.alt, img.ownAlt, img.width, img.height, int32(i))
		}
		for _, one := range p.categories {
			add(&categories, p.id, one, p.status == published)
		}
		for _, one := range p.tags {
			add(&tags, p.id, one)
		}
	}
	return []stagedRows{rows, options, values, variants, chosen, history, images, categories, tags}, nil
}

// copyProducts writes products that Load makes.
func copyProducts(ctx context.Context, db *pg.DB, products []*product) error {
	tables, err := loadedTables(products)
	if err != nil {
		return err
	}
	return db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		for _, t := range tables {
			if err := tx.CopyIn(ctx, t.table, strings.Split(t.columns, ", "), t.rows); err != nil {
				return err
			}
		}
		return nil
	})
}
