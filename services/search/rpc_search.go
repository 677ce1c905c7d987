package search

import (
	"context"
	"slices"
	"strings"
	"unicode"

	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/kit/tenant"
)

// SearchProducts finds published products: one statement, and one more when nothing has the words as they were typed. When
// next to nothing has them, it is looked whether another query was meant: one statement, and one when there is such a query.
func (s *Service) SearchProducts(ctx context.Context, req *searchv1.SearchProductsRequest) (*searchv1.SearchProductsResponse, error) {
	v, err := s.vocabulary(ctx)
	if err != nil {
		return nil, err
	}
	r, err := s.parseRequest(req, v)
	if err != nil {
		return nil, err
	}
	if r.query.nothing {
		return nothingFound(), nil
	}
	found, err := s.find(ctx, r, v)
	if err != nil {
		return nil, err
	}
	if found.total > 0 || len(r.query.slots) == 0 {
		res := found.response(r)
		if v.settings.typos && r.doubtful(found) {
			res.SuggestedQuery, err = s.better(ctx, r, found.total)
		}
		return res, err
	}
	c, ok := r.query.corrected(found.words)
	if !ok || c.text != "" && !v.settings.typos || c.text == "" && !v.settings.partial {
		return found.response(r), nil
	}
	asked := len(r.query.slots)
	r.query, r.correction = c.query, false
	if found, err = s.find(ctx, r, v); err != nil {
		return nil, err
	}
	if found.total == 0 && !r.query.any && len(r.query.slots) > 1 && v.settings.partial {
		r.query.any = true // no product has all the words that were meant either
		if found, err = s.find(ctx, r, v); err != nil {
			return nil, err
		}
	}
	res := found.response(r)
	if found.total > 0 {
		res.CorrectedQuery, res.Partial = c.spelled(found.best()), r.query.any || len(c.query.slots) < asked
	}
	return res, nil
}

const (
	// few is how many products are so few that another query may have been meant.
	few = 3
	// better is how many times more products that other query has to find.
	better = 5
)

// doubtful says whether so few are found that another query may have been meant: on the first page, of words that people
// mistype. Who writes a number knows what it is.
func (r request) doubtful(found result) bool {
	if found.total >= few || r.rows() > 0 || r.query.any {
		return false
	}
	can := false
	for _, s := range r.query.slots {
		if strings.ContainsFunc(s.word.folded, unicode.IsNumber) {
			return false
		}
		can = can || tolerance(s.word.folded) > 0
	}
	return can
}

// better is the query that was meant if it finds many times more than what was typed; empty when there is none.
func (s *Service) better(ctx context.Context, r request, n int64) (string, error) {
	near, err := s.store.meant(ctx, r, few, better*n)
	if err != nil {
		return "", err
	}
	known, changed := map[string][]string{}, false
	for _, slot := range r.query.slots {
		w := slot.word.folded
		own := r.query.forms(slot.word)
		for _, c := range near[w] {
			if !slices.ContainsFunc(r.query.forms(word{c, c}), func(f string) bool { return slices.Contains(own, f) }) {
				known[w] = append(known[w], c)
			}
		}
		best := closest(own, known[w], func(c string) []string { return r.query.forms(word{c, c}) })
		if len(best) == 0 {
			best = []string{w}
		}
		known[w] = best[:1]
		changed = changed || best[0] != w
	}
	if !changed {
		return "", nil
	}
	c, ok := r.query.corrected(known)
	if !ok || c.text == "" {
		return "", nil
	}
	r.query, r.correction, r.facets, r.limit = c.query, false, 0, 0
	found, err := s.store.search(ctx, r)
	if err != nil || found.total < better*n {
		return "", err
	}
	return c.text, nil
}

// find asks the engine that is configured, and PostgreSQL when that cannot answer.
func (s *Service) find(ctx context.Context, r request, v *vocabulary) (result, error) {
	if found, ok := s.outsideFinds(ctx, r, v); ok {
		return found, nil
	}
	shop, _ := tenant.From(ctx)
	key := totalKey{shop, v.live, r.asked()}
	r.known = s.totals.get(key, s.now())
	found, err := s.store.search(ctx, r)
	if n := found.counted(); err == nil && r.known == nil && n != nil {
		s.totals.put(key, *n, s.now())
	}
	if err == nil {
		err = s.countUnranged(ctx, r, &found)
	}
	return found, err
}

// countUnranged counts the values of attributes that a range narrows as if it did not: what is chosen of a facet does not
// narrow its own counts. One statement for each range.
func (s *Service) countUnranged(ctx context.Context, r request, found *result) error {
	if r.facets == 0 {
		return nil
	}
	for _, a := range r.filters.attributes {
		if !a.ranged() {
			continue
		}
		all, err := s.store.search(ctx, r.without(a.code))
		if err != nil {
			return err
		}
		found.estimate = found.estimate || all.estimate
		of := func(f facetCount) bool { return f.kind == kindAttribute && f.code == a.code }
		found.values = slices.DeleteFunc(found.values, of)
		for _, f := range all.values {
			if of(f) {
				f.apart, f.count = true, all.project(f.count)
				found.values = append(found.values, f)
			}
		}
	}
	return nil
}

// Rebuild builds the index anew and answers when it is searched. When the caller's deadline comes first, Run goes on
// where it was cut off.
func (s *Service) Rebuild(ctx context.Context, _ *searchv1.RebuildRequest) (*searchv1.RebuildResponse, error) {
	b, err := s.claimFresh(ctx)
	if err != nil {
		return nil, err
	}
	documents, err := s.rebuild(ctx, b)
	if err != nil {
		return nil, err
	}
	return &searchv1.RebuildResponse{Documents: documents}, nil
}
