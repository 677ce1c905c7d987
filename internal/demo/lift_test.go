package demo

import "testing"

func TestLiftMovesTowardsWhiteAndBlack(t *testing.T) {
	t.Parallel()
	const colour uint32 = 0xff8040c0
	for by := int32(-127); by <= 127; by++ {
		got := lift(colour, by)
		if got>>24 != 0xff {
			t.Fatalf("lift(%d) changed the alpha: %08x", by, got)
		}
		for shift := 0; shift < 24; shift += 8 {
			c := int32(colour >> shift & 0xff)
			want := c * (256 + by) >> 8
			if by >= 0 {
				want = 255 - (255-c)*(256-by)>>8
			}
			if v := int32(got >> shift & 0xff); v != want {
				t.Fatalf("lift(%d) byte %d is %d, want %d", by, shift/8, v, want)
			}
		}
	}
}
