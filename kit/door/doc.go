// Package door carries calls between rooms. Every door is a Connect transport (connectrpc.com/connect/v2): a room
// registers its methods on a *connect.Server, a caller holds a *connect.Client over a connect.Transport, and neither can
// tell which door stands between them.
//
//	Memory  the handler runs in this process, on a deep copy of the request
//	NATS    request/reply on rpc.<room>, replicas share a queue group      served by [ServeNATS]
//	HTTP    the ordinary Connect protocol over HTTP/2 (TLS or h2c)         served by [HTTPHandler] or [NewHTTPServer]
//
// # What every door promises
//
// Package doortest holds these promises as one suite and runs it over all three.
//
//   - Calls are unary. A streaming procedure is answered with unimplemented.
//   - A call without a deadline gets one ([DefaultTimeout]). The deadline holds on the far side too, and a handler that
//     ignores it does not hold its caller.
//   - When the caller cancels, the handler's context ends.
//   - A handler's context carries the deadline and the cancellation of its call and no value of the caller's: no
//     transaction, tenant or principal slips through in one topology and is missing in the other. What a room shall
//     know travels in the request metadata.
//   - A message may have [DefaultMaxPayload] bytes once encoded. A larger request is refused where it is made, a larger
//     answer where it is given, both with resource_exhausted, and the next call works.
//   - A room runs at most [DefaultMaxInFlight] calls at once and answers resource_exhausted at once beyond that; there
//     is no queue in a door.
//   - Nobody there is unavailable, at once.
//   - Only an error that is a *connect.Error crosses, with its code, message and details and without its cause. Another
//     error arrives as unknown without text (context errors keep their codes), an error that itself came through a door
//     as internal without text, a panic as internal; it is logged with its stack on the side where it happened.
//     Errors of the other side are marked remote; errors the door itself made on this side are not, and wrap their cause.
//   - An error of more than 64 KiB arrives without its details.
//   - Request metadata, response headers and trailers cross, also beside an error. Control characters in a value become
//     spaces, surrounding white space is trimmed. Names that belong to HTTP and its RPC protocols (Content-*, Connect-*,
//     Grpc-*, Trailer-*, Host, User-Agent and the like, see metadata.go) are the door's own and are not carried.
//   - Nothing is compressed.
//
// One difference is left: the memory door does not encode, so it lets a string that is not UTF-8 pass where the others
// refuse it.
//
// # The NATS door on the wire
//
// A request goes to rpc.<room> (queue group <room>) with the encoded message as its data and these headers; header names
// are case-sensitive.
//
//	Rpc-Procedure   /package.Service/Method
//	Rpc-Id          unique per call, names it in a cancellation
//	Rpc-Timeout-Us  microseconds left when the request was sent; relative, so that clocks need not agree
//	H-<Name>        request metadata
//
// The reply:
//
//	Rpc-Code        "ok", or the Connect code of the error; the data is then a google.rpc.Status
//	H-<Name>        response headers
//	T-<Name>        response trailers
//
// A caller whose context was cancelled publishes an empty message on rpc.cancel.<room>.<Rpc-Id>; every replica of the room
// listens there, the one that runs the call ends its context. An expired deadline needs no message.
//
// A caller that has waited for a second asks rpc.alive.<room>.<Rpc-Id>, and again every second: the replica that runs the call
// answers with an empty message. After two questions in a row without an answer, three seconds at the earliest, the call is
// cancelled and fails with unavailable, whether or not it has taken effect. One whose method is declared free of side effects
// is given up after the first and sent once more, to whichever replica NATS picks.
//
// One subject per room, not one per procedure, because then an unknown procedure is told apart from an absent room, and
// because rpc.<room> is all an access rule needs to name. The counts per procedure are in the data of the room's statistics:
// the room is registered as a NATS micro service, so `nats micro ls|info|stats` show the mesh.
//
// The NATS server's max_payload counts headers too: set it to 4 MiB + 64 KiB for full-size messages. If it is lower, it
// is the limit and the errors say so. Give the door a connection of its own: it shares the callback order, the pending
// buffers and the drain barrier with everything else on the connection.
//
// A request is never left in the reconnect buffer of a connection that is down, where it could run long after its caller
// gave up: it fails with unavailable. A replica that dies, or stands still, takes its calls with it; their callers see
// unavailable, after some seconds.
package door
