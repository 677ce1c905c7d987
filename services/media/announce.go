package media

import (
	"context"
	"errors"
	"net/http"
	"os"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// upload is one that goes to a signed address: announced here, sent there, and then taken in as if it had come in a form.
type upload struct {
	id          id.ID
	tenant      id.ID
	filename    string
	contentType string // as the sender says
	size        int64  // bytes
	sha256      string
	private     bool
	folder      string
	labels      []string
	alt         string
	asset       id.ID // what it has become; zero before
	expiresAt   time.Time
	createdAt   time.Time
}

// uploadsKept is how long an upload is remembered, so that taking it in once more answers the same.
const uploadsKept = 24 * time.Hour

// CreateUpload announces bytes and gives a signed address to send them to.
func (s *Service) CreateUpload(ctx context.Context, req *mediav1.CreateUploadRequest) (*mediav1.CreateUploadResponse, error) {
	owner, ok := tenant.From(ctx)
	if !ok {
		return nil, ErrNoTenant
	}
	said, err := Sent{Filename: req.GetFilename(), Alt: req.GetAlt(), Folder: req.GetFolder(), Labels: req.GetLabels(), Private: req.GetPrivate()}.cleaned()
	if err != nil {
		return nil, err
	}
	if req.GetSizeBytes() > s.limit(said.Private) {
		return nil, ErrTooLarge.WithField("sizeBytes", "too_large", "It is larger than what is taken.")
	}
	now := s.time()
	u := upload{
		id: id.New(), tenant: owner, filename: said.Filename, contentType: req.GetContentType(), size: req.GetSizeBytes(), sha256: req.GetSha256(),
		private: said.Private, folder: said.Folder, labels: said.Labels, alt: said.Alt, expiresAt: now.Add(s.cfg.UploadTTL), createdAt: now,
	}
	address, ours, err := s.storage.presign(ctx, grant{put: true, name: incomingObject(owner, u.id), size: u.size, ttl: s.cfg.UploadTTL})
	if err != nil {
		return nil, unavailable(err)
	}
	if !ours {
		if address.url, err = s.sign(ctx, http.MethodPut, incomingPath(owner, u.id), u.expiresAt); err != nil {
			return nil, err
		}
	}
	if err := s.store.insertUpload(ctx, u); err != nil {
		return nil, err
	}
	return &mediav1.CreateUploadResponse{
		Id: u.id.String(), Method: http.MethodPut, Url: address.url, Headers: address.headers, ExpiresAt: timestamppb.New(u.expiresAt),
	}, nil
}

func incomingPath(owner, upload id.ID) string {
	return "/media/incoming/" + owner.String() + "/" + upload.String()
}

// send takes what is put to a signed address of ours. Its signature was checked.
func (s *Service) send(ctx context.Context, which id.ID, r *http.Request) error {
	u, err := s.store.getUpload(ctx, which)
	if err != nil {
		return err
	}
	if !u.asset.IsZero() {
		return nil // it was taken in already
	}
	if r.ContentLength > u.size {
		return ErrTooLarge.WithMessage("More is sent than was announced.")
	}
	d, err := s.scratch.receive(r.Body, u.size)
	if err != nil {
		return err
	}
	defer d.discard()
	if err := u.is(d); err != nil {
		return err
	}
	return unavailable(s.storage.put(ctx, incomingObject(u.tenant, u.id), d.path, u.contentType))
}

// is compares what was sent with what was announced.
func (u upload) is(d draft) error {
	switch {
	case d.size != u.size:
		return ErrMismatch.WithField("sizeBytes", "mismatch", "The size is another.")
	case d.sha256 != u.sha256:
		return ErrMismatch.WithField("sha256", "mismatch", "The SHA-256 is another.")
	}
	return nil
}

// CompleteUpload takes in what was sent to the address of an upload. Again it answers the same asset.
func (s *Service) CompleteUpload(ctx context.Context, req *mediav1.CompleteUploadRequest) (*mediav1.CompleteUploadResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrUploadNotFound
	}
	u, err := s.store.getUpload(ctx, which)
	if err != nil {
		return nil, err
	}
	var d draft
	if u.asset.IsZero() {
		if d, err = s.collect(ctx, u); errors.Is(err, ErrUploadMissing) {
			// Perhaps somebody else has taken it in, and tidied up, since it was looked for.
			if u, err = s.store.getUpload(ctx, which); err == nil && u.asset.IsZero() {
				err = ErrUploadMissing
			}
		}
		if err != nil {
			return nil, err
		}
	}
	if !u.asset.IsZero() {
		a, err := s.store.get(ctx, u.asset)
		if err != nil {
			return nil, err
		}
		return &mediav1.CompleteUploadResponse{Asset: toProto(a)}, nil
	}
	defer d.discard()
	a, err := s.takeIn(ctx, Sent{Filename: u.filename, Alt: u.alt, Folder: u.folder, Labels: u.labels, Private: u.private}, d)
	if err != nil {
		return nil, err
	}
	if err := s.store.finishUpload(ctx, u.id, a.id); err != nil {
		return nil, err
	}
	// Sweeping finds it otherwise.
	if err := s.storage.remove(ctx, incomingObject(u.tenant, u.id)); err != nil {
		s.log.WarnContext(ctx, "what was sent remains for the sweep", "upload", u.id, "error", err)
	}
	return &mediav1.CompleteUploadResponse{Asset: toProto(a)}, nil
}

// collect brings what was sent here, and makes sure that it is what was announced.
func (s *Service) collect(ctx context.Context, u upload) (draft, error) {
	from, err := s.storage.open(ctx, incomingObject(u.tenant, u.id))
	if gone(err) {
		return draft{}, ErrUploadMissing
	}
	if err != nil {
		return draft{}, unavailable(err)
	}
	defer from.Close()
	d, err := s.scratch.receive(from, u.size)
	switch {
	case errors.Is(err, ErrTooLarge):
		return d, ErrMismatch.WithField("sizeBytes", "mismatch", "The size is another.")
	case errors.Is(err, ErrInterrupted):
		return d, unavailable(errors.Unwrap(err))
	case err != nil:
		return d, err
	}
	if err := u.is(d); err != nil {
		return d, errors.Join(err, os.Remove(d.path))
	}
	return d, nil
}
