package catalog

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/measure"
	"github.com/sovecom/sovecom/kit/money"
	"github.com/sovecom/sovecom/kit/rpc"
)

// shelf is what of the shop a chunk of an import touches, and what becomes of it. It decides; loading and saving are
// store_import.go's.
type shelf struct {
	currency   string // of prices that name none
	at         time.Time
	bySlug     map[string]*shelved
	bySKU      map[string]*shelved // the product that has a SKU
	products   []*shelved          // in the order they were first touched
	categories forest
	tags       labels
	brands     labels
	markets    []market         // what they want is asked of what is published
	ruled      bool             // the shop has collections with rules
	pictures   map[string]image // by address and by id, those of this shop's media
	fetches    bool             // pictures at foreign addresses can be fetched
	wanted     []foreignPicture // that are to be
	seen       map[string]string
	dry        bool
	known      map[string]*attribute // by code
	strange    map[string]bool       // codes of attributes that the shop has not
	library    library
	rules      rpc.Rules // of messages, that files are held to as well
}

// shelved is a product with what it was before.
type shelved struct {
	p, before *product
	fresh     bool     // not in the shop yet
	filled    bool     // a wish has said what it is
	made      []string // SKUs that were made up
	// Its texts in other languages, and those of them that have changed.
	texts, rewritten written
}

// outcome of a wish.
type outcome int

const (
	wishFailed outcome = iota
	wishCreated
	wishUpdated
	wishUnchanged
)

// apply does what a wish asks, whole or not at all, and says what of it was refused, or else taken otherwise.
func (s *shelf) apply(w *wish) (outcome, []rowError) {
	if len(w.problems) > 0 {
		return wishFailed, w.report(w.problems)
	}
	h, e := s.find(w)
	if e != nil {
		return wishFailed, w.report([]rowError{*e.at(w.row)})
	}
	if h == nil { // a dry run has seen it begin in an earlier chunk
		return wishUnchanged, nil
	}
	before := h.p
	p := before.clone()
	change := &changing{shelf: s, w: w, p: &p, fresh: h.fresh && !h.filled, have: h.texts}
	if errs := change.all(); len(errs) > 0 {
		return wishFailed, w.report(errs)
	}
	result := wishUnchanged
	switch {
	case change.fresh:
		result = wishCreated
	case p.since(before).any:
		result = wishUpdated
	}
	for _, f := range change.wanted {
		f.product, f.row = p.id, w.row
		s.wanted = append(s.wanted, f)
	}
	h.p, h.filled = &p, true
	h.made = append(h.made, change.made...)
	s.keep(h, change.texted)
	if !slices.Contains(s.products, h) {
		s.products = append(s.products, h)
	}
	s.bySlug[p.slug] = h
	for _, v := range p.variants {
		s.bySKU[v.sku] = h
	}
	return result, w.report(append(slices.Clone(w.notes), change.notes...))
}

// find is the product a wish speaks of, or a new one.
func (s *shelf) find(w *wish) (*shelved, *rowError) {
	if w.slug == "" {
		if h := s.bySKU[w.variants[0].sku]; h != nil {
			return h, nil
		}
		return nil, problem("product_slug", "required", "No product has this SKU, and a new one needs a slug.", w.variants[0].sku)
	}
	if h := s.bySlug[w.slug]; h != nil {
		return h, nil
	}
	if s.dry && s.seen[seenProduct(w.slug)] != "" {
		return nil, nil
	}
	p := &product{id: id.New(), slug: w.slug, status: draft, version: 1, sequence: 1, createdAt: s.at, updatedAt: s.at}
	return &shelved{p: p, before: p, fresh: true}, nil
}

// changing is one wish being carried out on a copy of a product.
type changing struct {
	*shelf

	w      *wish
	p      *product
	fresh  bool
	made   []string
	have   written                // its texts in other languages
	texted written                // those that change
	met    map[id.ID]*variantWish // variants an earlier row of the wish was about
	notes  []rowError
	shared map[*variantWish]bool // rows whose SKU another variant has
	// Attributes of WooCommerce that no variation is chosen by.
	unchosen []described
	errs     []rowError
	wanted   []foreignPicture // pictures to be fetched
}

func (c *changing) complain(row int64, column string, err error) {
	if err == nil {
		return
	}
	e := explainRow(err, column)
	if v := c.variantIn(err); v != nil {
		e = v.report(e, c.w.lines)
	}
	c.errs = append(c.errs, *e.at(row))
}

// explainRow tells what a rule of the domain refused, as the report of a file tells it.
func explainRow(err error, column string) *rowError {
	f := fault.From(err)
	code := strings.TrimPrefix(f.Code(), "catalog.")
	if f.Kind() == fault.KindInternal {
		return problem(column, "internal", f.Message(), "")
	}
	message := f.Message()
	for _, field := range f.Fields() {
		message = field.Message
	}
	if errors.Is(err, rpc.ErrInvalid) && len(f.Fields()) > 0 {
		code, message = "invalid", f.Fields()[0].Field+": "+f.Fields()[0].Message
	}
	return problem(column, code, message, "")
}

