package webhook

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	webhookv1 "github.com/sovecom/sovecom/gen/sovecom/webhook/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

func ptr[T any](v T) *T { return &v }

func TestSubscriptions(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	ctx := admin(t)
	sub, key := s.subscribe(ctx, t, "http://127.0.0.1:9/hook", "order.paid")
	if !sub.GetActive() || sub.GetVersion() != 1 || !sub.GetCreatedAt().AsTime().Equal(s.clock.now()) {
		t.Errorf("%v", sub)
	}
	read, err := s.client.GetSubscription(ctx, &webhookv1.GetSubscriptionRequest{Id: sub.GetId()})
	if err != nil || read.GetSubscription().String() != sub.String() {
		t.Errorf("%v, %v", read, err)
	}
	s.clock.pass(time.Minute)
	changed, err := s.client.UpdateSubscription(ctx, &webhookv1.UpdateSubscriptionRequest{
		Id: sub.GetId(), IfVersion: 1, Events: []string{"product.deleted", "order.created"}, Description: ptr("mine"), Active: ptr(false),
	})
	got := changed.GetSubscription()
	if err != nil || got.GetVersion() != 2 || got.GetActive() || got.GetDescription() != "mine" || changed.GetSecret() != "" ||
		!slices.Equal(got.GetEvents(), []string{"product.deleted", "order.created"}) || got.GetUrl() != sub.GetUrl() {
		t.Errorf("%v, %v", changed, err)
	}
	_, err = s.client.UpdateSubscription(ctx, &webhookv1.UpdateSubscriptionRequest{Id: sub.GetId(), IfVersion: 1, Active: ptr(true)})
	if !errors.Is(err, ErrVersion) || fault.From(err).Kind() != fault.KindStale {
		t.Errorf("a stale change: %v", err)
	}
	same, err := s.client.UpdateSubscription(ctx, &webhookv1.UpdateSubscriptionRequest{Id: sub.GetId(), Description: ptr("mine"), Active: ptr(false)})
	if err != nil || same.GetSubscription().GetVersion() != 2 {
		t.Errorf("a repeated change counts: %v, %v", same, err)
	}
	cleared, err := s.client.UpdateSubscription(ctx, &webhookv1.UpdateSubscriptionRequest{Id: sub.GetId(), ClearDescription: true, RotateSecret: true})
	if err != nil || cleared.GetSubscription().Description != nil || bytes.Equal(keyOf(t, cleared.GetSecret()), key) {
		t.Errorf("%v, %v", cleared, err)
	}
	if _, err := s.client.DeleteSubscription(ctx, &webhookv1.DeleteSubscriptionRequest{Id: sub.GetId(), IfVersion: 2}); !errors.Is(err, ErrVersion) {
		t.Errorf("a stale deletion: %v", err)
	}
	if _, err := s.client.DeleteSubscription(ctx, &webhookv1.DeleteSubscriptionRequest{Id: sub.GetId()}); err != nil {
		t.Error(err)
	}
	for name, err := range map[string]error{
		"get":    second(s.client.GetSubscription(ctx, &webhookv1.GetSubscriptionRequest{Id: sub.GetId()})),
		"update": second(s.client.UpdateSubscription(ctx, &webhookv1.UpdateSubscriptionRequest{Id: sub.GetId()})),
		"delete": second(s.client.DeleteSubscription(ctx, &webhookv1.DeleteSubscriptionRequest{Id: sub.GetId()})),
	} {
		if !errors.Is(err, ErrSubscriptionNotFound) {
			t.Errorf("%s of what is gone: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := open(t, func(cfg *Config) { cfg.AllowInsecure, cfg.MaxSubscriptions = false, 2 })
	ctx := admin(t)
	for _, c := range []struct {
		url, event, field string
		want              error
	}{
		{"ftp://example.com", "order.paid", "url", ErrURL},
		{"https://10.0.0.1/hook", "order.paid", "url", ErrURL},
		{"https://1.1.1.1", "order.imagined", "events[0]", ErrUnknownEvent},
	} {
		_, err := s.client.CreateSubscription(ctx, &webhookv1.CreateSubscriptionRequest{Url: c.url, Events: []string{c.event}})
		f := fault.From(err)
		if !errors.Is(err, c.want) || f.Kind() != fault.KindInvalid || len(f.Fields()) != 1 || f.Fields()[0].Field != c.field {
			t.Errorf("%s %s: %v %v", c.url, c.event, err, f.Fields())
		}
	}
	_, err := s.client.CreateSubscription(ctx, &webhookv1.CreateSubscriptionRequest{Url: "https://1.1.1.1"})
	if f := fault.From(err).Fields(); len(f) != 1 || f[0].Field != "events" {
		t.Errorf("no events: %v %v", err, f)
	}
	sub, _ := s.subscribe(ctx, t, "https://1.1.1.1/hook", "order.paid")
	s.subscribe(ctx, t, "https://1.1.1.1/other", "order.paid")
	_, err = s.client.CreateSubscription(ctx, &webhookv1.CreateSubscriptionRequest{Url: "https://1.1.1.1", Events: []string{"order.paid"}})
	if !errors.Is(err, ErrTooManySubscriptions) {
		t.Errorf("one too many: %v", err)
	}
	for name, req := range map[string]*webhookv1.UpdateSubscriptionRequest{
		"url":    {Id: sub.GetId(), Url: ptr("http://1.1.1.1")},
		"events": {Id: sub.GetId(), Events: []string{"order.paid", "customer.registered"}},
	} {
		if _, err := s.client.UpdateSubscription(ctx, req); fault.From(err).Kind() != fault.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	staff := auth.With(ctx, auth.Principal{Kind: auth.Staff, ID: id.New(), Role: "staff"})
	if _, err := s.client.ListSubscriptions(staff, &webhookv1.ListSubscriptionsRequest{}); fault.From(err).Kind() != fault.KindDenied {
		t.Errorf("without the permission: %v", err)
	}
}

// Every secret that was shown signs for a day after it was replaced, also when two people replace it at once.
func TestRotation(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	ctx := admin(t)
	r := listen(t, nil)
	sub, first := s.subscribe(ctx, t, r.URL, "order.created")
	keys := [][]byte{first}
	var mu sync.Mutex
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			res, err := s.client.UpdateSubscription(ctx, &webhookv1.UpdateSubscriptionRequest{Id: sub.GetId(), RotateSecret: true})
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			keys = append(keys, keyOf(t, res.GetSecret()))
		})
	}
	both.Wait()
	signing := func() int {
		t.Helper()
		s.happens(t, s.orderEvent(t, id.New(), 1))
		drainAll(t, s.svc)
		h := r.all()[len(r.all())-1]
		n := 0
		for _, key := range keys {
			if h.verify(key) == nil {
				n++
			}
		}
		if all := len(strings.Fields(h.header.Get("webhook-signature"))); all != n {
			t.Errorf("%d signatures, %d of them known", all, n)
		}
		return n
	}
	if n := signing(); n != 3 {
		t.Errorf("%d of 3 secrets sign", n)
	}
	s.clock.pass(24*time.Hour - time.Second)
	if n := signing(); n != 3 {
		t.Errorf("%d of 3 secrets sign within the day", n)
	}
	s.clock.pass(2 * time.Second)
	if n := signing(); n != 1 {
		t.Errorf("%d secrets sign after the day", n)
	}
	var err error
	for range maxSecrets {
		_, err = s.client.UpdateSubscription(ctx, &webhookv1.UpdateSubscriptionRequest{Id: sub.GetId(), RotateSecret: true})
	}
	if !errors.Is(err, ErrTooManySecrets) {
		t.Errorf("rotated without an end: %v", err)
	}
}

// What lies in the database is not the secret, and opens in no other row.
func TestSecretsAreSealed(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	sub, key := s.subscribe(admin(t), t, "http://127.0.0.1:9", "order.paid")
	var secret id.ID
	var sealed []byte
	var found bool
	if err := s.db.Read(pgtest.Context(t), func(b *pg.Batch) {
		pg.Row(b.Queue(`select id, sealed from secrets`), &found, &secret, &sealed)
	}); err != nil || !found {
		t.Fatal(found, err)
	}
	if bytes.Contains(sealed, key) {
		t.Error("the secret lies open")
	}
	subID, _ := id.Parse(sub.GetId())
	if got, err := s.svc.vault.open(sealed, tenant.Default(), subID, secret); err != nil || !bytes.Equal(got, key) {
		t.Errorf("it does not open: %v", err)
	}
	other, err := newVault(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"another subscription": second(s.svc.vault.open(sealed, tenant.Default(), id.New(), secret)),
		"another shop":         second(s.svc.vault.open(sealed, id.New(), subID, secret)),
		"another row":          second(s.svc.vault.open(sealed, tenant.Default(), subID, id.New())),
		"another key":          second(other.open(sealed, tenant.Default(), subID, secret)),
	} {
		if err == nil {
			t.Errorf("it opens for %s", name)
		}
	}
	// With the wrong key nothing is sent unsigned, and nothing is lost.
	s.svc.vault = other
	s.happens(t, s.orderEvent(t, id.New(), 2))
	drainAll(t, s.svc)
	if d := s.only(admin(t), t, sub.GetId()); d.GetStatus() != isFailed || !strings.Contains(d.GetError(), "secret") {
		t.Errorf("%v", d)
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	ctx := admin(t)
	r := listen(t, nil)
	var subs []string
	for range 5 {
		sub, _ := s.subscribe(ctx, t, r.URL, "order.created")
		subs = append([]string{sub.GetId()}, subs...)
	}
	var got []string
	var after []byte
	for {
		res, err := s.client.ListSubscriptions(ctx, &webhookv1.ListSubscriptionsRequest{Page: &typev1.PageRequest{Limit: 2, After: after}})
		if err != nil || res.GetPage().GetTotal() != 5 {
			t.Fatal(res, err)
		}
		for _, sub := range res.GetSubscriptions() {
			got = append(got, sub.GetId())
		}
		if after = res.GetPage().GetNext(); len(after) == 0 {
			break
		}
	}
	if !slices.Equal(got, subs) {
		t.Errorf("newest first is %v, got %v", subs, got)
	}
	s.happens(t, s.orderEvent(t, id.New(), 1))
	drainAll(t, s.svc)
	s.happens(t, s.orderEvent(t, id.New(), 1))
	for _, c := range []struct {
		req   *webhookv1.ListDeliveriesRequest
		total int64
	}{
		{&webhookv1.ListDeliveriesRequest{}, 10},
		{&webhookv1.ListDeliveriesRequest{Status: isDelivered}, 5},
		{&webhookv1.ListDeliveriesRequest{Status: isPending, SubscriptionId: subs[0]}, 1},
		{&webhookv1.ListDeliveriesRequest{SubscriptionId: subs[1]}, 2},
		{&webhookv1.ListDeliveriesRequest{Status: isExhausted}, 0},
		{&webhookv1.ListDeliveriesRequest{SubscriptionId: id.New().String()}, 0},
	} {
		seen, after := map[string]bool{}, []byte(nil)
		for {
			c.req.Page = &typev1.PageRequest{Limit: 3, After: after}
			res, err := s.client.ListDeliveries(ctx, c.req)
			if err != nil || res.GetPage().GetTotal() != c.total {
				t.Fatalf("%v: %v, %v", c.req, res, err)
			}
			for _, d := range res.GetDeliveries() {
				seen[d.GetId()] = true
			}
			if after = res.GetPage().GetNext(); len(after) == 0 {
				break
			}
		}
		if int64(len(seen)) != c.total {
			t.Errorf("%v: walked over %d of %d", c.req, len(seen), c.total)
		}
		c.req.Page = &typev1.PageRequest{Page: 2, Limit: 3}
		res, err := s.client.ListDeliveries(ctx, c.req)
		if want := max(0, min(c.total-3, 3)); err != nil || int64(len(res.GetDeliveries())) != want {
			t.Errorf("%v: page 2 has %d, %v", c.req, len(res.GetDeliveries()), err)
		}
	}
	for _, bad := range [][]byte{{1}, {3, 'a', 'b', 'c'}} {
		_, err := s.client.ListDeliveries(ctx, &webhookv1.ListDeliveriesRequest{Page: &typev1.PageRequest{After: bad}})
		if fault.From(err).Code() != "page.bad_cursor" {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// An event that comes twice, or after its subscription was deleted, does no harm.
func TestEventsTwiceAndTooLate(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	ctx := admin(t)
	sub, _ := s.subscribe(ctx, t, deaf(t), "order.created")
	e := s.orderEvent(t, id.New(), 1)
	s.happens(t, e)
	s.happens(t, e)
	s.only(ctx, t, sub.GetId())
	jobs, err := s.svc.claim(t.Context(), 1)
	if err != nil || len(jobs) != 1 {
		t.Fatal(jobs, err)
	}
	if _, err := s.client.DeleteSubscription(ctx, &webhookv1.DeleteSubscriptionRequest{Id: sub.GetId()}); err != nil {
		t.Fatal(err)
	}
	s.svc.deliver(t.Context(), jobs[0]) // under way while it is deleted
	s.happens(t, s.orderEvent(t, id.New(), 1))
	if left := s.deliveries(ctx, t, ""); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
	bad := e
	bad.ID, bad.Body = id.New(), []byte("\xff")
	s.subscribe(ctx, t, deaf(t), "order.created")
	if err := s.db.Tx(pgtest.Context(t), func(ctx context.Context, tx *pg.Tx) error { return s.svc.enqueue(ctx, tx, bad, nil) }); err == nil {
		t.Error("a body that is none was queued")
	}
}

func TestShopsDoNotMeet(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	pgtest.Isolation(t, s.db)
	c, err := pgx.Connect(t.Context(), s.db.AdminURL)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	neighbour := id.New()
	if _, err := c.Exec(t.Context(), "insert into webhook.tenants (id) values ($1)", neighbour.String()); err != nil {
		t.Fatal(err)
	}
	ours, theirs := admin(t), tenant.With(admin(t), neighbour)
	r := listen(t, nil)
	sub, _ := s.subscribe(ours, t, r.URL, "order.created")
	other, otherKey := s.subscribe(theirs, t, r.URL, "order.created")
	e := s.orderEvent(t, id.New(), 1)
	e.Tenant = neighbour
	s.happens(t, e)
	if d := s.deliveries(ours, t, ""); len(d) != 0 {
		t.Errorf("their event became our delivery: %v", d)
	}
	drainAll(t, s.svc) // one dispatcher serves all shops
	d := s.only(theirs, t, other.GetId())
	if d.GetStatus() != isDelivered || r.all()[0].verify(otherKey) != nil {
		t.Errorf("%v, %v", d, r.all()[0].verify(otherKey))
	}
	for name, err := range map[string]error{
		"get":    second(s.client.GetSubscription(theirs, &webhookv1.GetSubscriptionRequest{Id: sub.GetId()})),
		"update": second(s.client.UpdateSubscription(theirs, &webhookv1.UpdateSubscriptionRequest{Id: sub.GetId(), Active: ptr(false)})),
		"delete": second(s.client.DeleteSubscription(theirs, &webhookv1.DeleteSubscriptionRequest{Id: sub.GetId()})),
		"retry":  second(s.client.RetryDelivery(ours, &webhookv1.RetryDeliveryRequest{Id: d.GetId()})),
	} {
		if fault.From(err).Kind() != fault.KindNotFound {
			t.Errorf("%s across shops: %v", name, err)
		}
	}
	list, err := s.client.ListSubscriptions(theirs, &webhookv1.ListSubscriptionsRequest{})
	if err != nil || list.GetPage().GetTotal() != 1 || len(list.GetSubscriptions()) != 1 || list.GetSubscriptions()[0].GetId() != other.GetId() {
		t.Errorf("%v, %v", list, err)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	if err := DefaultConfig().Validate(); err != nil {
		t.Error(err)
	}
	if err := (Config{}).Validate(); err == nil || strings.Count(err.Error(), "\n") < 5 {
		t.Errorf("the zero Config: %v", err)
	}
	if _, err := New(DefaultConfig(), Deps{Secret: []byte("short"), Logger: quiet(), Now: time.Now}); err == nil {
		t.Error("a short secret will do")
	}
}
