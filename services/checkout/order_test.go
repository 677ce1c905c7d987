package checkout

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// sample is an order of two lines of 2 and 1 units for 100.
func sample() *Order {
	due := noon.Add(time.Hour)
	o := &Order{ID: id.New(), Status: Placing, Currency: "EUR", Total: 100, PaymentDueAt: &due, Items: []Item{{ID: id.New(), Quantity: 2}, {ID: id.New(), Quantity: 1}}}
	o.place("1001", noon)
	return o
}

// What may be done to an order, in words: the deeds in turn, the last of which may be refused, and where it then stands.
func TestWhatMayBeDone(t *testing.T) {
	t.Parallel()
	reason := "Because."
	deeds := map[string]func(o *Order) error{
		"pay 40":   func(o *Order) error { return o.pay(Payment{Amount: 40, At: noon}) },
		"pay 60":   func(o *Order) error { return o.pay(Payment{Amount: 60, At: noon}) },
		"pay 61":   func(o *Order) error { return o.pay(Payment{Amount: 61, At: noon}) },
		"pay 100":  func(o *Order) error { return o.pay(Payment{Amount: 100, At: noon}) },
		"pay 0":    func(o *Order) error { return o.pay(Payment{Amount: 0, At: noon}) },
		"pay -1":   func(o *Order) error { return o.pay(Payment{Amount: -1, At: noon}) },
		"ship all": func(o *Order) error { _, err := o.fulfil(Fulfilment{At: noon}); return err },
		"ship one": func(o *Order) error {
			_, err := o.fulfil(Fulfilment{Items: []Parcel{{o.Items[0].ID, 1}}, At: noon})
			return err
		},
		"ship 1+2": func(o *Order) error {
			_, err := o.fulfil(Fulfilment{Items: []Parcel{{o.Items[0].ID, 1}, {o.Items[0].ID, 2}}, At: noon})
			return err
		},
		"ship none": func(o *Order) error {
			_, err := o.fulfil(Fulfilment{Items: []Parcel{{id.New(), 1}}, At: noon})
			return err
		},
		"cancel":    func(o *Order) error { return o.cancel(&reason, id.ID{}, noon) },
		"refund 30": func(o *Order) error { return o.refund(Refund{Amount: 30, At: noon}) },
		"refund 70": func(o *Order) error { return o.refund(Refund{Amount: 70, At: noon}) },
		"refund 71": func(o *Order) error { return o.refund(Refund{Amount: 71, At: noon}) },
		"refund 40": func(o *Order) error { return o.refund(Refund{Amount: 40, At: noon}) },
		"refund 0":  func(o *Order) error { return o.refund(Refund{Amount: 0, At: noon}) },
		"refund":    func(o *Order) error { return o.refund(Refund{Amount: 100, At: noon}) },
	}
	for _, c := range []struct {
		deeds   []string
		err     error
		status  Status
		payment PaymentStatus
	}{
		{nil, nil, PendingPayment, PaymentPending},
		{[]string{"pay 0"}, ErrAmountInvalid, PendingPayment, PaymentPending},
		{[]string{"pay -1"}, ErrAmountInvalid, PendingPayment, PaymentPending},
		{[]string{"pay 40"}, nil, PendingPayment, PaymentPartiallyPaid},
		{[]string{"pay 40", "pay 61"}, ErrOverpaid, PendingPayment, PaymentPartiallyPaid},
		{[]string{"pay 40", "pay 60"}, nil, Paid, PaymentPaid},
		{[]string{"pay 100", "pay 40"}, ErrNotPayable, Paid, PaymentPaid},
		{[]string{"ship all"}, ErrNotFulfillable, PendingPayment, PaymentPending},
		{[]string{"pay 40", "ship all"}, ErrNotFulfillable, PendingPayment, PaymentPartiallyPaid},
		{[]string{"pay 100", "ship none"}, ErrItemNotFound, Paid, PaymentPaid},
		{[]string{"pay 100", "ship 1+2"}, ErrQuantityTooLarge, Paid, PaymentPaid},
		{[]string{"pay 100", "ship one"}, nil, PartiallyFulfilled, PaymentPaid},
		{[]string{"pay 100", "ship one", "ship one"}, nil, PartiallyFulfilled, PaymentPaid},
		{[]string{"pay 100", "ship one", "ship one", "ship one"}, ErrQuantityTooLarge, PartiallyFulfilled, PaymentPaid},
		{[]string{"pay 100", "ship one", "ship all"}, nil, Fulfilled, PaymentPaid},
		{[]string{"pay 100", "ship all", "ship all"}, ErrNotFulfillable, Fulfilled, PaymentPaid},
		{[]string{"cancel"}, nil, Cancelled, PaymentCancelled},
		{[]string{"cancel", "cancel"}, ErrNotCancellable, Cancelled, PaymentCancelled},
		{[]string{"cancel", "pay 100"}, ErrNotPayable, Cancelled, PaymentCancelled},
		{[]string{"cancel", "ship all"}, ErrNotFulfillable, Cancelled, PaymentCancelled},
		{[]string{"cancel", "refund 30"}, ErrNotRefundable, Cancelled, PaymentCancelled},
		{[]string{"pay 100", "ship one", "cancel"}, ErrNotCancellable, PartiallyFulfilled, PaymentPaid},
		{[]string{"pay 100", "ship all", "cancel"}, ErrNotCancellable, Fulfilled, PaymentPaid},
		{[]string{"pay 100", "ship one", "refund 30", "cancel"}, ErrNotCancellable, PartiallyRefunded, PaymentPartiallyRefunded},
		// Money in a cancelled order is not stuck.
		{[]string{"pay 100", "cancel"}, nil, Cancelled, PaymentPaid},
		{[]string{"pay 100", "cancel", "refund 30"}, nil, Cancelled, PaymentPartiallyRefunded},
		{[]string{"pay 100", "cancel", "refund 30", "refund 70"}, nil, Cancelled, PaymentRefunded},
		{[]string{"pay 100", "refund 30", "cancel"}, nil, Cancelled, PaymentPartiallyRefunded},
		{[]string{"pay 40", "refund 30"}, ErrNotRefundable, PendingPayment, PaymentPartiallyPaid},
		{[]string{"pay 40", "cancel"}, nil, Cancelled, PaymentPartiallyPaid},
		{[]string{"pay 40", "cancel", "refund 71"}, ErrRefundTooLarge, Cancelled, PaymentPartiallyPaid},
		{[]string{"pay 40", "cancel", "refund 40"}, nil, Cancelled, PaymentRefunded},
		{[]string{"refund 30"}, ErrNotRefundable, PendingPayment, PaymentPending},
		{[]string{"pay 100", "refund 0"}, ErrAmountInvalid, Paid, PaymentPaid},
		{[]string{"pay 100", "refund"}, nil, Refunded, PaymentRefunded},
		{[]string{"pay 100", "refund 30"}, nil, PartiallyRefunded, PaymentPartiallyRefunded},
		{[]string{"pay 100", "refund 30", "refund 71"}, ErrRefundTooLarge, PartiallyRefunded, PaymentPartiallyRefunded},
		{[]string{"pay 100", "refund 30", "refund 70"}, nil, Refunded, PaymentRefunded},
		{[]string{"pay 100", "ship all", "refund 30"}, nil, PartiallyRefunded, PaymentPartiallyRefunded},
		{[]string{"pay 100", "ship all", "refund 30", "ship all"}, ErrNotFulfillable, PartiallyRefunded, PaymentPartiallyRefunded},
		// Something given back out of goodwill does not stop the parcel.
		{[]string{"pay 100", "refund 30", "ship one"}, nil, PartiallyFulfilled, PaymentPartiallyRefunded},
		{[]string{"pay 100", "refund 30", "ship all"}, nil, Fulfilled, PaymentPartiallyRefunded},
		{[]string{"pay 100", "refund", "ship all"}, ErrNotFulfillable, Refunded, PaymentRefunded},
		{[]string{"pay 100", "refund", "cancel"}, ErrNotCancellable, Refunded, PaymentRefunded},
	} {
		o := sample()
		for i, name := range c.deeds {
			deed := deeds[name]
			if deed == nil {
				t.Fatalf("what is %q?", name)
			}
			before := o.Version
			err := deed(o)
			if i < len(c.deeds)-1 && err != nil {
				t.Fatalf("%v: %s: %v", c.deeds, name, err)
			}
			if i == len(c.deeds)-1 && !errors.Is(err, c.err) {
				t.Errorf("%v: got %v, want %v", c.deeds, err, c.err)
			}
			if err == nil && o.Version != before+1 || err != nil && o.Version != before {
				t.Errorf("%v: %s (%v): version went from %d to %d", c.deeds, name, err, before, o.Version)
			}
		}
		if o.Status != c.status || o.PaymentStatus() != c.payment {
			t.Errorf("%v: it is %s and %s, want %s and %s", c.deeds, o.Status, o.PaymentStatus(), c.status, c.payment)
		}
		if last := o.History[len(o.History)-1]; last.To != o.Status || o.History[0].From != "" {
			t.Errorf("%v: history %v", c.deeds, o.History)
		}
	}
}

