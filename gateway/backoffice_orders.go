package gateway

import (
	"context"

	"google.golang.org/protobuf/types/known/timestamppb"

	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	inventoryv1 "github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

type orderAnswer = adminv1.Envelope[adminv1.Order]

func listOrders(ctx context.Context, in *in[adminv1.OrderQuery, none]) (adminv1.List[adminv1.Order], error) {
	q := in.Query
	paging, err := in.paging(q.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.Order]{}, err
	}
	answer, err := in.deps.Checkout.ListOrders(ctx, &checkoutv1.ListOrdersRequest{
		Page: paging, Status: checkoutv1.OrderStatus(number(checkoutv1.OrderStatus_value, "ORDER_STATUS_", q.Status)), Q: q.Q, CustomerId: q.CustomerID,
		From: since(q.From), To: since(q.To), OldestFirst: q.Sort == "placedAt",
	})
	if err != nil {
		return adminv1.List[adminv1.Order]{}, err
	}
	return adminv1.List[adminv1.Order]{Data: each(answer.GetOrders(), order), Meta: in.meta(q.PageQuery, answer.GetPage())}, nil
}

func since(t adminv1.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t.Time)
}

func (c *call) order(o *checkoutv1.Order, err error) (orderAnswer, error) {
	if err != nil {
		return orderAnswer{}, err
	}
	c.version(o.GetVersion())
	return orderAnswer{Data: order(o)}, nil
}

func getOrder(ctx context.Context, in *in[none, none]) (orderAnswer, error) {
	answer, err := in.deps.Checkout.GetOrder(ctx, &checkoutv1.GetOrderRequest{Id: in.path("id")})
	return in.order(answer.GetOrder(), err)
}

func recordPayment(ctx context.Context, in *in[none, adminv1.RecordPayment]) (adminv1.Envelope[adminv1.Payment], error) {
	answer, err := in.deps.Checkout.RecordPayment(ctx, &checkoutv1.RecordPaymentRequest{
		OrderId: in.path("id"), Method: in.Body.Method, Amount: toMoney(in.Body.Amount), IdempotencyKey: in.key,
	})
	if err != nil {
		return adminv1.Envelope[adminv1.Payment]{}, err
	}
	return adminv1.Envelope[adminv1.Payment]{Data: paymentOf(in.path("id"), answer.GetPayment())}, nil
}

func fulfilOrder(ctx context.Context, in *in[none, adminv1.Fulfil]) (adminv1.Envelope[adminv1.Fulfilment], error) {
	answer, err := in.deps.Checkout.FulfilOrder(ctx, &checkoutv1.FulfilOrderRequest{
		OrderId: in.path("id"), Carrier: in.Body.Carrier, TrackingNumber: in.Body.TrackingNumber, IdempotencyKey: in.key,
		Items: each(in.Body.Items, func(i adminv1.FulfilmentItem) *checkoutv1.FulfilmentItem {
			return &checkoutv1.FulfilmentItem{OrderItemId: i.OrderItemID, Quantity: int64(i.Quantity)}
		}),
	})
	if err != nil {
		return adminv1.Envelope[adminv1.Fulfilment]{}, err
	}
	return adminv1.Envelope[adminv1.Fulfilment]{Data: fulfilmentOf(in.path("id"), answer.GetFulfilment())}, nil
}

func cancelOrder(ctx context.Context, in *in[none, adminv1.Cancel]) (orderAnswer, error) {
	answer, err := in.deps.Checkout.CancelOrder(ctx, &checkoutv1.CancelOrderRequest{OrderId: in.path("id"), Reason: in.Body.Reason})
	return in.order(answer.GetOrder(), err)
}

func recordRefund(ctx context.Context, in *in[none, adminv1.RecordRefund]) (adminv1.Envelope[adminv1.Refund], error) {
	answer, err := in.deps.Checkout.RecordRefund(ctx, &checkoutv1.RecordRefundRequest{
		OrderId: in.path("id"), Amount: toMoney(in.Body.Amount), Reason: deref(in.Body.Reason), IdempotencyKey: in.key,
	})
	if err != nil {
		return adminv1.Envelope[adminv1.Refund]{}, err
	}
	return adminv1.Envelope[adminv1.Refund]{Data: refundOf(in.path("id"), answer.GetRefund())}, nil
}

func order(o *checkoutv1.Order) adminv1.Order {
	out := adminv1.Order{
		ID: o.GetId(), Number: o.GetNumber(), Status: wireName(o.GetStatus(), "ORDER_STATUS_"), Email: o.GetEmail(), CustomerID: o.CustomerId, Currency: o.GetCurrency(),
		Country: o.Country, Channel: o.Channel, Locale: o.Locale,
		Items: each(o.GetItems(), orderItem), Totals: totals(o.GetTotals()), ShippingAddress: address(o.GetShippingAddress()), BillingAddress: address(o.GetBillingAddress()),
		ShippingRequired: ships(o),
		Payment:          payment(o),
		Payments:         each(o.GetPayments(), func(p *checkoutv1.Payment) adminv1.Payment { return paymentOf(o.GetId(), p) }),
		Fulfilments:      each(o.GetFulfilments(), func(f *checkoutv1.Fulfilment) adminv1.Fulfilment { return fulfilmentOf(o.GetId(), f) }),
		Refunds:          each(o.GetRefunds(), func(r *checkoutv1.Refund) adminv1.Refund { return refundOf(o.GetId(), r) }),
		History:          each(o.GetHistory(), statusChange), CancelReason: o.CancelReason, PaymentDueAt: atPtr(o.GetPaymentDueAt()),
		PlacedAt: at(o.GetPlacedAt()), Version: o.GetVersion(), CreatedAt: at(o.GetPlacedAt()), UpdatedAt: at(o.GetUpdatedAt()),
	}
	if o.GetShippingRateId() != "" {
		out.ShippingRate = &adminv1.ShippingRate{ID: o.GetShippingRateId(), Name: o.GetShippingRateName(), Amount: money(o.GetTotals().GetShipping())}
	}
	return out
}

