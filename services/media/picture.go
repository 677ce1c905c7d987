package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

const (
	maxBytes  = 32 << 20
	maxPixels = 100_000_000
	sniffLen  = 64 // bytes that say what a file is
)

// format is a kind of picture that is taken.
type format struct {
	contentType string
	extension   string
	// measure reads the size in pixels. A picture that breaks off is an error.
	measure func(r io.ReaderAt, size int64) (image.Config, error)
}

// sniff says what a file is by its first bytes.
func sniff(head []byte) (format, bool) {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return format{"image/jpeg", "jpg", measureJPEG}, true
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return format{"image/png", "png", measurePNG}, true
	case bytes.HasPrefix(head, []byte("GIF87a")), bytes.HasPrefix(head, []byte("GIF89a")):
		return format{"image/gif", "gif", measureGIF}, true
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return format{"image/webp", "webp", measureWebP}, true
	case isAVIF(head):
		return format{"image/avif", "avif", measureAVIF}, true
	}
	return format{}, false
}

// extensionType is the content type of a stored file.
func extensionType(extension string) (string, bool) {
	switch extension {
	case "jpg":
		return "image/jpeg", true
	case "png", "gif", "webp", "avif":
		return "image/" + extension, true
	}
	return "", false
}

// probe measures a complete file of a known format.
func probe(f format, r io.ReaderAt, size int64) (image.Config, error) {
	cfg, err := f.measure(r, size)
	switch {
	case err != nil:
		return image.Config{}, ErrBroken.WithCause(err)
	case cfg.Width < 1 || cfg.Height < 1:
		return image.Config{}, ErrBroken
	case int64(cfg.Width)*int64(cfg.Height) > maxPixels:
		return image.Config{}, ErrTooManyPixels.WithObject(map[string]any{"width": cfg.Width, "height": cfg.Height})
	}
	return cfg, nil
}

var errTruncated = errors.New("the file breaks off")

func section(r io.ReaderAt, size int64) *io.SectionReader { return io.NewSectionReader(r, 0, size) }

// measureJPEG follows the segments to the picture's data and looks for its end marker. A thumbnail's own end marker lies
// in a segment before and is stepped over.
func measureJPEG(r io.ReaderAt, size int64) (image.Config, error) {
	cfg, err := jpeg.DecodeConfig(section(r, size))
	if err != nil {
		return cfg, err
	}
	var b [4]byte
	for at := int64(2); ; {
		if _, err := r.ReadAt(b[:2], at); err != nil {
			return cfg, errTruncated
		}
		if b[0] != 0xff {
			return cfg, errors.New("a segment does not begin with a marker")
		}
		switch marker := b[1]; {
		case marker == 0xff: // padding
			at++
			continue
		case marker == 0x01, marker >= 0xd0 && marker <= 0xd7:
			at += 2
			continue
		case marker == 0xd9:
			return cfg, errors.New("the picture has no data")
		case marker == 0xda:
			return cfg, endsWithin(r, at, size, []byte{0xff, 0xd9})
		}
		if _, err := r.ReadAt(b[2:4], at+2); err != nil {
			return cfg, errTruncated
		}
		at += 2 + int64(binary.BigEndian.Uint16(b[2:4]))
	}
}

// endsWithin looks for mark between from and the end of the file, from the end on: it is nearly always last.
func endsWithin(r io.ReaderAt, from, size int64, mark []byte) error {
	const window = 64 << 10
	for end := size; end > from; {
		start := max(from, end-window)
		chunk := make([]byte, end-start)
		if _, err := r.ReadAt(chunk, start); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if bytes.Contains(chunk, mark) {
			return nil
		}
		if start == from {
			break
		}
		end = start + int64(len(mark)) - 1
	}
	return errTruncated
}

