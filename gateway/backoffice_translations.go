package gateway

import (
	"context"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

type localesAnswer = adminv1.Envelope[adminv1.StoredLocales]

func (c *call) localesAnswer(l *catalogv1.Locales, err error) (localesAnswer, error) {
	if err != nil {
		return localesAnswer{}, without(err, "locales.")
	}
	c.version(l.GetVersion())
	return localesAnswer{Data: adminv1.StoredLocales{
		Locales: adminv1.Locales{
			DefaultLocale: l.GetDefaultLocale(),
			Locales: each(l.GetLocales(), func(l *catalogv1.Locale) adminv1.Locale {
				return adminv1.Locale{Code: l.GetCode(), Fallbacks: append([]string{}, l.GetFallbacks()...)}
			}),
		},
		Version: l.GetVersion(),
	}}, nil
}

func getLocales(ctx context.Context, in *in[none, none]) (localesAnswer, error) {
	answer, err := in.deps.Translation.GetLocales(ctx, &catalogv1.GetLocalesRequest{})
	return in.localesAnswer(answer.GetLocales(), err)
}

func putLocales(ctx context.Context, in *in[none, adminv1.Locales]) (localesAnswer, error) {
	answer, err := in.deps.Translation.UpdateLocales(ctx, &catalogv1.UpdateLocalesRequest{IfVersion: in.ifVersion, Locales: &catalogv1.Locales{
		DefaultLocale: in.Body.DefaultLocale,
		Locales: each(in.Body.Locales, func(l adminv1.Locale) *catalogv1.Locale {
			return &catalogv1.Locale{Code: l.Code, Fallbacks: l.Fallbacks}
		}),
	}})
	return in.localesAnswer(answer.GetLocales(), err)
}

func productTranslation(t *catalogv1.ProductTranslation) adminv1.StoredProductTranslation {
	return adminv1.StoredProductTranslation{
		Locale: t.GetLocale(),
		ProductTranslation: adminv1.ProductTranslation{
			Title: t.Title, Slug: t.Slug, Description: t.Description, SEOTitle: t.SeoTitle, SEODescription: t.SeoDescription,
			Options: each(t.GetOptions(), func(o *catalogv1.OptionTranslation) adminv1.OptionTranslation {
				return adminv1.OptionTranslation{Name: o.GetName(), Translation: o.Translation, Values: options(o.GetValues())}
			}),
			Variants: each(t.GetVariants(), func(v *catalogv1.VariantTranslation) adminv1.VariantTranslation {
				return adminv1.VariantTranslation{ID: v.GetId(), Title: v.GetTitle()}
			}),
		},
		UpdatedAt: at(t.GetUpdatedAt()),
	}
}

func listProductTranslations(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.StoredProductTranslation], error) {
	paging, err := in.paging(in.Query)
	if err != nil {
		return adminv1.List[adminv1.StoredProductTranslation]{}, err
	}
	answer, err := in.deps.Translation.ListProductTranslations(ctx, &catalogv1.ListProductTranslationsRequest{ProductId: in.path("id"), Page: paging})
	if err != nil {
		return adminv1.List[adminv1.StoredProductTranslation]{}, err
	}
	in.version(answer.GetVersion())
	return adminv1.List[adminv1.StoredProductTranslation]{Data: each(answer.GetTranslations(), productTranslation), Meta: in.meta(in.Query, answer.GetPage())}, nil
}

func setProductTranslation(ctx context.Context, in *in[none, adminv1.ProductTranslation]) (adminv1.Envelope[adminv1.StoredProductTranslation], error) {
	b := in.Body
	answer, err := in.deps.Translation.SetProductTranslation(ctx, &catalogv1.SetProductTranslationRequest{
		ProductId: in.path("id"), IfVersion: in.ifVersion,
		Translation: &catalogv1.ProductTranslation{
			Locale: in.path("locale"), Title: b.Title, Slug: b.Slug, Description: b.Description, SeoTitle: b.SEOTitle, SeoDescription: b.SEODescription,
			Options: each(b.Options, func(o adminv1.OptionTranslation) *catalogv1.OptionTranslation {
				return &catalogv1.OptionTranslation{Name: o.Name, Translation: o.Translation, Values: o.Values}
			}),
			Variants: each(b.Variants, func(v adminv1.VariantTranslation) *catalogv1.VariantTranslation {
				return &catalogv1.VariantTranslation{Id: v.ID, Title: v.Title}
			}),
		},
	})
	if err != nil {
		return adminv1.Envelope[adminv1.StoredProductTranslation]{}, without(err, "translation.")
	}
	in.version(answer.GetVersion())
	return adminv1.Envelope[adminv1.StoredProductTranslation]{Data: productTranslation(answer.GetTranslation())}, nil
}

