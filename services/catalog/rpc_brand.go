package catalog

import (
	"context"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// ListStoreBrands lists brands by name.
func (s *Service) ListStoreBrands(ctx context.Context, req *catalogv1.ListStoreBrandsRequest) (*catalogv1.ListStoreBrandsResponse, error) {
	brands, info, err := listBrands(ctx, s.db, "", page.FromProto(req.GetPage()), req.GetLocales())
	if err != nil {
		return nil, err
	}
	return &catalogv1.ListStoreBrandsResponse{Brands: brands, Page: info}, nil
}

// GetStoreBrand reads one brand by id or by a slug of any language: one statement.
func (s *Service) GetStoreBrand(ctx context.Context, req *catalogv1.GetStoreBrandRequest) (*catalogv1.GetStoreBrandResponse, error) {
	b, err := s.brand(ctx, req.GetSlugOrId(), req.GetLocales())
	if err != nil {
		return nil, err
	}
	return &catalogv1.GetStoreBrandResponse{Brand: b}, nil
}

// ListBrands lists brands for staff, by name.
func (s *Service) ListBrands(ctx context.Context, req *catalogv1.ListBrandsRequest) (*catalogv1.ListBrandsResponse, error) {
	brands, info, err := listBrands(ctx, s.db, fold(storable(req.GetQ())), page.FromProto(req.GetPage()), nil)
	if err != nil {
		return nil, err
	}
	return &catalogv1.ListBrandsResponse{Brands: brands, Page: info}, nil
}

// GetBrand reads one brand for staff.
func (s *Service) GetBrand(ctx context.Context, req *catalogv1.GetBrandRequest) (*catalogv1.GetBrandResponse, error) {
	b, err := s.brand(ctx, req.GetId(), nil)
	if err != nil {
		return nil, err
	}
	return &catalogv1.GetBrandResponse{Brand: b}, nil
}

func (s *Service) brand(ctx context.Context, slugOrID string, locales []string) (*catalogv1.Brand, error) {
	b, err := findBrand(ctx, s.db, storable(slugOrID), locales)
	if err != nil {
		return nil, err
	}
	if b == nil {
		return nil, ErrBrandNotFound
	}
	return b, nil
}

// CreateBrand makes a brand.
func (s *Service) CreateBrand(ctx context.Context, req *catalogv1.CreateBrandRequest) (*catalogv1.CreateBrandResponse, error) {
	at := s.time()
	b := &brand{
		id: id.New(), name: req.GetName(), description: req.Description, website: req.Website, // absent is not empty
		seoTitle: req.SeoTitle, seoDescription: req.SeoDescription, version: 1, createdAt: at, updatedAt: at, // absent is not empty
	}
	err := storableRequest(req)
	if err == nil {
		err = checkTitle("name", b.name)
	}
	if err == nil {
		err = checkWebsite(b.website)
	}
	if err == nil && req.GetSlug() != "" {
		b.slug, err = parseSlug(req.GetSlug())
	}
	if err != nil {
		return nil, err
	}
	for try := range madeNameTries {
		err = explain(s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
			return createBrand(ctx, tx, b, req.GetSlug() == "", try > 0)
		}))
		if !isTaken(err) || req.GetSlug() != "" {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	return &catalogv1.CreateBrandResponse{Brand: brandToProto(b)}, nil
}

func createBrand(ctx context.Context, tx *pg.Tx, b *brand, makeOne, again bool) error {
	if makeOne {
		choices := slugChoices(makeSlug(b.name, b.id))
		if again {
			choices = []string{choices[0] + "-" + shortID(id.New())}
		}
		used, err := takenBrandSlugs(ctx, tx, choices)
		if err != nil {
			return err
		}
		b.slug = firstFree(choices, used)
	}
	if err := insertBrands(&tx.Writes, b); err != nil {
		return err
	}
	return announceBrand(ctx, &tx.Writes, b.id, b.version)
}

// UpdateBrand changes what is given and leaves the rest. A new name is seen with every product of the brand.
func (s *Service) UpdateBrand(ctx context.Context, req *catalogv1.UpdateBrandRequest) (*catalogv1.UpdateBrandResponse, error) {
	patch, err := brandPatchFromProto(req)
	if err != nil {
		return nil, err
	}
	b, err := s.changeBrand(ctx, req.GetId(), req.GetIfVersion(), func(_ context.Context, _ *pg.Tx, b *brand) (bool, error) { return b.change(patch), nil })
	if err != nil {
		return nil, err
	}
	return &catalogv1.UpdateBrandResponse{Brand: brandToProto(b)}, nil
}

// changeBrand is the frame of a change of a brand: load it locked, decide, save, count and announce when something changed.
func (s *Service) changeBrand(ctx context.Context, brandID string, ifVersion int64,
	decide func(ctx context.Context, tx *pg.Tx, b *brand) (changed bool, err error),
) (b *brand, err error) {
	which, err := id.Parse(brandID)
	if err != nil {
		return nil, ErrBrandNotFound
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var err error
		if b, err = loadBrand(ctx, tx, which); err != nil {
			return err
		}
		if b == nil {
			return ErrBrandNotFound
		}
		if ifVersion != 0 && ifVersion != b.version {
			return ErrVersionConflict
		}
		changed, err := decide(ctx, tx, b)
		if err != nil || !changed {
			return err
		}
		b.version++
		b.updatedAt = s.time()
		if err := updateBrand(&tx.Writes, b); err != nil {
			return err
		}
		return announceBrand(ctx, &tx.Writes, b.id, b.version)
	})
	return b, explain(err)
}

