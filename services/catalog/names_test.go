package catalog_test

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/services/catalog"
)

func (r room) nameTag(t *testing.T, tag, locale, name string) *catalogv1.TaxonTranslation {
	t.Helper()
	return must(r.translator().SetTagTranslation(r.ctx, &catalogv1.SetTagTranslationRequest{TagId: tag, Translation: &catalogv1.TaxonTranslation{Locale: locale, Name: &name}}))(t).GetTranslation()
}

// dressed is a shop whose one product shows a brand, a tag, and attributes of the product and of a variant.
type dressed struct {
	factory
	brand, tag              string
	material, width, colour *catalogv1.Attribute
	product                 *catalogv1.Product
}

func dress(t *testing.T) dressed {
	t.Helper()
	f := openFacts(t)
	d := dressed{factory: f, brand: f.room.brand(t, "House").GetId(), tag: f.room.tag(t, "Linen").GetId()}
	d.material = f.attribute(t, "material", catalogv1.AttributeType_ATTRIBUTE_TYPE_SELECT, "cotton", "linen")
	d.colour = f.attribute(t, "colour", catalogv1.AttributeType_ATTRIBUTE_TYPE_MULTISELECT, "red", "blue")
	d.width = must(f.CreateAttribute(f.ctx, &catalogv1.CreateAttributeRequest{
		Code: "width", Name: "Width", Type: catalogv1.AttributeType_ATTRIBUTE_TYPE_NUMBER, Unit: new("inches"), Shown: true, Filterable: true,
	}))(t).GetAttribute()
	req := shirt("Linen shirt", "S")
	req.BrandId, req.TagIds = d.brand, []string{d.tag}
	req.Attributes = []*catalogv1.AttributeInput{textOf("material", "linen"), numberOf("width", "12.5")}
	req.Variants[0].Attributes = []*catalogv1.AttributeInput{listOf("colour", "red", "blue")}
	d.product = f.create(t, req)
	return d
}

func (d dressed) nameAttribute(t *testing.T, of *catalogv1.Attribute, in *catalogv1.AttributeTranslation) int64 {
	t.Helper()
	return must(d.translator().SetAttributeTranslation(d.ctx, &catalogv1.SetAttributeTranslationRequest{AttributeId: of.GetId(), Translation: in}))(t).GetVersion()
}

// called is all a product shows of its brand, tags and attributes.
func called(p *catalogv1.Product) string {
	out := []string{p.GetBrand().GetName() + "/" + p.GetBrand().GetSlug()}
	for _, t := range p.GetTags() {
		out = append(out, t.GetName()+"/"+t.GetSlug())
	}
	values := append([]*catalogv1.AttributeValue{}, p.GetAttributes()...)
	for _, v := range p.GetVariants() {
		values = append(values, v.GetAttributes()...)
	}
	for _, v := range values {
		shown := v.GetValues()
		if len(v.GetLabels()) > 0 {
			shown = v.GetLabels()
		}
		out = append(out, strings.TrimSpace(v.GetName()+": "+strings.Join(shown, "+")+" "+v.GetUnit()))
	}
	return strings.Join(out, ", ")
}

