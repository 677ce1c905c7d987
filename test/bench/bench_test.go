//go:build bench

// Package bench measures a running shop and prints one table. Every row has its baseline in the same run, on the same
// machine, under the same load: figures of two machines or two moments say nothing about each other.
package bench

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/storev1"
	"github.com/sovecom/sovecom/test/housetest"
)

var (
	products = flag.Int("products", 1000, "products in the catalogue")
	span     = flag.Duration("span", 5*time.Second, "how long each row is measured")
	sizes    = flag.String("sizes", "", "sizes of the catalogue to compare, such as 1000,100000,1000000: reads and searches are measured in each, in turns, and nothing else")
	only     = flag.String("only", "", "reads: leave the writes out; writes: leave the reads out; search: with -sizes, leave out what is no search")
)

const (
	readers = 32
	turns   = 3
	buyers  = 8
)

type table struct{ rows [][4]string }

func (tb *table) add(name, figure, baseline, ratio string) {
	tb.rows = append(tb.rows, [4]string{name, figure, baseline, ratio})
	fmt.Fprintf(os.Stderr, "%-46s %-34s %-34s %s\n", name, figure, baseline, ratio)
}

func (tb *table) print() {
	fmt.Printf("\n%-46s %-34s %-34s %s\n", "what", "the shop", "baseline", "ratio")
	for _, r := range tb.rows {
		fmt.Printf("%-46s %-34s %-34s %s\n", r[0], r[1], r[2], r[3])
	}
}

func TestTable(t *testing.T) {
	binary := housetest.Binary(t)
	var tb table
	if *sizes != "" {
		var slow []string
		t.Run("sizes", func(t *testing.T) { slow = sweep(t, binary, &tb) })
		tb.print()
		for _, s := range slow {
			t.Error(s)
		}
		return
	}
	ground := housetest.NewGround(t)
	shop := ground.Start(binary, []string{"all"})
	client := housetest.HTTP(t, 512)
	admin := housetest.Admin(t, shop.URL, client)
	idle := rss(t, shop.Room("all").PID())
	if *only != "writes" {
		reading(t, binary, ground, shop.URL, client, &tb)
	}
	if *only == "reads" {
		tb.print()
		return
	}
	writing(t, ground, shop.URL, client, admin, &tb)
	tb.add("memory of the process, idle", mib(idle), "at most 120 MiB", "")
	tb.add("memory of the process, under load", mib(rss(t, shop.Room("all").PID())), "", "")
	coldStart(t, binary, &tb)
	tb.print()
}

// reading measures what shoppers read, rendered before and not.
func reading(t *testing.T, binary string, ground *housetest.Ground, shopURL string, client *http.Client, tb *table) {
	t.Helper()
	ctx, api, admin := t.Context(), storev1.Client{BaseURL: shopURL, HTTP: client}, housetest.Admin(t, shopURL, client)
	load(t, binary, ground, *products)
	wide := wideProduct(t, admin)
	list, err := api.Products(ctx, storev1.ProductQuery{PageQuery: storev1.PageQuery{Limit: 100}})
	if err != nil || len(list.Data) == 0 {
		t.Fatalf("nothing to read: %v", err)
	}
	// The wide product has a row of its own; the others are of one kind.
	list.Data = slices.DeleteFunc(list.Data, func(p storev1.Product) bool { return p.Slug == wide.Slug })
	category := topCategory(t, api)
	bare := newBare(t, ground, category, append(list.Data[:len(list.Data):len(list.Data)], wide))

	// The same shop without rendered pages, for what a cache would hide.
	cold := ground.Start(binary, []string{"all"}, "SOVECOM_GATEWAY_CACHE_MIB=0")
	read := func(name, url, shopPath, barePath string) {
		// In turns, so that what else the machine does falls on both.
		var ours, base measure
		for range turns {
			ours.add(rate(ctx, t, client, readers, func(i int) string { return url + fill(shopPath, list.Data, i) }))
			base.add(rate(ctx, t, client, readers, func(i int) string { return bare.URL + fill(barePath, list.Data, i) }))
		}
		tb.add(name, ours.String(), base.String(), percent(ours.perSecond/base.perSecond))
	}
	for _, row := range []struct{ name, path, bare string }{
		{"product by slug", "/store/v1/products/{slug}", "/product/{slug}"},
		{"product with 100 variants", "/store/v1/products/" + wide.Slug, "/product/" + wide.Slug},
		{"product list", "/store/v1/products?limit=20", "/list?limit=20"},
		{"category list", "/store/v1/products?limit=20&categoryId=" + category, "/category"},
		{"search, two words", "/store/v1/search?q=bench+{word}", "/product/{slug}"},
	} {
		if !strings.HasPrefix(row.name, "search") { // which is never cached
			read(row.name, shopURL, row.path, row.bare)
		}
		read(row.name+", nothing cached", cold.URL, row.path, row.bare)
	}
	cold.Room("all").Stop()
}

