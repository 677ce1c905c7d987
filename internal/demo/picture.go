package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
)

// MaxJPEG is the largest a picture's JPEG may be, in bytes.
const MaxJPEG = 120 * 1024

// View is how near a picture looks.
type View uint8

const (
	Whole   View = iota // the whole product
	CloseUp             // a detail and the surface of the material
)

// Pattern is what is printed on, woven into or glazed onto a product.
type Pattern uint8

const (
	Plain Pattern = iota
	Stripes
	Checks
	Speckles
	Bands
	Cables
)

// Picture describes one product picture; Draw renders it. Pictures are data:
// equal descriptions give equal bytes.
type Picture struct {
	File    string // a file name that is unique in the shop, "oda-linen-shirt-1.jpg"
	Alt     string // what a person who cannot see the picture should read
	Shows   string // the value of the option "colour" in the picture, or empty
	Kind    Kind
	View    View
	Pattern Pattern
	Colour  RGB // the body of the product
	Accent  RGB // the second colour: wood, cord, stripe, handle
	Ground  RGB // the backdrop
}

// Draw renders the picture, 1200 × 1200 and opaque.
func Draw(p Picture) image.Image { return compose(p) }

// JPEG renders and encodes the picture. The result is at most MaxJPEG bytes.
// Its only error is the encoder's.
func (p Picture) JPEG() ([]byte, error) {
	img := compose(p)
	var out bytes.Buffer
	// Flat drawings need no more than this; a busy weave steps down.
	for _, quality := range []int{86, 76, 64, 50} {
		out.Reset()
		if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("encode %s: %w", p.File, err)
		}
		if out.Len() <= MaxJPEG {
			return out.Bytes(), nil
		}
	}
	return nil, fmt.Errorf("encode %s: %d bytes is more than a product picture may have", p.File, out.Len())
}
