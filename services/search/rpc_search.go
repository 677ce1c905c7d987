package search

import (
	"context"

	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/kit/page"
)

// SearchProducts finds published products.
func (s *Service) SearchProducts(ctx context.Context, req *searchv1.SearchProductsRequest) (*searchv1.SearchProductsResponse, error) {
	r, err := parseRequest(req)
	if err != nil {
		return nil, err
	}
	if r.query.nothing {
		return &searchv1.SearchProductsResponse{Page: page.Info(0, false, nil), Facets: &searchv1.Facets{}}, nil
	}
	found, err := s.store.search(ctx, r)
	if err != nil {
		return nil, err
	}
	if found.total == 0 && len(r.query.words) > 0 {
		if found, err = s.searchCorrected(ctx, r, found); err != nil {
			return nil, err
		}
	}
	return found.response(r.limit)
}

// searchCorrected looks again for what the words may have been meant to be.
func (s *Service) searchCorrected(ctx context.Context, r request, nothing result) (result, error) {
	known, err := s.store.words(ctx, r.query)
	if err != nil {
		return result{}, err
	}
	corrected, ok := r.query.corrected(known)
	if !ok {
		return nothing, nil
	}
	r.query = corrected
	return s.store.search(ctx, r)
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
