package storev1

// AttributeValue is a fact the shop defines itself, such as the colour or the width, and what it is for one product or
// variant.
type AttributeValue struct {
	Code  string  `json:"code" example:"width" doc:"Stable name; also that of the filter attr.{code}."`
	Name  string  `json:"name" example:"Width" doc:"Name shown to shoppers."`
	Type  string  `json:"type" enum:"text,number,integer,boolean,date,select,multiselect" doc:"What the value is."`
	Value any     `json:"value" doc:"A text, a number, true or false, a day such as 2026-01-31, an option, or a list of options, as the type says."`
	Unit  *string `json:"unit" example:"cm" doc:"Unit of the value, or null."`
	Label *string `json:"label" doc:"The options as shoppers read them; null unless the type is select or multiselect."`
}

// ProductFacts are what European law wants shoppers to be told of a product, and what the shop tells by itself.
type ProductFacts struct {
	Attributes  []AttributeValue `json:"attributes" nullable:"false" doc:"Facts the shop defines itself, by code."`
	MinimumAge  *int             `json:"minimumAge" doc:"Age a buyer needs to have, or null."`
	GPSR        *GPSR            `json:"gpsr" doc:"Safety information of Regulation (EU) 2023/988, Art. 19, or null."`
	Guarantee   Guarantee        `json:"guarantee" doc:"Guarantees to be told before the purchase, Directive (EU) 2024/825."`
	EnergyLabel *EnergyLabel     `json:"energyLabel" doc:"Energy label of Regulation (EU) 2017/1369, or null."`
}

// VariantFacts are what European law wants shoppers to be told of a variant, and what the shop tells by itself.
type VariantFacts struct {
	Attributes      []AttributeValue `json:"attributes" nullable:"false" doc:"Facts the shop defines itself, by code."`
	UnitPrice       *UnitPrice       `json:"unitPrice" doc:"Price per unit of measure, Directive 98/6/EC; null for goods not sold by measure."`
	CountryOfOrigin *string          `json:"countryOfOrigin" example:"PT" doc:"ISO 3166-1 alpha-2 code, or null."`
	Digital         *Digital         `json:"digital" doc:"What a buyer can download; null for what is shipped or done."`
}

// UnitPrice is what a kilogram, litre, metre or piece of it costs, rounded half up.
type UnitPrice struct {
	Price        Money  `json:"price" doc:"Price of the base quantity, from the price that is asked."`
	BaseQuantity int64  `json:"baseQuantity" minimum:"1" example:"1" doc:"How many of the base unit."`
	BaseUnit     string `json:"baseUnit" enum:"g,kg,ml,cl,l,m,m2,m3,piece" example:"kg" doc:"Unit of measure."`
}

// Digital says what a buyer of a variant can download.
type Digital struct {
	FileCount     int  `json:"fileCount" minimum:"1" doc:"How many files."`
	DownloadLimit *int `json:"downloadLimit" doc:"How often each can be downloaded; the lowest of the files, null when none is limited."`
}

// GPSR is what an offer has to say by Regulation (EU) 2023/988 on general product safety, Art. 19.
type GPSR struct {
	Manufacturer      *EconomicOperator   `json:"manufacturer" required:"false" doc:"Who made it."`
	ResponsiblePerson *EconomicOperator   `json:"responsiblePerson" required:"false" doc:"Who answers for it in the European Union; needed when the manufacturer is outside."`
	Warnings          map[string]string   `json:"warnings" required:"false" doc:"Warnings and safety information by language tag, such as de or de-AT."`
	Identifiers       []ProductIdentifier `json:"identifiers" required:"false" nullable:"false" maxItems:"20" doc:"What tells it apart: model, batch, serial number."`
	SafetyImageIDs    []string            `json:"safetyImageIds" required:"false" nullable:"false" format:"uuid" maxItems:"20" doc:"Which of the product's pictures show safety information."`
}

