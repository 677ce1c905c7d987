package content

import (
	"context"
	"strings"

	contentv1 "github.com/sovecom/sovecom/gen/sovecom/content/v1"
	paging "github.com/sovecom/sovecom/kit/page"
)

// ListStorePages lists the published pages of one language by slug: the best wished for that has any. A page that is not there
// in it is shown in the language above it.
func (s *Service) ListStorePages(ctx context.Context, req *contentv1.ListStorePagesRequest) (*contentv1.ListStorePagesResponse, error) {
	pages, locale, info, err := listStorePages(ctx, s.db, wishes(req.GetWishes().GetLocales()), req.GetWishes().GetOnly(), paging.FromProto(req.GetPage()))
	if err != nil {
		return nil, err
	}
	res := &contentv1.ListStorePagesResponse{Page: info, Locale: locale}
	for _, p := range pages {
		res.Pages = append(res.Pages, storePageProto(p, nil))
	}
	return res, nil
}

// GetStorePage reads the published page of a slug, in the best language wished for that it has.
func (s *Service) GetStorePage(ctx context.Context, req *contentv1.GetStorePageRequest) (*contentv1.GetStorePageResponse, error) {
	if strings.ContainsRune(req.GetSlug(), 0) {
		return nil, ErrPageNotFound // a text that no slug is
	}
	p, alternates, err := findStorePage(ctx, s.db, req.GetSlug(), wishes(req.GetWishes().GetLocales()), req.GetWishes().GetOnly())
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, ErrPageNotFound
	}
	if err := s.renew(p); err != nil {
		return nil, err
	}
	return &contentv1.GetStorePageResponse{Page: storePageProto(p, alternates)}, nil
}
