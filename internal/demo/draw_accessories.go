package demo

func drawBeanie(c *canvas, d dye) {
	rib := veil(edge(d.main, 0.5), 0.30)
	dome := from(600, 256).curve(790, 256, 872, 440, 876, 690).to(600, 700).mirror(600)
	m := c.fill(dome, cloth(d.main, knit))
	c.linesIn(m, 5, rib, series(23, func(i float32) *path {
		x := 324 + i*25
		return from(x, 720).curve(x, 500, 600+(x-600)*0.55, 330, 600, 250)
	})...)
	c.fillIn(m, from(876, 690).curve(872, 440, 790, 256, 600, 256).curve(740, 330, 800, 480, 800, 700).close(), veil(0x1F1A2B, 0.10))
	cuff := from(600, 664).bend(760, 664, 880, 644).curve(908, 650, 912, 670, 908, 700).
		curve(906, 780, 902, 800, 894, 836).bend(760, 872, 600, 872).mirror(600)
	c.fillIn(m, cuff.move(0, -16), veil(0x1F1A2B, 0.14))
	q := c.fill(cuff, cloth(tint(d.main, 0.05), knit))
	c.linesIn(q, 6, rib, series(24, func(i float32) *path {
		x := 312 + i*25
		return rope(x, 640, 600+(x-600)*0.985, 880)
	})...)
	c.fillIn(q, box(800, 600, 930, 900, 0), across(0x1F1A2B, 0x1F1A2B, 800, 910).thin(0, 0.16))
	c.label(690, 770, 92, 54, d)
}

// label is a small woven label, sewn at two sides.
func (c *canvas) label(x, y, w, h float32, d dye) {
	p := box(x-w/2, y-h/2, x+w/2, y+h/2, 4)
	c.on(p.move(2, 4), veil(0x1F1A2B, 0.25))
	c.on(p, flat(tint(d.second, 0.45)).of(linen))
	c.line(circle(x, y, h*0.22), 3, flat(shade(d.second, 0.5)))
	c.stitch(rope(x-w/2+7, y-h/2+6, x-w/2+7, y+h/2-6), veil(shade(d.second, 0.6), 0.6))
	c.stitch(rope(x+w/2-7, y-h/2+6, x+w/2-7, y+h/2-6), veil(shade(d.second, 0.6), 0.6))
}

func drawScarf(c *canvas, d dye) {
	c.scarfEnd(d, 672, 206, 214, 640, -9)
	c.scarfEnd(d, 512, 214, 214, 710, 7)
	// The fold that joins both ends.
	knot := from(404, 250).curve(400, 176, 470, 150, 580, 150).curve(700, 150, 780, 170, 776, 250).
		curve(780, 320, 740, 336, 700, 300).curve(620, 262, 540, 262, 480, 310).curve(440, 336, 402, 310, 404, 250).close()
	c.on(knot.move(4, 12), veil(0x1F1A2B, 0.14))
	m := c.fill(knot, cloth(d.main, felt))
	if d.pattern == Checks {
		for x := float32(430); x < 780; x += 76 {
			c.lineIn(m, from(x, 130).bend(x+10, 220, x-10, 340), 26, veil(d.second, 0.5))
		}
	}
	c.fold(m, 420, 250, 770, 230, -30, -18)
	c.fold(m, 450, 290, 740, 286, -40, -20)
}

