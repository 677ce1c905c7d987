package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/services/catalog"
)

// translator is the room's side for texts in other languages.
func (r room) translator() catalogv1connect.TranslationServiceHandler { return r.svc }

func (r room) translate(t *testing.T, product string, in *catalogv1.ProductTranslation) *catalogv1.ProductTranslation {
	t.Helper()
	return must(r.translator().SetProductTranslation(r.ctx, &catalogv1.SetProductTranslationRequest{ProductId: product, Translation: in}))(t).GetTranslation()
}

// inLocales is the product as a shopper reads it in some languages.
func (r room) inLocales(t *testing.T, slug string, locales ...string) *catalogv1.Product {
	t.Helper()
	return must(r.GetStoreProduct(r.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: slug, Locales: locales}))(t).GetProduct()
}

func TestTranslatedProduct(t *testing.T) {
	t.Parallel()
	r := open(t)
	shirts := r.category(t, "Shirts", "")
	req := shirt("Linen shirt", "Small", "Large")
	req.Description, req.CategoryIds = proto.String("Made of linen."), []string{shirts.GetId()}
	p := r.create(t, req)
	_, err := r.translator().SetCategoryTranslation(r.ctx, &catalogv1.SetCategoryTranslationRequest{
		CategoryId: shirts.GetId(), Translation: &catalogv1.TaxonTranslation{Locale: "de", Name: proto.String("Hemden")},
	})
	must(0, err)(t)
	de := r.translate(t, p.GetId(), &catalogv1.ProductTranslation{
		Locale: "DE", Title: proto.String("Leinenhemd"), Description: proto.String("Aus Leinen."),
		Options: []*catalogv1.OptionTranslation{{Name: "size", Translation: proto.String("Größe"), Values: map[string]string{"Small": "Klein"}}},
	})
	same(t, "the locale", de.GetLocale(), "de")
	same(t, "the slug made from the title", de.GetSlug(), "leinenhemd")
	r.translate(t, p.GetId(), &catalogv1.ProductTranslation{
		Locale: "de-AT", Title: proto.String("Leinenhemderl"),
		Variants: []*catalogv1.VariantTranslation{{Id: p.GetVariants()[1].GetId(), Title: "Groß"}},
	})

	german := r.inLocales(t, "linen-shirt", "de")
	same(t, "title", german.GetTitle(), "Leinenhemd")
	same(t, "slug", german.GetSlug(), "leinenhemd")
	same(t, "description", german.GetDescription(), "Aus Leinen.")
	same(t, "option", german.GetOptions()[0].GetName(), "Größe")
	same(t, "values", strings.Join(german.GetOptions()[0].GetValues(), " "), "Klein Large")
	same(t, "a variant's title", german.GetVariants()[0].GetTitle(), "Klein")
	same(t, "a variant's option", german.GetVariants()[0].GetOptions()["Größe"], "Klein")
	same(t, "category", german.GetCategories()[0].GetName(), "Hemden")
	same(t, "a category's slug", german.GetCategories()[0].GetSlug(), "hemden")

	austrian := r.inLocales(t, "leinenhemd", "de-AT", "de")
	same(t, "title", austrian.GetTitle(), "Leinenhemderl")
	same(t, "slug", austrian.GetSlug(), "leinenhemderl")
	same(t, "what is missing", austrian.GetDescription(), "Aus Leinen.")
	same(t, "a variant's own title", austrian.GetVariants()[1].GetTitle(), "Groß")
	same(t, "a variant's made title", austrian.GetVariants()[0].GetTitle(), "Klein")

	// A slug leads to its product whatever language is asked for.
	for _, slug := range []string{"linen-shirt", "leinenhemd", "leinenhemderl", p.GetId()} {
		same(t, slug, r.inLocales(t, slug).GetTitle(), "Linen shirt")
		same(t, slug+" in French", r.inLocales(t, slug, "fr").GetTitle(), "Linen shirt")
	}

	for q, want := range map[string]int{"leinenhemd": 1, "linen": 1, "hemderl": 0} {
		list := must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{Q: q, Locales: []string{"de"}}))(t)
		same(t, "products found in German by "+q, len(list.GetProducts()), want)
		if want > 0 {
			same(t, "the list's product", proto.Equal(list.GetProducts()[0], german), true)
		}
	}
	tree := must(r.ListStoreCategories(r.ctx, &catalogv1.ListStoreCategoriesRequest{Locales: []string{"de-AT", "de"}}))(t)
	same(t, "a category in the tree", tree.GetCategories()[0].GetName(), "Hemden")
	for _, slug := range []string{"hemden", "shirts"} {
		one := must(r.GetStoreCategory(r.ctx, &catalogv1.GetStoreCategoryRequest{SlugOrId: slug, Locales: []string{"de"}}))(t)
		same(t, "a category by "+slug, one.GetCategory().GetName(), "Hemden")
	}
	locales := must(r.translator().GetLocales(r.ctx, &catalogv1.GetLocalesRequest{}))(t).GetLocales()
	same(t, "the languages the shop speaks by now", len(locales.GetLocales()), 2)

	// Gone is gone, and what is gone falls back.
	_, err = r.translator().DeleteProductTranslation(r.ctx, &catalogv1.DeleteProductTranslationRequest{ProductId: p.GetId(), Locale: "de-AT"})
	must(0, err)(t)
	same(t, "after the deletion", r.inLocales(t, p.GetId(), "de-AT", "de").GetTitle(), "Leinenhemd")
	must(0, catalog.CheckDocuments(r.ctx, r.db.DB))(t)
}

