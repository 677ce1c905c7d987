package bus

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sovecom/sovecom/kit/id"
)

// Names on the wire.
const (
	streamName     = "EVT"
	deadStreamName = "DEAD"

	headerTenant    = "Sov-Tenant"
	headerAggregate = "Sov-Aggregate"
	headerSequence  = "Sov-Sequence"
	headerTime      = "Sov-Time"
	headerEvent     = "Sov-Event"  // id of the event, of a message that has one of its own
	headerLetter    = "Sov-Letter" // the dead letter a message was sent for
	headerError     = "Sov-Error"
	headerAttempts  = "Sov-Attempts"
)

// AllEvents are the subjects of events on their first way.
const AllEvents = eventPrefix + ">"

// dedupWindow is how long the stream recognises an event it has already. It must outlast the relay's longest pause
// between publishing and deleting; beyond it the consumers' inboxes still do.
const dedupWindow = 10 * time.Minute

// EnsureStreams creates the streams, or brings their settings up to date. Events are kept for 30 days, so that a
// consumer that is new, or was away, finds them.
func EnsureStreams(ctx context.Context, js jetstream.JetStream, replicas int) error {
	for _, cfg := range []jetstream.StreamConfig{
		{Name: streamName, Subjects: []string{AllEvents, againPrefix + ">"}, MaxAge: 30 * 24 * time.Hour, Duplicates: dedupWindow},
		{Name: deadStreamName, Subjects: []string{deadPrefix + ">"}, MaxAge: 90 * 24 * time.Hour, Duplicates: dedupWindow},
	} {
		cfg.Storage = jetstream.FileStorage
		cfg.Replicas = max(replicas, 1)
		if _, err := js.CreateOrUpdateStream(ctx, cfg); err != nil {
			return fmt.Errorf("bus: stream %s: %w", cfg.Name, err)
		}
	}
	return nil
}

func toMsg(e Event, headers map[string]string) *nats.Msg {
	m := nats.NewMsg(e.Subject)
	for k, v := range headers {
		m.Header.Set(k, v)
	}
	m.Header.Set(jetstream.MsgIDHeader, e.ID.String())
	m.Header.Set(headerTenant, e.Tenant.String())
	m.Header.Set(headerAggregate, e.Aggregate.String())
	m.Header.Set(headerSequence, strconv.FormatInt(e.Sequence, 10))
	m.Header.Set(headerTime, e.Time.UTC().Format(time.RFC3339Nano))
	m.Data = e.Body
	return m
}

// FromHeaders reads an event back from a message of the stream.
func FromHeaders(subject string, h nats.Header, body []byte) (Event, error) {
	e := Event{Subject: originOf(subject), Body: body}
	var err error
	if e.ID, err = id.Parse(eventOf(h)); err != nil {
		return e, fmt.Errorf("bus: event id on %s: %w", subject, err)
	}
	if e.Tenant, err = id.Parse(h.Get(headerTenant)); err != nil {
		return e, fmt.Errorf("bus: tenant on %s: %w", subject, err)
	}
	if e.Aggregate, err = id.Parse(h.Get(headerAggregate)); err != nil {
		return e, fmt.Errorf("bus: aggregate on %s: %w", subject, err)
	}
	if e.Sequence, err = strconv.ParseInt(h.Get(headerSequence), 10, 64); err != nil {
		return e, fmt.Errorf("bus: sequence on %s: %w", subject, err)
	}
	if e.Time, err = time.Parse(time.RFC3339Nano, h.Get(headerTime)); err != nil {
		return e, fmt.Errorf("bus: time on %s: %w", subject, err)
	}
	return e, nil
}

// eventOf is the id of the event a message is about.
func eventOf(h nats.Header) string {
	if own := h.Get(headerEvent); own != "" {
		return own
	}
	return h.Get(jetstream.MsgIDHeader)
}

// originOf is the subject of the event on its first way.
func originOf(subject string) string {
	if rest, again := strings.CutPrefix(subject, againPrefix); again {
		_, own, _ := strings.Cut(rest, ".")
		return eventPrefix + own
	}
	return subject
}
