package catalog

import (
	"fmt"
	"slices"
	"testing"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
)

func TestWhatBecomesOfAPicture(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]struct {
		err      error
		attempts int32
		again    bool
	}{
		"it is no picture":           {fault.MediaType("media.unsupported_type", "No."), 1, false},
		"it is too large":            {fault.TooLarge("media.too_large", "No."), 1, false},
		"the address is refused":     {fault.Invalid("media.fetch_address", "No."), 1, false},
		"the product is full":        {ErrTooMany, 1, false},
		"nobody answers":             {fault.Unavailable("media.fetch_unavailable", "Later."), 1, true},
		"nobody answers for long":    {fault.Unavailable("media.fetch_unavailable", "Later."), 5, true},
		"nobody answers at all":      {fault.Unavailable("media.fetch_unavailable", "Later."), 6, false},
		"the asset is being deleted": {ErrMediaGone, 1, true},
		"something is wrong here":    {fmt.Errorf("a bug"), 1, true},
	} {
		after, again := foreignPicture{attempts: try.attempts, status: pictureWaiting}.judge(try.err, onDay(0))
		if (again != nil) != try.again || (after.status == pictureFailed) == try.again || after.code == "" || after.message == "" {
			t.Errorf("%s: %v, again at %v", name, after, again)
		}
	}
	said, _ := foreignPicture{attempts: 1}.judge(fault.Invalid("media.fetch_address", "No.").WithField("url", "scheme", "It must be https."), onDay(0))
	if said.message != "It must be https." {
		t.Errorf("the report says %q", said.message)
	}
}

func TestPicturesTakeTheirPlaces(t *testing.T) {
	t.Parallel()
	a, b, c := image{id: number(1)}, image{id: number(2)}, image{id: number(3)}
	all := map[int32]image{0: a, 1: b, 2: c}
	for _, order := range [][]int32{{0, 1, 2}, {1, 0, 2}, {2, 0, 1}, {0, 2, 1}, {1, 0, 2, 1}} {
		var p product
		for _, at := range order {
			if err := p.insertImage(all[at], at); err != nil {
				t.Fatal(err)
			}
		}
		if got := imageIDs(p); !slices.Equal(got, []id.ID{a.id, b.id, c.id}) {
			t.Errorf("in the order %v they stand as %v", order, got)
		}
	}
}

func imageIDs(p product) (out []id.ID) {
	for _, img := range p.images {
		out = append(out, img.id)
	}
	return out
}

func TestWhatIsForeign(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"https://x.example/a.jpg": true, "HTTPS://x.example/a": true, "http://x.example/a": true,
		"": false, "x": false, "/media/a.jpg": false, "ftp://x/a": false, "data:image/png;base64,AA": false, "httpsx": false,
	} {
		if isForeign(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}
