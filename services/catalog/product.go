package catalog

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
)

const (
	maxTitle          = 512
	maxDescription    = 100_000
	maxSEOTitle       = 512
	maxSEODescription = 1024
	maxLinks          = 100 // categories of a product
	maxTags           = 250
)

// status of a product. All moves between the three are legal; publishing has its conditions.
type status string

const (
	draft     status = "draft"
	published status = "published"
	archived  status = "archived"
)

// product is the aggregate: what is loaded, changed and saved together.
type product struct {
	id             id.ID
	slug           string
	title          string
	description    *string
	status         status
	seoTitle       *string
	seoDescription *string
	brand          id.ID // zero without one
	options        []option
	variants       []variant // by position
	images         []image   // in order
	categories     []id.ID   // sorted
	tags           []id.ID   // sorted
	reach          []reach   // where categories and tags lead, as far as it was looked up
	translated     bool      // its texts in another language have changed
	version        int64     // counts changes by staff
	sequence       int64     // counts announcements
	ruled          bool      // the shop has collections with rules, which may be about it
	createdAt      time.Time
	updatedAt      time.Time
	facts          productFacts
	markets        []market // of the shop, read with the product
	bundle         bool     // made of variants of other products
	schedule       schedule
	mixed          bool // its variants are under way from one order to another, and are told apart when all have arrived
}

// productPatch changes a product; nil leaves.
type productPatch struct {
	title          *string
	slug           *string
	description    textPatch
	status         status // empty leaves
	seoTitle       textPatch
	seoDescription textPatch
	brand          *id.ID // zero takes it away
	publishAt      timePatch
	unpublishAt    timePatch
}

// textPatch changes a text that may be absent.
type textPatch struct {
	set   bool
	value *string
}

func (t textPatch) apply(to **string) {
	if t.set {
		*to = t.value
	}
}

// change applies a patch. Becoming published has to be earned; a product that is published already stays so.
func (p *product) change(patch productPatch) error {
	if patch.title != nil {
		p.title = *patch.title
	}
	if patch.slug != nil {
		p.slug = *patch.slug
	}
	patch.description.apply(&p.description)
	patch.seoTitle.apply(&p.seoTitle)
	patch.seoDescription.apply(&p.seoDescription)
	if patch.brand != nil {
		p.brand = *patch.brand
	}
	if err := p.schedule.change(patch.publishAt, patch.unpublishAt); err != nil {
		return err
	}
	if patch.status == "" || patch.status == p.status {
		return nil
	}
	p.status = patch.status
	return p.fitForSale()
}

// fitForSale is the condition of being published: there is something to buy, and nothing is given away by mistake.
func (p *product) fitForSale() error {
	if p.status != published {
		return nil
	}
	if p.live() == 0 {
		return ErrVariantRequired
	}
	if p.bundle && !p.composed() {
		return ErrBundleEmpty.WithField("status", "bundle_empty", ErrBundleEmpty.Message())
	}
	for i, v := range p.variants {
		if v.archived {
			continue
		}
		if v.price.Amount == 0 && !v.free() {
			return ErrPriceMissing.WithField(indexed("variants", i)+".price.amount", "price_missing", ErrPriceMissing.Message())
		}
		for j, b := range v.more {
			if b.price.Amount == 0 && !v.free() {
				return ErrPriceMissing.WithField(indexed(indexed("variants", i)+".prices", j)+".price.amount", "price_missing", ErrPriceMissing.Message())
			}
		}
	}
	return nil
}

// lowest and highest price of the variants, and whether any can be bought. ok is false without variants.
func (p *product) prices() (low, high int64, ok bool) {
	for _, v := range p.variants {
		if v.archived {
			continue
		}
		price := v.publicPrice().Amount
		if !ok {
			low, high, ok = price, price, true
		}
		low, high = min(low, price), max(high, price)
	}
	return low, high, ok
}

