package chaos

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/storev1"
	"github.com/sovecom/sovecom/test/housetest"
)

// code is what a call was refused with; empty when it was not.
func code(err error) string {
	var refused *storev1.APIError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return refused.Code
	}
	return err.Error()
}

func (s *shop) make(in adminv1.CreateProduct) adminv1.Product {
	s.t.Helper()
	p, err := s.admin.CreateProduct(s.t.Context(), in)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// heard waits until the catalogue has heard of all orders there are.
func (s *shop) heard() {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.ground.AdminURL())
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(s.t.Context()))
	housetest.Within(s.t, settled, "the catalogue hears of every order", func() error {
		var waiting int
		err := conn.QueryRow(s.t.Context(), `select count(*) from checkout.order_items i join checkout.orders o on o.id = i.order_id
			join catalog.variants v on v.id = i.variant_id where v.sold_at is null`).Scan(&waiting)
		if err != nil || waiting > 0 {
			return fmt.Errorf("%d variants, %w", waiting, err)
		}
		return nil
	})
}

// A bundle and what it is made of are bought by many at once: no unit is sold twice, none is kept back, and what is
// cancelled comes back whole.
func TestBundleAndItsPartsAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	plenty := housetest.Product(t, s.admin, "CHAOS-2", 100)
	part, other := s.product.Variants[0].ID, plenty.Variants[0].ID
	set := s.make(adminv1.CreateProduct{Title: "Set", Kind: "bundle", Variants: []adminv1.CreateVariant{{Price: adminv1.MoneyInput{Amount: 4900, Currency: "EUR"}}}})
	bundle, err := s.admin.SetComponents(ctx, set.ID, set.Variants[0].ID, adminv1.SetComponents{
		Components: []adminv1.ComponentInput{{VariantID: part, Quantity: 2}, {VariantID: other, Quantity: 1}},
	})
	if err != nil || !bundle.Available || len(bundle.Components) != 2 {
		t.Fatalf("got %+v, %v", bundle, err)
	}

	if _, err := s.admin.UpdateProduct(ctx, set.ID, adminv1.UpdateProduct{Status: adminv1.Some("published")}); err != nil {
		t.Fatal(err)
	}

	// Two lines of one cart share the stock, and are asked for together.
	both, err := housetest.Fill(ctx, s.URL, s.client, bundle.ID, 4)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := both.API.AddItem(ctx, both.ID, storev1.AddItem{VariantID: part, Quantity: 3}); err != nil {
		t.Fatal(err)
	}
	if _, err := both.Buy(ctx, "eleven of ten"); code(err) != "inventory.insufficient_stock" {
		t.Errorf("eleven units of ten: %v", err)
	}
	if _, err := housetest.Fill(ctx, s.URL, s.client, bundle.ID, 6); code(err) != "inventory.insufficient_stock" {
		t.Errorf("twelve units of ten in a cart: %v", err)
	}

	const buyers = 30
	baskets := make([]housetest.Basket, buyers)
	each(buyers, 16, func(i int) {
		variant := part
		if i%2 == 0 {
			variant = bundle.ID
		}
		var err error
		if baskets[i], err = housetest.Fill(ctx, s.URL, s.client, variant, 1); err != nil {
			t.Error(err)
		}
	})
	var sets, singles atomic.Int64
	each(buyers, buyers, func(i int) {
		switch _, err := baskets[i].Buy(ctx, fmt.Sprint("buyer ", i)); {
		case code(err) == "inventory.insufficient_stock":
		case err != nil:
			t.Error(err)
		case i%2 == 0:
			sets.Add(1)
		default:
			singles.Add(1)
		}
	})
	if taken := 2*sets.Load() + singles.Load(); taken != stock { // single ones take what bundles leave
		t.Errorf("%d bundles and %d single ones were sold, which is %d units of %d", sets.Load(), singles.Load(), taken, stock)
	}
	if n := int64(len(s.orders())); n != sets.Load()+singles.Load() {
		t.Errorf("%d orders for %d buyers who got one", n, sets.Load()+singles.Load())
	}
	s.books(stock)
	level, err := s.admin.Inventory(ctx, other)
	if err != nil || level.Reserved != sets.Load() {
		t.Errorf("of the other part: %+v, %v, want %d reserved", level, err, sets.Load())
	}
	housetest.Within(t, settled, "the bundle is sold out", func() error {
		p, err := storev1.Client{BaseURL: s.URL, HTTP: s.client}.Product(ctx, set.Slug)
		if err != nil || p.Variants[0].Available {
			return fmt.Errorf("got %+v, %w", p.Variants, err)
		}
		return nil
	})

	// Everything comes back.
	for _, o := range s.orders() {
		if _, err := s.admin.Cancel(ctx, o.ID, adminv1.Cancel{}); err != nil {
			t.Error(err)
		}
	}
	s.books(0)
	housetest.Within(t, settled, "the bundle is back", func() error {
		p, err := storev1.Client{BaseURL: s.URL, HTTP: s.client}.Product(ctx, set.Slug)
		if err != nil || !p.Variants[0].Available || len(p.Variants[0].Components) != 2 {
			return fmt.Errorf("got %+v, %w", p.Variants, err)
		}
		return nil
	})
}

