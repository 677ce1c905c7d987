package gateway

import (
	"context"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

type customerAnswer = adminv1.Envelope[adminv1.Customer]

func (c *call) account(m *identityv1.Customer, err error) (customerAnswer, error) {
	if err != nil {
		return customerAnswer{}, err
	}
	c.version(m.GetVersion())
	return customerAnswer{Data: account(m)}, nil
}

func account(c *identityv1.Customer) adminv1.Customer {
	return adminv1.Customer{
		ID: c.GetId(), Email: c.GetEmail(), Name: c.Name, Phone: c.Phone, AcceptsMarketing: c.GetAcceptsMarketing(), Version: c.GetVersion(),
		Groups: each(c.GetGroups(), func(g *identityv1.CustomerGroupRef) adminv1.CustomerGroupRef {
			return adminv1.CustomerGroupRef{ID: g.GetId(), Code: g.GetCode(), Name: g.GetName()}
		}),
		CreatedAt: at(c.GetCreatedAt()), UpdatedAt: at(c.GetUpdatedAt()),
	}
}

func listCustomers(ctx context.Context, in *in[adminv1.CustomerQuery, none]) (adminv1.List[adminv1.Customer], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.Customer]{}, err
	}
	answer, err := in.deps.Identity.ListCustomers(ctx, &identityv1.ListCustomersRequest{Page: paging, Q: in.Query.Q, GroupId: in.Query.GroupID})
	if err != nil {
		return adminv1.List[adminv1.Customer]{}, err
	}
	return adminv1.List[adminv1.Customer]{Data: each(answer.GetCustomers(), account), Meta: in.meta(in.Query.PageQuery, answer.GetPage())}, nil
}

func getCustomer(ctx context.Context, in *in[none, none]) (customerAnswer, error) {
	answer, err := in.deps.Identity.GetCustomer(ctx, &identityv1.GetCustomerRequest{Id: in.path("id")})
	return in.account(answer.GetCustomer(), err)
}

func updateCustomer(ctx context.Context, in *in[none, adminv1.UpdateCustomer]) (customerAnswer, error) {
	b := in.Body
	answer, err := in.deps.Identity.UpdateCustomer(ctx, &identityv1.UpdateCustomerRequest{
		Id: in.path("id"), IfVersion: in.ifVersion, Name: b.Name.Ptr(), ClearName: b.Name.IsNull(), Phone: b.Phone.Ptr(), ClearPhone: b.Phone.IsNull(),
		AcceptsMarketing: b.AcceptsMarketing.Ptr(),
	})
	return in.account(answer.GetCustomer(), err)
}

func setCustomerGroups(ctx context.Context, in *in[none, adminv1.SetCustomerGroups]) (customerAnswer, error) {
	answer, err := in.deps.Identity.SetCustomerGroups(ctx, &identityv1.SetCustomerGroupsRequest{Id: in.path("id"), IfVersion: in.ifVersion, GroupIds: in.Body.GroupIDs})
	return in.account(answer.GetCustomer(), err)
}

type customerGroupAnswer = adminv1.Envelope[adminv1.CustomerGroup]

func (c *call) customerGroup(m *identityv1.CustomerGroup, err error) (customerGroupAnswer, error) {
	if err != nil {
		return customerGroupAnswer{}, err
	}
	c.version(m.GetVersion())
	return customerGroupAnswer{Data: customerGroup(m)}, nil
}

func customerGroup(g *identityv1.CustomerGroup) adminv1.CustomerGroup {
	return adminv1.CustomerGroup{
		ID: g.GetId(), Code: g.GetCode(), Name: g.GetName(), Version: g.GetVersion(), CreatedAt: at(g.GetCreatedAt()), UpdatedAt: at(g.GetUpdatedAt()),
	}
}

func listCustomerGroups(ctx context.Context, in *in[adminv1.CustomerGroupQuery, none]) (adminv1.List[adminv1.CustomerGroup], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.CustomerGroup]{}, err
	}
	answer, err := in.deps.Identity.ListCustomerGroups(ctx, &identityv1.ListCustomerGroupsRequest{Page: paging, Q: in.Query.Q})
	if err != nil {
		return adminv1.List[adminv1.CustomerGroup]{}, err
	}
	return adminv1.List[adminv1.CustomerGroup]{Data: each(answer.GetGroups(), customerGroup), Meta: in.meta(in.Query.PageQuery, answer.GetPage())}, nil
}

func createCustomerGroup(ctx context.Context, in *in[none, adminv1.CreateCustomerGroup]) (customerGroupAnswer, error) {
	answer, err := in.deps.Identity.CreateCustomerGroup(ctx, &identityv1.CreateCustomerGroupRequest{Code: in.Body.Code, Name: in.Body.Name})
	if err == nil {
		in.created("customer-groups", answer.GetGroup().GetId())
	}
	return in.customerGroup(answer.GetGroup(), err)
}

func getCustomerGroup(ctx context.Context, in *in[none, none]) (customerGroupAnswer, error) {
	answer, err := in.deps.Identity.GetCustomerGroup(ctx, &identityv1.GetCustomerGroupRequest{Id: in.path("id")})
	return in.customerGroup(answer.GetGroup(), err)
}

func updateCustomerGroup(ctx context.Context, in *in[none, adminv1.UpdateCustomerGroup]) (customerGroupAnswer, error) {
	answer, err := in.deps.Identity.UpdateCustomerGroup(ctx, &identityv1.UpdateCustomerGroupRequest{Id: in.path("id"), IfVersion: in.ifVersion, Name: in.Body.Name.Ptr()})
	return in.customerGroup(answer.GetGroup(), err)
}

func deleteCustomerGroup(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Identity.DeleteCustomerGroup(ctx, &identityv1.DeleteCustomerGroupRequest{Id: in.path("id"), IfVersion: in.ifVersion})
	return none{}, err
}
