package catalog

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
)

// factColumns are the columns about what law, customs and trade want known. An empty cell clears.
func factColumns() []column {
	return append([]column{
		{name: "goods", product: readGoods, write: ofProduct(func(p *catalogv1.Product) string { return string(goodsFromProto(p.GetFacts().GetGoods())) })},
		{name: "vat_class", product: readVATClass, write: ofProduct(func(p *catalogv1.Product) string { return string(vatClassFromProto(p.GetFacts().GetVatClass())) })},
		textFact("gtin", "gtin", []string{"barcode", "variant_barcode", "gtin_upc_ean_or_isbn", "ean", "ean13"}, func(f *catalogv1.VariantFacts) **string { return &f.Gtin }),
		textFact("mpn", "mpn", nil, func(f *catalogv1.VariantFacts) **string { return &f.Mpn }),
		textFact("hs_code", "hs_code", nil, func(f *catalogv1.VariantFacts) **string { return &f.HsCode }),
		textFact("country_of_origin", "country_of_origin", nil, func(f *catalogv1.VariantFacts) **string { return &f.CountryOfOrigin }),
		lengthFact("length_mm", func(f *catalogv1.VariantFacts) **int64 { return &f.LengthMm }),
		lengthFact("width_mm", func(f *catalogv1.VariantFacts) **int64 { return &f.WidthMm }),
		lengthFact("height_mm", func(f *catalogv1.VariantFacts) **int64 { return &f.HeightMm }),
	}, measureColumns()...)
}

// fact takes a fact of a variant into the wish: named, and cleared unless set gives it a value.
func (v *variantWish) fact(name string, set func(f *catalogv1.VariantFacts)) {
	if v.facts == nil {
		v.facts = &catalogv1.VariantFactsPatch{Values: &catalogv1.VariantFacts{}}
	}
	if !slices.Contains(v.facts.GetGiven(), name) {
		v.facts.Given = append(v.facts.Given, name)
	}
	set(v.facts.GetValues())
}

// fact takes a fact of the product into the wish.
func (w *wish) fact(name string, set func(f *catalogv1.ProductFacts)) {
	if w.facts == nil {
		w.facts = &catalogv1.ProductFactsPatch{Values: &catalogv1.ProductFacts{}}
	}
	if !slices.Contains(w.facts.GetGiven(), name) {
		w.facts.Given = append(w.facts.Given, name)
	}
	set(w.facts.GetValues())
}

func readGoods(w *wish, text string) *rowError {
	kind := goodsKind(strings.ToLower(text))
	if kind != "" && kind != goodsPhysical && kind != goodsDigital && kind != goodsService {
		return problem("goods", "not_allowed", "Goods are physical, digital or service.", text)
	}
	w.fact("goods", func(f *catalogv1.ProductFacts) { f.Goods = goodsToProto(kind) })
	return nil
}

func readVATClass(w *wish, text string) *rowError {
	class := vatClass(strings.ToLower(text))
	if class != "" && vatClassToProto(class) == catalogv1.VatClass_VAT_CLASS_UNSPECIFIED {
		return problem("vat_class", "not_allowed", "A VAT class is standard, reduced, super_reduced, zero, exempt or digital.", text)
	}
	w.fact("vat_class", func(f *catalogv1.ProductFacts) { f.VatClass = vatClassToProto(class) })
	return nil
}

// textFact is a fact that is a text. A barcode of another shop system that is no GTIN is left out: anything stands there.
func textFact(name, given string, alias []string, of func(f *catalogv1.VariantFacts) **string) column {
	return column{name: name, alias: alias, variant: func(w *wish, v *variantWish, text string) *rowError {
		if w.from != ourOwn {
			text = strings.TrimPrefix(text, "'") // which keeps leading zeros from spreadsheets
		}
		if w.from != ourOwn && text == "" {
			return nil
		}
		if w.from != ourOwn && name == "gtin" && !isGTIN(text) {
			w.note(v.row, problem("gtin", "gtin_invalid", "This is no GTIN. It was left out.", text))
			return nil
		}
		v.fact(given, func(f *catalogv1.VariantFacts) {
			if *of(f) = nil; text != "" {
				*of(f) = proto.String(text)
			}
		})
		v.said = v.said || w.from == ourOwn && text != ""
		return nil
	}, write: ofVariant(func(v *catalogv1.Variant) string {
		if text := *of(factsOfVariant(v)); text != nil {
			return *text
		}
		return ""
	})}
}

