package catalog

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sovecom/sovecom/kit/fault"
)

// report gives the errors of a wish the names that its file has for columns and keys.
func (w *wish) report(errs []rowError) []rowError {
	out := slices.Clone(errs)
	for i := range out {
		e := out[i].at(w.row)
		if w.lines {
			e.column = lineKey(e.column)
		} else if name, ok := w.header[e.column]; ok {
			e.column = name
		}
	}
	return out
}

// report says of an error which variant it is about, and what the file says there.
func (v *variantWish) report(e *rowError, lines bool) *rowError {
	if e.value == "" {
		e.value = clip(v.text(e.column))
	}
	if lines {
		e.column = strings.TrimSuffix(indexed("variants", v.at)+"."+lineKey(e.column), ".")
	}
	return e.at(v.row)
}

// text is what the file says of the variant in one of our columns, as far as that is kept.
func (v *variantWish) text(column string) string {
	facts := v.facts.GetValues()
	switch column {
	case "variant_sku":
		return v.sku
	case "price":
		return v.price.written()
	case "compare_at_price":
		return v.compareAt.written()
	case "currency":
		return v.currency
	case "gtin":
		return facts.GetGtin()
	case "mpn":
		return facts.GetMpn()
	case "hs_code":
		return facts.GetHsCode()
	case "country_of_origin":
		return facts.GetCountryOfOrigin()
	case "unit_quantity":
		if m := facts.GetUnitPrice(); m != nil {
			return m.GetQuantity() + " " + m.GetUnit() + ", " + strconv.FormatInt(m.GetBaseQuantity(), 10) + " " + m.GetBaseUnit()
		}
	case "option_value":
		var values []string
		for _, name := range sortedKeys(v.options) {
			values = append(values, name+": "+v.options[name])
		}
		return strings.Join(values, ", ")
	}
	return ""
}

func (a *amount) written() string {
	if a == nil {
		return ""
	}
	return a.text
}

// variantIn is the variant of the file that a refusal of the whole product is about; nil when it is about none.
func (c *changing) variantIn(err error) *variantWish {
	for _, field := range fault.From(err).Fields() {
		number, _, _ := strings.Cut(strings.TrimPrefix(field.Field, "variants["), "]")
		if i, err := strconv.Atoi(number); err == nil && i >= 0 && i < len(c.p.variants) && strings.HasPrefix(field.Field, "variants[") {
			return c.met[c.p.variants[i].id]
		}
	}
	return nil
}

// lineKey is the key of NDJSON for what a column of CSV says.
func lineKey(column string) string {
	switch column {
	case "product_slug":
		return "slug"
	case "variant_sku":
		return "sku"
	case "variant_title":
		return "title"
	case "option_name", "option_value":
		return "options"
	case "unit_quantity", "unit", "base_quantity", "base_unit":
		return "unitPrice"
	case "image_urls", "image_alts":
		return "images"
	}
	end := strings.IndexAny(column, ".[") // what follows is the file's own
	if end < 0 {
		end = len(column)
	}
	words := strings.Split(column[:end], "_")
	for i, word := range words {
		if i > 0 && word != "" {
			words[i] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "") + column[end:]
}