func orderItem(i *checkoutv1.OrderItem) adminv1.OrderItem {
	return adminv1.OrderItem{
		ID: i.GetId(), VariantID: i.GetVariantId(), SKU: i.GetSku(), ProductSlug: i.GetProductSlug(), Title: i.GetTitle(), VariantTitle: i.GetVariantTitle(),
		Quantity: int(i.GetQuantity()), FulfilledQuantity: int(i.GetFulfilledQuantity()), RefundedQuantity: int(i.GetRefundedQuantity()),
		UnitPrice: money(i.GetUnitPrice()), Total: money(i.GetTotal()), TaxRate: i.GetTaxRate(), Tax: money(i.GetTax()), Image: textPtr(i.GetImage()),
		Picture: linePicture(i.GetPicture()), ShippingRequired: !i.GetUnshipped(),
	}
}

func paymentOf(orderID string, p *checkoutv1.Payment) adminv1.Payment {
	return adminv1.Payment{ID: p.GetId(), OrderID: orderID, Method: p.GetMethod(), Amount: money(p.GetAmount()), CreatedAt: at(p.GetCreatedAt())}
}

func fulfilmentOf(orderID string, f *checkoutv1.Fulfilment) adminv1.Fulfilment {
	return adminv1.Fulfilment{
		ID: f.GetId(), OrderID: orderID, Carrier: f.Carrier, TrackingNumber: f.TrackingNumber, CreatedAt: at(f.GetCreatedAt()),
		Items: each(f.GetItems(), func(i *checkoutv1.FulfilmentItem) adminv1.FulfilmentItem {
			return adminv1.FulfilmentItem{OrderItemID: i.GetOrderItemId(), Quantity: int(i.GetQuantity())}
		}),
	}
}

func refundOf(orderID string, r *checkoutv1.Refund) adminv1.Refund {
	return adminv1.Refund{ID: r.GetId(), OrderID: orderID, Amount: money(r.GetAmount()), Reason: textPtr(r.GetReason()), CreatedAt: at(r.GetCreatedAt())}
}

func statusChange(s *checkoutv1.StatusChange) adminv1.StatusChange {
	return adminv1.StatusChange{
		From: textPtr(wireName(s.GetFrom(), "ORDER_STATUS_")), To: wireName(s.GetTo(), "ORDER_STATUS_"), ActorID: textPtr(s.GetActorId()),
		Note: textPtr(s.GetNote()), CreatedAt: at(s.GetCreatedAt()),
	}
}

type stockAnswer = adminv1.Envelope[adminv1.Inventory]

func (c *call) stock(s *inventoryv1.Stock, err error) (stockAnswer, error) {
	if err != nil {
		return stockAnswer{}, err
	}
	c.version(s.GetVersion())
	return stockAnswer{Data: adminv1.Inventory{
		VariantID: s.GetVariantId(), OnHand: s.GetOnHand(), Reserved: s.GetReserved(), Available: s.GetAvailable(), AllowBackorder: s.GetAllowBackorder(),
	}}, nil
}

func getStock(ctx context.Context, in *in[none, none]) (stockAnswer, error) {
	answer, err := in.deps.Inventory.GetStock(ctx, &inventoryv1.GetStockRequest{VariantId: in.path("variantId")})
	return in.stock(answer.GetStock(), err)
}

func updateStock(ctx context.Context, in *in[none, adminv1.UpdateInventory]) (stockAnswer, error) {
	answer, err := in.deps.Inventory.UpdateStockSettings(ctx, &inventoryv1.UpdateStockSettingsRequest{
		VariantId: in.path("variantId"), IfVersion: in.ifVersion, AllowBackorder: in.Body.AllowBackorder.Ptr(),
	})
	return in.stock(answer.GetStock(), err)
}

func adjustStock(ctx context.Context, in *in[none, adminv1.Adjust]) (stockAnswer, error) {
	answer, err := in.deps.Inventory.AdjustStock(ctx, &inventoryv1.AdjustStockRequest{
		VariantId: in.path("variantId"), Delta: in.Body.Delta, Note: deref(in.Body.Note),
		Reason: inventoryv1.Reason(number(inventoryv1.Reason_value, "REASON_", in.Body.Reason)),
	})
	return in.stock(answer.GetStock(), err)
}

func listMovements(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.Movement], error) {
	paging, err := in.paging(in.Query)
	if err != nil {
		return adminv1.List[adminv1.Movement]{}, err
	}
	answer, err := in.deps.Inventory.ListMovements(ctx, &inventoryv1.ListMovementsRequest{VariantId: in.path("variantId"), Page: paging})
	if err != nil {
		return adminv1.List[adminv1.Movement]{}, err
	}
	return adminv1.List[adminv1.Movement]{
		Data: each(answer.GetMovements(), func(m *inventoryv1.Movement) adminv1.Movement {
			return adminv1.Movement{
				ID: m.GetId(), VariantID: m.GetVariantId(), Delta: m.GetDelta(), Reason: wireName(m.GetReason(), "REASON_"), Note: textPtr(m.GetNote()),
				OrderID: textPtr(m.GetOrderId()), ActorID: textPtr(m.GetActorId()), CreatedAt: at(m.GetCreatedAt()),
			}
		}),
		Meta: in.meta(in.Query, answer.GetPage()),
	}, nil
}
