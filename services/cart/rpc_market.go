package cart

import (
	"context"
	"slices"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// UpdateCart takes a cart to another market.
func (s *Service) UpdateCart(ctx context.Context, req *cartv1.UpdateCartRequest) (*cartv1.UpdateCartResponse, error) {
	move := s.mover(ctx)
	out, err := s.change(ctx, req.GetId(), req.GetToken(), func(c Cart, shop Shop) (Cart, error) {
		to := c.Market
		if req.Currency != nil {
			to.Currency = req.GetCurrency()
		}
		if req.Country != nil {
			to.Country = req.GetCountry()
		}
		if req.Channel != nil {
			to.Channel = req.GetChannel()
		}
		if l := req.GetLanguage(); l != nil {
			to.Locale, to.Locales = l.GetLocale(), l.GetLocales()
		}
		if err := to.check(shop); err != nil {
			return c, err
		}
		there := c
		there.Market = to
		if home := there.home(); home != to.Country {
			return c, ErrCountryFixed.WithField("country", "fixed", "The country of the cart's address is "+home+".")
		}
		return move(c, to, shop)
	})
	return &cartv1.UpdateCartResponse{Cart: out}, err
}

// mover is Cart.move with what the catalogue offers. It asks once, however often the move is decided, as long as the
// question stays the same.
func (s *Service) mover(ctx context.Context) func(c Cart, to Market, shop Shop) (Cart, error) {
	var asked []id.ID
	var of Market
	var offers map[id.ID]*Offer
	return func(c Cart, to Market, shop Shop) (Cart, error) {
		known := of.equal(to) && !slices.ContainsFunc(c.Lines, func(l Line) bool { return !slices.Contains(asked, l.Offer.VariantID) })
		if c.repriced(to) && !known {
			there := c
			there.Market = to
			var err error
			if offers, err = s.offers(ctx, there, c.Market); err != nil {
				return c, err
			}
			of, asked = to, nil
			for _, l := range c.Lines {
				asked = append(asked, l.Offer.VariantID)
			}
		}
		return c.move(to, offers, shop)
	}
}
