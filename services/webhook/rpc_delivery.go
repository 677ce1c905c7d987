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

// maxReplay is how many deliveries one replay may queue.
const maxReplay = 100_000

// ReplayDeliveries sends once more, under the same webhook-ids and in their order, what a subscription was sent or should
// have been sent in a span of time, for a receiver that lost it. What is under way anyway stays so.
func (h handler) ReplayDeliveries(ctx context.Context, req *webhookv1.ReplayDeliveriesRequest) (*webhookv1.ReplayDeliveriesResponse, error) {
	sub, err := idOf(req.GetSubscriptionId(), ErrSubscriptionNotFound)
	if err != nil {
		return nil, err
	}
	r := span{from: req.GetFrom().AsTime(), to: req.GetTo().AsTime(), events: append([]string{}, req.GetEvents()...)}
	if !r.to.After(r.from) {
		return nil, ErrSpan.WithField("to", "before_from", ErrSpan.Message())
	}
	var queued int64
	err = h.s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		found, err := lockSubscription(ctx, tx, sub)
		if err != nil {
			return err
		}
		if !found.active {
			return ErrSubscriptionInactive
		}
		if queued, err = countClosed(ctx, tx, sub, r); err != nil {
			return err
		}
		if queued > maxReplay {
			return ErrSpanTooLarge.WithField("from", "too_early", ErrSpanTooLarge.Message())
		}
		requeueClosed(&tx.Writes, sub, r, h.s.moment())
		return nil
	})
	if err != nil {
		return nil, err
	}
	h.s.poke()
	return &webhookv1.ReplayDeliveriesResponse{Queued: queued}, nil
}
