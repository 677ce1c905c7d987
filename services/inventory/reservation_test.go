package inventory_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/services/inventory"
)

func TestAllLinesOrNone(t *testing.T) {
	t.Parallel()
	r := open(t)
	a, b, unknown := r.variant(5), r.variant(1), id.New()
	// Two lines of one variant count together.
	err := r.reserve(id.New(), line(a, 3), line(b, 1), line(unknown, 1), line(a, 3))
	is(t, err, inventory.ErrInsufficientStock)
	objects := fault.From(err).Objects()
	if len(objects) != 2 || objects[0]["variantId"] != a.String() || objects[1]["variantId"] != unknown.String() {
		t.Fatalf("details %v", objects)
	}
	number(t, objects[0]["requested"], 6)
	number(t, objects[0]["available"], 5)
	number(t, objects[1]["available"], 0)
	if fault.From(err).Kind() != fault.KindConflict {
		t.Errorf("kind %v", fault.From(err).Kind())
	}
	r.level(a, 5, 0)
	r.level(b, 1, 0)
	ok(t, r.reserve(id.New(), line(a, 2), line(b, 1), line(a, 3)))
	r.level(a, 5, 5)
	r.sound()
}

func number(t *testing.T, got any, want int64) {
	t.Helper()
	if got != want && got != float64(want) {
		t.Errorf("got %v (%T), want %d", got, got, want)
	}
}

func TestLifeOfAReservation(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := r.variant(10)
	sold, given, never, lapsed, late := id.New(), id.New(), id.New(), id.New(), id.New()
	// Each step is done twice and takes effect once.
	twice := func(do func() error) {
		t.Helper()
		ok(t, do())
		ok(t, do())
	}
	twice(func() error { return r.reserve(sold, line(v, 2)) })
	twice(func() error { return r.reserve(given, line(v, 3)) })
	r.level(v, 10, 5)
	twice(func() error { return r.commit(sold) })
	r.level(v, 8, 3)
	ok(t, r.reserve(sold, line(v, 2))) // a late repeat of what is settled
	r.level(v, 8, 3)
	twice(func() error { return r.release(given) })
	r.level(v, 8, 0)
	is(t, r.commit(given), inventory.ErrReservationReleased)
	is(t, r.reserve(given, line(v, 3)), inventory.ErrReservationReleased)
	twice(func() error { return r.release(sold) })
	r.level(v, 10, 0)
	is(t, r.commit(sold), inventory.ErrReservationReleased)
	// A Release that overtakes its Reserve.
	twice(func() error { return r.release(never) })
	is(t, r.reserve(never, line(v, 1)), inventory.ErrReservationReleased)
	is(t, r.commit(id.New()), inventory.ErrReservationNotFound)
	r.level(v, 10, 0)

	ok(t, r.reserve(lapsed, line(v, 4)))
	ok(t, r.reserve(late, line(v, 6)))
	ok(t, r.svc.Sweep(r.ctx))
	r.level(v, 10, 10)
	r.clock.forward(holdTime)
	ok(t, r.svc.Sweep(r.ctx))
	r.level(v, 10, 0)
	is(t, r.reserve(lapsed, line(v, 4)), inventory.ErrReservationExpired)
	twice(func() error { return r.release(lapsed) })
	r.level(v, 10, 0)
	// Others buy the units; then the shopper of a lapsed hold turns out to have paid.
	other := id.New()
	ok(t, r.reserve(other, line(v, 8)))
	twice(func() error { return r.commit(late) })
	r.level(v, 4, 8)
	ok(t, r.commit(other))
	r.level(v, -4, 0)
	if got, want := r.ledger(v), []string{"INITIAL", "SOLD", "RESTOCKED", "SOLD", "SOLD"}; !slices.Equal(got, want) {
		t.Errorf("ledger %v, want %v", got, want)
	}
	_, err := r.client.Reserve(r.ctx, &inventoryv1.ReserveRequest{
		OrderId: id.New().String(), Lines: []*inventoryv1.Line{line(v, 1)}, ExpiresAt: timestamppb.New(r.clock.Now()),
	})
	is(t, err, inventory.ErrReservationExpired)
	r.sound()
}

func TestSweepServesAllTenantsInBatches(t *testing.T) {
	t.Parallel()
	r := open(t, func(c *inventory.Config) { c.SweepBatch = 3; c.SweepEvery = time.Millisecond })
	other := *r
	other.ctx = r.otherTenant()
	shops := []*room{r, &other}
	variants := make([]id.ID, len(shops))
	for i, shop := range shops {
		variants[i] = shop.variant(20)
		for range 10 {
			ok(t, shop.reserve(id.New(), line(variants[i], 1)))
		}
	}
	r.clock.forward(holdTime)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.svc.Run(ctx) }()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for r.stock(variants[0]).GetReserved() > 0 || other.stock(variants[1]).GetReserved() > 0 {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("holds past their time are still there")
		}
	}
	stop()
	ok(t, <-done)
	for i, shop := range shops {
		shop.level(variants[i], 20, 0)
		shop.sound()
	}
}

