package webhook

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	contentv1 "github.com/sovecom/sovecom/gen/sovecom/content/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// The public contract to the byte. A change here breaks receivers.
func TestBodies(t *testing.T) {
	t.Parallel()
	total := &typev1.Money{Amount: 4900, Currency: "EUR"}
	imprint := &contentv1.PageFacts{Slug: "imprint", Locale: "en", Key: proto.String("imprint"), Status: contentv1.PageStatus_PAGE_STATUS_PUBLISHED}
	const (
		paid    = checkoutv1.OrderStatus_ORDER_STATUS_PAID
		waiting = checkoutv1.OrderStatus_ORDER_STATUS_PENDING_PAYMENT
	)
	tested := map[string]bool{}
	for _, c := range []struct {
		subject, name string
		body          proto.Message
		data          string
	}{
		{"evt.checkout.order.created", "order.created",
			&checkoutv1.OrderCreated{OrderId: "o", Number: "1", Status: waiting, Total: total, CartId: "hidden", CustomerId: proto.String("c"), PaymentMethod: "manual"},
			`{"orderId":"o","number":"1","status":"pending_payment","total":{"amount":4900,"currency":"EUR"},"customerId":"c","paymentMethod":"manual"}`},
		{"evt.checkout.order.created", "order.created",
			&checkoutv1.OrderCreated{OrderId: "o", Number: "1", Status: waiting, Total: total, PaymentMethod: "manual"},
			`{"orderId":"o","number":"1","status":"pending_payment","total":{"amount":4900,"currency":"EUR"},"customerId":null,"paymentMethod":"manual"}`},
		{"evt.checkout.order.paid", "order.paid",
			&checkoutv1.OrderPaid{OrderId: "o", Number: "1", Status: paid, PreviousStatus: waiting, Total: total},
			`{"orderId":"o","number":"1","status":"paid","previousStatus":"pending_payment","total":{"amount":4900,"currency":"EUR"}}`},
		{"evt.checkout.order.fulfilled", "order.fulfilled",
			&checkoutv1.OrderFulfilled{OrderId: "o", Number: "1", Status: checkoutv1.OrderStatus_ORDER_STATUS_FULFILLED, PreviousStatus: paid, FulfilmentId: "f"},
			`{"orderId":"o","number":"1","status":"fulfilled","previousStatus":"paid","fulfilmentId":"f"}`},
		{"evt.checkout.order.fulfilled", "order.fulfilled",
			&checkoutv1.OrderFulfilled{OrderId: "o", Number: "1", Status: checkoutv1.OrderStatus_ORDER_STATUS_FULFILLED, PreviousStatus: paid},
			`{"orderId":"o","number":"1","status":"fulfilled","previousStatus":"paid","fulfilmentId":null}`},
		{"evt.checkout.order.partially_fulfilled", "order.partially_fulfilled",
			&checkoutv1.OrderFulfilled{OrderId: "o", Number: "1", Status: checkoutv1.OrderStatus_ORDER_STATUS_PARTIALLY_FULFILLED, PreviousStatus: paid, FulfilmentId: "f"},
			`{"orderId":"o","number":"1","status":"partially_fulfilled","previousStatus":"paid","fulfilmentId":"f"}`},
		{"evt.checkout.order.cancelled", "order.cancelled",
			&checkoutv1.OrderCancelled{OrderId: "o", Number: "1", Status: checkoutv1.OrderStatus_ORDER_STATUS_CANCELLED, PreviousStatus: waiting},
			`{"orderId":"o","number":"1","status":"cancelled","previousStatus":"pending_payment"}`},
		{"evt.checkout.order.refunded", "order.refunded",
			&checkoutv1.OrderRefunded{OrderId: "o", Number: "1", Status: checkoutv1.OrderStatus_ORDER_STATUS_REFUNDED, PreviousStatus: paid, RefundId: "r", Amount: total},
			`{"orderId":"o","number":"1","status":"refunded","previousStatus":"paid","refundId":"r","amount":{"amount":4900,"currency":"EUR"}}`},
		{"evt.checkout.order.partially_refunded", "order.partially_refunded",
			&checkoutv1.OrderRefunded{OrderId: "o", Number: "1", Status: checkoutv1.OrderStatus_ORDER_STATUS_PARTIALLY_REFUNDED, PreviousStatus: paid, RefundId: "r", Amount: total},
			`{"orderId":"o","number":"1","status":"partially_refunded","previousStatus":"paid","refundId":"r","amount":{"amount":4900,"currency":"EUR"}}`},
		{"evt.catalog.product.created", "product.created",
			&catalogv1.ProductCreated{ProductId: "p", Slug: "shirt", Status: catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT, Variants: []*catalogv1.VariantAdded{{Sku: "hidden"}}},
			`{"productId":"p","slug":"shirt","status":"draft"}`},
		{"evt.catalog.product.updated", "product.updated",
			&catalogv1.ProductUpdated{ProductId: "p", Slug: "shirt", Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED},
			`{"productId":"p","slug":"shirt","status":"published"}`},
		{"evt.catalog.product.deleted", "product.deleted",
			&catalogv1.ProductDeleted{ProductId: "p", Slug: "shirt", VariantIds: []string{"hidden"}}, `{"productId":"p","slug":"shirt"}`},
		{"evt.catalog.product.availability_changed", "product.availability_changed",
			&catalogv1.ProductAvailabilityChanged{ProductId: "p", Slug: "shirt", AvailableVariantIds: []string{"v"}},
			`{"productId":"p","slug":"shirt","availableVariantIds":["v"],"unavailableVariantIds":[]}`},
		{"evt.catalog.taxonomy.updated", "taxonomy.updated", &catalogv1.TaxonomyUpdated{CategoryId: "i"}, `{"kind":"category","id":"i"}`},
		{"evt.catalog.taxonomy.updated", "taxonomy.updated", &catalogv1.TaxonomyUpdated{TagId: "i"}, `{"kind":"tag","id":"i"}`},
		{"evt.catalog.taxonomy.updated", "taxonomy.updated", &catalogv1.TaxonomyUpdated{BrandId: "i"}, `{"kind":"brand","id":"i"}`},
		{"evt.catalog.taxonomy.updated", "taxonomy.updated", &catalogv1.TaxonomyUpdated{CollectionId: "i"}, `{"kind":"collection","id":"i"}`},
		{"evt.catalog.taxonomy.updated", "taxonomy.updated", &catalogv1.TaxonomyUpdated{AttributeId: "i"}, `{"kind":"attribute","id":"i"}`},
		{"evt.catalog.locales.updated", "locales.updated", &catalogv1.LocalesUpdated{DefaultLocale: "de"}, `{"defaultLocale":"de"}`},
		{"evt.catalog.markets.updated", "markets.updated", &catalogv1.MarketsUpdated{Countries: []string{"DE", "FR"}}, `{"countries":["DE","FR"]}`},
		{"evt.catalog.markets.updated", "markets.updated", &catalogv1.MarketsUpdated{}, `{"countries":[]}`},
		{"evt.catalog.price_list.created", "price_list.created", &catalogv1.PriceListChanged{PriceListId: "l", Code: "trade"}, `{"priceListId":"l","code":"trade"}`},
		{"evt.catalog.price_list.updated", "price_list.updated", &catalogv1.PriceListChanged{PriceListId: "l", Code: "trade"}, `{"priceListId":"l","code":"trade"}`},
		{"evt.catalog.price_list.deleted", "price_list.deleted", &catalogv1.PriceListChanged{PriceListId: "l", Code: "trade"}, `{"priceListId":"l","code":"trade"}`},
		{"evt.catalog.price_list.repriced", "price_list.repriced", &catalogv1.PriceListRepriced{PriceListId: "l", Code: "trade"}, `{"priceListId":"l","code":"trade"}`},
		{"evt.catalog.job.ended", "job.ended",
			&catalogv1.JobEnded{JobId: "j", Kind: catalogv1.JobKind_JOB_KIND_IMPORT_PRODUCTS, Status: catalogv1.JobStatus_JOB_STATUS_SUCCEEDED},
			`{"jobId":"j","kind":"import_products","status":"succeeded"}`},
		{"evt.content.page.created", "page.created", &contentv1.PageCreated{PageId: "p", Page: imprint}, `{"pageId":"p","slug":"imprint","locale":"en","key":"imprint","status":"published"}`},
		{"evt.content.page.updated", "page.updated",
			&contentv1.PageUpdated{PageId: "p", Before: imprint, Page: &contentv1.PageFacts{Slug: "legal", Locale: "fr", Status: contentv1.PageStatus_PAGE_STATUS_DRAFT}},
			`{"pageId":"p","slug":"legal","locale":"fr","key":null,"status":"draft"}`},
		{"evt.content.page.deleted", "page.deleted", &contentv1.PageDeleted{PageId: "p", Page: imprint}, `{"pageId":"p","slug":"imprint","locale":"en","key":"imprint","status":"published"}`},
	} {
		e := filled(t, bus.Event{
			ID: id.New(), Tenant: tenant.Default(), Aggregate: id.New(), Sequence: 7,
			Time: time.Date(2026, 3, 1, 13, 30, 0, 123_999_999, time.FixedZone("CET", 3600)),
		}, c.subject, c.body)
		a := newCatalogue().bySubject[c.subject]
		got, err := bodyOf(a, e)
		if err != nil {
			t.Fatal(err)
		}
		want := `{"id":"` + e.ID.String() + `","type":"` + c.name + `","time":"2026-03-01T12:30:00.123Z","tenantId":"` +
			tenant.Default().String() + `","sequence":7,"data":` + c.data + `}`
		if string(got) != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if strings.Contains(string(got), "hidden") {
			t.Errorf("%s says more than it should", c.name)
		}
		tested[c.subject] = true
	}
	for _, subject := range newCatalogue().subjects() {
		if !tested[subject] {
			t.Errorf("the body of %s is not tested", subject)
		}
	}
}

// The example of the Standard Webhooks specification.
func TestSignatureOfTheStandard(t *testing.T) {
	t.Parallel()
	key, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	h := sign("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`), [][]byte{key, key})
	const want = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	if got := h.Get("webhook-signature"); got != want+" "+want {
		t.Errorf("got %s", got)
	}
}
