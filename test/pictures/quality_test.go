//go:build bench && linux

package pictures

import (
	"fmt"
	"image"
	"image/draw"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/gen2brain/avif"
	"golang.org/x/image/webp"

	"image/jpeg"
	_ "image/png" // of what is compared on
)

// likeness is how much renditions of one format are like what they were made of.
type likeness struct {
	psnr, ssim float64 // of luminance: the mean of all renditions, in dB, and from 0 to 1
	size       int64   // bytes, of all
	n          float64
}

// likenesses compares renditions with the mean of the pixels that each of theirs covers, which is neither's way of making a
// picture small.
func likenesses(t *testing.T, files []string, made string, widths []int) map[string]*likeness {
	t.Helper()
	out := map[string]*likeness{}
	for i, file := range files {
		whole := luminance(load(t, file))
		for _, width := range widths {
			var want *plane
			for _, extension := range []string{"avif", "webp", "jpg"} {
				name := filepath.Join(made, fmt.Sprint(i), fmt.Sprint(width, ".", extension))
				info, err := os.Stat(name)
				if err != nil {
					t.Fatal(err)
				}
				got := luminance(load(t, name))
				if want == nil {
					want = whole.reduced(got.w, got.h)
				}
				l := out[extension]
				if l == nil {
					l = &likeness{}
					out[extension] = l
				}
				l.psnr, l.ssim, l.size, l.n = l.psnr+psnr(want, got), l.ssim+ssim(want, got), l.size+info.Size(), l.n+1
			}
		}
	}
	for _, l := range out {
		l.psnr, l.ssim = l.psnr/l.n, l.ssim/l.n
	}
	return out
}

func load(t *testing.T, file string) image.Image {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var m image.Image
	switch filepath.Ext(file) {
	case ".avif":
		m, err = avif.Decode(f)
	case ".webp":
		m, err = webp.Decode(f)
	case ".jpg":
		m, err = jpeg.Decode(f)
	default:
		m, _, err = image.Decode(f)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return m
}

// plane is one number per pixel.
type plane struct {
	w, h int
	v    []float64
}

// luminance is the picture on white, in grey.
func luminance(m image.Image) *plane {
	b := m.Bounds()
	on := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(on, on.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(on, on.Rect, m, b.Min, draw.Over)
	p := &plane{b.Dx(), b.Dy(), make([]float64, b.Dx()*b.Dy())}
	for i := range p.v {
		c := on.Pix[i*4:]
		p.v[i] = 0.299*float64(c[0]) + 0.587*float64(c[1]) + 0.114*float64(c[2])
	}
	return p
}

func (p *plane) reduced(w, h int) *plane {
	across := &plane{w, p.h, make([]float64, w*p.h)}
	for y := range p.h {
		for x := range w {
			across.v[y*w+x] = mean(float64(x)*float64(p.w)/float64(w), float64(x+1)*float64(p.w)/float64(w), p.w, func(i int) float64 { return p.v[y*p.w+i] })
		}
	}
	out := &plane{w, h, make([]float64, w*h)}
	for y := range h {
		for x := range w {
			out.v[y*w+x] = mean(float64(y)*float64(p.h)/float64(h), float64(y+1)*float64(p.h)/float64(h), p.h, func(i int) float64 { return across.v[i*w+x] })
		}
	}
	return out
}

// mean of what lies between two places of n, the ends by their share.
func mean(from, to float64, n int, at func(i int) float64) float64 {
	var sum, weight float64
	for i := int(from); i < n && float64(i) < to; i++ {
		share := math.Min(to, float64(i+1)) - math.Max(from, float64(i))
		sum, weight = sum+share*at(i), weight+share
	}
	return sum / weight
}

func psnr(a, b *plane) float64 {
	var sum float64
	for i := range a.v {
		d := a.v[i] - b.v[i]
		sum += d * d
	}
	return 10 * math.Log10(255*255/math.Max(sum/float64(len(a.v)), 1e-9))
}

// ssim is the structural similarity (Wang et al., 2004) over windows of 8 × 8, four apart.
func ssim(a, b *plane) float64 {
	const size, c1, c2 = 8, (0.01 * 255) * (0.01 * 255), (0.03 * 255) * (0.03 * 255)
	var total, n float64
	for y := 0; y+size <= a.h; y += 4 {
		for x := 0; x+size <= a.w; x += 4 {
			var sa, sb, saa, sbb, sab float64
			for j := range size {
				for i := range size {
					va, vb := a.v[(y+j)*a.w+x+i], b.v[(y+j)*b.w+x+i]
					sa, sb, saa, sbb, sab = sa+va, sb+vb, saa+va*va, sbb+vb*vb, sab+va*vb
				}
			}
			const k = size * size
			ma, mb := sa/k, sb/k
			total += (2*ma*mb + c1) * (2*(sab/k-ma*mb) + c2) / ((ma*ma + mb*mb + c1) * (saa/k - ma*ma + sbb/k - mb*mb + c2))
			n++
		}
	}
	return total / math.Max(n, 1)
}
