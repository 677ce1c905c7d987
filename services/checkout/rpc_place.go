package checkout

import (
	"bytes"
	"context"
	"errors"
	"time"

	cartv1 "github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
)

// manual is the way of payment in which staff book what comes in.
const manual = "manual"

// codeConverted is what the cart room says of a cart that has been ordered.
const codeConverted = "cart.already_converted"

// PlaceOrder turns a cart into an order, once. Once begun it goes on to its end, also when the caller goes away.
//
// A repeated call with the same key waits for the one under way, or takes up what was left half-way, and answers the
// same order. A call with another key waits as well, and is refused when there is an order then.
func (s *Service) PlaceOrder(ctx context.Context, req *checkoutv1.PlaceOrderRequest) (*checkoutv1.PlaceOrderResponse, error) {
	if req.GetPaymentMethod() != manual {
		return nil, ErrPaymentMethod.WithField("paymentMethod", "unknown", ErrPaymentMethod.Message())
	}
	cart, err := id.Parse(req.GetCartId())
	if err != nil {
		return nil, ErrOrderNotFound
	}
	for ctx.Err() == nil {
		a := s.begin(ctx, req, cart)
		err := s.run(context.WithoutCancel(ctx), a)
		if err == nil {
			return s.placed(ctx, a.order), nil
		}
		closed := fault.From(err).Code() == codeConverted // the other became an order in the moment this one was opened
		if !closed && !errors.Is(err, errOccupied) {
			return nil, err
		}
		o, joinErr := s.joinOther(ctx, a)
		if joinErr != nil {
			return nil, joinErr
		}
		if o != nil {
			return s.placed(ctx, o), nil
		}
		if closed {
			return nil, err
		}
		// The other attempt came to nothing, and the cart is open again.
	}
	return nil, ErrInProgress.WithCause(ctx.Err())
}

func (s *Service) begin(ctx context.Context, req *checkoutv1.PlaceOrderRequest, cart id.ID) *attempt {
	return &attempt{
		order: &Order{ID: id.New(), CartID: cart, Status: Placing, PaymentMethod: req.GetPaymentMethod()},
		key:   digest(req.GetIdempotencyKey()), caller: caller(ctx, req.GetCartToken()), cartToken: req.GetCartToken(), lease: id.New(),
	}
}

func (s *Service) placed(ctx context.Context, o *Order) *checkoutv1.PlaceOrderResponse {
	return &checkoutv1.PlaceOrderResponse{Order: orderToProto(o), AccessToken: s.accessToken(ctx, o.ID)}
}

// joinOther deals with the order that the cart has, or that is under way for it. It returns that order when the call is
// a repetition of the one that made it, and nothing when there is no longer any.
func (s *Service) joinOther(ctx context.Context, a *attempt) (*Order, error) {
	other, err := findByCart(ctx, s.db, a.order.CartID)
	if err != nil || other == nil {
		return nil, err
	}
	same := bytes.Equal(other.key, a.key)
	if !same || !bytes.Equal(other.caller, a.caller) {
		// Not who opened it: the cart room knows whether they may see what became of this cart.
		if _, err := s.cart.GetCart(ctx, &cartv1.GetCartRequest{Id: a.order.CartID.String(), Token: a.cartToken}); err != nil {
			return nil, err
		}
	}
	for pause := firstPause; ; pause = min(pause*3/2, longestPause) {
		switch {
		case other.placed && !same:
			return nil, ErrCartOrdered
		case other.placed:
			return findOrder(ctx, s.db, other.id)
		case other.status == Failed && same && other.failure != nil:
			return nil, other.failure
		case other.status == Failed:
			return nil, nil //nolint:nilnil // there is no order
		case same && !other.leasedUntil.After(s.now()):
			o, err := s.takeUp(ctx, other.id, a)
			if err != nil || o != nil {
				return o, err
			}
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ErrInProgress.WithCause(ctx.Err())
		}
		if other, err = findAttempt(ctx, s.db, other.id); err != nil {
			return nil, err
		}
		if other == nil {
			return nil, nil //nolint:nilnil // it failed long ago and is forgotten
		}
	}
}

const (
	firstPause   = 10 * time.Millisecond
	longestPause = 250 * time.Millisecond
)

// takeUp goes on with an order that was left half-way, for the shopper who came back. It returns nothing when somebody
// else was quicker, or when the order turned out to be one that nobody wanted any more: then a new one may be made.
func (s *Service) takeUp(ctx context.Context, order id.ID, by *attempt) (*Order, error) {
	a, err := s.takeLease(ctx, order)
	if err != nil || a == nil {
		return nil, err
	}
	a.cartToken = by.cartToken
	work := context.WithoutCancel(ctx)
	if a.order.Status == Failing {
		err := s.resumeTakingBack(work, a)
		if errors.Is(err, ErrAbandoned) {
			err = nil
		}
		return nil, err
	}
	if err := s.run(work, a); err != nil {
		return nil, err
	}
	return a.order, nil
}
