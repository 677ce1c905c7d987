package search

import (
	"context"
	"strings"

	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
)

// defaultSuggestions are given when the caller does not say how many.
const defaultSuggestions = 8

// Suggest says what a text may be going to be: categories, brands and tags with a word that begins so, then products that
// have all its words. One round trip each.
func (s *Service) Suggest(ctx context.Context, req *searchv1.SuggestRequest) (*searchv1.SuggestResponse, error) {
	v, err := s.vocabulary(ctx)
	if err != nil {
		return nil, err
	}
	most := int(req.GetLimit())
	if most == 0 {
		most = defaultSuggestions
	}
	in := v.languages(req.GetLocales())
	q := parseQuery(req.GetQ(), in, v)
	res := &searchv1.SuggestResponse{}
	if len(q.slots) == 0 {
		return res, nil
	}
	r := request{query: q, sort: "relevance", limit: most, correction: v.settings.typos, uncounted: true}
	r.locale = v.searched(req.GetLocales())
	named, err := s.store.named(ctx, strings.Join(words(req.GetQ(), maxQueryWords), " "), r.locale, max(most/2, 1))
	if err != nil {
		return nil, err
	}
	marker := q.marker()
	for _, n := range named {
		slug, name, _ := n.in(r.locale)
		res.Suggestions = append(res.Suggestions, &searchv1.Suggestion{Kind: suggestionKind(n.kind), Text: name, Slug: slug, Pieces: piecesOf(marker.mark(name))})
	}
	found, err := s.find(ctx, r, v)
	if err != nil {
		return nil, err
	}
	if found.total == 0 {
		if c, ok := q.corrected(found.words); ok && c.text != "" {
			r.query, r.correction, marker = c.query, false, c.query.marker()
			if found, err = s.find(ctx, r, v); err != nil {
				return nil, err
			}
		}
	}
	for _, h := range found.hits[:min(len(found.hits), most-len(res.GetSuggestions()))] {
		res.Suggestions = append(res.Suggestions, &searchv1.Suggestion{
			Kind: searchv1.SuggestionKind_SUGGESTION_KIND_PRODUCT, Text: h.texts.Title, ProductId: h.product.String(), Pieces: piecesOf(marker.mark(h.texts.Title)),
		})
	}
	return res, nil
}

func suggestionKind(kind string) searchv1.SuggestionKind {
	switch kind {
	case kindCategory:
		return searchv1.SuggestionKind_SUGGESTION_KIND_CATEGORY
	case kindBrand:
		return searchv1.SuggestionKind_SUGGESTION_KIND_BRAND
	case kindTag:
		return searchv1.SuggestionKind_SUGGESTION_KIND_TAG
	}
	return searchv1.SuggestionKind_SUGGESTION_KIND_UNSPECIFIED
}
