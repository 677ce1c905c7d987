package identity_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/services/identity"
)

func (r *room) group(code string) *identityv1.CustomerGroup {
	r.t.Helper()
	res, err := r.client.CreateCustomerGroup(r.ctx, &identityv1.CreateCustomerGroupRequest{Code: code, Name: "Group " + code})
	ok(r.t, err)
	return res.GetGroup()
}

func (r *room) join(customer string, groups ...string) (*identityv1.Customer, error) {
	res, err := r.client.SetCustomerGroups(r.ctx, &identityv1.SetCustomerGroupsRequest{Id: customer, GroupIds: groups})
	return res.GetCustomer(), err
}

func (r *room) members(group string) []string {
	r.t.Helper()
	res, err := r.client.ListCustomers(r.ctx, &identityv1.ListCustomersRequest{GroupId: group})
	ok(r.t, err)
	var out []string
	for _, c := range res.GetCustomers() {
		out = append(out, c.GetId())
	}
	if int(res.GetPage().GetTotal()) != len(out) {
		r.t.Errorf("%d of the group are counted, %d listed", res.GetPage().GetTotal(), len(out))
	}
	return out
}

// tokenGroups are the groups an access token names.
func (r *room) tokenGroups(token string) []string {
	r.t.Helper()
	p, _, err := r.verify(token, auth.Customer)
	ok(r.t, err)
	return p.Groups
}

func codesOf(c *identityv1.Customer) (codes []string) {
	for _, g := range c.GetGroups() {
		codes = append(codes, g.GetCode())
	}
	return codes
}

func TestCustomerGroups(t *testing.T) {
	t.Parallel()
	r := open(t)
	trade, vip := r.group("trade"), r.group("vip_1")
	for code, want := range map[string]error{
		"trade": identity.ErrGroupCodeTaken, "": rpc.ErrInvalid, "Trade": identity.ErrGroupInvalid, "a b": identity.ErrGroupInvalid,
		"-": identity.ErrGroupInvalid, "a--b": identity.ErrGroupInvalid, "a,b": identity.ErrGroupInvalid, "a;b": identity.ErrGroupInvalid, "\x00": identity.ErrGroupInvalid,
	} {
		_, err := r.client.CreateCustomerGroup(r.ctx, &identityv1.CreateCustomerGroupRequest{Code: code, Name: "X"})
		is(t, err, want)
	}
	for _, name := range []string{"  ", "a\x00b"} {
		if _, err := r.client.CreateCustomerGroup(r.ctx, &identityv1.CreateCustomerGroupRequest{Code: "x", Name: name}); err == nil {
			t.Errorf("a group is called %q", name)
		}
	}
	// Another shop has codes of its own.
	other := r.in(r.otherShop())
	if theirs := other.group("trade"); theirs.GetId() == trade.GetId() {
		t.Error("two shops share a group")
	}
	_, err := other.client.GetCustomerGroup(other.ctx, &identityv1.GetCustomerGroupRequest{Id: trade.GetId()})
	is(t, err, identity.ErrGroupNotFound)

	name := "Trade customers"
	changed, err := r.client.UpdateCustomerGroup(r.ctx, &identityv1.UpdateCustomerGroupRequest{Id: trade.GetId(), Name: &name, IfVersion: 1})
	ok(t, err)
	if g := changed.GetGroup(); g.GetName() != name || g.GetVersion() != 2 || g.GetCode() != "trade" {
		t.Errorf("got %v", g)
	}
	_, err = r.client.UpdateCustomerGroup(r.ctx, &identityv1.UpdateCustomerGroupRequest{Id: trade.GetId(), Name: &name, IfVersion: 1})
	is(t, err, identity.ErrVersionConflict)
	same, err := r.client.UpdateCustomerGroup(r.ctx, &identityv1.UpdateCustomerGroupRequest{Id: trade.GetId(), Name: &name})
	ok(t, err)
	if same.GetGroup().GetVersion() != 2 {
		t.Error("what changes nothing counts as a change")
	}
	known, err := r.client.FindCustomerGroups(r.ctx, &identityv1.FindCustomerGroupsRequest{Codes: []string{"vip_1", "nobody", "trade"}})
	ok(t, err)
	if !slices.Equal(known.GetCodes(), []string{"trade", "vip_1"}) {
		t.Errorf("known are %v", known.GetCodes())
	}
	found, err := r.client.ListCustomerGroups(r.ctx, &identityv1.ListCustomerGroupsRequest{Q: "TRADE c"})
	ok(t, err)
	if len(found.GetGroups()) != 1 || found.GetGroups()[0].GetId() != trade.GetId() {
		t.Errorf("found %v", found.GetGroups())
	}
	_, err = r.client.DeleteCustomerGroup(r.ctx, &identityv1.DeleteCustomerGroupRequest{Id: vip.GetId(), IfVersion: 2})
	is(t, err, identity.ErrVersionConflict)
	_, err = r.client.DeleteCustomerGroup(r.ctx, &identityv1.DeleteCustomerGroupRequest{Id: vip.GetId(), IfVersion: 1})
	ok(t, err)
	_, err = r.client.GetCustomerGroup(r.ctx, &identityv1.GetCustomerGroupRequest{Id: vip.GetId()})
	is(t, err, identity.ErrGroupNotFound)
	if n := r.count("select count(*) from identity.outbox where subject like 'evt.identity.customer_group.%'"); n != 5 {
		t.Errorf("%d changes of groups are announced, want 5", n)
	}
}

