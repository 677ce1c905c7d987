package adminv1

import (
	"context"
	"net/http"

	"github.com/sovecom/sovecom/sdk/internal/rest"
)

// TagTranslations reads what a tag is called in other languages.
func (c Client) TagTranslations(ctx context.Context, id string, q PageQuery) (List[StoredTagTranslation], error) {
	return page[StoredTagTranslation](ctx, c, rest.Query(q), "tags", id, "translations")
}

// SetTagTranslation replaces what a tag is called in one language.
func (c Client) SetTagTranslation(ctx context.Context, id, locale string, in TagTranslation) (StoredTagTranslation, error) {
	return one[StoredTagTranslation](ctx, c, http.MethodPut, in, "tags", id, "translations", locale)
}

// DeleteTagTranslation takes away what a tag is called in one language.
func (c Client) DeleteTagTranslation(ctx context.Context, id, locale string) error {
	return c.delete(ctx, "tags", id, "translations", locale)
}

// BrandTranslations reads what a brand is called in other languages.
func (c Client) BrandTranslations(ctx context.Context, id string, q PageQuery) (List[StoredTaxonTranslation], error) {
	return page[StoredTaxonTranslation](ctx, c, rest.Query(q), "brands", id, "translations")
}

// SetBrandTranslation replaces what a brand is called in one language.
func (c Client) SetBrandTranslation(ctx context.Context, id, locale string, in TaxonTranslation) (StoredTaxonTranslation, error) {
	return one[StoredTaxonTranslation](ctx, c, http.MethodPut, in, "brands", id, "translations", locale)
}

// DeleteBrandTranslation takes away what a brand is called in one language.
func (c Client) DeleteBrandTranslation(ctx context.Context, id, locale string) error {
	return c.delete(ctx, "brands", id, "translations", locale)
}

// AttributeTranslations reads what an attribute is called in other languages.
func (c Client) AttributeTranslations(ctx context.Context, id string, q PageQuery) (List[StoredAttributeTranslation], error) {
	return page[StoredAttributeTranslation](ctx, c, rest.Query(q), "attributes", id, "translations")
}

// SetAttributeTranslation replaces what an attribute is called in one language.
func (c Client) SetAttributeTranslation(ctx context.Context, id, locale string, in AttributeTranslation) (StoredAttributeTranslation, error) {
	return one[StoredAttributeTranslation](ctx, c, http.MethodPut, in, "attributes", id, "translations", locale)
}

// DeleteAttributeTranslation takes away what an attribute is called in one language.
func (c Client) DeleteAttributeTranslation(ctx context.Context, id, locale string) error {
	return c.delete(ctx, "attributes", id, "translations", locale)
}
