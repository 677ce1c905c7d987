package catalog

import (
	"slices"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
)

const (
	// listedVariants is how many variants of one product a list shows; all of them are on its own page.
	listedVariants = 100
	// maxRead is how many bytes of documents are read for one page, most of which may be variants it does not show.
	maxRead = 32 << 20
)

// listPage is a page of products as it travels.
type listPage struct {
	products []*catalogv1.Product
	read     int // bytes of documents
	size     int // bytes to send
}

// add puts the next product to the page. doc is how many bytes its document has.
func (l *listPage) add(p *catalogv1.Product, doc int) error {
	l.read += doc
	if abridge(p) {
		doc = proto.Size(p)
	}
	if l.size += doc; l.size > maxAnswer || l.read > maxRead {
		return ErrPageTooLarge.WithField("limit", "too_large", ErrPageTooLarge.Message())
	}
	l.products = append(l.products, p)
	return nil
}

// abridge leaves the first variants of a product of many. The cheapest is among them, and one that can be bought if there is
// one, so that what a list says of the whole product is right. It reports whether any were left out.
func abridge(p *catalogv1.Product) bool {
	all := p.GetVariants()
	if len(all) <= listedVariants {
		return false
	}
	cheapest, buyable := 0, 0
	for i, v := range all {
		if v.GetArchived() {
			continue
		}
		if best := all[cheapest]; best.GetArchived() || v.GetPrice().GetAmount() < best.GetPrice().GetAmount() {
			cheapest = i
		}
		if v.GetAvailable() && (!all[buyable].GetAvailable() || all[buyable].GetArchived()) {
			buyable = i
		}
	}
	show := slices.Compact([]int{cheapest, buyable})
	for i := 0; len(show) < listedVariants; i++ {
		if i != cheapest && i != buyable {
			show = append(show, i)
		}
	}
	slices.Sort(show)
	p.VariantCount = int32(len(all))
	p.Variants = make([]*catalogv1.Variant, 0, listedVariants)
	for _, i := range show {
		p.Variants = append(p.Variants, all[i])
	}
	return true
}
