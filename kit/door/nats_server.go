package door

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"connectrpc.com/connect/v2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"
	"google.golang.org/protobuf/proto"
)

// NATSServerConfig describes one replica of a room.
type NATSServerConfig struct {
	Conn    *nats.Conn // of the replica's own, not shared with event consumers
	Name    string     // of the room: lower-case letters, digits, - and _
	Version string     // a semantic version, shown by `nats micro ls`

	MaxInFlight int           // calls at once; 0 means DefaultMaxInFlight
	MaxPayload  int           // bytes of an encoded message; 0 means DefaultMaxPayload
	Timeout     time.Duration // of a request that brings none; 0 means DefaultTimeout
	Logger      *slog.Logger  // nil means slog.Default
}

// NATSServer is one replica of a room behind the NATS door.
type NATSServer struct {
	guard   *guard
	conn    *nats.Conn
	room    string
	service micro.Service
	cancels *cancellations
	listen  *nats.Subscription // to cancellations
	alive   *nats.Subscription // to who asks after a call
	tallies tallies

	base    context.Context //nolint:containedctx // the root of all handlers' contexts
	stop    context.CancelFunc
	running sync.WaitGroup

	drain    sync.Once
	drainErr error
}

// ServeNATS announces a replica of a room and returns once the NATS server sends it requests. All methods must be
// registered. ctx bounds the announcement only: to end the service call [NATSServer.Drain].
func ServeNATS(ctx context.Context, cfg NATSServerConfig, server *connect.Server) (*NATSServer, error) {
	if cfg.Conn == nil {
		return nil, errors.New("door: the NATS door needs a connection")
	}
	if err := checkRoom(cfg.Name); err != nil {
		return nil, fmt.Errorf("door: %s", err.Message())
	}
	s := settings{timeout: cfg.Timeout, maxPayload: cfg.MaxPayload, maxInFlight: cfg.MaxInFlight, log: cfg.Logger}.withDefaults()
	s.log = s.log.With(slog.String("room", cfg.Name))
	n := &NATSServer{
		guard: newGuard(server, s), conn: cfg.Conn, room: cfg.Name,
		cancels: newCancellations(), tallies: newTallies(server.Specs()),
	}
	n.base, n.stop = context.WithCancel(rootOf(ctx))
	if err := n.announce(ctx, cfg.Version); err != nil {
		n.stop()
		return nil, fmt.Errorf("door: announce %s on NATS: %w", cfg.Name, err)
	}
	if limit := cfg.Conn.MaxPayload(); limit < int64(s.maxPayload) {
		s.log.LogAttrs(ctx, slog.LevelWarn, "the NATS server's max_payload is below the limit of the door and takes its place",
			slog.Int64("max_payload", limit), slog.Int("limit", s.maxPayload))
	}
	return n, nil
}

func (n *NATSServer) announce(ctx context.Context, version string) (err error) {
	n.service, err = micro.AddService(n.conn, micro.Config{
		Name: n.room, Version: version, Description: "room " + n.room, QueueGroup: n.room,
		StatsHandler: func(*micro.Endpoint) any { return n.tallies.snapshot() },
		ErrorHandler: func(_ micro.Service, err *micro.NATSError) {
			n.guard.log.Error("NATS reports an error on a subscription of the room", slog.String("subject", err.Subject), slog.String("error", err.Description))
		},
	})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.service.Stop())
			err = errors.Join(err, hangUp(n.listen), hangUp(n.alive))
		}
	}()
	if n.listen, err = n.conn.Subscribe(cancelSubject(n.room, "*"), n.heard); err != nil {
		return err
	}
	if n.alive, err = n.conn.Subscribe(aliveSubject(n.room, "*"), n.vouch); err != nil {
		return err
	}
	err = n.service.AddGroup("rpc").AddEndpoint(n.room, micro.HandlerFunc(n.accept),
		micro.WithEndpointQueueGroup(n.room),
		micro.WithEndpointMetadata(map[string]string{"procedures": strings.Join(n.tallies.procedures(), " ")}))
	if err != nil {
		return err
	}
	return flush(ctx, n.conn)
}

// heard ends a call whose caller left.
func (n *NATSServer) heard(msg *nats.Msg) {
	n.cancels.cancel(lastToken(msg.Subject))
}

func lastToken(subject string) string { return subject[strings.LastIndexByte(subject, '.')+1:] }

// hangUp ends a subscription, if it began, on a connection that may be gone.
func hangUp(sub *nats.Subscription) error {
	if sub == nil {
		return nil
	}
	if err := sub.Unsubscribe(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
		return err
	}
	return nil
}

// accept runs on the one goroutine of the subscription: it starts the call or refuses it, and never waits.
func (n *NATSServer) accept(req micro.Request) {
	header := nats.Header(req.Headers())
	procedure, reply := header.Get(headerProcedure), req.Reply()
	if reply == "" {
		return // nobody to answer
	}
	tally := n.tallies.of(procedure)
	timeout, refusal := n.admit(header, procedure)
	if refusal != nil {
		tally.refused.Add(1)
		n.reply(reply, &answer{err: refusal})
		return
	}
	n.running.Add(1)
	go n.call(reply, header, req.Data(), timeout, tally)
}

