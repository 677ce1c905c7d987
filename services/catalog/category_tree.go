package catalog

import (
	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// placed is how many published products stand in exactly these categories.
type placed struct {
	categories []id.ID
	products   int64
}

// count says how many products stand directly in each category, and how many in it or below it, each once.
func (t tree) count(all []placed) (direct, total map[id.ID]int64) {
	direct, total = make(map[id.ID]int64, len(t)), make(map[id.ID]int64, len(t))
	for _, p := range all {
		above := map[id.ID]bool{}
		for _, one := range p.categories {
			direct[one] += p.products
			for at := one; !at.IsZero() && !above[at]; at = t[at] {
				above[at] = true
				total[at] += p.products
			}
		}
	}
	return direct, total
}

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
