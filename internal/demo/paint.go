package demo

// RGB is a colour as 0xRRGGBB in sRGB.
type RGB uint32

func (c RGB) split() (r, g, b int32) {
	return int32(c >> 16 & 0xff), int32(c >> 8 & 0xff), int32(c & 0xff)
}

// mix is c moved towards d; t runs from 0 to 1.
func mix(c, d RGB, t float32) RGB {
	r0, g0, b0 := c.split()
	r1, g1, b1 := d.split()
	at := func(a, b int32) RGB { return RGB(float32(a) + (float32(b)-float32(a))*t + 0.5) }
	return at(r0, r1)<<16 | at(g0, g1)<<8 | at(b0, b1)
}

// Shadows lean towards a cool plum and lights towards warm cream: neutral
// greys would make the pictures look dusty.
func shade(c RGB, t float32) RGB { return mix(c, 0x1F1A2B, t) }
func tint(c RGB, t float32) RGB  { return mix(c, 0xFFF9EE, t) }

// luma is how light a colour looks, 0 to 255.
func luma(c RGB) int32 {
	r, g, b := c.split()
	return (r*299 + g*587 + b*114) / 1000
}

// edge is a line colour that stays visible on c: darker on light colours,
// lighter on dark ones.
func edge(c RGB, t float32) RGB {
	if luma(c) < 70 {
		return tint(c, t)
	}
	return shade(c, t)
}

// paint is what a shape is filled with: one colour, or a linear gradient
// between two, each with an opacity from 0 to 1.
type paint struct {
	a, b           RGB
	aAlpha, bAlpha float32
	x0, y0, x1, y1 float32 // the gradient line, in design units; no length: solid
	grain          grain
}

func flat(c RGB) paint { return paint{a: c, b: c, aAlpha: 1, bAlpha: 1} }

// across runs from a at x0 to b at x1, left to right.
func across(a, b RGB, x0, x1 float32) paint {
	return paint{a: a, b: b, aAlpha: 1, bAlpha: 1, x0: x0, x1: x1}
}

// down runs from a at y0 to b at y1, top to bottom.
func down(a, b RGB, y0, y1 float32) paint {
	return paint{a: a, b: b, aAlpha: 1, bAlpha: 1, y0: y0, y1: y1}
}

// slant runs from a at one point to b at the other.
func slant(a, b RGB, x0, y0, x1, y1 float32) paint {
	return paint{a: a, b: b, aAlpha: 1, bAlpha: 1, x0: x0, y0: y0, x1: x1, y1: y1}
}

// thin sets the opacity at the start and the end.
func (p paint) thin(a, b float32) paint {
	p.aAlpha, p.bAlpha = a, b
	return p
}

// veil is one colour at one opacity.
func veil(c RGB, alpha float32) paint { return flat(c).thin(alpha, alpha) }

// of gives the paint the surface of a material, visible in close-ups.
func (p paint) of(g grain) paint {
	p.grain = g
	return p
}
