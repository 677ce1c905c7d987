package demo

import "math"

// grain is the surface of a material. Only close-ups show it.
type grain uint8

const (
	smooth grain = iota
	linen
	twill
	knit
	terry
	waffle
	boucle
	felt
	wood
	brushed
	hide
	paper
	grains // how many there are
)

// tile is a seamless piece of a surface: heights from -128 to 127 that make a
// colour darker or lighter.
type tile struct {
	w, h int
	pix  []int8
}

// tile weaves a surface once per picture.
func (c *canvas) tile(g grain) *tile {
	if c.tiles[g] == nil {
		c.tiles[g] = weave(g)
	}
	return c.tiles[g]
}

func weave(g grain) *tile {
	switch g {
	case linen:
		return newTile(480, 240, 1, 1, linenAt)
	case twill:
		return newTile(240, 240, 1, 1, twillAt)
	case knit:
		return newTile(240, 240, 1, 1, knitAt)
	case terry:
		return newTile(240, 240, 1, 1, func(x, y int) float64 {
			near, _ := pebbles(x, y, 16, 240)
			return 13 - 34*near*near
		})
	case waffle:
		return newTile(80, 80, 1, 1, waffleAt)
	case boucle:
		return newTile(240, 240, 1, 1, func(x, y int) float64 {
			near, _ := pebbles(x, y, 40, 240)
			return 16 - 44*near
		})
	case felt:
		return newTile(256, 256, 2, 2, func(x, y int) float64 {
			return 5*noise(x, y, 64, 256, 256) + 6*noise(x, y, 16, 256, 256) + 5*noise(x, y, 8, 256, 256)
		})
	case wood:
		return newTile(512, 512, 1, 16, woodAt)
	case brushed:
		return newTile(512, 512, 16, 1, func(x, y int) float64 {
			return 7 * noise(x/8, y, 8, 64, 512)
		})
	case hide:
		return newTile(240, 240, 1, 1, func(x, y int) float64 {
			near, next := pebbles(x, y, 30, 240)
			return 30*min(next-near, 0.5) - 12
		})
	case paper:
		return newTile(256, 256, 2, 2, func(x, y int) float64 {
			return 5*noise(x, y, 32, 256, 256) + 4*noise(x, y, 8, 256, 256)
		})
	}
	return newTile(1, 1, 1, 1, func(int, int) float64 { return 0 })
}

// newTile computes a surface on every stepX-th and stepY-th pixel and lays
// straight lines between them: smooth surfaces need no more.
func newTile(w, h, stepX, stepY int, at func(x, y int) float64) *tile {
	t := &tile{w: w, h: h, pix: make([]int8, w*h)}
	cols, rows := w/stepX, h/stepY
	grid := make([]float64, cols*rows)
	for j := range rows {
		for i := range cols {
			grid[j*cols+i] = at(i*stepX, j*stepY)
		}
	}
	line := make([]float64, cols+1)
	for y := range h {
		j := y / stepY
		v := float64(y%stepY) / float64(stepY)
		top, low := grid[j*cols:][:cols], grid[(j+1)%rows*cols:][:cols]
		for i := range cols {
			line[i] = top[i] + (low[i]-top[i])*v
		}
		line[cols] = line[0]
		row := t.pix[y*w:][:w]
		for x := range row {
			i := x / stepX
			u := float64(x%stepX) / float64(stepX)
			row[x] = int8(max(-127, min(127, line[i]+(line[i+1]-line[i])*u)))
		}
	}
	return t
}

// linenAt is a plain weave: threads pass over and under each other in turn,
// and thicken and thin along their way as flax does.
func linenAt(x, y int) float64 {
	const t = 20
	i, j := x/t, y/t
	u := float64(x%t)/(t/2) - 1 + 1.0/t
	v := float64(y%t)/(t/2) - 1 + 1.0/t
	across, along, id, pos := u, v, i+97, y
	if (i+j)%2 == 1 {
		across, along, id, pos = v, u, j, x
	}
	slub := noise(pos, id*16, 16, 240, 2400)
	return 21*(1-across*across) - 15*along*along - 7 + 8*slub
}

// twillAt runs its ribs diagonally.
func twillAt(x, y int) float64 {
	const t = 24
	u := float64((x+y)%t)/(t/2) - 1
	step := float64((2*x+480-y)%20)/10 - 1
	return 22*(1-u*u) - 7*step*step - 11
}

// knitAt is stocking stitch: columns of V.
func knitAt(x, y int) float64 {
	const w, r = 48, 40
	s := math.Abs(float64(x%w) - w/2 + 0.5)
	row := math.Mod(float64(y)+0.85*s, r) / r
	leg := (s - w/4) / (w / 4)
	return 46*math.Sqrt(math.Sin(math.Pi*row))*(1-0.75*leg*leg) - 26
}

// waffleAt is a grid of square wells lit from the upper left.
func waffleAt(x, y int) float64 {
	const t = 80
	u := float64(x%t)/(t/2) - 1
	v := float64(y%t)/(t/2) - 1
	au, av := math.Abs(u), math.Abs(v)
	d := max(au, av)
	side := u
	if av > au {
		side = v
	}
	return 22*d*d - 14 + 18*side*d*(1-d*d*d)*1.6
}

// woodAt is long grain, standing upright.
func woodAt(x, y int) float64 {
	sway := noise(x, y/2, 64, 512, 256) + 0.6*noise(x, y, 128, 512, 512)
	ring := math.Sin(float64(x)*2*math.Pi*15/512 + 1.9*sway)
	pore := noise(x, y/16, 2, 512, 32)
	return 6*ring + 5*pore + 4*sway
}

// pebbles measures, in cells, how far a pixel lies from the nearest and the
// second nearest of a jittered grid of points.
func pebbles(x, y, cell, period int) (near, next float64) {
	near, next = 9, 9
	cx, cy, n := x/cell, y/cell, period/cell
	for j := cy - 1; j <= cy+1; j++ {
		for i := cx - 1; i <= cx+1; i++ {
			h := hash((i+n)%n, (j+n)%n)
			px := float64(i) + 0.2 + 0.6*float64(h&0xff)/255
			py := float64(j) + 0.2 + 0.6*float64(h>>8&0xff)/255
			dx, dy := float64(x)/float64(cell)-px, float64(y)/float64(cell)-py
			d := math.Sqrt(dx*dx + dy*dy)
			if d < near {
				near, next = d, near
			} else if d < next {
				next = d
			}
		}
	}
	return near, next
}

// noise is smooth noise from -1 to 1 with features of the given size, seamless
// over periodX × periodY.
func noise(x, y, size, periodX, periodY int) float64 {
	n, m := periodX/size, periodY/size
	i, j := x/size%n, y/size%m
	u, v := ease(float64(x%size)/float64(size)), ease(float64(y%size)/float64(size))
	at := func(i, j int) float64 { return float64(hash(i%n, j%m)&0xffff)/32767.5 - 1 }
	top := at(i, j)*(1-u) + at(i+1, j)*u
	low := at(i, j+1)*(1-u) + at(i+1, j+1)*u
	return top*(1-v) + low*v
}

func ease(t float64) float64 { return t * t * (3 - 2*t) }

// hash scatters a grid place into 32 bits that look random and never change.
func hash(x, y int) uint32 {
	h := uint32(x)*0x9E3779B1 ^ uint32(y)*0x85EBCA77
	h ^= h >> 15
	h *= 0x2C1B3C6D
	h ^= h >> 12
	h *= 0x297A2D39
	return h ^ h>>15
}
