package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
)

// fileRow is one row of a file: whose it is, where it ends, and how it is put into a wish.
type fileRow struct {
	key  string // rows with the same key speak of the same product
	row  int64
	end  int64 // byte behind what was read in order
	upTo int64 // rows that were read in order
	size int
	fill func(w *wish)
}

// rows reads a file row by row; next gives io.EOF at its end.
type rows interface {
	next() (fileRow, error)
}

// csvRows reads the rows of a CSV file.
type csvRows struct {
	csvReader

	columns []column // by place; without a name: passed over
	from    dialect
	slug    int // place of the column, -1 without
	sku     int
	title   int
	ignored []string
	header  map[string]string // how the file calls our columns
}

// readHeader reads the first row and finds its columns. Its errors are unreadable.
func readHeader(src pages) (*csvRows, error) {
	c := &cursor{src: src}
	head := make([]byte, 0, 4096)
	for len(head) < maxRecord && bytes.IndexByte(head, '\n') < 0 {
		p, err := src()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		head = append(head, p...)
	}
	skip := 0
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		skip = 3
	}
	c.cur, c.i = head, skip
	r := &csvRows{csvReader: csvReader{cursor: *c, comma: detectComma(head[skip:])}, slug: -1, sku: -1, title: -1, header: map[string]string{}}
	first, err := r.read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, &unreadable{*problem("", "empty", "The file is empty. Its first row has to name the columns.", "").at(1)}
	case errors.Is(err, errQuoteOpen):
		return nil, &unreadable{*problem("", "quote_open", "A quote in the header is never closed.", "").at(1)}
	case err != nil:
		return nil, err
	case first.flaw != nil:
		return nil, &unreadable{*first.flaw}
	}
	names := slices.Clone(first.fields)
	r.from = dialectOf(names)
	known := map[string]column{}
	for _, c := range r.from.columns() {
		known[c.name] = c
		for _, alias := range c.alias {
			known[alias] = c
		}
	}
	place := map[string]int{}
	for i, name := range names {
		if strings.TrimSpace(name) == "" { // spreadsheets leave such behind
			r.columns = append(r.columns, nameless(i+1))
			continue
		}
		c, ok := known[headerKey(strings.TrimSpace(name))]
		if !ok && r.from == shopify {
			c, ok = metafield(strings.TrimSpace(name))
		}
		if !ok && r.from == ourOwn {
			return nil, &unreadable{*problem(name, "unknown_column", fmt.Sprintf("There is no column called %q. The import guide lists those there are.", clip(name)), name).at(r.row)}
		}
		if before, twice := place[c.name]; ok && twice {
			return nil, &unreadable{*problem(name, "duplicate_column", fmt.Sprintf("The columns %d and %d are the same.", before+1, i+1), name).at(r.row)}
		}
		if !ok {
			r.ignored = append(r.ignored, clip(name))
		} else {
			place[c.name] = i
			r.header[c.name] = strings.TrimSpace(name)
		}
		r.columns = append(r.columns, c)
	}
	for name, at := range map[string]*int{"product_slug": &r.slug, "variant_sku": &r.sku, "title": &r.title} {
		if i, ok := place[name]; ok {
			*at = i
		}
	}
	if r.slug < 0 && r.sku < 0 && r.from != wooCommerce {
		return nil, &unreadable{*problem("product_slug", "required", "The file needs the column product_slug, or variant_sku.", "").at(r.row)}
	}
	return r, nil
}

// nameless is the nth column, which the header has no name for. It has to be empty.
func nameless(n int) column {
	return column{every: func(_ *wish, text string) *rowError {
		if text == "" {
			return nil
		}
		return problem("", "unknown_column", fmt.Sprintf("Column %d has no name in the header, so nobody knows what this cell says.", n), text)
	}}
}

func (r *csvRows) cell(row csvRow, i int) string {
	if i < 0 || i >= len(row.fields) {
		return ""
	}
	return bare(row.fields[i])
}

func (r *csvRows) next() (fileRow, error) {
	row, err := r.read()
	if err != nil {
		return fileRow{}, err
	}
	number := r.row
	row.flaw = r.ragged(row, number)
	out := fileRow{row: number, end: r.at(), upTo: number, size: len(r.buf)}
	var slug string
	out.key, slug = keyOf(number, r.from.slugOf(strings.TrimSpace(r.cell(row, r.slug))), r.cell(row, r.sku))
	out.fill = func(w *wish) {
		w.slug, w.from, w.header = slug, r.from, r.header
		switch {
		case row.flaw != nil:
			w.complain(number, row.flaw)
		case strings.HasPrefix(out.key, noKey):
			w.complain(number, noName(r.cell(row, r.slug)))
		default:
			r.fill(w, row, number)
		}
	}
	return out, nil
}

