package demo

import "image"

// cloth is a garment's colour under light from the upper left.
func cloth(c RGB, g grain) paint {
	return slant(tint(c, 0.07), shade(c, 0.09), 260, 200, 960, 980).of(g)
}

// crease is a tapered fold from one point to another; bow and thick push its
// two sides away from the straight line.
func crease(x0, y0, x1, y1, bow, thick float32) *path {
	n := normal(point{x0, y0}, point{x1, y1}, 1)
	mx, my := (x0+x1)/2, (y0+y1)/2
	return from(x0, y0).
		bend(mx+n.x*bow, my+n.y*bow, x1, y1).
		bend(mx+n.x*(bow+thick), my+n.y*(bow+thick), x0, y0).close()
}

// fold darkens a crease of a cloth.
func (c *canvas) fold(clip *image.Alpha, x0, y0, x1, y1, bow, thick float32) {
	c.fillIn(clip, crease(x0, y0, x1, y1, bow, thick), veil(0x1F1A2B, 0.10))
}

// both draws something on the right and its reflection on the left.
func both(p *path, draw func(*path)) {
	draw(p)
	draw(p.flip(600))
}

// print puts a garment's pattern on it.
func (c *canvas) print(clip *image.Alpha, d dye, step, width float32) {
	switch d.pattern {
	case Stripes:
		for y := float32(180); y < 1020; y += step {
			c.fillIn(clip, box(120, y, 1080, y+width, 0), flat(d.second))
		}
	case Bands:
		c.fillIn(clip, box(120, 400, 1080, 400+step*2, 0), flat(d.second))
		c.fillIn(clip, box(120, 400+step*2.6, 1080, 400+step*3, 0), flat(d.second))
	case Checks:
		for at := float32(180); at < 1020; at += step {
			c.fillIn(clip, box(120, at, 1080, at+width, 0), veil(d.second, 0.42))
			c.fillIn(clip, box(at, 120, at+width, 1080, 0), veil(d.second, 0.42))
		}
	}
}

// button is a sewn button.
func (c *canvas) button(x, y, r float32, colour RGB) {
	c.fill(circle(x+1, y+3, r), veil(0x1F1A2B, 0.28))
	c.fill(circle(x, y, r), slant(tint(colour, 0.2), shade(colour, 0.12), x-r, y-r, x+r, y+r))
	c.line(circle(x, y, r*0.66), 1.6, veil(shade(colour, 0.5), 0.35))
	for _, s := range [...]point{{-1, -1}, {1, -1}, {-1, 1}, {1, 1}} {
		c.fill(circle(x+s.x*r*0.24, y+s.y*r*0.24, r*0.13), flat(shade(colour, 0.55)))
	}
}

func drawShirt(c *canvas, d dye) { c.shirt(d, true) }

func drawBlouse(c *canvas, d dye) { c.shirt(d, false) }