// EconomicOperator is whom a shopper can turn to.
type EconomicOperator struct {
	Name    string  `json:"name" minLength:"1" maxLength:"255" example:"Casa Lúmen Lda." doc:"Name or trade mark."`
	Address *string `json:"address" required:"false" nullable:"true" maxLength:"1000" doc:"Postal address, or null."`
	Country *string `json:"country" required:"false" nullable:"true" pattern:"^[A-Z]{2}$" patternDescription:"ISO 3166-1 alpha-2 code in upper case" example:"PT" doc:"ISO 3166-1 alpha-2 code, or null."`
	Email   *string `json:"email" required:"false" nullable:"true" maxLength:"320" doc:"E-mail address, or null."`
	URL     *string `json:"url" required:"false" nullable:"true" maxLength:"2048" doc:"Web address where they can be written to, or null."`
}

// ProductIdentifier tells a product apart.
type ProductIdentifier struct {
	Type  string `json:"type" minLength:"1" maxLength:"64" example:"model" doc:"What it is."`
	Value string `json:"value" minLength:"1" maxLength:"255" example:"CL-400" doc:"The identifier."`
}

// Guarantee says which guarantees come with a product.
type Guarantee struct {
	LegalGuarantee  bool             `json:"legalGuarantee" doc:"Whether the legal guarantee of conformity holds, of which the harmonised notice tells."`
	DurabilityLabel *DurabilityLabel `json:"durabilityLabel" doc:"The producer's free guarantee of more than two years, told by the harmonised label; or null."`
}

// GuaranteeInput changes a Guarantee.
type GuaranteeInput struct {
	LegalGuarantee  *bool            `json:"legalGuarantee" required:"false" nullable:"true" doc:"Whether the legal guarantee of conformity holds. When left out it does, but for services."`
	DurabilityLabel *DurabilityLabel `json:"durabilityLabel" required:"false" doc:"The producer's guarantee of more than two years."`
}

// DurabilityLabel is a producer's commercial guarantee of durability: free, of the whole product, and longer than two
// years.
type DurabilityLabel struct {
	Months   int    `json:"months" minimum:"25" maximum:"1200" example:"60" doc:"How long it holds."`
	Producer string `json:"producer" minLength:"1" maxLength:"255" example:"Casa Lúmen" doc:"Who gives it."`
}

// EnergyLabel is the label of Regulation (EU) 2017/1369.
type EnergyLabel struct {
	Class        string  `json:"class" enum:"A,B,C,D,E,F,G" doc:"Energy efficiency class."`
	ScaleMin     string  `json:"scaleMin" enum:"A,B,C,D,E,F,G" doc:"Best class of the scale."`
	ScaleMax     string  `json:"scaleMax" enum:"A,B,C,D,E,F,G" doc:"Worst class of the scale."`
	EprelID      *string `json:"eprelId" required:"false" nullable:"true" pattern:"^[0-9]{1,10}$" patternDescription:"up to ten digits" doc:"Registration number in the product database EPREL, or null."`
	LabelImageID *string `json:"labelImageId" required:"false" nullable:"true" format:"uuid" doc:"Which of the product's pictures shows the label, or null."`
}

// UnitMeasure says how much one unit of sale holds, and for how much the unit price is told.
type UnitMeasure struct {
	Quantity     string `json:"quantity" pattern:"^[0-9]{1,9}(\\.[0-9]{1,6})?$" patternDescription:"decimal such as 250 or 0.75" example:"250" doc:"How much one unit of sale holds."`
	Unit         string `json:"unit" enum:"g,kg,ml,cl,l,m,m2,m3,piece" example:"g" doc:"Unit of the quantity."`
	BaseQuantity int64  `json:"baseQuantity" minimum:"1" maximum:"1000" example:"1" doc:"For how many of the base unit the unit price is told."`
	BaseUnit     string `json:"baseUnit" enum:"g,kg,ml,cl,l,m,m2,m3,piece" example:"kg" doc:"Unit of the base; measures the same as unit."`
}

// AttributeOption is one value of a select.
type AttributeOption struct {
	Value string `json:"value" minLength:"1" maxLength:"100" example:"dark_red" doc:"What is stored and filtered by; no comma."`
	Label string `json:"label" minLength:"1" maxLength:"255" example:"Dark red" doc:"What shoppers read."`
}
