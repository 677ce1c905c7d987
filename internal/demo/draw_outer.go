package demo

import "image"

func drawJacket(c *canvas, d dye) {
	k := cloth(d.main, twill)
	seam := veil(edge(d.main, 0.6), 0.45)
	sleeve := from(826, 262).curve(902, 290, 948, 350, 968, 440).
		to(1030, 852).bend(970, 880, 912, 868).to(838, 480).close()
	both(sleeve, func(p *path) {
		m := c.fill(p, k)
		c.wash(m, veil(0x1F1A2B, 0.07))
		c.fold(m, 970, 520, 860, 560, 6, 18)
		c.fold(m, 985, 600, 890, 640, 6, 14)
	})
	both(from(1024, 814).bend(966, 840, 906, 830), func(p *path) { c.stitch(p, seam) })
	body := from(600, 280).to(684, 226).curve(740, 248, 800, 254, 846, 274).
		curve(832, 360, 838, 440, 844, 520).to(856, 912).bend(730, 930, 600, 930).mirror(600)
	m := c.fill(body, k)
	both(from(846, 274).curve(832, 360, 838, 440, 844, 520), func(p *path) { c.lineIn(m, p, 3, seam) })
	c.fold(m, 844, 520, 720, 610, 16, 22)
	c.fold(m, 356, 520, 460, 590, -14, -20)
	c.stitch(from(346, 892).bend(470, 908, 600, 908).bend(730, 908, 854, 892), seam)
	c.lineIn(m, rope(624, 320, 624, 936), 3, seam)
	c.stitch(rope(612, 330, 612, 916), seam)

	c.patch(m, d, box(668, 430, 784, 560, 14))
	for _, x := range [...]float32{386, 662} {
		c.patch(m, d, box(x, 660, x+152, 842, 18))
	}
	for y := float32(400); y < 900; y += 118 {
		c.button(598, y, 15, d.second)
	}
	c.collar(d, twill, 210, 372)
}

// patch is a sewn-on pocket.
func (c *canvas) patch(clip *image.Alpha, d dye, p *path) {
	seam := veil(edge(d.main, 0.6), 0.45)
	c.fillIn(clip, p.move(3, 5), veil(0x1F1A2B, 0.10))
	c.fillIn(clip, p, cloth(tint(d.main, 0.04), twill))
	c.lineIn(clip, p, 2.2, seam)
	lo, hi := bounds(p)
	c.stitch(box(lo.x+8, lo.y+8, hi.x-8, hi.y-8, 10), seam)
	c.stitch(rope(lo.x+8, lo.y+28, hi.x-8, lo.y+28), seam)
}

func bounds(p *path) (lo, hi point) {
	lo, hi = p.pts[0], p.pts[0]
	for _, q := range p.pts {
		lo = point{min(lo.x, q.x), min(lo.y, q.y)}
		hi = point{max(hi.x, q.x), max(hi.y, q.y)}
	}
	return lo, hi
}

// collar is a turned-down collar whose points reach down to tip.
func (c *canvas) collar(d dye, g grain, top, tip float32) {
	seam := veil(edge(d.main, 0.6), 0.45)
	c.on(from(512, top+30).bend(600, top-22, 688, top+30).bend(640, top+90, 600, top+118).bend(560, top+90, 512, top+30).close(),
		down(shade(d.main, 0.42), shade(d.main, 0.26), top, top+110))
	c.on(box(572, top+6, 628, top+30, 4), flat(tint(d.second, 0.3)))
	leaf := from(600, top+122).curve(640, top+96, 670, top+50, 682, top+6).
		curve(708, top+14, 730, top+40, 742, top+70).to(684, tip+24).close()
	both(leaf, func(p *path) {
		c.on(p.move(3, 8), veil(0x1F1A2B, 0.16))
		c.on(p, cloth(tint(d.main, 0.06), g))
		c.line(p, 2.4, seam)
	})
}

