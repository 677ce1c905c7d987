package catalog

import (
	"net/mail"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/measure"
)

// goodsKind is what sort of thing is sold: which law applies follows from it.
type goodsKind string

const (
	goodsPhysical goodsKind = "physical"
	goodsDigital  goodsKind = "digital"
	goodsService  goodsKind = "service"
)

// vatClass is what sort of supply a product is for value added tax (Directive 2006/112/EC, Art. 96 to 102).
type vatClass string

const (
	vatStandard     vatClass = "standard"
	vatReduced      vatClass = "reduced"
	vatSuperReduced vatClass = "super_reduced"
	vatZero         vatClass = "zero"
	vatExempt       vatClass = "exempt"
	vatDigital      vatClass = "digital"
)

// productFacts are what is known of a product beyond its name: the shop's own attributes, and what European law wants
// told. Values are replaced, never written into, so a copy may share them.
type productFacts struct {
	attributes     []attributeValue // by attribute
	goods          goodsKind        // empty is physical
	vatClass       vatClass         // empty when not known
	minimumAge     *int32
	gpsr           *gpsr
	guarantee      *guarantee
	energyLabel    *energyLabel
	energyRequired bool // the law asks for an energy label of this sort of product
	soldByMeasure  bool // by weight, volume, length or area
}

// gpsr is what an offer has to say by Regulation (EU) 2023/988, Art. 19.
type gpsr struct {
	manufacturer *operator
	responsible  *operator // in the Union; needed when the manufacturer is not
	warnings     []warning // by locale
	identifiers  []identifier
	safetyImages []id.ID // among the product's pictures
}

// operator is whom a shopper or an authority can turn to.
type operator struct {
	name    string
	address *string // postal
	country *string // ISO 3166-1 alpha-2
	email   *string
	url     *string
}

// warning is safety information in one language.
type warning struct {
	locale string
	text   string
}

// identifier tells a product apart: a batch, a model, a serial number.
type identifier struct {
	typ   string
	value string
}

// guarantee is what has to be told of guarantees by Directive (EU) 2024/825 and Regulation (EU) 2025/1960.
type guarantee struct {
	legal      *bool // nil: whatever the kind of goods implies
	durability *durability
}

// durability is a producer's guarantee: free, of the whole product, longer than the two years of the law.
type durability struct {
	months   int32
	producer string
}

// energyLabel is the label of Regulation (EU) 2017/1369.
type energyLabel struct {
	class    string
	scaleMin string // best
	scaleMax string // worst
	eprel    *string
	image    id.ID // among the product's pictures; zero for none
}

// variantFacts are what is known of a variant beyond its options: the shop's own attributes, what law, customs and
// trade want told, and the files of a digital one. Values are replaced, never written into.
type variantFacts struct {
	attributes []attributeValue
	measure    *measure.Measure
	hsCode     *string // six to ten digits
	origin     *string // ISO 3166-1 alpha-2
	gtin       *string
	mpn        *string
	lengthMM   *int64
	widthMM    *int64
	heightMM   *int64
	files      []digitalFile // by id, which is the order they were added in
}

// kind of goods, physical when nobody said.
func (f productFacts) kind() goodsKind {
	if f.goods == "" {
		return goodsPhysical
	}
	return f.goods
}

// legalGuarantee says whether the legal guarantee of conformity holds: of goods and digital content it does (Directives
// (EU) 2019/771 and 2019/770), of services it does not.
func (f productFacts) legalGuarantee() bool {
	if f.guarantee != nil && f.guarantee.legal != nil {
		return *f.guarantee.legal
	}
	return f.kind() != goodsService
}

// bare reports whether there is nothing to keep but attributes.
func (f productFacts) bare() bool {
	return f.goods == "" && f.vatClass == "" && f.minimumAge == nil && f.gpsr == nil && f.guarantee == nil && f.energyLabel == nil &&
		!f.energyRequired && !f.soldByMeasure
}

// bare reports whether there is nothing to keep but attributes and files.
func (f variantFacts) bare() bool {
	return f.measure == nil && f.hsCode == nil && f.origin == nil && f.gtin == nil && f.mpn == nil &&
		f.lengthMM == nil && f.widthMM == nil && f.heightMM == nil
}

// check is the condition of the facts being ones that could be true.
func (f productFacts) check() error {
	if f.gpsr != nil {
		if err := f.gpsr.check(); err != nil {
			return err
		}
	}
	if g := f.guarantee; g != nil && g.durability != nil {
		if g.durability.months <= 24 {
			return ErrFactInvalid.WithField("guarantee.durabilityLabel.months", "too_small", "A guarantee of durability is longer than the two years of the law.")
		}
		if strings.TrimSpace(g.durability.producer) == "" {
			return ErrFactInvalid.WithField("guarantee.durabilityLabel.producer", "required", "It must not be empty.")
		}
	}
	if e := f.energyLabel; e != nil && (e.scaleMin > e.class || e.class > e.scaleMax) {
		return ErrFactInvalid.WithField("energyLabel.class", "out_of_range", "The class stands outside of its scale, which goes from scaleMin, the best, to scaleMax.")
	}
	return nil
}