// writing measures what shoppers do.
func writing(t *testing.T, ground *housetest.Ground, shopURL string, client *http.Client, admin adminv1.Client, tb *table) {
	t.Helper()
	ctx, api := t.Context(), storev1.Client{BaseURL: shopURL, HTTP: client}
	things := make([]string, buyers) // one for each buyer, as in the loop
	for i := range things {
		things[i] = housetest.Product(t, admin, fmt.Sprint("BENCH-HTTP-", i), 1_000_000).Variants[0].ID
	}
	loop := newLoop(t, ground)
	creates := repeat(ctx, buyers, func(ctx context.Context, _ int) error {
		_, err := api.CreateCart(ctx, storev1.CreateCart{Currency: "EUR"})
		return err
	})
	tb.add("cart create", creates.String(), loopName(loop.rate(ctx, buyers, loop.cart)), "")
	crowd := make([]*buyer, buyers)
	for i := range crowd {
		crowd[i] = newBuyer(t, shopURL)
	}
	adding(t, loop, crowd, things, tb)
	before := settle(t, shopURL)
	var n atomic.Int64
	var checkouts, base, batched measure
	for range turns {
		base.add(repeat(ctx, buyers, loop.order))
		batched.add(repeat(ctx, buyers, loop.batch))
		checkouts.add(repeat(ctx, buyers, func(ctx context.Context, caller int) error {
			return crowd[caller].buy(ctx, things[caller], fmt.Sprint("bench ", n.Add(1)))
		}))
	}
	if err := errors.Join(checkouts.failed, base.failed, batched.failed); err != nil {
		t.Error(err)
	}
	// Let the events of the last orders settle, then count everything that was sent for them.
	after := settle(t, shopURL)
	tb.add("full checkout, 8 buyers (7 requests)", checkouts.String(), base.String()+" bare transactions", percent(checkouts.perSecond/base.perSecond))
	tb.add("the same, against one batch per order", checkouts.String(), batched.String()+" bare batches", percent(checkouts.perSecond/batched.perSecond))
	tb.add("SQL statements per checkout, all rooms", fmt.Sprintf("%.1f", float64(after-before)/float64(checkouts.done)), "100 to 724 elsewhere", "")

	for _, crowd := range []int{64, 500} {
		orders, took := flashSale(t, shopURL, client, housetest.Product(t, admin, fmt.Sprint("FLASH-", crowd), 100).Variants[0].ID, crowd)
		tb.add(fmt.Sprintf("flash sale, %d buyers, 100 units", crowd), fmt.Sprintf("%d orders in %s", orders, took.Round(time.Millisecond)), "exactly 100", "")
		if orders != 100 {
			t.Errorf("%d buyers made %d orders out of 100 units", crowd, orders)
		}
	}
	reservations(t, tb)
}

// adding puts things into carts, one cart per buyer.
func adding(t *testing.T, loop loop, crowd []*buyer, things []string, tb *table) {
	t.Helper()
	paths, tokens := make([]string, len(crowd)), make([]string, len(crowd))
	for i, b := range crowd {
		var err error
		if paths[i], tokens[i], err = b.open(); err != nil {
			t.Fatal(err)
		}
	}
	carts := loop.carts(t, len(crowd))
	var adds, base measure
	for range turns {
		base.add(repeat(t.Context(), len(crowd), func(ctx context.Context, caller int) error { return loop.line(ctx, carts[caller], caller) }))
		adds.add(repeat(t.Context(), len(crowd), func(_ context.Context, caller int) error {
			return crowd[caller].add(paths[caller], tokens[caller], things[caller])
		}))
	}
	if err := errors.Join(adds.failed, base.failed); err != nil {
		t.Error(err)
	}
	tb.add("add line", adds.String(), base.String()+" bare writes", percent(adds.perSecond/base.perSecond))
}

func load(t *testing.T, binary string, ground *housetest.Ground, n int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, "seed", "load", "--products", strconv.Itoa(n))
	cmd.Env = append(os.Environ(), "SOVECOM_POSTGRES_URL="+ground.AdminURL(), "SOVECOM_NATS_URL="+ground.NATSURL())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("load: %v\n%s", err, out)
	}
}

// fill puts the i-th product into a path.
func fill(path string, all []storev1.Product, i int) string {
	p := all[i%len(all)]
	return strings.NewReplacer("{slug}", p.Slug, "{word}", lastWord(p.Title)).Replace(path)
}

func lastWord(s string) string {
	words := strings.Fields(s)
	return words[len(words)-1]
}

// measure is how often something was done.
type measure struct {
	done      int64
	perSecond float64
	p50, p99  time.Duration
	failed    error
	all       []time.Duration
	took      time.Duration
}

// add puts two measurements of the same thing together.
func (m *measure) add(o measure) {
	m.all, m.took, m.done = append(m.all, o.all...), m.took+o.took, m.done+o.done
	if o.failed != nil {
		m.failed = o.failed
	}
	m.settle()
}

