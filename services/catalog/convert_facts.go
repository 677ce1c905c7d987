package catalog

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/measure"
)

// nameAttributes completes a product's values by the refs appended to its document: names, types and labels are those
// of the moment of reading.
func nameAttributes(p *catalogv1.Product) {
	if len(p.GetAttributeRefs()) > 0 {
		refs := map[string]*catalogv1.AttributeRef{}
		for _, r := range p.GetAttributeRefs() {
			refs[r.GetId()] = r
		}
		labels := map[[2]string]string{}
		for _, r := range p.GetAttributeOptionRefs() {
			labels[[2]string{r.GetAttributeId(), r.GetValue()}] = r.GetLabel()
		}
		nameValues(p.GetAttributes(), refs, labels)
		for _, v := range p.GetVariants() {
			nameValues(v.GetAttributes(), refs, labels)
		}
	}
	p.AttributeRefs, p.AttributeOptionRefs = nil, nil
}

func nameValues(values []*catalogv1.AttributeValue, refs map[string]*catalogv1.AttributeRef, labels map[[2]string]string) {
	for _, v := range values {
		r := refs[v.GetAttributeId()]
		v.Code, v.Name, v.Type, v.Unit, v.Shown = r.GetCode(), r.GetName(), r.GetType(), nil, r.GetShown()
		if r != nil && r.Unit != nil {
			v.Unit = proto.String(r.GetUnit())
		}
		if attributeTypeFromProto(v.GetType()).choice() {
			v.Labels = make([]string, len(v.GetValues()))
			for i, value := range v.GetValues() {
				v.Labels[i] = labels[[2]string{v.GetAttributeId(), value}]
			}
		}
	}
	slices.SortStableFunc(values, func(a, b *catalogv1.AttributeValue) int { return strings.Compare(a.GetCode(), b.GetCode()) })
}

// factsForShoppers takes away what of the facts shoppers have no business with.
func factsForShoppers(p *catalogv1.Product) {
	hidden := func(v *catalogv1.AttributeValue) bool { return !v.GetShown() }
	p.Attributes = slices.DeleteFunc(p.GetAttributes(), hidden)
	p.Warnings = nil
	if p.GetFacts() != nil {
		p.Facts.VatClass, p.Facts.EnergyLabelRequired, p.Facts.SoldByMeasure = catalogv1.VatClass_VAT_CLASS_UNSPECIFIED, false, false
	}
	for _, v := range p.GetVariants() {
		v.Attributes = slices.DeleteFunc(v.GetAttributes(), hidden)
		if f := v.GetFacts(); f != nil {
			f.HsCode, f.Gtin, f.Mpn, f.LengthMm, f.WidthMm, f.HeightMm = nil, nil, nil, nil, nil, nil
		}
	}
}

func attributeValuesToProto(values []attributeValue) []*catalogv1.AttributeValue {
	var out []*catalogv1.AttributeValue
	for _, v := range values {
		out = append(out, &catalogv1.AttributeValue{AttributeId: v.attribute.String(), Values: v.values})
	}
	return out
}

