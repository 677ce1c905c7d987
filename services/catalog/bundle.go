package catalog

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/sovecom/sovecom/kit/id"
)

// maxComponents is how many different variants one bundle is made of.
const maxComponents = 50

// component is a variant that is part of a bundle, with what readers see of it.
type component struct {
	variant      id.ID
	quantity     int64
	productSlug  string
	title        string
	variantTitle string
	available    bool
}

// part is a variant as one who wants to make a bundle of it has to know it.
type part struct {
	component

	shortOf  int64 // the smallest quantity asked after that is not there; 0: none
	bundle   bool
	archived bool
}

// compose makes a variant of components. A bundle is never part of a bundle, so there is no circle at any depth,
// whoever changes what at the same time: a product is born a bundle or never becomes one.
func (p *product) compose(which id.ID, wanted []component, parts map[id.ID]part) error {
	v := p.variant(which)
	switch {
	case v == nil:
		return ErrVariantNotFound
	case !p.bundle:
		return ErrNotABundle
	case v.archived:
		return ErrVariantArchived
	case len(wanted) > maxComponents:
		return ErrComponent.WithField("components", "too_many", "A bundle is made of at most 50 different variants.")
	}
	v.components = nil
	for i, c := range wanted {
		where := indexed("components", i) + ".variantId"
		part, known := parts[c.variant]
		switch {
		case !known || part.archived:
			return ErrComponent.WithField(where, "unknown", "There is no such variant.")
		case part.bundle:
			return ErrBundleCycle.WithField(where, "bundle_cycle", ErrBundleCycle.Message())
		case slices.ContainsFunc(v.components, func(d component) bool { return d.variant == c.variant }):
			return ErrComponent.WithField(where, "duplicate", "It is named twice. Give it a quantity instead.")
		}
		part.quantity = c.quantity
		part.available = part.available && (part.shortOf == 0 || part.shortOf > c.quantity)
		v.components = append(v.components, part.component)
	}
	v.available = v.complete()
	return nil
}

// composed reports whether a bundle has a variant that is made of something.
func (p *product) composed() bool {
	return slices.ContainsFunc(p.variants, func(v variant) bool { return len(v.components) > 0 && !v.archived })
}

// complete reports whether everything the variant is made of can be bought.
func (v *variant) complete() bool {
	return len(v.components) > 0 && !slices.ContainsFunc(v.components, func(c component) bool { return !c.available })
}

// follow brings a bundle up to what it is made of, and says which variants can be bought now and which no longer.
func (p *product) follow() (gained, lost []id.ID) {
	for i := range p.variants {
		v := &p.variants[i]
		if len(v.components) == 0 || v.complete() == v.available {
			continue
		}
		if v.available = v.complete(); v.available {
			gained = append(gained, v.id)
		} else {
			lost = append(lost, v.id)
		}
	}
	return gained, lost
}

// takes is what one unit of any of a bundle's variants takes of others, each pair once and in order; nothing of single
// units.
func (p *product) takes() []share {
	var out []share
	for _, v := range p.variants {
		for _, c := range v.components {
			if c.quantity > 1 && !v.archived {
				out = append(out, share{c.variant, c.quantity})
			}
		}
	}
	slices.SortFunc(out, func(a, b share) int {
		return cmp.Or(bytes.Compare(a.variant[:], b.variant[:]), cmp.Compare(a.quantity, b.quantity))
	})
	return slices.Compact(out)
}

// differsAsPart reports whether a bundle made of the product's variants would look different than before.
func (p *product) differsAsPart(before *product) bool {
	return p.slug != before.slug || p.title != before.title ||
		slices.ContainsFunc(p.variants, func(v variant) bool {
			was := before.variant(v.id)
			return was != nil && (was.title != v.title || was.available != v.available || was.archived != v.archived)
		})
}
