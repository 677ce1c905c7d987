package catalog

import "github.com/sovecom/sovecom/kit/fault"

// What is not there, or not for this caller.
var (
	ErrProductNotFound  = fault.NotFound("catalog.product_not_found", "There is no such product.")
	ErrVariantNotFound  = fault.NotFound("catalog.variant_not_found", "The product has no such variant.")
	ErrImageNotFound    = fault.NotFound("catalog.image_not_found", "The product does not show this picture.")
	ErrCategoryNotFound = fault.NotFound("catalog.category_not_found", "There is no such category.")
	ErrParentNotFound   = fault.NotFound("catalog.parent_not_found", "There is no such category to put it under.")
	ErrTagNotFound      = fault.NotFound("catalog.tag_not_found", "There is no such tag.")
	ErrBrandNotFound    = fault.NotFound("catalog.brand_not_found", "There is no such brand.")

	ErrCollectionNotFound = fault.NotFound("catalog.collection_not_found", "There is no such collection.")
	ErrMemberNotFound     = fault.NotFound("catalog.collection_product_not_found", "The collection does not hold this product.")

	ErrTranslationNotFound = fault.NotFound("catalog.translation_not_found", "There is no translation into such a language.")
)

// What stands against the request.
var (
	ErrVersionConflict     = fault.Stale("catalog.version_conflict", "It was changed meanwhile. Read it again and repeat your change.")
	ErrSlugTaken           = fault.Conflict("catalog.slug_taken", "The slug is in use already.")
	ErrSKUTaken            = fault.Conflict("catalog.sku_taken", "The SKU is in use already.")
	ErrImageAttached       = fault.Conflict("catalog.image_attached", "The product shows this picture already.")
	ErrCategoryHasChildren = fault.Conflict("catalog.category_has_children", "The category has categories below it. Move or delete them first.")

	ErrBrandInUse      = fault.Conflict("catalog.brand_in_use", "Products carry this brand. Give them another one first.")
	ErrNamedByRules    = fault.Conflict("catalog.named_by_rules", "The rules of a collection name it. Change them first.")
	ErrCollectionRuled = fault.Conflict("catalog.collection_ruled", "The products of this collection follow from its rules.")
)

// What is wrong with a request.
var (
	ErrTextInvalid     = fault.Invalid("catalog.text_invalid", "A text holds a character that cannot be stored, or is too long.")
	ErrSlugInvalid     = fault.Invalid("catalog.slug_invalid", "A slug needs at least one Latin letter or digit, and must not look like an id.")
	ErrLocaleInvalid   = fault.Invalid("catalog.locale_invalid", "A language is named by its BCP 47 tag, such as de or pt-BR.")
	ErrPriceInvalid    = fault.Invalid("catalog.price_invalid", "A price is a whole number of minor units from 0 to 10^12, in the currency of the variant.")
	ErrPriceMissing    = fault.Invalid("catalog.price_missing", `A published product must not cost nothing. Set a price, or give the variant the option "free" with the value "true".`)
	ErrCurrencyMixed   = fault.Invalid("catalog.currency_mixed", "All variants of a product share one currency.")
	ErrOptionInvalid   = fault.Invalid("catalog.option_invalid", "An option does not fit the product.")
	ErrVariantRequired = fault.Invalid("catalog.variant_required", "A published product needs at least one variant.")
	ErrTooMany         = fault.Invalid("catalog.too_many", "The product has too many of these.")
	ErrProductTooLarge = fault.Invalid("catalog.product_too_large", "All texts of a product together must stay below one megabyte.")
	ErrPageTooLarge    = fault.Invalid("catalog.page_too_large", "The products of this page are too large to be sent together. Ask for fewer.")
	ErrCategoryUnknown = fault.Invalid("catalog.category_unknown", "One of the categories does not exist.")
	ErrTagUnknown      = fault.Invalid("catalog.tag_unknown", "One of the tags does not exist.")
	ErrCategoryCircle  = fault.Invalid("catalog.category_circle", "A category cannot stand under itself.")
	ErrCategoryTooDeep = fault.Invalid("catalog.category_too_deep", "The tree of categories has at most five levels.")
	ErrCategoryTooMany = fault.Invalid("catalog.category_too_many", "The shop has too many categories.")
	ErrChildrenUnequal = fault.Invalid("catalog.children_unequal", "These are not all the categories directly below it, each once.")
	ErrBrandUnknown    = fault.Invalid("catalog.brand_unknown", "There is no such brand.")
	ErrWebsiteInvalid  = fault.Invalid("catalog.website_invalid", "A website is an http or https address.")

	ErrProductUnknown    = fault.Invalid("catalog.product_unknown", "One of the products does not exist.")
	ErrRulesRequired     = fault.Invalid("catalog.rules_required", "A collection with rules needs at least one.")
	ErrRuleInvalid       = fault.Invalid("catalog.rule_invalid", "A rule of the collection cannot be applied.")
	ErrRuleUnknown       = fault.Invalid("catalog.rule_unknown", "A rule of the collection names something that does not exist.")
	ErrRulesContradict   = fault.Invalid("catalog.rules_contradict", "No product could satisfy these rules together.")
	ErrSortInvalid       = fault.Invalid("catalog.sort_invalid", "Products that follow from rules have no order of their own.")
	ErrCollectionTooMany = fault.Invalid("catalog.collection_too_many", "The shop has too many collections with rules.")
	ErrCollectionFull    = fault.Invalid("catalog.collection_full", "A collection that is put together by hand has at most 10 000 products.")
)
