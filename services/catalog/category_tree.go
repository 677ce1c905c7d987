package catalog

import (
	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// reorder checks that an order names all the children of a parent, each once.
func (t tree) reorder(parent id.ID, order []id.ID) error {
	children := 0
	for _, above := range t {
		if above == parent {
			children++
		}
	}
	if len(uniqueIDs(order)) != len(order) || len(order) != children {
		return ErrChildrenUnequal.WithField("categoryIds", "unequal", ErrChildrenUnequal.Message())
	}
	for i, child := range order {
		if above, known := t[child]; !known || above != parent {
			return ErrChildrenUnequal.WithField(indexed("categoryIds", i), "unknown", ErrChildrenUnequal.Message())
		}
	}
	return nil
}

// localizeTrail lays translations, by the category they are of, over the way down to a category.
func localizeTrail(c *catalogv1.Category, of map[string][]*catalogv1.TaxonTranslation) {
	for _, ref := range c.GetBreadcrumbs() {
		step := &catalogv1.Category{Id: ref.GetId(), Slug: ref.GetSlug(), Name: ref.GetName()}
		localizeCategory(step, of[ref.GetId()])
		ref.Slug, ref.Name = step.GetSlug(), step.GetName()
	}
}
