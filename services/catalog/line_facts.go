package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
)

// The shapes of what files hold as JSON: keys of NDJSON, and the same in cells of CSV. They are those of the Admin API.

type gpsrLine struct {
	Manufacturer      *operatorLine     `json:"manufacturer"`
	ResponsiblePerson *operatorLine     `json:"responsiblePerson"`
	Warnings          map[string]string `json:"warnings,omitempty"`
	Identifiers       []identifierLine  `json:"identifiers,omitempty"`
	SafetyImageIDs    []string          `json:"safetyImageIds,omitempty"`
}

type operatorLine struct {
	Name    string  `json:"name"`
	Address *string `json:"address"`
	Country *string `json:"country"`
	Email   *string `json:"email"`
	URL     *string `json:"url"`
}

type identifierLine struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

type guaranteeLine struct {
	LegalGuarantee  *bool           `json:"legalGuarantee"`
	DurabilityLabel *durabilityLine `json:"durabilityLabel"`
}

type durabilityLine struct {
	Months   int32  `json:"months"`
	Producer string `json:"producer"`
}

type energyLine struct {
	Class        string  `json:"class"`
	ScaleMin     string  `json:"scaleMin"`
	ScaleMax     string  `json:"scaleMax"`
	EPRELID      *string `json:"eprelId"`
	LabelImageID *string `json:"labelImageId"`
}

// fileLine is a file that buyers of a variant get. One of mediaId and key names it.
type fileLine struct {
	MediaID          *string `json:"mediaId,omitempty"`
	Key              *string `json:"key,omitempty"`
	Name             string  `json:"name"`
	DownloadLimit    *int32  `json:"downloadLimit"`
	ExpiresAfterDays *int32  `json:"expiresAfterDays"`
}

// attributesLine are values by code: texts, numbers, booleans, lists of texts, and null, which clears.
type attributesLine map[string]any

// UnmarshalJSON keeps numbers as they are written.
func (a *attributesLine) UnmarshalJSON(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return decoder.Decode((*map[string]any)(a))
}

// inputs are the values as the rules of attributes take them; wrong is the code of one that is of no type an attribute has.
func (a attributesLine) inputs() (list []attributeInput, wrong string) {
	for _, code := range slices.Sorted(maps.Keys(a)) {
		in := attributeInput{code: code}
		switch v := a[code].(type) {
		case nil:
		case string, bool:
			in.value = v
		case json.Number:
			in.value = numeral(v.String())
		case []any:
			texts := make([]string, len(v))
			for i, one := range v {
				text, ok := one.(string)
				if !ok {
					return nil, code
				}
				texts[i] = text
			}
			in.value = texts
		default:
			return nil, code
		}
		list = append(list, in)
	}
	return list, ""
}

func attributesOf(values []*catalogv1.AttributeValue) attributesLine {
	out := attributesLine{}
	for _, v := range values {
		one := ""
		if len(v.GetValues()) > 0 {
			one = v.GetValues()[0]
		}
		switch v.GetType() {
		case catalogv1.AttributeType_ATTRIBUTE_TYPE_NUMBER, catalogv1.AttributeType_ATTRIBUTE_TYPE_INTEGER:
			out[v.GetCode()] = json.Number(one)
		case catalogv1.AttributeType_ATTRIBUTE_TYPE_BOOLEAN:
			out[v.GetCode()] = one == "true"
		case catalogv1.AttributeType_ATTRIBUTE_TYPE_MULTISELECT:
			out[v.GetCode()] = v.GetValues()
		case catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT, catalogv1.AttributeType_ATTRIBUTE_TYPE_DATE, catalogv1.AttributeType_ATTRIBUTE_TYPE_SELECT,
			catalogv1.AttributeType_ATTRIBUTE_TYPE_UNSPECIFIED:
			out[v.GetCode()] = one
		}
	}
	return out
}

func (l *gpsrLine) toProto() *catalogv1.Gpsr {
	if l == nil {
		return nil
	}
	out := &catalogv1.Gpsr{
		Manufacturer: l.Manufacturer.toProto(), ResponsiblePerson: l.ResponsiblePerson.toProto(), Warnings: l.Warnings, SafetyImageIds: l.SafetyImageIDs,
	}
	for _, one := range l.Identifiers {
		out.Identifiers = append(out.Identifiers, &catalogv1.ProductIdentifier{Type: one.Type, Value: one.Value})
	}
	return out
}

func gpsrOf(in *catalogv1.Gpsr) *gpsrLine {
	if in == nil {
		return nil
	}
	out := &gpsrLine{
		Manufacturer: operatorOf(in.GetManufacturer()), ResponsiblePerson: operatorOf(in.GetResponsiblePerson()), Warnings: in.GetWarnings(),
		SafetyImageIDs: in.GetSafetyImageIds(),
	}
	for _, one := range in.GetIdentifiers() {
		out.Identifiers = append(out.Identifiers, identifierLine{one.GetType(), one.GetValue()})
	}
	return out
}

func (l *operatorLine) toProto() *catalogv1.EconomicOperator {
	if l == nil {
		return nil
	}
	return &catalogv1.EconomicOperator{Name: l.Name, Address: l.Address, Country: l.Country, Email: l.Email, Url: l.URL}
}

