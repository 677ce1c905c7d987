package measure_test

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sovecom/sovecom/kit/measure"
	"github.com/sovecom/sovecom/kit/money"
)

func TestUnitPrice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		quantity, unit string
		base           int64
		baseUnit       string
		price, want    int64
	}{
		{"250", "g", 1, "kg", 499, 1996},
		{"250", "g", 100, "g", 499, 200},        // 199.6
		{"0.75", "l", 1, "l", 899, 1199},        // 1198.67
		{"75", "cl", 1, "l", 899, 1199},         // the same bottle
		{"750", "ml", 1, "l", 899, 1199},        // and again
		{"1.5", "kg", 1, "kg", 1, 1},            // 0.67 goes up
		{"3", "kg", 1, "kg", 1, 0},              // 0.33 goes down
		{"2", "kg", 1, "kg", 1, 1},              // exactly half goes up
		{"2", "kg", 1, "kg", 3, 2},              // 1.5
		{"12", "piece", 1, "piece", 600, 50},    // a dozen eggs
		{"2.4", "m2", 1, "m2", 11976, 4990},     // a carpet
		{"0.000001", "l", 1, "l", 7, 7_000_000}, // perfume by the drop
		{"1", "m3", 1, "m3", 0, 0},
		{"1", "g", 1, "kg", 1_000_000_000_000, 1_000_000_000_000_000},
		{"10", "m", 100, "m", 5, 50},
	} {
		m, err := measure.New(c.quantity, c.unit, c.base, c.baseUnit)
		if err != nil {
			t.Errorf("%s %s per %d %s: %v", c.quantity, c.unit, c.base, c.baseUnit, err)
			continue
		}
		got, ok := m.UnitPrice(money.Of(c.price, "EUR"))
		if !ok || got != money.Of(c.want, "EUR") {
			t.Errorf("%s %s at %d is %v per %d %s, want %d", c.quantity, c.unit, c.price, got, c.base, c.baseUnit, c.want)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		quantity, unit string
		base           int64
		baseUnit       string
		want           error
	}{
		{"0", "g", 1, "kg", measure.ErrQuantity},
		{"0.0000000", "g", 1, "kg", measure.ErrQuantity},
		{"-1", "g", 1, "kg", measure.ErrQuantity},
		{"+1", "g", 1, "kg", measure.ErrQuantity},
		{"1e3", "g", 1, "kg", measure.ErrQuantity},
		{"1,5", "g", 1, "kg", measure.ErrQuantity},
		{".5", "g", 1, "kg", measure.ErrQuantity},
		{"5.", "g", 1, "kg", measure.ErrQuantity},
		{"", "g", 1, "kg", measure.ErrQuantity},
		{" 1", "g", 1, "kg", measure.ErrQuantity},
		{"٣", "g", 1, "kg", measure.ErrQuantity},
		{"1000000000", "g", 1, "kg", measure.ErrQuantity},
		{"0.0000001", "g", 1, "g", measure.ErrQuantity},
		{strings.Repeat("9", 10_000), "g", 1, "kg", measure.ErrQuantity},
		{"1", "oz", 1, "kg", measure.ErrUnit},
		{"1", "g", 1, "", measure.ErrUnit},
		{"1", "G", 1, "kg", measure.ErrUnit},
		{"1", "g", 0, "kg", measure.ErrBase},
		{"1", "g", -1, "kg", measure.ErrBase},
		{"1", "g", 1001, "kg", measure.ErrBase},
		{"1", "g", 1, "l", measure.ErrDimension},
		{"1", "l", 1, "m3", measure.ErrDimension},
		{"0.000001", "g", 1, "kg", measure.ErrRatio},
	} {
		if _, err := measure.New(c.quantity, c.unit, c.base, c.baseUnit); !errors.Is(err, c.want) {
			t.Errorf("%.20q %s per %d %s: got %v, want %v", c.quantity, c.unit, c.base, c.baseUnit, err, c.want)
		}
	}
	if m, err := measure.New("0250.500", "g", 1, "kg"); err != nil || m.Quantity != "250.5" {
		t.Errorf("got %q, %v", m.Quantity, err)
	}
	if _, ok := (measure.Measure{}).UnitPrice(money.Of(1, "EUR")); ok {
		t.Error("no measure has a unit price")
	}
	if _, ok := (measure.Measure{"1", "g", 1, "kg"}).UnitPrice(money.Of(-1, "EUR")); ok {
		t.Error("a negative price has a unit price")
	}
}

// The unit price is the one whole number u with u - 1/2 <= exact < u + 1/2, whatever the measure.
func TestUnitPriceIsTheNearest(t *testing.T) {
	t.Parallel()
	units := [][]string{{"g", "kg"}, {"ml", "cl", "l"}, {"m"}, {"m2"}, {"m3"}, {"piece"}}
	factor := map[string]int64{"g": 1, "kg": 1000, "ml": 1, "cl": 10, "l": 1000, "m": 1, "m2": 1, "m3": 1, "piece": 1}
	random := rand.New(rand.NewPCG(98, 6))
	half := big.NewRat(1, 2)
	checked := 0
	for range 20_000 {
		alike := units[random.IntN(len(units))]
		of, per := alike[random.IntN(len(alike))], alike[random.IntN(len(alike))]
		millionths := 1 + random.Int64N(1_000_000_000_000)>>random.IntN(40)
		quantity := new(big.Rat).SetFrac64(millionths, 1_000_000)
		base := 1 + random.Int64N(measure.MaxBase)
		m, err := measure.New(quantity.FloatString(6), of, base, per)
		if errors.Is(err, measure.ErrRatio) {
			continue
		}
		if err != nil {
			t.Fatalf("%s %s per %d %s: %v", quantity.FloatString(6), of, base, per, err)
		}
		price := random.Int64N(1_000_000_000_001) >> random.IntN(40)
		got, ok := m.UnitPrice(money.Of(price, "EUR"))
		if !ok {
			t.Fatalf("%+v at %d has no unit price", m, price)
		}
		exact := new(big.Rat).SetInt64(price)
		exact.Mul(exact, new(big.Rat).SetInt64(base*factor[per]))
		exact.Quo(exact, quantity.Mul(quantity, new(big.Rat).SetInt64(factor[of])))
		off := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(got.Amount))
		if off.Cmp(half) >= 0 || off.Cmp(new(big.Rat).Neg(half)) < 0 {
			t.Fatalf("%+v at %d is %d, exactly %s", m, price, got.Amount, exact.FloatString(3))
		}
		checked++
	}
	if checked < 10_000 {
		t.Errorf("only %d measures were checked", checked)
	}
}
