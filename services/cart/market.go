package cart

import (
	"slices"

	"github.com/sovecom/sovecom/kit/id"
)

// Market is whose prices a cart has, in what money, and the language of its titles.
type Market struct {
	Currency string   // ISO 4217; of every amount of the cart
	Country  string   // ISO 3166-1 alpha-2; empty: nobody's in particular. That of the shipping address, once there is one
	Channel  string   // as price lists name it; empty: none in particular
	Groups   []string // codes of the customer groups its owner is in, as of the last change, in order
	Locale   string   // BCP 47 tag of what is shown; empty: nobody said
	Locales  []string // to look for titles in, the one wanted most first; the shop's own comes last by itself
}

// pays reports whether both have the same prices.
func (m Market) pays(o Market) bool {
	return m.Currency == o.Currency && m.Country == o.Country && m.Channel == o.Channel && slices.Equal(m.Groups, o.Groups)
}

func (m Market) equal(o Market) bool {
	return m.pays(o) && m.Locale == o.Locale && slices.Equal(m.Locales, o.Locales)
}

// check refuses a market the shop does not sell in.
func (m Market) check(s Shop) error {
	switch {
	case !s.sells(m.Currency):
		return ErrCurrencyUnsupported.WithField("currency", "unsupported", "The shop sells in "+s.currencies()+".")
	case m.Country != "" && !isCountry(m.Country):
		return ErrBadCountry.WithField("country", "unknown_country", "It has to be the ISO 3166-1 alpha-2 code of a country, such as FR.")
	}
	return nil
}

// repriced reports whether a market has other prices or titles for what is in the cart. Most prices are the same in all
// countries, and a line knows for which they are not.
func (c Cart) repriced(to Market) bool {
	here := c.Market
	here.Country = to.Country
	if !here.equal(to) {
		return len(c.Lines) > 0
	}
	return c.Country != to.Country && slices.ContainsFunc(c.Lines, func(l Line) bool {
		return slices.Contains(l.Offer.Countries, c.Country) || slices.Contains(l.Offer.Countries, to.Country)
	})
}

// move takes the cart to another market, where the catalogue offers this. No line is lost: when one cannot be priced
// there, the cart stays where it is and the error names all of them. A way of shipping that is not offered there is dropped.
func (c Cart) move(to Market, offers map[id.ID]*Offer, s Shop) (Cart, error) {
	if !c.repriced(to) {
		c.Market = to
		return c.shippable(s), nil
	}
	moved := c
	moved.Market, moved.Lines = to, slices.Clone(c.Lines)
	unsold, refused := ErrNotSoldThere, false
	for i, l := range moved.Lines {
		o, ok := offers[l.Offer.VariantID]
		switch {
		case ok:
			moved.Lines[i].Offer = o.by(l.Quantity)
		case !c.Market.pays(to): // else only the title stays as it was
			unsold = unsold.WithObject(map[string]any{"itemId": l.ID.String(), "variantId": l.Offer.VariantID.String()})
			refused = true
		}
	}
	if refused {
		return c, unsold
	}
	return moved.shippable(s), nil
}

// regrouped is the cart at the prices of the groups that whoever changes it is in, where the catalogue offers this. What is
// not offered any more stays as it is: it cannot be ordered.
func (c Cart) regrouped(offers map[id.ID]*Offer) Cart {
	c.Lines = slices.Clone(c.Lines)
	for i, l := range c.Lines {
		if o, ok := offers[l.Offer.VariantID]; ok {
			c.Lines[i].Offer = o.by(l.Quantity)
		}
	}
	return c
}
