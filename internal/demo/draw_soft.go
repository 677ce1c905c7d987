package demo

import "image"

func drawCushion(c *canvas, d dye) {
	shape := from(214, 244).bend(600, 312, 986, 244).bend(926, 600, 990, 962).
		bend(600, 900, 210, 962).bend(276, 600, 214, 244).close()
	g := linen
	if d.pattern == Speckles {
		g = boucle
	}
	m := c.fill(shape, slant(tint(d.main, 0.14), shade(d.main, 0.14), 260, 260, 940, 960).of(g))
	switch d.pattern {
	case Speckles:
		c.curls(m, d.main)
	case Stripes:
		for i := range 9 {
			x := 262 + float32(i)*84
			bow := (x - 600) * 0.14
			c.lineIn(m, from(x, 220).bend(x-bow, 600, x, 990), 20, flat(d.second).of(linen))
		}
	case Checks:
		for i := range 6 {
			x := 290 + float32(i)*124
			bow := (x - 600) * 0.14
			c.lineIn(m, from(x, 220).bend(x-bow, 600, x, 990), 40, veil(d.second, 0.42))
			c.lineIn(m, from(200, x).bend(600, x-bow*0.8, 1000, x), 40, veil(d.second, 0.42))
		}
	case Bands:
		c.lineIn(m, from(200, 760).bend(600, 730, 1000, 760), 70, flat(d.second).of(linen))
		c.lineIn(m, from(200, 840).bend(600, 800, 1000, 840), 16, flat(d.second).of(linen))
	}
	for _, f := range [...][6]float32{
		{230, 262, 440, 430, 10, 26}, {970, 262, 800, 400, -10, -24},
		{976, 944, 800, 790, 12, 26}, {226, 944, 380, 800, -12, -24},
		{240, 300, 330, 470, 6, 14}, {960, 900, 900, 740, 6, 14},
	} {
		c.fold(m, f[0], f[1], f[2], f[3], f[4], f[5])
	}
	c.lineIn(m, shape, 16, flat(mix(d.main, d.second, 0.55)))
	c.lineIn(m, shape, 3, veil(edge(d.main, 0.6), 0.35))
}

// curls covers a mask with the loops of bouclé yarn.
func (c *canvas) curls(m *image.Alpha, colour RGB) {
	dark, light := &path{}, &path{}
	const cell = 34
	for j := range 24 {
		for i := range 24 {
			h := hash(i, j)
			x := 200 + (float32(i)+float32(h&0xff)/300)*cell
			y := 230 + (float32(j)+float32(h>>8&0xff)/300)*cell
			a := float32(h>>16&7) * 45
			dark.and(stroked(from(x-10, y).curve(x-10, y-14, x+12, y-12, x+10, y+4).turn(a, x, y).move(2, 4), 6))
			light.and(stroked(from(x-10, y).curve(x-10, y-14, x+12, y-12, x+10, y+4).turn(a, x, y), 6))
		}
	}
	c.fillIn(m, dark, veil(shade(colour, 0.6), 0.16))
	c.fillIn(m, light, veil(tint(colour, 0.6), 0.50))
}

func drawThrow(c *canvas, d dye) {
	g := felt
	if d.pattern == Checks {
		g = waffle
	}
	for i := range 30 {
		x := 262 + float32(i)*23.3
		sway := float32(i%3)*6 - 6
		if g == felt {
			c.line(from(x, 900).bend(x+sway, 940, x+sway*1.7, 985), 8, flat(shade(d.main, 0.04+0.06*float32(i%2))))
		}
	}
	back := from(270, 260).bend(600, 236, 930, 260).curve(958, 400, 950, 700, 946, 910).bend(600, 926, 254, 910).
		curve(250, 700, 242, 400, 270, 260).close()
	m := c.fill(back, cloth(d.main, g))
	switch d.pattern {
	case Stripes, Bands:
		for _, b := range [...][2]float32{{690, 60}, {776, 22}, {820, 10}} {
			c.fillIn(m, box(200, b[0], 1000, b[0]+b[1], 0), flat(d.second).of(g))
		}
	case Checks:
		c.linesIn(m, 5, veil(shade(d.main, 0.6), 0.16), quilt()...)
	}
	c.stitch(rope(262, 884, 940, 884), veil(edge(d.main, 0.5), 0.35))
	// The upper fold lies on top of the lower.
	upper := from(262, 254).bend(600, 220, 938, 254).curve(962, 330, 960, 430, 952, 520).
		bend(600, 560, 248, 520).curve(240, 430, 238, 330, 262, 254).close()
	c.fillIn(m, upper.move(0, 26), veil(0x1F1A2B, 0.16))
	u := c.fill(upper, cloth(tint(d.main, 0.05), g))
	if d.pattern == Checks {
		c.linesIn(u, 5, veil(shade(d.main, 0.6), 0.16), quilt()...)
	}
	c.fillIn(u, box(200, 430, 1000, 560, 0), down(0x1F1A2B, 0x1F1A2B, 440, 550).thin(0, 0.12))
	c.fold(u, 300, 300, 620, 340, 14, 18)
	c.fold(u, 920, 320, 700, 420, -10, -16)
	c.fold(m, 940, 640, 720, 720, 12, 18)
	c.label(860, 466, 100, 58, d)
}

