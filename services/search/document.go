package search

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// Bounds of one document, so that one product cannot weigh down the index.
const (
	maxWords     = 4000 // in all
	maxPositions = 16   // of one word
	maxShown     = 2000 // characters of a description that are kept to show where words were found
)

// document is one published product in one language, ready to be stored.
type document struct {
	product    id.ID
	edition    string   // language of its texts; empty: the shop's own
	covers     []string // languages it is found in, its own among them; sorted
	words      string   // in the syntax of tsvector
	titleWords int
	language   language // of the title
	lexicon    []lexeme // sorted by word
	facets     []facetValue
	refs       []id.ID
	currency   string
	prices     []int64 // of its variants in its currency, as everybody sees them; ascending
	offers     []byte  // JSON: prices in further currencies, countries, on channels and of groups; nil when there are none
	numbers    []byte  // JSON: values of attributes that have an order; nil when there are none
	available  bool
	newest     int64
	price      int64
	priceDesc  int64
	body       []byte // JSON of texts
	hash       [2]int64
}

// lexeme is a word of a document as it is looked up.
type lexeme struct {
	word     string
	stem     bool // only the common part of other words, never what somebody meant to type
	compound bool // of a language that writes compounds in one word
	in       language
}

// texts are what a document was made from, for showing where words were found and for other engines.
type texts struct {
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Brand       string   `json:"brand,omitempty"`
	Categories  []string `json:"categories,omitempty"`
	Tags        []string `json:"tags,omitempty"`
	SKUs        []string `json:"skus,omitempty"`
	Options     []string `json:"options,omitempty"`
	Attributes  []string `json:"attributes,omitempty"`
	Filters     []string `json:"filters,omitempty"` // lexemes a document is narrowed by
}

// goods is a product with what belongs to it.
type goods struct {
	product *catalogv1.Product
	extras  *catalogv1.ProductExtras
	shop    *shopTexts
}

// shopTexts is what the products of one answer share.
type shopTexts struct {
	locales    *catalogv1.Locales
	chains     map[string][]string // by language the shop speaks: where its texts are looked for
	categories map[string]*catalogv1.ExportedCategory
	filterable map[string]bool // by attribute id
	names      map[nameOf][]*catalogv1.LocalName
}

// nameOf is a brand, category, tag or attribute by its id, or an option of an attribute by its value as well.
type nameOf struct{ id, value string }

// name is what something is called in the language of a chain that comes first, or its own name.
func (s *shopTexts) name(of nameOf, chain []string, own string) string {
	return s.first(of, chain, own, func(n *catalogv1.LocalName) *string { return n.Name })
}

func (s *shopTexts) first(of nameOf, chain []string, own string, text func(n *catalogv1.LocalName) *string) string {
	known := s.names[of]
	if len(known) == 0 {
		return own
	}
	for _, l := range chain {
		for _, n := range known {
			if t := text(n); t != nil && n.GetLocale() == l {
				return *t
			}
		}
	}
	return own
}

// translated says whether something is called anything in a language of a chain.
func (s *shopTexts) translated(of nameOf, chain []string) bool {
	return slices.ContainsFunc(s.names[of], func(n *catalogv1.LocalName) bool { return slices.Contains(chain, n.GetLocale()) })
}

// local is what something is called in every language the shop speaks, with its fallbacks; with title, that is a value of
// what title is. Nil when it is called the same everywhere.
func (s *shopTexts) local(of nameOf, title *nameOf) map[string]localName {
	if len(s.names[of]) == 0 && (title == nil || len(s.names[*title]) == 0) {
		return nil
	}
	out := map[string]localName{}
	for l, chain := range s.chains {
		n := localName{
			Slug: clean(s.first(of, chain, "", func(n *catalogv1.LocalName) *string { return n.Slug })), Name: clean(s.name(of, chain, "")),
		}
		if title != nil {
			n.Title = clean(s.name(*title, chain, ""))
		}
		if n != (localName{}) {
			out[l] = n
		}
	}
	return out
}

