package checkout

import (
	"bytes"
	"context"
	"slices"
	"time"

	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// FulfilOrder hands units of a paid order over for shipping, once per key: those named, or all that are left.
func (s *Service) FulfilOrder(ctx context.Context, req *checkoutv1.FulfilOrderRequest) (*checkoutv1.FulfilOrderResponse, error) {
	which, err := id.Parse(req.GetOrderId())
	if err != nil {
		return nil, ErrOrderNotFound
	}
	asked, err := fulfilmentFromProto(req)
	if err != nil {
		return nil, err
	}
	asked.Actor = actor(ctx)
	var f Fulfilment
	o, err := s.change(ctx, which, command{
		ifVersion: req.GetIfVersion(),
		repeated: func(o *Order) (bool, error) {
			i := slices.IndexFunc(o.Fulfilments, func(old Fulfilment) bool { return asked.Key != nil && bytes.Equal(old.Key, asked.Key) })
			if i < 0 {
				return false, nil
			}
			f = o.Fulfilments[i]
			if !f.answers(asked) {
				return false, ErrKeyReused
			}
			return true, nil
		},
		do: func(o *Order, now time.Time) error {
			f = asked
			f.At = now
			var err error
			f, err = o.fulfil(f)
			return err
		},
		announce: func(ctx context.Context, w *pg.Writes, o *Order, before Status) error {
			insertFulfilment(w, o, f)
			return announceFulfilled(ctx, w, o, before, f)
		},
	})
	if err != nil {
		return nil, err
	}
	return &checkoutv1.FulfilOrderResponse{Fulfilment: fulfilmentToProto(f), Order: orderToProto(o)}, nil
}

// answers reports whether the parcel is what was asked for. One that was asked for without lines may hold any.
func (f Fulfilment) answers(asked Fulfilment) bool {
	return equal(f.Carrier, asked.Carrier) && equal(f.TrackingNumber, asked.TrackingNumber) &&
		(len(asked.Items) == 0 || slices.Equal(f.Items, mergeParcels(asked.Items)))
}

func equal(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }
