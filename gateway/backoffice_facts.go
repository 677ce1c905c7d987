package gateway

import (
	"context"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

// factsPrefix is where the facts stand in the messages of the catalogue; in the documents they stand at the top.
const factsPrefix = "facts.values."

func productFacts(p *catalogv1.Product) adminv1.ProductFacts {
	f := p.GetFacts()
	goods := wireName(f.GetGoods(), "GOODS_KIND_")
	if goods == "" {
		goods = "physical"
	}
	return adminv1.ProductFacts{
		Attributes: each(p.GetAttributes(), attributeValue), Goods: goods, VATClass: textPtr(wireName(f.GetVatClass(), "VAT_CLASS_")),
		MinimumAge: minimumAge(f), GPSR: gpsr(f.GetGpsr()), Guarantee: guarantee(f), EnergyLabel: energy(f.GetEnergyLabel()),
		EnergyLabelRequired: f.GetEnergyLabelRequired(), SoldByMeasure: f.GetSoldByMeasure(), Warnings: each(p.GetWarnings(), findingOf),
	}
}

func variantFacts(v *catalogv1.Variant) adminv1.VariantFacts {
	out := adminv1.VariantFacts{Attributes: each(v.GetAttributes(), attributeValue)}
	f := v.GetFacts()
	if f == nil {
		return out
	}
	out.HSCode, out.CountryOfOrigin, out.GTIN, out.MPN = f.HsCode, f.CountryOfOrigin, f.Gtin, f.Mpn
	out.LengthMM, out.WidthMM, out.HeightMM, out.Digital = f.LengthMm, f.WidthMm, f.HeightMm, digital(f.GetDigital())
	if price, ok := unitPrice(v); ok {
		m := f.GetUnitPrice()
		out.UnitPrice = &adminv1.UnitPrice{
			UnitMeasure: adminv1.UnitMeasure{Quantity: m.GetQuantity(), Unit: m.GetUnit(), BaseQuantity: m.GetBaseQuantity(), BaseUnit: m.GetBaseUnit()},
			Price:       price,
		}
	}
	return out
}

// namedFields are the fields a body names, those that are null included.
type namedFields struct{ fields []string }

// given reports whether the body gives a value, and notes that it names the field.
func given[T any](p *namedFields, field string, o adminv1.Optional[T]) (T, bool) {
	if !o.IsZero() {
		p.fields = append(p.fields, field)
	}
	return o.Value, !o.IsZero() && !o.IsNull()
}

func productFactsPatch(in adminv1.ProductFactsInput) *catalogv1.ProductFactsPatch {
	p, out := &namedFields{}, &catalogv1.ProductFacts{}
	if v, ok := given(p, "goods", in.Goods); ok {
		out.Goods = catalogv1.GoodsKind(number(catalogv1.GoodsKind_value, "GOODS_KIND_", v))
	}
	if v, ok := given(p, "vat_class", in.VATClass); ok {
		out.VatClass = catalogv1.VatClass(number(catalogv1.VatClass_value, "VAT_CLASS_", v))
	}
	if v, ok := given(p, "minimum_age", in.MinimumAge); ok {
		out.MinimumAge = int32Ptr(&v)
	}
	if v, ok := given(p, "gpsr", in.GPSR); ok {
		out.Gpsr = &catalogv1.Gpsr{
			Manufacturer: toOperator(v.Manufacturer), ResponsiblePerson: toOperator(v.ResponsiblePerson), Warnings: v.Warnings, SafetyImageIds: v.SafetyImageIDs,
			Identifiers: each(v.Identifiers, func(i adminv1.ProductIdentifier) *catalogv1.ProductIdentifier {
				return &catalogv1.ProductIdentifier{Type: i.Type, Value: i.Value}
			}),
		}
	}
	if v, ok := given(p, "guarantee", in.Guarantee); ok {
		out.Guarantee = &catalogv1.Guarantee{LegalGuarantee: v.LegalGuarantee}
		if d := v.DurabilityLabel; d != nil {
			out.Guarantee.DurabilityLabel = &catalogv1.DurabilityLabel{Months: int32(d.Months), Producer: d.Producer}
		}
	}
	if v, ok := given(p, "energy_label", in.EnergyLabel); ok {
		out.EnergyLabel = &catalogv1.EnergyLabel{Class: v.Class, ScaleMin: v.ScaleMin, ScaleMax: v.ScaleMax, EprelId: v.EprelID, LabelImageId: v.LabelImageID}
	}
	out.EnergyLabelRequired, _ = given(p, "energy_label_required", in.EnergyLabelRequired)
	out.SoldByMeasure, _ = given(p, "sold_by_measure", in.SoldByMeasure)
	if len(p.fields) == 0 {
		return nil
	}
	return &catalogv1.ProductFactsPatch{Values: out, Given: p.fields}
}

func variantFactsPatch(in adminv1.VariantFactsInput) *catalogv1.VariantFactsPatch {
	p, out := &namedFields{}, &catalogv1.VariantFacts{}
	if v, ok := given(p, "unit_price", in.UnitPrice); ok {
		out.UnitPrice = &catalogv1.UnitMeasure{Quantity: v.Quantity, Unit: v.Unit, BaseQuantity: v.BaseQuantity, BaseUnit: v.BaseUnit}
	}
	for _, text := range []struct {
		field string
		in    adminv1.Optional[string]
		to    **string
	}{
		{"hs_code", in.HSCode, &out.HsCode}, {"country_of_origin", in.CountryOfOrigin, &out.CountryOfOrigin}, {"gtin", in.GTIN, &out.Gtin}, {"mpn", in.MPN, &out.Mpn},
	} {
		if _, ok := given(p, text.field, text.in); ok {
			*text.to = text.in.Ptr()
		}
	}
	for _, size := range []struct {
		field string
		in    adminv1.Optional[int64]
		to    **int64
	}{{"length_mm", in.LengthMM, &out.LengthMm}, {"width_mm", in.WidthMM, &out.WidthMm}, {"height_mm", in.HeightMM, &out.HeightMm}} {
		if _, ok := given(p, size.field, size.in); ok {
			*size.to = size.in.Ptr()
		}
	}
	if len(p.fields) == 0 {
		return nil
	}
	return &catalogv1.VariantFactsPatch{Values: out, Given: p.fields}
}

func toOperator(o *adminv1.EconomicOperator) *catalogv1.EconomicOperator {
	if o == nil {
		return nil
	}
	return &catalogv1.EconomicOperator{Name: o.Name, Address: o.Address, Country: o.Country, Email: o.Email, Url: o.URL}
}

func int32Ptr(n *int) *int32 {
	if n == nil {
		return nil
	}
	out := int32(*n)
	return &out
}

func findingOf(f *catalogv1.MarketFinding) adminv1.Finding {
	return adminv1.Finding{Market: f.GetMarket(), Field: f.GetField(), Rule: f.GetRule(), Message: f.GetMessage(), Severity: wireName(f.GetSeverity(), "FINDING_SEVERITY_")}
}

type attributeAnswer = adminv1.Envelope[adminv1.Attribute]

func (c *call) attribute(m *catalogv1.Attribute, err error) (attributeAnswer, error) {
	if err != nil {
		return attributeAnswer{}, err
	}
	c.version(m.GetVersion())
	return attributeAnswer{Data: attribute(m)}, nil
}

func attribute(a *catalogv1.Attribute) adminv1.Attribute {
	return adminv1.Attribute{
		ID: a.GetId(), Code: a.GetCode(), Name: a.GetName(), Type: wireName(a.GetType(), "ATTRIBUTE_TYPE_"), Unit: a.Unit, Filterable: a.GetFilterable(), Shown: a.GetShown(),
		Options: each(a.GetOptions(), func(o *catalogv1.AttributeOption) adminv1.AttributeOption {
			return adminv1.AttributeOption{Value: o.GetValue(), Label: o.GetLabel()}
		}),
		Version: a.GetVersion(), CreatedAt: at(a.GetCreatedAt()), UpdatedAt: at(a.GetUpdatedAt()),
	}
}

func attributeOptions(list []adminv1.AttributeOption) []*catalogv1.AttributeOption {
	return each(list, func(o adminv1.AttributeOption) *catalogv1.AttributeOption {
		return &catalogv1.AttributeOption{Value: o.Value, Label: o.Label}
	})
}

func attributeType(name string) catalogv1.AttributeType {
	return catalogv1.AttributeType(number(catalogv1.AttributeType_value, "ATTRIBUTE_TYPE_", name))
}

func listAttributes(ctx context.Context, in *in[adminv1.AttributeQuery, none]) (adminv1.List[adminv1.Attribute], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.Attribute]{}, err
	}
	answer, err := in.deps.Facts.ListAttributes(ctx, &catalogv1.ListAttributesRequest{Page: paging, Q: in.Query.Q})
	if err != nil {
		return adminv1.List[adminv1.Attribute]{}, err
	}
	return adminv1.List[adminv1.Attribute]{Data: each(answer.GetAttributes(), attribute), Meta: in.meta(in.Query.PageQuery, answer.GetPage())}, nil
}

