package picture

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

// avifOf has no pixels, but everything that says how large it is. More properties may be given.
func avifOf(w, h uint32, more ...[]byte) []byte {
	size := func(w, h uint32) []byte {
		return boxOf("ispe", make([]byte, 4), binary.BigEndian.AppendUint32(nil, w), binary.BigEndian.AppendUint32(nil, h))
	}
	uses := []byte{0, 0, 0, 0, 0, 0, 0, 1, 0, 1, byte(1 + len(more)), 2}
	for i := range more {
		uses = append(uses, byte(4+i))
	}
	return bytes.Join([][]byte{
		boxOf("ftyp", []byte("avif\x00\x00\x00\x00avifmif1")),
		boxOf("meta", make([]byte, 4), boxOf("hdlr", make([]byte, 20)), boxOf("pitm", []byte{0, 0, 0, 0, 0, 1}),
			boxOf("iprp", boxOf("ipco", append([][]byte{size(16, 16), size(w, h), size(8, 8)}, more...)...), boxOf("ipma", uses))),
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
			got, err := Probe(bytes.NewReader(c.data), int64(len(c.data)))
			if err != nil || got.Width != c.w || got.Height != c.h || got.ContentType != c.contentType {
				t.Errorf("measured %+v, %v", got, err)
			}
			// Wherever it breaks off, it is noticed.
			for cut := sniffLen; cut < len(c.data); cut += max(1, len(c.data)/300) {
				if _, err := Probe(bytes.NewReader(c.data[:cut]), int64(cut)); err == nil {
					t.Fatalf("%d of %d bytes pass for a picture", cut, len(c.data))
				}
			}
			if _, err := Probe(bytes.NewReader(c.data[:len(c.data)-1]), int64(len(c.data)-1)); err == nil {
				t.Error("without its last byte it passes for a picture")
			}
		})
	}
}

func TestDamagedAndForeignFilesAreRefused(t *testing.T) {
	t.Parallel()
	flipped := pngOf(t, 50, 50, 1)
	flipped[len(flipped)/2] ^= 1
	if _, err := Probe(bytes.NewReader(flipped), int64(len(flipped))); err == nil {
		t.Error("a PNG with a changed bit passes")
	}
	for _, text := range []string{"", "\xff\xd8", "<svg xmlns='http://www.w3.org/2000/svg'/>", "<?xml version='1.0'?><svg/>", "<html>", "%PDF-1.7", "MZ",
		"RIFF\x00\x00\x00\x00AVI LIST", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "\x00\x00\x00\x00ftyp", strings.Repeat("\x00", 64), "GIF88a"} {
		if Known([]byte(text)) {
			t.Errorf("%q is taken for a picture", text)
		}
	}
}

// It must come to an end without a crash, never call something a picture that has no size, and never make a file of a
// picture that is none any more.
func FuzzClean(f *testing.F) {
	for _, seed := range [][]byte{jpegOf(f, 9, 9), pngOf(f, 9, 9, 1), gifOf(f, 9, 9), webpOf(f), avifOf(9, 9), fixture(f, "exif.avif"), fixture(f, "animated.webp"), metaJPEG(f, 6)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before, err := Probe(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		if before.Width < 1 || before.Height < 1 {
			t.Errorf("%+v", before)
		}
		var out bytes.Buffer
		if err := Clean(&out, bytes.NewReader(data), int64(len(data))); err != nil {
			t.Fatal(err)
		}
		after, err := Probe(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil || after.Animated != before.Animated || after.Extension != before.Extension {
			t.Errorf("%+v becomes %+v, %v", before, after, err)
		}
	})
}