// measurePNG follows the chunks to the last one and checks each one's sum.
func measurePNG(r io.ReaderAt, size int64) (image.Config, error) {
	cfg, err := png.DecodeConfig(section(r, size))
	if err != nil {
		return cfg, err
	}
	var head [8]byte
	var tail [4]byte
	data := false
	for at := int64(8); ; {
		if _, err := r.ReadAt(head[:], at); err != nil {
			return cfg, errTruncated
		}
		length := int64(binary.BigEndian.Uint32(head[:4]))
		if length > size-at-12 {
			return cfg, errTruncated
		}
		sum := crc32.NewIEEE()
		if _, err := io.Copy(sum, io.NewSectionReader(r, at+4, length+4)); err != nil {
			return cfg, err
		}
		if _, err := r.ReadAt(tail[:], at+8+length); err != nil {
			return cfg, errTruncated
		}
		if sum.Sum32() != binary.BigEndian.Uint32(tail[:]) {
			return cfg, errors.New("a chunk does not have its sum")
		}
		switch string(head[4:8]) {
		case "IDAT":
			data = true
		case "IEND":
			if !data {
				return cfg, errors.New("the picture has no data")
			}
			return cfg, nil
		}
		at += 12 + length
	}
}

// measureGIF follows the blocks to the trailer.
func measureGIF(r io.ReaderAt, size int64) (image.Config, error) {
	cfg, err := gif.DecodeConfig(section(r, size))
	if err != nil {
		return cfg, err
	}
	g := gifReader{r: r}
	screen := g.bytes(13)
	if g.err != nil {
		return cfg, g.err
	}
	g.skipTable(screen[10])
	for pictures := 0; g.err == nil; {
		switch block := g.bytes(1); {
		case g.err != nil:
		case block[0] == 0x3b:
			if pictures == 0 {
				return cfg, errors.New("the picture has no data")
			}
			return cfg, nil
		case block[0] == 0x21: // extension
			g.bytes(1)
			g.skipBlocks()
		case block[0] == 0x2c:
			if d := g.bytes(9); g.err == nil {
				g.skipTable(d[8])
				g.bytes(1) // code size
				g.skipBlocks()
				pictures++
			}
		default:
			return cfg, errors.New("there is no such block")
		}
	}
	return cfg, g.err
}

type gifReader struct {
	r   io.ReaderAt
	at  int64
	err error
}

func (g *gifReader) bytes(n int64) []byte {
	b := make([]byte, n)
	if g.err != nil {
		return b
	}
	if _, err := g.r.ReadAt(b, g.at); err != nil {
		g.err = errTruncated
	}
	g.at += n
	return b
}

// skipTable steps over the colours that follow, if the flags say so.
func (g *gifReader) skipTable(flags byte) {
	if flags&0x80 != 0 {
		g.at += 3 << (1 + flags&7)
	}
}

func (g *gifReader) skipBlocks() {
	for g.err == nil {
		n := g.bytes(1)[0]
		if g.err != nil || n == 0 {
			return
		}
		g.at += int64(n)
	}
}

// measureWebP trusts the container's length, which the format puts in front.
func measureWebP(r io.ReaderAt, size int64) (image.Config, error) {
	var head [12]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return image.Config{}, errTruncated
	}
	end := int64(binary.LittleEndian.Uint32(head[4:8])) + 8
	if end > size {
		return image.Config{}, errTruncated
	}
	data := false
	for at := int64(12); at+8 <= end; {
		var chunk [8]byte
		if _, err := r.ReadAt(chunk[:], at); err != nil {
			return image.Config{}, errTruncated
		}
		length := int64(binary.LittleEndian.Uint32(chunk[4:8]))
		if at+8+length > end {
			return image.Config{}, errTruncated
		}
		switch string(chunk[:4]) {
		case "VP8 ", "VP8L", "ANMF":
			data = true
		}
		at += 8 + length + length&1
	}
	if !data {
		return image.Config{}, errors.New("the picture has no data")
	}
	return webp.DecodeConfig(section(r, size))
}
