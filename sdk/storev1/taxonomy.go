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

// CollectionRule is one condition on a product, as staff write it: shoppers see the collection, not its rules. Which operators and values a property has:
//
//	tag, category, brand   is                an id; a category stands for all below it too
//	price                  gte, lte          minor units; the lowest price of the product's variants counts
//	title                  contains          a text; case and accents do not count
//	available              is                true or false
//	createdAt              withinDays        a number of days
//	createdAt              before, after     a time (RFC 3339)
//	sku                    startsWith        the beginning of any variant's SKU, to the letter
type CollectionRule struct {
	Field    string `json:"field" enum:"tag,category,brand,price,title,available,createdAt,sku" doc:"The property that is looked at."`
	Operator string `json:"operator" enum:"is,gte,lte,contains,withinDays,before,after,startsWith" doc:"How it is compared: tag, category, brand and available by is; price by gte and lte; title by contains; createdAt by withinDays, before and after; sku by startsWith."`
	Value    string `json:"value" maxLength:"512" doc:"What it is compared with: an id, minor units, a text, true or false, a number of days, or a time."`
}
