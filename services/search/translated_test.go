package search

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

func local(of, value string, names ...*catalogv1.LocalName) *catalogv1.LocalNames {
	return &catalogv1.LocalNames{Id: of, Value: value, Names: names}
}

func called(locale, name, slug string) *catalogv1.LocalName {
	out := &catalogv1.LocalName{Locale: locale, Name: &name}
	if slug != "" {
		out.Slug = &slug
	}
	return out
}

// translatedShop has two products: one whose brand, tag and attribute have names in other languages, and one whose have not.
func (r room) translatedShop(t *testing.T) (linen *catalogv1.Product, color, flax string) {
	t.Helper()
	color = id.New().String()
	tag := &catalogv1.TagRef{Id: id.New().String(), Slug: "flax", Name: "Flax"}
	house, nord := brand("house", "House"), brand("nord", "Nord")
	selected := catalogv1.AttributeType_ATTRIBUTE_TYPE_SELECT
	linen = product("Shirt", branded(house), tagged(tag), attribute(color, "color", "red", "Crimson", selected), priced(true, 1000))
	mug := product("Mug", branded(nord), attribute(color, "color", "blue", "Azure", selected), priced(true, 700))
	r.shelf.locales = &catalogv1.Locales{DefaultLocale: "en", Locales: []*catalogv1.Locale{{Code: "de"}, {Code: "de-AT"}, {Code: "fr"}}}
	r.shelf.attributes = []*catalogv1.ExportedAttribute{{Id: color, Filterable: true}}
	r.shelf.names = []*catalogv1.LocalNames{
		local(house.GetId(), "", called("de", "Haus", "haus")),
		local(tag.GetId(), "", called("de", "Leinen", "leinen"), called("es", "Lino", "lino")), // the shop does not speak Spanish any more
		local(color, "", called("de", "Farbe", ""), called("fr", "Couleur", "")),
		local(color, "red", called("de", "Karmesinrot", "")),
	}
	r.stock(t, linen, mug)
	return linen, color, tag.GetId()
}

// facetLine is the facets of a search as a line.
func facetLine(f *searchv1.Facets) string {
	names := func(list []*searchv1.FacetValue) string {
		var out []string
		for _, v := range list {
			out = append(out, v.GetName()+"/"+v.GetSlug())
		}
		return strings.Join(out, "+")
	}
	parts := []string{names(f.GetBrands()), names(f.GetTags())}
	for _, a := range f.GetAttributes() {
		parts = append(parts, a.GetName()+":"+names(a.GetValues()))
	}
	return strings.Join(parts, " ")
}