// scarfEnd is one hanging end with its fringe.
func (c *canvas) scarfEnd(d dye, x, top, width, length, lean float32) {
	turn := func(p *path) *path { return p.turn(lean, x, top) }
	for i := range 15 {
		fx := x - width/2 + 6 + float32(i)*(width-12)/14
		sway := float32(i%3)*5 - 5
		c.line(turn(from(fx, top+length-4).bend(fx+sway, top+length+30, fx+sway*1.6, top+length+62)), 6.5,
			flat(shade(d.main, 0.05+0.05*float32(i%2))))
	}
	m := c.fill(turn(box(x-width/2, top, x+width/2, top+length, 6)), cloth(d.main, felt))
	switch d.pattern {
	case Checks:
		for i := range 3 {
			at := x - width/2 + 16 + float32(i)*60
			c.fillIn(m, turn(box(at, top, at+26, top+length, 0)), veil(d.second, 0.5))
		}
		for y := top + 40; y < top+length; y += 76 {
			c.fillIn(m, turn(box(x-width/2, y, x+width/2, y+26, 0)), veil(d.second, 0.5))
		}
	case Stripes, Bands:
		for i := range 3 {
			y := top + length - 60 - float32(i)*46
			c.fillIn(m, turn(box(x-width/2, y, x+width/2, y+22, 0)), flat(d.second))
		}
	}
	c.fillIn(m, turn(box(x+width/6, top, x+width/2, top+length, 0)),
		across(0x1F1A2B, 0x1F1A2B, x+width/6, x+width/2).thin(0, 0.12))
}

func drawSocks(c *canvas, d dye) {
	c.sock(d, 90, -30, shade(d.main, 0.05))
	c.sock(d, -60, 40, d.main)
}

func (c *canvas) sock(d dye, dx, dy float32, colour RGB) {
	put := func(p *path) *path { return p.move(dx, dy) }
	outline := put(from(430, 170).to(606, 170).curve(604, 320, 600, 470, 612, 600).
		curve(640, 690, 740, 720, 830, 750).curve(900, 776, 908, 890, 820, 904).
		curve(700, 916, 560, 880, 480, 810).curve(414, 750, 424, 660, 432, 580).
		curve(440, 440, 434, 300, 430, 170).close())
	c.on(outline.move(8, 16), veil(0x1F1A2B, 0.14))
	m := c.fill(outline, cloth(colour, knit))
	toe := put(from(762, 700).curve(740, 770, 744, 850, 770, 930).to(960, 930).to(960, 700).close())
	heel := put(from(400, 640).curve(470, 650, 540, 700, 556, 880).to(400, 880).close())
	switch d.pattern {
	case Stripes:
		for y := float32(270); y < 640; y += 56 {
			c.fillIn(m, put(box(380, y, 700, y+24, 0)), flat(d.second))
		}
	case Bands:
		c.fillIn(m, put(box(380, 300, 700, 330, 0)), flat(d.second))
		c.fillIn(m, put(box(380, 350, 700, 364, 0)), flat(d.second))
	}
	c.fillIn(m, toe, flat(d.second).of(knit))
	c.fillIn(m, heel, flat(d.second).of(knit))
	rib := veil(edge(colour, 0.5), 0.28)
	c.linesIn(m, 4, rib, series(12, func(i float32) *path {
		return put(rope(438+i*15, 170, 438+i*15, 262))
	})...)
	c.lineIn(m, put(rope(420, 262, 620, 262)), 3, rib)
	c.fillIn(m, put(from(606, 170).curve(604, 320, 600, 470, 612, 600).to(566, 640).curve(560, 480, 566, 320, 564, 170).close()), veil(0x1F1A2B, 0.07))
	c.fold(m, 612+dx, 606+dy, 500+dx, 690+dy, 6, 18)
}

