package doortest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connectproto"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

type promise struct {
	name  string
	holds func(t *testing.T, open Open)
}

func promises() []promise {
	return []promise{
		{"a call is answered", echoes},
		{"messages are copies", messagesAreCopies},
		{"a message up to the limit passes", atTheLimit},
		{"a request over the limit is refused and the door still works", requestOverLimit},
		{"an answer over the limit is refused and the door still works", answerOverLimit},
		{"code, message and details of an error cross", errorsCross},
		{"an error too large loses its details only", largeErrors},
		{"the text of any other error stays inside", otherErrorsStay},
		{"a verdict of another room is not passed on", remoteErrorsStay},
		{"an error after the answer is an error", errorAfterAnswer},
		{"no answer is an error", noAnswer},
		{"a panic is internal", panics},
		{"a handler that ends its goroutine is internal", goexit},
		{"the deadline holds on the far side", deadlineCrosses},
		{"a handler that ignores its deadline does not hold its caller", deadlineOfCaller},
		{"a call without a deadline gets one", defaultDeadline},
		{"a call that is over before it starts is not made", overBeforeStart},
		{"the caller's cancel ends the handler's context", cancelCrosses},
		{"closing the stream ends the call", closeCancels},
		{"request metadata, response headers and trailers cross", metadataCrosses},
		{"metadata crosses beside an error", metadataBesideError},
		{"metadata of HTTP does not", reservedMetadata},
		{"a name no door can carry is refused", badMetadata},
		{"no value of the caller's context reaches the handler", valuesStay},
		{"nested calls share nothing", nestedCalls},
		{"calls run at once and are not mixed up", concurrent},
		{"a full room says so at once", fullRoom},
		{"no slot is lost to calls that fail", slotsReturn},
		{"an unknown procedure is unimplemented", unknownProcedure},
		{"a stream is unimplemented", streams},
		{"the server's interceptors run", interceptors},
		{"nobody there is unavailable at once", absent},
		{"a replica leaves under load without a failed call", leaves},
	}
}

func echoes(t *testing.T, open Open) {
	c := callerOf(open(t, room()))
	ctx := patient(t)
	for _, size := range []int{0, 1, 1 << 10, 20 << 10} {
		want := bytes.Repeat([]byte{0xa5}, size)
		got, err := c.call(ctx, "Echo", want)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes: got %d back, %v", size, len(got), err)
		}
	}
}

func messagesAreCopies(t *testing.T, open Open) {
	kept := wrapperspb.Bytes([]byte("kept"))
	c := callerOf(open(t, room(method("Scribble", func(_ context.Context, req *bytesValue) (*bytesValue, error) {
		req.Value[0] = 'X'
		return kept, nil
	}))))
	ctx := patient(t)
	for range 2 {
		req, res := wrapperspb.Bytes([]byte("mine")), wrapperspb.Bytes([]byte("left over"))
		if err := c.client.CallUnary(ctx, spec("Scribble"), req, res); err != nil {
			t.Fatal(err)
		}
		if string(req.GetValue()) != "mine" {
			t.Fatalf("the handler changed the caller's request to %q", req.GetValue())
		}
		if string(res.GetValue()) != "kept" {
			t.Fatalf("the answer is %q", res.GetValue())
		}
		res.Value[0] = 'X' // the next round sees it if it is the handler's
	}
}

func atTheLimit(t *testing.T, open Open) {
	d := open(t, room())
	value := sized(t, d.MaxPayload)
	got, err := callerOf(d).call(patient(t), "Echo", value)
	if err != nil || len(got) != len(value) {
		t.Fatalf("got %d of %d bytes, %v", len(got), len(value), err)
	}
}

func requestOverLimit(t *testing.T, open Open) {
	var calls atomic.Int32
	d := open(t, room(method("Count", func(context.Context, *bytesValue) (*bytesValue, error) {
		calls.Add(1)
		return &bytesValue{}, nil
	})))
	c, ctx := callerOf(d), patient(t)
	_, err := c.call(ctx, "Count", sized(t, d.MaxPayload+1))
	wantCode(t, err, connect.CodeResourceExhausted)
	if calls.Load() != 0 {
		t.Fatal("the handler ran")
	}
	c.works(ctx, t)
}