func (c *changing) all() []rowError {
	c.met, c.shared = map[id.ID]*variantWish{}, map[*variantWish]bool{}
	before := c.p.clone()
	c.product()
	c.options()
	c.describe()
	c.p.mixed = true // two of them may change places
	for i := range c.w.variants {
		c.w.variants[i].settleSale(c.at)
		if e := c.variant(&c.w.variants[i]); e != nil {
			c.errs = append(c.errs, *c.w.variants[i].report(e, c.w.lines))
		}
	}
	c.p.mixed = false
	for i := range c.p.variants {
		if v := &c.p.variants[i]; c.met[v.id] != nil && len(c.errs) == 0 {
			c.complain(c.w.row, "option_value", c.p.apart(indexed("variants", i)+".options", v))
		}
	}
	if c.fresh && len(c.p.variants) == 0 && len(c.errs) == 0 {
		_, err := c.p.addVariant("", newVariant{price: money.Of(0, c.currency)}, false, c.at)
		c.complain(c.w.row, "", err)
	}
	c.shown()
	if c.w.patch.status != "" {
		c.p.status = c.w.patch.status
	}
	c.withdrawn()
	if len(c.errs) == 0 && (c.fresh || c.p.since(&before).any) {
		err := c.p.fitForSale()
		if errors.Is(err, ErrBundleEmpty) {
			c.complain(c.w.row, "components", err)
		} else {
			c.complain(c.w.row, "price", err)
		}
		c.complain(c.w.row, "", c.p.fits())
		c.p.markets = c.markets
		_, err = c.p.factsHold(&before)
		c.complain(c.w.row, "", err)
	}
	if len(c.errs) == 0 {
		c.nameSKUs()
		if c.texted = c.texts(c.have); len(c.texted) > 0 {
			c.p.translated = true
		}
	}
	if len(c.errs) == 0 {
		c.sorted() // last: what it makes is kept
	}
	return c.errs
}

// withdrawn makes a draft of a product of another shop system that is published there and costs nothing.
func (c *changing) withdrawn() {
	if c.w.from == ourOwn || c.p.status != published {
		return
	}
	err := c.p.fitForSale()
	if !errors.Is(err, ErrPriceMissing) {
		return
	}
	c.p.status = draft
	e, row := problem("price", "price_missing", "A published product must not cost nothing. It was taken as a draft.", ""), c.w.row
	if v := c.variantIn(err); v != nil {
		e, row = v.report(e, c.w.lines), v.row
	}
	c.notes = append(c.notes, *e.at(row))
}

// product changes the product's own texts.
func (c *changing) product() {
	patch := c.w.patch
	patch.status = "" // when its variants are right
	if patch.title == nil && c.fresh || patch.title != nil && strings.TrimSpace(*patch.title) == "" {
		c.errs = append(c.errs, *problem("title", "required", "A product needs a title.", "").at(c.w.row))
		return
	}
	// A file cannot tell an empty text from none.
	for text, now := range map[*textPatch]*string{
		&patch.description: c.p.description, &patch.seoTitle: c.p.seoTitle, &patch.seoDescription: c.p.seoDescription,
	} {
		if text.value == nil && now != nil && *now == "" {
			text.set = false
		}
	}
	// A moment that stays is not set anew: why the last one came to nothing stays, too.
	patch.publishAt.set = patch.publishAt.set && !sameTime(patch.publishAt.value, c.p.schedule.publishAt)
	patch.unpublishAt.set = patch.unpublishAt.set && !sameTime(patch.unpublishAt.value, c.p.schedule.unpublishAt)
	c.complain(c.w.row, "publish_at", c.p.change(patch))
	switch {
	case c.w.bundle == nil:
	case c.fresh:
		c.p.bundle = *c.w.bundle
	case c.p.bundle != *c.w.bundle:
		c.errs = append(c.errs, *problem("kind", "kind_fixed", "A product is born a bundle, or never becomes one.", "").at(c.w.row))
	}
	c.w.settleFacts()
	facts, err := applyProductFacts(c.p.facts, c.w.facts)
	if err == nil && c.w.facts != nil {
		err = c.rules.Check(c.w.facts.GetValues())
	}
	if err == nil {
		facts.attributes, err = setAttributes("", facts.attributes, c.w.attributes, c.known)
	}
	if err != nil {
		c.complain(c.w.row, columnOf(err, "goods"), err)
		return
	}
	c.p.facts = facts
}

