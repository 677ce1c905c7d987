package inventory_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// benchCallers is how many shoppers want the same variant at once.
const benchCallers = 64

// BenchmarkHotVariant compares folded holds of one variant with holds one by one, in the same run on the same server:
// 64 callers, durable (fsync and synchronous_commit are on, or it fails). One by one is the cheapest that is correct: an
// UPDATE with its guard and the INSERT of the reservation, in one implicit transaction of one round trip, on 64
// connections.
func BenchmarkHotVariant(b *testing.B) {
	r := open(b)
	folded, single := r.variant(1e9), r.variant(1e9)
	conns := benchConns(b, r)
	expires := timestamppb.New(r.clock.Now().Add(time.Hour))

	fold := func(ctx context.Context, _ int) error {
		_, err := r.svc.Reserve(ctx, &inventoryv1.ReserveRequest{
			OrderId: id.New().String(), Lines: []*inventoryv1.Line{line(folded, 1)}, ExpiresAt: expires,
		})
		return err
	}
	oneByOne := func(ctx context.Context, caller int) error {
		order, batch := id.New().String(), &pgx.Batch{}
		batch.Queue("update stock set reserved = reserved + 1, version = version + 1 where variant_id = $1 and (on_hand - reserved >= 1 or allow_backorder)",
			single.String())
		batch.Queue("insert into reservations (order_id, status, expires_at) values ($1, 'held', $2)", order, expires.AsTime())
		return conns[caller].SendBatch(ctx, batch).Close()
	}

	// In turns, so that a busy machine is busy for both.
	const turns = 4
	var foldedRate, singleRate float64
	measure(r.ctx, b, 500*time.Millisecond, fold)
	measure(r.ctx, b, 500*time.Millisecond, oneByOne)
	b.ResetTimer()
	for range turns {
		singleRate += measure(r.ctx, b, 2*time.Second, oneByOne) / turns
		foldedRate += measure(r.ctx, b, 2*time.Second, fold) / turns
	}
	b.ReportMetric(foldedRate, "folded/s")
	b.ReportMetric(singleRate, "one-by-one/s")
	b.ReportMetric(foldedRate/singleRate, "ratio")
	b.ReportMetric(0, "ns/op")
	if foldedRate < 10*singleRate {
		b.Errorf("folding gains less than ten times: %.0f/s against %.0f/s", foldedRate, singleRate)
	}
	r.inTheBooks(b, folded)
}

// measure lets the callers work for a while and returns how many calls a second succeeded.
func measure(ctx context.Context, b *testing.B, d time.Duration, call func(ctx context.Context, caller int) error) float64 {
	b.Helper()
	var n atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for caller := range benchCallers {
		wg.Go(func() {
			for time.Since(start) < d {
				if err := call(ctx, caller); err != nil {
					b.Error(err)
					return
				}
				n.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(n.Load()) / time.Since(start).Seconds()
}

func benchConns(b *testing.B, r *room) []*pgx.Conn {
	b.Helper()
	conns := make([]*pgx.Conn, benchCallers)
	for i := range conns {
		cfg, err := pgx.ParseConfig(r.db.URL)
		if err != nil {
			b.Fatal(err)
		}
		cfg.RuntimeParams["search_path"] = "inventory"
		cfg.RuntimeParams["app.tenant_id"] = tenant.Default().String()
		if conns[i], err = pgx.ConnectConfig(r.ctx, cfg); err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = conns[i].Close(context.Background()) })
	}
	for _, setting := range []string{"fsync", "synchronous_commit"} {
		var value string
		if err := conns[0].QueryRow(r.ctx, "show "+setting).Scan(&value); err != nil || value != "on" {
			b.Fatalf("%s is %q: %v", setting, value, err)
		}
	}
	return conns
}

// inTheBooks checks that what was measured is in the books.
func (r *room) inTheBooks(b *testing.B, folded id.ID) {
	b.Helper()
	var held int64
	c, err := pgx.Connect(r.ctx, r.db.AdminURL)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close(r.ctx)
	if err := c.QueryRow(r.ctx, "select count(*) from inventory.reservation_lines where variant_id = $1", folded.String()).Scan(&held); err != nil {
		b.Fatal(err)
	}
	if reserved := r.stock(folded).GetReserved(); reserved != held || held == 0 {
		b.Errorf("%d reserved, %d held", reserved, held)
	}
}
