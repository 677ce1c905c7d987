//go:build !vips

package picture

import (
	"image"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"

	"github.com/gen2brain/avif"
	"github.com/gen2brain/webp"
	"golang.org/x/sync/errgroup"

	"github.com/sovecom/sovecom/kit/rendition"
)

// render makes renditions. The whole picture is in memory only until it has the largest width, and each width comes from
// the one before. Two are encoded at a time, the longest first, so that both cores are done at about the same moment; but
// not two of those whose encoders need much memory.
func render(source *os.File, size int64, folder string, widths []int, formats []string, made func(Made) error) error {
	if slices.Contains(formats, "avif") && !startsAsAVIF(source) { // whose decoder must not be made ready at the same time
		go avif.InitEncoder() // takes a second of the core that decoding leaves alone
	}
	pictures, err := atWidths(source, size, widths)
	if err != nil {
		return err
	}
	debug.FreeOSMemory()
	var mu sync.Mutex
	one := func(t task) error {
		width := widths[t.picture]
		m := Made{Width: width, Height: pictures[t.picture].Rect.Dy(), Format: t.format, Path: filepath.Join(folder, strconv.Itoa(width)+"."+rendition.Extension(t.format))}
		if err := writeFile(m.Path, func(w io.Writer) error { return encode(w, pictures[t.picture], t.format) }); err != nil {
			return err
		}
		if t.memory >= muchMemory {
			debug.FreeOSMemory() // what the encoder had would otherwise be there when the next one wants as much
		}
		mu.Lock()
		defer mu.Unlock()
		return made(m)
	}
	q := newQueue(pictures, formats)
	var g errgroup.Group
	for range encoders {
		g.Go(func() error {
			for t, ok := q.take(); ok; t, ok = q.take() {
				err := one(t)
				q.done(t, err)
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// startsAsAVIF reports whether a file seems to be an AVIF.
func startsAsAVIF(r io.ReaderAt) bool {
	head := make([]byte, sniffLen)
	n, _ := r.ReadAt(head, 0) // what cannot be read is found out when it is decoded
	return isAVIF(head[:n])
}

// atWidths decodes a picture and makes it small, at every width.
func atWidths(source *os.File, size int64, widths []int) ([]*image.RGBA, error) {
	largest, err := atWidth(source, size, widths[len(widths)-1])
	if err != nil {
		return nil, err
	}
	pictures := make([]*image.RGBA, len(widths))
	current := largest
	for i := len(widths) - 1; i >= 0; i-- {
		if widths[i] != current.Rect.Dx() {
			current = shrink(current, widths[i], HeightAt(largest.Rect.Dx(), largest.Rect.Dy(), widths[i]))
		}
		pictures[i] = current
	}
	return pictures, nil
}

// atWidth decodes a picture and makes it small, upright and sRGB.
func atWidth(source *os.File, size int64, width int) (*image.RGBA, error) {
	d, err := decode(source, size)
	if err != nil {
		return nil, err
	}
	toW, toH := width, HeightAt(d.facts.Width, d.facts.Height, width)
	if d.facts.Orientation >= 5 {
		toW, toH = toH, toW
	}
	m := shrink(d.Image, toW, toH)
	d.Image = nil
	m = turnRGBA(m, d.facts.Orientation)
	if c := readProfile(d.profile); c != nil {
		c.apply(m)
	}
	return m, nil
}

// avifSpeed is one of 10; slower ones cost twice the time for a tenth of the size.
const avifSpeed = 8

// encode writes a picture in one of the formats.
func encode(w io.Writer, m *image.RGBA, format string) error {
	opaque := isOpaque(m)
	switch format {
	case "avif":
		return avif.Encode(w, m, avif.Options{Quality: avifQuality, QualityAlpha: avifQuality, Speed: avifSpeed, ChromaSubsampling: image.YCbCrSubsampleRatio420})
	case "webp":
		return webp.Encode(w, unmultiplied(m, opaque), webp.Options{Quality: webpQuality, Method: webpMethod})
	}
	if !opaque {
		m = flat(m)
	}
	return jpeg.Encode(w, m, &jpeg.Options{Quality: jpegQuality})
}

// flat puts a picture on white.
func flat(m *image.RGBA) *image.RGBA {
	out := &image.RGBA{Pix: make([]byte, len(m.Pix)), Stride: m.Stride, Rect: m.Rect}
	for i := 0; i < len(m.Pix); i += 4 {
		p, q := m.Pix[i:i+4:i+4], out.Pix[i:i+4:i+4]
		rest := 255 - p[3]
		q[0], q[1], q[2], q[3] = p[0]+rest, p[1]+rest, p[2]+rest, 255
	}
	return out
}
