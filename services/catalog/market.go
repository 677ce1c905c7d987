package catalog

import (
	"slices"
	"strings"

	"github.com/sovecom/sovecom/kit/id"
)

// enforcement says what happens to a product that lacks something.
type enforcement string

const (
	marketWarn  enforcement = "warn"  // it is told
	marketBlock enforcement = "block" // the product cannot be published
)

// market is a country of the European Economic Area that the shop sells to.
type market struct {
	country     string
	enforcement enforcement
	measured    []id.ID // categories whose goods are sold by measure, the same in all markets
}

func (m market) equal(o market) bool { return m.country == o.country && m.enforcement == o.enforcement }

// checkMarkets refuses markets no rule is known of, and one named twice.
func checkMarkets(markets []market) error {
	seen := map[string]bool{}
	for i, m := range markets {
		switch {
		case !inEEA(m.country):
			return ErrMarketInvalid.WithField(indexed("markets", i)+".country", "unknown", "It is not the code of a country in the European Economic Area.")
		case seen[m.country]:
			return ErrMarketInvalid.WithField(indexed("markets", i)+".country", "duplicate", "The country is named twice.")
		}
		seen[m.country] = true
	}
	return nil
}

// finding is one thing a product lacks for one market.
type finding struct {
	market   string
	field    string
	rule     string // the law that asks for it
	message  string
	required bool  // else it is only worth a warning
	variant  id.ID // whose it is; zero for the product's own
	kind     string
}

// The laws behind the findings.
const (
	ruleGPSR      = "Regulation (EU) 2023/988, Art. 19"
	ruleGPSRImage = "Regulation (EU) 2023/988, Art. 19(c)"
	ruleGPSRWarn  = "Regulation (EU) 2023/988, Art. 19(d)"
	ruleGPSRRep   = "Regulation (EU) 2023/988, Art. 16 and 19(b)"
	ruleUnitPrice = "Directive 98/6/EC, Art. 3"
	ruleGuarantee = "Directive 2011/83/EU, Art. 6(1)(l), as amended by Directive (EU) 2024/825"
	ruleVAT       = "Directive 2006/112/EC, Art. 96 to 102"
	ruleEnergy    = "Regulation (EU) 2017/1369, Art. 5 and 6"
	ruleCustoms   = "Regulation (EU) No 952/2013, Art. 56 and 59"
)

// lacking lists what a product lacks for markets, in their order. It says nothing of what the product's prices or
// texts should be, only of what the law wants told with an offer.
func (p *product) lacking(markets []market) []finding {
	var out []finding
	for _, m := range markets {
		lacks := func(kind, field, rule, message string, required bool, variant id.ID) {
			out = append(out, finding{m.country, field, rule, message, required, variant, kind})
		}
		p.lackingOfProduct(m, lacks)
		for i := range p.variants {
			p.lackingOfVariant(m, &p.variants[i], indexed("variants", i), lacks)
		}
	}
	return out
}

func (p *product) lackingOfProduct(m market, lacks func(kind, field, rule, message string, required bool, variant id.ID)) {
	f := p.facts
	if f.vatClass == "" {
		lacks("vat", "vatClass", ruleVAT, "The VAT class is not set.", true, id.ID{})
	}
	if f.kind() != goodsPhysical {
		return // the rules below are of products that are handed over
	}
	g := f.gpsr
	if g == nil {
		g = &gpsr{}
	}
	switch maker := g.manufacturer; {
	case maker == nil:
		lacks("manufacturer", "gpsr.manufacturer", ruleGPSR+"(a)", "The manufacturer is not named.", true, id.ID{})
	default:
		if maker.address == nil {
			lacks("manufacturer_address", "gpsr.manufacturer.address", ruleGPSR+"(a)", "The manufacturer has no postal address.", true, id.ID{})
		}
		if maker.email == nil && maker.url == nil {
			lacks("manufacturer_contact", "gpsr.manufacturer.email", ruleGPSR+"(a)", "The manufacturer has no electronic address: an e-mail or a web address.", true, id.ID{})
		}
		switch {
		case maker.country == nil && g.responsible == nil:
			lacks("manufacturer_country", "gpsr.manufacturer.country", ruleGPSRRep, "It is not known whether the manufacturer is in the European Economic Area; if not, a responsible person is needed.", true, id.ID{})
		case maker.country != nil && !inEEA(*maker.country) && g.responsible == nil:
			lacks("responsible", "gpsr.responsiblePerson", ruleGPSRRep, "The manufacturer is outside of the European Economic Area, so a responsible person inside is needed.", true, id.ID{})
		}
	}
	if r := g.responsible; r != nil {
		if r.address == nil {
			lacks("responsible_address", "gpsr.responsiblePerson.address", ruleGPSR+"(b)", "The responsible person has no postal address.", true, id.ID{})
		}
		if r.email == nil && r.url == nil {
			lacks("responsible_contact", "gpsr.responsiblePerson.email", ruleGPSR+"(b)", "The responsible person has no electronic address.", true, id.ID{})
		}
	}
	if len(g.warnings) > 0 && !g.warns(m.country) {
		lacks("warnings", "gpsr.warnings", ruleGPSRWarn, "The warnings are not in a language of the country: "+strings.Join(officialLanguages(m.country), ", ")+".", true, id.ID{})
	}
	if len(p.images) == 0 {
		lacks("picture", "images", ruleGPSRImage, "There is no picture of the product.", true, id.ID{})
	}
	if !f.legalGuarantee() {
		lacks("guarantee", "guarantee.legalGuarantee", ruleGuarantee, "Shoppers are not told of the legal guarantee of goods.", true, id.ID{})
	}
	if f.energyRequired && f.energyLabel == nil {
		lacks("energy", "energyLabel", ruleEnergy, "The energy label is missing.", true, id.ID{})
	}
}