func (c *canvas) shirt(d dye, pointed bool) {
	k := cloth(d.main, linen)
	seam := veil(edge(d.main, 0.55), 0.45)
	sleeve := from(832, 284).curve(898, 306, 936, 356, 952, 440).
		to(1012, 848).bend(966, 874, 920, 870).to(842, 500).close()
	both(sleeve, func(p *path) {
		m := c.fill(p, k)
		c.wash(m, veil(0x1F1A2B, 0.06))
		c.print(m, d, 46, 20)
	})
	both(rope(1002, 784, 908, 806), func(p *path) { c.line(p, 2.6, seam) })
	both(circle(940, 832, 9), func(p *path) { c.fill(p, flat(d.second)) })

	body := from(600, 258).to(668, 236).curve(728, 262, 796, 268, 846, 292).
		curve(834, 380, 836, 450, 842, 540).to(850, 890).
		curve(842, 956, 724, 1008, 600, 1010).mirror(600)
	m := c.fill(body, k)
	c.print(m, d, 46, 20)
	both(from(846, 292).curve(834, 380, 836, 450, 842, 540), func(p *path) { c.lineIn(m, p, 2.8, seam) })
	c.fold(m, 842, 540, 700, 640, 18, 22)
	c.fold(m, 358, 540, 470, 600, -14, -20)
	c.fold(m, 800, 980, 740, 730, 14, 20)
	c.fold(m, 420, 970, 470, 750, -10, -18)
	c.lineIn(m, rope(352, 356, 600, 330, 848, 356), 2.4, seam)

	// Pocket on the wearer's left.
	pocket := from(668, 440).to(776, 440).to(776, 540).to(722, 566).to(668, 540).close()
	c.fillIn(m, pocket, cloth(tint(d.main, 0.03), linen))
	c.line(pocket, 2.6, seam)
	c.line(rope(668, 462, 776, 462), 2.2, seam)

	// Placket and buttons.
	c.fillIn(m, box(576, 300, 624, 1016, 0), veil(tint(d.main, 0.5), 0.16))
	c.lineIn(m, rope(576, 300, 576, 1012), 2.4, seam)
	c.lineIn(m, rope(624, 300, 624, 1012), 2.4, seam)
	for y := float32(388); y < 980; y += 112 {
		c.button(600, y, 11, d.second)
	}

	// Inside of the neck, then the collar.
	c.fill(from(516, 250).bend(600, 196, 684, 250).bend(640, 306, 600, 318).bend(560, 306, 516, 250).close(),
		down(shade(d.main, 0.34), shade(d.main, 0.2), 210, 318))
	c.fill(box(574, 226, 626, 250, 4), flat(tint(d.second, 0.3)))
	if pointed {
		leaf := from(600, 326).curve(640, 300, 668, 262, 680, 222).
			curve(700, 232, 716, 252, 724, 274).to(668, 372).close()
		both(leaf, func(p *path) {
			c.fill(p.move(2, 7), veil(0x1F1A2B, 0.16))
			c.fill(p, cloth(tint(d.main, 0.06), linen))
			c.line(p, 2.2, seam)
		})
		c.button(600, 328, 10, d.second)
		return
	}
	band := from(600, 338).curve(652, 312, 682, 270, 690, 224).
		curve(676, 216, 664, 218, 660, 222).curve(648, 264, 630, 286, 600, 304).close()
	both(band, func(p *path) {
		c.fill(p, cloth(tint(d.main, 0.08), linen))
		c.line(p, 2.2, seam)
	})
	c.button(600, 322, 9, d.second)
}

func drawTee(c *canvas, d dye) {
	k := cloth(d.main, knit)
	seam := veil(edge(d.main, 0.55), 0.45)
	long := d.pattern == Stripes // a Breton top has long sleeves
	sleeve := from(806, 262).curve(890, 290, 950, 350, 1010, 452).
		bend(960, 500, 902, 520).to(812, 430).close()
	if long {
		sleeve = from(812, 266).curve(884, 292, 930, 346, 950, 440).
			to(1014, 820).bend(968, 842, 920, 838).to(826, 470).close()
	}
	both(sleeve, func(p *path) {
		m := c.fill(p, k)
		c.print(m, d, 52, 22)
		c.wash(m, veil(0x1F1A2B, 0.06))
	})
	if long {
		both(rope(1010, 790, 914, 808), func(p *path) { c.line(p, 2.6, seam) })
	} else {
		both(from(992, 432).bend(948, 478, 892, 494), func(p *path) { c.stitch(p, seam) })
	}
	body := from(600, 322).curve(662, 322, 696, 282, 704, 232).
		curve(752, 250, 800, 258, 828, 276).curve(818, 360, 822, 440, 828, 500).
		to(838, 974).bend(720, 992, 600, 992).mirror(600)
	m := c.fill(body, k)
	if long {
		yoke := d
		c.print(m, yoke, 52, 22)
		c.fillIn(m, box(300, 200, 900, 372, 0), k)
	} else {
		c.print(m, d, 52, 22)
	}
	both(from(828, 276).curve(818, 360, 822, 440, 828, 500), func(p *path) { c.lineIn(m, p, 2.8, seam) })
	c.fold(m, 828, 470, 690, 560, 18, 22)
	c.fold(m, 372, 470, 500, 540, -14, -22)
	c.fold(m, 790, 985, 720, 740, 12, 22)
	c.fold(m, 400, 985, 470, 800, -10, -20)
	c.stitch(from(362, 952).bend(480, 968, 600, 968).bend(720, 968, 838, 952), seam)

	// Neck: the inside, then the ribbed band.
	c.fill(from(496, 232).bend(600, 262, 704, 232).curve(696, 284, 662, 322, 600, 322).
		curve(538, 322, 504, 284, 496, 232).close(), flat(shade(d.main, 0.30)))
	c.fill(box(572, 262, 628, 284, 3), flat(tint(d.second, 0.3)))
	clip := c.cover(poly(440, 240, 496, 230, 600, 252, 704, 230, 760, 240, 760, 420, 440, 420))
	c.lineIn(clip, from(490, 206).curve(500, 284, 536, 326, 600, 326).curve(664, 326, 700, 284, 710, 206), 22,
		flat(tint(d.main, 0.08)))
	c.lineIn(clip, from(478, 206).curve(490, 298, 532, 340, 600, 340).curve(668, 340, 710, 298, 722, 206), 2.4, seam)
	c.line(from(506, 240).bend(600, 264, 694, 240), 13, flat(shade(d.main, 0.16)))
}

