package demo

import "image"

// leg is a turned leg between two points, thinner at the floor.
func (c *canvas) leg(x0, y0, x1, y1, w0, w1 float32, colour RGB) {
	c.fill(poly(x0-w0, y0, x0+w0, y0, x1+w1, y1, x1-w1, y1),
		across(tint(colour, 0.10), shade(colour, 0.20), min(x0, x1)-w0, max(x0, x1)+w0).of(wood))
}

func drawChair(c *canvas, d dye) {
	w := d.main
	c.glow(640, 925, 330, 46, 0x2A2430, 0.28)
	// Hind legs run up into the back.
	c.leg(478, 640, 470, 890, 13, 10, shade(w, 0.20))
	c.leg(722, 640, 730, 890, 13, 10, shade(w, 0.20))
	c.line(rope(474, 800, 726, 800), 13, flat(shade(w, 0.26)))
	for _, x := range [...]float32{528, 576, 624, 672} {
		c.line(rope(600+(x-600)*1.06, 320, x, 600), 13, across(tint(w, 0.06), shade(w, 0.16), x-10, x+10))
	}
	for _, s := range [...]float32{-1, 1} {
		c.line(rope(600+s*154, 250, 600+s*128, 610), 26, across(tint(w, 0.08), shade(w, 0.18), 600+s*140-22, 600+s*140+22))
	}
	back := from(430, 236).bend(600, 268, 770, 236).curve(786, 270, 786, 320, 774, 346).
		bend(600, 380, 426, 346).curve(414, 320, 414, 270, 430, 236).close()
	b := c.fill(back, slant(tint(w, 0.14), shade(w, 0.12), 420, 240, 780, 350).of(wood))
	for _, y := range [...]float32{272, 296, 322} {
		c.lineIn(b, from(400, y-20).bend(600, y+14, 800, y-20), 2.4, veil(shade(w, 0.6), 0.20))
	}
	c.lineIn(b, from(428, 240).bend(600, 272, 772, 240), 5, veil(0xFFFFFF, 0.28))
	// Seat of woven cord in a wooden frame.
	c.leg(392, 690, 372, 936, 17, 12, w)
	c.leg(808, 690, 828, 936, 17, 12, w)
	c.line(rope(386, 816, 814, 816), 15, across(tint(w, 0.04), shade(w, 0.16), 386, 814))
	seat := from(444, 596).to(756, 596).curve(800, 630, 830, 660, 846, 694).bend(600, 716, 354, 694).curve(370, 660, 400, 630, 444, 596).close()
	m := c.fill(seat, slant(tint(d.second, 0.14), shade(d.second, 0.10), 380, 590, 820, 710))
	c.linesIn(m, 3, veil(shade(d.second, 0.6), 0.26), series(23, func(i float32) *path {
		x := (i - 11) * 30
		return rope(600+x, 590, 600+x*1.42, 720)
	})...)
	for _, y := range [...]float32{622, 650, 678} {
		c.lineIn(m, rope(340, y, 860, y), 5, veil(shade(d.second, 0.5), 0.20))
	}
	front := from(354, 690).bend(600, 712, 846, 690).to(846, 718).bend(600, 742, 354, 718).close()
	c.on(front, across(tint(w, 0.12), shade(w, 0.12), 354, 846).of(wood))
}

func drawStool(c *canvas, d dye) {
	w := d.main
	c.leg(600, 520, 604, 880, 16, 12, shade(w, 0.26))
	c.line(from(452, 760).bend(600, 730, 748, 760), 13, flat(shade(w, 0.24)))
	c.leg(470, 510, 396, 934, 20, 14, w)
	c.leg(730, 510, 804, 934, 20, 14, w)
	c.line(from(428, 774).bend(600, 812, 772, 774), 15, across(tint(w, 0.05), shade(w, 0.18), 428, 772))
	side := from(360, 470).to(840, 470).to(840, 504).curve(840, 600, 360, 600, 360, 504).close()
	s := c.fill(side, flat(shade(w, 0.12)))
	c.turned(s, 360, 840)
	m := c.fill(ellipse(600, 470, 240, 66), slant(tint(w, 0.22), shade(w, 0.04), 380, 420, 820, 530).of(wood))
	c.rings(m, 590, 466, 222, 60, w)
	c.lineIn(m, ellipse(600, 468, 237, 63), 5, veil(0xFFFFFF, 0.32))
	for _, q := range [...]point{{484, 494}, {716, 494}, {600, 430}} {
		c.on(ellipse(q.x, q.y, 17, 7), flat(shade(w, 0.30)))
	}
}

