package cart

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
)

// moment is now, as exact as the database keeps it.
func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// reader is load, or what is remembered.
type reader func(ctx context.Context, cart id.ID) (Cart, error)

// stored is the cart as the database has it. Its lines are not read again when it is the cart that is remembered.
func (s *Service) stored(ctx context.Context, cart id.ID) (Cart, error) {
	known, _ := s.recent.get(ctx, cart)
	c, err := load(ctx, s.db, cart, known)
	if err == nil && !c.same(known) {
		s.recent.put(ctx, c)
	}
	return c, err
}

// remembered is the cart as this process knows it.
func (s *Service) remembered(ctx context.Context, cart id.ID) (Cart, error) {
	// A cart that is closed is answered as it is stored.
	if c, ok := s.recent.get(ctx, cart); ok && c.Status == Active {
		return c, nil
	}
	return Cart{}, errMoved
}

// settled is a refusal that was saved: it must not be decided again.
type settled struct{ error }

func (s settled) Unwrap() error { return s.error }

// save stores a cart and remembers it.
func (s *Service) save(ctx context.Context, before, after Cart) error {
	if err := save(ctx, s.db, before, after); err != nil {
		s.recent.forget(ctx, after.ID)
		return err
	}
	s.recent.put(ctx, after)
	return nil
}

// open reads a cart for the shopper who asks. A cart that has lapsed or was given up is not there for anyone.
func (s *Service) open(ctx context.Context, cart, token string, read reader) (Cart, error) {
	key, err := id.Parse(cart)
	if err != nil {
		return Cart{}, ErrNotFound
	}
	c, err := read(ctx, key)
	switch {
	case err != nil:
		return Cart{}, err
	case c.gone(s.now()):
		return Cart{}, ErrNotFound
	case !c.opensTo(token, auth.From(ctx)):
		return Cart{}, ErrDenied
	}
	return c, nil
}

// openActive is open for those who want to change the cart.
func (s *Service) openActive(ctx context.Context, cart, token string, read reader) (Cart, error) {
	c, err := s.open(ctx, cart, token, read)
	if err == nil && c.Status != Active {
		return Cart{}, ErrAlreadyConverted
	}
	return c, err
}

// change is what every change of a cart is: load, decide, save, and once more when somebody else was faster. What
// decide asks other rooms it should ask once: it may run several times.
func (s *Service) change(ctx context.Context, cart, token string, decide func(c Cart, shop Shop) (Cart, error)) (*cartv1.Cart, error) {
	var out *cartv1.Cart
	err := s.again(ctx, func(read reader) error {
		before, err := s.openActive(ctx, cart, token, read)
		if err != nil {
			return err
		}
		shop, err := s.shops.of(ctx)
		if err != nil {
			return err
		}
		after, err := decide(before.adopted(auth.From(ctx)), shop)
		if err != nil {
			return err
		}
		if !slices.Equal(before.Groups, after.Groups) && after.Status == Active && len(after.Lines) > 0 {
			offers, err := s.offers(ctx, after, before.Market)
			if err != nil {
				return err
			}
			after = after.regrouped(offers)
		}
		after = after.touched(s.moment(), s.cfg)
		// Before it is saved: a cart whose total cannot be counted is refused, not kept.
		if out, err = view(after, shop); err != nil {
			return err
		}
		return s.save(ctx, before, after)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// again runs a load, decide and save until nobody came in between. The first try starts from what is remembered; what it
// refuses is decided once more on what is stored.
func (s *Service) again(ctx context.Context, do func(read reader) error) error {
	var done settled
	if err := do(s.remembered); err == nil {
		return nil
	} else if errors.As(err, &done) {
		return done.error
	}
	const tries = 24
	for try := range tries {
		err := do(s.stored)
		if errors.As(err, &done) {
			return done.error
		}
		if !errors.Is(err, errMoved) {
			return err
		}
		// Those who collide wait for different times, longer and longer, so that one of them gets through.
		pause := time.NewTimer(rand.N(time.Duration(try+1) * 2 * time.Millisecond)) //nolint:gosec // no secret
		select {
		case <-ctx.Done():
			pause.Stop()
			return ctx.Err()
		case <-pause.C:
		}
	}
	return ErrBusy
}

// view prices a cart and makes it what callers see.
func view(c Cart, shop Shop) (*cartv1.Cart, error) {
	if c.Pricing != nil {
		return cartToProto(c, *c.Pricing)
	}
	p, err := price(c, shop)
	if err != nil {
		return nil, err
	}
	return cartToProto(c, p)
}
