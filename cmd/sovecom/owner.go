package main

import (
	"context"
	"fmt"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/kit/app"
	"github.com/sovecom/sovecom/kit/auth"
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

// ownerPart makes the owner when there is no staff yet, and hands out who it is.
func (p *process) ownerPart(made func(owner) error) app.Part {
	return app.Part{Name: "owner", Needs: []string{"identity"}, Start: func(ctx context.Context) error {
		answer, err := identityv1connect.NewIdentityServiceClient(p.client("identity")).EnsureOwner(asService(ctx),
			&identityv1.EnsureOwnerRequest{Email: p.cfg.AdminEmail, Password: p.cfg.AdminPassword.Reveal()})
		if err != nil {
			return fmt.Errorf("make the owner: %w", err)
		}
		if !answer.GetCreated() {
			return made(owner{})
		}
		password := p.cfg.AdminPassword.Reveal()
		if g := answer.GetGeneratedPassword(); g != "" {
			password = g
		}
		return made(owner{email: p.cfg.AdminEmail, password: password, generated: answer.GetGeneratedPassword() != ""})
	}}
}
