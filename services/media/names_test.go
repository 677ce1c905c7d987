package media

import (
	"strings"
	"testing"
)

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
	if _, err := cleanAlt(strings.Repeat("é", 1000), "alt"); err != nil {
		t.Error(err)
	}
	if _, err := cleanAlt(strings.Repeat("é", 1001), "alt"); !ErrAltTooLong.Is(asFault(err)) {
		t.Error(err)
	}
}
