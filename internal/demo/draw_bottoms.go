package demo

func drawDress(c *canvas, d dye) {
	k := cloth(d.main, linen)
	seam := veil(edge(d.main, 0.55), 0.42)
	sleeve := from(728, 196).curve(806, 218, 858, 272, 892, 360).
		bend(846, 398, 788, 408).to(730, 330).close()
	both(sleeve, func(p *path) {
		m := c.fill(p, k)
		c.print(m, d, 54, 22)
		c.wash(m, veil(0x1F1A2B, 0.06))
	})
	both(from(880, 346).bend(838, 380, 784, 390), func(p *path) { c.stitch(p, seam) })
	body := from(600, 344).to(672, 176).curve(706, 190, 734, 194, 756, 210).
		curve(740, 290, 744, 350, 742, 400).curve(730, 440, 718, 470, 716, 500).
		curve(770, 660, 846, 860, 884, 1006).bend(760, 1048, 600, 1048).mirror(600)
	c.fill(from(528, 176).bend(600, 196, 672, 176).to(640, 290).to(600, 344).to(560, 290).close(),
		down(shade(d.main, 0.36), shade(d.main, 0.24), 176, 340))
	c.on(box(574, 196, 626, 216, 3), flat(tint(d.second, 0.3)))
	m := c.fill(body, k)
	c.print(m, d, 54, 22)
	both(from(756, 210).curve(740, 290, 744, 350, 742, 400), func(p *path) { c.lineIn(m, p, 2.6, seam) })
	both(from(672, 176).to(600, 344), func(p *path) { c.lineIn(m, p, 3, seam) })
	both(rope(690, 196, 614, 366), func(p *path) { c.lineIn(m, p, 2, seam) })
	// Skirt folds fall from the waist.
	c.fold(m, 690, 540, 812, 1040, 14, 26)
	c.fold(m, 640, 540, 690, 1040, 10, 22)
	c.fold(m, 560, 540, 500, 1040, -10, -26)
	c.fold(m, 510, 540, 400, 1040, -12, -30)
	c.fold(m, 716, 470, 640, 430, 10, 16)
	c.fold(m, 742, 400, 660, 380, -6, -16)
	c.stitch(from(322, 982).bend(450, 1022, 600, 1022).bend(750, 1022, 878, 982), seam)
	// The belt is tied into a knot with two tails.
	c.lineIn(m, from(470, 508).bend(600, 530, 730, 508), 40, veil(0x1F1A2B, 0.14))
	c.lineIn(m, from(470, 502).bend(600, 524, 730, 502), 36, cloth(shade(d.main, 0.12), linen))
	tail := from(612, 516).curve(640, 570, 636, 640, 654, 716).to(618, 722).curve(606, 650, 604, 590, 592, 528).close()
	c.on(tail.move(6, 6), veil(0x1F1A2B, 0.16))
	c.on(tail, cloth(shade(d.main, 0.08), linen))
	other := tail.flip(612).turn(9, 606, 516)
	c.on(other.move(5, 6), veil(0x1F1A2B, 0.14))
	c.on(other, cloth(shade(d.main, 0.12), linen))
	c.on(box(584, 494, 634, 546, 16), cloth(shade(d.main, 0.05), linen))
	c.line(rope(600, 502, 606, 538), 2.4, seam)
}

func drawPinafore(c *canvas, d dye) {
	k := cloth(d.main, twill)
	seam := veil(edge(d.main, 0.55), 0.42)
	both(rope(646, 196, 560, 380), func(p *path) { c.line(p, 36, flat(shade(d.main, 0.26))) })
	strap := from(676, 372).curve(690, 300, 684, 240, 652, 186)
	both(strap, func(p *path) {
		c.line(p.move(3, 6), 40, veil(0x1F1A2B, 0.10))
		c.line(p, 38, cloth(shade(d.main, 0.04), twill))
		c.stitch(p.move(-12, 0), seam)
		c.stitch(p.move(12, 0), seam)
	})
	body := from(600, 356).to(704, 356).curve(708, 420, 722, 470, 756, 520).
		curve(790, 680, 838, 860, 858, 1000).bend(740, 1030, 600, 1030).mirror(600)
	m := c.fill(body, k)
	c.print(m, d, 46, 8)
	c.fold(m, 720, 560, 810, 1020, 12, 26)
	c.fold(m, 470, 560, 400, 1020, -10, -26)
	c.fold(m, 650, 600, 680, 1020, 8, 20)
	c.fold(m, 756, 520, 690, 470, 8, 14)
	c.lineIn(m, from(440, 524).bend(600, 548, 760, 524), 2.6, seam)
	c.lineIn(m, from(440, 536).bend(600, 560, 760, 536), 2.2, seam)
	c.stitch(from(344, 1000).bend(600, 1030, 856, 1000), seam)
	c.stitch(rope(504, 374, 696, 374), seam)
	// Bib pocket, hip pockets, strap buttons.
	c.on(box(544, 408, 656, 502, 12), cloth(tint(d.main, 0.03), twill))
	c.line(box(544, 408, 656, 502, 12), 2.4, seam)
	c.stitch(rope(548, 426, 652, 426), seam)
	hip := from(664, 624).to(784, 606).curve(800, 680, 806, 720, 806, 752).bend(750, 780, 680, 762).close()
	both(hip, func(p *path) {
		c.fillIn(m, p, cloth(tint(d.main, 0.03), twill))
		c.lineIn(m, p, 2.4, seam)
	})
	c.button(676, 390, 14, d.second)
	c.button(524, 390, 14, d.second)
}

