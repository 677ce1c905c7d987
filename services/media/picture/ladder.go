package picture

import "slices"

// Formats renditions are made in, the smallest first.
func Formats() []string { return []string{"avif", "webp", "jpeg"} }

// Extension of a rendition's file, which is also how its address ends.
func Extension(format string) string {
	if format == "jpeg" {
		return "jpg"
	}
	return format
}

// Widths of the renditions of a picture of some width: rungs of a ladder, and the picture's own width where that is between
// two. Nothing is made larger than it was.
func Widths(width int) []int {
	ladder := []int{160, 320, 640, 960, 1280, 1920}
	n, _ := slices.BinarySearch(ladder, width)
	if n == len(ladder) {
		return ladder
	}
	return append(ladder[:n:n], width)
}

// HeightAt is how high a picture of w × h is at another width.
func HeightAt(w, h, width int) int {
	return max(1, (h*width+w/2)/w)
}
