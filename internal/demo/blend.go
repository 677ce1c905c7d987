package demo

import (
	"encoding/binary"
	"image"
)

// blend composites the paint through mask (and clip, when given) over what is
// there. Channels are premultiplied, as image.RGBA wants them.
func (c *canvas) blend(mask, clip *image.Alpha, k paint) {
	area := mask.Rect
	if clip != nil {
		area = area.Intersect(clip.Rect)
	}
	if area.Empty() {
		return
	}
	row := span{ramp: c.ramp(k)}
	var surface *tile
	if c.near && k.grain != smooth {
		surface = c.tile(k.grain)
	}
	var clipped [Side]uint8
	for y := area.Min.Y; y < area.Max.Y; y++ {
		row.px = c.img.Pix[c.img.PixOffset(area.Min.X, y):][:area.Dx()*4]
		row.mask = mask.Pix[mask.PixOffset(area.Min.X, y):][:area.Dx()]
		if clip != nil {
			both := clipped[:area.Dx()]
			intersect(both, row.mask, clip.Pix[clip.PixOffset(area.Min.X, y):][:area.Dx()])
			row.mask = both
		}
		if surface != nil {
			row.heights = surface.pix[y%surface.h*surface.w:][:surface.w]
			row.shift = area.Min.X % surface.w
		}
		row.start = row.ramp.start(area.Min.X, y)
		row.paint()
	}
}

// intersect multiplies two rows of coverage. Most of a row is either empty or
// full, so it looks at eight pixels at a time.
func intersect(out, a, b []uint8) {
	x := 0
	for ; x+8 <= len(out); x += 8 {
		m, k := binary.LittleEndian.Uint64(a[x:]), binary.LittleEndian.Uint64(b[x:])
		switch {
		case m == 0 || k == 0:
			binary.LittleEndian.PutUint64(out[x:], 0)
		case k == allFull:
			binary.LittleEndian.PutUint64(out[x:], m)
		case m == allFull:
			binary.LittleEndian.PutUint64(out[x:], k)
		default:
			for i := x; i < x+8; i++ {
				out[i] = uint8(by255(uint32(a[i]) * uint32(b[i])))
			}
		}
	}
	for ; x < len(out); x++ {
		out[x] = uint8(by255(uint32(a[x]) * uint32(b[x])))
	}
}

const allFull = 1<<64 - 1

// span is one row of pixels to paint.
type span struct {
	px      []uint8
	mask    []uint8
	heights []int8 // the surface of the material, repeated; nil: none
	shift   int    // where in heights the row begins
	ramp    ramp
	start   int32 // where on the ramp the row begins
}

func (s *span) paint() {
	x := 0
	for ; x+8 <= len(s.mask); x += 8 {
		switch binary.LittleEndian.Uint64(s.mask[x:]) {
		case 0:
		case allFull:
			s.eight(x)
		default:
			for i := x; i < x+8; i++ {
				s.one(i)
			}
		}
	}
	for ; x < len(s.mask); x++ {
		s.one(x)
	}
}

// eight paints fully covered pixels.
func (s *span) eight(x int) {
	px := s.px[x*4 : x*4+32 : x*4+32]
	if s.heights != nil {
		s.eightTextured(x, px)
		return
	}
	if s.ramp.stepX != 0 {
		t := s.start + s.ramp.stepX*int32(x)
		for i := 0; i < 32; i += 4 {
			put(px[i:i+4:i+4], s.ramp.at(t))
			t += s.ramp.stepX
		}
		return
	}
	colour := s.colour(x)
	a := colour >> 24
	rb, ga, rest := (colour&evenBytes)*a, (colour>>8&0xff|255<<16)*a, 255-a
	for i := 0; i < 32; i += 4 {
		if rest == 0 {
			binary.LittleEndian.PutUint32(px[i:], colour)
			continue
		}
		under := binary.LittleEndian.Uint32(px[i:])
		v := pair255(rb+(under&evenBytes)*rest) | pair255(ga+(under>>8&evenBytes)*rest)<<8
		binary.LittleEndian.PutUint32(px[i:], v)
	}
}

