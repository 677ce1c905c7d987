package adminv1

import (
	"context"
	"net/http"

	"github.com/sovecom/sovecom/sdk/internal/rest"
)

// Customers lists customers.
func (c Client) Customers(ctx context.Context, q CustomerQuery) (List[Customer], error) {
	return page[Customer](ctx, c, rest.Query(q), "customers")
}

// Customer reads a customer.
func (c Client) Customer(ctx context.Context, id string) (Customer, error) {
	return one[Customer](ctx, c, http.MethodGet, nil, "customers", id)
}

// UpdateCustomer changes a customer's account.
func (c Client) UpdateCustomer(ctx context.Context, id string, in UpdateCustomer) (Customer, error) {
	return one[Customer](ctx, c, http.MethodPatch, in, "customers", id)
}

// SetCustomerGroups puts a customer into groups, and into no others.
func (c Client) SetCustomerGroups(ctx context.Context, id string, in SetCustomerGroups) (Customer, error) {
	return one[Customer](ctx, c, http.MethodPut, in, "customers", id, "groups")
}

// CustomerGroups lists customer groups.
func (c Client) CustomerGroups(ctx context.Context, q CustomerGroupQuery) (List[CustomerGroup], error) {
	return page[CustomerGroup](ctx, c, rest.Query(q), "customer-groups")
}

// CustomerGroup reads a customer group.
func (c Client) CustomerGroup(ctx context.Context, id string) (CustomerGroup, error) {
	return one[CustomerGroup](ctx, c, http.MethodGet, nil, "customer-groups", id)
}

// CreateCustomerGroup makes a customer group.
func (c Client) CreateCustomerGroup(ctx context.Context, in CreateCustomerGroup) (CustomerGroup, error) {
	return one[CustomerGroup](ctx, c, http.MethodPost, in, "customer-groups")
}

// UpdateCustomerGroup changes a customer group.
func (c Client) UpdateCustomerGroup(ctx context.Context, id string, in UpdateCustomerGroup) (CustomerGroup, error) {
	return one[CustomerGroup](ctx, c, http.MethodPatch, in, "customer-groups", id)
}

// DeleteCustomerGroup removes a customer group that nobody is in and no price list is for.
func (c Client) DeleteCustomerGroup(ctx context.Context, id string) error {
	return c.delete(ctx, "customer-groups", id)
}
