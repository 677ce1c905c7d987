package cart

import (
	"encoding/json"
	"fmt"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
)

// Picture is what is said of the picture of a line, besides its address.
type Picture struct {
	Alt      string   `json:"alt"`
	Width    int32    `json:"width"`
	Height   int32    `json:"height"`
	Blurhash string   `json:"blurhash,omitempty"`
	FocalX   *float64 `json:"focalX,omitempty"` // of the width, from the left
	FocalY   *float64 `json:"focalY,omitempty"` // of the height, from the top
}

func (p *Picture) equal(q *Picture) bool {
	if p == nil || q == nil {
		return p == q
	}
	same := func(a, b *float64) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
	return p.Alt == q.Alt && p.Width == q.Width && p.Height == q.Height && p.Blurhash == q.Blurhash && same(p.FocalX, q.FocalX) && same(p.FocalY, q.FocalY)
}

func pictureFromProto(img *catalogv1.Image) *Picture {
	if img == nil {
		return nil
	}
	out := &Picture{Alt: img.GetAlt(), Width: img.GetWidth(), Height: img.GetHeight(), Blurhash: img.GetBlurhash()}
	if f := img.GetFocalPoint(); f != nil {
		out.FocalX, out.FocalY = new(f.GetX()), new(f.GetY())
	}
	return out
}

// pictureToProto is nil when there is no picture.
func pictureToProto(url string, p *Picture) *typev1.Picture {
	if url == "" || p == nil {
		return nil
	}
	out := &typev1.Picture{Url: url, Alt: p.Alt, Width: p.Width, Height: p.Height, Blurhash: p.Blurhash}
	if p.FocalX != nil && p.FocalY != nil {
		out.FocalPoint = &typev1.Point{X: *p.FocalX, Y: *p.FocalY}
	}
	return out
}

// pictureJSON is how a picture is stored; null when there is none.
func pictureJSON(p *Picture) (*string, error) {
	if p == nil {
		return nil, nil //nolint:nilnil // null
	}
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	return new(string(text)), nil
}
