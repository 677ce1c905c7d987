package picture

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gen2brain/webp"

	"github.com/sovecom/sovecom/kit/rendition"
)

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// quarters is red and green above blue and white.
func quarters(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, quarter(x >= w/2, y >= h/2))
		}
	}
	return m
}

func quarter(right, low bool) color.Color {
	switch {
	case right && low:
		return color.White
	case right:
		return color.RGBA{0, 255, 0, 255}
	case low:
		return color.RGBA{0, 0, 255, 255}
	}
	return color.RGBA{255, 0, 0, 255}
}

func near(a, b color.Color, most int) bool {
	r1, g1, b1, a1 := a.RGBA()
	r2, g2, b2, a2 := b.RGBA()
	for _, p := range [][2]uint32{{r1, r2}, {g1, g2}, {b1, b2}, {a1, a2}} {
		if d := int(p[0]>>8) - int(p[1]>>8); d > most || d < -most {
			return false
		}
	}
	return true
}

// wantQuarters fails unless the middles of the quarters have their colours.
func wantQuarters(t *testing.T, m image.Image, most int) {
	t.Helper()
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	for _, q := range [][2]int{{1, 1}, {3, 1}, {1, 3}, {3, 3}} {
		if got, want := m.At(q[0]*w/4, q[1]*h/4), quarter(q[0] > 1, q[1] > 1); !near(got, want, most) {
			t.Errorf("at %d/4, %d/4 it is %v, not %v", q[0], q[1], got, want)
		}
	}
}

// tiff is EXIF data that says how a picture is held, where it was taken and by whom.
func tiff(orientation int) []byte {
	b := []byte("II*\x00\x08\x00\x00\x00\x02\x00")
	entry := func(tag, kind uint16, count, value uint32) {
		b = binary.LittleEndian.AppendUint16(b, tag)
		b = binary.LittleEndian.AppendUint16(b, kind)
		b = binary.LittleEndian.AppendUint32(b, count)
		b = binary.LittleEndian.AppendUint32(b, value)
	}
	entry(0x010f, 2, 12, 38)
	entry(0x0112, 3, 1, uint32(orientation))
	return append(append(b, 0, 0, 0, 0), "SECRET-MAKER"...)
}

// lying is how quarters are stored so that they stand upright with an orientation.
func lying(w, h, orientation int) *image.RGBA {
	inverse := [9]int{0, 1, 2, 3, 4, 5, 8, 7, 6}[orientation]
	return turnRGBA(quarters(w, h), inverse)
}

