package picture

import (
	"image"
	"image/color"
	"math"
	"runtime"
	"sync"
)

// rows gives a row of samples, into the buffer or from where they are. It is called by several goroutines at once.
type rows func(y int, buffer []byte) []byte

// scale makes a picture of w × h samples of another size, with a filter after Catmull and Rom that is widened when the
// picture shrinks. Only a window of rows is in memory at a time.
func scale(src rows, channels, w, h, toW, toH int) []byte {
	out := make([]byte, toW*toH*channels)
	across, down := filter(w, toW, fineOne), filter(h, toH, coarseOne)
	bands := min(runtime.GOMAXPROCS(0), max(1, toH/64))
	var wg sync.WaitGroup
	for band := range bands {
		wg.Go(func() {
			scaleRows(src, channels, w, across, down[band*toH/bands:(band+1)*toH/bands], out[band*toH/bands*toW*channels:])
		})
	}
	wg.Wait()
	return out
}

// reach is which samples one sample is made of, and with which weight.
type reach struct {
	from    int
	weights []int32
}

// What the weights of one sample add up to: across, and down, where samples are in 1/16 and must still fit.
const (
	fineOne   = 1 << 16
	coarseOne = 1 << 12
)

// filter lists the weights of n samples for each of m.
func filter(n, m int, one int32) []reach {
	out := make([]reach, m)
	ratio := float64(n) / float64(m)
	width := max(ratio, 1)
	for i := range out {
		middle := (float64(i)+0.5)*ratio - 0.5
		from, to := int(math.Ceil(middle-2*width)), int(math.Floor(middle+2*width))
		from, to = max(from, 0), min(to, n-1)
		weights := make([]float64, to-from+1)
		sum := 0.0
		for j := range weights {
			weights[j] = catmullRom(math.Abs(float64(from+j)-middle) / width)
			sum += weights[j]
		}
		fixed := make([]int32, len(weights))
		rest, largest := one, 0
		for j, w := range weights {
			fixed[j] = int32(math.Round(w / sum * float64(one)))
			rest -= fixed[j]
			if fixed[j] > fixed[largest] {
				largest = j
			}
		}
		fixed[largest] += rest // so that white stays white
		out[i] = reach{from, fixed}
	}
	return out
}

func catmullRom(x float64) float64 {
	switch {
	case x < 1:
		return (1.5*x-2.5)*x*x + 1
	case x < 2:
		return ((-0.5*x+2.5)*x-4)*x + 2
	}
	return 0
}

// scaleRows makes consecutive rows of the result.
func scaleRows(src rows, channels, w int, across, down []reach, out []byte) {
	length := len(across) * channels
	buffer := make([]byte, w*channels)
	window := map[int][]int32{} // rows that are scaled across already, in 1/16 of a sample
	var spare [][]int32
	sums := make([]int32, length)
	for _, d := range down {
		for y, row := range window {
			if y < d.from {
				spare = append(spare, row)
				delete(window, y)
			}
		}
		clear(sums)
		for j, weight := range d.weights {
			row := window[d.from+j]
			if row == nil {
				if n := len(spare); n > 0 {
					row, spare = spare[n-1], spare[:n-1]
				} else {
					row = make([]int32, length)
				}
				scaleAcross(src(d.from+j, buffer), channels, across, row)
				window[d.from+j] = row
			}
			row = row[:len(sums)]
			for i := range sums {
				sums[i] += row[i] * weight
			}
		}
		for i, s := range sums {
			out[i] = clamp((s + 1<<15) >> 16)
		}
		out = out[length:]
	}
}

func scaleAcross(row []byte, channels int, across []reach, out []int32) {
	if channels == 1 {
		for x, a := range across {
			var sum int32
			samples := row[a.from : a.from+len(a.weights)]
			for j, weight := range a.weights {
				sum += int32(samples[j]) * weight
			}
			out[x] = (sum + 1<<11) >> 12
		}
		return
	}
	for x, a := range across {
		var s0, s1, s2, s3 int32
		samples := row[a.from*4:]
		for j, weight := range a.weights {
			p := samples[j*4 : j*4+4 : j*4+4]
			s0 += int32(p[0]) * weight
			s1 += int32(p[1]) * weight
			s2 += int32(p[2]) * weight
			s3 += int32(p[3]) * weight
		}
		to := out[x*4 : x*4+4 : x*4+4]
		to[0], to[1], to[2], to[3] = (s0+1<<11)>>12, (s1+1<<11)>>12, (s2+1<<11)>>12, (s3+1<<11)>>12
	}
}

func clamp(v int32) byte { return byte(min(max(v, 0), 255)) }

