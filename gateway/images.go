package gateway

import (
	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/rendition"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// image is a picture with everything it may be shown as.
func image(i *catalogv1.Image) storev1.Image {
	return storev1.Image{
		ID: i.GetId(), URL: i.GetUrl(), Alt: i.GetAlt(), Width: int(i.GetWidth()), Height: int(i.GetHeight()),
		Blurhash: textPtr(i.GetBlurhash()), FocalPoint: focalPoint(i.GetFocalPoint()), Renditions: renditions(rendition.Of(i.GetUrl(), int(i.GetWidth()))),
	}
}

func focalPoint(p *typev1.Point) *storev1.FocalPoint {
	if p == nil {
		return nil
	}
	return &storev1.FocalPoint{X: p.GetX(), Y: p.GetY()}
}

// linePicture is the picture of a line of a cart or an order.
func linePicture(p *typev1.Picture) *storev1.LinePicture {
	if p == nil {
		return nil
	}
	return &storev1.LinePicture{
		URL: p.GetUrl(), Alt: p.GetAlt(), Width: int(p.GetWidth()), Height: int(p.GetHeight()),
		Blurhash: textPtr(p.GetBlurhash()), FocalPoint: focalPoint(p.GetFocalPoint()),
		Renditions: renditions(rendition.In("webp", p.GetUrl(), int(p.GetWidth()))),
	}
}

func renditions(all []rendition.Rendition) []storev1.Rendition {
	out := make([]storev1.Rendition, len(all))
	for i, r := range all {
		out[i] = storev1.Rendition(r)
	}
	return out
}
