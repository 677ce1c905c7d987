package adminv1

// Customer is a shopper's account, as staff see it.
type Customer struct {
	ID               string             `json:"id" format:"uuid" doc:"UUIDv7."`
	Email            string             `json:"email" format:"email" doc:"Address to sign in with, in lower case."`
	Name             *string            `json:"name" doc:"Name, or null."`
	Phone            *string            `json:"phone" doc:"Phone, or null."`
	AcceptsMarketing bool               `json:"acceptsMarketing" doc:"Whether the customer agreed to marketing."`
	Groups           []CustomerGroupRef `json:"groups" nullable:"false" doc:"Groups the customer is in, by code."`
	Version          int64              `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt        Time               `json:"createdAt" format:"date-time" doc:"When the account was made."`
	UpdatedAt        Time               `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// CustomerGroupRef names a group in a customer.
type CustomerGroupRef struct {
	ID   string `json:"id" format:"uuid" doc:"UUIDv7."`
	Code string `json:"code" example:"wholesale" doc:"What price lists name it by."`
	Name string `json:"name" doc:"Name."`
}

// CustomerQuery holds the query parameters of GET /admin/v1/customers.
type CustomerQuery struct {
	PageQuery
	Q       string `query:"q" maxLength:"200" doc:"Part of the e-mail address; every character stands for itself."`
	GroupID string `query:"groupId" format:"uuid" doc:"Only customers in this group."`
}

// UpdateCustomer is the body of PATCH /admin/v1/customers/{id}.
type UpdateCustomer struct {
	Name             Optional[string] `json:"name,omitzero" maxLength:"255" doc:"Name; null clears it."`
	Phone            Optional[string] `json:"phone,omitzero" maxLength:"64" doc:"Phone; null clears it."`
	AcceptsMarketing Optional[bool]   `json:"acceptsMarketing,omitzero" nullable:"false" doc:"Whether the customer agreed to marketing."`
}

// SetCustomerGroups is the body of PUT /admin/v1/customers/{id}/groups. Prices follow with the customer's next sign-in or
// refresh: after 15 minutes at the latest.
type SetCustomerGroups struct {
	GroupIDs []string `json:"groupIds" maxItems:"20" nullable:"false" doc:"Groups the customer is in from now on, and no others. Of several the one with the lowest price counts."`
}

// CustomerGroup is who some prices are for, such as wholesale.
type CustomerGroup struct {
	ID        string `json:"id" format:"uuid" doc:"UUIDv7."`
	Code      string `json:"code" example:"wholesale" doc:"What price lists name it by. It stays."`
	Name      string `json:"name" example:"Wholesale" doc:"Name."`
	Version   int64  `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt Time   `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt Time   `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// CustomerGroupQuery holds the query parameters of GET /admin/v1/customer-groups.
type CustomerGroupQuery struct {
	PageQuery
	Q string `query:"q" maxLength:"200" doc:"Part of the name or the code."`
}

// CreateCustomerGroup is the body of POST /admin/v1/customer-groups.
type CreateCustomerGroup struct {
	Code string `json:"code" minLength:"1" maxLength:"64" example:"wholesale" doc:"Lower case Latin letters and digits, with single hyphens or underscores between. It cannot be changed."`
	Name string `json:"name" minLength:"1" maxLength:"255" example:"Wholesale" doc:"Name."`
}

// UpdateCustomerGroup is the body of PATCH /admin/v1/customer-groups/{id}.
type UpdateCustomerGroup struct {
	Name Optional[string] `json:"name,omitzero" minLength:"1" maxLength:"255" nullable:"false" doc:"Name."`
}