// shrink makes a picture smaller, or leaves its size, and changes it to RGBA with premultiplied alpha.
func shrink(m image.Image, toW, toH int) *image.RGBA {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	out := &image.RGBA{Stride: toW * 4, Rect: image.Rect(0, 0, toW, toH)}
	if ycc, ok := m.(*image.YCbCr); ok {
		chroma := ycc.CStride
		cw, ch := chromaSize(ycc)
		y := scale(plane(ycc.Y, ycc.YStride), 1, w, h, toW, toH)
		cb := scale(plane(ycc.Cb, chroma), 1, cw, ch, toW, toH)
		cr := scale(plane(ycc.Cr, chroma), 1, cw, ch, toW, toH)
		out.Pix = make([]byte, toW*toH*4)
		for i := range y {
			p := out.Pix[i*4 : i*4+4 : i*4+4]
			p[0], p[1], p[2] = color.YCbCrToRGB(y[i], cb[i], cr[i])
			p[3] = 255
		}
		return out
	}
	out.Pix = scale(rowsOf(m), 4, w, h, toW, toH)
	for i := 0; i < len(out.Pix); i += 4 { // overshoot must not shine more than alpha lets it
		p := out.Pix[i : i+4 : i+4]
		p[0], p[1], p[2] = min(p[0], p[3]), min(p[1], p[3]), min(p[2], p[3])
	}
	return out
}

func chromaSize(m *image.YCbCr) (w, h int) {
	w, h = m.Rect.Dx(), m.Rect.Dy()
	switch m.SubsampleRatio {
	case image.YCbCrSubsampleRatio422:
		return (w + 1) / 2, h
	case image.YCbCrSubsampleRatio420:
		return (w + 1) / 2, (h + 1) / 2
	case image.YCbCrSubsampleRatio440:
		return w, (h + 1) / 2
	case image.YCbCrSubsampleRatio411:
		return (w + 3) / 4, h
	case image.YCbCrSubsampleRatio410:
		return (w + 3) / 4, (h + 1) / 2
	}
	return w, h
}

func plane(pixels []byte, stride int) rows {
	return func(y int, _ []byte) []byte { return pixels[y*stride:] }
}

// rowsOf gives the rows of any picture as RGBA with premultiplied alpha.
func rowsOf(m image.Image) rows {
	w := m.Bounds().Dx()
	switch m := m.(type) {
	case *image.RGBA:
		return func(y int, _ []byte) []byte { return m.Pix[y*m.Stride:] }
	case *image.NRGBA:
		return func(y int, row []byte) []byte {
			copy(row, m.Pix[y*m.Stride:y*m.Stride+w*4])
			for i := 0; i < len(row); i += 4 {
				if a := uint32(row[i+3]); a != 255 {
					for j := range 3 {
						row[i+j] = byte((uint32(row[i+j])*a + 127) / 255)
					}
				}
			}
			return row
		}
	case *image.Gray:
		return func(y int, row []byte) []byte {
			for x, v := range m.Pix[y*m.Stride : y*m.Stride+w] {
				row[x*4], row[x*4+1], row[x*4+2], row[x*4+3] = v, v, v, 255
			}
			return row
		}
	case *image.Paletted:
		var palette [256][4]byte
		for i, c := range m.Palette {
			r, g, b, a := c.RGBA()
			palette[i] = [4]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8), byte(a >> 8)}
		}
		return func(y int, row []byte) []byte {
			for x, v := range m.Pix[y*m.Stride : y*m.Stride+w] {
				copy(row[x*4:], palette[v][:])
			}
			return row
		}
	case inks:
		return func(y int, row []byte) []byte {
			for x := range w {
				c := m.Pix[y*m.Stride+x*4:]
				row[x*4], row[x*4+1], row[x*4+2] = m.to.at(c[:4])
				row[x*4+3] = 255
			}
			return row
		}
	case *image.CMYK:
		return func(y int, row []byte) []byte {
			for x := range w {
				c := m.Pix[y*m.Stride+x*4:]
				r, g, b := color.CMYKToRGB(c[0], c[1], c[2], c[3])
				row[x*4], row[x*4+1], row[x*4+2], row[x*4+3] = r, g, b, 255
			}
			return row
		}
	case image.RGBA64Image:
		return func(y int, row []byte) []byte {
			for x := range w {
				c := m.RGBA64At(x, y)
				row[x*4], row[x*4+1], row[x*4+2], row[x*4+3] = byte(c.R>>8), byte(c.G>>8), byte(c.B>>8), byte(c.A>>8)
			}
			return row
		}
	}
	return func(y int, row []byte) []byte {
		for x := range w {
			r, g, b, a := m.At(x, y).RGBA()
			row[x*4], row[x*4+1], row[x*4+2], row[x*4+3] = byte(r>>8), byte(g>>8), byte(b>>8), byte(a>>8)
		}
		return row
	}
}