func operatorOf(in *catalogv1.EconomicOperator) *operatorLine {
	if in == nil {
		return nil
	}
	return &operatorLine{in.GetName(), in.Address, in.Country, in.Email, in.Url}
}

func (l *guaranteeLine) toProto() *catalogv1.Guarantee {
	if l == nil {
		return nil
	}
	out := &catalogv1.Guarantee{LegalGuarantee: l.LegalGuarantee}
	if d := l.DurabilityLabel; d != nil {
		out.DurabilityLabel = &catalogv1.DurabilityLabel{Months: d.Months, Producer: d.Producer}
	}
	return out
}

func guaranteeOf(in *catalogv1.Guarantee) *guaranteeLine {
	if in == nil {
		return nil
	}
	out := &guaranteeLine{LegalGuarantee: in.LegalGuarantee}
	if d := in.GetDurabilityLabel(); d != nil {
		out.DurabilityLabel = &durabilityLine{d.GetMonths(), d.GetProducer()}
	}
	return out
}

func (l *energyLine) toProto() *catalogv1.EnergyLabel {
	if l == nil {
		return nil
	}
	return &catalogv1.EnergyLabel{Class: l.Class, ScaleMin: l.ScaleMin, ScaleMax: l.ScaleMax, EprelId: l.EPRELID, LabelImageId: l.LabelImageID}
}

func energyOf(in *catalogv1.EnergyLabel) *energyLine {
	if in == nil {
		return nil
	}
	return &energyLine{in.GetClass(), in.GetScaleMin(), in.GetScaleMax(), in.EprelId, in.LabelImageId}
}

// readJSON reads the JSON of a cell, strictly.
func readJSON(column, text string, into any) *rowError {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return problem(column, "wrong_type", "The value "+wrong.Field+" does not fit: the type is "+wrong.Value+".", text)
		}
		if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			return problem(column, "unknown_key", "The key "+name+" is not known here.", text)
		}
		return problem(column, "not_json", "The cell is not one JSON value.", text)
	}
	if strings.TrimSpace(text[decoder.InputOffset():]) != "" {
		return problem(column, "not_json", "Something stands behind the JSON value.", text)
	}
	if strings.Contains(text, `\u0000`) {
		var all any
		if json.Unmarshal([]byte(text), &all) == nil && holdsNUL(all) {
			return problem(column, "invalid_character", "The character U+0000 cannot be stored.", text)
		}
	}
	return nil
}

// writeJSON is what readJSON reads, the same each time; empty for nil.
func writeJSON(v any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // texts may be HTML
	if encoder.Encode(v) != nil {
		return "" // cannot be: texts, numbers and maps of texts
	}
	if text := strings.TrimSpace(out.String()); text != "null" {
		return text
	}
	return ""
}

// law takes what a line says of the product for law and trade into the wish.
func (d *productLine) law(w *wish, row int64) {
	if d.MinimumAge.set {
		w.fact("minimum_age", func(f *catalogv1.ProductFacts) { f.MinimumAge = d.MinimumAge.value })
	}
	if d.GPSR.set {
		w.fact("gpsr", func(f *catalogv1.ProductFacts) { f.Gpsr = d.GPSR.value.toProto() })
	}
	if d.Guarantee.set {
		w.fact("guarantee", func(f *catalogv1.ProductFacts) { f.Guarantee = d.Guarantee.value.toProto() })
	}
	if d.EnergyLabel.set {
		w.fact("energy_label", func(f *catalogv1.ProductFacts) { f.EnergyLabel = d.EnergyLabel.value.toProto() })
	}
	if on := d.EnergyLabelRequired; on != nil {
		w.fact("energy_label_required", func(f *catalogv1.ProductFacts) { f.EnergyLabelRequired = *on })
	}
	if on := d.SoldByMeasure; on != nil {
		w.fact("sold_by_measure", func(f *catalogv1.ProductFacts) { f.SoldByMeasure = *on })
	}
	w.complain(row, readAttributes("attributes", d.Attributes, &w.attributes))
}

func readAttributes(column string, line attributesLine, to *[]attributeInput) *rowError {
	inputs, wrong := line.inputs()
	if wrong != "" {
		return problem(column, "wrong_type", "A value is a text, a number, true or false, a list of texts, or null.", wrong)
	}
	*to = inputs
	return nil
}

// lawOf says of a line what a product's facts are.
func (d *productLine) lawOf(p *catalogv1.Product) {
	f := p.GetFacts()
	d.MinimumAge, d.GPSR, d.Guarantee = maybe[int32]{set: true}, maybe[gpsrLine]{true, gpsrOf(f.GetGpsr())}, maybe[guaranteeLine]{true, guaranteeOf(f.GetGuarantee())}
	if f != nil {
		d.MinimumAge.value = f.MinimumAge
	}
	d.EnergyLabel = maybe[energyLine]{true, energyOf(f.GetEnergyLabel())}
	d.EnergyLabelRequired, d.SoldByMeasure = proto.Bool(f.GetEnergyLabelRequired()), proto.Bool(f.GetSoldByMeasure())
	d.Attributes = attributesOf(p.GetAttributes())
}
