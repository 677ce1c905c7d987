package bus

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Letter is a dead letter: an event that one consumer could not handle. It lies in the stream of dead letters until that
// consumer has handled it after all, and for 90 days at most.
type Letter struct {
	Sequence  uint64 // where it lies in the stream
	Consumer  string
	Subject   string // of the event
	Event     string // id, as it was sent: it may be what was wrong
	Tenant    string
	Aggregate string
	Error     string // of the last attempt
	Attempts  int
	Time      time.Time // when it was given up

	header nats.Header
	body   []byte
}

// LetterFilter chooses dead letters; an empty field chooses all.
type LetterFilter struct {
	Consumer string
	Event    string // id
	Tenant   string
	Subject  string // how the event's subject begins, e.g. "evt.checkout"
}

func (f LetterFilter) matches(l Letter) bool {
	return (f.Consumer == "" || f.Consumer == l.Consumer) && (f.Event == "" || f.Event == l.Event) &&
		(f.Tenant == "" || f.Tenant == l.Tenant) && strings.HasPrefix(l.Subject, f.Subject)
}

// ErrNoConsumer is what a dead letter meets whose consumer does not exist, or is of a release that takes none back.
var ErrNoConsumer = errors.New("bus: there is no consumer of that name that takes events again")

// deadPrefix and againPrefix are followed by the consumer and the event's own subject without its "evt.".
const (
	eventPrefix = "evt."
	deadPrefix  = "dead."
	againPrefix = "again."
)

func deadSubject(consumer, event string) string {
	return deadPrefix + consumer + "." + strings.TrimPrefix(event, eventPrefix)
}

// againOf is what a consumer alone listens to: events that are given to it once more.
func againOf(consumer string) string { return againPrefix + consumer + ".>" }

// EachLetter calls each for the dead letters of a filter, the oldest first. Those that come meanwhile are not among them.
func EachLetter(ctx context.Context, js jetstream.JetStream, f LetterFilter, each func(Letter) error) error {
	stream, err := js.Stream(ctx, deadStreamName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("dead letters: %w", err)
	}
	subject := deadPrefix + ">"
	if f.Consumer != "" {
		subject = deadPrefix + f.Consumer + ".>"
	}
	last := stream.CachedInfo().State.LastSeq
	for at := uint64(1); at <= last; at++ {
		msg, err := stream.GetMsg(ctx, at, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("dead letters: %w", err)
		}
		if msg.Sequence > last {
			return nil
		}
		at = msg.Sequence
		if l := letterOf(msg); f.matches(l) {
			if err := each(l); err != nil {
				return err
			}
		}
	}
	return nil
}

func letterOf(msg *jetstream.RawStreamMsg) Letter {
	consumer, rest, _ := strings.Cut(strings.TrimPrefix(msg.Subject, deadPrefix), ".")
	h := msg.Header
	attempts, _ := strconv.Atoi(h.Get(headerAttempts)) // 0 when nobody said
	return Letter{
		Sequence: msg.Sequence, Consumer: consumer, Subject: eventPrefix + rest, Event: h.Get(headerEvent), Tenant: h.Get(headerTenant),
		Aggregate: h.Get(headerAggregate), Error: h.Get(headerError), Attempts: attempts, Time: msg.Time, header: h, body: msg.Data,
	}
}

// Replay gives the dead letters of a filter to the consumers that failed, and to nobody else, and says how many. A letter is
// removed by its consumer, once it has been handled; if that fails again, a new letter takes its place. So nothing is lost
// wherever this ends, and it may be repeated: a letter that is on its way already is not sent twice.
func Replay(ctx context.Context, js jetstream.JetStream, f LetterFilter) (int, error) {
	sent, knows, unknown := 0, map[string]error{}, []error{}
	err := EachLetter(ctx, js, f, func(l Letter) error {
		err, asked := knows[l.Consumer]
		if !asked {
			err = takesAgain(ctx, js, l.Consumer)
			knows[l.Consumer] = err
			if errors.Is(err, ErrNoConsumer) {
				unknown = append(unknown, err)
			}
		}
		if errors.Is(err, ErrNoConsumer) {
			return nil // it stays, and the others go
		}
		if err != nil {
			return err
		}
		if _, err := js.PublishMsg(ctx, l.again()); err != nil {
			return fmt.Errorf("replay the dead letter %d: %w", l.Sequence, err)
		}
		sent++
		return nil
	})
	return sent, errors.Join(append(unknown, err)...)
}

