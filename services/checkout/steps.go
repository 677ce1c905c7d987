package checkout

import (
	"context"
	"errors"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	cartv1 "github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	inventoryv1 "github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
)

// step is one step of an order. Both do and undo may be repeated, also by another process.
type step struct {
	name string
	do   func(ctx context.Context, a *attempt) error
	undo func(ctx context.Context, a *attempt) error
}

// steps is how a cart becomes an order. What is certainly done is stored by open and place, and a process that takes the
// order up does the steps in between once more: each may happen twice and takes effect once. What is bought and at which
// price stands fixed in the claimed cart meanwhile, so it is stored with place.
func (s *Service) steps() []step {
	return []step{
		{"open", s.open, s.close},         // the attempt exists, for this room only
		{"claim", s.claim, s.unclaim},     // the cart is closed for this order
		{"snapshot", s.snapshot, nil},     // what is bought, at which price, is taken down
		{"reserve", s.reserve, s.release}, // its stock is held
		{"place", s.place, nil},           // it has a number and can be paid; from here on nothing is taken back
	}
}

// lastUndone is the last step that can be taken back.
func lastUndone(steps []step) int {
	for i, st := range slices.Backward(steps) {
		if st.undo != nil {
			return i
		}
	}
	return 0
}

// attempt is one process working on one order under a lease.
type attempt struct {
	order       *Order
	step        string // how far it had come when it was taken up; none: it is new
	key         key
	caller      []byte
	cartToken   string
	lease       id.ID
	leasedUntil time.Time
	openedAt    time.Time
	failure     error        // why it is being taken back; nil when nobody asked for it any more
	cart        *cartv1.Cart // after claim
	nobody      bool         // no shopper waits: the sweeper took it up
}

// run does the steps that are left. After a refusal it takes back what was done and returns the refusal; after anything
// else it leaves the order as it is, for a repeated call or the sweeper, and returns what went wrong.
func (s *Service) run(ctx context.Context, a *attempt) error {
	steps := s.steps()
	next := slices.IndexFunc(steps, func(st step) bool { return st.name == a.step }) + 1
	for i := next; i < len(steps); i++ {
		err := s.underLease(ctx, a, steps[i].do)
		switch {
		case err == nil:
		case i == 0:
			return err // it does not exist
		case !refusal(err):
			s.letGo(ctx, a)
			return err
		case a.step == "":
			return s.takeBack(ctx, a, i-1, err) // nobody did this step before, and now it left nothing
		default:
			return s.takeBack(ctx, a, lastUndone(steps), err) // nobody knows how far it had come
		}
		if err := s.stop(ctx, steps[i].name); err != nil {
			return err
		}
	}
	return nil
}

// takeBack undoes the steps up to last, in reverse, and returns why. That it does so is stored first: an order that is
// being taken back never turns round.
func (s *Service) takeBack(ctx context.Context, a *attempt, last int, why error) error {
	if a.order.Status != Failing {
		a.failure = why
		if a.nobody {
			a.failure = nil // it would be news to the next caller, who may have what was missing here
		}
	}
	if last > 0 && a.order.Status != Failing {
		if err := s.underLease(ctx, a, s.saveFailing); err != nil {
			s.letGo(ctx, a)
			return err
		}
		if err := s.stop(ctx, "refuse"); err != nil {
			return err
		}
	}
	for _, st := range slices.Backward(s.steps()[:last+1]) {
		if st.undo == nil {
			continue
		}
		if err := s.underLease(ctx, a, st.undo); err != nil {
			s.letGo(ctx, a)
			return retryable(err)
		}
		if err := s.stop(ctx, "undo "+st.name); err != nil {
			return err
		}
	}
	return why
}

// resumeTakingBack goes on with an order that was being taken back when its process ended.
func (s *Service) resumeTakingBack(ctx context.Context, a *attempt) error {
	why := a.failure
	if why == nil {
		why = ErrAbandoned
	}
	return s.takeBack(ctx, a, lastUndone(s.steps()), why)
}

// underLease ends work before the lease does, so that nobody else can be at it at the same time.
func (s *Service) underLease(ctx context.Context, a *attempt, do func(ctx context.Context, a *attempt) error) error {
	left := s.cfg.LeaseTime - leaseMargin
	if !a.leasedUntil.IsZero() {
		left = a.leasedUntil.Sub(s.now()) - leaseMargin
	}
	ctx, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	return do(ctx, a)
}

// refusal reports whether err is a decision, as opposed to an outage after which nobody knows what was done.
func refusal(err error) bool {
	switch fault.From(err).Kind() { //nolint:exhaustive // what is not a decision is an outage
	case fault.KindMalformed, fault.KindInvalid, fault.KindUnauthenticated, fault.KindDenied, fault.KindNotFound,
		fault.KindConflict, fault.KindStale, fault.KindTooLarge:
		return true
	}
	return false
}

// retryable makes sure that a caller takes an error for an outage. Undoing is never refused; if it is all the same, the
// sweeper tries again, and the caller must not be told that the order is over.
func retryable(err error) error {
	if refusal(err) {
		return ErrInProgress.WithCause(err)
	}
	return err
}

func (s *Service) claim(ctx context.Context, a *attempt) error {
	res, err := s.cart.Claim(ctx, &cartv1.ClaimRequest{Id: a.order.CartID.String(), Token: a.cartToken, OrderId: a.order.ID.String()})
	if err != nil {
		return err
	}
	a.cart = res.GetCart()
	return nil
}

func (s *Service) unclaim(ctx context.Context, a *attempt) error {
	_, err := s.cart.Unclaim(ctx, &cartv1.UnclaimRequest{Id: a.order.CartID.String(), OrderId: a.order.ID.String()})
	if fault.From(err) != nil && fault.From(err).Kind() == fault.KindNotFound {
		return nil
	}
	return err
}

func (s *Service) snapshot(_ context.Context, a *attempt) error {
	if err := a.order.fill(a.cart); err != nil {
		return err
	}
	// From when it was opened, so that who takes it up asks for the same reservation.
	due := a.openedAt.Add(s.cfg.PaymentTTL)
	a.order.PaymentDueAt, a.order.UpdatedAt = &due, s.time()
	return nil
}

func (s *Service) reserve(ctx context.Context, a *attempt) error {
	demand := a.order.demand()
	lines := make([]*inventoryv1.Line, len(demand))
	for i, d := range demand {
		lines[i] = &inventoryv1.Line{VariantId: d.VariantID.String(), Quantity: d.Quantity}
	}
	_, err := s.inventory.Reserve(ctx, &inventoryv1.ReserveRequest{
		OrderId: a.order.ID.String(), Lines: lines, ExpiresAt: timestamppb.New(a.order.PaymentDueAt.Add(s.cfg.HoldGrace)),
	})
	return err
}

func (s *Service) release(ctx context.Context, a *attempt) error {
	_, err := s.inventory.Release(ctx, &inventoryv1.ReleaseRequest{OrderId: a.order.ID.String()})
	return err
}

func (s *Service) place(ctx context.Context, a *attempt) error {
	number, err := s.numbers.next(ctx)
	if err != nil {
		return err
	}
	placed := *a.order
	placed.place(number, s.time())
	if err := s.savePlaced(ctx, a, &placed); err != nil {
		return err
	}
	*a.order = placed
	return nil
}

// errOccupied says that the cart has an order already, or one under way.
var errOccupied = errors.New("checkout: the cart has an order")
