package demo

import "image"

func drawCasserole(c *canvas, d dye) {
	k := flat(d.main)
	both(from(896, 640).curve(1000, 630, 1000, 720, 892, 716), func(p *path) {
		c.line(p.move(0, 5), 36, flat(shade(d.main, 0.30)))
		c.line(p, 32, flat(shade(d.main, 0.06)))
		c.line(p.move(0, -7), 7, veil(0xFFFFFF, 0.22))
	})
	body := from(600, 566).to(910, 566).curve(908, 700, 900, 800, 884, 858).
		curve(870, 910, 840, 926, 790, 926).to(600, 926).mirror(600)
	m := c.fill(body, k)
	c.turned(m, 290, 910)
	c.fillIn(m, box(280, 840, 920, 930, 0), down(shade(d.main, 0.8), shade(d.main, 0.8), 840, 930).thin(0, 0.45))
	c.gleam(m, from(344, 630).curve(346, 720, 352, 790, 366, 840).to(392, 836).curve(378, 780, 374, 710, 374, 630).close(), 0.30)
	c.lineIn(m, rope(280, 574, 920, 574), 14, veil(0x1F1A2B, 0.22))
	lid := from(600, 436).curve(760, 440, 890, 486, 926, 540).curve(932, 560, 924, 572, 906, 574).to(600, 574).mirror(600)
	l := c.fill(lid, k)
	c.turned(l, 276, 926)
	c.fillIn(l, box(270, 552, 930, 576, 0), veil(shade(d.main, 0.6), 0.28))
	c.gleam(l, from(400, 500).curve(450, 474, 510, 462, 560, 460).to(562, 474).curve(514, 478, 460, 492, 414, 516).close(), 0.35)
	c.lineIn(l, from(350, 526).curve(460, 486, 740, 486, 850, 526), 4, veil(shade(d.main, 0.5), 0.22))
	c.on(from(600, 376).to(640, 378).curve(664, 384, 664, 404, 640, 412).to(622, 418).to(626, 442).to(600, 444).mirror(600),
		slant(tint(d.second, 0.45), shade(d.second, 0.35), 550, 380, 650, 440).of(brushed))
}

func drawPan(c *canvas, d dye) {
	spin := func(p *path) *path { return p.turn(38, 500, 500) }
	handle := from(770, 468).curve(860, 486, 960, 470, 1090, 458).curve(1130, 460, 1140, 480, 1140, 500).
		curve(1140, 520, 1130, 540, 1090, 542).curve(960, 530, 860, 514, 770, 532).close()
	c.on(spin(handle), slant(tint(d.main, 0.22), shade(d.main, 0.18), 640, 560, 800, 960).of(brushed))
	c.on(spin(ellipse(1102, 500, 20, 13)), flat(tint(d.main, 0.55)))
	c.line(spin(from(800, 484).curve(880, 496, 960, 488, 1060, 478)), 5, veil(0xFFFFFF, 0.16))
	m := c.fill(circle(500, 500, 330), slant(tint(d.main, 0.30), shade(d.main, 0.20), 260, 260, 740, 740))
	c.lineIn(m, circle(500, 500, 318), 10, slant(tint(d.main, 0.5), shade(d.main, 0.05), 260, 260, 740, 740))
	c.on(circle(500, 500, 300), slant(shade(d.main, 0.30), tint(d.main, 0.10), 280, 280, 720, 720))
	f := c.fill(circle(503, 504, 258), slant(tint(d.main, 0.05), shade(d.main, 0.22), 320, 320, 700, 700).of(brushed))
	for _, r := range [...]float32{70, 132, 196} {
		c.lineIn(f, circle(503, 504, r), 2.4, veil(0xFFFFFF, 0.055))
	}
	c.fillIn(f, from(330, 380).curve(420, 300, 560, 280, 640, 330).curve(540, 340, 420, 400, 350, 490).close(), veil(0xFFFFFF, 0.08))
	for _, q := range [...]point{{762, 484}, {762, 516}} {
		r := spin(circle(q.x, q.y, 11))
		c.on(r, slant(0xD9DADB, 0x85878A, 690, 660, 720, 700))
	}
}