// productFactsToProto is nil when nothing is known, which most readers take for goods under the legal guarantee.
func productFactsToProto(f productFacts) *catalogv1.ProductFacts {
	if f.bare() {
		return nil
	}
	out := &catalogv1.ProductFacts{
		Goods: goodsToProto(f.goods), VatClass: vatClassToProto(f.vatClass), MinimumAge: f.minimumAge,
		EnergyLabelRequired: f.energyRequired, SoldByMeasure: f.soldByMeasure,
	}
	if g := f.gpsr; g != nil {
		out.Gpsr = &catalogv1.Gpsr{Manufacturer: operatorToProto(g.manufacturer), ResponsiblePerson: operatorToProto(g.responsible)}
		for _, w := range g.warnings {
			if out.Gpsr.Warnings == nil {
				out.Gpsr.Warnings = map[string]string{}
			}
			out.Gpsr.Warnings[w.locale] = w.text
		}
		for _, one := range g.identifiers {
			out.Gpsr.Identifiers = append(out.Gpsr.Identifiers, &catalogv1.ProductIdentifier{Type: one.typ, Value: one.value})
		}
		for _, image := range g.safetyImages {
			out.Gpsr.SafetyImageIds = append(out.Gpsr.SafetyImageIds, image.String())
		}
	}
	if g := f.guarantee; g != nil {
		out.Guarantee = &catalogv1.Guarantee{LegalGuarantee: g.legal}
		if g.durability != nil {
			out.Guarantee.DurabilityLabel = &catalogv1.DurabilityLabel{Months: g.durability.months, Producer: g.durability.producer}
		}
	}
	if e := f.energyLabel; e != nil {
		out.EnergyLabel = &catalogv1.EnergyLabel{Class: e.class, ScaleMin: e.scaleMin, ScaleMax: e.scaleMax, EprelId: e.eprel}
		if !e.image.IsZero() {
			out.EnergyLabel.LabelImageId = proto.String(e.image.String())
		}
	}
	return out
}

func operatorToProto(o *operator) *catalogv1.EconomicOperator {
	if o == nil {
		return nil
	}
	return &catalogv1.EconomicOperator{Name: o.name, Address: o.address, Country: o.country, Email: o.email, Url: o.url}
}

func operatorFromProto(o *catalogv1.EconomicOperator) *operator {
	if o == nil {
		return nil
	}
	return &operator{o.GetName(), o.Address, o.Country, o.Email, o.Url}
}

// variantFactsToProto is nil when nothing is known.
func variantFactsToProto(f variantFacts) *catalogv1.VariantFacts {
	if f.bare() && !f.isDigital() {
		return nil
	}
	out := &catalogv1.VariantFacts{
		HsCode: f.hsCode, CountryOfOrigin: f.origin, Gtin: f.gtin, Mpn: f.mpn, LengthMm: f.lengthMM, WidthMm: f.widthMM, HeightMm: f.heightMM,
	}
	if m := f.measure; m != nil {
		out.UnitPrice = &catalogv1.UnitMeasure{Quantity: m.Quantity, Unit: m.Unit, BaseQuantity: m.BaseQuantity, BaseUnit: m.BaseUnit}
	}
	if f.isDigital() {
		out.Digital = &catalogv1.Digital{FileCount: int32(len(f.files)), DownloadLimit: f.downloadLimit()}
	}
	return out
}

// applyProductFacts changes what a patch names; named and absent is cleared.
func applyProductFacts(f productFacts, patch *catalogv1.ProductFactsPatch) (productFacts, error) {
	in := patch.GetValues()
	for _, name := range patch.GetGiven() {
		switch name {
		case "goods":
			f.goods = goodsFromProto(in.GetGoods())
		case "vat_class":
			f.vatClass = vatClassFromProto(in.GetVatClass())
		case "minimum_age":
			f.minimumAge = nil
			if in != nil {
				f.minimumAge = in.MinimumAge
			}
		case "gpsr":
			var err error
			if f.gpsr, err = gpsrFromProto(in.GetGpsr()); err != nil {
				return f, err
			}
		case "guarantee":
			f.guarantee = guaranteeFromProto(in.GetGuarantee())
		case "energy_label":
			var err error
			if f.energyLabel, err = energyLabelFromProto(in.GetEnergyLabel()); err != nil {
				return f, err
			}
		case "energy_label_required":
			f.energyRequired = in.GetEnergyLabelRequired()
		case "sold_by_measure":
			f.soldByMeasure = in.GetSoldByMeasure()
		default:
			return f, ErrFactInvalid.WithField("facts", "unknown", "There is no such fact.")
		}
	}
	return f, f.check()
}

