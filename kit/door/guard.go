package door

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"

	"connectrpc.com/connect/v2"
	"google.golang.org/protobuf/proto"
)

// guard stands on the room's side of every door. It is where the promises of the package are kept: what the handler sees
// of a call and what the caller sees of its outcome.
type guard struct {
	settings
	server *connect.Server
	slots  chan struct{}
}

func newGuard(server *connect.Server, s settings) *guard {
	return &guard{settings: s, server: server, slots: make(chan struct{}, s.maxInFlight)}
}

// enter takes a slot for one call, if there is one. Who entered has to leave.
func (g *guard) enter() bool {
	select {
	case g.slots <- struct{}{}:
		return true
	default:
		return false
	}
}

func (g *guard) leave() { <-g.slots }

// arrival is a call at the room's door.
type arrival struct {
	spec           connect.Spec
	protocol, peer string
	header         metadata
	receive        func(request proto.Message) (size int, err *connect.Error)
}

// answer is what becomes of it: a message, or an error.
type answer struct {
	message         proto.Message
	size            int
	header, trailer metadata
	err             *connect.Error
}

// run has the room answer one call. It fills out even when the handler panics or ends its goroutine, in which case run does
// not return: what must happen with out belongs into a defer of the caller.
func (g *guard) run(ctx context.Context, a arrival, out *answer) {
	info := &connect.CallInfo{}
	describe(info, a.spec, a.protocol, a.peer)
	a.header.pour(info.RequestHeader())
	stream := &serverStream{arrival: a, info: info}
	out.err = stumbled()
	defer func() {
		if r := recover(); r != nil {
			g.log.LogAttrs(ctx, slog.LevelError, "panic in a handler",
				slog.String("procedure", a.spec.Procedure), slog.String("panic", fmt.Sprint(r)), slog.String("stack", string(debug.Stack())))
		}
	}()
	err := g.server.Call(ctx, a.spec.Procedure, info, stream)
	g.fill(out, info, stream, err)
}

func (g *guard) fill(out *answer, info *connect.CallInfo, stream *serverStream, err error) {
	var bad *connect.Error
	if out.header, bad = collect(info.ResponseHeader()); bad == nil {
		out.trailer, bad = collect(info.ResponseTrailer())
	}
	switch {
	case err != nil:
		out.err = verdict(err)
	case bad != nil:
		out.err = bad
	case !stream.sent:
		out.err = connect.NewError(connect.CodeUnimplemented, "The room gave no answer.")
	case stream.size > g.maxPayload:
		out.err = answerTooLarge(stream.size, g.maxPayload)
	default:
		out.err, out.message, out.size = nil, stream.response, stream.size
	}
}

// serverStream is the handler's view of one call. The response is kept until the handler returns, so that an error after
// Send is an error behind every door.
type serverStream struct {
	arrival
	info     *connect.CallInfo
	received bool
	sent     bool
	size     int
	response proto.Message
}

func (s *serverStream) SendHeaders() error { return nil }

func (s *serverStream) Receive(msg any) error {
	if s.received {
		return io.EOF
	}
	s.received = true
	request, err := message(msg)
	if err != nil {
		return err
	}
	size, err := s.receive(request)
	if err != nil {
		return err
	}
	s.info.ReceiveStats = connect.MessageStats{Size: size}
	return nil
}

func (s *serverStream) Send(msg any) error {
	if s.sent {
		return connect.NewError(connect.CodeInternal, "A unary call has one answer.")
	}
	response, err := message(msg)
	if err != nil {
		return err
	}
	s.sent = true
	s.response = response
	s.size = proto.Size(response)
	s.info.SendStats = connect.MessageStats{Size: s.size}
	return nil
}

// asConnect is err as a *connect.Error, made of err's context meaning if it is none.
func asConnect(err error) *connect.Error {
	if own, ok := errors.AsType[*connect.Error](err); ok && own != nil {
		return own
	}
	return verdict(err).WithCause(err)
}
