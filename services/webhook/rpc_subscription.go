package webhook

import (
	"context"
	"slices"
	"strings"
	"time"

	webhookv1 "github.com/sovecom/sovecom/gen/sovecom/webhook/v1"
	"github.com/sovecom/sovecom/gen/sovecom/webhook/v1/webhookv1connect"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

var _ webhookv1connect.WebhookServiceHandler = handler{}

type handler struct{ s *Service }

// ListSubscriptions lists the newest first.
func (h handler) ListSubscriptions(ctx context.Context, req *webhookv1.ListSubscriptionsRequest) (*webhookv1.ListSubscriptionsResponse, error) {
	p := page.FromProto(req.GetPage())
	before, err := position(p)
	if err != nil {
		return nil, err
	}
	found, err := h.s.listSubscriptions(ctx, p, before)
	if err != nil {
		return nil, err
	}
	res := &webhookv1.ListSubscriptionsResponse{}
	var last []byte
	for _, sub := range found.rows {
		res.Subscriptions = append(res.Subscriptions, subscriptionProto(sub))
		last = page.Key(sub.id.String())
	}
	res.Page = page.Info(found.total, found.more, last)
	return res, nil
}

// GetSubscription reads one; its secret is not shown again.
func (h handler) GetSubscription(ctx context.Context, req *webhookv1.GetSubscriptionRequest) (*webhookv1.GetSubscriptionResponse, error) {
	which, err := idOf(req.GetId(), ErrSubscriptionNotFound)
	if err != nil {
		return nil, err
	}
	sub, err := h.s.readSubscription(ctx, which)
	if err != nil {
		return nil, err
	}
	return &webhookv1.GetSubscriptionResponse{Subscription: subscriptionProto(sub)}, nil
}

// CreateSubscription makes a subscription and its secret.
func (h handler) CreateSubscription(ctx context.Context, req *webhookv1.CreateSubscriptionRequest) (*webhookv1.CreateSubscriptionResponse, error) {
	if err := h.s.known.known(req.GetEvents()); err != nil {
		return nil, err
	}
	if err := h.s.guard.check(ctx, req.GetUrl()); err != nil {
		return nil, err
	}
	now := h.s.moment()
	sub := subscription{
		id: id.New(), url: req.GetUrl(), events: req.GetEvents(), description: described(req.Description), active: true, version: 1,
		createdAt: now, updatedAt: now,
	}
	key := newSecret()
	err := h.s.db.Write(ctx, func(w *pg.Writes) error {
		insertSubscription(w, sub, h.s.cfg.MaxSubscriptions)
		h.s.addSecret(ctx, w, sub.id, key, now)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &webhookv1.CreateSubscriptionResponse{Subscription: subscriptionProto(sub), Secret: reveal(key)}, nil
}

// UpdateSubscription changes a subscription, and its secret when asked to.
func (h handler) UpdateSubscription(ctx context.Context, req *webhookv1.UpdateSubscriptionRequest) (*webhookv1.UpdateSubscriptionResponse, error) {
	which, err := idOf(req.GetId(), ErrSubscriptionNotFound)
	if err != nil {
		return nil, err
	}
	if err := h.s.known.known(req.GetEvents()); err != nil {
		return nil, err
	}
	if req.Url != nil {
		if err := h.s.guard.check(ctx, req.GetUrl()); err != nil {
			return nil, err
		}
	}
	var sub subscription
	var did effect
	var key []byte
	err = h.s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var err error
		if sub, err = lockSubscription(ctx, tx, which); err != nil {
			return err
		}
		now := h.s.moment()
		if did, err = sub.apply(changeOf(req), now); err != nil || !did.changed {
			return err
		}
		updateSubscription(&tx.Writes, sub, did.activated)
		if req.GetRotateSecret() {
			key, err = h.s.rotate(ctx, tx, which, now)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if did.activated {
		h.s.poke()
	}
	res := &webhookv1.UpdateSubscriptionResponse{Subscription: subscriptionProto(sub)}
	if key != nil {
		res.Secret = reveal(key)
	}
	return res, nil
}

// DeleteSubscription deletes a subscription with its delivery log. What was not delivered yet is dropped.
func (h handler) DeleteSubscription(ctx context.Context, req *webhookv1.DeleteSubscriptionRequest) (*webhookv1.DeleteSubscriptionResponse, error) {
	which, err := idOf(req.GetId(), ErrSubscriptionNotFound)
	if err != nil {
		return nil, err
	}
	err = h.s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		sub, err := lockSubscription(ctx, tx, which)
		if err != nil {
			return err
		}
		if v := req.GetIfVersion(); v != 0 && v != sub.version {
			return ErrVersion
		}
		deleteSubscription(&tx.Writes, which)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &webhookv1.DeleteSubscriptionResponse{}, nil
}

// rotate makes a new secret; those before it sign beside it for a day.
func (s *Service) rotate(ctx context.Context, tx *pg.Tx, sub id.ID, now time.Time) ([]byte, error) {
	n, err := countSecrets(ctx, tx, sub, now)
	if err != nil {
		return nil, err
	}
	if n >= maxSecrets {
		return nil, ErrTooManySecrets
	}
	key := newSecret()
	retireSecrets(&tx.Writes, sub, now, now.Add(overlap))
	s.addSecret(ctx, &tx.Writes, sub, key, now)
	return key, nil
}

func (s *Service) addSecret(ctx context.Context, w *pg.Writes, sub id.ID, key []byte, now time.Time) {
	shop, _ := tenant.From(ctx) // without a tenant the database refuses the row
	secret := id.New()
	insertSecret(w, secret, sub, s.vault.seal(key, shop, sub, secret), now)
}

// moment is now as the database keeps it, so that an answer and a later read agree.
func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

func changeOf(req *webhookv1.UpdateSubscriptionRequest) change {
	return change{
		ifVersion: req.GetIfVersion(), url: req.Url, events: slices.Clone(req.GetEvents()), description: described(req.Description),
		clearDescription: req.GetClearDescription(), active: req.Active, rotate: req.GetRotateSecret(),
	}
}

// described drops what the database cannot keep.
func described(text *string) *string {
	if text == nil {
		return nil
	}
	clean := strings.ReplaceAll(*text, "\x00", "")
	return &clean
}

// position reads where a list goes on.
func position(p page.Request) (*id.ID, error) {
	if len(p.After) == 0 {
		return nil, nil
	}
	parts, err := page.ParseKey(p.After, 1)
	if err != nil {
		return nil, err
	}
	last, err := idOf(parts[0], page.ErrBadCursor)
	return &last, err
}
