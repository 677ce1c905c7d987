package checkout

import "github.com/sovecom/sovecom/kit/money"

// shareTax says which part of the order's tax each line bears, exactly: the parts and the tax of the shipping add up to
// the tax of the order.
//
// The discount is split by the value of the lines; what remains of each line weighs its tax. The rate of a line is the
// rate in law, never a ratio of amounts; a line of which nothing remains bears none.
func (o *Order) shareTax(rate money.Rate) {
	gross, net := make([]int64, len(o.Items)), make([]int64, len(o.Items))
	for i, item := range o.Items {
		gross[i] = item.Total
	}
	left := int64(0)
	for i, share := range money.Apportion(o.Discount, gross) {
		net[i] = max(gross[i]-share, 0)
		left += net[i]
	}
	shipping := rate.On(money.Of(o.Shipping, o.Currency)).Amount
	if o.TaxInclusive {
		shipping = rate.Included(money.Of(o.Shipping, o.Currency)).Amount
	}
	goods := max(o.Tax-shipping, 0)
	if left == 0 {
		goods = 0
	}
	for i, tax := range money.Apportion(goods, net) {
		o.Items[i].Tax, o.Items[i].TaxRate = tax, 0
		if net[i] > 0 {
			o.Items[i].TaxRate = int64(rate)
		}
	}
}

// rateOf is the rate of the goods: that of the largest tax line, which is the only one as long as a shop has one rate.
func rateOf(lines []TaxLine) (money.Rate, error) {
	var largest TaxLine
	for i, l := range lines {
		if i == 0 || l.Amount > largest.Amount {
			largest = l
		}
	}
	if len(lines) == 0 {
		return 0, nil
	}
	return money.ParseRate(largest.Rate)
}
