package catalog

import (
	"context"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// ListCategories lists categories for staff, by position and name.
func (s *Service) ListCategories(ctx context.Context, req *catalogv1.ListCategoriesRequest) (*catalogv1.ListCategoriesResponse, error) {
	categories, info, err := listCategories(ctx, s.db, fold(storable(req.GetQ())), page.FromProto(req.GetPage()))
	if err != nil {
		return nil, err
	}
	return &catalogv1.ListCategoriesResponse{Categories: categories, Page: info}, nil
}

// GetCategory reads one category for staff.
func (s *Service) GetCategory(ctx context.Context, req *catalogv1.GetCategoryRequest) (*catalogv1.GetCategoryResponse, error) {
	c, err := s.category(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	return &catalogv1.GetCategoryResponse{Category: c}, nil
}

func (s *Service) category(ctx context.Context, slugOrID string) (*catalogv1.Category, error) {
	c, err := findCategory(ctx, s.db, storable(slugOrID))
	if err != nil {
		return nil, err
	}
	if c == nil {
		return nil, ErrCategoryNotFound
	}
	return c, nil
}

// CreateCategory makes a category, at the top or under another.
func (s *Service) CreateCategory(ctx context.Context, req *catalogv1.CreateCategoryRequest) (*catalogv1.CreateCategoryResponse, error) {
	at := s.time()
	c := &category{
		id: id.New(), name: req.GetName(), description: req.Description, position: req.GetPosition(), // absent is not empty
		seoTitle: req.SeoTitle, seoDescription: req.SeoDescription, version: 1, createdAt: at, updatedAt: at, // absent is not empty
		byMeasure: req.GetSoldByMeasure(),
	}
	err := storableRequest(req)
	if err == nil {
		err = checkTitle("name", c.name)
	}
	if err == nil && req.GetParentId() != "" {
		c.parent, err = parentFromText(req.GetParentId())
	}
	if err == nil && req.GetSlug() != "" {
		c.slug, err = parseSlug(req.GetSlug())
	}
	if err != nil {
		return nil, err
	}
	var out *catalogv1.Category
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		// The tree is locked, so no other category of this shop is made or renamed meanwhile.
		t, err := lockTree(ctx, tx)
		if err != nil {
			return err
		}
		if len(t) >= maxCategories {
			return ErrCategoryTooMany
		}
		if err := t.admits(c.id, c.parent); err != nil {
			return err
		}
		if req.GetSlug() == "" {
			choices := slugChoices(makeSlug(c.name, c.id))
			used, err := takenCategorySlugs(ctx, tx, choices)
			if err != nil {
				return err
			}
			c.slug = firstFree(choices, used)
		}
		if err := insertCategories(&tx.Writes, c); err != nil {
			return err
		}
		if err := announceCategory(ctx, &tx.Writes, c.id, c.version); err != nil {
			return err
		}
		out, err = readPlace(ctx, tx, c)
		return err
	})
	if err != nil {
		return nil, explain(err)
	}
	return &catalogv1.CreateCategoryResponse{Category: out}, nil
}

// UpdateCategory changes what is given and leaves the rest; it may move the category with all below it.
func (s *Service) UpdateCategory(ctx context.Context, req *catalogv1.UpdateCategoryRequest) (*catalogv1.UpdateCategoryResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrCategoryNotFound
	}
	patch, err := categoryPatchFromProto(req)
	if err != nil {
		return nil, err
	}
	var out *catalogv1.Category
	moved := false
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		t, err := lockTree(ctx, tx)
		if err != nil {
			return err
		}
		c, err := loadCategory(ctx, tx, which)
		if err != nil {
			return err
		}
		if c == nil {
			return ErrCategoryNotFound
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != c.version {
			return ErrVersionConflict
		}
		before := *c
		if err := c.change(patch, t); err != nil {
			return err
		}
		if !c.same(&before) {
			c.version++
			c.updatedAt = s.time()
			if err := updateCategory(&tx.Writes, c); err != nil {
				return err
			}
			if err := announceCategory(ctx, &tx.Writes, c.id, c.version); err != nil {
				return err
			}
		}
		if moved = c.parent != before.parent; moved {
			rebuildByCategory(&tx.Writes)
		}
		out, err = readPlace(ctx, tx, c)
		return err
	})
	if err != nil {
		return nil, explain(err)
	}
	if moved {
		s.poke()
	}
	return &catalogv1.UpdateCategoryResponse{Category: out}, nil
}

// same reports whether nothing a reader sees is different.
func (c *category) same(o *category) bool {
	return c.slug == o.slug && c.name == o.name && c.parent == o.parent && c.position == o.position && sameText(c.description, o.description) &&
		sameText(c.seoTitle, o.seoTitle) && sameText(c.seoDescription, o.seoDescription) && c.byMeasure == o.byMeasure
}

func categoryPatchFromProto(req *catalogv1.UpdateCategoryRequest) (patch categoryPatch, err error) {
	if err := storableRequest(req); err != nil {
		return patch, err
	}
	patch.name, patch.position, patch.byMeasure = req.Name, req.Position, req.SoldByMeasure // absent is not empty
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
	if req.GetParentId() != nil {
		patch.moves = true
		if !req.GetParentId().GetClear() {
			if patch.parent, err = parentFromText(req.GetParentId().GetValue()); err != nil {
				return patch, err
			}
		}
	}
	if patch.description, err = textFromProto("description", req.GetDescription(), maxDescription); err != nil {
		return patch, err
	}
	if patch.seoTitle, err = textFromProto("seoTitle", req.GetSeoTitle(), maxSEOTitle); err != nil {
		return patch, err
	}
	patch.seoDescription, err = textFromProto("seoDescription", req.GetSeoDescription(), maxSEODescription)
	return patch, err
}

func parentFromText(text string) (id.ID, error) {
	parent, err := id.Parse(text)
	if err != nil || parent.IsZero() {
		return id.ID{}, ErrParentNotFound
	}
	return parent, nil
}

// DeleteCategory removes a category that has none below it. Its products stay and leave it.
func (s *Service) DeleteCategory(ctx context.Context, req *catalogv1.DeleteCategoryRequest) (*catalogv1.DeleteCategoryResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrCategoryNotFound
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		c, err := loadCategory(ctx, tx, which)
		if err != nil {
			return err
		}
		if c == nil {
			return ErrCategoryNotFound
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != c.version {
			return ErrVersionConflict
		}
		rebuildByCategory(&tx.Writes)
		deleteCategory(&tx.Writes, which) // the foreign key of the children refuses it when there are any
		return announceCategory(ctx, &tx.Writes, which, c.version+1)
	})
	if pg.IsForeignKey(err, "categories_parent") {
		return nil, ErrCategoryHasChildren.WithCause(err)
	}
	if err != nil {
		return nil, s.namedByRules(ctx, err, which)
	}
	s.poke()
	return &catalogv1.DeleteCategoryResponse{}, nil
}