func answerOverLimit(t *testing.T, open Open) {
	var d Door
	d = open(t, room(method("Flood", func(context.Context, *bytesValue) (*bytesValue, error) {
		return wrapperspb.Bytes(sized(t, d.MaxPayload+1)), nil
	})))
	c, ctx := callerOf(d), patient(t)
	_, err := c.call(ctx, "Flood", nil)
	wantVerdict(t, err, connect.CodeResourceExhausted)
	c.works(ctx, t)
}

func errorsCross(t *testing.T, open Open) {
	secret := errors.New("password=hunter2")
	details := []proto.Message{wrapperspb.String("Größe S"), structOf(t, map[string]any{"requested": 3.0, "available": 1.0})}
	fail := func(_ context.Context, req *bytesValue) (*bytesValue, error) {
		err := connect.NewError(connect.Code(req.GetValue()[0]), "There is no such product: »ü«.").WithCause(secret)
		for _, m := range details {
			detail, _ := connectproto.NewErrorDetail(m)
			err = err.WithDetail(detail)
		}
		return nil, fmt.Errorf("while asked by hunter2: %w", err)
	}
	c, ctx := callerOf(open(t, room(method("Fail", fail)))), patient(t)
	for code := connect.CodeCanceled; code <= connect.CodeUnauthenticated; code++ {
		_, err := c.call(ctx, "Fail", []byte{byte(code)})
		got := wantVerdict(t, err, code)
		if got.Message() != "There is no such product: »ü«." {
			t.Errorf("%v: message %q", code, got.Message())
		}
		if errors.Is(err, secret) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%v: the cause came across: %v", code, err)
		}
		checkDetails(t, got, details)
	}
}

func checkDetails(t *testing.T, err *connect.Error, want []proto.Message) {
	t.Helper()
	got := err.Details()
	if len(got) != len(want) {
		t.Fatalf("%v: %d details, want %d", err, len(got), len(want))
	}
	for i, detail := range got {
		m, unmarshalErr := connectproto.UnmarshalErrorDetail(detail)
		if unmarshalErr != nil || !proto.Equal(m, want[i]) {
			t.Errorf("%v: detail %d is %v, %v", err, i, m, unmarshalErr)
		}
		if len(detail.Debug) != 0 {
			t.Errorf("%v: detail %d carries debug text", err, i)
		}
	}
}

