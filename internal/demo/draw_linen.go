package demo

import "image"

func drawTeaTowel(c *canvas, d dye) {
	back := dye{main: shade(d.second, 0.02), second: d.main, pattern: Plain}
	c.towelSheet(back, 690, -7)
	c.towelSheet(d, 540, 3)
}

// towelSheet is one folded cloth hanging by its loop.
func (c *canvas) towelSheet(d dye, x, lean float32) {
	spin := func(p *path) *path { return p.turn(lean, x, 200) }
	seam := veil(edge(d.main, 0.5), 0.40)
	c.line(spin(from(x-150, 204).curve(x-150, 130, x-110, 130, x-110, 204)), 12, flat(shade(d.main, 0.18)))
	sheet := box(x-200, 200, x+200, 1000, 6)
	c.on(spin(sheet.move(8, 14)), veil(0x1F1A2B, 0.13))
	m := c.fill(spin(sheet), cloth(d.main, linen))
	switch d.pattern {
	case Stripes:
		for _, y := range [...]float32{800, 836, 906} {
			c.fillIn(m, spin(box(x-210, y, x+210, y+18, 0)), flat(d.second).of(linen))
		}
		c.fillIn(m, spin(box(x-210, 266, x+210, 284, 0)), flat(d.second).of(linen))
	case Checks:
		for i := range 6 {
			at := float32(i) * 72
			c.fillIn(m, spin(box(x-178+at, 190, x-158+at, 1010, 0)), veil(d.second, 0.45))
		}
		for y := float32(240); y < 1000; y += 72 {
			c.fillIn(m, spin(box(x-210, y, x+210, y+20, 0)), veil(d.second, 0.45))
		}
	}
	c.fillIn(m, spin(box(x-6, 190, x+200, 1010, 0)), across(0x1F1A2B, 0x1F1A2B, x-6, x+120).thin(0.14, 0.02))
	c.lineIn(m, spin(rope(x-6, 190, x-6, 1010)), 3, seam)
	c.stitch(spin(rope(x-190, 984, x+190, 984)), seam)
	c.fold(m, x-200, 420, x-60, 560, 10, 18)
}

func drawNapkins(c *canvas, d dye) {
	for i, lean := range [...]float32{12, 2, -9} {
		tone := d.main
		if i == 1 {
			tone = shade(d.main, 0.06)
		}
		spin := func(p *path) *path { return p.turn(lean, 600, 620) }
		sheet := box(310, 320, 890, 900, 8)
		c.line(spin(sheet.move(5, 10)), 10, veil(0x1F1A2B, 0.12))
		m := c.fill(spin(sheet), slant(tint(tone, 0.08), shade(tone, 0.08), 320, 320, 880, 900).of(linen))
		c.stitch(spin(box(330, 340, 870, 880, 4)), veil(edge(tone, 0.5), 0.45))
		if i < 2 {
			continue
		}
		c.fillIn(m, spin(poly(310, 320, 890, 900, 310, 900)), veil(0x1F1A2B, 0.05))
		c.lineIn(m, spin(rope(310, 320, 890, 900)), 3, veil(edge(tone, 0.5), 0.25))
		c.on(spin(box(566, 300, 634, 920, 3)), flat(tint(d.second, 0.15)).of(paper))
		c.mark(spin(from(600, 610)).pts[0].x, spin(from(600, 610)).pts[0].y, 26, shade(d.second, 0.45))
	}
}