// What was sold is archived when it is deleted; what was not is gone. Carts that hold it are told, orders that hold it go
// on, and an order that comes at the same moment is not broken.
func TestDeletedWhileItIsBought(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	store := storev1.Client{BaseURL: s.URL, HTTP: s.client}
	late := s.fill(1)
	order, err := s.fill(2).Buy(ctx, "bought")
	if err != nil {
		t.Fatal(err)
	}
	var left *adminv1.Product
	s.heard()
	// Another variant, so that the product keeps one.
	extra, err := s.admin.CreateVariant(ctx, s.product.ID, adminv1.CreateVariant{Title: "Extra", Price: adminv1.MoneyInput{Amount: 1, Currency: "EUR"}})
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := s.admin.DeleteVariant(ctx, s.product.ID, s.product.Variants[0].ID)
	if err != nil || hidden == nil || !hidden.Archived {
		t.Fatalf("a variant that was sold: %+v, %v", hidden, err)
	}
	if gone, err := s.admin.DeleteVariant(ctx, s.product.ID, extra.ID); code(err) != "catalog.variant_required" {
		t.Errorf("the last variant shoppers see: %+v, %v", gone, err)
	}
	if _, err := late.Buy(ctx, "too late"); code(err) != "cart.item_unavailable" {
		t.Errorf("a cart with a variant that was deleted: %v", err)
	}
	if left, err = s.admin.DeleteProduct(ctx, s.product.ID); err != nil || left == nil || left.Status != "archived" {
		t.Fatalf("got %+v, %v", left, err)
	}
	housetest.Within(t, settled, "it is gone from the store", func() error {
		if _, err := store.Product(ctx, s.product.Slug); code(err) != "catalog.product_not_found" {
			return fmt.Errorf("got %w", err)
		}
		return nil
	})
	if o, err := s.admin.Order(ctx, order.ID); err != nil || o.Items[0].SKU != "CHAOS-1" {
		t.Errorf("the order: %+v, %v", o, err)
	}
	if _, err := s.admin.Cancel(ctx, order.ID, adminv1.Cancel{}); err != nil {
		t.Error(err)
	}
	s.books(0)

	// One order and one deletion at the same moment, again and again.
	var placed, refused atomic.Int64
	for i := range 8 {
		p := housetest.Product(t, s.admin, fmt.Sprint("CHAOS-3-", i), 5)
		b, err := housetest.Fill(ctx, s.URL, s.client, p.Variants[0].ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			o, err := b.Buy(ctx, fmt.Sprint("at once ", i))
			switch {
			case code(err) == "cart.item_unavailable":
				refused.Add(1)
			case err != nil:
				t.Error(err)
			default:
				placed.Add(1)
				if _, err := s.admin.Cancel(ctx, o.ID, adminv1.Cancel{}); err != nil {
					t.Errorf("cancelling it: %v", err)
				}
			}
		})
		wg.Go(func() {
			if _, err := s.admin.DeleteProduct(ctx, p.ID); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		housetest.Within(t, settled, "the books of "+p.Slug, func() error {
			level, err := s.admin.Inventory(ctx, p.Variants[0].ID)
			if err != nil || level.Reserved != 0 || level.OnHand != 5 {
				return fmt.Errorf("got %+v, %w", level, err)
			}
			return nil
		})
	}
	t.Logf("%d orders were placed, %d refused", placed.Load(), refused.Load())
}

// The store shows a product within a second of its moment, and hides it within a second of its end.
func TestScheduleInTheStore(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	store := storev1.Client{BaseURL: s.URL, HTTP: s.client}
	begin := time.Now().Add(2 * time.Second).Truncate(time.Millisecond)
	end := begin.Add(3 * time.Second)
	at := func(moment time.Time) *adminv1.Time { t := storev1.At(moment); return &t }
	p := s.make(adminv1.CreateProduct{
		Title: "Soon", PublishAt: at(begin), UnpublishAt: at(end), Variants: []adminv1.CreateVariant{{Price: adminv1.MoneyInput{Amount: 1, Currency: "EUR"}, Stock: 1}},
	})
	if p.PublishAt == nil || !p.PublishAt.Equal(begin) || p.Status != "draft" {
		t.Errorf("got %+v", p)
	}
	until := func(shown bool) time.Time {
		t.Helper()
		housetest.Within(t, settled, fmt.Sprint("shown: ", shown), func() error {
			_, err := store.Product(ctx, p.Slug)
			if got := code(err); (got == "") != shown || got != "" && got != "catalog.product_not_found" {
				return fmt.Errorf("got %q", got)
			}
			return nil
		})
		return time.Now()
	}
	for what, d := range map[string]time.Duration{"beginning": until(true).Sub(begin), "end": until(false).Sub(end)} {
		if d < 0 || d > 2*time.Second { // a second by promise, and a machine under load
			t.Errorf("the %s is %s off", what, d)
		}
	}
	_, err := s.admin.UpdateProduct(ctx, p.ID, adminv1.UpdateProduct{PublishAt: adminv1.Some(*at(end)), UnpublishAt: adminv1.Some(*at(begin))})
	var refused *storev1.APIError
	if !errors.As(err, &refused) || refused.Status != http.StatusUnprocessableEntity || refused.Code != "catalog.schedule_invalid" {
		t.Errorf("an end before the beginning: %v", err)
	}
}
