package webhook

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	contentv1 "github.com/sovecom/sovecom/gen/sovecom/content/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/bus"
)

// timeLayout is RFC 3339 in UTC with milliseconds, as everywhere in the public contract.
const timeLayout = "2006-01-02T15:04:05.000Z"

// The public shapes, as the SDK's webhook package documents them for receivers. They carry ids and facts, never
// personal data.

type envelope struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Time     string `json:"time"`
	TenantID string `json:"tenantId"`
	Sequence int64  `json:"sequence"`
	Data     any    `json:"data"`
}

type money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

type orderCreated struct {
	OrderID       string  `json:"orderId"`
	Number        string  `json:"number"`
	Status        string  `json:"status"`
	Total         money   `json:"total"`
	CustomerID    *string `json:"customerId"`
	PaymentMethod string  `json:"paymentMethod"`
}

type orderPaid struct {
	OrderID        string `json:"orderId"`
	Number         string `json:"number"`
	Status         string `json:"status"`
	PreviousStatus string `json:"previousStatus"`
	Total          money  `json:"total"`
}

type orderFulfilled struct {
	OrderID        string  `json:"orderId"`
	Number         string  `json:"number"`
	Status         string  `json:"status"`
	PreviousStatus string  `json:"previousStatus"`
	FulfilmentID   *string `json:"fulfilmentId"` // null: there was nothing to hand over
}

type orderCancelled struct {
	OrderID        string `json:"orderId"`
	Number         string `json:"number"`
	Status         string `json:"status"`
	PreviousStatus string `json:"previousStatus"`
}

type orderRefunded struct {
	OrderID        string `json:"orderId"`
	Number         string `json:"number"`
	Status         string `json:"status"`
	PreviousStatus string `json:"previousStatus"`
	RefundID       string `json:"refundId"`
	Amount         money  `json:"amount"`
}

type product struct {
	ProductID string `json:"productId"`
	Slug      string `json:"slug"`
	Status    string `json:"status"`
}

type productDeleted struct {
	ProductID string `json:"productId"`
	Slug      string `json:"slug"`
}

type productAvailability struct {
	ProductID             string   `json:"productId"`
	Slug                  string   `json:"slug"`
	AvailableVariantIDs   []string `json:"availableVariantIds"`
	UnavailableVariantIDs []string `json:"unavailableVariantIds"`
}

// taxonomy says which thing products are sorted by was made, changed or removed.
type taxonomy struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

type locales struct {
	DefaultLocale string `json:"defaultLocale"`
}

type markets struct {
	Countries []string `json:"countries"`
}

type priceList struct {
	PriceListID string `json:"priceListId"`
	Code        string `json:"code"`
}

type jobEnded struct {
	JobID  string `json:"jobId"`
	Kind   string `json:"kind"`
	Status string `json:"status"`
}

type contentPage struct {
	PageID string  `json:"pageId"`
	Slug   string  `json:"slug"`
	Locale string  `json:"locale"`
	Key    *string `json:"key"`
	Status string  `json:"status"`
}

// bodyOf is the body every attempt sends, byte for byte.
func bodyOf(a announcement, e bus.Event) ([]byte, error) {
	data, err := a.data(e)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(envelope{
		ID: e.ID.String(), Type: a.name, Time: e.Time.UTC().Truncate(time.Millisecond).Format(timeLayout),
		TenantID: e.Tenant.String(), Sequence: e.Sequence, Data: data,
	})
	if err != nil {
		return nil, fmt.Errorf("webhook: body of %s %s: %w", a.name, e.ID, err)
	}
	return body, nil
}

func orderCreatedOf(m *checkoutv1.OrderCreated) any {
	return orderCreated{m.GetOrderId(), m.GetNumber(), orderStatus(m.GetStatus()), moneyOf(m.GetTotal()), m.CustomerId, m.GetPaymentMethod()}
}

