package inventory

import (
	"context"

	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/pg"
)

// What the room announces.
const subjectStockChanged = "evt.inventory.stock.changed"

// What it listens to.
const (
	subjectProductCreated = "evt.catalog.product.created"
	subjectProductUpdated = "evt.catalog.product.updated"
	subjectProductDeleted = "evt.catalog.product.deleted"
	subjectOrderPaid      = "evt.checkout.order.paid"
	subjectOrderCancelled = "evt.checkout.order.cancelled"
	subjectTenantCreated  = "evt.identity.tenant.created"
)

// announce tells that variants can be bought again, or no longer, or in other quantities.
func announce(ctx context.Context, w *pg.Writes, flips []Stock) error {
	for _, s := range flips {
		if err := bus.Emit(ctx, w, subjectStockChanged, s.VariantID, s.Version,
			&inventoryv1.StockChanged{VariantId: s.VariantID.String(), Available: s.Buyable(), ShortOf: s.ShortOf()}); err != nil {
			return err
		}
	}
	return nil
}
