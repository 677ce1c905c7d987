// Package bustest gives tests a real JetStream of their own, and runs rooms on it.
package bustest

import (
	"context"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/embed"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pgtest"
)

// patience is how long is waited for what must happen.
const patience = time.Minute

// Start runs a NATS server with the house's streams until the test ends.
func Start(t testing.TB) jetstream.JetStream {
	t.Helper()
	server, err := embed.StartNATS(embed.NATSConfig{StoreDir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	conn, err := server.Connect()
	if err != nil {
		t.Fatal(err)
	}
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.EnsureStreams(t.Context(), js, 1); err != nil {
		t.Fatal(err)
	}
	return js
}

// Run relays the room's events and feeds the consumers until the test ends.
func Run(t testing.TB, db *pgtest.DB, js jetstream.JetStream, consumers ...bus.Consumer) *bus.Runner {
	t.Helper()
	runner := bus.NewRunner(bus.Config{LockURL: db.URL, Consumers: consumers, Tick: 50 * time.Millisecond},
		bus.Deps{DB: db.DB, JS: js, Logger: slog.New(slog.DiscardHandler), Now: time.Now})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- runner.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return runner
}

// Published waits until n events have come to the subject, which may hold wildcards, and returns them in order.
func Published(t testing.TB, js jetstream.JetStream, subject string, n int) []bus.Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cons, err := js.OrderedConsumer(ctx, "EVT", jetstream.OrderedConsumerConfig{FilterSubjects: []string{subject}})
	if err != nil {
		t.Fatal(err)
	}
	messages, err := cons.Messages()
	if err != nil {
		t.Fatal(err)
	}
	defer messages.Stop()
	var events []bus.Event
	for len(events) < n {
		msg, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			t.Fatalf("%d of %d events on %s: %v", len(events), n, subject, err)
		}
		e, err := bus.FromHeaders(msg.Subject(), msg.Headers(), msg.Data())
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	return events
}

// Publish puts an event on the stream, as a relay would. Publishing the same id twice is one event.
func Publish(t testing.TB, js jetstream.JetStream, e bus.Event) {
	t.Helper()
	publish(t, js, e, e.ID)
}

// PublishUnrecognised puts an event on the stream as a message that the stream has not seen, as a relay would that comes
// back after the stream has forgotten the id.
func PublishUnrecognised(t testing.TB, js jetstream.JetStream, e bus.Event) {
	t.Helper()
	publish(t, js, e, id.New())
}

func publish(t testing.TB, js jetstream.JetStream, e bus.Event, message id.ID) {
	t.Helper()
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	m := nats.NewMsg(e.Subject)
	m.Header.Set(jetstream.MsgIDHeader, message.String())
	if message != e.ID {
		m.Header.Set("Sov-Event", e.ID.String())
	}
	m.Header.Set("Sov-Tenant", e.Tenant.String())
	m.Header.Set("Sov-Aggregate", e.Aggregate.String())
	m.Header.Set("Sov-Sequence", strconv.FormatInt(e.Sequence, 10))
	m.Header.Set("Sov-Time", e.Time.UTC().Format(time.RFC3339Nano))
	m.Data = e.Body
	if _, err := js.PublishMsg(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}