func orderPaidOf(m *checkoutv1.OrderPaid) any {
	return orderPaid{m.GetOrderId(), m.GetNumber(), orderStatus(m.GetStatus()), orderStatus(m.GetPreviousStatus()), moneyOf(m.GetTotal())}
}

// absentText is nil for an empty text.
func absentText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func orderFulfilledOf(m *checkoutv1.OrderFulfilled) any {
	return orderFulfilled{m.GetOrderId(), m.GetNumber(), orderStatus(m.GetStatus()), orderStatus(m.GetPreviousStatus()), absentText(m.GetFulfilmentId())}
}

func orderCancelledOf(m *checkoutv1.OrderCancelled) any {
	return orderCancelled{m.GetOrderId(), m.GetNumber(), orderStatus(m.GetStatus()), orderStatus(m.GetPreviousStatus())}
}

func orderRefundedOf(m *checkoutv1.OrderRefunded) any {
	return orderRefunded{
		m.GetOrderId(), m.GetNumber(), orderStatus(m.GetStatus()), orderStatus(m.GetPreviousStatus()),
		m.GetRefundId(), moneyOf(m.GetAmount()),
	}
}

func productCreatedOf(m *catalogv1.ProductCreated) any {
	return product{m.GetProductId(), m.GetSlug(), productStatus(m.GetStatus())}
}

func productUpdatedOf(m *catalogv1.ProductUpdated) any {
	return product{m.GetProductId(), m.GetSlug(), productStatus(m.GetStatus())}
}

func productDeletedOf(m *catalogv1.ProductDeleted) any {
	return productDeleted{m.GetProductId(), m.GetSlug()}
}

func productAvailabilityOf(m *catalogv1.ProductAvailabilityChanged) any {
	return productAvailability{
		m.GetProductId(), m.GetSlug(),
		append([]string{}, m.GetAvailableVariantIds()...), append([]string{}, m.GetUnavailableVariantIds()...),
	}
}

func taxonomyUpdatedOf(m *catalogv1.TaxonomyUpdated) any {
	switch {
	case m.GetCategoryId() != "":
		return taxonomy{"category", m.GetCategoryId()}
	case m.GetTagId() != "":
		return taxonomy{"tag", m.GetTagId()}
	case m.GetBrandId() != "":
		return taxonomy{"brand", m.GetBrandId()}
	case m.GetCollectionId() != "":
		return taxonomy{"collection", m.GetCollectionId()}
	default:
		return taxonomy{"attribute", m.GetAttributeId()}
	}
}

func localesUpdatedOf(m *catalogv1.LocalesUpdated) any { return locales{m.GetDefaultLocale()} }

func marketsUpdatedOf(m *catalogv1.MarketsUpdated) any {
	return markets{append([]string{}, m.GetCountries()...)}
}

func priceListOf[M interface {
	GetPriceListId() string
	GetCode() string
}](m M) any {
	return priceList{m.GetPriceListId(), m.GetCode()}
}

func jobEndedOf(m *catalogv1.JobEnded) any {
	return jobEnded{m.GetJobId(), enumName(m.GetKind().String(), "JOB_KIND_"), enumName(m.GetStatus().String(), "JOB_STATUS_")}
}

func pageOf[M interface {
	GetPageId() string
	GetPage() *contentv1.PageFacts
}](m M) any {
	p := m.GetPage()
	return contentPage{m.GetPageId(), p.GetSlug(), p.GetLocale(), p.Key, enumName(p.GetStatus().String(), "PAGE_STATUS_")}
}

func moneyOf(m *typev1.Money) money { return money{m.GetAmount(), m.GetCurrency()} }

func orderStatus(s checkoutv1.OrderStatus) string { return enumName(s.String(), "ORDER_STATUS_") }

func productStatus(s catalogv1.ProductStatus) string { return enumName(s.String(), "PRODUCT_STATUS_") }

func enumName(name, prefix string) string { return strings.ToLower(strings.TrimPrefix(name, prefix)) }
