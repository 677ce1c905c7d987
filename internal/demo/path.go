package demo

import "math"

// point is a place on the drawing board: 1200 × 1200 design units, x to the
// right and y down, whatever size the picture is rendered at.
type point struct{ x, y float32 }

type verb uint8

const (
	moveTo verb = iota
	lineTo
	cubicTo
	closePath
)

// path is an outline made of straight lines and cubic curves.
type path struct {
	verbs []verb
	pts   []point
}

func from(x, y float32) *path {
	return &path{verbs: []verb{moveTo}, pts: []point{{x, y}}}
}

func (p *path) pen() point { return p.pts[len(p.pts)-1] }

func (p *path) to(x, y float32) *path {
	p.verbs, p.pts = append(p.verbs, lineTo), append(p.pts, point{x, y})
	return p
}

func (p *path) curve(x1, y1, x2, y2, x, y float32) *path {
	p.verbs = append(p.verbs, cubicTo)
	p.pts = append(p.pts, point{x1, y1}, point{x2, y2}, point{x, y})
	return p
}

// bend is a quadratic curve, raised to a cubic so that only one kind exists.
func (p *path) bend(cx, cy, x, y float32) *path {
	a := p.pen()
	return p.curve(
		a.x+(cx-a.x)*2/3, a.y+(cy-a.y)*2/3,
		x+(cx-x)*2/3, y+(cy-y)*2/3,
		x, y)
}

func (p *path) close() *path {
	p.verbs = append(p.verbs, closePath)
	return p
}

// and appends the outlines of another path.
func (p *path) and(q *path) *path {
	p.verbs = append(p.verbs, q.verbs...)
	p.pts = append(p.pts, q.pts...)
	return p
}

// backward is the same open outline walked from its end to its start.
func (p *path) backward() *path {
	last := p.pen()
	out := from(last.x, last.y)
	i := len(p.pts) - 1
	for v := len(p.verbs) - 1; v > 0; v-- {
		switch p.verbs[v] {
		case lineTo:
			out.to(p.pts[i-1].x, p.pts[i-1].y)
			i--
		case cubicTo:
			a, b, c := p.pts[i-1], p.pts[i-2], p.pts[i-3]
			out.curve(a.x, a.y, b.x, b.y, c.x, c.y)
			i -= 3
		}
	}
	return out
}

// mirror closes a right half into a symmetric whole: the open outline runs
// from the axis to the axis, and its reflection leads back.
func (p *path) mirror(axis float32) *path {
	other := p.flip(axis).backward()
	p.verbs = append(p.verbs, lineTo)
	p.pts = append(p.pts, other.pts[0])
	p.verbs = append(p.verbs, other.verbs[1:]...)
	p.pts = append(p.pts, other.pts[1:]...)
	return p.close()
}

// flip is the reflection of the path, left for right.
func (p *path) flip(axis float32) *path {
	return p.mapped(func(q point) point { return point{2*axis - q.x, q.y} })
}

// turn is the path rotated clockwise by degrees about a point.
func (p *path) turn(degrees, cx, cy float32) *path {
	sin, cos := math.Sincos(float64(degrees) * math.Pi / 180)
	s, c := float32(sin), float32(cos)
	return p.mapped(func(q point) point {
		dx, dy := q.x-cx, q.y-cy
		return point{cx + dx*c - dy*s, cy + dx*s + dy*c}
	})
}

// move is the path shifted.
func (p *path) move(dx, dy float32) *path {
	return p.mapped(func(q point) point { return point{q.x + dx, q.y + dy} })
}

func (p *path) mapped(f func(point) point) *path {
	out := &path{verbs: append([]verb(nil), p.verbs...), pts: make([]point, len(p.pts))}
	for i, q := range p.pts {
		out.pts[i] = f(q)
	}
	return out
}

