package door

import (
	"context"
	"net/http"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
)

// HTTP is the door to a room at baseURL, such as http://catalog:8080 (h2c) or https://catalog. With a nil client it makes
// one with [HTTPClient].
func HTTP(baseURL string, client *http.Client, options ...Option) connect.Transport {
	if client == nil {
		client = HTTPClient()
	}
	s := settle(options)
	h := &httpDoor{settings: s, client: connect.NewClient(connecthttp.NewTransport(client, baseURL,
		connecthttp.WithCompressors(),
		// An error is JSON and base64 with a readable copy of each detail beside it; the message limit is checked in carry.
		connecthttp.WithReadMaxBytes(s.maxPayload+8*maxErrorBytes),
	))}
	return &transport{settings: s, protocol: connect.ProtocolNameConnect, carry: h.carry}
}

// HTTPClient is an http.Client that speaks HTTP/2 only, over TLS or in the clear by prior knowledge (h2c), and notices a
// peer that vanished without closing within 20 s. Close its idle connections when done with it.
func HTTPClient() *http.Client {
	protocols := &http.Protocols{}
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	return &http.Client{Transport: &http.Transport{
		Protocols:          protocols,
		DisableCompression: true,
		IdleConnTimeout:    90 * time.Second,
		HTTP2:              &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 5 * time.Second},
	}}
}

// HTTPHandler serves every unary method registered on server so far; register first.
func HTTPHandler(server *connect.Server, options ...Option) http.Handler {
	s := settle(options)
	h := &httpHandler{guard: newGuard(server, s)}
	// The guard answers for the room, so connecthttp is given a server that knows the same procedures and asks the guard.
	front := connect.NewServer()
	for spec := range server.Specs() {
		front.Register(connect.Method{Spec: spec, Handler: h.serve})
	}
	front.SetUnknownHandler(h.serve)
	mux := http.NewServeMux()
	connecthttp.Mount(mux, front, connecthttp.WithCompressors(), connecthttp.WithReadMaxBytes(s.maxPayload))
	return mux
}

// NewHTTPServer is [HTTPHandler] in a server that takes HTTP/1.1, HTTP/2 and h2c. To leave without losing a call, call its
// Shutdown.
func NewHTTPServer(server *connect.Server, options ...Option) *http.Server {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	return &http.Server{
		Handler:           HTTPHandler(server, options...),
		Protocols:         protocols,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		// A client would wait for a stream of its connection instead of being told that the room is full.
		HTTP2: &http.HTTP2Config{MaxConcurrentStreams: 2*settle(options).maxInFlight + 100},
	}
}

type httpDoor struct {
	settings
	client *connect.Client
}

// carry makes the call through a client of its own, with metadata of its own: the caller's CallInfo gets to see what the
// other doors would show.
func (h *httpDoor) carry(ctx context.Context, c *call) *connect.Error {
	ctx, info := connect.NewClientContext(ctx)
	c.header.pour(info.RequestHeader())
	response := c.response
	if response == nil {
		response = &emptypb.Empty{}
	}
	err := h.client.CallUnary(ctx, c.spec, c.request, response)
	c.info.PeerAddr = info.PeerAddr
	c.info.TransportInfo = info.TransportInfo
	for _, part := range [...]struct{ from, to *connect.Header }{
		{info.ResponseHeader(), c.info.ResponseHeader()},
		{info.ResponseTrailer(), c.info.ResponseTrailer()},
	} {
		if m, bad := collect(part.from); bad == nil {
			m.pour(part.to)
		}
	}
	if err != nil {
		return httpError(ctx, err, c.spec.Procedure)
	}
	if size := info.ReceiveStats.Size; size > h.maxPayload {
		return answerTooLarge(size, h.maxPayload)
	}
	c.info.ReceiveStats = info.ReceiveStats
	return nil
}

// httpError tells the room's verdict from what went wrong on the way, whose text names addresses and is kept as the cause.
func httpError(ctx context.Context, err error, procedure string) *connect.Error {
	own := asConnect(err)
	if own.IsRemote() {
		return fromPeer(own)
	}
	if ctx.Err() != nil {
		return ended(ctx, procedure)
	}
	sentence := "The call could not be carried."
	switch own.Code() {
	case connect.CodeUnavailable:
		sentence = "Nobody answers at the address of the room."
	case connect.CodeUnimplemented:
		sentence = "The room does not know this procedure."
	case connect.CodeResourceExhausted:
		sentence = "The answer is larger than the limit."
	}
	return connect.NewError(own.Code(), sentence).WithCause(err)
}

type httpHandler struct{ guard *guard }

func (h *httpHandler) serve(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
	info, _ := connect.CallInfoForServerContext(ctx)
	if info.Spec.StreamType != connect.StreamTypeUnary {
		return notUnary(spec.Procedure)
	}
	header, err := collect(info.RequestHeader())
	if err != nil {
		return err
	}
	out := &answer{}
	if err := h.run(ctx, arrival{
		spec: info.Spec, protocol: info.Protocol, peer: info.PeerAddr, header: header,
		receive: func(request proto.Message) (int, *connect.Error) {
			if err := stream.Receive(request); err != nil {
				return 0, requestError(err)
			}
			return info.ReceiveStats.Size, nil
		},
	}, out); err != nil {
		return err
	}
	out.header.pour(info.ResponseHeader())
	out.trailer.pour(info.ResponseTrailer())
	if out.err != nil {
		return out.err
	}
	if err := stream.Send(out.message); err != nil {
		return connect.NewError(asConnect(err).Code(), "The answer could not be encoded.").WithCause(err)
	}
	return nil
}

func (h *httpHandler) run(ctx context.Context, a arrival, out *answer) error {
	if !h.guard.enter() {
		return busy()
	}
	defer h.guard.leave()
	ctx, cancel := detach(ctx, h.guard.timeout)
	defer cancel()
	h.guard.run(ctx, a, out)
	return nil
}

// requestError gives connecthttp's errors about the request the door's own words.
func requestError(err error) *connect.Error {
	own := asConnect(err)
	switch own.Code() {
	case connect.CodeInvalidArgument:
		return unreadable().WithCause(err)
	case connect.CodeResourceExhausted:
		return connect.NewError(connect.CodeResourceExhausted, "The request is larger than the limit.").WithCause(err)
	}
	return connect.NewError(own.Code(), "The request could not be read.").WithCause(err)
}
