package catalog_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/services/catalog"
)

// whole is a room with everything staff can set of a product.
type whole struct {
	factory

	lifecycle    catalogv1connect.LifecycleServiceClient
	translations catalogv1connect.TranslationServiceClient
}

func openWhole(t *testing.T) whole {
	t.Helper()
	f := openFacts(t)
	log := slog.New(slog.DiscardHandler)
	server := must(rpc.NewServer(rpc.Deps{Logger: log}))(t)
	f.svc.Mount(server)
	client := must(rpc.NewClient(door.Memory(server), rpc.Deps{Logger: log}))(t)
	return whole{f, catalogv1connect.NewLifecycleServiceClient(client), catalogv1connect.NewTranslationServiceClient(client)}
}

// attributesOfShop are the attributes that files name; they are made before products are.
func (s whole) attributesOfShop(t *testing.T) {
	t.Helper()
	s.attribute(t, "width", catalogv1.AttributeType_ATTRIBUTE_TYPE_NUMBER)
	s.attribute(t, "pages", catalogv1.AttributeType_ATTRIBUTE_TYPE_INTEGER)
	s.attribute(t, "organic", catalogv1.AttributeType_ATTRIBUTE_TYPE_BOOLEAN)
	s.attribute(t, "since", catalogv1.AttributeType_ATTRIBUTE_TYPE_DATE)
	s.attribute(t, "note", catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT)
	s.attribute(t, "colour", catalogv1.AttributeType_ATTRIBUTE_TYPE_MULTISELECT, "red", "blue")
}

