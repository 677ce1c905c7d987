package storev1

// Customer is a shopper's account, as the shopper sees it.
type Customer struct {
	ID               string  `json:"id" format:"uuid" doc:"UUIDv7."`
	Email            string  `json:"email" format:"email" doc:"Address to sign in with, in lower case."`
	Name             *string `json:"name" doc:"Name, or null."`
	Phone            *string `json:"phone" doc:"Phone, or null."`
	AcceptsMarketing bool    `json:"acceptsMarketing" doc:"Whether the customer agreed to marketing."`
	CreatedAt        Time    `json:"createdAt" format:"date-time" doc:"When the account was made."`
	UpdatedAt        Time    `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// Session lets a customer act. The refresh token travels in an HttpOnly cookie, never in the body.
type Session struct {
	AccessToken string   `json:"accessToken" doc:"Send it as Authorization: Bearer."`
	ExpiresIn   int      `json:"expiresIn" minimum:"0" example:"900" doc:"Seconds until the access token ends."`
	Customer    Customer `json:"customer" doc:"Who is signed in."`
}

// Register is the body of POST /store/v1/customers/register.
type Register struct {
	Email            string  `json:"email" format:"email" minLength:"3" maxLength:"320" example:"ada@example.com" doc:"Address to sign in with."`
	Password         string  `json:"password" minLength:"12" maxLength:"1024" doc:"At least 12 characters; well-known ones are refused."`
	Name             *string `json:"name,omitempty" required:"false" nullable:"true" maxLength:"255" doc:"Name."`
	Phone            *string `json:"phone,omitempty" required:"false" nullable:"true" maxLength:"64" doc:"Phone."`
	AcceptsMarketing bool    `json:"acceptsMarketing,omitempty" required:"false" doc:"Whether the customer agrees to marketing. Never assumed."`
}

// Login is the body of POST /store/v1/customers/login.
type Login struct {
	Email    string `json:"email" minLength:"1" maxLength:"320" example:"ada@example.com" doc:"Address of the account."`
	Password string `json:"password" minLength:"1" maxLength:"1024" doc:"Password of the account."`
}

// UpdateCustomer is the body of PATCH /store/v1/customers/me.
type UpdateCustomer struct {
	Name             Optional[string] `json:"name,omitzero" maxLength:"255" doc:"Name; null clears it."`
	Phone            Optional[string] `json:"phone,omitzero" maxLength:"64" doc:"Phone; null clears it."`
	AcceptsMarketing Optional[bool]   `json:"acceptsMarketing,omitzero" nullable:"false" doc:"Whether the customer agrees to marketing."`
}
