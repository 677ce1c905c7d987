package inventory

import (
	"context"
	"errors"
	"fmt"

	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/rpc"
)

// Reserve holds all lines of an order, or none. A repeat changes nothing, also when its lines differ: those of the first
// call stand.
func (s *Service) Reserve(ctx context.Context, req *inventoryv1.ReserveRequest) (*inventoryv1.ReserveResponse, error) {
	h, err := holdFromProto(req)
	if err != nil {
		return nil, err
	}
	if err := s.holds.reserve(ctx, h); err != nil {
		return nil, err
	}
	return &inventoryv1.ReserveResponse{}, nil
}

// flush decides holds and returns an answer for each once they are durable: in one statement when there is plenty,
// otherwise in one transaction of two round trips.
func (s *Service) flush(ctx context.Context, holds []Hold) ([]error, error) {
	const tries = 3
	now := s.now()
	if undisputed(holds, now) {
		held, err := holdPlenty(ctx, s.db, holds, now)
		if held && err == nil {
			return make([]error, len(holds)), nil
		}
		// A repeat, or one whose rows others held for long, is looked at with care below.
		if err != nil && !pg.IsUnique(err, reservationKey) && !pg.IsUnique(err, linesKey) && !errors.Is(err, pg.ErrBusy) {
			return nil, err
		}
	}
	var err error
	for range tries {
		var answers []error
		if answers, err = s.flushOnce(ctx, holds); !pg.IsUnique(err, reservationKey) {
			return answers, err
		}
		// One of the orders was settled elsewhere between our look and our insert; another look sees it.
	}
	return nil, pg.ErrBusy.WithCause(err)
}

func (s *Service) flushOnce(ctx context.Context, holds []Hold) ([]error, error) {
	variants, orders := keysOf(holds)
	var answers []error
	err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		b, before, err := lockForHolds(ctx, tx, variants, orders)
		if err != nil {
			return err
		}
		now := s.now()
		var granted []Hold
		granted, answers = decide(holds, b, before, now)
		saveChanges(&tx.Writes, b.changes(), now)
		saveHolds(&tx.Writes, granted, now)
		return announce(ctx, &tx.Writes, b.flips())
	})
	return answers, err
}

// keysOf lists the variants and orders of holds, each once.
func keysOf(holds []Hold) (variants, orders []id.ID) {
	seen := make(map[id.ID]struct{}, len(holds))
	add := func(to []id.ID, key id.ID) []id.ID {
		if _, known := seen[key]; known {
			return to
		}
		seen[key] = struct{}{}
		return append(to, key)
	}
	for _, h := range holds {
		for _, l := range h.Lines {
			variants = add(variants, l.VariantID)
		}
	}
	clear(seen)
	for _, h := range holds {
		orders = add(orders, h.OrderID)
	}
	return variants, orders
}

// Commit turns what an order holds into a sale.
func (s *Service) Commit(ctx context.Context, req *inventoryv1.CommitRequest) (*inventoryv1.CommitResponse, error) {
	order, err := id.Parse(req.GetOrderId())
	if err != nil {
		return nil, ErrReservationNotFound
	}
	if err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error { return s.commit(ctx, tx, order) }); err != nil {
		return nil, err
	}
	return &inventoryv1.CommitResponse{}, nil
}

func (s *Service) commit(ctx context.Context, tx *pg.Tx, order id.ID) error {
	now := s.now()
	r, b, err := lockOrder(ctx, tx, order, false, now)
	if err != nil {
		return err
	}
	before := r.Status
	movements, err := r.commit(b)
	if err != nil {
		return err
	}
	return s.settle(ctx, tx, r, before, b, movements)
}

// Release gives back what an order holds, or books in what it had bought.
func (s *Service) Release(ctx context.Context, req *inventoryv1.ReleaseRequest) (*inventoryv1.ReleaseResponse, error) {
	order, err := id.Parse(req.GetOrderId())
	if err != nil {
		return nil, rpc.ErrInvalid.WithField("orderId", "string_uuid", "The order's id is not a UUID in lower case.")
	}
	if err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error { return s.release(ctx, tx, order) }); err != nil {
		return nil, err
	}
	return &inventoryv1.ReleaseResponse{}, nil
}

func (s *Service) release(ctx context.Context, tx *pg.Tx, order id.ID) error {
	r, b, err := lockOrder(ctx, tx, order, true, s.now())
	if err != nil {
		return err
	}
	if r.Status == None {
		return fmt.Errorf("inventory: the reservation of order %s is neither there nor could it be made", order)
	}
	before := r.Status
	movements := r.release(b)
	return s.settle(ctx, tx, r, before, b, movements)
}

// settle saves what became of a reservation.
func (s *Service) settle(ctx context.Context, tx *pg.Tx, r *Reservation, before Status, b *books, movements []Movement) error {
	if r.Status == before {
		return nil // a repeat
	}
	now := s.now()
	saveChanges(&tx.Writes, b.changes(), now)
	saveMovements(&tx.Writes, movements, now)
	saveStatus(&tx.Writes, []id.ID{r.OrderID}, r.Status, now)
	return announce(ctx, &tx.Writes, b.flips())
}
