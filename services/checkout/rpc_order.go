package checkout

import (
	"context"
	"strings"
	"time"

	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// GetOrderByNumber opens a guest's order with its access token. An unknown number and a wrong token are one answer.
func (s *Service) GetOrderByNumber(ctx context.Context, req *checkoutv1.GetOrderByNumberRequest) (*checkoutv1.GetOrderByNumberResponse, error) {
	if !storable(req.GetNumber()) {
		return nil, ErrOrderNotFound
	}
	o, err := findByNumber(ctx, s.db, req.GetNumber())
	if err != nil {
		return nil, err
	}
	if !s.opens(ctx, req.GetAccessToken(), o.ID) {
		return nil, ErrOrderNotFound
	}
	return &checkoutv1.GetOrderByNumberResponse{Order: orderToProto(o)}, nil
}

// ListMyOrders lists the orders of the signed-in customer, newest first.
func (s *Service) ListMyOrders(ctx context.Context, req *checkoutv1.ListMyOrdersRequest) (*checkoutv1.ListMyOrdersResponse, error) {
	me, err := customer(ctx)
	if err != nil {
		return nil, err
	}
	orders, info, err := listOrders(ctx, s.db, filter{customer: me, page: page.FromProto(req.GetPage())})
	if err != nil {
		return nil, err
	}
	return &checkoutv1.ListMyOrdersResponse{Orders: orders, Page: info}, nil
}

// GetMyOrder reads one of them, or one whose access token is shown.
func (s *Service) GetMyOrder(ctx context.Context, req *checkoutv1.GetMyOrderRequest) (*checkoutv1.GetMyOrderResponse, error) {
	o, err := s.opened(ctx, req.GetId(), req.GetAccessToken())
	if err != nil {
		return nil, err
	}
	return &checkoutv1.GetMyOrderResponse{Order: orderToProto(o)}, nil
}

func customer(ctx context.Context) (id.ID, error) {
	p := auth.From(ctx)
	if p.Kind != auth.Customer || p.ID.IsZero() {
		return id.ID{}, auth.ErrUnauthenticated
	}
	return p.ID, nil
}

// ListOrders lists orders for staff.
func (s *Service) ListOrders(ctx context.Context, req *checkoutv1.ListOrdersRequest) (*checkoutv1.ListOrdersResponse, error) {
	f := filterFromProto(req)
	if !storable(f.q) {
		return nil, ErrTextInvalid.WithField("q", "invalid", ErrTextInvalid.Message())
	}
	orders, info, err := listOrders(ctx, s.db, f)
	if err != nil {
		return nil, err
	}
	return &checkoutv1.ListOrdersResponse{Orders: orders, Page: info}, nil
}

// filterFromProto is what staff want to see.
func filterFromProto(req *checkoutv1.ListOrdersRequest) filter {
	f := filter{
		status: statusFromProto(req.GetStatus()), q: strings.TrimSpace(req.GetQ()), oldestFirst: req.GetOldestFirst(), page: page.FromProto(req.GetPage()),
	}
	f.customer, _ = id.Parse(req.GetCustomerId()) // validated; empty is no filter
	if req.GetFrom() != nil {
		f.from = req.GetFrom().AsTime()
	}
	if req.GetTo() != nil {
		f.to = req.GetTo().AsTime()
	}
	return f
}

// GetOrder reads an order for staff.
func (s *Service) GetOrder(ctx context.Context, req *checkoutv1.GetOrderRequest) (*checkoutv1.GetOrderResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrOrderNotFound
	}
	o, err := findOrder(ctx, s.db, which)
	if err != nil {
		return nil, err
	}
	return &checkoutv1.GetOrderResponse{Order: orderToProto(o)}, nil
}

// CancelOrder calls an order off. Its stock comes back by the event; money that is in has to be refunded.
func (s *Service) CancelOrder(ctx context.Context, req *checkoutv1.CancelOrderRequest) (*checkoutv1.CancelOrderResponse, error) {
	which, err := id.Parse(req.GetOrderId())
	if err != nil {
		return nil, ErrOrderNotFound
	}
	if !storable(req.GetReason()) {
		return nil, ErrTextInvalid.WithField("reason", "invalid", ErrTextInvalid.Message())
	}
	o, err := s.change(ctx, which, command{
		ifVersion: req.GetIfVersion(),
		do: func(o *Order, now time.Time) error {
			return o.cancel(req.Reason, actor(ctx), now) //nolint:protogetter // absent is not empty
		},
		announce: func(ctx context.Context, w *pg.Writes, o *Order, before Status) error {
			return announceCancelled(ctx, w, o, before)
		},
	})
	if err != nil {
		return nil, err
	}
	return &checkoutv1.CancelOrderResponse{Order: orderToProto(o)}, nil
}

// command is a change of an order that was placed.
type command struct {
	ifVersion int64
	// repeated reports whether the command took effect before; an error, that it must not. It may be nil.
	repeated func(o *Order) (bool, error)
	// do decides, and changes the order in memory.
	do func(o *Order, now time.Time) error
	// announce saves what do added, and tells of it.
	announce func(ctx context.Context, w *pg.Writes, o *Order, before Status) error
}

// change loads an order under a lock, decides, saves and announces. A repetition answers the order as it is now.
func (s *Service) change(ctx context.Context, which id.ID, c command) (*Order, error) {
	var out *Order
	err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		o, err := lockOrder(ctx, tx, which)
		if err != nil {
			return err
		}
		out = o
		if c.repeated != nil {
			if done, err := c.repeated(o); done || err != nil {
				return err
			}
		}
		if c.ifVersion != 0 && c.ifVersion != o.Version {
			return ErrVersionConflict
		}
		version, status, lines := o.Version, o.Status, len(o.History)
		if err := c.do(o, s.time()); err != nil {
			return err
		}
		saveChange(&tx.Writes, o, version, o.History[lines:])
		return c.announce(ctx, &tx.Writes, o, status)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// actor is the member of staff who asks.
func actor(ctx context.Context) id.ID {
	if p := auth.From(ctx); p.Kind == auth.Staff {
		return p.ID
	}
	return id.ID{}
}

// storable reports whether PostgreSQL takes the text.
func storable(s string) bool { return !strings.ContainsRune(s, 0) }