func (p *product) lackingOfVariant(m market, v *variant, at string, lacks func(kind, field, rule, message string, required bool, variant id.ID)) {
	if p.facts.kind() != goodsPhysical || v.facts.isDigital() {
		return
	}
	if v.facts.gtin == nil && v.facts.mpn == nil && (p.facts.gpsr == nil || len(p.facts.gpsr.identifiers) == 0) {
		lacks("identifier", at+".gtin", ruleGPSRImage, "Nothing identifies it: neither a GTIN, nor the maker's part number, nor an identifier of the product.", true, v.id)
	}
	if p.byMeasure(m) && v.facts.measure == nil {
		lacks("unit_price", at+".unitPrice", ruleUnitPrice, "It is sold by measure and says not how much it holds.", true, v.id)
	}
	if v.facts.origin == nil {
		lacks("origin", at+".countryOfOrigin", ruleCustoms, "Customs will ask for the country of origin.", false, v.id)
	}
	if v.facts.hsCode == nil {
		lacks("hs_code", at+".hsCode", ruleCustoms, "Customs will ask for the tariff code.", false, v.id)
	}
}

// byMeasure reports whether the goods are sold by weight, volume, length or area: the shop says so of them or of a category
// they stand in, or one of the variants has a measure.
func (p *product) byMeasure(m market) bool {
	if slices.ContainsFunc(p.categories, func(c id.ID) bool { return slices.Contains(m.measured, c) }) {
		return true
	}
	for i := range p.variants {
		if p.variants[i].facts.measure != nil {
			return true
		}
	}
	return p.facts.soldByMeasure
}

func (g *gpsr) warns(country string) bool {
	for _, w := range g.warnings {
		if speaks(country, w.locale) {
			return true
		}
	}
	return false
}

// fitForMarkets is the condition of being published in the shop's markets, and returns what a published product lacks.
// A product that becomes published lacks nothing a blocking market wants; one that is published already may lack what
// it lacked before, and nothing more.
func (p *product) fitForMarkets(before *product, markets []market) ([]finding, error) {
	if p.status != published || len(markets) == 0 {
		return nil, nil
	}
	type key struct {
		market, kind string
		variant      id.ID
	}
	lackedBefore := map[key]bool{}
	if before != nil && before.status == published {
		for _, f := range before.lacking(markets) {
			lackedBefore[key{f.market, f.kind, f.variant}] = true
		}
	}
	blocks := map[string]bool{}
	for _, m := range markets {
		blocks[m.country] = m.enforcement == marketBlock
	}
	findings := p.lacking(markets)
	refused := ErrMarketIncomplete
	stands := false
	for _, f := range findings {
		if f.required && blocks[f.market] && !lackedBefore[key{f.market, f.kind, f.variant}] {
			refused, stands = refused.WithObject(f.object()), true
		}
	}
	if stands {
		return nil, refused
	}
	return findings, nil
}

// object is a finding as a detail of an error.
func (f finding) object() map[string]any {
	return map[string]any{"market": f.market, "field": f.field, "rule": f.rule, "message": f.message, "severity": f.severity()}
}

func (f finding) severity() string {
	if f.required {
		return "error"
	}
	return "warning"
}
