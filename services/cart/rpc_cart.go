package cart

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
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

// GetCart shows a cart at the prices it was filled at; one that was ordered, at what it was ordered for.
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
	return view(c, shop)
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
