package webhook

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	webhookv1 "github.com/sovecom/sovecom/gen/sovecom/webhook/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

const (
	isPending   = webhookv1.DeliveryStatus_DELIVERY_STATUS_PENDING
	isDelivered = webhookv1.DeliveryStatus_DELIVERY_STATUS_DELIVERED
	isFailed    = webhookv1.DeliveryStatus_DELIVERY_STATUS_FAILED
	isExhausted = webhookv1.DeliveryStatus_DELIVERY_STATUS_EXHAUSTED
)

// The whole way, with nothing played: stream, consumer, dispatcher, receiver.
func TestFromTheStreamToTheReceiver(t *testing.T) {
	t.Parallel()
	s := open(t, func(cfg *Config) { cfg.Tick = time.Minute }) // only the consumer's hint can wake it in time
	js := bustest.Start(t)
	arrived := make(chan hit, 10)
	r := listen(t, func(_ http.ResponseWriter, _ *http.Request, h hit) int { arrived <- h; return 204 })
	sub, key := s.subscribe(admin(t), t, r.URL, "order.created", "order.paid")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.svc.Run(ctx) }()
	bustest.Run(t, s.db, js, s.svc.Consumers()...)

	order := id.New()
	created, paid := s.orderEvent(t, order, 1), s.orderEvent(t, order, 2)
	bustest.Publish(t, js, created)
	bustest.Publish(t, js, paid)
	bustest.Publish(t, js, filled(t, bus.Event{ID: id.New(), Tenant: tenant.Default(), Aggregate: order, Sequence: 3},
		"evt.checkout.order.cancelled", &checkoutv1.OrderCancelled{OrderId: order.String()})) // not asked for
	for i, want := range []bus.Event{created, paid} {
		select {
		case h := <-arrived:
			if err := h.verify(key); err != nil {
				t.Error(err)
			}
			if h.event.ID != want.ID.String() || h.event.Sequence != want.Sequence {
				t.Errorf("event %d is %s", i, h.body)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("event %d has not arrived: %v", i, s.deliveries(admin(t), t, sub.GetId()))
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	for _, d := range s.deliveries(admin(t), t, sub.GetId()) {
		if d.GetStatus() != isDelivered || d.GetAttempts() != 1 || d.GetNextAttemptAt() != nil || d.GetResponseStatus() != 204 {
			t.Errorf("the log says %v", d)
		}
	}
}

func TestAReceiverThatIsDownAtFirst(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	left := atomic.Int32{}
	left.Store(2)
	r := listen(t, func(w http.ResponseWriter, _ *http.Request, _ hit) int {
		if left.Add(-1) >= 0 {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write([]byte("out of \x00 order"))
			return 0
		}
		return 200
	})
	sub, key := s.subscribe(admin(t), t, r.URL, "order.created", "order.paid")
	order := id.New()
	s.happens(t, s.orderEvent(t, order, 1))
	s.happens(t, s.orderEvent(t, order, 2))

	start := s.clock.now()
	for _, wait := range []time.Duration{5 * time.Second, 20 * time.Second} {
		drainAll(t, s.svc)
		paid, created := s.deliveries(admin(t), t, sub.GetId())[0], s.deliveries(admin(t), t, sub.GetId())[1]
		if created.GetStatus() != isFailed || created.GetResponseStatus() != 500 || created.GetError() == "" || created.GetResponseBody() != "out of  order" {
			t.Fatalf("after a failure: %v", created)
		}
		if next := created.GetNextAttemptAt().AsTime().Sub(s.clock.now()); next != wait {
			t.Fatalf("the next attempt is in %v, want %v", next, wait)
		}
		if paid.GetStatus() != isPending || paid.GetAttempts() != 0 {
			t.Fatalf("the later event did not wait: %v", paid)
		}
		s.clock.pass(wait)
	}
	drainAll(t, s.svc)
	if took := s.clock.now().Sub(start); took > time.Minute {
		t.Errorf("two failures cost %v", took)
	}
	hits := r.all()
	if len(hits) != 4 || hits[3].event.Sequence != 2 {
		t.Fatalf("%d hits", len(hits))
	}
	for i, h := range hits {
		if err := h.verify(key); err != nil {
			t.Error(err)
		}
		if i < 3 && string(h.body) != string(hits[0].body) {
			t.Errorf("a retry changed the body: %s", h.body)
		}
	}
	if hits[0].header.Get("webhook-timestamp") == hits[2].header.Get("webhook-timestamp") {
		t.Error("the timestamp is not the attempt's")
	}
}

// A receiver that never comes back is given up after about three days; then the line moves on, and a retry by hand
// starts a new round under the same id.
func TestGivenUpAndRetriedByHand(t *testing.T) {
	t.Parallel()
	s := open(t, func(cfg *Config) { cfg.DisableAfter = 0 })
	well := atomic.Bool{}
	r := listen(t, func(_ http.ResponseWriter, _ *http.Request, h hit) int {
		if h.event.Sequence == 1 && !well.Load() {
			return 503
		}
		return 200
	})
	sub, _ := s.subscribe(admin(t), t, r.URL, "order.created", "order.paid")
	order := id.New()
	first := s.orderEvent(t, order, 1)
	s.happens(t, first)
	s.happens(t, s.orderEvent(t, order, 2))
	start := s.clock.now()
	of := func(n int) *webhookv1.Delivery { return s.deliveries(admin(t), t, sub.GetId())[n] }
	drainAll(t, s.svc)
	for range 100 {
		if of(1).GetStatus() == isExhausted {
			break
		}
		if of(0).GetStatus() != isPending {
			t.Fatalf("the later event went before the earlier one was given up: %v", of(0))
		}
		s.clock.pass(of(1).GetNextAttemptAt().AsTime().Sub(s.clock.now()))
		drainAll(t, s.svc)
	}
	if of(1).GetStatus() != isExhausted || of(1).GetNextAttemptAt() != nil || of(1).GetAttempts() != 12 {
		t.Fatalf("never given up: %v", of(1))
	}
	if took := s.clock.now().Sub(start); took < 60*time.Hour || took > 80*time.Hour {
		t.Errorf("given up after %v", took)
	}
	if of(0).GetStatus() != isDelivered {
		t.Errorf("the line did not move on: %v", of(0))
	}

	well.Store(true)
	again, err := s.client.RetryDelivery(admin(t), &webhookv1.RetryDeliveryRequest{Id: of(1).GetId()})
	if err != nil || again.GetDelivery().GetStatus() != isPending {
		t.Fatalf("%v, %v", again, err)
	}
	_, err = s.client.RetryDelivery(admin(t), &webhookv1.RetryDeliveryRequest{Id: of(1).GetId()})
	if !errors.Is(err, ErrNotRetryable) {
		t.Errorf("a pending delivery was retried: %v", err)
	}
	drainAll(t, s.svc)
	if of(1).GetStatus() != isDelivered || of(1).GetAttempts() != 13 {
		t.Errorf("after the retry: %v", of(1))
	}
	hits := r.all()
	if last := hits[len(hits)-1]; last.event.ID != first.ID.String() || string(last.body) != string(hits[0].body) {
		t.Errorf("the retry sent something else: %s", last.body)
	}
	_, err = s.client.RetryDelivery(admin(t), &webhookv1.RetryDeliveryRequest{Id: of(1).GetId()})
	if !errors.Is(err, ErrNotRetryable) {
		t.Errorf("a delivered one was retried: %v", err)
	}
}

// A head that is retried by hand before its time pulls those behind it along.
func TestFollowersComeAtOnceBehindAnEarlyRetry(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	well := atomic.Bool{}
	r := listen(t, func(http.ResponseWriter, *http.Request, hit) int {
		if well.Load() {
			return 204
		}
		return 500
	})
	sub, _ := s.subscribe(admin(t), t, r.URL, "order.created", "order.paid")
	order := id.New()
	s.happens(t, s.orderEvent(t, order, 1))
	for range 4 {
		drainAll(t, s.svc)
		s.clock.pass(s.deliveries(admin(t), t, sub.GetId())[0].GetNextAttemptAt().AsTime().Sub(s.clock.now()))
	}
	drainAll(t, s.svc)
	s.happens(t, s.orderEvent(t, order, 2)) // behind a head that is due in half an hour
	both := s.deliveries(admin(t), t, sub.GetId())
	if !both[0].GetNextAttemptAt().AsTime().Equal(both[1].GetNextAttemptAt().AsTime()) {
		t.Errorf("it will be looked at in vain: %v", both[0])
	}
	well.Store(true)
	if _, err := s.client.RetryDelivery(admin(t), &webhookv1.RetryDeliveryRequest{Id: both[1].GetId()}); err != nil {
		t.Fatal(err)
	}
	drainAll(t, s.svc)
	for _, d := range s.deliveries(admin(t), t, sub.GetId()) {
		if d.GetStatus() != isDelivered {
			t.Errorf("%v", d)
		}
	}
}

func TestAnswersThatAreNoSuccess(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	s.svc.courier = newCourier(s.svc.guard, 200*time.Millisecond, s.clock.now)
	trap := listen(t, nil)
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter, r *http.Request, h hit) int
		url    string
		status int32
		says   string
		body   string
	}{
		"redirect": {answer: func(w http.ResponseWriter, _ *http.Request, _ hit) int {
			w.Header().Set("Location", trap.URL)
			return http.StatusTemporaryRedirect
		}, status: 307, says: "Redirects are not followed"},
		"slow": {answer: func(_ http.ResponseWriter, r *http.Request, _ hit) int {
			select {
			case <-hang:
			case <-r.Context().Done():
			}
			return 200
		}, says: "did not answer within"},
		"huge": {answer: func(w http.ResponseWriter, _ *http.Request, _ hit) int {
			w.WriteHeader(http.StatusBadGateway)
			for range 64 << 10 {
				if _, err := w.Write([]byte(strings.Repeat("x", 1024))); err != nil {
					break
				}
			}
			return 0
		}, status: 502, says: "answered 502", body: strings.Repeat("x", 1024)},
		"deaf":       {url: deaf(t), says: "refuses connections"},
		"no HTTP":    {url: "https" + strings.TrimPrefix(trap.URL, "http"), says: "cannot be reached"},
		"secret key": {url: deaf(t) + "?token=hidden", says: "refuses connections"},
	} {
		if c.answer != nil {
			c.url = listen(t, c.answer).URL
		}
		sub, _ := s.subscribe(admin(t), t, c.url, "order.created")
		s.happens(t, s.orderEvent(t, id.New(), 1))
		drainAll(t, s.svc)
		d := s.only(admin(t), t, sub.GetId())
		if d.GetStatus() != isFailed || d.GetResponseStatus() != c.status || !strings.Contains(d.GetError(), c.says) || d.GetResponseBody() != c.body {
			t.Errorf("%s: %v", name, d)
		}
		if strings.Contains(d.GetError(), "hidden") || strings.Contains(d.GetError(), "127.0.0.1") && c.says == "refuses connections" {
			t.Errorf("%s: the log shows the URL: %s", name, d.GetError())
		}
		if _, err := s.client.DeleteSubscription(admin(t), &webhookv1.DeleteSubscriptionRequest{Id: sub.GetId()}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(trap.all()); n > 0 {
		t.Errorf("the redirect was followed %d times", n)
	}
}

// A 200 whose body never ends is a success: the receiver has said so.
func TestEndlessAnswerIsAccepted(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	hang := make(chan struct{})
	r := listen(t, func(w http.ResponseWriter, r *http.Request, _ hit) int {
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		select {
		case <-hang:
		case <-r.Context().Done():
		}
		return 0
	})
	t.Cleanup(func() { close(hang) })
	s.svc.courier = newCourier(s.svc.guard, 200*time.Millisecond, s.clock.now)
	sub, _ := s.subscribe(admin(t), t, r.URL, "order.created")
	s.happens(t, s.orderEvent(t, id.New(), 1))
	drainAll(t, s.svc)
	if d := s.only(admin(t), t, sub.GetId()); d.GetStatus() != isDelivered {
		t.Errorf("%v", d)
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	r := listen(t, func(w http.ResponseWriter, _ *http.Request, _ hit) int {
		w.Header().Set("Retry-After", "3600")
		return http.StatusTooManyRequests
	})
	sub, _ := s.subscribe(admin(t), t, r.URL, "order.created")
	s.happens(t, s.orderEvent(t, id.New(), 1))
	drainAll(t, s.svc)
	if next := s.only(admin(t), t, sub.GetId()).GetNextAttemptAt().AsTime(); !next.Equal(s.clock.now().Add(time.Hour)) {
		t.Errorf("the next attempt is at %v", next)
	}
}

// A worker that dies with a delivery in its hands delays it by the lease and no more, and cannot undo what came after.
func TestAWorkerThatDies(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	r := listen(t, nil)
	sub, _ := s.subscribe(admin(t), t, r.URL, "order.created", "order.paid")
	order := id.New()
	s.happens(t, s.orderEvent(t, order, 1))
	s.happens(t, s.orderEvent(t, order, 2))
	lost, err := s.svc.claim(t.Context(), 10)
	if err != nil || len(lost) != 1 || lost[0].sequence != 1 {
		t.Fatalf("claimed %v, %v: only the first in line may go", lost, err)
	}
	if n := round(t, s.svc); n != 0 {
		t.Fatalf("%d deliveries went while the lease was held", n)
	}
	s.clock.pass(s.svc.leaseTime())
	drainAll(t, s.svc)
	if hits := r.all(); len(hits) != 2 || inOrder(hits) != nil {
		t.Fatalf("%d hits, %v", len(hits), inOrder(hits))
	}
	// The dead one wakes up: it neither posts nor writes.
	s.svc.deliver(t.Context(), lost[0])
	if _, err := s.svc.record(tenant.With(t.Context(), lost[0].tenant), lost[0], outcome{err: "late"},
		verdict{status: exhausted}, s.clock.now()); !errors.Is(err, errLeaseLost) {
		t.Errorf("a lost lease still writes: %v", err)
	}
	if n := len(r.all()); n != 2 {
		t.Errorf("%d hits", n)
	}
	for _, d := range s.deliveries(admin(t), t, sub.GetId()) {
		if d.GetStatus() != isDelivered || d.GetAttempts() != 1 {
			t.Errorf("%v", d)
		}
	}
}

// Two replicas at once, a receiver that refuses a third of what it gets: everything arrives, each order in its order.
func TestTwoDispatchersAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t, func(cfg *Config) { cfg.PerReceiver = 16 })
	other := s.room(t, s.db.Pool(t, 4), func(cfg *Config) { cfg.PerReceiver = 16 })
	var n atomic.Int64
	r := listen(t, func(http.ResponseWriter, *http.Request, hit) int {
		if n.Add(1)%3 == 0 {
			return 500
		}
		return 204
	})
	_, key := s.subscribe(admin(t), t, r.URL, "order.created", "order.paid")
	const orders, events = 20, 5
	for range orders {
		order := id.New()
		for sequence := range int64(events) {
			s.happens(t, s.orderEvent(t, order, sequence+1))
		}
	}
	for range 60 {
		var both sync.WaitGroup
		for _, svc := range []*Service{s.svc, other} {
			both.Go(func() {
				for {
					done, err := svc.round(t.Context())
					if err != nil {
						t.Error(err)
					}
					if done == 0 || err != nil {
						return
					}
				}
			})
		}
		both.Wait()
		s.clock.pass(time.Hour)
	}
	accepted, hits := map[string]int{}, r.all()
	for _, h := range hits {
		if err := h.verify(key); err != nil {
			t.Fatal(err)
		}
		if h.accepted {
			accepted[h.event.ID]++
		}
	}
	if len(accepted) != orders*events {
		t.Errorf("%d of %d events arrived", len(accepted), orders*events)
	}
	for event, times := range accepted {
		if times != 1 {
			t.Errorf("%s arrived %d times though no worker died", event, times)
		}
	}
	if err := inOrder(hits); err != nil {
		t.Error(err)
	}
}

// One receiver that hangs leaves workers for the others.
func TestASlowReceiverHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	s := open(t, func(cfg *Config) { cfg.Workers, cfg.PerReceiver = 4, 2 })
	hang, entered := make(chan struct{}), make(chan struct{}, 100)
	slow := listen(t, func(http.ResponseWriter, *http.Request, hit) int { entered <- struct{}{}; <-hang; return 204 })
	arrived := make(chan struct{}, 100)
	quick := listen(t, func(http.ResponseWriter, *http.Request, hit) int { arrived <- struct{}{}; return 204 })
	s.subscribe(admin(t), t, slow.URL, "order.created")
	s.subscribe(admin(t), t, quick.URL, "order.created")
	const events = 20
	for range events {
		s.happens(t, s.orderEvent(t, id.New(), 1))
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.svc.Run(ctx) }()
	for i := range events {
		select {
		case <-arrived:
		case <-time.After(20 * time.Second):
			t.Fatalf("%d of %d arrived at the quick receiver", i, events)
		}
	}
	if n := len(entered); n > 2 {
		t.Errorf("%d requests at once at the slow receiver", n)
	}
	stop()
	close(hang)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// When the process stops, an attempt under way is given its time, and after that given back, not counted.
func TestStopping(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	entered := make(chan struct{})
	r := listen(t, func(_ http.ResponseWriter, r *http.Request, _ hit) int {
		close(entered)
		<-r.Context().Done()
		return 0
	})
	sub, _ := s.subscribe(admin(t), t, r.URL, "order.created")
	s.happens(t, s.orderEvent(t, id.New(), 1))
	ctx, stop := context.WithCancel(t.Context())
	jobs, err := s.svc.claim(ctx, 1)
	if err != nil || len(jobs) != 1 {
		t.Fatal(jobs, err)
	}
	done := make(chan struct{})
	go func() { s.svc.deliver(ctx, jobs[0]); close(done) }()
	<-entered
	stop()
	<-done
	if d := s.only(admin(t), t, sub.GetId()); d.GetStatus() != isPending || d.GetAttempts() != 0 {
		t.Errorf("the attempt was counted: %v", d)
	}
	if jobs, err := s.svc.claim(t.Context(), 1); err != nil || len(jobs) != 1 {
		t.Errorf("it was not given back: %v, %v", jobs, err)
	}
}

func TestSwitchedOffByTheRoom(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer int
		reason string
	}{"gone": {http.StatusGone, "410"}, "deaf for days": {http.StatusInternalServerError, "has failed since"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, func(cfg *Config) { cfg.DisableAfter = 48 * time.Hour })
			r := listen(t, func(http.ResponseWriter, *http.Request, hit) int { return c.answer })
			sub, _ := s.subscribe(admin(t), t, r.URL, "order.created")
			s.happens(t, s.orderEvent(t, id.New(), 1))
			for range 20 {
				drainAll(t, s.svc)
				s.clock.pass(26 * time.Hour)
			}
			got, err := s.client.GetSubscription(admin(t), &webhookv1.GetSubscriptionRequest{Id: sub.GetId()})
			if err != nil {
				t.Fatal(err)
			}
			if off := got.GetSubscription(); off.GetActive() || !strings.Contains(off.GetDisabledReason(), c.reason) || off.GetVersion() != 2 {
				t.Fatalf("%v", off)
			}
			d := s.only(admin(t), t, sub.GetId())
			if d.GetStatus() != isExhausted {
				t.Errorf("%v", d)
			}
			if _, err := s.client.RetryDelivery(admin(t), &webhookv1.RetryDeliveryRequest{Id: d.GetId()}); !errors.Is(err, ErrSubscriptionInactive) {
				t.Errorf("retried at a subscription that is off: %v", err)
			}
			s.happens(t, s.orderEvent(t, id.New(), 1))
			s.only(admin(t), t, sub.GetId()) // nothing new was queued
			yes := true
			on, err := s.client.UpdateSubscription(admin(t), &webhookv1.UpdateSubscriptionRequest{Id: sub.GetId(), Active: &yes})
			if err != nil || !on.GetSubscription().GetActive() || on.GetSubscription().GetDisabledReason() != "" {
				t.Errorf("%v, %v", on, err)
			}
		})
	}
}

