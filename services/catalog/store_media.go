package catalog

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// imageColumns are those of a row i of product_images, or of none, that an image is read from; see imageRow.
const imageColumns = `i.media_id, coalesce(i.url, ''), coalesce(i.width, 0), coalesce(i.height, 0), coalesce(i.alt, ''), coalesce(i.alts, '{}'),
	coalesce(i.blurhash, ''), i.focal_x, i.focal_y`

// imageRow is what of imageColumns takes more than a scan.
type imageRow struct {
	alts []byte
	x, y *float64
}

func (r *imageRow) into(img *image) []any {
	return []any{&img.id, &img.url, &img.width, &img.height, &img.alt, &r.alts, &img.blurhash, &r.x, &r.y}
}

func (r *imageRow) finish(img *image) error {
	if r.x != nil && r.y != nil {
		img.focal = focalPoint(*r.x, *r.y)
	}
	if len(r.alts) > len("{}") {
		if err := json.Unmarshal(r.alts, &img.alts); err != nil {
			return fmt.Errorf("catalog: texts of picture %s: %w", img.id, err)
		}
	}
	return nil
}

func insertImages(w *pg.Writes, products []*product) error {
	var r struct {
		product, media          []id.ID
		url, alt, alts, hash    []string
		width, height, position []int32
		own                     []bool
		x, y                    []*float64
	}
	for _, p := range products {
		for i, img := range p.images {
			alts := []byte("{}")
			if len(img.alts) > 0 {
				var err error
				if alts, err = json.Marshal(img.alts); err != nil {
					return fmt.Errorf("catalog: texts of picture %s: %w", img.id, err)
				}
			}
			var x, y *float64
			if img.focal != nil {
				x, y = &img.focal.x, &img.focal.y
			}
			r.product, r.media, r.url, r.alt = append(r.product, p.id), append(r.media, img.id), append(r.url, img.url), append(r.alt, img.alt)
			r.width, r.height, r.position = append(r.width, img.width), append(r.height, img.height), append(r.position, int32(i))
			r.own, r.alts, r.hash, r.x, r.y = append(r.own, img.ownAlt), append(r.alts, string(alts)), append(r.hash, img.blurhash), append(r.x, x), append(r.y, y)
		}
	}
	if len(r.product) == 0 {
		return nil
	}
	w.Exec(`insert into product_images (product_id, media_id, url, alt, width, height, position, own_alt, alts, blurhash, focal_x, focal_y)
		select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::int[], $7::int[], $8::boolean[], $9::jsonb[], $10::text[],
			$11::real[], $12::real[])`,
		r.product, r.media, r.url, r.alt, r.width, r.height, r.position, r.own, r.alts, r.hash, r.x, r.y)
	return nil
}

// mediaCopy is what is known of a picture since it was changed.
type mediaCopy struct {
	version int64
	doc     []byte
}

// shareMedia keeps everybody from retiring or changing assets until the transaction ends. It reads which of them are
// retired, and what is known of those that were changed.
func shareMedia(ctx context.Context, tx *pg.Tx, media []id.ID) (retired map[id.ID]bool, copies map[id.ID]mediaCopy, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		retired, copies = map[id.ID]bool{}, map[id.ID]mediaCopy{}
		b.Queue(`select share_media($1::uuid[])`, media)
		pg.Each(b.Queue(`select media_id from retired_media where media_id = any($1::uuid[]) and retired_at > clock_timestamp() - interval '10 minutes'`, media),
			func(rows pgx.Rows) error {
				var one id.ID
				err := rows.Scan(&one)
				retired[one] = true
				return err
			})
		pg.Each(b.Queue(`select media_id, version, doc from media_copies where media_id = any($1::uuid[])`, media), func(rows pgx.Rows) error {
			var one id.ID
			var c mediaCopy
			err := rows.Scan(&one, &c.version, &c.doc)
			copies[one] = c
			return err
		})
	})
	return retired, copies, err
}

// holdMedia waits for everybody who begins to use an asset, and keeps others from it until the transaction ends.
func holdMedia(b *pg.Batch, media id.ID) {
	b.Queue(`select pg_advisory_xact_lock(hashtext('catalog.media'), hashtext(current_tenant()::text || media_lock($1)))`, media)
}

// keepCopy remembers what is known of a picture, unless something newer is.
func keepCopy(ctx context.Context, db *pg.DB, media id.ID, version int64, now shown) error {
	doc, err := proto.Marshal(now.toProto())
	if err != nil {
		return fmt.Errorf("catalog: picture %s: %w", media, err)
	}
	return db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if err := tx.Read(ctx, func(b *pg.Batch) { holdMedia(b, media) }); err != nil {
			return err
		}
		tx.Exec(`insert into media_copies as c (media_id, version, doc) values ($1, $2, $3)
			on conflict (media_id, tenant_id) do update set version = excluded.version, doc = excluded.doc where c.version < excluded.version`, media, version, doc)
		return nil
	})
}

func dropCopy(w *pg.Writes, media id.ID) {
	w.Exec(`delete from media_copies where media_id = $1`, media)
}

// productsShowing are the products with a picture, by id.
func productsShowing(ctx context.Context, tx *pg.Tx, media id.ID) (which []id.ID, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		which = nil
		pg.Each(b.Queue(`select product_id from product_images where media_id = $1 order by product_id`, media), appendID(&which))
	})
	return which, err
}

// retireMedia lets nothing begin to use an asset, unless something does already.
func retireMedia(ctx context.Context, db *pg.DB, media, attempt id.ID, limit int32) (uses []*catalogv1.MediaUse, err error) {
	err = db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if err := tx.Read(ctx, func(b *pg.Batch) {
			uses = nil
			holdMedia(b, media)
			queueUses(b, media, limit, &uses)
		}); err != nil || len(uses) > 0 {
			return err
		}
		tx.Exec(`delete from retired_media where retired_at < clock_timestamp() - interval '10 minutes'`)
		tx.Exec(`insert into retired_media (media_id, attempt_id) values ($1, $2)
			on conflict (media_id, attempt_id, tenant_id) do update set retired_at = excluded.retired_at`, media, attempt)
		return nil
	})
	return uses, err
}

func restoreMedia(ctx context.Context, db *pg.DB, media, attempt id.ID) error {
	return db.Write(ctx, func(w *pg.Writes) error {
		w.Exec(`delete from retired_media where media_id = $1 and attempt_id = $2`, media, attempt)
		return nil
	})
}

// mediaUses finds where an asset of the media room is used.
func mediaUses(ctx context.Context, db *pg.DB, media id.ID, limit int32) (out []*catalogv1.MediaUse, err error) {
	err = db.Read(ctx, func(b *pg.Batch) {
		out = nil
		queueUses(b, media, limit, &out)
	})
	return out, err
}

func queueUses(b *pg.Batch, media id.ID, limit int32, out *[]*catalogv1.MediaUse) {
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
		*out = append(*out, &use)
		return nil
	})
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
