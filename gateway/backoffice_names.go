package gateway

import (
	"context"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

func tagTranslation(t *catalogv1.TaxonTranslation) adminv1.StoredTagTranslation {
	return adminv1.StoredTagTranslation{
		Locale: t.GetLocale(), TagTranslation: adminv1.TagTranslation{Name: t.Name, Slug: t.Slug}, UpdatedAt: at(t.GetUpdatedAt()),
	}
}

func tagTexts(locale string, b adminv1.TagTranslation) *catalogv1.TaxonTranslation {
	return &catalogv1.TaxonTranslation{Locale: locale, Name: b.Name, Slug: b.Slug}
}

func attributeTranslation(t *catalogv1.AttributeTranslation) adminv1.StoredAttributeTranslation {
	return adminv1.StoredAttributeTranslation{
		Locale: t.GetLocale(), AttributeTranslation: adminv1.AttributeTranslation{Name: t.Name, Unit: t.Unit, Options: options(t.GetOptions())},
		UpdatedAt: at(t.GetUpdatedAt()),
	}
}

func attributeTexts(locale string, b adminv1.AttributeTranslation) *catalogv1.AttributeTranslation {
	return &catalogv1.AttributeTranslation{Locale: locale, Name: b.Name, Unit: b.Unit, Options: b.Options}
}

func listTagTranslations(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.StoredTagTranslation], error) {
	paging, err := in.paging(in.Query)
	if err != nil {
		return adminv1.List[adminv1.StoredTagTranslation]{}, err
	}
	answer, err := in.deps.Translation.ListTagTranslations(ctx, &catalogv1.ListTagTranslationsRequest{TagId: in.path("id"), Page: paging})
	if err != nil {
		return adminv1.List[adminv1.StoredTagTranslation]{}, err
	}
	in.version(answer.GetVersion())
	return adminv1.List[adminv1.StoredTagTranslation]{Data: each(answer.GetTranslations(), tagTranslation), Meta: in.meta(in.Query, answer.GetPage())}, nil
}

func setTagTranslation(ctx context.Context, in *in[none, adminv1.TagTranslation]) (adminv1.Envelope[adminv1.StoredTagTranslation], error) {
	answer, err := in.deps.Translation.SetTagTranslation(ctx, &catalogv1.SetTagTranslationRequest{
		TagId: in.path("id"), IfVersion: in.ifVersion, Translation: tagTexts(in.path("locale"), in.Body),
	})
	if err != nil {
		return adminv1.Envelope[adminv1.StoredTagTranslation]{}, without(err, "translation.")
	}
	in.version(answer.GetVersion())
	return adminv1.Envelope[adminv1.StoredTagTranslation]{Data: tagTranslation(answer.GetTranslation())}, nil
}

func deleteTagTranslation(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Translation.DeleteTagTranslation(ctx, &catalogv1.DeleteTagTranslationRequest{
		TagId: in.path("id"), IfVersion: in.ifVersion, Locale: in.path("locale"),
	})
	return none{}, err
}

func listBrandTranslations(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.StoredTaxonTranslation], error) {
	paging, err := in.paging(in.Query)
	if err != nil {
		return adminv1.List[adminv1.StoredTaxonTranslation]{}, err
	}
	answer, err := in.deps.Translation.ListBrandTranslations(ctx, &catalogv1.ListBrandTranslationsRequest{BrandId: in.path("id"), Page: paging})
	if err != nil {
		return adminv1.List[adminv1.StoredTaxonTranslation]{}, err
	}
	in.version(answer.GetVersion())
	return adminv1.List[adminv1.StoredTaxonTranslation]{Data: each(answer.GetTranslations(), taxonTranslation), Meta: in.meta(in.Query, answer.GetPage())}, nil
}

func setBrandTranslation(ctx context.Context, in *in[none, adminv1.TaxonTranslation]) (adminv1.Envelope[adminv1.StoredTaxonTranslation], error) {
	answer, err := in.deps.Translation.SetBrandTranslation(ctx, &catalogv1.SetBrandTranslationRequest{
		BrandId: in.path("id"), IfVersion: in.ifVersion, Translation: taxonTexts(in.path("locale"), in.Body),
	})
	if err != nil {
		return adminv1.Envelope[adminv1.StoredTaxonTranslation]{}, without(err, "translation.")
	}
	in.version(answer.GetVersion())
	return adminv1.Envelope[adminv1.StoredTaxonTranslation]{Data: taxonTranslation(answer.GetTranslation())}, nil
}

func deleteBrandTranslation(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Translation.DeleteBrandTranslation(ctx, &catalogv1.DeleteBrandTranslationRequest{
		BrandId: in.path("id"), IfVersion: in.ifVersion, Locale: in.path("locale"),
	})
	return none{}, err
}

func listAttributeTranslations(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.StoredAttributeTranslation], error) {
	paging, err := in.paging(in.Query)
	if err != nil {
		return adminv1.List[adminv1.StoredAttributeTranslation]{}, err
	}
	answer, err := in.deps.Translation.ListAttributeTranslations(ctx, &catalogv1.ListAttributeTranslationsRequest{AttributeId: in.path("id"), Page: paging})
	if err != nil {
		return adminv1.List[adminv1.StoredAttributeTranslation]{}, err
	}
	in.version(answer.GetVersion())
	return adminv1.List[adminv1.StoredAttributeTranslation]{Data: each(answer.GetTranslations(), attributeTranslation), Meta: in.meta(in.Query, answer.GetPage())}, nil
}

func setAttributeTranslation(ctx context.Context, in *in[none, adminv1.AttributeTranslation]) (adminv1.Envelope[adminv1.StoredAttributeTranslation], error) {
	answer, err := in.deps.Translation.SetAttributeTranslation(ctx, &catalogv1.SetAttributeTranslationRequest{
		AttributeId: in.path("id"), IfVersion: in.ifVersion, Translation: attributeTexts(in.path("locale"), in.Body),
	})
	if err != nil {
		return adminv1.Envelope[adminv1.StoredAttributeTranslation]{}, without(err, "translation.")
	}
	in.version(answer.GetVersion())
	return adminv1.Envelope[adminv1.StoredAttributeTranslation]{Data: attributeTranslation(answer.GetTranslation())}, nil
}

func deleteAttributeTranslation(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Translation.DeleteAttributeTranslation(ctx, &catalogv1.DeleteAttributeTranslationRequest{
		AttributeId: in.path("id"), IfVersion: in.ifVersion, Locale: in.path("locale"),
	})
	return none{}, err
}
