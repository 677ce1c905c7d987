package main

import (
	"context"
	"fmt"

	"github.com/sovecom/sovecom/internal/demo"
	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// plantPages makes the pages of the demonstration shop that are not there, neither by their key nor by their slug.
func (p *planter) plantPages(ctx context.Context) error {
	there := map[string]bool{}
	query := adminv1.ContentPageQuery{PageQuery: storev1.PageQuery{Limit: 100}}
	for more := true; more; {
		list, err := p.api.ContentPages(ctx, query)
		if err != nil {
			return fmt.Errorf("read the pages: %w", err)
		}
		for _, page := range list.Data {
			there[page.Locale+" slug "+page.Slug] = true
			if page.Key != nil {
				there[page.Locale+" key "+*page.Key] = true
			}
		}
		if more = list.Meta.NextCursor != nil; more {
			query.Cursor = *list.Meta.NextCursor
		}
	}
	pages, err := demo.Pages()
	if err != nil {
		return err
	}
	for _, page := range pages {
		if there[page.Locale+" slug "+page.Key] || there[page.Locale+" key "+page.Key] {
			continue
		}
		if _, err := p.api.CreateContentPage(ctx, adminv1.CreateContentPage{
			Title: page.Title, Slug: page.Key, Key: &page.Key, Body: page.Body, Locale: page.Locale, Status: "published",
		}); err != nil {
			return fmt.Errorf("page %s in %s: %w", page.Key, page.Locale, err)
		}
	}
	return nil
}
