package gateway

import (
	"math"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// A list that a room gives in one piece is walked like any other, by page and by cursor.
func TestWhole(t *testing.T) {
	t.Parallel()
	c := &call{Gateway: &Gateway{cursors: page.NewSigner([]byte("k"))}, r: httptest.NewRequest("GET", "/store/v1/categories?limit=2", nil)}
	all := []int{1, 2, 3, 4, 5}
	var walked []int
	for q := (storev1.PageQuery{Page: 1, Limit: 2}); ; {
		list, err := whole(c, q, all, 100)
		if err != nil || list.Meta.Total != 5 {
			t.Fatal(list, err)
		}
		walked = append(walked, list.Data...)
		if list.Meta.NextCursor == nil {
			break
		}
		q.Cursor = *list.Meta.NextCursor
	}
	if !slices.Equal(walked, all) {
		t.Errorf("the cursors lead past %v", walked)
	}
	for number, want := range map[int][]int{1: {1, 2}, 3: {5}, 4: {}, math.MaxInt: {}} {
		list, err := whole(c, storev1.PageQuery{Page: number, Limit: 2}, all, 100)
		if err != nil || !slices.Equal(list.Data, want) {
			t.Errorf("page %d is %v, %v", number, list.Data, err)
		}
	}
	if _, err := whole(c, storev1.PageQuery{Limit: 2, Cursor: "forged"}, all, 100); err == nil {
		t.Error("a forged cursor is taken")
	}
}
