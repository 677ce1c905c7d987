package checkout_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/services/checkout"
)

var errPowerCut = errors.New("the process died here")

// dieAt makes a process that dies at a point, the first time it comes by.
func (s *shop) dieAt(point string) (*process, *atomic.Bool) {
	died := new(atomic.Bool)
	return s.start(s.db.DB, func(_ context.Context, at string) error {
		if at == point && died.CompareAndSwap(false, true) {
			return errPowerCut
		}
		return nil
	}), died
}

// unwinding are the points at which an order that is refused can be cut off.
func unwinding() []string { return []string{"refuse", "undo reserve", "undo claim", "undo open"} }

// The process dies between any two steps. Nobody comes back; what was begun ends by itself, in one way.
func TestPowerCutAndNobodyComesBack(t *testing.T) {
	t.Parallel()
	for _, point := range open(t).svc.Steps() {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			v := s.stock.add(5)
			b := s.carts.fill(line{v, 2})
			p, died := s.dieAt(point)
			_, err := p.buy(s.shopper(), b, "k")
			if err == nil || !died.Load() {
				t.Fatal("the process did not die")
			}
			ok(t, s.svc.Sweep(t.Context())) // too early: the process may be alive
			s.sweep()
			o := s.settled(b)
			// Before the cart was claimed nobody can say that the shopper may order it.
			if (o == nil) != (point == "open") {
				t.Errorf("the order is %v", o)
			}
			s.sweep() // changes nothing more
			again := s.settled(b)
			equal(t, "the order", again.GetId(), o.GetId())
			equal(t, "left", s.stock.leftOf(v), 5-2*int64(len(s.all())))
			// The shopper comes back late.
			res, err := s.buy(s.shopper(), b, "k")
			ok(t, err)
			if last := s.settled(b); last.GetId() != res.GetOrder().GetId() || o != nil && last.GetId() != o.GetId() {
				t.Errorf("the order was %v and is %v", o, last)
			}
		})
	}
}

// The same, and the shopper repeats the request before anybody else has found the order.
func TestPowerCutAndTheShopperRepeats(t *testing.T) {
	t.Parallel()
	for _, point := range open(t).svc.Steps() {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			b := s.carts.fill(line{s.stock.add(5), 2})
			p, died := s.dieAt(point)
			_, err := p.buy(s.shopper(), b, "k")
			if err == nil || !died.Load() {
				t.Fatal("the process did not die")
			}
			s.clock.forward(s.cfg.LeaseTime)
			res, err := s.buy(s.shopper(), b, "k")
			ok(t, err)
			if o := s.settled(b); o.GetId() != res.GetOrder().GetId() {
				t.Errorf("the order is %v", o)
			}
			again, err := s.buy(s.shopper(), b, "k")
			ok(t, err)
			equal(t, "token", again.GetAccessToken(), res.GetAccessToken())
			s.sweep()
			s.settled(b)
		})
	}
}