// TestNamesInLanguages reads one product in every way there is, through a process that remembers names and through one that
// does not: it is called what the languages asked for call it, with their fallbacks, and what is not translated stays.
func TestNamesInLanguages(t *testing.T) {
	t.Parallel()
	d := dress(t)
	var ticks atomic.Int64
	later := func() time.Time { return time.Now().Add(time.Duration(ticks.Add(1)) * time.Second) }
	other := must(catalog.New(catalog.DefaultConfig(), catalog.Deps{DB: d.db.DB, Logger: slog.New(slog.DiscardHandler), Now: later}))(t)
	d.ruled(t, "All", 0, rule("title", "contains", "shirt"))
	shows := func(want map[string]string) {
		t.Helper()
		for locales, calls := range want {
			in := strings.Fields(locales)
			for _, svc := range []*catalog.Service{d.svc, other, other} {
				for what, p := range map[string]*catalogv1.Product{
					"by slug": must(svc.GetStoreProduct(d.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: "linen-shirt", Locales: in}))(t).GetProduct(),
					"by id":   must(svc.GetStoreProducts(d.ctx, &catalogv1.GetStoreProductsRequest{Ids: []string{d.product.GetId()}, Locales: in}))(t).GetProducts()[0],
					"listed":  must(svc.ListStoreProducts(d.ctx, &catalogv1.ListStoreProductsRequest{Locales: in}))(t).GetProducts()[0],
					"member":  must(svc.ListStoreProducts(d.ctx, &catalogv1.ListStoreProductsRequest{Collection: "all", Locales: in}))(t).GetProducts()[0],
				} {
					same(t, what+" in "+locales, called(p), calls)
					same(t, "names left over", len(p.GetLocalNames()), 0)
				}
			}
		}
		same(t, "staff's own", called(d.read(t, d.product.GetId())), want[""])
		d.documents(t, "naming")
	}
	const own = "House/house, Linen/linen, Material: The linen, Width: 12.5 inches, Colour: The red+The blue"
	shows(map[string]string{"": own, "de": own, "fr": own})

	d.nameTag(t, d.tag, "de", "Leinen")
	must(d.translator().SetBrandTranslation(d.ctx, &catalogv1.SetBrandTranslationRequest{BrandId: d.brand, Translation: &catalogv1.TaxonTranslation{
		Locale: "de", Name: new("Haus"), Description: new("Aus Berlin."),
	}}))(t)
	d.nameAttribute(t, d.material, &catalogv1.AttributeTranslation{Locale: "de", Name: new("Material (de)"), Options: map[string]string{"linen": "Leinen", "cotton": "Baumwolle"}})
	d.nameAttribute(t, d.material, &catalogv1.AttributeTranslation{Locale: "fr", Name: new("Matière")})
	d.nameAttribute(t, d.width, &catalogv1.AttributeTranslation{Locale: "fr", Unit: new("pouces")})
	d.nameAttribute(t, d.colour, &catalogv1.AttributeTranslation{Locale: "fr", Name: new("Couleur"), Options: map[string]string{"red": "Rouge"}})
	shows(map[string]string{
		"":      own,
		"es":    own,
		"de":    "Haus/haus, Leinen/leinen, Material (de): Leinen, Width: 12.5 inches, Colour: The red+The blue",
		"fr":    "House/house, Linen/linen, Matière: The linen, Width: 12.5 pouces, Couleur: Rouge+The blue",
		"fr de": "Haus/haus, Leinen/leinen, Matière: Leinen, Width: 12.5 pouces, Couleur: Rouge+The blue",
		"de fr": "Haus/haus, Leinen/leinen, Material (de): Leinen, Width: 12.5 pouces, Couleur: Rouge+The blue",
	})

	// Renaming leaves the translations, and what is taken away falls back.
	must(d.UpdateTag(d.ctx, &catalogv1.UpdateTagRequest{Id: d.tag, Name: new("Flax")}))(t)
	must(d.translator().DeleteBrandTranslation(d.ctx, &catalogv1.DeleteBrandTranslationRequest{BrandId: d.brand, Locale: "DE"}))(t)
	must(d.translator().DeleteAttributeTranslation(d.ctx, &catalogv1.DeleteAttributeTranslationRequest{AttributeId: d.material.GetId(), Locale: "fr"}))(t)
	shows(map[string]string{
		"":      "House/house, Flax/linen, Material: The linen, Width: 12.5 inches, Colour: The red+The blue",
		"fr de": "House/house, Leinen/leinen, Material (de): Leinen, Width: 12.5 pouces, Couleur: Rouge+The blue",
	})
	must(d.DeleteTag(d.ctx, &catalogv1.DeleteTagRequest{Id: d.tag}))(t)
	shows(map[string]string{
		"":   "House/house, Material: The linen, Width: 12.5 inches, Colour: The red+The blue",
		"de": "House/house, Material (de): Leinen, Width: 12.5 inches, Colour: The red+The blue",
	})
}

