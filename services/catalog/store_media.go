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

// soldFiles reads the files of variants.
func soldFiles(ctx context.Context, db *pg.DB, variants []id.ID) (out []*catalogv1.SoldFile, err error) {
	err = db.Read(ctx, func(b *pg.Batch) {
		out = nil
		// By way of the variants, because files are found by their product.
		pg.Each(b.Queue(`select f.id, f.variant_id, f.media_id, f.name, f.download_limit, f.expires_after_days
			from variants v join variant_files f on f.product_id = v.product_id and f.variant_id = v.id
			where v.id = any($1::uuid[]) order by f.variant_id, f.id`, variants), func(rows pgx.Rows) error {
			var file catalogv1.SoldFile
			var which, variant, media id.ID
			if err := rows.Scan(&which, &variant, &media, &file.Name, &file.DownloadLimit, &file.ExpiresAfterDays); err != nil {
				return err
			}
			file.Id, file.VariantId = which.String(), variant.String()
			if !media.IsZero() {
				file.MediaId = new(media.String())
			}
			out = append(out, &file)
			return nil
		})
	})
	return out, err
}