// A repetition that comes while the dead process still has its lease waits for the end of it.
func TestARepetitionWaitsForTheLease(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.carts.fill(line{s.stock.add(5), 2})
	p, _ := s.dieAt("claim")
	if _, err := p.buy(s.shopper(), b, "k"); err == nil {
		t.Fatal("the process did not die")
	}
	short, cancel := context.WithTimeout(s.shopper(), 100*time.Millisecond)
	defer cancel()
	_, err := s.buy(short, b, "k")
	if kind := fault.From(err).Kind(); kind != fault.KindUnavailable && kind != fault.KindDeadline {
		t.Fatalf("got %v", err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := s.buy(s.shopper(), b, "k")
		done <- err
	}()
	s.clock.forward(s.cfg.LeaseTime)
	ok(t, <-done)
	s.settled(b)
}

// An order that is refused is cut off while it is taken back. It never turns round.
func TestPowerCutWhileTakingBack(t *testing.T) {
	t.Parallel()
	for _, point := range unwinding() {
		for _, comesBack := range []bool{false, true} {
			t.Run(fmt.Sprint(point, " ", comesBack), func(t *testing.T) {
				t.Parallel()
				s := open(t)
				v := s.stock.add(1)
				b := s.carts.fill(line{v, 2})
				// Cut off once already, so that everything has to be taken back.
				first, _ := s.dieAt("snapshot")
				if _, err := first.buy(s.shopper(), b, "k"); err == nil {
					t.Fatal("the process did not die")
				}
				s.clock.forward(s.cfg.LeaseTime)
				p, died := s.dieAt(point)
				if _, err := p.buy(s.shopper(), b, "k"); err == nil || !died.Load() {
					t.Fatal("the process did not die")
				}
				s.stock.lock.Lock()
				s.stock.left[v.String()] = 2 // there is enough now, and it does not matter any more
				s.stock.lock.Unlock()
				if comesBack && point != "undo open" {
					s.clock.forward(s.cfg.LeaseTime)
					_, err := s.buy(s.shopper(), b, "k")
					is(t, err, errNoStock)
				} else {
					s.sweep()
				}
				if o := s.settled(b); o != nil {
					t.Fatalf("it became an order all the same: %v", o)
				}
				equal(t, "left", s.stock.leftOf(v), 2)
				_, err := s.buy(s.shopper(), b, "k")
				ok(t, err)
				s.settled(b)
			})
		}
	}
}

// A room is away: before it did what it was asked, or before it could say so.
func TestRoomsAway(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"Claim", "Reserve"} {
		for kind, name := range map[outage]string{requestLost: "request lost", answerLost: "answer lost"} {
			for _, comesBack := range []bool{false, true} {
				t.Run(fmt.Sprint(method, " ", name, " ", comesBack), func(t *testing.T) {
					t.Parallel()
					s := open(t)
					v := s.stock.add(5)
					b := s.carts.fill(line{v, 2})
					room := &s.carts.outages
					if method == "Reserve" {
						room = &s.stock.outages
					}
					room.strike(method, kind, 1)
					_, err := s.buy(s.shopper(), b, "k")
					is(t, err, errAway)
					if comesBack {
						res, err := s.buy(s.shopper(), b, "k")
						ok(t, err)
						equal(t, "the order", s.settled(b).GetId(), res.GetOrder().GetId())
						return
					}
					s.sweep()
					o := s.settled(b)
					if taken := method == "Claim" && kind == requestLost; (o == nil) != taken {
						t.Errorf("the order is %v", o)
					}
				})
			}
		}
	}
}

// A room is away while an order is taken back: the shopper hears of the refusal once it is true.
func TestRoomsAwayWhileTakingBack(t *testing.T) {
	t.Parallel()
	for kind, name := range map[outage]string{requestLost: "request lost", answerLost: "answer lost"} {
		for _, comesBack := range []bool{false, true} {
			t.Run(fmt.Sprint(name, " ", comesBack), func(t *testing.T) {
				t.Parallel()
				s := open(t)
				b := s.carts.fill(line{s.stock.add(1), 2})
				s.carts.strike("Unclaim", kind, 1)
				_, err := s.buy(s.shopper(), b, "k")
				is(t, err, errAway)
				if comesBack {
					_, err := s.buy(s.shopper(), b, "k")
					is(t, err, errNoStock)
				} else {
					s.sweep()
				}
				if o := s.settled(b); o != nil {
					t.Errorf("it became an order: %v", o)
				}
			})
		}
	}
}

// After a long outage nobody expects the order any more.
func TestAnOldAttemptIsTakenBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.stock.add(5)
	b := s.carts.fill(line{v, 2})
	s.stock.strike("Reserve", answerLost, 1)
	_, err := s.buy(s.shopper(), b, "k")
	is(t, err, errAway)
	s.clock.forward(s.cfg.PlacingTTL)
	s.sweep()
	if o := s.settled(b); o != nil {
		t.Errorf("it became an order: %v", o)
	}
	equal(t, "left", s.stock.leftOf(v), 5)
	_, err = s.buy(s.shopper(), b, "k") // not what it failed of, but a new one
	ok(t, err)
	s.settled(b)
}

