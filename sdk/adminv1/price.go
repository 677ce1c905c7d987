package adminv1

import (
	"reflect"
	"time"

	"github.com/sovecom/sovecom/sdk/storev1"
)

// What a price list does to prices.
const (
	PriceListSale     = "sale"     // applies where it is lower than what would otherwise be paid
	PriceListOverride = "override" // replaces the price
)

// Price list statuses.
const (
	PriceListDraft  = "draft"  // does nothing
	PriceListActive = "active" // holds, or will from its beginning on
)

// VariantPrice is the price of a variant in one further currency.
type VariantPrice struct {
	Price          Money  `json:"price" doc:"Price of one unit."`
	CompareAtPrice *Money `json:"compareAtPrice" doc:"Former or recommended price to strike through, or null."`
	PriorPrice     *Money `json:"priorPrice" doc:"Of a reduced price: the lowest price of the 30 days before the reduction, frozen then; else null."`
}

// SetVariantPrice states the price of a variant in one further currency.
type SetVariantPrice struct {
	Price          MoneyInput  `json:"price" doc:"Price of one unit."`
	CompareAtPrice *MoneyInput `json:"compareAtPrice,omitempty" doc:"Former or recommended price to strike through, in the same currency."`
}

// PriceList is a set of prices that hold for some shoppers, or for some time.
type PriceList struct {
	ID            string  `json:"id" format:"uuid" doc:"UUIDv7."`
	Name          string  `json:"name" example:"Summer sale" doc:"Name for staff."`
	Code          string  `json:"code" example:"summer-sale" doc:"Unique in the shop."`
	Type          string  `json:"type" enum:"sale,override" doc:"A sale applies where it is lower than what would otherwise be paid; an override replaces the price."`
	Status        string  `json:"status" enum:"draft,active" doc:"Only an active list does anything."`
	Priority      int     `json:"priority" doc:"Of several overrides the one of the highest priority holds."`
	StartsAt      *Time   `json:"startsAt" format:"date-time" doc:"When its prices begin to hold; null as soon as it is active."`
	EndsAt        *Time   `json:"endsAt" format:"date-time" doc:"When they cease to; null never."`
	AnnouncedAt   *Time   `json:"announcedAt" format:"date-time" doc:"When its reductions were announced, if before they begin: the 30 days of the prior price end here. Null: when they begin."`
	CustomerGroup *string `json:"customerGroup" doc:"Code of the customer group it is for; null for all."`
	Channel       *string `json:"channel" doc:"Code of the sales channel it is for; null for all."`
	Country       *string `json:"country" example:"FR" doc:"Country it is for, ISO 3166-1 alpha-2; null for all."`
	Version       int64   `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt     Time    `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt     Time    `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// CreatePriceList is the body of POST /admin/v1/price-lists.
type CreatePriceList struct {
	Name          string  `json:"name" minLength:"1" maxLength:"255" example:"Summer sale" doc:"Name for staff."`
	Code          string  `json:"code,omitempty" maxLength:"64" example:"summer-sale" doc:"Unique in the shop: lower case letters, digits, single hyphens or underscores between; made from the name when left out."`
	Type          string  `json:"type" enum:"sale,override" doc:"A sale applies where it is lower than what would otherwise be paid; an override replaces the price."`
	Status        string  `json:"status,omitempty" enum:"draft,active" doc:"draft when left out."`
	Priority      int     `json:"priority,omitempty" minimum:"-1000000" maximum:"1000000" doc:"Of several overrides the one of the highest priority holds."`
	StartsAt      *Time   `json:"startsAt,omitempty" nullable:"true" format:"date-time" doc:"When its prices begin to hold; as soon as it is active when left out."`
	EndsAt        *Time   `json:"endsAt,omitempty" nullable:"true" format:"date-time" doc:"When they cease to; never when left out."`
	AnnouncedAt   *Time   `json:"announcedAt,omitempty" nullable:"true" format:"date-time" doc:"When its reductions were announced, at the latest when they begin."`
	CustomerGroup *string `json:"customerGroup,omitempty" nullable:"true" maxLength:"64" doc:"Code of the customer group it is for; all when left out."`
	Channel       *string `json:"channel,omitempty" nullable:"true" maxLength:"64" doc:"Code of the sales channel it is for; all when left out."`
	Country       *string `json:"country,omitempty" nullable:"true" maxLength:"2" example:"FR" doc:"Country it is for, ISO 3166-1 alpha-2; all when left out."`
}

// UpdatePriceList is the body of PATCH /admin/v1/price-lists/{id}. A missing key leaves, null clears.
type UpdatePriceList struct {
	Name          Optional[string]    `json:"name,omitzero" nullable:"false" minLength:"1" maxLength:"255" doc:"Name for staff."`
	Code          Optional[string]    `json:"code,omitzero" nullable:"false" minLength:"1" maxLength:"64" doc:"Unique in the shop."`
	Type          Optional[string]    `json:"type,omitzero" nullable:"false" enum:"sale,override" doc:"What it does to prices."`
	Status        Optional[string]    `json:"status,omitzero" nullable:"false" enum:"draft,active" doc:"Only an active list does anything."`
	Priority      Optional[int]       `json:"priority,omitzero" nullable:"false" minimum:"-1000000" maximum:"1000000" doc:"Of several overrides the one of the highest priority holds."`
	StartsAt      Optional[time.Time] `json:"startsAt,omitzero" doc:"When its prices begin to hold; null as soon as it is active."`
	EndsAt        Optional[time.Time] `json:"endsAt,omitzero" doc:"When they cease to; null never."`
	AnnouncedAt   Optional[time.Time] `json:"announcedAt,omitzero" doc:"When its reductions were announced; null when they begin."`
	CustomerGroup Optional[string]    `json:"customerGroup,omitzero" maxLength:"64" doc:"Code of the customer group it is for; null for all."`
	Channel       Optional[string]    `json:"channel,omitzero" maxLength:"64" doc:"Code of the sales channel it is for; null for all."`
	Country       Optional[string]    `json:"country,omitzero" maxLength:"2" doc:"Country it is for, ISO 3166-1 alpha-2; null for all."`
}

// PriceListQuery holds the query parameters of GET /admin/v1/price-lists.
type PriceListQuery struct {
	PageQuery
	Q      string `query:"q" maxLength:"200" doc:"Part of the name or the code."`
	Status string `query:"status" enum:"draft,active" doc:"Only lists of this status."`
	Type   string `query:"type" enum:"sale,override" doc:"Only lists of this type."`
}

// ListPrice is one price of a price list.
type ListPrice struct {
	VariantID   string `json:"variantId" format:"uuid" doc:"The variant."`
	SKU         string `json:"sku" example:"SHIRT-S" doc:"Its stock keeping unit."`
	Currency    string `json:"currency" example:"EUR" doc:"ISO 4217 code."`
	MinQuantity int64  `json:"minQuantity" minimum:"1" doc:"The smallest quantity that has this price."`
	Amount      int64  `json:"amount" minimum:"0" example:"3900" doc:"Price of one unit in minor units of the currency."`
	UpdatedAt   Time   `json:"updatedAt" format:"date-time" doc:"When the amount was last set."`
}

// SetListPrice states one price of a price list. Its variant is named by id or by SKU.
type SetListPrice struct {
	VariantID   string `json:"variantId,omitempty" format:"uuid" doc:"The variant, unless named by sku."`
	SKU         string `json:"sku,omitempty" maxLength:"255" example:"SHIRT-S" doc:"The variant's stock keeping unit, unless named by variantId."`
	Currency    string `json:"currency" pattern:"^[A-Z]{3}$" patternDescription:"ISO 4217 code in upper case" example:"EUR" doc:"ISO 4217 code."`
	MinQuantity int64  `json:"minQuantity,omitempty" minimum:"1" maximum:"1000000" doc:"The smallest quantity that has this price; 1 when left out."`
	Amount      int64  `json:"amount" minimum:"0" maximum:"1000000000000" example:"3900" doc:"Price of one unit in minor units of the currency."`
}

// SetListPrices is the body of PUT /admin/v1/price-lists/{id}/prices. All of it is written or nothing; prices of the list
// that it does not name stay.
type SetListPrices struct {
	Prices []SetListPrice `json:"prices" nullable:"false" minItems:"1" maxItems:"1000" doc:"Prices to add, or to set when they are there."`
}

// ListPricesWritten says what became of SetListPrices.
type ListPricesWritten struct {
	Changed   int64 `json:"changed" minimum:"0" doc:"Prices that were added or got another amount."`
	Unchanged int64 `json:"unchanged" minimum:"0" doc:"Prices that were as asked for already."`
}

// ListPriceQuery holds the query parameters of GET /admin/v1/price-lists/{id}/prices.
type ListPriceQuery struct {
	PageQuery
	VariantID string `query:"variantId" format:"uuid" doc:"Only prices of this variant."`
	Currency  string `query:"currency" pattern:"^[A-Z]{3}$" patternDescription:"ISO 4217 code in upper case" doc:"Only prices in this currency."`
}

// DeleteListPrices holds the query parameters of DELETE /admin/v1/price-lists/{id}/prices. Without any, all prices go.
type DeleteListPrices struct {
	VariantID   string `query:"variantId" format:"uuid" doc:"Only prices of this variant."`
	Currency    string `query:"currency" pattern:"^[A-Z]{3}$" patternDescription:"ISO 4217 code in upper case" doc:"Only prices in this currency."`
	MinQuantity int64  `query:"minQuantity" minimum:"1" maximum:"1000000" doc:"Only prices from this quantity on."`
}

// PriceRecord is one line of a variant's history of prices.
type PriceRecord struct {
	PriceListID   *string `json:"priceListId" format:"uuid" doc:"The list whose price it is, which may be gone meanwhile; null for the variant's own price."`
	Type          *string `json:"type" enum:"sale,override" doc:"What the list did to prices then; null for the variant's own price."`
	Currency      string  `json:"currency" example:"EUR" doc:"ISO 4217 code."`
	MinQuantity   int64   `json:"minQuantity" minimum:"1" doc:"The smallest quantity that had this price."`
	Amount        *int64  `json:"amount" doc:"Price of one unit in minor units; null when no price was offered any more."`
	PriorAmount   *int64  `json:"priorAmount" doc:"The prior price that was frozen with it, when it was a reduction."`
	CustomerGroup *string `json:"customerGroup" doc:"The customer group it was for; null for all."`
	Channel       *string `json:"channel" doc:"The sales channel it was for; null for all."`
	Country       *string `json:"country" doc:"The country it was for; null for all."`
	EffectiveAt   Time    `json:"effectiveAt" format:"date-time" doc:"From when on it held."`
}

// Schemas is storev1.Schemas with the Optionals of this surface.
func Schemas() map[reflect.Type]reflect.Type {
	out := storev1.Schemas()
	out[reflect.TypeFor[Optional[[]SetVariantPrice]]()] = reflect.TypeFor[[]SetVariantPrice]()
	return out
}