// Brands and tags by themselves, in lists that are ordered by their own names, and by the slugs of every language.
func TestBrandsAndTagsInLanguages(t *testing.T) {
	t.Parallel()
	d := dress(t)
	d.room.brand(t, "Atelier")
	zoo := d.room.tag(t, "Zoo").GetId()
	must(d.translator().SetBrandTranslation(d.ctx, &catalogv1.SetBrandTranslationRequest{BrandId: d.brand, Translation: &catalogv1.TaxonTranslation{
		Locale: "de", Name: new("Haus"), Description: new("Aus Berlin."), SeoTitle: new("Haus!"),
	}}))(t)
	d.nameTag(t, d.tag, "de", "Leinen")
	d.nameTag(t, zoo, "de", "Aal")
	for _, slug := range []string{"house", "haus", d.brand} {
		for locale, want := range map[string]string{"de": "Haus haus Aus Berlin. Haus!", "fr": "House house  "} {
			b := must(d.svc.GetStoreBrand(d.ctx, &catalogv1.GetStoreBrandRequest{SlugOrId: slug, Locales: []string{locale}}))(t).GetBrand()
			same(t, slug+" in "+locale, strings.Join([]string{b.GetName(), b.GetSlug(), b.GetDescription(), b.GetSeoTitle()}, " "), want)
		}
	}
	_, err := d.svc.GetStoreBrand(d.ctx, &catalogv1.GetStoreBrandRequest{SlugOrId: "leinen", Locales: []string{"de"}})
	wants(t, "a tag's slug", err, catalog.ErrBrandNotFound)
	before := d.db.Statements()
	list := must(d.svc.ListStoreBrands(d.ctx, &catalogv1.ListStoreBrandsRequest{Locales: []string{"de"}}))(t).GetBrands()
	same(t, "statements of a list of brands", d.db.Statements()-before, 2)
	same(t, "brands", list[0].GetName()+" "+list[1].GetName(), "Atelier Haus")
	var tags []string
	for after := []byte(nil); ; {
		page := must(d.ListStoreTags(d.ctx, &catalogv1.ListStoreTagsRequest{Page: &typev1.PageRequest{Limit: 1, After: after}, Locales: []string{"de"}}))(t)
		for _, one := range page.GetTags() {
			tags = append(tags, one.GetName()+"/"+one.GetSlug())
		}
		if after = page.GetPage().GetNext(); len(after) == 0 {
			break
		}
	}
	same(t, "tags, page by page", strings.Join(tags, " "), "Leinen/leinen Aal/aal")
	for _, c := range []struct {
		tag, brand string
		want       int
	}{{"linen", "", 1}, {"leinen", "", 1}, {"aal", "", 0}, {"", "house", 1}, {"", "haus", 1}, {"leinen", "haus", 1}, {"haus", "", 0}, {"", "atelier", 0}} {
		for _, locales := range [][]string{nil, {"de"}, {"fr"}} {
			found := must(d.ListStoreProducts(d.ctx, &catalogv1.ListStoreProductsRequest{Tag: c.tag, Brand: c.brand, Locales: locales}))(t)
			same(t, fmt.Sprint("products of ", c.tag, c.brand, locales), len(found.GetProducts()), c.want)
			same(t, fmt.Sprint("total of ", c.tag, c.brand, locales), found.GetPage().GetTotal(), int64(c.want))
		}
	}
	// One slug may lead to two tags in two languages: that of the language asked for comes first.
	must(d.translator().SetTagTranslation(d.ctx, &catalogv1.SetTagTranslationRequest{TagId: zoo, Translation: &catalogv1.TaxonTranslation{Locale: "fr", Slug: new("leinen")}}))(t)
	for locale, want := range map[string]int{"de": 1, "fr": 0} {
		found := must(d.ListStoreProducts(d.ctx, &catalogv1.ListStoreProductsRequest{Tag: "leinen", Locales: []string{locale}}))(t)
		same(t, "leinen in "+locale, len(found.GetProducts()), want)
	}
}

