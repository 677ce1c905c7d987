package demo

// onDesk draws paper and writing things.
func (k Kind) onDesk() sketch {
	switch k {
	case Notebook:
		return sketch{draw: drawNotebook, focusX: 720, focusY: 420, zoom: 2.4}
	case Notebooks:
		return sketch{draw: drawNotebooks, focusX: 640, focusY: 500, zoom: 2.4}
	case Pen:
		return sketch{draw: drawPen, focusX: 440, focusY: 720, zoom: 2.6}
	case Pencils:
		return sketch{draw: drawPencils, focusX: 600, focusY: 330, zoom: 2.5}
	default:
		return sketch{draw: drawTray, focusX: 760, focusY: 640, zoom: 2.3}
	}
}

func drawNotebook(c *canvas, d dye) {
	spin := func(p *path) *path { return p.turn(-7, 600, 600) }
	c.line(spin(from(500, 990).bend(498, 1050, 512, 1100)), 14, flat(d.second))
	c.on(spin(box(312, 166, 920, 1034, 14)), flat(shade(d.main, 0.35)))
	pages := c.fill(spin(box(320, 172, 912, 1026, 6)), flat(0xF4EDDD))
	for i := range 5 {
		o := float32(i) * 3
		c.lineIn(pages, spin(rope(904-o, 170, 904-o, 1024)), 1.2, veil(0x8C7F68, 0.35))
	}
	cover := box(300, 150, 896, 1016, 18)
	m := c.fill(spin(cover), slant(tint(d.main, 0.10), shade(d.main, 0.10), 310, 160, 890, 1010).of(linen))
	c.fillIn(m, spin(box(290, 140, 372, 1030, 0)), veil(0x1F1A2B, 0.16))
	c.lineIn(m, spin(rope(372, 140, 372, 1030)), 4, veil(0x1F1A2B, 0.22))
	c.lineIn(m, spin(rope(377, 140, 377, 1030)), 3, veil(0xFFFFFF, 0.20))
	c.lineIn(m, spin(cover), 5, veil(0xFFFFFF, 0.16))
	c.fillIn(m, spin(box(800, 140, 826, 1030, 0)), flat(shade(d.second, 0.05)))
	c.fillIn(m, spin(box(826, 140, 834, 1030, 0)), veil(0x1F1A2B, 0.18))
	label := spin(box(470, 320, 700, 470, 4))
	c.on(label, flat(0xF7F1E3).of(paper))
	c.line(spin(box(482, 332, 688, 458, 2)), 2.4, veil(shade(d.main, 0.5), 0.6))
	c.line(spin(rope(510, 380, 660, 380)), 4, veil(shade(d.main, 0.5), 0.6))
	c.line(spin(rope(510, 414, 630, 414)), 4, veil(shade(d.main, 0.5), 0.6))
}

func drawNotebooks(c *canvas, d dye) {
	tones := [...]RGB{shade(d.main, 0.04), d.second, tint(d.main, 0.30)}
	for i, lean := range [...]float32{13, 1, -12} {
		spin := func(p *path) *path { return p.turn(lean, 600, 1000) }
		tone := tones[i]
		c.line(spin(box(370, 250, 846, 956, 10).move(4, 8)), 16, veil(0x1F1A2B, 0.14))
		c.on(spin(box(366, 246, 840, 952, 6)), flat(0xF4EDDD))
		m := c.fill(spin(box(360, 240, 832, 946, 10)), slant(tint(tone, 0.10), shade(tone, 0.08), 370, 250, 830, 940).of(paper))
		c.fillIn(m, spin(box(350, 230, 386, 960, 0)), across(0x1F1A2B, 0x1F1A2B, 360, 392).thin(0.02, 0.18))
		for _, y := range [...]float32{330, 593, 856} {
			c.lineIn(m, spin(rope(368, y, 368, y+34)), 4, veil(0xE9E2D2, 0.9))
		}
		if i == 2 {
			c.on(spin(box(470, 380, 730, 540, 3)), flat(0xFBF6EA).of(paper))
			c.line(spin(rope(506, 440, 694, 440)), 4, veil(shade(d.main, 0.5), 0.7))
			c.line(spin(rope(506, 480, 660, 480)), 4, veil(shade(d.main, 0.5), 0.7))
			q := spin(from(600, 840)).pts[0]
			c.mark(q.x, q.y, 38, shade(d.main, 0.35))
		}
	}
}

func drawPen(c *canvas, d dye) {
	spin := func(p *path) *path { return p.turn(-42, 600, 600) }
	metal := func(k RGB) paint { return slant(tint(k, 0.40), shade(k, 0.22), 560, 560, 640, 640).of(brushed) }
	c.on(spin(poly(196, 594, 110, 598, 110, 602, 196, 606)), flat(shade(d.main, 0.3)))
	c.on(spin(poly(300, 566, 190, 592, 190, 608, 300, 634)), metal(d.main))
	m := c.fill(spin(box(292, 560, 1010, 640, 10)), metal(d.main))
	c.fillIn(m, spin(box(292, 560, 420, 640, 0)), veil(shade(d.main, 0.5), 0.10))
	for x := float32(310); x < 410; x += 13 {
		c.lineIn(m, spin(rope(x, 556, x, 644)), 3, veil(shade(d.main, 0.7), 0.35))
	}
	c.fillIn(m, spin(box(640, 550, 656, 650, 0)), flat(tint(d.second, 0.1)))
	c.fillIn(m, spin(box(280, 574, 1020, 586, 0)), veil(0xFFFFFF, 0.35))
	c.on(spin(box(1004, 572, 1036, 628, 8)), metal(shade(d.main, 0.12)))
	c.on(spin(box(1030, 584, 1090, 616, 12)), metal(d.main))
	clip := spin(box(760, 586, 1000, 614, 14))
	c.on(clip.move(6, 10), veil(0x1F1A2B, 0.30))
	c.on(clip, metal(tint(d.main, 0.12)))
	c.on(spin(circle(774, 600, 9)), metal(shade(d.main, 0.1)))
}

