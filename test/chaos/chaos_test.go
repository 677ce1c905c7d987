// Package chaos breaks running shops: kills the process between the steps of an order, takes NATS, PostgreSQL and Redis
// away. Nothing may be lost and nothing may happen twice.
package chaos

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/storev1"
	"github.com/sovecom/sovecom/test/housetest"
)

const settled = 60 * time.Second

// shop is one shop in one process, with a product of ten units.
type shop struct {
	*housetest.Shop

	t       *testing.T
	ground  *housetest.Ground
	binary  string
	client  *http.Client
	admin   adminv1.Client
	product adminv1.Product
}

const stock = 10

func open(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, binary: housetest.Binary(t), ground: housetest.NewGround(t), client: housetest.HTTP(t, 256)}
	s.Shop = s.ground.Start(s.binary, []string{"all"})
	s.admin = housetest.Admin(t, s.URL, s.client)
	s.product = housetest.Product(t, s.admin, "CHAOS-1", stock)
	return s
}

func (s *shop) fill(quantity int) housetest.Basket {
	s.t.Helper()
	b, err := housetest.Fill(s.t.Context(), s.URL, s.client, s.product.Variants[0].ID, quantity)
	if err != nil {
		s.t.Fatal(err)
	}
	return b
}

func (s *shop) orders() []adminv1.Order {
	s.t.Helper()
	list, err := s.admin.Orders(s.t.Context(), adminv1.OrderQuery{PageQuery: storev1.PageQuery{Limit: 100}})
	if err != nil {
		s.t.Fatal(err)
	}
	return list.Data
}

// books holds the stock to what the orders say, and the balances to the ledger.
func (s *shop) books(held int64) {
	s.t.Helper()
	housetest.Within(s.t, settled, fmt.Sprintf("%d units held", held), func() error {
		level, err := s.admin.Inventory(s.t.Context(), s.product.Variants[0].ID)
		if err != nil {
			return err
		}
		if level.OnHand != stock || level.Reserved != held || level.Available != stock-held {
			return fmt.Errorf("on hand %d, reserved %d, available %d", level.OnHand, level.Reserved, level.Available)
		}
		return nil
	})
	out, err := s.tool("stock", "rebuild", "--dry-run")
	if err != nil || !strings.Contains(out, ", 0 differed.") {
		s.t.Errorf("the ledger and the balances: %v\n%s", err, out)
	}
}

func (s *shop) tool(args ...string) (string, error) {
	cmd := exec.CommandContext(s.t.Context(), s.binary, args...)
	cmd.Env = append(cmd.Environ(), "SOVECOM_POSTGRES_URL="+s.ground.AdminURL(), "SOVECOM_NATS_URL="+s.ground.NATSURL(), "SOVECOM_DATA_DIR="+s.t.TempDir())
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// The process dies between any two steps of the saga. After a restart the order is either payable, with its units held,
// or gone, with its units back; and the shopper, who repeats the request with the same key, gets exactly one order.
func TestKillBetweenSteps(t *testing.T) { //nolint:tparallel // one shop that dies again and again
	t.Parallel()
	s := open(t)
	held := int64(0)
	for _, point := range points() {
		t.Run(point, func(t *testing.T) {
			s.t = t
			basket := s.fill(1)
			before := len(s.orders())
			s.Room("all").Stop()
			s.Launch("all", "SOVECOM_STOP_AT="+point)
			s.AwaitReady("all")
			_, err := basket.Buy(t.Context(), point)
			if err == nil {
				t.Fatal("the process did not die")
			}
			s.Room("all").AwaitEnd()
			s.Launch("all")
			s.AwaitReady("all")
			began := time.Now()
			order, err := basket.Buy(t.Context(), point)
			if err != nil {
				t.Fatalf("the repeated request: %v", err)
			}
			t.Logf("the repeated request took %s", time.Since(began).Round(time.Millisecond))
			again, err := basket.Buy(t.Context(), point)
			if err != nil || again.ID != order.ID || *again.AccessToken != *order.AccessToken {
				t.Errorf("repeated once more: %+v, %v", again, err)
			}
			held++
			if n := len(s.orders()); n != before+1 {
				t.Errorf("%d new orders", n-before)
			}
			s.books(held)
		})
	}
}

// The same, but the shopper never comes back: what was begun ends by itself.
func TestKillAndNobodyComesBack(t *testing.T) { //nolint:tparallel // one shop that dies again and again
	t.Parallel()
	s := open(t)
	held := int64(0)
	for _, point := range points() {
		t.Run(point, func(t *testing.T) {
			s.t = t
			basket := s.fill(1)
			before := len(s.orders())
			s.Room("all").Stop()
			s.Launch("all", "SOVECOM_STOP_AT="+point)
			s.AwaitReady("all")
			if _, err := basket.Buy(t.Context(), "nobody "+point); err == nil {
				t.Fatal("the process did not die")
			}
			s.Room("all").AwaitEnd()
			s.Launch("all")
			s.AwaitReady("all")
			// It is over when the cart is either bought or open again.
			housetest.Within(t, settled, "an end", func() error {
				cart, err := basket.API.Cart(t.Context(), basket.ID)
				if err != nil {
					return err
				}
				placed := len(s.orders()) - before
				switch {
				case cart.Status == "converted" && placed == 1, cart.Status == "active" && placed == 0:
					return nil
				}
				return fmt.Errorf("the cart is %s and there are %d new orders", cart.Status, placed)
			})
			held += int64(len(s.orders()) - before)
			s.books(held)
		})
	}
}

func TestManyBuyersFewUnits(t *testing.T) {
	t.Parallel()
	s := open(t)
	const buyers = 200
	baskets := make([]housetest.Basket, buyers)
	each(buyers, 16, func(i int) {
		var err error
		if baskets[i], err = housetest.Fill(t.Context(), s.URL, s.client, s.product.Variants[0].ID, 1); err != nil {
			t.Error(err)
		}
	})
	var won, lost atomic.Int64
	each(buyers, buyers, func(i int) {
		_, err := baskets[i].Buy(t.Context(), fmt.Sprint("buyer ", i))
		var refused *storev1.APIError
		switch {
		case err == nil:
			won.Add(1)
		case errors.As(err, &refused) && refused.Code == "inventory.insufficient_stock":
			lost.Add(1)
		default:
			t.Error(err)
		}
	})
	if won.Load() != stock || lost.Load() != buyers-stock || len(s.orders()) != stock {
		t.Errorf("%d won, %d lost, %d orders", won.Load(), lost.Load(), len(s.orders()))
	}
	s.books(stock)
}

func each(n, atOnce int, do func(i int)) {
	var wg sync.WaitGroup
	gate := make(chan struct{}, atOnce)
	for i := range n {
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			do(i)
		})
	}
	wg.Wait()
}

