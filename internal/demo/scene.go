package demo

import (
	"encoding/binary"
	"image"
)

// pose is how a product is presented, which decides backdrop and shadow.
type pose uint8

const (
	lying    pose = iota // photographed from above on a sheet of paper
	standing             // on a table before a wall
	onWall               // hanging on a wall
	floating             // hanging from a ceiling, far from the wall
)

// dye is what a drawing is coloured with.
type dye struct {
	main, second RGB
	pattern      Pattern
}

// sketch is how one kind of product is drawn.
type sketch struct {
	draw   func(*canvas, dye)
	pose   pose
	foot   foot    // where a standing thing meets the table
	focusX float32 // the middle of the close-up
	focusY float32
	zoom   float32 // of the close-up
}

// foot is the ellipse of a contact shadow.
type foot struct{ x, y, rx float32 }

// horizon is where wall and table meet, in design units.
const horizon = 790

func compose(p Picture) *image.RGBA {
	s := p.Kind.sketch()
	k := camera{zoom: 1}
	if p.View == CloseUp {
		k = camera{zoom: s.zoom, dx: Side/2 - s.focusX*s.zoom, dy: Side/2 - s.focusY*s.zoom}
	}
	sheet := newCanvas(k, p.View == CloseUp)
	s.draw(sheet, dye{main: p.Colour, second: p.Accent, pattern: p.Pattern})

	scene := newCanvas(k, false)
	scene.backdrop(p.Ground, s.pose)
	switch s.pose {
	case standing:
		scene.contact(p.Ground, s.foot)
	case lying:
		scene.shadow(sheet.img, p.Ground, 14*k.zoom, 26*k.zoom, 2, 0.30)
	case onWall:
		scene.shadow(sheet.img, p.Ground, 26*k.zoom, 40*k.zoom, 3, 0.24)
	case floating:
		scene.shadow(sheet.img, p.Ground, 70*k.zoom, 60*k.zoom, 6, 0.10)
	}
	scene.lay(sheet.img)
	return scene.img
}

// backdrop fills the picture, row by row: light falls from above.
func (c *canvas) backdrop(ground RGB, ps pose) {
	light, dark := tint(ground, 0.38), shade(ground, 0.035)
	edge := Side
	if ps == standing {
		edge = max(0, min(Side, int(c.camera.see(point{0, horizon}).y)))
	}
	for y := range edge {
		c.row(y, mix(light, dark, float32(y)/Side))
	}
	near, far := mix(shade(ground, 0.05), 0xB98F66, 0.10), mix(shade(ground, 0.10), 0xB98F66, 0.12)
	for y := edge; y < Side; y++ {
		c.row(y, mix(far, near, float32(y-edge)/float32(Side-edge)))
	}
}

func (c *canvas) row(y int, colour RGB) {
	r, g, b := colour.split()
	px := c.img.Pix[y*c.img.Stride:][:Side*4]
	px[0], px[1], px[2], px[3] = uint8(r), uint8(g), uint8(b), 255
	for done := 4; done < len(px); done *= 2 {
		copy(px[done:], px[:done])
	}
}

// contact is the shadow under a standing thing: a dark line where it touches
// and a soft pool that drifts away from the light.
func (c *canvas) contact(ground RGB, f foot) {
	if f.rx == 0 {
		return
	}
	ink := shade(ground, 0.80)
	c.glow(f.x+f.rx*0.28, f.y+6, f.rx*1.55, f.rx*0.24+14, ink, 0.26)
	c.glow(f.x+6, f.y, f.rx*1.10, f.rx*0.09+10, ink, 0.42)
}

// glow is an ellipse of colour that fades towards its rim.
func (c *canvas) glow(cx, cy, rx, ry float32, colour RGB, alpha float32) {
	mid := c.camera.see(point{cx, cy})
	rx, ry = rx*c.camera.zoom, ry*c.camera.zoom
	ink := pack(colour, 255)
	area := image.Rect(int(mid.x-rx), int(mid.y-ry), int(mid.x+rx)+1, int(mid.y+ry)+1).
		Intersect(c.img.Rect)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		dy := (float32(y) + 0.5 - mid.y) / ry
		px := c.img.Pix[c.img.PixOffset(area.Min.X, y):]
		for x := area.Min.X; x < area.Max.X; x++ {
			dx := (float32(x) + 0.5 - mid.x) / rx
			if d := 1 - dx*dx - dy*dy; d > 0 {
				at := (x - area.Min.X) * 4
				over(px[at:at+4:at+4], ink, uint32(alpha*d*d*255))
			}
		}
	}
}