// goodsOf takes an answer of the catalogue apart.
func goodsOf(res *catalogv1.ExportProductsResponse) []goods {
	shop := &shopTexts{
		locales: res.GetLocales(), chains: map[string][]string{}, categories: map[string]*catalogv1.ExportedCategory{}, filterable: map[string]bool{},
		names: map[nameOf][]*catalogv1.LocalName{},
	}
	for _, l := range res.GetLocales().GetLocales() {
		shop.chains[l.GetCode()] = fallbacks(res.GetLocales(), l.GetCode())
	}
	for _, n := range res.GetLocalNames() {
		shop.names[nameOf{n.GetId(), n.GetValue()}] = n.GetNames()
	}
	for _, c := range res.GetCategories() {
		shop.categories[c.GetId()] = c
		for _, t := range c.GetTranslations() {
			of := nameOf{id: c.GetId()}
			shop.names[of] = append(shop.names[of], &catalogv1.LocalName{Locale: t.GetLocale(), Name: t.Name, Slug: t.Slug}) // absent is not empty
		}
	}
	for _, a := range res.GetAttributes() {
		shop.filterable[a.GetId()] = a.GetFilterable()
	}
	out := make([]goods, len(res.GetProducts()))
	for i, p := range res.GetProducts() {
		out[i] = goods{product: p, extras: &catalogv1.ProductExtras{}, shop: shop}
		if i < len(res.GetExtras()) {
			out[i].extras = res.GetExtras()[i]
		}
	}
	return out
}

// describe makes the documents of a product: one in the shop's own language, and one for each language that has texts of
// its own. None when shoppers do not see the product.
func describe(g goods) ([]*document, error) {
	if g.product.GetStatus() != catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED {
		return nil, nil
	}
	own, err := g.edition("", nil)
	if err != nil {
		return nil, err
	}
	out := []*document{own}
	for _, l := range g.shop.locales.GetLocales() {
		chain := g.shop.chains[l.GetCode()]
		if !g.translated(chain) {
			own.covers = append(own.covers, l.GetCode())
			continue
		}
		d, err := g.edition(l.GetCode(), chain)
		if err != nil {
			return nil, err
		}
		if same := slices.IndexFunc(out, func(o *document) bool { return o.hash == d.hash }); same >= 0 {
			out[same].covers = append(out[same].covers, l.GetCode())
			continue
		}
		out = append(out, d)
	}
	for _, d := range out {
		slices.Sort(d.covers)
		d.seal([]byte(strings.Join(d.covers, " ")))
	}
	return out, nil
}

// translated says whether any of the languages has a text of its own here.
func (g goods) translated(chain []string) bool {
	for _, t := range g.extras.GetTranslations() {
		if slices.Contains(chain, t.GetLocale()) {
			return true
		}
	}
	return slices.ContainsFunc(g.called(), func(of nameOf) bool { return g.shop.translated(of, chain) })
}

// called is all that the document of a product has names of.
func (g goods) called() []nameOf {
	out := []nameOf{{id: g.product.GetBrand().GetId()}}
	for _, c := range g.trail() {
		out = append(out, nameOf{id: c.GetId()})
	}
	for _, t := range g.product.GetTags() {
		out = append(out, nameOf{id: t.GetId()})
	}
	values := g.product.GetAttributes()
	for _, v := range g.product.GetVariants() {
		values = append(slices.Clip(values), v.GetAttributes()...)
	}
	for _, a := range values {
		for i := range a.GetLabels() {
			out = append(out, nameOf{a.GetAttributeId(), a.GetValues()[i]})
		}
	}
	return out
}

// trail is the categories a product stands in and all above, each once.
func (g goods) trail() []*catalogv1.ExportedCategory {
	var out []*catalogv1.ExportedCategory
	for _, ref := range g.product.GetCategories() {
		at, known := g.shop.categories[ref.GetId()]
		if !known {
			at = &catalogv1.ExportedCategory{Id: ref.GetId(), Slug: ref.GetSlug(), Name: ref.GetName()}
		}
		for depth := 0; at != nil && depth < 16; depth++ {
			if slices.ContainsFunc(out, func(c *catalogv1.ExportedCategory) bool { return c.GetId() == at.GetId() }) {
				break
			}
			out = append(out, at)
			at = g.shop.categories[at.GetParentId()]
		}
	}
	return out
}