func brandPatchFromProto(req *catalogv1.UpdateBrandRequest) (patch brandPatch, err error) {
	if err := storableRequest(req); err != nil {
		return patch, err
	}
	patch.name = req.Name // absent is not empty
	if patch.name != nil {
		if err := checkTitle("name", *patch.name); err != nil {
			return patch, err
		}
	}
	if req.Slug != nil { // absent is not empty
		slug, err := parseSlug(req.GetSlug())
		if err != nil {
			return patch, err
		}
		patch.slug = &slug
	}
	for _, text := range []struct {
		to    *textPatch
		field string
		from  *catalogv1.TextPatch
		limit int
	}{
		{&patch.description, "description", req.GetDescription(), maxDescription},
		{&patch.website, "website", req.GetWebsite(), maxWebsite},
		{&patch.seoTitle, "seoTitle", req.GetSeoTitle(), maxSEOTitle},
		{&patch.seoDescription, "seoDescription", req.GetSeoDescription(), maxSEODescription},
	} {
		if *text.to, err = textFromProto(text.field, text.from, text.limit); err != nil {
			return patch, err
		}
	}
	return patch, checkWebsite(patch.website.value)
}

// DeleteBrand removes a brand that no product carries and no collection names.
func (s *Service) DeleteBrand(ctx context.Context, req *catalogv1.DeleteBrandRequest) (*catalogv1.DeleteBrandResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrBrandNotFound
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		b, err := loadBrand(ctx, tx, which)
		if err != nil {
			return err
		}
		if b == nil {
			return ErrBrandNotFound
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != b.version {
			return ErrVersionConflict
		}
		// The brand is locked, so no product can take it on meanwhile.
		carried, err := countOfBrand(ctx, tx, which)
		if err != nil {
			return err
		}
		if carried > 0 {
			return ErrBrandInUse.WithObject(map[string]any{"products": carried})
		}
		deleteBrand(&tx.Writes, which)
		return announceBrand(ctx, &tx.Writes, which, b.version+1)
	})
	if err != nil {
		return nil, s.namedByRules(ctx, err, which)
	}
	return &catalogv1.DeleteBrandResponse{}, nil
}