// options names the values that were given by column, and gives the product the options of the file that it has not, in the
// order of the file.
func (c *changing) options() {
	names := slices.Clone(c.w.options)
	if c.w.from == wooCommerce { // what no variation is chosen by describes the product
		names = slices.DeleteFunc(names, func(name string) bool {
			chosen := slices.ContainsFunc(c.w.variants, func(v variantWish) bool { return v.options[name] != "" })
			if text := strings.Join(c.w.values[name], ", "); !chosen && text != "" {
				c.unchosen = append(c.unchosen, described{headerKey(name), name, text})
			}
			return !chosen
		})
	}
	for i, o := range c.p.options {
		if i == len(names) {
			names = append(names, "")
		}
		if names[i] == "" {
			names[i] = o.name
		}
	}
	for i := range c.w.variants {
		v := &c.w.variants[i]
		if v.options != nil {
			continue
		}
		for at, value := range v.position {
			switch {
			case value == "":
			case at >= len(names) || names[at] == "":
				c.errs = append(c.errs, *v.report(problem("option_name", "required", "The option has a value and no name.", value), c.w.lines))
			case c.w.from == shopify && names[at] == "Title" && value == "Default Title": // how others say: no options
			default:
				if v.options == nil {
					v.options = map[string]string{}
				}
				v.options[names[at]] = value
			}
		}
	}
	for _, name := range names {
		if slices.ContainsFunc(c.p.options, func(o option) bool { return o.name == name }) {
			continue // it grows with what variants have
		}
		o := option{name: name, values: slices.Clone(c.w.values[name])}
		seen := map[string]bool{}
		for _, value := range o.values {
			seen[value] = true
		}
		for i := range c.w.variants {
			if value, ok := c.w.variants[i].options[name]; ok && !seen[value] {
				seen[value] = true
				o.values = append(o.values, value)
			}
		}
		if len(o.values) > 0 {
			c.p.options = append(c.p.options, o)
		}
	}
	c.complain(c.w.row, "option_value", checkOptions(c.p.options))
}

// which is the variant a row is about; nil when it is a new one. A SKU names it, else its options, else its title.
func (c *changing) which(w *variantWish) (*variant, *rowError) {
	found, taken := c.bySKUOf(w)
	switch {
	case found != nil:
		return found, nil
	case taken != nil && (c.w.from == ourOwn || taken.code == archivedVariant):
		return nil, taken
	case taken != nil: // others let variants share a SKU
		c.shared[w] = true
		taken.message += " A SKU is unique here, so this variant has one that is made from the slug."
		c.notes = append(c.notes, *taken.at(w.row))
	}
	sku := c.skuOf(w)
	for i := range c.p.variants {
		v := &c.p.variants[i]
		if v.archived || !maps.Equal(v.options, w.options) {
			continue
		}
		if earlier := c.met[v.id]; earlier != nil {
			if sku == "" && w.title == earlier.title {
				return nil, problem("variant_sku", "duplicate", "An earlier row speaks of a variant with the same options. Two of them need a SKU each.", "")
			}
			continue
		}
		if len(w.options) == 0 && (w.title != "" && w.title != v.title || sku != "" && v.sku != c.p.makeSKU(*v)) {
			continue // without options, only a made-up SKU gives way to a real one
		}
		if found != nil {
			return nil, problem("variant_sku", "ambiguous", "More than one variant could be meant. Name it by its SKU.", "")
		}
		found = v
	}
	return found, nil
}

// archivedVariant is the code of a row about a variant that is kept only because it has been sold.
const archivedVariant = "variant_archived"

// bySKUOf is the variant of the product that has the SKU of a row, or why it cannot have that SKU; neither when nobody has it.
func (c *changing) bySKUOf(w *variantWish) (found *variant, taken *rowError) {
	if w.sku == "" {
		return nil, nil //nolint:nilnil // as the comment says
	}
	if other := c.bySKU[w.sku]; other != nil && other.p.id != c.p.id {
		return nil, problem("variant_sku", "sku_taken", "The SKU belongs to the product "+other.p.slug+".", w.sku)
	}
	if slug, ok := c.seen[seenSKU(w.sku)]; ok && slug != c.p.slug {
		return nil, problem("variant_sku", "sku_taken", "The SKU belongs to the product "+slug+".", w.sku)
	}
	for i := range c.p.variants {
		switch v := &c.p.variants[i]; {
		case v.sku != w.sku:
		case c.met[v.id] != nil:
			return nil, problem("variant_sku", "sku_taken", "Two rows of the product have this SKU.", w.sku)
		case v.archived:
			return nil, problem("variant_sku", archivedVariant, ErrVariantArchived.Message(), w.sku)
		default:
			return v, nil
		}
	}
	return nil, nil //nolint:nilnil // as the comment says
}

// skuOf is the SKU that a row gives its variant; empty for none.
func (c *changing) skuOf(w *variantWish) string {
	if c.shared[w] {
		return ""
	}
	return w.sku
}

