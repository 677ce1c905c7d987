package cart

import (
	"encoding/json"
	"fmt"

	"github.com/sovecom/sovecom/kit/id"
)

// lineColumns are lines as the arrays that statements take and answer, one for each column. What a line keeps as JSON is text.
type lineColumns struct {
	ids, variants, products                             []id.ID
	slugs, titles, variantTitles, skus, options, images []string
	quantities, prices                                  []int64
	tiers, components, countries                        []string
	pictures                                            []*string
	unshipped                                           []bool
	reductions                                          []*string
	revisions                                           []int64
}

// out is what [saveSQL] takes, in its order.
func (o *lineColumns) out() []any {
	return []any{
		o.ids, o.variants, o.products, o.slugs, o.titles, o.variantTitles, o.skus, o.options, o.images, o.quantities, o.prices,
		o.tiers, o.components, o.countries, o.pictures, o.unshipped, o.reductions, o.revisions,
	}
}

// into is where [loadSQL] is scanned to, in its order.
func (o *lineColumns) into() []any {
	return []any{
		&o.ids, &o.variants, &o.products, &o.slugs, &o.titles, &o.variantTitles, &o.skus, &o.options, &o.images, &o.quantities, &o.prices,
		&o.tiers, &o.components, &o.countries, &o.pictures, &o.unshipped, &o.reductions, &o.revisions,
	}
}

func (o *lineColumns) add(l Line) error {
	options := l.Offer.Options
	if options == nil {
		options = map[string]string{}
	}
	text, err := json.Marshal(options)
	if err != nil {
		return fmt.Errorf("options of %s: %w", l.Offer.VariantID, err)
	}
	tiers := []byte("[]")
	if len(l.Offer.Tiers) > 0 {
		if tiers, err = json.Marshal(l.Offer.Tiers); err != nil {
			return fmt.Errorf("prices of %s: %w", l.Offer.VariantID, err)
		}
	}
	o.tiers = append(o.tiers, string(tiers))
	parts := l.Offer.Components
	if parts == nil {
		parts = []Component{}
	}
	made, err := json.Marshal(parts)
	if err != nil {
		return fmt.Errorf("components of %s: %w", l.Offer.VariantID, err)
	}
	o.components = append(o.components, string(made))
	countries, err := json.Marshal(append([]string{}, l.Offer.Countries...))
	if err != nil {
		return fmt.Errorf("countries of %s: %w", l.Offer.VariantID, err)
	}
	o.countries = append(o.countries, string(countries))
	picture, err := pictureJSON(l.Offer.Picture)
	if err != nil {
		return fmt.Errorf("picture of %s: %w", l.Offer.VariantID, err)
	}
	reduction, err := reductionJSON(l.Offer.Reduction)
	if err != nil {
		return fmt.Errorf("price of %s: %w", l.Offer.VariantID, err)
	}
	o.reductions, o.revisions = append(o.reductions, reduction), append(o.revisions, l.Offer.Revision)
	o.pictures, o.unshipped = append(o.pictures, picture), append(o.unshipped, l.Offer.Unshipped)
	o.ids, o.variants, o.products = append(o.ids, l.ID), append(o.variants, l.Offer.VariantID), append(o.products, l.Offer.ProductID)
	o.slugs, o.titles = append(o.slugs, l.Offer.ProductSlug), append(o.titles, l.Offer.Title)
	o.variantTitles, o.skus = append(o.variantTitles, l.Offer.VariantTitle), append(o.skus, l.Offer.SKU)
	o.options, o.images = append(o.options, string(text)), append(o.images, l.Offer.Image)
	o.quantities, o.prices = append(o.quantities, l.Quantity), append(o.prices, l.Offer.UnitPrice)
	return nil
}

// lines are what add was given.
func (o *lineColumns) lines() ([]Line, error) {
	var out []Line
	for i, line := range o.ids {
		offer := Offer{
			VariantID: o.variants[i], ProductID: o.products[i], ProductSlug: o.slugs[i], Title: o.titles[i], VariantTitle: o.variantTitles[i],
			SKU: o.skus[i], Image: o.images[i], UnitPrice: o.prices[i], Unshipped: o.unshipped[i], Revision: o.revisions[i],
		}
		for _, part := range [...]struct {
			text *string
			to   any
		}{
			{&o.options[i], &offer.Options}, {&o.tiers[i], &offer.Tiers}, {&o.components[i], &offer.Components},
			{&o.countries[i], &offer.Countries}, {o.pictures[i], &offer.Picture}, {o.reductions[i], &offer.Reduction},
		} {
			if part.text == nil || *part.text == "[]" || *part.text == "{}" {
				continue
			}
			if err := json.Unmarshal([]byte(*part.text), part.to); err != nil {
				return nil, fmt.Errorf("line %s: %w", line, err)
			}
		}
		out = append(out, Line{ID: line, Offer: offer, Quantity: o.quantities[i]})
	}
	return out, nil
}
