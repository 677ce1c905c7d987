package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Lag is how far a consumer is behind the stream.
type Lag struct {
	Pending int64     // events that have not taken effect yet
	Oldest  time.Time // when the oldest of them was published; zero when there are none
}

// Seconds is for how long the oldest has waited at a moment.
func (l Lag) Seconds(now time.Time) float64 {
	if l.Oldest.IsZero() {
		return 0
	}
	return max(now.Sub(l.Oldest).Seconds(), 0)
}

// LagOf asks the stream how far a consumer is behind. A consumer that was never started is behind by nothing.
func LagOf(ctx context.Context, js jetstream.JetStream, c Consumer) (Lag, error) {
	stream, err := js.Stream(ctx, streamName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return Lag{}, nil
	}
	if err != nil {
		return Lag{}, fmt.Errorf("lag of %s: %w", c.Name, err)
	}
	consumer, err := stream.Consumer(ctx, c.Name)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return Lag{}, nil
	}
	if err != nil {
		return Lag{}, fmt.Errorf("lag of %s: %w", c.Name, err)
	}
	info := consumer.CachedInfo()
	lag := Lag{Pending: int64(info.NumPending) + int64(info.NumAckPending)}
	if lag.Pending == 0 {
		return lag, nil
	}
	for _, subject := range append(slices.Clone(c.Subjects), againOf(c.Name)) {
		next, err := stream.GetMsg(ctx, info.AckFloor.Stream+1, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			return lag, fmt.Errorf("lag of %s: %w", c.Name, err)
		}
		if lag.Oldest.IsZero() || next.Time.Before(lag.Oldest) {
			lag.Oldest = next.Time
		}
	}
	return lag, nil
}
