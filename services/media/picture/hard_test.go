package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/gen2brain/webp"
)

// profileOf is an ICC profile with tags.
func profileOf(space, pcs string, tags map[string][]byte) []byte {
	head := make([]byte, 132)
	copy(head[16:], space+pcs)
	binary.BigEndian.PutUint32(head[128:], uint32(len(tags)))
	var body []byte
	for name, tag := range tags {
		head = append(head, name...)
		head = binary.BigEndian.AppendUint32(head, uint32(132+12*len(tags)+len(body)))
		head = binary.BigEndian.AppendUint32(head, uint32(len(tag)))
		body = append(body, tag...)
	}
	return append(head, body...)
}

// inkLab are the colours of printing inks (L*, a*, b*) on coated paper: for cyan, magenta, yellow, black and how they overlap.
func inkLab(c, m, y, k bool) [3]float64 {
	if k {
		return [3]float64{16, 0, 0}
	}
	return map[[3]bool][3]float64{
		{}: {95, 0, -2}, {true, false, false}: {55, -37, -50}, {false, true, false}: {48, 74, -3}, {false, false, true}: {89, -5, 93},
		{true, true, false}: {24, 17, -46}, {true, false, true}: {50, -68, 25}, {false, true, true}: {47, 68, 48}, {true, true, true}: {23, 0, 0},
	}[[3]bool{c, m, y}]
}

// inkProfile says so, as one of the three kinds of tables.
func inkProfile(kind string) []byte {
	tag := append([]byte(kind), 0, 0, 0, 0, 4, 3, 2, 0)
	number := func(v float64) { tag = binary.BigEndian.AppendUint16(tag, uint16(v*65535+0.5)) }
	if kind == "mft1" {
		number = func(v float64) { tag = append(tag, byte(v*255+0.5)) }
	}
	straight := func(channels, entries int) {
		for range channels {
			for i := range entries {
				number(float64(i) / float64(entries-1))
			}
		}
	}
	grid := func() {
		for n := range 16 {
			lab := inkLab(n&8 != 0, n&4 != 0, n&2 != 0, n&1 != 0)
			if kind == "mft2" {
				number(lab[0] / 100 * 65280 / 65535)
				number((lab[1] + 128) * 256 / 65535)
				number((lab[2] + 128) * 256 / 65535)
				continue
			}
			number(lab[0] / 100)
			number((lab[1] + 128) / 255)
			number((lab[2] + 128) / 255)
		}
	}
	curve := func() { tag = append(tag, "curv\x00\x00\x00\x00\x00\x00\x00\x00"...) }
	switch kind {
	case "mft1":
		tag = append(tag, make([]byte, 36)...)
		straight(4, 256)
		grid()
		straight(3, 256)
	case "mft2":
		tag = append(tag, make([]byte, 36)...)
		tag = append(tag, 0, 2, 0, 2)
		straight(4, 2)
		grid()
		straight(3, 2)
	case "mAB ":
		tag[10] = 0
		for _, at := range []uint32{32, 0, 0, 32 + 3*12, 32 + 3*12 + 20 + 96} { // B, matrix, M, grid, A
			tag = binary.BigEndian.AppendUint32(tag, at)
		}
		for range 3 {
			curve()
		}
		tag = append(tag, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0)
		grid()
		for range 4 {
			curve()
		}
	}
	return profileOf("CMYK", "Lab ", map[string][]byte{"A2B0": tag})
}

