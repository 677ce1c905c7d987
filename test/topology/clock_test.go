package topology

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/storev1"
	"github.com/sovecom/sovecom/test/housetest"
)

// TestPriceWindow replays the cases of Directive 98/6/EC, Art. 6a, from outside: the same shop is started again and again
// with its clock moved on, and each price and the prior price that goes with it are looked up wherever shoppers see them.
func TestPriceWindow(t *testing.T) {
	t.Parallel()
	ground := housetest.NewGround(t)
	shop := ground.Start(housetest.Binary(t), []string{"all"})
	w := &windowed{t: t, shop: shop, made: map[string]adminv1.Product{}, lists: map[string]string{}}
	for i, day := range w.story() {
		if i > 0 {
			shop.Room("all").Stop()
			shop.Launch("all", fmt.Sprintf("SOVECOM_CLOCK_OFFSET=%dh", 24*day.number))
			shop.AwaitReady("all")
		}
		w.number = day.number
		w.admin = housetest.Admin(t, shop.URL, housetest.HTTP(t, 4))
		w.store = storev1.Client{BaseURL: shop.URL, HTTP: housetest.HTTP(t, 4)}
		day.happens()
	}
}

// windowed is a shop whose clock is moved.
type windowed struct {
	t      *testing.T
	shop   *housetest.Shop
	admin  adminv1.Client
	store  storev1.Client
	number int // of the day
	made   map[string]adminv1.Product
	lists  map[string]string
}

type storyDay struct {
	number  int
	happens func()
}

const none = -1

// story is what happens, day by day. Products are named after what they show.
func (w *windowed) story() []storyDay {
	eur, sek, france := storev1.PriceQuery{Currency: "EUR"}, storev1.PriceQuery{Currency: "SEK"}, storev1.PriceQuery{Currency: "EUR", Country: "FR"}
	var start time.Time
	return []storyDay{
		{0, func() {
			for _, name := range []string{"long", "row", "updown", "edited", "imported", "sale", "prolonged", "abroad", "crowns", "frozen"} {
				w.make(name, "published", 10000)
			}
			w.make("firstday", "published", 10000)
			w.price("firstday", 9000)
			w.sees("firstday", eur, 9000, 10000)
			w.make("draft", "draft", 100) // somebody has still to say what it costs
			w.price("draft", 10000)
			w.status("draft", "published")
			w.prices("crowns", 120000)
			start = w.made["long"].CreatedAt.Time
			w.list("sale", adminv1.CreatePriceList{StartsAt: new(storev1.At(start.AddDate(0, 0, 35))), EndsAt: new(storev1.At(start.AddDate(0, 0, 40)))}, 7000)
			w.list("prolonged", adminv1.CreatePriceList{StartsAt: new(storev1.At(start.AddDate(0, 0, 35))), EndsAt: new(storev1.At(start.AddDate(0, 0, 40)))}, 7000)
		}},
		{10, func() {
			w.price("row", 9000)
			w.sees("row", eur, 9000, 10000)
			w.price("updown", 8000)
			w.sees("updown", eur, 8000, 10000)
			w.price("draft", 8000)
			w.sees("draft", eur, 8000, 10000) // and not 100, which nobody could pay
		}},
		{31, func() {
			w.price("row", 8000)
			w.sees("row", eur, 8000, 9000) // several in a row see each other
			w.price("long", 8000)
			w.sees("long", eur, 8000, 10000) // set long before the window
			w.price("updown", 10000)
			w.sees("updown", eur, 10000, none)
			w.price("frozen", 8000)
			w.prices("crowns", 90000)
			w.sees("crowns", eur, 10000, none)
			w.sees("crowns", sek, 90000, 120000)
			w.list("abroad", adminv1.CreatePriceList{Country: new("FR")}, 7000)
			w.sees("abroad", france, 7000, 10000)
			w.sees("abroad", eur, 10000, none)
			w.sees("sale", eur, 10000, none)
		}},
		{36, func() {
			w.sees("sale", eur, 7000, 10000) // begun while the shop was away
			w.sees("prolonged", eur, 7000, 10000)
			if _, err := w.admin.UpdatePriceList(w.t.Context(), w.lists["prolonged"], adminv1.UpdatePriceList{EndsAt: storev1.Some(start.AddDate(0, 0, 80))}); err != nil {
				w.t.Fatal(err)
			}
		}},
		{50, func() {
			w.sees("sale", eur, 10000, none)
			w.price("sale", 9000)
			w.sees("sale", eur, 9000, 7000) // the sale before counts
			w.sees("prolonged", eur, 7000, 10000)
			w.price("updown", 9000)
			w.sees("updown", eur, 9000, 8000) // in force until day 31
			w.edit("edited", -20)
			w.sees("edited", eur, 8000, 10000)
			w.load("imported", "75.00")
			w.sees("imported", eur, 7500, 10000)
			w.load("imported", "75.00")
			w.sees("imported", eur, 7500, 10000)
		}},
		{100, func() {
			w.sees("frozen", eur, 8000, 10000)
			w.price("frozen", 7500)
			w.sees("frozen", eur, 7500, 8000)
			w.sees("abroad", france, 7000, 10000)
			w.sees("prolonged", eur, 10000, none)
		}},
	}
}

