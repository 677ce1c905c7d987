package catalog

import (
	"strconv"
	"strings"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
)

const (
	maxWeight  = 1_000_000_000 // grams
	maxStock   = 1_000_000_000
	separator  = "|" // between the categories, tags or pictures of one cell
	pathArrow  = ">" // between the levels of a category
	nameSpaces = " \t\r\n"
)

// wish is what a file asks of one product. What it does not speak of stays as it is.
type wish struct {
	slug   string // empty: the product is found by the SKU of its only variant
	row    int64  // first row that speaks of it
	rows   int64
	from   dialect           // whose file it is
	lines  bool              // of NDJSON
	header map[string]string // how the file itself calls our columns

	whole      bool // a row with the product's own columns was seen
	patch      productPatch
	brand      textPatch // by name; made when the shop has none of it
	options    []string  // names in order
	values     map[string][]string
	variants   []variantWish
	bundle     *bool       // of a new product
	texts      []textsWish // in other languages
	alts       []*string   // of the pictures of a file of ours, in their order
	attributes []attributeInput
	categories *[][]string // paths
	categoryID *[]id.ID
	tags       *[]string
	tagID      *[]id.ID
	pictures   []pictureWish
	facts      *catalogv1.ProductFactsPatch
	problems   []rowError
	described  []described
	notes      []rowError // what is taken otherwise than the file says

	taxed, untaxed     bool // of rows of another shop system: some are, some are not
	shipped, unshipped bool
	virtual            bool    // not shipped, and nothing to download
	single             bool    // the row under way is a product without variations
	alt                *string // of the picture of the row under way
	place              int     // of that picture among the others; 0: as they come
	shown              int     // which picture that is, from 1 on; 0: the row has none
}

// variantWish is what a file asks of one variant.
type variantWish struct {
	row       int64
	at        int // place in a line of NDJSON
	sku       string
	title     string
	options   map[string]string
	price     *amount
	compareAt *amount
	currency  string
	weight    *int64
	stock     int64
	backorder bool

	prices     *[]priceWish     // all in further currencies
	components *[]componentWish // all a bundle is made of
	attributes []attributeInput
	files      []fileLine
	picture    *pictureWish // which shows it

	facts    *catalogv1.VariantFactsPatch
	sale     *discount // of another shop system: a price for some time
	saleFrom *time.Time
	saleTill *time.Time
	inStock  bool

	clearCompareAt bool
	clearWeight    bool
	clearPicture   bool
	position       [maxOptions]string // values by option column, until the names are known
	said           bool               // something besides the stock, so the row speaks of a variant
}

// pictureWish is a picture by its address or its id.
type pictureWish struct {
	url   string
	media id.ID
	alt   *string
	place int // among the pictures of the file; 0: as they come
}

// name is how the file calls the picture.
func (p pictureWish) name() string {
	if !p.media.IsZero() {
		return p.media.String()
	}
	return p.url
}

// discount is a price that holds instead of the regular one, for a time or for good.
type discount struct {
	price      amount
	from, till *time.Time // till is exclusive
}

// inForce reports whether it holds at an instant.
func (d *discount) inForce(at time.Time) bool {
	return d != nil && (d.from == nil || !at.Before(*d.from)) && (d.till == nil || at.Before(*d.till))
}

// settleSale takes a discount that is in force as the price, with the regular one to strike through.
func (v *variantWish) settleSale(at time.Time) {
	if v.sale.inForce(at) && v.price != nil {
		v.compareAt, v.price = v.price, &v.sale.price
		v.sale = nil
	}
}

func (w *wish) complain(row int64, e *rowError) {
	if e != nil {
		w.problems = append(w.problems, *e.at(row))
	}
}

// note says of something that it is taken otherwise than the file says; row 0 is the first of the wish.
func (w *wish) note(row int64, e *rowError) {
	w.notes = append(w.notes, *e.at(row))
}

// amount is a price as it was written: its minor units are known once its currency is.
type amount struct {
	text   string
	minor  bool // text counts minor units
	column string
}

