package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

func attribute(attributeID, code, value, label string, typ catalogv1.AttributeType) func(p *catalogv1.Product) {
	return func(p *catalogv1.Product) {
		a := &catalogv1.AttributeValue{AttributeId: attributeID, Code: code, Name: strings.ToUpper(code), Type: typ, Shown: true, Values: []string{value}}
		if label != "" {
			a.Labels = []string{label}
		}
		p.Attributes = append(p.Attributes, a)
	}
}

func staff(ctx context.Context) context.Context {
	return auth.With(ctx, auth.Principal{Kind: auth.Staff, ID: id.New(), Role: "owner"})
}

func values(list []*searchv1.FacetValue) string {
	var out []string
	for _, v := range list {
		out = append(out, fmt.Sprintf("%s:%d", v.GetSlug(), v.GetCount()))
	}
	return strings.Join(out, " ")
}

// wardrobe is a shop with a tree of categories, attributes and tags.
func wardrobe(t *testing.T) room {
	t.Helper()
	r := newRoom(t)
	r.furnish(t)
	return r
}

// furnish fills a room with it.
func (r room) furnish(t *testing.T) {
	t.Helper()
	clothes, shirts, mugs := category("clothes", "Clothes"), category("shirts", "Shirts"), category("mugs", "Mugs")
	r.shelf.categories = []*catalogv1.ExportedCategory{
		{Id: clothes.GetId(), Slug: "clothes", Name: "Clothes", Translations: []*catalogv1.TaxonTranslation{{Id: clothes.GetId(), Locale: "de", Name: proto.String("Kleidung"), Slug: proto.String("kleidung")}}},
		{Id: shirts.GetId(), Slug: "shirts", Name: "Shirts", ParentId: clothes.GetId()}, {Id: mugs.GetId(), Slug: "mugs", Name: "Mugs"},
	}
	r.shelf.locales = &catalogv1.Locales{DefaultLocale: "en", Locales: []*catalogv1.Locale{{Code: "de"}, {Code: "de-AT"}, {Code: "fr"}}}
	color, width, hidden := id.New().String(), id.New().String(), id.New().String()
	r.shelf.attributes = []*catalogv1.ExportedAttribute{{Id: color, Filterable: true}, {Id: width, Filterable: true}, {Id: hidden}}
	selected, number := catalogv1.AttributeType_ATTRIBUTE_TYPE_SELECT, catalogv1.AttributeType_ATTRIBUTE_TYPE_NUMBER
	red, blue := attribute(color, "color", "red", "Crimson", selected), attribute(color, "color", "blue", "Azure", selected)
	wide := func(n string) func(p *catalogv1.Product) { return attribute(width, "width", n, "", number) }
	secret := attribute(hidden, "hidden", "x", "Secret", selected)
	maison, nord := brand("maison", "Maison"), brand("nord", "Nord")
	linen, wool := product("Linen shirt", in(shirts), branded(maison), red, wide("10.5"), secret, priced(true, 1000)), product("Wool shirt", in(shirts), branded(nord), blue, wide("20"), priced(false, 3000))
	cup := product("Red mug", in(mugs), branded(maison), red, wide("8"), priced(true, 700))
	r.shelf.extras[linen.GetId()] = &catalogv1.ProductExtras{
		Translations: []*catalogv1.ProductTranslation{{Locale: "de", Title: proto.String("Leinenhemd")}},
		Prices: []*catalogv1.PriceView{
			{Currency: "EUR", Amounts: []int64{1000}}, {Currency: "EUR", Country: "FR", Amounts: []int64{900}}, {Currency: "USD", Amounts: []int64{1100}},
			{Currency: "EUR", Channel: "app", Amounts: []int64{950}}, {Currency: "EUR", Country: "FR", Channel: "app", Amounts: []int64{850}},
			{Currency: "EUR", CustomerGroup: "trade", Amounts: []int64{800}}, {Currency: "EUR", CustomerGroup: "club", Amounts: []int64{780, 990}},
			{Currency: "EUR", Country: "FR", CustomerGroup: "trade", Amounts: []int64{790}},
		},
	}
	r.stock(t, linen, wool, cup)
}

