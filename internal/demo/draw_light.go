package demo

// warm is the colour of a lit bulb seen through a shade.
const warm RGB = 0xFFE7B0

func drawLamp(c *canvas, d dye) {
	c.glow(600, 400, 470, 420, warm, 0.60)
	c.glow(600, 905, 380, 60, warm, 0.45)
	c.on(box(590, 540, 610, 640, 4), across(0xE9CF98, 0x9F7C3C, 588, 612))
	body := from(600, 620).to(634, 622).curve(640, 660, 730, 680, 742, 770).
		curve(748, 850, 700, 912, 660, 924).bend(630, 930, 600, 930).mirror(600)
	m := c.fill(body, flat(d.main))
	c.glazeOn(m, d, 458, 660, 744, 910)
	c.turned(m, 458, 744)
	c.fillIn(m, ellipse(600, 640, 120, 60), veil(warm, 0.20))
	c.gleam(m, from(500, 730).curve(488, 790, 500, 840, 526, 872).to(540, 864).curve(518, 830, 510, 790, 522, 734).close(), 0.30)
	c.on(ellipse(600, 556, 226, 34), flat(mix(d.second, warm, 0.75)))
	shadeShape := from(600, 226).bend(660, 226, 716, 216).to(830, 546).bend(720, 584, 600, 584).mirror(600)
	s := c.fill(shadeShape, down(mix(d.second, warm, 0.30), mix(d.second, warm, 0.62), 220, 580).of(linen))
	c.fillIn(s, box(340, 200, 470, 600, 0), across(0x1F1A2B, 0x1F1A2B, 370, 500).thin(0.14, 0))
	c.fillIn(s, box(680, 200, 840, 600, 0), across(0x1F1A2B, 0x1F1A2B, 690, 830).thin(0, 0.22))
	c.lineIn(s, from(370, 546).bend(480, 584, 600, 584).bend(720, 584, 830, 546), 12, flat(shade(d.second, 0.10)))
	c.lineIn(s, from(484, 216).bend(540, 226, 600, 226).bend(660, 226, 716, 216), 10, flat(shade(d.second, 0.10)))
	c.on(ellipse(600, 217, 116, 12), flat(mix(d.second, warm, 0.8)))
	// Pull chain.
	c.line(rope(690, 570, 690, 660), 3, flat(0xA9853F))
	c.brass(690, 668, 8)
}

func drawPendant(c *canvas, d dye) {
	c.glow(600, 900, 520, 90, warm, 0.55)
	c.glow(600, 640, 420, 380, warm, 0.42)
	c.line(rope(600, -20, 600, 270), 7, flat(0x2E2A2B))
	c.on(from(600, 250).to(630, 252).to(640, 322).to(600, 324).mirror(600), across(0xE9CF98, 0x9F7C3C, 560, 640))
	c.on(ellipse(600, 602, 296, 40), flat(mix(warm, 0xFFFFFF, 0.3)))
	dome := from(600, 312).curve(760, 316, 884, 440, 898, 596).bend(760, 648, 600, 648).mirror(600)
	m := c.fill(dome, flat(d.main))
	c.turned(m, 302, 898)
	c.gleam(m, from(388, 520).curve(408, 440, 452, 390, 510, 362).to(522, 376).curve(470, 404, 430, 452, 412, 526).close(), 0.30)
	c.lineIn(m, from(302, 596).bend(440, 648, 600, 648).bend(760, 648, 898, 596), 16, flat(mix(d.second, warm, 0.35)))
	c.fillIn(m, ellipse(600, 668, 200, 60), veil(warm, 0.30))
	c.on(from(540, 632).curve(540, 690, 660, 690, 660, 632).close(), flat(mix(warm, 0xFFFFFF, 0.4)))
}

func drawFloorLamp(c *canvas, d dye) {
	c.glow(720, 560, 400, 430, warm, 0.40)
	c.glow(760, 920, 330, 52, warm, 0.45)
	steel := across(tint(d.main, 0.25), shade(d.main, 0.2), 380, 440)
	c.on(ellipse(420, 926, 150, 25), flat(shade(d.main, 0.35)))
	c.on(ellipse(420, 916, 150, 25), slant(tint(d.main, 0.18), shade(d.main, 0.12), 280, 900, 560, 940))
	c.on(box(410, 250, 430, 918, 8), steel)
	c.line(from(420, 270).curve(420, 130, 700, 90, 756, 238), 19, flat(d.main))
	c.line(from(414, 262).curve(416, 120, 690, 82, 748, 222), 4, veil(0xFFFFFF, 0.25))
	c.on(box(404, 560, 436, 600, 8), across(0xE9CF98, 0x9F7C3C, 404, 436))
	c.on(ellipse(770, 434, 176, 26), flat(mix(warm, 0xFFFFFF, 0.3)))
	head := from(770, 226).curve(800, 228, 812, 250, 816, 268).curve(880, 300, 938, 370, 946, 432).bend(860, 462, 770, 462).mirror(770)
	m := c.fill(head, flat(d.second))
	c.turned(m, 594, 946)
	c.gleam(m, from(650, 386).curve(664, 344, 690, 316, 722, 298).to(730, 310).curve(704, 328, 680, 352, 670, 392).close(), 0.32)
	c.lineIn(m, from(594, 432).bend(680, 462, 770, 462).bend(860, 462, 946, 432), 9, veil(warm, 0.55))
	c.on(from(734, 456).curve(734, 500, 806, 500, 806, 456).close(), flat(mix(warm, 0xFFFFFF, 0.4)))
}

