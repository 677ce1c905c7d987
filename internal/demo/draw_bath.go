package demo

// bedAndBath draws bed linen, towels and care.
func (k Kind) bedAndBath() sketch {
	switch k {
	case BedLinen:
		return sketch{draw: drawBedLinen, pose: standing, foot: foot{600, 928, 350}, focusX: 680, focusY: 640, zoom: 2.3}
	case Pillow:
		return sketch{draw: drawPillow, focusX: 820, focusY: 720, zoom: 2.4}
	case Towel:
		return sketch{draw: drawTowel, pose: standing, foot: foot{600, 928, 320}, focusX: 720, focusY: 700, zoom: 2.4}
	case BathMat:
		return sketch{draw: drawBathMat, focusX: 780, focusY: 740, zoom: 2.4}
	case Soap:
		return sketch{draw: drawSoap, pose: standing, foot: foot{600, 918, 310}, focusX: 640, focusY: 760, zoom: 2.4}
	case Bottle:
		return sketch{draw: drawBottle, pose: standing, foot: foot{600, 932, 150}, focusX: 620, focusY: 560, zoom: 2.4}
	default:
		return sketch{draw: drawBrush, focusX: 500, focusY: 470, zoom: 2.3}
	}
}

// layer is one fold of a stack of linen.
func (c *canvas) layer(x0, y0, x1, y1 float32, colour RGB, g grain, d dye) {
	h := y1 - y0
	fold := from(x0+h*0.4, y0).bend((x0+x1)/2, y0-10, x1-h*0.16, y0).curve(x1+6, y0+h*0.2, x1+6, y1-h*0.2, x1-h*0.16, y1).
		to(x0+h*0.4, y1).curve(x0-h*0.14, y1, x0-h*0.14, y0, x0+h*0.4, y0).close()
	m := c.fill(fold, slant(tint(colour, 0.12), shade(colour, 0.12), x0, y0, x1, y1).of(g))
	switch d.pattern {
	case Stripes:
		for x := x0 + h*0.7; x < x1-h*0.3; x += 64 {
			c.fillIn(m, box(x, y0-20, x+14, y1, 0), veil(d.second, 0.8))
		}
	case Bands:
		c.fillIn(m, box(x1-h*1.5, y0-20, x1-h*1.2, y1, 0), flat(d.second).of(g))
		c.fillIn(m, box(x1-h*1.1, y0-20, x1-h*1.03, y1, 0), flat(d.second).of(g))
	}
	// The rounded fold on the left shows the layers inside.
	for _, t := range [...]float32{0.34, 0.66} {
		c.lineIn(m, from(x0+h*0.46, y0+h*t).to(x1+20, y0+h*t+4), 2.6, veil(shade(colour, 0.6), 0.22))
	}
	c.fillIn(m, box(x0-40, y0-20, x0+h*0.5, y1, 0), across(0xFFF9EE, 0xFFF9EE, x0, x0+h*0.5).thin(0.20, 0))
	c.fillIn(m, box(x0-40, y1-h*0.30, x1+20, y1+4, 0), down(0x1F1A2B, 0x1F1A2B, y1-h*0.30, y1).thin(0, 0.22))
}

func drawBedLinen(c *canvas, d dye) {
	c.layer(236, 790, 976, 932, shade(d.main, 0.05), linen, d)
	c.layer(246, 650, 966, 796, d.main, linen, d)
	c.layer(262, 520, 950, 656, tint(d.main, 0.04), linen, d)
	plain := d
	plain.pattern = Plain
	c.layer(300, 430, 910, 526, mix(d.main, d.second, 0.30), linen, plain)
	c.layer(318, 346, 892, 436, mix(d.main, d.second, 0.30), linen, plain)
	// A ribbon of the same cloth ties the set.
	band := flat(shade(d.second, 0.06)).of(linen)
	c.on(from(566, 340).curve(560, 560, 556, 760, 556, 934).to(640, 934).curve(640, 760, 636, 560, 630, 340).close(), band)
	c.on(box(618, 340, 638, 934, 0), veil(0x1F1A2B, 0.12))
	both(from(600, 336).curve(650, 250, 760, 250, 752, 310).curve(746, 350, 660, 356, 600, 336).close(), func(p *path) {
		c.on(p.move(0, 6), veil(0x1F1A2B, 0.16))
		c.on(p, band)
	})
	both(from(606, 340).curve(640, 380, 700, 400, 720, 452).to(680, 460).curve(650, 420, 620, 400, 596, 352).close(), func(p *path) {
		c.on(p.move(3, 5), veil(0x1F1A2B, 0.14))
		c.on(p, flat(shade(d.second, 0.12)).of(linen))
	})
	c.on(box(572, 310, 628, 362, 16), flat(tint(d.second, 0.04)).of(linen))
}