// rich is a shop in which everything is said of a product that can be.
func (s whole) rich(t *testing.T) {
	t.Helper()
	money := func(amount int64, currency string) *typev1.Money {
		return &typev1.Money{Amount: amount, Currency: currency}
	}
	text := func(code, v string) *catalogv1.AttributeInput {
		return &catalogv1.AttributeInput{Code: code, Value: &catalogv1.AttributeInput_Text{Text: v}}
	}
	number := func(code, v string) *catalogv1.AttributeInput {
		return &catalogv1.AttributeInput{Code: code, Value: &catalogv1.AttributeInput_Number{Number: v}}
	}
	later := time.Date(2031, 2, 3, 4, 5, 6, 789_012_000, time.UTC)
	// A bundle that was born before what it is made of.
	early := s.create(t, &catalogv1.CreateProductRequest{Title: "Set | of = all", Slug: "set", Kind: catalogv1.ProductKind_PRODUCT_KIND_BUNDLE, Variants: []*catalogv1.VariantInput{{Sku: "SET", Price: euros(9000)}}})
	s.create(t, &catalogv1.CreateProductRequest{Title: "Empty set", Slug: "empty-set", Kind: catalogv1.ProductKind_PRODUCT_KIND_BUNDLE, Variants: []*catalogv1.VariantInput{{Sku: "NONE", Price: euros(1)}}})
	lamp := s.create(t, &catalogv1.CreateProductRequest{
		Title: "Lamp", Slug: "lamp", Status: catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT, PublishAt: timestamppb.New(later), UnpublishAt: timestamppb.New(later.AddDate(1, 0, 0)),
		Options: []*catalogv1.Option{{Name: "size", Values: []string{"S", "M"}}},
		Variants: []*catalogv1.VariantInput{
			{Sku: "3 x LAMP|S", Options: map[string]string{"size": "S"}, Price: euros(4900), Prices: []*catalogv1.BasePriceInput{
				{Price: money(51_900, "SEK"), CompareAtPrice: money(60_000, "SEK")}, {Price: money(7000, "JPY")},
			}, Attributes: []*catalogv1.AttributeInput{text("note", `=1+1 "quoted"`), number("pages", "12")}},
			{Sku: "LAMP-M", Options: map[string]string{"size": "M"}, Price: euros(5900)},
		},
		Facts: given(&catalogv1.ProductFacts{
			Goods: catalogv1.GoodsKind_GOODS_KIND_PHYSICAL, VatClass: catalogv1.VatClass_VAT_CLASS_REDUCED, MinimumAge: new(int32(18)), SoldByMeasure: true, EnergyLabelRequired: true,
			Gpsr: &catalogv1.Gpsr{
				Manufacturer:      &catalogv1.EconomicOperator{Name: "Maker", Address: new("1 Road\nTown"), Country: new("CN"), Url: new("https://maker.example/?a=1&b=<2>")},
				ResponsiblePerson: &catalogv1.EconomicOperator{Name: "Agent", Country: new("DE"), Email: new("agent@maker.example")},
				Warnings:          map[string]string{"de": "Heiß!", "fr": "Chaud | très"}, Identifiers: []*catalogv1.ProductIdentifier{{Type: "model", Value: "M-1"}},
			},
			Guarantee:   &catalogv1.Guarantee{LegalGuarantee: new(false), DurabilityLabel: &catalogv1.DurabilityLabel{Months: 60, Producer: "Maker"}},
			EnergyLabel: &catalogv1.EnergyLabel{Class: "B", ScaleMin: "A", ScaleMax: "G", EprelId: new("123")},
		}, "goods", "vat_class", "minimum_age", "sold_by_measure", "energy_label_required", "gpsr", "guarantee", "energy_label"),
		Attributes: []*catalogv1.AttributeInput{
			number("width", "12.5"), text("since", "2020-02-29"), {Code: "organic", Value: &catalogv1.AttributeInput_Boolean{Boolean: false}},
			{Code: "colour", Value: &catalogv1.AttributeInput_List{List: &catalogv1.AttributeTexts{Values: []string{"red", "blue"}}}},
		},
	})
	for locale, title := range map[string]string{"de": "Lampe", "pt-BR": "Lâmpada, bonita", "el": "Λάμπα"} {
		must(s.translations.SetProductTranslation(s.ctx, &catalogv1.SetProductTranslationRequest{ProductId: lamp.GetId(), Translation: &catalogv1.ProductTranslation{
			Locale: locale, Title: &title, Description: new("<p>\"" + title + "\"</p>\r\n"), SeoTitle: new(""), SeoDescription: new("'" + title),
			Options:  []*catalogv1.OptionTranslation{{Name: "size", Translation: new("Größe"), Values: map[string]string{"S": "klein", "M": "mittel"}}},
			Variants: []*catalogv1.VariantTranslation{{Id: lamp.GetVariants()[1].GetId(), Title: title + " M"}},
		}}))(t)
	}
	must(s.translations.SetProductTranslation(s.ctx, &catalogv1.SetProductTranslationRequest{ProductId: early.GetId(), Translation: &catalogv1.ProductTranslation{Locale: "de", Description: new("nur das")}}))(t)
	song := s.create(t, &catalogv1.CreateProductRequest{Title: "Song", Slug: "song", Variants: []*catalogv1.VariantInput{{Sku: "SONG", Price: euros(990)}}})
	for _, f := range []*catalogv1.AddVariantFileRequest{{MediaId: new(id.New().String()), Name: "song.flac", DownloadLimit: new(int32(3))}, {Key: new("files/cover.pdf"), Name: "cover.pdf", ExpiresAfterDays: new(int32(30))}} {
		f.ProductId, f.VariantId = song.GetId(), song.GetVariants()[0].GetId()
		must(s.AddVariantFile(s.ctx, f))(t)
	}
	must(s.lifecycle.SetComponents(s.ctx, &catalogv1.SetComponentsRequest{ProductId: early.GetId(), VariantId: early.GetVariants()[0].GetId(), Components: []*catalogv1.ComponentInput{
		{VariantId: song.GetVariants()[0].GetId(), Quantity: 1}, {VariantId: lamp.GetVariants()[0].GetId(), Quantity: 1000},
	}}))(t)
}

