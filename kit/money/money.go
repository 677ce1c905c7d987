// Package money counts in integer minor units of ISO 4217 currencies. There are no floats here.
package money

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// Money is an amount in minor units (cents) of a currency.
type Money struct {
	Amount   int64
	Currency string // ISO 4217, upper case
}

// Errors of arithmetic.
var (
	ErrOverflow = errors.New("money: the amount is too large")
	ErrCurrency = errors.New("money: currencies differ")
)

// Of makes Money.
func Of(amount int64, currency string) Money { return Money{Amount: amount, Currency: currency} }

// Add returns the sum. It fails on overflow and on differing currencies.
func (m Money) Add(n Money) (Money, error) {
	if m.Currency != n.Currency {
		return Money{}, ErrCurrency
	}
	sum := m.Amount + n.Amount
	if (n.Amount > 0) != (sum > m.Amount) && n.Amount != 0 {
		return Money{}, ErrOverflow
	}
	return Money{sum, m.Currency}, nil
}

// Sub returns the difference.
func (m Money) Sub(n Money) (Money, error) {
	if n.Amount == math.MinInt64 {
		return Money{}, ErrOverflow
	}
	return m.Add(Money{-n.Amount, n.Currency})
}

// Times returns the amount multiplied by a quantity of at least zero.
func (m Money) Times(quantity int64) (Money, error) {
	negative := m.Amount < 0
	hi, lo := bits.Mul64(magnitude(m.Amount), magnitude(quantity))
	if hi != 0 || lo > math.MaxInt64 || quantity < 0 {
		return Money{}, ErrOverflow
	}
	product := int64(lo)
	if negative {
		product = -product
	}
	return Money{product, m.Currency}, nil
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-(n + 1)) + 1
	}
	return uint64(n)
}

// Rate is a tax rate in ten-thousandths: 2000 is 20 %.
type Rate int64

// ErrRate says that a text is no rate.
var ErrRate = errors.New("money: a rate is a decimal fraction from 0 to below 1 with at most four places")

// ParseRate reads "0.2", "0.2000" or "0".
func ParseRate(s string) (Rate, error) {
	whole, frac, _ := strings.Cut(s, ".")
	if whole != "0" || len(frac) > 4 || (strings.Contains(s, ".") && frac == "") {
		return 0, ErrRate
	}
	if frac == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint((frac + "000")[:4], 10, 32)
	if err != nil {
		return 0, ErrRate
	}
	return Rate(n), nil
}

// String writes four places: "0.2000".
func (r Rate) String() string { return fmt.Sprintf("0.%04d", int64(r)) }

// Included returns the tax inside a gross amount: gross − gross/(1+rate), the net rounded half up.
func (r Rate) Included(gross Money) Money {
	net := mulDiv(gross.Amount, 10000, 10000+int64(r))
	return Money{gross.Amount - net, gross.Currency}
}

// On returns the tax on a net amount, rounded half up.
func (r Rate) On(net Money) Money {
	return Money{mulDiv(net.Amount, int64(r), 10000), net.Currency}
}

// Percent returns the share of m in hundredths of a percent (1500 is 15 %), rounded half up.
func Percent(m Money, hundredths int64) Money {
	return Money{mulDiv(m.Amount, hundredths, 10000), m.Currency}
}

// mulDiv is a·b/c, rounded half away from zero, exact in between. c is above zero, and |b| ≤ c keeps it in range.
func mulDiv(a, b, c int64) int64 {
	n := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
	n.Mul(n, big.NewInt(2))
	if n.Sign() >= 0 {
		n.Add(n, big.NewInt(c))
	} else {
		n.Sub(n, big.NewInt(c))
	}
	return n.Quo(n, big.NewInt(2*c)).Int64()
}

// Apportion splits total by weights so that the parts add up exactly: everyone gets the floor of their share, and the
// units left over go to the largest remainders, earlier ones first. Without weight everything goes to the first.
func Apportion(total int64, weights []int64) []int64 {
	parts := make([]int64, len(weights))
	if len(weights) == 0 {
		return parts
	}
	sum := new(big.Int)
	for _, w := range weights {
		sum.Add(sum, big.NewInt(max(w, 0)))
	}
	if sum.Sign() == 0 {
		parts[0] = total
		return parts
	}
	remainders := make([]*big.Int, len(weights))
	left := total
	for i, w := range weights {
		share := new(big.Int).Mul(big.NewInt(total), big.NewInt(max(w, 0)))
		q, r := share.QuoRem(share, sum, new(big.Int))
		parts[i], remainders[i] = q.Int64(), r
		left -= parts[i]
	}
	for ; left > 0; left-- {
		best := 0
		for i := range remainders {
			if remainders[i].Cmp(remainders[best]) > 0 {
				best = i
			}
		}
		parts[best]++
		remainders[best] = big.NewInt(-1)
	}
	return parts
}
