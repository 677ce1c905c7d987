package adminv1

// SearchIndex is what shoppers search: what it holds, how far behind it is, and how its last rebuild went.
type SearchIndex struct {
	Engine      string         `json:"engine" enum:"postgres,typesense,meilisearch,algolia" doc:"What answers searches."`
	EngineUp    bool           `json:"engineUp" doc:"Whether it answers now. While it does not, PostgreSQL does."`
	Generation  int64          `json:"generation" minimum:"1" doc:"Grows with every rebuild."`
	Products    int64          `json:"products" minimum:"0" doc:"Products that are found."`
	Documents   int64          `json:"documents" minimum:"0" doc:"Documents they are found by: one for each language a product has texts of its own in."`
	ContentHash string         `json:"contentHash" example:"00f1…" doc:"The same for the same documents, in whatever order they were written; it changes when any of them does."`
	BuiltAt     *Time          `json:"builtAt" format:"date-time" doc:"When the last rebuild ended, or null."`
	Pending     int64          `json:"pending" minimum:"0" doc:"Changes that have not been applied yet."`
	LagSeconds  float64        `json:"lagSeconds" minimum:"0" doc:"For how long the oldest of them has waited."`
	Rebuild     *SearchRebuild `json:"rebuild" doc:"The newest rebuild, or null."`
}

// SearchRebuild is a rebuild of the index beside the one that is searched.
type SearchRebuild struct {
	ID         string `json:"id" format:"uuid" doc:"UUIDv7."`
	Status     string `json:"status" enum:"queued,running,done,replaced" doc:"replaced: another one began anew before it ended."`
	Done       int64  `json:"done" minimum:"0" doc:"Products read so far."`
	Total      int64  `json:"total" minimum:"0" doc:"About how many there are: those found when it began."`
	Documents  int64  `json:"documents" minimum:"0" doc:"Documents it made; 0 until it is done."`
	HashBefore string `json:"hashBefore" doc:"Content hash of what was searched until it was done; empty until then."`
	HashAfter  string `json:"hashAfter" doc:"Content hash of what is searched since. The same as before, unless something had been missed."`
	CreatedAt  Time   `json:"createdAt" format:"date-time" doc:"When it was asked for."`
	StartedAt  *Time  `json:"startedAt" format:"date-time" doc:"When it began, or null."`
	FinishedAt *Time  `json:"finishedAt" format:"date-time" doc:"When it ended, or null."`
}

// SearchSettings are what staff decide about the search.
type SearchSettings struct {
	TypoTolerance  bool  `json:"typoTolerance" doc:"Words that nothing has are taken for those they may be meant to be."`
	PartialMatches bool  `json:"partialMatches" doc:"Where nothing has all the words, what has some of them is found."`
	FacetValues    int   `json:"facetValues" minimum:"1" maximum:"200" doc:"Values shown of each facet."`
	Version        int64 `json:"version" minimum:"0" doc:"Counts changes; also the ETag."`
	UpdatedAt      *Time `json:"updatedAt" format:"date-time" doc:"When it last changed, or null."`
}

// UpdateSearchSettings is the body of PATCH /admin/v1/search/settings. A missing key leaves.
type UpdateSearchSettings struct {
	TypoTolerance  Optional[bool] `json:"typoTolerance,omitzero" nullable:"false" doc:"Words that nothing has are taken for those they may be meant to be."`
	PartialMatches Optional[bool] `json:"partialMatches,omitzero" nullable:"false" doc:"Where nothing has all the words, what has some of them is found."`
	FacetValues    Optional[int]  `json:"facetValues,omitzero" nullable:"false" minimum:"1" maximum:"200" doc:"Values shown of each facet."`
}

// Synonym is words that mean the same.
type Synonym struct {
	ID        string   `json:"id" format:"uuid" doc:"UUIDv7."`
	Locale    *string  `json:"locale" example:"en" doc:"Language it holds in (BCP 47); null: in every one."`
	From      *string  `json:"from" doc:"Only this leads to the terms; null: each term leads to all others."`
	Terms     []string `json:"terms" nullable:"false" doc:"Words, or several words each, that mean the same."`
	Version   int64    `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt Time     `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt Time     `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// CreateSynonym is the body of POST /admin/v1/search/synonyms.
type CreateSynonym struct {
	Locale *string  `json:"locale,omitempty" nullable:"true" maxLength:"35" example:"en" doc:"Language it holds in (BCP 47); every one when left out."`
	From   *string  `json:"from,omitempty" nullable:"true" maxLength:"200" doc:"Only this leads to the terms. When left out, each term leads to all others."`
	Terms  []string `json:"terms" nullable:"false" minItems:"1" maxItems:"50" maxLength:"200" doc:"Words, or several words each, that mean the same."`
}

// UpdateSynonym is the body of PATCH /admin/v1/search/synonyms/{id}. A missing key leaves, null clears.
type UpdateSynonym struct {
	Locale Optional[string]   `json:"locale,omitzero" maxLength:"35" doc:"Language it holds in (BCP 47); null: every one."`
	From   Optional[string]   `json:"from,omitzero" maxLength:"200" doc:"Only this leads to the terms; null: each term leads to all others."`
	Terms  Optional[[]string] `json:"terms,omitzero" nullable:"false" minItems:"1" maxItems:"50" maxLength:"200" doc:"Words, or several words each, that mean the same."`
}

// StopWords are words of a language that a query means nothing by, besides those everybody knows.
type StopWords struct {
	Locale    string   `json:"locale" example:"de" doc:"BCP 47."`
	Words     []string `json:"words" nullable:"false" doc:"In lower case and without accents, sorted."`
	Version   int64    `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	UpdatedAt Time     `json:"updatedAt" format:"date-time" doc:"When they last changed."`
}