// While a subscription is off its open deliveries wait; switched on again, they go, with a whole round before them.
func TestPausedDeliveriesGoOn(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	well := atomic.Bool{}
	r := listen(t, func(http.ResponseWriter, *http.Request, hit) int {
		if well.Load() {
			return 200
		}
		return 500
	})
	sub, _ := s.subscribe(admin(t), t, r.URL, "order.created")
	s.happens(t, s.orderEvent(t, id.New(), 1))
	drainAll(t, s.svc)
	active := func(on bool) {
		t.Helper()
		if _, err := s.client.UpdateSubscription(admin(t), &webhookv1.UpdateSubscriptionRequest{Id: sub.GetId(), Active: &on}); err != nil {
			t.Fatal(err)
		}
	}
	active(false)
	well.Store(true)
	s.clock.pass(24 * time.Hour)
	if n := round(t, s.svc); n != 0 {
		t.Fatalf("%d deliveries went to a subscription that is off", n)
	}
	active(true)
	drainAll(t, s.svc)
	if d := s.only(admin(t), t, sub.GetId()); d.GetStatus() != isDelivered {
		t.Errorf("%v", d)
	}
}

func TestTheLogIsSwept(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	r := listen(t, nil)
	sub, _ := s.subscribe(admin(t), t, r.URL, "order.created")
	off, _ := s.subscribe(admin(t), t, deaf(t), "order.created")
	s.happens(t, s.orderEvent(t, id.New(), 1))
	drainAll(t, s.svc)
	no := false
	if _, err := s.client.UpdateSubscription(admin(t), &webhookv1.UpdateSubscriptionRequest{Id: off.GetId(), Active: &no}); err != nil {
		t.Fatal(err)
	}
	s.clock.pass(29 * 24 * time.Hour)
	if n, err := s.svc.sweep(t.Context()); err != nil || n != 0 {
		t.Fatalf("%d deleted before their time, %v", n, err)
	}
	s.clock.pass(2 * 24 * time.Hour)
	if n, err := s.svc.sweep(t.Context()); err != nil || n != 1 {
		t.Fatalf("%d deleted, %v", n, err)
	}
	if left := s.deliveries(admin(t), t, sub.GetId()); len(left) != 0 {
		t.Errorf("%v", left)
	}
	if d := s.only(admin(t), t, off.GetId()); d.GetStatus() != isExhausted || d.GetError() == "" {
		t.Errorf("what waits at a subscription that is off: %v", d)
	}
}