func TestFacetsIgnoreTheirOwnChoice(t *testing.T) {
	t.Parallel()
	r := wardrobe(t)
	res := r.search(t, &searchv1.SearchProductsRequest{})
	f := res.GetFacets()
	if got := values(f.GetCategories()); got != "clothes:2 shirts:2 mugs:1" {
		t.Errorf("categories hold all below them: %s", got)
	}
	if len(f.GetAttributes()) != 2 || f.GetAttributes()[0].GetCode() != "color" || values(f.GetAttributes()[0].GetValues()) != "red:2 blue:1" || f.GetAttributes()[0].GetName() != "COLOR" || f.GetAttributes()[0].GetValues()[0].GetName() != "Crimson" {
		t.Errorf("attributes %v", f.GetAttributes())
	}
	color := func(values ...string) []*catalogv1.AttributeFilter {
		return []*catalogv1.AttributeFilter{{Code: "color", Values: values}}
	}
	one := r.search(t, &searchv1.SearchProductsRequest{Categories: []string{"shirts"}, Attributes: color("red")})
	f = one.GetFacets()
	if got := r.titles(one); len(got) != 1 || got[0] != "Linen shirt" {
		t.Errorf("found %q", got)
	}
	if values(f.GetCategories()) != "clothes:1 mugs:1 shirts:1" || values(f.GetAttributes()[0].GetValues()) != "blue:1 red:1" || values(f.GetBrands()) != "maison:1" {
		t.Errorf("own choices narrow: %v", f)
	}
	two := r.search(t, &searchv1.SearchProductsRequest{Brands: []string{"maison", "nord"}, InStock: proto.Bool(true), MaxPrice: proto.Int64(800)})
	if got := r.titles(two); len(got) != 1 || got[0] != "Red mug" {
		t.Errorf("found %q", got)
	}
	f = two.GetFacets()
	if f.GetInStock() != 1 || values(f.GetBrands()) != "maison:1" || f.GetMinPrice() != 700 || f.GetMaxPrice() != 1000 || len(f.GetPriceRanges()) != 2 {
		t.Errorf("facets %v", f)
	}
	for _, c := range []struct {
		req  *searchv1.SearchProductsRequest
		want string
	}{
		{&searchv1.SearchProductsRequest{Categories: []string{"clothes"}}, "Linen shirt,Wool shirt"},
		{&searchv1.SearchProductsRequest{Categories: []string{"kleidung", "mugs"}}, "Linen shirt,Red mug,Wool shirt"},
		{&searchv1.SearchProductsRequest{Attributes: color("red", "blue"), Q: "shirt"}, "Linen shirt,Wool shirt"},
		{&searchv1.SearchProductsRequest{Attributes: []*catalogv1.AttributeFilter{{Code: "width", Min: proto.String("9"), Max: proto.String("20")}}}, "Linen shirt,Wool shirt"},
		{&searchv1.SearchProductsRequest{Attributes: []*catalogv1.AttributeFilter{{Code: "width", Max: proto.String("10.5")}, {Code: "color", Values: []string{"red"}}}}, "Linen shirt,Red mug"},
		{&searchv1.SearchProductsRequest{Attributes: color("red'); drop table documents; --")}, ""},
		{&searchv1.SearchProductsRequest{Q: "crimson"}, "Linen shirt,Red mug"},
	} {
		got := r.titles(r.search(t, c.req))
		slices.Sort(got)
		if strings.Join(got, ",") != c.want {
			t.Errorf("%v finds %q, want %s", c.req, got, c.want)
		}
	}
	for _, bad := range []*catalogv1.AttributeFilter{{Code: "hidden", Values: []string{"x"}}, {Code: "nothing", Values: []string{"x"}}, {Code: "width", Min: proto.String("wide")}, {Code: "width", Max: proto.String("1e999")}} {
		_, err := r.client.SearchProducts(pgtest.Context(t), &searchv1.SearchProductsRequest{Attributes: []*catalogv1.AttributeFilter{bad}})
		if !errors.Is(err, ErrBadFilter) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestLanguagesAndPrices(t *testing.T) {
	t.Parallel()
	r := wardrobe(t)
	german, austrian, french := []string{"de"}, []string{"de-AT", "de"}, []string{"fr"}
	for _, c := range []struct {
		locales []string
		q, want string
	}{
		{german, "leinenhemd", "Linen shirt"}, {german, "hemden", "Linen shirt"}, {austrian, "leinenhemden", "Linen shirt"}, {german, "linen", "Linen shirt"},
		{german, "wool", "Wool shirt"}, {french, "linen", "Linen shirt"}, {nil, "leinenhemd", ""}, {german, "kleidung", "Linen shirt,Wool shirt"},
	} {
		got := r.titles(r.search(t, &searchv1.SearchProductsRequest{Q: c.q, Locales: c.locales}))
		slices.Sort(got)
		if strings.Join(got, ",") != c.want {
			t.Errorf("%v %q finds %q, want %s", c.locales, c.q, got, c.want)
		}
	}
	if f := r.search(t, &searchv1.SearchProductsRequest{Locales: german}).GetFacets().GetCategories(); f[0].GetSlug() != "kleidung" || f[0].GetName() != "Kleidung" || f[0].GetCount() != 2 {
		t.Errorf("categories in German: %v", f)
	}
	// A language the shop has just begun to speak is searched in its own until the rebuild that follows.
	if got := strings.Join(r.titles(r.search(t, &searchv1.SearchProductsRequest{Q: "wool", Locales: []string{"it"}})), ","); got != "Wool shirt" {
		t.Errorf("a new language finds %q", got)
	}
	between := func(low, high int64, currency, country, channel string) string {
		return strings.Join(r.titles(r.search(t, &searchv1.SearchProductsRequest{MinPrice: &low, MaxPrice: &high, Currency: currency, Country: country, Channel: channel})), ",")
	}
	for _, c := range []struct {
		low, high                  int64
		currency, country, channel string
		want                       string
	}{
		{1000, 1000, "", "", "", "Linen shirt"}, {900, 900, "", "FR", "", "Linen shirt"}, {950, 950, "EUR", "", "app", "Linen shirt"}, {850, 850, "EUR", "FR", "app", "Linen shirt"},
		{1000, 1000, "EUR", "DE", "", "Linen shirt"}, {1100, 1100, "USD", "", "", "Linen shirt"}, {0, 99999, "USD", "FR", "x", "Linen shirt"}, {0, 99999, "GBP", "", "", ""},
	} {
		if got := between(c.low, c.high, c.currency, c.country, c.channel); got != c.want {
			t.Errorf("%v finds %s", c, got)
		}
	}
	for _, c := range []struct {
		low     int64
		groups  []string
		country string
		want    string
	}{
		{800, []string{"trade"}, "", "Linen shirt"}, {780, []string{"trade"}, "", ""}, {780, []string{"trade", "club"}, "", "Linen shirt"}, {780, []string{"club", "trade"}, "DE", "Linen shirt"},
		{790, []string{"trade", "club"}, "FR", "Linen shirt"}, {900, []string{"club"}, "FR", "Linen shirt"}, {1000, []string{"trade"}, "", ""}, {1000, []string{"others"}, "", "Linen shirt"},
	} {
		got := strings.Join(r.titles(r.search(t, &searchv1.SearchProductsRequest{MinPrice: &c.low, MaxPrice: &c.low, Country: c.country, CustomerGroups: c.groups})), ",")
		if got != c.want {
			t.Errorf("%v finds %s", c, got)
		}
	}
	price := searchv1.SearchSort_SEARCH_SORT_PRICE
	r.finds(t, &searchv1.SearchProductsRequest{Sort: price, Currency: "USD"}, "Linen shirt", "Wool shirt", "Red mug")
	r.finds(t, &searchv1.SearchProductsRequest{Sort: price, Country: "FR", Q: "shirt"}, "Linen shirt", "Wool shirt")
	if f := r.search(t, &searchv1.SearchProductsRequest{Currency: "USD"}).GetFacets(); f.GetMinPrice() != 1100 || f.GetMaxPrice() != 1100 || f.GetCurrency() != "USD" {
		t.Errorf("facets in dollars: %v", f)
	}
}

func TestWhatStaffSets(t *testing.T) {
	t.Parallel()
	r := wardrobe(t)
	ctx := staff(pgtest.Context(t))
	ids := map[string]string{}
	for _, h := range r.search(t, &searchv1.SearchProductsRequest{}).GetHits() {
		ids[r.shelf.title(h.GetProductId())] = h.GetProductId()
	}
	// Synonyms.
	r.findsAny(t, "cup", []string{}...)
	s := must(r.client.CreateSynonym(ctx, &searchv1.CreateSynonymRequest{Terms: []string{"mug", "cup", "drinking vessel"}}))(t).GetSynonym()
	r.findsAny(t, "cup", "Red mug")
	r.findsAny(t, "red drinking vessel", "Red mug")
	must(r.client.CreateSynonym(ctx, &searchv1.CreateSynonymRequest{From: "garment", Terms: []string{"shirt"}, Locale: "en"}))(t)
	r.findsAny(t, "garment", "Linen shirt", "Wool shirt")
	up := must(r.client.UpdateSynonym(ctx, &searchv1.UpdateSynonymRequest{Id: s.GetId(), IfVersion: 1, Terms: &searchv1.TextList{Values: []string{"mug", "beaker"}}}))(t).GetSynonym()
	if up.GetVersion() != 2 {
		t.Errorf("version %d", up.GetVersion())
	}
	r.findsAny(t, "beaker", "Red mug")
	r.findsAny(t, "cup")
	if _, err := r.client.UpdateSynonym(ctx, &searchv1.UpdateSynonymRequest{Id: s.GetId(), IfVersion: 1}); !errors.Is(err, ErrStale) {
		t.Errorf("stale: %v", err)
	}
	for _, bad := range []*searchv1.CreateSynonymRequest{{}, {Terms: []string{"mug"}}, {Terms: []string{"mug", "MUG"}}, {Terms: []string{"mug", "!"}}, {Terms: []string{"a", "b"}, Locale: "?"}, {From: "!", Terms: []string{"mug"}}} {
		if _, err := r.client.CreateSynonym(ctx, bad); !errors.Is(err, ErrInvalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	// Stop words.
	must(r.client.SetStopWords(ctx, &searchv1.SetStopWordsRequest{Locale: "en", Words: []string{"Original"}}))(t)
	r.findsAny(t, "original linen", "Linen shirt")
	if res := r.search(t, &searchv1.SearchProductsRequest{Q: "original linen"}); res.GetPartial() {
		t.Error("a stop word is missed")
	}
	// Settings.
	must(r.client.UpdateSearchSettings(ctx, &searchv1.UpdateSearchSettingsRequest{TypoTolerance: proto.Bool(false), PartialMatches: proto.Bool(false), FacetValues: proto.Int32(1)}))(t)
	r.findsAny(t, "linnen")
	r.findsAny(t, "linen qwertz")
	if f := r.search(t, &searchv1.SearchProductsRequest{}).GetFacets(); len(f.GetCategories()) != 1 {
		t.Errorf("categories %v", f.GetCategories())
	}
	must(r.client.UpdateSearchSettings(ctx, &searchv1.UpdateSearchSettingsRequest{TypoTolerance: proto.Bool(true), PartialMatches: proto.Bool(true)}))(t)
	if res := r.search(t, &searchv1.SearchProductsRequest{Q: "linnen shrit"}); res.GetCorrectedQuery() != "linen shirt" || res.GetPage().GetTotal() != 1 {
		t.Errorf("corrected %v", res)
	}
	if res := r.search(t, &searchv1.SearchProductsRequest{Q: "linen qwertz"}); !res.GetPartial() || res.GetPage().GetTotal() != 1 {
		t.Errorf("partial %v", res)
	}
	// Rules.
	rule := must(r.client.CreateSearchRule(ctx, &searchv1.CreateSearchRuleRequest{Rule: &searchv1.SearchRule{
		Name: "Mugs first", Query: "Shirt", Pinned: []string{ids["Red mug"], ids["Wool shirt"]}, Active: true,
	}}))(t).GetRule()
	r.finds(t, &searchv1.SearchProductsRequest{Q: "shirt"}, "Red mug", "Wool shirt", "Linen shirt")
	r.finds(t, &searchv1.SearchProductsRequest{Q: "shirt", Categories: []string{"shirts"}}, "Wool shirt", "Linen shirt")
	if res := r.search(t, &searchv1.SearchProductsRequest{Q: "shirt", Page: &typev1.PageRequest{Limit: 1}}); res.GetPage().GetTotal() != 3 || res.GetPage().GetNext() == nil {
		t.Errorf("page %v", res.GetPage())
	} else {
		r.finds(t, &searchv1.SearchProductsRequest{Q: "shirt", Page: &typev1.PageRequest{Limit: 1, After: res.GetPage().GetNext()}}, "Wool shirt")
	}
	must(r.client.UpdateSearchRule(ctx, &searchv1.UpdateSearchRuleRequest{Id: rule.GetId(), Pinned: &searchv1.TextList{}, Buried: &searchv1.TextList{Values: []string{ids["Linen shirt"]}}}))(t)
	r.finds(t, &searchv1.SearchProductsRequest{Q: "shirt"}, "Wool shirt", "Linen shirt")
	must(r.client.CreateSearchRule(ctx, &searchv1.CreateSearchRuleRequest{Rule: &searchv1.SearchRule{
		Name: "Clothes", CategoryId: r.shelf.categories[0].GetId(), Pinned: []string{ids["Linen shirt"]}, Active: true,
	}}))(t)
	r.finds(t, &searchv1.SearchProductsRequest{Categories: []string{"kleidung"}}, "Linen shirt", "Wool shirt")
	for _, bad := range []*searchv1.SearchRule{{}, {Name: "x", Query: "shirt"}, {Name: "x", Pinned: []string{ids["Red mug"]}}, {Name: "x", Query: "!", Pinned: []string{ids["Red mug"]}}, {Name: "x", Query: "a", Pinned: []string{"no id"}}} {
		if _, err := r.client.CreateSearchRule(ctx, &searchv1.CreateSearchRuleRequest{Rule: bad}); !errors.Is(err, ErrInvalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	must(r.client.DeleteSearchRule(ctx, &searchv1.DeleteSearchRuleRequest{Id: rule.GetId()}))(t)
	if _, err := r.client.GetSearchRule(ctx, &searchv1.GetSearchRuleRequest{Id: rule.GetId()}); !errors.Is(err, ErrRuleNotFound) {
		t.Errorf("gone: %v", err)
	}
	// Another tenant sees none of it.
	other := id.New()
	r.addTenant(t, other)
	theirs := staff(tenant.With(t.Context(), other))
	if _, err := r.client.GetSynonym(theirs, &searchv1.GetSynonymRequest{Id: s.GetId()}); !errors.Is(err, ErrSynonymNotFound) {
		t.Errorf("another tenant: %v", err)
	}
	if _, err := r.client.UpdateSynonym(theirs, &searchv1.UpdateSynonymRequest{Id: s.GetId(), From: proto.String("x")}); !errors.Is(err, ErrSynonymNotFound) {
		t.Errorf("another tenant: %v", err)
	}
	if got := must(r.client.ListSearchRules(theirs, &searchv1.ListSearchRulesRequest{}))(t); len(got.GetRules()) != 0 {
		t.Errorf("another tenant's rules: %v", got)
	}
}

func TestSuggestionsAndHighlights(t *testing.T) {
	t.Parallel()
	r := wardrobe(t)
	show := func(req *searchv1.SuggestRequest) string {
		var out []string
		for _, s := range must(r.client.Suggest(pgtest.Context(t), req))(t).GetSuggestions() {
			text := ""
			for _, p := range s.GetPieces() {
				if p.GetFound() {
					text += "[" + p.GetText() + "]"
				} else {
					text += p.GetText()
				}
			}
			out = append(out, s.GetKind().String()[len("SUGGESTION_KIND_"):]+" "+text+" "+s.GetSlug())
		}
		return strings.Join(out, ", ")
	}
	if got := show(&searchv1.SuggestRequest{Q: "shi"}); got != "CATEGORY [Shirts] shirts, PRODUCT Linen [shirt] , PRODUCT Wool [shirt] " && got != "CATEGORY [Shirts] shirts, PRODUCT Wool [shirt] , PRODUCT Linen [shirt] " {
		t.Errorf("suggests %q", got)
	}
	if got := show(&searchv1.SuggestRequest{Q: "klei", Locales: []string{"de"}}); !strings.HasPrefix(got, "CATEGORY [Kleidung] kleidung") {
		t.Errorf("suggests %q", got)
	}
	if got := show(&searchv1.SuggestRequest{Q: "mai"}); !strings.HasPrefix(got, "BRAND [Maison] maison") {
		t.Errorf("suggests %q", got)
	}
	for _, q := range []string{"", "!!!", "'; drop", strings.Repeat("x", 512), "%", `\`} {
		show(&searchv1.SuggestRequest{Q: q})
	}
	res := r.search(t, &searchv1.SearchProductsRequest{Q: "linens"})
	if h := res.GetHits()[0].GetHighlights(); len(h) != 1 || h[0].GetField() != "title" || !h[0].GetPieces()[0].GetFound() || h[0].GetPieces()[0].GetText() != "Linen" {
		t.Errorf("highlights %v", h)
	}
}
