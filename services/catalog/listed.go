package catalog

import (
	"slices"
	"strconv"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/page"
)

const (
	// listedVariants is how many variants of one product a list shows; all of them are on its own page.
	listedVariants = 100
	// maxRead is how many bytes of documents are read for one page, most of which may be variants it does not show. A page
	// of products that are larger ends sooner.
	maxRead = 32 << 20
)

// listPage is a page of products as it travels.
type listPage struct {
	products []*catalogv1.Product
	size     int // bytes to send
}

// add puts the next product to the page, or reports that it is full: the answer would not pass a door. The first product
// always fits, as maxDocument bounds it.
func (l *listPage) add(p *catalogv1.Product) bool {
	abridge(p)
	size := proto.Size(p)
	if l.size+size > page.MaxAnswer && len(l.products) > 0 {
		return false
	}
	l.size += size
	l.products = append(l.products, p)
	return true
}

// boundedDoc is the document of products p, for an inner SELECT of a page in an order: null from where more than maxRead
// bytes come before it.
func boundedDoc(order string) string {
	return `case when sum(octet_length(p.doc)) over (order by ` + order + ` rows unbounded preceding) - octet_length(p.doc) < ` + strconv.Itoa(maxRead) + ` then p.doc end as doc`
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
