package webhook

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sovecom/sovecom/sdk/storev1"
)

// Names of events.
const (
	TypeOrderCreated               = "order.created"
	TypeOrderPaid                  = "order.paid"
	TypeOrderPartiallyFulfilled    = "order.partially_fulfilled"
	TypeOrderFulfilled             = "order.fulfilled"
	TypeOrderCancelled             = "order.cancelled"
	TypeOrderPartiallyRefunded     = "order.partially_refunded"
	TypeOrderRefunded              = "order.refunded"
	TypeProductCreated             = "product.created"
	TypeProductUpdated             = "product.updated"
	TypeProductDeleted             = "product.deleted"
	TypeProductAvailabilityChanged = "product.availability_changed"
	TypeTaxonomyUpdated            = "taxonomy.updated"
	TypeLocalesUpdated             = "locales.updated"
	TypeMarketsUpdated             = "markets.updated"
	TypePriceListCreated           = "price_list.created"
	TypePriceListUpdated           = "price_list.updated"
	TypePriceListDeleted           = "price_list.deleted"
	TypePriceListRepriced          = "price_list.repriced"
	TypeJobEnded                   = "job.ended"
	TypePageCreated                = "page.created"
	TypePageUpdated                = "page.updated"
	TypePageDeleted                = "page.deleted"
)

// Types returns the names of all events a subscription can ask for.
func Types() []string {
	return []string{
		TypeOrderCreated, TypeOrderPaid, TypeOrderPartiallyFulfilled, TypeOrderFulfilled, TypeOrderCancelled, TypeOrderPartiallyRefunded, TypeOrderRefunded,
		TypeProductCreated, TypeProductUpdated, TypeProductDeleted, TypeProductAvailabilityChanged,
		TypeTaxonomyUpdated, TypeLocalesUpdated, TypeMarketsUpdated,
		TypePriceListCreated, TypePriceListUpdated, TypePriceListDeleted, TypePriceListRepriced,
		TypeJobEnded,
		TypePageCreated, TypePageUpdated, TypePageDeleted,
	}
}

// Event is the body of a webhook. It carries ids and facts, never personal data: who bought is asked of the shop, by
// those who may.
type Event struct {
	ID       string          `json:"id"`       // UUIDv7, the same on every attempt and replay; also the header webhook-id
	Type     string          `json:"type"`     // such as "order.paid"
	Time     storev1.Time    `json:"time"`     // when it happened
	TenantID string          `json:"tenantId"` // the shop
	Sequence int64           `json:"sequence"` // grows with every event of one order, product or page, so that an old one can be told
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

// OrderPartiallyFulfilled is the data of order.partially_fulfilled: some of the order was handed over for shipping.
type OrderPartiallyFulfilled = OrderFulfilled

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

// OrderPartiallyRefunded is the data of order.partially_refunded: some of the money was given back.
type OrderPartiallyRefunded = OrderRefunded

// OrderRefunded is the data of order.refunded: all of the money was given back.
type OrderRefunded struct {
	OrderID        string        `json:"orderId"`
	Number         string        `json:"number"`
	Status         string        `json:"status"`
	PreviousStatus string        `json:"previousStatus"`
	RefundID       string        `json:"refundId"`
	Amount         storev1.Money `json:"amount"` // of this refund
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

// ProductAvailabilityChanged is the data of product.availability_changed: variants can, or can no longer, be bought.
type ProductAvailabilityChanged struct {
	ProductID             string   `json:"productId"`
	Slug                  string   `json:"slug"`
	AvailableVariantIDs   []string `json:"availableVariantIds"`
	UnavailableVariantIDs []string `json:"unavailableVariantIds"`
}

// TaxonomyUpdated is the data of taxonomy.updated: something that products are sorted by was made, changed or removed.
type TaxonomyUpdated struct {
	Kind string `json:"kind"` // category, tag, brand, collection or attribute
	ID   string `json:"id"`
}

// LocalesUpdated is the data of locales.updated: the shop speaks other languages than before.
type LocalesUpdated struct {
	DefaultLocale string `json:"defaultLocale"` // BCP 47
}

// MarketsUpdated is the data of markets.updated: the shop sells to other countries than before, or wants something else of
// what it sells there.
type MarketsUpdated struct {
	Countries []string `json:"countries"` // ISO 3166-1 alpha-2
}

// PriceListCreated is the data of price_list.created. What lists do to the price of a product is told of the product.
type PriceListCreated = PriceList

// PriceListUpdated is the data of price_list.updated.
type PriceListUpdated = PriceList

// PriceListDeleted is the data of price_list.deleted.
type PriceListDeleted = PriceList

// PriceListRepriced is the data of price_list.repriced: prices were put into the list or taken out.
type PriceListRepriced = PriceList

// PriceList is what is said of a price list.
type PriceList struct {
	PriceListID string `json:"priceListId"`
	Code        string `json:"code"`
}

// JobEnded is the data of job.ended: an import or export has come to its end.
type JobEnded struct {
	JobID  string `json:"jobId"`
	Kind   string `json:"kind"`   // import_products or export_products
	Status string `json:"status"` // succeeded, failed or cancelled
}

// PageCreated is the data of page.created.
type PageCreated = Page

// PageUpdated is the data of page.updated: the page is not what it was; also when it is published or taken down.
type PageUpdated = Page

// PageDeleted is the data of page.deleted: the page as it was.
type PageDeleted = Page

// Page is what is said of a page of the shop's own, such as its imprint.
type Page struct {
	PageID string  `json:"pageId"`
	Slug   string  `json:"slug"`
	Locale string  `json:"locale"` // BCP 47
	Key    *string `json:"key"`    // what the page is to the shop, such as privacy; nil: nothing in particular
	Status string  `json:"status"` // draft or published
}
