package checkout_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/checkout"
)

// Orders that come one by one have numbers without a gap.
func TestNumbersOfAQuietShop(t *testing.T) {
	t.Parallel()
	s := open(t)
	next := checkout.Numbers(s.db.DB, s.clock.Now)
	for i := range 20 {
		s.clock.forward(time.Second)
		number, err := next(tenant.With(t.Context(), tenant.Default()))
		ok(t, err)
		equal(t, "number", number, strconv.Itoa(1001+i))
	}
}

// In a rush, with two processes, each number is given out once, and numbers taken ahead lapse before they are old.
func TestNumbersInARush(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := tenant.With(t.Context(), tenant.Default())
	processes := []func() (string, error){}
	for range 2 {
		next := checkout.Numbers(s.db.DB, s.clock.Now)
		processes = append(processes, func() (string, error) { return next(ctx) })
	}
	var mu sync.Mutex
	given := map[string]bool{}
	greatest := 0
	take := func(process int) int {
		text, err := processes[process]()
		ok(t, err)
		number, err := strconv.Atoi(text)
		ok(t, err)
		mu.Lock()
		defer mu.Unlock()
		if given[text] {
			t.Errorf("%s is given out twice", text)
		}
		given[text] = true
		greatest = max(greatest, number)
		return number
	}
	before := s.db.Statements()
	const orders = 400
	together(16, func(i int) {
		for range orders / 16 {
			take(i % 2)
		}
	})
	equal(t, "numbers", len(given), orders)
	if n := s.db.Statements() - before; n > orders/2 {
		t.Errorf("%d statements for %d numbers", n, orders)
	}
	for process := range processes {
		s.clock.forward(2 * time.Second)
		old := greatest
		if number := take(process); number <= old {
			t.Errorf("%d is given out seconds after %d", number, old)
		}
	}
}