// ragged is what is wrong with the form of a row; nil when it has a field for each column.
func (r *csvRows) ragged(row csvRow, number int64) *rowError {
	if row.flaw != nil || len(row.fields) == len(r.columns) {
		return row.flaw
	}
	return problem("", "ragged", fmt.Sprintf("The row has %d fields, the header has %d.", len(row.fields), len(r.columns)), strings.Join(row.fields, string(r.comma))).at(number)
}

// noKey begins the key of a row that names no product: it stands alone.
const noKey = "row "

func noKeyOf(row int64) string { return fmt.Sprintf("%s%d", noKey, row) }

// keyOf says which product a row speaks of: by slug, else by SKU.
func keyOf(row int64, slugText, sku string) (key, slug string) {
	if slugText != "" {
		slug, err := parseSlug(slugText)
		if err != nil {
			return noKeyOf(row), ""
		}
		return "slug " + slug, slug
	}
	if sku != "" {
		return "sku " + sku, ""
	}
	return noKeyOf(row), ""
}

func noName(slugText string) *rowError {
	if slugText == "" {
		return problem("product_slug", "required", "The row names no product: it has neither a slug nor a SKU.", "")
	}
	return problem("product_slug", "slug_invalid", ErrSlugInvalid.Message(), slugText)
}

// fill puts a row into the wish of its product. The columns of the product itself count on the first row with a title;
// in a file without titles, on the first row.
func (r *csvRows) fill(w *wish, row csvRow, number int64) {
	title := strings.TrimSpace(r.cell(row, r.title))
	product := !w.whole && (r.title < 0 || title != "")
	if !product && title != "" && w.patch.title != nil && title != strings.TrimSpace(*w.patch.title) {
		w.complain(number, problem("title", "duplicate", "An earlier row calls the product of this slug otherwise. Two products cannot share one.", title))
	}
	r.fillFrom(w, row, number, product, true)
}

// fillFrom reads the cells of a row that speaks of the product itself, of a variant, or of both.
func (r *csvRows) fillFrom(w *wish, row csvRow, number int64, product, ofVariant bool) {
	w.whole = w.whole || product
	w.alt, w.place, w.shown = nil, 0, 0
	v := variantWish{row: number}
	for i, c := range r.columns {
		text := bare(row.fields[i])
		if !c.exact || r.from != ourOwn && c.name != "description" {
			text = strings.Trim(text, nameSpaces)
		}
		if c.product != nil && product {
			w.complain(number, c.product(w, text))
		}
		if c.variant != nil && ofVariant {
			w.complain(number, c.variant(w, &v, text))
		}
		if c.every != nil {
			w.complain(number, c.every(w, text))
		}
	}
	if w.shown > 0 {
		w.pictures[w.shown-1].alt, w.pictures[w.shown-1].place = w.alt, w.place
	}
	if v.said && ofVariant {
		w.addVariant(v)
	}
}

// addVariant takes one more variant into a wish.
func (w *wish) addVariant(v variantWish) {
	switch {
	case len(w.variants) < maxVariants:
		w.variants = append(w.variants, v)
	case len(w.variants) == maxVariants:
		w.variants = append(w.variants[:0:0], make([]variantWish, maxVariants+1)...) // keeps the count, not the rows
		w.complain(v.row, problem("variant_sku", "too_many", "A product has at most 2000 variants.", w.slug))
	}
}

// lineRows reads the lines of an NDJSON file: one product each.
type lineRows struct {
	cursor

	row int64
	buf []byte
}

func (l *lineRows) line() (line []byte, long bool, err error) {
	for {
		l.buf, long = l.buf[:0], false
		if err := l.more(); err != nil {
			return nil, false, err
		}
		l.row++
		for done := false; !done; {
			if err := l.more(); err != nil {
				if errors.Is(err, io.EOF) {
					break
				}
				return nil, false, err
			}
			rest := l.cur[l.i:]
			n := bytes.IndexByte(rest, '\n')
			if done = n >= 0; done {
				l.i += n + 1
				rest = rest[:n]
			} else {
				l.i += len(rest)
			}
			if len(l.buf)+len(rest) > maxRecord {
				long = true
				continue
			}
			l.buf = append(l.buf, rest...)
		}
		if line = bytes.TrimSpace(bytes.TrimPrefix(l.buf, []byte("\xef\xbb\xbf"))); len(line) > 0 || long {
			return line, long, nil
		}
	}
}