// gpsrFromProto is nil when nothing is said.
func gpsrFromProto(in *catalogv1.Gpsr) (*gpsr, error) {
	out := &gpsr{manufacturer: operatorFromProto(in.GetManufacturer()), responsible: operatorFromProto(in.GetResponsiblePerson())}
	for _, locale := range slices.Sorted(maps.Keys(in.GetWarnings())) {
		out.warnings = append(out.warnings, warning{locale, in.GetWarnings()[locale]})
	}
	for _, one := range in.GetIdentifiers() {
		out.identifiers = append(out.identifiers, identifier{one.GetType(), one.GetValue()})
	}
	for i, text := range in.GetSafetyImageIds() {
		image, err := id.Parse(text)
		if err != nil {
			return nil, ErrFactImage.WithField(indexed("gpsr.safetyImageIds", i), "invalid", "It is not an id.")
		}
		out.safetyImages = append(out.safetyImages, image)
	}
	if out.manufacturer == nil && out.responsible == nil && len(out.warnings)+len(out.identifiers)+len(out.safetyImages) == 0 {
		return nil, nil //nolint:nilnil // nothing said is nothing kept
	}
	return out, nil
}

func guaranteeFromProto(in *catalogv1.Guarantee) *guarantee {
	if in == nil || in.LegalGuarantee == nil && in.GetDurabilityLabel() == nil {
		return nil
	}
	out := &guarantee{legal: in.LegalGuarantee}
	if d := in.GetDurabilityLabel(); d != nil {
		out.durability = &durability{d.GetMonths(), d.GetProducer()}
	}
	return out
}

func energyLabelFromProto(in *catalogv1.EnergyLabel) (*energyLabel, error) {
	if in == nil {
		return nil, nil //nolint:nilnil // no label is a regular answer
	}
	out := &energyLabel{class: in.GetClass(), scaleMin: in.GetScaleMin(), scaleMax: in.GetScaleMax(), eprel: in.EprelId}
	if in.LabelImageId != nil {
		var err error
		if out.image, err = id.Parse(in.GetLabelImageId()); err != nil {
			return nil, ErrFactImage.WithField("energyLabel.labelImageId", "invalid", "It is not an id.")
		}
	}
	return out, nil
}

// applyVariantFacts changes what a patch names; named and absent is cleared. field is where the variant stands in the
// caller's request.
func applyVariantFacts(field string, f variantFacts, patch *catalogv1.VariantFactsPatch) (variantFacts, error) {
	in := patch.GetValues()
	if in == nil {
		in = &catalogv1.VariantFacts{}
	}
	for _, name := range patch.GetGiven() {
		switch name {
		case "unit_price":
			f.measure = nil
			if m := in.GetUnitPrice(); m != nil {
				made, err := measure.New(m.GetQuantity(), m.GetUnit(), m.GetBaseQuantity(), m.GetBaseUnit())
				if err != nil {
					return f, explainMeasure(join(field, "unitPrice"), err)
				}
				f.measure = &made
			}
		case "hs_code":
			f.hsCode = in.HsCode
		case "country_of_origin":
			f.origin = in.CountryOfOrigin
		case "gtin":
			f.gtin = in.Gtin
		case "mpn":
			f.mpn = in.Mpn
		case "length_mm":
			f.lengthMM = in.LengthMm
		case "width_mm":
			f.widthMM = in.WidthMm
		case "height_mm":
			f.heightMM = in.HeightMm
		default:
			return f, ErrFactInvalid.WithField(join(field, "facts"), "unknown", "There is no such fact.")
		}
	}
	return f, f.check(field)
}

// explainMeasure names the field of a measure that is wrong.
func explainMeasure(field string, err error) error {
	switch {
	case errors.Is(err, measure.ErrQuantity):
		return ErrFactInvalid.WithField(field+".quantity", "malformed", "A quantity is a decimal above 0, with at most 9 digits before and 6 after the point.")
	case errors.Is(err, measure.ErrBase):
		return ErrFactInvalid.WithField(field+".baseQuantity", "out_of_range", "A base quantity is 1 to 1000.")
	case errors.Is(err, measure.ErrDimension):
		return ErrFactInvalid.WithField(field+".baseUnit", "dimension", "The quantity and its base have to measure the same.")
	case errors.Is(err, measure.ErrRatio):
		return ErrFactInvalid.WithField(field+".quantity", "too_small", "The base is more than a million times the quantity.")
	}
	return ErrFactInvalid.WithField(field+".unit", "not_allowed", "A unit is one of g, kg, ml, cl, l, m, m2, m3 and piece.")
}

