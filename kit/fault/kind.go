package fault

import (
	"net/http"

	"connectrpc.com/connect/v2"
)

// Kind sorts faults. Its number crosses doors, so numbers are never reused.
type Kind uint32

// The kinds. This file is the only place that maps them to Connect codes and HTTP statuses.
const (
	KindInternal        Kind = 0
	KindMalformed       Kind = 1
	KindInvalid         Kind = 2
	KindUnauthenticated Kind = 3
	KindDenied          Kind = 4
	KindNotFound        Kind = 5
	KindConflict        Kind = 6
	KindStale           Kind = 7
	KindTooLarge        Kind = 8
	KindMediaType       Kind = 9
	KindRateLimited     Kind = 10
	KindUnavailable     Kind = 11
	KindDeadline        Kind = 12
	KindCanceled        Kind = 13
	KindMethod          Kind = 14
	KindVersionRequired Kind = 15
)

// ConnectCode is the code the kind travels under between rooms.
func (k Kind) ConnectCode() connect.Code {
	switch k {
	case KindMalformed, KindInvalid, KindMediaType, KindMethod:
		return connect.CodeInvalidArgument
	case KindUnauthenticated:
		return connect.CodeUnauthenticated
	case KindDenied:
		return connect.CodePermissionDenied
	case KindNotFound:
		return connect.CodeNotFound
	case KindConflict:
		return connect.CodeFailedPrecondition
	case KindStale, KindVersionRequired:
		return connect.CodeAborted
	case KindTooLarge, KindRateLimited:
		return connect.CodeResourceExhausted
	case KindUnavailable:
		return connect.CodeUnavailable
	case KindDeadline:
		return connect.CodeDeadlineExceeded
	case KindCanceled:
		return connect.CodeCanceled
	case KindInternal:
		return connect.CodeInternal
	}
	return connect.CodeInternal
}

// HTTPStatus is what the REST surfaces answer.
func (k Kind) HTTPStatus() int {
	switch k {
	case KindMalformed:
		return http.StatusBadRequest
	case KindInvalid:
		return http.StatusUnprocessableEntity
	case KindUnauthenticated:
		return http.StatusUnauthorized
	case KindDenied:
		return http.StatusForbidden
	case KindNotFound:
		return http.StatusNotFound
	case KindConflict:
		return http.StatusConflict
	case KindStale:
		return http.StatusPreconditionFailed
	case KindVersionRequired:
		return http.StatusPreconditionRequired
	case KindTooLarge:
		return http.StatusRequestEntityTooLarge
	case KindMediaType:
		return http.StatusUnsupportedMediaType
	case KindMethod:
		return http.StatusMethodNotAllowed
	case KindRateLimited:
		return http.StatusTooManyRequests
	case KindUnavailable, KindDeadline, KindCanceled:
		return http.StatusServiceUnavailable
	case KindInternal:
		return http.StatusInternalServerError
	}
	return http.StatusInternalServerError
}

// kindOf guesses the kind of an error that carried only a Connect code: one that a door or a library made.
func kindOf(code connect.Code) Kind {
	switch code {
	case connect.CodeInvalidArgument, connect.CodeOutOfRange:
		return KindInvalid
	case connect.CodeUnauthenticated:
		return KindUnauthenticated
	case connect.CodePermissionDenied:
		return KindDenied
	case connect.CodeNotFound:
		return KindNotFound
	case connect.CodeFailedPrecondition, connect.CodeAlreadyExists, connect.CodeAborted:
		return KindConflict
	case connect.CodeResourceExhausted, connect.CodeUnavailable:
		return KindUnavailable
	case connect.CodeDeadlineExceeded:
		return KindDeadline
	case connect.CodeCanceled:
		return KindCanceled
	case connect.CodeUnknown, connect.CodeUnimplemented, connect.CodeInternal, connect.CodeDataLoss:
		return KindInternal
	}
	return KindInternal
}