func lengthFact(name string, of func(f *catalogv1.VariantFacts) **int64) column {
	return column{name: name, variant: func(_ *wish, v *variantWish, text string) *rowError {
		if text == "" {
			v.fact(name, func(f *catalogv1.VariantFacts) { *of(f) = nil })
			return nil
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 || n > maxLength {
			return problem(name, "out_of_range", "A length is a whole number of millimetres from 0 to 10^9.", text)
		}
		v.fact(name, func(f *catalogv1.VariantFacts) { *of(f) = &n })
		v.said = true
		return nil
	}, write: ofVariant(func(v *catalogv1.Variant) string {
		if n := *of(factsOfVariant(v)); n != nil {
			return strconv.FormatInt(*n, 10)
		}
		return ""
	})}
}

// measureColumns are how much one unit of sale holds, and for how much the unit price is told: 250 g, told for 1 kg.
func measureColumns() []column {
	cell := func(name string, alias []string, set func(m *catalogv1.UnitMeasure, text string) bool, get func(m *catalogv1.UnitMeasure) string) column {
		return column{name: name, alias: alias, variant: func(w *wish, v *variantWish, text string) *rowError {
			if text == "" {
				if w.from == ourOwn {
					v.fact("unit_price", func(*catalogv1.VariantFacts) {})
				}
				return nil
			}
			ok := true
			v.fact("unit_price", func(f *catalogv1.VariantFacts) {
				if f.UnitPrice == nil {
					f.UnitPrice = &catalogv1.UnitMeasure{}
				}
				ok = set(f.GetUnitPrice(), text)
			})
			v.said = true
			if !ok {
				return problem(name, "invalid", "It is a whole number.", text)
			}
			return nil
		}, write: ofVariant(func(v *catalogv1.Variant) string {
			if m := v.GetFacts().GetUnitPrice(); m != nil {
				return get(m)
			}
			return ""
		})}
	}
	return []column{
		cell("unit_quantity", []string{"unit_price_total_measure"},
			func(m *catalogv1.UnitMeasure, text string) bool { m.Quantity = text; return true },
			func(m *catalogv1.UnitMeasure) string { return m.GetQuantity() }),
		cell("unit", []string{"unit_price_total_measure_unit"},
			func(m *catalogv1.UnitMeasure, text string) bool { m.Unit = unitName(text); return true },
			func(m *catalogv1.UnitMeasure) string { return m.GetUnit() }),
		cell("base_quantity", []string{"unit_price_base_measure"},
			func(m *catalogv1.UnitMeasure, text string) (ok bool) {
				n, err := strconv.ParseInt(strings.TrimSuffix(text, ".0"), 10, 64)
				m.BaseQuantity = n
				return err == nil
			},
			func(m *catalogv1.UnitMeasure) string { return strconv.FormatInt(m.GetBaseQuantity(), 10) }),
		cell("base_unit", []string{"unit_price_base_measure_unit"},
			func(m *catalogv1.UnitMeasure, text string) bool { m.BaseUnit = unitName(text); return true },
			func(m *catalogv1.UnitMeasure) string { return m.GetBaseUnit() }),
	}
}

// unitName is a unit as kit/measure spells it.
func unitName(text string) string {
	switch text {
	case "L":
		return "l"
	case "ML", "mL":
		return "ml"
	case "CL", "cL":
		return "cl"
	case "KG", "Kg":
		return "kg"
	case "G":
		return "g"
	}
	return text
}

// maxLength in millimetres.
const maxLength = 1_000_000_000

// converted is a decimal times numerator/denominator, rounded half up to a whole number; ok is false for what is no decimal
// from 0 on, or too large.
func converted(text string, numerator, denominator, most int64) (n int64, ok bool) {
	text = strings.Replace(text, ",", ".", 1)
	whole, fraction, _ := strings.Cut(text, ".")
	if digits := whole + fraction; digits == "" || len(digits) > 24 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		return 0, false
	}
	value.Mul(value, big.NewRat(numerator, denominator))
	value.Add(value, big.NewRat(1, 2))
	rounded := new(big.Int).Quo(value.Num(), value.Denom())
	if !rounded.IsInt64() || rounded.Int64() > most {
		return 0, false
	}
	return rounded.Int64(), true
}

// metric is what a unit of weight or length of another shop system is in grams or millimetres, as a fraction.
func metric(unit string) (numerator, denominator int64, ok bool) {
	switch unit {
	case "kg", "m":
		return 1000, 1, true
	case "g", "mm":
		return 1, 1, true
	case "cm":
		return 10, 1, true
	case "lbs", "lb":
		return 45_359_237, 100_000, true // exactly 453.592 37 g
	case "oz":
		return 28_349_523_125, 1_000_000_000, true
	case "in":
		return 254, 10, true
	case "yd":
		return 9144, 10, true
	}
	return 0, 0, false
}

// factsOfVariant is never nil.
func factsOfVariant(v *catalogv1.Variant) *catalogv1.VariantFacts {
	if f := v.GetFacts(); f != nil {
		return f
	}
	return &catalogv1.VariantFacts{}
}
