package catalog

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
)

// maxWooAttributes is how many attributes of one product of WooCommerce are read.
const maxWooAttributes = 50

// wooColumns are those of WooCommerce's product export. What a column says of a product is read from rows of products, what
// it says of a variant from rows of variations and of products that have none.
func wooColumns() []column {
	list := []column{
		{name: "id"}, {name: "type", product: nil, variant: readWooType}, {name: "parent"}, {name: "slug"},
		{name: "title", alias: []string{"name"}, product: func(w *wish, text string) *rowError {
			w.patch.title = &text
			return limited("title", text, maxTitle)
		}},
		{name: "published", product: func(w *wish, text string) *rowError {
			switch text {
			case "1":
				w.patch.status = published
			case "0", "-1": // private, and a draft
				w.patch.status = draft
			default:
				return problem("published", "not_allowed", "It is 1, 0 or -1.", text)
			}
			return nil
		}},
		{name: "visibility_in_catalog", product: func(w *wish, text string) *rowError {
			if text == "hidden" {
				w.patch.status = draft
			}
			return nil
		}},
		{name: "short_description", exact: true, product: readWooDescription},
		{name: "description", exact: true, product: readWooDescription},
		{name: "tax_status", product: func(w *wish, text string) *rowError {
			w.taxed, w.untaxed = text == "taxable", text != "taxable" && text != ""
			return nil
		}},
		{name: "tax_class", product: func(w *wish, text string) *rowError {
			class, ok := map[string]catalogv1.VatClass{
				"reduced-rate": catalogv1.VatClass_VAT_CLASS_REDUCED, "zero-rate": catalogv1.VatClass_VAT_CLASS_ZERO,
			}[strings.ToLower(text)]
			if ok {
				w.fact("vat_class", func(f *catalogv1.ProductFacts) { f.VatClass = class })
			}
			return nil
		}},
		{name: "variant_sku", alias: []string{"sku"}, variant: readSKU},
		{name: "in_stock", variant: func(_ *wish, v *variantWish, text string) *rowError {
			v.inStock = text == "1" || text == "backorder"
			return nil
		}},
		{name: "stock", variant: func(w *wish, v *variantWish, text string) *rowError {
			if text == "" || text == "parent" {
				v.backorder = v.backorder || v.inStock // what nobody counts is never sold out
				return nil
			}
			return readStock(w, v, strings.TrimSuffix(text, ".0"))
		}},
		{name: "backorders_allowed", variant: func(_ *wish, v *variantWish, text string) *rowError {
			v.backorder = v.backorder || text == "1" || text == "notify"
			return nil
		}},
		{name: "sale_price_from", alias: []string{"date_sale_price_starts"}, variant: func(_ *wish, v *variantWish, text string) *rowError {
			at, _, e := wooTime("Date sale price starts", text)
			v.saleFrom = at
			return e
		}},
		{name: "sale_price_till", alias: []string{"date_sale_price_ends"}, variant: func(_ *wish, v *variantWish, text string) *rowError {
			at, day, e := wooTime("Date sale price ends", text)
			if at != nil && day {
				end := at.AddDate(0, 0, 1)
				at = &end
			}
			v.saleTill = at
			return e
		}},
		{name: "sale_price", variant: func(_ *wish, v *variantWish, text string) *rowError {
			if v.clearCompareAt = true; text != "" {
				v.sale = &discount{amount{text, false, "Sale price"}, v.saleFrom, v.saleTill}
			}
			return nil
		}},
		{name: "price", alias: []string{"regular_price"}, variant: func(_ *wish, v *variantWish, text string) *rowError {
			if v.said = true; text != "" {
				v.price = &amount{text, false, "Regular price"}
			}
			return nil
		}},
		{name: "categories", product: func(w *wish, text string) *rowError {
			paths := [][]string{}
			for _, one := range wooList(text) {
				var path []string
				for name := range strings.SplitSeq(one, pathArrow) {
					if name = strings.Trim(html.UnescapeString(name), nameSpaces); name != "" {
						path = append(path, name)
					}
				}
				if len(path) > maxDepth {
					return problem("categories", "category_too_deep", "The tree of categories has at most five levels.", one)
				}
				if len(path) > 0 {
					paths = append(paths, path)
				}
			}
			return takeCategories(w, paths, text)
		}},
		{name: "tags", product: func(w *wish, text string) *rowError {
			names := []string{}
			for _, name := range wooList(text) {
				names = append(names, html.UnescapeString(name))
			}
			return takeTags(w, names, text)
		}},
		{name: "brand", alias: []string{"brands"}, product: func(w *wish, text string) *rowError {
			w.brand.set = true
			if names := wooList(text); len(names) > 0 {
				name := html.UnescapeString(names[0])
				w.brand.value = &name
			}
			return nil
		}},
		{name: "image_urls", alias: []string{"images"}, every: func(w *wish, text string) *rowError {
			for _, url := range wooList(text) {
				w.picture(url, 0)
			}
			return nil
		}, variant: func(w *wish, v *variantWish, text string) *rowError {
			if urls := wooList(text); len(urls) > 0 && !w.single {
				v.picture = &pictureWish{url: urls[0]}
			}
			return nil
		}},
		textFact("gtin", "gtin", []string{"gtin_upc_ean_or_isbn"}, func(f *catalogv1.VariantFacts) **string { return &f.Gtin }),
	}
	for _, unit := range []string{"kg", "g", "lbs", "oz"} {
		list = append(list, column{name: "weight_" + unit, variant: func(_ *wish, v *variantWish, text string) *rowError {
			n, e := wooMeasure("Weight ("+unit+")", text, unit, maxWeight)
			v.weight, v.clearWeight = n, text == ""
			return e
		}})
	}
	for name, of := range map[string]func(f *catalogv1.VariantFacts) **int64{
		"length": func(f *catalogv1.VariantFacts) **int64 { return &f.LengthMm },
		"width":  func(f *catalogv1.VariantFacts) **int64 { return &f.WidthMm },
		"height": func(f *catalogv1.VariantFacts) **int64 { return &f.HeightMm },
	} {
		for _, unit := range []string{"m", "cm", "mm", "in", "yd"} {
			list = append(list, column{name: name + "_" + unit, variant: func(_ *wish, v *variantWish, text string) *rowError {
				n, e := wooMeasure(name+" ("+unit+")", text, unit, maxLength)
				if n != nil {
					v.fact(name+"_mm", func(f *catalogv1.VariantFacts) { *of(f) = n })
				}
				return e
			}})
		}
	}
	for i := range maxWooAttributes {
		list = append(list, wooAttribute(i+1)...)
	}
	return list
}

