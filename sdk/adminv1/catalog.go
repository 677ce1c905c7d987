package adminv1

import "github.com/sovecom/sovecom/sdk/storev1"

// Product statuses.
const (
	ProductDraft     = "draft"     // seen by staff only
	ProductPublished = "published" // seen by shoppers
	ProductArchived  = "archived"  // kept for the record
)

// Product as staff see it: what shoppers see, and what they do not.
type Product struct {
	ID             string         `json:"id" format:"uuid" doc:"UUIDv7."`
	Slug           string         `json:"slug" example:"linen-shirt" doc:"Unique name for addresses."`
	Title          string         `json:"title" example:"Linen shirt" doc:"Name shown to shoppers."`
	Description    *string        `json:"description" doc:"Long text, or null."`
	Status         string         `json:"status" enum:"draft,published,archived" doc:"Shoppers see published products only."`
	SEOTitle       *string        `json:"seoTitle" doc:"Title for search engines, or null."`
	SEODescription *string        `json:"seoDescription" doc:"Description for search engines, or null."`
	Brand          *BrandRef      `json:"brand" doc:"Brand or maker, or null."`
	Images         []Image        `json:"images" nullable:"false" doc:"Pictures in order; the first is the cover."`
	Options        []Option       `json:"options" nullable:"false" doc:"What a shopper chooses between."`
	Variants       []Variant      `json:"variants" nullable:"false" doc:"What can be put in a cart: all when a product is read or changed. A list shows at most 100 of one product, the cheapest and one that can be bought among them."`
	VariantCount   int            `json:"variantCount" minimum:"0" example:"2" doc:"How many variants it has, shown here or not."`
	Categories     []CategoryRef  `json:"categories" nullable:"false" doc:"Categories it stands in."`
	Tags           []TagRef       `json:"tags" nullable:"false" doc:"Tags it carries."`
	Kind           string         `json:"kind" enum:"standard,bundle" doc:"A bundle is made of variants of other products. It never changes."`
	PublishAt      *Time          `json:"publishAt" format:"date-time" doc:"When it will be published by itself, or null."`
	UnpublishAt    *Time          `json:"unpublishAt" format:"date-time" doc:"When it will become a draft again by itself, or null."`
	ScheduleError  *ScheduleError `json:"scheduleError" doc:"Why it was not published when its time came; null when nothing went wrong."`
	Version        int64          `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt      Time           `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt      Time           `json:"updatedAt" format:"date-time" doc:"When it last changed."`
	ProductFacts
}

// Variant of a product, as staff see it.
type Variant struct {
	ID             string            `json:"id" format:"uuid" doc:"UUIDv7."`
	SKU            string            `json:"sku" example:"SHIRT-S" doc:"Stock keeping unit, unique in the shop."`
	Title          string            `json:"title" example:"S" doc:"Name of the combination."`
	Options        map[string]string `json:"options" doc:"Option name to value."`
	Price          Money             `json:"price" doc:"Price of one unit."`
	CompareAtPrice *Money            `json:"compareAtPrice" doc:"Former or recommended price to strike through, or null."`
	PriorPrice     *Money            `json:"priorPrice" doc:"Of a reduced price: the lowest price of the 30 days before the reduction, frozen then; else null."`
	Prices         []VariantPrice    `json:"prices" nullable:"false" doc:"Prices in further currencies."`
	Available      bool              `json:"available" doc:"Whether it can be bought now."`
	Stock          *int64            `json:"stock" doc:"Units on hand; null when the stock is not known at the moment. Change it by an adjustment."`
	WeightGrams    *int64            `json:"weightGrams" minimum:"0" doc:"Weight of one unit, or null."`
	ImageID        *string           `json:"imageId" format:"uuid" doc:"Which of the product's pictures shows it, or null when none does in particular."`
	Position       int               `json:"position" minimum:"0" doc:"Rank among the product's variants."`
	Archived       bool              `json:"archived" doc:"It was deleted after it had been sold: kept for the record, not for sale, not shown to shoppers."`
	Components     []Component       `json:"components" nullable:"false" doc:"What it is made of, in a bundle; else empty."`
	Version        int64             `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt      Time              `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt      Time              `json:"updatedAt" format:"date-time" doc:"When it last changed."`
	VariantFacts
}