// edition is the document in the first language of a chain; without one, in the shop's own.
func (g goods) edition(locale string, chain []string) (*document, error) {
	p := g.product
	product, err := id.Parse(p.GetId())
	if err != nil {
		return nil, fmt.Errorf("search: product %q: %w", p.GetId(), err)
	}
	d := &document{product: product, edition: locale, covers: []string{locale}, refs: []id.ID{}, prices: []int64{}, newest: -p.GetCreatedAt().AsTime().UnixMicro()}
	t := overlay{g.extras.GetTranslations(), chain}
	own := languageOf(g.shop.locales.GetDefaultLocale())
	title, of := t.title(p.GetTitle(), own)
	d.language = of
	both := []language{of}
	if own != of {
		both = append(both, own) // names that are not translated
	}
	v := vector{places: map[string][]string{}, known: map[string]bool{}, joined: map[string]bool{}}
	body := texts{Title: title}
	d.titleWords = v.title(title, of)
	d.describeTaxa(&v, &body, g, chain, both)
	d.describeAttributes(&v, &body, g, p.GetAttributes(), chain, both)
	for _, variant := range p.GetVariants() {
		d.describeAttributes(&v, &body, g, variant.GetAttributes(), chain, both)
		v.add('B', variant.GetSku())
		v.add('B', joined(variant.GetSku()))
		body.SKUs = append(body.SKUs, clean(variant.GetSku()))
		d.available = d.available || variant.GetAvailable()
	}
	for _, o := range p.GetOptions() {
		for _, value := range o.GetValues() {
			value = t.option(o.GetName(), value)
			v.add('C', value, both...)
			body.Options = append(body.Options, clean(value))
		}
	}
	description := withoutMarkup(t.description(p.GetDescription()))
	v.add('D', description, of)
	body.Description = cutRunes(clean(description), maxShown)
	v.filter(stockLexeme(d.available))
	v.filter(productLexeme(product))
	d.setPrices(p, g.extras.GetPrices())
	d.words, d.lexicon = v.String()+stepsOf(d.prices), v.lexicon(of)
	for _, lexeme := range v.filters {
		if strings.HasPrefix(lexeme, "/") {
			body.Filters = append(body.Filters, lexeme)
		}
	}
	if d.body, err = json.Marshal(body); err != nil {
		return nil, fmt.Errorf("search: product %s: %w", p.GetId(), err)
	}
	d.seal(nil)
	return d, nil
}

// describeTaxa makes a product findable by its brand, its categories with all above them, and its tags.
func (d *document) describeTaxa(v *vector, body *texts, g goods, chain []string, both []language) {
	if b := g.product.GetBrand(); b != nil {
		name := d.describeTaxon(v, g.shop, newFacet("brand", "", b.GetId(), b.GetSlug(), b.GetName()), chain)
		v.add('B', name)
		body.Brand = name
	}
	for _, c := range g.trail() {
		name := d.describeTaxon(v, g.shop, newFacet("category", "", c.GetId(), c.GetSlug(), c.GetName()), chain)
		v.add('B', name, both...)
		body.Categories = append(body.Categories, name)
	}
	for _, t := range g.product.GetTags() {
		name := d.describeTaxon(v, g.shop, newFacet("tag", "", t.GetId(), t.GetSlug(), t.GetName()), chain)
		v.add('B', name, both...)
		body.Tags = append(body.Tags, name)
	}
}

// describeTaxon narrows by a brand, category or tag under its slugs in all languages, has the product read anew when it
// changes, and returns what it is called here.
func (d *document) describeTaxon(v *vector, shop *shopTexts, f facetValue, chain []string) string {
	of := nameOf{id: f.ref}
	f.names = shop.local(of, nil)
	d.facets = append(d.facets, f)
	d.refer(f.ref)
	v.filter(filterLexeme(f.kind, "", f.slug))
	for _, n := range shop.names[of] {
		if n.Slug != nil {
			v.filter(filterLexeme(f.kind, "", n.GetSlug()))
		}
	}
	return clean(shop.name(of, chain, f.name))
}