// polished is a polished blade.
func polished(x0, y0, x1, y1 float32) paint {
	return slant(0xEEF0F1, 0x9BA2A8, x0, y0, x1, y1).of(brushed)
}

func drawChefKnife(c *canvas, d dye) {
	c.knife(d, from(690, 520).to(250, 528).curve(190, 532, 140, 566, 96, 612).
		curve(220, 664, 420, 682, 676, 676).to(690, 640).close(), from(110, 612).curve(230, 646, 420, 656, 676, 650))
}

func drawParingKnife(c *canvas, d dye) {
	c.knife(d, from(690, 536).to(420, 546).curve(360, 552, 310, 576, 282, 602).
		curve(400, 634, 560, 640, 682, 632).to(690, 610).close(), from(300, 602).curve(410, 622, 560, 626, 684, 618))
}

func drawBreadKnife(c *canvas, d dye) {
	blade := from(690, 528).to(150, 532).curve(104, 536, 84, 570, 88, 606)
	for x := float32(88); x < 676; x += 42 {
		blade.bend(x+21, 652, x+42, 612)
	}
	c.knife(d, blade.to(690, 600).close(), rope(110, 592, 684, 592))
}

// knife draws blade, bolster and handle lying at a slant.
func (c *canvas) knife(d dye, blade, bevel *path) {
	spin := func(p *path) *path { return p.turn(-38, 600, 580) }
	m := c.fill(spin(blade), polished(330, 420, 620, 800))
	c.lineIn(m, spin(bevel), 3, veil(0x5B646B, 0.35))
	c.lineIn(m, spin(bevel).move(8, 12), 22, veil(0xFFFFFF, 0.30))
	c.fillIn(m, spin(poly(300, 500, 380, 500, 330, 700, 250, 700)), veil(0xFFFFFF, 0.26))
	c.fillIn(m, spin(poly(400, 500, 420, 500, 370, 700, 350, 700)), veil(0xFFFFFF, 0.26))
	if luma(d.main) > 0 {
		c.fillIn(m, spin(circle(630, 566, 13)), veil(0x5B646B, 0.35))
	}
	handle := from(700, 522).curve(800, 514, 900, 530, 1000, 520).curve(1060, 516, 1096, 536, 1100, 572).
		curve(1104, 612, 1080, 632, 1048, 622).curve(960, 596, 860, 604, 700, 616).close()
	h := c.fill(spin(handle), slant(tint(d.main, 0.14), shade(d.main, 0.20), 700, 320, 880, 520).of(wood))
	for _, dy := range [...]float32{544, 566, 590} {
		c.lineIn(h, spin(from(690, dy).curve(820, dy-10, 940, dy+8, 1110, dy-4)), 2.6, veil(shade(d.main, 0.6), 0.22))
	}
	c.lineIn(h, spin(from(700, 530).curve(800, 522, 900, 538, 1050, 528)), 6, veil(0xFFFFFF, 0.18))
	c.on(spin(box(676, 518, 712, 622, 8)), polished(650, 440, 740, 560))
	for _, x := range [...]float32{780, 880, 980} {
		c.on(spin(circle(x, 568, 12)), slant(0xF0D79A, 0x9F7C3C, 600, 300, 900, 600))
	}
}

func drawBoard(c *canvas, d dye) {
	shape := from(600, 150).to(840, 150).curve(874, 150, 886, 164, 886, 196).to(886, 780).
		curve(886, 850, 780, 836, 720, 862).curve(676, 880, 676, 930, 676, 990).
		curve(676, 1036, 650, 1056, 600, 1056).mirror(600)
	m := c.fill(shape, slant(tint(d.main, 0.12), shade(d.main, 0.10), 330, 170, 860, 1020).of(wood))
	c.grainLines(m, d.main, 314, 886, 130, 1060)
	c.lineIn(m, shape, 12, veil(shade(d.main, 0.55), 0.18))
	c.lineIn(m, shape.move(7, 7), 7, veil(0xFFFFFF, 0.25))
	c.on(circle(600, 990, 30), flat(shade(d.main, 0.45)))
	c.line(from(600, 980).curve(540, 1010, 540, 1120, 590, 1120).curve(640, 1118, 640, 1030, 604, 986), 11, flat(d.second))
}

