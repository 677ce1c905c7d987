// Package webhook is the room that tells the outside what happened: it posts the shop's events to the receivers that
// subscribed, signed per Standard Webhooks 1.0.
//
// It owns subscriptions, their secrets (sealed with AES-256-GCM) and the delivery log.
//
// It promises that an event that a subscription asked for is delivered at least once or shown as exhausted in the log;
// that the body and the webhook-id are the same on every attempt; that the events of one order, product or page reach a
// receiver in their order, the next one only when the one before was accepted or given up; that one dead receiver holds
// up nobody else; and that no request goes to an address which is not public.
//
//	event ──▶ Consumer: one row per subscription, in the bus's transaction ──▶ dispatcher: claim, post, record
//
// A row is claimed by a lease, so any number of replicas may dispatch at once, and what a dying one held is taken up by
// the others when its lease ends.
//
// It listens to the events of checkout, catalog and content that the outside may hear of (see announcements) and to
// evt.identity.tenant.created.
// It announces nothing.
package webhook
