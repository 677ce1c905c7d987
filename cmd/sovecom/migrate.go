package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/sovecom/sovecom/kit/pg"
)

type migrateCmd struct {
	Up     migrateUpCmd     `cmd:"" help:"Apply what is missing."`
	Status migrateStatusCmd `cmd:"" help:"Say what has been applied."`
}

type migrateUpCmd struct{ configFlags }

// Run migrates every room. It is safe beside a running shop and beside itself.
func (c *migrateUpCmd) Run(ctx context.Context) error {
	d, err := c.openDatabase(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	if d.key, err = findKey(ctx, d.cfg, d.adminURL, d.log); err != nil {
		return err
	}
	for _, r := range rooms() {
		if err := d.migrate(ctx, r); err != nil {
			return err
		}
	}
	return printStatus(ctx, d)
}

type migrateStatusCmd struct{ configFlags }

// Run changes nothing.
func (c *migrateStatusCmd) Run(ctx context.Context) error {
	d, err := c.openDatabase(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	return printStatus(ctx, d)
}

func printStatus(ctx context.Context, d *direct) error {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "ROOM\tMIGRATION\tSTATE")
	for _, r := range rooms() {
		states, err := pg.MigrationStatus(ctx, pg.MigrateConfig{AdminURL: d.adminURL, Schema: r.name, Migrations: r.migrations})
		if err != nil {
			return err
		}
		for _, s := range states {
			state := "missing"
			if s.Applied {
				state = "applied"
			}
			fmt.Fprintf(out, "%s\t%s\t%s\n", r.name, s.Name, state)
		}
	}
	return out.Flush()
}