func TestOverdue(t *testing.T) {
	t.Parallel()
	o := sample()
	if o.overdue(noon.Add(time.Hour-1)) || !o.overdue(noon.Add(time.Hour)) {
		t.Error("the hour is not kept")
	}
	if err := o.pay(Payment{Amount: 1, At: noon}); err != nil {
		t.Fatal(err)
	}
	if o.overdue(noon.Add(time.Hour)) {
		t.Error("an order with money in it is cancelled by a clock")
	}
}

// Whatever is done in whatever turn: money and units stay within their bounds, and the version counts what was done.
func TestAnyDeeds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := sample()
		for range rapid.IntRange(1, 20).Draw(t, "deeds") {
			before := o.Version
			var err error
			amount := rapid.Int64Range(-5, 110).Draw(t, "amount")
			switch rapid.IntRange(0, 3).Draw(t, "deed") {
			case 0:
				err = o.pay(Payment{Amount: amount})
			case 1:
				err = o.refund(Refund{Amount: amount})
			case 2:
				_, err = o.fulfil(Fulfilment{Items: []Parcel{{o.Items[rapid.IntRange(0, 1).Draw(t, "line")].ID, rapid.Int64Range(1, 3).Draw(t, "units")}}})
			case 3:
				if rapid.IntRange(0, 5).Draw(t, "really") == 0 {
					err = o.cancel(nil, id.ID{}, noon)
				}
			}
			if err != nil && o.Version != before {
				t.Fatalf("a refused deed counts: %v", err)
			}
			paid := int64(0)
			for _, p := range o.Payments {
				paid += p.Amount
			}
			if o.Paid != paid || o.Paid < 0 || o.Paid > o.Total || o.Refunded < 0 || o.Refunded > o.Paid {
				t.Fatalf("%d of %d came in (%d booked), %d went back", o.Paid, o.Total, paid, o.Refunded)
			}
			for _, item := range o.Items {
				if item.Fulfilled < 0 || item.Fulfilled > item.Quantity {
					t.Fatalf("%d of %d units handed over", item.Fulfilled, item.Quantity)
				}
			}
			if o.Status == Fulfilled && slices.ContainsFunc(o.Items, func(item Item) bool { return item.Fulfilled < item.Quantity }) {
				t.Fatal("fulfilled in part")
			}
		}
	})
}

