package webhook

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

const (
	leaseMargin = 30 * time.Second // for what comes before and after the post
	drain       = 5 * time.Second  // for attempts under way when the process stops
	bookkeeping = 10 * time.Second // for writing down an outcome
)

// errLeaseLost: somebody else has the delivery by now, or it is gone.
var errLeaseLost = errors.New("webhook: the lease was lost")

// leaseTime is how long a claimed delivery is left to the one who claimed it.
func (s *Service) leaseTime() time.Duration { return s.cfg.Timeout + leaseMargin }

// enqueue makes one delivery per subscription, in the transaction that marks the event as handled.
func (s *Service) enqueue(_ context.Context, tx *pg.Tx, e bus.Event, _ any) error {
	a, public := s.known.bySubject[e.Subject]
	if !public {
		return nil
	}
	body, err := bodyOf(a, e)
	if err != nil {
		return err
	}
	s.insertDeliveries(&tx.Writes, &s.queued, a.name, e, body)
	return nil
}

// dispatch delivers until ctx ends, and then waits for what is under way.
func (s *Service) dispatch(ctx context.Context) {
	attempts, abort := context.WithCancel(context.WithoutCancel(ctx))
	defer abort()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(drain, abort) })
	defer stop()
	var underWay sync.WaitGroup
	defer underWay.Wait()
	slots := make(chan struct{}, s.cfg.Workers)
	tick := time.NewTicker(s.cfg.Tick)
	defer tick.Stop()
	for {
		s.fill(ctx, attempts, slots, &underWay)
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-tick.C:
		}
	}
}

// fill claims as much as there are free slots and starts it. What did not fit is looked for when an attempt ends.
func (s *Service) fill(ctx, attempts context.Context, slots chan struct{}, underWay *sync.WaitGroup) {
	free := cap(slots) - len(slots) // only this goroutine fills slots, so there are at least that many
	if free == 0 || ctx.Err() != nil {
		return
	}
	jobs, err := s.claim(ctx, free)
	if err != nil {
		if ctx.Err() == nil {
			s.log.WarnContext(ctx, "webhooks cannot be claimed, trying again", "error", err)
		}
		return
	}
	for _, j := range jobs {
		slots <- struct{}{}
		underWay.Go(func() {
			defer s.poke() // the next event of the aggregate, or the next one for a slot
			defer func() { <-slots }()
			s.deliver(attempts, j)
		})
	}
}

// round claims once and delivers what it got.
func (s *Service) round(ctx context.Context) (int, error) {
	jobs, err := s.claim(ctx, s.cfg.Workers)
	if err != nil {
		return 0, err
	}
	var all sync.WaitGroup
	for _, j := range jobs {
		all.Go(func() { s.deliver(ctx, j) })
	}
	all.Wait()
	return len(jobs), nil
}

// deliver makes one attempt at a claimed delivery and writes down what came of it.
func (s *Service) deliver(ctx context.Context, j job) {
	ctx = tenant.With(ctx, j.tenant)
	o := s.attempt(ctx, j)
	// Also while the process stops: an attempt that is not written down is made again.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), bookkeeping)
	defer cancel()
	log := s.log.With("subscription", j.subscription, "event", j.event, "type", j.eventType)
	if o.interrupted {
		if err := s.release(ctx, j); err != nil {
			log.WarnContext(ctx, "a webhook that was cut off comes again when its lease ends", "error", err)
		}
		return
	}
	now := s.now()
	v := judge(o, j.tries, now, s.spread())
	disabled, err := s.record(ctx, j, o, v, now)
	switch {
	case errors.Is(err, errLeaseLost):
		log.InfoContext(ctx, "webhook was taken over or dropped while it was being sent")
	case err != nil:
		log.WarnContext(ctx, "the outcome of a webhook was lost, it comes again when its lease ends", "error", err)
	case disabled:
		log.WarnContext(ctx, "webhook subscription is switched off", "status", o.responseStatus)
	case v.status == exhausted:
		log.WarnContext(ctx, "webhook is given up", "tries", j.tries+1, "status", o.responseStatus)
	case v.status == failed:
		log.DebugContext(ctx, "webhook failed", "tries", j.tries+1, "status", o.responseStatus)
	}
}

func (s *Service) attempt(ctx context.Context, j job) outcome {
	if s.now().Add(s.cfg.Timeout).After(j.leasedUntil) {
		return outcome{interrupted: true} // this process stood still; another one may be at it
	}
	keys := make([][]byte, len(j.sealed))
	for i, sealed := range j.sealed {
		var err error
		if keys[i], err = s.vault.open(sealed, j.tenant, j.subscription, j.secrets[i]); err != nil {
			// Whoever lost the room's secret may find it again within the schedule.
			s.log.ErrorContext(ctx, "a signing secret cannot be read", "subscription", j.subscription, "error", err)
			return outcome{err: "The signing secret cannot be read on the side of the shop. Rotate it."}
		}
	}
	return s.courier.post(ctx, j.url, j.event.String(), j.body, keys)
}

// sweepHourly sweeps now and then every hour.
func (s *Service) sweepHourly(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if n, err := s.sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "the delivery log was not swept", "error", err)
		} else if n > 0 {
			s.log.InfoContext(ctx, "old webhook deliveries were deleted", "deliveries", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// idOf reads an id that was validated as a UUID; what cannot be an id of ours is not found.
func idOf(text string, otherwise error) (id.ID, error) {
	out, err := id.Parse(text)
	if err != nil {
		return id.ID{}, otherwise
	}
	return out, nil
}