// describeAttributes makes a product findable by what its attributes are called, narrows by those the shop filters by, and
// has it read anew when one changes.
func (d *document) describeAttributes(v *vector, body *texts, g goods, values []*catalogv1.AttributeValue, chain []string, both []language) {
	for _, a := range values {
		d.refer(a.GetAttributeId())
		if g.shop.filterable[a.GetAttributeId()] {
			d.narrowBy(v, g.shop, a)
		}
		if !a.GetShown() {
			continue
		}
		var found []string
		for i, label := range a.GetLabels() {
			found = append(found, g.shop.name(nameOf{a.GetAttributeId(), a.GetValues()[i]}, chain, label))
		}
		if a.GetType() == catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT {
			found = a.GetValues()
		}
		for _, text := range found {
			v.add('C', text, both...)
			if !slices.Contains(body.Attributes, clean(text)) {
				body.Attributes = append(body.Attributes, clean(text))
			}
		}
	}
}

// longestValue of an attribute that can be filtered by; longer ones are texts to read.
const longestValue = 200

func (d *document) narrowBy(v *vector, shop *shopTexts, a *catalogv1.AttributeValue) {
	for i, value := range a.GetValues() {
		if len(value) > longestValue {
			continue
		}
		name := value
		if i < len(a.GetLabels()) {
			name = a.GetLabels()[i]
		}
		f := newFacet("attribute", a.GetCode(), "", value, name)
		f.title = clean(a.GetName())
		f.names = shop.local(nameOf{a.GetAttributeId(), value}, &nameOf{id: a.GetAttributeId()})
		if slices.ContainsFunc(d.facets, func(o facetValue) bool { return o.number == f.number }) {
			continue
		}
		d.facets = append(d.facets, f)
		v.filter(filterLexeme("attribute", a.GetCode(), value))
		if n, ok := ordered(a.GetType(), value); ok {
			d.addNumber(a.GetCode(), n)
		}
	}
}

// ordered is the number a value is ordered by: of a date the digits of the day.
func ordered(typ catalogv1.AttributeType, value string) (string, bool) {
	switch typ {
	case catalogv1.AttributeType_ATTRIBUTE_TYPE_NUMBER, catalogv1.AttributeType_ATTRIBUTE_TYPE_INTEGER:
		return numberText(value)
	case catalogv1.AttributeType_ATTRIBUTE_TYPE_DATE:
		return numberText(strings.ReplaceAll(value, "-", ""))
	case catalogv1.AttributeType_ATTRIBUTE_TYPE_UNSPECIFIED, catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT, catalogv1.AttributeType_ATTRIBUTE_TYPE_BOOLEAN,
		catalogv1.AttributeType_ATTRIBUTE_TYPE_SELECT, catalogv1.AttributeType_ATTRIBUTE_TYPE_MULTISELECT:
	}
	return "", false
}

// numberText checks that a text is a plain decimal number and gives it back.
func numberText(text string) (string, bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) || strings.ContainsAny(text, "xXpP_") {
		return "", false
	}
	return text, true
}

func (d *document) addNumber(code, n string) {
	all := map[string][]json.Number{}
	_ = json.Unmarshal(d.numbers, &all) // empty or our own
	if f, err := strconv.ParseFloat(n, 64); err == nil {
		n = strconv.FormatFloat(f, 'f', -1, 64)
	}
	all[code] = append(all[code], json.Number(n))
	if b, err := json.Marshal(all); err == nil {
		d.numbers = b
	}
}