func drawJumper(c *canvas, d dye) { c.jumper(d, false, false) }

func drawRollNeck(c *canvas, d dye) { c.jumper(d, true, false) }

func drawCardigan(c *canvas, d dye) { c.jumper(d, false, true) }

// jumper draws every knitted top: with a crew or a roll neck, closed or
// buttoned down the front.
func (c *canvas) jumper(d dye, roll, open bool) {
	k := cloth(d.main, knit)
	rib := veil(edge(d.main, 0.5), 0.30)
	sleeve := from(806, 262).curve(892, 288, 936, 350, 956, 440).
		curve(984, 560, 1010, 690, 1022, 800).bend(966, 824, 912, 816).
		curve(900, 700, 862, 560, 826, 480).close()
	both(sleeve, func(p *path) {
		m := c.fill(p, k)
		c.print(m, d, 74, 34)
		c.wash(m, veil(0x1F1A2B, 0.07))
	})
	both(from(1020, 780).bend(966, 800, 910, 796).to(914, 878).bend(960, 888, 1012, 870).close(), func(p *path) {
		m := c.fill(p, cloth(shade(d.main, 0.04), knit))
		ribs := series(8, func(i float32) *path { return rope(918+i*13, 780, 921+i*12, 890) })
		c.linesIn(m, 3, rib, ribs...)
		c.linesIn(m, 3, rib, series(8, func(i float32) *path { return ribs[int(i)].flip(600) })...)
	})
	body := from(600, 316).curve(668, 316, 706, 280, 716, 230).
		curve(760, 248, 800, 254, 832, 276).curve(822, 360, 826, 440, 836, 500).
		curve(848, 640, 850, 760, 842, 860).bend(720, 876, 600, 876).mirror(600)
	m := c.fill(body, k)
	c.print(m, d, 74, 34)
	both(from(832, 276).curve(822, 360, 826, 440, 836, 500), func(p *path) { c.lineIn(m, p, 3, rib) })
	c.fold(m, 836, 490, 700, 590, 18, 24)
	c.fold(m, 364, 490, 490, 560, -14, -22)
	c.fold(m, 800, 860, 740, 660, 14, 22)
	if d.pattern == Cables {
		c.cables(m, d)
	}
	hem := from(600, 866).bend(720, 866, 844, 848).to(828, 950).bend(720, 966, 600, 966).mirror(600)
	h := c.fill(hem, cloth(shade(d.main, 0.04), knit))
	c.linesIn(h, 3.4, rib, series(32, func(i float32) *path {
		x := 366 + i*15
		return rope(x, 840, 600+(x-600)*0.975, 975)
	})...)

	c.fill(from(484, 230).bend(600, 258, 716, 230).curve(706, 282, 668, 318, 600, 318).
		curve(532, 318, 494, 282, 484, 230).close(), flat(shade(d.main, 0.34)))
	switch {
	case roll:
		c.rollNeck(d, k, rib)
	case open:
		c.buttonBand(m, d, rib)
	default:
		c.fill(box(572, 262, 628, 284, 3), flat(tint(d.second, 0.3)))
		neck := c.cover(stroked(from(478, 206).curve(488, 284, 530, 330, 600, 330).
			curve(670, 330, 712, 284, 722, 206), 34))
		neck = c.within(neck, poly(440, 236, 484, 220, 600, 250, 716, 220, 760, 236, 760, 420, 440, 420))
		c.wash(neck, flat(tint(d.main, 0.05)).of(knit))
		c.linesIn(neck, 2.6, rib, series(23, func(i float32) *path {
			x := 474 + i*11.5
			return rope(x, 210, 600+(x-600)*0.8, 350)
		})...)
		c.line(from(500, 238).bend(600, 262, 700, 238), 15, flat(shade(d.main, 0.18)))
	}
}