func TestTranslatedCollection(t *testing.T) {
	t.Parallel()
	r := open(t)
	c := must(r.svc.CreateCollection(r.ctx, &catalogv1.CreateCollectionRequest{Name: "Summer", Kind: catalogv1.CollectionKind_COLLECTION_KIND_MANUAL, Status: catalogv1.CollectionStatus_COLLECTION_STATUS_PUBLISHED}))(t).GetCollection()
	set := func(locale string, in *catalogv1.TaxonTranslation) (*catalogv1.SetCollectionTranslationResponse, error) {
		in.Locale = locale
		return r.translator().SetCollectionTranslation(r.ctx, &catalogv1.SetCollectionTranslationRequest{CollectionId: c.GetId(), IfVersion: c.GetVersion(), Translation: in})
	}
	res := must(set("de", &catalogv1.TaxonTranslation{Name: proto.String("Sommer")}))(t)
	same(t, "slug", res.GetTranslation().GetSlug(), "sommer")
	same(t, "version", res.GetVersion(), c.GetVersion()+1)
	_, err := set("fr", &catalogv1.TaxonTranslation{Name: proto.String("Été")})
	wants(t, "a stale version", err, catalog.ErrVersionConflict)
	for _, slug := range []string{"summer", "sommer", c.GetId()} {
		got := must(r.svc.GetStoreCollection(r.ctx, &catalogv1.GetStoreCollectionRequest{SlugOrId: slug, Locales: []string{"de"}}))(t)
		same(t, slug, got.GetCollection().GetName()+" "+got.GetCollection().GetSlug(), "Sommer sommer")
	}
	list := must(r.svc.ListStoreCollections(r.ctx, &catalogv1.ListStoreCollectionsRequest{Locales: []string{"de"}}))(t)
	same(t, "in the list", list.GetCollections()[0].GetName(), "Sommer")
	p := r.create(t, shirt("Shirt", "S"))
	must(r.svc.AddCollectionProducts(r.ctx, &catalogv1.AddCollectionProductsRequest{Id: c.GetId(), ProductIds: []string{p.GetId()}}))(t)
	for _, slug := range []string{"summer", "sommer", c.GetId()} {
		for _, sort := range []catalogv1.ProductSort{catalogv1.ProductSort_PRODUCT_SORT_UNSPECIFIED, catalogv1.ProductSort_PRODUCT_SORT_TITLE} {
			for _, locales := range [][]string{{"de"}, nil} {
				in := must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{Collection: slug, Locales: locales, Sort: sort}))(t)
				same(t, fmt.Sprint("products of ", slug, locales, sort), len(in.GetProducts()), 1)
			}
		}
	}
	_, err = r.translator().DeleteCollectionTranslation(r.ctx, &catalogv1.DeleteCollectionTranslationRequest{CollectionId: c.GetId(), Locale: "de"})
	must(0, err)(t)
	same(t, "translations left", len(must(r.translator().ListCollectionTranslations(r.ctx, &catalogv1.ListCollectionTranslationsRequest{CollectionId: c.GetId()}))(t).GetTranslations()), 0)
}

