package search

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// TestMemoryOfARebuild holds what a rebuild keeps at most: a product of very many variants is one document, and forty pages of
// such products take what ten take.
func TestMemoryOfARebuild(t *testing.T) { //nolint:paralleltest // it measures the heap, which others would share
	peak := func(products, variants int) int64 {
		r := newRoom(t)
		r.cfg.ExportPage = 10
		for i := range products {
			p := product(fmt.Sprint("linen ", i))
			for v := range variants {
				p.Variants = append(p.Variants, &catalogv1.Variant{
					Id: id.New().String(), Sku: fmt.Sprintf("SKU-%d-%d", i, v), Title: fmt.Sprint("Size ", v), Price: &typev1.Money{Amount: 1000, Currency: "EUR"}, Options: map[string]string{"size": fmt.Sprint(v)},
				})
			}
			r.shelf.put(tenant.Default(), p)
		}
		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var most atomic.Int64
		r.shelf.hook(func(*catalogv1.ExportProductsRequest) error {
			runtime.GC() // what is live, and not what waits to be collected
			runtime.ReadMemStats(&now)
			most.Store(max(most.Load(), int64(now.HeapAlloc)-int64(before.HeapAlloc)))
			return nil
		}, nil)
		if n := r.rebuild(t); n != int64(products) {
			t.Errorf("%d documents of %d products", n, products)
		}
		if n := r.number(t, "select count(*) from documents"); n != int64(products) {
			t.Errorf("%d documents are kept of %d products", n, products)
		}
		t.Logf("a rebuild of %d products with %d variants each holds %d KiB at most", products, variants, most.Load()>>10)
		return most.Load()
	}
	narrow := peak(100, 1)
	few, many := peak(100, 500), peak(400, 500)
	// What many hold beyond few are words that were met, of which a bounded number is remembered, and how far pages have come at
	// the moment of looking; all their documents would be hundreds of MiB.
	if many > few+32<<20 {
		t.Errorf("100 products %d MiB, 400 products %d MiB", few>>20, many>>20)
	}
	// Two pages of ten are there at a time: 20 products of 500 variants of less than 2 KiB each.
	if few > narrow+20*500*2<<10+8<<20 {
		t.Errorf("with one variant each %d MiB, with 500 %d MiB", narrow>>20, few>>20)
	}
}