func deleteProductTranslation(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Translation.DeleteProductTranslation(ctx, &catalogv1.DeleteProductTranslationRequest{
		ProductId: in.path("id"), IfVersion: in.ifVersion, Locale: in.path("locale"),
	})
	return none{}, err
}

func taxonTranslation(t *catalogv1.TaxonTranslation) adminv1.StoredTaxonTranslation {
	return adminv1.StoredTaxonTranslation{
		Locale: t.GetLocale(),
		TaxonTranslation: adminv1.TaxonTranslation{
			Name: t.Name, Slug: t.Slug, Description: t.Description, SEOTitle: t.SeoTitle, SEODescription: t.SeoDescription,
		},
		UpdatedAt: at(t.GetUpdatedAt()),
	}
}

func taxonTexts(locale string, b adminv1.TaxonTranslation) *catalogv1.TaxonTranslation {
	return &catalogv1.TaxonTranslation{
		Locale: locale, Name: b.Name, Slug: b.Slug, Description: b.Description, SeoTitle: b.SEOTitle, SeoDescription: b.SEODescription,
	}
}

func listCategoryTranslations(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.StoredTaxonTranslation], error) {
	paging, err := in.paging(in.Query)
	if err != nil {
		return adminv1.List[adminv1.StoredTaxonTranslation]{}, err
	}
	answer, err := in.deps.Translation.ListCategoryTranslations(ctx, &catalogv1.ListCategoryTranslationsRequest{CategoryId: in.path("id"), Page: paging})
	if err != nil {
		return adminv1.List[adminv1.StoredTaxonTranslation]{}, err
	}
	in.version(answer.GetVersion())
	return adminv1.List[adminv1.StoredTaxonTranslation]{Data: each(answer.GetTranslations(), taxonTranslation), Meta: in.meta(in.Query, answer.GetPage())}, nil
}

func setCategoryTranslation(ctx context.Context, in *in[none, adminv1.TaxonTranslation]) (adminv1.Envelope[adminv1.StoredTaxonTranslation], error) {
	answer, err := in.deps.Translation.SetCategoryTranslation(ctx, &catalogv1.SetCategoryTranslationRequest{
		CategoryId: in.path("id"), IfVersion: in.ifVersion,
		Translation: taxonTexts(in.path("locale"), in.Body),
	})
	if err != nil {
		return adminv1.Envelope[adminv1.StoredTaxonTranslation]{}, without(err, "translation.")
	}
	in.version(answer.GetVersion())
	return adminv1.Envelope[adminv1.StoredTaxonTranslation]{Data: taxonTranslation(answer.GetTranslation())}, nil
}

func deleteCategoryTranslation(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Translation.DeleteCategoryTranslation(ctx, &catalogv1.DeleteCategoryTranslationRequest{
		CategoryId: in.path("id"), IfVersion: in.ifVersion, Locale: in.path("locale"),
	})
	return none{}, err
}

func listCollectionTranslations(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.StoredTaxonTranslation], error) {
	paging, err := in.paging(in.Query)
	if err != nil {
		return adminv1.List[adminv1.StoredTaxonTranslation]{}, err
	}
	answer, err := in.deps.Translation.ListCollectionTranslations(ctx, &catalogv1.ListCollectionTranslationsRequest{CollectionId: in.path("id"), Page: paging})
	if err != nil {
		return adminv1.List[adminv1.StoredTaxonTranslation]{}, err
	}
	in.version(answer.GetVersion())
	return adminv1.List[adminv1.StoredTaxonTranslation]{Data: each(answer.GetTranslations(), taxonTranslation), Meta: in.meta(in.Query, answer.GetPage())}, nil
}

func setCollectionTranslation(ctx context.Context, in *in[none, adminv1.TaxonTranslation]) (adminv1.Envelope[adminv1.StoredTaxonTranslation], error) {
	answer, err := in.deps.Translation.SetCollectionTranslation(ctx, &catalogv1.SetCollectionTranslationRequest{
		CollectionId: in.path("id"), IfVersion: in.ifVersion,
		Translation: taxonTexts(in.path("locale"), in.Body),
	})
	if err != nil {
		return adminv1.Envelope[adminv1.StoredTaxonTranslation]{}, without(err, "translation.")
	}
	in.version(answer.GetVersion())
	return adminv1.Envelope[adminv1.StoredTaxonTranslation]{Data: taxonTranslation(answer.GetTranslation())}, nil
}

func deleteCollectionTranslation(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Translation.DeleteCollectionTranslation(ctx, &catalogv1.DeleteCollectionTranslationRequest{
		CollectionId: in.path("id"), IfVersion: in.ifVersion, Locale: in.path("locale"),
	})
	return none{}, err
}