func (c *canvas) rollNeck(d dye, k paint, rib paint) {
	roll := from(600, 352).curve(672, 350, 706, 330, 712, 300).
		curve(716, 262, 712, 220, 704, 186).bend(660, 168, 600, 168).mirror(600)
	c.fill(roll.move(2, 10), veil(0x1F1A2B, 0.14))
	m := c.fill(roll, k)
	c.linesIn(m, 2.8, rib, series(21, func(i float32) *path { return rope(490+i*11, 150, 490+i*11, 360) })...)
	c.fill(ellipse(600, 186, 92, 15), flat(shade(d.main, 0.30)))
	c.lineIn(m, from(490, 268).bend(600, 300, 710, 268), 5, veil(0x1F1A2B, 0.22))
}

func (c *canvas) buttonBand(m *image.Alpha, d dye, rib paint) {
	// The front opens in a V: the inside shows above the first button.
	c.fillIn(m, from(484, 230).to(716, 230).bend(680, 380, 600, 470).bend(520, 380, 484, 230).close(),
		down(shade(d.main, 0.38), shade(d.main, 0.24), 230, 470))
	c.fill(box(572, 258, 628, 280, 3), flat(tint(d.second, 0.3)))
	edgeBand := from(730, 190).bend(694, 380, 606, 484).to(606, 1000)
	k := flat(tint(d.main, 0.05)).of(knit)
	front := c.cover(poly(440, 240, 484, 226, 716, 226, 760, 240, 760, 964, 440, 964))
	c.lineIn(front, edgeBand.flip(600).move(6, 0), 40, flat(shade(d.main, 0.03)).of(knit))
	c.lineIn(front, edgeBand.move(-2, 4), 42, veil(0x1F1A2B, 0.12))
	c.lineIn(front, edgeBand.move(-4, 0), 40, k)
	c.line(from(492, 236).bend(600, 262, 708, 236), 20, flat(shade(d.main, 0.14)))
	c.lineIn(front, edgeBand.move(-22, 6), 2.4, rib)
	for y := float32(520); y < 950; y += 98 {
		c.button(602, y, 14, d.second)
	}
}

// cables braids three columns down the front.
func (c *canvas) cables(m *image.Alpha, d dye) {
	dark, light := veil(shade(d.main, 0.6), 0.26), veil(tint(d.main, 0.6), 0.55)
	for _, x := range [...]float32{470, 600, 730} {
		c.lineIn(m, rope(x-44, 330, x-44, 880), 6, dark)
		c.lineIn(m, rope(x+44, 330, x+44, 880), 6, dark)
		for y := float32(330); y < 880; y += 76 {
			a := from(x-26, y).curve(x-26, y+40, x+26, y+36, x+26, y+76)
			b := from(x+26, y).curve(x+26, y+40, x-26, y+36, x-26, y+76)
			c.lineIn(m, b, 24, dark)
			c.lineIn(m, b, 15, light)
			c.lineIn(m, a, 26, dark)
			c.lineIn(m, a, 17, light)
		}
	}
	for _, x := range [...]float32{400, 535, 665, 800} {
		for y := float32(330); y < 870; y += 34 {
			c.lineIn(m, rope(x-9, y, x, y+14, x+9, y), 4, dark)
		}
	}
}