// A process that was only slow finds that its order was taken up by another, and does no harm.
func TestASlowProcessIsFencedOff(t *testing.T) {
	t.Parallel()
	for _, point := range open(t).svc.Steps()[:4] {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			v := s.stock.add(5)
			b := s.carts.fill(line{v, 2})
			reached, goOn := make(chan struct{}), make(chan struct{})
			slow := s.start(s.db.Pool(t, 2), func(_ context.Context, at string) error {
				if at == point {
					close(reached)
					<-goOn
				}
				return nil
			})
			done := make(chan error, 1)
			go func() {
				_, err := slow.buy(s.shopper(), b, "k")
				done <- err
			}()
			<-reached
			s.sweep()
			before := s.settled(b)
			close(goOn)
			if err := <-done; err == nil {
				t.Error("the slow process thinks that it has placed the order")
			}
			s.sweep()
			equal(t, "the order", s.settled(b).GetId(), before.GetId())
			equal(t, "left", s.stock.leftOf(v), 5-2*int64(len(s.all())))
		})
	}
}

// The slow process wakes up while its successor is still at work. Only who has the lease goes on.
func TestOnlyTheLeaseGoesOn(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{{"claim", "snapshot"}, {"snapshot", "reserve"}, {"reserve", "reserve"}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			t.Parallel()
			s := open(t)
			b := s.carts.fill(line{s.stock.add(5), 2})
			slow, wake := s.pauseAt(c[0], b)
			s.clock.forward(s.cfg.LeaseTime)
			successor, goOn := s.pauseAt(c[1], b)
			wake()
			if err := <-slow; err == nil {
				t.Error("the slow process thinks that it has placed the order")
			}
			goOn()
			ok(t, <-successor)
			o := s.settled(b)
			equal(t, "lines", len(o.GetItems()), 1)
		})
	}
}

// pauseAt buys in a process of its own, and returns when that has come to a point. It stays there until goOn is called.
func (s *shop) pauseAt(point string, b *basket) (outcome <-chan error, goOn func()) {
	s.t.Helper()
	reached, on, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	p := s.start(s.db.Pool(s.t, 2), func(_ context.Context, at string) error {
		if at == point {
			close(reached)
			<-on
		}
		return nil
	})
	go func() {
		_, err := p.buy(s.shopper(), b, "k")
		done <- err
	}()
	select {
	case <-reached:
	case err := <-done:
		s.t.Fatalf("it never came to %s: %v", point, err)
	}
	return done, func() { close(on) }
}

// The shopper goes away in the middle: what was begun goes on to its end.
func TestTheShopperGoesAway(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.carts.fill(line{s.stock.add(5), 2})
	ctx, leave := context.WithCancel(s.shopper())
	ended := make(chan struct{})
	p := s.start(s.db.DB, func(_ context.Context, at string) error {
		switch at {
		case "claim":
			leave()
		case "place":
			close(ended)
		}
		return nil
	})
	if _, err := p.buy(ctx, b, "k"); fault.From(err).Kind() != fault.KindCanceled {
		t.Errorf("got %v", err)
	}
	<-ended
	s.settled(b)
}

// Many processes sweep at once: each order is worked on by one.
func TestManySweepers(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.stock.add(100)
	p, _ := s.dieAt("nowhere")
	var baskets []*basket
	for i := range 12 {
		b := s.carts.fill(line{v, 1})
		cut, died := s.dieAt([]string{"claim", "snapshot", "reserve"}[i%3])
		if _, err := cut.buy(s.shopper(), b, "k"); err == nil || !died.Load() {
			t.Fatal("the process did not die")
		}
		baskets = append(baskets, b)
	}
	s.clock.forward(s.cfg.LeaseTime + s.cfg.ResumeAfter)
	reserved := s.stock.called("Reserve")
	sweepers := []*process{s.process, p, s.start(s.db.Pool(t, 4), nil), s.start(s.db.Pool(t, 4), nil)}
	errs := make([]error, len(sweepers))
	together(len(sweepers), func(i int) { errs[i] = sweepers[i].svc.Sweep(t.Context()) })
	ok(t, errors.Join(errs...))
	equal(t, "orders", len(s.all()), len(baskets))
	equal(t, "reservations asked for", s.stock.called("Reserve")-reserved, len(baskets))
	equal(t, "left", s.stock.leftOf(v), 88)
}