// Without NATS orders go on; their events arrive when it is back, in order.
func TestNATSAway(t *testing.T) {
	t.Parallel()
	s := open(t)
	receiver := newReceiver(t)
	if _, err := s.admin.CreateSubscription(t.Context(), adminv1.CreateSubscription{URL: receiver.URL, Events: []string{"order.created", "order.paid"}}); err != nil {
		t.Fatal(err)
	}
	s.ground.StopNATS()
	var want []string
	for i := range 3 {
		order, err := s.fill(1).Buy(t.Context(), fmt.Sprint("away ", i))
		if err != nil {
			t.Fatalf("without NATS: %v", err)
		}
		if _, err := s.admin.RecordPayment(t.Context(), order.ID, adminv1.RecordPayment{Method: "cash", Amount: adminv1.MoneyInput{Amount: order.Totals.Total.Amount, Currency: "EUR"}}, fmt.Sprint("pay ", i)); err != nil {
			t.Fatalf("payment without NATS: %v", err)
		}
		want = append(want, "order.created "+order.ID, "order.paid "+order.ID)
	}
	s.ground.StartNATS()
	receiver.await(t, want)
}

// The database goes and comes back; the shop answers 503 in between and recovers by itself.
func TestPostgresRestarts(t *testing.T) {
	t.Parallel()
	s := open(t)
	basket := s.fill(1)
	s.ground.StopPostgres()
	_, err := basket.Buy(t.Context(), "restart")
	var refused *storev1.APIError
	if !errors.As(err, &refused) || refused.Status != http.StatusServiceUnavailable {
		t.Errorf("without a database: %v", err)
	}
	s.ground.StartPostgres()
	var order storev1.Order
	housetest.Within(t, settled, "an order", func() (err error) {
		order, err = basket.Buy(t.Context(), "restart")
		return err
	})
	if n := len(s.orders()); n != 1 || s.orders()[0].ID != order.ID {
		t.Errorf("%d orders", n)
	}
	s.books(1)
	s.AwaitReady("all")
}

