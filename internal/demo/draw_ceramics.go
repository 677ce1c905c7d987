package demo

import "image"

// turned shades a mask as if it were round: lit from the left, dark towards
// the right, with a last reflection at the edge.
func (c *canvas) turned(m *image.Alpha, x0, x1 float32) {
	w := x1 - x0
	c.fillIn(m, box(x0-2, 0, x0+w*0.34, Side, 0), across(0xFFF9EE, 0xFFF9EE, x0, x0+w*0.34).thin(0.26, 0))
	c.fillIn(m, box(x0+w*0.42, 0, x1+2, Side, 0), across(0x1F1A2B, 0x1F1A2B, x0+w*0.42, x1-w*0.05).thin(0, 0.24))
	c.fillIn(m, box(x1-w*0.07, 0, x1+2, Side, 0), across(0xFFF9EE, 0xFFF9EE, x1-w*0.07, x1).thin(0, 0.14))
}

// gleam is the bright reflection of a window on a shiny thing.
func (c *canvas) gleam(m *image.Alpha, p *path, alpha float32) {
	c.fillIn(m, p, veil(0xFFFFFF, alpha))
}

// speckle scatters the iron spots of stoneware clay over a mask.
func (c *canvas) speckle(m *image.Alpha, colour RGB, x0, y0, x1, y1 float32) {
	const cell = 30
	dots := &path{}
	for j := range int((y1 - y0) / cell) {
		for i := range int((x1 - x0) / cell) {
			h := hash(i+int(x0), j+int(y0))
			if h&3 == 0 {
				continue
			}
			x := x0 + (float32(i)+float32(h>>4&0xff)/255)*cell
			y := y0 + (float32(j)+float32(h>>12&0xff)/255)*cell
			dots.and(circle(x, y, 1.2+2.4*float32(h>>20&0xff)/255*float32(h>>24&0xff)/255))
		}
	}
	c.fillIn(m, dots, veil(edge(colour, 0.75), 0.55))
}

// glazeOn decorates a pot by its pattern.
func (c *canvas) glazeOn(m *image.Alpha, d dye, x0, y0, x1, y1 float32) {
	switch d.pattern {
	case Speckles:
		c.speckle(m, d.main, x0, y0, x1, y1)
	case Bands:
		mid := y0 + (y1-y0)*0.30
		c.fillIn(m, from(x0, mid).bend((x0+x1)/2, mid+34, x1, mid).to(x1, mid+16).bend((x0+x1)/2, mid+50, x0, mid+16).close(), flat(d.second))
		c.fillIn(m, from(x0, mid+30).bend((x0+x1)/2, mid+64, x1, mid+30).to(x1, mid+36).bend((x0+x1)/2, mid+70, x0, mid+36).close(), flat(d.second))
	}
}

func drawMug(c *canvas, d dye) {
	k := flat(d.main)
	handle := from(744, 506).curve(920, 470, 930, 770, 738, 772)
	c.line(handle, 46, flat(shade(d.main, 0.12)))
	c.line(handle.move(-3, -5), 34, k)
	c.line(handle.move(-7, -12), 8, veil(0xFFFFFF, 0.22))
	body := from(570, 404).to(762, 404).to(750, 800).curve(746, 880, 690, 922, 570, 924).mirror(570)
	m := c.fill(body, k)
	// The foot is left unglazed.
	c.fillIn(m, from(360, 838).bend(470, 872, 570, 868).bend(680, 860, 790, 842).to(790, 940).to(360, 940).close(), flat(d.second).of(paper))
	c.lineIn(m, from(360, 838).bend(470, 872, 570, 868).bend(680, 860, 790, 842), 5, veil(shade(d.main, 0.4), 0.35))
	c.glazeOn(m, d, 380, 440, 770, 840)
	c.turned(m, 378, 762)
	c.gleam(m, box(418, 480, 440, 740, 11), 0.30)
	c.rim(d, 570, 404, 192, 40)
}

// rim is the mouth of a vessel seen slightly from above.
func (c *canvas) rim(d dye, x, y, rx, ry float32) {
	c.on(ellipse(x, y, rx, ry), flat(tint(d.main, 0.28)))
	c.on(ellipse(x, y+1, rx-11, ry-6), across(shade(d.main, 0.40), shade(d.main, 0.14), x-rx, x+rx))
}