func TestListCustomerGroups(t *testing.T) {
	t.Parallel()
	r := open(t)
	for i := range 7 {
		r.group(fmt.Sprintf("g%d", i))
	}
	var seen []string
	var after []byte
	for {
		res, err := r.client.ListCustomerGroups(r.ctx, &identityv1.ListCustomerGroupsRequest{Page: &typev1.PageRequest{Limit: 3, After: after}})
		ok(t, err)
		for _, g := range res.GetGroups() {
			seen = append(seen, g.GetCode())
		}
		if after = res.GetPage().GetNext(); after == nil {
			break
		}
	}
	if want := []string{"g0", "g1", "g2", "g3", "g4", "g5", "g6"}; !slices.Equal(seen, want) {
		t.Errorf("got %v, want %v", seen, want)
	}
}

func TestMembership(t *testing.T) {
	t.Parallel()
	r := open(t)
	trade, vip := r.group("trade"), r.group("vip")
	ada, bob := r.register("ada@example.com"), r.register("bob@example.com")

	in, err := r.join(ada.GetId(), vip.GetId(), trade.GetId(), vip.GetId())
	ok(t, err)
	if got := codesOf(in); !slices.Equal(got, []string{"trade", "vip"}) || in.GetVersion() != 2 {
		t.Errorf("got %v in version %d", got, in.GetVersion())
	}
	if again, err := r.join(ada.GetId(), trade.GetId(), vip.GetId()); err != nil || again.GetVersion() != 2 {
		t.Errorf("the same again: %v %v", again, err)
	}
	_, err = r.join(bob.GetId(), trade.GetId())
	ok(t, err)
	if got := r.members(trade.GetId()); !slices.Equal(got, []string{bob.GetId(), ada.GetId()}) {
		t.Errorf("in trade are %v", got)
	}
	if got := r.members(vip.GetId()); !slices.Equal(got, []string{ada.GetId()}) {
		t.Errorf("in vip are %v", got)
	}
	if got := r.members(id.New().String()); len(got) != 0 {
		t.Errorf("in a group that is not are %v", got)
	}
	// Nothing is written of what is refused.
	other := r.in(r.otherShop())
	theirs := other.group("trade")
	_, err = r.join(ada.GetId(), trade.GetId(), theirs.GetId())
	is(t, err, identity.ErrGroupUnknown)
	names(t, err, "groupIds[1]", "unknown")
	_, err = other.join(ada.GetId(), theirs.GetId())
	is(t, err, identity.ErrCustomerNotFound)
	_, err = r.client.SetCustomerGroups(r.ctx, &identityv1.SetCustomerGroupsRequest{Id: ada.GetId(), IfVersion: 1})
	is(t, err, identity.ErrVersionConflict)
	if got := other.members(trade.GetId()); len(got) != 0 {
		t.Errorf("another shop sees %v in our group", got)
	}
	if got := r.members(vip.GetId()); len(got) != 1 {
		t.Errorf("after refusals in vip are %v", got)
	}

	// The customer is not told of the groups, nor changes them.
	me := r.as(auth.Principal{Kind: auth.Customer})
	_, err = me.join(ada.GetId())
	is(t, err, auth.ErrUnauthenticated)
	staff := r.as(auth.Principal{Kind: auth.Staff, Role: "staff"})
	_, err = staff.join(ada.GetId())
	is(t, err, rpc.ErrDenied)

	_, err = r.client.DeleteCustomerGroup(r.ctx, &identityv1.DeleteCustomerGroupRequest{Id: trade.GetId()})
	is(t, err, identity.ErrGroupInUse)
	_, err = r.join(ada.GetId())
	ok(t, err)
	_, err = r.client.DeleteCustomerGroup(r.ctx, &identityv1.DeleteCustomerGroupRequest{Id: vip.GetId()})
	ok(t, err)
	if n := r.count("select count(*) from identity.outbox where subject = 'evt.identity.customer.updated'"); n != 3 {
		t.Errorf("%d changes of customers are announced, want 3", n)
	}
}

