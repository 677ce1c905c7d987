package cart_test

import (
	"slices"
	"testing"
	"time"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
)

// A cart of a hundred lines is changed and read by the statements of a cart of one, and its lines are priced together, by one
// question to each room. Its time is at most a few times that of one line: what grows is the document that is answered.
func TestAHundredLines(t *testing.T) { //nolint:paralleltest // it compares times
	r := open(t)
	var variants []string
	for range 100 {
		variants = append(variants, r.sell(4900, 1_000_000))
	}
	one, full := r.ready(variants[0], 1), r.ready(variants[0], 1)
	for _, v := range variants[1:] {
		_, err := r.add(full, v, 1)
		ok(t, err)
	}
	if n := len(r.get(full).GetItems()); n != 100 {
		t.Fatalf("%d lines", n)
	}
	type cost struct {
		statements int64
		asked      map[string]int
		took       time.Duration
	}
	for name, call := range map[string]func(b basket) error{
		"add":              func(b basket) error { _, err := r.add(b, variants[0], 1); return err },
		"get":              func(b basket) error { r.get(b); return nil },
		"shipping address": func(b basket) error { _, err := r.shipTo(b, address("FR")); return err },
		"shipping method":  func(b basket) error { _, err := r.shipBy(b, "standard"); return err },
		"rates": func(b basket) error {
			_, err := r.ListShippingRates(r.ctx, &cartv1.ListShippingRatesRequest{Id: b.id, Token: b.token})
			return err
		},
	} {
		measure := func(b basket) cost {
			before := r.db.Statements()
			asked := r.others.counts()
			began := time.Now()
			ok(t, call(b))
			took := time.Since(began)
			c := cost{r.db.Statements() - before, map[string]int{}, took}
			for what, n := range r.others.counts() {
				if n > asked[what] {
					c.asked[what] = n - asked[what]
				}
			}
			return c
		}
		var few, many []time.Duration
		for range 41 { // in turns, so that a slow moment hits both
			small, large := measure(one), measure(full)
			few, many = append(few, small.took), append(many, large.took)
			if large.statements > small.statements {
				t.Fatalf("%s takes %d statements with one line, %d with a hundred", name, small.statements, large.statements)
			}
			for what, n := range large.asked {
				if n > max(small.asked[what], 1) {
					t.Fatalf("%s asks %s %d times with one line, %d times with a hundred", name, what, small.asked[what], n)
				}
			}
		}
		slices.Sort(few)
		slices.Sort(many)
		if many[20] > 25*few[20] { // priced one by one it would be a hundred times
			t.Errorf("%s: one line %v, a hundred lines %v", name, few[20], many[20])
		}
		t.Logf("%s: one line %v, a hundred lines %v, ratio %.1f", name, few[20], many[20], float64(many[20])/float64(few[20]))
	}
}
