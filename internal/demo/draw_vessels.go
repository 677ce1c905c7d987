package demo

func drawVase(c *canvas, d dye) {
	c.sprig(600, 330, 0.98, 0x7E8F6E)
	body := from(600, 320).to(672, 320).curve(664, 400, 664, 430, 720, 520).
		curve(784, 620, 770, 780, 700, 900).bend(680, 934, 600, 936).mirror(600)
	m := c.fill(body, flat(d.main))
	c.glazeOn(m, d, 430, 380, 780, 930)
	c.turned(m, 436, 764)
	c.gleam(m, from(486, 560).curve(460, 640, 468, 740, 506, 830).to(524, 822).curve(494, 740, 488, 650, 508, 570).close(), 0.28)
	c.on(ellipse(600, 320, 72, 15), flat(tint(d.main, 0.25)))
	c.on(ellipse(600, 321, 60, 10), flat(shade(d.main, 0.5)))
	c.line(rope(600, 322, 596, 300), 9, flat(0x55644B))
}

func drawBudVase(c *canvas, d dye) {
	c.line(from(600, 560).bend(590, 380, 628, 250), 9, flat(0x65755A))
	leaf := from(598, 470).curve(640, 410, 720, 400, 752, 420).curve(720, 470, 650, 490, 598, 474).close()
	c.on(leaf, flat(0x7E8F6E))
	c.on(leaf.flip(598).turn(-14, 598, 470).move(0, -50), flat(0x93A283))
	for i := range 9 {
		petal := from(630, 240).curve(604, 200, 604, 150, 630, 118).curve(656, 150, 656, 200, 630, 240).close()
		tone := tint(d.second, 0.12)
		if i%2 == 1 {
			tone = shade(d.second, 0.06)
		}
		c.on(petal.turn(float32(i)*40+10, 630, 228), flat(tone))
	}
	c.on(circle(630, 228, 30), slant(0xE8B84A, 0xB98424, 605, 200, 655, 256))
	body := from(600, 540).to(638, 540).curve(632, 600, 636, 630, 690, 660).
		curve(770, 706, 776, 860, 690, 918).bend(650, 938, 600, 938).mirror(600)
	m := c.fill(body, flat(d.main))
	c.glazeOn(m, d, 450, 600, 760, 930)
	c.turned(m, 450, 750)
	c.gleam(m, from(492, 730).curve(476, 780, 484, 830, 508, 868).to(522, 858).curve(502, 824, 498, 780, 512, 738).close(), 0.32)
	c.line(ellipse(600, 540, 36, 9), 6, flat(tint(d.main, 0.25)))
}

// blade is a pointed leaf from its foot to its tip.
func blade(x0, y0, x1, y1, width float32) *path {
	n := normal(point{x0, y0}, point{x1, y1}, width)
	mx, my := x0+(x1-x0)*0.45, y0+(y1-y0)*0.45
	return from(x0, y0).
		curve(x0+n.x*0.6, y0+n.y*0.6, mx+n.x, my+n.y, x1, y1).
		curve(mx-n.x, my-n.y, x0-n.x*0.6, y0-n.y*0.6, x0, y0).close()
}

func (c *canvas) frond(x0, y0, x1, y1, width float32, green RGB) {
	m := c.fill(blade(x0, y0, x1, y1, width), flat(green))
	c.fillIn(m, blade(x0, y0, x1, y1, width).move(width*0.34, width*0.2), veil(shade(green, 0.5), 0.16))
	c.lineIn(m, rope(x0, y0, x1, y1), 3, veil(tint(green, 0.5), 0.55))
}

func drawPlantPot(c *canvas, d dye) {
	for _, f := range [...]struct {
		x, y, w float32
		green   RGB
	}{
		{330, 330, 74, 0x56704F}, {870, 320, 74, 0x56704F}, {450, 190, 78, 0x62805A}, {760, 180, 78, 0x4F6A4A},
		{600, 120, 80, 0x6B8A61}, {280, 500, 62, 0x6B8A61}, {918, 490, 62, 0x62805A}, {520, 330, 70, 0x7B9A6E}, {700, 330, 70, 0x6F8F66},
	} {
		c.frond(600+(f.x-600)*0.08, 600, f.x, f.y, f.w, f.green)
	}
	saucer := from(600, 900).to(800, 900).curve(800, 930, 770, 942, 740, 944).to(600, 946).mirror(600)
	s := c.fill(saucer, flat(shade(d.main, 0.08)))
	c.turned(s, 400, 800)
	c.on(ellipse(600, 900, 200, 26), flat(shade(d.main, 0.20)))
	body := from(600, 640).to(776, 640).to(726, 892).bend(680, 914, 600, 914).mirror(600)
	m := c.fill(body, flat(d.main).of(paper))
	c.glazeOn(m, d, 420, 650, 780, 910)
	c.turned(m, 424, 776)
	c.fillIn(m, box(400, 640, 800, 690, 0), down(0x1F1A2B, 0x1F1A2B, 650, 690).thin(0.24, 0))
	rim := from(600, 574).to(800, 574).to(790, 652).bend(700, 676, 600, 676).mirror(600)
	r := c.fill(rim, flat(tint(d.main, 0.04)).of(paper))
	c.turned(r, 400, 800)
	c.on(ellipse(600, 576, 200, 34), flat(tint(d.main, 0.16)))
	soil := c.fill(ellipse(600, 578, 182, 27), flat(0x4A382C))
	for i, x := range [...]float32{520, 566, 610, 660, 700} {
		c.fillIn(soil, circle(x, 584+float32(i%2)*8, 7), flat(0x6A5442))
	}
	c.line(rope(600, 586, 600, 540), 16, flat(0x56704F))
}

