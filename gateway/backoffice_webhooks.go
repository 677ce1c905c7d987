package gateway

import (
	"context"

	"google.golang.org/protobuf/types/known/timestamppb"

	webhookv1 "github.com/sovecom/sovecom/gen/sovecom/webhook/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

func listSubscriptions(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.Subscription], error) {
	paging, err := in.paging(in.Query)
	if err != nil {
		return adminv1.List[adminv1.Subscription]{}, err
	}
	answer, err := in.deps.Webhook.ListSubscriptions(ctx, &webhookv1.ListSubscriptionsRequest{Page: paging})
	if err != nil {
		return adminv1.List[adminv1.Subscription]{}, err
	}
	return adminv1.List[adminv1.Subscription]{Data: each(answer.GetSubscriptions(), subscription), Meta: in.meta(in.Query, answer.GetPage())}, nil
}

func createSubscription(ctx context.Context, in *in[none, adminv1.CreateSubscription]) (adminv1.Envelope[adminv1.CreatedSubscription], error) {
	answer, err := in.deps.Webhook.CreateSubscription(ctx, &webhookv1.CreateSubscriptionRequest{Url: in.Body.URL, Events: in.Body.Events, Description: in.Body.Description})
	if err != nil {
		return adminv1.Envelope[adminv1.CreatedSubscription]{}, err
	}
	s := answer.GetSubscription()
	in.created("webhooks", "subscriptions", s.GetId())
	in.version(s.GetVersion())
	return adminv1.Envelope[adminv1.CreatedSubscription]{Data: adminv1.CreatedSubscription{Subscription: subscription(s), Secret: answer.GetSecret()}}, nil
}

func getSubscription(ctx context.Context, in *in[none, none]) (adminv1.Envelope[adminv1.Subscription], error) {
	answer, err := in.deps.Webhook.GetSubscription(ctx, &webhookv1.GetSubscriptionRequest{Id: in.path("id")})
	if err != nil {
		return adminv1.Envelope[adminv1.Subscription]{}, err
	}
	in.version(answer.GetSubscription().GetVersion())
	return adminv1.Envelope[adminv1.Subscription]{Data: subscription(answer.GetSubscription())}, nil
}

func updateSubscription(ctx context.Context, in *in[none, adminv1.UpdateSubscription]) (adminv1.Envelope[adminv1.UpdatedSubscription], error) {
	b := in.Body
	answer, err := in.deps.Webhook.UpdateSubscription(ctx, &webhookv1.UpdateSubscriptionRequest{
		Id: in.path("id"), IfVersion: in.ifVersion, Url: b.URL.Ptr(), Events: b.Events.Value, Description: b.Description.Ptr(),
		ClearDescription: b.Description.IsNull(), Active: b.Active.Ptr(), RotateSecret: b.RotateSecret,
	})
	if err != nil {
		return adminv1.Envelope[adminv1.UpdatedSubscription]{}, err
	}
	in.version(answer.GetSubscription().GetVersion())
	return adminv1.Envelope[adminv1.UpdatedSubscription]{Data: adminv1.UpdatedSubscription{Subscription: subscription(answer.GetSubscription()), Secret: textPtr(answer.GetSecret())}}, nil
}

func deleteSubscription(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Webhook.DeleteSubscription(ctx, &webhookv1.DeleteSubscriptionRequest{Id: in.path("id"), IfVersion: in.ifVersion})
	return none{}, err
}

func subscription(s *webhookv1.Subscription) adminv1.Subscription {
	return adminv1.Subscription{
		ID: s.GetId(), URL: s.GetUrl(), Events: append([]string{}, s.GetEvents()...), Description: s.Description, Active: s.GetActive(),
		DisabledReason: textPtr(s.GetDisabledReason()), Version: s.GetVersion(), CreatedAt: at(s.GetCreatedAt()), UpdatedAt: at(s.GetUpdatedAt()),
	}
}

func listDeliveries(ctx context.Context, in *in[adminv1.DeliveryQuery, none]) (adminv1.List[adminv1.Delivery], error) {
	q := in.Query
	paging, err := in.paging(q.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.Delivery]{}, err
	}
	answer, err := in.deps.Webhook.ListDeliveries(ctx, &webhookv1.ListDeliveriesRequest{
		Page: paging, SubscriptionId: q.SubscriptionID, Status: webhookv1.DeliveryStatus(number(webhookv1.DeliveryStatus_value, "DELIVERY_STATUS_", q.Status)),
	})
	if err != nil {
		return adminv1.List[adminv1.Delivery]{}, err
	}
	return adminv1.List[adminv1.Delivery]{Data: each(answer.GetDeliveries(), delivery), Meta: in.meta(q.PageQuery, answer.GetPage())}, nil
}

func retryDelivery(ctx context.Context, in *in[none, none]) (adminv1.Envelope[adminv1.Delivery], error) {
	answer, err := in.deps.Webhook.RetryDelivery(ctx, &webhookv1.RetryDeliveryRequest{Id: in.path("id")})
	if err != nil {
		return adminv1.Envelope[adminv1.Delivery]{}, err
	}
	return adminv1.Envelope[adminv1.Delivery]{Data: delivery(answer.GetDelivery())}, nil
}

func replayDeliveries(ctx context.Context, in *in[none, adminv1.ReplayDeliveries]) (adminv1.Envelope[adminv1.ReplayedDeliveries], error) {
	answer, err := in.deps.Webhook.ReplayDeliveries(ctx, &webhookv1.ReplayDeliveriesRequest{
		SubscriptionId: in.path("id"), From: timestamppb.New(in.Body.From.Time), To: timestamppb.New(in.Body.To.Time), Events: in.Body.Events,
	})
	if err != nil {
		return adminv1.Envelope[adminv1.ReplayedDeliveries]{}, err
	}
	return adminv1.Envelope[adminv1.ReplayedDeliveries]{Data: adminv1.ReplayedDeliveries{Queued: answer.GetQueued()}}, nil
}

func delivery(d *webhookv1.Delivery) adminv1.Delivery {
	out := adminv1.Delivery{
		ID: d.GetId(), SubscriptionID: d.GetSubscriptionId(), EventID: d.GetEventId(), EventType: d.GetEventType(), Status: wireName(d.GetStatus(), "DELIVERY_STATUS_"),
		Attempts: int(d.GetAttempts()), LastAttemptAt: atPtr(d.GetLastAttemptAt()), NextAttemptAt: atPtr(d.GetNextAttemptAt()), Error: textPtr(d.GetError()), CreatedAt: at(d.GetCreatedAt()),
	}
	if s := int(d.GetResponseStatus()); s != 0 {
		out.ResponseStatus = &s
	}
	if d.GetAttempts() > 0 {
		took := d.GetDurationMs()
		out.DurationMs = &took
	}
	return out
}