func (c *changing) variant(w *variantWish) *rowError {
	v, e := c.which(w)
	if e != nil {
		return e
	}
	if v == nil {
		return c.add(w)
	}
	c.met[v.id] = w
	if e := c.variantFacts(v, w); e != nil {
		return e
	}
	which := v.id
	patch, e := c.patch(v, w)
	if e != nil {
		return e
	}
	if patch == nil {
		return c.consists(which, w)
	}
	was := c.p.status
	c.p.status = draft // whether it may be sold is looked at when all its variants are right
	err := c.p.changeVariant(v.id, *patch)
	c.p.status = was
	if err != nil {
		return explainRow(err, columnOf(err, ""))
	}
	return c.consists(which, w)
}

// consists says what a variant of a bundle is made of, and gives a variant its files.
func (c *changing) consists(which id.ID, w *variantWish) *rowError {
	for _, f := range w.files {
		if e := c.file(which, f); e != nil {
			return e
		}
	}
	if w.components == nil || !c.p.bundle && len(*w.components) == 0 {
		return nil
	}
	wanted, parts := make([]component, 0, len(*w.components)), map[id.ID]part{}
	for _, want := range *w.components {
		if want.quantity < 1 || want.quantity > maxParts {
			return problem("components", "out_of_range", "A bundle has 1 to 1000 units of each part.", want.sku)
		}
		made, known := c.part(want.sku)
		if !known && c.dry && c.seen[seenSKU(want.sku)] != "" { // a dry run has seen it begin
			made, known = part{component: component{variant: id.New()}}, true
		}
		if !known {
			return problem("components", "component_unknown", "No variant has this SKU. What a bundle is made of comes before it in the file.", want.sku)
		}
		parts[made.variant] = made
		wanted = append(wanted, component{variant: made.variant, quantity: want.quantity})
	}
	if err := c.p.compose(which, wanted, parts); err != nil {
		return explainRow(err, "components")
	}
	return nil
}

// maxParts is how many units of one variant a bundle has at most.
const maxParts = 1000

// part is the variant with a SKU, as one who makes a bundle of it has to know it.
func (c *changing) part(sku string) (part, bool) {
	among := []*product{c.p}
	if h := c.bySKU[sku]; h != nil && h.p.id != c.p.id {
		among = append(among, h.p)
	}
	for _, p := range among {
		for _, v := range p.variants {
			if v.sku == sku {
				made := component{variant: v.id, productSlug: p.slug, title: p.title, variantTitle: v.title, available: v.available && !v.archived}
				return part{made, v.shortOf, p.bundle, v.archived}, true
			}
		}
	}
	return part{}, false
}

// file gives a variant a file, or changes what is said of the one it has.
func (c *changing) file(which id.ID, line fileLine) *rowError {
	f := digitalFile{
		id: id.New(), key: line.Key, name: line.Name, limit: line.DownloadLimit, expiresAfter: line.ExpiresAfterDays, version: 1, createdAt: c.at, updatedAt: c.at,
	}
	if line.MediaID != nil {
		var err error
		if f.media, err = id.Parse(*line.MediaID); err != nil {
			return problem("files", "invalid", "A mediaId is the id of an upload.", *line.MediaID)
		}
	}
	err := c.rules.Check(&catalogv1.AddVariantFileRequest{
		ProductId: c.p.id.String(), VariantId: which.String(), MediaId: line.MediaID, Key: line.Key, Name: line.Name,
		DownloadLimit: line.DownloadLimit, ExpiresAfterDays: line.ExpiresAfterDays,
	})
	if err != nil {
		return explainRow(err, "files")
	}
	have := c.p.variant(which).facts.files
	at := slices.IndexFunc(have, func(h digitalFile) bool {
		return !f.media.IsZero() && h.media == f.media || h.key != nil && f.key != nil && *h.key == *f.key
	})
	if at < 0 {
		err = c.p.addFile(which, f)
	} else {
		err = c.p.changeFile(which, have[at].id, 0, filePatch{
			name: &f.name, limit: f.limit, clearLimit: true, expiresAfter: f.expiresAfter, clearExpires: true,
		}, c.at)
	}
	if err != nil {
		return explainRow(err, "files")
	}
	return nil
}

