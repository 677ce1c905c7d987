package demo

// Currency of every price in the shop.
const Currency = "EUR"

// Catalog is a whole shop. Categories come parents first, so they can be
// created in order.
type Catalog struct {
	Name       string
	Currency   string // ISO 4217
	Categories []Category
	Tags       []Tag
	Products   []Product
}

// Category is a node of the category tree.
type Category struct {
	Slug           string
	Parent         string // the parent's slug; empty at the root
	Name           string
	Description    string
	SEOTitle       string
	SEODescription string
	Position       int // among its siblings, from 0
}

// Tag marks products across categories.
type Tag struct {
	Slug string
	Name string
}

// Product is one thing for sale, in one or more variants.
type Product struct {
	Slug           string
	Title          string
	Description    string
	SEOTitle       string // empty: the title serves
	SEODescription string // empty: the description serves
	Brand          string
	Options        []Option
	Variants       []Variant
	Categories     []string // slugs
	Tags           []string // slugs
	Pictures       []Picture
}

// Option is a choice the shopper makes, such as "size", with its values in
// the order to show them.
type Option struct {
	Name   string
	Values []string
}

// Variant is what is put into a cart: one combination of option values.
type Variant struct {
	SKU         string
	Title       string            // "Flax / M"
	Options     map[string]string // option name to value, one for each option
	Price       int64             // cents, VAT included
	CompareAt   int64             // the price it replaces, in cents; 0: none
	Stock       int               // pieces; 0: sold out
	WeightGrams int               // packed for one piece
}

// Shop is the demonstration shop. Every call returns a fresh copy.
func Shop() Catalog {
	var products []Product
	for _, department := range [...][]draft{
		shirtsAndTops(), bottomsAndDresses(), outerwear(), knitwear(), accessories(),
		tableware(), glassware(), cookware(), tableLinen(),
		lighting(), furniture(), textiles(), decor(), plants(),
		bedLinen(), bath(), study(),
	} {
		for _, d := range department {
			products = append(products, d.product())
		}
	}
	return Catalog{
		Name:       "Maison Merle",
		Currency:   Currency,
		Categories: categories(),
		Tags:       tags(),
		Products:   products,
	}
}
