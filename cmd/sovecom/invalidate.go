package main

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sovecom/sovecom/kit/bus"
)

// invalidate tells the gateway's caches of every event as it happens. Each replica listens for itself and from now on:
// what happened before, its empty cache cannot hold.
func (p *process) invalidate(ctx context.Context, g edge) error {
	for ctx.Err() == nil {
		err := p.follow(ctx, g)
		if ctx.Err() != nil {
			break
		}
		p.log.WarnContext(ctx, "cached pages live for a moment only until events can be heard", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
	return nil
}

func (p *process) follow(ctx context.Context, g edge) error {
	// The consumer would wait for a lost connection and go on afterwards; until then nobody would know what is stale.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go p.watchEvents(ctx, cancel)
	if err := bus.EnsureStreams(ctx, p.js, p.cfg.NATSReplicas); err != nil {
		return err
	}
	consumer, err := p.js.OrderedConsumer(ctx, "EVT", jetstream.OrderedConsumerConfig{FilterSubjects: []string{bus.AllEvents}, DeliverPolicy: jetstream.DeliverNewPolicy})
	if err != nil {
		return fmt.Errorf("consumer: %w", err)
	}
	messages, err := consumer.Messages()
	if err != nil {
		return fmt.Errorf("messages: %w", err)
	}
	stop := context.AfterFunc(ctx, messages.Stop)
	defer stop()
	defer messages.Stop()
	g.Following(true)
	defer g.Following(false)
	for {
		msg, err := messages.Next()
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		if err != nil {
			return fmt.Errorf("next: %w", err)
		}
		if e, err := bus.FromHeaders(msg.Subject(), msg.Headers(), msg.Data()); err == nil {
			g.Dropped(e.Subject, e.Tenant, e.Body)
		}
	}
}

// pulse is how often the server has to show that it is still there.
const pulse = 500 * time.Millisecond

// watchEvents ends the following as soon as events cannot be heard: the connection is lost, or the server is silent.
func (p *process) watchEvents(ctx context.Context, lost context.CancelCauseFunc) {
	changed := p.events.StatusChanged(nats.DISCONNECTED, nats.RECONNECTING, nats.CLOSED)
	defer p.events.RemoveStatusListener(changed)
	tick := time.NewTicker(pulse)
	defer tick.Stop()
	for {
		if err := p.events.FlushTimeout(pulse); err != nil && ctx.Err() == nil {
			lost(fmt.Errorf("events: %w", err))
			return
		}
		select {
		case <-ctx.Done():
			return
		case status := <-changed:
			lost(fmt.Errorf("events: the connection is %s", status)) //nolint:err113 // for the log alone
			return
		case <-tick.C:
		}
	}
}
