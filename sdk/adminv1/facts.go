package adminv1

import "github.com/sovecom/sovecom/sdk/storev1"

// What both surfaces share of the facts of products; the names here are the same types.
type (
	AttributeOption   = storev1.AttributeOption
	AttributeValue    = storev1.AttributeValue
	Digital           = storev1.Digital
	DurabilityLabel   = storev1.DurabilityLabel
	EconomicOperator  = storev1.EconomicOperator
	EnergyLabel       = storev1.EnergyLabel
	GPSR              = storev1.GPSR
	Guarantee         = storev1.Guarantee
	GuaranteeInput    = storev1.GuaranteeInput
	ProductIdentifier = storev1.ProductIdentifier
	UnitMeasure       = storev1.UnitMeasure
)

// SectionMarkets is the section of the markets a shop sells to.
const SectionMarkets = "markets"

// ProductFacts are what is known of a product beyond its name and price.
type ProductFacts struct {
	Attributes          []AttributeValue `json:"attributes" nullable:"false" doc:"Facts the shop defines itself, by code."`
	Goods               string           `json:"goods" enum:"physical,digital,service" doc:"What sort of thing is sold."`
	VATClass            *string          `json:"vatClass" enum:"standard,reduced,super_reduced,zero,exempt,digital" doc:"What sort of supply it is for value added tax, or null. Shoppers do not see it."`
	MinimumAge          *int             `json:"minimumAge" doc:"Age a buyer needs to have, or null."`
	GPSR                *GPSR            `json:"gpsr" doc:"Safety information of Regulation (EU) 2023/988, Art. 19, or null."`
	Guarantee           Guarantee        `json:"guarantee" doc:"Guarantees to be told before the purchase, Directive (EU) 2024/825."`
	EnergyLabel         *EnergyLabel     `json:"energyLabel" doc:"Energy label of Regulation (EU) 2017/1369, or null."`
	EnergyLabelRequired bool             `json:"energyLabelRequired" doc:"Whether the law asks for an energy label of this sort of product."`
	SoldByMeasure       bool             `json:"soldByMeasure" doc:"Whether it is sold by weight, volume, length or area, so that every variant needs a unit price."`
	Warnings            []Finding        `json:"warnings" nullable:"false" doc:"What it lacks for the shop's markets; only in the answer to a change, while it is published. See GET /products/{id}/compliance."`
}

// ProductFactsInput changes facts of a product. A missing key leaves, null clears; in a new product both leave it out.
type ProductFactsInput struct {
	Attributes          Optional[map[string]any] `json:"attributes,omitzero" nullable:"false" doc:"Code to value. Attributes not named stay; null clears one."`
	Goods               Optional[string]         `json:"goods,omitzero" nullable:"false" enum:"physical,digital,service" doc:"What sort of thing is sold; physical when left out."`
	VATClass            Optional[string]         `json:"vatClass,omitzero" enum:"standard,reduced,super_reduced,zero,exempt,digital" doc:"What sort of supply it is for value added tax."`
	MinimumAge          Optional[int]            `json:"minimumAge,omitzero" minimum:"1" maximum:"99" doc:"Age a buyer needs to have."`
	GPSR                Optional[GPSR]           `json:"gpsr,omitzero" doc:"Safety information, replaced as a whole."`
	Guarantee           Optional[GuaranteeInput] `json:"guarantee,omitzero" doc:"Guarantees, replaced as a whole."`
	EnergyLabel         Optional[EnergyLabel]    `json:"energyLabel,omitzero" doc:"Energy label, replaced as a whole."`
	EnergyLabelRequired Optional[bool]           `json:"energyLabelRequired,omitzero" nullable:"false" doc:"Whether the law asks for an energy label of this sort of product."`
	SoldByMeasure       Optional[bool]           `json:"soldByMeasure,omitzero" nullable:"false" doc:"Whether it is sold by weight, volume, length or area."`
}

// VariantFacts are what is known of a variant beyond its options and price.
type VariantFacts struct {
	Attributes      []AttributeValue `json:"attributes" nullable:"false" doc:"Facts the shop defines itself, by code."`
	UnitPrice       *UnitPrice       `json:"unitPrice" doc:"How much it holds, and the unit price that follows; null for goods not sold by measure."`
	HSCode          *string          `json:"hsCode" doc:"Tariff code of the Harmonised System, or null. Shoppers do not see it."`
	CountryOfOrigin *string          `json:"countryOfOrigin" doc:"ISO 3166-1 alpha-2 code, or null."`
	GTIN            *string          `json:"gtin" doc:"Global trade item number, or null."`
	MPN             *string          `json:"mpn" doc:"The maker's part number, or null."`
	LengthMM        *int64           `json:"lengthMm" doc:"Millimetres, or null."`
	WidthMM         *int64           `json:"widthMm" doc:"Millimetres, or null."`
	HeightMM        *int64           `json:"heightMm" doc:"Millimetres, or null."`
	Digital         *Digital         `json:"digital" doc:"What a buyer can download; null without files."`
}

