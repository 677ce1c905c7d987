package main

import (
	"context"
	"fmt"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/kit/app"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// owner is who may log in first.
type owner struct {
	email     string
	password  string // only when it was generated just now
	generated bool
}

// asService is a context in which this process acts on its own behalf, in the default shop.
func asService(ctx context.Context) context.Context {
	return auth.With(tenant.With(ctx, tenant.Default()), auth.Principal{Kind: auth.Service})
}

// asServiceOf is asService in the shop whose id the flag of a command names; the default one when it names none.
func asServiceOf(ctx context.Context, shop string) (context.Context, error) {
	ctx = asService(ctx)
	if shop == "" {
		return ctx, nil
	}
	t, err := id.Parse(shop)
	if err != nil {
		return nil, fmt.Errorf("the tenant %q is not an id", shop)
	}
	return tenant.With(ctx, t), nil
}

// ownerPart makes the owner when there is no staff yet, and hands out who it is.
func (p *process) ownerPart(made func(owner) error) app.Part {
	return app.Part{Name: "owner", Needs: []string{"identity"}, Start: func(ctx context.Context) error {
		who, err := ensureOwner(asService(ctx), identityv1connect.NewIdentityServiceClient(p.client("identity")), p.cfg)
		if err != nil {
			return err
		}
		return made(who)
	}}
}

// ensureOwner makes the owner of the shop in ctx when it has no staff; nobody is returned when it has.
func ensureOwner(ctx context.Context, identity identityv1connect.IdentityServiceClient, cfg Config) (owner, error) {
	password := cfg.AdminPassword.Reveal()
	answer, err := identity.EnsureOwner(ctx, &identityv1.EnsureOwnerRequest{Email: cfg.AdminEmail, Password: password})
	if err != nil {
		return owner{}, fmt.Errorf("make the owner: %w", err)
	}
	if !answer.GetCreated() {
		return owner{}, nil
	}
	generated := answer.GetGeneratedPassword()
	if generated != "" {
		password = generated
	}
	return owner{email: cfg.AdminEmail, password: password, generated: generated != ""}, nil
}