// patch is how a variant has to change; nil when it is as it should be.
func (c *changing) patch(v *variant, w *variantWish) (*variantPatch, *rowError) {
	patch, differs := &variantPatch{}, false
	if sku := c.skuOf(w); sku != "" && sku != v.sku {
		patch.sku, differs = &sku, true
	}
	if w.title != "" && w.title != v.title {
		patch.title, differs = &w.title, true
	}
	if len(w.options) > 0 && !maps.Equal(w.options, v.options) {
		patch.options, differs = w.options, true
	}
	currency := v.price.Currency
	if w.currency != "" {
		if currency = w.currency; currency != v.price.Currency && w.price == nil {
			return nil, problem("price", "required", "Another currency needs another price.", currency)
		}
	}
	if w.price != nil {
		n, e := w.price.in(currency)
		if e != nil {
			return nil, e
		}
		if price := money.Of(n, currency); price != v.price {
			patch.price, differs = &price, true
		}
	}
	switch {
	case w.compareAt != nil:
		n, e := w.compareAt.in(currency)
		if e != nil {
			return nil, e
		}
		if compareAt := money.Of(n, currency); v.compareAt == nil || *v.compareAt != n || currency != v.price.Currency {
			patch.compareAt, differs = &compareAt, true
		}
	case w.clearCompareAt && v.compareAt != nil:
		patch.clearCompareAt, differs = true, true
	}
	switch {
	case w.weight != nil && (v.weight == nil || *v.weight != *w.weight):
		patch.weight, differs = w.weight, true
	case w.weight == nil && w.clearWeight && v.weight != nil:
		patch.clearWeight, differs = true, true
	}
	if w.prices != nil {
		stated, e := furtherPrices(*w.prices)
		if e != nil {
			return nil, e
		}
		if !v.states(stated) {
			patch.prices, differs = &stated, true
		}
	}
	if !differs {
		return nil, nil
	}
	return patch, nil
}

// maxFurtherPrices is how many prices in further currencies a variant has.
const maxFurtherPrices = 100

// furtherPrices are the prices a file states in further currencies.
func furtherPrices(wanted []priceWish) ([]statedPrice, *rowError) {
	if len(wanted) > maxFurtherPrices {
		return nil, problem("prices", "too_many", "A variant has prices in at most 100 further currencies.", "")
	}
	out := make([]statedPrice, len(wanted))
	for i, want := range wanted {
		n, e := want.price.in(want.currency)
		if e != nil {
			return nil, e
		}
		out[i].price = money.Of(n, want.currency)
		if want.compareAt == nil {
			continue
		}
		if n, e = want.compareAt.in(want.currency); e != nil {
			return nil, e
		}
		out[i].compareAt = new(money.Of(n, want.currency))
	}
	return out, nil
}

// states reports whether the prices in further currencies are these.
func (v *variant) states(stated []statedPrice) bool {
	return len(stated) == len(v.more) && !slices.ContainsFunc(v.more, func(b basePrice) bool {
		return !slices.ContainsFunc(stated, func(s statedPrice) bool {
			return s.price == b.price && (s.compareAt == nil) == (b.compareAt == nil) && (s.compareAt == nil || s.compareAt.Amount == *b.compareAt)
		})
	})
}

func (c *changing) add(w *variantWish) *rowError {
	price := w.price
	if price == nil && c.w.from == wooCommerce {
		price = &amount{"0", true, "price"}
	}
	if price == nil {
		return problem("price", "required", "A new variant needs a price.", "")
	}
	currency := w.currency
	if currency == "" && len(c.p.variants) > 0 {
		currency = c.p.variants[0].price.Currency
	}
	if currency == "" {
		currency = c.currency
	}
	n, e := price.in(currency)
	if e != nil {
		return e
	}
	in := newVariant{
		sku: c.skuOf(w), title: w.title, options: w.options, price: money.Of(n, currency), weight: w.weight, initialStock: w.stock, allowBackorder: w.backorder,
	}
	if w.compareAt != nil {
		if n, e = w.compareAt.in(currency); e != nil {
			return e
		}
		compareAt := money.Of(n, currency)
		in.compareAt = &compareAt
	}
	if w.prices != nil {
		if in.prices, e = furtherPrices(*w.prices); e != nil {
			return e
		}
	}
	v, err := c.p.addVariant("", in, true, c.at)
	if err != nil {
		return explainRow(err, columnOf(err, ""))
	}
	which := v.id
	c.met[which] = w
	if e := c.variantFacts(v, w); e != nil {
		return e
	}
	return c.consists(which, w)
}

// variantFacts changes what law, customs and trade want known. A measure of another shop system that has no unit of ours is
// passed over.
func (c *changing) variantFacts(v *variant, w *variantWish) *rowError {
	attributes, err := setAttributes("", v.facts.attributes, w.attributes, c.known)
	if err != nil {
		return explainRow(err, columnOf(err, ""))
	}
	v.facts.attributes = attributes
	if w.facts == nil {
		return nil
	}
	if m := w.facts.GetValues().GetUnitPrice(); m != nil && c.w.from != ourOwn {
		if _, err := measure.New(m.GetQuantity(), m.GetUnit(), m.GetBaseQuantity(), m.GetBaseUnit()); err != nil {
			c.notes = append(c.notes, *w.report(problem("unit_quantity", "unit_invalid", "This measure of a unit price is none that is known here. It was left out.", ""), false))
			w.facts.Given = slices.DeleteFunc(w.facts.GetGiven(), func(name string) bool { return name == "unit_price" })
		}
	}
	facts, err := applyVariantFacts("", v.facts, w.facts)
	if err != nil {
		return explainRow(err, columnOf(err, ""))
	}
	v.facts = facts
	return nil
}