func drawTote(c *canvas, d dye) {
	k := cloth(d.main, twill)
	seam := veil(edge(d.main, 0.55), 0.45)
	handle := from(486, 480).curve(476, 300, 500, 180, 600, 180).curve(700, 180, 724, 300, 714, 480)
	c.line(handle.move(14, -22), 34, cloth(shade(d.main, 0.20), twill))
	body := from(600, 412).to(872, 412).curve(868, 600, 856, 800, 842, 1000).bend(720, 1012, 600, 1012).mirror(600)
	m := c.fill(body, k)
	c.print(m, d, 64, 26)
	c.fold(m, 872, 430, 760, 620, 20, 22)
	c.fold(m, 330, 430, 450, 600, -18, -20)
	c.fold(m, 842, 1000, 700, 880, -14, -20)
	c.fillIn(m, box(300, 400, 900, 456, 0), veil(0xFFF9EE, 0.14))
	c.stitch(rope(334, 456, 866, 456), seam)
	c.stitch(rope(334, 424, 870, 424), seam)
	for _, x := range [...]float32{486, 714} {
		c.lineIn(m, rope(x, 420, x, 560), 34, cloth(shade(d.main, 0.06), twill))
		c.stitch(poly(x-13, 462, x+13, 462, x+13, 566, x-13, 566), seam)
	}
	c.line(handle.move(4, 10), 34, veil(0x1F1A2B, 0.10))
	c.line(handle, 34, cloth(shade(d.main, 0.04), twill))
	c.mark(600, 750, 74, d.second)
}

// mark is the shop's emblem: a sprig in a ring.
func (c *canvas) mark(x, y, r float32, colour RGB) {
	c.line(circle(x, y, r), r*0.06, flat(colour))
	c.line(from(x, y+r*0.68).bend(x+r*0.10, y, x, y-r*0.34), r*0.06, flat(colour))
	leaf := from(x, y).curve(x+r*0.10, y-r*0.26, x+r*0.34, y-r*0.34, x+r*0.56, y-r*0.30).
		curve(x+r*0.50, y-r*0.06, x+r*0.28, y+r*0.08, x, y).close()
	c.on(leaf.move(r*0.04, r*0.38), flat(colour))
	c.on(leaf.move(r*0.04, -r*0.02), flat(colour))
	c.on(leaf.flip(x).move(r*0.04, r*0.18), flat(colour))
	c.on(leaf.turn(-58, x, y).move(0, -r*0.22), flat(colour))
}

func drawHandbag(c *canvas, d dye) {
	seam := veil(edge(d.main, 0.5), 0.55)
	handle := from(450, 520).curve(440, 300, 500, 220, 600, 220).curve(700, 220, 760, 300, 750, 520)
	c.line(handle.move(16, -18), 24, flat(shade(d.main, 0.34)))
	body := from(600, 448).to(852, 448).curve(872, 640, 884, 780, 882, 904).
		curve(880, 930, 866, 938, 846, 938).to(600, 938).mirror(600)
	m := c.fill(body, cloth(d.main, hide))
	c.fillIn(m, box(800, 400, 900, 960, 0), across(0x1F1A2B, 0x1F1A2B, 780, 890).thin(0, 0.22))
	c.fillIn(m, box(300, 400, 420, 960, 0), across(0xFFF9EE, 0xFFF9EE, 320, 420).thin(0.16, 0))
	c.fold(m, 846, 470, 800, 720, 14, 16)
	c.fold(m, 356, 470, 400, 700, -12, -14)
	c.lineIn(m, rope(330, 462, 870, 462), 28, flat(shade(d.main, 0.10)))
	c.stitch(rope(350, 484, 850, 484), seam)
	c.stitch(from(346, 500).curve(330, 660, 334, 780, 334, 900).bend(340, 920, 366, 920).to(834, 920).
		bend(862, 920, 866, 900).curve(866, 780, 870, 660, 854, 500), seam)
	// A tab closes over the rim.
	tab := box(552, 430, 648, 620, 44)
	c.on(tab.move(4, 8), veil(0x1F1A2B, 0.20))
	c.on(tab, cloth(tint(d.main, 0.05), hide))
	c.stitch(box(562, 440, 638, 610, 36), seam)
	c.brass(600, 572, 17)
	c.line(handle.move(4, 6), 24, veil(0x1F1A2B, 0.14))
	c.line(handle, 24, flat(shade(d.main, 0.08)))
	c.line(handle.move(-4, 0), 5, veil(tint(d.main, 0.5), 0.4))
	for _, x := range [...]float32{450, 750} {
		c.on(box(x-24, 500, x+24, 600, 20), cloth(tint(d.main, 0.03), hide))
		c.stitch(box(x-16, 520, x+16, 592, 14), seam)
		c.line(circle(x, 500, 19), 8, slant(0xE3C27A, 0xA57F35, x-20, 480, x+20, 520))
	}
}

