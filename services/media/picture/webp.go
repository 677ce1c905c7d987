package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"math"
	"slices"

	"golang.org/x/image/webp"
)

// A WebP (RFC 9649) is a RIFF container: a length of the whole, then chunks with a name, a length and content, padded to an
// even number of bytes.

const (
	webpAlpha     = 0x10
	webpAnimation = 0x02
	webpProfile   = 0x20
)

func scanWebP(r io.ReaderAt, size int64) ([]part, Facts, error) {
	var head [12]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return nil, Facts{}, errTruncated
	}
	end := int64(binary.LittleEndian.Uint32(head[4:8])) + 8
	if end > size {
		return nil, Facts{}, errTruncated
	}
	var facts Facts
	parts, err := riffChunks(r, 12, end)
	if err != nil {
		return nil, facts, err
	}
	data := false
	for _, p := range parts {
		switch p.name {
		case "VP8 ", "VP8L", "ANMF":
			data = true
			facts.Animated = facts.Animated || p.name == "ANMF"
		case "EXIF":
			from := p.start + 8
			if mark, err := readPart(r, part{"", from, p.end}, 6); err == nil && string(mark) == exifMark {
				from += 6 // some write the marker of JPEG as well
			}
			facts.Orientation = exifOrientation(r, from, p.end)
		}
	}
	if !data {
		return nil, facts, errors.New("the picture has no data")
	}
	cfg, err := webp.DecodeConfig(io.NewSectionReader(r, 0, size))
	facts.Width, facts.Height = cfg.Width, cfg.Height
	return parts, facts, err
}

func riffChunks(r io.ReaderAt, at, end int64) ([]part, error) {
	var parts []part
	for at+8 <= end {
		var chunk [8]byte
		if _, err := r.ReadAt(chunk[:], at); err != nil {
			return nil, errTruncated
		}
		length := int64(binary.LittleEndian.Uint32(chunk[4:8]))
		if at+8+length > end {
			return nil, errTruncated
		}
		if len(parts) > maxParts {
			return nil, errors.New("there are too many chunks")
		}
		parts = append(parts, part{string(chunk[:4]), at, at + 8 + length})
		at += 8 + length + length&1
	}
	return parts, nil
}

func cleanWebP(w io.Writer, r io.ReaderAt, parts []part) error {
	var body bytes.Buffer
	for _, p := range parts {
		switch p.name {
		case "VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP":
		default:
			continue
		}
		from := body.Len()
		if err := copyPart(&body, r, p); err != nil {
			return err
		}
		if p.name == "VP8X" && body.Len() > from+8 {
			body.Bytes()[from+8] &= webpAlpha | webpAnimation | webpProfile
		}
		if body.Len()%2 == 1 {
			body.WriteByte(0)
		}
	}
	return writeRIFF(w, body.Bytes())
}

func writeRIFF(w io.Writer, body []byte) error {
	head := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(len(body)+4))...)
	if _, err := w.Write(append(head, "WEBP"...)); err != nil {
		return err
	}
	_, err := w.Write(body)
	return err
}

// decodeWebP decodes a picture, or the first one of an animation on its canvas.
func decodeWebP(r io.ReaderAt, size int64, parts []part, facts Facts) (image.Image, error) {
	if !facts.Animated {
		m, err := webp.Decode(io.NewSectionReader(r, 0, size))
		return fullRange(m), err
	}
	for _, p := range parts {
		if p.name != "ANMF" {
			continue
		}
		const headLen = 16
		head, err := readPart(r, part{"", p.start + 8, p.end}, headLen)
		if err != nil || len(head) < headLen {
			return nil, errTruncated
		}
		number := func(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
		x, y, w, h := 2*number(head), 2*number(head[3:]), number(head[6:])+1, number(head[9:])+1
		frames, err := riffChunks(r, p.start+8+headLen, p.end)
		if err != nil {
			return nil, err
		}
		// As a file of its own: its size and that it has alpha, when it has; then its chunks.
		var single []byte
		if slices.ContainsFunc(frames, func(f part) bool { return f.name == "ALPH" }) {
			single = []byte{'V', 'P', '8', 'X', 10, 0, 0, 0, webpAlpha, 0, 0, 0, byte(w - 1), byte((w - 1) >> 8), byte((w - 1) >> 16), byte(h - 1), byte((h - 1) >> 8), byte((h - 1) >> 16)}
		}
		for _, f := range frames {
			if f.name != "ALPH" && f.name != "VP8 " && f.name != "VP8L" {
				continue
			}
			chunk, err := readPart(r, f, f.end-f.start)
			if err != nil {
				return nil, err
			}
			if single = append(single, chunk...); len(single)%2 == 1 {
				single = append(single, 0)
			}
		}
		var file bytes.Buffer
		if err := writeRIFF(&file, single); err != nil {
			return nil, err
		}
		frame, err := webp.Decode(&file)
		if err != nil {
			return nil, err
		}
		return onCanvas(fullRange(frame), image.Pt(x, y), facts), nil
	}
	return nil, errTruncated
}

// fullRange widens the samples of a lossy picture, which go from 16 to 235 and 240 (RFC 6386, 9.2, and ITU-R BT.601), to
// the 0 to 255 that image.YCbCr means.
func fullRange(m image.Image) image.Image {
	var ycc *image.YCbCr
	switch m := m.(type) {
	case *image.YCbCr:
		ycc = m
	case *image.NYCbCrA:
		ycc = &m.YCbCr
	default:
		return m
	}
	var luma, chroma [256]byte
	for v := range 256 {
		luma[v] = clamp(int32(math.Round(float64(v-16) * 255 / 219)))
		chroma[v] = clamp(int32(math.Round(float64(v-128)*255/224)) + 128)
	}
	for i, v := range ycc.Y {
		ycc.Y[i] = luma[v]
	}
	for i, v := range ycc.Cb {
		ycc.Cb[i] = chroma[v]
	}
	for i, v := range ycc.Cr {
		ycc.Cr[i] = chroma[v]
	}
	return m
}

func profileWebP(r io.ReaderAt, parts []part) []byte {
	for _, p := range parts {
		if p.name == "ICCP" {
			profile, err := readPart(r, part{"", p.start + 8, p.end}, maxProfile)
			if err != nil {
				return nil
			}
			return profile
		}
	}
	return nil
}
