package gateway

import (
	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/rendition"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// image is a picture with everything it may be shown as.
func image(i *catalogv1.Image) storev1.Image {
	return storev1.Image{
		ID: i.GetId(), URL: i.GetUrl(), Alt: i.GetAlt(), Width: int(i.GetWidth()), Height: int(i.GetHeight()),
		Renditions: renditions(rendition.Of(i.GetUrl(), int(i.GetWidth())), ""),
	}
}

// thumbnails are pictures as lists show them: a list of products is short, and every browser shows WebP.
func thumbnails(images []*catalogv1.Image) []storev1.Image {
	out := make([]storev1.Image, len(images))
	for n, i := range images {
		out[n] = storev1.Image{ID: i.GetId(), URL: i.GetUrl(), Alt: i.GetAlt(), Width: int(i.GetWidth()), Height: int(i.GetHeight()), Renditions: []storev1.Rendition{}}
		if n == 0 {
			out[n].Renditions = renditions(rendition.Of(i.GetUrl(), int(i.GetWidth())), "webp")
		}
	}
	return out
}

// renditions of one format, or of all.
func renditions(all []rendition.Rendition, format string) []storev1.Rendition {
	out := make([]storev1.Rendition, 0, len(all))
	for _, r := range all {
		if format == "" || r.Format == format {
			out = append(out, storev1.Rendition(r))
		}
	}
	return out
}
