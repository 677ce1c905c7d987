package catalog

import (
	"context"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// OrderCategories puts all categories directly below one in an order. Whoever does not know of one of them, because it
// was made or moved meanwhile, is refused.
func (s *Service) OrderCategories(ctx context.Context, req *catalogv1.OrderCategoriesRequest) (*catalogv1.OrderCategoriesResponse, error) {
	parent, err := id.Parse(req.GetParentId())
	if err != nil {
		return nil, ErrCategoryNotFound
	}
	order, err := id.ParseAll(req.GetCategoryIds())
	if err != nil {
		return nil, ErrChildrenUnequal.WithField("categoryIds", "unknown", ErrChildrenUnequal.Message())
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		t, err := lockTree(ctx, tx)
		if err != nil {
			return err
		}
		c, err := loadCategory(ctx, tx, parent)
		if err != nil {
			return err
		}
		if c == nil {
			return ErrCategoryNotFound
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != c.version {
			return ErrVersionConflict
		}
		if err := t.reorder(parent, order); err != nil {
			return err
		}
		moved, err := orderChildren(ctx, tx, order, s.time())
		if err != nil {
			return err
		}
		for _, child := range order {
			if version, ok := moved[child]; ok {
				if err := announceCategory(ctx, &tx.Writes, child, version); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.OrderCategoriesResponse{}, nil
}
