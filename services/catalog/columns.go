package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/money"
)

// column is one column of a CSV file: how it is called, what reading a cell does, and what a cell of an export holds.
// This table is the only place that knows them; docs/guides/import-export.md explains them to people.
type column struct {
	name  string
	alias []string // names in the files of other shop systems, as headerKey writes them
	// product reads a cell of a row that speaks of the product itself.
	product func(w *wish, text string) *rowError
	// variant reads a cell of a row that speaks of a variant. The row has the cell; it may be empty.
	variant func(w *wish, v *variantWish, text string) *rowError
	// exact keeps the spaces around a text, which may be the shop's own.
	exact bool
	// every reads a cell of any row.
	every func(w *wish, text string) *rowError
	// write gives the cell of a variant, and of its product when first says that the row begins a product. Without it
	// the column is not exported.
	write func(x exported, first bool) string
}

// exported is what a row of an export is made from.
type exported struct {
	product *catalogv1.Product
	variant *catalogv1.Variant // nil when the product has none
	paths   [][]string         // of its categories
	exportMore
}

// exportMore is what belongs to products and is not in their documents.
type exportMore struct {
	texts []*catalogv1.ProductTranslation
	skus  map[string]string     // of the parts of bundles, by the ids of variants
	files map[string][]fileLine // by the ids of variants
}

// columns are all columns in the order of an export.
func columns() []column {
	list := []column{
		{
			name: "product_slug", alias: []string{"handle", "url_handle", "slug", "url_key"},
			write: func(x exported, _ bool) string { return x.product.GetSlug() },
		},
		{
			name: "title", alias: []string{"name", "product_name"}, exact: true,
			product: func(w *wish, text string) *rowError {
				w.patch.title = &text
				return limited("title", text, maxTitle)
			},
			write: ofProduct(func(p *catalogv1.Product) string { return p.GetTitle() }),
		},
		textColumn("description", []string{"body_html", "body"}, maxDescription,
			func(w *wish) *textPatch { return &w.patch.description }, func(p *catalogv1.Product) string { return p.GetDescription() }),
		{name: "status", product: readStatus, write: ofProduct(func(p *catalogv1.Product) string {
			return string(statusFromProto(p.GetStatus()))
		})},
		{name: "published", product: readPublished}, // of other systems: together with the status
		textColumn("brand", []string{"vendor", "manufacturer"}, maxTitle,
			func(w *wish) *textPatch { return &w.brand }, func(p *catalogv1.Product) string { return p.GetBrand().GetName() }),
		{name: "categories", alias: []string{"type", "product_type"}, product: readCategories, write: func(x exported, first bool) string {
			if !first {
				return ""
			}
			paths := make([]string, len(x.paths))
			for i, path := range x.paths {
				paths[i] = writePath(path)
			}
			return guarded(strings.Join(paths, separator))
		}},
		{name: "tags", product: readTags, write: ofProduct(func(p *catalogv1.Product) string {
			names := make([]string, len(p.GetTags()))
			for i, t := range p.GetTags() {
				names[i] = escape(t.GetName())
			}
			return strings.Join(names, separator)
		})},
	}
	for i := range maxOptions {
		list = append(list, optionColumns(i)...)
	}
	list = append(list,
		column{name: "variant_sku", exact: true, alias: []string{"sku"}, variant: readSKU, write: ofVariant(func(v *catalogv1.Variant) string { return v.GetSku() })},
		column{name: "variant_title", exact: true, variant: func(_ *wish, v *variantWish, text string) *rowError {
			v.title, v.said = text, v.said || text != ""
			return limited("variant_title", text, maxTitle)
		}, write: ofVariant(func(v *catalogv1.Variant) string { return v.GetTitle() })},
		priceColumn("price", []string{"variant_price"}, false),
		priceColumn("price_amount", nil, true),
		column{name: "currency", variant: readCurrency, write: ofVariant(func(v *catalogv1.Variant) string { return v.GetPrice().GetCurrency() })},
		compareColumn("compare_at_price", []string{"variant_compare_at_price"}, false),
		compareColumn("compare_at_amount", nil, true),
		column{name: "stock", alias: []string{"variant_inventory_qty", "qty", "quantity"}, variant: readStock}, // inventory's to know, so not exported
		column{name: "allow_backorder", alias: []string{"variant_inventory_policy"}, variant: readBackorder},
		column{name: "weight_grams", alias: []string{"variant_grams"}, variant: readWeight, write: ofVariant(func(v *catalogv1.Variant) string {
			if v.WeightGrams == nil { // absent is not zero
				return ""
			}
			return strconv.FormatInt(v.GetWeightGrams(), 10)
		})},
		column{name: "image_urls", alias: []string{"image_src"}, every: readPictures, write: ofProduct(func(p *catalogv1.Product) string {
			urls := make([]string, len(p.GetImages()))
			for i, img := range p.GetImages() {
				urls[i] = escape(img.GetUrl())
			}
			return strings.Join(urls, separator)
		})},
		column{name: "variant_image", alias: []string{"variant_image_url"}, variant: readVariantPicture, every: func(w *wish, text string) *rowError {
			if w.from != ourOwn {
				w.picture(text, maxImages+1) // behind those that have a place, unless it has one itself
			}
			return nil
		}, write: variantPicture},
		column{name: "image_alts", product: func(w *wish, text string) *rowError {
			if text == "" {
				return nil
			}
			if e := readJSON("image_alts", text, &w.alts); e != nil {
				return e
			}
			for _, alt := range w.alts {
				if e := limited("image_alts", textOf(alt), maxAlt); e != nil {
					return e
				}
			}
			return nil
		}, write: ofProduct(altsOf)},
		textColumn("seo_title", []string{"meta_title"}, maxSEOTitle, func(w *wish) *textPatch { return &w.patch.seoTitle }, func(p *catalogv1.Product) string { return p.GetSeoTitle() }),
		textColumn("seo_description", []string{"meta_description"}, maxSEODescription,
			func(w *wish) *textPatch { return &w.patch.seoDescription }, func(p *catalogv1.Product) string { return p.GetSeoDescription() }),
	)
	list = append(list, factColumns()...)
	list = append(list, offerColumns()...)
	list = append(list, lawColumns()...)
	return append(list, textsColumn())
}

