//go:build bench

package bench

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/storev1"
	"github.com/sovecom/sovecom/test/housetest"
)

var operations = flag.String("operations", "", "what is done with carts, by name and separated by commas; all when empty")

// cartRounds is how often the sizes take turns, so that a slow moment hits all of them.
const cartRounds = 5

// cartSizes are lines of the carts that are compared with each other; a cart holds 100 at most.
func cartSizes() []int { return []int{1, 10, 100} }

// cartLines is how many lines the fullest of them has.
const cartLines = 100

// TestCarts compares what shoppers do with carts of 1, 10 and 100 lines, over HTTP, in a whole shop: how long it takes, the
// processor time of the shop and of PostgreSQL, SQL statements and bytes. Each is a ratio to a cart of one line in the same run.
//
//	go test -tags bench -count 1 -v -run TestCarts ./test/bench
//
// JSON is the share of p50 that writing the answer as JSON takes.
func TestCarts(t *testing.T) {
	ground := housetest.NewGround(t)
	shop := ground.Start(housetest.Binary(t), []string{"all"})
	admin := housetest.Admin(t, shop.URL, housetest.HTTP(t, 8))
	c := carts{t: t, url: shop.URL, pids: []int{shop.Room("all").PID(), ground.PostgresPID()}, buyer: newBuyer(t, shop.URL), variants: things(t, admin)}
	settle(t, shop.URL)
	c.table([]operation{
		{"read", c.existing, func(b *filled) error { return c.buyer.do("GET", b.path, b.token, "", "") }},
		{"add to a line", c.existing, func(b *filled) error { return c.buyer.add(b.path, b.token, c.variants[0]) }},
		{"change a quantity", c.existing, func(b *filled) error {
			b.turn++
			return c.buyer.do("PATCH", b.path+"/items/"+b.first, b.token, "", fmt.Sprintf(`{"quantity":%d}`, 1+b.turn%9))
		}},
		{"remove a line and add it", c.existing, func(b *filled) error {
			if err := c.buyer.do("DELETE", b.path+"/items/"+b.last, b.token, "", ""); err != nil {
				return err
			}
			if err := c.buyer.add(b.path, b.token, c.variants[b.lines-1]); err != nil {
				return err
			}
			b.last = lastItem(c.buyer.body)
			return nil
		}},
		{"e-mail", c.existing, func(b *filled) error {
			b.turn++
			return c.buyer.do("PUT", b.path+"/email", b.token, "", fmt.Sprintf(`{"email":"ada%d@example.com"}`, b.turn))
		}},
		{"shipping address", c.existing, func(b *filled) error {
			return c.buyer.do("PUT", b.path+"/shipping-address", b.token, "", `{"name":"Ada","line1":"1 rue du Test","city":"Paris","postalCode":"75001","country":"FR"}`)
		}},
		{"ways of shipping", c.existing, func(b *filled) error { return c.buyer.do("GET", b.path+"/shipping-rates", b.token, "", "") }},
		{"way of shipping", c.existing, func(b *filled) error {
			return c.buyer.do("PUT", b.path+"/shipping-method", b.token, "", `{"shippingRateId":"`+b.rate+`"}`)
		}},
		{"order", c.fresh, func(b *filled) error {
			return c.buyer.do("POST", b.path+"/checkout", b.token, b.path, `{"paymentMethod":"manual"}`)
		}},
	})
}

