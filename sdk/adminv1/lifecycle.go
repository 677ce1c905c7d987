package adminv1

import (
	"context"
	"net/http"

	"github.com/sovecom/sovecom/sdk/internal/rest"
)

// ScheduleError says why a product was not published when its time came.
type ScheduleError struct {
	Code    string `json:"code" example:"catalog.price_missing" doc:"Stable, as in an error's answer."`
	Message string `json:"message" doc:"One clear sentence for a person."`
	At      Time   `json:"at" format:"date-time" doc:"The moment it was meant for."`
}

// Component is a variant that is part of a bundle.
type Component struct {
	VariantID    string `json:"variantId" format:"uuid" doc:"The variant."`
	ProductSlug  string `json:"productSlug" doc:"Slug of its product."`
	Title        string `json:"title" doc:"Title of its product."`
	VariantTitle string `json:"variantTitle" doc:"Title of the variant."`
	Quantity     int64  `json:"quantity" minimum:"1" doc:"Units in one unit of the bundle."`
}

// SetComponents is the body of PUT /admin/v1/products/{id}/variants/{variantId}/components.
type SetComponents struct {
	Components []ComponentInput `json:"components" nullable:"false" maxItems:"50" doc:"All of them in order, none twice, none of a bundle. Without any, the variant cannot be bought."`
}

// ComponentInput is one entry of SetComponents.
type ComponentInput struct {
	VariantID string `json:"variantId" format:"uuid" doc:"A variant of a product that is no bundle."`
	Quantity  int64  `json:"quantity" minimum:"1" maximum:"1000" doc:"Units in one unit of the bundle."`
}

// Duplicate is the body of POST /admin/v1/products/{id}/duplicate.
type Duplicate struct {
	Title  string `json:"title,omitempty" maxLength:"512" doc:"That of the original with (copy) when left out."`
	Slug   string `json:"slug,omitempty" maxLength:"512" doc:"Unique name for addresses; made from the title when left out."`
	Status string `json:"status,omitempty" enum:"draft,published,archived" doc:"draft when left out."`
}

// OrderVariants is the body of PUT /admin/v1/products/{id}/variants/order.
type OrderVariants struct {
	VariantIDs []string `json:"variantIds" nullable:"false" format:"uuid" minItems:"1" maxItems:"2000" doc:"Every variant that is not archived, exactly once."`
}

// SetOptions is the body of PUT /admin/v1/products/{id}/options.
type SetOptions struct {
	Options []SetOption `json:"options" nullable:"false" maxItems:"5" doc:"All options in order. One that is left out is taken away, unless a variant has it."`
}

// SetOption is one option as it shall be.
type SetOption struct {
	Name   string           `json:"name" minLength:"1" maxLength:"255" example:"Size" doc:"What a shopper chooses."`
	Was    string           `json:"was,omitempty" maxLength:"255" example:"size" doc:"Its name until now, when it gets another one. Variants and translations follow."`
	Values []SetOptionValue `json:"values" nullable:"false" minItems:"1" maxItems:"200" doc:"All values in order. One that is left out is taken away, unless a variant has it."`
}

// SetOptionValue is one value of an option as it shall be.
type SetOptionValue struct {
	Value string `json:"value" minLength:"1" maxLength:"255" example:"Medium" doc:"What is chosen."`
	Was   string `json:"was,omitempty" maxLength:"255" example:"M" doc:"What it was until now, when it becomes another one."`
}

// EditProducts is the body of POST /admin/v1/products/bulk. With an Idempotency-Key a repetition never moves a price twice.
type EditProducts struct {
	IDs    []string    `json:"ids" nullable:"false" format:"uuid" minItems:"1" maxItems:"500" doc:"The products; doubles count once."`
	Set    *EditSet    `json:"set,omitempty" doc:"What they shall be."`
	Price  *PriceShift `json:"price,omitempty" doc:"What happens to the prices of every variant: a share moves those in all currencies, an amount that in its own. What is struck through stays."`
	DryRun bool        `json:"dryRun,omitempty" doc:"Answer the same and change nothing."`
}

// EditSet is what EditProducts does to each product. What is left out stays.
type EditSet struct {
	Status            string   `json:"status,omitempty" enum:"draft,published,archived" doc:"Status of all of them."`
	AddCategoryIDs    []string `json:"addCategoryIds,omitempty" nullable:"false" format:"uuid" maxItems:"100" doc:"Categories to stand in as well."`
	RemoveCategoryIDs []string `json:"removeCategoryIds,omitempty" nullable:"false" format:"uuid" maxItems:"100" doc:"Categories to stand in no longer; wins over adding."`
	AddTagIDs         []string `json:"addTagIds,omitempty" nullable:"false" format:"uuid" maxItems:"250" doc:"Tags to carry as well."`
	RemoveTagIDs      []string `json:"removeTagIds,omitempty" nullable:"false" format:"uuid" maxItems:"250" doc:"Tags to carry no longer; wins over adding."`

	BrandID  Optional[string] `json:"brandId,omitzero" format:"uuid" doc:"Brand of all of them; null takes it away."`
	VATClass Optional[string] `json:"vatClass,omitzero" enum:"standard,reduced,super_reduced,zero,exempt,digital" doc:"What sort of supply they are for value added tax; null: not known."`
}