// headerKey makes the spellings of a column's name one: "Variant SKU" is variant_sku, "Body (HTML)" is body_html.
func headerKey(name string) string { return strings.ReplaceAll(slugify(name), "-", "_") }

func ofProduct(of func(p *catalogv1.Product) string) func(x exported, first bool) string {
	return func(x exported, first bool) string {
		if !first {
			return ""
		}
		return guarded(of(x.product))
	}
}

func ofVariant(of func(v *catalogv1.Variant) string) func(x exported, first bool) string {
	return func(x exported, _ bool) string {
		if x.variant == nil {
			return ""
		}
		return guarded(of(x.variant))
	}
}

// textColumn is a text of the product that may be absent; an empty cell empties it.
func textColumn(name string, alias []string, limit int, of func(w *wish) *textPatch, write func(p *catalogv1.Product) string) column {
	return column{name: name, alias: alias, exact: true, write: ofProduct(write), product: func(w *wish, text string) *rowError {
		patch := of(w)
		patch.set = true
		if text != "" {
			patch.value = &text
		}
		return limited(name, text, limit)
	}}
}

func limited(column, text string, limit int) *rowError {
	if utf8.RuneCountInString(text) > limit {
		return problem(column, "too_long", fmt.Sprintf("It has at most %d characters.", limit), text)
	}
	return nil
}

func readStatus(w *wish, text string) *rowError {
	switch strings.ToLower(text) {
	case "":
	case "draft":
		w.patch.status = draft
	case "unlisted": // of another system: only who has the address finds it
		if w.from == ourOwn {
			return problem("status", "not_allowed", "A status is draft, published or archived.", text)
		}
		w.patch.status = draft
	case "published", "active":
		if w.patch.status == "" { // "published" of another system may have said draft before
			w.patch.status = published
		}
	case "archived":
		w.patch.status = archived
	default:
		return problem("status", "not_allowed", "A status is draft, published or archived.", text)
	}
	return nil
}

func readPublished(w *wish, text string) *rowError {
	on, ok := yes(text)
	switch {
	case text == "":
	case !ok:
		return problem("published", "not_allowed", "It is true or false.", text)
	case !on && (w.patch.status == published || w.patch.status == ""):
		w.patch.status = draft
	case on && w.patch.status == "":
		w.patch.status = published
	}
	return nil
}

