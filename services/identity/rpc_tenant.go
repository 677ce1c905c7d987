package identity

import (
	"context"
	"errors"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// ResolveTenant says whose shop a host name is; the default tenant's when nobody claims it.
func (s *Service) ResolveTenant(ctx context.Context, req *identityv1.ResolveTenantRequest) (*identityv1.ResolveTenantResponse, error) {
	owner := id.ID{}
	if host := normalHost(req.GetHost()); host != "" {
		var err error
		if owner, err = readTenantOf(ctx, s.db, host); err != nil {
			return nil, err
		}
	}
	if owner.IsZero() {
		owner = tenant.Default()
	}
	return &identityv1.ResolveTenantResponse{TenantId: owner.String()}, nil
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
