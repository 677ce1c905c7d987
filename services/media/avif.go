package media

import (
	"encoding/binary"
	"errors"
	"image"
	"io"
)

// AVIF is a tree of boxes (ISO/IEC 14496-12): a length, a name of four letters, then the content. The size in pixels is
// in the boxes called ispe (ISO/IEC 23008-12), one per part of the picture; the whole is the largest.

// isAVIF looks for the brand avif or avis in the first box.
func isAVIF(head []byte) bool {
	if len(head) < 16 || string(head[4:8]) != "ftyp" {
		return false
	}
	end := min(int64(len(head)), int64(binary.BigEndian.Uint32(head[:4])))
	for at := int64(8); at+4 <= end; at += 4 {
		if brand := string(head[at : at+4]); at != 12 && (brand == "avif" || brand == "avis") {
			return true
		}
	}
	return false
}

// box is one box of a file: where its content is.
type box struct {
	name       string
	start, end int64
}

// boxes lists those between two places, which they must fill.
func boxes(r io.ReaderAt, start, end int64) ([]box, error) {
	const most = 4096
	var out []box
	for at := start; at < end; {
		var head [16]byte
		if end-at < 8 || len(out) == most {
			return nil, errTruncated
		}
		if _, err := r.ReadAt(head[:8], at); err != nil {
			return nil, errTruncated
		}
		length, content := int64(binary.BigEndian.Uint32(head[:4])), at+8
		switch length {
		case 0: // to the end
			length = end - at
		case 1:
			if _, err := r.ReadAt(head[8:], at+8); err != nil {
				return nil, errTruncated
			}
			large := binary.BigEndian.Uint64(head[8:])
			if large > uint64(end-at) {
				return nil, errTruncated
			}
			length, content = int64(large), at+16
		}
		if length < content-at || length > end-at {
			return nil, errTruncated
		}
		out = append(out, box{string(head[4:8]), content, at + length})
		at += length
	}
	return out, nil
}

func measureAVIF(r io.ReaderAt, size int64) (image.Config, error) {
	top, err := boxes(r, 0, size)
	if err != nil {
		return image.Config{}, err
	}
	var cfg image.Config
	data := false
	for _, b := range top {
		switch b.name {
		case "mdat":
			data = true
		case "meta":
			if cfg, err = largestPart(r, box{b.name, b.start + 4, b.end}); err != nil { // 4: version and flags
				return cfg, err
			}
		}
	}
	if !data {
		return image.Config{}, errors.New("the picture has no data")
	}
	return cfg, nil
}

// largestPart reads meta/iprp/ipco/ispe.
func largestPart(r io.ReaderAt, meta box) (image.Config, error) {
	parts := []box{meta}
	for _, name := range []string{"iprp", "ipco", "ispe"} {
		var next []box
		for _, p := range parts {
			inner, err := boxes(r, p.start, p.end)
			if err != nil {
				return image.Config{}, err
			}
			for _, b := range inner {
				if b.name == name {
					next = append(next, b)
				}
			}
		}
		parts = next
	}
	var cfg image.Config
	for _, p := range parts {
		var b [12]byte // version and flags, width, height
		if p.end-p.start < 12 {
			return image.Config{}, errTruncated
		}
		if _, err := r.ReadAt(b[:], p.start); err != nil {
			return image.Config{}, errTruncated
		}
		w, h := int(binary.BigEndian.Uint32(b[4:8])), int(binary.BigEndian.Uint32(b[8:12]))
		if w > 1<<20 || h > 1<<20 {
			return image.Config{}, errors.New("the size is beyond reason")
		}
		if w*h > cfg.Width*cfg.Height {
			cfg.Width, cfg.Height = w, h
		}
	}
	return cfg, nil
}