// setPrices sets what is filtered and compared by. A product without a price comes last in both directions.
func (d *document) setPrices(p *catalogv1.Product, views []*catalogv1.PriceView) {
	for _, v := range p.GetVariants() {
		if m := v.GetPrice(); m != nil {
			d.currency = m.GetCurrency()
			d.prices = append(d.prices, m.GetAmount())
		}
	}
	slices.Sort(d.prices)
	d.prices = slices.Compact(d.prices)
	d.price, d.priceDesc = math.MaxInt64, math.MaxInt64
	if n := len(d.prices); n > 0 {
		d.price, d.priceDesc = d.prices[0], -d.prices[0]
		d.facets = append(d.facets, newFacet("view", "", "", viewKey(d.currency, "", "", ""), ""))
	}
	offers := map[string][]int64{}
	particular := false
	for _, v := range views {
		key := viewKey(v.GetCurrency(), v.GetCountry(), v.GetChannel(), v.GetCustomerGroup())
		offers[key] = v.GetAmounts()
		if v.GetCurrency() != d.currency || v.GetCountry() != "" || v.GetChannel() != "" || v.GetCustomerGroup() != "" {
			particular = true
			d.facets = append(d.facets, newFacet("view", "", "", key, ""))
		}
	}
	if particular {
		if b, err := json.Marshal(offers); err == nil {
			d.offers = b
		}
	}
}

// viewKey names the prices of a currency as they are seen in a country, on a channel and in a group of customers.
func viewKey(currency, country, channel, group string) string {
	return currency + "|" + clean(country) + "|" + clean(channel) + "|" + clean(group)
}

func (d *document) lowest() *int64 {
	if len(d.prices) == 0 {
		return nil
	}
	return &d.prices[0]
}

func (d *document) highest() *int64 {
	if len(d.prices) == 0 {
		return nil
	}
	return &d.prices[len(d.prices)-1]
}

// seal sets the hash of all that is found and shown of the document.
func (d *document) seal(more []byte) {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00%s\x00%s\x00%s\x00%v\x00%d\x00%v\x00%s\x00", d.product, d.words, d.body, d.currency, d.offers, d.numbers,
		d.available, d.newest, d.prices, more)
	for _, f := range d.facets {
		fmt.Fprintf(h, "%d\x00%s\x00%s\x00%s\x00", f.number, f.slug, f.name, f.title)
		for _, l := range slices.Sorted(maps.Keys(f.names)) {
			n := f.names[l]
			fmt.Fprintf(h, "%s\x00%s\x00%s\x00%s\x00", l, n.Slug, n.Name, n.Title)
		}
	}
	sum := h.Sum(nil)
	d.hash = [2]int64{int64(binary.BigEndian.Uint64(sum)), int64(binary.BigEndian.Uint64(sum[8:]))} // any bits will do
}

// overlay lays translations over a product: those of a chain of languages, the one wanted most first.
type overlay struct {
	translations []*catalogv1.ProductTranslation
	chain        []string
}

// each calls see with the translations of the chain, until it returns true.
func (o overlay) each(see func(t *catalogv1.ProductTranslation) bool) {
	for _, l := range o.chain {
		for _, t := range o.translations {
			if t.GetLocale() == l && see(t) {
				return
			}
		}
	}
}

// title is the title shown, and the language it is in.
func (o overlay) title(own string, in language) (string, language) {
	o.each(func(t *catalogv1.ProductTranslation) bool {
		if t.Title != nil {
			own, in = t.GetTitle(), languageOf(t.GetLocale())
		}
		return t.Title != nil
	})
	return own, in
}

func (o overlay) description(own string) string {
	o.each(func(t *catalogv1.ProductTranslation) bool {
		if t.Description != nil {
			own = t.GetDescription()
		}
		return t.Description != nil
	})
	return own
}

func (o overlay) option(name, value string) string {
	shown := value
	o.each(func(t *catalogv1.ProductTranslation) bool {
		for _, option := range t.GetOptions() {
			if s, ok := option.GetValues()[value]; ok && option.GetName() == name {
				shown = s
				return true
			}
		}
		return false
	})
	return shown
}

// fallbacks are the languages a text is looked for in when one is asked for: itself, what is declared for it, or else
// the languages above it, without the shop's own, which comes last by itself.
func fallbacks(shop *catalogv1.Locales, code string) []string {
	chain := []string{code}
	spoken := func(code string) *catalogv1.Locale {
		if i := slices.IndexFunc(shop.GetLocales(), func(l *catalogv1.Locale) bool { return l.GetCode() == code }); i >= 0 {
			return shop.GetLocales()[i]
		}
		return nil
	}
	follow := spoken(code).GetFallbacks()
	if len(follow) == 0 {
		for up := code; strings.Contains(up, "-"); {
			up = up[:strings.LastIndexByte(up, '-')]
			if spoken(up) != nil || up == shop.GetDefaultLocale() {
				follow = append(follow, up)
			}
		}
	}
	for _, f := range follow {
		if f == shop.GetDefaultLocale() {
			break
		}
		if !slices.Contains(chain, f) {
			chain = append(chain, f)
		}
	}
	return chain
}

