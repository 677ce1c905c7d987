package storev1

// Envelope is the answer that holds one resource: {"data": {…}}.
type Envelope[T any] struct {
	Data T `json:"data" doc:"The resource."`
}

// List is the answer that holds one page of a collection: {"data": […], "meta": {…}}. Data is never null; an empty
// page is an empty array.
type List[T any] struct {
	Data []T  `json:"data" nullable:"false" doc:"The items of this page, in the order asked for."`
	Meta Meta `json:"meta" doc:"Where this page stands in the collection."`
}

// Meta says where a page stands in its collection.
type Meta struct {
	Total           int     `json:"total" minimum:"0" example:"1" doc:"How many items there are in all: exact up to 10 000, beyond that an estimate; of searches that find many hundreds in shops of more than 6 000 products also below it, if totalIsEstimate says so."`
	Page            int     `json:"page" minimum:"1" example:"1" doc:"Number of this page, from 1."`
	Limit           int     `json:"limit" minimum:"1" maximum:"100" example:"20" doc:"How many items a page holds at most. A page of very large items ends sooner; nextCursor goes on where it ended."`
	NextCursor      *string `json:"nextCursor" doc:"Opaque, signed position of the next page for the query parameter cursor; null on the last page, and only there."`
	TotalIsEstimate bool    `json:"totalIsEstimate,omitempty" doc:"Present and true when total is an estimate."`
}

// PageQuery holds the query parameters every collection takes. Zero values are not sent and mean the default.
type PageQuery struct {
	Page   int    `query:"page" minimum:"1" default:"1" doc:"Number of the page, from 1: it begins behind (page − 1) × limit items. Ignored when cursor is given. Pages of very large items end sooner than that; follow nextCursor to see all of them."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"How many items to return at most."`
	Cursor string `query:"cursor" maxLength:"2048" doc:"The nextCursor of the page before. Use it for deep lists: it neither skips nor repeats an item when others are added meanwhile."`
}

// Error is the body of every answer whose status is 400 or above.
type Error struct {
	Error ErrorBody `json:"error" doc:"What went wrong."`
}

// ErrorBody says what went wrong: for programs a stable code, for people one sentence.
type ErrorBody struct {
	Code    string `json:"code" example:"inventory.insufficient_stock" doc:"Stable, lower snake case, prefixed by its owner."`
	Message string `json:"message" example:"There is not enough stock for this order." doc:"One clear sentence for a person. Not stable: show it, do not compare it."`
	Details []any  `json:"details" nullable:"false" doc:"Field errors {field, code, message}, or objects of the error's own such as {variantId, requested, available}. Empty when there is nothing to add."`
}

// FieldError is one entry of ErrorBody.Details when a field of the request is wrong.
type FieldError struct {
	Field   string `json:"field" example:"items[0].quantity" doc:"Path of the field in the body, or the name of the query parameter or header."`
	Code    string `json:"code" example:"too_large" doc:"Stable, lower snake case."`
	Message string `json:"message" doc:"One clear sentence."`
}

// StockShortage is one entry of ErrorBody.Details of the error inventory.insufficient_stock.
type StockShortage struct {
	VariantID string `json:"variantId" format:"uuid" doc:"The variant that ran short."`
	Requested int    `json:"requested" doc:"Units asked for."`
	Available int    `json:"available" doc:"Units that could be had now, never below zero."`
}

// MissingPermission is the entry of ErrorBody.Details of a 403 on the admin surface.
type MissingPermission struct {
	Permission string `json:"permission" example:"products:write" doc:"The permission the caller lacks."`
}
