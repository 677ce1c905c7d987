package catalog

import (
	"testing"
	"time"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
)

// Days are counted from a day on which nothing is decided by daylight saving.
func onDay(n int) time.Time {
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * 24 * time.Hour)
}

// number is a list's id, ordered by n.
func number(n byte) id.ID { return id.ID{0: n, 6: 0x70, 8: 0x80} }

func cents(n int64) *int64 { return &n }

func told(t *testing.T, what string, got, want *int64) {
	t.Helper()
	show := func(n *int64) any {
		if n == nil {
			return "nothing"
		}
		return *n
	}
	if show(got) != show(want) {
		t.Errorf("%s is %v, want %v", what, show(got), show(want))
	}
}

// storyteller tells a variant's story day by day: its base prices, and what lists say of it.
type storyteller struct {
	t       *testing.T
	bases   []basePrice
	prices  priced
	wants   []wanted
	history []priceEvent
}

func (s *storyteller) settle(at time.Time, bases []basePrice) {
	r := repricing{prices: s.prices, history: s.history, known: len(s.history), steps: listSteps(s.prices.entries, s.wants, at)}
	r.steps = append(r.steps, baseSteps(s.prices.bases, bases, at)...)
	r.run()
	s.prices, s.history, s.bases = r.prices, r.history, bases
}

// base sets the price in a currency, with what it is compared to (0: nothing).
func (s *storyteller) base(at time.Time, currency string, amount, compareAt int64) {
	b := basePrice{price: money.Of(amount, currency)}
	if compareAt != 0 {
		b.compareAt = &compareAt
	}
	s.settle(at, priced{bases: s.bases}.withBase(b).bases)
}

// list adds a list with one price for one unit.
func (s *storyteller) list(l priceList, currency string, amount int64) *priceList {
	if l.status == "" {
		l.status = listActive
	}
	l.dueAt = l.next(l.changedAt)
	s.wants = append(s.wants, wanted{list: &l, currency: currency, quantity: 1, amount: amount, changedAt: l.changedAt})
	return &l
}

// publish says whether the product is for sale from a day on.
func (s *storyteller) publish(at time.Time, forSale bool) {
	s.history = append(s.history, priceEvent{at: at, forSale: &forSale})
}

// pays is what somebody pays on a day, and the prior price shown with it.
func (s *storyteller) pays(what string, at time.Time, who priceContext, amount int64, prior *int64) {
	s.t.Helper()
	s.settle(at, s.bases)
	q, ok := priceFor(s.prices, who, 1)
	if !ok || q.price.Amount != amount {
		s.t.Errorf("%s: got %d (%v), want %d", what, q.price.Amount, ok, amount)
	}
	told(s.t, what+": the prior price", q.prior, prior)
}

var (
	euro   = priceContext{currency: "EUR"}
	france = priceContext{currency: "EUR", scope: scope{country: "FR"}}
)