func drawCoat(c *canvas, d dye) {
	k := cloth(d.main, felt)
	seam := veil(edge(d.main, 0.6), 0.40)
	sleeve := from(790, 214).curve(860, 240, 902, 300, 918, 390).
		to(964, 790).bend(916, 812, 862, 802).to(806, 420).close()
	both(sleeve, func(p *path) {
		m := c.fill(p, k)
		c.wash(m, veil(0x1F1A2B, 0.08))
		c.fold(m, 922, 470, 830, 510, 6, 18)
	})
	both(rope(960, 742, 856, 756), func(p *path) { c.line(p, 3, seam) })
	body := from(600, 240).to(672, 180).curve(724, 200, 770, 206, 808, 226).
		curve(796, 310, 802, 380, 804, 450).curve(800, 560, 806, 620, 816, 700).
		to(846, 1040).bend(720, 1058, 600, 1058).mirror(600)
	m := c.fill(body, k)
	both(from(808, 226).curve(796, 310, 802, 380, 804, 450), func(p *path) { c.lineIn(m, p, 3, seam) })
	c.fold(m, 804, 450, 700, 530, 14, 22)
	c.fold(m, 396, 450, 480, 520, -12, -18)
	c.fold(m, 812, 1050, 750, 780, 12, 26)
	c.fold(m, 410, 1050, 450, 800, -10, -24)
	// Front edge, lapels, two rows of buttons.
	c.fillIn(m, poly(664, 470, 678, 1070, 690, 1070, 672, 470), veil(0x1F1A2B, 0.12))
	c.lineIn(m, rope(664, 470, 678, 1060), 3, seam)
	c.on(from(528, 188).bend(600, 160, 672, 188).to(664, 300).to(620, 420).to(580, 420).to(536, 300).close(),
		down(shade(d.main, 0.46), shade(d.main, 0.30), 170, 420))
	c.on(box(572, 190, 628, 214, 4), flat(tint(d.second, 0.3)))
	lapel := from(664, 480).to(590, 398).curve(630, 340, 658, 260, 668, 176).
		to(716, 204).to(752, 300).to(712, 318).to(740, 350).close()
	left := lapel.flip(600).move(-4, 0)
	for _, p := range [...]*path{left, lapel} {
		c.on(p.move(3, 9), veil(0x1F1A2B, 0.15))
		c.on(p, cloth(tint(d.main, 0.05), felt))
		c.line(p, 2.4, seam)
	}
	for _, y := range [...]float32{520, 626, 732} {
		c.button(636, y, 18, d.second)
		c.button(524, y, 18, d.second)
	}
	both(poly(700, 800, 806, 780, 810, 812, 704, 832), func(p *path) {
		c.on(p.move(2, 5), veil(0x1F1A2B, 0.14))
		c.on(p, cloth(tint(d.main, 0.04), felt))
		c.line(p, 2.2, seam)
	})
}

func drawGilet(c *canvas, d dye) {
	seam := veil(edge(d.main, 0.6), 0.40)
	body := from(600, 270).to(690, 236).curve(740, 256, 780, 262, 812, 272).
		curve(780, 350, 778, 430, 822, 510).curve(846, 620, 850, 760, 846, 900).
		bend(720, 922, 600, 922).mirror(600)
	m := c.fill(body, cloth(d.main, smooth))
	// Quilting: soft rolls between straight seams.
	for y := float32(340); y < 940; y += 82 {
		c.fillIn(m, box(340, y+30, 860, y+82, 0), down(0x1F1A2B, 0x1F1A2B, y+30, y+82).thin(0, 0.13))
		c.fillIn(m, box(340, y, 860, y+18, 0), down(0x1F1A2B, 0x1F1A2B, y, y+18).thin(0.10, 0))
		c.fillIn(m, box(340, y+14, 860, y+34, 0), down(0xFFF9EE, 0xFFF9EE, y+14, y+34).thin(0, 0.07))
		c.fillIn(m, box(340, y+34, 860, y+56, 0), down(0xFFF9EE, 0xFFF9EE, y+34, y+56).thin(0.07, 0))
		c.lineIn(m, rope(340, y, 860, y), 2.6, seam)
	}
	both(from(812, 272).curve(780, 350, 778, 430, 822, 510), func(p *path) {
		c.lineIn(m, p, 20, flat(shade(d.main, 0.16)))
	})
	c.lineIn(m, box(330, 892, 870, 960, 0), 44, flat(shade(d.main, 0.10)))
	both(rope(704, 690, 760, 800), func(p *path) {
		c.line(p, 20, flat(shade(d.main, 0.18)))
		c.line(p, 5, flat(shade(d.main, 0.45)))
	})
	c.lineIn(m, rope(600, 250, 600, 930), 44, flat(shade(d.main, 0.08)))
	c.lineIn(m, rope(622, 250, 622, 930), 2.6, seam)
	for y := float32(330); y < 900; y += 92 {
		c.on(circle(600, y+2, 14), veil(0x1F1A2B, 0.25))
		c.on(circle(600, y, 13), slant(tint(d.second, 0.35), shade(d.second, 0.2), 588, y-12, 612, y+12))
		c.line(circle(600, y, 7), 2, veil(shade(d.second, 0.5), 0.5))
	}
	// Stand-up collar.
	c.on(ellipse(600, 206, 96, 22), flat(shade(d.main, 0.42)))
	c.on(box(572, 206, 628, 228, 4), flat(tint(d.second, 0.3)))
	c.on(poly(506, 250, 694, 250, 690, 310, 510, 310), flat(shade(d.main, 0.06)))
	stand := from(600, 236).bend(664, 234, 698, 200).to(702, 262).bend(668, 308, 600, 312).mirror(600)
	s := c.fill(stand, cloth(tint(d.main, 0.05), smooth))
	c.lineIn(s, rope(600, 220, 600, 330), 3, seam)
	c.line(stand, 2.4, seam)
}
