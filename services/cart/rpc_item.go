package cart

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// AddItem puts units of a variant in, at today's price, if there are enough.
func (s *Service) AddItem(ctx context.Context, req *cartv1.AddItemRequest) (*cartv1.AddItemResponse, error) {
	variant, err := parseID("variantId", req.GetVariantId())
	if err != nil {
		return nil, err
	}
	var asked Market
	var offer Offer
	var available int64
	settle := s.settler(ctx)
	out, err := s.change(ctx, req.GetId(), req.GetToken(), func(c Cart, shop Shop) (Cart, error) {
		// Once in a market, and not before it is known that the caller may open the cart.
		if !asked.equal(c.Market) {
			both, askCtx := errgroup.WithContext(ctx)
			both.Go(func() error {
				var err error
				offer, err = s.offer(askCtx, variant, c.Market, req.GetQuantity())
				return err
			})
			both.Go(func() error {
				var err error
				available, err = s.available(askCtx, variant)
				return err
			})
			if err := both.Wait(); err != nil {
				return c, err
			}
			if len(offer.Components) > 0 {
				var err error
				if available, err = s.availableOf(ctx, offer); err != nil {
					return c, err
				}
			}
			asked = c.Market
		}
		filled, err := c.add(offer, req.GetQuantity(), available)
		if err != nil {
			return c, err
		}
		return settle(filled, shop)
	})
	return &cartv1.AddItemResponse{Cart: out}, err
}

// UpdateItem sets how many units a line holds, if there are enough.
func (s *Service) UpdateItem(ctx context.Context, req *cartv1.UpdateItemRequest) (*cartv1.UpdateItemResponse, error) {
	line, err := id.Parse(req.GetItemId())
	if err != nil {
		return nil, ErrItemNotFound
	}
	known := map[id.ID]int64{}
	out, err := s.change(ctx, req.GetId(), req.GetToken(), func(c Cart, _ Shop) (Cart, error) {
		return c.update(line, req.GetQuantity(), func(o Offer) (int64, error) {
			if units, ok := known[o.VariantID]; ok {
				return units, nil
			}
			units, err := s.availableOf(ctx, o)
			known[o.VariantID] = units
			return units, err
		})
	})
	return &cartv1.UpdateItemResponse{Cart: out}, err
}

// RemoveItem takes a line out; one that is not there is out already.
func (s *Service) RemoveItem(ctx context.Context, req *cartv1.RemoveItemRequest) (*cartv1.RemoveItemResponse, error) {
	line, err := id.Parse(req.GetItemId())
	if err != nil {
		return nil, ErrItemNotFound
	}
	settle := s.settler(ctx)
	out, err := s.change(ctx, req.GetId(), req.GetToken(), func(c Cart, shop Shop) (Cart, error) { return settle(c.remove(line), shop) })
	return &cartv1.RemoveItemResponse{Cart: out}, err
}

// settler brings a cart whose lines have changed to where its prices are those of, which is another place when the first line
// to be shipped has come or the last has gone. A cart that cannot move stays: the Claim says what is in the way.
func (s *Service) settler(ctx context.Context) func(c Cart, shop Shop) (Cart, error) {
	move := s.mover(ctx)
	return func(c Cart, shop Shop) (Cart, error) {
		to := c.Market
		if to.Country = c.home(); to.Country == c.Country {
			return c, nil
		}
		moved, err := move(c, to, shop)
		if errors.Is(err, ErrNotSoldThere) {
			return c, nil
		}
		return moved, err
	}
}

// offer asks the catalogue for a variant that may be sold in the market.
func (s *Service) offer(ctx context.Context, variant id.ID, market Market, quantity int64) (Offer, error) {
	req := market.toProto()
	req.Ids, req.Quantities = []string{variant.String()}, []int64{quantity}
	res, err := s.catalog.ResolveVariants(ctx, req)
	if err != nil {
		return Offer{}, err
	}
	for _, v := range res.GetVariants() {
		if v.GetId() != variant.String() || !v.GetSellable() {
			continue
		}
		if v.GetPrice().GetCurrency() != market.Currency {
			return Offer{}, ErrCurrencyMismatch
		}
		return offerFromProto(v)
	}
	return Offer{}, ErrVariantNotFound
}

// offers asks the catalogue for all variants of a cart and leaves out those that cannot be sold in its market. What the lines
// hold is of a market: when that is the cart's, only what has changed since is told, and the rest is what they hold.
func (s *Service) offers(ctx context.Context, c Cart, of Market) (map[id.ID]*Offer, error) {
	req := c.Market.toProto()
	known := c.Market.equal(of) && slices.ContainsFunc(c.Lines, func(l Line) bool { return l.Offer.Revision != 0 })
	for _, l := range c.Lines {
		req.Ids, req.Quantities = append(req.Ids, l.Offer.VariantID.String()), append(req.Quantities, l.Quantity)
		if known {
			req.ProductIds, req.Revisions = append(req.ProductIds, l.Offer.ProductID.String()), append(req.Revisions, l.Offer.Revision)
		}
	}
	res, err := s.catalog.ResolveVariants(ctx, req)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]*Offer, len(c.Lines))
	for _, at := range res.GetUnchanged() {
		if at < 0 || int(at) >= len(c.Lines) || !known {
			return nil, fmt.Errorf("cart: the catalogue knows a line %d of %d to be unchanged", at, len(c.Lines))
		}
		out[c.Lines[at].Offer.VariantID] = &c.Lines[at].Offer
	}
	for _, v := range res.GetVariants() {
		if !v.GetSellable() || v.GetPrice().GetCurrency() != c.Currency {
			continue
		}
		o, err := offerFromProto(v)
		if err != nil {
			return nil, err
		}
		out[o.VariantID] = &o
	}
	return out, nil
}

// available asks how many units of a variant can be sold. On backorder that is as many as a line can hold.
func (s *Service) available(ctx context.Context, variant id.ID) (int64, error) {
	return s.availableOf(ctx, Offer{VariantID: variant})
}

// availableOf asks the same of what is offered; a bundle has as many units as the scarcest of what it is made of allows.
func (s *Service) availableOf(ctx context.Context, o Offer) (int64, error) {
	needs := o.Components
	if len(needs) == 0 {
		needs = []Component{{VariantID: o.VariantID, Quantity: 1}}
	}
	req := &inventoryv1.GetLevelsRequest{}
	for _, c := range needs {
		req.VariantIds = append(req.VariantIds, c.VariantID.String())
	}
	res, err := s.inventory.GetLevels(ctx, req)
	if err != nil {
		return 0, err
	}
	levels := make(map[string]*inventoryv1.Stock, len(needs))
	for _, level := range res.GetStocks() {
		levels[level.GetVariantId()] = level
	}
	units := int64(maxQuantity)
	for _, c := range needs {
		if level := levels[c.VariantID.String()]; !level.GetAllowBackorder() {
			units = min(units, max(level.GetAvailable(), 0)/c.Quantity)
		}
	}
	return units, nil
}
