package media

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
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

func gifOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{noise(w, h, 1), noise(w, h, 2)}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// webpOf is a lossy picture of one pixel.
func webpOf(t testing.TB) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// boxOf is one box of an ISO file.
func boxOf(name string, content ...[]byte) []byte {
	body := bytes.Join(content, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8)), name...), body...)
}

func avifOf(w, h uint32) []byte {
	size := func(w, h uint32) []byte {
		return boxOf("ispe", make([]byte, 4), binary.BigEndian.AppendUint32(nil, w), binary.BigEndian.AppendUint32(nil, h))
	}
	return bytes.Join([][]byte{
		boxOf("ftyp", []byte("avif\x00\x00\x00\x00avifmif1")),
		boxOf("meta", make([]byte, 4), boxOf("hdlr", make([]byte, 20)), boxOf("iprp", boxOf("ipco", size(16, 16), size(w, h), size(8, 8)))),
		boxOf("mdat", bytes.Repeat([]byte{7}, 500)),
	}, nil)
}

func TestPicturesAreMeasured(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		contentType string
		w, h        int
		data        []byte
	}{
		{"image/jpeg", 31, 17, jpegOf(t, 31, 17)},
		{"image/png", 40, 9, pngOf(t, 40, 9, 1)},
		{"image/gif", 25, 26, gifOf(t, 25, 26)},
		{"image/webp", 1, 1, webpOf(t)},
		{"image/avif", 640, 480, avifOf(640, 480)},
	} {
		t.Run(c.contentType, func(t *testing.T) {
			t.Parallel()
			f, ok := sniff(c.data[:min(len(c.data), sniffLen)])
			if !ok || f.contentType != c.contentType {
				t.Fatalf("taken for %q", f.contentType)
			}
			got, err := probe(f, bytes.NewReader(c.data), int64(len(c.data)))
			if err != nil || got.Width != c.w || got.Height != c.h {
				t.Errorf("measured %dx%d, %v", got.Width, got.Height, err)
			}
			// Wherever it breaks off, it is noticed. JPEG files end with a marker and then need nothing more.
			for cut := sniffLen; cut < len(c.data); cut += max(1, len(c.data)/300) {
				if _, err := probe(f, bytes.NewReader(c.data[:cut]), int64(cut)); err == nil {
					t.Fatalf("%d of %d bytes pass for a picture", cut, len(c.data))
				}
			}
			if _, err := probe(f, bytes.NewReader(c.data[:len(c.data)-1]), int64(len(c.data)-1)); err == nil {
				t.Error("without its last byte it passes for a picture")
			}
		})
	}
}

func TestDamagedAndForeignFilesAreRefused(t *testing.T) {
	t.Parallel()
	flipped := pngOf(t, 50, 50, 1)
	flipped[len(flipped)/2] ^= 1
	if _, err := measurePNG(bytes.NewReader(flipped), int64(len(flipped))); err == nil {
		t.Error("a PNG with a changed bit passes")
	}
	for _, text := range []string{"", "\xff\xd8", "<svg xmlns='http://www.w3.org/2000/svg'/>", "<?xml version='1.0'?><svg/>", "<html>", "%PDF-1.7", "MZ",
		"RIFF\x00\x00\x00\x00AVI LIST", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "\x00\x00\x00\x00ftyp", strings.Repeat("\x00", 64), "GIF88a"} {
		if f, ok := sniff([]byte(text)); ok {
			t.Errorf("%q is taken for %s", text, f.contentType)
		}
	}
	// Pixels are counted before anything is decoded.
	bomb := avifOf(20_000, 20_000)
	f, _ := sniff(bomb)
	if _, err := probe(f, bytes.NewReader(bomb), int64(len(bomb))); !ErrTooManyPixels.Is(asFault(err)) {
		t.Errorf("400 megapixels: %v", err)
	}
}

func FuzzProbe(f *testing.F) {
	for _, seed := range [][]byte{jpegOf(f, 9, 9), pngOf(f, 9, 9, 1), gifOf(f, 9, 9), webpOf(f), avifOf(9, 9)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		kind, ok := sniff(data)
		if !ok {
			return
		}
		// It must come to an end without a crash, and never call something a picture that has no size.
		if cfg, err := probe(kind, bytes.NewReader(data), int64(len(data))); err == nil && (cfg.Width < 1 || cfg.Height < 1) {
			t.Errorf("%dx%d", cfg.Width, cfg.Height)
		}
	})
}

func TestNamesAndTexts(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"shirt.jpg": "shirt.jpg", "../../etc/passwd": "passwd", `C:\pictures\é.png`: "é.png", "a\x00b\n.png": "ab.png", "": "x", "..": "x", "/": "x", "\xff": "x",
		strings.Repeat("é", 200): strings.Repeat("é", 127),
	} {
		if got := cleanFilename(name, "x"); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
	if _, err := cleanAlt(strings.Repeat("é", 1000)); err != nil {
		t.Error(err)
	}
	if _, err := cleanAlt(strings.Repeat("é", 1001)); !ErrAltTooLong.Is(asFault(err)) {
		t.Error(err)
	}
}
