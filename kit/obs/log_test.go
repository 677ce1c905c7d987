package obs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/slogtest"
	"time"

	"go.opentelemetry.io/otel/trace"
)

type ctxKey struct{}

func requestID(ctx context.Context) []slog.Attr {
	if id, ok := ctx.Value(ctxKey{}).(string); ok {
		return []slog.Attr{slog.String("requestId", id)}
	}
	return nil
}

func TestContextAttributes(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	logger := NewLogger(&out, slog.LevelInfo, requestID, TraceAttrs)
	span := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}})
	ctx := trace.ContextWithSpanContext(context.WithValue(t.Context(), ctxKey{}, "r-1"), span)

	logger.With("room", "cart").WithGroup("sql").With("table", "carts").WithGroup("row").InfoContext(ctx, "saved", "n", 3)
	got := line(t, &out)
	if _, err := time.Parse(TimeFormat, got["time"].(string)); err != nil || !strings.HasSuffix(got["time"].(string), "Z") {
		t.Errorf("time is %v", got["time"])
	}
	delete(got, "time")
	want := map[string]any{
		"level": "INFO", "msg": "saved", "room": "cart", "requestId": "r-1",
		"traceId": "01000000000000000000000000000000", "spanId": "0200000000000000",
		"sql": map[string]any{"table": "carts", "row": map[string]any{"n": 3.0}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}

	logger.InfoContext(t.Context(), "no request")
	if got = line(t, &out); got["requestId"] != nil || got["traceId"] != nil {
		t.Errorf("ids out of nowhere: %v", got)
	}
	logger.DebugContext(ctx, "too quiet")
	if out.Len() != 0 {
		t.Errorf("below the level: %s", out.String())
	}
}

// The wrapper keeps groups itself, so it has to keep every rule of slog handlers.
func TestHandlerContract(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	slogtest.Run(t, func(*testing.T) slog.Handler {
		out.Reset()
		return NewLogger(&out, slog.LevelInfo, requestID).Handler()
	}, func(t *testing.T) map[string]any { return line(t, &out) })
}

func TestSiblingsDoNotShareGroups(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	parent := NewLogger(&out, slog.LevelInfo).WithGroup("g").With("a", 1)
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() { parent.With("b", i).WithGroup("h").With("c", i) })
	}
	wait.Wait()
	left := parent.With("left", 1)
	right := parent.With("right", 1)
	left.Info("x")
	if got := line(t, &out)["g"].(map[string]any); got["right"] != nil || got["left"] == nil {
		t.Errorf("got %v", got)
	}
	right.Info("x")
	if got := line(t, &out)["g"].(map[string]any); got["left"] != nil || got["right"] == nil {
		t.Errorf("got %v", got)
	}
}

func TestPersonalDataIsRedacted(t *testing.T) {
	t.Parallel()
	const mail = "ada@example.com"
	var out bytes.Buffer
	p := Personal(mail)
	for _, logger := range []*slog.Logger{NewLogger(&out, slog.LevelInfo), NewTextLogger(&out, slog.LevelInfo)} {
		logger.Info("x", "to", p, "struct", struct{ To Personal }{p}, "error", fmt.Errorf("no such customer: %s %v %q %x", p, p, p, p))
		logger.Info("x", "email", mail, "E-Mail", mail, "first_name", mail, slog.Group("request", "Authorization", mail))
	}
	asJSON, err := json.Marshal(map[string]any{"p": p})
	if err != nil {
		t.Fatal(err)
	}
	if s := out.String() + string(asJSON); strings.Contains(s, mail) || strings.Contains(s, fmt.Sprintf("%x", mail)) {
		t.Errorf("a person shows in %s", s)
	}
	if p.Reveal() != mail {
		t.Error("Reveal lost the text")
	}
	out.Reset()
	NewLogger(&out, slog.LevelInfo).Info("x", "emails_sent", 3, "address", ":8080")
	if got := line(t, &out); got["emails_sent"] != 3.0 || got["address"] != ":8080" {
		t.Errorf("an innocent attribute was redacted: %v", got)
	}
}

func TestTextLoggerAndTerminal(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	NewTextLogger(&out, slog.LevelInfo, requestID).InfoContext(context.WithValue(t.Context(), ctxKey{}, "r-1"), "hello", "n", 1)
	if !strings.Contains(out.String(), "level=INFO msg=hello n=1 requestId=r-1\n") {
		t.Errorf("got %s", out.String())
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if IsTerminal(&out) || IsTerminal(file) {
		t.Error("a buffer or a file is no terminal")
	}
}

func line(t *testing.T, out *bytes.Buffer) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(out.Bytes(), &m); err != nil {
		t.Fatalf("%v in %q", err, out.String())
	}
	out.Reset()
	return m
}

func TestSpansOfTimeAreReadable(t *testing.T) {
	t.Parallel()
	for span, want := range map[time.Duration]string{
		1234567 * time.Microsecond: "1.235s", 56789 * time.Microsecond: "57ms", 789123 * time.Nanosecond: "789µs", 90 * time.Minute: "1h30m0s", 0: "0s",
	} {
		var out bytes.Buffer
		NewLogger(&out, slog.LevelInfo).Info("done", "took", span, slog.Group("part", "took", span))
		var line struct {
			Took string
			Part struct{ Took string }
		}
		if err := json.Unmarshal(out.Bytes(), &line); err != nil || line.Took != want || line.Part.Took != want {
			t.Errorf("%s is written as %s, %v", span, out.String(), err)
		}
	}
}
