package gateway

import (
	"context"

	contentv1 "github.com/sovecom/sovecom/gen/sovecom/content/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

type contentPageAnswer = adminv1.Envelope[adminv1.ContentPage]

func (c *call) contentPage(m *contentv1.Page, err error) (contentPageAnswer, error) {
	if err != nil {
		return contentPageAnswer{}, err
	}
	c.version(m.GetVersion())
	return contentPageAnswer{Data: contentPage(m)}, nil
}

func contentPage(p *contentv1.Page) adminv1.ContentPage {
	return adminv1.ContentPage{
		ID: p.GetId(), Slug: p.GetSlug(), Key: p.Key, Title: p.GetTitle(), Body: p.GetBody(), HTML: p.GetHtml(), Locale: p.GetLocale(),
		Status: wireName(p.GetStatus(), "PAGE_STATUS_"), SEOTitle: p.SeoTitle, SEODescription: p.SeoDescription, Version: p.GetVersion(),
		CreatedAt: at(p.GetCreatedAt()), UpdatedAt: at(p.GetUpdatedAt()),
	}
}

func contentPageSummary(p *contentv1.Page) adminv1.ContentPageSummary {
	return adminv1.ContentPageSummary{
		ID: p.GetId(), Slug: p.GetSlug(), Key: p.Key, Title: p.GetTitle(), Locale: p.GetLocale(), Status: wireName(p.GetStatus(), "PAGE_STATUS_"),
		SEOTitle: p.SeoTitle, SEODescription: p.SeoDescription, Version: p.GetVersion(), CreatedAt: at(p.GetCreatedAt()), UpdatedAt: at(p.GetUpdatedAt()),
	}
}

func pageStatus(name string) contentv1.PageStatus {
	return contentv1.PageStatus(number(contentv1.PageStatus_value, "PAGE_STATUS_", name))
}

func contentText(o adminv1.Optional[string]) *contentv1.TextPatch {
	if o.IsZero() {
		return nil
	}
	return &contentv1.TextPatch{Clear: o.IsNull(), Value: o.Value}
}

func listPages(ctx context.Context, in *in[adminv1.ContentPageQuery, none]) (adminv1.List[adminv1.ContentPageSummary], error) {
	q := in.Query
	paging, err := in.paging(q.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.ContentPageSummary]{}, err
	}
	if _, err := wanted(in.call.r); err != nil { // a locale that is none
		return adminv1.List[adminv1.ContentPageSummary]{}, err
	}
	answer, err := in.deps.Content.ListPages(ctx, &contentv1.ListPagesRequest{Page: paging, Q: q.Q, Locale: q.Locale, Status: pageStatus(q.Status), Key: q.Key})
	if err != nil {
		return adminv1.List[adminv1.ContentPageSummary]{}, err
	}
	return adminv1.List[adminv1.ContentPageSummary]{Data: each(answer.GetPages(), contentPageSummary), Meta: in.meta(q.PageQuery, answer.GetPage())}, nil
}

func createPage(ctx context.Context, in *in[none, adminv1.CreateContentPage]) (contentPageAnswer, error) {
	b := in.Body
	answer, err := in.deps.Content.CreatePage(ctx, &contentv1.CreatePageRequest{
		Title: b.Title, Slug: b.Slug, Key: b.Key, Body: b.Body, Locale: b.Locale, Status: pageStatus(b.Status), SeoTitle: b.SEOTitle, SeoDescription: b.SEODescription,
	})
	if err == nil {
		in.created("pages", answer.GetPage().GetId())
	}
	return in.contentPage(answer.GetPage(), err)
}

func getPage(ctx context.Context, in *in[none, none]) (contentPageAnswer, error) {
	answer, err := in.deps.Content.GetPage(ctx, &contentv1.GetPageRequest{Id: in.path("id")})
	return in.contentPage(answer.GetPage(), err)
}

func updatePage(ctx context.Context, in *in[none, adminv1.UpdateContentPage]) (contentPageAnswer, error) {
	b := in.Body
	answer, err := in.deps.Content.UpdatePage(ctx, &contentv1.UpdatePageRequest{
		Id: in.path("id"), IfVersion: in.ifVersion, Title: b.Title.Ptr(), Slug: b.Slug.Ptr(), Body: b.Body.Ptr(), Locale: b.Locale.Ptr(),
		Status: pageStatus(b.Status.Value), Key: contentText(b.Key), SeoTitle: contentText(b.SEOTitle), SeoDescription: contentText(b.SEODescription),
	})
	return in.contentPage(answer.GetPage(), err)
}

func deletePage(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Content.DeletePage(ctx, &contentv1.DeletePageRequest{Id: in.path("id"), IfVersion: in.ifVersion})
	return none{}, err
}
