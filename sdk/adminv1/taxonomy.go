package adminv1

// Kinds of collections.
const (
	CollectionManual = "manual" // products are put in by hand
	CollectionRules  = "rules"  // products are in it as long as its rules hold of them
)

// Brand as staff see it.
type Brand struct {
	ID             string  `json:"id" format:"uuid" doc:"UUIDv7."`
	Slug           string  `json:"slug" example:"maison-merle" doc:"Unique name for addresses."`
	Name           string  `json:"name" example:"Maison Merle" doc:"Name shown to shoppers."`
	Description    *string `json:"description" doc:"Text, or null."`
	Website        *string `json:"website" doc:"An http or https address, or null."`
	SEOTitle       *string `json:"seoTitle" doc:"Title for search engines, or null."`
	SEODescription *string `json:"seoDescription" doc:"Description for search engines, or null."`
	Version        int64   `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt      Time    `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt      Time    `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// CreateBrand is the body of POST /admin/v1/brands.
type CreateBrand struct {
	Name           string  `json:"name" minLength:"1" maxLength:"512" example:"Maison Merle" doc:"Name shown to shoppers."`
	Slug           string  `json:"slug,omitempty" maxLength:"512" doc:"Unique name for addresses; made from the name when left out."`
	Description    *string `json:"description,omitempty" nullable:"true" maxLength:"100000" doc:"Text."`
	Website        *string `json:"website,omitempty" nullable:"true" maxLength:"2048" doc:"An http or https address."`
	SEOTitle       *string `json:"seoTitle,omitempty" nullable:"true" maxLength:"512" doc:"Title for search engines."`
	SEODescription *string `json:"seoDescription,omitempty" nullable:"true" maxLength:"1024" doc:"Description for search engines."`
}

// UpdateBrand is the body of PATCH /admin/v1/brands/{id}. A missing key leaves, null clears.
type UpdateBrand struct {
	Name           Optional[string] `json:"name,omitzero" nullable:"false" minLength:"1" maxLength:"512" doc:"Name shown to shoppers, also with every product of the brand."`
	Slug           Optional[string] `json:"slug,omitzero" nullable:"false" minLength:"1" maxLength:"512" doc:"Unique name for addresses."`
	Description    Optional[string] `json:"description,omitzero" maxLength:"100000" doc:"Text; null clears it."`
	Website        Optional[string] `json:"website,omitzero" maxLength:"2048" doc:"An http or https address; null clears it."`
	SEOTitle       Optional[string] `json:"seoTitle,omitzero" maxLength:"512" doc:"Title for search engines; null clears it."`
	SEODescription Optional[string] `json:"seoDescription,omitzero" maxLength:"1024" doc:"Description for search engines; null clears it."`
}

// BrandQuery holds the query parameters of GET /admin/v1/brands.
type BrandQuery struct {
	PageQuery
	Q string `query:"q" maxLength:"200" doc:"Part of the name; every character stands for itself."`
}

// OrderCategories is the body of PUT /admin/v1/categories/{id}/children.
type OrderCategories struct {
	CategoryIDs []string `json:"categoryIds" nullable:"false" format:"uuid" maxItems:"10000" doc:"All categories directly below it, each once, in the order they shall have."`
}

// Collection as staff see it.
type Collection struct {
	ID             string           `json:"id" format:"uuid" doc:"UUIDv7."`
	Slug           string           `json:"slug" example:"summer" doc:"Unique name for addresses."`
	Name           string           `json:"name" example:"Summer" doc:"Name shown to shoppers."`
	Description    *string          `json:"description" doc:"Text, or null."`
	Kind           string           `json:"kind" enum:"manual,rules" doc:"Whether products are put in by hand, or follow from its rules."`
	Match          string           `json:"match" enum:"all,any" doc:"Whether all rules have to hold, or any of them."`
	Rules          []CollectionRule `json:"rules" nullable:"false" doc:"The conditions; none when products are put in by hand."`
	Sort           string           `json:"sort" enum:"position,-createdAt,createdAt,title,price,-price" doc:"Order its products come in when none is asked for."`
	SEOTitle       *string          `json:"seoTitle" doc:"Title for search engines, or null."`
	SEODescription *string          `json:"seoDescription" doc:"Description for search engines, or null."`
	Status         string           `json:"status" enum:"draft,published" doc:"Shoppers see published collections only."`
	Building       bool             `json:"building" doc:"Whether its products are still being found after a change of rules or categories; those shown are not complete."`
	Version        int64            `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt      Time             `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt      Time             `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// CreateCollection is the body of POST /admin/v1/collections.
type CreateCollection struct {
	Name           string           `json:"name" minLength:"1" maxLength:"512" example:"Summer" doc:"Name shown to shoppers."`
	Slug           string           `json:"slug,omitempty" maxLength:"512" doc:"Unique name for addresses; made from the name when left out."`
	Description    *string          `json:"description,omitempty" nullable:"true" maxLength:"100000" doc:"Text."`
	Kind           string           `json:"kind,omitempty" enum:"manual,rules" doc:"manual when left out. It stays as it is."`
	Match          string           `json:"match,omitempty" enum:"all,any" doc:"all when left out."`
	Rules          []CollectionRule `json:"rules,omitempty" nullable:"false" maxItems:"20" doc:"The conditions, at least one for the kind rules."`
	Sort           string           `json:"sort,omitempty" enum:"position,-createdAt,createdAt,title,price,-price" doc:"position when left out, or -createdAt for the kind rules, which has no positions."`
	SEOTitle       *string          `json:"seoTitle,omitempty" nullable:"true" maxLength:"512" doc:"Title for search engines."`
	SEODescription *string          `json:"seoDescription,omitempty" nullable:"true" maxLength:"1024" doc:"Description for search engines."`
	Status         string           `json:"status,omitempty" enum:"draft,published" doc:"draft when left out."`
}

// UpdateCollection is the body of PATCH /admin/v1/collections/{id}. A missing key leaves, null clears.
type UpdateCollection struct {
	Name           Optional[string]           `json:"name,omitzero" nullable:"false" minLength:"1" maxLength:"512" doc:"Name shown to shoppers."`
	Slug           Optional[string]           `json:"slug,omitzero" nullable:"false" minLength:"1" maxLength:"512" doc:"Unique name for addresses."`
	Description    Optional[string]           `json:"description,omitzero" maxLength:"100000" doc:"Text; null clears it."`
	Match          Optional[string]           `json:"match,omitzero" nullable:"false" enum:"all,any" doc:"Whether all rules have to hold, or any of them."`
	Rules          Optional[[]CollectionRule] `json:"rules,omitzero" nullable:"false" maxItems:"20" doc:"Replaces the conditions. They are applied to all products at once in a small shop, and in the background in a large one."`
	Sort           Optional[string]           `json:"sort,omitzero" nullable:"false" enum:"position,-createdAt,createdAt,title,price,-price" doc:"Order its products come in when none is asked for."`
	SEOTitle       Optional[string]           `json:"seoTitle,omitzero" maxLength:"512" doc:"Title for search engines; null clears it."`
	SEODescription Optional[string]           `json:"seoDescription,omitzero" maxLength:"1024" doc:"Description for search engines; null clears it."`
	Status         Optional[string]           `json:"status,omitzero" nullable:"false" enum:"draft,published" doc:"Shoppers see published collections only."`
}

// CollectionQuery holds the query parameters of GET /admin/v1/collections.
type CollectionQuery struct {
	PageQuery
	Q string `query:"q" maxLength:"200" doc:"Part of the name; every character stands for itself."`
}

// CollectionProducts is the body of PUT and POST /admin/v1/collections/{id}/products.
type CollectionProducts struct {
	ProductIDs []string `json:"productIds" nullable:"false" format:"uuid" maxItems:"1000" doc:"Products in order; doubles count once."`
}