// in reads the amount in a currency.
func (a amount) in(currency string) (int64, *rowError) {
	text := a.text
	if !a.minor {
		var ok bool
		if text, ok = minorUnits(text, exponent(currency)); !ok {
			return 0, problem(a.column, "price_invalid", "A price is a number such as 19.99, without signs for thousands, with at most as many places as its currency has.", a.text)
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, problem(a.column, "price_invalid", "A price is a number of at most 10^12 minor units.", a.text)
	}
	if n < 0 || n > maxPrice {
		return 0, problem(a.column, "out_of_range", "A price is 0 to 10^12 minor units.", a.text)
	}
	return n, nil
}

// minorUnits turns "19.9" or "19,90" into "1990". Places beyond those of the currency must be zeros, and not three of them:
// "1,000" is a thousand to one reader and one to the next.
func minorUnits(text string, places int) (string, bool) {
	whole, fraction, _ := strings.Cut(strings.Replace(text, ",", ".", 1), ".")
	if len(fraction) > places {
		if len(fraction) == thousand {
			return "", false
		}
		if strings.Trim(fraction[places:], "0") != "" {
			return "", false
		}
		fraction = fraction[:places]
	}
	digits := whole + fraction + strings.Repeat("0", places-len(fraction))
	if whole == "" && fraction == "" || len(digits) > 18 || strings.Trim(strings.TrimPrefix(digits, "-"), "0123456789") != "" {
		return "", false
	}
	return digits, true
}

// thousand is how many digits stand behind a sign for thousands.
const thousand = 3

// decimal writes minor units the way minorUnits reads them.
func decimal(n int64, currency string) string {
	places := exponent(currency)
	digits := strconv.FormatInt(n, 10)
	if places == 0 {
		return digits
	}
	if len(digits) <= places {
		digits = strings.Repeat("0", places+1-len(digits)) + digits
	}
	return digits[:len(digits)-places] + "." + digits[len(digits)-places:]
}

// exponent is how many places the minor unit of a currency has (ISO 4217).
func exponent(currency string) int {
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

// splitEscaped cuts a text at every mark that has no backslash in front. Empty parts are left out.
func splitEscaped(s, mark string) []string {
	var parts []string
	var b strings.Builder
	flush := func() {
		if part := trimmed(b.String()); part != "" {
			parts = append(parts, part)
		}
		b.Reset()
	}
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			b.WriteByte(s[i])
			b.WriteByte(s[i+1])
			i++
		case s[i] == mark[0]:
			flush()
		default:
			b.WriteByte(s[i])
		}
	}
	flush()
	return parts
}

// trimmed takes the spaces around a text away, but for one at its end with a backslash in front.
func trimmed(s string) string {
	s = strings.TrimLeft(s, nameSpaces)
	out := strings.TrimRight(s, nameSpaces)
	if slashes := len(out) - len(strings.TrimRight(out, `\`)); slashes%2 == 1 && len(out) < len(s) {
		out = s[:len(out)+1]
	}
	return out
}

// escape puts a backslash before what splitEscaped and unescape give a meaning to.
func escape(s string) string {
	out := strings.NewReplacer(`\`, `\\`, separator, `\`+separator, pathArrow, `\`+pathArrow).Replace(s)
	if out != strings.TrimLeft(out, nameSpaces) {
		out = `\` + out
	}
	if end := strings.TrimRight(out, nameSpaces); end != out {
		out = out[:len(out)-1] + `\` + out[len(out)-1:]
	}
	return out
}

func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// parsePaths reads "Home > Shirts|Sale".
func parsePaths(s string) [][]string {
	paths := [][]string{}
	for _, text := range splitEscaped(s, separator) {
		if path := parsePath(text); len(path) > 0 {
			paths = append(paths, path)
		}
	}
	return paths
}

// parsePath reads "Home > Shirts".
func parsePath(s string) []string {
	path := splitEscaped(s, pathArrow)
	for i := range path {
		path[i] = unescape(path[i])
	}
	return path
}

func writePath(path []string) string {
	parts := make([]string, len(path))
	for i, name := range path {
		parts[i] = escape(name)
	}
	return strings.Join(parts, " "+pathArrow+" ")
}

// parseNames reads "Linen|Summer".
func parseNames(s string) []string {
	names := splitEscaped(s, separator)
	for i := range names {
		names[i] = unescape(names[i])
	}
	return names
}