// brass is a round stud.
func (c *canvas) brass(x, y, r float32) {
	c.on(circle(x+1, y+3, r), veil(0x1F1A2B, 0.3))
	c.on(circle(x, y, r), slant(0xF0D79A, 0xA57F35, x-r, y-r, x+r, y+r))
	c.on(circle(x-r*0.25, y-r*0.28, r*0.34), veil(0xFFFFFF, 0.45))
}

func drawBackpack(c *canvas, d dye) {
	k := cloth(d.main, twill)
	seam := veil(edge(d.main, 0.55), 0.45)
	c.line(from(536, 260).curve(536, 180, 664, 180, 664, 260), 24, flat(shade(d.second, 0.10)))
	both(from(838, 520).curve(900, 600, 900, 800, 850, 880), func(p *path) {
		c.line(p, 30, flat(shade(d.main, 0.30)))
	})
	body := from(600, 250).curve(760, 250, 826, 320, 836, 470).curve(850, 640, 862, 780, 858, 860).
		curve(856, 920, 830, 940, 780, 940).to(600, 940).mirror(600)
	m := c.fill(body, k)
	c.fillIn(m, box(740, 240, 880, 960, 0), across(0x1F1A2B, 0x1F1A2B, 740, 870).thin(0, 0.20))
	pocket := from(600, 640).to(770, 640).curve(786, 740, 788, 830, 780, 880).curve(776, 906, 760, 912, 736, 912).to(600, 912).mirror(600)
	c.on(pocket.move(3, 8), veil(0x1F1A2B, 0.16))
	p := c.fill(pocket, cloth(tint(d.main, 0.04), twill))
	c.lineIn(p, rope(400, 684, 800, 684), 3, seam)
	c.stitch(from(428, 700).curve(420, 780, 420, 850, 430, 880).bend(440, 896, 470, 896).to(730, 896).
		bend(760, 896, 770, 880).curve(780, 850, 780, 780, 772, 700), seam)
	flap := from(600, 244).curve(766, 244, 832, 316, 842, 470).curve(844, 540, 836, 600, 816, 626).
		bend(720, 650, 600, 650).mirror(600)
	c.fillIn(m, flap.move(0, 14), veil(0x1F1A2B, 0.18))
	c.on(flap, cloth(tint(d.main, 0.05), twill))
	c.stitch(from(374, 470).curve(376, 550, 380, 590, 400, 608).bend(490, 630, 600, 630).bend(710, 630, 800, 608).
		curve(820, 590, 824, 550, 826, 470), seam)
	for _, x := range [...]float32{500, 700} {
		strap := box(x-18, 470, x+18, 790, 14)
		c.on(strap.move(3, 6), veil(0x1F1A2B, 0.22))
		c.on(strap, slant(tint(d.second, 0.08), shade(d.second, 0.15), x-20, 470, x+20, 790).of(hide))
		c.line(box(x-30, 690, x+30, 742, 8), 8, slant(0xE3C27A, 0xA57F35, x-30, 690, x+30, 742))
		c.line(rope(x, 694, x, 738), 6, flat(0xB78F45))
		for y := float32(580); y < 680; y += 32 {
			c.on(circle(x, y, 4), flat(shade(d.second, 0.6)))
		}
	}
	c.label(600, 404, 108, 62, d)
}

