package webhook

import (
	"context"

	webhookv1 "github.com/sovecom/sovecom/gen/sovecom/webhook/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// ListDeliveries is the delivery log, newest first.
func (h handler) ListDeliveries(ctx context.Context, req *webhookv1.ListDeliveriesRequest) (*webhookv1.ListDeliveriesResponse, error) {
	p := page.FromProto(req.GetPage())
	before, err := position(p)
	if err != nil {
		return nil, err
	}
	var sub id.ID
	if req.GetSubscriptionId() != "" {
		if sub, err = idOf(req.GetSubscriptionId(), ErrSubscriptionNotFound); err != nil {
			return nil, err
		}
	}
	found, err := h.s.listDeliveries(ctx, p, before, sub, statusOf(req.GetStatus()))
	if err != nil {
		return nil, err
	}
	res := &webhookv1.ListDeliveriesResponse{}
	var last []byte
	for _, d := range found.rows {
		res.Deliveries = append(res.Deliveries, deliveryProto(d))
		last = page.Key(d.id.String())
	}
	res.Page = page.Info(found.total, found.more, last)
	return res, nil
}

// RetryDelivery starts a new round of attempts at a delivery that failed, with the same webhook-id and body.
func (h handler) RetryDelivery(ctx context.Context, req *webhookv1.RetryDeliveryRequest) (*webhookv1.RetryDeliveryResponse, error) {
	which, err := idOf(req.GetId(), ErrDeliveryNotFound)
	if err != nil {
		return nil, err
	}
	var d delivery
	err = h.s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var active bool
		var err error
		if d, active, err = lockDelivery(ctx, tx, which); err != nil {
			return err
		}
		now := h.s.moment()
		if err := d.retryable(now, active); err != nil {
			return err
		}
		requeue(&tx.Writes, which, now)
		d.status, d.nextAttemptAt = pending, &now
		return nil
	})
	if err != nil {
		return nil, err
	}
	h.s.poke()
	return &webhookv1.RetryDeliveryResponse{Delivery: deliveryProto(d)}, nil
}