// flatten cuts the path into polylines. The step count is fixed per curve:
// outlines here are a few hundred units long at most, and equal steps keep
// the result the same on every machine.
func (p *path) flatten() [][]point {
	const steps = 14
	var lines [][]point
	var line []point
	i := 0
	for _, v := range p.verbs {
		switch v {
		case moveTo:
			if len(line) > 1 {
				lines = append(lines, line)
			}
			line = []point{p.pts[i]}
			i++
		case lineTo:
			line = append(line, p.pts[i])
			i++
		case cubicTo:
			a, b, c, d := line[len(line)-1], p.pts[i], p.pts[i+1], p.pts[i+2]
			for s := 1; s <= steps; s++ {
				line = append(line, onCubic(a, b, c, d, float32(s)/steps))
			}
			i += 3
		case closePath:
			line = append(line, line[0])
		}
	}
	if len(line) > 1 {
		lines = append(lines, line)
	}
	return lines
}

func onCubic(a, b, c, d point, t float32) point {
	u := 1 - t
	k0, k1, k2, k3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
	return point{
		k0*a.x + k1*b.x + k2*c.x + k3*d.x,
		k0*a.y + k1*b.y + k2*c.y + k3*d.y,
	}
}

// Ready-made outlines.

func ellipse(cx, cy, rx, ry float32) *path {
	const k = 0.5522848
	return from(cx+rx, cy).
		curve(cx+rx, cy+ry*k, cx+rx*k, cy+ry, cx, cy+ry).
		curve(cx-rx*k, cy+ry, cx-rx, cy+ry*k, cx-rx, cy).
		curve(cx-rx, cy-ry*k, cx-rx*k, cy-ry, cx, cy-ry).
		curve(cx+rx*k, cy-ry, cx+rx, cy-ry*k, cx+rx, cy).
		close()
}

func circle(cx, cy, r float32) *path { return ellipse(cx, cy, r, r) }

// box is a rectangle with rounded corners.
func box(x0, y0, x1, y1, r float32) *path {
	const k = 1 - 0.5522848
	if r <= 0 {
		return poly(x0, y0, x1, y0, x1, y1, x0, y1)
	}
	return from(x0+r, y0).
		to(x1-r, y0).curve(x1-r*k, y0, x1, y0+r*k, x1, y0+r).
		to(x1, y1-r).curve(x1, y1-r*k, x1-r*k, y1, x1-r, y1).
		to(x0+r, y1).curve(x0+r*k, y1, x0, y1-r*k, x0, y1-r).
		to(x0, y0+r).curve(x0, y0+r*k, x0+r*k, y0, x0+r, y0).
		close()
}

// poly is a closed polygon of x, y pairs.
func poly(xy ...float32) *path { return rope(xy...).close() }

// rope is an open polyline of x, y pairs.
func rope(xy ...float32) *path {
	p := from(xy[0], xy[1])
	for i := 2; i+1 < len(xy); i += 2 {
		p.to(xy[i], xy[i+1])
	}
	return p
}

// through is a smooth open curve through x, y pairs (Catmull-Rom).
func through(xy ...float32) *path {
	n := len(xy) / 2
	at := func(i int) point {
		i = max(0, min(n-1, i))
		return point{xy[2*i], xy[2*i+1]}
	}
	p := from(xy[0], xy[1])
	for i := 0; i+1 < n; i++ {
		joinSmooth(p, at(i-1), at(i), at(i+1), at(i+2))
	}
	return p
}

// blob is a smooth closed curve through x, y pairs.
func blob(xy ...float32) *path {
	n := len(xy) / 2
	at := func(i int) point {
		i = (i + n) % n
		return point{xy[2*i], xy[2*i+1]}
	}
	p := from(xy[0], xy[1])
	for i := range n {
		joinSmooth(p, at(i-1), at(i), at(i+1), at(i+2))
	}
	return p.close()
}

func joinSmooth(p *path, a, b, c, d point) {
	const k = 1.0 / 6
	p.curve(
		b.x+(c.x-a.x)*k, b.y+(c.y-a.y)*k,
		c.x-(d.x-b.x)*k, c.y-(d.y-b.y)*k,
		c.x, c.y)
}