func TestTranslationsCountAsChanges(t *testing.T) {
	t.Parallel()
	r := open(t)
	p := r.create(t, shirt("Linen shirt", "S"))
	set := func(ifVersion int64, title string) (int64, error) {
		res, err := r.translator().SetProductTranslation(r.ctx, &catalogv1.SetProductTranslationRequest{
			ProductId: p.GetId(), IfVersion: ifVersion, Translation: &catalogv1.ProductTranslation{Locale: "fr", Title: proto.String(title)},
		})
		return res.GetVersion(), err
	}
	version := must(set(p.GetVersion(), "Chemise en lin"))(t)
	same(t, "version", version, p.GetVersion()+1)
	same(t, "version after the same again", must(set(version, "Chemise en lin"))(t), version)
	_, err := set(p.GetVersion(), "Chemise")
	wants(t, "a stale version", err, catalog.ErrVersionConflict)
	// The slug of before stays when only the title changes: it may be in use elsewhere.
	same(t, "version after another title", must(set(0, "Chemise"))(t), version+1)
	same(t, "slug", r.inLocales(t, p.GetId(), "fr").GetSlug(), "chemise-en-lin")
}

func TestTranslationsThatAreRefused(t *testing.T) {
	t.Parallel()
	r := open(t)
	p, other := r.create(t, shirt("Linen shirt", "S")), r.create(t, shirt("Wool shirt", "S"))
	r.translate(t, other.GetId(), &catalogv1.ProductTranslation{Locale: "de", Title: proto.String("Wollhemd")})
	long := proto.String(strings.Repeat("x", 600))
	for name, c := range map[string]struct {
		in   *catalogv1.ProductTranslation
		want error
	}{
		"no language":               {&catalogv1.ProductTranslation{Locale: "xx-yy-zz-"}, catalog.ErrLocaleInvalid},
		"the shop's own language":   {&catalogv1.ProductTranslation{Locale: "en", Title: proto.String("x")}, catalog.ErrLocaleInvalid},
		"another product's slug":    {&catalogv1.ProductTranslation{Locale: "de", Slug: proto.String("wollhemd")}, catalog.ErrSlugTaken},
		"another's own slug":        {&catalogv1.ProductTranslation{Locale: "de", Slug: proto.String("wool-shirt")}, catalog.ErrSlugTaken},
		"a slug like an id":         {&catalogv1.ProductTranslation{Locale: "de", Slug: proto.String(id.New().String())}, catalog.ErrSlugInvalid},
		"a slug that is too long":   {&catalogv1.ProductTranslation{Locale: "de", Slug: long}, catalog.ErrSlugInvalid},
		"a blank title":             {&catalogv1.ProductTranslation{Locale: "de", Title: proto.String(" ")}, catalog.ErrTextInvalid},
		"NUL":                       {&catalogv1.ProductTranslation{Locale: "de", Title: proto.String("a\x00")}, catalog.ErrTextInvalid},
		"an option it has not":      {&catalogv1.ProductTranslation{Locale: "de", Options: []*catalogv1.OptionTranslation{{Name: "colour"}}}, catalog.ErrOptionInvalid},
		"a value it has not":        {&catalogv1.ProductTranslation{Locale: "de", Options: []*catalogv1.OptionTranslation{{Name: "size", Values: map[string]string{"XXL": "Riesig"}}}}, catalog.ErrOptionInvalid},
		"another product's variant": {&catalogv1.ProductTranslation{Locale: "de", Variants: []*catalogv1.VariantTranslation{{Id: other.GetVariants()[0].GetId(), Title: "x"}}}, catalog.ErrVariantNotFound},
	} {
		_, err := r.translator().SetProductTranslation(r.ctx, &catalogv1.SetProductTranslationRequest{ProductId: p.GetId(), Translation: c.in})
		wants(t, name, err, c.want)
	}
	elsewhere := r.elsewhere(t)
	_, err := r.translator().SetProductTranslation(elsewhere, &catalogv1.SetProductTranslationRequest{ProductId: p.GetId(), Translation: &catalogv1.ProductTranslation{Locale: "de", Title: proto.String("x")}})
	wants(t, "another shop's product", err, catalog.ErrProductNotFound)
	_, err = r.translator().ListProductTranslations(elsewhere, &catalogv1.ListProductTranslationsRequest{ProductId: other.GetId()})
	wants(t, "another shop's translations", err, catalog.ErrProductNotFound)
	same(t, "translations of the product", len(must(r.translator().ListProductTranslations(r.ctx, &catalogv1.ListProductTranslationsRequest{ProductId: p.GetId()}))(t).GetTranslations()), 0)
	same(t, "what became of its version", r.read(t, p.GetId()).GetVersion(), p.GetVersion())
}