func drawCupAndSaucer(c *canvas, d dye) {
	k := flat(d.main)
	s := c.fill(ellipse(600, 876, 350, 70), flat(shade(d.main, 0.10)))
	c.wash(s, across(0x1F1A2B, 0x1F1A2B, 560, 960).thin(0, 0.18))
	t := c.fill(ellipse(600, 862, 350, 66), slant(tint(d.main, 0.16), shade(d.main, 0.06), 300, 800, 900, 930))
	c.glazeOn(t, dye{d.main, d.second, d.pattern}, 250, 800, 950, 930)
	c.line(ellipse(600, 862, 346, 62), 5, veil(d.second, 0.9))
	c.on(ellipse(600, 872, 210, 36), veil(0x1F1A2B, 0.10))
	c.on(ellipse(616, 872, 170, 26), veil(0x1F1A2B, 0.26))

	handle := from(762, 610).curve(880, 580, 890, 740, 716, 752)
	c.line(handle, 36, flat(shade(d.main, 0.14)))
	c.line(handle.move(-3, -4), 25, k)
	body := from(600, 540).to(786, 540).curve(784, 690, 744, 810, 690, 852).bend(650, 876, 600, 876).mirror(600)
	m := c.fill(body, k)
	c.glazeOn(m, d, 400, 560, 800, 870)
	c.turned(m, 414, 786)
	c.gleam(m, from(450, 590).curve(452, 670, 470, 740, 500, 790).to(516, 780).curve(490, 730, 474, 664, 474, 590).close(), 0.28)
	c.rim(d, 600, 540, 186, 40)
	e := c.cover(ellipse(600, 541, 174, 33))
	c.fillIn(e, ellipse(600, 562, 160, 28), slant(0x5A3521, 0x38200F, 450, 540, 750, 580))
	c.lineIn(e, ellipse(600, 562, 156, 25), 5, veil(0xC58F5C, 0.55))
}

func drawPlate(c *canvas, d dye) {
	m := c.fill(circle(600, 600, 408), slant(tint(d.main, 0.18), shade(d.main, 0.08), 310, 310, 890, 890))
	c.glazeOn(m, dye{d.main, d.second, Plain}, 190, 190, 1010, 1010)
	c.line(circle(600, 600, 402), 9, flat(d.second))
	c.on(circle(603, 606, 292), veil(0x1F1A2B, 0.12))
	w := c.fill(circle(600, 600, 288), slant(shade(d.main, 0.09), tint(d.main, 0.12), 400, 400, 800, 800))
	c.fillIn(w, circle(612, 616, 270), slant(shade(d.main, 0.02), tint(d.main, 0.04), 400, 400, 800, 800))
	switch d.pattern {
	case Speckles:
		c.speckle(m, d.main, 190, 190, 1010, 1010)
	case Bands:
		c.line(circle(600, 600, 352), 7, flat(d.second))
	}
	arc := from(262, 470).curve(310, 330, 430, 250, 560, 230)
	c.line(arc, 12, veil(0xFFFFFF, 0.34))
	c.line(from(600, 228).curve(620, 227, 640, 228, 660, 232), 12, veil(0xFFFFFF, 0.34))
}

func drawBowl(c *canvas, d dye) { c.bowl(d, 560, 318, 66, 912) }

func drawServingBowl(c *canvas, d dye) {
	inside := c.mouth(d, 590, 396, 84)
	for _, q := range [...]point{{440, 560}, {730, 556}, {590, 530}} {
		lemon := ellipse(q.x, q.y, 104, 86).turn(-18, q.x, q.y).and(ellipse(q.x+96, q.y-32, 20, 16))
		c.fillIn(inside, lemon.move(8, 12), veil(0x1F1A2B, 0.25))
		l := c.fill(lemon, slant(0xF7DD6B, 0xDDA92F, q.x-90, q.y-80, q.x+90, q.y+80))
		c.gleam(l, ellipse(q.x-34, q.y-34, 30, 18).turn(-30, q.x-34, q.y-34), 0.35)
	}
	c.front(d, 590, 396, 84, 912)
}

func (c *canvas) bowl(d dye, y, rx, ry, base float32) {
	c.mouth(d, y, rx, ry)
	c.front(d, y, rx, ry, base)
}