func (s *span) eightTextured(x int, px []uint8) {
	t, col := s.start+s.ramp.stepX*int32(x), (s.shift+x)%len(s.heights)
	for i := 0; i < 32; i += 4 {
		put(px[i:i+4:i+4], lift(s.ramp.at(t), int32(s.heights[col])))
		t += s.ramp.stepX
		if col++; col == len(s.heights) {
			col = 0
		}
	}
}

// put places a packed colour with its own opacity.
func put(px []uint8, colour uint32) {
	if colour>>24 == 255 {
		binary.LittleEndian.PutUint32(px, colour)
		return
	}
	over(px, colour, colour>>24)
}

// one paints a pixel that may be partly covered.
func (s *span) one(x int) {
	cover := uint32(s.mask[x])
	if cover == 0 {
		return
	}
	colour := s.colour(x)
	over(s.px[x*4:x*4+4:x*4+4], colour, by255(cover*(colour>>24)))
}

func (s *span) colour(x int) uint32 {
	colour := s.ramp.at(s.start + s.ramp.stepX*int32(x))
	if s.heights != nil {
		return lift(colour, int32(s.heights[(s.shift+x)%len(s.heights)]))
	}
	return colour
}

// Pixels are handled as one word, 0xAABBGGRR, two channels at a time.
const evenBytes = 0x00ff00ff

func pack(c RGB, alpha uint32) uint32 {
	r, g, b := c.split()
	return uint32(r) | uint32(g)<<8 | uint32(b)<<16 | alpha<<24
}

// over places a packed colour with an opacity of 0 to 255 on a premultiplied
// pixel; the colour's own alpha is not looked at.
func over(px []uint8, colour, a uint32) {
	under := binary.LittleEndian.Uint32(px)
	rb := (colour&evenBytes)*a + (under&evenBytes)*(255-a)
	ga := (colour>>8&0xff|255<<16)*a + (under>>8&evenBytes)*(255-a)
	binary.LittleEndian.PutUint32(px, pair255(rb)|pair255(ga)<<8)
}

// pair255 divides two 16-bit halves by 255, rounded.
func pair255(v uint32) uint32 {
	v += 0x00800080
	return (v + v>>8&evenBytes) >> 8 & evenBytes
}

func by255(v uint32) uint32 {
	v += 128
	return (v + v>>8) >> 8
}

// lift makes a packed colour lighter or darker by a height of -127 to 127 and
// leaves its alpha alone. Darkening scales the colour, lightening scales its
// complement; it is written without a branch because heights change sign from
// pixel to pixel and no processor guesses that well.
func lift(colour uint32, by int32) uint32 {
	negative := uint32(by >> 31) // all ones when darkening
	k := 256 - (uint32(by) ^ negative - negative)
	c := colour ^ ^negative
	rb := (c & evenBytes) * k >> 8 & evenBytes
	g := (c >> 8 & 0xff) * k & 0xff00
	return (rb | g) ^ ^negative&0xffffff | colour&0xff000000
}

// ramp is a gradient as a table of packed colours, and where on it a pixel
// lies, in 16.16 fixed point.
type ramp struct {
	table      [257]uint32
	x, y       float32
	perX, perY float32
	stepX      int32
}

func (c *canvas) ramp(k paint) ramp {
	var out ramp
	steps := float32(256)
	if k.a == k.b && k.aAlpha == k.bAlpha {
		steps = 0 // one colour: only the first entry is ever read
	}
	for i := range int(steps) + 1 {
		t := float32(i) / max(1, steps)
		alpha := k.aAlpha + (k.bAlpha-k.aAlpha)*t
		out.table[i] = pack(mix(k.a, k.b, t), uint32(alpha*255+0.5))
	}
	if steps == 0 {
		return out
	}
	s, e := c.camera.see(point{k.x0, k.y0}), c.camera.see(point{k.x1, k.y1})
	dx, dy := e.x-s.x, e.y-s.y
	if length := dx*dx + dy*dy; length > 0 {
		out.x, out.y = s.x, s.y
		out.perX, out.perY = dx/length*65536, dy/length*65536
		out.stepX = int32(out.perX)
	}
	return out
}

func (r *ramp) start(x, y int) int32 {
	return int32((float32(x)+0.5-r.x)*r.perX + (float32(y)+0.5-r.y)*r.perY)
}

func (r *ramp) at(t int32) uint32 { return r.table[max(0, min(65536, t))>>8] }
