package catalog

import (
	"slices"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

const (
	// maxMembers is how many products a collection that is put together by hand has at most.
	maxMembers = 10_000
	// maxRuled is how many collections with rules a shop has at most: a change of a product looks at all of them.
	maxRuled = 200
)

// collectionKind says where the products of a collection come from. It stays as it is.
type collectionKind string

const (
	manual    collectionKind = "manual"
	ruleBased collectionKind = "rules"
)

// collectionSort is the order of a collection's products.
type collectionSort string

const (
	byPosition  collectionSort = "position"
	byNewest    collectionSort = "newest"
	byOldest    collectionSort = "oldest"
	byTitle     collectionSort = "title"
	byPrice     collectionSort = "price"
	byPriceDesc collectionSort = "price_desc"
)

// collection is a list of products: put together by hand, or what its rules hold of.
type collection struct {
	id             id.ID
	slug           string
	name           string
	description    *string
	kind           collectionKind
	rules          rules
	sort           collectionSort
	seoTitle       *string
	seoDescription *string
	status         status // draft or published
	building       bool   // products are still being looked at
	builtAfter     id.ID  // products up to this one are done
	version        int64  // counts changes by staff
	sequence       int64  // counts announcements
	createdAt      time.Time
	updatedAt      time.Time
}

// collectionPatch changes a collection; nil and empty leave.
type collectionPatch struct {
	name           *string
	slug           *string
	description    textPatch
	match          match
	rules          []ruleText // nil leaves
	sort           collectionSort
	seoTitle       textPatch
	seoDescription textPatch
	status         status
}

// change applies a patch and reports whether anything is different. New rules make the collection be built anew.
func (c *collection) change(patch collectionPatch) (changed bool, err error) {
	before := *c
	if patch.name != nil {
		c.name = *patch.name
	}
	if patch.slug != nil {
		c.slug = *patch.slug
	}
	patch.description.apply(&c.description)
	patch.seoTitle.apply(&c.seoTitle)
	patch.seoDescription.apply(&c.seoDescription)
	if patch.status != "" {
		c.status = patch.status
	}
	if patch.sort != "" {
		c.sort = patch.sort
	}
	m, texts := c.rules.match, c.rules.texts()
	if patch.match != "" {
		m = patch.match
	}
	if patch.rules != nil {
		texts = patch.rules
	}
	if err := c.settleRules(m, texts); err != nil {
		return false, err
	}
	ruled := c.rules.match != before.rules.match || !slices.Equal(c.rules.texts(), before.rules.texts())
	if ruled && c.kind == ruleBased {
		c.building, c.builtAfter = true, id.ID{}
	}
	return ruled || c.slug != before.slug || c.name != before.name || c.sort != before.sort || c.status != before.status ||
		!sameText(c.description, before.description) || !sameText(c.seoTitle, before.seoTitle) || !sameText(c.seoDescription, before.seoDescription), nil
}

// settleRules sets the rules, and refuses those and an order that do not go with the kind.
func (c *collection) settleRules(m match, texts []ruleText) (err error) {
	if c.kind == manual {
		if len(texts) > 0 {
			return ErrRuleInvalid.WithField("rules", "not_allowed", "A collection that is put together by hand has no rules.")
		}
		c.rules = rules{match: m}
		return nil
	}
	if c.sort == byPosition {
		return ErrSortInvalid.WithField("sort", "invalid", ErrSortInvalid.Message())
	}
	c.rules, err = parseRules(m, texts)
	return err
}

// uniqueIDs keeps the first of each, in order.
func uniqueIDs(ids []id.ID) []id.ID {
	seen := make(map[id.ID]bool, len(ids))
	out := make([]id.ID, 0, len(ids))
	for _, one := range ids {
		if !seen[one] {
			seen[one] = true
			out = append(out, one)
		}
	}
	return out
}
