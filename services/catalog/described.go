package catalog

import (
	"slices"
	"strings"
	"time"
)

// described is what a file of another shop system says of a product beyond its columns: an attribute of WooCommerce that no
// variation is chosen by, or a metafield of Shopify. It becomes the value of the shop's attribute with this code.
type described struct {
	code string
	name string // as the file calls it
	text string
}

// describe takes an attribute into the wish. Nothing is said by an empty one.
func (w *wish) describe(code, name, text string) {
	if text != "" {
		w.described = append(w.described, described{headerKey(code), name, text})
	}
}

// metafield is the column of a metafield of products: "Colour (product.metafields.custom.colour)".
func metafield(name string) (c column, ok bool) {
	_, key, ok := strings.Cut(strings.TrimSuffix(name, ")"), " (product.metafields.")
	if !ok {
		return column{}, false
	}
	_, code, ok := strings.Cut(key, ".")
	return column{name: "metafield " + key, product: func(w *wish, text string) *rowError {
		w.describe(code, name, text)
		return nil
	}}, ok
}

// describedCodes are the codes of attributes that a wish could give a value.
func (w *wish) describedCodes() (inputs []attributeInput) {
	for _, d := range w.described {
		inputs = append(inputs, attributeInput{code: d.code})
	}
	if w.from == wooCommerce {
		for name := range w.values {
			inputs = append(inputs, attributeInput{code: headerKey(name)})
		}
	}
	return inputs
}

// describe gives the product the attributes that the shop has; the report names those that it has not, once in a while.
func (c *changing) describe() {
	for _, d := range append(slices.Clone(c.w.described), c.unchosen...) {
		a := c.known[d.code]
		if a == nil {
			if !c.strange[d.code] {
				c.strange[d.code] = true
				c.notes = append(c.notes, *problem(d.name, "attribute_unknown", "The shop has no attribute with the code "+d.code+". Make it and import the file again.", d.text).at(c.w.row))
			}
			continue
		}
		values, err := setAttributes("", c.p.facts.attributes, []attributeInput{{d.code, a.fromText(d.text)}}, c.known)
		if err != nil {
			e := explainRow(err, d.name)
			c.notes = append(c.notes, *problem(d.name, e.code, e.message+" It was left out.", d.text).at(c.w.row))
			continue
		}
		c.p.facts.attributes = values
	}
}

// fromText is a value as a person writes it, such as another shop system has it, in the form the type wants. What cannot be read
// stays the text it is, and is refused.
func (a *attribute) fromText(text string) any {
	switch a.typ {
	case attributeNumber, attributeInteger:
		return numeral(strings.Replace(text, ",", ".", 1))
	case attributeBoolean:
		if on, ok := yes(text); ok {
			return on
		}
	case attributeDate:
		if t, err := time.Parse(time.RFC3339, text); err == nil {
			return t.Format(time.DateOnly)
		}
	case attributeSelect:
		return a.option(text)
	case attributeMultiselect:
		mark := ","
		if strings.Contains(text, ";") {
			mark = ";"
		}
		var chosen []string
		for one := range strings.SplitSeq(text, mark) {
			if one = strings.Trim(one, nameSpaces); one != "" && !slices.Contains(chosen, a.option(one)) {
				chosen = append(chosen, a.option(one))
			}
		}
		return chosen
	case attributeText:
	}
	return text
}

// option is the value of the option that is called so, or what it is called when there is none.
func (a *attribute) option(called string) string {
	for _, o := range a.options {
		if namesake(o.label) == namesake(called) || namesake(o.value) == namesake(called) {
			return o.value
		}
	}
	return called
}