// columnOf is the column that a refusal is about; byDefault when it does not say.
func columnOf(err error, byDefault string) string {
	for _, field := range fault.From(err).Fields() {
		switch name := field.Field; {
		case strings.HasPrefix(name, "price.currency"):
			return "currency"
		case strings.HasPrefix(name, "prices"):
			return "prices"
		case strings.HasPrefix(name, "price"):
			return "price"
		case strings.HasPrefix(name, "compareAtPrice"):
			return "compare_at_price"
		case strings.HasPrefix(name, "options"):
			return "option_value"
		case strings.HasPrefix(name, "unitPrice"):
			return "unit_quantity"
		case name == "hsCode":
			return "hs_code"
		case name == "countryOfOrigin":
			return "country_of_origin"
		case name == "gtin", name == "mpn", strings.HasPrefix(name, "attributes"), strings.HasPrefix(name, "gpsr"), strings.HasPrefix(name, "guarantee"),
			strings.HasPrefix(name, "energyLabel"), name == "minimumAge":
			return name
		}
	}
	return byDefault
}

// nameSKUs makes the SKUs of variants that got none.
func (c *changing) nameSKUs() {
	c.made = c.p.makeSKUs()
	for _, sku := range c.made {
		if other := c.bySKU[sku]; other != nil && other.p.id != c.p.id || c.seen[seenSKU(sku)] != "" && c.seen[seenSKU(sku)] != c.p.slug {
			c.p.renameSKUs([]string{sku})
		}
	}
}

// shown sets the pictures: those of the file that are media of this shop, or were fetched before. When none of them is, the
// product keeps its own. Those that could be fetched follow later.
func (c *changing) shown() {
	var list []image
	place := int32(0)
	if c.w.from != ourOwn {
		slices.SortStableFunc(c.w.pictures, func(a, b pictureWish) int { return cmp.Compare(a.place, b.place) })
	}
	for i, want := range c.w.pictures {
		if want.alt == nil && i < len(c.w.alts) {
			want.alt = c.w.alts[i]
		}
		img, ok := c.picture(want)
		switch {
		case place >= maxImages:
			c.lose(want, ErrTooMany.WithMessage("A product has at most 100 pictures."))
			continue
		case ok:
		case !want.media.IsZero() || !isForeign(want.url):
			c.lose(want, ErrPictureUnknown)
			continue
		default:
			if c.fetches {
				c.wanted = append(c.wanted, foreignPicture{id: id.New(), url: want.url, alt: want.alt, position: place, status: pictureWaiting})
				place++
			}
			continue
		}
		place++
		if want.alt != nil {
			img.alt, img.ownAlt = *want.alt, true
		}
		list = append(list, img)
	}
	if len(list) > 0 {
		c.p.setImages(list)
	}
	c.pictured()
}

// pictured lets variants be shown by pictures of the product: those it has at once, others when they have been fetched.
func (c *changing) pictured() {
	for i := range c.p.variants {
		v := &c.p.variants[i]
		w := c.met[v.id]
		if w == nil {
			continue
		}
		if w.clearPicture {
			v.image = id.ID{}
		}
		if w.picture == nil {
			continue
		}
		if img, ok := c.picture(*w.picture); ok && c.p.shows(img.id) {
			v.image = img.id
			continue
		}
		at := slices.IndexFunc(c.wanted, func(f foreignPicture) bool { return f.status == pictureWaiting && f.url == w.picture.url })
		switch {
		case at >= 0:
			c.wanted[at].variants = append(c.wanted[at].variants, v.id)
		case c.w.from == ourOwn && (c.fetches || !isForeign(w.picture.url)):
			e := problem("variant_image", "variant_image_unknown", "The product has no such picture. It was left out.", w.picture.name())
			c.notes = append(c.notes, *w.report(e, c.w.lines))
		}
	}
}

// lose reports a picture that the product will not have. The product is taken without it.
func (c *changing) lose(want pictureWish, why *fault.Fault) {
	if !c.fetches {
		return
	}
	c.wanted = append(c.wanted, foreignPicture{id: id.New(), url: cut(want.name(), maxPictureURL), alt: want.alt, status: pictureFailed, code: why.Code(), message: why.Message()})
}

func (c *changing) picture(want pictureWish) (image, bool) {
	path := mediaPath(want.url)
	for _, img := range c.p.images {
		if !want.media.IsZero() && img.id == want.media || path != "" && mediaPath(img.url) == path {
			return img, true
		}
	}
	key := path
	if !want.media.IsZero() {
		key = want.media.String()
	}
	if img, ok := c.pictures[key]; ok && key != "" {
		return img, true
	}
	img, ok := c.pictures[want.url]
	if !ok || !isForeign(want.url) {
		return image{}, false
	}
	for _, own := range c.p.images {
		if own.id == img.id {
			return own, true
		}
	}
	return img, true
}