func TestScheduleStaysWithinItsJitter(t *testing.T) {
	t.Parallel()
	now, waits := time.Now(), schedule()
	for tries, wait := range waits {
		for _, spread := range []float64{0, 0.5, 1} {
			v := judge(outcome{responseStatus: 500}, tries, now, spread)
			got := v.next.Sub(now)
			if v.status != failed || got < wait*89/100 || got > wait*111/100 {
				t.Errorf("try %s: %v for %v", strconv.Itoa(tries), got, wait)
			}
		}
	}
	if v := judge(outcome{}, len(waits), now, 0); v.status != exhausted || v.next != nil {
		t.Errorf("%+v", v)
	}
	for status, want := range map[int]bool{199: false, 200: true, 204: true, 299: true, 300: false, 0: false} {
		if (outcome{responseStatus: status}).accepted() != want {
			t.Errorf("%d", status)
		}
	}
}

// A receiver that lost a day gets it once more: the same events, in their order, and nothing of other days or names.
func TestReplay(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	r := listen(t, func(http.ResponseWriter, *http.Request, hit) int { return 200 })
	sub, _ := s.subscribe(admin(t), t, r.URL, "order.created", "order.paid")
	order := id.New()
	var events []bus.Event
	for n := range int64(3) {
		e := s.orderEvent(t, order, n+1)
		s.happens(t, e)
		events = append(events, e)
		drainAll(t, s.svc)
		s.clock.pass(24 * time.Hour)
	}
	start := s.clock.now().Add(-3 * 24 * time.Hour)
	replay := func(ctx context.Context, from, to time.Time, names ...string) (int64, error) {
		res, err := s.client.ReplayDeliveries(ctx, &webhookv1.ReplayDeliveriesRequest{
			SubscriptionId: sub.GetId(), From: timestamppb.New(from), To: timestamppb.New(to), Events: names,
		})
		return res.GetQueued(), err
	}
	before := len(r.all())
	if before != 3 {
		t.Fatalf("%d events arrived", before)
	}
	for _, c := range []struct {
		from, to time.Time
		names    []string
		want     []bus.Event
	}{
		{start, start.Add(48 * time.Hour), nil, events[:2]}, // the end is not part of it
		{start.Add(time.Second), s.clock.now(), nil, events[1:]},
		{start, s.clock.now(), []string{"order.cancelled"}, nil},
		{start.Add(-time.Hour), start, nil, nil},
	} {
		n, err := replay(admin(t), c.from, c.to, c.names...)
		if err != nil || n != int64(len(c.want)) {
			t.Fatalf("replay from %v to %v: %d, %v", c.from, c.to, n, err)
		}
		drainAll(t, s.svc)
		hits := r.all()[before:]
		before += len(hits)
		if len(hits) != len(c.want) {
			t.Fatalf("%d arrived of %d", len(hits), len(c.want))
		}
		for i, h := range hits {
			if h.event.ID != c.want[i].ID.String() {
				t.Errorf("%d is %s", i, h.event.ID)
			}
		}
	}
	if _, err := replay(admin(t), start, start); !errors.Is(err, ErrSpan) {
		t.Errorf("an empty span: %v", err)
	}
	if _, err := replay(tenant.With(admin(t), id.New()), start, s.clock.now()); !errors.Is(err, ErrSubscriptionNotFound) {
		t.Errorf("from another shop: %v", err)
	}
	_, err := s.client.UpdateSubscription(admin(t), &webhookv1.UpdateSubscriptionRequest{Id: sub.GetId(), Active: new(false)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := replay(admin(t), start, s.clock.now()); !errors.Is(err, ErrSubscriptionInactive) {
		t.Errorf("of one that is switched off: %v", err)
	}
}
