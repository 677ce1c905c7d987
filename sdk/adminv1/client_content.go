package adminv1

import (
	"context"
	"net/http"

	"github.com/sovecom/sovecom/sdk/internal/rest"
)

// ContentPages lists the shop's own pages, without their texts.
func (c Client) ContentPages(ctx context.Context, q ContentPageQuery) (List[ContentPageSummary], error) {
	return page[ContentPageSummary](ctx, c, rest.Query(q), "pages")
}

// ContentPage reads a page of the shop's own.
func (c Client) ContentPage(ctx context.Context, id string) (ContentPage, error) {
	return one[ContentPage](ctx, c, http.MethodGet, nil, "pages", id)
}

// CreateContentPage makes a page of the shop's own.
func (c Client) CreateContentPage(ctx context.Context, in CreateContentPage) (ContentPage, error) {
	return one[ContentPage](ctx, c, http.MethodPost, in, "pages")
}

// UpdateContentPage changes a page of the shop's own.
func (c Client) UpdateContentPage(ctx context.Context, id string, in UpdateContentPage) (ContentPage, error) {
	return one[ContentPage](ctx, c, http.MethodPatch, in, "pages", id)
}

// DeleteContentPage removes a page of the shop's own.
func (c Client) DeleteContentPage(ctx context.Context, id string) error {
	return c.delete(ctx, "pages", id)
}