func goodsToProto(g goodsKind) catalogv1.GoodsKind {
	switch g {
	case goodsPhysical:
		return catalogv1.GoodsKind_GOODS_KIND_PHYSICAL
	case goodsDigital:
		return catalogv1.GoodsKind_GOODS_KIND_DIGITAL
	case goodsService:
		return catalogv1.GoodsKind_GOODS_KIND_SERVICE
	}
	return catalogv1.GoodsKind_GOODS_KIND_UNSPECIFIED
}

// goodsFromProto keeps what holds anyway as nothing said.
func goodsFromProto(g catalogv1.GoodsKind) goodsKind {
	switch g {
	case catalogv1.GoodsKind_GOODS_KIND_DIGITAL:
		return goodsDigital
	case catalogv1.GoodsKind_GOODS_KIND_SERVICE:
		return goodsService
	case catalogv1.GoodsKind_GOODS_KIND_UNSPECIFIED, catalogv1.GoodsKind_GOODS_KIND_PHYSICAL:
	}
	return ""
}

func vatClassToProto(c vatClass) catalogv1.VatClass {
	switch c {
	case vatStandard:
		return catalogv1.VatClass_VAT_CLASS_STANDARD
	case vatReduced:
		return catalogv1.VatClass_VAT_CLASS_REDUCED
	case vatSuperReduced:
		return catalogv1.VatClass_VAT_CLASS_SUPER_REDUCED
	case vatZero:
		return catalogv1.VatClass_VAT_CLASS_ZERO
	case vatExempt:
		return catalogv1.VatClass_VAT_CLASS_EXEMPT
	case vatDigital:
		return catalogv1.VatClass_VAT_CLASS_DIGITAL
	}
	return catalogv1.VatClass_VAT_CLASS_UNSPECIFIED
}

func vatClassFromProto(c catalogv1.VatClass) vatClass {
	for _, known := range []vatClass{vatStandard, vatReduced, vatSuperReduced, vatZero, vatExempt, vatDigital} {
		if vatClassToProto(known) == c {
			return known
		}
	}
	return ""
}

// attributeTypes are all types, in the order of the enum of the wire.
func attributeTypes() []attributeType {
	return []attributeType{
		"", attributeText, attributeNumber, attributeInteger, attributeBoolean, attributeDate, attributeSelect, attributeMultiselect,
	}
}

func attributeTypeToProto(t attributeType) catalogv1.AttributeType {
	return catalogv1.AttributeType(max(slices.Index(attributeTypes(), t), 0))
}

// attributeTypeFromProto gives the empty type for an unspecified one.
func attributeTypeFromProto(t catalogv1.AttributeType) attributeType {
	if types := attributeTypes(); int(t) >= 0 && int(t) < len(types) {
		return types[t]
	}
	return ""
}

func attributeToProto(a *attribute) *catalogv1.Attribute {
	out := &catalogv1.Attribute{
		Id: a.id.String(), Code: a.code, Name: a.name, Type: attributeTypeToProto(a.typ), Unit: a.unit, Filterable: a.filterable, Shown: a.shown,
		Version: a.version, CreatedAt: timestamppb.New(a.createdAt), UpdatedAt: timestamppb.New(a.updatedAt),
	}
	for _, o := range a.options {
		out.Options = append(out.Options, &catalogv1.AttributeOption{Value: o.value, Label: o.label})
	}
	return out
}