// metaJPEG is a JPEG with everything that must not be shown.
func metaJPEG(t testing.TB, orientation int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, lying(64, 48, orientation), &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	segment := func(marker byte, content string) []byte {
		return append([]byte{0xff, marker, byte((len(content) + 2) >> 8), byte(len(content) + 2)}, content...)
	}
	out := append([]byte{}, b.Bytes()[:2]...)
	out = append(out, segment(0xe0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01SECRET-THUMB")...)
	out = append(out, segment(0xe1, "Exif\x00\x00"+string(tiff(orientation)))...)
	out = append(out, segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>SECRET-XMP</x:xmpmeta>")...)
	out = append(out, segment(0xed, "Photoshop 3.0\x008BIM\x04\x04SECRET-IPTC")...)
	out = append(out, segment(0xe2, "MPF\x00SECRET-MPF")...)
	out = append(out, segment(0xfe, "SECRET-COMMENT")...)
	out = append(out, b.Bytes()[2:]...)
	return append(out, "SECRET-TAIL<script>alert(1)</script>"...)
}

func metaPNG(t testing.TB, orientation int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, lying(64, 48, orientation)); err != nil {
		t.Fatal(err)
	}
	chunk := func(name, content string) []byte {
		out := append(binary.BigEndian.AppendUint32(nil, uint32(len(content))), name+content...)
		return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
	}
	out := append([]byte{}, b.Bytes()[:33]...)
	out = append(out, chunk("eXIf", string(tiff(orientation)))...)
	out = append(out, chunk("tEXt", "Author\x00SECRET-AUTHOR")...)
	out = append(out, chunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00SECRET-XMP")...)
	out = append(out, chunk("tIME", "\x07\xea\x01\x01\x01\x01\x01")...)
	out = append(out, b.Bytes()[33:]...)
	return append(out, "SECRET-TAIL"...)
}

func metaWebP(t testing.TB, orientation int) []byte {
	t.Helper()
	var b bytes.Buffer
	m := lying(64, 48, orientation)
	if err := webp.Encode(&b, unmultiplied(m, true), webp.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	chunk := func(name string, content []byte) []byte {
		out := append([]byte(name), binary.LittleEndian.AppendUint32(nil, uint32(len(content)))...)
		if out = append(out, content...); len(content)%2 == 1 {
			out = append(out, 0)
		}
		return out
	}
	w, h := m.Rect.Dx()-1, m.Rect.Dy()-1
	body := chunk("VP8X", []byte{0x0c, 0, 0, 0, byte(w), 0, 0, byte(h), 0, 0})
	body = append(body, b.Bytes()[12:]...)
	body = append(body, chunk("EXIF", tiff(orientation))...)
	body = append(body, chunk("XMP ", []byte("SECRET-XMP"))...)
	var out bytes.Buffer
	if err := writeRIFF(&out, body); err != nil {
		t.Fatal(err)
	}
	return append(out.Bytes(), "SECRET-TAIL"...)
}

// work asks a process for one thing, as its parent would.
func work(t testing.TB, r Request) []Answer {
	t.Helper()
	request, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Work(bytes.NewReader(request), &out); err != nil {
		t.Fatal(err)
	}
	var answers []Answer
	for d := json.NewDecoder(&out); d.More(); {
		var a Answer
		if err := d.Decode(&a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	return answers
}

// taken inspects a picture and returns the clean copy and its facts.
func taken(t testing.TB, data []byte) ([]byte, Facts, string) {
	t.Helper()
	source, clean := filepath.Join(t.TempDir(), "source"), filepath.Join(t.TempDir(), "clean")
	if err := os.WriteFile(source, data, 0o600); err != nil {
		t.Fatal(err)
	}
	answers := work(t, Request{Source: source, Clean: clean})
	if len(answers) != 1 || answers[0].Err() != nil || answers[0].Facts == nil {
		t.Fatalf("answered %+v", answers)
	}
	out, err := os.ReadFile(clean)
	if err != nil {
		t.Fatal(err)
	}
	return out, *answers[0].Facts, answers[0].Blurhash
}

func decodeAll(t testing.TB, data []byte) decoded {
	t.Helper()
	d, err := decode(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// However a picture is held, it comes out upright, and nothing but the picture comes out.
func TestPicturesAreTurnedAndCleaned(t *testing.T) {
	t.Parallel()
	for orientation := 1; orientation <= 8; orientation++ {
		for kind, data := range map[string][]byte{"jpg": metaJPEG(t, orientation), "png": metaPNG(t, orientation), "webp": metaWebP(t, orientation)} {
			t.Run(fmt.Sprint(kind, orientation), func(t *testing.T) {
				t.Parallel()
				before, err := Probe(bytes.NewReader(data), int64(len(data)))
				if err != nil || before.Width != 64 || before.Height != 48 || before.Orientation != orientation {
					t.Errorf("probed as %+v, %v", before, err)
				}
				out, facts, hash := taken(t, data)
				if bytes.Contains(out, []byte("SECRET")) || bytes.Contains(out, []byte("Exif")) || bytes.Contains(out, []byte("script")) {
					t.Errorf("it still says %q", out)
				}
				if facts.Width != 64 || facts.Height != 48 || facts.Orientation != 1 || facts.Extension != kind || len(hash) != 28 {
					t.Errorf("comes out as %+v, %q", facts, hash)
				}
				d := decodeAll(t, out)
				if d.Bounds().Dx() != 64 || d.Bounds().Dy() != 48 {
					t.Errorf("comes out as %v", d.Bounds())
				}
				wantQuarters(t, d, 40)
				again, _, _ := taken(t, out)
				if !bytes.Equal(again, out) {
					t.Error("what is clean is changed once more")
				}
			})
		}
	}
}

// Pictures of other programs.
func TestFilesOfOthers(t *testing.T) {
	t.Parallel()
	for name, animated := range map[string]bool{
		"exif.avif": false, "exif.webp": false, "exif.png": false, "exif6.jpg": false, "cmyk.jpg": false, "p3.jpg": false, "deep.png": false,
		"progressive.jpg": false, "animated.webp": true, "animated.gif": true,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, facts, _ := taken(t, fixture(t, name))
			if bytes.Contains(out, []byte("SECRET")) || bytes.Contains(out, []byte("xmpmeta")) || bytes.Contains(out, []byte("Exif\x00")) {
				t.Errorf("it still says %q", out)
			}
			w, h := 64, 48
			if name == "exif6.jpg" { // stored as the others are, and said to lie on its side
				w, h = 48, 64
			}
			if facts.Width != w || facts.Height != h || facts.Animated != animated {
				t.Errorf("comes out as %+v", facts)
			}
			d := decodeAll(t, out)
			if d.Bounds().Dx() != w || d.Bounds().Dy() != h {
				t.Errorf("comes out as %v", d.Bounds())
			}
			if m := turnRGBA(shrink(d.Image, w, h), 1); w == 64 {
				if c := readProfile(d.profile); c != nil {
					c.apply(m)
				}
				if name == "cmyk.jpg" { // inks have other colours, but paper is white
					if paper := m.At(56, 40); !near(paper, color.White, 10) {
						t.Errorf("paper is %v", paper)
					}
					return
				}
				wantQuarters(t, m, 40)
			}
		})
	}
}

func TestColoursOfAProfile(t *testing.T) {
	t.Parallel()
	d := decodeAll(t, fixture(t, "p3.jpg"))
	c := readProfile(d.profile)
	if c == nil {
		t.Fatal("the profile is not understood")
	}
	// What is red in sRGB is duller in Display P3's numbers, and must be red again.
	r, g, b, _ := d.At(10, 10).RGBA()
	if r>>8 > 245 {
		t.Errorf("it is stored as red as %d", r>>8)
	}
	if r, g, b := c.change(byte(r>>8), byte(g>>8), byte(b>>8)); r < 250 || g > 24 || b > 24 {
		t.Errorf("red becomes %d %d %d", r, g, b)
	}
	for _, broken := range [][]byte{nil, make([]byte, 200), d.profile[:100], d.profile[:len(d.profile)/2]} {
		if readProfile(broken) != nil {
			t.Errorf("%d bytes pass for a profile", len(broken))
		}
	}
}

func TestRenditions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		alpha  bool
		widths []int
	}{{"exif6.jpg", false, []int{16, 48}}, {"cmyk.jpg", false, []int{64}}, {"alpha.png", true, []int{32, 64}}, {"alpha.avif", true, []int{64}}, {"alpha.webp", true, []int{64}}, {"grey.jpg", false, []int{20}}, {"animated.gif", false, []int{64}}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			source, folder := filepath.Join(t.TempDir(), "source"), t.TempDir()
			clean, facts, _ := taken(t, fixture(t, c.name))
			if err := os.WriteFile(source, clean, 0o600); err != nil {
				t.Fatal(err)
			}
			answers := work(t, Request{Source: source, Folder: folder, Widths: c.widths, Formats: rendition.Formats()})
			if end := answers[len(answers)-1]; end.Err() != nil || !end.Done || len(answers) != 3*len(c.widths)+1 {
				t.Fatalf("answered %+v", answers)
			}
			for _, a := range answers[:len(answers)-1] {
				data, err := os.ReadFile(a.Made.Path)
				if err != nil {
					t.Fatal(err)
				}
				got, err := Probe(bytes.NewReader(data), int64(len(data)))
				if err != nil || got.Extension != rendition.Extension(a.Made.Format) || got.Width != a.Made.Width || got.Height != HeightAt(facts.Width, facts.Height, a.Made.Width) {
					t.Errorf("%+v is %+v, %v", a.Made, got, err)
				}
				if c.alpha { // blue at the left, nothing at the right
					d := decodeAll(t, data)
					left, right := d.At(got.Width/4, got.Height/2), d.At(got.Width*3/4, got.Height/2)
					want := color.Color(color.RGBA{})
					if a.Made.Format == "jpeg" {
						want = color.White
					}
					if _, _, _, alpha := right.RGBA(); !near(left, color.RGBA{0, 0, 255, 255}, 30) || (alpha>>8 > 5 && want != color.White) || (want == color.White && !near(right, want, 10)) {
						t.Errorf("%s: left %v, right %v", a.Made.Format, left, right)
					}
				}
			}
		})
	}
}

// A plain surface stays what it is, to the last row and column, and an edge does not move.
func TestScaling(t *testing.T) {
	t.Parallel()
	for _, size := range [][4]int{{100, 100, 33, 33}, {1000, 10, 7, 1}, {5, 5, 5, 5}, {3, 700, 3, 64}, {1, 1, 1, 1}} {
		m := image.NewNRGBA(image.Rect(0, 0, size[0], size[1]))
		for i := range m.Pix {
			m.Pix[i] = 255
		}
		for i, v := range shrink(m, size[2], size[3]).Pix {
			if v != 255 {
				t.Fatalf("%v: sample %d is %d", size, i, v)
			}
		}
	}
	wantQuarters(t, shrink(quarters(640, 480), 64, 48), 0)
}

func TestPicturesThatAreRefused(t *testing.T) {
	t.Parallel()
	damagedJPEG := jpegOf(t, 200, 200)
	for i := len(damagedJPEG) / 2; i < len(damagedJPEG)-2; i++ {
		damagedJPEG[i] = 0x55
	}
	damagedAVIF := fixture(t, "exif.avif")
	mdat := bytes.Index(damagedAVIF, []byte("mdat"))
	for i := mdat + 4; i < len(damagedAVIF); i++ {
		damagedAVIF[i] = 0xff
	}
	bomb := pngOf(t, 5, 5, 1)
	binary.BigEndian.PutUint32(bomb[16:], 100_000)
	binary.BigEndian.PutUint32(bomb[20:], 100_000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	hollow := pngOf(t, 5, 5, 1) // says 9000 × 9000, and holds nothing like it
	binary.BigEndian.PutUint32(hollow[16:], 9000)
	binary.BigEndian.PutUint32(hollow[20:], 9000)
	binary.BigEndian.PutUint32(hollow[29:], crc32.ChecksumIEEE(hollow[12:29]))
	wideJPEG := jpegOf(t, 5, 5)
	frame := bytes.Index(wideJPEG, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint32(wideJPEG[frame+5:], 0xffffffff) // height and width
	wideGIF := gifOf(t, 5, 5)
	binary.LittleEndian.PutUint32(wideGIF[6:], 0xffffffff)
	wideWebP := metaWebP(t, 1)
	copy(wideWebP[24:], []byte{0xff, 0x3f, 0, 0xff, 0x3f, 0}) // 16384 × 16384
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"JPEG bomb": {wideJPEG, ErrTooManyPixels}, "GIF bomb": {wideGIF, ErrTooManyPixels}, "WebP bomb": {wideWebP, ErrTooManyPixels},
		"damaged JPEG": {damagedJPEG, ErrBroken}, "damaged AVIF": {damagedAVIF, ErrBroken}, "AVIF of nothing": {avifOf(64, 48), ErrBroken},
		"PNG bomb": {bomb, ErrTooManyPixels}, "hollow PNG": {hollow, ErrBroken}, "AVIF bomb": {avifOf(60_000, 60_000), ErrTooManyPixels},
		"SVG": {[]byte("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), ErrUnknown}, "empty": {nil, ErrUnknown},
		"cut WebP": {fixture(t, "animated.webp")[:300], ErrBroken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, clean := filepath.Join(t.TempDir(), "source"), filepath.Join(t.TempDir(), "clean")
			if err := os.WriteFile(source, c.data, 0o600); err != nil {
				t.Fatal(err)
			}
			answers := work(t, Request{Source: source, Clean: clean})
			if err := answers[len(answers)-1].Err(); !errors.Is(err, c.want) {
				t.Errorf("got %v", err)
			}
			if _, err := os.Stat(clean); !errors.Is(err, os.ErrNotExist) {
				t.Error("something was left behind")
			}
		})
	}
}

// How AVIF says that a picture is turned.
func TestAVIFIsTurned(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		boxes [][]byte
		want  int
	}{
		{[][]byte{boxOf("irot", []byte{1})}, 8},
		{[][]byte{boxOf("irot", []byte{2})}, 3},
		{[][]byte{boxOf("irot", []byte{3})}, 6},
		{[][]byte{boxOf("imir", []byte{0})}, 4},
		{[][]byte{boxOf("imir", []byte{1})}, 2},
		{[][]byte{boxOf("irot", []byte{1}), boxOf("imir", []byte{0})}, 5},
		{[][]byte{boxOf("irot", []byte{3}), boxOf("imir", []byte{0})}, 7},
	} {
		data := avifOf(640, 480, c.boxes...)
		got, err := Probe(bytes.NewReader(data), int64(len(data)))
		w, h := 640, 480
		if c.want >= 5 {
			w, h = h, w
		}
		if err != nil || got.Orientation != c.want || got.Width != w || got.Height != h {
			t.Errorf("%q is %+v, %v", c.boxes, got, err)
		}
	}
}

func TestBlurhash(t *testing.T) {
	t.Parallel()
	grey := image.NewGray(image.Rect(0, 0, 10, 10))
	for i := range grey.Pix {
		grey.Pix[i] = 128
	}
	if got := blurhash(grey, 1); !strings.HasPrefix(got, "L0") || len(got) != 28 {
		t.Errorf("grey is %q", got)
	}
	if a, b := blurhash(quarters(40, 30), 1), blurhash(lying(40, 30, 6), 6); a != b {
		t.Errorf("upright %q, turned %q", a, b)
	}
}
