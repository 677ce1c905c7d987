package identity

import (
	"context"
	"errors"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// ResolveTenant says whose shop a host name is. One that nobody claims is the default tenant's, until that claims hosts of its
// own: then a strange name leads nowhere, and never to the wrong shop.
func (s *Service) ResolveTenant(ctx context.Context, req *identityv1.ResolveTenantRequest) (*identityv1.ResolveTenantResponse, error) {
	owner, closed, err := readTenantOf(ctx, s.db, normalHost(req.GetHost()))
	switch {
	case err != nil:
		return nil, err
	case owner.IsZero() && closed:
		return nil, ErrHostUnknown
	case owner.IsZero():
		owner = tenant.Default()
	}
	return &identityv1.ResolveTenantResponse{TenantId: owner.String()}, nil
}

// ClaimHosts adds host names to those the shop answers on; asked again it changes nothing.
func (s *Service) ClaimHosts(ctx context.Context, req *identityv1.ClaimHostsRequest) (*identityv1.ClaimHostsResponse, error) {
	hosts, err := parseHosts(req.GetHosts())
	if err != nil {
		return nil, err
	}
	shop, _ := tenant.From(ctx)
	var own []string
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		own, err = claimHosts(ctx, tx, shop, hosts)
		return err
	})
	if pg.IsUnique(err, "shop_hosts_host") {
		return nil, ErrHostTaken.WithCause(err)
	}
	if err != nil {
		return nil, err
	}
	return &identityv1.ClaimHostsResponse{Hosts: own}, nil
}

// CreateTenant opens a shop. Asked again with the same name and hosts it answers with the shop that is there; without
// hosts every call opens another.
func (s *Service) CreateTenant(ctx context.Context, req *identityv1.CreateTenantRequest) (*identityv1.CreateTenantResponse, error) {
	name, err := cleanText("name", req.GetName())
	if err != nil {
		return nil, err
	}
	if name == "" {
		return nil, ErrBadText.WithField("name", "required", "It must not be empty.")
	}
	hosts, err := parseHosts(req.GetHosts())
	if err != nil {
		return nil, err
	}
	shop := id.New()
	if err := insertTenant(ctx, s.db, shop, name, hosts); err != nil {
		if !errors.Is(err, ErrHostTaken) {
			return nil, err
		}
		there, findErr := findTenant(ctx, s.db, name, hosts)
		if findErr != nil {
			return nil, findErr
		}
		if there.IsZero() {
			return nil, err
		}
		shop = there
	}
	return &identityv1.CreateTenantResponse{TenantId: shop.String()}, nil
}
