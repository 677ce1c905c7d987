package adminv1

// SectionLocales is the section of the settings that says which languages the shop speaks.
const SectionLocales = "locales"

// Locales say which languages the shop speaks. It is the body of PUT /admin/v1/settings/locales.
type Locales struct {
	DefaultLocale string   `json:"defaultLocale" minLength:"2" maxLength:"35" example:"en" doc:"BCP 47 tag of the language that the texts of products and categories themselves are in."`
	Locales       []Locale `json:"locales" nullable:"false" maxItems:"100" doc:"The others, in the order they are offered."`
}

// Locale is a language the shop speaks.
type Locale struct {
	Code      string   `json:"code" minLength:"2" maxLength:"35" example:"de-AT" doc:"BCP 47 tag."`
	Fallbacks []string `json:"fallbacks" required:"false" nullable:"false" maxItems:"10" minLength:"2" maxLength:"35" example:"[\"de\"]" doc:"Where a text that is missing is looked for, in order; the default language comes last by itself. Empty: the languages above it, such as de for de-AT."`
}

// StoredLocales are Locales as they are kept.
type StoredLocales struct {
	Locales
	Version int64 `json:"version" minimum:"0" doc:"Counts changes; also the ETag."`
}

// ProductTranslation is a product's texts in one language, and the body of
// PUT /admin/v1/products/{id}/translations/{locale}, which replaces them. What is missing is shown in the next language
// of the chain.
type ProductTranslation struct {
	Title          *string              `json:"title" required:"false" nullable:"true" minLength:"1" maxLength:"512" example:"Leinenhemd" doc:"Name shown to shoppers."`
	Slug           *string              `json:"slug" required:"false" nullable:"true" maxLength:"512" example:"leinenhemd" doc:"Name for addresses in this language; when left out the one it has stays, or one is made from the title."`
	Description    *string              `json:"description" required:"false" nullable:"true" maxLength:"100000" doc:"Long text."`
	SEOTitle       *string              `json:"seoTitle" required:"false" nullable:"true" maxLength:"512" doc:"Title for search engines."`
	SEODescription *string              `json:"seoDescription" required:"false" nullable:"true" maxLength:"1024" doc:"Description for search engines."`
	Options        []OptionTranslation  `json:"options" required:"false" nullable:"false" maxItems:"5" doc:"Names of options and their values."`
	Variants       []VariantTranslation `json:"variants" required:"false" nullable:"false" maxItems:"2000" doc:"Titles of variants; without one the title follows the translated values."`
}

// OptionTranslation names an option and its values in another language.
type OptionTranslation struct {
	Name        string            `json:"name" minLength:"1" maxLength:"255" example:"size" doc:"Name of the option as the product has it."`
	Translation *string           `json:"translation" required:"false" nullable:"true" minLength:"1" maxLength:"255" example:"Größe" doc:"Name shown to shoppers."`
	Values      map[string]string `json:"values" required:"false" nullable:"false" doc:"Value as the product has it, to what is shown."`
}

// VariantTranslation is a variant's title in another language.
type VariantTranslation struct {
	ID    string `json:"id" format:"uuid" doc:"The variant."`
	Title string `json:"title" minLength:"1" maxLength:"512" doc:"Name of the combination."`
}

// StoredProductTranslation is a ProductTranslation as it is kept.
type StoredProductTranslation struct {
	Locale string `json:"locale" example:"de" doc:"BCP 47 tag."`
	ProductTranslation
	UpdatedAt Time `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// TaxonTranslation is the texts of a category, a collection or a brand in one language, and the body of
// PUT /admin/v1/categories/{id}/translations/{locale}, PUT /admin/v1/collections/{id}/translations/{locale} and
// PUT /admin/v1/brands/{id}/translations/{locale}, which replace them.
type TaxonTranslation struct {
	Name           *string `json:"name" required:"false" nullable:"true" minLength:"1" maxLength:"512" example:"Hemden" doc:"Name shown to shoppers."`
	Slug           *string `json:"slug" required:"false" nullable:"true" maxLength:"512" example:"hemden" doc:"Name for addresses in this language; when left out the one it has stays, or one is made from the name."`
	Description    *string `json:"description" required:"false" nullable:"true" maxLength:"100000" doc:"Text."`
	SEOTitle       *string `json:"seoTitle" required:"false" nullable:"true" maxLength:"512" doc:"Title for search engines."`
	SEODescription *string `json:"seoDescription" required:"false" nullable:"true" maxLength:"1024" doc:"Description for search engines."`
}

// StoredTaxonTranslation is a TaxonTranslation as it is kept.
type StoredTaxonTranslation struct {
	Locale string `json:"locale" example:"de" doc:"BCP 47 tag."`
	TaxonTranslation
	UpdatedAt Time `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// TagTranslation is what a tag is called in one language, and the body of PUT /admin/v1/tags/{id}/translations/{locale}, which
// replaces it.
type TagTranslation struct {
	Name *string `json:"name" required:"false" nullable:"true" minLength:"1" maxLength:"512" example:"Leinen" doc:"Name shown to shoppers."`
	Slug *string `json:"slug" required:"false" nullable:"true" maxLength:"512" example:"leinen" doc:"Name for addresses in this language; when left out the one it has stays, or one is made from the name."`
}

// StoredTagTranslation is a TagTranslation as it is kept.
type StoredTagTranslation struct {
	Locale string `json:"locale" example:"de" doc:"BCP 47 tag."`
	TagTranslation
	UpdatedAt Time `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// AttributeTranslation is what an attribute and its options are called in one language, and the body of
// PUT /admin/v1/attributes/{id}/translations/{locale}, which replaces it.
type AttributeTranslation struct {
	Name    *string           `json:"name" required:"false" nullable:"true" minLength:"1" maxLength:"512" example:"Matière" doc:"Name shown to shoppers."`
	Unit    *string           `json:"unit" required:"false" nullable:"true" minLength:"1" maxLength:"32" example:"pouces" doc:"Unit shown behind values; only of an attribute that has one. Values stay as they are."`
	Options map[string]string `json:"options" required:"false" nullable:"false" example:"{\"cotton\":\"Coton\"}" doc:"Value of an option, to the label shown to shoppers. Options not named are shown in the next language of the chain."`
}

// StoredAttributeTranslation is an AttributeTranslation as it is kept.
type StoredAttributeTranslation struct {
	Locale string `json:"locale" example:"fr" doc:"BCP 47 tag."`
	AttributeTranslation
	UpdatedAt Time `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}