func TestUpdateCustomerByStaff(t *testing.T) {
	t.Parallel()
	r := open(t)
	trade, ada := r.group("trade"), r.register("ada@example.com")
	_, err := r.join(ada.GetId(), trade.GetId())
	ok(t, err)
	name, empty, yes := "Ada", "", true
	got, err := r.client.UpdateCustomer(r.ctx, &identityv1.UpdateCustomerRequest{Id: ada.GetId(), Name: &name, AcceptsMarketing: &yes, IfVersion: 2})
	ok(t, err)
	if c := got.GetCustomer(); c.GetName() != "Ada" || !c.GetAcceptsMarketing() || c.GetVersion() != 3 || len(c.GetGroups()) != 1 {
		t.Errorf("got %v", c)
	}
	got, err = r.client.UpdateCustomer(r.ctx, &identityv1.UpdateCustomerRequest{Id: ada.GetId(), Name: &empty})
	ok(t, err)
	if got.GetCustomer().Name != nil {
		t.Errorf("got %v", got.GetCustomer())
	}
	_, err = r.client.UpdateCustomer(r.ctx, &identityv1.UpdateCustomerRequest{Id: ada.GetId(), Name: &name, IfVersion: 2})
	is(t, err, identity.ErrVersionConflict)
	other := r.in(r.otherShop())
	_, err = other.client.UpdateCustomer(other.ctx, &identityv1.UpdateCustomerRequest{Id: ada.GetId(), Name: &name})
	is(t, err, identity.ErrCustomerNotFound)
}

