package media

import (
	"context"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
)

// ListAssets lists pictures, newest first.
func (s *Service) ListAssets(ctx context.Context, req *mediav1.ListAssetsRequest) (*mediav1.ListAssetsResponse, error) {
	if len(req.GetIds()) > 0 {
		return s.listNamed(ctx, req.GetIds())
	}
	if len(req.GetSha256()) > 0 {
		assets, err := s.store.withBytes(ctx, req.GetSha256())
		return listed(assets), err
	}
	r := page.FromProto(req.GetPage())
	var after id.ID
	if len(r.After) > 0 {
		parts, err := page.ParseKey(r.After, 1)
		if err != nil {
			return nil, err //nolint:wrapcheck // a fault
		}
		if after, err = id.Parse(parts[0]); err != nil {
			return nil, page.ErrBadCursor
		}
	}
	assets, total, err := s.store.list(ctx, req.GetQ(), r, after)
	if err != nil {
		return nil, err
	}
	more := len(assets) > r.Limit
	assets = assets[:min(r.Limit, len(assets))]
	res := &mediav1.ListAssetsResponse{}
	var last []byte
	for _, a := range assets {
		res.Assets = append(res.Assets, toProto(a))
		last = page.Key(a.id.String())
	}
	res.Page = page.Info(total, more, last)
	return res, nil
}

// listNamed lists the pictures asked for by id. Unknown ones are left out.
func (s *Service) listNamed(ctx context.Context, texts []string) (*mediav1.ListAssetsResponse, error) {
	ids, err := id.ParseAll(texts)
	if err != nil {
		return nil, ErrNotFound
	}
	assets, err := s.store.named(ctx, ids)
	if err != nil {
		return nil, err
	}
	return listed(assets), nil
}

func listed(assets []asset) *mediav1.ListAssetsResponse {
	res := &mediav1.ListAssetsResponse{Page: page.Info(int64(len(assets)), false, nil)}
	for _, a := range assets {
		res.Assets = append(res.Assets, toProto(a))
	}
	return res
}

// GetAsset describes one picture.
func (s *Service) GetAsset(ctx context.Context, req *mediav1.GetAssetRequest) (*mediav1.GetAssetResponse, error) {
	assetID, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrNotFound
	}
	a, err := s.store.get(ctx, assetID)
	if err != nil {
		return nil, err
	}
	return &mediav1.GetAssetResponse{Asset: toProto(a)}, nil
}

// UpdateAsset changes a picture's text.
func (s *Service) UpdateAsset(ctx context.Context, req *mediav1.UpdateAssetRequest) (*mediav1.UpdateAssetResponse, error) {
	assetID, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrNotFound
	}
	var alt *string
	if req.Alt != nil {
		cleaned, err := cleanAlt(req.GetAlt())
		if err != nil {
			return nil, err
		}
		alt = &cleaned
	}
	a, err := s.store.update(ctx, assetID, req.GetIfVersion(), alt, s.time())
	if err != nil {
		return nil, err
	}
	return &mediav1.UpdateAssetResponse{Asset: toProto(a)}, nil
}

// DeleteAsset removes a picture for good.
func (s *Service) DeleteAsset(ctx context.Context, req *mediav1.DeleteAssetRequest) (*mediav1.DeleteAssetResponse, error) {
	assetID, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrNotFound
	}
	gone, err := s.store.delete(ctx, assetID, req.GetIfVersion())
	if err != nil {
		return nil, err
	}
	// The asset is gone whatever happens now; sweeping finds a file that stays behind.
	if err := s.removeBytes(context.WithoutCancel(ctx), gone.key()); err != nil {
		s.log.WarnContext(ctx, "bytes of a deleted picture remain for the sweep", "asset", gone.id, "error", err)
	}
	return &mediav1.DeleteAssetResponse{}, nil
}
