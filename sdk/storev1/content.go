package storev1

// ContentPage is a page of the shop's own in one language, such as its terms.
type ContentPage struct {
	Slug           string      `json:"slug" example:"terms" doc:"Name for addresses."`
	Key            *string     `json:"key" example:"terms" doc:"What the page is for, the same in every language: imprint, terms, privacy; null for none."`
	Title          string      `json:"title" example:"Terms and conditions" doc:"Title."`
	HTML           string      `json:"html" doc:"The text as safe HTML. It has no scripts, styles, forms or frames, and may be put into a page as it is."`
	Locale         string      `json:"locale" example:"en" doc:"Language it is in (BCP 47)."`
	SEOTitle       *string     `json:"seoTitle" doc:"Title for search engines, or null."`
	SEODescription *string     `json:"seoDescription" doc:"Description for search engines, or null."`
	UpdatedAt      Time        `json:"updatedAt" format:"date-time" doc:"When it last changed."`
	Alternates     []Alternate `json:"alternates" nullable:"false" doc:"The page in other languages, for a choice of languages and for hreflang."`
}

// Alternate is a page in another language.
type Alternate struct {
	Locale string `json:"locale" example:"de" doc:"Language (BCP 47)."`
	Slug   string `json:"slug" example:"agb" doc:"Name for addresses."`
	Title  string `json:"title" example:"Geschäftsbedingungen" doc:"Title."`
}

// ContentPageSummary is a page in a list.
type ContentPageSummary struct {
	Slug      string  `json:"slug" example:"terms" doc:"Name for addresses."`
	Key       *string `json:"key" example:"terms" doc:"What the page is for, the same in every language; null for none."`
	Title     string  `json:"title" example:"Terms and conditions" doc:"Title."`
	Locale    string  `json:"locale" example:"en" doc:"Language it is in (BCP 47)."`
	UpdatedAt Time    `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// ContentPageQuery holds the query parameters of GET /store/v1/pages.
type ContentPageQuery struct {
	PageQuery
	Locale string `query:"locale" maxLength:"35" example:"de" doc:"Language of the pages (BCP 47), or one above it (fr for fr-BE), and no other. Without it, Accept-Language chooses among those there are, else the shop's own does."`
}

// ContentPageView holds the query parameters of GET /store/v1/pages/{slug}.
type ContentPageView struct {
	Locale string `query:"locale" maxLength:"35" example:"de" doc:"Language of the page (BCP 47), or one above it (fr for fr-BE), and no other. Without it, Accept-Language chooses among those the page has, else the shop's own does, else it is the first."`
}