func (g *gpsr) check() error {
	for _, who := range []struct {
		field string
		*operator
	}{{"gpsr.manufacturer", g.manufacturer}, {"gpsr.responsiblePerson", g.responsible}} {
		if who.operator == nil {
			continue
		}
		if err := who.check(who.field); err != nil {
			return err
		}
	}
	if r := g.responsible; r != nil && r.country != nil && !inEEA(*r.country) {
		return ErrFactInvalid.WithField("gpsr.responsiblePerson.country", "not_allowed", "The responsible person is in the European Economic Area.")
	}
	for _, w := range g.warnings {
		if !localeTag().MatchString(w.locale) {
			return ErrFactInvalid.WithField("gpsr.warnings."+cutRunes(w.locale, 35), "malformed", "A language is written like de or de-AT.")
		}
		if strings.TrimSpace(w.text) == "" {
			return ErrFactInvalid.WithField("gpsr.warnings."+w.locale, "required", "It must not be empty.")
		}
	}
	for i, one := range g.identifiers {
		if strings.TrimSpace(one.typ) == "" || strings.TrimSpace(one.value) == "" {
			return ErrFactInvalid.WithField(indexed("gpsr.identifiers", i), "required", "An identifier has a type and a value.")
		}
	}
	return nil
}

func (o *operator) check(field string) error {
	if strings.TrimSpace(o.name) == "" {
		return ErrFactInvalid.WithField(field+".name", "required", "It must not be empty.")
	}
	if o.address != nil && strings.TrimSpace(*o.address) == "" {
		return ErrFactInvalid.WithField(field+".address", "required", "It must not be empty.")
	}
	if o.country != nil && !isCountry(*o.country) {
		return ErrFactInvalid.WithField(field+".country", "unknown", "It is not an ISO 3166-1 alpha-2 code in upper case.")
	}
	if o.email != nil {
		if a, err := mail.ParseAddress(*o.email); err != nil || a.Address != *o.email || !strings.Contains(*o.email, "@") {
			return ErrFactInvalid.WithField(field+".email", "malformed", "It is not an e-mail address.")
		}
	}
	if o.url != nil {
		if u, err := url.Parse(*o.url); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return ErrFactInvalid.WithField(field+".url", "malformed", "It is not an address such as https://maker.example.")
		}
	}
	return nil
}

func localeTag() *regexp.Regexp { return regexp.MustCompile(`^[a-z]{2,3}(-[A-Z]{2})?$`) }

// check is the condition of a variant's facts being ones that could be true. The measure has been checked when it was
// read.
func (f variantFacts) check(field string) error {
	if f.hsCode != nil && (len(*f.hsCode) < 6 || len(*f.hsCode) > 10 || strings.Trim(*f.hsCode, "0123456789") != "") {
		return ErrFactInvalid.WithField(join(field, "hsCode"), "malformed", "A customs code has 6 to 10 digits.")
	}
	if f.origin != nil && !isCountry(*f.origin) {
		return ErrFactInvalid.WithField(join(field, "countryOfOrigin"), "unknown", "It is not an ISO 3166-1 alpha-2 code in upper case.")
	}
	if f.gtin != nil && !isGTIN(*f.gtin) {
		return ErrFactInvalid.WithField(join(field, "gtin"), "check_digit", "A GTIN has 8, 12, 13 or 14 digits, of which the last follows from the others.")
	}
	if f.mpn != nil && (strings.TrimSpace(*f.mpn) == "" || utf8.RuneCountInString(*f.mpn) > 100) {
		return ErrFactInvalid.WithField(join(field, "mpn"), "invalid", "The maker's part number has 1 to 100 characters.")
	}
	return nil
}

// isGTIN checks a trade item number by the GS1 check digit: the digits, from the last but one to the left, count 3 and
// 1 in turn, and the last one makes the sum a multiple of ten.
func isGTIN(s string) bool {
	if !slices.Contains([]int{8, 12, 13, 14}, len(s)) || strings.Trim(s, "0123456789") != "" || strings.Trim(s, "0") == "" {
		return false
	}
	sum, weight := 0, 1
	for i := len(s) - 1; i >= 0; i-- {
		sum += int(s[i]-'0') * weight
		weight = 4 - weight
	}
	return sum%10 == 0
}

// factsFit holds what the facts refer to: pictures are the product's own, so that what shoppers are told to look at is
// there.
func (p *product) factsFit() error {
	if g := p.facts.gpsr; g != nil {
		for i, which := range g.safetyImages {
			if !p.shows(which) {
				return ErrFactImage.WithField(indexed("gpsr.safetyImageIds", i), "unknown", "The product does not show this picture.")
			}
			if slices.Contains(g.safetyImages[:i], which) {
				return ErrFactInvalid.WithField(indexed("gpsr.safetyImageIds", i), "duplicate", "The picture is named twice.")
			}
		}
	}
	if e := p.facts.energyLabel; e != nil && !e.image.IsZero() && !p.shows(e.image) {
		return ErrFactImage.WithField("energyLabel.labelImageId", "unknown", "The product does not show this picture.")
	}
	return nil
}

// factChanges is what of the facts of a product differs from an earlier state.
type factChanges struct {
	product  bool
	variants []id.ID // whose facts differ, also those of new ones
}

// factsSince compares the facts with those of an earlier state of the same product.
func (p *product) factsSince(before *product) factChanges {
	c := factChanges{product: !reflect.DeepEqual(p.facts, before.facts)}
	was := make(map[id.ID]*variantFacts, len(before.variants))
	for i := range before.variants {
		was[before.variants[i].id] = &before.variants[i].facts
	}
	for i := range p.variants {
		v := &p.variants[i]
		if old := was[v.id]; old == nil && !reflect.ValueOf(v.facts).IsZero() || old != nil && !reflect.DeepEqual(v.facts, *old) {
			c.variants = append(c.variants, v.id)
		}
	}
	return c
}

// factsHold is what a change of a product has to leave true: what the facts refer to is there, and the shop's markets
// are told what they want told. It returns what a published product lacks for them.
func (p *product) factsHold(before *product) ([]finding, error) {
	if err := p.factsFit(); err != nil {
		return nil, err
	}
	return p.fitForMarkets(before, p.markets)
}