// rings draws the growth rings of a round wooden top.
func (c *canvas) rings(clip *image.Alpha, x, y, rx, ry float32, colour RGB) {
	for i := range 6 {
		k := 1 - float32(i)*0.155
		c.lineIn(clip, ellipse(x-float32(i)*7, y, rx*k, ry*k), 2.4, veil(shade(colour, 0.6), 0.18))
	}
}

func drawSideTable(c *canvas, d dye) {
	w := d.main
	c.line(rope(600, 490, 604, 880), 16, flat(shade(d.second, 0.30)))
	shelf := func(y, rx, ry, thick float32) {
		s := c.fill(from(600-rx, y).to(600+rx, y).to(600+rx, y+thick).curve(600+rx, y+thick+ry*1.3, 600-rx, y+thick+ry*1.3, 600-rx, y+thick).close(), flat(shade(w, 0.14)))
		c.turned(s, 600-rx, 600+rx)
		m := c.fill(ellipse(600, y, rx, ry), slant(tint(w, 0.20), shade(w, 0.02), 600-rx, y-ry, 600+rx, y+ry).of(wood))
		c.rings(m, 590, y-2, rx*0.92, ry*0.9, w)
		c.lineIn(m, ellipse(600, y-1, rx-3, ry-3), 4, veil(0xFFFFFF, 0.32))
	}
	shelf(780, 200, 40, 18)
	for _, s := range [...]float32{-1, 1} {
		c.line(rope(600+s*226, 476, 600+s*244, 926), 19, across(tint(d.second, 0.20), shade(d.second, 0.12), 590+s*244, 612+s*244))
	}
	shelf(440, 310, 70, 26)
	// A book and a cup show the size.
	c.on(ellipse(540, 440, 120, 22), veil(0x1F1A2B, 0.20))
	for i, tone := range [...]RGB{0x9C5A45, 0xE7DCC8, 0x52647A} {
		y := 424 - float32(i)*24
		c.on(box(442+float32(i)*8, y-12, 640-float32(i)*10, y+12, 4), across(tint(tone, 0.10), shade(tone, 0.12), 440, 640))
	}
	c.on(ellipse(742, 446, 62, 13), veil(0x1F1A2B, 0.22))
	cup := c.fill(from(740, 370).to(786, 370).curve(786, 420, 776, 444, 740, 446).mirror(740), flat(0xEFE8DA))
	c.turned(cup, 694, 786)
	c.on(ellipse(740, 370, 46, 10), flat(0xC9BFAE))
	c.on(ellipse(740, 372, 39, 7), flat(0x5A3A26))
}