func createAttribute(ctx context.Context, in *in[none, adminv1.CreateAttribute]) (attributeAnswer, error) {
	b := in.Body
	answer, err := in.deps.Facts.CreateAttribute(ctx, &catalogv1.CreateAttributeRequest{
		Code: b.Code, Name: b.Name, Type: attributeType(b.Type), Unit: b.Unit, Filterable: b.Filterable, Shown: b.Shown == nil || *b.Shown, Options: attributeOptions(b.Options),
	})
	if err == nil {
		in.created("attributes", answer.GetAttribute().GetId())
	}
	return in.attribute(answer.GetAttribute(), err)
}

func getAttribute(ctx context.Context, in *in[none, none]) (attributeAnswer, error) {
	answer, err := in.deps.Facts.GetAttribute(ctx, &catalogv1.GetAttributeRequest{Id: in.path("id")})
	return in.attribute(answer.GetAttribute(), err)
}

func updateAttribute(ctx context.Context, in *in[none, adminv1.UpdateAttribute]) (attributeAnswer, error) {
	b := in.Body
	request := &catalogv1.UpdateAttributeRequest{
		Id: in.path("id"), IfVersion: in.ifVersion, Name: b.Name.Ptr(), Type: attributeType(deref(b.Type.Ptr())), Unit: b.Unit.Ptr(), ClearUnit: b.Unit.IsNull(),
		Filterable: b.Filterable.Ptr(), Shown: b.Shown.Ptr(),
	}
	if !b.Options.IsZero() {
		request.Options = &catalogv1.AttributeOptions{Options: attributeOptions(b.Options.Value)}
	}
	answer, err := in.deps.Facts.UpdateAttribute(ctx, request)
	return in.attribute(answer.GetAttribute(), err)
}

