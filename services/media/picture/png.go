package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image/png"
	"io"
)

// A PNG (ISO/IEC 15948) is a row of chunks: a length, a name, content, a sum.

const pngMagic = "\x89PNG\r\n\x1a\n"

func scanPNG(r io.ReaderAt, size int64) ([]part, Facts, error) {
	cfg, err := png.DecodeConfig(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, Facts{}, err
	}
	facts := Facts{Width: cfg.Width, Height: cfg.Height}
	parts := []part{{"", 0, int64(len(pngMagic))}}
	var head [8]byte
	var tail [4]byte
	data := false
	for at := int64(len(pngMagic)); ; {
		if len(parts) > maxParts {
			return nil, facts, errors.New("there are too many chunks")
		}
		if _, err := r.ReadAt(head[:], at); err != nil {
			return nil, facts, errTruncated
		}
		length := int64(binary.BigEndian.Uint32(head[:4]))
		if length > size-at-12 {
			return nil, facts, errTruncated
		}
		sum := crc32.NewIEEE()
		if _, err := io.Copy(sum, io.NewSectionReader(r, at+4, length+4)); err != nil {
			return nil, facts, err
		}
		if _, err := r.ReadAt(tail[:], at+8+length); err != nil {
			return nil, facts, errTruncated
		}
		if sum.Sum32() != binary.BigEndian.Uint32(tail[:]) {
			return nil, facts, errors.New("a chunk does not have its sum")
		}
		p := part{string(head[4:8]), at, at + 12 + length}
		parts = append(parts, p)
		switch p.name {
		case "IDAT":
			data = true
		case "acTL":
			facts.Animated = true
		case "eXIf":
			facts.Orientation = exifOrientation(r, p.start+8, p.end-4)
		case "IEND":
			if !data {
				return nil, facts, errors.New("the picture has no data")
			}
			return parts, facts, nil
		}
		at = p.end
	}
}

func cleanPNG(w io.Writer, r io.ReaderAt, parts []part) error {
	for _, p := range parts {
		switch p.name {
		case "", "IHDR", "PLTE", "IDAT", "IEND", "tRNS", // pixels
			"acTL", "fcTL", "fdAT", // more pixels
			"gAMA", "cHRM", "sRGB", "iCCP", "cICP", "mDCV", "cLLI", "sBIT", "bKGD": // how they are to look
			if err := copyPart(w, r, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func profilePNG(r io.ReaderAt, parts []part) []byte {
	for _, p := range parts {
		if p.name != "iCCP" {
			continue
		}
		content, err := readPart(r, part{"", p.start + 8, p.end - 4}, maxProfile)
		if err != nil {
			return nil
		}
		_, rest, ok := bytes.Cut(content, []byte{0}) // a name, how it is packed, the profile
		if !ok || len(rest) < 1 {
			return nil
		}
		packed, err := zlib.NewReader(bytes.NewReader(rest[1:]))
		if err != nil {
			return nil
		}
		profile, err := io.ReadAll(io.LimitReader(packed, maxProfile))
		if err != nil {
			return nil
		}
		return profile
	}
	return nil
}
