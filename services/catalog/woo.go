package catalog

import (
	"errors"
	"io"
	"slices"
	"strings"
)

// maxWooRows bounds the index of a file of WooCommerce.
const maxWooRows = 2_000_000

// wooRows reads WooCommerce's product export. Variations stand anywhere in it and name the product they belong to; here they
// follow it. For that the file is looked through once, and where variations stand is remembered.
type wooRows struct {
	*csvRows

	open    func(at int64) (pages, error)
	parents map[string]*wooParent // by id
	bySKU   map[string]string     // id
	places  wooPlaces
	waiting []wooPlace // variations of the product that was read last
	key     string     // of that product
	slug    string
	side    *csvReader // reads variations that stand elsewhere
}

// wooPlaces are the columns that rows are put together by.
type wooPlaces struct{ id, typ, name, parent, slug, sku, published, price int }

// wooPlace is where a row begins.
type wooPlace struct {
	at  int64
	row int64 // rows before it
}

type wooParent struct{ variations []wooPlace }

// wooFrom looks through the file, whose header r has read. open gives the file from a byte on.
func wooFrom(r *csvRows, open func(at int64) (pages, error)) (*wooRows, error) {
	out := &wooRows{csvRows: r, open: open, parents: map[string]*wooParent{}, bySKU: map[string]string{}}
	out.places = wooPlaces{-1, -1, -1, -1, -1, -1, -1, -1}
	for i, c := range r.columns {
		for name, to := range map[string]*int{
			"id": &out.places.id, "type": &out.places.typ, "title": &out.places.name, "parent": &out.places.parent, "slug": &out.places.slug,
			"variant_sku": &out.places.sku, "published": &out.places.published, "price": &out.places.price,
		} {
			if c.name == name {
				*to = i
			}
		}
	}
	if err := out.index(); err != nil {
		return nil, err
	}
	return out, nil
}

// index remembers where the variations of each product stand.
func (r *wooRows) index() error {
	src, err := r.open(r.at())
	if err != nil {
		return err
	}
	scan := csvReader{cursor: cursor{src: src, base: r.at()}, comma: r.comma, row: r.row}
	type variation struct {
		of string
		wooPlace
	}
	var all []variation
	for n := 0; ; n++ {
		place := wooPlace{scan.at(), scan.row}
		row, err := scan.read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if n == maxWooRows {
			return &unreadable{*problem("", "too_many", "A file of WooCommerce has at most two million rows. Export it in parts.", "")}
		}
		switch id := r.cell(row, r.places.id); {
		case row.flaw != nil || len(row.fields) != len(r.columns):
		case r.kind(row) == "variation":
			all = append(all, variation{strings.Clone(r.cell(row, r.places.parent)), place})
		case r.kind(row) == "variable" && id != "":
			id = strings.Clone(id) // a part of a row would keep the whole row
			r.parents[id] = &wooParent{}
			if sku := r.cell(row, r.places.sku); sku != "" {
				r.bySKU[strings.Clone(sku)] = id
			}
		}
	}
	for _, v := range all {
		if p := r.parentOf(v.of); p != nil {
			p.variations = append(p.variations, v.wooPlace)
		}
	}
	return nil
}

// kind is the first of what a row says of its type.
func (r *wooRows) kind(row csvRow) string {
	kinds := wooList(strings.ToLower(r.cell(row, r.places.typ)))
	if i := slices.IndexFunc(kinds, func(k string) bool { return k != "virtual" && k != "downloadable" }); i >= 0 {
		return kinds[i]
	}
	return ""
}

// parentOf finds the product a variation names: "id:12", or its SKU.
func (r *wooRows) parentOf(name string) *wooParent {
	id, isID := strings.CutPrefix(strings.TrimSpace(name), "id:")
	if !isID {
		id = r.bySKU[strings.TrimSpace(name)]
	}
	return r.parents[id]
}

