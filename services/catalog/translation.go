package catalog

import (
	"slices"
	"strings"

	"golang.org/x/text/language"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
)

// maxLocales bounds how many languages one shop speaks.
const maxLocales = 100

// localeCode is the canonical form of a BCP 47 tag (RFC 5646): de, pt-BR, zh-Hant. ok is false for what is none, and for
// tags that name no language.
func localeCode(text string) (code string, ok bool) {
	tag, err := language.Parse(text)
	if err != nil || tag == language.Und || len(text) > 35 {
		return "", false
	}
	return tag.String(), true
}

// checkLocales brings the languages of a shop into canonical form, or says which is wrong.
func checkLocales(in *catalogv1.Locales) (*catalogv1.Locales, error) {
	out := &catalogv1.Locales{}
	var ok bool
	if out.DefaultLocale, ok = localeCode(in.GetDefaultLocale()); !ok {
		return nil, ErrLocaleInvalid.WithField("defaultLocale", "invalid", "It is not a language tag such as de or pt-BR.")
	}
	if len(in.GetLocales()) > maxLocales {
		return nil, ErrTooMany.WithField("locales", "too_many", "A shop speaks at most 100 languages.")
	}
	seen := map[string]bool{out.GetDefaultLocale(): true}
	for i, l := range in.GetLocales() {
		where := indexed("locales", i)
		code, ok := localeCode(l.GetCode())
		switch {
		case !ok:
			return nil, ErrLocaleInvalid.WithField(where+".code", "invalid", "It is not a language tag such as de or pt-BR.")
		case seen[code]:
			return nil, ErrLocaleInvalid.WithField(where+".code", "duplicate", "The language is named twice.")
		}
		seen[code] = true
		clean := &catalogv1.Locale{Code: code}
		for j, f := range l.GetFallbacks() {
			fallback, ok := localeCode(f)
			if !ok || fallback == code || slices.Contains(clean.GetFallbacks(), fallback) {
				return nil, ErrLocaleInvalid.WithField(indexed(where+".fallbacks", j), "invalid", "It is not another language, or is named twice.")
			}
			clean.Fallbacks = append(clean.Fallbacks, fallback)
		}
		out.Locales = append(out.Locales, clean)
	}
	return out, nil
}

// withLocale is the languages with one more, at the end; the same when it is there.
func withLocale(l *catalogv1.Locales, code string) (with *catalogv1.Locales, added bool) {
	if l.GetDefaultLocale() == code || slices.ContainsFunc(l.GetLocales(), func(l *catalogv1.Locale) bool { return l.GetCode() == code }) {
		return l, false
	}
	return &catalogv1.Locales{
		DefaultLocale: l.GetDefaultLocale(), Version: l.GetVersion(), Locales: append(slices.Clone(l.GetLocales()), &catalogv1.Locale{Code: code}),
	}, true
}

// localize lays translations over a product, those of the language wanted most first. It changes p, which must be the
// caller's own.
func localize(p *catalogv1.Product, translations []*catalogv1.ProductTranslation, categories []*catalogv1.TaxonTranslation) {
	for _, c := range p.GetCategories() {
		named, slugged := false, false
		for _, t := range categories {
			if t.GetId() != c.GetId() {
				continue
			}
			if t.Name != nil && !named {
				c.Name, named = t.GetName(), true
			}
			if t.Slug != nil && !slugged {
				c.Slug, slugged = t.GetSlug(), true
			}
		}
	}
	if len(translations) == 0 {
		return
	}
	first := func(of func(t *catalogv1.ProductTranslation) *string) *string {
		for _, t := range translations {
			if text := of(t); text != nil {
				return text
			}
		}
		return nil
	}
	replace := func(to **string, of func(t *catalogv1.ProductTranslation) *string) {
		if text := first(of); text != nil {
			*to = text
		}
	}
	if title := first(func(t *catalogv1.ProductTranslation) *string { return t.Title }); title != nil {
		p.Title = *title
	}
	if slug := first(func(t *catalogv1.ProductTranslation) *string { return t.Slug }); slug != nil {
		p.Slug = *slug
	}
	replace(&p.Description, func(t *catalogv1.ProductTranslation) *string { return t.Description })
	replace(&p.SeoTitle, func(t *catalogv1.ProductTranslation) *string { return t.SeoTitle })
	replace(&p.SeoDescription, func(t *catalogv1.ProductTranslation) *string { return t.SeoDescription })
	localizeVariants(p, wordsOf(translations))
	titles := map[string]string{}
	for _, t := range slices.Backward(translations) {
		for _, v := range t.GetVariants() {
			titles[v.GetId()] = v.GetTitle()
		}
	}
	for _, v := range p.GetVariants() {
		if title, ok := titles[v.GetId()]; ok {
			v.Title = title
		}
	}
}

// titleResolved translates what a cart line shows of a variant.
func titleResolved(out *catalogv1.ResolvedVariant, r resolved) {
	if len(r.translations) == 0 {
		return
	}
	one := &catalogv1.Product{
		Title: out.GetProductTitle(), Slug: out.GetProductSlug(),
		Variants: []*catalogv1.Variant{{Id: out.GetId(), Title: out.GetVariantTitle(), Options: out.GetOptions()}},
	}
	for _, name := range r.optionNames {
		one.Options = append(one.Options, &catalogv1.Option{Name: name})
	}
	localize(one, r.translations, nil)
	v := one.GetVariants()[0]
	out.ProductTitle, out.ProductSlug, out.VariantTitle, out.Options = one.GetTitle(), one.GetSlug(), v.GetTitle(), v.GetOptions()
}