// TestPriorPrice is the table of cases of Directive 98/6/EC, Art. 6a.
func TestPriorPrice(t *testing.T) {
	t.Parallel()
	at := func(n int) *time.Time { d := onDay(n); return &d }
	for name, story := range map[string]func(s *storyteller){
		"a price set long before the window is the prior price": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.base(onDay(400), "EUR", 800, 1000)
			s.pays("on the day", onDay(400), euro, 800, cents(1000))
			s.pays("months later it has not moved", onDay(600), euro, 800, cents(1000))
		},
		"a price between counts, the recommended one does not": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.base(onDay(90), "EUR", 700, 0)
			s.base(onDay(100), "EUR", 1200, 0)
			s.base(onDay(110), "EUR", 900, 1500)
			s.pays("the lowest of thirty days", onDay(110), euro, 900, cents(700))
		},
		"several reductions in a row see each other": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.base(onDay(50), "EUR", 900, 1000)
			s.pays("first", onDay(50), euro, 900, cents(1000))
			s.base(onDay(55), "EUR", 800, 1000)
			s.pays("second", onDay(55), euro, 800, cents(900))
			s.base(onDay(60), "EUR", 700, 1000)
			s.pays("third", onDay(60), euro, 700, cents(800))
		},
		"a reduction on the first day": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.base(onDay(0).Add(time.Hour), "EUR", 900, 0)
			s.pays("an hour old", onDay(1), euro, 900, cents(1000))
		},
		"created already reduced": func(s *storyteller) {
			s.base(onDay(0), "EUR", 900, 1000)
			s.pays("nothing was in force before", onDay(0), euro, 900, nil)
			s.base(onDay(5), "EUR", 900, 1100)
			s.pays("another comparison announces nothing", onDay(5), euro, 900, nil)
			s.base(onDay(10), "EUR", 800, 1100)
			s.pays("a further reduction does", onDay(10), euro, 800, cents(900))
		},
		"a comparison added to an old price is a reduction with the price itself as prior": func(s *storyteller) {
			s.base(onDay(0), "EUR", 900, 0)
			s.base(onDay(100), "EUR", 900, 1200)
			s.pays("announced", onDay(100), euro, 900, cents(900))
		},
		"a change of the comparison alone keeps what is frozen": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.base(onDay(40), "EUR", 800, 1000)
			s.base(onDay(80), "EUR", 800, 1300)
			s.pays("another", onDay(80), euro, 800, cents(1000))
			s.base(onDay(81), "EUR", 800, 0)
			s.pays("none", onDay(81), euro, 800, cents(1000))
		},
		"a raise without a comparison ends the reduction": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.base(onDay(40), "EUR", 800, 1000)
			s.base(onDay(50), "EUR", 900, 0)
			s.pays("raised", onDay(50), euro, 900, nil)
		},
		"a raise below the comparison is announced anew": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.base(onDay(40), "EUR", 800, 1000)
			s.base(onDay(50), "EUR", 900, 1000)
			s.pays("raised", onDay(50), euro, 900, cents(800))
		},
		"raised shortly before a reduction": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.base(onDay(95), "EUR", 2000, 0)
			s.base(onDay(100), "EUR", 1100, 2000)
			s.pays("nobody is fooled", onDay(100), euro, 1100, cents(1000))
		},
		"a price that ended exactly thirty days before is outside": func(s *storyteller) {
			s.base(onDay(0), "EUR", 500, 0)
			s.base(onDay(70), "EUR", 1000, 0)
			s.base(onDay(100), "EUR", 800, 0)
			s.pays("at the edge", onDay(100), euro, 800, cents(1000))
		},
		"a price that ended an instant later is inside": func(s *storyteller) {
			s.base(onDay(0), "EUR", 500, 0)
			s.base(onDay(70).Add(time.Microsecond), "EUR", 1000, 0)
			s.base(onDay(100), "EUR", 800, 0)
			s.pays("inside", onDay(100), euro, 800, cents(500))
		},
		"a price set exactly thirty days before is inside": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.base(onDay(70), "EUR", 600, 0)
			s.base(onDay(71), "EUR", 1000, 0)
			s.base(onDay(100), "EUR", 800, 0)
			s.pays("set at the edge", onDay(100), euro, 800, cents(600))
		},
		"what a draft cost was never in force": func(s *storyteller) {
			s.publish(onDay(-1), false)
			s.base(onDay(0), "EUR", 0, 0)
			s.base(onDay(1), "EUR", 5000, 0)
			s.base(onDay(1).Add(time.Hour), "EUR", 4500, 0)
			s.pays("lowered before anybody saw it", onDay(2), euro, 4500, nil)
			s.publish(onDay(2), true)
			s.base(onDay(10), "EUR", 4000, 0)
			s.pays("lowered", onDay(10), euro, 4000, cents(4500))
		},
		"what a product cost while it was taken down was not in force": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.publish(onDay(0), true)
			s.publish(onDay(40), false)
			s.base(onDay(41), "EUR", 500, 0)
			s.base(onDay(42), "EUR", 1000, 0)
			s.publish(onDay(43), true)
			s.base(onDay(50), "EUR", 800, 0)
			s.pays("nobody paid 500", onDay(50), euro, 800, cents(1000))
		},
		"a product that is lowered while it is taken down": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.publish(onDay(0), true)
			s.publish(onDay(40), false)
			s.base(onDay(41), "EUR", 800, 0)
			s.publish(onDay(45), true)
			s.pays("lowered", onDay(45), euro, 800, cents(1000))
			s.publish(onDay(50), false)
			s.base(onDay(90), "EUR", 700, 0)
			s.publish(onDay(91), true)
			s.pays("it was not for sale for thirty days", onDay(91), euro, 700, nil)
		},
		"a product that was taken down before the window, in which it was published again": func(s *storyteller) {
			s.base(onDay(0), "EUR", 300, 0)
			s.publish(onDay(0), true)
			s.publish(onDay(10), false)
			s.publish(onDay(80), true)
			s.base(onDay(80), "EUR", 1000, 0)
			s.base(onDay(100), "EUR", 900, 0)
			s.pays("of the same instant the new price", onDay(100), euro, 900, cents(1000))
		},
		"two currencies have histories of their own": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.base(onDay(0), "SEK", 12000, 0)
			s.base(onDay(50), "EUR", 800, 1000)
			s.pays("crowns did not change", onDay(50), priceContext{currency: "SEK"}, 12000, nil)
			s.base(onDay(60), "SEK", 9000, 12000)
			s.pays("crowns", onDay(60), priceContext{currency: "SEK"}, 9000, cents(12000))
			s.pays("euros", onDay(60), euro, 800, cents(1000))
		},
		"a sale, its end, and the next sale": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.list(priceList{id: number(1), kind: sale, changedAt: onDay(40), endsAt: at(50)}, "EUR", 700)
			s.pays("sale", onDay(40), euro, 700, cents(1000))
			s.pays("over", onDay(50), euro, 1000, nil)
			s.list(priceList{id: number(2), kind: sale, changedAt: onDay(60)}, "EUR", 800)
			s.pays("the next sees the last", onDay(60), euro, 800, cents(700))
		},
		"a scheduled sale is measured from its beginning, however late it is noticed": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.list(priceList{id: number(1), kind: sale, changedAt: onDay(1), startsAt: at(50)}, "EUR", 700)
			s.base(onDay(55), "EUR", 900, 0) // the first who looks
			s.pays("noticed late", onDay(58), euro, 700, cents(1000))
			if first := s.history[1]; !first.at.Equal(onDay(50)) || first.list.IsZero() {
				s.t.Errorf("the history says %v", first)
			}
		},
		"a sale announced before it begins": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.base(onDay(45), "EUR", 850, 0) // between announcement and beginning
			s.list(priceList{id: number(1), kind: sale, changedAt: onDay(1), announcedAt: at(40), startsAt: at(50)}, "EUR", 700)
			s.pays("what came after the announcement does not count", onDay(50), euro, 700, cents(1000))
		},
		"overlapping sales keep what each announced": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.list(priceList{id: number(1), kind: sale, changedAt: onDay(40)}, "EUR", 800)
			s.pays("the first", onDay(40), euro, 800, cents(1000))
			s.list(priceList{id: number(2), kind: sale, changedAt: onDay(45), endsAt: at(50)}, "EUR", 600)
			s.pays("the second", onDay(45), euro, 600, cents(800))
			s.pays("the first again", onDay(50), euro, 800, cents(1000))
		},
		"a sale that another takes over at the same price goes on": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.list(priceList{id: number(1), kind: sale, changedAt: onDay(40), endsAt: at(50)}, "EUR", 700)
			s.list(priceList{id: number(2), kind: sale, changedAt: onDay(40), startsAt: at(50), endsAt: at(60)}, "EUR", 700)
			s.pays("the first", onDay(40), euro, 700, cents(1000))
			s.pays("the second", onDay(50), euro, 700, cents(1000))
			s.list(priceList{id: number(3), kind: sale, changedAt: onDay(55)}, "EUR", 700)
			s.pays("a third, before the second is over", onDay(55), euro, 700, cents(1000))
			s.pays("and after it", onDay(60), euro, 700, cents(1000))
		},
		"a sale that is made the price goes on": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			l := s.list(priceList{id: number(1), kind: sale, changedAt: onDay(40)}, "EUR", 700)
			s.pays("the sale", onDay(40), euro, 700, cents(1000))
			s.base(onDay(50), "EUR", 700, 1000)
			l.status, l.changedAt = listDraft, onDay(51)
			s.pays("the price", onDay(52), euro, 700, cents(1000))
		},
		"a sale that another takes over at a lower price is a new one": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.list(priceList{id: number(1), kind: sale, changedAt: onDay(40), endsAt: at(50)}, "EUR", 700)
			s.list(priceList{id: number(2), kind: sale, changedAt: onDay(40), startsAt: at(50)}, "EUR", 600)
			s.pays("the first", onDay(40), euro, 700, cents(1000))
			s.pays("the second", onDay(50), euro, 600, cents(700))
		},
		"a sale above what is paid otherwise does not apply": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.list(priceList{id: number(1), kind: sale, changedAt: onDay(10)}, "EUR", 1000)
			s.pays("no sale", onDay(10), euro, 1000, nil)
		},
		"a scoped sale is measured by what its own shoppers paid": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.list(priceList{id: number(1), kind: override, scope: scope{country: "FR"}, changedAt: onDay(10), endsAt: at(60)}, "EUR", 500)
			s.pays("France", onDay(10), france, 500, cents(1000))
			s.list(priceList{id: number(2), kind: sale, scope: scope{country: "FR"}, changedAt: onDay(70)}, "EUR", 900)
			s.list(priceList{id: number(3), kind: sale, changedAt: onDay(70)}, "EUR", 950)
			s.pays("France again", onDay(70), france, 900, cents(500))
			s.pays("elsewhere", onDay(70), euro, 950, cents(1000))
		},
		"a group's list matters to nobody else": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.list(priceList{id: number(1), kind: override, scope: scope{group: "wholesale"}, changedAt: onDay(10)}, "EUR", 300)
			s.base(onDay(20), "EUR", 900, 1000)
			s.pays("the public", onDay(20), euro, 900, cents(1000))
			s.pays("wholesale", onDay(20), priceContext{currency: "EUR", scope: scope{group: "wholesale"}}, 300, cents(1000))
		},
		"a list without a base price in its currency": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.list(priceList{id: number(1), kind: override, changedAt: onDay(1)}, "SEK", 9000)
			s.list(priceList{id: number(2), kind: sale, changedAt: onDay(1)}, "DKK", 10)
			s.pays("an override is a price", onDay(1), priceContext{currency: "SEK"}, 9000, nil)
			s.pays("a sale is none", onDay(1), priceContext{currency: "DKK"}, 1000, nil)
		},
		"a price of a list that is lowered, raised and lowered": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.list(priceList{id: number(1), kind: sale, changedAt: onDay(40)}, "EUR", 800)
			s.pays("set", onDay(40), euro, 800, cents(1000))
			s.wants[0].amount, s.wants[0].changedAt = 700, onDay(45)
			s.pays("lowered", onDay(45), euro, 700, cents(800))
			s.wants[0].amount, s.wants[0].changedAt = 900, onDay(50)
			s.pays("raised, and still below the price", onDay(50), euro, 900, cents(700))
			s.wants[0].list.priority = 5
			s.pays("another priority changes nothing", onDay(51), euro, 900, cents(700))
		},
		"what an override covered and is lower is announced when it returns": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.list(priceList{id: number(1), kind: override, changedAt: onDay(50), endsAt: at(100)}, "EUR", 1200)
			s.pays("raised", onDay(50), euro, 1200, nil)
			s.base(onDay(60), "EUR", 1000, 0)
			s.pays("returned", onDay(100), euro, 1000, cents(1200))
		},
		"a list that came and went unnoticed was never in force": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			s.list(priceList{id: number(1), kind: sale, changedAt: onDay(1), startsAt: at(10), endsAt: at(20)}, "EUR", 100)
			s.base(onDay(30), "EUR", 900, 0)
			s.pays("no trace", onDay(30), euro, 900, cents(1000))
		},
		"an edit of a list later than its beginning counts from the edit": func(s *storyteller) {
			s.base(onDay(0), "EUR", 1000, 0)
			l := s.list(priceList{id: number(1), kind: sale, status: listDraft, changedAt: onDay(1), startsAt: at(10)}, "EUR", 500)
			s.settle(onDay(20), s.bases)
			s.base(onDay(25), "EUR", 900, 0)
			l.status, l.changedAt, l.dueAt = listActive, onDay(40), nil
			s.pays("activated late", onDay(40), euro, 500, cents(900))
			l.status, l.changedAt = listDraft, onDay(50)
			s.pays("deactivated", onDay(55), euro, 900, cents(1000))
			if last := s.history[len(s.history)-1]; last.amount != nil || !last.at.Equal(onDay(50)) {
				s.t.Errorf("the history says %v", last)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			story(&storyteller{t: t})
		})
	}
}

