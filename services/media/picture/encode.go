package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/gen2brain/webp"
)

// What the encoders are told. The numbers of one format mean nothing in another.
const (
	avifQuality = 55
	webpQuality = 75
	webpMethod  = 2 // of 6
	jpegQuality = 80
	// masterQuality is for a picture that had to be turned and is encoded anew at full size.
	masterQuality = 92
)

// unmultiplied undoes the premultiplication with alpha, which WebP does not know.
func unmultiplied(m *image.RGBA, opaque bool) *image.NRGBA {
	out := &image.NRGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
	if opaque {
		return out
	}
	out.Pix = bytes.Clone(m.Pix)
	for i := 0; i < len(out.Pix); i += 4 {
		p := out.Pix[i : i+4 : i+4]
		if a := uint32(p[3]); a != 0 && a != 255 {
			p[0], p[1], p[2] = straight(p[0], a), straight(p[1], a), straight(p[2], a)
		}
	}
	return out
}

// encodeUpright writes a picture that had to be turned, at full size and in the format it had.
func encodeUpright(w io.Writer, d decoded) error {
	if ycc, ok := d.Image.(*image.YCbCr); ok && d.facts.Extension == "jpg" {
		if turned := turnYCbCr(ycc, d.facts.Orientation); turned != nil {
			return encodeJPEG(w, turned, d.profile)
		}
	}
	m := turnRGBA(shrink(d.Image, d.Bounds().Dx(), d.Bounds().Dy()), d.facts.Orientation)
	if c := readProfile(d.profile); c != nil {
		c.apply(m)
	}
	switch d.facts.Extension {
	case "jpg":
		return encodeJPEG(w, m, nil)
	case "webp":
		return webp.Encode(w, unmultiplied(m, isOpaque(m)), webp.Options{Quality: masterQuality, Method: 4})
	}
	packer := png.Encoder{CompressionLevel: png.BestSpeed}
	return packer.Encode(w, unmultiplied(m, isOpaque(m)))
}

// encodeJPEG writes a JPEG with a colour profile in it.
func encodeJPEG(w io.Writer, m image.Image, profile []byte) error {
	if len(profile) == 0 {
		return jpeg.Encode(w, m, &jpeg.Options{Quality: masterQuality})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: masterQuality}); err != nil {
		return err
	}
	file := b.Bytes()
	if _, err := w.Write(file[:2]); err != nil {
		return err
	}
	const most = 65519 // of a profile, in one segment
	count := (len(profile) + most - 1) / most
	for n := 1; len(profile) > 0 && count < 256; n++ {
		piece := profile[:min(most, len(profile))]
		profile = profile[len(piece):]
		length := 2 + len(iccMark) + 2 + len(piece)
		segment := append([]byte{0xff, 0xe2, byte(length >> 8), byte(length)}, iccMark...)
		segment = append(append(segment, byte(n), byte(count)), piece...)
		if _, err := w.Write(segment); err != nil {
			return err
		}
	}
	_, err := w.Write(file[2:])
	return err
}