// mouth is the inside of an open bowl; front is its outside, which hides what
// lies in it.
func (c *canvas) mouth(d dye, y, rx, ry float32) *image.Alpha {
	c.on(ellipse(600, y, rx, ry), flat(tint(d.main, 0.30)))
	in := c.fill(ellipse(600, y+2, rx-13, ry-9), across(shade(d.main, 0.30), shade(d.main, 0.06), 600-rx, 600+rx))
	c.fillIn(in, ellipse(640, y+ry*0.55, rx*0.74, ry*0.62), veil(0x1F1A2B, 0.10))
	if d.pattern == Speckles {
		c.speckle(in, d.main, 600-rx, y-ry, 600+rx, y+ry)
	}
	return in
}

func (c *canvas) front(d dye, y, rx, ry, base float32) {
	const k = 0.5522848
	foot := rx * 0.42
	c.on(from(600, base-20).to(600+foot, base-20).to(600+foot*0.94, base+14).bend(600+foot*0.5, base+26, 600, base+26).mirror(600),
		across(d.second, shade(d.second, 0.25), 600-foot, 600+foot).of(paper))
	body := from(600, y+ry).curve(600+rx*k, y+ry, 600+rx, y+ry*k, 600+rx, y).
		curve(600+rx*0.97, y+(base-y)*0.62, 600+rx*0.70, base-14, 600+foot, base-4).
		bend(600+foot*0.5, base+6, 600, base+6).mirror(600)
	m := c.fill(body, flat(d.main))
	c.glazeOn(m, d, 600-rx, y+ry*0.4, 600+rx, base)
	c.turned(m, 600-rx, 600+rx)
	c.fillIn(m, box(0, base-120, Side, base+20, 0), down(0x1F1A2B, 0x1F1A2B, base-120, base+10).thin(0, 0.16))
	c.gleam(m, from(600-rx*0.84, y+ry+14).curve(600-rx*0.80, y+ry+90, 600-rx*0.66, base-90, 600-rx*0.54, base-60).
		to(600-rx*0.49, base-74).curve(600-rx*0.62, base-110, 600-rx*0.74, y+ry+90, 600-rx*0.77, y+ry+24).close(), 0.26)
	c.lineIn(m, from(600-rx+4, y+6).curve(600-rx, y+ry*k, 600-rx*k, y+ry, 600, y+ry).
		curve(600+rx*k, y+ry, 600+rx, y+ry*k, 600+rx-4, y+6), 9, flat(tint(d.main, 0.26)))
}

func drawTeapot(c *canvas, d dye) {
	k := flat(d.main)
	spout := from(740, 760).curve(860, 740, 860, 620, 930, 566).to(984, 584).curve(938, 650, 920, 800, 760, 850).close()
	s := c.fill(spout, k)
	c.wash(s, across(0x1F1A2B, 0x1F1A2B, 760, 960).thin(0.18, 0.06))
	c.on(ellipse(957, 575, 29, 10).turn(18, 957, 575), flat(shade(d.main, 0.38)))
	handle := from(410, 560).curve(380, 220, 790, 220, 760, 560)
	c.line(handle.move(2, 8), 28, flat(shade(d.second, 0.28)))
	c.line(handle, 28, slant(tint(d.second, 0.1), shade(d.second, 0.16), 400, 260, 780, 560).of(wood))
	body := from(585, 520).to(690, 524).curve(800, 560, 836, 660, 828, 740).
		curve(818, 850, 720, 914, 690, 922).to(585, 926).mirror(585)
	m := c.fill(body, k)
	c.fillIn(m, box(300, 880, 900, 940, 0), flat(d.second).of(paper))
	c.glazeOn(m, d, 340, 560, 840, 870)
	c.turned(m, 342, 828)
	c.gleam(m, from(394, 640).curve(376, 720, 390, 790, 424, 840).to(442, 830).curve(412, 780, 404, 720, 418, 648).close(), 0.32)
	for _, x := range [...]float32{414, 756} {
		c.on(circle(x, 566, 25), slant(tint(d.main, 0.15), shade(d.main, 0.2), x-25, 540, x+25, 590))
		c.on(circle(x, 566, 9), flat(shade(d.main, 0.5)))
	}
	c.on(ellipse(585, 530, 126, 24), flat(shade(d.main, 0.30)))
	lid := from(585, 466).curve(650, 468, 700, 496, 704, 524).bend(650, 546, 585, 546).mirror(585)
	l := c.fill(lid, k)
	c.turned(l, 466, 704)
	c.on(circle(585, 452, 27), slant(tint(d.second, 0.25), shade(d.second, 0.2), 560, 430, 612, 478))
}