func drawShelf(c *canvas, d dye) {
	w := d.main
	for _, x := range [...]float32{330, 870} {
		c.line(from(x, 690).to(x, 430), 13, flat(shade(d.second, 0.05)))
		c.brass(x, 424, 15)
	}
	// Books, a vase, a small pot.
	books := [...]struct {
		x, w, h float32
		tone    RGB
	}{{400, 44, 190, 0x52647A}, {446, 36, 168, 0xB4654A}, {484, 52, 206, 0xE7DCC8}, {538, 30, 150, 0x7E8F6E}}
	for _, b := range books {
		c.on(box(b.x, 640-b.h, b.x+b.w, 642, 4), across(tint(b.tone, 0.10), shade(b.tone, 0.14), b.x, b.x+b.w))
		c.line(rope(b.x+8, 668-b.h, b.x+b.w-8, 668-b.h), 4, veil(0xFFF9EE, 0.45))
	}
	c.on(box(572, 500, 604, 642, 4).turn(13, 588, 642), across(0xC9A36B, 0xA07A45, 560, 640))
	pot := c.fill(from(760, 520).to(808, 520).curve(830, 570, 822, 630, 796, 642).to(760, 642).mirror(760), flat(0xEDE5D6))
	c.turned(pot, 694, 826)
	c.on(ellipse(760, 520, 48, 10), flat(0xB8AC98))
	c.sprig(760, 522, 0.72, 0x7E8F6E)
	m := c.fill(box(216, 640, 984, 694, 8), down(tint(w, 0.12), shade(w, 0.10), 640, 694).of(wood))
	for _, y := range [...]float32{656, 670, 684} {
		c.lineIn(m, from(200, y).curve(420, y-6, 700, y+8, 1000, y-3), 2.4, veil(shade(w, 0.6), 0.20))
	}
	c.lineIn(m, rope(216, 643, 984, 643), 6, veil(0xFFFFFF, 0.30))
	for _, x := range [...]float32{330, 870} {
		c.line(rope(x, 636, x, 716), 16, flat(shade(d.second, 0.16)))
	}
}

func drawMirror(c *canvas, d dye) {
	strap := from(392, 420).bend(480, 250, 600, 150).bend(720, 250, 808, 420)
	c.line(strap, 20, slant(tint(d.second, 0.10), shade(d.second, 0.10), 400, 160, 800, 420).of(hide))
	c.brass(600, 156, 24)
	c.on(circle(600, 650, 356), slant(tint(d.main, 0.25), shade(d.main, 0.22), 340, 400, 860, 900).of(wood))
	m := c.fill(circle(600, 650, 326), slant(0xF2F6F6, 0xB9C8CD, 360, 420, 840, 880))
	c.fillIn(m, box(240, 800, 960, 1000, 0), down(0x9FAFB4, 0x8FA2A8, 800, 1000).thin(0.35, 0.55))
	c.fillIn(m, poly(300, 760, 620, 320, 740, 320, 420, 980, 300, 980), veil(0xFFFFFF, 0.28))
	c.fillIn(m, poly(560, 980, 860, 400, 900, 440, 620, 980), veil(0xFFFFFF, 0.22))
	c.lineIn(m, circle(606, 658, 326), 16, veil(0x1F1A2B, 0.20))
	c.line(circle(600, 650, 327), 4, veil(shade(d.main, 0.4), 0.6))
}

func drawClock(c *canvas, d dye) {
	c.on(circle(600, 600, 380), slant(tint(d.second, 0.18), shade(d.second, 0.22), 330, 330, 870, 870).of(wood))
	m := c.fill(circle(600, 600, 344), slant(tint(d.main, 0.20), shade(d.main, 0.06), 350, 350, 850, 850))
	c.lineIn(m, circle(607, 612, 346), 18, veil(0x1F1A2B, 0.16))
	ink := edge(d.main, 0.78)
	for i := range 12 {
		long := float32(30)
		w := float32(7)
		if i%3 == 0 {
			long, w = 58, 11
		}
		c.line(rope(600, 292, 600, 292+long).turn(float32(i)*30, 600, 600), w, flat(ink))
	}
	hand := func(p *path, angle float32, k paint) {
		c.on(p.turn(angle, 600, 600).move(6, 12), veil(0x1F1A2B, 0.18))
		c.on(p.turn(angle, 600, 600), k)
	}
	hand(box(588, 410, 612, 650, 12), 304, flat(ink))
	hand(box(591, 330, 609, 660, 9), 54, flat(ink))
	hand(box(597, 300, 603, 690, 3), 190, flat(0xC0563C))
	c.on(circle(600, 600, 20), flat(ink))
	c.brass(600, 600, 9)
}
