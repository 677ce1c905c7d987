// Package checkout is the room of orders: it turns a cart into an order, once, and keeps it through payment, fulfilment,
// cancellation and refund.
//
// Placing an order is a saga of five steps over three rooms, in steps.go: an attempt is opened, the cart claimed, what is
// bought is taken down, stock is held, the order is placed. Until then there is an attempt, under a lease, and no order. A
// process that dies leaves an attempt that a repeated call, or the sweeper, takes up: it ends either as an order, or taken
// back with the cart open again and the stock free. One cart has at most one order; the index says so.
//
// Promises: the same idempotency key answers the same order and the same access token. An order is paid when its total is
// covered, never by more, and gives back at most what came in; with that one of which nothing is shipped is fulfilled. An unpaid order is cancelled when its time is over.
//
// Who bought what has files gets their addresses, as often and as long as the catalogue says; the room counts. An address is
// made before it is counted, and a repetition with the same key is not counted again.
//
// It announces evt.checkout.order.created, paid, partially_fulfilled, fulfilled, cancelled, partially_refunded and
// refunded, with the order's version as sequence; it listens to evt.identity.tenant.created. Inventory turns holds into
// sales and gives them back by these events. Every download is announced as evt.checkout.download.granted, every payment as evt.checkout.payment.recorded.
package checkout
