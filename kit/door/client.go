package door

import (
	"context"
	"io"
	"sync"
	"time"

	"connectrpc.com/connect/v2"
	"google.golang.org/protobuf/proto"
)

// call is one unary call as a door carries it: request and metadata in, response and metadata out.
type call struct {
	spec     connect.Spec
	header   metadata
	request  proto.Message
	response proto.Message     // filled on success
	info     *connect.CallInfo // the caller's; response metadata and sizes go there
}

// transport is the client side all doors share; carry is what tells them apart.
type transport struct {
	settings
	protocol string
	peer     string
	broken   *connect.Error // a configuration no call can succeed with
	// carry brings c to the room and its answer back. It returns within ctx.
	carry func(ctx context.Context, c *call) *connect.Error
}

func (t *transport) NewClientStream(ctx context.Context, spec connect.Spec) (connect.ClientStream, error) {
	if t.broken != nil {
		return nil, t.broken
	}
	if spec.StreamType != connect.StreamTypeUnary {
		return nil, notUnary(spec.Procedure)
	}
	info, ok := connect.CallInfoForClientContext(ctx)
	if !ok {
		info = &connect.CallInfo{}
	}
	describe(info, spec, t.protocol, t.peer)
	s := &clientStream{transport: t, spec: spec, info: info, ready: make(chan struct{})}
	s.ctx, s.cancel = detach(ctx, t.timeout)
	return s, nil
}

func describe(info *connect.CallInfo, spec connect.Spec, protocol, peer string) {
	info.Spec = spec
	info.Protocol = protocol
	info.PeerAddr = peer
	info.Codec = connect.CodecNameProto
	info.RequestEncoding = connect.CompressionNameIdentity
	info.ResponseEncoding = connect.CompressionNameIdentity
}

// clientStream is one call. Send hands over the request, Receive does the work: only then is it known where the answer
// goes. The request must not be changed in between.
type clientStream struct {
	*transport
	spec   connect.Spec
	info   *connect.CallInfo
	ctx    context.Context //nolint:containedctx // the stream is the call, and stream operations take no context
	cancel context.CancelFunc

	mu      sync.Mutex
	ready   chan struct{} // closed when nothing more is to be sent
	done    bool          // ready is closed
	sent    bool
	request proto.Message

	received bool // used by the receiving side alone
}

func (s *clientStream) SendHeaders() error { return nil }

func (s *clientStream) Send(msg any) error {
	request, err := message(msg)
	if err != nil {
		return err
	}
	size := proto.Size(request)
	if size > s.maxPayload {
		return requestTooLarge(size, s.maxPayload)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sent {
		return connect.NewError(connect.CodeInternal, "A unary call has one request.")
	}
	if s.done {
		return io.EOF
	}
	s.sent = true
	s.request = request
	s.info.SendStats = connect.MessageStats{Size: size}
	s.endSend()
	return nil
}

func (s *clientStream) CloseSend() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endSend()
	return nil
}

func (s *clientStream) endSend() {
	if !s.done {
		s.done = true
		close(s.ready)
	}
}

func (s *clientStream) Receive(msg any) error {
	if s.received {
		return io.EOF
	}
	s.received = true
	defer s.cancel()
	response, err := message(msg)
	if err != nil {
		return err
	}
	select {
	case <-s.ready:
	case <-s.ctx.Done():
	}
	if s.ctx.Err() != nil {
		return ended(s.ctx, s.spec.Procedure)
	}
	if !s.sent { // written before ready was closed
		return connect.NewError(connect.CodeUnimplemented, "A unary call needs a request.")
	}
	header, err := collect(s.info.RequestHeader())
	if err != nil {
		return err
	}
	c := &call{spec: s.spec, header: header, request: s.request, response: response, info: s.info}
	if err := s.carry(s.ctx, c); err != nil {
		return s.own(err)
	}
	return nil
}

// clockGrain is by how much the far side may see the deadline sooner: HTTP carries whole milliseconds, rounded down.
const clockGrain = 5 * time.Millisecond

// own replaces the other side's "too late" and "no longer wanted" by this side's when it is this call's context that ended:
// both sides notice at about the same time, and which one is heard first shall not show.
func (s *clientStream) own(err *connect.Error) *connect.Error {
	switch err.Code() {
	case connect.CodeDeadlineExceeded:
		if deadline, ok := s.ctx.Deadline(); ok && time.Until(deadline) < clockGrain {
			return tooLate(s.spec.Procedure)
		}
	case connect.CodeCanceled:
		if s.ctx.Err() != nil {
			return ended(s.ctx, s.spec.Procedure)
		}
	}
	return err
}

func (s *clientStream) Close() error {
	s.cancel()
	return nil
}

// message is msg as what a door carries. A nil stands for an empty message.
func message(msg any) (proto.Message, *connect.Error) {
	if msg == nil {
		return nil, nil
	}
	m, ok := msg.(proto.Message)
	if !ok {
		return nil, connect.Errorf(connect.CodeInternal, "A door carries protobuf messages, not %T.", msg)
	}
	return m, nil
}
