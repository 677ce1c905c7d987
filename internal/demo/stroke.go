package demo

import "math"

// stroked is the outline of a path drawn with a round pen.
func stroked(p *path, width float32) *path {
	out := &path{}
	for _, line := range p.flatten() {
		out.and(thicken(line, width/2))
	}
	return out
}

// dashed cuts a path into dashes; on and off are lengths in design units.
func dashed(p *path, on, off float32) *path {
	out := &path{}
	for _, line := range p.flatten() {
		out.and(cutDashes(line, on, off))
	}
	return out
}

func cutDashes(line []point, on, off float32) *path {
	out := &path{}
	left, drawing := on, true
	pen := line[0]
	start := func(q point) {
		out.verbs, out.pts = append(out.verbs, moveTo), append(out.pts, q)
	}
	start(pen)
	for i := 1; i < len(line); {
		dx, dy := line[i].x-pen.x, line[i].y-pen.y
		step := float32(math.Hypot(float64(dx), float64(dy)))
		if step <= left {
			left -= step
			pen = line[i]
			i++
			if drawing {
				out.to(pen.x, pen.y)
			}
			continue
		}
		pen = point{pen.x + dx*left/step, pen.y + dy*left/step}
		if drawing {
			out.to(pen.x, pen.y)
			drawing, left = false, off
		} else {
			start(pen)
			drawing, left = true, on
		}
	}
	return out
}

// thicken walks along both sides of a polyline at distance r and rounds its
// ends. All outlines turn the same way, so overlaps add up under the
// rasterizer's non-zero rule instead of cutting holes.
func thicken(line []point, r float32) *path {
	line = distinct(line)
	if len(line) < 2 {
		return ellipse(line[0].x, line[0].y, r, r)
	}
	n := len(line)
	closed := n > 3 && near(line[0], line[n-1])
	if closed {
		return thickenRing(line[:n-1], r)
	}
	out := from(0, 0)
	out.verbs, out.pts = nil, nil
	add := func(q point) {
		v := lineTo
		if len(out.verbs) == 0 {
			v = moveTo
		}
		out.verbs, out.pts = append(out.verbs, v), append(out.pts, q)
	}
	for i := range n {
		d := sideStep(line, i, r)
		add(point{line[i].x + d.x, line[i].y + d.y})
	}
	roundEnd(line[n-1], line[n-2], r, add)
	for i := n - 1; i >= 0; i-- {
		d := sideStep(line, i, r)
		add(point{line[i].x - d.x, line[i].y - d.y})
	}
	roundEnd(line[0], line[1], r, add)
	return out.close()
}

func thickenRing(ring []point, r float32) *path {
	n := len(ring)
	side := func(sign float32) []point {
		pts := make([]point, n)
		for i := range n {
			d := miter(ring[(i+n-1)%n], ring[i], ring[(i+1)%n], r)
			pts[i] = point{ring[i].x + sign*d.x, ring[i].y + sign*d.y}
		}
		return pts
	}
	out := &path{}
	outline := func(pts []point) {
		out.verbs, out.pts = append(out.verbs, moveTo), append(out.pts, pts[0])
		for _, q := range pts[1:] {
			out.to(q.x, q.y)
		}
		out.close()
	}
	outline(side(1))
	inner := side(-1)
	for i, j := 0, n-1; i < j; i, j = i+1, j-1 {
		inner[i], inner[j] = inner[j], inner[i]
	}
	outline(inner)
	return out
}

func sideStep(line []point, i int, r float32) point {
	a, b := line[max(0, i-1)], line[min(len(line)-1, i+1)]
	if i == 0 || i == len(line)-1 {
		return normal(a, b, r)
	}
	return miter(a, line[i], b, r)
}

// miter is the sideways step at a corner, limited so that sharp corners do
// not grow spikes.
func miter(a, b, c point, r float32) point {
	m, n := normal(a, b, 1), normal(b, c, 1)
	x, y := m.x+n.x, m.y+n.y
	length := x*x + y*y
	if length < 0.4 {
		return point{n.x * r, n.y * r}
	}
	k := 2 * r / length
	return point{x * k, y * k}
}

func normal(a, b point, r float32) point {
	dx, dy := b.x-a.x, b.y-a.y
	length := float32(math.Hypot(float64(dx), float64(dy)))
	if length == 0 {
		return point{}
	}
	return point{-dy / length * r, dx / length * r}
}

// roundEnd adds the half circle around end, coming from before.
func roundEnd(end, before point, r float32, add func(point)) {
	const steps = 8
	d := normal(before, end, r)
	for s := 1; s < steps; s++ {
		sin, cos := math.Sincos(-math.Pi * float64(s) / steps)
		add(point{
			end.x + d.x*float32(cos) - d.y*float32(sin),
			end.y + d.x*float32(sin) + d.y*float32(cos),
		})
	}
}

func distinct(line []point) []point {
	out := line[:1:1]
	for _, q := range line[1:] {
		if !near(q, out[len(out)-1]) {
			out = append(out, q)
		}
	}
	if len(line) > 3 && near(line[0], line[len(line)-1]) && !near(out[0], out[len(out)-1]) {
		out = append(out, line[0])
	}
	return out
}

func near(a, b point) bool {
	dx, dy := a.x-b.x, a.y-b.y
	return dx*dx+dy*dy < 0.01
}