// Everybody wants the same slug in a language at once: one gets it, the others get one of their own.
func TestTranslatedSlugsMeet(t *testing.T) {
	t.Parallel()
	r := open(t)
	const crowd = 8
	var wg sync.WaitGroup
	slugs := make([]string, crowd)
	for i := range crowd {
		p := r.create(t, shirt("Shirt", "S"))
		wg.Go(func() {
			slugs[i] = r.translate(t, p.GetId(), &catalogv1.ProductTranslation{Locale: "de", Title: proto.String("Hemd")}).GetSlug()
		})
	}
	wg.Wait()
	slices.Sort(slugs)
	same(t, "different slugs", len(slices.Compact(slugs)), crowd)
}

func TestLocales(t *testing.T) {
	t.Parallel()
	r := open(t)
	x := r.translator()
	get := func() *catalogv1.Locales {
		return must(x.GetLocales(r.ctx, &catalogv1.GetLocalesRequest{}))(t).GetLocales()
	}
	same(t, "the default", get().GetDefaultLocale(), "en")
	set := func(ifVersion int64, own string, others ...*catalogv1.Locale) error {
		_, err := x.UpdateLocales(r.ctx, &catalogv1.UpdateLocalesRequest{IfVersion: ifVersion, Locales: &catalogv1.Locales{DefaultLocale: own, Locales: others}})
		return err
	}
	must(0, set(get().GetVersion(), "FR-fr", &catalogv1.Locale{Code: "de-at", Fallbacks: []string{"DE", "en"}}))(t)
	same(t, "the canonical form", get().GetDefaultLocale()+" "+get().GetLocales()[0].GetCode()+" "+strings.Join(get().GetLocales()[0].GetFallbacks(), " "), "fr-FR de-AT de en")
	same(t, "version", get().GetVersion(), 2)
	must(0, set(2, "fr-FR", &catalogv1.Locale{Code: "de-AT", Fallbacks: []string{"de", "en"}}))(t)
	same(t, "version after no change", get().GetVersion(), 2)
	must(0, set(2, "fr"))(t)
	wants(t, "a stale version", set(2, "de"), catalog.ErrVersionConflict)
	for name, err := range map[string]error{
		"no language":      set(0, "?"),
		"none wanted":      set(0, "und"),
		"one named twice":  set(0, "fr", &catalogv1.Locale{Code: "de"}, &catalogv1.Locale{Code: "DE"}),
		"the own as other": set(0, "fr", &catalogv1.Locale{Code: "fr"}),
		"itself to follow": set(0, "fr", &catalogv1.Locale{Code: "de", Fallbacks: []string{"de"}}),
	} {
		wants(t, name, err, catalog.ErrLocaleInvalid)
	}
	same(t, "the languages of another shop", must(x.GetLocales(r.elsewhere(t), &catalogv1.GetLocalesRequest{}))(t).GetLocales().GetVersion(), 1)
}