// The database is killed in the middle of many checkouts, and loses what it had not written: every order that was answered
// is there afterwards, with its cart closed and its units held, and whoever repeats a request gets one order for it.
func TestPostgresCrashes(t *testing.T) {
	t.Parallel()
	s := open(t)
	const buyers, turns = 8, 8
	product := housetest.Product(t, s.admin, "CRASH-1", 1000)
	var placed atomic.Int64
	var mu sync.Mutex
	answered := map[string]housetest.Basket{} // by the id of the order
	each(buyers, buyers, func(int) {
		for range turns {
			retry(t, func(ctx context.Context) error {
				basket, err := housetest.Fill(ctx, s.URL, s.client, product.Variants[0].ID, 1)
				if err != nil {
					return err
				}
				var order storev1.Order
				var lost error
				retry(t, func(ctx context.Context) (err error) {
					order, err = basket.Buy(ctx, "crash "+basket.ID)
					var refused *storev1.APIError
					if errors.As(err, &refused) && refused.Status < http.StatusInternalServerError {
						lost, err = err, nil // the last changes of the cart, which is filled anew
					}
					return err
				})
				if lost != nil {
					return lost
				}
				mu.Lock()
				defer mu.Unlock()
				answered[order.ID] = basket
				if n := placed.Add(1); n == buyers*turns/3 || n == buyers*turns*2/3 {
					s.ground.CrashPostgres()
				}
				return nil
			})
		}
	})
	s.AwaitReady("all")
	list := s.orders()
	if len(list) != buyers*turns || len(answered) != buyers*turns {
		t.Errorf("%d orders, %d answered, %d wanted", len(list), len(answered), buyers*turns)
	}
	numbers := map[string]bool{}
	for _, o := range list {
		numbers[o.Number] = true
		basket, ok := answered[o.ID]
		if !ok {
			t.Errorf("nobody was told of order %s", o.Number)
			continue
		}
		if _, err := basket.Buy(t.Context(), "another key "+o.ID); err == nil {
			t.Errorf("the cart of order %s is open", o.Number)
		}
	}
	if len(numbers) != len(list) {
		t.Errorf("%d numbers for %d orders", len(numbers), len(list))
	}
	housetest.Within(t, settled, "the units of every order held", func() error {
		level, err := s.admin.Inventory(t.Context(), product.Variants[0].ID)
		if err == nil && level.Reserved != buyers*turns {
			err = fmt.Errorf("%d reserved", level.Reserved)
		}
		return err
	})
	s.books(0)
}

// Redis holds only what may be lost.
func TestRedisAway(t *testing.T) {
	t.Parallel()
	s := open(t)
	basket := s.fill(1)
	s.ground.StopRedis()
	for range 20 {
		if err := housetest.Get(s.URL + "/store/v1/products"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := basket.API.Cart(t.Context(), basket.ID); err != nil {
		t.Error(err)
	}
	if _, err := basket.Buy(t.Context(), "redis"); err != nil {
		t.Error(err)
	}
	s.books(1)
}

// A room of the mesh dies in the middle of many checkouts: every answer is an order or an error that may be repeated.
func TestRoomDiesUnderLoad(t *testing.T) {
	t.Parallel()
	binary, ground := housetest.Binary(t), housetest.NewGround(t)
	client := housetest.HTTP(t, 64)
	mesh := ground.Start(binary, housetest.Rooms())
	admin := housetest.Admin(t, mesh.URL, client)
	product := housetest.Product(t, admin, "MESH-1", 1000)
	const buyers = 24
	var once sync.Once
	each(buyers, 6, func(i int) {
		var basket housetest.Basket
		retry(t, func(ctx context.Context) (err error) {
			basket, err = housetest.Fill(ctx, mesh.URL, client, product.Variants[0].ID, 1)
			return err
		})
		if i == buyers/2 {
			once.Do(func() {
				mesh.Room("inventory").Kill()
				mesh.Launch("inventory")
			})
		}
		retry(t, func(ctx context.Context) error {
			_, err := basket.Buy(ctx, fmt.Sprint("mesh ", i))
			return err
		})
	})
	list, err := admin.Orders(t.Context(), adminv1.OrderQuery{PageQuery: storev1.PageQuery{Limit: 100}})
	if err != nil || len(list.Data) != buyers {
		t.Errorf("%d orders, %v", len(list.Data), err)
	}
	level, err := admin.Inventory(t.Context(), product.Variants[0].ID)
	if err != nil || level.Reserved != buyers {
		t.Errorf("%+v, %v", level, err)
	}
}

// retry repeats what failed for want of a room, as a client should.
func retry(t *testing.T, do func(ctx context.Context) error) {
	t.Helper()
	housetest.Within(t, settled, "an answer", func() error {
		err := do(t.Context())
		var refused *storev1.APIError
		if errors.As(err, &refused) && refused.Status == http.StatusInternalServerError {
			t.Errorf("an internal error: %v", err)
			return nil
		}
		return err
	})
}
