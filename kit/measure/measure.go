// Package measure computes the price per unit of measure that Directive 98/6/EC wants shown beside a price: what a
// kilogram, a litre, a metre, a square or cubic metre, or a single piece costs. There are no floats here.
package measure

import (
	"errors"
	"math/big"
	"strings"

	"github.com/sovecom/sovecom/kit/money"
)

const (
	maxWhole = 9 // digits before the point
	maxFrac  = 6 // digits after it

	// MaxBase is the largest base quantity; unit prices are told for 1, 10, 100 or 1000 of a unit.
	MaxBase = 1000
	// maxRatio bounds how often the quantity goes into the base, so that no price overflows.
	maxRatio = 1_000_000
)

// Errors of a measure.
var (
	ErrQuantity  = errors.New("measure: a quantity is a decimal above 0 with at most 9 digits before and 6 after the point")
	ErrUnit      = errors.New("measure: a unit is one of g, kg, ml, cl, l, m, m2, m3 and piece")
	ErrBase      = errors.New("measure: a base quantity is 1 to 1000")
	ErrDimension = errors.New("measure: the quantity and its base measure different things")
	ErrRatio     = errors.New("measure: the base is more than a million times the quantity")
)

// dimension is what a unit measures.
type dimension int

const (
	mass dimension = iota + 1
	volume
	length
	area
	space
	count
)

// unit is how many of the smallest unit of its dimension it is. A cubic metre is not 1000 litres here: goods are sold
// by one or the other, and the law wants the unit that is customary.
func unit(name string) (dimension, int64) {
	switch name {
	case "g":
		return mass, 1
	case "kg":
		return mass, 1000
	case "ml":
		return volume, 1
	case "cl":
		return volume, 10
	case "l":
		return volume, 1000
	case "m":
		return length, 1
	case "m2":
		return area, 1
	case "m3":
		return space, 1
	case "piece":
		return count, 1
	}
	return 0, 0
}

// Measure is how much one unit of sale holds, and for how much the unit price is told.
type Measure struct {
	Quantity     string // canonical decimal
	Unit         string
	BaseQuantity int64
	BaseUnit     string
}

// New checks a measure and brings its quantity into canonical form: "0250.50" becomes "250.5".
func New(quantity, of string, baseQuantity int64, baseUnit string) (Measure, error) {
	canonical, _, ok := decimal(quantity)
	if !ok {
		return Measure{}, ErrQuantity
	}
	m := Measure{canonical, of, baseQuantity, baseUnit}
	have, _ := unit(of)
	base, _ := unit(baseUnit)
	switch {
	case have == 0 || base == 0:
		return Measure{}, ErrUnit
	case baseQuantity < 1 || baseQuantity > MaxBase:
		return Measure{}, ErrBase
	case have != base:
		return Measure{}, ErrDimension
	}
	numerator, denominator, _ := m.ratio()
	if numerator.Cmp(denominator.Mul(denominator, big.NewInt(maxRatio))) > 0 {
		return Measure{}, ErrRatio
	}
	return m, nil
}

// ratio is how often the quantity goes into the base, as a fraction.
func (m Measure) ratio() (numerator, denominator *big.Int, ok bool) {
	_, millionths, ok := decimal(m.Quantity)
	_, factor := unit(m.Unit)
	_, baseFactor := unit(m.BaseUnit)
	if !ok || factor == 0 || baseFactor == 0 || m.BaseQuantity < 1 {
		return nil, nil, false
	}
	numerator = big.NewInt(m.BaseQuantity)
	numerator.Mul(numerator, big.NewInt(baseFactor)).Mul(numerator, big.NewInt(1_000_000))
	denominator = new(big.Int).Mul(big.NewInt(millionths), big.NewInt(factor))
	return numerator, denominator, true
}

// UnitPrice is what the base costs when one unit of sale costs price, rounded half up to a minor unit. ok is false
// for a measure that New would refuse, and for an amount that no price has.
func (m Measure) UnitPrice(price money.Money) (unitPrice money.Money, ok bool) {
	numerator, denominator, ok := m.ratio()
	if !ok || price.Amount < 0 {
		return money.Money{}, false
	}
	// Half up: floor((2pn + d) / 2d).
	n := numerator.Mul(numerator, big.NewInt(price.Amount))
	n.Lsh(n, 1).Add(n, denominator)
	n.Quo(n, denominator.Lsh(denominator, 1))
	if !n.IsInt64() {
		return money.Money{}, false
	}
	return money.Of(n.Int64(), price.Currency), true
}

// decimal reads a decimal above zero, in canonical form and in millionths.
func decimal(s string) (canonical string, millionths int64, ok bool) {
	whole, frac, pointed := strings.Cut(s, ".")
	if whole == "" || pointed && frac == "" || !digits(whole) || !digits(frac) {
		return "", 0, false
	}
	whole, frac = strings.TrimLeft(whole, "0"), strings.TrimRight(frac, "0")
	if len(whole) > maxWhole || len(frac) > maxFrac {
		return "", 0, false
	}
	for _, digit := range whole + frac + strings.Repeat("0", maxFrac-len(frac)) {
		millionths = millionths*10 + int64(digit-'0')
	}
	if whole == "" {
		whole = "0"
	}
	if frac != "" {
		whole += "." + frac
	}
	return whole, millionths, millionths > 0
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }
