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
	return lagOf(ctx, stream, consumer.CachedInfo(), append(slices.Clone(c.Subjects), againOf(c.Name)))
}

// Lags asks how far every consumer of the house is behind, by name.
func Lags(ctx context.Context, js jetstream.JetStream) (map[string]Lag, error) {
	lags := map[string]Lag{}
	stream, err := js.Stream(ctx, streamName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return lags, nil
	}
	if err != nil {
		return nil, fmt.Errorf("lags: %w", err)
	}
	all := stream.ListConsumers(ctx)
	for info := range all.Info() {
		if info.Config.Durable == "" {
			continue // of a process, which goes with it
		}
		if lags[info.Name], err = lagOf(ctx, stream, info, info.Config.FilterSubjects); err != nil {
			return nil, err
		}
	}
	if err := all.Err(); err != nil {
		return nil, fmt.Errorf("lags: %w", err)
	}
	return lags, nil
}

func lagOf(ctx context.Context, stream jetstream.Stream, info *jetstream.ConsumerInfo, subjects []string) (Lag, error) {
	lag := Lag{Pending: int64(info.NumPending) + int64(info.NumAckPending)}
	if lag.Pending == 0 {
		return lag, nil
	}
	for _, subject := range subjects {
		next, err := stream.GetMsg(ctx, info.AckFloor.Stream+1, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			return lag, fmt.Errorf("lag of %s: %w", info.Name, err)
		}
		if lag.Oldest.IsZero() || next.Time.Before(lag.Oldest) {
			lag.Oldest = next.Time
		}
	}
	return lag, nil
}
