package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

const (
	relayBatch = 256
	// gathering is how long events that follow others wait for each other. The first after a pause does not wait.
	gathering = 10 * time.Millisecond
)

type outboxRow struct {
	seq     int64
	event   Event
	headers map[string]string
}

// relay publishes what waits in the outbox, in order, until ctx ends.
func (r *Runner) relay(ctx context.Context) error {
	ctx = tenant.WithSystem(ctx)
	pause := newPause(50*time.Millisecond, 2*time.Second)
	ready := false
	tick := time.NewTicker(r.cfg.Tick)
	defer tick.Stop()
	for {
		if !ready {
			if err := EnsureStreams(ctx, r.js, r.cfg.Replicas); err != nil {
				r.relayFailed(ctx, err)
				if !pause.wait(ctx) {
					return ctx.Err()
				}
				continue
			}
			ready = true
		}
		err := r.drain(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			r.relayFailed(ctx, err)
			if !pause.wait(ctx) {
				return ctx.Err()
			}
			continue
		}
		pause.reset()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-r.wake:
		case <-tick.C:
		}
	}
}

func (r *Runner) relayFailed(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	r.count(func(s *Stats) { s.RelayErrors++ })
	r.log.WarnContext(ctx, "events wait in the outbox", "error", err)
}

// drain publishes what waits. What was published is taken out of the outbox in the round trip that looks for more.
func (r *Runner) drain(ctx context.Context) error {
	var done []int64
	gather := time.NewTimer(gathering)
	defer gather.Stop()
	for {
		rows, err := r.next(ctx, done)
		if err != nil || len(rows) == 0 {
			return err
		}
		done = done[:0]
		for _, row := range rows {
			if err = r.publish(ctx, row); err != nil {
				break // what follows must not overtake
			}
			done = append(done, row.seq)
		}
		if err != nil {
			_, takeOut := r.next(ctx, done)
			return errors.Join(err, takeOut)
		}
		if len(rows) == relayBatch {
			continue
		}
		gather.Reset(gathering)
		select {
		case <-gather.C:
		case <-ctx.Done():
			// They are out already, and are known by their ids should they be published again.
		}
	}
}

func (r *Runner) publish(ctx context.Context, row outboxRow) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if _, err := r.js.PublishMsg(ctx, toMsg(row.event, row.headers), jetstream.WithRetryAttempts(0)); err != nil {
		return fmt.Errorf("publish %s: %w", row.event.Subject, err)
	}
	return nil
}

// next takes out what was published and reads what waits.
func (r *Runner) next(ctx context.Context, published []int64) ([]outboxRow, error) {
	var out []outboxRow
	err := r.db.Read(ctx, func(b *pg.Batch) {
		out = out[:0]
		if len(published) > 0 {
			// If this fails or is forgotten, the events are published again under the same id, which the stream recognises.
			b.Queue("delete from outbox where seq = any($1) returning "+pg.Soon, published)
		}
		pg.Each(b.Queue(`select seq, id, tenant_id, subject, aggregate_id, sequence, body, headers, created_at
			from outbox order by seq limit $1`, relayBatch), func(rows pgx.Rows) error {
			var row outboxRow
			var headers []byte
			e := &row.event
			if err := rows.Scan(&row.seq, &e.ID, &e.Tenant, &e.Subject, &e.Aggregate, &e.Sequence, &e.Body, &headers, &e.Time); err != nil {
				return err
			}
			if err := json.Unmarshal(headers, &row.headers); err != nil {
				return fmt.Errorf("headers of %s: %w", e.ID, err)
			}
			out = append(out, row)
			return nil
		})
	})
	if err == nil {
		r.count(func(s *Stats) { s.Published += int64(len(published)) })
	}
	return out, err
}
