package gateway

import (
	"context"

	contentv1 "github.com/sovecom/sovecom/gen/sovecom/content/v1"
	"github.com/sovecom/sovecom/sdk/storev1"
)

func listStorePages(ctx context.Context, in *in[storev1.ContentPageQuery, none]) (storev1.List[storev1.ContentPageSummary], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return storev1.List[storev1.ContentPageSummary]{}, err
	}
	answer, err := in.deps.Content.ListStorePages(ctx, &contentv1.ListStorePagesRequest{Page: paging, Wishes: in.wishes})
	if err != nil {
		return storev1.List[storev1.ContentPageSummary]{}, err
	}
	in.page.language = answer.GetLocale()
	return storev1.List[storev1.ContentPageSummary]{
		Data: each(answer.GetPages(), func(p *contentv1.StorePage) storev1.ContentPageSummary {
			return storev1.ContentPageSummary{Slug: p.GetSlug(), Key: p.Key, Title: p.GetTitle(), Locale: p.GetLocale(), UpdatedAt: at(p.GetUpdatedAt())}
		}),
		Meta: in.meta(in.Query.PageQuery, answer.GetPage()),
	}, nil
}

func getStorePage(ctx context.Context, in *in[storev1.ContentPageView, none]) (storev1.Envelope[storev1.ContentPage], error) {
	answer, err := in.deps.Content.GetStorePage(ctx, &contentv1.GetStorePageRequest{Slug: in.call.path("slug"), Wishes: in.wishes})
	if err != nil {
		return storev1.Envelope[storev1.ContentPage]{}, err
	}
	p := answer.GetPage()
	in.page.language = p.GetLocale()
	return storev1.Envelope[storev1.ContentPage]{Data: storev1.ContentPage{
		Slug: p.GetSlug(), Key: p.Key, Title: p.GetTitle(), HTML: p.GetHtml(), Locale: p.GetLocale(), SEOTitle: p.SeoTitle, SEODescription: p.SeoDescription,
		UpdatedAt: at(p.GetUpdatedAt()),
		Alternates: each(p.GetAlternates(), func(a *contentv1.Alternate) storev1.Alternate {
			return storev1.Alternate{Locale: a.GetLocale(), Slug: a.GetSlug(), Title: a.GetTitle()}
		}),
	}}, nil
}
