package inventory

import (
	"context"
	"errors"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// Consumers lists what the room listens to.
func (s *Service) Consumers() []bus.Consumer {
	return []bus.Consumer{
		{Name: "inventory-catalog", Subjects: []string{subjectProductCreated, subjectProductUpdated, subjectProductDeleted}, Handle: s.onProduct},
		{Name: "inventory-orders", Subjects: []string{subjectOrderPaid, subjectOrderCancelled}, Handle: s.onOrder},
		// The bus opens the tenant's books by itself; there is nothing else to do.
		{Name: "inventory-tenants", Subjects: []string{subjectTenantCreated}, Handle: func(context.Context, *pg.Tx, bus.Event, any) error { return nil }},
	}
}

// onProduct opens stock for new variants, and takes over what bundles take of others.
func (s *Service) onProduct(ctx context.Context, tx *pg.Tx, e bus.Event, _ any) error {
	var added []*catalogv1.VariantAdded
	var product string
	var bundle *catalogv1.BundleParts
	switch e.Subject {
	case subjectProductCreated:
		var created catalogv1.ProductCreated
		if err := e.Unmarshal(&created); err != nil {
			return err
		}
		added, product, bundle = created.GetVariants(), created.GetProductId(), created.GetBundle()
	case subjectProductUpdated:
		var updated catalogv1.ProductUpdated
		if err := e.Unmarshal(&updated); err != nil {
			return err
		}
		added, product, bundle = updated.GetVariantsAdded(), updated.GetProductId(), updated.GetBundle()
	case subjectProductDeleted:
		var deleted catalogv1.ProductDeleted
		if err := e.Unmarshal(&deleted); err != nil {
			return err
		}
		if !deleted.GetBundle() {
			return nil
		}
		product, bundle = deleted.GetProductId(), &catalogv1.BundleParts{}
	}
	if bundle != nil {
		return s.onBundle(ctx, tx, product, bundle)
	}
	items, err := newStocksFromCatalog(added)
	if err != nil {
		return err
	}
	_, err = s.open(ctx, tx, items)
	return err
}

// onBundle takes over how many units of which variants a bundle takes at once, and tells how that stands.
func (s *Service) onBundle(ctx context.Context, tx *pg.Tx, product string, bundle *catalogv1.BundleParts) error {
	which, err := id.Parse(product)
	if err != nil {
		return err
	}
	var wanted []Line
	for _, p := range bundle.GetParts() {
		variant, err := id.Parse(p.GetVariantId())
		if err != nil {
			return err
		}
		wanted = append(wanted, Line{VariantID: variant, Quantity: p.GetQuantity()})
	}
	return s.watch(ctx, tx, which, wanted)
}

// onOrder settles what an order holds. Checkout may have said the same by RPC before.
func (s *Service) onOrder(ctx context.Context, tx *pg.Tx, e bus.Event, _ any) error {
	if e.Subject == subjectOrderCancelled {
		var cancelled checkoutv1.OrderCancelled
		if err := e.Unmarshal(&cancelled); err != nil {
			return err
		}
		order, err := id.Parse(cancelled.GetOrderId())
		if err != nil {
			return err
		}
		return s.release(ctx, tx, order)
	}
	var paid checkoutv1.OrderPaid
	if err := e.Unmarshal(&paid); err != nil {
		return err
	}
	order, err := id.Parse(paid.GetOrderId())
	if err != nil {
		return err
	}
	if err := s.commit(ctx, tx, order); !errors.Is(err, ErrReservationReleased) {
		return err
	}
	// Cancelled by RPC before this event came by: the units are back, and there is nothing to sell.
	s.log.InfoContext(ctx, "a paid order was cancelled before its stock was booked", "order", order)
	return nil
}
