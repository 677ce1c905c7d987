package media

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// noise is a picture that compresses badly, so that cutting it cuts pixels.
func noise(w, h int, seed uint32) *image.Paletted {
	palette := color.Palette{}
	for i := range 256 {
		palette = append(palette, color.RGBA{uint8(i), uint8(255 - i), uint8(i * 7), 255})
	}
	p := image.NewPaletted(image.Rect(0, 0, w, h), palette)
	for i := range p.Pix {
		seed = seed*1664525 + 1013904223
		p.Pix[i] = uint8(seed >> 24)
	}
	return p
}

func pngOf(t testing.TB, w, h int, seed uint32) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, noise(w, h, seed)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, noise(w, h, 1), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// difficult is a picture of other programs that the package picture is tested with.
func difficult(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("picture", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
