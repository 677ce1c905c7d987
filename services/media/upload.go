package media

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	apiv1 "github.com/sovecom/sovecom/gen/sovecom/api/v1"
	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/media/picture"
)

const (
	maxBytes = 32 << 20 // of a picture
	sniffLen = 512      // bytes that say what a file is
	// addTries is how often bytes are stored again that somebody else was removing.
	addTries = 5
)

// Sent is what is said of bytes that come in.
type Sent struct {
	Filename string
	Alt      string
	Folder   string
	Labels   []string
	Private  bool // a file of any kind, for signed addresses only
}

// cleaned is what is kept of it.
func (f Sent) cleaned() (Sent, error) {
	var err error
	if f.Alt, err = cleanAlt(f.Alt, "alt"); err != nil {
		return f, err
	}
	if f.Folder, err = cleanFolder(f.Folder); err != nil {
		return f, err
	}
	f.Labels, err = cleanLabels(f.Labels)
	return f, err
}

// Upload stores a picture, or a private file, for the tenant of the context and describes it; the principal must hold
// media:write or be a room. The same bytes again are the same asset. Faults: too large (413), not a picture (415), broken,
// empty, too many pixels (422), storage down or full (503).
func (s *Service) Upload(ctx context.Context, said Sent, body io.Reader) (*mediav1.Asset, error) {
	d, err := s.receive(ctx, said.Private, body)
	if err != nil {
		return nil, err
	}
	defer d.discard()
	a, err := s.takeIn(ctx, said, d)
	if err != nil {
		return nil, err
	}
	return toProto(a), nil
}

// receive takes bytes in. What cannot be a picture is refused before it is all there.
func (s *Service) receive(ctx context.Context, private bool, body io.Reader) (draft, error) {
	if err := rpc.Permit(ctx, rpc.Policy{Audience: apiv1.Audience_AUDIENCE_ADMIN, Permission: "media:write"}); err != nil {
		return draft{}, err //nolint:wrapcheck // a fault
	}
	head := make([]byte, sniffLen)
	n, err := io.ReadFull(body, head)
	head = head[:n]
	switch {
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return draft{}, readError(err)
	case n == 0:
		return draft{}, ErrEmpty
	case !private && !picture.Known(head):
		return draft{}, ErrUnknownType
	}
	return s.scratch.receive(io.MultiReader(bytes.NewReader(head), body), s.limit(private))
}

// limit is how many bytes are taken.
func (s *Service) limit(private bool) int64 {
	if private {
		return int64(s.cfg.FileMiB) << 20
	}
	return maxBytes
}

// takeIn makes an asset of bytes that are here. The caller discards the draft.
func (s *Service) takeIn(ctx context.Context, said Sent, d draft) (asset, error) {
	owner, ok := tenant.From(ctx)
	if !ok {
		return asset{}, ErrNoTenant
	}
	said, err := said.cleaned()
	if err != nil {
		return asset{}, err
	}
	if said.Private {
		return s.keepFile(ctx, owner, said, d)
	}
	if a, known, err := s.store.sent(ctx, d.sha256, said.Alt, s.time()); err != nil || known {
		return a, err
	}
	// Who sends the same at the same time waits for the first, who may go away meanwhile.
	result := s.taking.DoChan(owner.String()+"/"+d.sha256, func() (any, error) {
		return s.keepPicture(context.WithoutCancel(ctx), owner, said, d)
	})
	select {
	case <-ctx.Done():
		<-result // the draft is in use until then
		return asset{}, ctx.Err()
	case r := <-result:
		if r.Err != nil {
			return asset{}, r.Err
		}
		if a, known, err := s.store.sent(ctx, d.sha256, said.Alt, s.time()); err != nil || known {
			return a, err
		}
		a, _ := r.Val.(asset)
		return a, nil
	}
}

