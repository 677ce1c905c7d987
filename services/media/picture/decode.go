package picture

import (
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
	"image/png"
	"io"

	"github.com/gen2brain/avif"
)

// decoded is a picture in memory, as it is stored: perhaps lying on its side.
type decoded struct {
	image.Image

	facts   Facts
	profile []byte // ICC; empty for sRGB
}

// decode reads all pixels: those of the first picture of an animation.
func decode(r io.ReaderAt, size int64) (decoded, error) {
	facts, k, parts, err := look(r, size)
	if err != nil {
		return decoded{}, err
	}
	d := decoded{facts: facts}
	whole := io.NewSectionReader(r, 0, size)
	switch k.extension {
	case "jpg":
		d.profile = profileJPEG(r, parts)
		d.Image, err = decodeJPEG(r, size, parts)
		if m, ok := d.Image.(*image.CMYK); ok {
			if to := readInks(d.profile); to != nil {
				d.Image = inks{m, to}
			}
			d.profile = nil
		}
	case "png":
		d.profile = profilePNG(r, parts)
		d.Image, err = png.Decode(whole)
	case "gif":
		if d.Image, err = gif.Decode(whole); err == nil {
			d.Image = onCanvas(d.Image, d.Bounds().Min, facts)
		}
	case "webp":
		d.profile = profileWebP(r, parts)
		d.Image, err = decodeWebP(r, size, parts, facts)
	case "avif":
		var alpha bool
		d.profile, alpha = avifMore(r, size)
		if d.Image, err = avif.Decode(whole); err == nil && !isDrawn(d.Image, alpha) {
			err = errors.New("nothing came out")
		}
	}
	if err != nil {
		return decoded{}, broken(err)
	}
	if w, h := d.stored(); d.Bounds().Dx() != w || d.Bounds().Dy() != h {
		return decoded{}, fmt.Errorf("%w: it is announced as %d × %d and is %d × %d", ErrBroken, w, h, d.Bounds().Dx(), d.Bounds().Dy())
	}
	if d.Bounds().Min != (image.Point{}) {
		d.Image = onCanvas(d.Image, image.Point{}, facts)
	}
	return d, nil
}

// stored is the size before turning.
func (d decoded) stored() (w, h int) {
	if d.facts.Orientation >= 5 {
		return d.facts.Height, d.facts.Width
	}
	return d.facts.Width, d.facts.Height
}

// onCanvas puts the first picture of an animation where it belongs, if it does not cover everything.
func onCanvas(m image.Image, at image.Point, facts Facts) image.Image {
	canvas := image.Rect(0, 0, facts.Width, facts.Height)
	if at == (image.Point{}) && m.Bounds() == canvas {
		return m
	}
	out := image.NewNRGBA(canvas)
	draw.Draw(out, m.Bounds().Sub(m.Bounds().Min).Add(at), m, m.Bounds().Min, draw.Src)
	return out
}

// isDrawn reports whether a picture can be what was decoded. The AVIF decoder says nothing of data that is damaged: it
// leaves what was in memory, which is not opaque, is nothing at all, or is no colour with premultiplied alpha.
func isDrawn(m image.Image, alpha bool) bool {
	if !alpha {
		return isOpaque(m)
	}
	var something bool
	switch m := m.(type) {
	case *image.RGBA:
		for i := 0; i < len(m.Pix); i += 4 {
			p := m.Pix[i : i+4 : i+4]
			if max(p[0], p[1], p[2]) > p[3] {
				return false
			}
			something = something || p[3] != 0
		}
		return something
	case *image.RGBA64:
		for i := 0; i < len(m.Pix) && !something; i++ {
			something = m.Pix[i] != 0
		}
		return something
	}
	return true
}

// isOpaque reports whether nothing shines through.
func isOpaque(m image.Image) bool {
	o, ok := m.(interface{ Opaque() bool })
	return ok && o.Opaque()
}
