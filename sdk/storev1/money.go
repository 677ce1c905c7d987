package storev1

// Money is an amount in integer minor units (cents for EUR, yen for JPY) of an ISO 4217 currency. It is never a float.
type Money struct {
	Amount   int64  `json:"amount" example:"4900" doc:"Integer minor units of the currency."`
	Currency string `json:"currency" pattern:"^[A-Z]{3}$" patternDescription:"ISO 4217 code in upper case" example:"EUR" doc:"ISO 4217 code."`
}

// MoneyInput is Money as a caller states it: a price or a payment, never negative. It converts to Money as is:
// Money(input).
type MoneyInput struct {
	Amount   int64  `json:"amount" minimum:"0" maximum:"1000000000000" example:"4900" doc:"Integer minor units of the currency, 0 to 10^12."`
	Currency string `json:"currency" pattern:"^[A-Z]{3}$" patternDescription:"ISO 4217 code in upper case" example:"EUR" doc:"ISO 4217 code."`
}
