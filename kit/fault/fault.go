// Package fault is the one error type of the house.
//
// A room declares every error it can return once, in its errors.go:
//
//	var ErrProductNotFound = fault.NotFound("catalog.product_not_found", "There is no such product.")
//
// The code is stable and prefixed by its owner, the sentence is for a person. A declared fault crosses every door
// unchanged, so errors.Is(err, catalog.ErrProductNotFound) works on both sides. What is not a fault is a bug or an
// outage, and reaches callers only as a neutral sentence (see [Internal]).
package fault

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Fault is an error with a kind, a stable code and a sentence. Values are immutable: the With methods copy.
type Fault struct {
	kind       Kind
	code       string
	message    string
	fields     []Field
	objects    []map[string]any
	retryAfter time.Duration
	cause      error
}

// Field is what is wrong with one field of a request.
type Field struct {
	Field   string // path in the caller's terms: "items[0].quantity"
	Code    string // stable, lower snake case: "too_large"
	Message string // one clear sentence
}

// New declares a fault of any kind. Prefer the constructors named after the kinds.
func New(kind Kind, code, message string) *Fault {
	return &Fault{kind: kind, code: code, message: message}
}

// Restore makes a declared fault again that was stored or taken apart. It declares nothing.
func Restore(kind Kind, code, message string) *Fault { return New(kind, code, message) }

// Malformed declares that the request cannot be read at all: not JSON, a bad query.
func Malformed(code, message string) *Fault { return New(KindMalformed, code, message) }

// Invalid declares that the request can be read but a value in it is not allowed.
func Invalid(code, message string) *Fault { return New(KindInvalid, code, message) }

// Unauthenticated declares that the caller did not say, or could not prove, who they are.
func Unauthenticated(code, message string) *Fault { return New(KindUnauthenticated, code, message) }

// Denied declares that the caller is known and may not do this.
func Denied(code, message string) *Fault { return New(KindDenied, code, message) }

// NotFound declares that the thing does not exist, or not for this caller.
func NotFound(code, message string) *Fault { return New(KindNotFound, code, message) }

// Conflict declares that the state of things, or a business rule, stands against the request.
func Conflict(code, message string) *Fault { return New(KindConflict, code, message) }

// Stale declares that the caller's version is not the current one (If-Match).
func Stale(code, message string) *Fault { return New(KindStale, code, message) }

// TooLarge declares that the request has more bytes than are taken.
func TooLarge(code, message string) *Fault { return New(KindTooLarge, code, message) }

// MediaType declares that the request's media type is not taken.
func MediaType(code, message string) *Fault { return New(KindMediaType, code, message) }

// RateLimited declares that the caller asks too often.
func RateLimited(code, message string) *Fault { return New(KindRateLimited, code, message) }

// Unavailable declares that something needed is away for the moment; the same request may succeed later.
func Unavailable(code, message string) *Fault { return New(KindUnavailable, code, message) }

// Internal is what callers see of anything that was not declared: a bug, a driver error, a panic.
func Internal() *Fault {
	return New(KindInternal, "shop.internal", "Something went wrong on our side. The request id helps us to find it.")
}

// Kind says what sort of error it is; the HTTP status and the Connect code follow from it.
func (f *Fault) Kind() Kind { return f.kind }

// Code is stable and lower snake case: "cart.not_found".
func (f *Fault) Code() string { return f.code }

// Message is one sentence for a person.
func (f *Fault) Message() string { return f.message }

// Fields lists what is wrong with single fields of the request.
func (f *Fault) Fields() []Field { return slices.Clone(f.fields) }

// Objects lists details of the error's own, ready for JSON.
func (f *Fault) Objects() []map[string]any { return slices.Clone(f.objects) }

// RetryAfter is how long to wait before a retry makes sense; zero when unsaid.
func (f *Fault) RetryAfter() time.Duration { return f.retryAfter }

// Error returns the code and the sentence, then the cause for the log.
func (f *Fault) Error() string {
	if f.cause == nil {
		return f.code + ": " + f.message
	}
	return fmt.Sprintf("%s: %s (%v)", f.code, f.message, f.cause)
}

// Unwrap returns the local cause. It never crosses a door.
func (f *Fault) Unwrap() error { return f.cause }

// Is reports whether target is the same declared fault: the code decides, not the address.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.code == f.code
}

// WithCause attaches the local reason, for the log only.
func (f *Fault) WithCause(err error) *Fault {
	c := *f
	c.cause = err
	return &c
}

// WithMessage replaces the sentence, to say more than the declaration could.
func (f *Fault) WithMessage(format string, args ...any) *Fault {
	c := *f
	c.message = fmt.Sprintf(format, args...)
	return &c
}

// WithField adds what is wrong with one field.
func (f *Fault) WithField(field, code, message string) *Fault {
	c := *f
	c.fields = append(slices.Clone(f.fields), Field{Field: field, Code: code, Message: message})
	return &c
}

// WithFields adds several fields.
func (f *Fault) WithFields(fields ...Field) *Fault {
	c := *f
	c.fields = append(slices.Clone(f.fields), fields...)
	return &c
}

// WithObject adds a detail object. Values must be strings, booleans, integers or nil.
func (f *Fault) WithObject(object map[string]any) *Fault {
	c := *f
	c.objects = append(slices.Clone(f.objects), maps.Clone(object))
	return &c
}

// WithRetryAfter says when a retry makes sense.
func (f *Fault) WithRetryAfter(d time.Duration) *Fault {
	c := *f
	c.retryAfter = d
	return &c
}

// From returns the fault in err's chain. A context that ended becomes its own fault; anything else is [Internal]
// with err as its cause. From(nil) is nil.
func From(err error) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, context.DeadlineExceeded):
		return New(KindDeadline, "shop.deadline_exceeded", "The request took too long.").WithCause(err)
	case errors.Is(err, context.Canceled):
		return New(KindCanceled, "shop.canceled", "The caller went away.").WithCause(err)
	}
	return Internal().WithCause(err)
}
