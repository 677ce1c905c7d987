package catalog

import (
	"slices"

	"github.com/sovecom/sovecom/kit/id"
)

const maxImages = 100

// image is a picture of the media room, shown with a product.
type image struct {
	id     id.ID // of the media room
	url    string
	alt    string
	width  int32
	height int32
}

// setImages replaces the pictures; the first is the cover, and a picture named twice counts once.
func (p *product) setImages(images []image) {
	p.images = nil
	for _, img := range images {
		if !p.shows(img.id) {
			p.images = append(p.images, img)
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
	return nil
}

func (p *product) shows(which id.ID) bool {
	return slices.ContainsFunc(p.images, func(img image) bool { return img.id == which })
}