// Run does all this by itself, also for other tenants.
func TestRunEndsWhatWasLeft(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.cfg.SweepEvery = 5 * time.Millisecond
	elsewhere := s.elsewhere(s.admin())
	var baskets []*basket
	for _, ctx := range []context.Context{s.admin(), elsewhere} {
		b := s.carts.fill(line{s.stock.add(5), 2})
		p, _ := s.dieAt("reserve")
		if _, err := p.buy(ctx, b, "k"); err == nil {
			t.Fatal("the process did not die")
		}
		baskets = append(baskets, b)
	}
	s.clock.forward(s.cfg.LeaseTime + s.cfg.ResumeAfter)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	p := s.start(s.db.DB, nil)
	go func() { done <- p.svc.Run(ctx) }()
	deadline, tick := time.After(20*time.Second), time.NewTicker(5*time.Millisecond)
	defer tick.Stop()
	for _, tenant := range []context.Context{s.admin(), elsewhere} {
		for {
			res, err := s.client.ListOrders(tenant, &checkoutv1.ListOrdersRequest{})
			ok(t, err)
			if len(res.GetOrders()) == 1 {
				equal(t, "number", res.GetOrders()[0].GetNumber(), "1001") // each tenant counts by itself
				break
			}
			select {
			case <-tick.C:
			case <-deadline:
				t.Fatal("an order left half-way is still there")
			}
		}
	}
	stop()
	ok(t, <-done)
	for _, b := range baskets {
		if s.carts.claimedBy(b) == "" {
			t.Error("a cart is open again though it was ordered")
		}
	}
}

// The first call places its order between the moment in which a repetition looks for orders and the one in which it opens
// an attempt of its own: that waits for the first one's row, finds it gone, and opens.
func TestARepetitionOpensInTheMomentOfPlacing(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]error{"k": nil, "other": checkout.ErrCartOrdered} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			b := s.carts.fill(line{s.stock.add(5), 2})
			p, _ := s.dieAt("reserve")
			if _, err := p.buy(s.shopper(), b, "k"); err == nil {
				t.Fatal("the process did not die")
			}
			conn, err := pgx.Connect(t.Context(), s.db.AdminURL)
			ok(t, err)
			defer conn.Close(t.Context())
			place, err := conn.Begin(t.Context())
			ok(t, err)
			var order string
			ok(t, place.QueryRow(t.Context(), `with gone as (delete from checkout.attempts where cart_id = $1 returning *)
				insert into checkout.orders (id, tenant_id, cart_id, idempotency_key, caller, created_at, status, number, placed_at, updated_at, email, currency, payment_method)
				select id, tenant_id, cart_id, idempotency_key, caller, created_at, 'pending_payment', '1001', created_at, created_at, 'ada@example.com', 'EUR', payment_method
				from gone returning id`, b.id).Scan(&order))
			type answer struct {
				order string
				err   error
			}
			done := make(chan answer, 1)
			go func() {
				res, err := s.buy(s.shopper(), b, key)
				done <- answer{res.GetOrder().GetId(), err}
			}()
			for waiting := 0; waiting == 0; {
				ok(t, place.QueryRow(t.Context(), `select count(*) from pg_locks where not granted and locktype = 'transactionid'
					and transactionid = pg_current_xact_id()::xid`).Scan(&waiting))
			}
			ok(t, place.Commit(t.Context()))
			got := <-done
			if !errors.Is(got.err, want) || want == nil && got.order != order {
				t.Errorf("got %q, %v, want %q, %v", got.order, got.err, order, want)
			}
			equal(t, "attempts under way", s.count("attempts where status <> 'failed'"), 0)
		})
	}
}