// TestLowestPrior looks at the function alone.
func TestLowestPrior(t *testing.T) {
	t.Parallel()
	history := []priceEvent{
		{currency: "EUR", minQuantity: 1, amount: cents(900), at: onDay(0)},
		{currency: "EUR", minQuantity: 10, list: number(1), kind: override, amount: cents(1), at: onDay(5)},
		{currency: "SEK", minQuantity: 1, amount: cents(2), at: onDay(6)},
		{currency: "EUR", minQuantity: 1, amount: cents(3), at: onDay(10)},
		{currency: "EUR", minQuantity: 1, amount: cents(1000), at: onDay(10)}, // the same instant: 3 never was a price
		{currency: "SEK", minQuantity: 1, amount: cents(4), at: onDay(10)},
		{currency: "EUR", minQuantity: 1, at: onDay(20)}, // withdrawn
		{currency: "EUR", minQuantity: 1, amount: cents(1100), at: onDay(30)},
	}
	for name, try := range map[string]struct {
		w    window
		want *int64
	}{
		"everything":             {window{onDay(-1), onDay(40)}, cents(900)},
		"before anything":        {window{onDay(-30), onDay(0)}, nil},
		"opens with what is":     {window{onDay(7), onDay(9)}, cents(900)},
		"opens at a change":      {window{onDay(10), onDay(19)}, cents(1000)},
		"while nothing is sold":  {window{onDay(21), onDay(29)}, nil},
		"ends before the change": {window{onDay(21), onDay(30)}, nil},
		"ends behind the change": {window{onDay(21), onDay(30).Add(1)}, cents(1100)},
		"after everything":       {window{onDay(50), onDay(80)}, cents(1100)},
	} {
		told(t, name, lowestPrior(history, euro, try.w), try.want)
	}
	told(t, "no history", lowestPrior(nil, euro, windowBefore(onDay(0))), nil)
}