// Inks look as their profile says, whichever kind of tables that has.
func TestInksOfAProfile(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"mft1", "mft2", "mAB "} {
		to := readInks(inkProfile(kind))
		if to == nil {
			t.Errorf("%s is not read", kind)
			continue
		}
		for name, want := range map[[4]byte]color.RGBA{
			{0, 0, 0, 0}: {241, 241, 244, 255}, {255, 0, 0, 0}: {0, 145, 218, 255}, {0, 255, 0, 0}: {219, 0, 119, 255}, {0, 0, 255, 0}: {255, 229, 0, 255},
			{0, 0, 0, 255}: {40, 40, 40, 255}, {0, 255, 255, 0}: {228, 28, 40, 255}, {255, 0, 255, 0}: {0, 144, 72, 255}, {255, 255, 255, 255}: {40, 40, 40, 255},
		} {
			r, g, b := to.at(name[:])
			if got := (color.RGBA{r, g, b, 255}); !near(got, want, 16) {
				t.Errorf("%s: the inks %v look %v, not %v", kind, name, got, want)
			}
		}
		r, g, b := to.at([]byte{128, 0, 0, 0})
		if lighter, _, _ := to.at([]byte{100, 0, 0, 0}); lighter < r || r == 0 || b < g {
			t.Errorf("%s: half of cyan is %d %d %d", kind, r, g, b)
		}
		// Cut or changed at any place, it is no profile, or another; nothing worse.
		whole := inkProfile(kind)
		for n := 0; n < len(whole); n += 1 + n/50 {
			readInks(whole[:n])
			bad := bytes.Clone(whole)
			bad[n] ^= 0xff
			readInks(bad)
		}
	}
}

// withProfile puts a profile into a JPEG.
func withProfile(file, profile []byte) []byte {
	content := append([]byte(iccMark+"\x01\x01"), profile...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe2}, uint16(len(content)+2))
	return append(append(append([]byte{}, file[:2]...), append(segment, content...)...), file[2:]...)
}

