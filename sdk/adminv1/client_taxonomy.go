package adminv1

import (
	"context"
	"net/http"

	"github.com/sovecom/sovecom/sdk/internal/rest"
)

// Brands lists brands.
func (c Client) Brands(ctx context.Context, q BrandQuery) (List[Brand], error) {
	return page[Brand](ctx, c, rest.Query(q), "brands")
}

// Brand reads a brand.
func (c Client) Brand(ctx context.Context, id string) (Brand, error) {
	return one[Brand](ctx, c, http.MethodGet, nil, "brands", id)
}

// CreateBrand makes a brand.
func (c Client) CreateBrand(ctx context.Context, in CreateBrand) (Brand, error) {
	return one[Brand](ctx, c, http.MethodPost, in, "brands")
}

// UpdateBrand changes a brand.
func (c Client) UpdateBrand(ctx context.Context, id string, in UpdateBrand) (Brand, error) {
	return one[Brand](ctx, c, http.MethodPatch, in, "brands", id)
}

// DeleteBrand removes a brand that no product carries.
func (c Client) DeleteBrand(ctx context.Context, id string) error {
	return c.delete(ctx, "brands", id)
}

// OrderCategories puts all categories directly below one in an order.
func (c Client) OrderCategories(ctx context.Context, parentID string, in OrderCategories) error {
	return c.do(ctx, rest.Call{Method: http.MethodPut, Path: path("categories", parentID, "children"), Body: in}, nil)
}

// Collections lists collections.
func (c Client) Collections(ctx context.Context, q CollectionQuery) (List[Collection], error) {
	return page[Collection](ctx, c, rest.Query(q), "collections")
}

// Collection reads a collection.
func (c Client) Collection(ctx context.Context, id string) (Collection, error) {
	return one[Collection](ctx, c, http.MethodGet, nil, "collections", id)
}

// CreateCollection makes a collection.
func (c Client) CreateCollection(ctx context.Context, in CreateCollection) (Collection, error) {
	return one[Collection](ctx, c, http.MethodPost, in, "collections")
}

// UpdateCollection changes a collection.
func (c Client) UpdateCollection(ctx context.Context, id string, in UpdateCollection) (Collection, error) {
	return one[Collection](ctx, c, http.MethodPatch, in, "collections", id)
}

// DeleteCollection removes a collection. Its products stay.
func (c Client) DeleteCollection(ctx context.Context, id string) error {
	return c.delete(ctx, "collections", id)
}

// CollectionProducts lists the products of a collection, in its own order.
func (c Client) CollectionProducts(ctx context.Context, id string, q PageQuery) (List[Product], error) {
	return page[Product](ctx, c, rest.Query(q), "collections", id, "products")
}

// SetCollectionProducts replaces and orders the products of a collection that is put together by hand.
func (c Client) SetCollectionProducts(ctx context.Context, id string, in CollectionProducts) (Collection, error) {
	return one[Collection](ctx, c, http.MethodPut, in, "collections", id, "products")
}

// AddCollectionProducts puts products at the end of a collection that is put together by hand.
func (c Client) AddCollectionProducts(ctx context.Context, id string, in CollectionProducts) (Collection, error) {
	return one[Collection](ctx, c, http.MethodPost, in, "collections", id, "products")
}

// RemoveCollectionProduct takes a product out of a collection that is put together by hand.
func (c Client) RemoveCollectionProduct(ctx context.Context, id, productID string) error {
	return c.delete(ctx, "collections", id, "products", productID)
}
