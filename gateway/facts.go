package gateway

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/measure"
	kitmoney "github.com/sovecom/sovecom/kit/money"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// maxFilters by attribute that one request may carry.
const maxFilters = 20

// attributeValue shows a value in the form its type has in JSON.
func attributeValue(v *catalogv1.AttributeValue) storev1.AttributeValue {
	out := storev1.AttributeValue{Code: v.GetCode(), Name: v.GetName(), Type: wireName(v.GetType(), "ATTRIBUTE_TYPE_"), Unit: v.Unit}
	text := ""
	if len(v.GetValues()) > 0 {
		text = v.GetValues()[0]
	}
	switch v.GetType() {
	case catalogv1.AttributeType_ATTRIBUTE_TYPE_NUMBER, catalogv1.AttributeType_ATTRIBUTE_TYPE_INTEGER:
		out.Value = json.Number(text)
	case catalogv1.AttributeType_ATTRIBUTE_TYPE_BOOLEAN:
		out.Value = text == "true"
	case catalogv1.AttributeType_ATTRIBUTE_TYPE_MULTISELECT:
		out.Value = append([]string{}, v.GetValues()...)
	default:
		out.Value = text
	}
	if len(v.GetLabels()) > 0 {
		label := strings.Join(v.GetLabels(), ", ")
		out.Label = &label
	}
	return out
}

// shownAttributes are those shoppers see.
func shownAttributes(values []*catalogv1.AttributeValue) []storev1.AttributeValue {
	out := []storev1.AttributeValue{}
	for _, v := range values {
		if v.GetShown() {
			out = append(out, attributeValue(v))
		}
	}
	return out
}

func storeFacts(p *catalogv1.Product) storev1.ProductFacts {
	f := p.GetFacts()
	return storev1.ProductFacts{
		Attributes: shownAttributes(p.GetAttributes()), MinimumAge: minimumAge(f), GPSR: gpsr(f.GetGpsr()), Guarantee: guarantee(f), EnergyLabel: energy(f.GetEnergyLabel()),
	}
}

func storeVariantFacts(v *catalogv1.Variant) storev1.VariantFacts {
	f := v.GetFacts()
	out := storev1.VariantFacts{Attributes: shownAttributes(v.GetAttributes()), Digital: digital(f.GetDigital())}
	if f != nil {
		out.CountryOfOrigin = f.CountryOfOrigin
	}
	if price, ok := unitPrice(v); ok {
		out.UnitPrice = &storev1.UnitPrice{Price: price, BaseQuantity: f.GetUnitPrice().GetBaseQuantity(), BaseUnit: f.GetUnitPrice().GetBaseUnit()}
	}
	return out
}

// unitPrice follows from the price that is shown, whichever that is, so that a reduction shows in both.
func unitPrice(v *catalogv1.Variant) (storev1.Money, bool) {
	m := v.GetFacts().GetUnitPrice()
	if m == nil {
		return storev1.Money{}, false
	}
	of := measure.Measure{Quantity: m.GetQuantity(), Unit: m.GetUnit(), BaseQuantity: m.GetBaseQuantity(), BaseUnit: m.GetBaseUnit()}
	price, ok := of.UnitPrice(kitmoney.Of(v.GetPrice().GetAmount(), v.GetPrice().GetCurrency()))
	return storev1.Money{Amount: price.Amount, Currency: price.Currency}, ok
}

func minimumAge(f *catalogv1.ProductFacts) *int {
	if f == nil {
		return nil
	}
	return intPtr(f.MinimumAge)
}

func intPtr(n *int32) *int {
	if n == nil {
		return nil
	}
	out := int(*n)
	return &out
}

func gpsr(g *catalogv1.Gpsr) *storev1.GPSR {
	if g == nil {
		return nil
	}
	return &storev1.GPSR{
		Manufacturer: operator(g.GetManufacturer()), ResponsiblePerson: operator(g.GetResponsiblePerson()), Warnings: options(g.GetWarnings()),
		Identifiers: each(g.GetIdentifiers(), func(i *catalogv1.ProductIdentifier) storev1.ProductIdentifier {
			return storev1.ProductIdentifier{Type: i.GetType(), Value: i.GetValue()}
		}),
		SafetyImageIDs: append([]string{}, g.GetSafetyImageIds()...),
	}
}

func operator(o *catalogv1.EconomicOperator) *storev1.EconomicOperator {
	if o == nil {
		return nil
	}
	return &storev1.EconomicOperator{Name: o.GetName(), Address: o.Address, Country: o.Country, Email: o.Email, URL: o.Url}
}

