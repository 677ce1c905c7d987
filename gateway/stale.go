package gateway

import (
	"net/url"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// event is what is known of a change of one product.
type event struct {
	product string   // id; empty: it may be any
	slugs   []string // its slug, and the one it had
	// The product before and after; nil when it was or is not there. Without known both say nothing.
	known         bool
	before, after *catalogv1.ListedFacts
	translated    bool // its words in other languages and the slugs that lead to it may have changed
}

// eventOf reads an event of a product. One that cannot be read is about all of them.
func eventOf(subject string, body []byte) event {
	var e event
	var change *catalogv1.ProductChange
	switch subject {
	case "evt.catalog.product.created":
		var m catalogv1.ProductCreated
		if proto.Unmarshal(body, &m) == nil {
			e.product, e.slugs, change = m.GetProductId(), []string{m.GetSlug()}, m.GetChange()
		}
	case "evt.catalog.product.updated":
		var m catalogv1.ProductUpdated
		if proto.Unmarshal(body, &m) == nil {
			e.product, e.slugs, change = m.GetProductId(), []string{m.GetSlug(), m.GetPreviousSlug()}, m.GetChange()
		}
	case "evt.catalog.product.deleted":
		var m catalogv1.ProductDeleted
		if proto.Unmarshal(body, &m) == nil {
			e.product, e.slugs, change = m.GetProductId(), []string{m.GetSlug()}, m.GetChange()
		}
	case "evt.catalog.product.availability_changed":
		var m catalogv1.ProductAvailabilityChanged
		if proto.Unmarshal(body, &m) == nil {
			e.product, e.slugs, change = m.GetProductId(), []string{m.GetSlug()}, m.GetChange()
		}
	}
	if change.GetBefore() != nil || change.GetAfter() != nil {
		e.known, e.before, e.after, e.translated = true, change.GetBefore(), change.GetAfter(), change.GetTranslated()
	}
	return e
}

// stale says whether a kept page may show something else now. What is not known to have stayed the same is stale.
func stale(p *renderedPage, e event) bool {
	switch p.kind {
	case oneProduct:
		return e.product == "" || p.product == "" || p.product == e.product || slices.Contains(e.slugs, p.slug) || e.translated && p.slug != p.product
	case products:
		return p.list == nil || e.product == "" || slices.Contains(p.list.shows, e.product) || !e.known || p.list.moved(e)
	case counts:
		return !e.known || !slices.Equal(countedIn(e.before), countedIn(e.after))
	case contentPages:
		return e.product == ""
	case notCached, taxonomy, unkept:
	}
	return true
}

// countedIn are the categories and tags in which a product counts.
func countedIn(f *catalogv1.ListedFacts) []string {
	if !f.GetPublished() {
		return nil
	}
	in := slices.Concat(f.GetCategoryIds(), f.GetTagIds())
	slices.Sort(in)
	return in
}

// listPage is what a page of products was made by: from a change of a product it does not show, this says whether its
// rows, their order or the total have changed.
type listPage struct {
	shows    []string // ids of products
	category string   // id; it holds what stands below it as well
	tag      string   // slug
	min, max *int64
	inStock  *bool
	words    bool // of the title
	sort     string
}

// listOf describes a page of products; nil when something narrows it or sorts it that is not known here, and every
// event of a product makes it stale.
func listOf(q storev1.ProductQuery, query url.Values, shown []*catalogv1.Product) *listPage {
	for name := range query {
		switch name {
		case "page", "limit", "cursor", "q", "categoryId", "tag", "minPrice", "maxPrice", "inStock", "sort", "locale", "currency", "country", "channel": // the last four say how products are shown, not which
		default:
			return nil
		}
	}
	p := &listPage{
		shows: each(shown, (*catalogv1.Product).GetId), category: q.CategoryID, tag: q.Tag, min: q.MinPrice.Ptr(), max: q.MaxPrice.Ptr(),
		inStock: q.InStock.Ptr(), words: strings.TrimSpace(q.Q) != "", sort: strings.TrimPrefix(q.Sort, "-"),
	}
	if p.sort == "" {
		p.sort = "createdAt"
	}
	if p.sort != "createdAt" && p.sort != "title" && p.sort != "price" {
		return nil
	}
	return p
}

// moved says whether a change of a product that the page does not show may have changed the page: the product has come
// into the list or left it, or it stands in the list and has another place.
func (l *listPage) moved(e event) bool {
	before, after := l.holds(e.before), l.holds(e.after)
	if before == no && after == no {
		return false
	}
	if before != after || before == maybe {
		return true
	}
	// It stands in the list before and after, as far as everything but the words of its title goes.
	retitled := e.before.GetTitle() != e.after.GetTitle()
	return (retitled || e.translated) && l.words || retitled && l.sort == "title" || l.sort == "price" && lowest(e.before) != lowest(e.after)
}

// whether is yes, no, or that nobody knows.
type whether int

const (
	no whether = iota
	yes
	maybe
)

// holds says whether a product stands in the list, leaving the words of its title aside.
func (l *listPage) holds(f *catalogv1.ListedFacts) whether {
	if !f.GetPublished() {
		return no
	}
	if l.inStock != nil && *l.inStock != f.GetAvailable() {
		return no
	}
	known := true
	if l.category != "" && !slices.Contains(f.GetListedCategoryIds(), l.category) || l.tag != "" && !slices.Contains(f.GetTagSlugs(), l.tag) {
		if f.GetListsKnown() {
			return no
		}
		known = false
	}
	if l.min != nil || l.max != nil || l.sort == "price" {
		if !f.GetPricesKnown() {
			known = false
		} else if !slices.ContainsFunc(f.GetPrices(), func(amount int64) bool {
			return (l.min == nil || amount >= *l.min) && (l.max == nil || amount <= *l.max)
		}) && (l.min != nil || l.max != nil) {
			return no
		}
	}
	if !known {
		return maybe
	}
	return yes
}

// lowest is the price a list is sorted by; -1 without any.
func lowest(f *catalogv1.ListedFacts) int64 {
	if len(f.GetPrices()) == 0 {
		return -1
	}
	return f.GetPrices()[0]
}