func drawPencils(c *canvas, d dye) {
	tones := [...]RGB{d.main, d.second, tint(d.main, 0.35), shade(d.second, 0.25), shade(d.main, 0.30), tint(d.second, 0.40)}
	for i, tone := range tones {
		x := 390 + float32(i)*84
		y := 190 + float32([...]int{30, 0, 44, 12, 36, 8}[i])
		m := c.fill(box(x-34, y+150, x+34, 1020, 4), flat(tone))
		c.fillIn(m, box(x-34, y, x-13, 1020, 0), veil(0xFFFFFF, 0.24))
		c.fillIn(m, box(x+13, y, x+34, 1020, 0), veil(0x1F1A2B, 0.18))
		cone := c.fill(from(x-34, y+152).to(x, y).to(x+34, y+152).bend(x+24, y+132, x+13, y+154).bend(x, y+134, x-13, y+154).bend(x-24, y+132, x-34, y+152).close(),
			across(0xF0D9B5, 0xCFA878, x-34, x+34).of(wood))
		c.fillIn(cone, poly(x-34, y-10, x+34, y-10, x+34, y+46, x-34, y+46), flat(shade(tone, 0.35)))
		c.on(box(x-34, 960, x+34, 1012, 2), across(0xE9CF98, 0x9F7C3C, x-34, x+34))
		c.on(box(x-34, 1004, x+34, 1050, 8), flat(mix(0xD98F7F, tone, 0.15)))
		c.line(rope(x, 880, x, 930), 6, veil(0xFFF9EE, 0.6))
	}
	band := c.fill(box(350, 640, 850, 760, 3), flat(0xF1E7D2).of(paper))
	c.fillIn(band, box(350, 740, 850, 760, 0), veil(0x1F1A2B, 0.06))
	c.mark(600, 700, 40, shade(d.main, 0.4))
}

func drawTray(c *canvas, d dye) {
	spin := func(p *path) *path { return p.turn(-5, 600, 600) }
	outer := box(160, 350, 1040, 850, 44)
	m := c.fill(spin(outer), slant(tint(d.main, 0.16), shade(d.main, 0.10), 170, 360, 1030, 840).of(wood))
	for i := range 9 {
		y := 372 + float32(i)*56
		c.lineIn(m, spin(from(150, y).curve(400, y-14, 760, y+18, 1050, y-6)), 2.4, veil(shade(d.main, 0.6), 0.20))
	}
	c.lineIn(m, spin(outer), 8, veil(0xFFFFFF, 0.28))
	for _, r := range [...][4]float32{{200, 390, 1000, 560}, {200, 596, 620, 810}, {656, 596, 1000, 810}} {
		hole := spin(box(r[0], r[1], r[2], r[3], 26))
		c.on(hole, slant(shade(d.main, 0.26), shade(d.main, 0.10), r[0], r[1], r[2], r[3]).of(wood))
		in := c.cover(hole)
		c.lineIn(in, hole.move(5, 9), 18, veil(0x1F1A2B, 0.22))
		c.lineIn(in, hole.move(-3, -4), 6, veil(0xFFFFFF, 0.22))
	}
	// A pencil, a rubber and a few clips in use.
	pencil := spin(box(300, 452, 900, 492, 4))
	c.on(pencil.move(5, 12), veil(0x1F1A2B, 0.28))
	c.on(pencil, down(tint(d.second, 0.15), shade(d.second, 0.2), 452, 492))
	c.on(spin(poly(300, 452, 300, 492, 230, 472)), flat(0xE8CFA6))
	c.on(spin(poly(252, 465, 252, 479, 230, 472)), flat(0x3A3433))
	c.on(spin(box(260, 650, 400, 730, 16)).move(5, 10), veil(0x1F1A2B, 0.26))
	c.on(spin(box(260, 650, 400, 730, 16)), slant(0xF3EDE2, 0xD9CDBB, 260, 650, 400, 730))
	c.on(spin(box(340, 650, 400, 730, 16)), flat(0x8FA3B0))
	for _, q := range [...][3]float32{{740, 690, 20}, {830, 720, -30}, {900, 670, 60}} {
		x, y := q[0], q[1]
		clip := from(x-14, y+28).to(x-14, y-24).curve(x-14, y-48, x+18, y-48, x+18, y-24).to(x+18, y+34).
			curve(x+18, y+56, x-26, y+56, x-26, y+34).to(x-26, y-16)
		c.line(clip.turn(q[2], x, y).move(3, 6), 6, veil(0x1F1A2B, 0.25))
		c.line(clip.turn(q[2], x, y), 6, flat(0xC9A24F))
	}
}