func drawTablecloth(c *canvas, d dye) {
	for _, x := range [...]float32{330, 870} {
		c.line(rope(x, 700, x+(x-600)*0.06, 925), 26, flat(0x8A6A4C))
	}
	drop := from(196, 420).curve(176, 560, 170, 700, 160, 820)
	for i := range 8 {
		x := 160 + float32(i)*110
		dip := float32(26)
		if i%2 == 1 {
			dip = -10
		}
		drop.bend(x+55, 836+dip*2, x+110, 824)
	}
	drop.curve(1030, 700, 1024, 560, 1004, 420).close()
	m := c.fill(drop, slant(tint(d.main, 0.02), shade(d.main, 0.14), 200, 400, 1000, 860).of(linen))
	for i := range 8 {
		x := 214 + float32(i)*110
		c.fillIn(m, from(600+(x-600)*0.86, 440).curve(x, 600, x+10, 700, x, 880).to(x+46, 880).
			curve(x+38, 700, x+16, 600, 600+(x-600)*0.86+6, 440).close(), veil(0x1F1A2B, 0.10))
	}
	if d.pattern == Checks || d.pattern == Stripes {
		c.lineIn(m, from(170, 740).bend(600, 790, 1040, 740), 14, flat(d.second))
		c.lineIn(m, from(170, 770).bend(600, 820, 1040, 770), 5, flat(d.second))
	}
	top := c.fill(ellipse(600, 420, 405, 86), slant(tint(d.main, 0.26), tint(d.main, 0.04), 250, 350, 950, 500).of(linen))
	c.lineIn(top, ellipse(600, 418, 402, 84), 5, veil(0xFFFFFF, 0.35))
	// A jug keeps the table from looking bare.
	c.on(ellipse(640, 424, 96, 18), veil(0x1F1A2B, 0.18))
	jug := from(600, 200).to(650, 204).curve(642, 270, 664, 300, 676, 350).curve(682, 400, 650, 428, 600, 428).mirror(600)
	j := c.fill(jug, flat(tint(d.second, 0.35)))
	c.turned(j, 522, 678)
	c.line(from(656, 250).curve(730, 250, 730, 360, 672, 368), 15, flat(tint(d.second, 0.22)))
	c.sprig(600, 206, 0.62, 0x7E8F6E)
}

// sprig is a branch with leaves growing up from a vessel.
func (c *canvas) sprig(x, y, s float32, green RGB) {
	stems := [...]struct{ dx, dy, bow float32 }{{-120, -230, -30}, {10, -300, 14}, {120, -210, 34}}
	for i, st := range stems {
		stem := from(x, y+10).bend(x+st.bow*s, y+st.dy*0.5*s, x+st.dx*s, y+st.dy*s)
		c.line(stem, 6*s, flat(shade(green, 0.30)))
		pts := stem.flatten()[0]
		for k := 4; k < len(pts); k += 2 {
			q := pts[k]
			side := float32(1)
			if (k/2+i)%2 == 0 {
				side = -1
			}
			leaf := from(q.x, q.y).curve(q.x+26*s*side, q.y-30*s, q.x+64*s*side, q.y-34*s, q.x+84*s*side, q.y-20*s).
				curve(q.x+62*s*side, q.y+12*s, q.x+26*s*side, q.y+12*s, q.x, q.y).close().turn(st.dx*0.12, q.x, q.y)
			tone := tint(green, 0.10)
			if side > 0 {
				tone = shade(green, 0.12)
			}
			c.on(leaf, flat(tone))
			c.line(from(q.x, q.y).to(q.x+66*s*side, q.y-18*s).turn(st.dx*0.12, q.x, q.y), 2*s, veil(shade(green, 0.5), 0.4))
		}
	}
}

func drawApron(c *canvas, d dye) {
	k := cloth(d.main, twill)
	seam := veil(edge(d.main, 0.55), 0.45)
	c.line(from(508, 300).curve(480, 130, 720, 130, 692, 300), 22, flat(shade(d.second, 0.05)))
	both(from(806, 560).curve(900, 580, 930, 660, 900, 760).curve(890, 800, 910, 830, 930, 850), func(p *path) {
		c.line(p, 16, flat(shade(d.second, 0.05)))
	})
	body := from(600, 284).to(716, 284).curve(722, 400, 750, 500, 826, 552).
		to(838, 1010).bend(720, 1022, 600, 1022).mirror(600)
	m := c.fill(body, k)
	c.apronPattern(m, d)
	c.fold(m, 826, 560, 730, 700, 12, 20)
	c.fold(m, 374, 560, 450, 680, -10, -18)
	c.fold(m, 800, 1020, 760, 820, 10, 18)
	c.stitch(rope(490, 306, 710, 306), seam)
	c.stitch(rope(366, 992, 834, 992), seam)
	pocket := box(444, 640, 756, 850, 14)
	c.fillIn(m, pocket.move(3, 6), veil(0x1F1A2B, 0.10))
	c.fillIn(m, pocket, cloth(tint(d.main, 0.04), twill))
	c.line(pocket, 2.4, seam)
	c.stitch(rope(452, 664, 748, 664), seam)
	c.stitch(rope(600, 668, 600, 846), seam)
	c.brass(508, 302, 11)
	c.brass(692, 302, 11)
	c.label(600, 400, 104, 60, d)
}

func (c *canvas) apronPattern(m *image.Alpha, d dye) {
	if d.pattern != Stripes {
		return
	}
	for x := float32(370); x < 850; x += 36 {
		c.fillIn(m, box(x, 270, x+6, 1030, 0), veil(d.second, 0.8))
	}
}