// words are the names of options and their values in another language.
type words struct {
	names  map[string]string
	values map[string]map[string]string
}

func wordsOf(translations []*catalogv1.ProductTranslation) words {
	w := words{names: map[string]string{}, values: map[string]map[string]string{}}
	for _, t := range slices.Backward(translations) {
		for _, o := range t.GetOptions() {
			if o.Translation != nil {
				w.names[o.GetName()] = o.GetTranslation()
			}
			for value, shown := range o.GetValues() {
				if w.values[o.GetName()] == nil {
					w.values[o.GetName()] = map[string]string{}
				}
				w.values[o.GetName()][value] = shown
			}
		}
	}
	return w
}

func (w words) name(of string) string {
	if shown, ok := w.names[of]; ok {
		return shown
	}
	return of
}

func (w words) value(option, of string) string {
	if shown, ok := w.values[option][of]; ok {
		return shown
	}
	return of
}

// localizeVariants translates options, and the titles of variants that were made from them.
func localizeVariants(p *catalogv1.Product, w words) {
	if len(w.names) == 0 && len(w.values) == 0 {
		return
	}
	for _, v := range p.GetVariants() {
		made, shown := make([]string, 0, len(p.GetOptions())), make([]string, 0, len(p.GetOptions()))
		options := make(map[string]string, len(v.GetOptions()))
		for _, o := range p.GetOptions() {
			value, has := v.GetOptions()[o.GetName()]
			if !has {
				continue
			}
			made, shown = append(made, value), append(shown, w.value(o.GetName(), value))
			options[w.name(o.GetName())] = w.value(o.GetName(), value)
		}
		if len(made) > 0 && v.GetTitle() == cutRunes(strings.Join(made, " / "), maxTitle) {
			v.Title = cutRunes(strings.Join(shown, " / "), maxTitle)
		}
		if len(options) == len(v.GetOptions()) { // else two names have become one, and a variant would lose a value
			v.Options = options
		}
	}
	for _, o := range p.GetOptions() {
		values := make([]string, len(o.GetValues()))
		for i, value := range o.GetValues() {
			values[i] = w.value(o.GetName(), value)
		}
		o.Name, o.Values = w.name(o.GetName()), values
	}
}

// taxon is what categories, collections, brands and tags have in common.
type taxon struct {
	id                                    string
	name, slug                            *string
	description, seoTitle, seoDescription **string
}

// localizeCategory lays translations over a category, those of the language wanted most first.
func localizeCategory(c *catalogv1.Category, translations []*catalogv1.TaxonTranslation) {
	taxon{c.GetId(), &c.Name, &c.Slug, &c.Description, &c.SeoTitle, &c.SeoDescription}.localize(translations)
}

func localizeBrand(b *catalogv1.Brand, translations []*catalogv1.TaxonTranslation) {
	taxon{b.GetId(), &b.Name, &b.Slug, &b.Description, &b.SeoTitle, &b.SeoDescription}.localize(translations)
}

func localizeTag(t *catalogv1.Tag, translations []*catalogv1.TaxonTranslation) {
	var none *string // a tag has no further texts
	taxon{t.GetId(), &t.Name, &t.Slug, &none, &none, &none}.localize(translations)
}

func localizeCollection(c *catalogv1.Collection, translations []*catalogv1.TaxonTranslation) {
	taxon{c.GetId(), &c.Name, &c.Slug, &c.Description, &c.SeoTitle, &c.SeoDescription}.localize(translations)
}

func (c taxon) localize(translations []*catalogv1.TaxonTranslation) {
	for _, t := range slices.Backward(translations) {
		if t.GetId() != c.id {
			continue
		}
		if t.Name != nil {
			*c.name = t.GetName()
		}
		if t.Slug != nil {
			*c.slug = t.GetSlug()
		}
		if t.Description != nil {
			*c.description = t.Description
		}
		if t.SeoTitle != nil {
			*c.seoTitle = t.SeoTitle
		}
		if t.SeoDescription != nil {
			*c.seoDescription = t.SeoDescription
		}
	}
}

// checkTranslation refuses what does not belong to the product, and names that two options would share.
func (p *product) checkTranslation(t *catalogv1.ProductTranslation) error {
	if t.Title != nil {
		if err := checkTitle("title", t.GetTitle()); err != nil {
			return err
		}
	}
	shown := map[string]bool{}
	for i, o := range t.GetOptions() {
		where := indexed("options", i)
		at := slices.IndexFunc(p.options, func(have option) bool { return have.name == o.GetName() })
		if at < 0 {
			return ErrOptionInvalid.WithField(where+".name", "unknown", "The product has no such option.")
		}
		for value := range o.GetValues() {
			if !slices.Contains(p.options[at].values, value) {
				return ErrOptionInvalid.WithField(where+".values", "unknown", "The option has no value "+cut(value, maxOptionText)+".")
			}
		}
		name := o.GetName()
		if o.Translation != nil {
			name = o.GetTranslation()
		}
		if shown[fold(name)] {
			return ErrOptionInvalid.WithField(where+".translation", "duplicate", "Two options have the same name.")
		}
		shown[fold(name)] = true
	}
	for i, v := range t.GetVariants() {
		if !slices.ContainsFunc(p.variants, func(have variant) bool { return have.id.String() == v.GetId() }) {
			return ErrVariantNotFound.WithField(indexed("variants", i)+".id", "unknown", ErrVariantNotFound.Message())
		}
	}
	return nil
}