// mediaPath is the path of an address at which this shop could serve a picture; empty for others.
func mediaPath(url string) string {
	if i := strings.Index(url, "/media/"); i >= 0 {
		return url[i:]
	}
	return ""
}

// sorted puts the product into categories and gives it tags. What the shop does not have yet is made.
func (c *changing) sorted() {
	if c.w.categories != nil || c.w.categoryID != nil {
		var ids []id.ID
		if c.w.categories != nil {
			found, err := c.categories.place(*c.w.categories, c.p.categories, c.at)
			if err != nil {
				c.complain(c.w.row, "categories", err)
				return
			}
			ids = found
			for i, path := range *c.w.categories {
				c.renamed("categories", writePath(path), writePath(c.categories.path(ids[i])))
			}
		}
		if c.w.categoryID != nil {
			for _, want := range *c.w.categoryID {
				if _, ok := c.categories.all[want]; !ok {
					c.errs = append(c.errs, *problem("categoryIds", "category_unknown", ErrCategoryUnknown.Message(), want.String()).at(c.w.row))
					return
				}
				ids = append(ids, want)
			}
		}
		c.p.setCategories(ids)
	}
	if c.w.tags != nil || c.w.tagID != nil {
		var ids []id.ID
		if c.w.tagID != nil {
			for _, want := range *c.w.tagID {
				if !slices.Contains(c.tags.known, want) {
					c.errs = append(c.errs, *problem("tagIds", "tag_unknown", ErrTagUnknown.Message(), want.String()).at(c.w.row))
					return
				}
				ids = append(ids, want)
			}
		}
		if c.w.tags != nil {
			placed := c.tags.place(*c.w.tags, c.p.tags)
			for i, name := range *c.w.tags {
				c.renamed("tags", name, c.tags.names[placed[i]])
			}
			ids = append(ids, placed...)
		}
		c.p.setTags(ids)
	}
	switch {
	case !c.w.brand.set:
	case strings.Trim(textOf(c.w.brand.value), nameSpaces) == "": // a brand has a name
		c.p.brand = id.ID{}
	default:
		c.p.brand = c.brands.place([]string{*c.w.brand.value}, []id.ID{c.p.brand})[0]
		c.renamed("brand", *c.w.brand.value, c.brands.names[c.p.brand])
	}
}

// renamed tells when something that is there is meant by a name that is written otherwise.
func (c *changing) renamed(column, name, is string) {
	if earlier := c.seen[seenName(column, name)]; earlier != "" && is == name {
		is = earlier // a dry run has seen it made
	}
	if name != is {
		c.notes = append(c.notes, *problem(column, "written_otherwise", "This is written otherwise here: "+clip(is)+".", name).at(c.w.row))
	}
}

// fits refuses a product whose texts are too large together.
func (p *product) fits() error {
	if p.length() < maxDocument/2 { // far from it, so it need not be rendered twice
		return nil
	}
	_, err := render(p)
	return err
}

// length is about how many bytes the product's document has.
func (p *product) length() int {
	const around, aroundVariant, aroundImage, aroundValue = 1000, 300, 300, 40 // ids, times and numbers
	n := around + len(p.title) + len(p.slug)
	for _, text := range []*string{p.description, p.seoTitle, p.seoDescription} {
		n += len(textOf(text))
	}
	for _, o := range p.options {
		n += len(o.name) + len(strings.Join(o.values, "  "))
	}
	for _, img := range p.images {
		n += aroundImage + len(img.url) + len(img.alt)
		for _, alt := range img.alts {
			n += len(alt)
		}
	}
	values := func(list []attributeValue) {
		for _, a := range list {
			n += aroundValue + len(strings.Join(a.values, "  "))
		}
	}
	values(p.facts.attributes)
	if g := p.facts.gpsr; g != nil {
		n += len(fmt.Sprint(g.warnings, g.identifiers, g.safetyImages)) + 8*around
	}
	for _, v := range p.variants {
		n += aroundVariant + len(v.sku) + len(v.title) + aroundValue*len(v.more)
		for name, value := range v.options {
			n += len(name) + len(value)
		}
		values(v.facts.attributes)
		for _, c := range v.components {
			n += aroundVariant + len(c.title) + len(c.variantTitle)
		}
	}
	return n
}

// forest is the tree of categories, with those that are to be made.
type forest struct {
	all   map[id.ID]*category
	below map[id.ID]map[string][]id.ID // by parent and what namesakes share
	fresh []*category
	slugs map[string]bool // in use
}

func newForest(list []*category) forest {
	f := forest{all: map[id.ID]*category{}, below: map[id.ID]map[string][]id.ID{}, slugs: map[string]bool{}}
	for _, c := range list {
		f.add(c)
	}
	return f
}

