// Package rendition is the rule by which the address of a picture leads to smaller ones of it in other formats. Whoever
// knows a picture's address and width knows all of them; nobody has to be told when they are ready.
//
//	/media/<tenant>/<sha256>.<extension>           the picture
//	/media/<tenant>/<sha256>/<width>.<extension>   one width in one format
package rendition

import (
	"slices"
	"strconv"
	"strings"
)

// Rendition is a picture in one size and format.
type Rendition struct {
	URL    string
	Format string // as in image/<format>
	Width  int    // pixels
}

// Formats renditions are made in; the first one a browser can show is the smallest.
func Formats() []string { return []string{"avif", "webp", "jpeg"} }

// Extension is how the address of a format ends.
func Extension(format string) string {
	if format == "jpeg" {
		return "jpg"
	}
	return format
}

// Widths of the renditions of a picture of some width, rising: rungs of a ladder, and the picture's own width where that
// lies between two. Nothing is made larger than it was.
func Widths(width int) []int {
	ladder := []int{160, 320, 640, 960, 1280, 1920}
	n, _ := slices.BinarySearch(ladder, width)
	if width < 1 || n == len(ladder) {
		return ladder
	}
	return append(ladder[:n:n], width)
}

// Of lists all renditions of a picture, by format and then by width; none for an address that is no picture's of the media
// room.
func Of(url string, width int) []Rendition {
	base, ok := Base(url)
	if !ok || width < 1 {
		return nil
	}
	widths := Widths(width)
	out := make([]Rendition, 0, len(widths)*len(Formats()))
	for _, format := range Formats() {
		out = appendIn(out, format, base, widths)
	}
	return out
}

// In lists those of one format alone.
func In(format, url string, width int) []Rendition {
	base, ok := Base(url)
	if !ok || width < 1 {
		return nil
	}
	widths := Widths(width)
	return appendIn(make([]Rendition, 0, len(widths)), format, base, widths)
}

func appendIn(to []Rendition, format, base string, widths []int) []Rendition {
	for _, w := range widths {
		to = append(to, Rendition{base + strconv.Itoa(w) + "." + Extension(format), format, w})
	}
	return to
}

// Base is the address of a picture's renditions, but for the width and the extension.
func Base(url string) (string, bool) {
	from := strings.LastIndex(url, "/media/")
	dot := strings.LastIndexByte(url, '.')
	if from < 0 || dot < 0 || strings.Count(url[from:], "/") != 3 || dot < strings.LastIndexByte(url, '/') {
		return "", false
	}
	return url[:dot] + "/", true
}
