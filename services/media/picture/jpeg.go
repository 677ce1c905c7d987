package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"strings"
)

// A JPEG (ITU-T T.81) is a row of segments: a marker, a length, content; the pixels are what follows a start of scan. The
// end marker ends it, whatever comes after: telephones put more pictures there, with places of their own.

const (
	// maxScans of a progressive JPEG: each one is another pass over all pixels.
	maxScans = 100
	// maxParts of any file.
	maxParts = 100_000
	// maxProfile is how long a colour profile may be.
	maxProfile = 4 << 20
)

// How the content of a segment begins that says what it is.
const (
	exifMark = "Exif\x00\x00"
	iccMark  = "ICC_PROFILE\x00"
	jfifMark = "JFIF\x00"
)

func scanJPEG(r io.ReaderAt, size int64) ([]part, Facts, error) {
	cfg, err := jpeg.DecodeConfig(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, Facts{}, err
	}
	facts := Facts{Width: cfg.Width, Height: cfg.Height}
	parts := []part{{"start", 0, 2}}
	scans := 0
	var b [4]byte
	for at := int64(2); ; {
		if len(parts) > maxParts {
			return nil, facts, errors.New("there are too many segments")
		}
		if _, err := r.ReadAt(b[:2], at); err != nil {
			return nil, facts, errTruncated
		}
		if b[0] != 0xff {
			return nil, facts, errors.New("a segment does not begin with a marker")
		}
		marker := b[1]
		switch {
		case marker == 0xff: // padding
			at++
			continue
		case marker == 0x01, marker >= 0xd0 && marker <= 0xd7:
			at += 2
			continue
		case marker == 0xd9:
			if scans == 0 {
				return nil, facts, errors.New("the picture has no data")
			}
			return append(parts, part{"end", at, at + 2}), facts, nil
		}
		if _, err := r.ReadAt(b[2:4], at+2); err != nil {
			return nil, facts, errTruncated
		}
		end := at + 2 + int64(binary.BigEndian.Uint16(b[2:4]))
		if end > size || end < at+4 {
			return nil, facts, errTruncated
		}
		p := part{"segment", at, end}
		switch {
		case marker == 0xda:
			if scans++; scans > maxScans {
				return nil, facts, errors.New("there are too many scans")
			}
			if p.end, err = scanEnd(r, end, size); err != nil {
				return nil, facts, err
			}
			p.name = "scan"
		case marker == 0xfe:
			p.name = "comment"
		case marker >= 0xe0 && marker <= 0xef:
			if p.name, err = applicationName(r, marker, p); err != nil {
				return nil, facts, err
			}
		}
		if p.name == "exif" && facts.Orientation == 0 {
			facts.Orientation = exifOrientation(r, p.start+4+int64(len(exifMark)), p.end)
		}
		parts = append(parts, p)
		at = p.end
	}
}

// applicationName tells the segments APP0 to APP15 apart.
func applicationName(r io.ReaderAt, marker byte, p part) (string, error) {
	head, err := readPart(r, part{"", p.start + 4, p.end}, 16)
	if err != nil {
		return "", errTruncated
	}
	switch {
	case marker == 0xe0 && bytes.HasPrefix(head, []byte(jfifMark)):
		return "jfif", nil
	case marker == 0xe1 && bytes.HasPrefix(head, []byte(exifMark)):
		return "exif", nil
	case marker == 0xe2 && bytes.HasPrefix(head, []byte(iccMark)):
		return "icc", nil
	case marker == 0xee && bytes.HasPrefix(head, []byte("Adobe")):
		return "adobe", nil // how colours are to be read, without which CMYK comes out inverted
	}
	return "application", nil
}

// scanEnd finds the marker that ends a scan's data.
func scanEnd(r io.ReaderAt, at, size int64) (int64, error) {
	in := bufio.NewReaderSize(io.NewSectionReader(r, at, size-at), 64<<10)
	for {
		n, err := skipTo(in, 0xff)
		at += n
		if err != nil {
			return 0, errTruncated
		}
		for {
			next, err := in.ReadByte()
			if err != nil {
				return 0, errTruncated
			}
			if next == 0xff { // padding
				at++
				continue
			}
			if next != 0 && (next < 0xd0 || next > 0xd7) {
				return at - 1, nil
			}
			at++
			break
		}
	}
}

// skipTo reads up to and with the byte, and says how many bytes that were.
func skipTo(in *bufio.Reader, b byte) (int64, error) {
	var n int64
	for {
		chunk, err := in.ReadSlice(b)
		n += int64(len(chunk))
		if !errors.Is(err, bufio.ErrBufferFull) {
			return n, err
		}
	}
}

func cleanJPEG(w io.Writer, r io.ReaderAt, parts []part) error {
	for _, p := range parts {
		switch p.name {
		case "exif", "application", "comment":
			continue
		case "jfif":
			// Without the thumbnail that may be in it.
			head, err := readPart(r, part{"", p.start + 4, p.end}, 14)
			if err != nil || len(head) < 12 {
				continue
			}
			head = append(head[:12], 0, 0)
			if _, err := w.Write(append([]byte{0xff, 0xe0, 0, 16}, head...)); err != nil {
				return err
			}
		default:
			if err := copyPart(w, r, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// profileJPEG puts the colour profile together, which is spread over segments that are numbered from 1.
func profileJPEG(r io.ReaderAt, parts []part) []byte {
	pieces := map[byte][]byte{}
	for _, p := range parts {
		if p.name != "icc" {
			continue
		}
		head := int64(4 + len(iccMark) + 2)
		if p.end-p.start < head || len(pieces) > 255 {
			return nil
		}
		b, err := readPart(r, part{"", p.start + 4 + int64(len(iccMark)), p.end}, 64<<10)
		if err != nil {
			return nil
		}
		pieces[b[0]] = b[2:]
	}
	var profile []byte
	for n := 1; n <= len(pieces); n++ {
		profile = append(profile, pieces[byte(n)]...)
	}
	return profile
}

// adobeMark is the segment that says of four channels that they are inks, which Go's decoder asks for.
const adobeMark = "\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"

// decodeJPEG decodes a picture, also one of inks whose writer is not Adobe's: it has no mark, and more is more ink.
func decodeJPEG(r io.ReaderAt, size int64, parts []part) (image.Image, error) {
	whole := io.NewSectionReader(r, 0, size)
	if !lacksMark(r, parts) {
		return jpeg.Decode(whole)
	}
	m, err := jpeg.Decode(io.MultiReader(io.NewSectionReader(r, 0, 2), strings.NewReader(adobeMark), io.NewSectionReader(r, 2, size-2)))
	if inks, ok := m.(*image.CMYK); ok {
		for i, v := range inks.Pix {
			inks.Pix[i] = 255 - v
		}
	}
	return m, err
}

// lacksMark reports whether a picture has four channels and nothing says which.
func lacksMark(r io.ReaderAt, parts []part) bool {
	four := false
	for _, p := range parts {
		if p.name == "adobe" {
			return false
		}
		if head, err := readPart(r, p, 10); p.name == "segment" && err == nil && len(head) == 10 && head[1] >= 0xc0 && head[1] <= 0xc2 {
			four = four || head[9] == 4
		}
	}
	return four
}