func TestPriceFor(t *testing.T) {
	t.Parallel()
	entry := func(list byte, kind listKind, priority int32, who scope, quantity, amount int64) listPrice {
		return listPrice{list: number(list), kind: kind, priority: priority, scope: who, currency: "EUR", minQuantity: quantity, amount: amount}
	}
	base := []basePrice{{price: money.Of(1000, "EUR"), compareAt: cents(1200)}, {price: money.Of(9000, "SEK")}}
	vip := scope{group: "vip", channel: "app", country: "FR"}
	for name, try := range map[string]struct {
		entries   []listPrice
		who       priceContext
		quantity  int64
		want      money.Money
		compareAt *int64
	}{
		"the base price":                      {nil, euro, 1, money.Of(1000, "EUR"), cents(1200)},
		"another currency":                    {nil, priceContext{currency: "SEK"}, 1, money.Of(9000, "SEK"), nil},
		"a currency there is no price in":     {nil, priceContext{currency: "USD"}, 1, money.Of(1000, "EUR"), cents(1200)},
		"an override replaces":                {[]listPrice{entry(1, override, 0, scope{}, 1, 1100)}, euro, 1, money.Of(1100, "EUR"), nil},
		"the higher priority wins":            {[]listPrice{entry(1, override, 1, scope{}, 1, 1), entry(2, override, 2, scope{}, 1, 1500)}, euro, 1, money.Of(1500, "EUR"), nil},
		"then the lower amount":               {[]listPrice{entry(1, override, 1, scope{}, 1, 900), entry(2, override, 1, scope{}, 1, 800)}, euro, 1, money.Of(800, "EUR"), nil},
		"a sale that is lower":                {[]listPrice{entry(1, sale, 0, scope{}, 1, 900)}, euro, 1, money.Of(900, "EUR"), cents(1200)},
		"a sale that is not":                  {[]listPrice{entry(1, sale, 9, scope{}, 1, 1000)}, euro, 1, money.Of(1000, "EUR"), cents(1200)},
		"the lower of two sales":              {[]listPrice{entry(1, sale, 9, scope{}, 1, 900), entry(2, sale, 0, scope{}, 1, 800)}, euro, 1, money.Of(800, "EUR"), cents(1200)},
		"a sale below an override":            {[]listPrice{entry(1, override, 0, scope{}, 1, 700), entry(2, sale, 0, scope{}, 1, 600)}, euro, 1, money.Of(600, "EUR"), cents(700)},
		"a sale above an override":            {[]listPrice{entry(1, override, 0, scope{}, 1, 700), entry(2, sale, 0, scope{}, 1, 800)}, euro, 1, money.Of(700, "EUR"), nil},
		"below the smallest quantity":         {[]listPrice{entry(1, override, 0, scope{}, 5, 700)}, euro, 4, money.Of(1000, "EUR"), cents(1200)},
		"at a quantity":                       {[]listPrice{entry(1, override, 0, scope{}, 5, 700), entry(1, override, 0, scope{}, 10, 600)}, euro, 9, money.Of(700, "EUR"), nil},
		"at the next":                         {[]listPrice{entry(1, override, 0, scope{}, 5, 700), entry(1, override, 0, scope{}, 10, 600)}, euro, 10, money.Of(600, "EUR"), nil},
		"a quantity no int is larger than":    {[]listPrice{entry(1, override, 0, scope{}, 5, 700)}, euro, 1<<63 - 1, money.Of(700, "EUR"), nil},
		"a scope that matches in all":         {[]listPrice{entry(1, override, 0, vip, 1, 5)}, priceContext{currency: "EUR", scope: vip}, 1, money.Of(5, "EUR"), nil},
		"one that matches in part":            {[]listPrice{entry(1, override, 0, vip, 1, 5)}, priceContext{currency: "EUR", scope: scope{group: "vip", country: "FR"}}, 1, money.Of(1000, "EUR"), cents(1200)},
		"one dimension":                       {[]listPrice{entry(1, override, 0, scope{channel: "app"}, 1, 5)}, priceContext{currency: "EUR", scope: vip}, 1, money.Of(5, "EUR"), nil},
		"nobody in particular is in no group": {[]listPrice{entry(1, override, 0, scope{group: "vip"}, 1, 5)}, euro, 1, money.Of(1000, "EUR"), cents(1200)},
		"the largest amount":                  {[]listPrice{entry(1, override, 0, scope{}, 1, maxPrice)}, euro, 1, money.Of(maxPrice, "EUR"), nil},
		"nothing":                             {[]listPrice{entry(1, sale, 0, scope{}, 1, 0)}, euro, 1, money.Of(0, "EUR"), cents(1200)},
	} {
		q, ok := priceFor(priced{base, try.entries}, try.who, try.quantity)
		if !ok || q.price != try.want {
			t.Errorf("%s: got %v (%v), want %v", name, q.price, ok, try.want)
		}
		told(t, name+": what it is compared to", q.compareAt, try.compareAt)
	}
	for compareAt, want := range map[int64]*int64{999: nil, 1000: nil, 1001: cents(1001)} {
		q, _ := priceFor(priced{bases: []basePrice{{price: money.Of(1000, "EUR"), compareAt: &compareAt}}}, euro, 1)
		told(t, "something to strike through that is not higher", q.compareAt, want)
	}
	two := priced{base, []listPrice{entry(1, sale, 0, scope{}, 1, 900), entry(2, sale, 0, scope{}, 1, 900)}}
	if q, _ := priceFor(two, euro, 1); q.list != number(1) {
		t.Errorf("of equal sales got %v", q.list)
	}
	if _, ok := priceFor(priced{}, euro, 1); ok {
		t.Error("a variant without prices has one")
	}
}