func drawPillow(c *canvas, d dye) {
	flange := from(150, 300).bend(600, 338, 1050, 300).bend(1018, 600, 1054, 904).bend(600, 868, 146, 904).bend(182, 600, 150, 300).close()
	m := c.fill(flange, slant(tint(d.main, 0.08), shade(d.main, 0.12), 160, 300, 1040, 900).of(linen))
	inner := from(206, 356).bend(600, 388, 994, 356).bend(962, 600, 998, 850).bend(600, 818, 202, 850).bend(238, 600, 206, 356).close()
	c.fillIn(m, inner.move(4, 12), veil(0x1F1A2B, 0.10))
	n := c.fill(inner, slant(tint(d.main, 0.18), shade(d.main, 0.10), 210, 360, 990, 850).of(linen))
	if d.pattern == Stripes {
		for x := float32(180); x < 1030; x += 56 {
			c.lineIn(m, from(x, 290).bend(x-(x-600)*0.08, 600, x, 910), 10, veil(d.second, 0.8))
		}
	}
	c.stitch(inner, veil(edge(d.main, 0.5), 0.45))
	for _, f := range [...][6]float32{
		{216, 370, 430, 500, 10, 24}, {984, 370, 800, 480, -10, -22}, {988, 836, 790, 720, 12, 24}, {214, 836, 400, 720, -12, -22}, {420, 640, 720, 600, 12, 16},
	} {
		c.fold(n, f[0], f[1], f[2], f[3], f[4], f[5])
	}
}

// pile is the surface of a towel: waffle cloth or terry.
func (d dye) pile() grain {
	if d.pattern == Checks {
		return waffle
	}
	return terry
}

func drawTowel(c *canvas, d dye) {
	g := d.pile()
	c.layer(266, 780, 946, 932, shade(d.main, 0.04), g, d)
	c.layer(278, 630, 932, 786, d.main, g, d)
	second := dye{main: d.second, second: d.main, pattern: d.pattern}
	c.layer(294, 500, 918, 636, d.second, g, second)
	// A hand towel, rolled, on top.
	m := c.fill(from(430, 352).to(810, 352).curve(880, 352, 880, 504, 810, 504).to(430, 504).close(), down(tint(d.main, 0.16), shade(d.main, 0.14), 352, 504).of(g))
	c.lineIn(m, rope(430, 460, 860, 468), 3, veil(shade(d.main, 0.6), 0.25))
	c.on(ellipse(430, 428, 62, 76), slant(tint(d.main, 0.14), shade(d.main, 0.06), 380, 360, 480, 500).of(g))
	spiral := through(430, 428, 446, 420, 448, 440, 426, 454, 404, 438, 406, 404, 436, 386, 468, 410, 470, 450, 440, 482, 398, 470, 378, 430)
	c.line(spiral, 5, veil(shade(d.main, 0.6), 0.32))
	if d.pattern == Checks {
		for x := float32(330); x < 920; x += 40 {
			c.line(rope(x, 800, x, 916).and(rope(x, 650, x, 770)), 2.4, veil(shade(d.main, 0.6), 0.14))
		}
	}
	c.line(from(898, 690).curve(960, 700, 960, 770, 900, 776), 9, flat(shade(d.main, 0.2)))
}

func drawBathMat(c *canvas, d dye) {
	spin := func(p *path) *path { return p.turn(-6, 600, 600) }
	m := c.fill(spin(box(170, 310, 1030, 890, 26)), slant(tint(d.main, 0.10), shade(d.main, 0.10), 180, 320, 1020, 880).of(terry))
	c.lineIn(m, spin(box(226, 366, 974, 834, 14)), 22, flat(d.second).of(terry))
	c.lineIn(m, spin(box(262, 402, 938, 798, 8)), 6, flat(d.second).of(terry))
	c.mark(600, 600, 120, d.second)
	tufts := &path{}
	for j := range 18 {
		for i := range 26 {
			h := hash(i, j+40)
			tufts.and(circle(186+float32(i)*33+float32(h&15), 326+float32(j)*32+float32(h>>4&15), 4))
		}
	}
	c.fillIn(m, spin(tufts), veil(shade(d.main, 0.5), 0.14))
}

func drawSoap(c *canvas, d dye) {
	// A slatted dish of wood.
	c.on(box(270, 880, 930, 908, 10), across(shade(d.second, 0.1), shade(d.second, 0.35), 270, 930))
	c.on(poly(310, 900, 390, 900, 376, 926, 324, 926), flat(shade(d.second, 0.38)))
	c.on(poly(810, 900, 890, 900, 876, 926, 824, 926), flat(shade(d.second, 0.42)))
	dish := c.fill(from(286, 838).to(914, 838).to(944, 890).to(256, 890).close(), slant(tint(d.second, 0.16), shade(d.second, 0.08), 260, 830, 940, 900).of(wood))
	for i := range 6 {
		x := 340 + float32(i)*104
		c.fillIn(dish, poly(600+(x-600)*0.96, 838, 600+(x-600)*0.96+12, 838, x+14, 890, x, 890), veil(0x1F1A2B, 0.30))
	}
	c.on(ellipse(606, 862, 270, 20), veil(0x1F1A2B, 0.26))
	// Two bars, the upper one stamped.
	side := c.fill(box(336, 700, 864, 862, 44), flat(shade(d.main, 0.10)))
	c.turned(side, 336, 864)
	bar := from(392, 596).to(800, 588).curve(856, 588, 872, 612, 868, 650).to(862, 726).curve(858, 752, 840, 764, 810, 766).
		to(396, 772).curve(356, 772, 340, 752, 342, 716).to(346, 644).curve(348, 612, 362, 598, 392, 596).close()
	c.on(bar.move(6, 14), veil(0x1F1A2B, 0.16))
	m := c.fill(bar, slant(tint(d.main, 0.20), shade(d.main, 0.06), 350, 590, 860, 770))
	c.lineIn(m, box(372, 616, 836, 744, 36), 4, veil(shade(d.main, 0.5), 0.22))
	c.lineIn(m, box(374, 619, 838, 747, 36), 3, veil(0xFFFFFF, 0.45))
	c.mark(604, 682, 52, shade(d.main, 0.28))
	c.gleam(m, box(400, 604, 640, 616, 6), 0.45)
	if d.pattern == Speckles {
		c.speckle(m, d.main, 340, 590, 870, 770)
		c.speckle(side, d.main, 336, 770, 864, 862)
	}
}

