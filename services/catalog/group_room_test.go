package catalog_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/services/catalog"
)

// groupBook plays identity, in which there is one customer group.
type groupBook struct {
	identityv1connect.IdentityServiceHandler
	code string
}

func (g groupBook) FindCustomerGroups(_ context.Context, req *identityv1.FindCustomerGroupsRequest) (*identityv1.FindCustomerGroupsResponse, error) {
	out := &identityv1.FindCustomerGroupsResponse{}
	for _, code := range req.GetCodes() {
		if code == g.code {
			out.Codes = append(out.Codes, code)
		}
	}
	return out, nil
}

func TestPriceListsAreForGroupsThereAre(t *testing.T) {
	t.Parallel()
	r := openPrices(t)
	log := slog.New(slog.DiscardHandler)
	server := must(rpc.NewServer(rpc.Deps{Logger: log}))(t)
	identityv1connect.RegisterIdentityServiceHandler(server, groupBook{code: "trade"})
	client := must(rpc.NewClient(door.Memory(server), rpc.Deps{Logger: log}))(t)
	svc := must(catalog.New(catalog.DefaultConfig(), catalog.Deps{
		DB: r.db.DB, Logger: log, Now: r.clock.Now, Identity: identityv1connect.NewIdentityServiceClient(client),
	}))(t)
	refused := func(what string, err error, code string) {
		t.Helper()
		if f := fault.From(err); f == nil || len(f.Fields()) != 1 || f.Fields()[0].Field != "customerGroup" || f.Fields()[0].Code != code {
			t.Errorf("%s: %v", what, err)
		}
	}
	create := func(group string) (*catalogv1.PriceList, error) {
		res, err := svc.CreatePriceList(r.ctx, &catalogv1.CreatePriceListRequest{Name: "L", Type: catalogv1.PriceListType_PRICE_LIST_TYPE_SALE, CustomerGroup: group})
		return res.GetPriceList(), err
	}
	_, err := create("nobody")
	refused("a group there is not", err, "unknown")
	_, err = create("A b")
	refused("no code at all", err, "invalid")
	l := must(create("trade"))(t)
	must(create(""))(t)
	change := func(p *catalogv1.ScopePatch) error {
		_, err := svc.UpdatePriceList(r.ctx, &catalogv1.UpdatePriceListRequest{Id: l.GetId(), CustomerGroup: p})
		return err
	}
	refused("a change to a group there is not", change(&catalogv1.ScopePatch{Value: "nobody"}), "unknown")

	uses := func(ctx context.Context, code string) []*catalogv1.CustomerGroupUse {
		return must(r.ListCustomerGroupUses(ctx, &catalogv1.ListCustomerGroupUsesRequest{Code: code, Limit: 10}))(t).GetUses()
	}
	if got := uses(r.ctx, "trade"); len(got) != 1 || got[0].GetPriceListId() != l.GetId() {
		t.Errorf("for the group are %v", got)
	}
	if got := uses(r.elsewhere(t), "trade"); len(got) != 0 {
		t.Errorf("another shop is told of %v", got)
	}
	if err := change(&catalogv1.ScopePatch{Clear: true}); err != nil {
		t.Error(err)
	}
	if got := uses(r.ctx, "trade"); len(got) != 0 {
		t.Errorf("for the group are still %v", got)
	}
}