func drawPlanter(c *canvas, d dye) {
	for _, f := range [...]struct {
		x0, x, y, w float32
		green       RGB
	}{
		{520, 430, 250, 40, 0x4F6A4A}, {680, 780, 230, 40, 0x4F6A4A}, {560, 520, 130, 46, 0x62805A},
		{640, 690, 110, 46, 0x56704F}, {600, 606, 60, 50, 0x6B8A61}, {500, 350, 380, 34, 0x7B9A6E}, {700, 850, 370, 34, 0x6F8F66},
	} {
		c.frond(f.x0, 560, f.x, f.y, f.w, f.green)
		c.line(rope(f.x0, 520, f.x, f.y+30), 2, veil(0xDCE3B4, 0.35))
	}
	for _, x := range [...]float32{470, 730} {
		c.leg(x, 850, x+(x-600)*0.10, 936, 16, 11, d.second)
	}
	body := from(600, 520).to(806, 520).curve(812, 660, 806, 780, 770, 850).bend(720, 884, 600, 886).mirror(600)
	m := c.fill(body, flat(d.main))
	c.glazeOn(m, d, 390, 540, 812, 880)
	c.turned(m, 392, 808)
	c.gleam(m, from(432, 580).curve(430, 680, 438, 760, 462, 810).to(482, 804).curve(458, 750, 452, 680, 454, 580).close(), 0.30)
	c.on(ellipse(600, 520, 206, 38), flat(tint(d.main, 0.25)))
	soil := c.fill(ellipse(600, 523, 190, 30), flat(0x4A382C))
	for _, x := range [...]float32{510, 556, 600, 646, 692} {
		c.fillIn(soil, ellipse(x, 530, 30, 12), flat(0x5E7A56))
	}
}

func drawWateringCan(c *canvas, d dye) {
	c.line(from(480, 560).curve(300, 480, 250, 760, 452, 830), 27, flat(shade(d.main, 0.10)))
	c.line(from(474, 552).curve(300, 476, 252, 740, 440, 816), 6, veil(0xFFFFFF, 0.25))
	spout := from(690, 850).curve(800, 800, 850, 560, 960, 380).to(994, 398).curve(900, 600, 870, 850, 700, 920).close()
	s := c.fill(spout, slant(tint(d.main, 0.12), shade(d.main, 0.22), 760, 500, 920, 700))
	c.lineIn(s, from(694, 862).curve(806, 806, 856, 566, 966, 386), 6, veil(0xFFFFFF, 0.28))
	c.on(ellipse(978, 388, 34, 13).turn(28, 978, 388), flat(shade(d.main, 0.40)))
	c.line(from(500, 520).curve(520, 330, 700, 320, 716, 520), 25, flat(shade(d.second, 0.05)))
	c.line(from(504, 506).curve(524, 328, 694, 318, 708, 500), 5, veil(0xFFFFFF, 0.30))
	body := from(600, 520).to(740, 520).curve(760, 660, 786, 800, 790, 880).curve(790, 922, 730, 934, 600, 936).mirror(600)
	m := c.fill(body, flat(d.main))
	c.turned(m, 410, 790)
	for _, y := range [...]float32{604, 850} {
		c.lineIn(m, from(390, y).bend(600, y+34, 810, y), 6, veil(shade(d.main, 0.6), 0.30))
		c.lineIn(m, from(390, y+7).bend(600, y+41, 810, y+7), 4, veil(0xFFFFFF, 0.25))
	}
	c.gleam(m, from(486, 660).curve(468, 730, 460, 790, 456, 830).to(478, 834).curve(484, 790, 490, 730, 506, 664).close(), 0.35)
	c.on(ellipse(600, 520, 140, 26), flat(tint(d.main, 0.30)))
	c.on(ellipse(600, 522, 126, 20), across(shade(d.main, 0.5), shade(d.main, 0.25), 474, 726))
}
