package catalog

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

const brandColumns = `b.id, b.slug, b.name, b.description, b.website, b.seo_title, b.seo_description, b.version, b.created_at, b.updated_at`

func scanBrand(b *brand) []any {
	return []any{&b.id, &b.slug, &b.name, &b.description, &b.website, &b.seoTitle, &b.seoDescription, &b.version, &b.createdAt, &b.updatedAt}
}

// loadBrand reads a brand and locks it, also against products that would take it on; nil when there is none.
func loadBrand(ctx context.Context, tx *pg.Tx, which id.ID) (*brand, error) {
	found, b := false, new(brand)
	err := tx.Read(ctx, func(batch *pg.Batch) {
		pg.Row(batch.Queue(`select `+brandColumns+` from brands b where b.id = $1 for update`, which), &found, scanBrand(b)...)
	})
	if err != nil || !found {
		return nil, err
	}
	return b, nil
}

// findBrand reads a brand in languages by id or by a slug of any of them; nil when there is none.
func findBrand(ctx context.Context, db *pg.DB, slugOrID string, locales []string) (*catalogv1.Brand, error) {
	found, b := false, new(brand)
	where, arg := "b.id = "+bySlugSQL(brandTexts, "$1", "$2"), any(slugOrID)
	if which, err := id.Parse(slugOrID); err == nil {
		where, arg = "b.id = $1", which
	}
	var docs [][]byte
	err := db.Read(ctx, func(batch *pg.Batch) {
		pg.Row(batch.Queue(`select `+brandColumns+overlaySQL(brandTexts, "b", "$2")+` from brands b where `+where, arg, notNilTexts(locales)),
			&found, append(scanBrand(b), &docs)...)
	})
	if err != nil || !found {
		return nil, err
	}
	out := brandToProto(b)
	return out, localizeAll(overlays{out.GetId(): docs}, []*catalogv1.Brand{out}, localizeBrand)
}

func takenBrandSlugs(ctx context.Context, tx *pg.Tx, slugs []string) (taken []string, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue(`select slug from brands where slug = any($1::text[])`, slugs), appendText(&taken))
	})
	return taken, err
}

func insertBrands(w *pg.Writes, brands ...*brand) error {
	var r struct {
		id                                      []id.ID
		slug, name, key                         []string
		description, website, seoTitle, seoDesc []*string
		ref                                     [][]byte
		version                                 []int64
		createdAt, updatedAt                    []time.Time
	}
	for _, b := range brands {
		ref, err := brandRef(b)
		if err != nil {
			return err
		}
		r.id, r.slug, r.name, r.key, r.ref = append(r.id, b.id), append(r.slug, b.slug), append(r.name, b.name), append(r.key, fold(b.name)), append(r.ref, ref)
		r.description, r.website = append(r.description, b.description), append(r.website, b.website)
		r.seoTitle, r.seoDesc = append(r.seoTitle, b.seoTitle), append(r.seoDesc, b.seoDescription)
		r.version, r.createdAt, r.updatedAt = append(r.version, b.version), append(r.createdAt, b.createdAt), append(r.updatedAt, b.updatedAt)
	}
	if len(r.id) == 0 {
		return nil
	}
	w.Exec(`insert into brands (id, slug, name, name_key, description, website, seo_title, seo_description, ref, version, created_at, updated_at)
		select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::bigint[],
			$11::timestamptz[], $12::timestamptz[])`,
		r.id, r.slug, r.name, r.key, r.description, r.website, r.seoTitle, r.seoDesc, r.ref, r.version, r.createdAt, r.updatedAt)
	return nil
}

func updateBrand(w *pg.Writes, b *brand) error {
	ref, err := brandRef(b)
	if err != nil {
		return err
	}
	w.Exec(`update brands set slug = $2, name = $3, name_key = $4, description = $5, website = $6, seo_title = $7, seo_description = $8,
			ref = $9, version = $10, updated_at = $11 where id = $1`,
		b.id, b.slug, b.name, fold(b.name), b.description, b.website, b.seoTitle, b.seoDescription, ref, b.version, b.updatedAt)
	return nil
}

func deleteBrand(w *pg.Writes, which id.ID) { w.Exec(`delete from brands where id = $1`, which) }

// countOfBrand counts the products of every status that carry a brand.
func countOfBrand(ctx context.Context, tx *pg.Tx, which id.ID) (n int64, err error) {
	var found bool
	err = tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select count(*) from products where brand_id = $1`, which), &found, &n)
	})
	return n, err
}

// listBrands reads one page in languages, by name, and the total.
func listBrands(ctx context.Context, db *pg.DB, phrase string, req page.Request, locales []string) ([]*catalogv1.Brand, *typev1.PageInfo, error) {
	var counted conditions
	if phrase != "" {
		counted.add("strpos(b.name_key, ?) > 0", phrase)
	}
	shown := counted.clone()
	if err := shown.behindName("b", req.After); err != nil {
		return nil, nil, err
	}
	of := overlays{}
	brands, info, err := listing[*catalogv1.Brand]{
		columns: brandColumns + shown.overlay(brandTexts, "b", locales), from: "brands b", order: "b.name_key, b.id", key: nameKey[*catalogv1.Brand],
		size: sizeOf[*catalogv1.Brand],
		scan: func(rows pgx.Rows) (*catalogv1.Brand, error) {
			var b brand
			var docs [][]byte
			err := rows.Scan(append(scanBrand(&b), &docs)...)
			of[b.id.String()] = docs
			return brandToProto(&b), err
		},
	}.read(ctx, db, req, counted, shown)
	if err != nil {
		return nil, nil, err
	}
	return localized(brands, info, nameKey, func() error { return localizeAll(of, brands, localizeBrand) })
}

func brandRef(b *brand) ([]byte, error) {
	return proto.Marshal(&catalogv1.Product{Brand: &catalogv1.BrandRef{Id: b.id.String(), Slug: b.slug, Name: b.name}})
}

func brandToProto(b *brand) *catalogv1.Brand {
	return &catalogv1.Brand{
		Id: b.id.String(), Slug: b.slug, Name: b.name, Description: b.description, Website: b.website,
		SeoTitle: b.seoTitle, SeoDescription: b.seoDescription, Version: b.version,
		CreatedAt: timestamppb.New(b.createdAt), UpdatedAt: timestamppb.New(b.updatedAt),
	}
}
