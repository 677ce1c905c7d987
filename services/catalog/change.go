package catalog

import (
	"slices"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// maxFactPrices is how many different prices an event carries.
const maxFactPrices = 200

// reach is where a set of links leads: categories to themselves and all above them, tags to their slugs. It is read
// with the links and holds for exactly these.
type reach struct {
	of    []id.ID  // the links, sorted
	above []id.ID  // of categories
	slugs []string // of tags, in all languages
}

// reached finds where links lead among what was read; nobody knows when they have been changed without looking.
func reached(read []reach, links []id.ID) (reach, bool) {
	for _, r := range read {
		if slices.Equal(r.of, links) {
			return r, true
		}
	}
	return reach{}, len(links) == 0
}

// learn keeps what was looked up for links that p is about to get.
func (p *product) learn(t taken) {
	p.reach = append(slices.Clip(p.reach), t.reach...)
}

// factsOf is what lists of products are made from; nil for a product that is not there.
func factsOf(p *product) *catalogv1.ListedFacts {
	if p == nil {
		return nil
	}
	f := &catalogv1.ListedFacts{
		Published: p.status == published, Title: p.title, Available: p.anyAvailable(), CategoryIds: texts(p.categories), TagIds: texts(p.tags),
	}
	for i := range p.variants {
		if v := &p.variants[i]; !v.archived {
			f.Prices = append(f.Prices, v.publicPrice().Amount)
		}
	}
	slices.Sort(f.Prices)
	f.Prices = slices.Compact(f.Prices)
	if f.PricesKnown = len(f.Prices) <= maxFactPrices; !f.PricesKnown {
		f.Prices = nil
	}
	categories, known := reached(p.reach, p.categories)
	tags, alsoKnown := reached(p.reach, p.tags)
	f.ListedCategoryIds, f.TagSlugs, f.ListsKnown = texts(categories.above), tags.slugs, known && alsoKnown
	return f
}

func changeOf(before, after *product) *catalogv1.ProductChange {
	return &catalogv1.ProductChange{Before: factsOf(before), After: factsOf(after), Translated: after != nil && after.translated}
}

func texts(ids []id.ID) []string {
	out := make([]string, len(ids))
	for i, one := range ids {
		out[i] = one.String()
	}
	return out
}
