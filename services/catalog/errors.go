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
	ErrJobNotFound        = fault.NotFound("catalog.job_not_found", "There is no such job.")

	ErrTranslationNotFound = fault.NotFound("catalog.translation_not_found", "There is no translation into such a language.")
)

// What stands against the request.
var (
	ErrVersionConflict     = fault.Stale("catalog.version_conflict", "It was changed meanwhile. Read it again and repeat your change.")
	ErrSlugTaken           = fault.Conflict("catalog.slug_taken", "The slug is in use already.")
	ErrSKUTaken            = fault.Conflict("catalog.sku_taken", "The SKU is in use already.")
	ErrImageAttached       = fault.Conflict("catalog.image_attached", "The product shows this picture already.")
	ErrMediaGone           = fault.Conflict("catalog.media_gone", "The picture or file is being deleted.")
	ErrVariantArchived     = fault.Conflict("catalog.variant_archived", "The variant was deleted and is kept only because it has been sold.")
	ErrInBundle            = fault.Conflict("catalog.in_bundle", "A bundle is made of it. Take it out of the bundle first.")
	ErrCategoryHasChildren = fault.Conflict("catalog.category_has_children", "The category has categories below it. Move or delete them first.")

	ErrBrandInUse = fault.Conflict("catalog.brand_in_use", "Products carry this brand. Give them another one first.")
	// ErrNamedByRules has one detail for each of the first 20 collections: collectionId, slug, name.
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
	ErrScheduleInvalid = fault.Invalid("catalog.schedule_invalid", "A product can be taken down only after it was published.")
	ErrOptionInUse     = fault.Conflict("catalog.option_in_use", "A variant has this option or value. Change or delete the variant first.")
	ErrOrderMismatch   = fault.Invalid("catalog.order_mismatch", "The order has to name every variant of the product exactly once.")
	ErrPriceShift      = fault.Invalid("catalog.price_shift_invalid", "A change of prices is either a share or an amount, other than 0.")
	ErrNotABundle      = fault.Invalid("catalog.not_a_bundle", "Only a bundle is made of other variants.")
	ErrVariantImage    = fault.Invalid("catalog.variant_image_unknown", "A variant is shown by one of its product's pictures. Add the picture to the product first.")
	ErrBundleEmpty     = fault.Invalid("catalog.bundle_empty", "A published bundle must be made of something. Say first what it is made of, then publish it.")
	ErrBundleCycle     = fault.Invalid("catalog.bundle_cycle", "A bundle cannot be part of a bundle.")
	ErrBundleStock     = fault.Invalid("catalog.bundle_stock", "A bundle has no stock of its own: it can be bought as long as everything it is made of can.")
	ErrComponent       = fault.Invalid("catalog.component_invalid", "A bundle is made of up to 50 different variants that exist.")
	ErrVariantRequired = fault.Invalid("catalog.variant_required", "A published product needs at least one variant.")
	ErrTooMany         = fault.Invalid("catalog.too_many", "The product has too many of these.")
	ErrProductTooLarge = fault.Invalid("catalog.product_too_large", "All texts of a product together must stay below one megabyte.")
	ErrPageTooLarge    = fault.Invalid("catalog.page_too_large", "What was asked for is too large to be sent together. Ask for less.")
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

// Facts: attributes, what European law wants known, markets and files.
var (
	ErrAttributeNotFound = fault.NotFound("catalog.attribute_not_found", "There is no such attribute.")
	ErrFileNotFound      = fault.NotFound("catalog.file_not_found", "The variant has no such file.")
	ErrAttributeTaken    = fault.Conflict("catalog.attribute_code_taken", "The code is in use by another attribute.")
	ErrAttributeInUse    = fault.Conflict("catalog.attribute_in_use", "Products have a value of this attribute, or of an option that would go. Clear it there first.")
	ErrFileAttached      = fault.Conflict("catalog.file_attached", "The variant has this file already.")
	ErrAttributeInvalid  = fault.Invalid("catalog.attribute_invalid", "The attribute is not one that values can have.")
	ErrAttributeValue    = fault.Invalid("catalog.attribute_value_invalid", "A value does not fit its attribute.")
	ErrAttributeTooMany  = fault.Invalid("catalog.attribute_too_many", "A shop has at most 1000 attributes.")
	ErrAttributeFilter   = fault.Malformed("catalog.attribute_filter_invalid", "The list cannot be filtered like this.")
	ErrFactInvalid       = fault.Invalid("catalog.fact_invalid", "What is said of the product cannot be true.")
	ErrFactImage         = fault.Invalid("catalog.fact_image_unknown", "A label or safety picture has to be one of the product's pictures.")
	ErrFileInvalid       = fault.Invalid("catalog.file_invalid", "The file cannot be found by what is said of it.")
	ErrMarketInvalid     = fault.Invalid("catalog.market_invalid", "The markets are not ones that rules are known of.")
	ErrMarketIncomplete  = fault.Invalid("catalog.market_incomplete", "The product lacks what the law of a market wants told.")
)

// What stands against the work with a file.
var (
	ErrJobOver         = fault.Conflict("catalog.job_over", "The job has ended already.")
	ErrJobNotDone      = fault.Conflict("catalog.job_not_done", "The job has not succeeded, so there is no file to read. Look at its status.")
	ErrJobKeyReused    = fault.Invalid("catalog.job_key_reused", "This idempotency key belongs to an import of another file, or with other options.")
	ErrInputIncomplete = fault.Conflict("catalog.input_incomplete", "Parts of the file did not arrive. Send it again.")
	ErrPictureUnknown  = fault.Invalid("catalog.picture_unknown", "This is neither a picture that was uploaded to this shop nor an address that begins with https:// or http://.")
	ErrFileUnreadable  = fault.Invalid("catalog.file_unreadable", "The file cannot be read as a whole.")
	ErrJobStopped      = fault.Invalid("catalog.job_stopped", "The import stopped at the first error, as it was asked to.")
	ErrJobBroken       = fault.Conflict("catalog.job_broken", "The job failed again and again and was given up. The log of the catalogue says why.")
)

// Prices.
var (
	ErrPriceListNotFound  = fault.NotFound("catalog.price_list_not_found", "There is no such price list.")
	ErrPriceListCodeTaken = fault.Conflict("catalog.price_list_code_taken", "Another price list has this code.")
	ErrPriceListInvalid   = fault.Invalid("catalog.price_list_invalid", "Something is wrong with the price list.")
	ErrListPriceInvalid   = fault.Invalid("catalog.list_price_invalid", "One of the prices cannot be taken. None was.")
	ErrPriceContext       = fault.Malformed("catalog.price_context_invalid", "There are no prices for such a currency, country or quantity.")
)
