package cart

import (
	"context"
	"errors"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
)

// Claim closes a ready cart for one order and hands out what is to be bought. Of several orders exactly one gets it;
// that one gets the same answer as often as it asks, and needs no token to do so. Another room that asks on its own
// behalf needs none at all.
func (s *Service) Claim(ctx context.Context, req *cartv1.ClaimRequest) (*cartv1.ClaimResponse, error) {
	cart, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrNotFound
	}
	order, err := parseID("orderId", req.GetOrderId())
	if err != nil {
		return nil, err
	}
	var out *cartv1.Cart
	err = s.again(ctx, func(read reader) error {
		out, err = s.claim(ctx, cart, req.GetToken(), order, read)
		return err
	})
	if err != nil {
		return nil, err
	}
	if out.GetBillingAddress() == nil {
		out.BillingAddress, _ = proto.Clone(out.GetShippingAddress()).(*typev1.Address)
	}
	return &cartv1.ClaimResponse{Cart: out}, nil
}

func (s *Service) claim(ctx context.Context, cart id.ID, token string, order id.ID, read reader) (*cartv1.Cart, error) {
	before, err := read(ctx, cart)
	if err != nil {
		return nil, err
	}
	caller := auth.From(ctx)
	switch {
	case before.Status == Converted && before.OrderID == order:
		return cartToProto(before, *before.Pricing)
	case before.gone(s.now()):
		return nil, ErrNotFound
	case caller.Kind != auth.Service && !before.opensTo(token, caller):
		return nil, ErrDenied
	case before.Status == Converted:
		return nil, ErrAlreadyConverted
	case before.Withdrawn == order:
		return nil, ErrWithdrawn
	}
	shop, err := s.shops.of(ctx)
	if err != nil {
		return nil, err
	}
	if len(before.Lines) == 0 {
		return nil, before.ready(shop)
	}
	mine := before.adopted(caller)
	mine.Country = mine.home()
	offers, err := s.offers(ctx, mine, before.Market)
	if err != nil {
		return nil, err
	}
	after, stale := mine.refresh(offers)
	// What is missing depends on the lines: whether any of them is shipped is as old as their prices.
	if missing := after.ready(shop); missing != nil {
		if slices.EqualFunc(before.Lines, after.Lines, Line.equal) {
			return nil, missing
		}
		stale = missing
	}
	pricing, err := price(after, shop)
	if err != nil {
		return nil, err
	}
	if stale != nil {
		// The shopper has to see what is new before paying it.
		if err := s.save(ctx, before, after.touched(s.moment(), s.cfg)); err != nil {
			return nil, err
		}
		return nil, settled{stale}
	}
	after = after.claim(order, pricing).touched(s.moment(), s.cfg)
	if err := s.save(ctx, before, after); err != nil {
		return nil, err
	}
	return cartToProto(after, pricing)
}

// Unclaim opens a cart again after its order failed. Whatever became of the order's Claim, even if it is still under
// way, the order does not have the cart afterwards.
func (s *Service) Unclaim(ctx context.Context, req *cartv1.UnclaimRequest) (*cartv1.UnclaimResponse, error) {
	cart, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrNotFound
	}
	order, err := parseID("orderId", req.GetOrderId())
	if err != nil {
		return nil, err
	}
	err = s.again(ctx, func(reader) error {
		before, err := s.stored(ctx, cart)
		if errors.Is(err, ErrNotFound) || err == nil && before.gone(s.now()) {
			return nil // nothing to give back
		}
		if err != nil {
			return err
		}
		after, changed := before.unclaim(order)
		if !changed {
			return nil
		}
		return s.save(ctx, before, after.touched(s.moment(), s.cfg))
	})
	if err != nil {
		return nil, err
	}
	return &cartv1.UnclaimResponse{}, nil
}