func (r *wooRows) next() (fileRow, error) {
	if len(r.waiting) > 0 {
		place := r.waiting[0]
		r.waiting = r.waiting[1:]
		row, number, size, err := r.readAt(place)
		if err != nil {
			return fileRow{}, err
		}
		return r.told(row, number, size, r.key, r.slug, true), nil
	}
	for {
		row, err := r.read()
		if err != nil {
			return fileRow{}, err
		}
		number, size := r.row, len(r.buf)
		whole := row.flaw == nil && len(row.fields) == len(r.columns)
		if !whole {
			row.flaw = r.ragged(row, number)
			return r.told(row, number, size, noKeyOf(number), "", false), nil
		}
		switch kind := r.kind(row); kind {
		case "variation":
			if r.parentOf(r.cell(row, r.places.parent)) != nil {
				continue // it came with its product, or comes with it
			}
			row.flaw = problem("Parent", "unknown", "The file has no product that this variation belongs to.", r.cell(row, r.places.parent)).at(number)
			return r.told(row, number, size, noKeyOf(number), "", false), nil
		case "simple", "variable":
			r.slug = r.slugOfRow(row)
			r.key = "slug " + r.slug
			if r.slug == "" {
				r.key = noKeyOf(number)
			}
			if p := r.parents[r.cell(row, r.places.id)]; kind == "variable" && p != nil {
				r.waiting = p.variations
			}
			return r.told(row, number, size, r.key, r.slug, false), nil
		default:
			row.flaw = problem("Type", "not_supported", "Products of this type cannot be taken: only simple and variable ones.", kind).at(number)
			return r.told(row, number, size, noKeyOf(number), "", false), nil
		}
	}
}

// slugOfRow is a slug that is the same each time: the one in the file, else made from the name and the id.
func (r *wooRows) slugOfRow(row csvRow) string {
	slug := r.from.slugOf(r.cell(row, r.places.slug))
	if slug == "" {
		slug = cut(slugify(r.cell(row, r.places.name)), madeSlug-20)
		if id := r.cell(row, r.places.id); id != "" {
			slug = strings.TrimLeft(slug+"-"+id, "-")
			if slug == id {
				slug = "product-" + id
			}
		}
	}
	slug, err := parseSlug(slug)
	if err != nil {
		return ""
	}
	return slug
}

// readAt reads one row where it stands: the next one, mostly.
func (r *wooRows) readAt(place wooPlace) (row csvRow, number int64, size int, err error) {
	if place.at == r.at() {
		row, err = r.read()
		return row, r.row, len(r.buf), err
	}
	if r.side == nil || r.side.at() != place.at {
		src, err := r.open(place.at)
		if err != nil {
			return row, 0, 0, err
		}
		r.side = &csvReader{cursor: cursor{src: src, base: place.at}, comma: r.comma}
	}
	r.side.row = place.row
	row, err = r.side.read()
	return row, r.side.row, len(r.side.buf), err
}

// told is a row as the file tells it. Where the file goes on is where it was read in order.
func (r *wooRows) told(row csvRow, number int64, size int, key, slug string, variation bool) fileRow {
	out := fileRow{key: key, row: number, end: r.at(), upTo: r.row, size: size}
	out.fill = func(w *wish) {
		w.slug, w.from, w.header = slug, wooCommerce, r.header
		switch {
		case row.flaw != nil:
			w.complain(number, row.flaw)
		case slug == "":
			w.complain(number, noName(r.cell(row, r.places.name)))
		case variation && r.off(row):
		default:
			w.single = !variation && r.kind(row) == "simple"
			r.fillFrom(w, row, number, !variation, variation || w.single)
		}
	}
	return out
}

// off reports whether a variation cannot be bought there: it is switched off, or has no price.
func (r *wooRows) off(row csvRow) bool {
	shown := r.cell(row, r.places.published)
	return r.places.published >= 0 && shown != "1" || r.places.price >= 0 && r.cell(row, r.places.price) == ""
}
