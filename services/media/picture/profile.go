package picture

import (
	"encoding/binary"
	"image"
	"math"
)

// colours changes what a profile (ICC.1:2022) speaks of to sRGB: RGB by three primaries and three curves or by tables, and
// grey by a curve. Profiles of other kinds are taken for sRGB.
type colours struct {
	linear [3][256]float32
	matrix [3][3]float32
	srgb   []byte // of a linear value, in 1/4095

	table *lut       // instead of these
	grey  *[256]byte // instead of all of these, for pixels that have no colour
}

// colour profiles that differ from sRGB by less than this are not worth a change.
const sameColours = 2.0 / 255

// readProfile understands a profile; nil when there is nothing to change.
func readProfile(data []byte) *colours {
	if len(data) < 132 {
		return nil
	}
	tags, lab := profileTags(data), string(data[20:24]) == "Lab "
	if string(data[16:20]) == "GRAY" {
		return readGrey(tags["kTRC"], lab)
	}
	if string(data[16:20]) != "RGB " {
		return nil
	}
	if table := readLUT(tags, 3, lab); table != nil {
		return &colours{table: table}
	}
	if lab {
		return nil
	}
	c := &colours{srgb: make([]byte, 4096)}
	for i := range c.srgb {
		c.srgb[i] = byte(math.Round(255 * toSRGB(float64(i)/4095)))
	}
	toRGB := fromXYZ()
	for channel, name := range []string{"r", "g", "b"} {
		xyz := tags[name+"XYZ"]
		if len(xyz) < 20 || string(xyz[:4]) != "XYZ " {
			return nil
		}
		for row := range 3 {
			var sum float64
			for i := range 3 {
				sum += toRGB[row][i] * fixed(xyz[8+4*i:])
			}
			c.matrix[row][channel] = float32(sum)
		}
		curve := readCurve(tags[name+"TRC"])
		if curve == nil {
			return nil
		}
		for v := range 256 {
			c.linear[channel][v] = float32(min(max(curve(float64(v)/255), 0), 1))
		}
	}
	if c.isSRGB() {
		return nil
	}
	return c
}

// fromXYZ gives linear sRGB of XYZ, for the white D50 that profiles count from.
func fromXYZ() [3][3]float64 {
	return [3][3]float64{{3.1338561, -1.6168667, -0.4906146}, {-0.9787684, 1.9161415, 0.0334540}, {0.0719453, -0.2289914, 1.4052427}}
}

// readGrey understands the curve of a profile for grey, which leads to luminance, or to L*.
func readGrey(data []byte, lab bool) *colours {
	curve := readCurve(data)
	if curve == nil {
		return nil
	}
	c := &colours{grey: new([256]byte)}
	same := true
	for v := range c.grey {
		y := min(max(curve(float64(v)/255), 0), 1)
		if lab {
			c.grey[v] = first(labToSRGB(100*y, 0, 0))
		} else {
			c.grey[v] = level8(toSRGB(y))
		}
		same = same && math.Abs(float64(int(c.grey[v])-v))/255 <= sameColours
	}
	if same {
		return nil
	}
	return c
}

func first(v, _, _ float64) byte { return level8(v) }

// readInks understands the profile of a picture of printing colours; nil when there is none.
func readInks(data []byte) *lut {
	if len(data) < 132 || string(data[16:20]) != "CMYK" {
		return nil
	}
	return readLUT(profileTags(data), 4, string(data[20:24]) == "Lab ")
}

// profileTags are the pieces of a profile; nil when they cannot be read.
func profileTags(data []byte) map[string][]byte {
	if len(data) < 132 {
		return nil
	}
	count := binary.BigEndian.Uint32(data[128:])
	if count > 200 || len(data) < 132+12*int(count) {
		return nil
	}
	tags := map[string][]byte{}
	for i := range int(count) {
		entry := data[132+12*i:]
		at, length := uint64(binary.BigEndian.Uint32(entry[4:])), uint64(binary.BigEndian.Uint32(entry[8:]))
		if at+length > uint64(len(data)) {
			return nil
		}
		tags[string(entry[:4])] = data[at : at+length]
	}
	return tags
}

