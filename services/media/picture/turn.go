package picture

import "image"

// turn moves samples of n bytes so that they stand as EXIF's orientation says, and returns the new width and height.
func turn(pixels []byte, n, w, h, stride, orientation int) (out []byte, toW, toH int) {
	toW, toH = w, h
	if orientation >= 5 {
		toW, toH = h, w
	}
	out = make([]byte, toW*toH*n)
	for y := range toH {
		for x := range toW {
			fromX, fromY := origin(x, y, w, h, orientation)
			copy(out[(y*toW+x)*n:][:n], pixels[fromY*stride+fromX*n:])
		}
	}
	return out, toW, toH
}

// origin is where the sample comes from that stands at x, y in the end. w and h are those before.
func origin(x, y, w, h, orientation int) (fromX, fromY int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}

func turnRGBA(m *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return m
	}
	pixels, w, h := turn(m.Pix, 4, m.Rect.Dx(), m.Rect.Dy(), m.Stride, orientation)
	return &image.RGBA{Pix: pixels, Stride: w * 4, Rect: image.Rect(0, 0, w, h)}
}

// turnYCbCr keeps colours as coarse as they were, in the direction they are coarse in now.
func turnYCbCr(m *image.YCbCr, orientation int) *image.YCbCr {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	cw, ch := chromaSize(m)
	ratio := m.SubsampleRatio
	if orientation >= 5 {
		switch ratio {
		case image.YCbCrSubsampleRatio422:
			ratio = image.YCbCrSubsampleRatio440
		case image.YCbCrSubsampleRatio440:
			ratio = image.YCbCrSubsampleRatio422
		case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
			return nil // has no name when it lies on its side
		}
	}
	out := &image.YCbCr{SubsampleRatio: ratio}
	var toW, toH int
	out.Y, toW, toH = turn(m.Y, 1, w, h, m.YStride, orientation)
	out.YStride, out.Rect = toW, image.Rect(0, 0, toW, toH)
	out.Cb, out.CStride, _ = turn(m.Cb, 1, cw, ch, m.CStride, orientation)
	out.Cr, _, _ = turn(m.Cr, 1, cw, ch, m.CStride, orientation)
	return out
}