func TestTaxOfTheLines(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := &Order{Currency: "EUR", TaxInclusive: rapid.Bool().Draw(t, "inclusive"), Shipping: rapid.Int64Range(0, 5000).Draw(t, "shipping")}
		rate := money.Rate(rapid.SampledFrom([]int64{0, 210, 550, 2000, 2700}).Draw(t, "rate"))
		for range rapid.IntRange(1, 8).Draw(t, "lines") {
			total := rapid.Int64Range(0, 1_000_000).Draw(t, "total")
			o.Items = append(o.Items, Item{Total: total})
			o.Subtotal += total
		}
		o.Discount = rapid.Int64Range(0, o.Subtotal).Draw(t, "discount")
		taxable := money.Of(o.Subtotal-o.Discount+o.Shipping, "EUR")
		shipping := rate.On(money.Of(o.Shipping, "EUR")).Amount
		o.Tax = rate.On(taxable).Amount
		if o.TaxInclusive {
			o.Tax, shipping = rate.Included(taxable).Amount, rate.Included(money.Of(o.Shipping, "EUR")).Amount
		}
		o.shareTax(rate)
		sum := int64(0)
		for _, item := range o.Items {
			sum += item.Tax
			if item.Tax < 0 || item.Tax > item.Total+1 || (item.TaxRate != 0 && item.TaxRate != int64(rate)) {
				t.Fatalf("line %+v", item)
			}
		}
		if o.Discount < o.Subtotal && sum != max(o.Tax-shipping, 0) {
			t.Fatalf("the lines bear %d, the shipping %d, the order %d", sum, shipping, o.Tax)
		}
	})
}