// facetValue is something documents can be narrowed by.
type facetValue struct {
	number int64
	kind   string // brand, category, tag, attribute; view is a way prices are seen
	code   string // of an attribute
	ref    string // id of a brand, category or tag
	slug   string // or value of an attribute
	name   string
	title  string // name of an attribute
	names  map[string]localName
}

// localName is what a value is called in another language; empty is as in the shop's own.
type localName struct {
	Slug  string `json:"slug,omitempty"`
	Name  string `json:"name,omitempty"`
	Title string `json:"title,omitempty"` // of an attribute
}

// newFacet numbers a value by its id, or by what it is when it has none: the same in every language.
func newFacet(kind, code, ref, slug, name string) facetValue {
	key := ref
	if key == "" {
		key = slug
	}
	sum := sha256.Sum256([]byte(kind + "/" + code + "/" + key))
	number := int64(binary.BigEndian.Uint64(sum[:8]))&^255 | int64(facetMark(kind, clean(code)))
	return facetValue{number: number, kind: kind, code: clean(code), ref: ref, slug: clean(slug), name: clean(name)}
}

// facetMark is the last byte of the numbers of all values of a kind, so that those of others need not be looked up.
func facetMark(kind, code string) byte {
	sum := sha256.Sum256([]byte(kind + "/" + code))
	return sum[0]
}

// nameKey is all names of a value, folded, each after a line break.
func (f facetValue) nameKey() string {
	keys := []string{strings.Join(words(f.name, maxWords), " ")}
	for _, l := range slices.Sorted(maps.Keys(f.names)) {
		if n := strings.Join(words(f.names[l].Name, maxWords), " "); n != "" && !slices.Contains(keys, n) {
			keys = append(keys, n)
		}
	}
	return "\n" + strings.Join(keys, "\n")
}