func (w *windowed) make(name, status string, amount int64) {
	w.t.Helper()
	p, err := w.admin.CreateProduct(w.t.Context(), adminv1.CreateProduct{
		Title: name, Status: status, Variants: []adminv1.CreateVariant{{SKU: name, Price: adminv1.MoneyInput{Amount: amount, Currency: "EUR"}, Stock: 100}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.made[name] = p
}

func (w *windowed) status(name, status string) {
	w.t.Helper()
	if _, err := w.admin.UpdateProduct(w.t.Context(), w.made[name].ID, adminv1.UpdateProduct{Status: storev1.Some(status)}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *windowed) change(name string, in adminv1.UpdateVariant) {
	w.t.Helper()
	p := w.made[name]
	if _, err := w.admin.UpdateVariant(w.t.Context(), p.ID, p.Variants[0].ID, in); err != nil {
		w.t.Fatal(err)
	}
}

func (w *windowed) price(name string, amount int64) {
	w.t.Helper()
	w.change(name, adminv1.UpdateVariant{Price: storev1.Some(adminv1.MoneyInput{Amount: amount, Currency: "EUR"})})
}

// prices sets that in crowns.
func (w *windowed) prices(name string, amount int64) {
	w.t.Helper()
	w.change(name, adminv1.UpdateVariant{Prices: storev1.Some([]adminv1.SetVariantPrice{{Price: adminv1.MoneyInput{Amount: amount, Currency: "SEK"}}})})
}

func (w *windowed) list(name string, in adminv1.CreatePriceList, amount int64) {
	w.t.Helper()
	in.Name, in.Type, in.Status = name, "sale", "active"
	l, err := w.admin.CreatePriceList(w.t.Context(), in)
	if err == nil {
		w.lists[name] = l.ID
		_, err = w.admin.SetListPrices(w.t.Context(), l.ID, adminv1.SetListPrices{Prices: []adminv1.SetListPrice{{SKU: name, Currency: "EUR", Amount: amount}}})
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *windowed) edit(name string, percent float64) {
	w.t.Helper()
	res, err := w.admin.EditProducts(w.t.Context(), adminv1.EditProducts{IDs: []string{w.made[name].ID}, Price: &adminv1.PriceShift{Percent: &percent}})
	if err != nil || res.Meta.Changed != 1 {
		w.t.Fatalf("got %v, %v", res, err)
	}
}

// load imports a price from a file.
func (w *windowed) load(name, price string) {
	w.t.Helper()
	job, err := w.admin.ImportProducts(w.t.Context(), adminv1.ImportQuery{Format: "csv"},
		strings.NewReader("product_slug,variant_sku,price,currency\n"+w.made[name].Slug+","+name+","+price+",EUR\n"))
	if err != nil {
		w.t.Fatal(err)
	}
	housetest.Within(w.t, time.Minute, "the import", func() error {
		job, err = w.admin.Job(w.t.Context(), job.ID)
		if err == nil && (job.Status != "succeeded" || job.Failed != 0) {
			err = fmt.Errorf("the job is %v", job)
		}
		return err
	})
}

// sees waits until shoppers see a price and the prior price that goes with it, in the product, in lists, in search and in a
// cart.
func (w *windowed) sees(name string, who storev1.PriceQuery, price, prior int64) {
	w.t.Helper()
	p := w.made[name]
	housetest.Within(w.t, 10*time.Second, fmt.Sprintf("day %d: %s of %v", w.number, name, who), func() error {
		ctx := w.t.Context()
		one, err := w.store.WithPrices(who).Product(ctx, p.Slug)
		errs := []error{err, same("the product", one.Variants, price, prior)}
		list, err := w.store.Products(ctx, storev1.ProductQuery{PriceQuery: who, PageQuery: storev1.PageQuery{Limit: 100}})
		errs = append(errs, err)
		for _, q := range list.Data {
			if q.ID == p.ID {
				errs = append(errs, same("the list", q.Variants, price, prior))
			}
		}
		found, err := w.store.Search(ctx, storev1.SearchQuery{PriceQuery: who, Q: name})
		errs = append(errs, err)
		shown := false
		for _, q := range found.Data {
			if q.ID == p.ID {
				shown = true
				errs = append(errs, same("search", q.Variants, price, prior))
			}
		}
		if !shown {
			errs = append(errs, errors.New("search does not find it"))
		}
		return errors.Join(errs...)
	})
	if who.Currency != "EUR" {
		return // the shop does not sell in it
	}
	if err := w.cart(w.t.Context(), p, who, price, prior); err != nil {
		w.t.Errorf("day %d: %s of %v: %v", w.number, name, who, err)
	}
}

func (w *windowed) cart(ctx context.Context, p adminv1.Product, who storev1.PriceQuery, price, prior int64) error {
	c, err := w.store.CreateCart(ctx, storev1.CreateCart{Currency: who.Currency, Country: who.Country})
	if err != nil {
		return err
	}
	filled, err := w.store.WithCart(c.Token).AddItem(ctx, c.ID, storev1.AddItem{VariantID: p.Variants[0].ID, Quantity: 1})
	if err != nil {
		return err
	}
	return told("the cart", filled.Items[0].UnitPrice, filled.Items[0].PriorPrice, price, prior)
}

func same(where string, variants []storev1.Variant, price, prior int64) error {
	if len(variants) != 1 {
		return fmt.Errorf("%s has %d variants", where, len(variants))
	}
	return told(where, variants[0].Price, variants[0].PriorPrice, price, prior)
}

func told(where string, is storev1.Money, was *storev1.Money, price, prior int64) error {
	before := int64(none)
	if was != nil {
		before = was.Amount
	}
	if is.Amount != price || before != prior {
		return fmt.Errorf("%s tells %d, before %d; want %d, %d", where, is.Amount, before, price, prior)
	}
	return nil
}