func (l *lineRows) next() (fileRow, error) {
	line, long, err := l.line()
	if err != nil {
		return fileRow{}, err
	}
	number := l.row
	out := fileRow{row: number, end: l.at(), upTo: number, size: len(line)}
	var doc productLine
	var flaw *rowError
	if long {
		flaw = problem("", "too_long", fmt.Sprintf("The line is longer than %d MiB.", maxRecord>>20), "")
	} else {
		flaw = doc.parse(line)
	}
	sku := ""
	if len(doc.Variants) == 1 {
		sku = doc.Variants[0].SKU
	}
	var slug string
	out.key, slug = keyOf(number, strings.TrimSpace(doc.Slug), sku)
	out.fill = func(w *wish) {
		w.lines = true
		switch {
		case w.row != 0 && w.row != number: // the same product
			w.complain(number, problem("slug", "duplicate", "An earlier line speaks of this product already.", doc.Slug))
			return
		case flaw != nil:
			w.complain(number, flaw)
			return
		case strings.HasPrefix(out.key, noKey):
			w.complain(number, noName(doc.Slug))
			return
		}
		w.slug, w.whole = slug, true
		doc.fill(w, number)
	}
	return out, nil
}

// maybe is a value that may be missing (leave), null (clear) or there.
type maybe[T any] struct {
	set   bool
	value *T
}

// UnmarshalJSON notes that the key is there. It is as strict as the line around it.
func (m *maybe[T]) UnmarshalJSON(data []byte) error {
	m.set = true
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder.Decode(&m.value)
}

// MarshalJSON writes the value or null.
func (m maybe[T]) MarshalJSON() ([]byte, error) { return json.Marshal(m.value) }

// IsZero leaves a missing value out.
func (m maybe[T]) IsZero() bool { return !m.set }

// productLine is one line: the body of POST /admin/v1/products, with categories and tags also by name.
type productLine struct {
	Slug           string        `json:"slug,omitempty"`
	Title          *string       `json:"title,omitempty"`
	Description    maybe[string] `json:"description,omitzero"`
	Status         string        `json:"status,omitempty"`
	SEOTitle       maybe[string] `json:"seoTitle,omitzero"`
	SEODescription maybe[string] `json:"seoDescription,omitzero"`
	Brand          maybe[string] `json:"brand,omitzero"`
	Kind           string        `json:"kind,omitempty"`
	PublishAt      maybe[string] `json:"publishAt,omitzero"`
	UnpublishAt    maybe[string] `json:"unpublishAt,omitzero"`
	Goods          maybe[string] `json:"goods,omitzero"`
	VATClass       maybe[string] `json:"vatClass,omitzero"`
	Options        []optionLine  `json:"options,omitempty"`
	Variants       []variantLine `json:"variants,omitempty"`
	Categories     *[]string     `json:"categories,omitempty"` // paths: "Home > Shirts"
	CategoryIDs    *[]string     `json:"categoryIds,omitempty"`
	Tags           *[]string     `json:"tags,omitempty"`
	TagIDs         *[]string     `json:"tagIds,omitempty"`
	Images         []imageLine   `json:"images,omitempty"`

	MinimumAge          maybe[int32]          `json:"minimumAge,omitzero"`
	GPSR                maybe[gpsrLine]       `json:"gpsr,omitzero"`
	Guarantee           maybe[guaranteeLine]  `json:"guarantee,omitzero"`
	EnergyLabel         maybe[energyLine]     `json:"energyLabel,omitzero"`
	EnergyLabelRequired *bool                 `json:"energyLabelRequired,omitempty"`
	SoldByMeasure       *bool                 `json:"soldByMeasure,omitempty"`
	Attributes          attributesLine        `json:"attributes,omitempty"`
	Translations        map[string]*textsLine `json:"translations,omitempty"`
}

type optionLine struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