func structOf(t *testing.T, m map[string]any) *structpb.Struct {
	t.Helper()
	s, err := structpb.NewStruct(m)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func largeErrors(t *testing.T, open Open) {
	var d Door
	d = open(t, room(method("Fail", func(context.Context, *bytesValue) (*bytesValue, error) {
		detail, _ := connectproto.NewErrorDetail(wrapperspb.Bytes(make([]byte, 2*d.MaxPayload)))
		return nil, connect.NewError(connect.CodeAborted, "Too much to say.").WithDetail(detail)
	})))
	_, err := callerOf(d).call(patient(t), "Fail", nil)
	got := wantVerdict(t, err, connect.CodeAborted)
	if got.Message() != "Too much to say." || len(got.Details()) != 0 {
		t.Fatalf("got %v with %d details", got, len(got.Details()))
	}
}

func otherErrorsStay(t *testing.T, open Open) {
	var typedNil *connect.Error
	causes := map[string]struct {
		err  error
		want connect.Code
	}{
		"plain":    {errors.New("dial tcp 10.0.0.7: hunter2"), connect.CodeUnknown},
		"canceled": {fmt.Errorf("hunter2: %w", context.Canceled), connect.CodeCanceled},
		"late":     {fmt.Errorf("hunter2: %w", context.DeadlineExceeded), connect.CodeDeadlineExceeded},
		"nil":      {typedNil, connect.CodeUnknown},
	}
	c := callerOf(open(t, room(method("Fail", func(_ context.Context, req *bytesValue) (*bytesValue, error) {
		return nil, causes[string(req.GetValue())].err
	}))))
	ctx := patient(t)
	for name, cause := range causes {
		_, err := c.call(ctx, "Fail", []byte(name))
		got := wantVerdict(t, err, cause.want)
		if got.Message() != "" || strings.Contains(err.Error(), "hunter2") || errors.Is(err, cause.err) {
			t.Errorf("%s: the error says %q and wraps %v", name, err, errors.Unwrap(got))
		}
	}
}

func remoteErrorsStay(t *testing.T, open Open) {
	c := callerOf(open(t, room(method("Fail", func(context.Context, *bytesValue) (*bytesValue, error) {
		return nil, connect.NewError(connect.CodePermissionDenied, "hunter2").WithRemote()
	}))))
	_, err := c.call(patient(t), "Fail", nil)
	if got := wantVerdict(t, err, connect.CodeInternal); got.Message() != "" {
		t.Fatalf("the error says %q", got.Message())
	}
}

func errorAfterAnswer(t *testing.T, open Open) {
	c := callerOf(open(t, room(connect.Method{Spec: spec("Waver"), Handler: func(_ context.Context, _ connect.Spec, stream connect.ServerStream) error {
		if err := stream.Send(wrapperspb.Bytes([]byte("yes"))); err != nil {
			return err
		}
		return connect.NewError(connect.CodeAborted, "no")
	}})))
	_, err := c.call(patient(t), "Waver", nil)
	wantVerdict(t, err, connect.CodeAborted)
}

func noAnswer(t *testing.T, open Open) {
	c := callerOf(open(t, room(connect.Method{Spec: spec("Silent"), Handler: func(context.Context, connect.Spec, connect.ServerStream) error {
		return nil
	}})))
	_, err := c.call(patient(t), "Silent", nil)
	wantVerdict(t, err, connect.CodeUnimplemented)
}

func panics(t *testing.T, open Open) {
	c := callerOf(open(t, room(method("Panic", func(context.Context, *bytesValue) (*bytesValue, error) {
		panic("hunter2")
	}))))
	ctx := patient(t)
	_, err := c.call(ctx, "Panic", nil)
	wantVerdict(t, err, connect.CodeInternal)
	if strings.Contains(err.Error(), "hunter2") {
		t.Fatalf("the error says %v", err)
	}
	c.works(ctx, t)
}

func goexit(t *testing.T, open Open) {
	c := callerOf(open(t, room(method("Exit", func(context.Context, *bytesValue) (*bytesValue, error) {
		runtime.Goexit()
		return nil, nil
	}))))
	ctx := patient(t)
	_, err := c.call(ctx, "Exit", nil)
	wantCode(t, err, connect.CodeInternal)
	c.works(ctx, t)
}

func deadlineCrosses(t *testing.T, open Open) {
	type seen struct {
		has  bool
		left time.Duration
		err  error
	}
	handlers := make(chan seen, 1)
	c := callerOf(open(t, room(method("Wait", func(ctx context.Context, _ *bytesValue) (*bytesValue, error) {
		deadline, ok := ctx.Deadline()
		left := time.Until(deadline)
		<-ctx.Done()
		handlers <- seen{ok, left, ctx.Err()}
		return nil, ctx.Err()
	}))))
	const given = 250 * time.Millisecond
	ctx, cancel := context.WithTimeout(t.Context(), given)
	defer cancel()
	_, err := c.call(ctx, "Wait", nil)
	wantCode(t, err, connect.CodeDeadlineExceeded)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v is not context.DeadlineExceeded", err)
	}
	got := await(patient(t), t, "the end of the handler's context", handlers)
	if !got.has || got.left > given+time.Millisecond {
		t.Errorf("the handler had a deadline: %v, in %v; given were %v", got.has, got.left, given)
	}
	if got.err == nil {
		t.Error("the handler's context ended without an error")
	}
}

func deadlineOfCaller(t *testing.T, open Open) {
	release, left := make(chan struct{}), make(chan struct{})
	c := callerOf(open(t, room(method("Stubborn", func(context.Context, *bytesValue) (*bytesValue, error) {
		defer close(left)
		<-release
		return &bytesValue{}, nil
	}))))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := c.call(ctx, "Stubborn", nil)
	wantCode(t, err, connect.CodeDeadlineExceeded)
	close(release)
	await(patient(t), t, "the handler", left)
	c.works(patient(t), t)
}

