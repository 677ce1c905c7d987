package obs

import (
	"context"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"
)

// TimeFormat of a log line: RFC 3339 in UTC with milliseconds, as everywhere in the public contract.
const TimeFormat = "2006-01-02T15:04:05.000Z07:00"

// NewLogger writes one JSON object per line. Each attrs function is asked for the attributes of the context a line is logged with
// (request id, tenant, TraceAttrs); they stand at the top level of the line even inside a group.
//
// As a net below the types, an attribute whose key is the name of something secret or personal (password, authorization, email, …) is
// redacted whatever its value.
func NewLogger(w io.Writer, level slog.Leveler, attrs ...func(context.Context) []slog.Attr) *slog.Logger {
	return slog.New(&contextHandler{next: slog.NewJSONHandler(w, handlerOptions(level)), attrs: attrs})
}

// NewTextLogger is NewLogger in key=value form, for a human at a terminal.
func NewTextLogger(w io.Writer, level slog.Leveler, attrs ...func(context.Context) []slog.Attr) *slog.Logger {
	return slog.New(&contextHandler{next: slog.NewTextHandler(w, handlerOptions(level)), attrs: attrs})
}

// IsTerminal says whether a human is likely to be reading w.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func handlerOptions(level slog.Leveler) *slog.HandlerOptions {
	return &slog.HandlerOptions{Level: level, ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		switch {
		case len(groups) == 0 && a.Key == slog.TimeKey && a.Value.Kind() == slog.KindTime:
			a.Value = slog.StringValue(a.Value.Time().UTC().Format(TimeFormat))
		case sensitive(a.Key):
			a.Value = slog.StringValue(Redacted)
		case a.Value.Kind() == slog.KindDuration: // JSON would have it in nanoseconds
			a.Value = slog.StringValue(readable(a.Value.Duration()))
		}
		return a
	}}
}

// readable is a span of time for people: "1.234s", "56ms", "789µs".
func readable(d time.Duration) string {
	if d.Abs() < time.Millisecond {
		return d.Round(time.Microsecond).String()
	}
	return d.Round(time.Millisecond).String()
}

// sensitive knows the usual names, whatever their case and separators: e-mail, E_Mail and email are one. "address" is not among them: in
// a log it is nearly always host and port.
func sensitive(key string) bool {
	if len(key) > 20 {
		return false
	}
	switch strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(key)) {
	case "password", "passwd", "secret", "clientsecret", "token", "accesstoken", "refreshtoken", "apikey", "privatekey", "authorization",
		"cookie", "setcookie", "dsn", "otp", "pin", "iban", "cardnumber", "email", "phone", "firstname", "lastname", "fullname",
		"street", "birthdate", "dateofbirth":
		return true
	}
	return false
}

// contextHandler adds the context's attributes. It keeps open groups itself instead of passing them on, because a handler that has a
// group open can only add attributes inside it, and a request id must be found in one place.
type contextHandler struct {
	next   slog.Handler
	attrs  []func(context.Context) []slog.Attr
	groups []openGroup // outermost first
}

type openGroup struct {
	name  string
	attrs []slog.Attr
}

func (h *contextHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

func (h *contextHandler) Handle(ctx context.Context, record slog.Record) error {
	var own []slog.Attr
	for _, attrs := range h.attrs {
		own = append(own, attrs(ctx)...)
	}
	if len(h.groups) == 0 {
		record = record.Clone()
		record.AddAttrs(own...)
		return h.next.Handle(ctx, record)
	}
	var nested []slog.Attr
	record.Attrs(func(a slog.Attr) bool { nested = append(nested, a); return true })
	for _, g := range slices.Backward(h.groups) {
		nested = []slog.Attr{{Key: g.name, Value: slog.GroupValue(slices.Concat(g.attrs, nested)...)}}
	}
	flat := slog.NewRecord(record.Time, record.Level, record.Message, record.PC)
	flat.AddAttrs(nested...)
	flat.AddAttrs(own...)
	return h.next.Handle(ctx, flat)
}

func (h *contextHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	child := *h
	if len(h.groups) == 0 {
		child.next = h.next.WithAttrs(attrs)
		return &child
	}
	child.groups = slices.Clone(h.groups)
	last := &child.groups[len(child.groups)-1]
	last.attrs = slices.Concat(last.attrs, attrs)
	return &child
}

func (h *contextHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	child := *h
	child.groups = append(slices.Clone(h.groups), openGroup{name: name})
	return &child
}
