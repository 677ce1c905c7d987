package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
)

// serveCmd runs the shop on PostgreSQL and NATS of the operator's own.
type serveCmd struct {
	configFlags

	Target string `help:"What to run: all, or one room." default:"all"`
}

// Run works until ctx ends.
func (c *serveCmd) Run(ctx context.Context) error {
	if c.Target != targetAll && !slices.Contains(roomNames(), c.Target) {
		return fmt.Errorf("there is no room called %q; the targets are all, %s", c.Target, strings.Join(roomNames(), ", "))
	}
	cfg, _, err := c.load()
	if err != nil {
		return err
	}
	log := newLogger(cfg).With("target", c.Target)
	if err := limitMemory(memoryOfServe, memlimit.FromCgroup, log); err != nil {
		log.Warn("the heap has no limit", "error", err)
	}
	p, err := newProcess(cfg, c.Target, log)
	if err != nil {
		return err
	}
	if err := p.addInfrastructure(false); err != nil {
		return err
	}
	if c.Target == targetAll || c.Target == "identity" {
		p.app.Add(p.ownerPart(func(o owner) error {
			if o.generated {
				// On the terminal and not in the log, which is kept and sent about.
				fmt.Printf("The owner's login was made and is shown only now: %s, password %s\n", o.email, o.password)
			}
			return nil
		}))
	}
	return p.run(ctx)
}

func roomNames() []string {
	var names []string
	for _, r := range rooms() {
		names = append(names, r.name)
	}
	return names
}

// requestAttrs puts the id of the request and the shop it is for into every log line of it.
func requestAttrs(ctx context.Context) []slog.Attr {
	var attrs []slog.Attr
	if rid := rpc.RequestID(ctx); rid != "" {
		attrs = append(attrs, slog.String("request_id", rid))
	}
	if shop, ok := tenant.From(ctx); ok && shop != tenant.System() {
		attrs = append(attrs, slog.String("tenant", shop.String()))
	}
	return attrs
}
