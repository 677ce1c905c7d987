package picture

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"
)

// lut are the colours of a device on a grid, in sRGB: what a profile with tables (ICC.1:2022, lut8Type, lut16Type and
// lutAToBType) says, worked out once, so that a pixel takes one look between the points.
type lut struct {
	channels int
	points   int    // in each direction
	table    []byte // red, green and blue of each point; the last channel runs quickest
}

// Points of the grid in each direction, for three channels and for four.
const (
	points3 = 33
	points4 = 17
)

// newLUT asks about every point of the grid; the channels of to are from 0 to 1.
func newLUT(channels int, to func(device []float64) (r, g, b float64)) *lut {
	l := &lut{channels: channels, points: points3}
	if channels == 4 {
		l.points = points4
	}
	count := 1
	for range channels {
		count *= l.points
	}
	l.table = make([]byte, 0, 3*count)
	device := make([]float64, channels)
	for n := range count {
		rest := n
		for c := channels - 1; c >= 0; c-- {
			device[c] = float64(rest%l.points) / float64(l.points-1)
			rest /= l.points
		}
		r, g, b := to(device)
		l.table = append(l.table, level8(r), level8(g), level8(b))
	}
	return l
}

func level8(v float64) byte { return byte(math.Round(255 * min(max(v, 0), 1))) }

// at is the colour of a pixel, between the points around it.
func (l *lut) at(device []byte) (r, g, b byte) {
	var base int
	var step, part [4]int
	stride := 3
	for c := l.channels - 1; c >= 0; c-- {
		place := int(device[c]) * (l.points - 1)
		whole := place / 255
		base += whole * stride
		if part[c] = place % 255; part[c] > 0 {
			step[c] = stride
		}
		stride *= l.points
	}
	var sum [3]int
	for corner := range 1 << l.channels {
		weight, at := 1<<8, base
		for c := range l.channels {
			if corner>>c&1 == 1 {
				weight, at = weight*part[c], at+step[c]
			} else {
				weight *= 255 - part[c]
			}
		}
		if weight > 0 {
			p := l.table[at : at+3 : at+3]
			sum[0], sum[1], sum[2] = sum[0]+int(p[0])*weight, sum[1]+int(p[1])*weight, sum[2]+int(p[2])*weight
		}
	}
	whole := 1 << 8
	for range l.channels {
		whole *= 255
	}
	half := whole / 2
	return byte((sum[0] + half) / whole), byte((sum[1] + half) / whole), byte((sum[2] + half) / whole)
}

// readLUT understands the tables of a profile for devices with as many channels; nil when it has none.
func readLUT(tags map[string][]byte, channels int, lab bool) *lut {
	if !lab {
		return nil // tables that lead to XYZ are rare
	}
	for _, name := range []string{"A2B0", "A2B1"} {
		data := tags[name]
		if len(data) < 32 || int(data[8]) != channels || data[9] != 3 {
			continue
		}
		var to func(device []float64) []float64
		var scale func(v []float64) (lightness, a, b float64)
		switch string(data[:4]) {
		case "mft1":
			to = tablesOf(data, 1)
			scale = func(v []float64) (l, a, b float64) { return v[0] * 100, v[1]*255 - 128, v[2]*255 - 128 }
		case "mft2":
			to = tablesOf(data, 2)
			const full = 65535.0 / 65280 // as Lab was written before version 4
			scale = func(v []float64) (l, a, b float64) {
				return v[0] * 100 * full, v[1]*65535/256 - 128, v[2]*65535/256 - 128
			}
		case "mAB ":
			to = curvesOf(data)
			scale = func(v []float64) (l, a, b float64) { return v[0] * 100, v[1]*255 - 128, v[2]*255 - 128 }
		}
		if to != nil {
			return newLUT(channels, func(device []float64) (r, g, b float64) { return labToSRGB(scale(to(device))) })
		}
	}
	return nil
}

// labToSRGB changes a colour of CIE L*a*b* on the white D50.
func labToSRGB(l, a, b float64) (red, green, blue float64) {
	inverse := func(t float64) float64 {
		if t > 6.0/29 {
			return t * t * t
		}
		return (t - 4.0/29) * 108 / 841
	}
	y := (l + 16) / 116
	xyz := [3]float64{0.9642 * inverse(y+a/500), inverse(y), 0.8249 * inverse(y-b/200)}
	var rgb [3]float64
	for i, row := range fromXYZ() {
		rgb[i] = toSRGB(min(max(row[0]*xyz[0]+row[1]*xyz[1]+row[2]*xyz[2], 0), 1))
	}
	return rgb[0], rgb[1], rgb[2]
}