func yes(text string) (on, ok bool) {
	switch strings.ToLower(text) {
	case "true", "1", "yes":
		return true, true
	case "false", "0", "no":
		return false, true
	}
	return false, false
}

func readCategories(w *wish, text string) *rowError {
	paths := [][]string{}
	switch {
	case w.from == ourOwn:
		return takeCategories(w, parsePaths(text), text)
	case w.categories != nil: // there are several columns of them
		paths = append(paths, *w.categories...)
		fallthrough
	default:
		if text != "" {
			paths = append(paths, []string{text})
		}
	}
	return takeCategories(w, paths, text)
}

func takeCategories(w *wish, paths [][]string, text string) *rowError {
	w.categories = &paths
	if len(paths) > maxLinks {
		return problem("categories", "too_many", "A product stands in at most 100 categories.", text)
	}
	for _, path := range paths {
		if len(path) > maxDepth {
			return problem("categories", "category_too_deep", "The tree of categories has at most five levels.", writePath(path))
		}
		for _, name := range path {
			if e := limited("categories", name, maxTitle); e != nil {
				return e
			}
		}
	}
	return nil
}

func readTags(w *wish, text string) *rowError {
	names := []string{}
	if w.from != ourOwn {
		for name := range strings.SplitSeq(text, ",") {
			if name = strings.Trim(name, nameSpaces); name != "" {
				names = append(names, name)
			}
		}
	} else {
		names = append(names, parseNames(text)...)
	}
	return takeTags(w, names, text)
}

func takeTags(w *wish, names []string, text string) *rowError {
	w.tags = &names
	if len(names) > maxTags {
		return problem("tags", "too_many", "A product carries at most 250 tags.", text)
	}
	for _, name := range names {
		if e := limited("tags", name, maxTitle); e != nil {
			return e
		}
	}
	return nil
}

// optionColumns are name and value of one option. The name may stand on a product's first row only.
func optionColumns(i int) []column {
	name, value := fmt.Sprintf("option%d_name", i+1), fmt.Sprintf("option%d_value", i+1)
	chosen := func(x exported) *catalogv1.Option {
		if i < len(x.product.GetOptions()) {
			return x.product.GetOptions()[i]
		}
		return nil
	}
	return []column{
		{name: name, exact: true, variant: func(w *wish, _ *variantWish, text string) *rowError {
			for len(w.options) <= i {
				w.options = append(w.options, "")
			}
			switch {
			case text == "":
			case w.options[i] == "":
				w.options[i] = text
			case w.options[i] != text:
				return problem(name, "option_invalid", "The rows of a product name this option differently.", text)
			}
			return nil
		}, write: func(x exported, first bool) string {
			if o := chosen(x); o != nil && first {
				return guarded(o.GetName())
			}
			return ""
		}},
		{name: value, exact: true, variant: func(_ *wish, v *variantWish, text string) *rowError {
			v.position[i], v.said = text, v.said || text != ""
			return limited(value, text, maxOptionText)
		}, write: func(x exported, _ bool) string {
			if o := chosen(x); o != nil {
				return guarded(x.variant.GetOptions()[o.GetName()])
			}
			return ""
		}},
	}
}

func readPictures(w *wish, text string) *rowError {
	if w.from != ourOwn {
		w.shown = w.picture(text, 0)
		return nil
	}
	for _, url := range parseNames(text) {
		if len(w.pictures) < maxPictures {
			w.pictures = append(w.pictures, pictureWish{url: url})
		}
	}
	return nil
}

// readVariantPicture reads which of the product's pictures shows a variant.
func readVariantPicture(w *wish, v *variantWish, text string) *rowError {
	if text == "" {
		v.clearPicture = w.from == ourOwn
		return nil
	}
	v.picture = &pictureWish{url: text}
	v.said = v.said || w.from == ourOwn
	return nil
}

// variantPicture is the address of the picture that shows a variant.
func variantPicture(x exported, _ bool) string {
	which := x.variant.GetImageId()
	for _, img := range x.product.GetImages() {
		if img.GetId() == which {
			return guarded(img.GetUrl())
		}
	}
	return ""
}

