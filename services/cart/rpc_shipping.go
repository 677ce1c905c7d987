package cart

import (
	"context"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
)

// SetShippingAddress says where the order goes, and with that whose prices it has; see Cart.home.
func (s *Service) SetShippingAddress(
	ctx context.Context, req *cartv1.SetShippingAddressRequest,
) (*cartv1.SetShippingAddressResponse, error) {
	move := s.mover(ctx)
	out, err := s.change(ctx, req.GetId(), req.GetToken(), func(c Cart, shop Shop) (Cart, error) {
		a, err := addressFromProto(req.GetAddress()).clean()
		if err != nil {
			return c, err
		}
		to, there := c.Market, c
		there.ShippingAddress = &a
		to.Country = there.home()
		moved, err := move(c, to, shop)
		return moved.shipTo(a, shop), err
	})
	return &cartv1.SetShippingAddressResponse{Cart: out}, err
}

// SetBillingAddress says who pays, when that is somebody else. A cart of which nothing is shipped has the prices of the
// country the buyer is in.
func (s *Service) SetBillingAddress(
	ctx context.Context, req *cartv1.SetBillingAddressRequest,
) (*cartv1.SetBillingAddressResponse, error) {
	move := s.mover(ctx)
	out, err := s.change(ctx, req.GetId(), req.GetToken(), func(c Cart, shop Shop) (Cart, error) {
		a, err := addressFromProto(req.GetAddress()).clean()
		if err != nil {
			return c, err
		}
		c.BillingAddress = &a
		to := c.Market
		to.Country = c.home()
		return move(c, to, shop)
	})
	return &cartv1.SetBillingAddressResponse{Cart: out}, err
}

// ListShippingRates lists the ways of shipping to the cart's address; none without one, nor when nothing is shipped.
func (s *Service) ListShippingRates(
	ctx context.Context, req *cartv1.ListShippingRatesRequest,
) (*cartv1.ListShippingRatesResponse, error) {
	c, err := s.open(ctx, req.GetId(), req.GetToken(), s.stored)
	if err != nil {
		return nil, err
	}
	shop, err := s.shops.of(ctx)
	if err != nil {
		return nil, err
	}
	out := &cartv1.ListShippingRatesResponse{}
	for _, r := range shop.ratesFor(c) {
		out.Rates = append(out.Rates, rateToProto(r, c.Currency))
	}
	return out, nil
}

// SetShippingMethod chooses one of them.
func (s *Service) SetShippingMethod(
	ctx context.Context, req *cartv1.SetShippingMethodRequest,
) (*cartv1.SetShippingMethodResponse, error) {
	out, err := s.change(ctx, req.GetId(), req.GetToken(), func(c Cart, shop Shop) (Cart, error) {
		return c.shipBy(req.GetShippingRateId(), shop)
	})
	return &cartv1.SetShippingMethodResponse{Cart: out}, err
}
