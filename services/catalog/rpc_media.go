package catalog

import (
	"context"
	"errors"
	"slices"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// ListMediaUses says where an asset of the media room is shown or sold.
func (s *Service) ListMediaUses(ctx context.Context, req *catalogv1.ListMediaUsesRequest) (*catalogv1.ListMediaUsesResponse, error) {
	media, err := id.Parse(req.GetMediaId())
	if err != nil {
		return &catalogv1.ListMediaUsesResponse{}, nil
	}
	uses, err := mediaUses(ctx, s.db, media, req.GetLimit())
	return &catalogv1.ListMediaUsesResponse{Uses: uses}, err
}

// RetireMedia lets nothing begin to use an asset for ten minutes, unless something uses it: then it says what.
func (s *Service) RetireMedia(ctx context.Context, req *catalogv1.RetireMediaRequest) (*catalogv1.RetireMediaResponse, error) {
	ids, err := id.ParseAll([]string{req.GetMediaId(), req.GetAttemptId()})
	if err != nil {
		return nil, ErrMediaGone
	}
	uses, err := retireMedia(ctx, s.db, ids[0], ids[1], req.GetLimit())
	return &catalogv1.RetireMediaResponse{Uses: uses}, err
}

// RestoreMedia takes RetireMedia back.
func (s *Service) RestoreMedia(ctx context.Context, req *catalogv1.RestoreMediaRequest) (*catalogv1.RestoreMediaResponse, error) {
	ids, err := id.ParseAll([]string{req.GetMediaId(), req.GetAttemptId()})
	if err != nil {
		return nil, ErrMediaGone
	}
	return &catalogv1.RestoreMediaResponse{}, restoreMedia(ctx, s.db, ids[0], ids[1])
}

// asTheyAre makes sure that pictures which are to be shown are not being deleted, and brings what is said of them up to
// what is known here. Both hold until the transaction ends.
func asTheyAre(ctx context.Context, tx *pg.Tx, links []link) error {
	if len(links) == 0 {
		return nil
	}
	which := make([]id.ID, len(links))
	for i, l := range links {
		which[i] = l.id
	}
	retired, copies, err := shareMedia(ctx, tx, which)
	if err != nil {
		return err
	}
	for i := range links {
		if retired[links[i].id] {
			return ErrMediaGone.WithObject(map[string]any{"mediaId": links[i].id.String()})
		}
		if err := links[i].follow(copies[links[i].id]); err != nil {
			return err
		}
	}
	return nil
}

// follow takes over what is known of the picture, if that is newer than what was read.
func (l *link) follow(known mediaCopy) error {
	if known.version <= l.version {
		return nil
	}
	var doc catalogv1.Image
	if err := proto.Unmarshal(known.doc, &doc); err != nil {
		return err
	}
	l.describe(shownFromProto(doc.GetAlt(), doc.GetAlts(), doc.GetBlurhash(), doc.GetFocalPoint()))
	return nil
}

// prepareMedia asks what is said of a picture now, and remembers it before any product is looked at: whoever links it
// from then on knows it, and whoever did before is seen.
func (s *Service) prepareMedia(ctx context.Context, e bus.Event) (any, error) {
	if e.Subject == subjectMediaDeleted || s.media == nil {
		return nil, nil //nolint:nilnil // there is nothing to tell
	}
	ctx = auth.With(ctx, auth.Principal{Kind: auth.Service})
	answer, err := s.media.ListAssets(ctx, &mediav1.ListAssetsRequest{Ids: []string{e.Aggregate.String()}})
	if err != nil || len(answer.GetAssets()) == 0 || answer.GetAssets()[0].GetPrivate() {
		return nil, err
	}
	a := answer.GetAssets()[0]
	now := shownFromAsset(a)
	return now, keepCopy(ctx, s.db, e.Aggregate, a.GetVersion(), now)
}

// followPortion is how many products are written at a time when a picture that they show has changed.
const followPortion = 100

// onMediaChanged brings products up to what is said of a picture that they show.
func (s *Service) onMediaChanged(ctx context.Context, tx *pg.Tx, e bus.Event, prepared any) error {
	if e.Subject == subjectMediaDeleted {
		dropCopy(&tx.Writes, e.Aggregate)
		return nil
	}
	now, ok := prepared.(shown)
	if !ok {
		return nil // it is no picture, or gone
	}
	which, err := productsShowing(ctx, tx, e.Aggregate)
	if err != nil {
		return err
	}
	for portion := range slices.Chunk(which, followPortion) {
		if err := s.showAnew(ctx, tx, portion, e.Aggregate, now); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) showAnew(ctx context.Context, tx *pg.Tx, which []id.ID, media id.ID, now shown) error {
	products, err := loadProducts(ctx, tx, which)
	if err != nil {
		return err
	}
	var changed []saved
	var news []bus.News
	for _, one := range which {
		p := products[one]
		if p == nil {
			continue
		}
		before := p.clone()
		if !p.describeImage(media, now) {
			continue
		}
		if _, err := render(p); errors.Is(err, ErrProductTooLarge) {
			// The product was there first: it keeps what it has room for.
			s.log.WarnContext(ctx, "a product is too large for all that is said of a picture", "product", p.id, "picture", media)
			short := now
			short.alts = nil
			if p.describeImage(media, short); slices.EqualFunc(p.images, before.images, image.equal) {
				continue
			}
		}
		p.sequence++
		changed = append(changed, saved{p, changes{images: true}})
		news = append(news, updatedNews(p, &before, changes{}))
	}
	if err := saveProducts(&tx.Writes, changed); err != nil {
		return err
	}
	return bus.EmitAll(ctx, &tx.Writes, news)
}