// wooAttribute are name and values of one attribute. On a product with variations they are what there is to choose from, on
// a variation what it is; on other products they describe.
func wooAttribute(n int) []column {
	var name string
	take := func(_ *wish, text string) *rowError { name = text; return nil }
	return []column{
		{name: fmt.Sprintf("attribute_%d_name", n), every: take},
		{name: fmt.Sprintf("attribute_%d_values", n), alias: []string{fmt.Sprintf("attribute_%d_value_s", n)}, product: func(w *wish, text string) *rowError {
			if name == "" {
				return nil
			}
			if w.single {
				w.describe(name, name, strings.Join(wooList(text), ", "))
				return nil
			}
			if !slices.Contains(w.options, name) {
				w.options = append(w.options, name)
			}
			if w.values == nil {
				w.values = map[string][]string{}
			}
			w.values[name] = wooList(text)
			return nil
		}, variant: func(w *wish, v *variantWish, text string) *rowError {
			if name == "" || text == "" || w.single {
				return nil
			}
			if v.options == nil {
				v.options = map[string]string{}
			}
			v.options[name] = strings.ReplaceAll(text, `\,`, ",")
			return limited(fmt.Sprintf("Attribute %d value(s)", n), text, maxOptionText)
		}},
	}
}

// readWooType reads what kind of thing a row sells: "simple", "variation, virtual", "simple, downloadable, virtual".
func readWooType(w *wish, _ *variantWish, text string) *rowError {
	kinds := wooList(strings.ToLower(text))
	virtual, download := slices.Contains(kinds, "virtual"), slices.Contains(kinds, "downloadable")
	if virtual || download {
		w.unshipped, w.virtual = true, virtual && !download
	} else {
		w.shipped = true
	}
	return nil
}

// readWooDescription puts the short description in front of the long one. Line breaks are written as \n there, and a \n in
// the text as \\n.
func readWooDescription(w *wish, text string) *rowError {
	parts := strings.Split(text, `\\n`)
	for i := range parts {
		parts[i] = strings.ReplaceAll(parts[i], `\n`, "\n")
	}
	text = strings.Join(parts, `\n`)
	w.patch.description.set = true
	if text == "" {
		return nil
	}
	if before := w.patch.description.value; before != nil {
		text = *before + "\n" + text
	}
	w.patch.description.value = &text
	return limited("description", text, maxDescription)
}

// wooList reads "A, B\, C": two values, the second with a comma.
func wooList(text string) []string {
	var out []string
	const comma = "\x00"
	for one := range strings.SplitSeq(strings.ReplaceAll(text, `\,`, comma), ",") {
		if one = strings.Trim(strings.ReplaceAll(one, comma, ","), nameSpaces); one != "" {
			out = append(out, one)
		}
	}
	return out
}

// wooTime reads a moment, or a day, in UTC.
func wooTime(column, text string) (at *time.Time, day bool, _ *rowError) {
	if text == "" {
		return nil, false, nil
	}
	for _, layout := range []string{time.DateOnly, time.DateTime, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return &t, layout == time.DateOnly, nil
		}
	}
	return nil, false, problem(column, "invalid", "A moment is written like 2026-01-31 or 2026-01-31 12:00:00.", text)
}

func wooMeasure(column, text, unit string, most int64) (*int64, *rowError) {
	if text == "" {
		return nil, nil //nolint:nilnil // nothing is said
	}
	numerator, denominator, _ := metric(unit)
	n, ok := converted(text, numerator, denominator, most)
	if !ok {
		return nil, problem(column, "out_of_range", "It is a number such as 1.25, from 0 to 10^9 grams or millimetres.", text)
	}
	return &n, nil
}
