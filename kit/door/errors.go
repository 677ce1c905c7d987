package door

import (
	"context"
	"errors"

	"connectrpc.com/connect/v2"
)

// maxErrorBytes bounds an error on its way: it is news, not a way around the payload limit.
const maxErrorBytes = 64 << 10

// verdict is what a caller may see of a handler's error.
func verdict(err error) *connect.Error {
	if err == nil {
		return nil
	}
	if own, ok := errors.AsType[*connect.Error](err); ok && own != nil {
		if own.IsRemote() {
			// Another room's verdict is not this room's: its code would be read as a statement about the call made here.
			return connect.NewError(connect.CodeInternal, "")
		}
		return bounded(own)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return connect.NewError(connect.CodeCanceled, "")
	case errors.Is(err, context.DeadlineExceeded):
		return connect.NewError(connect.CodeDeadlineExceeded, "")
	}
	return connect.NewError(connect.CodeUnknown, "")
}

// bounded copies what of err crosses a door: never the cause, and no details beyond maxErrorBytes.
func bounded(err *connect.Error) *connect.Error {
	message := err.Message()
	if len(message) > maxErrorBytes {
		message = message[:maxErrorBytes]
	}
	out := connect.NewError(err.Code(), message)
	details, size := err.Details(), len(message)
	for _, d := range details {
		size += len(d.Type) + len(d.Value)
	}
	if size > maxErrorBytes {
		return out
	}
	for _, d := range details {
		out = out.WithDetail(&connect.ErrorDetail{Type: d.Type, Value: append([]byte(nil), d.Value...)})
	}
	return out
}

// fromPeer is the other side's verdict as this side's caller gets it.
func fromPeer(err *connect.Error) *connect.Error { return bounded(err).WithRemote() }

// ended is the error of a call whose context is over.
func ended(ctx context.Context, procedure string) *connect.Error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return tooLate(procedure)
	}
	return connect.Errorf(connect.CodeCanceled, "The call to %s was canceled by its caller.", procedure).WithCause(context.Canceled)
}

func tooLate(procedure string) *connect.Error {
	return connect.Errorf(connect.CodeDeadlineExceeded, "The call to %s took longer than its deadline.", procedure).WithCause(context.DeadlineExceeded)
}

func requestTooLarge(size, limit int) *connect.Error {
	return connect.Errorf(connect.CodeResourceExhausted, "The request has %d bytes and the limit is %d.", size, limit)
}

func answerTooLarge(size, limit int) *connect.Error {
	return connect.Errorf(connect.CodeResourceExhausted, "The answer has %d bytes and the limit is %d.", size, limit)
}

func busy() *connect.Error {
	return connect.NewError(connect.CodeResourceExhausted, "The room is running as many calls as it may; try again shortly.")
}

func stumbled() *connect.Error {
	return connect.NewError(connect.CodeInternal, "The room failed while answering this call.")
}

func unreadable() *connect.Error {
	return connect.NewError(connect.CodeInvalidArgument, "The request is not a valid encoding of the message this procedure takes.")
}

func notUnary(procedure string) *connect.Error {
	return connect.Errorf(connect.CodeUnimplemented, "%s is a stream; a door carries single calls only.", procedure)
}