func TestNothingIsSoldTwice(t *testing.T) {
	t.Parallel()
	for _, size := range []int{2, 8} {
		db := open(t).db
		clock := &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
		// Two replicas, so that flushes of different processes meet as well.
		replicas := []*room{on(t, db, db.Pool(t, size), clock), on(t, db, db.Pool(t, size), clock)}
		v := replicas[0].variant(10)
		var held, refused atomic.Int64
		var wg sync.WaitGroup
		for i := range 500 {
			wg.Go(func() {
				switch err := replicas[i%2].reserve(id.New(), line(v, 1)); {
				case err == nil:
					held.Add(1)
				case errors.Is(err, inventory.ErrInsufficientStock):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if held.Load() != 10 || refused.Load() != 490 {
			t.Errorf("pool of %d: %d held, %d refused", size, held.Load(), refused.Load())
		}
		replicas[0].level(v, 10, 10)
		replicas[0].sound()
	}
}

func TestOrdersInOppositeOrder(t *testing.T) {
	t.Parallel()
	r := open(t)
	replicas := []*room{r, on(t, r.db, r.db.Pool(t, 2), r.clock)}
	variants := make([]id.ID, 6)
	for i := range variants {
		variants[i] = r.variant(1000)
	}
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			for range 5 {
				mine := slices.Clone(variants)
				if i%2 == 1 {
					slices.Reverse(mine)
				}
				var lines []*inventoryv1.Line
				for _, v := range mine[i%3:] {
					lines = append(lines, line(v, 1))
				}
				order, shop := id.New(), replicas[i%2]
				settle := shop.commit
				if i%4 == 3 {
					settle = shop.release
				}
				if err := errors.Join(shop.reserve(order, lines...), settle(order)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	r.sound()
}

func TestRepeatsOfOneOrderMeet(t *testing.T) {
	t.Parallel()
	r := open(t)
	replicas := []*room{r, on(t, r.db, r.db.Pool(t, 2), r.clock)}
	v, w := r.variant(100), r.variant(100)
	for range 10 {
		order := id.New()
		var released atomic.Bool
		var wg sync.WaitGroup
		for i := range 12 {
			wg.Go(func() {
				shop := replicas[i%2]
				if i == 7 {
					if err := shop.release(order); err != nil {
						t.Error(err)
					}
					released.Store(true)
					return
				}
				// Not even the same variant, so no lock of a balance makes them meet.
				err := shop.reserve(order, line([]id.ID{v, w}[i%2], 1))
				if err != nil && !errors.Is(err, inventory.ErrReservationReleased) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	r.level(v, 100, 0)
	r.level(w, 100, 0)
	r.sound()
}

func TestCallersThatLeave(t *testing.T) {
	t.Parallel()
	r := open(t, func(c *inventory.Config) { c.Flushers = 1 })
	v := r.variant(1000)
	request := func(order id.ID) *inventoryv1.ReserveRequest {
		return &inventoryv1.ReserveRequest{
			OrderId: order.String(), Lines: []*inventoryv1.Line{line(v, 1)}, ExpiresAt: timestamppb.New(r.clock.Now().Add(holdTime)),
		}
	}
	// Somebody holds the row, so the first flush waits and the rest queue behind it.
	locked, let := make(chan struct{}), make(chan struct{})
	blocker := r.db.Pool(t, 2)
	blocked := make(chan error, 1)
	go func() {
		blocked <- blocker.Tx(r.ctx, func(ctx context.Context, tx *pg.Tx) error {
			err := tx.Read(ctx, func(b *pg.Batch) { b.Queue("select from stock where variant_id = $1 for update", v) })
			close(locked)
			<-let
			return err
		})
	}()
	<-locked
	ctx, leave := context.WithCancel(r.ctx)
	orders := make([]id.ID, 50)
	left := make(chan error, len(orders))
	for i := range orders {
		orders[i] = id.New()
		go func() {
			_, err := r.svc.Reserve(ctx, request(orders[i]))
			left <- err
		}()
	}
	for r.svc.Waiting(r.ctx) < len(orders)-1 { // one is in the flush
		<-time.After(time.Millisecond)
	}
	leave()
	for range orders {
		is(t, <-left, context.Canceled)
	}
	stays := make(chan error, 1)
	go func() {
		_, err := r.svc.Reserve(r.ctx, request(id.New()))
		stays <- err
	}()
	close(let)
	ok(t, <-blocked)
	ok(t, <-stays)
	// The one that was being decided is held; those that queued were not executed.
	r.level(v, 1000, 2)
	for _, order := range orders {
		ok(t, r.reserve(order, line(v, 1)))
	}
	r.level(v, 1000, 51)
	r.sound()
}

func TestQueueHasAnEnd(t *testing.T) {
	t.Parallel()
	r := open(t, func(c *inventory.Config) { c.QueueSize = 1; c.Flushers = 1; c.FlushSize = 1 })
	v := r.variant(1000)
	var held, busy atomic.Int64
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			switch err := r.reserve(id.New(), line(v, 1)); {
			case err == nil:
				held.Add(1)
			case errors.Is(err, pg.ErrBusy):
				busy.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if held.Load() == 0 || held.Load()+busy.Load() != 64 {
		t.Errorf("%d held, %d asked to come again", held.Load(), busy.Load())
	}
	r.level(v, 1000, held.Load())
}

// TestStorm lets everything happen at once and then asks whether the books are right.
func TestStorm(t *testing.T) {
	t.Parallel()
	r := open(t)
	replicas := []*room{r, on(t, r.db, r.db.Pool(t, 2), r.clock)}
	variants := make([]id.ID, 5)
	for i := range variants {
		variants[i] = r.variant(int64(20 * i))
	}
	orders := make([]id.ID, 80)
	for i := range orders {
		orders[i] = id.New()
	}
	expected := []error{
		inventory.ErrInsufficientStock, inventory.ErrBelowZero, inventory.ErrReservationNotFound, inventory.ErrReservationReleased,
		inventory.ErrReservationExpired,
	}
	var wg sync.WaitGroup
	for worker := range 16 {
		wg.Go(func() {
			dice := rand.New(rand.NewPCG(uint64(worker), 7))
			shop := replicas[worker%2]
			for range 60 {
				order, v := orders[dice.IntN(len(orders))], variants[dice.IntN(len(variants))]
				var err error
				switch dice.IntN(9) {
				case 0, 1, 2:
					err = shop.reserve(order, line(v, 1+dice.Int64N(4)), line(variants[dice.IntN(len(variants))], 1))
				case 3, 4:
					err = shop.commit(order)
				case 5:
					err = shop.release(order)
				case 6:
					_, err = shop.client.AdjustStock(shop.ctx, &inventoryv1.AdjustStockRequest{
						VariantId: v.String(), Delta: dice.Int64N(2)*9 - 5, Reason: inventoryv1.Reason_REASON_STOCKTAKE,
					})
				case 7:
					shop.clock.forward(time.Minute)
					err = shop.svc.Sweep(shop.ctx)
				case 8:
					var res *inventoryv1.RebuildBalancesResponse
					res, err = shop.client.RebuildBalances(shop.ctx, &inventoryv1.RebuildBalancesRequest{DryRun: worker%4 == 0})
					if len(res.GetDrifts()) > 0 {
						t.Errorf("drift in mid-storm: %v", res.GetDrifts())
					}
				}
				if err != nil && !slices.ContainsFunc(expected, func(e error) bool { return errors.Is(err, e) }) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	r.sound()
	r.told(variants)
}

// told checks that what was announced of each variant goes back and forth, in order, and ends with what is so.
func (r *room) told(variants []id.ID) {
	r.t.Helper()
	last, sequences := map[id.ID]bool{}, map[id.ID]int64{}
	ok(r.t, r.db.Read(r.ctx, func(b *pg.Batch) {
		pg.Each(b.Queue("select aggregate_id, sequence, body from outbox order by seq"), func(rows pgx.Rows) error {
			var variant id.ID
			var sequence int64
			var body []byte
			if err := rows.Scan(&variant, &sequence, &body); err != nil {
				return err
			}
			var e inventoryv1.StockChanged
			if err := proto.Unmarshal(body, &e); err != nil {
				return err
			}
			if e.GetAvailable() == last[variant] || sequence <= sequences[variant] {
				r.t.Errorf("%s: told %v at %d after %v at %d", variant, e.GetAvailable(), sequence, last[variant], sequences[variant])
			}
			last[variant], sequences[variant] = e.GetAvailable(), sequence
			return nil
		})
	}))
	for _, v := range variants {
		if s := r.stock(v); (s.GetAvailable() > 0 || s.GetAllowBackorder()) != last[v] || s.GetVersion() < sequences[v] {
			r.t.Errorf("%v, and shoppers were told %v at %d", s, last[v], sequences[v])
		}
	}
}
