// Package gateway is the edge: two REST surfaces, /store/v1 and /admin/v1, in front of the rooms.
//
// It is a visible, boring map. routes_store.go and routes_admin.go hold one row per operation: method, path, the RPC it
// stands for, and the function that turns documents of the SDK into messages and back. A function makes at most two
// calls and never one in a loop.
//
// What all operations share is in route.go, in this order: request id, tenant by host, rate limit, who is asking,
// permission, path, query, body, idempotency key, the work, the answer. decode.go reads and validates by the tags of
// the SDK's structs, problem.go writes errors, rendered.go keeps the bytes of public reads.
//
// It owns the schema gateway, which holds only the answers to repeated requests, announces nothing, and hears of events
// to drop what it has rendered.
package gateway
