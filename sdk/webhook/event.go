package webhook

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sovecom/sovecom/sdk/storev1"
)

// Names of events.
const (
	TypeOrderCreated   = "order.created"
	TypeOrderPaid      = "order.paid"
	TypeOrderFulfilled = "order.fulfilled"
	TypeOrderCancelled = "order.cancelled"
	TypeProductCreated = "product.created"
	TypeProductUpdated = "product.updated"
	TypeProductDeleted = "product.deleted"
)

// Types returns the names of all events a subscription can ask for.
func Types() []string {
	return []string{
		TypeOrderCreated, TypeOrderPaid, TypeOrderFulfilled, TypeOrderCancelled,
		TypeProductCreated, TypeProductUpdated, TypeProductDeleted,
	}
}

// Event is the body of a webhook. It carries ids and facts, never personal data: who bought is asked of the shop, by
// those who may.
type Event struct {
	ID       string          `json:"id"`       // UUIDv7, the same on every attempt and replay; also the header webhook-id
	Type     string          `json:"type"`     // such as "order.paid"
	Time     storev1.Time    `json:"time"`     // when it happened
	TenantID string          `json:"tenantId"` // the shop
	Sequence int64           `json:"sequence"` // grows with every event of one order or product, so that an old one can be told
	Data     json.RawMessage `json:"data"`     // see Data
}

// ParseEvent reads an event without verifying it.
func ParseEvent(body []byte) (Event, error) {
	var e Event
	if err := json.Unmarshal(body, &e); err != nil {
		return Event{}, fmt.Errorf("the webhook's body is not an event: %w", err)
	}
	if e.ID == "" || e.Type == "" {
		return Event{}, errors.New("the webhook's body is not an event: it has no id or no type")
	}
	return e, nil
}

// Data reads the data of an event as T: the struct named like the event's type.
func Data[T any](e Event) (T, error) {
	var data T
	if err := json.Unmarshal(e.Data, &data); err != nil {
		return data, fmt.Errorf("the data of %s %s: %w", e.Type, e.ID, err)
	}
	return data, nil
}

// OrderCreated is the data of order.created: a shopper placed an order.
type OrderCreated struct {
	OrderID       string        `json:"orderId"`
	Number        string        `json:"number"` // number for people
	Status        string        `json:"status"`
	Total         storev1.Money `json:"total"` // what there is to pay
	CustomerID    *string       `json:"customerId"`
	PaymentMethod string        `json:"paymentMethod"`
}

// OrderPaid is the data of order.paid: the order's total is covered.
type OrderPaid struct {
	OrderID        string        `json:"orderId"`
	Number         string        `json:"number"`
	Status         string        `json:"status"`
	PreviousStatus string        `json:"previousStatus"`
	Total          storev1.Money `json:"total"`
}

// OrderFulfilled is the data of order.fulfilled: all of the order was handed over for shipping.
type OrderFulfilled struct {
	OrderID        string  `json:"orderId"`
	Number         string  `json:"number"`
	Status         string  `json:"status"`
	PreviousStatus string  `json:"previousStatus"`
	FulfilmentID   *string `json:"fulfilmentId"` // the parcel that completed it; nil: there was nothing to hand over
}

// OrderCancelled is the data of order.cancelled: the order was called off and its stock given back.
type OrderCancelled struct {
	OrderID        string `json:"orderId"`
	Number         string `json:"number"`
	Status         string `json:"status"`
	PreviousStatus string `json:"previousStatus"`
}

// ProductCreated is the data of product.created.
type ProductCreated struct {
	ProductID string `json:"productId"`
	Slug      string `json:"slug"`
	Status    string `json:"status"` // draft, published or archived
}

// ProductUpdated is the data of product.updated: something a reader of the product would see has changed.
type ProductUpdated struct {
	ProductID string `json:"productId"`
	Slug      string `json:"slug"`
	Status    string `json:"status"`
}

// ProductDeleted is the data of product.deleted.
type ProductDeleted struct {
	ProductID string `json:"productId"`
	Slug      string `json:"slug"` // the slug it had
}
