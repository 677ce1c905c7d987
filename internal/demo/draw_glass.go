package demo

// Glass is drawn from thin veils: what lies behind must shine through.

func drawTumbler(c *canvas, d dye) {
	c.tumbler(d, 730, 892, 0.92)
	c.tumbler(d, 470, 930, 1)
}

func (c *canvas) tumbler(d dye, x, base, s float32) {
	h, w := 470*s, 150*s
	top := base - h
	ry := 30 * s
	body := from(x, top).to(x+w, top).curve(x+w*0.95, base-h*0.4, x+w*0.88, base-h*0.1, x+w*0.84, base-24*s).
		curve(x+w*0.80, base, x+w*0.4, base+6, x, base+6).mirror(x)
	m := c.fill(body, across(tint(d.main, 0.55), tint(d.main, 0.15), x-w, x+w).thin(0.42, 0.52))
	water := top + h*0.42
	c.fillIn(m, box(x-w, water, x+w, base+20, 0), across(d.main, shade(d.main, 0.12), x-w, x+w).thin(0.30, 0.42))
	c.fillIn(m, ellipse(x, water, w*0.95, ry*0.8), veil(tint(d.main, 0.6), 0.55))
	c.lineIn(m, ellipse(x, water, w*0.95, ry*0.8), 3, veil(0xFFFFFF, 0.5))
	c.fillIn(m, ellipse(x, base-26*s, w*0.80, ry*0.75), veil(shade(d.main, 0.30), 0.22))
	c.fillIn(m, ellipse(x, base-12*s, w*0.80, ry*0.62), veil(0xFFFFFF, 0.28))
	c.lineIn(m, body, 7, veil(shade(d.main, 0.25), 0.30))
	c.gleam(m, box(x-w*0.76, top+44*s, x-w*0.60, base-110*s, 14), 0.52)
	c.gleam(m, box(x-w*0.52, top+60*s, x-w*0.47, base-150*s, 5), 0.40)
	c.gleam(m, box(x+w*0.66, top+60*s, x+w*0.74, base-80*s, 9), 0.26)
	// Two facets cut into the wall.
	c.lineIn(m, rope(x-w*0.25, top+30*s, x-w*0.22, base-40*s), 2.4, veil(0xFFFFFF, 0.30))
	c.lineIn(m, rope(x+w*0.30, top+30*s, x+w*0.26, base-40*s), 2.4, veil(shade(d.main, 0.3), 0.22))
	c.on(ellipse(x, top, w, ry), veil(tint(d.main, 0.6), 0.30))
	c.line(ellipse(x, top, w, ry), 6, veil(tint(d.main, 0.55), 0.95))
	c.line(ellipse(x, top+2, w-5, ry-4), 2, veil(shade(d.main, 0.35), 0.35))
}

func drawWineGlass(c *canvas, d dye) {
	c.stemGlass(d, 742, 890, 0.90)
	c.stemGlass(d, 470, 932, 1)
}

func (c *canvas) stemGlass(d dye, x, base, s float32) {
	at := func(dx, dy float32) (float32, float32) { return x + dx*s, base - dy*s }
	foot := func(rx, ry, lift float32) *path { return ellipse(x, base-lift*s, rx*s, ry*s) }
	f := c.fill(foot(136, 26, 10), across(tint(d.main, 0.5), shade(d.main, 0.05), x-136*s, x+136*s).thin(0.55, 0.6))
	c.lineIn(f, foot(132, 23, 10), 6, veil(0xFFFFFF, 0.6))
	x1, y1 := at(9, 330)
	x2, y2 := at(34, 14)
	stem := from(x, y1).to(x1, y1).curve(x1-2, base-120*s, x1, base-40*s, x2, y2).to(x, y2+6*s).mirror(x)
	c.on(stem, across(tint(d.main, 0.6), shade(d.main, 0.22), x-14*s, x+14*s).thin(0.85, 0.8))
	rx, top := 150*s, base-700*s
	body := from(x, top).to(x+rx*0.86, top).curve(x+rx*1.10, base-560*s, x+rx*1.04, base-400*s, x+rx*0.5, base-346*s).
		bend(x+rx*0.2, base-322*s, x, base-322*s).mirror(x)
	m := c.fill(body, across(tint(d.main, 0.6), tint(d.main, 0.15), x-rx, x+rx).thin(0.40, 0.50))
	wine := base - 520*s
	c.fillIn(m, box(x-rx*1.2, wine, x+rx*1.2, base, 0), across(d.second, shade(d.second, 0.25), x-rx, x+rx).thin(0.82, 0.9))
	c.fillIn(m, ellipse(x, wine, rx*1.02, 26*s), flat(tint(d.second, 0.28)))
	c.lineIn(m, body, 6, veil(shade(d.main, 0.2), 0.30))
	c.gleam(m, from(x-rx*0.78, top+60*s).curve(x-rx*0.94, top+150*s, x-rx*0.90, top+250*s, x-rx*0.62, top+310*s).
		to(x-rx*0.52, top+296*s).curve(x-rx*0.76, top+236*s, x-rx*0.78, top+150*s, x-rx*0.64, top+60*s).close(), 0.50)
	c.gleam(m, box(x+rx*0.70, top+90*s, x+rx*0.78, top+250*s, 8), 0.24)
	c.line(ellipse(x, top, rx*0.86, 26*s), 5, veil(tint(d.main, 0.6), 0.95))
}

func drawCarafe(c *canvas, d dye) {
	body := from(600, 300).to(670, 300).curve(664, 400, 660, 440, 690, 510).
		curve(790, 640, 806, 700, 800, 820).curve(796, 900, 760, 934, 600, 936).mirror(600)
	m := c.fill(body, across(tint(d.main, 0.6), tint(d.main, 0.1), 400, 800).thin(0.42, 0.54))
	c.fillIn(m, box(380, 600, 820, 950, 0), across(d.main, shade(d.main, 0.14), 400, 800).thin(0.32, 0.46))
	c.fillIn(m, ellipse(600, 602, 160, 28), veil(tint(d.main, 0.7), 0.60))
	c.lineIn(m, ellipse(600, 602, 160, 28), 3, veil(0xFFFFFF, 0.5))
	c.fillIn(m, ellipse(600, 902, 176, 24), veil(shade(d.main, 0.3), 0.20))
	c.lineIn(m, body, 8, veil(shade(d.main, 0.25), 0.28))
	c.gleam(m, from(446, 690).curve(424, 740, 424, 800, 436, 860).to(462, 856).curve(452, 800, 452, 750, 470, 700).close(), 0.55)
	c.gleam(m, box(552, 340, 566, 470, 7), 0.45)
	c.gleam(m, box(760, 720, 772, 860, 6), 0.28)
	// Neck ring and stopper.
	c.on(from(600, 150).curve(650, 150, 672, 182, 672, 214).curve(672, 246, 650, 266, 636, 276).to(632, 330).to(600, 332).mirror(600),
		across(tint(d.second, 0.12), shade(d.second, 0.18), 530, 670).of(wood))
	c.line(ellipse(600, 304, 74, 15), 9, veil(tint(d.main, 0.5), 0.95))
	c.line(ellipse(600, 306, 70, 12), 2, veil(shade(d.main, 0.35), 0.4))
}
