package storev1

import (
	"context"
	"net/http"

	"github.com/sovecom/sovecom/sdk/internal/rest"
)

// ContentPages lists the shop's own pages in a language.
func (c Client) ContentPages(ctx context.Context, q ContentPageQuery) (List[ContentPageSummary], error) {
	return page[ContentPageSummary](ctx, c, rest.Query(q), "pages")
}

// ContentPage reads one page of the shop's own by its slug, in a language the caller has chosen before.
func (c Client) ContentPage(ctx context.Context, slug string) (ContentPage, error) {
	return one[ContentPage](ctx, c, http.MethodGet, nil, "pages", slug)
}