// attributeRef is an attribute as it is appended to documents.
func attributeRef(a *attribute) ([]byte, error) {
	return proto.Marshal(&catalogv1.Product{AttributeRefs: []*catalogv1.AttributeRef{{
		Id: a.id.String(), Code: a.code, Name: a.name, Type: attributeTypeToProto(a.typ), Unit: a.unit, Shown: a.shown,
	}}})
}

// attributeOptionRef is an option as it is appended to documents.
func attributeOptionRef(attribute id.ID, o attributeOption) ([]byte, error) {
	return proto.Marshal(&catalogv1.Product{AttributeOptionRefs: []*catalogv1.AttributeOptionRef{{
		AttributeId: attribute.String(), Value: o.value, Label: o.label,
	}}})
}

func attributeOptionsFromProto(list []*catalogv1.AttributeOption) []attributeOption {
	var out []attributeOption
	for _, o := range list {
		out = append(out, attributeOption{o.GetValue(), o.GetLabel()})
	}
	return out
}

func attributeInputsFromProto(list []*catalogv1.AttributeInput) []attributeInput {
	out := make([]attributeInput, len(list))
	for i, in := range list {
		out[i].code = in.GetCode()
		switch v := in.GetValue().(type) {
		case *catalogv1.AttributeInput_Text:
			out[i].value = v.Text
		case *catalogv1.AttributeInput_Number:
			out[i].value = numeral(v.Number)
		case *catalogv1.AttributeInput_Boolean:
			out[i].value = v.Boolean
		case *catalogv1.AttributeInput_List:
			out[i].value = v.List.GetValues()
			if v.List.GetValues() == nil {
				out[i].value = []string{}
			}
		case *catalogv1.AttributeInput_Clear:
		}
	}
	return out
}

func filtersFromProto(list []*catalogv1.AttributeFilter) []attributeFilter {
	var out []attributeFilter
	for _, f := range list {
		one := attributeFilter{code: storable(f.GetCode()), min: f.Min, max: f.Max}
		for _, v := range f.GetValues() {
			one.values = append(one.values, storable(v))
		}
		out = append(out, one)
	}
	sortFilters(out)
	return out
}

func marketsFromProto(list []*catalogv1.Market) []market {
	out := make([]market, len(list))
	for i, m := range list {
		out[i] = market{country: m.GetCountry(), enforcement: marketWarn}
		if m.GetEnforcement() == catalogv1.MarketEnforcement_MARKET_ENFORCEMENT_BLOCK {
			out[i].enforcement = marketBlock
		}
	}
	return out
}

func marketsToProto(markets []market) []*catalogv1.Market {
	out := make([]*catalogv1.Market, len(markets))
	for i, m := range markets {
		out[i] = &catalogv1.Market{Country: m.country, Enforcement: catalogv1.MarketEnforcement_MARKET_ENFORCEMENT_WARN}
		if m.enforcement == marketBlock {
			out[i].Enforcement = catalogv1.MarketEnforcement_MARKET_ENFORCEMENT_BLOCK
		}
	}
	return out
}

func findingsToProto(findings []finding) []*catalogv1.MarketFinding {
	var out []*catalogv1.MarketFinding
	for _, f := range findings {
		one := &catalogv1.MarketFinding{
			Market: f.market, Field: f.field, Rule: f.rule, Message: f.message, Severity: catalogv1.FindingSeverity_FINDING_SEVERITY_WARNING,
		}
		if f.required {
			one.Severity = catalogv1.FindingSeverity_FINDING_SEVERITY_ERROR
		}
		out = append(out, one)
	}
	return out
}

func fileToProto(f *digitalFile) *catalogv1.VariantFile {
	out := &catalogv1.VariantFile{
		Id: f.id.String(), Key: f.key, Name: f.name, DownloadLimit: f.limit, ExpiresAfterDays: f.expiresAfter,
		Version: f.version, CreatedAt: timestamppb.New(f.createdAt), UpdatedAt: timestamppb.New(f.updatedAt),
	}
	if !f.media.IsZero() {
		out.MediaId = proto.String(f.media.String())
	}
	return out
}
