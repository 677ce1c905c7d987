package cart

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
)

// CreateCart makes an empty cart and shows its secret, this once.
func (s *Service) CreateCart(ctx context.Context, req *cartv1.CreateCartRequest) (*cartv1.CreateCartResponse, error) {
	shop, err := s.shops.of(ctx)
	if err != nil {
		return nil, err
	}
	market := Market{
		Currency: cmp.Or(req.GetCurrency(), shop.Currency), Country: req.GetCountry(), Channel: req.GetChannel(),
		Locale: req.GetLanguage().GetLocale(), Locales: req.GetLanguage().GetLocales(),
	}
	if err := market.check(shop); err != nil {
		return nil, err
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	token := base64.RawURLEncoding.EncodeToString(secret)
	now := s.moment()
	c := Cart{ID: id.New(), TokenHash: sha256.Sum256([]byte(token)), Status: Active, Market: market, CreatedAt: now}
	c = c.adopted(auth.From(ctx)).touched(now, s.cfg)
	out, err := view(c, shop)
	if err != nil {
		return nil, err
	}
	if err := create(ctx, s.db, c); err != nil {
		return nil, err
	}
	s.recent.put(ctx, c)
	return &cartv1.CreateCartResponse{Cart: out, Token: token}, nil
}

// GetCart shows a cart at today's prices, and which of them were others when the shopper last changed the cart; one that was
// ordered, at what it was ordered for. It changes nothing: who then orders is asked once more whether the new prices are right.
func (s *Service) GetCart(ctx context.Context, req *cartv1.GetCartRequest) (*cartv1.GetCartResponse, error) {
	out, err := s.look(ctx, req.GetId(), req.GetToken())
	return &cartv1.GetCartResponse{Cart: out}, err
}

func (s *Service) look(ctx context.Context, cart, token string) (*cartv1.Cart, error) {
	c, err := s.open(ctx, cart, token, s.stored)
	if err != nil {
		return nil, err
	}
	shop, err := s.shops.of(ctx)
	if err != nil {
		return nil, err
	}
	if c.Status == Active && len(c.Lines) > 0 {
		out, err := s.today(ctx, c, shop)
		if err == nil {
			return out, nil
		}
		// A catalogue that is away takes no cart away.
		s.log.WarnContext(ctx, "a cart is shown at the prices it was filled at", "cart", c.ID, "error", err)
	}
	return view(c, shop)
}

// today shows an active cart as it would be if it were filled now.
func (s *Service) today(ctx context.Context, c Cart, shop Shop) (*cartv1.Cart, error) {
	now := c
	now.Groups, now.Country = c.adopted(auth.From(ctx)).Groups, c.home()
	offers, err := s.offers(ctx, now, c.Market)
	if err != nil {
		return nil, err
	}
	now, _ = now.refresh(offers) // what stands in the way of an order is told line by line
	s.recent.renew(ctx, c, now)
	out, err := view(now, shop)
	if err != nil {
		return nil, err
	}
	for i, l := range c.Lines {
		item := out.GetItems()[i]
		_, sold := offers[l.Offer.VariantID]
		if item.Unavailable = !sold; l.Offer.UnitPrice != now.Lines[i].Offer.UnitPrice {
			item.PreviousUnitPrice = &typev1.Money{Amount: l.Offer.UnitPrice, Currency: c.Currency}
		}
	}
	return out, nil
}

// DeleteCart gives a cart up. From then on there is no such cart.
func (s *Service) DeleteCart(ctx context.Context, req *cartv1.DeleteCartRequest) (*cartv1.DeleteCartResponse, error) {
	_, err := s.change(ctx, req.GetId(), req.GetToken(), func(c Cart, _ Shop) (Cart, error) { return c.abandon(), nil })
	return &cartv1.DeleteCartResponse{}, err
}

// SetEmail says where the order confirmation goes.
func (s *Service) SetEmail(ctx context.Context, req *cartv1.SetEmailRequest) (*cartv1.SetEmailResponse, error) {
	out, err := s.change(ctx, req.GetId(), req.GetToken(), func(c Cart, _ Shop) (Cart, error) {
		var err error
		c.Email, err = parseEmail(req.GetEmail())
		return c, err
	})
	return &cartv1.SetEmailResponse{Cart: out}, err
}

// ApplyDiscount refuses every code: the shop has no discounts to apply.
func (s *Service) ApplyDiscount(ctx context.Context, req *cartv1.ApplyDiscountRequest) (*cartv1.ApplyDiscountResponse, error) {
	if _, err := s.openActive(ctx, req.GetId(), req.GetToken(), s.stored); err != nil {
		return nil, err
	}
	return nil, ErrDiscountNotFound.WithField("code", "not_applicable", "This code does not apply to the cart.")
}

// RemoveDiscount takes a code off; one that is not there is off already.
func (s *Service) RemoveDiscount(ctx context.Context, req *cartv1.RemoveDiscountRequest) (*cartv1.RemoveDiscountResponse, error) {
	c, err := s.openActive(ctx, req.GetId(), req.GetToken(), s.stored)
	if err != nil {
		return nil, err
	}
	shop, err := s.shops.of(ctx)
	if err != nil {
		return nil, err
	}
	out, err := view(c, shop)
	return &cartv1.RemoveDiscountResponse{Cart: out}, err
}