// CreateProduct is the body of POST /admin/v1/products.
type CreateProduct struct {
	Title          string          `json:"title" minLength:"1" maxLength:"512" example:"Linen shirt" doc:"Name shown to shoppers."`
	Slug           string          `json:"slug,omitempty" maxLength:"512" doc:"Unique name for addresses; made from the title when left out."`
	Description    *string         `json:"description,omitempty" nullable:"true" maxLength:"100000" doc:"Long text."`
	Status         string          `json:"status,omitempty" enum:"draft,published,archived" doc:"draft when left out."`
	SEOTitle       *string         `json:"seoTitle,omitempty" nullable:"true" maxLength:"512" doc:"Title for search engines."`
	SEODescription *string         `json:"seoDescription,omitempty" nullable:"true" maxLength:"1024" doc:"Description for search engines."`
	BrandID        *string         `json:"brandId,omitempty" nullable:"true" format:"uuid" doc:"Brand or maker."`
	Options        []Option        `json:"options,omitempty" nullable:"false" maxItems:"5" doc:"What a shopper chooses between."`
	Variants       []CreateVariant `json:"variants,omitempty" nullable:"false" maxItems:"2000" doc:"What can be put in a cart."`
	CategoryIDs    []string        `json:"categoryIds,omitempty" nullable:"false" format:"uuid" maxItems:"100" doc:"Categories it stands in."`
	TagIDs         []string        `json:"tagIds,omitempty" nullable:"false" format:"uuid" maxItems:"250" doc:"Tags it carries."`
	Images         []ImageLink     `json:"images,omitempty" nullable:"false" maxItems:"100" doc:"Pictures in order."`
	Kind           string          `json:"kind,omitempty" enum:"standard,bundle" doc:"standard when left out. A bundle is made of variants of other products and has no stock of its own; it is made as a draft and published once it has components."`
	PublishAt      *Time           `json:"publishAt,omitempty" nullable:"true" format:"date-time" doc:"When to publish it."`
	UnpublishAt    *Time           `json:"unpublishAt,omitempty" nullable:"true" format:"date-time" doc:"When to make it a draft again; after publishAt."`
	ProductFactsInput
}

// CreateVariant is the body of POST /admin/v1/products/{id}/variants, and one variant of CreateProduct.
type CreateVariant struct {
	SKU            string            `json:"sku,omitempty" maxLength:"255" example:"SHIRT-S" doc:"Stock keeping unit, unique in the shop; made from the product's slug when left out."`
	Title          string            `json:"title,omitempty" maxLength:"512" doc:"Name of the combination; made from its options when left out."`
	Options        map[string]string `json:"options,omitempty" doc:"Option name to value."`
	Price          MoneyInput        `json:"price" doc:"Price of one unit."`
	CompareAtPrice *MoneyInput       `json:"compareAtPrice,omitempty" doc:"Former or recommended price to strike through."`
	Prices         []SetVariantPrice `json:"prices,omitempty" nullable:"false" maxItems:"100" doc:"Prices in further currencies, each once and not that of price."`
	Stock          int64             `json:"stock,omitempty" minimum:"0" maximum:"1000000000" doc:"Units on hand to start with; none when left out."`
	AllowBackorder bool              `json:"allowBackorder,omitempty" doc:"Whether it may be sold beyond what is on hand."`
	WeightGrams    *int64            `json:"weightGrams,omitempty" nullable:"true" minimum:"0" maximum:"1000000000" doc:"Weight of one unit."`
	ImageID        *string           `json:"imageId,omitempty" nullable:"true" format:"uuid" doc:"Which of the product's pictures shows it; none in particular when left out."`
	VariantFactsInput
}

// UpdateProduct is the body of PATCH /admin/v1/products/{id}. A missing key leaves, null clears.
type UpdateProduct struct {
	Title          Optional[string] `json:"title,omitzero" nullable:"false" minLength:"1" maxLength:"512" doc:"Name shown to shoppers."`
	Slug           Optional[string] `json:"slug,omitzero" nullable:"false" minLength:"1" maxLength:"512" doc:"Unique name for addresses."`
	Description    Optional[string] `json:"description,omitzero" maxLength:"100000" doc:"Long text; null clears it."`
	Status         Optional[string] `json:"status,omitzero" nullable:"false" enum:"draft,published,archived" doc:"Shoppers see published products only."`
	SEOTitle       Optional[string] `json:"seoTitle,omitzero" maxLength:"512" doc:"Title for search engines; null clears it."`
	SEODescription Optional[string] `json:"seoDescription,omitzero" maxLength:"1024" doc:"Description for search engines; null clears it."`
	BrandID        Optional[string] `json:"brandId,omitzero" format:"uuid" doc:"Brand or maker; null clears it."`
	PublishAt      Optional[Time]   `json:"publishAt,omitzero" format:"date-time" doc:"When to publish it; null clears it."`
	UnpublishAt    Optional[Time]   `json:"unpublishAt,omitzero" format:"date-time" doc:"When to make it a draft again, after publishAt; null clears it."`
	ProductFactsInput
}

// UpdateVariant is the body of PATCH /admin/v1/products/{id}/variants/{variantId}. Stock is not changed here but by an
// adjustment, which cannot lose a sale made meanwhile.
type UpdateVariant struct {
	SKU            Optional[string]            `json:"sku,omitzero" nullable:"false" minLength:"1" maxLength:"255" doc:"Stock keeping unit, unique in the shop."`
	Title          Optional[string]            `json:"title,omitzero" nullable:"false" minLength:"1" maxLength:"512" doc:"Name of the combination."`
	Options        Optional[map[string]string] `json:"options,omitzero" nullable:"false" doc:"Option name to value; replaces them all, so it cannot be null."`
	Price          Optional[MoneyInput]        `json:"price,omitzero" nullable:"false" doc:"Price of one unit; it cannot be null."`
	CompareAtPrice Optional[MoneyInput]        `json:"compareAtPrice,omitzero" doc:"Price to strike through; null clears it."`
	Prices         Optional[[]SetVariantPrice] `json:"prices,omitzero" nullable:"false" maxItems:"100" doc:"Prices in further currencies; replaces them all."`
	WeightGrams    Optional[int64]             `json:"weightGrams,omitzero" minimum:"0" maximum:"1000000000" doc:"Weight of one unit; null clears it."`
	ImageID        Optional[string]            `json:"imageId,omitzero" format:"uuid" doc:"Which of the product's pictures shows it; null clears it."`
	Position       Optional[int]               `json:"position,omitzero" nullable:"false" minimum:"0" maximum:"100000" doc:"Rank among the product's variants."`
	VariantFactsInput
}

// ImageLink shows an uploaded picture with a product. It is the body of POST /admin/v1/products/{id}/images.
type ImageLink struct {
	MediaID string  `json:"mediaId" format:"uuid" doc:"The uploaded picture."`
	Alt     *string `json:"alt,omitempty" nullable:"true" maxLength:"1000" doc:"Text for those who do not see it; that of the upload when left out."`
}

// SetImages is the body of PUT /admin/v1/products/{id}/images.
type SetImages struct {
	Images []ImageLink `json:"images" nullable:"false" maxItems:"100" doc:"All pictures in order; the first is the cover."`
}

// SetCategories is the body of PUT /admin/v1/products/{id}/categories.
type SetCategories struct {
	CategoryIDs []string `json:"categoryIds" nullable:"false" format:"uuid" maxItems:"100" doc:"All categories it shall stand in; doubles count once."`
}

// SetTags is the body of PUT /admin/v1/products/{id}/tags.
type SetTags struct {
	TagIDs []string `json:"tagIds" nullable:"false" format:"uuid" maxItems:"250" doc:"All tags it shall carry; doubles count once."`
}

// ProductQuery holds the query parameters of GET /admin/v1/products.
type ProductQuery struct {
	PageQuery
	Q          string          `query:"q" maxLength:"200" doc:"Part of the title; every character stands for itself."`
	SKU        string          `query:"sku" maxLength:"255" doc:"Only the product with a variant of this SKU."`
	Status     string          `query:"status" enum:"draft,published,archived" doc:"Only products of this status."`
	CategoryID string          `query:"categoryId" format:"uuid" doc:"Only products directly in this category."`
	TagID      string          `query:"tagId" format:"uuid" doc:"Only products with this tag."`
	BrandID    string          `query:"brandId" format:"uuid" doc:"Only products with this brand."`
	MinPrice   Optional[int64] `query:"minPrice" nullable:"false" minimum:"0" maximum:"1000000000000" doc:"Only products with a variant at this price or above, in minor units."`
	MaxPrice   Optional[int64] `query:"maxPrice" nullable:"false" minimum:"0" maximum:"1000000000000" doc:"Only products with a variant at this price or below, in minor units."`
	InStock    Optional[bool]  `query:"inStock" nullable:"false" doc:"true: only products that can be bought now; false: only those that cannot."`
	Sort       string          `query:"sort" enum:"-createdAt,createdAt,title,-title,price,-price" default:"-createdAt" doc:"Order of the list; a minus sign reverses it."`
	storev1.AttributeFilters
}