// A rich shop is exported, imported into an empty one and exported again: not a byte is different, and nothing is there that
// staff had set and files lose.
func TestAWholeShopGoesThroughAFile(t *testing.T) {
	t.Parallel()
	for _, format := range []catalogv1.FileFormat{csv, ndjson} {
		s := openWhole(t)
		s.attributesOfShop(t)
		s.rich(t)
		s.odd(t)
		file := s.export(t, format)
		counts(t, s.load(t, format, file), isDone, 0, 0, 9, 0)
		if again := s.export(t, format); again != file {
			t.Errorf("its own file has changed the shop:\n%s\n%s", file, again)
		}
		if format == csv {
			safe(t, file)
		}
		// Into another shop of the same house, which speaks no language but its own yet.
		there := s
		there.ctx = s.elsewhere(t)
		there.attributesOfShop(t)
		// SKUs, slugs and keys are free there. A dry run finds nothing wrong and writes nothing.
		dry := there.send(t, there.ctx, &catalogv1.CreateImportRequest{Format: format, DryRun: true}, strings.NewReader(file))
		there.work(t)
		counts(t, there.job(t, dry.GetId()), isDone, 9, 0, 0, 0)
		same(t, "products after a dry run", len(must(there.ExportProducts(there.ctx, &catalogv1.ExportProductsRequest{}))(t).GetProducts()), 0)
		counts(t, there.load(t, format, file), isDone, 9, 0, 0, 0)
		if again := there.export(t, format); again != file {
			for i, line := range strings.Split(file, "\n") {
				if other := strings.Split(again, "\n"); i >= len(other) || other[i] != line {
					t.Fatalf("line %d is different there:\n%s\n%s", i, line, strings.Join(other[i:min(i+1, len(other))], ""))
				}
			}
			t.Fatal("the file of the other shop is longer")
		}
		if err := catalog.CheckDocuments(there.ctx, there.db.DB); err != nil {
			t.Error(err)
		}
		set := there.bySlug(t, "set")
		parts := must(there.ResolveVariants(there.ctx, &catalogv1.ResolveVariantsRequest{Ids: []string{set.GetVariants()[0].GetId()}, Locales: []string{"de"}}))(t).GetVariants()[0]
		same(t, "parts of the set", len(parts.GetComponents()), 2)
		same(t, "files", there.bySlug(t, "song").GetVariants()[0].GetFacts().GetDigital().GetFileCount(), 2)
		same(t, "languages", len(must(there.translations.GetLocales(there.ctx, &catalogv1.GetLocalesRequest{}))(t).GetLocales().GetLocales()), 3)
		same(t, "of the first shop", len(must(s.translations.GetLocales(s.ctx, &catalogv1.GetLocalesRequest{}))(t).GetLocales().GetLocales()), 3)
	}
}