func deleteAttribute(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Facts.DeleteAttribute(ctx, &catalogv1.DeleteAttributeRequest{Id: in.path("id"), IfVersion: in.ifVersion})
	return none{}, err
}

func marketOf(m *catalogv1.Market) adminv1.Market {
	return adminv1.Market{Country: m.GetCountry(), Enforcement: wireName(m.GetEnforcement(), "MARKET_ENFORCEMENT_")}
}

func (c *call) markets(list []*catalogv1.Market, version int64) adminv1.Envelope[adminv1.StoredMarketSettings] {
	c.version(version)
	return adminv1.Envelope[adminv1.StoredMarketSettings]{Data: adminv1.StoredMarketSettings{MarketSettings: adminv1.MarketSettings{Markets: each(list, marketOf)}, Version: version}}
}

func getMarkets(ctx context.Context, in *in[none, none]) (adminv1.Envelope[adminv1.StoredMarketSettings], error) {
	answer, err := in.deps.Facts.GetMarkets(ctx, &catalogv1.GetMarketsRequest{})
	if err != nil {
		return adminv1.Envelope[adminv1.StoredMarketSettings]{}, err
	}
	return in.markets(answer.GetMarkets(), answer.GetVersion()), nil
}

func putMarkets(ctx context.Context, in *in[none, adminv1.MarketSettings]) (adminv1.Envelope[adminv1.StoredMarketSettings], error) {
	answer, err := in.deps.Facts.UpdateMarkets(ctx, &catalogv1.UpdateMarketsRequest{
		IfVersion: in.ifVersion,
		Markets: each(in.Body.Markets, func(m adminv1.Market) *catalogv1.Market {
			return &catalogv1.Market{
				Country: m.Country, Enforcement: catalogv1.MarketEnforcement(number(catalogv1.MarketEnforcement_value, "MARKET_ENFORCEMENT_", m.Enforcement)),
			}
		}),
	})
	if err != nil {
		return adminv1.Envelope[adminv1.StoredMarketSettings]{}, err
	}
	return in.markets(answer.GetMarkets(), answer.GetVersion()), nil
}