func TestNamesThatAreRefused(t *testing.T) {
	t.Parallel()
	d := dress(t)
	x := d.translator()
	zoo, other := d.room.tag(t, "Zoo").GetId(), d.room.brand(t, "Other").GetId()
	d.nameTag(t, zoo, "de", "Tiere")
	must(x.SetBrandTranslation(d.ctx, &catalogv1.SetBrandTranslationRequest{BrandId: other, Translation: &catalogv1.TaxonTranslation{Locale: "de", Name: new("Andere")}}))(t)
	tag := func(in *catalogv1.TaxonTranslation) error {
		_, err := x.SetTagTranslation(d.ctx, &catalogv1.SetTagTranslationRequest{TagId: d.tag, Translation: in})
		return err
	}
	brand := func(in *catalogv1.TaxonTranslation) error {
		_, err := x.SetBrandTranslation(d.ctx, &catalogv1.SetBrandTranslationRequest{BrandId: d.brand, Translation: in})
		return err
	}
	attribute := func(of *catalogv1.Attribute, in *catalogv1.AttributeTranslation) error {
		_, err := x.SetAttributeTranslation(d.ctx, &catalogv1.SetAttributeTranslationRequest{AttributeId: of.GetId(), Translation: in})
		return err
	}
	for what, c := range map[string]struct {
		err, want error
		field     string
	}{
		"no language of a tag":          {tag(&catalogv1.TaxonTranslation{Locale: "xx-yy-zz-", Name: new("x")}), catalog.ErrLocaleInvalid, "locale"},
		"the own language of a tag":     {tag(&catalogv1.TaxonTranslation{Locale: "en", Name: new("x")}), catalog.ErrLocaleInvalid, "locale"},
		"a blank name":                  {tag(&catalogv1.TaxonTranslation{Locale: "de", Name: new(" ")}), catalog.ErrTextInvalid, "name"},
		"NUL":                           {tag(&catalogv1.TaxonTranslation{Locale: "de", Name: new("a\x00")}), catalog.ErrTextInvalid, "name"},
		"another tag's slug there":      {tag(&catalogv1.TaxonTranslation{Locale: "de", Slug: new("tiere")}), catalog.ErrSlugTaken, "slug"},
		"another tag's own slug":        {tag(&catalogv1.TaxonTranslation{Locale: "de", Slug: new("zoo")}), catalog.ErrSlugTaken, "slug"},
		"a description of a tag":        {tag(&catalogv1.TaxonTranslation{Locale: "de", Description: new("x")}), catalog.ErrTextInvalid, "description"},
		"another brand's slug there":    {brand(&catalogv1.TaxonTranslation{Locale: "de", Slug: new("andere")}), catalog.ErrSlugTaken, "slug"},
		"a slug like an id":             {brand(&catalogv1.TaxonTranslation{Locale: "de", Slug: new(id.New().String())}), catalog.ErrSlugInvalid, "slug"},
		"an attribute's language":       {attribute(d.width, &catalogv1.AttributeTranslation{Locale: "und", Name: new("x")}), catalog.ErrLocaleInvalid, "locale"},
		"an attribute's own language":   {attribute(d.width, &catalogv1.AttributeTranslation{Locale: "en", Name: new("x")}), catalog.ErrLocaleInvalid, "locale"},
		"an option it has not":          {attribute(d.material, &catalogv1.AttributeTranslation{Locale: "de", Options: map[string]string{"silk": "Seide"}}), catalog.ErrAttributeInvalid, "options.silk"},
		"an option of none":             {attribute(d.width, &catalogv1.AttributeTranslation{Locale: "de", Options: map[string]string{"silk": "Seide"}}), catalog.ErrAttributeInvalid, "options.silk"},
		"a blank label":                 {attribute(d.material, &catalogv1.AttributeTranslation{Locale: "de", Options: map[string]string{"linen": " "}}), catalog.ErrTextInvalid, "options.linen"},
		"a unit of what has none":       {attribute(d.material, &catalogv1.AttributeTranslation{Locale: "de", Unit: new("cm")}), catalog.ErrAttributeInvalid, "unit"},
		"NUL in the name of an option":  {attribute(d.material, &catalogv1.AttributeTranslation{Locale: "de", Options: map[string]string{"li\x00nen": "x"}}), catalog.ErrTextInvalid, "options"},
		"NUL in the label of an option": {attribute(d.material, &catalogv1.AttributeTranslation{Locale: "de", Options: map[string]string{"linen": "x\x00"}}), catalog.ErrTextInvalid, "options"},
	} {
		wants(t, what, c.err, c.want)
		same(t, "field of "+what, field(c.err), c.field)
	}
	// What is not there, and what is another shop's.
	elsewhere, nowhere := d.elsewhere(t), id.New().String()
	for _, try := range []struct {
		what string
		err  func() error
		want error
	}{
		{"another shop's tag", func() error {
			_, err := x.SetTagTranslation(elsewhere, &catalogv1.SetTagTranslationRequest{TagId: d.tag, Translation: &catalogv1.TaxonTranslation{Locale: "de", Name: new("x")}})
			return err
		}, catalog.ErrTagNotFound},
		{"another shop's brand", func() error {
			_, err := x.SetBrandTranslation(elsewhere, &catalogv1.SetBrandTranslationRequest{BrandId: d.brand, Translation: &catalogv1.TaxonTranslation{Locale: "de", Name: new("x")}})
			return err
		}, catalog.ErrBrandNotFound},
		{"another shop's attribute", func() error {
			_, err := x.SetAttributeTranslation(elsewhere, &catalogv1.SetAttributeTranslationRequest{AttributeId: d.width.GetId(), Translation: &catalogv1.AttributeTranslation{Locale: "de", Name: new("x")}})
			return err
		}, catalog.ErrAttributeNotFound},
		{"reading another shop's tag", func() error {
			_, err := x.ListTagTranslations(elsewhere, &catalogv1.ListTagTranslationsRequest{TagId: zoo})
			return err
		}, catalog.ErrTagNotFound},
		{"reading another shop's brand", func() error {
			_, err := x.ListBrandTranslations(elsewhere, &catalogv1.ListBrandTranslationsRequest{BrandId: other})
			return err
		}, catalog.ErrBrandNotFound},
		{"reading another shop's attribute", func() error {
			_, err := x.ListAttributeTranslations(elsewhere, &catalogv1.ListAttributeTranslationsRequest{AttributeId: d.width.GetId()})
			return err
		}, catalog.ErrAttributeNotFound},
		{"taking away another shop's", func() error {
			_, err := x.DeleteTagTranslation(elsewhere, &catalogv1.DeleteTagTranslationRequest{TagId: zoo, Locale: "de"})
			return err
		}, catalog.ErrTagNotFound},
		{"taking away of nothing", func() error {
			_, err := x.DeleteAttributeTranslation(d.ctx, &catalogv1.DeleteAttributeTranslationRequest{AttributeId: nowhere, Locale: "de"})
			return err
		}, catalog.ErrAttributeNotFound},
		{"taking away what is no language", func() error {
			_, err := x.DeleteBrandTranslation(d.ctx, &catalogv1.DeleteBrandTranslationRequest{BrandId: d.brand, Locale: "?"})
			return err
		}, catalog.ErrTranslationNotFound},
	} {
		wants(t, try.what, try.err(), try.want)
	}
	same(t, "translations of the tag", len(must(x.ListTagTranslations(d.ctx, &catalogv1.ListTagTranslationsRequest{TagId: d.tag}))(t).GetTranslations()), 0)
	for what, version := range map[string]int64{
		"the tag":       must(x.ListTagTranslations(d.ctx, &catalogv1.ListTagTranslationsRequest{TagId: d.tag}))(t).GetVersion(),
		"the brand":     must(x.ListBrandTranslations(d.ctx, &catalogv1.ListBrandTranslationsRequest{BrandId: d.brand}))(t).GetVersion(),
		"the attribute": must(x.ListAttributeTranslations(d.ctx, &catalogv1.ListAttributeTranslationsRequest{AttributeId: d.material.GetId()}))(t).GetVersion(),
	} {
		same(t, "what became of "+what, version, 1)
	}
	same(t, "languages the shop speaks", len(must(x.GetLocales(d.ctx, &catalogv1.GetLocalesRequest{}))(t).GetLocales().GetLocales()), 1)
	d.documents(t, "refusals")
}