// admit reads the deadline of a request and takes a slot for it.
func (n *NATSServer) admit(header nats.Header, procedure string) (time.Duration, *connect.Error) {
	timeout := n.guard.timeout
	if given := header.Get(headerTimeout); given != "" {
		var ok bool
		if timeout, ok = decodeTimeout(given); !ok {
			return 0, connect.Errorf(connect.CodeInvalidArgument, "%s is %q and not a number of microseconds.", headerTimeout, given)
		}
	}
	if procedure == "" {
		return 0, connect.Errorf(connect.CodeInvalidArgument, "%s is missing.", headerProcedure)
	}
	if !n.guard.enter() {
		return 0, busy()
	}
	return timeout, nil
}

func (n *NATSServer) call(reply string, header nats.Header, data []byte, timeout time.Duration, tally *tally) {
	defer n.running.Done()
	begin := time.Now()
	out := &answer{}
	defer func() {
		n.guard.leave()
		if n.base.Err() != nil && out.err != nil && out.err.Code() == connect.CodeCanceled {
			out.err = connect.NewError(connect.CodeUnavailable, "The replica left before it could answer.") // the caller cancelled nothing
		}
		tally.count(time.Since(begin), out.err != nil)
		n.reply(reply, out)
	}()
	ctx, cancel := context.WithTimeout(n.base, timeout)
	defer cancel()
	if id := header.Get(headerID); id != "" {
		n.cancels.begin(id, cancel)
		defer n.cancels.end(id)
	}
	n.guard.run(ctx, arrival{
		spec: connect.Spec{Procedure: header.Get(headerProcedure)}, protocol: "nats", header: fromNATS(header, prefixHeader),
		receive: func(request proto.Message) (int, *connect.Error) { return n.receive(data, request) },
	}, out)
}

func (n *NATSServer) receive(data []byte, request proto.Message) (int, *connect.Error) {
	if len(data) > n.guard.maxPayload {
		return 0, requestTooLarge(len(data), n.guard.maxPayload)
	}
	if request == nil {
		return len(data), nil
	}
	if err := proto.Unmarshal(data, request); err != nil {
		return 0, unreadable().WithCause(err)
	}
	return len(data), nil
}

// reply sends the answer, or what there is to say instead if it cannot be sent.
func (n *NATSServer) reply(subject string, out *answer) {
	msg := encodeAnswer(subject, out)
	if size, limit := len(msg.Data)+headerBytes(msg.Header), int(n.conn.MaxPayload()); size > limit {
		msg = encodeAnswer(subject, &answer{err: answerTooLarge(size, limit)})
	}
	if err := n.conn.PublishMsg(msg); err != nil {
		n.guard.log.Error("an answer could not be sent", slog.String("error", err.Error()))
	}
}

func encodeAnswer(subject string, out *answer) *nats.Msg {
	msg := &nats.Msg{Subject: subject, Header: make(nats.Header, len(out.header)+len(out.trailer)+1)}
	failure := out.err
	if failure == nil {
		data, err := proto.Marshal(out.message)
		if err != nil {
			failure = connect.NewError(connect.CodeInternal, "The answer could not be encoded.")
		}
		msg.Data = data
	}
	msg.Header[headerCode] = []string{codeOK}
	if failure != nil {
		msg.Header[headerCode] = []string{failure.Code().String()}
		msg.Data = encodeError(failure)
	}
	out.header.toNATS(msg.Header, prefixHeader)
	out.trailer.toNATS(msg.Header, prefixTrailer)
	return msg
}

// Drain leaves the room without losing a call: NATS sends no new requests, those already sent are answered, and only then is
// the rest of the subscriptions closed. It returns when the answers are on their way, or with an error when ctx ends
// first; handlers still running are then cancelled. The connection stays open. A second Drain returns what the first did.
func (n *NATSServer) Drain(ctx context.Context) error {
	n.drain.Do(func() {
		if err := n.leave(ctx); err != nil {
			n.drainErr = fmt.Errorf("door: drain %s: %w", n.room, err)
		}
	})
	return n.drainErr
}

func (n *NATSServer) leave(ctx context.Context) error {
	defer n.stop()
	err := n.service.Stop()
	// After the flush every request NATS had sent is here, after the barrier every one of them has been accepted.
	err = errors.Join(err, flush(ctx, n.conn))
	err = errors.Join(err, barrier(ctx, n.conn))
	if waitErr := wait(ctx, n.running.Wait); waitErr != nil {
		err = errors.Join(err, fmt.Errorf("calls are still running: %w", waitErr))
	}
	return errors.Join(err, hangUp(n.listen), hangUp(n.alive), flush(ctx, n.conn))
}

// flush returns when the NATS server has seen everything sent so far.
func flush(ctx context.Context, conn *nats.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second) // the library insists on a deadline
	defer cancel()
	return conn.FlushWithContext(ctx)
}

// barrier returns when the subscriptions of conn have handled everything received so far.
func barrier(ctx context.Context, conn *nats.Conn) error {
	passed := make(chan struct{})
	if err := conn.Barrier(func() { close(passed) }); err != nil {
		return err
	}
	return wait(ctx, func() { <-passed })
}

// wait returns when until does, or with the error of ctx.
func wait(ctx context.Context, until func()) error {
	done := make(chan struct{})
	go func() { defer close(done); until() }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
