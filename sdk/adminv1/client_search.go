package adminv1

import (
	"context"
	"net/http"

	"github.com/sovecom/sovecom/sdk/internal/rest"
)

// SearchIndex reads what shoppers search, and how far behind it is.
func (c Client) SearchIndex(ctx context.Context) (SearchIndex, error) {
	return one[SearchIndex](ctx, c, http.MethodGet, nil, "search", "index")
}

// StartSearchRebuild asks for a rebuild in the background. One that waits already is the one.
func (c Client) StartSearchRebuild(ctx context.Context) (SearchRebuild, error) {
	return one[SearchRebuild](ctx, c, http.MethodPost, nil, "search", "rebuilds")
}

// SearchRebuilds lists rebuilds, newest first.
func (c Client) SearchRebuilds(ctx context.Context, q PageQuery) (List[SearchRebuild], error) {
	return page[SearchRebuild](ctx, c, rest.Query(q), "search", "rebuilds")
}

// SearchRebuild reads a rebuild and how far it is.
func (c Client) SearchRebuild(ctx context.Context, id string) (SearchRebuild, error) {
	return one[SearchRebuild](ctx, c, http.MethodGet, nil, "search", "rebuilds", id)
}

// SearchSettings reads what is decided about the search.
func (c Client) SearchSettings(ctx context.Context) (SearchSettings, error) {
	return one[SearchSettings](ctx, c, http.MethodGet, nil, "search", "settings")
}

// UpdateSearchSettings changes what is decided about the search.
func (c Client) UpdateSearchSettings(ctx context.Context, in UpdateSearchSettings) (SearchSettings, error) {
	return one[SearchSettings](ctx, c, http.MethodPatch, in, "search", "settings")
}

// Synonyms lists synonyms.
func (c Client) Synonyms(ctx context.Context, q PageQuery) (List[Synonym], error) {
	return page[Synonym](ctx, c, rest.Query(q), "search", "synonyms")
}

// Synonym reads a synonym.
func (c Client) Synonym(ctx context.Context, id string) (Synonym, error) {
	return one[Synonym](ctx, c, http.MethodGet, nil, "search", "synonyms", id)
}

// CreateSynonym makes a synonym.
func (c Client) CreateSynonym(ctx context.Context, in CreateSynonym) (Synonym, error) {
	return one[Synonym](ctx, c, http.MethodPost, in, "search", "synonyms")
}

// UpdateSynonym changes a synonym.
func (c Client) UpdateSynonym(ctx context.Context, id string, in UpdateSynonym) (Synonym, error) {
	return one[Synonym](ctx, c, http.MethodPatch, in, "search", "synonyms", id)
}

// DeleteSynonym removes a synonym.
func (c Client) DeleteSynonym(ctx context.Context, id string) error {
	return c.do(ctx, rest.Call{Method: http.MethodDelete, Path: path("search", "synonyms", id)}, nil)
}

// StopWords lists the stop words the shop has added, by language.
func (c Client) StopWords(ctx context.Context) (List[StopWords], error) {
	return page[StopWords](ctx, c, nil, "search", "stop-words")
}

// SetStopWords replaces those of a language.
func (c Client) SetStopWords(ctx context.Context, locale string, in SetStopWords) (StopWords, error) {
	return one[StopWords](ctx, c, http.MethodPut, in, "search", "stop-words", locale)
}

// SearchRules lists rules.
func (c Client) SearchRules(ctx context.Context, q PageQuery) (List[SearchRule], error) {
	return page[SearchRule](ctx, c, rest.Query(q), "search", "rules")
}

// SearchRule reads a rule.
func (c Client) SearchRule(ctx context.Context, id string) (SearchRule, error) {
	return one[SearchRule](ctx, c, http.MethodGet, nil, "search", "rules", id)
}

// CreateSearchRule makes a rule.
func (c Client) CreateSearchRule(ctx context.Context, in CreateSearchRule) (SearchRule, error) {
	return one[SearchRule](ctx, c, http.MethodPost, in, "search", "rules")
}

// UpdateSearchRule changes a rule.
func (c Client) UpdateSearchRule(ctx context.Context, id string, in UpdateSearchRule) (SearchRule, error) {
	return one[SearchRule](ctx, c, http.MethodPatch, in, "search", "rules", id)
}

// DeleteSearchRule removes a rule.
func (c Client) DeleteSearchRule(ctx context.Context, id string) error {
	return c.do(ctx, rest.Call{Method: http.MethodDelete, Path: path("search", "rules", id)}, nil)
}