// Facets, filters, words and suggestions speak the shopper's language, with its fallbacks, whichever engine answers.
func TestNamesInTheShoppersLanguage(t *testing.T) {
	t.Parallel()
	for name, serve := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, _ := withEngine(t, name, serve)
			r.translatedShop(t)
			r.run(t)
			r.fed(t)
			for locales, want := range map[string]string{
				"":         "House/house Flax/flax COLOR:Crimson/red",
				"fr":       "House/house Flax/flax Couleur:Crimson/red",
				"de":       "Haus/haus Leinen/leinen Farbe:Karmesinrot/red",
				"de-AT de": "Haus/haus Leinen/leinen Farbe:Karmesinrot/red",
				"es":       "House/house Flax/flax COLOR:Crimson/red",
			} {
				res := r.search(t, &searchv1.SearchProductsRequest{Brands: []string{"house"}, Q: "shirt", Locales: strings.Fields(locales)})
				f := res.GetFacets()
				f.Brands = f.GetBrands()[:min(1, len(f.GetBrands()))]
				if got := facetLine(f); got != want {
					t.Errorf("in %q: %s, want %s", locales, got, want)
				}
			}
			for _, locales := range [][]string{nil, {"de"}, {"fr"}} { // a slug of any language narrows in every one
				for _, slug := range []string{"flax", "leinen", "lino"} {
					r.finds(t, &searchv1.SearchProductsRequest{Tags: []string{slug}, Locales: locales}, "Shirt")
				}
				r.finds(t, &searchv1.SearchProductsRequest{Brands: []string{"haus"}, Locales: locales}, "Shirt")
			}
			for _, c := range []struct{ locale, q, want string }{
				{"de", "leinen", "Shirt"}, {"de-AT", "haus", "Shirt"}, {"de", "karmesinrot", "Shirt"}, {"fr", "crimson", "Shirt"},
			} {
				r.finds(t, &searchv1.SearchProductsRequest{Q: c.q, Locales: []string{c.locale}}, c.want)
			}
			for locale, want := range map[string]string{"de": "TAG Leinen/leinen", "de-AT": "TAG Leinen/leinen", "": "TAG Flax/flax"} {
				q := "leine"
				var locales []string
				if locale == "" {
					q = "fla"
				} else {
					locales = []string{locale}
				}
				res := must(r.client.Suggest(pgtest.Context(t), &searchv1.SuggestRequest{Q: q, Locales: locales}))(t)
				s := res.GetSuggestions()[0]
				if got := strings.TrimPrefix(s.GetKind().String(), "SUGGESTION_KIND_") + " " + s.GetText() + "/" + s.GetSlug(); got != want {
					t.Errorf("suggested in %q: %s, want %s", locale, got, want)
				}
			}
		})
	}
}

// A name that changes in one language is what the next searches show, find and forget.
func TestARenamedTranslationIsFound(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	js := bustest.Start(t)
	_, color, flax := r.translatedShop(t)
	bustest.Run(t, r.db, js, r.Consumers()...)
	german := func() string {
		return facetLine(r.search(t, &searchv1.SearchProductsRequest{Q: "shirt", Locales: []string{"de"}}).GetFacets())
	}
	announce := func(of string, sequence int64, body *catalogv1.TaxonomyUpdated) {
		t.Helper()
		bustest.Publish(t, js, bus.Event{
			ID: id.New(), Subject: "evt.catalog.taxonomy.updated", Tenant: tenant.Default(), Aggregate: must(id.Parse(of))(t), Sequence: sequence, Body: must(proto.Marshal(body))(t),
		})
	}
	rename := func(names ...*catalogv1.LocalNames) {
		r.shelf.mu.Lock()
		defer r.shelf.mu.Unlock()
		r.shelf.names = names
	}
	tint, blood := local(color, "", called("de", "Farbton", "")), local(color, "red", called("de", "Blutrot", ""))
	rename(tint, blood)
	announce(color, 2, &catalogv1.TaxonomyUpdated{AttributeId: color})
	eventually(t, "the attribute's new names are shown", func() bool { return german() == "House/house Flax/flax Farbton:Blutrot/red" })
	rename(local(flax, "", called("de", "Flachs", "flachs")), tint, blood)
	announce(flax, 2, &catalogv1.TaxonomyUpdated{TagId: flax})
	eventually(t, "the tag's new name is shown", func() bool { return german() == "House/house Flachs/flachs Farbton:Blutrot/red" })
	r.finds(t, &searchv1.SearchProductsRequest{Tags: []string{"leinen"}})
	r.finds(t, &searchv1.SearchProductsRequest{Q: "flachs", Locales: []string{"de"}}, "Shirt")
	// Without any translation left, the language is answered from the shop's own documents.
	rename()
	announce(flax, 3, &catalogv1.TaxonomyUpdated{TagId: flax})
	eventually(t, "the own names are shown", func() bool { return german() == "House/house Flax/flax COLOR:Crimson/red" })
	r.finds(t, &searchv1.SearchProductsRequest{Q: "flachs", Locales: []string{"de"}})
	if n := r.number(t, "select count(*) from documents where edition <> '' and generation = (select live from indexes)"); n != 0 {
		t.Errorf("%d documents of other languages are left", n)
	}
}
