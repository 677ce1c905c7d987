package catalog

import (
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
)

// lawColumns are what law wants told of a product, the shop's own attributes and the files of a variant. What is more than
// one value is JSON, as in NDJSON; an empty cell clears, but for attributes and files, which it leaves.
func lawColumns() []column {
	return []column{
		{name: "minimum_age", product: func(w *wish, text string) *rowError {
			n, err := strconv.ParseInt(text, 10, 32)
			if text != "" && err != nil {
				return problem("minimum_age", "out_of_range", "An age is a whole number of years from 1 to 99.", text)
			}
			w.fact("minimum_age", func(f *catalogv1.ProductFacts) {
				if f.MinimumAge = nil; text != "" {
					f.MinimumAge = proto.Int32(int32(n))
				}
			})
			return nil
		}, write: ofProduct(func(p *catalogv1.Product) string {
			if f := p.GetFacts(); f != nil && f.MinimumAge != nil { // absent is not zero
				return strconv.Itoa(int(f.GetMinimumAge()))
			}
			return ""
		})},
		flagColumn("sold_by_measure", func(f *catalogv1.ProductFacts) *bool { return &f.SoldByMeasure }),
		flagColumn("energy_label_required", func(f *catalogv1.ProductFacts) *bool { return &f.EnergyLabelRequired }),
		jsonFact("energy_label", func(f *catalogv1.ProductFacts, l *energyLine) { f.EnergyLabel = l.toProto() },
			func(f *catalogv1.ProductFacts) string { return writeJSON(energyOf(f.GetEnergyLabel())) }),
		jsonFact("gpsr", func(f *catalogv1.ProductFacts, l *gpsrLine) { f.Gpsr = l.toProto() },
			func(f *catalogv1.ProductFacts) string { return writeJSON(gpsrOf(f.GetGpsr())) }),
		jsonFact("guarantee", func(f *catalogv1.ProductFacts, l *guaranteeLine) { f.Guarantee = l.toProto() },
			func(f *catalogv1.ProductFacts) string { return writeJSON(guaranteeOf(f.GetGuarantee())) }),
		{name: "attributes", product: func(w *wish, text string) *rowError {
			return attributesCell("attributes", text, &w.attributes)
		}, write: ofProduct(func(p *catalogv1.Product) string { return attributesText(p.GetAttributes()) })},
		{name: "variant_attributes", variant: func(_ *wish, v *variantWish, text string) *rowError {
			v.said = v.said || text != ""
			return attributesCell("variant_attributes", text, &v.attributes)
		}, write: ofVariant(func(v *catalogv1.Variant) string { return attributesText(v.GetAttributes()) })},
		{name: "files", variant: func(_ *wish, v *variantWish, text string) *rowError {
			if text == "" {
				return nil
			}
			v.said = true
			return readJSON("files", text, &v.files)
		}, write: func(x exported, _ bool) string {
			if files := x.files[x.variant.GetId()]; len(files) > 0 {
				return guarded(writeJSON(files))
			}
			return ""
		}},
	}
}

func flagColumn(name string, of func(f *catalogv1.ProductFacts) *bool) column {
	return column{name: name, product: func(w *wish, text string) *rowError {
		on, ok := yes(text)
		if text != "" && !ok {
			return problem(name, "not_allowed", "It is true or false.", text)
		}
		w.fact(name, func(f *catalogv1.ProductFacts) { *of(f) = on })
		return nil
	}, write: ofProduct(func(p *catalogv1.Product) string {
		if f := p.GetFacts(); f != nil && *of(f) {
			return "true"
		}
		return ""
	})}
}

func jsonFact[L any](name string, set func(f *catalogv1.ProductFacts, l *L), write func(f *catalogv1.ProductFacts) string) column {
	return column{name: name, product: func(w *wish, text string) *rowError {
		var l *L
		if text != "" {
			if e := readJSON(name, text, &l); e != nil {
				return e
			}
		}
		w.fact(name, func(f *catalogv1.ProductFacts) { set(f, l) })
		return nil
	}, write: ofProduct(func(p *catalogv1.Product) string { return write(p.GetFacts()) })}
}

func attributesCell(column, text string, to *[]attributeInput) *rowError {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	var line attributesLine
	if e := readJSON(column, text, &line); e != nil {
		return e
	}
	return readAttributes(column, line, to)
}

func attributesText(values []*catalogv1.AttributeValue) string {
	if len(values) == 0 {
		return ""
	}
	return writeJSON(attributesOf(values))
}