func (m *measure) settle() {
	if len(m.all) == 0 {
		return
	}
	slicesSort(m.all)
	m.perSecond = float64(len(m.all)) / m.took.Seconds()
	m.p50, m.p99 = m.all[len(m.all)/2], m.all[len(m.all)*99/100]
}

func (m measure) String() string {
	if m.failed != nil {
		return "failed: " + m.failed.Error()
	}
	return fmt.Sprintf("%.0f/s  p50 %s  p99 %s", m.perSecond, short(m.p50), short(m.p99))
}

func short(d time.Duration) string { return d.Round(d / 100).String() }

func percent(r float64) string { return fmt.Sprintf("%.0f %%", r*100) }

// repeat does something from several callers at once for the span.
func repeat(ctx context.Context, callers int, do func(ctx context.Context, caller int) error) measure {
	return repeatFor(ctx, *span, callers, do)
}

func repeatFor(ctx context.Context, span time.Duration, callers int, do func(ctx context.Context, caller int) error) measure {
	var m measure
	var mu sync.Mutex
	var all []time.Duration
	var wg sync.WaitGroup
	deadline := time.Now().Add(span)
	began := time.Now()
	for caller := range callers {
		wg.Go(func() {
			var mine []time.Duration
			for time.Now().Before(deadline) {
				start := time.Now()
				if err := do(ctx, caller); err != nil {
					mu.Lock()
					m.failed = err
					mu.Unlock()
					return
				}
				mine = append(mine, time.Since(start))
			}
			mu.Lock()
			all = append(all, mine...)
			mu.Unlock()
		})
	}
	wg.Wait()
	m.all, m.took, m.done = all, time.Since(began), int64(len(all))
	m.settle()
	return m
}

func rate(ctx context.Context, t *testing.T, client *http.Client, callers int, url func(i int) string) measure {
	t.Helper()
	var n atomic.Int64
	m := repeat(ctx, callers, func(ctx context.Context, _ int) error { return get(ctx, client, url(int(n.Add(1)))) })
	if m.failed != nil {
		t.Error(m.failed)
	}
	return m
}

var errStatus = errors.New("not 200")

func get(ctx context.Context, client *http.Client, url string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %w: %s", url, errStatus, answer.Status)
	}
	return discard(answer.Body)
}

// flashSale lets a crowd buy at the same moment and counts the orders. An answer of 500 or a hang fails the run.
func flashSale(t *testing.T, url string, client *http.Client, variant string, crowd int) (int64, time.Duration) {
	t.Helper()
	baskets := make([]housetest.Basket, crowd)
	var wg sync.WaitGroup
	gate := make(chan struct{}, 16)
	for i := range baskets {
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			var err error
			if baskets[i], err = housetest.Fill(t.Context(), url, client, variant, 1); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var orders atomic.Int64
	began := time.Now()
	rounds := 1
	if crowd < 100 {
		rounds = 2 // so that there are more buyers than units
	}
	for round := range rounds {
		for i := range baskets {
			wg.Go(func() {
				basket := baskets[i]
				if round > 0 {
					var err error
					if basket, err = housetest.Fill(t.Context(), url, client, variant, 1); err != nil {
						var refused *storev1.APIError
						if !errors.As(err, &refused) || refused.Code != "inventory.insufficient_stock" {
							t.Error(err)
						}
						return
					}
				}
				_, err := basket.Buy(t.Context(), fmt.Sprintf("flash %d %d %d", crowd, round, i))
				var refused *storev1.APIError
				switch {
				case err == nil:
					orders.Add(1)
				case errors.As(err, &refused) && refused.Code == "inventory.insufficient_stock":
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	return orders.Load(), time.Since(began)
}

// reservations runs the inventory room's own benchmark, which has its baseline beside it.
func reservations(t *testing.T, tb *table) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "test", "-run", "^$", "-bench", "HotVariant", "-benchtime", "1x", "github.com/sovecom/sovecom/services/inventory")
	cmd.Env = append(os.Environ(), "PGTEST_DURABLE=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("reservations: %v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "Benchmark") {
			tb.add("reservations of one SKU, 64 callers", strings.Join(strings.Fields(line)[1:], " "), "in the same line", "")
		}
	}
}

var readyAfter = regexp.MustCompile(`ready after ([0-9.]+) s`)

func coldStart(t *testing.T, binary string, tb *table) {
	t.Helper()
	dir, err := os.MkdirTemp("", "cold-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"first start of up", "later start of up"} {
		cmd := exec.CommandContext(t.Context(), binary, "up", "--data-dir", filepath.Join(dir, "data"), "--addr", "127.0.0.1:0")
		out := &sink{}
		cmd.Stdout = out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		housetest.Within(t, time.Minute, name, func() error {
			if readyAfter.FindStringSubmatch(out.String()) == nil {
				return errors.New("not yet")
			}
			return nil
		})
		tb.add(name, readyAfter.FindStringSubmatch(out.String())[1]+" s", "at most 5 s, then 2 s", "")
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
}
