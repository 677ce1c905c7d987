package cart

import "github.com/sovecom/sovecom/kit/money"

// Pricing is what a cart costs. Amounts are minor units of the cart's currency. It is kept as JSON with a cart that
// was ordered, so names do not change.
type Pricing struct {
	Rate         *ShippingRate `json:"rate"` // nil until chosen
	Subtotal     int64         `json:"subtotal"`
	Discount     int64         `json:"discount"`
	Shipping     int64         `json:"shipping"`
	Tax          int64         `json:"tax"`
	Total        int64         `json:"total"`
	TaxInclusive bool          `json:"taxInclusive"`
	TaxLines     []TaxLine     `json:"taxLines"`
}

// ShippingRate is a way of shipping and what it costs.
type ShippingRate struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Amount int64  `json:"amount"`
}

// TaxLine is the tax of one rate.
type TaxLine struct {
	Rate      string `json:"rate"`      // decimal fraction with four places
	Treatment string `json:"treatment"` // category of EN 16931 by name
	Country   string `json:"country"`   // ISO 3166-1 alpha-2: whose tax it is
	Amount    int64  `json:"amount"`
}

// price computes what the cart costs in the shop:
//
//	total = subtotal − discount + shipping, plus tax when prices do not hold it
//
// The one rate of the shop applies to goods and shipping alike, because shipping is ancillary to the goods (Directive
// 2006/112/EC, art. 78(b)). Tax is computed on the sum and rounded once (EN 16931, BR-CO-17), so the tax lines add up
// to the tax exactly. It returns ErrAmountTooLarge instead of a sum that does not fit.
func price(c Cart, s Shop) (Pricing, error) {
	var p Pricing
	sum := money.Of(0, c.Currency)
	for i := range c.Lines {
		total, err := c.Lines[i].total(c.Currency)
		if err != nil {
			return p, err
		}
		if sum, err = sum.Add(total); err != nil {
			return p, ErrAmountTooLarge.WithCause(err)
		}
	}
	p.Subtotal = sum.Amount
	if rate, ok := s.rateFor(c); ok {
		p.Rate, p.Shipping = &rate, rate.Amount
	}
	taxable, err := sum.Add(money.Of(p.Shipping-p.Discount, c.Currency))
	if err != nil {
		return p, ErrAmountTooLarge.WithCause(err)
	}
	p.TaxInclusive = s.TaxIncluded
	total := taxable
	if s.TaxIncluded {
		p.Tax = s.TaxRate.Included(taxable).Amount
	} else {
		tax := s.TaxRate.On(taxable)
		p.Tax = tax.Amount
		if total, err = taxable.Add(tax); err != nil {
			return p, ErrAmountTooLarge.WithCause(err)
		}
	}
	p.Total = total.Amount
	if len(c.Lines) > 0 || p.Rate != nil {
		p.TaxLines = []TaxLine{{Rate: s.TaxRate.String(), Treatment: treatment(s.TaxRate), Country: s.TaxCountry, Amount: p.Tax}}
	}
	return p, nil
}

func treatment(r money.Rate) string {
	if r == 0 {
		return "zero"
	}
	return "standard"
}

// total is the unit price times the quantity.
func (l *Line) total(currency string) (money.Money, error) {
	total, err := money.Of(l.Offer.UnitPrice, currency).Times(l.Quantity)
	if err != nil {
		return total, ErrAmountTooLarge.WithCause(err)
	}
	return total, nil
}
