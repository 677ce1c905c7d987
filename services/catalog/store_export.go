package catalog

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// countProductsOf counts what a filter selects.
func countProductsOf(ctx context.Context, db *pg.DB, f productFilter) (n int64, err error) {
	c := f.conditions()
	var found bool
	err = db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select count(*) from products p`+c.where(), c.args...), &found, &n)
	})
	return n, err
}

// exportPageOf reads the next documents in id order that a filter selects, of bundles or of the others, at most as many bytes
// as one answer holds, and the tree of categories: one round trip.
func exportPageOf(ctx context.Context, db *pg.DB, f productFilter, bundles bool, after id.ID, limit int) (docs [][]byte, categories []*category, err error) {
	c := f.conditions()
	c.add("p.bundle = ?", bundles)
	if !after.IsZero() {
		c.add("p.id > ?", after)
	}
	c.args = append(c.args, page.MaxAnswer)
	err = db.Read(ctx, func(b *pg.Batch) {
		docs, categories = nil, nil
		pg.Each(b.Queue(`select `+DocumentSQL+` from (
				select id, doc, brand_id, sum(octet_length(doc)) over (order by id) - octet_length(doc) as before from (
					select id, doc, brand_id from products p`+c.where()+` order by id limit `+strconv.Itoa(limit)+`) page
			) p where p.before < $`+strconv.Itoa(len(c.args))+` order by p.id`, c.args...), func(r pgx.Rows) error {
			var doc []byte
			err := r.Scan(&doc)
			docs = append(docs, doc)
			return err
		})
		pg.Each(b.Queue(`select `+categoryColumns+` from categories c`), func(r pgx.Rows) error {
			c := new(category)
			err := r.Scan(scanCategory(c)...)
			categories = append(categories, c)
			return err
		})
	})
	return docs, categories, err
}

// exportMoreOf reads what belongs to products and is not in their documents, by product: one round trip.
func exportMoreOf(ctx context.Context, db *pg.DB, products []*catalogv1.Product) (map[string]exportMore, error) {
	out := map[string]exportMore{}
	if len(products) == 0 {
		return out, nil
	}
	var ids, parts []string
	for _, p := range products {
		ids = append(ids, p.GetId())
		for _, v := range p.GetVariants() {
			for _, c := range v.GetComponents() {
				parts = append(parts, c.GetVariantId())
			}
		}
	}
	var docs [][]byte
	var of []id.ID
	skus, files := map[string]string{}, map[string]map[string][]fileLine{}
	err := db.Read(ctx, func(b *pg.Batch) {
		docs, of = nil, nil
		clear(skus)
		clear(files)
		pg.Each(b.Queue(`select product_id, doc from product_translations where product_id = any($1::uuid[]) order by product_id, locale`, ids), func(r pgx.Rows) error {
			var which id.ID
			var doc []byte
			err := r.Scan(&which, &doc)
			of, docs = append(of, which), append(docs, doc)
			return err
		})
		pg.Each(b.Queue(`select product_id, variant_id, media_id, storage_key, name, download_limit, expires_after_days from variant_files
				where product_id = any($1::uuid[]) order by id`, ids), func(r pgx.Rows) error {
			var product, variant, media id.ID
			var f fileLine
			if err := r.Scan(&product, &variant, &media, &f.Key, &f.Name, &f.DownloadLimit, &f.ExpiresAfterDays); err != nil {
				return err
			}
			if !media.IsZero() {
				f.MediaID = new(media.String())
			}
			if files[product.String()] == nil {
				files[product.String()] = map[string][]fileLine{}
			}
			files[product.String()][variant.String()] = append(files[product.String()][variant.String()], f)
			return nil
		})
		if len(parts) > 0 {
			pg.Each(b.Queue(`select id, sku from variants where id = any($1::uuid[])`, parts), func(r pgx.Rows) error {
				var which id.ID
				var sku string
				err := r.Scan(&which, &sku)
				skus[which.String()] = sku
				return err
			})
		}
	})
	if err != nil {
		return nil, err
	}
	texts, err := parseAll[catalogv1.ProductTranslation](docs)
	if err != nil {
		return nil, err
	}
	for _, p := range products {
		out[p.GetId()] = exportMore{skus: skus, files: files[p.GetId()]}
	}
	for i, t := range texts {
		more := out[of[i].String()]
		more.texts = append(more.texts, t)
		out[of[i].String()] = more
	}
	return out, nil
}