// tablesOf reads lut8Type and lut16Type, of numbers of so many bytes: a table for each channel, a grid, and a table for each
// result.
func tablesOf(data []byte, size int) func(device []float64) []float64 {
	inputs, outputs, points := int(data[8]), int(data[9]), int(data[10])
	entriesIn, entriesOut, at := 256, 256, 48
	if size == 2 {
		if len(data) < 52 {
			return nil
		}
		entriesIn, entriesOut, at = int(binary.BigEndian.Uint16(data[48:])), int(binary.BigEndian.Uint16(data[50:])), 52
	}
	grid, ok := gridSize(inputs, outputs, func(int) int { return points })
	if !ok || entriesIn < 2 || entriesOut < 2 || len(data) < at+size*(inputs*entriesIn+grid+outputs*entriesOut) {
		return nil
	}
	number := numbers(data[at:], size)
	table := func(from, entries int, x float64) float64 {
		place := min(max(x, 0), 1) * float64(entries-1)
		i := min(int(place), entries-2)
		low, high := number(from+i), number(from+i+1)
		return low + (high-low)*(place-float64(i))
	}
	return func(device []float64) []float64 {
		in := make([]float64, inputs)
		for c := range in {
			in[c] = table(c*entriesIn, entriesIn, device[c])
		}
		out := between(in, outputs, func(int) int { return points }, func(i int) float64 { return number(inputs*entriesIn + i) })
		for c := range out {
			out[c] = table(inputs*entriesIn+grid+c*entriesOut, entriesOut, out[c])
		}
		return out
	}
}

// curvesOf reads lutAToBType without a matrix: a curve for each channel, a grid, and a curve for each result.
func curvesOf(data []byte) func(device []float64) []float64 {
	inputs, outputs := int(data[8]), int(data[9])
	offset := func(i int) int { return int(binary.BigEndian.Uint32(data[12+4*i:])) }
	atB, atMatrix, atM, atGrid, atA := offset(0), offset(1), offset(2), offset(3), offset(4)
	if atMatrix != 0 || atM != 0 || atGrid < 32 || atGrid+20 > len(data) {
		return nil
	}
	before, after := curvesAt(data, atA, inputs), curvesAt(data, atB, outputs)
	size := int(data[atGrid+16])
	points := func(c int) int { return int(data[atGrid+c]) }
	grid, ok := gridSize(inputs, outputs, points)
	if before == nil || after == nil || !ok || size != 1 && size != 2 || len(data) < atGrid+20+size*grid {
		return nil
	}
	number := numbers(data[atGrid+20:], size)
	return func(device []float64) []float64 {
		in := make([]float64, inputs)
		for c := range in {
			in[c] = before[c](device[c])
		}
		out := between(in, outputs, points, number)
		for c := range out {
			out[c] = after[c](out[c])
		}
		return out
	}
}

// curvesAt reads curves that follow each other.
func curvesAt(data []byte, at, count int) []func(float64) float64 {
	var out []func(float64) float64
	for range count {
		if at < 32 || at+12 > len(data) {
			return nil
		}
		curve := readCurve(data[at:])
		if curve == nil {
			return nil
		}
		out = append(out, curve)
		length := 12 + 2*int(binary.BigEndian.Uint32(data[at+8:]))
		if string(data[at:at+4]) == "para" {
			length = 12 + 4*parameters(int(binary.BigEndian.Uint16(data[at+8:])))
		}
		if at += (length + 3) &^ 3; length < 12 {
			return nil
		}
	}
	return out
}

// gridSize is how many numbers a grid has; false for what no profile needs.
func gridSize(inputs, outputs int, points func(c int) int) (int, bool) {
	size := outputs
	for c := range inputs {
		if points(c) < 2 {
			return 0, false
		}
		if size *= points(c); size > maxProfile {
			return 0, false
		}
	}
	return size, true
}

// numbers reads unsigned numbers of one or two bytes, as fractions of the largest.
func numbers(data []byte, size int) func(i int) float64 {
	if size == 1 {
		return func(i int) float64 { return float64(data[i]) / 255 }
	}
	return func(i int) float64 { return float64(binary.BigEndian.Uint16(data[2*i:])) / 65535 }
}

// between takes the mean of the points of a grid around a place, each by how near it is.
func between(place []float64, outputs int, points func(c int) int, number func(i int) float64) []float64 {
	n := len(place)
	low, part, stride := make([]int, n), make([]float64, n), make([]int, n)
	step := outputs
	for c := n - 1; c >= 0; c-- {
		at := min(max(place[c], 0), 1) * float64(points(c)-1)
		low[c] = min(int(at), points(c)-2)
		part[c], stride[c] = at-float64(low[c]), step
		step *= points(c)
	}
	out := make([]float64, outputs)
	for corner := range 1 << n {
		weight, at := 1.0, 0
		for c := range n {
			i := low[c]
			if corner>>c&1 == 1 {
				i, weight = i+1, weight*part[c]
			} else {
				weight *= 1 - part[c]
			}
			at += i * stride[c]
		}
		if weight == 0 {
			continue
		}
		for c := range out {
			out[c] += weight * number(at+c)
		}
	}
	return out
}

// inks is a picture of printing colours that is seen as a profile says.
type inks struct {
	*image.CMYK

	to *lut
}

// ColorModel is that of what is seen.
func (m inks) ColorModel() color.Model { return color.RGBAModel }

// At is the colour that is seen.
func (m inks) At(x, y int) color.Color {
	i := m.PixOffset(x, y)
	r, g, b := m.to.at(m.Pix[i : i+4])
	return color.RGBA{r, g, b, 255}
}
