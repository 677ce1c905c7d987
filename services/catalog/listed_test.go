package catalog

import (
	"fmt"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/page"
)

func TestAbridge(t *testing.T) {
	t.Parallel()
	made := func(n int, special map[int]*catalogv1.Variant) *catalogv1.Product {
		p := &catalogv1.Product{}
		for i := range n {
			v := special[i]
			if v == nil {
				v = &catalogv1.Variant{Price: &typev1.Money{Amount: 1000}}
			}
			v.Id = fmt.Sprint(i)
			p.Variants = append(p.Variants, v)
		}
		return p
	}
	cheap := func() *catalogv1.Variant { return &catalogv1.Variant{Price: &typev1.Money{Amount: 1}} }
	there := func() *catalogv1.Variant {
		return &catalogv1.Variant{Price: &typev1.Money{Amount: 2000}, Available: true}
	}
	gone := func() *catalogv1.Variant {
		return &catalogv1.Variant{Price: &typev1.Money{}, Available: true, Archived: true}
	}
	for name, try := range map[string]struct {
		n       int
		special map[int]*catalogv1.Variant
		last    []string // of those shown; nil: all are
	}{
		"as many as fit":                {100, nil, nil},
		"one more":                      {101, nil, []string{"97", "98", "99"}},
		"the cheapest is far behind":    {2000, map[int]*catalogv1.Variant{1999: cheap()}, []string{"97", "98", "1999"}},
		"and one that can be bought":    {2000, map[int]*catalogv1.Variant{1500: there(), 1999: cheap()}, []string{"97", "1500", "1999"}},
		"the last one can be bought":    {200, map[int]*catalogv1.Variant{99: there(), 150: cheap()}, []string{"97", "99", "150"}},
		"both are one":                  {200, map[int]*catalogv1.Variant{150: {Price: &typev1.Money{Amount: 1}, Available: true}}, []string{"97", "98", "150"}},
		"what was archived is for none": {200, map[int]*catalogv1.Variant{0: gone(), 180: gone(), 190: cheap(), 191: there()}, []string{"97", "190", "191"}},
	} {
		p := made(try.n, try.special)
		if abridge(p) != (try.last != nil) {
			t.Errorf("%s: left out %v", name, try.last == nil)
		}
		if try.last == nil {
			if len(p.GetVariants()) != try.n || p.GetVariantCount() != 0 {
				t.Errorf("%s: shows %d of %d", name, len(p.GetVariants()), p.GetVariantCount())
			}
			continue
		}
		var ids []string
		for _, v := range p.GetVariants() {
			ids = append(ids, v.GetId())
		}
		if len(ids) != listedVariants || int(p.GetVariantCount()) != try.n || !slices.Equal(ids[97:], try.last) {
			t.Errorf("%s: shows %d of %d, the last %v", name, len(ids), p.GetVariantCount(), ids[max(0, len(ids)-3):])
		}
	}
}

// A page of the largest products there may be fits through a door.
func TestPageOfLargeProducts(t *testing.T) {
	t.Parallel()
	p := &catalogv1.Product{}
	for range maxVariants {
		p.Variants = append(p.Variants, &catalogv1.Variant{Title: "One of very many variants", Price: &typev1.Money{Amount: 1}})
	}
	var shown listPage
	for range 100 {
		if !shown.add(proto.CloneOf(p)) {
			t.Fatalf("full with %d products", len(shown.products))
		}
	}
	if all := proto.Size(&catalogv1.ListStoreProductsResponse{Products: shown.products}); all > page.MaxAnswer {
		t.Errorf("a page of %d bytes", all)
	}
}
