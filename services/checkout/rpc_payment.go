package checkout

import (
	"bytes"
	"context"
	"slices"
	"time"

	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// RecordPayment books money that came in, once per key. The order is paid when its total is covered.
func (s *Service) RecordPayment(ctx context.Context, req *checkoutv1.RecordPaymentRequest) (*checkoutv1.RecordPaymentResponse, error) {
	which, err := id.Parse(req.GetOrderId())
	if err != nil {
		return nil, ErrOrderNotFound
	}
	p := Payment{ID: id.New(), Method: req.GetMethod(), Amount: req.GetAmount().GetAmount(), Actor: actor(ctx), Key: digest(req.GetIdempotencyKey())}
	o, err := s.change(ctx, which, command{
		ifVersion: req.GetIfVersion(),
		repeated: func(o *Order) (bool, error) {
			i := slices.IndexFunc(o.Payments, func(old Payment) bool { return p.Key != nil && bytes.Equal(old.Key, p.Key) })
			if i < 0 {
				return false, nil
			}
			if old := o.Payments[i]; old.Method != p.Method || old.Amount != p.Amount || o.sameCurrency(req.GetAmount()) != nil {
				return false, ErrKeyReused
			}
			p = o.Payments[i]
			return true, nil
		},
		do: func(o *Order, now time.Time) error {
			if err := o.sameCurrency(req.GetAmount()); err != nil {
				return err
			}
			p.At = now
			return o.pay(p)
		},
		announce: func(ctx context.Context, w *pg.Writes, o *Order, before Status) error {
			insertPayment(w, o, p)
			if err := announcePayment(ctx, w, o, p); err != nil || o.Paid < o.Total {
				return err
			}
			return announcePaid(ctx, w, o, before)
		},
	})
	if err != nil {
		return nil, err
	}
	return &checkoutv1.RecordPaymentResponse{Payment: paymentToProto(o, p), Order: orderToProto(o)}, nil
}

// RecordRefund books money that went back, once per key.
func (s *Service) RecordRefund(ctx context.Context, req *checkoutv1.RecordRefundRequest) (*checkoutv1.RecordRefundResponse, error) {
	which, err := id.Parse(req.GetOrderId())
	if err != nil {
		return nil, ErrOrderNotFound
	}
	if !storable(req.GetReason()) {
		return nil, ErrTextInvalid.WithField("reason", "invalid", ErrTextInvalid.Message())
	}
	r := Refund{ID: id.New(), Amount: req.GetAmount().GetAmount(), Reason: req.GetReason(), Actor: actor(ctx), Key: digest(req.GetIdempotencyKey())}
	o, err := s.change(ctx, which, command{
		ifVersion: req.GetIfVersion(),
		repeated: func(o *Order) (bool, error) {
			i := slices.IndexFunc(o.Refunds, func(old Refund) bool { return bytes.Equal(old.Key, r.Key) })
			if i < 0 {
				return false, nil
			}
			if old := o.Refunds[i]; old.Amount != r.Amount || old.Reason != r.Reason || o.sameCurrency(req.GetAmount()) != nil {
				return false, ErrKeyReused
			}
			r = o.Refunds[i]
			return true, nil
		},
		do: func(o *Order, now time.Time) error {
			if err := o.sameCurrency(req.GetAmount()); err != nil {
				return err
			}
			r.At = now
			return o.refund(r)
		},
		announce: func(ctx context.Context, w *pg.Writes, o *Order, before Status) error {
			insertRefund(w, o, r)
			return announceRefunded(ctx, w, o, before, r)
		},
	})
	if err != nil {
		return nil, err
	}
	return &checkoutv1.RecordRefundResponse{Refund: refundToProto(o, r), Order: orderToProto(o)}, nil
}

func (o *Order) sameCurrency(m *typev1.Money) error {
	if m.GetCurrency() != o.Currency {
		return ErrCurrencyMismatch.WithField("amount.currency", "mismatch", ErrCurrencyMismatch.Message())
	}
	return nil
}