// PriceShift moves prices either by a share or by an amount.
type PriceShift struct {
	Percent  *float64     `json:"percent,omitempty" nullable:"true" minimum:"-100" maximum:"10000" example:"-10" doc:"Share of the price to add, with at most two decimals; negative is cheaper."`
	Amount   *SignedMoney `json:"amount,omitempty" doc:"Amount to add instead; negative is cheaper."`
	Rounding int64        `json:"rounding,omitempty" minimum:"1" maximum:"100000" example:"100" doc:"The new price is a multiple of so many minor units, halves upwards; 1 when left out."`
}

// SignedMoney is an amount that may be negative.
type SignedMoney struct {
	Amount   int64  `json:"amount" minimum:"-1000000000000" maximum:"1000000000000" example:"-500" doc:"Integer minor units of the currency."`
	Currency string `json:"currency" pattern:"^[A-Z]{3}$" patternDescription:"ISO 4217 code in upper case" example:"EUR" doc:"ISO 4217 code; prices in another one are not changed."`
}

// EditedProducts is the answer of EditProducts.
type EditedProducts struct {
	Data []EditedProduct `json:"data" nullable:"false" doc:"One for each product, in the order in which they were first named."`
	Meta EditedMeta      `json:"meta" doc:"How it went."`
}

// EditedProduct says what became of one product: it has a version when it is what was asked for, else an error.
type EditedProduct struct {
	ID      string     `json:"id" format:"uuid" doc:"The product."`
	OK      bool       `json:"ok" doc:"Whether it is what was asked for; one that is not has not changed at all."`
	Version *int64     `json:"version" doc:"Its version now, or the one it would have; null when it was refused."`
	Error   *EditError `json:"error" doc:"Why it was refused, or null."`
}

// EditError is why one product of many was refused.
type EditError struct {
	Code    string `json:"code" example:"catalog.price_missing" doc:"Stable, as in an error's answer."`
	Message string `json:"message" doc:"One clear sentence for a person."`
}

// EditedMeta is that of a list in one page, and counts what became of the products.
type EditedMeta struct {
	Total      int     `json:"total" minimum:"0" doc:"How many products were named, each counted once."`
	Page       int     `json:"page" minimum:"1" doc:"Always 1: the answer is whole."`
	Limit      int     `json:"limit" minimum:"1" maximum:"500" doc:"How many can be named at most."`
	NextCursor *string `json:"nextCursor" doc:"Always null: the answer is whole."`
	Changed    int     `json:"changed" minimum:"0" doc:"How many have become different."`
	Failed     int     `json:"failed" minimum:"0" doc:"How many were refused."`
}

// Retired is the answer to a deletion that left something behind: what was sold is archived instead.
type Retired[T any] struct {
	Data T           `json:"data" doc:"What is left: kept for the record, not for sale, not shown to shoppers."`
	Meta RetiredMeta `json:"meta" doc:"What happened to it."`
}

// RetiredMeta says what became of a thing that was to be deleted.
type RetiredMeta struct {
	Archived bool `json:"archived" doc:"Always true here; what is really gone is answered with 204."`
}

// DeleteProduct removes a product for good, or archives it when it was sold: then it returns what is left.
func (c Client) DeleteProduct(ctx context.Context, id string) (*Product, error) {
	return retire[Product](ctx, c, "products", id)
}

// DeleteVariant removes a variant for good, or archives it when it was sold: then it returns what is left.
func (c Client) DeleteVariant(ctx context.Context, productID, id string) (*Variant, error) {
	return retire[Variant](ctx, c, "products", productID, "variants", id)
}

func retire[T any](ctx context.Context, c Client, segments ...string) (*T, error) {
	var out Retired[T]
	if err := c.do(ctx, rest.Call{Method: http.MethodDelete, Path: path(segments...)}, &out); err != nil || !out.Meta.Archived {
		return nil, err
	}
	return &out.Data, nil
}

// DuplicateProduct makes a copy of a product, but for its stock and its schedule.
func (c Client) DuplicateProduct(ctx context.Context, id string, in Duplicate) (Product, error) {
	return one[Product](ctx, c, http.MethodPost, in, "products", id, "duplicate")
}

// EditProducts makes the same change of many products. Each is changed whole or not at all.
func (c Client) EditProducts(ctx context.Context, in EditProducts) (EditedProducts, error) {
	var out EditedProducts
	err := c.do(ctx, rest.Call{Method: http.MethodPost, Path: path("products", "bulk"), Body: in}, &out)
	return out, err
}

// SetOptions renames, orders, adds and takes away options of a product and their values.
func (c Client) SetOptions(ctx context.Context, productID string, in SetOptions) (Product, error) {
	return one[Product](ctx, c, http.MethodPut, in, "products", productID, "options")
}

// OrderVariants puts the variants of a product in order.
func (c Client) OrderVariants(ctx context.Context, productID string, in OrderVariants) (Product, error) {
	return one[Product](ctx, c, http.MethodPut, in, "products", productID, "variants", "order")
}

// SetComponents says what a variant of a bundle is made of.
func (c Client) SetComponents(ctx context.Context, productID, variantID string, in SetComponents) (Variant, error) {
	return one[Variant](ctx, c, http.MethodPut, in, "products", productID, "variants", variantID, "components")
}