// TestTaxonomyInLanguages: the way down to a category and a collection's products are answered in the language asked for.
func TestTaxonomyInLanguages(t *testing.T) {
	t.Parallel()
	r := open(t)
	top := r.category(t, "Clothing", "")
	below := r.category(t, "Shirts", top.GetId())
	must(r.translator().SetCategoryTranslation(r.ctx, &catalogv1.SetCategoryTranslationRequest{CategoryId: top.GetId(), Translation: &catalogv1.TaxonTranslation{Locale: "de", Name: new("Kleidung"), Slug: new("kleidung")}}))(t)
	p := r.create(t, shirt("Linen shirt", "S"))
	must(r.translator().SetProductTranslation(r.ctx, &catalogv1.SetProductTranslationRequest{ProductId: p.GetId(), Translation: &catalogv1.ProductTranslation{Locale: "de", Title: new("Leinenhemd")}}))(t)
	r.ruled(t, "Linen", 0, rule("title", "contains", "linen"))
	for locale, want := range map[string]string{"de": "kleidung/shirts Leinenhemd", "fr": "clothing/shirts Linen shirt"} {
		c := must(r.GetStoreCategory(r.ctx, &catalogv1.GetStoreCategoryRequest{SlugOrId: below.GetId(), Locales: []string{locale}}))(t).GetCategory()
		list := must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{Collection: "linen", Locales: []string{locale}}))(t)
		same(t, "in "+locale, trail(c)+" "+titles(list.GetProducts()), want)
	}
}

// A cart line is titled in the languages the cart asks for, in the statement that reads it.
func TestResolvedInLanguages(t *testing.T) {
	t.Parallel()
	r := open(t)
	req := shirt("Linen shirt", "Small", "Large")
	p, plain := r.create(t, req), r.create(t, shirt("Apron", "Small"))
	r.translate(t, p.GetId(), &catalogv1.ProductTranslation{
		Locale: "de", Title: proto.String("Leinenhemd"),
		Options: []*catalogv1.OptionTranslation{{Name: "size", Translation: proto.String("Größe"), Values: map[string]string{"Small": "Klein"}}},
	})
	r.translate(t, p.GetId(), &catalogv1.ProductTranslation{
		Locale: "de-AT", Title: proto.String("Leinenhemderl"), Variants: []*catalogv1.VariantTranslation{{Id: p.GetVariants()[1].GetId(), Title: "Groß"}},
	})
	ids := []string{p.GetVariants()[0].GetId(), p.GetVariants()[1].GetId(), plain.GetVariants()[0].GetId()}
	for _, c := range []struct{ locales, titles string }{
		{"", "Linen shirt: Small, Linen shirt: Large, Apron: Small"},
		{"fr", "Linen shirt: Small, Linen shirt: Large, Apron: Small"},
		{"de", "Leinenhemd: Klein, Leinenhemd: Large, Apron: Small"},
		{"de-AT de", "Leinenhemderl: Klein, Leinenhemderl: Groß, Apron: Small"},
	} {
		found := must(r.ResolveVariants(r.ctx, &catalogv1.ResolveVariantsRequest{Ids: ids, Locales: strings.Fields(c.locales)}))(t).GetVariants()
		titles := map[string]string{}
		for _, v := range found {
			titles[v.GetId()] = v.GetProductTitle() + ": " + v.GetVariantTitle()
		}
		same(t, "in "+c.locales, strings.Join([]string{titles[ids[0]], titles[ids[1]], titles[ids[2]]}, ", "), c.titles)
	}
	german := must(r.ResolveVariants(r.ctx, &catalogv1.ResolveVariantsRequest{Ids: ids[:1], Locales: []string{"de"}}))(t).GetVariants()[0]
	same(t, "the slug", german.GetProductSlug(), "leinenhemd")
	same(t, "an option", german.GetOptions()["Größe"], "Klein")
}
