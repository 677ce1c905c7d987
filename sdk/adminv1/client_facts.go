package adminv1

import (
	"context"
	"net/http"

	"github.com/sovecom/sovecom/sdk/internal/rest"
)

// Compliance lists what a product lacks for the shop's markets.
func (c Client) Compliance(ctx context.Context, productID string) (Compliance, error) {
	return one[Compliance](ctx, c, http.MethodGet, nil, "products", productID, "compliance")
}

// Files lists what a buyer of a digital variant gets.
func (c Client) Files(ctx context.Context, productID, variantID string) (List[VariantFile], error) {
	return page[VariantFile](ctx, c, nil, "products", productID, "variants", variantID, "files")
}

// AddFile gives a variant one more file, which makes it digital.
func (c Client) AddFile(ctx context.Context, productID, variantID string, in AddFile) (VariantFile, error) {
	return one[VariantFile](ctx, c, http.MethodPost, in, "products", productID, "variants", variantID, "files")
}

// UpdateFile changes a file of a variant.
func (c Client) UpdateFile(ctx context.Context, productID, variantID, id string, in UpdateFile) (VariantFile, error) {
	return one[VariantFile](ctx, c, http.MethodPatch, in, "products", productID, "variants", variantID, "files", id)
}

// DeleteFile takes a file from a variant.
func (c Client) DeleteFile(ctx context.Context, productID, variantID, id string) error {
	return c.delete(ctx, "products", productID, "variants", variantID, "files", id)
}

// Attributes lists the facts the shop defines itself.
func (c Client) Attributes(ctx context.Context, q AttributeQuery) (List[Attribute], error) {
	return page[Attribute](ctx, c, rest.Query(q), "attributes")
}

// Attribute reads an attribute.
func (c Client) Attribute(ctx context.Context, id string) (Attribute, error) {
	return one[Attribute](ctx, c, http.MethodGet, nil, "attributes", id)
}

// CreateAttribute makes an attribute.
func (c Client) CreateAttribute(ctx context.Context, in CreateAttribute) (Attribute, error) {
	return one[Attribute](ctx, c, http.MethodPost, in, "attributes")
}

// UpdateAttribute changes an attribute.
func (c Client) UpdateAttribute(ctx context.Context, id string, in UpdateAttribute) (Attribute, error) {
	return one[Attribute](ctx, c, http.MethodPatch, in, "attributes", id)
}

// DeleteAttribute removes an attribute that no product has a value of.
func (c Client) DeleteAttribute(ctx context.Context, id string) error {
	return c.delete(ctx, "attributes", id)
}

// Markets reads the markets the shop sells to.
func (c Client) Markets(ctx context.Context) (StoredMarketSettings, error) {
	return one[StoredMarketSettings](ctx, c, http.MethodGet, nil, "settings", SectionMarkets)
}

// SetMarkets replaces the markets the shop sells to.
func (c Client) SetMarkets(ctx context.Context, in MarketSettings) (StoredMarketSettings, error) {
	return one[StoredMarketSettings](ctx, c, http.MethodPut, in, "settings", SectionMarkets)
}
