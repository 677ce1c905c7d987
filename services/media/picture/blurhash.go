package picture

import (
	"image"
	"math"
)

// Blurhash (https://blurha.sh) is a picture of a few waves in some 30 characters, to be shown until the picture itself is
// there.

const (
	blurX, blurY = 4, 3 // waves in each direction
	blurGrid     = 64   // points looked at in each direction
	blurDigits   = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
)

// blurhash describes a picture, held upright, with what shines through on white.
func blurhash(m image.Image, orientation int) string {
	var grid [blurGrid * blurGrid][3]float64
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	toW, toH := w, h
	if orientation >= 5 {
		toW, toH = h, w
	}
	for y := range blurGrid {
		for x := range blurGrid {
			fromX, fromY := origin((2*x+1)*toW/(2*blurGrid), (2*y+1)*toH/(2*blurGrid), w, h, orientation)
			r, g, b, a := m.At(fromX, fromY).RGBA()
			for i, v := range [3]uint32{r, g, b} {
				grid[y*blurGrid+x][i] = fromSRGB(float64(v+0xffff-a) / 0xffff)
			}
		}
	}
	var waves [blurX * blurY][3]float64
	largest := 0.0
	for n := range waves {
		i, j := n%blurX, n/blurX
		for at, c := range grid {
			x, y := float64(at%blurGrid)+0.5, float64(at/blurGrid)+0.5
			basis := math.Cos(math.Pi*float64(i)*x/blurGrid) * math.Cos(math.Pi*float64(j)*y/blurGrid) / (blurGrid * blurGrid)
			if n > 0 {
				basis *= 2
			}
			for k := range 3 {
				waves[n][k] += c[k] * basis
			}
		}
		if n > 0 {
			largest = max(largest, math.Abs(waves[n][0]), math.Abs(waves[n][1]), math.Abs(waves[n][2]))
		}
	}
	quantised := min(max(int(largest*166-0.5), 0), 82)
	step := float64(quantised+1) / 166
	out := digits(nil, blurX-1+(blurY-1)*9, 1)
	out = digits(out, quantised, 1)
	average := 0
	for k := range 3 {
		average = average<<8 | int(math.Round(255*toSRGB(min(max(waves[0][k], 0), 1))))
	}
	out = digits(out, average, 4)
	for _, wave := range waves[1:] {
		value := 0
		for k := range 3 {
			v := wave[k] / step
			value = value*19 + min(max(int(math.Floor(math.Copysign(math.Sqrt(math.Abs(v)), v)*9+9.5)), 0), 18)
		}
		out = digits(out, value, 2)
	}
	return string(out)
}

func digits(out []byte, value, n int) []byte {
	for i := n - 1; i >= 0; i-- {
		digit := value
		for range i {
			digit /= 83
		}
		out = append(out, blurDigits[digit%83])
	}
	return out
}

func fromSRGB(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}