func TestTokensNameGroups(t *testing.T) {
	t.Parallel()
	r := open(t)
	trade, vip, ada := r.group("trade"), r.group("vip"), r.register("ada@example.com")
	sess, err := r.loginCustomer("ada@example.com", password, "")
	ok(t, err)
	if got := r.tokenGroups(sess.GetAccessToken()); len(got) != 0 {
		t.Errorf("a token of nobody's names %v", got)
	}
	_, err = r.join(ada.GetId(), vip.GetId(), trade.GetId())
	ok(t, err)
	if sess, err = r.refreshCustomer(sess.GetRefreshToken()); err != nil || !slices.Equal(r.tokenGroups(sess.GetAccessToken()), []string{"trade", "vip"}) {
		t.Errorf("after a refresh: %v, %v", r.tokenGroups(sess.GetAccessToken()), err)
	}
	again, err := r.loginCustomer("ada@example.com", password, "")
	ok(t, err)
	if got := r.tokenGroups(again.GetAccessToken()); !slices.Equal(got, []string{"trade", "vip"}) {
		t.Errorf("after a login: %v", got)
	}
	_, err = r.join(ada.GetId(), vip.GetId())
	ok(t, err)
	if sess, err = r.refreshCustomer(sess.GetRefreshToken()); err != nil || !slices.Equal(r.tokenGroups(sess.GetAccessToken()), []string{"vip"}) {
		t.Errorf("once it was left: %v, %v", r.tokenGroups(sess.GetAccessToken()), err)
	}
	// Staff with the same address have none.
	r.hire("ada@example.com")
	staff, err := r.loginStaff("ada@example.com", password, "")
	ok(t, err)
	p, _, err := r.verify(staff.GetAccessToken(), auth.Staff)
	ok(t, err)
	if len(p.Groups) != 0 {
		t.Errorf("staff are in %v", p.Groups)
	}
}

// Joining and deleting at once: the group goes, or it has a customer, and never both.
func TestJoinWhileTheGroupGoes(t *testing.T) {
	t.Parallel()
	r := open(t)
	ada := r.register("ada@example.com")
	for i := range 20 {
		g := r.group(fmt.Sprintf("g%d", i))
		var joined, deleted error
		var both sync.WaitGroup
		both.Go(func() { _, joined = r.join(ada.GetId(), g.GetId()) })
		both.Go(func() {
			_, deleted = r.client.DeleteCustomerGroup(r.ctx, &identityv1.DeleteCustomerGroupRequest{Id: g.GetId()})
		})
		both.Wait()
		switch {
		case joined == nil && errors.Is(deleted, identity.ErrGroupInUse):
		case deleted == nil && errors.Is(joined, identity.ErrGroupUnknown):
		default:
			t.Fatalf("joining: %v, deleting: %v", joined, deleted)
		}
	}
}

// lists plays the catalogue.
type lists struct {
	catalogv1connect.CatalogServiceHandler
	code string
}

func (l lists) ListCustomerGroupUses(_ context.Context, req *catalogv1.ListCustomerGroupUsesRequest) (*catalogv1.ListCustomerGroupUsesResponse, error) {
	if req.GetCode() != l.code {
		return &catalogv1.ListCustomerGroupUsesResponse{}, nil
	}
	return &catalogv1.ListCustomerGroupUsesResponse{Uses: []*catalogv1.CustomerGroupUse{{PriceListId: "l", Name: "Trade prices"}}}, nil
}

func TestPriceListsKeepAGroup(t *testing.T) {
	t.Parallel()
	r := open(t)
	log := slog.New(slog.DiscardHandler)
	server, err := rpc.NewServer(rpc.Deps{Logger: log})
	ok(t, err)
	catalogv1connect.RegisterCatalogServiceHandler(server, lists{code: "trade"})
	client, err := rpc.NewClient(door.Memory(server), rpc.Deps{Logger: log})
	ok(t, err)
	svc, err := identity.New(identity.DefaultConfig(), identity.Deps{
		DB: r.db.DB, Logger: log, Now: time.Now, Secret: secret(),
		Catalog: func() catalogv1connect.CatalogServiceClient { return catalogv1connect.NewCatalogServiceClient(client) },
	})
	ok(t, err)
	_, err = svc.DeleteCustomerGroup(r.ctx, &identityv1.DeleteCustomerGroupRequest{Id: r.group("trade").GetId()})
	is(t, err, identity.ErrGroupInUse)
	_, err = svc.DeleteCustomerGroup(r.ctx, &identityv1.DeleteCustomerGroupRequest{Id: r.group("vip").GetId()})
	ok(t, err)
}
