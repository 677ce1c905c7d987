package cart

import (
	"encoding/json"
	"fmt"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
)

// Reduction is what is told with the price of one unit, in minor units of the cart's currency.
type Reduction struct {
	Price     int64  `json:"price"`               // the price it goes with
	CompareAt *int64 `json:"compareAt,omitempty"` // to strike through, as the merchant states it
	Prior     *int64 `json:"prior,omitempty"`     // the lowest of the 30 days before (Directive 98/6/EC, Art. 6a)
}

func (r *Reduction) equal(s *Reduction) bool {
	if r == nil || s == nil {
		return r == s
	}
	return r.Price == s.Price && sameAmount(r.CompareAt, s.CompareAt) && sameAmount(r.Prior, s.Prior)
}

func sameAmount(a, b *int64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// tell puts a reduction to a line. The prior price goes with the price of one unit, and says nothing of one by quantity.
func (r *Reduction) tell(l *cartv1.CartLine, currency string) {
	if r == nil {
		return
	}
	unit := l.GetUnitPrice().GetAmount()
	if r.CompareAt != nil && (unit == r.Price || unit < *r.CompareAt) {
		l.CompareAtPrice = &typev1.Money{Amount: *r.CompareAt, Currency: currency}
	}
	if r.Prior != nil && unit == r.Price {
		l.PriorPrice = &typev1.Money{Amount: *r.Prior, Currency: currency}
	}
}

// reductionFromProto reads what the catalogue tells of the price of one unit, which has to be in the currency of the price
// asked for.
func reductionFromProto(v *catalogv1.ResolvedVariant) *Reduction {
	currency := v.GetPrice().GetCurrency()
	r := &Reduction{Price: v.GetPrice().GetAmount()}
	if tiers := v.GetPriceTiers(); len(tiers) > 0 && tiers[0].GetPrice().GetCurrency() == currency {
		r.Price = tiers[0].GetPrice().GetAmount()
	}
	if m := v.GetCompareAtPrice(); m != nil && m.GetCurrency() == currency {
		r.CompareAt = &m.Amount
	}
	if m := v.GetPriorPrice(); m != nil && m.GetCurrency() == currency {
		r.Prior = &m.Amount
	}
	if r.CompareAt == nil && r.Prior == nil {
		return nil
	}
	return r
}

func reductionJSON(r *Reduction) (*string, error) {
	if r == nil {
		return nil, nil //nolint:nilnil // null
	}
	text, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("reduction: %w", err)
	}
	return new(string(text)), nil
}
