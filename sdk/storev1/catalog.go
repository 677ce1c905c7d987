package storev1

// Product as a shopper sees it. SKU, stock levels, cost, weight, metadata and tenant never appear on this surface.
// A list holds the same objects as a detail.
type Product struct {
	ID             string        `json:"id" format:"uuid" doc:"UUIDv7."`
	Slug           string        `json:"slug" example:"linen-shirt" doc:"Unique name for addresses."`
	Title          string        `json:"title" example:"Linen shirt" doc:"Name shown to shoppers."`
	Description    *string       `json:"description" doc:"Long text, or null."`
	Status         string        `json:"status" enum:"published" doc:"Always published here: nothing else is shown to shoppers."`
	SEOTitle       *string       `json:"seoTitle" doc:"Title for search engines, or null."`
	SEODescription *string       `json:"seoDescription" doc:"Description for search engines, or null."`
	Brand          *BrandRef     `json:"brand" doc:"Brand or maker, or null."`
	Images         []Image       `json:"images" nullable:"false" doc:"Pictures in order; the first is the cover."`
	Options        []Option      `json:"options" nullable:"false" doc:"What a shopper chooses between."`
	Variants       []Variant     `json:"variants" nullable:"false" doc:"What can be put in a cart: all on a product's own page. A list or search shows at most 100 of one product, the cheapest and one that can be bought among them."`
	VariantCount   int           `json:"variantCount" minimum:"0" example:"2" doc:"How many variants it has, shown here or not."`
	Categories     []CategoryRef `json:"categories" nullable:"false" doc:"Categories it stands in."`
	Tags           []TagRef      `json:"tags" nullable:"false" doc:"Tags it carries."`
	CreatedAt      Time          `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt      Time          `json:"updatedAt" format:"date-time" doc:"When it last changed."`
	ProductFacts
}

// Image is a picture of the shop.
type Image struct {
	ID         string      `json:"id" format:"uuid" doc:"UUIDv7."`
	URL        string      `json:"url" example:"/media/…" doc:"Address of the picture at full size, absolute or relative to the shop."`
	Alt        string      `json:"alt" doc:"Text for those who do not see the picture, in the language asked for if there is one; empty when it only decorates."`
	Width      int         `json:"width" minimum:"0" example:"1600" doc:"Pixels."`
	Height     int         `json:"height" minimum:"0" example:"1200" doc:"Pixels."`
	Blurhash   *string     `json:"blurhash" example:"LEHV6nWB2yk8pyo0adR*.7kCMdnj" doc:"A blur to show until the picture is there (https://blurha.sh), or null."`
	FocalPoint *FocalPoint `json:"focalPoint" doc:"What must stay in sight when the picture is cropped, or null."`
	Renditions []Rendition `json:"renditions" nullable:"false" doc:"The same picture in other sizes and formats, each at an address that never changes: all of them on a product's own page, and in lists those of the first picture in WebP."`
}

// LinePicture is the picture of a line of a cart or an order, as it was when the line was written.
type LinePicture struct {
	URL        string      `json:"url" example:"/media/…" doc:"Address of the picture at full size, absolute or relative to the shop."`
	Alt        string      `json:"alt" doc:"Text for those who do not see the picture, in the language of the cart or order; empty when it only decorates."`
	Width      int         `json:"width" minimum:"0" example:"1600" doc:"Pixels."`
	Height     int         `json:"height" minimum:"0" example:"1200" doc:"Pixels."`
	Blurhash   *string     `json:"blurhash" doc:"A blur to show until the picture is there (https://blurha.sh), or null."`
	FocalPoint *FocalPoint `json:"focalPoint" doc:"What must stay in sight when the picture is cropped, or null."`
	Renditions []Rendition `json:"renditions" nullable:"false" doc:"The same picture in smaller sizes, in WebP."`
}

// Rendition is an Image in one size and format.
type Rendition struct {
	URL    string `json:"url" doc:"Address, absolute or relative to the shop."`
	Format string `json:"format" example:"webp" doc:"File format: webp, jpeg, png or avif."`
	Width  int    `json:"width" minimum:"1" example:"480" doc:"Pixels."`
}

// FocalPoint is a place in a picture.
type FocalPoint struct {
	X float64 `json:"x" minimum:"0" maximum:"1" doc:"Fraction of the width, from the left."`
	Y float64 `json:"y" minimum:"0" maximum:"1" doc:"Fraction of the height, from the top."`
}

// Option is one axis a shopper chooses on, such as size.
type Option struct {
	Name   string   `json:"name" minLength:"1" maxLength:"255" example:"size" doc:"Name of the axis; the keys of a variant's options."`
	Values []string `json:"values" nullable:"false" minItems:"1" maxItems:"200" minLength:"1" maxLength:"255" doc:"Values in display order."`
}

// Variant is the thing that is bought: a product in one combination of its options.
type Variant struct {
	ID             string            `json:"id" format:"uuid" doc:"UUIDv7."`
	Title          string            `json:"title" example:"S" doc:"Name of the combination."`
	Options        map[string]string `json:"options" doc:"Option name to value."`
	Price          Money             `json:"price" doc:"Price of one unit."`
	CompareAtPrice *Money            `json:"compareAtPrice" doc:"Former or recommended price to strike through; null when there is none above the price."`
	PriorPrice     *Money            `json:"priorPrice" doc:"Of a reduced price: the lowest price that was in force during the 30 days before the reduction was announced (Directive 98/6/EC, Art. 6a). It does not move while the reduction lasts. Null when the price is not reduced, or nothing was in force before."`
	PriceTiers     []PriceTier       `json:"priceTiers" nullable:"false" doc:"Price of one unit by quantity, from 1 on; empty when it does not depend on the quantity."`
	Available      bool              `json:"available" doc:"Whether it can be bought now. Levels are never disclosed."`
	ImageID        *string           `json:"imageId" format:"uuid" doc:"Which of the product's images shows it, or null when none does in particular."`
	Components     []Component       `json:"components" nullable:"false" doc:"What it is made of, in a bundle; else empty."`
	VariantFacts
}

// Component is a variant that is part of a bundle.
type Component struct {
	VariantID    string `json:"variantId" format:"uuid" doc:"The variant."`
	ProductSlug  string `json:"productSlug" doc:"Slug of its product, which need not be for sale by itself."`
	Title        string `json:"title" doc:"Title of its product."`
	VariantTitle string `json:"variantTitle" doc:"Title of the variant."`
	Quantity     int64  `json:"quantity" minimum:"1" doc:"Units in one unit of the bundle."`
}

// PriceTier is the price of one unit from a quantity on.
type PriceTier struct {
	MinQuantity int64 `json:"minQuantity" minimum:"1" example:"10" doc:"The smallest quantity that has this price."`
	Price       Money `json:"price" doc:"Price of one unit."`
}

// PriceQuery holds the query parameters that say whose prices to show.
type PriceQuery struct {
	Currency string `query:"currency" pattern:"^[A-Z]{3}$" patternDescription:"ISO 4217 code in upper case" example:"EUR" doc:"Currency to show prices in, an ISO 4217 code. A variant without a price in it is shown in its product's own."`
	Country  string `query:"country" pattern:"^[A-Z]{2}$" patternDescription:"ISO 3166-1 alpha-2 code in upper case" example:"FR" doc:"Country whose prices to show, an ISO 3166-1 alpha-2 code."`
	Channel  string `query:"channel" maxLength:"64" doc:"Code of the sales channel whose prices to show."`
}

// CategoryRef names a category a product stands in.
type CategoryRef struct {
	ID   string `json:"id" format:"uuid" doc:"UUIDv7."`
	Slug string `json:"slug" example:"shirts" doc:"Unique name for addresses."`
	Name string `json:"name" example:"Shirts" doc:"Name shown to shoppers."`
}

// TagRef names a tag a product carries.
type TagRef struct {
	ID   string `json:"id" format:"uuid" doc:"UUIDv7."`
	Slug string `json:"slug" example:"linen" doc:"Unique name for addresses."`
	Name string `json:"name" example:"Linen" doc:"Name shown to shoppers."`
}

// Category is a place in the shop's tree of at most five levels.
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
	Children          []Category    `json:"children" nullable:"true" doc:"Categories below it when asked for with tree=true, else null."`
}

// Tag is a free label.
type Tag struct {
	ID   string `json:"id" format:"uuid" doc:"UUIDv7."`
	Slug string `json:"slug" example:"linen" doc:"Unique name for addresses."`
	Name string `json:"name" example:"Linen" doc:"Name shown to shoppers."`
}

// SearchResult is the answer of a search: a page of products and the facets of all that matched.
type SearchResult struct {
	Data []Product  `json:"data" nullable:"false" doc:"The products of this page, best first unless sorted otherwise."`
	Meta SearchMeta `json:"meta" doc:"Where this page stands, and what could narrow the search."`
}

// SearchMeta is Meta with Facets.
type SearchMeta struct {
	Meta
	Facets         Facets      `json:"facets" doc:"Counts over everything that matched, not over this page."`
	CorrectedQuery *string     `json:"correctedQuery" doc:"The query that was asked instead because nothing has the words as they were typed, to be shown as what was meant; null when it was asked as it is."`
	SuggestedQuery *string     `json:"suggestedQuery" doc:"A query that finds many times more, when next to nothing has the words as they were typed: to be offered as what may be meant. Null when there is none. What is shown was asked for as it was typed."`
	Partial        bool        `json:"partial" doc:"Whether only some of the words are in what was found, because nothing has them all."`
	Highlights     []Highlight `json:"highlights" nullable:"false" doc:"Where the products of this page speak of what was looked for; products without such a place are left out."`
}

// Highlight shows where a product speaks of what was looked for.
type Highlight struct {
	ProductID string            `json:"productId" format:"uuid" doc:"The product."`
	Fields    map[string]string `json:"fields" doc:"By field (title, brand, description): its text, or the part around the first place, as safe HTML. Everything is escaped; the places stand in mark elements."`
}

// SuggestionQuery holds the query parameters of GET /store/v1/search/suggestions.
type SuggestionQuery struct {
	LocaleQuery
	Q     string `query:"q" maxLength:"512" doc:"What has been typed so far."`
	Limit int    `query:"limit" minimum:"1" maximum:"20" default:"8" doc:"Suggestions at most."`
}

// Suggestions are what a text may be going to be.
type Suggestions struct {
	Data []Suggestion `json:"data" nullable:"false" doc:"Categories, brands and tags first, then products."`
	Meta Meta         `json:"meta" doc:"How many there are; they have one page."`
}

// Suggestion is one thing that begins as the text does.
type Suggestion struct {
	Kind      string  `json:"kind" enum:"product,category,brand,tag" doc:"What it is."`
	Text      string  `json:"text" doc:"Its name."`
	Slug      *string `json:"slug" doc:"Slug to filter by, of a category, brand or tag; else null."`
	ProductID *string `json:"productId" format:"uuid" doc:"Id of a product; else null."`
	HTML      string  `json:"html" doc:"Its name as safe HTML: everything is escaped, and what was typed stands in mark elements."`
}

// Facets count what matched a search, so that a shopper can narrow it.
type Facets struct {
	Categories []Facet     `json:"categories" nullable:"false" doc:"Categories of the products found, most frequent first."`
	Tags       []Facet     `json:"tags" nullable:"false" doc:"Tags of the products found, most frequent first."`
	Brands     []Facet     `json:"brands" nullable:"false" doc:"Brands of the products found, most frequent first."`
	Price      *PriceRange `json:"price" doc:"Lowest and highest price found; null when nothing has a price."`
	InStock    int         `json:"inStock" minimum:"0" doc:"How many products found can be bought now."`

	Attributes  []AttributeFacet `json:"attributes" nullable:"false" doc:"Attributes of the products found that can be filtered by, and their values."`
	PriceRanges []PriceBucket    `json:"priceRanges" nullable:"false" doc:"The lowest prices found, in ranges with about as many products in each."`
	Estimated   bool             `json:"estimated" doc:"Whether so much matched that counts are projected from a part of it."`
}

// AttributeFacet is the values of one attribute.
type AttributeFacet struct {
	Code   string                `json:"code" example:"color" doc:"Code to filter by: attr.color=…"`
	Name   string                `json:"name" example:"Colour" doc:"Name shown to shoppers."`
	Values []AttributeFacetValue `json:"values" nullable:"false" doc:"Values of the products found, most frequent first."`
}

// AttributeFacetValue is one value and how many products have it.
type AttributeFacetValue struct {
	Value string `json:"value" example:"red" doc:"Value to filter by."`
	Label string `json:"label" example:"Red" doc:"Name shown to shoppers."`
	Count int    `json:"count" minimum:"0" example:"12" doc:"Products found that have it."`
}

// PriceBucket is a range of prices and how many products begin in it.
type PriceBucket struct {
	From  Money  `json:"from" doc:"Lowest price of the range."`
	To    *Money `json:"to" doc:"Where the next range begins; null for the last."`
	Count int    `json:"count" minimum:"0" example:"12" doc:"Products found whose lowest price lies in it."`
}

// Facet is one value and how many products have it.
type Facet struct {
	Slug  string `json:"slug" example:"shirts" doc:"Slug to filter by."`
	Name  string `json:"name" example:"Shirts" doc:"Name shown to shoppers."`
	Count int    `json:"count" minimum:"0" example:"12" doc:"Products found that have it."`
}

// PriceRange spans the prices found, in one currency.
type PriceRange struct {
	Min Money `json:"min" doc:"Lowest price found."`
	Max Money `json:"max" doc:"Highest price found."`
}

// LocaleQuery holds the query parameter of a read that answers in the caller's language.
type LocaleQuery struct {
	Locale string `query:"locale" maxLength:"35" example:"de" doc:"Language to answer in (BCP 47); instead of the header Accept-Language. What is not translated is answered in the shop's fallback languages."`
}

// ProductView holds the query parameters of GET /store/v1/products/{slugOrId}.
type ProductView struct {
	PriceQuery
	LocaleQuery
}

// ProductQuery holds the query parameters of GET /store/v1/products.
type ProductQuery struct {
	PageQuery
	PriceQuery
	LocaleQuery
	Q          string          `query:"q" maxLength:"200" doc:"Words of the title."`
	CategoryID string          `query:"categoryId" format:"uuid" doc:"Only products in this category or in any below it."`
	Tag        string          `query:"tag" maxLength:"512" doc:"Only products with the tag of this slug, in any language."`
	MinPrice   Optional[int64] `query:"minPrice" nullable:"false" minimum:"0" maximum:"1000000000000" doc:"Only products with a variant at this price or above, in minor units."`
	MaxPrice   Optional[int64] `query:"maxPrice" nullable:"false" minimum:"0" maximum:"1000000000000" doc:"Only products with a variant at this price or below, in minor units."`
	InStock    Optional[bool]  `query:"inStock" nullable:"false" doc:"true: only products that can be bought now; false: only those that cannot."`
	Brand      string          `query:"brand" maxLength:"512" doc:"Only products with the brand of this slug, in any language."`
	Collection string          `query:"collection" maxLength:"512" doc:"Only products of the published collection of this slug or id."`
	Sort       string          `query:"sort" enum:"-createdAt,createdAt,title,-title,price,-price" doc:"Order of the list; a minus sign reverses it. Price is the lowest of a product's variants. When left out: -createdAt, or the collection's own order with collection."`
	AttributeFilters
}

// TagQuery holds the query parameters of GET /store/v1/tags.
type TagQuery struct {
	PageQuery
	LocaleQuery
}

// BrandQuery holds the query parameters of GET /store/v1/brands.
type BrandQuery struct {
	PageQuery
	LocaleQuery
}

// CollectionQuery holds the query parameters of GET /store/v1/collections.
type CollectionQuery struct {
	PageQuery
	LocaleQuery
}

// AttributeFilters narrow a list of products by attributes that are filterable. The keys of Attr are what follows
// "attr.": a code, or a code with .min or .max for numbers and dates. A value may list several, separated by commas.
type AttributeFilters struct {
	Attr map[string]string `query:"attr" prefix:"attr." doc:"Filters by attribute. The names of the parameters begin with attr.: attr.color=red,blue takes any of the values, attr.width.min=10 and attr.width.max=20 take a range of numbers or dates. An attribute that is unknown or not filterable, or a value it cannot have, is refused: 400 in lists, 422 in searches, as with every other parameter."`
}

// CategoryQuery holds the query parameters of GET /store/v1/categories.
type CategoryQuery struct {
	PageQuery
	LocaleQuery
	Tree bool `query:"tree" doc:"Nest categories in children. The page then counts top-level categories. Where the descriptions of all categories together are megabytes, those in a tree are null, as are texts for search engines; the list without tree and the category itself have them."`
}

// SearchQuery holds the query parameters of GET /store/v1/search.
type SearchQuery struct {
	PageQuery
	PriceQuery
	LocaleQuery
	AttributeFilters
	Q        string          `query:"q" maxLength:"512" doc:"What to look for. Empty: everything."`
	Category string          `query:"category" maxLength:"2048" doc:"Only products in one of these categories or below: slugs of any language, parted by commas."`
	Tag      string          `query:"tag" maxLength:"2048" doc:"Only products with one of these tags: slugs of any language, parted by commas."`
	Brand    string          `query:"brand" maxLength:"2048" doc:"Only products of one of these brands: slugs of any language, parted by commas."`
	MinPrice Optional[int64] `query:"minPrice" nullable:"false" minimum:"0" maximum:"1000000000000" doc:"Only products with a variant at this price or above, in minor units."`
	MaxPrice Optional[int64] `query:"maxPrice" nullable:"false" minimum:"0" maximum:"1000000000000" doc:"Only products with a variant at this price or below, in minor units."`
	InStock  Optional[bool]  `query:"inStock" nullable:"false" doc:"true: only products that can be bought now; false: only those that cannot."`
	Sort     string          `query:"sort" enum:"relevance,price,-price,-createdAt" default:"relevance" doc:"Order of the list."`
}
