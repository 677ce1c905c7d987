//go:build bench && linux

// Package pictures compares how renditions are made with sharp (https://sharp.pixelplumbing.com), on the same pictures, at
// the same widths, in the same formats and qualities, in the same run.
package pictures

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/sovecom/sovecom/kit/rendition"
	"github.com/sovecom/sovecom/services/media/picture"
)

// photo is something like a photograph: soft light, edges, and the noise of a sensor.
func photo(w, h int, seed uint32) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			seed = seed*1664525 + 1013904223
			grain := float64(seed>>28) - 8
			fx, fy := float64(x)/float64(w), float64(y)/float64(h)
			v := 120 + 70*math.Sin(9*fx+4*fy) + 40*math.Cos(14*fy-5*fx)
			if math.Mod(fx*13+float64(seed%3)*0.0001, 1) < 0.5 != (math.Mod(fy*11, 1) < 0.5) {
				v -= 25
			}
			m.SetNRGBA(x, y, color.NRGBA{level(v + grain), level(v*0.8 + 30*fx + grain), level(v*0.6 + 60*fy + grain), 255})
		}
	}
	return m
}

func level(v float64) uint8 { return uint8(min(max(v, 0), 255)) }

// pictures writes the ones that are compared on.
func pictures(t *testing.T, folder string) []string {
	t.Helper()
	var files []string
	write := func(name string, encode func(b *bytes.Buffer) error) {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	for i, size := range [][2]int{{4000, 3000}, {3000, 4000}, {6000, 4000}} {
		write(fmt.Sprintf("photo%d.jpg", i), func(b *bytes.Buffer) error {
			return jpeg.Encode(b, photo(size[0], size[1], uint32(i)), &jpeg.Options{Quality: 90})
		})
	}
	write("cutout.png", func(b *bytes.Buffer) error {
		m := photo(2000, 1500, 9)
		for y := range 1500 {
			for x := range 2000 {
				if math.Hypot(float64(x-1000)/1000, float64(y-750)/750) > 0.9 {
					m.SetNRGBA(x, y, color.NRGBA{})
				}
			}
		}
		return png.Encode(b, m)
	})
	return files
}

// cost is what a process took, and what it made.
type cost struct {
	wall, processor time.Duration
	memory          int64 // largest resident set, in bytes
	made, size      int64
	folder          string // of what it made
}

func run(t *testing.T, cmd *exec.Cmd, made string) cost {
	t.Helper()
	var said bytes.Buffer
	cmd.Stderr = &said
	began := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %v %s", cmd.Args, err, said.String())
	}
	c := cost{folder: made, wall: time.Since(began), processor: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.memory = usage.Maxrss << 10
	}
	if err := filepath.WalkDir(made, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		c.made, c.size = c.made+1, c.size+info.Size()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return c
}

// ours has a program of the shop make renditions, as the media room would.
func ours(t *testing.T, files []string, env []string, tags ...string) cost {
	t.Helper()
	folder := t.TempDir()
	program := filepath.Join(folder, "sovecom")
	build := exec.CommandContext(t.Context(), "go", append([]string{"build", "-trimpath", "-o", program}, append(tags, "../../cmd/sovecom")...)...)
	build.Env = append(os.Environ(), env...)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	made := filepath.Join(folder, "made")
	var requests bytes.Buffer
	for i, file := range files {
		to := filepath.Join(made, fmt.Sprint(i))
		if err := os.MkdirAll(to, 0o700); err != nil {
			t.Fatal(err)
		}
		data, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		info, err := data.Stat()
		if err != nil {
			t.Fatal(err)
		}
		facts, err := picture.Probe(data, info.Size())
		data.Close()
		if err != nil {
			t.Fatal(err)
		}
		if err := json.NewEncoder(&requests).Encode(picture.Request{Source: file, Folder: to, Widths: rendition.Widths(facts.Width), Formats: rendition.Formats()}); err != nil {
			t.Fatal(err)
		}
	}
	answers, err := os.Create(filepath.Join(folder, "answers"))
	if err != nil {
		t.Fatal(err)
	}
	defer answers.Close()
	cmd := exec.CommandContext(t.Context(), program, "pictures")
	cmd.Stdin = &requests
	cmd.ExtraFiles = []*os.File{answers}
	return run(t, cmd, made)
}

func baseline(t *testing.T, files []string, folder, effort, how string) cost {
	t.Helper()
	made := t.TempDir()
	return run(t, exec.CommandContext(context.WithoutCancel(t.Context()), "node", append([]string{filepath.Join(folder, "render.mjs"), made, effort, how}, files...)...), made)
}

func TestTable(t *testing.T) {
	t.Parallel()
	sharp := os.Getenv("SHARP_DIR")
	if sharp == "" {
		t.Fatal("SHARP_DIR is not set; ./task bench:media sets it")
	}
	files := pictures(t, t.TempDir())
	type row struct {
		name string
		cost
	}
	rows := []row{
		{"sharp, default effort, Promise.all", baseline(t, files, sharp, "default", "together")},
		{"sharp, default effort, one by one", baseline(t, files, sharp, "default", "singly")},
		{"sharp, effort 1, Promise.all", baseline(t, files, sharp, "1", "together")},
		{"sharp, effort 1, one by one", baseline(t, files, sharp, "1", "singly")},
		{"ours, no C library (static binary)", ours(t, files, []string{"CGO_ENABLED=0"})},
		{"ours, -tags vips", ours(t, files, nil, "-tags", "vips")},
	}
	fmt.Printf("\n%d pictures: 4000 × 3000, 3000 × 4000, 6000 × 4000 (JPEG), 2000 × 1500 with alpha (PNG); AVIF 55, WebP 75, JPEG 80.\n\n", len(files))
	fmt.Println("| | wall | processor | peak memory | renditions | size | wall, times sharp's default | wall, times sharp's quick | memory, times sharp's default | memory, times sharp's quick |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|")
	usual, quick := rows[0].cost, rows[2].cost
	for _, r := range rows {
		times := func(a, b float64) string { return fmt.Sprintf("%.2f", a/b) }
		fmt.Printf("| %s | %.1f s | %.1f s | %d MB | %d | %d kB | %s | %s | %s | %s |\n", r.name, r.wall.Seconds(), r.processor.Seconds(), r.memory>>20, r.made, r.size>>10,
			times(r.wall.Seconds(), usual.wall.Seconds()), times(r.wall.Seconds(), quick.wall.Seconds()),
			times(float64(r.memory), float64(usual.memory)), times(float64(r.memory), float64(quick.memory)))
		if r.made != usual.made {
			t.Errorf("%s made %d renditions, sharp %d", r.name, r.made, usual.made)
		}
	}
	fmt.Printf("\nLikeness of the renditions to what they were made of, on the mean: PSNR and SSIM of luminance.\n\n")
	fmt.Println("| | format | PSNR | SSIM | size | size, times sharp's quick |")
	fmt.Println("|---|---|---|---|---|---|")
	widths := rendition.Widths(2000)
	theirs := likenesses(t, files, rows[2].folder, widths)
	for _, r := range []row{rows[2], rows[4], rows[5]} {
		like := likenesses(t, files, r.folder, widths)
		for _, format := range []string{"avif", "webp", "jpg"} {
			l := like[format]
			fmt.Printf("| %s | %s | %.2f dB | %.4f | %d kB | %.2f |\n", r.name, format, l.psnr, l.ssim, l.size>>10, float64(l.size)/float64(theirs[format].size))
			if l.ssim < theirs[format].ssim-0.02 {
				t.Errorf("%s: %s is %.4f like its source, sharp's %.4f", r.name, format, l.ssim, theirs[format].ssim)
			}
		}
	}
}