// Each of these is refused with its column, and nothing of its product is written.
func TestWhatFilesMaySayOfEverything(t *testing.T) {
	t.Parallel()
	s := openWhole(t)
	s.attributesOfShop(t)
	s.create(t, &catalogv1.CreateProductRequest{Title: "Part", Slug: "part", Variants: []*catalogv1.VariantInput{{Sku: "PART", Price: euros(1)}}})
	set := s.create(t, &catalogv1.CreateProductRequest{Title: "Set", Slug: "set", Kind: catalogv1.ProductKind_PRODUCT_KIND_BUNDLE, Variants: []*catalogv1.VariantInput{{Sku: "SET", Price: euros(1)}}})
	must(s.translations.SetProductTranslation(s.ctx, &catalogv1.SetProductTranslationRequest{ProductId: set.GetId(), Translation: &catalogv1.ProductTranslation{Locale: "de", Title: new("Satz"), Slug: new("satz")}}))(t)
	before := s.export(t, ndjson)
	for _, c := range []struct{ line, column, code string }{
		{`"kind":"bundel"`, "kind", "not_allowed"},
		{`"publishAt":"tomorrow"`, "publishAt", "out_of_range"},
		{`"publishAt":"2031-01-02T00:00:00Z","unpublishAt":"2031-01-01T00:00:00Z"`, "publishAt", "schedule_invalid"},
		{`"minimumAge":100`, "minimumAge", "invalid"},
		{`"gpsr":{"manufacturer":{"name":"` + strings.Repeat("x", 256) + `"}}`, "gpsr.manufacturer.name", "invalid"},
		{`"gpsr":{"maker":{}}`, "maker", "unknown_key"},
		{`"gpsr":{"responsiblePerson":{"name":"A","country":"US"}}`, "gpsr.responsiblePerson.country", "fact_invalid"},
		{`"guarantee":{"durabilityLabel":{"months":24,"producer":"A"}}`, "guarantee.durabilityLabel.months", "fact_invalid"},
		{`"energyLabel":{"class":"H","scaleMin":"A","scaleMax":"G"}`, "energyLabel.class", "fact_invalid"},
		{`"attributes":{"no_such":1}`, "attributes.no_such", "attribute_value_invalid"},
		{`"attributes":{"width":"wide"}`, "attributes.width", "attribute_value_invalid"},
		{`"attributes":{"width":[1]}`, "attributes", "wrong_type"},
		{`"attributes":{"width":1e999999999}`, "attributes.width", "attribute_value_invalid"},
		{`"translations":{"en":{"title":"Own"}}`, "translations.en", "locale_invalid"},
		{`"translations":{"no language":{}}`, "translations.no language", "locale_invalid"},
		{`"translations":{"de":{"title":""}}`, "translations.de", "invalid"},
		{`"translations":{"de":{"title":"` + strings.Repeat("x", 513) + `"}}`, "translations.de", "invalid"},
		{`"translations":{"de":{"slug":"satz"}}`, "translations.de", "slug_taken"},
		{`"translations":{"fr":{"slug":"part"}}`, "translations.fr", "slug_taken"},
		{`"translations":{"de":{"options":[{"name":"size"}]}}`, "translations.de", "option_invalid"},
		{`"translations":{"de":{"variants":[{"sku":"PART","title":"x"}]}}`, "translations.de", "variant_not_found"},
		{`"variants":[{"price":{"amount":1,"currency":"EUR"},"prices":[{"price":{"amount":-1,"currency":"SEK"}}]}]`, "variants[0].prices[0]", "out_of_range"},
		{`"variants":[{"price":{"amount":1,"currency":"EUR"},"prices":[{"price":{"amount":9223372036854775807,"currency":"SEK"}}]}]`, "variants[0].prices[0]", "out_of_range"},
		{`"variants":[{"price":{"amount":1,"currency":"EUR"},"prices":[{"price":{"amount":9223372036854775808,"currency":"SEK"}}]}]`, "variants.prices.price.amount", "wrong_type"},
		{`"variants":[{"price":{"amount":1,"currency":"EUR"},"prices":[{"price":{"amount":1,"currency":"EUR"}}]}]`, "variants[0].prices", "price_invalid"},
		{`"variants":[{"price":{"amount":1,"currency":"EUR"},"components":[{"sku":"PART","quantity":1}]}]`, "variants[0].components", "not_a_bundle"},
		{`"kind":"bundle","variants":[{"price":{"amount":1,"currency":"EUR"},"components":[{"sku":"NO","quantity":1}]}]`, "variants[0].components", "component_unknown"},
		{`"kind":"bundle","variants":[{"price":{"amount":1,"currency":"EUR"},"components":[{"sku":"PART","quantity":0}]}]`, "variants[0].components", "out_of_range"},
		{`"kind":"bundle","variants":[{"price":{"amount":1,"currency":"EUR"},"components":[{"sku":"SET","quantity":1}]}]`, "variants[0].components", "bundle_cycle"},
		{`"kind":"bundle","variants":[{"sku":"SELF","price":{"amount":1,"currency":"EUR"},"components":[{"sku":"SELF","quantity":1}]}]`, "variants[0].components", "bundle_cycle"},
		{`"kind":"bundle","variants":[{"price":{"amount":1,"currency":"EUR"},"components":[{"sku":"PART","quantity":1},{"sku":"PART","quantity":1}]}]`, "variants[0].components", "component_invalid"},
		{`"status":"published","kind":"bundle","variants":[{"price":{"amount":1,"currency":"EUR"}}]`, "components", "bundle_empty"},
		{`"variants":[{"price":{"amount":1,"currency":"EUR"},"files":[{"name":"a.pdf"}]}]`, "variants[0].files", "file_invalid"},
		{`"variants":[{"price":{"amount":1,"currency":"EUR"},"files":[{"key":"../a","name":"a.pdf"}]}]`, "variants[0].files", "file_invalid"},
		{`"variants":[{"price":{"amount":1,"currency":"EUR"},"files":[{"key":"a","name":"a.pdf","downloadLimit":0}]}]`, "variants[0].files", "invalid"},
	} {
		j := s.load(t, ndjson, `{"slug":"new","title":"New","categories":["Made"],`+c.line+`}`)
		if j.GetFailed() != 1 {
			t.Fatalf("%s is taken", clip(c.line))
		}
		if e := j.GetErrors()[0]; e.GetColumn() != c.column || e.GetCode() != c.code {
			t.Errorf("%s: %s says %s: %s", clip(c.line), e.GetColumn(), e.GetCode(), e.GetMessage())
		}
	}
	counts(t, s.load(t, ndjson, `{"slug":"part","kind":"bundle"}`), isDone, 0, 0, 0, 1)
	// A dry run knows that a published bundle will be made of what begins in the same file.
	dry := s.send(t, s.ctx, &catalogv1.CreateImportRequest{Format: ndjson, DryRun: true}, strings.NewReader(
		`{"slug":"soon","title":"Soon","variants":[{"sku":"SOON","price":{"amount":1,"currency":"EUR"}}]}`+"\n"+
			`{"slug":"of-soon","title":"Of soon","status":"published","kind":"bundle","variants":[{"price":{"amount":1,"currency":"EUR"},"components":[{"sku":"SOON","quantity":2}]}]}`+"\n"))
	s.work(t)
	counts(t, s.job(t, dry.GetId()), isDone, 2, 0, 0, 0)
	for cell, code := range map[string]string{
		`translations` + "\t" + `{"de":{"title":"\u0000"}}`: "invalid_character", `translations` + "\t" + `{"de":{}} x`: "not_json", `translations` + "\t" + `[]`: "wrong_type",
		"prices\tSEK": "invalid", "prices\tSEK 1.999": "price_invalid", "prices\tSEK 1|SEK 2": "price_invalid", "components\tmany x PART": "invalid", "gpsr\t{": "not_json",
		"minimum_age\tten": "out_of_range", "sold_by_measure\tmaybe": "not_allowed", "publish_at\t2031-13-01T00:00:00Z": "out_of_range",
	} {
		name, value, _ := strings.Cut(cell, "\t")
		j := s.load(t, csv, "product_slug,title,price,"+name+"\nnew,New,1,\""+strings.ReplaceAll(value, `"`, `""`)+"\"\n")
		counts(t, j, isDone, 0, 0, 0, 1)
		if e := j.GetErrors()[0]; e.GetCode() != code {
			t.Errorf("%s: %s says %s: %s", cell, e.GetColumn(), e.GetCode(), e.GetMessage())
		}
	}
	if after := s.export(t, ndjson); after != before {
		t.Errorf("something was written:\n%s\n%s", before, after)
	}
}

