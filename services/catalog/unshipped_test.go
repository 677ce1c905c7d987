package catalog_test

import (
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
)

// What is shipped follows from what is sold, and of a bundle from what it is made of.
func TestUnshipped(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	of := func(kind catalogv1.GoodsKind) *catalogv1.Product {
		req := shirt("A "+kind.String(), "S")
		req.Facts = given(&catalogv1.ProductFacts{Goods: kind}, "goods")
		return l.create(t, req)
	}
	thing, plain := of(catalogv1.GoodsKind_GOODS_KIND_PHYSICAL), of(catalogv1.GoodsKind_GOODS_KIND_UNSPECIFIED)
	file, service := of(catalogv1.GoodsKind_GOODS_KIND_DIGITAL), of(catalogv1.GoodsKind_GOODS_KIND_SERVICE)
	unshipped := func(p *catalogv1.Product) bool {
		t.Helper()
		return must(l.ResolveVariants(l.ctx, &catalogv1.ResolveVariantsRequest{Ids: []string{p.GetVariants()[0].GetId()}}))(t).GetVariants()[0].GetUnshipped()
	}
	set := l.bundle(t, "Set")
	composed := func(parts ...*catalogv1.Product) bool {
		t.Helper()
		var wanted []*catalogv1.ComponentInput
		for _, p := range parts {
			wanted = append(wanted, &catalogv1.ComponentInput{VariantId: p.GetVariants()[0].GetId(), Quantity: 1})
		}
		must(l.compose(set, wanted...))(t)
		return unshipped(set)
	}
	same(t, "a thing", unshipped(thing), false)
	same(t, "what says nothing", unshipped(plain), false)
	same(t, "a file", unshipped(file), true)
	same(t, "a service", unshipped(service), true)
	same(t, "a set of files", composed(file, service), true)
	same(t, "a set with a thing", composed(file, thing), false)
	same(t, "a set with what says nothing", composed(plain, service), false)
}