// takesAgain asks whether anybody would ever look at a letter that is sent to a consumer.
func takesAgain(ctx context.Context, js jetstream.JetStream, name string) error {
	consumer, err := js.Consumer(ctx, streamName, name)
	switch {
	case errors.Is(err, jetstream.ErrConsumerNotFound), errors.Is(err, jetstream.ErrStreamNotFound), errors.Is(err, jetstream.ErrInvalidConsumerName):
		return fmt.Errorf("%w: %s", ErrNoConsumer, name)
	case err != nil:
		return fmt.Errorf("consumer %s: %w", name, err)
	}
	for _, subject := range consumer.CachedInfo().Config.FilterSubjects {
		if subject == againOf(name) {
			return nil
		}
	}
	return fmt.Errorf("%w: %s", ErrNoConsumer, name)
}

// again is the event as its consumer is given it once more. The id is the letter's, so that the stream takes it once.
func (l Letter) again() *nats.Msg {
	m := nats.NewMsg(againPrefix + l.Consumer + "." + strings.TrimPrefix(l.Subject, eventPrefix))
	for name, values := range l.header {
		switch name {
		case jetstream.MsgIDHeader, headerError, headerAttempts:
		default:
			m.Header[name] = values
		}
	}
	m.Header.Set(jetstream.MsgIDHeader, fmt.Sprintf("%s%s/%d/%d", againPrefix, l.Consumer, l.Sequence, l.Time.UnixNano()))
	m.Header.Set(headerLetter, strconv.FormatUint(l.Sequence, 10))
	m.Data = l.body
	return m
}

// letterBehind is the dead letter a message was sent for; 0 when it is an event's first way.
func letterBehind(h nats.Header) uint64 {
	sequence, err := strconv.ParseUint(h.Get(headerLetter), 10, 64)
	if err != nil {
		return 0
	}
	return sequence
}

// lies says whether a dead letter is still there. One that is not was handled, or lies there anew after another attempt:
// then this message has done its work.
func (r *Runner) lies(ctx context.Context, letter uint64, event string) (bool, error) {
	stream, err := r.js.Stream(ctx, deadStreamName)
	if err != nil {
		return false, fmt.Errorf("dead letter %d: %w", letter, err)
	}
	msg, err := stream.GetMsg(ctx, letter)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("dead letter %d: %w", letter, err)
	}
	return msg.Header.Get(headerEvent) == event, nil
}

// settle removes the dead letter a message was sent for.
func (r *Runner) settle(ctx context.Context, letter uint64) error {
	if letter == 0 {
		return nil
	}
	stream, err := r.js.Stream(ctx, deadStreamName)
	if err != nil {
		return fmt.Errorf("dead letter %d: %w", letter, err)
	}
	if err := stream.DeleteMsg(ctx, letter); err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
		return fmt.Errorf("dead letter %d: %w", letter, err)
	}
	return nil
}

// CountLetters is how many dead letters lie there, by consumer; of one consumer alone if it is named.
func CountLetters(ctx context.Context, js jetstream.JetStream, consumer string) (map[string]int64, error) {
	filter := deadPrefix + ">"
	if consumer != "" {
		filter = deadPrefix + consumer + ".>"
	}
	counts := map[string]int64{}
	stream, err := js.Stream(ctx, deadStreamName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return counts, nil
	}
	if err != nil {
		return nil, fmt.Errorf("count dead letters: %w", err)
	}
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(filter))
	if err != nil {
		return nil, fmt.Errorf("count dead letters: %w", err)
	}
	for subject, n := range info.State.Subjects {
		name, _, _ := strings.Cut(strings.TrimPrefix(subject, deadPrefix), ".")
		counts[name] += int64(n)
	}
	return counts, nil
}
