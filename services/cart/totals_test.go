package cart

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
)

// TestTotalsAddUp checks the arithmetic against exact numbers, up to the edge of int64.
func TestTotalsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		shop := Shop{
			Currency: "EUR", TaxCountry: "FR", TaxRate: money.Rate(rapid.Int64Range(0, 9999).Draw(t, "rate")),
			TaxIncluded: rapid.Bool().Draw(t, "included"),
			Rates:       []FlatRate{{ID: "r", Amount: money.Of(rapid.Int64Range(0, 1e12).Draw(t, "shipping"), "EUR")}},
		}
		c := Cart{Market: Market{Currency: "EUR"}}
		if rapid.Bool().Draw(t, "ships") {
			c.ShippingAddress, c.ShippingRateID = &Address{Country: "FR"}, "r"
		}
		highest := rapid.SampledFrom([]int64{1000, 1e9, math.MaxInt64 / 10_000, math.MaxInt64}).Draw(t, "highest")
		exact := new(big.Int)
		for range rapid.IntRange(0, 5).Draw(t, "lines") {
			l := Line{ID: id.New(), Quantity: rapid.Int64Range(1, maxQuantity).Draw(t, "quantity"), Offer: Offer{
				VariantID: id.New(), UnitPrice: rapid.Int64Range(0, highest).Draw(t, "price"),
			}}
			exact.Add(exact, new(big.Int).Mul(big.NewInt(l.Quantity), big.NewInt(l.Offer.UnitPrice)))
			c.Lines = append(c.Lines, l)
		}
		p, err := price(c, shop)
		taxable := new(big.Int).Add(exact, big.NewInt(p.Shipping))
		if err != nil {
			// Refused only when it does not fit. What is on top of prices at least doubles nothing: the rate is below 1.
			worst := new(big.Int).Mul(new(big.Int).Add(exact, big.NewInt(1e12)), big.NewInt(2))
			if !errors.Is(err, ErrAmountTooLarge) || worst.IsInt64() {
				t.Fatalf("%v for %v", err, exact)
			}
			return
		}
		if !exact.IsInt64() || p.Subtotal != exact.Int64() {
			t.Fatalf("subtotal %d, want %v", p.Subtotal, exact)
		}
		total := p.Subtotal - p.Discount + p.Shipping
		if !p.TaxInclusive {
			total += p.Tax
		}
		var lines int64
		for _, l := range p.TaxLines {
			lines += l.Amount
		}
		if p.Total != total || lines != p.Tax || p.Tax < 0 || p.Total < 0 || p.TaxInclusive != shop.TaxIncluded || p.Discount != 0 {
			t.Fatalf("does not add up: %+v", p)
		}
		// The tax is within half a unit of rate × net: |tax·(10000 [+ rate]) − taxable·rate| ≤ (10000 [+ rate]) / 2.
		base := big.NewInt(10_000)
		if p.TaxInclusive {
			base.Add(base, big.NewInt(int64(shop.TaxRate)))
		}
		off := new(big.Int).Mul(big.NewInt(p.Tax), base)
		off.Sub(off, new(big.Int).Mul(taxable, big.NewInt(int64(shop.TaxRate)))).Abs(off)
		if off.Mul(off, big.NewInt(2)).Cmp(base) > 0 {
			t.Fatalf("tax %d on %v at %s, inclusive %v", p.Tax, taxable, shop.TaxRate, p.TaxInclusive)
		}
	})
}

func TestTotalsByHand(t *testing.T) {
	t.Parallel()
	c := Cart{Market: Market{Currency: "EUR"}, ShippingAddress: &Address{Country: "DE"}, ShippingRateID: "r", Lines: []Line{{Quantity: 2, Offer: Offer{UnitPrice: 4900}}}}
	shop := Shop{Currency: "EUR", TaxRate: 2000, TaxIncluded: true, TaxCountry: "FR", Rates: []FlatRate{{ID: "r", Amount: money.Of(490, "EUR")}}}
	p, err := price(c, shop)
	// 10 290 / 1.2 = 8 575
	if err != nil || p.Subtotal != 9800 || p.Shipping != 490 || p.Total != 10290 || p.Tax != 1715 ||
		p.TaxLines[0] != (TaxLine{Rate: "0.2000", Treatment: "standard", Country: "FR", Amount: 1715}) {
		t.Errorf("%+v, %v", p, err)
	}
	shop.TaxIncluded = false
	if p, err = price(c, shop); err != nil || p.Tax != 2058 || p.Total != 12348 {
		t.Errorf("%+v, %v", p, err)
	}
	shop.TaxRate = 0
	if p, err = price(c, shop); err != nil || p.Tax != 0 || p.Total != 10290 || p.TaxLines[0].Treatment != "zero" {
		t.Errorf("%+v, %v", p, err)
	}
	shop.TaxRate, c.Lines[0].Offer.UnitPrice = 9999, math.MaxInt64/2
	if _, err = price(c, shop); !errors.Is(err, ErrAmountTooLarge) {
		t.Errorf("%v", err)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"FR", "DE", "GR", "GB", "US", "CI"} {
		if !isCountry(code) {
			t.Errorf("%s is no country", code)
		}
	}
	for _, code := range []string{"", "XX", "SU", "EU", "UK", "FRA", "fr", " F", "R ", "  "} {
		if isCountry(code) {
			t.Errorf("%q is a country", code)
		}
	}
	for in, want := range map[string]string{
		" Ada@Example.COM ": "ada@example.com", "a+b@bücher.example": "a+b@bücher.example", "o'hara@example.co.uk": "o'hara@example.co.uk",
		"": "", "ada": "", "ada@": "", "@example.com": "", "ada example.com": "", "Ada <ada@example.com>": "", "a@b\nc@example.com": "",
		"a@b@example.com": "", "a\x00@example.com": "", "a@example..com": "", ".a@example.com": "", "a@-example.com": "", "a b@example.com": "",
	} {
		got, err := parseEmail(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q becomes %q, %v", in, got, err)
		}
	}
}
