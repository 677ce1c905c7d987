package door

import (
	"context"
	"crypto/rand"
	"errors"
	"strconv"
	"sync/atomic"
	"time"

	"connectrpc.com/connect/v2"
	"github.com/nats-io/nats.go"
	"google.golang.org/protobuf/proto"
)

// NATS is the door to the replicas of a room that [ServeNATS] announced on the same NATS system. A room is named with
// lower-case letters, digits, - and _.
func NATS(conn *nats.Conn, room string, options ...Option) connect.Transport {
	s := settle(options)
	n := &natsDoor{settings: s, conn: conn, room: room, prefix: rand.Text() + "-"}
	return &transport{settings: s, protocol: "nats", peer: subjectOf(room), broken: checkRoom(room), carry: n.carry}
}

type natsDoor struct {
	settings
	conn   *nats.Conn
	room   string
	prefix string // of the ids of this door's calls
	calls  atomic.Uint64
}

func (n *natsDoor) carry(ctx context.Context, c *call) *connect.Error {
	data, err := proto.Marshal(c.request)
	if err != nil {
		return connect.NewError(connect.CodeInternal, "The request could not be encoded.").WithCause(err)
	}
	missed, tries := patienceOf(c.spec)
	for {
		reply, id, err := n.send(ctx, c, data, missed)
		switch tries--; {
		case err == nil:
			return n.receive(reply, c)
		case errors.Is(err, errSilent):
			// Should it be running after all, it need not go on.
			_ = n.conn.Publish(cancelSubject(n.room, id), nil)
			if tries > 0 {
				continue
			}
			return connect.Errorf(connect.CodeUnavailable, "The replica of %s that had the call is gone.", n.room).WithCause(err)
		}
		return n.failed(ctx, c.spec.Procedure, id, err)
	}
}

// send is one try of a call, under an id of its own.
func (n *natsDoor) send(ctx context.Context, c *call, data []byte, missed int) (reply *nats.Msg, id string, err error) {
	id = n.prefix + strconv.FormatUint(n.calls.Add(1), 36)
	msg := &nats.Msg{Subject: subjectOf(n.room), Data: data, Header: make(nats.Header, len(c.header)+3)}
	c.header.toNATS(msg.Header, prefixHeader)
	msg.Header[headerProcedure] = []string{c.spec.Procedure}
	msg.Header[headerID] = []string{id}
	if deadline, ok := ctx.Deadline(); ok {
		msg.Header[headerTimeout] = []string{encodeTimeout(time.Until(deadline))}
	}
	// A request written while the connection is down waits in its buffer and may run long after the caller gave up.
	if !n.conn.IsConnected() {
		return nil, id, nats.ErrDisconnected
	}
	// To ask first also keeps the client library from remembering a request it refuses.
	if size, limit := len(data)+headerBytes(msg.Header), int(n.conn.MaxPayload()); size > limit {
		return nil, id, requestTooLarge(size, limit)
	}
	reply, err = n.request(ctx, msg, id, missed)
	return reply, id, err
}

func (n *natsDoor) failed(ctx context.Context, procedure, id string, err error) *connect.Error {
	if own, ok := errors.AsType[*connect.Error](err); ok {
		return own
	}
	switch {
	case ctx.Err() != nil:
		if errors.Is(ctx.Err(), context.Canceled) {
			// Best effort: if it is lost, the handler still ends at its deadline.
			_ = n.conn.Publish(cancelSubject(n.room, id), nil)
		}
		return ended(ctx, procedure)
	case errors.Is(err, nats.ErrNoResponders):
		return connect.Errorf(connect.CodeUnavailable, "No replica of %s is running.", n.room).WithCause(err)
	case errors.Is(err, nats.ErrMaxPayload):
		return connect.NewError(connect.CodeResourceExhausted, "The request is larger than the limit.").WithCause(err)
	}
	return n.disconnected(err)
}

func (n *natsDoor) disconnected(err error) *connect.Error {
	return connect.Errorf(connect.CodeUnavailable, "The connection to %s is down.", n.room).WithCause(err)
}

func (n *natsDoor) receive(reply *nats.Msg, c *call) *connect.Error {
	fromNATS(reply.Header, prefixHeader).pour(c.info.ResponseHeader())
	fromNATS(reply.Header, prefixTrailer).pour(c.info.ResponseTrailer())
	switch reply.Header.Get(headerCode) {
	case codeOK:
	case "":
		return unreadableAnswer().WithCause(errors.New("the reply on " + reply.Subject + " has no " + headerCode))
	default:
		return decodeError(reply.Data)
	}
	if len(reply.Data) > n.maxPayload {
		return answerTooLarge(len(reply.Data), n.maxPayload)
	}
	c.info.ReceiveStats = connect.MessageStats{Size: len(reply.Data)}
	if c.response == nil {
		return nil
	}
	if err := proto.Unmarshal(reply.Data, c.response); err != nil {
		return unreadableAnswer().WithCause(err)
	}
	return nil
}