// counted are the numbers of the document's facets that are counted, each once.
func (d *document) counted() []int64 {
	out := []int64{}
	for _, f := range d.facets {
		if f.kind != "view" {
			out = append(out, f.number)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (d *document) refer(ref string) {
	if r, err := id.Parse(ref); err == nil && !slices.Contains(d.refs, r) {
		d.refs = append(d.refs, r)
	}
}

// clean takes out the one character PostgreSQL cannot store.
func clean(text string) string { return strings.ReplaceAll(text, "\x00", "") }

// joined is an article number without its separators, as it is typed from memory.
func joined(sku string) string {
	if !strings.ContainsAny(sku, "-_./ ") {
		return ""
	}
	return strings.NewReplacer("-", "", "_", "", ".", "", "/", "", " ", "").Replace(sku)
}

// vector collects the words of a document with their weights and places.
type vector struct {
	places  map[string][]string
	order   []string
	known   map[string]bool // words as they stand in a text, and not only stems
	joined  map[string]bool // words that may be compounds
	filters []string
	n       int
}

// add adds the words of a text, and their stems in languages.
func (v *vector) add(weight byte, text string, in ...language) int {
	found := spansOf(text, maxWords-v.n)
	others := also(text, found)
	for i, w := range found {
		v.n++
		v.put(w.folded, weight)
		v.known[w.folded] = true
		for _, o := range others[i].texts() {
			v.put(o, weight)
			v.known[o] = true
		}
		if slices.ContainsFunc(in, language.compounds) {
			v.joined[w.folded] = true
		}
		for _, l := range in {
			for _, stem := range l.stems(w.word) {
				v.put(stem, weight)
			}
		}
	}
	v.n = min(v.n+8, maxWords) // a gap, so that words of two fields are no neighbours
	return len(found)
}

func (v *vector) put(lexeme string, weight byte) {
	if _, ok := v.places[lexeme]; !ok {
		v.order = append(v.order, lexeme)
	}
	place := strconv.Itoa(v.n) + string(weight)
	if at := v.places[lexeme]; len(at) < maxPositions && !slices.Contains(at, place) {
		v.places[lexeme] = append(at, place)
	}
}

// title adds the words of the title, also as such, so that documents with a word in the title are found first.
func (v *vector) title(text string, in language) int {
	thing, rest := in.thing(text)
	n := v.add('A', thing, in) + v.add('B', rest, in)
	for _, w := range v.order {
		v.filter(titleMark + w)
	}
	if whole := titleText(split(text, 4*maxQueryWords)); n <= 4*maxQueryWords && whole != "" {
		v.filter(wholeTitle(whole))
	}
	return n
}

// titleMark begins the lexemes of words of titles.
const titleMark = "="

// titleText is the words of a title, folded and parted by spaces.
func titleText(of []word) string {
	folded := make([]string, len(of))
	for i, w := range of {
		folded[i] = w.folded
	}
	return strings.Join(folded, " ")
}

// wholeTitle is the lexeme that only titles with just these words have. No word begins with the mark, so that no prefix of
// one reaches it.
func wholeTitle(words string) string { return titleMark + titleMark + short(words) }

// short stands for a text in a lexeme, which has room for 2046 bytes.
func short(text string) string {
	const longest = 500 // bytes
	if len(text) <= longest {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func (v *vector) filter(lexeme string) {
	if !slices.Contains(v.filters, lexeme) {
		v.filters = append(v.filters, lexeme)
	}
}

func (v *vector) String() string {
	var b strings.Builder
	for _, w := range v.order {
		b.WriteString(quote(w))
		b.WriteByte(':')
		b.WriteString(strings.Join(v.places[w], ","))
		b.WriteByte(' ')
	}
	for _, f := range v.filters {
		b.WriteString(quote(f))
		b.WriteByte(' ')
	}
	return b.String()
}

// lexicon is the distinct words, sorted, so that writers of several documents lock them in one order.
func (v *vector) lexicon(in language) []lexeme {
	out := make([]lexeme, len(v.order))
	for i, w := range v.order {
		out[i] = lexeme{w, !v.known[w], v.joined[w], in}
	}
	slices.SortFunc(out, func(a, b lexeme) int { return cmp.Compare(a.word, b.word) })
	return out
}

// Lexemes of filters begin with a character that no word has, so that no prefix of a word reaches them.
func filterLexeme(kind, code, value string) string {
	return "/" + kind[:1] + "/" + clean(code) + "/" + clean(short(value))
}

// stepsOf are the lexemes of prices, in the syntax of tsvector: the step each lies on, sixteen steps together, and sixteen of
// those. What steps_between asks for in PostgreSQL.
func stepsOf(prices []int64) string {
	var all []string
	for _, p := range prices {
		step := stepOf(p)
		for _, lexeme := range []string{"'/p/" + strconv.Itoa(step) + "' ", "'/p//" + strconv.Itoa(step/16) + "' ", "'/p///" + strconv.Itoa(step/256) + "' "} {
			if !slices.Contains(all, lexeme) {
				all = append(all, lexeme)
			}
		}
	}
	return strings.Join(all, "")
}

// stepOf is the step of a price: 256 lead from each power of two to the next; below 256, each amount is one.
func stepOf(price int64) int {
	if price < 256 {
		return int(max(price, 0))
	}
	b := bits.Len64(uint64(price)) - 1
	return (b-7)*256 + int(price>>(b-8))&255
}

func stockLexeme(available bool) string { return "/s/" + strconv.FormatBool(available) }

func productLexeme(product id.ID) string { return "#" + product.String() }

// quote writes a lexeme for tsquery and tsvector.
func quote(lexeme string) string {
	lexeme = strings.ReplaceAll(lexeme, conditionMark, "�")
	if !strings.ContainsAny(lexeme, `'\`) {
		return "'" + lexeme + "'"
	}
	return "'" + strings.NewReplacer("'", "''", `\`, `\\`).Replace(lexeme) + "'"
}
