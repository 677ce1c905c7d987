package catalog

import (
	"testing"

	"github.com/sovecom/sovecom/kit/money"
)

func inGroups(groups ...string) priceContext {
	c, _ := contextFromProto("EUR", "", "", groups) // nothing in it can be wrong
	return c
}

func TestSeveralGroups(t *testing.T) {
	t.Parallel()
	entry := func(list byte, kind listKind, group string, quantity, amount int64, prior *int64) listPrice {
		return listPrice{list: number(list), kind: kind, scope: scope{group: group}, currency: "EUR", minQuantity: quantity, amount: amount, prior: prior}
	}
	base := []basePrice{{price: money.Of(1000, "EUR")}}
	entries := []listPrice{
		entry(1, override, "a", 1, 900, nil), entry(1, override, "a", 10, 500, nil),
		entry(2, override, "b", 1, 800, nil),
		entry(3, override, "c", 1, 1300, nil),
		entry(4, sale, "", 1, 850, cents(1000)),
	}
	for name, try := range map[string]struct {
		who         priceContext
		quantity    int64
		want        int64
		list        byte
		prior, from *int64
	}{
		"everybody":                          {inGroups(), 1, 850, 4, cents(1000), cents(1000)},
		"a group":                            {inGroups("b"), 1, 800, 2, nil, nil},
		"a group and the sale":               {inGroups("a"), 1, 850, 4, cents(900), cents(900)},
		"the lowest of two":                  {inGroups("a", "b"), 1, 800, 2, nil, nil},
		"in any order, named twice":          {inGroups("b", "a", "b"), 1, 800, 2, nil, nil},
		"the lowest at a quantity":           {inGroups("a", "b"), 10, 500, 1, nil, nil},
		"a dearer group takes nothing away":  {inGroups("b", "c"), 1, 800, 2, nil, nil},
		"a dearer group alone":               {inGroups("c"), 1, 850, 4, cents(1000), cents(1300)},
		"a group that no list is for":        {inGroups("x"), 1, 850, 4, cents(1000), cents(1000)},
		"one of many that no list is for":    {inGroups("x", "y", "z", "b"), 1, 800, 2, nil, nil},
		"of another channel, though, nobody": {priceContext{currency: "EUR", scope: scope{channel: "app"}}, 1, 850, 4, cents(1000), cents(1000)},
	} {
		q, ok := priceFor(priced{base, entries}, try.who, try.quantity)
		if !ok || q.price != money.Of(try.want, "EUR") || q.list != number(try.list) {
			t.Errorf("%s: got %v of list %v, want %d of %v", name, q.price, q.list, try.want, number(try.list))
		}
		told(t, name+": its prior price", q.prior, try.prior)
		told(t, name+": what it is compared to", q.compareAt, try.from)
	}
	got := tiers(priced{base, entries}, inGroups("a", "b"))
	if len(got) != 2 || got[0] != (priceTier{1, money.Of(800, "EUR")}) || got[1] != (priceTier{10, money.Of(500, "EUR")}) {
		t.Errorf("tiers of two groups are %v", got)
	}
	// A group with a price in the currency asked for is not outdone by one that would pay in another.
	crowns := []listPrice{{list: number(1), kind: override, scope: scope{group: "b"}, currency: "SEK", minQuantity: 1, amount: 9000}}
	who := inGroups("a", "b")
	who.currency = "SEK"
	if q, _ := priceFor(priced{base, crowns}, who, 1); q.price != money.Of(9000, "SEK") {
		t.Errorf("in crowns it costs %v", q.price)
	}
}

// What a group is told a price was before is measured by what the group itself paid (Directive 98/6/EC, Art. 6a).
func TestPriorPricesOfGroups(t *testing.T) {
	t.Parallel()
	trade, public := inGroups("trade"), inGroups()
	s, over := &storyteller{t: t}, onDay(60)
	s.base(onDay(0), "EUR", 1000, 0)
	s.list(priceList{id: number(1), kind: override, scope: scope{group: "trade"}, changedAt: onDay(10), endsAt: &over}, "EUR", 700)
	s.pays("the group, first", onDay(10), trade, 700, cents(1000))
	s.pays("everybody", onDay(10), public, 1000, nil)
	s.list(priceList{id: number(2), kind: sale, scope: scope{group: "trade"}, changedAt: onDay(70)}, "EUR", 900)
	s.list(priceList{id: number(3), kind: sale, changedAt: onDay(70)}, "EUR", 950)
	s.pays("the group's sale", onDay(70), trade, 900, cents(700))
	s.pays("everybody's", onDay(70), public, 950, cents(1000))
}
