package catalog

import (
	"maps"
	"slices"

	"github.com/sovecom/sovecom/kit/id"
)

const maxImages = 100

// image is a picture of the media room, shown with a product.
type image struct {
	id     id.ID // of the media room
	url    string
	width  int32
	height int32
	shown
	ownAlt bool // the text is the product's, and does not follow that of the picture
}

// shown is what is said of a picture besides its size. It is a copy of what the media room knows, which says so when that
// changes.
type shown struct {
	alt      string
	alts     map[string]string // in other languages; never changed in place
	blurhash string
	focal    *point
}

// point is a place in a picture, as fractions of its width and height.
type point struct{ x, y float64 }

func (i image) equal(j image) bool {
	return i.id == j.id && i.url == j.url && i.width == j.width && i.height == j.height && i.ownAlt == j.ownAlt && i.shown.equal(j.shown)
}

func (s shown) equal(t shown) bool {
	return s.alt == t.alt && maps.Equal(s.alts, t.alts) && s.blurhash == t.blurhash && (s.focal == nil) == (t.focal == nil) && (s.focal == nil || *s.focal == *t.focal)
}

// describe takes over what the media room says of the picture now.
func (i *image) describe(now shown) {
	if i.ownAlt {
		now.alt = i.alt
	}
	i.shown = now
}

// describeImage takes over what the media room says of a picture, and reports whether anything is different.
func (p *product) describeImage(which id.ID, now shown) bool {
	for n := range p.images {
		if img := p.images[n]; img.id == which {
			p.images[n].describe(now)
			return !p.images[n].equal(img)
		}
	}
	return false
}

// altIn is what is said of the picture in the first of these languages that there is a text in, else in the shop's own.
func altIn(alt string, alts map[string]string, locales []string) string {
	for _, l := range locales {
		if text := alts[l]; text != "" {
			return text
		}
	}
	return alt
}

// setImages replaces the pictures; the first is the cover, and a picture named twice counts once.
func (p *product) setImages(images []image) {
	p.images = nil
	for _, img := range images {
		if !p.shows(img.id) {
			p.images = append(p.images, img)
		}
	}
	p.unpicture()
}

// firstImages gives a new product its pictures, some of which may show one of its variants.
func (p *product) firstImages(images []image) error {
	variants := slices.Clone(p.variants)
	p.setImages(images)
	for i := range variants {
		if err := p.pictures(indexed("variants", i)+".imageId", &variants[i]); err != nil {
			return err
		}
	}
	return nil
}

// pictures holds a variant to show itself by a picture of its product.
func (p *product) pictures(field string, v *variant) error {
	if !v.image.IsZero() && !p.shows(v.image) {
		return ErrVariantImage.WithField(field, "unknown", ErrVariantImage.Message())
	}
	return nil
}

// unpicture takes from variants the pictures that the product no longer has.
func (p *product) unpicture() {
	for i := range p.variants {
		if v := &p.variants[i]; !v.image.IsZero() && !p.shows(v.image) {
			v.image = id.ID{}
		}
	}
}

// addImages puts pictures at the end.
func (p *product) addImages(images []image) error {
	for _, img := range images {
		if p.shows(img.id) {
			return ErrImageAttached.WithObject(map[string]any{"mediaId": img.id.String()})
		}
		if len(p.images) >= maxImages {
			return ErrTooMany.WithField("images", "too_many", "A product has at most 100 pictures.")
		}
		p.images = append(p.images, img)
	}
	return nil
}

// removeImages takes pictures away; the files stay.
func (p *product) removeImages(ids []id.ID) error {
	for _, which := range ids {
		if !p.shows(which) {
			return ErrImageNotFound
		}
		p.images = slices.DeleteFunc(p.images, func(img image) bool { return img.id == which })
	}
	p.unpicture()
	return nil
}

func (p *product) shows(which id.ID) bool {
	return slices.ContainsFunc(p.images, func(img image) bool { return img.id == which })
}