func drawBottle(c *canvas, d dye) {
	// Pump.
	c.on(box(588, 210, 612, 330, 6), across(0x4A4A4D, 0x232327, 588, 612))
	c.on(from(560, 196).to(648, 196).curve(664, 196, 668, 214, 664, 226).to(640, 236).to(470, 236).curve(452, 236, 446, 256, 448, 274).
		to(428, 274).curve(424, 232, 440, 198, 480, 196).close(), down(0x515156, 0x27272B, 190, 260))
	c.on(box(548, 316, 652, 380, 10), across(0x55555A, 0x222226, 548, 652))
	for x := float32(560); x < 650; x += 14 {
		c.line(rope(x, 324, x, 374), 2.4, veil(0x000000, 0.3))
	}
	body := from(600, 376).to(648, 378).curve(740, 400, 770, 440, 772, 520).to(772, 880).curve(772, 920, 748, 934, 700, 936).to(600, 938).mirror(600)
	m := c.fill(body, across(tint(d.main, 0.08), shade(d.main, 0.14), 428, 772))
	c.fillIn(m, box(420, 470, 780, 940, 0), veil(shade(d.main, 0.5), 0.22))
	c.turned(m, 428, 772)
	l := c.within(m, box(428, 560, 772, 830, 0))
	c.wash(l, across(tint(d.second, 0.55), shade(tint(d.second, 0.5), 0.14), 428, 772).of(paper))
	c.mark(600, 636, 42, shade(d.main, 0.55))
	c.line(rope(520, 718, 680, 718), 6, flat(shade(d.main, 0.55)))
	c.line(rope(548, 748, 652, 748), 3.4, veil(shade(d.main, 0.55), 0.75))
	c.line(rope(560, 768, 640, 768), 3.4, veil(shade(d.main, 0.55), 0.75))
	c.gleam(m, box(456, 480, 472, 880, 8), 0.40)
	c.gleam(m, from(470, 450).bend(500, 414, 560, 404).to(560, 416).bend(510, 426, 484, 456).close(), 0.35)
}

func drawBrush(c *canvas, d dye) {
	spin := func(p *path) *path { return p.turn(-38, 600, 600) }
	shape := from(600, 110).curve(730, 112, 780, 230, 770, 350).curve(760, 480, 668, 520, 648, 590).
		curve(634, 700, 650, 900, 654, 1010).curve(656, 1064, 640, 1090, 600, 1090).mirror(600)
	m := c.fill(spin(shape), slant(tint(d.main, 0.14), shade(d.main, 0.16), 260, 240, 900, 940).of(wood))
	c.linesIn(m, 2.6, veil(shade(d.main, 0.6), 0.22), series(4, func(i float32) *path {
		dx := 25*i - 37
		return spin(from(600+dx*2, 120).curve(600+dx*3, 400, 600+dx*0.6, 600, 600+dx, 1090))
	})...)
	c.lineIn(m, spin(shape), 8, veil(shade(d.main, 0.5), 0.25))
	oval := ellipse(600, 310, 132, 166)
	c.fillIn(m, spin(oval), veil(shade(d.main, 0.6), 0.22))
	dark, light := &path{}, &path{}
	for j := range 13 {
		for i := range 11 {
			x := 480 + float32(i)*24 + 12*float32(j%2)
			y := 160 + float32(j)*25
			dx, dy := (x-600)/124, (y-310)/158
			if dx*dx+dy*dy > 1 {
				continue
			}
			dark.and(circle(x+4, y+8, 11))
			light.and(circle(x, y, 10))
		}
	}
	c.on(spin(dark), flat(shade(d.second, 0.34)))
	c.on(spin(light), flat(tint(d.second, 0.15)))
	c.on(spin(light.move(-2, -3)), veil(0xFFFFFF, 0.14))
	c.on(spin(circle(600, 1042, 15)), flat(shade(d.main, 0.5)))
	c.line(spin(from(600, 1042).curve(540, 1090, 560, 1170, 600, 1170).curve(644, 1168, 650, 1100, 604, 1046)), 10, flat(shade(d.second, 0.30)))
}
