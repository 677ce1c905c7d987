package money_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/sovecom/sovecom/kit/money"
)

func TestArithmeticNeverWraps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		check := func(name string, got money.Money, err error, want *big.Int) {
			if want.IsInt64() != (err == nil) || (err == nil && got.Amount != want.Int64()) {
				// Times may refuse the one amount whose magnitude does not fit.
				if name == "times" && want.IsInt64() && want.Int64() == math.MinInt64 {
					return
				}
				t.Fatalf("%s(%d, %d) = %d, %v; want %s", name, a, b, got.Amount, err, want)
			}
		}
		sum, err := money.Of(a, "EUR").Add(money.Of(b, "EUR"))
		check("add", sum, err, new(big.Int).Add(big.NewInt(a), big.NewInt(b)))
		if b >= 0 {
			product, err := money.Of(a, "EUR").Times(b)
			check("times", product, err, new(big.Int).Mul(big.NewInt(a), big.NewInt(b)))
		}
	})
	if _, err := money.Of(1, "EUR").Add(money.Of(1, "USD")); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("adding dollars to euros: %v", err)
	}
}

func TestTax(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rate          string
		gross, inside int64
		net, on       int64
	}{
		{"0.2000", 12000, 2000, 10000, 2000},
		{"0.2", 1, 0, 1, 0},
		{"0.2", 3, 0, 3, 1},
		{"0.19", 9999, 1596, 8403, 1597},
		{"0.255", 10000, 2032, 7968, 2032},
		{"0", 500, 0, 500, 0},
	} {
		r, err := money.ParseRate(c.rate)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Included(money.Of(c.gross, "EUR")).Amount; got != c.inside {
			t.Errorf("%s in %d = %d, want %d", c.rate, c.gross, got, c.inside)
		}
		if got := r.On(money.Of(c.net, "EUR")).Amount; got != c.on {
			t.Errorf("%s on %d = %d, want %d", c.rate, c.net, got, c.on)
		}
	}
	for _, bad := range []string{"", "1", "0.", "0.12345", "-0.1", "0.2e1", "20", ".2"} {
		if _, err := money.ParseRate(bad); err == nil {
			t.Errorf("%q was read as a rate", bad)
		}
	}
}

func TestApportionAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(0, 1<<40).Draw(t, "total")
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1<<40), 1, 20).Draw(t, "weights")
		var sum, weight int64
		for i, p := range money.Apportion(total, weights) {
			if p < 0 {
				t.Fatalf("part %d is %d", i, p)
			}
			sum += p
			weight += weights[i]
		}
		if sum != total {
			t.Fatalf("parts add up to %d of %d", sum, total)
		}
	})
}
