package rest_test

import (
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/internal/rest"
	"github.com/sovecom/sovecom/sdk/storev1"
)

func TestPathEscapesEachSegment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ segment, want string }{
		{"linen-shirt", "/v1/linen-shirt"},
		{"a/b", "/v1/a%2Fb"},
		{"a?b#c", "/v1/a%3Fb%23c"},
		{"..", "/v1/%2E%2E"},
		{".", "/v1/%2E"},
		{"é", "/v1/%C3%A9"},
	} {
		if got := rest.Path("/v1", c.segment); got != c.want {
			t.Errorf("%q: got %s, want %s", c.segment, got, c.want)
		}
	}
}

func TestQueryLeavesOutZeroValues(t *testing.T) {
	t.Parallel()
	type params struct {
		storev1.PageQuery
		From storev1.Time           `query:"from"`
		Tree bool                   `query:"tree"`
		Max  storev1.Optional[int]  `query:"max"`
		On   storev1.Optional[bool] `query:"on"`
		Note string
	}
	if got := rest.Query(params{Note: "not a parameter"}).Encode(); got != "" {
		t.Errorf("got %q", got)
	}
	filtered := storev1.ProductQuery{AttributeFilters: storev1.AttributeFilters{Attr: map[string]string{"color": "red,blue", "width.min": "10"}}}
	if got := rest.Query(filtered).Encode(); got != "attr.color=red%2Cblue&attr.width.min=10" {
		t.Errorf("filters by attribute: got %q", got)
	}
	all := params{
		PageQuery: storev1.PageQuery{Page: 2, Cursor: "c"},
		From:      storev1.At(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)),
		Tree:      true, Max: storev1.Some(0), On: storev1.Some(false),
	}
	if got := rest.Query(all).Encode(); got != "cursor=c&from=2026-01-02T03%3A04%3A05.000Z&max=0&on=false&page=2&tree=true" {
		t.Errorf("got %q", got)
	}
}