func TestTiers(t *testing.T) {
	t.Parallel()
	p := priced{bases: []basePrice{{price: money.Of(1000, "EUR")}}}
	if got := tiers(p, euro); got != nil {
		t.Errorf("got %v", got)
	}
	for _, e := range []listPrice{
		{list: number(1), kind: sale, currency: "EUR", minQuantity: 10, amount: 900},
		{list: number(1), kind: sale, currency: "EUR", minQuantity: 20, amount: 900}, // says nothing new
		{list: number(2), kind: sale, currency: "EUR", minQuantity: 50, amount: 800},
		{list: number(3), kind: sale, currency: "EUR", minQuantity: 60, amount: 1, scope: scope{group: "vip"}},
		{list: number(4), kind: sale, currency: "SEK", minQuantity: 70, amount: 1},
	} {
		p = p.with(e, &e.amount)
	}
	got := tiers(p, euro)
	want := []priceTier{{1, money.Of(1000, "EUR")}, {10, money.Of(900, "EUR")}, {50, money.Of(800, "EUR")}}
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("tier %d is %v, want %v", i, got[i], want[i])
		}
	}
}

// A process whose clock is behind does not undo what another has noticed already.
func TestClocksDiffer(t *testing.T) {
	t.Parallel()
	begins, ends := onDay(10), onDay(20)
	l := priceList{status: listActive, startsAt: &begins, endsAt: &ends, dueAt: &begins}
	for name, try := range map[string]struct {
		due  *time.Time
		at   time.Time
		want bool
	}{
		"before": {&begins, onDay(9), false}, "begun, not noticed": {&begins, onDay(10), true}, "begun, noticed by another": {&ends, onDay(9), true},
		"running": {&ends, onDay(15), true}, "over, not noticed": {&ends, onDay(20), false}, "over, noticed by another": {nil, onDay(19), false},
	} {
		l.dueAt = try.due
		if l.inForce(try.at) != try.want {
			t.Errorf("%s: in force %v", name, !try.want)
		}
	}
}
