package webhook

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	webhookv1 "github.com/sovecom/sovecom/gen/sovecom/webhook/v1"
)

func subscriptionProto(s subscription) *webhookv1.Subscription {
	return &webhookv1.Subscription{
		Id: s.id.String(), Url: s.url, Events: s.events, Description: s.description, Active: s.active,
		DisabledReason: s.disabledReason, Version: s.version,
		CreatedAt: timestamppb.New(s.createdAt), UpdatedAt: timestamppb.New(s.updatedAt),
	}
}

func deliveryProto(d delivery) *webhookv1.Delivery {
	return &webhookv1.Delivery{
		Id: d.id.String(), SubscriptionId: d.subscription.String(), EventId: d.event.String(), EventType: d.eventType,
		Status: statusProto(d.status), Attempts: int32(d.attempts), LastAttemptAt: timeProto(d.lastAttemptAt),
		NextAttemptAt: timeProto(d.nextAttemptAt), ResponseStatus: int32(d.responseStatus), ResponseBody: d.responseBody,
		Error: d.err, DurationMs: d.duration.Milliseconds(), CreatedAt: timestamppb.New(d.createdAt),
	}
}

func timeProto(t *time.Time) *timestamppb.Timestamp {
	if t == nil {
		return nil
	}
	return timestamppb.New(*t)
}

func statusProto(s status) webhookv1.DeliveryStatus {
	switch s {
	case pending:
		return webhookv1.DeliveryStatus_DELIVERY_STATUS_PENDING
	case delivered:
		return webhookv1.DeliveryStatus_DELIVERY_STATUS_DELIVERED
	case failed:
		return webhookv1.DeliveryStatus_DELIVERY_STATUS_FAILED
	case exhausted:
		return webhookv1.DeliveryStatus_DELIVERY_STATUS_EXHAUSTED
	}
	return webhookv1.DeliveryStatus_DELIVERY_STATUS_UNSPECIFIED
}

// statusOf is empty for "any".
func statusOf(p webhookv1.DeliveryStatus) status {
	switch p {
	case webhookv1.DeliveryStatus_DELIVERY_STATUS_PENDING:
		return pending
	case webhookv1.DeliveryStatus_DELIVERY_STATUS_DELIVERED:
		return delivered
	case webhookv1.DeliveryStatus_DELIVERY_STATUS_FAILED:
		return failed
	case webhookv1.DeliveryStatus_DELIVERY_STATUS_EXHAUSTED:
		return exhausted
	case webhookv1.DeliveryStatus_DELIVERY_STATUS_UNSPECIFIED:
	}
	return ""
}
