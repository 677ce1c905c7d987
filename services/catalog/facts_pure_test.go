package catalog

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/measure"
)

func TestGTIN(t *testing.T) {
	t.Parallel()
	for gtin, want := range map[string]bool{
		"4006381333931": true, "96385074": true, "036000291452": true, "10614141000415": true, "9780306406157": true, "73513537": true,
		"4006381333932": false, "96385075": false, "0360002914": false, "": false, "0000000000000": false, "400638133393a": false,
		"4006381333931x": false, "-006381333931": false, "٤٠٠٦٣٨١٣٣٣٩٣١": false, "106141410004150": false, strings.Repeat("0", 10_000): false,
	} {
		if got := isGTIN(gtin); got != want {
			t.Errorf("%.20q: got %v", gtin, got)
		}
	}
}

// Any one digit that is wrong is found, whatever the number.
func TestGTINFindsEveryWrongDigit(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 13))
	for range 500 {
		digits := fmt.Sprintf("%012d", 1+random.Int64N(999_999_999_999))
		right := ""
		for check := range 10 {
			if gtin := digits + strconv.Itoa(check); isGTIN(gtin) {
				if right != "" {
					t.Fatalf("%s and %s both pass", right, gtin)
				}
				right = gtin
			}
		}
		if right == "" {
			t.Fatalf("%s has no check digit", digits)
		}
		for i := range right {
			wrong := []byte(right)
			wrong[i] = '0' + (wrong[i]-'0'+1+byte(random.IntN(9)))%10
			if isGTIN(string(wrong)) {
				t.Fatalf("%s passes although %s is right", wrong, right)
			}
		}
	}
}

func TestAttributeValues(t *testing.T) {
	t.Parallel()
	options := []attributeOption{{"red", "Red"}, {"blue", "Blue"}, {"green", "Green"}}
	for _, c := range []struct {
		typ   attributeType
		value any
		want  string // values joined, or the code of what is wrong behind a "!"
	}{
		{attributeText, "Linen", "Linen"},
		{attributeText, " ", "!invalid"},
		{attributeText, strings.Repeat("ä", 2000), strings.Repeat("ä", 2000)},
		{attributeText, strings.Repeat("ä", 2001), "!invalid"},
		{attributeText, numeral("1"), "!wrong_type"},
		{attributeText, []string{"a"}, "!wrong_type"},
		{attributeNumber, numeral("12.50"), "12.5"},
		{attributeNumber, numeral("-0"), "0"},
		{attributeNumber, numeral("-0.5"), "-0.5"},
		{attributeNumber, numeral("1234567890"), "!out_of_range"},
		{attributeNumber, numeral("0.1234567"), "!out_of_range"},
		{attributeNumber, numeral("NaN"), "!out_of_range"},
		{attributeNumber, numeral("1e5"), "!out_of_range"},
		{attributeNumber, "12", "!wrong_type"},
		{attributeInteger, numeral("9007199254740991"), "9007199254740991"},
		{attributeInteger, numeral("9007199254740992"), "!not_an_integer"},
		{attributeInteger, numeral("1.5"), "!not_an_integer"},
		{attributeInteger, true, "!wrong_type"},
		{attributeBoolean, true, "true"},
		{attributeBoolean, "true", "!wrong_type"},
		{attributeDate, "2026-02-28", "2026-02-28"},
		{attributeDate, "2026-02-29", "!malformed"},
		{attributeDate, "2026-2-1", "!malformed"},
		{attributeDate, "0000-01-01", "!malformed"},
		{attributeDate, "2026-01-01T00:00:00Z", "!malformed"},
		{attributeSelect, "red", "red"},
		{attributeSelect, "RED", "!not_allowed"},
		{attributeSelect, []string{"red"}, "!wrong_type"},
		{attributeMultiselect, []string{"green", "red"}, "red green"},
		{attributeMultiselect, []string{"red", "red"}, "!duplicate"},
		{attributeMultiselect, []string{"red", "pink"}, "!not_allowed"},
		{attributeMultiselect, []string{}, "!invalid"},
		{attributeMultiselect, "red", "!wrong_type"},
	} {
		a := &attribute{typ: c.typ, options: options}
		values, code, _ := a.read(c.value)
		got := strings.Join(values, " ")
		if code != "" {
			got = "!" + code
		}
		if got != c.want {
			t.Errorf("%s from %.40v: got %.40q, want %.40q", c.typ, c.value, got, c.want)
		}
	}
}

func TestAttributesHaveCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"color": true, "shoe_size": true, "a": true, "x2_y3": true, "": false, "Color": false, "_a": false, "a_": false, "a__b": false, "2a": false,
		"a.b": false, "a-b": false, "é": false, "a\n": false, strings.Repeat("a", 65): false,
	} {
		a := &attribute{code: code, name: "N", typ: attributeText}
		if err := a.check(); (err == nil) != want {
			t.Errorf("%.20q: %v", code, err)
		}
	}
	long := make([]attributeOption, maxAttributeOptions+1)
	for i := range long {
		long[i] = attributeOption{strconv.Itoa(i), "L"}
	}
	for what, options := range map[string][]attributeOption{
		"none": nil, "too many": long, "twice the same": {{"a", "A"}, {"a", "B"}}, "a comma": {{"a,b", "A"}}, "no label": {{"a", " "}}, "no value": {{"", "A"}},
	} {
		a := &attribute{code: "c", name: "N", typ: attributeSelect, options: options}
		if err := a.check(); !errors.Is(err, ErrAttributeInvalid) {
			t.Errorf("options with %s: %v", what, err)
		}
	}
	if err := (&attribute{code: "c", name: "N", typ: attributeText, options: long[:1]}).check(); !errors.Is(err, ErrAttributeInvalid) {
		t.Errorf("a text with options: %v", err)
	}
}

// Two texts have the same key exactly when they fold to the same, however long they are.
func TestTextKeys(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Länge ", 300)
	if textKey("Écru") != textKey("ecru") || textKey(long) != textKey(strings.ToUpper(long)) {
		t.Error("letters that fold to the same have different keys")
	}
	if textKey(long+"a") == textKey(long+"b") {
		t.Error("texts that differ at the end have the same key")
	}
	if n := len(textKey(strings.Repeat("漢", 2000))); n > 500 {
		t.Errorf("a key has %d bytes", n)
	}
}

func TestCountries(t *testing.T) {
	t.Parallel()
	all := strings.Fields(countries)
	if len(all) != 249 || !slices.IsSorted(all) {
		t.Errorf("%d countries, sorted: %v", len(all), slices.IsSorted(all))
	}
	members := 0
	for _, c := range all {
		if inEEA(c) {
			members++
		}
	}
	if members != 30 {
		t.Errorf("the European Economic Area has %d members", members)
	}
	for _, no := range []string{"", "D", "D ", " D", "EU", "UK", "XX", "de", "DEU", "E "} {
		if isCountry(no) {
			t.Errorf("%q is a country", no)
		}
	}
}

func text(s string) *string { return &s }

// complete is a product that lacks nothing, not even what customs ask for.
func complete() *product {
	m, _ := measure.New("250", "g", 1, "kg")
	return &product{
		status: published, images: []image{{id: id.New()}},
		variants: []variant{{id: id.New(), facts: variantFacts{measure: &m, gtin: text("4006381333931"), origin: text("CN"), hsCode: text("091011")}}},
		facts: productFacts{
			vatClass: vatReduced, energyRequired: true, energyLabel: &energyLabel{class: "B", scaleMin: "A", scaleMax: "G"},
			gpsr: &gpsr{
				manufacturer: &operator{name: "Maker", address: text("1 Road"), country: text("CN"), email: text("a@maker.example")},
				responsible:  &operator{name: "Agent", address: text("2 Road"), country: text("DE"), url: text("https://agent.example")},
				warnings:     []warning{{"de-AT", "Heiß"}, {"fr", "Chaud"}},
			},
		},
	}
}

