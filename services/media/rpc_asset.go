package media

import (
	"context"
	"errors"
	"time"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// ListAssets lists pictures and files, newest first.
func (s *Service) ListAssets(ctx context.Context, req *mediav1.ListAssetsRequest) (*mediav1.ListAssetsResponse, error) {
	if len(req.GetIds()) > 0 {
		return s.listNamed(ctx, req.GetIds())
	}
	if len(req.GetSha256()) > 0 {
		assets, err := s.store.withBytes(ctx, req.GetSha256())
		return listed(assets), err
	}
	r := page.FromProto(req.GetPage())
	var after *id.ID
	if len(r.After) > 0 {
		parts, err := page.ParseKey(r.After, 1)
		if err != nil {
			return nil, err //nolint:wrapcheck // a fault
		}
		position, err := id.Parse(parts[0])
		if err != nil {
			return nil, page.ErrBadCursor
		}
		after = &position
	}
	folder, err := cleanFolder(req.GetFolder())
	if err != nil {
		return nil, err
	}
	assets, total, err := s.store.list(ctx, query{
		text: req.GetQ(), folder: folder, label: req.GetLabel(), private: req.Private, rendering: statusFromProto(req.GetRendering()),
	}, r, after)
	if err != nil {
		return nil, err
	}
	res := listed(assets)
	res.Page = page.Info(total, false, nil)
	var more bool
	if res.Assets, more = page.Cut(res.GetAssets(), r.Limit, func(a *mediav1.Asset) int { return proto.Size(a) }); more {
		res.Page.Next = page.Key(assets[len(res.GetAssets())-1].id.String())
	}
	return res, nil
}

// listNamed lists the assets asked for by id. Unknown ones are left out.
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

// ListMediaFolders lists the folders and labels that are in use.
func (s *Service) ListMediaFolders(ctx context.Context, _ *mediav1.ListMediaFoldersRequest) (*mediav1.ListMediaFoldersResponse, error) {
	folders, labels, err := s.store.folders(ctx)
	return &mediav1.ListMediaFoldersResponse{Folders: folders, Labels: labels}, err
}

// GetAsset describes one picture or file.
func (s *Service) GetAsset(ctx context.Context, req *mediav1.GetAssetRequest) (*mediav1.GetAssetResponse, error) {
	a, err := s.named(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	return &mediav1.GetAssetResponse{Asset: toProto(a)}, nil
}

func (s *Service) named(ctx context.Context, text string) (asset, error) {
	assetID, err := id.Parse(text)
	if err != nil {
		return asset{}, ErrNotFound
	}
	return s.store.get(ctx, assetID)
}

// UpdateAsset changes what is said of a picture or file.
func (s *Service) UpdateAsset(ctx context.Context, req *mediav1.UpdateAssetRequest) (*mediav1.UpdateAssetResponse, error) {
	assetID, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrNotFound
	}
	a, err := s.store.change(ctx, assetID, req.GetIfVersion(), patchFromProto(req), s.time())
	if err != nil {
		return nil, err
	}
	return &mediav1.UpdateAssetResponse{Asset: toProto(a)}, nil
}

// RenderAsset has the renditions of a picture made once more.
func (s *Service) RenderAsset(ctx context.Context, req *mediav1.RenderAssetRequest) (*mediav1.RenderAssetResponse, error) {
	a, err := s.named(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	if a.private {
		return nil, ErrNotAPicture
	}
	if err := s.store.db.Write(ctx, func(w *pg.Writes) error {
		enqueue(w, a, s.time())
		return nil
	}); err != nil {
		return nil, err
	}
	s.poke()
	if a, err = s.store.get(ctx, a.id); err != nil {
		return nil, err
	}
	return &mediav1.RenderAssetResponse{Asset: toProto(a)}, nil
}

// shownUses is how many places are told.
const shownUses = 50

// ListAssetUses says where the shop shows an asset.
func (s *Service) ListAssetUses(ctx context.Context, req *mediav1.ListAssetUsesRequest) (*mediav1.ListAssetUsesResponse, error) {
	a, err := s.named(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	uses, more, err := s.uses(ctx, a.id)
	return &mediav1.ListAssetUsesResponse{Uses: uses, More: more}, err
}

// uses asks the catalogue.
func (s *Service) uses(ctx context.Context, which id.ID) (uses []*mediav1.AssetUse, more bool, err error) {
	answer, err := s.catalog().ListMediaUses(ctx, &catalogv1.ListMediaUsesRequest{MediaId: which.String(), Limit: shownUses + 1})
	if err != nil {
		return nil, false, err
	}
	for i, use := range answer.GetUses() {
		if i == shownUses {
			return uses, true, nil
		}
		uses = append(uses, &mediav1.AssetUse{Kind: use.GetKind(), ProductId: use.GetProductId(), VariantId: use.GetVariantId(), Title: use.GetTitle()})
	}
	return uses, false, nil
}

// deleteTime is how long a deletion may take once the catalogue has let go of the asset. It keeps an asset unused for much
// longer than this.
const deleteTime = time.Minute

// DeleteAsset removes a picture or file for good, unless the shop uses it. From before it is certain that nothing does
// until it is gone, nothing can begin to.
func (s *Service) DeleteAsset(ctx context.Context, req *mediav1.DeleteAssetRequest) (*mediav1.DeleteAssetResponse, error) {
	a, err := s.named(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	if req.GetIfVersion() != 0 && req.GetIfVersion() != a.version {
		return nil, ErrVersionConflict
	}
	limited, cancel := context.WithTimeout(ctx, deleteTime)
	defer cancel()
	attempt := id.New()
	answer, err := s.catalog().RetireMedia(limited, &catalogv1.RetireMediaRequest{MediaId: a.id.String(), AttemptId: attempt.String(), Limit: shownUses})
	if err != nil {
		return nil, err
	}
	if len(answer.GetUses()) > 0 {
		return nil, inUse(answer.GetUses())
	}
	if s.interrupt != nil {
		if err := s.interrupt(limited, "asset retired"); err != nil {
			return nil, err
		}
	}
	gone, err := s.store.delete(limited, a.id, req.GetIfVersion())
	if errors.Is(err, ErrVersionConflict) { // of other errors nobody knows whether it is gone; it may be used again after a while
		s.restore(ctx, a.id, attempt)
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	// The asset is gone whatever happens now; sweeping finds bytes that stay behind.
	if err := s.removeBytes(context.WithoutCancel(ctx), found{tenant: gone.tenant, sha256: gone.sha256, private: gone.private}); err != nil {
		s.log.WarnContext(ctx, "bytes of a deleted asset remain for the sweep", "asset", gone.id, "error", err)
	}
	return &mediav1.DeleteAssetResponse{}, nil
}

// restore tells the catalogue that an asset stays. If that fails, it finds out by itself after a while.
func (s *Service) restore(ctx context.Context, which, attempt id.ID) {
	if _, err := s.catalog().RestoreMedia(ctx, &catalogv1.RestoreMediaRequest{MediaId: which.String(), AttemptId: attempt.String()}); err != nil {
		s.log.WarnContext(ctx, "an asset that stays cannot be used for a while", "asset", which, "error", err)
	}
}

// inUse says where an asset is used.
func inUse(uses []*catalogv1.MediaUse) error {
	refused := ErrInUse
	for _, use := range uses {
		where := map[string]any{"kind": use.GetKind(), "productId": use.GetProductId(), "title": use.GetTitle()}
		if use.GetVariantId() != "" {
			where["variantId"] = use.GetVariantId()
		}
		refused = refused.WithObject(where)
	}
	return refused
}
