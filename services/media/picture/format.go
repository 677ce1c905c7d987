package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image/jpeg"
	"image/png"
	"io"
)

// MaxPixels of a picture, and of an AVIF, whose decoder needs many times the memory.
const (
	MaxPixels     = 100_000_000
	MaxPixelsAVIF = 30_000_000
)

// sniffLen is how many bytes say what a file is.
const sniffLen = 64

// What can be wrong with a file.
var (
	ErrUnknown       = errors.New("picture: no known kind of picture")
	ErrBroken        = errors.New("picture: incomplete or damaged")
	ErrTooManyPixels = errors.New("picture: too many pixels")
	ErrUnsupported   = errors.New("picture: of a variety that is not read")
)

// errTruncated is why a file counts as broken most of the time.
var errTruncated = errors.New("the file breaks off")

// Facts are what a file says of itself, and what its bytes confirm.
type Facts struct {
	ContentType string `json:"contentType"`
	Extension   string `json:"extension"`
	Width       int    `json:"width"`  // pixels, of the picture held upright
	Height      int    `json:"height"` // pixels, of the picture held upright
	// Orientation is how the stored pixels have to be turned, as EXIF counts it: 1 is upright, 5 to 8 lie on their side.
	Orientation int  `json:"orientation"`
	Animated    bool `json:"animated"`
}

// part is a piece of a file.
type part struct {
	name       string
	start, end int64
}

// kind is a kind of file.
type kind struct {
	extension string
	// scan lists the parts of a complete file and its facts. Only width and height, as stored, orientation and animated
	// have to be set.
	scan func(r io.ReaderAt, size int64) ([]part, Facts, error)
	// clean copies what may be shown.
	clean func(w io.Writer, r io.ReaderAt, parts []part) error
}

// sniff says what a file is by its first bytes.
func sniff(head []byte) (kind, bool) {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return kind{"jpg", scanJPEG, cleanJPEG}, true
	case bytes.HasPrefix(head, []byte(pngMagic)):
		return kind{"png", scanPNG, cleanPNG}, true
	case bytes.HasPrefix(head, []byte("GIF87a")), bytes.HasPrefix(head, []byte("GIF89a")):
		return kind{"gif", scanGIF, cleanGIF}, true
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return kind{"webp", scanWebP, cleanWebP}, true
	case isAVIF(head):
		return kind{"avif", scanAVIF, cleanAVIF}, true
	}
	return kind{}, false
}

// Known reports whether the first bytes of a file, at least 64 of a longer one, are those of a picture.
func Known(head []byte) bool {
	_, ok := sniff(head)
	return ok
}

// ContentType of a file with the extension jpg, png, gif, webp or avif.
func ContentType(extension string) (string, bool) {
	switch extension {
	case "jpg":
		return "image/jpeg", true
	case "png", "gif", "webp", "avif":
		return "image/" + extension, true
	}
	return "", false
}

// Probe looks a file through without decoding it. Its errors are ErrUnknown, ErrBroken and ErrTooManyPixels, with more.
func Probe(r io.ReaderAt, size int64) (Facts, error) {
	facts, _, _, err := look(r, size)
	return facts, err
}

func look(r io.ReaderAt, size int64) (Facts, kind, []part, error) {
	head := make([]byte, min(size, sniffLen))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return Facts{}, kind{}, nil, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	k, ok := sniff(head)
	if !ok {
		return Facts{}, kind{}, nil, ErrUnknown
	}
	parts, facts, err := k.scan(r, size)
	switch {
	case err != nil:
		return Facts{}, k, nil, broken(err)
	case facts.Width < 1 || facts.Height < 1:
		return Facts{}, k, nil, ErrBroken
	case int64(facts.Width)*int64(facts.Height) > MaxPixels, k.extension == "avif" && int64(facts.Width)*int64(facts.Height) > MaxPixelsAVIF:
		return Facts{}, k, nil, fmt.Errorf("%w: %d × %d", ErrTooManyPixels, facts.Width, facts.Height)
	}
	facts.Extension = k.extension
	facts.ContentType, _ = ContentType(k.extension)
	if facts.Orientation < 1 || facts.Orientation > 8 {
		facts.Orientation = 1
	}
	if facts.Orientation >= 5 {
		facts.Width, facts.Height = facts.Height, facts.Width
	}
	return facts, k, parts, nil
}

// broken tells what is damaged from what decoders do not know: arithmetic coding, 12 bits, lossless JPEG.
func broken(err error) error {
	var jpegs jpeg.UnsupportedError
	var pngs png.UnsupportedError
	if errors.As(err, &jpegs) || errors.As(err, &pngs) {
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	return fmt.Errorf("%w: %w", ErrBroken, err)
}

// Clean copies a picture without what is not part of it. The pixels stay as they are, bit by bit.
func Clean(w io.Writer, r io.ReaderAt, size int64) error {
	_, k, parts, err := look(r, size)
	if err != nil {
		return err
	}
	return k.clean(w, r, parts)
}

// copyPart copies a piece of a file as it is.
func copyPart(w io.Writer, r io.ReaderAt, p part) error {
	_, err := io.Copy(w, io.NewSectionReader(r, p.start, p.end-p.start))
	return err
}

// readPart reads a piece of a file, at most limit bytes of it.
func readPart(r io.ReaderAt, p part, limit int64) ([]byte, error) {
	b := make([]byte, min(p.end-p.start, limit))
	if _, err := r.ReadAt(b, p.start); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return b, nil
}
