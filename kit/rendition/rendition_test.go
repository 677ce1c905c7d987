package rendition

import (
	"fmt"
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
	for _, url := range []string{"", "/media/x", "/media/t/abc", "https://elsewhere.example/a.png", "/media/t/abc/160.avif"} {
		if got := Of(url, 200); got != nil {
			t.Errorf("%q: %v", url, got)
		}
	}
}