func defaultDeadline(t *testing.T, open Open) {
	c := callerOf(open(t, room(method("Left", func(ctx context.Context, _ *bytesValue) (*bytesValue, error) {
		deadline, ok := ctx.Deadline()
		if left := time.Until(deadline); !ok || left <= 0 || left > time.Minute {
			return nil, connect.Errorf(connect.CodeFailedPrecondition, "deadline %v in %v", ok, left)
		}
		return &bytesValue{}, nil
	}))))
	if _, err := c.call(t.Context(), "Left", nil); err != nil {
		t.Fatal(err)
	}
}

func overBeforeStart(t *testing.T, open Open) {
	var calls atomic.Int32
	c := callerOf(open(t, room(method("Count", func(context.Context, *bytesValue) (*bytesValue, error) {
		calls.Add(1)
		return &bytesValue{}, nil
	}))))
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.call(canceled, "Count", nil)
	wantCode(t, err, connect.CodeCanceled)
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	_, err = c.call(late, "Count", nil)
	wantCode(t, err, connect.CodeDeadlineExceeded)
	c.works(patient(t), t)
	if calls.Load() != 0 {
		t.Fatal("the handler ran")
	}
}

// waiting is a method that tells when it is entered and with what error its context ends.
func waiting() (m connect.Method, entered chan struct{}, ended chan error) {
	entered, ended = make(chan struct{}, 1), make(chan error, 1)
	return method("Wait", func(ctx context.Context, _ *bytesValue) (*bytesValue, error) {
		entered <- struct{}{}
		select {
		case <-ctx.Done():
			ended <- ctx.Err()
		case <-time.After(patience):
			ended <- nil
		}
		return nil, ctx.Err()
	}), entered, ended
}