// quilt is the grid of a waffle weave, seen from afar.
func quilt() []*path {
	return append(
		series(17, func(i float32) *path { return rope(250+i*44, 200, 250+i*44, 940) }),
		series(17, func(i float32) *path { return rope(200, 250+i*44, 1000, 250+i*44) })...)
}

func drawRug(c *canvas, d dye) {
	for i := range 42 {
		x := 268 + float32(i)*16.2
		sway := float32(i%3)*3 - 3
		c.line(rope(x, 140, x+sway, 96), 5, flat(tint(d.second, 0.45)))
		c.line(rope(x, 1060, x+sway, 1104), 5, flat(tint(d.second, 0.45)))
	}
	m := c.fill(box(258, 132, 942, 1068, 4), slant(tint(d.main, 0.08), shade(d.main, 0.08), 260, 140, 940, 1060).of(linen))
	second := flat(d.second).of(linen)
	switch d.pattern {
	case Stripes:
		for y := float32(190); y < 1040; y += 92 {
			c.fillIn(m, box(240, y, 960, y+34, 0), second)
			c.fillIn(m, box(240, y+46, 960, y+52, 0), second)
		}
	default:
		c.lineIn(m, box(300, 176, 900, 1024, 0), 14, second)
		c.lineIn(m, box(328, 204, 872, 996, 0), 5, second)
		for j := range 3 {
			y := 340 + float32(j)*260
			for _, r := range [...]float32{150, 92, 36} {
				diamond := poly(600, y-r, 600+r*1.45, y, 600, y+r, 600-r*1.45, y)
				if r == 36 {
					c.fillIn(m, diamond, second)
				} else {
					c.lineIn(m, diamond, 13, second)
				}
			}
		}
	}
	c.linesIn(m, 2, veil(shade(d.main, 0.6), 0.10), series(51, func(i float32) *path {
		return rope(258, 150+i*18, 942, 150+i*18)
	})...)
}

func drawBasket(c *canvas, d dye) {
	both(from(838, 520).curve(930, 500, 930, 620, 826, 640), func(p *path) {
		c.line(p.move(0, 6), 26, flat(shade(d.second, 0.35)))
		c.line(p, 24, flat(shade(d.second, 0.06)))
	})
	c.on(ellipse(600, 440, 262, 52), flat(shade(d.main, 0.45)))
	body := from(600, 440).to(862, 440).curve(858, 620, 828, 800, 776, 910).bend(690, 938, 600, 938).mirror(600)
	m := c.fill(body, flat(shade(d.main, 0.22)))
	light, mid := &path{}, &path{}
	for j := range 15 {
		y := 456 + float32(j)*32
		for i := range 15 {
			x := 324 + float32(i)*40 + 20*float32(j%2)
			squeeze := 1 - 0.011*float32(j)
			x0, x1 := 600+(x-600)*squeeze, 600+(x+34-600)*squeeze
			sag := 22 * (1 - (x-600)*(x-600)/80000)
			cell := box(x0, y+sag, x1, y+25+sag, 11)
			if (i+j)%2 == 0 {
				light.and(cell)
			} else {
				mid.and(cell)
			}
		}
	}
	c.fillIn(m, light, flat(tint(d.main, 0.10)))
	c.fillIn(m, mid, flat(shade(d.main, 0.06)))
	c.turned(m, 340, 862)
	rimFront := from(338, 436).curve(338, 512, 862, 512, 862, 436)
	c.line(rimFront.move(0, 10), 34, veil(0x1F1A2B, 0.20))
	c.line(rimFront, 32, across(tint(d.second, 0.12), shade(d.second, 0.18), 338, 862))
	for i := range 15 {
		t := float32(i)*36 + 348
		sag := 58 * (1 - (t-600)*(t-600)/70000)
		c.line(rope(t-7, 424+sag, t+7, 452+sag), 3, veil(shade(d.second, 0.6), 0.35))
	}
}
