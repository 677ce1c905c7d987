package rendition

import (
	"fmt"
	"slices"
	"testing"
)

func TestLadder(t *testing.T) {
	t.Parallel()
	for width, want := range map[int]string{
		1: "[1]", 159: "[159]", 160: "[160]", 200: "[160 200]", 640: "[160 320 640]", 1600: "[160 320 640 960 1280 1600]",
		1920: "[160 320 640 960 1280 1920]", 9000: "[160 320 640 960 1280 1920]",
	} {
		if got := fmt.Sprint(Widths(width)); got != want {
			t.Errorf("%d: %s", width, got)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	got := Of("https://shop.example/media/t/abc.png", 200)
	if len(got) != 6 || got[0] != (Rendition{"https://shop.example/media/t/abc/160.avif", "avif", 160}) || got[5] != (Rendition{"https://shop.example/media/t/abc/200.jpg", "jpeg", 200}) {
		t.Errorf("%v", got)
	}
	if in := In("webp", "https://shop.example/media/t/abc.png", 200); !slices.Equal(in, got[2:4]) {
		t.Errorf("in one format: %v, not %v", in, got[2:4])
	}
	for _, url := range []string{"", "/media/x", "/media/t/abc", "https://elsewhere.example/a.png", "/media/t/abc/160.avif"} {
		if all, in := Of(url, 200), In("webp", url, 200); all != nil || in != nil {
			t.Errorf("%q: %v, %v", url, all, in)
		}
	}
}