func drawBelt(c *canvas, d dye) {
	seam := veil(tint(d.main, 0.55), 0.55)
	// One loop, its ends crossing at the lower right.
	loop := through(820, 800, 640, 880, 420, 830, 290, 640, 330, 410, 520, 280, 740, 310, 870, 460, 860, 640, 740, 740, 560, 730, 470, 640)
	c.strap(d, loop, seam)
	// Holes towards the tip.
	for _, q := range [...]point{{492, 668}, {520, 700}, {556, 724}, {598, 740}, {642, 746}} {
		c.on(circle(q.x, q.y, 6), flat(shade(d.main, 0.75)))
	}
	// Keeper and buckle at the other end.
	c.line(rope(728, 806, 758, 876), 26, flat(shade(d.main, 0.18)))
	frame := box(800, 730, 920, 852, 22).turn(-24, 860, 790)
	c.line(frame.move(3, 7), 20, veil(0x1F1A2B, 0.25))
	c.line(frame, 19, slant(0xF0D79A, 0xA07A33, 790, 720, 930, 860))
	c.line(rope(812, 812, 914, 764), 12, slant(0xE3C27A, 0x94702C, 812, 812, 914, 764))
}

func (c *canvas) strap(d dye, p *path, seam paint) {
	c.line(p.move(5, 12), 66, veil(0x1F1A2B, 0.16))
	c.line(p, 66, slant(tint(d.main, 0.10), shade(d.main, 0.14), 260, 260, 900, 880).of(hide))
	c.line(p, 48, veil(0xFFF9EE, 0.05))
	lines := p.flatten()
	for _, r := range [...]float32{-25, 25} {
		side := from(0, 0)
		side.verbs, side.pts = side.verbs[:0], side.pts[:0]
		for i := range lines[0] {
			s := sideStep(lines[0], i, r)
			v := lineTo
			if i == 0 {
				v = moveTo
			}
			side.verbs = append(side.verbs, v)
			side.pts = append(side.pts, point{lines[0][i].x + s.x, lines[0][i].y + s.y})
		}
		c.stitch(side, seam)
	}
}

func drawSlippers(c *canvas, d dye) {
	for _, side := range [...]float32{0, 1} {
		at := func(p *path) *path {
			if side == 1 {
				p = p.flip(600)
			}
			return p.turn(4-8*side, 600, 600)
		}
		sole := blob(752, 220, 846, 270, 884, 400, 872, 560, 842, 700, 848, 840, 800, 950, 712, 956, 652, 880, 648, 740, 628, 580, 622, 420, 660, 280)
		c.on(at(sole), cloth(shade(d.second, 0.12), hide))
		inner := blob(752, 240, 832, 286, 864, 402, 854, 556, 824, 700, 830, 836, 792, 930, 714, 936, 668, 868, 666, 738, 646, 580, 642, 420, 676, 294)
		m := c.fill(at(inner), slant(tint(d.second, 0.25), shade(d.second, 0.02), 640, 240, 860, 940).of(felt))
		c.fillIn(m, at(box(600, 500, 900, 640, 0)), down(0x1F1A2B, 0x1F1A2B, 540, 640).thin(0.45, 0))
		upper := from(614, 560).curve(596, 400, 650, 206, 752, 206).curve(860, 210, 906, 390, 890, 566).
			curve(850, 520, 800, 500, 750, 504).curve(700, 506, 650, 524, 614, 560).close()
		c.on(at(upper.move(0, 14)), veil(0x1F1A2B, 0.16))
		u := c.fill(at(upper), cloth(d.main, felt))
		c.fillIn(u, at(from(890, 566).curve(906, 390, 860, 210, 752, 206).curve(850, 300, 860, 440, 850, 540).close()), veil(0x1F1A2B, 0.10))
		c.line(at(from(614, 560).curve(650, 524, 700, 506, 750, 504).curve(800, 500, 850, 520, 890, 566)), 13, flat(d.second))
		c.stitch(at(from(626, 540).curve(660, 504, 704, 486, 750, 484).curve(800, 482, 846, 500, 880, 544)), veil(edge(d.main, 0.6), 0.5))
	}
}