// SetStopWords is the body of PUT /admin/v1/search/stop-words/{locale}.
type SetStopWords struct {
	Words []string `json:"words" nullable:"false" maxItems:"1000" maxLength:"200" doc:"All of them; an empty list takes them away."`
}

// SearchRule puts products first or last where a text or a category is asked for.
type SearchRule struct {
	ID         string   `json:"id" format:"uuid" doc:"UUIDv7."`
	Name       string   `json:"name" doc:"For staff."`
	Query      *string  `json:"query" doc:"Words it is about; null: the category without any words."`
	Match      string   `json:"match" enum:"exact,contains" doc:"Whether the words are all that is asked for, or some of it."`
	CategoryID *string  `json:"categoryId" format:"uuid" doc:"Only where this category is asked for; null: wherever."`
	Pinned     []string `json:"pinned" nullable:"false" format:"uuid" doc:"Products that come first, in this order, whether they have the words or not."`
	Buried     []string `json:"buried" nullable:"false" format:"uuid" doc:"Products that come last."`
	Active     bool     `json:"active" doc:"Whether it holds."`
	StartsAt   *Time    `json:"startsAt" format:"date-time" doc:"From when on, or null."`
	EndsAt     *Time    `json:"endsAt" format:"date-time" doc:"Until when, or null."`
	Version    int64    `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt  Time     `json:"createdAt" format:"date-time" doc:"When it was made."`
	UpdatedAt  Time     `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// CreateSearchRule is the body of POST /admin/v1/search/rules.
type CreateSearchRule struct {
	Name       string   `json:"name" minLength:"1" maxLength:"255" doc:"For staff."`
	Query      *string  `json:"query,omitempty" nullable:"true" maxLength:"512" doc:"Words it is about; the category without any words when left out."`
	Match      string   `json:"match,omitempty" enum:"exact,contains" doc:"Whether the words are all that is asked for, or some of it; exact when left out."`
	CategoryID *string  `json:"categoryId,omitempty" nullable:"true" format:"uuid" doc:"Only where this category is asked for."`
	Pinned     []string `json:"pinned,omitempty" nullable:"false" format:"uuid" maxItems:"100" doc:"Products that come first, in this order, whether they have the words or not."`
	Buried     []string `json:"buried,omitempty" nullable:"false" format:"uuid" maxItems:"100" doc:"Products that come last."`
	Active     *bool    `json:"active,omitempty" doc:"Whether it holds; true when left out."`
	StartsAt   *Time    `json:"startsAt,omitempty" nullable:"true" format:"date-time" doc:"From when on."`
	EndsAt     *Time    `json:"endsAt,omitempty" nullable:"true" format:"date-time" doc:"Until when."`
}

// UpdateSearchRule is the body of PATCH /admin/v1/search/rules/{id}. A missing key leaves, null clears.
type UpdateSearchRule struct {
	Name       Optional[string]   `json:"name,omitzero" nullable:"false" minLength:"1" maxLength:"255" doc:"For staff."`
	Query      Optional[string]   `json:"query,omitzero" maxLength:"512" doc:"Words it is about; null: the category without any words."`
	Match      Optional[string]   `json:"match,omitzero" nullable:"false" enum:"exact,contains" doc:"Whether the words are all that is asked for, or some of it."`
	CategoryID Optional[string]   `json:"categoryId,omitzero" format:"uuid" doc:"Only where this category is asked for; null: wherever."`
	Pinned     Optional[[]string] `json:"pinned,omitzero" nullable:"false" format:"uuid" maxItems:"100" doc:"Products that come first, in this order."`
	Buried     Optional[[]string] `json:"buried,omitzero" nullable:"false" format:"uuid" maxItems:"100" doc:"Products that come last."`
	Active     Optional[bool]     `json:"active,omitzero" nullable:"false" doc:"Whether it holds."`
	StartsAt   Optional[Time]     `json:"startsAt,omitzero" format:"date-time" doc:"From when on; null: always."`
	EndsAt     Optional[Time]     `json:"endsAt,omitzero" format:"date-time" doc:"Until when; null: for good."`
}
