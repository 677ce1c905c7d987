package adminv1

// ContentPage is a page of the shop's own in one language, such as its terms, as staff see it.
type ContentPage struct {
	ID             string  `json:"id" format:"uuid" doc:"UUIDv7."`
	Slug           string  `json:"slug" example:"terms" doc:"Name for addresses; unique among the pages of the language."`
	Key            *string `json:"key" example:"terms" doc:"What the page is for, shared by its versions in other languages; null for none."`
	Title          string  `json:"title" example:"Terms and conditions" doc:"Title shown to shoppers."`
	Body           string  `json:"body" doc:"Markdown, as it was written."`
	HTML           string  `json:"html" doc:"What shoppers see of the body: safe HTML."`
	Locale         string  `json:"locale" example:"en" doc:"Language (BCP 47)."`
	Status         string  `json:"status" enum:"draft,published" doc:"Shoppers see published pages."`
	SEOTitle       *string `json:"seoTitle" doc:"Title for search engines, or null."`
	SEODescription *string `json:"seoDescription" doc:"Description for search engines, or null."`
	Version        int64   `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt      Time    `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt      Time    `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// ContentPageSummary is a page in a list, which leaves its text out.
type ContentPageSummary struct {
	ID             string  `json:"id" format:"uuid" doc:"UUIDv7."`
	Slug           string  `json:"slug" example:"terms" doc:"Name for addresses; unique among the pages of the language."`
	Key            *string `json:"key" example:"terms" doc:"What the page is for, shared by its versions in other languages; null for none."`
	Title          string  `json:"title" example:"Terms and conditions" doc:"Title shown to shoppers."`
	Locale         string  `json:"locale" example:"en" doc:"Language (BCP 47)."`
	Status         string  `json:"status" enum:"draft,published" doc:"Shoppers see published pages."`
	SEOTitle       *string `json:"seoTitle" doc:"Title for search engines, or null."`
	SEODescription *string `json:"seoDescription" doc:"Description for search engines, or null."`
	Version        int64   `json:"version" minimum:"1" doc:"Counts changes."`
	CreatedAt      Time    `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt      Time    `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// CreateContentPage is the body of POST /admin/v1/pages.
type CreateContentPage struct {
	Title          string  `json:"title" minLength:"1" maxLength:"512" example:"Terms and conditions" doc:"Title shown to shoppers."`
	Slug           string  `json:"slug,omitempty" maxLength:"512" example:"terms" doc:"Name for addresses; made from the title when left out. One that another page in the language has is refused, also when it was made."`
	Key            *string `json:"key,omitempty" nullable:"true" pattern:"^[a-z0-9-]{1,64}$" example:"terms" doc:"What the page is for; one page in a language has it."`
	Body           string  `json:"body" minLength:"1" maxLength:"100000" doc:"Markdown: CommonMark with tables. HTML in it is shown as far as it is safe."`
	Locale         string  `json:"locale" minLength:"1" maxLength:"35" example:"en" doc:"Language (BCP 47)."`
	Status         string  `json:"status,omitempty" enum:"draft,published" doc:"A draft when left out."`
	SEOTitle       *string `json:"seoTitle,omitempty" nullable:"true" maxLength:"512" doc:"Title for search engines."`
	SEODescription *string `json:"seoDescription,omitempty" nullable:"true" maxLength:"1024" doc:"Description for search engines."`
}

// UpdateContentPage is the body of PATCH /admin/v1/pages/{id}. A missing key leaves, null clears.
type UpdateContentPage struct {
	Title          Optional[string] `json:"title,omitzero" nullable:"false" minLength:"1" maxLength:"512" doc:"Title shown to shoppers."`
	Slug           Optional[string] `json:"slug,omitzero" nullable:"false" minLength:"1" maxLength:"512" doc:"Name for addresses; unique among the pages of the language."`
	Key            Optional[string] `json:"key,omitzero" pattern:"^[a-z0-9-]{1,64}$" doc:"What the page is for; null clears it."`
	Body           Optional[string] `json:"body,omitzero" nullable:"false" minLength:"1" maxLength:"100000" doc:"Markdown."`
	Locale         Optional[string] `json:"locale,omitzero" nullable:"false" minLength:"1" maxLength:"35" doc:"Language (BCP 47)."`
	Status         Optional[string] `json:"status,omitzero" nullable:"false" enum:"draft,published" doc:"Shoppers see published pages."`
	SEOTitle       Optional[string] `json:"seoTitle,omitzero" maxLength:"512" doc:"Title for search engines; null clears it."`
	SEODescription Optional[string] `json:"seoDescription,omitzero" maxLength:"1024" doc:"Description for search engines; null clears it."`
}

// ContentPageQuery holds the query parameters of GET /admin/v1/pages.
type ContentPageQuery struct {
	PageQuery
	Q      string `query:"q" maxLength:"200" doc:"Part of the title; every character stands for itself."`
	Locale string `query:"locale" maxLength:"35" example:"de" doc:"Only pages in this language (BCP 47)."`
	Status string `query:"status" enum:"draft,published" doc:"Only pages with this status."`
	Key    string `query:"key" maxLength:"64" example:"terms" doc:"Only pages that are for this."`
}
