package inventory_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/services/inventory"
)

func TestIsolation(t *testing.T) {
	t.Parallel()
	r := open(t)
	v, order := r.variant(5), id.New()
	ok(t, r.reserve(order, line(v, 2)))
	pgtest.Isolation(t, r.db)

	other := *r
	other.ctx = r.otherTenant()
	_, err := other.client.GetStock(other.ctx, &inventoryv1.GetStockRequest{VariantId: v.String()})
	is(t, err, inventory.ErrStockNotFound)
	_, err = other.client.ListMovements(other.ctx, &inventoryv1.ListMovementsRequest{VariantId: v.String()})
	is(t, err, inventory.ErrStockNotFound)
	is(t, other.commit(order), inventory.ErrReservationNotFound)
	is(t, other.reserve(id.New(), line(v, 1)), inventory.ErrInsufficientStock)
	// The other shop's tombstone of the same order is its own.
	ok(t, other.release(order))
	r.level(v, 5, 2)
	ok(t, r.commit(order))
	r.level(v, 3, 0)
}

func TestOpenStock(t *testing.T) {
	t.Parallel()
	r := open(t)
	a, b, none := id.New(), id.New(), id.New()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := r.client.OpenStock(r.ctx, &inventoryv1.OpenStockRequest{Items: []*inventoryv1.NewStock{
				{VariantId: b.String(), OnHand: 0, AllowBackorder: true}, {VariantId: a.String(), OnHand: 7}, {VariantId: a.String(), OnHand: 9},
			}}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	r.level(a, 7, 0)
	r.level(b, 0, 0)
	if got := r.ledger(a); !slices.Equal(got, []string{"INITIAL"}) {
		t.Errorf("ledger %v", got)
	}
	res, err := r.client.GetLevels(r.ctx, &inventoryv1.GetLevelsRequest{VariantIds: []string{a.String(), none.String(), b.String()}})
	ok(t, err)
	if len(res.GetStocks()) != 2 {
		t.Errorf("levels %v", res.GetStocks())
	}
	_, err = r.client.GetStock(r.ctx, &inventoryv1.GetStockRequest{VariantId: none.String()})
	is(t, err, inventory.ErrStockNotFound)
	r.sound()
}

func TestAdjust(t *testing.T) {
	t.Parallel()
	r := open(t)
	v, staff := r.variant(10), id.New()
	r.ctx = auth.With(r.ctx, auth.Principal{Kind: auth.Staff, ID: staff, Role: "staff"})
	adjust := func(delta int64, reason inventoryv1.Reason) error {
		_, err := r.client.AdjustStock(r.ctx, &inventoryv1.AdjustStockRequest{VariantId: v.String(), Delta: delta, Reason: reason, Note: "Counted."})
		return err
	}
	ok(t, adjust(-4, inventoryv1.Reason_REASON_DAMAGED))
	is(t, adjust(-7, inventoryv1.Reason_REASON_LOST), inventory.ErrBelowZero)
	is(t, adjust(0, inventoryv1.Reason_REASON_RECEIVED), rpc.ErrInvalid)
	is(t, adjust(1, inventoryv1.Reason_REASON_SOLD), rpc.ErrInvalid)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := adjust(1, inventoryv1.Reason_REASON_RECEIVED); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	r.level(v, 26, 0)
	// A broken unit is broken, whoever waits for it.
	ok(t, r.reserve(id.New(), line(v, 26)))
	ok(t, adjust(-1, inventoryv1.Reason_REASON_DAMAGED))
	if s := r.stock(v); s.GetOnHand() != 25 || s.GetReserved() != 26 || s.GetAvailable() != 0 {
		t.Errorf("got %v", s)
	}
	_, err := r.client.AdjustStock(r.ctx, &inventoryv1.AdjustStockRequest{
		VariantId: id.New().String(), Delta: 1, Reason: inventoryv1.Reason_REASON_RECEIVED,
	})
	is(t, err, inventory.ErrStockNotFound)
	r.sound()

	// The ledger says who and why, walks by number and by position, and cannot be changed.
	var walked []*inventoryv1.Movement
	var after []byte
	for {
		res, err := r.client.ListMovements(r.ctx, &inventoryv1.ListMovementsRequest{
			VariantId: v.String(), Page: &typev1.PageRequest{Limit: 10, After: after},
		})
		ok(t, err)
		if res.GetPage().GetTotal() != 23 {
			t.Fatalf("total %d", res.GetPage().GetTotal())
		}
		walked = append(walked, res.GetMovements()...)
		if after = res.GetPage().GetNext(); len(after) == 0 {
			break
		}
	}
	if len(walked) != 23 || walked[22].GetReason() != inventoryv1.Reason_REASON_INITIAL || walked[22].GetActorId() != "" ||
		walked[0].GetActorId() != staff.String() || walked[0].GetNote() != "Counted." || walked[0].GetDelta() != -1 {
		t.Errorf("%d lines: %v … %v", len(walked), walked[0], walked[len(walked)-1])
	}
	third, err := r.client.ListMovements(r.ctx, &inventoryv1.ListMovementsRequest{VariantId: v.String(), Page: &typev1.PageRequest{Page: 3, Limit: 10}})
	ok(t, err)
	if len(third.GetMovements()) != 3 || third.GetMovements()[2].GetId() != walked[22].GetId() {
		t.Errorf("third page %v", third.GetMovements())
	}
	_, err = r.client.ListMovements(r.ctx, &inventoryv1.ListMovementsRequest{VariantId: v.String(), Page: &typev1.PageRequest{After: []byte("x")}})
	is(t, err, page.ErrBadCursor)
	for _, sql := range []string{"update stock_movements set delta = 1", "delete from stock_movements"} {
		if err := r.db.Write(r.ctx, func(w *pg.Writes) error { w.Exec(sql); return nil }); err == nil {
			t.Errorf("%s: the ledger was changed", sql)
		}
	}
}

func TestBackorder(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := r.variant(1)
	allow := func(yes bool, ifVersion int64) (*inventoryv1.Stock, error) {
		res, err := r.client.UpdateStockSettings(r.ctx, &inventoryv1.UpdateStockSettingsRequest{
			VariantId: v.String(), AllowBackorder: &yes, IfVersion: ifVersion,
		})
		return res.GetStock(), err
	}
	s, err := allow(true, r.stock(v).GetVersion())
	ok(t, err)
	if !s.GetAllowBackorder() || s.GetVersion() != r.stock(v).GetVersion() {
		t.Errorf("got %v, stored %v", s, r.stock(v))
	}
	_, err = allow(false, 1)
	is(t, err, inventory.ErrVersionConflict)
	order := id.New()
	ok(t, r.reserve(order, line(v, 3)))
	ok(t, r.commit(order))
	r.level(v, -2, 0)
	_, err = allow(false, 0)
	ok(t, err)
	is(t, r.reserve(id.New(), line(v, 1)), inventory.ErrInsufficientStock)
	// What is owed comes in step by step.
	_, err = r.client.AdjustStock(r.ctx, &inventoryv1.AdjustStockRequest{VariantId: v.String(), Delta: 1, Reason: inventoryv1.Reason_REASON_RECEIVED})
	ok(t, err)
	r.level(v, -1, 0)
	r.sound()
}

func TestRebuildPutsRightWhatDrifted(t *testing.T) {
	t.Parallel()
	r := open(t)
	a, b, fine := r.variant(5), r.variant(5), r.variant(5)
	ok(t, r.reserve(id.New(), line(a, 2), line(fine, 1)))
	ok(t, r.db.Write(r.ctx, func(w *pg.Writes) error {
		w.Exec("update stock set on_hand = 99, reserved = 0 where variant_id = $1", a)
		w.Exec("update stock set reserved = 5 where variant_id = $1", b)
		return nil
	}))
	for _, dry := range []bool{true, false} {
		res, err := r.client.RebuildBalances(r.ctx, &inventoryv1.RebuildBalancesRequest{DryRun: dry})
		ok(t, err)
		if res.GetChecked() != 3 || len(res.GetDrifts()) != 2 {
			t.Fatalf("dry %v: %v", dry, res)
		}
		for _, d := range res.GetDrifts() {
			if d.GetVariantId() == a.String() && (d.GetOnHandWas() != 99 || d.GetOnHandIs() != 5 || d.GetReservedWas() != 0 || d.GetReservedIs() != 2) {
				t.Errorf("dry %v: %v", dry, d)
			}
		}
	}
	r.level(a, 5, 2)
	r.level(b, 5, 0)
	r.level(fine, 5, 1)
	r.sound()
}

func TestLoad(t *testing.T) {
	t.Parallel()
	r := open(t)
	known := r.variant(3)
	variants := []id.ID{known}
	for range 12_000 {
		variants = append(variants, id.New())
	}
	for range 2 {
		ok(t, inventory.Load(r.ctx, r.db.DB, variants, 40))
	}
	r.level(known, 3, 0)
	r.level(variants[12_000], 40, 0)
	res, err := r.client.RebuildBalances(r.ctx, &inventoryv1.RebuildBalancesRequest{DryRun: true})
	ok(t, err)
	if res.GetChecked() != 12_001 || len(res.GetDrifts()) > 0 {
		t.Errorf("%d checked, %d drifts", res.GetChecked(), len(res.GetDrifts()))
	}
}
