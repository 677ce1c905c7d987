// Package acceptance holds a running shop to the public contract, from outside, over HTTP, with the standard library.
//
// It knows nothing of how the shop is built or into how many processes it is cut: the same suite runs on every
// topology and must see no difference. Run is the suite; every check is a named subtest. Every single answer, whatever
// it was asked for, is audited besides: no 5xx, a request id, JSON, the envelope, the error shape, the cookies.
//
// The suite makes products, customers, orders and webhook subscriptions under names of its own and leaves them there;
// it adds a shipping rate to France if the shop has none. Run it on a shop that is there to be tested, with
//
//	SOVECOM_DEV=true                       so that the next switch is allowed
//	SOVECOM_WEBHOOK_ALLOW_INSECURE=true    the receiver of the webhook checks listens on loopback over http
//	SOVECOM_GATEWAY_RATE_LIMIT=0           the suite asks more than a shopper
//
// From the command line:
//
//	SOVECOM_URL=http://127.0.0.1:8080 SOVECOM_ADMIN_EMAIL=… SOVECOM_ADMIN_PASSWORD=… go test -tags acceptance ./acceptance
package acceptance