func TestCompleteness(t *testing.T) {
	t.Parallel()
	germany := []market{{country: "DE", enforcement: marketBlock}}
	for _, c := range []struct {
		what    string
		change  func(p *product)
		markets []market
		want    string // fields that are missing; a warning behind a "~"
	}{
		{"nothing", func(*product) {}, germany, ""},
		{"no market", func(p *product) { *p = product{status: published} }, nil, ""},
		{"no VAT class", func(p *product) { p.facts.vatClass = "" }, germany, "vatClass"},
		{"no safety information", func(p *product) { p.facts.gpsr = nil }, germany, "gpsr.manufacturer"},
		{"a responsible person does not replace the manufacturer", func(p *product) { p.facts.gpsr.manufacturer = nil }, germany, "gpsr.manufacturer"},
		{"no postal address", func(p *product) { p.facts.gpsr.manufacturer.address = nil }, germany, "gpsr.manufacturer.address"},
		{"no electronic address", func(p *product) { p.facts.gpsr.manufacturer.email = nil }, germany, "gpsr.manufacturer.email"},
		{"a web address is one", func(p *product) {
			p.facts.gpsr.manufacturer.email, p.facts.gpsr.manufacturer.url = nil, text("https://maker.example")
		}, germany, ""},
		{"made outside, nobody inside", func(p *product) { p.facts.gpsr.responsible = nil }, germany, "gpsr.responsiblePerson"},
		{"made in Norway, nobody needed", func(p *product) {
			p.facts.gpsr.responsible, p.facts.gpsr.manufacturer.country = nil, text("NO")
		}, germany, ""},
		{"made in Switzerland, nobody inside", func(p *product) {
			p.facts.gpsr.responsible, p.facts.gpsr.manufacturer.country = nil, text("CH")
		}, germany, "gpsr.responsiblePerson"},
		{"made nobody knows where", func(p *product) {
			p.facts.gpsr.responsible, p.facts.gpsr.manufacturer.country = nil, nil
		}, germany, "gpsr.manufacturer.country"},
		{"a responsible person that cannot be reached", func(p *product) {
			p.facts.gpsr.responsible.address, p.facts.gpsr.responsible.url = nil, nil
		}, germany, "gpsr.responsiblePerson.address gpsr.responsiblePerson.email"},
		{"warnings in another language", func(*product) {}, []market{{country: "PL", enforcement: marketWarn}}, "gpsr.warnings"},
		{"no warnings at all", func(p *product) { p.facts.gpsr.warnings = nil }, []market{{country: "PL", enforcement: marketWarn}}, ""},
		{"one of three languages is enough", func(*product) {}, []market{{country: "BE", enforcement: marketWarn}, {country: "LU", enforcement: marketWarn}, {country: "AT", enforcement: marketWarn}}, ""},
		{"no picture", func(p *product) { p.images = nil }, germany, "images"},
		{"nothing identifies it", func(p *product) { p.variants[0].facts.gtin = nil }, germany, "variants[0].gtin"},
		{"the part number does", func(p *product) { p.variants[0].facts.gtin, p.variants[0].facts.mpn = nil, text("M") }, germany, ""},
		{"an identifier of the product does", func(p *product) {
			p.variants[0].facts.gtin, p.facts.gpsr.identifiers = nil, []identifier{{"batch", "7"}}
		}, germany, ""},
		{"sold by measure, one variant without", func(p *product) {
			p.variants = append(p.variants, p.variants[0])
			p.variants[1].facts.measure = nil
		}, germany, "variants[1].unitPrice"},
		{"the shop says it is sold by measure", func(p *product) {
			p.variants[0].facts.measure, p.facts.soldByMeasure = nil, true
		}, germany, "variants[0].unitPrice"},
		{"not sold by measure", func(p *product) { p.variants[0].facts.measure = nil }, germany, ""},
		{"goods without the legal guarantee", func(p *product) { p.facts.guarantee = &guarantee{legal: new(false)} }, germany, "guarantee.legalGuarantee"},
		{"no energy label", func(p *product) { p.facts.energyLabel = nil }, germany, "energyLabel"},
		{"none needed", func(p *product) { p.facts.energyLabel, p.facts.energyRequired = nil, false }, germany, ""},
		{"customs", func(p *product) { p.variants[0].facts.origin, p.variants[0].facts.hsCode = nil, nil }, germany, "~variants[0].countryOfOrigin ~variants[0].hsCode"},
		{"a service", func(p *product) {
			*p = product{variants: []variant{{}}, facts: productFacts{goods: goodsService, vatClass: vatStandard}}
		}, germany, ""},
		{"a digital good", func(p *product) { *p = product{variants: []variant{{}}, facts: productFacts{goods: goodsDigital}} }, germany, "vatClass"},
		{"a variant with files", func(p *product) {
			p.variants = append(p.variants, variant{facts: variantFacts{files: []digitalFile{{}}}})
		}, germany, ""},
		{"market by market", func(p *product) { p.facts.vatClass = "" }, []market{{country: "DE", enforcement: marketWarn}, {country: "FR", enforcement: marketBlock}}, "vatClass vatClass"},
		{"nothing at all", func(p *product) { *p = product{variants: []variant{{}}} }, germany,
			"vatClass gpsr.manufacturer images variants[0].gtin ~variants[0].countryOfOrigin ~variants[0].hsCode"},
	} {
		p := complete()
		c.change(p)
		var got []string
		for _, f := range p.lacking(c.markets) {
			if f.rule == "" || f.message == "" || f.market == "" {
				t.Errorf("%s: %+v says too little", c.what, f)
			}
			field := f.field
			if !f.required {
				field = "~" + field
			}
			got = append(got, field)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, want %q", c.what, got, c.want)
		}
	}
}