// Category as staff see it.
type Category struct {
	ID                string        `json:"id" format:"uuid" doc:"UUIDv7."`
	Slug              string        `json:"slug" example:"shirts" doc:"Unique name for addresses."`
	Name              string        `json:"name" example:"Shirts" doc:"Name shown to shoppers."`
	Description       *string       `json:"description" doc:"Text, or null."`
	SEOTitle          *string       `json:"seoTitle" doc:"Title for search engines, or null."`
	SEODescription    *string       `json:"seoDescription" doc:"Description for search engines, or null."`
	ParentID          *string       `json:"parentId" format:"uuid" doc:"The category above; null at the top."`
	Position          int           `json:"position" minimum:"0" doc:"Rank among its siblings, then by name."`
	ProductCount      int           `json:"productCount" minimum:"0" doc:"Published products that stand directly in it."`
	TotalProductCount int           `json:"totalProductCount" minimum:"0" doc:"Published products in it or below it, each once."`
	Breadcrumbs       []CategoryRef `json:"breadcrumbs" nullable:"false" doc:"The way down to it: the top first, itself last."`
	SoldByMeasure     bool          `json:"soldByMeasure" doc:"Whether what stands in it or below it is sold by weight, volume, length or area, so that every variant needs a unit price."`
	Version           int64         `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt         Time          `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt         Time          `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// CreateCategory is the body of POST /admin/v1/categories.
type CreateCategory struct {
	Name           string  `json:"name" minLength:"1" maxLength:"512" example:"Shirts" doc:"Name shown to shoppers."`
	Slug           string  `json:"slug,omitempty" maxLength:"512" doc:"Unique name for addresses; made from the name when left out."`
	Description    *string `json:"description,omitempty" nullable:"true" maxLength:"100000" doc:"Text."`
	SEOTitle       *string `json:"seoTitle,omitempty" nullable:"true" maxLength:"512" doc:"Title for search engines."`
	SEODescription *string `json:"seoDescription,omitempty" nullable:"true" maxLength:"1024" doc:"Description for search engines."`
	ParentID       *string `json:"parentId,omitempty" nullable:"true" format:"uuid" doc:"The category above; at the top when left out. The tree has at most five levels."`
	Position       int     `json:"position,omitempty" minimum:"0" maximum:"1000000" doc:"Rank among its siblings."`
	SoldByMeasure  bool    `json:"soldByMeasure,omitempty" doc:"Whether what stands in it or below it is sold by weight, volume, length or area (Directive 98/6/EC, Art. 3)."`
}

// UpdateCategory is the body of PATCH /admin/v1/categories/{id}. A missing key leaves, null clears.
type UpdateCategory struct {
	Name           Optional[string] `json:"name,omitzero" nullable:"false" minLength:"1" maxLength:"512" doc:"Name shown to shoppers."`
	Slug           Optional[string] `json:"slug,omitzero" nullable:"false" minLength:"1" maxLength:"512" doc:"Unique name for addresses."`
	Description    Optional[string] `json:"description,omitzero" maxLength:"100000" doc:"Text; null clears it."`
	SEOTitle       Optional[string] `json:"seoTitle,omitzero" maxLength:"512" doc:"Title for search engines; null clears it."`
	SEODescription Optional[string] `json:"seoDescription,omitzero" maxLength:"1024" doc:"Description for search engines; null clears it."`
	ParentID       Optional[string] `json:"parentId,omitzero" format:"uuid" doc:"The category above; null moves it to the top."`
	Position       Optional[int]    `json:"position,omitzero" nullable:"false" minimum:"0" maximum:"1000000" doc:"Rank among its siblings."`
	SoldByMeasure  Optional[bool]   `json:"soldByMeasure,omitzero" nullable:"false" doc:"Whether what stands in it or below it is sold by weight, volume, length or area (Directive 98/6/EC, Art. 3)."`
}

// CategoryQuery holds the query parameters of GET /admin/v1/categories.
type CategoryQuery struct {
	PageQuery
	Q string `query:"q" maxLength:"200" doc:"Part of the name; every character stands for itself."`
}

// Tag as staff see it.
type Tag struct {
	ID        string `json:"id" format:"uuid" doc:"UUIDv7."`
	Slug      string `json:"slug" example:"linen" doc:"Unique name for addresses."`
	Name      string `json:"name" example:"Linen" doc:"Name shown to shoppers."`
	Version   int64  `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt Time   `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt Time   `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// CreateTag is the body of POST /admin/v1/tags.
type CreateTag struct {
	Name string `json:"name" minLength:"1" maxLength:"512" example:"Linen" doc:"Name shown to shoppers."`
	Slug string `json:"slug,omitempty" maxLength:"512" doc:"Unique name for addresses; made from the name when left out."`
}

// UpdateTag is the body of PATCH /admin/v1/tags/{id}.
type UpdateTag struct {
	Name Optional[string] `json:"name,omitzero" nullable:"false" minLength:"1" maxLength:"512" doc:"Name shown to shoppers."`
	Slug Optional[string] `json:"slug,omitzero" nullable:"false" minLength:"1" maxLength:"512" doc:"Unique name for addresses."`
}

// TagQuery holds the query parameters of GET /admin/v1/tags.
type TagQuery struct {
	PageQuery
	Q string `query:"q" maxLength:"200" doc:"Part of the name; every character stands for itself."`
}