// shadow lays the blurred silhouette of a sheet, shifted by pixels. It is
// computed on a grid of 8 × 8 pixels: a blur has no detail to lose.
func (c *canvas) shadow(sheet *image.RGBA, ground RGB, dx, dy float32, blur int, alpha float32) {
	const cell, pad = 8, 8
	const n = Side/cell + 2*pad
	heights := make([]float32, n*n)
	for j := range n {
		for i := range n {
			x := min(Side-1, max(0, (i-pad)*cell+cell/2-int(dx)))
			y := min(Side-1, max(0, (j-pad)*cell+cell/2-int(dy)))
			heights[j*n+i] = float32(sheet.Pix[y*sheet.Stride+x*4+3])
		}
	}
	for range 3 {
		heights = blurRows(blurRows(heights, n, blur), n, blur)
	}
	ink := pack(shade(ground, 0.80), 255)
	for y := range Side {
		v := float32(y)/cell + pad - 0.5
		j := int(v)
		v -= float32(j)
		px := c.img.Pix[y*c.img.Stride:][:Side*4]
		hidden := sheet.Pix[y*sheet.Stride:][:Side*4]
		for i := range Side / cell {
			if covered(hidden[i*cell*4:][:cell*4]) {
				continue // the product itself will lie here
			}
			// Between two grid columns the shadow is a straight line.
			left := mixRow(heights, n, i+pad-1, j, v)
			mid := mixRow(heights, n, i+pad, j, v)
			right := mixRow(heights, n, i+pad+1, j, v)
			if left == 0 && mid == 0 && right == 0 {
				continue
			}
			for s := range cell {
				h := mid
				if s < cell/2 {
					h += (left - mid) * (0.5 - float32(s)/cell)
				} else {
					h += (right - mid) * (float32(s)/cell - 0.5)
				}
				at := (i*cell + s) * 4
				over(px[at:at+4:at+4], ink, uint32(h*alpha))
			}
		}
	}
}

// covered tells whether every pixel of a row is opaque.
func covered(px []uint8) bool {
	all := uint8(255)
	for i := 3; i < len(px); i += 4 {
		all &= px[i]
	}
	return all == 255
}

func mixRow(grid []float32, n, i, j int, v float32) float32 {
	a, b := grid[j*n+i], grid[(j+1)*n+i]
	return a + (b-a)*v
}

// blurRows averages each row over 2·r+1 cells and transposes, so that two
// calls blur both ways.
func blurRows(in []float32, n, r int) []float32 {
	out := make([]float32, n*n)
	scale := 1 / float32(2*r+1)
	for j := range n {
		row := in[j*n:][:n]
		at := func(i int) float32 { return row[max(0, min(n-1, i))] }
		var sum float32
		for i := -r; i <= r; i++ {
			sum += at(i)
		}
		for i := range n {
			out[i*n+j] = sum * scale
			sum += at(i+r+1) - at(i-r)
		}
	}
	return out
}

// lay places a transparent sheet on the scene.
func (c *canvas) lay(sheet *image.RGBA) {
	dst, src := c.img.Pix, sheet.Pix
	for i := 0; i+4 <= len(src) && i+4 <= len(dst); i += 4 {
		top := binary.LittleEndian.Uint32(src[i:])
		switch a := top >> 24; a {
		case 0:
		case 255:
			binary.LittleEndian.PutUint32(dst[i:], top)
		default:
			low := binary.LittleEndian.Uint32(dst[i:])
			rb := pair255((low & evenBytes) * (255 - a))
			ga := pair255((low >> 8 & evenBytes) * (255 - a))
			binary.LittleEndian.PutUint32(dst[i:], top+(rb|ga<<8))
		}
	}
}
