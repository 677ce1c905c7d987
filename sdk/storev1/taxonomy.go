package storev1

// BrandRef names the brand of a product.
type BrandRef struct {
	ID   string `json:"id" format:"uuid" doc:"UUIDv7."`
	Slug string `json:"slug" example:"maison-merle" doc:"Unique name for addresses."`
	Name string `json:"name" example:"Maison Merle" doc:"Name shown to shoppers."`
}

// Brand is who makes products, or under whose name they are sold.
type Brand struct {
	ID             string  `json:"id" format:"uuid" doc:"UUIDv7."`
	Slug           string  `json:"slug" example:"maison-merle" doc:"Unique name for addresses."`
	Name           string  `json:"name" example:"Maison Merle" doc:"Name shown to shoppers."`
	Description    *string `json:"description" doc:"Text, or null."`
	Website        *string `json:"website" doc:"An http or https address, or null."`
	SEOTitle       *string `json:"seoTitle" doc:"Title for search engines, or null."`
	SEODescription *string `json:"seoDescription" doc:"Description for search engines, or null."`
}

// Collection is a list of products: put together by hand, or those that rules hold of.
type Collection struct {
	ID             string  `json:"id" format:"uuid" doc:"UUIDv7."`
	Slug           string  `json:"slug" example:"summer" doc:"Unique name for addresses."`
	Name           string  `json:"name" example:"Summer" doc:"Name shown to shoppers."`
	Description    *string `json:"description" doc:"Text, or null."`
	SEOTitle       *string `json:"seoTitle" doc:"Title for search engines, or null."`
	SEODescription *string `json:"seoDescription" doc:"Description for search engines, or null."`
	Sort           string  `json:"sort" enum:"position,-createdAt,createdAt,title,price,-price" doc:"Order its products come in when none is asked for."`
}
