package bus_test

import (
	"context"
	"testing"
	"time"

	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

// A consumer is behind by the events it has not applied, among them the one it works on.
func TestLag(t *testing.T) {
	t.Parallel()
	js := bustest.Start(t)
	db := pgtest.New(t, "room", notes())
	gate, begun := make(chan struct{}), make(chan struct{}, 8)
	c := bus.Consumer{Name: "lag-test", Subjects: []string{"evt.lag.thing.happened", "evt.lag.other.happened"},
		Prepare: func(context.Context, bus.Event) (any, error) { begun <- struct{}{}; <-gate; return nil, nil },
		Handle:  func(context.Context, *pg.Tx, bus.Event, any) error { return nil }}
	look := func() bus.Lag {
		lag, err := bus.LagOf(t.Context(), js, c)
		if err != nil {
			t.Fatal(err)
		}
		return lag
	}
	if lag := look(); lag.Pending != 0 || lag.Seconds(time.Now()) != 0 {
		t.Errorf("before it was started: %+v", lag)
	}
	if all, err := bus.Lags(t.Context(), js); err != nil || len(all) != 0 {
		t.Errorf("of nobody: %+v, %v", all, err)
	}
	runner := bustest.Run(t, db, js, c)
	for _, subject := range []string{"evt.lag.foreign.happened", "evt.lag.thing.happened", "evt.lag.other.happened"} {
		bustest.Publish(t, js, bus.Event{ID: id.New(), Subject: subject, Tenant: tenant.Default(), Aggregate: id.New(), Sequence: 1})
	}
	<-begun
	lag := look()
	if lag.Pending != 2 || lag.Oldest.IsZero() || lag.Seconds(lag.Oldest.Add(3*time.Second)) != 3 {
		t.Errorf("while it works: %+v", lag)
	}
	all, err := bus.Lags(t.Context(), js)
	if err != nil || len(all) != 1 || all["lag-test"] != lag {
		t.Errorf("of all: %+v, %v", all, err)
	}
	close(gate)
	eventually(t, "it is behind by nothing", func() bool { return runner.Stats().Handled == 2 && look().Pending == 0 })
}