type variantLine struct {
	SKU            string            `json:"sku,omitempty"`
	Title          string            `json:"title,omitempty"`
	Options        map[string]string `json:"options,omitempty"`
	Price          *priceLine        `json:"price,omitempty"`
	CompareAtPrice maybe[priceLine]  `json:"compareAtPrice,omitzero"`
	Stock          int64             `json:"stock,omitempty"`
	AllowBackorder bool              `json:"allowBackorder,omitempty"`
	WeightGrams    maybe[int64]      `json:"weightGrams,omitzero"`
	ImageID        maybe[string]     `json:"imageId,omitzero"`

	GTIN            maybe[string]      `json:"gtin,omitzero"`
	MPN             maybe[string]      `json:"mpn,omitzero"`
	HSCode          maybe[string]      `json:"hsCode,omitzero"`
	CountryOfOrigin maybe[string]      `json:"countryOfOrigin,omitzero"`
	LengthMM        maybe[int64]       `json:"lengthMm,omitzero"`
	WidthMM         maybe[int64]       `json:"widthMm,omitzero"`
	HeightMM        maybe[int64]       `json:"heightMm,omitzero"`
	UnitPrice       maybe[measureLine] `json:"unitPrice,omitzero"`

	Prices     *[]pricesLine    `json:"prices,omitempty"`
	Components *[]componentLine `json:"components,omitempty"`
	Attributes attributesLine   `json:"attributes,omitempty"`
	Files      []fileLine       `json:"files,omitempty"`
}

// pricesLine is a price in a further currency.
type pricesLine struct {
	Price          priceLine  `json:"price"`
	CompareAtPrice *priceLine `json:"compareAtPrice"`
}

// componentLine is a part of a bundle.
type componentLine struct {
	SKU      string `json:"sku"`
	Quantity int64  `json:"quantity"`
}

type measureLine struct {
	Quantity     string `json:"quantity"`
	Unit         string `json:"unit"`
	BaseQuantity int64  `json:"baseQuantity"`
	BaseUnit     string `json:"baseUnit"`
}

type priceLine struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

type imageLine struct {
	MediaID string  `json:"mediaId"`
	Alt     *string `json:"alt,omitempty"`
}

func (d *productLine) parse(line []byte) *rowError {
	if line[0] != '{' {
		return problem("", "not_json", "The line is not one JSON object.", string(line))
	}
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(d); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return problem(wrong.Field, "wrong_type", "This value does not fit: the type is "+wrong.Value+".", string(line))
		}
		if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			return problem(strings.Trim(name, `"`), "unknown_key", "This key is not known here.", string(line))
		}
		return problem("", "not_json", "The line is not one JSON object.", string(line))
	}
	if len(bytes.TrimSpace(line[decoder.InputOffset():])) > 0 {
		return problem("", "not_json", "Something stands behind the JSON object.", string(line))
	}
	if bytes.Contains(line, []byte(`\u0000`)) {
		var all any
		if json.Unmarshal(line, &all) == nil && holdsNUL(all) {
			return problem("", "invalid_character", "The character U+0000 cannot be stored.", string(line))
		}
	}
	return nil
}

func holdsNUL(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		return slices.ContainsFunc(v, holdsNUL)
	case map[string]any:
		for key, value := range v {
			if strings.ContainsRune(key, 0) || holdsNUL(value) {
				return true
			}
		}
	}
	return false
}