func cancelCrosses(t *testing.T, open Open) {
	wait, entered, ended := waiting()
	c, limit := callerOf(open(t, room(wait))), patient(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	outcome := make(chan error, 1)
	go func() {
		_, err := c.call(ctx, "Wait", nil)
		outcome <- err
	}()
	await(limit, t, "the handler", entered)
	cancel()
	wantCode(t, await(limit, t, "the caller", outcome), connect.CodeCanceled)
	if err := await(limit, t, "the end of the handler's context", ended); !errors.Is(err, context.Canceled) {
		t.Fatalf("the handler's context ended with %v", err)
	}
}

func closeCancels(t *testing.T, open Open) {
	wait, entered, ended := waiting()
	d, limit := open(t, room(wait)), patient(t)
	stream, err := d.Transport.NewClientStream(t.Context(), spec("Wait"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(stream.SendHeaders(), stream.Send(&bytesValue{}), stream.CloseSend()); err != nil {
		t.Fatal(err)
	}
	if err := stream.Send(&bytesValue{}); err == nil {
		t.Error("a second request was taken")
	}
	outcome := make(chan error, 1)
	go func() { outcome <- stream.Receive(&bytesValue{}) }()
	await(limit, t, "the handler", entered)
	if err := errors.Join(stream.Close(), stream.Close()); err != nil {
		t.Fatal(err)
	}
	wantCode(t, await(limit, t, "the caller", outcome), connect.CodeCanceled)
	if err := await(limit, t, "the end of the handler's context", ended); !errors.Is(err, context.Canceled) {
		t.Fatalf("the handler's context ended with %v", err)
	}
	if err := stream.Receive(&bytesValue{}); !errors.Is(err, io.EOF) {
		t.Errorf("a second Receive gives %v", err)
	}
}

func metadataCrosses(t *testing.T, open Open) {
	c := callerOf(open(t, room(method("Mirror", func(ctx context.Context, _ *bytesValue) (*bytesValue, error) {
		info, _ := connect.CallInfoForServerContext(ctx)
		if info.Spec.Procedure != service+"Mirror" {
			return nil, connect.Errorf(connect.CodeInternal, "procedure %q", info.Spec.Procedure)
		}
		for name, values := range info.RequestHeader().All() {
			for _, value := range values {
				info.ResponseHeader().Add("Seen-"+name, value)
				info.ResponseTrailer().Add("After-"+name, value)
			}
		}
		return &bytesValue{}, nil
	}))))
	ctx, info := connect.NewClientContext(patient(t))
	sent := map[string][]string{
		"X-Tenant": {"9f3c"}, "X-Many": {"one", "two", "three"}, "X-Name": {"Zoë, Łódź"}, "X-Empty": {""}, "Traceparent": {"00-ab-cd-01"},
		"Status": {"503"}, "Nats-Msg-Id": {"1"}, "Rpc-Code": {"internal"}, "H-X": {"y"},
	}
	for name, values := range sent {
		info.RequestHeader().SetValues(strings.ToLower(name), values)
	}
	info.RequestHeader().Set("X-Dirty", "  a\r\nb\x00c\x7f\td ")
	if err := c.client.CallUnary(ctx, spec("Mirror"), &bytesValue{}, &bytesValue{}); err != nil {
		t.Fatal(err)
	}
	if got := info.RequestHeader().Get("X-Dirty"); got != "  a\r\nb\x00c\x7f\td " {
		t.Errorf("the caller's own metadata was changed to %q", got)
	}
	sent["X-Dirty"] = []string{"a  b c \td"}
	for name, values := range sent {
		if got := info.ResponseHeader().Values("Seen-" + name); !slices.Equal(got, values) {
			t.Errorf("%s: header %q, want %q", name, got, values)
		}
		if got := info.ResponseTrailer().Values("After-" + name); !slices.Equal(got, values) {
			t.Errorf("%s: trailer %q, want %q", name, got, values)
		}
	}
	if info.ResponseHeader().Len() != len(sent) || info.ResponseTrailer().Len() != len(sent) {
		t.Errorf("%d headers and %d trailers, want %d each", info.ResponseHeader().Len(), info.ResponseTrailer().Len(), len(sent))
	}
}

func metadataBesideError(t *testing.T, open Open) {
	c := callerOf(open(t, room(method("Fail", func(ctx context.Context, _ *bytesValue) (*bytesValue, error) {
		info, _ := connect.CallInfoForServerContext(ctx)
		info.ResponseHeader().Set("X-Request-Id", "17")
		info.ResponseTrailer().Set("X-Cost", "3")
		return nil, connect.NewError(connect.CodeNotFound, "")
	}))))
	ctx, info := connect.NewClientContext(patient(t))
	wantVerdict(t, c.client.CallUnary(ctx, spec("Fail"), &bytesValue{}, &bytesValue{}), connect.CodeNotFound)
	if info.ResponseHeader().Get("X-Request-Id") != "17" || info.ResponseTrailer().Get("X-Cost") != "3" {
		t.Fatalf("header %q, trailer %q", info.ResponseHeader().Get("X-Request-Id"), info.ResponseTrailer().Get("X-Cost"))
	}
}

func reservedMetadata(t *testing.T, open Open) {
	names := []string{"Content-Type", "Content-Length", "Content-Encoding", "Host", "User-Agent", "Connection", "Te", "Transfer-Encoding",
		"Connect-Timeout-Ms", "Grpc-Status", "Trailer-X", "Date", "Accept-Encoding"}
	c := callerOf(open(t, room(method("Names", func(ctx context.Context, _ *bytesValue) (*bytesValue, error) {
		info, _ := connect.CallInfoForServerContext(ctx)
		var seen []string
		for name := range info.RequestHeader().All() {
			seen = append(seen, name)
		}
		for _, name := range names {
			info.ResponseHeader().Set(name, "1")
			info.ResponseTrailer().Set(name, "1")
		}
		return wrapperspb.Bytes([]byte(strings.Join(seen, " "))), nil
	}))))
	ctx, info := connect.NewClientContext(patient(t))
	for _, name := range names {
		info.RequestHeader().Set(name, "1")
	}
	got, err := c.call(ctx, "Names", nil)
	if err != nil || len(got) != 0 {
		t.Errorf("the handler sees %q, %v", got, err)
	}
	if info.ResponseHeader().Len()+info.ResponseTrailer().Len() != 0 {
		t.Errorf("the caller sees headers %v and trailers %v", info.ResponseHeader(), info.ResponseTrailer())
	}
}

func badMetadata(t *testing.T, open Open) {
	c := callerOf(open(t, room(method("Bad", func(ctx context.Context, _ *bytesValue) (*bytesValue, error) {
		info, _ := connect.CallInfoForServerContext(ctx)
		info.ResponseHeader().Set("X Y", "1")
		return &bytesValue{}, nil
	}))))
	ctx, info := connect.NewClientContext(patient(t))
	info.RequestHeader().Set("X: Y", "1")
	_, err := c.call(ctx, "Echo", nil)
	wantCode(t, err, connect.CodeInternal)
	_, err = c.call(patient(t), "Bad", nil)
	wantVerdict(t, err, connect.CodeInternal)
}

type valueKey struct{}

func valuesStay(t *testing.T, open Open) {
	c := callerOf(open(t, room(method("Peek", func(ctx context.Context, _ *bytesValue) (*bytesValue, error) {
		if v := ctx.Value(valueKey{}); v != nil {
			return nil, connect.Errorf(connect.CodeFailedPrecondition, "saw %v", v)
		}
		if _, ok := connect.CallInfoForClientContext(ctx); ok {
			return nil, connect.NewError(connect.CodeFailedPrecondition, "saw the caller's CallInfo")
		}
		return &bytesValue{}, nil
	}))))
	if _, err := c.call(context.WithValue(patient(t), valueKey{}, "the caller's transaction"), "Peek", nil); err != nil {
		t.Fatal(err)
	}
}

func nestedCalls(t *testing.T, open Open) {
	var inner caller
	tag := func(next connect.ServerFunc) connect.ServerFunc {
		return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
			if seen := ctx.Value(valueKey{}); seen != nil {
				return connect.Errorf(connect.CodeFailedPrecondition, "%s sees the value of %v", spec.Procedure, seen)
			}
			return next(context.WithValue(ctx, valueKey{}, spec.Procedure), spec, stream)
		}
	}
	server := connect.NewServer(tag)
	server.Register(
		method("Inner", func(ctx context.Context, _ *bytesValue) (*bytesValue, error) {
			info, _ := connect.CallInfoForServerContext(ctx)
			info.ResponseHeader().Set("X-Inner", "1")
			info.ResponseTrailer().Set("X-Inner", "1")
			return wrapperspb.Bytes([]byte(info.RequestHeader().Get("X-Outer"))), nil
		}),
		method("Outer", func(ctx context.Context, _ *bytesValue) (*bytesValue, error) {
			info, _ := connect.CallInfoForServerContext(ctx)
			got, err := inner.call(ctx, "Inner", nil)
			info.ResponseHeader().Set("X-From-Outer", "1")
			return wrapperspb.Bytes(got), err
		}))
	d := open(t, server)
	inner = callerOf(d)
	ctx, info := connect.NewClientContext(patient(t))
	info.RequestHeader().Set("X-Outer", "secret of the outer call")
	got, err := inner.call(ctx, "Outer", nil)
	if err != nil || len(got) != 0 {
		t.Fatalf("the inner call had the outer one's metadata %q, %v", got, err)
	}
	if info.ResponseHeader().Has("X-Inner") || info.ResponseTrailer().Has("X-Inner") {
		t.Error("the outer caller got the inner call's response metadata")
	}
	if !info.ResponseHeader().Has("X-From-Outer") {
		t.Error("the outer caller did not get the outer call's response metadata")
	}
}

// gathering is a method that returns to nobody before n calls are inside at once.
func gathering(n int) connect.Method {
	var inside atomic.Int32
	all := make(chan struct{})
	return method("Gather", func(ctx context.Context, req *bytesValue) (*bytesValue, error) {
		if inside.Add(1) == int32(n) {
			close(all)
		}
		select {
		case <-all:
		case <-ctx.Done():
			return nil, connect.Errorf(connect.CodeFailedPrecondition, "only %d of %d calls are inside at once", inside.Load(), n)
		}
		info, _ := connect.CallInfoForServerContext(ctx)
		info.ResponseHeader().Set("X-Call", info.RequestHeader().Get("X-Call"))
		return wrapperspb.Bytes(req.GetValue()), nil
	})
}

func gather(t *testing.T, c caller, n int) {
	t.Helper()
	limit := patient(t)
	var calls sync.WaitGroup
	for i := range n {
		calls.Go(func() {
			ctx, info := connect.NewClientContext(limit)
			name := fmt.Sprint("call ", i)
			info.RequestHeader().Set("X-Call", name)
			got, err := c.call(ctx, "Gather", []byte(name))
			if err != nil || string(got) != name || info.ResponseHeader().Get("X-Call") != name {
				t.Errorf("%s: got %q with %q, %v", name, got, info.ResponseHeader().Get("X-Call"), err)
			}
		})
	}
	calls.Wait()
}

func concurrent(t *testing.T, open Open) {
	const n = 200
	d := open(t, room(gathering(n)))
	if d.MaxInFlight < n {
		t.Fatalf("the door was opened for %d calls at once, the suite needs %d", d.MaxInFlight, n)
	}
	gather(t, callerOf(d), n)
}

func fullRoom(t *testing.T, open Open) {
	entered, release := make(chan struct{}), make(chan struct{})
	d := open(t, room(method("Hold", func(ctx context.Context, _ *bytesValue) (*bytesValue, error) {
		select {
		case entered <- struct{}{}:
		case <-ctx.Done():
		}
		select {
		case <-release:
		case <-ctx.Done():
		}
		return &bytesValue{}, ctx.Err()
	})))
	c, ctx := callerOf(d), patient(t)
	var calls sync.WaitGroup
	for range d.MaxInFlight {
		calls.Go(func() {
			if _, err := c.call(ctx, "Hold", nil); err != nil {
				t.Error(err)
			}
		})
	}
	for range d.MaxInFlight {
		await(ctx, t, "the room to fill", entered)
	}
	_, err := c.call(ctx, "Echo", nil)
	wantVerdict(t, err, connect.CodeResourceExhausted)
	close(release)
	calls.Wait()
	c.works(ctx, t)
}

func slotsReturn(t *testing.T, open Open) {
	entered := make(chan struct{}, 1)
	d := open(t, room(gathering(200),
		method("Fail", func(context.Context, *bytesValue) (*bytesValue, error) { return nil, errors.New("no") }),
		method("Panic", func(context.Context, *bytesValue) (*bytesValue, error) { panic("no") }),
		method("Wait", func(ctx context.Context, _ *bytesValue) (*bytesValue, error) {
			entered <- struct{}{}
			<-ctx.Done()
			return nil, ctx.Err()
		})))
	c, limit := callerOf(d), patient(t)
	for i := range d.MaxInFlight {
		name := [...]string{"Fail", "Panic", "Nobody"}[i%3]
		if _, err := c.call(limit, name, nil); err == nil {
			t.Fatalf("%s succeeds", name)
		}
	}
	for range 20 {
		ctx, cancel := context.WithCancel(limit)
		outcome := make(chan error, 1)
		go func() {
			_, err := c.call(ctx, "Wait", nil)
			outcome <- err
		}()
		await(limit, t, "the handler", entered)
		cancel()
		wantCode(t, await(limit, t, "the caller", outcome), connect.CodeCanceled)
	}
	gather(t, c, 200)
}

func unknownProcedure(t *testing.T, open Open) {
	c, ctx := callerOf(open(t, room())), patient(t)
	_, err := c.call(ctx, "Nobody", nil)
	wantCode(t, err, connect.CodeUnimplemented)
	err = c.client.CallUnary(ctx, connect.Spec{Procedure: "/sovecom.elsewhere.v1.OtherService/Echo"}, &bytesValue{}, &bytesValue{})
	wantCode(t, err, connect.CodeUnimplemented)
	c.works(ctx, t)
}

func streams(t *testing.T, open Open) {
	stream := connect.Spec{Procedure: service + "Stream", StreamType: connect.StreamTypeServer}
	c := callerOf(open(t, room(connect.Method{Spec: stream, Handler: func(context.Context, connect.Spec, connect.ServerStream) error { return nil }})))
	ctx := patient(t)
	for _, kind := range []connect.StreamType{connect.StreamTypeServer, connect.StreamTypeClient, connect.StreamTypeBidi} {
		stream.StreamType = kind
		_, err := c.client.CallServerStream(ctx, stream, &bytesValue{})
		wantCode(t, err, connect.CodeUnimplemented)
		_, err = c.client.CallClientStream(ctx, stream)
		wantCode(t, err, connect.CodeUnimplemented)
	}
	c.works(ctx, t)
}

func interceptors(t *testing.T, open Open) {
	var seen atomic.Value
	watch := func(next connect.ServerFunc) connect.ServerFunc {
		return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
			err := next(ctx, spec, stream)
			seen.Store(connect.CodeOf(err))
			return connect.NewError(connect.CodeAlreadyExists, "rewritten")
		}
	}
	server := connect.NewServer(watch)
	server.Register(method("Fail", func(context.Context, *bytesValue) (*bytesValue, error) {
		return nil, connect.NewError(connect.CodeNotFound, "original")
	}))
	_, err := callerOf(open(t, server)).call(patient(t), "Fail", nil)
	if got := wantVerdict(t, err, connect.CodeAlreadyExists); got.Message() != "rewritten" {
		t.Errorf("the error is %v", got)
	}
	if seen.Load() != connect.CodeNotFound {
		t.Errorf("the interceptor saw %v", seen.Load())
	}
}

func absent(t *testing.T, open Open) {
	d := open(t, room())
	if d.Absent == nil {
		return // a room in this process is always there
	}
	begin := time.Now()
	_, err := caller{connect.NewClient(d.Absent)}.call(patient(t), "Echo", nil)
	if got := wantCode(t, err, connect.CodeUnavailable); got.IsRemote() {
		t.Errorf("%v is marked as the verdict of a room that is not there", got)
	}
	if took := time.Since(begin); took > patience/4 {
		t.Errorf("it took %v", took)
	}
}

func leaves(t *testing.T, open Open) {
	d := open(t, room(holding(nil, nil)))
	if d.Join == nil {
		return // one process, one replica
	}
	c, limit := callerOf(d), patient(t)
	stop, answered := make(chan struct{}), make(chan struct{})
	var load sync.WaitGroup
	for i := range 8 {
		load.Go(func() {
			want := []byte(fmt.Sprint("worker ", i))
			for {
				got, err := c.call(limit, "Echo", want)
				if err != nil || !bytes.Equal(got, want) {
					t.Errorf("a call under load: %q, %v", got, err)
					return
				}
				select {
				case <-stop:
					return
				case answered <- struct{}{}:
				default:
				}
			}
		})
	}
	for range 3 {
		leaveUnderLoad(limit, t, d, c, answered)
	}
	close(stop)
	load.Wait()
}

// leaveUnderLoad has a second replica join, lets a call be inside it, and has it leave while others are made.
func leaveUnderLoad(limit context.Context, t *testing.T, d Door, c caller, answered <-chan struct{}) {
	t.Helper()
	entered, release := make(chan struct{}, d.MaxInFlight), make(chan struct{})
	leave := d.Join(t, room(holding(entered, release)))
	var held sync.WaitGroup
	for inside := false; !inside; {
		held.Go(func() {
			if _, err := c.call(limit, "Hold", nil); err != nil {
				t.Errorf("a call held by the replica that leaves: %v", err)
			}
		})
		select {
		case <-entered:
			inside = true
		case <-answered:
		case <-limit.Done():
			t.Fatal("the second replica got no call")
		}
	}
	var released atomic.Bool
	left := make(chan error, 1)
	go func() {
		err := leave(limit)
		if !released.Load() {
			err = errors.Join(err, errors.New("the replica left with a call inside"))
		}
		left <- err
	}()
	for range 100 {
		await(limit, t, "calls while the replica leaves", answered)
	}
	released.Store(true)
	close(release)
	held.Wait()
	if err := await(limit, t, "the replica to leave", left); err != nil {
		t.Errorf("leaving: %v", err)
	}
}

// holding is a method that keeps its caller until release. Without release it answers at once.
func holding(entered chan<- struct{}, release <-chan struct{}) connect.Method {
	return method("Hold", func(ctx context.Context, _ *bytesValue) (*bytesValue, error) {
		if release == nil {
			return &bytesValue{}, nil
		}
		entered <- struct{}{}
		select {
		case <-release:
			return &bytesValue{}, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
}
