package checkout_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/services/checkout"
)

// sale is an order of a variant with a file.
type sale struct {
	*shop

	order, token, file string
	total              int64
}

// sellFile sells units of a variant with a file; the order is not paid.
func sellFile(t *testing.T, units int64, file *catalogv1.SoldFile) *sale {
	t.Helper()
	s := open(t)
	variant := s.stock.add(units)
	file.Name = "pattern.pdf"
	b := s.carts.fill(line{variant, units})
	placed, err := s.buy(s.shopper(), b, "order "+b.id)
	ok(t, err)
	return &sale{s, placed.GetOrder().GetId(), placed.GetAccessToken(), s.files.sell(variant, file), placed.GetOrder().GetTotals().GetTotal().GetAmount()}
}

func (s *sale) paid() *sale {
	s.t.Helper()
	_, err := s.pay(s.admin(), s.order, s.total, "pay")
	ok(s.t, err)
	return s
}

func (s *sale) list() *checkoutv1.OrderDownload {
	s.t.Helper()
	res, err := s.client.ListOrderDownloads(s.shopper(), &checkoutv1.ListOrderDownloadsRequest{OrderId: s.order, AccessToken: s.token})
	ok(s.t, err)
	if len(res.GetDownloads()) != 1 {
		s.t.Fatalf("got %v", res.GetDownloads())
	}
	return res.GetDownloads()[0]
}

func (s *sale) download(ctx context.Context, key string) (*checkoutv1.CreateOrderDownloadResponse, error) {
	return s.client.CreateOrderDownload(ctx, &checkoutv1.CreateOrderDownloadRequest{OrderId: s.order, FileId: s.file, AccessToken: s.token, IdempotencyKey: key})
}

// used checks how many downloads were counted and announced.
func (s *sale) used(want int64) {
	s.t.Helper()
	equal(s.t, "downloads counted", s.count("order_downloads o, generate_series(1, o.used)"), want)
	equal(s.t, "downloads announced", s.count("outbox where subject = 'evt.checkout.download.granted'"), want)
}

func TestBuyersGetTheirFile(t *testing.T) {
	t.Parallel()
	s := sellFile(t, 2, &catalogv1.SoldFile{DownloadLimit: new(int32(1)), ExpiresAfterDays: new(int32(10))})
	before := s.list()
	equal(t, "refusal", before.GetRefusal(), checkoutv1.DownloadRefusal_DOWNLOAD_REFUSAL_UNPAID)
	if before.GetExpiresAt() != nil {
		t.Error("the days began before the order was paid")
	}
	_, err := s.download(s.shopper(), "")
	is(t, err, checkout.ErrFileUnpaid)
	s.clock.forward(24 * time.Hour)
	s.paid()
	after := s.list()
	equal(t, "refusal", after.GetRefusal(), checkoutv1.DownloadRefusal_DOWNLOAD_REFUSAL_UNSPECIFIED)
	equal(t, "name", after.GetName(), "pattern.pdf")
	equal(t, "line", after.GetOrderItemId(), s.get(s.order).GetItems()[0].GetId())
	equal(t, "limit", after.GetLimit(), 2)
	equal(t, "remaining", after.GetRemaining(), 2)
	if want := s.clock.Now().AddDate(0, 0, 10); !after.GetExpiresAt().AsTime().Equal(want) {
		t.Errorf("expires at %v, want %v", after.GetExpiresAt().AsTime(), want)
	}
	got, err := s.download(s.shopper(), "")
	ok(t, err)
	equal(t, "remaining", got.GetRemaining(), 1)
	if !strings.HasSuffix(got.GetUrl(), "/pattern.pdf") || got.GetExpiresAt() == nil {
		t.Errorf("got %v", got)
	}
	s.used(1)
	s.clock.forward(10 * 24 * time.Hour)
	_, err = s.download(s.shopper(), "")
	is(t, err, checkout.ErrFileExpired)
	equal(t, "refusal", s.list().GetRefusal(), checkoutv1.DownloadRefusal_DOWNLOAD_REFUSAL_EXPIRED)
	s.used(1)
}

// Of many downloads at once no more are granted than the limit, and the others are told so.
func TestFiftyDownloadsAtOnce(t *testing.T) {
	t.Parallel()
	s := sellFile(t, 1, &catalogv1.SoldFile{DownloadLimit: new(int32(3))}).paid()
	errs := make([]error, 50)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { _, errs[i] = s.download(s.shopper(), "") })
	}
	all.Wait()
	granted := 0
	for _, err := range errs {
		switch {
		case err == nil:
			granted++
		case !errors.Is(err, checkout.ErrFileUsedUp):
			t.Errorf("got %v", err)
		}
	}
	equal(t, "downloads granted", granted, 3)
	s.used(3)
	equal(t, "remaining", s.list().GetRemaining(), 0)
	equal(t, "refusal", s.list().GetRefusal(), checkoutv1.DownloadRefusal_DOWNLOAD_REFUSAL_USED_UP)
}

// A key counts once, also at once and after its answer was lost, and names one file.
func TestADownloadIsCountedOnce(t *testing.T) {
	t.Parallel()
	s := sellFile(t, 1, &catalogv1.SoldFile{DownloadLimit: new(int32(1))}).paid()
	errs := make([]error, 10)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { _, errs[i] = s.download(s.shopper(), "once") })
	}
	all.Wait()
	for _, err := range errs {
		ok(t, err)
	}
	s.used(1)
	_, err := s.download(s.shopper(), "twice")
	is(t, err, checkout.ErrFileUsedUp)
	variant, err := id.Parse(s.get(s.order).GetItems()[0].GetVariantId())
	ok(t, err)
	s.file = s.files.sell(variant, &catalogv1.SoldFile{Name: "other.pdf"})
	_, err = s.download(s.shopper(), "once")
	is(t, err, checkout.ErrKeyReused)
	got, err := s.download(s.shopper(), "other")
	ok(t, err)
	if got.Remaining != nil {
		t.Errorf("%d are left of a file without a limit", got.GetRemaining())
	}
	s.used(2)
}