func (p *product) anyAvailable() bool {
	return slices.ContainsFunc(p.variants, func(v variant) bool { return v.available && !v.archived })
}

func (p *product) setCategories(ids []id.ID) { p.categories = idSet(ids) }

func (p *product) setTags(ids []id.ID) { p.tags = idSet(ids) }

func idSet(ids []id.ID) []id.ID {
	set := slices.Clone(ids)
	slices.SortFunc(set, compareIDs)
	return slices.Compact(set)
}

func compareIDs(a, b id.ID) int { return slices.Compare(a[:], b[:]) }

// clone is a copy that shares nothing which a change would write to.
func (p *product) clone() product {
	c := *p
	c.options = slices.Clone(p.options)
	c.variants = slices.Clone(p.variants)
	for i := range c.variants {
		c.variants[i].options = maps.Clone(p.variants[i].options)
		c.variants[i].components = slices.Clone(p.variants[i].components)
	}
	c.images = slices.Clone(p.images)
	c.categories = slices.Clone(p.categories)
	c.tags = slices.Clone(p.tags)
	return c
}

// changes is the difference between two states of a product.
type changes struct {
	any      bool
	added    []variant
	changed  []variant
	removed  []id.ID
	prices   []priceChange
	status   bool
	options  bool
	images   bool
	category bool
	tags     bool
	facts    factChanges
	schedule bool
	archived []id.ID // variants that have become so
	chosen   []id.ID // variants that are chosen by other values
}

type priceChange struct {
	variant  id.ID
	from, to money.Money
}

// since compares with an earlier state of the same product. Positions in added and changed follow p.variants.
func (p *product) since(before *product) changes {
	c := changes{
		status:   p.status != before.status,
		options:  !slices.EqualFunc(p.options, before.options, func(a, b option) bool { return a.name == b.name && slices.Equal(a.values, b.values) }),
		images:   !slices.EqualFunc(p.images, before.images, image.equal),
		category: !slices.Equal(p.categories, before.categories),
		tags:     !slices.Equal(p.tags, before.tags),
		facts:    p.factsSince(before),
		schedule: !p.schedule.equal(before.schedule),
	}
	old := map[id.ID]*variant{}
	for i := range before.variants {
		old[before.variants[i].id] = &before.variants[i]
	}
	for _, v := range p.variants {
		was, had := old[v.id]
		delete(old, v.id)
		switch {
		case !had:
			c.added = append(c.added, v)
		case !reflect.DeepEqual(v, *was):
			c.changed = append(c.changed, v)
			if !maps.Equal(v.options, was.options) {
				c.chosen = append(c.chosen, v.id)
			}
			if v.archived && !was.archived {
				c.archived = append(c.archived, v.id)
			}
			if from, to := was.publicPrice(), v.publicPrice(); from != to {
				c.prices = append(c.prices, priceChange{v.id, from, to})
			}
		}
	}
	for _, v := range before.variants {
		if _, gone := old[v.id]; gone {
			c.removed = append(c.removed, v.id)
		}
	}
	c.any = c.facts.product || c.status || c.options || c.images || c.category || c.tags || c.schedule || len(c.added)+len(c.changed)+len(c.removed) > 0 || p.translated ||
		p.slug != before.slug || p.title != before.title ||
		!sameText(p.description, before.description) || !sameText(p.seoTitle, before.seoTitle) ||
		!sameText(p.seoDescription, before.seoDescription) || p.brand != before.brand
	return c
}

func sameText(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// settle counts a change by staff: the product's version, and those of the variants it touched.
func (p *product) settle(before *product, at time.Time) changes {
	c := p.since(before)
	if !c.any {
		return c
	}
	p.version++
	p.sequence++
	p.updatedAt = at
	for i := range c.changed {
		c.changed[i].version++
		c.changed[i].updatedAt = at
		*p.variant(c.changed[i].id) = c.changed[i]
	}
	return c
}
