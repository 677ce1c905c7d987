package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"net/http"
	"time"

	apiv1 "github.com/sovecom/sovecom/gen/sovecom/api/v1"
	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
)

const (
	sweepEvery = time.Hour
	// spareAge is how old a file must be that nothing points at, before it is taken for left behind: longer than any
	// upload takes.
	spareAge = time.Hour
)

// Upload stores a picture for the tenant of the context and describes it; the principal must hold media:write or be a
// room. The same bytes again are the same asset. Faults: too large (413), not a picture (415), broken, empty, too many
// pixels (422).
func (s *Service) Upload(ctx context.Context, filename, alt string, body io.Reader) (*mediav1.Asset, error) {
	p, err := s.accept(ctx, body)
	if err != nil {
		return nil, err
	}
	defer s.files.discard(p.draft)
	return s.keep(ctx, p, filename, alt)
}

// picture is a draft that is known to be one.
type picture struct {
	draft

	format format
	size   image.Config
}

// accept takes in the bytes and makes sure that they are a picture. The caller discards the draft.
func (s *Service) accept(ctx context.Context, body io.Reader) (picture, error) {
	if err := rpc.Permit(ctx, rpc.Policy{Audience: apiv1.Audience_AUDIENCE_ADMIN, Permission: "media:write"}); err != nil {
		return picture{}, err //nolint:wrapcheck // a fault
	}
	head := make([]byte, sniffLen)
	n, err := io.ReadFull(body, head)
	head = head[:n]
	switch {
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return picture{}, readError(err)
	case n == 0:
		return picture{}, ErrEmpty
	}
	kind, ok := sniff(head)
	if !ok {
		return picture{}, ErrUnknownType
	}
	d, err := s.files.receive(io.MultiReader(bytes.NewReader(head), body), maxBytes)
	if err != nil {
		return picture{}, err
	}
	size, err := probe(kind, d.file, d.size)
	if err != nil {
		s.files.discard(d)
		return picture{}, err
	}
	return picture{d, kind, size}, nil
}

// keep gives an accepted picture its address and its row.
func (s *Service) keep(ctx context.Context, p picture, filename, alt string) (*mediav1.Asset, error) {
	owner, ok := tenant.From(ctx)
	if !ok {
		return nil, ErrNoTenant
	}
	alt, err := cleanAlt(alt)
	if err != nil {
		return nil, err
	}
	a := asset{
		id: id.New(), tenant: owner, sha256: p.sha256, contentType: p.format.contentType, size: p.draft.size,
		width: p.size.Width, height: p.size.Height,
		filename: cleanFilename(filename, p.sha256[:8]+"."+p.format.extension), alt: alt, createdAt: s.time(),
	}
	k := a.key()
	if a, err = s.store.add(ctx, a, func() error { return s.files.place(p.draft, k) }); err != nil {
		return nil, fmt.Errorf("media: upload: %w", err)
	}
	return toProto(a), nil
}

// time is now, as exactly as the database keeps it.
func (s *Service) time() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// readError tells a sender that went away, or sends too much, from a disk that does not take the bytes.
func readError(err error) error {
	var disk diskError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &disk):
		return fmt.Errorf("media: draft: %w", err)
	case errors.As(err, &large):
		return ErrTooLarge
	}
	return ErrInterrupted.WithCause(err)
}

// removeBytes deletes the file of a deleted asset, unless the same bytes have come again meanwhile.
func (s *Service) removeBytes(ctx context.Context, k key) error {
	return s.store.ifUnused(ctx, k, func() error { return s.files.remove(k) })
}

// sweep removes drafts and stored files that a crash has left behind.
func (s *Service) sweep(ctx context.Context) error {
	const portion = 500
	var keys []key // of one tenant
	check := func() error {
		if len(keys) == 0 {
			return nil
		}
		ctx := tenant.With(ctx, keys[0].tenant)
		spare, err := s.store.unused(ctx, keys)
		if err != nil {
			return err
		}
		for _, k := range spare {
			if err := s.removeBytes(ctx, k); err != nil {
				return err
			}
		}
		keys = keys[:0]
		return nil
	}
	if err := s.files.walk(spareAge, func(k key) error {
		if len(keys) == portion || len(keys) > 0 && keys[0].tenant != k.tenant {
			if err := check(); err != nil {
				return err
			}
		}
		keys = append(keys, k)
		return nil
	}); err != nil {
		return err
	}
	return check()
}
