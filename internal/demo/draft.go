package demo

import (
	"strconv"
	"strings"
)

// draft is a product as the department files write it: what a merchandiser
// decides. Variants, SKUs and pictures follow from it.
type draft struct {
	slug, title, brand string
	text               string
	seoTitle, seoText  string

	in, tags string // slugs, separated by spaces

	sku     string // the stem; each variant adds a code per option value
	price   int64  // cents
	was     int64  // cents before a reduction; 0: not reduced
	grams   int
	options []option
	stock   []int // one per variant, the last option turning fastest

	look look
}

// unmade in a stock list marks a combination that is not made.
const unmade = -1

// option is a choice with what each value means for price, weight and colour.
type option struct {
	name   string
	values []value
}

type value struct {
	name   string
	plus   int64 // cents on top of the product's price
	grams  int   // on top of the product's weight
	body   RGB   // for a colour: what the product is painted with
	accent RGB   // for a colour: overrides the look's accent
}

// look is how the pictures of a product are drawn.
type look struct {
	kind    Kind
	pattern Pattern
	body    hue // when the product has no colour option
	accent  hue
	ground  RGB
	single  bool // one picture is enough
}

func colours(hues ...hue) option {
	o := option{name: "colour"}
	for _, h := range hues {
		name, rgb := h.swatch()
		o.values = append(o.values, value{name: name, body: rgb})
	}
	return o
}

func sizes(names ...string) option { return choice("size", names...) }

func choice(name string, names ...string) option {
	o := option{name: name}
	for _, n := range names {
		o.values = append(o.values, value{name: n})
	}
	return o
}

// twoTone is a colour value named after body and accent.
func twoTone(body, accent hue) value {
	a, bodyRGB := body.swatch()
	b, accentRGB := accent.swatch()
	return value{name: a + " and " + strings.ToLower(b), body: bodyRGB, accent: accentRGB}
}

func (d draft) product() Product {
	p := Product{
		Slug: d.slug, Title: d.title, Description: d.text, Brand: d.brand,
		SEOTitle: d.seoTitle, SEODescription: d.seoText,
		Categories: strings.Fields(d.in),
		Tags:       strings.Fields(d.tags),
		Variants:   d.variants(),
		Pictures:   d.pictures(),
	}
	for _, o := range d.options {
		shown := Option{Name: o.name}
		for _, v := range o.values {
			shown.Values = append(shown.Values, v.name)
		}
		p.Options = append(p.Options, shown)
	}
	return p
}

// variants walks every combination of values, the last option fastest.
func (d draft) variants() []Variant {
	total := 1
	for _, o := range d.options {
		total *= len(o.values)
	}
	var out []Variant
	for i := range total {
		stock := 0
		if i < len(d.stock) {
			stock = d.stock[i]
		}
		if stock == unmade {
			continue
		}
		v := Variant{
			SKU: d.sku, Options: map[string]string{},
			Price: d.price, CompareAt: d.was, Stock: stock, WeightGrams: d.grams,
		}
		var names []string
		rest, span := i, total
		for _, o := range d.options {
			span /= len(o.values)
			pick := o.values[rest/span]
			rest %= span
			v.SKU += "-" + code(pick.name)
			v.Options[o.name] = pick.name
			v.Price += pick.plus
			if v.CompareAt > 0 {
				v.CompareAt += pick.plus
			}
			v.WeightGrams += pick.grams
			names = append(names, pick.name)
		}
		v.Title = strings.Join(names, " / ")
		out = append(out, v)
	}
	return out
}

// code shortens an option value for a SKU: "Forest" is FORE, "45 × 45 cm" is
// 45X45.
func code(name string) string {
	for _, unit := range [...]string{" cm", " ml", " g", " l"} {
		name = strings.TrimSuffix(name, unit)
	}
	var b strings.Builder
	digits := false
	for _, r := range strings.ToUpper(name) {
		switch {
		case r == '×':
			b.WriteByte('X')
		case r >= '0' && r <= '9':
			b.WriteRune(r)
			digits = true
		case r >= 'A' && r <= 'Z':
			b.WriteRune(r)
		}
	}
	limit := 4
	if digits {
		limit = 8
	}
	if strings.Contains(name, " and ") {
		// A two-tone colour: three letters of each.
		first, second, _ := strings.Cut(name, " and ")
		return code(first)[:3] + code(second)[:3]
	}
	s := b.String()
	return s[:min(limit, len(s))]
}

// pictures are the product in its first colour, a close-up, and the product
// in its second colour.
func (d draft) pictures() []Picture {
	_, body := d.look.body.swatch()
	_, accent := d.look.accent.swatch()
	shots := []value{{body: body}}
	for _, o := range d.options {
		if o.name == "colour" {
			shots = o.values
		}
	}
	picture := func(v value, view View) Picture {
		p := Picture{
			Alt: d.title, Shows: v.name,
			Kind: d.look.kind, View: view, Pattern: d.look.pattern,
			Colour: v.body, Accent: accent, Ground: d.look.ground,
		}
		if v.accent != 0 {
			p.Accent = v.accent
		}
		if view == CloseUp {
			p.Alt = "Close-up of the " + d.title
		}
		if v.name != "" {
			p.Alt += " in " + strings.ToLower(v.name)
		}
		return p
	}
	out := []Picture{picture(shots[0], Whole)}
	if !d.look.single {
		out = append(out, picture(shots[0], CloseUp))
	}
	if len(shots) > 1 {
		out = append(out, picture(shots[1], Whole))
	}
	for i := range out {
		out[i].File = d.slug + "-" + strconv.Itoa(i+1) + ".jpg"
	}
	return out
}
