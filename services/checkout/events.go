package checkout

import (
	"context"

	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// What the room announces.
const (
	subjectCreated            = "evt.checkout.order.created"
	subjectPaid               = "evt.checkout.order.paid"
	subjectPartiallyFulfilled = "evt.checkout.order.partially_fulfilled"
	subjectFulfilled          = "evt.checkout.order.fulfilled"
	subjectCancelled          = "evt.checkout.order.cancelled"
	subjectPartiallyRefunded  = "evt.checkout.order.partially_refunded"
	subjectRefunded           = "evt.checkout.order.refunded"
	subjectDownloadGranted    = "evt.checkout.download.granted"
	subjectPaymentRecorded    = "evt.checkout.payment.recorded"
)

// What it listens to.
const subjectTenantCreated = "evt.identity.tenant.created"

// announcePlaced tells of a new order. One that costs nothing is paid in the same moment, one version later.
func announcePlaced(ctx context.Context, w *pg.Writes, o *Order) error {
	created := &checkoutv1.OrderCreated{
		OrderId: o.ID.String(), Number: o.Number, Status: statusToProto(PendingPayment), Total: o.money(o.Total),
		CartId: o.CartID.String(), CustomerId: optionalID(o.CustomerID), PaymentMethod: o.PaymentMethod,
		VariantIds: o.sold(),
	}
	if err := bus.Emit(ctx, w, subjectCreated, o.ID, 1, created); err != nil || o.Status == PendingPayment {
		return err
	}
	return announcePaid(ctx, w, o, PendingPayment)
}

// announcePayment tells of money that came in, also when it does not cover the order yet.
func announcePayment(ctx context.Context, w *pg.Writes, o *Order, p Payment) error {
	return bus.Emit(ctx, w, subjectPaymentRecorded, p.ID, 1, &checkoutv1.PaymentRecorded{
		PaymentId: p.ID.String(), OrderId: o.ID.String(), Amount: o.money(p.Amount),
	})
}

// announcePaid tells that an order was paid. One of which nothing is shipped is fulfilled in the same moment, one version later.
func announcePaid(ctx context.Context, w *pg.Writes, o *Order, before Status) error {
	version, settled := o.Version, o.Status == Fulfilled
	if settled {
		version--
	}
	err := bus.Emit(ctx, w, subjectPaid, o.ID, version, &checkoutv1.OrderPaid{
		OrderId: o.ID.String(), Number: o.Number, Status: statusToProto(Paid), PreviousStatus: statusToProto(before), Total: o.money(o.Total),
	})
	if err != nil || !settled {
		return err
	}
	return bus.Emit(ctx, w, subjectFulfilled, o.ID, o.Version, &checkoutv1.OrderFulfilled{
		OrderId: o.ID.String(), Number: o.Number, Status: statusToProto(Fulfilled), PreviousStatus: statusToProto(Paid),
	})
}

func announceFulfilled(ctx context.Context, w *pg.Writes, o *Order, before Status, f Fulfilment) error {
	subject := subjectPartiallyFulfilled
	if o.Status == Fulfilled {
		subject = subjectFulfilled
	}
	return bus.Emit(ctx, w, subject, o.ID, o.Version, &checkoutv1.OrderFulfilled{
		OrderId: o.ID.String(), Number: o.Number, Status: statusToProto(o.Status), PreviousStatus: statusToProto(before), FulfilmentId: f.ID.String(),
	})
}

func announceCancelled(ctx context.Context, w *pg.Writes, o *Order, before Status) error {
	return bus.Emit(ctx, w, subjectCancelled, o.ID, o.Version, &checkoutv1.OrderCancelled{
		OrderId: o.ID.String(), Number: o.Number, Status: statusToProto(o.Status), PreviousStatus: statusToProto(before),
	})
}

func announceRefunded(ctx context.Context, w *pg.Writes, o *Order, before Status, r Refund) error {
	subject := subjectPartiallyRefunded
	if o.Refunded == o.Paid {
		subject = subjectRefunded
	}
	return bus.Emit(ctx, w, subject, o.ID, o.Version, &checkoutv1.OrderRefunded{
		OrderId: o.ID.String(), Number: o.Number, Status: statusToProto(o.Status), PreviousStatus: statusToProto(before),
		RefundId: r.ID.String(), Amount: o.money(r.Amount),
	})
}

func announceDownload(ctx context.Context, w *pg.Writes, order, file id.ID, used int64) error {
	download := id.New()
	return bus.Emit(ctx, w, subjectDownloadGranted, download, 1, &checkoutv1.DownloadGranted{
		DownloadId: download.String(), OrderId: order.String(), FileId: file.String(), Used: used,
	})
}
