package media

import (
	"context"
	"errors"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/tenant"
)

// FetchAsset takes in the picture at a foreign address, once: the same address again is the same asset, and nobody is asked.
// The same bytes from elsewhere, or uploaded before, are the same asset as well. Faults: an address that must not be used, an
// answer that is no picture or too large (422, 413, 415: for good), an address that does not answer now (503).
func (s *Service) FetchAsset(ctx context.Context, req *mediav1.FetchAssetRequest) (*mediav1.FetchAssetResponse, error) {
	owner, ok := tenant.From(ctx)
	if !ok {
		return nil, ErrNoTenant
	}
	said, err := Sent{Alt: req.GetAlt(), Folder: req.GetFolder(), Labels: req.GetLabels()}.cleaned()
	if err != nil {
		return nil, err
	}
	address := foreignAddress(req.GetUrl())
	key := addressKey(address)
	if a, known, err := s.store.fetched(ctx, key); err != nil || known {
		return fetchedAnswer(a, err)
	}
	// Who asks for the same at the same time waits for the first, who may go away meanwhile.
	result := s.fetching.DoChan(owner.String()+"/"+string(key), func() (any, error) {
		return s.fetch(context.WithoutCancel(ctx), address, said)
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-result:
		a, _ := r.Val.(asset)
		return fetchedAnswer(a, r.Err)
	}
}

func fetchedAnswer(a asset, err error) (*mediav1.FetchAssetResponse, error) {
	if err != nil {
		return nil, err
	}
	return &mediav1.FetchAssetResponse{Asset: toProto(a)}, nil
}

// fetch gets a picture, makes an asset of it and remembers where it came from.
func (s *Service) fetch(ctx context.Context, address string, said Sent) (asset, error) {
	done, err := s.fetcher.turn(ctx)
	if err != nil {
		return asset{}, err
	}
	defer done()
	// Whoever looked before another had finished comes here after them.
	if a, known, err := s.store.fetched(ctx, addressKey(address)); err != nil || known {
		return a, err
	}
	d, err := s.bringForeign(ctx, address)
	if err != nil {
		return asset{}, err
	}
	defer d.discard()
	said.Filename = nameIn(address)
	a, err := s.takeIn(ctx, said, d)
	if err != nil {
		return asset{}, err
	}
	return a, s.store.rememberFetched(ctx, addressKey(address), a.id, s.time())
}

// bringForeign gets the bytes, within the time there is for one picture.
func (s *Service) bringForeign(ctx context.Context, address string) (draft, error) {
	ctx, cancel := context.WithTimeout(ctx, s.fetcher.timeout)
	defer cancel()
	res, err := s.fetcher.get(ctx, address)
	if err != nil {
		return draft{}, err
	}
	defer res.Body.Close()
	d, err := s.receive(ctx, false, res.Body)
	if errors.Is(err, ErrInterrupted) || fault.From(err) != nil && ctx.Err() != nil {
		return draft{}, ErrFetchLater.WithCause(err) // the other side broke off, not our caller
	}
	return d, err
}

// FindFetchedAssets says which foreign addresses have been taken in. Unknown ones are left out.
func (s *Service) FindFetchedAssets(ctx context.Context, req *mediav1.FindFetchedAssetsRequest) (*mediav1.FindFetchedAssetsResponse, error) {
	keys := make([][]byte, len(req.GetUrls()))
	for i, u := range req.GetUrls() {
		keys[i] = addressKey(foreignAddress(u))
	}
	found, err := s.store.fetchedAll(ctx, keys)
	if err != nil {
		return nil, err
	}
	res := &mediav1.FindFetchedAssetsResponse{}
	for i, u := range req.GetUrls() {
		if a, ok := found[string(keys[i])]; ok {
			res.Assets = append(res.Assets, &mediav1.FetchedAsset{Url: u, Asset: toProto(a)})
		}
	}
	return res, nil
}