// A picture of inks has the colours of its profile, and without Adobe's mark more is more.
func TestPicturesOfInks(t *testing.T) {
	t.Parallel()
	file := fixture(t, "cmyk.jpg")
	open := func(data []byte) decoded {
		d, err := decode(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	plain, ok := open(file).Image.(*image.CMYK)
	if !ok {
		t.Fatal("it is no picture of inks")
	}
	seen := open(withProfile(file, inkProfile("mft2")))
	at := plain.CMYKAt(1, 1)
	r, g, b := readInks(inkProfile("mft2")).at([]byte{at.C, at.M, at.Y, at.K})
	if want := (color.RGBA{r, g, b, 255}); !near(seen.At(1, 1), want, 0) || !near(shrink(seen.Image, seen.Bounds().Dx(), seen.Bounds().Dy()).At(1, 1), want, 1) {
		t.Errorf("it looks %v and %v, not %v", seen.At(1, 1), shrink(seen.Image, seen.Bounds().Dx(), seen.Bounds().Dy()).At(1, 1), want)
	}
	mark := bytes.Index(file, []byte("\xff\xee"))
	if mark < 0 {
		t.Fatal("it has no mark")
	}
	bare := append(bytes.Clone(file[:mark]), file[mark+2+int(binary.BigEndian.Uint16(file[mark+2:])):]...)
	other, ok := open(bare).Image.(*image.CMYK)
	if !ok || other.CMYKAt(1, 1) != (color.CMYK{255 - at.C, 255 - at.M, 255 - at.Y, 255 - at.K}) {
		t.Errorf("without the mark it is %v, with it %v", other.CMYKAt(1, 1), at)
	}
	if _, facts, _ := taken(t, bare); facts.ContentType != "image/jpeg" {
		t.Errorf("it is taken as %v", facts)
	}
}

// chunkOf is a chunk of a PNG.
func chunkOf(name string, content []byte) []byte {
	out := append(binary.BigEndian.AppendUint32(nil, uint32(len(content))), name...)
	out = append(out, content...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// A grey picture is as light as its profile says.
func TestGreyOfAProfile(t *testing.T) {
	t.Parallel()
	linear := []byte("curv\x00\x00\x00\x00\x00\x00\x00\x00")
	for pcs, want := range map[string]uint8{"XYZ ": 188, "Lab ": 120} { // a half of luminance; L* of 50.2
		m := image.NewGray(image.Rect(0, 0, 8, 8))
		draw.Draw(m, m.Rect, image.NewUniform(color.Gray{128}), image.Point{}, draw.Src)
		var file, packed bytes.Buffer
		if err := png.Encode(&file, m); err != nil {
			t.Fatal(err)
		}
		z := zlib.NewWriter(&packed)
		if _, err := z.Write(profileOf("GRAY", pcs, map[string][]byte{"kTRC": linear})); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		b := append(bytes.Clone(file.Bytes()[:33]), chunkOf("iCCP", append([]byte("grey\x00\x00"), packed.Bytes()...))...)
		b = append(b, file.Bytes()[33:]...)
		d, err := decode(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		shown := shrink(d.Image, 4, 4)
		c := readProfile(d.profile)
		if c == nil {
			t.Fatalf("%s: the profile is not read", pcs)
		}
		if c.apply(shown); !near(shown.At(1, 1), color.Gray{want}, 2) {
			t.Errorf("%s: it is %v, want %d", pcs, shown.At(1, 1), want)
		}
	}
}

// A lossy WebP has the colours it was made of: its samples do not use the whole range.
func TestColoursOfLossyWebP(t *testing.T) {
	t.Parallel()
	for _, want := range []color.RGBA{{0, 0, 0, 255}, {255, 255, 255, 255}, {255, 0, 0, 255}, {8, 133, 161, 255}, {231, 199, 31, 255}, {52, 52, 52, 255}} {
		for _, alpha := range []uint8{255, 153} {
			m := image.NewNRGBA(image.Rect(0, 0, 32, 32))
			draw.Draw(m, m.Rect, image.NewUniform(color.NRGBA{want.R, want.G, want.B, alpha}), image.Point{}, draw.Src)
			var b bytes.Buffer
			if err := webp.Encode(&b, m, webp.Options{Quality: 95}); err != nil {
				t.Fatal(err)
			}
			d, err := decode(bytes.NewReader(b.Bytes()), int64(b.Len()))
			if err != nil {
				t.Fatal(err)
			}
			got, _ := color.NRGBAModel.Convert(d.At(16, 16)).(color.NRGBA)
			if !near(color.RGBA{got.R, got.G, got.B, 255}, want, 4) || got.A != alpha {
				t.Errorf("%v with alpha %d came out as %v", want, alpha, got)
			}
		}
	}
}

// Whatever is cut off or changed, and wherever, the answer is that the picture is broken, or a picture; never a crash.
func TestCutAndChangedAnywhere(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"cmyk.jpg", "grey.jpg", "progressive.jpg", "exif6.jpg", "p3.jpg", "alpha.png", "deep.png", "exif.png", "animated.gif", "alpha.webp", "animated.webp", "exif.webp",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := fixture(t, name)
			try := func(what string, data []byte, mustFail bool) {
				_, err := decode(bytes.NewReader(data), int64(len(data)))
				if mustFail && err == nil || err != nil && !errors.Is(err, ErrBroken) && !errors.Is(err, ErrUnknown) && !errors.Is(err, ErrUnsupported) && !errors.Is(err, ErrTooManyPixels) {
					t.Errorf("%s: %v", what, err)
				}
				if err := Clean(&bytes.Buffer{}, bytes.NewReader(data), int64(len(data))); err == nil && mustFail {
					t.Errorf("%s: it is copied", what)
				}
			}
			step := 1 + len(whole)/300
			for n := 0; n < len(whole)-2; n += step {
				try(fmt.Sprint("cut at ", n), whole[:n], true)
				bad := bytes.Clone(whole)
				bad[n] ^= byte(1 << (n % 8))
				try(fmt.Sprint("changed at ", n), bad, false)
			}
		})
	}
}

// What is no picture of these kinds, or two things at once, is refused or loses what is not the picture.
func TestForeignAndDoubleFiles(t *testing.T) {
	t.Parallel()
	zero := bytes.Clone(pngOf(t, 3, 3, 1))
	copy(zero[16:20], make([]byte, 4))
	binary.BigEndian.PutUint32(zero[29:], crc32.ChecksumIEEE(zero[12:29]))
	flat := bytes.Clone(jpegOf(t, 8, 8))
	copy(flat[bytes.Index(flat, []byte("\xff\xc0"))+5:], []byte{0, 0, 0, 0})
	huge := bytes.Clone(pngOf(t, 3, 3, 1))
	copy(huge[16:24], "\x00\x01\xff\xff\x00\x01\xff\xff")
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	arithmetic := bytes.Clone(jpegOf(t, 8, 8))
	arithmetic[bytes.Index(arithmetic, []byte("\xff\xc0"))+1] = 0xc9
	deep := bytes.Clone(jpegOf(t, 8, 8))
	deep[bytes.Index(deep, []byte("\xff\xc0"))+4] = 12
	laughs := `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg"><text>&b;</text></svg>`
	for name, file := range map[string]struct {
		data []byte
		want error
	}{
		"svg with a script":   {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), ErrUnknown},
		"svg of laughs":       {[]byte(laughs), ErrUnknown},
		"svg elsewhere":       {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><image href="http://169.254.169.254/"/><foreignObject/></svg>`), ErrUnknown},
		"tiff":                {[]byte("II*\x00" + strings.Repeat("\x00", 100)), ErrUnknown},
		"bmp":                 {[]byte("BM" + strings.Repeat("\x00", 100)), ErrUnknown},
		"ico":                 {[]byte("\x00\x00\x01\x00\x01\x00" + strings.Repeat("\x00", 100)), ErrUnknown},
		"jpeg xl":             {[]byte("\xff\x0a" + strings.Repeat("\x00", 100)), ErrUnknown},
		"heic":                {append(boxOf("ftyp", []byte("heic\x00\x00\x00\x00mif1heic")), make([]byte, 100)...), ErrUnknown},
		"psd":                 {[]byte("8BPS\x00\x01" + strings.Repeat("\x00", 100)), ErrUnknown},
		"pdf before jpeg":     {append([]byte("%PDF-1.7\n"), jpegOf(t, 8, 8)...), ErrUnknown},
		"script that is gif":  {[]byte("GIF89a=1;alert(1)//" + strings.Repeat(" ", 100)), ErrBroken},
		"no width":            {zero, ErrBroken},
		"no size":             {flat, ErrBroken},
		"too many pixels":     {huge, ErrTooManyPixels},
		"arithmetic coding":   {arithmetic, ErrUnsupported},
		"twelve bits":         {deep, ErrUnsupported},
		"nothing":             {nil, ErrUnknown},
		"a few bytes of jpeg": {[]byte("\xff\xd8\xff"), ErrBroken},
	} {
		if _, err := decode(bytes.NewReader(file.data), int64(len(file.data))); !errors.Is(err, file.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err := Clean(&bytes.Buffer{}, bytes.NewReader(file.data), int64(len(file.data))); !errors.Is(err, file.want) {
			t.Errorf("%s, copied: %v", name, err)
		}
	}
	for name, file := range map[string][]byte{
		"a zip behind a jpeg": append(jpegOf(t, 8, 8), "PK\x03\x04SECRET"...),
		"a second jpeg":       append(jpegOf(t, 8, 8), metaJPEG(t, 1)...),
		"html behind a gif":   append(gifOf(t, 8, 8), "<script>SECRET</script>"...),
		"php in a comment":    append([]byte("\xff\xd8\xff\xfe\x00\x10<?php SECRET?>"), jpegOf(t, 8, 8)[2:]...),
	} {
		clean, facts, _ := taken(t, file)
		if bytes.Contains(clean, []byte("SECRET")) || facts.Width != 8 {
			t.Errorf("%s: %v, %d bytes", name, facts, len(clean))
		}
		if _, err := jpeg.Decode(bytes.NewReader(clean)); facts.Extension == "jpg" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