// flame is a candle flame standing on its wick.
func (c *canvas) flame(x, y, s float32) {
	c.glow(x, y-50*s, 190*s, 210*s, warm, 0.70)
	c.line(rope(x, y+6*s, x+1, y-16*s), 4*s, flat(0x3A2E28))
	c.on(from(x, y).curve(x+34*s, y-14*s, x+26*s, y-66*s, x+2*s, y-112*s).
		curve(x-20*s, y-70*s, x-32*s, y-18*s, x, y).close(), down(0xF8A93C, 0xFFD36B, y-112*s, y))
	c.on(from(x, y-4*s).curve(x+17*s, y-16*s, x+12*s, y-44*s, x+1*s, y-70*s).
		curve(x-10*s, y-44*s, x-16*s, y-18*s, x, y-4*s).close(), flat(0xFFF3CF))
}

func drawCandle(c *canvas, d dye) {
	c.glow(600, 400, 420, 380, warm, 0.40)
	body := from(600, 470).to(790, 470).to(784, 880).curve(782, 916, 756, 930, 720, 932).bend(660, 936, 600, 936).mirror(600)
	m := c.fill(body, across(tint(d.main, 0.12), shade(d.main, 0.08), 410, 790))
	c.fillIn(m, box(400, 540, 800, 960, 0), veil(tint(d.second, 0.1), 0.34))
	c.turned(m, 410, 790)
	c.fillIn(m, box(400, 904, 800, 940, 0), veil(0xFFFFFF, 0.20))
	c.on(ellipse(600, 470, 190, 36), flat(shade(d.main, 0.18)))
	wax := c.cover(ellipse(600, 470, 178, 30))
	c.fillIn(wax, ellipse(600, 490, 176, 30), flat(tint(d.second, 0.35)))
	c.fillIn(wax, ellipse(600, 490, 90, 15), veil(warm, 0.8))
	c.line(ellipse(600, 470, 188, 34), 6, veil(tint(d.main, 0.6), 0.85))
	c.flame(600, 484, 1.1)
	label := box(476, 620, 724, 810, 4)
	l := c.fill(label, flat(0xFBF6EA).of(paper))
	c.fillIn(l, box(640, 600, 740, 820, 0), across(0x1F1A2B, 0x1F1A2B, 640, 740).thin(0, 0.12))
	c.line(box(488, 632, 712, 798, 2), 2, veil(shade(d.main, 0.6), 0.6))
	c.mark(600, 694, 38, shade(d.main, 0.55))
	c.line(rope(540, 758, 660, 758), 4, flat(shade(d.main, 0.45)))
	c.line(rope(562, 776, 638, 776), 3, veil(shade(d.main, 0.45), 0.7))
	c.gleam(m, box(436, 510, 450, 850, 7), 0.45)
}

func drawTapers(c *canvas, d dye) {
	for i := range 4 {
		x := 396 + float32(i)*136
		drop := float32(i%2) * 18
		c.line(from(x, 196+drop).bend(x+10, 160, x+24*float32(i%2)-6, 130+drop), 6, flat(0xE9E1D0))
		body := from(x, 186+drop).bend(x+30, 190+drop, x+36, 226+drop).to(x+52, 1020).bend(x+30, 1040, x, 1040).mirror(x)
		m := c.fill(body, flat(d.main))
		c.turned(m, x-52, x+52)
		c.gleam(m, box(x-28, 250+drop, x-20, 980, 4), 0.30)
	}
	band := c.fill(box(326, 600, 874, 790, 3), slant(tint(d.second, 0.5), tint(d.second, 0.25), 326, 600, 874, 790).of(paper))
	for i := range 3 {
		x := 464 + float32(i)*136
		c.fillIn(band, box(x-26, 600, x+26, 790, 0), across(0x1F1A2B, 0x1F1A2B, x-26, x+2).thin(0, 0.16))
	}
	c.mark(600, 672, 44, shade(d.second, 0.5))
	c.line(rope(520, 748, 680, 748), 5, flat(shade(d.second, 0.5)))
}
