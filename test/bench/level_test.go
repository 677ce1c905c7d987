//go:build bench

package bench

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/test/housetest"
)

// TestLevel imports other prices for every product of a whole shop, and says how long after the end of the import the search
// is level with the catalogue. The baseline is a rebuild of the same index in the same shop: a search that is told of every
// product there is, without any event.
//
//	go test -tags bench -count 1 -v -run TestLevel -timeout 60m ./test/bench -args -imported 20000
func TestLevel(t *testing.T) {
	ground := housetest.NewGround(t)
	shop := ground.Start(housetest.Binary(t), []string{"all"})
	admin := housetest.Admin(t, shop.URL, housetest.HTTP(t, 8))
	conn, err := pgx.Connect(t.Context(), ground.AdminURL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	var tb table
	for _, round := range []struct {
		name  string
		price int
	}{{"new products", 1000}, {"other prices", 1100}, {"other prices again", 1200}} {
		job, err := admin.ImportProducts(t.Context(), adminv1.ImportQuery{}, file(*imported, round.price))
		began := time.Now()
		job = await(t, admin, job, err)
		over := time.Now()
		outbox, behind := level(t, admin, conn)
		tb.add("import, "+round.name, over.Sub(began).Round(time.Millisecond).String(), fmt.Sprintf("%.0f rows/s", job.Rate), "")
		tb.add("… until its events are on the stream", outbox.Sub(over).Round(time.Millisecond).String(), "", "")
		began = time.Now()
		rebuild, err := admin.StartSearchRebuild(t.Context())
		for err == nil && rebuild.Status != "done" {
			<-look.C
			rebuild, err = admin.SearchRebuild(t.Context(), rebuild.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		base := time.Since(began)
		tb.add("… until the search is level", behind.Sub(over).Round(time.Millisecond).String(), base.Round(time.Millisecond).String()+" to rebuild", percent(behind.Sub(over).Seconds()/base.Seconds()))
	}
	tb.print()
}

// level waits until nothing is left in the outboxes that the search hears of, and then until the search has handled all; it
// returns both moments.
func level(t *testing.T, admin adminv1.Client, conn *pgx.Conn) (outbox, behind time.Time) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		var waiting int64
		if err := conn.QueryRow(t.Context(), "select (select count(*) from catalog.outbox) + (select count(*) from inventory.outbox)").Scan(&waiting); err != nil {
			t.Fatal(err)
		}
		if waiting == 0 && outbox.IsZero() {
			outbox = time.Now()
		}
		i, err := admin.SearchIndex(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if waiting == 0 && i.Pending == 0 {
			return outbox, time.Now()
		}
		<-tick.C
	}
}
