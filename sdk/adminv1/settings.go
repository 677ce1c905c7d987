package adminv1

// Settings sections, as they stand in /admin/v1/settings/{section}.
const (
	SectionStore    = "store"
	SectionTax      = "tax"
	SectionShipping = "shipping"
)

// StoreSettings say what the shop is. It is the body of PUT /admin/v1/settings/store.
type StoreSettings struct {
	Name            string `json:"name" minLength:"1" maxLength:"255" example:"Maison Lin" doc:"Name of the shop."`
	DefaultCurrency string `json:"defaultCurrency" pattern:"^[A-Z]{3}$" patternDescription:"ISO 4217 code in upper case" example:"EUR" doc:"ISO 4217 code of carts that name none."`
	Country         string `json:"country" pattern:"^[A-Z]{2}$" patternDescription:"ISO 3166-1 alpha-2 code in upper case" example:"FR" doc:"Where the business is."`
	// Currencies besides DefaultCurrency. Shipping rates and prices are given in each of them.
	Currencies []string `json:"currencies" required:"false" nullable:"false" pattern:"^[A-Z]{3}$" maxItems:"50" doc:"ISO 4217 codes of what it sells in besides the default currency; none when left out."`
}

// TaxSettings hold the tax of a simple shop. It is the body of PUT /admin/v1/settings/tax.
type TaxSettings struct {
	Rate             string `json:"rate" pattern:"^0\\.[0-9]{1,4}$" patternDescription:"decimal fraction below 1, such as 0.2000" example:"0.2000" doc:"Rate as a decimal fraction."`
	PricesIncludeTax bool   `json:"pricesIncludeTax" doc:"Whether prices hold the tax."`
	Country          string `json:"country" pattern:"^[A-Z]{2}$" patternDescription:"ISO 3166-1 alpha-2 code in upper case" example:"FR" doc:"Country whose tax it is."`
}

// ShippingSettings list the ways of shipping. It is the body of PUT /admin/v1/settings/shipping.
type ShippingSettings struct {
	Rates []FlatRate `json:"rates" nullable:"false" maxItems:"100" doc:"All flat rates, in the order shoppers see them."`
}

// FlatRate is a way of shipping that costs the same for every order.
type FlatRate struct {
	ID        string     `json:"id" required:"false" maxLength:"64" doc:"Stays the same when the rate changes; made when left out."`
	Name      string     `json:"name" minLength:"1" maxLength:"128" example:"Standard" doc:"Name shown to shoppers."`
	Amount    MoneyInput `json:"amount" doc:"What it costs."`
	Countries []string   `json:"countries" required:"false" nullable:"false" pattern:"^[A-Z]{2}$" maxItems:"250" doc:"ISO 3166-1 alpha-2 codes of where it ships; everywhere when empty."`
}

// StoredStoreSettings is the section store as it is kept.
type StoredStoreSettings struct {
	StoreSettings
	Version int64 `json:"version" minimum:"0" doc:"Counts changes of all sections; also the ETag."`
}

// StoredTaxSettings is the section tax as it is kept.
type StoredTaxSettings struct {
	TaxSettings
	Version int64 `json:"version" minimum:"0" doc:"Counts changes of all sections; also the ETag."`
}

// StoredShippingSettings is the section shipping as it is kept.
type StoredShippingSettings struct {
	ShippingSettings
	Version int64 `json:"version" minimum:"0" doc:"Counts changes of all sections; also the ETag."`
}