// What stands against being published is what becomes missing, not what was missing before.
func TestMarketsBlockWhatIsNewlyMissing(t *testing.T) {
	t.Parallel()
	both := []market{{country: "DE", enforcement: marketBlock}, {country: "FR", enforcement: marketWarn}}
	was, is := complete(), complete()
	is.variants = slices.Clone(was.variants)
	is.facts.vatClass, is.variants[0].facts.hsCode = "", nil
	check := func(what string, before *product, markets []market, blocked int) {
		t.Helper()
		findings, err := is.fitForMarkets(before, markets)
		if blocked == 0 {
			if err != nil || len(findings) == 0 {
				t.Errorf("%s: got %v, %v", what, findings, err)
			}
			return
		}
		var f *fault.Fault
		if !errors.As(err, &f) || !errors.Is(err, ErrMarketIncomplete) || len(f.Objects()) != blocked || f.Objects()[0]["market"] != "DE" {
			t.Errorf("%s: got %v", what, err)
		}
	}
	check("made published", nil, both, 1)
	check("the VAT class taken from a published product", was, both, 1)
	was.status = draft
	check("a draft that is published", was, both, 1)
	was.status = published
	was.facts.vatClass = ""
	check("what was missing before", was, both, 0)
	check("markets that only warn", nil, []market{{country: "DE", enforcement: marketWarn}}, 0)
	is.variants[0].facts.gtin = nil
	check("something else is taken", was, both, 1)
	is.status = draft
	if findings, err := is.fitForMarkets(nil, both); err != nil || findings != nil {
		t.Errorf("a draft: got %v, %v", findings, err)
	}
}

func TestFactsThatCannotBeTrue(t *testing.T) {
	t.Parallel()
	for field, f := range map[string]productFacts{
		"gpsr.manufacturer.name":             {gpsr: &gpsr{manufacturer: &operator{name: " "}}},
		"gpsr.manufacturer.country":          {gpsr: &gpsr{manufacturer: &operator{name: "M", country: text("XX")}}},
		"gpsr.manufacturer.email":            {gpsr: &gpsr{manufacturer: &operator{name: "M", email: text("Maker <a@b.example>")}}},
		"gpsr.manufacturer.url":              {gpsr: &gpsr{manufacturer: &operator{name: "M", url: text("javascript:alert(1)")}}},
		"gpsr.responsiblePerson.country":     {gpsr: &gpsr{responsible: &operator{name: "R", country: text("US")}}},
		"gpsr.warnings.deutsch":              {gpsr: &gpsr{warnings: []warning{{"deutsch", "Heiß"}}}},
		"gpsr.warnings.de":                   {gpsr: &gpsr{warnings: []warning{{"de", " "}}}},
		"gpsr.identifiers[0]":                {gpsr: &gpsr{identifiers: []identifier{{"model", ""}}}},
		"guarantee.durabilityLabel.months":   {guarantee: &guarantee{durability: &durability{24, "M"}}},
		"guarantee.durabilityLabel.producer": {guarantee: &guarantee{durability: &durability{25, ""}}},
		"energyLabel.class":                  {energyLabel: &energyLabel{class: "A", scaleMin: "B", scaleMax: "G"}},
	} {
		err := f.check()
		if got := fault.From(err).Fields(); !errors.Is(err, ErrFactInvalid) || len(got) != 1 || got[0].Field != field {
			t.Errorf("%s: got %v %v", field, err, got)
		}
	}
	for field, f := range map[string]variantFacts{
		"hsCode": {hsCode: text("12345")}, "countryOfOrigin": {origin: text("Portugal")}, "gtin": {gtin: text("4006381333930")}, "mpn": {mpn: text("  ")},
	} {
		err := f.check("variants[3]")
		if got := fault.From(err).Fields(); !errors.Is(err, ErrFactInvalid) || len(got) != 1 || got[0].Field != "variants[3]."+field {
			t.Errorf("%s: got %v %v", field, err, got)
		}
	}
}

func TestStorageKeys(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{
		"a": true, "files/pattern-A4_v2.pdf": true, "": false, "/a": false, "a/": false, "a//b": false, "../a": false, "a/../b": false, "a/./b": false,
		"a\\b": false, "a b": false, "é": false, "a/...": false, "https://x": false,
	} {
		if isStorageKey(key) != want {
			t.Errorf("%q", key)
		}
	}
}