func (d *productLine) fill(w *wish, row int64) {
	w.patch.title = d.Title
	if d.Title != nil {
		w.complain(row, limited("title", *d.Title, maxTitle))
	}
	w.complain(row, readStatus(w, d.Status))
	w.complain(row, readKind(w, d.Kind))
	if d.PublishAt.set {
		w.complain(row, readMoment("publishAt", textOf(d.PublishAt.value), &w.patch.publishAt))
	}
	if d.UnpublishAt.set {
		w.complain(row, readMoment("unpublishAt", textOf(d.UnpublishAt.value), &w.patch.unpublishAt))
	}
	w.texts = textsWishes(d.Translations)
	d.law(w, row)
	for _, text := range []struct {
		name  string
		to    *textPatch
		from  maybe[string]
		limit int
	}{
		{"description", &w.patch.description, d.Description, maxDescription},
		{"seoTitle", &w.patch.seoTitle, d.SEOTitle, maxSEOTitle},
		{"seoDescription", &w.patch.seoDescription, d.SEODescription, maxSEODescription},
		{"brand", &w.brand, d.Brand, maxTitle},
	} {
		*text.to = textPatch{set: text.from.set, value: text.from.value}
		if text.from.value != nil && utf8.RuneCountInString(*text.from.value) > text.limit {
			w.complain(row, limited(text.name, *text.from.value, text.limit))
		}
	}
	w.values = map[string][]string{}
	for _, o := range d.Options {
		w.options = append(w.options, o.Name)
		w.values[o.Name] = o.Values
	}
	for i, v := range d.Variants {
		before := len(w.problems)
		wanted := v.wish(w, row)
		for n := range w.problems[before:] {
			e := &w.problems[before+n]
			e.column = indexed("variants", i) + "." + e.column
		}
		wanted.at = i
		w.addVariant(wanted)
	}
	if d.Categories != nil {
		paths := [][]string{}
		for _, text := range *d.Categories {
			if path := parsePath(text); len(path) > 0 {
				paths = append(paths, path)
			}
		}
		w.complain(row, takeCategories(w, paths, strings.Join(*d.Categories, " ")))
	}
	if d.Tags != nil {
		blank := func(name string) bool { return strings.Trim(name, nameSpaces) == "" }
		w.complain(row, takeTags(w, slices.DeleteFunc(slices.Clone(*d.Tags), blank), strings.Join(*d.Tags, " ")))
	}
	if d.Goods.set {
		w.complain(row, readGoods(w, textOf(d.Goods.value)))
	}
	if d.VATClass.set {
		w.complain(row, readVATClass(w, textOf(d.VATClass.value)))
	}
	w.categoryID = readIDs(w, row, "categoryIds", d.CategoryIDs, maxLinks)
	w.tagID = readIDs(w, row, "tagIds", d.TagIDs, maxTags)
	for _, img := range d.Images {
		media, err := id.Parse(img.MediaID)
		if err != nil {
			w.complain(row, problem("images", "invalid", "A mediaId is the id of an uploaded picture.", img.MediaID))
			continue
		}
		w.complain(row, limited("images", textOf(img.Alt), maxAlt))
		w.pictures = append(w.pictures, pictureWish{media: media, alt: img.Alt})
	}
	if len(d.Images) > maxImages {
		w.complain(row, problem("images", "too_many", "A product has at most 100 pictures.", ""))
	}
}

func readIDs(w *wish, row int64, column string, texts *[]string, most int) *[]id.ID {
	if texts == nil {
		return nil
	}
	ids, err := id.ParseAll(*texts)
	if err != nil || len(ids) > most {
		w.complain(row, problem(column, "invalid", fmt.Sprintf("At most %d ids are expected.", most), strings.Join(*texts, " ")))
	}
	return &ids
}

func (v variantLine) wish(w *wish, row int64) variantWish {
	out := variantWish{row: row, sku: v.SKU, title: v.Title, options: v.Options, stock: v.Stock, backorder: v.AllowBackorder, said: true}
	if out.options == nil {
		out.options = map[string]string{}
	}
	for _, e := range []*rowError{limited("sku", v.SKU, maxSKU), limited("title", v.Title, maxTitle)} {
		w.complain(row, e)
	}
	if v.Stock < 0 || v.Stock > maxStock {
		w.complain(row, problem("stock", "out_of_range", "A stock is a whole number from 0 to 10^9.", fmt.Sprint(v.Stock)))
	}
	if v.Price != nil {
		out.price, out.currency = minorAmount(money.Of(v.Price.Amount, v.Price.Currency), "price"), v.Price.Currency
		if out.currency == "" {
			w.complain(row, problem("price.currency", "required", "A price has a currency.", ""))
		} else if !money.IsCurrency(out.currency) {
			w.complain(row, problem("price.currency", "invalid", "A currency is an ISO 4217 code in upper case.", out.currency))
		}
	}
	if v.CompareAtPrice.value != nil {
		c := *v.CompareAtPrice.value
		out.compareAt = minorAmount(money.Of(c.Amount, c.Currency), "compareAtPrice")
		if v.Price != nil && c.Currency != v.Price.Currency {
			w.complain(row, problem("compareAtPrice.currency", "currency", "It must be in the currency of the price.", c.Currency))
		}
		if out.currency == "" {
			out.currency = c.Currency
		}
	}
	out.clearCompareAt = v.CompareAtPrice.set && v.CompareAtPrice.value == nil
	out.weight, out.clearWeight = v.WeightGrams.value, v.WeightGrams.set && v.WeightGrams.value == nil
	if out.weight != nil && (*out.weight < 0 || *out.weight > maxWeight) {
		w.complain(row, problem("weightGrams", "out_of_range", "A weight is a whole number of grams from 0 to 10^9.", fmt.Sprint(*out.weight)))
	}
	if out.clearPicture = v.ImageID.set && v.ImageID.value == nil; v.ImageID.value != nil {
		media, err := id.Parse(*v.ImageID.value)
		if err != nil {
			w.complain(row, problem("imageId", "invalid", "An imageId is the id of one of the product's pictures.", *v.ImageID.value))
		}
		out.picture = &pictureWish{media: media}
	}
	for _, e := range v.facts(&out) {
		w.complain(row, e)
	}
	v.offer(w, row, &out)
	return out
}