// Names are part of what they name: two edits that saw the same version do not both count, the same again is none.
func TestNamesCountAsChanges(t *testing.T) {
	t.Parallel()
	d := dress(t)
	x := d.translator()
	set := map[string]func(ifVersion int64, name string) (int64, error){
		"a tag": func(ifVersion int64, name string) (int64, error) {
			res, err := x.SetTagTranslation(d.ctx, &catalogv1.SetTagTranslationRequest{TagId: d.tag, IfVersion: ifVersion, Translation: &catalogv1.TaxonTranslation{Locale: "fr", Name: &name}})
			return res.GetVersion(), err
		},
		"a brand": func(ifVersion int64, name string) (int64, error) {
			res, err := x.SetBrandTranslation(d.ctx, &catalogv1.SetBrandTranslationRequest{BrandId: d.brand, IfVersion: ifVersion, Translation: &catalogv1.TaxonTranslation{Locale: "fr", Name: &name}})
			return res.GetVersion(), err
		},
		"an attribute": func(ifVersion int64, name string) (int64, error) {
			res, err := x.SetAttributeTranslation(d.ctx, &catalogv1.SetAttributeTranslationRequest{AttributeId: d.material.GetId(), IfVersion: ifVersion, Translation: &catalogv1.AttributeTranslation{
				Locale: "fr", Name: &name, Options: map[string]string{"linen": name, "cotton": name}, // two options may be called the same
			}})
			return res.GetVersion(), err
		},
	}
	for what, set := range set {
		same(t, "version of "+what, must(set(1, "Lin"))(t), 2)
		same(t, "version after the same again", must(set(0, "Lin"))(t), 2)
		_, err := set(1, "Autre")
		wants(t, "a stale version of "+what, err, catalog.ErrVersionConflict)
		const crowd = 6
		var won atomic.Int64
		var wg sync.WaitGroup
		for i := range crowd {
			wg.Go(func() {
				if _, err := set(2, fmt.Sprint("Lin ", i)); err == nil {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		same(t, "who changed "+what+" at once", won.Load(), 1)
	}
	d.documents(t, "edits at once")
	// Without a version all count, one after the other, in as many languages.
	var wg sync.WaitGroup
	for i, locale := range []string{"de", "fr", "es", "it", "nl", "sv"} {
		wg.Go(func() {
			must(set["a tag"](0, fmt.Sprint("Lin ", i)))(t)
			must(x.SetTagTranslation(d.ctx, &catalogv1.SetTagTranslationRequest{TagId: d.tag, Translation: &catalogv1.TaxonTranslation{Locale: locale, Name: new("In " + locale)}}))(t)
			d.nameAttribute(t, d.material, &catalogv1.AttributeTranslation{Locale: locale, Options: map[string]string{"linen": "In " + locale}})
		})
	}
	wg.Wait()
	d.documents(t, "languages at once")
	for _, locale := range []string{"de", "es", "it", "nl", "sv"} {
		p := d.inLocales(t, "linen-shirt", locale)
		same(t, "the tag", p.GetTags()[0].GetName(), "In "+locale)
		same(t, "the option", p.GetAttributes()[0].GetLabels()[0], "In "+locale)
	}
}

// Everybody wants the same slug in a language at once: one gets it, the others get one of their own, or are told.
func TestSlugsOfTagsMeet(t *testing.T) {
	t.Parallel()
	r := open(t)
	const crowd = 6
	slugs := map[string]bool{}
	var mu sync.Mutex
	var chosen atomic.Int64
	var wg sync.WaitGroup
	for i := range crowd {
		tag, other := r.tag(t, fmt.Sprint("Tag ", i)).GetId(), r.tag(t, fmt.Sprint("Other ", i)).GetId()
		wg.Go(func() {
			made := r.nameTag(t, tag, "de", "Etikett").GetSlug()
			mu.Lock()
			slugs[made] = true
			mu.Unlock()
			if _, err := r.translator().SetTagTranslation(r.ctx, &catalogv1.SetTagTranslationRequest{TagId: other, Translation: &catalogv1.TaxonTranslation{Locale: "fr", Slug: new("etiquette")}}); err == nil {
				chosen.Add(1)
			} else {
				wants(t, "a slug that is gone", err, catalog.ErrSlugTaken)
			}
		})
	}
	wg.Wait()
	same(t, "different slugs", len(slugs), crowd)
	same(t, "who chose the same", chosen.Load(), 1)
}

// What an attribute has no more is not called anything any more, also when it comes back.
func TestOptionsThatGo(t *testing.T) {
	t.Parallel()
	d := dress(t)
	d.nameAttribute(t, d.material, &catalogv1.AttributeTranslation{Locale: "de", Options: map[string]string{"linen": "Leinen", "cotton": "Baumwolle"}})
	d.nameAttribute(t, d.width, &catalogv1.AttributeTranslation{Locale: "de", Name: new("Breite"), Unit: new("Zoll")})
	options := func(values ...string) {
		t.Helper()
		all := &catalogv1.AttributeOptions{}
		for _, v := range values {
			all.Options = append(all.Options, &catalogv1.AttributeOption{Value: v, Label: "The " + v})
		}
		must(d.UpdateAttribute(d.ctx, &catalogv1.UpdateAttributeRequest{Id: d.material.GetId(), Options: all}))(t)
		d.documents(t, "other options")
	}
	options("linen")
	options("linen", "cotton", "silk")
	got := must(d.translator().ListAttributeTranslations(d.ctx, &catalogv1.ListAttributeTranslationsRequest{AttributeId: d.material.GetId()}))(t).GetTranslations()[0]
	same(t, "what is called something", fmt.Sprint(got.GetOptions()), "map[linen:Leinen]")
	must(d.UpdateAttribute(d.ctx, &catalogv1.UpdateAttributeRequest{Id: d.width.GetId(), ClearUnit: true}))(t)
	d.documents(t, "no unit")
	must(d.UpdateAttribute(d.ctx, &catalogv1.UpdateAttributeRequest{Id: d.width.GetId(), Unit: new("cm")}))(t)
	same(t, "in German", called(d.inLocales(t, "linen-shirt", "de")), "House/house, Linen/linen, Material: Leinen, Breite: 12.5 cm, Colour: The red+The blue")
}

// Files carry the shop's own names: what goes out in one comes in as the same, and leaves the translations alone.
func TestNamesAndFiles(t *testing.T) {
	t.Parallel()
	d := dress(t)
	d.nameTag(t, d.tag, "de", "Leinen")
	d.nameAttribute(t, d.material, &catalogv1.AttributeTranslation{Locale: "de", Name: new("Stoff"), Options: map[string]string{"linen": "Leinen"}})
	must(d.translator().SetBrandTranslation(d.ctx, &catalogv1.SetBrandTranslationRequest{BrandId: d.brand, Translation: &catalogv1.TaxonTranslation{Locale: "de", Name: new("Haus")}}))(t)
	german := called(d.inLocales(t, "linen-shirt", "de"))
	for _, format := range []catalogv1.FileFormat{csv, ndjson} {
		file := d.export(t, format)
		if strings.Contains(file, "Leinen") || strings.Contains(file, "Haus") || !strings.Contains(file, "House") {
			t.Errorf("the file holds other names:\n%s", file)
		}
		counts(t, d.load(t, format, file), isDone, 0, 0, 1, 0)
		same(t, "the next file", d.export(t, format), file)
	}
	same(t, "in German", called(d.inLocales(t, "linen-shirt", "de")), german)
	// A name of another language is another name in a file: it makes a tag of its own.
	counts(t, d.load(t, csv, "product_slug,tags\nlinen-shirt,Leinen\n"), isDone, 0, 1, 0, 0)
	same(t, "tags of the shop", len(must(d.ListTags(d.ctx, &catalogv1.ListTagsRequest{}))(t).GetTags()), 2)
	d.documents(t, "files")
}
