package cart_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

func TestNewTenant(t *testing.T) {
	t.Parallel()
	r := open(t)
	js := bustest.Start(t)
	bustest.Run(t, r.db, js, r.svc.Consumers()...)
	shop := id.New()
	r.ctx = tenant.With(r.ctx, shop)
	_, err := r.CreateCart(r.ctx, &cartv1.CreateCartRequest{})
	is(t, err, pg.ErrOpening)
	body, err := proto.Marshal(&identityv1.TenantCreated{TenantId: shop.String()})
	ok(t, err)
	bustest.Publish(t, js, bus.Event{
		ID: id.New(), Subject: "evt.identity.tenant.created", Tenant: shop, Aggregate: shop, Sequence: 1, Body: body,
	})
	until(t, func() string {
		if _, err := r.CreateCart(r.ctx, &cartv1.CreateCartRequest{}); err != nil {
			return err.Error()
		}
		return ""
	})
}
