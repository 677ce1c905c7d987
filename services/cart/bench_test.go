//go:build bench

package cart_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
)

// TestCostOfLines prints what is done with carts of 1, 10 and 100 lines in the room alone, the rooms around it played, in turns
// in the same run: time, SQL statements, what the process allocates, bytes of the answer and of what the catalogue answers.
//
//	go test -tags bench -count 1 -v -run TestCostOfLines ./services/cart
func TestCostOfLines(t *testing.T) { //nolint:paralleltest // it measures
	r := open(t)
	var variants []string
	for range 100 {
		variants = append(variants, r.sell(4900, 1_000_000))
		r.revise(variants[len(variants)-1], func(v *catalogv1.ResolvedVariant) {
			v.Image.Alt, v.Image.Width, v.Image.Height, v.ProductTitle = "A linen shirt, folded", 1600, 1200, "Linen shirt with a long name"
		})
	}
	sizes := []int{1, 10, 100}
	carts, firsts := map[int]basket{}, map[string]string{}
	for _, n := range sizes {
		carts[n] = r.ready(variants[0], 1)
		for _, v := range variants[1:n] {
			_, err := r.add(carts[n], v, 1)
			ok(t, err)
		}
		firsts[carts[n].id] = r.get(carts[n]).GetItems()[0].GetId()
	}
	type effort struct {
		took               []time.Duration
		statements         int64
		allocated, mallocs uint64
		bytes, told        int
	}
	turn := int64(0)
	fmt.Printf("%-18s %5s %10s %6s %10s %10s %6s %8s %9s %5s\n", "operation", "lines", "p50", "ratio", "statements", "allocated", "ratio", "mallocs", "answer", "told")
	for _, op := range []struct {
		name string
		call func(b basket) (proto.Message, error)
	}{
		{"read", func(b basket) (proto.Message, error) { return r.get(b), nil }},
		{"read, new process", func(b basket) (proto.Message, error) { r.svc.ForgetCarts(); return r.get(b), nil }},
		{"add to a line", func(b basket) (proto.Message, error) { return r.add(b, variants[0], 1) }},
		{"change a quantity", func(b basket) (proto.Message, error) {
			turn++
			res, err := r.UpdateItem(r.ctx, &cartv1.UpdateItemRequest{Id: b.id, Token: b.token, ItemId: firsts[b.id], Quantity: 1 + turn%9})
			return res, err
		}},
		{"shipping address", func(b basket) (proto.Message, error) { return r.shipTo(b, address("FR")) }},
		{"way of shipping", func(b basket) (proto.Message, error) { return r.shipBy(b, "standard") }},
		{"ways of shipping", func(b basket) (proto.Message, error) {
			return r.ListShippingRates(r.ctx, &cartv1.ListShippingRatesRequest{Id: b.id, Token: b.token})
		}},
	} {
		spent := map[int]*effort{}
		for range 60 {
			for _, n := range sizes {
				if spent[n] == nil {
					spent[n] = new(effort)
				}
				e := spent[n]
				var before, after runtime.MemStats
				sent, told := r.db.Statements(), r.others.toldSoFar()
				runtime.ReadMemStats(&before)
				began := time.Now()
				answer, err := op.call(carts[n])
				e.took = append(e.took, time.Since(began))
				runtime.ReadMemStats(&after)
				ok(t, err)
				e.statements, e.told, e.bytes = r.db.Statements()-sent, r.others.toldSoFar()-told, proto.Size(answer)
				e.allocated, e.mallocs = e.allocated+after.TotalAlloc-before.TotalAlloc, e.mallocs+after.Mallocs-before.Mallocs
			}
		}
		for _, n := range sizes {
			e, one := spent[n], spent[1]
			slices.Sort(e.took)
			calls := uint64(len(e.took))
			fmt.Printf("%-18s %5d %10s %6.2f %10d %10d %6.2f %8d %9d %5d\n", op.name, n, e.took[len(e.took)/2].Round(time.Microsecond),
				float64(e.took[len(e.took)/2])/float64(one.took[len(one.took)/2]), e.statements, e.allocated/calls,
				float64(e.allocated)/float64(one.allocated), e.mallocs/calls, e.bytes, e.told)
		}
	}
}
