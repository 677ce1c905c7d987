package checkout

import (
	"context"
	"slices"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// ListOrderDownloads lists the files that belong to what was bought, also those that cannot be had now, and says why.
func (s *Service) ListOrderDownloads(ctx context.Context, req *checkoutv1.ListOrderDownloadsRequest) (*checkoutv1.ListOrderDownloadsResponse, error) {
	o, err := s.opened(ctx, req.GetOrderId(), req.GetAccessToken())
	if err != nil {
		return nil, err
	}
	downloads, err := s.downloads(ctx, o)
	if err != nil {
		return nil, err
	}
	used, err := downloadsUsed(ctx, s.db, o.ID)
	if err != nil {
		return nil, err
	}
	res, now := &checkoutv1.ListOrderDownloadsResponse{}, s.time()
	for _, d := range downloads {
		res.Downloads = append(res.Downloads, downloadToProto(d, o, used[d.file], now))
	}
	return res, nil
}

// CreateOrderDownload grants one download and counts it, once per key. The address is made first: what is counted can be
// downloaded, and when the media room is away nothing is counted.
func (s *Service) CreateOrderDownload(ctx context.Context, req *checkoutv1.CreateOrderDownloadRequest) (*checkoutv1.CreateOrderDownloadResponse, error) {
	o, err := s.opened(ctx, req.GetOrderId(), req.GetAccessToken())
	if err != nil {
		return nil, err
	}
	file, err := id.Parse(req.GetFileId())
	if err != nil {
		return nil, ErrFileNotFound
	}
	downloads, err := s.downloads(ctx, o)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(downloads, func(d download) bool { return d.file == file })
	if i < 0 {
		return nil, ErrFileNotFound
	}
	d := downloads[i]
	if err := d.grant(o, 0, s.time()); err != nil { // how often it was used is known under the lock
		return nil, err
	}
	address, err := s.media.SignDownload(ctx, &mediav1.SignDownloadRequest{Id: d.media.String(), Filename: d.name})
	if err != nil {
		return nil, err
	}
	used, err := s.count(ctx, o.ID, d, digest(req.GetIdempotencyKey()))
	if err != nil {
		return nil, err
	}
	return &checkoutv1.CreateOrderDownloadResponse{Url: address.GetUrl(), ExpiresAt: address.GetExpiresAt(), Remaining: d.remaining(used)}, nil
}

// count books one download of a file and returns how many there are with it. The order is locked, so that one that is
// cancelled or paid back at this moment gives nothing away afterwards.
func (s *Service) count(ctx context.Context, order id.ID, d download, by key) (int64, error) {
	var used int64
	err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		o, err := lockOrder(ctx, tx, order)
		if err != nil {
			return err
		}
		var repeated bool
		if used, repeated, err = loadDownload(ctx, tx, o.ID, d.file, by); err != nil || repeated {
			return err
		}
		now := s.time()
		if err := d.grant(o, used, now); err != nil {
			return err
		}
		used++
		saveDownload(&tx.Writes, o.ID, d, by, now)
		return announceDownload(ctx, &tx.Writes, o.ID, d.file, used)
	})
	return used, err
}

// opened reads an order for its customer, or for whoever has its access token.
func (s *Service) opened(ctx context.Context, order, accessToken string) (*Order, error) {
	p := auth.From(ctx)
	mine := p.Kind == auth.Customer && !p.ID.IsZero()
	if accessToken == "" && !mine {
		return nil, auth.ErrUnauthenticated
	}
	which, err := id.Parse(order)
	if err != nil {
		return nil, ErrOrderNotFound
	}
	if s.opens(ctx, accessToken, which) {
		return findOrder(ctx, s.db, which)
	}
	if !mine {
		return nil, ErrOrderNotFound
	}
	return findOfCustomer(ctx, s.db, which, p.ID)
}

// downloads asks the catalogue for the files of what was bought.
func (s *Service) downloads(ctx context.Context, o *Order) ([]download, error) {
	answer, err := s.catalog.ListSoldFiles(ctx, &catalogv1.ListSoldFilesRequest{VariantIds: o.sold()})
	if err != nil {
		return nil, err
	}
	files, err := soldFilesFromProto(answer.GetFiles())
	if err != nil {
		return nil, err
	}
	return o.downloads(files), nil
}
