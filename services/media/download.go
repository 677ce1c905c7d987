package media

import (
	"context"
	"net/http"

	"google.golang.org/protobuf/types/known/timestamppb"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// CreateDownload gives a signed address of an asset's bytes, under which they are saved with their name.
func (s *Service) CreateDownload(ctx context.Context, req *mediav1.CreateDownloadRequest) (*mediav1.CreateDownloadResponse, error) {
	a, err := s.named(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	until := s.time().Add(s.cfg.LinkTTL)
	address, ours, err := s.storage.presign(ctx, grant{name: a.object(), filename: a.filename, contentType: a.contentType, ttl: s.cfg.LinkTTL})
	if err != nil {
		return nil, unavailable(err)
	}
	if !ours {
		address.url = s.signer.sign(http.MethodGet, downloadPath(a.tenant, a.id, a.filename), until)
	}
	return &mediav1.CreateDownloadResponse{Url: address.url, ExpiresAt: timestamppb.New(until)}, nil
}

// downloadPath ends with the name, for those who save what they get under the last part of its address.
func downloadPath(owner, asset id.ID, filename string) string {
	return "/media/private/" + owner.String() + "/" + asset.String() + "/" + filename
}
