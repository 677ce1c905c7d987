package catalog

import (
	"math"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
)

func imageToProto(img image) *catalogv1.Image {
	out := img.shown.toProto()
	out.Id, out.Url, out.Width, out.Height, out.OwnAlt = img.id.String(), img.url, img.width, img.height, img.ownAlt
	return out
}

func (s shown) toProto() *catalogv1.Image {
	out := &catalogv1.Image{Alt: s.alt, Alts: s.alts, Blurhash: s.blurhash}
	if s.focal != nil {
		out.FocalPoint = &typev1.Point{X: s.focal.x, Y: s.focal.y}
	}
	return out
}

func shownFromProto(alt string, alts map[string]string, blurhash string, focal *typev1.Point) shown {
	s := shown{alt: alt, alts: alts, blurhash: blurhash}
	if focal != nil {
		s.focal = focalPoint(focal.GetX(), focal.GetY())
	}
	return s
}

// focalPoint has four places, which the database keeps, so that what was read is what is written.
func focalPoint(x, y float64) *point {
	places := func(v float64) float64 { return math.Round(min(max(v, 0), 1)*1e4) / 1e4 }
	return &point{places(x), places(y)}
}

// shownFromAsset is what the media room says of a picture.
func shownFromAsset(a *mediav1.Asset) shown {
	s := shown{alt: a.GetAlt(), alts: a.GetAlts(), blurhash: a.GetBlurhash()}
	if f := a.GetFocalPoint(); f != nil {
		s.focal = focalPoint(f.GetX(), f.GetY())
	}
	return s
}

// link is a picture that a product is to show, as the caller has read it.
type link struct {
	image
	version int64 // of the asset that was read
}

func linkFromAsset(a *mediav1.Asset) (link, error) {
	media, err := id.Parse(a.GetId())
	return link{image{id: media, url: a.GetUrl(), width: a.GetWidth(), height: a.GetHeight(), shown: shownFromAsset(a)}, a.GetVersion()}, err
}

func linksFromProto(list []*catalogv1.ImageInput) ([]link, error) {
	out := make([]link, len(list))
	for i, in := range list {
		media, err := id.Parse(in.GetId())
		if err != nil {
			return nil, ErrTextInvalid.WithField(indexed("images", i)+".mediaId", "invalid", "It is not an id.")
		}
		out[i] = link{
			image{
				id: media, url: in.GetUrl(), width: in.GetWidth(), height: in.GetHeight(), ownAlt: in.GetOwnAlt(),
				shown: shownFromProto(in.GetAlt(), in.GetAlts(), in.GetBlurhash(), in.GetFocalPoint()),
			}, in.GetVersion(),
		}
	}
	return out, nil
}

// imageID reads the id of a picture that was looked at already; no text is no picture.
func imageID(text string) id.ID {
	which, err := id.Parse(text)
	if err != nil {
		return id.ID{}
	}
	return which
}

func imagesOf(links []link) []image {
	out := make([]image, len(links))
	for i, l := range links {
		out[i] = l.image
	}
	return out
}

// tellPicture leaves of a picture what shoppers see, in the first of these languages that there is a text in. It changes
// img, which must be the caller's own.
func tellPicture(img *catalogv1.Image, locales []string) {
	img.Alt = altIn(img.GetAlt(), img.GetAlts(), locales)
	img.Alts, img.OwnAlt = nil, false
}
