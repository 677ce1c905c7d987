package catalog

import (
	"strconv"
	"strings"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
)

// columns are those a file of the dialect may have.
func (d dialect) columns() []column {
	switch d {
	case shopify:
		return shopifyColumns()
	case wooCommerce:
		return wooColumns()
	case ourOwn:
	}
	return columns()
}

// shopifyColumns are ours, which know the names of Shopify's as well, and what only Shopify has: of both the older export
// ("Handle", "Variant Price") and the newer template ("URL handle", "Price").
func shopifyColumns() []column {
	alias := map[string][]string{
		"published":       {"published_on_online_store"},
		"stock":           {"inventory_quantity"},
		"allow_backorder": {"continue_selling_when_out_of_stock"},
		"weight_grams":    {"weight_value_grams"},
		"image_urls":      {"product_image_url"},
	}
	list := columns()
	for i := range list {
		list[i].alias = append(list[i].alias, alias[list[i].name]...)
	}
	return append(list,
		column{name: "product_category", product: readTaxonomy},
		column{name: "inventory_tracker", alias: []string{"variant_inventory_tracker"}, variant: func(_ *wish, v *variantWish, text string) *rowError {
			v.backorder = v.backorder || text == "" // what nobody counts is never sold out
			return nil
		}},
		column{name: "taxable", alias: []string{"variant_taxable", "charge_tax"}, variant: noted(func(w *wish) (*bool, *bool) { return &w.taxed, &w.untaxed })},
		column{name: "requires_shipping", alias: []string{"variant_requires_shipping"}, variant: noted(func(w *wish) (*bool, *bool) { return &w.shipped, &w.unshipped })},
		column{name: "gift_card", product: func(w *wish, text string) *rowError {
			if on, _ := yes(text); on {
				w.unshipped = true
			}
			return nil
		}},
		column{name: "image_alt_text", every: func(w *wish, text string) *rowError {
			if text != "" {
				w.alt = &text
			}
			return nil
		}},
		column{name: "image_position", every: func(w *wish, text string) *rowError {
			if n, err := strconv.Atoi(text); err == nil && n > 0 {
				w.place = n
			}
			return nil
		}},
	)
}

// noted reads a cell that is true or false, and notes that there was such a one.
func noted(of func(w *wish) (on, off *bool)) func(w *wish, v *variantWish, text string) *rowError {
	return func(w *wish, _ *variantWish, text string) *rowError {
		yesses, noes := of(w)
		switch on, ok := yes(text); {
		case ok && on:
			*yesses = true
		case ok:
			*noes = true
		}
		return nil
	}
}

// readTaxonomy reads a path of the standard taxonomy, down to the depth that the tree has.
func readTaxonomy(w *wish, text string) *rowError {
	paths := [][]string{}
	if w.categories != nil {
		paths = *w.categories
	}
	var path []string
	for name := range strings.SplitSeq(text, pathArrow) {
		if name = strings.Trim(name, nameSpaces); name != "" && len(path) < maxDepth {
			path = append(path, name)
		}
	}
	if strings.Count(text, pathArrow) >= maxDepth {
		w.note(0, problem("product_category", "category_too_deep", "The tree of categories has at most five levels. Those below were left out.", text))
	}
	if len(path) > 0 && text != "Uncategorized" {
		paths = append(paths, path)
	}
	w.categories = &paths
	return nil
}

// settleFacts says of a product what the rows of another shop system say of its variants.
func (w *wish) settleFacts() {
	if w.unshipped && !w.shipped {
		kind := catalogv1.GoodsKind_GOODS_KIND_DIGITAL
		if w.virtual {
			kind = catalogv1.GoodsKind_GOODS_KIND_SERVICE
		}
		w.fact("goods", func(f *catalogv1.ProductFacts) { f.Goods = kind })
	}
	if w.untaxed && !w.taxed {
		w.fact("vat_class", func(f *catalogv1.ProductFacts) { f.VatClass = catalogv1.VatClass_VAT_CLASS_EXEMPT })
	}
}
