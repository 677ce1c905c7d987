package catalog

import (
	"math/big"
	"slices"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
)

// edit is one change for many products. What is empty leaves.
type edit struct {
	status                          status
	addCategories, removeCategories []id.ID
	addTags, removeTags             []id.ID
	brand                           *id.ID // zero takes it away
	vatClass                        *vatClass
	price                           *priceShift
}

// brands are those that products get.
func (e edit) brands() []id.ID {
	if e.brand == nil || e.brand.IsZero() {
		return nil
	}
	return []id.ID{*e.brand}
}

// priceShift moves a price by a share or by an amount; the result is a multiple of step minor units, halves upwards.
type priceShift struct {
	basisPoints int64        // hundredths of a percent
	amount      *money.Money // instead
	step        int64
}

// apply changes one product; it keeps its rules or the change is refused, and then p is not to be saved.
func (e edit) apply(p *product) error {
	if e.price != nil {
		for i := range p.variants {
			v := &p.variants[i]
			if v.archived {
				continue
			}
			if err := e.price.move(indexed("variants", i), v); err != nil {
				return err
			}
		}
	}
	p.setCategories(addRemove(p.categories, e.addCategories, e.removeCategories))
	p.setTags(addRemove(p.tags, e.addTags, e.removeTags))
	if len(p.categories) > maxLinks || len(p.tags) > maxTags {
		return ErrTooMany.WithField("set", "too_many", "A product has at most 100 categories and 250 tags.")
	}
	if e.brand != nil {
		p.brand = *e.brand
	}
	if e.vatClass != nil {
		p.facts.vatClass = *e.vatClass
	}
	if e.status != "" {
		p.status = e.status
	}
	return p.fitForSale()
}

func addRemove(have, add, remove []id.ID) []id.ID {
	out := append(slices.Clone(have), add...)
	return slices.DeleteFunc(out, func(one id.ID) bool { return slices.Contains(remove, one) })
}

// move moves the prices of one variant: a share those in all currencies, an amount that in its own.
func (s priceShift) move(field string, v *variant) error {
	further := slices.Clone(v.more)
	i := -1
	if s.amount != nil && s.amount.Currency != v.price.Currency {
		i = slices.IndexFunc(further, func(b basePrice) bool { return b.price.Currency == s.amount.Currency })
	}
	var err error
	if i < 0 {
		if v.price, err = s.apply(join(field, "price"), v.price); err != nil {
			return err
		}
	}
	for j := range further {
		if s.amount == nil || i == j {
			if further[j].price, err = s.apply(join(indexed(join(field, "prices"), j), "price"), further[j].price); err != nil {
				return err
			}
		}
	}
	v.more = further
	return nil
}

// apply moves one price.
func (s priceShift) apply(field string, price money.Money) (money.Money, error) {
	// Prices and shares are bounded, but their product is not sure to fit 64 bits.
	n := new(big.Int).Mul(big.NewInt(price.Amount), big.NewInt(10_000+s.basisPoints))
	if s.amount != nil {
		if s.amount.Currency != price.Currency {
			return price, ErrPriceInvalid.WithField(field+".currency", "currency", "The amount is in another currency than the price.")
		}
		n = new(big.Int).Mul(new(big.Int).Add(big.NewInt(price.Amount), big.NewInt(s.amount.Amount)), big.NewInt(10_000))
	}
	// Halves upwards: floor((n + step/2) / step), all of it times 2·10 000 to stay whole.
	step := new(big.Int).Mul(big.NewInt(max(s.step, 1)), big.NewInt(10_000))
	twice := new(big.Int).Add(new(big.Int).Lsh(n, 1), step)
	multiple := new(big.Int).Div(twice, new(big.Int).Lsh(step, 1)) // Euclidean, which is floor for a positive divisor
	amount := multiple.Mul(multiple, big.NewInt(max(s.step, 1)))
	if !amount.IsInt64() {
		return price, ErrPriceInvalid.WithField(field+".amount", "out_of_range", "A price is 0 to 10^12 minor units.")
	}
	out := money.Of(amount.Int64(), price.Currency)
	return out, checkPrice(field, out)
}
