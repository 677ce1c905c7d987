package main

import (
	"context"
	"fmt"
	"strings"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

type tenantCmd struct {
	Create tenantCreateCmd `cmd:"" help:"Open another shop in this installation."`
	Hosts  tenantHostsCmd  `cmd:"" help:"Let a shop answer on more host names. Once the first shop has some, other names lead nowhere."`
}

type tenantCreateCmd struct {
	configFlags

	Name string   `arg:"" help:"Name of the shop."`
	Host []string `help:"Host name it answers on; may be given more than once." placeholder:"HOST"`
}

// Run makes the shop and its owner; the other rooms hear of it through the running installation.
func (c *tenantCreateCmd) Run(ctx context.Context) error {
	d, err := c.openRooms(ctx, "identity")
	if err != nil {
		return err
	}
	defer d.Close()
	identity := identityv1connect.NewIdentityServiceClient(d.client("identity"))
	answer, err := identity.CreateTenant(asService(ctx), &identityv1.CreateTenantRequest{Name: c.Name, Hosts: c.Host})
	if err != nil {
		return err
	}
	shop, err := id.Parse(answer.GetTenantId())
	if err != nil {
		return err
	}
	who, err := ensureOwner(tenant.With(asService(ctx), shop), identity, d.cfg)
	if err != nil {
		return err
	}
	fmt.Printf("  Shop      %s\n  Owner     %s\n", shop, who.email)
	if who.generated {
		fmt.Printf("  Password  %s\n", who.password)
	}
	return nil
}

type tenantHostsCmd struct {
	configFlags

	Host   []string `arg:"" help:"Host names to add." placeholder:"HOST"`
	Tenant string   `help:"Shop that answers on them; the default one when empty." placeholder:"ID"`
}

// Run may be repeated. A running shop follows within a minute.
func (c *tenantHostsCmd) Run(ctx context.Context) error {
	d, err := c.openRooms(ctx, "identity")
	if err != nil {
		return err
	}
	defer d.Close()
	if ctx, err = asServiceOf(ctx, c.Tenant); err != nil {
		return err
	}
	answer, err := identityv1connect.NewIdentityServiceClient(d.client("identity")).ClaimHosts(ctx, &identityv1.ClaimHostsRequest{Hosts: c.Host})
	if err != nil {
		return err
	}
	fmt.Println("The shop answers on", strings.Join(answer.GetHosts(), ", "))
	return nil
}