// Nobody but the buyer gets anything.
func TestDownloadsOfOthers(t *testing.T) {
	t.Parallel()
	s := sellFile(t, 1, &catalogv1.SoldFile{}).paid()
	other := s.shop.order(1).GetId()
	for name, c := range map[string]struct {
		ctx                context.Context
		order, file, token string
		want               error
	}{
		"no token":              {s.shopper(), s.order, s.file, "", auth.ErrUnauthenticated},
		"another token":         {s.shopper(), s.order, s.file, s.token + "x", checkout.ErrOrderNotFound},
		"another order's token": {s.shopper(), other, s.file, s.token, checkout.ErrOrderNotFound},
		"another customer":      {s.customer(id.New()), s.order, s.file, "", checkout.ErrOrderNotFound},
		"another shop":          {s.elsewhere(s.shopper()), s.order, s.file, s.token, checkout.ErrOrderNotFound},
		"an unknown order":      {s.shopper(), id.New().String(), s.file, s.token, checkout.ErrOrderNotFound},
		"staff":                 {s.admin(), s.order, s.file, "", auth.ErrUnauthenticated},
		"an unknown file":       {s.shopper(), s.order, id.New().String(), s.token, checkout.ErrFileNotFound},
	} {
		_, err := s.client.CreateOrderDownload(c.ctx, &checkoutv1.CreateOrderDownloadRequest{OrderId: c.order, FileId: c.file, AccessToken: c.token})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if errors.Is(c.want, checkout.ErrFileNotFound) {
			continue
		}
		if _, err := s.client.ListOrderDownloads(c.ctx, &checkoutv1.ListOrderDownloadsRequest{OrderId: c.order, AccessToken: c.token}); !errors.Is(err, c.want) {
			t.Errorf("%s lists: %v, want %v", name, err, c.want)
		}
	}
	s.used(0)
}

// A signed-in customer needs no token.
func TestDownloadsOfACustomer(t *testing.T) {
	t.Parallel()
	s, me := open(t), id.New()
	variant := s.stock.add(1)
	b := s.carts.fill(line{variant, 1})
	s.carts.give(b, me)
	placed, err := s.buy(s.customer(me), b, "order")
	ok(t, err)
	mine := &sale{s, placed.GetOrder().GetId(), "", s.files.sell(variant, &catalogv1.SoldFile{Name: "a"}), placed.GetOrder().GetTotals().GetTotal().GetAmount()}
	mine.paid()
	_, err = mine.download(s.customer(me), "")
	ok(t, err)
	mine.used(1)
}

// What cannot be downloaded is not counted, and the buyer has it when the rooms are back.
func TestNothingIsCountedWhileARoomIsAway(t *testing.T) {
	t.Parallel()
	s := sellFile(t, 1, &catalogv1.SoldFile{DownloadLimit: new(int32(1))}).paid()
	for _, method := range []string{"ListSoldFiles", "SignDownload"} {
		s.files.strike(method, answerLost, 100)
		_, err := s.download(s.shopper(), "key")
		is(t, err, errAway)
		s.used(0)
		s.files.strike(method, answerLost, 0)
	}
	_, err := s.download(s.shopper(), "key")
	ok(t, err)
	s.used(1)
}

// What the order and the catalogue become later counts at once.
func TestDownloadsFollowWhatHappensLater(t *testing.T) {
	t.Parallel()
	s := sellFile(t, 1, &catalogv1.SoldFile{DownloadLimit: new(int32(2))}).paid()
	_, err := s.download(s.shopper(), "")
	ok(t, err)
	s.files.change(func(sold []*catalogv1.SoldFile) []*catalogv1.SoldFile {
		sold[0].DownloadLimit = new(int32(1))
		return sold
	})
	_, err = s.download(s.shopper(), "")
	is(t, err, checkout.ErrFileUsedUp)
	s.files.change(func(sold []*catalogv1.SoldFile) []*catalogv1.SoldFile {
		sold[0].DownloadLimit, sold[0].MediaId = nil, nil
		return sold
	})
	_, err = s.download(s.shopper(), "")
	is(t, err, checkout.ErrFileElsewhere)
	equal(t, "refusal", s.list().GetRefusal(), checkoutv1.DownloadRefusal_DOWNLOAD_REFUSAL_ELSEWHERE)
	s.files.change(func([]*catalogv1.SoldFile) []*catalogv1.SoldFile { return nil })
	_, err = s.download(s.shopper(), "")
	is(t, err, checkout.ErrFileNotFound)
	s.files.change(func([]*catalogv1.SoldFile) []*catalogv1.SoldFile {
		return []*catalogv1.SoldFile{{Id: s.file, VariantId: s.get(s.order).GetItems()[0].GetVariantId(), MediaId: new(id.New().String())}}
	})
	_, err = s.download(s.shopper(), "")
	ok(t, err)
	_, err = s.refund(s.admin(), s.order, s.total, "refund")
	ok(t, err)
	_, err = s.download(s.shopper(), "")
	is(t, err, checkout.ErrFileRefunded)
	s.used(2)
}
