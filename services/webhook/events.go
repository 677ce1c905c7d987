package webhook

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	contentv1 "github.com/sovecom/sovecom/gen/sovecom/content/v1"
	"github.com/sovecom/sovecom/kit/bus"
)

const subjectTenantCreated = "evt.identity.tenant.created"

// announcement is an event of the house that the outside may hear of.
type announcement struct {
	subject string
	name    string // public name
	data    func(e bus.Event) (any, error)
}

// announcements is the whole public catalogue. An event that is not here stays inside.
func announcements() []announcement {
	return []announcement{
		{"evt.checkout.order.created", "order.created", read[checkoutv1.OrderCreated](orderCreatedOf)},
		{"evt.checkout.order.paid", "order.paid", read[checkoutv1.OrderPaid](orderPaidOf)},
		{"evt.checkout.order.partially_fulfilled", "order.partially_fulfilled", read[checkoutv1.OrderFulfilled](orderFulfilledOf)},
		{"evt.checkout.order.fulfilled", "order.fulfilled", read[checkoutv1.OrderFulfilled](orderFulfilledOf)},
		{"evt.checkout.order.cancelled", "order.cancelled", read[checkoutv1.OrderCancelled](orderCancelledOf)},
		{"evt.checkout.order.partially_refunded", "order.partially_refunded", read[checkoutv1.OrderRefunded](orderRefundedOf)},
		{"evt.checkout.order.refunded", "order.refunded", read[checkoutv1.OrderRefunded](orderRefundedOf)},
		{"evt.catalog.product.created", "product.created", read[catalogv1.ProductCreated](productCreatedOf)},
		{"evt.catalog.product.updated", "product.updated", read[catalogv1.ProductUpdated](productUpdatedOf)},
		{"evt.catalog.product.deleted", "product.deleted", read[catalogv1.ProductDeleted](productDeletedOf)},
		{
			"evt.catalog.product.availability_changed", "product.availability_changed",
			read[catalogv1.ProductAvailabilityChanged](productAvailabilityOf),
		},
		{"evt.catalog.taxonomy.updated", "taxonomy.updated", read[catalogv1.TaxonomyUpdated](taxonomyUpdatedOf)},
		{"evt.catalog.locales.updated", "locales.updated", read[catalogv1.LocalesUpdated](localesUpdatedOf)},
		{"evt.catalog.markets.updated", "markets.updated", read[catalogv1.MarketsUpdated](marketsUpdatedOf)},
		{"evt.catalog.price_list.created", "price_list.created", read[catalogv1.PriceListChanged](priceListOf)},
		{"evt.catalog.price_list.updated", "price_list.updated", read[catalogv1.PriceListChanged](priceListOf)},
		{"evt.catalog.price_list.deleted", "price_list.deleted", read[catalogv1.PriceListChanged](priceListOf)},
		{"evt.catalog.price_list.repriced", "price_list.repriced", read[catalogv1.PriceListRepriced](priceListOf)},
		{"evt.catalog.job.ended", "job.ended", read[catalogv1.JobEnded](jobEndedOf)},
		{"evt.content.page.created", "page.created", read[contentv1.PageCreated](pageOf)},
		{"evt.content.page.updated", "page.updated", read[contentv1.PageUpdated](pageOf)},
		{"evt.content.page.deleted", "page.deleted", read[contentv1.PageDeleted](pageOf)},
	}
}

// read makes the data function of events whose body is an M.
func read[M any, P interface {
	*M
	proto.Message
}](convert func(P) any,
) func(bus.Event) (any, error) {
	return func(e bus.Event) (any, error) {
		m := P(new(M))
		if err := e.Unmarshal(m); err != nil {
			return nil, fmt.Errorf("webhook: %w", err)
		}
		return convert(m), nil
	}
}

// catalogue finds announcements by subject and by public name.
type catalogue struct {
	bySubject map[string]announcement
	names     map[string]bool
}

func newCatalogue() catalogue {
	c := catalogue{bySubject: map[string]announcement{}, names: map[string]bool{}}
	for _, a := range announcements() {
		c.bySubject[a.subject] = a
		c.names[a.name] = true
	}
	return c
}

func (c catalogue) subjects() []string {
	var all []string
	for _, a := range announcements() {
		all = append(all, a.subject)
	}
	return all
}