func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

// readCurve understands a tone curve, of either kind.
func readCurve(b []byte) func(float64) float64 {
	if len(b) < 12 {
		return nil
	}
	switch string(b[:4]) {
	case "curv":
		n := int(binary.BigEndian.Uint32(b[8:]))
		switch {
		case n == 0:
			return func(x float64) float64 { return x }
		case n > (len(b)-12)/2:
			return nil
		case n == 1:
			gamma := float64(binary.BigEndian.Uint16(b[12:])) / 256
			return func(x float64) float64 { return math.Pow(x, gamma) }
		}
		return func(x float64) float64 {
			at := x * float64(n-1)
			i := min(int(at), n-2)
			low, high := float64(binary.BigEndian.Uint16(b[12+2*i:])), float64(binary.BigEndian.Uint16(b[14+2*i:]))
			return (low + (high-low)*(at-float64(i))) / 65535
		}
	case "para":
		kind := int(binary.BigEndian.Uint16(b[8:]))
		count := parameters(kind)
		if count == 0 || len(b) < 12+4*count {
			return nil
		}
		var p [7]float64 // g a b c d e f
		for i := range count {
			p[i] = fixed(b[12+4*i:])
		}
		g, a, bb, c, d, e, f := p[0], p[1], p[2], p[3], p[4], p[5], p[6]
		switch kind {
		case 0:
			return func(x float64) float64 { return math.Pow(x, g) }
		case 1, 2:
			if a == 0 {
				return nil
			}
			return func(x float64) float64 {
				if x >= -bb/a {
					return math.Pow(a*x+bb, g) + c
				}
				return c
			}
		}
		return func(x float64) float64 {
			if x >= d {
				return math.Pow(a*x+bb, g) + e
			}
			return c*x + f
		}
	}
	return nil
}

// parameters is how many numbers a parametric curve of a kind has; 0 for an unknown one.
func parameters(kind int) int {
	counts := []int{1, 3, 4, 5, 7}
	if kind >= len(counts) {
		return 0
	}
	return counts[kind]
}

func toSRGB(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

// isSRGB tries some colours.
func (c *colours) isSRGB() bool {
	for _, rgb := range [][3]byte{{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {128, 128, 128}, {200, 60, 20}, {30, 180, 90}} {
		r, g, b := c.change(rgb[0], rgb[1], rgb[2])
		for i, v := range [3]byte{r, g, b} {
			if math.Abs(float64(v)-float64(rgb[i]))/255 > sameColours {
				return false
			}
		}
	}
	return true
}

func (c *colours) change(r, g, b byte) (toR, toG, toB byte) {
	switch {
	case c.grey != nil:
		if r != g || g != b {
			return r, g, b
		}
		return c.grey[r], c.grey[r], c.grey[r]
	case c.table != nil:
		return c.table.at([]byte{r, g, b})
	}
	lr, lg, lb := c.linear[0][r], c.linear[1][g], c.linear[2][b]
	one := func(m *[3]float32) byte {
		return c.srgb[int(min(max(m[0]*lr+m[1]*lg+m[2]*lb, 0), 1)*4095+0.5)]
	}
	return one(&c.matrix[0]), one(&c.matrix[1]), one(&c.matrix[2])
}

// apply changes a picture in place.
func (c *colours) apply(m *image.RGBA) {
	for i := 0; i < len(m.Pix); i += 4 {
		p := m.Pix[i : i+4 : i+4]
		switch a := uint32(p[3]); a {
		case 0:
		case 255:
			p[0], p[1], p[2] = c.change(p[0], p[1], p[2])
		default:
			r, g, b := c.change(straight(p[0], a), straight(p[1], a), straight(p[2], a))
			p[0], p[1], p[2] = byte((uint32(r)*a+127)/255), byte((uint32(g)*a+127)/255), byte((uint32(b)*a+127)/255)
		}
	}
}

// straight undoes the premultiplication with alpha.
func straight(v byte, a uint32) byte { return byte(min((uint32(v)*255+a/2)/a, 255)) }
