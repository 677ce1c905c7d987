package demo

import (
	"image"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// Side is the width and height of every picture in pixels.
const Side = 1200

// canvas is a transparent sheet things are drawn on. Its camera maps design
// units to pixels, so that a close-up is the same drawing seen from nearer.
type canvas struct {
	img    *image.RGBA
	ras    *vector.Rasterizer
	camera camera
	near   bool // a close-up: materials show their grain
	spare  []uint8
	tiles  [grains]*tile
}

type camera struct{ zoom, dx, dy float32 }

func (k camera) see(q point) point { return point{q.x*k.zoom + k.dx, q.y*k.zoom + k.dy} }

func newCanvas(k camera, near bool) *canvas {
	return &canvas{
		img:    image.NewRGBA(image.Rect(0, 0, Side, Side)),
		ras:    vector.NewRasterizer(1, 1),
		camera: k,
		near:   near,
	}
}

// cover is the antialiased coverage of a path: an alpha picture no larger
// than the path's own bounds.
func (c *canvas) cover(p *path) *image.Alpha { return c.rasterize(p, nil) }

// brief is cover for a mask that is used once, before the next brief: most
// are, and reusing one buffer saves half the memory traffic.
func (c *canvas) brief(p *path) *image.Alpha {
	if c.spare == nil {
		c.spare = make([]uint8, Side*Side)
	}
	return c.rasterize(p, c.spare)
}

func (c *canvas) rasterize(p *path, pix []uint8) *image.Alpha {
	pts := make([]point, len(p.pts))
	minX, minY := float32(math.MaxFloat32), float32(math.MaxFloat32)
	maxX, maxY := -minX, -minY
	for i, q := range p.pts {
		q = c.camera.see(q)
		pts[i] = q
		minX, maxX = min(minX, q.x), max(maxX, q.x)
		minY, maxY = min(minY, q.y), max(maxY, q.y)
	}
	whole := image.Rect(
		int(floor(minX)), int(floor(minY)),
		int(floor(maxX))+1, int(floor(maxY))+1)
	seen := whole.Intersect(image.Rect(0, 0, Side, Side))
	if seen.Empty() {
		return image.NewAlpha(image.Rectangle{})
	}
	width := seen.Dx()
	if whole != seen {
		// Outlines that leave the tile need the rasterizer's floating point
		// mode, which it takes only above this width: its fixed point mode
		// overflows on far-away points.
		width = max(width, 520)
	}
	c.ras.Reset(width, seen.Dy())
	c.trace(p.verbs, pts, float32(seen.Min.X), float32(seen.Min.Y))
	area := width * seen.Dy()
	if area > len(pix) {
		pix = make([]uint8, area)
	}
	out := &image.Alpha{
		Pix:    pix[:area],
		Stride: width,
		Rect:   image.Rect(seen.Min.X, seen.Min.Y, seen.Min.X+width, seen.Max.Y),
	}
	c.ras.DrawOp = draw.Src
	c.ras.Draw(out, out.Bounds(), image.Opaque, image.Point{})
	if width != seen.Dx() {
		return out.SubImage(seen).(*image.Alpha)
	}
	return out
}

func (c *canvas) trace(verbs []verb, pts []point, ox, oy float32) {
	i := 0
	at := func(k int) (x, y float32) { return pts[i+k].x - ox, pts[i+k].y - oy }
	for _, v := range verbs {
		switch v {
		case moveTo:
			c.ras.ClosePath()
			c.ras.MoveTo(at(0))
			i++
		case lineTo:
			c.ras.LineTo(at(0))
			i++
		case cubicTo:
			bx, by := at(0)
			cx, cy := at(1)
			dx, dy := at(2)
			c.ras.CubeTo(bx, by, cx, cy, dx, dy)
			i += 3
		case closePath:
			c.ras.ClosePath()
		}
	}
	c.ras.ClosePath()
}

// fill paints a shape and returns its coverage, to clip what lies on it.
func (c *canvas) fill(p *path, k paint) *image.Alpha {
	mask := c.cover(p)
	c.blend(mask, nil, k)
	return mask
}

// fillIn paints a shape where it lies on clip.
func (c *canvas) fillIn(clip *image.Alpha, p *path, k paint) {
	c.blend(c.brief(p), clip, k)
}

// wash paints over everything clip covers.
func (c *canvas) wash(clip *image.Alpha, k paint) { c.blend(clip, nil, k) }

// line draws along a path with a round pen.
func (c *canvas) line(p *path, width float32, k paint) {
	c.blend(c.brief(stroked(p, width)), nil, k)
}

// on paints a shape whose coverage nobody asks for.
func (c *canvas) on(p *path, k paint) { c.blend(c.brief(p), nil, k) }

// lineIn draws along a path where it lies on clip.
func (c *canvas) lineIn(clip *image.Alpha, p *path, width float32, k paint) {
	c.fillIn(clip, stroked(p, width), k)
}

// linesIn draws many lines at once: one pass over the pixels instead of one
// for each.
func (c *canvas) linesIn(clip *image.Alpha, width float32, k paint, lines ...*path) {
	all := &path{}
	for _, p := range lines {
		all.and(stroked(p, width))
	}
	c.fillIn(clip, all, k)
}

// series is n paths made from 0, 1, … n-1.
func series(n int, at func(i float32) *path) []*path {
	out := make([]*path, n)
	for i := range out {
		out[i] = at(float32(i))
	}
	return out
}

// stitch draws a sewn seam.
func (c *canvas) stitch(p *path, k paint) {
	c.on(stroked(dashed(p, 9, 7), 2.6), k)
}

// within is the part of a mask that lies inside a path.
func (c *canvas) within(mask *image.Alpha, p *path) *image.Alpha {
	clip := c.cover(p)
	out := image.NewAlpha(mask.Rect.Intersect(clip.Rect))
	for y := out.Rect.Min.Y; y < out.Rect.Max.Y; y++ {
		for x := out.Rect.Min.X; x < out.Rect.Max.X; x++ {
			a, b := mask.Pix[mask.PixOffset(x, y)], clip.Pix[clip.PixOffset(x, y)]
			out.Pix[out.PixOffset(x, y)] = uint8(by255(uint32(a) * uint32(b)))
		}
	}
	return out
}

func floor(f float32) float32 { return float32(math.Floor(float64(f))) }