// UnitPrice is a measure with the price that follows from it.
type UnitPrice struct {
	UnitMeasure
	Price Money `json:"price" doc:"Price of the base quantity, rounded half up."`
}

// VariantFactsInput changes facts of a variant. A missing key leaves, null clears; in a new variant both leave it out.
type VariantFactsInput struct {
	Attributes      Optional[map[string]any] `json:"attributes,omitzero" nullable:"false" doc:"Code to value. Attributes not named stay; null clears one."`
	UnitPrice       Optional[UnitMeasure]    `json:"unitPrice,omitzero" doc:"How much one unit of sale holds."`
	HSCode          Optional[string]         `json:"hsCode,omitzero" pattern:"^[0-9]{6,10}$" patternDescription:"six to ten digits" doc:"Tariff code of the Harmonised System."`
	CountryOfOrigin Optional[string]         `json:"countryOfOrigin,omitzero" pattern:"^[A-Z]{2}$" patternDescription:"ISO 3166-1 alpha-2 code in upper case" doc:"Where it was made."`
	GTIN            Optional[string]         `json:"gtin,omitzero" pattern:"^[0-9]{8,14}$" patternDescription:"8, 12, 13 or 14 digits" doc:"Global trade item number; the check digit has to be right."`
	MPN             Optional[string]         `json:"mpn,omitzero" minLength:"1" maxLength:"100" doc:"The maker's part number."`
	LengthMM        Optional[int64]          `json:"lengthMm,omitzero" minimum:"0" maximum:"1000000000" doc:"Millimetres."`
	WidthMM         Optional[int64]          `json:"widthMm,omitzero" minimum:"0" maximum:"1000000000" doc:"Millimetres."`
	HeightMM        Optional[int64]          `json:"heightMm,omitzero" minimum:"0" maximum:"1000000000" doc:"Millimetres."`
}

