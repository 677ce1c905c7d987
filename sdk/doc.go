// Package sdk is the root of SovEcom's public Go module. It imports the standard library only.
//
//	storev1     the storefront surface /store/v1: its documents and a client
//	adminv1     the admin surface /admin/v1: its documents and a client
//	webhook     verifying and signing webhooks (Standard Webhooks 1.0), and the events they carry
//	acceptance  the black-box suite: one function that holds a running shop to the public contract
//
// The structs of storev1 and adminv1 are the contract: the server decodes and encodes them, the OpenAPI documents are
// generated from their tags, and the Go clients return them. A field changes here or nowhere.
package sdk
