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

	ErrTranslationNotFound = fault.NotFound("catalog.translation_not_found", "There is no translation into such a language.")
)

// What stands against the request.
var (
	ErrVersionConflict     = fault.Stale("catalog.version_conflict", "It was changed meanwhile. Read it again and repeat your change.")
	ErrSlugTaken           = fault.Conflict("catalog.slug_taken", "The slug is in use already.")
	ErrSKUTaken            = fault.Conflict("catalog.sku_taken", "The SKU is in use already.")
	ErrImageAttached       = fault.Conflict("catalog.image_attached", "The product shows this picture already.")
	ErrCategoryHasChildren = fault.Conflict("catalog.category_has_children", "The category has categories below it. Move or delete them first.")
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
)