// guarantee of a product that says nothing is the legal one, which goods and digital content have and services have not.
func guarantee(f *catalogv1.ProductFacts) storev1.Guarantee {
	g := f.GetGuarantee()
	out := storev1.Guarantee{LegalGuarantee: f.GetGoods() != catalogv1.GoodsKind_GOODS_KIND_SERVICE}
	if g != nil && g.LegalGuarantee != nil {
		out.LegalGuarantee = g.GetLegalGuarantee()
	}
	if d := g.GetDurabilityLabel(); d != nil {
		out.DurabilityLabel = &storev1.DurabilityLabel{Months: int(d.GetMonths()), Producer: d.GetProducer()}
	}
	return out
}

func energy(e *catalogv1.EnergyLabel) *storev1.EnergyLabel {
	if e == nil {
		return nil
	}
	return &storev1.EnergyLabel{Class: e.GetClass(), ScaleMin: e.GetScaleMin(), ScaleMax: e.GetScaleMax(), EprelID: e.EprelId, LabelImageID: e.LabelImageId}
}

func digital(d *catalogv1.Digital) *storev1.Digital {
	if d == nil {
		return nil
	}
	return &storev1.Digital{FileCount: int(d.GetFileCount()), DownloadLimit: intPtr(d.DownloadLimit)}
}

// attributeFilters reads filters by attribute: the keys are what follows "attr." in the names of the parameters.
func attributeFilters(attr map[string]string) ([]*catalogv1.AttributeFilter, error) {
	found := map[string]*catalogv1.AttributeFilter{}
	var out []*catalogv1.AttributeFilter
	refused := errQuery
	for _, name := range slices.Sorted(mapNames(attr)) {
		value := attr[name]
		if value == "" || len(value) > 2000 {
			refused = refused.WithField("attr."+name, "malformed", "A filter has 1 to 2000 characters.")
			continue
		}
		code, bound := name, ""
		for _, b := range []string{".min", ".max"} {
			if before, ok := strings.CutSuffix(name, b); ok {
				code, bound = before, b
			}
		}
		if len(code) > 64 {
			refused = refused.WithField("attr."+name, "unknown_parameter", "There is no attribute of this code to filter by.")
			continue
		}
		f := found[code]
		if f == nil {
			f = &catalogv1.AttributeFilter{Code: code}
			found[code] = f
			out = append(out, f)
		}
		switch bound {
		case ".min":
			f.Min = &value
		case ".max":
			f.Max = &value
		default:
			f.Values = strings.Split(value, ",")
		}
		if len(f.GetValues()) > 100 || len(deref(f.Min)) > 64 || len(deref(f.Max)) > 64 {
			refused = refused.WithField("attr."+name, "too_many", "A filter takes at most 100 values, and bounds of at most 64 characters.")
		}
	}
	if len(out) > maxFilters {
		refused = refused.WithField("attr.", "too_many", "A list is filtered by at most 20 attributes.")
	}
	if len(refused.Fields()) > 0 {
		return nil, refused
	}
	return out, nil
}

func mapNames(m map[string]string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// attributeInputs turns the values of a body into what the catalogue is asked for; it knows the types. field is where
// they stand in the body.
func attributeInputs(field string, values map[string]any) ([]*catalogv1.AttributeInput, error) {
	var out []*catalogv1.AttributeInput
	for _, code := range slices.Sorted(mapKeys(values)) {
		in := &catalogv1.AttributeInput{Code: code}
		wrong := errBody.WithField(field+"."+code, "wrong_type", "The value of an attribute is a text, a number, true, false, null, or a list of texts.")
		switch v := values[code].(type) {
		case nil:
			in.Value = &catalogv1.AttributeInput_Clear{Clear: true}
		case string:
			in.Value = &catalogv1.AttributeInput_Text{Text: v}
		case bool:
			in.Value = &catalogv1.AttributeInput_Boolean{Boolean: v}
		case float64:
			if math.IsInf(v, 0) || math.IsNaN(v) {
				return nil, wrong
			}
			in.Value = &catalogv1.AttributeInput_Number{Number: strconv.FormatFloat(v, 'f', -1, 64)}
		case []any:
			list := &catalogv1.AttributeTexts{}
			for _, item := range v {
				text, ok := item.(string)
				if !ok {
					return nil, wrong
				}
				list.Values = append(list.Values, text)
			}
			in.Value = &catalogv1.AttributeInput_List{List: list}
		default:
			return nil, wrong
		}
		out = append(out, in)
	}
	return out, nil
}
