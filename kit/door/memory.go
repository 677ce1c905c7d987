package door

import (
	"context"
	"slices"
	"sync"

	"connectrpc.com/connect/v2"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Memory is the door to a room in this process. Methods may be registered on server after Memory was called, but before the
// first call. Request and response are deep copies: neither side can change what the other holds. See [WithGifts] for
// answers that nobody keeps.
//
// It is not built on connectinprocess, whose calls run on the caller's goroutine: a handler that ignored its deadline would
// hold its caller here and not behind the other doors.
func Memory(server *connect.Server, options ...Option) connect.Transport {
	s := settle(options)
	m := &memory{guard: newGuard(server, s), hands: &hands{}}
	return &transport{settings: s, protocol: "memory", carry: m.carry}
}

type memory struct {
	guard *guard
	hands *hands
}

func (m *memory) carry(ctx context.Context, c *call) *connect.Error {
	if !m.guard.enter() {
		return fromPeer(busy())
	}
	in := &handover{request: c.request, size: c.info.SendStats.Size, procedure: c.spec.Procedure, ctx: ctx}
	out := &answer{}
	done := make(chan struct{})
	m.hands.do(func() {
		defer close(done)
		defer m.guard.leave()
		m.guard.run(ctx, arrival{spec: c.spec, protocol: "memory", header: c.header, receive: in.receive}, out)
	})
	select {
	case <-done:
	case <-ctx.Done():
		in.withdraw()
		return ended(ctx, c.spec.Procedure)
	}
	out.header.pour(c.info.ResponseHeader())
	out.trailer.pour(c.info.ResponseTrailer())
	if out.err != nil {
		return fromPeer(out.err)
	}
	c.info.ReceiveStats = connect.MessageStats{Size: out.size}
	if slices.Contains(m.guard.gifts, c.spec.Procedure) {
		return handMessage(c.response, out.message)
	}
	return copyMessage(c.response, out.message)
}

// handover gives the handler its copy of the request, unless the caller has left: from then on the request is the
// caller's again and may be changing.
type handover struct {
	mu        sync.Mutex
	request   proto.Message
	size      int
	withdrawn bool
	procedure string
	ctx       context.Context //nolint:containedctx // names the reason in the error
}

func (h *handover) receive(dst proto.Message) (int, *connect.Error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.withdrawn {
		return 0, ended(h.ctx, h.procedure)
	}
	return h.size, copyMessage(dst, h.request)
}

func (h *handover) withdraw() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.withdrawn = true
}

// handMessage gives dst what src holds. src must not be used afterwards.
func handMessage(dst, src proto.Message) *connect.Error {
	if dst == nil || src == nil {
		return copyMessage(dst, src)
	}
	to, from := dst.ProtoReflect(), src.ProtoReflect()
	if to.Type() != from.Type() {
		return copyMessage(dst, src)
	}
	proto.Reset(dst)
	from.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		to.Set(field, value)
		return true
	})
	to.SetUnknown(from.GetUnknown())
	return nil
}

// copyMessage makes dst a deep copy of src. Messages of the same schema but of different Go types are copied by way of
// their encoding, as they would be on a wire.
func copyMessage(dst, src proto.Message) *connect.Error {
	if dst == nil {
		return nil
	}
	proto.Reset(dst)
	if src == nil {
		return nil
	}
	if dst.ProtoReflect().Descriptor() == src.ProtoReflect().Descriptor() {
		proto.Merge(dst, src)
		return nil
	}
	data, err := proto.Marshal(src)
	if err == nil {
		err = proto.Unmarshal(data, dst)
	}
	if err != nil {
		return unreadable().WithCause(err)
	}
	return nil
}