// offer takes what a variant costs in further currencies and what it is made of into the wish, and what the shop says of it.
func (v variantLine) offer(w *wish, row int64, out *variantWish) {
	if v.Prices != nil {
		out.prices = &[]priceWish{}
		for i, p := range *v.Prices {
			one := priceWish{currency: p.Price.Currency, price: *minorAmount(money.Of(p.Price.Amount, p.Price.Currency), indexed("prices", i))}
			if !money.IsCurrency(p.Price.Currency) {
				w.complain(row, problem(indexed("prices", i), "invalid", "A currency is an ISO 4217 code in upper case.", p.Price.Currency))
			}
			if c := p.CompareAtPrice; c != nil {
				one.compareAt = minorAmount(money.Of(c.Amount, c.Currency), indexed("prices", i))
				if c.Currency != p.Price.Currency {
					w.complain(row, problem(indexed("prices", i), "currency", "The price to strike through must be in the currency of the price.", c.Currency))
				}
			}
			*out.prices = append(*out.prices, one)
		}
	}
	if v.Components != nil {
		out.components = &[]componentWish{}
		for _, c := range *v.Components {
			*out.components = append(*out.components, componentWish{c.SKU, c.Quantity})
		}
	}
	out.files = v.Files
	w.complain(row, readAttributes("attributes", v.Attributes, &out.attributes))
}

// facts takes what law, customs and trade want known into the wish.
func (v variantLine) facts(out *variantWish) (wrong []*rowError) {
	for _, f := range []struct {
		name string
		from maybe[string]
		to   func(f *catalogv1.VariantFacts) **string
	}{
		{"gtin", v.GTIN, func(f *catalogv1.VariantFacts) **string { return &f.Gtin }},
		{"mpn", v.MPN, func(f *catalogv1.VariantFacts) **string { return &f.Mpn }},
		{"hs_code", v.HSCode, func(f *catalogv1.VariantFacts) **string { return &f.HsCode }},
		{"country_of_origin", v.CountryOfOrigin, func(f *catalogv1.VariantFacts) **string { return &f.CountryOfOrigin }},
	} {
		if f.from.set {
			out.fact(f.name, func(facts *catalogv1.VariantFacts) { *f.to(facts) = f.from.value })
		}
	}
	for _, f := range []struct {
		name, key string
		from      maybe[int64]
		to        func(f *catalogv1.VariantFacts) **int64
	}{
		{"length_mm", "lengthMm", v.LengthMM, func(f *catalogv1.VariantFacts) **int64 { return &f.LengthMm }},
		{"width_mm", "widthMm", v.WidthMM, func(f *catalogv1.VariantFacts) **int64 { return &f.WidthMm }},
		{"height_mm", "heightMm", v.HeightMM, func(f *catalogv1.VariantFacts) **int64 { return &f.HeightMm }},
	} {
		if n := f.from.value; n != nil && (*n < 0 || *n > maxLength) {
			wrong = append(wrong, problem(f.key, "out_of_range", "A length is a whole number of millimetres from 0 to 10^9.", fmt.Sprint(*n)))
		}
		if f.from.set {
			out.fact(f.name, func(facts *catalogv1.VariantFacts) { *f.to(facts) = f.from.value })
		}
	}
	if v.UnitPrice.set {
		out.fact("unit_price", func(facts *catalogv1.VariantFacts) {
			if m := v.UnitPrice.value; m != nil {
				facts.UnitPrice = &catalogv1.UnitMeasure{Quantity: m.Quantity, Unit: m.Unit, BaseQuantity: m.BaseQuantity, BaseUnit: m.BaseUnit}
			}
		})
	}
	return wrong
}

func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

func minorAmount(m money.Money, column string) *amount {
	return &amount{fmt.Sprint(m.Amount), true, column}
}