// grainLines draws the year rings of an upright plank.
func (c *canvas) grainLines(m *image.Alpha, colour RGB, x0, x1, y0, y1 float32) {
	h, lines := y1-y0, &path{}
	for i := range int((x1 - x0) / 29) {
		x := x0 + 14 + float32(i)*29
		r := hash(i, int(x0))
		sway := float32(r&31) - 16
		line := from(x, y0).curve(x+sway, y0+h*0.3, x-sway*1.2, y0+h*0.66, x+sway*0.4, y1)
		lines.and(stroked(line, 1.6+float32(r>>8&3)))
	}
	c.fillIn(m, lines, veil(shade(colour, 0.6), 0.16))
}

func drawServers(c *canvas, d dye) {
	for i, lean := range [...]float32{-17, 15} {
		x := 640 - 80*float32(i)
		spin := func(p *path) *path { return p.turn(lean, 600, 760) }
		tone := d.main
		if i == 1 {
			tone = tint(d.main, 0.08)
		}
		whole := from(x, 130).curve(x+84, 132, x+112, 220, x+100, 306).curve(x+90, 380, x+46, 410, x+26, 440).
			to(x+20, 980).curve(x+20, 1040, x+12, 1056, x, 1056).mirror(x)
		c.line(spin(whole.move(4, 9)), 14, veil(0x1F1A2B, 0.14))
		m := c.fill(spin(whole), slant(tint(tone, 0.14), shade(tone, 0.14), 400, 180, 800, 1000).of(wood))
		c.linesIn(m, 2.4, veil(shade(tone, 0.65), 0.24), series(6, func(i float32) *path {
			dx := 27*i - 66
			return spin(from(x+dx, 120).curve(x+dx*1.3, 300, x+dx*0.3, 460, x+dx*0.24, 1060))
		})...)
		if i == 0 {
			c.on(spin(ellipse(x, 256, 72, 104)), slant(shade(tone, 0.24), tint(tone, 0.05), 480, 180, 780, 380).of(wood))
		} else {
			for _, dx := range [...]float32{-34, 0, 34} {
				c.on(spin(box(x+dx-8, 150, x+dx+8, 320, 8)), flat(shade(tone, 0.32)))
			}
		}
		c.lineIn(m, spin(rope(x-12, 470, x-10, 1030)), 5, veil(0xFFFFFF, 0.22))
	}
}

func drawMill(c *canvas, d dye) {
	k := across(tint(d.main, 0.05), shade(d.main, 0.05), 480, 720).of(wood)
	body := from(600, 430).to(676, 430).curve(684, 470, 660, 500, 652, 560).curve(640, 640, 660, 720, 704, 800).
		curve(726, 846, 726, 900, 716, 924).bend(660, 936, 600, 936).mirror(600)
	m := c.fill(body, k)
	c.linesIn(m, 2.6, veil(shade(d.main, 0.6), 0.22), series(6, func(i float32) *path {
		dx := 27*i - 70
		return from(600+dx, 420).curve(600+dx, 540, 600+dx*0.7, 620, 600+dx*1.5, 940)
	})...)
	c.turned(m, 484, 716)
	c.fillIn(m, box(470, 880, 730, 888, 0), veil(0x1F1A2B, 0.22))
	head := from(600, 236).curve(676, 240, 706, 300, 698, 360).curve(692, 396, 676, 412, 672, 422).to(600, 424).mirror(600)
	h := c.fill(head, k)
	for _, dx := range [...]float32{-66, -30, 4, 38, 68} {
		c.lineIn(h, from(600+dx*0.7, 236).curve(600+dx, 300, 600+dx, 360, 600+dx*0.8, 430), 2.6, veil(shade(d.main, 0.6), 0.22))
	}
	c.turned(h, 502, 698)
	c.gleam(h, ellipse(550, 300, 16, 34).turn(16, 550, 300), 0.28)
	c.on(box(524, 416, 676, 436, 8), across(0xE8E9EA, 0x8C9196, 524, 676))
	c.on(from(600, 196).to(616, 200).to(620, 236).to(600, 240).mirror(600), across(0xE8E9EA, 0x8C9196, 580, 620))
	c.on(circle(600, 196, 18), slant(0xF3F4F4, 0x83888C, 586, 182, 614, 210))
}
