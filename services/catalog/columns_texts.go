package catalog

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
)

// textsLine is a product's texts in one language. What is missing is shown in the next language of the chain.
type textsLine struct {
	Title          *string           `json:"title,omitempty"`
	Slug           *string           `json:"slug,omitempty"` // made from the title when missing
	Description    *string           `json:"description,omitempty"`
	SEOTitle       *string           `json:"seoTitle,omitempty"`
	SEODescription *string           `json:"seoDescription,omitempty"`
	Options        []optionTextLine  `json:"options,omitempty"`
	Variants       []variantTextLine `json:"variants,omitempty"`
}

type optionTextLine struct {
	Name        string            `json:"name"`
	Translation *string           `json:"translation,omitempty"`
	Values      map[string]string `json:"values,omitempty"`
}

type variantTextLine struct {
	SKU   string `json:"sku"`
	Title string `json:"title"`
}

// textsWish is what a file asks of the texts in one language: that they are these, or that there are none.
type textsWish struct {
	locale string
	line   *textsLine // nil: none
}

func textsColumn() column {
	return column{name: "translations", product: func(w *wish, text string) *rowError {
		if text == "" {
			return nil
		}
		var lines map[string]*textsLine
		if e := readJSON("translations", text, &lines); e != nil {
			return e
		}
		w.texts = textsWishes(lines)
		return nil
	}, write: func(x exported, first bool) string {
		if !first || len(x.texts) == 0 {
			return ""
		}
		return guarded(writeJSON(textsOf(x)))
	}}
}

func textsWishes(lines map[string]*textsLine) []textsWish {
	var out []textsWish
	for _, locale := range slices.Sorted(maps.Keys(lines)) {
		out = append(out, textsWish{locale, lines[locale]})
	}
	return out
}

// textsOf are the translations of a product by language.
func textsOf(x exported) map[string]*textsLine {
	skus := map[string]string{}
	for _, v := range x.product.GetVariants() {
		skus[v.GetId()] = v.GetSku()
	}
	out := map[string]*textsLine{}
	for _, t := range x.texts {
		line := &textsLine{Title: t.Title, Slug: t.Slug, Description: t.Description, SEOTitle: t.SeoTitle, SEODescription: t.SeoDescription} // absent is not empty
		for _, o := range t.GetOptions() {
			line.Options = append(line.Options, optionTextLine{o.GetName(), o.Translation, o.GetValues()})
		}
		for _, v := range t.GetVariants() {
			if sku, ok := skus[v.GetId()]; ok { // else it was deleted since
				line.Variants = append(line.Variants, variantTextLine{sku, v.GetTitle()})
			}
		}
		out[t.GetLocale()] = line
	}
	return out
}

// toProto is the line as the texts of a product; missing is the SKU of a variant that the product does not have.
func (l *textsLine) toProto(locale string, p *product) (out *catalogv1.ProductTranslation, missing string) {
	out = &catalogv1.ProductTranslation{
		Locale: locale, Title: l.Title, Slug: l.Slug, Description: l.Description, SeoTitle: l.SEOTitle, SeoDescription: l.SEODescription,
	}
	for _, o := range l.Options {
		out.Options = append(out.Options, &catalogv1.OptionTranslation{Name: o.Name, Translation: o.Translation, Values: o.Values})
	}
	for _, v := range l.Variants {
		at := slices.IndexFunc(p.variants, func(have variant) bool { return have.sku == v.SKU })
		if at < 0 {
			return nil, v.SKU
		}
		out.Variants = append(out.Variants, &catalogv1.VariantTranslation{Id: p.variants[at].id.String(), Title: v.Title})
	}
	return out, ""
}

// sameTexts compares what two translations say, not when they were written.
func sameTexts(a, b *catalogv1.ProductTranslation) bool {
	if a == nil || b == nil {
		return a == b
	}
	left, right := proto.CloneOf(a), proto.CloneOf(b)
	left.UpdatedAt, right.UpdatedAt = nil, nil
	return proto.Equal(left, right)
}
