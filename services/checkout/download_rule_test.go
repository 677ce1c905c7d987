package checkout

import (
	"errors"
	"testing"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

// When a file can be had: in which order, how often, and until when.
func TestWhenAFileCanBeDownloaded(t *testing.T) {
	t.Parallel()
	days, limit, tomorrow := int32(2), int32(3), noon.AddDate(0, 0, 1)
	pay := func(o *Order) error { return o.pay(Payment{Amount: 100, At: tomorrow}) }
	back := func(amount int64) func(o *Order) error {
		return func(o *Order) error { return o.refund(Refund{Amount: amount, At: tomorrow}) }
	}
	ship := func(o *Order) error { _, err := o.fulfil(Fulfilment{At: tomorrow}); return err }
	cancel := func(o *Order) error { return o.cancel(nil, id.ID{}, tomorrow) }
	all := []func(o *Order) error{pay}
	last := tomorrow.AddDate(0, 0, 2)
	for name, c := range map[string]struct {
		deeds []func(o *Order) error
		used  int64
		at    time.Time
		want  error
	}{
		"unpaid":               {nil, 0, noon, ErrFileUnpaid},
		"paid in part":         {[]func(o *Order) error{func(o *Order) error { return o.pay(Payment{Amount: 99, At: noon}) }}, 0, noon, ErrFileUnpaid},
		"paid":                 {all, 0, tomorrow, nil},
		"handed over":          {append(all, ship), 0, tomorrow, nil},
		"paid back in part":    {append(all, back(99)), 0, tomorrow, nil},
		"paid back":            {append(all, back(100)), 0, tomorrow, ErrFileRefunded},
		"cancelled":            {append(all, cancel), 0, tomorrow, ErrFileCancelled},
		"cancelled and unpaid": {[]func(o *Order) error{cancel}, 0, noon, ErrFileCancelled},
		"once more":            {all, 5, tomorrow, nil},
		"as often as agreed":   {all, 6, tomorrow, ErrFileUsedUp},
		"in the last moment":   {all, 0, last.Add(-time.Millisecond), nil},
		"too late":             {all, 0, last, ErrFileExpired},
	} {
		o := sample()
		o.Items[0].VariantID = id.New()
		for _, deed := range c.deeds {
			if err := deed(o); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		d := o.downloads([]soldFile{{id: id.New(), variant: o.Items[0].VariantID, media: id.New(), limit: &limit, expiresAfter: &days}})
		if len(d) != 1 || d[0].item != o.Items[0].ID {
			t.Fatalf("%s: got %+v", name, d)
		}
		if err := d[0].grant(o, c.used, c.at); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// The limit of a file counts for every unit, in lines of their own and in bundles, and for nothing that was not bought.
func TestLimitsOfWhatWasBought(t *testing.T) {
	t.Parallel()
	alone, part, other := id.New(), id.New(), id.New()
	o := sample()
	o.Items[0].VariantID = alone
	o.Items[1].VariantID, o.Items[1].Quantity = id.New(), 2
	o.Items[1].Components = []Component{{VariantID: part, Quantity: 3}, {VariantID: alone, Quantity: 1}}
	limit := int32(2)
	got := o.downloads([]soldFile{
		{id: id.New(), variant: alone, limit: &limit}, {id: id.New(), variant: part, limit: &limit}, {id: id.New(), variant: part}, {id: id.New(), variant: other},
	})
	if len(got) != 3 || *got[0].limit != 8 || *got[1].limit != 12 || got[2].limit != nil {
		t.Fatalf("got %+v", got)
	}
	if got[0].item != o.Items[0].ID || got[1].item != o.Items[1].ID {
		t.Error("a file belongs to the first line it came with")
	}
	if left := got[0].remaining(9); *left != 0 {
		t.Errorf("%d are left of a limit that was lowered", *left)
	}
	if got[2].remaining(9) != nil {
		t.Error("without a limit nothing is counted down")
	}
}