func clip(s string) string { return s[:min(len(s), 120)] }

// Two products of one file cannot share an address in a language, and a language is taken away by saying so.
func TestTextsInFiles(t *testing.T) {
	t.Parallel()
	s := openWhole(t)
	revisionsMove(t, s.db)
	line := func(slug, texts string) string {
		return `{"slug":"` + slug + `","title":"` + slug + `","translations":{` + texts + `}}` + "\n"
	}
	counts(t, s.load(t, ndjson, line("a", `"de":{"title":"Hemd","slug":"hemd"},"DE-at":{"title":"Hemad"}`)+line("b", `"de":{"slug":"hemd"}`)+line("c", `"de":{"title":"Hemd"}`)), isDone, 2, 0, 0, 1)
	texts := func(slug string) map[string]*catalogv1.ProductTranslation {
		t.Helper()
		out := map[string]*catalogv1.ProductTranslation{}
		for _, one := range must(s.translations.ListProductTranslations(s.ctx, &catalogv1.ListProductTranslationsRequest{ProductId: s.bySlug(t, slug).GetId()}))(t).GetTranslations() {
			out[one.GetLocale()] = one
		}
		return out
	}
	same(t, "made address", texts("c")["de"].GetSlug(), "hemd-2")
	same(t, "language in its own form", texts("a")["de-AT"].GetTitle(), "Hemad")
	version := s.bySlug(t, "a").GetVersion()
	// What is not named stays; the address that was made stays with its title.
	counts(t, s.load(t, ndjson, line("c", `"de":{"title":"Hemd"}`)), isDone, 0, 0, 1, 0)
	counts(t, s.load(t, ndjson, line("a", `"de":null`)), isDone, 0, 1, 0, 0)
	same(t, "languages left", len(texts("a")), 1)
	same(t, "version", s.bySlug(t, "a").GetVersion(), version+1)
	counts(t, s.load(t, ndjson, line("a", `"de":null`)), isDone, 0, 0, 1, 0)
	// The address is free again.
	counts(t, s.load(t, ndjson, line("b", `"de":{"slug":"hemd"}`)), isDone, 1, 0, 0, 0)
	same(t, "announced", len(s.announced(t, "evt.catalog.locales.updated")), 1)
}
