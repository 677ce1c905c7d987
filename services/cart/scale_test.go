package cart_test

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
)

// A cart of a hundred lines is changed and read by the statements of a cart of one, its lines are priced together, by one question
// to each room, and the catalogue tells of it what it tells of one line. What grows is the document that is answered, and memory
// with that; what answers none grows by nothing. So does time, as far as the machine lets that be seen.
func TestAHundredLines(t *testing.T) { //nolint:paralleltest // it compares times, and counts what the process allocates
	r := open(t)
	var variants []string
	for range 100 {
		v := r.sell(4900, 1_000_000)
		r.revise(v, func(*catalogv1.ResolvedVariant) {})
		variants = append(variants, v)
	}
	one, full := r.ready(variants[0], 1), r.ready(variants[0], 1)
	for _, v := range variants[1:] {
		_, err := r.add(full, v, 1)
		ok(t, err)
	}
	if n := len(r.get(full).GetItems()); n != 100 {
		t.Fatalf("%d lines", n)
	}
	line := map[string]string{one.id: r.get(one).GetItems()[0].GetId(), full.id: r.get(full).GetItems()[0].GetId()}
	turn := int64(0)
	type cost struct {
		statements     int64
		asked          map[string]int
		told, answered int
		allocated      uint64
		took           time.Duration
	}
	for name, call := range map[string]func(b basket) (proto.Message, error){
		"add": func(b basket) (proto.Message, error) { return r.add(b, variants[0], 1) },
		"quantity": func(b basket) (proto.Message, error) {
			turn++
			return r.UpdateItem(r.ctx, &cartv1.UpdateItemRequest{Id: b.id, Token: b.token, ItemId: line[b.id], Quantity: 1 + turn%9})
		},
		"remove nothing": func(b basket) (proto.Message, error) { return r.remove(b, b.id) },
		"get":            func(b basket) (proto.Message, error) { return r.get(b), nil },
		"e-mail": func(b basket) (proto.Message, error) {
			return r.SetEmail(r.ctx, &cartv1.SetEmailRequest{Id: b.id, Token: b.token, Email: "ada@example.com"})
		},
		"shipping address": func(b basket) (proto.Message, error) { return r.shipTo(b, address("FR")) },
		"shipping method":  func(b basket) (proto.Message, error) { return r.shipBy(b, "standard") },
		"rates": func(b basket) (proto.Message, error) {
			return r.ListShippingRates(r.ctx, &cartv1.ListShippingRatesRequest{Id: b.id, Token: b.token})
		},
	} {
		measure := func(b basket) cost {
			var before, after runtime.MemStats
			sent, told, asked := r.db.Statements(), r.others.toldSoFar(), r.others.counts()
			runtime.ReadMemStats(&before)
			began := time.Now()
			answer, err := call(b)
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			ok(t, err)
			c := cost{r.db.Statements() - sent, map[string]int{}, r.others.toldSoFar() - told, 0, after.TotalAlloc - before.TotalAlloc, took}
			if answer != nil {
				c.answered = proto.Size(answer)
			}
			for what, n := range r.others.counts() {
				if n > asked[what] {
					c.asked[what] = n - asked[what]
				}
			}
			return c
		}
		var few, many []cost
		for range 41 { // in turns, so that a slow moment hits both
			small, large := measure(one), measure(full)
			few, many = append(few, small), append(many, large)
			if large.statements > small.statements {
				t.Fatalf("%s takes %d statements with one line, %d with a hundred", name, small.statements, large.statements)
			}
			if large.told > small.told {
				t.Fatalf("%s has the catalogue tell of %d variants with one line, of %d with a hundred", name, small.told, large.told)
			}
			for what, n := range large.asked {
				if n > max(small.asked[what], 1) {
					t.Fatalf("%s asks %s %d times with one line, %d times with a hundred", name, what, small.asked[what], n)
				}
			}
		}
		least := func(all []cost, of func(c cost) uint64) uint64 {
			values := make([]uint64, len(all))
			for i, c := range all {
				values[i] = of(c)
			}
			return slices.Min(values)
		}
		memory, took := func(c cost) uint64 { return c.allocated }, func(c cost) uint64 { return uint64(c.took) }
		grown, answered := int64(least(many, memory))-int64(least(few, memory)), int64(many[0].answered-few[0].answered)
		longer := float64(least(many, took)) / float64(least(few, took))
		t.Logf("%s: %d more bytes answered, %d more allocated, %.1f times as long", name, answered, grown, longer)
		// Two copies of the document, one on each side of the door, of strings, pointers and small messages.
		if grown > 14*answered+4096 {
			t.Errorf("%s: the answer grows by %d bytes, what is allocated for it by %d", name, answered, grown)
		}
		if longer > 8 { // it is 1 to 2.5, and up to 4.5 with the race detector; what is exact is above
			t.Errorf("%s: a hundred lines take %.1f times as long as one", name, longer)
		}
	}
}