func getCompliance(ctx context.Context, in *in[none, none]) (adminv1.Envelope[adminv1.Compliance], error) {
	answer, err := in.deps.Facts.GetCompliance(ctx, &catalogv1.GetComplianceRequest{ProductId: in.path("id")})
	if err != nil {
		return adminv1.Envelope[adminv1.Compliance]{}, err
	}
	out := adminv1.Compliance{Complete: true, Markets: each(answer.GetMarkets(), marketOf), Findings: each(answer.GetFindings(), findingOf)}
	for _, f := range answer.GetFindings() {
		out.Complete = out.Complete && f.GetSeverity() != catalogv1.FindingSeverity_FINDING_SEVERITY_ERROR
	}
	return adminv1.Envelope[adminv1.Compliance]{Data: out}, nil
}

type fileAnswer = adminv1.Envelope[adminv1.VariantFile]

func (c *call) file(f *catalogv1.VariantFile, err error) (fileAnswer, error) {
	if err != nil {
		return fileAnswer{}, err
	}
	c.version(f.GetVersion())
	return fileAnswer{Data: variantFile(f)}, nil
}

func variantFile(f *catalogv1.VariantFile) adminv1.VariantFile {
	return adminv1.VariantFile{
		ID: f.GetId(), MediaID: f.MediaId, Key: f.Key, Name: f.GetName(), DownloadLimit: intPtr(f.DownloadLimit), ExpiresAfterDays: intPtr(f.ExpiresAfterDays),
		Version: f.GetVersion(), CreatedAt: at(f.GetCreatedAt()), UpdatedAt: at(f.GetUpdatedAt()),
	}
}

func listFiles(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.VariantFile], error) {
	if _, err := in.paging(in.Query); err != nil {
		return adminv1.List[adminv1.VariantFile]{}, err
	}
	answer, err := in.deps.Facts.ListVariantFiles(ctx, &catalogv1.ListVariantFilesRequest{ProductId: in.path("id"), VariantId: in.path("variantId")})
	if err != nil {
		return adminv1.List[adminv1.VariantFile]{}, err
	}
	return whole(in.call, in.Query, each(answer.GetFiles(), variantFile), in.Query.Limit)
}

func addFile(ctx context.Context, in *in[none, adminv1.AddFile]) (fileAnswer, error) {
	b := in.Body
	if b.MediaID != nil {
		// A file nobody uploaded could not be sold.
		answer, err := in.deps.MediaRPC.ListAssets(ctx, &mediav1.ListAssetsRequest{Ids: []string{*b.MediaID}})
		if err != nil {
			return fileAnswer{}, err
		}
		if len(answer.GetAssets()) == 0 {
			return fileAnswer{}, errBody.WithField("mediaId", "not_found", "There is no such upload.")
		}
	}
	answer, err := in.deps.Facts.AddVariantFile(ctx, &catalogv1.AddVariantFileRequest{
		ProductId: in.path("id"), VariantId: in.path("variantId"), MediaId: b.MediaID, Key: b.Key, Name: b.Name,
		DownloadLimit: int32Ptr(b.DownloadLimit), ExpiresAfterDays: int32Ptr(b.ExpiresAfterDays),
	})
	if err == nil {
		in.created("products", in.path("id"), "variants", in.path("variantId"), "files", answer.GetFile().GetId())
	}
	return in.file(answer.GetFile(), err)
}

func updateFile(ctx context.Context, in *in[none, adminv1.UpdateFile]) (fileAnswer, error) {
	b := in.Body
	answer, err := in.deps.Facts.UpdateVariantFile(ctx, &catalogv1.UpdateVariantFileRequest{
		ProductId: in.path("id"), VariantId: in.path("variantId"), Id: in.path("fileId"), IfVersion: in.ifVersion, Name: b.Name.Ptr(),
		DownloadLimit: int32Ptr(b.DownloadLimit.Ptr()), ClearDownloadLimit: b.DownloadLimit.IsNull(),
		ExpiresAfterDays: int32Ptr(b.ExpiresAfterDays.Ptr()), ClearExpiresAfterDays: b.ExpiresAfterDays.IsNull(),
	})
	return in.file(answer.GetFile(), err)
}

func deleteFile(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Facts.DeleteVariantFile(ctx, &catalogv1.DeleteVariantFileRequest{
		ProductId: in.path("id"), VariantId: in.path("variantId"), Id: in.path("fileId"), IfVersion: in.ifVersion,
	})
	return none{}, err
}