// Attribute is a fact the shop defines itself.
type Attribute struct {
	ID         string            `json:"id" format:"uuid" doc:"UUIDv7."`
	Code       string            `json:"code" example:"shoe_size" doc:"Name in values and filters; never changes."`
	Name       string            `json:"name" example:"Shoe size" doc:"Name shown to shoppers."`
	Type       string            `json:"type" enum:"text,number,integer,boolean,date,select,multiselect" doc:"What its values are."`
	Unit       *string           `json:"unit" example:"EU" doc:"Unit of the values, or null."`
	Filterable bool              `json:"filterable" doc:"Whether lists can be filtered by it: attr.{code}."`
	Shown      bool              `json:"shown" doc:"Whether shoppers see it."`
	Options    []AttributeOption `json:"options" nullable:"false" doc:"What can be chosen, in display order; none unless the type is select or multiselect."`
	Version    int64             `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt  Time              `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt  Time              `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// CreateAttribute is the body of POST /admin/v1/attributes.
type CreateAttribute struct {
	Code       string            `json:"code" minLength:"1" maxLength:"64" pattern:"^[a-z][a-z0-9]*(_[a-z0-9]+)*$" patternDescription:"lower snake case" example:"shoe_size" doc:"Name in values and filters; never changes."`
	Name       string            `json:"name" minLength:"1" maxLength:"255" example:"Shoe size" doc:"Name shown to shoppers."`
	Type       string            `json:"type" enum:"text,number,integer,boolean,date,select,multiselect" doc:"What its values are."`
	Unit       *string           `json:"unit,omitempty" nullable:"true" minLength:"1" maxLength:"32" doc:"Unit of the values."`
	Filterable bool              `json:"filterable,omitempty" doc:"Whether lists can be filtered by it."`
	Shown      *bool             `json:"shown,omitempty" nullable:"true" doc:"Whether shoppers see it; they do when left out."`
	Options    []AttributeOption `json:"options,omitempty" nullable:"false" maxItems:"500" doc:"What can be chosen, in display order."`
}

// UpdateAttribute is the body of PATCH /admin/v1/attributes/{id}. A missing key leaves, null clears. The type of an
// attribute that products have values of does not change, nor does an option go that was chosen: 409.
type UpdateAttribute struct {
	Name       Optional[string]            `json:"name,omitzero" nullable:"false" minLength:"1" maxLength:"255" doc:"Name shown to shoppers."`
	Type       Optional[string]            `json:"type,omitzero" nullable:"false" enum:"text,number,integer,boolean,date,select,multiselect" doc:"What its values are."`
	Unit       Optional[string]            `json:"unit,omitzero" minLength:"1" maxLength:"32" doc:"Unit of the values; null clears it."`
	Filterable Optional[bool]              `json:"filterable,omitzero" nullable:"false" doc:"Whether lists can be filtered by it."`
	Shown      Optional[bool]              `json:"shown,omitzero" nullable:"false" doc:"Whether shoppers see it."`
	Options    Optional[[]AttributeOption] `json:"options,omitzero" nullable:"false" maxItems:"500" doc:"All options in display order."`
}

// AttributeQuery holds the query parameters of GET /admin/v1/attributes.
type AttributeQuery struct {
	PageQuery
	Q string `query:"q" maxLength:"200" doc:"Part of the name or code; every character stands for itself."`
}

// MarketSettings are the countries a shop sells to. It is the body of PUT /admin/v1/settings/markets.
type MarketSettings struct {
	Markets []Market `json:"markets" nullable:"false" maxItems:"50" doc:"All markets; products are checked for each."`
}

// Market is a country of the European Economic Area.
type Market struct {
	Country     string `json:"country" pattern:"^[A-Z]{2}$" patternDescription:"ISO 3166-1 alpha-2 code in upper case" example:"DE" doc:"ISO 3166-1 alpha-2 code."`
	Enforcement string `json:"enforcement" enum:"warn,block" doc:"Whether a product that lacks what the law wants told can be published."`
}

// StoredMarketSettings is the section markets as it is kept.
type StoredMarketSettings struct {
	MarketSettings
	Version int64 `json:"version" minimum:"0" doc:"Counts changes; also the ETag."`
}

// Compliance is what a product lacks for the shop's markets.
type Compliance struct {
	Complete bool      `json:"complete" doc:"Whether nothing is missing that the law of a market wants told; warnings do not count."`
	Markets  []Market  `json:"markets" nullable:"false" doc:"The markets that were looked at."`
	Findings []Finding `json:"findings" nullable:"false" doc:"What is missing, market by market."`
}

// Finding is one thing a product lacks for one market.
type Finding struct {
	Market   string `json:"market" example:"DE" doc:"ISO 3166-1 alpha-2 code."`
	Field    string `json:"field" example:"gpsr.manufacturer" doc:"Which field of the product."`
	Rule     string `json:"rule" example:"Regulation (EU) 2023/988, Art. 19" doc:"The law that asks for it."`
	Message  string `json:"message" doc:"What is missing."`
	Severity string `json:"severity" enum:"error,warning" doc:"An error stands against publishing where the market blocks."`
}

// VariantFile is something a buyer of a digital variant gets. The file itself is private: it is never served by its
// media id or key, and shoppers learn only how many there are.
type VariantFile struct {
	ID               string  `json:"id" format:"uuid" doc:"UUIDv7."`
	MediaID          *string `json:"mediaId" format:"uuid" doc:"The upload of the media room; null when there is a key."`
	Key              *string `json:"key" doc:"Key in the private storage; null when there is an upload."`
	Name             string  `json:"name" example:"pattern-a4.pdf" doc:"What it is saved as."`
	DownloadLimit    *int    `json:"downloadLimit" doc:"How often one buyer can download it; null is without limit."`
	ExpiresAfterDays *int    `json:"expiresAfterDays" doc:"Days from the purchase; null is for good."`
	Version          int64   `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt        Time    `json:"createdAt" format:"date-time" doc:"When it was added."`
	UpdatedAt        Time    `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// AddFile is the body of POST /admin/v1/products/{id}/variants/{variantId}/files. One of mediaId and key names it.
type AddFile struct {
	MediaID          *string `json:"mediaId,omitempty" nullable:"true" format:"uuid" doc:"An upload of the media room."`
	Key              *string `json:"key,omitempty" nullable:"true" minLength:"1" maxLength:"512" doc:"A key in the private storage."`
	Name             string  `json:"name" minLength:"1" maxLength:"255" example:"pattern-a4.pdf" doc:"What it is saved as."`
	DownloadLimit    *int    `json:"downloadLimit,omitempty" nullable:"true" minimum:"1" maximum:"10000" doc:"How often one buyer can download it; without limit when left out."`
	ExpiresAfterDays *int    `json:"expiresAfterDays,omitempty" nullable:"true" minimum:"1" maximum:"36500" doc:"Days from the purchase; for good when left out."`
}

// UpdateFile is the body of PATCH /admin/v1/products/{id}/variants/{variantId}/files/{fileId}. A missing key leaves,
// null clears.
type UpdateFile struct {
	Name             Optional[string] `json:"name,omitzero" nullable:"false" minLength:"1" maxLength:"255" doc:"What it is saved as."`
	DownloadLimit    Optional[int]    `json:"downloadLimit,omitzero" minimum:"1" maximum:"10000" doc:"How often one buyer can download it; null is without limit."`
	ExpiresAfterDays Optional[int]    `json:"expiresAfterDays,omitzero" minimum:"1" maximum:"36500" doc:"Days from the purchase; null is for good."`
}
