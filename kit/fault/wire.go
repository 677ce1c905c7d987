package fault

import (
	"errors"
	"math"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connectproto"
	"google.golang.org/protobuf/types/known/structpb"

	faultv1 "github.com/sovecom/sovecom/gen/sovecom/fault/v1"
)

// ToConnect turns any error into the one that crosses a door: the fault's code and sentence, and nothing of the cause.
func ToConnect(err error) *connect.Error {
	f := From(err)
	out := connect.NewError(f.kind.ConnectCode(), f.message)
	detail, detailErr := connectproto.NewErrorDetail(f.proto())
	if detailErr == nil {
		out = out.WithDetail(detail)
	}
	return out.WithCause(err)
}

// FromConnect turns the error of a client call back into the fault the other side declared.
func FromConnect(err error) error {
	if err == nil {
		return nil
	}
	var ce *connect.Error
	if !errors.As(err, &ce) {
		return From(err)
	}
	for _, d := range ce.Details() {
		m, unmarshalErr := connectproto.UnmarshalErrorDetail(d)
		if p, ok := m.(*faultv1.Fault); ok && unmarshalErr == nil {
			return fromProto(p)
		}
	}
	kind := kindOf(ce.Code())
	if kind == KindInternal {
		return Internal().WithCause(err)
	}
	return New(kind, "shop."+ce.Code().String(), sentence(kind, ce)).WithCause(err)
}

// sentence keeps driver and transport text from callers: a door's own errors get a sentence by kind.
func sentence(kind Kind, ce *connect.Error) string {
	switch kind { //nolint:exhaustive // only the kinds a door makes
	case KindUnavailable:
		return "A part of the shop is not answering right now. Please try again."
	case KindDeadline:
		return "The request took too long."
	case KindCanceled:
		return "The caller went away."
	}
	return ce.Message()
}

func (f *Fault) proto() *faultv1.Fault {
	p := &faultv1.Fault{
		Kind: uint32(f.kind), Code: f.code, Message: f.message,
		RetryAfterSeconds: uint32(min(math.Ceil(f.retryAfter.Seconds()), math.MaxUint32)),
	}
	for _, x := range f.fields {
		p.Fields = append(p.Fields, &faultv1.Field{Field: x.Field, Code: x.Code, Message: x.Message})
	}
	for _, o := range f.objects {
		if s, err := structpb.NewStruct(o); err == nil {
			p.Objects = append(p.Objects, s)
		}
	}
	return p
}

func fromProto(p *faultv1.Fault) *Fault {
	f := New(Kind(p.GetKind()), p.GetCode(), p.GetMessage())
	f.retryAfter = time.Duration(p.GetRetryAfterSeconds()) * time.Second
	for _, x := range p.GetFields() {
		f.fields = append(f.fields, Field{Field: x.GetField(), Code: x.GetCode(), Message: x.GetMessage()})
	}
	for _, o := range p.GetObjects() {
		f.objects = append(f.objects, o.AsMap())
	}
	return f
}