// keepPicture cleans a picture and stores it.
func (s *Service) keepPicture(ctx context.Context, owner id.ID, said Sent, sent draft) (asset, error) {
	clean := s.scratch.path()
	defer os.Remove(clean) //nolint:errcheck // it may not be there
	facts, hash, err := s.inspect(ctx, sent.path, clean)
	if err != nil {
		return asset{}, err
	}
	d, err := sum(clean)
	if err != nil {
		return asset{}, unavailable(err)
	}
	now := s.time()
	a := asset{
		id: id.New(), tenant: owner, sha256: d.sha256, source: sent.sha256, contentType: facts.ContentType, size: d.size,
		width: facts.Width, height: facts.Height, animated: facts.Animated, blurhash: hash,
		filename: cleanFilename(said.Filename, d.sha256[:8]+"."+facts.Extension), alt: said.Alt, folder: said.Folder, labels: said.Labels,
		version: 1, createdAt: now, updatedAt: now,
	}
	a, err = s.keep(ctx, a, clean, func(w *pg.Writes, a asset) { enqueue(w, a, now) })
	if err == nil {
		s.poke()
	}
	return a, err
}

// keepFile stores a private file.
func (s *Service) keepFile(ctx context.Context, owner id.ID, said Sent, d draft) (asset, error) {
	file, err := os.Open(d.path)
	if err != nil {
		return asset{}, unavailable(err)
	}
	head := make([]byte, sniffLen)
	n, err := io.ReadFull(file, head)
	_ = file.Close()
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return asset{}, unavailable(err)
	}
	now := s.time()
	return s.keep(ctx, asset{
		id: id.New(), tenant: owner, private: true, sha256: d.sha256, source: d.sha256, contentType: http.DetectContentType(head[:n]), size: d.size,
		filename: cleanFilename(said.Filename, d.sha256[:8]), alt: said.Alt, folder: said.Folder, labels: said.Labels, version: 1, createdAt: now, updatedAt: now,
	}, d.path, nil)
}

// keep stores bytes and describes them, in this order: a crash between leaves bytes that nothing points at, never a
// description without them.
func (s *Service) keep(ctx context.Context, a asset, file string, then func(w *pg.Writes, a asset)) (asset, error) {
	for range addTries {
		if err := s.storage.put(ctx, a.object(), file, a.contentType); err != nil {
			return asset{}, unavailable(err)
		}
		kept, err := s.store.add(ctx, a, func() (bool, error) {
			ok, err := s.storage.exists(ctx, a.object())
			return ok, unavailable(err)
		}, then)
		if !errors.Is(err, errVanished) {
			return kept, err
		}
	}
	return asset{}, ErrStorage.WithRetryAfter(time.Second).WithMessage("The same bytes are being deleted. Please try again.")
}

// inspect has a picture looked at, cleaned and turned.
func (s *Service) inspect(ctx context.Context, source, clean string) (picture.Facts, string, error) {
	answer, err := s.inspector.do(ctx, picture.Request{Source: source, Clean: clean}, nil)
	switch {
	case errors.Is(err, errCrashed):
		s.log.WarnContext(ctx, "a picture made its decoder give up", "error", err)
		return picture.Facts{}, "", ErrBroken.WithMessage("The picture cannot be decoded with the time and memory there is for one.").WithCause(err)
	case err != nil:
		return picture.Facts{}, "", unavailable(err)
	}
	if err := answer.Err(); err != nil {
		return picture.Facts{}, "", refusal(err)
	}
	if answer.Facts == nil {
		return picture.Facts{}, "", errors.New("media: a picture was inspected and nothing said of it")
	}
	return *answer.Facts, answer.Blurhash, nil
}

// refusal is the fault of a picture that is not taken.
func refusal(err error) error {
	switch {
	case errors.Is(err, picture.ErrUnknown):
		return ErrUnknownType
	case errors.Is(err, picture.ErrUnsupported):
		return ErrVariety.WithCause(err)
	case errors.Is(err, picture.ErrTooManyPixels):
		return ErrTooManyPixels.WithCause(err)
	case errors.Is(err, picture.ErrBroken):
		return ErrBroken.WithCause(err)
	}
	return unavailable(err)
}
