package gateway

import "github.com/sovecom/sovecom/kit/fault"

// Faults of the edge itself. Rooms declare their own.
var (
	errRoute          = fault.NotFound("request.route_not_found", "There is nothing at this address.")
	errID             = fault.NotFound("request.id_not_found", "There is nothing with this id.")
	errMethod         = fault.New(fault.KindMethod, "request.method_not_allowed", "This address does not take that method.")
	errNotJSON        = fault.Malformed("request.not_json", "The body is not JSON.")
	errEncoding       = fault.Malformed("request.encoding", "The body is not UTF-8, as JSON has to be.")
	errQuery          = fault.Malformed("request.bad_query", "The query of the address is not valid.")
	errSearchQuery    = fault.Invalid("request.invalid_query", "Some parameters are not valid.")
	errBody           = fault.Invalid("request.invalid", "Some fields are not valid.")
	errMediaType      = fault.MediaType("request.media_type", "The body has to be JSON: send Content-Type: application/json.")
	errTooLarge       = fault.TooLarge("request.too_large", "The body is larger than 1 MiB.")
	errUploadTooLarge = fault.TooLarge("request.upload_too_large", "The file is larger than 32 MiB.")
	errImportTooLarge = fault.TooLarge("request.import_too_large", "The file is larger than an import may be.")
	errImportType     = fault.MediaType("request.import_type", "The body has to be UTF-8 text: send Content-Type text/csv or application/x-ndjson, as the parameter format says.")
	errBodyCut        = fault.Malformed("request.body_cut", "The body broke off. Send it again; with the same Idempotency-Key nothing is imported twice.")
	errStale          = fault.Stale("request.stale", "If-Match does not name the current version. Read the resource again.")
	errKeyRequired    = fault.Malformed("idempotency.key_required", "This request has to carry an Idempotency-Key.")
	errAnswerLost     = fault.Conflict("idempotency.answer_lost", "This request was done already, but its answer can no longer be read.")
	errKeyTooLong     = fault.Malformed("idempotency.key_too_long", "An Idempotency-Key has at most 255 characters.")
	errTooMany        = fault.RateLimited("request.rate_limited", "Too many requests. Please wait a moment.")
	errTenant         = fault.NotFound("request.shop_not_found", "There is no shop at this host name.")
	errRefresh        = fault.Unauthenticated("auth.no_session", "There is no session to go on with. Please sign in.")
)