// things makes products with a variant each, as shops have them: with an option, a picture and stock.
func things(t *testing.T, admin adminv1.Client) []string {
	t.Helper()
	var file bytes.Buffer
	picture := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	picture.Set(1, 1, color.White)
	if err := png.Encode(&file, picture); err != nil {
		t.Fatal(err)
	}
	media, err := admin.UploadMedia(t.Context(), "shirt.png", "A linen shirt, folded", &file)
	if err != nil {
		t.Fatal(err)
	}
	var variants []string
	for i := range cartLines {
		p, err := admin.CreateProduct(t.Context(), adminv1.CreateProduct{
			Title: fmt.Sprint("Linen shirt with a long name, number ", i), Status: "published", Options: []adminv1.Option{{Name: "size", Values: []string{"M"}}},
			Images: []adminv1.ImageLink{{MediaID: media.ID}},
			Variants: []adminv1.CreateVariant{{
				SKU: fmt.Sprint("SHIRT-", i), Options: map[string]string{"size": "M"}, Price: adminv1.MoneyInput{Amount: 1900, Currency: "EUR"}, Stock: 1_000_000_000,
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		variants = append(variants, p.Variants[0].ID)
	}
	return variants
}

// carts is a shop whose carts are measured.
type carts struct {
	t        *testing.T
	url      string
	pids     []int // of the shop and of PostgreSQL
	buyer    *buyer
	variants []string
	known    map[int]*filled
}

// filled is a cart with lines that is ready to be ordered.
type filled struct {
	path, token, first, last, rate string
	lines, turn                    int
}

// fill makes one.
func (c *carts) fill(lines int) *filled {
	c.t.Helper()
	b := &filled{lines: lines}
	var err error
	if b.path, b.token, err = c.buyer.open(); err != nil {
		c.t.Fatal(err)
	}
	for _, v := range c.variants[:lines] {
		if err := c.buyer.add(b.path, b.token, v); err != nil {
			c.t.Fatal(err)
		}
	}
	var whole storev1.Envelope[storev1.Cart]
	if err := json.Unmarshal(c.buyer.body, &whole); err != nil || len(whole.Data.Items) != lines {
		c.t.Fatalf("a cart of %d lines has %d, %v", lines, len(whole.Data.Items), err)
	}
	b.first, b.last = whole.Data.Items[0].ID, lastItem(c.buyer.body)
	for _, r := range []struct{ method, path, body string }{
		{"PUT", "/email", `{"email":"ada@example.com"}`},
		{"PUT", "/shipping-address", `{"name":"Ada","line1":"1 rue du Test","city":"Paris","postalCode":"75001","country":"FR"}`},
		{"GET", "/shipping-rates", ""},
	} {
		if err := c.buyer.do(r.method, b.path+r.path, b.token, "", r.body); err != nil {
			c.t.Fatal(err)
		}
	}
	b.rate = c.buyer.field("id")
	if err := c.buyer.do("PUT", b.path+"/shipping-method", b.token, "", `{"shippingRateId":"`+b.rate+`"}`); err != nil {
		c.t.Fatal(err)
	}
	return b
}

// existing is the same cart each time.
func (c *carts) existing(lines int) *filled {
	if c.known == nil {
		c.known = map[int]*filled{}
	}
	if c.known[lines] == nil {
		c.known[lines] = c.fill(lines)
	}
	return c.known[lines]
}

// fresh is another cart each time.
func (c *carts) fresh(lines int) *filled { return c.fill(lines) }

// lastItem is the id of the last line of the cart in an answer. It is looked for, not read: that would be part of what is measured.
func lastItem(body []byte) string {
	const id = len("00000000-0000-0000-0000-000000000000")
	at := bytes.LastIndex(body, []byte(`","variantId":"`))
	if at < id {
		return ""
	}
	return string(body[at-id : at])
}

// operation is something shoppers do with a cart.
type operation struct {
	name string
	cart func(lines int) *filled
	do   func(b *filled) error
}

// effort is what one operation took.
type effort struct {
	took           []time.Duration
	shop, postgres time.Duration // of processors, in all
	statements     int64         // of the first calls
	counted        int           // how many these are
	bytes          int
	json           time.Duration
	calls          int
}

func (c *carts) table(all []operation) {
	c.t.Helper()
	fmt.Printf("\n%-26s %5s %9s %6s %9s %6s %9s %6s %11s %9s %6s\n", "operation", "lines", "p50", "ratio", "shop CPU", "ratio", "PG CPU", "ratio", "statements", "bytes", "JSON")
	for _, op := range all {
		if *operations != "" && !slices.Contains(strings.Split(*operations, ","), op.name) {
			continue
		}
		spent := map[int]*effort{}
		for range cartRounds {
			for _, lines := range cartSizes() {
				if spent[lines] == nil {
					spent[lines] = new(effort)
				}
				c.measure(op, lines, spent[lines])
			}
		}
		one := spent[1]
		for _, lines := range cartSizes() {
			e := spent[lines]
			slices.Sort(e.took)
			p50, base := e.took[len(e.took)/2], one.took[len(one.took)/2]
			each, eachBase := func(d time.Duration) time.Duration { return d / time.Duration(e.calls) }, func(d time.Duration) time.Duration { return d / time.Duration(one.calls) }
			fmt.Printf("%-26s %5d %9s %6.2f %9s %6.2f %9s %6.2f %11.1f %9d %5.0f%%\n", op.name, lines, short(p50), ratio(p50, base),
				short(each(e.shop)), ratio(each(e.shop), eachBase(one.shop)), short(each(e.postgres)), ratio(each(e.postgres), eachBase(one.postgres)),
				float64(e.statements)/float64(e.counted), e.bytes, 100*ratio(e.json, p50))
		}
	}
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(max(b, 1)) }

// measure does an operation some times, with what the machine spends on it.
func (c *carts) measure(op operation, lines int, into *effort) {
	c.t.Helper()
	calls := 25
	if op.name == "order" {
		calls = 4
	}
	var all []*filled
	for range calls {
		all = append(all, op.cart(lines))
	}
	if err := op.do(op.cart(lines)); err != nil { // warms what it needs
		c.t.Fatal(err)
	}
	counts := into.counted == 0 // once: to tell its figures, a shop asks much
	var sent int64
	if counts {
		sent = statements(c.t, c.url)
	}
	shop, postgres := busy(c.t, c.pids[0]), busy(c.t, c.pids[1])
	for _, b := range all {
		began := time.Now()
		err := op.do(b)
		into.took = append(into.took, time.Since(began))
		if err != nil {
			c.t.Fatalf("%s: %v", op.name, err)
		}
	}
	into.shop += since(shop, busy(c.t, c.pids[0]))
	into.postgres += since(postgres, busy(c.t, c.pids[1]))
	if counts {
		into.statements, into.counted = statements(c.t, c.url)-sent, calls
	}
	into.bytes, into.calls = len(c.buyer.body), into.calls+calls
	into.json = encoding(c.t, c.buyer.body)
}

// encoding is how long it takes to write the JSON of an answer, as the gateway does.
func encoding(t *testing.T, body []byte) time.Duration {
	t.Helper()
	var cart storev1.Envelope[storev1.Cart]
	if json.Unmarshal(body, &cart) != nil || cart.Data.ID == "" {
		return 0
	}
	var all []time.Duration
	for range 9 {
		began := time.Now()
		if _, err := json.Marshal(cart); err != nil {
			t.Fatal(err)
		}
		all = append(all, time.Since(began))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// busy is the processor time that the threads of a process and of its children have had, by thread.
func busy(t *testing.T, pid int) map[string]time.Duration {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]time.Duration{}
	ran(pid, out)
	for _, path := range all {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// The name, in parentheses, may hold anything.
		_, rest, _ := bytes.Cut(stat[max(bytes.LastIndexByte(stat, ')'), 0):], []byte(" "))
		if fields := bytes.Fields(rest); len(fields) > 1 && string(fields[1]) == strconv.Itoa(pid) {
			child, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			ran(child, out)
		}
	}
	return out
}

// since is what the threads that are still there have had from before to now.
func since(before, now map[string]time.Duration) (sum time.Duration) {
	for thread, had := range now {
		sum += had - before[thread]
	}
	return sum
}

// ran adds the processor time of the threads of one process.
func ran(pid int, to map[string]time.Duration) {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	for _, path := range threads {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		if fields := bytes.Fields(stat); len(fields) > 0 {
			ns, _ := strconv.ParseInt(string(fields[0]), 10, 64)
			to[path] = time.Duration(ns)
		}
	}
}