func drawTrousers(c *canvas, d dye) {
	c.trousers(d, twill, from(600, 236).to(766, 236).
		curve(792, 400, 790, 640, 760, 1030).to(650, 1036).
		curve(646, 820, 632, 620, 600, 470).mirror(600), 760)
}

func drawWideTrousers(c *canvas, d dye) {
	c.trousers(d, linen, from(600, 236).to(752, 236).
		curve(800, 400, 838, 680, 868, 1026).bend(760, 1050, 646, 1040).
		curve(642, 820, 630, 640, 600, 486).mirror(600), 830)
}

func (c *canvas) trousers(d dye, g grain, outline *path, hem float32) {
	k := cloth(d.main, g)
	seam := veil(edge(d.main, 0.55), 0.42)
	m := c.fill(outline, k)
	c.print(m, d, 50, 10)
	c.fillIn(m, from(600, 470).curve(632, 620, 646, 820, 650, 1040).to(600, 1040).close(), veil(0x1F1A2B, 0.08))
	both(from(696, 240).curve(706, 500, 724, 760, (hem+640)/2+10, 1030), func(p *path) {
		c.lineIn(m, p, 3, veil(edge(d.main, 0.5), 0.26))
	})
	c.fold(m, 606, 470, 720, 420, 8, 18)
	c.fold(m, 594, 470, 480, 420, -8, -18)
	c.fold(m, 606, 500, 700, 560, -8, -16)
	c.fold(m, 594, 520, 510, 590, 8, 18)
	c.fold(m, hem, 900, hem-70, 700, 10, 16)
	both(from(716, 240).bend(734, 320, 790, 350), func(p *path) {
		c.lineIn(m, p, 3, seam)
		c.stitch(p.move(-10, 4), seam)
	})
	c.lineIn(m, from(626, 240).curve(630, 330, 628, 380, 602, 420), 2.6, seam)
	c.lineIn(m, rope(600, 236, 600, 476), 2.6, seam)
	// Waistband with loops and a button; the lining shows behind it.
	c.on(ellipse(600, 190, 156, 16), flat(shade(d.main, 0.34)))
	c.on(box(574, 184, 626, 202, 3), flat(tint(d.second, 0.3)))
	band := from(600, 200).bend(700, 200, 758, 186).to(770, 242).bend(690, 256, 600, 256).mirror(600)
	b := c.fill(band, cloth(tint(d.main, 0.03), g))
	c.lineIn(b, from(430, 242).bend(510, 256, 600, 256).bend(690, 256, 770, 242), 5, seam)
	both(rope(706, 196, 712, 258), func(p *path) { c.line(p, 13, cloth(shade(d.main, 0.05), g)) })
	c.button(600, 228, 13, d.second)
}

func drawSkirt(c *canvas, d dye) {
	seam := veil(edge(d.main, 0.55), 0.42)
	c.on(ellipse(600, 232, 150, 14), flat(shade(d.main, 0.34)))
	body := from(600, 280).to(752, 270).curve(790, 480, 862, 760, 900, 968).
		bend(760, 1012, 600, 1012).mirror(600)
	m := c.fill(body, cloth(d.main, linen))
	c.print(m, d, 58, 20)
	pleats := &path{}
	for i := range 9 {
		x := 480 + float32(i)*30
		spread := 600 + (x-600)*2.05
		pleats.and(from(x, 268).curve(x, 500, spread, 760, spread, 1020).
			to(spread+30, 1020).curve(spread+20, 760, x+8, 500, x+5, 268).close())
	}
	c.fillIn(m, pleats, veil(0x1F1A2B, 0.085))
	c.stitch(from(306, 944).bend(450, 986, 600, 986).bend(750, 986, 894, 944), seam)
	band := from(600, 240).bend(690, 240, 748, 228).to(756, 278).bend(690, 292, 600, 292).mirror(600)
	c.on(band, cloth(shade(d.main, 0.05), linen))
	c.line(from(446, 280).bend(510, 292, 600, 292).bend(690, 292, 754, 280), 2.6, seam)
	c.button(700, 262, 12, d.second)
}