// maxPictures is how many pictures of one product are read. Those a product has no place for are told in the report.
const maxPictures = 1000

// maxAlt is how long the text of a picture is, in characters.
const maxAlt = 1000

// altsOf are the texts a product has of its own for its pictures, in their order; null for those that have the picture's.
func altsOf(p *catalogv1.Product) string {
	var alts []*string
	for i, img := range p.GetImages() {
		if img.GetOwnAlt() {
			alts = append(alts, make([]*string, i-len(alts))...)
			alts = append(alts, &img.Alt)
		}
	}
	return writeJSON(alts)
}

// picture takes a picture into the wish, once, and says where it is there, from 1 on; 0 is nowhere.
func (w *wish) picture(url string, place int) int {
	at := slices.IndexFunc(w.pictures, func(p pictureWish) bool { return p.url == url })
	switch {
	case url == "" || at < 0 && len(w.pictures) >= maxPictures:
		return 0
	case at < 0:
		w.pictures = append(w.pictures, pictureWish{url: url, place: place})
		return len(w.pictures)
	}
	return at + 1
}

func readSKU(w *wish, v *variantWish, text string) *rowError {
	if w.from != ourOwn { // which keeps leading zeros from spreadsheets that way
		text = strings.TrimPrefix(text, "'")
	}
	v.sku, v.said = text, v.said || text != ""
	return limited("variant_sku", text, maxSKU)
}

func priceColumn(name string, alias []string, minor bool) column {
	c := column{name: name, alias: alias, variant: func(_ *wish, v *variantWish, text string) *rowError {
		if text != "" {
			v.price, v.said = &amount{text, minor, name}, true
		}
		return nil
	}}
	if !minor {
		c.write = ofVariant(func(v *catalogv1.Variant) string {
			return decimal(v.GetPrice().GetAmount(), v.GetPrice().GetCurrency())
		})
	}
	return c
}

func compareColumn(name string, alias []string, minor bool) column {
	c := column{name: name, alias: alias, variant: func(w *wish, v *variantWish, text string) *rowError {
		if text == "" || w.from != ourOwn && strings.Trim(text, "0.,") == "" { // there, 0 is none
			v.clearCompareAt = v.compareAt == nil
			return nil
		}
		v.compareAt, v.clearCompareAt, v.said = &amount{text, minor, name}, false, true
		return nil
	}}
	if !minor {
		c.write = ofVariant(func(v *catalogv1.Variant) string {
			if v.GetCompareAtPrice() == nil {
				return ""
			}
			return decimal(v.GetCompareAtPrice().GetAmount(), v.GetCompareAtPrice().GetCurrency())
		})
	}
	return c
}

func readCurrency(_ *wish, v *variantWish, text string) *rowError {
	v.currency = strings.ToUpper(text)
	if text != "" && !money.IsCurrency(v.currency) {
		return problem("currency", "invalid", "A currency is an ISO 4217 code such as EUR.", text)
	}
	return nil
}

func readStock(w *wish, v *variantWish, text string) *rowError {
	if text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err == nil && n < 0 && w.from != ourOwn {
		n = 0 // sold beyond what was there
	}
	if err != nil || n < 0 || n > maxStock {
		return problem("stock", "out_of_range", "A stock is a whole number from 0 to 10^9.", text)
	}
	v.stock = n
	return nil
}

func readBackorder(_ *wish, v *variantWish, text string) *rowError {
	switch strings.ToLower(text) {
	case "continue":
		v.backorder = true
		return nil
	case "deny", "":
		return nil
	}
	on, ok := yes(text)
	if !ok {
		return problem("allow_backorder", "not_allowed", "It is true or false.", text)
	}
	v.backorder = on
	return nil
}

func readWeight(w *wish, v *variantWish, text string) *rowError {
	if text == "" {
		v.clearWeight = true
		return nil
	}
	whole, fraction, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n < 0 || n > maxWeight || strings.Trim(fraction, "0") != "" && w.from == ourOwn {
		return problem("weight_grams", "out_of_range", "A weight is a whole number of grams from 0 to 10^9.", text)
	}
	v.weight = &n
	v.said = v.said || w.from == ourOwn
	return nil
}