func (f *forest) add(c *category) {
	f.all[c.id] = c
	f.slugs[c.slug] = true
	if f.below[c.parent] == nil {
		f.below[c.parent] = map[string][]id.ID{}
	}
	f.below[c.parent][namesake(c.name)] = append(f.below[c.parent][namesake(c.name)], c.id)
}

// path is a category's names from the top.
func (f *forest) path(which id.ID) []string {
	var names []string
	for c := f.all[which]; c != nil && len(names) < maxDepth; c = f.all[c.parent] {
		names = append(names, c.name)
	}
	slices.Reverse(names)
	return names
}

// missing reports whether a path leads to a category that is not there.
func (f *forest) missing(path []string) bool {
	at := []id.ID{{}}
	for _, name := range path {
		var next []id.ID
		for _, parent := range at {
			next = append(next, f.below[parent][namesake(name)]...)
		}
		if at = next; len(at) == 0 {
			return true
		}
	}
	return false
}

// place finds the categories at the paths, and makes those that are not there. Where two have the same path, those the
// product stands in already are meant.
func (f *forest) place(paths [][]string, current []id.ID, at time.Time) ([]id.ID, error) {
	need := 0
	for _, path := range paths {
		if f.missing(path) {
			need += len(path)
		}
	}
	if need > 0 && len(f.all)+need > maxCategories {
		return nil, ErrCategoryTooMany
	}
	ids := []id.ID{}
	for _, path := range paths {
		candidates := []id.ID{{}}
		for _, name := range path {
			var next []id.ID
			for _, parent := range candidates {
				next = append(next, f.below[parent][namesake(name)]...)
			}
			if len(next) == 0 {
				next = []id.ID{f.grow(candidates[0], name, at)}
			}
			candidates = next
		}
		ids = append(ids, preferred(candidates, current, func(which id.ID) bool { return slices.Equal(f.path(which), path) }))
	}
	return ids, nil
}

// preferred is which of several with the same name is meant: one that is written the same, those the product has already first.
func preferred(candidates, current []id.ID, exact func(which id.ID) bool) id.ID {
	best, rank := candidates[0], -1
	for _, candidate := range candidates {
		n := 0
		if exact(candidate) {
			n += 2
		}
		if slices.Contains(current, candidate) {
			n++
		}
		if n > rank {
			best, rank = candidate, n
		}
	}
	return best
}

func (f *forest) grow(parent id.ID, name string, at time.Time) id.ID {
	c := &category{id: id.New(), name: name, parent: parent, version: 1, createdAt: at, updatedAt: at}
	c.slug = freeSlug(makeSlug(name, c.id), f.slugs)
	f.add(c)
	f.fresh = append(f.fresh, c)
	return c.id
}

func freeSlug(base string, used map[string]bool) string {
	for _, choice := range slugChoices(base) {
		if !used[choice] {
			return choice
		}
	}
	return base + "-" + shortID(id.New())
}

// label is a tag or a brand that is to be made.
type label struct {
	id         id.ID
	slug, name string
}

// labels are the tags or brands a chunk speaks of, with those that are to be made.
type labels struct {
	byName map[string][]id.ID // by what namesakes share
	names  map[id.ID]string
	known  []id.ID
	fresh  []label
	slugs  map[string]bool // in use, among those that could be made
}

func newLabels() labels {
	return labels{byName: map[string][]id.ID{}, names: map[id.ID]string{}, slugs: map[string]bool{}}
}

// missing are the slugs that could be made for names that are not there.
func (l *labels) missing(names []string) (choices []string) {
	for _, name := range names {
		if len(l.byName[namesake(name)]) == 0 {
			choices = append(choices, slugChoices(makeSlug(name, id.ID{}))...)
		}
	}
	slices.Sort(choices)
	return slices.Compact(choices)
}

// place finds those with these names, and makes those that are not there.
func (l *labels) place(names []string, current []id.ID) []id.ID {
	ids := []id.ID{}
	for _, name := range names {
		key := namesake(name)
		if len(l.byName[key]) == 0 {
			t := label{id: id.New(), name: name}
			t.slug = freeSlug(makeSlug(name, t.id), l.slugs)
			l.slugs[t.slug] = true
			l.byName[key], l.names[t.id] = []id.ID{t.id}, name
			l.fresh = append(l.fresh, t)
		}
		ids = append(ids, preferred(l.byName[key], current, func(which id.ID) bool { return l.names[which] == name }))
	}
	return ids
}

// What a dry run notes of what it would have taken.
func seenProduct(slug string) string { return "product " + slug }

func seenSKU(sku string) string { return "sku " + sku }

// seenName is short enough for an index, however long the name.
func seenName(column, name string) string {
	sum := sha256.Sum256([]byte(namesake(name)))
	return column + " " + hex.EncodeToString(sum[:])
}
