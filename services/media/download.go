package media

import (
	"context"
	"net/http"
	"strings"
	"time"

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
	address, until, err := s.link(ctx, a, a.filename)
	if err != nil {
		return nil, err
	}
	return &mediav1.CreateDownloadResponse{Url: address, ExpiresAt: timestamppb.New(until)}, nil
}

// SignDownload gives another room a signed address of an asset's bytes, under which they are saved with the name it wants.
func (s *Service) SignDownload(ctx context.Context, req *mediav1.SignDownloadRequest) (*mediav1.SignDownloadResponse, error) {
	a, err := s.named(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	address, until, err := s.link(ctx, a, savedAs(req.GetFilename(), a.filename))
	if err != nil {
		return nil, err
	}
	return &mediav1.SignDownloadResponse{Url: address, ExpiresAt: timestamppb.New(until)}, nil
}

// savedAs is the wanted name, unless it cannot be the last part of an address.
func savedAs(wanted, otherwise string) string {
	if strings.Trim(wanted, ".") == "" || strings.ContainsAny(wanted, "/\\") {
		return otherwise
	}
	return wanted
}

// link signs an address that works until a moment.
func (s *Service) link(ctx context.Context, a asset, filename string) (string, time.Time, error) {
	until := s.time().Add(s.cfg.LinkTTL)
	address, ours, err := s.storage.presign(ctx, grant{name: a.object(), filename: filename, contentType: a.contentType, ttl: s.cfg.LinkTTL})
	if err != nil {
		return "", until, unavailable(err)
	}
	if !ours {
		if address.url, err = s.sign(ctx, http.MethodGet, downloadPath(a.tenant, a.id, filename), until); err != nil {
			return "", until, err
		}
	}
	return address.url, until, nil
}

// downloadPath ends with the name, for those who save what they get under the last part of its address.
func downloadPath(owner, asset id.ID, filename string) string {
	return "/media/private/" + owner.String() + "/" + asset.String() + "/" + filename
}
