package catalog

import (
	"context"

	"github.com/jackc/pgx/v5"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// mediaUses finds where an asset of the media room is used.
func mediaUses(ctx context.Context, db *pg.DB, media id.ID, limit int32) (out []*catalogv1.MediaUse, err error) {
	err = db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue(`select u.kind, u.product_id, u.variant_id, p.title from (
				select 'product_image' as kind, product_id, null::uuid as variant_id from product_images where media_id = $1
				union all select 'product_safety_image', product_id, null from product_safety_images where media_id = $1
				union all select 'product_energy_label', product_id, null from product_facts where energy_image_id = $1
				union all select 'variant_file', product_id, variant_id from variant_files where media_id = $1) u
			join products p on p.id = u.product_id
			order by u.kind, u.product_id limit $2`, media, limit), func(rows pgx.Rows) error {
			var use catalogv1.MediaUse
			var product id.ID
			var variant *id.ID
			if err := rows.Scan(&use.Kind, &product, &variant, &use.Title); err != nil {
				return err
			}
			use.ProductId = product.String()
			if variant != nil {
				text := variant.String()
				use.VariantId = &text
			}
			out = append(out, &use)
			return nil
		})
	})
	return out, err
}
