package catalog

import (
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

const (
	maxDepth      = 5
	maxCategories = 10_000
)

// category is a place in the shop's tree.
type category struct {
	id             id.ID
	slug           string
	name           string
	description    *string
	parent         id.ID // zero at the top
	position       int32
	seoTitle       *string
	seoDescription *string
	byMeasure      bool // what stands in it or below it is sold by weight, volume, length or area
	version        int64
	createdAt      time.Time
	updatedAt      time.Time
}

// categoryPatch changes a category; nil leaves.
type categoryPatch struct {
	name           *string
	slug           *string
	description    textPatch
	moves          bool
	parent         id.ID // where it moves to; zero is the top
	position       *int32
	seoTitle       textPatch
	seoDescription textPatch
	byMeasure      *bool
}

func (c *category) change(patch categoryPatch, t tree) error {
	if patch.name != nil {
		c.name = *patch.name
	}
	if patch.slug != nil {
		c.slug = *patch.slug
	}
	if patch.position != nil {
		c.position = *patch.position
	}
	patch.description.apply(&c.description)
	patch.seoTitle.apply(&c.seoTitle)
	patch.seoDescription.apply(&c.seoDescription)
	if patch.byMeasure != nil {
		c.byMeasure = *patch.byMeasure
	}
	if !patch.moves {
		return nil
	}
	c.parent = patch.parent
	return t.admits(c.id, patch.parent)
}

// tag is a free label.
type tag struct {
	id        id.ID
	slug      string
	name      string
	version   int64
	createdAt time.Time
	updatedAt time.Time
}

// tree holds the parent of every category; the zero id is above the top.
type tree map[id.ID]id.ID

// admits says whether a category, with all that is below it, may stand under parent.
func (t tree) admits(child, parent id.ID) error {
	if parent.IsZero() {
		return nil
	}
	if _, known := t[parent]; !known {
		return ErrParentNotFound
	}
	depth := 0
	for at := parent; !at.IsZero(); at = t[at] {
		if at == child {
			return ErrCategoryCircle.WithField("parentId", "circle", ErrCategoryCircle.Message())
		}
		depth++
		if depth > maxDepth {
			break
		}
	}
	if depth+t.height(child) > maxDepth {
		return ErrCategoryTooDeep.WithField("parentId", "too_deep", ErrCategoryTooDeep.Message())
	}
	return nil
}

// height is how many levels a category and what is below it take: 1 for a leaf, also for one that is being made.
func (t tree) height(of id.ID) int {
	height := 1
	for at := range t {
		levels := 1
		for ; !at.IsZero() && at != of && levels <= maxDepth; at = t[at] {
			levels++
		}
		if at == of {
			height = max(height, levels)
		}
	}
	return height
}
