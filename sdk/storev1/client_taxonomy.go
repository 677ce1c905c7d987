package storev1

import (
	"context"
	"net/http"

	"github.com/sovecom/sovecom/sdk/internal/rest"
)

// Brands lists brands.
func (c Client) Brands(ctx context.Context, q PageQuery) (List[Brand], error) {
	return page[Brand](ctx, c, rest.Query(q), "brands")
}

// Brand reads one brand by slug or id.
func (c Client) Brand(ctx context.Context, slugOrID string) (Brand, error) {
	return one[Brand](ctx, c, http.MethodGet, nil, "brands", slugOrID)
}

// Collections lists published collections. Their products are listed by Products with the collection's slug.
func (c Client) Collections(ctx context.Context, q PageQuery) (List[Collection], error) {
	return page[Collection](ctx, c, rest.Query(q), "collections")
}

// Collection reads one published collection by slug or id.
func (c Client) Collection(ctx context.Context, slugOrID string) (Collection, error) {
	return one[Collection](ctx, c, http.MethodGet, nil, "collections", slugOrID)
}
